"""What was heard, what should happen next: two small vocabularies of frozen dataclasses.

``Heard`` comes in from an edge; ``Effect`` goes out of the core. Texts are not here: an effect
names a step or a shared text, and ``messages.py`` words it in the person's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.session import Value

# --- heard ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """The person typed a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """The person tapped a button; ``step`` begins with ``!`` when it is not a question's button."""

    nonce: str
    revision: int
    step: str
    choice: str


@dataclass(frozen=True, slots=True)
class Command:
    """The person sent a command such as ``/back``; the name is lower case, without the slash."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """The person sent something that is not text and is not downloaded.

    ``kind`` is one of voice, photo, file, sticker, contact, location, edited, other. ``words`` are
    what came with it, a caption or the new text; they are looked at for danger, and not kept.
    """

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Garbled:
    """A button was tapped whose data is not ours or cannot be read."""


Heard = Typed | Tapped | Command | Attached | Garbled


# --- what should happen next ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the question of a step. ``old`` is the earlier answer when the step was reopened."""

    step: str
    old: Value = None
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class AskAgain:
    """An answer did not fit. ``tries`` is 1 at the first refusal; ``why`` names a shared text.

    ``brief`` leaves the question's own words out: they stand right above. ``most`` is how many
    characters an answer in own words may have.
    """

    step: str
    tries: int
    why: str = ""
    brief: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """Show what was found for the words typed; nothing is stored until one is tapped."""

    step: str
    options: tuple[str, ...]
    words: str = ""
    two_items: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """Mark the question that was open as answered: it shows the answer and loses its buttons."""

    step: str
    value: Value


@dataclass(frozen=True, slots=True)
class Pass:
    """Show a step that only says something, on the way to the next question."""

    step: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say a shared text (``flows/shared.yaml``), with values for its names."""

    text: str
    values: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """Say why a step's question is asked."""

    step: str


@dataclass(frozen=True, slots=True)
class Explain:
    """Answer a question of theirs; ``question`` is its id (``questions.py``)."""

    question: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Say a shared text with buttons of its own; ``menu`` is the step part of their data."""

    text: str
    menu: str
    options: tuple[tuple[str, str], ...]
    """Pairs of choice id and either a shared text's id (``@id``) or a label."""
    values: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandOver:
    """The flow has ended at an outcome: say it and hand over its documents."""

    step: str


@dataclass(frozen=True, slots=True)
class HandFiles:
    """Hand over documents as files; ``documents`` are template names."""

    step: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Show the emergency card first, before anything else; ``kind`` as in ``safety.py``.

    ``language`` is that of the words, which may not be the one of the chat.
    """

    kind: Literal["medical", "crisis", "poison", "violence"]
    language: str = ""


Effect = (
    Ask
    | AskAgain
    | Offer
    | Answered
    | Pass
    | Say
    | Why
    | Explain
    | Choose
    | HandOver
    | HandFiles
    | HelpCard
)
