"""The catalogue: how a category file is read, and every mistake that is found in one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.expenses import CategoryFile, Expense, catalogue_problems, expenses_of, folded
from bot.shapes import validate
from bot.yaml_text import parse

TODAY = date(2026, 11, 23)

HEAD = """
format: 1
category: fitness
title: Fitness
title_es: Ejercicio
sources:
  faq:
    title: IRS FAQ
    url: https://irs.gov/faq
    checked_on: "2026-11-01"
    recheck_by: "2027-11-01"
accounts: {insurer: never}
expenses:
"""

UNUSED = """\
  old:
    title: Old
    url: https://a.gov
    checked_on: "2026-11-01"
    recheck_by: "2027-11-01"
"""

GUN = """
  massage_gun:
    name: Massage gun
    name_es: Pistola de masaje
    synonyms: [theragun]
    synonyms_es: [pistola masajeadora]
    status: letter
    accounts: {deduction: letter}
    why: Many people use one just to relax.
    why_es: Mucha gente la usa solo para relajarse.
    sources: [faq]
"""

GYM = """
  gym:
    name: Gym membership
    name_es: Gimnasio
    synonyms: [gym]
    status: depends
    decides:
      diagnosed: {yes: next, not_yet: letter, no: never}
      sole: {yes: letter, no: never}
    why: A gym is for health in general.
    why_es: Un gimnasio es para la salud en general.
    sources: [faq]
"""


def file_of(*entries: str, head: str = HEAD, path: str = "flows/expenses/fitness.yaml"):
    return parse(head + "".join(entries), path)


def said(*documents) -> list[str]:
    return [str(problem) for problem in catalogue_problems(documents, TODAY)]


def test_an_entry_gets_its_sources_and_its_categorys_exceptions() -> None:
    gun, gym = expenses_of(validate(file_of(GUN, GYM), CategoryFile))
    assert isinstance(gun, Expense)
    assert (gun.id, gun.category) == ("massage_gun", "fitness")
    assert gun.accounts == {"insurer": "never", "deduction": "letter"}
    assert gun.sources[0].recheck_by == date(2027, 11, 1)
    assert gym.decides["diagnosed"]["yes"] == "next"
    assert gun.named("es") == "Pistola de masaje"


def test_an_entry_survives_being_written_as_json_and_read_again() -> None:
    for expense in expenses_of(validate(file_of(GUN, GYM), CategoryFile)):
        assert Expense.model_validate_json(expense.model_dump_json()) == expense


def test_a_sound_file_has_no_problems() -> None:
    assert said(file_of(GUN, GYM)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("status: letter", "status: leter", "letter"),
        ("[faq]", "[fqa]", 'there is no source "fqa" in this file. Did you mean "faq"?'),
        ("theragun", "Theragun", "lower case"),
        ("[theragun]", "[theragun, TheraGun]", "lower case"),
        ("[theragun]", "[theragun, thera gun, thera-gun]", '"thera-gun" is written twice'),
        ("2027-11-01", "2026-11-20", "was to be rechecked by 2026-11-20"),
        ("2027-11-01", "2026-10-20", "must be rechecked after the day it was checked"),
        ("2026-11-01", "2026-12-01", "a day still to come"),
        ("category: fitness", "category: gyms", 'this file is "fitness" but says'),
        ("no: never}\n      sole", "maybe: never}\n      sole", '"diagnosed" can never be "maybe"'),
        ("not_yet: letter, ", "", 'does not say what happens when the answer is "not_yet"'),
        ("sole: {yes: letter", "sole: {yes: next", 'nothing comes after "sole"'),
        ("name: Gym membership", "name: Massage gun", 'is the name of the expense "massage_gun"'),
        ("synonyms: [gym]", "synonyms: [massage gun]", 'is the name of the expense "massage_gun"'),
        ("synonyms: [gym]", "synonyms: [Théragun]", "lower case"),
        ("synonyms: [gym]", "synonyms: [théragun]", 'also leads to the expense "massage_gun"'),
        ("  faq:", f"{UNUSED}  faq:", 'no expense in this file uses the source "old"'),
        ("https://irs.gov/faq", "irs.gov", "url"),
        ("    why_es: Un gim", "    note: Only in English.\n    why_es: Un gim", "both languages"),
        ("    why_es: Un gim", "    letter_names: [weeks]\n    why_es: Un gim", "same number"),
    ],
)  # fmt: skip
def test_each_mistake_is_found_and_said(old: str, new: str, expected: str) -> None:
    text = HEAD + GUN + GYM
    assert old in text
    found = said(parse(text.replace(old, new, 1), "flows/expenses/fitness.yaml"))
    assert any(expected in problem for problem in found), found
    assert all(problem.startswith("flows/expenses/fitness.yaml:") for problem in found)


def test_an_entry_that_depends_on_nothing_is_a_mistake() -> None:
    undecided = GUN.replace("status: letter", "status: depends").replace(
        "    accounts: {deduction: letter}\n", ""
    )
    assert any('no "decides" says on what' in problem for problem in said(file_of(undecided)))


def test_the_same_id_in_two_files_is_found() -> None:
    other = file_of(
        GUN, head=HEAD.replace("category: fitness", "category: gear"), path="flows/gear.yaml"
    )
    found = said(file_of(GUN), other)
    assert any('the expense "massage_gun" is already in' in problem for problem in found)


def test_a_word_that_both_entries_share_on_purpose_is_no_problem() -> None:
    shared = GYM.replace("[gym]", "[theragun]\n    shared: [theragun]")
    assert said(file_of(GUN, shared)) == []


def test_a_stale_source_is_a_warning_and_the_rest_are_errors() -> None:
    stale = file_of(GUN, head=HEAD.replace("2027-11-01", "2026-11-20"))
    assert [problem.severity for problem in catalogue_problems([stale], TODAY)] == ["warning"]


def test_two_spellings_of_one_word_are_one_word() -> None:
    assert folded("  Terapia-física ") == folded("terapia FISICA") == "terapia fisica"
