"""Emergency words -> a help card. Imports nothing of ours, so nothing of ours can break it.

The law of this room: it never refuses anything and keeps nothing. It looks at one message, says
which help to show first, and whoever asked goes on as before. A card too many costs a moment; a
card too few may cost a life, so whatever sounds like *now* counts. What is told as the past, as a
diagnosis or as something to buy does not: "Angina (chest pain) in 2019" is a normal answer here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

Kind = Literal["medical", "crisis", "poison", "violence"]

EMERGENCY_NUMBER = "911"
"""The emergency number of the United States (Source: 911.gov, 2026-11-23)."""
CRISIS_NUMBER = "988"
"""The 988 Suicide & Crisis Lifeline, call or text; Spanish is option 2 (988lifeline.org, 2026)."""
POISON_NUMBER = "1-800-222-1222"
"""Poison Help, day and night, in many languages (poisonhelp.hrsa.gov, 2026)."""
VIOLENCE_NUMBER = "1-800-799-7233"
"""The National Domestic Violence Hotline, in English and Spanish (thehotline.org, 2026)."""

_CARDS: dict[tuple[Kind, str], str] = {
    ("medical", "en"): (
        "This sounds like an emergency. If it is, call 911 now.\n"
        "I am an automated guide and cannot see or send help.\n"
        "Nothing you told me before is lost. We can go on when everyone is safe."
    ),
    ("medical", "es"): (
        "Esto parece una emergencia. Si lo es, llame al 911 ahora mismo.\n"
        "Soy una guía automática y no puedo ver ni enviar ayuda.\n"
        "No se perdió nada de lo que me dijo antes. Podemos seguir cuando todos estén a salvo."
    ),
    ("crisis", "en"): (
        "I am sorry you are going through this. You do not have to face it alone.\n"
        "Call or text 988, the Suicide & Crisis Lifeline. It is free, day and night.\n"
        "If someone is in danger right now, call 911.\n"
        "I am an automated guide. Nothing you told me before is lost. "
        "We can go on whenever you like."
    ),
    ("crisis", "es"): (
        "Siento mucho que esté pasando por esto. No tiene que enfrentarlo a solas.\n"
        "Llame o envíe un mensaje de texto al 988, la línea de prevención del suicidio y crisis. "
        "Para español, oprima 2. Es gratis, de día y de noche.\n"
        "Si alguien está en peligro ahora, llame al 911.\n"
        "Soy una guía automática. No se perdió nada de lo que me dijo antes. "
        "Podemos seguir cuando quiera."
    ),
    ("poison", "en"): (
        "If someone collapsed, has a seizure or cannot breathe, call 911 now.\n"
        "If not, call Poison Help at 1-800-222-1222 right away. It is free, day and night.\n"
        "If someone took it to hurt themselves, call or text 988 too.\n"
        "I am an automated guide. Nothing you told me before is lost."
    ),
    ("poison", "es"): (
        "Si alguien se desmayó, tiene convulsiones o no puede respirar, llame al 911 ahora.\n"
        "Si no, llame ya a la línea de ayuda por envenenamiento: 1-800-222-1222. "
        "Es gratis, de día y de noche.\n"
        "Si alguien lo tomó para hacerse daño, llame también al 988. Para español, oprima 2.\n"
        "Soy una guía automática. No se perdió nada de lo que me dijo antes."
    ),
    ("violence", "en"): (
        "Your safety comes first. If you are in danger right now, call 911.\n"
        "The National Domestic Violence Hotline is 1-800-799-7233. It is free, day and night.\n"
        "What you write here stays in this chat; delete it if someone may see it.\n"
        "I am an automated guide. We can go on whenever you like."
    ),
    ("violence", "es"): (
        "Su seguridad es lo primero. Si está en peligro ahora mismo, llame al 911.\n"
        "La Línea Nacional contra la Violencia Doméstica es 1-800-799-7233. "
        "Es gratis, de día y de noche, también en español.\n"
        "Lo que escribe queda en este chat; bórrelo si alguien puede verlo.\n"
        "Soy una guía automática. Podemos seguir cuando quiera."
    ),
}


def card(kind: Kind, language: str) -> str:
    """The help to show, in ``en`` or ``es``."""
    return _CARDS[kind, "es" if language == "es" else "en"]


def emergency(text: str) -> Kind | None:
    """The help that a message calls for, if it sounds like an emergency that is happening."""
    words = _HARMLESS.sub("thing", _plain(text))
    if not words:
        return None
    past = bool(_sign("past").search(words)) and not _sign("now").search(words)
    told = past and bool(_sign("told").search(words))
    bought = bool(_sign("shopping").search(words))
    bare = _sign("around").sub("", words).strip()
    for kind in _KINDS:
        if not told and _sign(f"{kind} for certain").search(words):
            return kind
        if past or bought:
            continue
        found = _sign(f"{kind} if present").search(words)
        if found and not _DENIED.search(words[: found.start()]):
            return kind
        if _sign(f"{kind} alone").fullmatch(bare):
            return kind
    return None


def spanish(text: str) -> bool:
    """Whether a message is in Spanish, so that its card is: few read a second language in need."""
    words = _plain(text).split()
    return any(word in _SPANISH for word in words) or sum(word in _JOINTS for word in words) > 1


_SPANISH_WORDS = """
quiero quiere quisiera estoy estan tengo tiene puedo puede pienso siento voy hay hace
morir morirme morirse murio matarme matar matarse vivir vida muero suicidarme suicidarse suicidio
respirar respira pecho corazon duele dolor sangre sangrando sangra desmayo inconsciente infarto
derrame convulsion convulsionando ahogando ahogo sobredosis pastillas veneno cloro
ayuda ayudenme ayudeme auxilio emergencia ambulancia peligro miedo
hijo hija nino nina esposo esposa marido madre padre pareja novio novia hermano hermana
pega pegan golpea golpeo amenaza amenazo violo abusa lastima lastimarme cortarme
"""
_SPANISH_JOINTS = "el la los las un una que se ya muy con por para del al mi su esta"
_SPANISH = frozenset(_SPANISH_WORDS.split())
_JOINTS = frozenset(_SPANISH_JOINTS.split())


# --- how a message is read -------------------------------------------------------------------


def _plain(text: str) -> str:
    """Lower case, no accents or apostrophes, letters not drawn out, key words spelled right."""
    bare = unicodedata.normalize("NFKD", text[:4000].casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = re.sub(r"['’`´]", "", bare)
    bare = re.sub(r"([a-z])\1{2,}", r"\1", bare)
    return " ".join(_mended(word) for word in re.findall(r"[a-z]+|\d+", bare))


_KEY_WORDS = """
breathe breathing chest suicide suicidal overdose overdosed unconscious bleeding seizure
swallowed choking emergency ambulance poison myself bleach battery heart attack stroke
respirar pecho suicidarme suicidio sobredosis inconsciente sangrando convulsion convulsionando
emergencia ambulancia matarme morirme pastillas veneno infarto derrame desmayo ahogando
"""


def _shortened(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


_REAL_WORDS = """
breath breaths breading breeding breathes chess chests cheat chewing chocking cooking joking
poisson hearth heard hearts heat hear attach stoke strokes struck swallow swallows
overdo overuse suicides infarct batter batteries peach bleached bleaches emergencies
convulsive matarse morirse pastilla venenos infartos hecho techo lecho derrames desmayos
respiro respira pechos leach beach breach breathed breather attacks seizures ambulances
"""
"""Words that are one letter away from a key word and are meant as they stand."""

_SPELLED = frozenset(_KEY_WORDS.split()) | frozenset(_REAL_WORDS.split())
_MISSPELLED = {short: word for word in _KEY_WORDS.split() for short in _shortened(word)}


def _mended(word: str) -> str:
    """A key word for one that is a letter away from it; any other word stays as it is."""
    if len(word) < 5 or word in _SPELLED:
        return word
    if word in _MISSPELLED:
        return _MISSPELLED[word]  # a letter is missing
    for short in _shortened(word):
        if short in _SPELLED:
            return short  # a letter too many
        if len(word) > 5 and short in _MISSPELLED and len(_MISSPELLED[short]) == len(word):
            return _MISSPELLED[short]  # a letter is another one, or two changed places
    return word


# --- the signs -------------------------------------------------------------------------------

_KINDS: tuple[Kind, ...] = ("medical", "poison", "crisis", "violence")
"""In the order in which minutes count."""

_HARMLESS = re.compile(
    r"\b(?:massag\w+|muscle|tissue|percussi\w+|therapy|recovery|heat|glue|shoulder|electric|"
    r"safety|hair|jump|putty|butter) (?:gun|blade|razor|rope|knife)s?\b"
)
"""Things to buy and parts of the body that are named like weapons."""
_DENIED = re.compile(
    r"\b(?:no|not|never|without|denies|dont have|no longer|nunca|sin|niega)(?: \w+){0,2} $"
)


@cache
def _sign(name: str) -> re.Pattern[str]:
    """One block of signs as a pattern, made at the first message: starting must be quick."""
    written = re.sub(r"\n {4}", "", _SIGNS[name]).strip()
    for word, meant in _VOCABULARY.items():
        one_of = "|".join(re.sub(r"\n {4}", "", meant).strip().splitlines())
        written = written.replace(f"<{word}>", f"(?:{one_of})")
    return re.compile(r"\b(?:" + "|".join(written.splitlines()) + r")\b ?")


# One line is one sign; a line that is indented goes on from the line above. "Certain" signs count
# unless they are told as past. "Present" signs count unless anything sounds past or is shopped
# for. "Alone" is a message that says nothing else.

_VOCABULARY: dict[str, str] = {
    "who": r"""
i|im|ive|they|we|(?:(?:my|our|the|a) (?:\w+ )?)?<person>
""",
    "person": r"""
he|hes|she|shes|someone|somebody|baby|son|daughter|kid|child|toddler|infant|boy|girl|mom|
    mother|dad|father|wife|husband|partner|friend|brother|sister|grandma|grandpa|grandmother|
    grandfather|neighbor|roommate|uncle|aunt|boyfriend|girlfriend|nephew|niece|newborn|
    moms|dads|grandson|granddaughter|stepson|stepdaughter|stepdad|stepmom|cousin|coworker|teen|
    teenager|guy|man|woman|lady|him|her|them|twin|preemie|year old|month old|week old|day old|ex|
    person|stranger|passenger|classmate|fiance|fiancee|bf|gf|hubby
""",
    "hijo": r"""
(?:mi|el|la|un|una|nuestr[oa]) (?:\w+ )?(?:hij[oa]|nin[oa]|bebe|mama|papa|madre|padre|espos[oa]|
    marido|mujer|pareja|novi[oa]|herman[oa]|abuel[oa]|niet[oa]|ti[oa]|prim[oa]|sobrin[oa]|vecin[oa]|
    amig[oa]|suegr[oa]|recien nacid[oa]|senora?)
""",
    "not": r"""
not|isnt|aint|wont|wouldnt|cant|cannot|cnt|doesnt|didnt|never|no|stopped|barely|hardly|unable to
""",
    "airway": r"""
throat|tongue|lips?|face|mouth|airway
""",
    "garganta": r"""
garganta|lengua|labios|boca|cara
""",
    "sick": r"""
dizzy|headaches?|sick|sleepy|drowsy|nause\w+|vomit\w*|throwing up|puking|pass\w* out|faint\w*|
    confused|cramp\w*|lightheaded|maread[oa]s?|mareos?|dolor de cabeza|vomit\w+|desmay\w+|beeping|
    going off|went off|sounding|cough\w*|sonando|pitando|suena
