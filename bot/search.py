"""Words -> entries of the catalogue.

The law of this room: a wrong confident answer is worse than a question. Every name and synonym is a
phrase; the phrase of which most is found in the message, and which says most, wins: "massage just
for relaxation" holds all of "relaxation massage", which says more than "massage". What else stands
in the message only decides whether to answer or to ask.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal, NamedTuple

from bot.expenses import Expense, folded
from bot.intents import Reading, read

Outcome = Literal["match", "choose", "none", "not_an_expense", "emergency"]

MOST_OFFERED = 5
MOST_MENDED = 24
"""Unknown words of one message that are tried as misspellings; each takes about 2 ms."""
LONGEST_READ = 1_500
"""Characters of a message that are searched; nobody names the item later."""
NEAR = 5
"""Words between a thing and what says that it belongs to another world, in a story."""
LONG_MESSAGE = 12
"""Words of content; in a longer message only exact words count at first."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that the words may mean; the score is 1 when all of a name was found."""

    expense: Expense
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a message means: one entry, several to choose from, none, or no expense at all."""

    query: str
    outcome: Outcome
    matches: tuple[Match, ...] = ()
    about: str = ""


class Catalogue:
    """All expenses, and the way from words to them. The index is built at the first search."""

    def __init__(self, expenses: Iterable[Expense]) -> None:
        self.entries: Mapping[str, Expense] = {expense.id: expense for expense in expenses}

    @cached_property
    def _index(self) -> _Index:
        return _Index(tuple(self.entries.values()))

    def search(self, words: str, language: str = "en") -> SearchResult:
        """What the words mean. Both languages are always searched; ``language`` breaks ties."""
        words = words[:LONGEST_READ]
        if found := self._index.named.get(folded(words[:80])):
            # A name is what stands on a button; it means itself, whatever it looks like.
            return SearchResult(words, "match", (Match(found, 1.0),))
        result = self._searched(words, language)
        if result.outcome == "match" or result.about == "off_topic":
            return result
        if found := self._index.called.get(folded(words[:80])):
            # "Remove mole" is no order to the bot: it is what the catalogue calls a thing.
            return SearchResult(words, "match", (Match(found, 1.0),))
        return result

    def _searched(self, words: str, language: str) -> SearchResult:
        reading = read(words)
        if reading.about or not reading.text:
            return SearchResult(words, "not_an_expense", (), reading.about or "unclear")
        return _judged(words, reading, self._index.found(reading.text, language))


# --- words -> roots --------------------------------------------------------------------------

_STOP = frozenset(
    """
    a an the of for to in on at by with from and or as is are was were be been being am do does
    did done can could will would should may might must i im ive id ill me my mine myself we us
    our you your he she it its they them their his her this that these those there here what which
    who how when where why if then than so too also just only even very really about into out up
    down off over not no dont doesnt didnt cant wont isnt arent have has had having get gets got
    getting go goes going went use used using uses user need needs needed want wants wanted like
    make made please thanks hi hello ok any some all more most much many lot lots few other
    another such own same each every both because since due after before during while through now
    ever still already think thinking know wonder wondering wonderig hoping tell said says told
    asked ask recommended one ones thing things stuff something anything someone anyone
    considering thoughts able count counts considered additional purchase purchased buy buying
    bought pay paying paid pays cover covers covered covering eligible eligibility qualify
    qualified qualifies qualifying reimburse reimbursed reimbursable reimbursement deduct deducted
    deduction claimed claiming write written allowed approved approve accepted hsa hsas fsa fsas
    hra irs money dollars medically necessary necessity lmn ago today yesterday recommends
    recommend new best good great way via per vs question el la los las lo un una unos unas de del
    al en y o u con sin por para que es esta estan ser si mi mis su sus se te le les nos yo usted
    ellos este esto estos estas ese eso hay como cual cuando donde quien cuanto puedo puede pueden
    podria usar uso usando comprar compre pagar pago pague cubre cubren cubierto cubierta elegible
    elegibles necesito necesita quiero quisiera tengo tiene tener hace desde hasta pero porque muy
    mas ya tambien sobre entre receto recetado recomendo recomienda dijo gracias favor gasto
    gastos impuestos deducir reembolso despues antes sea
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
"""Words that only hold a sentence together."""
_SOFT = frozenset(
    """
    help day days week weeks month months year years family kids kid child mom moms mother dad
    father wife husband son sons daughter daughters grandma grandpa doctor doctors dr doc back
    partner boyfriend girlfriend friend friends aunt uncle brother sister parent parents
    person people patient patients tax taxes letter account accounts fund funds fee cost costs
    price item items product products expense expenses claim deductible coverage doctora medico
    medica seguro hijo hija esposo esposa mama papa cuenta carta spending flex
    """.split()  # noqa: SIM905 - as above
)
"""Words that say something in a name ("family therapy") and nothing around it ("my family")."""
_QUIET = _STOP | _SOFT
_FAINT = frozenset(
    """
    medical health healthcare insurance care treatment therapy machine device kit service services
    supplies supply equipment program membership subscription plan cream gel system special home
    tratamiento terapia maquina aparato equipo programa servicio servicios cuidado salud medicina
    suplemento crema class classes visit exam test
    """.split()  # noqa: SIM905 - as above
)
"""Words that say little alone: they weigh half."""
_WEAK = _FAINT | _SOFT
_WEAK_OR_STOP = _WEAK | _STOP | {"four", "six", "cuatro"}


