"""Webhook, health, metrics.

The law of this room: whoever does not know the secret is answered before a byte of the body is
read, and no body ever reaches a log. A server that reads first can be filled up by strangers.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import uvicorn
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
"""Bytes. The largest update Telegram sends is far below this."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
OLDEST_ALLOWED = 60.0
"""Seconds after which an update or a message that still waits turns /healthz red."""
RETRY_AFTER = "2"
"""Seconds after which Telegram tries again; it obeys this."""

Take = Callable[[Mapping[str, Any]], Awaitable[bool]]
"""Takes one update in; false when it could not be committed and must come again."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is. Ages are in seconds; ``trouble`` says why it cannot serve, or nothing."""

    oldest_update: float = 0.0
    oldest_unsent: float = 0.0
    unsent: int = 0
    trouble: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing waits for too long."""
        return max(self.oldest_update, self.oldest_unsent) <= OLDEST_ALLOWED


class Metrics:
    """Counts for Prometheus. Labels are outcomes from our own code, never anything typed."""

    def __init__(self, health: Callable[[], Health]) -> None:
        self.registry = CollectorRegistry()
        self._counters = {
            name: Counter(f"lmn_bot_{name}s", says, ["outcome"], registry=self.registry)
            for name, says in (
                ("update", "Updates from Telegram"),
                ("send", "Messages, edits and files to Telegram"),
                ("answer", "Answers to taps"),
            )
        }
        self._turns = Histogram(
            "lmn_bot_turn_seconds",
            "From an update's arrival to its commit",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
            registry=self.registry,
        )
        for name, says, read in (
            ("oldest_update_seconds", "Age of the oldest update in hand", "oldest_update"),
            ("oldest_unsent_seconds", "Age of the oldest unsent message", "oldest_unsent"),
            ("unsent", "Messages that wait to be sent", "unsent"),
        ):
            gauge = Gauge(f"lmn_bot_{name}", says, registry=self.registry)
            gauge.set_function(_reader(health, read))

    def count(self, name: str, outcome: str) -> None:
        """One more of ``update``, ``send`` or ``answer``, and how it ended."""
        self._counters[name].labels(outcome).inc()

    def turn(self, seconds: float) -> None:
        """How long one turn took."""
        self._turns.observe(seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


def _reader(health: Callable[[], Health], field: str) -> Callable[[], float]:
    return lambda: float(getattr(health(), field))


# --- the pages -----------------------------------------------------------------------------


def pages(health: Callable[[], Health], metrics: Metrics) -> list[Route]:
    """/healthz, /readyz and /metrics."""

    async def healthz(_: Request) -> Response:
        now = health()
        body = {
            "well": now.well,
            "oldest_update_seconds": round(now.oldest_update, 1),
            "oldest_unsent_seconds": round(now.oldest_unsent, 1),
        }
        return JSONResponse(body, 200 if now.well else 503)

    async def readyz(_: Request) -> Response:
        trouble = health().trouble
        return PlainTextResponse(trouble or "ready", 503 if trouble else 200)

    async def metricz(_: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metricz)]


def webhook(path: str, secret: str, take: Take) -> Route:
    """The page that Telegram posts updates to, one at a time."""
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, expected):
            return _refusal(401, "the secret is missing or wrong")
        try:
            body = await _read(request)
        except ClientDisconnect:
            return _refusal(400, "the body did not arrive")
        if body is None:
            return _refusal(413, "the body is too large")
        update = _update(body)
        if update is None:
            return _refusal(400, "this is not an update")
        if await take(update):
            # Without an answer inside, though Telegram would take one: it tells no message's id
            # then, and what has no id can be neither closed later nor taken out at /delete.
            return Response(status_code=200)
        return Response(status_code=503, headers={"Retry-After": RETRY_AFTER})

    return Route(path, receive, methods=["POST"])


def _refusal(status: int, reason: str) -> Response:
    log.warning("a webhook call was refused", extra={"status": status, "reason": reason})
    # What is left of the body is not read; so this connection is of no more use.
    return PlainTextResponse(reason, status, headers={"Connection": "close"})


async def _read(request: Request) -> bytes | None:
    """The body, or ``None`` as soon as it is known to be too large."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST_BODY:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _update(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = value.get("update_id") if isinstance(value, dict) else None
    whole = isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63
    return value if whole else None


# --- the server ----------------------------------------------------------------------------


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program, which has more to finish than this server."""
        yield


class Site:
    """The routes, served until the block is left; calls under way are finished first.

    Raises ``OSError`` when the address cannot be had.
    """

    def __init__(self, routes: list[Route], host: str, port: int, *, grace: float = 5.0) -> None:
        self._host = host
        self._port = port
        self._server = _Server(
            uvicorn.Config(
                Starlette(routes=routes),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=round(grace),
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port, also when 0 was asked for."""
        return self._port

    async def __aenter__(self) -> Site:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listening = socket.socket(family)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._host, self._port))
            listening.listen(2048)  # From here on callers wait, even before uvicorn has started.
        except OSError:
            listening.close()
            raise
        self._port = listening.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._task:
            await self._task
