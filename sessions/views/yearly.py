import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import below_today, dated_facts, is_below, require, roles
from cells.comparing import side_by_side
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, LEADING, MEMBER, SEES_ROSTERS
from sessions import theming
from sessions.models import PlannedTheme, Session, ThematicPlan
from sessions.naming import cell_name
from sessions.rules import rules_for
from sessions.states import ChangedMeanwhile
from sessions.theme_forms import (
    FIRST_YEAR,
    LAST_YEAR,
    NONE_PLANNED,
    MoveForm,
    PlansQuery,
    PlanVersionForm,
    ReturnForm,
    VersionForm,
    theme_formset,
)
from sessions.theme_rows import STATE_BADGES, PlanRow, lineage_of_cells, year_of

READERS = (MEMBER, *AT_THE_CELL, *DOWN_THE_TREE)
ROWS_ON_A_PAGE = 50
State = ThematicPlan.State


@roles(*READERS)
@require_safe
def plans(request):
    """Which cells have registered; for somebody with one cell only, that cell's plan."""
    user, query = request.user, PlansQuery(request.GET)
    year = query.values["year"] or user.reach.day.year
    periods = cells_in_sight(user, year)
    if not user.reach.tops and len(user.reach.cells) == 1:
        (cell,) = Organisation.objects.for_user(user).filter(pk__in=user.reach.cells)
        return redirect("sessions:year_plan", public_id=cell.public_id, year=year)
    chosen = periods
    if query.values["state"]:
        wanted = None if query.values["state"] == NONE_PLANNED else query.values["state"]
        chosen = chosen.filter(plan_state=wanted) if wanted else chosen.filter(plan_state=None)
    page = Paginator(chosen.select_related("organisation"), ROWS_ON_A_PAGE).get_page(query.values["page"])
    counts = dict(periods.order_by().values_list("plan_state").annotate(Count("pk")))
    context = {
        "query": query,
        "year": year,
        "page": page,
        "rows": rows_of(page, year),
        "counts": [(label, counts.get(state, 0), state) for state, label in [*State.choices, (None, _("chưa có"))]],
    }
    return render(request, "sessions/year_plans.html", context)


def cells_in_sight(user, year: int):
    """Cells in force today, own and below, with the state of their plan."""
    reach = user.reach
    mine = Q(organisation__in=reach.cells) | Q(organisation__in=lineage_of_cells(reach.tops, reach.day))
    plan = ThematicPlan.objects.for_user(user).filter(cell=OuterRef("organisation"), year=year)
    periods = OrganisationPeriod.unscoped.on(reach.day).filter(mine, kind__in=CELL_KINDS)
    return periods.annotate(plan_state=Subquery(plan.values("state")[:1])).order_by("name", "pk")


def rows_of(page, year: int) -> list[PlanRow]:
    themes = PlannedTheme.unscoped.filter(plan__year=year, plan__cell__in=[row.organisation_id for row in page])
    held = Count("pk", filter=Q(session__state=Session.State.CLOSED))
    counts = {
        row[0]: row[1:] for row in themes.values_list("plan__cell").annotate(planned=Count("pk"), held=held).order_by()
    }
    return [
        PlanRow(
            row.organisation.public_id,
            row.name,
            year,
            row.plan_state or "",
            *counts.get(row.organisation_id, (0, 0)),
        )
        for row in page
    ]


@roles(*READERS)
@require_safe
def year_plan(request, public_id, year):
    cell, plan = seen_plan(request.user, public_id, year)
    return render(request, "sessions/year_plan.html", page_of(request.user, cell, year, plan))


@roles(*READERS)
@require_safe
def printed(request, public_id, year):
    cell, plan = seen_plan(request.user, public_id, year)
    return render(request, "sessions/year_plan_print.html", page_of(request.user, cell, year, plan))


def page_of(user, cell: Organisation, year: int, plan: ThematicPlan | None) -> dict:
    themes = list(plan.themes.select_related("preparer", "presenter", "method", "session")) if plan else []
    sessions = Session.objects.for_user(user).filter(planned_theme__plan=plan) if plan else Session.objects.none()
    visible = dict(sessions.values_list("pk", "public_id"))
    today = user.reach.day
    works, decides = works_at(user, cell), decides_on(user, cell)
    may_edit = works and (plan is None or plan.may_be_edited)
    return {
        "cell": cell,
        "cell_name": cell_name(cell.pk, min(today, dt.date(year, 12, 31))),
        "year": year,
        "plan": plan,
        "badge": STATE_BADGES[plan.state] if plan else "",
        "shown": year_of(cell, year, themes, today, visible, names_people(user, cell, plan)),
        "works": works,
        "leads": user.reach.acts_at(LEADING, cell.pk),
        "may_edit": may_edit,
        "may_copy": may_edit and not themes and has_plan(cell, year - 1),
        "may_decide": decides and plan is not None and plan.state == State.REGISTERED,
        "may_move": works and plan is not None and not plan.may_be_edited,
    }


