"""What conferences are followed by: given by the host, done by whoever owes it, looked after by the board."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import require, roles
from cells.models import Organisation
from cells.naming import names_for
from cells.reach import AT_THE_CELL, DOWN_THE_TREE
from cells.uploads import answering, releasing
from cells.uploads.stored import FileState
from resolutions import following_up
from resolutions.convening import ChangedMeanwhile
from resolutions.follow_up_forms import FinishForm, FollowUpForm, FollowUpQuery, GiveForm, InspectedForm, WhyForm
from resolutions.models import KEEPERS, Document, Evidence, FollowUp, StudyConference, keeps_at
from resolutions.views.convening import address_of, compared, crumbs, kept_conference, opened_by, page
from resolutions.views.documents import crumbs as document_crumbs
from resolutions.views.sites import REPORTERS, status_of

SEES_FOLLOW_UPS = frozenset({*AT_THE_CELL, *DOWN_THE_TREE})
ROWS_ON_A_PAGE = 50
DOCUMENTS_OFFERED = 30
State = FollowUp.State


@roles(*SEES_FOLLOW_UPS)
@require_safe
def follow_ups(request):
    user, query = request.user, FollowUpQuery(request.GET)
    asked, today = query.values, user.reach.day
    seen = FollowUp.objects.for_user(user)
    conference = None
    if asked["conference"]:
        conference = get_object_or_404(StudyConference.objects.for_user(user), public_id=asked["conference"])
        seen = seen.filter(conference=conference)
    overdue = seen.overdue(on=today)
    narrowed = {"overdue": overdue, "open": seen.open(), "done": seen.done(), "all": seen}[asked["show"]]
    if asked["kind"]:
        narrowed = narrowed.filter(kind=asked["kind"])
    rows = Paginator(narrowed.order_by("due", "pk"), ROWS_ON_A_PAGE).get_page(asked["page"])
    names = names_for(user, {row.organisation_id for row in rows}, today)
    context = {
        "query": query,
        "page": rows,
        "rows": [(row, names.get(row.organisation_id, ""), row.is_overdue(today)) for row in rows],
        "overdue": overdue.count(),
        "conference": conference,
        "crumbs": crumbs(conference, _("Việc sau hội nghị")),
    }
    return render(request, "resolutions/follow_ups.html", context)


@roles(*KEEPERS)
def give(request, public_id):
    conference = kept_conference(request.user, public_id)
    whom, back = following_up.whom(conference), address_of(conference)
    form = GiveForm(request.POST or None, whom=labels(whom, _("Đơn vị tổ chức hội nghị")))
    if form.is_valid():
        return once(request, lambda: given(request, conference, conference.organisation, whom, form, back))
    return page(request, conference, form, _("Giao việc sau hội nghị"), back)


@roles(*KEEPERS)
def give_for_document(request, public_id):
    """A document may be followed up without a conference, too."""
    user = request.user
    documents = Document.objects.for_user(user).in_use().select_related("owner")
    document = get_object_or_404(documents, public_id=public_id)
    require(document.owner_id in keeps_at(user.reach))
    whom = following_up.whom_below(document, user.reach.day)
    back = reverse("resolutions:document", args=[document.public_id])
    form = GiveForm(request.POST or None, whom=labels(whom, _("Đơn vị đưa văn bản lên")))
    if form.is_valid():
        return once(request, lambda: given(request, document, document.owner, whom, form, back))
    title = _("Giao việc thực hiện văn bản")
    context = {"form": form, "title": title, "lead": str(document), "back": back}
    context["crumbs"] = document_crumbs(title, document)
    return render(request, "resolutions/conference_form.html", context, status=422 if form.is_bound else 200)


def labels(whom: dict, host: str) -> dict[str, str]:
    """Of those groups that have anybody in them."""
    counts = {name: organisations.count() for name, organisations in whom.items()}
    texts = {"host": host, "sites": _("Các đơn vị có điểm cầu (%d)"), "below": _("Mọi đơn vị trực thuộc (%d)")}
    return {name: text % counts[name] if "%" in text else text for name, text in texts.items() if counts.get(name)}


def given(request, source, giver: Organisation, whom: dict, form: GiveForm, back: str) -> str:
    told = form.cleaned_data
    chosen = {one.pk: one for name in told["whom"] for one in whom[name]}
    count = following_up.give(source, giver, chosen.values(), told, actor=request.user, request=request)
    messages.success(request, _("Đã giao cho %d đơn vị.") % count)
    return back


def seen_follow_up(user, public_id) -> FollowUp:
    related = ("conference__organisation", "document", "organisation", "given_by", "proof")
    return get_object_or_404(FollowUp.objects.for_user(user).select_related(*related), public_id=public_id)


def given_follow_up(user, public_id) -> FollowUp:
    row = seen_follow_up(user, public_id)
    require(row.is_given_by(user.reach))
    return row


def owed_follow_up(user, public_id) -> FollowUp:
    row = seen_follow_up(user, public_id)
    require(row.is_done_by(user.reach))
    return row


def page_of(row: FollowUp) -> str:
    return reverse("resolutions:follow_up", args=[row.public_id])


def trail(user, row: FollowUp, title: str) -> list[tuple[str, str]]:
    is_seen = row.conference_id and StudyConference.objects.for_user(user).filter(pk=row.conference_id).exists()
    start = crumbs(row.conference if is_seen else None, _("Việc sau hội nghị"))
    start[-1] = (_("Việc sau hội nghị"), reverse("resolutions:follow_ups"))
    return [*start, *([(row.title, page_of(row)), (title, "")] if title else [(row.title, "")])]


@roles(*SEES_FOLLOW_UPS)
@require_safe
def follow_up(request, public_id):
    user = request.user
    row = seen_follow_up(user, public_id)
    names = names_for(user, {row.organisation_id, row.given_by_id}, user.reach.day)
    files = list(row.evidence.exclude(state=FileState.REMOVED))
    context = {
        "row": row,
        "name": names.get(row.organisation_id, ""),
        "giver": names.get(row.given_by_id, ""),
        "is_overdue": row.is_overdue(user.reach.day),
        "does": row.is_done_by(user.reach),
        "gives": row.is_given_by(user.reach),
        "sees_proof": row.proof_id and Document.objects.for_user(user).filter(pk=row.proof_id).exists(),
        "files": [one for one in files if one.is_released],
        "waiting": [(one, one.uploaded_by_id == user.pk) for one in files if not one.is_released],
        "crumbs": trail(user, row, ""),
    }
    return render(request, "resolutions/follow_up.html", context)


def answer(request, row: FollowUp, opened, write, title: str):
    """A form about one follow-up, as `opened` makes it; `write(form)` does it."""
    form, versions = opened(row, request.POST or None), None
    if form.is_valid():
        try:
            return once(request, lambda: written(request, row, form, write))
        except ChangedMeanwhile:
            versions = compared(form, opened(seen_follow_up(request.user, row.public_id)))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
    context = {"form": form, "title": title, "lead": row.title, "back": page_of(row), "versions": versions}
    context["crumbs"] = trail(request.user, row, title)
    return render(request, "resolutions/conference_form.html", context, status=status_of(form, versions))


def written(request, row: FollowUp, form, write) -> str:
    write(form)
    messages.success(request, _("Đã ghi."))
    return page_of(row)


@roles(*KEEPERS)
def change(request, public_id):
    row = given_follow_up(request.user, public_id)

    def write(form) -> None:
        told = form.cleaned_data
        following_up.change(row, told, version=told["version"] or row.version, actor=request.user, request=request)

    opened = opened_by(FollowUpForm, "kind", "title", "due", "owner_name")
    return answer(request, row, opened, write, _("Sửa việc"))


@roles(*KEEPERS)
def waive(request, public_id):
    row = given_follow_up(request.user, public_id)

    def write(form) -> None:
        told = form.cleaned_data
        following_up.waive(row, told["reason"], version=told["version"], actor=request.user, request=request)

    return answer(request, row, opened_by(WhyForm), write, _("Cho thôi việc này"))


@roles(*KEEPERS)
def reopen(request, public_id):
    row = given_follow_up(request.user, public_id)

    def write(form) -> None:
        told = form.cleaned_data
        following_up.reopen(row, told["reason"], version=told["version"], actor=request.user, request=request)

    return answer(request, row, opened_by(WhyForm), write, _("Yêu cầu làm lại"))


@roles(*REPORTERS)
def inspected(request, public_id):
    row = owed_follow_up(request.user, public_id)
    today = request.user.reach.day

    def opened(row: FollowUp, data=None) -> InspectedForm:
        initial = {"version": row.version, "day": f"{row.inspected_on or today:%d/%m/%Y}"}
        return InspectedForm(data, today=today, initial=initial)

    def write(form) -> None:
        told = form.cleaned_data
        following_up.note_inspection(row, told["day"], version=told["version"], actor=request.user, request=request)

    return answer(request, row, opened, write, _("Ghi ngày kiểm tra"))


@roles(*REPORTERS)
def finish(request, public_id):
    user = request.user
    row = owed_follow_up(user, public_id)
    own = Document.objects.for_user(user).in_use().filter(owner=row.organisation_id).order_by("-pk")
    accepted = None

    def opened(row: FollowUp, data=None) -> FinishForm:
        """With a file it is taken in here, before the transaction of the row: a refusal becomes the field's error."""
        nonlocal accepted
        form = FinishForm(
            data,
            request.FILES or None if data else None,
            documents=own[:DOCUMENTS_OFFERED],
            today=user.reach.day,
            initial={"version": row.version, "done_on": f"{user.reach.day:%d/%m/%Y}", "link": row.link},
        )
        if form.is_valid() and form.cleaned_data["file"]:
            accepted = form.accept_file(actor=user, request=request)
        return form

    def write(form) -> None:
        version = form.cleaned_data["version"]
        following_up.finish(row, form.told, accepted, version=version, actor=user, request=request)

    return answer(request, row, opened, write, _("Báo đã làm xong"))