_SAME = {
    "therapist": "therapy",
    "therapists": "therapy",
    "counselor": "counseling",
    "counsellor": "counseling",
    "counselling": "counseling",
    "trainer": "training",
    "meds": "medicine",
    "medication": "medicine",
    "medications": "medicine",
    "terapeuta": "terapia",
    "consejero": "consejeria",
    "dietician": "dietitian",
    "specs": "glasses",
    "teeth": "tooth",
    "feet": "foot",
    "lenses": "lens",
}
"""Words that lead to the same things though they look different."""


def _root(word: str) -> str:
    """A word without its plural and, when long, without its gender: one root in both languages."""
    word = _SAME.get(word, word)
    if word.endswith(("therapist", "therapists")):
        word = word.removesuffix("s").removesuffix("ist") + "y"
    if len(word) <= 3 or word.isdigit():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    if len(word) > 5 and word.endswith(("a", "o")):
        word = word[:-1]
    return word


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", _WITHOUT.sub(r"no\1", text))


_WITHOUT = re.compile(
    r"\b(?:no|non|not|without|sin)(?: an?)? (prescription|rx|receta|diabetes|diabetic)(?=s?\b)"
)
"""The small words that turn a name into its opposite: "lentes sin receta"."""


# --- the index -------------------------------------------------------------------------------


