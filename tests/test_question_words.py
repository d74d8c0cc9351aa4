"""What words ask is the same however they are put, and in both languages."""

from __future__ import annotations

import pytest

from bot.question_words import LONGEST_READ, asks, plain, roots


def carried(words: str) -> set[str]:
    return {root for root, carries in roots(words).items() if carries}


@pytest.mark.parametrize(
    "words",
    [
        "who can sign it",
        "can my doctor write it",
        "ok?",
        "so do i need one",
        "my dr said no now what",
        "she wrote it on a pad, is that ok",
        "isnt that too old",
        "¿cuánto dura?",
        "por qué",
        "hasta cuando vale",
        "me pueden decir que no",
        "sirve la de mi dentista",
        "ya lo compré, qué hago",
    ],
)
def test_a_question_has_a_shape(words: str) -> None:
    assert asks(words)


@pytest.mark.parametrize(
    "words",
    [
        "massage gun",
        "yes",
        "my doctor said no",
        "I told you",
        "my son does not sleep",
        "dolor de espalda",
        "es para mi hija",
        "me pica la piel",
        "vale",
        "",
    ],
)
def test_an_answer_has_none(words: str) -> None:
    assert not asks(words)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("who signs the letter", "quién firma la carta"),
        ("how long is the letter good", "cuánto tiempo vale la carta"),
        ("denied claims", "reclamo negado"),
        ("cards", "tarjetas"),
    ],
)
def test_both_languages_come_to_the_same_roots(english: str, spanish: str) -> None:
    assert carried(english) & carried(spanish)
    assert "letter" not in english or "letter" in carried(english) & carried(spanish)


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("doc wont sign", "doctor not sign"),
        ("doesn't need a letter", "does not need a letter"),
        ("thru telehealth", "through telehealth"),
        ("lmn", "letter of medical necessity"),
        ("can they back date it", "can they backdate it"),
        ("puede firmármela", "puede firmar"),
        ("write it off", "deduct"),
        ("must an m.d. sign", "must an md sign"),
    ],
)
def test_spoken_words_mean_what_written_ones_do(spoken: str, written: str) -> None:
    assert carried(spoken) == carried(written)


def test_small_words_are_told_from_those_that_carry_the_question() -> None:
    said = roots("can you write my letter")
    assert said["letter"]
    assert said["write"]
    assert not said["you"]
    assert not said["my"]


def test_no_more_than_a_message_is_read() -> None:
    assert len(plain("x" * 10_000)) == LONGEST_READ
