"""The Store on SQLite: what is confirmed stays, what is deleted goes, and nobody else reads it."""

import asyncio
import base64
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.storage_sqlite.file as file_module
from bot.conversation import Turn
from bot.ledger import Ledger
from bot.outgoing import Button, Edit, Entity, File, Message, to_json
from bot.sealing import create_key_file, read_key_file
from bot.session import Session
from bot.storage import (
    DamagedSession,
    Pending,
    PutAside,
    Record,
    Retention,
    StoreRefused,
    StoreUnavailable,
)
from bot.storage_sqlite import backup, ledger_beside, open_store, rotate_key, wipe

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN, BEN, CAT = 1001, -1002, 2**52


class Place:
    """A folder for the database, a folder for the key, and a clock."""

    def __init__(self, folder):
        self.path = folder / "data" / "lmn-bot.db"
        self.key = folder / "keys" / "lmn-bot.key"
        self.ledger = ledger_beside(self.key)
        self.now = NOW

    def open(self, **options):
        return open_store(self.path, self.key, clock=lambda: self.now.timestamp(), **options)

    @asynccontextmanager
    async def store(self, **options):
        store = self.open(**options)
        try:
            yield store
        finally:
            await store.close()

    def bytes(self):
        """Everything in both folders, except the key itself."""
        files = [*self.path.parent.iterdir(), self.ledger]
        return b"".join(file.read_bytes() for file in files if file.is_file())

    def sql(self, query, *values):
        """Run SQL from outside, as nobody should."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as db:
            return db.execute(query, values).fetchall()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def says(*texts, answer=None, finished=False):
    """A handler that keeps one answer more and says something."""

    def work(session):
        session = session or Session("n0nce")
        if answer is not None:
            session = session.answered(f"step{session.revision}", answer, NOW)
        return Turn(session, tuple(Message(text) for text in texts), finished=finished)

    return work


def forgets(*texts):
    return lambda session: Turn(None, tuple(Message(text) for text in texts))


def looks(found):
    """A handler that changes nothing and notes what it was given."""

    def work(session):
        found.append(session)
        return Turn(session, (), changed=False)

    return work


async def session_of(store, chat):
    found = []
    await store.turn(chat, None, looks(found))
    return found[0]


def values(session):
    return [answer.value for answer in session.answers.values()]


# --- turns ---------------------------------------------------------------------------------


async def test_a_session_and_what_is_unsent_survive_a_restart(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says("Hello.", answer="massage gun"))
        await store.turn(ANN, 2, says("Which account?", answer="fsa"))
        await store.sent(ANN, 1, question=77, messages=[77])
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["massage gun", "fsa"]
        [unsent] = await store.unsent()
        assert unsent.chat == ANN
        assert unsent.pending == (Pending(2, Message("Which account?"), int(NOW.timestamp())),)
        assert unsent.question == 77


async def test_an_update_that_comes_twice_runs_once_even_after_a_restart(place):
    async with place.store() as store:
        first = await store.turn(ANN, 5, says("Hello.", answer="fsa"))
        again = await store.turn(ANN, 5, says("Hello.", answer="fsa"))
    assert not first.seen
    assert again.seen
    assert again.turn is None
    async with place.store() as store:
        assert (await store.turn(ANN, 5, says("Hello."))).seen
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_done_tells_all_that_is_unsent_in_order(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says("One.", "Two."))
        await store.turn(BEN, 2, says("Somebody else's."))
        done = await store.turn(ANN, 3, says("Three."))
        assert [one.outgoing.text for one in done.pending] == ["One.", "Two.", "Three."]
        seqs = [one.seq for one in done.pending]
        assert seqs == sorted(set(seqs))


async def test_a_turn_that_fails_keeps_nothing_and_fails_alone(place):
    def breaks(session):
        raise RuntimeError("my neck hurts")

    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        outcomes = await asyncio.gather(
            store.turn(BEN, 2, says("Hello.", answer="hsa")),
            store.turn(ANN, 3, breaks),
            store.turn(CAT, 4, says("Hello.", answer="hra")),
            return_exceptions=True,
        )
        assert [type(one).__name__ for one in outcomes] == ["Done", "RuntimeError", "Done"]
        assert values(await session_of(store, ANN)) == ["fsa"]
        assert values(await session_of(store, BEN)) == ["hsa"]
        assert not (await store.turn(ANN, 3, says())).seen


async def test_an_update_that_fails_five_times_is_put_aside_without_a_word_of_it(place):
    def breaks(session):
        raise LookupError("canaryword in an error")

    async with place.store() as store:
        for _ in range(4):
            with pytest.raises(LookupError):
                await store.turn(ANN, 9, breaks)
        with pytest.raises(PutAside) as aside:
            await store.turn(ANN, 9, breaks)
        assert isinstance(aside.value.__cause__, LookupError)
        assert (await store.turn(ANN, 9, says())).seen
        assert (await store.figures())["updates_put_aside"] == 1
    assert place.sql("SELECT error FROM failure") == [("LookupError",)]
    assert b"canaryword" not in place.bytes()


async def test_a_turn_that_cannot_be_kept_is_undone_whole_and_counts_as_a_failure(place):
    def strange(session):
        return Turn(None, (Message(b"bytes are not text"),))  # type: ignore[arg-type]

    async with place.store() as store:
        await store.turn(ANN, 1, says("Hello.", answer="fsa"))
        ledger = place.ledger.read_bytes()
        for _ in range(4):
            with pytest.raises(TypeError):
                await store.turn(ANN, 2, strange)
        assert values(await session_of(store, ANN)) == ["fsa"]
        assert place.ledger.read_bytes() == ledger
        with pytest.raises(PutAside):
            await store.turn(ANN, 2, strange)
        assert (await store.turn(ANN, 2, says())).seen
        assert values(await session_of(store, ANN)) == ["fsa"]


@pytest.mark.parametrize("error", [sqlite3.OperationalError("locked"), OSError(28, "No space")])
async def test_a_handlers_own_trouble_with_a_disk_is_not_taken_for_the_stores(place, error):
    def breaks(session):
        raise error

    async with place.store() as store:
        outcomes = await asyncio.gather(
            store.turn(ANN, 1, breaks), store.turn(BEN, 2, says("Hi.")), return_exceptions=True
        )
        assert outcomes[0] is error
        assert not outcomes[1].seen


async def test_failures_are_counted_over_restarts(place):
    def breaks(session):
        raise LookupError

    for _ in range(4):
        async with place.store() as store:
            with pytest.raises(LookupError):
                await store.turn(ANN, 9, breaks)
    async with place.store() as store:
        with pytest.raises(PutAside):
            await store.turn(ANN, 9, breaks)


async def test_turns_that_wait_together_share_one_commit_and_keep_their_order(place):
    order, commits = [], []

    def notes(number):
        def work(session):
            order.append(number)
            return says(answer=str(number))(session)

        return work

    async with place.store() as store:
        gate = threading.Event()
        blocker = asyncio.create_task(store._writer.do(gate.wait))
        await asyncio.sleep(0.05)
        store._db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        tasks = [asyncio.create_task(store.turn(ANN, n, notes(n))) for n in range(30)]
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(blocker, *tasks)
        store._db.set_trace_callback(None)
        assert order == list(range(30))
        assert values(await session_of(store, ANN)) == [str(n) for n in range(30)]
    assert len(commits) == 1


async def test_an_unchanged_turn_keeps_the_session_and_only_adds_what_to_send(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa", finished=True))
        other = Session("another")
        done = await store.turn(
            ANN, 2, lambda _: Turn(other, (Message("Old button."),), changed=False)
        )
        assert [one.outgoing.text for one in done.pending] == ["Old button."]
        assert values(await session_of(store, ANN)) == ["fsa"]
        assert (await store.export(ANN))["finished"]
        # Doubtful: it says both "as before" and "nobody". What can be undone wins.
        await store.turn(ANN, 3, lambda _: Turn(None, (), changed=False))
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_somebody_without_a_session_leaves_a_row_only_while_something_is_unsent(place):
    async with place.store() as store:
        await store.turn(ANN, 1, lambda _: Turn(None, (), held="massage gun"))
        assert (await store.figures())["rows"] == 0
        done = await store.turn(ANN, 2, forgets("May I keep your answers?"))
        assert (await store.figures())["rows"] == 1
        await store.sent(ANN, done.pending[-1].seq)
        assert (await store.figures())["rows"] == 0


async def test_a_mark_waits_for_a_turn_to_share_its_commit_but_not_for_long(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says("Hello."))
        began = time.monotonic()
        await store.sent(ANN, 1)
        assert time.monotonic() - began < 1
        assert await store.unsent() == []


async def test_a_mark_for_somebody_unknown_changes_nothing(place):
    async with place.store() as store:
        await store.sent(ANN, 10, question=3, messages=[3])
        assert (await store.figures())["rows"] == 0


async def test_a_cancelled_caller_leaves_the_store_in_order(place):
    async with place.store() as store:
        task = asyncio.create_task(store.turn(ANN, 1, says(answer="fsa")))
        await asyncio.sleep(0)
        task.cancel()
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_a_closed_store_says_so(place):
    store = place.open()
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.turn(ANN, 1, says())
    await store.close()


async def test_closing_finishes_what_waits(place):
    store = place.open()
    tasks = [asyncio.create_task(store.turn(ANN, n, says(answer=str(n)))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    assert not any(done.seen for done in await asyncio.gather(*tasks))
    async with place.store() as store:
        assert len(values(await session_of(store, ANN))) == 20


TEXTS = st.text(st.characters(), max_size=40)
ANSWERS = st.one_of(
    TEXTS,
    st.none(),
    st.integers(-(10**12), 10**12),
    st.lists(TEXTS, max_size=3),
    st.dictionaries(TEXTS, st.one_of(TEXTS, st.none()), max_size=3),
)
OUTGOING = st.one_of(
    st.builds(
        Message,
        TEXTS,
        st.lists(st.builds(Entity, TEXTS, st.integers(0, 9), st.integers(0, 9))).map(tuple),
        st.lists(st.lists(st.builds(Button, TEXTS, TEXTS), max_size=2).map(tuple)).map(tuple),
    ),
    st.builds(Edit, TEXTS),
    st.builds(File, TEXTS, TEXTS, TEXTS, TEXTS),
)


@given(answers=st.lists(ANSWERS, max_size=5), outgoing=st.lists(OUTGOING, max_size=4))
def test_any_record_comes_back_as_it_was_kept(answers, outgoing):
    session = Session("n0nce")
    for number, answer in enumerate(answers):
        session = session.answered(f"step{number}", answer, NOW)
    record = Record().with_session(session).with_outgoing(outgoing, 7, 1_000)
    record = record.sent(7, 3, [5, 6], 2_000)
    again = Record.from_bytes(record.to_bytes())
    assert again == record
    assert again.session == session
    assert [one.outgoing for one in again.pending] == outgoing[1:]
    assert again.to_json()["unsent"] == [
        [8 + place, 1_000, json.loads(json.dumps(to_json(one)))]
        for place, one in enumerate(outgoing[1:])
    ]


def test_the_newest_message_ids_are_kept_and_never_so_many_that_a_row_grows_without_end():
    record = Record()
    for first in range(0, 5_000, 100):
        record = record.with_messages(range(first, first + 100), 0)
    assert [number for number, _ in record.messages] == list(range(2_000, 5_000))


def test_message_ids_are_kept_for_48_hours_only():
    record = Record().sent(0, None, [1], 1_000).sent(0, None, [2], 1_000 + 48 * 3600)
    assert record.messages == ((2, 1_000 + 48 * 3600),)


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([ANN, BEN]),
            st.sampled_from(["say", "mark", "forget", "restart"]),
            st.integers(0, 5),
        ),
        max_size=25,
    )
)
def test_whatever_happens_the_store_is_as_a_plain_dictionary_would_be(tmp_path_factory, steps):
    place = Place(tmp_path_factory.mktemp("store"))
    expected = {ANN: ([], []), BEN: ([], [])}

    async def live():
        store = place.open()
        for chat, step, number in steps:
            answers, unsent = expected[chat]
            if step == "say":
                done = await store.turn(chat, None, says(f"m{number}", answer=str(number)))
                answers.append(str(number))
                unsent.append((done.pending[-1].seq, f"m{number}"))
            elif step == "mark":
                upto = unsent[min(number, len(unsent)) - 1][0] if unsent and number else 0
                await store.sent(chat, upto)
                unsent[:] = [one for one in unsent if one[0] > upto]
            elif step == "forget":
                await store.turn(chat, None, forgets())
                answers.clear()
                unsent.clear()
            else:
                await store.close()
                store = place.open()
        left = {one.chat: one.pending for one in await store.unsent()}
        for chat, (answers, unsent) in expected.items():
            session = await session_of(store, chat)
            assert (values(session) if session else []) == answers
            seen = [(one.seq, one.outgoing.text) for one in left.get(chat, ())]
            assert seen == unsent
        await store.close()

    asyncio.run(live())


# --- crashes -------------------------------------------------------------------------------

CRASHING = """
    import asyncio, sys
    from pathlib import Path
    from datetime import UTC, datetime
    from bot.conversation import Turn
    from bot.outgoing import Message
    from bot.session import Session
    from bot.storage_sqlite import open_store

    NOW = datetime(2026, 11, 23, tzinfo=UTC)

    async def main():
        store = open_store(Path(sys.argv[1]), Path(sys.argv[2]))
        async def person(chat):
            number = 0
            while True:
                number += 1
                def work(session):
                    session = session or Session("n0nce")
                    n = len(session.answers)
                    return Turn(session.answered(f"s{n}", n, NOW), (Message(str(n)),))
                await store.turn(chat, chat * 1_000_000 + number, work)
                print("acknowledged", chat, flush=True)
        await asyncio.gather(*(person(chat) for chat in range(1, 6)))

    asyncio.run(main())
