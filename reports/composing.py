"""Everything a report prints, as plain JSON: `compose` reads the figures once, `reports.pdf` typesets them elsewhere.

Names, kind and parent are those in force on the cut-off day, so that a report of 2019 keeps its letterhead.
"""

import hashlib
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.dated import covering
from cells.models import Estimate, Organisation, OrganisationPeriod
from reports import letterhead
from reports.definitions import DEFINITIONS, OF_COMMITTEES_ONLY
from reports.models import Report
from reports.periods import Period
from reports.statistics import (
    ChildFigures,
    Figures,
    conferences_in,
    figures,
    figures_by_child,
    names_on,
    sessions_in,
)
from reports.wording import NBSP, NO_FIGURE, clock, day, estimated, percent, ratio, share, thousands
from resolutions.models import StudyConference
from sessions.models import THEMATIC_KINDS, Session

TEXT_WIDTH, DIGIT, PADDING = 165, 2.12, 2.8  # millimetres; a digit of a table, bold
LONG_RATIO = 9  # letters; longer ones may take two lines in the sums
ROOM = 6  # dotted lines for a section that people write
ADDED_UP = ("members_total", "sessions", "regular_due", "thematic_due", "expected", "present")


@dataclass(frozen=True)
class Source:
    """What a report is made of, read once."""

    organisation: Organisation
    period: Period
    named: OrganisationPeriod
    parent: OrganisationPeriod | None
    figures: Figures
    children: list[ChildFigures]
    sessions: list[Session]
    conferences: list[StudyConference]  # held by the organisation itself

    @property
    def is_cell(self) -> bool:
        return self.named.is_cell

    @property
    def issuer(self) -> str:
        return self.named.name if self.is_cell else letterhead.body_name(self.named.name, self.named.kind)

    @property
    def subject(self) -> str:
        return _("kết quả sinh hoạt chi bộ và công tác tuyên truyền %s") % self.period.label

    @property
    def cut_off(self) -> str:
        return day(self.period.until)


def compose(report: Report) -> dict:
    """The content of a report; reads the database and stores nothing. `figures` is what an issued report keeps."""
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


def read(organisation: Organisation, period: Period) -> Source:
    named = names_on([organisation], period.until)[organisation.pk]
    above = organisation.periods.filter(covering(period.until)).select_related("parent").first() or named
    sessions = sessions_in(organisation, period)
    conferences = conferences_in(organisation, period).filter(organisation=organisation)
    return Source(
        organisation=organisation,
        period=period,
        named=named,
        parent=names_on([above.parent], period.until)[above.parent_id] if above.parent else None,
        figures=figures(organisation, period),
        children=[] if named.is_cell else figures_by_child(organisation, period),
        sessions=list(sessions) if named.is_cell else list(sessions.only("code", "day")),
        conferences=list(conferences.prefetch_related("sites")),
    )


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


# I. The roster on the cut-off day


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


def printed(source: Source) -> dict[str, str]:
    """Each whole figure as it is printed, for sentences."""
    found = source.figures
    values = {
        name: thousands(value) for name, value in found.as_dict().items() if isinstance(value, int) and name != "guests"
    }
    return values | {
        "organisation": source.named.name,
        "until": source.cut_off,
        "below": below(found),
        "guests": estimated(found.guests, found.guests_mark),
        "attendance": share(found.present, found.expected),
        "regular": share(found.regular_done, found.regular_due),
        "thematic": share(found.thematic_done, found.thematic_due),
        "conference": share(found.conference_present, found.conference_expected, found.conference_mark),
    }


def below(found: Figures) -> str:
    if not found.committees:
        return _("%s chi bộ trực thuộc") % thousands(found.cells)
    return _("%(committees)s đảng bộ và %(cells)s chi bộ trực thuộc ở các cấp") % {
        "committees": thousands(found.committees),
        "cells": thousands(found.cells),
    }


# II. Results of a cell


def cell_results(source: Source) -> list[tuple[str, list[dict]]]:
    return [
        (_("Sinh hoạt chi bộ"), cell_sessions(source)),
        (_("Sinh hoạt chuyên đề"), cell_themes(source)),
        (_("Hội nghị học tập, quán triệt nghị quyết"), conferences(source)),
        (_("Báo cáo viên, tuyên truyền viên"), [speakers(source)]),
    ]


def cell_sessions(source: Source) -> list[dict]:
    values = printed(source)
    if not source.sessions:
        return [paragraph(_("Trong kỳ chưa có buổi sinh hoạt nào đã kết thúc.")), *duty(source)]
    return [
        paragraph(
            _(
                "Trong kỳ, chi bộ đã tổ chức %(sessions)s buổi sinh hoạt, trong đó %(sessions_regular)s buổi có nội "
                "dung định kỳ, %(sessions_thematic)s buổi có nội dung chuyên đề."
            )
            % values
        ),
        *duty(source),
        *attendance(values),
        lead_in(_("Các buổi sinh hoạt trong kỳ:")),
        session_table(source),
    ]


