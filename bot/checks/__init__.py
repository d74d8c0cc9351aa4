"""Every rule a set of flows must satisfy, one function each; ``CHECKS`` is the list of them all.

The law of this room: all that is wrong is said in one run, in file order, but never the shadow of
another error: ``CHECKS`` stands in stages, and a stage is asked only when those before it found no
error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from bot.checks import (
    answers,
    dates,
    files,
    labels,
    names,
    plain_words,
    replaced,
    routes,
    sources,
    texts,
)
from bot.problems import Problem
from bot.shelf import Shelf, read

Check = Callable[[Shelf, date], Iterator[Problem]]

CHECKS: Sequence[Sequence[Check]] = (
    (
        files.something_to_read,
        files.files_hold_only_text,
        files.flows_are_named_after_their_files,
        files.the_catalogue_is_sound,
        files.administrators_are_sound,
        files.employers_are_sound,
        files.questions_are_sound,
        sources.steps_name_sources_there_are,
        sources.what_a_text_states_has_its_page,
        sources.sources_are_fresh,
        routes.steps_have_one_shape,
        routes.the_start_exists,
        routes.every_exit_leads_somewhere,
        routes.nobody_gets_stuck,
        answers.facts_come_from_fitting_questions,
        answers.old_names_lead_to_one_step,
        labels.no_text_is_empty,
        labels.no_key_hides_in_a_text,
        labels.labels_differ,
        texts.tags_are_telegram_s,
        texts.templates_hold_only_what_is_safe,
        texts.texts_fit_on_a_phone,
        texts.nothing_is_promised,
        replaced.plain_sentences_are_plain,
        texts.documents_exist,
    ),
    (
        routes.sub_flows_come_back,
        routes.every_step_is_reached,
        routes.nothing_goes_round_in_circles,
        dates.dates_come_from_dates,
        dates.reminders_know_their_day,
        names.names_in_conditions_exist,
        names.values_are_possible,
        texts.shared_texts_are_complete,
        texts.every_result_says_who_decides,
    ),
    (
        answers.given_values_are_choices,
        names.answers_come_before_their_use,
        texts.names_in_texts_exist,
        replaced.lines_have_these_parts,
        texts.texts_use_answered_names,
        texts.buttons_fit,
        files.employers_change_what_exists,
        files.translations_are_complete,
        replaced.translations_keep_the_rules,
        replaced.replaced_texts_use_the_same_names,
        replaced.translations_say_as_much,
        plain_words.texts_are_easy_to_read,
        plain_words.sentences_are_short,
        plain_words.one_question_at_a_time,
        plain_words.abbreviations_are_explained,
    ),
)


def problems_of(
    found: Mapping[str, str], today: date, unread: Sequence[Problem] = ()
) -> list[Problem]:
    """Everything that is wrong with these files, errors and warnings, in file order.

    ``unread`` is what is wrong with files that are there and are no text.
    """
    shelf, problems = read(found)
    problems += unread
    shelf.unread |= {problem.path for problem in unread}
    for stage in CHECKS:
        for check in stage:
            # That a file is missing is the shadow of what keeps it from being read.
            missing = check is files.something_to_read
            problems += [
                problem
                for problem in check(shelf, today)
                if not (missing and problem.path in shelf.unread)
            ]
        if any(problem.severity == "error" for problem in problems):
            break
    return sorted(set(problems))
