"""``flows/`` and ``templates/`` read from disk, checked, and kept ready for the next start.

What was found sound is remembered under a hash of every file, in the user's cache folder, so that
a start does not parse and check a catalogue of hundreds of entries again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Set
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
    files, problems = _read(root)
    if problems:
        raise ProblemsError(problems)
    return files


def _read(root: Path) -> tuple[dict[str, str], list[Problem]]:
    files: dict[str, str] = {}
    problems = []
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if path.name.startswith("."):
                continue  # left by an editor or a file manager
            try:
                files[name] = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError as error:
                line = error.object[: error.start].count(b"\n") + 1
                problems.append(
                    Problem(name, line, 1, "this file is not UTF-8 text", "Save it as UTF-8")
                )
            except OSError as error:
                problems.append(Problem(name, 1, 1, f"this file cannot be read: {error.strerror}"))
    return files, problems


def check(root: Path, today: date) -> list[Problem]:
    """Every problem of the files below a root, errors and warnings, in file order."""
    files, unread = _read(root)
    known = {*files, *(problem.path for problem in unread)}
    return sorted([*problems_of(files, today, unread), *_left_out(root, known)])


def _left_out(root: Path, known: Set[str]) -> Iterator[Problem]:
    """Files that somebody may think are read, such as acme.yml and acme.yaml.txt."""
    for folder in ("flows", "templates"):
        for path in sorted((root / folder).rglob("*.*")):
            name = path.relative_to(root).as_posix()
            if name in known or not path.is_file() or not _MISTAKEN.search(name):
                continue
            if path.name.startswith("."):
                continue
            ending = ".j2" if folder == "templates" else ".yaml"
            hint = f'Its name should end in "{ending}", and it should lie beside the others.'
            yield Problem(name, 1, 1, "this file is not read", hint, "warning")


_MISTAKEN = re.compile(r"\.(?:ya?ml|j2|jinja2?|po)(?:\.txt)?$", re.IGNORECASE)
"""Names that were meant for the guide; other files are nobody's mistake."""


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
        values: Any = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(values, dict):
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
