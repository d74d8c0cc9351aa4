"""A new key, a copy, the end: each as the command does it, beside a serving bot or without one."""

import os
import stat
import threading
from datetime import datetime

import pytest
from click.testing import CliRunner

from bot.cli import commands, main
from bot.conversation import Turn
from bot.outgoing import Message
from bot.sealing import read_key_file
from bot.session import Session
from bot.storage_sqlite import open_store

NOW = datetime.fromisoformat("2026-11-23T12:00:00-05:00")
CHAT = 4_711


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The paths of database, key and ledger, as the environment tells every command."""
    for name in [name for name in os.environ if name.startswith("LMN_BOT_")]:
        monkeypatch.delenv(name)
    found = {
        "path": tmp_path / "data" / "bot.db",
        "key_file": tmp_path / "keys" / "bot.key",
        "ledger_file": tmp_path / "books" / "deletions",
    }
    for key, path in found.items():
        monkeypatch.setenv(f"LMN_BOT_STORAGE_{key.upper()}", str(path))
    return found


def opened(places):
    return open_store(places["path"], places["key_file"], ledger_path=places["ledger_file"])


async def kept(store, word):
    session = Session("n0nce", "en").answered("condition", word, NOW)
    await store.turn(CHAT, 1, lambda _: Turn(session, (Message("ok"),)))


async def word_kept(store):
    session = (await store.turn(CHAT, None, lambda s: Turn(s, (), changed=False))).turn.session
    return session.answers["condition"].value if session else None


def ran(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main([*words])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def ran_in_a_thread(*words):
    """A command beside a store that this thread serves; the caller joins the thread."""
    codes = []

    def run():
        try:
            main([*words])
        except SystemExit as ended:
            codes.append(ended.code)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, codes


# --- rotate-key ------------------------------------------------------------------------------


async def test_rotate_key_changes_the_key_and_loses_nothing(places, capsys):
    store = opened(places)
    await kept(store, "back pain")
    await store.close()
    before = read_key_file(places["key_file"])
    thread, codes = ran_in_a_thread("rotate-key")
    thread.join()
    assert codes == [0]
    assert not before.ids & read_key_file(places["key_file"]).ids
    store = opened(places)
    assert await word_kept(store) == "back pain"
    await store.close()
    assert "Back up the key file again" in capsys.readouterr().out


async def test_rotate_key_asks_a_serving_bot_to_do_it(places, capsys):
    store = opened(places)
    await kept(store, "back pain")
    before = read_key_file(places["key_file"])
    thread, codes = ran_in_a_thread("rotate-key")
    thread.join(30)
    assert codes == [0]
    assert await word_kept(store) == "back pain"
    await store.close()
    assert not before.ids & read_key_file(places["key_file"]).ids


def test_rotate_key_without_a_database_says_so(places, capsys):
    code, _, err = ran(capsys, "rotate-key")
    assert code == 1
    assert err == f"{places['path']}: there is no database here. Check storage.path.\n"


# --- backup ----------------------------------------------------------------------------------


async def test_backup_beside_a_serving_bot_is_a_whole_database(places, tmp_path, capsys):
    store = opened(places)
    await kept(store, "back pain")
    target = tmp_path / "copy.db"
    thread, codes = ran_in_a_thread("backup", str(target))
    thread.join(30)
    await store.close()
    assert codes == [0]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    (tmp_path / "restored").mkdir()
    target.rename(tmp_path / "restored" / "bot.db")
    places["path"] = tmp_path / "restored" / "bot.db"
    store = opened(places)
    assert await word_kept(store) == "back pain"
    await store.close()


async def test_backup_never_overwrites(places, tmp_path, capsys):
    store = opened(places)
    await store.close()
    target = tmp_path / "copy.db"
    target.write_text("mine")
    thread, codes = ran_in_a_thread("backup", str(target))
    thread.join()
    assert codes == [1]
    said = capsys.readouterr().err
    assert said == f"{target}: this file exists. Name a new one for the backup.\n"
    assert target.read_text() == "mine"


# --- wipe ------------------------------------------------------------------------------------


async def test_wipe_destroys_key_database_and_ledger_after_the_word(places, tmp_path):
    store = opened(places)
    await kept(store, "back pain")
    await store.close()
    done = CliRunner().invoke(commands, ["wipe"], input="wipe\n", standalone_mode=False)
    assert done.return_value == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    for path in places.values():
        assert f"destroyed {path}" in done.output


async def test_wipe_does_nothing_without_the_word(places):
    store = opened(places)
    await store.close()
    for typed in ("yes\n", "\n", "WIPE!\n"):
        done = CliRunner().invoke(commands, ["wipe"], input=typed, standalone_mode=False)
        assert done.return_value == 1
        assert "Nothing was destroyed" in done.output
    assert all(path.exists() for path in places.values())


async def test_wipe_that_is_interrupted_at_the_question_does_nothing(places, monkeypatch):
    store = opened(places)
    await store.close()
    done = CliRunner().invoke(commands, ["wipe"], input="")
    assert isinstance(done.exception, SystemExit)
    assert all(path.exists() for path in places.values())


async def test_wipe_refuses_while_a_bot_serves(places, capsys):
    store = opened(places)
    thread, codes = ran_in_a_thread("wipe", "--yes")
    thread.join()
    await store.close()
    assert codes == [1]
    said = capsys.readouterr().err
    assert said == (
        f"{places['path']}: lmn-bot (process {os.getpid()}) serves from this database."
        " Stop it first.\n"
    )
    assert all(path.exists() for path in places.values())


def test_wipe_where_nothing_is_says_so(places, capsys):
    code, _, err = ran(capsys, "wipe", "--yes")
    assert code == 1
    assert "there is neither a database nor a key here" in err


async def test_wipe_with_yes_does_not_ask_and_can_finish_what_was_begun(places, capsys, tmp_path):
    store = opened(places)
    await store.close()
    places["key_file"].unlink()
    thread, codes = ran_in_a_thread("wipe", "--yes")
    thread.join()
    assert codes == [0]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
