"""Reports: of each calendar period one, to the committee above; and one more to a committee left within it.

A quarter in the middle of which an organisation went over to another committee is cut at that day (domain.md 1.9,
rule 7). The calendar's report goes to whoever stood above on its cut-off day. The committee left gets one up to the
day before, by its own rule, if it had the organisation for a whole calendar month of the period and is still there to
read it; where it was merged into another, that one gets the whole. Nobody gets two of one period.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import Exists, OuterRef
from django.utils import timezone

from reports.models import Report, ReportMove, Stage
from reports.obligations.judging import owed
from reports.obligations.models import ObligationRule, Subject
from reports.obligations.owing import Obligation, State
from reports.obligations.scope import ONE_DAY, Rules, Scope, Stay, periods_in
from reports.periods import code_of_months
from sessions.rules import month_end

Sent = list[tuple[dt.date, dt.date]]  # [(cut-off, day sent)], those sent first come first


@dataclass(frozen=True)
class Part:
    """What one committee gets of a period: all up to the cut-off, or up to the day before the organisation left."""

    rule: ObligationRule
    stay: Stay
    is_whole: bool
    cut_off: dt.date
    due: dt.date


def reports(scope: Scope) -> Iterator[Obligation]:
    """Done by having been sent; one that was sent back is owed again until its replacement has gone out."""
    sent = sent_reports(scope)
    for months in scope.rules.lengths(Subject.REPORT):
        for first, last in periods_in(months, scope.first_day, scope.last_day):
            for organisation in scope.windows:
                known = scope.rules.stays.get(organisation, ())
                stays = [stay for stay in known if stay.first <= last and first <= stay.last]
                told = sent[organisation, code_of_months(first, months)]
                for part in parts(scope.rules, organisation, stays, months, first, last):
                    yield report(scope, organisation, part, first, last, told)


def sent_reports(scope: Scope) -> Mapping[tuple[int, str], Sent]:
    """{(organisation, code of the period): those sent, and not sent back, by the day asked for}."""
    returns = ReportMove.unscoped.filter(report=OuterRef("pk"), stage=Stage.RETURNED, at__date__lte=scope.on)
    rows = Report.unscoped.filter(organisation__in=scope.places, sent_at__date__lte=scope.on, conference=None)
    rows = rows.filter(~Exists(returns), until__range=(scope.year_start, scope.last_day)).order_by("sent_at")
    sent = defaultdict(list)
    for place, period, until, sent_at in rows.values_list("organisation_id", "period", "until", "sent_at"):
        sent[place, period].append((until, timezone.localdate(sent_at)))
    return sent


def parts(
    rules: Rules, organisation: int, stays: list[Stay], months: int, first: dt.date, last: dt.date
) -> Iterator[Part]:
    """Of each report that is owed, that of the last stay first; a committee that was come back to gets one."""
    ruled = [
        (stay, rule)
        for stay in reversed(stays)
        if stay.parent is not None and (rule := rules.of(Subject.REPORT, organisation, min(stay.last, last), months))
    ]
    whole, told = whole_of(ruled, last), set()
    for stay, rule in ruled:
        since = begun(stays, stay) if stay is whole else stay.first
        is_owed = stay is whole or (stay.goes_over and stay.parent not in told)
        if is_owed and holds_a_month(max(since, first), min(stay.last, last)):
            told.add(stay.parent)
            yield part_of(rule, stay, last, is_whole=stay is whole)


def whole_of(ruled: list[tuple[Stay, ObligationRule]], last: dt.date) -> Stay | None:
    """The stay whose committee gets the calendar's own report: on its cut-off day, or else on the last of all."""
    holding = (stay for stay, rule in ruled if stay.first <= rule.cut_off_of(last) <= stay.last)
    at_the_end = (stay for stay, _rule in ruled if stay.first <= last <= stay.last)
    return next(chain(holding, at_the_end), None)


def part_of(rule: ObligationRule, stay: Stay, last: dt.date, *, is_whole: bool) -> Part:
    """Who came only after the cut-off day of the new place closes with the period."""
    told = rule.cut_off_of(last)
    if is_whole and stay.first <= told:
        return Part(rule, stay, is_whole, told, rule.due_of(last))
    cut_off = last if is_whole else min(stay.last, told)
    return Part(rule, stay, is_whole, cut_off, rule.due_after(cut_off))


def begun(stays: list[Stay], stay: Stay) -> dt.date:
    """Since when the organisation has been there without a gap."""
    position = stays.index(stay)
    while position and stays[position - 1].last + ONE_DAY == stays[position].first:
        position -= 1
    return stays[position].first


def holds_a_month(first: dt.date, last: dt.date) -> bool:
    """Whether a whole calendar month lies within these days."""
    begins = first if first.day == 1 else month_end(first) + ONE_DAY
    return month_end(begins) <= last


def report(scope: Scope, organisation: int, part: Part, first: dt.date, last: dt.date, sent: Sent) -> Obligation:
    """Done by one that is closed on its cut-off day or later. A part lapses with the committee that was to read it."""
    stay, end = part.stay, min(part.stay.last, last)
    has_left = stay.goes_over and stay.last < scope.on
    is_there = has_left and scope.rules.is_there_still(stay.parent, scope.on)
    one = owed(
        *(scope, part.rule, organisation, first, last, part.due),
        next((day for until, day in sent if part.cut_off <= until <= end), None),
        what="" if part.is_whole else f"{end:%Y%m%d}",
        months=part.rule.months,
        cut_off=part.cut_off,
        told_on=end,
        is_left=is_there,
    )
    return replace(one, state=State.LAPSED) if one.is_open and one.what and has_left and not is_there else one
