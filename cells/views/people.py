from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells import merging, moving, personal
from cells.access import require, roles
from cells.comparing import side_by_side, with_version
from cells.dependants import MarksMissing
from cells.forms import rosters as forms
from cells.models import Membership, Person
from cells.querying import SpanQuery, TwinQuery
from cells.reach import MEMBER
from cells.rewriting import ChangedMeanwhile, last_change, spans_of, undo
from cells.rosters import (
    knows_contacts,
    managed_person,
    manages_person,
    record_of,
    seen_person,
    works_at,
)
from cells.views.rosters import MANAGERS, READERS


@roles(MEMBER, *READERS)
@require_safe
def person(request, public_id):
    user = request.user
    one = seen_person(user, public_id)
    day = timezone.localdate()
    shown = record_of(one, user, day)
    is_own = one.user_id == user.pk or any(works_at(user, row.span.cell_id) for row in shown.rows)
    if not is_own:
        record("roster.read", target=one, detail={"path": request.path}, request=request)
    may_change = manages_person(user, one)
    context = {
        "person": one,
        "record": shown,
        "manages": may_change,
        "shows_contacts": knows_contacts(user, one),
        "undoable": undoable(user, one),
        "home": shown.current or (shown.rows[0].span if shown.rows else None),
    }
    return render(request, "cells/person.html", context)


@roles(*MANAGERS)
def amend(request, public_id):
    one = managed_person(request.user, public_id)
    address = reverse("cells:person", args=[one.public_id])
    return amending(request, one, address, shows_contacts=knows_contacts(request.user, one))


def amending(request, one: Person, address: str, *, shows_contacts: bool, **context):
    """Personal data; the second of two who edited at once sees both versions and decides."""
    form = forms.PersonForm(request.POST or None, initial=personal.as_typed(one), shows_contacts=shows_contacts)
    context |= {"person": one, "form": form, "cancel_url": address}
    if form.is_valid():
        try:
            return once(request, lambda: amended(request, one, form.cleaned_data, address))
        except ChangedMeanwhile:
            one.refresh_from_db()
            context |= side_by_side(form, forms.PersonForm(initial=personal.as_typed(one)))
            return render(request, "cells/amend_person.html", context, status=409)
    return render(request, "cells/amend_person.html", context)


