"""Cells × months: who met and how many came; computed for all cells, presented for those of one page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from cells.models import Organisation
from cells.naming import OrganisationRow
from cells.papers.wording import percent, ratio
from reports.access import measurable
from reports.dashboard import Addresses, Number, duties_of, month_asked, told_apart
from reports.forms import PeriodQuery
from reports.ordering import ordered, words_of
from reports.periods import Period
from reports.rows import matches
from reports.statistics import CellMonth, attendance_by_cell

# From this share of those expected on, in percent (HD 42 asks for 90; the other two are those of common rubrics).
BANDS = [(90, "heat-4"), (75, "heat-3"), (65, "heat-2"), (0, "heat-1")]


@dataclass(frozen=True)
class Square:
    """One cell in one month."""

    sessions: int = 0
    expected: int = 0
    present: int = 0
    is_missing: bool = False  # a regular session was due in the month, and none was held
    is_waiting: bool = False  # none yet, and the month is not over


@dataclass(frozen=True)
class CellLine:
    named: OrganisationRow
    squares: list[Square]

    @property
    def cell(self) -> int:
        return self.named.period.organisation_id

    @property
    def expected(self) -> int:
        return sum(square.expected for square in self.squares)

    @property
    def present(self) -> int:
        return sum(square.present for square in self.squares)

    @property
    def missing(self) -> int:
        return sum(square.is_missing for square in self.squares)

    @property
    def rate(self) -> Fraction:
        """Cells of which nobody was expected stand behind those of which all came."""
        return Fraction(self.present, self.expected) if self.expected else Fraction(2)


@dataclass(frozen=True)
class HeatMap:
    months: list[dt.date]
    lines: list[CellLine]


def compute(organisation: Organisation, query: PeriodQuery, user) -> HeatMap:
    period = query.period
    months = [span.first_day for span in period.calendar_months()]
    held = {
        (row.cell, row.first_day): row for row in attendance_by_cell(organisation, period, query.values["structure"])
    }
    due = {(duty.cell, duty.span.first_day): duty for duty in duties_of(organisation, query, "regular")}
    named = told_apart({cell for cell, _month in held.keys() | due.keys()}, user, period.until)
    lines = [
        CellLine(one, [square(held.get((cell, month)), due.get((cell, month)), user.reach.day) for month in months])
        for cell, one in named.items()
    ]
    return HeatMap(months, lines)


def square(held: CellMonth | None, duty, today: dt.date) -> Square:
    counts = (held.sessions, held.expected, held.present) if held else (0, 0, 0)
    is_open = duty is not None and not duty.is_done
    runs_on = is_open and duty.span.last_day >= today
    return Square(*counts, is_missing=is_open and not runs_on, is_waiting=runs_on)


def chosen(lines: Iterable[CellLine], query: PeriodQuery) -> list[CellLine]:
    """Those asked for, in the order asked for; where that is equal, by name."""
    values, words = query.values, words_of(query.values["name"])
    found = [one for one in lines if matches(one.named, words) and (values["show"] == "all" or one.missing)]
    found.sort(key=lambda one: (one.named.period.sort_key, one.cell))
    return ordered(found, ORDER, values["sort"])


ORDER = {
    "name": lambda one: one.named.period.sort_key,
    "rate": lambda one: one.rate,
    "missing": lambda one: one.missing,
}


@dataclass(frozen=True)
class ShownSquare:
    css: str
    number: Number
    percent: str
    icon: str = ""
    word: str = ""


@dataclass(frozen=True)
class ShownLine:
    name: str
    parent_name: str
    url: str
    squares: list[ShownSquare]
    total: Number
    percent: str


def shown_lines(lines: Iterable[CellLine], months: list[dt.date], query: PeriodQuery, user) -> list[ShownLine]:
    lines = list(lines)
    allowed = measurable(user.reach, [line.cell for line in lines], query.days, query.read_in)
    cells = Organisation.unscoped.in_bulk(allowed)
    return [shown_line(line, months, query, cells.get(line.cell)) for line in lines]


def shown_line(line: CellLine, months: list[dt.date], query: PeriodQuery, cell: Organisation | None) -> ShownLine:
    addresses = Addresses(cell, query) if cell else None
    return ShownLine(
        line.named.name,
        line.named.parent_name,
        addresses.page("dashboard") if addresses else "",
        [shown_square(one, month, query.period, addresses) for one, month in zip(line.squares, months, strict=True)],
        Number(ratio(line.present, line.expected), addresses.of("present") if addresses else ""),
        percent(line.present, line.expected),
    )


def shown_square(one: Square, month: dt.date, period: Period, addresses: Addresses | None) -> ShownSquare:
    if one.is_missing:
        asked = month_asked(month, period) | {"part": "regular", "show": "all"}
        url = addresses.page("duties", **asked) if addresses else ""
        return ShownSquare("heat-missing", Number("", url), "", "x-circle-fill", _("Thiếu"))
    if one.is_waiting:
        return ShownSquare("heat-none", Number(""), "", "hourglass-split", _("Chưa hết tháng"))
    if not one.sessions:
        return ShownSquare("heat-none", Number(""), "", "", "—")
    url = addresses.of("present", **month_asked(month, period)) if addresses else ""
    return ShownSquare(band(one), Number(ratio(one.present, one.expected), url), percent(one.present, one.expected))


def band(one: Square) -> str:
    if not one.expected:
        return "heat-none"
    return next(css for least, css in BANDS if one.present * 100 >= least * one.expected)
