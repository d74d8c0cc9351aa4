"""How long does one turn of the core take? Beside bare python-telegram-bot, on the same machine.

    python tests/benchmarks/turn.py [--smoke] [--conversations 60] [--profile]

A turn is what the guide does with one thing heard: the walk, the verdict, and every text worded,
with no input or output. A whole conversation is talked through to the papers, in both languages.
PTB's figures are what any bot pays before it has done anything: one update parsed by
`Update.de_json`, one `InlineKeyboardMarkup` built and made JSON.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run from anywhere

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.effects import Typed
from tests.guiding import ANSWERS, Patient, finished, shipped, walked_to

AIM = 1.0
"""Milliseconds that a median turn may take."""


def line(what: str, waits: list[float]) -> None:
    """One row of figures, in milliseconds."""
    ordered = sorted(waits)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    print(
        f"{what:<52} n {len(ordered):>6,}"
        f"  p50 {p50:>7.3f}  p99 {p99:>7.3f}  max {ordered[-1]:>7.3f} ms"
    )


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


class Timed(Patient):
    """A patient whose turns are timed by what they answer; nothing else is."""

    def watch(self) -> dict[str, list[float]]:
        self.waits: dict[str, list[float]] = defaultdict(list)
        guide = self.guide

        def hear(session, heard, held, now, language="en"):  # type: ignore[no-untyped-def]
            at = self.at if self.session is not None else "first contact"
            begun = time.perf_counter()
            turn = guide(session, heard, held, now, language)
            self.waits[at].append((time.perf_counter() - begun) * 1000)
            return turn

        self.guide = hear  # type: ignore[assignment]
        return self.waits


def conversation(language: str) -> dict[str, list[float]]:
    """The time of every turn of one whole conversation."""
    patient = Timed(begin=False, language=language)
    waits = patient.watch()
    patient.sends("start")
    if language == "es":
        patient.sends("language", "en")  # the same words answer; then on in Spanish
        walked_to("account", patient)
        patient.sends("language", "es")
        said = {"account": "fsa", "review": "1", "for_whom": "1", "provider": "1", "bought": "skip"}
        walked_to("end", patient, **said)
    else:
        walked_to("end", patient)
    return waits


def of_the_core(conversations: int) -> None:
    every: dict[str, list[float]] = defaultdict(list)
    for language in ("en", "es"):
        waits: list[float] = []
        for _ in range(conversations):
            for at, each in conversation(language).items():
                waits += each
                every[at] += each
        line(f"one turn of a whole conversation, {language}", waits)
    slowest = sorted(every.items(), key=lambda one: -statistics.median(one[1]))
    for at, each in slowest[:4]:
        line(f"  the slowest: the answer at {at}", each)


def of_single_things(times: int) -> None:
    """What single turns cost at the end of a conversation, where most is known."""
    patient = finished()
    session, guide, now = patient.session, patient.guide, patient.now
    walk = patient.walk
    line("the walk alone, of a finished conversation", [timed(walk) for _ in range(times)])
    again = [timed(lambda: guide(session, Typed("thank you"), None, now)) for _ in range(times)]
    line("words typed at the end", again)


UPDATE = {
    "update_id": 1,
    "callback_query": {
        "id": "1",
        "from": {"id": 5, "is_bot": False, "first_name": "A", "language_code": "en"},
        "message": {
            "message_id": 7,
            "date": 1_795_000_000,
            "chat": {"id": 5, "type": "private", "first_name": "A"},
            "text": "Which account would pay for it?",
        },
        "chat_instance": "1",
        "data": "nonce001.12.account.fsa",
    },
}


def of_ptb(times: int) -> None:
    choices = list(shipped().machine.by_key["account"].step.choices)

    def keyboard() -> object:
        rows = [[InlineKeyboardButton(one, callback_data=f"n.12.account.{one}")] for one in choices]
        return InlineKeyboardMarkup(rows).to_json()

    line(
        "PTB: Update.de_json of a tap",
        [timed(lambda: Update.de_json(UPDATE, None)) for _ in range(times)],
    )
    line(
        f"PTB: InlineKeyboardMarkup of {len(choices)} buttons",
        [timed(keyboard) for _ in range(times)],
    )

    def both() -> None:
        Update.de_json(UPDATE, None)
        keyboard()

    line("PTB: both, the least of any bot's turn", [timed(both) for _ in range(times)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="a quick run that shows it works")
    parser.add_argument("--conversations", type=int, default=60)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    options = parser.parse_args()
    conversations = 2 if options.smoke else options.conversations
    times = 200 if options.smoke else 4_000
    assert set(ANSWERS) <= set(shipped().machine.by_key)
    conversation("en"), conversation("es")  # first uses compile templates and build the index
    if options.profile:
        with cProfile.Profile() as profile:
            for _ in range(conversations):
                conversation("en")
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    print(f"aim: a median turn of at most {AIM} ms")
    of_the_core(conversations)
    of_single_things(times)
    of_ptb(times)


if __name__ == "__main__":
    main()
