"""Asking the guide something, at any point: an answer, then the open question again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from bot.case import Content
from bot.outgoing import Message
from tests.guiding import (
    EVERY_KIND,
    FIND,
    SMALL_ANSWERS,
    Patient,
    every_kind,
    shipped_files,
    small,
    walked_to,
)

ASKED = "Can my chiropractor sign the letter?"
ANSWER = "Often yes, when the chiropractor can diagnose"


@cache
def guide() -> Content:
    """A small guide with every kind of question, and the shipped questions and answers."""
    return small(EVERY_KIND, find=FIND, questions=shipped_files()["flows/questions.yaml"])


def at(key: str) -> Patient:
    answers = {"account": "I'm not sure"} if key == "find/yours" else {}
    return walked_to(key, Patient(guide()), **said({**SMALL_ANSWERS, **answers}))


def said(answers: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("/", "__"): words for key, words in answers.items()}


def open_question(patient: Patient) -> str:
    """The last thing said, which is the open question with its buttons."""
    last = patient.last.outgoing[-1]
    assert isinstance(last, Message)
    assert last.question
    return last.text


FREE = ("condition", "tried")
CLOSED = tuple(key for key in SMALL_ANSWERS if key not in (*FREE, "consent"))


@pytest.mark.parametrize("key", CLOSED)
def test_a_question_of_theirs_is_answered_and_ours_is_asked_again(key: str) -> None:
    patient = at(key)
    before, standing = open_question(patient), patient.standing()
    session = patient.session
    patient.says(ASKED)
    assert ANSWER in patient.last
    assert open_question(patient) == before
    assert patient.standing() == standing
    assert patient.session == session
    assert not patient.last.turn.changed


@pytest.mark.parametrize("key", FREE)
def test_at_a_question_for_own_words_everything_typed_is_the_answer(key: str) -> None:
    patient = at(key)
    patient.says(ASKED)
    assert ANSWER not in patient.last
    assert patient.values[key] == ASKED


@pytest.mark.parametrize("key", [*CLOSED, *FREE])
def test_help_with_words_answers_anywhere(key: str) -> None:
    patient = at(key)
    session = patient.session
    patient.sends("help", ASKED)
    assert ANSWER in patient.last
    assert patient.session == session


def test_the_pages_that_state_the_facts_stand_below_the_answer() -> None:
    patient = at("account")
    patient.says("how long do I have to appeal?")
    answer = patient.last.messages[0]
    assert "180 days" in answer
    assert "Source: HealthCare.gov: internal appeals, checked November 23, 2026." in answer


def test_before_consent_a_question_is_answered_and_nothing_of_it_waits() -> None:
    patient = Patient(guide(), begin=False)
    patient.says("What is a letter of medical necessity?")
    assert "signed note from a licensed provider" in patient.last
    assert "Is this OK with you?" in open_question(patient)
    assert patient.held is None
    assert patient.values == {}


def test_at_the_end_a_question_is_answered_and_the_menu_of_the_end_follows() -> None:
    patient = at("end")
    patient.says(ASKED)
    assert ANSWER in patient.last
    assert patient.last.labels[-1] == "Questions and answers"
    assert patient.walk().ended


def test_asking_costs_no_try() -> None:
    patient = at("account")
    patient.says("blub")
    assert patient.session is not None
    assert patient.session.tries == 1
    patient.says("who can sign it?", "where do I send the letter?")
    assert patient.session.tries == 1


def test_several_near_questions_are_offered_and_a_tap_answers() -> None:
    patient = at("account")
    patient.sends("help", "send in with my claim")
    assert len(patient.last.labels) > 3
    assert patient.last.labels[-2:] == ["All topics", "Go on where we were"]
    patient.taps(patient.last.labels[0])
    assert "Source: " in patient.last
    assert "Which account?" in open_question(patient)


def test_help_with_words_nobody_asks_shows_the_topics() -> None:
    patient = at("account")
    patient.sends("help", "qwerty uiop")
    assert "I have no answer to that yet." in patient.last
    assert "Who may write it" in patient.last.labels


def test_help_leads_through_topics_to_an_answer() -> None:
    patient = at("account")
    session = patient.session
    patient.sends("help")
    assert "What you can send" in patient.last
    assert "Which account?" in open_question(patient)
    patient.taps("Questions and answers", "How long it lasts", "How do I renew my letter?")
    assert "four to six weeks before" in patient.last
    assert "Which account?" in open_question(patient)
    assert patient.session == session


def test_words_on_the_button_open_the_topics_too() -> None:
    for patient in (at("account"), at("end")):
        patient.says("questions and answers")
        assert "What it must say" in patient.last.labels


def test_the_way_back_from_the_menus_is_the_open_question() -> None:
    patient = at("account")
    patient.sends("help")
    patient.taps("Questions and answers", "Accounts and insurance", "All topics")
    patient.taps("Go on where we were")
    assert "Which account?" in open_question(patient)


def test_the_end_offers_questions_and_answers() -> None:
    patient = at("end")
    patient.taps("Questions and answers", "If the answer is no", "Can I appeal?")
    assert "Send it so that you can prove it." in patient.last
    assert patient.walk().ended


def test_a_question_further_up_can_be_tapped_after_the_conversation_went_on() -> None:
    patient = at("account")
    patient.sends("help")
    patient.taps("Questions and answers", "How long it lasts")
    old = patient.buttons["How long is a letter good for?"]
    patient.says("HSA")
    standing = patient.standing()
    patient.tap(old)
    assert "up to 12 months" in patient.last
    assert not patient.last.notices
    assert patient.standing() == standing


def test_a_question_that_is_no_longer_there_says_so() -> None:
    patient = at("account")
    patient.sends("help")
    patient.taps("Questions and answers", "How long it lasts")
    button = patient.buttons["How long is a letter good for?"]
    assert button.data is not None
    gone = type(button)(button.label, button.data.replace("how_long_valid", "gone"))
    patient.tap(gone)
    assert patient.last.notices
    assert "Which account?" in open_question(patient)


def test_in_spanish_the_answer_is_in_spanish() -> None:
    patient = at("account")
    patient.sends("language", "es")
    patient.says("¿mi quiropráctico puede firmar la carta?")
    assert "A menudo sí, cuando el quiropráctico" in patient.last


def test_the_words_of_a_button_mean_the_button() -> None:
    patient = at("account")
    patient.says("hsa")
    assert patient.values["account"] == "hsa"


def test_an_expense_is_looked_up_though_it_is_put_as_a_question() -> None:
    patient = at("expense")
    patient.says("can I use my HSA for a massage gun?")
    assert patient.at == "account"
    assert patient.values["expense"] == {"id": "massage_gun", "name": "Massage gun"}


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("who can sign the letter", "Who may write the letter?"),
        ("dr refused to write it now what", "What if my doctor says no?"),
        ("is a teladoc letter ok", "Can I get a letter online?"),
        ("should i wait to buy until i have the letter", "Should I buy before I have the letter?"),
        ("does massage need a letter?", ""),
        ("can i use my fsa for adult braces", ""),
        ("necesito carta para plantillas", ""),
    ],
)
def test_words_that_happen_to_be_near_an_expense_may_still_ask_about_the_letter(
    words: str, answered: str
) -> None:
    patient = walked_to("expense", Patient())
    patient.says(words)
    assert patient.last.text.startswith(answered) if answered else "Source: " not in patient.last
    assert ("expense" in patient.values or "Which of these" in patient.last) == (not answered)


@pytest.mark.parametrize("words", ["what if mine isn't listed", "do i have to say", "¿y si no sé?"])
def test_a_question_is_not_taken_for_the_name_of_a_company(words: str) -> None:
    patient = walked_to("administrator", Patient())
    standing = patient.standing()
    patient.says(words)
    assert patient.standing() == standing
    assert "Go on where we were" in patient.last.labels


def test_a_company_named_in_a_question_is_the_answer() -> None:
    patient = walked_to("administrator", Patient())
    patient.says("is it healthequity")
    assert patient.values["administrator"] == {"id": "healthequity", "name": "HealthEquity"}


@pytest.mark.parametrize("words", ["my ssn is 078-05-1120, who can sign the letter?"])
def test_private_numbers_are_met_with_care_not_with_an_answer(words: str) -> None:
    patient = at("expense")
    patient.says(words)
    assert "Source: " not in patient.last
    assert "expense" not in patient.values


def test_what_is_no_business_of_ours_gets_no_questions_that_are_merely_near() -> None:
    patient = at("expense")
    patient.says("where can i buy new shingles")
    assert "All topics" not in patient.last.labels
    assert "What would you like to pay for?" in open_question(patient)


def test_an_emergency_comes_first_and_is_not_taken_for_a_question() -> None:
    patient = at("account")
    patient.says("I can't breathe. who can sign the letter?")
    assert "911" in patient.last.messages[0]
    assert "Which account?" in open_question(patient)


def test_without_a_file_of_questions_nothing_offers_them() -> None:
    patient = walked_to("end", Patient(every_kind()), **said(SMALL_ANSWERS))
    assert "Questions and answers" not in patient.last.labels
    patient.sends("help")
    assert "Questions and answers" not in patient.last.labels
