"""What an operator writes: conditions, lines and steps, and what is said about wrong ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.expenses import ACCOUNTS, ANSWERS
from bot.flow import (
    OPERATORS,
    AllOf,
    AnyOf,
    Compare,
    DateLine,
    Flow,
    InputKind,
    LetterFact,
    Line,
    Not,
    Remind,
    Step,
    VerdictFact,
    compares,
    parse_condition,
    step_texts,
)
from bot.problems import ProblemsError
from bot.shapes import validate
from bot.yaml_text import parse

HEAD = "format: 1\nflow: letter\ntitle: T\nstart: a\nsteps:\n"


def flow_of(steps: str) -> Flow:
    return validate(parse(HEAD + steps, "flows/letter.yaml"), Flow)


def wrong(steps: str) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        flow_of(steps)
    return [str(problem) for problem in caught.value.problems]


# --- conditions ------------------------------------------------------------------------------


def test_one_name_is_one_comparison():
    assert parse_condition({"account": "fsa"}) == Compare("account", "is", "fsa", ("account",))


def test_a_list_means_one_of():
    assert parse_condition({"account": ["fsa", "hra"]}) == Compare(
        "account", "in", ("fsa", "hra"), ("account",)
    )


def test_several_names_mean_all_of_them():
    condition = parse_condition({"account": "fsa", "plan.named": True})
    assert isinstance(condition, AllOf)
    assert [one.name for one in compares(condition)] == ["account", "plan.named"]


def test_all_any_and_not_nest():
    condition = parse_condition(
        {"any": [{"a": "x"}, {"all": [{"b": "y"}, {"not": {"c": {"at_least": 3}}}]}]}
    )
    assert isinstance(condition, AnyOf)
    inner = condition.parts[1]
    assert isinstance(inner, AllOf)
    assert isinstance(inner.parts[1], Not)
    assert [one.loc for one in compares(condition)] == [
        ("any", 0, "a"),
        ("any", 1, "all", 0, "b"),
        ("any", 1, "all", 1, "not", "c", "at_least"),
    ]


def test_several_operators_on_one_name_must_all_hold():
    condition = parse_condition({"age": {"at_least": 3, "at_most": 9}})
    assert isinstance(condition, AllOf)
    assert [(one.operator, one.value) for one in compares(condition)] == [
        ("at_least", 3),
        ("at_most", 9),
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("fsa", "a condition is written as {name: value}, for example {account: fsa}"),
        ({}, "a condition is written as {name: value}, for example {account: fsa}"),
        ([{"a": "b"}], "a condition is written as {name: value}, for example {account: fsa}"),
        ({"all": {"a": "b"}}, '"all" takes a list of conditions'),
        ({"any": []}, '"any" takes a list of conditions'),
        ({"a": {}}, '"a" is compared with nothing'),
        ({"a": None}, '"a" is compared with something that is not a word or a number'),
        ({"a": {"like": "b"}}, f'"like" is not a comparison; use one of {", ".join(OPERATORS)}'),
        ({"a": {"in": "b"}}, '"in" takes a list, for example [fsa, hra]'),
        ({"a": {"answered": False}}, '"answered" is followed by true'),
        ({"a": {"skipped": "yes"}}, '"skipped" is followed by true'),
        ({"a": {"at_least": "5"}}, '"at_least" takes a whole number'),
        ({"a": {"at_most": True}}, '"at_most" takes a whole number'),
        ({"a": [["b"]]}, '"a" is compared with something that is not a word or a number'),
    ],
)
def test_a_wrong_condition_says_how_it_is_written(raw, said):
    with pytest.raises(ValueError) as caught:
        parse_condition(raw)
    assert str(caught.value) == said


raw_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "a", "is", "in", "before"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(raw_values)
def test_whatever_a_condition_holds_it_is_read_or_refused(raw):
    try:
        condition = parse_condition(raw)
    except ValueError:
        return
    assert all(one.operator in OPERATORS for one in compares(condition))


# --- steps and lines -------------------------------------------------------------------------


def test_a_step_without_next_goes_on_to_the_one_below():
    flow = flow_of("  a: {say: A}\n  b: {say: B, outcome: never}\n")
    assert [line.go for line in flow.exits("a")] == ["b"]
    assert flow.exits("b") == ()


def test_a_last_step_without_next_leads_nowhere():
    assert flow_of("  a: {say: A}\n").exits("a") == ()


def test_yes_no_has_two_choices_without_saying_so():
    flow = flow_of("  a: {say: A, input: yes_no}\n")
    assert flow.steps["a"].choices == ("yes", "no")
    assert flow.steps["a"].kind == "yes_no"


def test_buttons_keep_the_order_they_are_written_in():
    flow = flow_of("  a:\n    say: A\n    buttons: {zeta: Z, alpha: A, no: N, mid: M}\n")
    assert flow.steps["a"].choices == ("zeta", "alpha", "no", "mid")


def test_one_old_name_or_several():
    flow = flow_of("  a: {say: A, was: old}\n  b: {say: B, was: [x, y]}\n")
    assert flow.steps["a"].was == ("old",)
    assert flow.steps["b"].was == ("x", "y")


def test_a_flow_that_gives_a_value_is_a_sub_flow():
    assert flow_of("  a: {say: A, give: fsa}\n").is_sub_flow
    assert not flow_of("  a: {say: A, outcome: never}\n").is_sub_flow


def test_every_text_a_person_may_see_is_listed_with_its_place():
    flow = flow_of(
        "  a:\n    say: S\n    why: W\n    label: L\n    skip: K\n    retry: R\n    example: E\n"
        "    buttons: {yes: Y}\n"
    )
    assert dict(step_texts(flow.steps["a"])) == {
        ("say",): "S",
        ("label",): "L",
        ("why",): "W",
        ("skip",): "K",
        ("retry",): "R",
        ("example",): "E",
        ("buttons", "yes"): "Y",
    }


ITEM = "22: item 1 of this list: "


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("a: {say: A, buton: {x: X}}", '15: unknown key "buton". Did you mean "buttons"?'),
        (
            "a: {say: A, next: [{when: {b: c}}]}",
            f"{ITEM}this line says no place to go; add `go: a_step`.",
        ),
        (
            "a: {say: A, next: [{go: b, gives: c}]}",
            f"{ITEM}`gives` needs a `do` that names a sub-flow.",
        ),
        (
            "a: {say: A, next: [{do: b, go: c}]}",
            f"{ITEM}`do` stands alone, or with both `gives` and `go`; one of them is missing.",
        ),
        (
            "a: {say: A, next: [{when: {b: {like: c}}, go: d}]}",
            f'29: "when": "like" is not a comparison; use one of {", ".join(OPERATORS)}.',
        ),
    ],
)
def test_a_wrong_step_says_where_what_and_what_to_try(steps, said):
    assert wrong(f"  {steps}\n") == [f"flows/letter.yaml:6:{said}"]


def test_all_that_is_wrong_is_said_at_once_in_file_order():
    said = wrong("  a: {sey: A, input: txt}\n  B: {say: B}\n  c: {say: C, outcome: won}\n")
    assert len(said) >= 4
    assert said == sorted(said, key=lambda one: tuple(map(int, one.split(":")[1:3])))


LANGUAGE = (Path(__file__).parent.parent / "docs" / "flows.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word",
    sorted(
        {*Step.model_fields, *OPERATORS, *get_args(InputKind)}
        | {field.alias or name for name, field in DateLine.model_fields.items()}
        | {*Flow.model_fields, *Line.model_fields, *Remind.model_fields}
    ),
)
def test_the_manual_has_every_word_of_the_language(word):
    assert re.search(rf"\b{word}\b", LANGUAGE), f"docs/flows.md says nothing of `{word}`"


@pytest.mark.parametrize("fact", sorted({*get_args(VerdictFact), *get_args(LetterFact)}))
def test_the_manual_has_every_fact(fact):
    assert f"`{fact}`" in LANGUAGE


def test_the_manual_has_the_answers_to_every_fact():
    rows = {row.split("|")[1]: row for row in LANGUAGE.splitlines() if row.startswith("| `")}
    for fact, answers in {**ANSWERS, "account": ACCOUNTS}.items():
        (row,) = [row for facts, row in rows.items() if f"`{fact}`" in facts and "ids" not in facts]
        assert re.findall(r"`(\w+)`", row.split("|")[2]) == list(answers), fact
