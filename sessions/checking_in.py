"""Members mark themselves by the code on the room's screen: signed, of the moment, and never over the secretary's word.

Nothing is asked or kept of where they are and of their device.
"""

import time
import uuid

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from sessions.marking import authors_of, usual_mark
from sessions.models import AnnouncedAbsence, Attendance, Mark, Session
from sessions.states import NotOpen, State, exempt_people, locked

EVERY = 45  # seconds a code stands on the screen
GRACE = 30  # seconds it is taken after that
PROOF_LASTS = 600  # seconds to log in and to tap, once the code was read in time
SIGNER = signing.Signer(salt="sessions.check-in", sep=".")


class OldCode(Refused):
    def default(self):
        return _("Mã này đã cũ. Hãy quét lại mã đang hiện trên màn hình phòng họp.")


class NotExpected(Refused):
    def default(self):
        return _("Đồng chí không có tên trong danh sách điểm danh buổi này. Hãy báo thư ký.")


class MarkedOtherwise(Refused):
    """The minute-taker has said something else, and that stands."""

    def __init__(self, mark: str):
        text = _("Thư ký đã ghi: %s. Nếu chưa đúng, hãy báo thư ký.")
        super().__init__(text % str(Mark(mark).label))


def code_of(session: Session, now: float | None = None) -> str:
    step = int((time.time() if now is None else now) // EVERY)
    return SIGNER.sign(f"{session.public_id.hex}-{step}")


def seconds_left(now: float) -> int:
    return EVERY - int(now % EVERY)


def session_of(code: str, now: float | None = None) -> uuid.UUID:
    """Of which session this code is, if it stood on the screen just now. Raises OldCode, also for a forged one."""
    try:
        key, _dash, step = SIGNER.unsign(code).partition("-")
        shown, session = int(step) * EVERY, uuid.UUID(key)
    except (signing.BadSignature, ValueError):
        raise OldCode from None
    now = time.time() if now is None else now
    if not shown <= now < shown + EVERY + GRACE:
        raise OldCode
    return session


@transaction.atomic
def check_in(session: Session, *, actor: User, request=None) -> str:
    """The mark that stands afterwards. A second tap changes nothing; another mark by hand stays."""
    session = locked(session)
    if session.state != State.OPEN:
        raise NotOpen(_("Chưa mở điểm danh, hoặc đã điểm danh xong."))
    person = getattr(actor, "person", None)
    row = Attendance.unscoped.filter(session=session, person=person).first() if person else None
    if row is None and (person is None or person.pk not in exempt_people(session.cell_id, session.day)):
        raise NotExpected
    mark = usual_mark(session)
    if row and row.mark in {Mark.PRESENT, Mark.PRESENT_ONLINE}:
        return row.mark
    if row and row.mark != Mark.UNMARKED and not is_own_announcement(session, row):
        raise MarkedOtherwise(row.mark)
    if row and row.mark != Mark.UNMARKED:
        session.version += 1  # a whole sheet that still says "absent" must not pass over it
        session.save(update_fields=["version"])
    values = {"mark": mark, "reason": ""}
    create = values | {"is_expected": row is not None}
    Attendance.unscoped.update_or_create(session=session, person=person, defaults=values, create_defaults=create)
    record("session.checked_in", actor=actor, target=session, detail={"person": person.pk}, request=request)
    return mark


def is_own_announcement(session: Session, row: Attendance) -> bool:
    """They asked leave and came after all; nobody has marked them by hand."""
    asked = AnnouncedAbsence.unscoped.filter(session=session, person=row.person_id, reason=row.reason).exists()
    return asked and row.mark == Mark.EXCUSED and row.person_id not in authors_of(session)
