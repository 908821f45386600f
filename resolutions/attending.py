"""Notes by name who came to a site; its numbers follow from that."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.models import Estimate, Person
from resolutions import convening, gathering
from resolutions.models import ReceivingSite, StudyAttendance, StudyConference


@transaction.atomic
def note_at_host(
    conference: StudyConference,
    people: Sequence[Person],
    came: Sequence[Person],
    others: int,
    *,
    version: int,
    today: dt.date,
    actor: User,
    request=None,
) -> None:
    """The same of the host's own site, when the host is a cell: the conference has then been held."""
    heads = {"expected": len(people), "present": len(came) + others, "estimate": Estimate.EXACT}
    heads |= {"start": conference.start, "end": conference.end}
    convening.hold(conference, heads, version=version, today=today, actor=actor, request=request)
    StudyAttendance.unscoped.filter(conference=conference, site=None).delete()
    keep(conference, None, people, came)
    detail = {"present": sorted(person.pk for person in came), "people": len(people)}
    record("conference.roll_called", actor=actor, target=conference, detail=detail, request=request)


@transaction.atomic
def note(
    site: ReceivingSite,
    people: Sequence[Person],
    came: Sequence[Person],
    others: int,
    *,
    version: int,
    today: dt.date,
    actor: User,
    request=None,
) -> None:
    """`people` were expected at this site, `came` are those of them who came, `others` came beside them."""
    heads = {"expected": len(people), "present": len(came) + others, "estimate": Estimate.EXACT}
    way = ReceivingSite.Way.ROLL_CALL
    gathering.report(site, heads, way, version=version, today=today, actor=actor, request=request)
    StudyAttendance.unscoped.filter(site=site).delete()
    keep(site.conference, site, people, came)
    detail = {"present": sorted(person.pk for person in came), "people": len(people)}
    record("site.roll_called", actor=actor, target=site, detail=detail, request=request)


def keep(
    conference: StudyConference, site: ReceivingSite | None, people: Sequence[Person], came: Sequence[Person]
) -> None:
    """Whoever another site of this conference has noted stays there: a person is at one place."""
    noted = StudyAttendance.unscoped.filter(conference=conference, person__in=people)
    elsewhere, present = set(noted.values_list("person", flat=True)), {person.pk for person in came}
    StudyAttendance.unscoped.bulk_create(
        StudyAttendance(conference=conference, site=site, person=person, is_present=person.pk in present)
        for person in people
        if person.pk not in elsewhere
    )


def came_to(conference: StudyConference, site: ReceivingSite | None) -> list[Person]:
    rows = StudyAttendance.unscoped.filter(conference=conference, site=site, is_present=True)
    return list(Person.unscoped.filter(pk__in=rows.values("person")))
