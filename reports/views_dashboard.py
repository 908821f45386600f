"""The dashboard and the rows behind its numbers. The address says it all: organisation, period, structure, order."""

from dataclasses import replace
from functools import partial

from django.db.models import prefetch_related_objects
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.returning import leading_back
from accounts.text import title_key
from cells.access import roles
from cells.models import Organisation
from cells.papers.wording import percent
from cells.reach import AT_THE_CELL, SEES_ROSTERS
from cells.reading import one_state
from cells.rosters import note_reading
from reports.access import READS_FIGURES
from reports.charts import bar_chart
from reports.dashboard import Place, child_row, compute, groups, places, sorted_children, span_name
from reports.forms import (
    ConferenceRowsQuery,
    DashboardQuery,
    DutyRowsQuery,
    MemberCountsQuery,
    MemberRowsQuery,
    OrganisationRowsQuery,
    PeriodQuery,
    SessionRowsQuery,
    SpeakerRowsQuery,
)
from reports.opened import (
    Column,
    Opened,
    columns,
    figures_page,
    figures_table,
    not_readable,
    opened,
    page_of,
    show,
    take_away,
)
from reports.rows import (
    COLUMNS,
    FIGURE_CHOICES,
    cells_at,
    conferences_found,
    duties_behind,
    duty_rows,
    full_name,
    members_at,
    members_behind,
    members_below,
    organisation_rows,
    organisations_behind,
    sessions_behind,
    speaking_people,
    with_cells,
)
from reports.targets import Held, goal, goals, targets_of
from resolutions.adding_up import head_count


@roles(*READS_FIGURES)
@require_safe
def dashboard(request):
    """Leads to the organisation at the top of what the user reads, so that the address names it."""
    reach, query = request.user.reach, DashboardQuery(request.GET)
    tops = Organisation.objects.filter(pk__in=reach.tops or reach.at(AT_THE_CELL))
    found = sorted(places(tops, query, reach.day), key=lambda place: (title_key(place.name), place.organisation.code))
    return HttpResponseRedirect(found[0].url)


@figures_page(DashboardQuery)
def dashboard_of(request, here):
    query = here.query
    if not query.names_a_period:
        return HttpResponseRedirect(f"{request.path}{query.link()}")
    shown = compute(here.organisation, query, request.user)
    held = targets_of(here.organisation, query.period.first_day.year, query.period.until)
    page = page_of(sorted_children(shown.children, query.values["name"], query.values["sort"]), query)
    return show(
        request,
        here,
        "dashboard",
        shown=shown,
        page=page,
        rows=[child_row(child, query) for child in page],
        goals=goals(held, shown.figures),
        months=months_with_goals(shown.months, held.get("attendance")),
        chart=attendance_chart(shown, query, held.get("attendance")),
        columns=children_columns(query),
        groups=groups(shown, query, group_titles()),
        own=other_places(request.user.reach, here),
        views=other_views(here),
    )


def other_views(here: Opened) -> list[tuple[str, str, str, str]]:
    """(label, what it answers, icon, address) of the pages that look closer at the same period."""
    found = [
        ("lights", _("Đèn báo hạn"), _("Hôm nay nơi nào quá hạn, nơi nào sắp đến hạn?"), "hourglass-split"),
        ("changes", _("Có gì thay đổi"), _("Từ cuối tháng trước đến nay"), "arrow-clockwise"),
        ("heat_map", _("Từng chi bộ, từng tháng"), _("Tháng nào thiếu, tháng nào vắng nhiều?"), "calendar-event"),
        ("comparison", _("So sánh đơn vị trực thuộc"), _("Nơi nào trên, nơi nào dưới mức chung?"), "diagram-3"),
        ("year_before", _("So với năm trước"), _("Cùng kỳ năm trước ra sao?"), "bar-chart-line"),
        ("targets", _("Chỉ tiêu"), _("Yêu cầu gì, đã đạt chưa?"), "list-check"),
        ("propaganda", _("Công tác tuyên giáo"), _("Hội nghị, đề cương, báo cáo viên"), "megaphone"),
    ]
    return [
        (label, question, icon, here.query.address(reverse(f"reports:{name}", args=[here.organisation.public_id])))
        for name, label, question, icon in found
        if name != "comparison" or not here.is_cell
    ]


def group_titles() -> dict[str, str]:
    return {
        "sessions": _("Sinh hoạt chi bộ"),
        "conferences": _("Hội nghị học tập, quán triệt"),
        "members": _("Tổ chức và đảng viên, vào ngày cuối kỳ"),
        "speakers": _("Lực lượng tuyên truyền, vào ngày cuối kỳ"),
    }


