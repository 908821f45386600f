"""Rules about what is owed, kept by the administrator as dated rows."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.models import Kind
from cells.reach import ADMINISTRATOR
from reports.obligations import ruling
from reports.obligations.models import LAST_OF_MONTH, ObligationRule, Subject
from reports.obligations.rule_forms import DUE_MONTHS, WITH_DAY, RuleForm, SubjectQuery, initial_of
from sessions.models import Sureness
from sessions.naming import Names
from sessions.rule_forms import EndingForm
from sessions.ruling_rows import SURENESS_BADGES
from sessions.states import ChangedMeanwhile


@dataclass(frozen=True)
class RuleLine:
    rule: ObligationRule
    place: str

    @property
    def title(self) -> str:
        every = f", {self.rule.get_months_display()}" if self.rule.months else ""
        return capfirst(self.rule.get_subject_display()) + every

    @property
    def whom(self) -> str:
        kinds = ", ".join(str(Kind(kind).label) for kind in self.rule.kinds if kind in Kind.values)
        return f"{self.place} · {kinds or _('mọi loại tổ chức')}"

    @property
    def when(self) -> str:
        rule = self.rule
        if not rule.is_owed:
            return _("không phải làm")
        if rule.subject not in WITH_DAY:
            text = _("hạn theo quy định riêng của việc ấy")
            return text + (_(", báo trước %s ngày") % rule.days_ahead if rule.days_ahead else "")
        day = _("ngày cuối") if rule.due_day == LAST_OF_MONTH else _("ngày %s") % rule.due_day
        told = {"day": day, "month": dict(DUE_MONTHS).get(rule.due_month, ""), "ahead": rule.days_ahead}
        text = _("hạn %(day)s %(month)s, báo trước %(ahead)s ngày") % told
        return text + (_(", chốt số liệu ngày %s") % rule.cut_off_day if rule.cut_off_day else "")

    @property
    def badge(self) -> str:
        return "" if self.rule.sureness == Sureness.HIGH else SURENESS_BADGES[self.rule.sureness]


def line_of(rule: ObligationRule, names: Names) -> RuleLine:
    place = names.of(rule.organisation_id, timezone.localdate()) if rule.organisation_id else _("Mọi nơi")
    return RuleLine(rule, place)


@roles(ADMINISTRATOR)
@require_safe
def rules(request):
    rows = list(ObligationRule.objects.for_user(request.user).select_related("organisation"))
    names = Names(row.organisation_id for row in rows if row.organisation_id)
    position = {subject: number for number, subject in enumerate(Subject.values)}
    lines = [line_of(row, names) for row in sorted(rows, key=lambda row: (position[row.subject], row.months))]
    today = timezone.localdate()
    context = {
        "lines": [line for line in lines if line.rule.last_day is None or line.rule.last_day >= today],
        "past": [line for line in lines if line.rule.last_day and line.rule.last_day < today],
        "subjects": Subject.choices,
    }
    return render(request, "reports/obligations/rules.html", context)


@roles(ADMINISTRATOR)
def new_rule(request):
    subject = SubjectQuery(request.GET).values["subject"]
    initial = {"is_owed": True, "months": 3, "due_month": 0, "due_day": LAST_OF_MONTH, "days_ahead": 7}
    form = RuleForm(request.POST or None, subject=subject, initial=initial | {"first_day": next_month()})
    if form.is_valid():
        try:
            return once(request, lambda: made(request, subject, form))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return rule_page(request, subject, form=form)


def made(request, subject: str, form: RuleForm) -> str:
    ruling.rule(subject, form.ruled(), actor=request.user, request=request)
    messages.success(request, _("Đã ghi quy định."))
    return reverse("reports:obligation_rules")


@roles(ADMINISTRATOR)
def change_rule(request, public_id):
    rule = own_rule(request.user, public_id)
    form = RuleForm(request.POST or None, subject=rule.subject, initial=initial_of(rule))
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, rule, form))
        except ChangedMeanwhile:
            rule = own_rule(request.user, public_id)
            both = side_by_side(form, RuleForm(subject=rule.subject, initial=initial_of(rule)))
            return rule_page(request, rule.subject, rule=rule, status=409, **both)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.text)
    return rule_page(request, rule.subject, form=form, rule=rule)


def changed(request, rule: ObligationRule, form: RuleForm) -> str:
    version = form.cleaned_data["version"] or rule.version
    ruling.correct(rule, form.ruled(), version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa quy định."))
    return reverse("reports:obligation_rules")


@roles(ADMINISTRATOR)
def end_rule(request, public_id):
    rule = own_rule(request.user, public_id)
    form = EndingForm.of(rule, request.POST or None)
    context = {"form": form, "back": reverse("reports:obligation_rules")}
    if form.is_valid():
        try:
            return once(request, lambda: ended(request, rule, **form.cleaned_data))
        except ChangedMeanwhile:
            rule = own_rule(request.user, public_id)
            context |= side_by_side(form, EndingForm.of(rule))
    names = Names([rule.organisation_id] if rule.organisation_id else [])
    context["line"] = line_of(rule, names)
    return render(request, "reports/obligations/rule_end.html", context, status=409 if "versions" in context else 200)


def ended(request, rule: ObligationRule, last_day: dt.date, version: int) -> str:
    ruling.end(rule, last_day, version=version, actor=request.user, request=request)
    messages.success(request, _("Quy định kết thúc sau ngày %s.") % f"{last_day:%d/%m/%Y}")
    return reverse("reports:obligation_rules")


def own_rule(user, public_id) -> ObligationRule:
    rows = ObligationRule.objects.for_user(user).select_related("organisation")
    return get_object_or_404(rows, public_id=public_id)


def rule_page(request, subject: str, *, rule: ObligationRule | None = None, status: int = 200, **shown):
    title = capfirst(str(Subject(subject).label))
    context = {"title": title, "rule": rule, "back": reverse("reports:obligation_rules"), **shown}
    return render(request, "reports/obligations/rule_form.html", context, status=status)


def next_month() -> dt.date:
    return (timezone.localdate().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
