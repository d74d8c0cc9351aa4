"""``flows/`` and ``templates/`` read from disk, checked, and kept ready for the next start.

What was found sound is remembered under a hash of every file, in the user's cache folder, so that
a start does not parse and check a catalogue of hundreds of entries again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from bot import __version__
from bot.case import Content, Operator
from bot.checks import problems_of
from bot.problems import Problem, ProblemsError
from bot.shelf import Shelf, content, read
from bot.yaml_text import known

PATTERNS = (
    "flows/*.yaml",
    "flows/expenses/*.yaml",
    "flows/administrators/*.yaml",
    "flows/employers/*.yaml",
    "flows/locales/*.po",
    "templates/*/*.j2",
)


def find_root(given: Path | None = None) -> Path:
    """The folder that holds flows/ and templates/: the one given, the checkout, or the package.

    Raises ``ProblemsError`` when the one given does not hold them.
    """
    package = Path(__file__).parent
    if given is not None:
        if not (given / "flows").is_dir() or not (given / "templates").is_dir():
            raise ProblemsError(
                [
                    Problem(
                        str(given),
                        1,
                        1,
                        "this folder does not hold flows/ and templates/",
                        "Name the folder that holds both",
                    )
                ]
            )
        return given
    checkout = package.parent
    return checkout if (checkout / "flows").is_dir() else package / "_content"


def read_files(root: Path) -> dict[str, str]:
    """Every file of the guide by its name below the root. Raises ``ProblemsError``."""
    files: dict[str, str] = {}
    problems = []
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            try:
                files[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                line = error.object[: error.start].count(b"\n") + 1
                problems.append(
                    Problem(name, line, 1, "this file is not UTF-8 text", "Save it as UTF-8")
                )
            except OSError as error:
                problems.append(Problem(name, 1, 1, f"this file cannot be read: {error.strerror}"))
    if problems:
        raise ProblemsError(problems)
    return files


def check(root: Path, today: date) -> list[Problem]:
    """Every problem of the files below a root, errors and warnings, in file order."""
    return problems_of(read_files(root), today)


def load(root: Path, today: date, operator: Operator | None = None) -> Content:
    """What the guide knows. Raises ``ProblemsError`` when any file has an error."""
    files = read_files(root)
    place = _cache_folder() / f"{_hash(files)}.json"
    shelf = _remembered(place, files)
    if shelf is None:
        errors = [one for one in problems_of(files, today) if one.severity == "error"]
        if errors:
            raise ProblemsError(errors)
        shelf, _ = read(files)
        _remember(place, shelf)
    return content(shelf, operator)


# --- the cache -----------------------------------------------------------------------------


def _hash(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256(f"{__version__} {sys.version} {_code_stamp()}".encode())
    for name, text in files.items():
        digest.update(f"\0{name}\0{text}".encode())
    return digest.hexdigest()[:32]


def _code_stamp() -> str:
    """A checkout's code changes without its version changing."""
    newest = max(path.stat().st_mtime_ns for path in Path(__file__).parent.rglob("*.py"))
    return str(newest)


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "lmn-bot"


def _remembered(place: Path, files: Mapping[str, str]) -> Shelf | None:
    """The shelf of a sound set of files, from their parsed values; ``None`` if not remembered."""
    try:
        values: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    shelf, problems = read(
        files, lambda path, text: known(path, values[path]) if path in values else None
    )
    return None if problems else shelf


def _remember(place: Path, shelf: Shelf) -> None:
    documents = [
        *(document for document, _ in shelf.flows.values()),
        *(document for document, _ in shelf.categories),
        *(document for document, _ in shelf.administrators),
        *(document for document, _ in shelf.employers),
        *((shelf.shared[0],) if shelf.shared else ()),
        *((shelf.questions[0],) if shelf.questions else ()),
    ]
    values = {document.path: document.value for document in documents}
    # A cache that cannot be written costs time at the next start and nothing else.
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=place.parent, delete=False, encoding="utf-8"
        ) as file:
            json.dump(values, file, ensure_ascii=False)
        Path(file.name).replace(place)
        for old in sorted(place.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-5]:
            old.unlink(missing_ok=True)
