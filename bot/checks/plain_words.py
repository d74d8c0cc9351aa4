"""Texts that people can read on a bad day: short sentences, easy words, one question at a time.

The law of this room: only what a patient reads is measured, as it looks with answers filled in.
What a practice or a plan reads is worded for them (``wording.ENGLISH_FOR_PROVIDERS``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Literal

from bot.checks.reading import FILLED_IN, measure, readings, sentences, words
from bot.flow import step_texts
from bot.problems import Problem
from bot.shelf import QUESTIONS, Shelf
from bot.translations import Entry, read_po
from bot.wording import ENGLISH_FOR_PROVIDERS
from bot.yaml_text import YamlDocument

LONGEST_SENTENCE = 20
"""Words in a sentence."""
HARDEST_GRADE = 8.0
"""English: the highest Flesch-Kincaid grade."""
LEAST_EASE = 60.0
"""Spanish: the lowest Fernández Huerta score."""
FEWEST_WORDS = 100
"""A score says nothing about less text than this."""
EVERYDAY = frozenset({"US", "USA", "ID", "OK", "PDF", "EE", "UU", "CHIP"})
"""Capitals that need no explanation; programs such as CHIP go by them."""
SHARED = "shared"
CATALOGUE = "expenses"

Kind = Literal["said", "part", "label"]
Word = Callable[[str, str, str, Literal["error", "warning"]], Problem]
"""Makes a problem from the sentence it is in, what is wrong, a hint, and how bad it is."""


@dataclass(frozen=True)
class Passage:
    """A text that patients read: a message that is said, a part of one, or a label."""

    whole: str
    """The flow, the catalogue or the document that it is scored with."""
    language: str
    kind: Kind
    source: str
    word: Word


# --- what patients read ----------------------------------------------------------------------


def passages(shelf: Shelf) -> Iterator[Passage]:
    """Every text that patients read, in both languages."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for loc, text in step_texts(step):
                word = partial(_in_yaml, document, ("steps", name, *loc))
                yield Passage(flow.flow, "en", _kind(str(loc[0])), text, word)
    if shelf.shared is not None:
        document, shared = shelf.shared
        for name, text in shared.texts.items():
            word = partial(_in_yaml, document, ("texts", name))
            yield Passage(SHARED, "en", _shared_kind(name), text, word)
    yield from _translated(shelf)
    yield from _catalogue(shelf)
    yield from _answers(shelf)
    for name, source in shelf.templates.items():
        language, _, document_name = name.partition("/")
        if document_name not in ENGLISH_FOR_PROVIDERS:
            path = f"templates/{name}.j2"
            yield Passage(path, language, "part", source, partial(_in_text, path, 1, source))


def _translated(shelf: Shelf) -> Iterator[Passage]:
    for language, (path, text) in shelf.translations.items():
        for entry in _entries(path, text):
            flow, _, place = entry.context.partition(".")
            key = place.partition(".")[2]
            kind = _shared_kind(place) if flow == SHARED else _kind(key.partition(".")[0])
            word = partial(_in_text, path, entry.line, "")
            if entry.translated and not entry.fuzzy:
                yield Passage(flow, language, kind, entry.translated, word)


@lru_cache(maxsize=4)
def _entries(path: str, text: str) -> Sequence[Entry]:
    return read_po(text, path)[0]


def _catalogue(shelf: Shelf) -> Iterator[Passage]:
    for document, file in shelf.categories:
        for name, entry in file.expenses.items():
            for key, text in (
                ("why", entry.why),
                ("note", entry.note),
                ("why_es", entry.why_es),
                ("note_es", entry.note_es),
            ):
                if text:
                    language = "es" if key.endswith("_es") else "en"
                    word = partial(_in_yaml, document, ("expenses", name, key))
                    yield Passage(CATALOGUE, language, "part", text, word)


def _answers(shelf: Shelf) -> Iterator[Passage]:
    """The answers to what people ask."""
    if shelf.questions is None:
        return
    document, file = shelf.questions
    for name, entry in file.questions.items():
        for key, text in (("say", entry.say), ("say_es", entry.say_es)):
            language = "es" if key.endswith("_es") else "en"
            word = partial(_in_yaml, document, ("questions", name, key))
            yield Passage(QUESTIONS, language, "said", text, word)


def _kind(key: str) -> Kind:
    if key == "say":
        return "said"
    return "label" if key in ("buttons", "label", "skip") else "part"


def _shared_kind(name: str) -> Kind:
    label = name.endswith("_button") or name.startswith(
        ("field_", "carrier_", "document_", "operator_")
    )
    return "label" if label else "said"


def _in_yaml(
    document: YamlDocument,
    loc: Sequence[str | int],
    sentence: str,
    what: str,
    hint: str,
    severity: Literal["error", "warning"],
) -> Problem:
    return document.problem(loc, what, hint, severity=severity)


def _in_text(
    path: str,
    line: int,
    source: str,
    sentence: str,
    what: str,
    hint: str,
    severity: Literal["error", "warning"],
) -> Problem:
    literal = max(sentence.split(FILLED_IN), key=len).strip()
    before = source.partition(literal)[0] if literal and literal in source else ""
    return Problem(path, line + before.count("\n"), 1, what, hint, severity)


@lru_cache(maxsize=10_000)
def _sentences(source: str) -> tuple[str, ...]:
    """Every sentence that a text can hold, once."""
    return tuple(dict.fromkeys(one for text in readings(source) for one in sentences(text)))


