"""Templates and texts -> what a person sees: plain text with entities, split where it must be.

The law of this room: answers are only ever values. A template can print names, choose by `if` and
repeat over a declared list; it cannot call, reach an attribute or count (``template_problems``
refuses the rest before anybody meets it, and the environment here could not do it either).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from bot.outgoing import MESSAGE_LIMIT, Entity, utf16_length
from bot.problems import did_you_mean

BLANK = "____________"
FILTERS = ("join", "lower", "upper", "capitalize", "length", "first", "last", "e")
TAGS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
"""The HTML that Telegram knows (Bot API, formatting options)."""


# --- values in templates -------------------------------------------------------------------


class Shown:
    """An answer as a template sees it: prints its label, tests false when there is none.

    ``id`` is the choice made, ``picked`` the choices ticked.
    """

    __slots__ = ("id", "picked", "text")

    def __init__(self, text: str = "", choice: str = "", picked: tuple[str, ...] = ()) -> None:
        self.text = text
        self.id = choice
        self.picked = picked

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text or BLANK

    def __html__(self) -> str:
        return str(escape(str(self)))


Names = Mapping[str, Any]


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in our own mappings and nowhere else."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Shown) and attribute in ("id", "picked"):
            return getattr(obj, attribute)
        if isinstance(obj, LoopContext) and attribute in ("index", "first", "last"):
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)


@cache
def _environment() -> _Environment:
    environment = _Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
        cache_size=0,
    )
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.globals.clear()
    return environment


class Templates:
    """Template sources by name, compiled when first used."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self._compiled: dict[str, Template] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.sources

    def render(self, source: str, names: Names) -> str:
        """A source rendered to HTML; a source without marks is returned as it is."""
        if "{" not in source:
            return source
        template = self._compiled.get(source)
        if template is None:
            template = self._compiled[source] = _environment().from_string(source)
        return template.render(names)

    def text(self, source: str, names: Names) -> Rich:
        """A source rendered to text with entities."""
        return rich(self.render(source, names))


# --- HTML to entities ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and its formatting; offsets in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()

    def __add__(self, other: Rich) -> Rich:
        shift = utf16_length(self.text)
        return Rich(
            self.text + other.text,
            self.entities
            + tuple(
                Entity(one.type, one.offset + shift, one.length, one.url) for one in other.entities
            ),
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int, str | None]] = []
        self.entities: list[Entity] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}> is not among the tags Telegram shows")
            return
        for around, _, _ in self.open:
            if around in ("code", "pre"):
                # https://core.telegram.org/bots/api#formatting-options
                self.wrong.append(f"<{tag}> may not stand inside <{around}>")
        url = dict(attrs).get("href")
        if tag == "a" and not _LINK.match(url or ""):
            self.wrong.append('<a> has no address to lead to, as in <a href="https://example.com">')
        self.open.append((tag, self.length, url))

    def handle_endtag(self, tag: str) -> None:
        if tag not in TAGS:
            return
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes nothing that is open")
            return
        name, start, url = self.open.pop()
        if self.length > start:
            self.entities.append(Entity(TAGS[name], start, self.length - start, url))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self.length += utf16_length(data)


# https://core.telegram.org/bots/api#formatting-options
_LINK = re.compile(r"(?:https?|tg|mailto|tel):\S")
_FILLED_IN = "https://example.com"


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def rich(html: str) -> Rich:
    """HTML of the kind Telegram knows, turned once into text and entities."""
    html = re.sub(r"[ \t]+\n", "\n", html)
    html = re.sub(r"\n{3,}", "\n\n", html).strip()
    if "<" not in html and "&" not in html:
        return Rich(html)
    reader = _read(html)
    entities = sorted(reader.entities, key=lambda one: (one.offset, -one.length))
    return Rich("".join(reader.parts), tuple(entities))


def html_problems(html: str) -> list[str]:
    """What is wrong with the tags of a text, in words."""
    html = re.sub(r"\{\{.*?\}\}", _FILLED_IN, html, flags=re.DOTALL)
    reader = _read(re.sub(r"\{[%#].*?[%#]\}", "", html, flags=re.DOTALL))
    return reader.wrong + [f"<{tag}> is never closed" for tag, _, _ in reader.open]


def plain(text: str) -> Rich:
    """A text that is shown as it is, without formatting."""
    return Rich(text)


# --- splitting -----------------------------------------------------------------------------


def split(whole: Rich, limit: int = MESSAGE_LIMIT) -> tuple[Rich, ...]:
    """A long text cut at paragraphs (else lines, else words) into parts within the limit.

    ``limit`` is in UTF-16 units. Entities that span a cut go on in the next part.
    """
    parts: list[Rich] = []
    while utf16_length(whole.text) > limit:
        at = _cut(whole.text, limit)
        head, whole = _halves(whole, at)
        if head.text:
            parts.append(head)
    return (*parts, whole) if whole.text else tuple(parts)


