"""/privacy says what is kept: each column and field has its sentence, and the days are real."""

import json
from dataclasses import fields, replace

import pytest

from bot.case import Operator
from bot.session import Session
from bot.shared_texts import KEPT as SENTENCES
from bot.storage import Record
from bot.storage_sqlite import KEPT, open_store
from bot.storage_sqlite.file import connect_to_read
from tests.guiding import Patient, shipped, walked_to

RECORD = {
    "kept": "answers",
    "unsent": "mail",
    "seq": "mail",
    "question": "messages",
    "messages": "messages",
    "remove": "messages",
}
SESSION = dict.fromkeys(
    ("nonce", "language", "employer", "revision", "answers", "open", "tries", "menu", "held"),
    "answers",
)


@pytest.fixture
def content():
    operator = Operator("Maple Benefits", "privacy@example.com", "an adviser", 11, 22)
    return replace(shipped(), operator=operator)


async def columns(folder):
    store = open_store(folder / "data" / "bot.db", folder / "keys" / "bot.key")
    await store.close()
    db = connect_to_read(store.path)
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        f"{table}.{row[1]}" for table in tables for row in db.execute(f"PRAGMA table_info({table})")
    }
    db.close()
    return found


async def test_every_column_of_the_real_schema_has_its_sentence(tmp_path):
    assert await columns(tmp_path) == set(KEPT)
    assert set(KEPT.values()) - {""} <= set(SENTENCES)


def test_everything_inside_a_sealed_row_has_its_sentence():
    assert {field.name for field in fields(Record)} == set(RECORD)
    assert set(RECORD.values()) <= set(SENTENCES)
    assert set(SESSION) >= {field.name for field in fields(Session)}


def test_no_sentence_speaks_of_what_is_not_kept():
    # The ledger is a file beside the key, and no column.
    assert set(SENTENCES) == {*KEPT.values(), *RECORD.values(), "deletions"} - {""}


@pytest.mark.parametrize("language", ["en", "es"])
def test_privacy_shows_every_sentence_the_days_and_who_runs_it(content, language):
    patient = Patient(content, language=language)
    said = patient.sends("privacy").text
    for kind in SENTENCES:
        assert content.texts.get(f"shared.kept_{kind}", language) in said
    assert "11 d" in said
    assert "22 d" in said
    assert "Maple Benefits" in said
    assert "privacy@example.com" in said
    assert "30" not in said
    assert "45" not in said


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_consent_names_the_same_days(content, language):
    said = Patient(content, language=language).last.text
    assert "11 d" in said
    assert "30 d" not in said


def test_mydata_is_text_and_a_file_with_all_that_is_held_and_nothing_else():
    patient = walked_to("account")
    said = patient.sends("mydata")
    (file,) = said.files
    assert (file.name, file.media_type) == ("mydata.json", "application/json")
    assert json.loads(file.content) == patient.session.to_json()
    assert "All that I hold about you" in said.text


def test_mydata_of_somebody_new_is_a_sentence_and_no_file():
    patient = Patient(begin=False)
    said = patient.sends("mydata")
    assert said.files == []
    assert "I hold no answers of yours" in said.text
