"""Questions people ask: found in other words, and left alone when they are something else."""

from __future__ import annotations

import csv
import re
import time
from datetime import date
from pathlib import Path

import pytest

from bot.questions import Questions, QuestionsFile, question_problems, questions_of
from bot.shapes import validate
from bot.yaml_text import parse

TODAY = date(2026, 11, 23)
PATH = "flows/questions.yaml"
PHRASINGS = Path(__file__).parent / "benchmarks" / "questions.csv"
TEXT = (Path(__file__).parent.parent / PATH).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def questions() -> Questions:
    file = validate(parse(TEXT, PATH), QuestionsFile)
    return Questions(questions_of(file), file.topics)


# What people type, and the question it is. Typos and missing accents are theirs.
ASKED = [
    ("whats a letter of medical necesity", "what_is_letter"),
    ("what exactly is an LMN?", "what_is_letter"),
    ("lmn meaning", "what_is_letter"),
    ("que es la carta de necesidad medica", "what_is_letter"),
    ("when is a letter needed?", "when_needed"),
    ("cuando necesito la carta", "when_needed"),
    ("what can I buy with no letter", "when_not_needed"),
    ("what kinds of expenses need a letter", "which_expenses"),
    ("que gastos necesitan carta", "which_expenses"),
    ("what does medicaly necessary mean", "necessity_examples"),
    ("who gets to decide if its medically necessary", "who_decides"),
    ("quien decide si es medicamente necesario", "who_decides"),
    ("does having a letter guarantee they approve it", "must_pay"),
    ("why is my plan asking for a letter", "why_asked"),
    ("is a prescription good enough", "prescription_same"),
    ("es lo mismo una receta que una carta", "prescription_same"),
    ("who can write it", "who_can_write"),
    ("Who is allowed to write a letter of medical necessity?", "who_can_write"),
    ("quien puede escribirla", "who_can_write"),
    ("quién firma la carta", "who_can_write"),
    ("does the letter have to be signed by a physician", "must_be_md"),
    ("can only an MD sign", "must_be_md"),
    ("will they take a letter from my chiropractor", "chiropractor"),
    ("can my chiropracter write this", "chiropractor"),
    ("puede firmar mi quiropractico", "chiropractor"),
    ("is it ok if a nurse practitioner signs", "nurse_or_pa"),
    ("can the physician assistant sign my letter", "nurse_or_pa"),
    ("can my physical therapist sign it", "therapist_dentist"),
    ("could my dentist write the letter?", "therapist_dentist"),
    ("puede escribirla mi psicologo", "therapist_dentist"),
    ("can my personal trainer write the letter", "who_cannot"),
    ("mi entrenador puede escribirla", "who_cannot"),
    ("who has to fill out the form", "who_fills_form"),
    ("can I write my letter myself", "write_myself"),
    ("puedo escribir yo la carta", "write_myself"),
    ("can i get the letter from an online doctor", "online_letter"),
    ("carta por telemedicina?", "online_letter"),
    ("is truemed legit?", "letter_services"),
    ("como funciona truemed", "letter_services"),
    ("what does the letter have to say", "what_it_says"),
    ("What information has to be in the letter?", "what_it_says"),
    ("que tiene que decir la carta", "what_it_says"),
    ("how do I write a strong letter", "good_letter"),
    ("do you have a sample letter", "template"),
    ("is there a template i can use", "template"),
    ("tiene un ejemplo de la carta", "template"),
    ("will a doctors note do?", "doctors_note"),
    ("sirve una nota del medico", "doctors_note"),
    ("how specific must the diagnosis be", "exact_diagnosis"),
    ("do I need an ICD-10 code", "diagnosis_code"),
    ("can the doctor sign electronicaly", "signature_kind"),
    ("why do letters get rejected", "common_mistakes"),
    ("should i send my medical records too", "add_records"),
    ("how do I get a letter of medical necessity?", "how_to_get"),
    ("como consigo la carta", "how_to_get"),
    ("how should i ask my doctor", "how_to_ask"),
    ("que le digo a mi medico", "how_to_ask"),
    ("how much does a letter cost", "what_it_costs"),
    ("cuanto cuesta la carta", "what_it_costs"),
    ("my doctor refuses to write it", "doctor_said_no"),
    ("mi medico no quiere escribir la carta", "doctor_said_no"),
    ("i have no diagnosis yet", "no_diagnosis"),
    ("how do i get a letter for my son", "for_my_child"),
    ("carta para mi niño", "for_my_child"),
    ("letter for my husband", "for_another_adult"),
    ("could you backdate the letter", "backdate"),
    ("can my doctor put last month's date on the letter", "backdate"),
    ("I already bought it, too late?", "already_bought"),
    ("ya lo compre", "already_bought"),
    ("should I wait for the letter before I buy", "buy_first"),
    ("can i ask the plan before buying", "ask_plan_first"),
    ("where should I send the letter", "where_to_send"),
    ("a donde mando la carta", "where_to_send"),
    ("do i have to send the letter with each claim", "every_claim"),
    ("is a credit card slip enough", "what_else"),
    ("my fsa card got declined", "card_at_store"),
    ("puedo pagar con la tarjeta en la tienda", "card_at_store"),
    ("why do they want receipts for my card", "card_papers"),
    ("deadline to submit my claim", "claim_deadline"),
    ("how long should I keep my receipts", "keep_copies"),
    ("how long is the letter valid", "how_long_valid"),
    ("how long does a letter last?", "how_long_valid"),
    ("cuanto dura la carta", "how_long_valid"),
    ("do i need a new one every year", "new_each_year"),
    ("necesito carta nueva cada año?", "new_each_year"),
    ("how can I renew the letter", "how_to_renew"),
    ("my letter has expired", "how_to_renew"),
    ("can my doctor write it for life", "for_life"),
    ("whats an hsa", "what_accounts"),
    ("que es una hsa?", "what_accounts"),
    ("whats the difference between an hsa and an fsa", "what_accounts"),
    ("does an HSA need a letter?", "hsa_letter"),
    ("does my hsa need a letter", "hsa_letter"),
    ("mi hsa necesita carta", "hsa_letter"),
    ("do i need a letter for an fsa", "fsa_letter"),
    ("what is a limited purpose fsa", "limited_fsa"),
    ("which account do I have?", "which_account"),
    ("who counts as my dependent", "who_is_covered"),
    ("letter of medical necessity for my insurance", "insurer_letter"),
    ("how long does a prior authorization take", "prior_approval"),
    ("is a letter enough for medicare?", "medicare_equipment"),
    ("my fsa claim was denied what now", "claim_denied"),
    ("rechazaron mi solicitud", "claim_denied"),
    ("can I appeal this", "can_i_appeal"),
    ("puedo apelar?", "can_i_appeal"),
    ("how many days do I have to appeal", "appeal_deadline"),
    ("can i get an independent review", "outside_review"),
    ("can i deduct this on my taxes", "tax_deduction"),
    ("puedo deducirlo de los impuestos", "tax_deduction"),
    ("what if i get audited by the irs", "tax_audit"),
    ("are you an ai", "what_can_you_do"),
    ("can you write the letter for me", "bot_writes_letter"),
    ("can anyone see what i type", "who_sees_this"),
    ("will my boss see this", "employer_sees"),
    ("mi jefe va a ver esto", "employer_sees"),
    ("is this bot hipaa compliant", "hipaa"),
    ("how can i delete my data", "delete_answers"),
    ("is this tax advice", "is_this_advice"),
]

