"""A patient who talks with the guide in memory, and small guides to talk with.

Every turn is held against what Telegram takes and what nobody should ever read; a test that only
talks has tested that already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import bot
from bot import outgoing as wire
from bot.case import Content, PersonCase
from bot.checks import problems_of
from bot.conversation import Guide, Turn
from bot.effects import Attached, Command, Heard, Typed
from bot.library import read_files
from bot.machine import Compiled, Walk
from bot.operators.terminal import heard_from_data
from bot.outgoing import (
    BUTTON_DATA_LIMIT,
    MESSAGE_LIMIT,
    Button,
    Edit,
    File,
    Message,
    Notice,
    Outgoing,
    utf16_length,
)
from bot.problems import Problem
from bot.session import Session, Value
from bot.shelf import content, read

ROOT = Path(bot.__file__).parent.parent
NOW = datetime.fromisoformat("2026-11-23T12:00:00-05:00")
TODAY = NOW.date()

# --- what the guide knows --------------------------------------------------------------------


@cache
def shipped_files() -> Mapping[str, str]:
    """The files in flows/ and templates/, read once."""
    return read_files(ROOT)


@cache
def shipped() -> Content:
    """What the shipped guide knows."""
    return content_of(shipped_files())


def content_of(files: Mapping[str, str]) -> Content:
    """What a guide with these files knows; the files must be sound."""
    shelf, problems = read(files)
    assert problems == []
    return content(shelf)


KEPT = (
    "flows/shared.yaml",
    "flows/expenses/fitness.yaml",
    "flows/administrators/healthequity.yaml",
    "flows/administrators/wex.yaml",
    "templates/en/checklist.j2",
)
"""The shipped files that a small guide needs beside its flow."""

CHECKLIST = "<b>Checklist</b>\nYour plan decides, and may say no."


def small_files(flow: str, **more: str) -> dict[str, str]:
    """The files of a small guide; `more` are others, with `__` for `/` and no ending."""
    files = {path: shipped_files()[path] for path in KEPT}
    files["templates/en/checklist.j2"] = files["templates/es/checklist.j2"] = CHECKLIST
    files["templates/es/checklist.j2"] = "Su plan decide, y puede decir que no."
    files["flows/letter.yaml"] = flow
    for name, text in more.items():
        files[f"flows/{name.replace('__', '/')}.yaml"] = text
    return files


def errors_of(files: Mapping[str, str], today: date = TODAY) -> list[Problem]:
    """The errors that `check` finds, warnings left out."""
    return [one for one in problems_of(files, today) if one.severity == "error"]


def small(flow: str, **more: str) -> Content:
    """What a small guide knows; its flow passes every check."""
    files = small_files(flow, **more)
    assert [str(one) for one in errors_of(files)] == []
    return content_of(files)


def step(content: Content, key: str) -> Compiled:
    """One step as the machine knows it."""
    return content.machine.by_key[key]


def case_of(
    content: Content, answers: Mapping[str, Value] | None = None, **more: Any
) -> PersonCase:
    """The case of a person with these answers."""
    session = Session("nonce", **more)
    for at, value in (answers or {}).items():
        session = session.answered(at, value, NOW)
    return PersonCase(content, session, TODAY)


# --- what nobody should ever read ------------------------------------------------------------

NEVER_SAID = re.compile(r"\{\{|\{%|\bUndefined\b|\bNone\b(?! of these|, or I'd)|\bTrue\b|\bFalse\b")


def sound(turn: Turn, *, typed: str = "") -> None:
    """Hold a turn against Telegram's limits and against signs of a mistake of ours."""
    for one in turn.outgoing:
        assert wire.from_json(json.loads(json.dumps(wire.to_json(one)))) == one
        match one:
            case Message() | Edit():
                fits(one)
            case Notice():
                assert 0 < len(one.text) <= 200
            case File():
                assert one.content.strip()
        words = one.content if isinstance(one, File) else one.text
        if not NEVER_SAID.search(typed):
            assert not NEVER_SAID.search(words), words
    if turn.session is not None:
        again = Session.from_json(json.loads(json.dumps(turn.session.to_json())))
        assert again == turn.session


