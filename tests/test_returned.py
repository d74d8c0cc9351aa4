"""The letter that came back: what it lacks, which purchases it covers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.dates import LetterDates
from bot.plans import PlanFacts, plan_facts
from bot.returned import RETURNED_NAMES, YOURS, ReturnedLetter, plan_year, returned_letter
from tests.guiding import shipped

TODAY = date(2026, 11, 23)
NOTHING_KNOWN = plan_facts("fsa", None, None)
CORE = {"patient", "diagnosis", "treatment", "duration", "signature", "provider", "credentials"}


def plan(administrator: str, account: str = "fsa") -> PlanFacts:
    return plan_facts(account, shipped().administrators[administrator], None)


def letter(
    rules: PlanFacts = NOTHING_KNOWN,
    *ticked: str,
    purchase: date | None = None,
    today: date = TODAY,
    **dates: Any,
) -> ReturnedLetter:
    return returned_letter(rules, ticked, LetterDates(**dates), purchase, today)


def test_only_what_the_plan_asks_for_is_missing():
    rules = plan("healthequity")
    one = letter(rules, *rules.fields, letter=date(2026, 11, 2))
    assert one.missing == ()
    assert one.complete
    unsigned = [field for field in rules.fields if field != "signature"]
    assert letter(rules, *unsigned, letter=date(2026, 11, 2)).missing == ("signature",)


def test_with_nothing_known_the_longest_list_counts():
    missing = letter(NOTHING_KNOWN, *CORE).missing
    assert "expected_outcome" in missing
    assert "date" in missing


def test_lines_the_patient_fills_in_are_never_missing_in_the_letter():
    one = letter(NOTHING_KNOWN)
    assert not set(YOURS) & set(one.missing)
    assert one.yours == YOURS


def test_a_date_is_shown_by_being_told():
    assert "date" in letter().missing
    assert "date" not in letter(letter=date(2026, 11, 2)).missing


@pytest.mark.parametrize(
    ("dates", "missing"),
    [
        ({}, {"duration", "start_end_dates"}),
        ({"treatment_start": date(2026, 12, 1)}, {"duration", "start_end_dates"}),
        ({"treatment_end": date(2027, 5, 1)}, {"start_end_dates"}),
        ({"treatment_start": date(2026, 12, 1), "treatment_end": date(2027, 5, 1)}, set()),
    ],
)
def test_an_end_says_how_long_and_both_days_say_it_all(dates, missing):
    assert {"duration", "start_end_dates"} & set(letter(**dates).missing) == missing


def test_a_letter_for_more_than_a_year_is_too_long():
    start = date(2026, 12, 1)
    assert not letter(treatment_start=start, treatment_end=date(2027, 12, 1)).too_long
    assert letter(treatment_start=start, treatment_end=date(2027, 12, 2)).too_long
    assert letter(letter=start, treatment_end=date(2028, 1, 1)).too_long


def test_a_letter_that_ends_before_it_starts_is_never_complete():
    rules = plan("healthequity")
    one = letter(
        rules,
        *rules.fields,
        letter=date(2026, 11, 2),
        treatment_start=date(2026, 12, 1),
        treatment_end=date(2026, 11, 30),
    )
    assert one.backwards
    assert not one.complete


def test_a_purchase_before_the_plans_yes_is_not_covered():
    rules = plan("healthequity")
    known = {"letter": date(2026, 11, 2), "approved": date(2026, 11, 9)}
    early = letter(rules, purchase=date(2026, 11, 5), **known)
    assert (early.coverage.covered, early.coverage.why) == ("no", "before_approval")
    assert letter(rules, purchase=date(2026, 11, 9), **known).coverage.covered == "yes"


def test_a_treatment_that_began_before_the_purchase_is_enough_for_navia():
    known = {"letter": date(2026, 11, 20), "treatment_start": date(2026, 11, 1)}
    assert letter(plan("navia"), purchase=date(2026, 11, 10), **known).coverage.covered == "yes"


def test_where_a_letter_lasts_a_plan_year_the_year_of_the_letter_counts():
    rules = plan("ameriflex")
    assert rules.valid_from == "plan_year"
    one = letter(
        rules,
        letter=date(2026, 11, 2),
        approved=date(2026, 11, 9),
        plan_year_end=date(2026, 12, 31),
        purchase=date(2027, 1, 5),
    )
    assert (one.coverage.covered, one.coverage.why) == ("no", "after_plan_year")
    assert one.ends == date(2026, 12, 31)


def test_the_employer_s_plan_year_is_known_without_asking():
    rules = plan_facts("fsa", None, shipped().employers["example"])
    assert plan_year(rules, date(2026, 7, 1)) == (date(2026, 1, 1), date(2026, 12, 31))
    told = plan_year(rules, date(2026, 7, 1), date(2027, 6, 30))
    assert told == (date(2026, 7, 1), date(2027, 6, 30))


def test_a_plan_year_that_nobody_told_is_unknown():
    assert plan_year(NOTHING_KNOWN, TODAY) == (None, None)


def test_names_for_conditions_are_those_declared():
    names = letter().names()
    assert set(names) == set(RETURNED_NAMES)
    assert names["why"] == "no_purchase_date"


def test_a_letter_that_was_over_on_the_day_asked_about_is_expired():
    one = letter(plan("healthequity"), letter=date(2025, 3, 3))
    assert one.ends == date(2026, 3, 3)
    assert one.expired
    assert not letter(plan("healthequity"), letter=date(2025, 3, 3), today=one.ends).expired


def test_the_end_alone_says_when_a_letter_runs_out():
    one = letter(treatment_end=date(2026, 12, 31))
    assert one.ends == date(2026, 12, 31)
    assert not one.expired


def test_no_day_is_covered_between_an_end_and_a_later_start():
    one = letter(
        letter=date(2026, 11, 20), approved=date(2026, 11, 21), treatment_end=date(2026, 11, 1)
    )
    assert one.coverage.since is None
    assert one.backwards
    assert not one.expired
