"""One look-up of an expense, as JSON values and as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.case import Content
from bot.eligibility import decide
from bot.intents import account_named
from bot.plans import plan_facts
from bot.safety import card, emergency

KIND_WORDS = {
    "no_letter": "no letter needed",
    "letter": "a letter may help",
    "prescription": "a prescription is needed",
    "depends": "it depends",
    "never": "a letter cannot help",
}


def look_up(
    content: Content, words: str, account: str | None, language: str, today: date
) -> dict[str, Any]:
    """What the catalogue and the rules say of the words; emergencies come first."""
    danger = emergency(words)
    if danger is not None:
        return {
            "query": words,
            "outcome": "emergency",
            "matches": [],
            "verdict": None,
            "card": card(danger, language),
        }
    result = content.catalogue.search(words, language)
    account = account or account_named(words)
    found: dict[str, Any] = {
        "query": words,
        "outcome": result.outcome,
        "matches": [
            {
                "id": match.expense.id,
                "name": match.expense.named(language),
                "category": match.expense.category,
                "score": round(match.score, 3),
            }
            for match in result.matches
        ],
        "verdict": None,
    }
    if result.outcome == "not_an_expense":
        found["about"] = result.about
    if result.matches:
        plan = plan_facts(account, None, None)
        verdict = decide(result.matches[0].expense, account, plan, {}, today)
        found["verdict"] = {
            "kind": verdict.kind,
            "account": account,
            "reasons": [
                reason.text_es if language == "es" else reason.text_en for reason in verdict.reasons
            ],
            "sources": [
                {
                    "title": source.title,
                    "url": source.url,
                    "checked_on": source.checked_on.isoformat(),
                }
                for source in verdict.sources
            ],
        }
    return found


def sentences(found: dict[str, Any]) -> Iterator[str]:
    """A look-up in words, for a terminal."""
    match found["outcome"]:
        case "emergency":
            yield found["card"]
        case "not_an_expense":
            yield "That does not look like an expense. Try a thing or a service: massage gun"
        case "none":
            yield "Not in the catalogue. `lmn-bot chat` asks the questions that decide it."
        case "choose":
            yield "Which of these do you mean?"
            for match in found["matches"]:
                yield f"  {match['name']}  ({match['category']})"
        case _:
            verdict = found["verdict"]
            yield f"{found['matches'][0]['name']}: {KIND_WORDS[verdict['kind']]}"
            for reason in verdict["reasons"]:
                yield f"  - {reason}"
            yield "  Your plan decides, and may say no."
            for source in verdict["sources"]:
                yield f"  Source: {source['title']}, {source['url']} ({source['checked_on']})"
