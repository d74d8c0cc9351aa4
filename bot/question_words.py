"""The words of a question, in English or Spanish -> what they ask, and whether they ask at all.

The law of this room: it knows how people ask, and no question of ours. Both languages come to the
same roots, so that what is written in one is found in the other.
"""

from __future__ import annotations

import re

from bot.expenses import folded

LONGEST_READ = 600
"""Characters of a message that are read; a question stands well within."""

_SPOKEN = {
    word: meant
    for line in """
    not: dont doesnt didnt isnt arent wasnt cant cannot couldnt wont wouldnt shouldnt havent hasnt
    not: never no without sin nunca
    have to: gotta hafta hasta
    want to: wanna
    going to: gonna
    through: thru
    you: u
    are: r
    your: ur
    with: w
    do not know: dunno idk
    medical: med
    receipt: reciept reciepts recipt
    necessary: neccesary necesary
    because: cuz bc
    who: whos
    what: whats wut
    where: wheres
    when: whens
    how: hows
    give me: gimme
    que: q k
    por que: xq pq porq
    tambien: tb tmb
    """.strip().splitlines()
    for meant, _, words in [line.strip().partition(": ")]
    for word in words.split()
}
"""Short and spoken spellings, and what is meant. A refusal is a refusal in every word for it."""

