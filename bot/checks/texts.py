"""What people read: tags, templates, names in texts, lengths, promises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

from bot.checks.names import asking, compiled, reached
from bot.eligibility import VERDICT_NAMES
from bot.flow import Flow, Loc, Step, step_texts
from bot.messages import html_problems, read_template
from bot.outgoing import BUTTON_DATA_LIMIT, MESSAGE_LIMIT, utf16_length
from bot.plans import PLAN_NAMES
from bot.problems import Problem, did_you_mean
from bot.returned import RETURNED_NAMES
from bot.shared_texts import NAMES_OF, REQUIRED
from bot.shelf import Shelf
from bot.yaml_text import YamlDocument

LONGEST_LABEL = 60
"""Characters on a button; phones cut longer ones."""
LONGEST_BUTTON_PREFIX = "nonce123.999999."
LARGEST_KEYBOARD = 9_000
"""Telegram takes 10,000 bytes; the rest is for Back and the like."""
LANGUAGES = ("en", "es")
WHO_DECIDES = {
    "en": ("your plan decides, and may say no", "the plan decides, and may say no"),
    "es": ("su plan decide, y puede decir que no", "su plan decide y puede decir que no"),
}
_DERIVED: Mapping[str, tuple[str, ...]] = {
    "expense": ("name", "lower", "id", "known", "own_words", "why", "note", "letter_names"),
    "papers": ("sources",),
    "plan": (
        *PLAN_NAMES,
        "name",
        "field_list",
        "provider_list",
        "carrier_list",
        "appeal_known",
        "signer_known",
        "contact",
        "sources",
    ),
    "verdict": (*VERDICT_NAMES, "reasons", "sources"),
    "letter": (*RETURNED_NAMES, "missing", "lacks", "yours", "ends", "since", "until"),
    "employer": ("name", "notices"),
    "operator": ("name", "contact", "relation", "idle_days", "finished_days", "kept"),
}
ALWAYS = ("today", "answers")
LISTS = (
    "answers",
    "papers.sources",
    "verdict.reasons",
    "verdict.sources",
    "expense.letter_names",
    "plan.field_list",
    "plan.provider_list",
    "plan.carrier_list",
    "plan.fields",
    "plan.carriers",
    "plan.word_rules",
    "plan.sources",
    "employer.notices",
    "letter.missing",
    "letter.lacks",
    "letter.yours",
    "operator.kept",
)
_PROMISES = re.compile(
    r"\b(guarantee[ds]?|will be (?:approved|paid|covered|reimbursed)|you (?:will )?qualify"
    r"|(?:is|are) (?:sure|certain) to be (?:approved|paid)|approval is certain|we promise"
    r"|(?:plan|insurer|insurance|administrator|account|company|fsa|hra) will (?:pay|cover|approve)"
    r"|you(?:'ll| will) get (?:it|this|your money|a refund|paid|reimbursed)"
    r"|(?:is|are) always (?:approved|paid|covered|reimbursed|accepted)|always (?:pays?|covers?)"
    r"|siempre (?:se )?(?:lo |la )?(?:aprueba|paga|cubre)n?"
    r"|(?:plan|seguro|aseguradora|cuenta|compañía) (?:se )?(?:le |lo |la )?"
    r"(?:pagará|cubrirá|aprobará|reembolsará|va a (?:pagar|cubrir|aprobar|reembolsar))"
    r"|garantiza(?:d[oa]s?|mos|n)?|usted califica|(?:aprobación|pago) segur[oa]"
    r"|(?:será|serán|va a ser|van a ser) (?:aprobad|pagad|cubiert|reembolsad|aceptad)[oa]s?"
    r"|(?:se l[oa]s?|le|les) (?:pagarán|aprobarán|cubrirán|reembolsarán|devolverán)"
    r"|(?:se l[oa]s?|le|les) van a (?:pagar|aprobar|cubrir|reembolsar|devolver))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|no|cannot|nobody|nothing|nadie|nunca|nada|ningún|ninguna|tampoco)\b"
    r"[^.!?:;]{0,25}$|\b(?:if|whether|si) (?:\w+ )?$",
    re.IGNORECASE,
)


Text = tuple[YamlDocument, Loc, str]


def _texts(shelf: Shelf) -> Iterator[tuple[YamlDocument, Flow, str, Step, Loc, str]]:
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for loc, text in step_texts(step):
                yield document, flow, name, step, ("steps", name, *loc), text


def all_texts(shelf: Shelf) -> Iterator[Text]:
    """Every text that a person may see, with its place, except translations and documents."""
    for document, _, _, _, loc, text in _texts(shelf):
        yield document, loc, text
    if shelf.shared is not None:
        document, shared = shelf.shared
        for name, text in shared.texts.items():
            yield document, ("texts", name), text
    for document, employer in shelf.employers:
        for key, texts in (("texts", employer.texts), ("texts_es", employer.texts_es)):
            for text_id, text in texts.items():
                yield document, (key, text_id), text
    if shelf.questions is not None:
        document, file = shelf.questions
        for name, entry in file.questions.items():
            for key in ("ask", "ask_es", "say", "say_es"):
                yield document, ("questions", name, key), getattr(entry, key)


def _template_path(name: str) -> str:
    return f"templates/{name}.j2"


def tags_are_telegram_s(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Only the tags that Telegram shows, each one closed."""
    hint = "Use b, i, u, s, a, code, pre or blockquote; write &lt; for a plain <"
    for document, loc, text in all_texts(shelf):
        if "<" in text and not read_template(text)[1]:
            for what in html_problems(text):
                yield document.problem(loc, what, hint)
    for name, source in shelf.templates.items():
        if not read_template(source)[1]:  # else the shadow of a brace that is not closed
            for what in html_problems(source):
                yield Problem(_template_path(name), 1, 1, what, hint)


