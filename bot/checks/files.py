"""What is in the folders, and how the files fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.expenses import catalogue_problems
from bot.plan_files import administrator_problems, employer_problems
from bot.problems import Problem, did_you_mean
from bot.questions import question_problems
from bot.shelf import MAIN_FLOW, SHARED, Shelf
from bot.translations import read_po, translation_problems
from bot.yaml_text import stray_signs


def something_to_read(shelf: Shelf, today: date) -> Iterator[Problem]:
    """There is a main flow, and the texts that are the same everywhere."""
    if MAIN_FLOW not in shelf.flows:
        yield Problem(
            f"flows/{MAIN_FLOW}.yaml",
            1,
            1,
            "the flow that people start in is missing, or cannot be read",
            f"It is a file named flows/{MAIN_FLOW}.yaml",
        )
    if shelf.shared is None:
        yield Problem(
            SHARED, 1, 1, "the texts that are the same everywhere are missing, or cannot be read"
        )


def files_hold_only_text(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Templates and translations hold no hidden signs, no unfinished merge, and are not endless."""
    sources = {f"templates/{name}.j2": text for name, text in shelf.templates.items()}
    for path, text in sources.items():
        yield from stray_signs(text, path)
        if len(text) > LARGEST_TEMPLATE:
            what = f"this document is longer than {LARGEST_TEMPLATE} characters"
            yield Problem(path, 1, 1, what, "Nobody reads so much in a chat; shorten it")
    for path, text in shelf.translations.values():
        yield from stray_signs(text, path)


LARGEST_TEMPLATE = 32_768
"""Eight messages of Telegram's."""


def flows_are_named_after_their_files(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`flow: letter` stands in flows/letter.yaml; the other folders' rooms see to their own."""
    for stem, (document, flow) in shelf.flows.items():
        if flow.flow != stem:
            yield document.problem(
                ("flow",),
                f'this file says `flow: {flow.flow}`, but it is called "{stem}"',
                f"Write `flow: {stem}`, or rename the file",
            )


def the_catalogue_is_sound(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Names, synonyms, sources and dates of the expense catalogue."""
    yield from catalogue_problems([document for document, _ in shelf.categories], today)


def administrators_are_sound(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Names, sources and dates of the administrators' files."""
    yield from administrator_problems(
        [document for document, _ in shelf.administrators],
        today,
        [entry for _, file in shelf.categories for entry in file.expenses],
    )


def employers_are_sound(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What the employers' files say by themselves."""
    yield from employer_problems(
        [document for document, _ in shelf.employers],
        today,
        [one.id for _, one in shelf.administrators] + shelf.unread_in("flows/administrators"),
        [
            *(entry for _, file in shelf.categories for entry in file.expenses),
            # A file that cannot be read may hold any of them.
            *(
                name
                for _, employer in shelf.employers
                for name in employer.overrides
                if shelf.unread_in("flows/expenses")
            ),
        ],
    )


def questions_are_sound(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Topics, sources, dates and wordings of the questions and answers."""
    if shelf.questions is not None:
        yield from question_problems([shelf.questions[0]], today)


def employers_change_what_exists(shelf: Shelf, today: date) -> Iterator[Problem]:
    """An employer's file replaces texts and hides choices that there are."""
    texts = shelf.english()
    steps = {name: step for _, flow in shelf.flows.values() for name, step in flow.steps.items()}
    for document, employer in shelf.employers:
        for key, replaced in (("texts", employer.texts), ("texts_es", employer.texts_es)):
            for text_id in replaced:
                if text_id not in texts:
                    yield document.problem(
                        (key, text_id),
                        f'there is no text "{text_id}" to replace',
                        did_you_mean(text_id, texts),
                        key=True,
                    )
        for step, choices in employer.hide.items():
            if step in steps and steps[step].choices and set(steps[step].choices) <= set(choices):
                yield document.problem(
                    ("hide", step),
                    f'all choices of step "{step}" are hidden, so nobody could go on',
                    "Leave one",
                )
            if step not in steps:
                yield document.problem(
                    ("hide", step),
                    f'there is no step "{step}"',
                    did_you_mean(step, steps),
                    key=True,
                )
                continue
            for at, choice in enumerate(choices):
                if choice not in steps[step].choices:
                    yield document.problem(
                        ("hide", step, at),
                        f'step "{step}" has no choice "{choice}" to hide',
                        did_you_mean(choice, steps[step].choices),
                    )


def translations_are_complete(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Every text is translated, and from the words it now has."""
    english = shelf.english()
    for path, text in shelf.translations.values():
        entries, problems = read_po(text, path)
        yield from problems
        if not problems:
            yield from translation_problems(english, entries, path)
