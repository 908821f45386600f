from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from accounts.text import title_key
from cells import moving, personal
from cells.access import roles
from cells.forms.rosters import NewMemberForm
from cells.models import CELL_KINDS, Organisation, Person, Role
from cells.naming import names_for
from cells.querying import RosterQuery
from cells.reach import AT_THE_CELL, LEADING, SEES_ROSTERS
from cells.rosters import (
    managed_cell,
    manages,
    member_rows,
    note_reading,
    roster_of,
    seen_roster,
)
from cells.spreadsheets import table_response, watermark
from cells.taking_away import first_rows, taken_away
from cells.warning import warnings_for

ROWS_ON_A_PAGE = 100
READERS = (*AT_THE_CELL, *SEES_ROSTERS)
MANAGERS = (*LEADING, Role.COMMITTEE)


@roles(*READERS)
@require_safe
def roster(request, public_id):
    user = request.user
    here = seen_roster(user, public_id)
    query = RosterQuery(request.GET)
    day = query.values["day"]
    spans = roster_of(user, here, day).filter(query.condition())
    page = Paginator(spans, ROWS_ON_A_PAGE).get_page(query.values["page"])
    is_cell = here.periods.on(day).filter(kind__in=CELL_KINDS).exists()
    is_today = day == timezone.localdate()
    note_reading(request, here, here.pk, day=day, rows=len(page))
    context = {
        "here": here,
        "name": name_of(here, user, day),
        "query": query,
        "day": day,
        "is_today": is_today,
        "is_cell": is_cell,
        "is_narrowed": bool(query.given().keys() - {"page"}),
        "page": page,
        "rows": member_rows(page, user, day, names_cells=not is_cell),
        "manages": is_cell and manages(user, here.pk),
        "warnings": warnings_for(here, user, day) if is_cell and is_today else [],
    }
    return render(request, "cells/roster.html", context)


@roles(*READERS)
@require_safe
def roster_print(request, public_id):
    """All names on one sheet after the other, for the browser's own printing; of a committee cell by cell."""
    user = request.user
    here = seen_roster(user, public_id)
    query = RosterQuery(request.GET)
    day = query.values["day"]
    rows = whole_roster(user, here, query)
    refused = taken_away(request, "roster.printed", len(rows), target=here)
    if refused:
        return refused
    rows.sort(key=lambda row: (title_key(row.cell_name), row.span.cell_id))  # people stay in their order
    context = {
        "here": here,
        "name": name_of(here, user, day),
        "day": day,
        "rows": rows,
        "query": query,
        "names_cells": not here.periods.on(day).filter(kind__in=CELL_KINDS).exists(),
        "watermark": watermark(user),
    }
    return render(request, "cells/roster_print.html", context)


@roles(*READERS)
@require_safe
def roster_table(request, public_id):
    user = request.user
    here = seen_roster(user, public_id)
    query = RosterQuery(request.GET)
    day = query.values["day"]
    rows = whole_roster(user, here, query)
    title = _("Danh sách đảng viên %(name)s ngày %(day)s")
    told = {"name": name_of(here, user, day), "day": f"{day:%d-%m-%Y}"}
    headings = [_("Họ và tên"), _("Mã"), _("Ngày sinh"), _("Giới tính"), _("Chi bộ"), _("Tư cách"), _("Tình trạng")]
    return table_response(
        request, here, title % told, [*headings, _("Từ ngày")], map(cells_of, rows), action="roster.exported"
    )


def whole_roster(user, here: Organisation, query: RosterQuery) -> list:
    day = query.values["day"]
    spans = first_rows(roster_of(user, here, day).filter(query.condition()))
    return member_rows(spans, user, day, names_cells=True)


def cells_of(row) -> list:
    person, span = row.span.person, row.span
    birth = f"{row.birth:%d/%m/%Y}" if person.birth_date else row.birth
    standing, status = span.get_standing_display(), span.get_status_display()
    found = [person.full_name, person.code, birth, person.get_sex_display(), row.cell_name, standing, status]
    return [*found, f"{span.first_day:%d/%m/%Y}"]


def name_of(here: Organisation, user, day) -> str:
    return names_for(user, [here.pk], day).get(here.pk, here.code)


@roles(*MANAGERS)
def add(request, public_id):
    here = managed_cell(request.user, public_id)
    form = NewMemberForm(request.POST or None, initial={"day": timezone.localdate()})
    if form.is_valid():
        known = personal.known_as(request.user, form.cleaned_data)
        if known:
            form.offer(known)
        if form.is_valid():
            try:
                return once(request, lambda: added(request, here, form.cleaned_data, known))
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    context = {"here": here, "name": name_of(here, request.user, request.user.reach.day), "form": form}
    return render(request, "cells/add_member.html", context)


def added(request, here: Organisation, told: dict, known: list[Person]) -> str:
    same = next((person for person in known if str(person.public_id) == told.get("same")), None)
    person = same or personal.enter(told)
    person = moving.admit(person, here, standing=told["standing"], day=told["day"], actor=request.user, request=request)
    messages.success(request, _("Đã thêm %s vào danh sách.") % person.full_name)
    return reverse("cells:person", args=[person.public_id])
