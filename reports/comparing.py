"""Organisations beside each other, and a period beside that of the year before."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from accounts.text import folded
from cells.models import Organisation
from cells.papers.wording import thousands
from reports.access import measurable
from reports.dashboard import (
    GROUPS,
    Addresses,
    Child,
    Number,
    Share,
    attendance,
    child_of,
    conference_share,
    duty_share,
    figure_number,
    month_asked,
)
from reports.definitions import DEFINITIONS
from reports.forms import PeriodQuery, asked_for
from reports.ordering import holds, ordered, words_of
from reports.statistics import Figures, MonthFigures, attendance_by_month, figures, level

# What is compared: (numerator, denominator) among the figures.
MEASURES = {
    "attendance": ("present", "expected"),
    "regular": ("regular_done", "regular_due"),
    "thematic": ("thematic_done", "thematic_due"),
    "conference": ("conference_present", "conference_expected"),
}


def parts_of(found: Figures, measure: str) -> tuple[int, int]:
    numerator, denominator = MEASURES[measure]
    return getattr(found, numerator), getattr(found, denominator)


def rate(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(numerator, denominator) if denominator else None


def points(one: Fraction | None, other: Fraction | None) -> str:
    """How many percentage points one rate lies above the other: `+1,2`; never a nought where they differ."""
    if one is None or other is None:
        return "—"
    difference = (one - other) * 100
    if not difference:
        return "0"
    sign = "+" if difference > 0 else "−"
    tenths = int(abs(difference) * 10 + Fraction(1, 2))
    return f"{sign}{tenths // 10},{tenths % 10}" if tenths else _("%sdưới 0,1") % sign


# --- subordinate organisations ---


@dataclass(frozen=True)
class Compared:
    name: str
    url: str
    numerator: int
    denominator: int
    share: Share
    points: str  # above or below the whole


@dataclass(frozen=True)
class Comparison:
    whole: Share
    children: list[Child]
    rate: Fraction | None


def compare(organisation: Organisation, query: PeriodQuery, user) -> Comparison:
    found = level(organisation, query.period, query.values["structure"])
    ids = [child.organisation.pk for child in found.children]
    allowed = measurable(user.reach, ids, query.days, query.read_in)
    children = [child_of(child, child.organisation.pk in allowed) for child in found.children]
    measure = query.values["measure"]
    return Comparison(
        share_of(measure, found.figures, Addresses(organisation, query)),
        [child for child in children if child.is_measurable],
        rate(*parts_of(found.figures, measure)),
    )


def chosen(children: Iterable[Child], query: PeriodQuery) -> list[Child]:
    """By name as they come; those without a rate stand last of those that are ordered by it."""
    words, measure, sort = words_of(query.values["name"]), query.values["measure"], query.values["sort"]
    found = [child for child in children if holds(folded(child.name), words)]
    if sort.endswith("name"):
        return found[::-1] if sort.startswith("-") else found
    orders = {name: lambda child, of=of: of(*parts_of(child.figures, measure)) for name, of in ORDER.items()}
    with_rate = [child for child in found if parts_of(child.figures, measure)[1]]
    return ordered(with_rate, orders, sort) + [child for child in found if not parts_of(child.figures, measure)[1]]


ORDER = {
    "rate": Fraction,
    "numerator": lambda numerator, denominator: numerator,
    "denominator": lambda numerator, denominator: denominator,
}


def compared(child: Child, query: PeriodQuery, whole: Fraction | None) -> Compared:
    addresses, measure = Addresses(child.organisation, query), query.values["measure"]
    parts = parts_of(child.figures, measure)
    return Compared(
        child.name,
        addresses.page("dashboard"),
        *parts,
        share_of(measure, child.figures, addresses),
        points(rate(*parts), whole),
    )


def share_of(measure: str, found: Figures, addresses: Addresses) -> Share:
    if measure == "attendance":
        return attendance(found, addresses)
    if measure == "conference":
        return conference_share(found, addresses)
    return duty_share(measure, found, addresses)


# --- this year and last ---


@dataclass(frozen=True)
class TwoMonths:
    month: int
    this: MonthFigures | None
    before: MonthFigures | None
    this_share: Share
    before_share: Share
    points: str


@dataclass(frozen=True)
class TwoRates:
    label: str
    this: Share
    before: Share
    points: str


@dataclass(frozen=True)
class TwoNumbers:
    label: str
    this: Number
    before: Number
    difference: str


@dataclass(frozen=True)
class TwoYears:
    months: list[TwoMonths]
    rates: list[TwoRates]
    numbers: list[TwoNumbers]


def beside_year_before(organisation: Organisation, query: PeriodQuery) -> TwoYears:
    structure = query.values["structure"]
    now, then = query.period, query.period.year_before
    one, other = (figures(organisation, period, structure) for period in (now, then))
    here = Addresses(organisation, query)
    there = Addresses(organisation, query, asked_for(then))
    return TwoYears(
        two_months(organisation, query, here),
        [two_rates(measure, one, other, here, there) for measure in MEASURES],
        [two_numbers(name, one, other, here, there) for _group, names in GROUPS for name in names],
    )


def two_rates(measure: str, one: Figures, other: Figures, here: Addresses, there: Addresses) -> TwoRates:
    rates = [rate(*parts_of(found, measure)) for found in (one, other)]
    return TwoRates(
        measure_label(measure), share_of(measure, one, here), share_of(measure, other, there), points(*rates)
    )


def measure_label(measure: str) -> str:
    labels = {"attendance": _("Tỷ lệ có mặt"), "regular": _("Sinh hoạt định kỳ")}
    labels |= {"thematic": _("Sinh hoạt chuyên đề"), "conference": _("Dự hội nghị học tập")}
    return labels[measure]


def two_numbers(name: str, one: Figures, other: Figures, here: Addresses, there: Addresses) -> TwoNumbers:
    values = [getattr(found, name) for found in (one, other)]
    numbers = [figure_number(name, one, here), figure_number(name, other, there)]
    return TwoNumbers(DEFINITIONS[name][0], *numbers, signed(values[0] - values[1]))


def signed(difference: int) -> str:
    if not difference:
        return "0"
    return f"{'+' if difference > 0 else '−'}{thousands(abs(difference))}"


def two_months(organisation: Organisation, query: PeriodQuery, addresses: Addresses) -> list[TwoMonths]:
    """Month by month as far as either of the periods goes."""
    structure, now, then = query.values["structure"], query.period, query.period.year_before
    found = [
        {row.first_day.month: row for row in attendance_by_month(organisation, period, structure)}
        for period in (now, then)
    ]
    return [
        two_months_row(month, *(rows.get(month) for rows in found), now, then, addresses)
        for month in sorted(found[0].keys() | found[1].keys())
    ]


def two_months_row(month: int, this, before, now, then, addresses: Addresses) -> TwoMonths:
    shares = [
        attendance(row, addresses, **month_asked(row.first_day, period)) if row else NOTHING
        for row, period in ((this, now), (before, then))
    ]
    rates = [rate(row.present, row.expected) if row else None for row in (this, before)]
    return TwoMonths(month, this, before, *shares, points(*rates))


NOTHING = Share("—", Number("0"), Number("0"))
