import json

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import AT_THE_CELL
from sessions import noting
from sessions.access import leads, own_session
from sessions.models import Session, TaskState, ThemeMethod
from sessions.naming import cell_name, roster_of
from sessions.reading import RecordPage, given_in, votes_of
from sessions.record_forms import RecordForm
from sessions.recording import may_be_changed, refuse_unchangeable
from sessions.states import State
from sessions.voting import base_of


@roles(*AT_THE_CELL)
def record(request, public_id):
    session = own_session(request.user, public_id)
    try:
        refuse_unchangeable(session)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:detail", public_id=public_id)
    page = noting.page_of(session)
    form = RecordForm(request.POST or None, page=page)
    if form.is_valid():
        try:
            return once(request, lambda: kept(request, session, form))
        except noting.Conflict as conflict:
            return side_by_side(request, session, form, conflict)
        except Refused as refusal:
            messages.error(request, refusal.text)
            return redirect(address_of(session))
    return render(
        request, "sessions/record.html", record_page(request, session, page, form), status=422 if form.is_bound else 200
    )


def record_page(request, session: Session, page: noting.Page, form: RecordForm) -> dict:
    return {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "shown": RecordPage(page, form),
        "base_json": json.dumps(form.known_base() if form.is_bound and "base" in form.cleaned_data else page.tokens),
        "states": TaskState.choices,
        "votes": votes_of(request.user, session),
        "vote_base": base_of(session),
        "given": given_in(request.user, session),
        "people": list(roster_of(session)),
        "methods": [str(method) for method in ThemeMethod.objects.all()],
        "is_open": session.state == State.OPEN,
        "leads": leads(request.user, session),
    }


def kept(request, session: Session, form: RecordForm) -> str:
    noting.save(session, form.wanted(), form.known_base(), actor=request.user, request=request)
    messages.success(request, _("Đã lưu nội dung buổi sinh hoạt."))
    return address_of(session)


@roles(*AT_THE_CELL)
@require_POST
def save_draft(request, public_id):
    """What the page saves by itself, for its script; answers are JSON, after a redirect if all went well."""
    session = own_session(request.user, public_id)
    form = RecordForm(request.POST, page=noting.page_of(session))
    if not form.is_valid():
        return JsonResponse({"problem": first_problem(form)}, status=422)
    try:
        return once(request, lambda: drafted(request, session, form))
    except noting.Conflict as conflict:
        return JsonResponse(
            {"problem": conflict.text, "fields": [clash.label for clash in conflict.clashes]}, status=409
        )
    except Refused as refusal:
        return JsonResponse({"problem": refusal.text}, status=409)


def drafted(request, session: Session, form: RecordForm) -> str:
    noting.save(session, form.wanted(), form.known_base(), actor=request.user, request=request)
    return reverse("sessions:saved_record", args=[session.public_id])


def first_problem(form: RecordForm) -> str:
    name, problems = next(iter(form.errors.items()))
    label = form.page.label(name) if name in form.page.values else ""
    return f"{label}: {problems[0]}" if label else problems[0]


@roles(*AT_THE_CELL)
@require_safe
def saved(request, public_id):
    """All fields as they are stored, so that two who write at once see each other's words."""
    session = own_session(request.user, public_id)
    page = noting.page_of(session)
    return JsonResponse({"tokens": page.tokens, "values": page.values, "is_writable": may_be_changed(session)})


def side_by_side(request, session: Session, form: RecordForm, conflict: noting.Conflict):
    """Both versions of what clashes; the rest of what was sent goes along, so that nothing typed is lost."""
    clashing = {clash.name for clash in conflict.clashes}
    wanted = form.wanted()
    page = noting.page_of(session)
    known = form.known_base()
    context = {
        "session": session,
        "clashes": conflict.clashes,
        "others": {name: text for name, text in wanted.items() if name not in clashing},
        "base_json": json.dumps(known | {name: page.tokens[name] for name in clashing}),
    }
    return render(request, "sessions/record_conflict.html", context, status=409)


def address_of(session: Session) -> str:
    return reverse("sessions:record", args=[session.public_id])