# What people want to pay for, and what they answer to other questions.
NOT_ASKED = [
    "massage",
    "massage gun for neck pain",
    "can I use my HSA for a massage",
    "is a gym membership fsa eligible",
    "gym",
    "vitamin D my doctor recommended",
    "special shoes",
    "does fsa cover braces",
    "chiropractor",
    "chiropractor visit for back pain",
    "physical therapy",
    "quiropractico",
    "masaje para la ciatica",
    "puedo usar mi fsa para lentes",
    "air purifier for asthma",
    "hot tub",
    "my doctor told me to buy an air purifier",
    "weight loss program",
    "does medicare cover wheelchairs",
    "can i deduct my kids braces",
    "can i pay for therapy with my hsa",
    "prescription sunglasses",
    "colchon para dolor de espalda",
    "standing desk for my back, doctor says I need it",
    "nurse at home for my mother",
    "marriage counseling",
    "does insurance cover hair transplants",
    "dental crown",
    "new glasses every year",
    "card games",
    "yes",
    "no",
    "fsa",
    "my employer",
    "November 2",
    "what is the weather tomorrow",
    "hello",
    "asdf",
    "",
    "???",
]


@pytest.mark.parametrize(("words", "wanted"), ASKED)
def test_a_question_is_found_in_the_words_people_use(
    questions: Questions, words: str, wanted: str
) -> None:
    found = questions.find(words)
    seen = [(one.question.id, one.score) for one in found]
    assert wanted in [name for name, _ in seen], seen
    assert questions.sure(words) in (None, questions.entries[wanted]), seen


