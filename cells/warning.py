"""What somebody should look at on a roster: it warns and blocks nothing (domain.md R2 and 1.3, transfers)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import Lineage, Membership, Organisation, Standing
from cells.naming import names_for
from cells.rosters import sees_roster
from cells.spans import ONE_DAY

FEWEST_OFFICIAL = 3
MOST_SHOWN = 10  # of one kind
SATURDAY = 5


@dataclass(frozen=True)
class Warning:
    text: str
    url: str = ""


def warnings_for(cell: Organisation, user, day: dt.date) -> list[Warning]:
    """For those who keep the roster of the cell, with names."""
    return [*small_cells(cell, user, day), *overdue_visits(cell, day), *open_transfers(cell, day)]


def warnings_below(here: Organisation, user, day: dt.date) -> list[Warning]:
    """For those above: counts, from which nobody learns a name."""
    return [*small_cells(here, user, day), *late_transfers(here, user, day)]


def cells_of(here: Organisation, day: dt.date):
    return Lineage.unscoped.under(here, day).filter(is_cell=True).values("descendant")


def small_cells(here: Organisation, user, day: dt.date) -> list[Warning]:
    cells = cells_of(here, day)
    official = Membership.unscoped.on(day).home().filter(cell__in=cells, standing=Standing.OFFICIAL)
    counts = dict(official.order_by().values_list("cell").annotate(Count("pk")))
    small = [cell for cell in Organisation.unscoped.filter(pk__in=cells) if counts.get(cell.pk, 0) < FEWEST_OFFICIAL]
    names = names_for(user, [cell.pk for cell in small], day)
    found = []
    for cell in sorted(small, key=lambda cell: (counts.get(cell.pk, 0), cell.code)):
        text, address = _("Chi bộ chỉ còn %(count)d đảng viên chính thức (thường phải có từ %(least)d)."), ""
        if cell != here:
            text = _("%(name)s chỉ còn %(count)d đảng viên chính thức (thường phải có từ %(least)d).")
            address = reverse("cells:organisation", args=[cell.public_id])
        told = {"name": names.get(cell.pk, cell.code), "count": counts.get(cell.pk, 0), "least": FEWEST_OFFICIAL}
        found.append(Warning(text % told, address))
    return in_short(found)


def in_short(found: list[Warning]) -> list[Warning]:
    more = len(found) - MOST_SHOWN
    return found if more <= 0 else [*found[:MOST_SHOWN], Warning(_("… và %d trường hợp khác như vậy.") % more)]


def overdue_visits(cell: Organisation, day: dt.date) -> list[Warning]:
    spans = Membership.unscoped.on(day).filter(cell=cell, planned_last_day__lt=day).select_related("person")
    text = _("%(name)s: %(status)s đã quá ngày dự kiến %(day)s.")
    return [
        warning(span, text, {"status": span.get_status_display(), "day": f"{span.planned_last_day:%d/%m/%Y}"})
        for span in spans.order_by("planned_last_day", "pk")
    ]


def open_transfers(cell: Organisation, day: dt.date) -> list[Warning]:
    found = []
    for span in unconfirmed(day).filter(cell=cell).select_related("person").order_by("last_day", "pk"):
        until = confirmed_by(span)
        late = _("%(name)s: chuyển sinh hoạt từ %(first)s, quá hạn %(until)s mà chưa có xác nhận nơi đến.")
        running = _("%(name)s: chuyển sinh hoạt từ %(first)s, chờ xác nhận nơi đến, hạn %(until)s.")
        days = {"first": f"{span.last_day + ONE_DAY:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}
        found.append(warning(span, late if until < day else running, days))
    return found


def unconfirmed(day: dt.date):
    spans = Membership.unscoped.home().filter(leaving="transferred", arrival_confirmed=None)
    return spans.filter(last_day__lt=day)


def confirmed_by(span: Membership) -> dt.date:
    return working_days_after(span.last_day, settings.TRANSFER_WORKING_DAYS)


def late_transfers(here: Organisation, user, day: dt.date) -> list[Warning]:
    spans = unconfirmed(day).filter(cell__in=cells_of(here, day)).select_related("cell")
    late = Counter(span.cell for span in spans if confirmed_by(span) < day)
    names = names_for(user, [cell.pk for cell in late], day)
    reads_names = sees_roster(user, here.pk)
    text = _("%(name)s: %(count)d lần chuyển sinh hoạt đã quá hạn mà chưa có xác nhận nơi đến.")
    return in_short(
        [
            Warning(
                text % {"name": names.get(cell.pk, cell.code), "count": count},
                reverse("cells:roster", args=[cell.public_id]) if reads_names else "",
            )
            for cell, count in sorted(late.items(), key=lambda pair: (-pair[1], pair[0].code))
        ]
    )


def warning(span: Membership, text: str, told: dict) -> Warning:
    address = reverse("cells:person", args=[span.person.public_id])
    return Warning(text % ({"name": span.person.full_name} | told), address)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Monday to Friday; public holidays are not known here, so the true end can only be later."""
    while count:
        day += ONE_DAY
        count -= day.weekday() < SATURDAY
    return day
