"""The bot as a program: updates in, turns into the store, messages out, until it is told to stop.

The law of this room: an update is done with when its turn is committed, or when it is put aside
after failing again and again. In one chat nothing overtakes; chats never wait for each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import logs
from bot.config import Config, Secrets
from bot.conversation import Handler, Turn
from bot.effects import Heard
from bot.outgoing import Message, Notice, Outgoing
from bot.problems import Problem, ProblemsError
from bot.session import Session
from bot.storage import (
    DamagedSession,
    Done,
    PutAside,
    Retention,
    StoreRefused,
    StoreUnavailable,
    Unsent,
    Work,
)
from bot.storage_sqlite import open_store
from bot.telegram_inbound import (
    Inbound,
    Poller,
    RawUpdate,
    WrongToken,
    connect,
    parse,
    private_chat,
    update_id,
    use_polling,
    use_webhook,
)
from bot.telegram_outbound import (
    PACE,
    UNPACED,
    Introduction,
    Outbox,
    Pace,
    Sender,
    introduce,
    make_bot,
)
from bot.web import Health, Metrics, Site, pages, webhook

log = logging.getLogger(__name__)

TRIES = 5
"""So often an update may fail before it is put aside; the store counts across restarts."""
A_MINUTE = 30
"""Updates of one chat that are handled in a minute."""
GROUP_QUIET = 600.0
"""Seconds between two lines in one group."""
HELD_AT_MOST = 10_000
"""First messages that wait in memory for consent; the oldest goes when there are more."""
STOP_SECONDS = 10.0
"""Seconds in which everything in flight is finished after SIGTERM."""
HOUSEKEEPING = 3600.0
"""Seconds between two looks for sessions that are too old."""
_STUCK_AT_MOST = 120.0
"""Seconds for which later updates of a chat wait for an earlier one that could not be committed."""


class Store(Outbox, Protocol):
    """What serving needs from a store; see ``bot/storage.py`` for the values and errors."""

    async def turn(
        self, chat: int, update: int | None, work: Work, *, message: int | None = None
    ) -> Done: ...
    async def unsent(self) -> list[Unsent]: ...
    async def removals(self) -> list[tuple[int, tuple[int, ...]]]: ...
    async def delete(self, chat: int) -> tuple[int, ...]: ...
    async def due_warnings(
        self,
        now: datetime,
        words: Callable[[Session], tuple[Outgoing, ...]],
        retention: Retention = ...,
    ) -> list[Unsent]: ...
    async def sweep(self, now: datetime, retention: Retention = ...) -> int: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Lines:
    """What the edge itself says, in one language."""

    again: str
    """A message could not be handled: please send it again."""
    start_again: str
    """What was kept for this chat cannot be read any more: please start again."""
    too_many: str
    """Too many messages in a minute: please wait a little."""
    group: str
    """Not in groups; ``{link}`` becomes the address of the private chat."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All that serving says by itself; the mappings are by language and have ``en``."""

    lines: Mapping[str, Lines]
    introductions: Mapping[str, Introduction]
    expiry: Callable[[Session], tuple[Outgoing, ...]]
    """Announces to one person that what is kept for them will soon be deleted."""


def _never(_: Heard) -> bool:
    return False


class _Limit:
    """So many updates a minute and chat; the first one too many is told so."""

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        self._a_minute = a_minute
        self._clock = clock
        self._minute = 0
        self._counts: dict[int, int] = {}

    def over(self, chat: int) -> int:
        """How far over the limit this update is: 0, 1 (say so), 2 and more (say nothing)."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[chat] = count = self._counts.get(chat, 0) + 1
        return max(0, count - self._a_minute)


@dataclass(slots=True)
class _InHand:
    """An update that has arrived and is not done with."""

    since: float
    tried: float
    counted: bool = False


@dataclass(slots=True)
class _Door:
    """Lets one update of a chat in at a time, in the order they came."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    guests: int = 0


