"""How an installation is, in lines that may be pasted anywhere.

The law of this room: no secret, no chat, nothing anybody typed; of settings that could name
somebody only whether they are set; of the home folder only ``~``.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import __version__
from bot.config import (
    SECRET_VARIABLE,
    TOKEN_VARIABLE,
    Config,
    Secrets,
    Storage,
    secrets_for_run,
)
from bot.library import check
from bot.operators.upkeep import files
from bot.problems import Problem, ProblemsError
from bot.storage import StoreRefused, StoreUnavailable
from bot.storage_sqlite import SQLITE_VERSION, held_by, survey
from bot.telegram_outbound import make_bot

SHOWN = {
    "telegram": ("mode", "poll_timeout", "pace"),
    "storage": ("idle_days", "finished_days"),
    "log": ("level",),
    "bot": ("language", "timezone"),
}
"""Settings whose values say nothing about anybody; of the others only whether they are set."""

LITTLE_SPACE = 200 * 1024 * 1024
"""Bytes; with less on the disk, it is time to free some."""
ONLINE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line; ``mend`` when there is something to do."""

    said: str
    mend: bool = False

    def __str__(self) -> str:
        return f"{'mend' if self.mend else 'ok':<5} {_short(self.said)}"


def examine(
    config: Config | tuple[Problem, ...],
    root: Callable[[], Path],
    today: date,
    *,
    online: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[Finding]:
    """Everything there is to say, in order; ``root`` finds flows/ and templates/."""
    yield Finding(
        f"lmn-bot {__version__}, Python {platform.python_version()},"
        f" SQLite {SQLITE_VERSION}, {platform.system()} {platform.machine()}"
    )
    if not isinstance(config, Config):
        yield from (Finding(str(problem), mend=True) for problem in config)
        return
    yield from _settings(config, environment)
    yield from _key(config.storage)
    yield from _database(config.storage)
    yield from _content(root, today)
    secrets = None
    try:
        secrets = secrets_for_run(config, environment)
        yield Finding("all that `lmn-bot run` needs is set")
    except ProblemsError as error:
        yield from (Finding(f"to run: {problem}", mend=True) for problem in error.problems)
    if online and secrets is not None:
        yield asyncio.run(_telegram(config, secrets))


# --- settings ------------------------------------------------------------------------------


def _settings(config: Config, environment: Mapping[str, str]) -> Iterator[Finding]:
    usual = Config()
    for name in Config.model_fields:
        section, default = getattr(config, name), getattr(usual, name)
        said = [
            f"{key}: {getattr(section, key)}"
            if key in SHOWN.get(name, ())
            else f"{key}: {_set(getattr(section, key), getattr(default, key))}"
            for key in type(section).model_fields
        ]
        yield Finding(f"{name}: {', '.join(said)}")
    held = [
        f"{variable}: {'set' if environment.get(variable) else 'not set'}"
        for variable in (TOKEN_VARIABLE, SECRET_VARIABLE)
    ]
    yield Finding(f"environment: {', '.join(held)}")


def _set(value: object, default: object) -> str:
    if value is None or value == "":
        return "not set"
    return "as usual" if value == default else "set"


# --- files ---------------------------------------------------------------------------------


def _key(storage: Storage) -> Iterator[Finding]:
    path = storage.key_file
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        yield Finding(f"{path}: no key yet; the first start makes it")
        return
    except OSError as error:
        yield Finding(f"{path}: the key cannot be looked at ({error.strerror})", mend=True)
        return
    if mode & 0o077:
        said = f"{path}: others may read the key (mode {mode:04o}). Run: chmod 600 {path}"
        yield Finding(said, mend=True)
    else:
        yield Finding(f"{path}: the key is there, mode {mode:04o}")


def _database(storage: Storage) -> Iterator[Finding]:
    path, key, ledger = files(storage)
    if not path.exists() or not path.stat().st_size:
        lost = key.exists() or ledger.exists()
        hint = ", but its key or its ledger is. Restore a backup, or start with --new-database."
        yield Finding(f"{path}: no database is there{hint if lost else ' yet'}", mend=lost)
        return
    try:
        found, holder = survey(path, key), held_by(path)
    except (StoreRefused, StoreUnavailable) as error:
        yield Finding(str(error), mend=True)
        return
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
    yield Finding(f"{path}: opens, format {found.schema}; {counts}")
    if not found.key_fits:
        yield Finding(f"{key}: this is not the key of the database. Put it back.", mend=True)
    else:
        yield Finding("the key fits the database")
    if not ledger.exists():
        yield Finding(f"{ledger}: the ledger of deletions is missing. Put it back.", mend=True)
    yield Finding("a bot serves from it now" if holder else "no bot serves from it now")
    free = shutil.disk_usage(path.parent).free
    yield Finding(f"{free // 2**20:,} MB are free on its disk", mend=free < LITTLE_SPACE)


def _content(root: Callable[[], Path], today: date) -> Iterator[Finding]:
    try:
        found = check(root(), today)
    except ProblemsError as error:
        yield from (Finding(str(problem), mend=True) for problem in error.problems)
        return
    errors = sum(problem.severity == "error" for problem in found)
    said = f"{_many(errors, 'error')}, {_many(len(found) - errors, 'warning')}"
    see = " (see lmn-bot check)" if found else ""
    yield Finding(f"flows and templates: {said}{see}", mend=bool(errors))


def _many(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


# --- Telegram ------------------------------------------------------------------------------


async def _telegram(config: Config, secrets: Secrets) -> Finding:
    bot = make_bot(secrets.token.get_secret_value(), config.telegram.base_url)
    try:
        async with asyncio.timeout(ONLINE_SECONDS):
            await bot.initialize()
    except Exception as error:
        if type(error).__name__ == "InvalidToken":
            return Finding("Telegram does not accept this bot token", mend=True)
        # Its words may hold the address, and so the token.
        return Finding(f"Telegram was not reached ({type(error).__name__})", mend=True)
    finally:
        await bot.shutdown()
    return Finding("Telegram was reached and knows the token")


def _short(text: str) -> str:
    home = str(Path.home())
    return text if home == "/" else text.replace(home, "~")