""",
    "weapon": r"""
gun|knife|weapon|machete|pistol|rifle|shotgun|razor|blade
""",
    "hurts": r"""
hits?|hitting|beats?|beating|punch(?:es|ed|ing)?|chok(?:es|ed|ing)|strangl(?:es|ed|ing)|
    abus(?:es|ed|ing)|threaten(?:s|ed|ing)?|rap(?:es|ed|ing)|kicks?|kicked|kicking|slap(?:s|
    ped|ping)|hurts?|hurting|threw|throws|throwing|shov(?:es|ed|ing)|push(?:es|ed|ing)|dragg?(?:s|
    ed|
    ing)|grabb?(?:s|ed|ing)|attack(?:s|ed|ing)?|assault(?:s|ed|ing)?|touch(?:es|ed|ing)|bit|bites|
    molest(?:s|ed|ing)?|lock(?:s|ed)|follow(?:s|ing)|stalk(?:s|ed|ing)
""",
    "ingest": r"""
swallow\w*|drank|drunk|drink(?:s|ing)?|ate|eaten|eats|eating|ingest\w*|chew(?:s|ed|ing)?|gulp\w*|
    chugg?\w*|lick(?:s|ed|ing)?|suck(?:s|ed|ing)|snort\w*|inhal\w*|sniff\w*|huff\w*|breathed|
    breathing in|got (?:into|hold of|in|at)|sprayed|put|squirted|tasted|sipp?(?:s|ed|ing)|guzzl\w+|
    found|bit into|has|took
""",
    "toxic": r"""
bleach|clorox|detergent|dishwasher \w+|tide pods?|laundry pods?|antifreeze|rat poison|poison|
    pesticide|weed ?killer|roundup|gasoline|lighter fluid|drano|ammonia|rubbing alcohol|turpentine|
    button battery|button batteries|cleaners?|chemicals?|lye|nail polish remover|moth ?balls?|
    paint thinner|bug spray|insecticide|toilet \w+|lamp oil|kerosene|acid|drain \w+|oven \w+|
    mushrooms?(?= (?:from|in|off|outside))|windex|lysol|pine sol|
    wild mushrooms?|fumes|chlorine|smoke|carbon monoxide|
    (?:\w+ )?gas(?! x)(?! drops)(?! pills)(?! pain)|disinfectant|hand sanitizer
""",
    "drug": r"""
pills?|tablets?|capsules?|tylenol|advil|ibuprofen|acetaminophen|aspirin|xanax|oxy\w*|percocet|
    vicodin|fentanyl|opioids?|heroin|meth|cocaine|molly|meds|medicines?|medications?|insulin|
    benadryl|
    ambien|nyquil|melatonin|gummies|edibles|drugs|painkillers?|antidepressants?|metformin|
    klonopin|ativan|valium|adderall|zoloft|prozac|lithium|warfarin|sedatives?|motrin|aleve|excedrin
""",
    "self": r"""
myself|my self|himself|herself|themselves|themself|ourselves
""",
    "wish": r"""
want(?:s|ed|ing)? to|wanna|wana|going to|gonna|gona|about to|plan(?:ning|s)? to|ready to|
    need to|trying to|thinking (?:about|of)|thoughts? (?:about|of)|feel(?:s|ing)? like|might|will|
    ill|urges? to|tempted to|decided to|keep thinking (?:about|of)|should just|could
""",
    "quiero": r"""
quiero|quiere|quisiera|queria|voy a|va a|pienso(?: en)?|piensa(?: en)?|pensando(?: en)?|
    estoy por|ganas de|deseo|deseos de|me dan ganas de|he pensado(?: en)?
""",
    "substance": r"""
bleach|clorox|detergent|tide pods?|laundry pods?|antifreeze|rat poison|poison|pesticide|
    gasoline|lighter fluid|drano|ammonia|rubbing alcohol|hand sanitizer|
    (?:button |coin )?batter(?:y|ies)|magnets?|cleaner|chemicals?|mouse poison|lye|
    nail polish remover|hydrogen peroxide|essential oils?|mushrooms?|berries|pills?|tablets|
    tylenol|advil|ibuprofen|acetaminophen|xanax|oxy\w*|fentanyl|medicines?|medications?|meds|
    vitamins|gummies|edibles|nicotine|vape (?:juice|liquid)|a coin|a penny|a quarter
""",
    "sustancia": r"""
cloro|lejia|detergente|veneno|raticida|gasolina|thinner|anticongelante|insecticida|amoniaco|
    alcohol|acido|pilas?|baterias?|iman(?:es)?|pastillas?|pildoras?|medicinas?|medicamentos?|
    tabletas?|jarabe|gotas|aspirinas?|tylenol|paracetamol|ibuprofeno|vitaminas|moneda|monedas|
    jabon|suavizante|limpiador
""",
}

_SIGNS: dict[str, str] = {
    "now": r"""
now|help|helpp|currently|this minute|right away|happening|again|ahora|ahorita|ya|ayuda
ayudenme|auxilio|socorro|en este momento|otra vez
""",
    "past": r"""
(?:19|20)\d\d|history of|hx|(?:years?|months?|weeks?) ago
last (?:year|month|week|summer|winter)|when i was|in the past|used to|years? back|diagnosed
diagnosis|survivor|survived|recover(?:ing|ed|y)|rehab|prevent(?:ion|s|ing)?|at risk|risk of
risk for|after (?:my|a|his|her|the)(?! (?:\w+ )?(?:sting|bite|peanuts?|nuts?|cashew|meal|dinner|
    shrimp|fall))|since|previous(?:ly)?|prior|family history|in case of
in case|training|course|class|died of|died from|lost (?:my|a|her|his)|antecedentes?
hace \w+ (?:anos?|meses|semanas?)|tuve|tuvo|el ano pasado|diagnostic\w+|historial|prevenir
prevencion|cuando era|despues de(?:l)?|desde|por si|curso|sobreviviente
""",
    "told": r"""
(?:19|20)\d\d|(?:years?|months?|weeks?) ago|last (?:year|month|summer|winter)|when i was
used to|history of|in the past|years? back|survived|died of|died from|recover(?:ing|ed)
in case of|in case|training|course|(?<!my )class|hace \w+ (?:anos?|meses|semanas?)|el ano pasado
cuando era|antecedentes?|por si|historial
""",
    "shopping": r"""
(?:eligible|cover(?:ed|s)?|reimburse\w*|deduct\w*|claim|pay for|bought|buy|purchase)\b.*\b
    (?:device|kit|monitor|detector|bill|ride|test|scan|visit|course|training|class|alert|
    button|machine|inhaler|therapy|medication|medicine|treatment|book|supplies|pads?|copay)
hsas?|fsas?|tax(?:es)?|reimburse\w*|deduct\w*|eligible|insurance (?:pay|cover)\w*
(?:does|do|will|would|can|is|are) (?:\w+ ){1,6}cover(?:ed|s)?|cubre|deducir|reembols\w+
braces|crown|retainer|aligners|flyers|febrile|gums|dentist|thermometer|syrup|drops|lozenges|golf|
    physical therapist|crutch\w*|ears?
massag\w+|watch|monitors?|kits?|device|creams?|sprays?|brace|therapy|therapist|inhaler|nebulizer|
    wheelchair|walker|cpap|bipap|pads|glasses|hearing aids?|organizer|rails?|alert|shoes|pillow|
    lift|strips|dispenser|humidifier|class|classes|counseling|program|detector|strip|magnifier|
    scraper|pack|rehab|service dog|supplements?|binder|bandages?|socks|stockings|oximeter|
    concentrator|mattress|chair|consultant|treatment|surgery|ointment|hospice|bracelet|filter|
    disorder|test|scan|rescue|toothpaste|mouthwash|desk|orthotics|insoles
masajes?|pistola de|terapia|inhalador|silla|andador|examen|pastillero|ferula|rodillera|crema|
    tratamiento|aparato|monitor|nebulizador|enjuague|medias|faja|pomada|consulta|cirugia|lentes
(?:overdose|poison\w*) (?:kit|drug|of (?:paperwork|work|homework|cuteness|chocolate|info\w*))
anti choking|choking (?:device|rescue|kit|hazard|charm)|narcan|naloxone|lifevac|medical alert
(?:carbon monoxide|co) (?:detector|alarm cost|monitor)
(?:er|emergency room|ambulance|hospital) (?:bill|visit|ride|copay|charge)s?
detector de|boton de emergencia|factura de|cuenta de
""",
    "around": r"""
please|pls|help(?: me| us)?|omg|oh my god|god|hi|hello|hey|bad|really|very|severe|strong|
    sudden(?:ly)?|now|right now|urgent|i|im|am|have|having|got|a|an|the|some|my|is|and|fuerte|muy|
    mucho|un|una|el|la|de|ayuda|ayudenme|auxilio|socorro|por favor|tengo|ahora|urgente
""",
    "medical for certain": r"""
(?:cant|cannot|not) smile (?:\w+ ){0,2}(?:one side|left|right|both)|talking (?:nonsense|gibberish)
<person>(?: is)? (?:blue|cold|limp|gray|grey) and (?:blue|cold|limp|stiff|not \w+)
(?:agarr|llev)\w* (?:la mano a |las manos a )?el pecho
(?:de repente|de pronto|sudden\w*|all of a sudden)(?: \w+){0,4} (?:no (?:ve|veo|habla|puede|puedo)|
    blind|lost (?:my |his |her )?(?:vision|sight|speech)|cant (?:see|speak|talk|move|walk))
sudden (?:vision|sight|speech) loss|(?:vision|sight|blind\w*)(?: \w+){0,3} sudden\w*
(?:bitten|bit|stung|mordio|pico|mordida|picadura)(?: \w+){0,3} (?:snake|rattlesnake|copperhead|
    cottonmouth|scorpion|black widow|vibora|serpiente|culebra|alacran|escorpion)
(?:fever|fiebre)(?=.*\b(?:convuls\w*|seiz\w*|stiff neck|cuello (?:rigido|duro)|limp|unresponsive|
    10[5-9]|4[1-3])\b)
(?:se|me|nos) estan? (?:ahorcando|asfixiando|desangrando|quemando)
(?:heart|corazon)(?: \w+){0,4} (?:skipping|racing|pounding|irregular|acelerado)(?=.*(?:faint|pass\w*
     out|cant breathe|desmay))|(?:faint|pass\w* out|desmay\w*)(?=.*heart (?:\w+ )?(?:skipping|
    racing|
    pounding))
labios (?:\w+ )?(?:azul\w*|morad\w*|violeta)|(?:sangr\w+)(?: \w+){0,4} embarazada|
    embarazada(?: \w+){0,3} sangr\w+
(?:hit|hits|banged|bumped|golpe\w*|pego)(?: \w+){0,2} (?:head|cabeza)(?: \w+){0,4} (?:wont|not|isnt|
    unconscious|passed|throwing|vomit\w*|confused|unresponsive|seiz\w+|no (?:habla|responde|
    despierta|reacciona|se mueve)|desmay\w+|inconsciente)
^(?:auxilio|socorro)(?: por favor| rapido)?$
(?:cut|sliced|chopped|sawed|tore|bit)(?: \w+){0,3} (?:finger|toe|hand|arm|leg|ear|thumb)s? off
bleed\w* from (?:my|his|her|the) (?:head|ears?|mouth|neck|eyes?|wrists?|chest)
(?:creo|parece|siento) que es un (?:derrame|infarto)|sangre por tod[oa]s (?:lados|partes)
(?:had|having|has|tuvo|tiene) (?:a |an |un |una )?(?:\w+ )?(?:heart attack|stroke|seizure|infarto|
    derrame)
     (?:just now|now|right now|today|this morning|tonight|ahora|ahorita|hoy)
