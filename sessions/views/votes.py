from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.reach import AT_THE_CELL
from sessions import voting
from sessions.access import own_part, own_session
from sessions.models import Session, SessionVote
from sessions.record_forms import VoteForm
from sessions.recording import may_be_changed
from sessions.states import ChangedMeanwhile


@roles(*AT_THE_CELL)
def add(request, public_id):
    session = own_session(request.user, public_id)
    return vote_page(request, session, None, VoteForm(request.POST or None))


@roles(*AT_THE_CELL)
def change(request, public_id):
    vote = own_part(SessionVote, request.user, public_id)
    return vote_page(request, vote.session, vote, VoteForm(request.POST or None, initial=initial_of(vote)))


def initial_of(vote: SessionVote) -> dict:
    return {name: getattr(vote, name) for name in ("subject", *voting.COUNTS, "version")}


def vote_page(request, session: Session, vote: SessionVote | None, form: VoteForm):
    if not may_be_changed(session):
        return redirect("sessions:detail", public_id=session.public_id)
    context = {"session": session, "vote": vote, "form": form, "base": voting.base_of(session)}
    context["cancel_url"] = address_of(session)
    if form.is_valid():
        try:
            return once(request, lambda: stored(request, session, vote, form.cleaned_data))
        except ChangedMeanwhile:
            vote.refresh_from_db()
            context |= side_by_side(form, VoteForm(initial=initial_of(vote)))
            return render(request, "sessions/vote.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/vote.html", context)


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
