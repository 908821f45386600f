"""Conferences at which documents are studied, and who came to them."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.access import roles
from cells.models import Organisation, OrganisationPeriod
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, MEMBER
from resolutions.adding_up import head_count, head_count_of_all
from resolutions.forms import ConferenceQuery
from resolutions.models import StudyConference
from resolutions.narrowing import under, with_host_name

SEES_CONFERENCES = frozenset({MEMBER, *AT_THE_CELL, *DOWN_THE_TREE})
CONFERENCES_ON_A_PAGE = 30


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


def latest_name(organisation: Organisation) -> str:
    return str(OrganisationPeriod.unscoped.filter(organisation=organisation).latest("first_day"))