(?:is|hes|shes|started) (?:having fits|fitting)(?=.*(?:stop|floor|help|wake))
smell\w* (?:\w+ ){0,2}(?:rotten eggs?|gas leak)|stiff neck (?:\w+ ){0,3}fever|
    fever (?:\w+ ){0,4}stiff neck
(?:baby|infant|newborn|toddler|(?:month|week|year) old)(?: \w+){0,2} fell(?=.*(?:vomit|throwing|
    head|wont|not|
    bleed|blood|unconscious|limp|seizure))
(?:confused|cant|drooping|weak|started|is|hes|shes)(?: \w+){0,3} slurring
(?:severe|bad|serious|third degree) burns? (?:from|on|over|all|to)(?! cream)
(?:cut|sever\w+|hit|nicked) (?:an?|the|my|his|her) (?:artery|vein)|artery (?:is )?(?:cut|sever\w+|
    open)
<airway>(?: \w+){0,2} (?:huge|enormous|blowing up|so big|puff\w* up)
(?:power line|electric\w*|outlet|lightning|live wire)(?: \w+){0,4} (?:shock\w*|struck|zapped)
(?:inhaler|epipen|nebulizer) (?:\w+ )?(?:not|isnt|doesnt|didnt|wont|aint|ran out|empty|stopped)
    (?! covered)(?! approved)
(?:having|severe|bad|in) (?:an? )?(?:\w+ )?asthma attack(?! (?:last|in|prevention|meds))
(?:faint\w*|pass\w* out|blacked out) (?:\w+ ){0,2}(?:hit|hurt|fell|bleeding)(?: \w+)? (?:head|face)
(?:me|le) (?:va a|esta por) dar un (?:infarto|derrame|paro|ataque)
(?:sangra|sangrando) (?:mucho )?(?:por|de) (?:la|el|los|las) (?:boca|cabeza|oidos?|cuello|vagina|
    herida)
(?:creo|siento) que (?:me|se) (?:muero|voy a morir|va a morir|muere|esta muriendo)
bleed\w* (?:\w+ ){0,6}(?:wont stop|not stopping|cant stop|like crazy|nonstop|non stop|hours?)
(?:nail|knife|glass|bullet|pole|stick|screwdriver|saw|chainsaw|gun|fork|
    needle)(?: \w+){0,3} (?:through|in|into) (?:my|his|her)
     (?:\w+ )?(?:hand|foot|leg|arm|eye|neck|head|chest|stomach|thigh|face)(?! massag\w+)
(?:chopped|sliced|cut|ripped|torn|tore|sever\w+|bit|blew|crushed|split)(?: \w+){0,4} (?:off|
    open)(?=.*
    (?:finger|toe|hand|arm|leg|ear|thumb|head|blood|bleed))|(?:finger|toe|hand|arm|leg|thumb|head)s?
     (?:\w+ ){0,2}(?:ripped|torn|split|sliced|chopped|cut|sever\w+) (?:off|open)
bone (?:\w+ ){0,2}(?:sticking|poking|coming) (?:out|through)
no heartbeat|heart (?:has |just )?stopped|(?:is|baby|newborn|shes|hes) (?:\w+ )?gasping
(?:fell|found|falling|went|face down) (?:\w+ ){0,3}(?:in|into) (?:the|a|our) (?:pool|lake|tub|
    water|river|
    bathtub)(?=.*(?:breath|respon|wak|blue|help|not|mov))
(?:baby|head) (?:is |s )?(?:\w+ )?(?:crowning|coming (?:out|now|right)|half out)|shes? crowning
(?:burned|burnt|scalded|burning|burns) (?:\w+ ){0,6}(?:boiling|hot oil|on fire|flames|acid|all over|
    chemical|third degree)
(?:diabetic|sugar) coma|(?:sugar|glucose|azucar)(?: \w+){0,6} (?:unconscious|unresponsive|
    passed out|wont
     wake|inconsciente|desmay\w+)
(?:heat ?stroke|heatstroke) (?:\w+ ){0,3}(?:help|now|confused|hot|collapsed)
(?:trapped|pinned) (?:in|under) (?:the|a|my) (?:car|truck|tree|machine)
no le late el corazon|no tiene (?:pulso|latidos)|(?:le|me) (?:dieron|pego) un (?:balazo|tiro)
(?:lo|la|me|le) (?:apunal|dispar|acuchill|atropell)\w+|(?:se|me) (?:quemo|queme|electrocuto|
    electrocute)
     (?:\w+ ){0,4}(?:agua|aceite|hirviendo|fuego|cuerpo|cara|acido|corriente)
(?:ya )?(?:viene|va a nacer|esta naciendo) (?:el|mi) bebe|se cayo (?:a|en) la (?:alberca|piscina|
    tina)
(?:golpeo|pego|golpe) (?:en )?la cabeza(?=.*(?:vomit|despiert|desmay|inconsc|sangr|respond))
(?:tiene|con) (?:\w+ ){0,2}fiebre(?=.*(?:no despierta|convuls|no responde|morad))
chest (?:\w+ ){0,5}(?:crushed|crushing)|contractions (?:are )?(?:\d+|two|three|four|five) min\w*
no siento (?:la|el|un|media|mi) (?:mitad|lado|brazo|cara|pierna)|(?:shot|stabbed) <self>
<who> (?:is |are |am |was )?(?:not|isnt|aint|no longer) breathing
not breathing(?! well through)(?! through)|isnt breathing|quit breathing
<who> (?:has |have |just )?stopped breathing(?! at night)(?! in)(?! when)(?! while)
(?<!when i )(?<!when he )(?<!when she )(?<!if i )(?:cant|can not|cannot|cnt|cnat|can t|couldnt|
    unable to|cant even|cant hardly|can barely|
    can hardly|barely|barley|struggling to|hard to|gasping to) (?:breathe|breath|breathing|
    catch my breath|catch her breath|catch his breath)(?! (?:(?:well|right|good) )?(?:through|
    thru|out of|at night|when|while|with my nose|during|on))
gasping for (?:air|breath)|turning blue|(?:lips|face) (?:are|is) blue
throat (?:is )?(?:closing|swelling|swollen shut)|tongue is swelling
having (?:a |an )?(?:heart attack|stroke|seizure|allergic reaction to|anaphyla\w+)
(?:is|im|are|started|starting) seizing
(?:wont|will not|cant|doesnt|isnt) wake up(?! (?:early|on time|in the morning|without|tired|
    rested))
wont wake|cant wake (?:him|her|them|my \w+) up|(?:is|hes|shes|found \w+) unconscious
unresponsive|not waking(?: up)?|epipen (?:is )?(?:not working|didnt work|isnt working)
(?:just )?(?:collapsed|passed out) and|<who> (?:just |has )?collapsed
(?:wont|cant|doesnt|not|isnt) stop(?:ping)? (?:the )?bleeding
bleeding (?:wont|will not|doesnt|isnt|not) stop\w*|bleeding (?:out|to death|everywhere)
(?:is|im|hes|shes) (?:choking|drowning)(?! up)(?! hazard)(?! in (?:\w+ )?(?:bills?|debts?|work|
    paper\w*|costs))
(?:vomiting|throwing up|puking|coughing(?: up)?|spitting(?: up)?) (?:up )?(?:a lot of )?blood
(?:call|need|send|get|want) (?:me |us )?(?:an )?(?:911|ambulance)(?! bill)(?! ride)
    (?! cover)(?! insurance)
cut off (?:my|his|her) (?:finger|hand|toe|arm)
(?:finger|hand|arm|toe) (?:got |is |was )?cut off
(?:been|got|was) (?:shot|stabbed|electrocuted)|my water broke
chest (?:is )?(?:hurts?|hurting|hurtin|crushing|so tight|really tight|tight|aches?|aching|
    pounding)(?! physical)(?! when i (?:cough|sneeze|press|laugh|touch))
(?:pain|pressure|tightness|hurts?|elephant|squeezing) (?:in|on) (?:my|his|her|
    the) (?:left )?chest(?! (?:muscle|wall))
chest pa[iy]ns? (?:and|that|going|spreading|down|radiating)
face (?:is )?(?:drooping|droopy|fell|went numb)
(?:cant|cannot) (?:move|feel|lift) (?:my|his|her|one) (?:\w+ )?(?:arm|leg|side|face)
(?:slurring|slurred) (?:my|his|her|speech|words)(?! therapy)(?! after (?:a )?stroke)
(?:about to|going to|gonna) (?:pass out|faint)
carbon monoxide (?:alarm|detector) (?:is )?(?:going off|beeping|went off)
(?:house|kitchen|apartment|car) (?:is )?on fire
(?:cant|cannot|not|dont|isnt) (?:get|getting) (?:\w+ )?(?:air|oxygen|breath)
blood (?:is )?(?:everywhere|all over|gushing|pouring|spurting)
(?:so much|losing|lost a lot of|lots of) blood(?! work)(?! test)
just had (?:a|another|his|her) (?:\w+ )?(?:stroke|heart attack|seizure)
<person> (?:\w+ ){0,4}(?:not|isnt|stopped|wont|doesnt) (?:respond\w*|mov(?:e|ing)|
    breathe?)(?! well)(?! around)(?! to treatment)(?! to medication)(?! at night)
(?:poniendo|puso|esta|puesto) (?:muy )?(?:morad[oa]|azul)|(?:hit|struck) by a car
(?:drowning|drowned) in(?! (?:\w+ )?(?:bills?|debts?|work|paper\w*|costs|laundry|sorrow))
fell (?:off|from|down) (?:\w+ ){1,4}(?:and )?(?:cant|not|isnt|wont|unconscious)
(?:broke|broken) (?:my|his|her) neck
(?:se|me) (?:cayo|cai) (?:\w+ ){0,6}(?:no (?:se mueve|responde|despierta)|inconsciente)
no (?:se mueve|contesta ni|tiene pulso)|no pulse|sale mucha sangre|sin (?:aire|respirar)
perdio el conocimiento|lost consciousness|smell gas
no (?:puede|puedo|pueden|podemos) respirar(?! (?:bien )?(?:por|
    con) la nariz)(?! (?:bien )?de noche)(?! (?:bien )?cuando duerm)(?! al dormir)
no (?:esta respirando|respira)|dejo de respirar(?! (?:de noche|cuando|al))
me (?:falta|hace falta) el aire(?! por (?:asma|alergia))|me cuesta (?:mucho )?respirar ahora|
    me ahogo(?! de)
se (?:me )?(?:esta )?(?:cierra|cerrando) la garganta
(?:se esta|me estoy|se) (?:ahogando|atragantando|asfixiando|convulsionando|desangrando)
se (?:desmayo|desplomo|ahoga|atraganto|puso azul|esta poniendo azul)
(?:esta|estoy|quedo) (?:inconsciente|convulsionando)
no (?:despierta|reacciona|responde mi \w+)
(?:me|le) (?:esta )?(?:dando|dio|da) un (?:infarto|derrame|ataque(?: al corazon| cardiaco)?)
    (?! hace)
(?:tiene|tengo|esta teniendo|estoy teniendo) (?:un |una )?(?:infarto|derrame|
    ataque al corazon|ataque cardiaco|convulsion\w*)
