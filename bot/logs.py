"""Log lines that cannot hold what anybody typed, a name, or a token.

The law of this room: a line is made of our own constant sentences and of values under the keys
listed here. Messages are never filled in, foreign messages are never shown, and of an error only
its type and our own place in the code are.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

log = logging.getLogger(__name__)

ALLOWED = (
    "attempt",
    "count",
    "error",
    "mode",
    "place",
    "port",
    "reason",
    "seconds",
    "status",
    "wait",
)
"""Keys of ``extra`` that are shown; their values are ours, not a person's."""

FOREIGN = ("telegram", "httpx", "httpcore", "aiohttp", "asyncio", "uvicorn", "starlette")
"""Libraries whose own lines hold texts, names and URLs with the token in them."""


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "event": "a library had something to say",
        }
        if record.name.partition(".")[0] == "bot" and isinstance(record.msg, str):
            line["event"] = record.msg
            line |= {key: record.__dict__[key] for key in ALLOWED if key in record.__dict__}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["place"] = _place(record.exc_info[2])
        return json.dumps(line, default=lambda value: type(value).__name__)


def _place(trace: TracebackType | None) -> str:
    """Where in our own rooms it happened, e.g. ``machine:120``."""
    place = ""
    while trace:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("bot."):
            place = f"{name.removeprefix('bot.')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def about(error: BaseException) -> dict[str, str]:
    """What may be said of an error: its type and our own place in the code."""
    return {"error": type(error).__name__, "place": _place(error.__traceback__)}


def start(level: str = "info", stream: IO[str] | None = None) -> logging.Handler:
    """Send every log line through ``Lines``; libraries speak from warnings up only."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level.upper())
    for name in FOREIGN:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Warnings name files and lines of ours and of libraries; they go the same way.
    logging.captureWarnings(capture=True)
    return handler


def catch_everything() -> None:
    """Let what Python itself would print of an error, with its words, go the same way."""

    def in_a_thread(caught: threading.ExceptHookArgs) -> None:
        _last_words(caught.exc_value)

    def unraisable(caught: sys.UnraisableHookArgs) -> None:
        _last_words(caught.exc_value)

    threading.excepthook = in_a_thread
    sys.unraisablehook = unraisable


def _last_words(error: BaseException | None) -> None:
    log.error("an error reached nobody", extra=about(error) if error else {})
