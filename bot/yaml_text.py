"""YAML text -> values that know their line and column.

The law of this room: what a non-programmer typed is what we read. Only `true`, `false`, plain
integers and null are special; all other unquoted words are text, and keys are always text. What
YAML loses in silence (a repeated key) or hides (anchors, tags, merges) is an error with its line
and column, found on the stream of events before anything is built: PyYAML's C composer crashes on
deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from bot.problems import Problem, ProblemsError

JsonValue: TypeAlias = bool | int | str | list["JsonValue"] | dict[str, "JsonValue"] | None
Location: TypeAlias = Sequence[str | int]
Event: TypeAlias = Any  # the stubs know neither the C parser's marks nor which event has a tag

DEEPEST = 20
LARGEST = 256 * 1024
LOADER = getattr(yaml, "CLoader", yaml.Loader)  # ten times faster where libyaml is there

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # longer ones are account numbers, not amounts
_SPECIAL = {"true": True, "false": False, "null": None, "~": None, "": None}
# Zero-width joiners stay, emoji need them; soft hyphens and marks of direction only hide in words.
_INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\xac\xae-\u200a\u200c\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff"
    "\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_INDENTS = {"\t": "a tab", "\xa0": "a no-break space"}
_WRONG_INDENT = re.compile("^ *([\t\xa0])", re.MULTILINE)
_UNMERGED = re.compile(r"^(<{7}|>{7})(?= |$)", re.MULTILINE)
_CUT_OFF = re.compile(r"(?<=[^\s#]) #(?=[^\s#])")
_CURLY = "“”‘’"
_QUOTE_IT = "If it is meant as text, put the whole text in double quotes."
_CURLY_QUOTES = (
    "curly quotes are part of the text and would be shown",
    'Type straight ones (") instead; to show curly ones, put the whole text in straight ones.',
)
_NO_COLON_HINT = (
    'Write "key: value". A line that belongs to the text above it is indented more than its key.'
)
_TOO_DEEP = (f"this is nested more than {DEEPEST} levels deep", "Close a bracket, or indent less.")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1, as editors do."""

    line: int
    column: int


