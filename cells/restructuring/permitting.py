"""Who may reorganise what: the committee above all that is touched, and the administrator."""

from collections.abc import Iterable

from django.db.models import Q

from cells.models import Lineage, Organisation, OrganisationPeriod, Role
from cells.reach import ADMINISTRATOR

REORGANISES = (Role.COMMITTEE, ADMINISTRATOR)


def may_touch(user) -> Q:
    """Organisations in force today that lie below a post of the user's, not the one where it is held."""
    return Q(pk__in=lines(user).filter(depth__gt=0).values("descendant"))


def may_hang_below(user) -> Q:
    return Q(pk__in=lines(user).values("descendant"))


def lines(user):
    rows = Lineage.unscoped.on(user.reach.day)
    if not user.reach.is_administrator:
        return rows.filter(ancestor__in=user.reach.at([Role.COMMITTEE]))
    roots = OrganisationPeriod.unscoped.on(user.reach.day).filter(parent=None).values("organisation")
    return rows.filter(ancestor__in=roots)


def touchable(user):
    return Organisation.objects.for_user(user).filter(may_touch(user))


def may_rule(user, organisation: Organisation) -> bool:
    """At the organisation of the user's post and below it."""
    return Organisation.objects.for_user(user).filter(may_hang_below(user), pk=organisation.pk).exists()


def sees_all_rosters(user, organisations: Iterable[Organisation]) -> bool:
    """A split by name is for those who may read the names."""
    wanted = {organisation.pk for organisation in organisations}
    below = Lineage.unscoped.on(user.reach.day).filter(ancestor__in=user.reach.at([Role.COMMITTEE]))
    return set(below.filter(descendant__in=wanted).values_list("descendant_id", flat=True)) == wanted
