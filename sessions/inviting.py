"""The invitation to a session, and the news that it is put off, as plain text to copy into a chat group."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from resolutions.models import Mode
from sessions.models import Session, SessionNotice
from sessions.presenting import WEEKDAYS
from sessions.reading import Agenda
from sessions.states import State


def text_of(session: Session, cell_name: str, agenda: Agenda, notices: list[SessionNotice]) -> str:
    """What to tell the members now: the last notice, and the invitation unless the session is called off."""
    parts = [told(session, notices[-1])] if notices else []
    if session.state != State.CANCELLED:
        parts.append("\n".join(invitation(session, agenda)))
    return "\n\n".join([cell_name.upper(), *parts])


def told(session: Session, notice: SessionNotice) -> str:
    days = {"kind": session.get_kind_display(), "old": f"{notice.old_day:%d/%m/%Y}", "reason": notice.reason}
    if notice.kind == SessionNotice.Kind.CANCELLED:
        return _("THÔNG BÁO HỦY: không tổ chức buổi sinh hoạt %(kind)s ngày %(old)s. Lý do: %(reason)s.") % days
    text = _("THÔNG BÁO HOÃN: buổi sinh hoạt %(kind)s ngày %(old)s chuyển sang ngày %(new)s. Lý do: %(reason)s.")
    return text % (days | {"new": f"{notice.new_day:%d/%m/%Y}"})


def invitation(session: Session, agenda: Agenda) -> Iterator[str]:
    yield _("Kính mời các đồng chí dự buổi sinh hoạt chi bộ %s.") % session.get_kind_display()
    yield _("- Thời gian: %s") % when(session)
    yield _("- Địa điểm: %s") % (session.place or _("sẽ báo sau"))
    if session.mode != Mode.IN_PERSON:
        yield _("- Hình thức: %s") % session.get_mode_display()
    if session.theme:
        yield _("- Chuyên đề: %s") % session.theme
    if agenda.blocks:
        yield _("- Chương trình:")
        for number, block in enumerate(agenda.blocks, start=1):
            yield f"  {number}. {block.title}"
    if papers := materials(agenda):
        yield _("- Tài liệu (xem trong sổ, mục Văn bản):")
        yield from (f"  + {paper}" for paper in papers)
    yield _("Đề nghị các đồng chí dự đầy đủ, đúng giờ; nếu phải vắng, xin báo trước cho chi bộ.")


def when(session: Session) -> str:
    day = f"{WEEKDAYS[session.day.weekday()]}, {session.day:%d/%m/%Y}"
    return f"{session.start:%H:%M}, {day}" if session.start else day


def materials(agenda: Agenda) -> list[str]:
    """Each once, in the order of the agenda; what is for speakers only is not for the group."""
    found = {}
    for block in agenda.blocks:
        for document in block.documents.all():
            found[f"{document.symbol}: {document.subject}"] = True
        for outline in block.outlines.all():
            if outline.audience == outline.Audience.MEMBERS:
                found[outline.title] = True
    return list(found)
