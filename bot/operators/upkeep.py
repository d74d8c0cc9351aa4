"""What whoever runs the bot does now and then: a new key, a copy, the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import Storage
from bot.problems import Problem, ProblemsError
from bot.storage import StoreRefused, StoreUnavailable
from bot.storage_sqlite import backup, held_by, ledger_beside, rotate_key, wipe


def rotate(storage: Storage) -> None:
    """Move everything to a new key; a serving bot is asked to do it. Raises ``ProblemsError``."""
    with _told():
        rotate_key(storage.path, storage.key_file, ledger_path=storage.ledger_file)


def copy(storage: Storage, target: Path) -> None:
    """Copy the database, sealed as it is, into a new file. Raises ``ProblemsError``."""
    with _told():
        backup(storage.path, target)


def check_wipe(storage: Storage) -> None:
    """Raise ``ProblemsError`` when there is nothing to destroy, or a bot serves from it."""
    if not any(path.exists() for path in files(storage)):
        what = "there is neither a database nor a key here"
        raise ProblemsError([Problem(str(storage.path), 0, 0, what, "Check storage.path.")])
    if holder := held_by(storage.path):
        what = f"lmn-bot (process {holder}) serves from this database"
        raise ProblemsError([Problem(str(storage.path), 0, 0, what, "Stop it first.")])


def destroy(storage: Storage) -> list[Path]:
    """Destroy the key, the database and the ledger; what was there. Raises ``ProblemsError``."""
    with _told():
        return wipe(storage.path, storage.key_file, ledger_path=storage.ledger_file)


def files(storage: Storage) -> tuple[Path, Path, Path]:
    """The database, its key and its ledger."""
    ledger = storage.ledger_file or ledger_beside(storage.key_file)
    return storage.path, storage.key_file, ledger


@contextmanager
def _told() -> Iterator[None]:
    """A store's refusal, as a problem for whoever typed the command."""
    try:
        yield
    except (StoreRefused, StoreUnavailable) as error:
        where, _, what = str(error).partition(": ")
        raise ProblemsError([Problem(where, 0, 0, what or "it refused")]) from None
