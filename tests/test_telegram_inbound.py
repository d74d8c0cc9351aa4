"""Updates -> Heard, and polling that confirms only what was taken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.effects import Attached, Command, Garbled, Tapped, Typed
from bot.outgoing import utf16_length
from bot.telegram_inbound import (
    Inbound,
    Poller,
    RawUpdate,
    WrongToken,
    clean,
    parse,
    private_chat,
    tapped,
    typed,
    update_id,
    use_polling,
    use_webhook,
)
from bot.telegram_outbound import make_bot
from tests.fake_telegram import ATTACHMENTS, TOKEN, FakeTelegram, Person

NAME = "letters_test_bot"


@pytest.fixture
def ana() -> Person:
    return FakeTelegram().person(7, "Ana")


def last(person: Person) -> RawUpdate:
    return person.fake._queue[-1]


# --- what is heard ---------------------------------------------------------------------------


async def test_a_typed_message_is_heard_as_typed(ana):
    number = await ana.says("  massage gun,\n for my neck  ")
    heard = Typed("  massage gun,\n for my neck  ")
    assert parse(last(ana), NAME) == Inbound(number, 7, True, heard, message=1)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/help", Command("help")),
        ("/HELP", Command("help")),
        ("/start acme-2026", Command("start", "acme-2026")),
        ("/help massage  gun", Command("help", "massage  gun")),
        ("/help\nwords", Command("help", "words")),
        (f"/back@{NAME}", Command("back")),
        (f"/start@{NAME.upper()} Acme", Command("start", "Acme")),
        ("/back@another_bot", Typed("/back@another_bot")),
        ("/", Typed("/")),
        ("/ help", Typed("/ help")),
        ("/1", Typed("/1")),
        ("1/2 cup", Typed("1/2 cup")),
        ("/home/me", Typed("/home/me")),
        ("/ayúdame", Typed("/ayúdame")),
    ],
)
def test_commands_are_read_with_their_words_and_their_addressee(text, heard):
    assert typed(text, NAME) == heard


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        ("k3f9.12.account.fsa", Tapped("k3f9", 12, "account", "fsa")),
        ("k3f9.0.find_account/card.yes", Tapped("k3f9", 0, "find_account/card", "yes")),
        ("k3f9.1.!change.a.b", Tapped("k3f9", 1, "!change", "a.b")),
        ("k3f9.1.account.", Tapped("k3f9", 1, "account", "")),
        (None, Garbled()),
        ("", Garbled()),
        ("k3f9.x.account.fsa", Garbled()),
        ("k3f9.-1.account.fsa", Garbled()),
        ("k3f9.١.account.fsa", Garbled()),
        ("k3f9.1.account", Garbled()),
        (".1.account.fsa", Garbled()),
        ("k3f9.1.a ccount.fsa", Garbled()),
        ("k3f9.1.account.fsa\n", Garbled()),
        ("k" * 65, Garbled()),
        ("k3f9.1.account." + "ñ" * 30, Garbled()),
        ("k3f9.1.account.\ud800", Garbled()),
        ("k3f9.1.account.\0", Garbled()),
    ],
)
def test_button_data_is_read_or_garbled(data, heard):
    assert tapped(data) == heard


async def test_a_tap_brings_the_query_that_wants_an_answer(ana):
    number = await ana.taps_data("k3f9.1.account.fsa")
    heard = Tapped("k3f9", 1, "account", "fsa")
    assert parse(last(ana)) == Inbound(number, 7, True, heard, query="7-1")


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("voice", "voice"),
        ("audio", "voice"),
        ("video_note", "voice"),
        ("photo", "photo"),
        ("video", "photo"),
        ("document", "file"),
        ("sticker", "sticker"),
        ("contact", "contact"),
        ("location", "location"),
        ("dice", "other"),
        ("poll", "other"),
    ],
)
async def test_what_is_not_text_is_heard_as_its_kind(ana, kind, heard):
    assert set(ATTACHMENTS) >= {kind}
    await ana.attaches(kind)
    inbound = parse(last(ana))
    assert inbound is not None
    assert inbound.heard == Attached(heard)


async def test_a_kind_that_did_not_exist_yesterday_is_other(ana):
    await ana.sends(hologram={"file_id": "X"})
    inbound = parse(last(ana))
    assert inbound is not None
    assert inbound.heard == Attached("other")


async def test_an_edited_message_is_heard_as_edited_whatever_it_says(ana):
    await ana.says("one")
    await ana.edits("/delete")
    inbound = parse(last(ana))
    assert inbound is not None
    assert inbound.heard == Attached("edited", "/delete")


async def test_what_is_written_under_a_photo_is_heard_with_it(ana):
    await ana.sends(photo=ATTACHMENTS["photo"], caption="my letter", media_group_id="9")
    inbound = parse(last(ana))
    assert inbound is not None
    assert inbound.heard == Attached("photo", "my letter")
    assert inbound.album == "9"


async def test_a_live_location_that_moves_is_nothing(ana):
    sent = await ana.attaches("location")
    assert parse(last(ana)) is not None
    moved = {"message_id": sent, "date": 1, "edit_date": 2, "chat": ana.chat.to_json()}
    ana.fake.update(edited_message={**moved, "location": ATTACHMENTS["location"]})
    assert parse(last(ana)) is None


async def test_what_nobody_said_is_nothing(ana):
    await ana.blocks()
    assert parse(last(ana)) is None
    await ana.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    assert parse(last(ana)) is None
    assert parse({"update_id": 5}) is None
    assert parse({"update_id": 5, "tomorrow": {"x": 1}}) is None


async def test_groups_and_channels_are_not_private(ana):
    group = ana.fake.group(-100)
    await ana.says("/start", chat=group)
    inbound = parse(last(ana), NAME)
    assert inbound is not None
    assert (inbound.chat, inbound.private) == (-100, False)
    post = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}, "text": "hi"}
    channel = parse({"update_id": 9, "channel_post": post})
    assert channel is not None
    assert not channel.private


# --- what no store or reply can carry ---------------------------------------------------------


def test_text_is_kept_as_typed_but_for_what_nothing_can_carry():
    assert clean("a\0b") == "ab"
    assert clean("a\ud83db") == "a\ufffdb"
    assert clean("\ud83d\ude00") == "😀"
    assert clean("e\u0301 \u202e<b>{{ 7*7 }}") == "e\u0301 \u202e<b>{{ 7*7 }}"
    assert clean("x" * 5000) == "x" * 4096
    assert clean("😀" * 4096) == "😀" * 2048


@given(st.text(st.characters(), max_size=50).map(lambda text: text * 200))
def test_cleaned_text_always_fits_and_can_be_stored(text):
    cleaned = clean(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert utf16_length(cleaned) <= 4096
    assert clean(cleaned) == cleaned


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(JSON)
def test_whatever_is_sent_its_id_is_read_with_care(value):
    assert update_id(value) is None


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "edited_message"]), JSON))
def test_whatever_is_sent_its_chat_is_read_with_care(value):
    assert private_chat(value) is None


async def test_the_chat_of_an_update_that_cannot_be_parsed_is_found(ana):
    await ana.says("hello")
    broken = {**last(ana)}
    del broken["message"]["message_id"]
    with pytest.raises(TypeError):
        parse(broken)
    assert private_chat(broken) == 7
    await ana.taps_data("x")
    assert private_chat(last(ana)) == 7
    await ana.says("hello", chat=ana.fake.group(-100))
    assert private_chat(last(ana)) is None


# --- polling ---------------------------------------------------------------------------------


class Taker:
    """Takes batches in, and refuses the ids it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.refuses: dict[int, int] = {}

    async def __call__(self, batch: Sequence[RawUpdate]) -> Sequence[int]:
        ids = [update["update_id"] for update in batch]
        self.batches.append(ids)
        again = [i for i in ids if self.refuses.get(i, 0) > 0]
        for i in again:
            self.refuses[i] -= 1
        return again

    @property
    def ids(self) -> list[int]:
        return [i for batch in self.batches for i in batch]


