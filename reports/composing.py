"""Everything a report prints, as plain JSON: `compose` reads the figures once, `cells.papers` typesets elsewhere."""

import datetime as dt

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.papers import letterhead
from cells.papers.blocks import chapter, item, paragraph, room
from cells.papers.layouts import ended, layout_on, numbered_headings
from cells.papers.wording import NBSP, day
from reports.about_conference import conference_chapters, conference_opening
from reports.appendix import appendix
from reports.freezing import freeze
from reports.models import Report
from reports.periods import Period
from reports.results import cell_results, committee_results
from reports.routing import recipients, way_of
from reports.sources import Source, printed, read
from sessions.minuting import written


def source_of(report: Report) -> Source:
    return read(report.organisation, report.covered, report.conference)


def compose(report: Report, on: dt.date | None = None) -> dict:
    """The paper as it would be dated on that day, today if not given. Reads the database and stores nothing.

    Under `figures` stands what an issued report keeps.
    """
    on = on or timezone.localdate()
    source, layout = source_of(report), layout_on(on)
    frozen = freeze(source)
    blocks = [*body(source, report), ending(source, on, layout.end_mark), *appendix(source, frozen)]
    return {
        "layout": layout.code,
        "sheet": layout.sheet,
        "title": _("Báo cáo %(subject)s – %(name)s") % {"subject": source.subject, "name": source.named.name},
        "letterhead": head(source),
        "type": _("BÁO CÁO"),
        "subject": source.subject,
        "span": span(source),
        "blocks": numbered_headings(blocks, layout.headings),
        "figures": frozen,
    }


def as_draft(content: dict) -> dict:
    """What is not signed says so, and has no number (domain.md 2.3)."""
    title = _("Dự thảo %s") % f"{content['title'][:1].lower()}{content['title'][1:]}"
    return content | {"title": title, "letterhead": content["letterhead"] | {"draft": _("Dự thảo")}}


def span(source: Source) -> str:
    """The period and the cut-off are two things, also where both end on one day."""
    if source.period.is_day:
        values = {"period": capfirst(source.period.label), "until": source.cut_off}
        return _("(%(period)s; số liệu chốt đến hết ngày %(until)s)") % values
    covered = _("(Kỳ báo cáo từ ngày %(first)s đến ngày %(last)s;") % {
        "first": day(source.period.first_day),
        "last": day(source.period.last_day),
    }
    cut_off = _("số liệu chốt đến hết ngày %s)") % source.cut_off
    return f"{covered} {cut_off.replace(' ', NBSP)}"  # too long for one line: broken at the semicolon


def head(source: Source) -> dict:
    return {
        "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "parent": letterhead.parent_line(source.parent.name) if source.parent else "",
        "issuer": source.issuer,
        "dated": _("…………, ngày …… tháng …… năm 20……"),
    }


def body(source: Source, report: Report) -> list[dict]:
    shortcomings, tasks = written(report.shortcomings), written(report.next_tasks)
    return [
        chapter(_("TÌNH HÌNH CHUNG")),
        *(conference_opening(source) if source.conference else general(source)),
        chapter(_("KẾT QUẢ")),
        *numbered(chapters(source)),
        chapter(_("HẠN CHẾ, NGUYÊN NHÂN")),
        *(shortcomings or [room()]),
        chapter(_("NHIỆM VỤ %s") % next_span(source.period)),
        *(tasks or [room()]),
    ]


def chapters(source: Source) -> list[tuple[str, list[dict]]]:
    if source.conference:
        return conference_chapters(source)
    return cell_results(source) if source.is_cell else committee_results(source)


def next_span(period: Period) -> str:
    if period.is_day:
        return _("SAU HỘI NGHỊ")
    if "Q" in period.code:
        return _("QUÝ SAU")
    if "H" in period.code:
        return _("6 THÁNG SAU")
    return _("THÁNG SAU") if "-" in period.code else _("NĂM SAU")


def numbered(chapters: list[tuple[str, list[dict]]]) -> list[dict]:
    return [block for title, content in chapters for block in (chapter(title, "subheading"), *content)]


def general(source: Source) -> list[dict]:
    values = printed(source)
    if source.is_cell:
        opening = _(
            "Đến hết ngày %(until)s, chi bộ có %(members_total)s đảng viên, gồm %(members_official)s đảng viên "
            "chính thức và %(members_probationary)s đảng viên dự bị."
        )
    else:
        opening = _(
            "Đến hết ngày %(until)s, %(organisation)s có %(below)s, với %(members_total)s "
            "đảng viên, gồm %(members_official)s đảng viên chính thức và %(members_probationary)s đảng viên dự bị."
        )
    changes = _(
        "So với ngày %(before)s: tăng %(joined)s đảng viên, giảm %(left)s đảng viên; %(confirmed)s đảng viên dự bị "
        "được công nhận chính thức."
    )
    before = {"before": day(source.period.first_day - dt.timedelta(days=1))}
    return [
        paragraph(opening % values),
        item(_("- Đảng viên được miễn công tác và sinh hoạt: %(members_exempt)s người;") % values),
        item(_("- Đảng viên sinh hoạt tạm thời ở nơi khác: %(members_away)s người;") % values),
        item(_("- Đảng viên nơi khác đến sinh hoạt tạm thời: %(members_hosted)s người.") % values),
        paragraph(changes % (values | before)),
    ]


def ending(source: Source, on: dt.date, mark: str) -> dict:
    text = _("Trên đây là báo cáo %(subject)s của %(name)s; số liệu được chốt đến hết ngày %(until)s.")
    values = {"subject": source.subject, "name": source.named.name, "until": source.cut_off}
    return {
        "kind": "ending",
        "text": ended(text % values, mark),
        "receivers_title": _("Nơi nhận:"),
        "receivers": recipients(source, way_of(source, on)),
        "authority": letterhead.authority(source.issuer, source.is_cell),
        "post": _("BÍ THƯ"),
        "signer": "",
    }
