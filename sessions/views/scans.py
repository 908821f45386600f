"""Scans of signed minutes and resolutions: handed in, looked at by a second person, read."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from cells.access import require, roles
from cells.reach import AT_THE_CELL
from cells.uploads import answering, releasing
from sessions import scanning
from sessions.access import works_on
from sessions.models import AdoptedPaper, PaperFile
from sessions.paper_forms import ScanForm
from sessions.views.papers import PAGES, READERS, paper_task, seen_paper


def seen_scan(user, public_id) -> PaperFile:
    scans = PaperFile.objects.for_user(user).scans().select_related("paper__session")
    return get_object_or_404(scans, public_id=public_id)


def own_scan(user, public_id) -> PaperFile:
    scan = seen_scan(user, public_id)
    require(works_on(user, scan.paper.session))
    return scan


def address_of(paper: AdoptedPaper) -> str:
    return f"{reverse(PAGES[paper.kind], args=[paper.session.public_id])}#ban-ky"


@roles(*AT_THE_CELL)
def add(request, public_id):
    paper = seen_paper(request.user, public_id)
    require(works_on(request.user, paper.session))
    form = ScanForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (accepted := form.accept_file(actor=request.user, request=request)):
        return once(request, lambda: added(request, paper, accepted))
    return paper_task(request, "sessions/paper_scan.html", paper, form)


def added(request, paper: AdoptedPaper, accepted) -> str:
    scanning.add(paper, accepted, actor=request.user, request=request)
    messages.success(request, _("Đã lưu bản ký."))
    return address_of(paper)


@roles(*READERS)
@require_safe
def download(request, public_id):
    scan = seen_scan(request.user, public_id)
    detail = {"paper": scan.paper_id}
    return answering.downloaded(request, scan, address_of(scan.paper), "paper.scan_downloaded", detail)


@roles(*AT_THE_CELL)
@require_POST
def release(request, public_id):
    """By a second person, who looked at what no program can read."""
    scan = own_scan(request.user, public_id)

    def let_out() -> None:
        releasing.release(scan, scan.uploaded_by_id, actor=request.user, request=request)

    return answering.decided(request, address_of(scan.paper), _("Đã duyệt bản ký."), let_out)


@roles(*AT_THE_CELL)
@require_POST
def remove(request, public_id):
    scan = own_scan(request.user, public_id)
    return once(request, lambda: removed(request, scan))


def removed(request, scan: PaperFile) -> str:
    scanning.remove(scan, actor=request.user, request=request)
    messages.info(request, _("Đã gỡ bản ký."))
    return address_of(scan.paper)
