"""What one person's answers amount to: the plan's facts, the verdict, and names for texts.

Everything here is derived anew from the answers; nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.dates import LetterDates, add_months
from bot.eligibility import Verdict, decide
from bot.expenses import ANSWERS, Expense
from bot.flow import LETTER_ENDS, LetterFact, Step
from bot.machine import Compiled, FlowMachine, Walk
from bot.messages import Shown, Templates
from bot.plans import Administrator, Employer, PlanFacts, plan_facts
from bot.questions import Questions
from bot.reasons import PAPERS
from bot.returned import YOURS, ReturnedLetter, returned_letter
from bot.search import Catalogue, SearchResult
from bot.session import Answer, Session, Value
from bot.shared_texts import KEPT
from bot.sources import Source
from bot.translations import Texts

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre",
}


_PUNCTUATION = " \t\n.,;:!?…"
_LETTER_DATES: tuple[LetterFact, ...] = (
    "letter_date",
    "approved_on",
    "treatment_start",
    "treatment_end",
    "purchased",
    "plan_year_ends",
)


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this bot; patients are told before they type anything.

    Without a name it is a copy that somebody tries at home; the shared texts say that.
    """

    name: str = ""
    contact: str = ""
    relation: str = ""
    idle_days: int = 30
    """After so many quiet days a conversation is deleted; ``finished_days`` when it is finished."""
    finished_days: int = 45
    relation_es: str = ""
    """The same in Spanish; ``relation`` stands in for it."""


@dataclass(frozen=True)
class Content:
    """All that the guide knows, read once and never changed."""

    machine: FlowMachine
    texts: Texts
    templates: Templates
    catalogue: Catalogue
    administrators: Mapping[str, Administrator]
    employers: Mapping[str, Employer]
    operator: Operator = field(default_factory=Operator)
    consent_step: str = "consent"
    menu_step: str = "topic"
    """The step that is the main menu; questions and answers are offered beside its choices."""
    questions: Questions = field(default_factory=Questions)


