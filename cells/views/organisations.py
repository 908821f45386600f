from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.access import is_below, roles
from cells.counting import roster_counts
from cells.histories import history_of
from cells.models import Lineage, Organisation, OrganisationFunction, OrganisationPeriod, Post, Role
from cells.naming import names_for, rows_of
from cells.posting import giving
from cells.querying import OrganisationQuery, named_like
from cells.reach import ANYONE, AT_THE_CELL
from cells.reading import in_one_state
from cells.restructuring.permitting import REORGANISES, may_rule
from cells.rosters import sees_roster
from cells.warning import warnings_below

ROWS_ON_A_PAGE = 50
SENIORITY = (
    *(Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.MINUTE_TAKER),
    *(Role.COMMITTEE, Role.BOARD, Role.INSPECTOR),
)


@roles(ANYONE)
@require_safe
@in_one_state
def organisation_list(request):
    """Without a search it shows where the user stands, and the first step down from there."""
    user = request.user
    query = OrganisationQuery(request.GET)
    day, search = query.values["day"], query.values["search"]
    places = [] if search else own_places(user, day)
    found = known_on(user, day).filter(named_like(search)) if search else children(user, below(places), day)
    page = Paginator(found.order_by("sort_key", "pk"), ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "day": day,
        "search": search,
        "places": rows_of(places, user, day),
        "page": page,
        "rows": rows_of(page, user, day, always=bool(search) or len(places) > 1),
    }
    return render(request, "cells/organisation_list.html", context)


def known_on(user, day):
    known = Organisation.objects.for_user(user).values("pk")
    return OrganisationPeriod.unscoped.on(day).filter(organisation__in=known).select_related("organisation")


def own_places(user, day) -> list[OrganisationPeriod]:
    reach = user.reach
    places = Q(organisation__in=reach.own() | reach.tops)
    if not reach.places and user.is_administrator:
        places = Q(parent=None)
    return list(known_on(user, day).filter(places).order_by("sort_key", "pk"))


def below(places: list[OrganisationPeriod]) -> list[int]:
    return [place.organisation_id for place in places]


def children(user, parents: list[int], day):
    return known_on(user, day).filter(parent__in=parents)


def all_below(user, here: Organisation, day):
    below = Lineage.unscoped.on(day).filter(ancestor=here, depth__gt=0)
    return known_on(user, day).filter(organisation__in=below.values("descendant"))


@roles(ANYONE)
@require_safe
@in_one_state
def organisation(request, public_id):
    user = request.user
    here = get_object_or_404(Organisation.objects.for_user(user).select_related("successor"), public_id=public_id)
    query = OrganisationQuery(request.GET)
    day = query.values["day"]
    period = here.periods.on(day).first()
    is_today, counts_members = day == timezone.localdate(), period is not None and measures(user, here)
    search = query.values["search"]
    found = all_below(user, here, day).filter(named_like(search)) if search else children(user, [here.pk], day)
    page = Paginator(found.order_by("sort_key", "pk"), ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "here": here,
        "period": period,
        "name": period.name if period else names_for(user, [here.pk], day).get(here.pk, here.code),
        "query": query,
        "day": day,
        "is_today": is_today,
        "rules_here": user.reach.holds(REORGANISES) and may_rule(user, here),
        "crumbs": crumbs(here, user, day),
        "history": history_of(here, user),
        "page": page,
        "rows": rows_of(page, user, day, always=bool(search)),
        "counts": roster_counts(here, day) if counts_members else None,
        "functions": OrganisationFunction.objects.for_user(user)
        .on(day)
        .filter(organisation=here)
        .order_by("body_name"),
        "gives_posts": bool(giving(user.reach, here).roles),
        "term": here.terms.on(day).filter(function="").order_by("first_day").last(),
        "posts": posts_of(here, day),
        "sees_roster": sees_roster(user, here.pk),
        "warnings": warnings_below(here, user, day) if counts_members and is_today else [],
    }
    return render(request, "cells/organisation.html", context)


def posts_of(here: Organisation, day) -> list[Post]:
    """The secretary first, then the deputy, and so on down."""
    rank = {role: number for number, role in enumerate(SENIORITY)}
    posts = here.posts.on(day).select_related("user").order_by("first_day", "pk")
    return sorted(posts, key=lambda post: rank[post.role])


def crumbs(here: Organisation, user, day) -> list[tuple[str, str]]:
    """The way down to it on that day; what the user may not know is left out."""
    line = Lineage.unscoped.on(day).filter(descendant=here, depth__gt=0).select_related("ancestor").order_by("-depth")
    above = [row.ancestor for row in line]
    names = names_for(user, [one.pk for one in above], day)
    links = [(names[one.pk], reverse("cells:organisation", args=[one.public_id])) for one in above if one.pk in names]
    own = names_for(user, [here.pk], day)
    return [*links, (own.get(here.pk, here.code), "")]


def measures(user, here: Organisation) -> bool:
    """Counts are for those who work at the organisation, or look down on it today."""
    reach = user.reach
    return reach.acts_at(AT_THE_CELL, here.pk) or is_below(here.pk, reach.tops, reach.day)
