"""config.yaml and the environment -> Config.

The law of this room: secrets come from the environment or from a file of their own, never from
config.yaml, which people mail to each other. No file at all is a working configuration for
everything but `run`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from bot.problems import Problem, ProblemsError, did_you_mean
from bot.shapes import validate
from bot.yaml_text import parse

PREFIX = "LMN_BOT_"
CONFIG_VARIABLE = "LMN_BOT_CONFIG"
TOKEN_VARIABLE = "LMN_BOT_TELEGRAM_TOKEN"  # noqa: S105 - the name of a variable, not a secret
SECRET_VARIABLE = "LMN_BOT_TELEGRAM_WEBHOOK_SECRET"  # noqa: S105 - the same

# What BotFather gives out: the bot's number, a colon, 35 characters (the count may grow).
_TOKEN = re.compile(r"\b[0-9]{6,12}:[A-Za-z0-9_-]{30,}")
# https://core.telegram.org/bots/api#setwebhook: 1-256 characters of A-Z, a-z, 0-9, _ and -.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HIDDEN_KEYS = {"token": "token_file", "webhook_secret": "webhook_secret_file"}


def _web_address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise ValueError("this is not a web address", "Write it like https://example.com")
    return text.rstrip("/")


def _secure_address(text: str) -> str:
    if not text.startswith("https://"):
        # https://core.telegram.org/bots/webhooks: Telegram calls nothing else.
        raise ValueError('a webhook address starts with "https://"')
    return _web_address(text)


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("this is not a host and a port", "Write it like 127.0.0.1:8080")
    return text


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, KeyError, OSError):
        raise ValueError(
            "there is no such time zone", "Write it like America/Chicago or America/Los_Angeles"
        ) from None
    return text


def _home(environment: Mapping[str, str], variable: str, otherwise: str) -> Path:
    # https://specifications.freedesktop.org/basedir-spec: a relative path there is to be ignored.
    named = Path(environment.get(variable) or "")
    return (named if named.is_absolute() else Path.home() / otherwise) / "lmn-bot"


def default_database(environment: Mapping[str, str] = os.environ) -> Path:
    return _home(environment, "XDG_DATA_HOME", ".local/share") / "lmn-bot.db"


def default_key_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Not beside the database: whoever copies that folder must not hold the key as well."""
    return _home(environment, "XDG_CONFIG_HOME", ".config") / "lmn-bot.key"


FilePath = Annotated[Path, AfterValidator(lambda path: path.expanduser())]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Telegram(Section):
    """How the bot talks to Telegram."""

    token_file: FilePath | None = None
    base_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    # https://core.telegram.org/bots/api#getupdates: Telegram waits 50 seconds at most.
    poll_timeout: Annotated[int, Field(ge=1, le=50)] = 50
    webhook_url: Annotated[str, AfterValidator(_secure_address)] | None = None
    webhook_listen: Annotated[str, AfterValidator(_host_and_port)] = "127.0.0.1:8080"
    webhook_secret_file: FilePath | None = None
    health_listen: Annotated[str, AfterValidator(_host_and_port)] | None = None
    pace: Literal["telegram", "none"] = "telegram"

    @property
    def listen_host(self) -> str:
        return self.webhook_listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        return int(self.webhook_listen.rpartition(":")[2])


class Storage(Section):
    """Where answers are kept, sealed, and for how many days.

    Fewer than four would announce the end, three days before, as soon as somebody writes.
    """

    path: FilePath = Field(default_factory=default_database)
    key_file: FilePath = Field(default_factory=default_key_file)
    ledger_file: FilePath | None = None
    idle_days: Annotated[int, Field(ge=4, le=365)] = 30
    finished_days: Annotated[int, Field(ge=4, le=365)] = 45


class Operator(Section):
    """Who runs the bot; `/privacy` tells every patient."""

    name: str = ""
    contact: str = ""
    relation: str = ""
    relation_es: str = ""


class Content(Section):
    """Where flows/ and templates/ are looked for; the checkout's or the wheel's when not set."""

    path: FilePath | None = None


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"


