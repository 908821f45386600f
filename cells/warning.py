"""What somebody should look at on a roster: it warns and blocks nothing (domain.md R2 and 1.3, transfers)."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import CELL_KINDS, Lineage, Membership, Organisation, Standing
from cells.naming import names_for
from cells.spans import ONE_DAY

FEWEST_OFFICIAL = 3
MOST_SHOWN = 10  # of one kind
SATURDAY = 5


@dataclass(frozen=True)
class Warning:
    text: str
    url: str = ""


def warnings_for(here: Organisation, user, day: dt.date) -> list[Warning]:
    """Of a cell, with names; of a committee those of the cells below it that cannot wait."""
    cells = cells_of(here, day)
    is_cell = is_cell_on(here, day)
    visits, transfers = overdue_visits(cells, day), open_transfers(cells, day, late_only=not is_cell)
    return [*small_cells(here, user, day), *in_short(visits), *in_short(transfers)]


def cells_of(here: Organisation, day: dt.date):
    return Lineage.unscoped.under(here, day).filter(is_cell=True).values("descendant")


def is_cell_on(here: Organisation, day: dt.date) -> bool:
    return here.periods.on(day).filter(kind__in=CELL_KINDS).exists()


def small_cells(here: Organisation, user, day: dt.date) -> list[Warning]:
    """Counts only: whoever may read how many members a cell has may read this."""
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


def overdue_visits(cells, day: dt.date) -> list[Warning]:
    spans = Membership.unscoped.on(day).filter(cell__in=cells, planned_last_day__lt=day).select_related("person")
    text = _("%(name)s: %(status)s đã quá ngày dự kiến %(day)s.")
    return [
        warning(span, text, {"status": span.get_status_display(), "day": f"{span.planned_last_day:%d/%m/%Y}"})
        for span in spans.order_by("planned_last_day", "pk")
    ]


def open_transfers(cells, day: dt.date, *, late_only: bool) -> list[Warning]:
    spans = Membership.unscoped.home().filter(cell__in=cells, leaving="transferred", arrival_confirmed=None)
    found = []
    for span in spans.filter(last_day__lt=day).select_related("person").order_by("last_day", "pk"):
        until = working_days_after(span.last_day, settings.TRANSFER_WORKING_DAYS)
        if late_only and day <= until:
            continue
        late = _("%(name)s: chuyển sinh hoạt từ %(first)s, quá hạn %(until)s mà chưa có xác nhận nơi đến.")
        running = _("%(name)s: chuyển sinh hoạt từ %(first)s, chờ xác nhận nơi đến, hạn %(until)s.")
        days = {"first": f"{span.last_day + ONE_DAY:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}
        found.append(warning(span, late if until < day else running, days))
    return found


def warning(span: Membership, text: str, told: dict) -> Warning:
    address = reverse("cells:person", args=[span.person.public_id])
    return Warning(text % ({"name": span.person.full_name} | told), address)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Monday to Friday; public holidays are not known here, so the true end can only be later."""
    while count:
        day += ONE_DAY
        count -= day.weekday() < SATURDAY
    return day