def test_nine_in_ten_questions_are_answered_without_asking_back(questions: Questions) -> None:
    sure = [words for words, _ in ASKED if questions.sure(words)]
    assert len(sure) >= 0.9 * len(ASKED), sorted({words for words, _ in ASKED} - set(sure))


def test_half_of_the_phrasings_was_left_alone_and_is_found_all_the_same(
    questions: Questions,
) -> None:
    with PHRASINGS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == "test"]
    found = [(row["expected"], questions.find(row["query"], row["language"])) for row in rows]
    first = [(wanted, near[0] if near else None) for wanted, near in found if wanted != "none"]
    right = [one for wanted, one in first if one and one.question.id in wanted.split(",")]
    wrong = [
        one
        for wanted, one in first
        if one and one.sure and one.question.id not in wanted.split(",")
    ]
    taken = [near[0] for wanted, near in found if wanted == "none" and near and near[0].sure]
    assert len(first) > 130
    assert len(right) >= 0.9 * len(first)
    assert len(wrong) <= 0.03 * len(first)
    assert len(taken) <= 0.07 * (len(found) - len(first))


@pytest.mark.parametrize("words", NOT_ASKED)
def test_an_expense_or_an_answer_is_not_taken_for_a_question(
    questions: Questions, words: str
) -> None:
    assert questions.sure(words) is None, questions.find(words)


def test_words_with_no_question_in_them_find_nothing(questions: Questions) -> None:
    for words in ("", "???", "asdf qwer", "🙂", "a" * 10_000):
        assert questions.find(words) == ()


def test_the_question_at_the_end_of_a_story_is_found(questions: Questions) -> None:
    story = (
        "I saw my chiropractor yesterday about my back. He was nice. Can a chiropractor sign it?"
    )
    found = questions.sure(story)
    assert found is not None
    assert found.id == "chiropractor"


def test_every_phrasing_in_the_file_finds_its_own_question(questions: Questions) -> None:
    for question in questions.entries.values():
        for phrase in (question.ask, question.ask_es, *question.words, *question.words_es):
            found = [one.question.id for one in questions.find(phrase)]
            assert question.id in found, (phrase, found)
            sure = questions.sure(phrase)
            assert sure is None or sure.id == question.id, (phrase, sure)


