"""What a propaganda board follows beside sessions: conferences, duties, follow-ups, outlines, speakers."""

from django.utils.translation import gettext as _

from reports.dashboard import Addresses, conference_share, figure_number
from reports.definitions import DEFINITIONS
from reports.forms import OutlineRowsQuery, PeriodQuery
from reports.opened import Column, columns, figures_page, figures_table, page_of, show
from reports.outlines import outlines_behind
from reports.owed import follow_ups, lines
from reports.rows import conferences_behind
from reports.statistics import figures
from resolutions.models import ReceivingSite

SPEAKERS = ("speakers", "propagandists", "collaborators")
FIRST_OUTLINES = 10


@figures_page(PeriodQuery)
def propaganda(request, here):
    query, addresses = here.query, Addresses(here.organisation, here.query)
    found = figures(here.organisation, query.period, query.values["structure"])
    conferences, _hidden = conferences_behind(here.organisation, query, request.user)
    missing_sites = ReceivingSite.objects.missing().filter(conference__in=conferences.order_by().values("pk"))
    outlines = outlines_behind(here.organisation, OutlineRowsQuery(request.GET), request.user)
    waiting = [outline for outline in outlines if outline.current < outline.cells]
    return show(
        request,
        here,
        "propaganda",
        _("Công tác tuyên giáo"),
        owed=lines(here.organisation, query.period, request.user.reach.day),
        follow_ups=follow_ups(here.organisation, query, request),
        conferences=figure_number("conferences", found, addresses),
        conference=conference_share(found, addresses),
        missing_sites=missing_sites.count(),
        conferences_url=addresses.page("conferences"),
        outlines=waiting[:FIRST_OUTLINES],
        outlines_waiting=len(waiting),
        outlines_all=len(outlines),
        outlines_url=addresses.page("outlines", show="missing"),
        speakers=[(*DEFINITIONS[name], figure_number(name, found, addresses)) for name in SPEAKERS],
    )


@figures_page(OutlineRowsQuery)
def outlines_page(request, here):
    page = page_of(outlines_behind(here.organisation, here.query, request.user), here.query)
    by_name, by_missing = columns(here.query, [("name", _("Đề cương")), ("missing", _("Chưa nhận"))], "number")
    middle = [Column(_("Chi bộ phải nhận")), Column(_("Đã nhận bản mới nhất")), Column(_("Còn giữ bản cũ"))]
    return show(request, here, "outlines_behind", _("Đề cương"), page=page, columns=[by_name, *middle, by_missing])


@figures_table(OutlineRowsQuery)
def outlines_table(request, here):
    rows = [
        [row.title, row.symbol, row.edition, row.cells, row.current, row.old, row.missing]
        for row in outlines_behind(here.organisation, here.query, request.user)
    ]
    headings = [_("Đề cương"), _("Văn bản"), _("Bản thứ"), _("Chi bộ phải nhận"), _("Đã nhận bản mới nhất")]
    return _("đề cương đã nhận"), [*headings, _("Còn giữ bản cũ"), _("Chưa nhận")], rows
