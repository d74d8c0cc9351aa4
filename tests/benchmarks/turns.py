"""What does a turn cost the bot? Beside other bots, against one fake server, in one run.

    python tests/benchmarks/turns.py [--smoke] [--seconds 8] [--only guide,ptb-echo]
    python tests/benchmarks/turns.py --what steady    # 40 s for each round trip
    python tests/benchmarks/turns.py --what idle --sessions 100000
    python tests/benchmarks/turns.py --what memory --turns 20000

`guide` is `lmn-bot run` as it is: durable, sealed, the whole guide, one question answered a turn
by tapping or typing. Its pacing is lifted (`telegram.pace: none`), since it would hold back what
is measured here. The others are python-telegram-bot's echo bot and its ConversationHandler, which
saves each answer in SQLite, and aiogram's echo bot, when aiogram is installed; all as their manuals
have them, by polling. An echo turn is one text and one reply; a guide's turn is up to four calls.

CPU is that of the bot's process, from /proc, per update; p50 and p99 are from when an update was
there to be fetched until its reply came, with so many people talking at once.

The other three look at the guide alone. `steady`: 200 people, 20 messages a second between them,
paced as usual; how long each waits. `idle`: the same load with and without so many sessions of
others in the database. `memory`: what the process holds (VmRSS) while it handles so many turns.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456:TEST-token-for-the-fake-server-only"
ME = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
TURNS_A_CHAT = 20
"""After so many turns somebody else comes: a chat may send thirty updates a minute."""
WORDS = ("massage gun", "back pain", "November 2", "neck pain since spring")
BOTS = ("guide", "ptb-echo", "ptb-conversation", "aiogram-echo")
STEADY_CHATS, STEADY_RATE, STEADY_SECONDS = 200, 20.0, 30.0


# --- the server --------------------------------------------------------------------------------


@dataclass
class Load:
    """People who answer as soon as they are answered, and how long that took."""

    at_once: int
    guided: bool
    steady: bool = False
    """Nobody answers at once: ``next_one`` says who speaks, and when is its caller's."""
    replies: dict[int, tuple[int, Any]] = field(default_factory=dict)
    queue: deque[dict[str, Any]] = field(default_factory=deque)
    update: int = 1000
    chat: int = 1000
    message: int = 1
    asked_at: dict[int, float] = field(default_factory=dict)
    turns: dict[int, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    count: int = 0
    calls: int = 0
    poll: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        for _ in range(self.at_once):
            self._new()

    def next_one(self) -> bool:
        """The next one in the round speaks; false when that one still waits for a reply."""
        chat = next(iter(self.replies), None)
        if len(self.turns) < self.at_once:
            self._new()
        elif chat is None:
            return False
        else:
            self._answers(chat, *self.replies.pop(chat))
        return True

    def _new(self) -> None:
        self.chat += 1
        self.turns[self.chat] = 0
        self._says(self.chat, "/start" if self.guided else "hello")

    def _put(self, chat: int, **parts: Any) -> None:
        self.update += 1
        self.queue.append({"update_id": self.update, **parts})
        self.asked_at[chat] = time.perf_counter()
        self.poll.set()

    def _says(self, chat: int, text: str) -> None:
        self.message += 1
        message: dict[str, Any] = {
            "message_id": self.message,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Ana"},
            "from": _user(chat),
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._put(chat, message=message)

    def _taps(self, chat: int, data: str, message: int) -> None:
        about = {"message_id": message, "date": int(time.time()), "text": "…", "from": ME}
        query = {
            "id": str(self.update),
            "from": _user(chat),
            "chat_instance": "1",
            "data": data,
            "message": {**about, "chat": {"id": chat, "type": "private", "first_name": "Ana"}},
        }
        self._put(chat, callback_query=query)

    def replied(self, chat: int, message: int, keyboard: Any) -> None:
        """A message came. In the guide, the turn is over when one with buttons has come."""
        if chat not in self.asked_at or (self.guided and not keyboard):
            return
        self.waits.append(time.perf_counter() - self.asked_at.pop(chat))
        self.count += 1
        self.turns[chat] += 1
        if self.steady:
            self.replies[chat] = (message, keyboard)
        elif self.turns[chat] >= TURNS_A_CHAT:
            del self.turns[chat]
            self._new()
        elif self.guided:
            self._answers(chat, message, keyboard)
        else:
            self._says(chat, WORDS[self.turns[chat] % len(WORDS)])

    def _answers(self, chat: int, message: int, keyboard: Any) -> None:
        data = [b["callback_data"] for row in keyboard["inline_keyboard"] for b in row]
        answers = [d for d in data if ".!" not in d and not d.endswith(".decline")]
        over = [d for d in data if d.endswith(".!end.again")]
        skip = [d for d in data if d.endswith(".!nav.skip")]
        turn = self.turns[chat]
        if answers or over:
            self._taps(chat, (answers or over)[0], message)
        elif skip and turn % 2:
            self._taps(chat, skip[0], message)
        else:
            self._says(chat, WORDS[0 if not skip else turn % len(WORDS)])


def _user(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Ana", "language_code": "en"}


class Connection(asyncio.Protocol):
    """As little HTTP as the three clients speak, so that the server is never the slow one."""

    def __init__(self, load: Load, delay: float) -> None:
        self.load = load
        self.delay = delay
        self.read = b""
        self.transport: Any = None
        self.polling: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.read += data
        while (end := self.read.find(b"\r\n\r\n")) >= 0:
            head = self.read[:end].decode("latin-1")
            found = re.search(r"content-length: *(\d+)", head, re.I)
            size = int(found[1]) if found else 0
            if not found and "chunked" in head.lower():
                raise RuntimeError("a chunked request: this server does not read them")
            if len(self.read) < end + 4 + size:
                return
            body, self.read = self.read[end + 4 : end + 4 + size], self.read[end + 4 + size :]
            method = head.split(" ", 2)[1].rpartition("/")[2].partition("?")[0]
            self._call(method, _parameters(head, body))

    def _call(self, method: str, given: dict[str, Any]) -> None:
        self.load.calls += 1
        loop = asyncio.get_running_loop()
        if method.lower() == "getupdates":
            self.polling = loop.create_task(self._get_updates(given))
        elif self.delay:
            loop.call_later(self.delay, self._perform, method, given)
        else:
            self._perform(method, given)

    async def _get_updates(self, given: dict[str, Any]) -> None:
        load, offset = self.load, int(given.get("offset") or 0)
        while load.queue and load.queue[0]["update_id"] < offset:
            load.queue.popleft()
        if not load.queue and int(given.get("timeout") or 0):
            load.poll.clear()
            await load.poll.wait()
        if self.delay:
            await asyncio.sleep(self.delay)
        limit = int(given.get("limit") or 100)
        self._reply([load.queue[n] for n in range(min(limit, len(load.queue)))])

    def _perform(self, method: str, given: dict[str, Any]) -> None:
        result: Any = True
        if method == "getMe":
            result = ME
        elif method in ("sendMessage", "editMessageText"):
            chat = int(given["chat_id"])
            self.load.message += 1
            number, said = self.load.message, {"text": given.get("text", "")}
            markup = given.get("reply_markup")
            if markup:
                markup = json.loads(markup) if isinstance(markup, str) else markup
                said["reply_markup"] = markup
            about = {"message_id": number, "date": int(time.time()), "from": ME}
            result = {**about, "chat": {"id": chat, "type": "private"}, **said}
            self._reply(result)
            if method == "sendMessage" or markup:
                edited = int(given.get("message_id") or number)
                self.load.replied(chat, edited, markup)
            return
        self._reply(result)

    def _reply(self, result: Any) -> None:
        body = json.dumps({"ok": True, "result": result}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        self.transport.write(head.encode() + b"\r\n\r\n" + body)


def _parameters(head: str, body: bytes) -> dict[str, Any]:
    kind = re.search(r"content-type: *([^\r\n]*)", head, re.I)
    if not body or not kind:
        return {}
    if "json" in kind[1]:
        return dict(json.loads(body))
    if "urlencoded" in kind[1]:
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    parts = re.findall(rb'name="(\w+)".*?\r\n\r\n(.*?)\r\n--', body, re.S)
    return {name.decode(): value.decode() for name, value in parts}


# --- the bots ----------------------------------------------------------------------------------


def ptb_echo(url: str, _: Path) -> None:
    """The echo bot of python-telegram-bot's examples, against another server."""
    from telegram.ext import ApplicationBuilder, MessageHandler, filters

    async def echo(update: Any, context: Any) -> None:
        await update.message.reply_text(update.message.text)

    application = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


def ptb_conversation(url: str, folder: Path) -> None:
    """Ten questions by ConversationHandler; each answer is in SQLite before the next question."""
    from telegram.ext import ApplicationBuilder, ConversationHandler, MessageHandler, filters

    db = sqlite3.connect(folder / "answers.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE answer (chat, step, value, PRIMARY KEY (chat, step))")

    def asking(number: int) -> Any:
        async def answered(update: Any, context: Any) -> int:
            message = update.message
            db.execute("REPLACE INTO answer VALUES (?, ?, ?)", (message.chat.id, number, "x"))
            await message.reply_text(f"Question {number + 1}?")
            return (number + 1) % 10

        return MessageHandler(filters.TEXT, answered)

    conversation = ConversationHandler(
        entry_points=[asking(0)], states={n: [asking(n)] for n in range(10)}, fallbacks=[]
    )
    application = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(conversation)
    application.run_polling()


def aiogram_echo(url: str, _: Path) -> None:
    """The echo bot of aiogram's examples, against another server."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Any) -> None:
        await message.answer(message.text)

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    asyncio.run(dispatcher.start_polling(Bot(TOKEN, session=session)))


DATABASE, KEY = Path("data", "bot.db"), Path("keys", "bot.key")

OTHERS = {
    "ptb-echo": ptb_echo,
    "ptb-conversation": ptb_conversation,
    "aiogram-echo": aiogram_echo,
}


def command(name: str, url: str, folder: Path, pace: str) -> tuple[list[str], dict[str, str]]:
    """How a bot is started."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LMN_BOT_")}
    if name != "guide":
        return [sys.executable, __file__, "--be", name, "--url", url, "--folder", str(folder)], kept
    return [sys.executable, "-m", "bot", "run"], {
        **kept,
        "LMN_BOT_TELEGRAM_TOKEN": TOKEN,
        "LMN_BOT_TELEGRAM_BASE_URL": url,
        "LMN_BOT_TELEGRAM_PACE": pace,
        "LMN_BOT_STORAGE_PATH": str(folder / DATABASE),
        "LMN_BOT_STORAGE_KEY_FILE": str(folder / KEY),
        "LMN_BOT_OPERATOR_NAME": "Example",
        "LMN_BOT_OPERATOR_CONTACT": "help@example.com",
        "LMN_BOT_OPERATOR_RELATION": "An example.",
        "LMN_BOT_LOG_LEVEL": "warning",
    }


# --- measuring ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    cpu: float
    """Seconds of CPU an update."""
    rate: float
    p50: float
    p99: float
    calls: float


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """What a process holds in memory, in MB."""
    found = re.search(r"VmRSS:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


@contextlib.asynccontextmanager
async def running(
    name: str, load: Load, delay: float, *, pace: str = "none", sessions: int = 0
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A bot that has this load in front of it; what it complained of is shown when it fails."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(load, delay / 1000), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with tempfile.TemporaryDirectory() as folder:
        if sessions:
            await fill(Path(folder), sessions)
        arguments, variables = command(name, url, Path(folder), pace)
        log = Path(folder, "log")
        with log.open("wb") as errors:
            process = subprocess.Popen(
                arguments, cwd=ROOT, env=variables, stdout=errors, stderr=errors
            )
        try:
            yield process
        except Silent:
            print(log.read_text()[-2000:], file=sys.stderr)
            raise SystemExit(f"{name} answered nobody") from None
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            server.close()


class Silent(Exception):
    """The bot answered nobody."""


async def warm(load: Load, process: subprocess.Popen[bytes], turns: int, seconds: float) -> None:
    """Wait until so many turns were made, or for so long."""
    until = time.monotonic() + seconds
    while load.count < turns and time.monotonic() < until and process.poll() is None:
        await asyncio.sleep(0.02)


async def measured(
    name: str, delay: float, seconds: float, at_once: int, *, sessions: int = 0
) -> Figures:
    """Run one bot under load, and look at a stretch of it after it has warmed up."""
    load = Load(at_once, guided=name == "guide")
    async with running(name, load, delay, sessions=sessions) as process:
        load.start()
        await warm(load, process, 5 * at_once, 30)
        await asyncio.sleep(min(2.0, seconds / 4))
        load.waits.clear()
        count, calls, cpu = load.count, load.calls, cpu_of(process.pid)
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        took = time.perf_counter() - began
        done, cpu = load.count - count, cpu_of(process.pid) - cpu
        calls = load.calls - calls
        if not done:
            raise Silent
    waits = sorted(load.waits)
    return Figures(
        cpu / done,
        done / took,
        statistics.median(waits),
        waits[int(len(waits) * 0.99) - 1],
        calls / done,
    )


async def fill(folder: Path, sessions: int) -> None:
    """A database in which so many people have given a dozen answers each, today."""
    sys.path.insert(0, str(ROOT))
    from bot.conversation import Turn
    from bot.session import Answer, Session
    from bot.storage_sqlite import open_store

    at = datetime.now(UTC).replace(microsecond=0)
    answers = {f"step_{n}": Answer("an answer of a few words", at) for n in range(12)}
    turn = Turn(Session("nonce", answers=answers, revision=12), ())
    store = open_store(folder / DATABASE, folder / KEY)
    for first in range(0, sessions, 1000):
        chats = range(2**40 + first, 2**40 + min(first + 1000, sessions))
        await asyncio.gather(*(store.turn(chat, None, lambda _: turn) for chat in chats))
    await store.close()


async def steady(delay: float) -> str:
    """How long people wait for the guide when there is no rush."""
    load = Load(STEADY_CHATS, guided=True, steady=True)
    missed = 0
    async with running("guide", load, delay, pace="telegram") as process:
        load.next_one()
        await warm(load, process, 1, 20)
        began, seconds = time.perf_counter(), STEADY_CHATS / STEADY_RATE + STEADY_SECONDS
        for n in range(int(seconds * STEADY_RATE)):
            if n == STEADY_CHATS:
                load.waits.clear()
                cpu, missed = cpu_of(process.pid), 0
            missed += not load.next_one()
            await asyncio.sleep(began + (n + 1) / STEADY_RATE - time.perf_counter())
        cpu = cpu_of(process.pid) - cpu
        if not load.waits:
            raise Silent
    waits = sorted(load.waits)
    p50, p99 = statistics.median(waits), waits[int(len(waits) * 0.99) - 1]
    return (
        f"guide, steady      {delay:>4.0f} ms  CPU {cpu / len(waits) * 1e3:>6.2f} ms"
        f"  {len(waits) / STEADY_SECONDS:>7.1f} updates/s  p50 {p50 * 1e3:>7.1f} ms"
        f"  p99 {p99 * 1e3:>7.1f} ms  longest {waits[-1] * 1e3:.1f} ms"
        f"  {missed} not yet answered when it was their turn"
    )


async def memory(turns: int, at_once: int) -> None:
    """What the guide's process holds while it handles so many turns."""
    load = Load(at_once, guided=True)
    async with running("guide", load, 0) as process:
        load.start()
        await warm(load, process, 5 * at_once, 20)
        if not load.count:
            raise Silent
        first = load.count
        for tenth in range(11):
            await warm(load, process, first + turns * tenth // 10, turns / 10)
            mb = memory_of(process.pid)
            print(f"memory after {load.count - first:>7,} turns: {mb:>6.1f} MB", flush=True)


def line(name: str, delay: float, f: Figures) -> str:
    return (
        f"{name:<18} {delay:>4.0f} ms  CPU {f.cpu * 1e3:>6.2f} ms  {f.rate:>7,.0f} updates/s"
        f"  p50 {f.p50 * 1e3:>7.1f} ms  p99 {f.p99 * 1e3:>7.1f} ms  {f.calls:>4.1f} calls"
    )


def compared(found: dict[tuple[str, float], Figures]) -> list[str]:
    """The guide beside each of the others."""
    lines = []
    for (name, delay), other in found.items():
        ours = found.get(("guide", delay))
        if ours and name != "guide":
            lines.append(
                f"guide / {name} at {delay:.0f} ms: {ours.cpu / other.cpu:.2f} of the CPU,"
                f" {ours.rate / other.rate:.1f} times the updates/s"
            )
    return lines


def beside_each_other(names: list[str], given: argparse.Namespace) -> None:
    """The bots one after another, and the guide beside each of the others."""
    delays, seconds = [0.0, 50.0], given.seconds
    if given.smoke:
        names, delays, seconds = ["guide", "ptb-echo"], [0.0], 0.7
    if "aiogram-echo" in names and not importlib.util.find_spec("aiogram"):
        names.remove("aiogram-echo")
        print("aiogram is not installed, so its echo bot is left out")
    print(f"pacing lifted; {given.at_once} people at once; {seconds:g} s each; round trip added:")
    found = {}
    for delay in delays:
        for name in names:
            figures = asyncio.run(measured(name, delay, seconds, given.at_once))
            found[name, delay] = figures
            print(line(name, delay, figures), flush=True)
    print("\n".join(compared(found)))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--smoke", action="store_true", help="a second or so, to see that it runs")
    parser.add_argument("--what", choices=("bots", "steady", "idle", "memory"), default="bots")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each is looked at")
    parser.add_argument("--at-once", type=int, default=100, help="people talking at once")
    parser.add_argument("--sessions", type=int, default=100_000, help="of idle people")
    parser.add_argument("--turns", type=int, default=20_000, help="for --what memory")
    parser.add_argument("--only", default=",".join(BOTS))
    parser.add_argument("--be", choices=OTHERS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.be:
        OTHERS[given.be](given.url, given.folder)
        return
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    print(f"load average before: {load}; {os.cpu_count()} cores")
    if given.smoke or given.what == "bots":
        beside_each_other(given.only.split(","), given)
    elif given.what == "steady":
        people = f"{STEADY_CHATS} people, {STEADY_RATE:g} messages a second between them"
        print(f"{people}; paced as usual; round trip added:")
        for delay in (0.0, 50.0):
            print(asyncio.run(steady(delay)), flush=True)
    elif given.what == "idle":
        for sessions in (0, given.sessions, 0, given.sessions):
            figures = asyncio.run(
                measured("guide", 0, given.seconds, given.at_once, sessions=sessions)
            )
            print(f"{sessions:>7,} idle  {line('guide', 0, figures)}", flush=True)
    else:
        asyncio.run(memory(given.turns, given.at_once))


if __name__ == "__main__":
    main()
