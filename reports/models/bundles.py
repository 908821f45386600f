"""All reports of a period under one committee, asked for as one PDF: the request is a row, and the row is the job."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import User
from cells.jobs.models import Job, JobState
from cells.models import Organisation
from reports.periods import Period


class BundleQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own, as long as one looks down from where it was asked for."""
        return self.filter(asked_by=user, top__in=user.reach.tops)


class Bundle(Job):
    """Which reports it has is written down when it is asked for: what comes out is what was seen."""

    TASK = "reports.tasks.join"
    State = JobState

    class Step(models.TextChoices):
        WAITING = "", _("chờ đến lượt")
        JOINING = "joining", _("gộp các báo cáo")
        PUBLISHING = "publishing", _("lưu tệp")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    top = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(_("kỳ báo cáo"), max_length=10)
    listed_at = models.DateTimeField(default=timezone.now)  # when its reader saw that these are the reports
    papers = models.JSONField()  # [[key of the report, how its bookmark reads]] in order
    papers_sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()

    state = models.CharField(max_length=12, choices=JobState, default=JobState.REQUESTED)
    step = models.CharField(max_length=12, choices=Step, blank=True)

    path = models.CharField(max_length=120, blank=True)  # below DATA_DIR
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # its outcome, by whoever asked
    removed_at = models.DateTimeField(null=True, blank=True)  # its file, after some days

    unscoped = models.Manager()
    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "top", "period", "papers_sha256"], name="bundle_key"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False), name="bundle_leased"
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(path=""), name="bundle_has_file"),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="bundle_queue")]

    @property
    def covered(self) -> Period:
        return Period.parse(self.period)

    @property
    def audit_place(self) -> int:
        return self.top_id

    @property
    def report_ids(self) -> list[int]:
        return [pk for pk, _title in self.papers]

    @property
    def is_there(self) -> bool:
        return self.state == JobState.DONE and self.removed_at is None

    def interrupted(self):
        return _("Việc gộp báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống.")

    def unexpected(self) -> str:
        text = _("Có lỗi khi gộp báo cáo. Nếu thử lại vẫn lỗi, hãy báo người quản trị số %(number)s.")
        return text % {"number": self.pk}

    def has_failed(self, reason):
        record("report.bundle_failed", actor=self.asked_by, target=self, detail={"reason": reason})
