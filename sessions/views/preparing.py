from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.reach import AT_THE_CELL
from sessions import assigning, inviting, readiness
from sessions.access import own_session
from sessions.models import AnnouncedAbsence, Session, SessionNotice
from sessions.naming import cell_name, roster_of
from sessions.preparing_forms import DutiesForm, TickForm
from sessions.reading import agenda_of
from sessions.states import ChangedMeanwhile


@roles(*AT_THE_CELL)
@require_safe
def preparation(request, public_id):
    """What has to be ready, and everything that is made ready, on one page."""
    session = own_session(request.user, public_id)
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "checklists": readiness.checklists_of(session),
        "duties": assigning.duties_of(session),
        "absences": AnnouncedAbsence.objects.for_user(request.user).filter(session=session).select_related("person"),
    }
    return render(request, "sessions/preparation.html", context)


@roles(*AT_THE_CELL)
@require_POST
def tick(request, public_id):
    session = own_session(request.user, public_id)
    form = TickForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Hãy chọn lại mục cần đánh dấu."))
        return redirect(address_of(session))
    try:
        return once(request, lambda: ticked(request, session, form.cleaned_data))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(session))


def ticked(request, session: Session, told: dict) -> str:
    readiness.tick(session, told["item"], told["is_ready"] == "yes", actor=request.user, request=request)
    return address_of(session)


@roles(*AT_THE_CELL)
def assign(request, public_id):
    session = own_session(request.user, public_id)
    people = list(roster_of(session))
    form = DutiesForm(request.POST or None, people=people, initial=assigning.duties_of(session))
    context = {"session": session, "form": form, "cancel_url": address_of(session)}
    if form.is_valid():
        try:
            return once(request, lambda: assigned(request, session, form.cleaned_data.copy()))
        except ChangedMeanwhile:
            context |= side_by_side(form, DutiesForm(people=people, initial=assigning.duties_of(session)))
            return render(request, "sessions/assign.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/assign.html", context, status=422 if form.is_bound else 200)


def assigned(request, session: Session, told: dict) -> str:
    version = told.pop("version")
    assigning.assign(session, told, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã ghi người chủ trì và thư ký."))
    return address_of(session)


@roles(*AT_THE_CELL)
@require_safe
def invitation(request, public_id):
    session = own_session(request.user, public_id)
    name = cell_name(session.cell_id, session.day)
    agenda = agenda_of(request.user, session, names_people=False)
    notices = list(SessionNotice.objects.for_user(request.user).filter(session=session))
    text = inviting.text_of(session, name, agenda, notices)
    context = {"session": session, "cell_name": name, "text": text, "lines": text.count("\n") + 3}
    return render(request, "sessions/invitation.html", context)


def address_of(session: Session) -> str:
    return reverse("sessions:preparation", args=[session.public_id])
