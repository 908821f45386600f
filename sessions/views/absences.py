from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.models import Person
from cells.reach import AT_THE_CELL, MEMBER
from sessions import announcing
from sessions.access import attended_session, own_session
from sessions.models import AnnouncedAbsence, Session
from sessions.naming import cell_name, roster_of
from sessions.preparing_forms import AbsenceForm, AbsenceOfForm, WithdrawalForm
from sessions.states import expected_people


@roles(MEMBER)
def announce(request, public_id):
    """A member asks leave for themselves."""
    session = attended_session(request.user, public_id)
    form = AbsenceForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: announced(request, session, request.user.person.pk, form.told))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"session": session, "form": form, "cancel_url": detail_of(session)}
    context["cell_name"] = cell_name(session.cell_id, session.day)
    return render(request, "sessions/absence.html", context, status=422 if form.is_bound else 200)


def announced(request, session: Session, person: int, reason: str) -> str:
    announcing.announce(session, person, reason, actor=request.user, request=request)
    messages.success(request, _("Đã ghi xin vắng. Nếu đi được, hãy rút lại trước giờ họp."))
    return detail_of(session)


@roles(MEMBER)
@require_POST
def withdraw(request, public_id):
    session = attended_session(request.user, public_id)
    try:
        return once(request, lambda: withdrawn(request, session))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(detail_of(session))


def withdrawn(request, session: Session) -> str:
    announcing.withdraw(session, request.user.person.pk, actor=request.user, request=request)
    messages.success(request, _("Đã rút lại. Chi bộ chờ đồng chí đến dự."))
    return detail_of(session)


@roles(*AT_THE_CELL)
def absences(request, public_id):
    """Those that somebody told the minute-taker of."""
    session = own_session(request.user, public_id)
    expected = expected_people(session.cell_id, session.day)
    people = {name: person for name, person in roster_of(session).items() if person in expected}
    form = AbsenceOfForm(request.POST or None, people=people)
    if form.is_valid():
        try:
            return once(request, lambda: noted(request, session, form))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    rows = AnnouncedAbsence.objects.for_user(request.user).filter(session=session).select_related("person")
    context = {"session": session, "form": form, "rows": rows, "cell_name": cell_name(session.cell_id, session.day)}
    return render(request, "sessions/absences.html", context, status=422 if form.is_bound else 200)


def noted(request, session: Session, form: AbsenceOfForm) -> str:
    person = form.people[form.cleaned_data["person"]]
    announcing.announce(session, person, form.told, actor=request.user, request=request)
    return absences_of(session)


@roles(*AT_THE_CELL)
@require_POST
def remove_absence(request, public_id):
    session = own_session(request.user, public_id)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return redirect(absences_of(session))
    person = get_object_or_404(Person.objects.for_user(request.user), public_id=form.cleaned_data["person"])
    try:
        return once(request, lambda: removed(request, session, person))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(absences_of(session))


def removed(request, session: Session, person: Person) -> str:
    announcing.withdraw(session, person.pk, actor=request.user, request=request)
    return absences_of(session)


def detail_of(session: Session) -> str:
    return reverse("sessions:detail", args=[session.public_id])


def absences_of(session: Session) -> str:
    return reverse("sessions:absences", args=[session.public_id])
