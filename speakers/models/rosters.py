"""Rosters of those who may speak, by kind and level, with the decisions that appointed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from cells.access import below_today
from cells.dated import DatedQuerySet, days_in_order
from cells.models import Organisation, Person
from cells.reach import AT_THE_CELL


class SpeakerKind(models.TextChoices):
    SPEAKER = "speaker", _("báo cáo viên")
    PROPAGANDIST = "propagandist", _("tuyên truyền viên")
    COLLABORATOR = "collaborator", _("cộng tác viên dư luận xã hội")


class Level(models.TextChoices):
    CENTRAL = "central", _("trung ương")
    PROVINCE = "province", _("tỉnh")
    DISTRICT = "district", _("huyện")
    COMMUNE = "commune", _("xã")
    GRASSROOTS = "grassroots", _("cơ sở")
    CELL = "cell", _("chi bộ")


class Held(models.TextChoices):
    """Whether somebody has a qualification: told or not, for nobody has to."""

    NOT_TOLD = "", _("không ghi")
    YES = "yes", _("có")
    NO = "no", _("chưa")


class AppointmentQuerySet(DatedQuerySet):
    def for_user(self, user):
        """One's own appointments, those of one's cell, and all down the tree: names of speakers are no secret."""
        own = models.Q(person__user=user) | models.Q(organisation__in=user.reach.own(AT_THE_CELL))
        return self.filter(own | below_today(user.reach, "organisation", user.reach.tops))


class SpeakerAppointment(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(_("loại"), max_length=20, choices=SpeakerKind)
    level = models.CharField(_("cấp"), max_length=20, choices=Level)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    decision_number = models.CharField(_("số quyết định"), max_length=100, blank=True)
    decision_date = models.DateField(_("ngày quyết định"), null=True, blank=True)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    end_reason = models.CharField(_("lý do thôi"), max_length=250, blank=True)
    degree = models.CharField(_("trình độ đại học trở lên"), max_length=3, choices=Held, blank=True, default="")
    theory = models.CharField(_("lý luận chính trị cao cấp"), max_length=3, choices=Held, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    unscoped = AppointmentQuerySet.as_manager()
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "level", "organisation", "first_day"], name="appointment_key"
            ),
            days_in_order("appointment"),
        ]
        indexes = [models.Index(fields=["organisation", "kind"], name="appointment_roster")]

    def __str__(self):
        return self.decision_number or str(self.public_id)


class PlaceQuerySet(models.QuerySet):
    """What the speakers' work at an organisation left behind: for its officers, and for those above it."""

    place = "organisation"

    def for_user(self, user):
        own = models.Q(**{f"{self.place}__in": user.reach.own(AT_THE_CELL)})
        return self.filter(own | below_today(user.reach, self.place, user.reach.tops))


class OfPlace(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    unscoped = PlaceQuerySet.as_manager()
    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True


class RosterReview(OfPlace):
    """The yearly look through a roster: each entry is confirmed, replaced or ended, and the proposal printed."""

    year = models.PositiveSmallIntegerField(_("năm"))
    decision_number = models.CharField(_("số quyết định"), max_length=100, blank=True)
    day = models.DateField(_("ngày thực hiện"), null=True, blank=True)
    finished_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="roster_review_key")]

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class ReviewItemQuerySet(PlaceQuerySet):
    place = "review__organisation"


class ReviewItem(models.Model):
    """What a review says of one entry; it stays as decided when the entry itself goes on changing."""

    class Verdict(models.TextChoices):
        CONFIRM = "confirm", _("giữ nguyên")
        REPLACE = "replace", _("thay người")
        END = "end", _("cho thôi")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    review = models.ForeignKey(RosterReview, on_delete=models.CASCADE, related_name="items")
    # The roster of a workbook may take an entry away; what was decided about it stays.
    appointment = models.ForeignKey(SpeakerAppointment, null=True, on_delete=models.SET_NULL, related_name="reviews")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("loại"), max_length=20, choices=SpeakerKind)
    level = models.CharField(_("cấp"), max_length=20, choices=Level)
    verdict = models.CharField(_("đề nghị"), max_length=10, choices=Verdict, blank=True, default="")
    reason = models.CharField(_("lý do"), max_length=250, blank=True)
    replacement = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    unscoped = ReviewItemQuerySet.as_manager()
    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "level", "person__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "appointment"], name="review_item_key"),
            models.CheckConstraint(
                condition=models.Q(verdict="replace", replacement__isnull=False)
                | (~models.Q(verdict="replace") & models.Q(replacement__isnull=True)),
                name="review_replacement_named",
            ),
        ]

    @property
    def audit_place(self) -> int:
        return self.review.organisation_id
