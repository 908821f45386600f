"""Minutes of a session as a document of plain JSON: what is stored, in the order in which minutes are read out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cells.dated import covering
from cells.models import Membership, OrganisationPeriod, Standing, Status, Term
from cells.numbering import usual_symbol
from cells.papers import letterhead
from cells.papers.blocks import column, heading, item, lead_in, named_item, paragraph, signatures, subheading, table
from cells.papers.wording import NO_FIGURE, day, estimated, ratio, share
from cells.succession import with_predecessors
from sessions import tasking
from sessions.models import (
    PRESENT_MARKS,
    AgendaBlock,
    Attendance,
    Mark,
    PaperKind,
    Part,
    Session,
    SessionKind,
    SessionRecord,
    SessionTask,
    SessionVote,
    TaskState,
)
from sessions.rating import rating_of
from sessions.states import State
from sessions.voting import VoteBase

LAYOUT = "hd05_2026"
SPOKEN_ONLY = "Nội dung phổ biến trực tiếp, không ghi."
SUBJECTS = {
    SessionKind.REGULAR: "sinh hoạt chi bộ định kỳ tháng %(month)d năm %(year)d",
    SessionKind.THEMATIC: "sinh hoạt chuyên đề tháng %(month)d năm %(year)d",
    SessionKind.COMBINED: "sinh hoạt chi bộ định kỳ và chuyên đề tháng %(month)d năm %(year)d",
    SessionKind.EXTRAORDINARY: "sinh hoạt chi bộ bất thường ngày %(date)s",
}


@dataclass(frozen=True)
class Source:
    """All that papers of a session are made of, read once."""

    session: Session
    named: OrganisationPeriod
    parent: OrganisationPeriod | None
    ordinal: int | None
    term: Term | None
    spans: list[Membership]
    roll_call: list[Attendance]
    record: SessionRecord
    agenda: list[AgendaBlock]
    votes: list[SessionVote]
    carried: list[tasking.CarriedTask]
    given: list[SessionTask]

    def marked(self, mark: str) -> list[Attendance]:
        return [row for row in self.roll_call if row.mark == mark]

    @property
    def expected(self) -> list[Attendance]:
        return [row for row in self.roll_call if row.is_expected]

    @property
    def present(self) -> list[Attendance]:
        return [row for row in self.expected if row.mark in PRESENT_MARKS]

    @property
    def attendance(self) -> str:
        return share(len(self.present), len(self.expected))


def read(session: Session) -> Source:
    """A fixed number of queries, however many members, blocks and tasks."""
    named = period_on(session.cell_id, session.day)
    rows = Attendance.unscoped.filter(session=session).select_related("person").order_by("person__sort_key", "pk")
    term = Term.unscoped.filter(covering(session.day), organisation=session.cell_id, function="").first()
    return Source(
        session=session,
        named=named,
        parent=period_on(named.parent_id, session.day) if named.parent_id else None,
        ordinal=ordinal_in(term, session) if term else None,
        term=term,
        spans=list(Membership.unscoped.on(session.day).filter(cell=session.cell_id)),
        roll_call=list(rows),
        record=SessionRecord.unscoped.filter(session=session).first() or SessionRecord(session=session),
        agenda=list(session.agenda.prefetch_related("documents", "outlines")),
        votes=list(session.votes.all()),
        carried=tasking.tasks_at(session),
        given=list(SessionTask.unscoped.filter(session=session)),
    )


def period_on(organisation: int, on: dt.date) -> OrganisationPeriod:
    """In force that day; of what had ended or not begun, the nearest."""
    periods = OrganisationPeriod.unscoped.filter(organisation=organisation)
    return periods.filter(first_day__lte=on).order_by("first_day").last() or periods.order_by("first_day")[0]


def ordinal_in(term: Term, session: Session) -> int:
    """The how manieth session that was held in the term."""
    held = Session.unscoped.filter(cell__in=with_predecessors([session.cell_id]), day__gte=term.first_day)
    held = held.filter(state__in=[State.OPEN, State.CLOSED])
    return held.filter(Q(day__lt=session.day) | Q(day=session.day, pk__lte=session.pk)).count()


def compose_minutes(session: Session) -> dict:
    source = read(session)
    return document(source, PaperKind.MINUTES, subject_of(session), minutes_blocks(source))


def document(source: Source, kind: str, subject: str, blocks: list[dict], dated: str = "") -> dict:
    label = PaperKind(kind).label
    return {
        "layout": LAYOUT,
        "title": f"{label.capitalize()} {subject} – {source.named.name}",
        "letterhead": {
            "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
            "parent": letterhead.parent_line(source.parent.name) if source.parent else "",
            "issuer": source.named.name,
            "number": {"before": "Số", "after": f"-{kind}/{symbol_of(source)}"},
            "dated": dated,
        },
        "type": label.upper(),
        "subject": subject,
        "span": "",
        "blocks": blocks,
    }


def symbol_of(source: Source) -> str:
    if source.term and source.term.symbol:
        return source.term.symbol
    return usual_symbol(source.session.cell, source.session.day)


def subject_of(session: Session) -> str:
    month = {"month": session.day.month, "year": session.day.year, "date": day(session.day)}
    return SUBJECTS[SessionKind(session.kind)] % month


def minutes_blocks(source: Source) -> list[dict]:
    return [
        heading(_("I- THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN")),
        *time_and_place(source),
        *members(source),
        *others(source),
        heading(_("II- NỘI DUNG")),
        *proceedings(source),
        heading(_("III- BIỂU QUYẾT")),
        *votes(source),
        heading(_("IV- NHIỆM VỤ")),
        subheading(_("1. Nhiệm vụ của các buổi trước")),
        *carried_tasks(source.carried),
        subheading(_("2. Nhiệm vụ giao tại buổi này")),
        *given_tasks(source.given),
        *rating(source.session, _("V- TỰ ĐÁNH GIÁ BUỔI SINH HOẠT")),
        closing(source),
    ]


def time_and_place(source: Source) -> list[dict]:
    session = source.session
    lines = [
        _("Thời gian: từ %(start)s đến %(end)s, ngày %(day)s.")
        % {"start": clock(session.start), "end": clock(session.end), "day": day(session.day)},
        _("Địa điểm: %(place)s. Hình thức: %(mode)s.")
        % {"place": session.place or NO_FIGURE, "mode": session.get_mode_display()},
    ]
    if session.theme:
        lines.append(_("Chuyên đề: %s.") % session.theme.rstrip("."))
    if source.ordinal:
        lines.append(
            _("Đây là buổi sinh hoạt thứ %(number)d của chi bộ trong nhiệm kỳ %(term)s.")
            % {"number": source.ordinal, "term": source.term.ordinal}
        )
    return [subheading(_("1. Thời gian, địa điểm")), *map(paragraph, lines)]


def clock(time: dt.time | None) -> str:
    return _("%(hour)d giờ %(minute)02d") % {"hour": time.hour, "minute": time.minute} if time else "……"


def members(source: Source) -> list[dict]:
    home = [span for span in source.spans if span.status != Status.HOSTED]
    by_status = Counter(span.status for span in source.spans)
    official = sum(span.standing == Standing.OFFICIAL for span in home)
    total = _("Tổng số đảng viên: %(all)d (chính thức %(official)d, dự bị %(probationary)d).")
    values = {"all": len(home), "official": official, "probationary": len(home) - official}
    return [
        subheading(_("2. Đảng viên")),
        paragraph(total % values),
        paragraph(standing_aside(by_status)),
        paragraph(attendance(source)),
        *absences(source),
    ]


def standing_aside(by_status: Counter) -> str:
    named = (
        (_("được miễn công tác và sinh hoạt đảng: %d"), Status.EXEMPT),
        (_("sinh hoạt tạm thời ở nơi khác: %d"), Status.AWAY),
        (_("nơi khác đến sinh hoạt tạm thời: %d"), Status.HOSTED),
        (_("bị đình chỉ sinh hoạt: %d"), Status.SUSPENDED),
        (_("làm nhiệm vụ đặc biệt: %d"), Status.SPECIAL_DUTY),
    )
    usual = (Status.EXEMPT, Status.AWAY, Status.HOSTED)
    parts = [text % by_status[status] for text, status in named if by_status[status] or status in usual]
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def attendance(source: Source) -> str:
    standings = {span.person_id: span.standing for span in source.spans}
    official = sum(standings.get(row.person_id) == Standing.OFFICIAL for row in source.present)
    values = {
        "expected": len(source.expected),
        "share": source.attendance,
        "official": official,
        "probationary": len(source.present) - official,
        "online": sum(row.mark == Mark.PRESENT_ONLINE for row in source.present),
    }
    return (
        _(
            "Phải có mặt: %(expected)d. Có mặt: %(share)s (chính thức %(official)d, dự bị %(probationary)d), "
            "trong đó trực tuyến: %(online)d."
        )
        % values
    )


def absences(source: Source) -> list[dict]:
    excused, unexcused = source.marked(Mark.EXCUSED), source.marked(Mark.UNEXCUSED)
    exempt = [row for row in source.roll_call if not row.is_expected]
    return [
        *named_list(_("Vắng có lý do: %d"), excused),
        *named_list(_("Vắng không lý do: %d"), unexcused),
        *(named_list(_("Được miễn sinh hoạt vẫn dự: %d"), exempt) if exempt else []),
    ]


def named_list(title: str, rows: list[Attendance]) -> list[dict]:
    if not rows:
        return [paragraph(f"{title % 0}.")]
    return [lead_in(f"{title % len(rows)}:"), *map(person_line, rows)]


def person_line(row: Attendance) -> dict:
    name = f"- {row.person.full_name}"
    return named_item(name, row.reason) if row.reason else item(name)


def others(source: Source) -> list[dict]:
    session, told = source.session, source.record
    guests = estimated(session.guests, session.get_guests_estimate_display() if session.guests_estimate else "")
    if told.guest_names:
        guests = _("%(guests)s (%(names)s)") % {"guests": guests, "names": told.guest_names.rstrip(".")}
    lines = [
        _("Khách mời: %s.") % guests,
        _("Chủ trì: %s.") % (told.chair_name or "……"),
        _("Thư ký ghi biên bản: %s.") % (told.minute_taker_name or "……"),
    ]
    if told.dues:
        lines.append(_("Đảng phí: %s.") % told.dues.rstrip("."))
    return [subheading(_("3. Khách mời, chủ trì, thư ký")), *map(paragraph, lines)]


def proceedings(source: Source) -> list[dict]:
    """Discussion and conclusion stand where the agenda has a block for them, else before its closing part."""
    sections = [(timed(block), told_of(block)) for block in source.agenda]
    homeless = []
    for begins, title, text in free_texts(source.record):
        home = next((blocks for name, blocks in sections if name.casefold().startswith(begins)), None)
        if home is None:
            homeless.append((title, written(text)))
        else:
            home += [lead_in(f"{title}:"), *written(text)]
    end = next((place for place, block in enumerate(source.agenda) if block.part == Part.CLOSING), len(sections))
    sections[end:end] = homeless
    numbered = enumerate(sections, start=1)
    lines = [line for number, (title, blocks) in numbered for line in (subheading(f"{number}. {title}"), *blocks)]
    return lines or [paragraph(_("Chưa ghi nội dung."))]


def free_texts(record: SessionRecord) -> list[tuple[str, str, str]]:
    """How an agenda calls the block of a text, its title, and the text, of those that were written."""
    texts = (
        ("thảo luận", _("Ý kiến thảo luận"), record.summary),
        ("kết luận", _("Kết luận của chủ trì"), record.conclusion),
    )
    return [one for one in texts if one[-1].strip()]


def timed(block: AgendaBlock) -> str:
    told = {"title": block.title, "minutes": block.minutes}
    return _("%(title)s (%(minutes)d phút)") % told if block.minutes else block.title


def told_of(block: AgendaBlock) -> list[dict]:
    how = (
        (_("Người trình bày: %s"), block.presenter_name),
        (_("hình thức: %s"), block.method),
    )
    parts = "; ".join(text % value for text, value in how if value)
    materials = "; ".join([str(one) for one in block.documents.all()] + [one.title for one in block.outlines.all()])
    return [
        *([paragraph(f"{parts[0].upper()}{parts[1:]}.")] if parts else []),
        *([paragraph(_("Tài liệu: %s.") % materials)] if materials else []),
        *([paragraph(SPOKEN_ONLY)] if block.is_spoken_only else written(block.note)),
    ]


def written(text: str) -> list[dict]:
    """What people wrote, a paragraph for each of its lines."""
    return [paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def votes(source: Source) -> list[dict]:
    if not source.votes:
        return [paragraph(_("Không có nội dung biểu quyết."))]
    return [block for vote in source.votes for block in vote_lines(vote)]


def vote_lines(vote: SessionVote) -> list[dict]:
    counts = {name: ratio(getattr(vote, name), vote.base) for name in ("against", "other")}
    text = _("tán thành %(for)s, không tán thành %(against)s, ý kiến khác %(other)s")
    counted = text % (counts | {"for": share(vote.in_favour, vote.base)})
    base = _("Cơ số biểu quyết: %s.") % VoteBase(**vote.arithmetic).text
    return [lead_in(f"- {vote.subject.rstrip('.:')}: {counted}."), paragraph(base)]


TASK_NUMBER = column("TT", 10, "centre")


def carried_tasks(lines: Iterable[tasking.CarriedTask]) -> list[dict]:
    rows = [
        [str(number), line.task.title, str(TaskState(line.told.state).label), line.told.result or NO_FIGURE]
        for number, line in enumerate(lines, start=1)
    ]
    if not rows:
        return [paragraph(_("Không có nhiệm vụ nào của các buổi trước."))]
    columns = [TASK_NUMBER, column(_("Nhiệm vụ"), 70), column(_("Trạng thái"), 25), column(_("Kết quả"), 60)]
    return [table(columns, rows)]


def given_tasks(tasks: Iterable[SessionTask]) -> list[dict]:
    rows = [
        [str(number), task.title, task.owner_name or NO_FIGURE, day(task.due) if task.due else NO_FIGURE]
        for number, task in enumerate(tasks, start=1)
    ]
    if not rows:
        return [paragraph(_("Không giao nhiệm vụ mới."))]
    columns = [TASK_NUMBER, column(_("Nhiệm vụ"), 85), column(_("Người phụ trách"), 42), column(_("Hạn"), 28, "centre")]
    return [table(columns, rows)]


def rating(session: Session, title: str) -> list[dict]:
    """Points and level by the sheet that counts, where there are any."""
    found = rating_of(session)
    if found is None or found.total is None:
        return []
    cap = [paragraph(found.cap)] if found.cap else []
    return [heading(title), paragraph(f"{found.rubric}: {found.text}."), *cap]


def closing(source: Source) -> dict:
    text = _("Buổi sinh hoạt kết thúc hồi %s cùng ngày. Biên bản được đọc lại để chi bộ nghe và thông qua.")
    return signatures(
        text % clock(source.session.end),
        (_("NGƯỜI GHI BIÊN BẢN"), source.record.minute_taker_name),
        (_("CHỦ TRÌ HỘI NGHỊ"), source.record.chair_name),
    )
