"""`lmn-bot run` as a process of its own, over real HTTP, against the fake Bot API server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fake_telegram import PATIENCE, TOKEN, FakeTelegram, Person, Sent

ROOT = Path(__file__).parent.parent.parent
LONGEST_WALK = 40


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
        assert server.problems == []
        assert server.unanswered == []


def environment(fake: FakeTelegram, folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LMN_BOT_")}
    return {
        **kept,
        "LMN_BOT_TELEGRAM_TOKEN": TOKEN,
        "LMN_BOT_TELEGRAM_BASE_URL": fake.base_url,
        "LMN_BOT_TELEGRAM_POLL_TIMEOUT": "2",
        "LMN_BOT_TELEGRAM_PACE": "none",
        "LMN_BOT_STORAGE_PATH": str(folder / "data" / "bot.db"),
        "LMN_BOT_STORAGE_KEY_FILE": str(folder / "keys" / "bot.key"),
        "LMN_BOT_OPERATOR_NAME": "Example Benefits Desk",
        "LMN_BOT_OPERATOR_CONTACT": "help@example.com",
        "LMN_BOT_OPERATOR_RELATION": "An independent nonprofit.",
        **more,
    }


class Bot:
    """The running program."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.errors = ""

    async def ends(self, seconds: float = 10.0) -> int:
        """Wait for the end; the exit code."""
        _, errors = await asyncio.wait_for(self.process.communicate(), seconds)
        self.errors += errors.decode()
        assert self.process.returncode is not None
        return self.process.returncode

    async def killed(self) -> None:
        self.process.kill()
        await self.ends()


async def started(variables: dict[str, str]) -> Bot:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Bot(process)


@asynccontextmanager
async def running(variables: dict[str, str]) -> AsyncIterator[Bot]:
    """The program, told to stop at the end and expected to end well."""
    bot = await started(variables)
    try:
        yield bot
    finally:
        ended = bot.process.returncode is not None
        if not ended:
            bot.process.send_signal(signal.SIGTERM)
        code = await bot.ends()
        assert not ended, f"it had ended by itself: {bot.errors}"
        assert code == 0, bot.errors


async def asked(person: Person, after: int = 0) -> Sent:
    """The next question: a new message with buttons."""

    def question() -> Sent | None:
        news = [m for m in person.messages if m.id > after and m.touched > person.since]
        return next((m for m in reversed(news) if m.labels and not m.history), None)

    what = f"no question came; there is {[m.text for m in person.messages[-2:]]}"
    found: Sent = await person.fake.until(question, PATIENCE, what)
    return found


async def walked(person: Person, first: str) -> list[str]:
    """Answer every question with its first button, or in words, until papers are handed over."""
    await person.says(first)
    last = 0
    for _ in range(LONGEST_WALK):
        question = await asked(person, last)
        last = question.id
        data = {label: question.data(label) or "" for label in question.labels}
        answers = [label for label, text in data.items() if text and ".!" not in text]
        answers += [label for label, text in data.items() if text.endswith(".!nav.skip")]
        if any(text.split(".")[2] == "!end" for text in data.values() if text):
            return [m.text for m in person.messages]
        if answers:
            await person.taps(answers[0])
            if answers[0].startswith("☐"):
                ticked = answers[0].replace("☐", "☑")
                await person.fake.until(lambda q=question, t=ticked: t in q.labels)
                await person.taps("Done")
        else:
            await person.says("neck pain")
    raise AssertionError(f"no end after {LONGEST_WALK} answers; last: {question.text!r}")


async def test_a_person_is_guided_from_an_expense_to_their_papers(fake, tmp_path):
    ana = fake.person(7, "Ana")
    async with running(environment(fake, tmp_path)):
        seen = await walked(ana, "massage gun for my neck pain")
        assert "Example Benefits Desk" in seen[0]
        await ana.taps("All as files")
        await fake.until(lambda: fake.made("sendDocument"), PATIENCE)
    assert set(fake.commands) == {"", "es"}
    names = {command["command"] for command in fake.commands[""]}
    assert {"start", "help", "back", "change", "review", "restart", "language"} <= names
    assert {"privacy", "mydata", "delete", "contact"} <= names


