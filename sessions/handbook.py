"""What is copied from a session into the national e-handbook: plain texts, in the order in which it asks for them."""

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.file_names import download_name
from accounts.refusing import Refused
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow
from cells.uploads.kinds import kind_of
from cells.uploads.serving import FileMissing, open_file
from cells.uploads.stored import FileState
from resolutions.models import Outline
from sessions import printing, tasking
from sessions.measuring import plain
from sessions.models import (
    AdoptedPaper,
    AgendaBlock,
    Attendance,
    HandbookBlock,
    HandbookPart,
    Mark,
    Readiness,
    ReadinessTick,
    Session,
    SessionRecord,
    SessionTask,
    SessionVote,
    TaskState,
)
from sessions.naming import cell_name
from sessions.rating import rating_of
from sessions.rules import rules_for
from sessions.states import State
from sessions.voting import VoteBase

POSTED = ((Readiness.MATERIALS, _lazy("đã đăng tài liệu")), (Readiness.MINUTES, _lazy("đã đăng kết quả")))
MOST_BYTES = 100 * 1024 * 1024
IN_MEMORY = 5 * 1024 * 1024


@dataclass(frozen=True)
class Block:
    part: str
    heading: str
    text: str


def blocks_of(session: Session) -> list[Block]:
    """For those of the cell; in the stored order."""
    record = SessionRecord.unscoped.filter(session=session).first() or SessionRecord(session=session)
    return [
        Block(row.part, row.heading, "\n".join(TEXTS[row.part](session, record))) for row in HandbookBlock.objects.all()
    ]


def general(session: Session, record: SessionRecord) -> Iterator[str]:
    yield cell_name(session.cell_id, session.day)
    yield _("Sinh hoạt %(kind)s ngày %(day)s") % {"kind": session.get_kind_display(), "day": f"{session.day:%d/%m/%Y}"}
    if session.theme:
        yield _("Chuyên đề: %s") % session.theme
    if session.start:
        end = _(" đến %s") % f"{session.end:%H:%M}" if session.end else ""
        yield _("Thời gian: %(start)s%(end)s") % {"start": f"{session.start:%H:%M}", "end": end}
    if session.place:
        yield _("Địa điểm: %s") % session.place
    yield _("Hình thức: %s") % session.get_mode_display()
    if record.chair_name:
        yield _("Chủ trì: %s") % record.chair_name
    if record.minute_taker_name:
        yield _("Thư ký: %s") % record.minute_taker_name


def attendance(session: Session, record: SessionRecord) -> Iterator[str]:
    """Who was absent, without the reasons: those stay in the cell."""
    rows = list(Attendance.unscoped.filter(session=session, is_expected=True).select_related("person"))
    rows.sort(key=lambda row: row.person.sort_key)
    if not session.is_closed:
        yield _("Chưa kết thúc điểm danh.")
        return
    yield _("Phải có mặt: %d") % session.expected
    online = _(" (trực tuyến: %d)") % session.present_online if session.present_online else ""
    yield _("Có mặt: %d") % session.present + online
    for label, mark, number in (
        (_("Vắng có lý do"), Mark.EXCUSED, session.excused),
        (_("Vắng không lý do"), Mark.UNEXCUSED, session.unexcused),
    ):
        names = ", ".join(row.person.full_name for row in rows if row.mark == mark)
        yield f"{label}: {number}" + (f" ({names})" if names else "")
    if session.exempt_present:
        yield _("Đảng viên được miễn vẫn dự: %d") % session.exempt_present
    if session.guests:
        yield _("Khách mời: %s") % guests(session)
    if record.dues:
        yield _("Đảng phí: %s") % record.dues


def guests(session: Session) -> str:
    word = session.get_guests_estimate_display() if session.guests_estimate else ""
    return f"{word} {session.guests}".strip()


def content(session: Session, record: SessionRecord) -> Iterator[str]:
    blocks = AgendaBlock.unscoped.filter(session=session).order_by("position", "pk")
    for number, block in enumerate(blocks, 1):
        who = f" ({block.presenter_name})" if block.presenter_name else ""
        yield f"{number}. {block.title}{who}"
        if block.is_spoken_only:
            yield _("(Nội dung phổ biến trực tiếp, không ghi)")
        elif block.note:
            yield block.note
    if record.summary:
        yield _("Tóm tắt thảo luận: %s") % record.summary


def conclusion(session: Session, record: SessionRecord) -> Iterator[str]:
    if record.conclusion:
        yield record.conclusion


def votes(session: Session, record: SessionRecord) -> Iterator[str]:
    for vote in SessionVote.unscoped.filter(session=session):
        told = {
            "subject": vote.subject,
            "in_favour": vote.in_favour,
            "against": vote.against,
            "other": vote.other,
            "base": vote.base,
            "how": VoteBase(**vote.arithmetic).text,
        }
        yield (
            _(
                "%(subject)s: tán thành %(in_favour)d/%(base)d, không tán thành %(against)d, ý kiến khác %(other)d "
                "(%(how)s)"
            )
            % told
        )


def tasks(session: Session, record: SessionRecord) -> Iterator[str]:
    carried = tasking.tasks_at(session)
    if carried:
        yield _("Nhiệm vụ của các buổi trước:")
    for line in carried:
        told = f": {line.told.result}" if line.told.result else ""
        yield f"- {line.task.title} – {TaskState(line.told.state).label}{told}"
    given = list(SessionTask.unscoped.filter(session=session))
    if given:
        yield _("Nhiệm vụ mới:")
    for task in given:
        yield "- " + ", ".join(filter(None, (task.title, task.owner_name, due(task))))


