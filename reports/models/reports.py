"""Reports: the request is a row, and the row is the job (reliability.md R4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.jobs.models import Job
from cells.models import Organisation
from cells.reach import AT_THE_CELL


class ReportQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(dated_facts(user.reach, "organisation", "until", own=AT_THE_CELL))


class Report(Job):
    """A requested report. Worker and sweeper change it only by conditional updates on state and token."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("đang chờ")
        RUNNING = "running", _("đang lập")
        DONE = "done", _("đã xong")
        FAILED = "failed", _("không lập được")
        CANCELLED = "cancelled", _("đã hủy")

    class Step(models.TextChoices):
        WAITING = "", _("chờ đến lượt")
        COUNTING = "counting", _("tính số liệu")
        TYPESETTING = "typesetting", _("dàn trang")
        PUBLISHING = "publishing", _("lưu tệp")

    class Layout(models.TextChoices):
        HD05_2026 = "hd05_2026", _("HD 05-HD/VPTW (2026)")

    TASK = "reports.tasks.build"

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField(_("kỳ báo cáo"), max_length=10)
    until = models.DateField(_("ngày chốt số liệu"))
    layout = models.CharField(max_length=20, choices=Layout, default=Layout.HD05_2026)
    revision = models.PositiveSmallIntegerField(_("bản lập"), default=1)
    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    step = models.CharField(max_length=12, choices=Step, blank=True)

    figures = models.JSONField(null=True, blank=True)

    unscoped = models.Manager()
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "period", "until", "revision"], name="report_key"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "running", "done", "failed", "cancelled"]), name="report_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False), name="report_leased"
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="report_queue")]

    def interrupted(self):
        return _("Việc lập báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống.")

    def has_failed(self, reason):
        self.tell()
        record("report_failed", actor=self.requested_by, target=self, detail={"reason": reason})

    def tell(self) -> None:
        Notice.unscoped.create(report=self, user=self.requested_by)


class Artifact(models.Model):
    """The one file of a finished report, made in the transaction that finished it."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="artifact")
    path = models.CharField(max_length=120, unique=True)  # below DATA_DIR
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()


class Notice(models.Model):
    """Tells the requester once that a report is ready or has failed for good."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="notice")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="notices")
    created = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()


class Heartbeat(models.Model):
    """When sweeper and beat were last seen, for /readyz and the administrator's page."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    unscoped = models.Manager()
