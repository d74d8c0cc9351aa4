"""Texts for patients are short and plain, and what is not is said with its place."""

from __future__ import annotations

import time

import pytest

from bot.checks import plain_words, problems_of
from bot.checks.reading import FILLED_IN, measure, readings, sentences, syllables, words
from bot.problems import Problem
from bot.reasons import REASONS
from bot.shelf import read
from bot.translations import Entry, write_po
from tests.guiding import TODAY, shipped_files, small_files

FLOW = """\
format: 1
flow: letter
title: A small guide
start: consent

steps:
  consent:
    say: {say}
    why: {why}
    buttons:
      agree: Go on
    next:
      - go: done
  done:
    say: Good. Your plan decides, and may say no.
    outcome: no_letter_needed
"""
LONG = "I ask this now so that every one of the papers I write for you later can fit your own case."
HARD = "Reimbursement eligibility determinations necessitate contemporaneous documentation."
HARD_ES = (
    "Las determinaciones administrativas necesitan documentación contemporánea individualizada."
)
CHECKS = (
    plain_words.texts_are_easy_to_read,
    plain_words.sentences_are_short,
    plain_words.one_question_at_a_time,
    plain_words.abbreviations_are_explained,
)


def found(say: str = "Is this OK?", why: str = "I ask first.", **templates: str) -> list[Problem]:
    """What the checks find in a small guide, beside the shipped files that it borrows."""
    files = small_files(FLOW.format(say=say, why=why))
    own = {f"templates/{name.replace('__', '/')}.j2": text for name, text in templates.items()}
    shelf, problems = read({**files, **own})
    assert problems == []
    return sorted(
        problem
        for check in CHECKS
        for problem in check(shelf, TODAY)
        if problem.path in ("flows/letter.yaml", *own)
    )


def spanish(*texts: str) -> list[Problem]:
    """What the checks find in these Spanish messages of a small guide."""
    entries = [
        Entry(f"letter.step_{at}.say", "English", text, False, 0) for at, text in enumerate(texts)
    ]
    path = "flows/locales/es.po"
    shelf, _ = read({**small_files(FLOW.format(say="Is this OK?", why="I ask.")), path: ""})
    shelf.translations["es"] = (path, write_po(entries, "es"))
    return [one for check in CHECKS for one in check(shelf, TODAY) if one.path == path]


