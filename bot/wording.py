"""Effects -> what is sent: each effect worded for one person's case, with its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from bot.answers import fold
from bot.asking import TOPICS
from bot.case import PersonCase, long_date
from bot.effects import (
    Answered,
    Ask,
    AskAgain,
    Choose,
    Effect,
    Explain,
    HandFiles,
    HandOver,
    HelpCard,
    Offer,
    Pass,
    Say,
    Why,
)
from bot.machine import Compiled, Walk
from bot.messages import Names, Rich, plain, split
from bot.outgoing import Button, Edit, File, Message, Notice, Outgoing
from bot.safety import card
from bot.session import Value
from bot.sources import OF_PLAN, VERDICT, Source

NARROW = 18
"""Labels up to this many characters stand two in a row on a phone."""
ROWS = 7
"""With more buttons than this, the short ones next to each other share a row."""
NAVIGATION = "!nav"
ENGLISH_FOR_PROVIDERS = (
    "provider_message",
    "provider_message_full",
    "phone_script",
    "letter_outline",
    "correction_message",
    "renewal_message",
    "insurer_message",
    "denial_message",
    "office_message",
    "receipt_request",
    "appeal_message",
    "plan_question",
    "cover_note",
    "short_request",
)
"""Documents that a US practice, seller or plan reads; in Spanish chats both languages are given."""
TEXT_FILE = "text/plain"


class Speaker:
    """Words the effects of one turn for one case."""

    def __init__(self, case: PersonCase, walk: Walk) -> None:
        self.case = case
        self.walk = walk
        self._names: dict[str, Names] = {}
        self._templates = case.content.templates

    def speak(self, effects: Iterable[Effect]) -> tuple[Outgoing, ...]:
        """What to send for these effects, in order."""
        return tuple(one for effect in effects for one in self._one(effect))

    def _one(self, effect: Effect) -> Sequence[Outgoing]:
        match effect:
            case Ask():
                return self._question(effect.step, self._asked(effect))
            case AskAgain():
                return self._question(effect.step, self._again(effect))
            case Offer():
                return [self._offer(effect)]
            case Answered():
                return [self._answered(effect)]
            case Pass(step):
                return _messages(self._say(self._place(step)))
            case Why(step):
                place = self._place(step)
                return _messages(self._text(f"{place.text_id}.why", place))
            case Say():
                return _messages(self._shared(effect.text, effect.values))
            case Explain(question):
                return _messages(self._explained(question))
            case Choose():
                return [self._choose(effect)]
            case HandOver(step):
                return self._hand_over(self._place(step))
            case HandFiles():
                return self._files(effect)
            case HelpCard(kind, spoken):
                languages = dict.fromkeys((spoken or self.case.language, self.case.language))
                return [Message("\n\n".join(card(kind, one) for one in languages), urgent=True)]
            case _:
                assert_never(effect)

    # --- texts ---------------------------------------------------------------------------

    def _place(self, key: str) -> Compiled:
        return self.case.content.machine.by_key[key]

    def names(self, place: Compiled | None = None) -> Names:
        """The names for texts of a step's flow."""
        at = place or self.walk.at
        flow = f"{at.flow}/{self.case.language}"
        if flow not in self._names:
            self._names[flow] = self.case.names(self.walk, at)
        return self._names[flow]

    def _text(self, text_id: str, place: Compiled | None = None) -> Rich:
        source = self.case.text(text_id)
        return self._templates.text(source, self.names(place) if "{" in source else {})

    def _say(self, place: Compiled) -> Rich:
        """A step's text, with the pages that state its facts."""
        said = self._text(f"{place.text_id}.say", place)
        for at, source in enumerate(self._pages(place)):
            said += plain("\n" if at else "\n\n") + self._source(source)
        return said

    def _pages(self, place: Compiled) -> tuple[Source, ...]:
        """The pages behind a step's text, each once: the flow's, the verdict's, the plan's."""
        case, live = self.case, self.walk.live
        pages = list(place.sources)
        for name in place.step.sources:
            if name == VERDICT:
                pages += case.verdict(live).sources
            elif name.startswith(OF_PLAN):
                stated = case.plan(live).source_of(name.removeprefix(OF_PLAN))
                pages += [stated] if stated else []
        return tuple({page.url: page for page in pages}.values())

    def _explained(self, name: str) -> Rich:
        """The answer to one of their questions, with the pages that state its facts."""
        question = self.case.content.questions.entries[name]
        language = self.case.language
        said = self._templates.text(f"<b>{question.asked(language)}</b>", {})
        said += plain("\n") + self._templates.text(question.said(language), {})
        for at, source in enumerate(question.sources):
            said += plain("\n" if at else "\n\n") + self._source(source)
        return said

    def _source(self, source: Source) -> Rich:
        """One line about a page; one that should have been read again asks people to check."""
        old = source.recheck_by < self.case.today
        day = long_date(source.checked_on, self.case.language)
        values = {"title": source.title, "url": source.url, "date": day}
        return self._shared("source_old" if old else "source", values)

    def _shared(self, name: str, values: Names | None = None) -> Rich:
        source = self.case.shared(name)
        if "{" not in source:
            return self._templates.text(source, {})
        return self._templates.text(source, {**self.names(), **(values or {})})

    # --- questions -----------------------------------------------------------------------

    def _asked(self, effect: Ask) -> Rich:
        place = self._place(effect.step)
        said = self._say(place)
        if effect.reopened and effect.old is not None:
            old = self.case.show(place, effect.old)
            said += plain("\n\n") + self._shared("your_answer_was", {"old": old})
        return said

    def _again(self, effect: AskAgain) -> Rich:
        place = self._place(effect.step)
        if effect.why:
            first = self._shared(effect.why, {"most": effect.most})
        elif place.step.retry is not None:
            first = self._text(f"{place.text_id}.retry", place)
        else:
            first = self._shared("again_choice" if place.step.choices else "again")
        if effect.tries == 2:
            example = (
                self._text(f"{place.text_id}.example", place)
                if place.step.example is not None
                else self._shared("again_example")
            )
            first += plain("\n") + example
        elif effect.tries >= 3:
            first += plain("\n") + self._shared("again_person")
        return first if effect.brief else first + plain("\n\n") + self._say(place)

    def _question(self, step: str, text: Rich) -> list[Outgoing]:
        place = self._place(step)
        *head, last = split(text)
        return [
            *(Message(part.text, part.entities) for part in head),
            Message(last.text, last.entities, self._buttons(place), question=True),
        ]

    def _offer(self, effect: Offer) -> Message:
        place = self._place(effect.step)
        text = "which_first" if effect.two_items else "which_one"
        said = self._shared("is_it_this" if len(effect.options) == 1 else text)
        rows = [
            (self._button(place.key, one, self.case.show(place, {"id": one, "name": one})),)
            for one in effect.options
        ]
        rows.append((self._button(place.key, "!none", self.case.shared("none_of_these")),))
        return Message(said.text, said.entities, tuple(rows), question=True)

    def _answered(self, effect: Answered) -> Edit:
        place = self._place(effect.step)
        shown = self.case.show(place, effect.value)
        if len(shown) > 200:
            shown = shown[:199].rstrip() + "…"
        whole = self._say(place)
        mark = plain(f"\n\n✓ {shown}")
        fitting = split(whole, 3_600)[-1]
        return Edit((fitting + mark).text, fitting.entities)

    # --- buttons -------------------------------------------------------------------------

    def _button(self, step: str, choice: str, label: str) -> Button:
        session = self.case.session
        return Button(label, f"{session.nonce}.{session.revision}.{step}.{choice}")

    def _buttons(self, place: Compiled) -> tuple[tuple[Button, ...], ...]:
        step, case = place.step, self.case
        choices = case.choices(place)
        picked = self._picked(place)
        made = [
            self._button(
                place.key,
                choice,
                ("☑ " if choice in picked else "☐ " if step.input == "multi" else "")
                + case.label(place, choice),
            )
            for choice in choices
        ]
        rows = _rows(made)
        if only_confirms(place):
            # "Is this right?" needs a way to say no.
            button = self._button(NAVIGATION, "change", case.shared("change_button"))
            rows.append((button,))
        if self._may_keep(place):
            rows.append((self._button(NAVIGATION, "keep", case.shared("keep_button")),))
        if step.input == "multi":
            rows.append((self._button(place.key, "!done", case.shared("done")),))
        if step.skip is not None:
            rows.append((self._button(NAVIGATION, "skip", case.text(f"{place.text_id}.skip")),))
        if place.key == case.content.menu_step and case.content.questions.entries:
            button = self._button(TOPICS, "all", case.shared("questions_button"))
            rows.append((button,))
        moves = []
        if self.walk.before(place.key) is not None:
            moves.append(self._button(NAVIGATION, "back", case.shared("back_button")))
        if step.why is not None:
            moves.append(self._button(NAVIGATION, "why", case.shared("why_button")))
        if moves:
            rows.append(tuple(moves))
        return tuple(rows)

    def _may_keep(self, place: Compiled) -> bool:
        """Whether there is an answer to go on with; a choice has its own button for that."""
        session = self.case.session
        answer = session.answers.get(place.key)
        return (
            session.open == place.key
            and place.step.kind not in ("choice", "yes_no", "multi")
            and answer is not None
            and not answer.skipped
        )

    def _picked(self, place: Compiled) -> tuple[str, ...]:
        if place.step.input != "multi":
            return ()
        answer = self.case.session.answers.get(place.key)
        value: Value = answer.value if answer else None
        return tuple(value) if isinstance(value, list) else ()

    def multi_edit(self, place: Compiled) -> Edit:
        """The open question with its ticks as they now stand."""
        said = self._say(place)
        return Edit(said.text, said.entities, self._buttons(place))

    def _choose(self, effect: Choose) -> Message:
        said = self._shared(effect.text, effect.values)
        made = [
            self._button(
                effect.menu,
                choice,
                self.case.shared(label[1:]) if label.startswith("@") else label,
            )
            for choice, label in effect.options
        ]
        return Message(said.text, said.entities, tuple(_rows(made)))

    # --- results -------------------------------------------------------------------------

    def _hand_over(self, place: Compiled) -> list[Outgoing]:
        out: list[Outgoing] = list(_messages(self._say(place)))
        for name in place.step.documents:
            for text in self.documents(name):
                out += _messages(text)
        if place.step.outcome != "declined":
            out.append(self._end_menu(place))
        return out

    def _end_menu(self, place: Compiled) -> Message:
        options = [(name, f"@document_{name}") for name in place.step.more]
        if place.step.documents:
            options.append(("all", "@files_button"))
        options += end_options(self.case)
        return self._choose(Choose("end_menu", "!end", tuple(options)))

    def documents(self, name: str) -> list[Rich]:
        """A document's texts: one, or English then Spanish for those a practice reads."""
        if self.case.language == "en" or f"{self.case.language}/{name}" not in self._templates:
            return [self._document(name, "en")]
        if name in ENGLISH_FOR_PROVIDERS:
            english = self._document(name, "en")
            own = self._document(name, self.case.language)
            return [english, self._shared("same_in_spanish") + plain("\n\n") + own]
        return [self._document(name, self.case.language)]

    def _document(self, name: str, language: str) -> Rich:
        worded = Speaker(self.case.in_language(language), self.walk)
        return self._templates.text(self._templates.sources[f"{language}/{name}"], worded.names())

    def _files(self, effect: HandFiles) -> list[Outgoing]:
        files: list[Outgoing] = []
        for name in effect.documents:
            title = self.case.shared(f"document_{name}")
            called = name.replace("_", " ") if self.case.language == "en" else fold(title)
            texts = [document.text for document in self.documents(name)]
            files.append(
                File(
                    f"{called.replace(' ', '-')}.txt",
                    TEXT_FILE,
                    "\n\n----------\n\n".join(texts) + "\n",
                    title,
                )
            )
        return files


def only_confirms(place: Compiled) -> bool:
    """Whether a question can only be agreed to, as at the review of the answers."""
    return place.step.kind == "choice" and len(place.step.choices) == 1


def end_options(case: PersonCase) -> list[tuple[str, str]]:
    """What every end offers after its documents."""
    options = [("change", "@change_button"), ("again", "@another_button")]
    if case.content.questions.entries:
        options.append(("questions", "@questions_button"))
    return options


def _rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Short labels two in a row, long ones alone; a short list of both is a column."""
    narrow = [len(button.label) <= NARROW for button in buttons]
    if not all(narrow) and len(buttons) <= ROWS:
        return [(button,) for button in buttons]
    rows: list[tuple[Button, ...]] = []
    at = 0
    while at < len(buttons):
        wide = 2 if narrow[at : at + 2] == [True, True] else 1
        rows.append(tuple(buttons[at : at + wide]))
        at += wide
    return rows


def _messages(text: Rich) -> list[Outgoing]:
    return [Message(part.text, part.entities) for part in split(text)]


def notice(text: str) -> Notice:
    """A short line over the button that was tapped."""
    return Notice(text[:200])
