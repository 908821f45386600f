"""Section II of a report: what a cell, or a committee with what stands below it, did in the period."""

from django.utils.translation import gettext as _

from cells.models import Estimate
from cells.papers.blocks import column, figure, lead_in, note, paragraph, table, total
from cells.papers.wording import NO_FIGURE, clock, day, estimated, percent, ratio, thousands
from reports.sources import Source, printed
from reports.statistics import ChildFigures, Figures
from resolutions.models import StudyConference
from sessions.models import THEMATIC_KINDS

COUNTED = ("expected", "present", "excused", "unexcused", "attendance_rate")
SUMMED = ("members_total", "sessions", "regular_done", "thematic_done", "present", "attendance_rate")
ADDED_UP = ("members_total", "sessions", "regular_due", "thematic_due", "expected", "present")
TEXT_WIDTH, DIGIT, PADDING = 165, 2.12, 2.8  # millimetres; a digit of a table, bold
LONG_RATIO = 9  # letters; longer ones may take two lines in the sums


def cell_results(source: Source) -> list[tuple[str, list[dict]]]:
    return [
        (_("Sinh hoạt chi bộ"), cell_sessions(source)),
        (_("Sinh hoạt chuyên đề"), cell_themes(source)),
        (_("Hội nghị học tập, quán triệt nghị quyết"), conferences(source)),
        (_("Báo cáo viên, tuyên truyền viên"), speakers(source)),
        (_("Đề cương tuyên truyền"), outlines(source)),
        (_("Việc sau học tập, quán triệt"), follow_ups(source)),
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
        *levels(source),
        lead_in(_("Các buổi sinh hoạt trong kỳ:")),
        session_table(source),
    ]


def levels(source: Source) -> list[dict]:
    """How the sessions rated themselves; the ratings are theirs, not of people."""
    if not source.activity.levels:
        return []
    counts = "; ".join(f"{level} {thousands(count)}" for level, count in source.activity.levels.items())
    text = _("Tự đánh giá %(rated)s buổi: %(counts)s.")
    return [paragraph(text % (printed(source) | {"counts": counts}))]


def duty(source: Source) -> list[dict]:
    if not source.figures.regular_due:
        return []
    return [paragraph(_("Số tháng có sinh hoạt định kỳ: %(regular_done)s.") % printed(source))]


