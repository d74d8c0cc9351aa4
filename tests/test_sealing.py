"""Answers at rest: what is sealed opens for its own place and key, and for nothing else."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing import (
    KeyFileError,
    KeyRing,
    MasterKey,
    Unreadable,
    create_key_file,
    destroy_key_file,
    new_data_key,
    read_key_file,
    replace_key_file,
    seal,
    unseal,
)

ROW = b"r" * 16
CHATS = st.integers(-(2**63), 2**63 - 1)


@given(plain=st.binary(max_size=500), version=st.integers(0, 2**63 - 1))
def test_what_was_sealed_opens_again(plain, version):
    key = new_data_key()
    sealed = seal(key, plain, table="session", row=ROW, version=version)
    assert unseal(key, sealed, table="session", row=ROW, version=version) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"table": "other", "row": ROW, "version": 3},
        {"table": "session", "row": b"x" * 16, "version": 3},
        {"table": "session", "row": ROW, "version": 2},
    ],
)
def test_what_was_sealed_for_one_place_does_not_open_at_another(elsewhere):
    key = new_data_key()
    sealed = seal(key, b"my neck", table="session", row=ROW, version=3)
    with pytest.raises(Unreadable):
        unseal(key, sealed, **elsewhere)


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_changed_bit_anywhere_is_noticed(place, bit):
    key = new_data_key()
    sealed = bytearray(seal(key, b"my neck", table="session", row=ROW, version=1))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(Unreadable):
        unseal(key, bytes(sealed), table="session", row=ROW, version=1)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
def test_what_is_cut_short_is_unreadable_and_nothing_worse(length):
    key = new_data_key()
    sealed = seal(key, b"", table="session", row=ROW, version=1)
    with pytest.raises(Unreadable):
        unseal(key, sealed[:length], table="session", row=ROW, version=1)


def test_the_same_words_never_look_the_same():
    key = new_data_key()
    first, second = (seal(key, b"x" * 40, table="t", row=ROW, version=1) for _ in range(2))
    assert first[:12] != second[:12]
    assert first[12:] != second[12:]


@given(chat=CHATS)
def test_a_wrapped_key_gives_back_the_data_key_and_the_chat(chat):
    master, data_key = MasterKey.new(), new_data_key()
    assert master.unwrap(master.wrap(data_key, chat, ROW), ROW) == (data_key, chat)


def test_a_wrapped_key_opens_in_its_own_row_only_and_with_its_own_master_only():
    master, other = MasterKey.new(), MasterKey.new()
    wrapped = master.wrap(new_data_key(), 7, ROW)
    with pytest.raises(Unreadable):
        master.unwrap(wrapped, b"x" * 16)
    with pytest.raises(Unreadable):
        other.unwrap(wrapped, ROW)
    with pytest.raises(Unreadable):
        KeyRing((master, other)).unwrap(other.id, wrapped, ROW)
    with pytest.raises(Unreadable):
        KeyRing((other,)).unwrap(master.id, wrapped, ROW)


@given(one=CHATS, two=CHATS)
def test_a_look_up_is_the_same_for_one_chat_and_differs_between_chats_and_keys(one, two):
    master = MasterKey(b"m" * 32, "2026-11-23")
    assert master.lookup(one) == master.lookup(one)
    assert (master.lookup(one) == master.lookup(two)) == (one == two)
    assert master.lookup(one) != MasterKey(b"n" * 32, "2026-11-23").lookup(one)


def test_a_master_key_shows_its_fingerprint_and_never_its_secret():
    master = MasterKey(b"secret key secret key secret key", "2026-11-23")
    assert "secret key" not in repr(KeyRing((master,)))
    assert master.id.hex() not in master.secret.hex()


def test_a_key_file_is_made_for_its_owner_only_and_read_back(tmp_path):
    path = tmp_path / "keys" / "lmn-bot.key"
    ring = create_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path) == ring
    assert [file.name for file in path.parent.iterdir()] == ["lmn-bot.key"]


def test_a_key_file_is_never_overwritten_by_a_new_one(tmp_path):
    path = tmp_path / "lmn-bot.key"
    ring = create_key_file(path)
    with pytest.raises(KeyFileError, match="cannot be made"):
        create_key_file(path)
    assert read_key_file(path) == ring


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused_with_the_command_that_mends_it(tmp_path, mode):
    path = tmp_path / "lmn-bot.key"
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        read_key_file(path)


def test_a_key_mounted_as_a_read_only_link_can_be_read(tmp_path):
    ring = create_key_file(tmp_path / "real.key")
    (tmp_path / "real.key").chmod(0o400)
    (tmp_path / "linked.key").symlink_to("real.key")
    assert read_key_file(tmp_path / "linked.key") == ring


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no key in this file"),
        (b"# only a remark\n", "no key in this file"),
        (b"hello\n", "1: this is not a line of a key file"),
        (b"lmn-bot-key 2026-11-23 c2hvcnQ=\n", "1: this key is damaged"),
        (b"\n\nlmn-bot-key 2026-11-23 !!!!\n", "3: this key is damaged"),
        (b"lmn-bot-key 2026-11-23 " + b"QUJD" * 10 + b"QU==\n" * 2, "damaged|not a line"),
        (b"\xff\xfe", "this is not a key file"),
    ],
)
def test_a_damaged_key_file_is_refused_with_a_sentence_that_quotes_nothing(tmp_path, content, what):
    path = tmp_path / "lmn-bot.key"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match=what) as refused:
        read_key_file(path)
    assert "QUJD" not in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_key_that_stands_in_its_file_twice_is_refused(tmp_path):
    key = MasterKey.new()
    with pytest.raises(KeyFileError, match="twice"):
        KeyRing.from_text(KeyRing((key, key)).to_text(), "lmn-bot.key")


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True))
def test_any_ring_survives_its_file(secrets):
    ring = KeyRing(tuple(MasterKey(secret, "2026-11-23") for secret in secrets))
    assert KeyRing.from_text(ring.to_text(), "lmn-bot.key") == ring


def test_a_missing_key_file_and_a_folder_are_refused_with_a_sentence(tmp_path):
    with pytest.raises(KeyFileError, match=r"absent\.key: the key cannot be read \(No such file"):
        read_key_file(tmp_path / "absent.key")
    with pytest.raises(KeyFileError, match=r"cannot be read|not a file"):
        read_key_file(tmp_path)


def test_keys_are_replaced_all_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "lmn-bot.key"
    old = create_key_file(path)
    new = KeyRing((MasterKey.new(), *old.keys))

    def full_disk(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(KeyFileError, match="No space left"):
            replace_key_file(path, new)
    assert read_key_file(path) == old
    assert [file.name for file in tmp_path.iterdir()] == ["lmn-bot.key"]
    replace_key_file(path, new)
    assert read_key_file(path) == new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_destroyed_key_is_overwritten_before_it_is_removed(tmp_path):
    path = tmp_path / "lmn-bot.key"
    create_key_file(path)
    (tmp_path / "link").hardlink_to(path)
    destroy_key_file(path)
    assert not path.exists()
    assert set((tmp_path / "link").read_bytes()) == {0}