(?:no para|no deja|no paro) de sangrar|sangrando mucho|sangra mucho|mucha sangre
(?:vomitando|tosiendo|vomita|vomito|escupiendo) (?:mucha )?sangre
(?:me|le) duele (?:mucho |mucha |muchisimo |fuerte )?(?:el )?pecho
(?:dolor|presion|opresion)(?: muy| tan)?(?: fuerte| horrible| intenso)? (?:en el|de|
    del) pecho(?: y| fuerte| que| ahora| muy)
(?:llame|llamen|llamar|necesito|manden|pidan)(?: a)?(?: una| al| la)? (?:911|ambulancia)
me aprieta el pecho|opresion en el pecho
(?:se le|tiene la) (?:cayo la cara|cara caida|torcio la cara|boca torcida)
no (?:puedo|puede) mover (?:el|la|un|una|mi|su) (?:brazo|pierna|lado|cara)
se me rompio la fuente|me (?:dispararon|apunalaron|electrocute)
(?:<not>) (?:\w+ )?wak(?:e|ing|in|en)(?! (?:up )?(?:early|on time|in the morning|without|tired|
    rested|refreshed|me|before|at \d))
<person> (?:\w+ ){0,3}(?:not|isnt|aint|wasnt|stopped|quit) breath\w*(?! (?:at night|in (?:his|her)|
    when|while|well|through|right))
(?:face|mouth|lip|smile|eyelid)(?: \w+){0,3} (?:droop\w*|hanging|sagg\w*|crooked|lopsided|
    twisted|paraly\w+)
(?:droop\w*|lopsided|crooked) (?:face|mouth|smile)(?! surgery)
(?:speech|words|talking)(?: \w+){0,3} (?:slurr\w*|garbled|gibberish|jumbled)
(?:slurr(?:ed|ing|y)|garbled|sudden\w*|loss of) speech(?! therapy)(?! after (?:a )?stroke)
(?:elephant|peso|weight|pressure|squeez\w+|crush\w+) (?:\w+ ){0,4}(?:on|in|across|en) (?:my|his|
    her|the|el) (?:chest|pecho)(?! (?:muscle|press|day|binder|wall))
(?:grab|clutch|hold)\w* (?:at )?(?:his|her|my|the|their) chest|(?:grabbed|clutching) (?:\w+ )?heart
(?:stuck|lodged|caught) in (?:my|his|her|the|their|babys) (?:\w+ )?(?:throat|windpipe|airway)
choking on|(?:gagging|choking) (?:\w+ ){0,3}(?:cant|blue|purple)
(?:spurt|gush|pour|spray|squirt|pump)\w* (?:\w+ )?blood(?! test)|blood (?:\w+ ){0,3}(?:spurt|gush|
    pour|spray|squirt|pump|soak)\w*
bleed\w* (?:\w+ ){0,3}(?:through (?:the|my|his|her|a)|profusely|uncontroll\w+|out of control|
    everywhere)|hemorrhag\w+
(?:wont|cant|doesnt|not|isnt|hasnt|didnt|never) (?:\w+ )?(?:stop\w*|quit\w*) (?:\w+ )?(?:bleeding|
    seizing|convulsing|shaking|jerking)|foaming at the mouth
(?:been|got|was|just|got me|is|were|he|she|friend|brother|son|husband) (?:shot|stabbed|impaled|
    electrocuted) (?:in|by|with|through|me|him|her)(?! price)(?! flu)
stabbed in (?:the|my|his|her) (?!back by)|shot in the (?:chest|head|leg|stomach|arm by)
(?:throat|tongue|airway)(?: \w+){0,4} (?:clos(?:es|ing|ed)|tighten\w*|shut|swell\w* (?:up|shut))
eyes (?:\w+ )?(?:rolled|rolling|roll) (?:back|up)|worst headache (?:of|ever|in) (?:my|his|her|life)?
(?:cant|cannot|wont|unable to|trouble|can barely|barely) stay(?:ing)? (?:awake|conscious)(?! (?:at|
    during|in class|all|for|when|while))
(?:co|carbon monoxide|gas|smoke) (?:\w+ ){0,2}(?:beeping|going off|went off|sounding|leak\w*|
    everywhere)|(?:smells? like|smell of|huele a|olor a|fuga de) gas
(?:baby|newborn|infant|preemie|(?:week|month|day) old)(?: \w+){0,6} (?:blue|purple|gray|grey|limp|
    floppy|lifeless|unresponsive|10[3-9]|wont (?:wake|feed|eat|nurse)|seizing|(?:a )?seizure)
    (?! monitor)(?! watch)(?! paint)(?! clothes)(?! bottle)
(?:i think )?(?:im|<person> is|shes|hes) (?:\w+ )?dying(?! (?:to|for|of|from|my|laughing|over|
    inside|on))
(?:cant|cannot|dont) feel (?:my|his|her) (?:legs|arms|body|face)|(?:on the floor|lifeless|limp)
     (?:and |is )?(?:not|unresponsive|wont|isnt)
(?:hit|hitting|banged|cracked|smashed) (?:his|her|my|their) head (?:\w+ ){0,4}(?:not|wont|vomit\w*|
    throwing|unconscious|bleed\w*|confused|isnt|passed)
(?:lips|fingernails|skin)(?: \w+){0,2} (?:blue|purple|gray|grey)
(?:se|le|me) (?:\w+ ){0,3}(?:durmio|duerme|adormecio|paralizo|torcio|cayo) (?:la |el )?(?:medio|
    mitad|lado|media|cara|boca)
(?:cara|boca|labio)(?: \w+){0,2} (?:chuec[oa]|torcid[oa]|caid[oa]|paralizad[oa])
no (?:puede|puedo) (?:hablar|mover|ver|tragar) (?!(?:el|la) (?:cuello|espalda|rodilla|
    hombro))(?:bien )?(?:de repente|de pronto|ahora|un lado|la|
    el|su|y)
(?:se|me|le) (?:\w+ ){0,3}(?:hincho|hinchando|hincha|cierra|cerrando|cerro) (?:mucho )?(?:la|los|
    el|toda la) <garganta>
(?:garganta|lengua|labios)(?: \w+){0,3} (?:hinchad[oa]s?|cerrad[oa]|cerrando|hinchando|cierra|cerro)
(?:se|me) (?:\w+ )?(?:atoro|atraganto|atraganta|atorado|ahoga|ahogo) con
(?:se|esta|estan) (?:\w+ )?(?:muriendo|moribund[oa])|ojos en blanco|espuma (?:por|en) la boca
(?:ataque de epilepsia|ataque epileptico|convulsion(?:es|ando)?) (?:ahora|ya|ayuda|no para\w*)
(?:le|me) (?:esta )?(?:dando|dio|da) (?:un |una )?(?:ataque de epilepsia|ataque epileptico|
    convulsion\w*|paro)(?! hace)
(?:sale|saliendo|perd\w+|pierde) (?:\w+ )?(?:mucha |tanta )sangre|hemorragia(?! nasal)
no (?:responde|reacciona|despierta|quiere despertar|se despierta|contesta y)(?! al)
(?:tirad[oa]|desmayad[oa]) en el (?:piso|suelo)|perdio el (?:conocimiento|sentido)
(?:peso|opresion|presion|apret\w+|punzad\w+) (?:\w+ ){0,2}(?:en|del) (?:el )?pecho
<hijo> (?:\w+ ){0,3}(?:no (?:respira|responde|reacciona|despierta|se mueve)|inconsciente|
    convulsionando|morad[oa]|azul|se desmayo|se ahoga|se atoro)
""",
    "medical if present": r"""
appendix (?:\w+ )?(?:burst|bursting|ruptur\w+)|(?:revento|reviento) el apendice
(?:cant|cannot|couldnt|no puede|no puedo) (?:move|feel|mover|sentir) (?:\w+ ){0,2}(?:legs|body|side|
    face|arms?|piernas|cuerpo|lado|cara|brazos?)(?! (?:much|well|without))
(?:my|her|the) water (?:just )?broke|^water (?:just )?broke|romp\w+ (?:la )?(?:fuente|bolsa de agua)
me estoy muriendo(?! (?:de|por) (?:la )?(?:risa|ganas|hambre|sueno|frio|calor|sed|verguenza|amor|
    aburrimiento|envidia|curiosidad|dolor|un|una|el|mi))|
    (?:ayuda\w*|auxilio|socorro) (?:que )?me muero|me muero (?:ayuda\w*|auxilio|socorro)
se (?:le|me) (?:durmio|entumecio|paralizo|cayo|torcio|tuerce|chueco|esta (?:durmiendo|torciendo))
    (?: \w+){0,4} (?:cara|boca)
(?:arm|jaw|shoulder)s?(?: \w+){0,4} (?:hurts?|pain|aches?|aching|numb)(?=.*(?:sweat|nause|chest|
    breath))
heart (?:is )?(?:pounding|racing)(?=.*(?:laced|smoked|pills|took|faint|chest|drug))
(?:throat|airway|garganta) (?:\w+ ){0,3}(?:tight\w*|clos\w+|aprieta)
pain(?: \w+){0,4} (?:arm|jaw)(?=.*(?:sweat|nause|chest|breath|dizz))
(?:newborn|weeks? old|(?:one|two|1|2) months? old|(?:recien nacid[oa]|
    meses))(?: \w+){0,5} (?:fever|fiebre|10[0-6])
<person> (?:\w+ ){0,4}(?:jerking|twitching|shaking) (?:\w+ ){0,2}(?:floor|over|uncontroll\w+|
    violently)
(?:second|third|another|back to back|multiple) seizures?(?! med\w*)
(?:eyes?|face)(?: \w+){0,2} swollen shut|(?:breathing|breath) (?:\w+ ){0,2}(?:funny|weird|labored|
    shallow|slow|fast|heavy|
    hard)(?! exercise)
(?:car|bike|motorcycle) (?:accident|crash|wreck)(?=.*(?:bleed|trapped|unconscious|now|help|
    hurt bad))
(?:half|one side|right side|left side|side) (?:of )?(?:\w+ ){0,4}(?:numb\w*|weak\w*|paraly\w+|
    droop\w*|tingling|hanging|dead)
(?:cant|cannot|wont|not) (?:move|lift|feel|raise) (?:\w+ ){0,3}(?:side|half)
(?:weak\w*|numb\w*|paraly\w+) (?:\w+ ){0,3}(?:one|right|left|whole) side
(?:sudden\w*|all of a sudden|out of nowhere)(?: \w+){0,6} (?:numb\w*|weak\w*|blind|vision|confus\w+|
    speech|speak|talk|see|headache|walk)(?! loss)
(?:numb\w*|blind|vision|confus\w+|speech|speak|talk|see|headache|move|
    walk)(?: \w+){0,8} (?:suddenly|
    all of a sudden|out of nowhere)
(?:arm|leg)(?: \w+){0,2} (?:wont|cant|doesnt) (?:lift|move|raise|work)
(?:pain|numb\w*|tingling|aching?)(?: \w+){0,4} (?:left arm|jaw)(?=.*(?:sweat|heart|chest|breath))
(?:chest|sweat\w*|heart)(?: \w+){0,6} (?:left arm|numb|jaw)
(?:heart|chest)(?: \w+){0,5} (?:sweating|cold sweat|passing out|faint\w*)
<person> (?:\w+ ){0,6}(?:not|isnt|aint|wont|cant|doesnt|stopped|barely) (?:\w+ )?(?:breathe?|
    breathing|breathin|respond\w*|mov(?:e|ing)|conscious|talk|speak)(?! (?:her|his|my|the|
    without|well|around|in|at|to|with|much|good|since|english|spanish|clearly|yet|through))
