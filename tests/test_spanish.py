"""Somebody who chats in Spanish reads Spanish, but for the messages that a US practice reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from bot.case import Operator
from bot.effects import Heard
from bot.messages import read_template
from bot.outgoing import File, Message, Notice, Outgoing
from bot.reasons import REASONS
from bot.safety import Kind, card
from bot.session import Value
from bot.shared_texts import ABOUT, ATTACHED
from bot.wording import ENGLISH_FOR_PROVIDERS
from tests.guiding import Patient, Said, shipped, shipped_files

ENGLISH_WORDS = """\
the and your you of to with for is are was what which who when how this that it they them or not my
we can may will would should have has does did from than then there these those any only about
before after please ask letter provider keep send buy bought
"""
ENGLISH = frozenset(ENGLISH_WORDS.split())
"""Common English words that are no Spanish ones."""
NAMES = re.compile(
    r'"Letter of Medical Necessity"|"urgent appeal"|"reason", "denied because" o "remark code"'
)
"""English that the Spanish texts quote on purpose: words to look for, or to say."""
SAME = "Lo mismo en español, para que usted lo lea"


def english_in(text: str) -> set[str]:
    """The English words of a text that is meant to be Spanish."""
    found = re.findall(r"[^\W\d_]+", NAMES.sub("", text).casefold())
    return ENGLISH.intersection(found)


def worded(one: Outgoing) -> str:
    """What a person reads of this, the titles of the pages it links to left out."""
    match one:
        case File():
            # A file has the titles of the pages it rests on as plain lines.
            content = re.sub(r"^• .*(?=, revisad[oa] el )", "", one.content, flags=re.MULTILINE)
            return f"{one.caption}\n{content}"
        case Notice():
            return one.text
    labels = [button.label for row in one.buttons for button in row]
    units = one.text.encode("utf-16-le")
    links = [entity for entity in one.entities if entity.type == "text_link"]
    for link in sorted(links, key=lambda link: -link.offset):
        units = units[: link.offset * 2] + units[(link.offset + link.length) * 2 :]
    return "\n".join([units.decode("utf-16-le"), *labels])


TYPED: Mapping[str, str] = {
    "expense": "pistola de masaje",
    "administrator": "HealthEquity",
    "date": "2 de noviembre",
    "text": "dos veces por semana",
    "number": "2",
    "money": "40",
}


class Reader(Patient):
    """Somebody who chats in Spanish and keeps all that was said."""

    def __init__(self) -> None:
        self.read: list[Outgoing] = []
        super().__init__(shipped(), language="es")

    def hears(self, heard: Heard) -> Said:
        said = super().hears(heard)
        self.read += said.outgoing
        return said

    def picks(self, choice: str) -> None:
        """Tap the button of a choice by its id."""
        [button] = [one for one in self.buttons.values() if (one.data or "").endswith(f".{choice}")]
        self.tap(button)

    def goes_on(self, choices: Mapping[str, str]) -> None:
        """Answer every question to the end: as given, else with what comes first."""
        for _ in range(60):
            if self.session is None or self.walk().ended:
                return
            step = self.walk().at.step
            choice = choices.get(self.at.rpartition("/")[2])
            if step.kind in TYPED:
                self.says(choice or TYPED[step.kind])
            else:
                self.picks(choice or step.choices[0])
                if step.kind == "multi":
                    self.picks("!done")
        raise AssertionError(f"no end in sight at {self.at}")


WAYS: tuple[Mapping[str, str], ...] = (
    {},
    {"account": "hsa", "for_whom": "child"},
    {"account": "hra", "provider": "online", "bought": "ayer"},
    {"account": "lpfsa"},
    {"account": "dcfsa"},
    {"account": "insurer", "for_whom": "adult"},
    {"account": "deduction"},
    {"account": "unsure"},
    {"diagnosed": "not_yet"},
    {"diagnosed": "no"},
    {"expense": "ibuprofeno"},
    {"expense": "teñirme el pelo", "cosmetic": "looks"},
    {"expense": "colchón"},
    {"topic": "got_letter", "year_ends": "31 de diciembre"},
    {"topic": "got_letter", "account": "hsa"},
    {"topic": "renew"},
    {"topic": "renew", "still": "no"},
    {"topic": "provider_no"},
    {"topic": "denied"},
    *(
        {"topic": "denied", "reason": reason}
        for reason in ("receipt", "early", "late", "excluded", "necessity", "prior", "card")
    ),
    {"topic": "denied", "account": "insurer", "reason": "steps", "urgent": "yes"},
    {"topic": "denied", "account": "hsa"},
    {"topic": "denied", "account": "deduction"},
)


def english_messages(read: list[Outgoing]) -> Iterator[tuple[str, set[str]]]:
    """What holds English words, but for the documents whose Spanish stands right below."""
    following = [*read[1:], Notice("")]
    for one, after in zip(read, following, strict=True):
        text = worded(one)
        translated = isinstance(after, Message) and after.text.startswith(SAME)
        if isinstance(one, File) and SAME in text:
            text = text.partition(SAME)[2]
        if not translated and (words := english_in(text)):
            yield text, words


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way.values()) or "plain")
def test_a_whole_conversation_in_spanish_has_no_english_left_in_it(way: Mapping[str, str]):
    reader = Reader()
    reader.goes_on(way)
    for name in [*reader.walk().at.step.more, "all"]:
        if any((one.data or "").endswith(f".{name}") for one in reader.buttons.values()):
            menu = dict(reader.buttons)
            reader.picks(name)
            reader.buttons = menu
    assert list(english_messages(reader.read)) == []
    assert sum(len(worded(one)) for one in reader.read) > 300


def test_files_have_names_that_a_spanish_reader_knows():
    reader = Reader()
    reader.goes_on({})
    reader.picks("all")
    names = {one.name for one in reader.read if isinstance(one, File)}
    assert {"lista-de-pasos.txt", "mensaje-a-su-profesional-de-salud.txt"} <= names


def test_somebody_who_declines_is_let_go_in_spanish():
    reader = Reader()
    reader.picks("decline")
    assert list(english_messages(reader.read)) == []


def test_what_a_practice_reads_is_english_with_the_spanish_below():
    reader = Reader()
    reader.goes_on({})
    messages = [one.text for one in reader.read if isinstance(one, Message)]
    pairs = [(above, below) for above, below in pairwise(messages) if below.startswith(SAME)]
    assert len(pairs) == 2
    for above, below in pairs:
        assert len(english_in(above)) > 5
        assert english_in(below) == set()


def test_every_command_and_every_thing_sent_is_answered_in_spanish():
    reader = Reader()
    reader.picks("agree")
    for command in ("help", "privacy", "contact", "review", "mydata", "change", "why", "nonsense"):
        reader.sends(command)
    for kind in ATTACHED:
        reader.attaches(kind)
    for about in ("hola", "asdfgh", "¿qué tengo?", "123-45-6789", "4111 1111 1111 1111", "idiota"):
        reader.says(about)
    for command in ("back", "restart", "delete", "language"):
        reader.sends(command)
    found = [
        (text, words) for text, words in english_messages(reader.read) if "English" not in text
    ]
    assert found == []


def test_every_text_about_words_that_name_no_expense_is_spanish():
    for about in ABOUT:
        assert english_in(shipped().texts.get(f"shared.about_{about}", "es")) == set()


def test_every_text_of_the_flows_is_spanish_and_still_current():
    texts = shipped().texts
    for text_id, english in texts.english.items():
        plain = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", "", texts.get(text_id, "es"))
        assert english_in(plain) == set(), text_id
        if len(english_in(english)) > 2:
            assert texts.get(text_id, "es") != english, text_id


def test_a_switch_in_mid_conversation_loses_nothing():
    reader = Patient(shipped())
    reader.taps("Yes, let's start")
    reader.says("massage gun")
    before: dict[str, Value] = reader.values
    reader.sends("language", "es")
    assert reader.values == before
    assert english_in(reader.last.text) == set()
    reader.sends("language", "en")
    assert reader.values == before
    assert reader.last.messages[0] == "From now on I write in English."


# --- what people type --------------------------------------------------------------------------


def met(step: str, words: str, way: Mapping[str, str]) -> Reader:
    """A reader who types words at a step."""
    reader = Reader()
    for _ in range(60):
        if reader.at.rpartition("/")[2] == step:
            reader.says(words)
            return reader
        here = reader.walk().at.step
        given = way.get(reader.at.rpartition("/")[2])
        if here.kind in TYPED:
            reader.says(given or TYPED[here.kind])
        else:
            reader.picks(given or here.choices[0])
            if here.kind == "multi":
                reader.picks("!done")
    raise AssertionError(f"never asked {step}")


DENIED = {"topic": "denied"}


@pytest.mark.parametrize(
    ("step", "words", "value", "way"),
    [
        ("consent", "sip", "agree", {}),
        ("consent", "claro que sí", "agree", {}),
        ("consent", "esta bien", "agree", {}),
        ("consent", "nop", "decline", {}),
        ("account", "la fsa", "fsa", {}),
        ("account", "cuenta de ahorros", "hsa", {}),
        ("account", "fsa limitada", "lpfsa", {}),
        ("account", "mi aseguranza", "insurer", {}),
        ("account", "los taxes", "deduction", {}),
        ("account", "ni idea", "unsure", {}),
        ("account", "7", "deduction", {}),
        ("for_whom", "para mi", "me", {}),
        ("for_whom", "para mi hija", "child", {}),
        ("for_whom", "es para mi niño", "child", {}),
        ("for_whom", "para mi esposa", "spouse", {}),
        ("for_whom", "mi suegra", "adult", {}),
        ("diagnosed", "aun no", "not_yet", {}),
        ("provider", "mi doctora", "doctor", {}),
        ("provider", "no tengo doctor", "unsure", {}),
        ("provider", "oculista", "dentist_eye", {}),
        ("provider", "por internet", "online", {}),
        ("recommended", "todavía no", "no", {}),
        ("evidence", "ninguno de estos", [], {}),
        ("evidence", "receta, recibo", ["prescription", "receipt"], {}),
        ("reason", "falta la carta", "letter", DENIED),
        ("reason", "la tarjeta", "card", DENIED),
        ("lacks", "diagnostico y firma", ["diagnosis", "signature"], DENIED),
        ("notice_says", "no dice", None, DENIED),
        ("changed", "peor", ["worse"], {"topic": "renew"}),
    ],
)
def test_what_people_type_in_spanish_is_the_button_they_mean(step, words, value, way):
    reader = met(step, words, way)
    values = reader.values if reader.session else {}
    if value == "decline":
        assert values == {}
    else:
        assert {key.rpartition("/")[2]: kept for key, kept in values.items()}[step] == value


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("account", "no es hsa"),
        ("account", "no tengo seguro médico"),
        ("for_whom", "no es para mi"),
        ("for_whom", "mi espalda"),
        ("provider", "enfermera"),
        ("provider", "doctor en línea"),
        ("diagnosed", "condición"),
    ],
)
def test_what_means_no_button_or_two_is_asked_again(step, words):
    reader = met(step, words, {})
    assert reader.at == step


def test_not_to_know_when_it_was_bought_is_not_to_say_that_it_was_not():
    reader = met("bought", "no me acuerdo", {})
    assert reader.at == "bought"
    reader.says("todavía no")
    assert reader.values["bought"] is None


def test_a_day_without_a_year_is_the_last_one_where_only_days_gone_by_count():
    reader = met("old_dated", "5 de enero", {"topic": "renew"})
    assert reader.values["renewal/old_dated"] == "2026-01-05"
    reader = met("year_ends", "30 de junio", {"topic": "got_letter"})
    assert reader.values["got_letter/year_ends"] == "2027-06-30"
    assert met("year_ends", "ayer", {"topic": "got_letter"}).at == "got_letter/year_ends"
    assert met("old_dated", "mañana", {"topic": "renew"}).at == "renewal/old_dated"
    assert met("old_dated", "el lunes próximo", {"topic": "renew"}).at == "renewal/old_dated"


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("ayuda", "help"),
        ("privacidad", "privacy"),
        ("contacto", "contact"),
        ("misdatos", "mydata"),
        ("borrar", "delete"),
        ("cambiar", "change"),
        ("reiniciar", "restart"),
        ("idioma", "language"),
        ("atras", "back"),
    ],
)
def test_a_command_may_be_sent_in_spanish(typed: str, english: str):
    said = []
    for command in (typed, english):
        reader = Reader()
        reader.picks("agree")
        reader.says("pistola de masaje")
        said.append(reader.sends(command).text)
    assert said[0] == said[1]


@pytest.mark.parametrize("words", ["sí", "ok", "no me acuerdo del nombre", "mi doctor no quiere"])
def test_what_is_no_company_is_not_where_the_papers_are_sent(words: str):
    reader = met("administrator", words, {})
    assert reader.at == "administrator"


@pytest.mark.parametrize("words", ["no sé", "ninguna", "no", "ni idea"])
def test_a_company_that_is_not_known_is_left_out(words: str):
    assert met("administrator", words, {}).values["administrator"] is None


@pytest.mark.parametrize("words", ["no quiero decir", "prefiero no decir", "nada de esto"])
def test_what_is_not_to_be_said_is_put_in_no_message(words: str):
    assert met("condition", words, {}).values["condition"] is None


@pytest.mark.parametrize("words", ["preguntas", "Preguntas y respuestas", "questions"])
def test_the_questions_are_found_at_the_menu_by_their_name(words: str):
    reader = Reader()
    reader.picks("agree")
    assert "Elija el tema de su pregunta" in reader.says(words)
    assert reader.at == "topic"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("hola", "es"),
        ("quiero pagar el gym", "es"),
        ("masajes para mi espalda", "es"),
        ("necesito una carta", "es"),
        ("massage gun for my neck pain", "en"),
        ("el camino hospital in los altos", "en"),
        ("hello", "en"),
    ],
)
def test_who_writes_spanish_first_is_answered_in_spanish(words: str, language: str):
    reader = Patient(shipped())
    reader.session = None
    turn = reader.says(words)
    assert reader.session is not None
    assert reader.session.language == language
    assert ("Hola. Le ayudo" in turn.text) == (language == "es")


def test_what_is_held_is_listed_without_the_names_of_steps():
    reader = Reader()
    reader.picks("agree")
    held = reader.sends("mydata").text
    assert "Sí, empecemos (" in held
    assert "Consent:" not in held


@pytest.mark.parametrize("words", ["en español", "Español", "spanish"])
def test_the_language_may_be_asked_for_in_words(words: str):
    reader = Patient(shipped())
    reader.taps("Yes, let's start")
    reader.says("massage gun")
    before = reader.values
    said = reader.says(words)
    assert said.messages[0] == "De ahora en adelante le escribo en español."
    assert reader.values == before
    assert reader.says("in english").messages[0] == "From now on I write in English."
    assert reader.values == before
    reader.sends("idioma")
    assert reader.says("es").messages[0] == "De ahora en adelante le escribo en español."
    assert reader.values == before


def test_who_runs_the_bot_is_said_in_the_language_of_the_chat():
    operator = Operator("Maple", "help@example.com", "an adviser", relation_es="un asesor")
    for language, relation in (("en", "an adviser"), ("es", "un asesor")):
        reader = Patient(replace(shipped(), operator=operator), language=language)
        assert f"Maple ({relation})" in reader.sends("contact").text
    alone = replace(operator, relation_es="")
    said = Patient(replace(shipped(), operator=alone), language="es").sends("contact")
    assert "Maple (an adviser)" in said.text


# --- what is not in the PO file ----------------------------------------------------------------


def test_every_entry_of_the_catalogue_has_its_spanish():
    for entry in shipped().catalogue.entries.values():
        assert entry.name_es, entry.id
        for text in (entry.why_es, entry.note_es or "", *entry.letter_names_es):
            assert english_in(text) == set(), (entry.id, text)
        assert entry.why_es != entry.why, entry.id
        assert (entry.note is None) == (entry.note_es is None), entry.id
        assert len(entry.letter_names) == len(entry.letter_names_es), entry.id


def test_every_reason_for_a_verdict_has_its_spanish():
    for reason in REASONS.values():
        assert english_in(reason.text_es) == set(), reason.code


def test_every_question_has_its_spanish_answer():
    for question in shipped().questions.entries.values():
        text = re.sub(r"<[^>]*>", "", f"{question.ask_es} {question.say_es}")
        assert english_in(text) == set(), question.id


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_safety_cards_speak_spanish(kind: Kind):
    assert english_in(card(kind, "es")) == set()
    assert len(english_in(card(kind, "en"))) > 2


def test_an_emergency_in_spanish_is_answered_in_spanish():
    reader = Reader()
    reader.picks("agree")
    said = reader.says("me duele mucho el pecho y no puedo respirar")
    assert "911" in said.text
    assert english_in(said.text) == set()


# --- how it is written -------------------------------------------------------------------------

INFORMAL = re.compile(
    r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|tienes|puedes|quieres|debes|eres|necesitas|sabes|"
    r"haz|ten|envíame|escríbeme|dime)\b",
    re.IGNORECASE,
)
"""Words of *tú*; "escribe" and its like may be somebody else's doing."""
BARE = re.compile(
    r"\b(medic[oa]s?|numeros?|dias?|despues|tambien|aqui|asi|rapid[oa]|basic[oa]s?|unic[oa]s?|"
    r"articulos?|segun|todavia|diagnostico|condicion|informacion|opcion|peticion|ningun|algun|"
    r"espanol|ingles|anos?|nino|nina|telefono|codigo|categoria|deberia|podria|tendria|guia|"
    r"atras|mas|facil|dificil|util|mayoria|estres|titulo)\b"
    r"|¿(?:que|como|cual|cuales|cuando|cuanto|cuantos|donde|quien|quienes|por que)\b",
    re.IGNORECASE,
)
"""Words that have lost an accent or a tilde."""


