"""What is stored about obligations: the rules, and who let somebody off. What is owed and done is derived."""

import calendar
import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import belongs_now
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation
from cells.reach import AT_THE_CELL
from sessions.models import Sureness
from speakers.models import RecurringDuty

LAST_OF_MONTH = 31


class Subject(models.TextChoices):
    """What is owed."""

    REGULAR = "regular", _("sinh hoạt định kỳ")
    THEMATIC = "thematic", _("sinh hoạt chuyên đề")
    MATERIALS = "materials", _("chuẩn bị buổi sinh hoạt")
    RESULT = "result", _("báo kết quả buổi sinh hoạt")
    CONFERENCE = "conference", _("hội nghị thông tin thời sự")
    MEETING = RecurringDuty.Kind.MEETING.value, RecurringDuty.Kind.MEETING.label
    BRIEFING = RecurringDuty.Kind.BRIEFING.value, RecurringDuty.Kind.BRIEFING.label
    TRAINING = RecurringDuty.Kind.TRAINING.value, RecurringDuty.Kind.TRAINING.label
    REVIEW = RecurringDuty.Kind.REVIEW.value, RecurringDuty.Kind.REVIEW.label
    EXPIRING = "expiring", _("quyết định công nhận sắp hết hạn")
    FOLLOW_UP = "follow_up", _("việc sau hội nghị, nghị quyết")
    REPORT = "report", _("báo cáo định kỳ")
    EXECUTIVE = "executive", _("báo cáo trước Ban Chấp hành")


DUTIES = frozenset(RecurringDuty.Kind.values)


class RuleQuerySet(DatedQuerySet):
    def for_user(self, user):
        """Only who keeps the rules asks for them as rows; everybody else reads what follows from them."""
        return self if user.reach.is_administrator else self.none()


class ObligationRule(models.Model):
    """One thing owed by all organisations of some kinds below a place (or everywhere), for a span of days.

    Of one subject and length of period the nearest rule holds, as with rules about sessions. When a session is late,
    and how many days before and after it things are due, those rules say (`sessions.rules`); in which months a
    speakers' duty is due, its own row says (`speakers.duties`). Such subjects have `months` 0 here.
    """

    class Every(models.IntegerChoices):
        NOT_HERE = 0, _("theo quy định riêng của việc ấy")
        MONTH = 1, _("mỗi tháng")
        QUARTER = 3, _("mỗi quý")
        HALF = 6, _("mỗi 6 tháng")
        YEAR = 12, _("mỗi năm")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    subject = models.CharField(_("nội dung"), max_length=20, choices=Subject)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="obligation_rules"
    )
    kinds = models.JSONField(_("loại tổ chức"), default=list, blank=True)  # none: all
    months = models.PositiveSmallIntegerField(_("chu kỳ"), choices=Every, default=Every.NOT_HERE)
    due_month = models.SmallIntegerField(_("tháng đến hạn"), default=0)  # 0: the last of the period; 1: the next
    due_day = models.PositiveSmallIntegerField(_("ngày đến hạn"), default=LAST_OF_MONTH)
    cut_off_day = models.PositiveSmallIntegerField(_("ngày chốt số liệu"), null=True, blank=True)
    days_ahead = models.PositiveSmallIntegerField(_("báo trước (số ngày)"), default=0)
    is_owed = models.BooleanField(_("phải làm"), default=True)  # a place may be left out of what holds above it
    source_note = models.CharField(_("căn cứ"), max_length=300)
    sureness = models.CharField(_("mức chắc chắn"), max_length=10, choices=Sureness, default=Sureness.HIGH)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = RuleQuerySet.as_manager()
    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["subject", "months", "-first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "months", "first_day"],
                condition=Q(organisation__isnull=False),
                name="obligation_rule_key",
            ),
            models.UniqueConstraint(
                fields=["subject", "months", "first_day"],
                condition=Q(organisation__isnull=True),
                name="obligation_rule_national_key",
            ),
            models.CheckConstraint(condition=Q(due_day__range=(1, LAST_OF_MONTH)), name="obligation_rule_due_day"),
            models.CheckConstraint(condition=Q(due_month__range=(0, 3)), name="obligation_rule_due_month"),
            models.CheckConstraint(
                condition=Q(cut_off_day__isnull=True) | Q(cut_off_day__range=(1, LAST_OF_MONTH)),
                name="obligation_rule_cut_off",
            ),
            days_in_order("obligation_rule"),
        ]

    def __str__(self):
        return self.get_subject_display()

    def due_of(self, last_day: dt.date) -> dt.date:
        """Of the period that ends on `last_day`; the 31st of a short month is its last day."""
        return on_day(last_day, self.due_month, self.due_day)

    def cut_off_of(self, last_day: dt.date) -> dt.date:
        """Up to which day such a report covers its period: never later than it is due, nor than the period ends."""
        told = on_day(last_day, 0, self.cut_off_day or LAST_OF_MONTH)
        return min(told, self.due_of(last_day), last_day)

    def due_after(self, day: dt.date) -> dt.date:
        """Of a report that ends with this day in the middle of its period: the next day of a month to send one by."""
        of_the_month = on_day(day, 0, self.due_day)
        return of_the_month if of_the_month >= day else on_day(day, 1, self.due_day)