"""


async def test_whatever_was_acknowledged_is_there_after_sigkill_and_in_order(place):
    arguments = [sys.executable, "-c", textwrap.dedent(CRASHING), place.path, place.key]
    acknowledged = {}
    for round_ in range(3):
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(60 + 17 * round_):
                _, chat = process.stdout.readline().split()
                acknowledged[int(chat)] = acknowledged.get(int(chat), 0) + 1
            process.send_signal(signal.SIGKILL)
            for line in process.stdout.read().splitlines():
                if len(line.split()) == 2:
                    chat = int(line.split()[1])
                    acknowledged[chat] = acknowledged.get(chat, 0) + 1
        assert process.returncode == -signal.SIGKILL
        async with place.store() as store:
            unsent = {one.chat: one.pending for one in await store.unsent()}
            for chat, count in acknowledged.items():
                kept = values(await session_of(store, chat))
                assert kept == list(range(len(kept)))
                # A turn may be durable whose acknowledgement the kill swallowed: at most one each,
                # and the next process meets its update again only if it was not acknowledged.
                assert count <= len(kept) <= count + 1 + round_
                assert [one.outgoing.text for one in unsent[chat]] == [str(n) for n in kept]
        # The next process counts its updates anew.
        place.sql("DELETE FROM seen")
    assert len(acknowledged) == 5


async def test_a_deletion_that_was_told_to_the_ledger_is_repeated_when_its_commit_was_lost(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(BEN, 2, says(answer="hsa"))
    backup(place.path, place.path.with_name("before.db"))
    async with place.store() as store:
        await store.turn(ANN, 3, forgets())
    shutil.copy(place.path.with_name("before.db"), place.path)
    async with place.store() as store:
        assert await session_of(store, ANN) is None
        assert values(await session_of(store, BEN)) == ["hsa"]


# --- what is out of order ------------------------------------------------------------------


async def test_a_full_disk_acknowledges_nobody_and_passes(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        outcomes = await asyncio.gather(
            store.turn(ANN, 2, says(answer="x" * 200_000)),
            store.turn(BEN, 3, says(answer="x" * 200_000)),
            return_exceptions=True,
        )
        assert {type(one) for one in outcomes} == {StoreUnavailable}
        assert "the disk is full" in str(outcomes[0])
        assert str(place.path) in str(outcomes[0])
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert not (await store.turn(ANN, 2, says(answer="hsa"))).seen
        assert values(await session_of(store, ANN)) == ["fsa", "hsa"]


async def test_a_locked_database_acknowledges_nobody_and_passes(place, monkeypatch):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        store._db.execute("PRAGMA busy_timeout = 50")
        with closing(sqlite3.connect(place.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            outcomes = await asyncio.gather(
                *(store.turn(ANN, n, says(answer="hsa")) for n in range(2, 30)),
                return_exceptions=True,
            )
            other.execute("ROLLBACK")
        assert {type(one) for one in outcomes} == {StoreUnavailable}
        assert "another program holds the database" in str(outcomes[0])
        await store.turn(ANN, 2, says(answer="hsa"))
        assert values(await session_of(store, ANN)) == ["fsa", "hsa"]


async def test_a_commit_that_fails_tells_everyone_in_it_and_takes_the_ledger_back(
    place, monkeypatch
):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        ledger = place.ledger.read_bytes()

        class Failing:
            def __init__(self, db):
                self.db = db

            def __getattr__(self, name):
                return getattr(self.db, name)

            def execute(self, sql, *values):
                if sql == "COMMIT":
                    error = sqlite3.OperationalError("disk I/O error")
                    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                    raise error
                return self.db.execute(sql, *values)

        with monkeypatch.context() as patch:
            patch.setattr(store._writer, "db", Failing(store._db))
            outcomes = await asyncio.gather(
                store.turn(ANN, 2, forgets("Gone.")),
                store.turn(BEN, 3, says("Hello.")),
                return_exceptions=True,
            )
        assert {type(one) for one in outcomes} == {StoreUnavailable}
        assert "the disk does not read or write as it should" in str(outcomes[0])
        assert place.ledger.read_bytes() == ledger
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_a_database_that_was_replaced_while_serving_is_not_written_to(place, tmp_path):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        backup(place.path, tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(place.path)
        with pytest.raises(StoreUnavailable, match="was replaced while the bot runs"):
            await store.turn(ANN, 2, says(answer="hsa"))


async def test_a_database_that_was_removed_while_serving_is_not_written_to(place):
    async with place.store() as store:
        place.path.unlink()
        with pytest.raises(StoreUnavailable, match=r"lmn-bot\.db: No such file"):
            await store.turn(ANN, 2, says(answer="hsa"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else for a test")
def test_a_read_only_folder_is_refused_with_a_sentence(place):
    asyncio.run(_open_and_close(place))
    folder = place.path.parent
    for one in (folder, *folder.iterdir(), place.key.parent, *place.key.parent.iterdir()):
        os.chown(one, 65534, 65534)
    # Others must be able to come as far as the folder.
    for parent in place.path.parents[1:-1]:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    for file in folder.iterdir():
        file.chmod(0o400)
    folder.chmod(0o500)
    script = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from bot.storage import StoreRefused
        from bot.storage_sqlite import open_store
        os.setgid(65534)
        os.setuid(65534)
        try:
            open_store(Path(sys.argv[1]), Path(sys.argv[2]))
        except StoreRefused as refused:
            print(refused)
        """
    )
    arguments = [sys.executable, "-c", script, place.path, place.key]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert str(place.path) in said
    assert "Check" in said


