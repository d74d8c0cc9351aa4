"""The sentences behind a verdict, in English and Spanish, each with the rule it rests on.

The law of this room: a sentence states a rule and names its dated source. It never promises that a
plan will pay, and it is worded for a patient: short sentences and everyday words. Figures that
Congress or the IRS may change stand once, in ``LAW``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.sources import Source

_CHECKED = date(2026, 11, 23)
_SOLID = date(2027, 11, 23)
_SECONDHAND = date(2027, 5, 23)
"""A copy or another party's description of a rule is looked at again sooner."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a verdict. ``code`` is stable: stories and tests name it."""

    code: str
    text_en: str
    text_es: str
    source: Source | None = None

    def text(self, language: str) -> str:
        """The sentence in a language; English stands in for one we do not have."""
        return self.text_es if language == "es" else self.text_en


def _source(title: str, url: str, recheck_by: date = _SOLID) -> Source:
    return Source(title=title, url=url, checked_on=_CHECKED, recheck_by=recheck_by)


HSA_ADDITIONAL_TAX = 20
"""Percent on top of income tax for money not spent on medical care; none from 65 or if disabled."""
DEDUCTION_FLOOR = "7.5"
"""Percent of adjusted gross income that medical costs must exceed (26 USC 213(a))."""
LODGING_LIMIT = 50
"""Dollars per night and person (26 USC 213(d)(2))."""

LAW: Mapping[str, Source] = {
    "medical_care": _source(
        "26 USC 213: what counts as medical care",
        "https://www.customsmobile.com/uscode/title26_subtitleA_chapter1_subchapterB_partVII_section213",
    ),
    "general_health": _source(
        "IRS: questions on medical expenses, nutrition, wellness and general health",
        "https://www.irs.gov/individuals/frequently-asked-questions-about-medical-expenses-related-to-nutrition-wellness-and-general-health",
    ),
    "gym": _source(
        "NYSSCPA: the IRS questions and answers on medical expenses (March 2023)",
        "https://nysscpa.org/news/publications/the-trusted-professional/article/irs-posts-faqs-about-medical-expenses-032023",
    ),
    "cosmetic": _source(
        "FSAFEDS: what needs a letter, cosmetic work included",
        "https://fsafeds.com/support/faq/all/16",
    ),
    "special_food": _source(
        "BKM: weight loss, obesity and medical deductions (special food)",
        "http://bkmcpas.com/236/Weight-Loss-Obesity-Medical-Deductions",
        _SECONDHAND,
    ),
    "excess_cost": _source(
        "FSA Store: the extra cost of an item with an ordinary counterpart",
        "https://fsastore.com/articles/learn-june-fsa-mailbag-recapping-best-learning-center-questions.html",
        _SECONDHAND,
    ),
    "capital": _source(
        "US Tax Court on medical home improvements, lodging and travel (T.C. Memo.)",
        "https://law.onecle.com/tax/2000/mitic.tcm.wpd12.html",
    ),
    "over_the_counter": _source(
        "Wagner Law Group: IRS guidance on medical expenses (over-the-counter medicine)",
        "https://www.wagnerlawgroup.com/blog/2023/03/irs-provides-guidance-on-the-definition-of-medical-expenses/",
    ),
    "fsa": _source(
        "Newfront: how health FSA claims are proved (Prop. Treas. Reg. 1.125-6)",
        "https://newfront.com/blog/health-fsa-claim-substantiation",
    ),
    "hra": _source(
        "Groom Law Group: the IRS on proving FSA and HRA claims",
        "https://www.groom.com/resources/irs-explains-fsa-substantiation-rules/",
    ),
    "lpfsa": _source(
        "Navia: limited-purpose FSA guide",
        "https://relayto.com/explore/limited-purpose-fsa-enrollment-guide-i3krscrzbjl2c/c58Hg7875",
        _SECONDHAND,
    ),
    "dcfsa": _source(
        "FSA Store: which accounts a letter helps with",
        "https://fsastore.com/FSA-Eligibility-List/C/Capital-Expenditures",
        _SECONDHAND,
    ),
    "hsa": _source(
        "First Dollar: records to keep for HSA expenses",
        "https://help.firstdollar.com/firstdollar/en/articles/6048078-recordkeeping-for-hsa-expenses",
    ),
    "hsa_tax": _source(
        "An employer's guide to a Fidelity HSA: managing your HSA",
        "http://fdyjadeite.com/hr/health-wellness/health/about-the-health-saving-account-hsa/managing-your-hsa",
        _SECONDHAND,
    ),
    "insurer": _source(
        "LegalClarity: what a letter of medical necessity looks like",
        "https://legalclarity.org/what-does-a-letter-of-medical-necessity-look-like",
        _SECONDHAND,
    ),
    "exclusions": _source(
        "Medical Home Portal: writing letters of medical necessity",
        "http://www.medicalhomeportal.org/issue/writing-letters-of-medical-necessity",
        _SECONDHAND,
    ),
}
"""The rules that verdicts rest on, besides the sources of each expense."""

