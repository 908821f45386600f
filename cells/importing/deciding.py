"""What an uploader decides: to upload, to confirm exactly the plan that was shown, to drop it, to take all back."""

import datetime as dt
import hashlib
import os

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from accounts.text import clean_line
from cells.importing.files import forget_files, upload_path
from cells.jobs.ending import FRESH_COUNTERS
from cells.jobs.models import UNFINISHED, JobState
from cells.jobs.ringing import ring_on_commit
from cells.models import ImportBatch, Organisation

Phase = ImportBatch.Phase


def receive(
    file: UploadedFile,
    kind: str,
    *,
    user: User,
    cell: Organisation | None = None,
    first_day: dt.date | None = None,
    sheet: str = "",
    sheet_key: str = "",
    request=None,
) -> ImportBatch:
    """Keep the file under a name of ours and ask for its plan; nobody looks into it in this process."""
    batch = ImportBatch(kind=kind, uploaded_by=user, cell=cell, first_day=first_day, size=file.size)
    batch.sheet, batch.sheet_key = sheet, sheet_key
    batch.file_name = clean_line(file.name)[-250:] or "xlsx"
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    keep(file, batch)
    try:
        with transaction.atomic():
            # Under the user's own row, so that files sent at once are all counted.
            User.objects.select_for_update().get(pk=user.pk)
            refuse_too_many(user, file.size)
            batch.save(force_insert=True)
            record("import.uploaded", actor=user, target=batch, detail={"sha256": batch.sha256}, request=request)
            ring_on_commit(batch)
    except BaseException:
        forget_files(batch)
        raise
    return batch


def refuse_too_many(user: User, size: int) -> None:
    today = ImportBatch.unscoped.filter(uploaded_by=user, created__gte=timezone.now() - dt.timedelta(days=1))
    if today.count() >= settings.IMPORTS_A_DAY:
        raise Refused(
            _("Hôm nay đã tải lên %s tệp, đủ số cho phép. Hãy thử lại vào ngày mai.") % settings.IMPORTS_A_DAY
        )
    if (today.aggregate(all=Sum("size"))["all"] or 0) + size > settings.IMPORT_BYTES_A_DAY:
        raise Refused(_("Hôm nay đã tải lên quá nhiều dữ liệu. Hãy thử lại vào ngày mai."))
    if today.filter(state__in=UNFINISHED).count() >= settings.IMPORTS_AT_ONCE:
        raise Refused(_("Các tệp trước chưa làm xong. Hãy chờ xong rồi tải tệp khác."))


def keep(file: UploadedFile, batch: ImportBatch) -> None:
    path = upload_path(batch)
    file.seek(0)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as stored:
            for chunk in file.chunks():
                stored.write(chunk)
            stored.flush()
            os.fsync(stored.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


@transaction.atomic
def confirm(batch: ImportBatch, plan_number: int, *, actor: User, request=None) -> None:
    """One winner: of two who confirm at once, or of one who has an older plan on the screen, the other is told."""
    batch = ImportBatch.unscoped.select_for_update().get(pk=batch.pk)
    if batch.phase != Phase.PLAN or batch.state != JobState.DONE:
        raise Refused(_("Lần nhập này đã được xác nhận hoặc đã bỏ."))
    if batch.plan_number != plan_number:
        raise Refused(_("Dữ liệu đã thay đổi nên bản xem trước đã được lập lại. Hãy xem lại rồi xác nhận."))
    if not batch.summary["is_right"] or batch.summary["changes_nothing"]:
        raise Refused(_("Chưa có gì để ghi: tệp còn dòng sai, hoặc không thay đổi gì."))
    ask_for(batch, Phase.WRITE)
    record("import.confirmed", actor=actor, target=batch, detail={"plan": plan_number}, request=request)


@transaction.atomic
def drop(batch: ImportBatch, *, actor: User, request=None) -> None:
    rows = ImportBatch.unscoped.filter(pk=batch.pk, phase=Phase.PLAN, state__in=(JobState.DONE, JobState.REQUESTED))
    if not rows.update(state=JobState.CANCELLED, forgotten_at=timezone.now()):
        raise Refused(_("Lần nhập này không bỏ được nữa: đang đọc, đã ghi hoặc đã bỏ."))
    record("import.dropped", actor=actor, target=batch, request=request)
    transaction.on_commit(lambda: forget_files(batch), robust=True)


@transaction.atomic
def ask_for_undo(batch: ImportBatch, *, actor: User, request=None) -> None:
    batch = ImportBatch.unscoped.select_for_update().get(pk=batch.pk)
    if not can_be_undone(batch):
        raise Refused(_("Lần nhập này không hoàn tác được nữa."))
    batch.summary = {name: value for name, value in batch.summary.items() if "in_the_way" not in name}
    ask_for(batch, Phase.UNDO)
    record("import.undo_requested", actor=actor, target=batch, request=request)


def can_be_undone(batch: ImportBatch) -> bool:
    is_over = batch.state in (JobState.DONE, JobState.FAILED)
    return bool(batch.written_at and not batch.undone_at and not batch.forgotten_at and is_over)


@transaction.atomic
def try_again(batch: ImportBatch, *, actor: User, request=None) -> None:
    batch = ImportBatch.unscoped.select_for_update().get(pk=batch.pk)
    if batch.state != JobState.FAILED or batch.forgotten_at or not upload_path(batch).exists():
        raise Refused(_("Việc này không thử lại được. Hãy tải tệp lên lần nữa."))
    ask_for(batch, batch.phase)
    record("import.retried", actor=actor, target=batch, request=request)


def ask_for(batch: ImportBatch, phase: str) -> None:
    ImportBatch.unscoped.filter(pk=batch.pk).update(**FRESH_COUNTERS, phase=phase, summary=batch.summary)
    ring_on_commit(batch)


def forget_old(before: dt.datetime) -> int:
    """Delete the files of older imports, and with them the way to undo; the row and its counts stay."""
    old = ImportBatch.unscoped.filter(created__lt=before, forgotten_at=None).exclude(state__in=UNFINISHED)
    count = 0
    for batch in old:
        forget_files(batch)
        kept = {"counts": batch.summary.get("counts", {})}
        count += ImportBatch.unscoped.filter(pk=batch.pk).update(forgotten_at=timezone.now(), summary=kept)
    return count
