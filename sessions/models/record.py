"""What a session came to: a free summary and conclusion, votes as counts, tasks that come back until they are done."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import Organisation, Person
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from sessions.models.meeting import Session


class OfTheSessionQuerySet(models.QuerySet):
    def for_user(self, user):
        """For those who work at the cell, and for committees and inspectors above it; not for boards."""
        return self.filter(dated_facts(user.reach, "session__cell", "session__day", own=AT_THE_CELL, down=SEES_ROSTERS))


class SessionRecord(models.Model):
    """The free texts of a session, at most one row; no row means that nothing was written.

    `chair_name` and `minute_taker_name` are what was typed, `chair` and `minute_taker` the persons of the cell of that
    name, if there are. The time of closing is `session.end`. Nobody is named for what they said (domain.md 7).
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="record")
    chair = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    chair_name = models.CharField(_("chủ trì"), max_length=150, blank=True)
    minute_taker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minute_taker_name = models.CharField(_("thư ký"), max_length=150, blank=True)
    guest_names = models.CharField(_("khách mời (họ tên, chức vụ)"), max_length=300, blank=True)
    dues = models.CharField(_("tình hình đóng đảng phí"), max_length=300, blank=True)
    summary = models.TextField(_("tóm tắt thảo luận"), blank=True)
    conclusion = models.TextField(_("kết luận của chủ trì"), blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    unscoped = models.Manager()
    objects = OfTheSessionQuerySet.as_manager()


class SessionVote(models.Model):
    """A vote as counts over the base of the day; who voted how is never kept (domain.md 7).

    `base` and `arithmetic` (the parts of `voting.VoteBase`) are frozen when the counts are saved.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="votes")
    subject = models.CharField(_("nội dung biểu quyết"), max_length=300)
    in_favour = models.PositiveIntegerField(_("tán thành"))
    against = models.PositiveIntegerField(_("không tán thành"), default=0)
    other = models.PositiveIntegerField(_("ý kiến khác"), default=0)
    base = models.PositiveIntegerField(_("cơ số"))
    arithmetic = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    unscoped = models.Manager()
    objects = OfTheSessionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(base__gte=F("in_favour") + F("against") + F("other")), name="vote_within_base"
            )
        ]

    def __str__(self):
        return self.subject


class TaskState(models.TextChoices):
    """What is stored; `overdue` is open and past its day, and follows from the two."""

    OPEN = "open", _("đang làm")
    DONE = "done", _("đã xong")
    DROPPED = "dropped", _("thôi thực hiện")


class TaskQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own tasks, those of one's cell, and for committees and inspectors those below."""
        facts = dated_facts(user.reach, "cell", "session__day", own=AT_THE_CELL, down=SEES_ROSTERS)
        return self.filter(Q(owner__user=user) | facts)

    def open(self):
        return self.filter(state=TaskState.OPEN)

    def overdue(self, on: dt.date):
        return self.open().filter(due__lt=on)


class SessionTask(models.Model):
    """Something a cell resolved to do: born in a session, it comes into every later one until done or dropped.

    `state`, `result` and `closed_on` repeat the newest of its `reports`; what it was at a given session is
    `tasking.tasks_at(session)`. `owner_name` is what was typed, `owner` the person of the cell of that name.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    cell = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("nhiệm vụ"), max_length=500)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    owner_name = models.CharField(_("người phụ trách"), max_length=150, blank=True)
    due = models.DateField(_("hạn"), null=True, blank=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    result = models.TextField(_("kết quả"), blank=True)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = TaskQuerySet.as_manager()
    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due", "id"]
        indexes = [models.Index(fields=["cell", "state", "due"], name="task_cell_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_on__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(closed_on__isnull=False)),
                name="task_closed_on",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due is not None and self.due < timezone.localdate()


class TaskReport(models.Model):
    """What was said of a task on a day: in a later session of the cell, or between two (`session` is then null)."""

    task = models.ForeignKey(SessionTask, on_delete=models.CASCADE, related_name="reports")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="task_reports")
    day = models.DateField()
    state = models.CharField(_("trạng thái"), max_length=10, choices=TaskState)
    result = models.TextField(_("kết quả"), blank=True)
    told_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(auto_now=True)

    unscoped = models.Manager()

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "session"], condition=Q(session__isnull=False), name="task_report_key"
            )
        ]
