"""What no program can read is released by a second person, who looked at it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from cells.uploads.keeping import drop_after_commit
from cells.uploads.stored import FileState, StoredFile


class NotDecided(Exception):
    """Of this file nothing can be decided, or not by this user; the text says why."""


class OwnUpload(NotDecided):
    def __str__(self):
        return _("Người đã gửi tệp không tự duyệt được. Hãy nhờ người thứ hai xem và duyệt.")


class NotWaiting(NotDecided):
    def __str__(self):
        return _("Tệp này không còn chờ duyệt.")


class NotScanned(NotDecided):
    def __str__(self):
        return _("Tệp đang chờ quét vi-rút. Hãy thử lại sau ít phút.")


@transaction.atomic
def release(stored: StoredFile, uploader_id: int | None, *, actor, request=None) -> None:
    if stored.awaits_scan:
        raise NotScanned
    decided(stored, uploader_id, FileState.RELEASED, actor)
    record("upload.released", actor=actor, target=stored, request=request)


@transaction.atomic
def refuse(stored: StoredFile, uploader_id: int | None, *, actor, request=None) -> None:
    """Take the file away: the second person found what must not be here. The row stays, without the file."""
    decided(stored, uploader_id, FileState.REMOVED, actor)
    stored.forget_content()
    record("upload.removed", actor=actor, target=stored, request=request)
    drop_after_commit(stored.stored_name)


def decided(stored: StoredFile, uploader_id: int | None, state: FileState, actor) -> None:
    if uploader_id == actor.pk:
        raise OwnUpload
    if not type(stored).unscoped.filter(pk=stored.pk, state=FileState.WAITING).update(state=state):
        raise NotWaiting
