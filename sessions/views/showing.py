from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.access import roles
from cells.models import Lineage, Organisation, OrganisationPeriod
from cells.reach import ANYONE, AT_THE_CELL
from cells.rosters import note_reading
from cells.uploads.stored import FileState
from sessions import readiness
from sessions.access import belongs_to, leads, reads_record, seen_session, with_sight, works_on
from sessions.closing import undo_until
from sessions.marking import sheet_of
from sessions.models import AnnouncedAbsence, Attendance, Mark, Session, SessionNotice, SignedSheet
from sessions.naming import cell_name
from sessions.presenting import AttendanceRow, SessionRow, by_month
from sessions.querying import SessionQuery
from sessions.rating import with_ratings
from sessions.rating_rows import ratings_seen
from sessions.reading import agenda_of, came_of
from sessions.recording import has_begun, may_be_changed
from sessions.states import State, expected_people

ROWS_ON_A_PAGE = 30


@roles(ANYONE)
@require_safe
def session_list(request):
    user = request.user
    query = SessionQuery(request.GET, user)
    sessions = with_sight(Session.objects.for_user(user), user).filter(query.condition()).order_by("-day", "-pk")
    sessions = with_ratings(sessions)
    page = Paginator(sessions, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "months": by_month(page),
        "organisations": organisations_to_choose(user, query.values["organisation"]),
        "names_cells": bool(user.reach.tops) or len(user.reach.cells) > 1,
        "prepares": user.reach.holds(AT_THE_CELL),
        "is_filtered": bool(query.given().keys() - {"page", "structure"}),
    }
    return render(request, "sessions/list.html", context)


def organisations_to_choose(user, chosen: Organisation | None) -> list[tuple[str, str, bool]]:
    """(public id, name, is chosen): what stands above the chosen one, it, and its children; the way down the tree."""
    reach = user.reach
    if not reach.tops:
        return []
    starts = [chosen.pk] if chosen else list(reach.tops)
    lineage = Lineage.unscoped.on(reach.day)
    below = lineage.filter(ancestor__in=starts, depth__lte=1).values("descendant")
    above = lineage.filter(descendant__in=starts).values("ancestor")
    periods = OrganisationPeriod.unscoped.on(reach.day).filter(organisation__in=below)
    periods |= OrganisationPeriod.unscoped.on(reach.day).filter(organisation__in=above)
    allowed = Organisation.objects.for_user(user).values("pk")
    rows = periods.filter(organisation__in=allowed).select_related("organisation").order_by("organisation__code")
    return [(str(row.organisation.public_id), row.name, row.organisation == chosen) for row in rows]


@roles(ANYONE)
@require_safe
def detail(request, public_id):
    user = request.user
    session = seen_session(user, public_id)
    works = works_on(user, session)
    agenda = agenda_of(user, session, names_people=reads_record(user, session))
    shown = STATE_CONTEXTS[session.state](user, session, works)
    if shown.get("rows"):
        note_reading(request, session, session.cell_id, rows=len(shown["rows"]))
    context = {
        "session": session,
        "row": SessionRow(session, cell_name(session.cell_id, session.day)),
        "works": works,
        "leads": leads(user, session),
        "agenda": agenda,
        "may_be_recorded": works and may_be_changed(session),
        "came": came_of(user, session, agenda) if agenda.names_people and has_begun(session) else None,
        "notices": SessionNotice.objects.for_user(user).filter(session=session),
        **shown,
        **(of_the_cell(user, session) if works else {}),
        "rated": ratings_seen(user, session, agenda.names_people) if session.shows_counts else [],
    }
    return render(request, "sessions/detail.html", context)


def of_the_cell(user, session: Session) -> dict:
    """The list of what is to be ready, and photos of the signed paper."""
    if session.state == State.CANCELLED:
        return {}
    sheets = SignedSheet.objects.for_user(user).filter(session=session, state=FileState.RELEASED)
    return {
        "checklists": readiness.checklists_of(session),
        "sheets": sheets.select_related("uploaded_by"),
        "shows_sheets": may_be_changed(session),
    }


def planned(user, session: Session, works: bool) -> dict:
    return asked_leave(user, session) | (to_open(session) if works else {})


def asked_leave(user, session: Session) -> dict:
    if not belongs_to(user, session) or session.day < timezone.localdate():
        return {}
    own = AnnouncedAbsence.objects.for_user(user).filter(session=session, person__user=user).first()
    return {"may_ask_leave": True, "own_absence": own}


def to_open(session: Session) -> dict:
    expected = expected_people(session.cell_id, session.day)
    return {"expected": len(expected), "may_open": session.day <= timezone.localdate()}


def under_way(user, session: Session, works: bool) -> dict:
    if works:
        return {"sheet": sheet_of(session)}
    if not belongs_to(user, session):
        return {}
    marked = Attendance.objects.for_user(user).filter(session=session, person__user=user).exclude(mark=Mark.UNMARKED)
    own = marked.select_related("person").first()
    return {"may_check_in": True, "own": own and AttendanceRow(own, shows_reason=True)}


def finished(user, session: Session, works: bool) -> dict:
    marks = Attendance.objects.for_user(user).filter(session=session).select_related("person")
    rows = [
        AttendanceRow(row, shows_reason=works or row.person.user_id == user.pk)
        for row in marks.order_by("-is_expected", "person__sort_key", "pk")
    ]
    seen = {"undo_until": undo_until(session)} if leads(user, session) else {}
    if session.shows_counts:
        return seen | {"rows": rows}
    return seen | {"own": next(iter(rows), None)}


def cancelled(user, session: Session, works: bool) -> dict:
    return {}


STATE_CONTEXTS = {
    State.PLANNED: planned,
    State.OPEN: under_way,
    State.CLOSED: finished,
    State.CANCELLED: cancelled,
}