class PersonCase:
    """One person's case during one turn; implements ``machine.Case``."""

    def __init__(
        self, content: Content, session: Session, today: date, before: PersonCase | None = None
    ) -> None:
        self.content = content
        self.session = session
        self.today = today
        self.language = session.language
        self.employer = content.employers.get(session.employer or "")
        # What was worked out for the same person a moment ago still holds.
        known = before if before and before.employer is self.employer else None
        self._plans: dict[tuple[Any, ...], PlanFacts] = known._plans if known else {}
        self._verdicts: dict[tuple[Any, ...], Verdict] = known._verdicts if known else {}
        self._last: tuple[list[Answer | None], Verdict] | None = None
        self._searched: dict[tuple[str, str], SearchResult] = before._searched if before else {}
        self._names: dict[str, tuple[PlanFacts | Verdict, Mapping[str, Any]]] = {}

    # --- derived facts -------------------------------------------------------------------

    def fact(self, name: str, live: Mapping[str, Answer]) -> str | None:
        """A fact's answer, from whichever live step tells it."""
        found = None
        for key in self.content.machine.tells.get(name, ()):
            answer = live.get(key)
            if answer is not None and isinstance(answer.value, str):
                found = answer.value
        return found

    def found(self, kind: str, live: Mapping[str, Answer]) -> dict[str, str | None] | None:
        """The live answer that was found by name: an expense or an administrator."""
        found = None
        for key in self.content.machine.found_by_name[kind]:
            answer = live.get(key)
            if answer is not None and isinstance(answer.value, dict):
                found = answer.value
        return found

    def search(self, words: str) -> SearchResult:
        """What the words mean in the catalogue; looked up once a turn, and gone with it."""
        asked = (words, self.language)
        if asked not in self._searched:
            self._searched[asked] = self.content.catalogue.search(words, self.language)
        return self._searched[asked]

    def expense(self, live: Mapping[str, Answer]) -> Expense | None:
        """The catalogue's entry for the expense, if it was found there."""
        answer = self.found("expense", live)
        return self.content.catalogue.entries.get(str(answer["id"])) if answer else None

    def _account(self, live: Mapping[str, Answer]) -> str | None:
        account = self.fact("account", live)
        return None if account == "unsure" else account

    def plan(self, live: Mapping[str, Answer]) -> PlanFacts:
        """The facts of this person's plan, as far as they are known."""
        answer = self.found("administrator", live)
        given = answer["id"] if answer else None
        if given is None and self.employer is not None and answer is None:
            given = self.employer.administrator
        account = self._account(live)
        key = (account, given)
        if key not in self._plans:
            self._plans[key] = plan_facts(
                account, self.content.administrators.get(given or ""), self.employer
            )
        return self._plans[key]

    def verdict(self, live: Mapping[str, Answer]) -> Verdict:
        """What the answers so far say about the expense."""
        told = [live.get(key) for key in self.content.machine.verdict_keys]
        if self._last is None or self._last[0] != told:
            self._last = (told, self._verdict(live))
        return self._last[1]

    def _verdict(self, live: Mapping[str, Answer]) -> Verdict:
        account = self._account(live)
        facts: dict[str, str] = {
            name: told for name in ANSWERS if (told := self.fact(name, live)) is not None
        }
        plan = self.plan(live)
        expense = self.expense(live)
        key = (
            expense.id if expense else None,
            account,
            plan.administrator.id if plan.administrator else None,
            tuple(sorted(facts.items())),
        )
        if key not in self._verdicts:
            self._verdicts[key] = decide(expense, account, plan, facts, self.today)
        return self._verdicts[key]

    def letter(self, live: Mapping[str, Answer]) -> ReturnedLetter:
        """What the answers so far say about the letter that came back."""
        tells = self.content.machine.tells
        ticked: set[str] = set()
        for key in tells.get("shows", ()):
            if key in live and isinstance(value := live[key].value, list):
                ticked.update(value)
        told = {
            name: date.fromisoformat(value)
            for name in _LETTER_DATES
            if (value := self.fact(name, live)) is not None
        }
        # A letter that counted when its dates were told does not run out on a finished path.
        days = [
            live[key].at.date()
            for name in _LETTER_DATES
            for key in tells.get(name, ())
            if key in live
        ]
        told_on = max(days, default=self.today)
        dates = LetterDates(
            letter=told.get("letter_date"),
            approved=told.get("approved_on"),
            treatment_start=told.get("treatment_start"),
            treatment_end=told.get("treatment_end"),
            plan_year_end=told.get("plan_year_ends"),
        )
        return returned_letter(self.plan(live), ticked, dates, told.get("purchased"), told_on)

    def worked_out(self, name: str, live: Mapping[str, Answer]) -> date | None:
        """A date that a flow works out from answers; ``None`` while it cannot be told."""
        lines, names = self.content.machine.dates.get(name, ((), {}))
        for line, holds in lines:
            answer = live.get(names.get(line.start, line.start))
            if answer is None or not isinstance(answer.value, str):
                continue
            if holds is None or holds(live, self):
                stated = self.plan(live).names().get(line.plan) if line.plan else None
                days = stated if isinstance(stated, int) else line.days or 0
                first = date.fromisoformat(answer.value)
                return add_months(first, line.months or 0) + timedelta(days=days)
        return None

    def due(self, name: str, live: Mapping[str, Answer]) -> date | None:
        """The day that a reminder comes before: the letter's last one, or one worked out."""
        return self.letter(live).ends if name == LETTER_ENDS else self.worked_out(name, live)

    def _names_of(self, group: str, facts: PlanFacts | Verdict) -> Mapping[str, Any]:
        """The names of the plan or the verdict, made once while it is the same one."""
        known = self._names.get(group)
        if known is None or known[0] is not facts:
            known = self._names[group] = (facts, facts.names())
        return known[1]

    def named(self, name: str, live: Mapping[str, Answer]) -> Any:
        """The value of a derived name such as ``verdict.kind``; ``None`` when unknown."""
        group, _, rest = name.partition(".")
        if group == "plan":
            return self._names_of(group, self.plan(live)).get(rest)
        if group == "verdict":
            return self._names_of(group, self.verdict(live)).get(rest)
        if group == "letter":
            return self.letter(live).names().get(rest)
        if group == "dates":
            day = self.worked_out(rest, live)
            return day.isoformat() if day else None
        if group == "expense":
            expense = self.expense(live)
            return {
                "known": expense is not None,
                "category": expense.category if expense else None,
                "id": expense.id if expense else None,
            }.get(rest)
        return None

    def valid(self, place: Compiled, value: Value) -> bool:
        """Whether a stored value still answers this step."""
        step = place.step
        match step.kind:
            case "choice" | "yes_no":
                return isinstance(value, str) and value in self.choices(place)
            case "multi":
                return isinstance(value, list) and all(one in step.choices for one in value)
            case "expense":
                return isinstance(value, dict) and (
                    value.get("id") is None or value["id"] in self.content.catalogue.entries
                )
            case "administrator":
                return isinstance(value, dict) and (
                    value.get("id") is None or value["id"] in self.content.administrators
                )
            case "number" | "money":
                return isinstance(value, int) and _within(step, value)
            case "date":
                return isinstance(value, str) and _is_date(value)
        return isinstance(value, str)

    def choices(self, place: Compiled) -> tuple[str, ...]:
        """The choices of a step, less those that the employer hides or the plan does not need."""
        hidden: tuple[str, ...] = ()
        if self.employer is not None:
            hidden = tuple(self.employer.hide.get(place.key.rsplit("/", 1)[-1], ()))
        shown = tuple(choice for choice in place.step.choices if choice not in hidden)
        if place.step.among is None:
            return shown
        wanted = self.plan(self.content.machine.walk(self.session, self).live).fields
        return tuple(choice for choice in shown if choice in wanted)

    # --- texts ---------------------------------------------------------------------------

    def text(self, text_id: str) -> str:
        """A text by its id in the person's language, with the employer's replacement."""
        return self.content.texts.get(text_id, self.language, self.session.employer)

    def shared(self, name: str) -> str:
        """A text that is the same everywhere."""
        return self.text(f"shared.{name}")

    def label(self, place: Compiled, choice: str) -> str:
        """What is on the button of a choice."""
        if place.step.input == "yes_no":
            return self.shared(choice)
        return self.text(f"{place.text_id}.buttons.{choice}")

    def title(self, place: Compiled) -> str:
        """A short name for a step's answer, as in the review; its id is a name in English only."""
        if place.step.label is not None:
            return self.text(f"{place.text_id}.label")
        if self.language != "en":
            return ""
        return place.key.rsplit("/", 1)[-1].replace("_", " ").capitalize()

    def show(self, place: Compiled, value: Value) -> str:
        """An answer as the person would say it."""
        if value is None:
            skip = place.step.skip
            return self.shared("not_said") if skip is None else self.text(f"{place.text_id}.skip")
        match place.step.kind:
            case "choice" | "yes_no" if isinstance(value, str):
                return self.label(place, value) if value in place.step.choices else value
            case "multi" if isinstance(value, list):
                if not value:
                    return self.shared("none_of_these")
                return ", ".join(
                    self.label(place, one) for one in value if one in place.step.choices
                )
            case "expense" if isinstance(value, dict):
                entry = self.content.catalogue.entries.get(str(value.get("id")))
                return self.expense_name(entry) if entry else str(value.get("name") or "")
            case "administrator" if isinstance(value, dict):
                found = self.content.administrators.get(str(value.get("id")))
                return found.name if found else str(value.get("name") or "")
            case "money" if isinstance(value, int):
                return money(value)
            case "date" if isinstance(value, str):
                return long_date(date.fromisoformat(value), self.language)
        return str(value)

    def expense_name(self, expense: Expense) -> str:
        """An entry's name in the person's language."""
        return expense.name_es if self.language == "es" else expense.name

    def in_language(self, language: str) -> PersonCase:
        """The same case worded in another language."""
        if language == self.language:
            return self
        other = PersonCase(self.content, self.session, self.today, self)
        other.language = language
        return other

    def names(self, walk: Walk, place: Compiled | None = None) -> dict[str, Any]:
        """Every name that a text or a template may use."""
        live = walk.live
        scope = (place or walk.at).names
        plan, verdict, expense = self.plan(live), self.verdict(live), self.expense(live)
        names: dict[str, Any] = {}
        machine = self.content.machine
        # A document may be handed over by several flows: what is not asked in this one is blank.
        known = {key.rpartition("/")[2]: key for key in machine.by_key if "/" in key}
        known |= {key: key for key in machine.by_key if "/" not in key}
        for short, key in {**known, **scope}.items():
            if key in machine.by_key and machine.by_key[key].step.asks:
                names[short] = self._shown(machine.by_key[key], live.get(key))
        found = self.found("expense", live)
        own_words = str(found["name"]).strip(_PUNCTUATION) if found and found["id"] is None else ""
        name = self.expense_name(expense) if expense else own_words
        spanish = self.language == "es"
        names["expense"] = {
            "name": Shown(name, expense.id if expense else ""),
            "lower": Shown(lower_first(name)),
            "id": expense.id if expense else "",
            "known": expense is not None,
            "own_words": Shown(own_words),
            "why": (expense.why_es if spanish else expense.why) if expense else "",
            "note": ((expense.note_es if spanish else expense.note) or "") if expense else "",
            "letter_names": _beside_the_diagnosis(expense, spanish) if expense else [],
        }
        names["plan"] = {
            **{key: Shown() if one is None else one for key, one in plan.names().items()},
            "name": Shown(plan.administrator.name if plan.administrator else ""),
            "field_list": [self.shared(f"field_{one}") for one in plan.fields],
            "provider_list": [
                self.shared(f"field_{one}") for one in plan.fields if one not in YOURS
            ],
            "carrier_list": [self.shared(f"carrier_{one}") for one in plan.carriers]
            if plan.known("carriers")
            else [],
            "signer_known": plan.known("signer"),
            "appeal_known": plan.appeal_days is not None,
            "sources": self._dated(plan.sources.values()),
            "contact": Shown(
                ", ".join(
                    part
                    for part in (
                        (plan.contact.name, plan.contact.phone, plan.contact.email)
                        if plan.contact
                        else ()
                    )
                    if part
                )
            ),
        }
        names["verdict"] = {
            **verdict.names(),
            "reasons": [
                reason.text_es if spanish else reason.text_en for reason in verdict.reasons
            ],
            "sources": self._dated(verdict.sources),
        }
        names["papers"] = {"sources": self._dated(PAPERS)}
        letter = self.letter(live)
        coverage = letter.coverage
        names["letter"] = {
            **letter.names(),
            "missing": [self.shared(f"field_{one}") for one in letter.missing],
            "lacks": list(letter.missing),
            "yours": [self.shared(f"field_{one}") for one in letter.yours],
            "ends": self._day(letter.ends),
            "since": self._day(coverage.since),
            "until": self._day(coverage.until),
        }
        names["dates"] = {name: self._day(self.worked_out(name, live)) for name in machine.dates}
        names["employer"] = {
            "name": Shown(self.employer.name if self.employer else ""),
            "notices": self._notices(live),
        }
        names["operator"] = {
            "name": self.content.operator.name or self.shared("operator_name"),
            "contact": self.content.operator.contact or self.shared("operator_contact"),
            "relation": (
                (self.content.operator.relation_es if spanish else "")
                or self.content.operator.relation
                or self.shared("operator_relation")
            ).rstrip(" ."),  # it stands in parentheses, inside a sentence
            "idle_days": self.content.operator.idle_days,
            "finished_days": self.content.operator.finished_days,
            "kept": [self.shared(f"kept_{kind}") for kind in KEPT],
        }
        names["today"] = long_date(self.today, self.language)
        names["answers"] = [
            {"label": self.title(step_place), "value": self.show(step_place, answer.value)}
            for step_place, answer in self.lines(walk)
        ]
        return names

    def _day(self, day: date | None) -> Shown:
        return Shown(long_date(day, self.language) if day else "")

    def _dated(self, sources: Iterable[Source]) -> list[dict[str, str]]:
        """Pages as texts list them; where one was to be read again, the day says so."""
        again = self.shared("source_due")
        return [
            {
                "title": source.title,
                "url": source.url,
                "date": long_date(source.checked_on, self.language)
                + (again if source.recheck_by < self.today else ""),
            }
            for source in dict.fromkeys(sources)
        ]

    def _notices(self, live: Mapping[str, Answer]) -> list[str]:
        """What the employer's people are to be told, for the account that would pay."""
        account = self.fact("account", live)
        notices = self.employer.notices if self.employer else ()
        return [
            notice.say_es if self.language == "es" else notice.say
            for notice in notices
            if not notice.accounts or account in notice.accounts
        ]

    def _shown(self, place: Compiled, answer: Answer | None) -> Shown:
        if answer is None or answer.value is None:
            return Shown()
        value = answer.value
        choice = value if isinstance(value, str) else ""
        if isinstance(value, list):
            return Shown(lower_list(self.label(place, one) for one in value), "", tuple(value))
        shown = self.show(place, value)
        if place.step.kind == "text":
            shown = shown.strip(_PUNCTUATION)  # the document's sentence ends itself
        return Shown(shown, choice)

    def lines(self, walk: Walk) -> list[tuple[Compiled, Answer]]:
        """The live answers in the order they were asked, consent left out."""
        return [
            (place, walk.live[place.key])
            for place in walk.asked
            if place.key in walk.live
            and place.key != self.content.consent_step
            and (place.step.label is not None)
        ]


