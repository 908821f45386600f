"""Rules about sessions and public holidays, as dated rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.access import above_today, below_today
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation


class Sureness(models.TextChoices):
    """How well a rule or a holiday is known; what nobody checked must not look like the text of a regulation."""

    HIGH = "high", _("chắc chắn")
    MEDIUM = "medium", _("khá chắc")
    LOW = "low", _("cần kiểm tra lại")


class RuleSubject(models.TextChoices):
    SESSION_DAY = "session_day", _("ngày sinh hoạt định kỳ hằng tháng")
    MINUTES_REGULAR = "minutes_regular", _("thời lượng tối thiểu buổi định kỳ")
    MINUTES_THEMATIC = "minutes_thematic", _("thời lượng tối thiểu buổi chuyên đề")
    MINUTES_COMBINED = "minutes_combined", _("thời lượng tối thiểu buổi định kỳ và chuyên đề")
    THEMATIC_PER_QUARTER = "thematic_per_quarter", _("số buổi chuyên đề mỗi quý")
    MATERIALS_DAYS = "materials_days", _("gửi tài liệu trước buổi sinh hoạt")
    RESULT_DAYS = "result_days", _("gửi kết quả sau buổi sinh hoạt")


class Shift(models.TextChoices):
    NONE = "none", _("không dời")
    NEXT = "next", _("dời sang ngày làm việc kế tiếp")
    PREVIOUS = "previous", _("dời về ngày làm việc trước đó")


LAST_DAY_OF_EVERY_MONTH = 28


class SessionRuleQuerySet(DatedQuerySet):
    def for_user(self, user):
        """National rules are everybody's; others are read where they hold, and from above."""
        reach = user.reach
        if reach.is_administrator:
            return self
        governed = Q(organisation=None) | above_today(reach, "organisation", reach.cells | reach.tops)
        return self.filter(governed | below_today(reach, "organisation", reach.tops))


class SessionRule(models.Model):
    """One thing that one organisation ruled about sessions, for itself and all below it; without one, the nation.

    `sessions.rules` finds which of them holds for a cell; `sessions.ruling` is the only place that writes them.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="session_rules"
    )
    subject = models.CharField(_("nội dung"), max_length=30, choices=RuleSubject)
    number = models.PositiveSmallIntegerField(_("giá trị"))
    shift = models.CharField(_("khi trùng ngày nghỉ"), max_length=10, choices=Shift, blank=True)
    cells_may_differ = models.BooleanField(_("chi bộ được chọn khác"), default=False)
    source = models.CharField(_("căn cứ"), max_length=300)
    allowed_by = models.CharField(_("nơi cho phép"), max_length=250, blank=True)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    sureness = models.CharField(_("mức chắc chắn"), max_length=10, choices=Sureness, default=Sureness.HIGH)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = SessionRuleQuerySet.as_manager()
    objects = SessionRuleQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "-first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "first_day"],
                condition=Q(organisation__isnull=False),
                name="session_rule_key",
            ),
            models.UniqueConstraint(
                fields=["subject", "first_day"],
                condition=Q(organisation__isnull=True),
                name="session_rule_national_key",
            ),
            models.CheckConstraint(
                condition=(Q(subject=RuleSubject.SESSION_DAY) & ~Q(shift=""))
                | (~Q(subject=RuleSubject.SESSION_DAY) & Q(shift="")),
                name="session_rule_shift",
            ),
            models.CheckConstraint(
                condition=~Q(subject=RuleSubject.SESSION_DAY) | Q(number__range=(1, LAST_DAY_OF_EVERY_MONTH)),
                name="session_rule_day",
            ),
            days_in_order("session_rule"),
        ]

    @property
    def is_national(self) -> bool:
        return self.organisation_id is None


class Holiday(models.Model):
    """A day on which nobody works, weekends apart; the same for the whole country."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    day = models.DateField(_("ngày"), unique=True)
    name = models.CharField(_("tên ngày nghỉ"), max_length=150)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)
    sureness = models.CharField(_("mức chắc chắn"), max_length=10, choices=Sureness, default=Sureness.HIGH)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager()
    unscoped = models.Manager()

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return self.name
