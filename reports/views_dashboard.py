"""The dashboard and the rows behind its numbers. The address says it all: organisation, period, structure, order."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.text import folded, title_key
from cells import spreadsheets
from cells.access import roles
from cells.models import Organisation, OrganisationFunction
from cells.papers.wording import percent
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from cells.reading import in_one_state, one_state
from cells.rosters import note_reading
from reports.access import READS_FIGURES, measurable, watched
from reports.belonging import NOW, THEN
from reports.charts import bar_chart
from reports.dashboard import Place, child_row, compute, groups, line_above, places, sorted_children
from reports.forms import (
    DashboardQuery,
    DutyRowsQuery,
    MemberRowsQuery,
    OrganisationRowsQuery,
    PeriodQuery,
    SessionRowsQuery,
    SpeakerRowsQuery,
    complete_months,
)
from reports.rows import (
    COLUMNS,
    FIGURE_CHOICES,
    appointments_behind,
    duties_behind,
    duty_rows,
    members_at,
    members_behind,
    members_below,
    names_at,
    organisation_rows,
    organisations_behind,
    sessions_behind,
)
from reports.statistics import names_on

ON_A_PAGE = 50


@dataclass(frozen=True)
class Opened:
    """The organisation that a page is about, and whether its figures of the period are the user's to read."""

    organisation: Organisation
    name: str
    is_cell: bool
    query: PeriodQuery
    above: list[Place]
    is_readable: bool

    @cached_property
    def board(self) -> str:
        """What its propaganda board was called on the last day of the period; blank where there was none."""
        boards = OrganisationFunction.objects.on(self.query.period.until).filter(
            organisation=self.organisation, function=OrganisationFunction.Function.PROPAGANDA
        )
        return boards.values_list("body_name", flat=True).first() or ""

    @property
    def dashboard_url(self) -> str:
        return self.query.address(reverse("reports:dashboard_of", args=[self.organisation.public_id]))

    def crumbs(self, *below: str) -> list[tuple[str, str]]:
        line = [(place.name, place.url) for place in self.above]
        return [*line, (self.name, self.dashboard_url if below else ""), *[(name, "") for name in below]]


def opened(request, public_id, query: PeriodQuery) -> Opened:
    reach = request.user.reach
    organisation = get_object_or_404(Organisation.objects.filter(watched(reach)), public_id=public_id)
    named = names_on([organisation], query.period.until)[organisation.pk]
    return Opened(
        organisation,
        named.name,
        named.is_cell,
        query,
        line_above(organisation, query, reach),
        bool(measurable(reach, [organisation.pk], query.period)),
    )


@roles(*READS_FIGURES)
@require_safe
def dashboard(request):
    """Leads to the organisation at the top of what the user reads, so that the address names it."""
    reach, query = request.user.reach, DashboardQuery(request.GET)
    tops = Organisation.objects.filter(pk__in=reach.tops or reach.at(AT_THE_CELL))
    found = sorted(places(tops, query, reach.day), key=lambda place: (title_key(place.name), place.organisation.code))
    return HttpResponseRedirect(found[0].url)


@roles(*READS_FIGURES)
@require_safe
@in_one_state
def dashboard_of(request, public_id):
    query = DashboardQuery(request.GET)
    here = opened(request, public_id, query)
    if not query.names_a_period:
        return HttpResponseRedirect(f"{request.path}{query.link()}")
    if not here.is_readable:
        return not_readable(request, here)
    shown = compute(here.organisation, query, request.user.reach)
    found = sorted_children(shown.children, query.values["name"], query.values["sort"])
    page = Paginator(found, ON_A_PAGE).get_page(query.values["page"])
    context = {
        "here": here,
        "query": query,
        "shown": shown,
        "page": page,
        "rows": [child_row(child, query) for child in page],
        "chart": attendance_chart(shown, query),
        "columns": columns(query),
        "groups": groups(shown, query, group_titles()),
        "own": other_places(request.user.reach, here),
        "crumbs": here.crumbs(),
        **period_context(here),
    }
    return render(request, "reports/dashboard.html", context)


def group_titles() -> dict[str, str]:
    return {
        "sessions": _("Sinh hoạt chi bộ"),
        "conferences": _("Hội nghị học tập, quán triệt"),
        "members": _("Tổ chức và đảng viên, vào ngày cuối kỳ"),
        "speakers": _("Lực lượng tuyên truyền, vào ngày cuối kỳ"),
    }


def attendance_chart(shown, query: PeriodQuery):
    rows = [
        (f"{month.first_day:%m/%Y}", month.attendance.percent, month.present, month.expected) for month in shown.months
    ]
    parts = [
        _("tháng %(month)s: %(percent)s, %(present)s trên %(expected)s lượt")
        % {
            "month": f"{month.first_day:%m/%Y}",
            "percent": month.attendance.percent,
            "present": month.attendance.numerator.text,
            "expected": month.attendance.denominator.text,
        }
        for month in shown.months
    ]
    return bar_chart(_("Tỷ lệ có mặt theo tháng, %s") % query.period.label, "; ".join(parts), rows)


