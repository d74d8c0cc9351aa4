"""A store in memory that keeps JSON only, so that nothing survives in it that a file would lose."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation import Turn
from bot.outgoing import Outgoing, from_json, to_json
from bot.session import Session
from bot.storage import Done, Pending, Unsent


@dataclass
class Row:
    session: str | None = None
    unsent: list[tuple[int, str]] = field(default_factory=list)
    seq: int = 0
    question: int | None = None
    messages: list[int] = field(default_factory=list)


class MemoryStore:
    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.seen: set[int] = set()
        self.trouble: Exception | None = None
        self.trouble_in: int | None = None
        self.turns = 0
        self.marked: list[tuple[int, int]] = []
        self.removed_from: list[int] = []

    async def turn(
        self,
        chat: int,
        update: int | None,
        work: Callable[[Session | None], Turn],
        *,
        message: int | None = None,
    ) -> Done:
        self._check(chat)
        row = self.rows.get(chat) or Row()
        if update is not None and update in self.seen:
            return Done(True, None, self._pending(row), row.question)
        session = Session.from_json(json.loads(row.session)) if row.session else None
        turn = work(session)
        self.turns += 1
        if message is not None:
            row.messages.append(message)
        if update is not None:
            self.seen.add(update)
        for outgoing in turn.outgoing:
            row.seq += 1
            row.unsent.append((row.seq, json.dumps(to_json(outgoing))))
        row.session = json.dumps(turn.session.to_json()) if turn.session else None
        self.rows[chat] = row
        return Done(False, turn, self._pending(row), row.question)

    async def sent(
        self,
        chat: int,
        upto: int,
        *,
        question: int | None = None,
        messages: Sequence[int] = (),
        soon: bool = False,
    ) -> None:
        self._check(chat)
        row = self.rows.setdefault(chat, Row())
        row.unsent = [(seq, text) for seq, text in row.unsent if seq > upto]
        row.messages += messages
        if question is not None:
            row.question = question
        self.marked.append((chat, upto))

    async def removed(self, chat: int) -> None:
        self._check(chat)
        self.removed_from.append(chat)

    async def unsent(self) -> list[Unsent]:
        return [
            Unsent(chat, self._pending(row), row.question)
            for chat, row in self.rows.items()
            if row.unsent
        ]

    def put(self, chat: int, *outgoing: Outgoing) -> tuple[Pending, ...]:
        """Put values into a chat's outbox, as a turn would; all that is unsent there."""
        row = self.rows.setdefault(chat, Row())
        for value in outgoing:
            row.seq += 1
            row.unsent.append((row.seq, json.dumps(to_json(value))))
        return self._pending(row)

    def left(self, chat: int) -> list[Any]:
        return [json.loads(text) for _, text in self.rows[chat].unsent]

    def _check(self, chat: int) -> None:
        if self.trouble and self.trouble_in in {None, chat}:
            raise self.trouble

    @staticmethod
    def _pending(row: Row) -> tuple[Pending, ...]:
        return tuple(Pending(seq, from_json(json.loads(text))) for seq, text in row.unsent)
