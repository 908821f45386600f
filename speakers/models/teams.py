"""Core teams with their rules, and whose turn it is to speak."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import below_today
from cells.dated import DatedQuerySet, covering, days_in_order
from cells.models import Person
from cells.reach import AT_THE_CELL
from cells.uploads.stored import StoredFile
from speakers.models.rosters import OfPlace


def of_teams(user, prefix: str = "") -> Q:
    """Teams seen: those of one's places, and those one is a member of today."""
    own = Q(**{f"{prefix}organisation__in": user.reach.own(AT_THE_CELL)})
    joined = TeamMember.unscoped.filter(covering(user.reach.day), person__user=user).values("team")
    seen = own | below_today(user.reach, f"{prefix}organisation", user.reach.tops)
    return seen | Q(**{f"{prefix.removesuffix('__') or 'pk'}__in": joined})


class TeamQuerySet(DatedQuerySet):
    def for_user(self, user):
        return self.filter(of_teams(user))


class SpeakerTeam(OfPlace):
    """A team of nobody's fixed size, set up by decision of a cell or committee (domain.md, R15)."""

    name = models.CharField(_("tên đội, tổ"), max_length=200)
    decision_number = models.CharField(_("số quyết định"), max_length=100, blank=True)
    decision_date = models.DateField(_("ngày quyết định"), null=True, blank=True)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    unscoped = TeamQuerySet.as_manager()
    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [days_in_order("speaker_team")]

    def __str__(self):
        return self.name


class OfTeamQuerySet(DatedQuerySet):
    def for_user(self, user):
        return self.filter(of_teams(user, "team__"))


class OfTeam(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    team = models.ForeignKey(SpeakerTeam, on_delete=models.CASCADE, related_name="%(class)ss")
    version = models.PositiveIntegerField(default=1)

    unscoped = OfTeamQuerySet.as_manager()
    objects = OfTeamQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def audit_place(self) -> int:
        return self.team.organisation_id


class TeamRules(StoredFile):
    """The working rules of a team, as decided; the newest one holds."""

    team = models.ForeignKey(SpeakerTeam, on_delete=models.CASCADE, related_name="rules")
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    unscoped = OfTeamQuerySet.as_manager()
    objects = OfTeamQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_place(self) -> int:
        return self.team.organisation_id


class TeamMember(OfTeam):
    class Role(models.TextChoices):
        LEADER = "leader", _("đội trưởng")
        DEPUTY = "deputy", _("đội phó")
        MEMBER = "member", _("thành viên")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="team_memberships")
    role = models.CharField(_("vai trò"), max_length=10, choices=Role, default=Role.MEMBER)
    is_committee = models.BooleanField(_("là cấp ủy viên"), default=False)
    fields = models.CharField(_("lĩnh vực phụ trách"), max_length=250, blank=True)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta:
        ordering = ["person__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "first_day"], name="team_member_key"),
            days_in_order("team_member"),
        ]

    @property
    def field_list(self) -> list[str]:
        return [part for one in self.fields.split(",") if (part := one.strip())]


class Turn(OfTeam):
    """Who speaks for the team in a month. Nobody is put here but by somebody's own hand."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("đã đăng ký, chờ nhận")
        PLANNED = "planned", _("đã phân công")
        DECLINED = "declined", _("đã xin thôi")
        WITHDRAWN = "withdrawn", _("đã rút")

    month = models.DateField(_("tháng"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="turns")
    field = models.CharField(_("lĩnh vực"), max_length=100, blank=True)
    topic = models.CharField(_("nội dung"), max_length=250, blank=True)
    state = models.CharField(_("tình trạng"), max_length=12, choices=State, default=State.PLANNED)
    reason = models.CharField(_("lý do"), max_length=250, blank=True)

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "month"], condition=Q(state="planned"), name="turn_one_a_month"),
            models.UniqueConstraint(
                fields=["team", "month", "person"], condition=Q(state="registered"), name="turn_registered_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="turn_on_first_of_month"),
            models.CheckConstraint(condition=~Q(state="declined", reason=""), name="turn_declined_with_reason"),
        ]


class TurnSwap(models.Model):
    """One asks, the other agrees or not; only then do both turns change hands."""

    class State(models.TextChoices):
        ASKED = "asked", _("chờ trả lời")
        AGREED = "agreed", _("đã đổi")
        REFUSED = "refused", _("không đổi")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="swaps_asked")
    other = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="swaps_offered")
    asker = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["turn"], condition=Q(state="asked"), name="swap_asked_once"),
            models.CheckConstraint(condition=~Q(turn=models.F("other")), name="swap_of_two"),
        ]

    @property
    def audit_place(self) -> int:
        return self.turn.team.organisation_id


class SpeakerAbsence(models.Model):
    """Days on which somebody cannot speak. Why, is nobody's business."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="speaker_absences")
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"))

    unscoped = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [days_in_order("speaker_absence")]
