"""The ledger of deletions: what must stay forgotten when an old backup is put back.

The law of this room: only ever append. The file stands beside the key, apart from the database, so
that restoring a database does not restore it. A line is written, and is durable, before the
deletion it speaks of is. It holds random row numbers and keyed hashes, nothing about anybody.

A database knows up to which byte it has followed the ledger. Whatever comes after that was deleted
after this copy of the database was made, so no clock is needed to tell old sessions from new ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HEADER = "# lmn-bot: databases made and sessions deleted. Never edit; see docs/decisions.\n"


@dataclass(frozen=True, slots=True)
class Deleted:
    """One deleted session: its row's random number, and the keyed hash of its chat.

    A returning person has another row but the same hash; an empty hash matches nobody.
    """

    row: bytes
    lookup: bytes


class Ledger:
    """One ledger file, held open for appending. Every method may raise ``OSError``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path, flags, 0o600)
        self.size = os.fstat(self._file).st_size
        if not self.size:
            self._append(HEADER)
        elif os.pread(self._file, 1, self.size - 1) != b"\n":
            # A crash tore the last line. It was never acted upon; end it, so the next is whole.
            self._append("\n")

    def databases(self) -> frozenset[bytes]:
        """The ids of every database that was made beside this ledger."""
        return frozenset(bytes.fromhex(words[1]) for words in self._lines(0, "database"))

    def deleted_since(self, position: int) -> list[Deleted]:
        """Every deletion written after a position.

        When the file is shorter than that, this is an older ledger: all of it, but without the
        hashes, because some of those people may have come back since.
        """
        older = position > self.size
        return [
            Deleted(bytes.fromhex(words[1]), b"" if older else bytes.fromhex(words[2]))
            for words in self._lines(0 if older else position, "deleted")
        ]

    def made(self, database: bytes, now: datetime) -> None:
        """Remember that a database was made."""
        self._append(f"database {database.hex()} {_stamp(now)}\n")

    def deleted(self, entries: list[Deleted], now: datetime) -> None:
        """Remember deletions, durably."""
        stamp = _stamp(now)
        self._append("".join(f"deleted {e.row.hex()} {e.lookup.hex()} {stamp}\n" for e in entries))

    def take_back(self, size: int) -> None:
        """Cut the file back to an earlier size: what was written since did not happen."""
        os.ftruncate(self._file, size)
        self.size = size

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _append(self, text: str) -> None:
        before = self.size
        rest = text.encode("ascii")
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError:
            # A full disk: without this the next line would follow half a line.
            os.ftruncate(self._file, before)
            raise
        self.size = before + len(text)

    def _lines(self, start: int, kind: str) -> list[list[str]]:
        content = os.pread(self._file, self.size - start, start).decode("ascii", "replace")
        lines = (line.split() for line in content.splitlines())
        sizes = {"database": [32], "deleted": [32, 64]}[kind]
        return [
            words
            for words in lines
            if words
            and words[0] == kind
            and [len(word) for word in words[1 : 1 + len(sizes)]] == sizes
            and all(_is_hex(word) for word in words[1 : 1 + len(sizes)])
        ]


def _is_hex(word: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in word)


def _stamp(now: datetime) -> str:
    return now.replace(microsecond=0).isoformat()
