"""Every check has a set of files that trips it and nothing else: the registry is the test list."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks import CHECKS, problems_of
from bot.checks.texts import LISTS, promises
from bot.cli import commands, main
from bot.shared_texts import REQUIRED
from bot.shelf import read
from tests.guiding import CHECKLIST, ROOT, TODAY, Patient, content_of, errors_of, shipped_files

FLOW = "flows/letter.yaml"
SHARED = "flows/shared.yaml"
TEMPLATE = "templates/en/checklist.j2"

LETTER = """\
format: 1
flow: letter
title: A small guide
start: consent

steps:
  consent:
    say: Is this OK with you?
    buttons: {agree: "Yes", decline: "No"}
    next:
      - {when: {consent: decline}, go: declined}
      - {go: account}

  account:
    say: Which account pays?
    label: Account
    buttons: {plan: Health plan, other: Another one}
    next:
      - {when: {account: other}, go: never}
      - {go: bought}

  bought:
    say: When did you buy it?
    input: date
    skip: Not yet

  letter:
    say: Here are your papers. Your plan decides, and may say no.
    outcome: letter
    documents: [checklist]

  never:
    say: A letter cannot help. Your plan decides, and may say no.
    outcome: never

  declined: {say: I have kept nothing., outcome: declined}
"""

SUB_FLOW = """\
format: 1
flow: find
title: Find it
start: yours
steps:
  yours:
    say: Is it yours?
    input: yes_no
  found: {say: That is a plan., give: plan}
"""

CATEGORY = """\
format: 1
category: fitness
title: Fitness
title_es: Ejercicio
sources:
  faq: {title: FAQ, url: "https://irs.gov/faq", checked_on: "2026-11-01", recheck_by: "2027-11-01"}
expenses:
  massage_gun:
    name: Massage gun
    name_es: Pistola de masaje
    status: letter
    why: Many people use one just to relax.
    why_es: Mucha gente la usa para relajarse.
    sources: [faq]
"""

ADMINISTRATOR = """\
format: 1
administrator: wex
name: WEX
accounts: [fsa]
sources:
  help: {title: Help, url: "https://wex.com/a", checked_on: "2026-11-01", recheck_by: "2027-11-01"}
facts:
  months_valid: {value: 12, source: help}
"""

EMPLOYER = """\
format: 1
employer: acme
name: Acme
accounts: [fsa]
"""

QUESTIONS = """\
format: 1
sources:
  faq: {title: FAQ, url: "https://irs.gov/faq", checked_on: "2026-11-01", recheck_by: "2027-11-01"}
topics:
  bot: {title: About me, title_es: Sobre mí, about_bot: true}
questions:
  who:
    topic: bot
    ask: Who are you?
    ask_es: ¿Quién es usted?
    words: [who is this]
    words_es: [con quién hablo]
    say: I am a simple guide.
    say_es: Soy una guía sencilla.
    sources: [faq]
