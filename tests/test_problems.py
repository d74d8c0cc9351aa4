import pickle

from hypothesis import given
from hypothesis import strategies as st

from bot.problems import Problem, ProblemsError, did_you_mean


def test_a_problem_reads_as_where_what_and_what_to_try():
    problem = Problem(
        "flows/x.yaml", 25, 13, 'step "a" goes to "expnse"', 'Did you mean "expense"?'
    )
    assert str(problem) == (
        'flows/x.yaml:25:13: step "a" goes to "expnse". Did you mean "expense"?'
    )


def test_a_problem_without_a_hint_is_still_a_sentence():
    assert str(Problem("a.yaml", 1, 1, "the file is empty")) == "a.yaml:1:1: the file is empty."


def test_a_thing_without_lines_is_named_alone():
    assert str(Problem("LMN_BOT_CONFIG", 0, 0, "no such file")) == "LMN_BOT_CONFIG: no such file."


def test_a_sentence_that_ends_in_a_full_stop_gets_no_second_one():
    assert str(Problem("a", 1, 1, "Wrong.", "Try this.")) == "a:1:1: Wrong. Try this."


def test_problems_are_told_in_file_order():
    late, early = Problem("a", 10, 1, "late"), Problem("a", 9, 4, "early")
    error = ProblemsError([late, early])
    assert error.problems == (early, late)
    assert str(error) == "a:9:4: early.\na:10:1: late."


def test_an_error_survives_a_trip_to_another_process():
    error = ProblemsError([Problem("a", 1, 1, "wrong")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_a_slip_gets_the_closest_word():
    assert did_you_mean("expnse", ["account", "expense"]) == 'Did you mean "expense"?'


def test_capitals_do_not_hide_the_word_meant():
    assert did_you_mean("FSA", ["hsa", "fsa"]) == 'Did you mean "fsa"?'


def test_a_word_like_none_of_them_gets_no_suggestion():
    assert did_you_mean("zebra", ["fsa", "hsa"]) == ""


def test_a_page_of_text_is_not_compared_letter_by_letter():
    assert did_you_mean("expense" * 10_000, ["expense"]) == ""


@given(st.text(max_size=60), st.lists(st.text(max_size=20)))
def test_a_suggestion_is_always_one_of_the_options(word, options):
    hint = did_you_mean(word, options)
    assert hint == "" or any(hint == f'Did you mean "{option}"?' for option in options)
