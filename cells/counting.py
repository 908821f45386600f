"""How many members and organisations there are below one on a day, by the definitions of figures.md."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from cells.models import Lineage, Membership, Organisation, Standing, Status


@dataclass(frozen=True)
class RosterCounts:
    cells: int = 0
    committees: int = 0  # without the organisation itself
    official: int = 0
    probationary: int = 0
    exempt: int = 0
    away: int = 0
    hosted: int = 0

    @property
    def total(self) -> int:
        return self.official + self.probationary


def roster_counts(organisation: Organisation, day: dt.date) -> RosterCounts:
    """Two queries for a cell and for a province."""
    below = Lineage.unscoped.under(organisation, day)
    tree = below.aggregate(
        cells=Count("pk", filter=Q(is_cell=True)), committees=Count("pk", filter=Q(is_cell=False, depth__gt=0))
    )
    home = ~Q(status=Status.HOSTED)
    spans = Membership.unscoped.on(day).filter(cell__in=below.filter(is_cell=True).values("descendant"))
    members = spans.aggregate(
        official=Count("pk", filter=home & Q(standing=Standing.OFFICIAL)),
        probationary=Count("pk", filter=home & Q(standing=Standing.PROBATIONARY)),
        exempt=Count("pk", filter=Q(status=Status.EXEMPT)),
        away=Count("pk", filter=Q(status=Status.AWAY)),
        hosted=Count("pk", filter=Q(status=Status.HOSTED)),
    )
    return RosterCounts(**tree, **members)