def fits(message: Message | Edit) -> None:
    """Telegram takes this message: its text, its entities, its buttons."""
    units = utf16_length(message.text)
    assert 0 < units <= MESSAGE_LIMIT
    assert message.text.strip()
    encoded = message.text.encode("utf-16-le", "surrogatepass")
    for entity in message.entities:
        assert entity.length > 0
        assert 0 <= entity.offset <= entity.offset + entity.length <= units
        for edge in (entity.offset, entity.offset + entity.length):
            assert not _inside_a_character(encoded, edge)
    buttons = [button for row in message.buttons for button in row]
    assert len(buttons) <= 100
    for button in buttons:
        assert button.label.strip()
        assert (button.data is None) != (button.url is None)
        assert len((button.data or "").encode()) <= BUTTON_DATA_LIMIT
    data = [button.data for button in buttons]
    assert len(set(data)) == len(data)


def _inside_a_character(encoded: bytes, edge: int) -> bool:
    unit = encoded[edge * 2 : edge * 2 + 2]
    before = encoded[edge * 2 - 2 : edge * 2] if edge else b""
    return bool(unit and before) and 0xD8 <= before[1] <= 0xDB and 0xDC <= unit[1] <= 0xDF


# --- somebody who talks ----------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What the bot said in one turn."""

    outgoing: tuple[Outgoing, ...]
    turn: Turn

    @property
    def messages(self) -> list[str]:
        return [one.text for one in self.outgoing if isinstance(one, Message)]

    @property
    def notices(self) -> list[str]:
        return [one.text for one in self.outgoing if isinstance(one, Notice)]

    @property
    def edits(self) -> list[Edit]:
        return [one for one in self.outgoing if isinstance(one, Edit)]

    @property
    def files(self) -> list[File]:
        return [one for one in self.outgoing if isinstance(one, File)]

    @property
    def text(self) -> str:
        return "\n".join(self.messages)

    @property
    def buttons(self) -> dict[str, Button]:
        rows = [
            row for one in self.outgoing if isinstance(one, Message | Edit) for row in one.buttons
        ]
        return {button.label: button for row in rows for button in row}

    @property
    def labels(self) -> list[str]:
        return list(self.buttons)

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Patient:
    """Somebody who talks with the guide; `begin=False` for one who has not sent /start yet."""

    def __init__(
        self,
        content: Content | None = None,
        *,
        language: str = "en",
        payload: str = "",
        begin: bool = True,
        now: datetime = NOW,
    ) -> None:
        numbers = count(1)
        self.guide = Guide(content or shipped(), lambda: f"nonce{next(numbers):03}")
        self.content = self.guide.content
        self.language = language
        self.session: Session | None = None
        self.held: str | None = None
        self.now = now
        self.buttons: dict[str, Button] = {}
        self.last: Said
        if begin:
            self.sends("start", payload)

    def hears(self, heard: Heard) -> Said:
        typed = heard.text if isinstance(heard, Typed) else ""
        turn = self.guide(self.session, heard, self.held, self.now, self.language)
        sound(turn, typed=typed + json.dumps(self.session.to_json() if self.session else ""))
        assert turn.changed or turn.session == self.session
        self.session, self.held = turn.session, turn.held
        self.now += timedelta(minutes=1)
        self.last = Said(turn.outgoing, turn)
        self.buttons = self.last.buttons or self.buttons
        return self.last

    def says(self, *texts: str) -> Said:
        """Type messages, one after the other."""
        for text in texts:
            self.hears(Typed(text))
        return self.last

    def taps(self, *labels: str) -> Said:
        """Tap buttons of the last message that had some, one after the other."""
        for label in labels:
            assert label in self.buttons, f"{label!r} is none of {list(self.buttons)}"
            self.tap(self.buttons[label])
        return self.last

    def tap(self, button: Button) -> Said:
        """Tap any button, however old."""
        assert button.data is not None
        return self.hears(heard_from_data(button.data))

    def sends(self, command: str, argument: str = "") -> Said:
        return self.hears(Command(command, argument))

    def attaches(self, kind: str) -> Said:
        return self.hears(Attached(kind))

    # --- where they stand ---

    @property
    def case(self) -> PersonCase:
        assert self.session is not None
        return PersonCase(self.content, self.session, self.now.date())

    def walk(self) -> Walk:
        assert self.session is not None
        return self.content.machine.walk(self.session, self.case)

    @property
    def at(self) -> str:
        """The step that is being asked, or the outcome."""
        return self.walk().at.key

    @property
    def values(self) -> dict[str, Value]:
        """The answers given, live or not."""
        assert self.session is not None
        return {key: answer.value for key, answer in self.session.answers.items()}

    def standing(self) -> tuple[dict[str, Value], str]:
        """What a refused turn must not change."""
        return self.values, self.at

    def copy(self) -> Patient:
        """Somebody else in the same place."""
        other = Patient(self.content, language=self.language, begin=False, now=self.now)
        other.session, other.held, other.buttons = self.session, self.held, dict(self.buttons)
        return other


