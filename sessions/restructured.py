"""What a reorganisation means for sessions: planned ones are called off, finished ones forbid to change their past."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.changing import Changes
from cells.dependants import Dependants, Event, Hanging
from sessions.counting import month_of, rebuild_rollup
from sessions.models import MonthlyRollup, Session
from sessions.naming import Names

State = Session.State
MOST_NAMED = 5


class SessionsOfCells(Dependants):
    label = gettext_lazy("Buổi sinh hoạt")

    def hanging_on(self, organisations, day):
        sessions = Session.unscoped.filter(cell__in=organisations)
        planned = sessions.filter(state=State.PLANNED, day__gte=day).count()
        closed = sessions.closed().filter(day__lt=day).count()
        return [
            Hanging(_("buổi sinh hoạt dự kiến từ ngày có hiệu lực, sẽ hủy"), planned),
            Hanging(_("buổi sinh hoạt đã kết thúc, giữ nguyên tại đơn vị cũ"), closed),
        ]

    def problems(self, event):
        sessions = in_the_way(event).select_related("cell")
        names = Names(session.cell_id for session in sessions)
        lines = [f"{names.of(session.cell_id, session.day)}, {session.day:%d/%m/%Y}" for session in sessions]
        if not lines:
            return []
        text = _(
            "Có %(count)d buổi sinh hoạt đã kết thúc hoặc đang điểm danh từ ngày có hiệu lực trở đi, "
            "mà danh sách đảng viên khi đó sẽ khác: %(which)s. Hãy chọn ngày có hiệu lực sau các buổi này, "
            "hoặc mở lại rồi hủy các buổi ghi sai đơn vị."
        )
        which = "; ".join(lines[:MOST_NAMED]) + ("; …" if len(lines) > MOST_NAMED else "")
        return [text % {"count": len(lines), "which": which}]

    def on_restructured(self, event):
        changes = Changes()
        planned = Session.unscoped.filter(cell__in=event.ended, state=State.PLANNED, day__gte=event.day)
        for session in planned:
            changes.change(session, state=State.CANCELLED, version=session.version + 1)
        event.write(changes)
        rebuild_from(event.day)

    def on_taken_back(self, event):
        rebuild_from(event.day)


def in_the_way(event: Event):
    """Roll-calls from the day on that no longer agree with the rosters (figures.md, "Expected")."""
    from_then_on = Session.unscoped.filter(day__gte=event.day)
    at_ended = Q(cell__in=event.ended, state__in=[State.CLOSED, State.OPEN])
    at_changed = Q(cell__in=event.rosters_changed, state=State.CLOSED)
    return from_then_on.filter(at_ended | at_changed).order_by("day", "pk")


def rebuild_from(day: dt.date) -> None:
    """The tree changed from this day on, and with it which organisations each session adds to."""
    held = Session.unscoped.closed().filter(day__gte=month_of(day)).dates("day", "month")
    stored = MonthlyRollup.unscoped.filter(month__gte=month_of(day)).values_list("month", flat=True)
    rebuild_rollup({*held, *stored})