async def _open_and_close(place):
    await place.open().close()


async def test_a_damaged_row_hurts_only_its_own_session(place):
    async with place.store() as store:
        for chat, update in ((ANN, 1), (BEN, 2)):
            await store.turn(chat, update, says("Hello.", answer="fsa"))
    place.sql("UPDATE session SET sealed = randomblob(100) WHERE n = 1")
    async with place.store() as store:
        outcomes = await asyncio.gather(
            store.turn(ANN, 3, says("One.")),
            store.turn(BEN, 4, says("Two.")),
            store.sent(ANN, 1),
            return_exceptions=True,
        )
        assert isinstance(outcomes[0], DamagedSession)
        assert outcomes[0].chat == ANN
        assert outcomes[1].pending[-1].outgoing.text == "Two."
        assert [one.chat for one in await store.unsent()] == [BEN]
        # Gently: forget what cannot be read, and begin again. The update was not used up.
        assert await store.delete(ANN) == ()
        done = await store.turn(ANN, 3, says("Please start again.", answer="hsa"))
        assert not done.seen
        assert values(await session_of(store, ANN)) == ["hsa"]


@pytest.mark.parametrize("column", ["wrapped", "id", "version", "key"])
async def test_damage_in_any_column_is_noticed(place, column):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
    damage = "version + 1" if column == "version" else "randomblob(16)"
    place.sql(f"UPDATE session SET {column} = {damage}")
    async with place.store() as store:
        with pytest.raises(DamagedSession):
            await store.turn(ANN, 2, says())