def duty(source: Source) -> list[dict]:
    if not source.figures.regular_due:
        return []
    return [paragraph(_("Số tháng có sinh hoạt định kỳ: %(regular)s.") % printed(source))]


def attendance(values: dict) -> list[dict]:
    return [
        paragraph(
            _(
                "Có mặt %(attendance)s lượt phải có mặt, trong đó trực tuyến %(present_online)s lượt; vắng có lý do "
                "%(excused)s lượt; vắng không lý do %(unexcused)s lượt. Đảng viên được miễn vẫn dự %(exempt_present)s "
                "lượt; khách mời %(guests)s lượt."
            )
            % values
        )
    ]


def session_table(source: Source) -> dict:
    found = source.figures
    columns = [
        column(_("TT"), 9, "centre"),
        column(_("Ngày"), 24, "centre"),
        column(_("Thời gian"), 27, "centre"),
        column(_("Loại"), 29),
        column(_("Phải có mặt"), 15.5, "right"),
        column(_("Có mặt"), 14, "right"),
        column(_("Vắng có lý do"), 14, "right"),
        column(_("Vắng không lý do"), 15, "right"),
        column(_("Tỷ lệ"), 17.5, "right"),
    ]
    rows = [
        [
            str(number),
            day(session.day),
            clock(session.start, session.end),
            session.get_kind_display(),
            *counted(session),
        ]
        for number, session in enumerate(source.sessions, start=1)
    ]
    return table(columns, rows, total(_("Cộng"), 4, counted(found)))


def counted(counters) -> list[str]:
    numbers = (counters.expected, counters.present, counters.excused, counters.unexcused)
    return [*map(thousands, numbers), percent(counters.present, counters.expected)]


def cell_themes(source: Source) -> list[dict]:
    thematic = [session for session in source.sessions if session.kind in THEMATIC_KINDS]
    blocks = []
    if source.figures.thematic_due:
        blocks.append(paragraph(_("Số quý có sinh hoạt chuyên đề: %(thematic)s.") % printed(source)))
    if not thematic:
        return [*blocks, paragraph(_("Trong kỳ không có buổi sinh hoạt chuyên đề."))]
    columns = [
        column(_("TT"), 9, "centre"),
        column(_("Ngày"), 24, "centre"),
        column(_("Chuyên đề"), 66),
        column(_("Hình thức"), 22),
        column(_("Có mặt / phải có mặt"), 23, "right"),
        column(_("Khách mời (lượt)"), 21, "right"),
    ]
    rows = [
        [
            str(number),
            day(session.day),
            session.theme,
            session.get_mode_display(),
            ratio(session.present, session.expected),
            estimated(session.guests, mark_label(session.guests_estimate)),
        ]
        for number, session in enumerate(thematic, start=1)
    ]
    return [*blocks, lead_in(_("Các chuyên đề đã sinh hoạt:")), table(columns, rows)]


def mark_label(mark: str) -> str:
    return str(Estimate(mark).label) if mark else ""


# II. Results of a committee


def committee_results(source: Source) -> list[tuple[str, list[dict]]]:
    return [
        (_("Sinh hoạt chi bộ"), committee_sessions(source)),
        (_("Hội nghị học tập, quán triệt nghị quyết"), conferences(source)),
        (_("Báo cáo viên, tuyên truyền viên"), [speakers(source)]),
        (_("Kết quả của các tổ chức trực thuộc"), children(source)),
    ]


def committee_sessions(source: Source) -> list[dict]:
    values = printed(source)
    blocks = [
        paragraph(
            _(
                "Trong kỳ, các chi bộ đã tổ chức %(sessions)s buổi sinh hoạt, trong đó %(sessions_regular)s buổi có "
                "nội dung định kỳ, %(sessions_thematic)s buổi có nội dung chuyên đề."
            )
            % values
        )
    ]
    if source.figures.regular_due:
        blocks.append(paragraph(_("Số lượt chi bộ có sinh hoạt định kỳ trong tháng: %(regular)s.") % values))
    if source.figures.thematic_due:
        blocks.append(paragraph(_("Số lượt chi bộ có sinh hoạt chuyên đề trong quý: %(thematic)s.") % values))
    return blocks + attendance(values)


def children(source: Source) -> list[dict]:
    if not source.children:
        return [paragraph(_("Trong kỳ không có tổ chức trực thuộc."))]
    columns = [
        column(_("TT"), 10, "centre"),
        column(_("Tổ chức"), 50),
        column(_("Đảng viên"), 15, "right"),
        column(_("Số buổi"), 13, "right"),
        column(_("Định kỳ (có / phải có)"), 19, "right"),
        column(_("Chuyên đề (có / phải có)"), 19, "right"),
        column(_("Có mặt / phải có mặt (lượt)"), 22, "right"),
        column(_("Tỷ lệ"), 17, "right"),
    ]
    rows = [[str(number), child.name, *results(child.figures)] for number, child in enumerate(source.children, start=1)]
    sums = [text.replace("/", " / ") if len(text) > LONG_RATIO else text for text in results(source.figures)]
    blocks = [table(fitted(columns, sums), rows, total(_("Toàn %s") % whole(source), 2, sums))]
    return blocks + ([] if adds_up(source) else [moved_note()])


