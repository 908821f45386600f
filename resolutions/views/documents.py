"""Party documents: found, read, put on file, amended by one at a time, withdrawn."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from cells.access import require, roles
from cells.comparing import side_by_side
from cells.models import Organisation, OrganisationPeriod
from cells.naming import names_for
from cells.reach import ADMINISTRATOR, ANYONE, AT_THE_CELL, DOWN_THE_TREE
from resolutions import citing, filing
from resolutions.filing_forms import DocumentForm, ReasonForm
from resolutions.forms import CitingQuery, DocumentQuery
from resolutions.models import HANDS_OVER, KEEPERS, Document, Outline, Question, keeps_at
from resolutions.receiving import receivers
from resolutions.searching import matching, newest_first
from resolutions.views.conferences import SEES_CONFERENCES

DOCUMENTS_ON_A_PAGE = 20
BACK = "resolutions:list"


@roles(ANYONE)
@require_safe
def document_list(request):
    user, query = request.user, DocumentQuery(request.GET)
    asked = query.values
    documents = matching(Document.objects.for_user(user).in_use(), asked["search"], user)
    if asked["type"]:
        documents = documents.filter(type=asked["type"])
    documents = newest_first(documents).prefetch_related(outlines_for(user))
    page = Paginator(documents, DOCUMENTS_ON_A_PAGE).get_page(asked["page"])
    context = {
        "query": query,
        "page": page,
        "rows": [(document, *split_by_age(document.outlines.all())) for document in page],
        "is_narrowed": bool(asked["search"] or asked["type"]),
        "sees_conferences": user.reach.holds(SEES_CONFERENCES),
        "keeps": bool(keeps_at(user.reach)),
        "waiting": Outline.objects.kept_by(user).filter(state="waiting").count() if keeps_at(user.reach) else 0,
        "hands_over": bool(user.reach.at(HANDS_OVER)),
        "reader": kind_of_reader(user),
        "today": user.reach.day,
    }
    return render(request, "resolutions/document_list.html", context)


@roles(ANYONE)
@require_safe
def document_page(request, public_id):
    user = request.user
    documents = Document.objects.for_user(user).prefetch_related(outlines_for(user))
    document = get_object_or_404(documents, public_id=public_id)
    owner = OrganisationPeriod.unscoped.on(user.reach.day).filter(organisation=document.owner_id).first()
    newest, older = split_by_age(document.outlines.all())
    places = keeps_at(user.reach)
    context = {
        "document": document,
        "owner": owner,
        "newest": [(outline, *standing(user, outline)) for outline in newest],
        "older": older,
        "set_aside": set_aside(user, document),
        "may_change": document.owner_id in places and not document.is_withdrawn,
        "may_add_outline": bool(places) and not document.is_withdrawn,
        "today": user.reach.day,
        "question_count": Question.objects.for_user(user).in_use().filter(document=document).count(),
        "keeps_questions": bool(places) and not document.is_withdrawn,
        "counts_takers": user.reach.holds({*AT_THE_CELL, *DOWN_THE_TREE}),
        "crumbs": crumbs(document.symbol),
    }
    return render(request, "resolutions/document.html", context)


def standing(user, outline: Outline) -> tuple[bool, bool, bool, bool]:
    """(keeps it, may see who has it, receives it for a cell, has received it)."""
    cells = receivers(user.reach, outline)
    received = bool(cells) and outline.receipts.filter(cell__in=cells).count() == len(cells)
    return outline.owner_place in keeps_at(user.reach), bool(user.reach.tops), bool(cells), received


def set_aside(user, document: Document) -> list[Outline]:
    """Of this document, what the user keeps and readers do not see: waiting, refused or taken down."""
    kept = Outline.objects.kept_by(user).filter(document=document).select_related("document")
    return list(kept.exclude(pk__in=Outline.objects.published().values("pk")).order_by("-published", "-pk"))


@roles(*KEEPERS)
def add(request):
    """First the number alone, which fills the rest; documents that may be the same one are shown, never taken."""
    query = CitingQuery(request.GET)
    cite = query.values["cite"]
    if not cite and request.method != "POST":
        return render(request, "resolutions/cite.html", {"query": query, "crumbs": crumbs(_("Thêm văn bản"))})
    user, cited = request.user, citing.read(cite)
    places = places_of(user)
    form = DocumentForm(
        request.POST or None,
        places=places,
        initial=filled_from(cite, cited),
        asks_whether_another=request.method == "POST",
    )
    same = filing.same_as(user, cited)
    if form.is_valid():
        same = filing.same_as(user, form.cited())
        if not same or form.cleaned_data["is_another"]:
            return once(request, lambda: added(request, form))
    if not same and "is_another" in form.fields:
        del form.fields["is_another"]
    context = {"form": form, "same": same, "is_read": cited.is_identified, "crumbs": crumbs(_("Thêm văn bản"))}
    return render(request, "resolutions/add.html", context, status=422 if form.is_bound else 200)


def added(request, form: DocumentForm) -> str:
    owner = Organisation.objects.for_user(request.user).get(pk=form.place)
    document = filing.file(owner, form.told(), actor=request.user, request=request)
    messages.success(request, _("Đã thêm văn bản. Bây giờ có thể đưa đề cương lên."))
    return address_of(document)


def filled_from(cite: str, cited: citing.Citation) -> dict:
    """The fields as far as the citation says them."""
    span = citing.find_span(cite)
    first, last = span or (None, None)
    year = str(cited.year or "") if not cited.issuer.endswith("TW") else ""
    return {
        "symbol": cited.symbol or cite[:60],
        "type": cited.type or Document.Type.OTHER,
        "issuer": ISSUERS.get(cited.issuer, ""),
        "term": f"khóa {cited.term}" if cited.term else year,
        "issued_on": cited.day,
        "valid_from": first and f"01/01/{first}",
        "valid_to": last and f"31/12/{last}",
    }


# Where the letters alone say who issued it; TW does not.
ISSUERS = {
    "TU": "Tỉnh ủy",
    "ĐUK": "Đảng ủy Khối",
    "BTCTW": "Ban Tổ chức Trung ương",
    "BTGTW": "Ban Tuyên giáo Trung ương",
    "BTGDVTW": "Ban Tuyên giáo và Dân vận Trung ương",
    "UBKTTW": "Ủy ban Kiểm tra Trung ương",
    "VPTW": "Văn phòng Trung ương Đảng",
}


def places_of(user) -> dict[int, str]:
    return names_for(user, keeps_at(user.reach), user.reach.day)


@roles(*KEEPERS)
def amend(request, public_id):
    """The second of two who edited at once sees both versions and decides."""
    document = kept_document(request.user, public_id)
    places = {document.owner_id: ""}
    form = DocumentForm(request.POST or None, places=places, initial=stored_fields(document))
    context = {
        "document": document,
        "form": form,
        "cancel_url": address_of(document),
        "crumbs": crumbs(_("Sửa văn bản"), document),
    }
    if form.is_valid():
        try:
            return once(request, lambda: amended(request, document, form))
        except filing.ChangedMeanwhile:
            document.refresh_from_db()
            stored = DocumentForm(places=places, initial=stored_fields(document))
            context |= side_by_side(form, stored)
            return render(request, "resolutions/amend.html", context, status=409)
    return render(request, "resolutions/amend.html", context, status=422 if form.is_bound else 200)


def amended(request, document: Document, form: DocumentForm) -> str:
    version = form.cleaned_data["version"] or document.version
    filing.amend(document, form.told(), version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa văn bản."))
    return address_of(document)


def stored_fields(document: Document) -> dict:
    return filing.told(document) | {"version": document.version}


@roles(*KEEPERS)
def withdraw(request, public_id):
    document = kept_document(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: withdrawn(request, document, form.cleaned_data["reason"]))
        except filing.AlreadyWithdrawn as refusal:
            form.add_error(None, refusal.text)
    context = {
        "form": form,
        "title": _("Rút văn bản"),
        "told": _("Văn bản ra khỏi danh sách, đề cương không tải được nữa. Lý do vẫn hiện với người đọc."),
        "what": document,
        "cancel_url": address_of(document),
        "crumbs": crumbs(_("Rút văn bản"), document),
    }
    return render(request, "resolutions/reason.html", context, status=422 if form.is_bound else 200)


def withdrawn(request, document: Document, reason: str) -> str:
    filing.withdraw(document, reason, actor=request.user, request=request)
    messages.info(request, _("Đã rút văn bản."))
    return address_of(document)


def kept_document(user, public_id) -> Document:
    document = get_object_or_404(Document.objects.for_user(user), public_id=public_id)
    require(document.owner_id in keeps_at(user.reach))
    return document


def address_of(document: Document) -> str:
    return reverse("resolutions:document", args=[document.public_id])


def crumbs(here: str, document: Document | None = None) -> list[tuple[str, str]]:
    middle = [(document.symbol, address_of(document))] if document else []
    return [(_("Văn bản"), reverse(BACK)), *middle, (here, "")]


def outlines_for(user) -> Prefetch:
    """Newest editions first, those for members before those for speakers."""
    outlines = Outline.objects.for_user(user).select_related("document")
    return Prefetch("outlines", outlines.order_by("audience", "title", "owner", "-edition", "-pk"))


def split_by_age(outlines) -> tuple[list[Outline], list[Outline]]:
    """(newest edition of each outline, all earlier ones)."""
    newest, older = [], []
    for _same, editions in groupby(outlines, key=lambda outline: outline.series):
        first, *rest = editions
        newest.append(first)
        older.extend(rest)
    return newest, older


def kind_of_reader(user) -> str:
    """Whom an empty list speaks to."""
    if user.reach.tops:
        return "above"
    if user.reach.places:
        return "cell"
    return "administrator" if user.reach.holds([ADMINISTRATOR]) else "stranger"
