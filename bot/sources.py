"""The pages that state facts, each with the day it was read and the day to read it again.

The law of this room: no fact reaches a patient without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from bot.problems import Problem, did_you_mean
from bot.yaml_text import YamlDocument

VERDICT = "verdict"
"""In a step's `sources`: the pages behind the verdict."""
OF_PLAN = "plan."
"""Before a fact's name in a step's `sources`: the page of the plan that states it, if one does."""


class Source(BaseModel):
    """A page that states a fact, the day it was read, and the day it must be read again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    url: str = Field(pattern=r"^https?://[^\s/]+\.[^\s]+$")
    checked_on: date
    recheck_by: date


def date_problems(
    document: YamlDocument, sources: Mapping[str, Source], today: date
) -> Iterator[Problem]:
    """What is wrong with the dates of a file's sources; one that is due again is a warning."""
    for key, source in sources.items():
        if source.checked_on > today:
            what = f'the source "{key}" was checked on {source.checked_on}, a day still to come'
            yield document.problem(("sources", key, "checked_on"), what)
        if source.recheck_by <= source.checked_on:
            what = f'the source "{key}" must be rechecked after the day it was checked'
            yield document.problem(("sources", key, "recheck_by"), what)
        elif source.recheck_by < today:
            what = f'the source "{key}" was to be rechecked by {source.recheck_by}'
            hint = "Open it, correct the facts, and write the new dates"
            yield document.problem(("sources", key, "recheck_by"), what, hint, severity="warning")


def unknown_source(
    document: YamlDocument, place: tuple[str | int, ...], key: str, sources: Mapping[str, object]
) -> Problem:
    """The problem that a file names a source it does not have."""
    hint = did_you_mean(key, sources) or 'Write it under "sources", with its address and dates'
    return document.problem(place, f'there is no source "{key}" in this file', hint)
