import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import yaml_text
from bot.problems import ProblemsError
from bot.yaml_text import Mark, parse


@pytest.fixture(autouse=True, params=["libyaml", "pure"])
def _both_parsers(request, monkeypatch):
    """Every sentence here holds with libyaml and without it."""
    if request.param == "libyaml":
        if not yaml.__with_libyaml__:
            pytest.skip("this PyYAML was built without libyaml")
        assert yaml_text.LOADER is yaml.CLoader
    else:
        monkeypatch.setattr(yaml_text, "LOADER", yaml.Loader)


def said(text, path="f.yaml"):
    with pytest.raises(ProblemsError) as error:
        parse(text, path)
    return str(error.value)


def value(text):
    return parse(f"k: {text}\n", "f.yaml").value["k"]


# --- What is text and what is not ---


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "no",
        "on",
        "off",
        "Yes",
        "NO",
        "True",
        "FALSE",
        "Null",
        "y",
        "n",
        "01234",
        "0x1F",
        "0o17",
        "1_000",
        "12:30",
        "1:2:3",
        "2026-11-23",
        "1.5",
        "1e3",
        ".inf",
        ".nan",
        "+1",
        "-",
        "--",
        "=",
        "12345678901234567890",
    ],
)
def test_words_that_yaml_would_change_stay_as_they_were_typed(word):
    if word == "-":
        word = "a - b"  # a lone dash starts a list
    assert value(word) == word


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_only_true_false_integers_and_null_are_special(word, expected):
    found = value(word)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("word", ["true", "12", "null", "~", ""])
def test_quotes_make_anything_text(word):
    assert value(f'"{word}"') == value(f"'{word}'") == word


def test_keys_are_always_text():
    document = parse("yes: a\nno: b\non: c\n1: d\ntrue: e\nnull: f\n", "f.yaml")
    assert list(document.value) == ["yes", "no", "on", "1", "true", "null"]


def test_lists_and_groups_of_keys_nest():
    text = "a:\n  - b: [1, two]\n    c: {d: e}\n  -\n"
    assert parse(text, "f.yaml").value == {"a": [{"b": [1, "two"], "c": {"d": "e"}}, None]}


typed = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n\t"))


@given(
    st.dictionaries(
        typed,
        st.recursive(
            st.none() | st.booleans() | st.integers(-(10**17), 10**17) | typed,
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(typed, inner, max_size=4),
            max_leaves=12,
        ),
    )
)
def test_what_json_can_say_is_read_unchanged(original):
    text = json.dumps(original, ensure_ascii=False)
    assert parse(text, "f.yaml").value == original


# --- Where things stand ---

FLOW = """\
format: 1
steps:
  account:
    say: Which account? 😀
    "buttons": {fsa: Health FSA, hsa: "HSA"}
    next:
      - when: {account: fsa}
        go: éxpense
      - go: end
"""


@pytest.mark.parametrize(
    ("loc", "at", "key_at"),
    [
        (["format"], (1, 9), (1, 1)),
        (["steps", "account"], (4, 5), (3, 3)),
        (["steps", "account", "say"], (4, 10), (4, 5)),
        (["steps", "account", "buttons"], (5, 16), (5, 5)),
        (["steps", "account", "buttons", "hsa"], (5, 39), (5, 34)),
        (["steps", "account", "next", 0], (7, 9), (7, 9)),
        (["steps", "account", "next", 0, "go"], (8, 13), (8, 9)),
        (["steps", "account", "next", 1, "go"], (9, 13), (9, 9)),
        ([], (1, 1), (1, 1)),
    ],
)
def test_every_value_and_key_knows_its_line_and_column(loc, at, key_at):
    document = parse(FLOW, "f.yaml")
    assert document.where(loc) == Mark(*at)
    assert document.where(loc, key=True) == Mark(*key_at)


def test_a_place_that_is_not_there_is_the_nearest_one_that_is():
    document = parse(FLOW, "f.yaml")
    assert document.where(["steps", "nobody"]) == document.where(["steps"])
    assert document.where(["steps", "account", "function-after[x]", "say"]) == Mark(4, 10)


