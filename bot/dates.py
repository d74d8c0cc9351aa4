"""Dates as people type them, and which purchases a letter covers.

The law of this room: today is given, never read, and what could be two days is not guessed.
Numbers stand in the order of the United States: ``11/2`` is November 2. Both languages are
understood at any time, since people mix them.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

# --- dates as people type them ---------------------------------------------------------------

Kind = Literal["day", "month_only", "ambiguous", "none"]
Side = Literal["past", "future"]
"""What a question is about: a day that is over, or one that is still to come."""

FURTHEST_AHEAD: Mapping[Side | None, int] = {None: 6, "past": 1, "future": 12}
"""A day without a year lies at most this many months ahead; else the last one is meant.

For a day that should be over, one that is close ahead stays ahead, so that it is asked about.
"""


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """What a text says about a day.

    ``value`` is the day when ``kind`` is ``day``. ``month_only`` carries the first day of the
    month as ``earliest`` and its last as ``latest``; ``ambiguous`` carries the first and the last
    day that it could be; ``none`` carries nothing.
    """

    kind: Kind
    value: date | None = None
    earliest: date | None = None
    latest: date | None = None


NO_DATE = ParsedDate("none")


def parse_date(
    text: str, today: date, language: str = "en", side: Side | None = None
) -> ParsedDate:
    """The day that somebody means; in Spanish "mar" is Tuesday unless a day of March follows.

    ``side`` settles the year of "May 2" and which Monday "Monday" is. Two days in one text, such
    as "Nov 2 or 3", are not one.
    """
    words = _plain(text)
    if language == "es":
        words = re.sub(r"\bmar$", "martes", words)
    for reader in (_iso, _numbers, _named_month, _relative, _weekday, _month_alone):
        found = reader(words, today, side)
        if found is not None:
            return found
    return NO_DATE


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero febuary",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes",
            "tuesday tue tues martes",
            "wednesday wed weds miercoles",
            "thursday thu thur thurs jueves",
            "friday fri viernes",
            "saturday sat sabado",
            "sunday sun domingo",
        )
    )
    for name in names.split()
}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "couple": 2, "couple of": 2, "a couple of": 2, "un": 1,
    "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10, "par de": 2, "un par de": 2, "first": 1, "primero": 1,
}  # fmt: skip

_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2}|first|primero|uno)(?:st|nd|rd|th|ro|o)?"
_YEAR = r"(?:,? ?(?:(?:of|de|del) )?'?(?P<year>\d{4}|(?<=')\d\d|\d\d)(?!\d|:| ?[ap]\.?m))?"
_AND = r"(?:st|nd|rd|th)? ?(?:-|–|to|or|and|through|o|y|al?) ?"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text[:200].casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare.replace("’", "'")).strip()


def _iso(words: str, today: date, side: Side | None) -> ParsedDate | None:
    matches = re.finditer(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", words)
    return _the_one(_day(int(one[1]), int(one[2]), int(one[3])) for one in matches)


def _numbers(words: str, today: date, side: Side | None) -> ParsedDate | None:
    if re.search(rf"\b{_MONTH} ?\d", words) or re.search(rf"\d ?(?:of |de |del )?{_MONTH}", words):
        return None  # the numbers of "Nov 2-5" are both days
    year_part = r"(?: ?[/.-] ?(\d{4}|\d\d))?(?![\d/])"
    pattern = rf"(?<![\d/.-])(\d{{1,2}}) ?[/.-] ?(\d{{1,2}}){year_part}"

    def read(match: re.Match[str]) -> ParsedDate:
        first, second = int(match[1]), int(match[2])
        month, day = (first, second) if first <= 12 else (second, first)  # 13/2 is no other day
        if match[3]:
            return _day(_full_year(match[3]), month, day)
        return _nearest(month, day, today, side)

    return _the_one(read(match) for match in re.finditer(pattern, words))


def _the_one(found: Iterable[ParsedDate]) -> ParsedDate | None:
    """What was read, when it is one day; several are not guessed between."""
    read = list(dict.fromkeys(found))
    days = sorted(one.value for one in read if one.value is not None)
    if len(days) > 1:
        return ParsedDate("ambiguous", None, days[0], days[-1])
    return read[0] if read else None


def _named_month(words: str, today: date, side: Side | None) -> ParsedDate | None:
    def read(match: re.Match[str], day: str) -> ParsedDate:
        month, number = _MONTHS[match["month"]], _COUNTS.get(day) or int(day)
        if year := match.groupdict().get("year"):
            return _day(_full_year(year), month, number)
        return _nearest(month, number, today, side)

    for pattern in (
        rf"\b{_MONTH} ?(?P<day>\d{{1,2}}){_AND}(?P<other>\d{{1,2}})\b",
        rf"\b(?P<day>\d{{1,2}}){_AND}(?P<other>\d{{1,2}}) ?(?:of |de |del )?{_MONTH}",
    ):
        if match := re.search(pattern, words):
            return _the_one([read(match, match["day"]), read(match, match["other"])])
    for pattern in (
        rf"\b{_MONTH} ?(?:the )?{_DAY}\b{_YEAR}",
        rf"\b{_DAY} ?(?:of |de |del )?{_MONTH}{_YEAR}",
    ):
        found = _the_one(read(match, match["day"]) for match in re.finditer(pattern, words))
        if found is not None:
            return found
    return None


_DAYS: dict[str, int] = {
    "day before yesterday": -2, "day after tomorrow": 2, "yesterday": -1, "today": 0, "tomorrow": 1,
    "tonight": 0, "this morning": 0, "just now": 0, "right now": 0, "last night": -1, "now": 0,
    "antes de ayer": -2, "anteayer": -2, "antier": -2, "pasado manana": 2, "ayer": -1, "anoche": -1,
    "hoy": 0, "esta manana": 0, "manana": 1, "ahorita": 0, "ahora": 0, "tomorow": 1,
    "yesturday": -1,
}  # fmt: skip
_UNIT = r"(?P<unit>days?|weeks?|months?|years?|dias?|semanas?|mes(?:es)?|anos?)"


def _relative(words: str, today: date, side: Side | None) -> ParsedDate | None:
    for pattern, sign in (
        (rf"\b{_COUNT} {_UNIT} ago\b", -1),
        (rf"\bhace (?:como )?{_COUNT} {_UNIT}\b", -1),
        (rf"\b(?:in|en|dentro de) {_COUNT} {_UNIT}\b", 1),
        (rf"\b{_COUNT} {_UNIT} from (?:now|today)\b", 1),
    ):
        if match := re.search(pattern, words):
            count = _COUNTS.get(match["count"]) or int(match["count"])
            return ParsedDate("day", _moved(today, sign * count, match["unit"]))
    for phrase, days in _DAYS.items():
        if re.search(rf"\b{phrase}\b", words):
            return ParsedDate("day", today + timedelta(days))
    for pattern, months in (
        (r"\b(?:last month|(?:el )?mes pasado)\b", -1),
        (r"\b(?:next month|(?:el )?(?:proximo mes|mes que viene|mes proximo))\b", 1),
        (r"\b(?:this month|este mes)\b", 0),
    ):
        if re.search(pattern, words):
            return _in_month(words, add_months(today.replace(day=1), months))
    if re.search(r"\b(?:(?:last|next) week|semana (?:pasada|que viene)|proxima semana)\b", words):
        return _week(words, today)
    return None


def _in_month(words: str, first: date) -> ParsedDate:
    """A day of a month named by its place, as in "the 3rd of last month", or all of it."""
    if match := re.search(rf"\b{_DAY} (?:of |de |del )", words):
        return _day(first.year, first.month, _COUNTS.get(match["day"]) or int(match["day"]))
    return _whole_month(first)


def _week(words: str, today: date) -> ParsedDate:
    """Last or next week is seven possible days: the person is asked which."""
    weeks = 1 if re.search(r"next|proxima|viene", words) else -1
    monday = today - timedelta(today.weekday()) + timedelta(weeks=weeks)
    if (found := _named_day(words)) is not None:
        return ParsedDate("day", monday + timedelta(found))
    return ParsedDate("ambiguous", None, monday, monday + timedelta(6))


def _moved(today: date, count: int, unit: str) -> date:
    if unit.startswith(("day", "dia")):
        return today + timedelta(count)
    if unit.startswith(("week", "semana")):
        return today + timedelta(weeks=count)
    return add_months(today, count * (12 if unit.startswith(("year", "ano")) else 1))


def _named_day(words: str) -> int | None:
    for word in re.findall(r"[a-z]+", words):
        if word in _WEEKDAYS:
            return _WEEKDAYS[word]
    return None


def _weekday(words: str, today: date, side: Side | None) -> ParsedDate | None:
    """The last Monday is before today, the next one after it; "Monday" alone may be either."""
    weekday = _named_day(words)
    if weekday is None:
        return None
    back = (today.weekday() - weekday) % 7 or 7
    if re.search(r"\b(?:last|past|previous|pasado|pasada|this past)\b", words):
        return ParsedDate("day", today - timedelta(back))
    ahead = (weekday - today.weekday()) % 7 or 7
    if re.search(r"\b(?:next|proximo|proxima|que viene|this|coming|este|esta)\b", words):
        return ParsedDate("day", today + timedelta(ahead))
    if side is not None:
        return ParsedDate("day", today + timedelta(ahead if side == "future" else -back))
    # A weekday alone may be the one gone or the one to come.
    return ParsedDate("ambiguous", None, today - timedelta(back), today + timedelta(ahead))


def _month_alone(words: str, today: date, side: Side | None) -> ParsedDate | None:
    """A month without a day, as in "November 2025", "11/2025" or "mayo"."""
    if match := re.search(r"\b(\d{1,2})[/-](\d{4})\b", words):
        first = _day(int(match[2]), int(match[1]), 1).value
        return _whole_month(first) if first else NO_DATE
    # "May" and "set" are words of their own, so a month alone stands nearly alone.
    match = re.search(rf"\b{_MONTH}(?:,? ?(?:of |de |del )?(?P<year>\d{{4}}))?$", words)
    if not match or (match["month"] in ("may", "set", "mar", "ago") and len(words.split()) > 2):
        return None
    month = _MONTHS[match["month"]]
    if match["year"]:
        first = _day(int(match["year"]), month, 1).value
        return _whole_month(first) if first else NO_DATE
    nearest = _nearest(month, 1, today, side).value
    assert nearest is not None
    return _whole_month(nearest)


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _day(year: int, month: int, day: int) -> ParsedDate:
    try:
        return ParsedDate("day", date(year, month, day))
    except ValueError:
        return NO_DATE


def _nearest(month: int, day: int, today: date, side: Side | None) -> ParsedDate:
    """The day in the year that is meant, by how far ahead it may lie."""
    soon = add_months(today, FURTHEST_AHEAD[side])
    for year in (today.year + 1, today.year, today.year - 1):
        found = _day(year, month, day)
        if found.value and found.value <= soon:
            return found
    # February 29 of a year that has none: the latest that exists.
    for year in range(today.year - 2, today.year - 8, -1):
        if (found := _day(year, month, day)).value:
            return found
    return NO_DATE


def _whole_month(first: date) -> ParsedDate:
    last = monthrange(first.year, first.month)[1]
    return ParsedDate("month_only", None, first.replace(day=1), first.replace(day=last))


def add_months(start: date, months: int) -> date:
    """The same day some months on; a month that is too short ends it on its last day."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    year = min(max(year, 1), 9999)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