@roles(*SEES_FOLLOW_UPS)
@require_safe
def evidence(request, public_id):
    """Released files for all who see the follow-up; one that waits only for who may decide about it."""
    one = get_object_or_404(Evidence.objects.for_user(request.user).select_related("follow_up"), public_id=public_id)
    if not one.is_released and not (one.state == FileState.WAITING and one.follow_up.is_done_by(request.user.reach)):
        raise Http404
    return answering.downloaded(request, one, page_of(one.follow_up), "evidence.downloaded")


@roles(*REPORTERS)
@require_POST
def release_evidence(request, public_id):
    def release(one: Evidence) -> None:
        releasing.release(one, one.uploaded_by_id, actor=request.user, request=request)

    return decided(request, public_id, release, _("Đã duyệt tệp."))


@roles(*REPORTERS)
@require_POST
def refuse_evidence(request, public_id):
    def refuse(one: Evidence) -> None:
        require(not one.is_released or one.follow_up.is_given_by(request.user.reach))
        following_up.refuse_file(one, actor=request.user, request=request)

    return decided(request, public_id, refuse, _("Đã bỏ tệp. Tệp không còn trên máy chủ."))


def decided(request, public_id, decide, said: str):
    one = get_object_or_404(Evidence.objects.for_user(request.user).select_related("follow_up"), public_id=public_id)
    require(one.follow_up.is_done_by(request.user.reach))
    return answering.decided(request, page_of(one.follow_up), said, lambda: decide(one))
