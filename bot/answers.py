"""What somebody typed at a question -> an answer, things to choose from, or why it does not fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from bot.case import PersonCase
from bot.dates import FURTHEST_AHEAD, add_months, parse_date
from bot.expenses import Expense
from bot.machine import Compiled
from bot.plans import find_administrator
from bot.session import Value
from bot.translations import LANGUAGES

LONGEST_ANSWER = 1_000
"""Characters kept of an answer in somebody's own words."""
LONGEST_NAME = 120
LONGEST_COMPANY = 8
"""Words; more of them are no company's name."""
CLOSE = 0.8
"""Least likeness (0 to 1) at which a misspelled label is taken for the label."""


@dataclass(frozen=True, slots=True)
class Fits:
    """The words are an answer."""

    value: Value


@dataclass(frozen=True, slots=True)
class Offers:
    """The words may mean several things, by id; nothing is stored until one is picked."""

    options: tuple[str, ...]
    two_items: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The words do not fit; ``why`` names a shared text, empty when the step's retry says it."""

    why: str = ""
    counts: bool = True


Reading = Fits | Offers | Refused

_WORDS: Mapping[str, tuple[str, ...]] = {
    "back": ("back", "go back", "previous", "atrás", "atras", "volver", "regresar"),
    "why": ("why", "why do you ask", "por qué", "porque", "por qué pregunta"),
    "unsure": (
        "i don't know",
        "i dont know",
        "idk",
        "dont know",
        "don't know",
        "not sure",
        "i'm not sure",
        "im not sure",
        "no idea",
        "no sé",
        "no lo sé",
        "no estoy seguro",
        "no estoy segura",
        "ni idea",
        "no tengo idea",
        "quién sabe",
        "i don't remember",
        "no recuerdo",
        "no me acuerdo",
    ),
    "skip": ("skip", "pass", "omitir", "saltar"),
    "help": ("help", "ayuda"),
    "change": ("change", "change an answer", "cambiar"),
    "review": ("review", "repasar", "revisar"),
    "restart": ("restart", "start over", "empezar de nuevo", "reiniciar"),
    "language": ("language", "change language", "idioma", "cambiar idioma"),
    "language es": ("español", "en español", "spanish", "in spanish"),
    "language en": ("english", "in english", "inglés", "en inglés"),
}
_YES = (
    *("yes", "y", "yeah", "yep", "yup", "sure", "ok", "okay", "yes please", "of course", "agreed"),
    *("si", "sip", "claro", "claro que si", "si claro", "por supuesto", "correcto", "todo bien"),
    *("de acuerdo", "esta bien", "acepto", "dale", "vale", "si por favor"),
)
_NO = (
    *("no", "n", "nope", "nah", "no thanks", "not yet"),
    *("nop", "nel", "no gracias", "para nada", "no quiero", "todavia no"),
)
_NOTHING = frozenset(
    (
        *("no", "nope", "none", "nothing", "n a", "not yet", "none yet", "nothing yet"),
        *("none of these", "it does not say", "does not say", "doesn t say", "it doesn t say"),
        *("nada", "ninguno", "ninguna", "aun no", "todavia no", "todavia nada", "nada todavia"),
        *("i d rather not", "rather not say", "i d rather not say", "prefer not to say"),
        *("prefiero no decir", "prefiero no decirlo", "no quiero decir", "no quiero decirlo"),
        *("nop", "aun nada", "ninguno de estos", "ninguna de estas", "nada de esto", "no hay"),
        *("no tengo", "no tiene", "no dice", "no lo dice", "no dice nada"),
    )
)
_NOT_YET = (
    *("not yet ", "i haven t ", "haven t ", "i havent ", "havent ", "i have not ", "have not "),
    *("i didn t ", "i did not ", "aun no ", "todavia no ", "no lo he ", "no la he ", "no he "),
)
_DENYING = frozenset(("no", "not", "dont", "don", "doesn", "isn", "never", "neither", "nor", "ni"))
_SMALL = frozenset(
    (
        *("a", "an", "the", "my", "of", "for", "to", "in", "on", "at", "with", "is", "it", "i"),
        *("el", "la", "los", "las", "un", "una", "mi", "mis", "su", "lo", "de", "del", "al"),
        *("en", "por", "para", "con", "es", "que", "y", "o", "otro", "otra", "other", "another"),
    )
)
"""Words that name nothing by themselves, as in "the receipt" or "por internet"."""
_OWN = re.compile(r"\bmis? (?=\w)")
"""Without accents "para mi hija" begins like "para mí", and is not for me."""


