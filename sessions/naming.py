"""What cells were called on the day of each session, in one query for a whole list."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from cells.models import OrganisationPeriod


class Names:
    """`names.of(organisation id, day)`; out of force on that day it is the last name before, or the first after."""

    def __init__(self, organisations: Iterable[int]):
        self.periods: dict[int, list[OrganisationPeriod]] = defaultdict(list)
        for period in OrganisationPeriod.unscoped.filter(organisation__in=set(organisations)).order_by("first_day"):
            self.periods[period.organisation_id].append(period)

    def of(self, organisation: int, day: dt.date) -> str:
        known = self.periods.get(organisation)
        if not known:
            return ""
        begun = [period.name for period in known if period.first_day <= day]
        return begun[-1] if begun else known[0].name


def cell_name(organisation: int, day: dt.date) -> str:
    return Names([organisation]).of(organisation, day)
