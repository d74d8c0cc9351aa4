"""A flow compiled; answers in, the place and the path out.

The law of this room: *callbacks are our closures, never strings* (``transitions`` imports and
calls a string), and nothing here awaits. The machine is a pure function of the answers: its place
is a small object that is walked from the start each time and thrown away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from transitions import Event, EventData, Machine

from bot.flow import (
    TODAY,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    DateLine,
    Flow,
    Line,
    Not,
    Step,
    compares,
)
from bot.session import Answer, Session, Value
from bot.sources import Source

# It would log every place a person comes to.
logging.getLogger("transitions").setLevel(logging.WARNING)

MOST_STEPS = 200
"""Longest walk; a longer one is a cycle that the checks missed."""


class EndlessFlowError(Exception):
    """A walk passed ``MOST_STEPS`` steps without coming to a question or an end."""


class Case(Protocol):
    """What a walk must know beyond the answers: the derived names and whether an answer holds."""

    def named(self, name: str, live: Mapping[str, Answer]) -> Any:
        """The value of ``verdict.kind``, ``plan.buy`` and the like; ``None`` when unknown."""

    def valid(self, place: Compiled, value: Value) -> bool:
        """Whether a stored value still answers this step."""


Test = Callable[[Mapping[str, Answer], Case], bool]
"""A condition made ready: whether it holds for the live answers in this case."""
Day = Callable[[Mapping[str, Answer]], date | None]
"""The day that the word ``today`` means for the live answers."""
Dated = tuple[tuple[DateLine, Test | None], ...]
"""The lines by which a date is worked out, each with its condition made ready."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """One step as the machine knows it.

    ``state`` is its place in the machine, ``key`` the name its answer is stored under (they differ
    only when one sub-flow is run from two places), ``names`` what its own flow calls its steps.
    """

    state: str
    key: str
    step: Step
    flow: str
    names: Mapping[str, str]
    gives: str | None = None
    sources: tuple[Source, ...] = ()

    @property
    def text_id(self) -> str:
        """Where its texts stand for translation: ``letter.account``."""
        return f"{self.flow}.{self.key.rsplit('/', 1)[-1]}"


class _Place:
    """Where one walk stands."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@dataclass(slots=True)
