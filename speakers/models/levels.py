"""From when to when there is a level, as dated rows: districts ended, communes took their place (domain.md, R12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from cells.dated import DatedQuerySet, days_in_order
from speakers.models.rosters import Level


class LevelSpanQuerySet(DatedQuerySet):
    def for_user(self, user):
        """They hold for everybody and are read by everybody."""
        return self


class LevelSpan(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    level = models.CharField(_("cấp"), max_length=20, choices=Level)
    source = models.CharField(_("căn cứ"), max_length=300)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    unscoped = LevelSpanQuerySet.as_manager()
    objects = LevelSpanQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["level", "first_day"], name="level_span_key"),
            days_in_order("level_span"),
        ]

    def __str__(self):
        return self.get_level_display()
