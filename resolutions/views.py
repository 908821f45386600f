import logging
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from cells.access import roles
from cells.models import Organisation, OrganisationPeriod
from cells.reach import ADMINISTRATOR, ANYONE, AT_THE_CELL, DOWN_THE_TREE, MEMBER
from cells.uploads import serving
from resolutions.adding_up import head_count, head_count_of_all
from resolutions.forms import ConferenceQuery, DocumentQuery
from resolutions.models import Document, Outline, StudyConference
from resolutions.narrowing import under, with_host_name
from resolutions.searching import matching, newest_first

logger = logging.getLogger(__name__)

SEES_CONFERENCES = frozenset({MEMBER, *AT_THE_CELL, *DOWN_THE_TREE})
DOCUMENTS_ON_A_PAGE = 20
CONFERENCES_ON_A_PAGE = 30


@roles(ANYONE)
@require_safe
def document_list(request):
    user, query = request.user, DocumentQuery(request.GET)
    asked = query.values
    documents = matching(Document.objects.for_user(user), asked["search"])
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
        "reader": kind_of_reader(user),
    }
    return render(request, "resolutions/document_list.html", context)


@roles(ANYONE)
@require_safe
def document_page(request, public_id):
    documents = Document.objects.for_user(request.user).prefetch_related(outlines_for(request.user))
    document = get_object_or_404(documents, public_id=public_id)
    owner = OrganisationPeriod.unscoped.on(request.user.reach.day).filter(organisation=document.owner_id).first()
    newest, older = split_by_age(document.outlines.all())
    context = {
        "document": document,
        "owner": owner,
        "newest": newest,
        "older": older,
        "crumbs": [(_("Văn bản"), reverse("resolutions:list")), (document.symbol, "")],
    }
    return render(request, "resolutions/document.html", context)


@roles(ANYONE)
@require_safe
def download(request, public_id):
    outline = get_object_or_404(Outline.objects.for_user(request.user), public_id=public_id)
    try:
        response = serving.answer(request, outline)
    except serving.FileMissing:
        logger.error("the file of outline %s is missing or cut short", outline.pk)
        return render(request, "resolutions/file_missing.html", {"outline": outline}, status=404)
    if request.method == "GET" and response.status_code != 416:
        detail = {"edition": outline.edition, "part": response.headers.get("Content-Range", "")}
        record("outline.downloaded", target=outline, detail=detail, request=request)
    return response


@roles(*SEES_CONFERENCES)
@require_safe
def conference_list(request):
    user, query = request.user, ConferenceQuery(request.GET)
    asked = query.values
    conferences = StudyConference.objects.for_user(user)
    organisation = None
    if asked["organisation"]:
        organisation = get_object_or_404(Organisation.objects.for_user(user), public_id=asked["organisation"])
        conferences = under(conferences, organisation, asked["structure"], asked["on"] or user.reach.day)
    limits = {"day__gte": asked["first_day"], "day__lte": asked["last_day"], "state": asked["state"]}
    conferences = conferences.filter(**{limit: value for limit, value in limits.items() if value})
    held = conferences.filter(state=StudyConference.State.HELD)
    conferences = with_host_name(conferences).prefetch_related("sites").order_by("-day", "-pk")
    page = Paginator(conferences, CONFERENCES_ON_A_PAGE).get_page(asked["page"])
    context = {
        "query": query,
        "page": page,
        "rows": [(conference, head_count([conference, *conference.sites.all()])) for conference in page],
        "held": held.count(),
        "total": head_count_of_all(held),
        "organisation_name": organisation and latest_name(organisation),
        "structure": dict(query.fields["structure"].choices)[asked["structure"]],
        "is_narrowed": bool(organisation or any(limits.values())),
        "crumbs": [(_("Văn bản"), reverse("resolutions:list")), (_("Hội nghị học tập, quán triệt"), "")],
    }
    return render(request, "resolutions/conference_list.html", context)


@roles(*SEES_CONFERENCES)
@require_safe
def conference_page(request, public_id):
    conferences = with_host_name(StudyConference.objects.for_user(request.user))
    conference = get_object_or_404(conferences, public_id=public_id)
    sites = list(conference.sites.all())
    total = head_count([conference, *sites])
    context = {
        "conference": conference,
        "sites": sites,
        "host": head_count([conference]),
        "received": head_count(sites),
        "total": total,
        "is_counted": conference.state == StudyConference.State.HELD or total.present,
        "crumbs": [
            (_("Văn bản"), reverse("resolutions:list")),
            (_("Hội nghị học tập, quán triệt"), reverse("resolutions:conference_list")),
            (_("Hội nghị ngày %s") % f"{conference.day:%d/%m/%Y}", ""),
        ],
    }
    return render(request, "resolutions/conference.html", context)


def outlines_for(user) -> Prefetch:
    """Newest editions first, those for members before those for speakers."""
    return Prefetch("outlines", Outline.objects.for_user(user).order_by("audience", "title", "-edition", "-pk"))


def split_by_age(outlines) -> tuple[list[Outline], list[Outline]]:
    """(newest edition of each outline, all earlier ones)."""
    newest, older = [], []
    for _same, editions in groupby(outlines, key=lambda outline: (outline.audience, outline.title)):
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


def latest_name(organisation: Organisation) -> str:
    return str(OrganisationPeriod.unscoped.filter(organisation=organisation).latest("first_day"))
