"""Updates -> Heard, by polling or webhook; acknowledged after the commit.

The law of this room: nothing is acknowledged that is not committed. The next offset is asked for
only when the whole batch is in the store, and the offset itself is never stored, because update ids
start again at a random number after a quiet week. Errors are logged by type only: their texts can
hold what a person typed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from telegram import Bot, Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.effects import Attached, Command, Garbled, Heard, Tapped, Typed
from bot.outgoing import BUTTON_DATA_LIMIT, MESSAGE_LIMIT, utf16_length

log = logging.getLogger(__name__)

UPDATE_KINDS = ("message", "edited_message", "channel_post", "callback_query")
"""What we ask Telegram for. Being blocked (``my_chat_member``) needs no answer."""

POLL_SECONDS = 50
"""How long Telegram may hold a poll open when there is nothing new."""

BATCH = 100
"""Most updates of one poll (Telegram Bot API, getUpdates)."""

LONGEST_WAIT = 60.0
"""Longest pause, in seconds, between two tries when Telegram cannot be reached."""

RawUpdate = Mapping[str, Any]


class WrongToken(Exception):
    """Telegram does not know the token; the text is a sentence for whoever runs the bot."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram does not accept this bot token. Copy it again from @BotFather "
            "and give it as LMN_BOT_TELEGRAM_TOKEN."
        )


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update, understood. ``query`` is the callback query that wants one answer."""

    update: int
    chat: int
    private: bool
    heard: Heard
    query: str | None = None
    message: int | None = None
    language: str = "en"
    """What the person's device is set to: the first part of Telegram's ``language_code``."""
    album: str = ""
    """Names what was sent at once as several messages, such as the three pages of a letter."""


# --- one update ----------------------------------------------------------------------------

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.S)
_BUTTON = re.compile(r"([A-Za-z0-9_-]{1,32})\.([0-9]{1,9})\.(!?[^.\s\0]{1,58})\.([^\s\0]*)")

_KINDS = {
    "voice": ("voice", "audio", "video_note"),
    "photo": ("photo", "live_photo", "video", "animation", "paid_media"),
    "file": ("document",),
    "sticker": ("sticker",),
    "contact": ("contact",),
    "location": ("location", "venue"),
}

# Telegram reports these as messages, but nobody said anything.
_SERVICE = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "supergroup_chat_created",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
)


def clean(text: str) -> str:
    """What was typed, without what no store or reply can carry; otherwise as it was typed.

    NUL goes, a lone surrogate becomes U+FFFD, and what is beyond Telegram's limit is cut.
    """
    text = text.replace("\0", "")
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if len(text) * 2 > MESSAGE_LIMIT and utf16_length(text) > MESSAGE_LIMIT:
        cut = text.encode("utf-16-le")[: MESSAGE_LIMIT * 2]
        text = cut.decode("utf-16-le", "ignore")
    return text


def typed(text: str, username: str = "") -> Typed | Command:
    """A command, when it is one and is meant for this bot; otherwise what was typed."""
    text = clean(text)
    found = _COMMAND.fullmatch(text.strip())
    if not found:
        return Typed(text)
    name, addressee, argument = found.groups()
    if addressee and addressee.lower() != username.lower():
        return Typed(text)
    return Command(name.lower(), (argument or "").strip())


def tapped(data: str | None) -> Tapped | Garbled:
    """The button that was tapped, or ``Garbled`` when its data is not of our making."""
    try:
        if data is None or len(data.encode()) > BUTTON_DATA_LIMIT:
            return Garbled()
    except UnicodeEncodeError:  # A lone surrogate, which nothing could store.
        return Garbled()
    found = _BUTTON.fullmatch(data)
    if not found:
        return Garbled()
    nonce, revision, step, choice = found.groups()
    return Tapped(nonce, int(revision), step, choice)


def _sent(message: RawUpdate, text: str | None, username: str) -> Heard | None:
    """What a new message says; ``None`` when nobody said anything."""
    if text is not None:
        return typed(text, username)
    for kind, fields in _KINDS.items():
        if any(message.get(name) for name in fields):
            return Attached(kind, _words(message))
    if any(message.get(name) for name in _SERVICE):
        return None
    return Attached("other", _words(message))


def _edited(message: RawUpdate) -> Heard | None:
    """An edit of words; a live location that moves is edited every few seconds by nobody."""
    return None if message.get("location") else Attached("edited", _words(message))


def _words(message: RawUpdate) -> str:
    """What was written with something that is not a new text."""
    words = message.get("text") or message.get("caption")
    return clean(words) if isinstance(words, str) else ""


def _only(data: Any, names: Sequence[str]) -> Any:
    return {n: data[n] for n in names if n in data} if isinstance(data, Mapping) else data


def _slim(message: Any) -> Any:
    """What we read of a message. Names, files and quoted messages are not even parsed."""
    slim = _only(message, ("message_id", "date", "chat", "text"))
    if isinstance(slim, dict):
        slim["chat"] = _only(slim.get("chat"), ("id", "type"))
    return slim


def _slim_update(data: RawUpdate) -> dict[str, Any]:
    """What we read of an update.

    PTB refuses the whole update when one field of it is younger than PTB, as every poll is now.
    """
    slim: dict[str, Any] = {"update_id": data["update_id"]}
    for kind in ("message", "edited_message", "channel_post"):
        if data.get(kind) is not None:
            slim[kind] = _slim(data[kind])
    if (query := data.get("callback_query")) is not None:
        slim["callback_query"] = _only(query, ("id", "chat_instance", "data"))
        if isinstance(query, Mapping):
            sender = _only(query.get("from"), ("id", "is_bot"))
            slim["callback_query"]["from"] = {"first_name": "", **sender}
            if query.get("message") is not None:
                # Only its chat is read. With this date, PTB makes the smallest message it has.
                about = _only(query["message"], ("message_id", "chat"))
                if isinstance(about, dict):
                    about["chat"] = _only(about.get("chat"), ("id", "type"))
                    about["date"] = 0
                slim["callback_query"]["message"] = about
    return slim


def _album(message: RawUpdate) -> str:
    album = message.get("media_group_id")
    return album[:64] if isinstance(album, str) else ""


def _language(part: Any) -> str:
    sender = part.get("from") if isinstance(part, Mapping) else None
    code = sender.get("language_code") if isinstance(sender, Mapping) else None
    return code.partition("-")[0].lower() if isinstance(code, str) and code else "en"


def parse(data: RawUpdate, username: str = "") -> Inbound | None:
    """One raw update, understood; ``None`` when there is nothing to do about it.

    Raises ``ValueError``, or whatever python-telegram-bot raises, on what it cannot parse.
    """
    update = Update.de_json(_slim_update(data))
    if query := update.callback_query:
        chat = query.message.chat if query.message else None
        return _checked(
            Inbound(
                update.update_id,
                chat.id if chat else query.from_user.id,
                chat is None or chat.type == chat.PRIVATE,
                tapped(query.data),
                query=query.id,
                language=_language(data["callback_query"]),
            )
        )
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    raw = data.get("message") or data.get("edited_message") or data["channel_post"]
    heard = _edited(raw) if update.edited_message else _sent(raw, message.text, username)
    if heard is None:
        return None
    return _checked(
        Inbound(
            update.update_id,
            message.chat.id,
            message.chat.type == message.chat.PRIVATE,
            heard,
            message=message.message_id,
            language=_language(raw),
            album=_album(raw),
        )
    )


def _checked(inbound: Inbound) -> Inbound:
    """The same, if its ids are what they are declared to be: PTB takes anything for an id."""
    numbers = (inbound.update, inbound.chat, 0 if inbound.message is None else inbound.message)
    if not all(map(_is_number, numbers)) or not isinstance(inbound.query, (str, type(None))):
        raise ValueError("an id is of another type")
    return inbound


def update_id(data: object) -> int | None:
    """The id of what may be an update; ``None`` when it is none."""
    number = data.get("update_id") if isinstance(data, Mapping) else None
    return number if _is_number(number) else None


def _is_number(value: object) -> TypeGuard[int]:
    """Whether this is a whole number of at most 63 bits, as all of Telegram's ids are."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def private_chat(data: RawUpdate) -> int | None:
    """The private chat of an update that cannot be parsed, read with care."""
    part: Any = data.get("callback_query") or data.get("message") or data.get("edited_message")
    if isinstance(part, Mapping) and isinstance(part.get("message"), Mapping):
        part = part["message"]
    chat = part.get("chat") if isinstance(part, Mapping) else None
    if not isinstance(chat, Mapping) or chat.get("type") != "private":
        return None
    return chat["id"] if _is_number(chat.get("id")) else None