def test_one_question_takes_three_milliseconds_at_most(questions: Questions) -> None:
    questions.find("warm up")
    taken = []
    for words, _ in ASKED:
        start = time.perf_counter()
        questions.find(words)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[len(taken) // 2] < 0.003


def test_every_topic_and_question_fits_a_button(questions: Questions) -> None:
    for name in (*questions.topics, *questions.entries):
        assert len(f"nonce123.999999.!topic.{name}".encode()) <= 64
    for topic in questions.topics:
        assert questions.of(topic), topic


# --- the shipped answers -----------------------------------------------------------------------


def test_the_shipped_questions_have_no_problems() -> None:
    assert question_problems([parse(TEXT, PATH)], TODAY) == []


def test_answers_about_what_a_plan_pays_say_that_it_may_say_no(questions: Questions) -> None:
    for name in ("which_expenses", "must_pay", "claim_denied", "how_long_valid", "chiropractor"):
        question = questions.entries[name]
        assert question.say.endswith("Your plan decides, and may say no.")
        assert question.say_es.endswith("Su plan decide, y puede decir que no.")


@pytest.mark.parametrize(
    ("name", "fact", "title"),
    [
        ("appeal_deadline", "180 days", "Sound Administration"),
        ("outside_review", "four months", "DenialHelp"),
        ("prior_approval", "15 days", "HealthCare.gov"),
        ("card_papers", "75 days", "Navia"),
        ("how_long_valid", "12 months", "HealthEquity"),
        ("tax_deduction", "7.5 percent", "26 USC 213"),
        ("every_claim", "first claim only", "Take Command"),
        ("template", "Forma wants no set form", "Forma"),
        ("who_is_covered", "under 27", "Ascensus"),
        ("hsa_letter", "20 percent", "Managing an HSA"),
        ("yearly_limits", "$4,400 for one person, or $8,750 for a family", "Rev. Proc. 2025-19"),
        ("yearly_limits", "$1,000 more", "from age 55"),
        ("yearly_limits", "health FSA takes up to $3,400", "adjusts health FSA amounts for 2026"),
        ("yearly_limits", "dependent care FSA takes up to $7,500", "rules from 2026"),
        ("unused_money", "$680 at most", "adjusts health FSA amounts for 2026"),
        ("decision_time", "30 days for an appeal before the treatment", "Terms.law"),
        ("decision_time", "up to 45 days", "DenialHelp"),
        ("decision_time", "72 hours", "HealthCare.gov"),
        ("decision_time", "30 days for a claim, plus 15", "Sound Administration"),
    ],
)
def test_a_fact_carries_the_page_it_comes_from(
    questions: Questions, name: str, fact: str, title: str
) -> None:
    question = questions.entries[name]
    assert fact in question.say
    assert any(title in source.title for source in question.sources)


def test_the_amounts_of_a_year_are_read_again_when_the_year_is_over(questions: Questions) -> None:
    yearly = []
    for question in questions.entries.values():
        for year in map(int, re.findall(r"\b20\d\d\b", question.say + question.say_es)):
            if year >= TODAY.year:
                yearly.append(question.id)
                due = min(source.recheck_by for source in question.sources)
                assert due <= date(year, 12, 31), question.id
    assert {"yearly_limits", "unused_money"} <= set(yearly)


def test_words_that_say_no_do_not_ask_the_same_as_words_that_do_not(questions: Questions) -> None:
    asked = ("what needs a letter", "what needs no letter", "whats covered", "what is not covered")
    sure = [questions.sure(words) for words in asked]
    assert [one.id if one else None for one in sure] == [
        *("which_expenses", "when_not_needed"),
        *(None, "letter_cannot_help"),
    ]


# --- mistakes in the file ----------------------------------------------------------------------

SOUND = """
format: 1
sources:
  faq: {title: FAQ, url: "https://irs.gov/faq", checked_on: "2026-11-01", recheck_by: "2027-11-01"}
topics:
  what: {title: What it is, title_es: Qué es}
questions:
  meaning:
    topic: what
    ask: What is it?
    ask_es: ¿Qué es?
    words: [what is this]
    words_es: [qué significa]
    say: A note.
    say_es: Una nota.
    sources: [faq]
"""


def problems(text: str) -> list[str]:
    return [str(problem) for problem in question_problems([parse(text, PATH)], TODAY)]


def test_a_sound_file_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("sources: [faq]", "sources: [fag]", 'no source "fag" in this file. Did you mean "faq"?'),
        ("    sources: [faq]\n", "", 'the answer to "meaning" names no source'),
        ("topic: what", "topic: wat", 'there is no topic "wat". Did you mean "what"?'),
        ("2027-11-01", "2026-11-10", 'the source "faq" was to be rechecked by 2026-11-10'),
        ("2026-11-01", "2026-12-01", "a day still to come"),
        ("    ask_es: ¿Qué es?\n", "", "ask_es"),
        ("    say_es: Una nota.\n", "", "say_es"),
        ("ask: What is it?", f"ask: {'What ' * 13}", "60"),
        ("say: A note.", "say: A note? Yes.", "asks something itself"),
        ("say: A note.", 'say: "A {{ note }}."', "name to fill in"),
        ("say: A note.", "say: A. B. C. D. E. F. G.", "7 sentences; 6 at most"),
        ("words: [what is this]", "words: [what is this, What is this?]", "is written twice"),
        ("format: 1", "format: 2", "format"),
        ("topic: what", "topc: what", "topc"),
    ],
)
def test_a_mistake_is_said_with_its_line(was: str, now: str, said: str) -> None:
    broken = SOUND.replace(was, now)
    assert broken != SOUND
    found = problems(broken)
    assert any(said in one for one in found), found
    assert all(one.startswith(f"{PATH}:") for one in found)


def test_two_questions_cannot_have_the_same_words() -> None:
    second = SOUND[SOUND.index("  meaning:") :].replace("meaning", "other")
    found = problems(SOUND + second)
    assert any('"what is this" already asks the question "meaning"' in one for one in found)
