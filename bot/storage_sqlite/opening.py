"""A store is opened, moved to another key from outside, or destroyed.

The law of this room: when database, key and ledger do not belong together, refuse with a sentence
and change nothing. An empty database never takes the place of a missing one by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.ledger import Ledger
from bot.sealing import (
    KeyFileError,
    KeyRing,
    create_key_file,
    destroy_key_file,
    read_key_file,
    sync_folder,
)
from bot.storage import StoreRefused, StoreUnavailable
from bot.storage_sqlite.file import (
    OLDEST_SQLITE,
    SIDE_FILES,
    Held,
    Lock,
    beside,
    connect_to_write,
    exclusively,
    has_tables,
    prepare,
    recall,
    remember,
    unavailable,
    write_whole,
)
from bot.storage_sqlite.store import ROW_BYTES, SqliteStore
from bot.storage_sqlite.writer import Writer

log = logging.getLogger(__name__)


def ledger_beside(key_path: Path) -> Path:
    """Where the ledger of deletions stands unless it is told otherwise: beside the key."""
    return key_path.with_name(key_path.name + ".ledger")


def open_store(
    path: Path,
    key_path: Path,
    *,
    ledger_path: Path | None = None,
    new_database: bool = False,
    clock: Callable[[], float] = time.time,
) -> SqliteStore:
    """Open the database to write to it, or make one. Raises ``StoreRefused`` with a sentence.

    ``key_path`` must be outside the database's folder; a key is made when neither it nor a
    database is there. ``new_database`` permits starting empty where a database has been before.
    """
    # Not resolved: a mounted secret is a link, and the ledger belongs beside the link.
    path, key_path = path.absolute(), key_path.absolute()
    _check_places(path, key_path)
    with contextlib.ExitStack() as undo:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = Lock(path)
            undo.callback(lock.release)
            where = ledger_path or ledger_beside(key_path)
            if not new_database and (not path.exists() or not path.stat().st_size):
                _check_first(path, key_path, where)  # Before a file is made there.
            db = connect_to_write(path)
            undo.callback(db.close)
            _check_belongings(path, key_path, where, db, new_database)
            prepare(path, db)
            ring = read_key_file(key_path) if key_path.exists() else create_key_file(key_path)
            ledger = Ledger(where)
            undo.callback(ledger.close)
            _settle(db, ring, ledger, clock)
            for stale in (beside(path, ".request"), beside(path, ".answer")):
                stale.unlink(missing_ok=True)
        except Held as held:
            raise StoreRefused(
                f"{path}: another lmn-bot (process {held}) serves from this database."
                " Stop it first, or give this one a database of its own."
            ) from None
        except KeyFileError as error:
            raise StoreRefused(str(error)) from error
        except (sqlite3.Error, OSError) as error:
            raise StoreRefused(str(unavailable(path, error))) from error
        undo.pop_all()
    return SqliteStore(Writer(path, db, ledger, lock, clock), ring, key_path)


def _check_places(path: Path, key_path: Path) -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreRefused(
            f"SQLite {sqlite3.sqlite_version} is too old: 3.35 is needed. Use a newer Python."
        )
    if Path(os.path.realpath(key_path)).is_relative_to(os.path.realpath(path.parent)):
        raise StoreRefused(
            f"{key_path}: the key may not be in the database's folder, {path.parent}: a copy of the"
            " folder would open itself. Put it in another folder."
        )


def _check_first(path: Path, key_path: Path, ledger_path: Path) -> None:
    """Refuse to start empty where a database has been before. Changes nothing."""
    if key_path.exists() or ledger_path.exists():
        raise StoreRefused(
            f"{path}: there is no database, but its key or its ledger is there ({key_path}). If"
            " there was a database, restore it from a backup. To start with an empty one, say"
            " --new-database."
        )


def _check_belongings(
    path: Path, key_path: Path, ledger_path: Path, db: sqlite3.Connection, new_database: bool
) -> None:
    """Refuse when database, key and ledger do not belong together. Changes nothing."""
    there = has_tables(path, db)
    if not there:
        if not new_database:
            _check_first(path, key_path, ledger_path)
        return
    used = {row[0] for row in db.execute("SELECT id FROM master_key")}
    if not used:
        return  # A first start was interrupted before anything was kept.
    if not key_path.exists():
        raise StoreRefused(
            f"{key_path}: the key of {path} is missing. Put the copy back that you kept of it;"
            " nothing can read the database without it."
        )
    if not used <= read_key_file(key_path).ids:
        raise StoreRefused(
            f"{key_path}: this is not the key of {path}. Nothing was changed. Put the right key"
            " file back; an older backup needs the key file of its time."
        )
    if not ledger_path.exists():
        raise StoreRefused(
            f"{ledger_path}: the ledger of deletions is missing; without it, an old backup could"
            " bring back what people deleted. Put it back. If it is lost for good, make an empty"
            " file there."
        )


def _settle(
    db: sqlite3.Connection, ring: KeyRing, ledger: Ledger, clock: Callable[[], float]
) -> None:
    """Make key, ledger and database agree: who this is, and what was deleted since this copy."""
    database = recall(db, "database")
    followed = recall(db, "ledger") if database else ledger.size
    database = database or secrets.token_bytes(ROW_BYTES)
    deleted = ledger.deleted_since(followed)
    if database not in ledger.databases():
        ledger.made(database, datetime.fromtimestamp(clock(), UTC))
    with exclusively(db):
        for entry in deleted:
            values = (entry.row, entry.lookup)
            db.execute("DELETE FROM session WHERE id = ? OR lookup = ?", values)
        db.execute("INSERT OR IGNORE INTO master_key VALUES (?)", (ring.current.id,))
        remember(db, "database", database)
        remember(db, "ledger", ledger.size)
    if deleted:
        log.info("deletions were repeated on an older database", extra={"count": len(deleted)})
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


# --- maintenance ---------------------------------------------------------------------------


def rotate_key(
    path: Path, key_path: Path, *, ledger_path: Path | None = None, seconds: float = 3_600.0
) -> None:
    """Move every session to a new master key; a serving process is asked to do it.

    Raises ``StoreRefused`` or ``StoreUnavailable``.
    """
    if not path.exists():
        raise StoreRefused(f"{path}: there is no database here. Check storage.path.")
    number = secrets.token_hex(8)
    until = time.monotonic() + seconds
    asked = ""
    while time.monotonic() < until:
        try:
            Lock(path).release()
        except Held as held:
            if str(held) != asked:
                # Once per process: the one asked first may have ended, and another begun.
                request = json.dumps({"id": number, "do": "rotate-key"})
                write_whole(beside(path, ".request"), request)
                asked = str(held)
            if _is_answered(path, number):
                return
            time.sleep(0.1)
        else:
            asyncio.run(_rotate_alone(path, key_path, ledger_path))
            return
    raise StoreUnavailable(
        f"{path}: the serving process did not finish within {seconds:.0f} seconds. It goes on by"
        " itself. Look into its log, and run the command again."
    )


async def _rotate_alone(path: Path, key_path: Path, ledger_path: Path | None) -> None:
    store = open_store(path, key_path, ledger_path=ledger_path)
    try:
        await store.rotate_key()
    finally:
        await store.close()


def _is_answered(path: Path, number: str) -> bool:
    """Whether the serving process has done what it was asked. Raises ``StoreUnavailable``."""
    answer = beside(path, ".answer")
    with contextlib.suppress(OSError, ValueError, KeyError):
        said = json.loads(answer.read_text("utf-8"))
        if said["id"] == number:
            answer.unlink()
            if said["error"]:
                raise StoreUnavailable(said["error"])
            return True
    return False


def wipe(path: Path, key_path: Path, *, ledger_path: Path | None = None) -> list[Path]:
    """Destroy everything for good: the key, then the database, then the ledger; what was removed.

    Raises ``StoreRefused`` while something serves from the database.
    """
    gone: list[Path] = []
    try:
        lock = Lock(path)
        try:
            # The key first: from then on every other byte, in backups too, is noise.
            if key_path.exists():
                destroy_key_file(key_path)
                gone.append(key_path)
            files = [beside(path, end) for end in SIDE_FILES]
            for file in [*files, ledger_path or ledger_beside(key_path)]:
                if file.exists():
                    file.unlink()
                    gone.append(file)
            sync_folder(path.parent)
        finally:
            lock.release()
    except Held as held:
        raise StoreRefused(
            f"{path}: lmn-bot (process {held}) serves from this database. Stop it first."
        ) from None
    except (OSError, KeyFileError) as error:
        raise StoreRefused(f"Not everything is gone. {error} Run the command again.") from error
    return gone
