"""Targets (chỉ tiêu): what an organisation wants to reach in a year, for itself and, of rates, for all below it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.access import above_today, below_today
from cells.models import Organisation


class Measure(models.TextChoices):
    ATTENDANCE = "attendance", _("tỷ lệ đảng viên có mặt")
    REGULAR = "regular", _("tỷ lệ tháng có sinh hoạt định kỳ")
    THEMATIC = "thematic", _("tỷ lệ quý có sinh hoạt chuyên đề")
    CONFERENCE = "conference", _("tỷ lệ dự hội nghị học tập")
    SESSIONS_THEMATIC = "sessions_thematic", _("số buổi chuyên đề")
    CONFERENCES = "conferences", _("số hội nghị học tập, quán triệt")
    CONFERENCE_PRESENT = "conference_present", _("số lượt người dự hội nghị")
    SPEAKERS = "speakers", _("số báo cáo viên")
    PROPAGANDISTS = "propagandists", _("số tuyên truyền viên")


RATES = frozenset({Measure.ATTENDANCE, Measure.REGULAR, Measure.THEMATIC, Measure.CONFERENCE})


class Operator(models.TextChoices):
    AT_LEAST = "at_least", _("từ … trở lên (≥)")
    OVER = "over", _("trên (>)")
    EXACTLY = "exactly", _("đúng bằng (=)")


class TargetQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those that hold where the user stands, and those of all below."""
        reach = user.reach
        governed = above_today(reach, "organisation", reach.cells | reach.tops)
        return self.filter(governed | below_today(reach, "organisation", reach.tops))


class Target(models.Model):
    """`reports.targets` finds which of them holds for an organisation; `reports.targeting` alone writes them."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField(_("năm"))
    measure = models.CharField(_("chỉ tiêu"), max_length=30, choices=Measure)
    operator = models.CharField(_("mức"), max_length=10, choices=Operator, default=Operator.AT_LEAST)
    # Percent of a rate, else how many; one decimal is enough for both, and exact.
    number = models.DecimalField(_("con số"), max_digits=9, decimal_places=1, validators=[MinValueValidator(0)])
    source = models.CharField(_("căn cứ"), max_length=300)
    version = models.PositiveIntegerField(default=1)

    unscoped = TargetQuerySet.as_manager()
    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "measure"], name="target_key"),
            models.CheckConstraint(condition=models.Q(number__gte=0), name="target_number"),
        ]

    def __str__(self):
        return self.get_measure_display()

    @property
    def is_rate(self) -> bool:
        return self.measure in RATES