def test_a_problem_can_point_at_a_key():
    problem = parse(FLOW, "f.yaml").problem(["format"], "wrong", "Mend it", key=True)
    assert str(problem) == "f.yaml:1:1: wrong. Mend it."


def test_windows_files_are_read_like_any_other():
    document = parse("\ufeffa: 1\r\nb: two\r\n", "f.yaml")
    assert document.value == {"a": 1, "b": "two"}
    assert document.where(["b"]) == Mark(2, 4)


def test_bytes_are_read_as_utf_8():
    assert parse("a: está\n".encode(), "f.yaml").value == {"a": "está"}


# --- What is refused, and where ---

CURLY = 'curly quotes are part of the text and would be shown. Type straight ones (") instead; to show curly ones, put the whole text in straight ones.'
NO_COLON = (
    'Write "key: value". A line that belongs to the text above it is indented more than its key.'
)
QUOTE = "If it is meant as text, put the whole text in double quotes."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            '3:1: the key "a" is here twice. The first one is on line 1. Keep one.',
        ),
        (
            "a: {b: 1, b: 2}\n",
            '1:11: the key "b" is here twice. The first one is on line 1. Keep one.',
        ),
        ("a: &x b\n", f'1:4: an anchor ("&x") is not allowed. {QUOTE}'),
        ("a: &x\n  b: 1\n", f'1:4: an anchor ("&x") is not allowed. {QUOTE}'),
        ("a: *x\n", f'1:4: an alias ("*x") is not allowed. {QUOTE}'),
        ("a: !x b\n", f'1:4: a tag (a word that starts with "!") is not allowed. {QUOTE}'),
        (
            "a: “Hello there”\n",
            f"1:4: {CURLY}",
        ),
        ("“a”: b\n", f"1:1: {CURLY}"),
        ("a: 1\nb: “Note: be early”\n", f"2:4: {CURLY}"),
        (
            "a: Line #5 is open\nb: x # a note\n",
            '1:9: the text ends here: what follows "#" is read as a note. Put the whole text in double quotes, or write a space after "#".',
        ),
        (
            "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
            '2:1: two versions of this file were not merged to the end ("<<<<<<<"). Keep one of the two, and delete the lines that start with <<<<<<<, ======= or >>>>>>>.',
        ),
        ("a: ! b\n", f'1:4: a tag (a word that starts with "!") is not allowed. {QUOTE}'),
        (
            "!!python/object:os.system a: b\n",
            f'1:1: a tag (a word that starts with "!") is not allowed. {QUOTE}',
        ),
        ("a:\n  <<: {b: 1}\n", '2:3: the merge key "<<" is not allowed. Write the keys out.'),
        (
            "[a]: b\n",
            "1:1: a list or a group of keys cannot be a key. Write one word before the colon.",
        ),
        (
            "? {a: b}\n: c\n",
            "1:3: a list or a group of keys cannot be a key. Write one word before the colon.",
        ),
        ("*x : b\n", f'1:1: an alias ("*x") is not allowed. {QUOTE}'),
        ("? \n: b\n", "1:2: a key is missing here. Write it before the colon."),
        (
            "a: 1\n---\nb: 2\n",
            '2:1: a second document starts here ("---"). Keep one document in a file: delete the line or split the file.',
        ),
        (
            "a: 1\n...\nb: 2\n",
            "3:1: there is more text after the end of the document. Delete the dots above.",
        ),
        (
            "%YAML 1.1\n---\na: 1\n",
            '1:1: a line that starts with "%" is not allowed. Delete that line.',
        ),
        ("", "1:1: the file is empty. Lines that start with # are notes and do not count."),
        (
            "# only a note\n",
            "1:1: the file is empty. Lines that start with # are notes and do not count.",
        ),
        (
            "a: b\n\tc: d\n",
            "2:1: a tab is used to indent this line. Use spaces; most editors can turn tabs into spaces.",
        ),
        (
            "a:\n  \tb\n",
            "2:3: a tab is used to indent this line. Use spaces; most editors can turn tabs into spaces.",
        ),
        (
            "a:\n\xa0 b: 1\n",
            "2:1: a no-break space is used to indent this line. Use spaces; most editors can turn tabs into spaces.",
        ),
        (
            "a: b\u200bc\n",
            "1:5: an invisible character (U+200B) stands here. Delete it and type the text again.",
        ),
        ("a:\n  -\tb: 1\n    c: 2\n", "2:4: a tab stands here. Use spaces instead."),
        (
            "a: b\0c\n",
            "1:5: an invisible character (U+0000) stands here. Delete it and type the text again.",
        ),
        (
            "a: b\nc: \x1b[1m\n",
            "2:4: an invisible character (U+001B) stands here. Delete it and type the text again.",
        ),
        (
            "a: b\u2028c: d\n",
            "1:5: an invisible character (U+2028) stands here. Delete it and type the text again.",
        ),
        (
            "a: \ud800\n",
            "1:4: an invisible character (U+D800) stands here. Delete it and type the text again.",
        ),
    ],
)
def test_each_trap_is_refused_where_it_stands(text, expected):
    assert said(text) == f"f.yaml:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'a: "Which one?\nb: c\n',
            "1:4: the quote that opens here is never closed. Put the same quote at the end of the text.",
        ),
        (
            "a: 'Which one?\nb: c\n",
            "1:4: the quote that opens here is never closed. Put the same quote at the end of the text.",
        ),
        (
            'a: "Which one?\nb: "c"\n',
            "1:4: the quote that opens here is closed only on line 2. Put the same quote at the end of the text.",
        ),
        (
            "a: 'I don't know'\n",
            "1:11: the quoted text ended before this. Put the whole text in double quotes, or write an apostrophe inside it twice.",
        ),
        (
            'a: "b" and c\n',
            '1:8: the quoted text ended before this. Use single quotes around the whole text, or write \\" for a quote inside it.',
        ),
        (
            'a: "50\\% off"\n',
            "1:4: a backslash in double quotes must be followed by a sign YAML knows. Write the backslash twice, or use single quotes.",
        ),
        (
            "a: Note: be early\n",
            "1:8: a text with a colon and a space in it must be in quotes. Put the whole text in double quotes.",
        ),
        ("a:\n  say Hello\n  b: c\n", f"2:3: a colon is missing in this line. {NO_COLON}"),
        ("a:\n  b: c\n  say Hello\n  d: e\n", f"3:3: a colon is missing in this line. {NO_COLON}"),
        (
            "a:\n  b: c\n  d:e\n  f: g\n",
            '3:4: a space is missing after this colon. Write "key: value".',
        ),
        ("a\n  b: c\n", f'1:2: a colon is missing after "a". {NO_COLON}'),
        (
            "a:\n  b: c\n  d\n    say: |\n      e\n",
            f'3:4: a colon is missing after "d". {NO_COLON}',
        ),
        ("a:\n  b\n    say: c\n", f'2:4: a colon is missing after "b". {NO_COLON}'),
        ("say:Hello\nb: c\n", '1:4: a space is missing after this colon. Write "key: value".'),
        (
            "a: b\n  c: d\n",
            "2:3: this line is indented too far. Start it in the same column as the key above, or put a long text in quotes.",
        ),
        (
            "a:\n   b: c\n  d: e\n",
            "3:3: this line does not fit the lines above it. Lines that belong together start in the same column; count the spaces at its start.",
        ),
        (
            "a: [b, c\nd: e\n",
            f'1:4: the "[" that opens here is not closed, or a comma is missing after it. Add "]". {QUOTE}',
        ),
        (
            "a: {b: c\n",
            f'1:4: the "{{" that opens here is not closed, or a comma is missing after it. Add "}}". {QUOTE}',
        ),
        *(
            (
                text,
                f'1:{column}: the "{sign}" that opens here is not closed, or a comma is missing after it. Add "{closing}". {QUOTE}',
            )
            for text, column, sign, closing in (
                ("[\n", 1, "[", "]"),
                ("a: [b,\n\n", 4, "[", "]"),
                ("a: {b: [c], d: {e: f,\n", 16, "{", "}"),
            )
        ),
        (
            "a: - b\n   - c\n",
            "1:4: a list cannot start on the line of its key. Start each item on a line of its own, below the key.",
        ),
        (
            " a: b\nc: d\n",
            "2:1: this line does not fit the lines above it. Lines that belong together start in the same column; count the spaces at its start.",
        ),
        (
            "a: {{ expense.name }}\n",
            '1:5: a text that starts with "{{" must be in quotes. Put double quotes around the whole text.',
        ),
        (
            "a: {{ x }}: ask\n",
            '1:5: a text that starts with "{{" must be in quotes. Put double quotes around the whole text.',
        ),
        (
            "a: {% if x %}b{% endif %}\n",
            '1:4: a text that starts with "{" must be in quotes. ' + QUOTE,
        ),
        ("a: @home\n", f'1:4: a text that starts with "@" must be in quotes. {QUOTE}'),
        ("a:\n  - 50\n  - %x\n", f'3:5: a text that starts with "%" must be in quotes. {QUOTE}'),
        ("a: *bold*\n", f'1:4: a text that starts with "*" must be in quotes. {QUOTE}'),
        ("a: `b`\n", f'1:4: a text that starts with "`" must be in quotes. {QUOTE}'),
    ],
)
def test_slips_of_the_pen_are_explained_where_they_were_made(text, expected):
    assert said(text) == f"f.yaml:{expected}"


