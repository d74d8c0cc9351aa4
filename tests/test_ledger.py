"""The ledger of deletions: what it was told, it tells; what was torn, it leaves out."""

import os
import stat
from datetime import UTC, datetime

import pytest

from bot.ledger import Deleted, Ledger

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ONE = Deleted(b"1" * 16, b"a" * 32)
TWO = Deleted(b"2" * 16, b"b" * 32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "lmn-bot.key.ledger"


def test_it_tells_only_what_came_after_a_position(path):
    ledger = Ledger(path)
    ledger.deleted([ONE], NOW)
    followed = ledger.size
    ledger.deleted([TWO], NOW)
    assert ledger.deleted_since(0) == [ONE, TWO]
    assert ledger.deleted_since(followed) == [TWO]
    assert ledger.deleted_since(ledger.size) == []


def test_it_remembers_over_a_restart_which_databases_were_made(path):
    first = Ledger(path)
    first.made(b"d" * 16, NOW)
    first.close()
    again = Ledger(path)
    assert again.databases() == {b"d" * 16}
    assert again.size == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_ledger_than_the_database_knows_speaks_of_rows_but_not_of_people(path):
    ledger = Ledger(path)
    ledger.deleted([ONE], NOW)
    assert ledger.deleted_since(ledger.size + 1) == [Deleted(ONE.row, b"")]


@pytest.mark.parametrize("cut", [1, 20, 60, 100])
def test_a_line_torn_by_a_crash_is_left_out_and_hurts_no_later_one(path, cut):
    ledger = Ledger(path)
    ledger.deleted([ONE], NOW)
    ledger.deleted([TWO], NOW)
    ledger.close()
    os.truncate(path, path.stat().st_size - cut)
    again = Ledger(path)
    again.deleted([TWO], NOW)
    told = again.deleted_since(0)
    assert told[0] == ONE
    assert told[-1] == TWO


def test_what_was_taken_back_did_not_happen(path):
    ledger = Ledger(path)
    ledger.deleted([ONE], NOW)
    before = ledger.size
    ledger.deleted([TWO], NOW)
    ledger.take_back(before)
    assert ledger.deleted_since(0) == [ONE]


def test_a_full_disk_leaves_no_half_line(path, monkeypatch):
    ledger = Ledger(path)
    ledger.deleted([ONE], NOW)

    def full_disk(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space"):
            ledger.deleted([TWO], NOW)
    assert ledger.deleted_since(0) == [ONE]
    assert path.read_text().endswith("\n")
    assert path.stat().st_size == ledger.size
