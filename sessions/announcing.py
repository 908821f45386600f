"""Who says before a session that they cannot come (xin vắng trước); the roll-call opens with these marks."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from sessions.models import AnnouncedAbsence, Attendance, Mark, Session
from sessions.states import State, expected_people, locked


class NotAnnounced(Refused):
    def default(self):
        return _("Chỉ xin vắng được trước khi mở điểm danh, và chỉ người phải có mặt.")


@transaction.atomic
def announce(session: Session, person: int, reason: str, *, actor: User, request=None) -> AnnouncedAbsence:
    """The last word counts, whether the member's own or the minute-taker's."""
    session = locked(session)
    if session.state != State.PLANNED or session.day < timezone.localdate():
        raise NotAnnounced
    if person not in expected_people(session.cell_id, session.day):
        raise NotAnnounced
    told = {"reason": reason, "announced_by": actor, "announced_at": timezone.now()}
    row, _is_new = AnnouncedAbsence.unscoped.update_or_create(session=session, person_id=person, defaults=told)
    after = {str(person): reason}
    record("session.absence_announced", actor=actor, target=session, after=after, request=request)
    return row


@transaction.atomic
def withdraw(session: Session, person: int, *, actor: User, request=None) -> None:
    session = locked(session)
    if session.state != State.PLANNED:
        raise NotAnnounced
    gone, _details = AnnouncedAbsence.unscoped.filter(session=session, person=person).delete()
    if gone:
        detail = {"person": person}
        record("session.absence_withdrawn", actor=actor, target=session, detail=detail, request=request)


def apply(session: Session, people: Iterable[int]) -> None:
    """Mark those of these people who asked leave; called while the roll-call is opened, nobody being marked yet."""
    rows = []
    for absence in AnnouncedAbsence.unscoped.filter(session=session, person__in=people):
        rows.append(Attendance(session=session, person_id=absence.person_id, mark=Mark.EXCUSED, reason=absence.reason))
    Attendance.unscoped.bulk_create(
        rows,
        batch_size=150,
        update_conflicts=True,
        unique_fields=["session", "person"],
        update_fields=["mark", "reason"],
    )
