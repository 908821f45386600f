"""The drafts of a whole quarter, prepared for everybody at its end: a row for each organisation, nobody's turn lost.

A run rings for a few rows only; each finished report rings for the next (cells/jobs/ringing.py). A signed report and
one that a person asked for come before those of a run (Report.Priority), so that nobody waits for the machine.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef

from accounts.auditing import record
from accounts.models import User
from cells.jobs.ringing import ring
from cells.models import Lineage, Organisation, OrganisationPeriod
from reports.models import Report, ReportRun, Stage
from reports.obligations import owing
from reports.obligations.models import Subject
from reports.obligations.scope import alone
from reports.periods import Period, quarter_code
from reports.requesting import retry

STARTS_WITHIN = 10  # days after the quarter's end; an installation that starts later makes up for nothing
RUNG_AT_FIRST = 8
ROWS_AT_ONCE = 500


def ended_quarter(today: dt.date) -> Period:
    """The last quarter that is over."""
    last_day = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - dt.timedelta(days=1)
    return Period.parse(quarter_code(last_day))


def begin_due(today: dt.date) -> ReportRun | None:
    """What beat does every few hours: the one run of the quarter that has just ended, and whoever was entered since."""
    period = ended_quarter(today)
    if (today - period.last_day).days > STARTS_WITHIN:
        return None
    return begin(period)


@transaction.atomic
def begin(period: Period, top: Organisation | None = None, user: User | None = None, request=None) -> ReportRun:
    """Requests the draft of everybody at or below `top`; who has one already keeps it.

    Begun twice, it is one run: the second time those get theirs who were entered since.
    """
    run, is_new = ReportRun.unscoped.get_or_create(
        top=top, period=period.code, until=period.until, defaults={"started_by": user}
    )
    closing = still_without(period, in_fair_order(period.until, top))
    if not closing and not is_new:
        return run
    Report.unscoped.bulk_create(
        [
            Report(organisation_id=one, period=period.code, until=until, run=run, priority=Report.Priority.RUN)
            for one, until in closing.items()
        ],
        ignore_conflicts=True,
        batch_size=ROWS_AT_ONCE,
    )
    record("report.run", actor=user, target=run, detail={"organisations": len(closing)}, request=request)
    first = Report.unscoped.filter(run=run, state=Report.State.REQUESTED).order_by("pk")
    keys = list(first.values_list("pk", flat=True)[:RUNG_AT_FIRST])
    transaction.on_commit(partial(ring, Report, keys), robust=True)
    return run


def still_without(period: Period, organisations: list[int]) -> dict[int, dt.date]:
    """{organisation without a report of the period: the day on which its draft is closed}, in the same order.

    One that ends before the cut-off day is of a part of the period, or an interim one: the whole is still to come.
    Where no rule asks for a report, any that was sent will do.
    """
    ruled = cut_offs(period, organisations)
    reports = Report.unscoped.filter(organisation__in=organisations, period=period.code, conference=None)
    with_one = {
        one
        for one, until, run, sent_at, stage in reports.values_list("organisation", "until", "run", "sent_at", "stage")
        if run or until >= ruled.get(one, period.last_day) or (sent_at and stage != Stage.RETURNED and one not in ruled)
    }
    return {one: ruled.get(one, period.last_day) for one in organisations if one not in with_one}


def cut_offs(period: Period, organisations: list[int]) -> dict[int, dt.date]:
    """{organisation: up to which day the rule wants its report of the whole period}, as the engine has it."""
    days = (period.first_day, period.last_day)
    owed = owing.found_in(alone(organisations, *days, on=period.last_day), {Subject.REPORT})
    return {one.organisation: one.cut_off for one in owed if (one.first_day, one.last_day) == days and not one.what}


def in_fair_order(day: dt.date, top: Organisation | None = None) -> list[int]:
    """One of each committee in turn, so that no committee has all its drafts before another has any."""
    periods = OrganisationPeriod.unscoped.on(day).order_by("parent_id", "sort_key", "pk")
    if top is not None:
        periods = periods.filter(organisation__in=Lineage.unscoped.under(top, day).values("descendant"))
    families = defaultdict(list)
    for organisation, parent in periods.values_list("organisation_id", "parent_id"):
        families[parent].append(organisation)
    turns = chain.from_iterable(zip_longest(*families.values()))
    return [one for one in turns if one is not None]


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    failed: int
    working: int

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.failed - self.working

    @property
    def is_over(self) -> bool:
        return self.done + self.failed == self.total


def stood_below(tops: Iterable[int]) -> Exists:
    """Reports of what stood, on their cut-off day, at or below one of these."""
    return Exists(
        Lineage.unscoped.filter(
            ancestor__in=tops,
            descendant=OuterRef("organisation"),
            first_day__lte=OuterRef("until"),
            last_day__gte=OuterRef("until"),
        )
    )


def seen_part(run: ReportRun, user: User):
    """The drafts of its period, by whichever run they were laid there: of all below, or below where it was begun."""
    tops = user.reach.tops if run.top_id is None else {run.top_id}
    return Report.unscoped.filter(stood_below(tops), run__isnull=False, period=run.period)


def progress_of_all(runs: Iterable[ReportRun], user: User) -> dict[int, Progress]:
    """{run: how far it is with what the user looks down on}, by two queries."""
    runs = list(runs)
    periods = {run.period for run in runs}
    drafts = Report.unscoped.filter(stood_below(user.reach.tops), run__isnull=False, period__in=periods).order_by()
    below = Lineage.unscoped.filter(
        ancestor__in={run.top_id for run in runs if run.top_id},
        descendant__reports__run__isnull=False,
        descendant__reports__period__in=periods,
        first_day__lte=F("descendant__reports__until"),
        last_day__gte=F("descendant__reports__until"),
    )
    rows = below.values_list("ancestor", "descendant__reports__period", "descendant__reports__state")
    counts = defaultdict(Counter)
    for period, state, count in drafts.values_list("period", "state").annotate(Count("pk")):
        counts[None, period][state] = count
    for top, period, state, count in rows.annotate(Count("descendant__reports")):
        counts[top, period][state] = count
    return {run.pk: progress(counts[run.top_id, run.period]) for run in runs}


def progress(counts: Counter) -> Progress:
    return Progress(
        total=sum(counts.values()),
        done=counts[Report.State.DONE],
        failed=counts[Report.State.FAILED] + counts[Report.State.CANCELLED],
        working=counts[Report.State.RUNNING],
    )


def retry_failed(run: ReportRun, user: User, request=None) -> int:
    failed = list(seen_part(run, user).filter(state=Report.State.FAILED).order_by("pk"))
    for report in failed:
        retry(report, None)  # nobody's report: it is its organisation's draft
    if failed:
        record("report.run_retried", actor=user, target=run, detail={"reports": len(failed)}, request=request)
    return len(failed)
