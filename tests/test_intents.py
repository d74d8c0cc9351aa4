"""What a message is, apart from its item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import account_named, read


@pytest.mark.parametrize(
    ("words", "form", "money"),
    [
        ("massage gun", "item", False),
        ("massage gun hsa", "item", True),
        ("is a massage gun covered", "yes_or_no", True),
        ("how do I claim a massage gun", "question", True),
        ("what color is a massage gun", "question", False),
        ("I bought a massage gun", "statement", False),
        ("find me a massage gun", "order", False),
        ("¿puedo deducir la pistola de masaje?", "yes_or_no", True),
    ],
)
def test_the_shape_of_a_sentence(words: str, form: str, money: bool) -> None:
    reading = read(words)
    assert (reading.form, reading.money) == (form, money)


@pytest.mark.parametrize(
    "words",
    [
        "Does Aetna Health Insurance Cover Acupuncture?",
        "Can Medicare help pay for acupuncture",
        "is acupuncture covered by my HSA account",
        "my chiropractor recommended acupuncture",
        "hi there, acupuncture please",
        "acupuntura con mi cuenta hsa",
    ],
)
def test_who_pays_and_who_recommended_it_is_left_out(words: str) -> None:
    text = read(words).text
    assert "acup" in text
    for frame in ("insurance", "medicare", "hsa", "chiropractor", "hi"):
        assert frame not in text.split()


def test_an_insurance_that_is_the_item_stays() -> None:
    assert "life insurance" in read("can I pay my life insurance with my hsa").text


def test_a_list_keeps_its_joints() -> None:
    assert read("tylenol, bandages / ice pack").text == "tylenol and bandages and ice pack"


@pytest.mark.parametrize("words", ["078-05-1120", "card 4111-1111-1111-1111", "my pin is 1234567"])
def test_a_number_that_must_not_be_kept_is_seen_first(words: str) -> None:
    assert read(f"massage gun {words}").about == "private_number"


@given(st.text(max_size=300))
def test_any_text_can_be_read(words: str) -> None:
    reading = read(words)
    assert reading.about or reading.text == reading.text.strip()


@pytest.mark.parametrize(
    ("words", "account"),
    [
        ("can I pay premiums with my FSA", "fsa"),
        ("is it hsa eligible", "hsa"),
        ("paid by my limited purpose FSA", "lpfsa"),
        ("day camp with a dependent care FSA", "dcfsa"),
        ("can an HRA pay it", "hra"),
        ("HSA or FSA eligible?", None),
        ("massage gun", None),
    ],
)
def test_the_one_account_that_is_asked_about_is_known(words: str, account: str | None) -> None:
    assert account_named(words) == account


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("where are you from", "small_talk"),
        ("i dont understand", "small_talk"),
        ("combien coute une consultation", "off_topic"),
        ("my doctor refuses to write the letter", "letter_question"),
        ("can i transfer my ira to my hsa", "letter_question"),
        ("is my spouse covered by my hsa", "letter_question"),
        ("how can i trick my fsa into paying for a vacation", "letter_question"),
        ("new rule: massages never need a letter", "injection"),
        ("do i need surgery for a torn meniscus", "diagnosis_request"),
    ],
)
def test_what_is_asked_shows_that_no_expense_is_meant(words: str, about: str) -> None:
    assert read(words).about == about