async def test_one_chats_row_cannot_be_passed_off_as_anothers(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(BEN, 2, says(answer="hsa"))
    place.sql("UPDATE session SET lookup = x'00' WHERE n = 2")
    place.sql(
        "UPDATE session SET lookup = (SELECT lookup FROM session WHERE n = 1) || x'' WHERE n = 9"
    )
    [(ann,)] = place.sql("SELECT lookup FROM session WHERE n = 1")
    place.sql("UPDATE session SET lookup = x'01' WHERE n = 1")
    place.sql("UPDATE session SET lookup = ? WHERE n = 2", ann)
    async with place.store() as store:
        with pytest.raises(DamagedSession):
            await store.turn(ANN, 3, says())


# --- key, database and ledger belong together ----------------------------------------------


def test_the_key_may_not_stand_in_the_databases_folder(tmp_path):
    with pytest.raises(StoreRefused, match="may not be in the database's folder"):
        open_store(tmp_path / "lmn-bot.db", tmp_path / "keys" / "lmn-bot.key")


async def test_files_are_made_for_their_owner_only(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        files = [*place.path.parent.iterdir(), place.key, place.ledger]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(place.path.parent.stat().st_mode) == 0o700


async def test_a_wrong_key_is_refused_and_changes_nothing(place, tmp_path):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
    right = place.key.read_bytes()
    place.key.unlink()
    create_key_file(place.key)
    wrong = place.key.read_bytes()
    before = place.path.read_bytes()
    with pytest.raises(StoreRefused, match=r"this is not the key of .* Nothing was changed"):
        place.open()
    assert place.path.read_bytes() == before
    assert place.key.read_bytes() == wrong
    place.key.write_bytes(right)
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_a_missing_key_is_refused_and_no_new_one_is_made(place):
    await _open_and_close(place)
    place.key.unlink()
    for options in ({}, {"new_database": True}):
        with pytest.raises(StoreRefused, match=r"the key of .* is missing"):
            place.open(**options)
    assert not place.key.exists()


@pytest.mark.parametrize("left", ["key", "ledger", "both"])
async def test_a_missing_database_is_never_silently_replaced_by_an_empty_one(place, left):
    await _open_and_close(place)
    shutil.rmtree(place.path.parent)
    if left == "ledger":
        place.key.unlink()
    if left == "key":
        place.ledger.unlink()
    for _ in range(2):
        with pytest.raises(StoreRefused, match="say --new-database"):
            place.open()
        assert not place.path.exists(), "a file there hides from others that the database is gone"
    async with place.store(new_database=True) as store:
        assert await session_of(store, ANN) is None
    await _open_and_close(place)


async def test_a_missing_ledger_is_refused_until_somebody_makes_an_empty_one(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(BEN, 2, says(answer="fsa"))
        await store.turn(BEN, 3, forgets())
    place.ledger.unlink()
    with pytest.raises(StoreRefused, match="make an empty file there"):
        place.open()
    place.ledger.touch(0o600)
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["fsa"]


def test_a_start_interrupted_before_anything_was_kept_can_be_repeated(place, monkeypatch):
    def interrupted(*_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("bot.storage_sqlite.opening._settle", interrupted)
        with pytest.raises(StoreRefused):
            place.open()
    assert place.path.exists()
    assert place.key.exists()
    asyncio.run(_open_and_close(place))


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"not a database at all" * 100, "this is not a database"), (None, "another program's")],
)
def test_a_file_that_is_not_ours_is_refused_and_not_touched(place, content, what):
    place.path.parent.mkdir()
    if content is None:
        place.sql("CREATE TABLE recipes (name)")
    else:
        place.path.write_bytes(content)
    before = place.path.read_bytes()
    with pytest.raises(StoreRefused, match=what):
        place.open()
    assert place.path.read_bytes() == before
    assert not place.key.exists()


async def test_a_newer_schema_is_refused_and_an_older_one_is_brought_up_to_date(place, monkeypatch):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
    newer = (*file_module.MIGRATIONS, "CREATE TABLE reminder (n INTEGER PRIMARY KEY);\n")
    with monkeypatch.context() as patch:
        patch.setattr(file_module, "MIGRATIONS", newer)
        async with place.store() as store:
            assert values(await session_of(store, ANN)) == ["fsa"]
    assert place.sql("SELECT count(*) FROM reminder") == [(0,)]
    with pytest.raises(StoreRefused, match="a newer lmn-bot has written this database"):
        place.open()


async def test_a_migration_that_fails_leaves_the_database_as_it_was(place, monkeypatch):
    await _open_and_close(place)
    broken = (*file_module.MIGRATIONS, "CREATE TABLE reminder (n);\nCREATE NONSENSE;\n")
    with monkeypatch.context() as patch:
        patch.setattr(file_module, "MIGRATIONS", broken)
        with pytest.raises(StoreRefused):
            place.open()
    await _open_and_close(place)
    assert place.sql("SELECT name FROM sqlite_master WHERE name = 'reminder'") == []


async def test_a_second_serving_process_is_refused_with_a_sentence(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        script = textwrap.dedent(
            """
            import sys
            from pathlib import Path
            from bot.storage import StoreRefused
            from bot.storage_sqlite import open_store
            try:
                open_store(Path(sys.argv[1]), Path(sys.argv[2]))
            except StoreRefused as refused:
                print(refused)
            """
        )
        arguments = [sys.executable, "-c", script, place.path, place.key]
        said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
        assert f"another lmn-bot (process {os.getpid()}) serves from this database" in said
        await store.turn(ANN, 2, says(answer="hsa"))
    await _open_and_close(place)


async def test_sqlite_is_set_to_lose_nothing_and_to_leave_nothing(place):
    async with place.store() as store:
        pragmas = ("journal_mode", "synchronous", "secure_delete")
        found = [store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        assert found == ["wal", 2, 1]


# --- nothing is readable, nothing comes back -----------------------------------------------

CANARIES = ("canarymassagegun", "canarylumbago", "canaryhéadache")


def traces(content):
    """Every canary that is in the bytes, raw, as base64 at any offset, or as UTF-16."""
    found = []
    for word in CANARIES:
        forms = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
        forms.append(word.encode("unicode_escape"))
        for shift in range(3):
            whole = base64.b64encode(b"x" * shift + word.encode())
            forms.append(whole[4:-4])
        found += [form for form in forms if form in content]
    return found


def test_the_search_for_traces_finds_them():
    assert traces(b"..." + base64.b64encode(b"ab canarymassagegun, please") + b"...")
    assert traces("canarylumbago".encode("utf-16-le"))


async def test_no_word_and_no_chat_id_is_found_in_any_file(place):
    chat = 0x1122334455
    async with place.store() as store:
        await store.turn(chat, 1, says(CANARIES[0], answer=CANARIES[1]))
        await store.turn(
            chat,
            2,
            lambda session: Turn(session, (File("letter.txt", "text/plain", CANARIES[2]),)),
        )
        await store.sent(chat, 1, question=9, messages=[9])
        while_serving = place.bytes()
    content = while_serving + place.bytes()
    assert len(place.path.read_bytes()) > 0
    assert traces(content) == []
    for form in (b"lumbago", str(chat).encode(), chat.to_bytes(8, "big"), chat.to_bytes(5, "big")):
        assert form not in content
    assert chat.to_bytes(5, "little") not in content
    async with place.store() as store:
        assert CANARIES[1] in str(await store.export(chat))


async def test_after_a_deletion_not_even_its_sealed_bytes_are_left(place):
    kept, sealed = [], []
    async with place.store() as store:
        # Rows of many sizes that grow, so that pages are split, merged and reused.
        for number in range(120):
            chat = 5_000 + number % 40
            work = says("Hello. " * (number % 7), answer=f"answer {number} " * (number % 90))
            await store.turn(chat, number, work)
            [row] = store._db.execute(
                "SELECT id, wrapped, sealed FROM session WHERE lookup = ?",
                (store._ring.current.lookup(chat),),
            ).fetchall()
            (sealed if number % 40 < 20 else kept).append((chat, row))
        store._writer.scrub()
        for chat in {chat for chat, _ in sealed}:
            await store.turn(chat, 10_000 + chat, forgets())
        await store.figures()
        content = place.path.read_bytes() + place.path.with_name("lmn-bot.db-wal").read_bytes()
        for _, (row, wrapped, blob) in sealed:
            assert wrapped not in content
            assert wrapped[12:28] not in content
            assert row not in content
            pieces = [blob[at : at + 24] for at in range(0, len(blob) - 24, 256)]
            assert not any(piece in content for piece in pieces)
        assert kept[-1][1][1] in content  # The search does find what is kept.
        assert (await store.figures())["rows"] == 20


async def test_a_deletion_is_out_of_the_log_as_soon_as_no_reader_holds_it(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        [(wrapped,)] = store._db.execute("SELECT wrapped FROM session").fetchall()
        reader = sqlite3.connect(place.path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        await store.turn(ANN, 2, forgets())
        assert await session_of(store, ANN) is None
        reader.close()
        until = time.monotonic() + 10
        while wrapped in place.bytes():
            assert time.monotonic() < until
            await asyncio.sleep(0.1)


async def test_a_deletion_forgets_everything_but_the_farewell_and_what_to_remove(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says("One.", "Two.", answer="fsa"))
        await store.sent(ANN, 1, question=70, messages=[69, 70])
        done = await store.turn(ANN, 2, forgets("Everything is deleted."))
        assert [one.outgoing.text for one in done.pending] == ["Everything is deleted."]
        assert done.remove == (69, 70)
        assert done.question is None
        assert (await store.export(ANN))["session"] is None
        assert await store.removals() == [(ANN, (69, 70))]
        await store.sent(ANN, done.pending[-1].seq, messages=[71])
        await store.removed(ANN)
        assert await store.export(ANN) == {}
        assert (await store.figures())["rows"] == 0


async def test_a_persons_own_message_is_kept_with_its_turn_and_removed_whatever_was_sent(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"), message=68)
        await store.turn(ANN, 2, looks([]), message=69)
    async with place.store() as store:
        done = await store.turn(ANN, 3, forgets(), message=70)
        assert done.forgot
        assert done.remove == (68, 69, 70)
        assert not (await store.turn(BEN, 4, forgets("Goodbye."), message=5)).forgot


async def test_what_is_to_be_removed_from_a_chat_survives_a_restart(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says("One.", answer="fsa"))
        await store.sent(ANN, 1, messages=[69])
        await store.turn(ANN, 2, forgets())
    async with place.store() as store:
        assert await store.removals() == [(ANN, (69,))]


async def test_a_late_mark_from_before_a_deletion_does_not_hit_what_came_after_it(place):
    async with place.store() as store:
        before = await store.turn(ANN, 1, says("One.", "Two."))
        await store.turn(ANN, 2, forgets())
        after = await store.turn(ANN, 3, says("Welcome."))
        await store.sent(ANN, before.pending[-1].seq)
        assert [one.pending for one in await store.unsent()] == [after.pending]


async def test_restoring_a_backup_brings_nobody_back_who_deleted_or_was_swept(place, tmp_path):
    async with place.store() as store:
        for chat, update in ((ANN, 1), (BEN, 2), (CAT, 3)):
            await store.turn(chat, update, says(answer="fsa"))
        await store.backup(tmp_path / "monday.db")
        await store.turn(ANN, 4, forgets())
        # Ann comes back before the backup is restored; Ben deletes a session that does not open.
        await store.turn(ANN, 5, says(answer="hsa"))
        store._db.execute("UPDATE session SET sealed = x'00' WHERE n = 2")
        await store.delete(BEN)
    place.path.unlink()
    shutil.copy(tmp_path / "monday.db", place.path)
    async with place.store() as store:
        assert await session_of(store, ANN) is None
        assert await session_of(store, BEN) is None
        assert values(await session_of(store, CAT)) == ["fsa"]
        # What is kept from now on is not hit by the same lines again.
        await store.turn(ANN, 6, says(answer="hra"))
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["hra"]


async def test_a_person_who_came_back_after_deleting_stays_over_any_restart(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(ANN, 2, forgets())
        await store.turn(ANN, 3, says(answer="hsa"))
    for _ in range(2):
        async with place.store() as store:
            assert values(await session_of(store, ANN)) == ["hsa"]


async def test_an_older_ledger_does_not_delete_people_who_came_back(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(ANN, 2, forgets())
        older = place.ledger.read_bytes()
        await store.turn(ANN, 3, says(answer="hsa"))
        await store.turn(BEN, 4, says(answer="hsa"))
        await store.turn(BEN, 5, forgets())
    place.ledger.write_bytes(older)
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["hsa"]


async def test_the_ledger_says_nothing_about_anybody(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(ANN, 2, forgets())
    lines = place.ledger.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["#", "database", "deleted"]
    assert str(ANN) not in lines[2]
    ledger = Ledger(place.ledger)
    assert len(ledger.deleted_since(0)) == 1
    ledger.close()


async def test_everything_kept_about_a_chat_can_be_had(place):
    async with place.store() as store:
        assert await store.export(ANN) == {}
        await store.turn(ANN, 1, says("Hello.", answer="fsa", finished=True))
        await store.sent(ANN, 0, question=5, messages=[5])
        data = await store.export(ANN)
    assert data["chat"] == ANN
    assert data["session"]["answers"]["step0"]["value"] == "fsa"
    assert data["unsent"][0][2]["text"] == "Hello."
    assert (data["question"], data["messages"]) == (5, [[5, int(NOW.timestamp())]])
    assert (data["finished"], data["last_active"]) == (True, "2026-11-23")


# --- retention -----------------------------------------------------------------------------


def farewell(session):
    return (Message(f"Your answers will be deleted soon ({session.nonce})."),)


async def days_pass(place, store, days):
    """Every day the bot looks after its house; who was told, and how many were forgotten."""
    told, gone = [], 0
    for _ in range(days):
        place.now += timedelta(days=1)
        told += [one.chat for one in await store.due_warnings(place.now, farewell)]
        gone += await store.sweep(place.now)
    return told, gone


async def test_a_quiet_session_is_announced_after_27_days_once_and_gone_after_30(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        assert await days_pass(place, store, 26) == ([], 0)
        assert await days_pass(place, store, 1) == ([ANN], 0)
        [unsent] = await store.unsent()
        assert unsent.pending[-1].outgoing == farewell(Session("n0nce"))[0]
        assert await days_pass(place, store, 2) == ([], 0)
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_a_quiet_session_is_gone_after_30_days_and_stays_gone(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        assert await days_pass(place, store, 29) == ([ANN], 0)
        assert await days_pass(place, store, 1) == ([], 1)
        assert await session_of(store, ANN) is None
    assert "deleted" in place.ledger.read_text()


async def test_a_finished_session_stays_for_45_days(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa", finished=True))
        assert await days_pass(place, store, 41) == ([], 0)
        assert await days_pass(place, store, 3) == ([ANN], 0)
        assert await days_pass(place, store, 1) == ([], 1)


async def test_whoever_speaks_after_the_announcement_stays(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        assert await days_pass(place, store, 28) == ([ANN], 0)
        await session_of(store, ANN)
        assert await days_pass(place, store, 26) == ([], 0)
        assert await days_pass(place, store, 4) == ([ANN], 1)


async def test_retention_can_be_configured(place):
    brief = Retention(idle_days=2, finished_days=2, warning_days=1)
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        later = NOW + timedelta(days=1)
        assert len(await store.due_warnings(later, farewell, brief)) == 1
        assert await store.sweep(later, brief) == 0
        assert await store.sweep(NOW + timedelta(days=2), brief) == 1


async def test_a_clock_that_jumps_a_year_ahead_and_back_costs_nobody_anything(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        wrong = NOW + timedelta(days=365)
        await store.due_warnings(wrong, farewell)
        assert await store.sweep(wrong) == 0
        assert (await store.turn(ANN, 1, says())).seen
        place.now = NOW - timedelta(days=365)
        await store.turn(ANN, 2, says(answer="hsa"))
        assert await store.sweep(place.now) == 0
        assert values(await session_of(store, ANN)) == ["fsa", "hsa"]


async def test_many_sessions_are_swept_in_short_steps_while_turns_go_on(place):
    async with place.store() as store:
        await asyncio.gather(*(store.turn(10_000 + n, n, says(answer="x")) for n in range(500)))
        later = NOW + timedelta(days=28)
        told = await store.due_warnings(later, farewell)
        assert len({one.chat for one in told}) == 500
        sweep = asyncio.create_task(store.sweep(later + timedelta(days=3)))
        await store.turn(ANN, 9_999, says(answer="fsa"))
        assert await sweep == 500
        assert values(await session_of(store, ANN)) == ["fsa"]
        assert (await store.figures())["rows"] == 1


async def test_mail_for_somebody_without_a_session_is_dropped_after_two_days(place):
    async with place.store() as store:
        await store.turn(ANN, 1, forgets("Everything is deleted."))
        assert await store.sweep(NOW + timedelta(days=1)) == 0
        assert (await store.figures())["rows"] == 1
        await store.sweep(NOW + timedelta(days=2))
        assert (await store.figures())["rows"] == 0


async def test_update_ids_are_forgotten_after_two_days_except_the_newest(place):
    async with place.store() as store:
        await asyncio.gather(*(store.turn(ANN, n, forgets()) for n in range(1_500)))
        await store.sweep(NOW + timedelta(days=1))
        assert place.sql("SELECT count(*) FROM seen") == [(1_500,)]
        await store.sweep(NOW + timedelta(days=3))
        assert place.sql("SELECT count(*), min(update_id) FROM seen") == [(1_000, 500)]


async def test_words_that_fail_stop_the_announcement_and_nothing_else(place):
    def breaks(session):
        raise LookupError("no such text")

    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        later = NOW + timedelta(days=28)
        with pytest.raises(LookupError):
            await store.due_warnings(later, breaks)
        assert [one.chat for one in await store.due_warnings(later, farewell)] == [ANN]


# --- rotation ------------------------------------------------------------------------------


async def test_rotation_moves_every_session_to_a_new_key_while_turns_go_on(place):
    async with place.store() as store:
        await asyncio.gather(*(store.turn(10_000 + n, n, says(answer=str(n))) for n in range(700)))
        [old] = read_key_file(place.key).keys
        wrapped = [one for (one,) in store._db.execute("SELECT wrapped FROM session").fetchall()]
        rotation = asyncio.create_task(store.rotate_key())
        for number in range(50):
            await store.turn(10_000 + number, 5_000 + number, says(answer="more"))
            await store.turn(90_000 + number, 6_000 + number, says(answer="new"))
        await rotation
        [new] = read_key_file(place.key).keys
        assert new.id != old.id
        assert not any(one in place.bytes() for one in wrapped)
        assert values(await session_of(store, 10_699)) == ["699"]
    assert place.sql("SELECT DISTINCT key FROM session") == [(new.id,)]
    assert old.id not in place.bytes()
    async with place.store() as store:
        for number in (0, 49):
            assert values(await session_of(store, 10_000 + number)) == [str(number), "more"]
            assert values(await session_of(store, 90_000 + number)) == ["new"]
        assert (await store.figures())["rows"] == 750


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 5])
async def test_a_rotation_that_was_interrupted_goes_on_at_the_next_start(place, steps):
    async with place.store() as store:
        await asyncio.gather(*(store.turn(10_000 + n, n, says(answer=str(n))) for n in range(450)))
        [old] = read_key_file(place.key).keys

        def some():
            rotation = store._rotation()
            for _ in range(steps):
                next(rotation)
                yield

        await store._writer.chore(some())
        assert values(await session_of(store, 10_449)) == ["449"]
    assert len(read_key_file(place.key).keys) == (2 if steps else 1)
    async with place.store() as store:
        await store.rotate_key()
        for number in (0, 200, 449):
            assert values(await session_of(store, 10_000 + number)) == [str(number)]
    [new] = read_key_file(place.key).keys
    assert new.id != old.id


async def test_damaged_rows_do_not_keep_an_old_key_alive(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.turn(BEN, 2, says(answer="hsa"))
        store._db.execute("UPDATE session SET wrapped = randomblob(68) WHERE n = 1")
        await store.rotate_key()
        assert len(read_key_file(place.key).keys) == 1
        assert values(await session_of(store, BEN)) == ["hsa"]


async def test_a_key_file_that_cannot_be_written_stops_a_rotation_before_it_begins(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        before = place.key.read_bytes()
        away = place.key.parent.rename(place.key.parent.with_name("away"))
        with pytest.raises(StoreRefused, match="the key cannot be written"):
            await store.rotate_key()
        away.rename(place.key.parent)
        assert place.key.read_bytes() == before
        assert values(await session_of(store, ANN)) == ["fsa"]


async def test_a_deletion_after_a_rotation_holds_for_a_backup_from_before_it(place, tmp_path):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        await store.backup(tmp_path / "monday.db")
        old = place.key.read_bytes()
        await store.rotate_key()
        await store.turn(ANN, 2, forgets())
    shutil.copy(tmp_path / "monday.db", place.path)
    with pytest.raises(StoreRefused, match="an older backup needs the key file of its time"):
        place.open()
    place.key.write_bytes(old)
    async with place.store() as store:
        assert await session_of(store, ANN) is None


async def test_a_rotation_can_be_asked_for_from_another_process(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        [old] = read_key_file(place.key).keys
        await asyncio.to_thread(rotate_key, place.path, place.key, seconds=30)
        [new] = read_key_file(place.key).keys
        assert new.id != old.id
        assert values(await session_of(store, ANN)) == ["fsa"]
    names = {file.name for file in place.path.parent.iterdir()}
    assert names == {"lmn-bot.db", "lmn-bot.db.lock"}


async def test_a_request_that_makes_no_sense_is_thrown_away(place):
    async with place.store() as store:
        request = place.path.with_name("lmn-bot.db.request")
        request.write_text('{"id": "1", "do": "open the pod bay doors"}')
        until = time.monotonic() + 5
        while request.exists():
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        await store.turn(ANN, 1, says())


async def test_a_rotation_needs_no_serving_process(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
    [old] = read_key_file(place.key).keys
    await asyncio.to_thread(rotate_key, place.path, place.key)
    assert [key.id for key in read_key_file(place.key).keys] != [old.id]
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == ["fsa"]


# --- copies, and the end -------------------------------------------------------------------


async def test_a_backup_is_whole_sealed_for_its_owner_only_and_never_overwrites(place, tmp_path):
    target = tmp_path / "backups" / "monday.db"
    target.parent.mkdir()
    async with place.store() as store:
        await store.turn(ANN, 1, says(CANARIES[0], answer=CANARIES[1]))
        turns = [store.turn(BEN, n, says(answer="x")) for n in range(2, 40)]
        await asyncio.gather(store.backup(target), *turns)
        with pytest.raises(StoreUnavailable, match="this file exists"):
            await store.backup(target)
        with pytest.raises(StoreUnavailable, match="absent"):
            await store.backup(tmp_path / "absent" / "monday.db")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert traces(target.read_bytes()) == []
    assert [file.name for file in target.parent.iterdir()] == ["monday.db"]
    shutil.copy(target, place.path)
    async with place.store() as store:
        assert values(await session_of(store, ANN)) == [CANARIES[1]]


async def test_everything_can_be_destroyed_for_good_but_not_while_something_serves(place):
    async with place.store() as store:
        await store.turn(ANN, 1, says(answer="fsa"))
        with pytest.raises(StoreRefused, match="Stop it first"):
            wipe(place.path, place.key)
        assert values(await session_of(store, ANN)) == ["fsa"]
    gone = wipe(place.path, place.key)
    assert {place.path, place.key, place.ledger} <= set(gone)
    assert not any(place.path.parent.iterdir())
    assert not any(place.key.parent.iterdir())
    await _open_and_close(place)


def test_a_wipe_that_was_interrupted_after_the_key_can_be_finished(place):
    asyncio.run(_open_and_close(place))
    place.key.unlink()
    assert place.path in wipe(place.path, place.key)
