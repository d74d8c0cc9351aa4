"""What is sent to one person: messages, edits, files and notices, and their JSON form.

These values are what the core hands to the edges and what waits, sealed, until it is sent. Offsets
and lengths are UTF-16 code units, as Telegram counts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, assert_never

MESSAGE_LIMIT = 4096
"""Longest text of one message, in UTF-16 units (Telegram Bot API, sendMessage)."""
BUTTON_DATA_LIMIT = 64
"""Longest data of one button, in bytes (Telegram Bot API, InlineKeyboardButton)."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of formatted text: bold, italic, underline, strikethrough, text_link, code, pre,
    blockquote."""

    type: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button; exactly one of ``data`` and ``url`` is given."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``question`` marks the one that a later ``Edit`` closes; ``urgent`` goes first.

    ``nobody_waits`` marks what goes out unasked (a reminder), and may be held back a little.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    question: bool = False
    urgent: bool = False
    nobody_waits: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text and the buttons of the chat's last ``question`` message.

    Without buttons, the question is closed.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One document as a file; ``content`` is UTF-8 text."""

    name: str
    media_type: str
    content: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short line shown over the button that was tapped (at most 200 characters)."""

    text: str


Outgoing = Message | Edit | File | Notice

_KINDS: Mapping[str, type[Message] | type[Edit] | type[File] | type[Notice]] = {
    "message": Message,
    "edit": Edit,
    "file": File,
    "notice": Notice,
}


def to_json(outgoing: Outgoing) -> dict[str, Any]:
    """One outgoing value as JSON values."""
    match outgoing:
        case Message():
            kind = "message"
        case Edit():
            kind = "edit"
        case File():
            kind = "file"
        case Notice():
            kind = "notice"
        case _:
            assert_never(outgoing)
    return {"kind": kind, **asdict(outgoing)}


def from_json(data: Mapping[str, Any]) -> Outgoing:
    """The value that ``to_json`` wrote. Raises ``KeyError`` or ``TypeError`` on others."""
    fields = {name: value for name, value in data.items() if name != "kind"}
    if "entities" in fields:
        fields["entities"] = tuple(Entity(**entity) for entity in fields["entities"])
    if "buttons" in fields:
        fields["buttons"] = tuple(
            tuple(Button(**button) for button in row) for row in fields["buttons"]
        )
    return _KINDS[data["kind"]](**fields)


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