def months_with_goals(months, held: Held | None) -> list[tuple]:
    return [(month, held and goal(held, held.result(month.present, month.expected))) for month in months]


def attendance_chart(shown, query: PeriodQuery, held: Held | None):
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
    title = _("Tỷ lệ có mặt theo tháng, %s") % query.period.label
    target = float(held.target.number) / 100 if held else None
    return bar_chart(title, "; ".join(parts), rows, target)


def other_places(reach, here: Opened) -> list[Place]:
    """Where else the user stands, beside what the line above already leads to."""
    shown = {here.organisation.pk, *[place.organisation.pk for place in here.above]}
    ids = (reach.tops | reach.at(AT_THE_CELL)) - shown
    return places(Organisation.objects.filter(pk__in=ids), here.query, reach.day) if ids else []


def children_columns(query: DashboardQuery) -> list[Column]:
    """Headings of the table of subordinate organisations; each sorts it by what is worst."""
    labels = [("name", _("Tổ chức")), ("sessions", _("Số buổi")), ("rate", _("Có mặt")), ("regular", _("Định kỳ"))]
    return columns(query, [*labels, ("thematic", _("Chuyên đề"))], "number")


@figures_table(DashboardQuery)
def children_table(request, here):
    shown = compute(here.organisation, here.query, request.user)
    headings = [
        *[_("Tổ chức"), _("Số buổi"), _("Lượt phải có mặt"), _("Lượt có mặt"), _("Tỷ lệ có mặt")],
        *[_("Định kỳ phải có"), _("Định kỳ đã có"), _("Chuyên đề phải có"), _("Chuyên đề đã có")],
    ]
    rows = sorted_children(shown.children, here.query.values["name"], here.query.values["sort"])
    return _("theo tổ chức trực thuộc"), headings, [child_cells(row) for row in rows]


def child_cells(row) -> list:
    found = row.figures
    if not row.is_measurable:
        return [row.name]
    return [
        *[row.name, found.sessions, found.expected, found.present, percent(found.present, found.expected)],
        *[found.regular_due, found.regular_done, found.thematic_due, found.thematic_done],
    ]


SessionsAsked = partial(SessionRowsQuery, figures=FIGURE_CHOICES)


@figures_page(SessionsAsked)
def sessions_page(request, here):
    query = here.query
    sessions, total = sessions_behind(here.organisation, query, request.user)
    page = page_of(sessions.order_by(query.values["sort"], "-day", "pk"), query)
    figure = query.values["figure"]
    return show(
        request,
        here,
        "sessions_behind",
        _("Buổi sinh hoạt"),
        page=page,
        rows=session_rows(page, request),
        columns=session_columns(query),
        total=total,
        figure=figure,
        counter=figure if figure in COLUMNS else "",
        label=dict(FIGURE_CHOICES)[figure],
    )


def session_rows(sessions, request) -> list[tuple]:
    """(session, its cell, address); the page of the session leads back to the one shown."""
    sessions = list(sessions)
    cells = cells_at(((session.cell_id, session.day) for session in sessions), request.user)
    addresses = [reverse("sessions:detail", args=[session.public_id]) for session in sessions]
    return [
        (session, cells[session.cell_id, session.day], leading_back(address, request))
        for session, address in zip(sessions, addresses, strict=True)
    ]


def session_columns(query: PeriodQuery) -> list[Column]:
    by_day, *counted = columns(
        query,
        [
            *[("day", _("Buổi")), ("expected", _("Phải có mặt")), ("present", _("Có mặt"))],
            *[("excused", _("Vắng có lý do")), ("unexcused", _("Vắng không lý do")), ("guests", _("Khách"))],
        ],
        "number",
    )
    expected, present, excused, unexcused, guests = counted
    online, exempt = Column(_("Trực tuyến")), Column(_("Miễn vẫn dự"))
    return [
        *[by_day, Column(_("Chi bộ"), ""), Column(_("Loại"), ""), expected, present, online],
        *[excused, unexcused, exempt, guests],
    ]


@figures_table(SessionsAsked)
def sessions_table(request, here):
    sessions, _total = sessions_behind(here.organisation, here.query, request.user)
    sessions = list(sessions.order_by(here.query.values["sort"], "-day", "pk"))
    cells = cells_at(((session.cell_id, session.day) for session in sessions), request.user)
    headings = [_("Chi bộ"), _("Ngày"), _("Loại"), *[str(dict(FIGURE_CHOICES)[name]) for name in COLUMNS]]
    rows = [
        [
            *[full_name(cells[session.cell_id, session.day]), f"{session.day:%d/%m/%Y}", session.get_kind_display()],
            *[getattr(session, name) for name in COLUMNS],
        ]
        for session in sessions
    ]
    return _("buổi sinh hoạt"), headings, rows


