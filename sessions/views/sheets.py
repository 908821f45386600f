import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from accounts.file_names import disposition, download_name
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow
from cells.papers.typesetting import typeset
from cells.reach import AT_THE_CELL
from cells.uploads import answering
from cells.uploads.stored import FileState
from sessions import sheets, signing
from sessions.access import own_session, works_on
from sessions.models import Session, SignedSheet
from sessions.preparing_forms import RemovalForm, SheetForm

logger = logging.getLogger(__name__)


@roles(*AT_THE_CELL)
@require_safe
def printed(request, public_id):
    """The sheet to be signed, as PDF."""
    session = own_session(request.user, public_id)
    try:
        content = typeset(signing.composed(session))
    except (ChildError, ChildKilled, ChildTooSlow):
        logger.exception("the signature sheet of session %s was not typeset", session.pk)
        messages.error(request, _("Chưa in được tờ ký. Hãy thử lại sau ít phút."))
        return redirect(detail_of(session))
    record("session.sheet_printed", target=session, request=request)
    response = HttpResponse(content, content_type="application/pdf")
    name = download_name(f"{signing.title_of(session)}.pdf", (".pdf",))
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@roles(*AT_THE_CELL)
def attach(request, public_id):
    session = own_session(request.user, public_id)
    form = SheetForm(request.POST or None, request.FILES or None)
    accepted = form.accept_file(actor=request.user, request=request) if form.is_valid() else None
    if accepted:
        try:
            return once(request, lambda: attached(request, session, accepted))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"session": session, "form": form, "cancel_url": detail_of(session)}
    return render(request, "sessions/attach_sheet.html", context, status=422 if form.is_bound else 200)


def attached(request, session: Session, accepted) -> str:
    sheets.attach(session, accepted, actor=request.user, request=request)
    messages.success(request, _("Đã lưu ảnh tờ ký."))
    return detail_of(session)


@roles(*AT_THE_CELL)
@require_safe
def photo(request, public_id):
    sheet = own_sheet(request.user, public_id)
    detail = {"session": sheet.session_id}
    return answering.downloaded(request, sheet, detail_of(sheet.session), "session.sheet_downloaded", detail)


@roles(*AT_THE_CELL)
def remove(request, public_id):
    sheet = own_sheet(request.user, public_id)
    form = RemovalForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: removed(request, sheet, form.cleaned_data["reason"]))
    context = {"session": sheet.session, "sheet": sheet, "form": form, "cancel_url": detail_of(sheet.session)}
    return render(request, "sessions/remove_sheet.html", context, status=422 if form.is_bound else 200)


def removed(request, sheet: SignedSheet, reason: str) -> str:
    sheets.remove(sheet, reason, actor=request.user, request=request)
    messages.success(request, _("Đã gỡ ảnh tờ ký."))
    return detail_of(sheet.session)


def own_sheet(user, public_id) -> SignedSheet:
    rows = SignedSheet.objects.for_user(user).filter(state=FileState.RELEASED).select_related("session")
    sheet = get_object_or_404(rows, public_id=public_id)
    require(works_on(user, sheet.session))
    return sheet


def detail_of(session: Session) -> str:
    return reverse("sessions:detail", args=[session.public_id])
