"""Outlines: put up, followed by later editions, looked at by a second person, taken down, handed out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.querying import QueryForm
from cells.access import require, roles
from cells.models import Organisation
from cells.reach import ANYONE
from cells.uploads import answering, releasing
from cells.uploads.stored import FileState
from resolutions import publishing, receiving
from resolutions.filing_forms import EditionForm, OutlineForm, ReasonForm
from resolutions.models import KEEPERS, Document, Outline, Receipt
from resolutions.views.documents import address_of, crumbs, places_of

WAITING_ON_A_PAGE = 30


@roles(*KEEPERS)
def add_outline(request, public_id):
    document = get_object_or_404(Document.objects.for_user(request.user).in_use(), public_id=public_id)
    form = OutlineForm(
        request.POST or None,
        request.FILES or None,
        places=places_of(request.user),
        initial={"title": _("Đề cương giới thiệu %s") % document.symbol},
    )
    context = {"form": form, "document": document, "crumbs": crumbs(_("Đưa đề cương lên"), document)}
    return published(request, document, form, context, "resolutions/add_outline.html")


@roles(*KEEPERS)
def new_edition(request, public_id):
    """The title and the readers stay; what is held of earlier editions is then old."""
    outline = kept_outline(request.user, public_id)
    require(not outline.document.is_withdrawn)
    form = EditionForm(request.POST or None, request.FILES or None)
    context = {
        "form": form,
        "document": outline.document,
        "outline": outline,
        "crumbs": crumbs(_("Đăng bản mới"), outline.document),
    }
    return published(request, outline.document, form, context, "resolutions/add_outline.html", earlier=outline)


def published(request, document: Document, form, context: dict, template: str, earlier: Outline | None = None):
    """Looks into the file before anything is written; a refusal stands at its field, and what was typed stays."""
    if form.is_valid():
        accepted = None
        has_file = bool(form.cleaned_data["file"])
        if has_file:
            accepted = form.accept_file(actor=request.user, request=request)
        if accepted or not has_file:
            try:
                return once(request, lambda: put_up(request, document, form, accepted, earlier))
            except publishing.DocumentWithdrawn as refusal:
                form.add_error(None, refusal.text)
    context["cancel_url"] = address_of(document)
    return render(request, template, context, status=422 if form.is_bound else 200)


def put_up(request, document: Document, form, accepted, earlier: Outline | None) -> str:
    told = form.cleaned_data
    named = {"title": earlier.title, "audience": earlier.audience} if earlier else {"changes": ""}
    place = earlier.owner_place if earlier else form.place
    owner = Organisation.objects.for_user(request.user).get(pk=place)
    outline = publishing.publish(document, owner, told | named, accepted, actor=request.user, request=request)
    said = {
        FileState.RELEASED: _("Đã đăng đề cương. Người xem được văn bản này đọc được ngay."),
        FileState.WAITING: _("Đã nhận tệp. Phần mềm không đọc được chữ trong tệp nên cần người thứ hai xem rồi duyệt."),
        FileState.QUARANTINE: _("Đã nhận tệp, đang chờ quét vi-rút. Quét xong đề cương sẽ tự hiện ra."),
    }
    messages.success(request, said[FileState(outline.state)])
    return address_of(document)


@roles(*KEEPERS)
def withdraw(request, public_id):
    outline = kept_outline(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: withdrawn(request, outline, form.cleaned_data["reason"]))
        except publishing.AlreadyWithdrawn as refusal:
            form.add_error(None, refusal.text)
    context = {
        "form": form,
        "title": _("Gỡ đề cương"),
        "told": _("Bản này không tải được nữa. Các bản khác của đề cương vẫn còn."),
        "what": with_edition(outline),
        "cancel_url": address_of(outline.document),
        "crumbs": crumbs(_("Gỡ đề cương"), outline.document),
    }
    return render(request, "resolutions/reason.html", context, status=422 if form.is_bound else 200)


def with_edition(outline: Outline) -> str:
    return _("%(title)s (bản thứ %(edition)d)") % {"title": outline.title, "edition": outline.edition}


def withdrawn(request, outline: Outline, reason: str) -> str:
    publishing.withdraw(outline, reason, actor=request.user, request=request)
    messages.info(request, _("Đã gỡ đề cương."))
    return address_of(outline.document)


@roles(*KEEPERS)
@require_safe
def waiting(request):
    """Files that no program can read, at the user's organisations."""
    query = QueryForm(request.GET)
    kept = Outline.objects.kept_by(request.user).filter(state=FileState.WAITING, withdrawn_at=None)
    kept = kept.select_related("document", "published_by").order_by("pk")
    page = Paginator(kept, WAITING_ON_A_PAGE).get_page(query.values["page"])
    context = {"page": page, "query": query, "crumbs": crumbs(_("Tệp chờ duyệt"))}
    return render(request, "resolutions/waiting.html", context)


@roles(*KEEPERS)
@require_safe
def review(request, public_id):
    outline = kept_outline(request.user, public_id)
    if outline.state != FileState.WAITING:
        messages.info(request, str(releasing.NotWaiting()))
        return redirect(address_of(outline.document))
    context = {
        "outline": outline,
        "is_own": outline.published_by_id == request.user.pk,
        "crumbs": crumbs(_("Duyệt tệp"), outline.document),
    }
    return render(request, "resolutions/review.html", context)


@roles(*KEEPERS)
@require_safe
def review_file(request, public_id):
    """For the second person, who has to look before anybody else does."""
    outline = get_object_or_404(kept_outlines(request.user).filter(state=FileState.WAITING), public_id=public_id)
    return handed_out(request, outline, "outline.looked_into")


@roles(*KEEPERS)
@require_POST
def release(request, public_id):
    said = _("Đã duyệt. Đề cương đã hiện với người đọc.")
    return decided(request, public_id, releasing.release, said)


@roles(*KEEPERS)
@require_POST
def refuse(request, public_id):
    return decided(request, public_id, releasing.refuse, _("Đã bỏ tệp. Tệp không còn trên máy chủ."))


def decided(request, public_id, decide, said: str):
    outline = kept_outline(request.user, public_id)
    return answering.decided(
        *(request, address_of(outline.document), said),
        lambda: decide(outline, outline.published_by_id, actor=request.user, request=request),
    )


def kept_outlines(user):
    """Of documents that the user sees, those of the user's own organisation, in whatever state."""
    seen = Outline.objects.filter(document__in=Document.objects.for_user(user))
    return seen.kept_by(user).select_related("document", "published_by")


def kept_outline(user, public_id) -> Outline:
    """404 what does not exist for the user, 403 what another organisation put up."""
    readable = Outline.objects.for_user(user).filter(public_id=public_id).exists()
    outline = kept_outlines(user).filter(public_id=public_id).first()
    require(bool(outline) or not readable)
    if outline is None:
        raise Http404
    return outline


@roles(ANYONE)
@require_safe
def download(request, public_id):
    readable = Outline.objects.for_user(request.user).filter(link="").select_related("document")
    outline = get_object_or_404(readable, public_id=public_id)
    response = handed_out(request, outline, "outline.downloaded")
    if request.method == "GET" and response.status_code in {200, 206}:
        receiving.receive(outline, Receipt.Way.FETCHED, actor=request.user, request=request)
    return response


def handed_out(request, outline: Outline, action: str):
    return answering.downloaded(request, outline, address_of(outline.document), action, {"edition": outline.edition})