def _cut(text: str, limit: int) -> int:
    """The index of the best cut whose head is within ``limit`` UTF-16 units."""
    units, most = 0, 0
    for most, character in enumerate(text):  # noqa: B007  # the index is what is wanted
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            break
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, 0, most)
        if at > 0:
            return at
    return most


def _halves(whole: Rich, at: int) -> tuple[Rich, Rich]:
    head = whole.text[:at].rstrip()
    rest = whole.text[at:]
    tail = rest.lstrip("\n ") if rest[:1] in ("\n", " ") else rest
    first, second = utf16_length(head), utf16_length(whole.text) - utf16_length(tail)
    return Rich(head, _window(whole.entities, 0, first)), Rich(
        tail, _window(whole.entities, second, second + utf16_length(tail))
    )


def _window(entities: Sequence[Entity], start: int, end: int) -> tuple[Entity, ...]:
    kept = []
    for one in entities:
        left, right = max(one.offset, start), min(one.offset + one.length, end)
        if left < right:
            kept.append(Entity(one.type, left - start, right - left, one.url))
    return tuple(kept)


# --- what a template may hold --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name that a template prints or tests.

    ``guarded`` when an `if` around it tests it; ``repeated`` when a `for` goes over it.
    """

    name: str
    line: int
    guarded: bool
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Something a template may not hold, with its line in the template."""

    line: int
    what: str
    hint: str = ""


_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Filter,
    nodes.List,
    nodes.Tuple,
)
_SAY_HOW = "Templates may print names, use `if`, and repeat with `for` over a list"


@lru_cache(maxsize=4_096)
def _tree(source: str) -> nodes.Template:
    """A template's syntax tree, which every check reads and none changes."""
    return _environment().parse(source)


@lru_cache(maxsize=4_096)
def read_template(source: str) -> tuple[tuple[NameUse, ...], tuple[TemplateFault, ...]]:
    """The names a template uses, and what it may not hold. Never raises."""
    try:
        tree = _tree(source)
    except TemplateSyntaxError as error:
        return (), (_unread(source, error),)
    except RecursionError:
        return (), (_TOO_DEEP,)
    if _too_deep(tree):
        return (), (_TOO_DEEP,)
    faults: list[TemplateFault] = []
    uses = tuple(_uses(tree, faults, loops=(), guards=frozenset()))
    return uses, tuple(faults)


DEEPEST, MOST_BRANCHES = 50, 200
"""What Jinja can turn into Python without tripping over Python's own limits."""
_TOO_DEEP = TemplateFault(
    1, "the template is nested too deeply to be read", "Take an `if` out of another, or split it"
)


def _too_deep(tree: nodes.Template) -> bool:
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST or (isinstance(node, nodes.If) and len(node.elif_) > MOST_BRANCHES):
            return True
        waiting += ((child, depth + 1) for child in node.iter_child_nodes())
    return False


_BLOCK = re.compile(r"\{%-?\s*(end)?(if|for)\b")
_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_BLOCK_WORDS = ("if", "elif", "else", "endif", "for", "endfor")


def _unread(source: str, error: TemplateSyntaxError) -> TemplateFault:
    """Why a template cannot be read; most often an `if` is not closed, and it is said which."""
    opened: list[tuple[int, str]] = []
    for found in _BLOCK.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        if not found[1]:
            opened.append((line, found[2]))
        elif opened and opened[-1][1] == found[2]:
            opened.pop()
        else:
            what = f"`{{% end{found[2]} %}}` closes nothing that is open"
            return TemplateFault(line, what, "Delete it, or add what it should close")
    if opened:
        line, block = opened[-1]
        return TemplateFault(
            line, f"`{{% {block} … %}}` is never closed", f"Add `{{% end{block} %}}` below it"
        )
    line, said = error.lineno or 1, str(error)
    if unknown := _UNKNOWN_TAG.search(said):
        meant = "elif" if unknown[1] in ("elseif", "elsif") else unknown[1]
        hint = did_you_mean(meant, _BLOCK_WORDS) or f"Use one of {', '.join(_BLOCK_WORDS)}"
        return TemplateFault(line, f"a template has no `{{% {unknown[1]} %}}`", hint)
    if "unexpected end of template" in said or "unexpected '}'" in said:
        return TemplateFault(line, '"{{" is not closed with "}}"', "Write it as {{ name }}")
    return TemplateFault(line, f"the template cannot be read: {said}")