class _Spot(Protocol):
    """PyYAML's own mark, of its C or Python kind; counts from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(slots=True)
class _Branch:
    """Where a mapping or list starts, where its keys stand, and the places inside it."""

    start: _Spot
    keys: dict[str | int, _Spot]
    inside: dict[str | int, _Branch | _Spot]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A file's plain values, and where each of them stands."""

    path: str
    value: JsonValue
    _root: _Branch | _Spot = field(repr=False, compare=False)

    def where(self, loc: Location, *, key: bool = False) -> Mark:
        """The place of a value, or of its key; elements that do not exist are stepped over."""
        place, key_mark = self._root, None
        for element in loc:
            if isinstance(place, _Branch) and element in place.inside:
                key_mark = place.keys.get(element)
                place = place.inside[element]
        start = place.start if isinstance(place, _Branch) else place
        return _mark(key_mark if key and key_mark else start)

    def real(self, loc: Location) -> tuple[str | int, ...]:
        """The part of a location that exists in the file."""
        found: list[str | int] = []
        place = self._root
        for element in loc:
            if isinstance(place, _Branch) and element in place.inside:
                found.append(element)
                place = place.inside[element]
        return tuple(found)

    def problem(
        self,
        loc: Location,
        what: str,
        hint: str = "",
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        mark = self.where(loc, key=key)
        return Problem(self.path, mark.line, mark.column, what, hint, severity)


def known(path: str, value: JsonValue) -> YamlDocument:
    """A document whose values were parsed, and found sound, before; its places are forgotten."""
    return YamlDocument(path, value, Mark(0, 0))


def parse(text: str | bytes, path: str, *, may_be_empty: bool = False) -> YamlDocument:
    """The values of one YAML file.

    Raises ProblemsError with everything that is wrong, in file order. An empty file is an error
    unless `may_be_empty`; then its value is an empty mapping.
    """
    text = _clean(text, path)
    reader = _Reader(text, path)
    value, root = reader.document()
    if value is None and not reader.problems:
        if not may_be_empty:
            raise ProblemsError([Problem(path, 1, 1, "the file is empty", _EMPTY_HINT)])
        value = {}
    if reader.problems:
        raise ProblemsError(reader.problems)
    return YamlDocument(path, value, root)


_EMPTY_HINT = "Lines that start with # are notes and do not count."


# --- Before YAML: what no editor shows -----------------------------------------------------------


def _clean(text: str | bytes, path: str) -> str:
    if len(text) > LARGEST or (isinstance(text, str) and _utf8_length(text) > LARGEST):
        what = f"the file is larger than {LARGEST // 1024} KB"
        raise ProblemsError([Problem(path, 1, 1, what, "Split it into several files.")])
    if isinstance(text, bytes):
        text = _decoded(text, path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = [
        *stray_signs(text, path),
        *(
            Problem(
                path,
                *_line_and_column(text, match.start(1)),
                f"{_INDENTS[match[1]]} is used to indent this line",
                "Use spaces; most editors can turn tabs into spaces.",
            )
            for match in _WRONG_INDENT.finditer(text)
        ),
    ]
    if found:
        raise ProblemsError(found[:20])  # a binary file would otherwise fill the screen
    return text


def stray_signs(text: str, path: str) -> Iterator[Problem]:
    """What belongs in no file that people edit, of whatever kind: 20 of a sort at most."""
    for match in islice(_INVISIBLE.finditer(text), 20):
        what = f"an invisible character (U+{ord(match.group()):04X}) stands here"
        hint = "Delete it and type the text again."
        yield Problem(path, *_line_and_column(text, match.start()), what, hint)
    if unmerged := _UNMERGED.search(text):
        what = f'two versions of this file were not merged to the end ("{unmerged[1]}")'
        hint = (
            "Keep one of the two, and delete the lines that start with <<<<<<<, ======= or >>>>>>>."
        )
        yield Problem(path, *_line_and_column(text, unmerged.start()), what, hint)


def _utf8_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = _line_and_column(before, len(before))
        what = "this is not UTF-8 text"
        hint = 'Save the file again in your editor with the encoding "UTF-8".'
        raise ProblemsError([Problem(path, line, column, what, hint)]) from None


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# --- The stream of events -> values and places ---------------------------------------------------


class _Stop(Exception):
    """Nothing after this point can be read; the problem is already noted."""


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self.last_quoted: Event | None = None
        self.next: Callable[[], Event] = LOADER(text).get_event
        self.cut_off = {text.count("\n", 0, cut.start()) for cut in _CUT_OFF.finditer(text)}

    def document(self) -> tuple[JsonValue, _Branch | _Spot]:
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark, what, hint = _explained(self.text.split("\n"), error, self.last_quoted)
            self.problems.append(Problem(self.path, mark.line, mark.column, what, hint))
        except _Stop:
            pass
        raise ProblemsError(self.problems)

    def _document(self) -> tuple[JsonValue, _Branch | _Spot]:
        self.next()  # the stream starts
        event: Event = self.next()
        kind = type(event)
        if kind is StreamEndEvent:
            return None, event.start_mark
        if event.version or event.tags:
            self.stop(event, 'a line that starts with "%" is not allowed', "Delete that line.")
        value, place = self.value(self.next(), 1)
        self.next()  # the document ends
        if type(event := self.next()) is DocumentStartEvent:
            what = 'a second document starts here ("---")'
            self.stop(
                event, what, "Keep one document in a file: delete the line or split the file."
            )
        return value, place

    def value(self, event: Event, depth: int) -> tuple[JsonValue, _Branch | _Spot]:
        kind = type(event)
        if kind is ScalarEvent:
            return self.scalar(event), event.start_mark
        if kind is AliasEvent:
            self.note(event, f'an alias ("*{event.anchor}") is not allowed', _QUOTE_IT)
            return None, event.start_mark
        self.refuse_extras(event)
        if depth > DEEPEST:
            self.stop(event, *_TOO_DEEP)
        branch = _Branch(event.start_mark, {}, {})
        if kind is MappingStartEvent:
            return self.mapping(branch, depth), branch
        return self.sequence(branch, depth), branch

    def mapping(self, branch: _Branch, depth: int) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        keys, inside = branch.keys, branch.inside
        following, scalar, depth = self.next, self.scalar, depth + 1
        while type(event := following()) is not MappingEndEvent:
            key = self.key(event)
            if key in keys:
                what = f'the key "{key}" is here twice'
                self.note(event, what, f"The first one is on line {keys[key].line + 1}. Keep one.")
            else:
                keys[key] = event.start_mark
            event = following()
            kind = type(event)
            if kind is ScalarEvent:  # nearly all of a file: worth saving a call
                found[key], inside[key] = scalar(event), event.start_mark
            else:
                found[key], inside[key] = self.value(event, depth)
        return found

    def sequence(self, branch: _Branch, depth: int) -> list[JsonValue]:
        found: list[JsonValue] = []
        while type(event := self.next()) is not SequenceEndEvent:
            value, branch.inside[len(found)] = self.value(event, depth + 1)
            found.append(value)
        return found

    def key(self, event: Event) -> str:
        if type(event) is not ScalarEvent:
            if type(event) is AliasEvent:
                self.stop(event, f'an alias ("*{event.anchor}") is not allowed', _QUOTE_IT)
            what, hint = (
                "a list or a group of keys cannot be a key",
                "Write one word before the colon",
            )
            if self.line(event)[: event.start_mark.column].endswith("{"):
                what = 'a text that starts with "{{" must be in quotes'
                hint = "Put double quotes around the whole text"
            self.stop(event, what, hint)
        if event.anchor or event.tag:
            self.refuse_extras(event)
        key: str = event.value
        if event.style:
            self.last_quoted = event
        elif key in ("<<", ""):
            what = 'the merge key "<<" is not allowed' if key else "a key is missing here"
            self.note(event, what, "Write the keys out." if key else "Write it before the colon.")
        elif key[0] in _CURLY:
            self.note(event, *_CURLY_QUOTES)
        return key

    def scalar(self, event: Event) -> bool | int | str | None:
        if event.anchor or event.tag:
            self.refuse_extras(event)
        text: str = event.value
        if event.style:
            self.last_quoted = event
            return text
        if text in _SPECIAL:
            return _SPECIAL[text]
        if text[0] in _CURLY and text[-1] in _CURLY:
            self.note(event, *_CURLY_QUOTES)
        if event.end_mark.line in self.cut_off:
            self.refuse_cut(event.end_mark)
        return int(text) if _INTEGER.fullmatch(text) else text

    def refuse_cut(self, end: _Spot) -> None:
        rest = self.text.split("\n")[end.line][end.column :]
        if re.match(" #[^\\s#]", rest):
            what = 'the text ends here: what follows "#" is read as a note'
            hint = 'Put the whole text in double quotes, or write a space after "#".'
            self.problems.append(Problem(self.path, end.line + 1, end.column + 2, what, hint))

    def refuse_extras(self, event: Event) -> None:
        if event.anchor:
            self.note(event, f'an anchor ("&{event.anchor}") is not allowed', _QUOTE_IT)
        if event.tag:
            self.note(event, 'a tag (a word that starts with "!") is not allowed', _QUOTE_IT)

    def line(self, event: Event) -> str:
        line: int = event.start_mark.line
        return self.text.split("\n")[line]

    def note(self, event: Event, what: str, hint: str) -> None:
        mark = _mark(event.start_mark)
        self.problems.append(Problem(self.path, mark.line, mark.column, what, hint))

    def stop(self, event: Event, what: str, hint: str) -> NoReturn:
        self.note(event, what, hint)
        raise _Stop


def _mark(mark: _Spot) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


# --- A parser's complaint -> what the author can do about it -------------------------------------

_VALUE = re.compile(r" *(?:- +)*(?:[^\s:\"'{\[]+: +)?(?=\S)")
_NO_SPACE = re.compile(r" *(?:- +)*[A-Za-z_][\w-]*(:)[^\s:/]")
_ONE_WORD = re.compile(r" *(?:- +)*([A-Za-z_][\w-]*)\s*(?:#.*)?")
_OPENS_CURLY = re.compile(rf" *(?:- +)*(?:[\w-]+: +)?(?=[{_CURLY}])")


def _explained(
    lines: Sequence[str], error: yaml.MarkedYAMLError, quoted: Event | None
) -> tuple[Mark, str, str]:
    """Where the mistake was made, which is often above the place where the parser gave up."""
    opened: Any = error.context_mark and _within(lines, error.context_mark)
    at: Any = _within(lines, error.problem_mark or opened)
    context, complaint = error.context or "", error.problem or ""
    if "nesting depth" in complaint:  # libyaml 0.2.6 gives up at 1,000, before the first event
        return _mark(at), *_TOO_DEEP
    if "quoted scalar" in context and opened:
        if "end of stream" in complaint:
            hint = "Put the same quote at the end of the text."
            return _mark(opened), "the quote that opens here is never closed", hint
        what = "a backslash in double quotes must be followed by a sign YAML knows"
        return _mark(opened), what, "Write the backslash twice, or use single quotes."
    if quoted and quoted.end_mark.line == at.line and quoted.style in ('"', "'"):
        return _after_quote(at, quoted)
    line = lines[at.line] if at.line < len(lines) else ""
    if "\t" in line[: at.column + 1]:
        column = line.index("\t") + 1
        return Mark(at.line + 1, column), "a tab stands here", "Use spaces instead."
    if "flow node" in context and at.line == len(lines) - 1 and not lines[at.line].strip():
        opened = _last_bracket(lines) or opened  # the file ends inside it
    bracket = lines[opened.line][opened.column : opened.column + 1] if opened else ""
    if closing := {"[": "]", "{": "}"}.get(bracket if "flow" in context else ""):
        what = f'the "{bracket}" that opens here is not closed, or a comma is missing after it'
        return _mark(opened), what, f'Add "{closing}". {_QUOTE_IT}'
    if "expected ':'" in complaint and opened and opened.line < at.line:
        return _without_colon(lines, opened.line)
    if "mapping values" in complaint and not re.search(r":\s", line[: at.column]):
        return _stray_colon(lines, at)
    start = _VALUE.match(line)
    if start and line[start.end()] in "{[*&!%@`|>?,]}":
        sign = "{{" if line.startswith("{{", start.end()) else line[start.end()]
        mark = Mark(at.line + 1, start.end() + 1)
        return mark, f'a text that starts with "{sign}" must be in quotes', _QUOTE_IT
    if "mapping values" in complaint:
        return _stray_colon(lines, at)
    if "sequence entries" in complaint:
        hint = "Start each item on a line of its own, below the key."
        return _mark(at), "a list cannot start on the line of its key", hint
    if "document start" in complaint and any(line.startswith("...") for line in lines[: at.line]):
        return (
            _mark(at),
            "there is more text after the end of the document",
            "Delete the dots above.",
        )
    hint = "Lines that belong together start in the same column; count the spaces at its start."
    return _mark(at), "this line does not fit the lines above it", hint


def _last_bracket(lines: Sequence[str]) -> Mark | None:
    """The last bracket of a file, counted from 0 as the parser does."""
    for number in range(len(lines) - 1, -1, -1):
        if (column := max(lines[number].rfind("["), lines[number].rfind("{"))) >= 0:
            return Mark(number, column)
    return None


def _within(lines: Sequence[str], mark: _Spot) -> _Spot | Mark:
    """The end of the text when libyaml points below it."""
    last = len(lines) - 1
    return mark if mark.line <= last else Mark(last, len(lines[last]))


def _after_quote(at: _Spot, quoted: Event) -> tuple[Mark, str, str]:
    if quoted.start_mark.line != quoted.end_mark.line:
        what = f"the quote that opens here is closed only on line {at.line + 1}"
        return _mark(quoted.start_mark), what, "Put the same quote at the end of the text."
    if quoted.style == "'":
        hint = "Put the whole text in double quotes, or write an apostrophe inside it twice."
    else:
        hint = 'Use single quotes around the whole text, or write \\" for a quote inside it.'
    return _mark(at), "the quoted text ended before this", hint


def _stray_colon(lines: Sequence[str], at: _Spot) -> tuple[Mark, str, str]:
    before = lines[at.line][: at.column]
    if re.search(r":\s", before):
        if curly := _OPENS_CURLY.match(before):
            return Mark(at.line + 1, curly.end() + 1), *_CURLY_QUOTES
        hint = "Put the whole text in double quotes."
        return _mark(at), "a text with a colon and a space in it must be in quotes", hint
    first = _indent(before)
    above = next((n for n in range(at.line - 1, -1, -1) if lines[n].strip()), at.line)
    owner = next(
        (n for n in range(above, -1, -1) if lines[n].strip() and _indent(lines[n]) < first), 0
    )
    word = _ONE_WORD.fullmatch(lines[above])
    starts_a_group = _indent(lines[above]) == first and lines[owner].rstrip().endswith(":")
    if _NO_SPACE.match(lines[above]) or starts_a_group or (word and owner == above):
        return _without_colon(lines, above)
    hint = "Start it in the same column as the key above, or put a long text in quotes."
    return Mark(at.line + 1, first + 1), "this line is indented too far", hint


def _without_colon(lines: Sequence[str], at: int) -> tuple[Mark, str, str]:
    if missing := _NO_SPACE.match(lines[at]):
        mark = Mark(at + 1, missing.start(1) + 1)
        return mark, "a space is missing after this colon", 'Write "key: value".'
    if word := _ONE_WORD.fullmatch(lines[at]):
        return (
            Mark(at + 1, word.end(1) + 1),
            f'a colon is missing after "{word[1]}"',
            _NO_COLON_HINT,
        )
    return Mark(at + 1, _indent(lines[at]) + 1), "a colon is missing in this line", _NO_COLON_HINT


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
