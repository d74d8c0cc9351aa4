"""What an operator writes about plans: administrator and employer files, and their problems.

The law of this room: every fact names the source that states it. A fact that is not written is
unknown; nothing here is a guess about an administrator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.expenses import Account, Status, folded
from bot.flow import Identifier
from bot.problems import Problem, ProblemsError, did_you_mean
from bot.shapes import validate
from bot.sources import Source, date_problems, unknown_source
from bot.yaml_text import YamlDocument

PLAN_ACCOUNTS: tuple[Account, ...] = ("fsa", "lpfsa", "hra")
"""The accounts whose plan reads the letter and decides."""

LetterField = Literal[
    "patient",
    "account_holder",
    "employer",
    "member_id",
    "birth_date",
    "diagnosis",
    "diagnosis_code",
    "treatment",
    "frequency",
    "duration",
    "start_end_dates",
    "necessity",
    "not_general_health",
    "alternatives_tried",
    "expected_outcome",
    "provider",
    "credentials",
    "provider_contact",
    "letterhead",
    "signature",
    "date",
    "participant_signature",
]
UNION_FIELDS: tuple[LetterField, ...] = get_args(LetterField)
"""Every field that some administrator asks for: a letter with all of them suits them all."""
CORE_FIELDS: tuple[LetterField, ...] = (
    "patient",
    "diagnosis",
    "treatment",
    "duration",
    "necessity",
    "provider",
    "credentials",
    "signature",
    "date",
)
"""What every letter shows: an administrator's page that leaves one out does not do without it."""
INSURER_FIELDS: tuple[LetterField, ...] = (
    "patient",
    "member_id",
    "birth_date",
    "diagnosis",
    "diagnosis_code",
    "treatment",
    "frequency",
    "duration",
    "necessity",
    "alternatives_tried",
    "expected_outcome",
    "provider",
    "credentials",
    "provider_contact",
    "letterhead",
    "signature",
    "date",
)
"""What an insurer's reviewer looks for; its own written rule asks for more."""
TAX_FIELDS: tuple[LetterField, ...] = (
    "patient",
    "diagnosis",
    "treatment",
    "frequency",
    "duration",
    "necessity",
    "not_general_health",
    "provider",
    "credentials",
    "provider_contact",
    "signature",
    "date",
)
"""What shows the facts of 26 USC 213(d) where no plan asks for a list of its own (an HSA)."""

Form = Literal["required", "optional", "none"]
Carrier = Literal["form", "letterhead", "prescription_pad", "discharge_papers"]
Signer = Literal["licensed", "physician", "medical_provider"]
ValidFrom = Literal["letter_date", "letter_period", "plan_year", "end_of_treatment"]
Buy = Literal["after_approval", "after_letter_date", "after_treatment_start", "within_letter_dates"]
Send = Literal["every_claim", "once_a_year", "once_a_plan_year", "first_claim"]
Allowed = Literal["accepted", "refused"]
Coverage = Literal["never", "worksheet"]
WordRule = Literal[
    "treat_not_prevent", "named_disease", "max_12_months", "how_it_treats", "not_general_health"
]
WORD_RULES: tuple[WordRule, ...] = get_args(WordRule)


# --- what an operator writes -----------------------------------------------------------------


def _web_address(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
        raise PydanticCustomError(
            "web_address",
            "this is not a web address; write it whole, as in https://example.com/form",
        )
    return value


def _mail_address(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value):
        raise PydanticCustomError(
            "mail_address", "this is not an e-mail address; write it as in benefits@example.com"
        )
    return value


def _month_and_day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            date.fromisoformat(f"2028-{value}")
        except ValueError:
            raise PydanticCustomError(
                "month_and_day", 'this is not a month and a day; write "01-01" for January 1'
            ) from None
    return value


WebAddress = Annotated[str, BeforeValidator(_web_address)]
MailAddress = Annotated[str, BeforeValidator(_mail_address)]
MonthDay = Annotated[str, BeforeValidator(_month_and_day)]
Days = Annotated[int, Field(strict=True, ge=0, le=3650)]
Months = Annotated[int, Field(strict=True, ge=1, le=12)]
YesNo = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(min_length=1, max_length=60)]

T = TypeVar("T")


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Written, Generic[T]):
    """One fact and the id of the source that states it."""

    value: T
    source: str


