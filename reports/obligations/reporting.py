"""Reports: of each calendar period one, to the committee above; and one more to a committee left within it.

A quarter in the middle of which an organisation went over to another committee is cut at that day (domain.md 1.9,
rule 7). The calendar's report goes to whoever stood above on its cut-off day. The committee left gets one up to the
day before, by its own rule, if it had the organisation for a whole calendar month of the period and is still there to
read it; where it was merged into another, that one gets the whole.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from reports.models import Report, Stage
from reports.obligations.judging import owed
from reports.obligations.models import ObligationRule, Subject
from reports.obligations.owing import Obligation
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
    """{(organisation, code of the period): those sent by the day asked for}."""
    rows = Report.unscoped.filter(organisation__in=scope.places, sent_at__isnull=False, conference=None)
    rows = rows.exclude(stage=Stage.RETURNED).filter(until__range=(scope.year_start, scope.last_day))
    sent = defaultdict(list)
    for place, period, until, sent_at in rows.order_by("sent_at").values_list(
        "organisation_id", "period", "until", "sent_at"
    ):
        if (day := timezone.localdate(sent_at)) <= scope.on:
            sent[place, period].append((until, day))
    return sent


def parts(
    rules: Rules, organisation: int, stays: list[Stay], months: int, first: dt.date, last: dt.date
) -> Iterator[Part]:
    """Of each report that is owed, that of the last stay first."""
    is_told = False  # whether a later stay has the whole period's
    for position in reversed(range(len(stays))):
        stay = stays[position]
        end = min(stay.last, last)
        rule = rules.of(Subject.REPORT, organisation, end, months)
        if rule is None or stay.parent is None:
            continue
        if not is_told and stay.first <= rule.cut_off_of(last) <= stay.last:
            is_told = True
            if holds_a_month(max(begun(stays, position), first), end):
                yield Part(rule, stay, is_whole=True)
        elif stay.goes_over and holds_a_month(max(stay.first, first), end):
            yield Part(rule, stay, is_whole=False)


def begun(stays: list[Stay], position: int) -> dt.date:
    """Since when the organisation has been there without a gap."""
    while position and stays[position - 1].last + ONE_DAY == stays[position].first:
        position -= 1
    return stays[position].first


def holds_a_month(first: dt.date, last: dt.date) -> bool:
    """Whether a whole calendar month lies within these days."""
    begins = first if first.day == 1 else month_end(first) + ONE_DAY
    return month_end(begins) <= last


def report(scope: Scope, organisation: int, part: Part, first: dt.date, last: dt.date, sent: Sent) -> Obligation:
    rule, stay = part.rule, part.stay
    end, cut_off = min(stay.last, last), min(stay.last, rule.cut_off_of(last))
    return owed(
        *(scope, rule, organisation, first, last),
        rule.due_of(last) if part.is_whole else rule.due_after(cut_off),
        next((day for until, day in sent if stay.first <= until <= end), None),
        what="" if part.is_whole else f"{end:%Y%m%d}",
        months=rule.months,
        cut_off=cut_off,
        told_on=end,
        is_left=stay.goes_over and stay.last < scope.on and scope.rules.is_there_still(stay.parent, scope.on),
    )
