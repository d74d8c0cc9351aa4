"""The expense catalogue: what an entry says, how a category file is read, what is wrong with it.

The law of this room: an entry states the rule of a health FSA, HSA or HRA with nothing else known.
Everything that depends on an account, a plan or an answer is written beside it as data;
``eligibility.decide`` puts them together. Words that lead here are the business of ``search.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.flow import Identifier
from bot.problems import Problem, ProblemsError, did_you_mean
from bot.shapes import validate
from bot.sources import Source, date_problems, unknown_source
from bot.yaml_text import YamlDocument

Account = Literal["fsa", "lpfsa", "hsa", "hra", "dcfsa", "insurer", "deduction"]
Status = Literal["no_letter", "letter", "prescription", "depends", "never"]
Ruling = Literal["no_letter", "letter", "prescription", "depends", "never", "next"]
Deciding = Literal["diagnosed", "cosmetic", "prescribed", "food", "home", "sole", "covered"]
Rule = Literal["excess_cost", "capital_expense", "sole_purpose", "cosmetic", "travel_lodging"]

ACCOUNTS: tuple[Account, ...] = get_args(Account)
ANSWERS: Mapping[Deciding, tuple[str, ...]] = {
    "diagnosed": ("yes", "not_yet", "no"),
    "cosmetic": ("looks", "repair", "treats"),
    "prescribed": ("yes", "no"),
    "food": ("instead", "special"),
    "home": ("permanent", "movable"),
    "sole": ("yes", "no"),
    "covered": ("yes", "no"),
}
"""Every answer that each deciding fact may have."""

EntryId = Annotated[Identifier, Field(max_length=32)]
ButtonName = Annotated[str, Field(min_length=1, max_length=40)]
Sentence = Annotated[str, Field(min_length=1)]


# --- what an operator writes -----------------------------------------------------------------


def _lower_case(word: str) -> str:
    if word != word.lower() or word != word.strip() or not word:
        raise PydanticCustomError(
            "lower_case", "write other words for it in lower case, without spaces around them"
        )
    return word


Synonym = Annotated[str, AfterValidator(_lower_case)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Said(_Written):
    """What an entry says, in a file and in memory alike."""

    name: ButtonName
    name_es: ButtonName
    synonyms: tuple[Synonym, ...] = ()
    synonyms_es: tuple[Synonym, ...] = ()
    shared: tuple[Synonym, ...] = ()
    """Words that lead to this entry and to another one on purpose; the person is asked which."""
    status: Status
    accounts: dict[Account, Status] = {}
    decides: dict[Deciding, dict[str, Ruling]] = {}
    rules: tuple[Rule, ...] = ()
    why: Sentence
    why_es: Sentence
    letter_names: tuple[Sentence, ...] = ()
    letter_names_es: tuple[Sentence, ...] = ()
    note: Sentence | None = None
    note_es: Sentence | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Every name and synonym, in both languages."""
        return (self.name, self.name_es, *self.synonyms, *self.synonyms_es, *self.shared)


class Entry(_Said):
    """One expense as its category file has it; sources are keys of that file."""

    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Entry:
        for wrong in _unsound(self):
            raise PydanticCustomError("unsound_entry", "{wrong}", {"wrong": wrong})
        return self


class CategoryFile(_Written):
    """One file of ``flows/expenses``."""

    format: Literal[1]
    category: Identifier
    title: str = Field(min_length=1)
    title_es: str = Field(min_length=1)
    sources: dict[str, Source] = Field(min_length=1)
    accounts: dict[Account, Status] = {}
    expenses: dict[EntryId, Entry] = Field(min_length=1)


class Expense(_Said):
    """One entry of the catalogue, with its sources and its category's exceptions filled in."""

    id: str
    category: str
    sources: tuple[Source, ...]

    def named(self, language: str) -> str:
        """The name in ``en`` or ``es``."""
        return self.name_es if language == "es" else self.name


def expenses_of(file: CategoryFile) -> tuple[Expense, ...]:
    """The entries of a category file. Raises KeyError when a source is not in the file."""
    return tuple(
        # The file was validated already; doing it again would double the time to start.
        Expense.model_construct(
            **{
                **dict(entry),
                "id": name,
                "category": file.category,
                "accounts": {**file.accounts, **entry.accounts},
                "sources": tuple(file.sources[source] for source in entry.sources),
            }
        )
        for name, entry in file.expenses.items()
    )


# --- what is wrong with it -------------------------------------------------------------------


