"""What is owed again and again, taught, and counted: rows of the books that speakers' work is followed in."""

import datetime as dt

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.text import folded
from cells.access import above_today
from cells.dated import days_in_order
from speakers.models.rosters import OfPlace, PlaceQuerySet


class RecurringDuty(OfPlace):
    """Owed once in every period of so many months, as long as it is in force (domain.md, R16)."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("hội nghị báo cáo viên")
        BRIEFING = "briefing", _("giao ban công tác tuyên giáo")
        TRAINING = "training", _("tập huấn, bồi dưỡng")
        REVIEW = "review", _("rà soát, kiện toàn đội ngũ")

    class Every(models.IntegerChoices):
        MONTH = 1, _("mỗi tháng")
        QUARTER = 3, _("mỗi quý")
        HALF = 6, _("sáu tháng")
        YEAR = 12, _("mỗi năm")

    kind = models.CharField(_("việc"), max_length=10, choices=Kind)
    months = models.PositiveSmallIntegerField(_("chu kỳ"), choices=Every)
    owner = models.CharField(_("người, bộ phận phụ trách"), max_length=150, blank=True)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta:
        ordering = ["months", "kind", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "first_day"], name="recurring_duty_key"),
            days_in_order("recurring_duty"),
        ]

    def __str__(self):
        return self.get_kind_display()


class HeldActivity(OfPlace):
    """One time that a recurring duty was done; of trainings, these are the log."""

    kind = models.CharField(_("việc"), max_length=10, choices=RecurringDuty.Kind)
    day = models.DateField(_("ngày"))
    subject = models.CharField(_("nội dung"), max_length=250)
    expected = models.PositiveIntegerField(_("số triệu tập"))
    present = models.PositiveIntegerField(_("số có mặt"))

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(present__lte=F("expected")), name="held_present_expected")]


class Audience(models.TextChoices):
    CANDIDATES = "candidates", _("đối tượng kết nạp Đảng")
    NEW_MEMBERS = "new_members", _("đảng viên mới")
    SPEAKERS = "speakers", _("báo cáo viên, tuyên truyền viên")


class TrainingClass(OfPlace):
    audience = models.CharField(_("đối tượng"), max_length=20, choices=Audience)
    name = models.CharField(_("tên lớp"), max_length=250)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"))
    enrolled = models.PositiveIntegerField(_("số ghi danh"))
    completed = models.PositiveIntegerField(_("số hoàn thành"))

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            days_in_order("training_class"),
            models.CheckConstraint(condition=Q(completed__lte=F("enrolled")), name="class_completed_enrolled"),
        ]


class ClassTarget(OfPlace):
    """How many of an audience are to complete their class in a year: "trên 600" is not met by 600."""

    class Operator(models.TextChoices):
        OVER = "over", _("trên")
        AT_LEAST = "at_least", _("từ … trở lên")
        EXACTLY = "exactly", _("đúng")

    audience = models.CharField(_("đối tượng"), max_length=20, choices=Audience)
    year = models.PositiveSmallIntegerField(_("năm"))
    operator = models.CharField(_("mức"), max_length=10, choices=Operator, default=Operator.OVER)
    number = models.PositiveIntegerField(_("số người"))

    class Meta:
        ordering = ["-year", "audience"]
        constraints = [models.UniqueConstraint(fields=["organisation", "audience", "year"], name="class_target_key")]

    def is_met(self, completed: int) -> bool:
        if self.operator == self.Operator.OVER:
            return completed > self.number
        return completed >= self.number if self.operator == self.Operator.AT_LEAST else completed == self.number

    @property
    def wording(self) -> str:
        if self.operator == self.Operator.AT_LEAST:
            return _("từ %d trở lên") % self.number
        return f"{self.get_operator_display()} {self.number}"


class CountedResult(OfPlace):
    """A number that somebody typed; nothing in the program stands behind it but the evidence."""

    class Kind(models.TextChoices):
        DIGITAL = "digital", _("sản phẩm tuyên truyền số")
        CONTEST = "contest", _("cuộc thi trực tuyến")
        ROLE_MODEL = "role_model", _("gương điển hình")
        VILLAGE_MODEL = "village_model", _("mô hình ở thôn, khu dân cư")
        OTHER = "other", _("kết quả khác")

    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    year = models.PositiveSmallIntegerField(_("năm"))
    number = models.PositiveIntegerField(_("số lượng"))
    note = models.CharField(_("ghi rõ"), max_length=250, blank=True)
    evidence = models.URLField(_("đường dẫn minh chứng"), blank=True, validators=[URLValidator(schemes=["https"])])

    class Meta:
        ordering = ["-year", "kind", "pk"]


class SharedQuerySet(PlaceQuerySet):
    def for_user(self, user):
        """Also what those above keep: it is there so that others find it."""
        seen = Q(pk__in=super().for_user(user).values("pk"))
        return self.filter(seen | above_today(user.reach, "organisation", user.reach.own() | user.reach.tops))


class CommendedModel(OfPlace):
    """A way of doing something well that others may want to take over."""

    title = models.CharField(_("tên mô hình"), max_length=250)
    unit = models.CharField(_("đơn vị thực hiện"), max_length=250)
    year = models.PositiveSmallIntegerField(_("năm được biểu dương"))
    summary = models.TextField(_("cách làm"), blank=True)
    search = models.TextField(editable=False, default="")

    unscoped = SharedQuerySet.as_manager()
    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "title"]

    def save(self, **options):
        self.search = folded(f"{self.title} {self.unit} {self.summary}")
        super().save(**options)


class RegisteredTask(OfPlace):
    """A task that an organisation registered with the committee above it ("đăng ký làm theo", domain.md T3-4)."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("đã đăng ký")
        WORKING = "working", _("đang làm")
        DONE = "done", _("đã xong")
        DROPPED = "dropped", _("không làm nữa")

    year = models.PositiveSmallIntegerField(_("năm"))
    title = models.CharField(_("nhiệm vụ đăng ký"), max_length=250)
    due = models.DateField(_("hạn"), null=True, blank=True)
    state = models.CharField(_("tình trạng"), max_length=12, choices=State, default=State.REGISTERED)
    result = models.CharField(_("kết quả"), max_length=500, blank=True)
    evidence = models.URLField(_("đường dẫn minh chứng"), blank=True, validators=[URLValidator(schemes=["https"])])

    class Meta:
        ordering = ["-year", "pk"]

    def is_overdue(self, day: dt.date) -> bool:
        return bool(self.due and self.due < day and self.state in (self.State.REGISTERED, self.State.WORKING))
