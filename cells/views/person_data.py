"""One person's data: shown to its owner, and to an administrator who says why; handed out; made anonymous."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.models import AuditEntry
from cells import person_data
from cells.access import roles
from cells.forms.person_data import AnonymiseForm, ConfirmForm, LookForm
from cells.mentioning import mentions_of, placed
from cells.models import Organisation, Person
from cells.person_tables import workbook
from cells.querying import PersonDataQuery
from cells.reach import ADMINISTRATOR, ANYONE
from cells.spreadsheets import CONTENT_TYPE
from cells.views.people import amending

STAYS_OPEN = dt.timedelta(hours=1)
ROWS_SHOWN = 20
CODES_SHOWN = 50


@roles(ANYONE)
@require_safe
def my_data(request):
    user = request.user
    person = person_data.of_user(user)
    context = {"person": person, "sections": described(person, user), "table_url": reverse("cells:my_data_file")}
    return render(request, "cells/my_data.html", context)


def described(person, user) -> list[tuple]:
    """(label, number of rows, the first rows as pairs of what people read)."""
    return [
        (
            section.label,
            section.rows.count(),
            [readable(section, row) for row in section.rows.order_by("pk")[:ROWS_SHOWN]],
        )
        for section in person_data.about(person, user)
    ]


def readable(section, row) -> list[tuple[str, str]]:
    """Columns that bear a Vietnamese name and hold something; the rest is in the file."""
    return [
        (capfirst(str(field.verbose_name)), day_or_text(person_data.shown(row, field)))
        for field in section.columns
        if is_named(field) and getattr(row, field.attname) not in (None, "") and not field.is_relation
    ]


def is_named(field) -> bool:
    return not str(field.verbose_name).isascii()


def day_or_text(value) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


@roles(ANYONE)
@require_safe
def my_data_file(request):
    person = person_data.of_user(request.user)
    record("person.exported", target=person or request.user, request=request)
    return file_response(person, request.user, PersonDataQuery(request.GET).values["format"])


def file_response(person, user, form: str) -> HttpResponse:
    if form == "json":
        response = HttpResponse(person_data.as_json(person, user), content_type="application/json")
    else:
        response = HttpResponse(workbook(person, user), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"du-lieu-ca-nhan.{form}")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@roles(ADMINISTRATOR)
def look(request):
    form = LookForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: opened(request, form.person, form.cleaned_data["reason"]))
    since = timezone.localdate() - dt.timedelta(days=settings.RETENTION_LEAVERS_DAYS)
    codes = person_data.left_before(since)
    context = {
        "form": form,
        "codes": codes[:CODES_SHOWN],
        "count": len(codes),
        "since": since,
        "crumbs": [*administration(), (_("Dữ liệu cá nhân"), "")],
    }
    return render(request, "cells/personal_data.html", context)


def opened(request, person: Person, reason: str) -> str:
    record("person.shown", target=person, after={"reason": reason}, request=request)
    return reverse("cells:personal_data_of", args=[person.public_id])


def has_said_why(user, person: Person) -> bool:
    """An administrator sees no rosters; one person's data for an hour after a reason went on record."""
    since = timezone.now() - STAYS_OPEN
    shown = AuditEntry.objects.filter(actor=user.pk, action="person.shown", at__gte=since)
    return shown.filter(object_kind=person._meta.label_lower, object_id=str(person.pk)).exists()


@roles(ADMINISTRATOR)
@require_safe
def personal_data_of(request, public_id):
    person = get_object_or_404(person_data.everybody(), public_id=public_id)
    if not has_said_why(request.user, person):
        return ask_why(request)
    context = {
        "person": person,
        "sections": described(person, person.user),
        "mentions": mentions_for(request.user, person),
        "correction_url": correction_address(request.user, person),
        "table_url": reverse("cells:personal_data_file", args=[person.public_id]),
        "crumbs": [*above(), (person.code, "")],
    }
    return render(request, "cells/personal_data_of.html", context)


def correction_address(user, person: Person) -> str:
    """The person on the roster, for whoever may open it; else the cell, whose secretary corrects."""
    if Person.objects.for_user(user).filter(pk=person.pk).exists():
        return reverse("cells:person", args=[person.public_id])
    cell = Organisation.objects.for_user(user).filter(pk=person.audit_place).first()
    return reverse("cells:organisation", args=[cell.public_id]) if cell else ""


def mentions_for(user, person) -> list[tuple[str, str]]:
    return placed(mentions_of(person), user, timezone.localdate())


def ask_why(request):
    messages.warning(request, _("Hãy ghi lý do trước khi xem dữ liệu của một người."))
    return redirect("cells:personal_data")


@roles(ADMINISTRATOR)
@require_safe
def personal_data_file(request, public_id):
    person = get_object_or_404(person_data.everybody(), public_id=public_id)
    if not has_said_why(request.user, person):
        return ask_why(request)
    record("person.exported", target=person, request=request)
    return file_response(person, person.user, PersonDataQuery(request.GET).values["format"])


@roles(ADMINISTRATOR)
def correct(request, public_id):
    """On a person's own request, for the reason that went on record; spans are for the cell to correct."""
    person = get_object_or_404(person_data.everybody(), public_id=public_id)
    if not has_said_why(request.user, person):
        return ask_why(request)
    back = reverse("cells:personal_data_of", args=[person.public_id])
    crumbs = [*above(), (person.code, back), (_("Sửa"), "")]
    return amending(request, person, back, shows_contacts=True, crumbs=crumbs)


@roles(ADMINISTRATOR)
def anonymise(request, public_id):
    """Two steps: why, and then once more with the code typed."""
    person = get_object_or_404(person_data.everybody(), public_id=public_id)
    if not has_said_why(request.user, person):
        return ask_why(request)
    first = AnonymiseForm(request.POST or None)
    second = ConfirmForm(request.POST if "confirmed" in request.POST else None, person=person, initial=request.POST)
    form = second if first.is_valid() else first
    if form is second and second.is_valid():
        try:
            return once(request, lambda: anonymised(request, person, second.cleaned_data["reason"]))
        except person_data.StillHere as refusal:
            form.add_error(None, refusal.text)
    back = reverse("cells:personal_data_of", args=[person.public_id])
    crumbs = [*above(), (person.code, back), (_("Ẩn danh"), "")]
    context = {
        "form": form,
        "person": person,
        "is_second": form is second,
        "mentions": mentions_for(request.user, person),
        "crumbs": crumbs,
        "back": back,
    }
    return render(request, "cells/anonymise.html", context)


def anonymised(request, person: Person, reason: str) -> str:
    done = person_data.anonymise(person, reason, actor=request.user, request=request)
    messages.success(request, _("Đã ẩn danh. Mã mới là %s.") % done.code)
    return reverse("cells:personal_data")


def administration() -> list[tuple[str, str]]:
    return [(_("Quản trị"), reverse("accounts:administration"))]


def above() -> list[tuple[str, str]]:
    return [*administration(), (_("Dữ liệu cá nhân"), reverse("cells:personal_data"))]
