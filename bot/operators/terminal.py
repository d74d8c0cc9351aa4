"""The guide at a keyboard: lines in, lines out, with no token and no network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.conversation import Handler
from bot.effects import Command, Garbled, Heard, Tapped, Typed
from bot.outgoing import Button, Edit, File, Message, Notice, Outgoing
from bot.session import Session

TICKS = ("☐ ", "☑ ")


def heard_from_data(data: str) -> Heard:
    """What a tap on a button with this data is: ``nonce.revision.step.choice``."""
    parts = data.split(".")
    if len(parts) != 4 or not parts[1].isdecimal() or len(parts[1]) > 9:
        return Garbled()
    return Tapped(parts[0], int(parts[1]), parts[2], parts[3])


class Terminal:
    """One person's conversation, kept in memory and gone when the program ends."""

    def __init__(
        self,
        handler: Handler,
        language: str = "en",
        employer: str | None = None,
        session: Session | None = None,
    ) -> None:
        self._handler = handler
        self.language = language
        self.employer = employer
        self.session = session
        self.held: str | None = None
        self.buttons: tuple[Button, ...] = ()

    def begin(self, now: datetime) -> tuple[Outgoing, ...]:
        """The first thing the bot says."""
        return self._hear(Command("start", self.employer or ""), now)

    def line(self, text: str, now: datetime) -> tuple[Outgoing, ...]:
        """What the bot says to one line: a command, a button's label or number, or a message."""
        return self._hear(self._heard(text), now)

    def _heard(self, text: str) -> Heard:
        words = text.strip()
        if words.startswith("/"):
            name, _, argument = words[1:].partition(" ")
            return Command(name.lower(), argument.strip())
        button = self._button(words)
        if button is not None and button.data is not None:
            return heard_from_data(button.data)
        return Typed(text)

    def _button(self, words: str) -> Button | None:
        for button in self.buttons:
            label = button.label
            for tick in TICKS:
                label = label.removeprefix(tick)
            if label.casefold() == words.casefold():
                return button
        if words.isdecimal() and len(words) <= 2 and 1 <= int(words) <= len(self.buttons):
            return self.buttons[int(words) - 1]
        return None

    def _hear(self, heard: Heard, now: datetime) -> tuple[Outgoing, ...]:
        turn = self._handler(self.session, heard, self.held, now, self.language)
        self.session, self.held = turn.session, turn.held
        for outgoing in turn.outgoing:
            match outgoing:
                case Message() if outgoing.buttons:
                    self.buttons = _flat(outgoing.buttons)
                case Edit() if outgoing.buttons:
                    self.buttons = _flat(outgoing.buttons)
        return turn.outgoing


def _flat(rows: tuple[tuple[Button, ...], ...]) -> tuple[Button, ...]:
    return tuple(button for row in rows for button in row)


def lines(outgoing: Outgoing, *, numbered: bool = False) -> Iterator[str]:
    """How one outgoing value looks in a terminal; buttons stand in brackets, one row a line."""
    match outgoing:
        case Message(text=text, buttons=buttons):
            yield from text.split("\n")
        case Edit(text=text, buttons=buttons):
            if not buttons:
                yield text.rsplit("\n", 1)[-1]
                return
        case Notice(text=text):
            yield f"({text})"
            return
        case File(name=name, caption=caption):
            yield f"[file {name}: {caption}]"
            return
    number = 0
    for row in buttons:
        shown = []
        for button in row:
            number += 1
            shown.append(f"[{number} {button.label}]" if numbered else f"[{button.label}]")
        yield "  " + " ".join(shown)
