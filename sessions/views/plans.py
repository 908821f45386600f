import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.comparing import side_by_side
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod
from cells.reach import AT_THE_CELL
from resolutions.models import Mode
from sessions import planning, theming
from sessions.access import own_session
from sessions.forms import PlanForm
from sessions.models import PlannedTheme, Session
from sessions.querying import PlanQuery
from sessions.rules import is_day_off
from sessions.states import ChangedMeanwhile, State


@roles(*AT_THE_CELL)
def plan(request):
    cells = own_cells(request.user)
    require(bool(cells))
    query = PlanQuery(request.GET)
    themes = theming.unheld([cell for cell, _name in cells])
    initial = suggestions(request.user, cells, query, themes)
    form = PlanForm(request.POST or None, cells=cells, themes=themes, initial=initial)
    if form.is_valid():
        cell = chosen_cell(cells, form.cleaned_data.get("cell"))
        try:
            return once(request, lambda: stored(request, cell, form.cleaned_data))
        except Refused as refusal:
            form.add_error("day", refusal.text)
    context = {"form": form, "query": query, "cell_name": cells[0][1] if len(cells) == 1 else ""}
    return render(request, "sessions/plan.html", context)


def stored(request, cell: Organisation, fields: dict) -> str:
    session = planning.plan(cell, fields, actor=request.user, request=request)
    theming.tie(session, fields["planned_theme"], actor=request.user, request=request)
    messages.success(request, _("Đã ghi kế hoạch buổi sinh hoạt."))
    tell_of_day_off(request, session.day)
    return reverse("sessions:detail", args=[session.public_id])


@roles(*AT_THE_CELL)
def change(request, public_id):
    session = own_session(request.user, public_id)
    address = reverse("sessions:detail", args=[session.public_id])
    if session.state != State.PLANNED:
        messages.error(request, _("Chỉ sửa được kế hoạch khi buổi sinh hoạt chưa mở."))
        return redirect(address)
    themes = theming.unheld([session.cell], but=session)
    tied = next((theme for theme in themes if theme.session_id == session.pk), None)
    form = PlanForm(request.POST or None, themes=themes, initial=planned(session, tied))
    context = {"form": form, "session": session, "cancel_url": address}
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, session, form.cleaned_data, address))
        except ChangedMeanwhile:
            session.refresh_from_db()
            context |= side_by_side(form, PlanForm(themes=themes, initial=planned(session, tied)))
            return render(request, "sessions/plan.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/plan.html", context)


def planned(session: Session, theme: PlannedTheme | None) -> dict:
    found = {name: getattr(session, name) for name in (*planning.PLANNED_FIELDS, "version")}
    return found | {"planned_theme": str(theme.public_id) if theme else ""}


def changed(request, session: Session, fields: dict, address: str) -> str:
    version = fields["version"] or session.version
    planning.change_plan(session, fields, version=version, actor=request.user, request=request)
    theming.tie(session, fields["planned_theme"], actor=request.user, request=request)
    messages.success(request, _("Đã sửa kế hoạch."))
    tell_of_day_off(request, fields["day"])
    return address


def tell_of_day_off(request, day: dt.date) -> None:
    """Told, not forbidden: a cell may meet on a Saturday."""
    if is_day_off(day):
        text = _("Ngày %s là ngày nghỉ. Nếu không phải cố ý, hãy chọn ngày khác.")
        messages.warning(request, text % f"{day:%d/%m/%Y}")


def own_cells(user) -> list[tuple[Organisation, str]]:
    """Cells in force today where the user prepares sessions, with their names."""
    periods = OrganisationPeriod.unscoped.on(user.reach.day).filter(
        organisation__in=user.reach.at(AT_THE_CELL), kind__in=CELL_KINDS
    )
    return [(period.organisation, period.name) for period in periods.select_related("organisation").order_by("name")]


def chosen_cell(cells, public_id) -> Organisation:
    return next((cell for cell, _name in cells if str(cell.public_id) == str(public_id)), cells[0][0])


def suggestions(user, cells, query: PlanQuery, themes) -> dict:
    """This month's day by the rules in force, the theme planned for it; hour, place and mode as last time."""
    cell = chosen_cell(cells, query.values["cell"])
    last = Session.objects.for_user(user).filter(cell=cell).exclude(state=State.CANCELLED).order_by("day", "pk").last()
    day = planning.suggested_day(cell, timezone.localdate(), query.values["kind"])
    offered = [theme for theme in themes if theme.plan.cell_id == cell.pk and theming.is_due_in(theme, day)]
    return {
        "cell": cell.public_id,
        "kind": query.values["kind"],
        "planned_theme": str(offered[0].public_id) if offered else "",
        "day": day,
        "start": last.start if last else None,
        "place": last.place if last else "",
        "mode": last.mode if last else Mode.IN_PERSON,
    }
