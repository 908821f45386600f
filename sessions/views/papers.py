"""Minutes and the monthly resolution of a session: read, adopted, corrected, as PDF and as Word."""

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Organisation
from cells.numbering import has_term
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow
from cells.papers.files import as_file
from cells.reach import AT_THE_CELL, LEADING, SEES_ROSTERS
from cells.rosters import note_reading
from cells.uploads.serving import FileMissing
from sessions import adopting, printing, resolving
from sessions.access import leads, led_session, own_session, reads_record, seen_session, works_on
from sessions.minuting import period_on
from sessions.models import AdoptedPaper, PaperFile, PaperKind, Session
from sessions.naming import cell_name
from sessions.paper_forms import AdoptForm, CorrectionForm, ResolutionForm, WithdrawForm
from sessions.recording import has_begun, may_be_changed
from sessions.states import ChangedMeanwhile

logger = logging.getLogger(__name__)

READERS = (*AT_THE_CELL, *SEES_ROSTERS)
PAGES = {PaperKind.MINUTES: "sessions:minutes", PaperKind.RESOLUTION: "sessions:resolution"}


def read_session(user, public_id) -> Session:
    session = seen_session(user, public_id)
    require(reads_record(user, session))
    return session


def led_paper(user, public_id) -> AdoptedPaper:
    paper = seen_paper(user, public_id)
    require(leads(user, paper.session))
    return paper


def seen_paper(user, public_id) -> AdoptedPaper:
    papers = AdoptedPaper.objects.for_user(user).select_related("session__cell", "number", "adopted_by", "withdrawn_by")
    return get_object_or_404(papers, public_id=public_id)


def address_of(session: Session, kind: str) -> str:
    return reverse(PAGES[kind], args=[session.public_id])


@roles(*READERS)
@require_safe
def current(request, public_id, kind):
    """The paper in force, or its draft as it stands."""
    session = read_session(request.user, public_id)
    if not has_begun(session):
        return redirect("sessions:detail", public_id=public_id)
    note_reading(request, session, session.cell_id, paper=kind)
    paper = adopting.in_force(session, kind)
    return render(request, "sessions/paper.html", page_of(request.user, session, kind, paper))


@roles(*READERS)
@require_safe
def edition(request, public_id):
    """One adopted text, whether it stands or was withdrawn."""
    paper = seen_paper(request.user, public_id)
    note_reading(request, paper, paper.session.cell_id, paper=paper.kind)
    return render(request, "sessions/paper.html", page_of(request.user, paper.session, paper.kind, paper))


def page_of(user, session: Session, kind: str, paper: AdoptedPaper | None) -> dict:
    editions = AdoptedPaper.objects.for_user(user).filter(session=session, kind=kind)
    return {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "label": capfirst(PaperKind(kind).label),
        "is_resolution": kind == PaperKind.RESOLUTION,
        "paper": paper,
        "content": content_for(user, session, kind, paper),
        "works": works_on(user, session),
        "leads": leads(user, session),
        "may_be_changed": may_be_changed(session),
        "undo_until": adopting.undo_until(paper) if paper else None,
        "scans": PaperFile.objects.for_user(user).scans().filter(paper=paper) if paper else [],
        "editions": [one for one in editions if one != paper],
        "pdf_url": file_url("pdf", session, kind, paper),
        "docx_url": file_url("docx", session, kind, paper),
        "here_url": address_of(session, kind),
    }


def file_url(form: str, session: Session, kind: str, paper: AdoptedPaper | None) -> str:
    if paper:
        return reverse(f"sessions:paper_{form}", args=[paper.public_id])
    return reverse(f"{PAGES[kind]}_{form}", args=[session.public_id])


def content_for(user, session: Session, kind: str, paper: AdoptedPaper | None) -> dict:
    content = printing.as_adopted(paper) if paper else printing.as_draft(adopting.draft(session, kind))
    content = with_known_parent(user, session, content)
    return content if works_on(user, session) else printing.seen_from_outside(content)


def with_known_parent(user, session: Session, content: dict) -> dict:
    """Whoever took a cell over need not know where it hung before."""
    parent = period_on(session.cell_id, session.day).parent_id
    if parent is None or Organisation.objects.for_user(user).filter(pk=parent).exists():
        return content
    blocks = [one | {"receivers": one["receivers"][-1:]} if "receivers" in one else one for one in content["blocks"]]
    return content | {"letterhead": content["letterhead"] | {"parent": ""}, "blocks": blocks}


@roles(*READERS)
@require_safe
def draft_file(request, public_id, kind, form):
    session = read_session(request.user, public_id)
    if not has_begun(session):
        return redirect("sessions:detail", public_id=public_id)
    return handed_out(request, session, kind, adopting.in_force(session, kind), form)


@roles(*READERS)
@require_safe
def edition_file(request, public_id, form):
    paper = seen_paper(request.user, public_id)
    return handed_out(request, paper.session, paper.kind, paper, form)


def handed_out(request, session: Session, kind: str, paper: AdoptedPaper | None, form: str) -> HttpResponse:
    content = content_for(request.user, session, kind, paper)
    try:
        body = WRITERS[form](request.user, content, paper)
    except (ChildError, ChildKilled, ChildTooSlow, FileMissing) as error:
        told_of_failure(error, session, request)
        return redirect(address_of(session, kind))
    detail = {"kind": kind, "edition": paper.edition if paper else 0, "format": form}
    record("paper.downloaded", target=paper or session, detail=detail, request=request)
    return as_file(body, content["title"], form)


