"""Which targets hold for an organisation, and whether its figures reach them.

A rate is inherited down the tree as it hung on the day asked for, and the nearest one wins; a number of things is a
target of the organisation itself. Compared is what is, exactly: 99,6 % are not all, 600 are not "over 600".
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from cells.models import Lineage, Organisation
from cells.papers.wording import NBSP, percent, thousands
from reports.comparing import MEASURES, parts_of
from reports.models.targets import RATES, Measure, Operator, Target
from reports.statistics import Figures

REACHED, MISSED, UNKNOWN = "reached", "missed", "unknown"


@dataclass(frozen=True)
class Held:
    """A target that holds for an organisation, and how many steps above it stands who set it."""

    target: Target
    depth: int

    @property
    def is_own(self) -> bool:
        return self.depth == 0

    @property
    def wording(self) -> str:
        return wording(self.target)

    def result(self, numerator: int, denominator: int | None = None) -> str:
        """Of a rate both; of a number of things the first. Nothing is reached or missed where nothing was due."""
        if self.target.is_rate and not denominator:
            return UNKNOWN
        actual = Fraction(numerator * 100, denominator) if self.target.is_rate else Fraction(numerator)
        return REACHED if meets(actual, self.target.operator, Fraction(self.target.number)) else MISSED

    def result_of(self, found: Figures) -> str:
        return self.result(*actual_of(self.target.measure, found))


def meets(actual: Fraction, operator: str, wanted: Fraction) -> bool:
    if operator == Operator.OVER:
        return actual > wanted
    return actual == wanted if operator == Operator.EXACTLY else actual >= wanted


def actual_of(measure: str, found: Figures) -> tuple[int, int] | tuple[int]:
    return parts_of(found, measure) if measure in MEASURES else (getattr(found, measure),)


def wording(target: Target) -> str:
    """`từ 90 % trở lên`, `trên 600`, `đúng 4`."""
    number = printed(target.number) + (f"{NBSP}%" if target.is_rate else "")
    forms = {
        Operator.AT_LEAST: _("từ %s trở lên"),
        Operator.OVER: _("trên %s"),
        Operator.EXACTLY: _("đúng %s"),
    }
    return forms[target.operator] % number


def printed(number: Decimal) -> str:
    whole, tenths = divmod(int(number * 10), 10)
    return f"{thousands(whole)},{tenths}" if tenths else thousands(whole)


def printed_actual(measure: str, found: Figures) -> str:
    parts = actual_of(measure, found)
    return percent(*parts) if measure in RATES else thousands(parts[0])


@dataclass(frozen=True)
class Goal:
    """A target beside a figure: what is wanted, and whether it is reached, in a word with its icon."""

    wanted: str
    result: str
    word: str
    icon: str
    css: str


RESULTS = {
    REACHED: (lambda: _("Đạt"), "check-circle-fill", "badge-ok"),
    MISSED: (lambda: _("Chưa đạt"), "x-circle-fill", "badge-bad"),
    UNKNOWN: (lambda: _("Chưa có số liệu"), "hourglass-split", "badge-wait"),
}


def goal(held: Held, result: str) -> Goal:
    word, icon, css = RESULTS[result]
    return Goal(held.wording, result, word(), icon, css)


def goals(held: dict[str, Held], found: Figures) -> dict[str, Goal]:
    return {measure: goal(one, one.result_of(found)) for measure, one in held.items()}


def targets_of(organisation: Organisation, year: int, day: dt.date) -> dict[str, Held]:
    """{measure: the nearest target}, by two queries."""
    lines = Lineage.unscoped.on(day).filter(descendant=organisation)
    depths = dict(lines.values_list("ancestor_id", "depth"))
    held = {}
    targets = Target.unscoped.filter(year=year, organisation__in=list(depths)).select_related("organisation")
    for target in sorted(targets, key=lambda one: -depths[one.organisation_id]):
        depth = depths[target.organisation_id]
        if target.is_rate or not depth:
            held[target.measure] = Held(target, depth)
    return {measure: held[measure] for measure in Measure.values if measure in held}
