"""Everything a report prints, as plain JSON: `compose` reads the figures once, `cells.papers` typesets elsewhere."""

import hashlib
import json

from django.utils.translation import gettext as _

from cells.papers import letterhead
from cells.papers.blocks import heading, item, paragraph, room, subheading
from cells.papers.wording import day
from reports.appendix import appendix
from reports.models import Report
from reports.periods import Period
from reports.results import cell_results, committee_results
from reports.sources import Source, printed, read
from reports.statistics import conferences_in


def compose(report: Report) -> dict:
    """Reads the database and stores nothing; under `figures` stands what an issued report keeps."""
    source = read(report.organisation, Period.parse(report.period, report.until))
    frozen = freeze(source)
    return {
        "layout": report.layout,
        "title": _("Báo cáo %(subject)s – %(name)s") % {"subject": source.subject, "name": source.named.name},
        "letterhead": head(source),
        "type": _("BÁO CÁO"),
        "subject": source.subject,
        "span": _("(Số liệu từ ngày %(first)s đến hết ngày %(last)s)")
        % {"first": day(source.period.first_day), "last": source.cut_off},
        "blocks": [*body(source), ending(source), *appendix(source, frozen["sha256"])],
        "figures": frozen,
    }


def freeze(source: Source) -> dict:
    """Figures and the codes of the records behind them, with the SHA-256 that tells later whether anything changed."""
    frozen = {
        "organisation": source.organisation.code,
        "period": source.period.code,
        "until": source.period.until.isoformat(),
        "figures": source.figures.as_dict(),
        "children": [{"code": child.organisation.code} | child.figures.as_dict() for child in source.children],
        "sessions": [session.code for session in source.sessions],
        "conferences": [conference.code for conference in conferences_in(source.organisation, source.period)],
    }
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True)
    return frozen | {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def head(source: Source) -> dict:
    return {
        "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "parent": letterhead.parent_line(source.parent.name) if source.parent else "",
        "issuer": source.issuer,
        # The number is taken when the report is signed; until then there is room to write it.
        "number": {"before": _("Số"), "after": f"-BC/{letterhead.symbol(source.named.kind, source.is_cell)}"},
        "dated": _("…………, ngày …… tháng …… năm 20……"),
    }


def body(source: Source) -> list[dict]:
    chapters = cell_results(source) if source.is_cell else committee_results(source)
    return [
        heading(_("I- TÌNH HÌNH CHUNG")),
        *general(source),
        heading(_("II- KẾT QUẢ")),
        *numbered(chapters),
        heading(_("III- HẠN CHẾ, NGUYÊN NHÂN")),
        room(),
        heading(_("IV- NHIỆM VỤ %s SAU") % next_span(source.period)),
        room(),
    ]


def next_span(period: Period) -> str:
    if "Q" in period.code:
        return _("QUÝ")
    if "H" in period.code:
        return _("6 THÁNG")
    return _("THÁNG") if "-" in period.code else _("NĂM")


def numbered(chapters: list[tuple[str, list[dict]]]) -> list[dict]:
    blocks = []
    for number, (title, content) in enumerate(chapters, start=1):
        blocks += [subheading(f"{number}. {title}"), *content]
    return blocks


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
    return [
        paragraph(opening % values),
        item(_("- Đảng viên được miễn công tác và sinh hoạt: %(members_exempt)s người;") % values),
        item(_("- Đảng viên sinh hoạt tạm thời ở nơi khác: %(members_away)s người;") % values),
        item(_("- Đảng viên nơi khác đến sinh hoạt tạm thời: %(members_hosted)s người.") % values),
    ]


def ending(source: Source) -> dict:
    parent = letterhead.body_name(source.parent.name, source.parent.kind) if source.parent else None
    return {
        "kind": "ending",
        "text": _("Trên đây là báo cáo %(subject)s của %(name)s; số liệu được chốt đến hết ngày %(until)s.")
        % {"subject": source.subject, "name": source.named.name, "until": source.cut_off},
        "receivers_title": _("Nơi nhận:"),
        "receivers": letterhead.recipients(source.issuer, source.is_cell, parent),
        "authority": letterhead.authority(source.issuer, source.is_cell),
        "post": _("BÍ THƯ"),
        "signer": "",
    }
