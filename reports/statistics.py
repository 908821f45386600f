"""The figures of figures.md. The only place where they meet; page, PDF, workbook and command line read this object."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from accounts.text import title_key
from cells.dated import covering
from cells.models import Estimate, Lineage, Membership, Organisation, OrganisationPeriod, Standing, Status
from reports.belonging import THEN, belonging
from reports.periods import Period, Span
from resolutions.models import ReceivingSite, StudyConference
from sessions.counting import ADDED_UP, session_sums
from sessions.models import MonthlyRollup, Session
from speakers.models import SpeakerAppointment, SpeakerKind


@dataclass(frozen=True)
class Figures:
    """One organisation and period; *người* and *lượt* as the definitions say, never added to each other."""

    committees: int = 0
    cells: int = 0
    members_official: int = 0
    members_probationary: int = 0
    members_total: int = 0
    members_exempt: int = 0
    members_away: int = 0
    members_hosted: int = 0
    sessions: int = 0
    sessions_regular: int = 0
    sessions_thematic: int = 0
    regular_due: int = 0
    regular_done: int = 0
    thematic_due: int = 0
    thematic_done: int = 0
    expected: int = 0
    present: int = 0
    present_online: int = 0
    excused: int = 0
    unexcused: int = 0
    exempt_present: int = 0
    guests: int = 0
    guests_mark: str = ""
    attendance_rate: float | None = None
    conferences: int = 0
    conference_expected: int = 0
    conference_present: int = 0
    conference_mark: str = ""
    speakers: int = 0
    propagandists: int = 0
    collaborators: int = 0

    def as_dict(self) -> dict:
        return asdict(self)


FIGURES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True)
class ChildFigures:
    organisation: Organisation
    name: str
    is_cell: bool
    figures: Figures | None  # none where they are not told


@dataclass(frozen=True)
class MonthFigures:
    """The attendance of one calendar month, in lượt."""

    first_day: dt.date
    sessions: int = 0
    expected: int = 0
    present: int = 0


class CellMonth(NamedTuple):
    """The attendance of one cell in one calendar month, in lượt."""

    cell: int
    first_day: dt.date
    sessions: int
    expected: int
    present: int


class Duty(NamedTuple):
    """A cell that had to meet in a calendar month or quarter, and whether it did."""

    owner: int
    cell: int
    span: Span
    is_done: bool


@dataclass(frozen=True)
class Level:
    figures: Figures
    children: list[ChildFigures]
    duties: dict[str, list[Duty]]  # "regular" and "thematic", of the organisation itself


def figures(organisation: Organisation, period: Period, structure: str = THEN, on: dt.date | None = None) -> Figures:
    """All figures of one organisation; zeros if it was out of force. `on` is the reference day of `now`."""
    return figures_of([organisation], period, structure, on)[organisation.pk]


def figures_of(
    organisations: Iterable[Organisation], period: Period, structure: str = THEN, on: dt.date | None = None
) -> dict[int, Figures]:
    """{organisation id: figures} of several organisations, by the same few queries as for one."""
    return figures_and_duties(organisations, period, structure, on)[0]


def figures_and_duties(
    organisations: Iterable[Organisation], period: Period, structure: str = THEN, on: dt.date | None = None
) -> tuple[dict[int, Figures], dict[str, list[Duty]]]:
    """The figures with the duties they count, so that nobody who shows both has to ask twice."""
    organisations = list(organisations)
    scope = belonging(organisations, structure, on)
    found = duties_in(scope, period)
    values = {organisation.pk: {} for organisation in organisations}
    for part in (
        counted_organisations(scope.ids, period.until),
        counted_members(scope.ids, period.until),
        counted_speakers(scope.ids, period.until),
        counted_sessions(scope, period, structure),
        counted_duties(found),
        counted_conferences(scope, period),
    ):
        for owner, sums in part.items():
            values[owner].update(sums)
    return {owner: Figures(**sums) for owner, sums in values.items()}, found


def counted_organisations(ids: list[int], day: dt.date) -> dict[int, dict]:
    rows = Lineage.unscoped.on(day).filter(ancestor__in=ids).values(owner=F("ancestor"))
    return keyed(
        rows.annotate(
            cells=Count("pk", filter=Q(is_cell=True)), committees=Count("pk", filter=Q(is_cell=False, depth__gt=0))
        )
    )


def counted_members(ids: list[int], day: dt.date) -> dict[int, dict]:
    home = ~Q(status=Status.HOSTED)
    return keyed(
        at_cells_below(Membership.unscoped.on(day), "cell", ids, day).annotate(
            members_official=Count("pk", filter=home & Q(standing=Standing.OFFICIAL)),
            members_probationary=Count("pk", filter=home & Q(standing=Standing.PROBATIONARY)),
            members_total=Count("pk", filter=home),
            members_exempt=Count("pk", filter=Q(status=Status.EXEMPT)),
            members_away=Count("pk", filter=Q(status=Status.AWAY)),
            members_hosted=Count("pk", filter=Q(status=Status.HOSTED)),
        )
    )


def at_cells_below(rows: QuerySet, place: str, ids: list[int], day: dt.date) -> QuerySet:
    below = {"ancestor__in": ids, "is_cell": True, "first_day__lte": day, "last_day__gte": day}
    rows = rows.filter(**{f"{place}__ancestries__{name}": value for name, value in below.items()})
    return rows.order_by().values(owner=F(f"{place}__ancestries__ancestor"))


def counted_speakers(ids: list[int], day: dt.date) -> dict[int, dict]:
    rows = (
        SpeakerAppointment.unscoped.on(day)
        .filter(
            organisation__ancestries__ancestor__in=ids,
            organisation__ancestries__first_day__lte=day,
            organisation__ancestries__last_day__gte=day,
        )
        .order_by()
        .values(owner=F("organisation__ancestries__ancestor"))
    )

    def people(kind):
        return Count("person", distinct=True, filter=Q(kind=kind))

    return keyed(
        rows.annotate(
            speakers=people(SpeakerKind.SPEAKER),
            propagandists=people(SpeakerKind.PROPAGANDIST),
            collaborators=people(SpeakerKind.COLLABORATOR),
        )
    )


def counted_sessions(scope, period: Period, structure: str) -> dict[int, dict]:
    """From the roll-up where it holds the answer (whole months, then), else from the counters of the sessions."""
    if structure != THEN:
        gathered = scope.gather(closed_sessions(period.first_day, period.until), "cell", "day", session_sums())
        return {owner: finished(sums) for owner, sums in gathered.items()}
    totals = defaultdict(lambda: dict.fromkeys(ADDED_UP, 0))
    for part in (rolled_up(scope.ids, period), loose_days(scope, period)):
        for owner, sums in part.items():
            for name, value in sums.items():
                totals[owner][name] += value
    return {owner: finished(sums) for owner, sums in totals.items()}


def rolled_up(ids: list[int], period: Period) -> dict[int, dict]:
    months = period.months()
    if not months:
        return {}
    rows = MonthlyRollup.unscoped.filter(
        organisation__in=ids, month__gte=months[0].first_day, month__lte=months[-1].first_day
    )
    return keyed(rows.values(owner=F("organisation")).annotate(**{name: Sum(name) for name in ADDED_UP}))


def loose_days(scope, period: Period) -> dict[int, dict]:
    """The days of a month that the cut-off breaks off."""
    months = period.months()
    first_day = months[-1].last_day + dt.timedelta(days=1) if months else period.first_day
    if first_day > period.until:
        return {}
    return scope.gather(closed_sessions(first_day, period.until), "cell", "day", session_sums())


def closed_sessions(first_day: dt.date, last_day: dt.date) -> QuerySet[Session]:
    return Session.unscoped.closed().filter(day__gte=first_day, day__lte=last_day)


def finished(sums: dict) -> dict:
    """The roll-up's addends as figures: words instead of counts of words, and the quotient."""
    words = {Estimate(word): sums.pop(f"guests_{word}") for word in ("nearly", "about", "over")}
    rate = sums["present"] / sums["expected"] if sums["expected"] else None
    return sums | {"guests_mark": first_mark(words), "attendance_rate": rate}


