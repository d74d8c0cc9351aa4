"""Conversations as files: what the bot says today is what the stories tell."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.conversation import Guide
from bot.library import find_root, load
from bot.operators.stories import Exchange, Story, differences, played, read_story, retold
from bot.problems import ProblemsError
from bot.wording import ENGLISH_FOR_PROVIDERS

ROOT = Path(__file__).parent.parent
STORIES = sorted((ROOT / "tests" / "stories").glob("*.txt"))
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide(load(find_root(), TODAY), lambda: "storyone")


def test_there_are_stories_for_every_account_and_every_outcome(guide: Guide):
    texts = [path.read_text(encoding="utf-8") for path in STORIES]
    assert len(STORIES) >= 25
    reached = set()
    for path in STORIES:
        story = read_story(path.read_text(encoding="utf-8"), str(path))
        reached |= outcomes(story, guide)
    known = {place.step.outcome for place in guide.content.machine.places.values()} - {None}
    assert known - reached == set()
    for account in ("Health FSA", "HSA", "HRA", "Limited-purpose FSA", "Dependent care FSA"):
        assert any(f"you: {account}\n" in text for text in texts), account
    for account in ("Health insurance", "Tax deduction", "I'm not sure"):
        assert any(f"you: {account}\n" in text for text in texts), account


def outcomes(story: Story, guide: Guide) -> set[str]:
    """The outcomes that a story comes to."""
    seen: set[str] = set()
    machine = guide.content.machine

    def listening(session, heard, held, now, language):
        turn = guide(session, heard, held, now, language)
        if turn.session is not None:
            from bot.case import PersonCase

            case = PersonCase(guide.content, turn.session, now.date())
            outcome = machine.walk(turn.session, case).at.step.outcome
            if outcome is not None:
                seen.add(outcome)
        elif session is not None:
            seen.add("declined")
        return turn

    played(story, listening)
    return seen


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_bot_says_what_the_story_tells(path: Path, guide: Guide):
    story = read_story(path.read_text(encoding="utf-8"), path.name)
    assert differences(story, played(story, guide)) == []


def test_a_story_that_parts_from_the_bot_shows_where(guide: Guide):
    story = Story("x.txt", "x", {}, (Exchange(None, ("Good morning.",)),))
    assert any(line == "-bot: Good morning." for line in differences(story, played(story, guide)))


def test_three_dots_stand_for_anything_the_bot_says(guide: Guide):
    text = "# x\n\nbot: …\n\nyou: Yes, let's start\n\nbot: …\n\nbot: What can I help …\n"
    story = read_story(text, "x.txt")
    happened = played(story, guide)
    assert differences(story, happened) == []
    assert retold(story, happened) == text


def test_a_line_that_nobody_says_is_shown_with_its_place():
    with pytest.raises(ProblemsError) as error:
        read_story("# x\n\nbot: Hello\nwhat is this\n", "x.txt")
    assert str(error.value).startswith("x.txt:4:1: this line is neither said by the bot")


def test_the_readme_tells_a_story_that_is_played():
    told = (ROOT / "tests" / "stories" / "readme.txt").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition("```text\n")
    assert rest.partition("\n```")[0].strip() == told.strip()


VERDICTS = (
    "a letter cannot help here.",
    "you do not seem to need a letter.",
    "it depends on your plan and on your case.",
    "a prescription should be enough.",
)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_every_verdict_and_checklist_of_a_story_names_its_pages_and_their_dates(
    path: Path, guide: Guide
):
    story = read_story(path.read_text(encoding="utf-8"), path.name)
    for exchange in played(story, guide):
        for message in exchange.bot:
            first = message.split("\n", 1)[0]
            if first.endswith(VERDICTS):
                assert "Source: " in message
                assert "checked November 23, 2026" in message
            if first.startswith("Your checklist:"):
                assert "Where this comes from" in message


FACT = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|six) (?:days?|hours|months?|years?|percent|cents|dollars)\b"
    r"|\d ?%|\$\d|\b(?:many|most|some|other) (?:plans|insurers|letters|practices)\b"
    r"|\b(?:tax rules|IRS|federal|Medicare|Medicaid)\b"
    r"|\byour plan (?:gives|wants|looks|asks|has|pays|takes)\b"
    r"|\b\d+ (?:días|horas|meses|años)\b|\b(?:muchos|algunos|la mayoría de los) planes\b"
    r"|\bsu plan (?:da|pide|quiere|mira|tiene|paga)\b",
    re.IGNORECASE,
)
"""How a sentence begins that is true only as long as a rule of somebody else holds."""
DISCLAIMED = re.compile(r"(?:the|el) IRS (?:may say no|decides|puede decir que no|decide)")
"""Who decides is said everywhere, as in "your plan decides, and may say no"."""
PAGE = re.compile(
    r"Source: .+, checked \w+ \d+, \d{4}|• .+, checked \w+ \d+, \d{4}"
    r"|Fuente: .+, revisada el \d+ de \w+|• .+, revisad[oa] el \d+ de \w+"
)
LISTED = re.compile(r"^(?:Where this comes from|De dónde viene esto)$", re.MULTILINE)
"""Above the pages of a checklist: what is said on handing it over rests on them too."""
NOTHING_STATED = (
    *("✓ ", "Please check your answers.", "What I keep", "Expense: "),
    *("Revise sus respuestas, por favor.", "Lo que guardo", "Gasto: "),
)
"""What begins a message that repeats the person's own words, or says what this bot keeps."""


def for_others(message: str) -> bool:
    """Whether it is a text to copy, which a practice, a seller or a plan will read."""
    first = re.sub(r"^Lo mismo en español,.*\n\n", "", message).split("\n", 1)[0]
    heads = [
        re.sub(r"<[^>]*>|\{\{.*", "", path.read_text(encoding="utf-8").split("\n", 1)[0])
        for name in ENGLISH_FOR_PROVIDERS
        for path in (ROOT / "templates").glob(f"*/{name}.j2")
    ]
    return any(first.startswith(head) for head in heads if head)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_every_fact_of_a_story_is_told_with_its_page_and_the_day_it_was_read(
    path: Path, guide: Guide
):
    story = read_story(path.read_text(encoding="utf-8"), path.name)
    for exchange in played(story, guide):
        listed = any(LISTED.search(message) for message in exchange.bot)
        for message in exchange.bot:
            said = re.sub(r"\n {2}\[.*", "", message)  # buttons are offered, not stated
            said = DISCLAIMED.sub("", said)
            consent = "Telegram can read" in message or "Telegram puede leer" in message
            if consent or message.startswith(NOTHING_STATED) or for_others(message):
                continue
            assert listed or PAGE.search(message) or not FACT.search(said), message
