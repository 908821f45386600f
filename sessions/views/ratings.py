import json

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.reach import AT_THE_CELL
from sessions import rating
from sessions.access import own_session
from sessions.measuring import plain
from sessions.models import Rubric, Session
from sessions.naming import cell_name
from sessions.noting import Conflict
from sessions.rating import Sheet
from sessions.rating_forms import RatingForm
from sessions.rating_rows import RatingPage
from sessions.recording import may_be_changed


@roles(*AT_THE_CELL)
@require_safe
def rate(request, public_id):
    """By the sheet in force; the others in force are one link away."""
    session = own_session(request.user, public_id)
    if not may_be_changed(session):
        return redirect("sessions:detail", public_id=public_id)
    rubrics = rating.rubrics_for(session)
    if not rubrics:
        messages.error(request, rating.NoRubric().text)
        return redirect("sessions:detail", public_id=public_id)
    return sheet_page(request, session, rubrics[0])


@roles(*AT_THE_CELL)
def rate_by(request, public_id, rubric):
    session = own_session(request.user, public_id)
    if not may_be_changed(session):
        return redirect("sessions:detail", public_id=public_id)
    rubric = get_object_or_404(rating.usable(session), public_id=rubric)
    if request.method != "POST":
        return sheet_page(request, session, rubric)
    form = RatingForm(request.POST, sheet=rating.sheet_of(session, rubric))
    if not form.is_valid():
        return sheet_page(request, session, rubric, form)
    try:
        return once(request, lambda: kept(request, session, rubric, form))
    except Conflict as conflict:
        return side_by_side(request, session, rubric, form, conflict)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect(address_of(session, rubric))


def sheet_page(request, session: Session, rubric: Rubric, form: RatingForm | None = None):
    sheet = form.sheet if form else rating.sheet_of(session, rubric)
    base = form.known_base() if form and "base" in form.cleaned_data else sheet.tokens
    context = {
        "session": session,
        "cell_name": cell_name(session.cell_id, session.day),
        "shown": RatingPage(sheet, form),
        "others": [other for other in rating.rubrics_for(session) if other != rubric],
        "base_json": json.dumps(base),
    }
    return render(request, "sessions/rating.html", context, status=422 if form else 200)


def kept(request, session: Session, rubric: Rubric, form: RatingForm) -> str:
    rating.save(session, rubric, form.wanted(), form.known_base(), actor=request.user, request=request)
    messages.success(request, _("Đã lưu tự đánh giá."))
    return address_of(session, rubric)


@roles(*AT_THE_CELL)
@require_POST
def save_rating(request, public_id, rubric):
    """What the page saves by itself, for its script; answers are JSON, after a redirect if all went well."""
    session = own_session(request.user, public_id)
    rubric = get_object_or_404(rating.usable(session), public_id=rubric)
    form = RatingForm(request.POST, sheet=rating.sheet_of(session, rubric))
    if not form.is_valid():
        return JsonResponse({"problem": first_problem(form)}, status=422)
    try:
        return once(request, lambda: drafted(request, session, rubric, form))
    except Conflict as conflict:
        fields = [clash.label for clash in conflict.clashes]
        return JsonResponse({"problem": conflict.text, "fields": fields}, status=409)
    except Refused as refusal:
        return JsonResponse({"problem": refusal.text}, status=409)


def drafted(request, session: Session, rubric: Rubric, form: RatingForm) -> str:
    rating.save(session, rubric, form.wanted(), form.known_base(), actor=request.user, request=request)
    return reverse("sessions:saved_rating", args=[session.public_id, rubric.public_id])


def first_problem(form: RatingForm) -> str:
    name, problems = next(iter(form.errors.items()))
    return f"{form.sheet.label(name)}: {problems[0]}" if name in form.sheet.values else problems[0]


@roles(*AT_THE_CELL)
@require_safe
def saved_rating(request, public_id, rubric):
    """The sheet as it is stored, with what follows from it."""
    session = own_session(request.user, public_id)
    sheet = rating.sheet_of(session, get_object_or_404(rating.usable(session), public_id=rubric))
    page = RatingPage(sheet)
    lines = {str(line.criterion.position): said_of(line) for line in sheet.lines}
    return JsonResponse(
        {
            "tokens": sheet.tokens,
            "values": sheet.values,
            "lines": lines,
            "verdict": page.verdict,
            "cap": sheet.verdict[1],
            "is_writable": may_be_changed(session),
        }
    )


def said_of(line) -> dict[str, str]:
    return {"points": "—" if line.points is None else plain(line.points), "explanation": line.explanation}


@roles(*AT_THE_CELL)
@require_POST
def work_out_again(request, public_id, rubric):
    session = own_session(request.user, public_id)
    rubric = get_object_or_404(rating.usable(session), public_id=rubric)
    try:
        return once(request, lambda: worked_out(request, session, rubric))
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("sessions:detail", public_id=public_id)


def worked_out(request, session: Session, rubric: Rubric) -> str:
    rating.work_out_again(session, rubric, actor=request.user, request=request)
    messages.success(request, _("Đã tính lại theo số liệu hiện nay."))
    return address_of(session, rubric)


def side_by_side(request, session: Session, rubric: Rubric, form: RatingForm, conflict: Conflict):
    """Both versions of what clashes; the rest of what was sent goes along, so that nothing typed is lost."""
    clashing = {clash.name for clash in conflict.clashes}
    sheet: Sheet = rating.sheet_of(session, rubric)
    context = {
        "session": session,
        "clashes": conflict.clashes,
        "others": {name: text for name, text in form.wanted().items() if name not in clashing},
        "base_json": json.dumps(form.known_base() | {name: sheet.tokens[name] for name in clashing}),
        "address": address_of(session, rubric),
    }
    return render(request, "sessions/record_conflict.html", context, status=409)


def address_of(session: Session, rubric: Rubric) -> str:
    return reverse("sessions:rate_by", args=[session.public_id, rubric.public_id])
