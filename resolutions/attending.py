"""Notes by name who came to a site; its numbers follow from that."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.auditing import record
from accounts.models import User
from cells.models import Estimate, Person
from resolutions import gathering
from resolutions.models import ReceivingSite, StudyAttendance


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
    # Whoever another site of this conference has noted stays there: a person is at one place.
    elsewhere = set(
        StudyAttendance.unscoped.filter(conference=site.conference_id, person__in=people).values_list(
            "person", flat=True
        )
    )
    present = {person.pk for person in came}
    StudyAttendance.unscoped.bulk_create(
        StudyAttendance(conference_id=site.conference_id, site=site, person=person, is_present=person.pk in present)
        for person in people
        if person.pk not in elsewhere
    )
    detail = {"present": sorted(present), "people": len(people)}
    record("site.roll_called", actor=actor, target=site, detail=detail, request=request)


def came_to(site: ReceivingSite) -> list[Person]:
    return list(Person.unscoped.filter(pk__in=site.roll_call.filter(is_present=True).values("person")))
