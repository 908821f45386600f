"""The second level of reporting: once a year the standing committee reports to its own executive committee (T2-15)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F

from cells.models import CELL_KINDS
from reports.models import ExecutiveEntry, Report, Stage
from reports.obligations.judging import owed
from reports.obligations.models import Subject
from reports.obligations.owing import Obligation
from reports.obligations.reporting import begun, holds_a_month
from reports.obligations.scope import Rules, Scope, periods_in

A_YEAR = 12  # months


def executive(scope: Scope) -> Iterator[Obligation]:
    """Done by the day written at the signed report of the year, whatever has become of that paper since.

    It follows from its rule alone, so the root of the tree owes it too, which reports to nobody above.
    """
    papers, days = yearly_reports(scope), days_laid(scope)
    for first, last in periods_in(A_YEAR, scope.first_day, scope.periods_end):
        for organisation in scope.windows:
            rule = scope.rules.of(Subject.EXECUTIVE, organisation, last, A_YEAR)
            if rule and has_executive(scope.rules, organisation, first, last):
                about = (organisation, str(first.year))
                day = days.get(about)
                done_on = day if day and day <= scope.on else None
                more = {"months": A_YEAR, "paper": papers.get(about, "")}
                yield owed(scope, rule, organisation, first, last, rule.due_of(last), done_on, **more)


def has_executive(rules: Rules, organisation: int, first: dt.date, last: dt.date) -> bool:
    """A committee at the end of the year, and by then for a whole month, as with other reports."""
    if rules.kind_on(organisation, last) in CELL_KINDS:
        return False
    stays = rules.stays.get(organisation, ())
    there = (stay for stay in stays if stay.first <= last <= stay.last)
    return any(holds_a_month(max(begun(stays, stay), first), last) for stay in there)


def years_of(scope: Scope) -> list[str]:
    """As `reports.periods` writes them."""
    return [str(year) for year in range(scope.first_day.year, scope.last_day.year + 1)]


def yearly_reports(scope: Scope) -> dict[tuple[int, str], str]:
    """The version that counts, or the newest draft where none is signed."""
    rows = Report.unscoped.filter(organisation__in=scope.places, period__in=years_of(scope))
    rows = rows.exclude(stage=Stage.REPLACED).order_by(F("signed_at").asc(nulls_first=True), "pk")
    return {(place, year): str(public_id) for place, year, public_id in rows.values_list(*ABOUT, "public_id")}


def days_laid(scope: Scope) -> dict[tuple[int, str], dt.date | None]:
    """The newest entry stands; one without a day took back what stood before."""
    rows = ExecutiveEntry.unscoped.filter(report__organisation__in=scope.places, report__period__in=years_of(scope))
    about = (f"report__{name}" for name in ABOUT)
    return {(place, year): day for place, year, day in rows.order_by("pk").values_list(*about, "day")}


ABOUT = ("organisation_id", "period")
