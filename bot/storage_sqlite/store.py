"""The Store on SQLite, the embedded default: one file, one row a chat, everything in it sealed.

The law of this room: one turn is one write. The answers and what is still to be sent are sealed
together, so a crash keeps both or neither. In the clear stand only counts, days and flags.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.ledger import Deleted
from bot.outgoing import Outgoing
from bot.sealing import (
    KeyFileError,
    KeyRing,
    MasterKey,
    Unreadable,
    new_data_key,
    replace_key_file,
    seal,
    unseal,
)
from bot.session import Session
from bot.storage import (
    DamagedSession,
    Done,
    Pending,
    PutAside,
    Record,
    Retention,
    StoreRefused,
    Unsent,
    Work,
)
from bot.storage_sqlite.file import (
    MIGRATIONS,
    backup,
    beside,
    is_corrupt,
    write_whole,
)
from bot.storage_sqlite.writer import Ended, Steps, Writer

log = logging.getLogger(__name__)

ROW_BYTES: Final = 16
TRIES: Final = 5
"""After so many failures an update is put aside."""
SEEN_SECONDS: Final = 2 * 86_400
SEEN_KEPT: Final = 1_000
"""So many of the newest update ids stay, however wrong the clock is."""
MAIL_DAYS: Final = 2
"""For so long mail waits for somebody who has no session: a person who deleted everything."""
STEP: Final = 200
"""So many rows at a time are worked on between turns."""
UNDER_WAY, FINISHED, MAIL = 0, 1, 2
USUAL: Final = Retention()

_COLUMNS = "n, id, key, version, state, active, wrapped, sealed"


class _WorkFailed(Exception):
    """The handler raised. Wrapped, because its own trouble with a file is not the store's."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of ``session``, opened."""

    n: int
    id: bytes
    data_key: bytes
    chat: int
    version: int
    state: int
    active: int
    record: Record


