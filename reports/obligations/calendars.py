"""What is due, in the calendar of whoever does it: by its day, without names of people."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from accounts.models import User
from cells.models import Organisation
from cells.reach import AT_THE_CELL, Reach
from reports.obligations import owing
from reports.obligations.models import Subject
from reports.obligations.presenting import title_of
from reports.obligations.reminding import concerns
from sessions.calendars import event_of
from sessions.naming import Names
from speakers.keeping import KEEPERS


def due_events(_user: User, reach: Reach, host: str) -> Iterator[Event]:
    """Days of regular sessions stand there already: those planned, and those that the rules ask for."""
    posts = [(role, place) for role, place in reach.places if role in AT_THE_CELL or role in KEEPERS]
    places = {place for _role, place in posts}
    if not places:
        return
    codes = dict(Organisation.unscoped.filter(pk__in=places).values_list("pk", "public_id"))
    names = Names(places)
    for one in owing.of_own(places, on=reach.day):
        is_theirs = any(place == one.organisation and concerns(one, role) for role, place in posts)
        if is_theirs and one.is_open and one.subject != Subject.REGULAR:
            event = event_of(f"{codes[one.organisation]}-{one.key}", _("Hạn: %s") % title_of(one, with_names=False))
            event.add("dtstart", one.due)
            event.add("description", names.of(one.organisation, reach.day))
            event.add("url", host + reverse("reports:due"))
            yield event
