"""The yearly plan of themes of a cell."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import Organisation, Person
from sessions.models.meeting import Session


class ThemeMethod(models.Model):
    """A way of presenting a theme, from a list that each installation keeps."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("cách thực hiện"), max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = models.Manager()
    unscoped = models.Manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class ThematicPlanQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(dated_facts(user.reach, "cell", "first_day"))


class ThematicPlan(models.Model):
    """A cell's themes for a year: draft → registered with the committee above → accepted, or returned and corrected."""

    class State(models.TextChoices):
        DRAFT = "draft", _("bản nháp")
        REGISTERED = "registered", _("đã đăng ký")
        ACCEPTED = "accepted", _("đã chấp nhận")
        RETURNED = "returned", _("bị trả lại")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    cell = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="thematic_plans")
    year = models.PositiveSmallIntegerField(_("năm"))
    first_day = models.DateField()  # of the year, or of the cell: the date by which it belongs somewhere in the tree
    state = models.CharField(_("trạng thái"), max_length=20, choices=State, default=State.DRAFT)
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    return_reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = ThematicPlanQuerySet.as_manager()
    objects = ThematicPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "year"], name="thematic_plan_key"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="thematic_plan_return_reason"
            ),
        ]

    @property
    def may_be_edited(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.RETURNED}


class PlannedTheme(models.Model):
    """A theme of the plan. What was planned stays; where it was moved and when it was held stand beside it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plan = models.ForeignKey(ThematicPlan, on_delete=models.CASCADE, related_name="themes")
    month = models.PositiveSmallIntegerField(_("tháng"))
    title = models.CharField(_("chuyên đề"), max_length=500)
    preparer = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("người chuẩn bị")
    )
    preparer_text = models.CharField(_("người chuẩn bị (ghi chữ)"), max_length=150, blank=True)
    presenter = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("người trình bày")
    )
    presenter_text = models.CharField(_("người trình bày (ghi chữ)"), max_length=150, blank=True)
    method = models.ForeignKey(ThemeMethod, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    planned_day = models.DateField(_("ngày dự kiến"), null=True, blank=True)
    moved_month = models.PositiveSmallIntegerField(_("chuyển sang tháng"), null=True, blank=True)
    moved_day = models.DateField(_("chuyển sang ngày"), null=True, blank=True)
    move_reason = models.CharField(_("lý do chuyển"), max_length=300, blank=True)
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="planned_theme"
    )

    unscoped = models.Manager()
    objects = models.Manager()

    class Meta:
        ordering = ["month", "planned_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="theme_month"),
            models.CheckConstraint(
                condition=Q(moved_month__isnull=True) | Q(moved_month__range=(1, 12)), name="theme_moved_month"
            ),
            models.CheckConstraint(
                condition=Q(moved_month__isnull=True) | ~Q(move_reason=""), name="theme_move_reason"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def due_month(self) -> int:
        return self.moved_month or self.month