(?:has|having|had|is in) (?:a |an )?(?:\w+ )?(?:convulsions?|seizures?|fits?)(?! meds)(?! medic\w+)
(?:seizure|fit)(?: \w+){0,3} (?:lasting|lasted|wont|minutes|mins|stop\w*)
<person> (?:\w+ ){0,5}(?:twitching|jerking|shaking)(?=.*(?:wont|not|cant|foam|eyes|mouth))
(?:hives|sting|stung|peanuts?|nuts|shrimp|shellfish|allergic|antibiotic|
    bee)(?: \w+){0,6} (?:wheez\w*|
    swell\w*|swollen|breathe?|breathing|throat|tongue)
(?:wheez\w*|swell\w*|swollen)(?: \w+){0,6} (?:hives|sting|stung|peanuts?|shrimp|shellfish|bee|nuts)
(?:swell\w*|swollen|closing|tight)(?: \w+){0,3} <airway>|anaphyla\w+ (?:\w+ ){0,2}(?:no|without|
    now|help|shock)|(?:going|went|in) (?:in)?to anaphyla\w+|allergic reaction (?:\w+ ){0,3}(?:cant|
    now|help|breath\w*|throat)
(?:deep|huge|bad|big) (?:cut|wound|gash)|cut (?:\w+ ){0,4}(?:deep|to the bone)|slic(?:ed|ing)
     (?:\w+ ){0,3}(?:artery|vein|wrist|finger off)
(?:heavy|heavily|lots of|so much|gush\w*|a lot of) (?:\w+ )?(?:bleed\w*|blood)(?! test)(?! work)
    (?! pressure)(?! sugar)(?!.*(?:period|menstrua))
(?:pregnant|weeks|trimester)(?: \w+){0,4} (?:bleed\w*|blood|gushing)(?! gums)|(?:wont|cant|
    keeps) (?:stop )?
     (?:vomiting|throwing up)(?=.*(?:baby|fell|head|blood|infant|newborn|month old))
<person> (?:\w+ ){0,4}(?:collaps\w+|faint(?:ed|ing)|pass(?:ed|es|ing) out|black(?:ed|ing) out|
    fell over|keeled over|dropped|went down)(?! (?:off|out of|on|last|once))(?! once)
(?:fever|temp\w*) (?:of )?10[4-9]|(?:burning|burned|burnt|scald\w*) (?:\w+ ){0,4}(?:boiling|whole|
    body|fire|acid|face)
(?:tiene|con|tengo)(?: \w+){0,4} (?:hinchad[oa]s? la|ronchas)(?=.*(?:respir|garganta|lengua))
reaccion alergica(?=.*(?:respir|garganta|lengua|hinch|ayuda|grave|fuerte))
(?:no (?:habla|puede hablar|camina)|habla raro|balbuc\w+)(?=.*(?:cuerpo|lado|cara|boca|brazo|
    repente))
(?:medio cuerpo|un lado|media cara|mitad)(?: \w+){0,5} (?:dormid[oa]|adormecid[oa]|habla|mover|
    paraliz\w+|mueve)
having (?:a )?(?:hard time|trouble|difficulty) breathing(?! at night)(?! when)(?! while)
(?:can|could) (?:barely|hardly) breathe
(?:i|im|ive|he|she|<who>|having|have|has|feel|feeling|get|getting|got|with|bad|severe|
    terrible|sharp|crushing) (?:am |is |been |keep |keeps )?(?:having |have |has |getting |
    got |feeling )?(?:\w+ ){0,2}chest (?:pains?|pressure|tightness)
pa[iy]ns? in (?:(?:my|his|her|the|left) )?chest
(?<!for )(?:crushing|severe|sharp|sudden|stabbing|terrible|intense|unbearable|worst|awful|
    squeezing|tight\w*|pressure|pain)(?: \w+){0,5} (?:of|in|on|across) (?:my |his |her |
    the )?chest
(?:my|his|her) (?:heart|chest)(?: \w+){0,3} (?:hurts?|hurting|stopped|stopping|stabbing|
    burning|crushing|squeezing|exploding)
<person> (?:\w+ ){0,4}(?:fainted|seizing|limp|(?:a|having|had a) (?:fit|seizure)|convulsing|
    collapsed|unconscious|choking|blacked out|overdosed|foaming)(?! disorder)(?! dog)(?! meds)
<person> (?:\w+ )?(?:turned|turning|went|going|looks?|is getting) (?:all )?(?:blue|purple|
    gray|grey|limp)
cant (?:swallow|talk|speak|see|feel my (?:arm|leg|face|legs|arms))(?! english)(?! spanish) ?
    (?:anymore|now|suddenly|all of a sudden)
(?:lips?|tongue|throat|face)(?: \w+){0,3} (?:swell\w*|swollen)
chest pa[iy]ns?.*(?:arm|jaw|sweat|breath\w*|now|help)
(?:bleeding|bleed) (?:a lot|really bad|so much|heavily|badly)(?!.*(?:period|menstrua))
trouble breathing (?:now|help|right)|difficulty breathing (?:now|help|right)
(?:throat|tongue|lips?|face) (?:is |are )?(?:swelling|swollen)(?: up)?
(?:think|having|symptoms|signs?|going into) (?:\w+ ){0,4}(?:stroke|heart attack|anaphyla\w+)
    (?! survivor)(?! rehab)
stroke (?:symptoms|signs|now|help)|seizure (?:right )?now|passed out
(?:is|hes|shes|im) (?:fainting|convulsing|drowning)
(?:short of|shortness of) breath.*(?:now|help|worse|sudden\w*)
emergency(?: (?:help|please|now))|(?:its|this is) an emergency|es una emergencia
dolor (?:en el|de|del) pecho.*(?:ahora|brazo|ayuda|respirar|sudor)
(?:tengo|siento|tiene|siente|con) (?:un |una |mucho |mucha |fuerte )*(?:dolor|presion|
    opresion)(?: muy| tan)?(?: fuerte| horrible)? (?:en el|de|del) pecho
(?:tengo|tiene) (?:mucha )?dificultad para respirar
la garganta (?:se )?(?:me )?(?:hincha\w*|cierra)
(?:llama|llamen|llamar) (?:a )?(?:una )?ambulancia|parto (?:ahora|ya)|baby is coming
""",
    "medical alone": r"""
drowning|seizing|not breathing|choking on food|heart stopped|severe bleeding|convulsiones|ahogando|
chest ?pa[iy]ns?|crushing chest pa[iy]ns?|chest pressure|chest tightness|heart attack|911|
    emergency|medical emergency|ambulance|call|unconscious|choking|breathe|breath|dolor pecho|
    dolor en pecho|presion en pecho|infarto|emergencia|emergencia medica|anaphylaxis|
    anaphylactic shock|cardiac arrest|bleeding heavily|ataque al corazon|no respira
""",
    "poison for certain": r"""
(?:pills?|tablets|meds|medicines?|medications?|vitamins|gummies|edibles) (?:\w+ )?(?:eaten|
    swallowed|
    ingested|taken|chewed) by (?:my|our|the|a) (?:\w+ )?<person>
(?:smoked|took|drank|ate|vaped) (?:\w+ ){0,3}(?:laced|spiked|drugged)|(?:drink|food) was (?:spiked|
    drugged|
    laced|poisoned)
intoxicacion (?:por|de|con) (?:gas|alcohol|monoxido|cloro|pastillas|medicamentos|humo)
(?:took|taken|swallow\w*|popped|downed|ate) (?:\w+ ){0,3}(?:handfuls?|fistfuls?|mouthfuls?) of
(?:took|taken|swallow\w*|popped|downed|chug\w*) (?:\w+ ){0,2}(?:whole|entire|full|
    rest of the) (?:pack|bottle|
    box|container|jar|strip|blister|bag|package|tube|prescription|stash)
(?:shot up|injected|snorted|smoked|took) (?:\w+ ){0,4}(?:heroin|fentanyl|meth|cocaine|
    crack)(?=.*(?:blue|gray|grey|
    wak|breath|respon|chest|heart|help|too much))
(?:gave|dieron|di|dio|tomo|tome)(?: \w+){0,4} (?:doble|triple|double|wrong|too much|
    equivocad[oa])(?: \w+){0,2}
     (?:dosis|dose|medicina|medicine|insulina|insulin|pastillas?)
(?:doble|triple) dosis|(?:inhal\w+|respir[oe]) (?:\w+ ){0,2}(?:gas|cloro|humo|thinner|quimicos|
    amoniaco)
(?:ate|eaten|chewed|swallow\w*) (?:\w+ ){0,2}poison\w*
(?:swallow\w*|drank|ate|eaten|drunk|chug\w*|gulp\w*|lick\w*|snort\w*|inhal\w*|chew\w*|ingest\w*|
    sniffed|huffed|breathed(?: in)?|sprayed|squirted|got (?:into|hold of|at)|sucked on|tasted|
    sipped|guzzled|downed) (?:\w+ ){0,6}<toxic>
<person> (?:\w+ ){0,4}<ingest> (?:\w+ ){0,5}<toxic>(?! (?:service|wipes|brush|seat))
(?:mothballs|<toxic>) (?:\w+ )?in (?:his|her|my|their) (?:mouth|eyes?)
(?:took|taken|swallow\w*|popped|downed|ate|eaten|drank|drunk|chug\w*|gulp\w*|snort\w*|inject\w*)
     (?:\w+ ){0,5}(?:\d{2,}|too many|too much|all|whole|entire|bunch|handful|bottles?|double|
    days of|fistful|box|packs?|excess|loads|lots of|tons of)(?: \w+){0,5} <drug>
(?:took|taken|swallow\w*|popped|downed|chug\w*|drank)(?: \w+){0,3} (?:bottle|box|pack|handful) of
     (?:\w+ ){0,3}<drug>
(?:took|swallowed|popped|downed) (?:like |about |over |all )?(?:\d{2,}|twenty|thirty|forty|fifty|
    a hundred|a bunch|all) of (?:them|those|it)
(?:ate|took|swallow\w*|drank|gave)(?: \w+){0,6} <drug> (?:\w+ ){0,4}(?:on purpose|by mistake|
    by accident|accidentally|in error|twice)
(?:accidentally|mistakenly) (?:took|ate|swallowed|drank|gave)(?: \w+){0,5} (?:<drug>|<toxic>)
<person> (?:\w+ ){0,4}(?:ate|swallow\w*|got (?:into|hold of|at)|chew\w*|sucked on) (?:\w+ ){0,5}
     (?:<drug>|pill ?box|medicine cabinet|berries|magnets?|batter(?:y|ies)|coin|mushrooms?)
(?:pill ?box|pills|meds|bottle)(?: \w+){0,4} (?:are|is) (?:gone|missing|empty)
(?:mix(?:ed|ing)?|combined|took) (?:\w+ ){0,3}(?:alcohol|vodka|booze|drinks?)(?: \w+){0,2} <drug>
(?:mix(?:ed|ing)?|combined|took) (?:\w+ ){0,3}<drug>(?: \w+){0,2} (?:alcohol|vodka|booze|drinking)
(?:ate|eaten|picked|eating|comi\w*|comio) (?:\w+ ){0,4}(?:mushrooms?|hongos?|setas?|berries|plant)
    (?: \w+){0,5} (?:<sick>|venenos[oa]s?|silvestres?|poison\w*)
(?:wild|poison\w*|random) (?:mushrooms?|berries)(?: \w+){0,6} (?:<sick>|ate|eaten)
(?:(?<!space )heater|furnace|generator|stove|grill|carbon monoxide|co|monoxido|gas|humo|calentador|
    fumes)
    (?: \w+){0,12} (?:dizzy|headaches?|sleepy|drowsy|nause\w+|throwing up|pass\w* out|lightheaded|
    maread[oa]s?|mareos?|dolor de cabeza|desmay\w+|coughing|beeping)