def other_places(reach, here: Opened) -> list[Place]:
    """Where else the user stands, beside what the line above already leads to."""
    shown = {here.organisation.pk, *[place.organisation.pk for place in here.above]}
    ids = (reach.tops | reach.at(AT_THE_CELL)) - shown
    return places(Organisation.objects.filter(pk__in=ids), here.query, reach.day) if ids else []


def period_context(here: Opened) -> dict:
    """What every page says of its period: its name, the switch of structure, and whether it is not over yet."""
    query = here.query
    period = query.period
    complete = complete_months(timezone.localdate())
    runs_on = period.until > complete.until
    has_whole_months = complete.until >= period.first_day
    return {
        "period": period,
        "period_label": capfirst(period.label),
        "is_now": query.values["structure"] == NOW,
        "then_url": query.link(structure=THEN),
        "now_url": query.link(structure=NOW),
        "carried": carried(query, "structure", "name", "sort"),
        "carried_period": carried(query, "span", "year", "until", "structure"),
        "is_not_over": runs_on,
        "not_over_until": f"{complete.until:%d/%m/%Y}",
        "not_over_url": query.link(until=f"{complete.until:%d/%m/%Y}") if runs_on and has_whole_months else "",
    }


def carried(query: PeriodQuery, *names: str) -> list[tuple[str, str]]:
    """What a form leaves as it is, for its hidden fields."""
    given = query.given()
    return [(name, value) for name in names for value in given.get(name, ())]


@dataclass(frozen=True)
class Column:
    label: str
    css: str = "number"
    url: str = ""
    is_current: bool = False
    direction: str = "ascending"
    icon: str = "sort-up"


def columns(query: DashboardQuery) -> list[Column]:
    """Headings of the table of subordinate organisations; most of them sort it."""
    labels = {"": _("Tổ chức"), "sessions": _("Số buổi"), "rate": _("Có mặt"), "regular": _("Định kỳ")}
    labels["thematic"] = _("Chuyên đề")
    current = query.values["sort"]
    return [
        Column(label, "number" if sort else "", query.link(sort=sort), is_current=sort == current)
        for sort, label in labels.items()
    ]


def not_readable(request, here: Opened):
    context = {"here": here, "query": here.query, "crumbs": here.crumbs(), **period_context(here)}
    return render(request, "reports/not_readable.html", context)


@roles(*READS_FIGURES)
@require_safe
def children_table(request, public_id):
    query = DashboardQuery(request.GET)
    with one_state():
        here = opened(request, public_id, query)
        if not here.is_readable:
            return not_readable(request, here)
        shown = compute(here.organisation, query, request.user.reach)
    headings = [
        *[_("Tổ chức"), _("Số buổi"), _("Lượt phải có mặt"), _("Lượt có mặt"), _("Tỷ lệ có mặt")],
        *[_("Định kỳ phải có"), _("Định kỳ đã có"), _("Chuyên đề phải có"), _("Chuyên đề đã có")],
    ]
    rows = sorted_children(shown.children, query.values["name"], query.values["sort"])
    return spreadsheets.table_response(
        request, here.organisation, table_title(here, _("theo tổ chức trực thuộc")), headings, map(child_cells, rows)
    )


def child_cells(row) -> list:
    found = row.figures
    if not row.is_measurable:
        return [row.name]
    return [
        *[row.name, found.sessions, found.expected, found.present, percent(found.present, found.expected)],
        *[found.regular_due, found.regular_done, found.thematic_due, found.thematic_done],
    ]


def table_title(here: Opened, subject: str) -> str:
    structure = _("cơ cấu hiện nay") if here.query.values["structure"] == NOW else _("cơ cấu lúc đó")
    period = here.query.period
    return f"{here.name} – {subject} – {period.label} (đến {period.until:%d/%m/%Y}, {structure})"


@roles(*READS_FIGURES)
@require_safe
@in_one_state
def sessions_page(request, public_id):
    query = SessionRowsQuery(request.GET, figures=FIGURE_CHOICES)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    sessions, total = sessions_behind(here.organisation, query, request.user)
    page = Paginator(sessions.order_by("-day", "pk"), ON_A_PAGE).get_page(query.values["page"])
    figure = query.values["figure"]
    context = {
        "here": here,
        "query": query,
        "page": page,
        "rows": session_rows(page),
        "total": total,
        "figure": figure,
        "counter": figure if figure in COLUMNS else "",
        "label": dict(FIGURE_CHOICES)[figure],
        "crumbs": here.crumbs(_("Buổi sinh hoạt")),
        **period_context(here),
    }
    return render(request, "reports/sessions_behind.html", context)