def fold(text: str) -> str:
    """Lower case without accents, punctuation or extra spaces, for comparing."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """The same for the guide's own labels. What people type is never remembered by a cache."""
    return fold(label)


_INTENTS = {fold(word): intent for intent, words in _WORDS.items() for word in words}


def intent(text: str) -> str | None:
    """The navigation that words such as "back" or "no sé" mean, or ``None``."""
    return _INTENTS.get(fold(text))


_SPANISH = frozenset(
    (
        *("hola", "buenas", "buenos", "quiero", "necesito", "quisiera", "puedo", "tengo", "para"),
        *("un", "una", "unos", "que", "por", "mi", "mis", "ya", "como", "es", "esta"),
        *("carta", "seguro", "gracias", "pagar", "favor", "compre", "negaron", "rechazaron"),
    )
)
"""Everyday words of Spanish that English lacks, or nearly so."""


def sounds_spanish(text: str) -> bool:
    """Whether somebody writes Spanish: a greeting first, or two of its everyday words."""
    said = fold(text).split()
    return said[:1] in (["hola"], ["buenas"], ["buenos"]) or len(_SPANISH & set(said)) >= 2


_NO_ANSWER = ("back", "why", "skip", "unsure")
"""Moves that nobody means as an answer in own words, when they are all that is typed."""


def read_move(case: PersonCase, place: Compiled, text: str) -> str | None:
    """The move that typed words mean at this step: the words of a button, or "no sé".

    Where any words are an answer, only those count that can hardly be one.
    """
    if place.step.skip is not None:
        labels = {case.in_language(each).text(f"{place.text_id}.skip") for each in LANGUAGES}
        if fold(text) in {fold_label(label) for label in labels}:
            return "skip"
        if place.step.kind in ("text", "date", "administrator") and _says_nothing(
            place.step.kind, text
        ):
            return "skip"
    move = intent(text)
    return move if move in _NO_ANSWER or not place.step.free_text else None


def _says_nothing(kind: str, text: str) -> bool:
    """Whether words such as "none" or "not yet" leave an answer out, rather than being one."""
    said = fold(text)
    return said in _NOTHING or (kind == "date" and f"{said} ".startswith(_NOT_YET))


def read(case: PersonCase, place: Compiled, text: str) -> Reading:
    """What the typed words are at this step. Never raises."""
    words = text.strip()
    if not words:
        return Refused()
    match place.step.kind:
        case "choice" | "yes_no":
            choice = read_choice(case, place, words)
            return Refused() if choice is None else Fits(choice)
        case "multi":
            return _multi(case, place, words)
        case "expense":
            return _expense(case, words)
        case "administrator":
            return _administrator(case, words)
        case "date":
            return _date(case, place, words)
        case "number":
            return _number(place, words)
        case "money":
            return _money(place, words)
    return _text(place, words)


