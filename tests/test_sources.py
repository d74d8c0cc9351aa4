"""Facts in flows name their sources; what was read too long ago is softened."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.checks import problems_of
from tests.guiding import (
    NOW,
    Patient,
    errors_of,
    shipped_files,
    small,
    small_files,
    step,
    walked_to,
)

FLOW = """\
format: 1
flow: letter
title: T
start: consent
sources:
  page:
    title: A page
    url: "https://example.org/page"
    checked_on: "2026-11-01"
    recheck_by: "{recheck_by}"
steps:
  consent:
    say: Is this OK with you?
    buttons: {{agree: Yes, decline: No}}
    next:
      - {{when: {{consent: decline}}, go: declined}}
      - {{go: fact}}
  fact:
    say: A plan gives 180 days.
    sources: [{source}]
  done:
    say: Your plan decides, and may say no.
    outcome: letter
  declined:
    say: Fine.
    outcome: declined
"""


def flow(source: str = "page", recheck_by: str = "2027-11-01") -> str:
    return FLOW.format(source=source, recheck_by=recheck_by)


def said(recheck_by: str) -> str:
    patient = Patient(small(flow(recheck_by=recheck_by)))
    return patient.taps("Yes").text


def test_a_fact_is_said_with_its_source_and_date():
    assert "180 days.\n\nSource: A page, checked November 1, 2026." in said("2027-11-01")


def test_a_fact_that_should_have_been_read_again_is_softened():
    text = said("2026-11-20")
    assert "I read this on November 1, 2026: A page." in text
    assert "please check with your administrator" in text


def test_a_source_leads_to_its_page():
    patient = Patient(small(flow()))
    [link] = [
        entity.url
        for message in patient.taps("Yes").outgoing
        for entity in getattr(message, "entities", ())
        if entity.type == "text_link"
    ]
    assert link == "https://example.org/page"


def test_an_unknown_source_is_an_error_with_its_place():
    [problem] = errors_of(small_files(flow(source="pages")))
    assert problem.what == 'there is no source "pages" in this file'
    assert problem.hint == 'Did you mean "page"?'
    assert (problem.path, problem.line) == ("flows/letter.yaml", 20)


def test_a_source_nobody_uses_is_a_warning():
    unused = flow().replace("    sources: [page]\n", "")
    found = [
        one for one in problems_of(small_files(unused), date(2026, 11, 23)) if "page" in one.what
    ]
    assert [one.what for one in found] == ['no step of this flow uses the source "page"']
    assert found[0].severity == "warning"


@pytest.mark.parametrize(
    ("recheck_by", "today", "severity"),
    [
        ("2027-11-01", date(2026, 11, 23), None),
        ("2027-11-01", date(2027, 11, 2), "warning"),
        ("2026-10-01", date(2026, 11, 23), "error"),
        ("2027-11-01", date(2026, 10, 1), "error"),
    ],
)
def test_dates_of_sources_are_held_against_today(recheck_by, today, severity):
    found = [
        one.severity
        for one in problems_of(small_files(flow(recheck_by=recheck_by)), today)
        if one.path == "flows/letter.yaml" and "source" in one.what
    ]
    assert found == ([severity] if severity else [])


YEARS_LATER = NOW + timedelta(days=1500)


def said_on_the_way(patient: Patient, key: str) -> str:
    """What the guide said in the turn that came past a step."""
    texts: list[str] = []
    heard = patient.hears

    def hears(one):
        said = heard(one)
        texts.append(said.text)
        return said

    patient.hears = hears
    walked_to("end", patient, bought="November 2")
    title = step(patient.content, key).step.say.splitlines()[0]
    return next(text for text in texts if re.sub("<.*?>", "", title) in text)


def test_a_fact_of_the_plan_is_told_with_the_page_of_that_plan():
    text = said_on_the_way(Patient(), "bought_already")
    assert text.count("Source: HealthEquity: letter of medical necessity, checked") == 1


def test_a_verdict_is_told_with_its_pages():
    patient = walked_to("bought", Patient())
    found = next(one for one in patient.last.messages if "a letter may help" in one)
    verdict = patient.case.verdict(patient.walk().live)
    assert verdict.sources
    assert found.count("Source: ") == len({source.url for source in verdict.sources})


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("plan.signr", 'Did you mean "plan.signer"?'),
        ("plan.union_fields", None),
        ("verdikt", 'Did you mean "verdict"?'),
    ],
)
def test_only_facts_that_have_pages_can_be_named(name, hint):
    [problem] = errors_of(small_files(flow(source=f"page, {name}")))
    assert problem.what == f'there is no source "{name}" in this file'
    assert hint is None or problem.hint == hint


def test_years_later_no_page_is_shown_without_a_word_to_check():
    patient = Patient(now=YEARS_LATER)
    shown = 0
    heard = patient.hears

    def hears(one):
        nonlocal shown
        said = heard(one)
        for line in said.text.splitlines():
            if "checked November 23, 2026" in line or line.startswith("I read this on"):
                shown += 1
                assert "it may have changed" in line.lower(), line
        return said

    patient.hears = hears
    walked_to("end", patient)
    patient.says("how long do I have to appeal?")
    assert shown > 10


def test_years_later_the_check_warns_of_every_file_with_pages():
    later = YEARS_LATER.date()
    files = shipped_files()
    late = {one.path for one in problems_of(files, later) if "to be rechecked by" in one.what}
    paged = {path for path, text in files.items() if "recheck_by:" in text}
    assert late == paged | {"bot/reasons.py"}
