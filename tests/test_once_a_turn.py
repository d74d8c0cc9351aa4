"""What a turn works out once, and what no turn leaves behind in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answers import fold_label
from bot.conversation import Guide
from bot.library import find_root, load
from bot.operators.terminal import Terminal
from bot.search import Catalogue, SearchResult

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide(load(find_root(), NOW.date()), lambda: "onceturn")


def at_the_menu(guide: Guide) -> Terminal:
    terminal = Terminal(guide)
    terminal.begin(NOW)
    terminal.line("Yes, let's start", NOW)
    return terminal


def test_words_at_the_menu_are_looked_up_once(guide: Guide, monkeypatch: pytest.MonkeyPatch):
    looked_up = []
    search = Catalogue.search

    def counted(self: Catalogue, words: str, language: str = "en") -> SearchResult:
        looked_up.append(words)
        return search(self, words, language)

    monkeypatch.setattr(Catalogue, "search", counted)
    at_the_menu(guide).line("massage gun", NOW)
    assert looked_up == ["massage gun"]


def test_no_cache_remembers_what_somebody_typed(guide: Guide):
    terminal = at_the_menu(guide)
    terminal.line("massage gun", NOW)
    terminal.line("purple words nobody expects", NOW)
    remembered = fold_label.cache_info().currsize
    for words in ("quillwort", "another quillwort", "/review", "a third quillwort"):
        terminal.line(words, NOW)
    assert fold_label.cache_info().currsize == remembered
