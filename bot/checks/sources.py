"""Facts in the flows: each names the page that states it, and no page is read too long ago."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.plan_files import Facts
from bot.problems import Problem
from bot.reasons import LAW, PAPERS
from bot.shelf import Shelf
from bot.sources import OF_PLAN, VERDICT, date_problems, unknown_source

_OF_PLAN = {OF_PLAN + fact: OF_PLAN + fact for fact in Facts.model_fields} | {
    "plan.buy_after_approval": "plan.buy",
    "plan.field_list": "plan.fields",
    "plan.carrier_list": "plan.carriers",
}
"""Each name in a text that tells a fact of somebody's plan, and the fact whose page states it."""
_NAMED = re.compile(r"\b(?:plan|verdict)\.\w+")


def steps_name_sources_there_are(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`sources` of a step are ids under the flow's own, `verdict`, or `plan.` and a plan's fact."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for at, key in enumerate(step.sources):
                if key not in flow.sources and key != VERDICT and key not in _OF_PLAN.values():
                    known = {**flow.sources, **dict.fromkeys(_OF_PLAN.values()), VERDICT: None}
                    yield unknown_source(document, ("steps", name, "sources", at), key, known)


def what_a_text_states_has_its_page(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A step that tells reasons or a plan's facts names their pages, or lists them itself."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            told = set(_NAMED.findall(step.say))
            wanted = {_OF_PLAN[one] for one in told if one in _OF_PLAN}
            if any(one.startswith(OF_PLAN) and one.endswith("sources") for one in told):
                wanted = set()
            if "verdict.reasons" in told and "verdict.sources" not in told:
                wanted.add(VERDICT)
            for missing in sorted(wanted - set(step.sources)):
                yield document.problem(
                    ("steps", name),
                    f'"{name}" states something of "{missing}" and names no page for it',
                    f'Write "{missing}" under its `sources`',
                    key=True,
                    severity="warning",
                )


def sources_are_fresh(shelf: Shelf, today: date) -> Iterator[Problem]:
    """A page is read again by its day; and no page is listed for nothing."""
    for document, flow in shelf.flows.values():
        yield from date_problems(document, flow.sources, today)
        used = {key for step in flow.steps.values() for key in step.sources}
        for key in flow.sources:
            if key not in used:
                yield document.problem(
                    ("sources", key),
                    f'no step of this flow uses the source "{key}"',
                    "Name it under a step's `sources`, or delete it",
                    key=True,
                    severity="warning",
                )
    for source in (*LAW.values(), *PAPERS):
        if source.recheck_by < today:
            what = f'the page "{source.title}" was to be rechecked by {source.recheck_by}'
            yield Problem("bot/reasons.py", 0, 0, what, severity="warning")