def due(task: SessionTask) -> str:
    return _("hạn %s") % f"{task.due:%d/%m/%Y}" if task.due else ""


def rating(session: Session, record: SessionRecord) -> Iterator[str]:
    found = rating_of(session)
    if found is None:
        return
    yield capfirst(found.text)
    if found.cap:
        yield found.cap
    yield from (rating_line(line) for line in found.lines)
    yield _("Theo %(rubric)s, %(issuer)s") % {"rubric": found.rubric, "issuer": found.issuer}


def rating_line(line) -> str:
    points = "—" if line.points is None else plain(line.points)
    how = f" ({line.arithmetic})" if line.arithmetic else ""
    return f"{line.number}. {line.title}: {points}/{plain(line.max_points)}{how}"


TEXTS: dict[str, Callable[[Session, SessionRecord], Iterator[str]]] = {
    HandbookPart.GENERAL: general,
    HandbookPart.ATTENDANCE: attendance,
    HandbookPart.CONTENT: content,
    HandbookPart.CONCLUSION: conclusion,
    HandbookPart.VOTES: votes,
    HandbookPart.TASKS: tasks,
    HandbookPart.RATING: rating,
}


@dataclass(frozen=True)
class Posted:
    """One of the two days on which the e-handbook wants something of a session (rule R6 of the field)."""

    item: str
    label: str
    due: dt.date | None
    tick: ReadinessTick | None
    may_be_ticked: bool


def ticks_of(session: Session) -> list[Posted]:
    rules = rules_for(session.cell_id, session.day)
    due = {Readiness.MATERIALS: rules.materials_due, Readiness.MINUTES: rules.result_due}
    rows = ReadinessTick.unscoped.filter(session=session).select_related("ticked_by")
    ticks = {tick.item: tick for tick in rows}
    return [
        Posted(item, capfirst(label), due[item](session.day), ticks.get(item), is_due(session, item))
        for item, label in POSTED
    ]


def is_due(session: Session, item: str) -> bool:
    """Materials of whatever is to be held; results of what was held."""
    return session.state == State.CLOSED if item == Readiness.MINUTES else session.state != State.CANCELLED


def files_of(user, session: Session) -> list[Outline]:
    """Outlines of its agenda that the user may have."""
    seen = Outline.objects.for_user(user).filter(agenda_blocks__session=session, state=FileState.RELEASED)
    return list(seen.distinct())


def papers_of(session: Session) -> list[AdoptedPaper]:
    """Minutes and resolution, once they are adopted."""
    papers = AdoptedPaper.unscoped.filter(session=session, withdrawn_at=None).order_by("kind")
    return list(papers.prefetch_related("corrections"))


def pdf_of(paper: AdoptedPaper) -> bytes:
    """As the members may read it: reasons of absence stay with those who keep the book."""
    if paper.has_reasons or paper.corrections.all():
        return printing.pdf_of(printing.seen_from_outside(printing.as_adopted(paper)))
    return printing.kept_pdf(paper)


class TooLarge(Refused):
    def default(self):
        return _("Các tệp kèm theo quá lớn để gói lại. Hãy tải từng tệp.")


@dataclass(frozen=True)
class Packed:
    file: BinaryIO  # the caller closes it, or the response that streams it does
    names: list[str]


def packed(user, session: Session) -> Packed:
    """Texts and files, numbered; names are our own or made harmless."""
    outlines = files_of(user, session)
    if sum(outline.size for outline in outlines) > MOST_BYTES:
        raise TooLarge
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, block in enumerate(blocks_of(session), 1):
            archive.writestr(f"{number:02} {safe(block.heading, '.txt')}", block.text)
        for number, outline in enumerate(outlines, 1):
            add_file(archive, number, outline)
        for number, paper in enumerate(papers_of(session), len(outlines) + 1):
            add_paper(archive, number, paper)
        names = archive.namelist()
    file.seek(0)
    return Packed(file, names)


def add_file(archive: zipfile.ZipFile, number: int, outline: Outline) -> None:
    if outline.link:
        archive.writestr(f"tep/{number:02} {safe(outline.title, '.txt')}", outline.link)
        return
    name = download_name(outline.file_name, kind_of(outline).extensions)
    try:
        with open_file(outline) as source:
            archive.writestr(f"tep/{number:02} {name}", source.read())
    except FileMissing:
        archive.writestr(f"tep/{number:02} {safe(outline.title, '.txt')}", _("Không tìm thấy tệp này trên máy chủ."))


def add_paper(archive: zipfile.ZipFile, number: int, paper: AdoptedPaper) -> None:
    try:
        archive.writestr(f"tep/{number:02} {safe(paper.content['title'], '.pdf')}", pdf_of(paper))
    except (ChildError, ChildKilled, ChildTooSlow, FileMissing):
        archive.writestr(f"tep/{number:02} {safe(paper.content['title'], '.txt')}", _("Chưa lập được tệp này."))


def safe(text: str, extension: str) -> str:
    return download_name(f"{text}{extension}", (extension,))


def seed(apps) -> None:
    """Fills the table if it is empty."""
    table = apps.get_model("cell_sessions", "HandbookBlock")._base_manager
    if not table.exists():
        table.bulk_create(
            table.model(part=part, position=position, heading=str(capfirst(part.label)))
            for position, part in enumerate(HandbookPart, 1)
        )