def _quoted(sentence: str) -> str:
    return f'"{sentence.replace(FILLED_IN, "…")}"'


# --- the checks ------------------------------------------------------------------------------


def texts_are_easy_to_read(shelf: Shelf, today: date) -> Iterator[Problem]:
    """English reads at grade 8 or below, Spanish at 60 or above, over a flow and each whole."""
    wholes: dict[tuple[str, str], list[tuple[str, Passage]]] = defaultdict(list)
    for passage in passages(shelf):
        if passage.kind != "label":
            for sentence in _sentences(passage.source):
                wholes[passage.whole, passage.language].append((sentence, passage))
    flows = {flow.flow for _, flow in shelf.flows.values()}
    for (whole, language), found in wholes.items():
        score, enough = scored([sentence for sentence, _ in found], language)
        if enough and _too_hard(score, language):
            sentence, passage = max(found, key=lambda one: _hardness(one[0], language))
            yield passage.word(
                sentence,
                f"{_named(whole, flows)} {_graded(score, language)}; "
                f"its hardest sentence is {_quoted(sentence)}",
                "Use shorter sentences and everyday words",
                "error" if whole in flows or whole == SHARED else "warning",
            )


def scored(found: Sequence[str], language: str) -> tuple[float, bool]:
    """The score of these sentences together, and whether they are enough for one."""
    measured = measure(found, language)
    return measured.score, measured.words >= FEWEST_WORDS


def _too_hard(score: float, language: str) -> bool:
    return score < LEAST_EASE if language == "es" else score > HARDEST_GRADE


def _hardness(sentence: str, language: str) -> float:
    """Higher is harder; fragments are left alone, for a long word alone is no hard sentence."""
    if len(words(sentence)) < 5:
        return float("-inf")
    score = measure([sentence], language).score
    return -score if language == "es" else score


def _named(whole: str, flows: Iterable[str]) -> str:
    if whole in flows:
        return f'the flow "{whole}"'
    if whole == SHARED:
        return "what is the same everywhere"
    return {CATALOGUE: "the catalogue", QUESTIONS: "the questions and answers"}.get(
        whole, "this document"
    )


def _graded(score: float, language: str) -> str:
    if language == "es":
        return f"scores {score:.0f} in Spanish, where {LEAST_EASE:.0f} or more is easy to read"
    return f"reads at grade {score:.1f}, where {HARDEST_GRADE:.0f} is the most"


def sentences_are_short(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No sentence has more than 20 words; a line of a list counts as one."""
    for passage in passages(shelf):
        for sentence in _sentences(passage.source):
            count = len(words(sentence))
            if count > LONGEST_SENTENCE:
                yield passage.word(
                    sentence,
                    f"this sentence has {count} words, {LONGEST_SENTENCE} at most can be read "
                    f"with ease: {_quoted(sentence)}",
                    "Make two of it",
                    "error" if passage.kind == "said" else "warning",
                )


def one_question_at_a_time(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A message asks one question at most."""
    for passage in passages(shelf):
        if passage.kind == "said":
            most = max(readings(passage.source), key=lambda text: text.count("?"))
            if most.count("?") > 1:
                yield passage.word(
                    "",
                    f"this message asks {most.count('?')} questions at once",
                    "Ask one, and give the others steps of their own",
                    "error",
                )


_CAPITALS = re.compile(r"\b[A-Z]{2,5}(?=s?\b)")
_MARKS = re.compile(r"\{[%{#].*?[%}#]\}|<[^<>]*>", re.DOTALL)


def abbreviations_are_explained(shelf: Shelf, today: date) -> Iterator[Problem]:
    """An abbreviation is explained once in a flow, or in one that it is joined with.

    "HSA: health savings account", "HSA (health savings account)", "health savings account (HSA)"
    and "HSA means …" explain; so does a choice of letters in brackets, as in "doctor (MD or DO)".
    """
    joined = _joined(shelf)
    found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages(shelf):
        if passage.whole in joined:
            found[joined[passage.whole], passage.language].append(passage)
    names = {word for _, one in shelf.administrators for word in _CAPITALS.findall(one.name)}
    for together in found.values():
        texts = [_MARKS.sub(" ", passage.source) for passage in together]
        everything = "\n".join(texts)
        seen = set(EVERYDAY | names)
        for passage, text in zip(together, texts, strict=True):
            for short in _CAPITALS.findall(text):
                if short not in seen and not explained(short, everything):
                    yield passage.word(
                        "",
                        f'"{short}" is explained nowhere in this flow',
                        f'Say once what it is, as in "{short} (its full name)"',
                        "warning",
                    )
                seen.add(short)


def explained(short: str, text: str) -> bool:
    """Whether a text says what these letters stand for."""
    return bool(
        re.search(
            rf"\b{short}s?(?: \(|: | (?:means|stands for|significa)\b)"
            rf"|\([^()]*\b{short}\b[^()]*\)",
            text,
        )
    )


def _joined(shelf: Shelf) -> Mapping[str, str]:
    """Each flow with the first of all the flows that `do` joins it with."""
    group = {flow.flow: flow.flow for _, flow in shelf.flows.values()}
    for _, flow in shelf.flows.values():
        for name in flow.steps:
            for line in flow.exits(name):
                if line.do in group:
                    old, new = group[line.do], group[flow.flow]
                    group = {one: new if of == old else of for one, of in group.items()}
    return group
