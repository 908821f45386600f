"""Terms, and the numbers that documents are given in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.dated import DatedQuerySet, days_in_order
from cells.models.tree import Organisation, OrganisationFunction


class TermQuerySet(DatedQuerySet):
    def for_user(self, user):
        from cells import access

        return self.filter(access.registers(user.reach))


class Term(models.Model):
    """Nhiệm kỳ of an organisation, or of one of its bodies; numbers of documents start again at 01 in each."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    function = models.CharField(
        _("của cơ quan"), max_length=20, choices=OrganisationFunction.Function, blank=True, default=""
    )
    ordinal = models.CharField(_("khóa"), max_length=20)
    symbol = models.CharField(_("ký hiệu trên văn bản"), max_length=20, blank=True, default="")
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = DatedQuerySet.as_manager()
    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "function", "ordinal"], name="term_key"),
            days_in_order("term"),
        ]

    def __str__(self):
        return self.ordinal

    @property
    def is_named_by_years(self) -> bool:
        """As cells name theirs, whose congresses are not numbered."""
        return self.ordinal[:1].isdecimal()


class DocumentType(models.TextChoices):
    """What bears a number of its own series (domain.md 2.4); a cell may not issue the last four."""

    RESOLUTION = "NQ", _("nghị quyết")
    DECISION = "QĐ", _("quyết định")
    CONCLUSION = "KL", _("kết luận")
    STATUTE = "QC", _("quy chế")
    NOTICE = "TB", _("thông báo")
    REPORT = "BC", _("báo cáo")
    PLAN = "KH", _("kế hoạch")
    PROGRAMME = "CTr", _("chương trình")
    SCHEME = "ĐA", _("đề án")
    OPTION = "PA", _("phương án")
    SUBMISSION = "TTr", _("tờ trình")
    LETTER = "CV", _("công văn")
    MINUTES = "BB", _("biên bản")
    REGULATION = "QyĐ", _("quy định")  # printed QĐ like a decision, but counted apart
    GUIDANCE = "HD", _("hướng dẫn")
    DIRECTIVE = "CT", _("chỉ thị")
    CIRCULAR = "TT", _("thông tri")

    @property
    def printed(self) -> str:
        return "QĐ" if self == DocumentType.REGULATION else self.value


NOT_FOR_CELLS = frozenset(
    {DocumentType.REGULATION, DocumentType.GUIDANCE, DocumentType.DIRECTIVE, DocumentType.CIRCULAR}
)


class NumberSeries(models.Model):
    """The last number given to one type of document in one term; `on_paper` of them stand in a paper register."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="series")
    document_type = models.CharField(max_length=10, choices=DocumentType)
    last_number = models.PositiveIntegerField(default=0)
    on_paper = models.PositiveIntegerField(default=0)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "document_type"], name="series_key"),
            models.CheckConstraint(condition=Q(on_paper__lte=F("last_number")), name="series_paper_first"),
        ]


class RegisteredNumberQuerySet(models.QuerySet):
    def for_user(self, user):
        from cells import access

        return self.filter(access.registered_numbers(user.reach))


class RegisteredNumber(models.Model):
    """A number of the register. It is never given again, and stays to be seen when it was cancelled."""

    class State(models.TextChoices):
        ISSUED = "issued", _("đã cấp")
        CANCELLED = "cancelled", _("đã hủy")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="registered_numbers")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="registered_numbers")
    document_type = models.CharField(_("loại văn bản"), max_length=10, choices=DocumentType)
    number = models.PositiveIntegerField(_("số"))
    symbol = models.CharField(_("số, ký hiệu"), max_length=60)
    subject = models.CharField(_("trích yếu"), max_length=500)
    day = models.DateField(_("ngày ký"))
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.ISSUED)
    reason = models.CharField(_("lý do hủy"), max_length=300, blank=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    cancelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = RegisteredNumberQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "term", "document_type", "number"], name="registered_number_key"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="registered_number_positive"),
            models.CheckConstraint(
                condition=Q(state="issued", reason="", cancelled_at__isnull=True)
                | (Q(state="cancelled", cancelled_at__isnull=False) & ~Q(reason="")),
                name="registered_number_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-day", "-id"], name="registered_number_list")]

    def __str__(self):
        return self.symbol
