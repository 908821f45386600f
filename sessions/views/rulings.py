import datetime as dt

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import above_today, below_today, is_below, require, roles
from cells.comparing import side_by_side
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod, Role
from cells.reach import ADMINISTRATOR, AT_THE_CELL, DOWN_THE_TREE, LEADING, MEMBER
from sessions import ruling
from sessions.models import Holiday, RuleSubject, SessionRule
from sessions.naming import Names
from sessions.rule_forms import EndingForm, HolidayForm, HolidayQuery, RemovalForm, RuleForm, RuleQuery, initial_of
from sessions.ruling_rows import RuleRow, rows_in_force, stored_rows
from sessions.states import ChangedMeanwhile

RULING = (ADMINISTRATOR, Role.COMMITTEE, *LEADING)


@roles(ADMINISTRATOR)
@require_safe
def national_rules(request):
    rules = list(SessionRule.objects.for_user(request.user).filter(organisation=None))
    today = timezone.localdate()
    rows = sorted((RuleRow.national(rule) for rule in rules), key=lambda row: row.position)
    context = {
        "rows": [row for row in rows if not row.is_over(today)],
        "past": [row for row in rows if row.is_over(today)],
        "subjects": RuleSubject.choices,
    }
    return render(request, "sessions/rules_national.html", context)


@roles(ADMINISTRATOR)
def new_national_rule(request):
    return new_rule_page(request, None, reverse("sessions:national_rules"))


@roles(MEMBER, *AT_THE_CELL, *DOWN_THE_TREE, ADMINISTRATOR)
@require_safe
def rules(request, public_id):
    organisation = governed_organisation(request.user, public_id)
    day = request.user.reach.day
    may_rule = rulable_subjects(request.user, organisation)
    rows = rows_in_force(organisation.pk, day, may_rule)
    context = {
        "organisation": organisation,
        "organisation_name": Names([organisation.pk]).of(organisation.pk, day),
        "rows": rows,
        "own": stored_rows(organisation.pk, rows),
        "may_rule": may_rule,
        "works": organisation.pk in request.user.reach.at(AT_THE_CELL),
        "year": day.year,
        "is_cell": is_cell(organisation, day),
    }
    return render(request, "sessions/rules.html", context)


@roles(Role.COMMITTEE, *LEADING)
def new_rule(request, public_id):
    organisation = governed_organisation(request.user, public_id)
    require(rules_over(request.user, organisation))
    return new_rule_page(request, organisation, reverse("sessions:rules", args=[public_id]))


def new_rule_page(request, organisation: Organisation | None, back: str):
    query = RuleQuery(request.GET)
    subject = query.values["subject"]
    if organisation and subject not in rulable_subjects(request.user, organisation):
        messages.error(request, ruling.NotYours().text)
        return redirect(back)
    form = RuleForm(
        request.POST or None, initial={"first_day": next_month(), "shift": "next"}, **shape(organisation, subject)
    )
    if form.is_valid():
        try:
            return once(request, lambda: ruled(request, organisation, subject, form, back))
        except Refused as refusal:
            form.add_error("first_day", refusal.text)
    return rule_page(request, organisation, subject, form=form, back=back)


def ruled(request, organisation: Organisation | None, subject: str, form: RuleForm, back: str) -> str:
    ruling.rule(organisation, subject, form.ruled(), actor=request.user, request=request)
    messages.success(request, _("Đã ghi quy định."))
    return back


@roles(*RULING)
def change_rule(request, public_id):
    rule = own_rule(request.user, public_id)
    back, organisation = address_of(rule), rule.organisation
    form = RuleForm(request.POST or None, initial=initial_of(rule), **shape(organisation, rule.subject))
    if form.is_valid():
        try:
            return once(request, lambda: corrected(request, rule, form, back))
        except ChangedMeanwhile:
            rule.refresh_from_db()
            stored = RuleForm(initial=initial_of(rule), **shape(organisation, rule.subject))
            both = side_by_side(form, stored)
            return rule_page(request, organisation, rule.subject, back=back, rule=rule, status=409, **both)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return rule_page(request, organisation, rule.subject, form=form, back=back, rule=rule)


