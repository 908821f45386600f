from itertools import zip_longest

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import both_versions, side_by_side
from cells.reach import ADMINISTRATOR
from sessions import rubrics
from sessions.models import Rubric
from sessions.naming import Names
from sessions.rubric_forms import CopyForm, EndRubricForm, RubricForm, lines_of, words_of
from sessions.states import ChangedMeanwhile


@roles(ADMINISTRATOR)
@require_safe
def rubric_list(request):
    today = timezone.localdate()
    found = list(Rubric.objects.for_user(request.user))
    names = Names(rubric.organisation_id for rubric in found)
    rows = [(rubric, names.of(rubric.organisation_id, today) or _("toàn quốc")) for rubric in found]
    context = {
        "rows": [row for row in rows if not is_over(row[0], today)],
        "past": [row for row in rows if is_over(row[0], today)],
    }
    return render(request, "sessions/rubrics.html", context)


def is_over(rubric: Rubric, day) -> bool:
    return rubric.last_day is not None and rubric.last_day < day


@roles(ADMINISTRATOR)
@require_safe
def rubric_page(request, public_id):
    rubric = known(request.user, public_id)
    lines = [(line, words_of(line)) for line in rubric.criteria.all()]
    context = {"rubric": rubric, "lines": lines, "is_used": rubrics.is_used(rubric), "place": place_of(rubric)}
    return render(request, "sessions/rubric.html", context)


def place_of(rubric: Rubric) -> str:
    if rubric.organisation_id is None:
        return _("toàn quốc")
    return Names([rubric.organisation_id]).of(rubric.organisation_id, timezone.localdate())


@roles(ADMINISTRATOR)
def copy_rubric(request, public_id):
    rubric = known(request.user, public_id)
    form = CopyForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: copied(request, rubric, form.cleaned_data))
    return task_page(request, rubric, form, _("Chép thành bản mới"))


def copied(request, rubric: Rubric, told: dict) -> str:
    made = rubrics.copy(
        rubric, organisation=told["code"], first_day=told["first_day"], actor=request.user, request=request
    )
    messages.success(request, _("Đã chép. Hãy sửa bản mới."))
    return reverse("sessions:change_rubric", args=[made.public_id])


@roles(ADMINISTRATOR)
def end_rubric(request, public_id):
    rubric = known(request.user, public_id)
    form = EndRubricForm.of(rubric, request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: ended(request, rubric, **form.cleaned_data))
        except ChangedMeanwhile:
            rubric = known(request.user, public_id)
            both = side_by_side(form, EndRubricForm.of(rubric))
            return task_page(request, rubric, title=_("Kết thúc áp dụng"), status=409, **both)
        except Refused as refusal:
            form.add_error("last_day", refusal.text)
    return task_page(request, rubric, form, _("Kết thúc áp dụng"))


def ended(request, rubric: Rubric, last_day, version: int) -> str:
    rubrics.end(rubric, last_day, version=version, actor=request.user, request=request)
    messages.success(request, _("Phiếu kết thúc sau ngày %s.") % f"{last_day:%d/%m/%Y}")
    return address_of(rubric)


def task_page(request, rubric: Rubric, form, title: str, status: int = 200, **more):
    context = {"rubric": rubric, "form": form, "title": title, "back": address_of(rubric), **more}
    return render(request, "sessions/rubric_task.html", context, status=status)


@roles(ADMINISTRATOR)
def change_rubric(request, public_id):
    rubric = known(request.user, public_id)
    if rubrics.is_used(rubric):
        messages.error(request, rubrics.Used().text)
        return redirect("sessions:rubric", public_id=public_id)
    data = request.POST if request.method == "POST" else None
    form, lines = RubricForm.of(data, rubric), lines_of(data, rubric)
    context = {"rubric": rubric, "form": form, "lines": lines, "back": address_of(rubric)}
    if data is not None and all([form.is_valid(), lines.is_valid()]):
        try:
            return once(request, lambda: changed(request, rubric, form, lines))
        except ChangedMeanwhile:
            rubric.refresh_from_db()
            context |= side_by_side(form, RubricForm.of(None, rubric))
            context["versions"] += line_versions(lines, lines_of(None, rubric))
            return render(request, "sessions/rubric_change.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "sessions/rubric_change.html", context)


def line_versions(mine, stored) -> list[tuple[str, str, str]]:
    """What differs line by line; of a line that only one of the two has, its title."""
    found = []
    for number, (own, other) in enumerate(zip_longest(mine.forms, stored.forms), start=1):
        name = _("Tiêu chí %d") % number
        if own and other:
            found += [(f"{name}: {label}", *both) for label, *both in both_versions(own, other)]
        else:
            found.append((name, own["title"].value() if own else "", other["title"].value() if other else ""))
    return found


def changed(request, rubric: Rubric, form: RubricForm, lines) -> str:
    version = form.cleaned_data["version"]
    rubrics.change(rubric, form.fields_of_rubric, lines.lines(), version=version, actor=request.user, request=request)
    messages.success(request, _("Đã sửa phiếu."))
    return address_of(rubric)


def known(user, public_id) -> Rubric:
    return get_object_or_404(Rubric.objects.for_user(user), public_id=public_id)


def address_of(rubric: Rubric) -> str:
    return reverse("sessions:rubric", args=[rubric.public_id])