class Desk:
    """Takes updates in, runs their turns, and hands what they say to the sender."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        handler: Handler,
        texts: Texts,
        zone: ZoneInfo,
        *,
        always: Callable[[Heard], bool] = _never,
        a_minute: int = A_MINUTE,
        count: Callable[[str, str], None] = lambda name, outcome: None,
        timed: Callable[[float], None] = lambda seconds: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._sender = sender
        self._handler = handler
        self._texts = texts
        self._zone = zone
        self._always = always
        self._count = count
        self._timed = timed
        self._clock = clock
        self._limit = _Limit(a_minute, clock)
        self._in_hand: dict[int, _InHand] = {}
        self._doors: dict[int, _Door] = {}
        self._stuck: dict[int, tuple[int, float]] = {}
        self._held: OrderedDict[int, str] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._groups: dict[int, float] = {}
        self._albums: OrderedDict[tuple[int, str], int] = OrderedDict()
        self.username: str | None = None
        """The bot's own name; nothing is taken in before it is known."""
        self.trouble = ""
        """Why nothing can be committed for now."""

    def oldest(self) -> float:
        """Age in seconds of the oldest update that is not done with."""
        now = self._clock()
        for number, hand in list(self._in_hand.items()):
            if now - hand.tried > 2 * _STUCK_AT_MOST:  # Telegram has given it up.
                del self._in_hand[number]
        return max((now - hand.since for hand in self._in_hand.values()), default=0.0)

    async def take_batch(self, batch: Sequence[RawUpdate]) -> list[int]:
        """Take updates in, chats side by side; the ids of those that must come again."""
        done = await asyncio.gather(*(self.take(update) for update in batch))
        return [u["update_id"] for u, ok in zip(batch, done, strict=True) if not ok]

    async def take(self, data: RawUpdate) -> bool:
        """Take one update in; false when it could not be committed and must come again."""
        number = update_id(data)
        if self.username is None or number is None:
            return False
        now = self._clock()
        hand = self._in_hand.setdefault(number, _InHand(now, now))
        hand.tried = now
        try:
            inbound = parse(data, self.username)
            done = inbound is None or await self._hear(inbound, hand)
        except Exception as error:
            # One update never stops the others, whatever is wrong with it or with us.
            self._put_aside(error, private_chat(data))
            done = True
        if done:
            self._in_hand.pop(number, None)
            self._timed(self._clock() - hand.since)
        return done

    def _put_aside(self, error: BaseException, chat: int | None, language: str = "en") -> None:
        self._count("update", "put_aside")
        log.error("an update was put aside", extra=logs.about(error))
        if chat is not None:
            self._sender.say(chat, Message(self._lines(language).again))

    async def _hear(self, inbound: Inbound, hand: _InHand) -> bool:
        if not inbound.private:
            self._in_a_group(inbound)
            return True
        silent = self._more_of_an_album(inbound)
        over = 0 if hand.counted or silent else self._limit.over(inbound.chat)
        hand.counted = True
        if over and not self._always(inbound.heard):
            self._too_many(inbound, first=over == 1)
            return True
        async with self._alone(inbound.chat):
            if self._waits_for_an_earlier_one(inbound):
                return False
            try:
                await self._turn(inbound, silent=silent)
            except StoreUnavailable as error:
                self.trouble = "the store cannot keep anything for now"
                self._stuck.setdefault(inbound.chat, (inbound.update, self._clock()))
                self._count("update", "not_committed")
                log.error("a turn could not be committed", extra=logs.about(error))
                return False
            self.trouble = ""
            self._stuck.pop(inbound.chat, None)
            return True

    # --- one turn ---------------------------------------------------------------------------

    async def _turn(self, inbound: Inbound, *, silent: bool = False) -> None:
        """Run one turn, durably; a silent one only keeps the message's id for its deletion.

        Raises ``StoreUnavailable``.
        """
        error: BaseException | None = None
        work = self._silence(inbound) if silent else self._work(inbound)
        for _ in range(TRIES):
            try:
                done = await self._store.turn(
                    inbound.chat, inbound.update, work, message=inbound.message
                )
            except StoreUnavailable:
                raise
            except PutAside as aside:
                error = aside.__cause__ or aside
                break
            except DamagedSession:
                await self._forget_damaged(inbound)
                return
            except Exception as failure:
                error = failure
            else:
                self._after(inbound, done)
                return
        assert error is not None
        self._answer(inbound, "")
        self._put_aside(error, inbound.chat, inbound.language)

    def _work(self, inbound: Inbound) -> Work:
        """The turn as the store runs it, in its own thread."""
        loop = asyncio.get_running_loop()
        held = self._held.get(inbound.chat)

        def work(session: Session | None) -> Turn:
            now = datetime.now(self._zone)
            turn = self._handler(session, inbound.heard, held, now, inbound.language)
            notices = [one.text for one in turn.outgoing if isinstance(one, Notice)]
            outgoing = tuple(one for one in turn.outgoing if not isinstance(one, Notice))
            if inbound.query is not None:
                # The tap is answered while the commit is under way. A closed loop needs none.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._answer, inbound, "".join(notices[:1]))
            else:
                outgoing = (*(Message(text) for text in notices), *outgoing)
            # A turn that leaves no session forgets it, whether it says so or not.
            changed = turn.changed or turn.session is None
            return replace(turn, outgoing=outgoing, changed=changed)

        return work

    def _silence(self, inbound: Inbound) -> Work:
        """A turn that hears nothing and says nothing."""
        held = self._held.get(inbound.chat)
        return lambda session: Turn(session, (), held=held, changed=False)

    def _after(self, inbound: Inbound, done: Done) -> None:
        chat = inbound.chat
        self._answer(inbound)
        if done.turn is not None:
            self._hold(chat, done.turn.held)
        if done.forgot:
            self._sender.forget(chat, done.remove)
        self._sender.put(chat, done.pending, done.question)
        self._count("update", "seen_before" if done.seen else "handled")

    def _answer(self, inbound: Inbound, notice: str = "") -> None:
        """Answer a tap, once."""
        if inbound.query is None or inbound.query in self._answered:
            return
        self._answered[inbound.query] = None
        if len(self._answered) > HELD_AT_MOST:
            self._answered.popitem(last=False)
        self._sender.answer(inbound.query, notice)

    def _hold(self, chat: int, held: str | None) -> None:
        """Keep a first message until consent, in memory only."""
        self._held.pop(chat, None)
        if held is not None:
            self._held[chat] = held
            if len(self._held) > HELD_AT_MOST:
                self._held.popitem(last=False)

    async def _forget_damaged(self, inbound: Inbound) -> None:
        """What is kept here opens no more; it hurts nobody else, and a new start mends it."""
        log.error("what was kept for one chat cannot be read")
        self._count("update", "damaged")
        self._sender.forget(inbound.chat, await self._store.delete(inbound.chat))
        self._answer(inbound)
        self._sender.say(inbound.chat, Message(self._lines(inbound.language).start_again))

    # --- what is not handled ----------------------------------------------------------------

    def _in_a_group(self, inbound: Inbound) -> None:
        """One neutral line now and then; nothing is stored, and nobody is heard."""
        self._count("update", "group")
        self._answer(inbound)
        now = self._clock()
        if now < self._groups.get(inbound.chat, 0.0):
            return
        for group in [group for group, until in self._groups.items() if until <= now]:
            del self._groups[group]
        self._groups[inbound.chat] = now + GROUP_QUIET
        link = f"https://t.me/{self.username}"
        line = self._lines(inbound.language).group.replace("{link}", link)
        self._sender.say(inbound.chat, Message(line))

    def _more_of_an_album(self, inbound: Inbound) -> bool:
        """Whether an earlier message of the same album gets the reply; ten photos need one."""
        if not inbound.album or self._always(inbound.heard):
            return False
        first = self._albums.setdefault((inbound.chat, inbound.album), inbound.update)
        if len(self._albums) > HELD_AT_MOST:
            self._albums.popitem(last=False)
        return first != inbound.update

    def _too_many(self, inbound: Inbound, *, first: bool) -> None:
        self._count("update", "too_many")
        self._answer(inbound)
        if first:
            self._sender.say(inbound.chat, Message(self._lines(inbound.language).too_many))

    def _lines(self, language: str) -> Lines:
        return self._texts.lines.get(language) or self._texts.lines["en"]

    # --- order ------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _alone(self, chat: int) -> AsyncIterator[None]:
        door = self._doors.setdefault(chat, _Door())
        door.guests += 1
        try:
            async with door.lock:
                yield
        finally:
            door.guests -= 1
            if not door.guests:
                del self._doors[chat]

    def _waits_for_an_earlier_one(self, inbound: Inbound) -> bool:
        stuck = self._stuck.get(inbound.chat)
        if stuck is None:
            return False
        earlier, since = stuck
        if self._clock() - since > _STUCK_AT_MOST:
            del self._stuck[inbound.chat]  # It is not coming again.
            return False
        return inbound.update > earlier


