import datetime
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.problems import ProblemsError
from bot.shapes import validate
from bot.yaml_text import parse


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Go(Strict):
    go: str


class Ask(Strict):
    kind: Literal["ask"]
    say: str


class End(Strict):
    kind: Literal["end"]
    outcome: str


class Item(Strict):
    name: Annotated[str, Field(min_length=1, max_length=5)]
    status: Literal["letter", "never"] = "letter"
    count: Annotated[int, Field(ge=1)] = 1
    on: bool = True
    words: tuple[str, ...] = ()
    checked: datetime.date | None = None
    next_step: Go | list[Go] | None = Field(None, alias="next")
    number: int | Literal["all"] = 1
    part: Annotated[Ask | End, Field(discriminator="kind")] | None = None

    @field_validator("words")
    @classmethod
    def _no_spam(cls, words):
        if "spam" in words:
            raise ValueError("spam is off", "Try eggs")
        if "ham" in words:
            raise ValueError("ham is off")
        return words


Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]


class File(Strict):
    items: dict[Name, Item]
    title: str = ""


def complaints(text, model=File):
    document = parse(text, "f.yaml")
    with pytest.raises(ProblemsError) as error:
        validate(document, model)
    return [str(problem).removeprefix("f.yaml:") for problem in error.value.problems]


def complaint(line):
    [only] = complaints(f"items:\n  a:\n    name: x\n    {line}\n")
    return only


def test_a_sound_file_becomes_its_model():
    text = (
        "items:\n  a:\n    name: no\n    words: [yes]\n    checked: 2026-11-23\n    next: {go: b}\n"
    )
    item = validate(parse(text, "f.yaml"), File).items["a"]
    assert (item.name, item.words, item.checked) == ("no", ("yes",), datetime.date(2026, 11, 23))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("statsu: letter", '4:5: unknown key "statsu". Did you mean "status"?'),
        ("nxt: {go: b}", '4:5: unknown key "nxt". Did you mean "next"?'),
        (
            "status: leter",
            '4:13: "status" is "leter", which is not one of: letter, never. Did you mean "letter"?',
        ),
        (
            "status: {a: b}",
            '4:13: "status" is a group of keys, which is not one of: letter, never.',
        ),
        ("count: three", '4:12: "count" should be a whole number, not "three".'),
        ("count: 1.5", '4:12: "count" should be a whole number, not "1.5".'),
        ("count: 0", '4:12: "count" is 0; it should be at least 1.'),
        ("count:", '4:11: "count" should be a whole number, not empty.'),
        ("on: maybe", '4:9: "on" should be true or false, not "maybe".'),
        ("on: [a]", '4:9: "on" should be true or false, not a list.'),
        ("words: spam", '4:12: "words" should be a list, not "spam".'),
        (
            "words: [a, 5]",
            "4:16: item 2 of this list should be text, not 5. Put it in double quotes.",
        ),
        ("words: [spam]", "4:12: spam is off. Try eggs."),
        ("words: [ham]", "4:12: ham is off."),
        (
            "checked: tomorrow",
            '4:14: "checked" should be a date such as 2026-11-23, not "tomorrow".',
        ),
        (
            "checked: 2026-02-31",
            '4:14: "checked" should be a date such as 2026-11-23, not "2026-02-31".',
        ),
        ("next: {goo: b}", '4:12: unknown key "goo". Did you mean "go"?'),
        ("next: [{go: b}, {zzz: b}]", '4:22: unknown key "zzz". Known here: go.'),
        ("next: b", '4:11: "next" should be a group of keys or a list, not "b".'),
        ("number: al", '4:13: "number" is "al", which is not one of: all. Did you mean "all"?'),
        (
            "part: {kind: aks, say: x}",
            '4:11: "part" is "aks", which is not one of: ask, end. Did you mean "ask"?',
        ),
        ("part: {kind: ask, say: x, sya: y}", '4:31: unknown key "sya". Did you mean "say"?'),
    ],
)
def test_a_mistake_in_a_value_is_told_in_plain_words(line, expected):
    told = [
        problem
        for problem in complaints(f"items:\n  a:\n    name: x\n    {line}\n")
        if "has no" not in problem
    ]
    assert told == [expected]


def test_a_missing_key_points_at_the_name_of_what_lacks_it():
    assert complaints("items:\n  a:\n    count: 2\n") == [
        '2:3: "a" has no "name". Add a line "name: …".'
    ]
    assert complaints("title: x\n") == ['1:1: the file has no "items". Add a line "items: …".']


def test_a_misspelled_key_is_not_reported_as_missing_too():
    assert complaints("items:\n  a:\n    naem: x\n") == [
        '3:5: unknown key "naem". Did you mean "name"?'
    ]


def test_too_long_and_too_short_say_the_limit():
    assert complaints("items: {a: {name: abcdef}}\n") == [
        '1:19: "name" has more than 5 characters.'
    ]
    assert complaints('items: {a: {name: ""}}\n') == ['1:19: "name" is empty.']


def test_a_name_with_wrong_characters_points_at_the_name():
    assert complaints("items:\n  Big Name: {name: a}\n") == [
        '2:3: "Big Name" is not written as it should be. Start with a small letter; use only small letters, digits and _.'
    ]


def test_a_list_where_keys_belong_is_told():
    assert complaints("- a\n") == ["1:1: the file should be a group of keys, not a list."]


def test_every_mistake_is_told_at_once():
    assert len(complaints("items:\n  a: {name: x, count: x}\n  b: {name: 5}\nmore: 1\n")) == 3


def test_a_long_text_is_not_repeated_in_full():
    [told] = complaints(f"items: {{a: {{name: b, status: {'x' * 500}}}}}\n")
    assert f'"{"x" * 39}…"' in told
    assert len(told) < 150


class Versioned(Strict):
    format: Literal[1]
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] = "https://example.com"
    facts: dict[Literal["home", "food"], bool] = {}


def test_one_known_number_is_named_and_a_quoted_one_is_told_apart():
    assert complaints("format: 2\n", Versioned) == ['1:9: "format" is 2, which is not one of: 1.']
    assert complaints('format: "1"\n', Versioned) == [
        '1:9: "format" is "1", which is not one of: 1. Write it without quotes.'
    ]


def test_an_address_is_asked_for_in_words():
    assert complaints("format: 1\nurl: www.example.com\n", Versioned) == [
        '2:6: "url" is "www.example.com", which is not written as it should be. Write the whole address, as in https://example.com/page.'
    ]


def test_an_unknown_name_of_a_key_is_told_once():
    assert complaints("format: 1\nfacts: {hom: true}\n", Versioned) == [
        '2:9: "hom" is not one of: home, food. Did you mean "home"?'
    ]