# --- small words ---------------------------------------------------------------------------


def long_date(day: date, language: str) -> str:
    """A date as a person writes it: "November 2, 2026" or "2 de noviembre de 2026"."""
    month = MONTHS["es" if language == "es" else "en"].split()[day.month - 1]
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{month} {day.day}, {day.year}"


def money(cents: int) -> str:
    """An amount in US dollars."""
    return f"${cents // 100:,}.{cents % 100:02d}" if cents % 100 else f"${cents // 100:,}"


def lower_list(labels: Iterable[str]) -> str:
    """Labels as a list inside a sentence."""
    return ", ".join(lower_first(label) for label in labels)


_NAMES_A_CONDITION = re.compile(r"diagn[oó]s|condition|condición")


def _beside_the_diagnosis(expense: Expense, spanish: bool) -> list[str]:
    """What a good letter says for an entry, less what names a condition.

    Every list asks for the diagnosis in neutral words. To name one here would suggest it.
    """
    shown = expense.letter_names_es if spanish else expense.letter_names
    return [one for one in shown if not _NAMES_A_CONDITION.search(one)]


_PROPER = frozenset(
    ("Botox", "Chinese", "Christian", "Epsom", "Medicare", "Medigap", "Native", "Oura")
)
"""The proper names that names in the catalogue begin with."""


def lower_first(name: str) -> str:
    """A name as it stands inside a sentence; proper names and abbreviations keep their capitals."""
    first = re.split(r"[ ,-]", name, maxsplit=1)[0]
    if first == "I" or first in _PROPER:
        return name
    ordinary = first[1:].islower() or (len(first) == 1 and name[1:2] == " ")
    return name[0].lower() + name[1:] if ordinary else name


def _within(step: Step, value: int) -> bool:
    return (step.min is None or value >= step.min) and (step.max is None or value <= step.max)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
