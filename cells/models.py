"""The dated tree of organisations, the people on their rosters, and the posts that give roles."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.identifiers import new_public_id
from accounts.models import User
from accounts.text import folded, sort_key, title_key
from cells.dated import FOREVER, DatedQuerySet, days_in_order
from cells.jobs.models import Job, JobState


class Kind(models.TextChoices):
    PROVINCE = "province", _("đảng bộ tỉnh")
    BLOC = "bloc", _("đảng bộ khối")
    DISTRICT = "district", _("đảng bộ huyện")
    COMMUNE = "commune", _("đảng bộ xã")
    GRASSROOTS_COMMITTEE = "grassroots_committee", _("đảng bộ cơ sở")
    SECTIONAL_COMMITTEE = "sectional_committee", _("đảng bộ bộ phận")
    GRASSROOTS_CELL = "grassroots_cell", _("chi bộ cơ sở")
    CELL = "cell", _("chi bộ")


CELL_KINDS = frozenset({Kind.GRASSROOTS_CELL, Kind.CELL})


class OrganisationQuerySet(models.QuerySet):
    def for_user(self, user):
        from cells import access  # it asks these models, so it cannot come before them

        return self if user.reach.is_administrator else self.filter(access.organisations(user.reach))


class Organisation(models.Model):
    """A cell or committee through all its names, kinds and places in the tree; those are its periods."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("mã"), max_length=60, unique=True)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        verbose_name=_("kế tục bởi"),
    )
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(successor=F("id")), name="organisation_not_own_successor")]

    def __str__(self):
        return self.code

    @property
    def audit_place(self) -> int:
        return self.pk


