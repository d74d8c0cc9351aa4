"""Emergencies are seen in both languages; the past, a diagnosis or an item is a normal answer."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import safety
from bot.safety import Kind, card, emergency

PHRASINGS = Path(__file__).parent / "benchmarks" / "phrasings.csv"
ORDINARY = Path(__file__).parent / "benchmarks" / "ordinary.txt"
"""Messages with the words of an emergency and nothing urgent in them."""


def phrasings(emergencies: bool) -> list[str]:
    with PHRASINGS.open(encoding="utf-8", newline="") as file:
        return [
            row["query"]
            for row in csv.DictReader(file)
            if (row["expected_id_or_about"] == "emergency") is emergencies
        ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my chest hurts and i can't breathe", "medical"),
        ("MY BABY IS NOT BREATHING!!!", "medical"),
        ("baby stopped breething plz help", "medical"),
        ("cant breathe help", "medical"),
        ("chest pain", "medical"),
        ("a mi papá le está dando un infarto", "medical"),
        ("no puedo respirar", "medical"),
        ("I want to kill myself", "crisis"),
        ("i wanna dieeee", "crisis"),
        ("thinking about suiside", "crisis"),
        ("quiero morirme", "crisis"),
        ("ya no quiero vivir", "crisis"),
        ("my kid swallowed a button battery", "poison"),
        ("me tomé todas las pastillas", "poison"),
        ("mi niño se tomó cloro", "poison"),
        ("my husband hits me", "violence"),
        ("mi esposo me pega", "violence"),
        ("¡Auxilio!", "medical"),
        ("se me torció la boca", "medical"),
        ("mejor me muero", "crisis"),
    ],
)
def test_what_is_happening_now_gets_its_card(text: str, kind: Kind) -> None:
    assert emergency(text) == kind


@pytest.mark.parametrize("text", phrasings(emergencies=True))
def test_every_emergency_phrasing_is_seen(text: str) -> None:
    assert emergency(text) is not None


@pytest.mark.parametrize(
    "text",
    """
    Angina (chest pain) in 2019
    had a heart attack two years ago, cardiac rehab
    history of suicidal ideation, therapy twice a week
    my dad had a stroke last year, does fsa cover a wheelchair
    narcan for overdose
    epipen for anaphylaxis
    ambulance bill
    does hsa cover ambulance rides
    EKG for chest pain
    i take medication for chest pain
    breathe right strips
    can't breathe through my nose at night
    i stop breathing at night, need a cpap
    trouble breathing from asthma, air purifier
    anti choking device
    my back is killing me, massage gun
    massage gun for my neck pain
    muscle gun for my neck and head
    pain under my shoulder blade up to my neck
    i'm dying for a massage
    heavy periods iron pills
    seizure disorder medication
    carbon monoxide detector
    hearing aid batteries
    poison ivy cream
    food poisoning medicine
    substance abuse counseling
    ptsd service dog
    i dont want to live with back pain
    infarto en 2018
    derrame cerebral hace 3 años
    convulsiones desde 2015
    curso de primeros auxilios
    mejor me muero de risa
    pastillas para dormir
    tomo pastillas para la presion
    me duele la espalda
    cortarme el pelo
    no puedo dormir
    me ahogo de la tos por las noches
    """.strip().splitlines(),
)
def test_the_past_a_diagnosis_or_an_item_is_a_normal_answer(text: str) -> None:
    assert emergency(text.strip()) is None


def test_no_ordinary_phrasing_is_taken_for_an_emergency() -> None:
    assert [text for text in phrasings(emergencies=False) if emergency(text)] == []


@pytest.mark.parametrize("text", ORDINARY.read_text(encoding="utf-8").splitlines())
def test_words_of_an_emergency_alone_raise_no_alarm(text: str) -> None:
    assert emergency(text) is None


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_card_is_short_and_names_its_number(kind: Kind, language: str) -> None:
    text = card(kind, language)
    number = {
        "medical": safety.EMERGENCY_NUMBER,
        "crisis": safety.CRISIS_NUMBER,
        "poison": safety.POISON_NUMBER,
        "violence": safety.VIOLENCE_NUMBER,
    }[kind]
    assert number in text
    assert safety.EMERGENCY_NUMBER in text
    for sentence in re.split(r"(?<=[.!?])\s", text):
        assert len(sentence.split()) <= 20, sentence


def test_an_unknown_language_gets_english() -> None:
    assert card("crisis", "fr") == card("crisis", "en")


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert emergency(text) in (None, *get_args(Kind))


@pytest.mark.parametrize("word", ["i want to ", "chest pain for ", "took all my ", "covered buy "])
def test_a_very_long_message_is_read_all_the_same(word: str) -> None:
    assert emergency(word * 2000 + "i want to kill myself") in (None, *get_args(Kind))
    assert emergency("i want to kill myself " + word * 2000) == "crisis"


def test_a_cry_of_dying_in_spanish_is_heard_and_a_way_of_speaking_is_not() -> None:
    for cry in ("me muero, ayuda", "¡Auxilio, que me muero!", "me estoy muriendo"):
        assert emergency(cry) == "medical", cry
    for talk in ("me muero de risa", "me estoy muriendo de hambre", "me muero por un masaje"):
        assert emergency(talk) is None, talk
