"""20,000 mutated updates through the whole pipeline: no exception, no write to another chat.

Parse, desk, the shipped guide, SQLite, and the sender are all real; only HTTP is left out. What
the sender says is judged by the fake Bot API server, which refuses whatever Telegram would.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.conversation import Guide, Turn
from bot.effects import Heard
from bot.operators.serve import _texts
from bot.serving import Desk
from bot.session import Session
from bot.storage_sqlite import open_store
from bot.telegram_outbound import UNPACED, Sender
from tests.fake_telegram import ATTACHMENTS, TOKEN, FakeTelegram, Person, Refused
from tests.faults.people import WORDS, ZONE, guide_content

UPDATES = 20_000
PEOPLE = 50
SEED = 20261123

HOSTILE = (
    "\0",
    "a\0b",
    "\ud83d",
    "\udc00\ud800 neck",
    "Z̸̡̢̛͔̰̼̫͚̲̈́̊̄̇̕̚͝a̶̢̛l̵̡̛g̷̢̛o̸" * 40,
    "‮‭⁦evil⁩ gun egassam",
    "‏‎​﻿",
    "\r\n\t \x0b\x0c",
    "<b>bold</b><script>alert(1)</script>",
    "<b",
    "&lt;&amp;&#0;",
    "{{ 7 * 7 }}",
    "{% for x in range(10**9) %}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "${jndi:ldap://x}",
    "'; DROP TABLE session; --",
    "../../../../etc/passwd",
    "%s%s%n{0}{answers}",
    "١٢/٣/٢٠٢٦",
    "99999999999999999999999999",
    "-0",
    "1e309",
    "31/02/2026",
    "0000-00-00",
    "$" * 100,
    "(" * 500 + ")" * 500,
    "/" * 50,
    "/start " + "A" * 64,
    "/start ../x",
    "/delete@other_bot",
    "/language \ud800",
    "/ELEPHANT now",
)
LONG = ("😀" * 4096, "👩‍👩‍👧‍👦" * 300, "x" * 4096, "y" * 20_000, "word " * 900)
"""Too slow to be sent often: each is looked up in the catalogue."""
COMMANDS = (
    *("start", "help", "back", "change", "review", "restart", "language", "language es"),
    *("privacy", "contact", "mydata", "delete", "why", "skip", "menu", "start example"),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**70, 1.5, float("inf"), "", "7", "\ud800\0", "x" * 9000),
    *([], {}, [[]], {"id": 7}, [None], {"": ""}),
)


HARMLESS = (
    # Who declines or deletes sees the chat emptied while the question is still being closed.
    "editMessageText: Bad Request: message to edit not found",
    # The id of a tap was itself mutated.
    "answerCallbackQuery: Bad Request: query is too old",
    "the callback query ",
)

CONCERNED: ContextVar[frozenset[str]] = ContextVar("CONCERNED", default=frozenset())
"""The chats that the update names from which all this came; every task it starts inherits it."""


class Judged(BaseRequest):
    """What python-telegram-bot would send, given to the fake server without any HTTP."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.chats: list[Any] = []
        self.strays: list[str] = []

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None: ...
    async def shutdown(self) -> None: ...

    async def do_request(  # type: ignore[override]
        self, url: str, method: str, request_data: RequestData | None = None, **_: Any
    ) -> tuple[int, bytes]:
        parameters: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        if request_data and request_data.contains_files:
            name, content, media_type = next(iter(request_data.multipart_data.values()))
            parameters = {k: v for k, v in parameters.items() if k != "document"}
            parameters["_file"] = ("document", name, media_type, content)
        if "chat_id" in parameters:
            self.chats.append(parameters["chat_id"])
            if repr(parameters["chat_id"]) not in CONCERNED.get():
                self.strays.append(f"{url.rpartition('/')[2]} to {parameters['chat_id']}")
        endpoint = url.rpartition("/")[2]
        try:
            result = await self.fake._perform(endpoint, parameters)
        except Refused as refused:
            if not refused.expected:
                self.fake.problems.append(f"{endpoint}: {refused.description}")
            said = {"ok": False, "error_code": refused.code, "description": refused.description}
            return refused.code, json.dumps(said).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


