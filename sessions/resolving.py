"""The monthly resolution of a cell: what people wrote, with the tables of its tasks."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from cells.models import Post
from cells.papers import letterhead
from cells.papers.blocks import heading, lead_in, paragraph
from cells.papers.wording import day, long_date
from sessions.minuting import Source, carried_tasks, document, given_tasks, rating, read, written
from sessions.models import AdoptedPaper, CellResolution, PaperKind, Session, SessionRecord, SignerPost
from sessions.recording import AlreadyAdopted, NotWritable, has_begun
from sessions.states import ChangedMeanwhile, locked

FIELDS = ("review", "next_tasks", "assignment", "self_rating", "seat", "signer", "signer_post")


def draft_of(session: Session) -> CellResolution:
    """What was written so far; a new draft is signed by the chair, if they lead the cell, else as the last one was."""
    stored = CellResolution.unscoped.filter(session=session).first()
    if stored:
        return stored
    earlier = CellResolution.unscoped.filter(session__cell=session.cell_id, session__day__lt=session.day)
    last = earlier.order_by("session__day", "pk").last() or CellResolution()
    chair = SessionRecord.unscoped.filter(session=session).first() or SessionRecord()
    post = post_of(chair.chair_id, session)
    signer = chair.chair_name if post else last.signer or chair.chair_name
    post = post or last.signer_post
    return CellResolution(session=session, version=0, seat=last.seat, signer=signer, signer_post=post)


def post_of(person: int | None, session: Session) -> str | None:
    """A deputy who acted for the secretary signs as what they are; there is no K/T in a cell (domain.md 2.3)."""
    posts = Post.unscoped.on(session.day).filter(organisation=session.cell_id, role__in=SignerPost.values)
    return posts.filter(user__person=person).values_list("role", flat=True).first() if person else None


@transaction.atomic
def write(session: Session, fields: Mapping, *, version: int, actor: User, request=None) -> CellResolution:
    session = locked(session)
    if not has_begun(session):
        raise NotWritable
    if AdoptedPaper.unscoped.filter(session=session, kind=PaperKind.RESOLUTION, withdrawn_at=None).exists():
        raise AlreadyAdopted
    draft = draft_of(session)
    if draft.version != version:
        raise ChangedMeanwhile
    changed = [name for name in FIELDS if getattr(draft, name) != fields[name]]
    for name in FIELDS:
        setattr(draft, name, fields[name])
    draft.version, draft.changed_by = version + 1, actor
    draft.save()
    detail = {"fields": changed, "version": draft.version}
    record("resolution.written", actor=actor, target=session, detail=detail, request=request)
    return draft


def compose_resolution(session: Session) -> dict:
    source, draft = read(session), draft_of(session)
    subject = _("sinh hoạt chi bộ tháng %(month)d năm %(year)d") % {
        "month": session.day.month,
        "year": session.day.year,
    }
    blocks = resolution_blocks(source, draft)
    return document(source, PaperKind.RESOLUTION, subject, blocks, long_date(draft.seat, session.day))


def resolution_blocks(source: Source, draft: CellResolution) -> list[dict]:
    return [
        paragraph(opening(source)),
        heading(_("I- ĐÁNH GIÁ TÌNH HÌNH THÁNG QUA")),
        *written(draft.review),
        lead_in(_("Kết quả thực hiện nhiệm vụ của các buổi trước:")),
        *carried_tasks(source.carried),
        heading(_("II- NHIỆM VỤ THÁNG TỚI")),
        *(written(draft.next_tasks) or [paragraph(_("Thực hiện các nhiệm vụ được phân công dưới đây."))]),
        heading(_("III- PHÂN CÔNG THỰC HIỆN")),
        *given_tasks(source.given),
        *written(draft.assignment),
        *self_rating(source, draft),
        ending(source, draft),
    ]


def opening(source: Source) -> str:
    return _(
        "Ngày %(day)s, %(cell)s họp; có mặt %(share)s đảng viên phải có mặt. "
        "Sau khi thảo luận, chi bộ thống nhất quyết nghị:"
    ) % {"day": day(source.session.day), "cell": source.named.name, "share": source.attendance}


def self_rating(source: Source, draft: CellResolution) -> list[dict]:
    title = _("IV- TỰ ĐÁNH GIÁ BUỔI SINH HOẠT")
    found, text = rating(source.session, title), written(draft.self_rating)
    return [*found, *text] if found else [heading(title), *(text or [paragraph(_("Chi bộ chưa tự đánh giá."))])]


def ending(source: Source, draft: CellResolution) -> dict:
    parent = letterhead.body_name(source.parent.name, source.parent.kind) if source.parent else None
    text = _("Nghị quyết này được chi bộ thông qua tại buổi sinh hoạt ngày %s; toàn thể đảng viên thực hiện.")
    return {
        "kind": "ending",
        "text": text % day(source.session.day),
        "receivers_title": _("Nơi nhận:"),
        "receivers": letterhead.recipients(source.named.name, True, parent),
        "authority": letterhead.authority(source.named.name, True),
        "post": draft.get_signer_post_display(),
        "signer": draft.signer,
    }
