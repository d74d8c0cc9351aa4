"""One turn, start to finish: whatever is typed, tapped or sent, nobody loses anything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import fold
from bot.conversation import LONGEST_HELD
from bot.effects import Attached, Garbled, Tapped
from bot.outgoing import Button, Message
from bot.session import Session
from bot.shared_texts import ABOUT, ATTACHED
from tests.guiding import (
    NOW,
    SMALL_ANSWERS,
    Patient,
    every_kind,
    finished,
    shipped,
    small_walk,
    walked_to,
    without_nonce,
)
from tests.test_answers import WEIRD

QUESTIONS = tuple(SMALL_ANSWERS)
WHEREVER = pytest.mark.parametrize("key", QUESTIONS)


def shared(name: str) -> str:
    return every_kind().texts.get(f"shared.{name}")


def at(key: str) -> Patient:
    """Somebody at a question of the small guide."""
    answers = {"account": "I'm not sure"} if key == "find/yours" else {}
    return small_walk(key, **answers)


def asked(patient: Patient, key: str) -> bool:
    """Whether the last thing said is the question of this step, with its buttons."""
    last = patient.last.outgoing[-1]
    say = patient.case.text(f"{patient.content.machine.by_key[key].text_id}.say")
    first = say.strip().splitlines()[0].removeprefix("<b>").removesuffix("</b>")
    return isinstance(last, Message) and last.question and first in last.text


# --- the way through -------------------------------------------------------------------------


def test_every_question_is_asked_once_and_the_papers_come_at_the_end():
    patient = small_walk("end")
    assert patient.at == "letter"
    assert patient.last.turn.finished
    assert "Checklist" in patient.last
    assert patient.last.labels == ["All as files", "Change an answer", "Ask about another expense"]


@WHEREVER
def test_every_question_stands_last_with_buttons_of_this_turn(key):
    patient = at(key)
    assert asked(patient, key)
    for button in patient.buttons.values():
        nonce, revision, *_ = str(button.data).split(".")
        assert patient.session is not None
        assert (nonce, int(revision)) == (patient.session.nonce, patient.session.revision)


def test_the_answered_question_is_edited_to_show_the_answer_and_loses_its_buttons():
    said = at("account").taps("HSA")
    (edit,) = said.edits
    assert edit.text == "Which account?\n\n✓ HSA"
    assert edit.buttons == ()


def test_what_a_sub_flow_found_is_said_in_passing():
    said = at("find/yours").taps("Yes, it stays mine")
    assert "That sounds like an HSA." in said


def test_ticks_come_and_go_and_are_kept_in_the_order_of_the_buttons():
    patient = at("evidence")
    patient.taps(
        "☐ An itemized receipt", "☐ Notes from a visit", "☐ Test results", "☑ Test results"
    )
    assert patient.at == "evidence"
    assert patient.last.messages == []
    assert "☑ An itemized receipt" in patient.buttons
    patient.taps("Done")
    assert patient.values["evidence"] == ["note", "receipt"]
    assert patient.at == "review"


def test_done_can_be_typed_after_ticks():
    patient = at("evidence")
    patient.taps("☐ Test results")
    patient.says("done")
    assert patient.values["evidence"] == ["test"]
    assert patient.at == "review"


# --- an answer that does not fit -------------------------------------------------------------

NONSENSE = {
    "account": "banana",
    "diagnosed": "banana",
    "food": "banana",
    "bought": "banana",
    "cost": "banana",
    "times": "banana",
    "again": "banana",
    "evidence": "banana",
    "find/yours": "banana",
    "review": "banana",
}


@pytest.mark.parametrize("key", NONSENSE)
def test_one_gentle_repeat_then_an_example_then_the_way_to_a_person(key):
    patient = at(key)
    standing = patient.standing()
    answers = [patient.says(NONSENSE[key]) for _ in range(4)]
    assert len({said.text for said in answers[:3]}) == 3
    step = patient.content.machine.by_key[key].step
    example = step.example or shared("again_example")
    assert example not in answers[0]
    assert example in answers[1]
    for said in answers[2:]:
        assert "/contact" in said
        assert "Nothing you said is lost." in said
    assert patient.standing() == standing
    assert asked(patient, key)


@pytest.mark.parametrize("key", NONSENSE)
def test_a_refused_turn_changes_no_answer_and_no_position_only_the_tries(key):
    patient = at(key)
    before = patient.session
    assert before is not None
    patient.says(NONSENSE[key])
    assert patient.session == before.refused()


def test_an_accepted_answer_forgets_the_refusals():
    patient = at("account")
    patient.says("banana", "banana", "hsa")
    assert patient.session is not None
    assert patient.session.tries == 0


def test_words_too_long_are_refused_with_the_limit_and_do_not_count():
    patient = at("condition")
    said = patient.says("a" * 121)
    assert "at most 120 characters" in said
    assert patient.session is not None
    assert patient.session.tries == 0


@pytest.mark.parametrize("about", ABOUT)
def test_every_kind_of_small_talk_has_its_sentence(about):
    assert shared(f"about_{about}")


def test_small_talk_at_the_expense_is_answered_and_the_question_asked_again():
    patient = at("expense")
    standing = patient.standing()
    assert shared("about_greeting") in patient.says("hello")
    assert patient.standing() == standing


@WHEREVER
@pytest.mark.parametrize("text", WEIRD, ids=[ascii(text)[:24] for text in WEIRD])
def test_whatever_is_typed_at_any_question_nobody_loses_an_answer(key, text):
    patient = at(key)
    before = patient.values
    patient.says(text)
    assert patient.last.outgoing
    if key == "consent" and fold(text) == "2":
        assert patient.session is None, "the second button is to decline"
        return
    assert before.items() <= patient.values.items()
    patient.sends("review")
    patient.sends("mydata")
    patient.sends("change")


@pytest.mark.parametrize("text", WEIRD, ids=[ascii(text)[:24] for text in WEIRD])
def test_whatever_is_typed_first_or_last_is_answered(text):
    fresh = Patient(every_kind(), begin=False)
    assert fresh.says(text).outgoing
    end = small_walk("end")
    before = end.values
    assert end.says(text).outgoing
    assert end.values == before


@pytest.mark.parametrize("key", ["condition", "tried"])
@given(text=st.text(min_size=1, max_size=200))
def test_own_words_come_back_as_they_were_typed(key, text):
    patient = at(key)
    patient.says(text)
    value = patient.values.get(key)
    assert value is None or value == text.strip()


@pytest.mark.parametrize(
    "text", ["<b>{{ 7*7 }}</b>", "{% for x in y %}", "{{ account.__class__ }}"]
)
def test_what_looks_like_a_template_stays_plain_text(text):
    patient = at("tried")
    patient.says(text)
    patient.says("1")
    assert f"• Tried: {text}" in patient.last


# --- moving about ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", QUESTIONS[1:])
@pytest.mark.parametrize("how", ["tap", "type", "command", "spanish"])
def test_back_asks_the_question_before_and_deletes_nothing(key, how):
    patient = at(key)
    values = patient.values
    match how:
        case "tap":
            patient.taps("Back")
        case "type":
            patient.says("back")
        case "command":
            patient.sends("back")
        case "spanish":
            patient.says("atrás")
    assert patient.values == values
    assert patient.at != key
    assert asked(patient, patient.at)
    assert "Your answer was:" in patient.last or values[patient.at] is None


def test_back_at_the_first_question_says_so():
    patient = at("consent")
    assert shared("at_the_start") in patient.sends("back")
    assert patient.at == "consent"


@pytest.mark.parametrize("key", QUESTIONS[1:])
def test_back_and_the_same_answer_change_nothing(key):
    patient = at(key)
    values = patient.values
    patient.taps("Back")
    earlier = patient.at
    answer = SMALL_ANSWERS[earlier]
    if earlier == "account" and key == "find/yours":
        answer = "I'm not sure"
    patient.taps(answer) if answer in patient.buttons else patient.says(answer)
    assert patient.values == values
    assert patient.at == key


def test_back_can_be_taken_to_the_start_and_forward_again():
    patient = at("review")
    for _ in range(30):
        if patient.at == "consent":
            break
        patient.sends("back")
    assert patient.at == "consent"
    patient.says("yes")
    assert patient.at == "review"


@WHEREVER
@pytest.mark.parametrize("how", ["type", "command", "spanish"])
def test_why_is_answered_at_every_question_and_the_question_asked_again(key, how):
    patient = at(key)
    standing = patient.standing()
    match how:
        case "type":
            patient.says("Why do you ask?")
        case "command":
            patient.sends("why")
        case "spanish":
            patient.says("¿Por qué?")
    why = patient.content.machine.by_key[key].step.why
    assert (why or shared("why_nothing_special")) in patient.last
    assert patient.standing() == standing
    assert asked(patient, key)


@WHEREVER
@pytest.mark.parametrize("text", ["I don't know", "no sé", "not sure"])
def test_i_do_not_know_is_understood_at_every_question(key, text):
    patient = at(key)
    before = patient.values
    patient.says(text)
    step = patient.content.machine.by_key[key].step
    if "unsure" in step.choices:
        assert patient.values[key] == "unsure"
    elif step.kind == "date" and "know" not in (step.skip or "know"):
        # To skip would say that it was not bought, which they did not say.
        assert patient.values == before
        assert patient.at == key
        assert shared("unsure_help") in patient.last
    elif step.skip is not None:
        assert patient.values[key] is None
    else:
        assert patient.values == before
        assert patient.at == key
        assert shared("unsure_help") in patient.last
    assert patient.session is not None
    assert patient.session.tries == 0


SKIPPABLE = ("administrator", "bought", "cost", "condition", "tried", "evidence")


@pytest.mark.parametrize("key", SKIPPABLE)
@pytest.mark.parametrize("how", ["tap", "label", "word", "folded"])
def test_a_question_that_may_be_skipped_is_skipped_by_button_label_or_word(key, how):
    patient = at(key)
    label = patient.content.machine.by_key[key].step.skip
    assert label is not None
    match how:
        case "tap":
            patient.taps(label)
        case "label":
            patient.says(label)
        case "word":
            patient.says("skip")
        case "folded":
            patient.says(label.upper().replace("'", "’"))
    assert patient.values[key] is None
    assert patient.at != key


@WHEREVER
def test_review_shows_the_answers_so_far_and_asks_again(key):
    patient = at(key)
    standing = patient.standing()
    said = patient.sends("review")
    lines = patient.case.lines(patient.walk())
    for place, answer in lines:
        assert f"• {patient.case.title(place)}: {patient.case.show(place, answer.value)}" in said
    assert lines or shared("nothing_yet") in said
    assert patient.standing() == standing
    assert asked(patient, key)


def test_an_answer_is_changed_and_the_later_ones_that_fit_are_kept():
    patient = at("review")
    patient.sends("change")
    assert patient.last.labels[-1] == "Change nothing"
    patient.taps("Times a week: 3")
    assert patient.at == "times"
    assert "Your answer was: 3" in patient.last
    patient.says("5")
    assert patient.values["times"] == 5
    assert "Answers kept: 4." in patient.last
    assert patient.at == "review"


def test_a_change_that_ends_elsewhere_keeps_the_answers_and_gives_them_back():
    patient = at("review")
    values = patient.values
    patient.sends("change")
    patient.taps("Account: Health FSA")
    patient.taps("Dependent care FSA")
    assert patient.at == "never"
    patient.taps("Change an answer")
    patient.taps("Account: Dependent care FSA")
    patient.taps("Health FSA")
    assert patient.at == "review"
    assert patient.values == values


def test_changing_nothing_changes_nothing():
    patient = at("review")
    standing = patient.standing()
    patient.sends("change")
    patient.taps("Change nothing")
    assert patient.standing() == standing


def test_what_can_be_changed_can_be_typed():
    patient = at("review")
    patient.sends("change")
    patient.says("Times a week: 3")
    assert patient.at == "times"


def test_what_can_be_changed_can_be_typed_in_part_or_by_number():
    for words in ("health fsa", "1", "first"):
        patient = at("review")
        patient.sends("change")
        patient.says(words)
        assert patient.at in ("account", "expense"), words
    patient = at("review")
    patient.sends("change")
    patient.says("cancel")
    assert patient.at == "review"


@pytest.mark.parametrize("how", ["Change an answer", "no", "nope"])
def test_who_says_no_to_the_review_is_shown_what_can_be_changed(how):
    patient = walked_to("review")
    patient.taps(how) if how in patient.buttons else patient.says(how)
    assert "Account: Health FSA" in patient.buttons
    assert patient.at == "review"


def test_the_button_that_leaves_a_question_out_has_a_number_too():
    patient = walked_to("recommended")
    patient.says("3")
    assert patient.values["recommended"] is None


def test_what_an_answer_is_about_names_it_before_whatever_else_holds_the_word():
    patient = walked_to("condition")
    patient.sends("change")
    patient.says("account")
    assert patient.at == "account"


@pytest.mark.parametrize("key", ["expense", "administrator", "bought", "cost", "condition"])
@pytest.mark.parametrize("how", ["Keep this answer", "keep", "same"])
def test_an_answer_gone_back_to_can_be_kept(key, how):
    patient = small_walk("review")
    before = patient.values
    patient.tap(patient.buttons["Back"])
    while patient.at != key:
        patient.tap(patient.buttons["Back"])
    patient.taps(how) if how in patient.buttons else patient.says(how)
    assert patient.values == before
    assert patient.at == "review"


def test_there_is_no_answer_to_keep_at_a_new_question():
    patient = at("condition")
    assert "Keep this answer" not in patient.buttons
    assert patient.says("the same").turn.session is not None
    assert patient.values["condition"] == "the same"


def test_there_is_nothing_to_change_at_the_beginning():
    assert shared("nothing_to_change") in at("expense").sends("change")


@WHEREVER
def test_starting_again_asks_first_and_keeps_the_consent(key):
    patient = at(key)
    standing = patient.standing()
    patient.sends("restart")
    assert patient.standing() == standing
    patient.taps("No, keep everything")
    assert patient.standing() == standing
    patient.sends("restart")
    patient.taps("Yes")
    assert patient.values == ({} if key == "consent" else {"consent": "agree"})
    assert patient.at == ("consent" if key == "consent" else "expense")


def test_words_that_waited_are_not_taken_up_after_a_restart():
    patient = Patient(every_kind())
    patient.says("personal trainer")
    patient.sends("restart")
    patient.taps("Yes")
    assert patient.held is None
    patient.taps("Yes, let's start")
    assert patient.at == "expense"


@WHEREVER
def test_start_again_shows_where_we_were(key):
    patient = at(key)
    standing = patient.standing()
    patient.sends("start")
    assert patient.standing() == standing
    assert asked(patient, key)
    if patient.values:
        assert shared("welcome_back") in patient.last


def test_a_link_of_an_employer_counts_whenever_it_comes():
    patient = at("account")
    patient.sends("start", "ACME")
    assert patient.session is not None
    assert patient.session.employer == "acme"
    assert "Which Acme account?" in patient.last
    assert "Dependent care FSA" not in patient.last.labels


@pytest.mark.parametrize("payload", ["", "nobody", "../../etc", "a" * 64, "acme'--", "🤷"])
def test_a_link_that_names_nobody_is_a_plain_start(payload):
    patient = Patient(every_kind(), payload=payload)
    assert patient.session is not None
    assert patient.session.employer is None
    assert patient.at == "consent"


def test_a_choice_hidden_in_a_sub_flow_is_hidden():
    patient = Patient(every_kind(), payload="acme")
    patient.taps("Yes, let's start")
    patient.says("personal trainer")
    patient.taps("I'm not sure")
    assert patient.at == "find/yours"
    assert "No, I would lose it" not in patient.last.labels


# --- taps out of time ------------------------------------------------------------------------


@WHEREVER
def test_a_doubled_tap_is_one_step_and_says_so_kindly(key):
    patient = at(key)
    button = next(iter(patient.buttons.values()))
    patient.tap(button)
    if patient.session is None or str(button.data).split(".")[2] == "!nav":
        return
    standing = patient.standing()
    said = patient.tap(button)
    assert said.notices == [shared("old_button")]
    assert patient.standing() == standing


def test_every_old_button_of_a_whole_conversation_changes_nothing():
    patient = Patient(every_kind())
    old: list[Button] = []
    for key in QUESTIONS:
        if key != patient.at:
            continue
        old += patient.buttons.values()
        answer = SMALL_ANSWERS[key]
        patient.taps(answer) if answer in patient.buttons else patient.says(answer)
    standing = patient.standing()
    for button in old:
        assert patient.tap(button).notices == [shared("old_button")]
        assert patient.standing() == standing


FOREIGN = (
    Garbled(),
    Tapped("somebody", 0, "account", "fsa"),
    Tapped("nonce001", 99_999, "account", "fsa"),
    Tapped("nonce001", 2, "no_such_step", "fsa"),
    Tapped("nonce001", 2, "account", "no_such_choice"),
    Tapped("nonce001", 2, "bought", "fsa"),
    Tapped("nonce001", 2, "!nav", "fly"),
    Tapped("nonce001", 2, "!menu", "yes"),
    Tapped("nonce001", 2, "!change", "no_such_step"),
    Tapped("nonce001", 2, "!change", "review"),
    Tapped("nonce001", 2, "!language", "fr"),
    Tapped("nonce001", 2, "!end", "all"),
    Tapped("nonce001", 2, "!end", "en/checklist"),
    Tapped("nonce001", 2, "", ""),
)


@pytest.mark.parametrize("tap", FOREIGN, ids=str)
def test_a_foreign_tap_changes_nothing_and_asks_again(tap):
    patient = at("account")
    assert patient.session is not None
    assert patient.session.revision == 2
    standing, session = patient.standing(), patient.session
    patient.hears(tap)
    assert patient.standing() == standing
    assert patient.session == session
    assert asked(patient, "account")


def test_a_tap_from_before_a_deletion_means_nothing():
    patient = at("account")
    old = patient.buttons["HSA"]
    patient.sends("delete")
    patient.taps("Yes")
    assert patient.session is None
    said = patient.tap(old)
    assert said.notices == [shared("foreign_button")]
    assert patient.at == "consent"


# --- consent ---------------------------------------------------------------------------------


def test_a_first_message_is_held_unsaved_and_used_after_consent():
    patient = Patient(every_kind(), begin=False)
    patient.says("personal trainer")
    assert patient.values == {}
    assert patient.held == "personal trainer"
    assert patient.at == "consent"
    patient.taps("Yes, let's start")
    assert patient.values["expense"] == {"id": "personal_trainer", "name": "Personal trainer"}
    assert patient.held is None
    assert "Expense: Personal trainer" in patient.last
    assert patient.at == "account"


def test_what_is_written_in_pieces_is_held_in_one():
    patient = Patient(begin=False)
    patient.says("massage gun", "for my neck pain", "hmm")
    assert patient.held is not None
    assert patient.held.startswith("massage gun for my neck pain")
    patient.taps("Yes, let's start")
    assert patient.values["expense"] == {"id": "massage_gun", "name": "Massage gun"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [("I got my letter", "got_letter"), ("my claim was denied", "denied"), ("renew", "renew")],
)
def test_who_says_at_once_what_they_come_for_is_led_there_after_consent(text, topic):
    patient = Patient(begin=False)
    patient.says(text)
    said = patient.taps("Yes, let's start")
    assert patient.values["topic"] == topic
    assert "What you need: " in said, "nobody saw the menu, so it is said"


def test_words_kept_as_a_name_are_cut_cleanly():
    patient = walked_to("expense")
    patient.says("table and water and " * 8)
    assert "None of these" in patient.buttons
    patient.taps("None of these")
    name = str(dict(patient.values["expense"])["name"])
    assert len(name) <= 120
    assert name == name.strip()
    assert name.endswith("…")


@pytest.mark.parametrize("text", ["thanks", "what is this", "🙂", "stop"])
def test_words_that_decline_nothing_do_not_decline(text):
    patient = Patient(every_kind())
    patient.says(text)
    assert patient.session is not None
    assert patient.at == "consent"


def test_words_after_the_first_question_are_held_too_and_said_so():
    patient = Patient(every_kind())
    assert shared("held") in patient.says("personal trainer")
    assert patient.values == {}
    patient.says("yes")
    assert patient.at == "account"


def test_a_held_message_is_not_kept_when_consent_is_declined():
    patient = Patient(every_kind(), begin=False)
    patient.says("personal trainer")
    patient.taps("No, thanks")
    assert patient.session is None
    assert patient.held is None
    assert "I have kept nothing." in patient.last


def test_after_declining_no_button_is_left_that_means_nothing():
    assert Patient(every_kind()).taps("No, thanks").buttons == {}


def test_a_greeting_is_not_held():
    patient = Patient(every_kind(), begin=False)
    patient.says("hello")
    assert patient.held is None
    patient.taps("Yes, let's start")
    assert patient.at == "expense"


def test_somebody_who_says_hola_first_is_answered_in_spanish():
    patient = Patient(every_kind(), begin=False)
    patient.says("Hola")
    assert patient.session is not None
    assert patient.session.language == "es"


def test_a_held_message_is_held_in_part_only():
    patient = Patient(every_kind(), begin=False)
    patient.says("personal trainer " * 1000)
    assert patient.held is not None
    assert len(patient.held) <= LONGEST_HELD


def test_nothing_is_stored_before_consent_whatever_comes():
    patient = Patient(every_kind(), begin=False)
    patient.says("chest pain right now", "massage gun", "123-45-6789")
    patient.sends("mydata")
    patient.attaches("photo")
    assert patient.values == {}
    assert shared("mydata_nothing") in patient.sends("mydata")


@pytest.mark.parametrize("hint", ["en", "es", "fr", ""])
def test_the_language_of_the_device_counts_on_first_contact(hint):
    patient = Patient(every_kind(), language=hint)
    assert patient.session is not None
    assert patient.session.language == ("es" if hint == "es" else "en")


# --- delete, language, data ------------------------------------------------------------------


@WHEREVER
def test_delete_asks_first_and_then_forgets_everything(key):
    patient = at(key)
    standing = patient.standing()
    patient.sends("delete")
    patient.taps("No, keep everything")
    assert patient.standing() == standing
    patient.sends("delete")
    patient.taps("Yes")
    assert patient.session is None
    assert patient.held is None
    assert "All your answers are deleted." in patient.last


@pytest.mark.parametrize("text", ["yes", "Yes", "sí", "1"])
def test_delete_is_confirmed_by_words_too(text):
    patient = at("again")
    patient.sends("delete")
    patient.says(text)
    assert patient.session is None


@pytest.mark.parametrize(
    ("text", "command"), [("no", "delete"), ("No", "restart"), ("2", "delete")]
)
def test_a_no_to_a_menu_is_no_answer_to_the_question(text, command):
    patient = at("again")
    standing = patient.standing()
    patient.sends(command)
    patient.says(text)
    assert patient.standing() == standing
    assert shared("nothing_changed") in patient.last


def test_words_that_are_no_answer_to_a_menu_are_an_answer_to_the_question():
    patient = at("times")
    patient.sends("delete")
    patient.says("3 times")
    assert patient.values["times"] == 3


def test_a_menu_is_answered_by_words_only_right_after_it():
    patient = at("again")
    patient.sends("delete")
    patient.sends("help")
    patient.says("yes")
    assert patient.session is not None
    assert patient.values["again"] == "yes"


@WHEREVER
def test_another_language_in_mid_conversation_loses_nothing(key):
    patient = at(key)
    standing = patient.standing()
    patient.sends("language", "es")
    assert patient.standing() == standing
    assert patient.session is not None
    assert patient.session.language == "es"
    assert asked(patient, key)
    patient.sends("language")
    patient.taps("English")
    assert patient.standing() == standing
    assert patient.session.language == "en"


@pytest.mark.parametrize("words", ["Spanish", "Español", "espanol", "ES"])
def test_a_language_is_known_by_its_names(words):
    patient = at("account")
    patient.sends("language", words)
    assert patient.session is not None
    assert patient.session.language == "es"


def test_a_language_can_be_typed_after_the_question():
    patient = at("account")
    patient.sends("language")
    patient.says("Español")
    assert patient.session is not None
    assert patient.session.language == "es"


def test_mydata_lists_every_answer_live_or_not():
    patient = at("review")
    patient.sends("change")
    patient.taps("Account: Health FSA")
    patient.taps("Dependent care FSA")
    said = patient.sends("mydata")
    assert "Condition: tight neck (2026-11-23 12:" in said
    assert "Account: Dependent care FSA" in said


# --- everything else that is sent ------------------------------------------------------------


@WHEREVER
@pytest.mark.parametrize("kind", ATTACHED)
def test_what_is_not_text_is_answered_and_loses_nothing(key, kind):
    patient = at(key)
    session = patient.session
    said = patient.attaches(kind)
    assert shared(f"attached_{kind}") in said
    assert patient.session == session
    assert not said.turn.changed
    assert asked(patient, key)


@WHEREVER
@pytest.mark.parametrize("command", ["fly", "", "start@bot", "delete_everything", "💣"])
def test_an_unknown_command_says_so_and_asks_again(key, command):
    patient = at(key)
    session = patient.session
    assert shared("unknown_command") in patient.sends(command)
    assert patient.session == session
    assert asked(patient, key)


@WHEREVER
@pytest.mark.parametrize("command", ["help", "privacy", "contact", "mydata"])
def test_a_command_that_only_tells_changes_nothing(key, command):
    patient = at(key)
    session = patient.session
    patient.sends(command)
    assert patient.session == session
    assert asked(patient, key)


# --- plain words -----------------------------------------------------------------------------


@WHEREVER
@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("stop", "stopped"),
        ("I want to quit", "stopped"),
        ("human", "contact"),
        ("can I talk to a person", "contact"),
        ("start over", "restart_sure"),
        ("delete my data", "delete_sure"),
    ],
)
def test_a_plain_wish_is_met_and_is_no_answer(key, words, text):
    patient = at(key)
    standing = patient.standing()
    first_line = shared(text).strip().splitlines()[0].removeprefix("<b>").removesuffix("</b>")
    assert first_line in patient.says(words)
    assert patient.standing() == standing
    if text == "stopped":
        patient.taps("Go on where we were")
    assert key == patient.at


@WHEREVER
@pytest.mark.parametrize("words", ["español", "in spanish please"])
def test_another_language_can_be_asked_for_in_plain_words(key, words):
    patient = at(key)
    standing = patient.standing()
    patient.says(words)
    assert patient.session is not None
    assert patient.session.language == "es"
    assert patient.standing() == standing


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("ayuda", "help"),
        ("cancel", "stopped"),
        ("reiniciar", "restart_sure"),
        ("borrar", "delete_sure"),
    ],
)
def test_a_command_in_spanish_is_the_command(command, text):
    first_line = shared(text).strip().splitlines()[0].removeprefix("<b>").removesuffix("</b>")
    assert first_line in at("account").sends(command)


@pytest.mark.parametrize("key", ["account", "diagnosed", "again", "bought", "cost", "times"])
@pytest.mark.parametrize("words", ["thanks!", "hello", "4111 1111 1111 1111"])
def test_what_is_no_try_at_an_answer_does_not_count_as_one(key, words):
    patient = at(key)
    patient.says(words)
    assert patient.session is not None
    assert patient.session.tries == 0
    assert asked(patient, key)


def test_a_number_belongs_to_the_menu_that_stands_open():
    patient = walked_to("account")
    patient.says("/help is nice")
    patient.sends("help", "zzz qqq")
    assert shared("question_none") in patient.last
    topic = patient.last.labels[0]
    patient.says("1")
    assert patient.at == "account", "the number is no answer to the question above"
    assert topic not in patient.last.labels
    question = patient.last.labels[0]
    patient.says("1")
    assert patient.at == "account"
    assert question in patient.last


@pytest.mark.parametrize("words", ["2", "the second one", "Diabetic shoes"])
def test_what_is_offered_can_be_taken_by_name_or_number(words):
    patient = walked_to("expense")
    assert patient.says("shoes").labels[1] == "Diabetic shoes"
    patient.says(words)
    assert patient.values["expense"] == {"id": "diabetic_shoes", "name": "Diabetic shoes"}


@pytest.mark.parametrize("words", ["none of these", "no", "none", "3"])
def test_none_of_what_is_offered_keeps_the_words(words):
    patient = walked_to("expense")
    assert patient.says("shoes").labels[2:] == ["None of these"]
    patient.says(words)
    assert patient.values["expense"] == {"id": None, "name": "shoes"}


# --- emergencies -----------------------------------------------------------------------------


@WHEREVER
@pytest.mark.parametrize(
    ("text", "number"),
    [("I want to kill myself", "988"), ("he is not breathing", "911"), ("quiero morirme", "988")],
)
def test_an_emergency_shows_the_card_first_and_loses_nothing(key, text, number):
    patient = at(key)
    before = patient.values
    said = patient.says(text)
    first = said.outgoing[0]
    assert isinstance(first, Message)
    assert first.urgent
    assert number in first.text
    assert before.items() <= patient.values.items()
    assert patient.session is not None
    assert patient.session.tries == 0
    kept = patient.values.get(key)
    assert kept in (None, before.get(key), text), "words of a crisis are no answer but in own words"


def test_a_cry_for_help_is_not_taken_for_an_expense():
    patient = at("expense")
    patient.says("I want to kill myself")
    assert patient.at == "expense"
    fresh = Patient(every_kind(), begin=False)
    said = fresh.says("I want to kill myself")
    assert "988" in said.messages[0]
    fresh.taps("Yes, let's start")
    assert fresh.at == "expense"


@pytest.mark.parametrize("key", ["consent", "account", "end"])
def test_help_comes_in_the_language_of_the_words_and_of_the_chat(key):
    patient = small_walk("end") if key == "end" else at(key)
    card = patient.says("quiero morirme").messages[0]
    assert "oprima 2" in card
    assert "Lifeline" in card
    assert "oprima" not in patient.says("I want to kill myself").messages[0]


def test_words_under_a_photo_and_in_an_edit_are_looked_at_for_danger():
    patient = at("account")
    for kind in ("photo", "edited"):
        said = patient.hears(Attached(kind, "I want to kill myself"))
        assert "988" in said.messages[0]
        assert asked(patient, "account")
    assert len(patient.hears(Attached("photo", "my letter")).messages) == 2


@pytest.mark.parametrize("text", ["crushing chest pain right now", "I took too many pills"])
def test_a_cry_for_help_is_no_other_expense_and_does_not_wait_for_consent(text):
    end = finished()
    assert shared("another_with_words") not in end.says(text)
    before = Patient(begin=False)
    before.says(text)
    assert before.held is None


def test_an_old_illness_is_a_normal_answer():
    patient = at("condition")
    patient.says("Angina (chest pain) in 2019")
    assert patient.values["condition"] == "Angina (chest pain) in 2019"
    assert not any(isinstance(one, Message) and one.urgent for one in patient.last.outgoing)


# --- the end ---------------------------------------------------------------------------------


def test_each_document_can_be_had_again_and_all_as_files():
    patient = finished()
    labels = list(patient.buttons)
    assert {"All as files", "Change an answer", "Ask about another expense"} <= set(labels)
    said = patient.taps("All as files")
    assert {one.name for one in said.files} >= {"checklist.txt", "letter-outline.txt"}
    assert all(one.content.endswith("\n") for one in said.files)


def test_the_end_is_answered_by_words_too():
    patient = small_walk("end")
    assert patient.says("All as files").files
    patient.says("Change an answer")
    assert "Account: Health FSA" in patient.buttons


@pytest.mark.parametrize("how", ["All as files", "Checklist"])
def test_the_way_on_stands_below_whatever_was_handed_over(how):
    patient = small_walk("end")
    patient.says(how)
    last = patient.last.outgoing[-1]
    assert isinstance(last, Message)
    assert last.text == shared("end_menu")
    assert "Checklist" in patient.buttons


def test_a_number_at_the_end_is_that_of_the_menu_and_clears_nothing():
    patient = small_walk("end")
    values = patient.values
    number = 1 + list(patient.buttons).index("Ask about another expense")
    assert shared("restart_sure") in patient.says(str(number))
    assert patient.values == values
    patient.says("no", "1")
    assert "Checklist" in patient.last


def test_yes_and_no_answer_the_offer_of_another_expense():
    patient = small_walk("end")
    values = patient.values
    patient.says("gym", "no")
    assert patient.values == values
    patient.says("gym", "yes")
    assert "account" not in patient.values


def test_thanks_at_the_end_are_taken_kindly():
    assert shared("about_small_talk_end") in small_walk("end").says("thank you so much")


def test_another_expense_is_offered_not_begun():
    patient = small_walk("end")
    values = patient.values
    patient.says("gym")
    assert patient.values == values
    assert shared("another_with_words") in patient.last
    patient.taps("Yes, start with that")
    assert patient.values["consent"] == "agree"
    assert "account" not in patient.values


def test_staying_at_the_end_changes_nothing():
    patient = small_walk("end")
    values = patient.values
    patient.says("gym")
    patient.taps("No, stay here")
    assert patient.values == values


def test_back_at_the_end_reopens_the_last_answer():
    patient = small_walk("end")
    patient.sends("back")
    assert patient.at == "review"


# --- a turn is a pure function ---------------------------------------------------------------


@WHEREVER
def test_the_same_turn_twice_says_the_same(key):
    patient = at(key)
    one, other = patient.copy(), patient.copy()
    for somebody in (one, other):
        somebody.says(SMALL_ANSWERS[key])
    assert one.last.outgoing == other.last.outgoing
    assert one.session == other.session
    assert one.session is not None
    assert without_nonce(one.session) != patient.session


def test_a_turn_reads_no_clock_but_the_one_it_is_given():
    patient = Patient(every_kind(), now=NOW.replace(year=2031))
    patient.taps("Yes, let's start")
    assert patient.session is not None
    assert patient.session.answers["consent"].at.year == 2031


def test_who_writes_spanish_after_an_english_greeting_is_asked_in_spanish():
    patient = Patient(shipped())  # it says /start
    said = patient.says("hola, necesito una pistola de masaje para mi mamá")
    assert "¿Tiene 18 años" in said
    patient.says("sí")
    assert patient.values["expense"]["id"] == "massage_gun"


@pytest.mark.parametrize("label", ["None of these", "Diabetic shoes"])
def test_words_that_wait_for_a_tap_outlive_a_restart(label):
    patient = walked_to("expense")
    patient.says("shoes")
    assert patient.held is None, "an edge keeps nothing in memory after consent"
    patient.session = Session.from_json(json.loads(json.dumps(patient.session.to_json())))
    patient.taps(label)
    assert patient.values["expense"]["name"] == ("shoes" if label[0] == "N" else label)
    assert patient.session.held == ""


def test_words_that_wait_are_shown_to_whom_they_belong():
    patient = walked_to("expense")
    patient.says("shoes")
    assert "Words that wait for your tap: shoes" in patient.sends("mydata").text
    assert patient.session.held == "shoes"