class _Phrase(NamedTuple):
    """One name or synonym: its roots, how much they say together, and where it leads."""

    entry: int
    roots: tuple[str, ...]
    total: float
    language: str
    is_name: bool
    tight: bool
    """Small words and little else: a name only where they stand together ("all on four")."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """The best phrase of one entry in one message."""

    entry: int
    coverage: float
    score: float
    places: frozenset[int]
    total: float
    roots: int
    background: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """All that the index says about one message."""

    words: Sequence[str]
    hits: Sequence[tuple[Expense, _Hit]]
    known: frozenset[int]
    weights: Sequence[float]
    """How much each word of the message says; 0 for words that only hold a sentence together."""


class _Index:
    def __init__(self, expenses: Sequence[Expense]) -> None:
        self.expenses = expenses
        fold = cache(folded)  # names and synonyms are read more than once
        self.named = {fold(name): one for one in expenses for name in (one.name_es, one.name)}
        self.called = {
            fold(word): one
            for one in expenses
            for word in (*one.synonyms_es, *one.synonyms, one.name.partition(" (")[0])
            if " " in word or "(" in one.name
        }
        root_of = cache(_root)  # the same few words again and again
        written: list[tuple[int, tuple[str, ...], str, bool, bool]] = []
        holders: dict[str, int] = defaultdict(int)
        last: dict[str, int] = {}
        for number, expense in enumerate(expenses):
            for words, language, is_name in _phrases(expense):
                plain = fold(words.replace("'", "").replace("’", ""))
                content, tight = _content(plain, is_name)
                if _STOP.issuperset(content):
                    continue  # "D.O." would be found in every "do"
                written.append((number, content, language, is_name, tight))
                for root in map(root_of, content):
                    if last.get(root) != number:  # entries come one after another
                        last[root] = number
                        holders[root] += 1
        many = len(expenses) + 1
        self.says = {root: math.log(1 + many / held) for root, held in holders.items()}
        for root in set(map(root_of, _WEAK)):
            if root in self.says:
                self.says[root] *= 0.5
        for root in map(_root, _STOP):
            if root in self.says:
                self.says[root] *= 0.25
        self.unknown = math.log(1 + many / 2)
        self.phrases: list[_Phrase] = []
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.joined: dict[str, tuple[str, ...]] = {}
        seen: set[tuple[int, frozenset[str]]] = set()
        for number, content, language, is_name, tight in written:
            roots = tuple(dict.fromkeys(map(root_of, content)))
            key = (number, frozenset(roots))
            if not roots or (key in seen and not is_name):
                continue
            seen.add(key)
            total = 0.0
            for root in roots:
                self.postings[root].append(len(self.phrases))
                total += self.says[root]
            together = tight and len(roots) > 1
            self.phrases.append(_Phrase(number, roots, total, language, is_name, together))
            if len(roots) == 2:
                self.joined.setdefault(root_of("".join(content)), roots)
        self.spellings = [root for root in self.says if len(root) > 3 and not root.isdigit()]
        self.spellings += [root for root in self.joined if len(root) > 5]

    # --- a message's words -> roots of the catalogue -----------------------------------------

    def found(self, text: str, language: str) -> _Found:
        words = _words(text)
        roots = [_root(word) for word in words]
        firm = [place for place, word in enumerate(words) if word not in _QUIET]
        near: dict[int, dict[str, float]] = {
            place: {root: 1.0} for place, root in enumerate(roots) if root in self.says
        }
        self._spelled_out(near)
        self._rejoin(roots, near)
        lost = [place for place in firm if place not in near and len(roots[place]) > 4]
        if len(firm) <= LONG_MESSAGE:
            self._mend(words, lost, near)
        hits = self._hits(near, words, language)
        if len(firm) > LONG_MESSAGE and (not hits or hits[0].coverage < 0.9):
            self._mend(words, lost, near)
            hits = self._hits(near, words, language)
        weights = [
            0.0 if word in _QUIET else self.says.get(root, self.unknown)
            for word, root in zip(words, roots, strict=True)
        ]
        pairs = [(self.expenses[hit.entry], hit) for hit in hits]
        return _Found(words, pairs, frozenset(near), weights)

    def _rejoin(self, roots: Sequence[str], near: dict[int, dict[str, float]]) -> None:
        """Read "tooth brush" as "toothbrush" and "massagegun" as "massage gun"."""
        for place, root in enumerate(roots):
            if place + 1 < len(roots):
                both = root + roots[place + 1]
                if both in self.says and len(both) > 5:
                    near.setdefault(place, {})[both] = 1.0
                    near.setdefault(place + 1, {})[both] = 1.0
            if root in self.joined and place not in near:
                near[place] = dict.fromkeys(self.joined[root], 1.0)

    def _spelled_out(self, near: dict[int, dict[str, float]]) -> None:
        """Beside a misspelling that an entry lists, the word that is meant: "perscription lens"."""
        if len(near) < 2:
            return
        from rapidfuzz.distance import OSA

        for similar in near.values():
            (root,) = similar
            if len(root) < 7 or len(self.postings[root]) != 1:
                continue
            number = self.postings[root][0]
            if self.phrases[number].roots != (root,):
                continue
            entry = self.phrases[number].entry
            around = self.phrases[max(0, number - 60) : number + 60]
            for other in {word for one in around if one.entry == entry for word in one.roots}:
                if other != root and OSA.distance(root, other, score_cutoff=2) <= 2:
                    similar.setdefault(other, 1.0)

    def _mend(
        self, words: Sequence[str], lost: Sequence[int], near: dict[int, dict[str, float]]
    ) -> None:
        """For words nobody knows, the words of the catalogue that are a slip of the finger away."""
        mended: dict[str, dict[str, float]] = {}
        for place in lost:
            word = words[place]
            if word not in mended:
                if len(mended) == MOST_MENDED:
                    break
                mended[word] = self._similar(word)
            if mended[word]:
                near[place] = mended[word]

    def _similar(self, word: str) -> dict[str, float]:
        """The catalogue's words that one word may be a misspelling of, with their likeness."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        root = _root(word)
        slips = 1 if len(root) < 8 else 2
        similar: dict[str, float] = {}
        # "mattres" is a mattress with a slip, not several of something.
        for known, distance, _ in [
            found
            for spelled in {word, root}
            for found in process.extract(
                spelled, self.spellings, scorer=OSA.distance, score_cutoff=slips, limit=6
            )
        ]:
            # People get the first letter right; a short word with another one is another word.
            if known[0] != root[0] and (len(root) < 7 or distance > 1):
                continue
            likeness = 1 - distance / (len(root) + 1)
            if len(root) < 5:
                likeness -= 0.1
            for part in self.joined.get(known, (known,)):
                similar[part] = max(similar.get(part, 0.0), likeness)
        return similar

    # --- roots -> phrases -> entries ---------------------------------------------------------

    def _hits(
        self, near: Mapping[int, Mapping[str, float]], words: Sequence[str], language: str
    ) -> list[_Hit]:
        held: dict[int, dict[str, tuple[float, int]]] = defaultdict(dict)
        for place, similar in near.items():
            for root, likeness in similar.items():
                for number in self.postings.get(root, ()):
                    best = held[number].get(root)
                    if best is None or likeness > best[0]:
                        held[number][root] = (likeness, place)
        best_of: dict[int, _Hit] = {}
        for number, roots in held.items():
            hit = self._hit(self.phrases[number], roots, words, language)
            old = best_of.get(hit.entry)
            if old is None or hit.score > old.score:
                best_of[hit.entry] = hit
        hits = _reasons_last(list(best_of.values()), words)
        return sorted(hits, key=lambda hit: (-hit.score, hit.entry))[:12]

    def _hit(
        self,
        phrase: _Phrase,
        roots: Mapping[str, tuple[float, int]],
        words: Sequence[str],
        language: str,
    ) -> _Hit:
        covered = sum(self.says[root] * likeness for root, (likeness, _) in roots.items())
        coverage = covered / phrase.total
        places = frozenset(place for _, place in roots.values())
        apart = max(places) - min(places) - len(roots)
        if phrase.tight and (apart >= 0 or len(roots) < len(phrase.roots)):
            coverage *= 0.5
        score = coverage**2.5 * math.sqrt(phrase.total) / (1 + 0.06 * max(0, apart - 1))
        order = [roots[root][1] for root in phrase.roots if root in roots]
        if order != sorted(order):
            score *= 0.9  # a nursing home is not home nursing
        if phrase.is_name:
            score *= 1.02
        if phrase.language == language:
            score *= 1.01
        score *= _standing(words, min(places))
        if len(roots) == 1 < len(phrase.roots) and min(roots.values())[0] < 1:
            coverage *= 0.6  # a slip of the finger in half a name is two guesses
            score *= 0.4
        if coverage < SURE and _CONDITIONS.issuperset(roots):
            coverage *= 0.5  # "diabetes" alone asks for no medicine
            score *= 0.4
        background = _BACKGROUND.issuperset(roots)
        if background:
            score *= 0.6
        return _Hit(phrase.entry, coverage, score, places, phrase.total, len(roots), background)


