"""Pages that set figures beside each other: cells × months, subordinate organisations, this year and last."""

from django.utils.translation import gettext as _

from cells.papers.wording import percent
from reports import comparing
from reports import heat_map as heat
from reports.access import measurable
from reports.charts import named_chart, pair_chart
from reports.forms import CompareQuery, HeatMapQuery, YearBeforeQuery
from reports.opened import Column, columns, figures_page, figures_table, page_of, show
from reports.rows import full_name


@figures_page(HeatMapQuery)
def heat_map(request, here):
    query = here.query
    found = heat.compute(here.organisation, query, request.user)
    page = page_of(heat.chosen(found.lines, query), query)
    (by_name,) = columns(query, [("name", _("Chi bộ"))])
    (by_rate,) = columns(query, [("rate", _("Cả kỳ"))])
    return show(
        request,
        here,
        "heat_map",
        _("Từng chi bộ, từng tháng"),
        page=page,
        rows=heat.shown_lines(page, found.months, query, request.user),
        columns=[by_name, *[Column(f"{month:%m/%Y}") for month in found.months], by_rate],
        with_missing=sum(1 for line in found.lines if line.missing),
        cells=len(found.lines),
    )


@figures_table(HeatMapQuery)
def heat_map_table(request, here):
    found = heat.compute(here.organisation, here.query, request.user)
    headings = [_("Chi bộ"), *[f"{month:%m/%Y}" for month in found.months]]
    headings += [_("Lượt có mặt"), _("Lượt phải có mặt"), _("Tỷ lệ có mặt"), _("Số tháng thiếu")]
    rows = [
        [
            *[full_name(line.named), *[square_text(square) for square in line.squares]],
            *[line.present, line.expected, percent(line.present, line.expected), line.missing],
        ]
        for line in heat.chosen(found.lines, here.query)
    ]
    return _("từng chi bộ, từng tháng"), headings, rows


def square_text(square) -> str:
    if square.is_missing:
        return _("thiếu")
    return f"{square.present}/{square.expected}" if square.sessions else ""


@figures_page(CompareQuery)
def comparison(request, here):
    query = here.query
    found = comparing.compare(here.organisation, query, request.user)
    page = page_of(comparing.chosen(found.children, query), query)
    rows = [comparing.compared(child, query, found.rate) for child in page]
    label = comparing.measure_label(query.values["measure"])
    labels = [("name", _("Tổ chức")), ("numerator", _("Đạt")), ("denominator", _("Phải đạt")), ("rate", _("Tỷ lệ"))]
    return show(
        request,
        here,
        "comparison",
        _("So sánh đơn vị trực thuộc"),
        page=page,
        rows=rows,
        whole=found.whole,
        label=label,
        chart=comparison_chart(rows, label),
        columns=[
            *columns(query, labels, "number"),
            Column(_("So với chung")),
        ],
    )


def comparison_chart(rows: list, label: str):
    spoken = "; ".join(
        _("%(name)s: %(percent)s, %(numerator)s trên %(denominator)s")
        % {
            "name": row.name,
            "percent": row.share.percent,
            "numerator": row.share.numerator.text,
            "denominator": row.share.denominator.text,
        }
        for row in rows
    )
    bars = [(row.name, row.share.percent, row.numerator, row.denominator) for row in rows]
    return named_chart(_("%s theo đơn vị trực thuộc") % label, spoken, bars)


@figures_table(CompareQuery)
def comparison_table(request, here):
    query = here.query
    found = comparing.compare(here.organisation, query, request.user)
    rows = [
        [row.name, row.numerator, row.denominator, row.share.percent, row.points]
        for row in (comparing.compared(child, query, found.rate) for child in comparing.chosen(found.children, query))
    ]
    headings = [_("Tổ chức"), _("Đạt"), _("Phải đạt"), _("Tỷ lệ"), _("So với chung (điểm %)")]
    return _("so sánh: %s") % comparing.measure_label(query.values["measure"]), headings, rows


@figures_page(YearBeforeQuery)
def year_before(request, here):
    before = here.query.period.year_before
    was_here = bool(measurable(request.user.reach, [here.organisation.pk], before.days, here.query.read_in))
    found = comparing.beside_year_before(here.organisation, here.query) if was_here else None
    return show(
        request,
        here,
        "year_before",
        _("So với năm trước"),
        before=before,
        found=found,
        chart=found and years_chart(found, here.query.period.first_day.year),
    )


def years_chart(found: comparing.TwoYears, year: int):
    spoken = "; ".join(
        _("tháng %(month)s: năm %(year)s %(this)s, năm trước %(before)s")
        % {
            "month": row.month,
            "year": year,
            "this": row.this_share.percent,
            "before": row.before_share.percent,
        }
        for row in found.months
    )
    rows = [
        (
            _("Tháng %s") % row.month,
            ("", row.this_share.percent, *counts(row.this)),
            ("", row.before_share.percent, *counts(row.before)),
        )
        for row in found.months
    ]
    return pair_chart(_("Tỷ lệ có mặt năm %(year)s và năm trước") % {"year": year}, spoken, rows)


def counts(month) -> tuple[int, int]:
    return (month.present, month.expected) if month else (0, 0)


@figures_table(YearBeforeQuery)
def year_before_table(request, here):
    before = here.query.period.year_before
    headings = [_("Số liệu"), str(here.query.period.label), str(before.label), _("Chênh lệch")]
    if not measurable(request.user.reach, [here.organisation.pk], before.days, here.query.read_in):
        return _("so với năm trước"), headings, []
    found = comparing.beside_year_before(here.organisation, here.query)
    rates = [[row.label, told(row.this), told(row.before), row.points] for row in found.rates]
    months = [
        [_("Tỷ lệ có mặt tháng %s") % row.month, told(row.this_share), told(row.before_share), row.points]
        for row in found.months
    ]
    numbers = [[str(row.label), row.this.text, row.before.text, row.difference] for row in found.numbers]
    return _("so với năm trước"), headings, rates + months + numbers


def told(share) -> str:
    return f"{share.numerator.text}/{share.denominator.text} ({share.percent})"
