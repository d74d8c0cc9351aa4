"""What a message is, apart from its item: a greeting, a question about the letter, a card number.

The law of this room: only the shape of a sentence is judged here, never the item in it. The
catalogue is not known; ``search.py`` weighs both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bot.expenses import folded

About = Literal[
    "",
    "greeting",
    "small_talk",
    "letter_question",
    "diagnosis_request",
    "abuse",
    "private_number",
    "injection",
    "off_topic",
    "unclear",
]
Form = Literal["item", "question", "yes_or_no", "order", "statement"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A message taken apart.

    ``about`` is set when the shape alone settles it. ``likely`` is what it is about unless an item
    is found in it. ``text`` is what is left to look an item up in; ``money`` says that an account,
    a tax or a plan's yes was asked for; ``account``, that an account or a tax was named;
    ``wanted``, that somebody would buy or use it.
    """

    text: str
    about: About = ""
    likely: About = ""
    form: Form = "item"
    money: bool = False
    account: bool = False
    wanted: bool = False


class _Pattern:
    """A pattern that is made when it is first asked for: starting must be quick."""

    def __init__(self, written: str, *, ignore_case: bool = False) -> None:
        self._written = written
        self._flags = re.IGNORECASE if ignore_case else re.NOFLAG

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return re.compile(self._written, self._flags)

    def search(self, text: str) -> bool:
        return self._made.search(text) is not None

    def match(self, text: str) -> bool:
        return self._made.match(text) is not None

    def fullmatch(self, text: str) -> bool:
        return self._made.fullmatch(text) is not None

    def sub(self, new: str, text: str) -> str:
        return self._made.sub(new, text)


def read(words: str) -> Reading:
    """Take one message apart."""
    about = _settled(words)
    plain = folded(re.sub(r"['’`´]", "", words[:2000]))
    if about:
        return Reading(plain, about)
    spoken = _GREETING.sub("", plain).strip()
    if not spoken:
        return Reading("", "greeting" if _HELLO.search(plain) else "small_talk")
    if _SMALL_TALK.fullmatch(spoken):
        return Reading("", "small_talk")
    account = _ACCOUNT_NAMED.search(spoken)
    money = account or (_MONEY.search(spoken) and _PAID.search(spoken))
    about = _asked(spoken, money)
    form = _form(spoken)
    # A list of things keeps its joints; everywhere else signs between words say nothing.
    listed = folded(re.sub(r"\s*[,;/&+]\s+|\s[,;/&+]\s*", " and ", words[:2000].replace("'", "")))
    text = _unframed(_GREETING.sub("", listed).strip()).strip(" ,")
    likely = _likely(spoken, form, money)
    return Reading(text, about, likely, form, money, account, _TO_HAVE.match(spoken))


# --- settled by the characters alone ---------------------------------------------------------

