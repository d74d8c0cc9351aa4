"""How well words lead to questions and answers: prints shares, each with its n.

    python tests/benchmarks/questions.py [FILE.csv] [--half dev|test] [--smoke] [--wrong]

The file has the columns query, expected (a question's id; several that answer it as well with a
comma between; "none" for what is no question of this kind), language, and half: answers and words
were mended by looking at "dev"; "test" was left alone, so its figures are those to go by.

`alone` is the look-up itself. The others are whole turns of the shipped guide, asked at an open
question: the menu, the expense, one with buttons (account), and by `/help words`.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # run from anywhere, installed or not

from bot.effects import Command, Heard, Typed  # noqa: E402 - the path comes first
from bot.outgoing import Button, Message  # noqa: E402
from tests.guiding import Patient, shipped, walked_to  # noqa: E402

PLACES = {"menu": "topic", "expense": "expense", "account": "account"}
SURE = ("alone", *PLACES)
"""Where nothing but a sure answer may be given; `/help` answers what is likely."""


@dataclass(frozen=True)
class Answer:
    """What came back: the question that was answered, if any, and those that were offered."""

    answered: str
    offered: tuple[str, ...]
    taken: bool = False
    """Whether the words were kept, or offered, as an answer to the open question."""


@dataclass(frozen=True)
class Row:
    """One phrasing, the questions it may be, and what came back at each place."""

    query: str
    expected: tuple[str, ...]
    language: str
    half: str
    first: str
    at: Mapping[str, Answer]

    @property
    def real(self) -> bool:
        return self.expected != ("none",)

    def right(self, place: str) -> bool:
        return self.at[place].answered in self.expected

    def wrong(self, place: str) -> bool:
        return bool(self.at[place].answered) and not self.right(place)


class Asker:
    """Asks the shipped guide at every place, from the same sessions each time."""

    def __init__(self) -> None:
        self.questions = shipped().questions
        self.patients = {
            (place, language): self._waiting(step, language)
            for place, step in PLACES.items()
            for language in ("en", "es")
        }
        self.ids = {
            asked: one.id
            for one in self.questions.entries.values()
            for asked in (one.ask, one.ask_es)
        }

    def _waiting(self, step: str, language: str) -> Patient:
        patient = walked_to(step, Patient())
        patient.sends("language", language)
        return patient

    def ask(self, words: str, language: str) -> tuple[str, dict[str, Answer]]:
        found = self.questions.find(words, language)
        sure = found[0].question.id if found and found[0].sure else ""
        answers = {"alone": Answer(sure, tuple(one.question.id for one in found))}
        for place in PLACES:
            answers[place] = self._heard(Typed(words), place, language)
        answers["/help"] = self._heard(Command("help", words), "account", language)
        return (found[0].question.id if found else ""), answers

    def _heard(self, heard: Heard, place: str, language: str) -> Answer:
        patient = self.patients[place, language]
        turn = patient.guide(patient.session, heard, None, patient.now, language)
        messages = [one for one in turn.outgoing if isinstance(one, Message)]
        titles = [self.ids.get(one.text.split("\n", 1)[0], "") for one in messages]
        buttons = [button for one in messages for row in one.buttons for button in row]
        offered = tuple(filter(None, map(self._offered, buttons)))
        answered = next(filter(None, titles), "")
        taken = turn.session is not None and turn.session.answers != patient.session.answers
        expenses = any(".expense." in (button.data or "") for button in buttons)
        return Answer(answered, offered, taken or (expenses and not answered))

    def _offered(self, button: Button) -> str:
        _, _, rest = (button.data or "").partition(".!ask.")
        return rest if rest in self.questions.entries else ""


def rows(path: Path, half: str) -> list[Row]:
    asker = Asker()
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                row["query"],
                tuple(row["expected"].split(",")),
                row["language"],
                row["half"],
                *asker.ask(row["query"], row["language"]),
            )
            for row in csv.DictReader(file)
            if half in ("", row["half"])
        ]


def share(said: str, among: Iterable[Row], holds: Callable[[Row], bool]) -> None:
    found = list(among)
    count = sum(map(holds, found))
    percent = f"{100 * count / len(found):5.1f} %" if found else "     –"
    print(f"  {said:52} {percent}   {count} of n={len(found)}")


def shares(title: str, found: list[Row]) -> None:
    real = [row for row in found if row.real]
    rest = [row for row in found if not row.real]
    print(title)
    share("right question at first place", real, lambda row: row.first in row.expected)
    for place in (*SURE, "/help"):
        share(f"{place}: right answer given", real, lambda row, at=place: row.right(at))
        share(
            f"{place}: right answer given or offered",
            real,
            lambda row, at=place: (
                row.right(at)
                or (not row.at[at].answered and bool({*row.at[at].offered} & {*row.expected}))
            ),
        )
        share(f"{place}: wrong answer given", real, lambda row, at=place: row.wrong(at))
    share("expense: a question taken for an expense", real, lambda row: row.at["expense"].taken)
    for place in SURE:
        said = f"{place}: no question, answered as one"
        share(said, rest, lambda row, at=place: bool(row.at[at].answered))


def timing(queries: list[str], rounds: int) -> None:
    questions, took = shipped().questions, []
    for _ in range(rounds):
        for query in queries:
            start = time.perf_counter()
            questions.find(query)
            took.append((time.perf_counter() - start) * 1000)
    took.sort()
    p99 = took[int(len(took) * 0.99)]
    print(f"one look-up: median {statistics.median(took):.2f} ms, p99 {p99:.2f} ms, n={len(took)}")


def missed(found: list[Row]) -> None:
    for row in found:
        for place, answer in row.at.items():
            fine = row.right(place) if row.real else not answer.answered or place == "/help"
            if not fine:
                said = answer.answered or f"({', '.join(answer.offered)})"
                kept = " [taken]" if answer.taken else ""
                print(f"{place:8} {row.query} [{','.join(row.expected)}] -> {said}{kept}")


def main(arguments: list[str]) -> int:
    half = arguments[arguments.index("--half") + 1] if "--half" in arguments else ""
    paths = [Path(one) for one in arguments if one.endswith(".csv")]
    found = rows(paths[0] if paths else Path(__file__).with_name("questions.csv"), half)
    for each in sorted({row.half for row in found}):
        shares(f"half {each}", [row for row in found if row.half == each])
        for language in ("en", "es"):
            some = [row for row in found if (row.half, row.language) == (each, language)]
            shares(f"half {each}, language {language}", some)
    timing([row.query for row in found], 1 if "--smoke" in arguments else 5)
    if "--wrong" in arguments:
        missed(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
