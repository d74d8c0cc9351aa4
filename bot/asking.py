"""When somebody asks us something: which question of theirs the words are, and what follows.

Pure: each function gives the effect to show, or ``None`` when the words ask nothing. Whoever shows
an ``Explain`` asks the open question again after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Fits, fold, fold_label, heard, read
from bot.case import PersonCase
from bot.effects import Choose, Explain
from bot.machine import Compiled
from bot.question_words import asks
from bot.questions import Found
from bot.search import SearchResult
from bot.translations import LANGUAGES

Reply = Explain | Choose
TOPICS = "!topic"
QUESTIONS = "!ask"
NOT_A_QUESTION = ("private_number", "injection", "abuse")
"""What words may be about that no question of theirs is looked for in."""
ANSWERED_ALREADY = ("about_off_topic", "about_small_talk", "about_diagnosis_request")
"""Refusals that say more to the person than a question that is merely near."""
CERTAIN = 0.8
"""Least likeness of a question whose words name an expense as well."""
NAMED = 0.9
"""Least likeness of an expense that is taken to be named; others may be chance."""
LIKELY = 0.6
"""Least likeness at which a question is offered where something else fits the words too."""


def before_answer(case: PersonCase, place: Compiled, text: str) -> Reply | None:
    """A question of theirs, where the words are that rather than an answer to ours."""
    step = place.step
    if step.free_text or _is_button(case, place, text):
        return None
    if says_which(place, text):
        return None
    if opened := named_menu(case, text):
        return opened
    thing = step.input == "expense" or step.otherwise is not None
    if not thing and not asks(text):
        return None
    result = case.search(text)
    surer = surer_than_expense(case, text, result)
    if not surer and step.input == "administrator" and _names_nobody(case, place, text):
        return helped(case, text)
    if surer or not thing or _names_expense(result) or result.about not in ("", "letter_question"):
        return surer
    found = _found(case, text)
    likely = found and found[0].score >= LIKELY and asks(text)
    return _offered(case, found) if likely else None


def says_which(place: Compiled, text: str) -> bool:
    """Whether words tell what somebody comes for, as in "I got my letter"."""
    return len(heard(place, text)) == 1 and not asks(text)


def surer_than_expense(case: PersonCase, text: str, result: SearchResult) -> Reply | None:
    """A question of theirs that is surer than the expense found in its words."""
    found = _found(case, text)
    if result.about in NOT_A_QUESTION:
        return None
    if found and _names_expense(result) and found[0].score < CERTAIN:
        return None
    return _explained(found)


def after_refusal(case: PersonCase, text: str, why: str) -> Reply | None:
    """Words that do not answer our question may be one of theirs; ``why`` they do not fit."""
    if why.removeprefix("about_") in NOT_A_QUESTION:
        return None
    found = _found(case, text)
    least = LIKELY if why in ANSWERED_ALREADY else 0.0
    near = found and asks(text) and found[0].score >= least
    surer = surer_than_expense(case, text, case.search(text))
    return surer or (_offered(case, found) if near else None)


def named_menu(case: PersonCase, text: str) -> Reply | None:
    """The topics, where the words are those on the button that leads to them, or the first."""
    labels = {fold_label(case.in_language(each).shared("questions_button")) for each in LANGUAGES}
    said = fold(text)
    named = said in labels or said in {label.split()[0] for label in labels}
    return topics(case) if named and case.content.questions.entries else None


def helped(case: PersonCase, words: str) -> Reply:
    """The answer to ``/help`` with words."""
    found = _found(case, words)
    if not found:
        return topics(case, "question_none")
    if len(found) == 1 and found[0].score >= LIKELY:
        return Explain(found[0].question.id)
    return _explained(found) or _offered(case, found)


def topics(case: PersonCase, text: str = "question_topics") -> Choose:
    """The menu of topics."""
    language = case.session.language
    named = case.content.questions.topics.items()
    options = [(name, topic.named(language)) for name, topic in named]
    return Choose(text, TOPICS, (*options, ("done", "@go_on_button")))


def questions_of(case: PersonCase, topic: str) -> Choose | None:
    """The menu of one topic's questions; ``None`` for a topic that there is not."""
    questions = case.content.questions.of(topic)
    if not questions:
        return None
    language = case.session.language
    return _choice("question_list", [(one.id, one.asked(language)) for one in questions])


def _names_nobody(case: PersonCase, place: Compiled, text: str) -> bool:
    """Whether no company that runs accounts is in the words; any others are taken for its name."""
    reading = read(case, place, text)
    return isinstance(reading, Fits) and isinstance(reading.value, dict) and not reading.value["id"]


def _names_expense(result: SearchResult) -> bool:
    return bool(result.matches) and result.matches[0].score >= NAMED


def _found(case: PersonCase, text: str) -> tuple[Found, ...]:
    return case.content.questions.find(text, case.session.language)


def _explained(found: tuple[Found, ...]) -> Reply | None:
    return Explain(found[0].question.id) if found and found[0].sure else None


def _offered(case: PersonCase, found: tuple[Found, ...]) -> Choose:
    language = case.session.language
    return _choice("which_one", [(one.question.id, one.question.asked(language)) for one in found])


def listed(case: PersonCase, shown: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The choices of a menu of questions, by the ids that it showed."""
    language, entries = case.session.language, case.content.questions.entries
    named = [(one, entries[one].asked(language)) for one in shown if one in entries]
    return _choice("", named).options


def _choice(text: str, questions: Sequence[tuple[str, str]]) -> Choose:
    more = (("!topics", "@all_topics_button"), ("!done", "@go_on_button"))
    return Choose(text, QUESTIONS, (*questions, *more))


def _is_button(case: PersonCase, place: Compiled, text: str) -> bool:
    """Whether the words are a button's own, however much they sound like a question."""
    said = fold(text)
    return any(said == fold_label(case.label(place, one)) for one in case.choices(place))
