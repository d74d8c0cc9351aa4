"""What one person's answers amount to."""

from __future__ import annotations

import pytest

from bot.case import long_date, lower_first, money
from bot.messages import BLANK
from bot.session import Session
from tests.guiding import NOW, TODAY, Patient, case_of, every_kind, small_walk, step

GYM = {"id": "personal_trainer", "name": "Personal trainer"}


def live(**answers):
    session = Session("n")
    for key, value in answers.items():
        session = session.answered(key, value, NOW)
    return session.answers


# --- facts -----------------------------------------------------------------------------------


def test_an_employer_names_the_administrator_until_the_person_names_another():
    case = case_of(every_kind(), employer="acme")
    assert case.plan(live(account="fsa")).administrator.id == "wex"
    other = live(account="fsa", administrator={"id": "healthequity", "name": "HealthEquity"})
    assert case.plan(other).administrator.id == "healthequity"
    unknown = live(account="fsa", administrator={"id": None, "name": "Zebra"})
    assert case.plan(unknown).administrator is None


def test_an_account_that_is_still_unsure_is_no_account():
    case = case_of(every_kind())
    assert case.plan(live(account="unsure")).names() == case.plan({}).names()


def test_a_verdict_follows_the_answers():
    case = case_of(every_kind())
    assert case.verdict(live(expense=GYM, account="dcfsa")).kind == "never"
    assert case.verdict(live(expense=GYM, account="fsa", diagnosed="yes")).kind != "never"
    assert case.verdict(live(expense=GYM, account="dcfsa")).kind == "never"


def test_derived_names_are_known_or_none():
    case = case_of(every_kind())
    answers = live(expense=GYM, account="fsa")
    assert case.named("expense.id", answers) == "personal_trainer"
    assert case.named("expense.known", answers) is True
    assert case.named("expense.category", answers) == "fitness"
    assert case.named("plan.named", answers) is False
    assert case.named("verdict.kind", answers) in ("letter", "depends")
    for name in ("expense.__class__", "plan.__dict__", "verdict.nothing", "os.system", "plain", ""):
        assert case.named(name, answers) is None


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("account", "fsa", ["FSA", "hra", "", None, 1, ["fsa"], {"id": "fsa"}, True]),
        ("again", "yes", ["maybe", True, 1]),
        ("evidence", ["note", "test"], ["note", ["gone"], [1], {"id": "note"}]),
        ("evidence", [], ["", 0]),
        ("expense", GYM, ["gym", {"id": "gone", "name": "x"}, []]),
        ("expense", {"id": None, "name": "x"}, [5]),
        ("administrator", {"id": "wex", "name": "WEX"}, [{"id": "gone", "name": "x"}, "wex"]),
        ("times", 1, [0, 51, "3"]),
        ("cost", 100, [99, 1_000_001, "100"]),
        ("bought", "2026-11-02", ["2026-13-02", "yesterday", 20261102]),
        ("condition", "tight neck", [5, ["x"], {"id": None}]),
    ],
)
def test_a_stored_answer_holds_only_while_it_fits_its_step(key, good, bad):
    content = every_kind()
    case = case_of(content)
    assert case.valid(step(content, key), good)
    for value in bad:
        if value is not None:
            assert not case.valid(step(content, key), value), value


def test_a_choice_the_employer_hides_is_no_longer_an_answer():
    content = every_kind()
    account = step(content, "account")
    assert case_of(content).valid(account, "dcfsa")
    assert not case_of(content, employer="acme").valid(account, "dcfsa")


# --- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("account", "fsa", "Health FSA"),
        ("account", "gone", "gone"),
        ("again", "yes", "Yes"),
        ("evidence", ["note", "test"], "Notes from a visit, Test results"),
        ("evidence", ["gone"], ""),
        ("evidence", [], "None of these"),
        ("evidence", None, "None, or I'd rather not say"),
        ("expense", GYM, "Personal trainer"),
        ("expense", {"id": None, "name": "widget"}, "widget"),
        ("administrator", {"id": "wex", "name": "old name"}, "WEX"),
        ("cost", 12_999, "$129.99"),
        ("times", 3, "3"),
        ("bought", "2026-11-02", "November 2, 2026"),
        ("bought", None, "I haven't bought it yet"),
        ("times", None, "(not said)"),
        ("condition", "tight neck", "tight neck"),
    ],
)
def test_an_answer_is_shown_as_the_person_would_say_it(key, value, shown):
    content = every_kind()
    assert case_of(content).show(step(content, key), value) == shown


def test_a_step_without_a_label_is_named_after_itself():
    content = every_kind()
    assert case_of(content).title(step(content, "consent")) == "Consent"
    assert case_of(content).title(step(content, "find/yours")) == "Yours"


def test_dates_and_money_as_people_write_them():
    assert long_date(TODAY, "en") == "November 23, 2026"
    assert long_date(TODAY, "es") == "23 de noviembre de 2026"
    assert [money(cents) for cents in (0, 5, 12_900, 129_999, 100_000_000)] == [
        "$0", "$0.05", "$129", "$1,299.99", "$1,000,000",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Massage gun", "massage gun"),
        ("TENS unit", "TENS unit"),
        ("X-ray", "X-ray"),
        ("", ""),
        ("Native American healing", "Native American healing"),
        ("CoolSculpting", "CoolSculpting"),
        ("Oura ring", "Oura ring"),
        ("A prescription", "a prescription"),
        ("I am better", "I am better"),
        ("Over-the-counter medicine", "over-the-counter medicine"),
        ("Día de playa", "día de playa"),
    ],
)
def test_a_name_inside_a_sentence_keeps_its_abbreviations(name, inside):
    assert lower_first(name) == inside


# --- names for texts -------------------------------------------------------------------------


def test_a_skipped_or_unasked_answer_tests_false_and_prints_a_blank():
    patient = small_walk("tried", condition="skip")
    names = patient.case.names(patient.walk())
    for name in ("condition", "tried"):
        assert not names[name]
        assert str(names[name]) == BLANK
    assert names["account"].id == "fsa"
    assert str(names["account"]) == "Health FSA"


def test_answers_off_the_path_are_never_rendered():
    patient = small_walk("review")
    patient.sends("change")
    patient.taps("Account: Health FSA")
    patient.taps("Dependent care FSA")
    names = patient.case.names(patient.walk())
    assert not names["condition"]
    assert [line["label"] for line in names["answers"]] == ["Expense", "Account"]


def test_the_review_leaves_the_consent_out():
    patient = small_walk("review")
    labels = [place.key for place, _ in patient.case.lines(patient.walk())]
    assert "consent" not in labels
    assert labels[0] == "expense"
    assert len(labels) == 12


def test_an_unknown_expense_keeps_its_own_words():
    patient = Patient(every_kind())
    patient.says("yes", "a frobnicated widget")
    names = patient.case.names(patient.walk())["expense"]
    assert str(names["name"]) == str(names["own_words"]) == "a frobnicated widget"
    assert names["known"] is False
    assert names["letter_names"] == []


def test_the_same_case_in_another_language():
    case = case_of(every_kind())
    spanish = case.in_language("es")
    gym = step(every_kind(), "expense")
    assert spanish.show(gym, GYM) != case.show(gym, GYM)
    assert case.in_language("en") is case
