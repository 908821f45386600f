"""The three rosters, each by itself: seen, printed, taken away as a table; recognised, corrected, ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side, with_version
from cells.naming import names_for
from cells.spreadsheets import table_response, watermark
from cells.taking_away import first_rows, taken_away
from speakers import appointing
from speakers.appointing import ChangedMeanwhile
from speakers.forms.rosters import AppointForm, CorrectForm, EndForm, SpeakersQuery
from speakers.identifying import person_named
from speakers.keeping import APPOINTING, READERS, appoints, kept, place, sees
from speakers.models import Held, SpeakerAppointment, SpeakerKind
from speakers.views.places import below, crumbs, name_of

ROWS_ON_A_PAGE = 50


def asked(request, public_id):
    here = place(request.user, public_id, sees)
    query = SpeakersQuery(request.GET)
    return here, query, query.narrowed(below(request.user, here), request.user.reach.day)


@roles(*READERS)
@require_safe
def roster(request, public_id):
    user = request.user
    here, query, rows = asked(request, public_id)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "here": here,
        "query": query,
        "page": page,
        "rows": named(page, user),
        "tabs": [(kind, capfirst(kind.label), query.link(kind=kind)) for kind in SpeakerKind],
        "label": SpeakerKind(query.values["kind"]).label,
        "qualified": qualified(rows),
        "appoints": appoints(user.reach, here.pk),
        "is_narrowed": bool(query.given().keys() - {"page", "kind"}),
        "day": user.reach.day,
        "crumbs": crumbs(user, here, (_("Danh sách"), "")),
    }
    return render(request, "speakers/roster.html", context)


def named(rows, user) -> list[tuple[SpeakerAppointment, str]]:
    rows = list(rows)
    names = names_for(user, {row.organisation_id for row in rows}, user.reach.day)
    return [(row, names.get(row.organisation_id, "")) for row in rows]


def qualified(rows) -> list[tuple[str, int, int]]:
    """(what, how many have it, of how many it is told); nothing where it is told of nobody."""
    told = rows.order_by().values_list("degree", "theory")
    degrees, theories = zip(*told, strict=True) if told else ((), ())
    shares = [(_("đại học trở lên"), degrees), (_("lý luận chính trị cao cấp"), theories)]
    return [
        (label, sum(one == Held.YES for one in values), sum(bool(one) for one in values))
        for label, values in shares
        if any(values)
    ]


@roles(*READERS)
@require_safe
def roster_print(request, public_id):
    here, query, rows = asked(request, public_id)
    listed = named(first_rows(rows), request.user)
    refused = taken_away(request, "table.printed", len(listed), target=here)
    if refused:
        return refused
    context = {
        "here": here,
        "name": name_of(request.user, here),
        "rows": listed,
        "label": SpeakerKind(query.values["kind"]).label,
        "qualified": qualified(rows),
        "day": request.user.reach.day,
        "crumbs": crumbs(request.user, here, (_("Bản in"), "")),
        "watermark": watermark(request.user),
    }
    return render(request, "speakers/roster_print.html", context)


@roles(*READERS)
@require_safe
def roster_table(request, public_id):
    here, query, rows = asked(request, public_id)
    headings = [
        *(_("Họ và tên"), _("Loại"), _("Cấp"), _("Tổ chức"), _("Số quyết định"), _("Ngày quyết định")),
        *(_("Từ ngày"), _("Đến ngày"), _("Lý do thôi")),
    ]
    told = {"label": SpeakerKind(query.values["kind"]).label, "name": name_of(request.user, here)}
    lines = (cells_of(row, name) for row, name in named(rows, request.user))
    return table_response(request, here, _("Danh sách %(label)s %(name)s") % told, headings, lines)


def cells_of(row: SpeakerAppointment, name: str) -> list:
    days = [f"{day:%d/%m/%Y}" if day else "" for day in (row.decision_date, row.first_day, row.last_day)]
    kind, level = row.get_kind_display(), row.get_level_display()
    return [row.person.full_name, kind, level, name, row.decision_number, *days, row.end_reason]


@roles(*APPOINTING)
def appoint(request, public_id):
    user = request.user
    here = place(user, public_id, appoints)
    form = AppointForm(request.POST or None, initial={"kind": SpeakersQuery(request.GET).values["kind"]})
    if form.is_valid():
        try:
            return once(request, lambda: appointed(request, here, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "here": here, "crumbs": crumbs(user, here, (_("Công nhận"), ""))}
    return render(request, "speakers/appoint.html", context)


def appointed(request, here, fields: dict) -> str:
    person = person_named(fields["code"], fields["full_name"])
    row = appointing.appoint(here, person, fields, actor=request.user, request=request)
    messages.success(request, _("Đã ghi %(name)s vào danh sách.") % {"name": person.full_name})
    return roster_of(row)


def roster_of(row: SpeakerAppointment) -> str:
    return f"{reverse('speakers:roster', args=[row.organisation.public_id])}?kind={row.kind}"


@roles(*APPOINTING)
def correct(request, public_id):
    row = kept(SpeakerAppointment, request.user, public_id, "person", "organisation", by=appoints)
    form = CorrectForm(request.POST or None, initial=decided_of(row))
    context = {"form": form, "row": row, "back": roster_of(row)}
    context["crumbs"] = crumbs(request.user, row.organisation, (_("Sửa quyết định"), ""))
    if form.is_valid():
        try:
            return once(request, lambda: corrected(request, row, form.cleaned_data))
        except ChangedMeanwhile:
            row.refresh_from_db()
            context |= side_by_side(form, CorrectForm(initial=decided_of(row)))
            return render(request, "speakers/correct.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "speakers/correct.html", context)


def decided_of(row: SpeakerAppointment) -> dict:
    return {name: getattr(row, name) for name in (*appointing.DECIDED, "version")}


def corrected(request, row, fields: dict) -> str:
    appointing.correct(row, fields, version=fields["version"], actor=request.user, request=request)
    messages.success(request, _("Đã sửa."))
    return roster_of(row)


@roles(*APPOINTING)
def end(request, public_id):
    row = kept(SpeakerAppointment, request.user, public_id, "person", "organisation", by=appoints)
    initial = {"version": row.version, "day": request.user.reach.day}
    form = EndForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            return once(request, lambda: ended(request, row, form.cleaned_data))
        except ChangedMeanwhile as refusal:
            # The page tells the appointment as it stands now; what was typed stays, to be sent again or left.
            row.refresh_from_db()
            form.add_error(None, refusal.text)
            with_version(form, row.version)
        except Refused as refusal:
            form.add_error("day", refusal.text)
    context = {"form": form, "row": row, "back": roster_of(row)}
    context["crumbs"] = crumbs(request.user, row.organisation, (_("Cho thôi"), ""))
    return render(request, "speakers/end.html", context)


def ended(request, row, fields: dict) -> str:
    appointing.end(row, fields["day"], fields["reason"], version=fields["version"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi thôi từ sau ngày %s.") % f"{fields['day']:%d/%m/%Y}")
    return roster_of(row)
