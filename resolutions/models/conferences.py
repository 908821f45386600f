"""The conferences that study documents, their receiving sites, and what became of their dates."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import Estimate, Organisation, Person, Role
from cells.reach import AT_THE_CELL, Reach
from resolutions.models.documents import KEEPERS, Document
from speakers.models import Level


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("trực tiếp")
    ONLINE = "online", _("trực tuyến")
    HYBRID = "hybrid", _("kết hợp")


class Audience(models.TextChoices):
    KEY_OFFICIALS = "key_officials", _("cán bộ chủ chốt")
    SPEAKERS = "speakers", _("báo cáo viên, tuyên truyền viên")
    MEMBERS = "members", _("đảng viên")
    NON_MEMBERS = "non_members", _("quần chúng ưu tú")


class ConferenceQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(dated_facts(user.reach, "organisation", "day"))


class StudyConference(models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", _("dự kiến")
        HELD = "held", _("đã tổ chức")
        CANCELLED = "cancelled", _("hủy")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("mã hội nghị"), max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="conferences")
    day = models.DateField(_("ngày"))
    start = models.TimeField(_("bắt đầu"), null=True, blank=True)
    end = models.TimeField(_("kết thúc"), null=True, blank=True)
    subject = models.CharField(_("nội dung"), max_length=500)
    level = models.CharField(_("cấp"), max_length=20, choices=Level, blank=True)  # old records do not say it
    audience = models.JSONField(_("thành phần"), default=list, blank=True)  # values of Audience
    venue = models.CharField(_("địa điểm điểm cầu chính"), max_length=200, blank=True)
    # All symbols stand in the text, as in the workbook; those of documents that are kept here also as rows.
    document_symbols = models.CharField(_("văn bản"), max_length=500, blank=True)
    documents = models.ManyToManyField(Document, blank=True, related_name="conferences")
    presenter = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    presenter_name = models.CharField(_("người trình bày"), max_length=150, blank=True)
    mode = models.CharField(_("hình thức"), max_length=20, choices=Mode)
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.HELD)
    expected = models.PositiveIntegerField(_("triệu tập"))
    present = models.PositiveIntegerField(_("có mặt"))
    estimate = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = ConferenceQuerySet.as_manager()
    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["organisation", "day"], name="conference_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gt=F("start")), name="conference_times"
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def symbols(self) -> list[str]:
        return [part for one in self.document_symbols.split(";") if (part := one.strip())]

    @property
    def audience_labels(self) -> list[str]:
        return [str(Audience(value).label) for value in self.audience if value in Audience.values]

    @property
    def presented_by(self) -> str:
        return self.presenter.full_name if self.presenter else self.presenter_name

    def is_kept_by(self, reach: Reach) -> bool:
        """By who keeps the papers of its organisation, or of the one that took it over."""
        return reach.acts_at(KEEPERS, self.organisation_id)


class NoticeQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(conference__in=StudyConference.objects.for_user(user))


class ConferenceNotice(models.Model):
    """A conference was put off, or called off: its rows say when it was planned, one after the other."""

    class Kind(models.TextChoices):
        POSTPONED = "postponed", _("hoãn")
        CANCELLED = "cancelled", _("hủy")

    conference = models.ForeignKey(StudyConference, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    old_day = models.DateField(_("ngày cũ"))
    new_day = models.DateField(_("ngày mới"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="postponed", new_day__isnull=False) | Q(kind="cancelled", new_day__isnull=True),
                name="conference_notice_new_day",
            )
        ]


class SiteQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of conferences that one sees, and one's own, whoever holds the conference."""
        seen = Q(conference__in=StudyConference.objects.for_user(user).order_by())
        return self.filter(seen | Q(organisation__in=reports_for(user.reach)))

    def missing(self):
        """Nobody has said how many came; whoever says that nobody did has said it."""
        return self.filter(reported_at=None, present=0)


def reports_for(reach: Reach) -> frozenset[int]:
    """Organisations in whose name the user says how many came to their site."""
    return reach.own(AT_THE_CELL) | reach.at({Role.BOARD, Role.COMMITTEE})


class ReceivingSite(models.Model):
    """Điểm cầu: a place that follows a conference by line; its organisation plays no part in any figure."""

    class Way(models.TextChoices):
        PAGE = "page", _("điểm cầu tự ghi")
        LINK = "link", _("ghi qua đường dẫn")
        HOST = "host", _("đơn vị tổ chức ghi hộ")
        ROLL_CALL = "roll_call", _("điểm danh theo tên")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    conference = models.ForeignKey(StudyConference, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("tên điểm cầu"), max_length=250)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField(_("triệu tập"))
    present = models.PositiveIntegerField(_("có mặt"))
    estimate = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(_("cách ghi"), max_length=10, choices=Way, blank=True)
    # Of the signed link; another secret, or none, makes the old link worthless.
    link_secret = models.CharField(max_length=43, null=True, unique=True, editable=False)
    link_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = SiteQuerySet.as_manager()
    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "name"], name="site_key"),
            models.CheckConstraint(
                condition=Q(link_secret__isnull=True) | Q(link_until__isnull=False), name="site_link_ends"
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="site_place")]

    def __str__(self):
        return self.name

    @property
    def is_missing(self) -> bool:
        return self.reported_at is None and not self.present

    @property
    def audit_place(self) -> int:
        return self.conference.organisation_id


class StudyAttendance(models.Model):
    """Who came to a conference, by name, where a cell wants that; of its own site, or of the host's."""

    conference = models.ForeignKey(StudyConference, on_delete=models.CASCADE, related_name="roll_call")
    site = models.ForeignKey(ReceivingSite, null=True, blank=True, on_delete=models.CASCADE, related_name="roll_call")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_present = models.BooleanField(_("có mặt"), default=False)

    unscoped = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "person"], name="study_attendance_key")]

    @property
    def audit_place(self) -> int:
        return self.conference.organisation_id
