"""What somebody typed at a question -> an answer, things to choose from, or why it does not fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import get_args

from bot.case import PersonCase
from bot.dates import Side, parse_date
from bot.expenses import Account, Expense
from bot.intents import About
from bot.intents import read as read_shape
from bot.machine import Compiled
from bot.plans import find_administrator, surely_names
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
_ASIDES = ("greeting", "small_talk", "private_number", "abuse", "injection")

_WORDS: Mapping[str, tuple[str, ...]] = {
    "back": ("back", "go back", "previous", "atrás", "atras", "volver", "regresar"),
    "why": (
        *("why", "why do you ask", "what do you mean", "what does that mean"),
        *("i don't understand", "i dont understand", "i don't get it", "por qué", "porque"),
        *("por qué pregunta", "no entiendo", "no comprendo", "qué significa"),
    ),
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
        "i don't know which",
        "i dont know which",
        "not sure which",
        "no sé cuál",
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
    "help": ("help", "help me", "i need help", "ayuda", "ayúdeme", "ayúdame", "necesito ayuda"),
    "change": ("change", "change an answer", "cambiar", "cambiar una respuesta"),
    "review": ("review", "repasar", "revisar"),
    "restart": ("restart", "start over", "start again", "empezar de nuevo", "reiniciar"),
    "start": ("start", "begin", "menu", "inicio", "iniciar", "empezar", "comenzar"),
    "stop": ("stop", "cancel", "quit", "exit", "parar", "pare", "cancelar", "salir"),
    "contact": (
        *("contact", "human", "a human", "person", "a person", "agent", "real person"),
        *("contacto", "persona", "una persona", "un agente"),
    ),
    "delete": (
        *("delete", "delete everything", "delete my data", "delete my answers"),
        *("borrar", "borrar todo", "borrar mis datos", "borrar mis respuestas"),
    ),
    "privacy": ("privacy", "privacidad"),
    "mydata": ("my data", "mis datos", "misdatos"),
    "language": ("language", "change language", "idioma", "cambiar idioma"),
    "es": (
        *("spanish", "in spanish", "speak spanish", "español", "en español"),
        *("habla español", "hablas español", "se habla español"),
    ),
    "en": ("english", "in english", "speak english", "inglés", "en inglés"),
}
_POLITE = re.compile(
    r"^(?:(?:please|can i|can you|could i|could you|may i|i want to|i would like to|i d like to|"
    r"i need to|i want|i need|let me|do you|por favor|quiero|quisiera|necesito|puedo|puede) )+|"
    r"(?: (?:please|pls|now|por favor))+$"
)
"""What stands around a wish, as in "can I go back please"."""
_SOMEBODY = re.compile(
    r"(?:talk|speak|chat|hablar) (?:to|with|con) (?:an? |una? |the |some)?(?:real |live )?"
    r"(?:human|person|persona|agent|agente|one|body|representative|operator|alguien|human[oa])"
)
_YES = (
    *("yes", "y", "yeah", "yea", "yep", "yup", "sure", "ok", "okay", "yes please", "of course"),
    *("correct", "definitely", "agreed", "si", "sip", "claro", "correcto", "si por favor"),
    *("claro que si", "si claro", "por supuesto", "todo bien", "de acuerdo", "esta bien"),
    *("acepto", "dale", "vale"),
)
_NO = (
    *("no", "n", "nope", "nah", "no thanks", "no thank you", "nop", "nel", "no gracias"),
    *("para nada", "no quiero"),
)
_YES_AS_WELL = ("i think so", "i believe so", "creo que si")
_NO_AS_WELL = (
    *("not yet", "not really", "i don t think so", "i dont think so", "never", "aun no"),
    *("todavia no", "no todavia", "claro que no", "en realidad no", "creo que no", "nunca"),
)
"""Said at a plain yes-or-no question; elsewhere a button may say just that."""
_SIGNS = {"👍": "yes", "✅": "yes", "✔": "yes", "👎": "no", "❌": "no"}
NOTHING = frozenset(
    (
        *("no", "nope", "none", "nothing", "n a", "not yet", "none yet", "nothing yet"),
        *("none of these", "it does not say", "does not say", "doesn t say", "it doesn t say"),
        *("i d rather not say", "rather not say", "prefer not to say", "i prefer not to say"),
        *("they didn t say", "he didn t say", "she didn t say", "didn t say", "did not say"),
        *("prefiero no decir", "prefiero no decirlo", "no me dijo", "no me lo dijo", "no dijo"),
        *("nada", "ninguno", "ninguna", "aun no", "todavia no", "todavia nada", "nada todavia"),
        *("i d rather not", "no quiero decir", "no quiero decirlo"),
        *("nop", "aun nada", "ninguno de estos", "ninguna de estas", "nada de esto", "no hay"),
        *("no tengo", "no tiene", "no dice", "no lo dice", "no dice nada"),
    )
)
_NOT_YET = (
    *("not yet ", "i haven t ", "haven t ", "i havent ", "havent ", "i have not ", "have not "),
    *("i didn t ", "i did not ", "aun no ", "todavia no ", "no lo he ", "no la he ", "no he "),
)
_DENYING = frozenset(
    (
        *("no", "not", "dont", "don", "doesn", "didn", "didnt", "isn", "hasn", "haven"),
        *("never", "neither", "nor", "ni"),
    )
)
_REFUSED = re.compile(
    r"(?<= )(?:no tengo|no es(?: para)?|t have|dont have|never had|no|not|without|sin|ni)"
    r"(?: an?| any| un| una)? \w+(?= )"
)
"""A word that is named only to say that it is not so, as in "I don't have an HSA"."""
_LITTLE = frozenset(
    (
        *("a", "an", "the", "my", "it", "is", "s", "for", "of", "or", "and", "to", "in", "on"),
        *("i", "we", "have", "has", "by", "one", "el", "la", "los", "las", "un", "una", "mi"),
        *("mis", "su", "lo", "al", "con", "que", "otro", "otra", "other", "another", "at", "with"),
        *("es", "de", "del", "para", "por", "o", "y", "en", "tengo"),
    )
)
"""Words that name nothing, so that they need not stand on a button."""
_OWN = re.compile(r"\bmis? (?=\w)")
"""Without accents "para mi hija" begins like "para mí", and is not for me."""
_ALSO = re.compile(r",| or | o ")
_ALL = frozenset(("all", "all of them", "all of these", "everything", "todo", "todos", "todas"))
_ORDER = (
    ("one", "first", "1st", "uno", "primero", "primera"),
    ("two", "second", "2nd", "dos", "segundo", "segunda"),
    ("three", "third", "3rd", "tres", "tercero", "tercera"),
    ("four", "fourth", "4th", "cuatro", "cuarto", "cuarta"),
    ("five", "fifth", "5th", "cinco", "quinto", "quinta"),
    ("six", "sixth", "6th", "seis", "sexto", "sexta"),
    ("seven", "seventh", "7th", "siete", "septimo", "septima"),
    ("eight", "eighth", "8th", "ocho", "octavo", "octava"),
    ("nine", "ninth", "9th", "nueve", "noveno", "novena"),
    ("ten", "tenth", "10th", "diez", "decimo", "decima"),
)
_PLACES = {word: at for at, words in enumerate(_ORDER, start=1) for word in words}
_NUMBERED = re.compile(
    r"(?:the |la |el )?(?:(?:option|number|choice|answer|opcion|numero|respuesta) )?"
    r"(\d{1,2}|[a-z0-9]+?)(?: (?:one|option|opcion))?"
)


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
    """The move or command that words such as "back" or "no sé" mean, or ``None``."""
    said = fold(text)
    bare = _POLITE.sub("", said)
    if _SOMEBODY.fullmatch(bare):
        return "contact"
    return _INTENTS.get(said) or _INTENTS.get(bare)


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


def read_move(case: PersonCase, place: Compiled, text: str) -> str | None:
    """The move that typed words mean at this step: the words of a button, or "no sé".

    They have to be all that is typed: then nobody means them as an answer in own words.
    """
    if place.step.skip is not None:
        labels = {case.in_language(each).text(f"{place.text_id}.skip") for each in LANGUAGES}
        if fold(text) in {fold_label(label) for label in labels}:
            return "skip"
        shown = len(case.choices(place))
        if place.step.kind in ("choice", "yes_no") and numbered(text, shown + 1) == shown + 1:
            return "skip"  # Its button stands below the others.
        if place.step.kind in ("text", "date", "administrator") and _says_nothing(
            place.step.kind, text
        ):
            return "skip"
    return intent(text)


def _says_nothing(kind: str, text: str) -> bool:
    """Whether words such as "none" or "not yet" leave an answer out, rather than being one."""
    said = fold(text)
    return said in NOTHING or (kind == "date" and f"{said} ".startswith(_NOT_YET))


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
    labels = {
        choice: tuple(
            dict.fromkeys(
                case.in_language(language).label(place, choice)
                for language in (case.language, "en", "es")
            )
        )
        for choice in choices
    }
    if place.step.kind == "yes_no" and (leaning := _leaning(words)):
        return _only([choice for choice in choices if choice == leaning])
    if not said:
        return None
    names = {choice: tuple(fold_label(label) for label in labels[choice]) for choice in choices}
    for choice in choices:
        # The ids yes and no may stand for a button that says more, or something else.
        if said in names[choice] or (said == fold_label(choice) and choice not in ("yes", "no")):
            return choice
    if number := numbered(said, len(choices)):
        return choices[number - 1]
    for usual, start in ((_YES, ("yes", "si")), (_NO, ("no",))):
        if said in usual:
            return _only([choice for choice in choices if _begins(labels[choice], start)])
    bare = " ".join(word for word in said.split() if word not in _LITTLE)
    if bare in choices and bare not in ("yes", "no"):
        return bare
    others = heard(place, words)
    return (
        _only(_beginning(said, names))
        or _only(_beginning(bare, names))
        or _only(others)
        or _only(_closest(_OWN.sub("", said), names))
        # "For me and my son" names two, of which one stands on a button.
        or _only(_part_of(said, labels) if not others else [])
    )


def _beginning(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    if len(said) < 3:
        return []
    return [
        choice for choice, names in labels.items() if any(name.startswith(said) for name in names)
    ]


def numbered(text: str, most: int) -> int | None:
    """Which of ``most`` things a number names, as in "2.", "option 2" or "the second one"."""
    found = _NUMBERED.fullmatch(fold(text))
    if not found:
        return None
    number = int(found[1]) if found[1].isdecimal() else _PLACES.get(found[1], 0)
    return number if 1 <= number <= most else None


def _leaning(words: str) -> str | None:
    """Yes or no where there is nothing else to say: "yes she did" is one, "no idea" is none."""
    if meant := yes_or_no(words):
        return meant
    said = fold(words)
    if said in _YES_AS_WELL or said in _NO_AS_WELL:
        return "yes" if said in _YES_AS_WELL else "no"
    first, _, more = said.partition(" ")
    rest = set(more.split())
    if first in _YES and not rest & (_DENYING | {"but", "pero"}):
        return "yes"
    if first in _NO and rest & _DENYING and not rest & {*_YES, "but", "pero"}:
        return "no"
    return None


def heard(place: Compiled, text: str) -> list[str]:
    """The choices whose other words are said, as in "it got denied" at the menu."""
    said = f" {_OWN.sub('', fold(text))} "
    meant = _REFUSED.sub(" ", said)
    found = [
        (choice, phrase)
        for choice, others in (place.step.heard or {}).items()
        for phrase in (f" {_OWN.sub('', fold_label(other))} " for other in others)
        # "Doctor said no" is said as it stands.
        if phrase in (said if _DENYING & set(phrase.split()) else meant)
    ]
    choices = dict.fromkeys(
        choice
        for choice, phrase in found
        # "FSA limitada" names one account, though "FSA" alone names another.
        if not any(phrase in longer and phrase != longer for _, longer in found)
    )
    return ["unsure"] if "unsure" in choices else list(choices)


def yes_or_no(text: str) -> str | None:
    """``yes`` or ``no`` when the words say just that, in English or Spanish."""
    said = fold(text)
    if not said:
        return _SIGNS.get(text.strip()[:1])
    return "yes" if said in _YES else "no" if said in _NO else None


def _begins(labels: Iterable[str], start: tuple[str, ...]) -> bool:
    """Whether a label is a plain yes or no, as in "Yes" or "No, thanks"."""
    return any(fold_label(label.partition(",")[0]) in start for label in labels)


def _closest(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    if len(said) < 3:
        return []
    inside = [choice for choice, names in labels.items() if _any_inside(names, said)]
    on_them = [name for choice in inside for name in labels[choice]]
    named = [
        choice
        for choice in labels
        # "Limited-purpose FSA" holds the id of another choice.
        if _any_inside((fold_label(choice),), said)
        and not any(f" {fold_label(choice)} " in f" {name} " for name in on_them)
    ]
    if inside:
        # "fsa or hsa" names two, and "I have no HSA" names none.
        return [] if _DENYING & set(said.split()) else list(dict.fromkeys((*inside, *named)))
    scored = {
        # Who misspells a word still begins it well, and "thanks" is no "No, thanks".
        choice: max(
            SequenceMatcher(None, said[:60], name).ratio() if name[:1] == said[:1] else 0.0
            for name in names
        )
        for choice, names in labels.items()
    }
    best = max(scored.values(), default=0.0)
    return [choice for choice, score in scored.items() if score == best and best >= CLOSE]


def _part_of(said: str, labels: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The choices on whose button every word stands, as in "husband" or "test results"."""
    words = set(said.split()) - _LITTLE
    if not any(len(word) >= 4 for word in words):
        return []
    return [
        choice
        for choice, many in labels.items()
        # "Yes, built in" must be said as a yes, and "there is no condition" with its no.
        if not _begins(many, ("yes", "si", "no"))
        and any(
            words <= set(fold_label(label).split())
            and words & _DENYING == _DENYING & set(fold_label(_ALSO.split(label)[0]).split())
            for label in many
        )
    ]


