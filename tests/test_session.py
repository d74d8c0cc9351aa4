"""A session: answers are the only state."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.session import Answer, Session, Value
from tests.guiding import NOW

values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.lists(st.text(), max_size=4),
    st.fixed_dictionaries({"id": st.none() | st.text(), "name": st.text()}),
)
answers = st.builds(
    Answer, values, st.datetimes(timezones=st.timezones()).map(lambda at: at.replace(microsecond=0))
)
sessions = st.builds(
    Session,
    nonce=st.text(),
    language=st.sampled_from(["en", "es"]),
    employer=st.none() | st.text(),
    revision=st.integers(min_value=0),
    answers=st.dictionaries(st.text(), answers, max_size=5),
    open=st.none() | st.text(),
    tries=st.integers(min_value=0),
)


@given(sessions)
def test_a_session_comes_back_from_json_as_it_went(session):
    again = Session.from_json(json.loads(json.dumps(session.to_json())))
    assert again.to_json() == session.to_json()
    assert {key: one.value for key, one in again.answers.items()} == {
        key: one.value for key, one in session.answers.items()
    }


def test_an_answer_clears_what_was_reopened_and_refused_and_counts_a_revision():
    session = Session("n", open="account", tries=2, revision=4)
    after = session.answered("account", "fsa", NOW)
    assert (after.open, after.tries, after.revision) == (None, 0, 5)
    assert after.answers == {"account": Answer("fsa", NOW)}


def test_an_answer_is_dated_to_the_second():
    after = Session("n").answered("account", "fsa", NOW.replace(microsecond=123_456))
    assert after.answers["account"].at == NOW


def test_a_refusal_counts_and_changes_nothing_else():
    session = Session("n", answers={"account": Answer("fsa", NOW)}, open="account", revision=4)
    refused = session.refused()
    assert refused.tries == 1
    assert {**refused.to_json(), "tries": 0} == session.to_json()


def test_a_reopened_step_keeps_its_old_answer():
    session = Session("n", answers={"account": Answer("fsa", NOW)}, tries=2)
    reopened = session.reopened("account")
    assert reopened.open == "account"
    assert reopened.tries == 0
    assert reopened.answers == session.answers


def test_starting_again_keeps_only_what_is_named():
    consent = Answer("agree", NOW)
    session = Session("n", language="es", employer="example", answers={"account": consent})
    again = session.restarted({"consent": consent})
    assert again.answers == {"consent": consent}
    assert (again.nonce, again.language, again.employer) == ("n", "es", "example")


def test_a_session_is_never_changed_in_place():
    answers = {"account": Answer("fsa", NOW)}
    session = Session("n", answers=answers)
    session.answered("for_whom", "me", NOW)
    session.restarted()
    assert session.answers == {"account": Answer("fsa", NOW)}


def test_skipped_means_that_the_person_chose_not_to_say():
    assert Answer(None, NOW).skipped
    assert not Answer("", NOW).skipped
    assert not Answer([], NOW).skipped
