"""Facts in the flows: each names the page that states it, and no page is read too long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.problems import Problem
from bot.shelf import Shelf
from bot.sources import date_problems, unknown_source


def steps_name_sources_there_are(shelf: Shelf, today: date) -> Iterator[Problem]:
    """`sources` of a step are ids under the flow's own `sources`."""
    for document, flow in shelf.flows.values():
        for name, step in flow.steps.items():
            for at, key in enumerate(step.sources):
                if key not in flow.sources:
                    yield unknown_source(
                        document, ("steps", name, "sources", at), key, flow.sources
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
