"""What stands on buttons and in messages: something, and on two buttons not the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from bot.checks.reading import readings
from bot.checks.texts import all_texts
from bot.flow import Step
from bot.messages import read_template
from bot.problems import Problem
from bot.shelf import Shelf, current
from bot.translations import read_po

_KEYS = "|".join(sorted(Step.model_fields))
_SWALLOWED = re.compile(rf"^ *({_KEYS}):(?: |$)", re.MULTILINE)


def no_text_is_empty(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Every text says something: Telegram refuses an empty message or button."""
    for document, loc, text in all_texts(shelf):
        if not text.strip():
            yield document.problem(loc, "this text is empty", "Write it, or delete the line")
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            if (step.asks or step.outcome) and _may_say_nothing(step.say):
                yield document.problem(
                    ("steps", name, "say"),
                    f'step "{name}" says nothing when no `if` of its text holds',
                    "Add `{% else %}` with other words",
                )


def _may_say_nothing(text: str) -> bool:
    if "{%" not in text or read_template(text)[1]:
        return False
    return not all(one.strip() for one in readings(text))


def no_key_hides_in_a_text(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A key that is indented like the text above it would be shown as a part of that text."""
    for document, loc, text in all_texts(shelf):
        for found in _SWALLOWED.finditer(text):
            yield document.problem(
                loc,
                f'the line "{found[0].strip()}" is a part of this text, and would be shown',
                f"Indent `{found[1]}` like the key of this text; "
                "if it is meant as text, begin it with another word",
            )


def labels_differ(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Nobody can choose between two buttons that say the same, in any language."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for loc, label in _repeated(_labels(step)):
                yield document.problem(
                    ("steps", name, *loc.split(".")), _same(label, name), _SAY_APART
                )
    for path, text in shelf.translations.values():
        entries, _ = read_po(text, path)
        lines = {entry.context: entry.line for entry in entries}
        translated = current(entries)
        for _, flow in shelf.flows.values():
            for name, step in flow.steps.items():
                labels = {
                    text_id: translated[text_id][1]
                    for loc in _labels(step)
                    if (text_id := f"{flow.flow}.{name}.{loc}") in translated
                }
                for text_id, label in _repeated(labels):
                    yield Problem(path, lines[text_id], 1, _same(label, name), _SAY_APART)


_SAY_APART = "Word one of them so that people can tell them apart"


def _same(label: str, step: str) -> str:
    return f'two buttons of step "{step}" say "{label}"'


def _labels(step: Step) -> dict[str, str]:
    """What stands on a step's buttons, by its place below the step."""
    labels = {f"buttons.{choice}": label for choice, label in (step.buttons or {}).items()}
    return labels if step.skip is None else {**labels, "skip": step.skip}


def _repeated(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for place, label in labels.items():
        if label.strip() and label.casefold().strip() in seen:
            yield place, label
        seen.add(label.casefold().strip())