class SqliteStore:
    """The Store. Made by ``open_store``; every method may raise ``StoreUnavailable``."""

    def __init__(self, writer: Writer, ring: KeyRing, key_path: Path) -> None:
        self.path = writer.path
        self._writer = writer
        self._db = writer.db
        self._ring = ring
        self._key_path = key_path
        self._seq = 0
        """The highest number given out. Never given twice, not even after a deletion: a mark of
        something sent before it must not hit what came after it."""
        self._damaged = 0
        if len(ring.keys) > 1:
            writer.add_chore(self._rotation(), _log_end)
        writer.look_around = self._look_for_requests
        writer.start()

    # --- turns ---------------------------------------------------------------------------

    async def turn(
        self, chat: int, update: int | None, work: Work, *, message: int | None = None
    ) -> Done:
        """Run one turn and keep what it leaves behind, all or nothing.

        ``message`` is the person's own, to be taken out of the chat when they delete everything.
        Whatever ``work`` raises is raised here, and nothing is kept but a count; the fifth time it
        is ``PutAside``, and from then on the update counts as seen. Raises ``DamagedSession`` when
        the chat's row does not open; then nothing was run.
        """
        return await self._writer.do(
            lambda: self._turn(chat, update, work, message),
            failed=lambda error: self._failed(update, error),
        )

    async def sent(
        self,
        chat: int,
        upto: int,
        *,
        question: int | None = None,
        messages: Sequence[int] = (),
        soon: bool = False,
    ) -> None:
        """Mark what was sent. Waits a moment for a turn to share its commit with, unless ``soon``:
        something else waits for this mark."""
        ids = tuple(messages)
        await self._writer.do(lambda: self._sent(chat, upto, question, ids), lazy=not soon)

    async def unsent(self) -> list[Unsent]:
        """What is unsent anywhere; for the start. Damaged rows are left out."""
        return await self._writer.do(self._unsent)

    async def removals(self) -> list[tuple[int, tuple[int, ...]]]:
        """Chats with messages that are still to be taken out; for the start, before any turn."""
        return await self._writer.do(self._removals)

    async def removed(self, chat: int) -> None:
        """The messages in ``Done.remove`` are out of the chat, or Telegram does not allow it."""
        await self._writer.do(lambda: self._removed(chat), lazy=True)

    # --- a person's rights ---------------------------------------------------------------

    async def delete(self, chat: int) -> tuple[int, ...]:
        """Forget a chat at once, readable or not; the messages to take out of it.

        A turn that leaves no session does the same and more; this one is for a damaged session.
        """
        return await self._writer.do(lambda: self._delete(chat))

    async def export(self, chat: int) -> dict[str, Any]:
        """Everything that is kept about a chat, as JSON values; empty when nothing is."""
        return await self._writer.do(lambda: self._export(chat))

    # --- retention -----------------------------------------------------------------------

    async def due_warnings(
        self,
        now: datetime,
        words: Callable[[Session], tuple[Outgoing, ...]],
        retention: Retention = USUAL,
    ) -> list[Unsent]:
        """Announce the end to everyone whose session ends soon, once, and durably.

        ``words`` makes the announcement; it is kept with what is unsent and returned to be sent.
        """
        told: list[Unsent] = []
        await self._writer.chore(self._warning(now, words, retention, told))
        return told

    async def sweep(self, now: datetime, retention: Retention = USUAL) -> int:
        """Forget sessions that were quiet too long and were told so; how many.

        Nobody is forgotten before the announcement is ``warning_days`` old. So a clock that jumps
        ahead costs nobody their answers, and a bot that slept for weeks still tells people first.
        """
        counts: list[int] = []
        await self._writer.chore(self._sweeping(now, retention, counts))
        return sum(counts)

    # --- operations ----------------------------------------------------------------------

    async def rotate_key(self) -> None:
        """Move every session to a new master key, in short steps between turns.

        Goes on where an interrupted rotation stopped. Raises ``StoreRefused`` when the key file
        cannot be written; then nothing has changed, or the next start goes on.
        """
        await self._writer.chore(self._rotation())

    async def backup(self, target: Path) -> None:
        """Copy the database into a new file, sealed as it is. Turns go on meanwhile."""
        await asyncio.to_thread(backup, self.path, target)

    async def figures(self) -> dict[str, int]:
        """Counts about the store itself, safe to show anywhere."""
        return await self._writer.do(self._figures)

    async def close(self) -> None:
        """Finish what waits, and let go of the file."""
        await self._writer.close()

    # --- a turn, inside its transaction --------------------------------------------------

    def _turn(self, chat: int, update: int | None, work: Work, message: int | None) -> Done:
        now = self._writer.now()
        if update is not None and not self._see(update, now):
            return Done(seen=True, turn=None)
        row = self._find(chat)
        before = row.record if row else Record()
        if message is not None:
            before = before.with_messages([message], int(now))
        session, pending = self._read(before, chat)
        try:
            turn = work(session)
        except Exception as error:
            raise _WorkFailed from error
        after = before.with_session(turn.session) if turn.changed else before
        forgets = before.kept is not None and after.kept is None
        if row is not None and forgets:
            self._forget(row)
            row, after, pending = None, before.forgotten(), ()
        after, new = self._with_outgoing(after, turn.outgoing, now)
        state = MAIL if after.kept is None else FINISHED if turn.finished else UNDER_WAY
        if row is not None and not turn.changed:
            state = row.state
        self._keep(row, chat, after, state, _day(now))
        remove = after.remove if forgets else ()
        return Done(False, turn, pending + new, after.question, forgets, remove)

    def _see(self, update: int, now: float) -> bool:
        """Note that an update was seen; whether that is news."""
        values = (update, int(now))
        query = "INSERT OR IGNORE INTO seen (update_id, at) VALUES (?, ?)"
        return self._db.execute(query, values).rowcount == 1

    def _read(self, record: Record, chat: int) -> tuple[Session | None, tuple[Pending, ...]]:
        try:
            return record.session, record.pending
        except (KeyError, TypeError, ValueError, AttributeError):
            self._damaged += 1
            raise DamagedSession(chat) from None

    def _failed(self, update: int | None, error: Exception) -> Exception:
        """What the caller of a failed turn is told; the failure is counted, without its words."""
        cause = error
        if isinstance(error, _WorkFailed) and isinstance(error.__cause__, Exception):
            cause = error.__cause__
        if update is None or isinstance(error, DamagedSession):
            return cause
        now = self._writer.now()
        (count,) = self._db.execute(
            "INSERT INTO failure VALUES (?, 1, ?, ?) ON CONFLICT (update_id) DO UPDATE"
            " SET count = count + 1, error = excluded.error, at = excluded.at RETURNING count",
            (update, type(cause).__name__, int(now)),
        ).fetchone()
        if count < TRIES:
            return cause
        self._see(update, now)
        aside = PutAside(update)
        aside.__cause__ = cause
        return aside

    def _with_outgoing(
        self, record: Record, outgoing: Sequence[Outgoing], now: float
    ) -> tuple[Record, tuple[Pending, ...]]:
        """The record with more to send, and what that is."""
        first = max(self._seq, record.seq) + 1
        after = record.with_outgoing(outgoing, first, int(now))
        self._seq = max(self._seq, after.seq)
        new = (Pending(first + place, one, int(now)) for place, one in enumerate(outgoing))
        return after, tuple(new)

    # --- rows ----------------------------------------------------------------------------

    def _find(self, chat: int) -> _Row | None:
        """The row of a chat, opened. Raises ``DamagedSession``."""
        try:
            for lookup in self._ring.lookups(chat):
                found = self._db.execute(
                    f"SELECT {_COLUMNS} FROM session WHERE lookup = ?",  # noqa: S608 - a constant
                    (lookup,),
                ).fetchone()
                if found is None:
                    continue
                row = self._open(found)
                if row.chat != chat:
                    raise Unreadable("this row is another chat's")
                return row
        except Unreadable:
            raise DamagedSession(chat) from None
        except sqlite3.DatabaseError as error:
            if is_corrupt(error):
                raise DamagedSession(chat) from None
            raise
        return None

    def _open(self, found: tuple[Any, ...]) -> _Row:
        """One row as read. Raises ``Unreadable``."""
        n, row, key, version, state, active, wrapped, sealed = found
        try:
            data_key, chat = self._ring.unwrap(key, wrapped, row)
            plain = unseal(data_key, sealed, table="session", row=row, version=version)
            record = Record.from_bytes(plain)
        except (Unreadable, KeyError, TypeError, ValueError, AttributeError):
            self._damaged += 1
            raise Unreadable("a session is damaged") from None
        return _Row(n, row, data_key, chat, version, state, active, record)

    def _rows(self, where: str) -> Iterator[_Row]:
        """Every row that opens; ``where`` is one of our own constants."""
        query = f"SELECT {_COLUMNS} FROM session WHERE {where}"  # noqa: S608 - a constant
        for found in self._db.execute(query).fetchall():
            with contextlib.suppress(Unreadable):
                yield self._open(found)

    def _keep(self, row: _Row | None, chat: int, record: Record, state: int, day: int) -> None:
        """Write what a turn left, if it differs from what is there."""
        if row is None:
            if not record.empty:
                self._insert(chat, record, state, day)
        elif record.empty:
            self._drop(row.n)
        elif (record, state, day) != (row.record, row.state, row.active):
            self._rewrite(row, record)
            if (state, day) != (row.state, row.active):
                self._db.execute(
                    "UPDATE session SET state = ?, active = ?, warned = NULL WHERE n = ?",
                    (state, day, row.n),
                )

    def _insert(self, chat: int, record: Record, state: int, day: int) -> None:
        row, data_key, key = secrets.token_bytes(ROW_BYTES), new_data_key(), self._ring.current
        sealed = seal(data_key, record.to_bytes(), table="session", row=row, version=1)
        self._db.execute(
            "INSERT INTO session"
            " (id, lookup, key, version, state, unsent, active, wrapped, sealed)"
            " VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)",
            (
                row,
                key.lookup(chat),
                key.id,
                state,
                bool(record.unsent),
                day,
                key.wrap(data_key, chat, row),
                sealed,
            ),
        )

    def _rewrite(self, row: _Row, record: Record) -> None:
        """Write another record into a row."""
        if record.empty:
            self._drop(row.n)
            return
        version = row.version + 1
        sealed = seal(row.data_key, record.to_bytes(), table="session", row=row.id, version=version)
        self._db.execute(
            "UPDATE session SET version = ?, unsent = ?, sealed = ? WHERE n = ?",
            (version, bool(record.unsent), sealed, row.n),
        )

    def _forget(self, row: _Row) -> None:
        """Destroy a session, and have the ledger say so."""
        self._writer.deleted(Deleted(row.id, self._ring.current.lookup(row.chat)))
        self._drop(row.n)

    def _drop(self, n: int) -> None:
        # secure_delete writes zeros over it here, and the scrubbing empties the log.
        self._db.execute("DELETE FROM session WHERE n = ?", (n,))
        self._writer.scrub_soon()

    # --- what the sender says ------------------------------------------------------------

    def _sent(self, chat: int, upto: int, question: int | None, messages: tuple[int, ...]) -> None:
        # When the row is damaged, the next turn says so to the person; the sender cannot help it.
        with contextlib.suppress(DamagedSession):
            if (row := self._find(chat)) is not None:
                now = int(self._writer.now())
                self._rewrite(row, row.record.sent(upto, question, messages, now))

    def _removed(self, chat: int) -> None:
        with contextlib.suppress(DamagedSession):
            if (row := self._find(chat)) is not None and row.record.remove:
                self._rewrite(row, row.record.without_removals())

    def _unsent(self) -> list[Unsent]:
        found = []
        for row in self._rows("unsent"):
            with contextlib.suppress(DamagedSession):
                _, pending = self._read(row.record, row.chat)
                found.append(Unsent(row.chat, pending, row.record.question))
        return found

    def _removals(self) -> list[tuple[int, tuple[int, ...]]]:
        rows = self._rows(f"state = {MAIL}")
        return [(row.chat, row.record.remove) for row in rows if row.record.remove]

    # --- rights, figures -----------------------------------------------------------------

    def _delete(self, chat: int) -> tuple[int, ...]:
        remove: tuple[int, ...] = ()
        with contextlib.suppress(DamagedSession):
            if (row := self._find(chat)) is not None:
                remove = row.record.forgotten().remove
        for lookup in self._ring.lookups(chat):
            found = self._db.execute("SELECT n, id FROM session WHERE lookup = ?", (lookup,))
            for n, row_id in found.fetchall():
                self._writer.deleted(Deleted(row_id, self._ring.current.lookup(chat)))
                self._drop(n)
        return remove

    def _export(self, chat: int) -> dict[str, Any]:
        row = self._find(chat)
        if row is None:
            return {}
        last = datetime.fromtimestamp(row.active * 86_400, UTC).date().isoformat()
        finished = row.state == FINISHED
        return {
            "chat": chat,
            **row.record.to_json(),
            "finished": finished,
            "last_active": last,
        }

    def _figures(self) -> dict[str, int]:
        def count(query: str) -> int:
            return int(self._db.execute(query).fetchone()[0])

        return {
            "schema": len(MIGRATIONS),
            "rows": count("SELECT count(*) FROM session"),
            "rows_with_unsent": count("SELECT count(*) FROM session WHERE unsent"),
            "updates_put_aside": count(
                f"SELECT count(*) FROM failure WHERE count >= {TRIES}"  # noqa: S608 - a constant
            ),
            "damaged_rows_met": self._damaged,
            "keys": len(self._ring.keys),
        }

    # --- long work: one short transaction a step -----------------------------------------

    def _warning(
        self,
        now: datetime,
        words: Callable[[Session], tuple[Outgoing, ...]],
        retention: Retention,
        told: list[Unsent],
    ) -> Steps:
        today = _day(now.timestamp())
        for state, days in _lives(retention):
            while True:
                news: list[Unsent] = []
                with self._writer.transaction():
                    found = self._db.execute(
                        f"SELECT {_COLUMNS} FROM session"  # noqa: S608 - a constant
                        " WHERE state = ? AND active <= ? AND warned IS NULL LIMIT ?",
                        (state, today - days + retention.warning_days, STEP),
                    ).fetchall()
                    for columns in found:
                        self._warn(columns, words, now.timestamp(), news)
                told += news
                yield
                if len(found) < STEP:
                    break

    def _warn(
        self,
        columns: tuple[Any, ...],
        words: Callable[[Session], tuple[Outgoing, ...]],
        now: float,
        told: list[Unsent],
    ) -> None:
        self._db.execute("UPDATE session SET warned = ? WHERE n = ?", (_day(now), columns[0]))
        # Of a damaged row nobody can be told, and there is nothing left to lose.
        with contextlib.suppress(Unreadable, DamagedSession):
            row = self._open(columns)
            session, pending = self._read(row.record, row.chat)
            if session is not None:
                record, new = self._with_outgoing(row.record, words(session), now)
                self._rewrite(row, record)
                told.append(Unsent(row.chat, pending + new, record.question))

    def _sweeping(self, now: datetime, retention: Retention, counts: list[int]) -> Steps:
        today = _day(now.timestamp())
        told = today - retention.warning_days
        limits = [(state, today - days, told) for state, days in _lives(retention)]
        # Mail for people without a session announces nothing and is not announced.
        for state, active, warned in [*limits, (MAIL, today - MAIL_DAYS, None)]:
            gone = STEP
            while gone == STEP:
                with self._writer.transaction():
                    gone = self._sweep_some(state, active, warned)
                counts.append(gone if state != MAIL else 0)
                yield
        old = int(now.timestamp()) - SEEN_SECONDS
        gone = STEP
        while gone == STEP:
            with self._writer.transaction():
                gone = self._sweep_updates(old)
            yield

    def _sweep_some(self, state: int, active: int, warned: int | None) -> int:
        found = self._db.execute(
            "SELECT n, id, lookup FROM session WHERE state = ? AND active <= ?"
            " AND (? IS NULL OR warned <= ?) LIMIT ?",
            (state, active, warned, warned, STEP),
        ).fetchall()
        for n, row, lookup in found:
            self._writer.deleted(Deleted(row, lookup))
            self._drop(n)
        return len(found)

    def _sweep_updates(self, old: int) -> int:
        self._db.execute("DELETE FROM failure WHERE at < ?", (old,))
        # From the oldest on, and only while they are old: no index on the time is needed.
        found = self._db.execute("SELECT n, at FROM seen ORDER BY n LIMIT ?", (STEP,)).fetchall()
        (newest,) = self._db.execute("SELECT max(n) FROM seen").fetchone()
        gone = [n for n, at in found if at < old and n <= newest - SEEN_KEPT]
        self._db.executemany("DELETE FROM seen WHERE n = ?", [(n,) for n in gone])
        return len(gone)

    # --- rotation ------------------------------------------------------------------------

    def _rotation(self) -> Steps:
        if len(self._ring.keys) == 1:
            # The new key is in the file before any row needs it.
            self._replace_keys(KeyRing((MasterKey.new(), *self._ring.keys)))
        new = self._ring.current
        with self._writer.transaction():
            self._db.execute("INSERT OR IGNORE INTO master_key VALUES (?)", (new.id,))
        yield
        last = 0
        while True:
            with self._writer.transaction():
                found = self._db.execute(
                    "SELECT n, id, key, wrapped FROM session WHERE n > ? AND key <> ?"
                    " ORDER BY n LIMIT ?",
                    (last, new.id, STEP),
                ).fetchall()
                for columns in found:
                    self._rewrap(new, *columns)
            yield
            if not found:
                break
            last = found[-1][0]
        # What the old key opens leaves the log before the old key leaves the file.
        self._writer.scrub()
        with self._writer.transaction():
            self._db.execute("DELETE FROM master_key WHERE id <> ?", (new.id,))
        self._replace_keys(KeyRing((new,)))

    def _rewrap(self, new: MasterKey, n: int, row: bytes, key: bytes, wrapped: bytes) -> None:
        try:
            data_key, chat = self._ring.unwrap(key, wrapped, row)
        except Unreadable:
            self._damaged += 1
            return  # It is lost already; no key opens it.
        self._db.execute(
            "UPDATE session SET lookup = ?, key = ?, wrapped = ? WHERE n = ?",
            (new.lookup(chat), new.id, new.wrap(data_key, chat, row), n),
        )

    def _replace_keys(self, ring: KeyRing) -> None:
        try:
            replace_key_file(self._key_path, ring)
        except KeyFileError as error:
            raise StoreRefused(str(error)) from error
        self._ring = ring

    def _look_for_requests(self) -> None:
        """Another process may ask, through a file beside the database, for a rotation."""
        path = beside(self.path, ".request")
        if not path.exists():
            return
        number = ""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            request = json.loads(path.read_text("utf-8"))
            if request["do"] == "rotate-key":
                number = str(request["id"])
        with contextlib.suppress(OSError):
            path.unlink()
        if number:
            self._writer.add_chore(self._rotation(), self._answer(number))

    def _answer(self, number: str) -> Ended:
        def ended(error: Exception | None) -> None:
            said = "" if error is None else str(error)
            with contextlib.suppress(OSError):
                write_whole(beside(self.path, ".answer"), json.dumps({"id": number, "error": said}))

        return ended


def _lives(retention: Retention) -> tuple[tuple[int, int], ...]:
    return ((UNDER_WAY, retention.idle_days), (FINISHED, retention.finished_days))


def _log_end(error: Exception | None) -> None:
    if error is None:
        log.info("the rotation of the master key is finished")
    else:
        log.error("the rotation of the master key stopped", extra={"error": type(error).__name__})


def _day(seconds: float) -> int:
    return int(seconds // 86_400)