def amended(request, one: Person, told: dict, address: str) -> str:
    version = told.get("version") or one.version
    personal.amend(one, told, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa thông tin cá nhân."))
    return address


@dataclass(frozen=True)
class Task:
    """One change of spans on one screen: what it says, what it asks, what it does."""

    title: str
    intro: str
    submit: str
    done: str
    form: type[forms.TaskForm]
    act: Callable
    icon: str = "check-lg"


def task_view(task: Task):
    @roles(*MANAGERS)
    def view(request, public_id):
        one = managed_person(request.user, public_id)
        form = task.form(request.POST or None, person=one, user=request.user, initial={"version": one.version})
        return answer(request, one, form, task)

    return view


def answer(request, one: Person, form, task: Task, **context):
    """Carried out and back to the person; or the form again, with what is wrong or missing."""
    status = 200
    if form.is_valid():
        try:
            return once(request, lambda: carried_out(request, one, form, task))
        except MarksMissing as missing:
            form.ask_for(missing.missing)
            context["missing"] = missing.missing
        except ChangedMeanwhile as refusal:
            one.refresh_from_db()
            form.add_error(None, refusal.text)
            with_version(form, one.version)
            status = 409
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    address = reverse("cells:person", args=[one.public_id])
    shown_record = record_of(one, request.user, timezone.localdate())
    context |= {"person": one, "form": form, "task": task, "cancel_url": address, "record": shown_record}
    return render(request, "cells/task.html", context, status=status)


def carried_out(request, one: Person, form, task: Task) -> str:
    told = {"actor": request.user, "request": request, "version": form.seen_version(), "marks": form.marks()}
    task.act(one, **form.told(), **told)
    messages.success(request, task.done % {"name": one.full_name})
    return reverse("cells:person", args=[one.public_id])


transfer = task_view(
    Task(
        gettext_lazy("Chuyển sinh hoạt chính thức"),
        gettext_lazy("Danh sách chi bộ cũ kết thúc vào ngày hôm trước, nơi đến bắt đầu từ ngày ghi dưới đây."),
        gettext_lazy("Chuyển sinh hoạt"),
        gettext_lazy("Đã chuyển sinh hoạt của %(name)s."),
        forms.TransferForm,
        moving.transfer,
        "arrow-right",
    )
)
send_away = task_view(
    Task(
        gettext_lazy("Chuyển sinh hoạt tạm thời"),
        gettext_lazy("Người này vẫn thuộc chi bộ; trong thời gian đi không phải có mặt ở đây mà có mặt ở nơi đến."),
        gettext_lazy("Ghi chuyển tạm thời"),
        gettext_lazy("Đã ghi %(name)s sinh hoạt tạm thời ở nơi khác."),
        forms.AwayForm,
        moving.send_away,
        "arrow-right",
    )
)
bring_back = task_view(
    Task(
        gettext_lazy("Trở về chi bộ"),
        gettext_lazy("Thời gian sinh hoạt tạm thời ở nơi khác kết thúc vào ngày hôm trước."),
        gettext_lazy("Ghi trở về"),
        gettext_lazy("Đã ghi %(name)s trở về chi bộ."),
        forms.ReturnForm,
        moving.bring_back,
        "arrow-left",
    )
)
turn_to = task_view(
    Task(
        gettext_lazy("Đổi tình trạng sinh hoạt"),
        gettext_lazy("Chỉ người sinh hoạt bình thường phải có mặt. Hết thời gian thì chọn “Sinh hoạt bình thường”."),
        gettext_lazy("Ghi tình trạng"),
        gettext_lazy("Đã ghi tình trạng mới của %(name)s."),
        forms.StatusForm,
        moving.turn_to,
    )
)
make_official = task_view(
    Task(
        gettext_lazy("Công nhận đảng viên chính thức"),
        gettext_lazy("Từ ngày này người dự bị là đảng viên chính thức."),
        gettext_lazy("Ghi công nhận"),
        gettext_lazy("Đã ghi %(name)s là đảng viên chính thức."),
        forms.OfficialForm,
        moving.make_official,
    )
)
leave = task_view(
    Task(
        gettext_lazy("Rời khỏi chi bộ"),
        gettext_lazy("Sau ngày này người này không còn trong danh sách. Những buổi đã dự vẫn được giữ."),
        gettext_lazy("Ghi rời chi bộ"),
        gettext_lazy("Đã ghi %(name)s rời chi bộ."),
        forms.LeaveForm,
        moving.leave,
        "box-arrow-right",
    )
)
confirm_arrival = task_view(
    Task(
        gettext_lazy("Nơi đến đã xác nhận"),
        gettext_lazy("Ghi ngày trên giấy báo của nơi đến; lời nhắc về lần chuyển này sẽ hết."),
        gettext_lazy("Ghi xác nhận"),
        gettext_lazy("Đã ghi xác nhận nơi đến của %(name)s."),
        forms.ArrivalForm,
        moving.confirm_arrival,
    )
)


def mend(person: Person, *, key, is_struck, reason, first_day, last_day, standing, status, **told) -> Person:
    if is_struck:
        return moving.strike(person, key, reason=reason, **told)
    values = {"first_day": first_day, "last_day": last_day, "standing": standing, "status": status}
    if last_day is None:
        values |= {"leaving": "", "arrival_confirmed": None}
    return moving.correct(person, key, values, reason=reason, **told)


CORRECTION = Task(
    gettext_lazy("Sửa giai đoạn ghi sai"),
    gettext_lazy("Chỉ dùng khi đã ghi sai. Các buổi đã kết thúc bị ảnh hưởng sẽ được đếm lại theo danh sách đúng."),
    gettext_lazy("Sửa giai đoạn"),
    gettext_lazy("Đã sửa giai đoạn của %(name)s."),
    forms.CorrectionForm,
    mend,
    "pencil",
)


@roles(*MANAGERS)
def correct(request, public_id):
    one = managed_person(request.user, public_id)
    key = SpanQuery(request.GET).values["span"]
    seen = Membership.objects.for_user(request.user).filter(person=one).order_by("-first_day", "-pk")
    span = next((row for row in seen if not key or moving.key_of(row) == key), None)
    if span is None:
        return redirect("cells:person", public_id=public_id)
    initial = {name: getattr(span, name) for name in ("first_day", "last_day", "standing", "status")}
    initial["version"] = one.version
    form = forms.CorrectionForm(request.POST or None, person=one, user=request.user, span=span, initial=initial)
    return answer(request, one, form, CORRECTION)


@roles(*MANAGERS)
@require_POST
def undo_last(request, public_id):
    one = seen_person(request.user, public_id)
    require(manages_person(request.user, one) or undoable(request.user, one) is not None)
    address = reverse("cells:person", args=[one.public_id])
    try:
        return once(request, lambda: undone(request, one, address))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address)


def undoable(user, one: Person):
    """Whoever sent a member to another cell may take that back, though the person is no longer on their roster."""
    change = last_change(one)
    return change if change and (change.actor_id == user.pk or manages_person(user, one)) else None


def undone(request, one: Person, address: str) -> str:
    undo(one, actor=request.user, request=request)
    messages.info(request, _("Đã hoàn tác thay đổi gần nhất."))
    return address


@roles(*MANAGERS)
def merge(request, public_id):
    """Two steps: which of those with the same name it is, then what would happen."""
    user = request.user
    one = managed_person(user, public_id)
    form = forms.MergeForm(request.POST or None, person=one, user=user)
    address = reverse("cells:person", args=[one.public_id])
    wanted = form.cleaned_data["other"] if form.is_valid() else TwinQuery(request.GET).values["other"]
    context = {"person": one, "cancel_url": address, "twins": twins_of(user, one)}
    if wanted:
        other = get_object_or_404(Person.objects.for_user(user).distinct(), public_id=wanted)
        other = managed_person(user, other.public_id)
        try:
            if form.is_valid():
                return once(request, lambda: merged(request, one, other, form.seen_version(), address))
            context["merger"] = merging.preview(one, other)
            context["spans"] = spans_of(other)
        except Refused as refusal:
            context["refusal"] = refusal.text
    return render(request, "cells/merge.html", context)


def merged(request, one: Person, other: Person, version: int, address: str) -> str:
    merging.merge(one, other, version=version, actor=request.user, request=request)
    messages.success(request, _("Đã gộp hai hồ sơ thành một."))
    return address


def twins_of(user, one: Person) -> list[tuple[str, str]]:
    told = {"full_name": one.full_name, "birth": one.birth_date or one.birth_year}
    twins = [other for other in personal.known_as(user, told) if other != one]
    return [(str(other.public_id), forms.described(other)) for other in twins]