def _any_inside(names: Iterable[str], said: str) -> bool:
    """Whether a label is said among other words; "para mí" is not meant by "para mi mamá"."""
    return any(
        len(name) >= 3 and f" {name} " in f" {said} " and set(name.split()) - _LITTLE
        for name in names
    )


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _multi(case: PersonCase, place: Compiled, words: str) -> Reading:
    said = fold(words)
    if said in NOTHING:
        return Fits([])
    if said in _ALL:
        return Fits(list(case.choices(place)))
    parts = _numbers(words) or [
        part for part in re.split(r"[,;+\n]|\band\b|\by\b", words) if part.strip()
    ]
    choices = case.choices(place)
    for choice in choices:
        # A label may hold an "and" of its own.
        if said == fold_label(case.label(place, choice)):
            return Fits([choice])
    found = [read_choice(case, place, part) for part in parts]
    if not found or any(choice is None for choice in found):
        return Refused()
    picked = {choice for choice in found if choice}
    return Fits([choice for choice in choices if choice in picked])


def _numbers(words: str) -> list[str]:
    """The numbers, where nothing else is typed: "1, 3", "options 1 and 3", "1-3"."""
    spread = re.sub(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", _range, words)
    said = re.sub(r"^(?:options?|numbers?|opcion(?:es)?|numeros?) ", "", fold(spread))
    parts = [part for part in said.split() if part not in ("and", "y")]
    return parts if all(part.isdecimal() for part in parts) else []


def _range(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    return " ".join(str(number) for number in range(first, last + 1)) or found[0]


def _expense(case: PersonCase, words: str) -> Reading:
    if _names_a_company(case, words):
        return Refused()
    result = case.search(words)
    entries: list[Expense] = [match.expense for match in result.matches]
    match result.outcome:
        case "match":
            return Fits({"id": entries[0].id, "name": case.expense_name(entries[0])})
        case "choose":
            options = tuple(entry.id for entry in entries[:5])
            return Offers(options, two_items=_names_two(case, words, options))
        case "none":
            if len(fold(words)) < 3:
                return Refused()
            return Fits({"id": None, "name": shortened(words, LONGEST_NAME)})
    about = result.about or "unclear"
    return Refused(f"about_{about}", counts=False)


def _names_two(case: PersonCase, words: str, options: tuple[str, ...]) -> bool:
    """Whether two of the things found are each named by a part of their own."""
    parts = re.split(r"[,;+&\n]|\b(?:and|also|y|e|tambi[eé]n)\b", words[:LONGEST_NAME])
    found = [case.search(part) for part in parts if part.strip()] if len(parts) > 1 else []
    named = {one.matches[0].expense.id for one in found if one.outcome == "match"}
    return len(named & set(options)) > 1


def _names_a_company(case: PersonCase, words: str) -> bool:
    """Whether the words are just the name of a company that runs accounts: nothing to buy."""
    said = _run_together(words)
    return any(
        said in (one.id, fold_label(one.name).replace(" ", ""))
        for one in case.content.administrators.values()
    )


def _run_together(words: str) -> str:
    return fold(words).replace(" ", "")


def _administrator(case: PersonCase, words: str) -> Reading:
    found = find_administrator(words, case.content.administrators.values())
    if len(found) == 1 and surely_names(words, found[0]):
        return Fits({"id": found[0].id, "name": found[0].name})
    if found:
        return Offers(tuple(one.id for one in found[:5]))
    said = fold(words).split()
    if " ".join(said) in _YES or _DENYING & set(said) or len(said) > LONGEST_COMPANY:
        return Refused()  # the papers would say to send them to that
    about = aside(words)
    if about or read_shape(words).about:
        return Refused(f"about_{about}" if about else "", counts=not about)
    if fold(words) in get_args(Account):
        return Refused()  # That was the question before.
    return Fits({"id": None, "name": shortened(words, LONGEST_NAME)})


def _date(case: PersonCase, place: Compiled, words: str) -> Reading:
    step = place.step
    side: Side | None = None
    if step.not_after == "today":
        side = "past"
    elif step.not_before == "today":
        side = "future"
    found = parse_date(words, case.today, case.language, side)
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
    if aside(words) == "private_number":
        return Refused("about_private_number", counts=False)
    return Fits(words)


def aside(words: str) -> About:
    """What words are about that are no try at an answer: a greeting, thanks, a card number."""
    about = read_shape(words).about
    if about == "small_talk" and (fold(words) in _INTENTS or _leaning(words)):
        return ""
    return about if about in _ASIDES else ""


def longest(place: Compiled) -> int:
    """The most characters an answer in somebody's own words may have at this step."""
    return min(place.step.max or LONGEST_ANSWER, LONGEST_ANSWER)


def shortened(words: str, most: int) -> str:
    """Words in one line, of at most ``most`` characters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
