"""Questions people ask at any point -> short sourced answers.

The law of this room: a wrong answer given with confidence is worse than none. ``find`` says of each
question how near the words came, and ``sure`` is true only when they fit one question well and no
other nearly as well.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.expenses import folded
from bot.flow import Identifier
from bot.problems import Problem, ProblemsError, did_you_mean
from bot.question_words import LONGEST_READ, OURS, asks, plain, roots
from bot.shapes import validate
from bot.sources import Source, date_problems, unknown_source
from bot.yaml_text import YamlDocument

LONGEST_ASK = 60
"""Characters on a question's button; phones cut longer ones."""
MOST_SENTENCES = 6
MOST_FOUND = 4

SURE = 0.64
"""Least likeness (0 to 1) at which one question is taken for the one that was asked."""
SURE_UNASKED = 0.8, 0.86
"""The same for words without a question's shape: about the letter, and about anything else."""
SHORTEST_UNASKED = 4
"""Words that the latter must have: "chiropractor" names a person or a bill, and asks nothing."""
APART = 0.05
"""How far the next question must be behind for that."""
NEAR = 0.45
"""Least likeness at which a question is worth offering."""

SMALL = 0.4
"""What a small word such as "my" says, where a word of one question alone says a little over 4."""
DAMP = 0.4
"""Weight taken from every likeness, so that small words alone never come to a sure answer."""
UNLIKE = 0.85
"""What is left of a likeness where one says no and the other does not: what is (not) covered."""
WIDE = 0.4
"""The part of a likeness that is the question's words all together; the rest is one phrasing's."""


# --- what an operator writes -----------------------------------------------------------------


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Written):
    """A group of questions in the menu; ``about_bot`` marks what this bot says of itself."""

    title: str = Field(min_length=1, max_length=LONGEST_ASK)
    title_es: str = Field(min_length=1, max_length=LONGEST_ASK)
    about_bot: bool = False

    def named(self, language: str) -> str:
        """The title in ``en`` or ``es``."""
        return self.title_es if language == "es" else self.title


class _Said(_Written):
    topic: Identifier
    ask: str = Field(min_length=1, max_length=LONGEST_ASK)
    ask_es: str = Field(min_length=1, max_length=LONGEST_ASK)
    words: tuple[str, ...] = Field(min_length=1)
    """Other ways to ask the same."""
    words_es: tuple[str, ...] = Field(min_length=1)
    say: str = Field(min_length=1)
    say_es: str = Field(min_length=1)

    def asked(self, language: str) -> str:
        """The question in ``en`` or ``es``."""
        return self.ask_es if language == "es" else self.ask

    def said(self, language: str) -> str:
        """The answer in ``en`` or ``es``, as Telegram's HTML."""
        return self.say_es if language == "es" else self.say


class Entry(_Said):
    """One question as its file has it; sources are keys of that file."""

    sources: tuple[str, ...] = ()


class QuestionsFile(_Written):
    """``flows/questions.yaml``."""

    format: Literal[1]
    sources: dict[str, Source] = Field(min_length=1)
    topics: dict[Identifier, Topic] = Field(min_length=1)
    questions: dict[Identifier, Entry] = Field(min_length=1)


class Question(_Said):
    """One question with its answer and its sources."""

    id: str
    sources: tuple[Source, ...]


def questions_of(file: QuestionsFile) -> tuple[Question, ...]:
    """The questions of a file. Raises KeyError when a source is not in the file."""
    return tuple(
        Question.model_construct(
            **{
                **dict(entry),
                "id": name,
                "sources": tuple(file.sources[source] for source in entry.sources),
            }
        )
        for name, entry in file.questions.items()
    )


# --- what is wrong with it -------------------------------------------------------------------


def question_problems(documents: Sequence[YamlDocument], today: date) -> list[Problem]:
    """Everything wrong with the questions' files, in file order."""
    problems: list[Problem] = []
    for document in documents:
        try:
            file = validate(document, QuestionsFile)
        except ProblemsError as error:
            problems += error.problems
        else:
            problems += _file_problems(document, file, today)
    return sorted(problems)


