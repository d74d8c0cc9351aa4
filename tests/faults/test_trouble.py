"""Trouble that tests of single rooms cannot show: real files, the shipped guide, whole processes.

What single rooms show stands beside them: 429 holding one chat, 5xx, hangs, resets, a blocked
person and lost replies in test_telegram_outbound; a second poller (409) in test_telegram_inbound;
poison updates, damaged rows, switching between polling and webhook in test_serving; a crashing
commit, clocks, retention and a read-only folder in test_storage_sqlite.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import Config, Secrets, Storage, Telegram
from bot.conversation import Guide
from bot.effects import Tapped, Typed
from bot.operators.serve import _texts
from bot.outgoing import Message
from bot.serving import _Limit, serve
from bot.session import Session
from bot.storage_sqlite import SqliteStore, open_store
from bot.telegram_outbound import UNPACED, Bucket
from tests.e2e.test_bot_process import asked, running, started
from tests.e2e.test_bot_process import environment as variables_of
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.faults.people import ZONE, Tally, Walker, guide_content


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
        assert server.problems == []


@asynccontextmanager
async def serving(fake: FakeTelegram, folder: Path) -> AsyncIterator[SqliteStore]:
    """The shipped guide on a real store in this process; what happens to the store is ours."""
    storage = Storage(path=folder / "data" / "bot.db", key_file=folder / "keys" / "bot.key")
    config = Config(telegram=Telegram(base_url=fake.base_url, poll_timeout=1), storage=storage)
    guide = Guide(guide_content(), lambda: "n0nce")
    store = open_store(storage.path, storage.key_file)
    stop, secrets = asyncio.Event(), Secrets(SecretStr(TOKEN), None)
    task = asyncio.create_task(
        serve(config, secrets, store, guide, _texts(guide), pace=UNPACED, stop=stop)
    )
    try:
        yield store
    finally:
        stop.set()
        await task


async def accounted(store: SqliteStore, walkers: list[Walker], tally: Tally) -> None:
    """Everything that people said is kept once and in order, and nothing is left to send."""
    for walker in walkers:
        kept = await store.export(walker.chat)
        walker.account(kept.get("session"))
    assert tally.findings == []
    assert (tally.lost, tally.doubled, tally.out_of_order) == (0, 0, 0)


# --- the disk --------------------------------------------------------------------------------


async def test_while_the_disk_is_full_nothing_is_acknowledged_and_later_nothing_is_lost(
    fake, tmp_path
):
    """Pass: no update is confirmed while nothing fits; all are answered once something does."""
    tally = Tally()
    people = [Walker(fake, 1000 + n, tally, f"full-{n}") for n in range(6)]
    async with serving(fake, tmp_path) as store:
        walks = [asyncio.create_task(person.walk()) for person in people[:3]]
        await asyncio.gather(*walks)
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        # So many new people that there is no room for them in the pages that are there.
        crowd = [fake.person(5000 + n) for n in range(60)]
        for one in crowd:
            await one.says("/start")
        await asyncio.sleep(1.0)
        assert fake.unconfirmed > 0
        store._db.execute("PRAGMA max_page_count = 1000000")
        for one in crowd:
            await one.sees("Before we start", timeout=20)
        await asyncio.gather(*(person.walk() for person in people[3:]))
        await fake.until(lambda: fake.unconfirmed == 0, 20)
        await accounted(store, people, tally)
    assert [len(one.messages) for one in crowd] == [1] * len(crowd)


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system of its own")
async def test_the_process_outlives_a_disk_that_is_really_full(fake, tmp_path):
    """Pass: it neither ends nor forgets; what was said meanwhile is answered when there is room."""
    small = tmp_path / "data"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        ana, ben = fake.person(7, "Ana"), fake.person(8, "Ben")
        async with running(variables_of(fake, tmp_path, LMN_BOT_LOG_LEVEL="error")):
            await ana.says("/start")
            question = await asked(ana)
            fill(small / "filler")
            for number in range(12):
                await ana.says(f"massage gun {number}")
            await ben.says("/start")
            await asyncio.sleep(1.5)
            (small / "filler").unlink()
            await asked(ben)
            await fake.until(lambda: fake.unconfirmed == 0, 30)
            await ana.taps(question.labels[0])
            await ana.sees("account", timeout=20)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


async def test_while_another_program_holds_the_database_people_wait_and_lose_nothing(
    fake, tmp_path
):
    """Pass: no answer while it is held, every answer in order afterwards."""
    tally = Tally()
    people = [Walker(fake, 1000 + n, tally, f"locked-{n}") for n in range(6)]
    async with serving(fake, tmp_path) as store:
        store._db.execute("PRAGMA busy_timeout = 50")
        walks = [asyncio.create_task(person.walk()) for person in people]
        for _ in range(4):
            await asyncio.sleep(0.1)
            with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
                other.execute("PRAGMA busy_timeout = 5000")
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(0.3)
                other.execute("ROLLBACK")
        await asyncio.gather(*walks)
        await accounted(store, people, tally)


# --- Telegram and the network ----------------------------------------------------------------


async def test_in_a_storm_of_trouble_at_telegram_every_answer_arrives_in_order(fake, tmp_path):
    """Pass: nothing lost or out of order; a message comes twice only if its reply was lost."""
    chance, tally = random.Random(5), Tally()
    people = [Walker(fake, 1000 + n, tally, f"storm-{n}") for n in range(12)]
    lost = 0
    async with serving(fake, tmp_path) as store:
        walks = [asyncio.create_task(person.walk()) for person in people]
        for number in range(60):
            kind = chance.choice(["500", "502", "reset", "lost", "garbage", "slow"])
            kind = "429" if number % 20 == 0 else kind
            method = chance.choice(["sendMessage", "sendMessage", "editMessageText"])
            fault = fake.fault(kind, method=method, seconds=0.2)
            # A reply that is lost or no JSON: the bot cannot know whether the message is out.
            lost += kind in {"lost", "slow"} and fault.times
            await asyncio.sleep(0.05)
        fake.heal()
        await asyncio.gather(*walks)
        await accounted(store, people, tally)
    assert tally.repeats <= lost


async def test_a_blocked_bot_goes_on_where_it_was_once_it_is_unblocked(fake, tmp_path):
    """Pass: others are served meanwhile; afterwards the kept question is asked again."""
    ana, ben = fake.person(7, "Ana"), fake.person(8, "Ben")
    async with serving(fake, tmp_path):
        await ana.says("/start")
        await ana.taps((await asked(ana)).labels[0])
        question = await ana.sees("What can I help you with?")
        ana.chat.blocked = True
        await ana.taps(question.labels[0])
        await ben.says("/start")
        await ben.sees("Before we start")
        await fake.until(lambda: any(c.code == 403 for c in fake.calls))
        ana.chat.blocked = False
        await ana.says("massage gun")
        await ana.sees("Which account or plan would pay for it?")


# --- what comes in ---------------------------------------------------------------------------


async def test_updates_that_come_again_and_in_disorder_are_one_step_each(fake, tmp_path):
    """Pass: each update counts once, whatever order repeats come in; nobody gets another's."""
    chance, tally = random.Random(3), Tally()
    people = [Walker(fake, 1000 + n, tally, f"again-{n}") for n in range(8)]
    async with serving(fake, tmp_path) as store:
        walks = [asyncio.create_task(person.walk()) for person in people]
        old: list[dict[str, Any]] = []
        while not all(walk.done() for walk in walks):
            new = [one for one in fake._queue if one not in old]
            old += new
            await asyncio.sleep(0.005)
            # As Telegram never would: older updates behind newer ones, with their old ids. As few
            # of them as keep everybody under thirty a minute.
            for one in chance.sample(old, len(new) // 2):
                fake.again(one)
        fake._touch()
        await asyncio.gather(*walks)
        await accounted(store, people, tally)


def _taps(message: Any) -> list[str]:
    return [b["callback_data"] for row in message.keyboard for b in row if "callback_data" in b]


async def test_stale_and_foreign_buttons_change_nothing_and_say_so(fake, tmp_path):
    """Pass: the answers stay as they are, and the question that is open is shown again."""
    ana, ben = fake.person(7, "Ana"), fake.person(8, "Ben")
    async with serving(fake, tmp_path) as store:
        await ana.says("/start")
        consent = _taps(await asked(ana))
        await ana.taps_data(consent[0])
        topic = _taps(await ana.sees("What can I help you with?"))
        await ana.taps_data(topic[0])
        await ana.sees("What would you like to pay for?")
        before = (await store.export(7))["session"]
        await ben.says("/start")
        await asked(ben)
        nonce, revision, step, choice = topic[0].split(".")
        foreign = [
            topic[0],  # from before
            consent[1],  # "No, thanks", long after the yes
            f"other.{revision}.{step}.{choice}",  # another session's
            f"{nonce}.2.{step}.{choice}",  # of a question that is not open
            f"{nonce}.2.consent.decline",
            f"{nonce}.99.{step}.{choice}",  # from the future
            f"{nonce}.2.!end.all",
            f"{nonce}.2.!nav.nothing",
            f"{nonce}.2.!menu.x",
            "…",
        ]
        for data in foreign:
            await ana.taps_data(data)
            await ana.sees("What would you like to pay for?")
            assert (await store.export(7))["session"] == before, data
        # The same data in another chat is another person's: it opens nothing there.
        await ben.taps_data(topic[0])
        await ben.sees("Before we start")
        assert (await store.export(8))["session"]["answers"] == {}
    assert fake.unanswered == []


# --- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)], ids=["on", "back"])
def test_a_clock_that_jumps_in_mid_conversation_keeps_every_answer(jump):
    """Pass: the guide goes on with the next question, and no earlier answer changes."""
    guide, now = Guide(guide_content(), lambda: "n"), datetime(2026, 11, 23, 12, tzinfo=ZONE)
    session: Session | None = None
    for number, heard in enumerate(
        [Typed("hi"), Tapped("n", 0, "consent", "agree"), Typed("massage gun"), Typed("HSA")]
    ):
        kept = dict(session.answers) if session else {}
        turn = guide(session, heard, None, now + jump * (number % 2), "en")
        session = turn.session
        assert session
        assert {key: session.answers[key] for key in kept} == kept
        assert any(isinstance(one, Message) and one.question for one in turn.outgoing)
    assert [answer.value for answer in session.answers.values()][-1:] == ["hsa"]


@pytest.mark.parametrize("jump", [86_400.0, -86_400.0], ids=["on", "back"])
def test_no_clock_that_jumps_makes_anybody_wait(jump):
    """Pass: pacing waits no longer than it would have, and nobody is told to slow down for it."""
    at = [100_000.0]
    clock: Callable[[], float] = lambda: at[0]  # noqa: E731 - shorter than its name
    bucket, limit = Bucket(1, 5, clock), _Limit(30, clock)
    for _ in range(5):
        assert bucket.take() == 0
    assert limit.over(7) == 0
    at[0] += jump
    assert bucket.take() <= 1.0
    assert limit.over(7) == 0


# --- processes -------------------------------------------------------------------------------


async def test_a_second_process_on_the_same_database_is_refused_and_the_first_goes_on(
    fake, tmp_path
):
    """Pass: the second ends with 1 and one sentence; the first never notices."""
    ana, variables = fake.person(7, "Ana"), variables_of(fake, tmp_path)
    async with running(variables):
        await ana.says("/start")
        question = await asked(ana)
        second = await started(variables)
        assert await second.ends(20) == 1
        assert "another lmn-bot" in second.errors
        assert "Traceback" not in second.errors
        await ana.taps(question.labels[0])
        await ana.sees("What can I help you with?")


async def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(fake, tmp_path):
    """Pass: it ends with 1, says which file and why, and leaves Telegram alone."""
    blocked = tmp_path / "data"
    blocked.write_text("a file where the folder should be")
    bot = await started(variables_of(fake, tmp_path))
    assert await bot.ends(20) == 1
    assert str(blocked) in bot.errors
    assert "Traceback" not in bot.errors
    assert fake.calls == []
