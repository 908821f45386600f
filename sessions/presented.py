"""What speakers presented, as the agendas of finished sessions have it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from cells.access import dated_facts
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from sessions.models import AgendaBlock, Session
from speakers.presented import Presented


def blocks_presented(user, people: Iterable[int], first_day: dt.date, last_day: dt.date) -> list[Presented]:
    """One's own; of others, where the user may read who presented (sessions/access.py, `reads_record`)."""
    facts = dated_facts(user.reach, "cell", "day", own=AT_THE_CELL, down=SEES_ROSTERS)
    readable = Session.unscoped.filter(facts).values("pk")
    blocks = AgendaBlock.objects.for_user(user).filter(
        Q(session__in=readable) | Q(presenter__user=user),
        presenter__in=people,
        session__state=Session.State.CLOSED,
        session__day__range=(first_day, last_day),
    )
    return [
        Presented(
            block.presenter_id,
            block.session.day,
            block.title,
            reverse("sessions:detail", args=[block.session.public_id]),
        )
        for block in blocks.select_related("session")
    ]
