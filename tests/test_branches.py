"""The ways people come in by: each leads to its end, and hands over what it should."""

from __future__ import annotations

from datetime import date

import pytest

from bot.machine import Walk
from tests.guiding import Patient, case_of, errors_of, shipped, shipped_files, small_files

MENU = {
    "letter": "Ask for a letter",
    "bought": "I already bought it",
    "got": "I got my letter: is it complete?",
    "denied": "My claim was denied",
    "renew": "Renew my letter",
    "no": "My provider said no",
}


def came_for(
    topic: str, *words: str, expense: str = "massage gun", account: str = "fsa"
) -> Patient:
    """Somebody who came for one thing, and typed these words up to some point."""
    patient = Patient()
    patient.taps("Yes, let's start", MENU[topic])
    patient.says(expense)
    if topic != "no":
        patient.says(account)
    patient.says(*words)
    return patient


def documents(patient: Patient) -> tuple[str, ...]:
    return patient.walk().at.step.documents


# --- the menu --------------------------------------------------------------------------------


def test_the_menu_leads_to_every_way():
    patient = Patient()
    said = patient.taps("Yes, let's start")
    assert [label for label in said.labels if label in MENU.values()] == list(MENU.values())


def test_an_expense_typed_at_the_menu_asks_for_a_letter():
    patient = Patient()
    patient.taps("Yes, let's start")
    said = patient.says("massage gun")
    assert patient.values["topic"] == "letter"
    assert patient.at == "account"
    assert "Massage gun" in said


def test_an_expense_typed_before_the_menu_is_not_asked_for_again():
    patient = Patient()
    patient.says("massage gun")
    patient.taps("Yes, let's start")
    assert patient.at == "account"


def test_whoever_already_bought_it_is_told_before_asking_for_a_letter():
    patient = came_for("bought", "skip", "me", "yes", "November 2")
    assert "So this purchase may be refused." in patient.last


# --- I got my letter -------------------------------------------------------------------------


def test_only_fields_that_the_plan_asks_for_are_ticked_off():
    patient = came_for("got", "HealthEquity")
    fields = set(patient.case.plan(patient.walk().live).fields)
    choices = patient.case.choices(patient.walk().at)
    assert choices
    assert set(choices) <= fields
    assert "The practice's letterhead" not in patient.buttons


def test_a_complete_letter_says_where_to_send_it_and_what_not_to_buy_yet():
    patient = came_for("got", "HealthEquity", "1 2 3 4", "1 2 3 4")
    patient.says("none", "none", "November 2", "skip", "May 2, 2027")
    patient.says("skip", "skip")
    said = patient.says("skip")
    assert patient.at == "got_letter/send_it"
    assert "Do not buy yet. Wait for your plan's yes first." in said
    assert "1. Send it to HealthEquity" in said
    assert "The letter ends on May 2, 2027 at the latest." in said


def test_a_correction_names_only_what_is_missing():
    patient = came_for("got", "HealthEquity", "1 2 3", "1 3", "none", "1")
    said = patient.says("November 2", "skip", "skip", "skip", "skip", "skip")
    assert patient.at == "got_letter/correction"
    message = said.messages[-2]
    asked = [line for line in message.splitlines() if line.startswith("- ")]
    assert asked == [
        "- the exact item or service",
        "- why it is medically needed for this diagnosis",
        "- the provider's signature",
        "- a start and an end date, 12 months at most",
    ]
    assert "Please do not change the earlier date." in message


def test_a_purchase_before_the_letter_is_told_without_backdating():
    patient = came_for("got", "HealthEquity", "1 2 3 4", "1 2 3", "none", "none")
    said = patient.says("November 9", "skip", "skip", "skip", "November 2", "skip")
    assert "You bought it before the date of the letter." in said
    assert "Please do not ask for an older date." in said


def test_the_owner_of_an_hsa_sends_the_letter_to_nobody():
    patient = came_for("got", account="hsa")
    while patient.at.startswith("got_letter/shows"):
        choices = patient.case.choices(patient.walk().at)
        patient.says(" ".join(str(number) for number in range(1, len(choices) + 1)))
    patient.says("none", "none", "November 2", "November 2", "May 2, 2027")
    said = patient.says("skip")
    assert patient.at == "got_letter/keep_it"
    assert "Send it to nobody." in said
    assert "It fits what you buy from November 2, 2026 to May 2, 2027" in said


# --- my claim was denied ---------------------------------------------------------------------

