"""Rows that hold for a span of local days, both ends inclusive; no last day means still in force."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

FOREVER = dt.date.max


def covering(day, prefix: str = "") -> Q:
    """Rows in force on `day` (a date or an expression), over relation `prefix` such as "cell__periods__"."""
    begun = Q(**{f"{prefix}first_day__lte": day})
    return begun & (Q(**{f"{prefix}last_day__isnull": True}) | Q(**{f"{prefix}last_day__gte": day}))


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(covering(day))

    def overlapping(self, first_day, last_day):
        """Rows with at least one day in [first_day, last_day]; `last_day` None is open-ended."""
        rows = self.filter(Q(last_day__isnull=True) | Q(last_day__gte=first_day))
        return rows if last_day is None else rows.filter(first_day__lte=last_day)


def days_in_order(name: str) -> models.CheckConstraint:
    condition = Q(last_day__isnull=True) | Q(last_day__gte=F("first_day"))
    return models.CheckConstraint(condition=condition, name=f"{name}_days_in_order")
