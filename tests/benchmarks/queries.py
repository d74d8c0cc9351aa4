"""How well words lead to expenses: prints shares, each with its n, and the time of one look-up.

    python tests/benchmarks/queries.py [FILE.csv] [--smoke] [--wrong]

The file has the columns query, expected_status, language and either expected_id_or_about (an entry
id, "emergency", or a kind of small talk) or expense_concept (a name in free words). Two lie beside
this script: ``phrasings.csv``, which the search was made with, and ``strangers.csv``, written by
somebody who had not seen the catalogue: its labels and the catalogue's differ in places.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # run from anywhere, installed or not

from rapidfuzz import fuzz  # noqa: E402 - the path comes first

from bot.expenses import CategoryFile, expenses_of, folded  # noqa: E402
from bot.intents import account_named  # noqa: E402
from bot.safety import emergency  # noqa: E402
from bot.search import Catalogue, SearchResult  # noqa: E402
from bot.shapes import validate  # noqa: E402
from bot.yaml_text import parse  # noqa: E402

STATUS = {
    "eligible": "no_letter",
    "lmn": "letter",
    "rx": "prescription",
    "depends": "depends",
    "not_eligible": "never",
}

OF_ITS_OWN = ("hsa", "fsa", "hra", "dcfsa")
"""Accounts whose answer is the entry's own or the exception it names, and no other rule."""


@dataclass(frozen=True)
class Row:
    """One phrasing, what it means, and what was found."""

    query: str
    concept: str
    status: str
    language: str
    result: SearchResult
    urgent: bool

    @property
    def real(self) -> bool:
        return self.status != "not_an_expense"

    @property
    def is_emergency(self) -> bool:
        return self.concept == "emergency" or self.concept.startswith(("EMERGENCY", "CRISIS"))

    @property
    def right(self) -> bool:
        wanted = STATUS.get(self.status, self.status)
        if not self.result.matches:
            return False
        first, account = self.result.matches[0].expense, account_named(self.query)
        # As `lmn-bot expense` answers: a question about one account gets the answer for it.
        kind = first.accounts.get(account, first.status) if account in OF_ITS_OWN else first.status
        return kind == wanted

    @property
    def wrong_and_sure(self) -> bool:
        return self.result.outcome == "match" and not self.right

    @property
    def in_first_three(self) -> bool:
        wanted = folded(self.concept)
        for match in self.result.matches[:3]:
            names = map(folded, match.expense.words)
            if match.expense.id == self.concept:
                return True
            if any(fuzz.token_set_ratio(wanted, name) >= 80 for name in names):
                return True
        return False


def catalogue() -> Catalogue:
    entries = []
    for path in sorted((ROOT / "flows" / "expenses").glob("*.yaml")):
        document = parse(path.read_text(encoding="utf-8"), str(path))
        entries += expenses_of(validate(document, CategoryFile))
    return Catalogue(entries)


def rows(path: Path, known: Catalogue) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                row["query"],
                row.get("expected_id_or_about") or row.get("expense_concept") or "",
                row["expected_status"],
                row["language"],
                known.search(row["query"], row["language"]),
                emergency(row["query"]) is not None,
            )
            for row in csv.DictReader(file)
        ]


def share(said: str, among: Iterable[Row], holds: Callable[[Row], bool]) -> None:
    found = list(among)
    count = sum(map(holds, found))
    percent = f"{100 * count / len(found):5.1f} %" if found else "     –"
    print(f"  {said:44} {percent}   {count} of n={len(found)}")


def shares(title: str, found: list[Row]) -> None:
    if not found:
        return
    real = [row for row in found if row.real]
    rest = [row for row in found if not row.real and not row.is_emergency]
    print(title)
    share("right status at rank 1", real, lambda row: row.right)
    share("right entry in the first three", real, lambda row: row.in_first_three)
    share("wrong and confident", real, lambda row: row.wrong_and_sure)
    share("answered without asking", real, lambda row: row.result.outcome == "match")
    share(
        "not an expense: not answered as one",
        rest,
        lambda row: row.urgent or row.result.outcome not in ("match", "choose"),
    )
    share(
        "not an expense: recognized as such",
        rest,
        lambda row: row.urgent or row.result.outcome == "not_an_expense",
    )
    emergencies = [row for row in found if row.is_emergency]
    share("emergencies caught", emergencies, lambda row: row.urgent)
    others = [row for row in found if not row.is_emergency]
    share("false alarms", others, lambda row: row.urgent)


def timing(known: Catalogue, queries: list[str], rounds: int) -> None:
    took = []
    for _ in range(rounds):
        for query in queries:
            start = time.perf_counter()
            known.search(query)
            took.append((time.perf_counter() - start) * 1000)
    took.sort()
    print(
        f"one look-up over {len(known.entries)} entries: median {statistics.median(took):.2f} ms, "
        f"p99 {took[int(len(took) * 0.99)]:.2f} ms, n={len(took)}"
    )


def main(arguments: list[str]) -> int:
    smoke, wrong = "--smoke" in arguments, "--wrong" in arguments
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    path = paths[0] if paths else Path(__file__).with_name("phrasings.csv")
    known = catalogue()
    start = time.perf_counter()
    known.search("massage gun")
    print(f"index and first look-up: {(time.perf_counter() - start) * 1000:.0f} ms")
    found = rows(path, known)
    shares("all languages", found)
    for language in sorted({row.language for row in found}):
        shares(f"language {language}", [row for row in found if row.language == language])
    timing(known, [row.query for row in found], 1 if smoke else 5)
    if wrong:
        for row in found:
            bad = row.wrong_and_sure or (row.real and not row.right)
            bad = bad or (not row.real and row.result.outcome != "not_an_expense")
            if bad and not (row.is_emergency and row.urgent):
                names = ", ".join(
                    f"{m.expense.id}:{m.expense.status}:{m.score}" for m in row.result.matches[:3]
                )
                print(
                    f"{row.result.outcome:14} {row.status:14} {row.query[:90]} "
                    f"[{row.concept[:40]}] -> {names or row.result.about}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
