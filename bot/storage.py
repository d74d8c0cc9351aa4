"""What every Store promises, in values: what waits, what was done, what can go wrong.

``Record`` is all that is kept for one chat. It is sealed as one, so one write makes a turn durable:
the answers and what is still to be sent stand or fall together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.outgoing import Button, Edit, Entity, File, Message, Notice, Outgoing, from_json
from bot.session import Session

if TYPE_CHECKING:
    # Only its name is needed: maintenance commands open a store without loading the guide.
    from bot.conversation import Turn

MESSAGE_SECONDS = 48 * 3600
"""How long a bot may delete a message in a private chat (Telegram Bot API, deleteMessage)."""
MOST_MESSAGES = 3_000
"""So many message ids are kept of one chat, the newest: whoever floods it makes no row grow."""

Work = Callable[[Session | None], "Turn"]
"""One turn, waiting for the session it happens to."""


class StoreRefused(Exception):
    """The store cannot be opened like this; the text says where, what, and what to try."""


class StoreUnavailable(Exception):
    """Nothing was kept, because the store is out of order for now; the text says where and what."""


class DamagedSession(Exception):
    """What is kept for this one chat cannot be read. ``delete`` it, then ask to start again."""

    def __init__(self, chat: int) -> None:
        self.chat = chat
        super().__init__("what is kept for one chat cannot be read")


class PutAside(Exception):
    """This update failed too often and will not run again; ask the person to send it again."""

    def __init__(self, update: int) -> None:
        self.update = update
        super().__init__("an update failed too often")


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing still to be sent; ``at`` is when it was decided (seconds since 1970)."""

    seq: int
    outgoing: Outgoing
    at: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """One turn that is durable, or an update that was seen before (then nothing was run).

    ``pending`` is all that is unsent in this chat, this turn's included, in order. ``question`` is
    the message id of the last question sent. ``forgot`` is true when the turn deleted the session:
    what waited in the chat before it is not to be sent, and ``remove`` is to be taken out.
    """

    seen: bool
    turn: Turn | None
    pending: tuple[Pending, ...] = ()
    question: int | None = None
    forgot: bool = False
    remove: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsent:
    """What is unsent in one chat when the program starts."""

    chat: int
    pending: tuple[Pending, ...]
    question: int | None


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days a quiet session is kept, and how many days before the end it is warned."""

    idle_days: int = 30
    finished_days: int = 45
    warning_days: int = 3


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept for one chat, except its id.

    The session and what is unsent stay JSON until somebody asks: a mark that something was sent
    has no use for them, and there is one mark to every turn.
    """

    kept: bytes | None = None
    """The session as JSON; ``None`` when there is none."""
    unsent: tuple[tuple[int, int, bytes], ...] = ()
    """For each thing unsent: its number, when it was decided, and itself as JSON."""
    seq: int = 0
    question: int | None = None
    messages: tuple[tuple[int, int], ...] = ()
    """Pairs of message id and when it was sent, of the last 48 hours."""
    remove: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing needs to be kept any more."""
        return self.kept is None and not self.unsent and not self.remove

    @property
    def session(self) -> Session | None:
        """The session. Raises ``KeyError``, ``TypeError`` or ``ValueError`` when damaged."""
        return None if self.kept is None else Session.from_json(json.loads(self.kept))

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What is unsent, in order. Raises as ``session`` does."""
        return tuple(Pending(seq, from_json(json.loads(one)), at) for seq, at, one in self.unsent)

    def with_session(self, session: Session | None) -> Record:
        """This record with another session. A new one does not inherit what is to be removed."""
        if session is None:
            return replace(self, kept=None)
        return replace(self, kept=_json(session.to_json()), remove=())

    def with_outgoing(self, outgoing: Sequence[Outgoing], first: int, now: int) -> Record:
        """This record with more to send, numbered from ``first``."""
        if not outgoing:
            return self
        more = tuple((first + place, now, _json(one)) for place, one in enumerate(outgoing))
        return replace(self, unsent=self.unsent + more, seq=more[-1][0])

    def with_messages(self, messages: Sequence[int], now: int) -> Record:
        """This record with more messages of the chat, the person's or the bot's."""
        kept = [pair for pair in self.messages if pair[1] > now - MESSAGE_SECONDS]
        more = [(message, now) for message in messages]
        return replace(self, messages=tuple((kept + more)[-MOST_MESSAGES:]))

    def without_removals(self) -> Record:
        """This record once the messages are out of the chat."""
        return replace(self, remove=())

    def forgotten(self) -> Record:
        """What is left after a deletion: only which messages are to be taken out of the chat."""
        return Record(seq=self.seq, remove=self.remove + tuple(pair[0] for pair in self.messages))

    def sent(self, upto: int, question: int | None, messages: Sequence[int], now: int) -> Record:
        """This record after messages went out."""
        return replace(
            self.with_messages(messages, now),
            unsent=tuple(one for one in self.unsent if one[0] > upto),
            question=self.question if question is None else question,
        )

    def to_json(self) -> dict[str, Any]:
        """This record as JSON values, for the person it is about."""
        return {
            "session": None if self.kept is None else json.loads(self.kept),
            "unsent": [[seq, at, json.loads(one)] for seq, at, one in self.unsent],
            "question": self.question,
            "messages": [list(pair) for pair in self.messages],
            "remove": list(self.remove),
        }

    def to_bytes(self) -> bytes:
        """This record as lines of JSON: what it says of itself, the session, what is unsent."""
        about = {
            "unsent": [one[:2] for one in self.unsent],
            "seq": self.seq,
            "question": self.question,
            "messages": self.messages,
            "remove": self.remove,
        }
        return b"\n".join([_json(about), self.kept or b"", *(one[2] for one in self.unsent)])

    @staticmethod
    def from_bytes(content: bytes) -> Record:
        """The record ``to_bytes`` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        first, kept, *outgoing = content.split(b"\n")
        about = json.loads(first)
        return Record(
            kept=kept or None,
            unsent=tuple(
                (seq, at, one) for (seq, at), one in zip(about["unsent"], outgoing, strict=True)
            ),
            seq=about["seq"],
            question=about["question"],
            messages=tuple((message, at) for message, at in about["messages"]),
            remove=tuple(about["remove"]),
        )


def _json(value: object) -> bytes:
    """JSON in ASCII: a lone surrogate that somebody typed survives, and no newline is in it."""
    return _ENCODE(value).encode("ascii")


def _fields(value: object) -> dict[str, Any]:
    """What ``outgoing.to_json`` says, but without its deep copy: a fifth of the time."""
    if not isinstance(value, (Message, Edit, File, Notice, Entity, Button)):
        raise TypeError(f"{type(value).__name__} is not kept")
    fields = {name: getattr(value, name) for name in value.__slots__}
    if not isinstance(value, (Entity, Button)):
        fields["kind"] = type(value).__name__.lower()
    return fields


_ENCODE = json.JSONEncoder(separators=(",", ":"), default=_fields).encode