# --- bare calls ----------------------------------------------------------------------------


async def raw(
    bot: Bot, method: str, parameters: dict[str, Any], *, read_timeout: float | None = None
) -> Any:
    """What a method of the Bot API answers, as JSON.

    PTB's own methods parse a batch of updates as a whole, and make an object of a hundred fields of
    every reply, which costs more than the call. Raises ``TelegramError``.
    """
    # do_api_request warns about any name that Bot has as well, such as sendMessage. It has no
    # send_Message, of which PTB makes sendMessage again.
    endpoint = re.sub("(?=[A-Z])", "_", method)
    if read_timeout is None:
        return await bot.do_api_request(endpoint, parameters)
    return await bot.do_api_request(endpoint, parameters, read_timeout=read_timeout)


# --- polling -------------------------------------------------------------------------------

Take = Callable[[Sequence[RawUpdate]], Awaitable[Sequence[int]]]
"""Takes a batch in; returns the ids that could not be committed and must come again."""


class Poller:
    """Long polling through raw ``getUpdates``, one batch at a time.

    PTB's own ``Updater`` confirms updates before they are handled, and one update that it cannot
    parse stops it; hence the raw call.
    """

    def __init__(
        self,
        bot: Bot,
        take: Take,
        *,
        seconds: int = POLL_SECONDS,
        first_wait: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._take = take
        self._seconds = seconds
        self._first_wait = first_wait
        self._clock = clock
        self._offset: int | None = None
        self.reached_at: float | None = None
        """When Telegram last answered a poll, by ``clock``; ``None`` before the first time."""

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set. Raises ``WrongToken``; sits out every other trouble."""
        failures = 0
        kept = False
        while not stop.is_set():
            try:
                batch = await self._get(stop, 0 if kept else self._seconds)
            except (InvalidToken, EndPointNotFound):
                raise WrongToken from None
            except TelegramError as error:
                failures += 1
                self._say(error, failures)
                await pause(stop, self._wait(failures))
                continue
            if batch is None:
                break
            self.reached_at = self._clock()
            again = await self._take(batch)
            kept = bool(again)
            if again:
                failures += 1
                self._offset = min(again)
                await pause(stop, self._wait(failures))
                continue
            failures = 0
            if batch:
                self._offset = max(update["update_id"] for update in batch) + 1
        await self._confirm()

    async def _get(self, stop: asyncio.Event, seconds: int) -> list[RawUpdate] | None:
        """The next batch, or ``None`` when it is time to stop."""
        call = asyncio.ensure_future(self._call(self._offset, seconds, BATCH))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({call, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return await call if call.done() else None
        finally:
            # What a canceled poll may have fetched was not confirmed, and comes again.
            call.cancel()
            stopping.cancel()
            await asyncio.gather(call, stopping, return_exceptions=True)

    async def _call(self, offset: int | None, seconds: int, limit: int) -> list[RawUpdate]:
        asked = {"timeout": seconds, "limit": limit, "allowed_updates": list(UPDATE_KINDS)}
        if offset is not None:
            asked["offset"] = offset
        result = await raw(self._bot, "getUpdates", asked, read_timeout=seconds + 5)
        if not isinstance(result, list):
            return []
        return [update for update in result if update_id(update) is not None]

    async def _confirm(self) -> None:
        """Tell Telegram what is committed, so that a restart is not sent it again."""
        if self._offset is None:
            return
        try:
            await asyncio.wait_for(self._call(self._offset, 0, 1), timeout=2)
        except (TelegramError, TimeoutError):
            # Then it is sent again, and known by its update id.
            log.info("the last updates were not confirmed")

    def _wait(self, failures: int) -> float:
        return min(LONGEST_WAIT, self._first_wait * 2.0 ** min(failures - 1, 16))

    def _say(self, error: TelegramError, failures: int) -> None:
        if isinstance(error, Conflict):
            what = "another program is polling with this token; standing down for a while"
        else:
            what = "Telegram could not be reached; trying again"
        extra = {"error": type(error).__name__, "attempt": failures, "wait": self._wait(failures)}
        log.warning(what, extra=extra)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until ``stop``."""
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return


# --- which of the two ----------------------------------------------------------------------


async def connect(
    bot: Bot, stop: asyncio.Event, choose: Callable[[], Awaitable[None]], first_wait: float = 1.0
) -> bool:
    """Learn who the bot is and choose how updates come; false when ``stop`` came first.

    Raises ``WrongToken``; sits out every other trouble.
    """
    failures = 0
    while not stop.is_set():
        try:
            await bot.initialize()
            await choose()
        except (InvalidToken, EndPointNotFound):
            raise WrongToken from None
        except TelegramError as error:
            failures += 1
            wait = min(LONGEST_WAIT, first_wait * 2.0 ** min(failures - 1, 16))
            extra = {"error": type(error).__name__, "attempt": failures, "wait": wait}
            log.warning("Telegram could not be reached; trying again", extra=extra)
            await pause(stop, wait)
        else:
            return True
    return False


async def use_polling(bot: Bot) -> None:
    """Take the webhook away; what waits at Telegram stays there for the first poll."""
    await bot.delete_webhook(drop_pending_updates=False)


async def use_webhook(bot: Bot, url: str, secret: str, *, connections: int = 40) -> None:
    """Have Telegram deliver to ``url``; what waits at Telegram is delivered there."""
    await bot.set_webhook(
        url,
        secret_token=secret,
        max_connections=connections,
        allowed_updates=list(UPDATE_KINDS),
        drop_pending_updates=False,
    )
