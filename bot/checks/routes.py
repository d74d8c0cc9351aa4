"""Where the steps of a flow lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.flow import Flow, Step
from bot.outgoing import MESSAGE_LIMIT
from bot.problems import Problem, did_you_mean
from bot.shelf import MAIN_FLOW, Shelf
from bot.yaml_text import YamlDocument

MOST_BUTTONS = 90
"""Telegram takes 100 in a message; some are ours."""


def _flows(shelf: Shelf) -> Iterator[tuple[YamlDocument, Flow]]:
    yield from shelf.flows.values()


def _steps(shelf: Shelf) -> Iterator[tuple[YamlDocument, Flow, str, Step]]:
    for document, flow in _flows(shelf):
        for name, step in flow.steps.items():
            yield document, flow, name, step


def steps_have_one_shape(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A step asks, or says something in passing, or ends; and its keys belong to what it is."""
    for document, _, name, step in _steps(shelf):
        for key, what, hint in _misshapen(step):
            loc = ("steps", name, key) if key else ("steps", name)
            yield document.problem(loc, f'step "{name}" {what}', hint, key=True)


def _misshapen(step: Step) -> Iterator[tuple[str, str, str]]:
    if step.outcome is not None and step.give is not None:
        yield "give", "both ends the conversation and gives a value", "Keep `outcome` or `give`"
    if step.ends and step.asks:
        yield "", "asks something and ends at the same time", "Give the end a step of its own"
    if step.ends and step.next:
        yield "next", "ends, but has a `next`", "Delete `next`, or delete the end"
    if step.input == "multi" and not step.buttons:
        yield "input", "lets people tick several things but has no buttons", "Add `buttons`"
    if step.input not in (None, "multi") and step.buttons is not None:
        yield (
            "buttons",
            f"has buttons and also `input: {step.input}`",
            "Keep one of them; only `input: multi` has buttons of its own",
        )
    if step.buttons is not None and not step.buttons:
        yield "buttons", "has no button under `buttons`", "Add one, such as `yes: Yes`"
    for key, fitting in (("min", ("number", "money")), ("max", ("number", "money", "text"))):
        if getattr(step, key) is not None and step.input not in fitting:
            yield key, f"has `{key}`, which fits only `input: {' or '.join(fitting)}`", "Delete it"
    lowest = 1 if step.input == "text" else step.min
    if step.max is not None and lowest is not None and step.max < lowest:
        yield "max", f"takes nothing: its `max` is {step.max}, below {lowest}", "Raise it"
    if step.input == "text" and (step.max or 0) > MESSAGE_LIMIT:
        yield "max", f"has a `max` of {step.max}; nobody can send more than {MESSAGE_LIMIT}", ""
    for key in ("not_after", "not_before"):
        if getattr(step, key) is not None and step.input != "date":
            yield key, f"has `{key}`, which is for dates only", "Delete it"
    for key in ("why", "skip", "retry", "example", "label", "fact", "ask_when"):
        if getattr(step, key) is not None and not step.asks:
            yield key, f"has `{key}` but asks nothing", "Add `buttons` or `input`, or delete it"
    if step.among is not None and step.input != "multi":
        yield "among", "has `among`, which fits only `input: multi`", "Delete it"
    for key in ("documents", "more", "remind"):
        if getattr(step, key) and step.outcome is None:
            yield key, f"has `{key}` but is no outcome", "Add `outcome`, or delete it"
    for word, choices in _heard_for(step).items():
        if len(choices) > 1:
            what = f'hears "{word}" for {" and ".join(choices)}'
            yield "heard", what, "Keep it at one of them"
    if (shown := len(step.choices)) > MOST_BUTTONS:
        what = f"has {shown} buttons; Telegram shows {MOST_BUTTONS} beside Back and the like"
        yield "buttons", what, "Ask in two steps"
    for choice in step.heard or {}:
        if choice not in step.choices:
            yield (
                "heard",
                f'hears words for "{choice}", which is no button of it',
                did_you_mean(choice, step.choices),
            )
    if step.otherwise is not None and step.otherwise not in step.choices:
        yield (
            "otherwise",
            f'takes other words for "{step.otherwise}", which is no button of it',
            did_you_mean(step.otherwise, step.choices),
        )


def _heard_for(step: Step) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for choice, words in (step.heard or {}).items():
        for word in words:
            found.setdefault(word.casefold(), []).append(choice)
    return found


