"""The writer thread: everything that waits together is written together.

The law of this room: nobody is answered before the commit is on the disk. Jobs run in the order in
which they came, each in a savepoint; whatever waits by then shares one commit (one fsync). A job
that raises is undone alone. When the commit itself fails, everyone in it is told so.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from bot.ledger import Deleted, Ledger
from bot.storage import StoreUnavailable
from bot.storage_sqlite.file import BUSY_MS, Lock, remember, unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

GROUP: Final = 64
"""At most so many jobs share one commit."""
TICK: Final = 1.0
"""Seconds between two looks around when nothing comes."""
PATIENCE: Final = 0.002
"""For so many seconds a lazy job waits for another one to share its commit."""

Steps = Iterator[None]
"""Long work: each step is one short transaction, and turns go on between them."""
Ended = Callable[[Exception | None], None]


@dataclass(slots=True, eq=False)
class _Job:
    """Something for the writer thread, and who waits for it."""

    run: Callable[[], Any]
    failed: Callable[[Exception], Exception] | None = None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    future: asyncio.Future[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.future = self.loop.create_future()


class Writer:
    """The one connection that writes, in the one thread that uses it."""

    def __init__(
        self,
        path: Path,
        db: sqlite3.Connection,
        ledger: Ledger,
        lock: Lock,
        clock: Callable[[], float],
    ) -> None:
        self.path = path
        self.db = db
        self.now = clock
        self.look_around: Callable[[], None] | None = None
        """Called in the thread between groups, at least every second."""
        self._ledger = ledger
        self._lock = lock
        self._inode = path.stat().st_ino
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lazy: deque[_Job] = deque()
        self._nudging = False
        self._deleted: list[Deleted] = []
        self._chores: list[tuple[Steps, Ended]] = []
        self._scrub_at: float | None = None
        self._ending = False
        self._closed = False
        self._thread = threading.Thread(target=self._live, name="storage", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    # --- for callers, in any event loop ----------------------------------------------------

    async def do(
        self,
        run: Callable[[], T],
        *,
        failed: Callable[[Exception], Exception] | None = None,
        lazy: bool = False,
    ) -> T:
        """Run something in the next transaction; its value, once that is durable.

        What ``run`` raises is raised here, after its writes are undone. ``failed`` may write about
        it and choose another exception. Raises ``StoreUnavailable`` when nothing was kept.
        """
        if self._closed or not self._thread.is_alive():
            raise StoreUnavailable(f"{self.path}: the store is closed.")
        job = _Job(run, failed)
        if not lazy:
            self._jobs.put(job)
        else:
            # The thread is not woken for it: the next job takes it along, or the nudge does.
            self._lazy.append(job)
            if not self._nudging:
                self._nudging = True
                job.loop.call_later(PATIENCE, self._nudge)
        return cast(T, await job.future)

    async def chore(self, steps: Steps) -> None:
        """Do long work in short steps between turns; returns at its end."""
        end = _Job(lambda: None)
        # The thread takes it up by itself: nobody else touches the list of chores.
        await self.do(lambda: self.add_chore(steps, lambda error: _deliver([(end, error)])))
        await end.future

    async def close(self) -> None:
        """Finish what waits, and let go of the file."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _nudge(self) -> None:
        self._nudging = False
        if self._lazy:
            self._jobs.put(_Job(lambda: None))

    # --- for jobs and chores, in the thread ------------------------------------------------

    def add_chore(self, steps: Steps, ended: Ended) -> None:
        """Take up long work."""
        self._chores.append((steps, ended))

    def deleted(self, entry: Deleted) -> None:
        """A job deleted this: the ledger says so before the commit does."""
        self._deleted.append(entry)

    def scrub_soon(self) -> None:
        """After this transaction, take old bytes out of the log."""
        self._scrub_at = self._scrub_at or time.monotonic()

    def scrub(self) -> bool:
        """Move the log into the database and empty it; whether that worked."""
        try:
            self.db.execute("PRAGMA busy_timeout = 100")
            (busy, _, _) = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self.db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        except sqlite3.Error:
            return False
        return not busy

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction. What it deletes is in the ledger before it commits."""
        self._check_file()
        before = self._ledger.size
        self._deleted.clear()
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            if self._deleted:
                now = datetime.fromtimestamp(self.now(), UTC)
                self._ledger.deleted(self._deleted, now)
                remember(self.db, "ledger", self._ledger.size)
            self.db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")
            if self._ledger.size != before:
                # Should this fail too, the next start deletes what somebody wanted deleted.
                with contextlib.suppress(OSError):
                    self._ledger.take_back(before)
            raise

    def _check_file(self) -> None:
        """Refuse to write into a file that is not at its place any more."""
        if self.path.stat().st_ino != self._inode:
            raise StoreUnavailable(
                f"{self.path}: the database was replaced while the bot runs. Stop the bot first,"
                " then put the file in place, then start it."
            )

    # --- the thread ------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            while not self._ending:
                jobs = self._next()
                if jobs:
                    self._group(jobs)
                self._between()
        finally:
            self._end()

    def _next(self) -> list[_Job]:
        """The next job, after the lazy ones; nothing when there is something else to do."""
        try:
            job = self._jobs.get(not self._chores, TICK)
        except queue.Empty:
            # A loop that ended took its nudge with it.
            return self._taken_along()
        if job is None:
            self._ending = True
            return self._taken_along()
        return [*self._taken_along(), job]

    def _taken_along(self) -> list[_Job]:
        jobs = []
        while self._lazy:
            jobs.append(self._lazy.popleft())
        return jobs

    def _waiting(self, limit: int | None = None) -> list[_Job]:
        """What waits in the queue by now."""
        jobs: list[_Job] = []
        while limit is None or len(jobs) < limit:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._ending = True
            else:
                jobs.append(job)
        return jobs

    def _group(self, jobs: list[_Job]) -> None:
        """Run jobs, and whatever waits meanwhile, in one transaction; then answer them all."""
        outcomes: list[tuple[_Job, Any]] = []
        try:
            with self.transaction():
                for job in jobs:  # It grows while it is walked.
                    outcomes.append((job, self._one(job)))
                    if job is jobs[-1]:
                        jobs += self._waiting(GROUP - len(jobs))
        except Exception as error:
            log.error("a group of turns was not kept", extra={"error": type(error).__name__})
            trouble = unavailable(self.path, error)
            outcomes = [(job, trouble) for job in jobs + self._waiting()]
        _deliver(outcomes)

    def _one(self, job: _Job) -> Any:
        """One job in a savepoint of its own: its value, or its exception as a value."""
        deleted = len(self._deleted)
        self.db.execute("SAVEPOINT one")
        try:
            value = job.run()
        except (sqlite3.OperationalError, sqlite3.InternalError):
            raise  # The disk or the file: everyone in this transaction is concerned.
        except Exception as error:
            self.db.execute("ROLLBACK TO one")
            self.db.execute("RELEASE one")
            del self._deleted[deleted:]
            if isinstance(error, sqlite3.Error):
                return unavailable(self.path, error)
            return job.failed(error) if job.failed else error
        self.db.execute("RELEASE one")
        return value

    def _between(self) -> None:
        """Between two groups: old bytes, one step of a chore, a look around."""
        if self._scrub_at is not None and time.monotonic() >= self._scrub_at:
            self._scrub_at = None if self.scrub() else time.monotonic() + 1.0
        if self._chores:
            self._step()
        if self.look_around is not None:
            self.look_around()

    def _step(self) -> None:
        steps, ended = self._chores[0]
        try:
            next(steps)
        except StopIteration:
            self._chores.pop(0)
            ended(None)
        except (sqlite3.Error, OSError) as error:
            self._chores.pop(0)
            ended(unavailable(self.path, error))
        except Exception as error:
            self._chores.pop(0)
            ended(error)

    def _end(self) -> None:
        """Nobody may wait for ever, whatever ended the thread."""
        last = self._taken_along() + self._waiting()
        if last:
            self._group(last)
        closed = StoreUnavailable(f"{self.path}: the store is closed.")
        for _, ended in self._chores:
            ended(closed)
        self._closed = True
        _deliver([(job, closed) for job in self._waiting()])
        with contextlib.suppress(sqlite3.Error):
            self.scrub()
            self.db.close()
        self._ledger.close()
        self._lock.release()


def _deliver(outcomes: list[tuple[_Job, Any]]) -> None:
    """Answer everyone who waits; one wake-up for each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Any]]] = {}
    for job, outcome in outcomes:
        loops.setdefault(job.loop, []).append((job, outcome))
    for loop, ours in loops.items():
        # A closed loop has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, ours)


def _resolve(outcomes: list[tuple[_Job, Any]]) -> None:
    for job, outcome in outcomes:
        if job.future.done():
            continue  # The caller was cancelled; the job was done all the same.
        if isinstance(outcome, Exception):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)
