"""How conferences stand against the limits: a board's year at a glance, and the limits as administrators keep them."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.models import Kind, OrganisationPeriod
from cells.naming import names_for
from cells.reach import ADMINISTRATOR, DOWN_THE_TREE
from resolutions import limiting
from resolutions.conference_forms import RuleForm, YearQuery
from resolutions.convening import ChangedMeanwhile
from resolutions.models import ConferenceRule, StudyConference
from resolutions.views.convening import compared, crumbs, opened_by
from resolutions.views.sites import status_of
from speakers.models import Level

LEVELS = {Kind.PROVINCE: Level.PROVINCE, Kind.COMMUNE: Level.COMMUNE}


@roles(*DOWN_THE_TREE)
@require_safe
def indicators(request):
    user = request.user
    query = YearQuery(request.GET)
    year = query.values["year"] or user.reach.day.year
    last = dt.date(year, 12, 31)
    limits = limiting.limits_on(last)
    conferences = list(StudyConference.objects.for_user(user).filter(day__year=year))
    hosts = {one.organisation_id for one in conferences}
    kinds = OrganisationPeriod.unscoped.filter(organisation__in=hosts, first_day__lte=last).order_by("first_day")
    levels = {one.organisation_id: LEVELS.get(one.kind, "") for one in kinds}
    names = names_for(user, hosts, last)
    found = limiting.years(conferences, levels, limits)
    rows = sorted(((names.get(one.organisation, ""), one) for one in found), key=lambda row: (row[1].is_within, row[0]))
    context = {
        "query": query,
        "year": year,
        "rows": rows,
        "rules": sorted(limits.rules.values(), key=lambda rule: rule.pk),
        "crumbs": crumbs(None, _("Chỉ tiêu hội nghị")),
    }
    return render(request, "resolutions/indicators.html", context)


@roles(ADMINISTRATOR)
@require_safe
def conference_rules(request):
    rules = ConferenceRule.objects.for_user(request.user).order_by("first_day", "pk")
    return render(request, "resolutions/conference_rules.html", {"rules": rules})


@roles(ADMINISTRATOR)
def change_rule(request, public_id):
    rule = get_object_or_404(ConferenceRule.objects.for_user(request.user), public_id=public_id)
    opened = opened_by(RuleForm, "number", "source", "last_day")
    form, versions = opened(rule, request.POST or None), None
    back = reverse("resolutions:conference_rules")

    def write() -> str:
        told = form.cleaned_data
        limiting.change(rule, told, version=told["version"], actor=request.user, request=request)
        messages.success(request, _("Đã sửa quy định."))
        return back

    if form.is_valid():
        try:
            return once(request, write)
        except ChangedMeanwhile:
            rule.refresh_from_db()
            versions = compared(form, opened(rule))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    context = {"form": form, "title": _("Sửa quy định về hội nghị"), "lead": str(rule), "back": back, "crumbs": []}
    context["versions"] = versions
    return render(request, "resolutions/conference_form.html", context, status=status_of(form, versions))
