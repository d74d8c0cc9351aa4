"""Outbox -> Telegram, paced, in order.

The law of this room: what was sent is marked in the store, and what is not marked is sent again.
One lane per chat keeps the order; lanes run side by side. Errors are logged by type only: their
texts can hold a token or what somebody wrote.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, assert_never

import aiohttp

# PTB's RetryAfter warns about its own attribute unless one opts in to timedelta, as here.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.outgoing import Button, Edit, Entity, File, Message, Notice, Outgoing
from bot.telegram_inbound import raw

log = logging.getLogger(__name__)

DAY = 24 * 60 * 60.0
KEEP_ALIVE = 75.0
"""Seconds for which an idle connection is kept; Telegram itself closes at about this age."""
_REMOVALS = 8
"""So often the deletion of messages is tried before it is left to the next start."""
_MARKED_WITHIN = 5.0
"""Seconds for which the next message of a chat waits for the mark of the one before."""

# --- HTTP ----------------------------------------------------------------------------------


class AiohttpRequest(BaseRequest):
    """aiohttp behind python-telegram-bot.

    httpx, PTB's default, takes nine-tenths of the CPU of a call and lets go of a connection after
    five quiet seconds. Timeouts are in seconds.
    """

    __slots__ = ("_connections", "_read_timeout", "_session")

    def __init__(self, *, connections: int = 100, read_timeout: float = 15.0) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the connection pool; the first call makes the first connection."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request. Raises ``TimedOut`` or ``NetworkError``, without the URL in their text."""
        if self._session is None:
            raise NetworkError("The request is not initialized.")

        def seconds(given: Any, default: float | None) -> float | None:
            return default if given is BaseRequest.DEFAULT_NONE else given

        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=seconds(pool_timeout, 30.0),
            sock_connect=seconds(connect_timeout, 10.0),
            sock_read=seconds(read_timeout, self._read_timeout),
        )
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_body(request_data)
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            # `from None`: the URL holds the token, and some of these errors hold the URL.
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The reply as JSON. PTB's own logs the reply's text when it is none; this does not."""
        try:
            value = json.loads(payload)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise TelegramError("The reply was not JSON.")
        return value


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return {"data": form}


def make_bot(token: str, base_url: str = "https://api.telegram.org") -> Bot:
    """The bot at a Bot API server. Polls have a connection of their own, so none waits for one."""
    base_url = base_url.rstrip("/").removesuffix("/bot")
    return Bot(
        token,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connections=2),
    )


# --- what Telegram shows about the bot -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Introduction:
    """What Telegram shows before and beside the chat, in one language."""

    commands: Sequence[tuple[str, str]]
    """Pairs of name (without slash) and description (1-256 characters)."""
    description: str
    """Shown in an empty chat; at most 512 characters."""
    short_description: str
    """Shown on the profile page and in shared links; at most 120 characters."""


async def introduce(bot: Bot, introductions: Mapping[str, Introduction]) -> bool:
    """Set commands and descriptions; ``en`` is what every other language sees as well.

    False when Telegram did not take them (it limits how often they change); that is no reason not
    to serve.
    """
    try:
        for language, texts in introductions.items():
            code = None if language == "en" else language
            await bot.set_my_commands(list(texts.commands), language_code=code)
            await bot.set_my_description(texts.description, language_code=code)
            await bot.set_my_short_description(texts.short_description, language_code=code)
    except TelegramError as error:
        log.warning("commands and descriptions were not set", extra=_about(error))
        return False
    return True


# --- our values as Telegram's JSON ---------------------------------------------------------
# PTB's own objects end as the same JSON, and cost a quarter of the CPU of a call.

_NO_PREVIEW = {"is_disabled": True}


def _entity(entity: Entity) -> dict[str, Any]:
    value = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    return value if entity.url is None else {**value, "url": entity.url}


def _button(button: Button) -> dict[str, str]:
    value = {"text": button.label}
    if button.data is not None:
        value["callback_data"] = button.data
    if button.url is not None:
        value["url"] = button.url
    return value


def _keyboard(rows: Sequence[Sequence[Button]]) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(one) for one in row] for row in rows]}


# --- pacing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast messages go out: per chat with a burst, and overall for what nobody awaits."""

    per_second: float = 1.0
    burst: int = 5
    unasked_per_second: float = 25.0


PACE = Pace()
"""What Telegram asks of bots: about one message a second in a chat, with a burst."""
UNPACED = Pace(per_second=float("inf"), unasked_per_second=float("inf"))
"""No pacing at all, for benchmarks against a server of one's own."""