(?:dizzy|headaches?|sleepy|drowsy|nause\w+|throwing up|maread[oa]s?|sick)(?: \w+){0,5} (?:heater|
    furnace|generator|carbon monoxide|co|monoxido|gas leak|fumes|calentador)
(?:snake|rattlesnake|black widow|scorpion|copperhead) (?:bite|bit|sting|stung)(?! kit)
(?:mordio|pico) (?:una|un|la|el) (?:vibora|serpiente|alacran|escorpion|vibora)
(?:mi|el|la|su|un|una|ella) (?:\w+ ){0,3}(?:se )?(?:trago|comio|bebio|tomo|chupo) (?:\w+ ){0,4}
     (?:cloro|lejia|detergente|veneno|raticida|pilas?|bateria|iman(?:es)?|moneda|jabon|limpiador|
    pastillas|medicinas?|hongos|plantas?|naftalina|gasolina|thinner|acido)
(?:me|se) (?:tome|tomo|trague|trago|comi|comio|bebi|bebio) (?:\w+ ){0,3}(?:bote|frasco|botella|caja|
    punado|monton|bolsa|tableta entera) de
(?:swallow(?:ed|ing)?|drank|drunk|drinking|ate|eaten|eating|ingested|chewed|got into|
    put) (?:\w+ ){0,4}<substance>(?<!drinking water)(?<!ate vitamins)(?<!eating vitamins)
    (?<!eating mushrooms)(?<!ate mushrooms)(?<!ate gummies)(?<!eating gummies)(?! in the)
(?:took|taken|had|swallowed|popped|downed|ate|eaten|drank|drunk) (?:way |far )?
    (?:too many|too much|all (?:of )?(?:my|the|her|his|of)|a whole bottle|the whole bottle|
    a bottle|the entire|an entire|a bunch of|a handful of|\d{2,}) (?:\w+ ){0,3}(?:pills?|
    tablets?|tylenol|advil|meds?|medicines?|medications?|xanax|ibuprofen|acetaminophen|
    insulin|bottle|oxy\w*|sleeping pills|aspirin|benadryl|vitamins|of it|melatonin|gummies|drugs)
(?:took|taken) (?:the |my |a |an )?(?:whole|entire) bottle
(?:i|he|she|ive|hes|shes|have|has|might have|may have|just) (?:\w+ )?(?:overdosed|od d|oded|
    odd)(?! on)(?= |$)
<who> (?:just )?(?:odd|oded|od)|overdos(?:ed|ing)(?: on)?
(?:took|had|having|taking|think) (?:\w+ ){0,3}overdose|(?:mixed|mixing) bleach
(?:bleach|chemicals?|cleaner|acid) (?:\w+ )?(?:in|into) (?:my|his|her) eyes?
been poisoned
(?:took|taken|gave|given|had) (?:\w+ ){0,3}(?:double|twice|triple|wrong|extra)
    (?: the| my| his| her)? (?:\w+ ){0,3}(?:dose|pills?|meds?|medicines?|medications?|insulin|
    amount)
(?:drank|drunk|swallowed|ingested|drinking|inhaled) (?:\w+ ){0,4}(?:fluid|cleaning|soap|
    shampoo|perfume|lamp oil|glue|paint|acid|spray|windex|lysol|pine sol|kerosene|mercury|
    mouthwash|toy|magnet|screw|nail|glass|bead)
od(?:ed|ing)? on|ate (?:\w+ ){0,3}(?:plant|pokeweed|mothballs?)|poisoned(?: by| with)?
double dose(?:d)? (?:by accident|of)
(?:child|kid|baby|toddler|son|daughter) (?:got into|ate|swallowed|drank) (?:my|the|some|a|his|
    her|their)
(?:me|se|te) (?:tome|tomo|trague|trago|comi|comio|bebi|bebio|tomaron) (?:\w+ ){0,4}<sustancia>
(?:trago|trague|bebio|bebi|ingirio|ingeri|tomo|tome|comio) (?:\w+ ){0,3}(?:cloro|lejia|
    detergente|veneno|raticida|gasolina|anticongelante|insecticida|amoniaco|pilas?|bateria|
    iman(?:es)?|moneda|jabon|suavizante|limpiador|demasiad[ao]s <sustancia>|
    tod[ao]s (?:las|los|mis|sus) <sustancia>)
(?:tuvo|tengo|tiene|tome|tomo|por|fue) (?:una )?sobredosis|(?:se|me) (?:envenen\w+|intoxic\w+)
(?:esta|estoy) (?:envenenad[oa]|intoxicad[oa])
""",
    "poison if present": r"""
mixed up (?:\w+ ){0,2}<drug>
(?:tome|tomo|tomado|tragado) (?:demasiad[ao]s?|much[ao]s?) <sustancia>
overdose|sobredosis|(?:alcohol|carbon monoxide) poisoning (?:now|help)
swallowed (?:something|it|a|my)|<person> (?:\w+ )?(?:swallowed|ingested)
(?:mi|el|la) (?:\w+ )?(?:hij[oa]|bebe|nin[oa]|niet[oa]) (?:\w+ )?(?:se )?trago
se trago (?:algo|un|una|mi)
""",
    "poison alone": r"""
overdose|overdosed|poison|poisoned|sobredosis|envenenad[oa]|veneno|took too many pills|
    took too much
""",
    "crisis for certain": r"""
(?:be|join|go) (?:together )?with my (?:dead|late|deceased) <person>|life (?:has|
    holds) no (?:meaning|
    purpose|value)|(?:la|mi) vida (?:ya )?no tiene (?:sentido|caso)
(?:para|por) que (?:sigo|seguir|estoy) (?:viviendo|viv[oa])|para que vivir
(?:rope|noose|gun|pills|blade|razor|knife)(?: \w+){0,4} (?:ready|set up)(?! for pickup)
    (?! to (?:ship|pick))
(?:nobody|no one|noone) (?:needs|wants|loves) me(?: anymore| any more| here)?$
(?:theres|there is|is there|see) (?:no|any) (?:point|reason)(?: (?:anymore|any more|to (?:it|life|
    anything|this)))?$
danger to <self>|<wish> (?:just )?(?:disappearing|vanishing)(?: forever| from (?:this|the) world)?$
me quiero cortar(?! (?:el|la|las|los|un))|me quiero cortar (?:los brazos|las venas|las piernas)
(?:everybody|everyone|they|all|family|kids|world|he|she|you)(?: \w+){0,4} (?:fine|ok|okay|good|
    better|
    happier|relieved|off) without me(?: around| here| anymore|$)
(?:have|has|got|bought|made|tied|tying|holding|with|ready|hung) (?:a|the|my|his|her) noose
<wish> (?:\w+ )?(?:yeet|throw|toss|launch|fling|chuck) <self>
(?:unsubscribe|log ?off|check ?out|opt out|clock out|resign) (?:from|of) (?:life|living|existence|
    this life|this world)(?! insurance)
(?:locked|barricaded|shut|alone|room|bathroom|garage|car)(?: \w+){0,6} with (?:a |my |his |her |
    the |
    our )<weapon>(?! safe)
(?:blow|blowing|blew|shoot|shooting) (?:his|her|my|their) (?:own )?(?:brains?|head)(?: (?:out|off))?
<wish> sh(?: again| tonight| so bad)?$|relaps\w+ (?:on|with|into|and) (?:sh|self harm\w*|cut\w*)
(?:reason|point|purpose) (?:to|in|of|for) (?:keep|keeping) (?:on )?(?:going|living|fighting|trying|
    breathing)(?! to)(?! with)
(?:me )?(?:canse|harte) de (?:vivir|la vida|esta vida|todo$)|(?:no (?:aguanto|
    puedo) mas)(?: \w+){0,3}
     desaparecer
(?:tengo|tiene|con) (?:una |un |mi |su )?(?:pistola|arma|soga|cuerda|navaja|cuchillo|pastillas)
    (?: \w+){0,4} (?:no quier[oe] (?:seguir|vivir)|acabar|terminar (?:con|todo))
(?:quiero|quisiera|ojala) desaparecer(?: ya| del mundo| para siempre| de (?:este mundo|aqui))?$
<weapon> (?:to|at|on|against|in) (?:my|his|her) (?:own )?(?:head|throat|mouth|wrists?|
    temple)(?! massag\w+)
(?:relapsed|just) and cut|cut <self> (?:tonight|again|on purpose|last night|badly|so deep|this time)
(?:goodbye|bye) forever|adios para siempre
dont think i (?:can|will|ll|could) (?:make it|go on|survive|keep going|last much|live)
(?:way|ways|how) (?:for me )?to die(?! hair)|cant live (?:anymore|any more)|end of my rope
<person> (?:is|has been|started|keeps) cutting(?! (?:teeth|a|in|class|back|down|out|the|hair|grass|
    it|his|
    her|my|new|molars|first|sugar|carbs))
<person> (?:\w+ ){0,2}(?:going to|gonna|about to|wants to|threatening to) jump(?! (?:rope|in|start|
    around|on))
no (?:quiero|quiere|quisiera) estar (?:mas )?(?:en este mundo|aqui|viv[oa])(?! sol)
thinking (?:of|about) jumping(?! rope| in| on| ship)|heaven (?:\w+ ){0,6}(?:tonight|better|soon|
    join)
never (?:been |was |were )born|(?:i|just) want out$|do(?:ing)? something (?:\w+ )?to <self>
(?:urge|going|want|wanna|ready|thinking|plan\w*|about|feel like) (?:to |of |
    about )?end(?:ing)? (?:things|
    it all|
    everything|it$|it tonight)
(?:cutting|self harming|self injuring) again
point (?:of|in) (?:living|life|being alive|going on|staying alive)|(?:why|para que) (?:should i |
    do i |even )?(?:live|
    keep living|stay alive|vivir|seguir viviendo)(?! in)(?! with)(?! near)
(?:should|deserve to|hope i|hope to|wish i could|wish to|pray (?:i|to)|ought to|rather|let me|
    ready to|wanting to|
    want 2|begging to|better to) (?:\w+ )?(?:die(?! laughing)|be dead|be gone)
leav(?:e|ing) this (?:world|earth|life|planet)|(?:end|ending|stop) my (?:suffering|misery|existence)
(?:not|wont|wouldnt|cant) be (?:here|around|alive) (?:tomorrow|anymore|any more|much longer|next|
    in the morning)
hate (?:being alive|living(?! (?:in|with|at|here|near))|existing)|waste of (?:space|oxygen|air)
(?:goodbye|suicide|farewell|last) (?:message|note|letter|post|video|text)s?(?! for a)|
    saying (?:my )?goodbyes?|said
     my goodbyes|(?:do|doing|end|ending) it (?:tonight|now|today|this time)(?=.*(?:goodbye|sorry|
    bye|cant|life))
(?:pills|gun|knife|rope|razor|blade|noose|bottle)(?: \w+){0,2} (?:in my hands?|in front of me|
    next to me(?! expire)|on my lap|
    to my head|in my mouth)
(?:punish\w*|hitting|cut up|carv\w+|burn(?:ed|t)? ) ?(?:my head against|<self> (?:because|when|
    to feel|again))|
    punish\w* <self>
(?:shoot|shooting|blow|blowing|bomb) (?:up )?(?:the|my|a|our) (?:school|office|work|church|mall|
    brains?|head)
get it over with(?=.*(?:pill|took|die|life|knife|gun))|(?:took|pill\w*|
    life)(?: \w+){0,10} get it over with