# --- the program ---------------------------------------------------------------------------


def run(
    config: Config,
    secrets: Secrets,
    handler: Handler,
    texts: Texts,
    *,
    always: Callable[[Heard], bool] = _never,
    pace: Pace | None = None,
    new_database: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises ``ProblemsError`` when that cannot be.

    ``pace`` is the configuration's, unless given. ``new_database`` permits starting empty.
    """
    logs.start(config.log.level)
    logs.catch_everything()
    storage = config.storage
    try:
        store = open_store(
            storage.path,
            storage.key_file,
            ledger_path=storage.ledger_file,
            new_database=new_database,
        )
    except StoreRefused as error:
        raise ProblemsError([Problem("storage", 0, 0, str(error))]) from None
    asyncio.run(serve(config, secrets, store, handler, texts, always=always, pace=pace))


async def serve(
    config: Config,
    secrets: Secrets,
    store: Store,
    handler: Handler,
    texts: Texts,
    *,
    always: Callable[[Heard], bool] = _never,
    pace: Pace | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until ``stop`` or a signal, then finish what is in flight and close the store.

    Raises ``ProblemsError`` when Telegram refuses the token or an address cannot be listened at.
    """
    stop = stop or asyncio.Event()
    pace = pace or (UNPACED if config.telegram.pace == "none" else PACE)
    program = _Program(config, secrets, store, handler, texts, always, pace, stop)
    with _signals(stop):
        try:
            await program.run()
        except WrongToken as error:
            raise ProblemsError([Problem("telegram", 0, 0, str(error))]) from None
        finally:
            await program.close()
    log.info("stopped")


class _Program:
    """Everything that is running, wired together."""

    def __init__(
        self,
        config: Config,
        secrets: Secrets,
        store: Store,
        handler: Handler,
        texts: Texts,
        always: Callable[[Heard], bool],
        pace: Pace,
        stop: asyncio.Event,
    ) -> None:
        self._config = config
        self._store = store
        self._texts = texts
        self._stop = stop
        self._stopped_at: float | None = None
        self._resumed = False
        self._zone = ZoneInfo(config.bot.timezone)
        self._secret = secrets.webhook_secret
        self._bot = make_bot(secrets.token.get_secret_value(), config.telegram.base_url)
        self._metrics = Metrics(self.health)
        self._sender = Sender(self._bot, store, pace=pace, count=self._metrics.count)
        self._desk = Desk(
            store,
            self._sender,
            handler,
            texts,
            self._zone,
            always=always,
            count=self._metrics.count,
            timed=self._metrics.turn,
        )
        self._poller = Poller(
            self._bot, self._desk.take_batch, seconds=config.telegram.poll_timeout
        )

    @property
    def _by_webhook(self) -> bool:
        return self._config.telegram.mode == "webhook"

    def health(self) -> Health:
        """How it is, for /healthz, /readyz and /metrics."""
        trouble = self._desk.trouble
        if self._desk.username is None:
            trouble = "Telegram was not reached yet"
        elif not self._by_webhook and not self._reached():
            trouble = "Telegram was not reached for a while"
        return Health(self._desk.oldest(), self._sender.oldest(), self._sender.waiting, trouble)

    def _reached(self) -> bool:
        at = self._poller.reached_at
        return at is None or time.monotonic() - at < self._config.telegram.poll_timeout + 30

    async def run(self) -> None:
        """Start, serve, and stop listening. Raises ``WrongToken`` and ``ProblemsError``."""
        async with contextlib.AsyncExitStack() as stack:
            await self._listen(stack)
            if not await connect(self._bot, self._stop, self._choose):
                return
            for work in (self._introduce(), self._keep_house(), self._see_the_end()):
                task = asyncio.create_task(work)
                stack.callback(task.cancel)
            log.info("serving", extra={"mode": self._config.telegram.mode})
            if self._by_webhook:
                await self._stop.wait()
            else:
                await self._poller.run(self._stop)
            log.info("stopping")

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        """Open the webhook's and the health pages' address, when there is one."""
        telegram = self._config.telegram
        routes = pages(self.health, self._metrics)
        address = telegram.health_listen
        if self._by_webhook:
            assert self._secret is not None
            path = urlsplit(telegram.webhook_url or "").path or "/"
            routes.append(webhook(path, self._secret.get_secret_value(), self._take))
            address = telegram.webhook_listen
        if address is None:
            return
        host, _, port = address.rpartition(":")
        try:
            site = await stack.enter_async_context(Site(routes, host.strip("[]"), int(port)))
        except OSError as error:
            what = f"this address cannot be listened at ({(error.strerror or '?').lower()})"
            hint = "Stop the other program there, or choose another port."
            raise ProblemsError([Problem(address, 0, 0, what, hint)]) from None
        log.info("listening", extra={"port": site.port})

    async def _choose(self) -> None:
        """Tell Telegram how updates are to come; what waits there is never dropped."""
        if self._desk.username is None:
            await self._resume()
            self._desk.username = self._bot.username
        if self._by_webhook:
            assert self._secret is not None
            url = self._config.telegram.webhook_url or ""
            await use_webhook(self._bot, url, self._secret.get_secret_value())
        else:
            await use_polling(self._bot)

    async def _resume(self) -> None:
        """Send what an earlier run left, and take out what it was asked to."""
        while not self._stop.is_set():
            try:
                unsent, removals = await self._store.unsent(), await self._store.removals()
            except StoreUnavailable as error:
                log.warning("the store cannot be read yet", extra=logs.about(error))
                await asyncio.sleep(1)
                continue
            for one in unsent:
                self._sender.put(one.chat, one.pending, one.question)
            for chat, messages in removals:
                self._sender.remove(chat, messages)
            self._resumed = True
            return

    async def _take(self, update: RawUpdate) -> bool:
        """Take a webhook's update, but none before what an earlier run left is known.

        A person who comes back would take the list of their old messages with them.
        """
        return self._resumed and await self._desk.take(update)

    async def _introduce(self) -> None:
        await introduce(self._bot, self._texts.introductions)

    async def _keep_house(self) -> None:
        """Announce and carry out the end of old sessions, every hour."""
        storage = self._config.storage
        retention = Retention(storage.idle_days, storage.finished_days)
        while True:
            try:
                now = datetime.now(self._zone)
                for told in await self._store.due_warnings(now, self._texts.expiry, retention):
                    self._sender.put(told.chat, told.pending, told.question)
                forgotten = await self._store.sweep(now, retention)
                log.info("old sessions were forgotten", extra={"count": forgotten})
            except Exception as error:
                log.error("old sessions could not be looked through", extra=logs.about(error))
            await asyncio.sleep(HOUSEKEEPING)

    async def _see_the_end(self) -> None:
        try:
            await self._stop.wait()
        finally:  # It may be canceled in the very moment it waited for.
            self._stopped_at = time.monotonic()

    async def close(self) -> None:
        """Let what is in flight go out, and let go of everything."""
        # Calls that were under way, from Telegram or to it, have had some of the time already.
        gone = time.monotonic() - self._stopped_at if self._stopped_at else 0.0
        await self._sender.finish(max(1.0, STOP_SECONDS - 2 - gone))
        await self._bot.shutdown()
        await self._store.close()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set ``stop``, where signals can be had at all."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGTERM, signal.SIGINT)
    with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
        for number in caught:
            loop.add_signal_handler(number, stop.set)
    yield
    for number in caught:
        with contextlib.suppress(RuntimeError, ValueError):
            loop.remove_signal_handler(number)
