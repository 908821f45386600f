from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import AT_THE_CELL
from sessions import voting
from sessions.access import own_part, own_session
from sessions.models import Session, SessionVote
from sessions.record_forms import VoteForm
from sessions.recording import may_be_changed


@roles(*AT_THE_CELL)
def add(request, public_id):
    session = own_session(request.user, public_id)
    return vote_page(request, session, None, VoteForm(request.POST or None))


@roles(*AT_THE_CELL)
def change(request, public_id):
    vote = own_part(SessionVote, request.user, public_id)
    initial = {name: getattr(vote, name) for name in ("subject", *voting.COUNTS, "version")}
    return vote_page(request, vote.session, vote, VoteForm(request.POST or None, initial=initial))


def vote_page(request, session: Session, vote: SessionVote | None, form: VoteForm):
    if not may_be_changed(session):
        return redirect("sessions:detail", public_id=session.public_id)
    if form.is_valid():
        try:
            return once(request, lambda: stored(request, session, vote, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"session": session, "vote": vote, "form": form, "base": voting.base_of(session)}
    return render(request, "sessions/vote.html", context | {"cancel_url": address_of(session)})


def stored(request, session: Session, vote: SessionVote | None, told: dict) -> str:
    version = told["version"] or (vote.version if vote else 0)
    voting.store_vote(session, told, vote=vote, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã ghi kết quả biểu quyết."))
    return address_of(session)


@roles(*AT_THE_CELL)
@require_POST
def remove(request, public_id):
    vote = own_part(SessionVote, request.user, public_id)
    try:
        return once(request, lambda: removed(request, vote))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(vote.session))


def removed(request, vote: SessionVote) -> str:
    voting.remove_vote(vote, actor=request.user, request=request)
    messages.success(request, _("Đã xóa kết quả biểu quyết."))
    return address_of(vote.session)


def address_of(session: Session) -> str:
    return f"{reverse('sessions:record', args=[session.public_id])}#bieu-quyet"