def _file_problems(document: YamlDocument, file: QuestionsFile, today: date) -> Iterator[Problem]:
    yield from date_problems(document, file.sources, today)
    used = {key for entry in file.questions.values() for key in entry.sources}
    for key in file.sources:
        if key not in used:
            what = f'no question uses the source "{key}"'
            yield document.problem(("sources", key), what, key=True, severity="warning")
    topics = {entry.topic for entry in file.questions.values()}
    for key in file.topics:
        if key not in topics:
            what = f'no question belongs to the topic "{key}"'
            yield document.problem(("topics", key), what, key=True, severity="warning")
    for name, entry in file.questions.items():
        yield from _entry_problems(document, file, name, entry)
    yield from _repeated_words(document, file)


def _entry_problems(
    document: YamlDocument, file: QuestionsFile, name: str, entry: Entry
) -> Iterator[Problem]:
    here = ("questions", name)
    if entry.topic not in file.topics:
        hint = did_you_mean(entry.topic, file.topics) or 'Write it under "topics"'
        yield document.problem((*here, "topic"), f'there is no topic "{entry.topic}"', hint)
    elif not entry.sources and not file.topics[entry.topic].about_bot:
        what = f'the answer to "{name}" names no source'
        yield document.problem(here, what, "Add `sources: […]`", key=True)
    for number, key in enumerate(entry.sources):
        if key not in file.sources:
            yield unknown_source(document, (*here, "sources", number), key, file.sources)
    for field, text in (("say", entry.say), ("say_es", entry.say_es)):
        if "?" in text:
            what = f'the answer to "{name}" asks something itself'
            yield document.problem((*here, field), what, "The open question follows it")
        if "{" in text:
            what = f'the answer to "{name}" has a name to fill in'
            yield document.problem((*here, field), what, "Answers are the same for everybody")
        sentences = len(re.findall(r"[.!](?:\s|$)", text))
        if sentences > MOST_SENTENCES:
            what = f'the answer to "{name}" has {sentences} sentences; {MOST_SENTENCES} at most'
            yield document.problem((*here, field), what, "Shorten it", severity="warning")


def _repeated_words(document: YamlDocument, file: QuestionsFile) -> Iterator[Problem]:
    """The same words cannot ask two things."""
    taken: dict[str, str] = {}
    for name, entry in file.questions.items():
        mine: set[str] = set()
        for field in ("ask", "ask_es", "words", "words_es"):
            value = getattr(entry, field)
            for number, phrase in enumerate((value,) if isinstance(value, str) else value):
                place = (field,) if isinstance(value, str) else (field, number)
                asked = folded(phrase)
                other = taken.setdefault(asked, name)
                if other != name:
                    what = f'"{phrase}" already asks the question "{other}"'
                    yield document.problem(("questions", name, *place), what, "Remove one")
                elif asked in mine and asked not in (folded(entry.ask), folded(entry.ask_es)):
                    what = f'"{phrase}" is written twice'
                    where = ("questions", name, *place)
                    yield document.problem(where, what, "Remove one", severity="warning")
                mine.add(asked)


# --- the index -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A question that the words may ask; ``score`` is 1 when they are its own words."""

    question: Question
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    question: int
    roots: frozenset[str]
    total: float
    language: str


class Questions:
    """All questions and their topics, and the way from words to them."""

    def __init__(
        self, entries: Iterable[Question] = (), topics: Mapping[str, Topic] | None = None
    ) -> None:
        self.entries: Mapping[str, Question] = {entry.id: entry for entry in entries}
        self.topics: Mapping[str, Topic] = topics or {}

    @cached_property
    def _index(self) -> _Index:
        return _Index(tuple(self.entries.values()))

    def of(self, topic: str) -> tuple[Question, ...]:
        """The questions of a topic, in file order."""
        return tuple(entry for entry in self.entries.values() if entry.topic == topic)

    def find(self, words: str, language: str = "en") -> tuple[Found, ...]:
        """The questions that the words may ask, the nearest first; none when none is near.

        Both languages are searched; ``language`` only breaks ties.
        """
        if not self.entries:
            return ()
        best: dict[int, float] = {}
        own = self._index.own.get(plain(words))
        if own is not None:
            return (Found(self._index.questions[own], 1.0, True),)
        for part in _parts(words):
            for number, score in self._index.scores(part, language).items():
                best[number] = max(score, best.get(number, 0.0))
        least = _least(words)
        near = sorted(best.items(), key=lambda one: -one[1])[:MOST_FOUND]
        questions = self._index.questions
        second = near[1][1] if len(near) > 1 else 0.0
        return tuple(
            Found(
                questions[number],
                round(min(score, 1.0), 3),
                place == 0 and score >= least and score - second >= APART,
            )
            for place, (number, score) in enumerate(near)
            if score >= NEAR
        )

    def sure(self, words: str, language: str = "en") -> Question | None:
        """The one question that the words ask beyond reasonable doubt, or ``None``."""
        found = self.find(words, language)
        return found[0].question if found and found[0].sure else None


