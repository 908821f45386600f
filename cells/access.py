"""The three questions of every page, each in one place (architecture.md, "Who may do what").

Does it exist for you? `Model.objects.for_user(user)`, built from `dated_facts` and the like: no → 404.
Is this page for your role? `@roles(...)` on the view: no → 403.
Does its state allow it? The domain function raises a named error; the view shows it.
"""

import datetime as dt
from collections.abc import Iterable
from functools import reduce, wraps
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from cells.exchange.planning import SHEETS
from cells.models import Lineage, OrganisationFunction, Person, Role
from cells.reach import ADMINISTRATOR, AT_THE_CELL, DOWN_THE_TREE, LEADING, MEMBER, SEES_ROSTERS, Reach

NOTHING = Q(pk__in=[])


def roles(*names: str):
    """The view is for users who hold one of these roles anywhere; where, is the business of `for_user`."""
    allowed = frozenset(names)

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.reach.holds(allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = allowed
        return guarded

    return decorate


def require(is_allowed: bool) -> None:
    """For what hangs on the object: it exists for the user, but is not theirs to change."""
    if not is_allowed:
        raise PermissionDenied


def dated_facts(
    reach: Reach,
    place: str,
    day: str,
    *,
    own: Iterable[str] = (MEMBER, *AT_THE_CELL),
    down: Iterable[str] = DOWN_THE_TREE,
) -> Q:
    """Facts of own cells and their predecessors, and those that belong, then or now, to what stands below a post.

    `place` names the foreign key to the organisation, `day` the date of the fact.
    """
    own_cells, tops = reach.own(own), reach.at(down)
    condition = Q(**{f"{place}__in": own_cells}) if own_cells else NOTHING
    if not tops:
        return condition
    then = Exists(
        Lineage.unscoped.filter(
            ancestor__in=tops,
            descendant=OuterRef(place),
            first_day__lte=OuterRef(day),
            last_day__gte=OuterRef(day),
        )
    )
    return condition | Q(then) | belongs_now(reach, place, tops)


def belongs_now(reach: Reach, place: str, tops: Iterable[int]) -> Q:
    below = Lineage.unscoped.on(reach.day).filter(ancestor__in=tops)
    in_force = Q(**{f"{place}__in": below.values("descendant")})
    heirs = reach.heirs
    if not heirs:
        return in_force
    reached = set(below.filter(descendant__in=set(heirs.values())).values_list("descendant_id", flat=True))
    return in_force | Q(**{f"{place}__in": [ended for ended, heir in heirs.items() if heir in reached]})


def below_today(reach: Reach, place: str, tops: Iterable[int]) -> Q:
    """Rosters and other standing data: under one of these organisations by the tree of today."""
    if not tops:
        return NOTHING
    return Q(**{f"{place}__in": Lineage.unscoped.on(reach.day).filter(ancestor__in=tops).values("descendant")})


def above_today(reach: Reach, place: str, places: Iterable[int]) -> Q:
    """What an organisation shares with all below it: the ancestors, today, of where the user stands."""
    if not places:
        return NOTHING
    return Q(**{f"{place}__in": Lineage.unscoped.on(reach.day).filter(descendant__in=places).values("ancestor")})


def shared(reach: Reach, place: str, places: Iterable[int], tops: Iterable[int]) -> Q:
    """What is put up for all below: by the line above `places`, and seen from `tops` by what stands below these.

    What an organisation that ended had put up is by now its successor's.
    """
    if not places:
        return NOTHING
    lines = Lineage.unscoped.on(reach.day)
    above, below = lines.filter(descendant__in=places), lines.filter(ancestor__in=tops)
    in_force = Q(**{f"{place}__in": above.values("ancestor")}) | Q(**{f"{place}__in": below.values("descendant")})
    heirs = reach.heirs
    if not heirs:
        return in_force
    reached = {*above.values_list("ancestor_id", flat=True), *below.values_list("descendant_id", flat=True)}
    return in_force | Q(**{f"{place}__in": [ended for ended, heir in heirs.items() if heir in reached]})


def is_below(organisation: int, tops: Iterable[int], day: dt.date) -> bool:
    return Lineage.unscoped.on(day).filter(ancestor__in=tops, descendant=organisation).exists()


def organisations(reach: Reach) -> Q:
    """Where the user stands and stood, what ever hung below or was taken over there, and the line above it."""
    places = reach.own() | reach.tops
    ever_below = Lineage.unscoped.filter(ancestor__in=reach.tops).values("descendant")
    ever_above = Lineage.unscoped.filter(descendant__in=places).values("ancestor")
    known = Q(pk__in=places) | Q(pk__in=ever_below) | Q(pk__in=ever_above)
    return known | belongs_now(reach, "pk", reach.tops) if reach.tops else known


def ruled(reach: Reach) -> Q:
    """What ever hung below a post from which the user looks down, and what was taken over there."""
    if not reach.tops:
        return NOTHING
    return Q(pk__in=Lineage.unscoped.filter(ancestor__in=reach.tops).values("descendant")) | belongs_now(
        reach, "pk", reach.tops
    )


def roster(reach: Reach, user) -> Q:
    """Spans of members: one's own; those of one's cell; those under a committee by the tree of today."""
    own_cells = Q(cell__in=reach.own(AT_THE_CELL))
    # A subquery, so that counting 50,000 spans need not look at 50,000 people.
    oneself = Q(person__in=Person.unscoped.filter(user=user).values("pk"))
    return oneself | own_cells | below_today(reach, "cell", reach.at(SEES_ROSTERS))


REGISTER_DOWN = (Role.COMMITTEE, Role.INSPECTOR)


def registered_numbers(reach: Reach) -> Q:
    """Registers of one's cell and of what stands below a committee; a propaganda board has one of its own."""
    return dated_facts(reach, "organisation", "day", own=AT_THE_CELL, down=REGISTER_DOWN) | of_own_board(
        reach, "term__"
    )


def registers(reach: Reach) -> Q:
    """Terms, whose registers the same users keep or look at."""
    shown = Q(organisation__in=reach.own(AT_THE_CELL)) | of_own_board(reach)
    tops = reach.at(REGISTER_DOWN)
    return shown | belongs_now(reach, "organisation", tops) if tops else shown


def of_own_board(reach: Reach, prefix: str = "") -> Q:
    boards = reach.at((Role.BOARD,))
    if not boards:
        return NOTHING
    own = {f"{prefix}organisation__in": boards, f"{prefix}function": OrganisationFunction.Function.PROPAGANDA}
    return Q(**own)


def own_imports(reach: Reach) -> Q:
    """Imports that the user could start today: workbooks, and rosters and sheets of what is the user's to keep."""
    workbooks = Q(kind="workbook") if reach.holds({ADMINISTRATOR, Role.COMMITTEE}) else NOTHING
    if reach.is_administrator:
        return workbooks | Q(kind="roster")
    rosters = Q(cell__in=reach.own(LEADING)) | below_today(reach, "cell", reach.at({Role.COMMITTEE}))
    return workbooks | (Q(kind="roster") & rosters) | own_sheets(reach)


def own_sheets(reach: Reach) -> Q:
    """Rows of one sheet about what the user keeps, such as the sites of one conference."""
    kept = [Q(sheet=one.title, sheet_key__in=one.alone.keys(reach)) for one in SHEETS if one.alone]
    return Q(kind="sheet") & reduce(or_, kept, NOTHING)


def posts(reach: Reach) -> Q:
    """Who holds what: at one's cell, and under a committee by the tree of today."""
    own_cells = Q(organisation__in=reach.at(AT_THE_CELL))
    return own_cells | below_today(reach, "organisation", reach.at((Role.COMMITTEE,)))
