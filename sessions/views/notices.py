from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import with_version
from cells.reach import AT_THE_CELL
from sessions import postponing
from sessions.access import own_session
from sessions.models import Session
from sessions.naming import cell_name
from sessions.preparing_forms import PostponingForm, ReasonForm
from sessions.views.plans import tell_of_day_off


@roles(*AT_THE_CELL)
def postpone(request, public_id):
    session = own_session(request.user, public_id)
    form = PostponingForm(request.POST or None, initial={"version": session.version, "start": session.start})
    return answer(request, session, form, put_off, "sessions/postpone.html")


def put_off(request, session: Session, told: dict) -> str:
    day, start, reason, version = told["day"], told["start"], told["reason"], told["version"]
    postponing.postpone(session, day, start, reason, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã hoãn. Hãy sao chép thông báo dưới đây gửi các đồng chí."))
    tell_of_day_off(request, day)
    return reverse("sessions:invitation", args=[session.public_id])


@roles(*AT_THE_CELL)
def cancel(request, public_id):
    session = own_session(request.user, public_id)
    form = ReasonForm(request.POST or None, initial={"version": session.version})
    return answer(request, session, form, called_off, "sessions/cancel.html")


def called_off(request, session: Session, told: dict) -> str:
    postponing.cancel(session, told["reason"], version=told["version"], actor=request.user, request=request)
    messages.success(request, _("Đã hủy. Hãy sao chép thông báo dưới đây gửi các đồng chí."))
    return reverse("sessions:invitation", args=[session.public_id])


def answer(request, session: Session, form, write, template: str):
    if form.is_valid():
        try:
            return once(request, lambda: write(request, session, form.cleaned_data))
        except Refused as refusal:
            session.refresh_from_db()
            with_version(form, session.version)  # whoever sends again has read what the session is now
            form.add_error(None, refusal.text)
    context = {
        "session": session,
        "form": form,
        "cell_name": cell_name(session.cell_id, session.day),
        "cancel_url": reverse("sessions:detail", args=[session.public_id]),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)
