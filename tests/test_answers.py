"""What somebody typed at a question: an answer, things to choose from, or why it does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    Fits,
    Offers,
    Reading,
    Refused,
    fold,
    intent,
    longest,
    numbered,
    read,
    read_move,
)
from bot.case import PersonCase
from tests.guiding import case_of, every_kind, shipped, step

KINDS = (
    "consent", "expense", "account", "administrator", "diagnosed", "food", "bought", "cost",
    "times", "again", "condition", "evidence",
)  # fmt: skip


def heard(key: str, text: str, language: str = "en") -> Reading:
    content = every_kind()
    return read(case_of(content, language=language), step(content, key), text)


def heard_by_patients(key: str, text: str, language: str = "en") -> Reading:
    """What the words are in the flow that patients meet."""
    content = shipped()
    return read(case_of(content, language=language), step(content, key), text)


def fits(key: str, text: str, language: str = "en") -> object:
    reading = heard(key, text, language)
    assert isinstance(reading, Fits), reading
    return reading.value


# --- choices ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Health FSA", "fsa"),
        ("  health fsa.  ", "fsa"),
        ("HEALTH FSA!!", "fsa"),
        ("fsa", "fsa"),
        ("1", "fsa"),
        (" 2 ", "hsa"),
        ("3.", "dcfsa"),
        ("dependent", "dcfsa"),
        ("depndent care fsa", "dcfsa"),
        ("Dependant Care FSA", "dcfsa"),
        ("my hsa please", "hsa"),
        ("I have a health FSA I think", "fsa"),
        ("im not sure", "unsure"),
    ],
)
def test_a_choice_by_label_id_number_or_close_spelling(text, choice):
    assert fits("account", text) == choice


@pytest.mark.parametrize(
    "text", ["0", "5", "99", "1234567890", "1 2", "fsa or hsa", "I have no HSA", "banana", "x"]
)
def test_what_names_no_choice_or_two_is_refused(text):
    assert heard("account", text) == Refused()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("option 2", 2), ("Number 2", 2), ("the second one", 2), ("2nd", 2), ("two", 2), ("2)", 2),
        ("opción 2", 2), ("la segunda", 2), ("primero", 1), ("1️⃣", 1), ("#3", 3), ("3.", 3),
        ("0", None), ("5", None), ("1.5", None), ("2 of them", None), ("tenth", None),
    ],
)  # fmt: skip
def test_a_place_in_the_list_is_a_number_however_it_is_said(text, place):
    assert numbered(text, 4) == place


@pytest.mark.parametrize("text", ["fsa", "my fsa", "FSA!", "a health FSA"])
def test_a_name_within_a_longer_name_is_its_own(text):
    assert heard_by_patients("account", text) == Fits("fsa")
    assert heard_by_patients("account", "a limited-purpose FSA account") == Fits("lpfsa")
    assert heard_by_patients("account", "dependent care FSA") == Fits("dcfsa")


@pytest.mark.parametrize(
    ("key", "text", "choice"),
    [
        ("account", "flexible spending account", "fsa"),
        ("account", "Health Savings Account", "hsa"),
        ("account", "I dont have an fsa, only hsa", "hsa"),
        ("account", "my insurance", "insurer"),
        ("account", "not sure which fsa", "unsure"),
        ("account", "I don't have an HSA", None),
        ("account", "no tengo hsa", None),
        ("account", "neither fsa nor hsa", None),
        ("for_whom", "husband", "spouse"),
        ("provider", "physical therapist", "therapist"),
        ("provider", "eye doctor", "dentist_eye"),
        ("diagnosed", "condition", None),
        ("topic", "claim denied", "denied"),
        ("topic", "not denied", None),
        ("topic", "my doctor said no", "provider_no"),
    ],
)
def test_words_that_stand_on_one_button_name_it(key, text, choice):
    assert heard_by_patients(key, text) == (Refused() if choice is None else Fits(choice))


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("para mí", "me"), ("para mi", "me"), ("para mi mamá", "adult"), ("mi hija", "child"),
        ("para mi esposo", "spouse"), ("para mí y mi hijo", None), ("para mi perro", None),
    ],
)  # fmt: skip
def test_for_me_is_not_heard_in_for_my_mother(text, choice):
    expected = Refused() if choice is None else Fits(choice)
    assert heard_by_patients("for_whom", text, "es") == expected
    assert heard_by_patients("for_whom", text) == expected


@pytest.mark.parametrize("text", ["thanks", "thank you", "start", "let me think"])
def test_consent_is_neither_given_nor_refused_by_words_that_do_not_say_so(text):
    assert heard_by_patients("consent", text) == Refused()


@pytest.mark.parametrize("text", ["①", "²", "１"])
def test_a_number_in_another_shape_is_the_number(text):
    assert isinstance(heard("account", text), Fits)


@pytest.mark.parametrize("text", ["፩", "፱፱", "𐩀", "٢", "२", "Ⅻ", "༳", "𞣇"])
def test_digits_of_other_scripts_break_nothing(text):
    assert isinstance(heard("account", text), Fits | Refused)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("yes", "yes"), ("Yes!", "yes"), ("y", "yes"), ("yep", "yes"), ("sí", "yes"), ("si", "yes"),
        ("Sí", "yes"), ("ok", "yes"), ("no", "no"), ("No.", "no"), ("nope", "no"), ("n", "no"),
    ],
)  # fmt: skip
def test_yes_and_no_in_both_languages(text, choice):
    assert fits("again", text) == choice
    assert fits("again", text, "es") == choice


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("yes she did", "yes"), ("yeah sure", "yes"), ("of course", "yes"), ("👍", "yes"),
        ("no he didn't", "no"), ("not yet", "no"), ("todavía no", "no"), ("👎🏽", "no"),
        ("yes but not really", None), ("no, yes", None), ("maybe", None), ("🙂", None),
    ],
)  # fmt: skip
def test_more_than_a_yes_is_still_one_where_nothing_else_can_be_meant(text, choice):
    assert heard("again", text) == (Refused() if choice is None else Fits(choice))


def test_consent_takes_no_yes_with_a_but():
    assert heard("consent", "yes but not really") == Refused()
    assert heard("consent", "yes she did") == Refused()


@pytest.mark.parametrize(
    ("key", "text", "choice"),
    [
        ("consent", "yes", "agree"),
        ("consent", "y", "agree"),
        ("consent", "sí", "agree"),
        ("consent", "si", "agree"),
        ("consent", "ok", "agree"),
        ("consent", "no", "decline"),
        ("consent", "No thanks", "decline"),
        ("food", "yes", "instead"),
        ("food", "no", "special"),
        ("food", "nope", "special"),
    ],
)
def test_yes_and_no_mean_the_button_that_begins_with_them(key, text, choice):
    assert fits(key, text) == choice


def test_no_is_not_taken_for_a_button_that_says_more_than_no():
    """ "Has it been diagnosed?" "No" may mean not yet; only a label or a number settles it."""
    assert heard("diagnosed", "no") == Refused()
    assert fits("diagnosed", "not yet") == "not_yet"
    assert fits("diagnosed", "there is no condition") == "no"
    assert fits("diagnosed", "3") == "no"
    assert fits("diagnosed", "yes") == "yes"


def test_english_labels_are_understood_in_a_spanish_chat():
    assert fits("account", "health fsa", "es") == "fsa"
    assert fits("again", "yes", "es") == "yes"


def test_a_choice_that_the_employer_hides_cannot_be_typed():
    content = every_kind()
    case = case_of(content, employer="acme")
    assert read(case, step(content, "account"), "dependent care fsa") != Fits("dcfsa")
    assert read(case, step(content, "account"), "3") == Fits("unsure")


# --- several ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("Notes from a visit", ["note"]),
        ("test results, notes from a visit", ["note", "test"]),
        ("test and receipt", ["test", "receipt"]),
        ("1 3", ["note", "receipt"]),
        ("3,1", ["note", "receipt"]),
        ("1\n2", ["note", "test"]),
        ("1; 1; 1", ["note"]),
        ("receipt y test", ["test", "receipt"]),
        ("none", []),
        ("ninguno", []),
    ],
)
def test_several_choices_in_one_message_in_the_order_of_the_buttons(text, ticks):
    assert fits("evidence", text) == ticks


@pytest.mark.parametrize("text", ["1, banana", "banana", "1 9", ", ,", "and"])
def test_several_choices_fit_all_or_not_at_all(text):
    assert heard("evidence", text) == Refused()


# --- numbers and money -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("3 times", 3), ("about 3", 3), (" 03 ", 3), ("3x a week", 3), ("٣", 3)],
)
def test_a_number_with_words_around_it(text, number):
    assert fits("times", text) == number


@pytest.mark.parametrize("text", ["0", "51", "three", "3 or 4", "3.5", "9" * 400, "-", "1e3"])
def test_a_number_out_of_bounds_or_none_is_refused(text):
    assert isinstance(heard("times", text), Refused)


def test_a_number_below_zero_is_not_taken_for_its_opposite():
    assert isinstance(heard("times", "-3"), Refused)
    assert isinstance(heard("cost", "-$30"), Refused)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("129.99", 12_999),
        ("$129.99", 12_999),
        ("$1,299", 129_900),
        ("129", 12_900),
        ("129.9", 12_990),
        ("about 129 dollars", 12_900),
        ("129 USD", 12_900),
        ("$ 40", 4_000),
    ],
)
def test_money_is_kept_in_cents(text, cents):
    assert fits("cost", text) == cents


@pytest.mark.parametrize("text", ["free", "0.99", "10001", "1.2.3", "12.345", "$", "5 or 6"])
def test_money_out_of_bounds_or_none_is_refused(text):
    assert isinstance(heard("cost", text), Refused)


# --- dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-02", "2026-11-02"),
        ("November 2", "2026-11-02"),
        ("2 November 2026", "2026-11-02"),
        ("yesterday", "2026-11-22"),
        ("today", "2026-11-23"),
        ("ayer", "2026-11-22"),
    ],
)
def test_dates_as_people_type_them(text, iso):
    assert fits("bought", text) == iso


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-01-02", "date_in_future"),
        ("tomorrow", "date_in_future"),
        ("1926-11-02", "date_far"),
        ("banana", ""),
        ("32 November 2026", ""),
    ],
)
def test_a_date_that_does_not_fit_says_why(text, why):
    assert heard("bought", text) == Refused(why)


# --- things found by name --------------------------------------------------------------------


def test_an_expense_is_found_by_its_name():
    assert fits("expense", "personal trainer") == {
        "id": "personal_trainer",
        "name": "Personal trainer",
    }


def test_an_unknown_thing_is_kept_in_the_persons_own_words():
    assert fits("expense", "a  frobnicated \n widget") == {
        "id": None,
        "name": "a frobnicated widget",
    }


def test_words_that_mean_several_things_are_offered_and_not_decided():
    reading = heard("expense", "fitness")
    assert isinstance(reading, Offers | Fits)
    if isinstance(reading, Offers):
        assert 2 <= len(reading.options) <= 5


def test_words_that_are_no_expense_are_refused_without_counting():
    reading = heard("expense", "hello")
    assert reading == Refused("about_greeting", counts=False)


def test_a_company_is_found_by_its_name_and_others_are_kept():
    assert fits("administrator", "wex") == {"id": "wex", "name": "WEX"}
    assert fits("administrator", "Zebra Benefits") == {"id": None, "name": "Zebra Benefits"}


@pytest.mark.parametrize("key", ["expense", "administrator"])
def test_own_words_are_kept_in_at_most_one_short_line(key):
    reading = heard(key, "frobnicated\nwidget 💆 " * 60)
    if isinstance(reading, Fits):
        assert isinstance(reading.value, dict)
        assert len(reading.value["name"] or "") <= LONGEST_NAME
        assert "\n" not in (reading.value["name"] or "")


# --- words -----------------------------------------------------------------------------------


def test_words_are_kept_as_they_are():
    assert fits("condition", "  <b>{{ 7*7 }}</b> & more ") == "<b>{{ 7*7 }}</b> & more"


def test_too_many_words_are_refused_without_counting():
    assert heard("condition", "a" * 121) == Refused("too_long", counts=False)
    assert fits("condition", "a" * 120) == "a" * 120
    assert heard("tried", "a" * (LONGEST_ANSWER + 1)) == Refused("too_long", counts=False)


def test_the_longest_answer_is_what_the_step_says_or_ours():
    content = every_kind()
    assert longest(step(content, "condition")) == 120
    assert longest(step(content, "tried")) == LONGEST_ANSWER


# --- moving about ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("back", "back"), ("Back!", "back"), ("go back", "back"), ("atrás", "back"),
        ("why?", "why"), ("Why do you ask?", "why"), ("¿Por qué?", "why"),
        ("I don't know", "unsure"), ("i dont know", "unsure"), ("idk", "unsure"),
        ("No sé", "unsure"), ("no se", "unsure"), ("no lo sé", "unsure"), ("Not sure.", "unsure"),
        ("skip", "skip"), ("omitir", "skip"), ("HELP", "help"), ("ayuda", "help"),
        ("change", "change"), ("review", "review"), ("start over", "restart"),
    ],
)  # fmt: skip
def test_words_that_mean_to_move_about(text, move):
    assert intent(text) == move


@pytest.mark.parametrize("text", ["", "my back", "back pain", "why not", "no", "not", "helper"])
def test_words_that_only_hold_such_a_word_do_not(text):
    assert intent(text) is None


# --- anything at all -------------------------------------------------------------------------

WEIRD = (
    "", " ", "\n", "\0", "\0\0a", "💆" * 4096, "👩‍⚕️" * 200, "\u202egnirts desrever", "\u200b",
    "Z̷̢̛̮a̵̡l̶g̷o̸" * 50, "\ud83d", "a" * 4096, "1" * 4096, "/" * 50, "' OR 1=1 --", "<b>x", "{{ 7*7 }}",
    "%s%s%n", "../../etc/passwd", "፩", "²", "½", "𝟏", "\r\n\t", "\ufeff", "ﷺ" * 300, "🇺🇸", "-1",
    "1e999", "nan", "null", "None", "true", "٣", "\x1b[31m", "," * 300, " and " * 300,
)  # fmt: skip


@pytest.mark.parametrize("text", WEIRD, ids=[ascii(text)[:24] for text in WEIRD])
@pytest.mark.parametrize("key", KINDS)
def test_nothing_typed_breaks_a_question(key, text):
    reading = heard(key, text)
    assert isinstance(reading, Fits | Offers | Refused)
    if isinstance(reading, Fits):
        content = every_kind()
        assert case_of(content).valid(step(content, key), reading.value)


@given(st.sampled_from(KINDS), st.text(max_size=200))
def test_whatever_fits_is_a_valid_answer(key, text):
    content = every_kind()
    case: PersonCase = case_of(content)
    reading = read(case, step(content, key), text)
    if isinstance(reading, Fits):
        assert case.valid(step(content, key), reading.value)


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_a_company_that_runs_accounts_is_nothing_to_buy():
    assert heard("expense", "WEX") == Refused()
    assert heard("expense", " wex! ") == Refused()
    assert isinstance(heard("expense", "wex gizmo frobnicator"), Fits)


@pytest.mark.parametrize(
    "text",
    ["no", "Nothing yet", "none", "nada", "todavía no", "I'd rather not say", "he didn't say",
     "Prefiero no decirlo", "no me dijo"],
)  # fmt: skip
def test_nothing_is_no_answer_in_own_words(text):
    content = every_kind()
    case = case_of(content)
    assert read_move(case, step(content, "condition"), text) == "skip"


def test_a_day_that_should_be_over_is_the_last_one():
    assert fits("bought", "May 2") == "2026-05-02"
    assert heard("bought", "December 1") == Refused("date_in_future")


@pytest.mark.parametrize("text", ["not yet", "I haven't bought it", "no", "aún no la he comprado"])
def test_not_yet_bought_is_understood(text):
    content = every_kind()
    assert read_move(case_of(content), step(content, "bought"), text) == "skip"


def test_words_that_begin_with_no_are_an_answer():
    content = every_kind()
    assert read_move(case_of(content), step(content, "condition"), "no cartilage left") is None


# --- words that are no try at an answer ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("stop", "stop"), ("I want to quit", "stop"), ("cancelar por favor", "stop"),
        ("human", "contact"), ("can I talk to a real person please", "contact"),
        ("quiero hablar con alguien", "contact"), ("help me", "help"), ("ayúdame", "help"),
        ("start over", "restart"), ("español", "es"), ("do you speak spanish", "es"),
        ("in English please", "en"), ("delete my data", "delete"), ("mis datos", "mydata"),
        ("I want to quit smoking", None), ("help with my back", None), ("please", None),
        ("a personal trainer", None), ("spanish lessons", None), ("stop smoking aid", None),
    ],
)  # fmt: skip
def test_a_wish_said_in_plain_words_is_known_when_it_is_all_that_is_said(text, move):
    assert intent(text) == move


@pytest.mark.parametrize("key", ["condition", "administrator"])
@pytest.mark.parametrize("text", ["my ssn is 123-45-6789", "4111 1111 1111 1111"])
def test_a_private_number_is_not_taken_for_an_answer(key, text):
    assert heard(key, text) == Refused("about_private_number", counts=False)


@pytest.mark.parametrize("text", ["thanks", "hello", "ok", "asdfgh", "HSA"])
def test_small_talk_is_no_name_of_a_company(text):
    assert isinstance(heard("administrator", text), Refused)


def test_all_and_ranges_tick_what_they_say():
    assert fits("evidence", "all of them") == fits("evidence", "1-3") == fits("evidence", "1, 2, 3")
    assert fits("evidence", "options 1 and 3") == fits("evidence", "1. 3.")
    assert heard("evidence", "1-9") == Refused()


def test_two_things_in_one_message_are_asked_for_one_after_the_other():
    both = heard_by_patients("expense", "vitamin d and gym")
    assert isinstance(both, Offers)
    assert both.two_items
    one = heard_by_patients("expense", "hot tub or pool")
    assert isinstance(one, Offers)
    assert not one.two_items
