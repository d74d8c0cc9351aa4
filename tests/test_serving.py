"""The bot as a program: nothing lost, nothing doubled, nothing out of order, nothing leaked."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot import logs, serving
from bot.config import Bot as BotSection
from bot.config import Config, Secrets, Storage, Telegram
from bot.conversation import Turn
from bot.effects import Command, Heard, Tapped, Typed
from bot.outgoing import Button, Edit, Message, Notice
from bot.problems import ProblemsError
from bot.serving import Desk, Lines, Texts, serve
from bot.session import Session
from bot.storage import StoreUnavailable
from bot.storage_sqlite import open_store
from bot.telegram_outbound import UNPACED, Introduction
from tests.fake_telegram import ATTACHMENTS, TOKEN, FakeTelegram
from tests.memory_store import MemoryStore

ENGLISH = Lines(
    "Please send it again.", "Please start again.", "One moment, please.", "Here: {link}"
)
SPANISH = Lines("Envíelo otra vez.", "Empiece de nuevo.", "Un momento, por favor.", "Aquí: {link}")
TEXTS = Texts(
    {"en": ENGLISH, "es": SPANISH},
    {"en": Introduction([("help", "Help")], "A guide.", "A guide.")},
    lambda session: (Message("Your answers will be deleted soon.", nobody_waits=True),),
)


def answering(
    session: Session | None, heard: Heard, held: str | None, now: datetime, language: str
) -> Turn:
    """A small conversation: it counts what it hears, and asks after each."""
    session = session or Session("n0nce", language)
    match heard:
        case Typed("bug"):
            raise ZeroDivisionError("a bug, and what was typed: bug")
        case Typed("hold this"):
            return Turn(session, (Message("Do you agree?"),), held="hold this")
        case Command("delete"):
            return Turn(None, (Message("Forgotten."),), changed=False)
        case Tapped(revision=revision) if revision != session.revision:
            return Turn(session, (Notice("That button is from before."),), changed=False)
        case Typed(text):
            said = text
        case _:
            said = type(heard).__name__
    session = session.answered("last", said, now)
    number = session.revision
    question = Message(
        f"{number}: {said}" + (f" (held: {held})" if held else ""),
        buttons=((Button("Yes", f"n0nce.{number}.ask.yes"),),),
        question=True,
    )
    closed = (Edit(f"{number - 1}: closed"),) if number > 1 else ()
    return Turn(session, (*closed, question))


def config(fake: FakeTelegram, folder: Path, **telegram: Any) -> Config:
    return Config(
        telegram=Telegram(base_url=fake.base_url, poll_timeout=1, **telegram),
        storage=Storage(path=folder / "data" / "bot.db", key_file=folder / "keys" / "bot.key"),
        bot=BotSection(timezone="America/Chicago"),
    )


SECRETS = Secrets(SecretStr(TOKEN), SecretStr("hook-secret"))
Start = Callable[..., Any]


@asynccontextmanager
async def serving_with(
    settings: Config, *, handler: Any = answering, store: Any = None, **more: Any
) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    store = store or open_store(settings.storage.path, settings.storage.key_file)
    more.setdefault("pace", UNPACED)
    task = asyncio.create_task(serve(settings, SECRETS, store, handler, TEXTS, stop=stop, **more))
    try:
        yield task
    finally:
        stop.set()
        await task


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
        assert server.problems == []


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(params=["polling", "webhook"])
def settings(request: pytest.FixtureRequest, fake: FakeTelegram, tmp_path: Path) -> Config:
    """Every test with this runs both ways."""
    if request.param == "polling":
        return config(fake, tmp_path)
    port = free_port()
    fake.proxies["https://bot.example.org"] = f"http://127.0.0.1:{port}"
    return config(
        fake,
        tmp_path,
        mode="webhook",
        webhook_url="https://bot.example.org/hook",
        webhook_listen=f"127.0.0.1:{port}",
    )


# --- both ways -------------------------------------------------------------------------------


async def test_a_conversation_goes_back_and_forth(fake, settings):
    ana = fake.person(7, "Ana")
    async with serving_with(settings):
        await ana.says("massage gun")
        await ana.sees("1: massage gun")
        await ana.taps("Yes")
        await ana.sees("1: closed")
        await ana.sees("2: Tapped")
        await ana.taps_again()
        await ana.sees_notice("from before")
        await fake.until(lambda: fake.commands)
    assert fake.unanswered == []
    assert [m.text for m in ana.messages] == ["1: closed", "2: Tapped"]


async def test_what_waited_at_telegram_is_answered_and_confirmed(fake, settings):
    people = [fake.person(n) for n in range(1, 21)]
    for number in range(5):
        for person in people:
            await person.says(f"m{number}")
    async with serving_with(settings):
        for person in people:
            await person.sees("5: m4")
    assert fake.unconfirmed == 0
    for person in people:
        asked = [m.history[0] if m.history else m.text for m in person.messages]
        assert asked == [f"{n + 1}: m{n}" for n in range(5)]


async def test_a_session_survives_a_restart_and_nothing_is_said_twice(fake, settings):
    ana = fake.person(7)
    async with serving_with(settings):
        await ana.says("one")
        await ana.sees("1: one")
    async with serving_with(settings):
        await ana.says("two")
        await ana.sees("2: two")
    assert len(fake.made("sendMessage")) == 2


async def test_a_repeated_update_is_one_step(fake, settings):
    ana = fake.person(7)
    async with serving_with(settings):
        await ana.says("one")
        raw = dict(fake._queue[-1]) if fake._queue else None
        await ana.sees("1: one")
        if raw:
            fake.again(raw)
        await ana.says("two")
        await ana.sees("2: two")
    assert [m.text for m in ana.messages] == ["1: closed", "2: two"]


async def test_one_bad_update_never_stops_the_others(fake, settings):
    ana, ben = fake.person(7), fake.person(8, "Ben", "es")
    async with serving_with(settings):
        await ana.says("before")
        fake.update(message={"chat": ben.chat.to_json(), "from": ben._user()})
        await ana.says("after")
        await ana.sees("2: after")
        await ben.sees("Please send it again.")
    assert fake.unconfirmed == 0


async def test_an_update_that_always_fails_is_put_aside_and_the_person_told(fake, settings):
    ana, ben = fake.person(7, "Ana", "es-MX"), fake.person(8)
    async with serving_with(settings):
        await ana.says("bug")
        await ben.says("well")
        await ben.sees("1: well")
        await ana.sees("Envíelo otra vez.")
        await ana.says("fine")
        await ana.sees("1: fine")
    assert fake.unconfirmed == 0


async def test_groups_get_one_neutral_line_and_nothing_is_stored(fake, settings):
    ana, family = fake.person(7), fake.group(-100)
    async with serving_with(settings):
        await ana.says("/start", chat=family)
        await ana.says("my secret illness", chat=family)
        await fake.until(lambda: [m for m in family.messages if m.from_bot])
        await ana.says("hello")
        await ana.sees("1: hello")
    lines = [m.text for m in family.messages if m.from_bot]
    assert lines == ["Here: https://t.me/letters_test_bot"]


async def test_an_album_gets_one_reply_and_its_messages_go_with_a_deletion(fake, settings):
    ana = fake.person(7, "Ana")
    async with serving_with(settings):
        for _ in range(3):
            await ana.sends(photo=ATTACHMENTS["photo"], media_group_id="55")
        await ana.sees("1: Attached")
        await ana.sends(photo=ATTACHMENTS["photo"], media_group_id="56")
        await ana.sees("2: Attached")
        await ana.says("and now")
        await ana.sees("3: and now")
        await ana.says("/delete")
        await ana.sees("Forgotten.")
        await fake.until(lambda: fake.made("deleteMessages"))
    pictures = [m for m in ana.chat.messages if not m.from_bot]
    assert all(m.deleted for m in pictures[:4])


async def test_deletion_takes_the_chats_messages_out(fake, settings):
    ana = fake.person(7)
    async with serving_with(settings):
        await ana.says("one")
        await ana.sees("1: one")
        await ana.says("/delete")
        await ana.sees("Forgotten.")
        await fake.until(lambda: fake.made("deleteMessages"))
        await fake.until(lambda: all(m.deleted for m in ana.chat.messages[:3]))
        await ana.says("new")
        await ana.sees("1: new")


async def test_after_a_deletion_nothing_of_before_is_sent(fake, settings):
    def many(session, heard, held, now, language):
        turn = answering(session, heard, held, now, language)
        papers = tuple(Message(f"paper {n}") for n in range(9))
        return turn if turn.session is None else replace(turn, outgoing=(*papers, *turn.outgoing))

    ana = fake.person(7)
    async with serving_with(settings, handler=many, pace=serving.PACE):
        await ana.says("one")
        await ana.sees("paper 4")
        await ana.says("/delete")
        await ana.sees("Forgotten.")
        await fake.until(lambda: fake.made("deleteMessages"))
        await fake.until(lambda: [m.text for m in ana.messages] == ["Forgotten."])
    assert "paper 6" not in [m.text for m in ana.chat.messages]


async def test_stopping_answers_what_is_in_flight(fake, settings):
    ana = fake.person(7)
    async with serving_with(settings):
        await ana.says("one")
        await ana.sees("1: one")
        fake.fault("slow", chat=7, method="sendMessage", seconds=0.3)
        await ana.says("two")
        await fake.until(lambda: any(c.method == "editMessageText" for c in fake.calls))
    assert ana.messages[-1].text == "2: two"


async def test_stopping_takes_ten_seconds_at_most_whatever_hangs(fake, tmp_path):
    port, ana = free_port(), fake.person(7)
    fake.proxies["https://bot.example.org"] = f"http://127.0.0.1:{port}"
    settings = config(
        fake,
        tmp_path,
        mode="webhook",
        webhook_url="https://bot.example.org/hook",
        webhook_listen=f"127.0.0.1:{port}",
    )
    async with serving_with(settings):
        await fake.until(lambda: fake.made("setWebhook"))
        hanging = fake.fault("hang", method="sendMessage", times=99)
        await ana.says("hello")
        await fake.until(lambda: hanging.times < 99)
        _, half = await asyncio.open_connection("127.0.0.1", port)
        secret = "X-Telegram-Bot-Api-Secret-Token: hook-secret"
        half.write(f"POST /hook HTTP/1.1\r\nHost: x\r\n{secret}\r\n".encode())
        half.write(b"Content-Length: 100\r\n\r\n{")
        await half.drain()
        await asyncio.sleep(0.2)
        began = time.monotonic()
    took = time.monotonic() - began
    half.close()
    assert took < serving.STOP_SECONDS
    async with serving_with(settings):  # And what was not said is said later.
        fake.heal()
        await ana.sees("1: hello")


async def test_switching_the_way_updates_come_drops_none(fake, tmp_path):
    ana, port = fake.person(7), free_port()
    fake.proxies["https://bot.example.org"] = f"http://127.0.0.1:{port}"
    listen = f"127.0.0.1:{port}"
    hook = config(
        fake,
        tmp_path,
        mode="webhook",
        webhook_url="https://bot.example.org/hook",
        webhook_listen=listen,
    )
    async with serving_with(hook):
        await ana.says("one")
        await ana.sees("1: one")
    await ana.says("two")
    async with serving_with(config(fake, tmp_path)):
        await ana.sees("2: two")
    await ana.says("three")
    async with serving_with(hook):
        await ana.sees("3: three")


async def test_trouble_at_telegram_from_the_start_is_sat_out(fake, tmp_path):
    fake.fault("500", method="getMe")
    ana = fake.person(7)
    await ana.says("one")
    async with serving_with(config(fake, tmp_path)):
        await ana.sees("1: one")


# --- limits ----------------------------------------------------------------------------------


async def test_more_than_thirty_a_minute_get_one_polite_line_and_crises_are_heard(
    fake, tmp_path, monkeypatch
):
    monkeypatch.setattr(serving, "A_MINUTE", 30)
    ana, ben = fake.person(7), fake.person(8)

    def crisis(heard: Heard) -> bool:
        return isinstance(heard, Typed) and "overdose" in heard.text

    async with serving_with(config(fake, tmp_path), always=crisis):
        for number in range(40):
            await ana.says(f"m{number}")
        await ana.sees("One moment, please.")
        await ana.says("I took an overdose")
        await ana.sees("overdose")
        await ben.says("hello")
        await ben.sees("1: hello")
        await fake.until(lambda: fake.unconfirmed == 0)
    texts = [m.text for m in ana.messages]
    assert texts.count("One moment, please.") == 1
    assert len(texts) in {32, 63}  # 30 answers, the line, the crisis; twice 30 over a full minute.


async def test_a_first_message_is_held_in_memory_only(fake, tmp_path):
    ana = fake.person(7)
    settings = config(fake, tmp_path)
    async with serving_with(settings):
        await ana.says("hold this")
        await ana.sees("agree")
        await ana.says("yes")
        await ana.sees("1: yes (held: hold this)")
        await ana.says("again")
        await ana.sees("2: again")
    assert ana.messages[-1].text == "2: again"
    async with serving_with(settings):
        await ana.says("hold this")
        await ana.sees("agree")
    async with serving_with(settings):
        await ana.says("yes")
        assert "held" not in (await ana.sees("3: yes")).text


async def test_local_time_is_the_configured_zones(fake, tmp_path):
    zones = []

    def noting(session, heard, held, now, language):
        zones.append((now.tzinfo.key, language))
        return Turn(session, (Message("ok"),))

    ana = fake.person(7, "Ana", "es-419")
    async with serving_with(config(fake, tmp_path), handler=noting):
        await ana.says("hi")
        await ana.sees("ok")
    assert zones == [("America/Chicago", "es")]


# --- trouble in the store ----------------------------------------------------------------------


class Storage2(MemoryStore):
    """The memory store with the rest of what serving needs."""

    async def removals(self) -> list[Any]:
        return []

    async def due_warnings(self, now: Any, words: Any, retention: Any = None) -> list[Any]:
        return []

    async def sweep(self, now: Any, retention: Any = None) -> int:
        return 0

    async def close(self) -> None: ...


async def test_no_webhook_call_is_taken_before_what_an_earlier_run_left_is_known(fake, tmp_path):
    class Slow(Storage2):
        known = asyncio.Event()

        async def removals(self) -> list[Any]:
            await self.known.wait()
            return [(7, (90, 91))]

    port = free_port()
    address = "https://bot.example.org"
    hook = {"webhook_url": f"{address}/hook", "webhook_listen": f"127.0.0.1:{port}"}
    headers = {"X-Telegram-Bot-Api-Secret-Token": "hook-secret"}
    update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "hi"}}
    update["message"] |= {"chat": {"id": 7, "type": "private", "first_name": "Ana"}}
    fake.proxies[address] = f"http://127.0.0.1:{port}"
    fake.person(7)
    async with (
        serving_with(config(fake, tmp_path, mode="webhook", **hook), store=Slow()),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as http,
    ):
        await asyncio.sleep(0.1)
        async with http.post("/hook", json=update) as response:
            assert response.status == 503
            assert response.headers["Retry-After"]
        Slow.known.set()
        await fake.until(lambda: fake.made("deleteMessages"))
        async with http.post("/hook", json=update) as response:
            assert response.status == 200
    assert [call.parameters["message_ids"] for call in fake.made("deleteMessages")] == [[90, 91]]


async def test_while_the_store_cannot_commit_updates_wait_and_keep_their_order(fake, settings):
    store, ana, ben = Storage2(), fake.person(7), fake.person(8)
    async with serving_with(settings, store=store):
        await ana.says("one")
        await ana.sees("1: one")
        store.trouble, store.trouble_in = StoreUnavailable("disk full"), 7
        await ana.says("two")
        await ana.says("three")
        await ben.says("hello")
        await ben.sees("1: hello")
        await asyncio.sleep(0.2)
        assert len(ana.messages) == 1
        store.trouble = None
        await ana.sees("3: three", timeout=8)
    asked = [m.history[0] if m.history else m.text for m in ana.messages]
    assert asked == ["1: one", "2: two", "3: three"]
    assert fake.unconfirmed == 0


async def test_a_damaged_row_hurts_only_its_chat(fake, tmp_path):
    import sqlite3

    ana, ben = fake.person(7), fake.person(8)
    settings = config(fake, tmp_path)
    async with serving_with(settings):
        await ana.says("one")
        await ana.sees("1: one")
        await ben.says("one")
        await ben.sees("1: one")
    with sqlite3.connect(settings.storage.path) as db:
        db.execute("UPDATE session SET sealed = x'00' WHERE n = (SELECT min(n) FROM session)")
    db.close()
    async with serving_with(settings):
        await ana.says("two")
        await ana.sees("Please start again.")
        await ben.says("two")
        await ben.sees("2: two")
        await ana.says("three")
        await ana.sees("1: three")


async def test_what_was_unsent_is_sent_at_the_start(fake, tmp_path):
    ana, settings = fake.person(7), config(fake, tmp_path)
    async with serving_with(settings):
        await ana.says("one")
        await ana.sees("1: one")
        fake.fault("500", chat=7, times=1000)
        await ana.says("two")
        await fake.until(lambda: fake.unconfirmed == 0)
    fake.heal()
    async with serving_with(settings):
        await ana.sees("2: two")


# --- starting and stopping ---------------------------------------------------------------------


async def test_a_wrong_token_is_a_problem_in_a_sentence(fake, tmp_path):
    settings = config(fake, tmp_path)
    store = open_store(settings.storage.path, settings.storage.key_file)
    wrong = replace(SECRETS, token=SecretStr("123456:wrong-token-wrong-token-wrong-token"))
    with pytest.raises(ProblemsError, match="does not accept this bot token") as error:
        await serve(settings, wrong, store, answering, TEXTS)
    assert "wrong-token" not in str(error.value)


async def test_an_address_in_use_is_a_problem_in_a_sentence(fake, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ProblemsError, match=f"{address}: .*listened"):
            async with serving_with(config(fake, tmp_path, health_listen=address)) as task:
                await task


async def test_health_pages_are_shown_when_polling_too(fake, tmp_path):
    address = f"127.0.0.1:{free_port()}"
    ana = fake.person(7)
    async with (
        serving_with(config(fake, tmp_path, health_listen=address)),
        aiohttp.ClientSession(f"http://{address}") as http,
    ):
        await ana.says("one")
        await ana.sees("1: one")
        async with http.get("/readyz") as response:
            assert await response.text() == "ready"
        async with http.get("/healthz") as response:
            assert response.status == 200
        async with http.get("/metrics") as response:
            assert 'lmn_bot_updates_total{outcome="handled"} 1.0' in await response.text()


async def test_sigterm_ends_it_well(fake, tmp_path):
    ana = fake.person(7)
    async with serving_with(config(fake, tmp_path)) as task:
        await ana.says("one")
        await ana.sees("1: one")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 5)


async def test_a_store_that_is_served_already_is_a_problem_in_a_sentence(fake, tmp_path):
    settings = config(fake, tmp_path)
    store = open_store(settings.storage.path, settings.storage.key_file)
    handlers = logging.getLogger().handlers[:]
    try:
        with pytest.raises(ProblemsError, match="another lmn-bot"):
            serving.run(settings, SECRETS, answering, TEXTS)
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.captureWarnings(capture=False)
        await store.close()


# --- nothing leaks ---------------------------------------------------------------------------


@pytest.fixture
def log_lines() -> Iterator[Callable[[], str]]:
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.start("debug", stream)
    yield stream.getvalue
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


async def test_no_log_line_holds_a_text_a_name_or_the_token(fake, settings, log_lines):
    ana = fake.person(7, "Anastasia")
    async with serving_with(settings):
        await ana.says("canary illness")
        await ana.sees("canary illness")
        await ana.says("bug")
        await ana.sees("Please send it again.")
        fake.fault("garbage", chat=7, times=1)
        fake.fault("500", method="answerCallbackQuery")
        await ana.taps("Yes")
        await ana.sees("2: Tapped")
        fake.update(message={"text": "canary illness", "chat": ana.chat.to_json()})
        await ana.sees("again")
    text = log_lines()
    assert "an update was put aside" in text
    assert "ZeroDivisionError" in text
    for canary in ("canary", "illness", "Anastasia", TOKEN, TOKEN.split(":")[1], "what was typed"):
        assert canary not in text
    for line in text.splitlines():
        keys = set(json.loads(line))
        assert keys <= {"at", "level", "room", "event", *logs.ALLOWED}


def test_a_foreign_line_and_an_error_show_only_what_they_are(log_lines):
    logging.getLogger("telegram.request").error("canary %s", "illness")
    logging.getLogger("bot.somewhere").error("fixed words", extra={"text": "canary", "count": 3})
    try:
        raise ValueError("canary")
    except ValueError:
        logging.getLogger("bot.somewhere").exception("it failed")
    first, second, third = (json.loads(line) for line in log_lines().splitlines())
    assert first["event"] == "a library had something to say"
    assert (second["event"], second["count"]) == ("fixed words", 3)
    assert third["error"] == "ValueError"
    assert "canary" not in log_lines()


# --- fuzz --------------------------------------------------------------------------------------


async def test_mutated_updates_harm_nobody():
    """20,000 updates with parts changed or lost: no exception, no write to another chat."""
    chance, fake, store = random.Random(11), FakeTelegram(), Storage2()
    sent: list[tuple[int, Any]] = []

    class Mute:
        def say(self, chat: int, message: Message) -> None:
            sent.append((chat, message))

        def put(self, chat: int, pending: Any, question: Any) -> None:
            sent.append((chat, pending))
            store.rows[chat].unsent.clear()

        def answer(self, query: Any, notice: str = "") -> None: ...
        def forget(self, chat: int, messages: Any) -> None: ...

    desk = Desk(store, Mute(), answering, TEXTS, serving.ZoneInfo("UTC"), a_minute=10**9)  # type: ignore[arg-type]
    desk.username = "letters_test_bot"
    ana = fake.person(7)
    odd = [None, True, -1, 2**70, 1.5, "", "\ud800\0", "x" * 9000, [], {}, [[]], {"id": 7}, "7"]

    def mutated(value: Any) -> Any:
        if chance.random() < 0.08:
            return chance.choice(odd)
        if isinstance(value, dict):
            keys = [key for key in value if chance.random() > 0.03]
            return {key: mutated(value[key]) for key in keys}
        if isinstance(value, list):
            return [mutated(one) for one in value]
        return value

    for _ in range(5000):
        await ana.says(chance.choice(["hi", "/start x", "bug", "\0\ud83d", "<b>{{ 7*7 }}"]))
        await ana.taps_data(chance.choice(["n0nce.1.ask.yes", "x", "a.b.c.d", "\0"]))
        await ana.attaches("photo")
        await ana.edits("changed")
    for update in list(fake._queue):
        raw = {
            key: value if key == "update_id" else mutated(value) for key, value in update.items()
        }
        assert await desk.take(raw) is True
    # A chat id that was itself mutated is another chat; every other write is to this one.
    assert {chat for chat, _ in sent} <= {7, -1}
    assert set(store.rows) <= {7, -1}
    assert store.turns > 5000
    assert desk.oldest() == 0
