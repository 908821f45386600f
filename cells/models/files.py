"""What people hand in: imports on their way, and what was stated with an upload."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import User
from cells.jobs.models import Job, JobState
from cells.models.tree import Organisation


class Revision(models.Model):
    """One row that counts changes to what imports check, so that a plan made on older data is never written."""

    number = models.PositiveBigIntegerField(default=0)


class ImportBatchQuerySet(models.QuerySet):
    def for_user(self, user):
        from cells import access

        return self.filter(access.own_imports(user.reach), uploaded_by=user)


class ImportBatch(Job):
    """An uploaded file on its way: read and compared, confirmed and written, perhaps undone. The row is the job."""

    TASK = "cells.tasks.work_on_import"

    class Kind(models.TextChoices):
        WORKBOOK = "workbook", _("sổ trao đổi")
        ROSTER = "roster", _("danh sách đảng viên")
        SHEET = "sheet", _("một trang của sổ trao đổi")

    class Phase(models.TextChoices):
        PLAN = "plan", _("đọc và đối chiếu")
        WRITE = "write", _("ghi dữ liệu")
        UNDO = "undo", _("hoàn tác")

    class Step(models.TextChoices):
        WAITING = "", _("chờ đến lượt")
        READING = "reading", _("đọc tệp")
        COMPARING = "comparing", _("đối chiếu với dữ liệu đã có")
        WRITING = "writing", _("ghi dữ liệu")

    State = JobState

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(_("loại tệp"), max_length=10, choices=Kind)
    phase = models.CharField(max_length=6, choices=Phase, default=Phase.PLAN)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.REQUESTED)
    step = models.CharField(max_length=10, choices=Step, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(null=True, blank=True)  # of spans of a roster that do not say theirs
    # Of one sheet: its title, and the code of what all its rows are about (`cells.exchange.planning.Alone`).
    sheet = models.CharField(max_length=40, blank=True)
    sheet_key = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the file would do, told once more below DATA_DIR: the rows of the preview, and what an undo needs.
    plan_number = models.PositiveIntegerField(default=0)
    plan_name = models.CharField(max_length=80, blank=True)
    plan_sha256 = models.CharField(max_length=64, blank=True)
    revision = models.PositiveBigIntegerField(null=True, blank=True)  # at which the plan was made
    summary = models.JSONField(default=dict)
    written_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # its files were deleted

    unscoped = models.Manager()
    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False), name="import_leased"
            ),
            models.CheckConstraint(condition=~Q(kind="roster") | Q(cell__isnull=False), name="import_roster_cell"),
            models.CheckConstraint(
                condition=~Q(kind="sheet") | (~Q(sheet="") & ~Q(sheet_key="")), name="import_sheet_key"
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="import_queue")]

    def interrupted(self):
        return _("Việc này bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống.")

    def has_failed(self, reason):
        detail = {"phase": self.phase, "reason": reason}
        record("import.failed", actor=self.uploaded_by, target=self, detail=detail)


class UploadStatement(models.Model):
    """What somebody stated when handing in a file, and how it ended; of the file itself nothing (domain.md 1.8)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    is_attested = models.BooleanField()
    outcome = models.CharField(max_length=20, blank=True)  # blank: taken in; else why not

    unscoped = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="upload_statement_quota")]
