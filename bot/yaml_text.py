"""YAML text -> values that know their line and column.

The law of this room: what a non-programmer typed is what we read. Only `true`, `false`, plain
integers and null are special; all other unquoted words are text, and keys are always text. What
YAML loses in silence (a repeated key) or hides (anchors, tags, merges) is an error with its line
and column, found on the stream of events before anything is built: PyYAML's C composer crashes on
deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NoReturn,
    Protocol,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from bot.problems import Problem, ProblemsError, did_you_mean

JsonValue: TypeAlias = bool | int | str | list["JsonValue"] | dict[str, "JsonValue"] | None
Location: TypeAlias = Sequence[str | int]
Event: TypeAlias = Any  # the stubs know neither the C parser's marks nor which event has a tag
M = TypeVar("M", bound=BaseModel)

DEEPEST = 20
_TOO_DEEP = f"this is nested more than {DEEPEST} levels deep"
_LESS_DEEP = "Close a bracket, or indent less."
LARGEST = 256 * 1024
LOADER = getattr(yaml, "CLoader", yaml.Loader)  # ten times faster where libyaml is there

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # longer ones are account numbers, not amounts
_SPECIAL = {"true": True, "false": False, "null": None, "~": None, "": None}
_INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAB_INDENT = re.compile("^ *(\t)", re.MULTILINE)
_QUOTE_IT = "If it is meant as text, put the whole text in double quotes."


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
        Problem(
            path,
            *_line_and_column(text, match.start()),
            f"an invisible character (U+{ord(match.group()):04X}) stands here",
            "Delete it and type the text again.",
        )
        for match in _INVISIBLE.finditer(text)
    ] + [
        Problem(
            path,
            *_line_and_column(text, match.start(1)),
            "a tab is used to indent this line",
            "Use spaces; most editors can turn tabs into spaces.",
        )
        for match in _TAB_INDENT.finditer(text)
    ]
    if found:
        raise ProblemsError(found[:20])  # a binary file would otherwise fill the screen
    return text


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
            self.stop(event, _TOO_DEEP, _LESS_DEEP)
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
        if not event.style and key in ("<<", ""):
            what = 'the merge key "<<" is not allowed' if key else "a key is missing here"
            self.note(event, what, "Write the keys out." if key else "Write it before the colon.")
        if event.style:
            self.last_quoted = event
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
        return int(text) if _INTEGER.fullmatch(text) else text

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


def _explained(
    lines: Sequence[str], error: yaml.MarkedYAMLError, quoted: Event | None
) -> tuple[Mark, str, str]:
    """Where the mistake was made, which is often above the place where the parser gave up."""
    opened: Any = error.context_mark and _within(lines, error.context_mark)
    at: Any = _within(lines, error.problem_mark or opened)
    context, complaint = error.context or "", error.problem or ""
    if "maximum nesting depth" in complaint:
        # PyYAML 6.0.4 gives up at 1,000 levels before it tells of the first one.
        return at, _TOO_DEEP, _LESS_DEEP
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
    bracket = lines[opened.line][opened.column : opened.column + 1] if opened else ""
    if closing := {"[": "]", "{": "}"}.get(bracket if "flow" in context else ""):
        what = f'the "{bracket}" that opens here is not closed, or a comma is missing after it'
        return _mark(opened), what, f'Add "{closing}". {_QUOTE_IT}'
    start = _VALUE.match(line)
    if start and line[start.end()] in "{[*&!%@`|>?,]}":
        sign = "{{" if line.startswith("{{", start.end()) else line[start.end()]
        mark = Mark(at.line + 1, start.end() + 1)
        return mark, f'a text that starts with "{sign}" must be in quotes', _QUOTE_IT
    if "mapping values" in complaint:
        return _stray_colon(lines, at)
    if "document start" in complaint:
        return (
            _mark(at),
            "there is more text after the end of the document",
            "Delete the dots above.",
        )
    hint = "Lines that belong together start in the same column; count the spaces at its start."
    return _mark(at), "this line does not fit the lines above it", hint


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
        hint = "Put the whole text in double quotes."
        return _mark(at), "a text with a colon and a space in it must be in quotes", hint
    above = next((n for n in range(at.line - 1, -1, -1) if lines[n].strip()), at.line)
    if missing := _NO_SPACE.match(lines[above]):
        mark = Mark(above + 1, missing.start(1) + 1)
        return mark, "a space is missing after this colon", 'Write "key: value".'
    hint = "Start it in the same column as the key above, or put a long text in quotes."
    first = len(before) - len(before.lstrip())
    return Mark(at.line + 1, first + 1), "this line is indented too far", hint


# --- Values -> models, and pydantic's words -> plain words ---------------------------------------


def validate(document: YamlDocument, model: type[M]) -> M:
    """The document as a model.

    Raises ProblemsError with every mistake. A validator in a model says what is wrong with
    `ValueError(what)` or `ValueError(what, hint)`; its location is the value it was given.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        found = list(_problems(document, model, error.errors(include_url=False)))
        raise ProblemsError(dict.fromkeys(found)) from None