@dataclass
class Fuzz:
    """Makes updates: sound ones that lead deep into the guide, and broken ones."""

    fake: FakeTelegram
    chance: random.Random
    texts: list[str] = field(default_factory=lambda: [*HOSTILE, *WORDS])

    async def one(self, person: Person) -> dict[str, Any]:
        """One update of one person, made by the fake and then perhaps mutated."""
        kind = self.chance.random()
        boards = [m for m in person.messages[-3:] if m.labels]
        data = [
            (button["callback_data"], message.id)
            for message in boards
            for row in message.keyboard
            for button in row
            if "callback_data" in button
        ]
        if kind < 0.45 and data:
            chosen, message = self.chance.choice(data)
            if kind > 0.3:
                chosen = self._garbled(chosen)
            await person.taps_data(chosen, message)
        elif kind < 0.55:
            await person.says("/" + self.chance.choice(COMMANDS))
        elif kind < 0.65:
            await person.attaches(self.chance.choice(list(ATTACHMENTS)))
        elif kind < 0.68 and any(not m.from_bot for m in person.chat.messages):
            await person.edits(self._text())
        else:
            await person.says(self._text())
        update = self.fake._queue.pop()
        if self.chance.random() < 0.25:
            return {k: v if k == "update_id" else self._mutated(v) for k, v in update.items()}
        return update

    def _text(self) -> str:
        text = self.chance.choice(LONG if self.chance.random() < 0.02 else self.texts)
        if self.chance.random() < 0.3:
            text += self.chance.choice(self.texts)
        if self.chance.random() < 0.2 and text:
            place = self.chance.randrange(len(text))
            text = text[:place] + chr(self.chance.randrange(0x110000)) + text[place:]
        return text

    def _garbled(self, data: str) -> str:
        parts = data.split(".")
        place = self.chance.randrange(len(parts))
        match self.chance.randrange(5):
            case 0:
                parts[place] = self.chance.choice(["", "0", "999999999", "!end", "!delete", "yes"])
            case 1:
                parts[place] = self.chance.choice(HOSTILE)
            case 2:
                parts.insert(place, self.chance.choice(parts))
            case 3:
                del parts[place]
            case _:
                self.chance.shuffle(parts)
        return ".".join(parts)

    def _mutated(self, value: Any) -> Any:
        if self.chance.random() < 0.06:
            return self.chance.choice(ODD)
        if isinstance(value, dict):
            keys = [key for key in value if self.chance.random() > 0.03]
            return {key: self._mutated(value[key]) for key in keys}
        if isinstance(value, list):
            return [self._mutated(one) for one in value]
        return value


def chats_in(update: Any) -> Iterator[Any]:
    """Every chat or sender that an update names: nobody else may be written to."""
    if isinstance(update, dict):
        for key, value in update.items():
            if key in {"chat", "from"} and isinstance(value, dict):
                yield value.get("id")
            yield from chats_in(value)


async def test_no_update_raises_anything_or_writes_to_another_chat(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    fake = FakeTelegram()
    request = Judged(fake)
    bot = Bot(TOKEN, request=request, get_updates_request=request)
    store = open_store(tmp_path / "data" / "bot.db", tmp_path / "keys" / "bot.key")
    store._db.execute("PRAGMA synchronous = OFF")
    sender = Sender(bot, store, pace=UNPACED)
    guide = Guide(guide_content(), lambda: f"n{chance.randrange(10**6)}")
    raised: list[BaseException] = []
    slowest = (0.0, "")

    def handler(session: Session | None, heard: Heard, *more: Any) -> Turn:
        nonlocal slowest
        began = time.thread_time()
        try:
            return guide(session, heard, *more)
        except Exception as error:
            raised.append(error)
            raise
        finally:
            slowest = max(slowest, (time.thread_time() - began, repr(heard)[:80]))

    desk = Desk(store, sender, handler, _texts(guide), ZONE, a_minute=10**9)
    desk.username = "letters_test_bot"
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: raised.append(context.get("exception") or RuntimeError(str(context)))
    )
    fuzz = Fuzz(fake, chance)
    people = [fake.person(1000 + n, "Ana", chance.choice(["en", "es"])) for n in range(PEOPLE)]

    async def takes(update: dict[str, Any]) -> None:
        CONCERNED.set(frozenset(map(repr, chats_in(update))))
        assert await desk.take(update) is True, update

    for _ in range(UPDATES // PEOPLE):
        updates = [await fuzz.one(person) for person in people]
        await asyncio.gather(*(asyncio.create_task(takes(update)) for update in updates))
        while sender.waiting:
            await asyncio.sleep(0)
        for person in people:
            del person.chat.messages[:-200]
    await sender.finish(5)
    rows = (await store.figures())["rows"]
    await store.close()
    assert raised == [], "".join(traceback.format_exception(raised[0]))
    assert request.strays == []
    problems = [one for one in fake.problems if not one.startswith(HARMLESS)]
    assert problems == []
    assert len(request.chats) > UPDATES / 2, "most updates should be answered"
    assert rows <= PEOPLE + len(ODD)
    assert desk.oldest() == 0
    assert slowest[0] < 3, slowest  # Seconds of CPU: a busy machine is no fault of ours.