PAPERS: tuple[Source, ...] = (
    _source(
        "IRS alert IR-2024-65 on notes for food and wellness (March 2024)",
        "https://tax.thomsonreuters.com/news/irs-reminder-personal-expenses-for-general-health-and-wellness-are-not-reimbursable-under-health-fsas-hras-or-hsas",
    ),
    _source(
        "Take Command: letter of medical necessity guidance",
        "https://intercom.help/take-command-health/en/articles/5558051-letter-of-medical-necessity-guidance",
        _SECONDHAND,
    ),
    _source(
        "ProBenefits: what happens when a claim is denied",
        "https://probenefits.com/faq/what-happens-when-a-claim-is-denied/",
        _SECONDHAND,
    ),
    _source(
        "IRS Publication 969, how long to keep records (a copy)",
        "http://robmillerforcongress.com/1172",
        _SECONDHAND,
    ),
)
"""The pages behind what the papers say to everybody, whatever the expense and the plan."""


def _reason(code: str, law: str, english: str, spanish: str) -> Reason:
    return Reason(code, english, spanish, LAW[law] if law else None)


_ALL: tuple[Reason, ...] = (
    # --- the account, by what the verdict is ---
    _reason(
        "no_letter.fsa",
        "fsa",
        "Under federal rules, a health FSA can pay for this without a letter. "
        "Keep the itemized receipt: your plan may ask for it.",
        "Según las reglas federales, una FSA médica puede pagar esto sin carta. "
        "Guarde el recibo detallado: su plan puede pedirlo.",
    ),
    _reason(
        "letter.fsa",
        "fsa",
        "For a health FSA, the letter goes to your plan. Your plan decides, and it may say no.",
        "Con una FSA médica, la carta se envía a su plan. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "prescription.fsa",
        "fsa",
        "For a health FSA, you need a prescription, not a letter. "
        "Your plan decides, and it may say no.",
        "Con una FSA médica, necesita una receta médica, no una carta. "
        "Su plan decide, y puede decir que no.",
    ),
    _reason(
        "depends.fsa",
        "fsa",
        "A health FSA may pay for this. Your plan decides, and it may say no.",
        "Es posible que una FSA médica pague esto. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "never.fsa",
        "fsa",
        "As things stand, a health FSA does not pay for this.",
        "Tal como están las cosas, una FSA médica no paga esto.",
    ),
    _reason(
        "no_letter.lpfsa",
        "lpfsa",
        "Under federal rules, a limited-purpose FSA can pay for this without a letter. "
        "Keep the itemized receipt: your plan may ask for it.",
        "Según las reglas federales, una FSA de propósito limitado puede pagar esto sin carta. "
        "Guarde el recibo detallado: su plan puede pedirlo.",
    ),
    _reason(
        "letter.lpfsa",
        "lpfsa",
        "For a limited-purpose FSA, the letter must give a dental or vision reason. "
        "It goes to your plan. Your plan decides, and it may say no.",
        "Con una FSA de propósito limitado, la carta debe dar una razón dental o de la vista. "
        "Se envía a su plan. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "prescription.lpfsa",
        "lpfsa",
        "For a limited-purpose FSA, you need a prescription, not a letter. "
        "Your plan decides, and it may say no.",
        "Con una FSA de propósito limitado, necesita una receta médica, no una carta. "
        "Su plan decide, y puede decir que no.",
    ),
    _reason(
        "depends.lpfsa",
        "lpfsa",
        "A limited-purpose FSA may pay for this if the reason is dental or vision care. "
        "Your plan decides, and it may say no.",
        "Una FSA de propósito limitado puede pagar esto si la razón es dental o de la vista. "
        "Su plan decide, y puede decir que no.",
    ),
    _reason(
        "never.lpfsa",
        "lpfsa",
        "As things stand, a limited-purpose FSA does not pay for this.",
        "Tal como están las cosas, una FSA de propósito limitado no paga esto.",
    ),
    _reason(
        "lpfsa.dental_and_vision_only",
        "lpfsa",
        "A limited-purpose FSA pays for dental and vision care only. "
        "Some plans pay for more once you have met the deductible: ask yours.",
        "Una FSA de propósito limitado paga solo cuidados dentales y de la vista. "
        "Algunos planes pagan más cuando usted ya cubrió el deducible: pregunte al suyo.",
    ),
    _reason(
        "no_letter.hsa",
        "hsa",
        "With an HSA, you decide. No letter is needed here, and nothing is sent. "
        "Keep the receipt with your tax papers.",
        "Con una HSA, usted decide. Aquí no hace falta una carta, y no se envía nada. "
        "Guarde el recibo con sus papeles de impuestos.",
    ),
    _reason(
        "letter.hsa",
        "hsa",
        "With an HSA, you decide. You keep the letter with your tax papers. Nothing is sent.",
        "Con una HSA, usted decide. Guarde la carta con sus papeles de impuestos. "
        "No se envía nada.",
    ),
    _reason(
        "prescription.hsa",
        "hsa",
        "With an HSA, you decide. Keep a copy of the prescription with your tax papers. "
        "Nothing is sent.",
        "Con una HSA, usted decide. Guarde una copia de la receta con sus papeles de impuestos. "
        "No se envía nada.",
    ),
    _reason(
        "depends.hsa",
        "hsa",
        "With an HSA, you decide, and you must be able to prove it. Nothing is sent.",
        "Con una HSA, usted decide, y debe poder demostrarlo. No se envía nada.",
    ),
    _reason(
        "never.hsa",
        "hsa",
        "With an HSA, you decide. As things stand, this is not a medical cost under federal rules.",
        "Con una HSA, usted decide. Tal como están las cosas, las reglas federales no ven esto "
        "como gasto médico.",
    ),
    _reason(
        "hsa.additional_tax",
        "hsa_tax",
        "If a cost was not medical, you owe income tax on the money. "
        f"You also owe an extra {HSA_ADDITIONAL_TAX}%, unless you are 65 or older or disabled.",
        "Si un gasto no era médico, usted debe impuesto sobre ese dinero. "
        f"También debe un {HSA_ADDITIONAL_TAX}% más, salvo desde los 65 años o con discapacidad.",
    ),
    _reason(
        "no_letter.hra",
        "hra",
        "Under federal rules, an HRA can pay for this without a letter. Keep the itemized receipt.",
        "Según las reglas federales, una HRA puede pagar esto sin carta. "
        "Guarde el recibo detallado.",
    ),
    _reason(
        "letter.hra",
        "hra",
        "For an HRA, the letter goes to your plan. Your plan decides, and it may say no.",
        "Con una HRA, la carta se envía a su plan. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "prescription.hra",
        "hra",
        "For an HRA, you need a prescription, not a letter. Your plan decides, and it may say no.",
        "Con una HRA, necesita una receta médica, no una carta. "
        "Su plan decide, y puede decir que no.",
    ),
    _reason(
        "depends.hra",
        "hra",
        "An HRA may pay for this. Your plan decides, and it may say no.",
        "Es posible que una HRA pague esto. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "never.hra",
        "hra",
        "As things stand, an HRA does not pay for this.",
        "Tal como están las cosas, una HRA no paga esto.",
    ),
    _reason(
        "hra.narrower",
        "hra",
        "Your employer chooses what its HRA pays for. Its list may be shorter than federal rules.",
        "Su empleador elige qué paga su HRA. "
        "Su lista puede ser más corta que las reglas federales.",
    ),
    _reason(
        "no_letter.dcfsa",
        "dcfsa",
        "A dependent care FSA pays for care, not for medical costs. "
        "It does not use a letter of medical necessity.",
        "Una FSA para el cuidado de dependientes paga cuidados, no gastos médicos. "
        "No usa una carta de necesidad médica.",
    ),
    _reason(
        "depends.dcfsa",
        "dcfsa",
        "A dependent care FSA may pay for care while you work. "
        "It does not use a letter of medical necessity. Your plan decides, and it may say no.",
        "Una FSA para el cuidado de dependientes puede pagar cuidados mientras usted trabaja. "
        "No usa una carta de necesidad médica. Su plan decide, y puede decir que no.",
    ),
    _reason(
        "never.dcfsa",
        "dcfsa",
        "A dependent care FSA pays for care while you work, not for medical costs. "
        "A letter of medical necessity does not help.",
        "Una FSA para el cuidado de dependientes paga cuidados mientras usted trabaja. "
        "No paga gastos médicos, y una carta de necesidad médica no ayuda.",
    ),
    _reason(
        "dcfsa.adult_note",
        "dcfsa",
        "For an adult who cannot care for themselves, the plan may ask for a provider's note. "
        "That note is not a letter of medical necessity.",
        "Si cuida a un adulto que no puede valerse por sí mismo, el plan puede pedir una nota "
        "médica. Esa nota no es una carta de necesidad médica.",
    ),
    _reason(
        "no_letter.insurer",
        "exclusions",
        "Insurance seldom asks for a letter here. "
        "Check first whether your plan covers this and wants prior approval.",
        "El seguro rara vez pide una carta para esto. "
        "Primero vea si su plan lo cubre y si pide autorización previa.",
    ),
    _reason(
        "letter.insurer",
        "insurer",
        "A health insurer wants another kind of letter. "
        "It must show why your plan's own rules for coverage are met.",
        "Un seguro médico pide otro tipo de carta. "
        "Debe mostrar por qué se cumplen las reglas de cobertura de su plan.",
    ),
    _reason(
        "prescription.insurer",
        "insurer",
        "A health insurer usually wants a prescription or an order. "
        "It may ask for its own kind of letter as well.",
        "Un seguro médico suele pedir una receta u orden médica. "
        "También puede pedir su propio tipo de carta.",
    ),
    _reason(
        "depends.insurer",
        "insurer",
        "It depends on what your insurance covers. "
        "If it asks for a letter, it is another kind, with more medical proof.",
        "Depende de lo que cubre su seguro. "
        "Si pide una carta, es de otro tipo, con más pruebas médicas.",
    ),
    _reason(
        "never.insurer",
        "exclusions",
        "Health insurance does not usually pay for this. A letter does not change what it covers.",
        "El seguro médico normalmente no paga esto. Una carta no cambia lo que cubre.",
    ),
    _reason(
        "insurer.exclusions",
        "exclusions",
        "A letter cannot add what your plan leaves out. Check the list of covered services first.",
        "Una carta no puede agregar lo que su plan excluye. "
        "Revise primero la lista de servicios cubiertos.",
    ),
    _reason(
        "no_letter.deduction",
        "medical_care",
        "For the tax deduction, no letter is needed here. Keep the bill with your tax papers.",
        "Para la deducción de impuestos, aquí no hace falta una carta. "
        "Guarde la factura con sus papeles de impuestos.",
    ),
    _reason(
        "letter.deduction",
        "general_health",
        "The tax deduction has its own test, and a letter helps you prove it. "
        "Keep it with your tax papers. Nothing is sent.",
        "La deducción de impuestos tiene su propia regla, y una carta ayuda a demostrarla. "
        "Guárdela con sus papeles de impuestos. No se envía nada.",
    ),
    _reason(
        "prescription.deduction",
        "medical_care",
        "For the tax deduction, keep the prescription with your tax papers. Nothing is sent.",
        "Para la deducción de impuestos, guarde la receta con sus papeles de impuestos. "
        "No se envía nada.",
    ),
    _reason(
        "depends.deduction",
        "medical_care",
        "The tax deduction has its own test. Your answers decide whether this may count.",
        "La deducción de impuestos tiene su propia regla. "
        "Sus respuestas deciden si esto puede contar.",
    ),
    _reason(
        "never.deduction",
        "medical_care",
        "As things stand, this does not count for the tax deduction.",
        "Tal como están las cosas, esto no cuenta para la deducción de impuestos.",
    ),
    _reason(
        "deduction.over_the_counter",
        "over_the_counter",
        "An FSA, HSA or HRA can pay for some things that you cannot deduct. "
        "Medicine bought without a prescription is one of them.",
        "Una FSA, HSA o HRA puede pagar cosas que usted no puede deducir. "
        "Por ejemplo, medicinas compradas sin receta.",
    ),
    _reason(
        "deduction.test",
        "medical_care",
        "The deduction helps only if you itemize. "
        f"Only medical costs above {DEDUCTION_FLOOR}% of your adjusted gross income count.",
        "La deducción sirve solo si usted detalla sus deducciones. "
        f"Solo cuentan los gastos médicos por encima del {DEDUCTION_FLOOR}% de su ingreso bruto "
        "ajustado.",
    ),
    _reason(
        "deduction.no_double_dip",
        "gym",
        "You cannot deduct a cost that an HSA, FSA or HRA has paid.",
        "No puede deducir un gasto que ya pagó una HSA, FSA o HRA.",
    ),
    _reason(
        "no_letter.unsure",
        "medical_care",
        "The rules differ by account. "
        "Under federal rules, a health FSA, HSA or HRA can pay for this without a letter.",
        "Las reglas cambian según la cuenta. "
        "Según las reglas federales, una FSA médica, HSA o HRA puede pagar esto sin carta.",
    ),
    _reason(
        "letter.unsure",
        "general_health",
        "The rules differ by account. With a health FSA or HRA, you send a letter to the plan. "
        "With an HSA, you keep it.",
        "Las reglas cambian según la cuenta. Con una FSA médica o HRA, se envía una carta al plan. "
        "Con una HSA, usted la guarda.",
    ),
    _reason(
        "prescription.unsure",
        "medical_care",
        "The rules differ by account. A health FSA, HSA or HRA wants a prescription, not a letter.",
        "Las reglas cambian según la cuenta. "
        "Una FSA médica, HSA o HRA pide una receta médica, no una carta.",
    ),
    _reason(
        "depends.unsure",
        "medical_care",
        "The rules differ by account. A few answers decide whether this may count.",
        "Las reglas cambian según la cuenta. Unas respuestas deciden si esto puede contar.",
    ),
    _reason(
        "never.unsure",
        "medical_care",
        "As things stand, a health FSA, HSA or HRA does not pay for this.",
        "Tal como están las cosas, una FSA médica, HSA o HRA no paga esto.",
    ),
    # --- what the person said: fact, answer, and the verdict it fits ---
    _reason(
        "diagnosed.yes.letter",
        "general_health",
        "You said that a provider has diagnosed the condition. "
        "The letter has to show that this treats it.",
        "Usted dijo que un profesional de salud diagnosticó la condición. "
        "La carta debe mostrar que esto la trata.",
    ),
    _reason(
        "diagnosed.not_yet.letter",
        "general_health",
        "See a licensed provider first. "
        "A letter is possible only after a diagnosis, and the provider decides.",
        "Primero consulte a un profesional de salud con licencia. "
        "La carta solo es posible después de un diagnóstico, y el profesional decide.",
    ),
    _reason(
        "diagnosed.no.never",
        "general_health",
        "Without a diagnosed condition, this counts as general health, and a letter cannot help. "
        "If something bothers you, a provider can look at it first.",
        "Sin una condición diagnosticada, esto cuenta como salud general, y una carta no ayuda. "
        "Si algo le molesta, un profesional de salud puede revisarlo primero.",
    ),
    _reason(
        "diagnosed.no.depends",
        "insurer",
        "Most insurers want a diagnosis before they look at a letter. See a licensed provider "
        "first.",
        "La mayoría de los seguros quiere un diagnóstico antes de ver una carta. "
        "Primero consulte a un profesional de salud con licencia.",
    ),
    _reason(
        "cosmetic.looks.never",
        "cosmetic",
        "Care that only changes how you look does not count as medical. "
        "A letter does not change that.",
        "Un cuidado que solo cambia la apariencia no cuenta como médico. Una carta no cambia eso.",
    ),
    *(
        _reason(
            f"cosmetic.repair.{kind}",
            "cosmetic",
            "Work that repairs a birth defect, an injury or the effects of a disease may count.",
            "Un cuidado que repara un defecto de nacimiento, una lesión o los efectos de una "
            "enfermedad puede contar.",
        )
        for kind in ("letter", "no_letter", "prescription", "depends")
    ),
    _reason(
        "cosmetic.treats.letter",
        "cosmetic",
        "The letter has to show that this treats a condition and is not for looks.",
        "La carta debe mostrar que esto trata una condición y que no es por apariencia.",
    ),
    _reason(
        "prescribed.yes.no_letter",
        "medical_care",
        "You said that a provider prescribes it. Then no letter is usually needed.",
        "Usted dijo que un profesional de salud lo receta. Entonces normalmente no hace falta "
        "una carta.",
    ),
    _reason(
        "prescribed.yes.prescription",
        "medical_care",
        "You said that a provider prescribes it. Ask for the prescription, and keep a copy.",
        "Usted dijo que un profesional de salud lo receta. Pida la receta y guarde una copia.",
    ),
    _reason(
        "prescribed.no.never",
        "medical_care",
        "Without a prescription, this does not count as a medical cost.",
        "Sin receta médica, esto no cuenta como gasto médico.",
    ),
    _reason(
        "prescribed.no.letter",
        "general_health",
        "Without a prescription, a letter has to show the medical need.",
        "Sin receta médica, una carta debe mostrar la necesidad médica.",
    ),
    _reason(
        "food.instead.never",
        "special_food",
        "Food that replaces what you would eat anyway does not count. "
        "That is so even when it is healthier.",
        "La comida que reemplaza lo que comería de todos modos no cuenta. "
        "Es así aunque sea más sana.",
    ),
    _reason(
        "sole.no.never",
        "gym",
        "If you would have it anyway, or had it before, it counts as a personal cost.",
        "Si lo tendría de todos modos, o ya lo tenía, cuenta como gasto personal.",
    ),
    *(
        _reason(
            f"covered.yes.{kind}",
            "fsa",
            "Your insurance already pays for this. The same cost cannot be paid twice.",
            "Su seguro ya paga esto. El mismo gasto no se puede pagar dos veces.",
        )
        for kind in ("never", "no_letter")
    ),
    # --- special rules ---
    _reason(
        "rule.general_health",
        "general_health",
        "It has to treat a condition that a provider has diagnosed. General health does not count.",
        "Debe tratar una condición que un profesional de salud diagnosticó. "
        "La salud general no cuenta.",
    ),
    _reason(
        "rule.excess_cost",
        "excess_cost",
        "Only the extra cost counts: what you pay above the price of the ordinary product.",
        "Solo cuenta el costo adicional: lo que paga por encima del precio del producto común.",
    ),
    _reason(
        "rule.excess_cost.food",
        "special_food",
        "Special food must treat an illness, beyond your normal diet, and a provider must confirm "
        "it. Only the cost above ordinary food counts.",
        "La comida especial debe tratar una enfermedad, aparte de su dieta normal. "
        "Un profesional debe confirmarlo. Solo cuenta lo que cuesta más que la comida común.",
    ),
    _reason(
        "rule.capital_expense",
        "capital",
        "For a change to your home, only part of the cost may count. "
        "It is the cost minus the value that it adds to your home.",
        "Si es un cambio en su casa, puede contar solo una parte del costo. "
        "Es el costo menos el valor que agrega a su casa.",
    ),
    _reason(
        "rule.sole_purpose",
        "gym",
        "It must be only for your condition. "
        "Something you already had, or would buy anyway, does not count.",
        "Debe ser solo para su condición. "
        "Algo que ya tenía, o que compraría de todos modos, no cuenta.",
    ),
    _reason(
        "rule.sole_purpose.fitness",
        "gym",
        "It must be only for your condition. What you had before, such as a membership, does not "
        "count. Exercise for general health does not count, even on a provider's advice.",
        "Debe ser solo para su condición. Lo que ya tenía, como una membresía, no cuenta. "
        "El ejercicio por salud general no cuenta, ni por consejo médico.",
    ),
    _reason(
        "rule.cosmetic",
        "cosmetic",
        "Care that only changes how you look does not count. "
        "Repair after a birth defect, an injury or a disease may count.",
        "Un cuidado que solo cambia la apariencia no cuenta. "
        "Reparar un defecto de nacimiento, una lesión o una enfermedad puede contar.",
    ),
    _reason(
        "rule.travel_lodging",
        "capital",
        "A stay counts only for care by a physician in a hospital or similar place. "
        f"At most ${LODGING_LIMIT} a night for each person counts, and never a vacation.",
        "Una estadía cuenta solo si la atiende un médico en un hospital o lugar similar. "
        f"Cuentan como máximo ${LODGING_LIMIT} por noche y persona, y nunca unas vacaciones.",
    ),
    # --- the plan's own rules; their source is the administrator's or employer's page ---
    _reason(
        "plan.food_never",
        "",
        "Your plan says that it does not pay for food, even with a letter.",
        "Su plan dice que no paga comida, ni siquiera con una carta.",
    ),
    _reason(
        "plan.capital_never",
        "",
        "Your plan says that it does not pay for changes to a home, even with a letter.",
        "Su plan dice que no paga cambios en una casa, ni siquiera con una carta.",
    ),
    _reason(
        "plan.refuses",
        "",
        "A list of your plan says that it does not pay for this, even with a letter. "
        "Lists change, so you can ask.",
        "Una lista de su plan dice que no paga esto, ni siquiera con una carta. "
        "Las listas cambian, así que puede preguntar.",
    ),
    _reason(
        "plan.food_worksheet",
        "",
        "Your plan has a worksheet for special food. "
        "It compares the price with that of ordinary food.",
        "Su plan tiene una hoja de cálculo para comida especial. "
        "Compara el precio con el de la comida común.",
    ),
    _reason(
        "plan.capital_worksheet",
        "",
        "Your plan has a worksheet for home changes. It takes off the value added to your home.",
        "Su plan tiene una hoja de cálculo para cambios en la casa. "
        "Resta el valor que se agrega a su casa.",
    ),
    # --- about the answer itself ---
    _reason(
        "unknown.expense",
        "medical_care",
        "I do not know this expense. It may count only if it treats a medical condition.",
        "No conozco este gasto. Puede contar solo si trata una condición médica.",
    ),
    _reason(
        "softened.plan",
        "",
        "Part of this may be out of date. Please check with your administrator.",
        "Parte de esto puede estar desactualizada. Consulte con su administrador.",
    ),
    _reason(
        "softened.owner",
        "",
        "Part of this may be out of date. Please check the current IRS rules.",
        "Parte de esto puede estar desactualizada. Consulte las reglas actuales del IRS.",
    ),
    _reason(
        "softened.insurer",
        "",
        "Part of this may be out of date. Please check with your insurance.",
        "Parte de esto puede estar desactualizada. Consulte con su seguro.",
    ),
)

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _ALL}
"""Every reason that is not an expense's or an employer's own, by its code."""
