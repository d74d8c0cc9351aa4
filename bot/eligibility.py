"""Expense, account and plan -> a verdict, with its reasons and dated sources.

The law of this room: every verdict has a reason and a source, and none is a promise. What decides,
in this order: the employer's word on this expense; the account's nature or the entry's exception
for it; the person's answers, in the order the entry asks them; the entry's status. Where these do
not refuse, the plan's own exclusions still may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from bot.expenses import ACCOUNTS, ANSWERS, Deciding, Expense, Rule, Ruling, Status
from bot.plans import PlanFacts
from bot.reasons import REASONS, Reason
from bot.sources import Source

__all__ = ["VERDICT_NAMES", "Reason", "Verdict", "decide"]

Decisions = Mapping[Deciding, Mapping[str, Ruling]]

DIAGNOSIS_DECIDES: Decisions = {"diagnosed": {"yes": "letter", "not_yet": "letter", "no": "never"}}
"""How an entry that needs a letter is decided when it does not say so itself."""
INSURER_DECIDES: Decisions = {"diagnosed": {"yes": "letter", "not_yet": "letter", "no": "depends"}}
"""An insurer's own rules decide, and we do not know them: want of a diagnosis refuses nothing."""
LOOKS_DECIDE: Decisions = {"cosmetic": {"looks": "never", "repair": "next", "treats": "next"}}
UNKNOWN_DECIDES: Decisions = {
    "diagnosed": {"yes": "next", "not_yet": "next", "no": "never"},
    **LOOKS_DECIDE,
    "home": {"permanent": "letter", "movable": "letter"},
}
"""The questions about anything that is useful in health and in sickness (26 USC 213(d))."""
DENTAL_AND_VISION = frozenset({"dental", "vision"})
FOOD = frozenset({"nutrition", "food"})
KEPT_BY_OWNER = frozenset({"hsa", "deduction"})

RULES: tuple[Rule, ...] = get_args(Rule)
KINDS: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one expense for one account, and why.

    ``kind`` stands even while ``asks`` is not empty: it is the answer with what is known so far.
    ``softened`` means that a source is past its ``recheck_by``, and the reasons say so.
    """

    kind: Status
    expense_id: str | None
    account: str | None
    reasons: tuple[Reason, ...]
    sources: tuple[Source, ...]
    asks: tuple[Deciding, ...] = ()
    rules: tuple[Rule, ...] = ()
    softened: bool = False
    overridden: bool = False

    def names(self) -> dict[str, str | bool]:
        """The facts that conditions and templates may name, as ``verdict.<name>``."""
        return {
            "kind": self.kind,
            "overridden": self.overridden,
            "softened": self.softened,
            **{f"asks_{fact}": fact in self.asks for fact in ANSWERS},
            **{f"rule_{rule}": rule in self.rules for rule in RULES},
        }


VERDICT_NAMES: Mapping[str, tuple[str, ...] | type] = {
    "kind": KINDS,
    "overridden": bool,
    "softened": bool,
    **{f"asks_{fact}": bool for fact in ANSWERS},
    **{f"rule_{rule}": bool for rule in RULES},
}
"""Every name a condition may use as ``verdict.<name>``: its allowed values, or its type."""


@dataclass(frozen=True, slots=True)
class _Ruling:
    """A kind, what led to it, and what is still open."""

    kind: Status
    codes: tuple[str, ...] = ()
    asks: tuple[Deciding, ...] = ()
    own_words: bool = False
    """Whether the entry's own sentence fits this kind."""
    reasons: tuple[Reason, ...] = ()
    overridden: bool = False


