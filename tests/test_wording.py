"""Effects worded: their texts, their buttons, and how they look on a phone."""

from __future__ import annotations

import pytest

from bot.effects import Ask, AskAgain, Choose, HandFiles, HelpCard, Offer, Say
from bot.outgoing import Button, File, Message
from bot.wording import NARROW, Speaker
from tests.guiding import EVERY_KIND, FIND, Patient, every_kind, finished, fits, small, small_walk


def speaker(patient: Patient) -> Speaker:
    return Speaker(patient.case, patient.walk())


def worded(patient: Patient, effect) -> Message:
    """The one message that an effect becomes."""
    (message,) = speaker(patient).speak([effect])
    assert isinstance(message, Message)
    fits(message)
    return message


def rows(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]


def test_short_labels_stand_two_in_a_row_and_long_ones_alone():
    assert rows(worded(small_walk("again"), Ask("again"))) == [["Yes", "No"], ["Back"]]
    assert rows(worded(small_walk("food"), Ask("food"))) == [
        ["Yes, I eat it instead"],
        ["No, it is on top of my meals"],
        ["Back"],
    ]
    assert len("Yes, I eat it instead") > NARROW


def test_skip_back_and_why_stand_below_the_choices():
    assert rows(worded(small_walk("evidence"), Ask("evidence")))[3:] == [
        ["Done"],
        ["None, or I'd rather not say"],
        ["Back"],
    ]
    assert rows(worded(small_walk("condition"), Ask("condition"))) == [
        ["I'd rather not say"],
        ["Back", "Why do you ask?"],
    ]


def test_the_first_question_has_no_back():
    assert rows(worded(Patient(every_kind()), Ask("consent"))) == [
        ["Yes, let's start", "No, thanks"],
        ["Why do you ask?"],
    ]


def test_a_button_carries_nonce_revision_step_and_choice():
    patient = small_walk("account")
    message = worded(patient, Ask("account"))
    assert message.buttons[0][0] == Button("Health FSA", "nonce001.2.account.fsa")
    assert message.question


def test_a_reopened_question_shows_the_old_answer():
    patient = small_walk("account")
    assert worded(patient, Ask("account", "fsa", reopened=True)).text == (
        "Which account?\n\nYour answer was: Health FSA"
    )
    assert worded(patient, Ask("account", None, reopened=True)).text == "Which account?"


@pytest.mark.parametrize(
    ("tries", "said"),
    [
        (1, "Please send a date.\n\nWhen did you buy it?"),
        (2, 'Please send a date.\nFor example: "November 2".\n\nWhen did you buy it?'),
    ],
)
def test_a_repeat_says_what_fits_then_gives_an_example(tries, said):
    assert worded(small_walk("bought"), AskAgain("bought", tries)).text == said


def test_a_brief_repeat_leaves_the_question_out():
    message = worded(Patient(every_kind()), AskAgain("consent", 0, "held", brief=True))
    assert "Is this OK with you?" not in message.text
    assert message.question


def test_what_was_found_is_offered_by_id_with_a_way_out():
    patient = small_walk("expense")
    message = worded(patient, Offer("expense", ("personal_trainer",), "trainer"))
    assert [(button.label, button.data) for row in message.buttons for button in row] == [
        ("Personal trainer", "nonce001.1.expense.personal_trainer"),
        ("None of these", "nonce001.1.expense.!none"),
    ]
    two = worded(patient, Offer("expense", ("personal_trainer", "gym_membership"), two_items=True))
    assert two.text == patient.case.shared("which_first")


def test_a_shared_text_is_filled_in_and_never_read_as_a_template():
    patient = small_walk("account")
    said = worded(patient, Say("noted", {"label": "<b>{{ x }}</b>", "value": "{% y %} & z"}))
    assert said.text == "<b>{{ x }}</b>: {% y %} & z"
    assert said.entities == ()


def test_a_menu_has_labels_of_its_own_or_shared_ones():
    message = worded(
        small_walk("account"),
        Choose("which_language", "!language", (("es", "Español"), ("x", "@no"))),
    )
    assert rows(message) == [["Español", "No"]]
    assert message.buttons[0][0].data == "nonce001.2.!language.es"
    assert not message.question


@pytest.mark.parametrize("kind", ["medical", "crisis", "poison", "violence"])
def test_a_help_card_is_urgent_and_has_no_buttons(kind):
    message = worded(small_walk("account"), HelpCard(kind))
    assert message.urgent
    assert message.buttons == ()
    assert any(number in message.text for number in ("911", "988", "1-800"))


def test_a_long_answer_is_shown_in_part():
    patient = small_walk("tried")
    patient.says("a" * 900)
    (edit,) = patient.last.edits
    assert edit.text.endswith("a…")
    assert len(edit.text) < 300


def test_a_long_question_with_a_long_answer_still_fits_in_an_edit():
    long = EVERY_KIND.replace("say: What have you tried?", "say: " + "Hm. " * 950 + "What?")
    patient = Patient(small(long, find=FIND))
    answers = ["yes", "personal trainer", "hsa", "1", "1", "skip", "skip", "3", "yes", "skip"]
    patient.says(*answers)
    assert patient.at == "tried"
    patient.says("💆" * 900)
    (edit,) = patient.last.edits
    fits(edit)


def test_a_review_of_long_answers_is_split_and_its_last_part_has_the_buttons():
    patient = small_walk("tried", condition="💆" * 120)
    patient.says("💆 " * 500)
    patient.says("skip")
    *head, last = [one for one in patient.last.outgoing if isinstance(one, Message)]
    assert last.question
    assert "Yes, write my papers" in patient.last.labels
    assert all(not one.question for one in head)


def test_each_document_is_a_text_file_named_after_it():
    patient = finished()
    documents = patient.walk().at.step.documents
    files = speaker(patient).speak([HandFiles(patient.at, documents)])
    assert [one.name for one in files if isinstance(one, File)] == [
        f"{name.replace('_', '-')}.txt" for name in documents
    ]
    assert all(one.media_type == "text/plain" for one in files if isinstance(one, File))


def test_a_practice_gets_english_and_the_patient_their_own_language():
    patient = finished()
    patient.sends("language", "es")
    texts = speaker(patient).documents("provider_message")
    if "es/provider_message" in patient.content.templates:
        english, spanish = texts
        assert english.text != spanish.text
        assert spanish.text.startswith(patient.case.shared("same_in_spanish"))
    else:
        assert len(texts) == 1
