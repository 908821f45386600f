"""The standing committee lays the yearly report before its own executive committee; the one writer of that (T2-15).

It is the year that was reported on, not a version of the paper: the newest entry about the year stands, at whichever
version it was written, so a replacement leaves it as it is. Who reports again on the replacement writes the new day.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod
from reports.models import ExecutiveEntry, Report, ReportSpan, Stage
from reports.routing import span_of
from sessions.states import ChangedMeanwhile


class NotToLay(Refused):
    def default(self):
        return _("Chỉ ghi ngày báo cáo Ban Chấp hành ở báo cáo năm của cấp ủy đã ký và chưa có bản thay thế.")


class WrongDay(Refused):
    def __init__(self, first: dt.date):
        text = _("Ngày báo cáo phải từ ngày ký báo cáo, %s, đến hôm nay.")
        super().__init__(text % f"{first:%d/%m/%Y}", "day")


class NothingLaid(Refused):
    def default(self):
        return _("Chưa ghi ngày báo cáo Ban Chấp hành nên không có gì để bỏ.")


@dataclass(frozen=True)
class Laid:
    """What is written about the year of a report, the oldest entry first."""

    report: Report
    entries: list[ExecutiveEntry]

    @property
    def version(self) -> int:
        return len(self.entries)

    @property
    def standing(self) -> ExecutiveEntry | None:
        return self.entries[-1] if self.entries and self.entries[-1].day else None

    @property
    def is_open(self) -> bool:
        """Whether a day can be written at this version of the report."""
        return self.report.is_signed and self.report.stage != Stage.REPLACED

    @property
    def is_about_earlier(self) -> bool:
        """What stands was said of a version that this one replaces."""
        return self.is_open and self.standing is not None and self.standing.report.signed_at < self.report.signed_at


def laid_of(report: Report) -> Laid | None:
    """None for all but the yearly report of a committee: a cell has no executive committee."""
    if span_of(report.covered) != ReportSpan.YEAR:
        return None
    kinds = OrganisationPeriod.unscoped.on(report.until).filter(organisation=report.organisation_id)
    if kinds.filter(kind__in=CELL_KINDS).exists():
        return None
    about = {"report__organisation": report.organisation_id, "report__period": report.period}
    return Laid(report, list(ExecutiveEntry.unscoped.filter(**about).select_related("report", "entered_by")))


def open_for(report: Report) -> Laid:
    laid = laid_of(report)
    if laid is None or not laid.is_open:
        raise NotToLay
    return laid


def signed_versions(report: Report) -> QuerySet[Report]:
    about = {"organisation": report.organisation_id, "period": report.period}
    return Report.unscoped.filter(**about, signed_at__isnull=False).order_by("signed_at")


def first_day_of(report: Report) -> dt.date:
    """When its first version was signed: nothing can have been laid before."""
    return timezone.localdate(signed_versions(report)[0].signed_at)


@transaction.atomic
def lay(report: Report, day: dt.date, reason: str = "", *, version: int, actor: User, request=None) -> None:
    """The day, or another one instead of the day that stands."""
    laid = locked(report, version)
    signed = [one for one in signed_versions(report) if timezone.localdate(one.signed_at) <= day]
    if not signed or day > timezone.localdate():
        raise WrongDay(first_day_of(report))
    if laid.standing and (laid.standing.day, laid.standing.report) == (day, signed[-1]):
        return
    write(laid, "report.laid", signed[-1], day, reason, actor, request)


@transaction.atomic
def take_back(report: Report, reason: str, *, version: int, actor: User, request=None) -> None:
    """It was written in error, or before it had been done; what stood there stays to be read."""
    laid = locked(report, version)
    if laid.standing is None:
        raise NothingLaid
    write(laid, "report.laying_taken_back", laid.standing.report, None, reason, actor, request)


def locked(report: Report, version: int) -> Laid:
    """Two at once would each see that nobody has written anything: versions of a report are rows of their own."""
    Organisation.unscoped.select_for_update().get(pk=report.organisation_id)
    laid = open_for(Report.unscoped.get(pk=report.pk))
    if laid.version != version:
        raise ChangedMeanwhile
    return laid


def write(laid: Laid, action: str, about: Report, day: dt.date | None, reason: str, actor: User, request) -> None:
    before = {"day": laid.standing.day if laid.standing else None}
    ExecutiveEntry.unscoped.create(report=about, day=day, reason=reason, entered_by=actor)
    after = {"day": day} | ({"reason": reason} if reason else {})
    record(action, actor=actor, target=about, before=before, after=after, request=request)
