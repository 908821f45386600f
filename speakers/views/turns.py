"""Turns to speak: planned half a year ahead by who keeps the team, and looked after by each speaker on a phone."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Person
from cells.reach import ANYONE
from speakers import noticing, turning
from speakers.forms.rosters import VersionForm
from speakers.forms.teams import (
    AbsenceForm,
    AnswerForm,
    DeclineForm,
    PlanForm,
    PlanQuery,
    RegisterForm,
    SwapForm,
)
from speakers.keeping import KEEPERS, keeps, kept, seen
from speakers.models import SpeakerAbsence, SpeakerAppointment, SpeakerTeam, Turn, TurnSwap
from speakers.presented import presented_by
from speakers.rotating import following
from speakers.turning import AHEAD, this_month
from speakers.views.places import crumbs

State = Turn.State
LOOKS_BACK = dt.timedelta(days=366)


@roles(ANYONE)
def plan(request, public_id):
    """Seen by all of the team; the proposal is only for who may take it up."""
    user = request.user
    team = seen(SpeakerTeam, user, public_id, "organisation")
    is_keeper = keeps(user.reach, team.organisation_id)
    if request.method == "POST":
        require(is_keeper)
    query = PlanQuery(request.GET)
    field = query.values["field"]
    months = turning.coming_months()
    turns = list(team.turns.filter(month__gte=months[0]).select_related("person"))
    taken = {turn.month for turn in turns if turn.state == State.PLANNED}
    members = list({one.person_id: one for one in turning.members_of(team, months[0], following(months[-1]))}.values())
    proposed = turning.proposal(team, months, dict.fromkeys(months, field)) if is_keeper else {}
    form = PlanForm(
        request.POST or None,
        months=[month for month in months if month not in taken],
        members=members,
        proposed=proposed,
        field=field,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: planned(request, team, form.chosen))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {
        "team": team,
        "form": form,
        "query": query,
        "turns": turns,
        "away": turning.away_at(turns),
        "members": members,
        "keeps": is_keeper,
        "presented": told(user, members),
        "crumbs": crumbs(user, team.organisation, (team.name, address(team)), (_("Phân công"), "")),
    }
    return render(request, "speakers/turns.html", context)


def told(user, members) -> list[tuple[Person, list]]:
    """Who presented what in the last year, by the records of the sessions."""
    today = user.reach.day
    found = presented_by(user, [one.person_id for one in members], today - LOOKS_BACK, today)
    rows = [(one.person, [told for told in found if told.person == one.person_id]) for one in members]
    return [(person, lines) for person, lines in rows if lines]


def address(team: SpeakerTeam) -> str:
    return reverse("speakers:team", args=[team.public_id])


def planned(request, team: SpeakerTeam, chosen: dict) -> str:
    count = turning.plan(team, chosen, actor=request.user, request=request)
    messages.success(request, _("Đã phân công %d tháng.") % count)
    return reverse("speakers:turns", args=[team.public_id])


@roles(*KEEPERS)
@require_POST
def accept(request, public_id):
    turn = kept(Turn, request.user, public_id, "team")
    return carry_out(
        request,
        VersionForm(request.POST),
        lambda form: turning.accept(turn, version=form.cleaned_data["version"], actor=request.user, request=request),
        reverse("speakers:turns", args=[turn.team.public_id]),
        _("Đã nhận người đăng ký."),
    )


def carry_out(request, form, act, back: str, done: str):
    """Of buttons without a page of their own: a refusal is told where the button was."""
    if not form.is_valid():
        messages.error(request, _("Lượt này vừa có thay đổi. Hãy xem lại rồi làm lại."))
        return redirect(back)

    def write() -> str:
        act(form)
        messages.success(request, done)
        return back

    try:
        return once(request, write)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(back)


def own_person(user) -> Person | None:
    return Person.objects.for_user(user).filter(user=user.pk).first()


@roles(ANYONE)
@require_safe
def mine(request):
    user = request.user
    person, today = own_person(user), user.reach.day
    if person is None:
        return render(request, "speakers/mine.html", {"is_nobody": True})
    teams = (
        SpeakerTeam.objects.for_user(user)
        .on(today)
        .filter(teammembers__in=person.team_memberships.on(today))
        .distinct()
    )
    turns = person.turns.filter(month__gte=this_month(), state__in=[State.PLANNED, State.REGISTERED])
    turns = list(turns.select_related("team"))
    asked = TurnSwap.unscoped.filter(state=TurnSwap.State.ASKED, turn__person=person)
    context = {
        "teams": teams.order_by("name", "pk"),
        "turns": turns,
        "away": turning.away_at(turns),
        "asked_of_me": noticing.asked_of(user),
        "asked_by_me": asked.select_related("turn", "other__person"),
        "answers": [noticing.answer_of(swap) for swap in noticing.answered_to(user, today)],
        "appointments": SpeakerAppointment.objects.for_user(user)
        .on(today)
        .filter(person=person)
        .select_related("organisation"),
        "absences": SpeakerAbsence.unscoped.filter(person=person, last_day__gte=today),
        "presented": presented_by(user, [person.pk], today - LOOKS_BACK, today),
    }
    return render(request, "speakers/mine.html", context)


MINE = "speakers:mine"


@roles(ANYONE)
def register(request, public_id):
    team = seen(SpeakerTeam, request.user, public_id, "organisation")
    person = own_person(request.user)
    require(person is not None and team.teammembers.on(request.user.reach.day).filter(person=person).exists())
    months = [this_month(), *(following(this_month(), step) for step in range(1, AHEAD))]
    taken = set(team.turns.filter(state=State.PLANNED).values_list("month", flat=True))
    open_months = [month for month in months if month not in taken]
    form = RegisterForm(request.POST or None, months=open_months)
    if form.is_valid():
        try:
            return once(request, lambda: registered(request, team, person, form))
        except Refused as refusal:
            form.add_error("month", refusal.text)
    context = {"form": form, "title": _("Đăng ký trình bày"), "lead": team.name, "back": reverse(MINE)}
    context["is_full"] = not open_months
    return render(request, "speakers/form.html", context)


def registered(request, team, person, form) -> str:
    turning.register(team, person, form.chosen_month, form.cleaned_data["topic"], actor=request.user, request=request)
    messages.success(request, _("Đã gửi đăng ký. Người phụ trách đội sẽ xem và nhận."))
    return reverse(MINE)


def own_turn(user, public_id, state: str) -> Turn:
    """One's own, or one of a team that the user keeps."""
    turn = seen(Turn, user, public_id, "team", "person")
    require(is_own(user, turn) or keeps(user.reach, turn.team.organisation_id))
    if turn.state != state:
        raise Http404
    return turn


