from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import LEADING
from sessions import closing
from sessions.access import led_session
from sessions.forms import ClosingForm, ReopeningForm
from sessions.marking import sheet_of
from sessions.models import Mark, Session
from sessions.naming import cell_name
from sessions.states import AlreadyClosed, State


@roles(*LEADING)
def close(request, public_id):
    session = led_session(request.user, public_id)
    if session.state != State.OPEN:
        return redirect("sessions:detail", public_id=public_id)
    form = ClosingForm(request.POST or None, initial=suggestions(session))
    doubts = closing.doubts_about(session, form.cleaned_data) if form.is_valid() else []
    if form.is_valid() and (not doubts or form.is_sure):
        try:
            return once(request, lambda: closed(request, session, form.told))
        except AlreadyClosed:
            return redirect("sessions:detail", public_id=public_id)
        except Refused as refusal:
            form.add_error(None, refusal.text)
            session.refresh_from_db()
    return render(request, "sessions/close.html", closing_page(session, form) | {"doubts": doubts})


def closed(request, session: Session, told: dict) -> str:
    closing.mark_closed(session, **told, actor=request.user, request=request)
    messages.success(request, _("Đã kết thúc buổi sinh hoạt."))
    return address_of(session)


def suggestions(session: Session) -> dict:
    return {
        "start": session.start,
        "end": session.end,
        "guests": session.guests or None,
        "guests_estimate": session.guests_estimate,
        "version": session.version,
    }


def closing_page(session: Session, form: ClosingForm) -> dict:
    sheet = sheet_of(session)
    return {
        "session": session,
        "form": form,
        "sheet": sheet,
        "excused": sheet.counts[Mark.EXCUSED],
        "unexcused": sheet.counts[Mark.UNEXCUSED],
        "online": sheet.counts[Mark.PRESENT_ONLINE],
        "without_reason": sum(line.marked.mark == Mark.EXCUSED and not line.marked.reason for line in sheet.expected),
        "is_today": session.day == timezone.localdate(),
        "cell_name": cell_name(session.cell_id, session.day),
    }


@roles(*LEADING)
@require_POST
def undo(request, public_id):
    session = led_session(request.user, public_id)
    try:
        return once(request, lambda: undone(request, session))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(session))


def undone(request, session: Session) -> str:
    closing.undo_closing(session, actor=request.user, request=request)
    messages.info(request, _("Đã hoàn tác: buổi sinh hoạt trở lại trạng thái điểm danh."))
    return reverse("sessions:roll_call", args=[session.public_id])


@roles(*LEADING)
def reopen(request, public_id):
    session = led_session(request.user, public_id)
    if session.state != State.CLOSED:
        return redirect("sessions:detail", public_id=public_id)
    form = ReopeningForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: reopened(request, session, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"session": session, "form": form, "cell_name": cell_name(session.cell_id, session.day)}
    return render(request, "sessions/reopen.html", context | {"cancel_url": address_of(session)})


def reopened(request, session: Session, reason: str) -> str:
    closing.reopen(session, reason, actor=request.user, request=request)
    messages.info(request, _("Đã mở lại buổi sinh hoạt. Sửa xong, hãy kết thúc lại."))
    return reverse("sessions:roll_call", args=[session.public_id])


def address_of(session: Session) -> str:
    return reverse("sessions:detail", args=[session.public_id])
