"""What a propaganda board follows beside the sessions: what was owed in a period, and follow-ups past their day."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst

from accounts.returning import leading_back
from cells.models import Organisation
from cells.papers.wording import percent, thousands
from reports.belonging import belonging
from reports.dashboard import Number, Share, told_apart
from reports.forms import PeriodQuery, asked_for
from reports.obligations import owing
from reports.obligations.forms import EXPECTED
from reports.obligations.models import DUTIES, Subject
from reports.obligations.owing import NOT_EXPECTED, State
from reports.periods import Period
from resolutions.models import FollowUp

FOLLOWED = (Subject.CONFERENCE, *sorted(DUTIES))
FIRST = 10


@dataclass(frozen=True)
class SubjectLine:
    label: str
    done: Share  # of all of the period: 708 conferences a year, whether their quarter is over or not
    late: Number
    to_come: int


def lines(organisation: Organisation, period: Period, today: dt.date) -> list[SubjectLine]:
    """The same numbers as on the page of obligations that they lead to: of the whole period, as it stands today."""
    found = owing.in_period(organisation, period.first_day, period.last_day, on=today, subjects=FOLLOWED)
    tally = owing.tally(found)
    return [line_of(subject, tally[subject], organisation, period) for subject in FOLLOWED if subject in tally]


def line_of(subject: str, states: Counter, organisation: Organisation, period: Period) -> SubjectLine:
    def number(count: int, state: str) -> Number:
        asked = asked_for(period)
        path = reverse("reports:due_of", args=[organisation.public_id])
        return Number(
            thousands(count), f"{path}?span={asked['span']}&year={asked['year']}&subject={subject}&state={state}"
        )

    done, owed = states[State.DONE], sum(count for state, count in states.items() if state not in NOT_EXPECTED)
    return SubjectLine(
        capfirst(Subject(subject).label),
        Share(percent(done, owed), number(done, State.DONE), number(owed, EXPECTED)),
        number(states[State.LATE], State.LATE),
        states[State.DUE] + states[State.AHEAD],
    )


@dataclass(frozen=True)
class LateFollowUp:
    title: str
    kind: str
    name: str
    parent_name: str
    due: dt.date
    days: int
    url: str


@dataclass(frozen=True)
class FollowUps:
    open: int
    late: int
    first: list[LateFollowUp]


def follow_ups(organisation: Organisation, query: PeriodQuery, request) -> FollowUps:
    """Of the organisation and all below it, as it stands today; those that wait longest come first."""
    today = request.user.reach.day
    scope = belonging([organisation], query.values["structure"])
    waiting = scope.filter(FollowUp.objects.for_user(request.user).open(), "organisation", "due")
    late = waiting.overdue(on=today)
    first = list(late.order_by("due", "pk")[:FIRST])
    named = told_apart({one.organisation_id for one in first}, request.user, today)
    return FollowUps(
        waiting.count(), late.count(), [late_follow_up(one, named[one.organisation_id], request) for one in first]
    )


def late_follow_up(one: FollowUp, named, request) -> LateFollowUp:
    url = leading_back(reverse("resolutions:follow_up", args=[one.public_id]), request)
    days = max((request.user.reach.day - one.due).days, 0)
    return LateFollowUp(one.title, capfirst(one.get_kind_display()), named.name, named.parent_name, one.due, days, url)
