"""Appendix of a report: each figure with its definition, and the records behind it."""

from django.utils.translation import gettext as _

from cells.papers.blocks import column, lead_in, paragraph, table
from cells.papers.wording import NBSP, day, thousands
from reports.definitions import DEFINITIONS, OF_COMMITTEES_ONLY, OF_CONFERENCES
from reports.freezing import value_of
from reports.sources import Source, printed


def appendix(source: Source, frozen: dict) -> list[dict]:
    return [
        {"kind": "appendix", "title": _("PHỤ LỤC"), "subject": _("nguồn số liệu")},
        paragraph(
            _(
                "Số liệu chốt đến hết ngày %(until)s, theo cơ cấu tổ chức tại từng thời điểm. Người và lượt là hai đơn "
                "vị khác nhau, không cộng với nhau. Dấu “—” nghĩa là không có mẫu số để tính."
            )
            % {"until": source.cut_off}
        ),
        definition_table(source, frozen),
        *sources(source, frozen),
        paragraph(_("Mục III và mục IV do người lập báo cáo ghi (nhập tay), không lấy từ số liệu.")),
        paragraph(_("Mã kiểm tra rút gọn của bộ số liệu đã chốt: %s.") % spaced(frozen["sha256"][:16])),
    ]


def spaced(digest: str) -> str:
    return NBSP.join(digest[place : place + 4] for place in range(0, len(digest), 4))


def definition_table(source: Source, frozen: dict) -> dict:
    columns = [column(_("Chỉ tiêu"), 51), column(_("Số liệu"), 26, "right"), column(_("Cách tính"), 88)]
    names = names_of(source, frozen)
    rows = [[frozen["definitions"][name][0], value_of(frozen, name), frozen["definitions"][name][1]] for name in names]
    return table(columns, rows) | {"figures": {"column": 1, "names": names}}


def names_of(source: Source, frozen: dict) -> list[str]:
    if source.conference:
        return list(OF_CONFERENCES)
    skipped = OF_COMMITTEES_ONLY if source.is_cell else ()
    return [name for name in (*DEFINITIONS, *frozen["activity"]["counts"]) if name not in skipped]


def sources(source: Source, frozen: dict) -> list[dict]:
    if source.conference:
        return conference_sources(source)
    return cell_sources(source) if source.is_cell else committee_sources(source, frozen)


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


def committee_sources(source: Source, frozen: dict) -> list[dict]:
    """Sessions of all cells would fill books: printed are their counts per cell, the list stands in the XLSX."""
    held = [child for child in source.children if child.figures and child.figures.conferences]
    blocks = [
        paragraph(
            _(
                "Nguồn của các số liệu về sinh hoạt: %(sessions)s buổi đã kết thúc của các chi bộ. Danh sách từng "
                "buổi, kèm mã và ngày, ở tệp Excel đi cùng báo cáo."
            )
            % printed(source)
        ),
        *cell_counts(frozen),
    ]
    blocks += conference_sources(source)
    if held:
        counts = [f"{child.name}: {thousands(child.figures.conferences)}" for child in held]
        blocks.append(paragraph(_("Hội nghị của các tổ chức trực thuộc đã tính: %s.") % "; ".join(counts)))
    return blocks


def cell_counts(frozen: dict) -> list[dict]:
    if not frozen["cells"]:
        return []
    columns = [
        column(_("TT"), 12, "centre"),
        column(_("Chi bộ"), 79),
        column(_("Đảng viên"), 18, "right"),
        column(_("Số buổi"), 16, "right"),
        column(_("Phải có mặt"), 20, "right"),
        column(_("Có mặt"), 20, "right"),
    ]
    numbers = ("members", "sessions", "expected", "present")
    rows = [
        [str(number), cell["name"], *(thousands(cell[name]) for name in numbers)]
        for number, cell in enumerate(frozen["cells"], start=1)
    ]
    return [lead_in(_("Số liệu nguồn theo từng chi bộ:")), table(columns, rows)]
