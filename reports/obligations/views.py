"""What is due, for whoever does it and whoever looks after it; and letting somebody off."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from accounts.text import folded
from cells.access import require, roles
from cells.models import Organisation
from cells.reach import ANYONE, AT_THE_CELL, DOWN_THE_TREE
from cells.reading import in_one_state, one_state
from cells.spreadsheets import table_response
from reports import access
from reports.obligations import owing, waiving
from reports.obligations.forms import ALL, DueQuery, OwedQuery, ReminderForm, TakeBackForm, WaiveForm
from reports.obligations.models import ReminderChoice, Subject, Waiver
from reports.obligations.owing import Obligation, State
from reports.obligations.presenting import STATE_LABELS, rows_of, title_of
from reports.obligations.reminding import ABOVE
from sessions.naming import Names

ON_A_PAGE = 50


@roles(*AT_THE_CELL, *DOWN_THE_TREE)
@require_safe
@in_one_state
def due(request):
    """Everything on the table of the user's places and of all below them."""
    user, today = request.user, timezone.localdate()
    query = DueQuery(request.GET)
    found = owing.on_the_table(user.reach, today)
    context = {
        "query": query,
        "late": sum(one.is_late for one in found),
        "open": sum(one.is_open for one in found),
        "looks_down": bool(user.reach.tops),
    }
    return render(request, "reports/obligations/due.html", context | listed(found, query, user, today))


def listed(found: Iterable[Obligation], query: DueQuery, user, today: dt.date) -> dict:
    page = Paginator(asked_for(found, query, today), ON_A_PAGE).get_page(query.values["page"])
    return {"page": page, "rows": rows_of(page, user, today)}


def asked_for(found: Iterable[Obligation], query: DueQuery, today: dt.date) -> list[Obligation]:
    wanted = [one for one in found if query.takes(one)]
    return named_like(query.values["name"], wanted, today) if query.values["name"] else wanted


def named_like(text: str, found: list[Obligation], today: dt.date) -> list[Obligation]:
    words = folded(text).split()
    names = Names(one.organisation for one in found)
    return [one for one in found if all(word in folded(names.of(one.organisation, today)) for word in words)]


@roles(*AT_THE_CELL, *DOWN_THE_TREE)
@require_safe
@in_one_state
def due_of(request, public_id):
    """All that one organisation and those below it owe in a period: 708 conferences, and which are missing."""
    here = followed(request.user, public_id)
    today, query = timezone.localdate(), OwedQuery(request.GET)
    period = query.period
    found = owing.in_period(here, period.first_day, period.last_day, on=today)
    name = Names([here.pk]).of(here.pk, min(today, period.last_day))
    context = {
        "here": here,
        "name": name,
        "query": query,
        "period": period,
        "summary": summary_of(found, query),
        "states": [STATE_LABELS[state] for state in shown_of(found)],
        "table_url": reverse("reports:due_table", args=[public_id]) + query.link(),
        "crumbs": [(_("Việc đến hạn"), reverse("reports:due")), (name, "")],
    }
    return render(request, "reports/obligations/due_of.html", context | listed(found, query, request.user, today))


@roles(*AT_THE_CELL, *DOWN_THE_TREE)
@require_safe
def due_table(request, public_id):
    """The list of the page as it was asked for, whole: the conferences of a year that are missing, to be handed on."""
    here = followed(request.user, public_id)
    today, query = timezone.localdate(), OwedQuery(request.GET)
    period = query.period
    with one_state():  # the trail is written after it
        found = owing.in_period(here, period.first_day, period.last_day, on=today)
        rows = rows_of(asked_for(found, query, today), request.user, today)
        name = Names([here.pk]).of(here.pk, min(today, period.last_day))
    headings = [_("Tổ chức"), _("Việc"), _("Hạn"), _("Tình trạng"), _("Lý do miễn")]
    lines = (
        [row.name, row.title, f"{row.obligation.due:%d/%m/%Y}", row.state, row.waiver.reason if row.waiver else ""]
        for row in rows
    )
    return table_response(request, here, f"{_('Việc phải làm')} – {name} – {period.label}", headings, lines)


