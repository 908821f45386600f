"""Whether what a session came to may still be written; asked by everything that writes record, votes or tasks."""

from django.utils.translation import gettext as _

from accounts.refusing import Refused
from sessions.models import AdoptedPaper, Session
from sessions.states import State


def has_begun(session: Session) -> bool:
    """Whether there can be a record of it, to be read or written."""
    return session.state in {State.OPEN, State.CLOSED}


def is_adopted(session: Session) -> bool:
    """Minutes or a resolution of it stand adopted: what they were made from stays as it was."""
    return AdoptedPaper.unscoped.filter(session=session, withdrawn_at=None).exists()


def may_be_changed(session: Session) -> bool:
    """Whether record, votes and tasks of the session may still be written: from its opening to their adoption."""
    return has_begun(session) and not is_adopted(session)


class NotWritable(Refused):
    def default(self):
        return _("Nội dung của buổi sinh hoạt này không ghi được nữa, hoặc chưa ghi được.")


class AlreadyAdopted(NotWritable):
    def default(self):
        return _(
            "Biên bản hoặc nghị quyết của buổi này đã thông qua nên không sửa được nữa. "
            "Có sai sót thì ghi đính chính, hoặc bí thư rút bản đã thông qua rồi sửa."
        )


def refuse_unchangeable(session: Session) -> None:
    if not has_begun(session):
        raise NotWritable
    refuse_adopted(session)


def refuse_adopted(session: Session) -> None:
    if is_adopted(session):
        raise AlreadyAdopted