# --- which purchases a letter covers ---------------------------------------------------------

Buy = Literal["after_approval", "after_letter_date", "after_treatment_start", "within_letter_dates"]
ValidFrom = Literal["letter_date", "letter_period", "plan_year", "end_of_treatment"]
Covered = Literal["yes", "no", "unknown"]
Why = Literal[
    "covered",
    "no_purchase_date",
    "no_letter_date",
    "no_approval_date",
    "no_treatment_start",
    "before_plan_year",
    "after_plan_year",
    "before_letter",
    "before_approval",
    "before_treatment",
    "after_letter_ends",
]


@dataclass(frozen=True, slots=True)
class LetterDates:
    """What is known of a letter's and a plan's days; any of them may be unknown."""

    letter: date | None = None
    approved: date | None = None
    treatment_start: date | None = None
    treatment_end: date | None = None
    plan_year_start: date | None = None
    plan_year_end: date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a letter covers a purchase, and the reason as a stable code.

    ``since`` is the first day on which a purchase is covered, ``until`` the last one, as far as
    they are known: what was bought before the one, or will be after the other, is not.
    """

    covered: Covered
    why: Why
    since: date | None = None
    until: date | None = None


def covers(
    purchase: date | None,
    buy: Buy,
    dates: LetterDates,
    months_valid: int = 12,
    valid_from: ValidFrom = "letter_date",
) -> Coverage:
    """Whether a letter covers a purchase on that day, by the plan's rule.

    The rules, strict to lenient: ``after_approval`` (HealthEquity: received and approved first),
    ``after_letter_date`` (Pace, most plans that say anything), ``after_treatment_start`` (Navia:
    the treatment starts on or before the day), ``within_letter_dates`` (Optum: the day lies inside
    the active dates). A day on the line counts as covered, except that a plan's yes must be there.
    """
    since, missing = _since(buy, dates)
    until = _until(dates, months_valid, valid_from)
    if dates.plan_year_end is not None and (until is None or dates.plan_year_end < until):
        until = dates.plan_year_end
    late: Why = "after_plan_year" if until == dates.plan_year_end else "after_letter_ends"
    if dates.plan_year_start is not None and since is not None:
        since = max(since, dates.plan_year_start)

    def said(covered: Covered, why: Why) -> Coverage:
        return Coverage(covered, why, since, until)

    if purchase is None:
        return said("unknown", "no_purchase_date")
    if dates.plan_year_start is not None and purchase < dates.plan_year_start:
        return said("no", "before_plan_year")
    if until is not None and purchase > until:
        return said("no", late)
    for first, why in _lines(buy, dates):
        if first is not None and purchase < first:
            return said("no", why)
    if missing is not None:
        return said("unknown", missing)
    return said("yes", "covered")


def _lines(buy: Buy, dates: LetterDates) -> Iterator[tuple[date | None, Why]]:
    """The days on or after which a purchase must lie, in the order in which to name them."""
    if buy in ("after_approval", "after_letter_date"):
        yield dates.letter, "before_letter"
    if buy == "after_approval":
        yield dates.approved, "before_approval"
    if buy == "after_treatment_start":
        yield dates.treatment_start, "before_treatment"
    if buy == "within_letter_dates":
        if dates.treatment_start is not None:
            yield dates.treatment_start, "before_treatment"
        else:
            yield dates.letter, "before_letter"


def _since(buy: Buy, dates: LetterDates) -> tuple[date | None, Why | None]:
    """The first covered day, or what must be known to tell it."""
    if buy == "after_approval":
        if dates.approved is None:
            return None, "no_approval_date" if dates.letter else "no_letter_date"
        return max(dates.approved, dates.letter or dates.approved), None
    if buy == "after_letter_date":
        return dates.letter, None if dates.letter else "no_letter_date"
    if buy == "after_treatment_start":
        return dates.treatment_start, None if dates.treatment_start else "no_treatment_start"
    first = dates.treatment_start or dates.letter
    return first, None if first else "no_letter_date"


def _until(dates: LetterDates, months_valid: int, valid_from: ValidFrom) -> date | None:
    if dates.letter is None:
        return dates.treatment_end
    return letter_ends(
        dates.letter, months_valid, valid_from, dates.plan_year_end, dates.treatment_end
    )


def letter_ends(
    letter_date: date,
    months_valid: int = 12,
    valid_from: ValidFrom = "letter_date",
    plan_year_end: date | None = None,
    treatment_end: date | None = None,
) -> date:
    """The last day on which a letter counts.

    A letter of January 31 that is good for one month ends on February 28. Whatever the letter
    says, its months are the ceiling (FSAFEDS, HealthEquity, Via Benefits: the sooner of a year or
    the end of the treatment). ``plan_year``: a new one is due each plan year, however young
    the old one is (Take Command, Ameriflex).
    """
    ends = add_months(letter_date, months_valid)
    if valid_from == "plan_year" and plan_year_end is not None:
        ends = min(ends, plan_year_end)
    if treatment_end is not None:
        # A letter that names its own end is over on that day, under every plan's rule.
        ends = min(ends, treatment_end)
    return ends
