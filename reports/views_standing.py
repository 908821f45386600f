"""How things stand on a day, and what changed since another."""

from django.utils.translation import gettext as _

from reports import changes as changing
from reports import lights as lighting
from reports.forms import ChangesQuery, LightsQuery
from reports.opened import Column, columns, figures_page, figures_table, page_of, show
from reports.rows import full_name


@figures_page(LightsQuery)
def lights(request, here):
    query = here.query
    found = lighting.compute(here.organisation, query, request.user)
    page = page_of(lighting.chosen(found.standings, query), query)
    return show(
        request,
        here,
        "lights",
        _("Đèn báo hạn"),
        day=found.day,
        page=page,
        rows=lighting.shown(page, query, request),
        tiles=[
            (word, icon, css, found.counts[light], query.link(light=light))
            for light, (word, icon, css) in lighting.LIGHTS.items()
        ],
        everybody=len(found.standings),
        owed_url=lighting.owed_by(here.organisation, query, request),
        columns=columns(query, [("name", _("Tổ chức")), ("light", _("Tình trạng")), ("since", _("Việc"))]),
    )


@figures_table(LightsQuery)
def lights_table(request, here):
    found = lighting.compute(here.organisation, here.query, request.user)
    rows = [
        [
            *[one.named.name, one.named.parent_name, str(lighting.LIGHTS[one.light][0]), len(one.late)],
            "; ".join(lighting.told(obligation, found.day) for obligation in one.late or one.due),
        ]
        for one in lighting.chosen(found.standings, here.query)
    ]
    headings = [_("Tổ chức"), _("Trực thuộc"), _("Tình trạng"), _("Số việc quá hạn"), _("Việc")]
    return _("tình trạng ngày %s") % f"{found.day:%d/%m/%Y}", headings, rows


@figures_page(ChangesQuery)
def changes(request, here):
    query = here.query
    found = changing.compute(here.organisation, query, request.user)
    page = page_of(changing.chosen(found.rows, query), query)
    labels = {
        "late": (_("Mới quá hạn"), "x-circle-fill"),
        "back": (_("Hết quá hạn"), "check-circle-fill"),
        "roster": (_("Danh sách đảng viên thay đổi"), "people"),
        "tree": (_("Tổ chức mới, không còn"), "diagram-3"),
    }
    return show(
        request,
        here,
        "changes",
        _("Thay đổi"),
        found=found,
        page=page,
        rows=changing.shown(page, query, request),
        tiles=[(label, icon, found.count(kind), query.link(show=kind)) for kind, (label, icon) in labels.items()],
        everybody=len(found.before.organisations | found.after.organisations),
        is_narrowed=query.values["show"] != "all" or bool(query.values["name"]),
        columns=[*columns(query, [("name", _("Tổ chức"))]), Column(_("Thay đổi"), "")],
    )


@figures_table(ChangesQuery)
def changes_table(request, here):
    found = changing.compute(here.organisation, here.query, request.user)
    rows = [
        [
            *[full_name(row.named), "; ".join(map(lighting.name_of, row.newly_late))],
            *["; ".join(map(lighting.name_of, row.back)), row.roster.came, row.roster.left, row.roster.changed],
            _("mới") if row.is_new else _("không còn") if row.is_gone else "",
        ]
        for row in changing.chosen(found.rows, here.query)
    ]
    headings = [_("Tổ chức"), _("Mới quá hạn"), _("Hết quá hạn"), _("Người mới đến"), _("Người đã đi")]
    headings += [_("Đổi tư cách, tình trạng"), _("Tổ chức")]
    days = {"before": f"{found.before.day:%d/%m/%Y}", "after": f"{found.after.day:%d/%m/%Y}"}
    return _("thay đổi từ %(before)s đến %(after)s") % days, headings, rows
