"""What is wrong, where, and what to try.

A problem is a value; whoever holds the screen prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

# Nobody misspells a word longer than this; difflib takes quadratic time on long ones.
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in one file; line and column count from 1.

    Line 0 means a thing without lines: an environment variable, a folder.
    """

    path: str
    line: int
    column: int
    what: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def said(self) -> str:
        """What is wrong and what to try, as sentences."""
        return " ".join(_sentence(part) for part in (self.what, self.hint) if part)

    def __str__(self) -> str:
        if not self.line:
            return f"{self.path}: {self.said}"
        return f"{self.path}:{self.line}:{self.column}: {self.said}"


class ProblemsError(Exception):
    """Something cannot be used; carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        # Exceptions are rebuilt from their message by default; ours is built from the problems.
        return type(self), (self.problems,)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """The suggestion `Did you mean "fsa"?`, or an empty text when nothing is close."""
    by_folded = {option.casefold(): option for option in sorted(options)}
    if len(word) > LONGEST_WORD:
        return ""
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f'Did you mean "{by_folded[close[0]]}"?' if close else ""


def _sentence(text: str) -> str:
    return text if text.rstrip("\"'”’").endswith((".", "?", "!")) else f"{text}."
