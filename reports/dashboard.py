"""What the dashboard shows, computed first and presented after: figures, months, children, cells that have not met.

Every number comes with the address of the rows behind it.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse

from accounts.text import folded, title_key
from cells.models import Lineage, Organisation, OrganisationPeriod
from cells.naming import OrganisationRow, rows_of
from cells.papers.wording import estimated, percent, thousands
from cells.reach import Reach
from reports.access import measurable, watched
from reports.belonging import belonging
from reports.definitions import DEFINITIONS
from reports.forms import PeriodQuery, asked_for
from reports.ordering import holds, ordered, words_of
from reports.periods import Period, Span
from reports.statistics import (
    ChildFigures,
    Duty,
    Figures,
    attendance_by_month,
    duties_in,
    level,
    names_on,
)


@dataclass(frozen=True)
class Number:
    """A printed number and where its rows are; no address where there is nothing to show."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Share:
    """A percentage with what it was taken of."""

    percent: str
    numerator: Number
    denominator: Number
    missing: Number | None = None


@dataclass(frozen=True)
class MonthRow:
    first_day: dt.date
    attendance: Share
    sessions: Number
    present: int
    expected: int


@dataclass(frozen=True)
class ChildRow:
    name: str
    url: str
    is_measurable: bool
    sessions: Number
    attendance: Share
    regular: Share
    thematic: Share


@dataclass(frozen=True)
class MissedCell:
    name: str
    parent_name: str
    url: str
    spans: list[str]


@dataclass(frozen=True)
class MissedCells:
    total: int
    first: list[MissedCell]


@dataclass(frozen=True)
class FigureLine:
    label: str
    definition: str
    number: Number


@dataclass(frozen=True)
class FigureGroup:
    title: str
    lines: list[FigureLine]


@dataclass(frozen=True)
class Child:
    """A subordinate organisation before it is presented: sorted and searched by these, linked only when shown."""

    organisation: Organisation
    name: str
    is_cell: bool
    is_measurable: bool
    figures: Figures


@dataclass(frozen=True)
class Dashboard:
    organisation: Organisation
    name: str
    is_cell: bool
    figures: Figures
    attendance: Share
    regular: Share
    thematic: Share
    conference: Share
    months: list[MonthRow]
    missed_regular: MissedCells
    missed_thematic: MissedCells
    children: list[Child]


EMPTY = MappingProxyType({})


class Addresses:
    """Where the rows behind the numbers of one organisation are, for the period and structure of a query."""

    PAGES = {
        "sessions": "reports:sessions_behind",
        "duties": "reports:duties_behind",
        "members": "reports:members_behind",
        "speakers": "reports:speakers_behind",
        "organisations": "reports:organisations_behind",
        "conferences": "reports:conferences_behind",
        "outlines": "reports:outlines_behind",
        "dashboard": "reports:dashboard_of",
    }

    def __init__(self, organisation: Organisation, query: PeriodQuery, asked: Mapping[str, str] = EMPTY):
        """`asked` is another period than that of the query, in the words of an address."""
        self.organisation = organisation
        self.query = query
        self.asked = asked

    def page(self, page: str, **changes) -> str:
        path = reverse(self.PAGES[page], args=[self.organisation.public_id])
        return self.query.address(path, **{**self.asked, **changes})

    def of(self, name: str, **changes) -> str:
        """The page behind the figure of this name."""
        if name in ("regular_due", "regular_done", "thematic_due", "thematic_done"):
            part, _underscore, which = name.partition("_")
            return self.page("duties", part=part, show="all" if which == "due" else "done", **changes)
        if name in ("cells", "committees"):
            return self.page("organisations", figure=name)
        if name.startswith("members_"):
            return self.page("members", figure=name)
        if name in ("speakers", "propagandists", "collaborators"):
            return self.page("speakers", figure=name)
        if name.startswith("conference"):
            return self.page("conferences")
        return self.page("sessions", figure=name, **changes)


