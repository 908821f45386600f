"""Whose number register somebody keeps, and what a register shows: its series, their gaps and cancellations."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import covering
from cells.models import (
    CELL_KINDS,
    NOT_FOR_CELLS,
    DocumentType,
    NumberSeries,
    Organisation,
    OrganisationFunction,
    OrganisationPeriod,
    RegisteredNumber,
    Role,
    Term,
)
from cells.reach import AT_THE_CELL, LEADING, Reach

KEEPS_REGISTERS = (*AT_THE_CELL, Role.COMMITTEE, Role.BOARD)
SEES_REGISTERS = (*KEEPS_REGISTERS, Role.INSPECTOR)
PROPAGANDA = OrganisationFunction.Function.PROPAGANDA


def keeps(reach: Reach, organisation: int, function: str = "") -> bool:
    """Takes numbers there: the cell's officers, the committee, and a board for its own papers."""
    if function:
        return function == PROPAGANDA and organisation in reach.at((Role.BOARD,))
    return reach.acts_at(AT_THE_CELL, organisation) or organisation in reach.at((Role.COMMITTEE,))


def leads(reach: Reach, organisation: int, function: str = "") -> bool:
    """Cancels numbers and declares terms there."""
    if function:
        return keeps(reach, organisation, function)
    return reach.acts_at(LEADING, organisation) or organisation in reach.at((Role.COMMITTEE,))


@dataclass(frozen=True)
class Register:
    organisation: Organisation
    function: str
    name: str
    is_cell: bool

    @property
    def key(self) -> str:
        return f"{self.organisation.public_id}{':' if self.function else ''}{self.function}"

    @property
    def types(self) -> list[DocumentType]:
        return [one for one in DocumentType if not (self.is_cell and one in NOT_FOR_CELLS)]


def kept_by(reach: Reach, *, leading: bool = False) -> list[Register]:
    """The registers of organisations in force today where the user takes numbers, or may cancel them."""
    officers = LEADING if leading else AT_THE_CELL
    own = reach.at((*officers, Role.COMMITTEE))
    boards = reach.at((Role.BOARD,))
    periods = OrganisationPeriod.unscoped.on(reach.day).filter(organisation__in=own | boards)
    found = []
    for period in periods.select_related("organisation").order_by("sort_key", "pk"):
        if period.organisation_id in own:
            found.append(Register(period.organisation, "", period.name, period.kind in CELL_KINDS))
        if period.organisation_id in boards:
            found.append(Register(period.organisation, PROPAGANDA, board_name(period, reach.day), False))
    return found


def board_name(period: OrganisationPeriod, day: dt.date) -> str:
    functions = OrganisationFunction.unscoped.on(day).filter(organisation=period.organisation, function=PROPAGANDA)
    body = functions.values_list("body_name", flat=True).first()
    return body or _("Ban tuyên giáo, %s") % period.name


@dataclass(frozen=True)
class SeriesRow:
    """One type of document in one term."""

    series: NumberSeries
    cancelled: tuple[RegisteredNumber, ...]
    missing: tuple[int, ...]

    @property
    def label(self) -> str:
        return self.series.get_document_type_display()


def series_of(term: Term) -> list[SeriesRow]:
    order = list(DocumentType)
    series = sorted(term.series.all(), key=lambda one: order.index(one.document_type))
    numbers: dict[str, set[int]] = defaultdict(set)
    cancelled = defaultdict(list)
    for entry in RegisteredNumber.unscoped.filter(term=term).order_by("number"):
        numbers[entry.document_type].add(entry.number)
        if entry.state == RegisteredNumber.State.CANCELLED:
            cancelled[entry.document_type].append(entry)
    return [
        SeriesRow(one, tuple(cancelled[one.document_type]), gaps(one, numbers[one.document_type])) for one in series
    ]


def gaps(series: NumberSeries, given: Iterable[int]) -> tuple[int, ...]:
    """Numbers that should stand in this register and do not."""
    return tuple(sorted(set(range(series.on_paper + 1, series.last_number + 1)) - set(given)))


def overlapping(organisation: Organisation, function: str, first_day, last_day, but: Term | None = None) -> Term | None:
    terms = Term.unscoped.overlapping(first_day, last_day).filter(organisation=organisation, function=function)
    return terms.exclude(pk=but.pk if but else None).first()


def numbers_outside(term: Term, first_day, last_day) -> bool:
    """Whether the term has given numbers on days that it would no longer cover."""
    numbers = RegisteredNumber.unscoped.filter(term=term)
    late = numbers.filter(day__gt=last_day).exists() if last_day else False
    return late or numbers.filter(day__lt=first_day).exists()


def current_term(register: Register, day: dt.date) -> Term | None:
    terms = Term.unscoped.filter(covering(day), organisation=register.organisation, function=register.function)
    return terms.first()