def summary_of(found: list[Obligation], query: OwedQuery) -> list[tuple]:
    """(subject, (number, address), [(state, number, address)]): how many are owed, and of each state how many."""
    counts, shown = owing.tally(found), shown_of(found)
    lines = []
    for subject in Subject:
        if count := counts.get(subject):
            each = [(STATE_LABELS[state], count[state], address(query, subject, state)) for state in shown]
            whole = (sum(count.values()), address(query, subject, ALL))
            lines.append((capfirst(str(subject.label)), whole, each))
    return lines


def shown_of(found: list[Obligation]) -> list[State]:
    """All states, but what lapsed with its organisation only where there is any."""
    return [state for state in State if state != State.LAPSED or any(one.state == state for one in found)]


def address(query: OwedQuery, subject: Subject, state: str) -> str:
    return query.link(subject=subject.value, state=state)


def followed(user, public_id) -> Organisation:
    """Of one's own cell, or below a post of the user's by the tree of today."""
    places = Organisation.objects.for_user(user).filter(access.followed(user.reach))
    return get_object_or_404(places, public_id=public_id)


@roles(*waiving.WAIVING)
def waive(request, public_id, owed):
    here = get_object_or_404(Organisation.objects.for_user(request.user), public_id=public_id)
    obligation = owing.named(here.pk, owed, on=timezone.localdate())
    if obligation is None or obligation.subject in waiving.NEVER:
        raise Http404
    require(waiving.waivable(request.user.reach, [obligation]))
    form = WaiveForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: waived(request, here, obligation, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "reports/obligations/waive.html", about(here, obligation) | {"form": form})


def about(here: Organisation, obligation: Obligation) -> dict:
    today = timezone.localdate()
    name = Names([here.pk]).of(here.pk, min(today, obligation.counted_on))
    back = reverse("reports:due") if obligation.is_left else reverse("reports:due_of", args=[here.public_id])
    return {"here": here, "name": name, "obligation": obligation, "title": title_of(obligation), "back": back}


def waived(request, here: Organisation, obligation: Obligation, reason: str) -> str:
    waiving.waive(obligation, reason, actor=request.user, request=request)
    messages.success(request, _("Đã miễn: %s.") % title_of(obligation))
    if obligation.is_left:
        return f"{reverse('reports:due')}?state=waived"
    return f"{reverse('reports:due_of', args=[here.public_id])}?state=waived&year={obligation.last_day.year}"


@roles(*waiving.WAIVING)
def take_back_waiver(request, public_id):
    rows = Waiver.objects.for_user(request.user).select_related("organisation", "given_by")
    waiver = get_object_or_404(rows, public_id=public_id)
    obligation = owing.named(waiver.organisation_id, waiver.key, on=timezone.localdate())
    require(obligation and waiving.waivable(request.user.reach, [obligation]))
    form = TakeBackForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: taken_back(request, waiver, obligation, form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = about(waiver.organisation, obligation) | {"form": form, "waiver": waiver}
    return render(request, "reports/obligations/take_back.html", context)


def taken_back(request, waiver: Waiver, obligation: Obligation, reason: str) -> str:
    waiving.take_back(waiver, reason, actor=request.user, request=request)
    messages.success(request, _("Đã thôi miễn. Việc này lại phải làm."))
    return about(waiver.organisation, obligation)["back"]


@roles(ANYONE)
def reminders(request):
    """How one wants to be reminded outside of the program."""
    user = request.user
    chosen = ReminderChoice.unscoped.filter(user=user).first() or ReminderChoice(user=user)
    initial = {"by_mail": chosen.by_mail, "weekly": chosen.weekly}
    form = ReminderForm(request.POST or None, initial=initial, looks_down=bool(user.reach.at(ABOVE)))
    if request.method == "POST" and form.is_valid():
        return once(request, lambda: reminders_chosen(request, form.cleaned_data))
    first, last = settings.QUIET_HOURS
    back = "reports:due" if user.reach.holds(AT_THE_CELL | DOWN_THE_TREE) else "accounts:account"
    context = {"form": form, "sends_mail": settings.SENDS_MAIL, "first": first, "last": last, "back": reverse(back)}
    return render(request, "reports/obligations/reminders.html", context)


def reminders_chosen(request, chosen: dict) -> str:
    ReminderChoice.unscoped.update_or_create(user=request.user, defaults=chosen)
    record("reminders.chosen", target=request.user, detail=chosen, request=request)
    messages.success(request, _("Đã ghi cách nhắc việc."))
    return reverse("reports:reminders")
