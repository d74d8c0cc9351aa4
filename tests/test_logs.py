"""The log at its most talkative holds nothing typed, no token and no chat."""

import asyncio
import base64
import io
import json
import logging
import re
import sys
import threading
import warnings
from pathlib import Path

import pytest

from bot import logs
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.test_serving import answering, config, serving_with

SECRET = "zorblattitis"
CHAT = 7_345_612_908


@pytest.fixture
def stream():
    """The log's stream, at DEBUG; logging is as before afterwards."""
    names = [None, "bot", *logs.FOREIGN]
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    handlers = logging.getLogger().handlers[:]
    written = io.StringIO()
    logs.start("debug", written)
    yield written
    logging.captureWarnings(capture=False)
    logging.getLogger().handlers[:] = handlers
    for logger, level in before:
        logger.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_only_listed_keys_reach_a_line(stream):
    extra = {"count": 3, "chat": CHAT, "text": SECRET}
    logging.getLogger("bot.web").debug("a turn ended", extra=extra)
    (line,) = lines(stream)
    assert set(line) == {"at", "level", "room", "event", "count"}
    assert line["event"] == "a turn ended"


def test_a_message_is_never_filled_in(stream):
    logging.getLogger("bot.web").warning("typed: %s", SECRET)
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("name", [*logs.FOREIGN, "some.other.library", "botanic"])
def test_of_a_library_only_that_it_spoke_is_shown(stream, name):
    for say in ("debug", "info", "warning", "error"):
        getattr(logging.getLogger(name), say)("https://api/bot%s/%s", TOKEN, SECRET)
    assert [line["level"] for line in lines(stream)] == ["warning", "error"]
    assert SECRET not in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_a_warning_s_words_are_not_shown(stream):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"about {SECRET}", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert [line["room"] for line in lines(stream)] == ["py.warnings"]
    assert SECRET not in stream.getvalue()


def test_of_an_error_only_type_and_place_are_shown(stream):
    try:
        raise ValueError(f"cannot read {SECRET}") from KeyError(SECRET)
    except ValueError:
        logging.getLogger("bot.machine").exception("a bug")
    (line,) = lines(stream)
    assert line["error"] == "ValueError"
    assert SECRET not in stream.getvalue()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_python_itself_would_print_goes_the_same_way(stream, monkeypatch, capfd):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    logs.catch_everything()

    def fails():
        raise ValueError(SECRET)

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()

    class Fails:
        def __del__(self):
            raise ValueError(SECRET)

    Fails()
    assert [line["error"] for line in lines(stream)] == ["ValueError", "ValueError"]
    assert SECRET not in stream.getvalue()
    assert SECRET not in "".join(capfd.readouterr())


async def test_a_failing_handler_s_words_stay_out_of_the_log(stream, tmp_path):
    def failing(session, heard, held, now, language):
        if getattr(heard, "text", "") == SECRET:
            raise ValueError(f"{heard.text} is no {held}, {session}")
        return answering(session, heard, held, now, language)

    async with FakeTelegram() as fake:
        ana = fake.person(CHAT, "Anastasia")
        async with serving_with(config(fake, tmp_path), handler=failing):
            logging.getLogger("bot").setLevel(logging.DEBUG)
            await ana.says("first " + SECRET)
            await ana.sees("1: first")
            await ana.says(SECRET)
            await ana.sees("send it again")
    said = stream.getvalue()
    assert any(line.get("error") == "ValueError" for line in lines(stream))
    for word in (SECRET, "Anastasia", str(CHAT), TOKEN, TOKEN.split(":")[1]):
        assert word not in said
        assert base64.b64encode(word.encode()).decode() not in said


async def test_an_error_that_nobody_waits_for_keeps_its_words(stream):
    async def fails():
        raise ValueError(SECRET)

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"never retrieved {SECRET}", "exception": task.exception()}
    )
    assert [line["room"] for line in lines(stream)] == ["asyncio"]
    assert SECRET not in stream.getvalue()


def test_every_line_of_ours_is_a_constant_sentence():
    """ruff's G rules find filled-in messages; this finds keys that would not be shown."""
    rooms = Path(logs.__file__).parent.rglob("*.py")
    keys = {
        key
        for room in rooms
        for extra in re.findall(r"extra=\{([^}]*)\}", room.read_text("utf-8"))
        for key in re.findall(r'"(\w+)":', extra)
    }
    assert keys
    assert keys <= set(logs.ALLOWED)