class Facts(_Written):
    """What is known of how a plan treats letters. A fact that is not written is unknown."""

    fields: Fact[tuple[LetterField, ...]] | None = None
    form: Fact[Form] | None = None
    form_url: Fact[WebAddress] | None = None
    carriers: Fact[tuple[Carrier, ...]] | None = None
    signer: Fact[Signer] | None = None
    months_valid: Fact[Months] | None = None
    valid_from: Fact[ValidFrom] | None = None
    buy: Fact[Buy] | None = None
    send: Fact[Send] | None = None
    send_before_claim: Fact[YesNo] | None = None
    electronic_signature: Fact[Allowed] | None = None
    questionnaire_letters: Fact[Allowed] | None = None
    food: Fact[Coverage] | None = None
    capital: Fact[Coverage] | None = None
    refuses: Fact[tuple[str, ...]] | None = None
    """The expenses of the catalogue that its own list leaves out, whatever a letter says."""
    participant_signs: Fact[YesNo] | None = None
    answer_days: Fact[Days] | None = None
    card_days: Fact[Days] | None = None
    appeal_days: Fact[Days] | None = None
    word_rules: Fact[tuple[WordRule, ...]] | None = None
    government: Fact[YesNo] | None = None
    """Whether its plans are a government's: federal rules on appeals do not cover those."""

    def known(self) -> Iterator[tuple[str, Fact[Any]]]:
        """The facts that are written, each with its name."""
        for name in type(self).model_fields:
            fact: Fact[Any] | None = getattr(self, name)
            if fact is not None:
                yield name, fact


class Administrator(_Written):
    """A company that runs accounts for employers: one file of ``flows/administrators``."""

    format: Literal[1]
    administrator: Identifier
    name: Name
    synonyms: tuple[Name, ...] = ()
    accounts: tuple[Account, ...] = Field(min_length=1)
    sources: dict[str, Source] = Field(min_length=1)
    facts: Facts = Facts()

    @property
    def id(self) -> str:
        """The name of its file, used in buttons and employer files."""
        return self.administrator

    @property
    def names(self) -> tuple[str, ...]:
        """What people call it, its own name first."""
        return (self.name, *self.synonyms)


class PlanYear(_Written):
    """The first and last day of the plan year, as ``MM-DD``."""

    starts: MonthDay
    ends: MonthDay


class Contact(_Written):
    """A benefits desk. Never a person: people change, and their names are not ours to print."""

    name: Name
    phone: str | None = None
    email: MailAddress | None = None
    url: WebAddress | None = None


class Override(_Written):
    """What this employer's plan says about one expense, instead of the catalogue."""

    status: Status
    reason: str = Field(min_length=1)
    reason_es: str = Field(min_length=1)
    source: str | None = None
    accounts: tuple[Account, ...] = PLAN_ACCOUNTS


class Notice(_Written):
    """A sentence shown to this employer's people; with ``accounts``, only for these."""

    say: str = Field(min_length=1)
    say_es: str = Field(min_length=1)
    accounts: tuple[Account, ...] = ()


class Employer(_Written):
    """What one employer's benefits team says about its plan: one file of ``flows/employers``."""

    format: Literal[1]
    employer: Identifier
    name: Name
    synonyms: tuple[Name, ...] = ()
    operator_note: str | None = None
    administrator: str | None = None
    accounts: tuple[Account, ...] = Field(min_length=1)
    plan_year: PlanYear | None = None
    run_out_days: Days | None = None
    grace_period_days: Days | None = None
    carryover: YesNo | None = None
    form_url: WebAddress | None = None
    contact: Contact | None = None
    sources: dict[str, Source] = {}
    facts: Facts = Facts()
    overrides: dict[str, Override] = {}
    texts: dict[str, str] = {}
    texts_es: dict[str, str] = {}
    hide: dict[str, tuple[str, ...]] = {}
    notices: tuple[Notice, ...] = ()

    @property
    def id(self) -> str:
        """The name of its file, used in links."""
        return self.employer

    @property
    def names(self) -> tuple[str, ...]:
        """What people call it, its own name first."""
        return (self.name, *self.synonyms)


# --- what is wrong with the files ------------------------------------------------------------


def administrator_problems(
    documents: Sequence[YamlDocument], today: date, expenses: Iterable[str] | None = None
) -> list[Problem]:
    """Everything wrong with the administrator files, read together, in file order.

    With the ids of the ``expenses`` that exist, a refused one that does not is found too.
    """
    problems: list[Problem] = []
    entries = None if expenses is None else frozenset(expenses)
    taken: dict[str, str] = {}
    for document in documents:
        administrator = _read(document, Administrator, problems)
        if administrator is not None:
            problems += _identity_problems(document, "administrator", administrator, taken)
            problems += date_problems(document, administrator.sources, today)
            problems += _fact_problems(document, administrator)
            problems += _refused_problems(document, administrator, entries)
    return sorted(problems)


