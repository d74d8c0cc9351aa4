"""The names that conditions use: that they exist, can have the value, and are answered in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.eligibility import VERDICT_NAMES
from bot.flow import TODAY, Compare, Condition, Flow, Loc, Step, compares
from bot.machine import FlowMachine
from bot.plans import PLAN_NAMES
from bot.problems import Problem, did_you_mean
from bot.returned import RETURNED_NAMES
from bot.shelf import MAIN_FLOW, Shelf
from bot.yaml_text import YamlDocument

EXPENSE_NAMES: Mapping[str, tuple[str, ...] | type] = {"known": bool, "category": str, "id": str}
DERIVED: Mapping[str, tuple[str, ...] | type] = {
    **{f"verdict.{name}": kind for name, kind in VERDICT_NAMES.items()},
    **{f"plan.{name}": kind for name, kind in PLAN_NAMES.items()},
    **{f"expense.{name}": kind for name, kind in EXPENSE_NAMES.items()},
    **{f"letter.{name}": kind for name, kind in RETURNED_NAMES.items()},
}
"""Every derived name that a condition may use anywhere: its values, or its type."""


def derived(shelf: Shelf) -> dict[str, tuple[str, ...] | type]:
    """Every derived name that a condition may use, with the dates that flows work out."""
    dates = [name for _, flow in shelf.flows.values() for name in flow.dates]
    return {**DERIVED, **{f"dates.{name}": date for name in dates}}


@dataclass(frozen=True, slots=True)
class Use:
    """One comparison, with the file and the step it stands in."""

    document: YamlDocument
    flow: Flow
    step: str
    loc: Loc
    compare: Compare

    @property
    def place(self) -> Loc:
        """Where the compared name stands."""
        return (*self.loc, *self.compare.loc)


def uses(shelf: Shelf) -> Iterator[Use]:
    """Every comparison of every flow."""
    for document, flow in shelf.flows.values():
        for date_name, lines in flow.dates.items():
            for at, line in enumerate(lines):
                for compare in compares(line.condition) if line.condition else ():
                    yield Use(document, flow, "", ("dates", date_name, at, "when"), compare)
        for name, step in flow.steps.items():
            for loc, condition in _conditions(name, step):
                for compare in compares(condition):
                    yield Use(document, flow, name, loc, compare)


def _conditions(name: str, step: Step) -> Iterator[tuple[Loc, Condition]]:
    if step.asked_when is not None:
        yield ("steps", name, "ask_when"), step.asked_when
    for at, line in enumerate(step.next):
        if line.condition is not None:
            yield ("steps", name, "next", at, "when"), line.condition


def asking(shelf: Shelf, flow: Flow, within: tuple[str, ...] = ()) -> dict[str, Step]:
    """The steps a flow's texts and conditions may name: its own, and those of who runs it.

    ``within`` are the flows that led here: one that runs itself is told of elsewhere.
    """
    known = {name: step for name, step in flow.steps.items() if step.asks}
    if flow.flow != MAIN_FLOW:
        for _, other in shelf.flows.values():
            if other.flow not in (*within, flow.flow) and any(
                line.do == flow.flow for step in other.steps.values() for line in step.next
            ):
                known = {**asking(shelf, other, (*within, flow.flow)), **known}
    return known


def names_in_conditions_exist(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A condition names a step that asks something, a fact of the plan, or the verdict."""
    known = derived(shelf)
    for use in uses(shelf):
        steps = asking(shelf, use.flow)
        name = use.compare.name
        if name in steps or name in known:
            continue
        if name in use.flow.steps:
            what = f'"{name}" asks nothing, so it has no answer to compare'
            yield use.document.problem(use.place, what, "Name a step that asks something", key=True)
            continue
        yield use.document.problem(
            use.place,
            f'there is no "{name}" to compare',
            did_you_mean(name, [*steps, *known]),
            key=True,
        )