_BACKGROUND = frozenset(
    map(
        _root,
        """
        surgery surgeries operation hospital hospitalization specialist dentist oncologist
        cardiologist neurologist pediatrician orthopedist nurse pharmacy clinic appointment
        prescription accident tuition cirugia operacion hospital especialista dentista clinica cita
        """.split(),  # noqa: SIM905 - as above
    )
)
"""What people name to say why: where a story names another thing too, that one is meant."""


_CONDITIONS = frozenset(
    map(
        _root,
        """
        diabetes diabetic arthritis asthma allergy allergies heart migraine migraines cancer autism
        hiv uti adhd anxiety depression epilepsy fibromyalgia sciatica scoliosis hypertension
        obesity celiac osteoporosis lupus parkinsons alzheimers dementia sclerosis copd stroke ptsd
        pain pregnancy pregnant disability injury artritis diabetico asma alergia alergias migrana
        ansiedad autismo dolor embarazo obesidad presion
        """.split(),  # noqa: SIM905 - as above
    )
)
"""Conditions: a part of many names that says nothing of the thing that is wanted for it."""


def _standing(words: Sequence[str], start: int) -> float:
    """What a thing's place in the sentence says: bought things count, reasons count less."""
    before = words[max(0, start - 4) : start]
    if _WANTED.intersection(before):
        return 1.25
    if _CONTEXT.intersection(before[-3:]):
        return 0.75
    return 1 - 0.005 * min(start, 20)  # people name the thing first, then why


