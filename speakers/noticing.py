"""What the speakers' work asks of whom now: of the speaker, and of those who plan the turns and keep the books."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.models import OrganisationPeriod
from cells.uploads.stored import FileState
from speakers.duties import QUARTER, rows_of_all
from speakers.keeping import KEEPERS
from speakers.models import RegisteredTask, SpeakerTeam, TeamRules, Turn, TurnSwap
from speakers.rotating import following

TOLD_FOR = dt.timedelta(days=14)
MOST_NAMED = 4
State = Turn.State
Places = dict[int, OrganisationPeriod]


@dataclass(frozen=True)
class Ask:
    """Something to answer or to know, with the page where that is done."""

    title: str
    text: str
    action: str
    url: str


def asks_of(user, day: dt.date) -> list[Ask]:
    return [*of_the_speaker(user, day), *of_the_keeper(user, day)]


def of_the_speaker(user, day: dt.date) -> Iterator[Ask]:
    mine, month = reverse("speakers:mine"), day.replace(day=1)
    for swap in asked_of(user):
        text = _("Đồng chí sẽ nói tháng %(theirs)s thay cho tháng %(mine)s.")
        months = {"theirs": f"{swap.turn.month:%m/%Y}", "mine": f"{swap.other.month:%m/%Y}"}
        yield Ask(_("%s xin đổi lượt trình bày") % swap.turn.person.full_name, text % months, _("Trả lời"), mine)
    for swap in answered_to(user, day):
        yield Ask(_("Trả lời về việc đổi lượt"), answer_of(swap), _("Xem lượt"), mine)
    turns = Turn.unscoped.filter(person__user=user, state=State.PLANNED, month__in=[month, following(month)])
    for turn in turns.select_related("team"):
        title = _("Lượt trình bày của đồng chí: tháng %s") % f"{turn.month:%m/%Y}"
        yield Ask(title, ": ".join(filter(None, (turn.team.name, turn.topic))), _("Xem lượt"), mine)


def asked_of(user) -> QuerySet[TurnSwap]:
    waiting = TurnSwap.unscoped.filter(state=TurnSwap.State.ASKED, other__person__user=user)
    return waiting.select_related("turn__person", "turn__team", "other__person")


def answered_to(user, day: dt.date) -> QuerySet[TurnSwap]:
    """The answers of the last two weeks to what the user asked."""
    answered = TurnSwap.unscoped.filter(asker__user=user, answered_at__date__gt=day - TOLD_FOR)
    return answered.select_related("turn__person", "other__person").order_by("-answered_at")


def answer_of(swap: TurnSwap) -> str:
    # After an exchange the one who was asked stands at the asker's old turn.
    if swap.state == TurnSwap.State.AGREED:
        told = {"name": swap.turn.person.full_name, "month": f"{swap.other.month:%m/%Y}"}
        return _("%(name)s đã đồng ý. Nay lượt của đồng chí là tháng %(month)s.") % told
    month = f"{swap.turn.month:%m/%Y}"
    return _("Chưa đổi được lượt tháng %s, lượt đó vẫn như cũ.") % month


def of_the_keeper(user, day: dt.date) -> Iterator[Ask]:
    places = user.reach.at(KEEPERS)
    if places:
        teams = list(SpeakerTeam.unscoped.on(day).filter(organisation__in=places).order_by("name", "pk"))
        yield from of_turns(teams, day)
        yield from of_rules(user, teams)
        periods = OrganisationPeriod.unscoped.on(day).filter(organisation__in=places).select_related("organisation")
        here = {period.organisation_id: period for period in periods.order_by("organisation__code")}
        yield from of_duties(here, day)
        yield from of_registered(here, day)


def of_turns(teams: list[SpeakerTeam], day: dt.date) -> Iterator[Ask]:
    """Who registered, and which of this month and the next nobody has, with the reason of who declined."""
    month = day.replace(day=1)
    soon = (month, following(month))
    turns = defaultdict(list)
    for turn in Turn.unscoped.filter(team__in=teams, month__gte=month).select_related("person").order_by("pk"):
        turns[turn.team_id].append(turn)
    for team in teams:
        url = reverse("speakers:turns", args=[team.public_id])
        wishes = [turn for turn in turns[team.pk] if turn.state == State.REGISTERED]
        if wishes:
            title = _("%(team)s: %(count)d người đăng ký trình bày") % {"team": team.name, "count": len(wishes)}
            names = ", ".join(f"{turn.person.full_name} ({turn.month:%m/%Y})" for turn in wishes[:MOST_NAMED])
            yield Ask(title, names, _("Xem và nhận"), url)
        taken = {turn.month for turn in turns[team.pk] if turn.state == State.PLANNED}
        declined = {turn.month: turn for turn in turns[team.pk] if turn.state == State.DECLINED}
        for one in sorted({*soon, *declined} - taken):
            if one in declined or turns[team.pk]:  # a team that has never planned anything is left alone
                title = _("%(team)s: tháng %(month)s chưa có người trình bày")
                told = {"team": team.name, "month": f"{one:%m/%Y}"}
                yield Ask(title % told, why_open(declined.get(one)), _("Phân công"), url)


def why_open(turn: Turn | None) -> str:
    if turn is None:
        return ""
    return _("%(name)s xin thôi: %(reason)s") % {"name": turn.person.full_name, "reason": turn.reason}


def of_rules(user, teams: list[SpeakerTeam]) -> Iterator[Ask]:
    waiting = TeamRules.unscoped.filter(team__in=teams, state=FileState.WAITING).select_related("team")
    for rules in waiting.exclude(uploaded_by=user):
        url = reverse("speakers:team", args=[rules.team.public_id])
        yield Ask(_("Quy chế chờ người thứ hai xem"), rules.team.name, _("Xem và duyệt"), url)


def of_duties(places: Places, day: dt.date) -> Iterator[Ask]:
    """What is missing of this year and, in the first quarter, of the one before."""
    years = [day.year - 1, day.year] if day.month <= QUARTER else [day.year]
    missing = defaultdict(list)
    for row in rows_of_all(places, years, day):
        if row.missing:
            labels = ", ".join(one.full_label for one in row.missing[-MOST_NAMED:])
            missing[row.duty.organisation_id].append(f"{row.duty}: {labels}")
    for here, lines in missing.items():
        title = _("Việc định kỳ còn thiếu, %s") % places[here].name
        yield Ask(title, capfirst("; ".join(lines)), _("Xem và ghi"), book_of(places[here], "viec-dinh-ky"))


def of_registered(places: Places, day: dt.date) -> Iterator[Ask]:
    waiting = [RegisteredTask.State.REGISTERED, RegisteredTask.State.WORKING]
    tasks = RegisteredTask.unscoped.filter(organisation__in=places, due__lt=day, state__in=waiting)
    late = defaultdict(list)
    for task in tasks.order_by("due", "pk"):
        late[task.organisation_id].append(f"{task.title} ({task.due:%d/%m/%Y})")
    for here, lines in late.items():
        title = _("Nhiệm vụ đăng ký làm theo quá hạn: %02d") % len(lines)
        yield Ask(title, "; ".join(lines[:MOST_NAMED]), _("Ghi kết quả"), book_of(places[here], "dang-ky"))


def book_of(here: OrganisationPeriod, slug: str) -> str:
    return reverse("speakers:book", args=[here.organisation.public_id, slug])
