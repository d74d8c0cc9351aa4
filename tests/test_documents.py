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


def test_a_denied_claim_is_never_said_to_be_not_yet_bought(guide: Guide):
    given = {
        "topic": "denied",
        **answers("fsa"),
        "denied/reason": "letter",
        "denied/noticed": "2026-11-02",
    }
    given.pop("bought")
    for name in ("provider_message", "checklist"):
        (text,) = texts(guide, name, **given)
        assert "I have not bought it yet" not in text
        assert "Buy it" not in text


def test_what_is_bought_is_not_to_be_bought_again(guide: Guide):
    for account in ("fsa", "hsa"):
        (checklist,) = texts(guide, "checklist", **answers(account, bought="2026-11-02"))
        assert "for what you bought" in checklist
        assert "Buy it" not in checklist
        (message,) = texts(guide, "provider_message", **answers(account, bought="2026-11-02"))
        assert "I bought it on November 2, 2026." in message


def test_a_full_stop_typed_by_somebody_is_not_doubled(guide: Guide):
    given = answers(
        "fsa", condition="asthma.", recommended="yes", how_often="daily...", tried="heat!\n"
    )
    for name in ("provider_message", "provider_message_full", "visit_questions", "insurer_message"):
        for text in texts(guide, name, **given):
            assert not re.search(r"[.!]\.", text), text


@pytest.mark.parametrize("kind", ["child", "spouse", "adult"])
def test_somebody_elses_provider_does_not_treat_the_writer(guide: Guide, kind: str):
    for account in ACCOUNTS:
        if account == "lpfsa":
            continue  # it pays for no massage gun, so nobody is asked for whom
        given = answers(account, for_whom=kind, condition="asthma")
        for name in ("provider_message", "provider_message_full", "insurer_message"):
            (text,) = texts(guide, name, **given)
            assert "[patient's name]" in text
            assert not re.search(r"treats me|see me|for me\b", text), text
        (outline,) = texts(guide, "letter_outline", **given)
        assert ("Account holder" in outline) == (account not in ("insurer", "deduction"))


def test_no_document_suggests_a_diagnosis(guide: Guide):
    for entry in guide.content.catalogue.entries.values():
        given = answers("fsa", expense={"id": entry.id, "name": entry.name})
        case = PersonCase(
            guide.content,
            Session("d", "en", answers={k: Answer(v, NOW) for k, v in given.items()}),  # type: ignore[arg-type]
            NOW.date(),
        )
        names = case.names(guide.content.machine.walk(case.session, case))
        for one in names["expense"]["letter_names"]:
            assert "diagnos" not in one, (entry.id, one)


def test_the_provider_is_not_asked_for_the_patients_own_lines(guide: Guide):
    (message,) = texts(guide, "provider_message_full", **answers("fsa"))
    for line in ("member number", "birth date", "employer's name", "account holder's signature"):
        assert line not in message


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ameriflex", "The letter goes in once each plan year."),
        ("sentinel", "The letter goes in once a year."),
        ("take_command", "Your plan wants a new letter each plan year"),
        ("via_benefits", "It ends sooner if the treatment does."),
        ("basic", "Your plan asks for a physician (MD or DO)"),
        ("navia", "Buy on or after the treatment start date in the letter."),
        ("optum", "Buy only within the dates on the letter."),
        ("tasc", "• the plan's own form"),
    ],
)
def test_the_checklist_has_the_administrators_own_rule(guide: Guide, who: str, said: str):
    given = answers("hra", administrator={"id": who, "name": who})
    (checklist,) = texts(guide, "checklist", **given)
    assert said in checklist


def test_no_document_has_a_gap_or_an_odd_join(guide: Guide):
    names = {key.partition("/")[2] for key in guide.content.templates.sources}
    for account in ACCOUNTS:
        for kind in ("me", "child", "adult"):
            for name in names:
                given = answers(
                    account,
                    for_whom=kind,
                    condition="asthma",
                    recommended="yes",
                    how_long="six months",
                    evidence=["test", "receipt"],
                )
                for text in texts(guide, name, **given):
                    assert "\n\n\n" not in text, (name, account, text)
                    assert not re.search(r"[^\s_]  +\S", text), (name, text)
                    assert not re.search(r" [.,;:]|\.\.|::|\(\)", text), (name, text)


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
