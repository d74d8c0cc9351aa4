"""What a message is, apart from its item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import read


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
