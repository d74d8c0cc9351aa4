"""Unique words typed at every question: none is found anywhere but in the chat itself."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.test_bot_process import ROOT, asked, environment, running
from tests.fake_telegram import TOKEN, Person, Sent
from tests.faults.people import guide_content

CHAT = 7_345_612_908
NAME = "Wilhelmintrude"
LONGEST_WALK = 60
GOOD_VALUES = ("2026-11-02", "12")


# --- searching -------------------------------------------------------------------------------


def disguises(word: str) -> Iterator[bytes]:
    """A word raw, in UTF-16, and as base64 of text around it, at each of the three offsets."""
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield plain
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + plain)
            # The signs at both ends also depend on what stands beside the word.
            yield coded[(0, 2, 3)[before] : -4]
            yield base64.urlsafe_b64encode(b"\0" * before + plain)[(0, 2, 3)[before] : -4]


def found(words: list[str], content: bytes) -> list[str]:
    low = content.lower()
    return [
        word
        for word in words
        if word.lower().encode() in low or any(one in content for one in disguises(word))
    ]


def in_files(words: list[str], folder: Path) -> dict[str, list[str]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    assert any(path.suffix == ".ledger" for path in files)
    hits = {path.name: found(words, path.read_bytes()) for path in files}
    return {name: hit for name, hit in hits.items() if hit}


@pytest.mark.parametrize("offset", range(3))
def test_the_search_finds_a_word_in_every_disguise(offset):
    text = b"x" * offset + b"said canarium too"
    for content in (
        text,
        text.upper(),
        text.decode().encode("utf-16-le"),
        text.decode().encode("utf-16-be"),
        base64.b64encode(text),
        base64.urlsafe_b64encode(text),
        base64.b64encode(text.decode().encode("utf-16-le")),
    ):
        assert found(["canarium"], content) == ["canarium"]
    assert found(["canarium"], b"said a canary too") == []


# --- a conversation --------------------------------------------------------------------------


def parts_of(question: Sent) -> list[list[str]]:
    return [data.split(".") for data in buttons(question).values() if data]


def revision_of(question: Sent) -> str:
    """It changes when an answer was accepted, and only then."""
    return parts_of(question)[0][1]


def step_of(question: Sent) -> str:
    steps = [parts[2] for parts in parts_of(question)]
    return next((step for step in steps if not step.startswith("!")), steps[0])


def buttons(question: Sent) -> dict[str, str]:
    return {label: question.data(label) or "" for label in question.labels}


def answer_in(question: Sent, wanted: frozenset[str] = frozenset()) -> str | None:
    """A button that answers: one that is wanted, else the first."""
    answers = {label: data for label, data in buttons(question).items() if ".!" not in data}
    liked = (label for label, data in answers.items() if data.split(".")[3] in wanted)
    return next(liked, next(iter(answers), None))


def skip_in(question: Sent) -> str | None:
    return next((label for label, data in buttons(question).items() if "nav.skip" in data), None)


class Canaries:
    """Says a new word wherever words are asked for; 30 things a minute is all the bot hears."""

    def __init__(self, person: Person, word: str, *wanted: str) -> None:
        self.person = person
        self.word = word
        self.words: list[str] = []
        self.wanted = frozenset(wanted)
        """Choices to take where they are offered."""

    async def says(self, text: str = "{}") -> None:
        self.words.append(f"{self.word}{len(self.words):02}ax")
        await self.person.says(text.format(self.words[-1]))

    async def to_the_end(self, first: str = "{} for my back") -> set[str]:
        """The steps on the way."""
        await self.says(first)
        question = await asked(self.person)
        steps: set[str] = set()
        for _ in range(LONGEST_WALK):
            step = step_of(question)
            if step == "!end":
                return steps
            steps.add(step)
            question = await self.past(question)
        raise AssertionError(f"no end; last: {question.text!r}")

    async def past(self, question: Sent) -> Sent:
        """A button that answers; else words, else a date or a number, else the skip."""
        if label := answer_in(question, self.wanted):
            await self.person.taps(label)
            if label.startswith("☐"):
                await self.person.fake.until(lambda: label.replace("☐", "☑") in question.labels)
                await self.person.taps("Done")
            return await asked(self.person, question.id)
        at = revision_of(question)
        await self.says()
        again = await asked(self.person, question.id)
        for value in GOOD_VALUES:
            if revision_of(again) != at:
                break
            if label := answer_in(again, self.wanted) or skip_in(again):
                await self.person.taps(label)
            else:
                await self.person.says(value)
            again = await asked(self.person, again.id)
        return again

    async def where_no_words_are_asked_for(self) -> None:
        """At questions with buttons, and after commands."""
        await self.says("{} for my back")
        question = await asked(self.person)
        await self.person.taps(question.labels[0])
        question = await asked(self.person, question.id)
        commands = ("/review {}", "/help {}", "/start {}", "/language {}", "/{}")
        for text in ("{}", "maybe {}", *commands):
            await self.says(text)
            question = await asked(self.person, question.id)


def fields() -> set[str]:
    """Every step of the shipped flows where a person types words of their own."""
    places = guide_content().machine.by_key.items()
    kinds = ("text", "expense", "administrator")
    return {key for key, place in places if place.step.input in kinds}


async def answered_by(person: Person) -> set[str]:
    """The questions that somebody answered; where words are asked for, they typed some."""
    await person.says("/mydata")
    file = await person.sees("as a file that programs can read", timeout=10)
    assert file.document == "mydata.json"
    return set(json.loads(file.content)["answers"])


def sealed_bytes(database: Path) -> list[bytes]:
    """What stands sealed in the database now."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT wrapped, sealed FROM session").fetchall()
    return [blob for row in rows for blob in row]