def decide(
    expense: Expense | None,
    account: str | None,
    plan: PlanFacts,
    facts: Mapping[str, str],
    today: date,
) -> Verdict:
    """The verdict on one expense, or on one that is not in the catalogue (``None``).

    ``facts`` holds the answers given so far, by deciding fact; unknown names and answers count as
    not given. ``account`` is one of ``ACCOUNTS``; anything else means that it is not known yet.
    """
    if account not in ACCOUNTS:
        account = None
    ruling = _ruling(expense, account, plan, facts)
    rules = _rules(expense, ruling, facts)
    reasons = tuple(_reasons(expense, account, plan, ruling, rules))
    sources = _sources(expense if _rests_on_the_entry(ruling) else None, reasons)
    softened = any(source.recheck_by < today for source in sources)
    if softened:
        reasons += (_softening(account),)
    return Verdict(
        kind=ruling.kind,
        expense_id=expense.id if expense else None,
        account=account,
        reasons=reasons,
        sources=sources,
        asks=ruling.asks,
        rules=rules,
        softened=softened,
        overridden=ruling.overridden,
    )


# --- what the verdict is ---------------------------------------------------------------------


def _ruling(
    expense: Expense | None, account: str | None, plan: PlanFacts, facts: Mapping[str, str]
) -> _Ruling:
    if expense is None:
        return _about_unknown(account, facts)
    employer = _by_employer(expense, account, plan, facts)
    if employer:
        return employer
    ruling = _by_account(expense, account, facts) or _by_answers(
        expense.status, _decisions(expense), facts
    )
    # Where the law already says no, that is the reason to give, whatever the plan adds.
    return (ruling.kind != "never" and _by_plan(expense, plan, facts)) or ruling


def _about_unknown(account: str | None, facts: Mapping[str, str]) -> _Ruling:
    if account == "lpfsa":
        ruling = _by_answers("depends", UNKNOWN_DECIDES, facts)
        return replace(ruling, codes=("lpfsa.dental_and_vision_only", *ruling.codes))
    if account == "dcfsa":
        return _Ruling("depends")
    decisions = INSURER_DECIDES if account == "insurer" else UNKNOWN_DECIDES
    return _by_answers("depends", decisions, facts)


def _by_employer(
    expense: Expense, account: str | None, plan: PlanFacts, facts: Mapping[str, str]
) -> _Ruling | None:
    """The employer's word, for the accounts that its plan decides about."""
    override = plan.employer.overrides.get(expense.id) if plan.employer else None
    if plan.employer is None or override is None or account not in (None, *override.accounts):
        return None
    source = plan.employer.sources.get(override.source or "")
    reason = Reason(f"employer.{expense.id}", override.reason, override.reason_es, source)
    ruling = _Ruling(override.status)
    if override.status == "letter" and account != "dcfsa":
        ruling = _by_answers("letter", DIAGNOSIS_DECIDES, facts)
    elif override.status == "depends" and expense.decides:
        ruling = _by_answers("depends", expense.decides, facts)
    return replace(ruling, reasons=(reason,), overridden=True, own_words=False)


def _by_account(expense: Expense, account: str | None, facts: Mapping[str, str]) -> _Ruling | None:
    """What the account settles by its nature or by the entry's exception; else ``None``."""
    written = expense.accounts.get(account) if account in ACCOUNTS else None
    if account == "dcfsa":
        # A letter proves a medical fact, and nothing medical is paid from this account.
        kind: Status = written if written in ("no_letter", "depends", "never") else "depends"
        # An entry with a word on this account explains it in its own sentence.
        return _Ruling(kind, own_words=kind != "never") if written else _Ruling("never")
    if account == "lpfsa" and written is None and expense.category not in DENTAL_AND_VISION:
        return _Ruling("never", ("lpfsa.dental_and_vision_only",))
    if account == "insurer" and written in (None, "depends", "letter"):
        if written is None and expense.status not in ("letter", "depends"):
            return _Ruling("depends")  # a visit or a bandage: its own list of benefits says
        looks = LOOKS_DECIDE if "cosmetic" in expense.decides else {}
        return _by_answers(written or "depends", {**looks, **INSURER_DECIDES}, facts)
    if written is None:
        return None
    if written in ("letter", "depends"):
        fallback = DIAGNOSIS_DECIDES if written == "letter" else {}
        ruling = _by_answers(written, expense.decides or fallback, facts)
        return replace(ruling, own_words=ruling.own_words and written == expense.status)
    codes: tuple[str, ...] = ()
    if account == "deduction" and written == "never" and expense.status == "no_letter":
        codes = ("deduction.over_the_counter",)
    if account == "lpfsa" and written == "never":
        codes = ("lpfsa.dental_and_vision_only",)
    return _Ruling(written, codes, own_words=expense.status in (written, "depends"))


