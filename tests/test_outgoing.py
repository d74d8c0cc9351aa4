"""What is sent, and its JSON form: nothing may be lost while it waits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outgoing import (
    Button,
    Edit,
    Entity,
    File,
    Message,
    Notice,
    from_json,
    to_json,
    utf16_length,
)

entities = st.builds(
    Entity,
    st.sampled_from(["bold", "text_link"]),
    st.integers(),
    st.integers(),
    st.none() | st.text(),
)
buttons = st.builds(Button, st.text(), st.none() | st.text(), st.none() | st.text())
rows = st.lists(st.lists(buttons, max_size=3).map(tuple), max_size=3).map(tuple)
marks = st.lists(entities, max_size=3).map(tuple)
anything = st.one_of(
    st.builds(Message, st.text(), marks, rows, st.booleans(), st.booleans(), st.booleans()),
    st.builds(Edit, st.text(), marks, rows),
    st.builds(File, st.text(), st.text(), st.text(), st.text()),
    st.builds(Notice, st.text()),
)


@given(anything)
def test_what_waits_comes_back_as_it_went(outgoing):
    assert from_json(json.loads(json.dumps(to_json(outgoing)))) == outgoing


def test_each_kind_says_what_it_is():
    kinds = [
        to_json(one)["kind"] for one in (Message("a"), Edit("a"), File("a", "b", "c"), Notice("a"))
    ]
    assert kinds == ["message", "edit", "file", "notice"]


@pytest.mark.parametrize(
    "data", [{}, {"kind": "parcel"}, {"kind": "notice"}, {"kind": "notice", "text": "a", "x": 1}]
)
def test_what_we_did_not_write_is_refused(data):
    with pytest.raises((KeyError, TypeError)):
        from_json(data)


@given(st.text())
def test_lengths_are_counted_as_telegram_counts_them(text):
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_an_emoji_counts_twice():
    assert utf16_length("a💆b") == 4
    assert utf16_length("👩‍⚕️") == 5
