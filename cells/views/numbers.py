"""The number register: seen, counted on by hand for a paper document, cancelled from; its terms."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.querying import QueryForm
from accounts.refusing import Refused
from cells import declaring, numbering, spreadsheets
from cells.access import require, roles
from cells.comparing import side_by_side
from cells.forms.numbers import CancelForm, NumberForm, PaperRegisterForm, TermForm
from cells.models import CELL_KINDS, RegisteredNumber, Term
from cells.naming import names_for
from cells.querying import NumberQuery
from cells.registers import KEEPS_REGISTERS, SEES_REGISTERS, Register, kept_by, leads, series_of
from cells.taking_away import first_rows

ROWS_ON_A_PAGE = 50


@roles(*SEES_REGISTERS)
@require_safe
def numbers(request):
    user = request.user
    query = asked(request)
    page = Paginator(found(user, query), ROWS_ON_A_PAGE).get_page(query.values["page"])
    term = query.chosen_term
    context = {
        "query": query,
        "page": page,
        "rows": named(page, user),
        "names_organisations": len({one.organisation_id for one in query.terms.values()}) > 1,
        "term": term,
        "series": series_of(term) if term else [],
        "may_take": bool(kept_by(user.reach)),
        "is_filtered": bool(query.given().keys() - {"page"}),
        "has_terms": bool(query.terms),
    }
    return render(request, "cells/numbers.html", context)


def asked(request) -> NumberQuery:
    visible = seen_terms(request.user)
    names = names_for(request.user, {term.organisation_id for term in visible}, timezone.localdate())
    return NumberQuery(request.GET, terms=list(visible), names=names)


def seen_terms(user):
    terms = Term.objects.for_user(user).select_related("organisation")
    return terms.order_by("organisation__code", "function", "-first_day")


def found(user, query: NumberQuery):
    entries = RegisteredNumber.objects.for_user(user).filter(query.condition())
    return entries.select_related("organisation", "term", "taken_by").order_by("-day", "-pk")


def named(entries, user) -> list[tuple[RegisteredNumber, str, bool]]:
    """(entry, name of its organisation, whether the user may cancel it)."""
    entries = list(entries)
    names = names_for(user, {entry.organisation_id for entry in entries}, timezone.localdate())
    return [(entry, names.get(entry.organisation_id, ""), may_cancel(user, entry)) for entry in entries]


def may_cancel(user, entry: RegisteredNumber) -> bool:
    is_issued = entry.state == RegisteredNumber.State.ISSUED
    return is_issued and leads(user.reach, entry.organisation_id, entry.term.function)


@roles(*SEES_REGISTERS)
@require_safe
def numbers_table(request):
    user = request.user
    query = asked(request)
    headings = [
        *(_("Số, ký hiệu"), _("Loại văn bản"), _("Trích yếu"), _("Ngày ký"), _("Tổ chức"), _("Khóa")),
        *(_("Trạng thái"), _("Lý do hủy")),
    ]
    rows = (
        [
            entry.symbol,
            entry.get_document_type_display(),
            entry.subject,
            f"{entry.day:%d/%m/%Y}",
            name,
            entry.term.ordinal,
            entry.get_state_display(),
            entry.reason,
        ]
        for entry, name, _may_cancel in named(first_rows(found(user, query)), user)
    )
    organisation = query.chosen_term.organisation if query.chosen_term else None
    return spreadsheets.table_response(request, organisation, _("Sổ văn bản"), headings, rows)


@roles(*KEEPS_REGISTERS)
def take_number(request):
    registers = kept_by(request.user.reach)
    require(bool(registers))
    form = NumberForm(request.POST or None, registers=registers, initial={"day": timezone.localdate()})
    if form.is_valid() and form.register:
        try:
            return once(request, lambda: taken(request, form.register, form.cleaned_data))
        except numbering.NotForCells as refusal:
            form.add_error("document_type", refusal.text)
        except numbering.NoTerm as refusal:
            form.add_error("day", refusal.text)
    context = {"form": form, "crumbs": crumbs(_("Lấy số")), "only": registers[0] if len(registers) == 1 else None}
    return render(request, "cells/take_number.html", context)


def taken(request, register: Register, fields: dict) -> str:
    entry = numbering.take_number(
        register.organisation,
        fields["document_type"],
        fields["day"],
        subject=fields["subject"],
        actor=request.user,
        function=register.function,
        request=request,
    )
    messages.success(request, _("Đã cấp số %s. Hãy ghi số này lên văn bản.") % entry.symbol)
    return reverse("cells:numbers")


@roles(*KEEPS_REGISTERS)
def cancel_number(request, public_id):
    entries = RegisteredNumber.objects.for_user(request.user).select_related("term", "taken_by")
    entry = get_object_or_404(entries, public_id=public_id)
    require(leads(request.user.reach, entry.organisation_id, entry.term.function))
    if entry.state == RegisteredNumber.State.CANCELLED:
        return redirect("cells:numbers")
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: cancelled(request, entry, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "cells/cancel_number.html", {"form": form, "entry": entry, "crumbs": crumbs(_("Hủy số"))})


def cancelled(request, entry: RegisteredNumber, reason: str) -> str:
    numbering.cancel(entry, reason, actor=request.user, request=request)
    messages.info(request, _("Đã hủy số %s. Số này vẫn còn trong sổ và không cấp lại.") % entry.symbol)
    return reverse("cells:numbers")


@roles(*SEES_REGISTERS)
@require_safe
def terms(request):
    user = request.user
    query = QueryForm(request.GET)
    page = Paginator(seen_terms(user), ROWS_ON_A_PAGE).get_page(query.values["page"])
    names = names_for(user, {term.organisation_id for term in page}, timezone.localdate())
    rows = [
        (term, names.get(term.organisation_id, ""), leads(user.reach, term.organisation_id, term.function))
        for term in page
    ]
    context = {
        "rows": rows,
        "page": page,
        "query": query,
        "crumbs": crumbs(_("Nhiệm kỳ")),
        "may_declare": bool(led_by(user)),
    }
    return render(request, "cells/terms.html", context)


def led_by(user) -> list[Register]:
    return kept_by(user.reach, leading=True)


@roles(*KEEPS_REGISTERS)
def make_term(request):
    registers = led_by(request.user)
    require(bool(registers))
    form = TermForm(request.POST or None, registers=registers)
    if form.is_valid() and form.register:
        try:
            return once(request, lambda: declared(request, form.register, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    only = registers[0] if len(registers) == 1 else None
    context = {"form": form, "crumbs": term_crumbs(_("Khai nhiệm kỳ")), "only": only}
    return render(request, "cells/term.html", context)


def declared(request, register: Register, fields: dict) -> str:
    declaring.declare(register.organisation, register.function, fields, actor=request.user, request=request)
    messages.success(request, _("Đã khai nhiệm kỳ. Số văn bản bắt đầu từ 01."))
    return reverse("cells:terms")


def led_term(user, public_id) -> Term:
    term = get_object_or_404(Term.objects.for_user(user).select_related("organisation"), public_id=public_id)
    require(leads(user.reach, term.organisation_id, term.function))
    return term


def register_of(term: Term, user) -> Register:
    name = names_for(user, [term.organisation_id], timezone.localdate()).get(term.organisation_id, "")
    is_cell = not term.function and numbering.kind_on(term.organisation, term.first_day) in CELL_KINDS
    return Register(term.organisation, term.function, name, is_cell)


@roles(*KEEPS_REGISTERS)
def change_term(request, public_id):
    term = led_term(request.user, public_id)
    register = register_of(term, request.user)
    initial = declaring.described(term) | {"version": term.version}
    form = TermForm(request.POST or None, registers=[register], term=term, initial=initial)
    context = {"form": form, "term": term, "only": register, "crumbs": term_crumbs(_("Sửa nhiệm kỳ"))}
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, term, form.cleaned_data))
        except declaring.ChangedMeanwhile:
            term.refresh_from_db()
            stored = declaring.described(term) | {"version": term.version}
            context |= side_by_side(form, TermForm(registers=[register], term=term, initial=stored))
            return render(request, "cells/term.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "cells/term.html", context)


def changed(request, term: Term, fields: dict) -> str:
    version = fields["version"] or term.version
    declaring.change(term, fields, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa nhiệm kỳ."))
    return reverse("cells:terms")


@roles(*KEEPS_REGISTERS)
def continue_register(request, public_id):
    term = led_term(request.user, public_id)
    register = register_of(term, request.user)
    form = PaperRegisterForm(request.POST or None, register=register)
    if form.is_valid():
        try:
            return once(request, lambda: continued(request, term, form.cleaned_data))
        except Refused as refusal:
            form.add_error("document_type", refusal.text)
    context = {
        "form": form,
        "term": term,
        "only": register,
        "series": series_of(term),
        "crumbs": term_crumbs(_("Sổ giấy")),
    }
    return render(request, "cells/continue_register.html", context)


def continued(request, term: Term, fields: dict) -> str:
    series = numbering.continue_after(
        term, fields["document_type"], fields["last_number"], actor=request.user, request=request
    )
    messages.success(
        request,
        _("Đã ghi: %(type)s cấp tiếp từ số %(number)02d.")
        % {"type": series.get_document_type_display(), "number": series.last_number + 1},
    )
    return reverse("cells:continue_register", args=[term.public_id])


def crumbs(label: str) -> list[tuple[str, str]]:
    return [(_("Sổ văn bản"), reverse("cells:numbers")), (label, "")]


def term_crumbs(label: str) -> list[tuple[str, str]]:
    return [(_("Sổ văn bản"), reverse("cells:numbers")), (_("Nhiệm kỳ"), reverse("cells:terms")), (label, "")]
