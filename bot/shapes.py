"""Values -> models, and a model's complaints in plain words, at the line that is to be mended.

The law of this room: whoever reads a complaint has never heard of pydantic. Each says what was
found and what should stand there, in words of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.problems import Problem, ProblemsError, did_you_mean
from bot.yaml_text import Location, YamlDocument

M = TypeVar("M", bound=BaseModel)


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
    return context.get("words") or re.findall(r"'([^']*)'", listed) or re.findall(r"\d+", listed)


def _in_plain_words(document: YamlDocument, error: ErrorDetails) -> tuple[str, str]:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    name = _name(document, error["loc"])
    is_key = error["loc"][-1:] == ("[key]",)
    if kind in ("value_error", "assertion_error"):
        said = [str(part) for part in context["error"].args]
        return (said[0], said[1]) if len(said) == 2 else (" ".join(said) or f"{name} is wrong", "")
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        options, given = _options(error), context.get("tag", given)
        is_what = "is" if is_key else f"is {_shown(given)}, which is"
        what = f"{name} {is_what} not one of: {', '.join(options)}"
        hint = did_you_mean(given, options) if isinstance(given, str) else ""
        return what, "Write it without quotes." if given in options else hint
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"{name} is {_shown(given)}; it should be {words} {context[limit]}", ""
    if kind in ("string_too_short", "too_short", "string_too_long", "too_long"):
        return _wrong_length(name, kind, context), ""
    if kind == "string_pattern_mismatch":
        is_what = "is" if is_key else f"is {_shown(given)}, which is"
        return f"{name} {is_what} not written as it should be", _pattern(context)
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
    if pattern.startswith("^https?"):
        return "Write the whole address, as in https://example.com/page."
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