_STOP = frozenset(
    """
    a an the of to in on at by with as is are was were be been being am and or so then there it its
    this that these those im ive i me my mine your ur we us our they them their he she his her him
    too have has had having please thanks thank hi hello hey just really also actually maybe ok okay
    any some very get gets got getting can could would should may might will shall must do does did
    doing need needs needed want wants tell question help medical medically exactly now going go
    lol like kinda basically anyway even still yet gonna guess know one thru you
    el la los las lo un una unos unas de del al en y o u con por para mi mis su sus se me te le les
    nos usted ustedes este esta esto ese esa eso esos esas es ser estan ha he hay haber hola favor
    muy ya quiero tiene tienen tener necesito necesita necesitan saber pregunta medica puede puedo
    pueden debe deben debo tengo va van a todavia tambien eh pues ahora yo fue era si hago hacer
    hace hacen hecho
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
"""Words that only hold a sentence together."""

_SAME = {
    same: line.split()[0]
    for line in """
    letter letters lmn lmns carta cartas
    what cual cuales
    who quien quienes
    when cuando
    where donde
    how como
    why porque
    see sees seen ver ve vea ven read reads lee leer
    say says said saying included include includes including contain contains put puts
    say decir dice diga incluir incluye lleva llevar poner pone ponga contiene
    every each cada siempre always everytime
    anyone anybody someone somebody everyone alguien
    doctor doctors physician physicians md mds dr drs doc docs provider providers practitioner
    doctor medico medicos doctora doctores
    chiropractor chiro chiropractic chiropractors quiropractico quiropractica
    nurse np rn nurses enfermera enfermero enfermeras
    send sends sending submit submits submitting mail mails upload uploads email fax file files
    send attach turn envio enviar envia envie mandar mando manda mande subo subir entrego entregar
    cost costs charge charges fee fees price expensive bill cuesta cuestan cobran cobra cobrar
    cost costo cobre precio
    deny denied denies reject rejected refuse refused refuses rejects denial declined decline
    deny declines rejection refusal kicked bounced turned
    deny rechazan rechazaron rechazo negaron niegan niega nego rechazar rechazada rechazado negada
    deny rechaza rechazas negar negarme negarmelo negado negativa
    buy buys bought purchase purchased purchases buying order ordered compre comprar compro compra
    buy comprado comprarlo
    pay pays paid paying pago pagan paga pagar paguen pague pagarme pagado payment
    pay reimburse reimbursed reimbursement reimburses reembolso reembolsan reembolsar reembolsen
    child kid son daughter kids children baby minor sons daughters hijo hija nino nina hijos hijas
    child ninos ninas bebe
    spouse husband wife partner husbands wifes esposo esposa conyuge marido
    parent parents mother father mom dad moms dads mama papa padre madre padres grandma grandmother
    parent abuela abuelo
    insurer insurance insurers aseguradora seguro aseguranza
    employer boss company hr job empleador jefe empresa trabajo patron jefa
    form forms template templates sample samples example examples formulario formularios modelo
    form ejemplo ejemplos plantilla formato forma machote
    valid good last lasts expire expires expired validity expiration expiring vence vale dura duran
    valid durar vencer vencio vencimiento valida valido sirve sirven
    therapist therapists pt ot physiotherapist terapeuta fisioterapeuta terapista shrink
    psychologist psychologists psicologo psicologa psychiatrist psiquiatra counselor
    year yearly annual annually years yr yrs ano anual anos
    sign signed signs signing signature signatures firma firmar firme firmo firmada firman
    write writes writing written wrote writer escribe escribir escriba escribo escribio escribirme
    write redactar
    fill fills completes complete llena llenar lleno llene
    ask asks asked asking request requests pedir pido pide piden pida preguntar pregunto pregunte
    backdate backdated backdating antedate predate
    early earlier older old vieja viejo anterior atrasada pasada
    date dates dated fecha fechas
    tax taxes irs impuestos fisco
    deduct deduction deductible deducting deducts deducir deduccion deducible deduzco deducirlo
    renew renewal renewing renewed renews renovar renuevo renovacion renueva
    receipt receipts invoice invoices recibo recibos factura comprobante comprobantes
    decide decides decision decisions determine determines determined
    online internet telehealth virtual linea telemedicina video videollamada website websites web
    online site sites teladoc
    delete erase remove borrar borro borre borra eliminar elimino elimine wipe erased
    appeal appeals appealing appealed apelar apelo apelacion apele
    necessary necessity necesario necesidad necesaria
    explain define meaning mean means significa explique
    prescription prescriptions rx rxs script receta recetas
    card cards tarjeta tarjetas debit
    account accounts cuenta cuentas
    note notes nota notas
    code codes icd cpt codigo codigos
    diagnosis diagnosed diagnoses diagnostico diagnosticado diagnosticaron diagnostican
    keep keeps keeping save saves guardo guardar guarda guarde
    paper papers paperwork records record documents document documentation papeles papel documentos
    paper expediente historial estudios radiografias xray mri imaging labs lab analisis
    food foods groceries comida comidas alimento alimentos meals
    home house casa hogar remodel remodeling remodelacion bathroom bano reforma
    thing things stuff item items product products cosa cosas productos
    expense expenses gasto gastos
    relative relatives family familiar familia brother sister hermano hermana tia tio prima primo
    trainer trainers entrenador entrenadora coach
    dentist dentista dentists dental
    private privado privada confidential confidencial
    daycare guarderia
    deadline deadlines due plazo plazos limite
    guarantee guaranteed guarantees garantiza garantizan garantizado garantia promise assured
    approve approved approves approval aprueban aprobar aprueba aprobado aprobacion accept accepted
    approve aceptan acepta aceptar
    mistake mistakes errors error errores wrong
    permanent forever permanente indefinite indefinitely
    cover covers covered cubre cubren cubrir
    difference diff differences diferencia vs versus
    electronic electronically esignature digital docusign electronica
    prior previa preauthorization preauth preapproval preautorizacion auth authorization
    prior autorizacion
    review reviews revision revisa revisar
    lose lost loses perder pierdo pierde
    limit max maximum limits maximo
    """.strip().splitlines()
    for same in line.split()
}
"""Words that ask for the same thing, in both languages; the first of a line stands for all."""

_PHRASES = tuple(
    (re.compile(rf"\b(?:{found})\b"), meant)
    for found, meant in (
        (
            r"letters? of medical nece\w+|medical nece\w+ letters?|cartas? de necesidad medica",
            "letter",
        ),
        (r"(?:has|have|had|needs?|supposed) to be (?:in|on) (?:it|the)|goes (?:in|on)", "say"),
        (r"(?:be|is|go) (?:in|on) the (?=letter|lmn)", "say "),
        (r"how (?:long|much time|many (?:days|months|years))", "howlong"),
        (r"cuant[oa]s? (?:tiempo|dias|meses|anos)|hasta cuando|cada cuando", "howlong"),
        (r"how (?:much|expensive)|cuant[oa]", "howmuch"),
        (r"(?:por|para) que", "why"),
        (r"how come|what for", "why"),
        (r"every time|cada vez", "every"),
        (r"e signatures?|e signed?", "electronic sign"),
        (r"back dat(?:e|ed|ing)", "backdate"),
        (r"write (?:it |this |that )?off", "deduct"),
        (r"x rays?", "records"),
        (r"day care", "daycare"),
        (r"for life|de por vida|para siempre|go(?:es)? away", "permanent"),
        (r"right now|a fuerza", ""),
        (r"(?:tienen?|tengo|hay) que", "debe"),
    )
)
"""Several words that stand for one; the letter's whole name says no more than the word does."""

_CLITICS = re.compile(r"^(\w{2,}[aei]r)(?:(?:me|te|se|nos)?l[aoe]s?|me|te|se|nos)$")
"""Spanish pronouns at the end of an infinitive: firmarla, escribírmela."""

OURS = frozenset(
    """
    letter claim appeal deny sign write plan receipt card diagnosis note buy renew form deduct audit
    prior solicitud reclamo reembols permanent backdate irs
    """.split()  # noqa: SIM905 - as above
)
"""Roots of what this guide is about: beside them, words need not have a question's shape."""

_ASKS = re.compile(
    r"^(?:(?:and|but|so|ok|hi|hello|hola|y|pero|um|well|oye|disculpe) )*(?:"
    r"who|whos|whose|whom|what|whats|when|whens|where|wheres|why|how|hows|which|can|could|may|must|do|does|did|is|are|am|"
    r"will|would|should|if|isnt|arent|dont|doesnt|wont|cant|shouldnt|couldnt|explain|tell me|"
    r"show me|give me|quien|quienes|que|q|cual|cuales|cuando|donde|porque|como|cuanto|cuanta|"
    r"cuantos|cuantas|puedo|puede|pueden|debo|debe|tengo que|tiene que|tienen que|son|hay|necesito|"
    r"(?:a|de|en|con|por|para|hasta|desde|cada) (?:quien|que|donde|cuando|cuanto|cual)|"
    r"es (?!para |mi |mio|un |una |el |la |de )|"
    r"(?:me|se|le|la|lo|les|nos) (?:pueden?|puedo|tienen? que|pagan?|cobran?|cubren?|aceptan?)|"
    r"sirven? |vale (?!la pena)|digame|expliqueme|si )\b"
    r"|\b(?:can|could|do|does|did|should|will|would|am) (?:i|he|she|we|they|you)\b"
    r"|\b(?:is|was) (?:it|that|this) (?:ok|okay|fine|enough|legal|allowed|too|worth|possible)\b"
    r"|\b(?:now what|what now|what (?:to|should|do)|que hago|y ahora que|como le hago)\b"
)


def asks(words: str) -> bool:
    """Whether the words have the shape of a question, in English or Spanish."""
    return "?" in words or "¿" in words or bool(_ASKS.search(plain(words)))


def plain(words: str) -> str:
    """The words without case, accents and signs."""
    return folded(re.sub(r"['’`´]", "", words[:LONGEST_READ]))


def _root(word: str) -> str:
    word = _CLITICS.sub(r"\1", word)
    if word in _SAME:
        return _SAME[word]
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4 and word[-1] in "eao":
        word = word[:-1]
    return _SAME.get(word, word)


def roots(words: str) -> dict[str, bool]:
    """What is asked: ``True`` for words that carry the question, ``False`` for small ones."""
    said = plain(re.sub(r"\bm\.d\b\.?", "md", words, flags=re.IGNORECASE))
    said = " ".join(_SPOKEN.get(word, word) for word in said.split())
    for several, meant in _PHRASES:
        said = several.sub(meant, said)
    return {_root(word): True for word in said.split() if word not in _STOP} | {
        word: False for word in said.split() if word in _STOP
    }
