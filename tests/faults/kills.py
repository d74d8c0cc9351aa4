"""Kill the bot again and again while people talk with it, and account for every answer.

    python -m tests.faults.kills --turns 5000 --kills 250 [--seed 1]

The bot is `lmn-bot run`, a process of its own, over real HTTP. Nothing in it knows of this: the
fake Bot API server sees a call coming or answers it, and the process gets its SIGKILL right then.
After each kill a copy of the database tells which messages were out but not yet marked: one in a
chat at most, and so many, and no more, may come twice.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.outgoing import File, Message
from bot.storage_sqlite import open_store
from tests.fake_telegram import TOKEN, FakeTelegram, Refused
from tests.faults.people import OPERATOR, Tally, Walker

ROOT = Path(__file__).parent.parent.parent
AT_ONCE = 12
"""So many people talk with the bot at the same time."""

MOMENTS = (
    ("coming", "getUpdates"),
    ("done", "getUpdates"),  # Updates are on their way to the bot.
    ("answered", "getUpdates"),  # They are there: before, during and after the commit.
    ("coming", "sendMessage"),  # Committed; the message does not arrive.
    ("done", "sendMessage"),  # The message arrives; the bot is never told.
    ("answered", "sendMessage"),  # The bot is told: before, during and after the mark.
    ("coming", "editMessageText"),
    ("answered", "editMessageText"),
    ("coming", "answerCallbackQuery"),
    ("answered", "answerCallbackQuery"),
    ("any", ""),  # At no point in particular.
    ("starting", ""),  # While it starts again.
)


def environment(base_url: str, folder: Path, **more: str) -> dict[str, str]:
    """The variables of a bot that keeps its files in a folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LMN_BOT_")}
    return {
        **kept,
        "LMN_BOT_TELEGRAM_TOKEN": TOKEN,
        "LMN_BOT_TELEGRAM_BASE_URL": base_url,
        "LMN_BOT_TELEGRAM_POLL_TIMEOUT": "2",
        "LMN_BOT_TELEGRAM_PACE": "none",
        "LMN_BOT_STORAGE_PATH": str(folder / "data" / "bot.db"),
        "LMN_BOT_STORAGE_KEY_FILE": str(folder / "keys" / "bot.key"),
        "LMN_BOT_OPERATOR_NAME": OPERATOR.name,
        "LMN_BOT_OPERATOR_CONTACT": OPERATOR.contact,
        "LMN_BOT_OPERATOR_RELATION": OPERATOR.relation,
        "LMN_BOT_LOG_LEVEL": "warning",
        **more,
    }