async def test_who_only_types_gets_their_papers_too(fake, tmp_path):
    """Nobody has to tap: numbers, words and /skip lead to the same place, in Spanish as well."""
    ana = fake.person(7, "Ana", "es")
    async with running(environment(fake, tmp_path)):
        await ana.says("masaje para el dolor de espalda")
        last = 0
        for _ in range(LONGEST_WALK):
            question = await asked(ana, last)
            last = question.id
            data = [question.data(label) or "" for label in question.labels]
            if any(".!end." in text for text in data):
                break
            if question.labels[0].startswith("☐"):
                await ana.says("1 y 2")
            elif any(".!" not in text for text in data):
                await ana.says("la primera")
            else:
                await ana.says("/omitir" if "!nav.skip" in data[0] else "masaje")
        assert any(message.styled("pre") for message in ana.messages)
        await ana.says("gracias")
        await ana.sees("De nada")


async def test_nothing_is_lost_when_the_process_is_killed_in_the_middle(fake, tmp_path):
    ana, variables = fake.person(7, "Ana"), environment(fake, tmp_path)
    bot = await started(variables)
    await ana.says("massage gun")
    question = await asked(ana)
    await ana.taps(question.labels[0])
    question = await asked(ana, question.id)
    await bot.killed()
    await ana.taps(question.labels[0])
    async with running(variables):
        # What was sent and not yet marked may come once more, and then the next question.
        last = question.id
        while (again := await asked(ana, last)).text == question.text:
            last = again.id
        await ana.says("/mydata")
        await ana.sees("Massage gun")


async def test_a_webhook_serves_the_same_guide(fake, tmp_path):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    fake.proxies["https://bot.example.org"] = f"http://127.0.0.1:{port}"
    ana = fake.person(7, "Ana", "es")
    variables = environment(
        fake,
        tmp_path,
        LMN_BOT_TELEGRAM_MODE="webhook",
        LMN_BOT_TELEGRAM_WEBHOOK_URL="https://bot.example.org/telegram",
        LMN_BOT_TELEGRAM_WEBHOOK_LISTEN=f"127.0.0.1:{port}",
        LMN_BOT_TELEGRAM_WEBHOOK_SECRET="a-long-random-word",
    )
    async with running(variables):
        await ana.says("/start")
        question = await asked(ana)
        await ana.taps(question.labels[0])
        await asked(ana, question.id)
    assert fake.made("getUpdates") == []


async def test_deleting_takes_two_taps_and_empties_the_chat(fake, tmp_path):
    ana = fake.person(7, "Ana")
    async with running(environment(fake, tmp_path)):
        await ana.says("/start")
        question = await asked(ana)
        await ana.taps(question.labels[0])
        question = await asked(ana, question.id)
        await ana.says("/delete")
        sure = await asked(ana, question.id)
        await ana.taps(sure.labels[0])
        await fake.until(lambda: fake.made("deleteMessages"), PATIENCE)
        assert await fake.until(lambda: question.deleted, PATIENCE)
        await ana.says("/mydata")
        await asked(ana)


async def test_nothing_typed_stands_in_the_log_or_the_files(fake, tmp_path):
    ana = fake.person(7, "Anastasia")
    variables = environment(fake, tmp_path, LMN_BOT_LOG_LEVEL="debug")
    async with running(variables) as bot:
        await ana.says("quokkaitis pillow")
        await asked(ana)
        await ana.says("/start quokkaitis")
        await asked(ana)
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    for word in ("quokka", "Anastasia", TOKEN.split(":")[1]):
        assert word not in bot.errors
        assert word.encode() not in kept
        assert word.encode("utf-16-le") not in kept


async def test_without_a_token_three_lines_say_how_to_get_one(fake, tmp_path):
    variables = environment(fake, tmp_path)
    del variables["LMN_BOT_TELEGRAM_TOKEN"]
    bot = await started(variables)
    assert await bot.ends() == 1
    lines = bot.errors.strip().splitlines()
    assert len(lines) == 3
    assert "@BotFather" in bot.errors


async def test_a_token_that_telegram_does_not_know_is_said_in_a_sentence(fake, tmp_path):
    wrong = "123456:a-token-that-nobody-ever-gave-out-to-us"
    bot = await started(environment(fake, tmp_path, LMN_BOT_TELEGRAM_TOKEN=wrong))
    assert await bot.ends() == 1
    assert "does not accept this bot token" in bot.errors
    assert wrong not in bot.errors
    assert "Traceback" not in bot.errors
    assert all(call.code == 401 for call in fake.calls)