def _problems(
    document: YamlDocument, model: type[BaseModel], errors: list[ErrorDetails]
) -> Iterator[Problem]:
    errors = list(_likeliest(document, errors))
    renamed = {hint for error in errors if (hint := _suggestion(model, error))}
    for error in errors:
        loc, kind = error["loc"], error["type"]
        if kind == "extra_forbidden":
            hint = _suggestion(model, error) or _allowed(_fields(model, loc[:-1]))
            yield document.problem(loc, f'unknown key "{loc[-1]}"', hint, key=True)
        elif kind == "missing":
            if f'Did you mean "{loc[-1]}"?' not in renamed:  # else the shadow of a misspelling
                yield _missing(document, loc)
        else:
            what, hint = _in_plain_words(document, error)
            yield document.problem(loc, what, hint, key=loc[-1:] == ("[key]",))


def _missing(document: YamlDocument, loc: Location) -> Problem:
    owner = document.real(loc[:-1])
    name = f'"{owner[-1]}"' if owner and isinstance(owner[-1], str) else "this item"
    what = f'{name if owner else "the file"} has no "{loc[-1]}"'
    return document.problem(owner, what, f'Add a line "{loc[-1]}: …".', key=True)


def _suggestion(model: type[BaseModel], error: ErrorDetails) -> str:
    if error["type"] != "extra_forbidden":
        return ""
    return did_you_mean(str(error["loc"][-1]), _fields(model, error["loc"][:-1]))


def _allowed(names: Iterable[str]) -> str:
    return f"Known here: {', '.join(sorted(names))}."