class Witness(FakeTelegram):
    """The fake server, which can kill its client at the very moment that a call is seen."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.keep_calls = False
        self.chance = chance
        self.armed: tuple[str, str] | None = None
        self.kill: Callable[[], bool] = lambda: False
        self.started_at: float | None = None
        self.starts: list[float] = []
        """Seconds from each start of the bot to its first poll."""

    def arm(self, moment: tuple[str, str]) -> None:
        self.armed = moment
        if moment[0] == "starting":
            self.kill()  # And once more, when it starts again.
        if moment[0] == "any":
            self._strike_in(self.chance.uniform(0, 0.1))

    def _strike(self) -> bool:
        """Kill at the moment that was chosen; it stays chosen while there is nothing to kill."""
        struck = bool(self.armed) and self.kill()
        if struck:
            self.armed = None
        return struck

    def _strike_in(self, seconds: float) -> None:
        def strike() -> None:
            if not self._strike() and self.armed and self.armed[0] == "any":
                self._strike_in(0.01)  # Between a death and the next start: wait for that one.

        asyncio.get_running_loop().call_later(seconds, strike)

    async def _perform(self, method: str, parameters: dict[str, Any]) -> Any:
        if method == "getUpdates" and self.started_at is not None:
            self.starts.append(time.monotonic() - self.started_at)
            self.started_at = None
        if self.armed == ("coming", method) and self._strike():
            raise Refused(500, "Internal Server Error", expected=True)
        result = await super()._perform(method, parameters)
        if result and self.armed == ("done", method):
            self._strike()
        if result and self.armed == ("answered", method):
            self._strike_in(self.chance.uniform(0, 0.012))
        return result


@dataclass
class Report(Tally):
    """What was found out, and what it was found with."""

    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    unmarked: int = 0
    """Messages that were out but not marked at a kill; each may come once more."""
    seconds: float = 0.0
    starts: list[float] = field(default_factory=list)
    """Seconds from each start to the first poll, shortest first."""

    def lines(self) -> list[str]:
        median, slowest = self.starts[len(self.starts) // 2], self.starts[-1]
        return [
            f"{self.turns} turns, {self.people} people, {self.kills} kills, {self.seconds:.0f} s",
            f"lost {self.lost}, doubled {self.doubled}, out of order {self.out_of_order}",
            f"came again {self.repeats}; out but not marked at a kill {self.unmarked}",
            f"at once {AT_ONCE} chats; of each, one message at most is out and not marked",
            f"start to first poll: median {median:.2f} s, slowest {slowest:.2f} s",
            "killed at: " + ", ".join(f"{what} {n}" for what, n in self.moments.most_common()),
            *self.findings[:20],
        ]

    @property
    def well(self) -> bool:
        faults = self.lost + self.doubled + self.out_of_order + len(self.findings)
        return not faults and self.repeats <= self.unmarked


class Killing:
    """The bot's life: started, killed, looked at, started again."""

    def __init__(self, folder: Path, turns: int, kills: int, seed: int) -> None:
        self.folder = folder
        self.turns = turns
        self.kills = kills
        self.chance = random.Random(seed)
        self.seed = seed
        self.fake = Witness(self.chance)
        self.report = Report()
        self.people: dict[int, Walker] = {}
        self.process: asyncio.subprocess.Process | None = None
        self.over = False

    async def run(self) -> Report:
        """Everybody's turns and all the kills; then the reckoning."""
        began = time.monotonic()
        async with self.fake:
            self.fake.kill = self._kill
            life = asyncio.create_task(self._live())
            crowd = [asyncio.create_task(self._crowd(number)) for number in range(AT_ONCE)]
            clock = asyncio.create_task(self._arm())
            try:
                await self._until_all_is_said(crowd, life, clock)
            finally:
                self.over = True
                for task in (clock, *crowd):
                    task.cancel()
                self.fake.armed = None
                await self._stop(life)
            await self._reckon()
            for problem in self.fake.problems:
                # A tap whose answer the kill swallowed is answered once more, and that is no harm.
                if "callback query" not in problem and "query is too old" not in problem:
                    self.report.found(problem)
        self.report.starts = sorted(self.fake.starts)
        self.report.seconds = time.monotonic() - began
        return self.report

    async def _until_all_is_said(
        self, crowd: list[asyncio.Task[None]], life: asyncio.Task[None], clock: asyncio.Task[None]
    ) -> None:
        """Wait for the crowd; a harness that broke, or stands still, ends the run and says so."""
        waiting: set[asyncio.Task[None]] = {*crowd, life, clock}
        most = 120 + 0.2 * self.turns + 6 * self.kills
        deadline = time.monotonic() + most
        while not all(task.done() for task in crowd):
            left = deadline - time.monotonic()
            if left <= 0:
                self.report.found(f"stood still: not done after {most:.0f} s")
                return
            done, waiting = await asyncio.wait(
                waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()

    async def _crowd(self, number: int) -> None:
        """One person after another, until there were turns and kills enough."""
        chat = 1000 + number
        while self.report.turns < self.turns or self.report.kills < self.kills:
            self.people[chat] = Walker(self.fake, chat, self.report, f"{self.seed}-{chat}")
            await self.people[chat].walk()
            chat += AT_ONCE

    # --- killing ----------------------------------------------------------------------------

    async def _arm(self) -> None:
        """Choose the moments, spread evenly over the turns."""
        due = [
            (number + self.chance.random()) * self.turns / self.kills
            for number in range(self.kills)
        ]
        for number, turn in enumerate(due):
            while self.report.turns < turn or self.fake.armed or self.report.kills < number:
                await asyncio.sleep(0.002)
            moment = MOMENTS[number % len(MOMENTS)]
            self.report.moments[" ".join(moment).strip()] += 1
            self.fake.arm(moment)

    def _kill(self) -> bool:
        """Kill the bot; false when none is running, so that each blow is one death."""
        process, self.process = self.process, None
        if process is None or process.returncode is not None:
            return False
        process.kill()
        return True

    async def _live(self) -> None:
        while not self.over:
            process = await self._start()
            if self.over:
                process.terminate()
            if self.fake.armed == ("starting", ""):
                await asyncio.sleep(self.chance.uniform(0, 2 * self._usual()))
                self.fake._strike()
            code = await process.wait()
            if code == -signal.SIGKILL:
                self.report.kills += 1
                await asyncio.sleep(0.02)  # What was on its way arrives.
                self.report.unmarked += await self._unmarked()
            elif not self.over:
                self.report.found(f"the bot ended by itself with {code}")
            elif code:
                self.report.found(f"told to stop, it ended with {code}")

    async def _start(self) -> asyncio.subprocess.Process:
        errors = (self.folder / "log").open("ab")
        try:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=ROOT,
                env=environment(self.fake.base_url, self.folder),
                stdout=errors,
                stderr=errors,
            )
        finally:
            errors.close()
        self.fake.started_at = time.monotonic()
        return self.process

    def _usual(self) -> float:
        times = sorted(self.fake.starts)
        return times[len(times) // 2] if times else 1.0

    async def _stop(self, life: asyncio.Task[None]) -> None:
        if self.process and self.process.returncode is None:
            self.process.terminate()
        await asyncio.wait_for(life, 15)

    # --- reckoning --------------------------------------------------------------------------

    async def _unmarked(self) -> int:
        """How many messages are out but, as the database has it, still to be sent."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        if not (self.folder / "data" / "bot.db").exists():
            return 0
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns("copy", "log"))
        store = open_store(copy / "data" / "bot.db", copy / "keys" / "bot.key")
        count = 0
        try:
            for one in await store.unsent():
                waiting = [
                    p.outgoing.text if isinstance(p.outgoing, Message) else p.outgoing.caption
                    for p in one.pending
                    if isinstance(p.outgoing, (Message, File))
                ]
                messages = self.fake.person(one.chat).messages
                came = [m.history[0] if m.history else m.text for m in messages]
                lengths = range(1, min(len(waiting), len(came)) + 1)
                out = [n for n in lengths if came[-n:] == waiting[:n]]
                # The same question twice, or once and once again after a kill, look alike: for the
                # bound it may have been two, but a fault it is only when it cannot have been one.
                if out and out[0] > 1:
                    self.report.found(f"{one.chat}: {out[0]} messages were out and not marked")
                count += out[-1] if out else 0
        finally:
            await store.close()
        return count

    async def _reckon(self) -> None:
        """Hold what is kept of everybody against their models."""
        store = open_store(self.folder / "data" / "bot.db", self.folder / "keys" / "bot.key")
        try:
            for chat, walker in self.people.items():
                kept = await store.export(chat)
                walker.account(kept.get("session"))
                if kept.get("unsent"):
                    self.report.found(f"{chat}: something is still unsent")
        finally:
            await store.close()
        for line in (self.folder / "log").read_text().splitlines():
            if '"level": "error"' in line or "Traceback" in line:
                self.report.found(f"the log says: {line[:300]}")


async def killing(folder: Path, turns: int, kills: int, seed: int = 1) -> Report:
    """Run it all in a folder; what was found out."""
    return await Killing(folder, turns, kills, seed).run()


def main() -> int:
    """Run from the command line; 1 when anything was lost, doubled, or out of order."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--turns", type=int, default=5_000)
    arguments.add_argument("--kills", type=int, default=250)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(killing(Path(folder), given.turns, given.kills, given.seed))
    print("\n".join(report.lines()))
    return 0 if report.well else 1


if __name__ == "__main__":
    sys.exit(main())