def on_day(day: dt.date, months_later: int, number: int) -> dt.date:
    months = day.year * 12 + day.month - 1 + months_later
    year, month = months // 12, months % 12 + 1
    return dt.date(year, month, min(number, calendar.monthrange(year, month)[1]))


def key_of(subject: str, first_day: dt.date, last_day: dt.date, what: str) -> str:
    """`report-20261001-20261231`: what an obligation is called among those of its organisation, also in addresses."""
    key = f"{subject}-{first_day:%Y%m%d}-{last_day:%Y%m%d}"
    return f"{key}-{what}" if what else key


class WaiverQuerySet(models.QuerySet):
    def for_user(self, user):
        """Of one's own cell, of what stands now below a post, and those given by oneself."""
        own = Q(organisation__in=user.reach.own(AT_THE_CELL)) | Q(given_by=user)
        tops = user.reach.tops
        return self.filter(own | belongs_now(user.reach, "organisation", tops) if tops else own)

    def in_force(self):
        return self.filter(taken_back_at=None)

    def standing(self, on: dt.date):
        """As it was at the end of a day."""
        return self.filter(given_at__date__lte=on).exclude(taken_back_at__date__lte=on)


class Waiver(models.Model):
    """Somebody above let an organisation off one obligation, and said why. Taken back, it stays on record."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="waivers")
    subject = models.CharField(_("nội dung"), max_length=20, choices=Subject)
    first_day = models.DateField()
    last_day = models.DateField()
    what = models.CharField(max_length=40, blank=True)  # the one thing, where a period has several
    reason = models.CharField(_("lý do"), max_length=300)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_reason = models.CharField(_("lý do thôi miễn"), max_length=300, blank=True)

    unscoped = WaiverQuerySet.as_manager()
    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "first_day", "last_day", "what"],
                condition=Q(taken_back_at__isnull=True),
                name="waiver_key",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="waiver_days_in_order"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="waiver_taken_back_by",
            ),
        ]

    @property
    def key(self) -> str:
        return key_of(self.subject, self.first_day, self.last_day, self.what)


class ReminderChoice(models.Model):
    """What somebody wants to be written to about; who never chose gets both."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_choice")
    by_mail = models.BooleanField(_("nhắc việc của đơn vị mình"), default=True)
    weekly = models.BooleanField(_("bản tổng hợp hằng tuần"), default=True)

    unscoped = models.Manager()


class Letter(models.Model):
    """One mail to one user about one day: the row is the queue. What it says is worked out when it is sent.

    A row with nothing to say stands for a user who was looked at that day: a round cut off goes on where it was.
    """

    class Kind(models.TextChoices):
        DAILY = "daily", _("nhắc việc")
        WEEKLY = "weekly", _("tổng hợp tuần")

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ gửi")
        SENT = "sent", _("đã gửi")
        NOTHING = "nothing", _("không có gì phải nhắc")
        FAILED = "failed", _("không gửi được")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)  # by the server, or by our own fault; its absence counts not
    try_at = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "day"], name="letter_key"),
            models.CheckConstraint(
                condition=Q(token__isnull=True, lease_until__isnull=True)
                | Q(token__isnull=False, lease_until__isnull=False),
                name="letter_leased",
            ),
        ]
        indexes = [models.Index(fields=["state", "try_at"], name="letter_queue")]


class Reminder(models.Model):
    """That somebody is reminded of one obligation, once in each of the spans before and after it is due."""

    class Kind(models.TextChoices):
        SOON = "soon", _("sắp đến hạn")
        LATE = "late", _("quá hạn")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=90)  # of the obligation
    kind = models.CharField(max_length=10, choices=Kind)
    day = models.DateField()  # the first one of the span

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "key", "kind", "day"], name="reminder_key")
        ]
