"""What belongs to a session beside itself: what was made ready, who said they cannot come, notices, the paper sheet."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cells.access import dated_facts
from cells.models import Person
from cells.reach import AT_THE_CELL
from cells.uploads.stored import StoredFile
from sessions.models.meeting import Session


class OwnCellQuerySet(models.QuerySet):
    def for_user(self, user):
        """For those who work at the cell, and nobody above it."""
        return self.filter(dated_facts(user.reach, "session__cell", "session__day", own=AT_THE_CELL, down=()))


class Readiness(models.TextChoices):
    """What has to be ready; the first three before the session, the others after it (rule R6 of the field)."""

    AGENDA = "agenda", _("chương trình")
    MATERIALS = "materials", _("tài liệu đã đăng cho đảng viên")
    INVITATION = "invitation", _("giấy mời, thông báo đã gửi")
    MINUTES = "minutes", _("biên bản, nghị quyết đã đăng")
    RESULT = "result", _("kết quả đã báo cáo cấp trên")


class ReadinessTick(models.Model):
    """Somebody says that this is ready; taken back, the row goes."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="ticks")
    item = models.CharField(max_length=20, choices=Readiness)
    ticked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
    objects = OwnCellQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "item"], name="readiness_key")]


class AbsenceQuerySet(OwnCellQuerySet):
    def for_user(self, user):
        """One's own, and those of the cell where one works."""
        at_the_cell = dated_facts(user.reach, "session__cell", "session__day", own=AT_THE_CELL, down=())
        return self.filter(Q(person__user=user) | at_the_cell)


class AnnouncedAbsence(models.Model):
    """Somebody asked leave before the session (xin vắng trước); the roll-call begins with it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="announced_absences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do"), max_length=200)
    announced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["person__sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="announced_absence_key")]


class NoticeQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(session__in=Session.objects.for_user(user))


class SessionNotice(models.Model):
    """A session was put off, or called off; the rows of a session say when it was planned, one after the other."""

    class Kind(models.TextChoices):
        POSTPONED = "postponed", _("hoãn")
        CANCELLED = "cancelled", _("hủy")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    old_day = models.DateField(_("ngày cũ"))
    old_start = models.TimeField(_("giờ cũ"), null=True, blank=True)
    new_day = models.DateField(_("ngày mới"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="postponed", new_day__isnull=False) | Q(kind="cancelled", new_day__isnull=True),
                name="notice_new_day",
            )
        ]


class SignedSheet(StoredFile):
    """A photo of the paper that those present signed; for the own cell only."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="signed_sheets")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removal_reason = models.CharField(_("lý do gỡ"), max_length=300, blank=True)

    unscoped = models.Manager()
    objects = OwnCellQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "id"]


class CalendarFeed(models.Model):
    """The secret in somebody's calendar address; another secret makes the old address worthless."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    secret = models.CharField(max_length=43, unique=True)
    renewed_at = models.DateTimeField(default=timezone.now)

    unscoped = models.Manager()
