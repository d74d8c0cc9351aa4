"""How fast are durable, sealed turns? Beside a bare SQLite commit, in one run on one machine.

    python tests/benchmarks/storage.py [--smoke] [--turns 5000] [--people 1000] [--folder DIR]

A turn here is what the bot stores for one answer: the update id, a session of up to twelve answers,
a message with buttons and an edit to send. Then it is marked as sent. Everybody takes twelve turns.
The guide itself is not run. The folder should be on the disk that the bot will use.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.conversation import Turn
from bot.outgoing import Button, Edit, Entity, Message
from bot.session import Session
from bot.storage_sqlite import SqliteStore, open_store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUESTION = Message(
    "Which account would pay for it?\n\nThe rules differ by account. I never need a number.",
    (Entity("bold", 0, 31),),
    tuple((Button(name, f"n0nce.12.account.{name}"),) for name in ("fsa", "hsa", "hra", "unsure")),
    question=True,
)
CLOSED = Edit("What is the expense? Massage gun")


def guide(session: Session | None) -> Turn:
    """One answer more of a person who is nearly through."""
    session = session or Session("n0nce")
    step = f"step{session.revision % 12}"
    return Turn(session.answered(step, "because my neck hurts", NOW), (CLOSED, QUESTION))


def line(what: str, count: int, seconds: float, cpu: float, waits: list[float]) -> None:
    """One row of figures."""
    waits.sort()
    p50, p99 = statistics.median(waits), waits[int(len(waits) * 0.99) - 1]
    print(
        f"{what:<44} {count / seconds:>8,.0f}/s  CPU {cpu / count * 1e6:>5.0f} us"
        f"  p50 {p50 * 1e3:>6.2f} ms  p99 {p99 * 1e3:>6.2f} ms"
    )


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(
    what: str, count: int, at_once: int, one: Callable[[int], Awaitable[object]]
) -> None:
    """Run ``one`` so many times, a few at once, and print what it took."""
    waits: list[float] = []
    numbers = iter(range(count))

    async def person() -> None:
        for number in numbers:
            began = time.perf_counter()
            await one(number)
            waits.append(time.perf_counter() - began)

    cpu, began = cpu_seconds(), time.perf_counter()
    await asyncio.gather(*(person() for _ in range(at_once)))
    line(what, count, time.perf_counter() - began, cpu_seconds() - cpu, waits)


def bare(folder: Path, count: int) -> None:
    """The least that durability costs: one row, one commit, nothing sealed, no thread."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE session (chat INTEGER PRIMARY KEY, content BLOB)")
    content = b"x" * 2_500
    waits = []
    cpu, began = cpu_seconds(), time.perf_counter()
    for number in range(count):
        start = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("REPLACE INTO session VALUES (?, ?)", (number % 100, content))
        db.execute("COMMIT")
        waits.append(time.perf_counter() - start)
    line(
        "bare sqlite3 commit of 2.5 KB, same thread",
        count,
        time.perf_counter() - began,
        cpu_seconds() - cpu,
        waits,
    )
    db.close()


async def fill(store: SqliteStore, people: int) -> None:
    """Idle sessions, to see that they add nothing."""
    for start in range(0, people, 500):
        some = range(start, min(start + 500, people))
        work = lambda _: replace(guide(None), outgoing=())  # noqa: E731 - shorter than its name
        await asyncio.gather(*(store.turn(10_000_000 + n, None, work) for n in some))


async def run(folder: Path, turns: int, people: int) -> None:
    bare(folder, turns)
    store = open_store(folder / "data" / "lmn-bot.db", folder / "keys" / "lmn-bot.key")
    update = iter(range(10**9))
    people_at_once = max(1, turns // 12)

    def person() -> tuple[int, int]:
        """The next update, and whose it is: others in every measurement."""
        number = next(update)
        return number, number // turns * people_at_once + number % people_at_once

    async def whole(_: int) -> None:
        number, chat = person()
        done = await store.turn(chat, number, guide)
        await store.sent(chat, done.pending[-1].seq, question=number, messages=[number])

    async def marks(_: int) -> None:
        number, chat = person()
        done = await store.turn(chat, number, guide)
        # As the sender does it: nobody waits for the mark.
        waiting.append(
            asyncio.ensure_future(store.sent(chat, done.pending[-1].seq, messages=[number]))
        )

    waiting: list[asyncio.Future[None]] = []
    for at_once in (1, 10, 50):
        await measure(f"turn and mark, {at_once} in flight", turns, at_once, marks)
        await asyncio.gather(*waiting)
        waiting.clear()
    await measure("turn, then wait for the mark, 10 in flight", turns, 10, whole)
    await fill(store, people)
    await measure(f"turn and mark, 10 in flight, {people:,} idle", turns, 10, marks)
    await asyncio.gather(*waiting)
    began = time.perf_counter()
    await store.rotate_key()
    rows = (await store.figures())["rows"]
    print(f"{f'rotation of {rows:,} sessions':<44} {time.perf_counter() - began:>8.2f} s")
    began = time.perf_counter()
    await store.delete(1)
    print(f"{'deletion':<44} {(time.perf_counter() - began) * 1e3:>8.2f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':<44} {peak:>8.0f} MB")
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="a few turns, to see that it runs")
    parser.add_argument("--turns", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=10_000, help="idle sessions to add")
    parser.add_argument("--folder", type=Path, default=None, help="where to keep the database")
    arguments = parser.parse_args()
    turns, people = (100, 100) if arguments.smoke else (arguments.turns, arguments.people)
    print(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}, {turns:,} turns each")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        asyncio.run(run(Path(folder), turns, people))


if __name__ == "__main__":
    main()
