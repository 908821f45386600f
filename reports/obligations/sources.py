"""Where obligations come from: one function a subject, each of which could be left out without harm to the others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from reports.obligations.executive import executive
from reports.obligations.judging import owed
from reports.obligations.models import DUTIES, Subject
from reports.obligations.owing import Obligation, State
from reports.obligations.reporting import reports
from reports.obligations.scope import Scope, periodic
from resolutions.models import FollowUp, StudyConference
from sessions.models import REGULAR_KINDS, THEMATIC_KINDS, Session
from sessions.readiness import AHEAD, BEHIND, Checklist, checklists
from speakers import duties
from speakers.models import RecurringDuty, SpeakerAppointment

UNDER_WAY = (Session.State.PLANNED, Session.State.OPEN)


def regular(scope: Scope) -> Iterator[Obligation]:
    met: dict[tuple, dt.date] = {}
    for cell, day, kind in scope.held:
        if kind in REGULAR_KINDS:
            met.setdefault((cell, day.replace(day=1)), day)
    for rule, cell, first, last in periodic(scope, Subject.REGULAR):
        due = scope.session_day(cell, first)
        yield owed(scope, rule, cell, first, last, due, met.get((cell, first)), months=rule.months)


def thematic(scope: Scope) -> Iterator[Obligation]:
    """As many in the quarter as the rules ask for; done on the day of the last of them."""
    met = defaultdict(list)
    for cell, day, kind in scope.held:
        if kind in THEMATIC_KINDS:
            met[cell].append(day)
    for rule, cell, first, last in periodic(scope, Subject.THEMATIC):
        wanted = scope.session_rules(cell, last).thematic_per_quarter or 1
        days = [day for day in met[cell] if first <= day <= last]
        done_on = days[wanted - 1] if len(days) >= wanted else None
        detail = f"{len(days)}/{wanted}" if wanted > 1 else ""
        yield owed(scope, rule, cell, first, last, last, done_on, months=rule.months, detail=detail)


def prepared(scope: Scope) -> Iterator[Obligation]:
    """What has to be ready before sessions to come (D−1). Once they are over, nobody asks for it any more."""
    for session in scope.sessions:
        rule = scope.rules.of(Subject.MATERIALS, session.cell_id, session.day)
        if rule and session.state in UNDER_WAY and session.day >= scope.on:
            yield from of_session(scope, rule, session, 0, opens=session.day - AHEAD)


def reported(scope: Scope) -> Iterator[Obligation]:
    """Minutes and result after a session (D+2), of those closed here and not brought in from a workbook.

    What was not told within a month is not asked for any more, as on the list of the session itself.
    """
    for session in scope.sessions:
        rule = scope.rules.of(Subject.RESULT, session.cell_id, session.day)
        if rule and session.closed_at and session.state == Session.State.CLOSED and session.day <= scope.on:
            for one in of_session(scope, rule, session, -1, opens=session.day):
                if one.is_done or session.day >= scope.on - BEHIND:
                    yield one


def of_session(scope: Scope, rule, session: Session, part: int, opens: dt.date) -> Iterator[Obligation]:
    """Both lists are the secretary's own; those above find them with the cell, not among all others."""
    checklist = checklists(session, scope.rulebook, scope.ticks[session.pk], session.has_agenda)[part]
    if checklist.due is None:
        return
    done_on = finished(checklist) if not checklist.left else None
    yield owed(
        *(scope, rule, session.cell_id, session.day, session.day, checklist.due, done_on),
        opens=opens,
        what=str(session.public_id),
    )


def finished(checklist: Checklist) -> dt.date:
    days = [timezone.localdate(line.tick.ticked_at) for line in checklist.lines if line.tick]
    return max(days)


