"""Turns to speak: given by somebody's hand, registered for, declined with a reason, swapped when both agree."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Person
from speakers.models import SpeakerAbsence, SpeakerTeam, TeamMember, Turn, TurnSwap
from speakers.rotating import Slot, Speaker, end_of, following, months_from, propose

LOOKS_BACK = 12  # months; what was spoken before is even by now
AHEAD = 6
State = Turn.State


def members_of(team: SpeakerTeam, first: dt.date, last: dt.date | None):
    return team.teammembers.overlapping(first, last).select_related("person")


def proposal(team: SpeakerTeam, months: list[dt.date], fields: Mapping[dt.date, str] | None = None) -> dict:
    """{month: id of a person or None} for the months that nobody has yet."""
    turns = list(team.turns.filter(month__gte=following(months[0], -LOOKS_BACK)))
    planned = {turn.month: turn for turn in turns if turn.state == State.PLANNED}
    wished = [(turn.month, turn.person_id) for turn in turns if turn.state == State.REGISTERED]
    slots = [
        Slot(
            month,
            (fields or {}).get(month, ""),
            planned[month].person_id if month in planned else None,
            frozenset(who for when, who in wished if when == month),
        )
        for month in months
    ]
    past = [(month, turn.person_id) for month, turn in planned.items() if month not in months]
    return propose(slots, speakers_of(team, months[0], months[-1]), past)


def speakers_of(team: SpeakerTeam, first: dt.date, last: dt.date) -> list[Speaker]:
    members = list(members_of(team, first, following(last)))
    away: dict[int, list] = {}
    absences = SpeakerAbsence.unscoped.overlapping(first, following(last))
    for one in absences.filter(person__in=[member.person_id for member in members]):
        away.setdefault(one.person_id, []).append((one.first_day, one.last_day))
    return [
        Speaker(
            member.person_id,
            frozenset(field.casefold() for field in member.field_list),
            tuple(away.get(member.person_id, ())),
            member.first_day,
            member.last_day or dt.date.max,
        )
        for member in {member.person_id: member for member in members}.values()
    ]


@transaction.atomic
def plan(team: SpeakerTeam, chosen: Mapping[dt.date, tuple[Person, str, str]], *, actor: User, request=None) -> int:
    """`chosen`: {month: (person, field, topic)} as somebody took the proposal up, or changed it."""
    team = SpeakerTeam.unscoped.select_for_update(no_key=True).get(pk=team.pk)
    taken = set(team.turns.filter(state=State.PLANNED, month__in=chosen).values_list("month", flat=True))
    if taken:
        months = ", ".join(f"{month:%m/%Y}" for month in sorted(taken))
        raise Refused(_("Tháng %s vừa có người được phân công. Hãy xem lại kế hoạch.") % months)
    for month, (person, field, topic) in sorted(chosen.items()):
        refuse_unable(team, person, month)
        turn = team.turns.filter(state=State.REGISTERED, month=month, person=person).first()
        turn = turn or Turn(team=team, month=month, person=person)
        turn.state, turn.field, turn.topic = State.PLANNED, field, topic or turn.topic
        turn.version += bool(turn.pk)
        turn.save()
        record("turn.planned", actor=actor, target=turn, after=told(turn), request=request)
        close_others(team, month)
    return len(chosen)


def close_others(team: SpeakerTeam, month: dt.date) -> None:
    for turn in team.turns.filter(state=State.REGISTERED, month=month):
        turn.state, turn.reason = State.WITHDRAWN, _("tháng này đã phân công người khác")
        turn.version += 1
        turn.save()


@transaction.atomic
def register(team: SpeakerTeam, person: Person, month: dt.date, topic: str, *, actor: User, request=None) -> Turn:
    team = SpeakerTeam.unscoped.select_for_update(no_key=True).get(pk=team.pk)
    refuse_past(month)
    refuse_unable(team, person, month)
    if team.turns.filter(month=month, state=State.PLANNED).exists():
        raise Refused(_("Tháng này đã có người trình bày."))
    if team.turns.filter(month=month, person=person, state=State.REGISTERED).exists():
        raise Refused(_("Đồng chí đã đăng ký tháng này."))
    turn = Turn.unscoped.create(team=team, person=person, month=month, topic=topic, state=State.REGISTERED)
    record("turn.registered", actor=actor, target=turn, after=told(turn), request=request)
    return turn


@transaction.atomic
def accept(turn: Turn, *, version: int, actor: User, request=None) -> None:
    turn = locked(turn, version, State.REGISTERED)
    refuse_past(turn.month)
    refuse_unable(turn.team, turn.person, turn.month)
    turn.state = State.PLANNED
    try:
        with transaction.atomic():
            save(turn, "turn.accepted", actor, request)
    except IntegrityError as error:
        raise Refused(_("Tháng này đã có người trình bày.")) from error
    close_others(turn.team, turn.month)


@transaction.atomic
def decline(turn: Turn, reason: str, *, version: int, actor: User, request=None) -> None:
    """The month is open again; those who plan the turns see why."""
    turn = locked(turn, version, State.PLANNED)
    refuse_past(turn.month)
    turn.state, turn.reason = State.DECLINED, reason
    save(turn, "turn.declined", actor, request)
    drop_swaps(turn)


@transaction.atomic
def withdraw(turn: Turn, *, version: int, actor: User, request=None) -> None:
    turn = locked(turn, version, State.REGISTERED)
    turn.state = State.WITHDRAWN
    save(turn, "turn.withdrawn", actor, request)


@transaction.atomic
def ask_swap(turn: Turn, other: Turn, *, actor: User, request=None) -> TurnSwap:
    turn = locked(turn, turn.version, State.PLANNED)
    refuse_past(turn.month)
    refuse_past(other.month)
    if other.team_id != turn.team_id or other.state != State.PLANNED or other.person_id == turn.person_id:
        raise Refused(_("Chỉ đổi được với lượt đã phân công của người khác trong đội."))
    if turn.swaps_asked.filter(state=TurnSwap.State.ASKED).exists():
        raise Refused(_("Lượt này đang có một đề nghị đổi chờ trả lời."))
    refuse_exchange(turn, other)
    swap = TurnSwap.unscoped.create(turn=turn, other=other, asker_id=turn.person_id)
    record("turn.swap_asked", actor=actor, target=swap, detail={"turn": turn.pk, "other": other.pk}, request=request)
    return swap


@transaction.atomic
def answer_swap(swap: TurnSwap, *, is_agreed: bool, actor: User, request=None) -> None:
    swap = TurnSwap.unscoped.select_for_update(of=("self",)).get(pk=swap.pk)
    if swap.state != TurnSwap.State.ASKED:
        raise Refused(_("Đề nghị này đã được trả lời."))
    swap.state = TurnSwap.State.AGREED if is_agreed else TurnSwap.State.REFUSED
    swap.answered_at = timezone.now()
    swap.save()
    if is_agreed:
        exchange(swap)
    detail = {"turn": swap.turn_id, "other": swap.other_id, "agreed": is_agreed}
    record("turn.swap_answered", actor=actor, target=swap, detail=detail, request=request)


TRAVELS = ("person_id", "field", "topic")  # who comes in another month speaks of the same


def exchange(swap: TurnSwap) -> None:
    turns = Turn.unscoped.select_for_update(of=("self",)).select_related("team", "person").order_by("pk")
    found = {one.pk: one for one in turns.filter(pk__in=[swap.turn_id, swap.other_id])}
    one, other = found[swap.turn_id], found[swap.other_id]
    if {one.state, other.state} != {State.PLANNED} or one.person_id != swap.asker_id:
        raise Refused(_("Một trong hai lượt không còn như khi đề nghị."))
    refuse_past(min(one.month, other.month))
    refuse_exchange(one, other)
    for name in TRAVELS:
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(one, name, theirs)
        setattr(other, name, mine)
    for turn in (one, other):
        turn.version += 1
        turn.save()
        drop_swaps(turn)


def refuse_exchange(one: Turn, other: Turn) -> None:
    refuse_unable(one.team, one.person, other.month)
    refuse_unable(other.team, other.person, one.month)


def drop_swaps(turn: Turn) -> None:
    waiting = TurnSwap.unscoped.filter(state=TurnSwap.State.ASKED)
    dropped = waiting.filter(turn=turn) | waiting.filter(other=turn)
    dropped.update(state=TurnSwap.State.REFUSED, answered_at=timezone.now())


def locked(turn: Turn, version: int, state: str) -> Turn:
    turn = Turn.unscoped.select_for_update(of=("self",)).select_related("team", "person").get(pk=turn.pk)
    if turn.version != version or turn.state != state:
        raise Refused(_("Lượt này vừa có thay đổi. Hãy xem lại rồi làm lại."))
    return turn


def save(turn: Turn, action: str, actor: User, request) -> None:
    turn.version += 1
    turn.save()
    record(action, actor=actor, target=turn, after=told(turn), request=request)


def told(turn: Turn) -> dict:
    return {"person": turn.person.full_name, "month": f"{turn.month:%m/%Y}", "state": turn.state, "why": turn.reason}


def refuse_unable(team: SpeakerTeam, person: Person, month: dt.date) -> None:
    """Who has left by then, or said to be away."""
    told = {"name": person.full_name, "month": f"{month:%m/%Y}"}
    if not TeamMember.unscoped.overlapping(month, end_of(month)).filter(team=team, person=person).exists():
        raise Refused(_("%(name)s không ở trong đội vào tháng %(month)s.") % told)
    if SpeakerAbsence.unscoped.overlapping(month, end_of(month)).filter(person=person).exists():
        raise Refused(_("%(name)s đã báo vắng trong tháng %(month)s. Hãy chọn người hoặc tháng khác.") % told)


def away_at(turns: Iterable[Turn]) -> set[int]:
    """Ids of those turns within whose month their speaker has said to be away."""
    turns = [turn for turn in turns if turn.state == State.PLANNED]
    absences = list(SpeakerAbsence.unscoped.filter(person__in=[turn.person_id for turn in turns])) if turns else []
    return {
        turn.pk
        for turn in turns
        for one in absences
        if one.person_id == turn.person_id and one.first_day <= end_of(turn.month) and one.last_day >= turn.month
    }


def refuse_past(month: dt.date) -> None:
    if month < this_month():
        raise Refused(_("Tháng này đã qua."))


def this_month() -> dt.date:
    return timezone.localdate().replace(day=1)


def coming_months() -> list[dt.date]:
    return months_from(this_month(), AHEAD)