class Bucket:
    """A token bucket. ``take`` says how many seconds to wait before the one just taken."""

    __slots__ = ("_at", "_clock", "_full", "_left", "_rate")

    def __init__(self, rate: float, full: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._full = full
        self._clock = clock
        self._left = full
        self._at = clock()

    def take(self) -> float:
        now = self._clock()
        if now > self._at:
            self._left = min(self._full, self._left + (now - self._at) * self._rate)
            self._at = now
        self._left -= 1
        return max(0.0, -self._left / self._rate)


# --- the sender ----------------------------------------------------------------------------


class Waiting(Protocol):
    """One outgoing value that waits in the store; ``seq`` grows within its chat."""

    @property
    def seq(self) -> int: ...
    @property
    def outgoing(self) -> Outgoing: ...


class Outbox(Protocol):
    """What the sender needs from the store."""

    async def sent(
        self,
        chat: int,
        upto: int,
        *,
        question: int | None = None,
        messages: Sequence[int] = (),
        soon: bool = False,
    ) -> None: ...
    async def removed(self, chat: int) -> None: ...


Count = Callable[[str, str], None]
"""Counts one thing that happened: a name and its outcome."""


def _uncounted(name: str, outcome: str) -> None:
    """Count nothing."""


class _ChatIsGone(Exception):
    """The person blocked the bot, or the chat does not exist (any more)."""


class _Leave(Exception):
    """The program is ending; what waits stays in the store for the next start."""


@dataclass(slots=True, eq=False)
class _Item:
    """One thing to send; ``seq`` is ``None`` for what the store does not know."""

    seq: int | None
    outgoing: Outgoing
    since: float
    question: int | None = None
    """The message that an edit is about."""
    forgotten: bool = False
    """The person deleted everything since: it is not to be sent any more."""


@dataclass(slots=True)
class _Lane:
    """What one chat waits for, in order, and what is known about it."""

    chat: int
    bucket: Bucket
    question: int | None
    queue: deque[_Item] = field(default_factory=deque)
    under_way: list[_Item] = field(default_factory=list)
    """What is being sent; an urgent one may be inside the pause of another."""
    known: set[int] = field(default_factory=set)
    """Every seq that is queued, or sent and not yet marked."""
    unmarked: set[int] = field(default_factory=set)
    """Every seq that is sent and not yet marked."""
    messages: list[int] = field(default_factory=list)
    """Ids that the store does not know yet."""
    new_question: int | None = None
    task: asyncio.Task[None] | None = None
    marker: asyncio.Task[None] | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    idle_since: float = 0.0

    @property
    def urgent(self) -> bool:
        """Whether something urgent is queued."""
        return any(isinstance(i.outgoing, Message) and i.outgoing.urgent for i in self.queue)

    def may_go_beside(self, edit: Edit) -> bool:
        """Whether an edit closes a question, and the next message need not wait for that."""
        return not edit.buttons and bool(self.queue) and isinstance(self.queue[0].outgoing, Message)

    def next(self) -> _Item:
        """Take the next one: the first urgent one, or simply the first."""
        for place, item in enumerate(self.queue):
            if isinstance(item.outgoing, Message) and item.outgoing.urgent:
                del self.queue[place]
                return item
        return self.queue.popleft()

    def markable(self) -> int | None:
        """Up to which seq everything is sent; ``None`` when nothing new is."""
        waiting = self.known - self.unmarked
        first_waiting = min(waiting, default=None)
        ready = [s for s in self.unmarked if first_waiting is None or s < first_waiting]
        return max(ready, default=None)


class Sender:
    """Sends what waits, chat by chat. All methods belong to one event loop."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        *,
        pace: Pace = PACE,
        first_wait: float = 0.5,
        longest_wait: float = 60.0,
        give_up_after: float = DAY,
        count: Count = _uncounted,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._pace = pace
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._give_up_after = give_up_after
        self._count = count
        self._clock = clock
        self._lanes: dict[int, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unasked = Bucket(pace.unasked_per_second, pace.unasked_per_second, clock)
        self._tidied_at = clock()
        self._closing = False

    # --- what callers say -------------------------------------------------------------------

    def put(self, chat: int, pending: Sequence[Waiting], question: int | None = None) -> None:
        """Send what is unsent in a chat; what is already on its way is recognized by its seq."""
        lane = self._lane(chat, question)
        now = self._clock()
        for waiting in pending:
            if waiting.seq not in lane.known:
                lane.known.add(waiting.seq)
                lane.queue.append(_Item(waiting.seq, waiting.outgoing, now))
        self._start(lane)

    def say(self, chat: int, message: Message) -> None:
        """Send a line that no store needs to remember."""
        lane = self._lane(chat, None)
        lane.queue.append(_Item(None, message, self._clock()))
        self._start(lane)

    def answer(self, query: str, notice: str = "") -> None:
        """Answer a callback query. Nothing waits for it, and a late one is no loss."""
        self._run(self._answer(query, notice))

    def forget(self, chat: int, messages: Sequence[int]) -> None:
        """Send nothing more of what waits in a chat, and take these and its newest messages out.

        For a deletion: what is just on its way is taken out when it has come.
        """
        unmarked: list[int] = []
        if lane := self._lanes.get(chat):
            unmarked, lane.messages = lane.messages, []
            lane.question = lane.new_question = None
            lane.known -= {item.seq for item in lane.queue if item.seq is not None}
            lane.queue.clear()
            for item in lane.under_way:
                item.forgotten = True
            lane.wake.set()
        self.remove(chat, [*messages, *unmarked])

    def remove(self, chat: int, messages: Sequence[int]) -> None:
        """Delete messages from a chat where Telegram allows it (the last 48 hours)."""
        if messages:
            self._run(self._remove(chat, list(messages)))

    @property
    def waiting(self) -> int:
        """How many things are unsent."""
        return sum(len(lane.queue) + len(lane.under_way) for lane in self._lanes.values())

    def oldest(self) -> float:
        """Age in seconds of the oldest unsent thing; 0 when nothing waits."""
        now = self._clock()
        ages = [
            now - item.since
            for lane in self._lanes.values()
            for item in (*lane.under_way, *lane.queue)
        ]
        return max(ages, default=0.0)

    async def finish(self, seconds: float) -> bool:
        """Let what is in flight go out; whether all of that did. The rest stays in the store."""
        self._closing = True
        for lane in self._lanes.values():
            lane.wake.set()
        until = self._clock() + seconds
        while running := self._running():
            left = until - self._clock()
            if left <= 0:
                break
            await asyncio.wait(running, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        running = self._running()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        return not running

    # --- lanes ------------------------------------------------------------------------------

    def _lane(self, chat: int, question: int | None) -> _Lane:
        lane = self._lanes.get(chat)
        if lane is None:
            self._tidy()
            bucket = Bucket(self._pace.per_second, self._pace.burst, self._clock)
            lane = self._lanes[chat] = _Lane(chat, bucket, question, idle_since=self._clock())
        elif lane.question is None:
            lane.question = question
        return lane

    def _start(self, lane: _Lane) -> None:
        if lane.queue and lane.task is None and not self._closing:
            lane.task = self._run(self._drive(lane))
        elif lane.urgent:
            lane.wake.set()

    def _tidy(self) -> None:
        """Forget lanes that are empty and whose bucket is full again, now and then."""
        now = self._clock()
        if now - self._tidied_at < 1:
            return
        self._tidied_at = now
        quiet = now - (self._pace.burst / self._pace.per_second + 1)
        for lane in list(self._lanes.values()):
            if not (lane.task or lane.marker) and lane.idle_since <= quiet:
                del self._lanes[lane.chat]

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _running(self) -> set[asyncio.Task[None]]:
        return {task for task in self._tasks if not task.done()}

    async def _drive(self, lane: _Lane) -> None:
        """Send everything in a lane, in order."""
        try:
            while lane.queue:
                await self._until_marked(lane)
                if not lane.queue:  # Forgotten meanwhile.
                    break
                item = lane.next()
                if isinstance(item.outgoing, Edit) and lane.may_go_beside(item.outgoing):
                    edit, item = item, lane.next()
                    await self._together(lane, edit, item)
                else:
                    await self._deliver(lane, item)
                # An edit may be repeated freely, so it is marked with the next message; unless
                # it had to become a message.
                freely = isinstance(item.outgoing, Edit) and lane.new_question is None
                if not lane.queue or not freely:
                    self._mark(lane)
        except _ChatIsGone:
            self._abandon(lane)
        except _Leave:
            self._mark(lane)
        finally:
            lane.task = None
            lane.under_way.clear()
            lane.idle_since = self._clock()

    def _abandon(self, lane: _Lane) -> None:
        """Nobody can be reached there: what waits is done with."""
        lane.queue.clear()
        lane.unmarked |= lane.known
        self._mark(lane)

    async def _until_marked(self, lane: _Lane) -> None:
        """Wait for the mark of the message before: a crash repeats what has none, so one only."""
        if lane.marker is not None and not lane.urgent:
            await asyncio.wait([lane.marker], timeout=_MARKED_WITHIN)

    def _mark(self, lane: _Lane) -> None:
        if lane.marker is None and lane.markable() is not None:
            lane.marker = self._run(self._mark_all(lane))

    async def _mark_all(self, lane: _Lane) -> None:
        """Mark what was sent, one call at a time; what is sent meanwhile goes into the next."""
        failures = 0
        try:
            while (upto := lane.markable()) is not None:
                question, lane.new_question = lane.new_question, None
                messages, count = lane.messages, len(lane.messages)
                marked = {seq for seq in lane.unmarked if seq <= upto}
                try:
                    await self._outbox.sent(
                        lane.chat,
                        upto,
                        question=question,
                        messages=tuple(messages[:count]),
                        soon=bool(lane.queue),
                    )
                except Exception as error:
                    # The store is out of order for a while. It is sent: it must not go out again.
                    if lane.new_question is None:
                        lane.new_question = question
                    failures += 1
                    log.error("what was sent could not be marked", extra=_about(error))
                    await asyncio.sleep(self._backoff(failures))
                else:
                    failures = 0
                    del messages[:count]
                    lane.unmarked -= marked
                    lane.known -= marked
        finally:
            lane.marker = None

    # --- one thing --------------------------------------------------------------------------

    async def _together(self, lane: _Lane, *items: _Item) -> None:
        """Send things that do not disturb each other: the person waits one round trip less."""
        ends = await asyncio.gather(
            *(self._deliver(lane, item) for item in items), return_exceptions=True
        )
        for end in ends:
            if end is not None:
                raise end

    async def _deliver(self, lane: _Lane, item: _Item) -> None:
        """Send one thing, however long it takes. Raises ``_ChatIsGone`` or ``_Leave``."""
        lane.under_way.append(item)
        item.question = lane.question  # As it is now: a newer question may go out beside an edit.
        await self._await_turn(lane, item)
        outcome = await self._insist(lane, item)
        lane.under_way.remove(item)
        if item.forgotten:  # It was on its way when everything was deleted.
            ids, lane.messages = lane.messages, []
            lane.question = lane.new_question = None
            self.remove(lane.chat, ids)
        if item.seq is not None:
            lane.unmarked.add(item.seq)
        self._count("send", outcome)

    async def _await_turn(self, lane: _Lane, item: _Item) -> None:
        outgoing = item.outgoing
        if isinstance(outgoing, (Edit, Notice)):
            return  # Telegram's limit is on new messages.
        wait = lane.bucket.take()
        if isinstance(outgoing, Message):
            if outgoing.urgent:
                return
            if outgoing.nobody_waits:
                wait = max(wait, self._unasked.take())
        await self._pause(lane, item, wait)

    async def _insist(self, lane: _Lane, item: _Item) -> str:
        """Send one thing again and again until it is out or can never be; the outcome."""
        failures = 0
        plain = False
        while not item.forgotten:
            try:
                await self._send(lane, item, plain=plain)
            except RetryAfter as error:
                self._count("send", "held")
                await self._hold(lane, _seconds(error))
            except (Forbidden, BadRequest) as error:
                if _is_gone(error):
                    self._count("send", "gone")
                    raise _ChatIsGone from None
                if _is_done(error, item.outgoing):
                    return "sent"
                log.error("Telegram refused a message", extra=_about(error))
                if plain or not isinstance(item.outgoing, Message):
                    return "refused"
                plain = True  # The words matter more than how they look.
            except TelegramError as error:
                failures += 1
                self._count("send", "retried")
                if self._clock() - item.since > self._give_up_after:
                    log.error("a message was given up", extra=_about(error))
                    return "given_up"
                wait = self._backoff(failures)
                if failures == 1:
                    extra = {**_about(error), "attempt": failures, "wait": round(wait, 1)}
                    log.warning("a message could not be sent yet", extra=extra)
                await self._pause(lane, item, wait, leave=True)
            except Exception as error:
                # A message of ours that cannot even be put into words must not block its chat.
                log.error("a message could not be made", extra=_about(error))
                return "refused"
            else:
                return "sent"
        return "forgotten"

    async def _pause(
        self, lane: _Lane, item: _Item, seconds: float, *, leave: bool = False
    ) -> None:
        """Wait; an urgent message that comes meanwhile is sent meanwhile."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0 and not item.forgotten:
            if leave and self._closing:
                raise _Leave
            lane.wake.clear()
            if lane.urgent:
                await self._deliver(lane, lane.next())
                self._mark(lane)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lane.wake.wait(), left)

    async def _hold(self, lane: _Lane, seconds: float) -> None:
        """Wait as Telegram asked for this chat; nothing goes out meanwhile."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            if self._closing:
                raise _Leave
            lane.wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lane.wake.wait(), left)

    async def _send(self, lane: _Lane, item: _Item, *, plain: bool) -> None:
        match outgoing := item.outgoing:
            case Message():
                await self._send_message(lane, outgoing, plain=plain)
            case Edit():
                await self._edit(lane, outgoing, item.question)
            case File():
                document = InputFile(outgoing.content.encode(), outgoing.name)
                document.mimetype = outgoing.media_type
                sent = await self._bot.send_document(
                    lane.chat, document, caption=outgoing.caption or None
                )
                lane.messages.append(sent.message_id)
            case Notice():
                return  # Belongs to a tap that was answered when it came.
            case _:
                assert_never(outgoing)

    async def _send_message(self, lane: _Lane, message: Message, *, plain: bool) -> None:
        sent = await raw(self._bot, "sendMessage", _parameters(lane, message, plain=plain))
        lane.messages.append(sent["message_id"])
        if message.question:
            lane.question = lane.new_question = sent["message_id"]

    async def _edit(self, lane: _Lane, edit: Edit, question: int | None) -> None:
        if question is not None:
            try:
                parameters = {**_parameters(lane, edit), "message_id": question}
                await raw(self._bot, "editMessageText", parameters)
            except BadRequest as error:
                if not (edit.buttons and _is_lost(error)):
                    raise
            else:
                return
        if edit.buttons:
            # There is nothing to edit, and somebody waits for these buttons.
            message = Message(edit.text, edit.entities, edit.buttons, question=True)
            await self._send_message(lane, message, plain=False)

    async def _answer(self, query: str, notice: str) -> None:
        try:
            parameters = {"callback_query_id": query, **({"text": notice} if notice else {})}
            await raw(self._bot, "answerCallbackQuery", parameters)
        except TelegramError as error:
            # Too late, or a network that is down: the button's little clock stops by itself.
            self._count("answer", "failed")
            log.info("a tap was not answered", extra=_about(error))
        else:
            self._count("answer", "sent")

    async def _remove(self, chat: int, messages: list[int]) -> None:
        try:
            for start in range(0, len(messages), 100):
                await self._remove_some(chat, messages[start : start + 100])
            await self._outbox.removed(chat)
        except Exception as error:
            # The store still knows them; the next start tries again.
            log.warning("messages could not be deleted yet", extra=_about(error))

    async def _remove_some(self, chat: int, messages: list[int]) -> None:
        for failures in range(1, _REMOVALS + 1):
            try:
                await self._bot.delete_messages(chat, messages)
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except (BadRequest, Forbidden):
                return  # Too old, gone already, or blocked: nothing more can be done.
            except TelegramError:
                if failures == _REMOVALS or self._closing:
                    raise
                await asyncio.sleep(self._backoff(failures))
            else:
                return

    def _backoff(self, failures: int) -> float:
        wait = min(self._longest_wait, self._first_wait * 2.0 ** min(failures - 1, 16))
        return wait * random.uniform(0.75, 1.0)  # noqa: S311 - spreads retries, guards nothing


def _parameters(lane: _Lane, said: Message | Edit, *, plain: bool = False) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "chat_id": lane.chat,
        "text": said.text,
        "link_preview_options": _NO_PREVIEW,
    }
    if said.entities and not plain:
        parameters["entities"] = [_entity(one) for one in said.entities]
    if said.buttons:
        parameters["reply_markup"] = _keyboard(said.buttons)
    return parameters


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


def _about(error: BaseException) -> dict[str, str]:
    return {"error": type(error).__name__}


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or any(
        part in error.message.lower() for part in ("chat not found", "peer_id_invalid")
    )


def _is_done(error: TelegramError, outgoing: Outgoing) -> bool:
    """Whether a refusal means that what we wanted is so, or can never be."""
    text = error.message.lower()
    if isinstance(outgoing, Edit):
        return "not modified" in text or _is_lost(error)
    return "query is too old" in text


def _is_lost(error: TelegramError) -> bool:
    """Whether the message to edit is gone, or was never one of ours."""
    return any(
        part in error.message.lower()
        for part in ("to edit not found", "can't be edited", "message_id_invalid")
    )