def first_mark(counts: dict[Estimate, int]) -> str:
    """`gần` before `khoảng` before `trên`: the word a sum takes over from its addends."""
    for word in (Estimate.NEARLY, Estimate.ABOUT, Estimate.OVER):
        if counts.get(word):
            return str(word.label)
    return ""


def counted_duties(found: dict[str, list[Duty]]) -> dict[int, dict]:
    counts = defaultdict(lambda: {"regular_due": 0, "regular_done": 0, "thematic_due": 0, "thematic_done": 0})
    for name, duties in found.items():
        for duty in duties:
            counts[duty.owner][f"{name}_due"] += 1
            counts[duty.owner][f"{name}_done"] += duty.is_done
    return counts


def duties_in(scope, period: Period) -> dict[str, list[Duty]]:
    """The pairs of `regular_due` (cell, month) and `thematic_due` (cell, quarter), with what was done."""
    spans = {"regular": period.months(), "thematic": period.quarters()}
    if not spans["regular"]:
        return {name: [] for name in spans}
    windows = list(scope.windows(period))
    cells = {cell for _owner, cell, _first, _last in windows}
    service = days_as_cell(cells, period)
    held = months_held(cells, spans["regular"])
    return {name: list(duties(windows, service, held[name], spans[name])) for name in spans}