(?:join|be with) (?:\w+ ){0,2}in heaven|no one cares if i (?:live|die)|(?:want|
    ready) to (?:meet god|see jesus)
(?:ojala|quisiera|deseo|deseria|prefiero|mejor|espero) (?:\w+ )?(?:me muera|morirme|morir|
    no existir|muriera|muert[oa])
irme de este mundo|(?:sentido|razon) (?:a|de|para) (?:la vida|mi vida|vivir|existir)|
    me da igual (?:morir|vivir)
(?:se|me) cort[aeo] (?:los brazos|las venas|las piernas|las munecas|los muslos|la piel)
(?:me|se) (?:quier[eo]|voy a|va a) (?:\w+ )?(?:colgar|ahorcar|matar|aventar|tirar)
(?:cutting|burning|harming|hitting|scratching|starving|stabbing|hanging|killing|unaliving|choking|
    drowning|shooting|poisoning|hurting) (?:myself|herself|himself|themselves|
    themself)(?! (?:shaving|
    cooking|on|at|while|lifting|trying|with (?:work|exercise|diet)|in the kitchen|by))
(?:stop|been|keep|keeps|started|still|urge|urges|want|wants|need|relapsed|feel like|is|im|hes|shes)
     (?:\w+ ){0,2}self ?harm\w*
(?:kill|shoot|hang|drown|hurt|harm|unalive|off|slit|end|poison|stab) (?:my|her|him)?self (?:tonight|
    now|soon|today|too|because|if|with|and)
(?:how|way|ways|method|methods|want|going|gonna|will|tried|try|plan|easiest|best|wanna|about)
     (?:\w+ ){0,4}(?:kill|shoot|hang|drown|harm|unalive|off|poison|stab) (?:myself|herself|himself|
    themself|yourself)
(?:gonna|going to|wants? to|will|threatening to|says|said|tried to|about to) (?:\w+ )?(?:shoot|
    kill|hang|
    hurt|cut|harm|stab|drown) (?:him|her|them|my)(?:self|selves)
(?:want|wanna|going|gonna|wish|need|might|will|plan\w*) (?:to )?(?:slit|cut|slash) (?:my|his|her)
     (?:throat|wrists?|arms|veins)
(?:gun|knife|pistol|razor|blade|rope|
    noose)(?: \w+){0,8} (?:myself|himself|herself|end (?:it|this)|
    my
     (?:own )?(?:head|mouth|life|neck)|a note|goodbye)
(?:what|which|how many|how much|any) (?:\w+ ){0,4}(?:would|will|can|could|to|does it take to) kill
     (?:me|you|someone|a person|yourself|myself|a human)
(?:painless\w*|quick\w*|easy|easiest|fastest|best|peaceful) (?:way|death|method)s? (?:to|of) (?:die|
    dying|suicide|death|end|go)
(?:(?:wrote|written|writing|write)|left|leaving|wrote) (?:\w+ ){0,3}(?:suicide|goodbye|
    farewell) (?:note|letter|
    letters|notes)|wrote (?:a|my) note
(?:tonight|today|tomorrow|this) (?:is|will be) (?:my|the) last (?:night|day|time)|my last night
(?:dont|cant|do not|cannot|no|not) (?:\w+ ){0,3}(?:see )?(?:a |any |another |other )?way out
(?:burden|worthless|useless|hate myself|hopeless)(?: \w+){0,8} (?:gone|dead|die|without me|
    better off|
    happier|disappear\w*|live|alive|living|anymore)
(?:happier|better|easier|fine|relieved) (?:\w+ ){0,3}(?:if|when|once) (?:i|im) (?:\w+ )?(?:gone|
    dead|
    died|werent|wasnt|didnt|not|disappear\w*)
(?:nobody|no one|noone|anyone|anybody|who) (?:\w+ )?(?:would|will|ll|d) (?:\w+ )?(?:miss|care|
    notice|cry)
     (?:\w+ ){0,3}(?:me|gone|dead|die|died|disappear\w*)
(?:driv\w+|crash\w*|steer\w*|swerv\w+) (?:\w+ ){0,3}(?:off|into) (?:a|the|an|oncoming) ?(?:cliff|
    bridge|
    tree|wall|traffic|lake|river|pole|truck)
(?:jump|jumping|throw myself|step|stepping|walk|walking|lie down|lay down) (?:\w+ )?(?:off|from|
    in front of|
    into|on) (?:a |the |my |this |an |oncoming )?(?:\w+ )?(?:bridge|roof|building|balcony|train|
    traffic|tracks|cliff|car|bus|truck|overpass|window|ledge)(?! insurance)
(?:want|wish|wanna|wana|need|hope|sleep|could|rather)(?: \w+){0,6} (?:never|not|wouldnt|dont|
    and never|
    didnt) wake(?: up)?
(?:sleep|asleep) (?:forever|and never)|never wake up|not wake up (?:tomorrow|again|ever)
(?:want|wish|wanna|wana|just) (?:to |i could |i would )?(?:just )?(?:disappear|vanish|stop existing|
    cease to exist|be gone(?: forever)?|fade away)(?! from)
(?:done|through|finished|tired|sick) (?:with |of )?(?:living|being alive|existing|this life|
    my life)(?! (?:with|in|like) )
(?:no|any|lost|losing|without) (?:\w+ )?(?:hope|will|reason) (?:to|for) (?:live|living|life|go on|
    keep going)|lost (?:the|my|all) will to live
(?:dont|do not|didnt|not|never) (?:\w+ )?(?:deserve|asked?|want) to (?:live|be alive|exist|be born)
    (?! (?:with (?!this|it)|near|in|at|alone|without))
voices (?:\w+ ){0,4}(?:tell|say|want)\w* (?:me|him|her)|voces que (?:me|le) (?:dicen|ordenan)
(?:hurt|kill|shoot|stab) (?:people|someone|everyone|my (?:family|kids|baby|wife|husband|
    boss))(?! back)
(?:taking|take|swallow|swallowing|overdose|overdosing|od)(?: \w+){0,3} (?:all|every|whole bottle)
    (?: \w+){0,3} (?:pills?|meds|medication|bottle|tylenol)(?! organizer)(?! with)(?! every)(?! at)
(?:want|wanna|going|gonna|plan\w*|thinking|might|tempted) (?:\w+ ){0,3}(?:overdose|od|take all my)
<person> (?:\w+ ){0,5}(?:is|keeps|wants|going|trying|tried|says|threaten\w*|
    texted) (?:\w+ ){0,6}(?:kill|cut|
    hang|shoot|hurt|harm|drown)(?:ting|ing)? (?:himself|herself|themselves|themself)
(?:se|me) cort[oe] (?:las?|los|mis|sus) (?:venas|brazos|munecas|piernas|antebrazos|muslos)
(?:me|se) (?:quiero|quiere|voy a|va a|quisiera|queria|dan ganas de) (?:\w+ )?(?:hacer dano|lastimar|
    tirar|aventar|lanzar|cortar (?:las|los|mis|el cuello)|envenenar|disparar|dar un tiro|
    desaparecer|dormir para siempre)
(?:tirarme|aventarme|lanzarme|arrojarme|saltar|tirarse|aventarse) (?:de|del|desde|al|a la|a las|por|
    frente)
(?:estaria|estuviera|estar|seria|fuera|mejor)(?: \w+){0,3} muert[oa](?! de)|quisiera no (?:haber
     nacido|existir|despertar)
(?:mejor|felices|descans\w+|tranquil\w+|extranaria|importaria)(?: \w+){0,4} (?:sin mi|si (?:yo )?no
     (?:existiera|estuviera|viviera)|si me (?:muero|muriera|mato|voy)|si (?:yo )?(?:me )?muriera)
(?:nadie|a nadie) (?:me|le) (?:\w+ )?(?:necesita|extran\w+|importo|quiere vivo)
(?:no veo|no hay|no encuentro) (?:otra |ninguna )?salida(?! de)|soy una carga
(?:ya )?no (?:aguanto|soporto|puedo con) (?:mas )?(?:esta vida|la vida|vivir|mi vida)
(?:carta|nota) (?:de despedida|suicida)|(?:despedirme|adios) (?:de todos|para siempre)
(?:quiero|quiere|deseo|pienso|voy a) (?:\w+ ){0,2}(?:acabar|terminar) con (?:todo|mi|esto|la)
(?:como|cuantas|que) (?:\w+ ){0,4}(?:matarme|suicidarme|morir sin dolor|para morir\w*)
(?:cut|cutting|slit|slitting) (?:my|his|her) (?:wrists?|veins)|(?:hung|hanged) <self>
(?:se|me) cort[oe] las (?:venas|munecas)|want out of (?:this )?life
<wish> (?:\w+ )?(?:kill|killing|off|offing|hang|hanging|shoot|shooting|drown|drowning|cut|
    cutting|harm|harming|hurt|hurting|unalive|unaliving|end|ending) <self>
<wish> (?:just )?(?:die(?! (?:(?:my|his|her) hair|for|laughing))|dying|be dead|not exist|
    disappear forever|
    commit suicide|suicide)
    (?! laughing)
(?:kill|killing|unalive|unaliving) <self>(?! (?:at the gym|working|studying|with work|
    laughing))
kms|kys|want it (?:all )?to (?:end|be over)
(?:i|she|he) (?:just )?(?:wish|wishes) (?:i|she|he) (?:was|were|could be) (?:dead|never born|
    not alive)
wish i (?:wouldnt|didnt|dont|would not|would never|never) wake up
(?:end|ending|take|taking) (?:it all|my life|my own life|his life|his own life|her life|
    her own life|their life|their own life)(?! insurance)
(?:dont|do not|doesnt|does not|didnt) (?:want to|wanna|wana|feel like) (?:be here|be alive|
    live|living|exist|be on this earth|wake up|keep living|go on living|go on)
    (?: anymore| any more)?(?! tomorrow early)(?! with (?!this|it|myself))(?! like)(?! near)
    (?! without)(?! alone)(?! at)(?! in)
better off (?:dead|without me)
(?:no|any|a|see|much|what) (?:\w+ )?(?:reason|point|purpose) (?:to|in|of|for) (?:\w+ )?
    (?:live|living|alive|stay alive|be here|being alive|continuing|going on)
(?:no|any) reason to (?:live|go on|keep going|be alive)|nothing (?:left )?to live for
cant go on (?:living|anymore|any more|like this)|tired of (?:living|being alive|life)(?! with)
jump(?:ing)? (?:off|from) (?:a|the) (?:bridge|roof|building)
(?:im|i am|feel|feeling|felt|he is|she is|hes|shes|is|been|so|actively) (?:\w+ )?suicidal
(?:commit|committing|attempting|considering|contemplating) suicide
suicidal (?:right now|now|thoughts? (?:right )?now)|slit my wrists?
life is(?:nt| not) worth (?:living|it)|not worth living|(?:im|i am) going to (?:self harm)
no longer want to (?:live|be alive|be here)|rather be dead|hate my life and
say goodbye to everyone
(?:miss me )?if i (?:died|was gone|were gone|was dead|were dead|wasnt here|werent here|
    disappeared)