class OrganisationPeriod(models.Model):
    """What an organisation was called, which kind it was and where it hung, for a span of days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(_("tên"), max_length=250)
    kind = models.CharField(_("loại"), max_length=30, choices=Kind)
    parent = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="child_periods",
        verbose_name=_("trực thuộc"),
    )
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    decision = models.CharField(_("quyết định"), max_length=250, blank=True)
    search = models.CharField(max_length=250, editable=False, default="")
    sort_key = models.CharField(max_length=700, editable=False, default="")

    unscoped = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "first_day"], name="period_key"),
            models.CheckConstraint(condition=~Q(parent=F("organisation")), name="period_not_own_parent"),
            days_in_order("period"),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.search, self.sort_key = name_keys(self.name).values()
        super().save(**options)

    @property
    def is_cell(self) -> bool:
        return self.kind in CELL_KINDS


def name_keys(name: str) -> dict[str, str]:
    """By what a name is found and ordered; for writers that go past `save`."""
    return {"search": folded(name), "sort_key": title_key(name)[:700]}


class LineageQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(first_day__lte=day, last_day__gte=day)

    def under(self, organisation, day):
        """The rows of `under(O, d)` of figures.md: O itself (depth 0) and everything below it on that day."""
        return self.on(day).filter(ancestor=organisation)


class Lineage(models.Model):
    """The dated closure: `descendant` hung `depth` steps below `ancestor` on each of these days.

    Derived from the periods by `cells.lineage` and by nothing else. `is_cell` says what the descendant was.
    Open spans end on `FOREVER`, so that a join needs no test for null.
    """

    ancestor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="descents")
    descendant = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ancestries")
    depth = models.PositiveSmallIntegerField()
    is_cell = models.BooleanField()
    first_day = models.DateField()
    last_day = models.DateField(default=FOREVER)

    unscoped = LineageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant", "first_day"], name="lineage_key"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="lineage_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["descendant", "first_day", "last_day", "ancestor"], name="lineage_upwards"),
        ]


class FunctionQuerySet(DatedQuerySet):
    def for_user(self, user):
        return self.filter(organisation__in=Organisation.objects.for_user(user).values("pk"))


class OrganisationFunction(models.Model):
    """A body attached to a committee for a time, such as its propaganda board under the name it then bore."""

    class Function(models.TextChoices):
        PROPAGANDA = "propaganda", _("tuyên giáo")
        OFFICE = "office", _("văn phòng")
        INSPECTION = "inspection", _("kiểm tra")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="functions")
    function = models.CharField(max_length=20, choices=Function)
    body_name = models.CharField(_("tên cơ quan"), max_length=250)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    version = models.PositiveIntegerField(default=1)

    unscoped = FunctionQuerySet.as_manager()
    objects = FunctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "function", "first_day"], name="function_key"),
            days_in_order("function"),
        ]

    def __str__(self):
        return self.body_name


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


class PersonQuerySet(models.QuerySet):
    def for_user(self, user):
        rows = Membership.objects.for_user(user)
        return self.filter(Q(user=user) | Q(pk__in=rows.values("person")))


class Person(models.Model):
    """Someone on a roster of members or of speakers; most of them never log in."""

    class Sex(models.TextChoices):
        MALE = "male", _("nam")
        FEMALE = "female", _("nữ")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("mã đảng viên"), max_length=60, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=150)
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    sex = models.CharField(_("giới tính"), max_length=10, choices=Sex, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True)  # seen by the own cell only, as the e-mail
    email = models.EmailField(_("thư điện tử"), max_length=120, blank=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    sort_key = models.CharField(max_length=700, editable=False, default="", db_index=True)
    search = models.CharField(max_length=250, editable=False, default="")
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(birth_year__isnull=True), name="person_one_birth"
            )
        ]

    def __str__(self):
        return self.full_name

    def save(self, **options):
        self.fill_keys()
        super().save(**options)

    @property
    def audit_place(self) -> int | None:
        """The cell whose member this is, or was last."""
        return self.memberships.home().order_by("-first_day").values_list("cell_id", flat=True).first()

    def fill_keys(self):
        self.sort_key = sort_key(self.full_name)[:700]
        self.search = folded(self.full_name)


class Standing(models.TextChoices):
    OFFICIAL = "official", _("chính thức")
    PROBATIONARY = "probationary", _("dự bị")


class Status(models.TextChoices):
    ACTIVE = "active", _("sinh hoạt")
    EXEMPT = "exempt", _("miễn sinh hoạt")
    AWAY = "away", _("tạm thời đi")
    HOSTED = "hosted", _("tạm thời đến")
    SUSPENDED = "suspended", _("đình chỉ")
    SPECIAL_DUTY = "special_duty", _("nhiệm vụ đặc biệt")


class Leaving(models.TextChoices):
    """Why somebody's last span at a cell ended; no more is kept of it."""

    TRANSFERRED = "transferred", _("chuyển sinh hoạt đến nơi chưa dùng sổ này")
    WITHDREW = "withdrew", _("xin ra khỏi Đảng")
    REMOVED = "removed", _("xóa tên")
    EXPELLED = "expelled", _("khai trừ")
    DIED = "died", _("từ trần")
    OTHER = "other", _("lý do khác")


EXPECTED_STATUSES = (Status.ACTIVE, Status.HOSTED)


class MembershipQuerySet(DatedQuerySet):
    def home(self):
        return self.exclude(status=Status.HOSTED)

    def for_user(self, user):
        from cells import access

        return self.filter(access.roster(user.reach, user))

    def expected(self):
        """Those who must attend a session on a day of the span (figures.md, "Expected")."""
        return self.filter(status__in=EXPECTED_STATUSES)


class Membership(models.Model):
    """A span of a person at a cell: a home row, or a host row when the status is `tạm thời đến`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    cell = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    standing = models.CharField(_("tư cách"), max_length=20, choices=Standing)
    status = models.CharField(_("tình trạng"), max_length=20, choices=Status, default=Status.ACTIVE)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    planned_last_day = models.DateField(_("dự kiến đến ngày"), null=True, blank=True)  # warns, ends nothing
    leaving = models.CharField(_("lý do rời chi bộ"), max_length=20, choices=Leaving, blank=True)
    arrival_confirmed = models.DateField(_("nơi đến xác nhận ngày"), null=True, blank=True)

    unscoped = MembershipQuerySet.as_manager()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "first_day"], condition=~Q(status=Status.HOSTED), name="membership_home_key"
            ),
            models.UniqueConstraint(
                fields=["person", "first_day"], condition=Q(status=Status.HOSTED), name="membership_host_key"
            ),
            days_in_order("membership"),
        ]
        indexes = [models.Index(fields=["cell", "first_day", "last_day"], name="membership_cell")]


class RosterChange(models.Model):
    """One change of a person's spans as it was written, so that the last one can be taken back row by row."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roster_changes")
    action = models.CharField(max_length=40)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField()  # of the person afterwards; another one means that something came later
    written = models.JSONField()

    unscoped = models.Manager()

    class Meta:
        ordering = ["pk"]


