"""The plan of the house, kept: rooms in the order of the map, one library in one room."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import bot

HOUSE = Path(bot.__file__).parent

# A library and the rooms it lives in: to change a library, open one file.
LIBRARIES = {
    "yaml": {"yaml_text"},
    "transitions": {"machine"},
    "rapidfuzz": {"search"},
    "babel": {"translations"},
    "jinja2": {"messages"},
    "markupsafe": {"messages"},
    "cryptography": {"sealing"},
    "sqlite3": {"storage_sqlite"},
    "psycopg": {"storage_postgres"},
    "telegram": {"telegram_inbound", "telegram_outbound"},
    "aiohttp": {"telegram_outbound"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "prometheus_client": {"web"},
    "click": {"cli"},
    # Models of what is written and stored are everywhere; nothing else is.
    "pydantic": None,
    "pydantic_core": None,
}

# The core takes values and returns values: no clock, no files, no network, no processes.
NOT_IN_THE_CORE = {
    "asyncio",
    "ctypes",
    "glob",
    "http",
    "multiprocessing",
    "os",
    "pathlib",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "time_ns"}
STRAYS = {"helpers", "utils", "util", "common", "misc", "base", "tools"}


def rooms_of(docstring: str) -> tuple[list[str], list[str]]:
    """The core and the edges, in the order of the map."""
    core: list[str] = []
    edges: list[str] = []
    into = core
    for line in docstring.splitlines():
        if re.match(r" {4}-+ .*core above", line):
            into = edges
        elif room := re.match(r" {4}(\w+)/? {2,}\S", line):
            into.append(room[1])
    return core, edges


def broken_rules(sources: Mapping[str, str], core: list[str], edges: list[str]) -> Iterator[str]:
    """Every breach of the plan, in words; `sources` maps a module (`a`, `many.b`) to its text."""
    order = {room: place for place, room in enumerate([*core, *edges])}
    present = {module.split(".")[0] for module in sources}
    yield from (f"{room} is missing from the map" for room in sorted(present - set(order)))
    yield from (f"{room} is on the map but has no file" for room in sorted(set(order) - present))
    yield from (f"{room} is named after nothing" for room in sorted(present & STRAYS))
    for module, source in sources.items():
        room = module.split(".")[0]
        tree = ast.parse(source)
        for imported in _imports(tree):
            yield from _broken_by_import(room, imported, order, room in core)
        if room in core:
            yield from (f"{room} reads the clock: {call}" for call in _clock_calls(tree))
            yield from (f"{room} opens a file" for _ in _opened_files(tree))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported anywhere: at the top, in functions, for type checking."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "bot." * bool(node.level) + (f"{node.module}." if node.module else "")
            yield from (start + name.name for name in node.names)
        elif isinstance(node, ast.Call) and _name(node.func).endswith(
            ("import_module", "__import__")
        ):
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def _broken_by_import(
    room: str, imported: str, order: Mapping[str, int], in_core: bool
) -> Iterator[str]:
    top, _, rest = imported.partition(".")
    if top == "bot":
        other = rest.split(".")[0]
        if other in order and other != room and order[other] > order.get(room, -1):
            yield f"{room} imports {other}, which stands below it"
    elif top in LIBRARIES:
        homes = LIBRARIES[top]
        if homes is not None and room not in homes:
            yield f"{room} uses {top}, which lives in {', '.join(sorted(homes))}"
    elif in_core and any(f"{imported}.".startswith(f"{name}.") for name in NOT_IN_THE_CORE):
        yield f"{room} is in the core and imports {top}"


def _clock_calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = _name(node.value).split(".")[-1]
            if owner in ("datetime", "date", "time"):
                yield f"{owner}.{node.attr}"


def _opened_files(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("open", "io.open"):
            yield node


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def sources_in(folder: Path) -> dict[str, str]:
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
        if path.name != "__init__.py"
    }


def test_the_house_keeps_its_plan():
    core, edges = rooms_of(bot.__doc__)
    assert list(broken_rules(sources_in(HOUSE), core, edges)) == []


def test_the_map_has_a_core_and_edges():
    core, edges = rooms_of(bot.__doc__)
    assert core[:2] == ["problems", "yaml_text"]
    assert edges[-2:] == ["cli", "__main__"]
    assert len({*core, *edges}) == len(core) + len(edges)


def test_the_package_itself_imports_nothing():
    assert list(_imports(ast.parse((HOUSE / "__init__.py").read_text("utf-8")))) == []


def test_every_library_we_depend_on_has_a_room():
    declared = re.search(
        r"^dependencies = \[(.*?)^\]",
        (HOUSE.parent / "pyproject.toml").read_text("utf-8"),
        re.M | re.S,
    )[1]
    names = set(re.findall(r'"([a-z-]+)[><=]', declared))
    imported = {"python-telegram-bot": "telegram", "pyyaml": "yaml"}
    modules = {imported.get(name, name.replace("-", "_")) for name in names}
    assert modules <= set(LIBRARIES)


# --- The rules themselves, each broken once by a small house ---

MAP = """A house.

    first        the first room
    second       the second room
    ------------------- pure core above, edges below -------------------
    third        the third room
    many/        many of one kind
