"""Translations: from the words as they now stand, or English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.problems import Problem
from bot.translations import Entry, Texts, read_po, translation_problems, write_po

PATH = "flows/locales/es.po"
ENGLISH = {"letter.account.say": "Which account?", "shared.done": "Done"}


def entry(
    context: str, english: str, translated: str, *, fuzzy: bool = False, line: int = 1
) -> Entry:
    return Entry(context, english, translated, fuzzy, line)


def texts(*entries: tuple[str, str, str], **more: object) -> Texts:
    spanish = {context: (english, translated) for context, english, translated in entries}
    return Texts(ENGLISH, {"es": lambda: spanish}, **more)


def test_a_text_is_spoken_in_the_persons_language():
    known = texts(("shared.done", "Done", "Listo"))
    assert known.get("shared.done", "es") == "Listo"
    assert known.get("shared.done", "en") == "Done"
    assert "shared.done" in known
    assert "shared.gone" not in known


@pytest.mark.parametrize(
    "made_from", [("shared.done", "Finished", "Terminado"), ("shared.done", "Done", "")]
)
def test_a_text_that_changed_since_or_is_empty_falls_back_to_english(made_from):
    assert texts(made_from).get("shared.done", "es") == "Done"


def test_a_language_nobody_translated_is_english():
    assert texts().get("shared.done", "fr") == "Done"


def test_a_text_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        texts().get("shared.gone", "es")


def test_an_employers_words_come_first_in_the_language_they_are_written_for():
    known = texts(
        ("shared.done", "Done", "Listo"),
        replaced={("acme", "en"): {"shared.done": "All done"}},
    )
    assert known.get("shared.done", "en", "acme") == "All done"
    assert known.get("shared.done", "es", "acme") == "Listo"
    assert known.get("shared.done", "en", "other") == "Done"


def test_a_translation_is_loaded_once_and_only_when_spoken():
    loaded = []

    def load():
        loaded.append("es")
        return {"shared.done": ("Done", "Listo")}

    known = Texts(ENGLISH, {"es": load})
    known.get("shared.done", "en")
    assert loaded == []
    known.get("shared.done", "es")
    known.get("letter.account.say", "es")
    assert loaded == ["es"]


# --- PO files --------------------------------------------------------------------------------

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "shared.done"
msgid "Done"
msgstr "Listo"

#, fuzzy
msgctxt "letter.account.say"
msgid "Which account?"
msgstr "¿Cuál?"
"""


def test_a_po_file_is_read_with_its_lines():
    entries, problems = read_po(PO, PATH)
    assert problems == ()
    assert entries == (
        entry("shared.done", "Done", "Listo", line=6),
        entry("letter.account.say", "Which account?", "¿Cuál?", fuzzy=True, line=11),
    )


NOT_PO = "this line is not written as a PO file has it. "
SHAPE = 'Write msgctxt, msgid or msgstr, a space, and a text in straight quotes: "…".'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'msgid "a"\nmsgstr "está\n',
            (
                "2:8: the quote that opens here is never closed. "
                "Put the same quote at the end of the line."
            ),
        ),
        (
            'msgid "a"\nmsgstr b\n',
            f"2:1: {NOT_PO}{SHAPE}",
        ),
        (
            'msgid "a"\nmsgstr “b”\n',
            f"2:1: {NOT_PO}{SHAPE}",
        ),
        ('msgid "a"\nmsgstr "b "c" d"\n', f'2:8: {NOT_PO}Write a quote inside the text as \\".'),
        (
            'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "x"\nmsgid "a"\nmsgstr "c"\n',
            '5:1: "x" is translated twice. The first is on line 1.',
        ),
        ('msgid "a"\n', "1:1: this PO file cannot be read: missing msgstr for msgid 'a' on 0."),
    ],
)
def test_a_broken_po_file_is_a_problem_with_a_line_and_no_traceback(text, said):
    """Babel alone would read “está” without its last letter, and drop the second of two entries."""
    entries, problems = read_po(text, PATH)
    assert [str(one) for one in problems] == [f"{PATH}:{said}"]
    assert entries == ()


