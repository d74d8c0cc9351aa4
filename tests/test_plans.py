"""Plans: what is known of an administrator and an employer, and what is wrong with their files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan_files import (
    CORE_FIELDS,
    INSURER_FIELDS,
    PLAN_ACCOUNTS,
    TAX_FIELDS,
    UNION_FIELDS,
)
from bot.plans import (
    ACCOUNTS,
    PLAN_NAMES,
    Administrator,
    Employer,
    administrator_problems,
    employer_problems,
    find_administrator,
    find_employer,
    plan_facts,
    surely_names,
)
from bot.shapes import validate
from bot.yaml_text import YamlDocument, parse

TODAY = date(2026, 11, 23)
FLOWS = Path(__file__).parent.parent / "flows"


def read_all(folder: str) -> list[YamlDocument]:
    return [
        parse(path.read_text(encoding="utf-8"), f"flows/{folder}/{path.name}")
        for path in sorted((FLOWS / folder).glob("*.yaml"))
    ]


SHIPPED = {
    administrator.id: administrator
    for administrator in (validate(one, Administrator) for one in read_all("administrators"))
}
EXAMPLE = validate(read_all("employers")[0], Employer)

ADMINISTRATOR = """\
format: 1
administrator: acme
name: Acme Benefits
synonyms: [acme, acme flex]
accounts: [fsa, hra]
sources:
  help:
    title: Acme help
    url: https://acme.example.com/help
    checked_on: "2026-11-01"
    recheck_by: "2027-11-01"
facts:
  signer: {value: physician, source: help}
"""

EMPLOYER = """\
format: 1
employer: bakery
name: The Bakery
administrator: acme
accounts: [fsa]
plan_year: {starts: "07-01", ends: "06-30"}
sources:
  plan:
    title: Plan summary
    url: https://bakery.example.com/plan
    checked_on: "2026-11-01"
    recheck_by: "2027-11-01"
facts:
  signer: {value: licensed, source: plan}
overrides:
  hot_tub: {status: never, reason: Left out., reason_es: No incluido., source: plan}
