"""A draft becomes a paper: frozen with its number, taken back in its first minutes or with a reason, corrected."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import numbering
from cells.models import DocumentType
from sessions.minuting import compose_minutes
from sessions.models import AdoptedPaper, CellResolution, PaperCorrection, PaperKind, Session, SessionRecord
from sessions.printing import keep_pdf
from sessions.resolving import compose_resolution
from sessions.states import ChangedMeanwhile, State, locked

UNDO_WITHIN = dt.timedelta(minutes=10)
COMPOSERS: dict[str, Callable[[Session], dict]] = {
    PaperKind.MINUTES: compose_minutes,
    PaperKind.RESOLUTION: compose_resolution,
}


class NotOver(Refused):
    def default(self):
        return _("Buổi sinh hoạt chưa kết thúc nên chưa thông qua được. Hãy kết thúc buổi sinh hoạt trước.")


class NobodySigns(Refused):
    def default(self):
        return _(
            "Chưa ghi tên người ký. Biên bản cần chủ trì và thư ký: ghi ở “Sửa nội dung buổi”. "
            "Nghị quyết cần người ký: ghi ở “Ghi nội dung nghị quyết”."
        )


class AdoptedMeanwhile(Refused):
    def default(self):
        return _("Văn bản này đã thông qua trước đó.")


class NotInForce(Refused):
    def default(self):
        return _("Bản này đã rút, không sửa hay đính chính được nữa.")


class NoReason(Refused):
    def default(self):
        return _("Đã quá %d phút từ khi thông qua. Hãy ghi lý do rút.") % (UNDO_WITHIN.total_seconds() // 60)


def draft(session: Session, kind: str) -> dict:
    return COMPOSERS[kind](session)


def digest(content: dict) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def in_force(session: Session, kind: str) -> AdoptedPaper | None:
    papers = AdoptedPaper.unscoped.filter(session=session, kind=kind, withdrawn_at=None)
    return papers.select_related("number", "adopted_by").first()


@transaction.atomic
def adopt(session: Session, kind: str, *, seen: str, with_number: bool, actor: User, request=None) -> AdoptedPaper:
    """Freeze the draft that its adopter saw, told by its digest."""
    session = locked(session)
    if session.state != State.CLOSED:
        raise NotOver
    if in_force(session, kind):
        raise AdoptedMeanwhile
    content = draft(session, kind)
    if digest(content) != seen:
        raise ChangedMeanwhile
    if not is_signed(session, kind):
        raise NobodySigns
    number = take_number(session, kind, content, actor, request) if with_number else None
    paper = AdoptedPaper.unscoped.create(
        session=session,
        kind=kind,
        edition=next_edition(session, kind),
        content=content,
        sha256=digest(content),
        has_reasons=any("text_outside" in block for block in content["blocks"]),
        number=number,
        adopted_at=timezone.now(),
        adopted_by=actor,
    )
    detail = {"kind": kind, "edition": paper.edition, "sha256": paper.sha256}
    record("paper.adopted", actor=actor, target=paper, detail=detail, request=request)
    # Robust: without it the paper stands adopted all the same, and its first download makes the file.
    transaction.on_commit(partial(keep_pdf, paper), robust=True)
    return paper


def is_signed(session: Session, kind: str) -> bool:
    if kind == PaperKind.RESOLUTION:
        return CellResolution.unscoped.filter(session=session).exclude(signer="").exists()
    return SessionRecord.unscoped.filter(session=session).exclude(chair_name="").exclude(minute_taker_name="").exists()


def take_number(session: Session, kind: str, content: dict, actor, request):
    """The number stands in the frozen text."""
    number = numbering.take_number(
        session.cell, DocumentType(kind), session.day, subject=content["subject"], actor=actor, request=request
    )
    content["letterhead"]["symbol"] = f"Số {number.symbol}"
    return number


def next_edition(session: Session, kind: str) -> int:
    papers = AdoptedPaper.unscoped.filter(session=session, kind=kind)
    return (papers.aggregate(last=Max("edition"))["last"] or 0) + 1


def undo_until(paper: AdoptedPaper) -> dt.datetime | None:
    """Until when it can be taken back without a reason; None if it cannot."""
    until = paper.adopted_at + UNDO_WITHIN
    return until if paper.is_in_force and timezone.now() <= until else None


@transaction.atomic
def withdraw(paper: AdoptedPaper, reason: str, *, actor: User, request=None) -> AdoptedPaper:
    """Back to the draft; the withdrawn text stays to be read, its number stays in the register as cancelled."""
    paper = locked_paper(paper)
    if not reason.strip() and undo_until(paper) is None:
        raise NoReason
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_reason = timezone.now(), actor, reason
    paper.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    if paper.number:
        why = reason[:300] or _("Hoàn tác việc thông qua")
        numbering.cancel(paper.number, why, actor=actor, request=request)
    detail = {"kind": paper.kind, "edition": paper.edition}
    after = {"reason": reason} if reason else None
    record("paper.withdrawn", actor=actor, target=paper, detail=detail, after=after, request=request)
    return paper


@transaction.atomic
def correct(paper: AdoptedPaper, text: str, reason: str, *, actor: User, request=None) -> PaperCorrection:
    paper = locked_paper(paper)
    correction = PaperCorrection.unscoped.create(
        paper=paper, day=timezone.localdate(), text=text, reason=reason, author=actor, author_name=str(actor)
    )
    detail = {"kind": paper.kind, "correction": correction.pk}
    record("paper.corrected", actor=actor, target=paper, detail=detail, request=request)
    return correction


def locked_paper(paper: AdoptedPaper) -> AdoptedPaper:
    """The session's row first, as everything that writes of a session does."""
    locked(paper.session)
    paper = AdoptedPaper.unscoped.select_for_update(of=("self",)).select_related("session", "number").get(pk=paper.pk)
    if not paper.is_in_force:
        raise NotInForce
    return paper