_SSN = _Pattern(r"(?<!\d)\d{3}[-. ]\d{2}[-. ]\d{4}(?!\d)")
_LONG_NUMBER = _Pattern(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_NAMED_NUMBER = _Pattern(
    r"\b(?:ssn|social(?: security)?|seguro social|card|tarjeta|cvv|pin|member|policy|routing|"
    r"account|cuenta|id)\b[^\d]{0,25}\d[\d -]{5,}",
    ignore_case=True,
)
_PASSWORD = _Pattern(
    r"\b(?:password|passcode|contraseña|contrasena|clave) (?:is|es)\b", ignore_case=True
)
_INJECTION = _Pattern(
    r"^\s*\W*(?:system|assistant|developer|admin)\W*[:>\]]|ignor\w* (?:all |any |the |"
    r"your |las |tus |todas )*"
    r"(?:previous |prior |above |earlier |other )?(?:instruc\w+|rules|prompts?|reglas)|"
    r"disregard (?:\w+ )*(?:instructions|rules|above)|"
    r"(?:you are|you're|act as|pretend|eres|actua como) (?:now |to be |if you |ahora )|"
    r"act as (?:my |an? )|you (?:must|will|have to|should) (?:now )?(?:answer|obey|say|respond|"
    r"comply|approve)|unrestricted (?:ai|model|mode)|(?:from|by) (?:the |your )?(?:admin|developer)"
    r"\b|approve (?:my|this|all|every) (?:claim|request|expense)|(?:reveal|show|print|output|"
    r"leak|give me) (?:\w+ ){0,3}(?:prompt|"
    r"instructions|rules)\b|hidden (?:prompt|rules)|what (?:instructions|prompt)|\bor 1\s*=\s*1|"
    r"(?:print|repeat|show|output) (?:\w+ ){0,2}(?:text|everything|words|message)s? above|"
    r"jailbreak|developer mode|^\W*new (?:rule|instruction|policy|directive|order)s?\b\W|"
    r"as an? (?:ai|language model)\b|no restrictions|"
    r"system prompt|your (?:prompt|instructions|rules|source code)|(?:mark|set|make|treat|"
    r"approve|change) \w+(?: \w+){0,6} as (?:eligible|approved|covered)|"
    r"respond (?:only )?(?:in|as|with|like)|from now on|for all users|override (?:the|your|all)|"
    r"<\s*/?script|\{\{|\{%|drop table|"
    r"select \* from|\bsudo\b|rm -rf|pretend (?:you|there|that)|"
    r"tus instrucciones|olvida (?:todo|las|tus)|"
    r"forget (?:everything|all|your)|"
    r"api key|say exactly|repeat after me",
    ignore_case=True,
)


def _settled(words: str) -> About:
    if _SSN.search(words) or _LONG_NUMBER.search(words) or _NAMED_NUMBER.search(words):
        return "private_number"
    if _PASSWORD.search(words):
        return "private_number"
    if _INJECTION.search(words):
        return "injection"
    letters = re.sub(r"[\W\d_]", "", words)
    if len(letters) < 2:
        return "unclear"
    if len(letters) > 4 and not re.search(r"[aeiouyáéíóúü]", letters.lower()):
        return "unclear"
    if re.search(r"[bcdfghjklmnpqrstvwxz]{6}", words.lower()):
        return "unclear"  # no word of either language has six consonants in a row
    if re.fullmatch(r"(?:asdf|qwer|zxcv|hjkl|jkl|sdf|dfg|(.{1,2})\1{2,})[a-z]*", letters.lower()):
        return "unclear"
    return ""


# --- settled by how it is said ---------------------------------------------------------------


def _pattern(text: str) -> _Pattern:
    """One line is one alternative; a line that is indented goes on from the line above."""
    return _Pattern(r"\b(?:" + "|".join(re.sub(r"\n {4}", "", text).strip().splitlines()) + r")\b")


_HELLO = _pattern(r"""
hi+|hello+|helo|hey+|heyo|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|sup|
    wassup
hola+|ola|buen(?:os|as)? (?:dias?|tardes|noches)|buenas|saludos|que tal|morning|evening
""")
_GREETING = _Pattern(
    r"^(?:(?:hi+|hello+|helo|hey+|heyo|hiya|yo|howdy|greetings|good (?:morning|afternoon|"
    r"evening|day)|"
    r"sup|wassup|hola+|ola|buen(?:os|as)? (?:dias?|tardes|noches)|buenas|saludos|que tal|"
    r"there|ai|bot|(?:morning|evening|afternoon)$|"
    r"everyone|all|team|guys|friend|amigo|disculpe?|oiga|excuse me|ok|okay|so|well|please|"
    r"pls|plz|por favor|"
    r"thanks in advance|quick question|question|pregunta|una pregunta|i have a question|"
    r"tengo una (?:pregunta|duda))\b ?)+"
)
_SMALL_TALK = _Pattern(
    r"(?:(?:thanks?|thank you|thx|ty|tysm|gracias|muchas|mil|much|very|so|a lot|a bunch|"
    r"appreciate (?:it|that|you)|for (?:the|your|all) (?:\w+ )?(?:help|assist\w*|info\w*|"
    r"time|answer\w*)|"
    r"that helps?|bye+|goodbye|good bye|(?:see|talk to|catch) (?:you|ya|u)|later|soon|"
    r"peace(?: out)?|take care|"
    r"have a (?:nice|good|great) \w+|good ?night|adios|chao|hasta \w+|nos vemos|"
    r"ok|okay|k|yes|yeah|yep|no|nope|nah|sure|cool|great|nice|perfect|awesome|good|fine|"
    r"alright|got it|i see|lol|haha+|jaja+|wow|hmm+|um+|si|claro|vale|listo|perfecto|"
    r"bueno|genial|de nada|never ?mind|nevermind|forget it|por todo|(?:bla+h? ?)+|no importa|"
    r"olvidalo|olvidelo|whatever|next|nothing|"
    r"nada|no entiendo|i dont (?:understand|get it)|what did you (?:say|mean)|"
    r"what do you mean|"
    r"repeat|say that again|come again|que dijo|huh|continue|go on|siguiente|that|please|"
    r"idk|dunno|maybe|perhaps|quizas?|tal vez|"
    r"(?:you|u) (?:have|ve)? ?been (?:\w+ )?helpful|i dont know|not sure|no se|sir|maam|senora?|"
    r"how (?:are|r) (?:you|u|ya)(?: doing)?|how(?:s| is) it going|how (?:ya|you|"
    r"u) doin\w*|whats (?:up|new|good)|como (?:esta|estas|estan|te va|andas)|que (?:haces|"
    r"onda|pasa)|todo bien|"
    r"(?:where|when|why|how) (?:are|were|old are|did|do) you(?: (?:from|born|live|"
    r"located|made|work|"
    r"learn|know|do that|old|tall|do))*|what languages?(?: \w+){0,4}|tell me (?:more )?about "
    r"(?:you|yourself)|do you (?:like|love|have|eat|sleep|dream|speak|know|want|"
    r"feel)(?: \w+){1,4}|"
    r"(?:can|could) you (?:speak|talk|repeat|hear|see|understand)(?: \w+){0,3}|"
    r"(?:hablas?|habla usted|sabes|entiendes?) (?:espanol|ingles|spanish|english)|"
    r"(?:are you|r u) (?:a |an )?(?:real|human\w*|bot|robot|person|computer|machine|ai|"
    r"there|ok|single|alive)(?: \w+){0,5}|who (?:are|made|built|created|owns|runs|"
    r"is) (?:you|u|this|responsible)(?: \w+){0,5}|"
    r"(?:whats|what is) your (?:name|age|favorite \w+)|(?:eres|es usted) (?:un |una )?"
    r"(?:robot|persona|bot|humano|real)|quien (?:eres|es usted|te hizo)|como te llamas|"
    r"what (?:can|do) you (?:do|know)(?: \w+){0,3}|what (?:questions|things) can (?:you|"
    r"i) (?:answer|ask)(?: \w+){0,3}|how (?:do|does) (?:you|this|it) work|help(?: me)?|"
    r"que (?:puedes|puede|sabes) hacer|ayuda|start|test|testing|"
    r"(?:i (?:want|need|would like) to |can i |let me |quiero )?(?:talk|speak|chat|hablar) "
    r"(?:to|with|con) (?:an? |una? |the |some)?(?:real |live )?(?:human|person\w*|agent\w*|one|"
    r"representative|operator|alguien|human[oa]|agente)|(?:i am|im|i feel|me siento|estoy) "
    r"(?:so |very |muy )?(?:bored|sad|tired|lonely|happy|triste|aburrid[oa]|cansad[oa]|sol[oa])|"
    r"i (?:love|like|hate) (?:you|u)|you(?: are|re)? (?:the best|great|awesome|funny|"
    r"smart|cute|helpful)|tell me (?:a|another|something) \w+|give me (?:your|a) (?:best )?joke|"
    r"(?:to|for) (?:you|ya|u|all)|you(?: too)?|man|dude|bro|buddy|friend|amigo|again|now|"
    r"then|and) ?)+"
)
_COURTESY = _Pattern(
    r"^(?:thanks|thank|thx|bye|goodbye|see (?:you|ya)|good ?night|take care|have a|cheers|later|"
    r"appreciate|(?:muchas |mil )?gracias|adios|chao|hasta|nos vemos|que tenga|bendiciones|"
    r"catch you|ttyl|good to (?:see|meet)|nice to (?:see|meet)|perfect that|that (?:helps|answers)|"
    r"you(?:re| are)? (?:so |very |really |a |an |the )*(?:\w+)$|lol|haha+|jaja+)\b|"
    r"^.{0,60}\b(?:thanks|thank you|thx|ty|gracias)(?: (?:so|very) much| again| a (?:lot|million|"
    r"ton|bunch)| everyone| for everything| por todo)?$"
)
"""How a message begins or ends that closes the talk, whatever else is in it."""
_ABUSE = _pattern(r"""
fuck\w*|stfu|shit\w*|bitch\w*|asshole|dumb(?:ass)?|damn (?:you|it)|stupid|idiot\w*|moron|suck(?:s|
    er)?|shut up|
    screw you
    |go to hell|useless|garbage bot|piece of crap|wtf|bullshit|crap|porqueria|basura de bot
mierda|put[ao]s?|pendej[oa]s?|idiota|estupid[oa]|imbecil|cabron\w*|chinga\w*|joder|inutil|
    callate|waste of (?:my )?time|garbage$|vete al|eres (?:un|una) \w+|no sirves
""")
_MONEY = _pattern(r"""
hsas?|fsas?|hras?|lpfsa|dcfsa|dcap|flex(?:ible)?(?: spending)?|spending|savings account|
    eligib\w*|elegib\w*|cover\w*|cubr\w*
cubier\w*|reimburs\w*|reembols\w*|deduct\w*|deduc\w*|write ?(?:it |this |that |them )?off|writ
    (?:ing|ten) off|(?:schedule|sched) a|how much (?:of it |of that )?
    can i take|claim\w*|reclam\w*|qualif\w*
califi\w*|tax(?:es|able)?|impuestos?|insurance|seguro|aseguranza|medicare|medicaid|
    medical expenses?|gastos? medicos?
expenses?|letter|lmn|carta|allow(?:ed|able)|counts? (?:as|for|toward)|irs|
    (?:do|does) (?:\w+ ){1,4}count$
""")
_PAID = _Pattern(
    r"\b(?:cover|eligib|elegib|cubr|cubier|reimburs|reembols|deduc|claim|reclam|qualif|califi|pay|pag|"
    r"tax|impuest|expens|gasto|letter|lmn|carta|allow|count|irs|write ?off|writ|spending|savings|"
    r"help|approv|accept|use|premium|prima)"
)
"""What is asked of a payer; "is health insurance mandatory" asks for no money."""
_OTHER_INSURANCE = _Pattern(
    r"\b(?:home ?owners?|homeowner|home|house|renters?|car|auto|automobile|vehicle|"
    r"motorcycle|boat|rv|flood|geico|progressive|allstate|state farm|"
    r"liability|umbrella|landlord|property|travel|trip|phone|title|business|"
    r"workers? comp\w*|mortgage) (?:\w+ )?insurance\b"
)
_LETTER = (
    r"(?:letters?|lmns?|carta|medical necessity|necesidad medica|doctors? note|"
    r"nota (?:del )?medic\w*)"
)
_ABOUT_LETTER = _pattern(rf"""
(?:who|quien\w*|which \w+) (?:can |could |should |must |has to |needs? to |puede\w* |debe\w* |
    may |is allowed to )?(?:writes?|signs?|fills?|provides?|gives?|escrib\w+|firm\w+|hac\w+|
    llen\w+|da|determines?|decides?)
(?:can|could|does|may|should|puede) (?:(?:my|a|an|the|un|una|mi|el|la|an?|your) )?
    (?:\w+ ){{0,3}}(?:write(?! (?:it |this |that )?off)|sign|fill out|provide|escribir|firmar|
    hacer|llenar)
(?:how|what|when|where|why|which|cuanto|cuando|donde|como|que|cual|por que|
    para que)\b.*\b{_LETTER}
(?:can you|could you|can i|please|will you|puede|puedes)? ?(?:backdate|back date|fake|forge|
    change the date|falsificar|write me|write my|sign my|make me|escribeme|hazme)\b.*\b{_LETTER}
(?:backdate|back date|forge|fake|falsif\w+|inventar)\b.*
(?:are|is|does|do|must|can|will) (?:an? |the |my |these |those )?{_LETTER} (?:\w+ ){{0,4}}
    (?:from|ok|okay|valid|accepted|enough|expire\w*|have|need|be|required|last|good|signed|
    renew\w*|count)
(?:refus\w+|wont|will not|declin\w+|hesitant|doesnt want|does not want|unwilling|said no|se nego|
    no quiere)\b.*\b{_LETTER}
(?:is|are|was|will|can|does|do) (?:an? |the |my )?(?:\w+ ){{0,3}}{_LETTER} (?:ok|okay|valid|good|
    enough|accepted|fine|allowed|legal|acceptable|work)
{_LETTER} (?:puede|debe|tiene que|necesita|should|must|has to|have to) (?:ser|estar|be|say|decir)
{_LETTER} (?:cada|todos los|every|each)|same (?:thing )?as (?:an? )?{_LETTER}|(?:wont|will not|
    refus\w+ to) sign
{_LETTER} (?:expire\w*|valid\w*|template|sample|example|form|guidance|length|renew\w*|denied|
    rejected|was|got|is|says?|has|vence|vencida|venc\w+|plantilla|ejemplo)
(?:submit|send|upload|renew|need a new|lost|email|fax|mail|enviar|mandar|renovar|
    subir) (?:\w+ ){{0,4}}{_LETTER}
(?:what|que) (?:is|es|are|does|son|significa) (?:an? |the |una |un |la )?(?:\w+ ){{0,3}}{_LETTER}
(?:do|does) (?:an? |the |my )?(?:\w+ ){{0,3}}{_LETTER} (?:have|need|cost|expire|last|guarantee)
(?:truemed|flex) (?:work|works|legit|legal)
""")
_ACCOUNT = (
    r"(?:hsas?|fsas?|hras?|lpfsa|flex\w*(?: spending)?|health savings account|account|"
    r"cuenta|plan)"
)
_ABOUT_ACCOUNT = _pattern(rf"""
what (?:is|are|does|do)(?: an?| the)? {_ACCOUNT}(?: and (?:an? )?{_ACCOUNT})?(?: (?:mean|stand|
    in|for|account)\b.*)?$
(?:que|what) (?:es|son|is) (?:un|una|la|el|an|a|the)? ?{_ACCOUNT}(?: (?:y|o|and|or) (?:un|una|
    la|el|an|a)? ?{_ACCOUNT})?$
stands? for|difference between|diferencia entre|how (?:do|does) (?:an? |my )?{_ACCOUNT} work|
    como funciona
contribut\w+|contribu\w+|taxable|rollovers?|roll over|carry ?over|use it or lose it|max
    (?:imum)? (?:limit|amount|contribution)|limits?|deadline|run ?out|grace period
(?:fsa|hsa|hra|account|card|my) balance|balance (?:on|of|in)|saldo|how much (?:money )?(?:is|
    do i have) (?:in|left)|withdraw\w*|overpay\w*|terminat\w+|quit my job|left my job|
    cobra when|enroll\w*|inscrib\w+
(?:what|which|que|cual)(?: \w+){{0,2}} (?:percent\w*|porcentaje|tax form|form)|how much (?:do i|
    of my|can i (?:deduct|contribute))|who is (?:considered )?(?:a |my )?dependents?|
    considered a dependent|open an? {_ACCOUNT}
(?:have|get|keep|use|need|open|tener) (?:both )?(?:an? |un |una )?{_ACCOUNT} (?:and|with|while|
    on|if|at|y) (?:an? |my )?(?:{_ACCOUNT}|medicare|medicaid|spouse\w*|cobra)
(?:person|someone|i|people) (?:\w+ ){{0,3}}(?:have|open|contribute to) (?:an? )?{_ACCOUNT}$
card (?:get |got |was |is |being |keeps? )?(?:getting )?(?:declin\w+|reject\w+|denied|lost|
    stolen|block\w+|suspend\w+)|(?:declined|lost|stolen|replace) (?:my )?card|
    tarjeta (?:\w+ ){{0,3}}(?:rechaz\w+|perdid\w+|bloque\w+)|phone number|customer service|
    what happens to|(?:better|worse) than (?:an? )?(?:hsa|fsa|hra)
(?:can|may) my (?:\w+ ){{0,2}}use my {_ACCOUNT}|lose (?:my|the) (?:\w+ )?(?:money|funds)|
    (?:expire|expires|vence)\b(?!.*\b(?:buy|load|stock|spend|order|get|use|comprar|usar|gastar)\b).*
claim (?:was |is |been |got )?(?:denied|rejected)$|reimbursements? (?:take|come|arrive)|(?:is|
    are) my (?:insurance|plan|coverage|claim|account)\b.*
who (?:do|can|should) i (?:call|contact|ask)\b.*|customer care|
    login|log in|password|contrasena
(?:which|what) (?:health )?(?:plan|insurance) (?:should|do|is best)|ppo|hdhp|open enrollment|
    which plan|minimum payment|pay(?:ment)? on my medical bills?|
    (?<!fee on a )(?<!fees on a )(?<!interest on a )medical bills?$|
    (?:form|forma) \d{{3,4}}|file (?:a |
    my )?(?:claim|taxes)|submit (?:a |my )?claim|(?:hide|evade|avoid|cheat|trick|
    fool|launder|scam (?:my|the|an?|them))\b.*|(?:get away with|lie (?:to|on|about)|
    game the system)\b.*
(?:fake|change|edit|make up|invent|alter) (?:\w+ ){{0,4}}(?:receipt|claim|diagnosis|invoice)\w*
(?:is|are|can|does|do|will) my (?:\w+ )?(?:\d+ (?:year|yr)s? old|spouse|wife|husband|kids?|child|
    children|sons?|
    daughters?|dependents?|parents?|mom|dad|girlfriend|boyfriend|partner|roommate|family)
     (?:still )?(?:be )?(?:covered|eligible|included|on|a dependent|qualify|count)(?: (?:by|under|
    on|for|in|as|with|my|an?|the|{_ACCOUNT}|insurance))*$
what (?:does|do|will|would) (?:\w+ ){{1,4}}(?:covers?|pay for|include)$
(?:before|until|after) i (?:open|opened|had|have|got|joined|started|lost|left) (?:my|an?|
    the) {_ACCOUNT}
hasta (?:cuando|que (?:dia|fecha)) (?:\w+ ){{0,4}}(?:gastar|usar|reclamar|pedir|mandar)\b.*
(?:invest|transfer|move|combine|merge|inherit|cash out) (?:my|our|money|funds|it|the|an?|{_ACCOUNT})
    \b(?: \w+){{0,4}} {_ACCOUNT}|{_ACCOUNT} (?:\w+ )?(?:pre ?tax|after tax|earns? (?:\w+ )?interest)
(?:card|app|login|website|portal|debit) (?:\w+ )?(?:not|isnt|doesnt|wont|stopped) work(?:ing)?
{_ACCOUNT} (?:bank|administrator|company|provider) (?:wants?|asks?|asked|needs?|says?|keeps?)
both (?:of us|spouses|my (?:wife|husband) and i)\b.*{_ACCOUNT}|use my {_ACCOUNT} (?:for|on) my
     (?:\w+ )?(?:spouse|wife|husband|girlfriend|boyfriend|roommate|fiancee?|mom|dad|parents?|kids?|
    child|children|son|daughter|sister|brother|family)$
(?:report|declare|change|cancel|elect|increase|lower) (?:my|the|our|an?) (?:\w+ )?
    (?:{_ACCOUNT}|health insurance|election|coverage)(?: on| mid| election|$| from| in | to )
^how (?:long|much|often|many \w+) (?:does|do|will|can) (?:\w+ ){{0,2}}(?:insurance|medicare|
    medicaid) (?:pay|cover)\b.*
(?:employer|company|boss)s? (?:\w+ ){{0,2}}(?:required to|have to|has to|must|offers?|match(?:es)?)
     (?:offer )?(?:an? |the |my )?{_ACCOUNT}$|(?:drop|add|remove|keep) my (?:\w+ ){{1,2}}(?:from|to|
    on) my (?:\w+ )?(?:insurance|plan|coverage)
^(?:say|pretend|tell them|claim|put) (?:that )?(?:i|im|my \w+) .*|inherit\w*|get an? (?:w2|1099)
(?:lose|keep|happens? to|use up|forfeit) (?:my|the|an?|your) (?:\w+ )?{_ACCOUNT}
how (?:do|can|does|will) (?:i|we|it|they) get reimbursed (?:from|by) my {_ACCOUNT}$
(?:what|which|que) (?:\w+ )?(?:receipts?|documents?|documentation|paperwork|proof|recibos?|
    documentos?) (?:do|does|should|must|are|is|need\w*)\b.*|keep (?:my |the )?receipts
^(?:hsa|fsa|hra)(?: (?:and|or|vs) (?:hsa|fsa|hra))? (?:eligible|approved|qualified|covered)
     (?:items?|expenses?|products?|list|stuff|things)(?: list)?$
what(?:s| is| are)? (?:\w+ )?(?:covered|eligible|included|allowed)(?: (?:under|by|with|on|in|
    expenses?|items?|things?)\b.*)?$|que (?:cubre\w*|gastos (?:son|cubre\w*)|esta cubierto)
    (?: \w+){{0,5}}$|list of (?:eligible|covered)|eligible (?:expenses|items) list|
    what can i (?:buy|use|spend|get|claim|pay)(?: \w+){{0,6}}$|que puedo (?:comprar|pagar)
    (?: \w+){{0,5}}$
what (?:\w+ ){{0,2}}(?:expenses?|costs|services|procedures) (?:are|is|can|does|do|count|
    qualify)\b.*
""")
_ABOUT_MONEY = _pattern(r"""
contribut\w+|rollovers?|overpay\w*|terminated|deposits?|withdraw\w*|balance|enrolled|deadline|
    run ?out
card (?:was|got|is|keeps) (?:\w+ )?(?:declin\w+|reject\w+|denied)
(?:quit|left|lost|leaving|losing|changed|changing) my job(?=.*\b(?:hsa|fsa|hra|claims?|account)\b).*
""")
_DIAGNOSIS = _pattern(r"""
should i (?:get|have|try)\b.*
(?:should|can|could|must|do|may) i (?:stop|start|quit|keep|take|see|go|worry|be worried|skip|
    mix|double|need to see|need to go|get tested|eat)\b.*
is (?:this|it|that|my \w+|these|there) (?:\w+ ){0,3}(?:cancer\w*|normal|contagious|serious|
    infected|broken|dangerous|fatal|hereditary|genetic|safe|a cure|a vaccine|a treatment)
do i (?:really )?need (?!.*\b(?:prescription|rx|receta|note|script|
    referral)\b).+|do i have|do you think i have|have i got|
    what(?:s| is| could be| might be) (?:wrong with|
    causing|this (?:rash|bump|lump|pain|spot))|whats wrong|diagnose\w*(?: me| my)|my symptoms?|
    symptoms? of|side effects?|how (?:do i|to) (?:treat|cure|get rid of|stop|lower|heal)\b.*
(?:what|which) (?:\w+ )?(?:medicines?|medications?|drugs?|pills?|meds|vitamins?|antibiotics?|
    cream|dose|dosage|treatment) (?:\w+ )?(?:to|should|can|for|do|is best|helps?|works?)\b.*
what (?:should|can|could|do) i (?:\w+ )?(?:take|do|use|eat) (?:for|about|if|to)\b.*|
    what (?:causes?|helps?|is good for|are the signs)\b.*|how long (?:should|does|do|will|
    can) (?:a|an|my|the|it)\b.*
(?:find|need|recommend|looking for) (?:me )?(?:a|an|the best|a good) (?:doctor|specialist|
    dentist|dermatologist|provider|clinic)(?: (?:near|in|for|who|that)\b.*)?$|
    want to find a doctor|(?:see|call) a doctor|is \w+ (?:an? )?(?:\w+ )?(?:disease|disorder|
    illness|contagious|hereditary|genetic)|how (?:can|do) i (?:get|find) help\b.*
que (?:puedo|debo|me|podria) (?:tomar|tomo|hacer|hago|poner\w*|usar|comer)\b.*|que (?:medicina|
    medicamento|pastilla|remedio|antibiotico)\w*\b.*|(?:es|sera|tengo|tendre) (?:cancer|grave|
    contagioso|normal)|debo (?:dejar|tomar|ir|preocuparme|parar)\b.*|por que me duele\b.*|
    ^que tengo|cuanto (?:dura|tarda)\b.*|como (?:curo|quito|bajo|se cura|me curo)\b.*
""")
_COMPLAINT = _Pattern(
    r"^(?:i (?:have|got|feel)|im|ive got|tengo|me duelen?|siento|my \w+ "
    r"(?:is|are|feels?|hurts?|aches?))(?: \w+){0,5}$"
)
"""What hurts, and nothing else."""
_OTHER_LANGUAGE = _pattern(r"""
jai besoin|je (?:veux|suis|voudrais|peux)|besoin de|lunettes|bonjour|merci|avez vous|est ce que|
    ich (?:brauche|habe|mochte|bin)|brauche|danke|guten|bitte|preciso de|eu (?:quero|preciso)|
    voce|obrigad[oa]|nao|oculos|ciao|vorrei|grazie|mwen|bezwen
""")
_FOREIGN = frozenset(
    """
    combien cherche coute pour avec dans une est les des vous nous mon mes puis pouvez suis
    acheter wo kann ich eine einen ist und fur mein meine wie kaufen kostet nicht der das
    eu quero comprei quanto custa posso onde meu minha uma voce isso preco dove mio costa
    kisa kote mwen pou nan gade ki
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
"""Small words of French, German, Portuguese, Italian and Creole; two of them are no chance."""
_ACCOUNT_NAMED = _Pattern(
    r"\b(?:hsas?|fsas?|hras?|flex(?:ible)? spending|health savings|tax(?:es)?|deduct\w*|"
    r"write off)\b"
)
_TO_HAVE = _Pattern(
    r"^(?:can|could|may|should|would|will|am|are|puedo|podria|podemos|debo|es|is|son) "
    r"(?:(?:i|we|my \w+|they|able to|allowed to|me) )*(?:also |still |just )?(?:get|buy|use|"
    r"purchase|order|install|rent|hire|comprar|usar|pagar|pedir|conseguir|rentar|posible|"
    r"(?:\w+ ){1,4}(?:ok|okay|fine|possible|included|valid\w*|accepted|aceptad\w+|good)$)"
)
_OTHER_INSURER = _Pattern(
    r"\b(?:geico|progressive|allstate|state farm|liberty mutual|nationwide) (?:covers?|pays?)\b"
)
_BANKING = _pattern(r"""
(?:bank|checking|credit|debit|routing|credit card|visa|mastercard|amex|paypal|venmo|zelle|payroll)
    (?:\w+ )?(?:accounts?|cards?|scores?|limits?|reports?|numbers?|rating|history|balance|loans?|
    statements?|fraud)|my (?:bank|visa|mastercard|credit|debit|atm|paycheck|401k|w2)
(?:car|auto|student|home|personal|payday) loans?|interest rates?|overdraft|direct deposit|atm|
    exchange rate|new checks|wire transfer|cash ?back|bad credit|build credit|the apr|apr on
(?:cuenta|tarjeta) (?:de (?:banco|ahorros?|cheques|credito|debito)|bancaria)|en el banco|prestamo
luggage (?:\w+ )?lost|lost (?:\w+ )?luggage|tire pressure|electric bill|light bill|pagame la luz
""")
_FIRST_WORDS_QUESTION = _Pattern(
    r"^(?:what|whats|which|who|whos|where|wheres|when|why|how|hows|is there|are there|"
    r"do you|are you|did you|will it|whose|que|cual|cuales|quien|donde|cuando|por que|"
    r"como|cuanto|cuantos|cuanta|cuantas|hay)\b(?! about)(?! if)"
)
_FIRST_WORDS_YES_OR_NO = _Pattern(
    r"^(?:is|are|am|was|were|do|does|did|can|could|will|would|should|has|have|may|might|must|"
    r"es|son (?:l[ao]s|el|un\w*|mis|est[oa]s|elegibles|deducibles)|esta|estan|puedo|"
    r"puede|pueden|debo|sera)\b"
)
_FIRST_WORDS_ORDER = _Pattern(
    r"^(?:tell|give|show|find|get me|set|create|add|remind|play|call|book|order|send|turn|"
    r"translate|write|make|cancel|schedule|transfer|open|read|sing|explain|spell|change|"
    r"refill|renew my|review of|reviews? (?:of|for)|switch to (?:spanish|english|espanol|"
    r"ingles)|speak|hablar? en|quiero hablar|"
    r"update|put|text|email|delete|remove|increase|"
    r"lower|start|stop|navigate|recommend|suggest|calculate|convert|define|let me know|"
    r"can you (?:tell|give|find|play|set|book|order|help|make|call|remind|add|look|"
    r"schedule|translate)|(?:flip|roll|freeze|unfreeze|report|dispute|activate|block|"
    r"unlock|lock|check|track|snooze|pay) (?:an? |the |my |our |some )(?!therap|doctor|dentist|"
    r"copay|deductible)|report fraud|transfer (?:money|funds|\d|\w+ dollars|from)|go (?:to|away)|"
    r"(?:i )?(?:need|want) (?:you )?to (?:order|set|call|know|report|transfer|book|change|reset|"
    r"cancel|open|freeze|check|find)|"
    r"(?:paga|pon|da|di|busca|manda|envia|cuenta|compra|lee|canta|explica|reserva|llama)me|"
    r"transfiere|paga|apaga|enciende|toca|canta|abre|cierra|cambia|borra|could you|would you|"
    r"i want you to|please (?:tell|find|set|add)|"
    r"dime|dame|busca|muestrame|pon|llama|recuerdame|reserva|manda|traduce|escribe|"
    r"cuentame|puedes|podrias|(?:me|nos) (?:puedes?|podrias?) (?:ayudar|decir|dar|hacer|contar|"
    r"explicar|buscar))\b"
)


def _asked(spoken: str, money: bool) -> About:
    """What the wording alone shows to be no expense."""
    if _OTHER_LANGUAGE.search(spoken) or len(_FOREIGN.intersection(spoken.split())) > 1:
        return "off_topic"
    if _OTHER_INSURER.search(spoken) or (
        _OTHER_INSURANCE.search(spoken) and not _ACCOUNT_NAMED.search(spoken)
    ):
        return "off_topic"
    told = _form(spoken) == "statement"
    story = told and len(spoken.split()) > 12  # it names its thing, and the letter beside it
    if not story and _ABOUT_LETTER.search(spoken) and not _FOR_AN_ITEM.search(spoken):
        return "letter_question"
    if not money and _BANKING.search(spoken):
        return "off_topic"
    if (_ABOUT_MONEY if told else _ABOUT_ACCOUNT).search(spoken) and len(spoken.split()) <= 30:
        return "letter_question"
    if not money and _DIAGNOSIS.search(spoken):
        return "diagnosis_request"
    return ""


_FOR_AN_ITEM = _Pattern(
    r"\b(?:do|does|would|will|can) (?:i|you|we|my \w+) (?:need|get|have|require)\b.*\bfor\b"
)


def _form(spoken: str) -> Form:
    if _FIRST_WORDS_QUESTION.match(spoken):
        return "question"
    if _FIRST_WORDS_ORDER.match(spoken):
        return "order"
    if _FIRST_WORDS_YES_OR_NO.match(spoken):
        return "yes_or_no"
    if re.match(r"^(?:i|im|ive|my|we|our|he|she|they|mi|yo|me|tengo|necesito)\b", spoken):
        return "statement"
    return "item"


def _likely(spoken: str, form: Form, money: bool) -> About:
    """What it is about when no item turns up."""
    if _ABUSE.search(spoken):
        return "abuse"
    if _COURTESY.match(spoken) and not money:
        return "small_talk"
    if _COMPLAINT.match(spoken) and not money:
        return "diagnosis_request"
    if form in ("question", "order"):
        return "letter_question" if money else "off_topic"
    if form in ("yes_or_no", "statement") and not money:
        return "off_topic"
    return ""


def account_named(words: str) -> str | None:
    """The one health account that a question names: "can an FSA pay premiums" asks about FSAs."""
    plain = folded(words[:2000])
    named = {account for account, sign in _ACCOUNTS_NAMED.items() if sign.search(plain)}
    if "dcfsa" in named or "lpfsa" in named:
        named.discard("fsa")  # both names hold "FSA"
    return named.pop() if len(named) == 1 else None


_ACCOUNTS_NAMED = {
    "hsa": _Pattern(r"\b(?:hsas?|health savings accounts?)\b"),
    "fsa": _Pattern(r"\b(?:fsas?|flex(?:ible)? spending|flex (?:card|account|plan)s?)\b"),
    "hra": _Pattern(r"\b(?:hras?|ichra|qsehra|health reimbursement)\b"),
    "lpfsa": _Pattern(r"\b(?:lpfsas?|limited(?: purpose)? (?:fsas?|flex\w*))\b"),
    "dcfsa": _Pattern(r"\b(?:dcfsas?|dcap|dependent care (?:fsas?|flex\w*|accounts?))\b"),
}


# --- what is left to look up -----------------------------------------------------------------

_PAYER = (
    r"(?:insurance|insurer|insurances|insurance compan(?:y|ies)|medicare|medicaid|tricare|"
    r"aetna|cigna|humana|blue cross|kaiser|united ?healthcare|obamacare|"
    r"hsas?|fsas?|hras?|flex(?:ible)?(?: spending)?|health savings accounts?|seguro|"
    r"aseguranza|plan)"
)
_ACCOUNT_TAIL = (
    r"(?: (?:accounts?|cards?|funds?|money|dollars|plans?|debit|benefits?|"
    r"insurance|eligible|eligibility|hsa|fsa|hra))*"
)
_FRAMES = (
    # Does Aetna health insurance (help) pay for …, Can any insurance company cover …
    _Pattern(
        rf"^(?:do|does|can|will|would|should|could|is|are|did|if|que|el|la|"
        rf"mi) (?:\w+ ){{0,4}}?{_PAYER}(?: (?:or|"
        rf"and) (?:\w+ )?{_PAYER})?{_ACCOUNT_TAIL} (?:\w+ )?(?:be used |used )?(?:help )?"
        r"(?:covers?|pays?(?: for)?|reimburses?|approves?|to pay for|for|cubre|paga)\b"
    ),
    # … with my HSA account, … under an FSA, … on my taxes
    _Pattern(
        rf"\b(?:by|under|with|through|from|using|on|in|into|w|out of|against|off|con|por|"
        rf"en|para|de|a) (?:my |the |our |an? |your |mi |la |el |su |un |una |cuenta )*"
        rf"(?:\w+ )?(?:{_PAYER}{_ACCOUNT_TAIL}|taxes|tax return|tax|impuestos)(?: o (?:fsa|"
        rf"hsa|hra))?\b"
        r"(?! premiums?)"
    ),
    _Pattern(
        r"\b(?:my|a|an|the|some|your|his|her|their|mi|un|una|el|la|su) (?:\w+ )?"
        r"(?:doctors?|dr|drs|doc|physician|therapist|chiropractor|dermatologist|dentist|"
        r"nurse|pediatrician|psychiatrist|specialist|surgeon|pcp|np|pt|"
        r"doctora?|medic[oa]|terapeuta|quiropractico|dentista|psicolog[oa]|\w+ologist|"
        r"\w+ologo|\w+ologa) (?:\w+ ){0,2}(?:said|says|say|recommend\w*|prescrib\w*|wrote|"
        r"told|thinks|wants|suggest\w*|order\w*|advis\w*|gave|made|put|refer\w*|me|lo|la|"
        r"dijo|recet\w*|recomend\w*)\b"
    ),
    _Pattern(
        r"\b(?:dr|doctors?|doc|doctora?|medico|medica|pt|ob|obgyn|podiatrist|dermatologist|"
        r"therapist|allergist|pediatrician|dentist|orthodontist|psychiatrist|chiropractor|"
        r"naturopath|nutritionist|surgeon|physician|\w+ologist|nurse) (?:\w+ )?(?:said|says|"
        r"recommend\w*|"
        r"prescrib\w*|wrote|told|wants|suggest\w*|order\w*|dijo|recet\w*|recomend\w*)\b|"
        r"\b(?:recomend\w*|recet\w*|dijo|mando|recommended|prescribed|ordered|"
        r"suggested) (?:by |por )?(?:el |la |mi |my |the |a |un |una )?(?:doctora?|dr|"
        r"medic[oa]|doc|physician|chiropractor|dentista?|therapist|nurse|pediatrician|"
        r"podiatrist|surgeon|\w+ologist|\w+ologo|quiropractico)\b|"
        rf"\b(?:a |an |the |my |with )?(?:doctors? |drs? )?{_LETTER}"
        rf"(?: of medical necessity)?(?: from (?:my |a )?\w+)?\b|\b(?:a |with |have a |"
        rf"without )?(?:doctors?|drs) (?:note|prescription|letter|orders?)\b"
    ),
)


def _unframed(spoken: str) -> str:
    """The message without who pays, who recommended it, and on which account."""
    text = spoken
    for frame in _FRAMES:
        shorter = frame.sub(" , ", text)
        if re.search(r"[a-z]{3}", shorter):
            text = shorter
    return text.strip()
