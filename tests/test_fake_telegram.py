"""The fake Bot API server refuses what Telegram refuses, so that a test may trust its silence."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest

from tests.fake_telegram import TOKEN, FakeTelegram

HELLO: dict[str, Any] = {"chat_id": 7, "text": "Hello"}


def entity(kind: str = "bold", offset: int = 0, length: int = 5, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


async def call(
    fake: FakeTelegram, method: str, body: dict[str, Any], token: str = TOKEN
) -> tuple[int, str]:
    """The status and the description or result of one call."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{fake.base_url}/bot{token}/{method}", json=body) as response,
    ):
        reply = await response.json()
        return response.status, str(reply.get("description", reply.get("result")))


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("sendMessage", {**HELLO, "text": "a" * 4097}),
        ("sendMessage", {**HELLO, "text": "😀" * 2049}),
        ("sendMessage", {**HELLO, "text": " \n "}),
        ("sendMessage", {**HELLO, "text": "Hello\n"}),
        ("sendMessage", {**HELLO, "parse_mode": "HTML"}),
        ("sendMessage", {**HELLO, "entities": [entity(length=6)]}),
        ("sendMessage", {**HELLO, "text": "😀", "entities": [entity(length=1)]}),
        ("sendMessage", {**HELLO, "entities": [entity("spelled")]}),
        ("sendMessage", {**HELLO, "entities": [entity(language="py")]}),
        ("sendMessage", {**HELLO, "entities": [entity("text_link")]}),
        ("sendMessage", {**HELLO, "entities": [entity("text_link", url="letters")]}),
        ("sendMessage", {**HELLO, "entities": [entity("pre"), entity(length=2)]}),
        ("sendMessage", {**HELLO, "entities": [entity("blockquote"), entity("blockquote", 1, 2)]}),
        ("sendMessage", {**HELLO, "entities": [entity(length=3), entity("italic", 1, 4)]}),
        ("sendMessage", {**HELLO, "text": "b" * 101, "entities": [entity(length=1)] * 101}),
        ("sendMessage", {**HELLO, "reply_markup": keyboard({"text": "A"})}),
        ("sendMessage", {**HELLO, "reply_markup": keyboard({"text": "A", "callback_data": ""})}),
        (
            "sendMessage",
            {**HELLO, "reply_markup": keyboard({"text": "A", "callback_data": "é" * 33})},
        ),
        ("sendMessage", {**HELLO, "reply_markup": keyboard({"text": "A", "url": "letters"})}),
        (
            "sendMessage",
            {**HELLO, "reply_markup": keyboard({"text": "A", "copy_text": {"text": "a" * 257}})},
        ),
        (
            "sendMessage",
            {**HELLO, "reply_markup": keyboard(*[{"text": "A", "callback_data": "a"}] * 101)},
        ),
        ("editMessageText", {**HELLO, "message_id": 99}),
        ("deleteMessage", {"chat_id": 7, "message_id": 99}),
        ("deleteMessages", {"chat_id": 7, "message_ids": []}),
        ("deleteMessages", {"chat_id": 7, "message_ids": [1] * 101}),
        ("deleteMessages", {"chat_id": 7, "message_ids": ["1"]}),
        ("answerCallbackQuery", {"callback_query_id": "unknown"}),
        ("answerCallbackQuery", {"callback_query_id": "unknown", "text": "a" * 201}),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "Help"}]}),
        ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "Help"}]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": " "}]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": "a" * 257}]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}] * 2}),
        ("setMyCommands", {"commands": [], "language_code": "spanish"}),
        ("setMyDescription", {"description": "a" * 513}),
        ("setMyShortDescription", {"short_description": "a" * 121}),
        ("getUpdates", {"limit": 101}),
        ("sendMessage", {"chat_id": 7}),
        ("editMessageText", HELLO),
    ],
)
async def test_what_telegram_refuses_is_refused_and_written_down(method, body):
    async with FakeTelegram() as fake:
        fake.person(7)
        status, said = await call(fake, method, body)
        assert status == 400
        assert said.startswith("Bad Request: ")
        assert fake.problems != []


@pytest.mark.parametrize(
    "body",
    [
        {**HELLO, "text": "a" * 4096},
        {**HELLO, "text": "😀" * 2048, "entities": [entity(length=4096)]},
        {**HELLO, "entities": [entity("pre", language="py")]},
        {**HELLO, "entities": [entity("text_link", url="https://example.org/")]},
        {**HELLO, "reply_markup": keyboard({"text": "A", "callback_data": "é" * 32})},
        {**HELLO, "reply_markup": keyboard({"text": "A", "copy_text": {"text": "a" * 256}})},
    ],
)
async def test_what_is_just_within_the_limits_is_taken(body):
    async with FakeTelegram() as fake:
        ana = fake.person(7)
        assert (await call(fake, "sendMessage", body))[0] == 200
        assert ana.messages[0].text == body["text"]
        assert fake.problems == []


async def test_a_token_is_unknown_or_none_at_all():
    async with FakeTelegram() as fake:
        assert (await call(fake, "getMe", {}, TOKEN[:-1] + "x"))[0] == 401
        assert (await call(fake, "getMe", {}, "letters"))[0] == 404
        assert (await call(fake, "getEverything", {}))[0] == 404


async def test_an_edit_that_changes_nothing_is_said_to():
    async with FakeTelegram() as fake:
        fake.person(7)
        await call(fake, "sendMessage", HELLO)
        status, said = await call(fake, "editMessageText", {**HELLO, "message_id": 1})
        assert status == 400
        assert "message is not modified" in said


async def test_after_two_days_a_message_stays():
    async with FakeTelegram() as fake:
        ana = fake.person(7)
        await call(fake, "sendMessage", HELLO)
        await call(fake, "sendMessage", HELLO)
        old, young = ana.messages
        old.at = time.time() - 49 * 3600
        assert (await call(fake, "deleteMessage", {"chat_id": 7, "message_id": old.id}))[0] == 400
        both = {"chat_id": 7, "message_ids": [old.id, young.id]}
        assert (await call(fake, "deleteMessages", both))[0] == 200
        assert ana.messages == [old]


async def test_a_tap_that_waited_too_long_cannot_be_answered():
    async with FakeTelegram() as fake:
        ana = fake.person(7)
        fake.query_seconds = -1.0
        await ana.taps_data("a")
        status, said = await call(fake, "answerCallbackQuery", {"callback_query_id": "7-1"})
        assert status == 400
        assert "query is too old" in said
        assert fake.unanswered == []


async def test_a_webhook_and_a_poll_exclude_each_other():
    async with FakeTelegram() as fake:
        hook = {"url": "https://bot.example.org/", "secret_token": "s"}
        assert (await call(fake, "setWebhook", hook))[0] == 200
        assert (await call(fake, "getUpdates", {}))[0] == 409
