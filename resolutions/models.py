"""Party documents and their outlines; the conferences that study them, with receiving sites."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from accounts.text import folded
from cells.access import dated_facts, shared
from cells.models import Estimate, Organisation
from cells.reach import AT_THE_CELL, DOWN_THE_TREE
from cells.uploads.stored import StoredFile
from speakers.models import SpeakerAppointment


class DocumentQuerySet(models.QuerySet):
    def for_user(self, user):
        """What one's own organisations and those above them put up; boards and committees also what stands below."""
        reach = user.reach
        speaking_for = SpeakerAppointment.unscoped.on(reach.day).filter(person__user=user)
        places = reach.own() | reach.tops | set(speaking_for.values_list("organisation_id", flat=True))
        return self.filter(shared(reach, "owner", places, reach.tops))


class Document(models.Model):
    """A Party document. The same number exists in every term, so the term is part of its name (domain.md 1.6)."""

    class Type(models.TextChoices):
        RESOLUTION = "NQ", _("nghị quyết")
        DIRECTIVE = "CT", _("chỉ thị")
        CONCLUSION = "KL", _("kết luận")
        REGULATION = "QĐ", _("quyết định, quy định")
        GUIDANCE = "HD", _("hướng dẫn")
        PLAN = "KH", _("kế hoạch")
        PROGRAMME = "CTr", _("chương trình")
        SCHEME = "ĐA", _("đề án")
        OTHER = "khác", _("khác")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=150)
    type = models.CharField(_("loại văn bản"), max_length=10, choices=Type)
    symbol = models.CharField(_("số, ký hiệu"), max_length=60)
    term = models.CharField(_("khóa hoặc năm"), max_length=30, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    subject = models.CharField(_("trích yếu"), max_length=500)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="documents", verbose_name=_("tổ chức đưa lên")
    )
    search = models.CharField(max_length=700, editable=False, default="")
    created = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "issuer", "type", "symbol", "term"], name="document_key")
        ]

    def __str__(self):
        return f"{self.symbol} – {self.subject}"

    def save(self, **options):
        self.fill_keys()
        super().save(**options)

    def fill_keys(self):
        self.search = folded(f"{self.symbol} {self.subject} {self.issuer}")[:700]

    @property
    def audit_place(self) -> int:
        return self.owner_id


class OutlineQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those for members to all who see the document; those for speakers to speakers, leaders and boards."""
        outlines = self.filter(document__in=Document.objects.for_user(user))
        return outlines if may_read_all_outlines(user) else outlines.filter(audience=Outline.Audience.MEMBERS)


def may_read_all_outlines(user) -> bool:
    if user.reach.holds(AT_THE_CELL | DOWN_THE_TREE):
        return True
    return SpeakerAppointment.unscoped.on(user.reach.day).filter(person__user=user).exists()


class Outline(StoredFile):
    """Đề cương: a file that explains a document to an audience. The file lies under DATA_DIR by a random name."""

    class Audience(models.TextChoices):
        MEMBERS = "members", _("đảng viên")
        SPEAKERS = "speakers", _("báo cáo viên, tuyên truyền viên")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="outlines")
    title = models.CharField(_("tên đề cương"), max_length=250)
    edition = models.PositiveSmallIntegerField(_("bản thứ"), default=1)
    audience = models.CharField(_("dành cho"), max_length=20, choices=Audience, default=Audience.MEMBERS)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()
    objects = OutlineQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "-id"]

    def __str__(self):
        return self.title

    @property
    def audit_place(self) -> int:
        return self.document.owner_id


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("trực tiếp")
    ONLINE = "online", _("trực tuyến")
    HYBRID = "hybrid", _("kết hợp")


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
    document_symbols = models.CharField(_("văn bản"), max_length=500, blank=True)
    mode = models.CharField(_("hình thức"), max_length=20, choices=Mode)
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.HELD)
    expected = models.PositiveIntegerField(_("triệu tập"))
    present = models.PositiveIntegerField(_("có mặt"))
    estimate = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
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


class ReceivingSite(models.Model):
    """Điểm cầu: a place that follows a conference by line; its organisation plays no part in any figure."""

    conference = models.ForeignKey(StudyConference, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("tên điểm cầu"), max_length=250)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField(_("triệu tập"))
    present = models.PositiveIntegerField(_("có mặt"))
    estimate = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)

    unscoped = models.Manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="site_key")]

    def __str__(self):
        return self.name