"""


def acme(**changes: str) -> YamlDocument:
    return written(ADMINISTRATOR, "flows/administrators/acme.yaml", changes)


def bakery(**changes: str) -> YamlDocument:
    return written(EMPLOYER, "flows/employers/bakery.yaml", changes)


def written(text: str, path: str, changes: dict[str, str]) -> YamlDocument:
    for old, new in changes.items():
        line = next(line for line in text.splitlines() if line.strip().startswith(f"{old}:"))
        text = text.replace(line, new)
    return parse(dedent(text), path)


def said(problems: list) -> list[str]:  # type: ignore[type-arg]
    return [str(problem) for problem in problems]


# --- the shipped files -----------------------------------------------------------------------


def test_at_least_22_administrators_are_shipped_without_a_problem():
    documents = read_all("administrators")
    assert administrator_problems(documents, TODAY) == []
    assert len(documents) >= 22


def test_shipped_employer_files_are_sound_against_the_shipped_catalogue():
    expenses = {entry for one in read_all("expenses") for entry in one.value["expenses"]}
    assert employer_problems(read_all("employers"), TODAY, SHIPPED, expenses) == []


def test_every_shipped_fact_has_a_dated_source_to_show():
    for administrator in SHIPPED.values():
        plan = plan_facts("fsa", administrator, None)
        for name, _ in administrator.facts.known():
            source = plan.source_of(name)
            assert source is not None, (administrator.id, name)
            assert source.checked_on <= TODAY < source.recheck_by


@pytest.mark.parametrize(
    ("who", "fact", "value", "address"),
    [
        ("healthequity", "buy", "after_approval", "help.healthequity.com"),
        ("healthequity", "months_valid", 12, "help.healthequity.com"),
        ("take_command", "valid_from", "plan_year", "take-command-health"),
        ("take_command", "send", "first_claim", "take-command-health"),
        ("via_benefits", "valid_from", "end_of_treatment", "help.viabenefits.com"),
        ("american_fidelity", "questionnaire_letters", "refused", "americanfidelity.com"),
        ("american_fidelity", "capital", "never", "1library.net"),
        ("basic", "food", "never", "basiconline.com"),
        ("basic", "send", "every_claim", "basiconline.com"),
        ("probenefits", "food", "never", "probenefits.com"),
        ("sentinel", "send", "once_a_year", "sentinelgroup.com"),
        ("forma", "form", "none", "joinforma.com"),
        ("first_dollar", "appeal_days", 180, "firstdollar.com"),
        ("ameriflex", "word_rules", ("treat_not_prevent",), "crunch.help"),
        ("navia", "buy", "after_treatment_start", "scribd.com"),
        ("navia", "card_days", 75, "naviabenefits.com"),
        ("tasc", "participant_signs", True, "dochub.com"),
        ("ebc", "food", "worksheet", "paperzz.com"),
        ("optum", "buy", "within_letter_dates", "truemed.com"),
    ],
)
def test_an_administrators_rule_is_as_its_page_has_it(who, fact, value, address):
    plan = plan_facts("fsa", SHIPPED[who], None)
    assert getattr(plan, fact) == value
    assert address in plan.source_of(fact).url


# --- the facts of one person's plan ----------------------------------------------------------


def test_a_plan_nobody_named_takes_the_union_of_fields_and_the_safe_order():
    plan = plan_facts("fsa", None, None)
    assert plan.fields == UNION_FIELDS
    assert plan.union_fields
    assert plan.buy_after_approval
    assert plan.send_before_claim
    assert not plan.named
    assert not plan.known("buy")
    assert plan.source_of("buy") is None


def test_what_an_administrator_does_not_say_stays_unknown():
    plan = plan_facts("fsa", SHIPPED["fidelity"], None)
    assert plan.named
    assert plan.union_fields
    assert plan.electronic_signature is None
    assert plan.food is None


def test_the_union_holds_every_field_that_any_administrator_asks_for():
    asked = {
        name
        for administrator in SHIPPED.values()
        for name in plan_facts("fsa", administrator, None).fields
    }
    assert asked <= set(plan_facts("fsa", None, None).fields)


def test_an_employers_word_comes_before_its_administrators():
    administrator = validate(acme(), Administrator)
    employer = validate(bakery(), Employer)
    plan = plan_facts("fsa", administrator, employer)
    assert plan.signer == "licensed"
    assert plan.source_of("signer").title == "Plan summary"
    assert plan_facts("fsa", administrator, None).signer == "physician"


def test_an_employers_own_form_comes_before_the_administrators():
    form = "facts: {form_url: {value: https://acme.example.com/form, source: help}}"
    administrator = validate(acme(signer="", facts=form), Administrator)
    assert plan_facts("fsa", administrator, None).form_url == "https://acme.example.com/form"
    plan = plan_facts("fsa", administrator, EXAMPLE)
    assert plan.form_url == "https://benefits.example.com/letter-form.pdf"


def test_what_every_letter_shows_is_asked_for_where_a_page_leaves_it_out():
    stated = SHIPPED["manley"].facts.fields.value
    assert not {"signature", "necessity", "patient"} & set(stated)
    for administrator in SHIPPED.values():
        wanted = set(plan_facts("fsa", administrator, None).fields)
        assert set(CORE_FIELDS) - wanted <= {"duration"}, administrator.id
        assert wanted & {"duration", "start_end_dates"}
        stated = administrator.facts.fields
        assert stated is None or set(stated.value) <= wanted
    assert "duration" not in plan_facts("fsa", SHIPPED["wageworks"], None).fields


def test_an_insurer_asks_for_what_its_reviewer_reads_and_not_for_an_accounts_lines():
    plan = plan_facts("insurer", None, EXAMPLE)
    assert plan.fields == INSURER_FIELDS
    assert not plan.union_fields
    assert not {"account_holder", "employer", "not_general_health"} & set(plan.fields)


@pytest.mark.parametrize("account", ["hsa", "deduction", "insurer"])
def test_an_employers_form_and_deadlines_are_for_its_own_plan_alone(account):
    plan = plan_facts(account, None, EXAMPLE)
    assert plan.form_url is None
    assert plan.run_out_days is None
    assert plan.plan_year_ends is None
    assert plan.contact is not None


def test_only_fsafeds_is_known_to_be_a_governments():
    governments = [who for who in SHIPPED if plan_facts("fsa", SHIPPED[who], None).government]
    assert governments == ["fsafeds"]
    assert "dol.gov" in plan_facts("fsa", SHIPPED["fsafeds"], None).source_of("government").url


def test_a_refused_expense_that_does_not_exist_is_found():
    facts = "facts: {refuses: {value: [mattress, matress], source: help}}"
    document = acme(signer="", facts=facts)
    [problem] = administrator_problems([document], TODAY, ["mattress"])
    assert problem.what == 'there is no expense "matress"'
    assert problem.hint == 'Did you mean "mattress"?'


@pytest.mark.parametrize("account", ["hsa", "deduction"])
def test_nobody_approves_what_the_owner_decides(account):
    plan = plan_facts(account, SHIPPED["healthequity"], None)
    assert plan.buy == "after_letter_date"
    assert not plan.buy_after_approval
    assert not plan.sends_letter
    assert plan.fields == TAX_FIELDS
    assert plan.appeal_days is None


def test_the_dates_and_the_desk_of_an_employer_are_known():
    plan = plan_facts("fsa", SHIPPED["healthequity"], EXAMPLE)
    assert (plan.plan_year_starts, plan.plan_year_ends) == ("01-01", "12-31")
    assert plan.run_out_days == 90
    assert plan.contact.name == "Benefits desk"
    assert plan.appeal_days == 180


def test_a_rule_about_preventing_binds_only_where_the_plans_list_is_unknown():
    assert "treat_not_prevent" in plan_facts("fsa", None, None).word_rules
    assert "treat_not_prevent" not in plan_facts("fsa", SHIPPED["forma"], None).word_rules
    assert "treat_not_prevent" not in plan_facts("hsa", None, None).word_rules


def test_every_name_for_conditions_has_a_value_of_its_kind():
    employers = (None, EXAMPLE)
    for account in (None, *ACCOUNTS):
        for administrator in (None, *SHIPPED.values()):
            for employer in employers:
                names = plan_facts(account, administrator, employer).names()
                assert names.keys() == PLAN_NAMES.keys()
                for name, value in names.items():
                    allowed = PLAN_NAMES[name]
                    if value is None:
                        continue
                    if isinstance(allowed, type):
                        assert isinstance(value, allowed), name
                    else:
                        values = value if isinstance(value, tuple) else (value,)
                        assert set(values) <= set(allowed), name


def test_a_plans_exclusions_are_for_plans_only():
    for account in ACCOUNTS:
        plan = plan_facts(account, SHIPPED["american_fidelity"], None)
        assert (plan.capital == "never") == (account in PLAN_ACCOUNTS)


# --- picked by name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("HealthEquity", "healthequity"),
        ("health equity", "healthequity"),
        ("helth equity", "healthequity"),
        ("healthequty", "healthequity"),
        ("I think it's Health Equity, through work", "healthequity"),
        ("he", "healthequity"),
        ("WageWorks", "wageworks"),
        ("wage work", "wageworks"),
        ("wex", "wex"),
        ("discovery benefits", "wex"),
        ("payflex", "inspira"),
        ("inspira finacial", "inspira"),
        ("American Fidelity", "american_fidelity"),
        ("american fidelty", "american_fidelity"),
        ("it is with american fidelity", "american_fidelity"),
        ("fidelity", "fidelity"),
        ("fidelty", "fidelity"),
        ("FSA Feds", "fsafeds"),
        ("fsafed", "fsafeds"),
        ("connect your care", "optum"),
        ("Optúm Bank!", "optum"),
        ("extend health", "via_benefits"),
        ("ebc", "ebc"),
        ("T.A.S.C.", "tasc"),
        ("select account", "further"),
        ("nuesinergy", "nuesynergy"),
        ("nabia", "navia"),
        ("none of these", None),
        ("mine isn't listed", None),
        ("I don't know", None),
        ("he told me it is paid", None),
        ("blue cross", None),
        ("", None),
        ("?!", None),
    ],
)
def test_an_administrator_is_found_by_name_synonym_and_small_typos(words, found):
    first = [one.id for one in find_administrator(words, SHIPPED.values())][:1]
    assert first == ([found] if found else [])


def test_two_names_in_one_message_are_both_offered():
    found = find_administrator("either navia or further, not sure", SHIPPED.values())
    assert {one.id for one in found} == {"navia", "further"}


def test_every_shipped_name_and_synonym_leads_to_its_own_administrator():
    for administrator in SHIPPED.values():
        for name in administrator.names:
            assert find_administrator(name, SHIPPED.values()) == (administrator,), name


def test_an_employer_is_found_by_name_too():
    assert find_employer("example compny", [EXAMPLE]) == (EXAMPLE,)
    assert find_employer("another firm", [EXAMPLE]) == ()


@given(st.text(max_size=300))
def test_anything_may_be_typed_as_a_name(words):
    found = find_administrator(words, SHIPPED.values())
    assert {one.id for one in found} <= SHIPPED.keys()


# --- what is wrong with the files ------------------------------------------------------------


def test_the_sample_files_of_these_tests_are_sound():
    assert administrator_problems([acme()], TODAY) == []
    assert employer_problems([bakery()], TODAY, ["acme"], ["hot_tub"]) == []


def test_an_unknown_source_is_named_with_a_suggestion():
    problems = administrator_problems(
        [acme(signer="  signer: {value: physician, source: hlp}")], TODAY
    )
    assert said(problems) == [
        (
            'flows/administrators/acme.yaml:13:38: there is no source "hlp" in this file. '
            'Did you mean "help"?'
        )
    ]


def test_a_source_past_its_day_is_a_warning():
    (problem,) = administrator_problems([acme()], date(2027, 11, 2))
    assert problem.severity == "warning"
    assert problem.line == 11
    assert "was to be rechecked by 2027-11-01" in problem.what
    assert administrator_problems([acme()], date(2027, 11, 1)) == []


@pytest.mark.parametrize(
    ("line", "said_so"),
    [
        ('    checked_on: "2026-12-24"', "a day still to come"),
        ('    checked_on: "2027-11-01"', "must be rechecked after the day it was checked"),
        ('    checked_on: "2026-13-01"', ""),
        ("    checked_on: soon", ""),
    ],
)
def test_a_bad_date_is_a_problem_on_its_line(line, said_so):
    problems = administrator_problems([acme(checked_on=line)], TODAY)
    assert any(said_so in problem.what and problem.severity == "error" for problem in problems)
    assert {problem.line for problem in problems} <= {10, 11}


def test_two_administrators_cannot_share_a_name():
    other = ADMINISTRATOR.replace("administrator: acme", "administrator: zenith")
    other = other.replace("name: Acme Benefits", "name: Zenith").replace("[acme, ", "[Acmé, ")
    problems = administrator_problems(
        [acme(), parse(other, "flows/administrators/zenith.yaml")], TODAY
    )
    assert [(problem.line, problem.what) for problem in problems] == [
        (4, 'the name "Acmé" is already used by "acme"'),
        (4, 'the name "acme flex" is already used by "acme"'),
    ]


def test_a_synonym_written_twice_is_a_problem():
    (problem,) = administrator_problems([acme(synonyms="synonyms: [acme, ACME]")], TODAY)
    assert problem.what == 'the name "ACME" is written twice'


def test_a_file_and_its_id_are_the_same_name():
    (problem,) = administrator_problems([acme(administrator="administrator: akme")], TODAY)
    assert problem.what == 'this file is "acme" but says "administrator: akme"'


def test_an_unknown_fact_or_value_is_a_problem_with_a_suggestion():
    wrong = "  sender: {value: physician, source: help}\n  form: {value: optoinal, source: help}"
    problems = "\n".join(said(administrator_problems([acme(signer=wrong)], TODAY)))
    assert 'Did you mean "send"?' in problems or 'Did you mean "signer"?' in problems
    assert 'Did you mean "optional"?' in problems


def test_a_letter_for_more_than_twelve_months_is_no_fact():
    problems = administrator_problems(
        [acme(signer="  months_valid: {value: 24, source: help}")], TODAY
    )
    assert [problem.line for problem in problems] == [13]


def test_an_employers_unknown_administrator_is_named_with_a_suggestion():
    (problem,) = employer_problems([bakery(administrator="administrator: amce")], TODAY, ["acme"])
    assert str(problem) == (
        'flows/employers/bakery.yaml:4:16: there is no administrator "amce". Did you mean "acme"?'
    )


def test_an_override_for_an_expense_that_does_not_exist_is_a_problem():
    (problem,) = employer_problems([bakery()], TODAY, ["acme"], ["hot_tubs", "gym"])
    assert problem.what == 'there is no expense "hot_tub"'
    assert problem.hint == 'Did you mean "hot_tubs"?'


def test_an_overrides_source_must_exist():
    wrong = "  hot_tub: {status: never, reason: No., reason_es: No., source: summary}"
    (problem,) = employer_problems([bakery(hot_tub=wrong)], TODAY)
    assert problem.what == 'there is no source "summary" in this file'


@pytest.mark.parametrize(
    ("starts", "ends", "sound"),
    [
        ("01-01", "12-31", True),
        ("07-01", "06-30", True),
        ("03-01", "02-28", True),
        ("03-01", "02-29", True),
        ("01-01", "12-30", False),
        ("07-01", "12-31", False),
    ],
)
def test_a_plan_year_that_is_not_twelve_months_is_a_warning(starts, ends, sound):
    year = f'plan_year: {{starts: "{starts}", ends: "{ends}"}}'
    problems = employer_problems([bakery(plan_year=year)], TODAY)
    assert [problem.severity for problem in problems] == ([] if sound else ["warning"])


@pytest.mark.parametrize(
    "year",
    ['{starts: "13-01", ends: "12-31"}', '{starts: "01-01", ends: "02-30"}', '{starts: "1/1"}'],
)
def test_a_plan_year_with_impossible_days_is_refused(year):
    assert employer_problems([bakery(plan_year=f"plan_year: {year}")], TODAY)


def test_a_web_address_must_be_whole():
    problems = employer_problems(
        [bakery(accounts="accounts: [fsa]\nform_url: bakery.example.com/form")], TODAY
    )
    assert "this is not a web address" in problems[0].what


@pytest.mark.parametrize("mail", ["benefits", "benefits@", "a b@example.com", "x@localhost"])
def test_a_mail_address_must_be_whole(mail):
    contact = f'accounts: [fsa]\ncontact: {{name: Desk, email: "{mail}"}}'
    (problem,) = employer_problems([bakery(accounts=contact)], TODAY)
    assert "this is not an e-mail address" in problem.what


def test_every_file_that_cannot_be_read_is_named_and_the_others_are_still_checked():
    broken = parse("format: 2\n", "flows/administrators/broken.yaml")
    stale = acme()
    paths = {one.path for one in administrator_problems([broken, stale], date(2028, 1, 1))}
    assert paths == {"flows/administrators/broken.yaml", "flows/administrators/acme.yaml"}


@pytest.mark.parametrize(
    ("words", "who", "sure"),
    [
        ("HealthEquity", "healthequity", True),
        ("i have health equity", "healthequity", True),
        ("i have health equty", "healthequity", False),
        ("healthequty", "healthequity", True),
        ("wex", "wex", True),
        ("BASIC", "basic", True),
        ("just a basic plan", "basic", False),
        ("no further idea", "further", False),
        ("employee benefits", "ebc", False),
        ("inspire", "inspira", False),
    ],
)
def test_an_ordinary_word_is_no_sure_name(words, who, sure):
    [found] = find_administrator(words, SHIPPED.values())
    assert found.id == who
    assert surely_names(words, found) is sure


def test_two_names_in_one_breath_are_two_companies():
    found = find_administrator("HealthEquity / WageWorks", SHIPPED.values())
    assert {one.id for one in found} == {"healthequity", "wageworks"}
