"""What answers can be: the facts they tell, the values they are given, their old names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.expenses import ACCOUNTS, ANSWERS
from bot.flow import Step
from bot.plans import UNION_FIELDS
from bot.problems import Problem, did_you_mean
from bot.shelf import Shelf

UNSURE = "unsure"
"""The account of somebody who does not know it; it is then found out, or left open."""


def facts_come_from_fitting_questions(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A question that tells a fact can be answered with what the fact can be."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            if step.fact is not None and step.asks:
                for what, hint in _unfit(step):
                    loc = ("steps", name, "fact")
                    yield document.problem(loc, f'step "{name}" {what}', hint)
            if step.among is not None and step.input == "multi":
                for choice in step.choices:
                    if choice not in UNION_FIELDS:
                        yield document.problem(
                            ("steps", name, "buttons", choice),
                            f'"{choice}" is nothing that a plan asks of a letter, '
                            "so this button would never be shown",
                            did_you_mean(choice, UNION_FIELDS),
                            key=True,
                        )


def _unfit(step: Step) -> Iterator[tuple[str, str]]:
    if step.fact == "shows":
        if step.input != "multi":
            yield 'tells "shows", which takes ticks', "Write `input: multi`, with buttons"
    elif step.fact == "account":
        for choice in step.choices:
            if choice not in (*ACCOUNTS, UNSURE):
                known = did_you_mean(choice, ACCOUNTS) or f"The accounts are {', '.join(ACCOUNTS)}"
                yield f'tells the account, and there is no account "{choice}"', known
    elif (answers := _VERDICT_ANSWERS.get(str(step.fact))) is None:
        if step.input != "date":
            yield f'tells "{step.fact}", which is a day', "Write `input: date`"
    elif step.input == "multi" or not set(answers) & set(step.choices):
        yield (
            f'tells "{step.fact}", but none of its answers is one of {", ".join(answers)}',
            "Give it `buttons` with these names",
        )
    else:
        missing = [one for one in answers if one not in step.choices]
        for choice in step.choices:
            if choice not in answers and (meant := did_you_mean(choice, missing)):
                yield f'tells "{step.fact}", which is never "{choice}"', meant


_VERDICT_ANSWERS: Mapping[str, tuple[str, ...]] = {
    str(fact): each for fact, each in ANSWERS.items()
}


def given_values_are_choices(shelf: Shelf, today: date) -> Iterator[Problem]:
    """What a sub-flow gives to a step with buttons is one of these buttons."""
    wanted: dict[str, list[tuple[str, Step]]] = {}
    for _, flow in shelf.flows.values():
        for step in flow.steps.values():
            for line in step.next:
                if line.do is not None and line.gives in flow.steps:
                    wanted.setdefault(line.do, []).append((line.gives, flow.steps[line.gives]))
    for file, takers in wanted.items():
        document, flow = shelf.flows[file]
        for name, step in flow.steps.items():
            for taker, taking in takers:
                if step.give is not None and taking.choices and step.give not in taking.choices:
                    yield document.problem(
                        ("steps", name, "give"),
                        f'"{taker}" can never be "{step.give}"',
                        did_you_mean(step.give, taking.choices)
                        or f"It can be {', '.join(taking.choices)}",
                    )


def old_names_lead_to_one_step(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`was` holds names that no step of the flow has now, each at one step only."""
    for document, flow in shelf.flows.values():
        first: dict[str, str] = {}
        for name, step in flow.steps.items():
            for at, old in enumerate(step.was):
                loc = ("steps", name, "was", at)
                if old in flow.steps:
                    yield document.problem(
                        loc,
                        f'a step is called "{old}" now, so its answers are not those of "{name}"',
                        "Write a name that the step used to have",
                    )
                elif old in first:
                    yield document.problem(
                        loc,
                        f'"{old}" is the old name of "{first[old]}" already',
                        "Keep it at one step, once",
                    )
                first.setdefault(old, name)