def duties(windows, service, held, spans: list[Span]) -> Iterator[Duty]:
    # Once per cell, not once per owner: a cell of a large tree hangs below several of them.
    due = {
        cell: [
            (span, any(span.first_day <= month <= span.last_day for month in held[cell]))
            for span in spans
            if covers(service[cell], span)
        ]
        for cell in {cell for _owner, cell, _first, _last in windows}
    }
    for owner, cell, first, last in windows:
        for span, is_done in due[cell]:
            # The pair is a fact of the last day of the span; it is due if the cell was one on every day of it.
            if first <= span.last_day <= last:
                yield Duty(owner, cell, span, is_done)


def covers(spans: list[tuple[dt.date, dt.date]], span: Span) -> bool:
    return any(first <= span.first_day and span.last_day <= last for first, last in spans)


def days_as_cell(cells: set[int], period: Period) -> dict[int, list[tuple[dt.date, dt.date]]]:
    rows = Lineage.unscoped.filter(depth=0, is_cell=True, first_day__lte=period.until, last_day__gte=period.first_day)
    service = defaultdict(list)
    for cell, first_day, last_day in narrowed(rows, "descendant", cells).values_list(
        "descendant_id", "first_day", "last_day"
    ):
        service[cell].append((first_day, last_day))
    return service


def months_held(cells: set[int], spans: list[Span]) -> dict[str, dict[int, list[dt.date]]]:
    """{part: {cell: first days of the months with a finished session of that part}}; a cell's own roll-up row knows."""
    rows = MonthlyRollup.unscoped.filter(month__gte=spans[0].first_day, month__lte=spans[-1].last_day)
    held = {"regular": defaultdict(list), "thematic": defaultdict(list)}
    for cell, month, regular, thematic in narrowed(rows, "organisation", cells).values_list(
        "organisation_id", "month", "sessions_regular", "sessions_thematic"
    ):
        if regular:
            held["regular"][cell].append(month)
        if thematic:
            held["thematic"][cell].append(month)
    return held


def narrowed(rows: QuerySet, place: str, ids: set[int]) -> QuerySet:
    # A long list of ids costs more to pass than the few rows it would leave out.
    return rows.filter(**{f"{place}__in": ids}) if len(ids) <= 500 else rows


def counted_conferences(scope, period: Period) -> dict[int, dict]:
    held = {"state": StudyConference.State.HELD, "day__gte": period.first_day, "day__lte": period.until}
    own = scope.gather(
        StudyConference.unscoped.filter(**held), "organisation", "day", {"conferences": Count("pk"), **head_counts()}
    )
    sites = scope.gather(
        ReceivingSite.unscoped.filter(**{f"conference__{name}": value for name, value in held.items()}),
        "conference__organisation",
        "conference__day",
        head_counts(),
    )
    counted = {}
    for owner, sums in own.items():
        site = sites.get(owner, {})
        both = {name: sums[name] + site.get(name, 0) for name in head_counts()}
        words = {Estimate(word): both[word] for word in ("nearly", "about", "over")}
        counted[owner] = {
            "conferences": sums["conferences"],
            "conference_expected": both["called"],
            "conference_present": both["came"],
            "conference_mark": first_mark(words),
        }
    return counted


def head_counts() -> dict:
    marks = {word: Count("pk", filter=Q(estimate=word)) for word in ("nearly", "about", "over")}
    return {"called": Sum("expected", default=0), "came": Sum("present", default=0), **marks}


def keyed(rows: Iterable[dict]) -> dict[int, dict]:
    return {row.pop("owner"): row for row in rows}


