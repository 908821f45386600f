"""What a cell adopted in a session, as it was adopted: its minutes and its resolution, with what followed them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import DocumentType, RegisteredNumber
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from cells.uploads.stored import FileState, StoredFile
from sessions.models.meeting import Session
from sessions.models.record import OfTheSessionQuerySet


class PaperKind(models.TextChoices):
    MINUTES = DocumentType.MINUTES.value, _("biên bản")
    RESOLUTION = DocumentType.RESOLUTION.value, _("nghị quyết")


class SignerPost(models.TextChoices):
    SECRETARY = "secretary", _("BÍ THƯ")
    DEPUTY = "deputy_secretary", _("PHÓ BÍ THƯ")


class CellResolution(models.Model):
    """What people write in the monthly resolution of a cell; its tables come from the tasks. At most one a session."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="cell_resolution")
    review = models.TextField(_("đánh giá tình hình tháng qua"), blank=True)
    next_tasks = models.TextField(_("nhiệm vụ tháng tới"), blank=True)
    assignment = models.TextField(_("phân công, tổ chức thực hiện"), blank=True)
    self_rating = models.TextField(_("tự đánh giá"), blank=True)
    seat = models.CharField(_("địa danh"), max_length=100, blank=True)
    signer = models.CharField(_("người ký"), max_length=150, blank=True)
    signer_post = models.CharField(
        _("chức vụ người ký"), max_length=20, choices=SignerPost, default=SignerPost.SECRETARY
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    unscoped = models.Manager()
    objects = OfTheSessionQuerySet.as_manager()

    @property
    def audit_place(self) -> int:
        return self.session.cell_id


class AdoptedPaper(models.Model):
    """The frozen text of minutes or of a resolution. It is never edited: corrections follow it, or it is withdrawn.

    `content` is the composed document with the SHA-256 of its JSON; a withdrawn one stays to be read. `has_reasons`
    tells that reasons of absence stand in it, which stay in the cell (domain.md 7).
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=2, choices=PaperKind)
    edition = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    has_reasons = models.BooleanField(default=False)
    number = models.OneToOneField(
        RegisteredNumber, null=True, blank=True, on_delete=models.PROTECT, related_name="cell_paper"
    )
    adopted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(_("lý do rút"), max_length=500, blank=True)

    unscoped = models.Manager()
    objects = OfTheSessionQuerySet.as_manager()

    class Meta:
        ordering = ["edition"]
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "edition"], name="paper_edition_key"),
            models.UniqueConstraint(
                fields=["session", "kind"], condition=Q(withdrawn_at__isnull=True), name="paper_in_force_key"
            ),
        ]

    def __str__(self):
        return self.number.symbol if self.number else f"{self.get_kind_display()} {self.session}"

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None

    @property
    def audit_place(self) -> int:
        return self.session.cell_id


class OfThePaperQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(paper__in=AdoptedPaper.objects.for_user(user))


class PaperCorrection(models.Model):
    """What is added to an adopted paper later, with its day, author and reason; the text before it stays."""

    paper = models.ForeignKey(AdoptedPaper, on_delete=models.PROTECT, related_name="corrections")
    day = models.DateField()
    text = models.TextField(_("nội dung đính chính"))
    reason = models.CharField(_("lý do"), max_length=500)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=150)

    unscoped = models.Manager()
    objects = OfThePaperQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class PaperFileQuerySet(models.QuerySet):
    def for_user(self, user):
        """The cell sees all; from above only what was released and shows no reasons of absence."""
        place, day = "paper__session__cell", "paper__session__day"
        own = dated_facts(user.reach, place, day, own=AT_THE_CELL, down=())
        above = dated_facts(user.reach, place, day, own=(), down=SEES_ROSTERS)
        return self.exclude(state=FileState.REMOVED).filter(
            own | (above & Q(state=FileState.RELEASED, paper__has_reasons=False))
        )

    def scans(self):
        return self.filter(kind=PaperFile.Kind.SCAN)


class PaperFile(StoredFile):
    """The PDF that was made of a paper once and is kept, or a scan of its signed copy."""

    class Kind(models.TextChoices):
        PRINTED = "printed", _("bản in")
        SCAN = "scan", _("bản ký")

    paper = models.ForeignKey(AdoptedPaper, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()
    objects = PaperFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper"], condition=Q(kind="printed"), name="paper_printed_once"),
        ]

    @property
    def audit_place(self) -> int:
        return self.paper.session.cell_id
