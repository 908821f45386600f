"""What a conference or a document is to be followed by: who owes it, until when, and what shows that it was done."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import dated_facts
from cells.models import Organisation
from cells.reach import AT_THE_CELL, Reach
from cells.uploads.stored import StoredFile
from resolutions.models.conferences import StudyConference, reports_for
from resolutions.models.documents import KEEPERS, Document


class FollowUpQuerySet(models.QuerySet):
    def for_user(self, user):
        """Of one's own organisation and all below it; and what one's own organisation gave to others."""
        given = Q(given_by__in=user.reach.own(KEEPERS))
        return self.filter(dated_facts(user.reach, "organisation", "due", own=AT_THE_CELL) | given)

    def open(self):
        return self.filter(state=FollowUp.State.OPEN)

    def done(self):
        return self.filter(state=FollowUp.State.DONE)

    def overdue(self, on: dt.date):
        """Open past its day; of an inspection, also as soon as it took place without its report."""
        return self.open().filter(is_late(on))


def is_late(on: dt.date) -> Q:
    return Q(due__lt=on) | Q(kind=FollowUp.Kind.INSPECTION, inspected_on__lt=on)


class FollowUp(models.Model):
    class Kind(models.TextChoices):
        WRITE_UP = "write_up", _("bài thu hoạch")
        SURVEY = "survey", _("khảo sát sau học tập")
        PROGRAMME = "programme", _("chương trình hành động, kế hoạch")
        REGISTRATION = "registration", _("đăng ký làm theo")
        INSPECTION = "inspection", _("kiểm tra và báo cáo kiểm tra")

    class State(models.TextChoices):
        OPEN = "open", _("chưa xong")
        DONE = "done", _("đã xong")
        WAIVED = "waived", _("không phải làm nữa")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    conference = models.ForeignKey(
        StudyConference, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("đơn vị thực hiện")
    )
    given_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("đơn vị giao")
    )
    kind = models.CharField(_("loại việc"), max_length=20, choices=Kind)
    title = models.CharField(_("nội dung"), max_length=300)
    owner_name = models.CharField(_("người phụ trách"), max_length=150, blank=True)
    due = models.DateField(_("hạn"))
    inspected_on = models.DateField(_("ngày kiểm tra"), null=True, blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField(_("ngày xong"), null=True, blank=True)
    link = models.CharField(_("địa chỉ minh chứng"), max_length=500, blank=True)
    proof = models.ForeignKey(
        Document,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("văn bản minh chứng"),
    )
    reason = models.CharField(_("lý do"), max_length=300, blank=True)  # of a waiver, or of taking it up again
    version = models.PositiveIntegerField(default=1)

    unscoped = FollowUpQuerySet.as_manager()
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["state", "due"], name="follow_up_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(conference__isnull=False) | Q(document__isnull=False), name="follow_up_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="follow_up_done_on",
            ),
            models.CheckConstraint(
                condition=Q(inspected_on__isnull=True) | Q(kind="inspection"), name="follow_up_inspected"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_inspection(self) -> bool:
        return self.kind == self.Kind.INSPECTION

    def is_overdue(self, on: dt.date) -> bool:
        """The same of one row as `overdue` of many."""
        return self.is_open and (self.due < on or self.lacks_report(on))

    def lacks_report(self, on: dt.date) -> bool:
        """Of an inspection that took place."""
        return self.is_open and self.inspected_on is not None and self.inspected_on < on

    def is_given_by(self, reach: Reach) -> bool:
        return reach.acts_at(KEEPERS, self.given_by_id)

    def is_done_by(self, reach: Reach) -> bool:
        """Whoever owes it says that it is done; whoever gave it may do so for them."""
        return self.organisation_id in reports_for(reach) or self.is_given_by(reach)


class EvidenceQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(follow_up__in=FollowUp.objects.for_user(user).order_by())


class Evidence(StoredFile):
    """A file that shows what was done: the write-ups put together, the programme, the report of an inspection."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="evidence")
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    unscoped = EvidenceQuerySet.as_manager()
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]

    @property
    def audit_place(self) -> int:
        return self.follow_up.organisation_id
