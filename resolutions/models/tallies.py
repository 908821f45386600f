"""Numbers of conferences that a report states and nobody can trace: kept apart, with their words, in no figure."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.access import below_today
from cells.models import Estimate, Organisation
from cells.reach import AT_THE_CELL, Reach
from resolutions.models.documents import KEEPERS
from speakers.models import Level


class TallyQuerySet(models.QuerySet):
    def for_user(self, user):
        own = models.Q(organisation__in=user.reach.own(AT_THE_CELL))
        return self.filter(own | below_today(user.reach, "organisation", user.reach.tops))


class StatedTally(models.Model):
    """`gần 800` conferences of the grassroots in a year, attended by `gần 90 %`: a rate whose counts are not known."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("năm"))
    level = models.CharField(_("cấp"), max_length=20, choices=Level)
    number = models.PositiveIntegerField(_("số hội nghị"))
    number_mark = models.CharField(_("ước lượng"), max_length=10, choices=Estimate, blank=True)
    rate = models.DecimalField(
        _("tỷ lệ người dự"), max_digits=4, decimal_places=1, null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    rate_mark = models.CharField(_("ước lượng tỷ lệ"), max_length=10, choices=Estimate, blank=True)
    source = models.CharField(_("nguồn"), max_length=300)
    version = models.PositiveIntegerField(default=1)

    unscoped = TallyQuerySet.as_manager()
    objects = TallyQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "level", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__isnull=True) | models.Q(rate__range=(0, 100)), name="tally_rate"
            )
        ]

    def is_kept_by(self, reach: Reach) -> bool:
        return reach.acts_at(KEEPERS, self.organisation_id)
