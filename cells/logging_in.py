"""What the log-in has to know of roles and organisations; accounts knows of neither."""

from cells.models import Lineage, OrganisationPeriod, Role
from cells.reach import Reach, reach_of

NEEDS_SECOND_FACTOR = frozenset({Role.BOARD, Role.COMMITTEE})


def needs_second_factor(user) -> bool:
    return reach_now(user).holds(NEEDS_SECOND_FACTOR)


def own_organisations(user) -> list[str]:
    """Names that whoever guesses this user's password would try."""
    reach = reach_now(user)
    periods = OrganisationPeriod.unscoped.on(reach.day).filter(organisation__in=places_of(reach))
    return list(periods.values_list("name", flat=True))


def may_reset(actor, user) -> bool:
    """A committee helps those whose places are all below it: nobody gets at a log-in that reaches beyond theirs."""
    reach, places = reach_now(actor), places_of(reach_now(user))
    if user.is_administrator or not places:
        return False
    below = Lineage.unscoped.on(reach.day).filter(
        ancestor__in=reach.at({Role.COMMITTEE}), descendant__in=places, depth__gt=0
    )
    return set(below.values_list("descendant_id", flat=True)) == places


def places_of(reach: Reach) -> set[int]:
    return {organisation for _, organisation in reach.places}


def reach_now(user):
    return getattr(user, "reach", None) or reach_of(user)
