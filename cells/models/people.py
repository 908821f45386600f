"""People on rosters, and their spans at cells."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from accounts.text import folded, sort_key
from cells.dated import DatedQuerySet, days_in_order
from cells.models.tree import Organisation


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
