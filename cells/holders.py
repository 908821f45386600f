"""Posts as pages show them: with the name of the organisation, and whether they run, are to come or are over."""

import datetime as dt

from django.db.models import OuterRef, Subquery

from cells.models import OrganisationPeriod
from cells.posting import with_acting


def shown(posts, day: dt.date):
    """For templates: `organisation_name` (today's, or the last it bore), `acts`, `is_running`, `is_to_come`."""
    names = OrganisationPeriod.unscoped.filter(organisation=OuterRef("organisation"), first_day__lte=day)
    latest = Subquery(names.order_by("-first_day").values("name")[:1])
    rows = with_acting(posts).annotate(organisation_name=latest).select_related("organisation", "user")
    found = list(rows.order_by("-first_day", "pk"))
    for post in found:
        post.is_to_come = post.first_day > day
        post.is_running = not post.is_to_come and (post.last_day is None or post.last_day >= day)
    return sorted(found, key=lambda post: (post.is_running, post.is_to_come), reverse=True)