def spanish() -> Iterator[tuple[str, str]]:
    """Everything in Spanish that a patient may read, with where it stands."""
    content = shipped()
    for text_id in content.texts.english:
        yield text_id, content.texts.get(text_id, "es")
    for path, text in shipped_files().items():
        if path.startswith("templates/es/"):
            yield path, text
    for entry in content.catalogue.entries.values():
        yield entry.id, "\n".join((entry.name_es, entry.why_es, entry.note_es or ""))
        yield entry.id, "\n".join(entry.letter_names_es)
    for reason in REASONS.values():
        yield reason.code, reason.text_es
    for question in content.questions.entries.values():
        yield question.id, f"{question.ask_es}\n{question.say_es}"
    for kind in get_args(Kind):
        yield kind, card(kind, "es")


def test_spanish_says_usted_with_its_accents_and_opens_its_questions():
    for where, text in spanish():
        plain = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>|https?://\S+", " ", text)
        assert not INFORMAL.search(plain), (where, INFORMAL.search(plain))
        assert not BARE.search(plain), (where, BARE.search(plain))
        assert plain.count("¿") == plain.count("?"), where
        assert plain.count("¡") == plain.count("!"), where


def test_one_thing_has_one_name():
    """The terms of docs and texts: reclamo, administrador, afiliado, expediente, consultorio."""
    other = re.compile(
        r"número de miembro|seguro de salud|historial médico|enfermeras? (?:especializad|practic)"
        r"|proveedor(?:es)? (?:de salud|médico)|recibo (?:desglosado|itemizado)"
        r"|acuerdo de reembolso"
        r"|uso limitado|denegad|reclamaci[óo]n|aplicar para|FSA de (?:salud|cuidado)"
    )
    for where, text in spanish():
        assert not other.search(text), (where, other.search(text))


# --- documents ---------------------------------------------------------------------------------


def documents() -> list[str]:
    return sorted(
        path.removeprefix("templates/en/").removesuffix(".j2")
        for path in shipped_files()
        if path.startswith("templates/en/")
    )


@pytest.mark.parametrize("name", documents())
def test_every_document_says_the_same_in_spanish(name: str):
    english, own = (shipped_files()[f"templates/{one}/{name}.j2"] for one in ("en", "es"))
    assert english_in(re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", "", own)) == set()
    used = [sorted({use.name for use in read_template(one)[0]}) for one in (english, own)]
    assert used[0] == used[1]
    marks = [sorted(re.findall(r"\{%.*?%\}", one)) for one in (english, own)]
    assert marks[0] == marks[1]


def test_what_is_given_in_english_are_documents_that_there_are():
    assert set(ENGLISH_FOR_PROVIDERS) <= set(documents())
    assert not {"checklist", "visit_questions"} & set(ENGLISH_FOR_PROVIDERS)
