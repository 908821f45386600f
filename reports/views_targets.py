"""Targets of an organisation and year beside what was reached; boards and committees set them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import is_below, require, roles
from cells.comparing import side_by_side
from cells.models import Organisation, Role
from cells.naming import names_for
from reports import targeting
from reports.access import watched
from reports.comparing import MEASURES, share_of
from reports.dashboard import Addresses, Number, figure_number
from reports.forms import TargetsQuery, asked_for
from reports.forms_targets import NewTargetQuery, TargetForm, VersionForm, initial_of
from reports.models.targets import Measure, Target
from reports.opened import Column, Opened, columns, figures_page, figures_table, show
from reports.ordering import ordered
from reports.statistics import figures, names_on
from reports.targets import Goal, Held, goal, printed_actual, targets_of

SETS_TARGETS = (Role.BOARD, Role.COMMITTEE)


@dataclass(frozen=True)
class Row:
    measure: str
    label: str
    goal: Goal
    actual: str
    parts: tuple[Number, Number] | None  # of a rate
    number: Number | None  # of a number of things
    origin: str  # who set it, if not the organisation itself
    source: str
    public_id: str  # of the target, where it is its own


@figures_page(TargetsQuery)
def targets(request, here):
    return show(
        request,
        here,
        "targets",
        _("Chỉ tiêu"),
        rows=rows_of(request.user, here),
        columns=target_columns(here.query),
        year=here.query.period.first_day.year,
        until=here.query.period.until,
        may_set=sets_over(request.user, here.organisation),
    )


@figures_table(TargetsQuery)
def targets_table(request, here):
    rows = [
        [row.label, row.goal.wanted, told(row), row.goal.word, row.origin or here.name, row.source]
        for row in rows_of(request.user, here)
    ]
    headings = [_("Chỉ tiêu"), _("Yêu cầu"), _("Thực hiện"), _("Kết quả"), _("Đơn vị đặt"), _("Căn cứ")]
    return _("chỉ tiêu"), headings, rows


def told(row: Row) -> str:
    return f"{row.parts[0].text}/{row.parts[1].text} ({row.actual})" if row.parts else row.actual


def rows_of(user, here: Opened) -> list[Row]:
    year = here.query.year_so_far
    held = targets_of(here.organisation, year.first_day.year, year.until)
    found = figures(here.organisation, year, here.query.values["structure"])
    addresses = Addresses(here.organisation, here.query, asked_for(year))
    setters = {one.target.organisation_id for one in held.values() if not one.is_own}
    names = names_for(user, setters, year.until)
    rows = [row_of(one, found, addresses, names) for one in held.values()]
    show = here.query.values["show"]
    return ordered((row for row in rows if show in ("all", row.goal.result)), ORDER, here.query.values["sort"])


ORDER = {
    "measure": lambda row: Measure.values.index(row.measure),
    "result": lambda row: row.goal.result,  # missed, reached, unknown
}


def target_columns(query: TargetsQuery) -> list[Column]:
    by_measure, by_result = columns(query, [("measure", _("Chỉ tiêu")), ("result", _("Kết quả"))])
    wanted, actual, origin = Column(_("Yêu cầu"), ""), Column(_("Thực hiện")), Column(_("Đặt bởi, căn cứ"), "")
    return [by_measure, wanted, actual, by_result, origin]


def row_of(held: Held, found, addresses: Addresses, names: dict[int, str]) -> Row:
    target = held.target
    share = share_of(target.measure, found, addresses) if target.measure in MEASURES else None
    is_known = held.is_own or target.organisation_id in names
    return Row(
        measure=target.measure,
        label=capfirst(target.get_measure_display()),
        goal=goal(held, held.result_of(found)),
        actual=printed_actual(target.measure, found),
        parts=(share.numerator, share.denominator) if share else None,
        number=None if share else figure_number(target.measure, found, addresses),
        origin="" if held.is_own else names.get(target.organisation_id, _("cấp trên lúc đó")),
        source=target.source if is_known else "",
        public_id=str(target.public_id) if held.is_own else "",
    )


def sets_over(user, organisation: Organisation) -> bool:
    tops = user.reach.at(SETS_TARGETS)
    return bool(tops) and is_below(organisation.pk, tops, user.reach.day)


@roles(*SETS_TARGETS)
def new_target(request, public_id):
    organisation = get_object_or_404(Organisation.objects.filter(watched(request.user.reach)), public_id=public_id)
    require(sets_over(request.user, organisation))
    year = NewTargetQuery(request.GET).values["year"] or timezone.localdate().year
    form = TargetForm(request.POST or None, initial={"year": year, "operator": "at_least", "number": 90})
    if form.is_valid():
        try:
            return once(request, lambda: written(request, organisation, form))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return target_page(request, organisation, form=form)


def written(request, organisation: Organisation, form: TargetForm) -> str:
    target = targeting.set_target(organisation, form.target(), actor=request.user, request=request)
    messages.success(request, _("Đã đặt chỉ tiêu."))
    return address_of(target)


@roles(*SETS_TARGETS)
def change_target(request, public_id):
    target = own_target(request.user, public_id)
    form = TargetForm(request.POST or None, initial=initial_of(target))
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, target, form))
        except targeting.ChangedMeanwhile:
            both = side_by_side(form, TargetForm(initial=initial_of(own_target(request.user, public_id))))
            return target_page(request, target.organisation, target=target, status=409, **both)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return target_page(request, target.organisation, target=target, form=form)


def changed(request, target: Target, form: TargetForm) -> str:
    version = form.cleaned_data["version"] or target.version
    target = targeting.change(target, form.target(), version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa chỉ tiêu."))
    return address_of(target)


@roles(*SETS_TARGETS)
@require_POST
def remove_target(request, public_id):
    target = own_target(request.user, public_id)
    back = address_of(target)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0

    def removed():
        targeting.remove(target, version=version, actor=request.user, request=request)
        messages.success(request, _("Đã bỏ chỉ tiêu."))
        return back

    try:
        return once(request, removed)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return HttpResponseRedirect(back)


def own_target(user, public_id) -> Target:
    target = get_object_or_404(Target.objects.for_user(user).select_related("organisation"), public_id=public_id)
    require(sets_over(user, target.organisation))
    return target


def target_page(request, organisation: Organisation, *, status: int = 200, **context):
    today = timezone.localdate()
    name = names_on([organisation], today)[organisation.pk].name
    back = reverse("reports:targets", args=[organisation.public_id])
    crumbs = [(name, reverse("reports:dashboard_of", args=[organisation.public_id])), (_("Chỉ tiêu"), back)]
    target = context.get("target")
    crumbs.append((_("Sửa chỉ tiêu") if target else _("Đặt chỉ tiêu"), ""))
    context |= {"name": name, "back": address_of(target) if target else back, "crumbs": crumbs}
    return render(request, "reports/target_form.html", context, status=status)


def address_of(target: Target) -> str:
    path = reverse("reports:targets", args=[target.organisation.public_id])
    return f"{path}?span=Y&year={target.year}"
