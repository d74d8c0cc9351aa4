"""How long until `lmn-bot chat` asks its first question, and how long does `check` take?

    python tests/benchmarks/start.py [--smoke] [--times 15]

Each figure is the wall time of a process of its own, from its start to its first question (or its
end), with the shipped catalogue. Warm: the parsed files are remembered from an earlier start. Cold:
nothing is. Beside them: Python alone, and Python importing python-telegram-bot.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

FIRST_WORDS = b"bot: "
AIMS = {"chat": 0.6, "check": 1.5}
"""Seconds, on two cores."""


def environment(cache: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LMN_BOT_")}
    return {**kept, "XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT)}


def until_the_first_question(cache: str) -> float:
    """Start `chat`, wait for its first message; its input stays open, as at a keyboard."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "chat"],
        cwd=ROOT,
        env=environment(cache),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        waited = time.perf_counter() - begun
        _, errors = process.communicate(timeout=20)
        assert first.startswith(FIRST_WORDS), errors.decode()
    return waited


def whole(cache: str, *command: str) -> float:
    """The wall time of a command from its start to its end."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(cache),
        capture_output=True,
        check=False,
    )
    waited = time.perf_counter() - begun
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return waited


def line(what: str, waits: list[float], aim: float | None = None) -> None:
    """One row of figures, in seconds."""
    wished = f"   aim {aim:.1f}" if aim else ""
    print(
        f"{what:<52} n {len(waits):>3}  median {statistics.median(waits):>6.3f}"
        f"  best {min(waits):>6.3f}  worst {max(waits):>6.3f} s{wished}"
    )


def several(times: int, work: Callable[[], float]) -> list[float]:
    return [work() for _ in range(times)]


def cold(work: Callable[[str], float]) -> float:
    with tempfile.TemporaryDirectory() as empty:
        return work(empty)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="a quick run that shows it works")
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    few = 1 if options.smoke else max(3, options.times // 3)
    times = 1 if options.smoke else options.times
    with tempfile.TemporaryDirectory() as cache:
        until_the_first_question(cache)  # remembers the files, and compiles the modules
        warm = several(times, lambda: until_the_first_question(cache))
        line("chat to its first question, warm", warm, AIMS["chat"])
        line(
            "chat to its first question, cold", several(few, lambda: cold(until_the_first_question))
        )
        look_up = several(few, lambda: whole(cache, "-m", "bot", "expense", "massage gun"))
        line('expense "massage gun", warm', look_up)
        check = several(few, lambda: whole(cache, "-m", "bot", "check"))
        line("check of the shipped flows", check, AIMS["check"])
        line("Python alone", several(few, lambda: whole(cache, "-c", "")))
        line(
            "Python and `import telegram`",
            several(few, lambda: whole(cache, "-c", "import telegram")),
        )


if __name__ == "__main__":
    main()
