"""Appendix of a report: each figure with its definition, and the records behind it."""

from django.utils.translation import gettext as _

from cells.papers.blocks import column, lead_in, paragraph, table
from cells.papers.wording import NBSP, day, estimated, percent, thousands
from reports.definitions import DEFINITIONS, OF_COMMITTEES_ONLY
from reports.sources import Source, printed
from reports.statistics import Figures


def appendix(source: Source, digest: str) -> list[dict]:
    return [
        {"kind": "appendix", "title": _("PHỤ LỤC"), "subject": _("nguồn số liệu")},
        paragraph(
            _(
                "Số liệu chốt đến hết ngày %(until)s, theo cơ cấu tổ chức tại từng thời điểm. Người và lượt là hai đơn "
                "vị khác nhau, không cộng với nhau. Dấu “—” nghĩa là không có mẫu số để tính."
            )
            % {"until": source.cut_off}
        ),
        definition_table(source),
        *(cell_sources(source) if source.is_cell else committee_sources(source)),
        paragraph(_("Mã kiểm tra của bộ số liệu đã chốt (SHA-256, rút gọn): %s.") % spaced(digest[:16])),
    ]


def spaced(digest: str) -> str:
    return NBSP.join(digest[place : place + 4] for place in range(0, len(digest), 4))


def definition_table(source: Source) -> dict:
    columns = [column(_("Chỉ tiêu"), 51), column(_("Số liệu"), 26, "right"), column(_("Cách tính"), 88)]
    skipped = OF_COMMITTEES_ONLY if source.is_cell else ()
    rows = [
        [str(label), figure_printed(source.figures, name), str(meaning)]
        for name, (label, meaning) in DEFINITIONS.items()
        if name not in skipped
    ]
    return table(columns, rows)


def figure_printed(found: Figures, name: str) -> str:
    if name == "attendance_rate":
        return percent(found.present, found.expected)
    if name == "guests":
        return estimated(found.guests, found.guests_mark)
    if name == "conference_present":
        return estimated(found.conference_present, found.conference_mark)
    return thousands(getattr(found, name))


def cell_sources(source: Source) -> list[dict]:
    if not source.sessions:
        return [paragraph(_("Không có buổi sinh hoạt nào làm nguồn số liệu."))]
    kinds = [str(session.get_kind_display()) for session in source.sessions]
    return [*records(_("Các buổi sinh hoạt đã tính:"), source.sessions, kinds), *conference_sources(source)]


def conference_sources(source: Source) -> list[dict]:
    if not source.conferences:
        return []
    subjects = [conference.subject for conference in source.conferences]
    return records(_("Các hội nghị tự tổ chức đã tính:"), source.conferences, subjects)


def records(title: str, found: list, texts: list[str]) -> list[dict]:
    columns = [
        column(_("TT"), 10, "centre"),
        column(_("Mã"), 55),
        column(_("Ngày"), 25, "centre"),
        column(_("Loại, nội dung"), 75),
    ]
    rows = [
        [str(number), record.code, day(record.day), text]
        for number, (record, text) in enumerate(zip(found, texts, strict=True), start=1)
    ]
    return [lead_in(title), table(columns, rows)]


def committee_sources(source: Source) -> list[dict]:
    """Sessions of all cells would fill books: their number per organisation stands in the table of results."""
    held = [child for child in source.children if child.figures.conferences]
    blocks = [
        paragraph(
            _(
                "Nguồn của các số liệu về sinh hoạt: %(sessions)s buổi đã kết thúc của các chi bộ; số buổi của từng tổ "
                "chức trực thuộc ghi ở cột “Số buổi” của bảng tại điểm 4 mục II."
            )
            % printed(source)
        )
    ]
    blocks += conference_sources(source)
    if held:
        counts = [f"{child.name}: {thousands(child.figures.conferences)}" for child in held]
        blocks.append(paragraph(_("Hội nghị của các tổ chức trực thuộc đã tính: %s.") % "; ".join(counts)))
    return blocks
