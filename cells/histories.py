"""What became of an organisation: its names, kinds and places with their decisions, where it came from and went."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from cells.models import Organisation, OrganisationPeriod, Reorganisation
from cells.naming import names_for
from cells.reach import ADMINISTRATOR, DOWN_THE_TREE

READERS_OF_ORDERS = (*DOWN_THE_TREE, ADMINISTRATOR)


@dataclass(frozen=True)
class Linked:
    """An organisation as its reader may know it: without a name where it is beyond their reach."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Stage:
    period: OrganisationPeriod
    parent: Linked | None
    is_to_come: bool


@dataclass(frozen=True)
class History:
    stages: list[Stage]
    predecessors: list[Linked]
    successor: Linked | None
    orders: list[Reorganisation]  # carried out here; each has a page with all who took part, all heirs of a split too

    @property
    def begins(self) -> dt.date | None:
        return self.stages[-1].period.first_day if self.stages else None

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
    day = user.reach.day
    return History(
        [Stage(period, linked(near.get(period.parent_id), names), period.first_day > day) for period in periods],
        [linked(one, names) for one in predecessors],
        linked(organisation.successor, names),
        orders_about(organisation, user),
    )


def orders_about(organisation: Organisation, user) -> list[Reorganisation]:
    """For those who may open their pages."""
    if not user.reach.holds(READERS_OF_ORDERS):
        return []
    done = Reorganisation.objects.for_user(user).filter(state=Reorganisation.State.DONE)
    return list(done.filter(pk__in=organisation.reorganisations.values("reorganisation")).order_by("-day", "-pk"))


def linked(organisation: Organisation | None, names: dict[int, str]) -> Linked | None:
    if organisation is None:
        return None
    name = names.get(organisation.pk, "")
    return Linked(name, reverse("cells:organisation", args=[organisation.public_id])) if name else Linked()
