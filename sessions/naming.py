"""What cells were called on the day of each session, in one query for a whole list."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from cells.models import Membership, OrganisationPeriod
from sessions.models import Session


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


def roster_of(session: Session) -> dict[str, int]:
    """{name: person} of all on the cell's roster that day, in its order; people of one name bear their code too."""
    spans = Membership.unscoped.on(session.day).filter(cell=session.cell_id).order_by("person__sort_key", "person")
    people = list(spans.values_list("person_id", "person__full_name", "person__code"))
    twins = Counter(name for _person, name, _code in people)
    return {f"{name} ({code})" if twins[name] > 1 else name: person for person, name, code in people}