def _reasons_last(hits: list[_Hit], words: Sequence[str]) -> list[_Hit]:
    """Weigh a thing less that only says why another one, named before it, is wanted."""
    whole = [hit for hit in hits if hit.coverage >= SURE]
    for number, hit in enumerate(hits):
        after = max(hit.places) + 1
        heads = sum(min(other.places) == after for other in whole)
        if hit.coverage >= SURE and heads == 1:
            # "Cerave sunscreen" is a sunscreen: the thing comes last.
            hits[number] = replace(hit, score=hit.score * 0.85)
    ends = [max(hit.places) for hit in whole if not hit.background]
    if not ends or not _REASON.intersection(words):
        return hits
    first = min(ends)
    return [
        replace(hit, score=hit.score * 0.6)
        if _REASON.intersection(words[max(first + 1, min(hit.places) - 4) : min(hit.places)])
        else hit
        for hit in hits
    ]


def _phrases(expense: Expense) -> Iterable[tuple[str, str, bool]]:
    yield expense.name, "en", True
    yield expense.name_es, "es", True
    for word in (*expense.synonyms, *expense.shared):
        yield word, "en", False
    for word in expense.synonyms_es:
        yield word, "es", False
    for name, language in ((expense.name, "en"), (expense.name_es, "es")):
        if name.endswith(")"):
            yield name.partition(" (")[0], language, False
        for part in _parts(name):
            yield part, language, False


def _parts(name: str) -> Iterable[str]:
    """Both things of "marriage or couples counseling", each whole."""
    halves = re.split(r" (?:or|and|o|u|y|e) ", name)
    if len(halves) != 2 or "," in name:
        return
    left, right = (half.split() for half in halves)
    if len(left) < len(right):
        yield " ".join(left + right[1:])
        yield " ".join(right)
    elif len(left) == len(right):
        yield from halves
    else:
        yield " ".join(left)
        yield " ".join(left[: -len(right)] + right)


def _content(plain: str, is_name: bool) -> tuple[tuple[str, ...], bool]:
    """The words of a name, and whether they are a name only where they stand together.

    Words of no content are left out, unless hardly anything else is there: "all on 4" is no number,
    "after bite" is no bite, and "medical id" is not all that is medical.
    """
    found = _words(plain)
    kept = [word for word in found if word not in _STOP]
    strong = [word for word in kept if word not in _WEAK_OR_STOP and not word.isdigit()]
    tight = len(found) > 1 and (not strong or (len(kept) == 1 and not is_name))
    return tuple(found if tight or not strong else kept), tight


# --- answer, ask, or neither -----------------------------------------------------------------

SURE = 0.9
"""The share of a name that must be found before it is answered without asking."""
WORTH_ASKING = 0.55
"""The share of a name that must be found before it is offered at all."""