def session_rows(sessions) -> list[tuple]:
    sessions = list(sessions)
    names = names_at((session.cell_id, session.day) for session in sessions)
    return [
        (session, names[session.cell_id, session.day], reverse("sessions:detail", args=[session.public_id]))
        for session in sessions
    ]


@roles(*READS_FIGURES)
@require_safe
def sessions_table(request, public_id):
    query = SessionRowsQuery(request.GET, figures=FIGURE_CHOICES)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    sessions, _total = sessions_behind(here.organisation, query, request.user)
    sessions = list(sessions.order_by("-day", "pk"))
    names = names_at((session.cell_id, session.day) for session in sessions)
    headings = [_("Chi bộ"), _("Ngày"), _("Loại"), *[str(dict(FIGURE_CHOICES)[name]) for name in COLUMNS]]
    rows = (
        [
            *[names[session.cell_id, session.day], f"{session.day:%d/%m/%Y}", session.get_kind_display()],
            *[getattr(session, name) for name in COLUMNS],
        ]
        for session in sessions
    )
    title = table_title(here, _("buổi sinh hoạt"))
    return spreadsheets.table_response(request, here.organisation, title, headings, rows)


@roles(*READS_FIGURES)
@require_safe
@in_one_state
def duties_page(request, public_id):
    query = DutyRowsQuery(request.GET)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    found = duties_behind(here.organisation, query)
    page = Paginator(found, ON_A_PAGE).get_page(query.values["page"])
    context = {
        "here": here,
        "query": query,
        "page": page,
        "rows": duty_rows(page, query, request.user.reach),
        "is_thematic": query.values["part"] == "thematic",
        "crumbs": here.crumbs(_("Chi bộ phải sinh hoạt")),
        **period_context(here),
    }
    return render(request, "reports/duties_behind.html", context)


@roles(*READS_FIGURES)
@require_safe
def members_page(request, public_id):
    """The roster for those who see rosters; for the others the counts of the next level down."""
    query = MemberRowsQuery(request.GET)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    context = {
        "here": here,
        "query": query,
        "label": dict(query.fields["figure"].choices)[query.values["figure"]],
        "crumbs": here.crumbs(_("Đảng viên")),
        **period_context(here),
    }
    if not sees_roster(request.user.reach, here):
        context["below"] = members_below(here.organisation, query)
        context["lines"] = members_at(here.organisation, query)
        return render(request, "reports/members_below.html", context)
    rows, hidden = members_behind(here.organisation, query, request.user)
    for word in folded(query.values["name"]).split():
        rows = rows.filter(person__search__contains=word)
    page = Paginator(rows, ON_A_PAGE).get_page(query.values["page"])
    names = names_on(
        Organisation.objects.for_user(request.user).filter(pk__in={row.cell_id for row in page}), query.period.until
    )
    note_reading(request, here.organisation, here.organisation.pk, day=query.period.until, rows=len(page))
    context |= {"page": page, "hidden": hidden, "rows": [(row, names[row.cell_id].name) for row in page]}
    return render(request, "reports/members_behind.html", context)


def sees_roster(reach, here: Opened) -> bool:
    return reach.holds(SEES_ROSTERS) or here.organisation.pk in reach.own(AT_THE_CELL)


@roles(*READS_FIGURES)
@require_safe
@in_one_state
def speakers_page(request, public_id):
    query = SpeakerRowsQuery(request.GET)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    appointments, hidden = appointments_behind(here.organisation, query, request.user)
    people = [list(rows) for _person, rows in groupby(appointments, key=lambda row: row.person_id)]
    page = Paginator(people, ON_A_PAGE).get_page(query.values["page"])
    ids = {row.organisation_id for rows in page for row in rows}
    names = names_on(Organisation.objects.for_user(request.user).filter(pk__in=ids), query.period.until)
    context = {
        "here": here,
        "query": query,
        "page": page,
        "rows": [(rows[0].person, [(row, names[row.organisation_id].name) for row in rows]) for rows in page],
        "hidden": hidden,
        "label": dict(query.fields["figure"].choices)[query.values["figure"]],
        "crumbs": here.crumbs(_("Lực lượng tuyên truyền")),
        **period_context(here),
    }
    return render(request, "reports/speakers_behind.html", context)


@roles(*READS_FIGURES)
@require_safe
@in_one_state
def organisations_page(request, public_id):
    query = OrganisationRowsQuery(request.GET)
    here = opened(request, public_id, query)
    if not here.is_readable:
        return not_readable(request, here)
    page = Paginator(organisations_behind(here.organisation, query), ON_A_PAGE).get_page(query.values["page"])
    context = {
        "here": here,
        "query": query,
        "page": page,
        "rows": organisation_rows(page, query, request.user.reach),
        "label": dict(query.fields["figure"].choices)[query.values["figure"]],
        "crumbs": here.crumbs(_("Tổ chức")),
        **period_context(here),
    }
    return render(request, "reports/organisations_behind.html", context)