def still_there(folder: Path, blobs: list[bytes]) -> bool:
    """Whether any part of what was sealed stands in any file."""
    parts = {blob[at : at + 24] for blob in blobs for at in range(0, len(blob) - 24, 24)}
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return any(part in content for part in parts for content in contents)


async def doctor(variables: dict[str, str]) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", "--online"),
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert b"Telegram was reached" in said
    return said


async def page(port: int, name: str) -> bytes:
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/{name}") as response,
    ):
        return await response.read()


async def test_no_word_is_found_outside_the_chat_and_after_delete_no_sealed_byte(fake, tmp_path):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    variables = environment(
        fake,
        tmp_path,
        LMN_BOT_LOG_LEVEL="debug",
        LMN_BOT_TELEGRAM_HEALTH_LISTEN=f"127.0.0.1:{port}",
        XDG_CACHE_HOME=os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
    )
    ana, ben = fake.person(CHAT, NAME), fake.person(CHAT + 1, NAME)
    eva, dan = fake.person(CHAT + 2, NAME), fake.person(CHAT + 3, NAME)
    hers, his = Canaries(ana, "quizzlefrob"), Canaries(ben, "zorblatti")
    renewing = Canaries(eva, "vexilnorp", "renew", "fsa")
    asked_anyway = Canaries(dan, "brimstoke", "letter", "fsa", "plan_asked")
    async with running(variables) as bot:
        await his.where_no_words_are_asked_for()
        steps = await hers.to_the_end()
        assert "consent" in steps
        await renewing.to_the_end("/start {}")
        await asked_anyway.to_the_end("sunscreen for {}")
        answered = [await answered_by(person) for person in (ana, eva, dan)]
        left_out = fields() - set().union(*answered)
        assert left_out == set(), "words are asked for there, and nobody typed any"
        await ana.says("/mydata")
        said = (await ana.sees("All that I hold about you")).text
        assert sum(word in said for word in hers.words) >= 4, "or there is nothing to leak"
        everybody = (hers, his, renewing, asked_anyway)
        words = [word for one in everybody for word in one.words]
        private = [*words, NAME, TOKEN.split(":")[1], *(str(CHAT + n) for n in range(4))]

        # While it serves: the database with its log, the ledger, the metrics, what doctor says.
        assert in_files(private, tmp_path) == {}
        assert (tmp_path / "data" / "bot.db-wal").stat().st_size > 0
        for content in (
            await page(port, "metrics"),
            await page(port, "healthz"),
            await page(port, "readyz"),
            await doctor(variables),
        ):
            assert content
            assert found(private, content) == []

        blobs: list[bytes] = []
        for person in (ana, ben, eva, dan):
            await person.says("/delete")
            sure = await person.sees("cannot be undone")
            blobs += sealed_bytes(tmp_path / "data" / "bot.db")
            assert still_there(tmp_path, blobs)
            await person.taps(sure.labels[0])
            await person.sees("All your answers are deleted")
        await fake.until(lambda: not still_there(tmp_path, blobs), 60, "sealed bytes are left")
        for person in (ana, ben, eva, dan):
            left = [m.text for m in person.chat.messages if not m.deleted]
            assert [text for text in left if found(words, text.encode())] == []
    assert re.search(r'"level": "info"', bot.errors)
    assert found(private, bot.errors.encode()) == []
    assert in_files(private, tmp_path) == {}
