"""Where one person stands: the answers so far, and nearly nothing else.

The law of this room: answers are the only state. The position in the flow is never stored; it is
walked anew from the answers (see ``machine.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

Value = str | int | None | list[str] | dict[str, str | None]
"""What an answer can be: a choice id, text, a whole number (money in cents), a list of choice ids,
an ISO date, or a thing found by name (``{"id": ..., "name": ...}``). ``None`` means skipped."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and the local time at which it was given (aware, to the second)."""

    value: Value
    at: datetime

    @property
    def skipped(self) -> bool:
        """Whether the person chose not to say."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Session:
    """All that is kept about one person's conversation.

    ``nonce`` names this session on its buttons, so that a button from before a deletion means
    nothing. ``revision`` counts accepted turns. ``open`` is the step that back or change reopened.
    ``tries`` counts refusals at the step that is being asked. ``menu`` names the menu whose buttons
    were shown in the last turn: words typed now may answer it. ``held`` are words that wait for a
    tap, such as those that several expenses were offered for; none are kept before consent.
    """

    nonce: str
    language: str = "en"
    employer: str | None = None
    revision: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    open: str | None = None
    tries: int = 0
    menu: str = ""
    held: str = ""

    def answered(self, step: str, value: Value, at: datetime) -> Session:
        """This session with one answer more; any reopened step and refusals are cleared."""
        answers = {**self.answers, step: Answer(value, at.replace(microsecond=0))}
        return replace(self, answers=answers, open=None, tries=0, revision=self.revision + 1)

    def reopened(self, step: str) -> Session:
        """This session with one step asked again; its old answer stays until a new one comes."""
        return replace(self, open=step, tries=0, revision=self.revision + 1)

    def refused(self) -> Session:
        """This session after an answer that did not fit: only the count of tries changes."""
        return replace(self, tries=self.tries + 1)

    def restarted(self, keep: Mapping[str, Answer] | None = None) -> Session:
        """This session with its answers gone, except those named in ``keep``."""
        return replace(
            self, answers=dict(keep or {}), open=None, tries=0, revision=self.revision + 1
        )

    def to_json(self) -> dict[str, Any]:
        """This session as JSON values."""
        return {
            "nonce": self.nonce,
            "language": self.language,
            "employer": self.employer,
            "revision": self.revision,
            "answers": {
                step: {"value": answer.value, "at": answer.at.isoformat()}
                for step, answer in self.answers.items()
            },
            "open": self.open,
            "tries": self.tries,
            "menu": self.menu,
            "held": self.held,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Session:
        """The session that ``to_json`` wrote. Raises ``KeyError`` or ``ValueError`` on others."""
        return Session(
            nonce=data["nonce"],
            language=data["language"],
            employer=data["employer"],
            revision=data["revision"],
            answers={
                step: Answer(answer["value"], datetime.fromisoformat(answer["at"]))
                for step, answer in data["answers"].items()
            },
            open=data["open"],
            tries=data["tries"],
            menu=data.get("menu", ""),
            held=data.get("held", ""),
        )