def attendance(values: dict) -> list[dict]:
    return [
        paragraph(
            _(
                "Có mặt %(present)s lượt phải có mặt, trong đó trực tuyến %(present_online)s lượt; vắng có lý do "
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
        column(_("Ngày"), 23.5, "centre"),
        column(_("Thời gian"), 24.5, "centre"),
        column(_("Loại"), 22),
        column(_("Phải có mặt"), 14, "right"),
        column(_("Có mặt"), 13, "right"),
        column(_("Vắng có lý do"), 13, "right"),
        column(_("Vắng không lý do"), 14, "right"),
        column(_("Tỷ lệ"), 17, "right"),
        column(_("Xếp loại"), 15, "centre"),
    ]
    rows = [
        [
            str(number),
            day(session.day),
            clock(session.start, session.end),
            session.get_kind_display(),
            *counted(session),
            level_of(session),
        ]
        for number, session in enumerate(source.sessions, start=1)
    ]
    return table(columns, rows, total(_("Cộng"), 4, [*of_figures(COUNTED, counted(found)), ""]))


def of_figures(names: tuple[str, ...], texts: list[str]) -> list[str]:
    return [figure(name, text) for name, text in zip(names, texts, strict=True)]


def level_of(session) -> str:
    """What the session gave itself; the points stand in its minutes."""
    return next((rating.level for rating in session.main_ratings), NO_FIGURE)


def counted(counters) -> list[str]:
    numbers = (counters.expected, counters.present, counters.excused, counters.unexcused)
    return [*map(thousands, numbers), percent(counters.present, counters.expected)]


def cell_themes(source: Source) -> list[dict]:
    thematic = [session for session in source.sessions if session.kind in THEMATIC_KINDS]
    blocks = []
    if source.figures.thematic_due:
        blocks.append(paragraph(_("Số quý có sinh hoạt chuyên đề: %(thematic_done)s.") % printed(source)))
    if not thematic:
        return [*blocks, paragraph(_("Trong kỳ không có buổi sinh hoạt chuyên đề."))]
    columns = [
        column(_("TT"), 9, "centre"),
        column(_("Ngày"), 24, "centre"),
        column(_("Chuyên đề"), 51),
        column(_("Người chuẩn bị, trình bày"), 41),
        column(_("Có mặt / phải có mặt"), 21, "right"),
        column(_("Khách mời (lượt)"), 19, "right"),
    ]
    rows = [
        [
            str(number),
            day(session.day),
            session.theme,
            told_by(session),
            ratio(session.present, session.expected),
            estimated(session.guests, mark_label(session.guests_estimate)),
        ]
        for number, session in enumerate(thematic, start=1)
    ]
    return [*blocks, lead_in(_("Các chuyên đề đã sinh hoạt:")), table(columns, rows)]


def told_by(session) -> str:
    """Who prepared the theme and who presented it, and how, as the plan has it or else the agenda."""
    theme = getattr(session, "planned_theme", None)
    presenters = [block.presenter_name for block in session.agenda.all() if block.presenter_name]
    prepared = theme and (theme.preparer_text or (theme.preparer and theme.preparer.full_name))
    presented = theme and (theme.presenter_text or (theme.presenter and theme.presenter.full_name))
    presented = presented or ", ".join(dict.fromkeys(presenters))
    methods = dict.fromkeys(block.method for block in session.agenda.all() if block.presenter_name and block.method)
    method = (theme and theme.method and theme.method.name) or ", ".join(methods) or session.get_mode_display()
    if not (prepared or presented):
        return method
    people = prepared if prepared == presented or not presented else "; ".join(filter(None, (prepared, presented)))
    return f"{people} ({method})"


def committee_results(source: Source) -> list[tuple[str, list[dict]]]:
    return [
        (_("Sinh hoạt chi bộ"), committee_sessions(source)),
        (_("Hội nghị học tập, quán triệt nghị quyết"), conferences(source)),
        (_("Báo cáo viên, tuyên truyền viên"), speakers(source)),
        (_("Đề cương tuyên truyền"), outlines(source)),
        (_("Việc sau học tập, quán triệt"), follow_ups(source)),
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
        blocks.append(paragraph(_("Số lượt chi bộ có sinh hoạt định kỳ trong tháng: %(regular_done)s.") % values))
    if source.figures.thematic_due:
        blocks.append(paragraph(_("Số lượt chi bộ có sinh hoạt chuyên đề trong quý: %(thematic_done)s.") % values))
    return [*blocks, *attendance(values), *levels(source)]


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
    rows = [[str(number), child.name, *told(child)] for number, child in enumerate(source.children, start=1)]
    sums = [text.replace("/", " / ") if len(text) > LONG_RATIO else text for text in results(source.figures)]
    blocks = [table(fitted(columns, sums), rows, total(_("Toàn %s") % whole(source), 2, of_figures(SUMMED, sums)))]
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


def told(child: ChildFigures) -> list[str]:
    return results(child.figures) if child.figures else [NO_FIGURE] * len(SUMMED)


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
    rows = [child.figures for child in source.children]
    return all(rows) and all(
        sum(getattr(row, name) for row in rows) == getattr(source.figures, name) for name in ADDED_UP
    )


def moved_note() -> dict:
    return note(
        _(
            "Trong kỳ có tổ chức chuyển đến hoặc chuyển đi: nơi chuyển đến tính trọn kỳ, nơi đã chuyển đi ghi “—”; "
            "dòng cuối tính mọi tổ chức, trong những ngày thuộc về nơi báo cáo."
        )
    )


def conferences(source: Source) -> list[dict]:
    if not source.figures.conferences:
        return [paragraph(_("Trong kỳ không tổ chức hội nghị học tập, quán triệt nghị quyết."))]
    opening = _(
        "Trong kỳ đã tổ chức %(conferences)s hội nghị; có mặt %(conference_present)s lượt người được triệu tập."
    )
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


def speakers(source: Source) -> list[dict]:
    values = printed(source)
    roster = _(
        "Đến hết ngày %(until)s có %(speakers)s báo cáo viên, %(propagandists)s tuyên truyền viên, "
        "%(collaborators)s cộng tác viên dư luận xã hội đang được công nhận."
    )
    changes = _("Trong kỳ công nhận mới %(appointed)s lượt, thôi công nhận %(ended)s lượt.")
    work = _(
        "Có %(served)s buổi sinh hoạt do báo cáo viên, tuyên truyền viên trình bày; %(classes)s lớp bồi dưỡng, "
        "%(completed)s lượt người hoàn thành."
    )
    return [paragraph(text % values) for text in (roster, changes, work)]


def outlines(source: Source) -> list[dict]:
    if source.is_cell:
        text = _("Trong kỳ, chi bộ nhận %(receipts)s bản đề cương tuyên truyền.")
    else:
        text = _("Trong kỳ đã ban hành %(outlines)s đề cương tuyên truyền; các chi bộ xác nhận %(receipts)s lượt nhận.")
    return [paragraph(text % printed(source))]


def follow_ups(source: Source) -> list[dict]:
    if not source.activity.counts["follow_ups"]:
        return [paragraph(_("Trong kỳ không có việc nào đến hạn."))]
    text = _("Có %(follow_ups)s việc đến hạn trong kỳ, đã xong %(followed_up)s việc, quá hạn %(overdue)s việc.")
    return [paragraph(text % printed(source))]


def mark_label(mark: str) -> str:
    return str(Estimate(mark).label) if mark else ""