def _unsound(entry: Entry) -> Iterator[str]:
    for fact, answers in entry.decides.items():
        allowed = ANSWERS[fact]
        if unknown := [answer for answer in answers if answer not in allowed]:
            hint = did_you_mean(unknown[0], allowed) or f"Known here: {', '.join(allowed)}."
            yield f'"{fact}" can never be "{unknown[0]}". {hint}'
        elif missing := [answer for answer in allowed if answer not in answers]:
            yield f'"{fact}" does not say what happens when the answer is "{missing[0]}"'
    if entry.decides and "next" in list(entry.decides.values())[-1].values():
        yield f'nothing comes after "{list(entry.decides)[-1]}", so it cannot say "next"'
    if entry.status == "depends" and not (entry.decides or entry.accounts):
        yield 'it depends, but no "decides" says on what'
    if len(entry.letter_names) != len(entry.letter_names_es):
        yield '"letter_names" and "letter_names_es" must name the same number of things'
    if (entry.note is None) != (entry.note_es is None):
        yield 'a "note" is needed in both languages'


def catalogue_problems(documents: Sequence[YamlDocument], today: date) -> list[Problem]:
    """Everything wrong with the category files, read together, in file order."""
    problems: list[Problem] = []
    files: list[tuple[YamlDocument, CategoryFile]] = []
    for document in documents:
        try:
            files.append((document, validate(document, CategoryFile)))
        except ProblemsError as error:
            problems += error.problems
    for document, file in files:
        problems += _file_problems(document, file, today)
    problems += _repeated_ids(files)
    problems += _repeated_words(files)
    return sorted(problems)


def _file_problems(document: YamlDocument, file: CategoryFile, today: date) -> Iterator[Problem]:
    expected = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if file.category != expected:
        what = f'this file is "{expected}" but says "category: {file.category}"'
        yield document.problem(("category",), what, "Give both the same name.")
    used = {key for entry in file.expenses.values() for key in entry.sources}
    yield from date_problems(document, file.sources, today)
    for key in file.sources:
        if key not in used:
            what = f'no expense in this file uses the source "{key}"'
            yield document.problem(("sources", key), what, key=True, severity="warning")
    for name, entry in file.expenses.items():
        for number, key in enumerate(entry.sources):
            if key not in file.sources:
                place = ("expenses", name, "sources", number)
                yield unknown_source(document, place, key, file.sources)


def _repeated_ids(files: Sequence[tuple[YamlDocument, CategoryFile]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for document, file in files:
        for name in file.expenses:
            if first.setdefault(name, document.path) != document.path:
                what = f'the expense "{name}" is already in {first[name]}'
                hint = "Give one of them another name, or keep one."
                yield document.problem(("expenses", name), what, hint, key=True)


_Place = tuple[str | int, ...]
_Word = tuple[YamlDocument, str, _Place, bool]
"""A word's document, the entry it leads to, where it stands, and whether it is the entry's name."""


def _repeated_words(files: Sequence[tuple[YamlDocument, CategoryFile]]) -> Iterator[Problem]:
    """Words that lead to two entries: a name never may, a synonym only where both share it."""
    for language in ("", "_es"):
        taken: dict[str, _Word] = {}
        sharing: dict[str, set[str]] = {}
        for _, file in files:
            for name, entry in file.expenses.items():
                for word in entry.shared:
                    sharing.setdefault(folded(word), set()).add(name)
        # Names first: a synonym that is another entry's name is the synonym's mistake.
        for names in (True, False):
            for document, file in files:
                for name, entry in file.expenses.items():
                    for word, place in _words(entry, language, names):
                        here: _Word = (document, name, ("expenses", name, *place), names)
                        there = taken.setdefault(folded(word), here)
                        if there[2] != here[2] and not _meant(there, here, sharing, word):
                            yield _repeated(word, here, there)


def _words(entry: Entry, language: str, names: bool) -> Iterator[tuple[str, _Place]]:
    fields: dict[str, Any] = dict(entry)
    if names:
        yield fields[f"name{language}"], (f"name{language}",)
    else:
        key = f"synonyms{language}"
        yield from ((word, (key, number)) for number, word in enumerate(fields[key]))


def _meant(there: _Word, here: _Word, sharing: Mapping[str, set[str]], word: str) -> bool:
    if there[3] and here[1] == there[1]:
        return True  # an entry's own name among its synonyms does no harm
    return not there[3] and here[1] in sharing.get(folded(word), ())


def _repeated(word: str, here: _Word, there: _Word) -> Problem:
    document, entry, place, is_name = here
    if entry == there[1]:
        what = f'"{word}" is written twice'
        return document.problem(place, what, "Remove one.", severity="warning")
    if there[3]:
        what = f'"{word}" is the name of the expense "{there[1]}"'
        hint = "A name leads to one expense only; remove it here or give one another name."
        return document.problem(place, what, hint)
    what = f'"{word}" also leads to the expense "{there[1]}"'
    hint = f'Remove one; if the person should be asked which, write "shared: [{word}]" here.'
    return document.problem(place, what, hint, severity="error" if is_name else "warning")


def folded(words: str) -> str:
    """Lower case without accents, single spaces: two spellings of one word are one word."""
    kept = words.casefold()
    if not kept.isascii():  # most words have no accent to lose
        bare = unicodedata.normalize("NFKD", kept)
        kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(_PLAIN_WORD.findall(kept))


_PLAIN_WORD = re.compile(r"[a-z0-9]+")
