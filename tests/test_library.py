"""The folder read, checked, and remembered for the next start."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot import library, shelf
from bot.library import check, find_root, load, read_files
from bot.problems import ProblemsError
from tests.test_checks import FLOW, LETTER, base

TODAY = date(2026, 11, 23)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in base().items():
        place = tmp_path / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return tmp_path / "content"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "lmn-bot"


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The paths that are parsed from now on."""
    paths: list[str] = []

    def parse(text, path):
        paths.append(path)
        return parse_really(text, path)

    parse_really = shelf.parse
    monkeypatch.setattr(shelf, "parse", parse)
    return paths


# --- the folder ------------------------------------------------------------------------------


def test_the_folder_that_is_named_must_hold_both(tmp_path):
    (tmp_path / "flows").mkdir()
    with pytest.raises(ProblemsError, match=r"this folder does not hold flows/ and templates/\."):
        find_root(tmp_path)
    (tmp_path / "templates").mkdir()
    assert find_root(tmp_path) == tmp_path


def test_without_a_name_the_checkout_is_taken():
    assert find_root() == Path(library.__file__).parent.parent


def test_files_are_named_from_the_root_and_what_editors_leave_is_not_read(root):
    for left in (".letter.yaml.swp", "._letter.yaml", "letter.yaml~", "#letter.yaml#", ".DS_Store"):
        (root / "flows" / left).write_bytes(b"\0\xff")
    assert sorted(read_files(root)) == sorted(base())
    assert check(root, TODAY) == []


def test_a_byte_order_mark_and_the_line_ends_of_windows_change_nothing(root):
    for path, text in base().items():
        (root / path).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_files(root) == base()


def test_every_file_that_is_no_text_is_named_with_its_line(root):
    (root / FLOW).write_bytes(b"format: 1\n\nflow: \xe9\n")
    (root / "templates/en/checklist.j2").write_bytes("añ".encode("latin-1"))
    (root / "flows/folder.yaml").mkdir()
    with pytest.raises(ProblemsError) as error:
        read_files(root)
    assert [(one.path, one.line) for one in error.value.problems] == [
        ("flows/folder.yaml", 1),
        (FLOW, 3),
        ("templates/en/checklist.j2", 1),
    ]


# --- what is remembered ----------------------------------------------------------------------


def test_what_was_found_sound_is_not_parsed_again(root, parsed):
    first = load(root, TODAY)
    assert FLOW in parsed
    parsed.clear()
    again = load(root, TODAY)
    assert parsed == []
    assert again.machine.places.keys() == first.machine.places.keys()
    assert again.texts.english == first.texts.english


def test_a_file_that_changed_is_parsed_again(root, parsed):
    load(root, TODAY)
    (root / FLOW).write_text(LETTER.replace("Which account", "Which plan"), "utf-8")
    parsed.clear()
    assert load(root, TODAY).texts.english["letter.account.say"] == "Which plan pays?"
    assert FLOW in parsed


def test_files_with_an_error_are_refused_each_time(root, cache):
    (root / FLOW).write_text(LETTER.replace("go: bought", "go: bougt"), "utf-8")
    for _ in range(2):
        with pytest.raises(ProblemsError, match=r'Did you mean "bought"\?'):
            load(root, TODAY)
    assert not list(cache.glob("*"))


@pytest.mark.parametrize(
    "damage", ["", "{", "null", "5", "[]", '"a"', "[[1, 2]]", '{"flows/letter.yaml": {}}']
)
def test_a_damaged_memory_costs_time_and_nothing_else(root, cache, damage):
    load(root, TODAY)
    (kept,) = cache.glob("*.json")
    sound = kept.read_text("utf-8")
    kept.write_text(damage, "utf-8")
    assert "letter.account.say" in load(root, TODAY).texts
    assert json.loads(kept.read_text("utf-8")) == json.loads(sound)


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(root, cache):
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be", "utf-8")
    for _ in range(2):
        assert "letter.account.say" in load(root, TODAY).texts


def test_the_five_newest_memories_are_kept(root, cache):
    for number in range(7):
        (root / FLOW).write_text(LETTER.replace("A small guide", f"Guide {number}"), "utf-8")
        load(root, TODAY)
    assert len(list(cache.glob("*.json"))) == 5