"""


def base() -> dict[str, str]:
    """A small set of files in which nothing is wrong."""
    return {
        FLOW: LETTER,
        SHARED: shipped_files()[SHARED],
        TEMPLATE: CHECKLIST + "\n",
        "templates/es/checklist.j2": "Su plan decide, y puede decir que no.\n",
    }


@dataclass(frozen=True)
class Broken:
    """What is changed in the sound files, and what is said about it.

    ``edits`` are pairs of old and new text in the flow, ``files`` are added or replaced (``None``
    takes one away), ``said`` is the whole list; a line without a path speaks of the flow.
    """

    check: str
    said: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, str | None] | None = None
    about: str = ""
    severity: str = "error"

    def found(self) -> dict[str, str]:
        files = base()
        for old, new in self.edits:
            assert files[FLOW].count(old) == 1, old
            files[FLOW] = files[FLOW].replace(old, new)
        for path, text in (self.files or {}).items():
            files.pop(path, None)
            if text is not None:
                files[path] = text
        return files

    @property
    def lines(self) -> list[str]:
        return [one if "/" in one.split(":")[0] else f"{FLOW}:{one}" for one in self.said]


def edited(check: str, old: str, new: str, *said: str, **more: str) -> Broken:
    return Broken(check, said, ((old, new),), **more)


def added(check: str, path: str, text: str | None, *said: str, **more: str) -> Broken:
    return Broken(check, said, files={path: text}, **more)


def shared_with(old: str, new: str) -> str:
    text = shipped_files()[SHARED]
    assert text.count(old) == 1, old
    return text.replace(old, new)


ADJECTIVES = """\
Comprehensive Multidisciplinary Cardiovascular Gastrointestinal Ambulatory Neurological
Musculoskeletal Psychiatric Occupational Pulmonary Residential Pediatric Geriatric Intensive
Outpatient Vestibular Communicative Nutritional Recreational Postoperative Preventive"""
HARD = " ".join(
    f"{adjective} rehabilitation necessitates individualized documentation."
    for adjective in ADJECTIVES.split()
)

WHICH = ("letter.account.say", "Which account pays?")


def po_of(context: str, english: str, spanish: str) -> str:
    return f'msgctxt "{context}"\nmsgid "{english}"\nmsgstr "{spanish}"\n'


BROKEN = (
    # --- files
    added(
        "something_to_read",
        FLOW,
        None,
        "1:1: the flow that people start in is missing, or cannot be read. "
        "It is a file named flows/letter.yaml.",
    ),
    added(
        "something_to_read",
        SHARED,
        None,
        "flows/shared.yaml:1:1: the texts that are the same everywhere are missing, "
        "or cannot be read.",
        about="texts",
    ),
    edited(
        "flows_are_named_after_their_files",
        "flow: letter",
        "flow: latter",
        '2:7: this file says `flow: latter`, but it is called "letter". '
        "Write `flow: letter`, or rename the file.",
    ),
    added(
        "the_catalogue_is_sound",
        "flows/expenses/fitness.yaml",
        CATEGORY.replace("sources: [faq]", "sources: [fag]"),
        'flows/expenses/fitness.yaml:14:15: there is no source "fag" in this file. '
        'Did you mean "faq"?',
    ),
    added(
        "administrators_are_sound",
        "flows/administrators/wex.yaml",
        ADMINISTRATOR.replace("source: help", "source: halp"),
        'flows/administrators/wex.yaml:8:37: there is no source "halp" in this file. '
        'Did you mean "help"?',
    ),
    added(
        "employers_are_sound",
        "flows/employers/acme.yaml",
        EMPLOYER + "administrator: wexx\n",
        'flows/employers/acme.yaml:5:16: there is no administrator "wexx".',
    ),
    added(
        "questions_are_sound",
        "flows/questions.yaml",
        QUESTIONS.replace("topic: bot", "topic: bott"),
        'flows/questions.yaml:8:12: there is no topic "bott". Did you mean "bot"?',
    ),
    added(
        "files_hold_only_text",
        TEMPLATE,
        CHECKLIST + "\n>>>>>>> theirs\n",
        "templates/en/checklist.j2:3:1: two versions of this file were not merged to the end "
        '(">>>>>>>"). Keep one of the two, and delete the lines that start with <<<<<<<, ======= '
        "or >>>>>>>.",
    ),
    added(
        "files_hold_only_text",
        TEMPLATE,
        CHECKLIST + "\nx" * 20_000,
        "templates/en/checklist.j2:1:1: this document is longer than 32768 characters. "
        "Nobody reads so much in a chat; shorten it.",
        about="endless",
    ),
    # --- answers
    edited(
        "facts_come_from_fitting_questions",
        "    input: date\n",
        "    input: date\n    fact: diagnosed\n",
        '25:11: step "bought" tells "diagnosed", but none of its answers is one of '
        "yes, not_yet, no. Give it `buttons` with these names.",
    ),
    edited(
        "facts_come_from_fitting_questions",
        "    buttons: {plan: Health plan, other: Another one}\n",
        "    buttons: {plan: Health plan, other: Another one}\n    fact: sole\n",
        '18:11: step "account" tells "sole", but none of its answers is one of yes, no. '
        "Give it `buttons` with these names.",
        about="a choice",
    ),
    edited(
        "facts_come_from_fitting_questions",
        "    buttons: {plan: Health plan, other: Another one}\n",
        "    buttons: {plan: Health plan, other: Another one}\n    fact: account\n",
        '18:11: step "account" tells the account, and there is no account "other". '
        "The accounts are fsa, lpfsa, hsa, hra, dcfsa, insurer, deduction.",
        '18:11: step "account" tells the account, and there is no account "plan". '
        "The accounts are fsa, lpfsa, hsa, hra, dcfsa, insurer, deduction.",
        about="an account",
    ),
    edited(
        "facts_come_from_fitting_questions",
        "    buttons: {plan: Health plan, other: Another one}\n",
        "    buttons: {plan: Health plan, other: Another one}\n    fact: letter_date\n",
        '18:11: step "account" tells "letter_date", which is a day. Write `input: date`.',
        about="a day",
    ),
    edited(
        "facts_come_from_fitting_questions",
        "    input: date\n    skip: Not yet\n",
        "    input: multi\n    among: plan.fields\n"
        "    buttons: {diagnosys: It, date: Its date}\n",
        '26:15: "diagnosys" is nothing that a plan asks of a letter, so this button would never '
        'be shown. Did you mean "diagnosis"?',
        about="among",
    ),
    edited(
        "old_names_lead_to_one_step",
        "    input: date\n",
        "    input: date\n    was: [day, account, day]\n",
        '25:16: a step is called "account" now, so its answers are not those of "bought". '
        "Write a name that the step used to have.",
        '25:25: "day" is the old name of "bought" already. Keep it at one step, once.',
    ),
    # --- labels
    edited(
        "no_text_is_empty",
        "other: Another one",
        'other: " "',
        "17:41: this text is empty. Write it, or delete the line.",
    ),
    edited(
        "no_text_is_empty",
        "say: I have kept nothing.,",
        'say: "{% if account %}Bye.{% endif %}",',
        '36:19: step "declined" says nothing when no `if` of its text holds. '
        "Add `{% else %}` with other words.",
        about="when no if holds",
    ),
    edited(
        "no_key_hides_in_a_text",
        "    say: Which account pays?\n    label: Account\n",
        "    say: |\n      Which account pays?\n      label: Account\n",
        '15:10: the line "label:" is a part of this text, and would be shown. Indent `label` like '
        "the key of this text; if it is meant as text, begin it with another word.",
    ),
    edited(
        "labels_differ",
        "other: Another one",
        "other: health plan",
        '17:41: two buttons of step "account" say "health plan". '
        "Word one of them so that people can tell them apart.",
    ),
    Broken(
        "labels_differ",
        (
            ('flows/locales/es.po:6:1: two buttons of step "account" say "Un plan". '
            "Word one of them so that people can tell them apart."),
        ),
        files={
            "flows/locales/es.po": po_of("letter.account.buttons.plan", "Health plan", "Un plan")
            + "\n"
            + po_of("letter.account.buttons.other", "Another one", "Un plan")
        },
        about="in Spanish",
    ),
    # --- sources
    edited(
        "steps_name_sources_there_are",
        "    input: date\n",
        "    input: date\n    sources: [irs]\n",
        '25:15: there is no source "irs" in this file. '
        'Write it under "sources", with its address and dates.',
    ),
    edited(
        "what_a_text_states_has_its_page",
        "say: Which account pays?",
        'say: "{% if plan.form %}Your plan has a form.{% endif %} Which account pays?"',
        '14:3: "account" states something of "plan.form" and names no page for it. '
        'Write "plan.form" under its `sources`.',
        severity="warning",
        about="the plan",
    ),
    edited(
        "what_a_text_states_has_its_page",
        "say: A letter cannot help. Your plan decides, and may say no.",
        "say: '{% for one in verdict.reasons %}{{ one }}{% endfor %}"
        " Your plan decides, and may say no.'",
        '32:3: "never" states something of "verdict" and names no page for it. '
        'Write "verdict" under its `sources`.',
        severity="warning",
        about="the verdict",
    ),
    edited(
        "sources_are_fresh",
        "steps:\n",
        "sources:\n"
        '  irs: {title: I, url: "https://irs.gov/a", checked_on: "2026-11-01",'
        ' recheck_by: "2027-11-01"}\nsteps:\n',
        '7:3: no step of this flow uses the source "irs". '
        "Name it under a step's `sources`, or delete it.",
        severity="warning",
    ),
    # --- routes
    edited(
        "steps_have_one_shape",
        "    input: date\n",
        "    input: date\n    min: 3\n",
        '25:5: step "bought" has `min`, which fits only `input: number or money`. Delete it.',
    ),
    edited(
        "the_start_exists",
        "start: consent",
        "start: consant",
        '4:8: the flow starts at "consant", which does not exist. Did you mean "consent"?',
    ),
    edited(
        "every_exit_leads_somewhere",
        "{go: bought}",
        "{go: bougt}",
        '20:14: step "account" goes to "bougt", which does not exist. Did you mean "bought"?',
    ),
    edited(
        "every_exit_leads_somewhere",
        "{go: bought}",
        "{do: fnd}",
        '20:14: step "account" does "fnd", but there is no such flow.',
        about="a flow",
    ),
    edited(
        "nobody_gets_stuck",
        "      - {go: bought}\n",
        "",
        '19:10: the last way out of step "account" has a `when`: people could get stuck. '
        "Add a last line with only `go`.",
    ),
    edited(
        "nobody_gets_stuck",
        ", outcome: declined}",
        "}",
        '36:3: step "declined" is the last one, but it is no outcome: people would get stuck. '
        "Add `outcome`, or `next` with a place to go.",
        about="last",
    ),
    edited(
        "nobody_gets_stuck",
        "{when: {account: other}, go: never}",
        "{go: never}",
        '19:9: step "account" always leaves by this line, so the lines below never count. '
        "Give this line a `when`, or move it to the end.",
        about="always",
    ),
    # --- texts
    edited(
        "tags_are_telegram_s",
        "say: Which account pays?",
        "say: <h1>Which account pays?</h1>",
        "15:10: <h1> is not among the tags Telegram shows. "
        "Use b, i, u, s, a, code, pre or blockquote; write &lt; for a plain <.",
    ),
    edited(
        "templates_hold_only_what_is_safe",
        "say: Which account pays?",
        'say: "Which {{ 7 * 7 }} account pays?"',
        "15:10: `*` is not allowed in a template. "
        "Templates may print names, use `if`, and repeat with `for` over a list.",
    ),
    added(
        "templates_hold_only_what_is_safe",
        TEMPLATE,
        CHECKLIST + "\n{% for x in account %}{{ x }}{% endfor %}\n",
        'templates/en/checklist.j2:3:1: `for` goes over "account", which is no list. '
        f"The lists are {', '.join(LISTS)}.",
        about="loop",
    ),
    edited(
        "texts_fit_on_a_phone",
        "skip: Not yet",
        f"skip: {'Not yet ' * 8}",
        "25:11: this label has 63 characters; phones show about 60. Shorten it.",
    ),
    edited(
        "nothing_is_promised",
        "say: A letter cannot help.",
        "say: A refund is guaranteed.",
        '33:10: "guaranteed" promises what only the plan can decide. Say what may happen.',
    ),
    edited(
        "documents_exist",
        "documents: [checklist]",
        "documents: [checklst]",
        '30:17: there is no templates/en/checklst.j2 for step "letter". '
        'Did you mean "checklist"?',
    ),
    added(
        "plain_sentences_are_plain",
        "flows/expenses/fitness.yaml",
        CATEGORY.replace("one just to relax", "<b>one</b> just to relax"),
        "flows/expenses/fitness.yaml:12:10: this sentence is shown as it is written, "
        "with its braces and tags. Write it in plain words.",
        about="of an expense",
    ),
    added(
        "plain_sentences_are_plain",
        "flows/employers/acme.yaml",
        EMPLOYER + "notices:\n  - {say: Your plan will pay., say_es: Pregunte primero.}\n",
        'flows/employers/acme.yaml:6:11: "plan will pay" promises what only the plan can decide. '
        "Say what may happen.",
    ),
    edited(
        "steps_have_one_shape",
        "    input: date\n",
        "    input: number\n    min: 9\n    max: 3\n",
        '26:5: step "bought" takes nothing: its `max` is 3, below 9. Raise it.',
        about="bounds",
    ),
    edited(
        "steps_have_one_shape",
        "    label: Account\n",
        "    label: Account\n    heard: {plan: [mine], other: [Mine]}\n",
        '17:5: step "account" hears "mine" for plan and other. Keep it at one of them.',
        about="heard",
    ),
    edited(
        "steps_have_one_shape",
        "{plan: Health plan, other: Another one}",
        "{" + ", ".join(f"b{at}: Label {at}" for at in range(91)) + "}",
        '17:5: step "account" has 91 buttons; Telegram shows 90 beside Back and the like. '
        "Ask in two steps.",
        about="buttons",
    ),
    edited(
        "documents_exist",
        "documents: [checklist]",
        "documents: [checklist]\n    more: [checklist]",
        '31:12: step "letter" hands over "checklist" twice. Name it once.',
        about="twice",
    ),
    edited(
        "tags_are_telegram_s",
        "say: Which account pays?",
        "say: Which <a href='javascript:x'>account</a> pays?",
        "15:10: <a> has no address to lead to, as in <a href=\"https://example.com\">. "
        "Use b, i, u, s, a, code, pre or blockquote; write &lt; for a plain <.",
        about="address",
    ),
    # --- once every exit is sound
    Broken(
        "sub_flows_come_back",
        (
            ('20:37: "find" comes back with a value, but step "account" does not take it. '
            "Add `gives: a_step` and `go: a_step`."),
        ),
        (("- {go: bought}", "- {when: {account: plan}, do: find}\n      - {go: bought}"),),
        {"flows/find.yaml": SUB_FLOW},
    ),
    edited(
        "every_step_is_reached",
        "      - {when: {account: other}, go: never}\n",
        "",
        '31:3: no step leads to "never", so nobody will ever see it. '
        "Add `go: never` somewhere, or delete it.",
    ),
    edited(
        "nothing_goes_round_in_circles",
        "    skip: Not yet\n",
        "    skip: Not yet\n    next:\n      - {when: {account: other}, go: account}\n"
        "      - {go: letter}\n",
        "27:38: these steps go round in a circle: account → bought → account. "
        "People go back with the Back button; a flow only goes forward.",
    ),
    # --- dates
    edited(
        "dates_come_from_dates",
        "steps:\n",
        "dates:\n  file_by: [{from: account, days: 30}]\nsteps:\n",
        '7:20: "account" is no question that asks for a date.',
    ),
    edited(
        "reminders_know_their_day",
        "    documents: [checklist]\n",
        "    documents: [checklist]\n    remind: {before: letter_end, days: 30}\n",
        '31:22: there is no date "letter_end" to remind of. Did you mean "letter_ends"?',
    ),
    # --- names
    edited(
        "names_in_conditions_exist",
        "{when: {account: other}",
        "{when: {acount: other}",
        '19:17: there is no "acount" to compare. Did you mean "account"?',
    ),
    Broken(
        "given_values_are_choices",
        ('flows/find.yaml:9:39: "account" can never be "pln". Did you mean "plan"?',),
        (("{go: bought}", "{do: find, gives: account, go: bought}"),),
        {"flows/find.yaml": SUB_FLOW.replace("give: plan", "give: pln")},
    ),
    edited(
        "values_are_possible",
        "{when: {account: other}",
        "{when: {account: othr}",
        '19:26: "account" can never be "othr". Did you mean "other"?',
    ),
    edited(
        "values_are_possible",
        "{when: {account: other}",
        "{when: {account: {skipped: true}}",
        '19:36: "account" can never be skipped. '
        "Give step `account` a `skip`, or delete this line.",
        about="skipped",
    ),
    edited(
        "answers_come_before_their_use",
        "{when: {account: other}",
        "{when: {bought: {answered: true}}",
        '19:26: step "account" uses "bought", which is only asked later or elsewhere. '
        "Ask it on a way that leads here, or use another name.",
    ),
    added(
        "shared_texts_are_complete",
        SHARED,
        shared_with("  done: Done\n", ""),
        'flows/shared.yaml:4:1: the text "done" is missing. Add `done:` with its words.',
    ),
    edited(
        "every_result_says_who_decides",
        "say: A letter cannot help. Your plan decides, and may say no.",
        "say: A letter cannot help.",
        '33:10: the result "never" does not say who decides. '
        'Add the sentence "Your plan decides, and may say no."',
    ),
    edited(
        "names_in_texts_exist",
        "say: When did you buy it?",
        'say: "When did you buy {{ expnse.name }}?"',
        '23:10: there is no "expnse.name" to put into this text. Did you mean "expense.name"?',
    ),
    edited(
        "texts_use_answered_names",
        "say: A letter cannot help. ",
        "say: A letter cannot help since {{ bought }}. ",
        '33:10: step "never" prints "bought", which is not answered on every way here. '
        "Put it between {% if bought %} and {% endif %}.",
    ),
    Broken(
        "buttons_fit",
        (
            ('22:3: the names of step "a_name_of_thirty_two_characters_" and its choice '
            '"another_with_just_as_many_letter" are too long together: '
            "a button holds 64 bytes, this needs 81. Shorten one of them."),
        ),
        (
            ("{go: bought}", "{go: a_name_of_thirty_two_characters_}"),
            ("  bought:\n", "  a_name_of_thirty_two_characters_:\n"),
            ("input: date\n    skip: Not yet", "buttons: {another_with_just_as_many_letter: Yes}"),
        ),
    ),
    edited(
        "buttons_fit",
        "{plan: Health plan, other: Another one}",
        "{other: Another one, " + ", ".join(f"b{at}: {'label ' * 9}{at}" for at in range(80)) + "}",
        '17:5: the buttons of step "account" are too many and too long for one message. '
        "Shorten their labels, or ask in two steps.",
        about="in one message",
    ),
    added(
        "employers_change_what_exists",
        "flows/employers/acme.yaml",
        EMPLOYER + "hide: {account: [plann]}\n",
        'flows/employers/acme.yaml:5:18: step "account" has no choice "plann" to hide. '
        'Did you mean "plan"?',
    ),
    added(
        "translations_are_complete",
        "flows/locales/es.po",
        'msgid "a"\nmsgstr "b\n',
        "flows/locales/es.po:2:8: the quote that opens here is never closed. "
        "Put the same quote at the end of the line.",
    ),
    # --- in place of others
    added(
        "translations_keep_the_rules",
        "flows/locales/es.po",
        po_of(*WHICH, "¿<h1>Cuál</h1>?"),
        "flows/locales/es.po:2:1: <h1> is not among the tags Telegram shows. "
        "Use the tags of the English text.",
    ),
    added(
        "replaced_texts_use_the_same_names",
        "flows/employers/acme.yaml",
        EMPLOYER + 'texts: {letter.account.say: "Which of {{ expnse.name }}?"}\n',
        'flows/employers/acme.yaml:5:29: there is no "expnse.name" to put into this text. '
        'Did you mean "expense.name"?',
    ),
    Broken(
        "translations_say_as_much",
        (
            ('flows/locales/es.po:2:1: this uses "account", and the English does not. '
            "Say here what is said there."),
        ),
        files={"flows/locales/es.po": po_of(*WHICH, "¿Cuál, {{ account }}?")},
        about="a name more",
    ),
    added(
        "translations_say_as_much",
        "flows/locales/es.po",
        po_of("shared.your_answer_was", "Your answer was: {{ old }}", "Esa fue su respuesta."),
        'flows/locales/es.po:2:1: the English uses "old", and this does not. '
        "Say here what is said there.",
        about="a name less",
    ),
    added(
        "translations_say_as_much",
        "flows/locales/es.po",
        po_of(
            "letter.never.say",
            "A letter cannot help. Your plan decides, and may say no.",
            "Aquí una carta no ayuda.",
        ),
        "flows/locales/es.po:2:1: the English says who decides, and this does not. "
        'Add the sentence "Su plan decide, y puede decir que no."',
        about="who decides",
    ),
    added(
        "translations_say_as_much",
        TEMPLATE,
        CHECKLIST + "\nFor: {{ expense.name }}\n",
        'templates/es/checklist.j2:1:1: the English uses "expense.name", and this does not. '
        "Say here what is said there.",
        about="a document",
    ),
    Broken(
        "lines_have_these_parts",
        (
            ('templates/en/checklist.j2:3:1: a line of "answers" has no "lable". '
            'Did you mean "label"?'),
            ('templates/en/checklist.j2:3:1: a line of "answers" is not one word but label, value. '
            "Print one of them, as in {{ line.label }}."),
        ),
        files={
            TEMPLATE: CHECKLIST
            + "\n{% for line in answers %}{{ line.lable }}{{ line }}{% endfor %}\n",
            "templates/es/checklist.j2": "Su plan decide, y puede decir que no.\n"
            "{% for line in answers %}{{ line.label }}{% endfor %}\n",
        },
    ),
    # --- plain words
    edited(
        "texts_are_easy_to_read",
        "say: Which account pays?",
        f"say: {HARD}",
        '15:10: the flow "letter" reads at grade 34.8, where 8 is the most; '
            'its hardest sentence is "Multidisciplinary rehabilitation necessitates '
        'individualized documentation." Use shorter sentences and everyday words.',
    ),
    edited(
        "sentences_are_short",
        "say: Which account pays?",
        f"say: {'Do ' + 'you and ' * 10 + 'I'}?",
        "15:10: this sentence has 22 words, 20 at most can be read with ease: "
        f'"{"Do " + "you and " * 10 + "I"}?" Make two of it.',
    ),
    edited(
        "one_question_at_a_time",
        "say: Which account pays?",
        "say: Which account pays? Is it yours?",
        "15:10: this message asks 2 questions at once. "
        "Ask one, and give the others steps of their own.",
    ),
    edited(
        "abbreviations_are_explained",
        "say: Which account pays?",
        "say: Which DIY pays?",
        '15:10: "DIY" is explained nowhere in this flow. '
        'Say once what it is, as in "DIY (its full name)".',
        severity="warning",
    ),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: " ".join((one.check, one.about)).strip())
def test_each_check_says_where_what_and_what_to_try(broken: Broken):
    found = problems_of(broken.found(), TODAY)
    assert [str(one) for one in found if one.severity == broken.severity] == broken.lines


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: " ".join((one.check, one.about)).strip())
def test_each_broken_set_trips_exactly_its_check(broken: Broken):
    shelf, unreadable = read(broken.found())
    assert unreadable == []
    tripped = []
    for stage in CHECKS:
        tripped += [
            check.__name__
            for check in stage
            if any(problem.severity == broken.severity for problem in check(shelf, TODAY))
        ]
        if tripped:
            break
    assert tripped == [broken.check]


def test_every_registered_check_has_a_broken_set():
    registered = [check.__name__ for stage in CHECKS for check in stage]
    assert len(set(registered)) == len(registered)
    assert {broken.check for broken in BROKEN} == set(registered)


def test_every_check_says_its_rule_in_a_sentence():
    for stage in CHECKS:
        for check in stage:
            assert check.__doc__
            assert check.__doc__.splitlines()[0].endswith("."), check.__name__


def test_nothing_is_wrong_with_the_small_files():
    assert problems_of(base(), TODAY) == []


# --- all of it, in one run -------------------------------------------------------------------


def test_everything_wrong_is_said_in_one_run_in_file_order():
    files = {
        **base(),
        "flows/expenses/fitness.yaml": CATEGORY.replace("status: letter", "status: leter"),
        FLOW: LETTER.replace("{go: bought}", "{go: bougt}").replace("start: consent", "start: c"),
        TEMPLATE: "{{ a + b }} is guaranteed\n",
    }
    found = problems_of(files, TODAY)
    assert [(one.path, one.line) for one in found] == [
        ("flows/expenses/fitness.yaml", 11),
        (FLOW, 4),
        (FLOW, 20),
        (TEMPLATE, 1),
        (TEMPLATE, 1),
    ]
    assert found == sorted(found)


def test_no_problem_is_the_shadow_of_another():
    """A typo in `go` also cuts a step off; only the typo is said."""
    found = problems_of({**base(), FLOW: LETTER.replace("go: bought", "go: bougt")}, TODAY)
    assert len(found) == 1
    assert "bougt" in found[0].what


def test_a_broken_file_does_not_make_what_it_holds_look_missing():
    """Sound files run its flow, override its expense and name its administrator."""
    twice = "format: 1\nformat: 1"
    files = {
        **base(),
        FLOW: LETTER.replace("- {go: bought}", "- {do: find, gives: account, go: bought}"),
        "flows/find.yaml": SUB_FLOW.replace("format: 1", twice),
        "flows/expenses/fitness.yaml": CATEGORY.replace("format: 1", twice),
        "flows/administrators/wex.yaml": ADMINISTRATOR.replace("format: 1", twice),
        "flows/employers/acme.yaml": EMPLOYER + "administrator: wex\noverrides:\n"
        "  massage_gun: {status: never, reason: No., reason_es: No.}\n",
    }
    assert [(one.path, one.line) for one in errors_of(files)] == [
        ("flows/administrators/wex.yaml", 2),
        ("flows/expenses/fitness.yaml", 2),
        ("flows/find.yaml", 2),
    ]


def test_flows_that_run_one_another_round_are_told_of_and_not_run():
    find = SUB_FLOW.replace(
        "steps:\n",
        "steps:\n  mine:\n    say: Is it mine?\n    input: yes_no\n"
        "    next:\n      - {when: {mine: yes}, do: other, gives: mine, go: found}\n"
        "      - {go: yours}\n",
    ).replace("start: yours", "start: mine")
    other = find.replace("flow: find", "flow: other").replace("do: other", "do: find")
    flow = LETTER.replace("- {go: bought}", "- {do: find, gives: account, go: bought}")
    found = errors_of({**base(), FLOW: flow, "flows/find.yaml": find, "flows/other.yaml": other})
    assert [str(one) for one in found] == [
        f'flows/{name}.yaml:10:33: with this the flow "{name}" runs itself, so it never ends. '
        "Delete this line, or run another flow."
        for name in ("find", "other")
    ]


def test_an_employer_hides_no_question_whole():
    employer = EMPLOYER + "hide: {account: [plan, other]}\n"
    (error,) = errors_of({**base(), "flows/employers/acme.yaml": employer})
    assert 'all choices of step "account" are hidden' in error.what


TRAPS = {
    "a key twice": ("title: A small guide", "title: A\ntitle: B", 'the key "title"'),
    "an anchor": ("title: A small guide", "title: &a A", "anchor"),
    "an alias": ("title: A small guide", "title: &a A\nx: *a", "anchor"),
    "a tag": ("title: A small guide", "title: !!python/object/apply:os.system [ls]", "tag"),
    "a tab": ("    say: Which account pays?", "\tsay: Which account pays?", "tab"),
    "two documents": ("title: A small guide", "title: A\n---\nb: c", "document"),
    "a merge": ("title: A small guide", "title: A\n<<: {a: b}", "<<"),
    "an open quote": ("title: A small guide", 'title: "A', ""),
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_yaml_traps_are_closed_with_a_line_and_no_traceback(trap):
    old, new, word = trap
    found = problems_of({**base(), FLOW: LETTER.replace(old, new)}, TODAY)
    first = next(one for one in found if one.path == FLOW and one.line > 1)
    assert first.severity == "error"
    assert word.casefold() in first.what.casefold()


def test_words_that_yaml_takes_for_something_else_stay_words():
    """The keys no and on, 12:30, 01234: what an operator means is what is stored."""
    flow = LETTER.replace(
        "{plan: Health plan, other: Another one}", "{no: No, on: On, off: 12:30, other: 01234}"
    )
    shelf, problems = read({**base(), FLOW: flow})
    assert problems == []
    step = shelf.flows["letter"][1].steps["account"]
    assert step.buttons == {"no": "No", "on": "On", "off": "12:30", "other": "01234"}


@pytest.mark.parametrize(
    "text",
    ["", "\n", "[]", "null", "5", "a", "- a", "\0", "\ufeff" + LETTER[:20], "{" * 200, "? :", "#"],
)
@pytest.mark.parametrize(
    "path",
    [
        FLOW, SHARED, "flows/x.yaml", "flows/expenses/x.yaml", "flows/administrators/x.yaml",
        "flows/employers/x.yaml", "flows/questions.yaml", "flows/locales/es.po", TEMPLATE,
    ],
)  # fmt: skip
def test_no_file_however_broken_breaks_the_check(path, text):
    for problem in problems_of({**base(), path: text}, TODAY):
        assert problem.path
        assert problem.line >= 1
        assert problem.column >= 1


SLIPS = (
    *"{}[]:-#'\"“&*!|>~?\t\0\xa0\u200b",
    *("{{", "}}", "{%", "%}", "null", "true", "no", "12", "go:", "next:", "<b>", "</b>", "<a>"),
    *("{% if account %}", "{% endif %}"),
    *("{{ account }}", "do: find", "gives: account", "was: x", "fact: account", "input: date"),
    *("input: multi", "outcome: letter", "skip: x", "min: 3", "max: 1", "among: plan.fields"),
    *("otherwise: plan", "documents: [x]", "sources: [x]", "ask_when: {account: plan}"),
    *("remind: {before: letter_ends, days: 3}", "{any: []}", "{not: {}}"),
)


def whole_guide() -> dict[str, str]:
    """One small file of every kind, each used by another."""
    overridden = "overrides:\n  massage_gun: {status: never, reason: No., reason_es: No.}\n"
    return {
        **base(),
        FLOW: LETTER.replace("- {go: bought}", "- {do: find, gives: account, go: bought}"),
        "flows/find.yaml": SUB_FLOW,
        "flows/expenses/fitness.yaml": CATEGORY,
        "flows/administrators/wex.yaml": ADMINISTRATOR,
        "flows/employers/acme.yaml": f"{EMPLOYER}administrator: wex\n{overridden}",
        "flows/questions.yaml": QUESTIONS,
        "flows/locales/es.po": po_of(*WHICH, "¿Qué cuenta?"),
    }


@st.composite
def slips(draw: st.DrawFn) -> dict[str, str]:
    """The whole guide after one to three slips of the hand."""
    files = whole_guide()
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in sorted(files) if path != SHARED]))
        lines = files[path].split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        start = draw(st.integers(0, len(lines[at])))
        match draw(st.sampled_from(["cut", "type", "indent", "again", "lost", "moved"])):
            case "cut":
                end = draw(st.integers(start, len(lines[at])))
                lines[at] = lines[at][:start] + lines[at][end:]
            case "type":
                typed = draw(st.sampled_from(SLIPS))
                lines[at] = lines[at][:start] + typed + lines[at][start:]
            case "indent":
                lines[at] = " " * draw(st.integers(0, 8)) + lines[at].strip()
            case "again":
                lines.insert(at, lines[at])
            case "lost":
                del lines[at]
            case "moved":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        files[path] = "\n".join(lines)
    return files


@settings(max_examples=150)
@given(slips())
def test_whatever_slips_it_is_said_with_its_place_or_the_guide_can_be_used(files):
    found = problems_of(files, TODAY)
    for problem in found:
        assert problem.line >= 1
        assert problem.column >= 1
    if not any(problem.severity == "error" for problem in found):
        patient = Patient(content_of(files))
        for _ in range(3):
            for button in list(patient.buttons.values())[:1]:
                patient.tap(button)


def test_the_whole_small_guide_is_sound():
    assert errors_of(whole_guide()) == []


# --- what would break a conversation must be found first -------------------------------------


@pytest.mark.parametrize(
    ("spanish", "said"),
    [
        ("¿Cuál {{ expnse.name }}?", 'there is no "expnse.name" to put into this text'),
        ("¿Cuál {{ 7 * 7 }}?", "`*` is not allowed in a template"),
        ("¿Cuál {{ account.__class__ }}?", '"account.__class__" is no name of ours'),
        ("¿Cuál <h1>cuenta</h1>?", "<h1> is not among the tags Telegram shows"),
        ("¿Cuál {% if %}", "`{% if … %}` is never closed"),
        ("Se lo aprobarán.", '"Se lo aprobarán" promises what only the plan can decide'),
        ("¿Cuál {{ never }}?", 'there is no "never" to put into this text'),
    ],
)
def test_a_translation_is_held_to_the_rules_of_the_text(spanish, said):
    files = {**base(), "flows/locales/es.po": po_of(*WHICH, spanish)}
    (error,) = errors_of(files)
    assert error.path == "flows/locales/es.po"
    assert error.line == 2
    assert error.what.startswith(said)


def test_a_translation_may_use_the_names_of_its_text_and_no_others():
    files = {**base(), "flows/locales/es.po": po_of("shared.kept", "", "")}
    english = "I kept your later answers that still fit. Answers kept: {{ count }}."
    files["flows/locales/es.po"] = po_of("shared.kept", english, "Quedan {{ count }}.")
    assert errors_of(files) == []
    files["flows/locales/es.po"] = po_of("shared.kept", english, "Quedan {{ old }}.")
    (error,) = errors_of(files)
    assert error.what == 'the text "kept" uses "old", which it is not given'


@pytest.mark.parametrize("key", ["texts", "texts_es"])
@pytest.mark.parametrize("name", ["expnse.name", "never", "old"])
def test_an_employers_text_uses_names_there_are(key, name):
    employer = EMPLOYER + f'{key}: {{letter.account.say: "Which {{{{ {name} }}}}?"}}\n'
    (error,) = errors_of({**base(), "flows/employers/acme.yaml": employer})
    assert str(error).startswith(
        f'flows/employers/acme.yaml:5:{len(key) + 24}: there is no "{name}" to put into this text.'
    )


def test_a_template_in_another_language_uses_names_there_are():
    files = {
        **base(),
        "templates/es/checklist.j2": "Su plan decide, y puede decir que no. {{ x }}\n",
    }
    (error,) = errors_of(files)
    assert error.path == "templates/es/checklist.j2"


# --- what is shipped -------------------------------------------------------------------------


def test_the_shipped_flows_have_no_error():
    assert [str(one) for one in errors_of(shipped_files())] == []


def test_a_stale_source_warns_and_does_not_stop_the_guide():
    found = problems_of(shipped_files(), date(2040, 1, 1))
    assert {one.severity for one in found} == {"warning"}
    assert any("was to be rechecked by" in one.what for one in found)


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in base().items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return tmp_path


def ran(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(
        commands, ["--content", str(folder), "check", *arguments], standalone_mode=False
    )
    assert result.exception is None, result.output
    return int(result.return_value), result.output.splitlines()


def broken_flow(folder: Path) -> None:
    (folder / FLOW).write_text(LETTER.replace("go: bought", "go: bougt"), encoding="utf-8")


WARNED = LETTER.replace("say: Which account pays?", "say: Which DIY pays?")


def test_all_well_ends_with_0(folder):
    assert ran(folder) == (0, ["All is well."])


def test_an_error_ends_with_1_and_is_counted(folder):
    broken_flow(folder)
    assert ran(folder) == (
        1,
        [
            (
                'flows/letter.yaml:20:14: step "account" goes to "bougt", which does not exist. '
                'Did you mean "bought"?'
            ),
            "1 error",
        ],
    )


def test_a_warning_ends_with_0_unless_strict(folder):
    (folder / FLOW).write_text(WARNED, encoding="utf-8")
    code, lines = ran(folder)
    assert code == 0
    assert lines[0].startswith('warning: flows/letter.yaml:15:10: "DIY" is explained nowhere')
    assert lines[1] == "All is well (1 warning)."
    assert ran(folder, "--strict")[0] == 1


def test_json_is_one_object_a_line(folder):
    broken_flow(folder)
    code, lines = ran(folder, "--format", "json")
    assert code == 1
    (found,) = [json.loads(line) for line in lines]
    assert found == {
        "path": "flows/letter.yaml",
        "line": 20,
        "column": 14,
        "severity": "error",
        "what": 'step "account" goes to "bougt", which does not exist',
        "hint": 'Did you mean "bought"?',
    }


def test_github_shows_it_beside_the_line(folder):
    broken_flow(folder)
    code, lines = ran(folder, "--format", "github")
    assert code == 1
    assert lines == [
        (
            "::error file=flows/letter.yaml,line=20,col=14::"
            'step "account" goes to "bougt", which does not exist. Did you mean "bought"?'
        )
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "--format", "xml"], 2),
        (["check", "--stict"], 2),
        (["--content", "/nowhere", "check"], 1),
    ],
)
def test_wrong_usage_ends_with_2_and_what_can_be_mended_with_1(arguments, code, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == code
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.strip()


def test_a_file_that_is_no_text_is_a_problem_among_the_others(folder):
    (folder / FLOW).write_bytes(b"format: 1\nflow: \xff\xfe\n")
    (folder / TEMPLATE).write_text("{{ 1 + 1 }}\n", encoding="utf-8")
    code, lines = ran(folder)
    assert code == 1
    assert lines == [
        "flows/letter.yaml:2:1: this file is not UTF-8 text. Save it as UTF-8.",
        (
            "templates/en/checklist.j2:1:1: `+` is not allowed in a template. "
            "Templates may print names, use `if`, and repeat with `for` over a list."
        ),
        "2 errors",
    ]


def test_a_file_with_another_ending_is_said_not_to_be_read(folder):
    (folder / "flows/employers").mkdir()
    for name in ("acme.yml", "acme.yaml.txt", ".acme.yaml", "acme.yaml~", "notes.txt"):
        (folder / "flows/employers" / name).write_text(EMPLOYER, encoding="utf-8")
    code, lines = ran(folder)
    assert code == 0
    hint = 'Its name should end in ".yaml", and it should lie beside the others.'
    assert lines == [
        f"warning: flows/employers/acme.yaml.txt:1:1: this file is not read. {hint}",
        f"warning: flows/employers/acme.yml:1:1: this file is not read. {hint}",
        "All is well (2 warnings).",
    ]


def test_chat_refuses_to_start_on_a_broken_flow_with_the_same_words(folder, capsys):
    broken_flow(folder)
    with pytest.raises(SystemExit) as ended:
        main(["--content", str(folder), "chat"])
    assert ended.value.code == 1
    assert 'goes to "bougt", which does not exist' in capsys.readouterr().err


@pytest.mark.parametrize("said", ["Ask {{ operator.name }}.", "<b>Ask first.</b>", "{% if a %}"])
def test_an_employers_own_sentence_is_not_filled_in(said):
    employer = EMPLOYER + f'notices:\n  - {{say: "{said}", say_es: Pregunte primero.}}\n'
    (error,) = errors_of({**base(), "flows/employers/acme.yaml": employer})
    assert str(error).startswith("flows/employers/acme.yaml:6:11: this sentence is shown as it is")


@pytest.mark.parametrize(
    "said",
    [
        *("Your plan will cover it.", "Your FSA will pay.", "Su plan lo pagará."),
        *("El pago está garantizado.", "Su carta será aprobada.", "Se lo van a aprobar."),
        *("Le reembolsarán todo.", "Su seguro le va a pagar.", "No espere: será aprobado."),
    ],
)
def test_words_that_promise_are_found(said):
    assert list(promises(said))


def test_that_a_plan_may_pay_is_no_promise():
    assert not list(promises("Ask if your plan will pay. No plan will pay twice. It may pay."))
    assert not list(promises("Payment is not guaranteed. Nothing is guaranteed."))
    assert not list(promises("El pago no está garantizado. Nada está garantizado."))
    assert not list(promises("Pregunte si su plan lo pagará. Su plan puede pagarlo."))


def test_what_lies_behind_a_circle_is_not_said_to_be_out_of_reach():
    flow = LETTER.replace("- {go: account}", "- {go: consent}")
    (error,) = errors_of({**base(), FLOW: flow})
    assert "round in a circle: consent → consent" in str(error)


def test_a_flow_that_cannot_be_read_is_not_said_to_be_missing():
    flow = LETTER.replace("Which account pays?", "Which one: this?")
    (error,) = errors_of({**base(), FLOW: flow})
    assert "must be in quotes" in str(error)


def test_words_are_heard_for_buttons_there_are():
    flow = LETTER.replace(
        "    say: Which account pays?\n",
        "    say: Which account pays?\n    heard: {plann: [my plan]}\n",
    )
    (error,) = errors_of({**base(), FLOW: flow})
    assert 'hears words for "plann", which is no button of it. Did you mean "plan"?' in str(error)


SPEAKS = ("shared", "_shared", "_say", "Say", "Choose", "_choose_question", "_open", "_confirm")
"""Calls whose first words are the name of a text that is the same everywhere."""


def spoken_texts() -> set[str]:
    """Every such name that the code says outright, and every `@name` of a button."""
    found = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SPEAKS:
                    found.add(node.args[0].value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^@([a-z_]+[a-z])$", node.value))
    return {name for name in found if isinstance(name, str) and name.islower()}


def test_every_text_that_the_code_says_is_required_of_the_operator():
    """A text that nobody requires is missed only by the person who needs it."""
    assert spoken_texts() - set(REQUIRED) == set()
    assert len(spoken_texts()) > 30
