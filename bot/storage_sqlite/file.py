"""The database file: its lock, its schema, its sentences when something is wrong, its copies.

The law of this room: whoever may write holds the serving lock first. SQLite before 3.51.3 can
damage a file when two connections write or checkpoint at the same moment
(docs/decisions/0004-one-writer.md).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bot.sealing import sync_folder
from bot.storage import StoreRefused, StoreUnavailable

APPLICATION: Final = 0x6C6D6E62
"""``PRAGMA application_id`` of our files: "lmnb"."""
OLDEST_SQLITE: Final = (3, 35, 0)
"""Upsert, VACUUM INTO and RETURNING are all there since this version."""
BUSY_MS: Final = 2_000
"""For so long a transaction waits for a lock that another program holds."""
SIDE_FILES: Final = ("", "-wal", "-shm", "-journal", ".request", ".answer", ".lock")
"""What the names of the database and of everything beside it end in."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    -- Fingerprints of the master keys that rows here are wrapped with.
    CREATE TABLE master_key (id BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE session (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,         -- random; what is sealed is bound to it
        lookup BLOB NOT NULL UNIQUE,     -- keyed hash of the chat id
        key BLOB NOT NULL,               -- which master key wraps the data key
        version INTEGER NOT NULL,        -- counts the writes of `sealed`
        state INTEGER NOT NULL,          -- 0 under way, 1 finished, 2 no session, only mail
        unsent INTEGER NOT NULL,         -- 1 while something waits to be sent
        active INTEGER NOT NULL,         -- day of the last turn (days since 1970, UTC)
        warned INTEGER,                  -- day on which the end was announced
        wrapped BLOB NOT NULL,           -- data key and chat id, sealed
        sealed BLOB NOT NULL             -- everything else, sealed
    );
    CREATE INDEX session_state ON session (state, active);
    CREATE INDEX session_unsent ON session (unsent) WHERE unsent;
    CREATE TABLE seen (n INTEGER PRIMARY KEY, update_id INTEGER NOT NULL UNIQUE,
                       at INTEGER NOT NULL);
    CREATE TABLE failure (update_id INTEGER PRIMARY KEY, count INTEGER NOT NULL,
                          error TEXT NOT NULL, at INTEGER NOT NULL);
    """,
)
"""The schema, one script a version; ``PRAGMA user_version`` counts them."""

KEPT: Final = {
    "about.name": "",
    "about.value": "",
    "master_key.id": "",
    "session.n": "chat",
    "session.id": "chat",
    "session.lookup": "chat",
    "session.key": "chat",
    "session.version": "days",
    "session.state": "days",
    "session.unsent": "mail",
    "session.active": "days",
    "session.warned": "days",
    "session.wrapped": "chat",
    "session.sealed": "answers",
    "seen.n": "updates",
    "seen.update_id": "updates",
    "seen.at": "updates",
    "failure.update_id": "updates",
    "failure.count": "updates",
    "failure.error": "updates",
    "failure.at": "updates",
}
"""For every column, which sentence of /privacy speaks of it (``kept_...`` in flows/shared.yaml);
nothing for those that say nothing of anybody."""


# --- the lock ------------------------------------------------------------------------------


class Held(Exception):
    """Another process holds the serving lock; the text is its number."""


class Lock:
    """The serving lock: whoever writes to the database holds it. It dies with its process."""

    def __init__(self, database: Path) -> None:
        path = beside(database, ".lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise Held(holder) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let the next one write."""
        os.close(self._file)


# --- opening -------------------------------------------------------------------------------


def connect_to_write(path: Path) -> sqlite3.Connection:
    """The one connection that writes; the file is made, mode 0600, when there is none."""
    # Made here and not by SQLite, for the mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return db


def has_tables(path: Path, db: sqlite3.Connection) -> bool:
    """Whether there is a database in this file. Raises ``StoreRefused`` when it is not ours."""
    try:
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if _code(error) != sqlite3.SQLITE_NOTADB:
            raise
        raise StoreRefused(f"{path}: this is not a database. Name another file.") from None
    if tables and application != APPLICATION:
        raise StoreRefused(f"{path}: this is another program's database. Name another file.")
    if version > len(MIGRATIONS):
        raise StoreRefused(
            f"{path}: a newer lmn-bot has written this database (format {version}; this one knows"
            f" {len(MIGRATIONS)}). Install the newer one again."
        )
    return bool(tables)


def prepare(path: Path, db: sqlite3.Connection) -> None:
    """Set what must hold for every connection that writes, and bring the schema up to date."""
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreRefused(f"{path}: this disk cannot hold SQLite's log. Use a local disk.")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute(f"PRAGMA journal_size_limit = {64 * 1024 * 1024}")
    _migrate(path, db)


def _migrate(path: Path, db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == len(MIGRATIONS):
        return
    with exclusively(db):
        # executescript would commit first, so the statements go in one by one.
        for script in MIGRATIONS[version:]:
            for statement in _statements(script):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute(f"PRAGMA application_id = {APPLICATION}")
    sync_folder(path.parent)


@contextlib.contextmanager
def exclusively(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction while the store is being opened: all of it or nothing."""
    db.execute("BEGIN EXCLUSIVE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def recall(db: sqlite3.Connection, name: str) -> Any:
    """What the database remembers about itself under a name, or ``None``."""
    found = db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return found[0] if found else None


def remember(db: sqlite3.Connection, name: str, value: int | bytes) -> None:
    """Let the database remember something about itself."""
    db.execute(
        "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


# --- files beside the database -------------------------------------------------------------


def beside(path: Path, end: str) -> Path:
    """The file beside the database whose name ends so."""
    return path.with_name(path.name + end)


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader finds all of it or none."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def backup(path: Path, target: Path) -> None:
    """Copy the database into a new file of mode 0600, beside a serving process or without one.

    The connection only reads, so it cannot meet the writer. Raises ``StoreUnavailable``.
    """
    if target.exists():
        raise StoreUnavailable(f"{target}: this file exists. Name a new one for the backup.")
    if not path.exists():
        raise StoreUnavailable(f"{path}: there is no database here. Check storage.path.")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with contextlib.closing(connect_to_read(path)) as db:
            db.execute("VACUUM INTO ?", (str(draft),))
        descriptor = os.open(draft, os.O_RDONLY | os.O_CLOEXEC)
        os.fsync(descriptor)
        os.close(descriptor)
        draft.replace(target)
        sync_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise unavailable(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that neither writes nor checkpoints, so it needs no lock."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


# --- sentences -----------------------------------------------------------------------------

_SENTENCES: Final = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space; nothing that was confirmed is lost.",
    sqlite3.SQLITE_BUSY: "another program holds the database. Close it.",
    sqlite3.SQLITE_LOCKED: "another program holds the database. Close it.",
    sqlite3.SQLITE_READONLY: "it may not be written to. Check the owner and mode of the folder.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Check that the folder is there and is yours.",
    sqlite3.SQLITE_PERM: "it may not be opened. Check the owner and mode of the folder.",
    sqlite3.SQLITE_IOERR: "the disk does not read or write as it should. Check the disk.",
    sqlite3.SQLITE_CORRUPT: "the database is damaged. Stop the bot and restore a backup.",
    sqlite3.SQLITE_NOTADB: "this is not a database any more. Stop the bot and restore a backup.",
}


def unavailable(path: Path, error: Exception) -> StoreUnavailable:
    """What went wrong, as a sentence; never what was being written."""
    if isinstance(error, StoreUnavailable):
        return error
    if isinstance(error, sqlite3.Error):
        said = _SENTENCES.get(_code(error), f"SQLite reports {type(error).__name__}.")
        return StoreUnavailable(f"{path}: {said}")
    if isinstance(error, OSError):
        where = error.filename or path
        return StoreUnavailable(f"{where}: {error.strerror}. Check the disk and the folder.")
    return StoreUnavailable(f"{path}: {type(error).__name__}. This is a mistake of ours.")


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether a page could not be understood, which concerns only the rows on it."""
    return _code(error) == sqlite3.SQLITE_CORRUPT


def _code(error: sqlite3.Error) -> int:
    # Errors that the Python module raises by itself carry no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
