"""doctor: what it finds, and that its output may be pasted anywhere."""

import asyncio
import os
from datetime import date
from pathlib import Path

import pytest

from bot.config import load
from bot.conversation import Turn
from bot.operators import doctor
from bot.operators.doctor import examine
from bot.outgoing import Message
from bot.problems import Problem
from bot.session import Session
from bot.storage import StoreRefused
from bot.storage_sqlite import open_store
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.test_operators_upkeep import CHAT, NOW

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 23)
FULL = {
    "LMN_BOT_TELEGRAM_TOKEN": TOKEN,
    "LMN_BOT_TELEGRAM_WEBHOOK_SECRET": "hook-secret-word",
    "LMN_BOT_OPERATOR_NAME": "Maple Benefits",
    "LMN_BOT_OPERATOR_CONTACT": "privacy@example.com",
    "LMN_BOT_OPERATOR_RELATION": "an independent adviser",
    "LMN_BOT_BOT_EMPLOYER": "acme",
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    # What the flows hold is examined elsewhere, and takes seconds.
    monkeypatch.setattr(doctor, "check", lambda root, today: [])
    return tmp_path


def environment(home, **more):
    return {
        **FULL,
        "LMN_BOT_STORAGE_PATH": str(home / "data" / "bot.db"),
        "LMN_BOT_STORAGE_KEY_FILE": str(home / "keys" / "bot.key"),
        **more,
    }


def findings(variables, **more):
    return list(examine(load(None, variables), lambda: ROOT, TODAY, environment=variables, **more))


def to_mend(found):
    return [str(one) for one in found if one.mend]


async def used(home):
    store = open_store(home / "data" / "bot.db", home / "keys" / "bot.key")
    session = Session("n0nce", "en").answered("condition", "zorblattitis", NOW)
    await store.turn(CHAT, 1, lambda _: Turn(session, (Message("zorblattitis"),)))
    return store


async def test_all_well_names_counts_and_nobody(home):
    store = await used(home)
    variables = environment(home)
    said = "\n".join(str(one) for one in findings(variables))
    await store.close()
    assert to_mend(findings(variables)) == []
    assert "~/data/bot.db: opens, format 1; 1 under way, 0 finished, 1 with something" in said
    assert "the key fits the database" in said
    assert "a bot serves from it now" in said
    assert "mode 0600" in said
    hidden = ("zorblattitis", str(CHAT), str(home), "acme", "hook-secret-word", *FULL.values())
    for word in hidden:
        assert word not in said
    assert TOKEN.split(":")[1] not in said


def test_before_the_first_start_nothing_is_wrong(home):
    said = "\n".join(str(one) for one in findings(environment(home)))
    assert "no database is there yet" in said
    assert "no key yet" in said
    assert not (home / "data").exists()
    assert to_mend(findings(environment(home))) == []


def test_what_run_still_needs_is_told_without_values(home):
    variables = environment(home, LMN_BOT_TELEGRAM_TOKEN="", LMN_BOT_OPERATOR_NAME="")
    said = to_mend(findings(variables))
    assert [line.split(": ")[1] for line in said] == ["operator.name", "telegram"]


async def test_a_key_that_others_may_read_is_to_be_mended(home):
    await (await used(home)).close()
    (home / "keys" / "bot.key").chmod(0o644)
    (first, *_) = to_mend(findings(environment(home)))
    assert first == (
        "mend  ~/keys/bot.key: others may read the key (mode 0644). Run: chmod 600 ~/keys/bot.key"
    )


async def test_a_wrong_key_a_lost_ledger_and_a_lost_database_are_to_be_mended(home):
    await (await used(home)).close()
    key = home / "keys" / "bot.key"
    right = key.read_bytes()
    other = open_store(home / "else" / "bot.db", home / "elsekeys" / "bot.key")
    await other.close()
    key.write_bytes((home / "elsekeys" / "bot.key").read_bytes())
    assert "not the key of the database" in "".join(to_mend(findings(environment(home))))
    key.write_bytes(right)
    (home / "keys" / "bot.key.ledger").rename(home / "ledger")
    assert "ledger of deletions is missing" in "".join(to_mend(findings(environment(home))))
    (home / "ledger").rename(home / "keys" / "bot.key.ledger")
    assert to_mend(findings(environment(home))) == []
    (home / "data" / "bot.db").unlink()
    with pytest.raises(StoreRefused):
        open_store(home / "data" / "bot.db", key)
    assert "no database is there, but its key" in "".join(to_mend(findings(environment(home))))


async def test_a_damaged_database_is_a_sentence(home):
    await (await used(home)).close()
    (home / "data" / "bot.db").write_bytes(b"not a database, not at all " * 400)
    assert to_mend(findings(environment(home))) == [
        "mend  ~/data/bot.db: this is not a database. Name another file."
    ]


async def test_little_space_is_to_be_mended(home, monkeypatch):
    await (await used(home)).close()
    monkeypatch.setattr(doctor, "LITTLE_SPACE", 2**60)
    (said,) = to_mend(findings(environment(home)))
    assert "MB are free on its disk" in said


def test_broken_flows_are_to_be_mended(home, monkeypatch):
    broken = [Problem("flows/x.yaml", 1, 1, "wrong")]
    monkeypatch.setattr(doctor, "check", lambda root, today: broken)
    assert to_mend(findings(environment(home))) == [
        "mend  flows and templates: 1 error, 0 warnings (see lmn-bot check)"
    ]


def test_a_configuration_that_cannot_be_read_is_all_there_is_to_say(home):
    problems = (Problem(str(home / "config.yaml"), 3, 1, 'unknown key "storge"'),)
    found = list(examine(problems, lambda: ROOT, TODAY, environment=os.environ))
    assert [str(one) for one in found[1:]] == ['mend  ~/config.yaml:3:1: unknown key "storge".']


async def asked_online(home, **more):
    variables = environment(home, **more)
    found = await asyncio.to_thread(findings, variables, online=True)
    return str(found[-1])


async def test_online_says_whether_telegram_knows_the_token(home):
    async with FakeTelegram() as fake:
        there = {"LMN_BOT_TELEGRAM_BASE_URL": fake.base_url}
        assert await asked_online(home, **there) == "ok    Telegram was reached and knows the token"
        wrong = "123456:a-token-that-nobody-ever-gave-out-to-us"
        said = await asked_online(home, **there, LMN_BOT_TELEGRAM_TOKEN=wrong)
        assert said == "mend  Telegram does not accept this bot token"
    said = await asked_online(home, **there)
    assert said.startswith("mend  Telegram was not reached (")
    assert TOKEN not in said
