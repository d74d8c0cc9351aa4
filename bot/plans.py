"""Accounts, administrators and employers: what is known about one person's plan.

The law of this room: a fact that no source states takes the safe default (the longest list of
fields; no purchase before the letter and, where a plan decides, its yes).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar, get_args

from bot.expenses import ACCOUNTS, Account, Status, folded
from bot.plan_files import (
    CORE_FIELDS,
    INSURER_FIELDS,
    PLAN_ACCOUNTS,
    TAX_FIELDS,
    UNION_FIELDS,
    WORD_RULES,
    Administrator,
    Allowed,
    Buy,
    Carrier,
    Contact,
    Coverage,
    Employer,
    Form,
    LetterField,
    Notice,
    Override,
    Send,
    Signer,
    ValidFrom,
    WordRule,
    administrator_problems,
    employer_problems,
)
from bot.sources import Source

__all__ = [
    "ACCOUNTS",
    "PLAN_ACCOUNTS",
    "PLAN_NAMES",
    "UNION_FIELDS",
    "Account",
    "Administrator",
    "Contact",
    "Employer",
    "Notice",
    "Override",
    "PlanFacts",
    "Status",
    "administrator_problems",
    "employer_problems",
    "find_administrator",
    "find_employer",
    "plan_facts",
    "surely_names",
]

# --- the facts of one person's plan ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the guide may say and ask about one person's plan.

    Every attribute has a value that is safe to act on. Where no safe value exists it is ``None``:
    nothing may be said. ``known`` tells a stated fact from a default; ``source_of`` says who
    states it.
    """

    account: str | None
    administrator: Administrator | None
    employer: Employer | None
    fields: tuple[LetterField, ...]
    form: Form | None
    form_url: str | None
    carriers: tuple[Carrier, ...]
    signer: Signer
    months_valid: int
    valid_from: ValidFrom
    buy: Buy
    send: Send
    send_before_claim: bool
    electronic_signature: Allowed | None
    questionnaire_letters: Allowed
    food: Coverage | None
    capital: Coverage | None
    refuses: tuple[str, ...]
    participant_signs: bool
    answer_days: int | None
    card_days: int | None
    appeal_days: int | None
    word_rules: tuple[WordRule, ...]
    government: bool
    plan_year_starts: str | None
    plan_year_ends: str | None
    run_out_days: int | None
    grace_period_days: int | None
    carryover: bool | None
    contact: Contact | None
    sources: Mapping[str, Source] = field(repr=False)

    def known(self, fact: str) -> bool:
        """Whether a source states this fact; otherwise its value here is the safe default."""
        return fact in self.sources

    def source_of(self, fact: str) -> Source | None:
        """The source that states a fact, or ``None`` for a default."""
        return self.sources.get(fact)

    @property
    def named(self) -> bool:
        """Whether an administrator or an employer is known."""
        return self.administrator is not None or self.employer is not None

    @property
    def sends_letter(self) -> bool:
        """Whether the letter goes to somebody; the owner of an HSA and a taxpayer keep it."""
        return self.account not in ("hsa", "deduction")

    @property
    def plan_decides(self) -> bool:
        """Whether an employer's plan decides about the expense."""
        return self.account in PLAN_ACCOUNTS

    @property
    def buy_after_approval(self) -> bool:
        """Whether the safe order is: the letter, the plan's yes, the purchase."""
        return self.buy == "after_approval"

    @property
    def union_fields(self) -> bool:
        """Whether the fields are the union of all administrators' lists, as the patient is told."""
        return self.fields == UNION_FIELDS and not self.known("fields")

    def names(self) -> dict[str, str | bool | int | tuple[str, ...] | None]:
        """The facts that conditions and templates may name, as ``plan.<name>``."""
        return {name: getattr(self, name) for name in PLAN_NAMES}