PRIVATE_PLAN = ("November 2", "skip", "private")


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (("receipt", *PRIVATE_PLAN, "1"), "mend_receipt"),
        (("letter", *PRIVATE_PLAN, "yes", "2"), "mend_letter"),
        (("letter", *PRIVATE_PLAN, "no"), "no_letter_yet"),
        (("early", *PRIVATE_PLAN), "too_early"),
        (("late", *PRIVATE_PLAN), "too_late"),
        (("excluded", *PRIVATE_PLAN), "never_paid"),
        (("prior", *PRIVATE_PLAN), "no_prior_approval"),
        (("steps", *PRIVATE_PLAN), "steps_first"),
        (("coding", *PRIVATE_PLAN), "wrong_code"),
        (("card", *PRIVATE_PLAN), "card_questioned"),
        (("unsure", *PRIVATE_PLAN), "read_the_notice"),
    ],
)
def test_each_reason_for_a_denial_has_its_own_answer(words, end):
    patient = came_for("denied", "skip", *words)
    assert patient.at == f"denied/{end}"
    assert patient.case.due("appeal_ends", patient.walk().live) == date(2027, 5, 1)


def test_a_denial_for_want_of_a_letter_names_what_the_notice_says_is_missing():
    patient = came_for("denied", "skip", "letter", *PRIVATE_PLAN, "yes")
    said = patient.says("1, 4")
    message = next(text for text in said.messages if text.startswith("Copy this to your provider"))
    asked = [line for line in message.splitlines() if line.startswith("- ")]
    assert asked == [
        "- the diagnosis, named as a disease or condition",
        "- a start and an end date, 12 months at most",
    ]


def test_nobody_denies_an_hsa():
    patient = came_for("denied", account="hsa")
    assert patient.at == "denied/hsa_nobody_denies"
    assert documents(patient) == ()


@pytest.mark.parametrize(
    ("account", "answers", "last_day"),
    [
        ("fsa", {"plan_kind": "private"}, date(2027, 5, 1)),
        ("hra", {"plan_kind": "private"}, date(2027, 5, 1)),
        ("fsa", {"plan_kind": "public"}, None),
        ("fsa", {"plan_kind": "unsure"}, None),
        ("insurer", {"cover_kind": "private", "stage": "first"}, date(2027, 5, 1)),
        ("insurer", {"cover_kind": "private", "stage": "final"}, date(2027, 3, 2)),
        ("insurer", {"cover_kind": "public"}, None),
        ("insurer", {"cover_kind": "medicare"}, None),
        ("insurer", {"cover_kind": "medicaid"}, None),
        ("fsa", {"plan_kind": "private", "notice_says": "2027-01-15"}, date(2027, 1, 15)),
        ("insurer", {"cover_kind": "medicare", "notice_says": "2027-01-15"}, date(2027, 1, 15)),
        ("fsa", {"plan_kind": "private", "noticed": None}, None),
    ],
)
def test_the_last_day_to_appeal_depends_on_the_path_and_the_notice_wins(account, answers, last_day):
    walk = denied(account, **answers)
    assert case_of(shipped()).due("appeal_ends", walk.live) == last_day


def denied(account: str, **answers: str | None) -> Walk:
    told = {"noticed": "2026-11-02", "notice_says": None, "urgent": "no", **answers}
    case = case_of(
        shipped(),
        {
            "consent": "agree",
            "topic": "denied",
            "expense": {"id": "massage_gun", "name": "Massage gun"},
            "account": account,
            "administrator": None,
            "denied/reason": "excluded",
            **{f"denied/{name}": value for name, value in told.items()},
        },
    )
    return case.content.machine.walk(case.session, case)


def test_each_path_says_where_its_number_comes_from():
    sources = {
        place.key: [source.url for source in place.sources]
        for place in shipped().machine.by_key.values()
        if place.flow == "denied"
    }
    assert any("healthcare.gov" in url for url in sources["denied/day_insurer"])
    assert any("soundadmin" in url for url in sources["denied/day_plan"])
    assert any("dol.gov" in url for url in sources["denied/day_in_notice"])


def test_an_urgent_case_is_told_of_72_hours():
    patient = came_for("denied", "necessity", "November 2", "skip", account="insurer")
    said = patient.says("private", "first", "yes")
    assert "within 72 hours" in said
    assert "Please decide within 72 hours." in said


def test_a_last_day_that_is_over_is_told():
    patient = came_for("denied", "skip", "excluded", "January 5, 2026", "skip")
    said = patient.says("private")
    assert "The time to appeal may be over." in said


# --- renewal, and a provider who says no -----------------------------------------------------


def test_a_renewal_counts_from_the_old_letter_and_says_what_changed():
    patient = came_for("renew", "skip", "January 5, 2026", "skip", "yes", "1, 3", "twice a week")
    said = patient.says("less pain")
    assert patient.at == "renewal/new_letter"
    assert "until January 5, 2027 at the latest" in said
    assert "So the new letter must name the new one." in said
    message = next(text for text in said.messages if text.startswith("Copy this"))
    assert "It says: twice a week." in message
    assert "- the condition is better\n- how often or how much it is used" in message


def test_nothing_is_renewed_that_the_provider_no_longer_wants():
    patient = came_for("renew", "skip", "skip", "skip", "no")
    assert patient.at == "renewal/no_longer"
    assert documents(patient) == ("visit_questions",)