class _View:
    case: Case
    live: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the answers lead.

    ``path`` holds every step passed, the last one included; ``live`` the answers that counted on
    it, with values that sub-flows gave; ``at`` the step that asks or ends.
    """

    path: tuple[Compiled, ...]
    live: Mapping[str, Answer]
    at: Compiled

    @property
    def ended(self) -> bool:
        """Whether the flow has come to an outcome."""
        return self.at.step.outcome is not None

    @property
    def asked(self) -> tuple[Compiled, ...]:
        """The steps of the path that were answered, in order."""
        return tuple(place for place in self.path if place.step.asks and place is not self.at)

    def before(self, key: str) -> Compiled | None:
        """The answered step before the one named, for "back"."""
        earlier = None
        for place in self.path:
            if place.key == key and place.step.asks:
                return earlier
            if place.step.asks:
                earlier = place
        return earlier

    def passed_since(self, key: str | None) -> tuple[Compiled, ...]:
        """The steps that only say something, after the answered step named (or from the start)."""
        said: list[Compiled] = []
        for place in self.path:
            if place.key == key:
                said.clear()
            elif not place.step.asks and place.step.outcome is None:
                said.append(place)
        return tuple(said)


class FlowMachine:
    """One flow with its sub-flows inlined, ready to be walked any number of times."""

    def __init__(self, flow: Flow, others: Mapping[str, Flow]) -> None:
        self.places: dict[str, Compiled] = {}
        self.dates: dict[
            str, tuple[tuple[tuple[DateLine, Test | None], ...], Mapping[str, str]]
        ] = {}
        self._asked: dict[str, Test] = {}
        self._others = others
        self._routes: list[tuple[str, Line, str, Mapping[str, str]]] = []
        self.start = self._inline(flow, prefix="", back=None, gives=None, outer={}, within=())
        self.by_key: dict[str, Compiled] = {}
        for place in self.places.values():
            self.by_key.setdefault(place.key, place)
        self.tells: dict[str, tuple[str, ...]] = {}
        self.found_by_name: dict[str, tuple[str, ...]] = {"expense": (), "administrator": ()}
        for key, place in self.by_key.items():
            if place.step.fact is not None:
                self.tells[place.step.fact] = (*self.tells.get(place.step.fact, ()), key)
            if place.step.input in self.found_by_name:
                kind = place.step.input
                self.found_by_name[kind] = (*self.found_by_name[kind], key)
        self.verdict_keys = tuple(
            key
            for key, place in self.by_key.items()
            if place.step.fact is not None or place.step.input in self.found_by_name
        )
        self._old_keys = {
            place.key: tuple(_beside(place.key, old) for old in place.step.was)
            for place in self.by_key.values()
            if place.step.was
        }
        machine = Machine(
            model=None,
            states=list(self.places),
            initial=self.start,
            auto_transitions=False,
            send_event=True,
        )
        for state, line, target, names in self._routes:
            machine.add_transition(
                "next", state, target, conditions=_closures(line.condition, names)
            )
        self._next = machine.events.get("next") or Event("next", machine)

    def _inline(
        self,
        flow: Flow,
        *,
        prefix: str,
        back: str | None,
        gives: str | None,
        outer: Mapping[str, str],
        within: tuple[str, ...],
    ) -> str:
        """Add a flow's steps; returns the state it starts at."""
        names = {**outer, **{name: prefix + name for name in flow.steps}}
        states = {name: self._free_state(prefix + name) for name in flow.steps}
        for name, step in flow.steps.items():
            sources = tuple(flow.sources[one] for one in step.sources if one in flow.sources)
            place = Compiled(states[name], prefix + name, step, flow.flow, names, gives, sources)
            self.places[place.state] = place
            if step.asked_when is not None:
                self._asked[place.state] = tested(step.asked_when, names)
        for name, lines in flow.dates.items():
            ready = tuple(
                (one, None if one.condition is None else tested(one.condition, names))
                for one in lines
            )
            self.dates.setdefault(name, (ready, names))
        for name, step in flow.steps.items():
            state = states[name]
            if step.give is not None:
                if back is not None:
                    self._routes.append((state, Line(go=back), back, names))
                continue
            for line in flow.exits(name):
                if line.do is None:
                    target = states[str(line.go)]
                else:
                    target = self._inline(
                        self._others[line.do],
                        prefix=f"{line.do}/",
                        back=states[line.go] if line.go else None,
                        gives=names.get(line.gives, line.gives) if line.gives else None,
                        outer=names,
                        within=(*within, flow.flow),
                    )
                self._routes.append((state, line, target, names))
        return states[flow.start]

    def _free_state(self, key: str) -> str:
        state, times = key, 1
        while state in self.places:
            times += 1
            state = f"{key}@{times}"
        return state

    def ways(self) -> Iterator[tuple[str, str]]:
        """Every pair of states between which there is a way."""
        for source, _, target, _ in self._routes:
            yield source, target

    def walk(self, session: Session, case: Case, after: Walk | None = None) -> Walk:
        """Walk the answers from the start to the step that must be asked, or to the end.

        ``after`` is the walk of a session that differs in nothing but the answer to the step it
        came to; what it passed need not be passed again. Raises ``EndlessFlowError`` after
        ``MOST_STEPS`` steps.
        """
        view = _View(case, dict(after.live) if after else {})
        place = _Place(after.at.state if after else self.start)
        path = list(after.path[:-1]) if after else []
        live = view.live
        for _ in range(MOST_STEPS):
            here = self.places[place.state]
            step = here.step
            asked = self._asked.get(place.state)
            if asked is not None and not asked(live, case):
                self._next.trigger(place, view=view)
                continue
            path.append(here)
            if step.outcome is not None:
                return Walk(tuple(path), live, here)
            if step.asks:
                if here.key == session.open:
                    return Walk(tuple(path), live, here)
                answer = self.stored(session, here)
                if answer is None or not self._holds(here, answer, case):
                    return Walk(tuple(path), live, here)
                live[here.key] = answer
            elif step.give is not None and here.gives is not None:
                newest = max(live.values(), key=lambda answer: answer.at, default=None)
                if newest is not None:
                    live[here.gives] = Answer(step.give, newest.at)
            self._next.trigger(place, view=view)
        raise EndlessFlowError(f"the walk did not end after {MOST_STEPS} steps")

    def stored(self, session: Session, place: Compiled) -> Answer | None:
        """The answer kept for a step, under its name or one it used to have."""
        for key in (place.key, *self._old_keys.get(place.key, ())):
            if key in session.answers:
                return session.answers[key]
        return None

    @staticmethod
    def _holds(place: Compiled, answer: Answer, case: Case) -> bool:
        if answer.value is None:
            return place.step.skip is not None
        return case.valid(place, answer.value)


def _beside(key: str, old: str) -> str:
    """The full name of a step's old name: it lived in the same flow."""
    head, slash, _ = key.rpartition("/")
    return f"{head}{slash}{old}"