def has_plan(cell: Organisation, year: int) -> bool:
    return PlannedTheme.unscoped.filter(plan__cell=cell, plan__year=year).exists()


def names_people(user, cell: Organisation, plan: ThematicPlan | None) -> bool:
    """A board reads the themes; who prepares them is for the cell, committees and inspectors."""
    if user.reach.acts_at((MEMBER, *AT_THE_CELL), cell.pk):
        return True
    facts = dated_facts(user.reach, "cell", "first_day", own=(), down=SEES_ROSTERS)
    return plan is not None and ThematicPlan.objects.for_user(user).filter(facts, pk=plan.pk).exists()


@roles(*AT_THE_CELL)
def edit(request, public_id, year):
    cell, plan = own_plan(request.user, public_id, year)
    address = reverse("sessions:year_plan", args=[public_id, year])
    if plan and not plan.may_be_edited:
        messages.error(request, theming.WrongState().text)
        return redirect(address)
    formset, offered = theme_formset(request.POST or None, cell, year, plan)
    version = PlanVersionForm(request.POST or None, initial={"version": plan.version if plan else theming.NO_PLAN_YET})
    problem, status = "", 200
    if formset.is_valid() and version.is_valid():
        try:
            return once(request, lambda: saved(request, cell, year, plan, formset, version))
        except Refused as refusal:
            # What was typed stays; the next sending is judged against the version that is shown beside it now.
            problem, status = refusal.text, 409
    elif formset.is_bound:
        status = 422
    context = {
        "cell": cell,
        "cell_name": cell_name(cell.pk, timezone.localdate()),
        "year": year,
        "plan": plan,
        "stored": list(plan.themes.all()) if plan and status == 409 else [],
        "formset": formset,
        "version": plan.version if plan else theming.NO_PLAN_YET,
        "quota": rules_for(cell.pk, dt.date(year, 12, 31)).thematic_per_quarter,
        "people": list(offered.people),
        "problem": problem,
        "back": address,
    }
    return render(request, "sessions/year_plan_edit.html", context, status=status)


def saved(request, cell: Organisation, year: int, plan: ThematicPlan | None, formset, version) -> str:
    stored = dict(plan.themes.values_list("public_id", "pk")) if plan else {}
    wanted = [form.wanted(stored) for form in formset if form.is_wanted]
    removed = {stored.get(form.cleaned_data.get("theme")) for form in formset if not form.is_wanted} - {None}
    number = version.cleaned_data["version"]
    theming.save_themes(cell, year, wanted, removed, version=number, actor=request.user, request=request)
    messages.success(request, _("Đã lưu kế hoạch."))
    page = "sessions:edit_year_plan" if "more" in request.POST else "sessions:year_plan"
    return reverse(page, args=[cell.public_id, year])


@roles(*AT_THE_CELL)
@require_POST
def copy(request, public_id, year):
    cell, _plan = own_plan(request.user, public_id, year)
    return carried_out(
        request,
        cell,
        year,
        lambda: theming.copy_last_year(cell, year, actor=request.user, request=request),
        _("Đã chép kế hoạch năm trước. Hãy ghi người chuẩn bị, người trình bày."),
        page="sessions:edit_year_plan",
    )


@roles(*LEADING)
@require_POST
def register(request, public_id, year):
    cell, plan = led_plan(request.user, public_id, year)
    done = _("Đã đăng ký kế hoạch với cấp ủy cấp trên.")
    return carried_out(request, cell, year, lambda: theming.register(plan, actor=request.user, request=request), done)


@roles(*LEADING)
@require_POST
def withdraw(request, public_id, year):
    cell, plan = led_plan(request.user, public_id, year)
    done = _("Kế hoạch trở lại bản nháp. Sửa xong, hãy đăng ký lại.")
    return carried_out(request, cell, year, lambda: theming.withdraw(plan, actor=request.user, request=request), done)


@roles(Role.COMMITTEE)
@require_POST
def accept(request, public_id, year):
    cell, plan = decided_plan(request.user, public_id, year)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    done = _("Đã chấp nhận kế hoạch.")
    return carried_out(
        request, cell, year, lambda: theming.accept(plan, version=version, actor=request.user, request=request), done
    )


