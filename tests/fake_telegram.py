"""A Bot API server for tests, stricter than Telegram's own.

It enforces every limit that Telegram documents, and some things that Telegram lets pass: whatever
it refuses is also written down in ``problems``, so that a test can say "and nothing was ever
refused". Descriptions of errors are the real ones, since programs match on them.

In a test:

    async with FakeTelegram() as fake:
        ana = fake.person(7, "Ana", "es")
        await ana.says("hola")
        await ana.sees("Bienvenida")
        await ana.taps("Sí")

As a process of its own, printing its address: ``python -m tests.fake_telegram --port 0``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

PATIENCE = 20.0
"""Seconds to wait for what should come at once: a busy machine starts a program slowly."""
TOKEN = "123456:TEST-token-for-the-fake-server-only"
BOT = {"id": 123456, "is_bot": True, "first_name": "Letters", "username": "letters_test_bot"}

ENTITIES = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
}
ENTITY_KEYS = {"type", "offset", "length", "url", "language"}
LINK = re.compile(r"(https?|tg)://\S+$")
TWO_DAYS = 48 * 3600.0
ACTIONS = {"typing", "upload_document"}
# Parameters that the fake understands; another one is a mistake, where Telegram would ignore it.
KNOWN = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {
        "url",
        "secret_token",
        "max_connections",
        "allowed_updates",
        "drop_pending_updates",
    },
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set(),
    "sendMessage": {"chat_id", "text", "entities", "reply_markup", "link_preview_options"},
    "editMessageText": {
        "chat_id",
        "message_id",
        "text",
        "entities",
        "reply_markup",
        "link_preview_options",
    },
    "sendDocument": {"chat_id", "document", "caption", "caption_entities", "reply_markup"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert"},
    "deleteMessage": {"chat_id", "message_id"},
    "deleteMessages": {"chat_id", "message_ids"},
    "sendChatAction": {"chat_id", "action"},
    "setMyCommands": {"commands", "language_code", "scope"},
    "setMyDescription": {"description", "language_code"},
    "setMyShortDescription": {"short_description", "language_code"},
    "getFile": {"file_id"},
}


class Refused(Exception):
    """What the server answers instead of a result."""

    def __init__(self, code: int, description: str, *, expected: bool = False, **more: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.expected = expected
        self.parameters = more


def refuse(what: str) -> Refused:
    return Refused(400, f"Bad Request: {what}")


def units(text: str) -> int:
    """Length in UTF-16 code units. Raises on lone surrogates, as Telegram does."""
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise refuse("strings must be encoded in UTF-8") from None


@dataclass
class Sent:
    """One message in a chat. ``history`` holds the texts that edits replaced."""

    chat: int
    id: int
    from_bot: bool
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    document: str | None = None
    content: bytes = b""
    history: list[str] = field(default_factory=list)
    touched: int = 0
    deleted: bool = False
    at: float = field(default_factory=time.time)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    def data(self, label: str) -> str | None:
        for row in self.keyboard:
            for button in row:
                if button["text"] == label:
                    return button.get("callback_data")
        return None

    def styled(self, kind: str) -> list[str]:
        """The stretches of the text that carry an entity of a kind."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == kind
        ]


@dataclass(frozen=True)
class Call:
    """One call of the bot, as it came, and what became of it."""

    number: int
    method: str
    parameters: Mapping[str, Any]
    chat: int | None
    at: float
    code: int = 200
    description: str = ""


@dataclass
class Fault:
    """Trouble for the next calls that fit.

    ``kind`` is a status ("429", "500", "502", "401", "403"), "hang" (no reply until the fake
    stops), "reset" (the connection breaks, nothing is done), "lost" (it is done, then the
    connection breaks), "slow" (done after ``seconds``) or "garbage" (200, but no JSON).
    """

    kind: str
    chat: int | None = None
    method: str | None = None
    number: int | None = None
    times: int = 1
    seconds: float = 1.0

    def fits(self, call: Call) -> bool:
        return (
            self.times > 0
            and (self.chat is None or self.chat == call.chat)
            and (self.method is None or self.method == call.method)
            and (self.number is None or self.number == call.number)
        )


@dataclass
class Chat:
    id: int
    kind: str = "private"
    title: str = ""
    blocked: bool = False
    messages: list[Sent] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        name = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, name: self.title}

    def find(self, message_id: int) -> Sent | None:
        for message in self.messages:
            if message.id == message_id and not message.deleted:
                return message
        return None