def sessions_in(organisation, period: Period, structure: str = THEN, on: dt.date | None = None) -> QuerySet[Session]:
    """The finished sessions behind `sessions`, `expected` and the rest."""
    scope = belonging([organisation], structure, on)
    return scope.filter(closed_sessions(period.first_day, period.until), "cell", "day").order_by("day", "pk")


def conferences_in(organisation, period: Period, structure: str = THEN, on: dt.date | None = None) -> QuerySet:
    """The conferences behind `conferences`."""
    held = StudyConference.unscoped.filter(
        state=StudyConference.State.HELD, day__gte=period.first_day, day__lte=period.until
    )
    return belonging([organisation], structure, on).filter(held, "organisation", "day").order_by("day", "pk")


def figures_by_child(
    organisation: Organisation, period: Period, structure: str = THEN, on: dt.date | None = None
) -> list[ChildFigures]:
    return level(organisation, period, structure, on).children


def level(organisation: Organisation, period: Period, structure: str = THEN, on: dt.date | None = None) -> Level:
    """An organisation and what stands directly below it, by the same few queries as for one alone.

    Below: on the last day of the period and at any time in it (then), or on the reference day.
    """
    scope = belonging([organisation], structure, on)
    first, last = (period.first_day, period.until) if structure == THEN else (scope.on, scope.on)
    children = list(
        Organisation.unscoped.filter(
            ancestries__ancestor=organisation,
            ancestries__depth=1,
            ancestries__first_day__lte=last,
            ancestries__last_day__gte=first,
        ).distinct()
    )
    found, duties = figures_and_duties([organisation, *children], period, structure, on)
    names = names_on(children, last)
    rows = [ChildFigures(child, names[child.pk].name, names[child.pk].is_cell, found[child.pk]) for child in children]
    own = {name: [duty for duty in every if duty.owner == organisation.pk] for name, every in duties.items()}
    return Level(
        found[organisation.pk], sorted(rows, key=lambda row: (title_key(row.name), row.organisation.code)), own
    )


def attendance_by_month(
    organisation: Organisation, period: Period, structure: str = THEN, on: dt.date | None = None
) -> list[MonthFigures]:
    """One entry per calendar month of the period that begins by its cut-off, also those without a session."""
    scope = belonging([organisation], structure, on)
    if structure == THEN:
        months = period.months()
        whole = MonthlyRollup.unscoped.filter(organisation=organisation, month__in=[span.first_day for span in months])
        rows = list(whole.values("sessions", "expected", "present", first_day=F("month")))
        first_loose = months[-1].last_day + dt.timedelta(days=1) if months else period.first_day
    else:
        rows, first_loose = [], period.first_day
    if first_loose <= period.until:
        loose = scope.filter(closed_sessions(first_loose, period.until), "cell", "day").order_by()
        by_month = loose.values(first_day=TruncMonth("day"))
        rows += by_month.annotate(sessions=Count("pk"), expected=Sum("expected"), present=Sum("present"))
    found = {row["first_day"]: MonthFigures(**row) for row in rows}
    first_days = [span.first_day for span in period.calendar_months()]
    return [found.get(first_day, MonthFigures(first_day)) for first_day in first_days]


def attendance_by_cell(
    organisation: Organisation, period: Period, structure: str = THEN, on: dt.date | None = None
) -> list[CellMonth]:
    """One entry for each cell and calendar month with a session; they add up to the figures of the organisation."""
    held = sessions_in(organisation, period, structure, on).order_by()
    counted = {"sessions": Count("pk"), "expected": Sum("expected"), "present": Sum("present")}
    rows = held.values("cell_id", first_day=TruncMonth("day")).annotate(**counted)
    return [CellMonth(**{"cell": row.pop("cell_id")} | row) for row in rows]


def names_on(organisations: Iterable[Organisation], day: dt.date) -> dict[int, OrganisationPeriod]:
    """{organisation id: the period in force on that day, else the last one before it, else the first}."""
    periods = OrganisationPeriod.unscoped.filter(organisation__in=[o.pk for o in organisations]).order_by("first_day")
    chosen = {}
    for period in periods:
        if period.organisation_id not in chosen or period.first_day <= day:
            chosen[period.organisation_id] = period
    return chosen


def organisation_name(organisation: Organisation, day: dt.date) -> str:
    in_force = organisation.periods.filter(covering(day)).first()
    return in_force.name if in_force else names_on([organisation], day)[organisation.pk].name