@figures_page(DutyRowsQuery)
def duties_page(request, here):
    page = page_of(duties_behind(here.organisation, here.query, request.user), here.query)
    return show(
        request,
        here,
        "duties_behind",
        _("Chi bộ phải sinh hoạt"),
        page=page,
        rows=duty_rows(page, here.query, request.user.reach),
        columns=columns(here.query, [("name", _("Chi bộ")), ("span", _("Kỳ")), ("done", _("Kết quả"))]),
        is_thematic=here.query.values["part"] == "thematic",
    )


@figures_table(DutyRowsQuery)
def duties_table(request, here):
    found = duties_behind(here.organisation, here.query, request.user)
    words = {True: _("Đã sinh hoạt"), False: _("Chưa sinh hoạt")}
    rows = [[named.name, named.parent_name, span_name(duty.span), words[duty.is_done]] for named, duty in found]
    return _("chi bộ phải sinh hoạt"), [_("Chi bộ"), _("Trực thuộc"), _("Kỳ"), _("Kết quả")], rows


@roles(*READS_FIGURES)
@require_safe
def members_page(request, public_id):
    """The roster for those who see rosters; for the others the counts of the next level down."""
    here = opened_to_members(request, public_id)
    if not here.is_readable:
        return not_readable(request, here)
    query = here.query
    if not sees_roster(request.user.reach, here):
        return members_counted(request, here)
    found, hidden = members_behind(here.organisation, query, request.user)
    page = page_of(found, query)
    note_reading(request, here.organisation, here.organisation.pk, day=query.period.until, rows=len(page))
    labels = [("name", _("Họ và tên")), ("cell", _("Chi bộ")), ("standing", _("Tư cách"))]
    return show(
        request,
        here,
        "members_behind",
        _("Đảng viên"),
        label=figure_label(query),
        page=page,
        hidden=hidden,
        rows=with_cells(page, found, request.user, query.period.until),
        columns=columns(query, [*labels, ("status", _("Tình trạng")), ("since", _("Từ ngày"))]),
    )


def opened_to_members(request, public_id) -> Opened:
    """The question is read as one for names, or as one for counts where its reader may not see names."""
    here = opened(request, public_id, MemberRowsQuery(request.GET))
    return here if sees_roster(request.user.reach, here) else replace(here, query=MemberCountsQuery(request.GET))


def members_counted(request, here: Opened):
    page = page_of(members_below(here.organisation, here.query), here.query)
    labels = [("name", _("Tổ chức")), ("members_total", _("Tổng số")), ("members_official", _("Chính thức"))]
    labels += [("members_probationary", _("Dự bị")), ("members_exempt", _("Miễn sinh hoạt"))]
    labels += [("members_away", _("Tạm thời đi")), ("members_hosted", _("Tạm thời đến"))]
    return show(
        request,
        here,
        "members_below",
        _("Đảng viên"),
        page=page,
        lines=members_at(here.organisation, here.query) if here.is_cell else [],
        columns=columns(here.query, labels, "number"),
    )


@roles(*READS_FIGURES)
@require_safe
def members_table(request, public_id):
    """What the page shows, names or counts; names that are taken away leave their own trace."""
    with one_state():
        here = opened_to_members(request, public_id)
        if not here.is_readable:
            return not_readable(request, here)
        with_names = sees_roster(request.user.reach, here)
        headings, rows = named_members(request, here) if with_names else counted_members(here)
    action = "roster.exported" if with_names else "table.exported"
    return take_away(request, here, str(figure_label(here.query)), headings, rows, action=action)


def named_members(request, here: Opened) -> tuple[list[str], list[list]]:
    day = here.query.period.until
    found, _hidden = members_behind(here.organisation, here.query, request.user)
    rows = [
        [
            *[row.person.full_name, cell.name, cell.parent_name, row.get_standing_display()],
            *[row.get_status_display(), f"{row.first_day:%d/%m/%Y}"],
        ]
        for row, cell in with_cells(found, found, request.user, day)
    ]
    return [
        *[_("Họ và tên"), _("Chi bộ"), _("Trực thuộc"), _("Tư cách")],
        *[_("Tình trạng"), _("Từ ngày")],
    ], rows


