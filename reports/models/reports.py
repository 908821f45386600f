"""Reports: the request is a row, and the row is the job (reliability.md R4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.jobs.models import Job
from cells.models import Organisation, RegisteredNumber, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE
from cells.uploads.stored import FileState, StoredFile
from reports.models.runs import ReportRun
from reports.periods import Period
from resolutions.models import StudyConference


class Stage(models.TextChoices):
    """The life of a report as a paper; `state` of the row is the life of its file."""

    DRAFT = "draft", _("dự thảo")
    SUBMITTED = "submitted", _("đã trình ký")
    SIGNED = "signed", _("đã ký")
    SENT = "sent", _("đã gửi")
    RECEIVED = "received", _("đã tiếp nhận")
    RETURNED = "returned", _("bị trả lại")
    REPLACED = "replaced", _("đã có bản thay thế")


UNSIGNED = (Stage.DRAFT, Stage.SUBMITTED)


class SignerPost(models.TextChoices):
    SECRETARY = "secretary", _("BÍ THƯ")
    DEPUTY = "deputy_secretary", _("PHÓ BÍ THƯ")


def issued_by(reach, report: str = "") -> Q:
    """Reports of the own cell or committee; `report` is the way to them."""
    own = dated_facts(reach, f"{report}organisation", f"{report}until", own=AT_THE_CELL, down=())
    return own | Q(**{f"{report}organisation__in": reach.at({Role.COMMITTEE})})


class ReportQuerySet(models.QuerySet):
    def for_user(self, user):
        """A report is its issuer's own until it is sent; then it is seen from above, whatever becomes of it."""
        own = issued_by(user.reach)
        above = dated_facts(user.reach, "organisation", "until", own=(), down=DOWN_THE_TREE)
        return self.filter(own | (above & Q(sent_at__isnull=False)))


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

    TASK = "reports.tasks.build"
    IN_TURN = ("priority",)

    class Priority(models.IntegerChoices):
        """Whose file is made first: a signed paper waits for nothing, a person for no run."""

        SIGNED = 0
        ASKED = 1
        RUN = 2

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField(_("kỳ báo cáo"), max_length=10)
    until = models.DateField(_("ngày chốt số liệu"))
    conference = models.ForeignKey(  # the one it is about, if it is about one
        StudyConference, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    revision = models.PositiveSmallIntegerField(_("bản lập"), default=1)
    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    step = models.CharField(max_length=12, choices=Step, blank=True)

    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ASKED)
    run = models.ForeignKey(ReportRun, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")

    stage = models.CharField(_("tình trạng"), max_length=12, choices=Stage, default=Stage.DRAFT)
    shortcomings = models.TextField(_("hạn chế, nguyên nhân"), blank=True)
    next_tasks = models.TextField(_("nhiệm vụ kỳ sau"), blank=True)
    version = models.PositiveIntegerField(default=1)

    figures = models.JSONField(null=True, blank=True)  # of the draft's file, or of the signed paper
    content = models.JSONField(null=True, blank=True)  # of the signed paper, never changed
    content_sha256 = models.CharField(max_length=64, blank=True)
    number = models.OneToOneField(
        RegisteredNumber, null=True, blank=True, on_delete=models.PROTECT, related_name="report"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    receiver = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="reports_to_receive"
    )
    through_board = models.BooleanField(default=False)

    unscoped = models.Manager()
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "period", "until", "revision"],
                condition=Q(conference__isnull=True),
                name="report_key",
            ),
            models.UniqueConstraint(
                fields=["organisation", "conference", "revision"],
                condition=Q(conference__isnull=False),
                name="report_about_conference_key",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "submitted"], content__isnull=True, signed_at__isnull=True)
                | (~Q(stage__in=["draft", "submitted"]) & Q(signed_at__isnull=False)),
                name="report_signed_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "running", "done", "failed", "cancelled"]), name="report_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False), name="report_leased"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "priority", "rung_at"], name="report_turn"),
            models.Index(fields=["state", "lease_until"], name="report_queue"),
        ]

    @property
    def covered(self) -> Period:
        return Period.stored(self.period, self.until)

    @property
    def is_signed(self) -> bool:
        return self.stage not in UNSIGNED

    @property
    def is_returned(self) -> bool:
        return self.stage == Stage.RETURNED

    def interrupted(self):
        return _("Việc lập báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống.")

    def unexpected(self) -> str:
        text = _("Có lỗi khi lập báo cáo. Nếu thử lại vẫn lỗi, hãy báo người quản trị số %(number)s.")
        return text % {"number": self.pk}

    def has_failed(self, reason):
        self.tell()
        record("report_failed", actor=self.requested_by, target=self, detail={"reason": reason})

    def tell(self) -> None:
        Notice.unscoped.create(report=self, user=self.requested_by)


class ReportMove(models.Model):
    """A step in the life of a report: what it became, when, by whom, and why if it was sent back."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="moves")
    stage = models.CharField(max_length=12, choices=Stage)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=150)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)

    unscoped = models.Manager()

    class Meta:
        ordering = ["id"]


class ReportWordingQuerySet(models.QuerySet):
    def for_user(self, user):
        """Its issuer's alone, also when the report has been sent: those above read what was signed."""
        return self.filter(issued_by(user.reach, "report__"))


class ReportWording(models.Model):
    """How III or IV read when somebody had been at it for a while; the newest of a part is the one that stands."""

    class Part(models.TextChoices):
        SHORTCOMINGS = "shortcomings", _("III. Hạn chế, nguyên nhân")
        NEXT_TASKS = "next_tasks", _("IV. Nhiệm vụ kỳ sau")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="wordings")  # goes with its report
    part = models.CharField(max_length=12, choices=Part)
    text = models.TextField(blank=True)
    writer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # of what was there: nobody
    begun = models.DateTimeField()
    saved = models.DateTimeField()

    unscoped = models.Manager()
    objects = ReportWordingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class ReportScanQuerySet(models.QuerySet):
    def for_user(self, user):
        """The issuer sees all; others what was released."""
        own = issued_by(user.reach, "report__")
        seen = self.exclude(state=FileState.REMOVED).filter(report__in=Report.objects.for_user(user))
        return seen.filter(own | Q(state=FileState.RELEASED))


class ReportScan(StoredFile):
    """The scan of the copy that was signed by hand, or the file with somebody's digital signature behind it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="scans")
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    signatures = models.JSONField(default=list, blank=True)  # digital ones: [{signer, signed_at, is_trusted}]

    unscoped = models.Manager()
    objects = ReportScanQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    @property
    def audit_place(self) -> int:
        return self.report.organisation_id


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