def corrected(request, rule: SessionRule, form: RuleForm, back: str) -> str:
    version = form.cleaned_data["version"] or rule.version
    ruling.correct(rule, form.ruled(), version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa quy định."))
    return back


@roles(*RULING)
def end_rule(request, public_id):
    rule = own_rule(request.user, public_id)
    back = address_of(rule)
    form = EndingForm.of(rule, request.POST or None)
    context = {"form": form, "back": back, **named(rule.organisation)}
    if form.is_valid():
        try:
            return once(request, lambda: ended(request, rule, back, **form.cleaned_data))
        except ChangedMeanwhile:
            rule = own_rule(request.user, public_id)
            context |= side_by_side(form, EndingForm.of(rule))
    context |= {"row": RuleRow.stored(rule), "rule": rule}
    return render(request, "sessions/rule_end.html", context, status=409 if "versions" in context else 200)


def ended(request, rule: SessionRule, back: str, last_day: dt.date, version: int) -> str:
    ruling.end(rule, last_day, version=version, actor=request.user, request=request)
    messages.success(request, _("Quy định kết thúc sau ngày %s.") % f"{last_day:%d/%m/%Y}")
    return back


def rule_page(request, organisation, subject: str, status: int = 200, **context):
    context |= {"subject": RuleSubject(subject).label} | named(organisation)
    return render(request, "sessions/rule_form.html", context, status=status)


def named(organisation: Organisation | None) -> dict:
    name = Names([organisation.pk]).of(organisation.pk, timezone.localdate()) if organisation else _("Toàn quốc")
    return {"organisation_name": name}


def shape(organisation: Organisation | None, subject: str) -> dict:
    """Which fields the form has."""
    cell = organisation is not None and is_cell(organisation, timezone.localdate())
    return {"subject": subject, "is_national": organisation is None, "is_cell": cell}


def is_cell(organisation: Organisation, day: dt.date) -> bool:
    return OrganisationPeriod.unscoped.on(day).filter(organisation=organisation, kind__in=CELL_KINDS).exists()


def next_month() -> dt.date:
    return (timezone.localdate().replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def address_of(rule: SessionRule) -> str:
    if rule.organisation is None:
        return reverse("sessions:national_rules")
    return reverse("sessions:rules", args=[rule.organisation.public_id])


def governed_organisation(user, public_id) -> Organisation:
    """Where rules concern this user today: own cell and what stands above it, or below a post; administrators, all."""
    organisations = Organisation.objects.for_user(user)
    if not user.reach.is_administrator:
        reach = user.reach
        organisations = organisations.filter(
            above_today(reach, "pk", reach.cells | reach.tops) | below_today(reach, "pk", reach.tops)
        )
    return get_object_or_404(organisations, public_id=public_id)


def own_rule(user, public_id) -> SessionRule:
    rows = SessionRule.objects.for_user(user).select_related("organisation")
    rule = get_object_or_404(rows, public_id=public_id)
    if rule.organisation is None:
        require(user.reach.is_administrator)
    else:
        require(rule.subject in rulable_subjects(user, rule.organisation))
    return rule


def rules_over(user, organisation: Organisation) -> bool:
    return governs(user, organisation) or organisation.pk in user.reach.at(LEADING)


def governs(user, organisation: Organisation) -> bool:
    tops = user.reach.at([Role.COMMITTEE])
    return bool(tops) and is_below(organisation.pk, tops, user.reach.day)


def rulable_subjects(user, organisation: Organisation) -> frozenset[str]:
    """A committee rules for its subtree; a cell's secretary what is left to the cell."""
    if governs(user, organisation):
        return frozenset(RuleSubject.values)
    if organisation.pk in user.reach.at(LEADING):
        return ruling.left_to_the_cell(organisation.pk, user.reach.day)
    return frozenset()


@roles(ADMINISTRATOR)
def holidays(request):
    query = HolidayQuery(request.GET)
    year = query.values["year"] or timezone.localdate().year
    form = HolidayForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: holiday_added(request, form.told()))
    days = Holiday.objects.filter(day__year=year)
    context = {"query": query, "year": year, "holidays": days, "form": form}
    return render(request, "sessions/holidays.html", context)


def holiday_added(request, fields: dict) -> str:
    holiday = Holiday.objects.create(**fields)
    record("holiday.added", target=holiday, detail=fields, request=request)
    messages.success(request, _("Đã thêm ngày nghỉ %s.") % f"{holiday.day:%d/%m/%Y}")
    return holidays_of(holiday)


@roles(ADMINISTRATOR)
def change_holiday(request, public_id):
    holiday = get_object_or_404(Holiday, public_id=public_id)
    form = HolidayForm(request.POST or None, holiday=holiday)
    context = {"form": form}
    if form.is_valid():
        try:
            return once(request, lambda: holiday_changed(request, holiday, form.told(), form.cleaned_data["version"]))
        except ChangedMeanwhile:
            holiday = get_object_or_404(Holiday, public_id=public_id)
            context |= side_by_side(form, HolidayForm(holiday=holiday))
    context |= {"holiday": holiday, "back": holidays_of(holiday)}
    return render(request, "sessions/holiday_change.html", context, status=409 if "versions" in context else 200)


def holiday_changed(request, holiday: Holiday, fields: dict, version: int) -> str:
    ruling.move_holiday(holiday, fields, version=version, actor=request.user, request=request)
    holiday.refresh_from_db()
    messages.success(request, _("Đã sửa ngày nghỉ %s.") % f"{holiday.day:%d/%m/%Y}")
    return holidays_of(holiday)


@roles(ADMINISTRATOR)
@require_POST
def remove_holiday(request, public_id):
    holiday = get_object_or_404(Holiday, public_id=public_id)
    form = RemovalForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        return once(request, lambda: holiday_removed(request, holiday, version))
    except ChangedMeanwhile:
        text = _("Người khác vừa sửa ngày nghỉ %s. Hãy xem lại rồi bấm bỏ lần nữa nếu vẫn muốn bỏ.")
        messages.error(request, text % f"{holiday.day:%d/%m/%Y}")
        return redirect(holidays_of(holiday))


def holiday_removed(request, holiday: Holiday, version: int) -> str:
    ruling.remove_holiday(holiday, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã bỏ ngày nghỉ %s.") % f"{holiday.day:%d/%m/%Y}")
    return holidays_of(holiday)


def holidays_of(holiday: Holiday) -> str:
    return f"{reverse('sessions:holidays')}?year={holiday.day.year}"
