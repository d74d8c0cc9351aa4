"""Stories: whole conversations as files that an operator can write and a lawyer can read.

A story begins with a line of what it shows, then what it needs (``today:``, ``language:``,
``employer:``), then what was said, ``bot:`` and ``you:`` in turn. ``bot: …`` alone stands for
anything the bot says there; a ``bot:`` message that ends in ``…`` is compared up to there.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.conversation import Handler
from bot.operators.terminal import Terminal, lines
from bot.outgoing import Outgoing
from bot.problems import Problem, ProblemsError
from bot.translations import LANGUAGES

ANYTHING = "…"
BOT, YOU = "bot: ", "you: "
NEEDS = ("today", "language", "employer")


@dataclass(frozen=True)
class Exchange:
    """One thing the person says (nothing at the beginning) and what the bot says to it."""

    you: str | None
    bot: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One conversation as its file has it."""

    path: str
    title: str
    needs: dict[str, str] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()


def read_story(text: str, path: str) -> Story:
    """The story that a file tells. Raises ``ProblemsError``."""
    title, needs, said = "", {}, []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith((BOT, YOU)) or line in (BOT.strip(), YOU.strip()):
            said.append((line[:3], [line[len(BOT) :]]))
        elif said and (line.startswith(" " * len(BOT)) or not line.strip()):
            said[-1][1].append(line[len(BOT) :])
        elif line.startswith("# "):
            title = title or line[2:].strip()
        elif line.strip():
            key, _, value = line.partition(":")
            needs[key] = value.strip()
            if wrong := _wrong_need(key, needs[key]) if not said else _NOT_SAID:
                raise ProblemsError([Problem(path, number, 1, *wrong)])
    exchanges: list[Exchange] = [Exchange(None, ())]
    for who, words in said:
        message = "\n".join(words).rstrip()
        if who == "you":
            exchanges.append(Exchange(message, ()))
        else:
            last = exchanges[-1]
            exchanges[-1] = Exchange(last.you, (*last.bot, message))
    return Story(path, title, needs, tuple(exchanges))


_NOT_SAID = (
    "this line is neither said by the bot nor by the person",
    'Begin it with "bot: " or "you: "; lines that go on are indented',
)


def _wrong_need(key: str, value: str) -> tuple[str, str] | None:
    if key == "today":
        try:
            date.fromisoformat(value)
        except ValueError:
            return f'"{value}" is no date', "Write it like today: 2026-11-23"
    if key == "language" and value not in LANGUAGES:
        return f'"{value}" is no language of the bot', f"Write one of {', '.join(LANGUAGES)}"
    return None if key in NEEDS else _NOT_SAID


def played(story: Story, handler: Handler) -> tuple[Exchange, ...]:
    """What the bot really says to what the person says in this story."""
    now = datetime.fromisoformat(f"{story.needs.get('today', '2026-11-23')}T12:00:00-05:00")
    terminal = Terminal(handler, story.needs.get("language", "en"), story.needs.get("employer"))
    happened = []
    for exchange in story.exchanges:
        said = terminal.begin(now) if exchange.you is None else terminal.line(exchange.you, now)
        happened.append(Exchange(exchange.you, tuple(_messages(said))))
        now += timedelta(minutes=1)
    return tuple(happened)


def _messages(said: Sequence[Outgoing]) -> Iterator[str]:
    for outgoing in said:
        shown = "\n".join(line.rstrip() for line in lines(outgoing))
        if shown:
            yield shown.rstrip()


def differences(story: Story, happened: Sequence[Exchange]) -> list[str]:
    """Where the story and the bot part, as lines of a diff; empty when they agree."""
    return [
        line
        for told, real in zip(story.exchanges, happened, strict=True)
        if not _agrees(told.bot, real.bot)
        for line in difflib.unified_diff(
            _said(told), _said(real), f"{story.path} (the story)", "the bot", lineterm="", n=2
        )
    ]


def _agrees(told: Sequence[str], real: Sequence[str]) -> bool:
    """Whether messages fit a story's; ``…`` alone stands for any number of them."""
    if not told:
        return not real
    if told[0] == ANYTHING:
        return any(_agrees(told[1:], real[at:]) for at in range(len(real) + 1))
    return bool(real) and _same(told[0], real[0]) and _agrees(told[1:], real[1:])


def _same(told: str, real: str) -> bool:
    if told.endswith(ANYTHING):
        return real.startswith(told.removesuffix(ANYTHING).rstrip())
    return told == real


def _said(exchange: Exchange) -> list[str]:
    return list(_exchange(exchange))


def _exchange(exchange: Exchange) -> Iterator[str]:
    if exchange.you is not None:
        yield from _block(YOU, exchange.you)
    for message in exchange.bot:
        yield from _block(BOT, message)


def _block(who: str, message: str) -> Iterator[str]:
    for at, line in enumerate(message.split("\n")):
        yield (who + line if at == 0 else f"{' ' * len(who)}{line}").rstrip()
    yield ""


def retold(story: Story, happened: Sequence[Exchange]) -> str:
    """The story's file with what the bot now says; what still agrees stays as it is written."""
    parts = [f"# {story.title}"]
    parts += [f"{key}: {value}" for key, value in story.needs.items()]
    parts.append("")
    for told, real in zip(story.exchanges, happened, strict=True):
        parts += _exchange(told if _agrees(told.bot, real.bot) else real)
    return "\n".join(parts).rstrip() + "\n"
