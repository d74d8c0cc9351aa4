"""Words that stand in place of others: translations, and what an employer's file says instead.

The law of this room: what takes a text's place is held to the rules of that text. A mistake here
would show only to those who read Spanish, or to one employer's people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.checks.names import asking
from bot.checks.texts import (
    LISTS,
    WHO_DECIDES,
    is_derived,
    is_known,
    no_list,
    no_name,
    promises,
    too_long,
)
from bot.flow import Loc, Step
from bot.messages import html_problems, line_parts, read_template
from bot.problems import Problem, did_you_mean
from bot.shared_texts import NAMES_OF
from bot.shelf import Shelf, current
from bot.translations import read_po
from bot.yaml_text import YamlDocument

PARTS: Mapping[str, tuple[str, ...]] = {
    "answers": ("label", "value"),
    "papers.sources": ("title", "url", "date"),
    "verdict.sources": ("title", "url", "date"),
    "plan.sources": ("title", "url", "date"),
}
"""What a line of a list has; lines of the other lists are words."""

_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)

Word = Callable[[str, str], Problem]
"""Makes a problem from what is wrong and a hint."""


@dataclass(frozen=True)
class Replacement:
    """A text in place of the one with this id."""

    text_id: str
    text: str
    word: Word


def _in_yaml(document: YamlDocument, key: str, text_id: str, what: str, hint: str) -> Problem:
    return document.problem((key, text_id), what, hint)


def _of_employers(shelf: Shelf) -> Iterator[Replacement]:
    for document, employer in shelf.employers:
        for key, texts in (("texts", employer.texts), ("texts_es", employer.texts_es)):
            for text_id, text in texts.items():
                yield Replacement(text_id, text, partial(_in_yaml, document, key, text_id))


def _translations(shelf: Shelf) -> Iterator[Replacement]:
    english = shelf.english()
    for path, text in shelf.translations.values():
        entries, _ = read_po(text, path)
        lines = {entry.context: entry.line for entry in entries}
        for text_id, (made_from, translated) in current(entries).items():
            if english.get(text_id) == made_from:
                word = partial(Problem, path, lines[text_id], 1)
                yield Replacement(text_id, translated, word)


def translations_keep_the_rules(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A translation has Telegram's tags, holds only what is safe, and promises nothing."""
    for one in _translations(shelf):
        uses, faults = read_template(one.text)
        for what in () if faults else html_problems(one.text):
            yield one.word(what, "Use the tags of the English text")
        for what, hint in too_long(one.text, one.text_id):
            yield one.word(what, hint)
        for fault in faults:
            yield one.word(fault.what, fault.hint)
        for use in uses:
            if use.repeated and use.name not in LISTS:
                yield one.word(*no_list(use.name))
        for promise in promises(one.text):
            yield one.word(
                f'"{promise}" promises what only the plan can decide', "Say what may happen"
            )