def templates_hold_only_what_is_safe(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No calls, no arithmetic, no loops over anything but declared lists."""
    for document, loc, text in all_texts(shelf):
        if "{" in text:
            uses, faults = read_template(text)
            for fault in faults:
                yield document.problem(loc, fault.what, fault.hint)
            for use in uses:
                if use.repeated and use.name not in LISTS:
                    yield document.problem(loc, *no_list(use.name))
    for name, source in shelf.templates.items():
        uses, faults = read_template(source)
        for fault in faults:
            yield Problem(_template_path(name), fault.line, 1, fault.what, fault.hint)
        for use in uses:
            if use.repeated and use.name not in LISTS:
                yield Problem(_template_path(name), use.line, 1, *no_list(use.name))


def no_list(name: str) -> tuple[str, str]:
    return (
        f'`for` goes over "{name}", which is no list',
        did_you_mean(name, LISTS) or f"The lists are {', '.join(LISTS)}",
    )


def texts_fit_on_a_phone(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No text is longer than Telegram takes, no label longer than a phone shows."""
    for document, loc, text in all_texts(shelf):
        for what, hint in too_long(text, ".".join(map(str, loc))):
            yield document.problem(loc, what, hint)


def too_long(text: str, text_id: str) -> Iterator[tuple[str, str]]:
    """What is too long about a text; its id, or its place, says whether it stands on a button."""
    if utf16_length(text) > MESSAGE_LIMIT:
        yield (
            f"this text has {utf16_length(text)} characters; Telegram takes {MESSAGE_LIMIT}",
            "Shorten it, or split it into two steps",
        )
    parts = text_id.split(".")
    if ("buttons" in parts or parts[-1] in ("skip", "label")) and len(text) > LONGEST_LABEL:
        yield (
            f"this label has {len(text)} characters; phones show about {LONGEST_LABEL}",
            "Shorten it",
        )


def nothing_is_promised(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No text promises that somebody will pay."""
    for document, loc, text in all_texts(shelf):
        for word in promises(text):
            yield document.problem(
                loc, f'"{word}" promises what only the plan can decide', "Say what may happen"
            )
    for name, source in shelf.templates.items():
        for at, line in enumerate(source.splitlines(), 1):
            for word in promises(line):
                yield Problem(
                    _template_path(name),
                    at,
                    1,
                    f'"{word}" promises what only the plan can decide',
                    "Say what may happen",
                )


def promises(text: str) -> Iterator[str]:
    """The promising words of a text; "not guaranteed" promises nothing."""
    for found in _PROMISES.finditer(text):
        if not _DENIED.search(text[: found.start()]):
            yield found[0]


def documents_exist(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Every document that an outcome hands over has a template; best in both languages."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for key in ("documents", "more"):
                for at, wanted in enumerate(getattr(step, key)):
                    loc = ("steps", name, key, at)
                    if (
                        wanted
                        in (*step.documents, *step.more)[
                            : at + (key == "more") * len(step.documents)
                        ]
                    ):
                        what = f'step "{name}" hands over "{wanted}" twice'
                        yield document.problem(loc, what, "Name it once")
                    for language in LANGUAGES:
                        if f"{language}/{wanted}" not in shelf.templates:
                            known = [
                                one.removeprefix(f"{language}/")
                                for one in shelf.templates
                                if one.startswith(f"{language}/")
                            ]
                            yield document.problem(
                                loc,
                                f"there is no {_template_path(f'{language}/{wanted}')} "
                                f'for step "{name}"',
                                f"Write it beside templates/en/{wanted}.j2"
                                if wanted in known
                                else did_you_mean(wanted, known)
                                or "Add the file, or name another document",
                                severity="error" if language == "en" else "warning",
                            )


# --- stage two -------------------------------------------------------------------------------


def shared_texts_are_complete(shelf: Shelf, today: date) -> Iterator[Problem]:
    """The texts that are the same everywhere are all there, and use names they are given."""
    if shelf.shared is None:
        return
    document, shared = shelf.shared
    wanted = set(REQUIRED)
    for _, flow in shelf.flows.values():
        for step in flow.steps.values():
            wanted |= {f"document_{name}" for name in (*step.documents, *step.more)}
    for name in sorted(wanted - set(shared.texts)):
        yield document.problem(
            ("texts",),
            f'the text "{name}" is missing',
            did_you_mean(name, shared.texts) or f"Add `{name}:` with its words",
            key=True,
        )
    for name, text in shared.texts.items():
        for use in read_template(text)[0]:
            given = NAMES_OF.get(name, ())
            if use.name not in given and not is_derived(use.name, shelf):
                yield document.problem(
                    ("texts", name),
                    f'the text "{name}" uses "{use.name}", which it is not given',
                    did_you_mean(use.name, [*given, *derived_names(shelf)]),
                )


def every_result_says_who_decides(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Every document and every result says that the plan decides, and may say no."""
    said = WHO_DECIDES["en"]
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            if step.outcome in (None, "declined", "answered"):
                continue
            if not any(words in step.say.casefold() for words in said):
                yield document.problem(
                    ("steps", name, "say"),
                    f'the result "{name}" does not say who decides',
                    'Add the sentence "Your plan decides, and may say no."',
                )
    for path, source in shelf.templates.items():
        language = path.partition("/")[0]
        words_of = WHO_DECIDES.get(language, ())
        if words_of and not any(words in source.casefold() for words in words_of):
            yield Problem(
                _template_path(path),
                1,
                1,
                "this document does not say who decides",
                f'Add the sentence "{words_of[0].capitalize()}."',
            )


# --- stage three -----------------------------------------------------------------------------


def is_derived(name: str, shelf: Shelf) -> bool:
    head, _, rest = name.partition(".")
    if head == "dates":
        return any(rest in flow.dates for _, flow in shelf.flows.values())
    return name in ALWAYS or rest in _DERIVED.get(head, ())


def derived_names(shelf: Shelf) -> list[str]:
    dates = tuple(name for _, flow in shelf.flows.values() for name in flow.dates)
    groups = {**_DERIVED, "dates": dates}
    return [*ALWAYS, *(f"{head}.{rest}" for head, each in groups.items() for rest in each)]


def names_in_texts_exist(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A text or template uses steps that ask something, and what is derived from them."""
    for document, flow, _, _, loc, text in _texts(shelf):
        steps = asking(shelf, flow)
        for use in read_template(text)[0] if "{" in text else ():
            if not is_known(use.name, steps, shelf):
                yield document.problem(loc, *no_name(use.name, steps, shelf))
    # Several flows may hand over one document; what a flow does not ask is blank there.
    steps = {
        name: step
        for _, flow in shelf.flows.values()
        for name, step in flow.steps.items()
        if step.asks
    }
    for name, source in shelf.templates.items():
        for use in read_template(source)[0]:
            if not is_known(use.name, steps, shelf):
                problem = no_name(use.name, steps, shelf)
                yield Problem(_template_path(name), use.line, 1, *problem)


def is_known(name: str, steps: Mapping[str, Step], shelf: Shelf) -> bool:
    if is_derived(name, shelf):
        return True
    head, _, rest = name.partition(".")
    return head in steps and rest in ("", "id", "picked") and head not in (*_DERIVED, "dates")


def no_name(name: str, steps: Mapping[str, Step], shelf: Shelf) -> tuple[str, str]:
    return (
        f'there is no "{name}" to put into this text',
        did_you_mean(name, [*steps, *derived_names(shelf)]),
    )


def texts_use_answered_names(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What a text prints has been asked on every way to it, or stands inside an `if`."""
    machine = compiled(shelf)
    if machine is None:
        return
    before = reached(machine)
    for state, place in machine.places.items():
        document = next(d for d, f in shelf.flows.values() if f.flow == place.flow)
        name = place.text_id.split(".", 1)[1]
        for loc, text in step_texts(place.step):
            for use in read_template(text)[0] if "{" in text else ():
                head = use.name.partition(".")[0]
                key = place.names.get(head)
                if use.guarded or key is None or key in before[state].surely:
                    continue
                if not is_known(use.name, asking(shelf, shelf.flows[place.flow][1]), shelf):
                    continue  # the shadow of a name there is not
                yield document.problem(
                    ("steps", name, *loc),
                    f'step "{name}" prints "{head}", which is not answered on every way here',
                    f"Put it between {{% if {head} %}} and {{% endif %}}",
                )


def buttons_fit(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What a button carries fits into Telegram's 64 bytes, and all of them into one message."""
    machine = compiled(shelf)
    if machine is None:
        return
    for place in machine.by_key.values():
        document = next(d for d, f in shelf.flows.values() if f.flow == place.flow)
        name = place.text_id.split(".", 1)[1]
        longest = max((*place.step.choices, "!done"), key=len)
        size = len(f"{LONGEST_BUTTON_PREFIX}{place.key}.{longest}".encode())
        if place.step.asks and size > BUTTON_DATA_LIMIT:
            yield document.problem(
                ("steps", name),
                f'the names of step "{name}" and its choice "{longest}" are too long together: '
                f"a button holds {BUTTON_DATA_LIMIT} bytes, this needs {size}",
                "Shorten one of them",
                key=True,
            )
        labels = (place.step.buttons or {}).items()
        data = f"{LONGEST_BUTTON_PREFIX}{place.key}."
        whole = sum(
            len(json.dumps({"text": label, "callback_data": data + choice}))
            for choice, label in labels
        )
        if whole > LARGEST_KEYBOARD:
            yield document.problem(
                ("steps", name, "buttons"),
                f'the buttons of step "{name}" are too many and too long for one message',
                "Shorten their labels, or ask in two steps",
                key=True,
            )