def test_everything_wrong_in_a_po_file_is_said_at_once():
    _, problems = read_po('hello\nmsgid "a\nmsgstr "b"\n<<<<<<< x\n', PATH)
    assert [one.line for one in problems] == [1, 2, 4]


@pytest.mark.parametrize(
    "line",
    [
        '"b \\"c\\" d"',
        '"b\\n"\n  "c"',
        '"b"\n\n#~ msgid "old"\n#~ msgstr "c"',
        '""\n# "note',
        '"b"  ',
    ],
)
def test_a_sound_po_file_is_not_refused(line):
    entries, problems = read_po(f'msgid "a"\nmsgstr {line}\n', PATH)
    assert problems == ()
    assert len(entries) == 1


@given(st.text(max_size=80))
def test_whatever_a_po_file_holds_it_is_read_or_refused(text):
    entries, problems = read_po(text, PATH)
    assert not (entries and problems)


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(st.dictionaries(words, st.tuples(words, words, st.booleans()), max_size=5))
def test_what_is_written_is_read_again(each):
    entries = [
        entry(context, english, translated, fuzzy=fuzzy)
        for context, (english, translated, fuzzy) in each.items()
    ]
    again, problems = read_po(write_po(entries, "es"), PATH)
    assert problems == ()
    assert [(one.context, one.english, one.translated, one.fuzzy) for one in again] == [
        (one.context, one.english, one.translated, one.fuzzy) for one in entries
    ]


def test_a_written_file_does_not_change_with_the_clock():
    written = write_po([entry("shared.done", "Done", "Listo")], "es")
    assert "Date" not in written
    assert written == write_po([entry("shared.done", "Done", "Listo")], "es")


# --- what is missing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            [entry("shared.done", "Done", "Listo", line=3)],
            [('1:1: "letter.account.say" is not translated. Run `lmn-bot translations update` '
            "to add it.")],
        ),
        (
            [entry("shared.done", "Done", ""), entry("letter.account.say", "Which account?", "x")],
            ['1:1: "shared.done" is not translated yet.'],
        ),
        (
            [
                entry("shared.done", "Ready", "Listo", line=4),
                entry("letter.account.say", "Which account?", "x", fuzzy=True, line=9),
            ],
            [
                ('4:1: the English text of "shared.done" has changed since it was translated. '
                "Translate it anew and make the English line match."),
                ('9:1: the English text of "letter.account.say" has changed since it was '
                "translated. Translate it anew and make the English line match."),
            ],
        ),
        (
            [
                entry("shared.done", "Done", "Listo"),
                entry("shared.done", "Done", "Hecho", line=7),
                entry("letter.account.say", "Which account?", "x"),
                entry("shared.gone", "Gone", "Ido", line=12),
            ],
            [
                '7:1: "shared.done" is translated twice.',
                ('12:1: "shared.gone" is translated, but no flow has such a text. '
                "Delete the entry."),
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_not_translated_is_said_with_its_line(entries, said):
    found: list[Problem] = list(translation_problems(ENGLISH, entries, PATH))
    assert [str(one) for one in found] == [f"{PATH}:{one}" for one in said]


def test_a_quote_left_open_is_no_lost_letter():
    entries, problems = read_po('msgctxt "shared.done"\nmsgid "Done"\nmsgstr "Listo\n', PATH)
    assert entries == ()
    assert [problem.line for problem in problems] == [3]


def test_what_is_translated_twice_is_said_at_the_second():
    entries, problems = read_po(
        PO + '\nmsgctxt "shared.done"\nmsgid "Done"\nmsgstr "Hecho"\n', PATH
    )
    assert entries == ()
    assert [str(problem) for problem in problems] == [
        f'{PATH}:14:1: "shared.done" is translated twice. The first is on line 5.'
    ]


def test_quotes_inside_a_text_and_comments_are_read():
    po = '# A note.\n\nmsgctxt "a.b"\nmsgid "Say \\"yes\\"\\n"\nmsgstr ""\n"Diga \\"sí\\"\\n"\n'
    (found,), problems = read_po(po, PATH)
    assert problems == ()
    assert found.translated == 'Diga "sí"\n'