def _by_plan(expense: Expense, plan: PlanFacts, facts: Mapping[str, str]) -> _Ruling | None:
    """What an administrator refuses whatever a letter says; ``PlanFacts`` has it for plans only."""
    for refused, fact in ((_is_food(expense), "food"), (_is_capital(expense, facts), "capital")):
        if refused and getattr(plan, fact) == "never":
            code = f"plan.{fact}_never"
            reason = replace(REASONS[code], source=plan.source_of(fact))
            return _Ruling("never", reasons=(reason,))
    if expense.id in plan.refuses:
        reason = replace(REASONS["plan.refuses"], source=plan.source_of("refuses"))
        return _Ruling("never", reasons=(reason,))
    return None


def _by_answers(status: Status, decisions: Decisions, facts: Mapping[str, str]) -> _Ruling:
    """The first answer, in the order the entry asks, that decides; else the status so far.

    Where no answer still open could change a "never", nothing more is asked.
    """
    codes: list[tuple[Deciding, str]] = []
    for fact, outcomes in decisions.items():
        answer = facts.get(fact, "")
        if answer not in ANSWERS[fact]:
            if _reachable(status, decisions, facts) == {"never"}:
                said = _codes(((one, facts.get(one, "")) for one in decisions), "never")
                fits = not said or status in ("never", "depends")
                return _Ruling("never", said, own_words=fits)
            open_facts = list(decisions)[list(decisions).index(fact) :]
            asks = tuple(one for one in open_facts if facts.get(one) not in ANSWERS[one])
            return _Ruling(status, _codes(codes, status), asks, own_words=True)
        codes.append((fact, answer))
        outcome = outcomes.get(answer, "next")
        if outcome != "next":
            fits = status in (outcome, "depends")
            return _Ruling(outcome, _codes(codes, outcome), own_words=fits)
    return _Ruling(status, _codes(codes, status), own_words=True)


def _reachable(status: Status, decisions: Decisions, facts: Mapping[str, str]) -> set[Status]:
    """Every kind that the answers still open may lead to."""
    found: set[Status] = set()
    for fact, outcomes in decisions.items():
        answer = facts.get(fact, "")
        answers = (answer,) if answer in ANSWERS[fact] else ANSWERS[fact]
        ends = [outcomes.get(one, "next") for one in answers]
        found |= {end for end in ends if end != "next"}
        if "next" not in ends:
            return found
    return found | {status}


def _codes(answers: Iterable[tuple[Deciding, str]], kind: Status) -> tuple[str, ...]:
    wanted = (f"{fact}.{answer}.{kind}" for fact, answer in answers)
    return tuple(code for code in wanted if code in REASONS)


def _decisions(expense: Expense) -> Decisions:
    if expense.decides or expense.status != "letter":
        return expense.decides
    return DIAGNOSIS_DECIDES


def _is_membership(expense: Expense) -> bool:
    return expense.category == "fitness" and "sole" in expense.decides


def _is_food(expense: Expense) -> bool:
    return "food" in expense.decides or (
        expense.category in FOOD and "excess_cost" in expense.rules
    )


def _is_capital(expense: Expense, facts: Mapping[str, str]) -> bool:
    """Whether it is built into the home; an entry that asks is believed only when answered."""
    if "home" in expense.decides:
        return facts.get("home") == "permanent"
    return "capital_expense" in expense.rules


# --- why -------------------------------------------------------------------------------------


def _rules(expense: Expense | None, ruling: _Ruling, facts: Mapping[str, str]) -> tuple[Rule, ...]:
    """The special rules that still matter: none of them saves what is refused."""
    if ruling.kind == "never":
        return ()
    written: set[Rule] = set(expense.rules) if expense else set()
    if facts.get("home") == "permanent" and (expense is None or "home" in expense.decides):
        written.add("capital_expense")
    elif facts.get("home") == "movable":
        written.discard("capital_expense")
    return tuple(rule for rule in RULES if rule in written)