def counted_members(here: Opened) -> tuple[list[str], list[list]]:
    headings = [_("Tổ chức"), *[str(label) for _name, label in here.query.fields["figure"].choices]]
    return headings, [[row.name, *row.counts.values()] for row in members_below(here.organisation, here.query)]


def sees_roster(reach, here: Opened) -> bool:
    return reach.holds(SEES_ROSTERS) or here.organisation.pk in reach.own(AT_THE_CELL)


@figures_page(SpeakerRowsQuery)
def speakers_page(request, here):
    people, hidden = speaking_people(here.organisation, here.query, request.user)
    page = page_of(people, here.query)
    labels = [("name", _("Họ và tên")), ("place", _("Được công nhận ở")), ("since", _("Từ ngày"))]
    return show(
        request,
        here,
        "speakers_behind",
        _("Lực lượng tuyên truyền"),
        page=page,
        rows=page.object_list,
        hidden=hidden,
        columns=columns(here.query, labels),
        label=figure_label(here.query),
    )


def figure_label(query: PeriodQuery) -> str:
    return dict(query.fields["figure"].choices)[query.values["figure"]]


@figures_table(SpeakerRowsQuery)
def speakers_table(request, here):
    people, _hidden = speaking_people(here.organisation, here.query, request.user)
    rows = [
        [
            *[person.full_name, place.name, place.parent_name, row.get_level_display()],
            *[row.decision_number, f"{row.first_day:%d/%m/%Y}"],
        ]
        for person, appointments in people
        for row, place in appointments
    ]
    headings = [_("Họ và tên"), _("Tổ chức"), _("Trực thuộc"), _("Cấp"), _("Số quyết định"), _("Từ ngày")]
    return str(figure_label(here.query)), headings, rows


@figures_page(OrganisationRowsQuery)
def organisations_page(request, here):
    page = page_of(organisations_behind(here.organisation, here.query, request.user), here.query)
    return show(
        request,
        here,
        "organisations_behind",
        _("Tổ chức"),
        page=page,
        rows=organisation_rows(page, here.query, request.user.reach),
        columns=columns(here.query, [("name", _("Tổ chức")), ("kind", _("Loại tổ chức"))]),
        label=figure_label(here.query),
    )


@figures_table(OrganisationRowsQuery)
def organisations_table(request, here):
    found = organisations_behind(here.organisation, here.query, request.user)
    rows = [[named.name, named.parent_name, named.period.get_kind_display()] for named in found]
    return str(figure_label(here.query)), [_("Tổ chức"), _("Trực thuộc"), _("Loại")], rows


@figures_page(ConferenceRowsQuery)
def conferences_page(request, here):
    conferences, hidden, total = conferences_found(here.organisation, here.query, request.user)
    page = page_of(conferences, here.query)
    prefetch_related_objects(page.object_list, "sites")
    return show(
        request,
        here,
        "conferences_behind",
        _("Hội nghị học tập, quán triệt"),
        page=page,
        rows=[conference_row(conference, request) for conference in page],
        hidden=hidden,
        total=total,
        columns=[
            *columns(here.query, [("subject", _("Nội dung")), ("day", _("Ngày"))]),
            *[Column(_("Đơn vị tổ chức"), ""), Column(_("Điểm cầu")), Column(_("Chưa báo số"), "")],
            Column(_("Có mặt/triệu tập")),
        ],
    )


def conference_row(conference, request) -> tuple:
    """(conference, who came in all, sites, those that said nothing yet, address); its page leads back to this one."""
    address = reverse("resolutions:conference", args=[conference.public_id])
    sites = list(conference.sites.all())
    missing = [site for site in sites if site.is_missing]
    return conference, head_count([conference, *sites]), len(sites), missing, leading_back(address, request)


@figures_table(ConferenceRowsQuery)
def conferences_table(request, here):
    conferences, _hidden, _total = conferences_found(here.organisation, here.query, request.user)
    prefetch_related_objects(conferences, "sites")
    headings = [_("Nội dung"), _("Ngày"), _("Đơn vị tổ chức"), _("Hình thức")]
    headings += [_("Điểm cầu"), _("Điểm cầu chưa báo số"), _("Triệu tập"), _("Có mặt"), _("Ước lượng")]
    rows = []
    for conference in conferences:
        sites = list(conference.sites.all())
        total = head_count([conference, *sites])
        facts = [conference.subject, f"{conference.day:%d/%m/%Y}", conference.host_name, conference.get_mode_display()]
        missing = "; ".join(site.name for site in sites if site.is_missing)
        rows.append([*facts, len(sites), missing, total.expected, total.present, total.mark])
    return _("hội nghị học tập, quán triệt"), headings, rows