def is_own(user, turn: Turn) -> bool:
    return turn.person.user_id == user.pk


@roles(ANYONE)
def decline(request, public_id):
    turn = own_turn(request.user, public_id, State.PLANNED)
    form = DeclineForm(request.POST or None, initial={"version": turn.version})
    back = reverse(MINE) if is_own(request.user, turn) else reverse("speakers:turns", args=[turn.team.public_id])
    if form.is_valid():
        try:
            return once(request, lambda: declined(request, turn, form.cleaned_data, back))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    lead = _("Tháng %(month)s, %(person)s") % {"month": f"{turn.month:%m/%Y}", "person": turn.person.full_name}
    context = {"form": form, "title": _("Xin thôi lượt trình bày"), "lead": lead, "back": back}
    return render(request, "speakers/form.html", context)


def declined(request, turn, fields: dict, back: str) -> str:
    turning.decline(turn, fields["reason"], version=fields["version"], actor=request.user, request=request)
    messages.success(request, _("Đã báo. Tháng này lại chờ phân công."))
    return back


@roles(ANYONE)
@require_POST
def withdraw(request, public_id):
    turn = seen(Turn, request.user, public_id, "team", "person")
    require(is_own(request.user, turn))
    return carry_out(
        request,
        VersionForm(request.POST),
        lambda form: turning.withdraw(turn, version=form.cleaned_data["version"], actor=request.user, request=request),
        reverse(MINE),
        _("Đã rút đăng ký."),
    )


@roles(ANYONE)
def swap(request, public_id):
    turn = seen(Turn, request.user, public_id, "team", "person")
    require(is_own(request.user, turn))
    others = turn.team.turns.filter(state=State.PLANNED, month__gte=this_month()).exclude(person=turn.person_id)
    form = SwapForm(request.POST or None, turns=list(others.select_related("person")))
    if form.is_valid():
        try:
            return once(request, lambda: asked(request, turn, form.turns[form.cleaned_data["other"]]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    lead = _("Lượt của đồng chí: tháng %s") % f"{turn.month:%m/%Y}"
    context = {"form": form, "title": _("Đổi lượt"), "lead": lead, "back": reverse(MINE), "is_full": not form.turns}
    return render(request, "speakers/form.html", context)


def asked(request, turn: Turn, other: Turn) -> str:
    turning.ask_swap(turn, other, actor=request.user, request=request)
    messages.success(request, _("Đã hỏi %s. Hai lượt đổi cho nhau khi người đó đồng ý.") % other.person.full_name)
    return reverse(MINE)


@roles(ANYONE)
@require_POST
def answer_swap(request, public_id):
    """Only whose turn is asked for may answer; to others there is no such question."""
    mine = TurnSwap.unscoped.filter(other__person__user=request.user).select_related("turn__team")
    row = get_object_or_404(mine, public_id=public_id)

    def answer(form) -> None:
        is_agreed = form.cleaned_data["answer"] == "yes"
        turning.answer_swap(row, is_agreed=is_agreed, actor=request.user, request=request)

    return carry_out(request, AnswerForm(request.POST), answer, reverse(MINE), _("Đã trả lời."))


@roles(ANYONE)
def announce(request):
    person = own_person(request.user)
    require(person is not None and person.team_memberships.overlapping(this_month(), None).exists())
    form = AbsenceForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: announced(request, person, form.cleaned_data))
    lead = _("Khi đề xuất người trình bày, phần mềm bỏ qua tháng có ngày vắng. Không cần nêu lý do.")
    context = {"form": form, "title": _("Báo ngày vắng"), "lead": lead, "back": reverse(MINE)}
    return render(request, "speakers/form.html", context)


def announced(request, person: Person, fields: dict) -> str:
    row = SpeakerAbsence.unscoped.create(person=person, **fields)
    record("speaker.absence_announced", target=row, after=fields, request=request)
    turns = list(person.turns.filter(state=State.PLANNED, month__gte=this_month()))
    away = turning.away_at(turns)
    if away:
        months = ", ".join(f"{turn.month:%m/%Y}" for turn in turns if turn.pk in away)
        messages.warning(
            request, _("Đã ghi. Đồng chí có lượt tháng %s trong những ngày này: hãy đổi hoặc xin thôi.") % months
        )
    else:
        messages.success(request, _("Đã ghi ngày vắng."))
    return reverse(MINE)


@roles(ANYONE)
@require_POST
def remove_absence(request, public_id):
    row = get_object_or_404(SpeakerAbsence.unscoped.filter(person__user=request.user), public_id=public_id)

    def remove() -> str:
        record("speaker.absence_removed", target=row, request=request)
        row.delete()
        return reverse(MINE)

    return once(request, remove)