def values_are_possible(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A condition compares with a value that the name can have, in a way that fits it."""
    known = derived(shelf)
    for use in uses(shelf):
        steps = asking(shelf, use.flow)
        compare = use.compare
        if compare.name in steps:
            yield from _possible_answer(shelf, use, steps[compare.name])
        elif compare.name in known:
            yield from _possible_fact(shelf, use, known[compare.name])


def _possible_answer(shelf: Shelf, use: Use, step: Step) -> Iterator[Problem]:
    compare = use.compare
    match compare.operator:
        case "answered" | "skipped":
            if compare.operator == "skipped" and step.skip is None:
                yield use.document.problem(
                    use.place,
                    f'"{compare.name}" can never be skipped',
                    f"Give step `{compare.name}` a `skip`, or delete this line",
                )
        case "at_least" | "at_most":
            if step.input not in ("number", "money"):
                yield _unfit(use, "is no number")
        case "before" | "after":
            if step.input != "date":
                yield _unfit(use, "is no date")
            else:
                yield from _possible_date(shelf, use)
        case _:
            allowed = _answers(shelf, use, compare.name, step)
            if allowed is None:
                yield _unfit(use, "can be anything, so it equals nothing for sure")
                return
            yield from _impossible(use, compare.name, allowed)


def _answers(shelf: Shelf, use: Use, name: str, step: Step) -> tuple[str, ...] | None:
    """What an answer can be; ``None`` for words and numbers."""
    if step.choices:
        return (*step.choices, *_given(shelf, name))
    if step.input == "expense":
        return tuple(entry for _, file in shelf.categories for entry in file.expenses)
    if step.input == "administrator":
        return tuple(one.id for _, one in shelf.administrators)
    return None


def _given(shelf: Shelf, name: str) -> Iterator[str]:
    """The values that sub-flows give to a step."""
    for _, flow in shelf.flows.values():
        for step in flow.steps.values():
            for line in step.next:
                if line.gives == name and line.do in shelf.flows:
                    for ending in shelf.flows[str(line.do)][1].steps.values():
                        if ending.give is not None:
                            yield ending.give


def _possible_date(shelf: Shelf, use: Use) -> Iterator[Problem]:
    wanted = str(use.compare.value)
    steps = asking(shelf, use.flow)
    if wanted == TODAY or (wanted in steps and steps[wanted].input == "date"):
        return
    try:
        date.fromisoformat(wanted)
    except ValueError:
        yield use.document.problem(
            use.place,
            f'"{wanted}" is no date',
            "Write today, the name of a step that asks a date, or a date such as 2026-11-02",
        )


def _possible_fact(shelf: Shelf, use: Use, kind: tuple[str, ...] | type) -> Iterator[Problem]:
    compare = use.compare
    if compare.operator == "answered":
        return
    if kind is date:
        if compare.operator in ("before", "after"):
            yield from _possible_date(shelf, use)
        else:
            yield _unfit(use, "is a date: use `before`, `after` or `answered`")
    elif compare.operator in ("skipped", "before", "after"):
        yield _unfit(use, f"cannot be followed by `{compare.operator}`")
    elif compare.operator in ("at_least", "at_most"):
        if kind is not int:
            yield _unfit(use, "is no number")
    elif isinstance(kind, tuple):
        yield from _impossible(use, compare.name, kind)
    else:
        for value in compare.values:
            if type(value) is not kind:
                words = {bool: "true or false", int: "a whole number"}.get(kind, "a word")
                yield use.document.problem(
                    use.place,
                    f'"{compare.name}" is {words}, so it can never be "{value}"',
                )


def _impossible(use: Use, name: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    for at, value in enumerate(use.compare.values):
        if value not in allowed:
            loc = use.place
            if isinstance(use.compare.value, tuple):
                loc = (*loc, at)
            yield use.document.problem(
                loc,
                f'"{name}" can never be "{value}"',
                did_you_mean(str(value), allowed) or f"It can be {', '.join(allowed[:8])}",
            )


def _unfit(use: Use, why: str) -> Problem:
    return use.document.problem(use.place, f'"{use.compare.name}" {why}', key=True)


# --- answered in time ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reached:
    """The answers there are when a step is reached: on every way, and on some way."""

    surely: frozenset[str]
    maybe: frozenset[str]


def reached(machine: FlowMachine) -> dict[str, Reached]:
    """For every state of a machine, what has been asked before it. The machine has no circles."""
    incoming: dict[str, list[str]] = {state: [] for state in machine.places}
    outgoing: dict[str, list[str]] = {state: [] for state in machine.places}
    for source, target in machine.ways():
        incoming[target].append(source)
        outgoing[source].append(target)
    waiting = {state: len(sources) for state, sources in incoming.items()}
    ready = [state for state, left in waiting.items() if left == 0]
    found: dict[str, Reached] = {}
    while ready:
        state = ready.pop()
        after = [_after(machine, source, found[source]) for source in incoming[state]]
        surely = frozenset.intersection(*(one.surely for one in after)) if after else frozenset()
        maybe = frozenset().union(*(one.maybe for one in after))
        found[state] = Reached(surely, maybe)
        for target in outgoing[state]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return found


def _after(machine: FlowMachine, state: str, before: Reached) -> Reached:
    place = machine.places[state]
    told = {place.key} if place.step.asks else set()
    if place.gives is not None and place.step.give is not None:
        told.add(place.gives)
    always = told if place.step.asked_when is None else set()
    return Reached(before.surely | always, before.maybe | told)


def compiled(shelf: Shelf) -> FlowMachine | None:
    """The main flow as the machine walks it; ``None`` where there is none."""
    if MAIN_FLOW not in shelf.flows:
        return None
    flows = {name: flow for name, (_, flow) in shelf.flows.items()}
    return FlowMachine(flows[MAIN_FLOW], flows)


def answers_come_before_their_use(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A condition names a step that can have been asked by then."""
    machine = compiled(shelf)
    if machine is None:
        return
    before = reached(machine)
    late: dict[tuple[str, str, Loc], list[bool]] = {}
    found: dict[tuple[str, str, Loc], Problem] = {}
    for state, place in machine.places.items():
        document = next(d for d, f in shelf.flows.values() if f.flow == place.flow)
        name = place.text_id.split(".", 1)[1]
        for loc, condition in _conditions(name, place.step):
            known = before[state].maybe
            if loc[2] != "ask_when" and place.step.asks:
                known |= {place.key}
            for compare in compares(condition):
                key = place.names.get(compare.name)
                if key is None:
                    continue
                use = (place.flow, name, (*loc, *compare.loc))
                late.setdefault(use, []).append(key not in known)
                found[use] = document.problem(
                    (*loc, *compare.loc),
                    f'step "{name}" uses "{compare.name}", which is only asked later or elsewhere',
                    "Ask it on a way that leads here, or use another name",
                    key=True,
                )
    for use, each in late.items():
        if all(each):
            yield found[use]