def _reasons(
    expense: Expense | None,
    account: str | None,
    plan: PlanFacts,
    ruling: _Ruling,
    rules: tuple[Rule, ...],
) -> Iterator[Reason]:
    yield from ruling.reasons
    if expense is None:
        yield REASONS["unknown.expense"]
    elif ruling.own_words:
        yield Reason(f"expense.{expense.id}", expense.why, expense.why_es, _first(expense))
    said = ruling.own_words or ruling.kind != "never"
    if expense is not None and said and expense.note and expense.note_es:
        yield Reason(f"note.{expense.id}", expense.note, expense.note_es, _first(expense))
    for code in ruling.codes:
        yield REASONS[code]
    if ruling.kind == "letter" and "diagnosed" in ruling.asks:
        yield REASONS["rule.general_health"]
    one_plan_refuses = ruling.kind == "never" and any(one.source for one in ruling.reasons)
    if not one_plan_refuses:  # what one plan leaves out, another with the same account may pay
        yield _account_reason(account, ruling.kind)
    for code in _account_extras(account, ruling.kind):
        yield REASONS[code]
    for rule in rules:
        yield from _rule_reasons(expense, rule, ruling)
    yield from _worksheets(expense, plan, rules)


def _account_reason(account: str | None, kind: Status) -> Reason:
    code = f"{kind}.{account or 'unsure'}"
    # An employer's file may ask for a letter from a dependent care FSA; the account has none.
    return REASONS.get(code) or REASONS[f"depends.{account or 'unsure'}"]


def _account_extras(account: str | None, kind: Status) -> Iterator[str]:
    match account:
        case "hsa" if kind in ("letter", "depends", "never"):
            yield "hsa.additional_tax"
        case "hra" if kind != "never":
            yield "hra.narrower"
        case "dcfsa":
            yield "dcfsa.adult_note"
        case "insurer" if kind in ("letter", "depends"):
            yield "insurer.exclusions"
        case "deduction" if kind != "never":
            yield "deduction.test"
            yield "deduction.no_double_dip"


def _rule_reasons(expense: Expense | None, rule: Rule, ruling: _Ruling) -> Iterator[Reason]:
    if rule == "cosmetic" and any(code.startswith("cosmetic.") for code in ruling.codes):
        return  # the answer's own sentence says it better
    if rule == "excess_cost" and expense is not None and "food" in expense.decides:
        yield REASONS["rule.excess_cost.food"]
    elif rule == "sole_purpose" and expense is not None and _is_membership(expense):
        yield REASONS["rule.sole_purpose.fitness"]
    else:
        yield REASONS[f"rule.{rule}"]


def _worksheets(
    expense: Expense | None, plan: PlanFacts, rules: tuple[Rule, ...]
) -> Iterator[Reason]:
    if plan.food == "worksheet" and "excess_cost" in rules and expense and _is_food(expense):
        yield replace(REASONS["plan.food_worksheet"], source=plan.source_of("food"))
    if plan.capital == "worksheet" and "capital_expense" in rules:
        yield replace(REASONS["plan.capital_worksheet"], source=plan.source_of("capital"))


def _first(expense: Expense) -> Source | None:
    return expense.sources[0] if expense.sources else None


def _rests_on_the_entry(ruling: _Ruling) -> bool:
    """Whether the entry's own pages speak for this: not where the account or one plan refuses."""
    asked = any(code.partition(".")[0] in ANSWERS for code in ruling.codes)
    return ruling.kind != "never" or ruling.own_words or asked


def _sources(expense: Expense | None, reasons: Iterable[Reason]) -> tuple[Source, ...]:
    """Every source that the verdict rests on, once each, the expense's own first."""
    all_of_them = [*(expense.sources if expense else ()), *(reason.source for reason in reasons)]
    by_url = {source.url: source for source in reversed(all_of_them) if source is not None}
    return tuple(dict.fromkeys(by_url[source.url] for source in all_of_them if source is not None))


def _softening(account: str | None) -> Reason:
    if account == "insurer":
        return REASONS["softened.insurer"]
    return REASONS["softened.owner" if account in KEPT_BY_OWNER else "softened.plan"]
