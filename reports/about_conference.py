"""The report after a study conference: what it was about, who came, site by site."""

from django.utils.translation import gettext as _

from cells.papers.blocks import column, figure, lead_in, paragraph, table, total
from cells.papers.wording import NO_FIGURE, clock, estimated, percent, thousands
from reports.results import mark_label
from reports.sources import Source, printed


def conference_opening(source: Source) -> list[dict]:
    conference = source.conference
    when = clock(conference.start, conference.end)
    lines = [
        _("%(issuer)s tổ chức hội nghị ngày %(day)s: %(subject)s.")
        % {"issuer": source.issuer, "day": source.cut_off, "subject": conference.subject.rstrip(".")},
        _("Hình thức: %s.") % conference.get_mode_display(),
    ]
    if when != NO_FIGURE:
        lines.append(_("Thời gian: %s.") % when)
    if conference.document_symbols:
        lines.append(_("Văn bản được học tập, quán triệt: %s.") % conference.document_symbols.rstrip("."))
    return [paragraph(line) for line in lines]


def conference_chapters(source: Source) -> list[tuple[str, list[dict]]]:
    return [(_("Số người dự"), attendance(source)), (_("Các điểm cầu"), sites(source))]


def attendance(source: Source) -> list[dict]:
    return [paragraph(_("Có mặt %(conference_present)s lượt người được triệu tập.") % printed(source))]


def sites(source: Source) -> list[dict]:
    conference, found = source.conference, source.figures
    receiving = list(conference.sites.all())
    if not receiving:
        return [paragraph(_("Hội nghị không có điểm cầu."))]
    columns = [
        column(_("TT"), 12, "centre"),
        column(_("Điểm cầu"), 81),
        column(_("Triệu tập"), 24, "right"),
        column(_("Có mặt"), 28, "right"),
        column(_("Tỷ lệ"), 20, "right"),
    ]
    rows = [site_row(0, _("Điểm chính"), conference)]
    rows += [site_row(number, site.name, site) for number, site in enumerate(receiving, start=1)]
    sums = [
        figure("conference_expected", thousands(found.conference_expected)),
        figure("conference_present", estimated(found.conference_present, found.conference_mark)),
        percent(found.conference_present, found.conference_expected),
    ]
    return [lead_in(_("Số người dự ở từng điểm:")), table(columns, rows, total(_("Cộng"), 2, sums))]


def site_row(number: int, name: str, place) -> list[str]:
    return [
        str(number) if number else NO_FIGURE,
        name,
        thousands(place.expected),
        estimated(place.present, mark_label(place.estimate)),
        percent(place.present, place.expected),
    ]
