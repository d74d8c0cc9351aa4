"""The letter that came back: what it shows, what is missing, which purchases it covers.

The law of this room: what nobody said is missing or unknown, never assumed. Lines that the patient
fills in on a form are no fault of the letter.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args

from bot.dates import (
    Coverage,
    Covered,
    LetterDates,
    Why,
    add_months,
    covers,
    letter_ends,
)
from bot.plan_files import LetterField
from bot.plans import PlanFacts

YOURS: tuple[LetterField, ...] = (
    "account_holder",
    "employer",
    "member_id",
    "birth_date",
    "participant_signature",
)
"""The lines of a form that the patient fills in, off Telegram."""
LONGEST_PERIOD = 12
"""Months a letter may name at most (the ceiling of every administrator we have read)."""
RETURNED_NAMES: Mapping[str, tuple[str, ...] | type] = {
    "complete": bool,
    "covers": get_args(Covered),
    "why": get_args(Why),
    "too_long": bool,
    "backwards": bool,
    "expired": bool,
}
"""Every name a condition may use as ``letter.<name>``: its allowed values, or its type."""


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """What is known of a letter against one plan's rules.

    ``missing`` are the fields the plan wants and the letter does not show. ``too_long``: its period
    is longer than a plan accepts; ``backwards``: it ends before it starts; ``expired``: it was over
    on the day asked about.
    """

    missing: tuple[LetterField, ...]
    yours: tuple[LetterField, ...]
    coverage: Coverage
    ends: date | None
    too_long: bool
    backwards: bool
    expired: bool

    @property
    def complete(self) -> bool:
        """Whether it shows all that the plan is known to ask for, with dates that make sense."""
        return not (self.missing or self.too_long or self.backwards)

    def names(self) -> dict[str, str | bool]:
        """What conditions may name, as ``letter.<name>``."""
        return {
            "complete": self.complete,
            "covers": self.coverage.covered,
            "why": self.coverage.why,
            "too_long": self.too_long,
            "backwards": self.backwards,
            "expired": self.expired,
        }


def returned_letter(
    plan: PlanFacts,
    ticked: Collection[str],
    dates: LetterDates,
    purchase: date | None,
    today: date,
) -> ReturnedLetter:
    """A letter's ticked fields and dates, held against a plan's rules.

    The last day of the plan year may be told (``dates.plan_year_end``); else it is the employer's.
    """
    # A plan that wants a letter each plan year looks at the year of the letter; the others look at
    # the year whose money pays.
    of_letter = plan.valid_from == "plan_year"
    day = (dates.letter if of_letter else purchase) or today
    starts, ends = plan_year(plan, day, dates.plan_year_end)
    known = LetterDates(
        dates.letter, dates.approved, dates.treatment_start, dates.treatment_end, starts, ends
    )
    first = dates.treatment_start or dates.letter
    end = dates.treatment_end
    backwards = bool(first and end and end < first)
    last = end
    if dates.letter is not None:
        last = letter_ends(dates.letter, plan.months_valid, plan.valid_from, ends, end)
    coverage = covers(purchase, plan.buy, known, plan.months_valid, plan.valid_from)
    if coverage.since and coverage.until and coverage.since > coverage.until:
        coverage = replace(coverage, since=None)  # no day is covered
    return ReturnedLetter(
        missing=tuple(
            one
            for one in plan.fields
            if one not in YOURS and one not in {*ticked, *_shown_by_dates(dates)}
        ),
        yours=tuple(one for one in plan.fields if one in YOURS),
        coverage=coverage,
        ends=last,
        too_long=bool(first and end and end > add_months(first, LONGEST_PERIOD)),
        backwards=backwards,
        expired=bool(last and last < today and not backwards),
    )


def _shown_by_dates(dates: LetterDates) -> set[LetterField]:
    shown: set[LetterField] = set()
    if dates.letter is not None:
        shown.add("date")
    if dates.treatment_end is not None:
        shown.add("duration")
        if dates.treatment_start is not None:
            shown.add("start_end_dates")
    return shown


def plan_year(
    plan: PlanFacts, day: date, told_end: date | None = None
) -> tuple[date | None, date | None]:
    """The first and last day of the plan year that a day lies in; the one told outranks it."""
    if told_end is not None:
        return add_months(told_end, -12) + timedelta(days=1), told_end
    if plan.plan_year_starts is None:
        return None, None
    month, first = (int(part) for part in plan.plan_year_starts.split("-"))
    starts = _day_of(day.year, month, first)
    if starts > day:
        starts = _day_of(day.year - 1, month, first)
    return starts, add_months(starts, 12) - timedelta(days=1)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