"""


def broken(**changed: str) -> list[str]:
    sources = {"first": "", "second": "", "third": "", "many.one": "", **changed}
    sources = {name.replace("__", "."): text for name, text in sources.items()}
    return list(broken_rules(sources, *rooms_of(MAP)))


def test_the_map_is_read_from_the_docstring():
    assert rooms_of(MAP) == (["first", "second"], ["third", "many"])


@pytest.mark.parametrize(
    "sound",
    [
        "from bot.first import x",
        "import bot.first",
        "from bot import first, __version__",
        "from . import first",
        "import re, datetime",
        "from pydantic import BaseModel",
        "from datetime import date",
        "day = moment.date()",
    ],
)
def test_a_house_that_keeps_its_plan_passes(sound):
    assert broken(second=sound) == []


@pytest.mark.parametrize(
    "upward",
    [
        "from bot.third import x",
        "import bot.third",
        "import bot.third as t",
        "from bot import third",
        "from . import third",
        "from .third import x",
        "def f():\n    from bot.third import x",
        "if TYPE_CHECKING:\n    from bot.third import x",
        "try:\n    import bot.third\nexcept ImportError:\n    pass",
        "importlib.import_module('bot.third')",
    ],
)
def test_an_import_of_a_room_below_fails(upward):
    assert broken(second=upward) == ["second imports third, which stands below it"]


def test_a_folder_of_rooms_has_the_place_of_its_folder():
    assert broken(third="from bot.many.one import x") == [
        "third imports many, which stands below it"
    ]
    assert broken(many__one="from bot.many.two import x", many__two="import bot.third") == []


@pytest.mark.parametrize("library", sorted(name for name, homes in LIBRARIES.items() if homes))
def test_a_library_outside_its_room_fails(library):
    for line in (f"import {library}.part", f"from {library} import x"):
        [told] = broken(third=line)
        assert told.startswith(f"third uses {library}, which lives in ")


@pytest.mark.parametrize("module", sorted(NOT_IN_THE_CORE - set(LIBRARIES)))
def test_the_core_may_not_reach_outside(module):
    top = module.split(".")[0]
    assert broken(first=f"import {module}") == [f"first is in the core and imports {top}"]
    assert broken(third=f"import {module}") == []


@pytest.mark.parametrize(
    ("line", "clock"),
    [
        ("t = datetime.now()", "datetime.now"),
        ("t = datetime.datetime.now(UTC)", "datetime.now"),
        ("t = datetime.utcnow()", "datetime.utcnow"),
        ("t = date.today()", "date.today"),
        ("def f(clock=date.today): pass", "date.today"),
        ("t = time.time()", "time.time"),
    ],
)
def test_the_core_may_not_read_the_clock(line, clock):
    assert broken(first=line) == [f"first reads the clock: {clock}"]
    assert broken(third=line) == []


def test_the_core_may_not_open_files():
    assert broken(first="open('x')") == ["first opens a file"]
    assert broken(first="io.open('x')") == ["first opens a file"]
    assert broken(first="io.StringIO('x')") == []


def test_a_room_must_be_on_the_map():
    assert broken(attic="") == ["attic is missing from the map"]


def test_the_map_may_not_promise_a_room():
    sources = {"first": "", "second": "", "third": ""}
    assert list(broken_rules(sources, *rooms_of(MAP))) == ["many is on the map but has no file"]


def test_a_room_named_after_nothing_fails():
    assert "helpers is named after nothing" in broken(helpers="")


def test_the_lock_pins_what_we_ask_for_and_names_no_place():
    root = HOUSE.parent
    lock = (root / "requirements.lock").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==\S+ \\$", lock, re.M))
    declared = re.search(
        r"^dependencies = \[(.*?)^\]", (root / "pyproject.toml").read_text("utf-8"), re.M | re.S
    )[1]
    assert set(re.findall(r'"([a-z-]+)[><=]', declared)) <= pinned
    other = [
        line
        for line in lock.splitlines()
        if not re.fullmatch(r"[a-z0-9-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ]
    assert other == []
