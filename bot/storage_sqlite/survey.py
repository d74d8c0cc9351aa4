"""What may be said of a database to anybody: counts, and whether the key fits.

The law of this room: it only reads, opens no session, and names no chat.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot.sealing import KeyFileError, read_key_file
from bot.storage import StoreRefused, StoreUnavailable
from bot.storage_sqlite.file import (
    Held,
    Lock,
    beside,
    connect_to_read,
    has_tables,
    unavailable,
)
from bot.storage_sqlite.store import TRIES

SQLITE_VERSION = sqlite3.sqlite_version
_COUNTS = {
    "under way": "SELECT count(*) FROM session WHERE state = 0",
    "finished": "SELECT count(*) FROM session WHERE state = 1",
    "with something to send": "SELECT count(*) FROM session WHERE unsent",
    "updates put aside": f"SELECT count(*) FROM failure WHERE count >= {TRIES}",  # noqa: S608
}


@dataclass(frozen=True, slots=True)
class Survey:
    """A database from outside."""

    schema: int
    counts: dict[str, int]
    key_fits: bool


def survey(path: Path, key_path: Path) -> Survey:
    """Look at a database beside a serving process or without one.

    Raises ``StoreRefused`` or ``StoreUnavailable`` with a sentence.
    """
    try:
        with contextlib.closing(connect_to_read(path)) as db:
            if not has_tables(path, db):
                raise StoreUnavailable(f"{path}: this database is still empty.")
            (schema,) = db.execute("PRAGMA user_version").fetchone()
            counts = {name: int(db.execute(sql).fetchone()[0]) for name, sql in _COUNTS.items()}
            (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
            used = {row[0] for row in db.execute("SELECT id FROM master_key")}
    except sqlite3.Error as error:
        raise unavailable(path, error) from error
    if sound != "ok":
        raise StoreUnavailable(
            f"{path}: the database is damaged. Stop the bot and restore a backup."
        )
    try:
        fits = used <= read_key_file(key_path).ids
    except KeyFileError as error:
        raise StoreRefused(str(error)) from error
    return Survey(schema, counts, fits)


def held_by(path: Path) -> str:
    """The number of the process that serves from a database, or nothing."""
    if not beside(path, ".lock").exists():
        return ""
    try:
        Lock(path).release()
    except Held as held:
        return str(held) or "?"
    except OSError as error:
        raise unavailable(path, error) from error
    return ""
