"""One's own calendar (.ics) at a secret address: sessions, days by the rules, due tasks; no names."""

import datetime as dt
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.auditing import record
from accounts.models import User
from cells.models import CELL_KINDS, OrganisationPeriod
from cells.reach import AT_THE_CELL, MEMBER, Reach, reach_of
from sessions.models import REGULAR_KINDS, CalendarFeed, Session, SessionTask
from sessions.naming import Names
from sessions.rules import Rulebook, month_end, month_start
from sessions.states import State

logger = logging.getLogger(__name__)

SIGNER = signing.Signer(salt="sessions.calendar", sep=".")
PAST, AHEAD = dt.timedelta(days=100), dt.timedelta(days=400)
Source = Callable[[User, Reach, str], Iterable[Event]]  # of the user, with today's reach; addresses begin with the host
_more_sources: list[Source] = []
MONTHS_SHOWN = 3  # of days that nobody has planned yet
USUAL_LENGTH = dt.timedelta(minutes=90)


@transaction.atomic
def renew(user: User, *, request=None) -> CalendarFeed:
    """A new address; the one before, if there was one, leads nowhere from now on."""
    told = {"secret": secrets.token_urlsafe(32), "renewed_at": timezone.now()}
    feed, _is_new = CalendarFeed.unscoped.update_or_create(user=user, defaults=told)
    record("calendar.renewed", actor=user, target=user, request=request)
    return feed


@transaction.atomic
def revoke(user: User, *, request=None) -> None:
    gone, _details = CalendarFeed.unscoped.filter(user=user).delete()
    if gone:
        record("calendar.revoked", actor=user, target=user, request=request)


def feed_of(user: User) -> CalendarFeed | None:
    return CalendarFeed.unscoped.filter(user=user).first()


def token_of(feed: CalendarFeed) -> str:
    return SIGNER.sign(feed.secret)


def owner_of(token: str) -> User | None:
    """None for a forged, a renewed and a revoked address, and for somebody who may not log in any more."""
    try:
        secret = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    feed = CalendarFeed.unscoped.select_related("user").filter(secret=secret, user__is_active=True).first()
    return feed and feed.user


def calendar_of(user: User, host: str) -> bytes:
    """What the user may see today. `host` is the start of addresses, `https://so.example.vn`."""
    reach = reach_of(user)
    calendar = Calendar()
    calendar.add("prodid", "-//So chi bo//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Sinh hoạt chi bộ"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for source in (session_events, unplanned_days, task_events, *_more_sources):
        for event in on_its_own(source, user, reach, host):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def add_source(source: Source) -> None:
    """Called in `AppConfig.ready` by apps to the right, which know of more days."""
    if source not in _more_sources:
        _more_sources.append(source)


def on_its_own(source: Source, user: User, reach: Reach, host: str) -> list[Event]:
    """What fails leaves the other entries as they are."""
    try:
        return list(source(user, reach, host))
    except Exception:
        logger.exception("no entries of %s in the calendar of user %s", source.__name__, user.pk)
        return []


def session_events(_user: User, reach: Reach, host: str) -> Iterator[Event]:
    own = Session.unscoped.filter(cell__in=reach.cells, day__range=(reach.day - PAST, reach.day + AHEAD))
    sessions = list(own.order_by("day", "pk"))
    names = Names(session.cell_id for session in sessions)
    for session in sessions:
        title = _("Sinh hoạt %s") % session.get_kind_display()
        is_off = session.state == State.CANCELLED
        event = event_of(f"{session.public_id}", _("HỦY: %s") % title if is_off else title)
        event.add("sequence", session.version)
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        event.add("description", described(session, names.of(session.cell_id, session.day)))
        event.add("url", host + reverse("sessions:detail", args=[session.public_id]))
        if session.place:
            event.add("location", session.place)
        add_times(event, session)
        yield event


def described(session: Session, cell_name: str) -> str:
    return f"{cell_name}. {session.theme}" if session.theme else cell_name


def add_times(event: Event, session: Session) -> None:
    if session.start is None:
        event.add("dtstart", session.day)
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    start = dt.datetime.combine(session.day, session.start, zone)
    event.add("dtstart", start)
    end = dt.datetime.combine(session.day, session.end, zone) if session.end else start + USUAL_LENGTH
    event.add("dtend", end)


def unplanned_days(_user: User, reach: Reach, _host: str) -> Iterator[Event]:
    """When own cells should meet by the rules, where no regular session stands in that month yet."""
    months = months_from(reach.day)
    last_day = month_end(months[-1])
    in_force = OrganisationPeriod.unscoped.on(reach.day).filter(organisation__in=reach.cells, kind__in=CELL_KINDS)
    cells = list(in_force.order_by("organisation").select_related("organisation"))
    rulebook = Rulebook([period.organisation_id for period in cells], months[0], last_day)
    known = Session.unscoped.filter(cell__in=reach.cells, kind__in=REGULAR_KINDS, day__range=(months[0], last_day))
    met = {(cell, month_start(day)) for cell, day in known.exclude(state=State.CANCELLED).values_list("cell", "day")}
    for period in cells:
        for month in months:
            day = rulebook.session_day(period.organisation_id, month)
            if (period.organisation_id, month) in met or day < reach.day:
                continue
            event = event_of(f"{period.organisation.public_id}-{month:%Y-%m}", _("Ngày sinh hoạt định kỳ (dự kiến)"))
            event.add("status", "TENTATIVE")
            event.add("description", period.name)
            event.add("dtstart", day)
            yield event


def months_from(day: dt.date) -> list[dt.date]:
    found = [month_start(day)]
    while len(found) < MONTHS_SHOWN:
        found.append(month_end(found[-1]) + dt.timedelta(days=1))
    return found


def task_events(user: User, reach: Reach, host: str) -> Iterator[Event]:
    cells = reach.own((MEMBER, *AT_THE_CELL))
    tasks = SessionTask.unscoped.open().filter(owner__user=user, due__isnull=False, cell__in=cells)
    for task in tasks.order_by("due", "pk"):
        event = event_of(f"{task.public_id}", _("Hạn: %s") % task.title)
        event.add("sequence", task.version)
        event.add("dtstart", task.due)
        event.add("url", host + reverse("sessions:tasks"))
        yield event


def event_of(key: str, title: str) -> Event:
    event = Event()
    event.add("uid", f"{key}@so-chi-bo")
    event.add("dtstamp", timezone.now())
    event.add("summary", title)
    return event