# What a value should have been, by the first word of pydantic's name for the mistake.
_SHAPES = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "dict": "a group of keys",
    "mapping": "a group of keys",
    "model": "a group of keys",
    "date": "a date such as 2026-11-23",
    "url": "a web address such as https://example.com",
    "none": "empty",
    "literal": "one of the known words",
    "enum": "one of the known words",
}
_WRONG_SHAPE = re.compile(
    r"([a-z]+)_(?:set_)?(?:type|attributes_type|parsing|from_.*|scheme|required|error)"
)
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def _likeliest(document: YamlDocument, errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Where a value may take several shapes, pydantic complains of each; keep the shape meant."""
    by_place: dict[Location, dict[str, list[ErrorDetails]]] = {}
    for error in errors:
        place, shape = _branch_taken(document, error)
        by_place.setdefault(place, {}).setdefault(shape, []).append(error)
    for place, shapes in by_place.items():
        fitting = [
            found for found in shapes.values() if not _is_wrong_shape(found, document, place)
        ]
        if len(shapes) == 1 or "" in shapes:
            yield from (error for found in shapes.values() for error in found)
        elif fitting:
            yield from min(fitting, key=len)
        else:
            yield _merged([found[0] for found in shapes.values()])


def _branch_taken(document: YamlDocument, error: ErrorDetails) -> tuple[Location, str]:
    """The real place of the value, and the first name after it that only pydantic knows."""
    loc = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    place: list[str | int] = []
    for element in loc:
        if document.real([*place, element]) != (*place, element):
            return tuple(place), "" if element == "[key]" else str(element)
        place.append(element)
    return tuple(place), ""


def _is_wrong_shape(errors: list[ErrorDetails], document: YamlDocument, place: Location) -> bool:
    return all(
        _shape(error["type"])
        and error["type"] != "value_error"
        and document.real(error["loc"]) == place
        for error in errors
    )


def _shape(kind: str) -> str:
    found = _WRONG_SHAPE.fullmatch(kind)
    return _SHAPES.get(found[1], "") if found else ""


def _merged(errors: list[ErrorDetails]) -> ErrorDetails:
    words = dict.fromkeys(word for error in errors for word in _options(error))
    if words:
        return {**errors[0], "type": "literal_error", "ctx": {"words": list(words)}}
    shapes = " or ".join(dict.fromkeys(_shape(error["type"]) for error in errors))
    return {**errors[0], "type": "wrong_shape", "ctx": {"shapes": shapes}}


def _options(error: ErrorDetails) -> list[str]:
    context = error.get("ctx", {})
    listed = str(context.get("expected", context.get("expected_tags", "")))
    return context.get("words") or re.findall(r"'([^']*)'", listed)


def _in_plain_words(document: YamlDocument, error: ErrorDetails) -> tuple[str, str]:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    name = _name(document, error["loc"])
    if kind in ("value_error", "assertion_error"):
        said = [str(part) for part in context["error"].args]
        return (said[0], said[1]) if len(said) == 2 else (" ".join(said) or f"{name} is wrong", "")
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        options, given = _options(error), context.get("tag", given)
        what = f"{name} is {_shown(given)}, which is not one of: {', '.join(options)}"
        return what, did_you_mean(given, options) if isinstance(given, str) else ""
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"{name} is {_shown(given)}; it should be {words} {context[limit]}", ""
    if kind in ("string_too_short", "too_short", "string_too_long", "too_long"):
        return _wrong_length(name, kind, context), ""
    if kind == "string_pattern_mismatch":
        return f"{name} is {_shown(given)}, which is not written as it should be", _pattern(context)
    if shapes := context.get("shapes") or _shape(kind):
        quote = shapes.startswith("text") and isinstance(given, bool | int)
        hint = "Put it in double quotes." if quote else ""
        return f"{name} should be {shapes}, not {_shown(given)}", hint
    return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}", ""


def _wrong_length(name: str, kind: str, context: Mapping[str, Any]) -> str:
    unit = "characters" if kind.startswith("string") else "items"
    if kind.endswith("long"):
        return f"{name} has more than {context['max_length']} {unit}"
    if context["min_length"] == 1:
        return f"{name} is empty"
    return f"{name} has fewer than {context['min_length']} {unit}"


def _pattern(context: Mapping[str, Any]) -> str:
    pattern = str(context["pattern"])
    if "a-z" in pattern and "A-Z" not in pattern:
        return "Start with a small letter; use only small letters, digits and _."
    return f"It must match {pattern}"


def _name(document: YamlDocument, loc: Location) -> str:
    real = document.real(loc)
    if not real:
        return "the file"
    return f'"{real[-1]}"' if isinstance(real[-1], str) else f"item {real[-1] + 1} of this list"


def _shown(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"' if len(value) <= 40 else f'"{value[:39]}…"'
        case list():
            return "a list"
        case dict():
            return "a group of keys"
        case _:
            return str(value)


# --- The keys a model knows at a place -----------------------------------------------------------


def _fields(model: type[BaseModel], loc: Location) -> set[str]:
    types: list[Any] = [model]
    for element in loc:
        below = [part for kind in types for part in _below(kind, element)]
        types = below or types  # else the element is a branch's name, which pydantic put there
    return {
        info.alias or name
        for kind in types
        for bare in _bare(kind)
        if isinstance(bare, type) and issubclass(bare, BaseModel)
        for name, info in bare.model_fields.items()
    }


def _bare(kind: Any) -> list[Any]:
    """The types inside Annotated, unions and optionals."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _bare(get_args(kind)[0])
    if origin in (Union, UnionType):
        return [bare for part in get_args(kind) for bare in _bare(part)]
    return [kind]


def _below(kind: Any, element: str | int) -> list[Any]:
    found = []
    for bare in _bare(kind):
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            found += [
                info.annotation
                for name, info in bare.model_fields.items()
                if element in (info.alias, name)
            ]
        elif arguments := [part for part in get_args(bare) if part is not ...]:
            # A list's or tuple's items and a mapping's values are its last argument.
            is_list = get_origin(bare) in (list, tuple, set, frozenset, Sequence)
            if is_list == isinstance(element, int):
                found.append(arguments[-1])
    return found