@dataclass
class Webhook:
    url: str
    secret: str
    connections: int
    last_error: str = ""


class FakeTelegram:
    """The server. Every time is in seconds."""

    def __init__(
        self, *, token: str = TOKEN, delay: float = 0.0, port: int = 0, first_update: int = 700_000
    ) -> None:
        self.query_seconds = 30.0
        """How long a tap may wait for its answer. Telegram's documents name no figure."""
        self.token = token
        self.delay = delay
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.webhook: Webhook | None = None
        self.notices: list[tuple[int, str]] = []
        self.allowed: list[str] | None = None
        self.keep_calls = True
        self.proxies: dict[str, str] = {}
        """From an https address that a webhook names to where it really is, as a proxy does."""
        self._port = port
        self._queue: deque[dict[str, Any]] = deque()
        self._next_update = first_update
        self._next_message = 1
        self._next_query = 1
        self._queries: dict[str, int] = {}
        self._asked: dict[str, float] = {}
        self._faults: list[Fault] = []
        self._poll: asyncio.Event | None = None
        self._peers: set[Any] = set()
        self._count = 0
        self._changed = asyncio.Event()
        self._touches = 0
        self._over = asyncio.Event()
        self._deliverer: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    # --- being a server ---------------------------------------------------------------------

    async def start(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_route("*", "/file/{rest:.*}", self._serve_file)
        app.router.add_post("/control/{what}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        self._over.set()
        if self._deliverer:
            self._deliverer.cancel()
            await asyncio.gather(self._deliverer, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    # --- what tests say ---------------------------------------------------------------------

    def person(self, chat_id: int, name: str = "Ana", language_code: str = "en") -> Person:
        chat = self.chats.setdefault(chat_id, Chat(chat_id, title=name))
        return Person(self, chat, name, language_code)

    def group(self, chat_id: int, title: str = "Family", kind: str = "supergroup") -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, title))

    def fault(self, kind: str, **where: Any) -> Fault:
        """Trouble to come; see ``Fault``."""
        fault = Fault(kind, **where)
        self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """Take away every fault."""
        self._faults.clear()

    def made(self, method: str, chat: int | None = None) -> list[Call]:
        """The calls of one method, in order."""
        return [c for c in self.calls if c.method == method and (chat is None or c.chat == chat)]

    @property
    def unanswered(self) -> list[str]:
        """Callback queries that were never answered."""
        return [query for query, answers in self._queries.items() if answers == 0]

    @property
    def connections(self) -> int:
        """How many connections were ever opened."""
        return len(self._peers)

    @property
    def unconfirmed(self) -> int:
        """How many updates Telegram still keeps for the bot."""
        return len(self._queue)

    def update(self, **parts: Any) -> int:
        """Put an update into the queue, as given; its id."""
        self._next_update += 1
        kind = next(iter(parts), "message")
        if self.allowed is None or kind in self.allowed:
            self._queue.append({"update_id": self._next_update, **parts})
            self._touch()
        return self._next_update

    def again(self, raw: Mapping[str, Any]) -> None:
        """Deliver an update once more, with the same id."""
        self._queue.append(dict(raw))
        self._touch()

    async def until(
        self, true: Callable[[], Any], timeout: float = PATIENCE, what: str | Callable[[], str] = ""
    ) -> Any:
        """Wait until something holds; what it returned. ``what`` says what did not happen."""
        end = time.monotonic() + timeout
        while not (result := true()):
            left = end - time.monotonic()
            if left <= 0:
                said = what() if callable(what) else what
                raise AssertionError(said or "it did not happen in time")
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                # Not every change is ours to see, so look now and then anyway.
                await asyncio.wait_for(self._changed.wait(), min(left, 0.02))
        return result

    # --- plumbing ---------------------------------------------------------------------------

    def _touch(self) -> int:
        self._touches += 1
        self._changed.set()
        if self._poll:
            self._poll.set()
        return self._touches

    async def _serve_file(self, _: web.Request) -> web.Response:
        self.problems.append("a file was asked for: nothing may be downloaded")
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        parameters = await self._parameters(request)
        chat = parameters.get("chat_id")
        self._peers.add(request.transport and request.transport.get_extra_info("peername"))
        self._count += 1
        call = Call(
            self._count,
            method,
            {k: v for k, v in parameters.items() if k != "_file"},
            chat if isinstance(chat, int) else None,
            time.monotonic(),
        )
        if self.delay:
            await asyncio.sleep(self.delay)
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{20,}", request.match_info["token"]):
            return self._reply(call, Refused(404, "Not Found", expected=True))
        if request.match_info["token"] != self.token:
            return self._reply(call, Refused(401, "Unauthorized", expected=True))
        fault = next((f for f in self._faults if f.fits(call)), None)
        if fault:
            fault.times -= 1
            trouble = await self._trouble(fault, request)
            if isinstance(trouble, Refused):
                return self._reply(call, trouble)
            if trouble:
                self._record(call, 0, fault.kind)
                return trouble
        try:
            result: Any = await self._perform(method, parameters)
        except Refused as refused:
            return self._reply(call, refused)
        if fault and fault.kind == "lost":
            self._record(call, 0, "lost")
            self._break(request)
            return web.Response()
        self._record(call)
        return web.json_response({"ok": True, "result": result})

    def _record(self, call: Call, code: int = 200, description: str = "") -> None:
        if self.keep_calls:
            self.calls.append(
                Call(
                    call.number,
                    call.method,
                    call.parameters,
                    call.chat,
                    call.at,
                    code,
                    description,
                )
            )
        self._changed.set()

    def _reply(self, call: Call, refused: Refused) -> web.Response:
        self._record(call, refused.code, refused.description)
        if not refused.expected:
            self.problems.append(f"{call.method}: {refused.description}")
        body: dict[str, Any] = {
            "ok": False,
            "error_code": refused.code,
            "description": refused.description,
        }
        if refused.parameters:
            body["parameters"] = refused.parameters
        return web.json_response(body, status=refused.code)

    async def _trouble(self, fault: Fault, request: web.Request) -> Refused | web.Response | None:
        match fault.kind:
            case "hang":
                await self._over.wait()
                return web.Response(status=500)
            case "reset":
                self._break(request)
                return web.Response()
            case "garbage":
                return web.Response(text="<html>a proxy's page</html>")
            case "slow":
                await asyncio.sleep(fault.seconds)
                return None
            case "lost":
                return None
            case "429":
                wait = max(1, round(fault.seconds))
                return Refused(
                    429, f"Too Many Requests: retry after {wait}", expected=True, retry_after=wait
                )
            case "403":
                return Refused(403, "Forbidden: bot was blocked by the user", expected=True)
            case "401":
                return Refused(401, "Unauthorized", expected=True)
            case _:
                return Refused(int(fault.kind), "Internal Server Error", expected=True)

    @staticmethod
    def _break(request: web.Request) -> None:
        if request.transport:
            request.transport.abort()

    @staticmethod
    async def _parameters(request: web.Request) -> dict[str, Any]:
        """Parameters from JSON, a form, or multipart; forms carry JSON in their values."""
        if request.content_type == "application/json":
            try:
                given = await request.json()
            except ValueError:
                return {"_broken": True}
            return dict(given) if isinstance(given, dict) else {"_broken": True}
        found: dict[str, Any] = dict(request.query)
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                found["_file"] = (name, value.filename, value.content_type, value.file.read())
            else:
                found[name] = value
        for name, value in found.items():
            if isinstance(value, str) and name not in {"text", "caption", "description"}:
                with contextlib.suppress(ValueError):
                    found[name] = json.loads(value)
        return found

    async def _perform(self, method: str, parameters: dict[str, Any]) -> Any:
        if method not in KNOWN:
            raise Refused(404, "Not Found")
        if "_broken" in parameters:
            raise refuse("can't parse parameters JSON object")
        unknown = set(parameters) - KNOWN[method] - {"_file"}
        if unknown:
            raise refuse(f"the fake does not expect {sorted(unknown)} in {method}")
        name = re.sub("[A-Z]", lambda found: "_" + found[0].lower(), method)
        try:
            result = getattr(self, f"_do_{name}")(parameters)
            return await result if asyncio.iscoroutine(result) else result
        except (KeyError, TypeError, AttributeError) as error:
            raise refuse(f"a parameter is missing or of another type ({error!r})") from None

    # --- updates ----------------------------------------------------------------------------

    def _do_get_me(self, _: dict[str, Any]) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    async def _do_get_updates(self, p: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
                expected=True,
            )
        if self._poll:
            self._poll.set()  # The earlier poll finds that it is no longer the one.
        mine = self._poll = asyncio.Event()
        if p.get("allowed_updates") is not None:
            self.allowed = list(p["allowed_updates"])
        offset, limit = p.get("offset"), p.get("limit", 100)
        if not 1 <= limit <= 100:
            raise refuse("limit must be 1 to 100")
        if offset is not None:
            if offset < 0:
                raise refuse("the fake does not expect a negative offset")
            while self._queue and self._queue[0]["update_id"] < offset:
                self._queue.popleft()
        end = time.monotonic() + p.get("timeout", 0)
        while not self._queue and time.monotonic() < end and not self._over.is_set():
            mine.clear()
            waits = {asyncio.ensure_future(e.wait()) for e in (mine, self._over)}
            await asyncio.wait(
                waits, timeout=end - time.monotonic(), return_when=asyncio.FIRST_COMPLETED
            )
            for wait in waits:
                wait.cancel()
            if self._poll is not mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                    expected=True,
                )
        self._poll = None
        return list(self._queue)[:limit]

    def _do_set_webhook(self, p: dict[str, Any]) -> Any:
        url = p["url"]
        if not re.match(r"https://[^:/]+(:(443|80|88|8443))?(/|$)", url):
            raise refuse("bad webhook: an HTTPS URL on port 443, 80, 88 or 8443 must be provided")
        secret = p.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise refuse("bad webhook: secret token is missing or has other characters")
        if not 1 <= p.get("max_connections", 40) <= 100:
            raise refuse("bad webhook: max_connections")
        self._dropping(p)
        if p.get("allowed_updates") is not None:
            self.allowed = list(p["allowed_updates"])
        self.webhook = Webhook(url, secret, p.get("max_connections", 40))
        if self._deliverer is None:
            self._deliverer = asyncio.create_task(self._deliver())
        return True

    def _do_delete_webhook(self, p: dict[str, Any]) -> Any:
        self._dropping(p)
        self.webhook = None
        return True

    def _dropping(self, p: dict[str, Any]) -> None:
        if p.get("drop_pending_updates"):
            raise refuse("pending updates must never be dropped")

    def _do_get_webhook_info(self, _: dict[str, Any]) -> Any:
        return {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
            "last_error_message": self.webhook.last_error if self.webhook else "",
        }

    async def _deliver(self) -> None:
        """Deliver to the webhook: chats side by side, each in order, again until taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                if not self.webhook or not self._queue:
                    await asyncio.sleep(0.005)
                    continue
                hook, batch = self.webhook, list(self._queue)
                lanes: dict[Any, list[dict[str, Any]]] = {}
                for update in batch[: hook.connections]:
                    lanes.setdefault(_chat_of(update), []).append(update)
                results = await asyncio.gather(
                    *(self._deliver_lane(session, hook, lane) for lane in lanes.values())
                )
                taken = [update for lane in results for update in lane]
                for update in taken:
                    with contextlib.suppress(ValueError):
                        self._queue.remove(update)

    async def _deliver_lane(
        self, session: aiohttp.ClientSession, hook: Webhook, lane: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        taken = []
        url = hook.url
        for outside, inside in self.proxies.items():
            url = url.replace(outside, inside)
        for update in lane:
            try:
                async with session.post(
                    url,
                    json=update,
                    headers={"X-Telegram-Bot-Api-Secret-Token": hook.secret},
                    timeout=aiohttp.ClientTimeout(total=10),
                ) as response:
                    await response.read()
                    if response.status != 200:
                        hook.last_error = f"Wrong response from the webhook: {response.status}"
                        await asyncio.sleep(min(float(response.headers.get("Retry-After", 0.1)), 1))
                        break
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                hook.last_error = type(error).__name__
                await asyncio.sleep(0.05)
                break
            taken.append(update)
        return taken

    # --- messages ---------------------------------------------------------------------------

    def _open_chat(self, p: dict[str, Any]) -> Chat:
        chat = self.chats.get(p.get("chat_id", 0))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found", expected=True)
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user", expected=True)
        return chat

    def _sent(self, chat: Chat, **parts: Any) -> Sent:
        message = Sent(chat.id, self._next_message, touched=self._touch(), **parts)
        self._next_message += 1
        chat.messages.append(message)
        return message

    def _do_send_message(self, p: dict[str, Any]) -> Any:
        chat = self._open_chat(p)
        text, entities, keyboard = _content(p)
        sent = self._sent(chat, from_bot=True, text=text, entities=entities, keyboard=keyboard)
        return self._message(chat, sent)

    def _do_edit_message_text(self, p: dict[str, Any]) -> Any:
        chat = self._open_chat(p)
        text, entities, keyboard = _content(p)
        message = chat.find(p["message_id"])
        if message is None:
            raise refuse("message to edit not found")
        if not message.from_bot or message.document:
            raise refuse("message can't be edited")
        if (message.text, message.entities, message.keyboard) == (text, entities, keyboard):
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
                expected=True,
            )
        message.history.append(message.text)
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.touched = self._touch()
        return self._message(chat, message)

    def _do_send_document(self, p: dict[str, Any]) -> Any:
        chat = self._open_chat(p)
        if "_file" not in p:
            raise refuse("there is no document in the request")
        field_name, filename, media_type, content = p["_file"]
        if not filename or not content:
            raise refuse("file must be non-empty and have a name")
        if len(content) > 50 * 1024 * 1024:
            raise Refused(413, "Request Entity Too Large")
        if p.get("document", f"attach://{field_name}") != f"attach://{field_name}":
            raise refuse("wrong remote file identifier specified: the file is not the one named")
        caption = p.get("caption", "")
        if units(caption) > 1024:
            raise refuse("message caption is too long")
        entities = _entities(caption, p.get("caption_entities") or [])
        keyboard = _keyboard(p.get("reply_markup"))
        sent = self._sent(
            chat,
            from_bot=True,
            text=caption,
            entities=entities,
            document=filename,
            content=content,
            keyboard=keyboard,
        )
        file = {"file_id": f"F{sent.id}", "file_unique_id": f"f{sent.id}", "file_name": filename}
        return {**self._message(chat, sent), "document": {**file, "mime_type": media_type}}

    def _message(self, chat: Chat, sent: Sent) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": sent.id,
            "date": int(time.time()),
            "chat": chat.to_json(),
            "from": BOT,
        }
        if sent.document is None:
            message["text"] = sent.text
            message["entities"] = sent.entities
        if sent.keyboard:
            message["reply_markup"] = {"inline_keyboard": sent.keyboard}
        return message

    def _do_answer_callback_query(self, p: dict[str, Any]) -> Any:
        query = p.get("callback_query_id")
        text = p.get("text", "")
        if units(text) > 200:
            raise refuse("MESSAGE_TOO_LONG")
        answers = self._queries.get(str(query))
        if answers is None or answers:
            self.problems.append(f"the callback query {query} was answered twice or is unknown")
            raise refuse("query is too old and response timeout expired or query ID is invalid")
        asked = self._asked.get(str(query))
        if asked is not None and time.monotonic() - asked > self.query_seconds:
            self._queries[str(query)] = 1
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                expected=True,
            )
        self._queries[str(query)] = 1
        if text:
            self.notices.append((int(str(query).split("-")[0]), text))
        self._touch()
        return True

    def _do_delete_message(self, p: dict[str, Any]) -> Any:
        message = self._open_chat(p).find(p["message_id"])
        if message is None:
            raise refuse("message to delete not found")
        if time.time() - message.at > TWO_DAYS:
            raise refuse("message can't be deleted")
        return self._do_delete_messages({**p, "message_ids": [p["message_id"]]})

    def _do_delete_messages(self, p: dict[str, Any]) -> Any:
        chat = self._open_chat(p)
        if not 1 <= len(p["message_ids"]) <= 100:
            raise refuse("message identifiers are not specified or too many")
        if not all(type(one) is int for one in p["message_ids"]):
            raise refuse("a message identifier is not a number")
        for message_id in p["message_ids"]:
            # Telegram passes over what is gone, and what is older than two days.
            message = chat.find(message_id)
            if message and time.time() - message.at <= TWO_DAYS:
                message.deleted = True
        self._touch()
        return True

    def _do_send_chat_action(self, p: dict[str, Any]) -> Any:
        self._open_chat(p)
        if p.get("action") not in ACTIONS:
            raise refuse("wrong parameter action in request")
        return True

    def _do_get_file(self, _: dict[str, Any]) -> Any:
        raise refuse("nothing may be downloaded")

    # --- about the bot ----------------------------------------------------------------------

    def _do_set_my_commands(self, p: dict[str, Any]) -> Any:
        commands = p["commands"]
        if len(commands) > 100:
            raise refuse("BOT_COMMANDS_TOO_MUCH")
        names = [command["command"] for command in commands]
        if len(set(names)) != len(names):
            raise refuse("the fake does not expect a command twice")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise refuse("BOT_COMMAND_INVALID")
            if not 1 <= units(command["description"].strip()) <= 256:
                raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._language(p)] = commands
        return True

    def _do_set_my_description(self, p: dict[str, Any]) -> Any:
        if units(p["description"]) > 512:
            raise refuse("BOT_DESCRIPTION_INVALID")
        self.descriptions[self._language(p)] = p["description"]
        return True

    def _do_set_my_short_description(self, p: dict[str, Any]) -> Any:
        if units(p["short_description"]) > 120:
            raise refuse("BOT_SHORT_DESCRIPTION_INVALID")
        self.short_descriptions[self._language(p)] = p["short_description"]
        return True

    @staticmethod
    def _language(p: dict[str, Any]) -> str:
        language = p.get("language_code") or ""
        if language and not re.fullmatch("[a-z]{2}", language):
            raise refuse("language_code must be two letters")
        return str(language)

    # --- from another process ---------------------------------------------------------------

    async def _control(self, request: web.Request) -> web.Response:
        """What tests in another process may say: see ``main``."""
        given = await request.json()
        chat = given.get("chat", 1)
        match request.match_info["what"]:
            case "says":
                return web.json_response(await self.person(chat).says(given["text"]))
            case "taps":
                return web.json_response(await self.person(chat).taps(given["label"]))
            case "update":
                return web.json_response(self.update(**given))
            case "fault":
                self.fault(**given)
                return web.json_response(True)
            case "messages":
                return web.json_response([m.text for m in self.person(chat).messages])
            case "problems":
                return web.json_response(self.problems)
            case "calls":
                return web.json_response([[c.method, c.chat, c.code] for c in self.calls])
            case _:
                return web.Response(status=404)


def _chat_of(update: Mapping[str, Any]) -> Any:
    query = update.get("callback_query")
    message = query.get("message") if query else next(iter(list(update.values())[1:]), None)
    return message.get("chat", {}).get("id") if isinstance(message, Mapping) else None


# --- what a message may hold -----------------------------------------------------------------


def _content(p: dict[str, Any]) -> tuple[str, list[dict[str, Any]], list[list[dict[str, Any]]]]:
    text = p.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refuse("message text is empty")
    if units(text) > 4096:
        raise refuse("message is too long")
    if "\0" in text:
        raise refuse("the text holds a NUL")
    if text != text.strip():
        raise refuse("the fake does not expect spaces at an end: Telegram takes them away")
    if not set(p.get("link_preview_options") or {}) <= {"is_disabled"}:
        raise refuse("the fake does not expect other link preview options")
    return text, _entities(text, p.get("entities") or []), _keyboard(p.get("reply_markup"))


def _entities(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    raw = text.encode("utf-16-le")
    spans: list[tuple[int, int]] = []
    if len(entities) > 100:
        raise refuse("the fake does not expect over 100 entities: Telegram drops the others")
    for entity in entities:
        kind, start, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in ENTITIES:
            raise refuse(f"can't parse entities: unknown type {kind}")
        if not set(entity) <= ENTITY_KEYS or ("language" in entity and kind != "pre"):
            raise refuse("can't parse entities: a field that this type does not have")
        if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length < 1:
            raise refuse("can't parse entities: offset or length")
        end = start + length
        if end * 2 > len(raw):
            raise refuse("can't parse entities: an entity ends behind the text")
        try:
            raw[start * 2 : end * 2].decode("utf-16-le")
        except UnicodeDecodeError:
            raise refuse("can't parse entities: an entity splits a character") from None
        if (kind == "text_link") != bool(entity.get("url")):
            raise refuse("can't parse entities: a text_link, and only that, has a url")
        if kind == "text_link" and not LINK.match(entity["url"]):
            raise refuse("can't parse entities: Telegram makes no link of this url")
        for other_start, other_end in spans:
            if other_start < start < other_end < end or start < other_start < end < other_end:
                raise refuse("can't parse entities: two overlap without one holding the other")
        spans.append((start, end))
    for outer in entities:
        for inner in entities:
            if inner is outer or not _inside(inner, outer):
                continue
            if outer["type"] in {"code", "pre"}:
                raise refuse("can't parse entities: nothing may stand inside code")
            if inner["type"].endswith("blockquote") and outer["type"].endswith("blockquote"):
                raise refuse("can't parse entities: blockquotes can't be nested")
    return [dict(entity) for entity in entities]


def _inside(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    end = outer["offset"] + outer["length"]
    return bool(inner["offset"] >= outer["offset"] and inner["offset"] + inner["length"] <= end)


def _keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    if markup is None:
        return []
    if isinstance(markup, str):
        markup = json.loads(markup)
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or set(markup) != {"inline_keyboard"}:
        raise refuse("object expected as reply markup: an inline keyboard")
    if len(json.dumps(markup).encode()) > 10_000:
        raise refuse("reply markup is too long")
    if sum(len(row) for row in rows) > 100:
        raise refuse("reply markup has too many buttons")
    for row in rows:
        if not 1 <= len(row) <= 8:
            raise refuse("a row of buttons must have 1 to 8")
        for button in row:
            _button(button)
    return rows


def _button(button: dict[str, Any]) -> None:
    if not button.get("text", "").strip():
        raise refuse("inline keyboard button text must be non-empty")
    units(button["text"])
    if set(button) == {"text", "callback_data"}:
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise refuse("BUTTON_DATA_INVALID")
    elif set(button) == {"text", "url"}:
        if not LINK.match(button["url"]):
            raise refuse("BUTTON_URL_INVALID")
    elif set(button) == {"text", "copy_text"}:
        copied = button["copy_text"]
        if set(copied) != {"text"} or not 1 <= units(copied["text"]) <= 256:
            raise refuse("BUTTON_COPY_TEXT_INVALID")
    else:
        raise refuse("a button must have either callback_data, url or copy_text")


# --- people ------------------------------------------------------------------------------------


class Person:
    """Somebody with a phone. ``sees`` looks at what came since they last did something."""

    def __init__(self, fake: FakeTelegram, chat: Chat, name: str, language_code: str) -> None:
        self.fake = fake
        self.chat = chat
        self.name = name
        self.language_code = language_code
        self.last_tap: tuple[int, str] | None = None
        self.since = 0

    @property
    def messages(self) -> list[Sent]:
        """What the bot has sent and not deleted, in order, as it looks now."""
        return [m for m in self.chat.messages if m.from_bot and not m.deleted]

    @property
    def notices(self) -> list[str]:
        """The lines that were shown over tapped buttons."""
        return [text for chat, text in self.fake.notices if chat == self.chat.id]

    async def says(self, text: str, *, chat: Chat | None = None) -> int:
        """Type a message, here or in a group; the update's id."""
        sent = self.fake._sent(chat or self.chat, from_bot=False, text=text)
        parts: dict[str, Any] = {"text": text}
        if found := re.match(r"/[A-Za-z0-9_]+(@\w+)?", text):
            entity = {"type": "bot_command", "offset": 0, "length": len(found[0])}
            parts["entities"] = [entity]
        return self._post("message", sent, parts)

    async def sends(self, **content: Any) -> int:
        """Send something that is not text: ``sends(voice={...})``."""
        return self._post("message", self.fake._sent(self.chat, from_bot=False), content)

    async def attaches(self, kind: str) -> int:
        """Send a plausible attachment: voice, photo, document, sticker, contact, location, …"""
        return await self.sends(**{kind: ATTACHMENTS[kind]})

    async def edits(self, text: str) -> int:
        """Edit one's last message."""
        sent = next(m for m in reversed(self.chat.messages) if not m.from_bot)
        sent.text = text
        return self._post("edited_message", sent, {"text": text, "edit_date": int(time.time())})

    async def taps(self, label: str, *, wait: float = 5.0) -> int:
        """Tap a button that is on the screen, the newest first; the update's id."""
        message = await self.fake.until(
            lambda: next((m for m in reversed(self.messages) if label in m.labels), None),
            wait,
            lambda: f"no button {label!r}; the last message has {self._last_labels()}",
        )
        data = message.data(label)
        if data is None:
            raise AssertionError(f"the button {label!r} opens a link")
        return await self.taps_data(data, message.id)

    async def taps_again(self) -> int:
        """Tap the button that was tapped last once more, though it may be gone."""
        assert self.last_tap, "nothing was tapped yet"
        message_id, data = self.last_tap
        return await self.taps_data(data, message_id)

    async def taps_data(self, data: str, message_id: int | None = None) -> int:
        """Tap a button with any data, as a tampered client could."""
        message_id = message_id or (self.messages[-1].id if self.messages else 1)
        self.last_tap = (message_id, data)
        self.since = self.fake._touches
        query = f"{self.chat.id}-{self.fake._next_query}"
        self.fake._next_query += 1
        self.fake._queries[query] = 0
        self.fake._asked[query] = time.monotonic()
        message = {"message_id": message_id, "date": int(time.time()), "from": BOT}
        return self.fake.update(
            callback_query={
                "id": query,
                "from": self._user(),
                "chat_instance": "1",
                "data": data,
                "message": {**message, "chat": self.chat.to_json(), "text": "…"},
            }
        )

    async def blocks(self) -> None:
        """Block the bot."""
        self.chat.blocked = True
        self._member("kicked")

    async def unblocks(self) -> None:
        """Unblock the bot."""
        self.chat.blocked = False
        self._member("member")

    async def sees(self, part: str, *, timeout: float = PATIENCE) -> Sent:
        """Wait for a message or an edit since one's last deed that holds ``part``."""

        def found() -> Sent | None:
            for message in self.messages:
                if message.touched > self.since and part in message.text:
                    return message
            return None

        seen: Sent = await self.fake.until(
            found,
            timeout,
            lambda: f"{part!r} was not seen; there is {[m.text for m in self._news()]}",
        )
        return seen

    async def sees_notice(self, part: str, *, timeout: float = PATIENCE) -> None:
        """Wait for a line over a tapped button."""
        await self.fake.until(
            lambda: any(part in notice for notice in self.notices),
            timeout,
            lambda: f"no notice {part!r}; there are {self.notices}",
        )

    async def sees_nothing(self, seconds: float = 0.2) -> None:
        """Make sure that nothing comes for a while."""
        await asyncio.sleep(seconds)
        assert not self._news(), [m.text for m in self._news()]

    def _news(self) -> list[Sent]:
        return [m for m in self.messages if m.touched > self.since]

    def _last_labels(self) -> list[str]:
        return self.messages[-1].labels if self.messages else []

    def _user(self) -> dict[str, Any]:
        return {
            "id": self.chat.id if self.chat.kind == "private" else 1,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language_code,
        }

    def _post(self, kind: str, sent: Sent, content: Mapping[str, Any]) -> int:
        self.since = self.fake._touches
        chat = self.fake.chats[sent.chat]
        message = {
            "message_id": sent.id,
            "date": int(time.time()),
            "chat": chat.to_json(),
            "from": self._user(),
            **content,
        }
        return self.fake.update(**{kind: message})

    def _member(self, status: str) -> None:
        kicked = {"status": "kicked", "user": BOT, "until_date": 0}
        member = {"status": "member", "user": BOT}
        self.fake.update(
            my_chat_member={
                "chat": self.chat.to_json(),
                "from": self._user(),
                "date": int(time.time()),
                "old_chat_member": member if status == "kicked" else kicked,
                "new_chat_member": kicked if status == "kicked" else member,
            }
        )