PLAN_NAMES: Mapping[str, tuple[str, ...] | type] = {
    "fields": UNION_FIELDS,
    "form": get_args(Form),
    "form_url": str,
    "carriers": get_args(Carrier),
    "signer": get_args(Signer),
    "months_valid": int,
    "valid_from": get_args(ValidFrom),
    "buy": get_args(Buy),
    "send": get_args(Send),
    "send_before_claim": bool,
    "electronic_signature": get_args(Allowed),
    "questionnaire_letters": get_args(Allowed),
    "food": get_args(Coverage),
    "capital": get_args(Coverage),
    "participant_signs": bool,
    "answer_days": int,
    "card_days": int,
    "appeal_days": int,
    "word_rules": WORD_RULES,
    "government": bool,
    "plan_year_starts": str,
    "plan_year_ends": str,
    "run_out_days": int,
    "grace_period_days": int,
    "carryover": bool,
    "named": bool,
    "sends_letter": bool,
    "plan_decides": bool,
    "buy_after_approval": bool,
    "union_fields": bool,
}
"""Every name a condition may use as ``plan.<name>``: its allowed values, or its type.

``fields``, ``carriers`` and ``word_rules`` are lists of the values given here.
"""


def plan_facts(
    account: str | None, administrator: Administrator | None, employer: Employer | None
) -> PlanFacts:
    """The facts of one person's plan: the employer's word first, then the administrator's.

    Only an FSA or HRA is decided by a plan, so a plan's rules are left out for other accounts:
    nobody approves an HSA purchase. Someone who has not said which account is treated as in a plan.
    What every letter shows is asked for even where the plan's own list is silent about it.
    """
    stated: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    in_plan = account is None or account in PLAN_ACCOUNTS
    if in_plan:
        for giver in (administrator, employer):
            if giver is not None:
                for name, fact in giver.facts.known():
                    if fact.source in giver.sources:
                        stated[name] = fact.value
                        sources[name] = giver.sources[fact.source]
    if "fields" in stated:
        stated["fields"] = _with_core(stated["fields"])
    own = employer if in_plan else None
    year = own.plan_year if own else None
    return PlanFacts(
        account=account,
        administrator=administrator,
        employer=employer,
        plan_year_starts=year.starts if year else None,
        plan_year_ends=year.ends if year else None,
        run_out_days=own.run_out_days if own else None,
        grace_period_days=own.grace_period_days if own else None,
        carryover=own.carryover if own else None,
        contact=employer.contact if employer else None,
        sources=sources,
        **{**_defaults(account, stated), **stated, **_own_form(own)},
    )


def _with_core(fields: tuple[LetterField, ...]) -> tuple[LetterField, ...]:
    wanted = {*fields, *CORE_FIELDS}
    if "start_end_dates" in fields and "duration" not in fields:
        wanted.discard("duration")  # two days say how long
    return tuple(one for one in UNION_FIELDS if one in wanted)


def _own_form(employer: Employer | None) -> dict[str, str]:
    return {"form_url": employer.form_url} if employer and employer.form_url else {}


def _defaults(account: str | None, stated: Mapping[str, Any]) -> dict[str, Any]:
    kept_by_owner = account in ("hsa", "deduction")
    of_account = INSURER_FIELDS if account == "insurer" else UNION_FIELDS
    fields = stated.get("fields", TAX_FIELDS if kept_by_owner else of_account)
    buy = stated.get("buy", "after_letter_date" if kept_by_owner else "after_approval")
    # Federal law counts prevention of disease. One administrator does not, so its rule about the
    # word "prevent" joins the others only where the plan's own list is unknown.
    lenient = kept_by_owner or "fields" in stated
    wording = tuple(r for r in WORD_RULES if not (lenient and r == "treat_not_prevent"))
    return {
        "fields": fields,
        "form": None,
        "form_url": None,
        "carriers": ("letterhead",),
        "signer": "licensed",
        "months_valid": 12,
        "valid_from": "letter_date",
        "buy": buy,
        "send": "every_claim",
        "send_before_claim": buy == "after_approval",
        "electronic_signature": None,
        "questionnaire_letters": "refused",
        "food": None,
        "capital": None,
        "refuses": (),
        "participant_signs": "participant_signature" in fields,
        "answer_days": None,
        "card_days": None,
        "appeal_days": None,
        "word_rules": wording,
        "government": False,
    }


# --- picked by name --------------------------------------------------------------------------

