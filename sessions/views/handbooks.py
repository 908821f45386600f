from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.errors import bad_request
from accounts.file_names import download_name
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import AT_THE_CELL
from sessions import handbook, readiness
from sessions.access import own_session
from sessions.models import Session
from sessions.naming import cell_name


class TickForm(forms.Form):
    item = forms.ChoiceField(choices=handbook.POSTED)
    is_ready = forms.BooleanField(required=False)


@roles(*AT_THE_CELL)
@require_safe
def pack(request, public_id):
    session = own_session(request.user, public_id)
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "blocks": handbook.blocks_of(session),
        "files": handbook.files_of(request.user, session),
        "papers": handbook.papers_of(session),
        "ticks": handbook.ticks_of(session),
    }
    return render(request, "sessions/handbook.html", context)


@roles(*AT_THE_CELL)
@require_POST
def tick(request, public_id):
    session = own_session(request.user, public_id)
    form = TickForm(request.POST)
    if not form.is_valid():
        return bad_request(request)
    try:
        return once(request, lambda: ticked(request, session, form.cleaned_data))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:handbook", public_id=public_id)


def ticked(request, session: Session, told: dict) -> str:
    readiness.tick(session, told["item"], told["is_ready"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi nhận.") if told["is_ready"] else _("Đã bỏ đánh dấu."))
    return reverse("sessions:handbook", args=[session.public_id])


@roles(*AT_THE_CELL)
@require_safe
def download(request, public_id):
    """Texts and files in one."""
    session = own_session(request.user, public_id)
    try:
        packed = handbook.packed(request.user, session)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:handbook", public_id=public_id)
    record("session.handbook_exported", target=session, detail={"files": packed.names}, request=request)
    response = FileResponse(packed.file, content_type="application/zip")
    name = download_name(_("So tay dang vien %s.zip") % f"{session.day:%Y-%m-%d}", (".zip",))
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
