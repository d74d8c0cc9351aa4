"""Outbox -> Telegram, paced, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.outgoing import Button, Edit, Entity, File, Message, Notice
from bot.telegram_outbound import (
    UNPACED,
    AiohttpRequest,
    Bucket,
    Introduction,
    Pace,
    Sender,
    introduce,
    make_bot,
)
from tests.fake_telegram import PATIENCE, TOKEN, FakeTelegram, Person
from tests.memory_store import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def sender(bot: Bot, store: MemoryStore) -> AsyncIterator[Sender]:
    made = Sender(bot, store, pace=UNPACED, first_wait=0.02)
    yield made
    await made.finish(0)


@pytest.fixture
def ana(fake: FakeTelegram) -> Person:
    return fake.person(7, "Ana")


def send(sender: Sender, store: MemoryStore, chat: int, *outgoing: Message | Edit | File) -> None:
    sender.put(chat, store.put(chat, *outgoing), store.rows[chat].question)


async def emptied(fake: FakeTelegram, store: MemoryStore, chat: int = 7) -> None:
    await fake.until(lambda: not store.rows[chat].unsent, PATIENCE, "the outbox was not emptied")


# --- what is sent ----------------------------------------------------------------------------


async def test_a_message_arrives_with_its_entities_and_buttons(fake, sender, store, ana):
    text = "🧾 Keep this"
    question = Message(
        text,
        (Entity("bold", 3, 4), Entity("text_link", 8, 4, "https://irs.gov/x")),
        ((Button("Yes", "n.1.a.yes"), Button("IRS", url="https://irs.gov")),),
        question=True,
    )
    send(sender, store, 7, question)
    seen = await ana.sees(text)
    await emptied(fake, store)
    assert seen.styled("bold") == ["Keep"]
    assert seen.styled("text_link") == ["this"]
    assert seen.labels == ["Yes", "IRS"]
    assert store.rows[7].question == seen.id
    assert store.rows[7].messages == [seen.id]
    assert fake.problems == []
    assert "parse_mode" not in fake.made("sendMessage")[0].parameters


async def test_an_edit_closes_the_last_question_and_takes_its_buttons(fake, sender, store, ana):
    send(sender, store, 7, Message("Which?", buttons=((Button("FSA", "d"),),), question=True))
    await ana.sees("Which?")
    send(sender, store, 7, Message("an aside"), Edit("Which? FSA"))
    seen = await ana.sees("Which? FSA")
    await emptied(fake, store)
    assert seen.labels == []
    assert [m.text for m in ana.messages] == ["Which? FSA", "an aside"]


async def test_the_next_question_does_not_wait_until_the_last_one_is_closed(
    fake, sender, store, ana
):
    send(sender, store, 7, Message("Account?", question=True))
    await emptied(fake, store)
    fake.fault("slow", method="editMessageText", seconds=0.4)
    began = time.monotonic()
    send(sender, store, 7, Edit("Account? FSA"), Message("Expense?", question=True))
    await ana.sees("Expense?")
    assert time.monotonic() - began < 0.35
    assert store.rows[7].unsent, "the edit is not out, so a crash must not lose it"
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["Account? FSA", "Expense?"]
    send(sender, store, 7, Edit("Expense? Gun"))
    await ana.sees("Expense? Gun")


async def test_a_question_in_trouble_is_closed_and_not_the_next_one(fake, sender, store, ana):
    send(sender, store, 7, Message("Account?", question=True))
    await emptied(fake, store)
    fake.fault("500", method="editMessageText", times=3)
    send(sender, store, 7, Edit("Account? FSA"), Message("Expense?", question=True))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["Account? FSA", "Expense?"]


async def test_an_edit_without_a_known_question_is_skipped(fake, sender, store, ana):
    send(sender, store, 7, Edit("answered"), Message("next"))
    await ana.sees("next")
    await emptied(fake, store)
    assert fake.made("editMessageText") == []


TICKED = Edit("Which ones?", buttons=((Button("☑ Notes", "d"),),))


async def test_an_edit_may_change_the_buttons_only(fake, sender, store, ana):
    unticked = Message("Which ones?", buttons=((Button("☐ Notes", "d"),),), question=True)
    send(sender, store, 7, unticked, TICKED)
    await emptied(fake, store)
    assert [m.labels for m in ana.messages] == [["☑ Notes"]]


async def test_an_edit_with_buttons_is_sent_anew_when_its_question_is_gone(
    fake, sender, store, ana
):
    send(sender, store, 7, TICKED)
    await emptied(fake, store)
    assert [m.labels for m in ana.messages] == [["☑ Notes"]]
    ana.messages[0].deleted = True
    send(sender, store, 7, TICKED)
    await emptied(fake, store)
    assert store.rows[7].question == ana.messages[0].id
    assert fake.problems.pop().endswith("message to edit not found")


async def test_the_question_of_an_earlier_run_is_edited_too(fake, bot, store, ana):
    first = Sender(bot, store, pace=UNPACED)
    send(first, store, 7, Message("Which?", question=True))
    await emptied(fake, store)
    send(Sender(bot, store, pace=UNPACED), store, 7, Edit("Which? FSA"))
    await ana.sees("Which? FSA")
    await emptied(fake, store)


async def test_a_file_is_sent_from_memory(fake, sender, store, ana):
    send(sender, store, 7, File("carta.txt", "text/plain", "¿Qué pide el plan?", "Su carta"))
    seen = await ana.sees("Su carta")
    await emptied(fake, store)
    assert (seen.document, seen.content.decode()) == ("carta.txt", "¿Qué pide el plan?")


async def test_a_notice_left_in_the_outbox_is_done_with(fake, sender, store, ana):
    sender.put(7, store.put(7, Notice("old"), Message("new")))
    await ana.sees("new")
    await emptied(fake, store)


async def test_a_line_the_store_does_not_know_is_sent_and_not_marked(fake, sender, store, ana):
    sender.say(7, Message("One at a time, please."))
    await ana.sees("One at a time")
    assert store.marked == []


# --- order -----------------------------------------------------------------------------------


async def test_one_chat_is_served_in_order_and_chats_side_by_side(fake, sender, store):
    people = [fake.person(n) for n in range(1, 6)]
    fake.fault("slow", chat=1, seconds=0.3)
    for number in range(8):
        for person in people:
            send(sender, store, person.chat.id, Message(f"message {number}"))
    for person in people[1:]:
        await person.sees("message 7")
    assert people[0].messages == []
    await people[0].sees("message 7")
    for person in people:
        assert [m.text for m in person.messages] == [f"message {n}" for n in range(8)]


async def test_what_is_on_its_way_is_not_sent_twice(fake, sender, store, ana):
    fake.fault("slow", chat=7, seconds=0.05)
    for number in range(3):  # Every turn hands over all that is unsent.
        send(sender, store, 7, Message(f"number {number}"))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["number 0", "number 1", "number 2"]


async def test_a_seq_that_starts_again_after_a_deletion_is_sent(fake, sender, store, ana):
    send(sender, store, 7, Message("before"))
    await emptied(fake, store)
    del store.rows[7]
    send(sender, store, 7, Message("after"))
    await ana.sees("after")


async def test_an_emergency_card_overtakes_what_waits_for_its_turn(fake, bot, store, ana):
    sender = Sender(bot, store, pace=Pace(per_second=2, burst=1))
    send(sender, store, 7, *(Message(f"page {n}") for n in range(3)))
    await ana.sees("page 0")
    started = time.monotonic()
    send(sender, store, 7, Message("Call 911", urgent=True))
    await ana.sees("Call 911")
    assert time.monotonic() - started < 0.4
    await ana.sees("page 2")
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["page 0", "Call 911", "page 1", "page 2"]


async def test_an_emergency_card_does_not_wait_for_a_message_in_trouble(fake, bot, store, ana):
    sender = Sender(bot, store, pace=UNPACED, first_wait=0.5)
    fake.fault("500", chat=7, times=1)
    send(sender, store, 7, Message("unlucky"))
    await fake.until(lambda: fake.made("sendMessage"))
    send(sender, store, 7, Message("Call 988", urgent=True))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["Call 988", "unlucky"]


# --- pacing ----------------------------------------------------------------------------------


def test_a_bucket_lets_a_burst_through_and_then_paces():
    now = [0.0]
    bucket = Bucket(1.0, 5, lambda: now[0])
    assert [bucket.take() for _ in range(7)] == [0, 0, 0, 0, 0, 1, 2]
    now[0] = 100.0
    assert [bucket.take() for _ in range(6)] == [0, 0, 0, 0, 0, 1]


async def test_new_messages_are_paced_per_chat_and_edits_are_not(fake, bot, store, ana):
    sender = Sender(bot, store, pace=Pace(per_second=5, burst=2))
    send(sender, store, 7, Message("q", question=True), Edit("a"), Message("1"), Message("2"))
    await emptied(fake, store)
    times = [call.at for call in fake.calls if call.method != "getMe"]
    assert times[2] - times[0] < 0.15
    assert 0.15 < times[3] - times[2] < 1


async def test_what_nobody_waits_for_is_paced_overall(fake, bot, store):
    sender = Sender(bot, store, pace=Pace(unasked_per_second=10))
    for chat in range(100, 113):
        fake.person(chat)
        send(sender, store, chat, Message("A reminder", nobody_waits=True))
    await fake.until(lambda: len(fake.made("sendMessage")) == 13)
    times = sorted(call.at for call in fake.made("sendMessage"))
    assert times[9] - times[0] < 0.15
    assert times[12] - times[0] > 0.2


# --- trouble ---------------------------------------------------------------------------------


async def test_a_429_holds_only_its_chat(fake, sender, store, ana):
    ben = fake.person(8, "Ben")
    fake.fault("429", chat=7, seconds=1)
    started = time.monotonic()
    send(sender, store, 7, Message("for Ana"))
    send(sender, store, 8, Message("for Ben"))
    await ben.sees("for Ben")
    assert time.monotonic() - started < 0.8
    await ana.sees("for Ana")
    assert time.monotonic() - started >= 1
    assert len(ana.messages) == 1


@pytest.mark.parametrize("kind", ["500", "502", "reset", "garbage"])
async def test_trouble_at_telegram_is_sat_out_in_order(fake, sender, store, ana, kind):
    fake.fault(kind, chat=7, times=3)
    send(sender, store, 7, Message("first"), Message("second"))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["first", "second"]


async def test_a_lost_reply_may_repeat_a_message_once_and_loses_none(fake, sender, store, ana):
    fake.fault("lost", chat=7)
    send(sender, store, 7, Message("first"), Message("second"))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["first", "first", "second"]


async def test_a_server_that_hangs_is_given_up_on_and_tried_again(fake, store, ana):
    request = AiohttpRequest(read_timeout=0.1)
    bot = Bot(TOKEN, f"{fake.base_url}/bot", request=request, get_updates_request=AiohttpRequest())
    async with bot:
        fake.fault("hang", chat=7, method="sendMessage")
        sender = Sender(bot, store, first_wait=0.02)
        send(sender, store, 7, Message("hello"))
        await ana.sees("hello")
        await emptied(fake, store)


async def test_after_a_day_a_message_is_given_up_and_the_next_one_goes(fake, bot, store, ana):
    sender = Sender(bot, store, pace=UNPACED, first_wait=0.02, give_up_after=0.1)
    fault = fake.fault("500", chat=7, times=1000)
    send(sender, store, 7, Message("too late"))
    await fake.until(lambda: store.marked)
    fault.times = 0
    send(sender, store, 7, Message("in time"))
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["in time"]


async def test_a_person_who_blocked_the_bot_is_sent_nothing_more(fake, sender, store, ana):
    await ana.blocks()
    send(sender, store, 7, *(Message(f"page {n}") for n in range(4)))
    await emptied(fake, store)
    assert len(fake.made("sendMessage")) == 1
    await ana.unblocks()
    send(sender, store, 7, Message("welcome back"))
    await ana.sees("welcome back")


async def test_a_chat_that_does_not_exist_is_sent_nothing_more(fake, sender, store):
    send(sender, store, 99, Message("one"), Message("two"))
    await emptied(fake, store, 99)
    assert len(fake.made("sendMessage")) == 1


async def test_an_edit_that_changes_nothing_is_done(fake, sender, store, ana):
    send(sender, store, 7, Message("same", question=True), Edit("same"), Message("next"))
    await emptied(fake, store)
    assert fake.made("editMessageText")[0].code == 400
    assert [m.text for m in ana.messages] == ["same", "next"]


async def test_a_message_whose_looks_are_refused_is_sent_plain(fake, sender, store, ana):
    send(sender, store, 7, Message("short", (Entity("bold", 0, 500),)), Message("next"))
    await ana.sees("next")
    await emptied(fake, store)
    assert [m.text for m in ana.messages] == ["short", "next"]
    (problem,) = fake.problems
    assert problem.endswith("an entity ends behind the text")


async def test_a_message_that_can_never_be_sent_does_not_block_its_chat(fake, sender, store, ana):
    send(sender, store, 7, Message("x" * 5000), Message("next"))
    await ana.sees("next")
    await emptied(fake, store)


async def test_what_was_sent_while_the_store_was_down_is_not_sent_again(fake, sender, store, ana):
    pending = store.put(7, Message("once"))
    store.trouble = OSError("disk full")
    sender.put(7, pending)
    await ana.sees("once")
    sender.put(7, pending)
    await asyncio.sleep(0.1)
    store.trouble = None
    await emptied(fake, store)
    assert len(ana.messages) == 1


async def test_finish_leaves_in_the_store_what_cannot_go_out_now(fake, bot, store, ana):
    sender = Sender(bot, store, pace=UNPACED, first_wait=30)
    fake.fault("500", chat=7, times=9)
    send(sender, store, 7, Message("later"))
    await fake.until(lambda: fake.made("sendMessage"))
    started = time.monotonic()
    assert await sender.finish(5)
    assert time.monotonic() - started < 1
    assert len(store.left(7)) == 1


async def test_finish_waits_for_what_is_in_flight(fake, sender, store, ana):
    fake.fault("slow", chat=7, seconds=0.2)
    send(sender, store, 7, Message("hello"))
    await asyncio.sleep(0.05)
    assert sender.waiting == 1
    assert sender.oldest() > 0
    assert await sender.finish(5)
    assert store.left(7) == []
    assert sender.waiting == 0
    assert sender.oldest() == 0


async def test_lanes_of_quiet_chats_are_forgotten(fake, bot, store):
    now = [0.0]
    sender = Sender(bot, store, clock=lambda: now[0])
    for chat in range(1, 20):
        fake.person(chat)
        send(sender, store, chat, Message("hello"))
    await sender.finish(5)
    now[0] = 100.0
    sender.put(50, [])
    assert set(sender._lanes) == {50}


# --- taps ------------------------------------------------------------------------------------


async def test_a_tap_is_answered_with_and_without_a_line(fake, sender, ana):
    await ana.taps_data("x")
    await ana.taps_data("y")
    sender.answer("7-1", "That button is from before.")
    sender.answer("7-2")
    await fake.until(lambda: not fake.unanswered)
    assert ana.notices == ["That button is from before."]
    assert fake.problems == []


async def test_a_tap_that_cannot_be_answered_harms_nothing(fake, sender, store, ana):
    sender.answer("7-99", "too old")
    fake.fault("500", method="answerCallbackQuery")
    send(sender, store, 7, Message("next"))
    await ana.sees("next")


async def test_messages_are_deleted_a_hundred_at_a_time(fake, sender, store, ana):
    send(sender, store, 7, *(Message(f"{n}") for n in range(3)))
    await emptied(fake, store)
    sender.remove(7, [*store.rows[7].messages, *range(1000, 1150)])
    await fake.until(lambda: not ana.messages)
    await fake.until(lambda: store.removed_from == [7])
    assert len(fake.made("deleteMessages")) == 2


async def test_messages_that_cannot_be_deleted_now_are_left_to_the_next_start(
    fake, sender, store, ana
):
    fake.fault("500", method="deleteMessages", times=2)
    sender.remove(7, [4])
    await fake.until(lambda: store.removed_from == [7])
    store.trouble = OSError("disk full")
    sender.remove(7, [6])
    await sender.finish(5)
    assert store.removed_from == [7]


async def test_after_a_deletion_what_waited_is_not_sent(fake, bot, store, ana):
    sender = Sender(bot, store, pace=Pace(per_second=2, burst=2))
    send(sender, store, 7, *(Message(f"paper {n}") for n in range(5)))
    await ana.sees("paper 1")
    store.rows[7].unsent.clear()  # As the store does when it forgets somebody.
    sender.forget(7, store.rows[7].messages)
    send(sender, store, 7, Message("deleted"))
    await ana.sees("deleted")
    await fake.until(lambda: store.removed_from, PATIENCE)
    texts = [message.text for message in ana.chat.messages]
    assert texts == ["paper 0", "paper 1", "deleted"]
    await fake.until(lambda: [m.text for m in ana.messages] == ["deleted"], PATIENCE)

    await sender.finish(5)


async def test_what_is_on_its_way_at_a_deletion_is_taken_out_when_it_has_come(
    fake, sender, store, ana
):
    fake.fault("slow", chat=7, seconds=0.3)
    send(sender, store, 7, Message("late"))
    await fake.until(lambda: fake.made("sendMessage"))
    store.rows[7].unsent.clear()
    sender.forget(7, [])
    send(sender, store, 7, Message("deleted"))
    await ana.sees("deleted")
    assert [message.text for message in ana.chat.messages] == ["late", "deleted"]
    await fake.until(lambda: [m.text for m in ana.messages] == ["deleted"], PATIENCE)


async def test_what_telegram_does_not_take_now_is_not_tried_again_after_a_deletion(
    fake, sender, store, ana
):
    fake.fault("500", chat=7, method="sendMessage", times=1)
    send(sender, store, 7, Message("in trouble"))
    await fake.until(lambda: fake.made("sendMessage"))
    sender.forget(7, [])
    send(sender, store, 7, Message("deleted"))
    await ana.sees("deleted")
    assert [message.text for message in ana.chat.messages] == ["deleted"]


async def test_the_next_message_of_a_chat_waits_until_the_one_before_is_marked(
    fake, bot, store, ana
):
    sender = Sender(bot, store, pace=UNPACED)
    lanes = []
    sent, marked = store.sent, asyncio.Event()

    async def slowly(chat, upto, **more):
        lanes.append(([m.text for m in ana.messages], more["soon"]))
        await marked.wait()
        await sent(chat, upto, **more)

    store.sent = slowly
    send(sender, store, 7, Message("one"), Message("two"), Message("three"))
    await ana.sees("one")
    await asyncio.sleep(0.1)
    assert lanes == [(["one"], True)]
    marked.set()
    await emptied(fake, store)
    assert [texts for texts, _ in lanes] == [["one"], ["one", "two"], ["one", "two", "three"]]
    assert [soon for _, soon in lanes] == [True, True, False]
    await sender.finish(5)


# --- the bot itself --------------------------------------------------------------------------


async def test_commands_and_descriptions_are_set_in_both_languages(fake, bot):
    await introduce(
        bot,
        {
            "en": Introduction([("help", "How this works")], "A guide.", "Letters"),
            "es": Introduction([("help", "Cómo funciona")], "Una guía.", "Cartas"),
        },
    )
    assert fake.commands[""] == [{"command": "help", "description": "How this works"}]
    assert fake.commands["es"] == [{"command": "help", "description": "Cómo funciona"}]
    assert fake.descriptions == {"": "A guide.", "es": "Una guía."}
    assert fake.short_descriptions == {"": "Letters", "es": "Cartas"}


async def test_errors_never_hold_the_token_or_the_reply(fake):
    async with make_bot(TOKEN, fake.base_url) as bot:
        fake.fault("garbage")
        with pytest.raises(TelegramError) as garbage:
            await bot.get_me()
    assert "proxy" not in str(garbage.value)
    bot = make_bot(TOKEN, "http://127.0.0.1:1")
    with pytest.raises(NetworkError) as refused:
        await bot.initialize()
    await bot.shutdown()
    shown = repr(refused.value) + repr(refused.value.__cause__)
    assert TOKEN not in shown


async def test_a_request_times_out(fake):
    request = AiohttpRequest(read_timeout=0.05)
    fake.fault("hang")
    async with request:
        with pytest.raises(TimedOut):
            await request.post(f"{fake.base_url}/bot{TOKEN}/getMe")


async def test_the_connection_is_kept(fake, bot):
    for _ in range(3):
        await bot.get_me()
    assert fake.connections == 1
