"""The command line: every way it ends, and what stands on the screen then."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot import cli
from bot.cli import commands, main

ROOT = Path(__file__).parent.parent


def every_command(group=commands, before=""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(every_command())


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """What was checked once need not be checked again."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def clean(cache, tmp_path, monkeypatch):
    """No setting of this machine, and a home folder that is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in [name for name in os.environ if name.startswith("LMN_BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", "")


@pytest.fixture
def ran(capsys, monkeypatch):
    """Run a command; its exit code, and what it wrote to both streams."""

    def run(*words, typed=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def broken(tmp_path):
    """A copy of the guide with one wrong word in one flow."""
    root = tmp_path / "content"
    for name in ("flows", "templates"):
        shutil.copytree(ROOT / name, root / name)
    path = root / "flows" / "letter.yaml"
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if re.match(r" +- go: \w+$", line))
    lines[number] += "xx"
    path.write_text("\n".join(lines), "utf-8")
    return root, number + 1


# --- what there is ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name):
    assert f"lmn-bot {name}" in (ROOT / "README.md").read_text("utf-8").replace(
        "--config config.yaml ", ""
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_a_sentence_and_an_example_that_can_be_pasted(ran, name):
    code, out, _ = ran(*name.split(), "--help")
    assert code == 0
    (example,) = re.findall(r"Example: (.*lmn-bot .*)", out)
    assert f" {name}" in example
    assert COMMANDS[name].get_short_help_str(500).endswith(".")


PAGES = ("README.md", "CONTRIBUTING.md", "config.example.yaml", "docs")


def written_commands():
    """Every `lmn-bot …` that our pages tell people to type, up to what ends it."""
    for name in PAGES:
        files = [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*.md")
        for path in files:
            for line in path.read_text("utf-8").splitlines():
                for told in re.findall(r"\blmn-bot ((?:--)?[a-z][^`|<#;&]*)", line):
                    yield path.name, told.strip()


@pytest.mark.parametrize(("page", "told"), sorted(set(written_commands())))
def test_every_command_that_a_page_tells_is_there_with_its_options(page, told):
    words = [word for word in re.split(r"[\s,)]+", told) if word]
    group, known = commands, {one for param in commands.params for one in param.opts}
    while words and group is not None:
        word = words.pop(0)
        if word in ("--config", "--content"):
            words.pop(0)
        elif not word.startswith("-"):
            assert word in group.commands, f"{page}: lmn-bot {told}"
            command = group.commands[word]
            known |= {one for param in command.params for one in param.opts}
            group = command if isinstance(command, click.Group) else None
    for word in words:
        if word.startswith("--"):
            assert word in known, f"{page}: lmn-bot {told}"


def test_version(ran):
    assert ran("--version") == (0, "lmn-bot, version 0.1.0\n", "")


# --- exit codes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["chta"],
        ["chat", "--lang", "fr"],
        ["chat", "--employer", "exmaple"],
        ["expense"],
        ["expense", "x", "--account", "fas"],
        ["check", "--format", "xml"],
        ["backup"],
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(ran, words):
    code, out, err = ran(*words)
    assert code == 2
    assert out == ""
    assert "Error: " in err


def test_a_misspelled_account_or_employer_is_met_with_a_suggestion(ran):
    assert 'Did you mean "fsa"?' in ran("expense", "x", "--account", "fas")[2]
    assert 'Did you mean "example"?' in ran("chat", "--employer", "exmaple")[2]


def test_our_bug_is_3_and_says_type_and_place_but_no_word_typed(ran, monkeypatch):
    def fails(*_):
        raise ValueError("zorblattitis")

    monkeypatch.setattr(cli, "_now", fails)
    code, out, err = ran("expense", "zorblattitis")
    assert code == 3
    assert "This is our mistake, not yours." in err
    assert re.search(r"ValueError at \w+\.py:\d+", err)
    assert "zorblattitis" not in out + err


def test_an_interruption_is_130(ran, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_now", interrupted)
    assert ran("check")[0] == 130


def test_a_reader_that_went_away_is_no_traceback():
    script = f"{sys.executable} -m bot check | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


# --- what can be mended: 1, where, what, try ---------------------------------------------------


@pytest.mark.parametrize("command", [["chat"], ["check"], ["expense", "massage gun"], ["test"]])
def test_a_broken_flow_is_1_with_file_line_and_column(ran, broken, command):
    root, number = broken
    code, out, err = ran("--content", root, *command, typed="hello\n")
    assert code == 1
    found = re.search(rf"^flows/letter\.yaml:{number}:\d+: .*does not exist.*", out + err, re.M)
    assert found
    assert "Did you mean" in found[0]


@pytest.mark.parametrize("command", [["chat"], ["run"], ["doctor"], ["wipe"], ["rotate-key"]])
def test_a_broken_configuration_is_1_with_file_line_and_column(ran, tmp_path, command):
    path = tmp_path / "config.yaml"
    path.write_text("storage:\n  pth: here.db\n", "utf-8")
    code, out, err = ran("--config", path, *command)
    assert code == 1
    where = str(path).replace(str(tmp_path), "")
    assert re.search(rf'{re.escape(where)}:2:3: .*"pth".*Did you mean "path"\?', out + err)


def test_a_configuration_that_is_not_there_is_1(ran, tmp_path):
    code, _, err = ran("--config", tmp_path / "none.yaml", "chat")
    assert code == 1
    assert err.startswith(f"{tmp_path / 'none.yaml'}: this file cannot be read")


def test_check_says_the_same_as_json_and_for_github(ran, broken):
    root, number = broken
    code, out, _ = ran("--content", root, "check", "--format", "json")
    first = json.loads(out.splitlines()[0])
    assert code == 1
    assert set(first) == {"path", "line", "column", "severity", "what", "hint"}
    code, out, _ = ran("--content", root, "check", "--format", "github")
    assert code == 1
    assert f"::error file=flows/letter.yaml,line={number},col=" in out


def test_check_of_the_shipped_guide_is_well(ran):
    code, out, _ = ran("check")
    assert code == 0
    assert out.splitlines()[-1].startswith("All is well")


# --- run -------------------------------------------------------------------------------------


def test_run_without_a_token_is_1_and_three_lines(ran):
    code, out, err = ran("run")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 3
    assert "@BotFather" in err
    assert "LMN_BOT_TELEGRAM_TOKEN=" in err
    assert "lmn-bot chat" in err


def test_run_with_a_token_but_nobody_who_runs_it_is_1(ran, monkeypatch):
    monkeypatch.setenv("LMN_BOT_TELEGRAM_TOKEN", "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake012")
    code, _, err = ran("run")
    assert code == 1
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "operator.contact",
        "operator.name",
        "operator.relation",
    ]


def test_a_prepared_key_needs_new_database_to_start_empty(ran, monkeypatch, tmp_path):
    from bot.sealing import create_key_file

    key = tmp_path / "keys" / "bot.key"
    create_key_file(key)
    said = {
        "TELEGRAM_TOKEN": "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake012",
        "TELEGRAM_BASE_URL": "http://127.0.0.1:9",
        "TELEGRAM_HEALTH_LISTEN": "192.0.2.1:9",  # not this machine's: it ends there
        "OPERATOR_NAME": "x",
        "OPERATOR_CONTACT": "y",
        "OPERATOR_RELATION": "z",
        "STORAGE_PATH": str(tmp_path / "data" / "bot.db"),
        "STORAGE_KEY_FILE": str(key),
        "STORAGE_LEDGER_FILE": str(tmp_path / "books" / "ledger"),
    }
    for name, value in said.items():
        monkeypatch.setenv(f"LMN_BOT_{name}", value)
    kept = {k: v for k, v in os.environ.items() if k != "COVERAGE_PROCESS_START"}
    for words, expected in ((["run"], "--new-database"), (["run", "--new-database"], "192.0.2.1")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=kept,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 1
        assert expected in done.stderr
    assert (tmp_path / "data" / "bot.db").exists()
    assert (tmp_path / "books" / "ledger").exists()
    assert not (tmp_path / "keys" / "bot.key.ledger").exists()


# --- chat ------------------------------------------------------------------------------------


def test_chat_from_a_pipe_takes_one_line_as_one_message_or_label(ran):
    code, out, err = ran("chat", typed="massage gun\nYes, let's start\nHSA\n/review\n")
    assert (code, err) == (0, "")
    assert out.startswith("bot: Hello. I help you ask")
    for said in ("you: massage gun", "you: HSA", "bot: Expense: Massage gun", "bot: ✓ HSA"):
        assert f"\n{said}\n" in out


def test_chat_can_begin_in_spanish_at_an_employer_and_be_recorded(ran, tmp_path):
    record = tmp_path / "story.txt"
    code, out, _ = ran(
        "chat", "--lang", "es", "--employer", "example", "--record", record, typed="hola\n"
    )
    assert code == 0
    assert "Hola." in out
    assert "language: es\nemployer: example\n\nbot: Hola." in record.read_text("utf-8")
    assert "you: hola" in record.read_text("utf-8")
    assert ran("test", record) == (0, "1 story, 0 failed\n", "")


@pytest.mark.parametrize("option", ["--record", "--save"])
def test_what_cannot_be_written_is_said_before_the_conversation(ran, tmp_path, option):
    (tmp_path / "file").write_text("mine", "utf-8")
    code, out, err = ran("chat", option, tmp_path / "file" / "x", typed="massage gun\n")
    assert (code, out) == (1, "")
    assert "this cannot be written (not a directory). Name another place" in err
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_chat_survives_a_line_that_is_not_utf_8():
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"], cwd=ROOT, input=b"\xff\xfe\n", capture_output=True
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_chat_keeps_nothing(ran, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ran("chat", typed="zorblattitis pillow\nyes\n")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"zorblattitis" not in path.read_bytes()
    assert not (tmp_path / "home" / ".local").exists()


# --- expense ---------------------------------------------------------------------------------

KINDS = {"no_letter", "letter", "prescription", "depends", "never"}


def holds_the_shape(found):
    assert list(found) == ["query", "outcome", "matches", "verdict"]
    assert found["outcome"] in {"match", "choose", "none", "not_an_expense", "emergency"}
    for match in found["matches"]:
        assert list(match) == ["id", "name", "category", "score"]
        assert isinstance(match["score"], (int, float))
    verdict = found["verdict"]
    assert (verdict is None) == (found["matches"] == [])
    if verdict is not None:
        assert list(verdict) == ["kind", "account", "reasons", "sources"]
        assert verdict["kind"] in KINDS
        assert all(isinstance(reason, str) for reason in verdict["reasons"])
        for source in verdict["sources"]:
            assert list(source) == ["title", "url", "checked_on"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", source["checked_on"])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("theragun", "match"),
        ("zorblattitis pillowcase", "none"),
        ("hello", "not_an_expense"),
        ("I want to kill myself", "emergency"),
    ],
)
def test_expense_json_has_exactly_this_shape(ran, words, outcome):
    code, out, _ = ran("expense", words, "--account", "fsa", "--json")
    assert code == 0
    found = json.loads(out)
    holds_the_shape(found)
    assert (found["query"], found["outcome"]) == (words, outcome)


def test_expense_json_of_a_massage_gun(ran):
    found = json.loads(ran("expense", "massage gun", "--account", "fsa", "--json")[1])
    assert found["matches"][0]["id"] == "massage_gun"
    assert found["verdict"]["kind"] == "letter"
    assert found["verdict"]["account"] == "fsa"
    assert found["verdict"]["sources"]
    assert json.loads(ran("expense", "massage gun", "--json")[1])["verdict"]["account"] is None


def test_expense_from_standard_input_is_one_object_a_line(ran):
    typed = "massage gun\n\n   \nsunscreen\nlentes de sol\n"
    code, out, _ = ran("expense", "-", "--json", typed=typed)
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [one["query"] for one in found] == ["massage gun", "sunscreen", "lentes de sol"]
    for one in found:
        holds_the_shape(one)


def test_expense_in_words(ran):
    code, out, _ = ran("expense", "massage gun", "--account", "hsa")
    assert code == 0
    assert out.startswith("Massage gun: ")


# --- test, translations ------------------------------------------------------------------------


def test_a_story_that_parts_from_the_bot_is_1(ran, tmp_path):
    story = tmp_path / "story.txt"
    ran("chat", "--record", story, typed="massage gun\n")
    assert ran("test", story) == (0, "1 story, 0 failed\n", "")
    story.write_text(story.read_text("utf-8").replace("Hello.", "Howdy."), "utf-8")
    code, out, _ = ran("test", story)
    assert code == 1
    assert "1 story, 1 failed" in out
    assert ran("test", "--update", story)[0] == 0
    assert ran("test", story)[0] == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (b"# x\ntoday: 2026-13-01\n\nbot: \xe2\x80\xa6\n", ':2:1: "2026-13-01" is no date.'),
        (b"# x\nlanguage: fr\n\nbot: Hi\n", ':2:1: "fr" is no language of the bot.'),
        (b"# x\ntody: 2026-11-01\n", ":2:1: this line is neither said by the bot nor by"),
        (b"\xff\xfe", ":1:1: this story cannot be read, or is not UTF-8 text."),
    ],
)
def test_a_story_with_a_mistake_is_1_and_says_where(ran, tmp_path, told, said):
    story = tmp_path / "story.txt"
    story.write_bytes(told)
    for update in ((), ("--update",)):
        code, _, err = ran("test", *update, story)
        assert code == 1
        assert err.startswith(f"{story}{said}")
    assert story.read_bytes() == told


def test_a_story_that_is_not_there_is_1_and_none_is_made(ran, tmp_path):
    code, _, err = ran("test", "--update", tmp_path / "none.txt")
    assert code == 1
    assert "there is no such story" in err
    assert not (tmp_path / "none.txt").exists()


def test_translations_update_writes_into_the_content_it_was_given(ran, tmp_path):
    root = tmp_path / "content"
    for name in ("flows", "templates"):
        shutil.copytree(ROOT / name, root / name)
    (root / "flows" / "locales" / "es.po").unlink()
    code, out, _ = ran("--content", root, "translations", "update")
    assert code == 0
    assert "updated" in out
    assert 'msgctxt "letter.account.say"' in (root / "flows/locales/es.po").read_text("utf-8")
    code, out, _ = ran("--content", root, "translations", "check")
    assert code == 1
    assert "flows/" in out
    assert re.search(r"\d+ texts to look at\n$", out)


def test_translations_are_not_praised_while_a_flow_is_broken(ran, tmp_path):
    root = tmp_path / "content"
    for name in ("flows", "templates"):
        shutil.copytree(ROOT / name, root / name)
    flow = root / "flows" / "letter.yaml"
    flow.write_text(flow.read_text("utf-8").replace("start: consent", "start: consant"), "utf-8")
    code, out, _ = ran("--content", root, "translations", "check")
    assert code == 1
    assert 'Did you mean "consent"?\nMend these first' in out


def test_translations_are_of_a_language_that_the_bot_speaks(ran):
    assert ran("translations", "update", "../../x")[0] == 2
    assert ran("translations", "check") == (0, "All is well.\n", "")
