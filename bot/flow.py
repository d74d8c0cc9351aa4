"""What an operator writes: a flow, its steps, their choices and conditions.

One file is one flow; one question is one block with its text, its buttons, its validation and
where to go next. Conditions are data, never code. ``checks`` says what must hold beyond the
shape that is given here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.sources import Source

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
InputKind = Literal[
    "expense", "administrator", "text", "number", "money", "date", "multi", "yes_no"
]
VerdictFact = Literal[
    "account", "diagnosed", "cosmetic", "prescribed", "food", "home", "sole", "covered"
]
"""What an answer may tell the verdict (``eligibility.decide``)."""
LetterFact = Literal[
    "shows",
    "letter_date",
    "approved_on",
    "treatment_start",
    "treatment_end",
    "purchased",
    "plan_year_ends",
]
"""What an answer may tell about a letter that came back (``returned.returned_letter``)."""
Fact = VerdictFact | LetterFact
PlanDays = Literal["appeal_days", "answer_days", "card_days", "run_out_days"]
Outcome = Literal[
    "letter",
    "insurer_letter",
    "deduction_letter",
    "no_letter_needed",
    "prescription",
    "never",
    "see_provider_first",
    "ask_plan",
    "letter_complete",
    "letter_correction",
    "appeal",
    "renewal",
    "provider_said_no",
    "answered",
    "declined",
]
Operator = Literal[
    "is", "is_not", "in", "not_in", "at_least", "at_most", "before", "after", "answered", "skipped"
]
OPERATORS: tuple[Operator, ...] = (
    "is",
    "is_not",
    "in",
    "not_in",
    "at_least",
    "at_most",
    "before",
    "after",
    "answered",
    "skipped",
)
TODAY = "today"

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One name compared with a value; ``loc`` is its place below the condition's own."""

    name: str
    operator: Operator
    value: str | int | bool | tuple[str | int | bool, ...]
    loc: Loc = ()

    @property
    def values(self) -> tuple[str | int | bool, ...]:
        """The value or values compared with, always as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Condition


Condition = Compare | AllOf | AnyOf | Not


def compares(condition: Condition) -> Iterator[Compare]:
    """Every comparison inside a condition, in file order."""
    match condition:
        case Compare():
            yield condition
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from compares(part)
        case Not(part):
            yield from compares(part)


def parse_condition(raw: Any, loc: Loc = ()) -> Condition:
    """The condition that YAML values say. Raises ``ValueError`` with a sentence."""
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("a condition is written as {name: value}, for example {account: fsa}")
    return _one_or_all([_entry(str(name), value, (*loc, name)) for name, value in raw.items()])


def _one_or_all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _entry(name: str, value: Any, loc: Loc) -> Condition:
    if name in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise ValueError(f'"{name}" takes a list of conditions')
        parts = tuple(parse_condition(part, (*loc, at)) for at, part in enumerate(value))
        return AllOf(parts) if name == "all" else AnyOf(parts)
    if name == "not":
        return Not(parse_condition(value, loc))
    if isinstance(value, Mapping):
        if not value:
            raise ValueError(f'"{name}" is compared with nothing')
        return _one_or_all(
            [_operation(name, str(key), operand, (*loc, key)) for key, operand in value.items()]
        )
    if isinstance(value, list):
        return Compare(name, "in", _operands(name, value), loc)
    return Compare(name, "is", _operand(name, value), loc)


def _operation(name: str, operator: str, value: Any, loc: Loc) -> Compare:
    for known in OPERATORS:
        if operator == known:
            break
    else:
        raise ValueError(
            f'"{operator}" is not a comparison; use one of {", ".join(OPERATORS)}',
        )
    if known in ("in", "not_in"):
        if not isinstance(value, list):
            raise ValueError(f'"{known}" takes a list, for example [fsa, hra]')
        return Compare(name, known, _operands(name, value), loc)
    if known in ("answered", "skipped") and value is not True:
        raise ValueError(f'"{known}" is followed by true')
    if known in ("at_least", "at_most") and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(f'"{known}" takes a whole number')
    return Compare(name, known, _operand(name, value), loc)


def _operands(name: str, values: list[Any]) -> tuple[str | int | bool, ...]:
    return tuple(_operand(name, value) for value in values)


def _operand(name: str, value: Any) -> str | int | bool:
    if isinstance(value, str | int | bool):
        return value
    raise ValueError(f'"{name}" is compared with something that is not a word or a number')


def _condition(raw: Any) -> Condition:
    try:
        return parse_condition(raw)
    except ValueError as error:
        raise PydanticCustomError("condition", "{what}", {"what": str(error)}) from None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Part):
    """One way out of a step: where to go, and when.

    ``do`` runs another flow: with ``gives`` and ``go`` it comes back with a value; alone, the
    other flow ends the conversation itself.
    """

    when: Annotated[Any, BeforeValidator(_condition)] = None
    go: str | None = None
    do: str | None = None
    gives: str | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Line:
        if self.do is None:
            if self.go is None:
                raise PydanticCustomError("line", "this line says no place to go; add `go: a_step`")
            if self.gives is not None:
                raise PydanticCustomError("line", "`gives` needs a `do` that names a sub-flow")
        elif (self.gives is None) != (self.go is None):
            raise PydanticCustomError(
                "line", "`do` stands alone, or with both `gives` and `go`; one of them is missing"
            )
        return self

    @property
    def condition(self) -> Condition | None:
        """When this way is taken; ``None`` means always."""
        condition: Condition | None = self.when
        return condition


class DateLine(_Part):
    """One way to work out a date: an answered date, and how long after it.

    ``plan`` names the plan's own number of days, which counts in place of ``days`` where a source
    states it. With neither days nor months it is the answered date itself.
    """

    start: Identifier = Field(alias="from")
    days: int | None = Field(default=None, ge=1, le=3_660)
    months: int | None = Field(default=None, ge=1, le=120)
    plan: PlanDays | None = None
    when: Annotated[Any, BeforeValidator(_condition)] = None

    @property
    def condition(self) -> Condition | None:
        """When this line counts; ``None`` means always."""
        condition: Condition | None = self.when
        return condition


LETTER_ENDS = "letter_ends"


class Remind(_Part):
    """A reminder that the person may agree to.

    ``before`` is ``letter_ends`` (the last day on which the letter counts), or a name under the
    flow's `dates`.
    """

    before: Identifier
    days: int = Field(ge=1, le=120)


class Step(_Part):
    """One question, one passing message, or one end of a flow.

    ``among`` leaves out the buttons whose ids are not in that list. ``ask_when`` leaves the
    question out where it does not hold: the walk goes on to `next` as if the step were not there.
    ``otherwise`` names the choice that is meant when somebody types words that are on no button;
    the words then go to the next question. ``heard`` has, by choice, words that stand for a button
    when somebody types them. ``sources`` are the pages that state what the text says: ids of the
    flow's sources, ``verdict``, or ``plan.<fact>`` for the page of a fact of this person's plan.
    """

    say: str
    label: str | None = None
    why: str | None = None
    buttons: dict[Identifier, str] | None = None
    input: InputKind | None = None
    min: int | None = None
    max: int | None = None
    not_after: Literal["today"] | None = None
    not_before: Literal["today"] | None = None
    skip: str | None = None
    retry: str | None = None
    example: str | None = None
    sensitive: bool = False
    otherwise: str | None = None
    heard: dict[Identifier, tuple[str, ...]] | None = None
    ask_when: Annotated[Any, BeforeValidator(_condition)] = None
    fact: Fact | None = None
    among: Literal["plan.fields"] | None = None
    next: tuple[Line, ...] = ()
    outcome: Outcome | None = None
    documents: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    remind: Remind | None = None
    give: str | None = None
    sources: tuple[str, ...] = ()
    was: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_old_name(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and isinstance(raw.get("was"), str):
            return {**raw, "was": (raw["was"],)}
        return raw

    @property
    def asked_when(self) -> Condition | None:
        """When the question is asked at all; ``None`` means always."""
        condition: Condition | None = self.ask_when
        return condition

    @property
    def asks(self) -> bool:
        """Whether this step waits for an answer."""
        return self.buttons is not None or self.input is not None

    @property
    def kind(self) -> str:
        """How it is answered: ``choice`` for plain buttons, else the input type."""
        return self.input or "choice"

    @property
    def ends(self) -> bool:
        """Whether the flow (or the sub-flow) ends here."""
        return self.outcome is not None or self.give is not None

    @property
    def free_text(self) -> bool:
        """Whether whatever is typed here is the answer."""
        return self.input == "text"

    @property
    def choices(self) -> tuple[str, ...]:
        """The ids that an answer may have, for steps with buttons or yes and no."""
        if self.input == "yes_no":
            return ("yes", "no")
        return tuple(self.buttons or ())


class Flow(_Part):
    """One flow file, format 1.

    ``dates`` are worked out from answers: of each, the first line counts whose date was answered
    and whose `when` holds.
    """

    format: Literal[1]
    flow: Identifier
    title: str
    start: str
    sources: dict[str, Source] = {}
    dates: dict[Identifier, tuple[DateLine, ...]] = {}
    steps: dict[Identifier, Step] = Field(min_length=1, max_length=300)

    def exits(self, name: str) -> tuple[Line, ...]:
        """The ways out of a step; without `next` it goes on to the step below it."""
        step = self.steps[name]
        if step.next or step.ends:
            return step.next
        below = self.below(name)
        return (Line(go=below),) if below else ()

    def below(self, name: str) -> str | None:
        """The step that stands below this one in the file, if any."""
        names = list(self.steps)
        at = names.index(name) + 1
        return names[at] if at < len(names) else None

    @property
    def is_sub_flow(self) -> bool:
        """Whether it is run by another flow's `do`: some step of it gives a value back."""
        return any(step.give is not None for step in self.steps.values())


class SharedTexts(_Part):
    """``flows/shared.yaml``: the texts that are the same everywhere."""

    format: Literal[1]
    texts: dict[Identifier, str]


def step_texts(step: Step) -> Iterator[tuple[Loc, str]]:
    """Every text of a step that a person may see, with its place below the step."""
    for name in ("say", "label", "why", "skip", "retry", "example"):
        text = getattr(step, name)
        if text is not None:
            yield (name,), text
    for choice, label in (step.buttons or {}).items():
        yield ("buttons", choice), label