class Role(models.TextChoices):
    MINUTE_TAKER = "minute_taker", _("thư ký")
    DEPUTY_SECRETARY = "deputy_secretary", _("phó bí thư")
    SECRETARY = "secretary", _("bí thư")
    BOARD = "board", _("ban tuyên giáo")
    COMMITTEE = "committee", _("cấp ủy")
    INSPECTOR = "inspector", _("kiểm tra")


class PostQuerySet(DatedQuerySet):
    def for_user(self, user):
        from cells import access

        return self if user.reach.is_administrator else self.filter(access.posts(user.reach))


class Post(models.Model):
    """A role of a user at an organisation, for a time."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    unscoped = PostQuerySet.as_manager()
    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role", "first_day"], name="post_key"),
            days_in_order("post"),
        ]


class ReorganisationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those carried out with organisations that one knows from above, and one's own drafts and attempts."""
        from cells import access

        known = Organisation.unscoped.all()
        if not user.reach.is_administrator:
            known = known.filter(access.ruled(user.reach))
        parts = ReorganisationPart.unscoped.filter(organisation__in=known.values("pk"))
        carried_out = ~Q(state=Reorganisation.State.DRAFT) & Q(pk__in=parts.values("reorganisation"))
        return self.filter(carried_out | (~Q(state=Reorganisation.State.DONE) & Q(author=user)))


class Reorganisation(models.Model):
    """One decision about one or more organisations, carried out as a whole (domain.md 1.9, rule 4).

    What it changed stands in the periods, spans and posts themselves; `journal` says which rows, for the undo.
    """

    class Kind(models.TextChoices):
        FOUND = "found", _("thành lập")
        RENAME = "rename", _("đổi tên")
        MOVE = "move", _("chuyển trực thuộc")
        MERGE = "merge", _("hợp nhất")
        ABSORB = "absorb", _("sáp nhập")
        SPLIT = "split", _("chia, tách")
        DISSOLVE = "dissolve", _("giải thể, kết thúc hoạt động")

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        DONE = "done", _("đã thực hiện")
        TAKEN_BACK = "taken_back", _("đã hoàn tác")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.DRAFT)
    decision_number = models.CharField(_("số quyết định"), max_length=100, blank=True)
    decision_day = models.DateField(_("ngày quyết định"), null=True, blank=True)
    day = models.DateField(_("ngày có hiệu lực"), null=True, blank=True)
    reason = models.CharField(_("lý do, ghi chú"), max_length=500, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    order = models.JSONField(default=dict)  # what was filled in, as typed; nothing of a draft is lost
    journal = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self):
        return self.get_kind_display()


class ReorganisationPart(models.Model):
    """An organisation that took part: one that was before, one that is after, or one that hangs elsewhere since."""

    class Side(models.TextChoices):
        PREDECESSOR = "predecessor", _("trước sắp xếp")
        SUCCESSOR = "successor", _("sau sắp xếp")
        REHUNG = "rehung", _("chuyển trực thuộc theo")

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reorganisations")
    side = models.CharField(max_length=20, choices=Side)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "organisation", "side"], name="reorganisation_part_key")
        ]


class Estimate(models.TextChoices):
    """The word a figure keeps when it was estimated; the order is that of figures.md for sums."""

    EXACT = "", _("chính xác")
    NEARLY = "nearly", _("gần")
    ABOUT = "about", _("khoảng")
    OVER = "over", _("trên")


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