LONGEST_SEARCH = 200
"""Characters of a message that are searched for a name; nobody's administrator is named later."""
LIKENESS = 0.8
"""The least likeness (0 to 1) of a misspelled name. Lower ones offered "Forma" for "form"."""
SURE_LIKENESS = 0.9
NO_ORDINARY_WORD = 8
"""Letters of a name that counts wherever it stands in a sentence."""
SHORTEST_IN_A_SENTENCE = 3
SHORTEST_MISSPELLED = 5

Named = TypeVar("Named", Administrator, Employer)


def find_administrator(
    words: str, administrators: Iterable[Administrator]
) -> tuple[Administrator, ...]:
    """The administrators that a message names, best first; empty when it names none we know.

    An exact name or synonym is the one answer. Otherwise names inside a sentence count, then small
    misspellings. A longer name hides the shorter one inside it ("American Fidelity").
    """
    return _find(words, administrators)


def surely_names(words: str, administrator: Administrator) -> bool:
    """Whether the words can hardly mean anything else, so that nobody need be asked.

    Either the name is all they say, or it is too long to be an ordinary word: "just a basic plan"
    and "no further idea" name nobody for certain.
    """
    said = "".join(folded(words[:LONGEST_SEARCH]).split())
    names = ["".join(folded(name).split()) for name in administrator.names]
    return any(
        said == name
        or _likeness(said, name) >= SURE_LIKENESS
        or (len(name) >= NO_ORDINARY_WORD and name in said)
        for name in names
    )


def find_employer(words: str, employers: Iterable[Employer]) -> tuple[Employer, ...]:
    """The employers that a message names, in the same way as ``find_administrator``."""
    return _find(words, employers)


@dataclass(frozen=True, slots=True)
class _Hit(Generic[Named]):
    first: int
    last: int
    likeness: float
    found: Named

    def overlaps(self, other: _Hit[Named]) -> bool:
        return self.first <= other.last and other.first <= self.last

    def beats(self, other: _Hit[Named]) -> bool:
        """Whether this names the same words better: exactly, or more of them."""
        mine = (self.likeness == 1.0, self.last - self.first, self.likeness)
        return self.overlaps(other) and mine > (
            other.likeness == 1.0,
            other.last - other.first,
            other.likeness,
        )


def _find(words: str, candidates: Iterable[Named]) -> tuple[Named, ...]:
    spoken = folded(words[:LONGEST_SEARCH]).split()
    aliases = [
        (alias, candidate)
        for candidate in candidates
        for alias in (folded(name).split() for name in candidate.names)
    ]
    exact = tuple(dict.fromkeys(c.id for alias, c in aliases if "".join(alias) == "".join(spoken)))
    hits = [hit for alias, candidate in aliases for hit in _hits(spoken, alias, candidate)]
    hits = [hit for hit in hits if not any(other.beats(hit) for other in hits)]
    hits.sort(key=lambda hit: (-hit.likeness, hit.first, hit.found.name))
    by_id = {candidate.id: candidate for _, candidate in aliases}
    return tuple(by_id[key] for key in exact or dict.fromkeys(hit.found.id for hit in hits))


def _hits(spoken: list[str], alias: list[str], candidate: Named) -> Iterator[_Hit[Named]]:
    name = "".join(alias)
    if len(name) < SHORTEST_IN_A_SENTENCE:
        return
    # People run names together and pull them apart: "healthequity", "wage works".
    for size in {len(alias), 1, 2} if len(name) >= SHORTEST_MISSPELLED else {len(alias)}:
        for first in range(len(spoken) - size + 1):
            heard = "".join(spoken[first : first + size])
            likeness = 1.0 if heard == name else _likeness(heard, name)
            if likeness >= LIKENESS:
                yield _Hit(first, first + size - 1, likeness, candidate)


def _likeness(heard: str, name: str) -> float:
    # A word that begins otherwise is another word, and most typos are inside ("health equty").
    if min(len(heard), len(name)) < SHORTEST_MISSPELLED or heard[0] != name[0]:
        return 0.0
    return SequenceMatcher(None, heard, name, autojunk=False).ratio()