# --- conditions ----------------------------------------------------------------------------


def _closures(
    condition: Condition | None, names: Mapping[str, str]
) -> list[str | Callable[..., bool | None]]:
    if condition is None:
        return []
    test = tested(condition, names)

    def holds(event: EventData) -> bool:
        view: _View = event.kwargs["view"]
        return test(view.live, view.case)

    return [holds]


def evaluate(
    condition: Condition,
    names: Mapping[str, str],
    live: Mapping[str, Answer],
    case: Case,
) -> bool:
    """Whether a condition holds for the answers so far; see ``tested``."""
    return tested(condition, names)(live, case)


def tested(condition: Condition, names: Mapping[str, str]) -> Test:
    """A condition made ready once; taking it apart anew cost more than the rest of a walk.

    A skipped or missing answer makes every comparison false, ``is_not`` included. ``today`` is the
    local date when the newest answer that the condition names was given; a condition that names
    none (only what is worked out from answers) takes the newest of them all.
    """
    keys = tuple(names[one.name] for one in compares(condition) if one.name in names)

    def today(live: Mapping[str, Answer]) -> date | None:
        named = [live[key].at for key in keys if key in live]
        newest = max(named or (answer.at for answer in live.values()), default=None)
        return newest.date() if newest else None

    def ready(part: Condition) -> Test:
        match part:
            case AllOf(parts):
                return _all([ready(one) for one in parts])
            case AnyOf(parts):
                return _any([ready(one) for one in parts])
            case Not(one):
                test = ready(one)
                return lambda live, case: not test(live, case)
            case Compare():
                return _compared(part, names, today)

    return ready(condition)


def _all(tests: list[Test]) -> Test:
    def holds(live: Mapping[str, Answer], case: Case) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs more than most tests
            if not test(live, case):
                return False
        return True

    return holds


def _any(tests: list[Test]) -> Test:
    def holds(live: Mapping[str, Answer], case: Case) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(live, case):
                return True
        return False

    return holds


def _compared(compare: Compare, names: Mapping[str, str], today: Day) -> Test:
    key = names.get(compare.name, compare.name)
    derived = "." in key
    if compare.operator == "skipped":
        return lambda live, case: key in live and live[key].skipped
    fits = _fitting(compare, names, today)

    def holds(live: Mapping[str, Answer], case: Case) -> bool:
        answer = live.get(key)
        if answer is not None:
            value: Any = answer.value
        else:
            value = case.named(key, live) if derived else None
        return value is not None and fits(value, live)

    return holds


def _fitting(
    compare: Compare, names: Mapping[str, str], today: Day
) -> Callable[[Any, Mapping[str, Answer]], bool]:
    """Whether a value that is there fits the comparison."""
    wanted = compare.values
    match compare.operator:
        case "answered":
            return lambda value, live: True
        case "is" | "in":
            # With its type, since True is 1 and must not be taken for it.
            among = frozenset((type(one), one) for one in wanted)
            return lambda value, live: _among(value, among)
        case "is_not" | "not_in":
            among = frozenset((type(one), one) for one in wanted)
            return lambda value, live: not _among(value, among)
        case "at_least":
            least = _number(wanted[0])
            return lambda value, live: isinstance(value, int) and value >= least
        case "at_most":
            most = _number(wanted[0])
            return lambda value, live: isinstance(value, int) and value <= most
        case "before" | "after":

            def dated(value: Any, live: Mapping[str, Answer]) -> bool:
                other = _date(wanted[0], names, live, today)
                if other is None or not isinstance(value, str):
                    return False
                return value < other if compare.operator == "before" else value > other

            return dated
    raise AssertionError(compare.operator)


def _among(value: Any, wanted: frozenset[tuple[type, str | int | bool]]) -> bool:
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, list | tuple | frozenset):
        return any(one in value for _, one in wanted)
    return (type(value), value) in wanted


def _number(value: str | int | bool) -> int:
    return value if isinstance(value, int) else 0


def _date(
    wanted: str | int | bool,
    names: Mapping[str, str],
    live: Mapping[str, Answer],
    today: Day,
) -> str | None:
    """A date to compare with, as ISO text: today, another answer, or a date written out."""
    if wanted == TODAY:
        day = today(live)
        return day.isoformat() if day else None
    answer = live.get(names.get(str(wanted), str(wanted)))
    if answer is not None:
        return answer.value if isinstance(answer.value, str) else None
    try:
        return date.fromisoformat(str(wanted)).isoformat()
    except ValueError:
        return None
