"""The whole conversation on the shipped flows, driven by whatever people may do.

`Patient` holds every turn against Telegram's limits and against signs of a mistake of ours, so each
rule below also says: no turn raises, every message and button fits, nothing unfilled is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.answers import fold, intent
from bot.case import PersonCase
from bot.machine import MOST_STEPS, Walk
from bot.operators.terminal import heard_from_data
from bot.outgoing import Button
from bot.session import Session
from bot.shared_texts import ATTACHED
from bot.wording import Speaker
from tests.guiding import NOW, TODAY, Patient, shipped, texts
from tests.test_answers import WEIRD

WHO_DECIDES = {
    "en": ("your plan decides, and may say no", "the plan decides, and may say no"),
    "es": ("su plan decide, y puede decir que no", "su plan decide y puede decir que no"),
}
UNDECIDED = ("declined", "answered")
"""Outcomes at which there is nothing left for a plan to decide."""

NONSENSE = "qwzx vkjq"
COMMANDS = ("help", "privacy", "contact", "review", "mydata", "change", "start", "fly", "language")


# --- answers that fit ------------------------------------------------------------------------


def question_buttons(patient: Patient) -> list[Button]:
    """The buttons that answer the open question, of the message that asks it."""
    found = _of_question(patient)
    if not found:
        patient.sends("start")
        found = _of_question(patient)
    return found


def _of_question(patient: Patient) -> list[Button]:
    assert patient.session is not None
    start = f"{patient.session.nonce}.{patient.session.revision}.{patient.at}."
    return [one for one in patient.buttons.values() if str(one.data).startswith(start)]


def answer(patient: Patient, random: Random) -> None:
    """Give the open question an answer that fits, as somebody might."""
    place = patient.walk().at
    step = place.step
    if step.skip is not None and random.random() < 0.25:
        patient.sends("skip")
        return
    match step.input:
        case "expense" | "administrator" as kind:
            known = (
                patient.content.catalogue.entries
                if kind == "expense"
                else patient.content.administrators
            )
            session = patient.session
            assert session is not None
            if random.random() < 0.1:
                patient.says("frobnicated widget" if kind == "expense" else "Zebra Benefits")
            else:
                choice = random.choice(sorted(known))
                data = f"{session.nonce}.{session.revision}.{place.key}.{choice}"
                patient.hears(heard_from_data(data))
        case "text":
            patient.says(random.choice(["tight neck", "twice a week", "<b>{{ 7 * 7 }}</b> 💆"]))
        case "number" | "money":
            patient.says(str(random.randint(step.min or 1, min(step.max or 50, 50))))
        case "date":
            days = random.randint(0, 700)
            past = step.not_before is None and (step.not_after is not None or random.random() < 0.5)
            day = patient.now.date() + timedelta(days=-days if past else days)
            patient.says(day.isoformat())
        case "multi":
            for button in question_buttons(patient):
                if not str(button.data).endswith("!done") and random.random() < 0.4:
                    ticked = next(
                        one
                        for one in question_buttons(patient)
                        if str(one.data).split(".")[3] == str(button.data).split(".")[3]
                    )
                    patient.tap(ticked)
            patient.tap(question_buttons(patient)[-1])
        case _:
            choices = question_buttons(patient)
            if place.key == "consent":
                choices = choices[:1]
            patient.tap(random.choice(choices))


def walked(random: Random, **more: Any) -> Patient:
    """Somebody who has answered whatever was asked, to the end."""
    patient = Patient(shipped(), **more)
    for _ in range(MOST_STEPS):
        if patient.walk().ended:
            return patient
        before = patient.at
        answer(patient, random)
        assert patient.at != before, f"{before} took no answer: {patient.last.text}"
    raise AssertionError("the conversation did not end")


# --- what a session amounts to ---------------------------------------------------------------


def walk_of(session: Session) -> tuple[PersonCase, Walk]:
    case = PersonCase(shipped(), session, TODAY)
    return case, shipped().machine.walk(session, case)


def documents_of(session: Session) -> list[str]:
    """All that the end of a conversation hands over, and the answers that count."""
    case, walk = walk_of(session)
    speaker = Speaker(case, walk)
    step = walk.at.step
    found = [
        rich.text for name in (*step.documents, *step.more) for rich in speaker.documents(name)
    ]
    said = speaker.names(walk.at)["answers"]
    return [walk.at.key, str(case.text(f"{walk.at.text_id}.say")), repr(said), *found]


def meant(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without the names of known things, which are kept in the language they were given."""
    return {
        key: one["id"] if isinstance(one, dict) and one["id"] else one
        for key, one in answers.items()
    }


