"""Photos of the signed paper sheet: taken in, looked at by the own cell, taken away with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.uploads.accepting import Accepted
from cells.uploads.stored import FileState
from sessions.models import Session, SignedSheet
from sessions.states import State, locked

MOST = 6  # photos of one session


class NoSheet(Refused):
    def default(self):
        return _("Chỉ thêm được ảnh tờ ký khi buổi sinh hoạt đã mở điểm danh hoặc đã kết thúc.")


class TooMany(Refused):
    def default(self):
        return _("Mỗi buổi chỉ lưu tối đa %d ảnh. Hãy gỡ ảnh không dùng trước.") % MOST


@transaction.atomic
def attach(session: Session, accepted: Accepted, *, actor: User, request=None) -> SignedSheet:
    session = locked(session)
    if session.state not in {State.OPEN, State.CLOSED}:
        raise NoSheet
    if SignedSheet.unscoped.filter(session=session, state=FileState.RELEASED).count() >= MOST:
        raise TooMany
    sheet = SignedSheet.unscoped.create(session=session, uploaded_by=actor, **accepted.fields)
    detail = {"session": session.pk, "sha256": sheet.sha256}
    record("session.sheet_attached", actor=actor, target=sheet, detail=detail, request=request)
    return sheet


@transaction.atomic
def remove(sheet: SignedSheet, reason: str, *, actor: User, request=None) -> None:
    """The row stays and says who took it away and why."""
    told = {"removed_by": actor, "removed_at": timezone.now(), "removal_reason": reason}
    changed = SignedSheet.unscoped.filter(pk=sheet.pk).exclude(state=FileState.REMOVED)
    if changed.update(state=FileState.REMOVED, **told):
        detail = {"session": sheet.session_id}
        after = {"reason": reason}
        record("session.sheet_removed", actor=actor, target=sheet, detail=detail, after=after, request=request)
