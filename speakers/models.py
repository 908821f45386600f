"""Rosters of those who may speak, by kind and level, with the decisions that appointed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
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