seeds = st.integers(min_value=0, max_value=2**32 - 1).map(Random)
people = st.fixed_dictionaries(
    {"language": st.sampled_from(["en", "es"]), "payload": st.sampled_from(["", "", "example"])}
)


@settings(max_examples=120)
@given(seeds, people)
def test_every_conversation_ends_and_its_papers_say_who_decides(random, person):
    patient = walked(random, **person)
    walk = patient.walk()
    assert len(walk.path) < MOST_STEPS
    outcome = walk.at.step.outcome
    assert patient.last.turn.finished
    assert patient.session is not None
    said = [text.casefold() for text in texts(patient.last.outgoing)]
    documents = documents_of(patient.session)
    note(f"{outcome}: {documents[2]}")
    if outcome not in UNDECIDED:
        words = WHO_DECIDES[patient.session.language] + WHO_DECIDES["en"]
        assert any(one in text for one in words for text in said)
        for document in documents[3:]:
            assert any(one in document.casefold() for one in words), document


@settings(max_examples=60)
@given(seeds, seeds, people)
def test_any_order_of_edits_that_ends_in_the_same_answers_gives_the_same_papers(one, other, person):
    wanted = walked(one, **person).session
    begun = walked(other, **person).session
    assert wanted is not None
    assert begun is not None
    live = walk_of(wanted)[1].live
    keys = [key for key in wanted.answers if key in live]
    other.shuffle(keys)
    edited = begun
    for key in keys:
        edited = edited.answered(key, wanted.answers[key].value, NOW)
    assert documents_of(edited) == documents_of(_dated(wanted))


def _dated(session: Session) -> Session:
    """The same answers, all given on one day."""
    for key, one in session.answers.items():
        session = session.answered(key, one.value, NOW)
    return session


@settings(max_examples=60)
@given(seeds, people)
def test_a_session_written_and_read_again_leads_to_the_same_place(random, person):
    session = walked(random, **person).session
    assert session is not None
    again = Session.from_json(json.loads(json.dumps(session.to_json())))
    assert again == session
    assert documents_of(again) == documents_of(session)


# --- anything, in any order ------------------------------------------------------------------