def compute(organisation: Organisation, query: PeriodQuery, user) -> Dashboard:
    period, structure = query.period, query.values["structure"]
    found = level(organisation, period, structure)
    figures, children = found.figures, found.children
    allowed = measurable(user.reach, [child.organisation.pk for child in children], period.days, structure)
    named = names_on([organisation], period.until)[organisation.pk]
    addresses = Addresses(organisation, query)
    return Dashboard(
        organisation=organisation,
        name=named.name,
        is_cell=named.is_cell,
        figures=figures,
        attendance=attendance(figures, addresses),
        regular=duty_share("regular", figures, addresses),
        thematic=duty_share("thematic", figures, addresses),
        conference=conference_share(figures, addresses),
        months=months(organisation, query, addresses),
        missed_regular=missed(found.duties["regular"], query, "regular", user),
        missed_thematic=missed(found.duties["thematic"], query, "thematic", user),
        children=[child_of(child, child.organisation.pk in allowed) for child in children],
    )


def attendance(found, addresses: Addresses, **changes) -> Share:
    return Share(
        percent(found.present, found.expected),
        Number(thousands(found.present), addresses.of("present", **changes)),
        Number(thousands(found.expected), addresses.of("expected", **changes)),
    )


def conference_share(found: Figures, addresses: Addresses) -> Share:
    return Share(
        percent(found.conference_present, found.conference_expected),
        Number(estimated(found.conference_present, found.conference_mark), addresses.of("conference_present")),
        Number(thousands(found.conference_expected), addresses.of("conference_expected")),
    )


def duty_share(part: str, found: Figures, addresses: Addresses) -> Share:
    due, done = getattr(found, f"{part}_due"), getattr(found, f"{part}_done")
    return Share(
        percent(done, due),
        Number(thousands(done), addresses.of(f"{part}_done")),
        Number(thousands(due), addresses.of(f"{part}_due")),
        Number(thousands(due - done), addresses.page("duties", part=part, show="missing")),
    )


def months(organisation: Organisation, query: PeriodQuery, addresses: Addresses) -> list[MonthRow]:
    period = query.period
    rows = attendance_by_month(organisation, period, query.values["structure"])
    return [month_row(row, addresses, month_asked(row.first_day, period)) for row in rows]


def month_asked(first_day: dt.date, period: Period) -> dict[str, str]:
    code = f"{first_day:%Y-%m}"
    whole = Period.parse(code)
    return asked_for(Period.parse(code, min(whole.last_day, period.until)))


def month_row(row, addresses: Addresses, asked: dict[str, str]) -> MonthRow:
    sessions = Number(thousands(row.sessions), addresses.of("sessions", **asked))
    return MonthRow(row.first_day, attendance(row, addresses, **asked), sessions, row.present, row.expected)


def child_of(child: ChildFigures, is_measurable: bool) -> Child:
    found = child.figures if is_measurable else Figures()
    return Child(child.organisation, child.name, child.is_cell, is_measurable, found)


def child_row(child: Child, query: PeriodQuery) -> ChildRow:
    found, addresses = child.figures, Addresses(child.organisation, query)
    return ChildRow(
        name=child.name,
        url=addresses.page("dashboard"),
        is_measurable=child.is_measurable,
        sessions=Number(thousands(found.sessions), addresses.of("sessions")),
        attendance=attendance(found, addresses),
        regular=duty_share("regular", found, addresses),
        thematic=duty_share("thematic", found, addresses),
    )


def duties_of(organisation: Organisation, query: PeriodQuery, part: str) -> list[Duty]:
    return duties_in(belonging([organisation], query.values["structure"]), query.period)[part]


def missed(duties: list[Duty], query: PeriodQuery, part: str, user) -> MissedCells:
    """Cells with a month or quarter in which they should have met and did not; those with most of them first."""
    spans = defaultdict(list)
    for duty in duties:
        if not duty.is_done:
            spans[duty.cell].append(duty.span)
    named = told_apart(spans, user, query.period.until)
    order = sorted(spans, key=lambda cell: (-len(spans[cell]), named[cell].period.sort_key))[:10]
    cells = Organisation.unscoped.in_bulk(order)
    return MissedCells(len(spans), [missed_cell(cells[pk], named[pk], spans[pk], part, query) for pk in order])


def told_apart(ids: Iterable[int], user, day: dt.date) -> dict[int, OrganisationRow]:
    """{organisation: what it was called that day}; equal names go with the name of the parent."""
    periods = names_on(Organisation.unscoped.filter(pk__in=set(ids)), day)
    return dict(zip(periods, with_parents(periods.values(), user, day), strict=True))