_OTHER_WORLD = frozenset(
    """
    roof roofing shingle drinking drink wine beer cocktail bitcoin crypto stock stocks netflix hulu
    spotify weather joke song movie recipe calendar alarm timer flight ticket tickets vegas car
    truck tire tires engine garage garden lawn grass plants plumber sump furniture dog dogs cat
    cats puppy kitten flea pet pets fish bird horse perro perra gato gata mascota halloween costume
    wedding party birthday game games xbox playstation laptop printer makeup paint attorney lawyer
    divorce rent mortgage groceries grocery netflix phone electricity lottery football soccer team
    homework essay capital president news sports restaurant pizza burger chiste
    presents gift gifts tickets movie concert iphone ps5
    airport fence walmart amazon dinner lunch futbol carro coche gasolina vino cerveza techo
    """.split()  # noqa: SIM905 - as above
)
_EVERYDAY = frozenset(
    """
    netflix hulu spotify disney groceries grocery rent mortgage electricity lottery bitcoin beer
    wine pizza couch sofa tires xbox playstation cerveza vino renta hipoteca supermercado loteria
    """.split()  # noqa: SIM905 - as above
)
"""Named alone, these are no question about health."""
_CONTEXT = frozenset(
    """
    for because since due after from with in at having diagnosed following suffering despite
    when while para por porque desde tras despues debido con
    """.split()  # noqa: SIM905 - as above
)
_REASON = _CONTEXT - {"in", "at", "with", "con", "from", "when"}
_WANTED = frozenset(
    """
    buy bought buying purchase purchased pay paid paying deduct claim claiming cover covers install
    installed get getting considering compre comprar pagar pague deducir reclamar
    """.split()  # noqa: SIM905 - as above
)
_POLICY = frozenset(
    ("insurance", "seguro", "aseguranza", "medicare", "medigap", "policy", "poliza")
)
_FOR_NO_CONDITION = re.compile(
    r"\b(?:(?:is|am|are|s|im|hes|shes|and|perfectly|otherwise|totally) healthy|for fun|just for me|"
    r"just because|no (?:medical )?(?:condition|diagnosis|reason)|nothing wrong|not sick|"
    r"just (?:an? )?(?:normal|regular|ordinary)|"
    r"recreational|for pleasure|por gusto|por diversion|para divertir\w*|est\w+ san[oa]|"
    r"sin (?:condicion|diagnostico)|no tiene nada)\b"
)
_JOINTS = frozenset(("and", "or", "plus", "y", "o", "e", "mas"))


def _judged(query: str, reading: Reading, found: _Found) -> SearchResult:
    content = sum(weight > 0 for weight in found.weights)
    enough = WORTH_ASKING if content > 3 else WORTH_ASKING - 0.1
    hits = [(expense, hit) for expense, hit in found.hits if hit.coverage >= enough]
    said = {word for word, weight in zip(found.words, found.weights, strict=True) if weight}
    if not hits or (said <= _FAINT and hits[0][1].coverage < SURE):
        return _nothing(query, reading, found)
    expense, best = hits[0]
    certain = best.coverage >= SURE
    elsewhere = _elsewhere(found, best if certain else None) and not (
        certain and expense.category == "animals"
    )
    everyday = any(
        word in _EVERYDAY and not (certain and best.roots > 1 and place not in best.places)
        for place, word in enumerate(found.words)
    )
    if expense.category == "everyday" and expense.status == "never":
        everyday |= not (_OTHER_WORLD - {"makeup"}).isdisjoint(found.words)
    if everyday and not reading.money and content <= 3:
        return SearchResult(query, "not_an_expense", (), "off_topic")
    if expense.category == "insurance" and not reading.account and _asks_for_policy(reading, found):
        return SearchResult(query, "not_an_expense", (), "letter_question")
    if reading.form in ("question", "order") and not reading.money:
        about: str = "diagnosis_request" if best.coverage > SURE else "off_topic"
        return SearchResult(query, "not_an_expense", (), about)
    asked = reading.form == "yes_or_no" and len(found.words) > 3
    if asked and not reading.money and not reading.wanted:
        return SearchResult(query, "not_an_expense", (), "diagnosis_request")
    if reading.likely in ("abuse", "small_talk", "diagnosis_request") and not certain:
        return SearchResult(query, "not_an_expense", (), reading.likely)
    if best.coverage < _least(reading):
        return SearchResult(query, "not_an_expense", (), reading.likely or "off_topic")
    told = (certain and (reading.money or best.roots > 1)) or (
        reading.form == "item" and best.roots > 1 and best.coverage > 0.75
    )
    if elsewhere and not told:
        return SearchResult(query, "not_an_expense", (), reading.likely or "off_topic")
    rivals = _rivals(hits, found)
    sure = certain and not rivals and not elsewhere and not _unexplained(found, best)
    if expense.status == "letter" and _FOR_NO_CONDITION.search(reading.text):
        sure = False  # what would treat a condition is named beside the words that there is none
    if not sure and not rivals:
        rivals = [pair for pair in hits[1:] if pair[1].score > 0.5 * best.score]
    named = [hits[0], *([] if sure else rivals[: MOST_OFFERED - 1])]
    matches = tuple(Match(one, round(hit.coverage, 3)) for one, hit in named)
    return SearchResult(query, "match" if sure else "choose", matches)