@pytest.fixture
async def polling(bot: Bot) -> AsyncIterator[tuple[Poller, Taker, asyncio.Event]]:
    taker, stop = Taker(), asyncio.Event()
    poller = Poller(bot, taker, seconds=2, first_wait=0.05)
    task = asyncio.create_task(poller.run(stop))
    yield poller, taker, stop
    stop.set()
    await task


async def test_the_next_offset_is_asked_for_only_after_the_batch_was_taken(fake, polling):
    _, taker, stop = polling
    ana = fake.person(7)
    first = await ana.says("one")
    await fake.until(lambda: taker.ids == [first])
    taker.refuses[first + 1] = 2
    second, third = await ana.says("two"), await ana.says("three")
    await fake.until(lambda: taker.ids.count(second) == 3 and third in taker.ids)
    await fake.until(lambda: fake.unconfirmed == 0)
    offsets = [call.parameters.get("offset") for call in fake.made("getUpdates")]
    assert offsets[0] is None
    assert offsets.count(second) >= 2
    stop.set()


async def test_stopping_confirms_what_was_taken_and_is_quick(fake, bot):
    taker, stop = Taker(), asyncio.Event()
    task = asyncio.create_task(Poller(bot, taker, seconds=50).run(stop))
    await fake.person(7).says("one")
    await fake.until(lambda: taker.ids)
    stop.set()
    await asyncio.wait_for(task, 2)
    assert fake.unconfirmed == 0


async def test_a_second_poller_is_told_and_stands_down(fake, polling, caplog):
    _, taker, _ = polling
    await fake.until(lambda: fake._poll)
    async with make_bot(TOKEN, fake.base_url) as other:
        with caplog.at_level(logging.WARNING):
            await other.get_updates(timeout=0)
            await fake.until(lambda: any(c.code == 409 for c in fake.made("getUpdates")))
            await fake.until(lambda: "another program is polling" in caplog.text)
    await fake.person(7).says("still here")
    await fake.until(lambda: taker.ids)


@pytest.mark.parametrize("kind", ["500", "reset", "garbage", "429"])
async def test_trouble_at_telegram_is_sat_out(fake, polling, kind):
    poller, taker, _ = polling
    await fake.until(lambda: fake._poll)
    fake.fault(kind, method="getUpdates", times=2 if kind != "429" else 1)
    ana = fake.person(7)
    first = await ana.says("one")
    second = await ana.says("two")
    await fake.until(lambda: {first, second} <= set(taker.ids))
    assert poller.reached_at is not None


async def test_a_wrong_token_is_said_in_a_sentence_without_the_token(fake, bot):
    fake.fault("401", method="getUpdates")
    with pytest.raises(WrongToken, match="does not accept this bot token") as error:
        await Poller(bot, Taker()).run(asyncio.Event())
    assert TOKEN not in str(error.value)


async def test_switching_between_webhook_and_polling_drops_nothing(fake, bot):
    ana = fake.person(7)
    await ana.says("one")
    await use_webhook(bot, "https://example.org/hook", "s3cret")
    assert fake.webhook is not None
    assert fake.webhook.secret == "s3cret"
    await use_polling(bot)
    assert fake.webhook is None
    assert fake.unconfirmed == 1
    assert fake.problems == []
