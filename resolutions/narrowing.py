"""Conferences of one organisation and all below it, in the structure of then or of now."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cells.access import belongs_now
from cells.dated import covering
from cells.models import Lineage, Organisation, OrganisationPeriod
from cells.reach import Reach
from resolutions.models import StudyConference

THEN, NOW = "then", "now"


def under(
    conferences: QuerySet[StudyConference], organisation: Organisation, structure: str, on: dt.date
) -> QuerySet[StudyConference]:
    if structure == NOW:
        return conferences.filter(belongs_now(Reach(on, ()), "organisation", [organisation.pk]))
    return conferences.filter(
        Exists(
            Lineage.unscoped.filter(
                ancestor=organisation,
                descendant=OuterRef("organisation"),
                first_day__lte=OuterRef("day"),
                last_day__gte=OuterRef("day"),
            )
        )
    )


def with_host_name(conferences: QuerySet[StudyConference]) -> QuerySet[StudyConference]:
    """Adds `host_name`: what the host was called on the day, not what it is called now."""
    periods = OrganisationPeriod.unscoped.filter(covering(OuterRef("day")), organisation=OuterRef("organisation"))
    return conferences.annotate(host_name=Subquery(periods.values("name")[:1]))


def with_name(conference: StudyConference) -> StudyConference:
    """The same for a site, whose people need not see the conference itself."""
    return with_host_name(StudyConference.unscoped.filter(pk=conference.pk)).get()