def _asks_for_policy(reading: Reading, found: _Found) -> bool:
    """Whether it is about a policy and not about paying for one: "who has the best insurance"."""
    return reading.form in ("question", "yes_or_no") and not _POLICY.isdisjoint(found.words)


def _least(reading: Reading) -> float:
    """How much of a name a sentence of this shape must hold to be about an expense."""
    if reading.form == "question" or (reading.form == "yes_or_no" and not reading.money):
        return SURE
    return 0.7 if reading.form == "statement" and not reading.money else 0.0


def _nothing(query: str, reading: Reading, found: _Found) -> SearchResult:
    content = sum(
        weight > 0 and word not in _FAINT
        for word, weight in zip(found.words, found.weights, strict=True)
    )
    if reading.likely:
        return SearchResult(query, "not_an_expense", (), reading.likely)
    if _elsewhere(found, None):
        return SearchResult(query, "not_an_expense", (), "off_topic")
    if not content:
        about = "letter_question" if reading.money else "unclear"
        return SearchResult(query, "not_an_expense", (), about)
    if content > 6 and not reading.money:
        return SearchResult(query, "not_an_expense", (), "off_topic")
    return SearchResult(query, "none")


def _elsewhere(found: _Found, best: _Hit | None) -> bool:
    """Whether the message speaks of another world: shingles on a roof, glasses for drinking.

    In a story only what stands near the thing counts: people fall from roofs too.
    """
    own = best.places if best else frozenset()
    story = bool(own) and len(found.words) > LONG_MESSAGE
    return any(
        word in _OTHER_WORLD
        and place not in own
        and not (story and all(abs(place - mine) > NEAR for mine in own))
        for place, word in enumerate(found.words)
    )


def _rivals(hits: Sequence[tuple[Expense, _Hit]], found: _Found) -> list[tuple[Expense, _Hit]]:
    """Other entries that the message may mean just as well."""
    (_, best), *rest = hits
    rivals = []
    for expense, hit in rest:
        less = hit.places == best.places and hit.score < 0.97 * best.score
        if hit.places > best.places and hit.coverage > 0.6:
            rivals.append((expense, hit))  # less of its name, but more of the message
            continue
        if less or hit.places < best.places:
            continue  # it found less in the same words
        if hit.places == best.places:
            rivals.append((expense, hit))
        elif hit.coverage < 0.9:
            continue
        elif hit.places & best.places:
            if hit.score > 0.85 * best.score:
                rivals.append((expense, hit))
        elif not _is_context(found.words, best, hit) and hit.score > 0.6 * best.score:
            rivals.append((expense, hit))
    return rivals


def _is_context(words: Sequence[str], best: _Hit, other: _Hit) -> bool:
    """Whether the other thing is only why the first is wanted: "hot tub for my knee surgery"."""
    start, end = max(best.places) + 1, min(other.places)
    between = words[start:end] if start <= end else words[max(other.places) + 1 : min(best.places)]
    if start > end:
        before = words[max(0, min(other.places) - 3) : min(other.places)]
        return bool(_CONTEXT.intersection(before))
    if len(between) <= 2 and _JOINTS.intersection(between):
        return False
    return bool(_CONTEXT.intersection(between)) or len(between) > 6


def _unexplained(found: _Found, best: _Hit) -> bool:
    """Whether words beside the name may make it another thing: "color blind glasses"."""
    words, weights = found.words, found.weights
    first, last = min(best.places), max(best.places)
    reason = next(
        (place for place in range(last + 1, len(words)) if words[place] in _REASON), len(words)
    )
    rest = [
        place
        for place in range(len(words))
        if weights[place] and place not in best.places and place < reason
    ]
    if not rest:
        return False
    left = sum(weights[place] for place in rest)
    beside = any(place in (first - 1, last + 1) or first < place < last for place in rest)
    share = best.total / (best.total + left)
    return share < (0.6 if beside else 0.3)
