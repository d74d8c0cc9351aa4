"""Dates that a flow works out from answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.checks.names import asking
from bot.flow import LETTER_ENDS
from bot.problems import Problem, did_you_mean
from bot.shelf import Shelf


def dates_come_from_dates(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`from` names a question that asks for a date, and a name is given to one date only."""
    first: dict[str, str] = {}
    for document, flow in shelf.flows.values():
        steps = asking(shelf, flow)
        asked = [name for name, step in steps.items() if step.input == "date"]
        for name, lines in flow.dates.items():
            if name in first:
                yield document.problem(
                    ("dates", name),
                    f'the flow "{first[name]}" works out a date "{name}" too',
                    "Give one of them another name",
                    key=True,
                )
            first.setdefault(name, flow.flow)
            for at, line in enumerate(lines):
                if line.start not in asked:
                    yield document.problem(
                        ("dates", name, at, "from"),
                        f'"{line.start}" is no question that asks for a date',
                        did_you_mean(line.start, asked),
                    )


def reminders_know_their_day(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`remind` comes before the letter's last day, or before a date that the flow works out."""
    for document, flow in shelf.flows.values():
        known = [LETTER_ENDS, *flow.dates]
        for name, step in flow.steps.items():
            if step.remind is not None and step.remind.before not in known:
                yield document.problem(
                    ("steps", name, "remind", "before"),
                    f'there is no date "{step.remind.before}" to remind of',
                    did_you_mean(step.remind.before, known) or f"Use one of {', '.join(known)}",
                )
