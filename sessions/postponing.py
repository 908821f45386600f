"""Puts a session off or calls it off, with a notice to its members; what was planned stays on record."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from sessions.models import Mark, Session, SessionNotice
from sessions.planning import refuse_day, refuse_twin
from sessions.states import ChangedMeanwhile, State, locked

Kind = SessionNotice.Kind
TOLD_FOR = dt.timedelta(days=14)  # how long the home page of members speaks of it


class NotToPutOff(Refused):
    def default(self):
        return _("Chỉ hoãn hoặc hủy được buổi chưa điểm danh ai.")


class NoLaterDay(Refused):
    def default(self):
        return _("Ngày mới phải từ hôm nay và khác ngày cũ.")


@transaction.atomic
def postpone(
    session: Session, day: dt.date, start: dt.time | None, reason: str, *, version: int, actor: User, request=None
) -> SessionNotice:
    session = locked(session)
    if session.state != State.PLANNED:
        raise NotToPutOff
    if session.version != version:
        raise ChangedMeanwhile
    if day == session.day or day < timezone.localdate():
        raise NoLaterDay
    refuse_day(session.cell_id, day)
    refuse_twin(session.cell_id, {"day": day, "kind": session.kind}, but=session)
    notice = give(session, Kind.POSTPONED, day, reason, actor)
    session.day, session.start = day, start
    session.version += 1
    session.save(update_fields=["day", "start", "version"])
    detail = {"old_day": notice.old_day, "new_day": day}
    record("session.postponed", actor=actor, target=session, detail=detail, after={"reason": reason}, request=request)
    return notice


@transaction.atomic
def cancel(session: Session, reason: str, *, version: int, actor: User, request=None) -> SessionNotice:
    """It stays visible, is counted nowhere, and another may be planned for the same day."""
    session = locked(session)
    if session.state not in {State.PLANNED, State.OPEN} or has_marks(session):
        raise NotToPutOff
    if session.version != version:
        raise ChangedMeanwhile
    session.roll_call.all().delete()
    notice = give(session, Kind.CANCELLED, None, reason, actor)
    session.state = State.CANCELLED
    session.version += 1
    session.save(update_fields=["state", "version"])
    detail = {"day": session.day}
    record("session.cancelled", actor=actor, target=session, detail=detail, after={"reason": reason}, request=request)
    return notice


def has_marks(session: Session) -> bool:
    return session.state == State.OPEN and session.roll_call.exclude(mark=Mark.UNMARKED).exists()


def give(session: Session, kind: str, day: dt.date | None, reason: str, actor: User) -> SessionNotice:
    return SessionNotice.unscoped.create(
        session=session,
        kind=kind,
        old_day=session.day,
        old_start=session.start,
        new_day=day,
        reason=reason,
        given_by=actor,
    )