@pytest.mark.parametrize(
    ("why", "end"),
    [
        ("not_needed", "accept_it"),
        ("not_theirs", "ask_who_treats"),
        ("no_time", "make_it_short"),
        ("liability", "only_what_is_true"),
        ("unclear", "show_what_is_wanted"),
        ("fee", "about_fees"),
        ("unsure", "ask_why"),
    ],
)
def test_each_no_of_a_provider_has_its_own_answer(why, end):
    patient = came_for("no", why.replace("_", " "))
    assert patient.at == f"provider_no/{end}"


def test_a_medical_no_is_never_argued_with():
    patient = came_for("no", "not needed")
    assert "A medical no counts." in patient.last
    assert documents(patient) == ("visit_questions",)


# --- the insurer, families, taxes ------------------------------------------------------------


def insured(*words: str, provider: str = "doctor") -> Patient:
    patient = came_for("letter", "me", expense="wheelchair", account="insurer")
    while patient.at != "insurer/care_kind":
        answers = {"provider": provider, "diagnosed": "yes", "recommended": "no"}
        patient.says(answers.get(patient.at, "skip")) if patient.at in answers else skip(patient)
    patient.says(*words)
    return patient


def skip(patient: Patient) -> None:
    place = patient.walk().at
    if place.step.skip is not None:
        patient.sends("skip")
    else:
        patient.says(place.step.choices[-1].replace("_", " "))


def test_equipment_under_medicare_needs_an_order_and_who_may_give_it_is_told():
    patient = insured("equipment", "medicare", provider="therapist")
    assert "clinical nurse specialists" in patient.last
    assert "a letter alone is not enough" in patient.last
    assert "cms.gov" in str(patient.last.outgoing)


def test_a_doctor_is_not_told_to_find_another_provider():
    patient = insured("equipment", "medicare")
    assert "takes an equipment order only from some providers" not in patient.last
    assert "a letter alone is not enough" in patient.last


@pytest.mark.parametrize(
    ("kind", "argued"),
    [
        ("equipment", "each part or feature"),
        ("therapy", "how many sessions"),
        ("drug", "each drug tried before"),
        ("other", "why a simpler or cheaper choice"),
    ],
)
def test_the_insurers_letter_argues_what_fits_the_kind_of_care(kind, argued):
    patient = insured(kind, "private", "yes", "ok")
    assert patient.at == "insurer/insurer_letter"
    assert argued in patient.last


@pytest.mark.parametrize(
    ("account", "whom", "told"),
    [
        ("fsa", "child", "under 27 at the end of the year"),
        ("hsa", "child", "tax dependent"),
        ("fsa", "spouse", "must ask their own provider"),
        ("fsa", "adult", "ask your plan first if that person counts"),
        ("hsa", "adult", "your tax dependents"),
    ],
)
def test_a_family_member_brings_the_account_s_rule_with_its_source(account, whom, told):
    patient = came_for("letter", *["skip"] * (account == "fsa"), whom, account=account)
    assert told in patient.last
    assert "Source: " in patient.last


def test_without_itemizing_a_deduction_is_told_to_bring_nothing():
    patient = came_for("letter", "no", account="deduction")
    assert "Then this cost may not lower your tax." in patient.last
    assert "7.5%" in patient.last


# --- what the checks say about dates and lists -----------------------------------------------


def broken(path: str, old: str, new: str) -> list[str]:
    files = dict(shipped_files())
    assert old in files[path]
    files[path] = files[path].replace(old, new, 1)
    return [one.what for one in errors_of(files)]


def test_a_date_is_worked_out_from_a_date():
    found = broken("flows/denied.yaml", "{from: notice_says}", "{from: reason}")
    assert found == ['"reason" is no question that asks for a date']


def test_a_date_that_depends_on_a_wrong_answer_is_found():
    found = broken("flows/denied.yaml", "stage: final}", "stage: last}")
    assert found == ['"stage" can never be "last"']


def test_a_reminder_needs_a_date_there_is():
    found = broken("flows/denied.yaml", "{before: appeal_ends,", "{before: apeal_ends,")
    assert found == ['there is no date "apeal_ends" to remind of']


def test_a_date_worked_out_is_compared_as_a_date():
    found = broken("flows/denied.yaml", "{before: today}", "{is: private}")
    assert found == ['"dates.appeal_ends" is a date: use `before`, `after` or `answered`']


def test_one_name_means_one_date():
    date_lines = "dates:\n  appeal_ends:\n    - {from: old_dated, days: 5}\nsteps:\n"
    found = broken("flows/renewal.yaml", "steps:\n", date_lines)
    assert found == ['the flow "denied" works out a date "appeal_ends" too']


def test_only_ticks_are_picked_among_a_list():
    flow = small_files(
        "format: 1\nflow: letter\ntitle: T\nstart: consent\nsteps:\n"
        "  consent:\n    say: OK?\n    among: plan.fields\n    buttons: {agree: Yes}\n"
        "  done:\n    say: Your plan decides, and may say no.\n    outcome: letter\n"
    )
    [problem] = errors_of(flow)
    assert problem.what == 'step "consent" has `among`, which fits only `input: multi`'
