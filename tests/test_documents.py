"""The documents: true to what was answered, and to nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.case import PersonCase
from bot.conversation import Guide
from bot.library import find_root, load
from bot.reasons import PAPERS
from bot.session import Answer, Session
from bot.wording import Speaker

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACCOUNTS = ("fsa", "lpfsa", "hsa", "hra", "insurer", "deduction")
CLINICAL = ("Diagnosis:", "How often or how much:", "Start date:", "How it treats the diagnosis:")


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide(load(find_root(), NOW.date()), lambda: "document")


def texts(guide: Guide, name: str, language: str = "en", **answers: object) -> list[str]:
    """A document for these answers."""
    given = {key: Answer(value, NOW) for key, value in answers.items()}  # type: ignore[arg-type]
    base = {"consent": Answer("agree", NOW), "topic": Answer("letter", NOW)}
    session = Session("document", language, answers={**base, **given})
    case = PersonCase(guide.content, session, NOW.date())
    walk = guide.content.machine.walk(session, case)
    return [one.text for one in Speaker(case, walk).documents(name)]


def answers(account: str, **more: object) -> dict[str, object]:
    return {
        "expense": {"id": "massage_gun", "name": "Massage gun"},
        "account": account,
        "itemizes": "yes",
        "administrator": None,
        "for_whom": "me",
        "diagnosed": "yes",
        "bought": None,
        "provider": "doctor",
        **more,
    }


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("kind", ["me", "child", "spouse", "adult"])
def test_the_portal_message_fits_a_portal_however_long_the_answers(
    guide: Guide, account: str, kind: str
):
    longest = "W" * 120
    given = answers(
        account,
        expense={"id": None, "name": longest},
        condition=longest,
        for_whom=kind,
        cosmetic="treats",
        home="movable",
        bought="2026-09-30",
    )
    for language in ("en", "es"):
        for text in texts(guide, "provider_message", language, **given):
            assert len(text) <= 1000 + 200  # the lines around the part that is copied
            copied = text.split("\n", 1)[1].rsplit("\n", 1)[0]
            assert len(copied) <= 1000


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_document_says_that_the_plan_decides(guide: Guide, account: str):
    for name in {key.partition("/")[2] for key in guide.content.templates.sources}:
        assert any("may say no" in text for text in texts(guide, name, **answers(account)))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_clinical_line_of_the_outline_is_a_blank(guide: Guide, account: str):
    given = answers(account, condition="neck pain", how_often="daily", recommended="yes")
    (outline,) = texts(guide, "letter_outline", **given)
    assert "neck pain" not in outline
    assert "daily" not in outline
    for line in CLINICAL:
        assert re.search(rf"{re.escape(line)} _+", outline), line


def test_nothing_that_was_not_said_is_in_the_message(guide: Guide):
    (message,) = texts(guide, "provider_message_full", **answers("fsa"))
    for words in ("mentioned", "You told me", "have tried", "these papers"):
        assert words not in message


def test_names_are_blanks_and_never_asked_for(guide: Guide):
    (message,) = texts(guide, "provider_message_full", **answers("fsa"))
    assert "[your name]" in message
    asked = [place.step.say.casefold() for place in guide.content.machine.by_key.values()]
    for words in ("your name", "birth date?", "member number?", "social security"):
        assert not any(words in say for say in asked if "never ask" not in say), words


def test_an_hsa_owner_is_told_to_keep_the_letter_and_send_it_to_nobody(guide: Guide):
    (checklist,) = texts(guide, "checklist", **answers("hsa"))
    assert "Send them to nobody" in checklist
    assert "every claim" not in checklist


def test_the_example_is_marked_as_invented(guide: Guide):
    (checklist,) = texts(guide, "checklist", **answers("fsa"))
    assert "An example, for a different and invented patient" in checklist


def test_a_spanish_chat_gets_the_provider_message_in_both_languages(guide: Guide):
    english, spanish = texts(guide, "provider_message", "es", **answers("fsa"))
    assert "letter of medical necessity" in english
    assert "carta de necesidad médica" in spanish.casefold()


def test_facts_are_shown_with_their_page_and_date(guide: Guide):
    given = answers("fsa", administrator={"id": "healthequity", "name": "HealthEquity"})
    (checklist,) = texts(guide, "checklist", **given)
    assert "checked November 23, 2026" in checklist
    assert "HealthEquity: " in checklist


def test_an_employers_notice_reaches_the_account_it_is_for(guide: Guide):
    given = {key: Answer(value, NOW) for key, value in answers("fsa").items()}  # type: ignore[arg-type]
    consent = {"consent": Answer("agree", NOW), "topic": Answer("letter", NOW)}
    said = {}
    for account in ("fsa", "hsa"):
        told = {**consent, **given, "account": Answer(account, NOW)}
        session = Session("document", "en", employer="example", answers=told)
        case = PersonCase(guide.content, session, NOW.date())
        walk = guide.content.machine.walk(session, case)
        said[account] = Speaker(case, walk).documents("checklist")[0].text
    assert "Send your claims for this year by March 31." in said["fsa"]
    assert "March 31" not in said["hsa"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_checklist_lists_every_page_behind_it_once(guide: Guide, account: str, language: str):
    text = "\n".join(texts(guide, "checklist", language, **answers(account)))
    _, found, pages = text.partition(
        "Where this comes from" if language == "en" else "De dónde viene esto"
    )
    assert found
    listed = [line for line in pages.splitlines() if line.startswith("• ")]
    assert len(listed) == len(set(listed))
    for page in PAPERS:
        assert any(page.title in line for line in listed), page.title