def with_parents(periods: Iterable[OrganisationPeriod], user, day: dt.date) -> list[OrganisationRow]:
    """The parents are asked for in any case, so that a page with twins costs as many queries as one without."""
    rows = rows_of(periods, user, day, always=True)
    borne = Counter(row.name for row in rows)
    return [row if borne[row.name] > 1 else OrganisationRow(row.period) for row in rows]


def missed_cell(
    cell: Organisation, named: OrganisationRow, spans: list[Span], part: str, query: PeriodQuery
) -> MissedCell:
    address = Addresses(cell, query).page("duties", part=part, show="missing")
    ordered = sorted(spans, key=lambda span: span.first_day)
    return MissedCell(named.name, named.parent_name, address, [span_name(span) for span in ordered])


def span_name(span: Span) -> str:
    if span.first_day.month == span.last_day.month:
        return f"{span.first_day:%m/%Y}"
    return f"{('I', 'II', 'III', 'IV')[span.first_day.month // 3]}/{span.first_day.year}"


CHILD_ORDER = {
    "name": lambda row: title_key(row.name),
    "rate": lambda row: row.figures.attendance_rate,
    "regular": lambda row: row.figures.regular_done - row.figures.regular_due,
    "thematic": lambda row: row.figures.thematic_done - row.figures.thematic_due,
    "sessions": lambda row: row.figures.sessions,
}


def sorted_children(rows: Iterable[Child], name: str, sort: str) -> list[Child]:
    """Those whose name holds all the words, marks or not; those without what they are sorted by last, either way."""
    words, order = words_of(name), CHILD_ORDER[sort.removeprefix("-")]
    matching = [row for row in rows if holds(folded(row.name), words)]
    there, without = [], []
    for row in matching:
        (there if row.is_measurable and order(row) is not None else without).append(row)
    return ordered(there, CHILD_ORDER, sort) + without


@dataclass(frozen=True)
class Place:
    organisation: Organisation
    name: str
    url: str


def line_above(organisation: Organisation, query: PeriodQuery, reach: Reach) -> list[Place]:
    """The organisations above, of those whose figures the user reads, as they stood on the last day of the period."""
    day = query.period.until
    above = Lineage.unscoped.on(day).filter(descendant=organisation, depth__gt=0).order_by("-depth")
    by_id = {one.pk: one for one in Organisation.unscoped.filter(watched(reach), pk__in=above.values("ancestor"))}
    line = [by_id[pk] for pk in above.values_list("ancestor_id", flat=True) if pk in by_id]
    return places(line, query, day)


def places(organisations: Iterable[Organisation], query: PeriodQuery, day: dt.date) -> list[Place]:
    organisations = list(organisations)
    names = names_on(organisations, day)
    return [Place(one, names[one.pk].name, Addresses(one, query).page("dashboard")) for one in organisations]


GROUPS = [
    (
        "sessions",
        (
            "sessions",
            "sessions_regular",
            "sessions_thematic",
            "expected",
            "present",
            "present_online",
            "excused",
            "unexcused",
            "exempt_present",
            "guests",
        ),
    ),
    ("conferences", ("conferences", "conference_expected", "conference_present")),
    (
        "members",
        (
            "committees",
            "cells",
            "members_total",
            "members_official",
            "members_probationary",
            "members_exempt",
            "members_away",
            "members_hosted",
        ),
    ),
    ("speakers", ("speakers", "propagandists", "collaborators")),
]
MARKS = {"guests": "guests_mark", "conference_present": "conference_mark"}


def groups(shown: Dashboard, query: PeriodQuery, titles: dict[str, str]) -> list[FigureGroup]:
    addresses = Addresses(shown.organisation, query)
    return [
        FigureGroup(titles[group], [line(name, shown.figures, addresses) for name in names]) for group, names in GROUPS
    ]


def line(name: str, found: Figures, addresses: Addresses) -> FigureLine:
    label, definition = DEFINITIONS[name]
    return FigureLine(label, definition, figure_number(name, found, addresses))


def figure_number(name: str, found: Figures, addresses: Addresses) -> Number:
    mark = getattr(found, MARKS[name]) if name in MARKS else ""
    return Number(estimated(getattr(found, name), mark), addresses.of(name))