def employer_problems(
    documents: Sequence[YamlDocument],
    today: date,
    administrators: Iterable[str] | None = None,
    expenses: Iterable[str] | None = None,
) -> list[Problem]:
    """Everything wrong with the employer files, in file order.

    With the ids of the ``administrators`` and ``expenses`` that exist, names that lead nowhere are
    found too.
    """
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    known = None if administrators is None else tuple(administrators)
    entries = None if expenses is None else frozenset(expenses)
    for document in documents:
        employer = _read(document, Employer, problems)
        if employer is not None:
            problems += _identity_problems(document, "employer", employer, taken)
            problems += date_problems(document, employer.sources, today)
            problems += _fact_problems(document, employer)
            problems += _override_problems(document, employer, entries)
            problems += _refused_problems(document, employer, entries)
            problems += _plan_year_problems(document, employer)
            if known is not None and employer.administrator not in (None, *known):
                what = f'there is no administrator "{employer.administrator}"'
                hint = did_you_mean(employer.administrator or "", known)
                problems.append(document.problem(("administrator",), what, hint))
    return sorted(problems)


File = TypeVar("File", bound=BaseModel)


def _read(document: YamlDocument, model: type[File], problems: list[Problem]) -> File | None:
    try:
        return validate(document, model)
    except ProblemsError as error:
        problems += error.problems
        return None


def _identity_problems(
    document: YamlDocument, kind: str, written: Administrator | Employer, taken: dict[str, str]
) -> Iterator[Problem]:
    expected = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if written.id != expected:
        what = f'this file is "{expected}" but says "{kind}: {written.id}"'
        yield document.problem((kind,), what, "Give both the same name")
    places: list[tuple[str | int, ...]] = [("name",)]
    places += [("synonyms", number) for number in range(len(written.synonyms))]
    earlier: set[str] = set()
    for place, name in zip(places, written.names, strict=True):
        spoken = folded(name)
        owner = taken.setdefault(spoken, written.id)
        if owner != written.id:
            what = f'the name "{name}" is already used by "{owner}"'
            yield document.problem(place, what, "A name must lead to one of them")
        elif spoken in earlier:
            yield document.problem(place, f'the name "{name}" is written twice', "Remove one")
        earlier.add(spoken)


def _fact_problems(document: YamlDocument, written: Administrator | Employer) -> Iterator[Problem]:
    for name, fact in written.facts.known():
        if fact.source not in written.sources:
            place = ("facts", name, "source")
            yield unknown_source(document, place, fact.source, written.sources)
        if isinstance(fact.value, tuple) and len(set(fact.value)) < len(fact.value):
            yield document.problem(("facts", name, "value"), f'"{name}" names something twice')


def _refused_problems(
    document: YamlDocument, written: Administrator | Employer, entries: frozenset[str] | None
) -> Iterator[Problem]:
    if entries is None or written.facts.refuses is None:
        return
    for number, expense in enumerate(written.facts.refuses.value):
        if expense not in entries:
            place = ("facts", "refuses", "value", number)
            what = f'there is no expense "{expense}"'
            yield document.problem(place, what, did_you_mean(expense, entries))


def _override_problems(
    document: YamlDocument, employer: Employer, entries: frozenset[str] | None
) -> Iterator[Problem]:
    for expense, override in employer.overrides.items():
        place = ("overrides", expense)
        if entries is not None and expense not in entries:
            what = f'there is no expense "{expense}"'
            yield document.problem(place, what, did_you_mean(expense, entries), key=True)
        if override.source is not None and override.source not in employer.sources:
            source_place = (*place, "source")
            yield unknown_source(document, source_place, override.source, employer.sources)


def _plan_year_problems(document: YamlDocument, employer: Employer) -> Iterator[Problem]:
    year = employer.plan_year
    if year is not None and year.starts not in _days_after(year.ends):
        what = f"the plan year ends on {year.ends}, not on the day before {year.starts}"
        hint = "A plan year has twelve months; only a first one may be shorter"
        yield document.problem(("plan_year", "ends"), what, hint, severity="warning")


def _days_after(day: str) -> frozenset[str]:
    """What day follows, in an ordinary year and in a leap year."""
    years = (2028,) if day == "02-29" else (2027, 2028)
    following = (date.fromisoformat(f"{year}-{day}") + timedelta(days=1) for year in years)
    return frozenset(f"{after:%m-%d}" for after in following)
