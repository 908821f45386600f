from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.models import Organisation
from cells.reach import AT_THE_CELL, MEMBER, SEES_ROSTERS
from cells.spreadsheets import table_response
from cells.taking_away import first_rows
from sessions import tasking
from sessions.access import own_session, own_task, seen_task
from sessions.models import Session, SessionTask
from sessions.naming import Names, cell_name, roster_of
from sessions.querying import TaskQuery
from sessions.reading import TaskRow
from sessions.record_forms import TaskForm, TellForm
from sessions.recording import may_be_changed
from sessions.states import ChangedMeanwhile

READERS = (MEMBER, *AT_THE_CELL, *SEES_ROSTERS)
ROWS_ON_A_PAGE = 30


@roles(*READERS)
@require_safe
def task_list(request):
    query = TaskQuery(request.GET)
    tasks = asked_for(request.user, query)
    page = Paginator(tasks, ROWS_ON_A_PAGE).get_page(query.values["page"])
    context = {
        "query": query,
        "page": page,
        "rows": rows_of(page),
        "names_cells": bool(request.user.reach.tops) or len(request.user.reach.cells) > 1,
        "exports": request.user.reach.holds((*AT_THE_CELL, *SEES_ROSTERS)),
    }
    return render(request, "sessions/tasks.html", context)


def asked_for(user, query: TaskQuery):
    tasks = SessionTask.objects.for_user(user).filter(query.condition(timezone.localdate()))
    return tasks.select_related("session", "cell", "owner").order_by(*query.order())


def rows_of(tasks) -> list[TaskRow]:
    tasks = list(tasks)
    names = Names(task.cell_id for task in tasks)
    return [TaskRow(task, task.state, task.result, names.of(task.cell_id, task.session.day)) for task in tasks]


@roles(*AT_THE_CELL, *SEES_ROSTERS)
@require_safe
def task_table(request):
    query = TaskQuery(request.GET)
    headings = [
        _("Nhiệm vụ"),
        _("Chi bộ"),
        _("Người phụ trách"),
        _("Giao ngày"),
        _("Hạn"),
        _("Trạng thái"),
        _("Kết quả"),
    ]
    rows = (as_cells(row) for row in rows_of(first_rows(asked_for(request.user, query))))
    return table_response(request, home_of(request.user), _("Nhiệm vụ của chi bộ"), headings, rows)


def as_cells(row: TaskRow) -> list[str]:
    task = row.task
    due = f"{task.due:%d/%m/%Y}" if task.due else ""
    return [task.title, row.cell_name, task.owner_name, f"{task.session.day:%d/%m/%Y}", due, row.label, row.result]


def home_of(user) -> Organisation | None:
    """Whose table the audit trail says was taken."""
    return Organisation.objects.for_user(user).filter(pk__in=user.reach.at((*AT_THE_CELL, *SEES_ROSTERS))).first()


@roles(*READERS)
@require_safe
def task(request, public_id):
    task = seen_task(request.user, public_id)
    works = request.user.reach.acts_at(AT_THE_CELL, task.cell_id)
    context = {
        "row": TaskRow(task, task.state, task.result, cell_name(task.cell_id, task.session.day)),
        "reports": task.reports.select_related("session", "told_by"),
        "works": works,
        "may_be_changed": works and may_be_changed(task.session),
        "shows_session": works or Session.objects.for_user(request.user).filter(pk=task.session_id).exists(),
    }
    return render(request, "sessions/task.html", context)


@roles(*AT_THE_CELL)
def give(request, public_id):
    session = own_session(request.user, public_id)
    if not may_be_changed(session):
        return redirect("sessions:detail", public_id=public_id)
    form = TaskForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: given(request, session, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"session": session, "form": form, "people": list(roster_of(session)), "cancel_url": in_record(session)}
    return render(request, "sessions/task_form.html", context)


def given(request, session: Session, fields: dict) -> str:
    tasking.give(session, fields, actor=request.user, request=request)
    messages.success(request, _("Đã ghi nhiệm vụ."))
    return in_record(session)


def in_record(session: Session) -> str:
    return f"{reverse('sessions:record', args=[session.public_id])}#nhiem-vu"


@roles(*AT_THE_CELL)
def change(request, public_id):
    task = own_task(request.user, public_id)
    if not may_be_changed(task.session):
        return redirect(address_of(task))
    form = TaskForm(request.POST or None, initial=asked(task))
    context = {"session": task.session, "task": task, "form": form, "people": list(roster_of(task.session))}
    context["cancel_url"] = address_of(task)
    if form.is_valid():
        try:
            return once(request, lambda: changed(request, task, form.cleaned_data))
        except ChangedMeanwhile:
            task.refresh_from_db()
            context |= side_by_side(form, TaskForm(initial=asked(task)))
            return render(request, "sessions/task_form.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/task_form.html", context)


def asked(task: SessionTask) -> dict:
    return {name: getattr(task, name) for name in (*tasking.FIELDS, "version")}


def changed(request, task: SessionTask, fields: dict) -> str:
    version = fields["version"] or task.version
    tasking.change(task, fields, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa nhiệm vụ."))
    return address_of(task)


@roles(*AT_THE_CELL)
def tell(request, public_id):
    task = own_task(request.user, public_id)
    form = TellForm(request.POST or None, initial=told_so_far(task))
    context = {"task": task, "form": form, "cancel_url": address_of(task)}
    if form.is_valid():
        try:
            return once(request, lambda: told(request, task, form.cleaned_data))
        except ChangedMeanwhile:
            task.refresh_from_db()
            context |= side_by_side(form, TellForm(initial=told_so_far(task)))
            return render(request, "sessions/task_tell.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/task_tell.html", context)


def told_so_far(task: SessionTask) -> dict:
    return {name: getattr(task, name) for name in ("state", "result", "version")}


def told(request, task: SessionTask, fields: dict) -> str:
    now = tasking.Told(fields["state"], fields["result"])
    version = fields["version"] or task.version
    tasking.tell(task, now, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã ghi kết quả nhiệm vụ."))
    return address_of(task)


@roles(*AT_THE_CELL)
@require_POST
def remove(request, public_id):
    task = own_task(request.user, public_id)
    try:
        return once(request, lambda: removed(request, task))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(task))


def removed(request, task: SessionTask) -> str:
    tasking.remove(task, actor=request.user, request=request)
    messages.success(request, _("Đã xóa nhiệm vụ."))
    return reverse("sessions:tasks")


def address_of(task: SessionTask) -> str:
    return reverse("sessions:task", args=[task.public_id])