def _uses(
    node: nodes.Node,
    faults: list[TemplateFault],
    loops: tuple[str, ...],
    guards: frozenset[str],
) -> Iterator[NameUse]:
    if not isinstance(node, _ALLOWED):
        faults.append(
            TemplateFault(node.lineno, f"`{_word(node)}` is not allowed in a template", _SAY_HOW)
        )
        return
    match node:
        case nodes.Getattr() | nodes.Name():
            name = _dotted(node)
            if name is None:
                faults.append(TemplateFault(node.lineno, "only a name may stand before a dot"))
            elif name.startswith("_") or "._" in name:
                faults.append(TemplateFault(node.lineno, f'"{name}" is no name of ours', _SAY_HOW))
            elif name.split(".")[0] not in (*loops, "loop"):
                yield NameUse(name, node.lineno, name in guards or name.split(".")[0] in guards)
            return
        case nodes.For():
            if len(loops) >= 2:
                faults.append(
                    TemplateFault(node.lineno, "a `for` may hold one other `for`, no more")
                )
                return
            if node.recursive or node.test is not None:
                what = "a `for` repeats over a whole list, without `if` or `recursive`"
                faults.append(TemplateFault(node.lineno, what, "Put an `if` inside it instead"))
                return
            if not isinstance(node.iter, nodes.Name | nodes.Getattr):
                faults.append(TemplateFault(node.lineno, "`for` repeats over a declared list only"))
                return
            for use in _uses(node.iter, faults, loops, guards):
                yield NameUse(use.name, use.line, use.guarded, repeated=True)
            target = node.target.name if isinstance(node.target, nodes.Name) else ""
            if not target:
                faults.append(
                    TemplateFault(node.lineno, "`for` takes one name, as in `for x in y`")
                )
            for child in (*node.body, *node.else_):
                yield from _uses(child, faults, (*loops, target), guards)
            return
        case nodes.If():
            tested = frozenset(_tested(node.test))
            for use in _uses(node.test, faults, loops, guards):
                yield NameUse(use.name, use.line, True)
            for child in node.body:
                yield from _uses(child, faults, loops, guards | tested)
            for child in (*node.elif_, *node.else_):
                yield from _uses(child, faults, loops, guards)
            return
        case nodes.CondExpr():
            tested = frozenset(_tested(node.test))
            for use in _uses(node.test, faults, loops, guards):
                yield NameUse(use.name, use.line, True)
            yield from _uses(node.expr1, faults, loops, guards | tested)
            if node.expr2 is not None:
                yield from _uses(node.expr2, faults, loops, guards)
            return
        case nodes.Filter() if node.name not in FILTERS:
            faults.append(
                TemplateFault(
                    node.lineno,
                    f"`{node.name}` is not among the filters a template may use",
                    f"Use one of {', '.join(FILTERS)}",
                )
            )
        case nodes.Compare() if any(one.op not in ("eq", "ne", "in", "notin") for one in node.ops):
            faults.append(
                TemplateFault(node.lineno, "only ==, !=, in and not in compare in a template")
            )
    for child in node.iter_child_nodes():
        yield from _uses(child, faults, loops, guards)


@dataclass(frozen=True, slots=True)
class LinePart:
    """What a `for` prints of a line of its list; ``name`` is empty where it prints the whole."""

    of: str
    name: str
    line: int


def line_parts(source: str) -> list[LinePart]:
    """The parts of repeated lines that a template uses. Never raises; faults are not said here."""
    try:
        return list(_parts(_tree(source), {}))
    except (TemplateSyntaxError, RecursionError):
        return []


def _parts(node: nodes.Node, lists: Mapping[str, str]) -> Iterator[LinePart]:
    match node:
        case nodes.For() if isinstance(node.target, nodes.Name):
            yield from _parts(node.iter, lists)
            inside = {**lists, node.target.name: _dotted(node.iter) or ""}
            for child in (*node.body, *node.else_):
                yield from _parts(child, inside)
        case nodes.Getattr() if isinstance(node.node, nodes.Name) and node.node.name in lists:
            yield LinePart(lists[node.node.name], node.attr, node.lineno)
        case nodes.Name() if node.name in lists:
            yield LinePart(lists[node.name], "", node.lineno)
        case _:
            for child in node.iter_child_nodes():
                yield from _parts(child, lists)


def _tested(test: nodes.Node) -> Iterator[str]:
    """The names that are surely answered where a test holds."""
    match test:
        case nodes.Name() | nodes.Getattr():
            name = _dotted(test)
            if name:
                yield name
                yield name.removesuffix(".id")
        case nodes.And():
            yield from _tested(test.left)
            yield from _tested(test.right)
        case nodes.Compare() if all(one.op in ("eq", "in") for one in test.ops):
            # `!=` holds for a name that was never asked, so it guards nothing.
            yield from _tested(test.expr)
        case nodes.Filter() if test.node is not None:
            yield from _tested(test.node)


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return None


def _word(node: nodes.Node) -> str:
    return {
        "Call": "a call with ( )",
        "Add": "+",
        "Sub": "-",
        "Mul": "*",
        "Div": "/",
        "Pow": "**",
        "Mod": "%",
        "Concat": "~",
        "Getitem": "[ ]",
        "Assign": "set",
        "AssignBlock": "set",
        "Macro": "macro",
        "Test": "is",
        "Include": "include",
        "Import": "import",
    }.get(type(node).__name__, type(node).__name__.lower())