def _least(words: str) -> float:
    """The likeness at which these words are sure to ask a question."""
    if asks(words):
        return SURE
    if any(root in OURS for root in roots(words)):
        return SURE_UNASKED[0]
    return SURE_UNASKED[1] if len(words.split()) >= SHORTEST_UNASKED else math.inf


def _parts(words: str) -> Iterator[str]:
    """The whole message, and each sentence of it: a story may end in a question."""
    text = words[:LONGEST_READ]
    yield text
    parts = [part for part in re.split(r"[.!?¿;\n]+\s", f"{text} ") if part.strip()]
    if len(parts) > 1:
        yield from (part for part in parts if len(part.split()) > 2 and asks(part))


class _Index:
    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        self.own: dict[str, int] = {}
        """The very words of the file, and the question each of them asks."""
        held: dict[str, set[int]] = defaultdict(set)
        written: list[tuple[int, frozenset[str], str]] = []
        small: set[str] = set()
        for number, question in enumerate(questions):
            for language, phrases in (
                ("en", (question.ask, *question.words)),
                ("es", (question.ask_es, *question.words_es)),
            ):
                for phrase in phrases:
                    self.own.setdefault(plain(phrase), number)
                    said = roots(phrase)
                    small.update(root for root, carries in said.items() if not carries)
                    written.append((number, frozenset(said), language))
                    for root in said:
                        held[root].add(number)
        many = len(questions) + 1
        self.says = {root: math.log(1 + many / len(numbers)) for root, numbers in held.items()}
        self.says.update((root, SMALL) for root in small)
        self.unknown = math.log(1 + many / 3)
        self.phrases: list[_Phrase] = []
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.profiles: dict[str, list[int]] = {root: sorted(n) for root, n in held.items()}
        for number, phrase_roots, language in written:
            for root in phrase_roots:
                self.postings[root].append(len(self.phrases))
            total = sum(self.says[root] for root in phrase_roots)
            self.phrases.append(_Phrase(number, phrase_roots, total, language))
        self.spellings: dict[str, list[str]] = defaultdict(list)
        for root in self.says:
            if len(root) > 3:
                self.spellings[root[0]].append(root)

    def scores(self, words: str, language: str) -> dict[int, float]:
        """How near each question comes, from 0 to a little over 1."""
        known: dict[str, float] = {}
        whole = 0.0
        for root, carries in roots(words).items():
            if not carries:
                whole += SMALL
                if root in self.says:
                    known[root] = 1.0
                continue
            meant, likeness = self._spelled(root)
            whole += self.says[meant] if meant else self.unknown
            if meant:
                known[meant] = max(likeness, known.get(meant, 0.0))
        shared: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for root, likeness in known.items():
            weight = self.says[root] * likeness
            for place in self.postings[root]:
                shared[place] += weight
            for number in self.profiles[root]:
                covered[number] += weight
        best: dict[int, float] = {}
        for place, weight in shared.items():
            phrase = self.phrases[place]
            score = 2 * weight / (phrase.total + whole + DAMP)
            if phrase.language != language:
                score *= 0.99
            if ("not" in phrase.roots) != ("not" in known):
                score *= UNLIKE
            if score > best.get(phrase.question, 0.0):
                best[phrase.question] = score
        return {
            number: (1 - WIDE) * score + WIDE * covered[number] / (whole + DAMP)
            for number, score in best.items()
        }

    def _spelled(self, root: str) -> tuple[str, float]:
        """The known root that was meant, and how like it the word is."""
        if root in self.says:
            return root, 1.0
        if len(root) < 4:
            return "", 0.0
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(root)
        best, likeness = "", 0.0
        for other in self.spellings[root[0]]:
            if abs(len(other) - len(root)) <= 2:
                matcher.set_seq1(other)
                if matcher.quick_ratio() > 0.8 and (ratio := matcher.ratio()) > likeness:
                    best, likeness = other, ratio
        return (best, likeness) if likeness >= 0.82 else ("", 0.0)
