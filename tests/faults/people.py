"""Simulated people, each held against a model of the conversation they should be having.

The guide is a pure function, so the same guide is run here on what a person sends, once each and in
order. Whatever the bot does otherwise, in its messages or in what it keeps, is a fault of the bot.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.case import Content, Operator
from bot.conversation import Guide, Turn
from bot.effects import Command, Heard, Tapped, Typed
from bot.library import load
from bot.outgoing import Button, Edit, File, Message, Notice
from bot.session import Session
from tests.fake_telegram import FakeTelegram

ZONE = ZoneInfo("America/New_York")
MOST = 16
"""Updates of one person: fewer than a chat may send in a minute."""
PATIENCE = 60.0
"""Seconds after which a message that did not come is lost."""
MODEL = "model"
"""The nonce of every session in the model."""

WORDS = (
    "massage gun",
    "electric toothbrush",
    "acupuncture for my back",
    "pistola de masaje",
    "HealthEquity",
    "Optum",
    "November 2",
    "2026-11-02",
    "neck pain",
    "$120",
    "something that is on no list",
    "<b>{{ 7 * 7 }}</b>",
    "ninety days",
)

OPERATOR = Operator("Example Benefits Desk", "help@example.com", "An independent nonprofit.")
"""Who runs the bot in these tests; people are told, so the model has to know."""


@cache
def guide_content() -> Content:
    """What the shipped guide knows, under this operator."""
    root = Path(__file__).parent.parent.parent
    return load(root, datetime.now(ZONE).date(), OPERATOR)


@dataclass
class Tally:
    """What was found out about everybody."""

    turns: int = 0
    people: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    repeats: int = 0
    findings: list[str] = field(default_factory=list)

    def found(self, what: str) -> None:
        self.findings.append(what)


@dataclass(frozen=True)
class Move:
    """One thing a person does: a text, or a tap on a button of the newest question."""

    text: str = ""
    data: str = ""
    twice: bool = False
    """The update comes twice with the same id."""


def choices(turn: Turn) -> list[Button]:
    """The buttons on the screen after a turn, without links."""
    for one in reversed(turn.outgoing):
        if isinstance(one, (Message, Edit)) and one.buttons:
            return [button for row in one.buttons for button in row if button.data]
    return []


class Walker:
    """One person. ``walk`` returns when the bot has said all that it should have."""

    def __init__(self, fake: FakeTelegram, chat: int, tally: Tally, seed: str) -> None:
        self.chance = random.Random(seed)
        language = self.chance.choice(["en", "es"])
        self.person = fake.person(chat, "Ana", language)
        self.chat = chat
        self.fake = fake
        self.tally = tally
        self.guide = Guide(guide_content(), lambda: MODEL)
        self.turn: Turn | None = None
        self.buttons: list[Button] = []
        self.expected: list[str] = []
        self.sent = 0
        self.delivered = 0
        self.in_place = 0
        """So many of the bot's messages were looked at, and so many of ours have come."""

    # --- what a person does -----------------------------------------------------------------

    async def walk(self) -> None:
        """Walk the guide, and wait for each answer; give up when one never comes."""
        await self._do(Move("/start"))
        while self.sent < MOST and await self._caught_up():
            ended = any(".!end." in (button.data or "") for button in self.buttons)
            if ended and self.chance.random() < 0.7:
                break
            for move in self._next(ended=ended):
                await self._do(move)
        await self._caught_up()
        self.tally.people += 1

    def _next(self, *, ended: bool) -> list[Move]:
        """One update, or a few that do not wait for an answer."""
        moods = self.chance.random()
        if ended:
            return [self._tap(self._named(".!end.") or self.buttons)]
        answers = [b for b in self.buttons if self._is_answer(b)]
        if moods < 0.06:
            return [Move(self.chance.choice(["/back", "/review", "/why", "/help", "/change"]))]
        if moods < 0.12 and self._named(".!nav.back"):
            return [self._tap(self._named(".!nav.back"))]
        if not answers:
            skip = self._named(".!nav.skip")
            if skip and self.chance.random() < 0.4:
                return [self._tap(skip)]
            return [Move(self.chance.choice(WORDS), twice=moods > 0.9)]
        if moods < 0.25:
            return [Move(self.chance.choice(answers).label)]
        if moods < 0.35:  # Typed ahead, without waiting.
            return [Move(self.chance.choice(answers).label), Move(self.chance.choice(WORDS))]
        tap = self._tap(answers)
        if moods < 0.42:  # Tapped twice: the second tap has an id of its own.
            return [tap, tap]
        return [Move(data=tap.data, twice=moods > 0.9)]

    def _tap(self, buttons: list[Button]) -> Move:
        return Move(data=self.chance.choice(buttons).data or "")

    def _named(self, part: str) -> list[Button]:
        return [button for button in self.buttons if part in (button.data or "")]

    @staticmethod
    def _is_answer(button: Button) -> bool:
        _, _, step, choice = (button.data or "...").split(".", 3)
        return step != "!nav" and choice != "decline"

    async def _do(self, move: Move) -> None:
        """Send it to the bot, and tell the model."""
        self.sent += 1
        self.tally.turns += 1
        if move.text:
            await self.person.says(move.text)
        else:
            tail = move.data.partition(".")[2]
            message = next(
                (m for m in reversed(self.person.messages) if self._has(m.keyboard, tail)), None
            )
            if message is None:
                self.tally.found(f"{self.chat}: the button {tail} was never shown")
                return
            data = next(d for row in message.keyboard for d in self._all(row) if self._is(d, tail))
            await self.person.taps_data(data, message.id)
        if move.twice:
            self.fake.again(self.fake._queue[-1])
        self._foresee(move)

    @staticmethod
    def _is(data: str, tail: str) -> bool:
        return data.partition(".")[2] == tail

    def _has(self, keyboard: list[list[dict[str, Any]]], tail: str) -> bool:
        return any(self._is(data, tail) for row in keyboard for data in self._all(row))

    @staticmethod
    def _all(row: list[dict[str, Any]]) -> list[str]:
        return [button.get("callback_data", "") for button in row]

    # --- what should happen -----------------------------------------------------------------

    def _foresee(self, move: Move) -> None:
        before = self.turn.session if self.turn else None
        held = self.turn.held if self.turn else None
        language = self.person.language_code
        turn = self.guide(before, _heard(move), held, datetime.now(ZONE), language)
        assert turn.session is not None, "nobody here declines or deletes"
        self.turn = turn
        self.buttons = choices(turn) or self.buttons
        for one in turn.outgoing:
            assert not isinstance(one, Message) or not one.urgent, "nobody here is in danger"
            if isinstance(one, (Message, File)):
                self.expected.append(one.text if isinstance(one, Message) else one.caption)
            elif isinstance(one, Notice) and move.text:
                self.expected.append(one.text)

    async def _caught_up(self) -> bool:
        """Wait until everything expected has come, and whatever is to be tapped is shown."""
        try:
            await self.fake.until(lambda: self._look() == len(self.expected), PATIENCE)
            await self.fake.until(self._shown, PATIENCE)
        except AssertionError:
            missing = self.expected[self.in_place :]
            self.tally.lost += max(1, len(missing))
            self.tally.found(f"{self.chat}: never came: {[text[:40] for text in missing]}")
            return False
        return True

    def _shown(self) -> bool:
        tails = [(button.data or "").partition(".")[2] for button in self.buttons]
        boards = [message.keyboard for message in self.person.messages if message.keyboard]
        return all(any(self._has(board, tail) for board in boards) for tail in tails)

    def _look(self) -> int:
        """Look at what came since; how much of what was expected has come."""
        came = [m.history[0] if m.history else m.text for m in self.person.messages]
        for text in came[self.delivered :]:
            self.delivered += 1
            if self.expected[self.in_place : self.in_place + 1] == [text]:
                self.in_place += 1
            elif text in self.expected[max(0, self.in_place - 20) : self.in_place]:
                self.tally.repeats += 1
            else:
                self.tally.out_of_order += 1
                self.tally.found(f"{self.chat}: nobody expected {text[:60]!r} now")
        return self.in_place

    # --- what should be kept ----------------------------------------------------------------

    def account(self, kept: dict[str, Any] | None) -> None:
        """Hold the session that the bot kept against the model's."""
        assert self.turn
        assert self.turn.session
        wanted, found = _answers(self.turn.session.to_json()), _answers(kept or {})
        ahead = (kept or {}).get("revision", 0) - self.turn.session.revision
        self.tally.lost += max(0, -ahead)
        self.tally.doubled += max(0, ahead)
        if wanted != found or ahead:
            self.tally.out_of_order += not ahead
            self.tally.found(f"{self.chat}: kept {found} instead of {wanted}")


def _heard(move: Move) -> Heard:
    if move.data:
        _, revision, step, choice = move.data.split(".", 3)
        return Tapped(MODEL, int(revision), step, choice)
    if move.text.startswith("/"):
        return Command(move.text[1:])
    return Typed(move.text)


def _answers(session: dict[str, Any]) -> dict[str, Any]:
    """What a session says, without its name and the time of day."""
    if not session:
        return {}
    Session.from_json(session)
    answers = [(step, answer["value"]) for step, answer in session["answers"].items()]
    names = ("language", "employer", "revision", "open", "tries")
    return {"answers": answers, **{name: session[name] for name in names}}
