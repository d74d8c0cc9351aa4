"""The guide as the Telegram edge gets it: its texts in both languages, and who is always heard."""

from dataclasses import replace

import pytest

from bot.case import Operator
from bot.config import Config, Secrets, Storage
from bot.conversation import Guide
from bot.effects import Command, Tapped, Typed
from bot.operators import serve
from bot.outgoing import Message
from bot.session import Session
from bot.shared_texts import COMMANDS
from tests.guiding import shipped


@pytest.fixture
def given(monkeypatch, tmp_path):
    """What `run` is started with."""
    taken = {}

    def run(config, secrets, handler, texts, **more):
        taken.update(more, config=config, handler=handler, texts=texts)

    monkeypatch.setattr(serve, "run", run)
    guide = Guide(replace(shipped(), operator=Operator("Maple")), lambda: "n0nce")
    storage = Storage(path=tmp_path / "a.db", key_file=tmp_path / "k" / "key")
    serve.serve(Config(storage=storage), Secrets(None, None), guide, new_database=True)
    return taken


def test_a_new_database_is_passed_on(given):
    assert given["new_database"] is True


@pytest.mark.parametrize(
    ("heard", "always"),
    [
        (Typed("I want to kill myself"), True),
        (Typed("massage gun"), False),
        (Command("delete"), True),
        (Tapped("n0nce", 3, "!delete", "yes"), True),
        (Tapped("n0nce", 3, "account", "fsa"), False),
        (Command("help"), False),
    ],
)
def test_danger_and_deletion_are_heard_however_much_somebody_writes(given, heard, always):
    assert given["always"](heard) is always


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_of_the_edge_is_there_in_both_languages(given, language):
    texts = given["texts"]
    lines = texts.lines[language]
    assert "{link}" in lines.group
    assert "{{" not in lines.group
    for line in (lines.again, lines.start_again, lines.too_many):
        assert line
        assert "{" not in line
    introduction = texts.introductions[language]
    assert [name for name, _ in introduction.commands] == list(COMMANDS)
    assert 0 < len(introduction.description) <= 512
    assert 0 < len(introduction.short_description) <= 120


def test_the_end_is_announced_in_the_person_s_language_and_can_wait(given):
    english = given["texts"].expiry(Session("n0nce", "en"))
    spanish = given["texts"].expiry(Session("n0nce", "es"))
    assert isinstance(english[0], Message)
    assert english[0].nobody_waits
    assert "three days" in english[0].text
    assert "tres días" in spanish[0].text