ANSWERS: Mapping[str, str] = {
    "consent": "Yes, let's start",
    "topic": "Ask for a letter",
    "expense": "massage gun",
    "account": "Health FSA",
    "administrator": "HealthEquity",
    "itemizes": "Yes",
    "for_whom": "Me",
    "cosmetic": "It treats a health condition",
    "prescribed": "Yes",
    "food": "on top of my meals",
    "home": "No, it can be moved",
    "sole": "Yes, only for the condition",
    "covered": "No",
    "diagnosed": "Yes",
    "no_letter": "Yes, it asked for one",
    "prescription_enough": "Yes, it asked for one",
    "bought": "I haven't bought it yet",
    "provider": "Doctor (MD or DO)",
    "condition": "tight neck",
    "recommended": "Yes",
    "how_often": "twice a week",
    "how_long": "six months",
    "tried": "heat and stretching",
    "evidence": "notes from a visit, a prescription or referral",
    "review": "Yes, write my papers",
}
"""What a patient says at each question of the shipped flow unless a test says otherwise."""


def walked_to(key: str, patient: Patient | None = None, **answers: str) -> Patient:
    """A patient who has answered every question before the one named."""
    patient = patient or Patient()
    for _ in range(40):
        at = patient.at
        if at == key or patient.walk().ended:
            break
        answer = answers.get(at.replace("/", "__"), ANSWERS.get(at, ""))
        assert answer, f"nothing to say at {at}"
        patient.taps(answer) if answer in patient.buttons else patient.says(answer)
        assert patient.at != at, f"{answer!r} was not taken at {at}: {patient.last.text}"
    assert patient.at == key or key == "end", f"came to {patient.at}, not to {key}"
    return patient


def finished(**answers: str) -> Patient:
    """A patient at the end of the conversation."""
    return walked_to("end", **answers)


def without_nonce(session: Session) -> Session:
    return replace(session, nonce="")


def texts(outgoing: Iterable[Outgoing]) -> list[str]:
    """The words of messages and files, in order."""
    return [one.content if isinstance(one, File) else one.text for one in outgoing]


# --- a small guide with every kind of question -----------------------------------------------