def pdf_body(user, content: dict, paper: AdoptedPaper | None) -> bytes:
    """The kept one, unless something was added since or something is to be left out."""
    if paper and not paper.corrections.exists() and (works_on(user, paper.session) or content == paper.content):
        return printing.kept_pdf(paper)
    return printing.pdf_of(content)


def word_body(user, content: dict, paper: AdoptedPaper | None) -> bytes:
    return printing.word_of(content)


WRITERS = {"pdf": pdf_body, "docx": word_body}


def told_of_failure(error: Exception, session: Session, request) -> None:
    logger.error("papers of session %s: %s", session.pk, type(error).__name__)
    if getattr(error, "cause", "") == "blocked":
        record("pdf_fetch_blocked", target=session, request=request)
    messages.error(request, _("Chưa lập được tệp. Hãy thử lại; nếu vẫn không được, hãy báo quản trị viên."))


@roles(*LEADING)
def adopt(request, public_id, kind):
    session = led_session(request.user, public_id)
    if not has_begun(session) or adopting.in_force(session, kind):
        return redirect(address_of(session, kind))
    content = adopting.draft(session, kind)
    form = AdoptForm(request.POST or None, initial={"with_number": has_term(session.cell, session.day)})
    if form.is_valid():
        try:
            return once(request, lambda: adopted(request, session, kind, form.cleaned_data))
        except adopting.AdoptedMeanwhile:
            return redirect(address_of(session, kind))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {
        "session": session,
        "form": form,
        "seen": adopting.digest(content),  # of the draft on this page, also after it changed meanwhile
        "content": with_known_parent(request.user, session, printing.as_draft(content)),
        "label": PaperKind(kind).label,
    }
    return render(request, "sessions/paper_adopt.html", context | {"cancel_url": address_of(session, kind)})


def adopted(request, session: Session, kind: str, told: dict) -> str:
    adopting.adopt(session, kind, **told, actor=request.user, request=request)
    messages.success(request, _("Đã thông qua %s.") % PaperKind(kind).label)
    return address_of(session, kind)


@roles(*LEADING)
def withdraw(request, public_id):
    paper = led_paper(request.user, public_id)
    if not paper.is_in_force:
        return redirect("sessions:paper", public_id=public_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: withdrawn(request, paper, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error("reason", refusal.text)
    return paper_task(request, "sessions/paper_withdraw.html", paper, form)


def withdrawn(request, paper: AdoptedPaper, reason: str) -> str:
    adopting.withdraw(paper, reason, actor=request.user, request=request)
    messages.info(request, _("Đã rút, %s trở lại dự thảo. Bản đã rút vẫn xem được.") % paper.get_kind_display())
    return address_of(paper.session, paper.kind)


@roles(*LEADING)
def correct(request, public_id):
    paper = led_paper(request.user, public_id)
    if not paper.is_in_force:
        return redirect("sessions:paper", public_id=public_id)
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: corrected(request, paper, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return paper_task(request, "sessions/paper_correct.html", paper, form)


def corrected(request, paper: AdoptedPaper, told: dict) -> str:
    adopting.correct(paper, told["text"], told["reason"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi đính chính vào cuối văn bản."))
    return address_of(paper.session, paper.kind)


def paper_task(request, template: str, paper: AdoptedPaper, form):
    context = {
        "paper": paper,
        "session": paper.session,
        "form": form,
        "label": paper.get_kind_display(),
        "undo_until": adopting.undo_until(paper),
        "cancel_url": address_of(paper.session, paper.kind),
    }
    return render(request, template, context)


@roles(*AT_THE_CELL)
def write_resolution(request, public_id):
    session = own_session(request.user, public_id)
    if not has_begun(session) or adopting.in_force(session, PaperKind.RESOLUTION):
        return redirect("sessions:detail", public_id=public_id)
    draft = resolving.draft_of(session)
    initial = {name: getattr(draft, name) for name in (*resolving.FIELDS, "version")}
    form = ResolutionForm(request.POST or None, initial=initial)
    context = {"session": session, "form": form, "cell_name": cell_name(session.cell_id, session.day)}
    context["cancel_url"] = address_of(session, PaperKind.RESOLUTION)
    if form.is_valid():
        try:
            return once(request, lambda: resolution_written(request, session, form.cleaned_data))
        except ChangedMeanwhile:
            return render(request, "sessions/resolution_form.html", context | side_by_side(session, form), status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/resolution_form.html", context)


def side_by_side(session: Session, form: ResolutionForm) -> dict:
    """What was stored meanwhile, where it differs; whoever saves again has seen it."""
    stored = resolving.draft_of(session)
    form.data = form.data.copy()
    form.data["version"] = stored.version
    differing = [name for name in resolving.FIELDS if getattr(stored, name) != form.cleaned_data[name]]
    theirs = [(form.fields[name].label, getattr(stored, name)) for name in differing]
    return {"theirs": theirs, "changed_by": stored.changed_by or _("người khác")}


def resolution_written(request, session: Session, told: dict) -> str:
    resolving.write(session, told, version=told["version"], actor=request.user, request=request)
    messages.success(request, _("Đã lưu nội dung nghị quyết."))
    return address_of(session, PaperKind.RESOLUTION)