class Conversation(RuleBasedStateMachine):
    """One person who does whatever people may do."""

    patient: Patient

    @initialize(person=people, begin=st.booleans())
    def comes(self, person: dict[str, str], begin: bool) -> None:
        self.old: list[Button] = []
        self.patient = Patient(shipped(), begin=begin, **person)
        if not begin:
            self.patient.says("massage gun for my neck pain")

    def _open(self) -> bool:
        return self.patient.session is not None and not self.patient.walk().ended

    def _ended(self) -> bool:
        return self.patient.session is not None and self.patient.walk().ended

    @rule(random=seeds)
    @precondition(_open)
    def answers(self, random: Random) -> None:
        self.old += self.patient.buttons.values()
        answer(self.patient, random)

    @rule(random=seeds)
    @precondition(_open)
    def goes_on(self, random: Random) -> None:
        """People mostly answer: several questions at once keeps the walks long."""
        for _ in range(6):
            if self.patient.walk().ended:
                return
            answer(self.patient, random)

    @rule()
    @precondition(_open)
    def is_refused(self) -> None:
        patient = self.patient
        if patient.walk().at.step.input in ("expense", "administrator", "text"):
            return
        if patient.at == shipped().consent_step or patient.walk().at.step.otherwise:
            return
        standing, before = patient.standing(), patient.session
        patient.says(NONSENSE)
        assert patient.standing() == standing
        assert before is not None
        assert patient.session is not None
        assert patient.session.revision == before.revision
        assert patient.session.tries == before.tries + 1

    @rule()
    @precondition(_open)
    def goes_back_and_answers_the_same(self) -> None:
        patient = self.patient
        assert patient.session is not None
        if patient.session.open is not None:
            return
        before, place = patient.values, patient.at
        documents = documents_of(patient.session)
        patient.sends("back")
        if patient.at == place:
            return
        reopened = patient.at
        value, session = before[reopened], patient.session
        step = patient.walk().at.step
        if value is None:
            patient.sends("skip")
        elif isinstance(value, list):
            patient.tap(question_buttons(patient)[-1])
        elif isinstance(value, dict) and value["id"] is None:
            patient.says(str(value["name"]))
        elif step.input in (None, "yes_no", "expense", "administrator"):
            choice = value["id"] if isinstance(value, dict) else value
            data = f"{session.nonce}.{session.revision}.{reopened}.{choice}"
            patient.hears(heard_from_data(data))
        else:
            patient.says(str(value))
        assert meant(patient.values) == meant(before)
        assert patient.at == place
        assert documents_of(patient.session) == documents

    @rule(random=seeds)
    @precondition(lambda self: self.patient.session is not None)
    def changes_an_answer(self, random: Random) -> None:
        patient = self.patient
        kept = patient.values
        patient.sends("change")
        lines = [one for one in patient.last.buttons.values() if ".!change." in str(one.data)]
        if not lines:
            return
        patient.tap(random.choice(lines))
        assert patient.values == kept
        if not patient.walk().ended:
            changed = patient.at
            answer(patient, random)
            others = {key: one for key, one in kept.items() if key != changed}
            assert others.items() <= patient.values.items()

    @rule()
    @precondition(lambda self: self.patient.session is not None)
    def goes_back(self) -> None:
        before = self.patient.values
        self.patient.sends("back")
        assert self.patient.values == before

    @rule(text=st.sampled_from(WEIRD) | st.text(max_size=60))
    @precondition(lambda self: self.patient.session is not None)
    def types_anything(self, text: str) -> None:
        patient = self.patient
        before, menu = patient.values, patient.session.menu if patient.session else ""
        place = patient.walk().at.key
        patient.says(text)
        if patient.session is None:
            assert menu == "!delete" or fold(text) == "2", "nothing but a yes or a no deletes"
        elif menu != "!restart" and intent(text) != "restart":
            others = {key: one for key, one in before.items() if key != place}
            assert others.items() <= patient.values.items()

    @rule(command=st.sampled_from(COMMANDS))
    @precondition(lambda self: self.patient.session is not None)
    def sends_a_command(self, command: str) -> None:
        standing = self.patient.standing()
        self.patient.sends(command)
        assert self.patient.standing() == standing

    @rule(kind=st.sampled_from(ATTACHED))
    @precondition(lambda self: self.patient.session is not None)
    def sends_something_else(self, kind: str) -> None:
        standing = self.patient.standing()
        self.patient.attaches(kind)
        assert self.patient.standing() == standing

    @rule(language=st.sampled_from(["en", "es"]))
    @precondition(lambda self: self.patient.session is not None)
    def speaks_another_language(self, language: str) -> None:
        standing = self.patient.standing()
        self.patient.sends("language", language)
        assert self.patient.standing() == standing

    @rule(random=seeds)
    @precondition(lambda self: self.patient.session is not None and self.old)
    def taps_an_old_button(self, random: Random) -> None:
        patient = self.patient
        button = random.choice(self.old)
        assert patient.session is not None
        if str(button.data).startswith(f"{patient.session.nonce}.{patient.session.revision}."):
            return
        standing = patient.standing()
        patient.tap(button)
        assert patient.standing() == standing

    @rule(random=seeds)
    @precondition(_ended)
    def asks_for_papers(self, random: Random) -> None:
        standing = self.patient.standing()
        end = [one for one in self.patient.buttons.values() if ".!end." in str(one.data)]
        papers = [one for one in end if str(one.data).split(".")[3] not in ("again", "change")]
        if papers:
            self.patient.tap(random.choice(papers))
            assert self.patient.standing() == standing

    @rule(sure=st.booleans())
    @precondition(lambda self: self.patient.session is not None)
    def starts_again(self, sure: bool) -> None:
        before = self.patient.values
        self.patient.sends("restart")
        yes, no, *_ = self.patient.last.buttons.values()
        self.patient.tap(yes if sure else no)
        consent = {key: one for key, one in before.items() if key == shipped().consent_step}
        assert self.patient.values == (consent if sure else before)

    @rule(days=st.integers(min_value=1, max_value=400))
    def comes_back_days_later(self, days: int) -> None:
        """Nobody's finished path flips overnight."""
        patient = self.patient
        assert patient.session is not None
        before = patient.standing()
        patient.now += timedelta(days=days)
        stored = json.loads(json.dumps(patient.session.to_json()))
        patient.session, patient.held = Session.from_json(stored), None
        assert patient.standing() == before

    @invariant()
    def the_walk_ends_and_survives_being_stored(self) -> None:
        session = self.patient.session
        if session is None:
            self.patient.sends("start")
            return
        walk = self.patient.walk()
        assert len(walk.path) <= MOST_STEPS
        again = Session.from_json(json.loads(json.dumps(session.to_json())))
        assert shipped().machine.walk(again, self.patient.case).path == walk.path
        assert walk.ended == self.patient.last.turn.finished


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=60, stateful_step_count=30)
