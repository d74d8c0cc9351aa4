"""Files' texts -> parsed flows, catalogue, plans, templates; and, once sound, what the guide knows.

Paths here are names such as ``flows/letter.yaml``; nothing is read from a disk (``library.py``
does that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from bot.case import Content, Operator
from bot.expenses import CategoryFile, Expense, expenses_of
from bot.flow import Flow, SharedTexts, step_texts
from bot.machine import FlowMachine
from bot.messages import Templates
from bot.plan_files import Administrator, Employer
from bot.problems import Problem, ProblemsError
from bot.questions import Questions, QuestionsFile, questions_of
from bot.search import Catalogue
from bot.shapes import validate
from bot.translations import Entry, Texts, read_po
from bot.yaml_text import YamlDocument, parse

MAIN_FLOW = "letter"
SHARED = "flows/shared.yaml"
QUESTIONS = "flows/questions.yaml"
Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Shelf:
    """Every file as its model, beside the document that knows its lines; broken ones left out."""

    flows: dict[str, tuple[YamlDocument, Flow]] = field(default_factory=dict)
    shared: tuple[YamlDocument, SharedTexts] | None = None
    categories: list[tuple[YamlDocument, CategoryFile]] = field(default_factory=list)
    administrators: list[tuple[YamlDocument, Administrator]] = field(default_factory=list)
    employers: list[tuple[YamlDocument, Employer]] = field(default_factory=list)
    questions: tuple[YamlDocument, QuestionsFile] | None = None
    templates: dict[str, str] = field(default_factory=dict)
    """Sources by language and name: ``en/checklist``."""
    translations: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Per language, the PO file's path and text."""
    unread: set[str] = field(default_factory=set)
    """Paths of the files that cannot be read."""

    def unread_in(self, folder: str) -> list[str]:
        """The names of the YAML files of a folder that cannot be read, as other files name them."""
        return [
            path.rpartition("/")[2].removesuffix(".yaml")
            for path in self.unread
            if path.rpartition("/")[0] == folder
        ]

    def english(self) -> dict[str, str]:
        """Every text of the flows by its id."""
        texts: dict[str, str] = {}
        if self.shared is not None:
            for name, text in self.shared[1].texts.items():
                texts[f"shared.{name}"] = text
        for _, flow in self.flows.values():
            for name, step in flow.steps.items():
                for loc, text in step_texts(step):
                    texts[".".join((flow.flow, name, *map(str, loc)))] = text
        return texts


Parsed = Callable[[str, str], YamlDocument | None]
"""A path and its text -> a document that was parsed before, or ``None``."""


def read(
    files: Mapping[str, str], parsed: Parsed = lambda path, text: None
) -> tuple[Shelf, list[Problem]]:
    """The shelf that these files make, and what keeps any of them from being read."""
    shelf = Shelf()
    problems: list[Problem] = []
    for path, text in files.items():
        try:
            _place(shelf, path, text, parsed)
        except ProblemsError as error:
            problems += error.problems
            shelf.unread.add(path)
    return shelf, problems


def _place(shelf: Shelf, path: str, text: str, parsed: Parsed) -> None:
    def _read(path: str, text: str, model: type[Model]) -> tuple[YamlDocument, Model]:
        document = parsed(path, text) or parse(text, path)
        return document, validate(document, model)

    match path.split("/"):
        case ["flows", "shared.yaml"]:
            shelf.shared = _read(path, text, SharedTexts)
        case ["flows", "questions.yaml"]:
            shelf.questions = _read(path, text, QuestionsFile)
        case ["flows", name] if name.endswith(".yaml"):
            document, flow = _read(path, text, Flow)
            shelf.flows[name.removesuffix(".yaml")] = (document, flow)
        case ["flows", "expenses", _]:
            shelf.categories.append(_read(path, text, CategoryFile))
        case ["flows", "administrators", _]:
            shelf.administrators.append(_read(path, text, Administrator))
        case ["flows", "employers", _]:
            shelf.employers.append(_read(path, text, Employer))
        case ["flows", "locales", name] if name.endswith(".po"):
            shelf.translations[name.removesuffix(".po")] = (path, text)
        case ["templates", language, name] if name.endswith(".j2"):
            shelf.templates[f"{language}/{name.removesuffix('.j2')}"] = text


# --- a sound shelf -> what the guide knows ---------------------------------------------------


def content(shelf: Shelf, operator: Operator | None = None) -> Content:
    """What the guide knows, from files that ``checks`` found sound."""
    flows = {name: flow for name, (_, flow) in shelf.flows.items()}
    return Content(
        machine=FlowMachine(flows[MAIN_FLOW], flows),
        texts=Texts(
            shelf.english(),
            {
                language: _loader(path, text)
                for language, (path, text) in shelf.translations.items()
            },
            {
                (employer.id, language): texts
                for _, employer in shelf.employers
                for language, texts in (("en", employer.texts), ("es", employer.texts_es))
            },
        ),
        templates=Templates(shelf.templates),
        catalogue=Catalogue(_expenses(shelf)),
        administrators={one.id: one for _, one in shelf.administrators},
        employers={one.id: one for _, one in shelf.employers},
        operator=operator or Operator(),
        questions=_questions(shelf),
    )


def _questions(shelf: Shelf) -> Questions:
    if shelf.questions is None:
        return Questions()
    _, file = shelf.questions
    return Questions(questions_of(file), file.topics)


def _expenses(shelf: Shelf) -> Iterator[Expense]:
    for _, file in shelf.categories:
        yield from expenses_of(file)


def _loader(path: str, text: str) -> Callable[[], Mapping[str, tuple[str, str]]]:
    def load() -> Mapping[str, tuple[str, str]]:
        return current(read_po(text, path)[0])

    return load


def current(entries: tuple[Entry, ...]) -> dict[str, tuple[str, str]]:
    """The usable translations by text id: the English each was made from, and the translation."""
    return {
        entry.context: (entry.english, entry.translated)
        for entry in entries
        if entry.translated and not entry.fuzzy
    }