EVERY_KIND = """\
format: 1
flow: letter
title: Every kind of question
start: consent

steps:
  consent:
    say: Is this OK with you?
    why: I ask first.
    buttons:
      agree: Yes, let's start
      decline: No, thanks
    next:
      - {when: {consent: decline}, go: declined}
      - {go: expense}

  expense:
    say: What would you like to pay for?
    label: Expense
    why: I look it up.
    input: expense
    retry: That is no thing I know.
    example: 'For example: "gym".'

  account:
    say: Which account?
    label: Account
    why: The rules differ.
    fact: account
    buttons: {fsa: Health FSA, hsa: HSA, dcfsa: Dependent care FSA, unsure: I'm not sure}
    next:
      - {when: {account: unsure}, do: find, gives: account, go: administrator}
      - {when: {account: dcfsa}, go: never}
      - {go: administrator}

  administrator:
    say: Which company?
    label: Company
    input: administrator
    skip: I don't know
    ask_when: {account: fsa}

  diagnosed:
    say: Has a provider diagnosed it?
    label: Diagnosed
    why: A letter names a condition.
    fact: diagnosed
    buttons:
      yes: Yes
      not_yet: Not yet
      no: There is no condition

  food:
    say: Does it take the place of food?
    label: Food
    fact: food
    buttons:
      instead: Yes, I eat it instead
      special: No, it is on top of my meals

  bought:
    say: When did you buy it?
    label: Bought on
    input: date
    not_after: today
    skip: I haven't bought it yet
    retry: Please send a date.
    example: 'For example: "November 2".'

  cost:
    say: How much was it?
    label: Cost
    input: money
    min: 100
    max: 1000000
    skip: I'd rather not say

  times:
    say: How many times a week?
    label: Times a week
    input: number
    min: 1
    max: 50

  again:
    say: Would you buy it again?
    label: Again
    input: yes_no

  condition:
    say: What do you call the condition?
    label: Condition
    why: It goes into your message.
    input: text
    max: 120
    sensitive: true
    skip: I'd rather not say

  tried:
    say: What have you tried?
    label: Tried
    input: text
    skip: Nothing yet

  evidence:
    say: Which of these do you have?
    label: Evidence
    input: multi
    buttons: {note: Notes from a visit, test: Test results, receipt: An itemized receipt}
    skip: None, or I'd rather not say

  review:
    say: |
      <b>Please check your answers.</b>
      {% for line in answers %}
      • {{ line.label }}: {{ line.value }}
      {% endfor %}
    buttons: {ok: "Yes, write my papers"}
    next:
      - {when: {again: no}, go: noted_no}
      - {go: letter}

  noted_no: {say: You would not buy it again.}

  letter:
    say: |
      <b>Your papers for {{ expense.name }}.</b>
      Your plan decides, and may say no.
    outcome: letter
    documents: [checklist]

  never:
    say: A letter cannot help. Your plan decides, and may say no.
    outcome: never

  declined: {say: I have kept nothing., outcome: declined}
"""

FIND = """\
format: 1
flow: find
title: Find the account
start: yours

steps:
  yours:
    say: Is the money still yours if you leave?
    label: Yours
    why: An HSA is yours.
    buttons: {mine: "Yes, it stays mine", lost: "No, I would lose it"}
    next:
      - {when: {yours: mine}, go: is_hsa}
      - {go: is_fsa}
  is_hsa: {say: That sounds like an HSA., give: hsa}
  is_fsa: {say: That sounds like an FSA., give: fsa}
"""

ACME = """\
format: 1
employer: acme
name: Acme
administrator: wex
accounts: [fsa, hsa]
texts: {letter.account.say: Which Acme account?}
hide: {account: [dcfsa], yours: [lost]}
"""


@cache
def every_kind() -> Content:
    """A small guide with every kind of question, one sub-flow and one employer."""
    return small(EVERY_KIND, find=FIND, employers__acme=ACME)


SMALL_ANSWERS: Mapping[str, str] = {
    "consent": "Yes, let's start",
    "expense": "personal trainer",
    "account": "Health FSA",
    "find/yours": "Yes, it stays mine",
    "administrator": "WEX",
    "diagnosed": "Yes",
    "food": "No, it is on top of my meals",
    "bought": "2026-11-02",
    "cost": "$129.99",
    "times": "3",
    "again": "Yes",
    "condition": "tight neck",
    "tried": "heat",
    "evidence": "Notes from a visit, Test results",
    "review": "Yes, write my papers",
}
"""What somebody says in the small guide, step by step."""


def small_walk(key: str, **answers: str) -> Patient:
    """Somebody in the small guide who has answered every question before the one named."""
    return walked_to(key, Patient(every_kind()), **{**_named(SMALL_ANSWERS), **answers})


def _named(answers: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("/", "__"): answer for key, answer in answers.items()}
