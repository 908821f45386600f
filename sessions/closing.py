"""Closes a session with its counters, takes a closing back in its first minutes, reopens it later with a reason."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import revising
from sessions.counting import add_to_rollup, count_roll_call
from sessions.models import COUNTERS, Mark, Session
from sessions.opening import roster_change
from sessions.rating import follow_closing
from sessions.recording import refuse_adopted
from sessions.rules import rules_for
from sessions.states import AlreadyClosed, ChangedMeanwhile, NotOpen, State, locked

UNDO_WITHIN = dt.timedelta(minutes=10)
NOTHING_COUNTED = dict.fromkeys(COUNTERS, 0)


class InTheFuture(Refused):
    def default(self):
        return _("Chưa đến ngày sinh hoạt nên chưa kết thúc được. Nếu ngày ghi sai, hãy sửa ngày trước khi mở buổi.")


class BackwardTimes(Refused):
    def default(self):
        return _("Giờ kết thúc phải sau giờ bắt đầu.")


class Unmarked(Refused):
    """Somebody bears no mark; `names` says who."""

    def __init__(self, names: list[str]):
        self.names = names
        text = _("Còn %(count)d người chưa điểm danh: %(names)s.")
        super().__init__(text % {"count": len(names), "names": ", ".join(names)})


class RosterChanged(Refused):
    def __init__(self, change):
        text = _("Danh sách đảng viên đã thay đổi từ khi mở điểm danh (%s). Hãy cập nhật danh sách rồi kết thúc.")
        super().__init__(text % change.text)


class TooLate(Refused):
    def default(self):
        return _("Đã quá %d phút từ khi kết thúc. Hãy mở lại buổi sinh hoạt và ghi lý do.") % (
            UNDO_WITHIN.total_seconds() // 60
        )


class NoReason(Refused):
    def default(self):
        return _("Hãy ghi lý do mở lại.")


@transaction.atomic
def mark_closed(
    session: Session,
    *,
    start: dt.time,
    end: dt.time,
    guests: int = 0,
    guests_estimate: str = "",
    version: int | None = None,
    actor: User,
    request=None,
) -> Session:
    """Open → closed, with counters, roll-up and audit entry together or not at all."""
    revising.advance()  # first, as an import does: both then wait for each other in the same order
    session = locked(session)
    refuse(session, start, end, version)
    told = {"start": start, "end": end, "guests": guests, "guests_estimate": guests_estimate}
    changed = Session.unscoped.filter(pk=session.pk, state=State.OPEN).update(
        state=State.CLOSED,
        closed_at=timezone.now(),
        closed_by=actor,
        version=F("version") + 1,
        **told,
        **count_roll_call(session),
    )
    if not changed:
        raise AlreadyClosed
    session.refresh_from_db()
    add_to_rollup(session)
    follow_closing(session, actor)
    record("session.closed", actor=actor, target=session, detail=told | counters_of(session), request=request)
    return session


def doubts_about(session: Session, told: dict) -> list[str]:
    """What its user should look at again before closing; none of it forbids anything."""
    found = []
    start, end = told["start"], told["end"]
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    least = rules_for(session.cell_id, session.day).min_minutes(session.kind)
    if least is not None and minutes < least:
        text = _("Buổi này ghi %(minutes)d phút, ngắn hơn quy định %(least)d phút.")
        found.append(text % {"minutes": minutes, "least": least})
    now = timezone.localtime()
    if session.day == now.date() and end > now.time():
        text = _("Giờ kết thúc ghi %(end)s, bây giờ mới %(now)s.")
        found.append(text % {"end": f"{end:%H:%M}", "now": f"{now:%H:%M}"})
    return found


def refuse(session: Session, start: dt.time, end: dt.time, version: int | None) -> None:
    if session.state == State.CLOSED:
        raise AlreadyClosed
    if session.state != State.OPEN:
        raise NotOpen
    if version is not None and version != session.version:
        raise ChangedMeanwhile
    if session.day > timezone.localdate():
        raise InTheFuture
    if end <= start:
        raise BackwardTimes
    if change := roster_change(session):
        raise RosterChanged(change)
    if names := unmarked_names(session):
        raise Unmarked(names)


def unmarked_names(session: Session) -> list[str]:
    rows = session.roll_call.filter(mark=Mark.UNMARKED).order_by("person__sort_key")
    return list(rows.values_list("person__full_name", flat=True))


def undo_until(session: Session) -> dt.datetime | None:
    """Until when the closing can be taken back; None if it cannot any more."""
    if not session.is_closed or session.closed_at is None:
        return None
    until = session.closed_at + UNDO_WITHIN
    return until if timezone.now() <= until else None


def undo_closing(session: Session, *, actor: User, request=None) -> Session:
    """A slip of the finger needs no reason, within the first minutes."""
    if session.is_closed and undo_until(session) is None:
        raise TooLate
    return take_back(session, "session.closing_undone", "", actor, request)


def reopen(session: Session, reason: str, *, actor: User, request=None) -> Session:
    if not reason.strip():
        raise NoReason
    return take_back(session, "session.reopened", reason, actor, request)


@transaction.atomic
def take_back(session: Session, action: str, reason: str, actor: User, request) -> Session:
    """Closed → open; what the session added to the roll-up goes out again."""
    revising.advance()
    session = locked(session)
    if session.state != State.CLOSED:
        raise NotOpen(_("Buổi sinh hoạt này không ở trạng thái đã kết thúc."))
    refuse_adopted(session)
    detail = counters_of(session) | {"closed_at": session.closed_at, "closed_by": session.closed_by_id}
    add_to_rollup(session, times=-1)
    Session.unscoped.filter(pk=session.pk).update(
        state=State.OPEN, closed_at=None, closed_by=None, version=F("version") + 1, **NOTHING_COUNTED
    )
    after = {"reason": reason} if reason else None
    record(action, actor=actor, target=session, detail=detail, after=after, request=request)
    session.refresh_from_db()
    return session


def counters_of(session: Session) -> dict[str, int]:
    return {name: getattr(session, name) for name in COUNTERS}
