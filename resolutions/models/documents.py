"""Party documents and their outlines, who received them, and the book in which papers change hands."""

from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from accounts.text import folded
from cells.access import below_today, shared
from cells.models import Organisation, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, LEADING
from cells.uploads.stored import FileState, StoredFile
from resolutions.citing import Citation, of_parts
from speakers.models import SpeakerAppointment


class DocumentQuerySet(models.QuerySet):
    def for_user(self, user):
        """What one's own organisations and those above them put up; boards and committees also what stands below."""
        reach = user.reach
        return self.filter(shared(reach, "owner", places_of(user), reach.tops))

    def in_use(self):
        return self.filter(withdrawn_at=None)


def places_of(user) -> set[int]:
    speaking_for = SpeakerAppointment.unscoped.on(user.reach.day).filter(person__user=user)
    return user.reach.own() | user.reach.tops | set(speaking_for.values_list("organisation_id", flat=True))


def valid_days_in_order(name: str) -> models.CheckConstraint:
    in_order = Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(condition=in_order, name=f"{name}_valid_days")


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
        RULES = "QC", _("quy chế")
        NOTICE = "TB", _("thông báo")
        REPORT = "BC", _("báo cáo")
        LETTER = "CV", _("công văn")
        SUBMISSION = "TTr", _("tờ trình")
        OTHER = "khác", _("khác")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=150)
    type = models.CharField(_("loại văn bản"), max_length=10, choices=Type)
    symbol = models.CharField(_("số, ký hiệu"), max_length=60)
    term = models.CharField(_("khóa hoặc năm"), max_length=30, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    subject = models.CharField(_("trích yếu"), max_length=500)
    valid_from = models.DateField(_("có hiệu lực từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    number = models.PositiveIntegerField(null=True, editable=False)  # of the symbol, so that duplicates are found
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("lý do rút"), max_length=300, blank=True)
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
        # Not unique: a duplicate is shown to whoever adds one, and may be wanted all the same.
        indexes = [models.Index(fields=["type", "number"], name="document_cited")]
        constraints = [valid_days_in_order("document")]

    def __str__(self):
        return f"{self.symbol} – {self.subject}"

    def save(self, **options):
        self.fill_keys()
        super().save(**options)

    def fill_keys(self):
        self.search = folded(f"{self.symbol} {self.subject} {self.issuer}")[:700]
        self.number = self.citation.number

    @property
    def citation(self) -> Citation:
        return of_parts(self.symbol, self.type, self.term, self.issued_on)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def audit_place(self) -> int:
        return self.owner_id


class OutlineQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those for members to all who see the document; those for speakers to speakers, leaders and boards."""
        outlines = self.published().filter(document__in=Document.objects.for_user(user)).filter(put_up_for(user))
        return outlines if may_read_all_outlines(user) else outlines.filter(audience=Outline.Audience.MEMBERS)

    def published(self):
        """What may be read: looked at, and neither it nor its document taken back."""
        return self.filter(state=FileState.RELEASED, withdrawn_at=None, document__withdrawn_at=None)

    def kept_by(self, user):
        """Whatever their state, those that the user keeps in order."""
        places = keeps_at(user.reach)
        return self.filter(Q(owner__in=places) | Q(owner=None, document__owner__in=places))


KEEPERS = frozenset({Role.BOARD, Role.COMMITTEE, *LEADING})


def keeps_at(reach) -> frozenset[int]:
    """Where the user puts up documents and outlines: a board or committee its own, a secretary those of the cell."""
    return reach.at(KEEPERS)


def put_up_for(user) -> Q:
    """An outline that another organisation adds to a document is for those below that organisation."""
    seen = shared(user.reach, "owner", places_of(user), user.reach.tops)
    return Q(owner=None) | seen


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
    # None: that of the document.
    owner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="outlines", verbose_name=_("của")
    )
    title = models.CharField(_("tên đề cương"), max_length=250)
    edition = models.PositiveSmallIntegerField(_("bản thứ"), default=1)
    audience = models.CharField(_("dành cho"), max_length=20, choices=Audience, default=Audience.MEMBERS)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published = models.DateTimeField(auto_now_add=True)
    link = models.CharField(_("địa chỉ video"), max_length=500, blank=True)  # then there is no file
    changes = models.CharField(_("điểm mới của bản này"), max_length=300, blank=True)
    valid_from = models.DateField(_("dùng từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("lý do gỡ"), max_length=300, blank=True)

    unscoped = OutlineQuerySet.as_manager()
    objects = OutlineQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "-id"]
        constraints = [valid_days_in_order("outline")]

    def __str__(self):
        return self.title

    @property
    def host(self) -> str:
        """Of the link, said before it is followed."""
        return urlsplit(self.link).hostname or ""

    @property
    def owner_place(self) -> int:
        return self.owner_id or self.document.owner_id

    @property
    def audit_place(self) -> int:
        return self.owner_place

    @property
    def series(self) -> tuple:
        """Equal for the editions of one outline."""
        return (self.document_id, self.owner_id, self.audience, self.title)

    def forget_content(self):
        OutlineWords.unscoped.filter(outline=self).delete()


class OutlineWords(models.Model):
    """The different words of an outline, folded, in which a search looks; gone with the file."""

    outline = models.OneToOneField(Outline, on_delete=models.CASCADE, related_name="words")
    words = models.TextField()

    unscoped = models.Manager()


class ReceiptQuerySet(models.QuerySet):
    def for_user(self, user):
        own = Q(cell__in=user.reach.own(AT_THE_CELL))
        return self.filter(own | below_today(user.reach, "cell", user.reach.tops))


class Receipt(models.Model):
    """That a cell has an outline: its officer said so, or took the file."""

    class Way(models.TextChoices):
        SAID = "said", _("báo đã nhận")
        FETCHED = "fetched", _("đã tải về")

    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, related_name="receipts")
    cell = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="receipts")
    way = models.CharField(_("cách nhận"), max_length=10, choices=Way)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outline", "cell"], name="receipt_key")]


HANDS_OVER = frozenset({Role.BOARD, Role.COMMITTEE, *AT_THE_CELL})


class PaperHandoverQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own organisation's book; nobody reads that of others, above or below."""
        reach = user.reach
        return self.filter(organisation__in=reach.own(AT_THE_CELL) | reach.at({Role.BOARD, Role.COMMITTEE}))


class PaperHandover(models.Model):
    """One line of the book in which paper documents change hands.

    It has no place for what a paper is called, says or how secret it is: that may itself be secret (domain.md 1.8).
    """

    class Cancelled(models.TextChoices):
        MISTAKE = "mistake", _("ghi nhầm")
        TWICE = "twice", _("ghi hai lần")
        NOT_DONE = "not_done", _("không giao nữa")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="paper_handovers")
    number = models.PositiveIntegerField(_("số thứ tự"))
    day = models.DateField(_("ngày giao"))
    copies = models.PositiveSmallIntegerField(_("số bản"))
    handed_by = models.CharField(_("người giao"), max_length=150)
    received_by = models.CharField(_("người nhận"), max_length=150)
    returned_on = models.DateField(_("ngày trả lại"), null=True, blank=True)
    cancelled = models.CharField(_("lý do hủy"), max_length=10, choices=Cancelled, blank=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()
    objects = PaperHandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="handover_number"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="handover_copies"),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("day")), name="handover_days_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.number:02}"
