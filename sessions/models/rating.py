"""By which sheet a session rates itself, as dated rows; and what it gave itself (domain.md 1.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import above_today, dated_facts
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from sessions.models.meeting import Session
from sessions.models.ruling import Sureness

FULL_SCORE = 100


class RubricQuerySet(DatedQuerySet):
    def for_user(self, user):
        """Those of everybody, and those of where the user stands and of the line above; administrators see all."""
        if user.reach.is_administrator:
            return self
        return self.filter(Q(organisation=None) | above_today(user.reach, "organisation", user.reach.own()))


class Rubric(models.Model):
    """A sheet of 100 points of one organisation and all below it, without one of everybody.

    The nearest in force holds (`rubrics.rubrics_for`). One by which a session was rated is never changed again; a
    changed one is a copy with the next `edition`. `kinds` lists kinds of session, `levels` are
    `[{"name": "Tốt", "from": "90"}, ...]` from the best to the one from 0.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="rubrics"
    )
    name = models.CharField(_("tên phiếu"), max_length=200)
    edition = models.PositiveSmallIntegerField(_("bản thứ"), default=1)
    issuer = models.CharField(_("nơi ban hành"), max_length=200)
    source = models.CharField(_("căn cứ"), max_length=300)
    sureness = models.CharField(_("mức chắc chắn"), max_length=10, choices=Sureness, default=Sureness.HIGH)
    kinds = models.JSONField(_("loại buổi"), default=list)
    levels = models.JSONField(_("mức xếp loại"), default=list)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    version = models.PositiveIntegerField(default=1)

    unscoped = DatedQuerySet.as_manager()
    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "id"]
        constraints = [days_in_order("rubric")]

    def __str__(self):
        return _("%(name)s, bản %(edition)d") % {"name": self.name, "edition": self.edition}


class Measure(models.TextChoices):
    """What the programme can work out by itself for a criterion; `sessions.measuring` knows how."""

    DURATION = "duration", _("thời lượng so với quy định")
    ATTENDANCE = "attendance", _("tỷ lệ có mặt")
    UNEXCUSED = "unexcused", _("số người vắng không lý do")
    STREAK = "streak", _("số người vắng có lý do liên tiếp quá 3 buổi")
    MINUTES = "minutes", _("đã ghi nội dung và kết luận")
    MATERIALS = "materials", _("gửi tài liệu trước buổi sinh hoạt")
    PARTICIPATION = "participation", _("tỷ lệ đảng viên phát biểu")


class Criterion(models.Model):
    """One line of a sheet. With a `measure` it is objective: its bands give the points. Without, the session decides.

    `bands` are tried in order, the first that holds gives its points: `{"points": "4", "quantity": "percent",
    "op": ">=", "value": "90"}`; one without `op` always holds. `needed_for_best`: without the maximum here, the
    session is not given the best level. `settings`: what a measure has to know beside the bands.
    """

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    group = models.CharField(_("nhóm"), max_length=200)
    title = models.CharField(_("tiêu chí"), max_length=500)
    max_points = models.DecimalField(_("điểm tối đa"), max_digits=5, decimal_places=2)
    measure = models.CharField(_("cách tính"), max_length=20, choices=Measure, blank=True)
    bands = models.JSONField(_("thang điểm"), default=list)
    settings = models.JSONField(default=dict)
    needed_for_best = models.BooleanField(_("bắt buộc để xếp mức cao nhất"), default=False)

    unscoped = models.Manager()
    objects = models.Manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_key"),
            models.CheckConstraint(condition=Q(max_points__gt=0, max_points__lte=FULL_SCORE), name="criterion_points"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_objective(self) -> bool:
        return bool(self.measure)

    @property
    def asks_for_count(self) -> bool:
        """How many spoke nobody but the secretary knows; it is a number, never names (domain.md 1.2, 7)."""
        return self.measure == Measure.PARTICIPATION


class SessionRatingQuerySet(models.QuerySet):
    def for_user(self, user):
        """Points and level are counts of a session: for those who work at the cell, and for all who look down on it."""
        return self.filter(dated_facts(user.reach, "session__cell", "session__day", own=AT_THE_CELL))

    def complete(self):
        return self.exclude(total=None)


class SessionRating(models.Model):
    """What a session gave itself by one rubric; the cell's, never a person's.

    `total` and `level` are null and blank until every line has points. `level` is after the cap rule, `cap` says in
    words why it is not better. Where a session was rated by several rubrics, `is_main` is the one that counts.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="ratings")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="ratings")
    is_main = models.BooleanField(default=False)
    total = models.DecimalField(_("tổng điểm"), max_digits=6, decimal_places=2, null=True, blank=True)
    level = models.CharField(_("xếp loại"), max_length=50, blank=True)
    cap = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    rated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(auto_now=True)

    unscoped = SessionRatingQuerySet.as_manager()
    objects = SessionRatingQuerySet.as_manager()

    class Meta:
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "rubric"], name="session_rating_key"),
            models.UniqueConstraint(fields=["session"], condition=Q(is_main=True), name="session_rating_main"),
            models.CheckConstraint(
                condition=Q(total__isnull=True, level="") | (Q(total__isnull=False) & ~Q(level="")),
                name="session_rating_level",
            ),
        ]

    @property
    def audit_place(self) -> int:
        return self.session.cell_id


class RatingRowQuerySet(models.QuerySet):
    def for_user(self, user):
        """Line by line it is read like the record of the session, so not by boards."""
        place, day = "rating__session__cell", "rating__session__day"
        return self.filter(dated_facts(user.reach, place, day, own=AT_THE_CELL, down=SEES_ROSTERS))


class RatingRow(models.Model):
    """The points of one criterion, with the arithmetic as it was when they were given.

    `facts` are the numbers that the arithmetic used; when they are others today, the source has changed.
    """

    rating = models.ForeignKey(SessionRating, on_delete=models.CASCADE, related_name="rows")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("điểm"), max_digits=5, decimal_places=2, null=True, blank=True)
    count = models.PositiveIntegerField(_("số người phát biểu"), null=True, blank=True)
    arithmetic = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)

    unscoped = models.Manager()
    objects = RatingRowQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["rating", "criterion"], name="rating_row_key")]
