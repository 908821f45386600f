"""What every change of a session begins with: its row under lock, and the refusals that its user can read."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.refusing import Refused
from cells.models import Membership, Status
from sessions.models import Session

State = Session.State


class AlreadyClosed(Refused):
    def default(self):
        return _("Buổi sinh hoạt này đã kết thúc.")


class NotOpen(Refused):
    def default(self):
        return _("Buổi sinh hoạt này không ở trạng thái điểm danh.")


class NotPlanned(Refused):
    def default(self):
        return _("Chỉ sửa được kế hoạch khi buổi sinh hoạt chưa mở.")


class ChangedMeanwhile(Refused):
    def default(self):
        return _("Người khác vừa thay đổi buổi sinh hoạt này. Hãy xem lại rồi gửi lần nữa.")


def locked(session: Session) -> Session:
    """The row as it is now, kept from others until the transaction ends."""
    return Session.unscoped.select_for_update(of=("self",)).select_related("cell").get(pk=session.pk)


def expected_people(cell: int, day: dt.date) -> set[int]:
    """Those who must attend (figures.md, "Expected")."""
    return set(Membership.unscoped.on(day).expected().filter(cell=cell).values_list("person_id", flat=True))


def exempt_people(cell: int, day: dt.date) -> set[int]:
    """Home members who need not attend, and may."""
    exempt = Membership.unscoped.on(day).filter(cell=cell, status=Status.EXEMPT)
    return set(exempt.values_list("person_id", flat=True))
