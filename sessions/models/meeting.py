"""Sessions of cells with their roll-call, the counters of closed ones, and the monthly roll-up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import Estimate, Organisation, Person
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from resolutions.models import Mode


class SessionKind(models.TextChoices):
    REGULAR = "regular", _("định kỳ")
    THEMATIC = "thematic", _("chuyên đề")
    COMBINED = "combined", _("định kỳ và chuyên đề")
    EXTRAORDINARY = "extraordinary", _("bất thường")


REGULAR_KINDS = (SessionKind.REGULAR, SessionKind.COMBINED)
THEMATIC_KINDS = (SessionKind.THEMATIC, SessionKind.COMBINED)


class Counters(models.Model):
    """What a roll-call adds up to, in lượt. The same fields on a session and on the roll-up."""

    expected = models.PositiveIntegerField(_("phải có mặt"), default=0)
    present = models.PositiveIntegerField(_("có mặt"), default=0)
    present_online = models.PositiveIntegerField(_("có mặt trực tuyến"), default=0)
    excused = models.PositiveIntegerField(_("vắng có lý do"), default=0)
    unexcused = models.PositiveIntegerField(_("vắng không lý do"), default=0)
    exempt_present = models.PositiveIntegerField(_("miễn vẫn dự"), default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(expected=F("present") + F("excused") + F("unexcused")), name="%(class)s_adds_up"
            ),
            models.CheckConstraint(condition=Q(present_online__lte=F("present")), name="%(class)s_online_part"),
        ]


COUNTERS = ("expected", "present", "present_online", "excused", "unexcused", "exempt_present")


class SessionQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(dated_facts(user.reach, "cell", "day"))

    def closed(self):
        return self.filter(state=Session.State.CLOSED)

    def regular(self):
        return self.filter(kind__in=REGULAR_KINDS)

    def thematic(self):
        return self.filter(kind__in=THEMATIC_KINDS)


class Session(Counters):
    """Buổi sinh hoạt of a cell: planned → open → closed, or cancelled. Only a closed one has counters."""

    class State(models.TextChoices):
        PLANNED = "planned", _("dự kiến")
        OPEN = "open", _("đang điểm danh")
        CLOSED = "closed", _("đã kết thúc")
        CANCELLED = "cancelled", _("hủy")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("mã buổi"), max_length=60, unique=True)
    cell = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sessions")
    day = models.DateField(_("ngày"))
    start = models.TimeField(_("bắt đầu"), null=True, blank=True)
    end = models.TimeField(_("kết thúc"), null=True, blank=True)
    kind = models.CharField(_("loại"), max_length=20, choices=SessionKind)
    theme = models.CharField(_("chuyên đề"), max_length=500, blank=True)
    mode = models.CharField(_("hình thức"), max_length=20, choices=Mode, default=Mode.IN_PERSON)
    place = models.CharField(_("địa điểm"), max_length=250, blank=True)
    guests = models.PositiveIntegerField(_("khách mời"), default=0)
    guests_estimate = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.PLANNED)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    unscoped = SessionQuerySet.as_manager()
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["cell", "day"], name="session_cell_day"),
            models.Index(fields=["day", "state"], name="session_day_state"),
        ]
        constraints = [
            *Counters.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gt=F("start")), name="session_times"
            ),
            models.CheckConstraint(condition=~Q(kind__in=THEMATIC_KINDS) | ~Q(theme=""), name="session_theme"),
        ]

    def __str__(self):
        return self.code

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class Mark(models.TextChoices):
    UNMARKED = "", _("chưa điểm danh")
    PRESENT = "present", _("có mặt")
    PRESENT_ONLINE = "present_online", _("có mặt trực tuyến")
    EXCUSED = "excused", _("vắng có lý do")
    UNEXCUSED = "unexcused", _("vắng không lý do")


PRESENT_MARKS = (Mark.PRESENT, Mark.PRESENT_ONLINE)


class AttendanceQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own marks, those of one's cell, and for committees those below; boards see counts only."""
        facts = dated_facts(user.reach, "session__cell", "session__day", own=AT_THE_CELL, down=SEES_ROSTERS)
        return self.filter(Q(person__user=user) | facts)


class Attendance(models.Model):
    """One row per expected person of a session, and per exempt person who came (`is_expected` false)."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="roll_call")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    mark = models.CharField(_("kết quả"), max_length=20, choices=Mark, blank=True)
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    is_expected = models.BooleanField(default=True)

    unscoped = models.Manager()
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="attendance_key"),
            models.CheckConstraint(condition=Q(reason="") | Q(mark=Mark.EXCUSED), name="attendance_reason"),
            models.CheckConstraint(
                condition=Q(is_expected=True) | Q(mark__in=PRESENT_MARKS), name="attendance_exempt_only_present"
            ),
        ]


class MonthlyRollup(Counters):
    """Sums of the closed sessions of an organisation and all below it in a calendar month, as the tree then stood.

    Derived by `sessions.counting` and by nothing else; a dashboard costs the same for a cell and for a province.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rollups")
    month = models.DateField()  # its first day
    sessions = models.PositiveIntegerField(default=0)
    sessions_regular = models.PositiveIntegerField(default=0)
    sessions_thematic = models.PositiveIntegerField(default=0)
    guests = models.PositiveBigIntegerField(default=0)
    guests_nearly = models.PositiveIntegerField(default=0)  # sessions whose guests bear the word, so that it adds up
    guests_about = models.PositiveIntegerField(default=0)
    guests_over = models.PositiveIntegerField(default=0)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            *Counters.Meta.constraints,
            models.UniqueConstraint(fields=["organisation", "month"], name="rollup_key"),
        ]