class Bot(Section):
    """What a new conversation starts with."""

    language: Literal["en", "es"] = "en"
    timezone: Annotated[str, AfterValidator(_time_zone)] = "America/New_York"
    employer: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$")] | None = None


class Config(Section):
    """Everything that can be set; each key has a default that works."""

    telegram: Telegram = Telegram()
    storage: Storage = Field(default_factory=Storage)
    operator: Operator = Operator()
    content: Content = Content()
    log: Log = Log()
    bot: Bot = Bot()


@dataclass(frozen=True, slots=True)
class Secrets:
    """What `run` needs and no file we print from may hold; a SecretStr hides itself in logs."""

    token: SecretStr
    webhook_secret: SecretStr | None


def load(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration from `path`, else from the file LMN_BOT_CONFIG names, else the defaults.

    Each key may be replaced by a variable such as LMN_BOT_STORAGE_PATH; an empty one counts as not
    set. Paths in the file are relative to its folder. Raises ProblemsError.
    """
    values: dict[str, dict[str, Any]] = {section: {} for section in Config.model_fields}
    values["storage"] = {
        "path": default_database(environment),
        "key_file": default_key_file(environment),
    }
    if named := environment.get(CONFIG_VARIABLE):
        path = path or Path(named)
    if path:
        _lay_over(values, _from_file(path))
    _lay_over(values, _from_environment(environment))
    return Config.model_validate(values)


def secrets_for_run(config: Config, environment: Mapping[str, str] = os.environ) -> Secrets:
    """The secrets of a bot that serves people.

    Raises ProblemsError with everything `run` still needs: who operates the bot, the token and, for
    a webhook, its address and secret.
    """
    problems = [
        _unset(f"operator.{key}", "Patients have a right to know who runs the bot.")
        for key in ("name", "contact", "relation")
        if not getattr(config.operator, key).strip()
    ]
    telegram = config.telegram
    token = _secret(telegram.token_file, TOKEN_VARIABLE, environment, problems)
    if token and not _TOKEN.fullmatch(token):
        where = str(telegram.token_file or TOKEN_VARIABLE)
        hint = "Copy it again from @BotFather; it looks like 123456789:AA…"
        problems.append(Problem(where, 0, 0, "this does not hold a bot token", hint))
    if not token and not telegram.token_file:
        hint = f"Put it in {TOKEN_VARIABLE}, or name its file in telegram.token_file."
        problems.append(Problem("telegram", 0, 0, "the bot's token is not set", hint))
    secret = ""
    if telegram.mode == "webhook":
        secret = _secret(telegram.webhook_secret_file, SECRET_VARIABLE, environment, problems)
        problems += _webhook_problems(telegram, secret)
    if problems:
        raise ProblemsError(problems)
    return Secrets(SecretStr(token), SecretStr(secret) if secret else None)


def _webhook_problems(telegram: Telegram, secret: str) -> Iterator[Problem]:
    if not telegram.webhook_url:
        yield _unset("telegram.webhook_url", "It is the address that Telegram calls.")
    if secret and not _WEBHOOK_SECRET.fullmatch(secret):
        where = str(telegram.webhook_secret_file or SECRET_VARIABLE)
        hint = "Telegram takes up to 256 letters, digits, _ and -."
        yield Problem(where, 0, 0, "this secret has signs that Telegram refuses", hint)
    if not secret and not telegram.webhook_secret_file:
        hint = f"Put a long random word in {SECRET_VARIABLE}, or in telegram.webhook_secret_file."
        yield Problem("telegram", 0, 0, "the webhook's secret is not set", hint)


def _unset(key: str, reason: str) -> Problem:
    hint = f"Set it in config.yaml, or set {_variable(*key.split('.'))}. {reason}"
    return Problem(key, 0, 0, "this is not set", hint)


def _secret(
    file: Path | None, variable: str, environment: Mapping[str, str], problems: list[Problem]
) -> str:
    """The secret itself; the variable wins, as it does for every key."""
    if held := environment.get(variable, "").strip():
        return held
    if not file:
        return ""
    try:
        held = _read(file).decode().strip()
    except ProblemsError as error:
        problems += error.problems
        return ""
    except UnicodeDecodeError:
        held = ""
    if not held:
        problems.append(Problem(str(file), 0, 0, "this file holds no secret"))
    return held


def _from_file(path: Path) -> dict[str, dict[str, Any]]:
    data = _read(path)
    _refuse_tokens(data, str(path))
    document = parse(data, str(path), may_be_empty=True)
    values = document.value if isinstance(document.value, dict) else {}
    for section in Config.model_fields:
        if section in values and values[section] is None:
            del values[section]  # all its keys are commented out
    sections = {name: keys for name, keys in values.items() if isinstance(keys, dict)}
    if hidden := [
        document.problem(
            [name, key], f'"{key}" may not stand in this file', _hidden_hint(key), key=True
        )
        for name, keys in sections.items()
        for key in keys
        if key in _HIDDEN_KEYS
    ]:
        raise ProblemsError(hidden)
    found = validate(document, Config).model_dump(exclude_unset=True)
    for keys in found.values():
        keys |= {key: path.parent / value for key, value in keys.items() if isinstance(value, Path)}
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"this file cannot be read ({(error.strerror or 'unknown reason').lower()})"
        raise ProblemsError(
            [Problem(str(path), 0, 0, what, "Check its name and rights.")]
        ) from None


def _refuse_tokens(data: bytes, path: str) -> None:
    """Look at the bare text, for a token in a note or under a wrong key is just as lost."""
    lines = data.decode("utf-8", "replace").splitlines()
    found = [
        Problem(path, number, match.start() + 1, "a bot token stands here", _hidden_hint("token"))
        for number, line in enumerate(lines, start=1)
        for match in _TOKEN.finditer(line)
    ]
    if found:
        raise ProblemsError(found)


def _hidden_hint(key: str) -> str:
    variable = _variable("telegram", key)
    moved = (
        f"Put it in {variable}, or in a file of its own that telegram.{_HIDDEN_KEYS[key]} names."
    )
    if key == "token":
        moved += " If anyone has seen this file, ask @BotFather for a new token."
    return moved


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    keys = {
        _variable(section, key): (section, key)
        for section, info in Config.model_fields.items()
        for key in _keys(info.annotation)
    }
    found: dict[str, dict[str, Any]] = {}
    problems = list(_unknown_variables(environment, keys))
    for variable, (section, key) in keys.items():
        if text := environment.get(variable):
            try:
                # A variable is read as a file of one line, and so refused in the same words.
                document = parse(json.dumps({section: {key: text}}), variable)
                parsed = validate(document, Config).model_dump(exclude_unset=True)
                found.setdefault(section, {}).update(parsed[section])
            except ProblemsError as error:
                problems += [replace(problem, line=0, column=0) for problem in error.problems]
    if problems:
        raise ProblemsError(problems)
    return found


def _unknown_variables(environment: Mapping[str, str], known: Iterable[str]) -> Iterator[Problem]:
    """Misspelled variables; others of the prefix are left alone.

    Kubernetes gives every container LMN_BOT_SERVICE_HOST and more once a service has our name.
    """
    allowed = {*known, CONFIG_VARIABLE, TOKEN_VARIABLE, SECRET_VARIABLE}
    sections = tuple(f"{PREFIX}{section.upper()}_" for section in Config.model_fields)
    for variable in environment:
        if variable.startswith(sections) and variable not in allowed:
            hint = did_you_mean(variable, allowed)
            yield Problem(variable, 0, 0, "there is no such setting", hint)


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}_{key}".upper()


def _keys(section: Any) -> list[str]:
    return list(section.model_fields)


def _lay_over(below: dict[str, dict[str, Any]], above: Mapping[str, Mapping[str, Any]]) -> None:
    for section, keys in above.items():
        below[section].update(keys)