def read_choice(case: PersonCase, place: Compiled, words: str) -> str | None:
    """The choice that the words name: label, id, number, yes/no, or a close spelling."""
    choices = case.choices(place)
    said = fold(words)
    said = "todavia no" if said == "aun no" else said
    if not said:
        return None
    labels = {
        choice: tuple(
            dict.fromkeys(
                case.in_language(language).label(place, choice)
                for language in (case.language, "en", "es")
            )
        )
        for choice in choices
    }
    names = {choice: tuple(fold_label(label) for label in labels[choice]) for choice in choices}
    for choice in choices:
        # The ids yes and no may stand for a button that says more, or something else.
        if said in names[choice] or (said == fold_label(choice) and choice not in ("yes", "no")):
            return choice
    if said.isdecimal() and len(said) <= 3 and 1 <= int(said) <= len(choices):
        return choices[int(said) - 1]
    for usual, start in ((_YES, ("yes", "si")), (_NO, ("no",))):
        if said in usual:
            return _only([choice for choice in choices if _begins(labels[choice], start)])
    bare = " ".join(word for word in said.split() if word not in _SMALL)
    if bare in choices and bare not in ("yes", "no"):
        return bare
    return (
        _only(_beginning(said, names))
        or _only(_beginning(bare, names))
        or _only(heard(place, words))
        or _only(_closest(_OWN.sub("", said), names))
        # At the menu any words may be a thing to pay for instead.
        or (None if place.step.otherwise else _only(_named_within(said, names)))
    )


