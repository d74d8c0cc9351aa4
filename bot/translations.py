"""PO files -> texts, and every text by its id in the person's language.

A text's id is its place in the flows: ``letter.account.say``, ``letter.account.buttons.fsa``,
``shared.old_button``. In a PO file the id is the context and the English text the message, so a
changed English text no longer matches and falls back to English until it is translated anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO

from bot.problems import Problem

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Entry:
    """One translated text; ``line`` is its line in the PO file."""

    context: str
    english: str
    translated: str
    fuzzy: bool
    line: int


@lru_cache(maxsize=8)
def read_po(text: str, path: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries of a PO file, and what is wrong with it."""
    if torn := _torn(text, path):
        return (), torn
    # Babel takes a tenth of a second to import; only Spanish and the checks need it.
    from babel.messages.pofile import PoFileError
    from babel.messages.pofile import read_po as babel_read_po

    try:
        catalog = babel_read_po(StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return (), (Problem(path, line, 1, f"this PO file cannot be read: {error}"),)
    entries = tuple(
        Entry(
            message.context or "",
            str(message.id),
            str(message.string or ""),
            message.fuzzy,
            message.lineno or 1,
        )
        for message in catalog
        if message.id
    )
    return entries, ()


_PO_LINE = re.compile(
    r"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?\"(?:[^\"\\]|\\.)*\"\s*)?"
)
_CONTEXT = re.compile(r'^msgctxt\s+"(.*)"\s*$')


def _torn(text: str, path: str) -> tuple[Problem, ...]:
    """What Babel mends in silence: an open quote costs a letter, a double entry is lost."""
    problems = []
    first: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not _PO_LINE.fullmatch(line):
            what = "this PO file cannot be read: this line is no text in quotation marks"
            problems.append(
                Problem(path, number, 1, what, 'Close the quotes, and write \\" inside')
            )
        if (found := _CONTEXT.match(line)) and first.setdefault(found[1], number) != number:
            problems.append(Problem(path, number, 1, f'"{found[1]}" is translated twice'))
    return tuple(problems)


def write_po(entries: Sequence[Entry], language: str) -> str:
    """Entries as a PO file, in their order, with the untranslated ones left empty."""
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po as babel_write_po

    catalog = Catalog(locale=language, fuzzy=False, header_comment="# Spanish texts of the guide.")
    for entry in entries:
        catalog.add(
            entry.english,
            entry.translated,
            context=entry.context,
            flags=("fuzzy",) if entry.fuzzy else (),
        )
    out = BytesIO()
    babel_write_po(out, catalog, width=100, omit_header=False, sort_output=False)
    kept = [line for line in out.getvalue().decode().splitlines() if not line.startswith(_NOT_SAID)]
    return "\n".join(kept).rstrip() + "\n"


_NOT_SAID = (
    '"Project-Id-Version',
    '"Report-Msgid-Bugs-To',
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
)
"""Header lines that would hold a stranger's placeholder, or change with every update."""


@dataclass(frozen=True)
class Texts:
    """Every text of the flows by id; English is what the flow files say."""

    english: Mapping[str, str]
    translated: Mapping[str, Callable[[], Mapping[str, tuple[str, str]]]] = field(
        default_factory=dict
    )
    """Per language, a function that gives id -> (English it was made from, translation)."""
    replaced: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    """Per employer and language, id -> text that replaces the guide's own."""
    _loaded: dict[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict, repr=False)

    def get(self, text_id: str, language: str = "en", employer: str | None = None) -> str:
        """The text with this id; English where no current translation exists.

        Raises ``KeyError`` when no flow has such a text.
        """
        if employer is not None:
            own = self.replaced.get((employer, language), {}).get(text_id)
            if own is not None:
                return own
        english = self.english[text_id]
        if language != "en" and language in self.translated:
            if language not in self._loaded:
                self._loaded[language] = self.translated[language]()
            made_from, translated = self._loaded[language].get(text_id, ("", ""))
            if translated and made_from == english:
                return translated
        return english

    def __contains__(self, text_id: str) -> bool:
        return text_id in self.english


def translation_problems(
    english: Mapping[str, str], entries: Sequence[Entry], path: str
) -> Iterator[Problem]:
    """What keeps a translation from being complete: missing, changed or left-over texts."""
    seen: set[str] = set()
    for entry in entries:
        if entry.context in seen:
            yield Problem(path, entry.line, 1, f'"{entry.context}" is translated twice')
        seen.add(entry.context)
        if entry.context not in english:
            yield Problem(
                path,
                entry.line,
                1,
                f'"{entry.context}" is translated, but no flow has such a text',
                "Delete the entry",
                "warning",
            )
        elif entry.fuzzy or english[entry.context] != entry.english:
            yield Problem(
                path,
                entry.line,
                1,
                f'the English text of "{entry.context}" has changed since it was translated',
                "Translate it anew and make the English line match",
                "warning",
            )
        elif not entry.translated:
            yield Problem(
                path, entry.line, 1, f'"{entry.context}" is not translated yet', "", "warning"
            )
    for text_id in english:
        if text_id not in seen:
            yield Problem(
                path,
                1,
                1,
                f'"{text_id}" is not translated',
                "Run `lmn-bot translations update` to add it",
                "warning",
            )