(?:world|everyone|family|kids) (?:would be |is |are )?(?:\w+ )?without me
(?:want|need|wish) (?:\w+ ){0,3}(?:pain|everything|life) to (?:end|stop) forever
(?:be|being) dead|(?:done|over) with (?:life|living)|give up on (?:life|living)
goodbye (?:cruel )?world|end(?:ing)? things for good
<quiero> (?:\w+ )?(?:morir|morirme|morirse|matarme|matarse|suicidarme|suicidarse|suicidar|
    suicidio|quitarme la vida|quitarse la vida|hacerme dano|hacerse dano|lastimarme|
    acabar con mi vida|acabar con su vida|terminar con mi vida|terminar con todo|
    acabar con todo|dejar de existir|desaparecer para siempre|colgarme|ahorcarme|
    cortarme las venas|estar muert[oa]|quitar(?:me)? la vida)
(?:me|se) (?:quiero|quiere|voy a|va a|quisiera) (?:morir|matar|suicidar|quitar la vida|
    ahorcar|colgar)
no (?:quiero|quiere) (?:seguir )?(?:vivir|viviendo|seguir viviendo|existir|estar viv[oa]|
    despertar mas)(?! (?:con|en|sol|asi con))
ya no (?:quiero|puedo|aguanto)(?: mas)? (?:vivir|seguir viviendo|existir|estar aqui|la vida|
    con la vida|con esta vida)
no (?:vale la pena|tiene sentido) (?:seguir )?(?:vivir|viviendo|la vida|mi vida)
mi vida no (?:vale|tiene sentido)
(?:mejor|ojala) (?:estar |estuviera |me hubiera )?(?:muert[oa]|muriera)
(?:quitarme|quitarse) la vida|acabar con mi vida|cortarme las venas|(?:estoy|esta) suicida
ojala no despertara|me quiero ir de este mundo
(?:desaparecer|dormirme|dormir) y no despertar\w*|nunca (?:mas )?despertar
nadie me (?:extranaria|va a extranar)|(?:cansad[oa]|hart[oa]) de (?:vivir|la vida|esta vida)
(?:estarian|estaran) mejor sin mi|sin ganas de vivir
no (?:tengo|encuentro) (?:ganas|razon(?:es)?|motivos?) (?:de|para) (?:vivir|seguir)
mejor me (?:mato|muero)(?! de)
""",
    "crisis if present": r"""
cant (?:do this|live like this|take it|take this|keep going|go on|cope|keep doing this)(?: anymore|
     any
     more|$| i)(?!.*(?:pain|back|knee))
ya no puedo mas|no puedo mas$|me siento sin salida
self ?harm\w*|want(?:s)? (?:it|this|everything) to (?:stop|be over|end)
suicidal(?: thoughts?| ideation)?(?! prevention)
suicide(?! prevention)(?! awareness)(?! hotline bill)|thoughts? of (?:death|dying|ending)
(?:i|im|he|she|hes|shes|keeps?|been|started) (?:\w+ )?(?:self harm(?:ing)?|cutting (?:myself|
    herself|himself))
self harm(?:ing)? (?:again|now|thoughts)|suicid(?:io|arme|arse|a)
pensamientos (?:suicidas|de muerte|de morir)|me corto (?:los brazos|las venas|a mi mism[oa])
hacerme dano|autolesion\w*
""",
    "crisis alone": r"""
suicide|suicidal|suicidio|suicida|self ?harm|crisis|mental health crisis|kms|die|dying
""",
    "violence for certain": r"""
(?:alguien|un hombre|un tipo) (?:entro|esta entrando|se metio|anda) (?:a|en|dentro de) (?:mi|la|
    nuestra)
     (?:casa|apartamento|cuarto)
(?:padrastro|tio|papa|padre|abuelo|primo|hermano|vecino|maestro|jefe) (?:\w+ )?me (?:toca|toco|
    manosea\w*|manoseo)(?! (?:la guitarra|el turno))
(?:ex|husband|boyfriend|someone|somebody|stranger|man|guy|he|hes)(?: is)? (?:outside|here|
    at (?:my|the)
     door|in my (?:yard|house|room))(?: \w+){0,2} with (?:a |an |his )?(?:bat|hammer|axe|gun|knife|
    crowbar|pipe|machete)
(?:someone|somebody|stranger|man|guy|he|ex)(?: \w+){0,2} (?:followed|following) me(?! on )
<person> (?:\w+ ){0,2}(?:touches|touched|touching|gropes|groped) (?:me|my (?:son|daughter|kids?))
amena\w+ (?:con|de) (?:matar|golpear|pegar|hacer dano|quitarme|muerte)\w*|me amenaz\w+ (?:con|de)
abus(?:a|o|aba|an|aron) de (?:mi(?! (?!hij|herman|niet))|ella|nosotr[oa]s)
(?:someone|somebody|man|guy|shooter|he) (?:is|with) (?:actively )?(?:shooting|stabbing)
<person> (?:has|got|is holding|pulled|grabbed) (?:a|the|out a) <weapon>(?! (?:set|block|sharpener|
    safe|collection))
(?:need|call|send|get) (?:me |us )?(?:the )?(?:police|cops)(?! report)(?! check)|(?:llamen?|
    necesito|manden) (?:a )?
    (?:la )?policia
me (?:esta|estan|anda|sigue) (?:golpeando|pegando|amenazando|siguiendo|ahorcando|violando)
(?:he|hes|she|shes|husband|wife|boyfriend|girlfriend|partner|dad|ex|stepdad|brother|
    bf)(?: \w+){0,5} (?:kill|murder|
    stab|shoot|rape) (?:me|us)(?! with kindness)
(?:held|pinned|tied|holds|holding) me (?:down|up|hostage|against)|forc(?:ed|es|
    ing) (?:me to (?:have|do|touch)|himself
     on)
(?:made|makes|forces) me (?:touch|have sex)|(?:stalking|following|chasing|threatening|
    attacking) (?:me|us)(?! around in)
(?:hits?|beats?|hurts?|hitting|beating|hurting|kicks|slaps|chokes) (?:us|me|my (?:kids?|mom|mother|
    sister|brother))
     (?:\w+ ){0,3}(?:when|every|again|drunk|a lot|daily|always)(?! i (?:walk|sit|bend|stand|move))
me (?:quiere|va a|quiso|trata de|intento) (?:golpear|pegar|matar|lastimar|violar|hacer dano|ahorcar)
(?:golpeando|pegando|pegandole|matando|atacando|amenazando|ahorcando) a (?:mi|un|una|la|el|mis)
me (?:sigue|persigue|acosa) (?:con|por|mi|un|hasta|a)
(?:he|hes|she|shes|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|ex|stepdad|
    stepfather|brother|son|boss|roommate|man|guy|uncle|fiance|bf|
    gf) (?:\w+ ){0,3}<hurts> (?:on )?(?:me|
    us|my (?:kids?|son|daughter|baby|child|children|mom|mother|sister))(?! records?)(?! high)
    (?! into)(?! to sleep)(?! at)(?! out of)
(?:put|puts|had|has|have|wrapped|with) (?:his|her|their) hands? (?:around|on) (?:my|me|her|his)
     (?:neck|throat)?
(?:wont|doesnt|never|not) let(?:ting|s)? me (?:leave|go|out|call|see (?:my|anyone))
(?:hiding|hid|locked (?:myself )?) (?:\w+ ){0,5}(?:from (?:him|her|my)|he is|hes|breaking|door|
    husband)
(?:outside|inside|here|coming|at (?:my|the) door|chasing (?:me|us)) (?:\w+ )?with (?:a|his|
    her) <weapon>
(?:has|have|got|holding|pointing|waving|pulled|grabbed|with|pulls) (?:a |his |the |out )+<weapon>
     (?:\w+ ){0,4}(?:me|us|and|my|here|outside|threat\w*)
(?:afraid|scared|terrified) (?:to|of) (?:go|going|be|being) (?:back )?home|(?:afraid|scared) (?:he|
    hes|shell|
    hell|my (?:husband|ex|boyfriend)|of him)
(?:breaking|kicking|kicked|banging|smashing) (?:down )?(?:the|my|our) (?:front )?door|
    break(?:ing)? in
(?:being|was|been|got|gets|getting|just) (?:raped|beaten|beat up|attacked|assaulted|molested|
    strangled|
    choked|mugged|abused)(?! by (?:an insect|a bear))
(?:kidnapp?ed|trafficked|held hostage|held against)
me (?:pego|pega|golpeo|golpea|empujo|empuja|pateo|ahorco|amenazo|amenaza|encerro|jalo|apunto|abuso|
    violo|cacheteo|avento) (?:\w+ ){0,4}(?:anoche|ayer|hoy|otra vez|miedo|mi (?:esposo|marido|
    pareja|
    novio|papa|padre)|con (?:un|una)|cuando (?:toma|llega|se enoja)|todos los dias|siempre)
<hijo> (?:\w+ ){0,3}(?:me|nos|la|lo) (?:esta |quiere |va a |vive )?(?:pega|pegando|pego|golpea|
    golpeando|golpeo|maltrata|amenaza|amenazo|amenazando|viola|violo|matar|ahorca|ahorco|empuja|
    empujo|encerro|encierra|patea|avento)
(?:tiene|trae|con) (?:una |un )(?:pistola|arma|cuchillo|navaja|machete)(?! de masaje)(?! de)
no me deja (?:salir|ir|hablar con)|miedo (?:de|a) (?:volver|ir|regresar) a (?:mi )?casa
(?:going to|gonna|wants to|will|threatened to|trying to|tried to) (?:kill|hurt|shoot|
    stab) (?:me|us|my (?:kids|children|mom|mother|baby)|him|her|them|someone|somebody|people|
    my (?:wife|husband|boss|family))(?! back)
(?:i|ive|was|been|got|being) (?:\w+ )?(?:raped|sexually assaulted|beaten up|molested)
being (?:beaten|beat|abused by|stalked|held|hit by)
(?:afraid|scared) (?:of|for) my (?:life|husband|partner|boyfriend|wife|girlfriend|ex)
(?:has|with|pointing) a gun|broke into my (?:house|home)|not safe at home
(?:break|breaking|broke|broken) in(?:to)?(?: (?:my|our|the) (?:house|home|apartment|place|
    door))?(?= now|$| help)
intruder
(?:someone|somebody|man|stranger) (?:is )?(?:in|inside|outside|following) (?:my|me)
(?:hands?|belt|cord) around my (?:neck|throat)|being (?:followed|attacked|assaulted)
(?:attacked|assaulted|kidnapped) me|unsafe at home
(?:mi (?:esposo|marido|pareja|novio|novia|esposa|ex|papa|padre|padrastro|mama)|el|
    ella) (?:\w+ )?me (?:esta |quiere |va a |vive )?(?:pega|pegando|pego|golpea|golpeando|golpeo|
    maltrata|maltratando|amenaza|amenazo|amenazando|viola|violo|matar|mata|ahorca|ahorco)
    (?! el)
^me (?:pega|golpea|golpeo|pego|maltrata|viola|violo|violaron|amenaza|amenazo|quiere matar|
    va a matar)(?! mucho el)(?! la)(?! el)
me violaron|me (?:quiere|va a) matar
(?:miedo|temo) (?:de )?que (?:\w+ ){0,3}me (?:mate|pegue|haga|golpee|lastime)
tengo miedo (?:de|a) mi (?:esposo|marido|pareja|novio|ex)|abusan de mi(?! seguro)
abuso sexual(?:mente)? de mi
""",
    "violence if present": r"""
(?:victim|escap\w+|fleeing|leaving|in|help with|experiencing) (?:\w+ )?(?:domestic violence|
    abusive (?:relationship|husband|partner|marriage))
(?:victima|sufro|sufriendo) (?:de )?violencia|violencia domestica ayuda
""",
    "violence alone": r"""
domestic violence|domestic abuse|abuse|rape|raped|violencia domestica|violencia familiar|
    me pega
""",
}
