import time

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import AT_THE_CELL, MEMBER
from sessions import checking_in
from sessions.access import attended_session, own_session
from sessions.marking import sheet_of
from sessions.models import PRESENT_MARKS, Attendance, Mark, Session
from sessions.naming import cell_name
from sessions.states import State

PROOF = "check_in"  # in the log-in session: which code was read in time, so that there is time to log in
ONLY_HERE = ("localhost", "127.0.0.1", "[::1]")


@roles(*AT_THE_CELL)
@require_safe
def screen(request, public_id):
    """For the room's screen: a large code, which its script keeps new."""
    session = own_session(request.user, public_id)
    if session.state != State.OPEN:
        messages.error(request, _("Hãy mở điểm danh trước khi hiện mã."))
        return redirect("sessions:detail", public_id=public_id)
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "host": request.get_host(),
        "is_only_here": request.get_host().rpartition(":")[0] in ONLY_HERE or request.get_host() in ONLY_HERE,
        **shown_now(request, session),
    }
    return render(request, "sessions/check_in_screen.html", context)


@roles(*AT_THE_CELL)
@require_safe
def code(request, public_id):
    """The code of this moment, for the script of the screen."""
    return JsonResponse(shown_now(request, own_session(request.user, public_id)))


def shown_now(request, session: Session) -> dict:
    if session.state != State.OPEN:
        return {"is_open": False}
    address = reverse("sessions:check_in_landing", args=[checking_in.code_of(session)])
    picture = segno.make(request.build_absolute_uri(address), error="m")
    sheet = sheet_of(session)
    counts = {"present": sheet.present, "expected": len(sheet.expected)}
    return {"is_open": True, "picture": picture.svg_data_uri(scale=8, border=2), **counts}


@login_not_required
@require_safe
def landing(request, token):
    """Where the code leads: it is looked at now and not after the log-in, which may take longer than the code lasts."""
    try:
        session = checking_in.session_of(token)
    except checking_in.OldCode as refusal:
        return render(request, "sessions/check_in_old.html", {"text": refusal.text}, status=403)
    request.session[PROOF] = {"session": str(session), "until": time.time() + checking_in.PROOF_LASTS}
    return redirect("sessions:check_in", public_id=session)


@roles(MEMBER)
def check_in(request, public_id):
    session = attended_session(request.user, public_id)
    own = Attendance.objects.for_user(request.user).filter(session=session, person__user=request.user).first()
    if request.method == "POST":
        return marked(request, session)
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "is_present": bool(own and own.mark in PRESENT_MARKS),
        "has_proof": has_proof(request, session),
        "mark": own.get_mark_display() if own and own.mark != Mark.UNMARKED else "",
    }
    return render(request, "sessions/check_in.html", context)


def marked(request, session: Session):
    address = reverse("sessions:check_in", args=[session.public_id])
    if not has_proof(request, session):
        messages.error(request, checking_in.OldCode().text)
        return redirect(address)
    try:
        return once(request, lambda: came(request, session, address))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address)


def came(request, session: Session, address: str) -> str:
    checking_in.check_in(session, actor=request.user, request=request)
    return address


def has_proof(request, session: Session) -> bool:
    kept = request.session.get(PROOF) or {}
    return kept.get("session") == str(session.public_id) and time.time() < kept["until"]