def conferences(scope: Scope) -> Iterator[Obligation]:
    days = defaultdict(list)
    rows = StudyConference.unscoped.filter(organisation__in=scope.places, state=StudyConference.State.HELD)
    rows = rows.filter(day__range=(scope.year_start, min(scope.last_day, scope.on))).order_by("day")
    for organisation, day in rows.values_list("organisation_id", "day"):
        days[organisation].append(day)
    for rule, organisation, first, last in periodic(scope, Subject.CONFERENCE):
        done_on = next((day for day in days[organisation] if first <= day <= last), None)
        due = rule.due_of(last)
        yield owed(scope, rule, organisation, first, last, due, done_on, months=rule.months)


def speakers_duties(scope: Scope) -> Iterator[Obligation]:
    """Meetings, briefings, trainings and reviews, in the periods that their own rows say (`speakers.duties`)."""
    days = duties.days_done(scope.places, scope.year_start, min(scope.last_day, scope.on))
    rows = RecurringDuty.unscoped.filter(organisation__in=scope.places, first_day__lte=scope.last_day)
    years = range(scope.first_day.year, scope.last_day.year + 1)
    for duty in rows.exclude(last_day__lt=scope.first_day).order_by("pk"):
        place, kind = duty.organisation_id, duty.kind
        for due in (due for year in years for due in duties.periods(duty, year, days[place, kind], scope.on)):
            rule = scope.rules.of(kind, place, due.last_day)
            if rule and scope.first_day <= due.last_day <= scope.last_day:
                yield owed(
                    *(scope, rule, place, due.first_day, due.last_day, due.last_day, due.day),
                    months=duty.months,
                    detail=duty.owner,
                )


def expiring(scope: Scope) -> Iterator[Obligation]:
    """Decisions that recognise a speaker and run out: renewed by one that begins later, or ended with a reason."""
    rows = SpeakerAppointment.unscoped.filter(
        organisation__in=scope.places, last_day__range=(scope.first_day, scope.last_day), end_reason=""
    )
    later = SpeakerAppointment.unscoped.filter(
        person=OuterRef("person"),
        kind=OuterRef("kind"),
        organisation=OuterRef("organisation"),
        first_day__gt=OuterRef("first_day"),
    )
    renewed = Subquery(later.order_by("first_day").values("first_day")[:1])
    for row in rows.annotate(renewed=renewed).select_related("person").order_by("last_day", "pk"):
        rule = scope.rules.of(Subject.EXPIRING, row.organisation_id, row.last_day)
        if rule:
            yield owed(
                *(scope, rule, row.organisation_id, row.last_day, row.last_day, row.last_day, row.renewed),
                what=str(row.public_id),
                detail=f"{row.person.full_name}, {row.get_kind_display()}",
            )


def follow_ups(scope: Scope) -> Iterator[Obligation]:
    """Of an inspection that took place the report is due at once (`FollowUp.overdue`). Their own page waives them."""
    rows = FollowUp.unscoped.filter(organisation__in=scope.places, due__range=(scope.first_day, scope.last_day))
    for row in rows.order_by("due", "pk"):
        rule = scope.rules.of(Subject.FOLLOW_UP, row.organisation_id, row.due)
        if rule:
            due = min(row.due, row.inspected_on or row.due)
            done_on = row.done_on if row.done_on and row.done_on <= scope.on else None
            about = {"what": str(row.public_id), "detail": row.title}
            one = owed(scope, rule, row.organisation_id, row.due, row.due, due, done_on, **about)
            yield replace(one, state=State.WAIVED) if row.state == FollowUp.State.WAIVED else one


# Each with the subjects it knows of, so that who asks for some of them does not wait for the others.
SOURCES = {
    regular: {Subject.REGULAR},
    thematic: {Subject.THEMATIC},
    prepared: {Subject.MATERIALS},
    reported: {Subject.RESULT},
    conferences: {Subject.CONFERENCE},
    speakers_duties: DUTIES,
    expiring: {Subject.EXPIRING},
    follow_ups: {Subject.FOLLOW_UP},
    reports: {Subject.REPORT},
    executive: {Subject.EXECUTIVE},
}
