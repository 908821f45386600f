"""Which dated facts belong to which organisation, in the structure of then or of now (figures.md)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cells.models import Lineage, Organisation
from cells.succession import heirs_on
from reports.periods import Period

THEN, NOW = "then", "now"
STRUCTURES = (THEN, NOW)


class UnknownStructure(ValueError):
    pass


def belonging(organisations: Iterable[Organisation], structure: str = THEN, on: dt.date | None = None):
    """How facts are ascribed to these organisations; `on` is the reference day of `now`, today if not given."""
    ids = [organisation.pk for organisation in organisations]
    if structure == THEN:
        return Then(ids)
    if structure == NOW:
        return Now(ids, on or timezone.localdate())
    raise UnknownStructure(structure)


class Then:
    """A fact dated d belongs to O if its organisation hung under O on d."""

    def __init__(self, ids: list[int]):
        self.ids = ids

    def filter(self, facts: QuerySet, place: str, day: str) -> QuerySet:
        return facts.filter(
            **{
                f"{place}__ancestries__ancestor__in": self.ids,
                f"{place}__ancestries__first_day__lte": F(day),
                f"{place}__ancestries__last_day__gte": F(day),
            }
        )

    def gather(self, facts: QuerySet, place: str, day: str, sums: dict) -> dict[int, dict]:
        """{organisation: {sum: value}} by one query; organisations without a fact are missing."""
        rows = self.filter(facts, place, day).order_by().values(owner=F(f"{place}__ancestries__ancestor"))
        return {row.pop("owner"): row for row in rows.annotate(**sums)}

    def windows(self, period: Period) -> Iterable[tuple[int, int, dt.date, dt.date]]:
        """(owner, cell, first, last): on these days a fact of the cell belongs to the owner."""
        return (
            Lineage.unscoped.filter(ancestor__in=self.ids, is_cell=True)
            .filter(first_day__lte=period.until, last_day__gte=period.first_day)
            .values_list("ancestor_id", "descendant_id", "first_day", "last_day")
        )


class Now:
    """A fact belongs to O if its organisation, or the one that took it over, hangs under O on the reference day."""

    def __init__(self, ids: list[int], on: dt.date):
        self.ids = ids
        self.on = on

    def filter(self, facts: QuerySet, place: str, day: str) -> QuerySet:
        below = Lineage.unscoped.on(self.on).filter(ancestor__in=self.ids).values("descendant")
        heirless = [predecessor for predecessor, heir in self.heirs.items() if heir in self.owners]
        return facts.filter(Q(**{f"{place}__in": below}) | Q(**{f"{place}__in": heirless}))

    def gather(self, facts: QuerySet, place: str, day: str, sums: dict) -> dict[int, dict]:
        rows = self.filter(facts, place, day).order_by().values(fact_place=F(place)).annotate(**sums)
        gathered = defaultdict(lambda: dict.fromkeys(sums, 0))
        for row in rows:
            for owner in self.owners_of(row.pop("fact_place")):
                for name, value in row.items():
                    gathered[owner][name] += value
        return dict(gathered)

    def windows(self, period: Period) -> Iterable[tuple[int, int, dt.date, dt.date]]:
        below = Lineage.unscoped.filter(depth=0, is_cell=True)
        below = below.filter(first_day__lte=period.until, last_day__gte=period.first_day)
        cells = self.filter(below, "descendant", "").values_list("descendant_id", flat=True).distinct()
        for cell in cells:
            for owner in self.owners_of(cell):
                yield owner, cell, dt.date.min, dt.date.max

    def owners_of(self, organisation: int) -> list[int]:
        return self.owners.get(self.heirs.get(organisation, organisation), [])

    @cached_property
    def owners(self) -> Mapping[int, list[int]]:
        owners = defaultdict(list)
        rows = Lineage.unscoped.on(self.on).filter(ancestor__in=self.ids).values_list("descendant_id", "ancestor_id")
        for descendant, ancestor in rows:
            owners[descendant].append(ancestor)
        return owners

    @cached_property
    def heirs(self) -> Mapping[int, int]:
        return heirs_on(self.on)
