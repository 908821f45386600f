"""Who took over whose records when an organisation ended ("Kế tục bởi")."""

import datetime as dt
from collections.abc import Iterable, Mapping

from cells.models import Lineage, Organisation


def heirs_on(day: dt.date, successors: Mapping[int, int] | None = None) -> dict[int, int]:
    """{organisation out of force on the day: the one in force that took it over, at the end of the chain}."""
    successors = successor_pairs() if successors is None else successors
    chained = successors.keys() | set(successors.values())
    in_force = set(
        Lineage.unscoped.on(day).filter(depth=0, descendant__in=chained).values_list("descendant_id", flat=True)
    )
    return {
        organisation: heir
        for organisation in successors.keys() - in_force
        if (heir := follow(organisation, successors, in_force)) is not None
    }


def follow(organisation: int, successors: Mapping[int, int], in_force: set[int]) -> int | None:
    """The end of the chain that is in force, or None where it ends before."""
    current: int | None = organisation
    while current is not None and current not in in_force:
        current = successors.get(current)
    return current


def with_predecessors(organisations: Iterable[int], pairs: Mapping[int, int] | None = None) -> set[int]:
    """These organisations and all whose records came to them, however many steps ago."""
    found = set(organisations)
    pairs = successor_pairs() if pairs is None else pairs
    waiting = set(found)
    while waiting:
        waiting = {predecessor for predecessor, heir in pairs.items() if heir in waiting} - found
        found |= waiting
    return found


def successor_pairs() -> dict[int, int]:
    return dict(Organisation.unscoped.filter(successor__isnull=False).values_list("pk", "successor_id"))
