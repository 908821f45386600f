"""What organisations are called on a page: the name of the day, and the parent's where two bear the same."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from cells.models import Organisation, OrganisationPeriod


@dataclass(frozen=True)
class OrganisationRow:
    """One line of a list of organisations."""

    period: OrganisationPeriod
    parent_name: str = ""

    @property
    def name(self) -> str:
        return self.period.name

    @property
    def url(self) -> str:
        return reverse("cells:organisation", args=[self.period.organisation.public_id])


def rows_of(
    periods: Iterable[OrganisationPeriod], user, day: dt.date, *, always: bool = False
) -> list[OrganisationRow]:
    """Where two bear one name, or `always`, the parent's name goes with it, if its reader may know that."""
    periods = list(periods)
    twins = Counter(period.name for period in periods)
    wanted = {period.parent_id for period in periods if always or twins[period.name] > 1} - {None}
    parents = names_for(user, wanted, day)
    return [OrganisationRow(p, parents.get(p.parent_id, "") if p.parent_id in wanted else "") for p in periods]


def names_for(user, organisations: Iterable[int], day: dt.date) -> dict[int, str]:
    """{id: name} of those the user may know; out of force on the day it is the name nearest to it."""
    ids = set(organisations)
    if not ids:
        return {}
    known = Organisation.objects.for_user(user).filter(pk__in=ids).values("pk")
    names: dict[int, str] = {}
    for period in OrganisationPeriod.unscoped.filter(organisation__in=known).order_by("first_day"):
        if period.first_day <= day or period.organisation_id not in names:
            names[period.organisation_id] = period.name
    return names
