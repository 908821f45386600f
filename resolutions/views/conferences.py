"""Conferences at which documents are studied, and who came to them."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.access import roles
from cells.models import Organisation, OrganisationPeriod
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, MEMBER
from resolutions.adding_up import by_estimate, head_count, head_count_of_all, head_counts
from resolutions.conference_forms import SitesQuery
from resolutions.following_up import tallies
from resolutions.forms import ConferenceQuery
from resolutions.gathering import named_like
from resolutions.limiting import notes_on
from resolutions.models import Document, FollowUp, ReceivingSite, StudyConference, keeps_at
from resolutions.narrowing import under, with_host_name

SEES_CONFERENCES = frozenset({MEMBER, *AT_THE_CELL, *DOWN_THE_TREE})
CONFERENCES_ON_A_PAGE, SITES_ON_A_PAGE = 30, 50
MISSING = "missing"


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
    conferences = with_host_name(conferences).order_by("-day", "-pk")
    page = Paginator(conferences, CONFERENCES_ON_A_PAGE).get_page(asked["page"])
    context = {
        "query": query,
        "page": page,
        "rows": head_counts(page),
        "held": held.count(),
        "total": head_count_of_all(held),
        "organisation_name": organisation and latest_name(organisation),
        "structure": dict(query.fields["structure"].choices)[asked["structure"]],
        "keeps": bool(keeps_at(user.reach)),
        "sees_follow_ups": user.reach.holds({*AT_THE_CELL, *DOWN_THE_TREE}),
        "looks_down": bool(user.reach.tops),
        "is_narrowed": bool(organisation or any(limits.values())),
        "crumbs": [(_("Văn bản"), reverse("resolutions:list")), (_("Hội nghị học tập, quán triệt"), "")],
    }
    return render(request, "resolutions/conference_list.html", context)


@roles(*SEES_CONFERENCES)
@require_safe
def conference_page(request, public_id):
    user, query = request.user, SitesQuery(request.GET)
    conferences = with_host_name(StudyConference.objects.for_user(user)).select_related("presenter")
    conference = get_object_or_404(conferences, public_id=public_id)
    asked = query.values
    sites = ReceivingSite.objects.for_user(user).filter(conference=conference)
    missing = sites.missing()
    shown = missing if asked["sites"] == MISSING else sites
    if asked["search"]:
        shown = named_like(shown, asked["search"])
    page = Paginator(shown.order_by("pk"), SITES_ON_A_PAGE).get_page(asked["page"])
    received = head_count(by_estimate(sites))
    total = head_count([conference, received])
    context = {
        "conference": conference,
        "query": query,
        "page": page,
        "sites": page,
        "site_count": sites.count(),
        "missing_count": missing.count(),
        "is_missing_shown": asked["sites"] == MISSING,
        "host": head_count([conference]),
        "received": received,
        "total": total,
        "is_counted": conference.is_held or total.present,
        "is_over": conference.day <= user.reach.day,
        "keeps": conference.is_kept_by(user.reach),
        "calls_the_roll": conference.organisation_id in user.reach.own(AT_THE_CELL),
        "documents": list(Document.objects.for_user(user).filter(conferences=conference)),
        "notices": conference.notices.all(),
        "notes": notes_on(conference) if user.reach.tops or conference.is_kept_by(user.reach) else [],
        "tallies": tallies(FollowUp.objects.for_user(user).filter(conference=conference), user.reach.day),
        "crumbs": [
            (_("Văn bản"), reverse("resolutions:list")),
            (_("Hội nghị học tập, quán triệt"), reverse("resolutions:conference_list")),
            (_("Hội nghị ngày %s") % f"{conference.day:%d/%m/%Y}", ""),
        ],
    }
    context["other_symbols"] = other_symbols(conference, context["documents"])
    return render(request, "resolutions/conference.html", context)


def other_symbols(conference: StudyConference, documents: list[Document]) -> list[str]:
    """Of documents that are not kept here, or not for this reader."""
    known = {document.symbol for document in documents}
    return [symbol for symbol in conference.symbols if symbol not in known]


def latest_name(organisation: Organisation) -> str:
    return str(OrganisationPeriod.unscoped.filter(organisation=organisation).latest("first_day"))
