"""What became of an organisation: its names, kinds and places with their decisions, where it came from and went."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from cells.models import Organisation, OrganisationPeriod
from cells.naming import names_for


@dataclass(frozen=True)
class Linked:
    """An organisation as its reader may know it: without a name where it is beyond their reach."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Stage:
    period: OrganisationPeriod
    parent: Linked | None


@dataclass(frozen=True)
class History:
    stages: list[Stage]
    predecessors: list[Linked]
    successor: Linked | None

    @property
    def tells_more(self) -> bool:
        return len(self.stages) > 1 or bool(self.predecessors) or self.successor is not None

    @property
    def ended(self) -> dt.date | None:
        return self.stages[0].period.last_day if self.stages else None


def history_of(organisation: Organisation, user) -> History:
    periods = list(organisation.periods.select_related("parent").order_by("-first_day"))
    predecessors = list(organisation.predecessors.order_by("code"))
    near = {one.pk: one for one in predecessors}
    near |= {period.parent_id: period.parent for period in periods if period.parent}
    if organisation.successor:
        near[organisation.successor_id] = organisation.successor
    names = names_for(user, near, user.reach.day)
    return History(
        [Stage(period, linked(near.get(period.parent_id), names)) for period in periods],
        [linked(one, names) for one in predecessors],
        linked(organisation.successor, names),
    )


def linked(organisation: Organisation | None, names: dict[int, str]) -> Linked | None:
    if organisation is None:
        return None
    name = names.get(organisation.pk, "")
    return Linked(name, reverse("cells:organisation", args=[organisation.public_id])) if name else Linked()