# --- counting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoken", "language", "line"),
    [
        ("11111111111", "en", "the rule are eye you years plan's called used based don't"),
        (
            "222222222222",
            "en",
            "many table rarely refuse lenses uses household being quiet client diet isn't",
        ),
        (
            "333333333",
            "en",
            "medicine provider surgery itemized reimbursed premium area video employer",
        ),
        (
            "4444446",
            "en",
            "diagnosis ordinary necessary reimbursement acupuncture diabetes individually",
        ),
        ("133", "en", "I HSA IRS"),
        ("111111", "es", "que y hoy ley muy bien"),
        (
            "2222222",
            "es",
            "cuenta ciudad pague guía día seguir venir",
        ),
        ("333333", "es", "médico leído seguro cuidado oído cigüeña"),
        ("4444", "es", "necesidad diagnóstico reembolso periódico"),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(spoken: str, language: str, line: str):
    assert [syllables(word, language) for word in line.split()] == [int(one) for one in spoken]


def test_a_text_is_cut_into_its_sentences_and_lines():
    text = (
        'Dr. Doe said "No. Wait." Then I left.\n• one of a list\n2. Buy it! Keep 7.5% of it.\n\n✓'
    )
    assert sentences(text) == [
        'Dr. Doe said "No.',
        'Wait."',
        "Then I left.",
        "one of a list",
        "Buy it!",
        "Keep 7.5% of it.",
    ]
    assert words("Keep 7.5% of it – a limited-purpose FSA.") == [
        "Keep", "7.5%", "of", "it", "a", "limited-purpose", "FSA."
    ]  # fmt: skip


def test_every_way_through_a_template_is_read_once():
    source = (
        "{% if a %}A{% elif b %}B{% if c %}, C{% endif %}{% else %}Z{% endif %}."
        "\n{% for one in many %}\n• {{ one }}\n{% endfor %}\n<b>{{ name }}</b> ends."
    )
    assert {text.splitlines()[0] for text in readings(source)} == {"A.", "B.", "B, C.", "Z."}
    assert readings(source)[0].splitlines()[1:] == [f"• {FILLED_IN}", f"{FILLED_IN} ends."]


def test_an_answer_alone_is_no_sentence():
    assert sentences(f"• {FILLED_IN}\n{FILLED_IN}: {FILLED_IN}\n{FILLED_IN} ends.") == [
        f"{FILLED_IN} ends."
    ]


def test_scores_are_those_of_flesch_kincaid_and_fernandez_huerta():
    english = measure(["The cat sat.", "It ran to the river."])
    assert (english.words, english.sentences, english.syllables) == (8, 2, 9)
    assert english.score == pytest.approx(0.39 * 4 + 11.8 * 9 / 8 - 15.59)
    own = measure(["El gato come.", "Su plan decide."], "es")
    assert (own.words, own.sentences, own.syllables) == (6, 2, 10)
    assert own.score == pytest.approx(206.84 - 60 * 10 / 6 - 1.02 * 3)


# --- what is said of texts that are not plain --------------------------------------------------


def test_plain_texts_are_left_alone():
    assert found() == []


def test_a_long_sentence_of_a_message_is_an_error_with_its_place_and_words():
    assert len(words(LONG)) == 21
    [problem] = found(say=f"Hello. {LONG}")
    assert (problem.line, problem.column, problem.severity) == (8, 10, "error")
    assert "21 words" in problem.what
    assert f'"{LONG}"' in problem.what


def test_a_long_sentence_elsewhere_is_a_warning():
    [problem] = found(why=LONG)
    assert (problem.line, problem.severity) == (9, "warning")


def test_a_sentence_of_twenty_words_is_no_problem():
    assert found(say=LONG.replace("own ", "")) == []


def test_the_lines_of_a_list_are_sentences_of_their_own():
    lines = "\n".join(["      • one of many lines in a list"] * 5)
    assert found(say=f"|\n      I ask for\n{lines}") == []


def test_a_hard_flow_is_an_error_that_names_its_hardest_sentence():
    hard = [f"Eligibility determinations evaluate {at} circumstances." for at in range(30)]
    [problem] = found(why=" ".join([*hard, HARD]))
    assert (problem.line, problem.severity) == (9, "error")
    assert problem.what.startswith('the flow "letter" reads at grade ')
    assert problem.what.endswith(f'"{HARD}"')


def test_a_few_hard_words_are_too_little_to_be_scored():
    assert found(say=HARD) == []


def test_two_questions_in_a_message_are_an_error():
    [problem] = found(say="Is it new? Is it yours?")
    assert (problem.line, problem.severity) == (8, "error")
    assert "2 questions" in problem.what


def test_one_question_on_each_way_through_a_message_is_one_question():
    assert found(say='"{% if today %}Is it new?{% else %}Is it old?{% endif %}"') == []


@pytest.mark.parametrize(
    "why",
    [
        "An HDHP (high deductible plan) is one.",
        "A high deductible plan (HDHP) is one.",
        "HDHP: a plan with a high deductible.",
        "HDHP means a plan with a high deductible.",
    ],
)
def test_an_abbreviation_is_explained_once_somewhere(why: str):
    assert found(say="Do you have an HDHP?", why=f"'{why}'") == []


def test_an_abbreviation_that_is_never_explained_is_a_warning():
    [problem] = found(say="Do you have an HDHP?", why="I ask about your HDHP.")
    assert (problem.line, problem.severity) == (8, "warning")
    assert '"HDHP"' in problem.what


def test_what_a_practice_reads_may_be_long():
    assert found(en__provider_message=LONG, es__provider_message=LONG) == []


def test_a_long_sentence_in_a_patient_s_document_is_a_warning_at_its_line():
    [problem] = found(en__visit_questions=f"Ask.\n{{% if today %}}\n{LONG}\n{{% endif %}}\n")
    assert (problem.path, problem.line) == ("templates/en/visit_questions.j2", 3)
    assert problem.severity == "warning"


def test_hard_spanish_is_found_in_the_po_file():
    easy = ["Su plan decide. Usted guarda el recibo."] * 20
    assert spanish(*easy) == []
    [problem] = spanish(*[f"{HARD_ES[:-1]} {at}." for at in range(20)])
    assert problem.severity == "error"
    assert 'the flow "letter" scores ' in problem.what
    assert problem.line > 1


def test_spanish_messages_ask_one_question_in_short_sentences():
    [problem] = spanish("¿Es nuevo? ¿Es suyo?")
    assert "2 questions" in problem.what
    [problem] = spanish("Pregunto " + "y pregunto " * 10 + "otra vez.")
    assert "23 words" in problem.what


# --- what we ship ------------------------------------------------------------------------------


def test_what_we_ship_is_plain():
    shelf, problems = read(shipped_files())
    assert problems == []
    assert [str(one) for check in CHECKS for one in check(shelf, TODAY)] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_reasons_for_verdicts_are_plain(language: str):
    said = [
        sentence for reason in REASONS.values() for sentence in sentences(reason.text(language))
    ]
    assert [one for one in said if len(words(one)) > plain_words.LONGEST_SENTENCE] == []
    score = measure(said, language).score
    assert score >= plain_words.LEAST_EASE if language == "es" else score <= 8


def test_a_check_of_all_we_ship_takes_little_time():
    before = time.process_time()
    problems_of(shipped_files(), TODAY)
    # A second and a half on a machine of today; thrice that when the tests share it.
    assert time.process_time() - before < 4.5
