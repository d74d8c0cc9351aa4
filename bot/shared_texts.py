"""The names of the texts that are the same everywhere, and what each is given to fill in.

The words themselves stand in ``flows/shared.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from bot.intents import About
from bot.plan_files import Carrier, LetterField

NAMES_OF: Mapping[str, tuple[str, ...]] = {
    "your_answer_was": ("old",),
    "kept": ("count",),
    "mydata": ("list", "count"),
    "noted": ("label", "value"),
    "too_long": ("most",),
    "source": ("title", "url", "date"),
    "source_old": ("title", "url", "date"),
    "group_line": ("link",),
}
"""The names a text is given beyond those that every text has."""

COMMANDS = (
    "start",
    "help",
    "back",
    "change",
    "review",
    "restart",
    "language",
    "privacy",
    "mydata",
    "delete",
    "contact",
)
"""Every command, in the order of the menu."""

ATTACHED = ("voice", "photo", "file", "sticker", "contact", "location", "edited", "other")
KEPT = ("answers", "mail", "messages", "chat", "days", "updates", "deletions")
"""What is kept about a person, one sentence of /privacy each; every column belongs to one."""
ABOUT = tuple(kind for kind in get_args(About) if kind)
"""What words are about that name no expense (``search.SearchResult.about``)."""

REQUIRED: tuple[str, ...] = (
    "yes",
    "no",
    "back_button",
    "why_button",
    "keep_button",
    "done",
    "none_of_these",
    "not_said",
    "yes_do_it",
    "no_keep",
    "files_button",
    "change_button",
    "another_button",
    "questions_button",
    "all_topics_button",
    "go_on_button",
    "yes_another",
    "no_stay",
    "nothing_to_change_button",
    "your_answer_was",
    "again",
    "again_choice",
    "again_example",
    "again_person",
    "is_it_this",
    "which_one",
    "which_first",
    "type_once_more",
    "date_in_future",
    "date_in_past",
    "date_far",
    "date_ambiguous",
    "date_month_only",
    "too_long",
    "held",
    "is_it_ok",
    "noted",
    "kept",
    "at_the_start",
    "why_nothing_special",
    "unsure_help",
    "stopped",
    "welcome_back",
    "restart_sure",
    "restarted",
    "nothing_changed",
    "change_which",
    "nothing_to_change",
    "nothing_yet",
    "review",
    "which_language",
    "language_set",
    "old_button",
    "foreign_button",
    "unknown_command",
    "end_menu",
    "another_with_words",
    "question_topics",
    "question_list",
    "question_none",
    "help",
    "contact",
    "privacy",
    "mydata",
    "mydata_file",
    "mydata_nothing",
    "mydata_waiting",
    "delete_sure",
    "deleted",
    "same_in_spanish",
    "source",
    "source_due",
    "source_old",
    "operator_name",
    "operator_contact",
    "operator_relation",
    "group_line",
    "about_bot",
    "about_bot_short",
    "soon_deleted",
    "slow_down",
    "send_again",
    "damaged",
    *(f"command_{name}" for name in COMMANDS),
    *(f"attached_{kind}" for kind in ATTACHED),
    *(f"about_{kind}" for kind in ABOUT),
    "about_small_talk_end",
    *(f"kept_{kind}" for kind in KEPT),
    *(f"field_{field}" for field in get_args(LetterField)),
    *(f"carrier_{carrier}" for carrier in get_args(Carrier)),
)