@roles(Role.COMMITTEE)
def return_plan(request, public_id, year):
    cell, plan = decided_plan(request.user, public_id, year)
    form = ReturnForm(request.POST or None, initial={"version": plan.version})
    if form.is_valid():
        told = form.cleaned_data
        return carried_out(
            request,
            cell,
            year,
            lambda: theming.send_back(
                plan, told["reason"], version=told["version"], actor=request.user, request=request
            ),
            _("Đã trả lại kế hoạch để chi bộ sửa."),
        )
    context = {
        "cell_name": cell_name(cell.pk, timezone.localdate()),
        "year": year,
        "form": form,
        "back": reverse("sessions:year_plan", args=[public_id, year]),
    }
    return render(request, "sessions/year_plan_return.html", context)


def carried_out(request, cell: Organisation, year: int, write, done: str, page: str = "sessions:year_plan"):
    """Writes and says so; a refusal is told on the plan's page."""

    def written() -> str:
        write()
        messages.success(request, done)
        return reverse(page, args=[cell.public_id, year])

    try:
        return once(request, written)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:year_plan", public_id=cell.public_id, year=year)


@roles(*AT_THE_CELL)
def move_theme(request, public_id):
    plans = ThematicPlan.objects.for_user(request.user)
    themes = PlannedTheme.unscoped.filter(plan__in=plans).select_related("plan__cell", "session")
    theme = get_object_or_404(themes, public_id=public_id)
    cell, year = theme.plan.cell, theme.plan.year
    require(works_at(request.user, cell))
    back = reverse("sessions:year_plan", args=[cell.public_id, year])
    form = MoveForm(request.POST or None, initial=place_of(theme), year=year)
    context = {"form": form, "theme": theme, "year": year, "back": back}
    if form.is_valid():
        try:
            return once(request, lambda: moved(request, theme, form.cleaned_data, back))
        except ChangedMeanwhile:
            theme = themes.get(pk=theme.pk)
            context |= side_by_side(form, MoveForm(initial=place_of(theme), year=year))
            return render(request, "sessions/theme_move.html", context, status=409)
        except Refused as refusal:
            messages.error(request, refusal.text)
            return redirect(back)
    return render(request, "sessions/theme_move.html", context)


def place_of(theme: PlannedTheme) -> dict:
    day = theme.moved_day or theme.planned_day
    return {"month": theme.due_month, "day": day, "reason": theme.move_reason, "version": theme.plan.version}


def moved(request, theme: PlannedTheme, told: dict, back: str) -> str:
    month, day, reason, version = told["month"], told["day"], told["reason"], told["version"]
    theming.move(theme, month, day, reason, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã chuyển chuyên đề. Tháng đã đăng ký vẫn được giữ để đối chiếu."))
    return back


def seen_plan(user, public_id, year: int) -> tuple[Organisation, ThematicPlan | None]:
    """The plan if this user may see it; without one, the cell if it is the user's own or hangs below today."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    plan = ThematicPlan.objects.for_user(user).filter(cell__public_id=public_id, year=year).select_related("cell")
    if found := plan.first():
        return found.cell, found
    own = Q(pk__in=user.reach.own((MEMBER, *AT_THE_CELL)))
    cells = Organisation.objects.for_user(user).filter(own | below_today(user.reach, "pk", user.reach.tops))
    cells = cells.filter(periods__kind__in=CELL_KINDS).exclude(thematic_plans__year=year).distinct()
    return get_object_or_404(cells, public_id=public_id), None


def own_plan(user, public_id, year: int) -> tuple[Organisation, ThematicPlan | None]:
    cell, plan = seen_plan(user, public_id, year)
    require(works_at(user, cell))
    return cell, plan


def led_plan(user, public_id, year: int) -> tuple[Organisation, ThematicPlan]:
    cell, plan = seen_plan(user, public_id, year)
    require(user.reach.acts_at(LEADING, cell.pk))
    return cell, existing(plan)


def decided_plan(user, public_id, year: int) -> tuple[Organisation, ThematicPlan]:
    cell, plan = seen_plan(user, public_id, year)
    require(decides_on(user, cell))
    return cell, existing(plan)


def existing(plan: ThematicPlan | None) -> ThematicPlan:
    if plan is None:
        raise Http404
    return plan


def works_at(user, cell: Organisation) -> bool:
    return user.reach.acts_at(AT_THE_CELL, cell.pk)


def decides_on(user, cell: Organisation) -> bool:
    tops = user.reach.at([Role.COMMITTEE])
    return bool(tops) and is_below(cell.pk, tops, user.reach.day)