def plain_sentences_are_plain(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What expenses and employers say is shown as it is written, and promises nothing."""
    for document, loc, text in _plain_sentences(shelf):
        for promise in promises(text):
            what = f'"{promise}" promises what only the plan can decide'
            yield document.problem(loc, what, "Say what may happen")
        if "{{" in text or "{%" in text or _TAG.search(text):
            yield document.problem(
                loc,
                "this sentence is shown as it is written, with its braces and tags",
                "Write it in plain words",
            )


def _plain_sentences(shelf: Shelf) -> Iterator[tuple[YamlDocument, Loc, str]]:
    for document, employer in shelf.employers:
        for name, override in employer.overrides.items():
            yield document, ("overrides", name, "reason"), override.reason
            yield document, ("overrides", name, "reason_es"), override.reason_es
        for at, notice in enumerate(employer.notices):
            yield document, ("notices", at, "say"), notice.say
            yield document, ("notices", at, "say_es"), notice.say_es
    for document, file in shelf.categories:
        for name, entry in file.expenses.items():
            for key in ("name", "name_es", "why", "why_es", "note", "note_es"):
                if text := getattr(entry, key):
                    yield document, ("expenses", name, key), text
            for key in ("letter_names", "letter_names_es"):
                for at, text in enumerate(getattr(entry, key)):
                    yield document, ("expenses", name, key, at), text


def replaced_texts_use_the_same_names(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A text in place of another uses names that the other could use."""
    for one in (*_of_employers(shelf), *_translations(shelf)):
        yield from _unknown_names(one, shelf)


def _unknown_names(one: Replacement, shelf: Shelf) -> Iterator[Problem]:
    kind, _, rest = one.text_id.partition(".")
    uses = read_template(one.text)[0]
    if kind == "shared":
        given = NAMES_OF.get(rest, ())
        for use in uses:
            if use.name not in given and not is_derived(use.name, shelf):
                what = f'the text "{rest}" uses "{use.name}", which it is not given'
                yield one.word(what, did_you_mean(use.name, given))
    elif kind in shelf.flows:
        steps: Mapping[str, Step] = asking(shelf, shelf.flows[kind][1])
        for use in uses:
            if not is_known(use.name, steps, shelf):
                yield one.word(*no_name(use.name, steps, shelf))


def translations_say_as_much(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A translation fills in what its English does, and says who decides."""
    english = shelf.english()
    for one in _translations(shelf):
        if not any(_unknown_names(one, shelf)):
            yield from _other_names(english[one.text_id], one.text, one.word)
        if _decides(english[one.text_id], "en") and not _decides(one.text, "es"):
            yield one.word(
                "the English says who decides, and this does not",
                f'Add the sentence "{WHO_DECIDES["es"][0].capitalize()}."',
            )
    steps = {
        name: step for _, flow in shelf.flows.values() for name, step in asking(shelf, flow).items()
    }
    for name, source in shelf.templates.items():
        original = shelf.templates.get(f"en/{name.partition('/')[2]}")
        unknown = any(not is_known(use.name, steps, shelf) for use in read_template(source)[0])
        if original is not None and original != source and not unknown:
            word = partial(Problem, f"templates/{name}.j2", 1, 1)
            yield from _other_names(original, source, word)


def _other_names(english: str, text: str, word: Word) -> Iterator[Problem]:
    first, second = ({use.name for use in read_template(each)[0]} for each in (english, text))
    for name in sorted(first - second):
        yield word(f'the English uses "{name}", and this does not', "Say here what is said there")
    for name in sorted(second - first):
        yield word(f'this uses "{name}", and the English does not', "Say here what is said there")


def _decides(text: str, language: str) -> bool:
    return any(words in text.casefold() for words in WHO_DECIDES[language])


def lines_have_these_parts(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What a `for` repeats has the parts that are printed of it, in every text and template."""
    for source, word in _every_source(shelf):
        for use in line_parts(source) if "{%" in source else ():
            known = PARTS.get(use.of, ())
            if use.name in known or (not use.name and not known):
                continue
            if not use.name:
                what = f'a line of "{use.of}" is not one word but {", ".join(known)}'
                hint = f"Print one of them, as in {{{{ line.{known[0]} }}}}"
            elif not known:
                what, hint = f'a line of "{use.of}" is one word and has no "{use.name}"', ""
            else:
                what = f'a line of "{use.of}" has no "{use.name}"'
                hint = did_you_mean(use.name, known)
            yield word(use.line, what, hint)


LineWord = Callable[[int, str, str], Problem]
"""Makes a problem from a line of the text, what is wrong and a hint."""


def _every_source(shelf: Shelf) -> Iterator[tuple[str, LineWord]]:
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            yield step.say, partial(_whole, partial(document.problem, ("steps", name, "say")))
    if shelf.shared is not None:
        document, shared = shelf.shared
        for name, text in shared.texts.items():
            yield text, partial(_whole, partial(document.problem, ("texts", name)))
    for one in (*_of_employers(shelf), *_translations(shelf)):
        yield one.text, partial(_whole, one.word)
    for name, source in shelf.templates.items():
        yield source, partial(_on_line, f"templates/{name}.j2")


def _whole(word: Word, line: int, what: str, hint: str) -> Problem:
    return word(what, hint)


def _on_line(path: str, line: int, what: str, hint: str) -> Problem:
    return Problem(path, line, 1, what, hint)