def test_everything_wrong_is_told_at_once_in_file_order():
    assert [line.split(": ")[0] for line in said("a: &x 1\nb: *x\na: !y 2\n").splitlines()] == [
        "f.yaml:1:4",
        "f.yaml:2:4",
        "f.yaml:3:1",
        "f.yaml:3:4",
    ]


def nested(levels):
    return "[" * levels + "]" * levels


def test_twenty_levels_are_fine_and_the_twenty_first_is_not():
    parse(nested(20), "f.yaml")
    assert said(nested(21)).startswith("f.yaml:1:21: this is nested more than 20 levels deep")


@pytest.mark.parametrize("bomb", ["[", "{a: ", "- "])
def test_a_bomb_of_brackets_is_refused_at_once(bomb):
    started = time.perf_counter()
    text = (bomb * 100_000)[:250_000]
    assert "nested more than 20 levels deep" in said(text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("bomb", ["? ", "{? "])
def test_a_bomb_of_keys_is_refused_at_once(bomb):
    started = time.perf_counter()
    assert "cannot be a key" in said(bomb * 80_000)
    assert time.perf_counter() - started < 5


def test_a_file_may_have_256_kb_and_not_a_byte_more():
    fits = "a: é".ljust(256 * 1024 - 1, "x")  # é takes two bytes
    assert len(parse(fits, "f.yaml").value["a"]) == 256 * 1024 - 4
    too_large = "f.yaml:1:1: the file is larger than 256 KB. Split it into several files."
    assert said(fits + "x") == too_large
    assert said((fits + "x").encode()) == too_large


def test_a_file_in_another_encoding_is_told_where():
    hint = 'Save the file again in your editor with the encoding "UTF-8".'
    assert said("a: 1\nb: está".encode("latin-1")) == f"f.yaml:2:7: this is not UTF-8 text. {hint}"
    assert said("a: 1".encode("utf-16")) == f"f.yaml:1:1: this is not UTF-8 text. {hint}"


def test_a_binary_file_does_not_fill_the_screen():
    assert len(said("\0" * 10_000).splitlines()) == 20


@pytest.mark.parametrize(
    "text",
    [
        "a: He said “no” to it\n",
        'a: "“Hello there”"\n',
        'a: "Line #5"\n',
        "a: |\n  Line #5\n  <<<<<<\n  =======\n",
        "a: x  #note\n",
        "a: 👩‍👧\n",
        "a: b\n  # note\n",
    ],
)
def test_what_only_looks_like_a_trap_is_read(text):
    assert list(parse(text, "f.yaml").value) == ["a"]


def test_an_empty_file_may_be_allowed():
    assert parse("# nothing yet\n", "f.yaml", may_be_empty=True).value == {}


@given(st.text(st.sampled_from("ab:-?[]{}&*!|>'\"%@`#,<~ \n\t\\0é"), max_size=40))
def test_whatever_is_typed_is_either_read_or_refused_with_a_place_in_the_file(text):
    try:
        parse(text, "f.yaml")
    except ProblemsError as error:
        lines = text.split("\n")
        for problem in error.problems:
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
