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
from sessions import opening
from sessions.access import leads, own_session
from sessions.forms import RollCallForm
from sessions.marking import Conflict, all_present, save_marks, sheet_of
from sessions.models import Session
from sessions.naming import cell_name
from sessions.presenting import ConflictRow, base_json, roll_call_page
from sessions.states import State
from sessions.voting import base_of


@roles(*AT_THE_CELL)
@require_POST
def open_session(request, public_id):
    """Opens the roll-call; of an open one it brings the list up to date."""
    session = own_session(request.user, public_id)
    try:
        return once(request, lambda: opened(request, session))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:detail", public_id=public_id)


def opened(request, session: Session) -> str:
    change = opening.open_session(session, actor=request.user, request=request)
    if change:
        messages.info(request, _("Đã cập nhật danh sách điểm danh: %s.") % change.text)
    return address_of(session)


@roles(*AT_THE_CELL)
def roll_call(request, public_id):
    session = own_session(request.user, public_id)
    if session.state != State.OPEN:
        return redirect("sessions:detail", public_id=public_id)
    sheet = sheet_of(session)
    form = RollCallForm(request.POST or None, sheet=sheet)
    if form.is_valid():
        try:
            return once(request, lambda: saved(request, session, form))
        except Conflict as conflict:
            return side_by_side(request, session, conflict)
        except Refused as refusal:
            messages.error(request, refusal.text)
            return redirect(address_of(session))
    context = roll_call_page(session, sheet, form) | {
        "cell_name": cell_name(session.cell_id, session.day),
        "roster_change": opening.roster_change(session),
        "leads": leads(request.user, session),
    }
    return render(request, "sessions/roll_call.html", context, status=422 if form.is_bound else 200)


def saved(request, session: Session, form: RollCallForm) -> str:
    wanted = form.wanted()
    if "all_present" in form.data:
        wanted = all_present(session, form.sheet, wanted)
    keep(request, session, form, wanted)
    if "next" in form.data:
        page = "sessions:close" if leads(request.user, session) else "sessions:detail"
        return reverse(page, args=[session.public_id])
    messages.success(request, _("Đã lưu điểm danh."))
    return address_of(session)


@roles(*AT_THE_CELL)
@require_POST
def save_draft(request, public_id):
    """What the page saves by itself, for its script; answers are JSON, after a redirect if all went well."""
    session = own_session(request.user, public_id)
    form = RollCallForm(request.POST, sheet=sheet_of(session))
    if not form.is_valid():
        return JsonResponse({"problem": first_problem(form)}, status=422)
    try:
        return once(request, lambda: drafted(request, session, form))
    except Conflict as conflict:
        return JsonResponse({"problem": conflict.text, "people": names_in(conflict)}, status=409)
    except Refused as refusal:
        return JsonResponse({"problem": refusal.text}, status=409)


def drafted(request, session: Session, form: RollCallForm) -> str:
    keep(request, session, form, form.wanted(), is_draft=True)
    return reverse("sessions:saved_marks", args=[session.public_id])


def keep(request, session: Session, form: RollCallForm, wanted, is_draft=False) -> None:
    save_marks(
        session,
        wanted,
        version=form.cleaned_data["version"],
        base=form.known_base(),
        is_draft=is_draft,
        actor=request.user,
        request=request,
    )


def first_problem(form: RollCallForm) -> str:
    return next(message for messages in form.errors.values() for message in messages)


def names_in(conflict: Conflict) -> list[str]:
    return [clash.line.name for clash in conflict.clashes]


@roles(*AT_THE_CELL)
@require_safe
def saved_marks(request, public_id):
    """The sheet as it is stored, so that two who mark at once see each other's marks."""
    session = own_session(request.user, public_id)
    sheet = sheet_of(session)
    marks = {line.key: [line.marked.mark, line.marked.reason] for line in sheet.lines}
    base = base_of(session)
    answer = {"version": sheet.version, "is_open": session.state == State.OPEN, "marks": marks}
    return JsonResponse(answer | {"base": [base.base, base.text]})


def side_by_side(request, session: Session, conflict: Conflict):
    rows = [ConflictRow(clash) for clash in conflict.clashes]
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "version": conflict.version,
        "rows": rows,
        "base_json": base_json((row.key, row.clash.theirs) for row in rows),
        "next": request.POST.get("next", ""),
    }
    return render(request, "sessions/conflict.html", context, status=409)


def address_of(session: Session) -> str:
    return reverse("sessions:roll_call", args=[session.public_id])