def the_start_exists(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A flow starts at one of its own steps."""
    for document, flow in _flows(shelf):
        if flow.start not in flow.steps:
            yield document.problem(
                ("start",),
                f'the flow starts at "{flow.start}", which does not exist',
                did_you_mean(flow.start, flow.steps),
            )


def every_exit_leads_somewhere(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`go` names a step of this flow, `do` another flow."""
    for document, flow, name, step in _steps(shelf):
        for at, line in enumerate(step.next):
            loc = ("steps", name, "next", at)
            if line.go is not None and line.go not in flow.steps:
                yield document.problem(
                    (*loc, "go"),
                    f'step "{name}" goes to "{line.go}", which does not exist',
                    did_you_mean(line.go, flow.steps),
                )
            if line.do is not None and line.do not in (*shelf.flows, *shelf.unread_in("flows")):
                yield document.problem(
                    (*loc, "do"),
                    f'step "{name}" does "{line.do}", but there is no such flow',
                    did_you_mean(line.do, shelf.flows),
                )


def nobody_gets_stuck(shelf: Shelf, today: date) -> Iterator[Problem]:
    """Every step has a way on that is always open, or is an end."""
    for document, flow, name, step in _steps(shelf):
        loc = ("steps", name)
        if not step.next:
            if not step.ends and flow.below(name) is None:
                yield document.problem(
                    loc,
                    f'step "{name}" is the last one, but it is no outcome: people would get stuck',
                    "Add `outcome`, or `next` with a place to go",
                    key=True,
                )
            continue
        if step.next[-1].condition is not None:
            yield document.problem(
                (*loc, "next", len(step.next) - 1, "when"),
                f'the last way out of step "{name}" has a `when`: people could get stuck',
                "Add a last line with only `go`",
                key=True,
            )
        for at, line in enumerate(step.next[:-1]):
            if line.condition is None:
                yield document.problem(
                    (*loc, "next", at),
                    f'step "{name}" always leaves by this line, so the lines below never count',
                    "Give this line a `when`, or move it to the end",
                )


# --- once every exit is sound ----------------------------------------------------------------


def _targets(flow: Flow, name: str) -> Iterator[str]:
    for line in flow.exits(name):
        if line.go is not None:
            yield line.go


def sub_flows_come_back(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A flow that is to give a value gives one; and no flow runs itself, however far round."""
    for document, flow, name, step in _steps(shelf):
        for at, line in enumerate(step.next):
            if line.do is None:
                continue
            other = shelf.flows[line.do][1]
            loc = ("steps", name, "next", at, "do")
            if line.gives is not None and not other.is_sub_flow:
                yield document.problem(
                    loc,
                    f'step "{name}" waits for a value from "{line.do}", which gives none',
                    "Give it a step with `give`, or delete `gives` and `go` here",
                )
            if line.gives is None and other.is_sub_flow:
                yield document.problem(
                    loc,
                    f'"{line.do}" comes back with a value, but step "{name}" does not take it',
                    "Add `gives: a_step` and `go: a_step`",
                )
            if line.gives is not None and line.gives not in flow.steps:
                yield document.problem(
                    (*loc[:-1], "gives"),
                    f'"{line.gives}" is no step of this flow, so it cannot be given a value',
                    did_you_mean(line.gives, flow.steps),
                )
    for file, (document, flow) in shelf.flows.items():
        for name, step in flow.steps.items():
            for at, line in enumerate(step.next):
                if line.do is not None and file in (line.do, *_run_by(shelf, line.do)):
                    yield document.problem(
                        ("steps", name, "next", at, "do"),
                        f'with this the flow "{file}" runs itself, so it never ends',
                        "Delete this line, or run another flow",
                    )


def _run_by(shelf: Shelf, name: str) -> set[str]:
    """The flows that a flow runs, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for step in shelf.flows[waiting.pop()][1].steps.values():
            for line in step.next:
                if line.do is not None and line.do not in found:
                    found.add(line.do)
                    waiting.append(line.do)
    return found


def every_step_is_reached(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No step, and no flow, that nobody can ever come to."""
    used = {MAIN_FLOW} | (_run_by(shelf, MAIN_FLOW) if MAIN_FLOW in shelf.flows else set())
    for name, (document, flow) in shelf.flows.items():
        if name not in used:
            yield document.problem(
                ("flow",),
                f'no flow that people start in does "{name}"',
                "Add a line with `do`, or delete the file",
                severity="warning",
            )
        if any(_circles(flow)):
            continue  # what lies behind a circle is its shadow
        reached = {flow.start}
        waiting = [flow.start]
        while waiting:
            for target in _targets(flow, waiting.pop()):
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        for step in flow.steps:
            if step not in reached:
                yield document.problem(
                    ("steps", step),
                    f'no step leads to "{step}", so nobody will ever see it',
                    f"Add `go: {step}` somewhere, or delete it",
                    key=True,
                )


def nothing_goes_round_in_circles(shelf: Shelf, today: date) -> Iterator[Problem]:
    """No way leads back: once its questions are answered, a circle would never end."""
    for document, flow in _flows(shelf):
        for name, at, circle in _circles(flow):
            yield document.problem(
                ("steps", name, "next", at, "go"),
                f"these steps go round in a circle: {' → '.join(circle)}",
                "People go back with the Back button; a flow only goes forward",
            )


def _circles(flow: Flow) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each way that leads back: the step, the line of its `next`, and the steps gone through."""
    done: set[str] = set()
    trail: list[str] = []

    def visit(name: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        trail.append(name)
        for at, line in enumerate(flow.exits(name)):
            if line.go is None:
                continue
            if line.go in trail:
                yield name, at, (*trail[trail.index(line.go) :], line.go)
            elif line.go not in done:
                yield from visit(line.go)
        trail.pop()
        done.add(name)

    yield from visit(flow.start)
