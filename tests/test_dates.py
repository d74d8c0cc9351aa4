"""Dates as people type them, and which purchases a letter covers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import cast, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.dates import (
    Buy,
    LetterDates,
    ValidFrom,
    add_months,
    covers,
    letter_ends,
    parse_date,
)

MONDAY = date(2026, 11, 23)
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
maybe_days = st.none() | days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11/2", "2026-11-02"),
        ("11/2/26", "2026-11-02"),
        ("11/02/2026", "2026-11-02"),
        ("11-2-26", "2026-11-02"),
        ("11.2.2026", "2026-11-02"),
        ("13/2/2026", "2026-02-13"),
        ("2026-11-02", "2026-11-02"),
        ("2026/11/2", "2026-11-02"),
        ("2 November", "2026-11-02"),
        ("2nd of november", "2026-11-02"),
        ("November 2nd, 2025", "2025-11-02"),
        ("Nov. 2", "2026-11-02"),
        ("nov 2 '25", "2025-11-02"),
        ("i bought it on Nov 2nd", "2026-11-02"),
        ("Nov 2 10 am", "2026-11-02"),
        ("the first of march", "2027-03-01"),
        ("12/20", "2026-12-20"),
        ("june 30", "2026-06-30"),
        ("5/1", "2027-05-01"),
        ("today", "2026-11-23"),
        ("just now", "2026-11-23"),
        ("yesterday", "2026-11-22"),
        ("the day before yesterday", "2026-11-21"),
        ("tomorrow", "2026-11-24"),
        ("next Monday", "2026-11-30"),
        ("next friday", "2026-11-27"),
        ("last Monday", "2026-11-16"),
        ("friday of last week", "2026-11-20"),
        ("2 weeks ago", "2026-11-09"),
        ("two weeks from now", "2026-12-07"),
        ("a month ago", "2026-10-23"),
        ("in 3 days", "2026-11-26"),
        ("2 de noviembre", "2026-11-02"),
        ("2 de noviembre de 2025", "2025-11-02"),
        ("2 de noviembre del 2025", "2025-11-02"),
        ("1ro de marzo", "2027-03-01"),
        ("primero de marzo", "2027-03-01"),
        ("el 3 de septiembre", "2026-09-03"),
        ("3 de setiembre", "2026-09-03"),
        ("noviembre 2", "2026-11-02"),
        ("lo compré ayer", "2026-11-22"),
        ("anteayer", "2026-11-21"),
        ("hoy", "2026-11-23"),
        ("mañana", "2026-11-24"),
        ("pasado mañana", "2026-11-25"),
        ("hace dos semanas", "2026-11-09"),
        ("hace 3 meses", "2026-08-23"),
        ("dentro de una semana", "2026-11-30"),
        ("el próximo lunes", "2026-11-30"),
        ("el viernes pasado", "2026-11-20"),
        ("el miércoles que viene", "2026-11-25"),
        ("feb 29", "2024-02-29"),
        ("monday last week", "2026-11-16"),
        ("the 3rd of this month", "2026-11-03"),
        ("el 3 del mes pasado", "2026-10-03"),
        ("i may have bought it 11/2", "2026-11-02"),
        ("Nov 2, that is 11/2", "2026-11-02"),
    ],
)
def test_a_day_as_people_type_it(text: str, expected: str) -> None:
    for language in ("en", "es"):
        found = parse_date(text, MONDAY, language)
        assert (found.kind, found.value) == ("day", date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("November", "2026-11-01", "2026-11-30"),
        ("in november 2025", "2025-11-01", "2025-11-30"),
        ("11/2025", "2025-11-01", "2025-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("el mes pasado", "2026-10-01", "2026-10-31"),
        ("mayo", "2027-05-01", "2027-05-31"),
        ("junio de 2026", "2026-06-01", "2026-06-30"),
        ("february 2028", "2028-02-01", "2028-02-29"),
    ],
)
def test_a_month_alone_is_asked_about(text: str, first: str, last: str) -> None:
    found = parse_date(text, MONDAY)
    assert (found.kind, found.value) == ("month_only", None)
    assert (found.earliest, found.latest) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["monday", "el lunes", "last week", "la semana pasada", "Nov 2 or 3", "Nov 2-5",
     "between Nov 2 and Nov 5", "from 11/2 to 11/5", "2 y 3 de noviembre",
     "del 2 al 5 de noviembre", "2026-11-02 or 2026-11-03"],
)  # fmt: skip
def test_what_could_be_several_days_is_not_guessed(text: str) -> None:
    found = parse_date(text, MONDAY)
    assert (found.kind, found.value) == ("ambiguous", None)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest < found.latest


@pytest.mark.parametrize(
    "text",
    ["", "?", "i don't know", "no sé", "13/13", "2/30/2026", "99/99", "31 de febrero", "0000-00-00",
     "massage gun", "i may buy one", "12345", "$1,250.00", "32 november 2026"],
)  # fmt: skip
def test_no_day_is_no_day(text: str) -> None:
    found = parse_date(text, MONDAY)
    assert (found.kind, found.value) == ("none", None)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("May 2", "2026-05-02", "2027-05-02"),
        ("jan 5", "2026-01-05", "2027-01-05"),
        ("6/30", "2026-06-30", "2027-06-30"),
        ("30 de junio", "2026-06-30", "2027-06-30"),
        ("monday", "2026-11-16", "2026-11-30"),
        ("Nov 2", "2026-11-02", "2027-11-02"),
        ("May 2, 2025", "2025-05-02", "2025-05-02"),
    ],
)
def test_a_question_about_the_past_or_the_future_settles_the_year(text, past, future) -> None:
    assert parse_date(text, MONDAY, side="past").value == date.fromisoformat(past)
    assert parse_date(text, MONDAY, side="future").value == date.fromisoformat(future)


def test_a_day_close_ahead_is_not_moved_a_year_back() -> None:
    """Somebody who buys it next week is told that the day is still to come."""
    assert parse_date("Dec 1", MONDAY, side="past").value == date(2026, 12, 1)


def test_mar_is_a_month_in_english_and_a_weekday_in_spanish() -> None:
    assert parse_date("mar", MONDAY, "en").kind == "month_only"
    assert parse_date("mar", MONDAY, "es").kind == "ambiguous"
    assert parse_date("mar 3", MONDAY, "es").value == date(2027, 3, 3)


WRITTEN = ["%m/%d/%Y", "%m-%d-%y", "%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "bought %B %d %Y"]
MESES = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""


@given(days, days, st.sampled_from(WRITTEN))
def test_every_day_written_out_is_read_back(day: date, today: date, written: str) -> None:
    assert parse_date(day.strftime(written), today).value == day


@given(days, days)
def test_every_spanish_day_written_out_is_read_back(day: date, today: date) -> None:
    text = f"{day.day} de {MESES.split()[day.month - 1]} de {day.year}"
    assert parse_date(text, today, "es").value == day


@given(days, days)
def test_a_day_without_a_year_is_near(day: date, today: date) -> None:
    assume((day.month, day.day) != (2, 29))
    found = parse_date(day.strftime("%m/%d"), today).value
    assert found is not None
    assert (found.month, found.day) == (day.month, day.day)
    assert today - timedelta(190) <= found <= add_months(today, 6)


@given(st.text(max_size=80), days, st.sampled_from(["en", "es"]))
def test_any_text_gets_an_answer(text: str, today: date, language: str) -> None:
    found = parse_date(text, today, language)
    assert (found.value is not None) == (found.kind == "day")


@given(st.text("0123456789/-. adefhinoprstuvy'", max_size=30), days)
def test_anything_like_a_date_gets_an_answer(text: str, today: date) -> None:
    found = parse_date(text, today)
    assert (found.value is not None) == (found.kind == "day")


# --- months ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-23", 12, "2027-11-23"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_a_short_month_ends_on_its_last_day(start: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


@given(days, st.integers(-120, 120), st.integers(0, 60))
def test_more_months_are_never_earlier(start: date, months: int, more: int) -> None:
    found = add_months(start, months)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day <= start.day
    assert found <= add_months(start, months + more)


# --- how long a letter counts ----------------------------------------------------------------

LETTER = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("valid_from", "plan_year_end", "treatment_end", "expected"),
    [
        ("letter_date", None, None, "2027-03-01"),
        ("letter_date", "2026-12-31", None, "2027-03-01"),
        ("plan_year", "2026-12-31", None, "2026-12-31"),
        ("letter_period", "2026-12-31", "2026-06-30", "2026-06-30"),
        ("letter_period", None, "2029-01-01", "2027-03-01"),
        ("end_of_treatment", None, "2026-05-15", "2026-05-15"),
        ("end_of_treatment", None, None, "2027-03-01"),
    ],
)
def test_a_letter_ends_by_its_plans_rule(
    valid_from: ValidFrom, plan_year_end: str | None, treatment_end: str | None, expected: str
) -> None:
    year_end = date.fromisoformat(plan_year_end) if plan_year_end else None
    end = date.fromisoformat(treatment_end) if treatment_end else None
    assert letter_ends(LETTER, 12, valid_from, year_end, end) == date.fromisoformat(expected)


@given(days, st.integers(1, 12), st.sampled_from(get_args(ValidFrom)), maybe_days, maybe_days)
def test_the_months_are_always_the_ceiling(
    letter: date, months: int, valid_from: ValidFrom, year_end: date | None, end: date | None
) -> None:
    found = letter_ends(letter, months, valid_from, year_end, end)
    assert found <= add_months(letter, months)
    assert end is None or found <= end


# --- the date guard --------------------------------------------------------------------------


NAMES = {
    "letter": "letter",
    "approved": "approved",
    "start": "treatment_start",
    "end": "treatment_end",
    "year": "plan_year_start",
    "year_end": "plan_year_end",
}


def dates(*known: str) -> LetterDates:
    pairs = (pair.split("=") for pair in known if pair != "-")
    return LetterDates(**{NAMES[name]: date.fromisoformat(day) for name, day in pairs})


@pytest.mark.parametrize(
    "row",
    """
    2026-03-10  after_approval         letter=2026-03-01 approved=2026-03-05    covered
    2026-03-03  after_approval         letter=2026-03-01 approved=2026-03-05    before_approval
    2026-02-03  after_approval         letter=2026-03-01 approved=2026-03-05    before_letter
    2026-03-10  after_approval         letter=2026-03-01                        no_approval_date
    2026-02-10  after_approval         letter=2026-03-01                        before_letter
    2026-03-10  after_approval         -                                        no_letter_date
    2026-03-01  after_letter_date      letter=2026-03-01                        covered
    2026-02-28  after_letter_date      letter=2026-03-01                        before_letter
    2026-02-28  after_letter_date      -                                        no_letter_date
    2027-03-02  after_letter_date      letter=2026-03-01                        after_letter_ends
    2026-02-20  after_treatment_start  letter=2026-03-01 start=2026-02-01       covered
    2026-01-20  after_treatment_start  letter=2026-03-01 start=2026-02-01       before_treatment
    2026-02-20  after_treatment_start  letter=2026-03-01                        no_treatment_start
    2026-04-01  within_letter_dates    letter=2026-03-01 end=2026-06-30         covered
    2026-07-01  within_letter_dates    letter=2026-03-01 end=2026-06-30         after_letter_ends
    2026-02-01  within_letter_dates    letter=2026-03-01                        before_letter
    2025-12-30  after_treatment_start  start=2025-12-01 year=2026-01-01         before_plan_year
    2027-01-02  after_letter_date      letter=2026-12-01 year_end=2026-12-31    after_plan_year
    """.strip().splitlines(),
)
def test_a_purchase_is_measured_by_the_plans_rule(row: str) -> None:
    purchase, buy, *known, why = row.split()
    found = covers(date.fromisoformat(purchase), cast(Buy, buy), dates(*known))
    expected = "yes" if why == "covered" else "unknown" if why.startswith("no_") else "no"
    assert (found.covered, found.why) == (expected, why)


def test_no_purchase_date_still_says_since_when_and_until_when() -> None:
    found = covers(None, "after_letter_date", dates("letter=2026-03-01"))
    assert (found.covered, found.why) == ("unknown", "no_purchase_date")
    assert (found.since, found.until) == (date(2026, 3, 1), date(2027, 3, 1))


letter_dates = st.builds(
    LetterDates,
    letter=maybe_days,
    approved=maybe_days,
    treatment_start=maybe_days,
    treatment_end=maybe_days,
    plan_year_start=maybe_days,
    plan_year_end=maybe_days,
)


@given(days, st.sampled_from(get_args(Buy)), letter_dates, st.sampled_from(get_args(ValidFrom)))
def test_covered_means_between_since_and_until(
    purchase: date, buy: Buy, known: LetterDates, valid_from: ValidFrom
) -> None:
    found = covers(purchase, buy, known, 12, valid_from)
    if found.covered == "yes":
        assert found.since is not None
        assert found.since <= purchase
        assert found.until is None or purchase <= found.until


@given(days, letter_dates, st.integers(1, 12))
def test_a_stricter_rule_never_covers_more(purchase: date, known: LetterDates, months: int) -> None:
    strict_first = [
        covers(purchase, buy, known, months).covered == "yes"
        for buy in ("after_approval", "after_letter_date")
    ]
    assume(known.letter is not None)
    assert all(lenient or not strict for strict, lenient in pairwise(strict_first))