def _beginning(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    if len(said) < 3:
        return []
    return [
        choice for choice, names in labels.items() if any(name.startswith(said) for name in names)
    ]


def heard(place: Compiled, text: str) -> list[str]:
    """The choices whose other words are said, as in "it got denied" at the menu."""
    said = _OWN.sub("", fold(text))
    found = []
    for choice, others in (place.step.heard or {}).items():
        for words in map(fold, others):
            phrase = _OWN.sub("", words)
            if f" {phrase} " in f" {said} ":
                rest = set(said.split()) - set(phrase.split())
                # A story at the menu may deny something else; elsewhere a no turns the words round.
                if place.step.otherwise is not None or not _DENYING & rest:
                    found.append(choice)
                    break
    return found


def _named_within(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The choices whose label holds every word that is said, as "la tarjeta" or "oculista"."""
    words = set(said.split()) - _SMALL
    if not any(len(word) >= 4 for word in words):
        return []
    found = []
    for choice, names in labels.items():
        for name in names:
            label = name.split()
            denied = label[0] in _DENYING
            if words <= set(label) and (not denied or _DENYING & words):
                found.append(choice)
                break
    return found


def yes_or_no(text: str) -> str | None:
    """``yes`` or ``no`` when the words say just that, in English or Spanish."""
    said = fold(text)
    return "yes" if said in _YES else "no" if said in _NO else None


def _begins(labels: Iterable[str], start: tuple[str, ...]) -> bool:
    """Whether a label is a plain yes or no, as in "Yes" or "No, thanks"."""
    return any(fold_label(label.partition(",")[0]) in start for label in labels)


def _closest(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    if len(said) < 3:
        return []
    inside = [choice for choice, names in labels.items() if _any_inside(names, said)]
    named = [choice for choice in labels if _any_inside((fold_label(choice),), said)]
    if inside:
        # "fsa or hsa" names two, and "I have no HSA" names none.
        return [] if _DENYING & set(said.split()) else list(dict.fromkeys((*inside, *named)))
    scored = {
        choice: max(SequenceMatcher(None, said[:60], name).ratio() for name in names)
        for choice, names in labels.items()
    }
    best = max(scored.values(), default=0.0)
    return [choice for choice, score in scored.items() if score == best and best >= CLOSE]


def _any_inside(names: Iterable[str], said: str) -> bool:
    return any(len(name) >= 3 and f" {name} " in f" {said} " for name in names)


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _multi(case: PersonCase, place: Compiled, words: str) -> Reading:
    if fold(words) in _NOTHING:
        return Fits([])
    parts = [part for part in re.split(r"[,;+\n]|\band\b|\by\b", words) if part.strip()]
    if all(part.isdecimal() for part in words.split()):
        parts = words.split()
    found = [read_choice(case, place, part) for part in parts]
    if not found or any(choice is None for choice in found):
        return Refused()
    picked = {choice for choice in found if choice}
    return Fits([choice for choice in case.choices(place) if choice in picked])


def _expense(case: PersonCase, words: str) -> Reading:
    result = case.search(words)
    entries: list[Expense] = [match.expense for match in result.matches]
    match result.outcome:
        case "match":
            return Fits({"id": entries[0].id, "name": case.expense_name(entries[0])})
        case "choose":
            return Offers(tuple(entry.id for entry in entries[:5]))
        case "none":
            if len(fold(words)) < 3 or _names_a_company(case, words):
                return Refused()
            return Fits({"id": None, "name": _shortened(words, LONGEST_NAME)})
    about = result.about or "unclear"
    return Refused(f"about_{about}", counts=False)


def _names_a_company(case: PersonCase, words: str) -> bool:
    """Whether the words are just the name of a company that runs accounts: nothing to buy."""
    said = fold(words)
    return any(
        said in (one.id, fold_label(one.name)) for one in case.content.administrators.values()
    )


def _administrator(case: PersonCase, words: str) -> Reading:
    found = find_administrator(words, case.content.administrators.values())
    if len(found) == 1:
        return Fits({"id": found[0].id, "name": found[0].name})
    if found:
        return Offers(tuple(one.id for one in found[:5]))
    said = fold(words).split()
    if " ".join(said) in _YES or _DENYING & set(said) or len(said) > LONGEST_COMPANY:
        return Refused()  # the papers would say to send them to that
    return Fits({"id": None, "name": _shortened(words, LONGEST_NAME)})


def _date(case: PersonCase, place: Compiled, words: str) -> Reading:
    found = parse_date(words, case.today, case.language)
    late = place.step.not_after == "today" and found.value and found.value > case.today
    early = place.step.not_before == "today" and found.value and found.value < case.today
    if late or early:
        # "January 5" of a day gone by is the last one; "tomorrow" has no other year.
        months = -FURTHEST_AHEAD if late else FURTHEST_AHEAD
        other = parse_date(words, add_months(case.today, months), case.language)
        if other.value and f"{other.value:%m%d}" == f"{found.value:%m%d}":
            found = other
    if found.value is None:
        return Refused(f"date_{found.kind}" if found.kind in ("ambiguous", "month_only") else "")
    return check_date(place, found.value, case.today)


def check_date(place: Compiled, value: date, today: date) -> Reading:
    """Whether a date is within the step's bounds."""
    if place.step.not_after == "today" and value > today:
        return Refused("date_in_future")
    if place.step.not_before == "today" and value < today:
        return Refused("date_in_past")
    if abs(value.year - today.year) > 20:
        return Refused("date_far")
    return Fits(value.isoformat())


def _number(place: Compiled, words: str) -> Reading:
    match = re.fullmatch(r"\D{0,20}?(?<![-−])(\d{1,9})\D{0,30}", words.replace(",", ""))
    if not match:
        return Refused()
    return _bounded(place, int(match[1]))


def _money(place: Compiled, words: str) -> Reading:
    match = re.fullmatch(r"[^\d−-]{0,20}(\d{1,7})(?:\.(\d{1,2}))?\D{0,20}", words.replace(",", ""))
    if not match:
        return Refused()
    return _bounded(place, int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")))


def _bounded(place: Compiled, value: int) -> Reading:
    step = place.step
    if (step.min is not None and value < step.min) or (step.max is not None and value > step.max):
        return Refused()
    return Fits(value)


def _text(place: Compiled, words: str) -> Reading:
    if len(words) > longest(place):
        return Refused("too_long", counts=False)
    return Fits(words)


def longest(place: Compiled) -> int:
    """The most characters an answer in somebody's own words may have at this step."""
    return min(place.step.max or LONGEST_ANSWER, LONGEST_ANSWER)


def _shortened(words: str, most: int) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
