"""Whether what a session came to may still be written; asked by everything that writes record, votes or tasks."""

from django.utils.translation import gettext as _

from accounts.refusing import Refused
from sessions.models import Session
from sessions.states import State


def may_be_changed(session: Session) -> bool:
    """Whether record, votes and tasks of the session may still be written: from its opening on."""
    return session.state in {State.OPEN, State.CLOSED}


class NotWritable(Refused):
    def default(self):
        return _("Nội dung của buổi sinh hoạt này không ghi được nữa, hoặc chưa ghi được.")


def refuse_unchangeable(session: Session) -> None:
    if not may_be_changed(session):
        raise NotWritable
