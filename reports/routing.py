"""To whom a report is addressed, and who takes it in: two questions (T2-14), answered by the dated rule in force."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cells.models import Lineage, OrganisationFunction, OrganisationPeriod
from cells.papers import letterhead
from reports.models import ReportRoute, ReportSpan
from reports.periods import Period
from reports.taking_in import PROPAGANDA, takers

Issuers, Addressee = ReportRoute.Issuers, ReportRoute.Addressee
S2 = "Chương trình 11-CTr/ĐUK của Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh Thanh Hóa; nơi khác cần đối chiếu quy chế"
LOCAL = "Quy chế làm việc của cấp ủy; cần đối chiếu"
SINCE = dt.date(1930, 2, 3)


def usual(issuers: str, span: str, *, standing: bool = False, through: bool = False, executive: bool = False) -> dict:
    return {
        "issuers": issuers,
        "span": span,
        "addressee": Addressee.STANDING if standing else Addressee.COMMITTEE,
        "through_board": through,
        "to_executive": executive,
        "source": S2 if through and standing else LOCAL,
        "first_day": SINCE,
    }


SEEDS = (
    usual(Issuers.CELLS, ReportSpan.MONTH),
    usual(Issuers.CELLS, ReportSpan.QUARTER),
    usual(Issuers.CELLS, ReportSpan.HALF, standing=True, through=True),
    usual(Issuers.CELLS, ReportSpan.YEAR, standing=True, through=True),
    usual(Issuers.CELLS, ReportSpan.CONFERENCE),
    usual(Issuers.COMMITTEES, ReportSpan.MONTH),
    usual(Issuers.COMMITTEES, ReportSpan.QUARTER, through=True),
    usual(Issuers.COMMITTEES, ReportSpan.HALF, standing=True, through=True),
    usual(Issuers.COMMITTEES, ReportSpan.YEAR, standing=True, through=True, executive=True),
    usual(Issuers.COMMITTEES, ReportSpan.CONFERENCE, through=True),
)


def seed(apps) -> None:
    routes = apps.get_model("reports", "ReportRoute")._base_manager
    if not routes.exists():
        routes.bulk_create([routes.model(**values) for values in SEEDS])


@dataclass(frozen=True)
class Way:
    """Where a report goes. `board` is the body that takes it in and passes it on, if one does."""

    receiver: int  # the committee to which both belong
    addressee: str
    board: str
    executive: str


def span_of(period: Period) -> str:
    if period.is_day:
        return ReportSpan.CONFERENCE
    if "Q" in period.code:
        return ReportSpan.QUARTER
    if "H" in period.code:
        return ReportSpan.HALF
    return ReportSpan.MONTH if "-" in period.code else ReportSpan.YEAR


def route_for(organisation, is_cell: bool, period: Period, day: dt.date) -> ReportRoute | None:
    """The rule of the nearest organisation above the issuer, else the one for everywhere; of one place the newest."""
    above = dict(Lineage.unscoped.on(period.until).filter(descendant=organisation).values_list("ancestor_id", "depth"))
    routes = ReportRoute.unscoped.on(day).filter(
        Q(organisation=None) | Q(organisation__in=above),
        issuers=Issuers.CELLS if is_cell else Issuers.COMMITTEES,
        span=span_of(period),
    )
    farthest = max(above.values(), default=0) + 1
    ordered = sorted(routes, key=lambda one: (above.get(one.organisation_id, farthest), -one.first_day.toordinal()))
    return ordered[0] if ordered else None


def way_of(source, day: dt.date, on: dt.date | None = None) -> Way | None:
    """By the rule of the day, to the bodies in force on the same day, or on another where that is told.

    None for the root, which reports to nobody here.
    """
    on = on or day
    above = above_on(source, on)
    if above is None:
        return None
    route = route_for(source.organisation, source.is_cell, source.period, day)
    body = letterhead.body_name(above.name, above.kind)
    return Way(
        receiver=above.organisation_id,
        addressee=_("Ban Thường vụ %s") % body if route and route.addressee == Addressee.STANDING else body,
        board=board_of(above, on) if route and route.through_board else "",
        executive=_("Ban Chấp hành %s") % source.named.name if route and route.to_executive else "",
    )


def above_on(source, day: dt.date) -> OrganisationPeriod | None:
    """The committee above the issuer, as it was called on the cut-off day; after its end the one in its place."""
    if source.parent is None:
        return None
    sent = (source.parent.organisation_id, source.organisation.pk)
    taker = takers([sent], day)[sent]
    if taker == source.parent.organisation_id:
        return source.parent
    return OrganisationPeriod.unscoped.on(day).filter(organisation=taker).first()


def board_of(committee: OrganisationPeriod, day: dt.date) -> str:
    """A committee without a propaganda board takes its reports in itself."""
    functions = OrganisationFunction.unscoped.on(day).filter(
        organisation=committee.organisation_id, function=PROPAGANDA
    )
    return functions.values_list("body_name", flat=True).first() or ""


def recipients(source, way: Way | None) -> list[str]:
    """The lines under "Nơi nhận"; the last is the issuer's own file."""
    lines = []
    if way:
        lines.append(_("- %s (để\u00a0báo\u00a0cáo),") % way.addressee)
        if way.board:
            lines.append(_("- %s (để\u00a0tổng\u00a0hợp),") % way.board)
        if way.executive:
            lines.append(_("- %s (để\u00a0báo\u00a0cáo),") % way.executive)
    return [*lines, letterhead.recipients(source.issuer, source.is_cell, None)[-1]]