def fitted(columns: list[dict], sums: list[str]) -> list[dict]:
    """Columns wide enough for the sums, which are their longest numbers; the column of names gives the room."""
    names, counts = columns[:2], columns[2:]
    counts = [
        column | {"width": max(column["width"], DIGIT * longest_word(text) + PADDING)}
        for column, text in zip(counts, sums, strict=True)
    ]
    rest = TEXT_WIDTH - names[0]["width"] - sum(column["width"] for column in counts)
    return [names[0], names[1] | {"width": rest}, *counts]


def longest_word(text: str) -> int:
    return max(len(word) for word in text.split(" "))


def whole(source: Source) -> str:
    return _("đảng bộ") if source.named.name.lower().startswith("đảng") else _("tổ chức")


def results(found: Figures) -> list[str]:
    return [
        thousands(found.members_total),
        thousands(found.sessions),
        ratio(found.regular_done, found.regular_due),
        ratio(found.thematic_done, found.thematic_due),
        ratio(found.present, found.expected),
        percent(found.present, found.expected),
    ]


def adds_up(source: Source) -> bool:
    return all(
        sum(getattr(child.figures, name) for child in source.children) == getattr(source.figures, name)
        for name in ADDED_UP
    )


def moved_note() -> dict:
    return note(
        _(
            "Trong kỳ có tổ chức chuyển đến hoặc chuyển đi: mỗi dòng tính trọn kỳ của tổ chức ấy, dòng cuối chỉ tính "
            "những ngày thuộc về nơi báo cáo."
        )
    )


# II. For both


def conferences(source: Source) -> list[dict]:
    if not source.figures.conferences:
        return [paragraph(_("Trong kỳ không tổ chức hội nghị học tập, quán triệt nghị quyết."))]
    opening = _("Trong kỳ đã tổ chức %(conferences)s hội nghị; có mặt %(conference)s lượt người được triệu tập.")
    blocks = [paragraph(opening % printed(source))]
    if not source.conferences:
        return blocks
    columns = [
        column(_("TT"), 9, "centre"),
        column(_("Ngày"), 24, "centre"),
        column(_("Nội dung"), 64),
        column(_("Hình thức"), 19),
        column(_("Điểm cầu"), 13, "right"),
        column(_("Triệu tập"), 16, "right"),
        column(_("Có mặt"), 20, "right"),
    ]
    rows = [conference_row(number, found) for number, found in enumerate(source.conferences, start=1)]
    return [*blocks, lead_in(_("Hội nghị do %s tổ chức:") % source.issuer), table(columns, rows)]


def conference_row(number: int, conference: StudyConference) -> list[str]:
    sites = list(conference.sites.all())
    places = [conference, *sites]
    marks = {place.estimate for place in places}
    mark = next((word for word in (Estimate.NEARLY, Estimate.ABOUT, Estimate.OVER) if word in marks), "")
    return [
        str(number),
        day(conference.day),
        conference.subject,
        conference.get_mode_display(),
        thousands(len(sites)) if sites else NO_FIGURE,
        thousands(sum(place.expected for place in places)),
        estimated(sum(place.present for place in places), mark_label(mark)),
    ]


def speakers(source: Source) -> dict:
    return paragraph(
        _(
            "Đến hết ngày %(until)s có %(speakers)s báo cáo viên, %(propagandists)s tuyên truyền viên, "
            "%(collaborators)s cộng tác viên dư luận xã hội đang được công nhận."
        )
        % printed(source)
    )


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


# Appendix


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


# Blocks


def heading(text: str) -> dict:
    return {"kind": "heading", "text": text}


def subheading(text: str) -> dict:
    return {"kind": "subheading", "text": text}


def paragraph(text: str) -> dict:
    return {"kind": "paragraph", "text": text}


def lead_in(text: str) -> dict:
    return {"kind": "paragraph", "text": text, "introduces": True}


def item(text: str) -> dict:
    return {"kind": "item", "text": text}


def note(text: str) -> dict:
    return {"kind": "note", "text": text}


def room() -> dict:
    return {"kind": "room", "lines": ROOM}


def column(title: str, width: float, align: str = "left") -> dict:
    return {"title": title, "width": width, "align": align}


def table(columns: list[dict], rows: list[list[str]], sums: dict | None = None) -> dict:
    return {"kind": "table", "columns": columns, "rows": rows, "total": sums}


def total(label: str, span: int, texts: list[str]) -> dict:
    return {"label": label, "span": span, "texts": texts}