_FILE = {"file_id": "X", "file_unique_id": "x"}
ATTACHMENTS: dict[str, Any] = {
    "voice": {**_FILE, "duration": 3},
    "audio": {**_FILE, "duration": 3},
    "video_note": {**_FILE, "duration": 3, "length": 100},
    "video": {**_FILE, "duration": 3, "width": 100, "height": 100},
    "photo": [{**_FILE, "width": 100, "height": 100}],
    "document": {**_FILE, "file_name": "letter.pdf"},
    "sticker": {
        **_FILE,
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    },
    "contact": {"phone_number": "+15550100", "first_name": "Bo"},
    "location": {"latitude": 1.0, "longitude": 2.0},
    "dice": {"emoji": "🎲", "value": 3},
    "poll": {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
    },
}


@contextlib.asynccontextmanager
async def fake_telegram(**settings: Any) -> AsyncIterator[FakeTelegram]:
    """A running server, stopped afterwards."""
    async with FakeTelegram(**settings) as fake:
        yield fake


async def _run(port: int, delay: float, keep_calls: bool) -> None:
    async with FakeTelegram(port=port, delay=delay) as fake:
        fake.keep_calls = keep_calls
        print(fake.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted. ``POST /control/says|taps|update|fault|messages|problems|calls``."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--delay", type=float, default=0.0, help="seconds added to each call")
    arguments.add_argument("--forget-calls", action="store_true", help="keep no list of calls")
    given = arguments.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(given.port, given.delay, not given.forget_calls))


if __name__ == "__main__":
    main()
