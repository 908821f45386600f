"""The yearly review: a checklist, entry after entry, and the proposal on paper."""

import logging

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.auditing import record
from accounts.idempotency import once
from accounts.refusing import Refused
from cells.access import roles
from cells.comparing import side_by_side
from cells.papers import word
from cells.papers.confining import ChildError, ChildKilled, ChildTooSlow
from cells.papers.files import as_file
from cells.papers.typesetting import typeset
from speakers import proposing, reviewing
from speakers.appointing import ChangedMeanwhile
from speakers.forms.rosters import BeginReviewForm, FinishReviewForm, VerdictForm
from speakers.identifying import person_named
from speakers.keeping import APPOINTING, READERS, appoints, kept, place, seen
from speakers.models import ReviewItem, RosterReview
from speakers.views.places import crumbs

logger = logging.getLogger(__name__)


@roles(*APPOINTING)
def begin(request, public_id):
    here = place(request.user, public_id, appoints)
    form = BeginReviewForm(request.POST or None)
    if form.is_valid():
        return once(request, lambda: begun(request, here, form.cleaned_data["year"]))
    context = {"form": form, "here": here, "crumbs": crumbs(request.user, here, (_("Rà soát"), ""))}
    return render(request, "speakers/review_begin.html", context)


def begun(request, here, year: int) -> str:
    return address_of(reviewing.begin(here, year, actor=request.user, request=request))


def address_of(review: RosterReview) -> str:
    return reverse("speakers:review", args=[review.public_id])


@roles(*READERS)
@require_safe
def review(request, public_id):
    row, items = reviewed(request.user, public_id)
    context = {
        "review": row,
        "items": items,
        "left": sum(not item.verdict for item in items),
        "rosters": proposing.tally(items),
        "appoints": appoints(request.user.reach, row.organisation_id) and not row.is_finished,
        "crumbs": crumbs(request.user, row.organisation, (_("Rà soát năm %d") % row.year, "")),
    }
    return render(request, "speakers/review.html", context)


def reviewed(user, public_id) -> tuple[RosterReview, list[ReviewItem]]:
    row = seen(RosterReview, user, public_id, "organisation", "finished_by")
    return row, list(row.items.select_related("person", "replacement"))


@roles(*READERS)
@require_safe
def proposal(request, public_id, form):
    """What goes to the committee that decides, as a paper to sign."""
    row, items = reviewed(request.user, public_id)
    content = proposing.compose(row, items)
    try:
        body = typeset(content) if form == "pdf" else word.render(content)
    except (ChildError, ChildKilled, ChildTooSlow) as error:
        logger.error("proposal of review %s: %s", row.pk, type(error).__name__)
        messages.error(request, _("Chưa lập được tệp. Hãy thử lại; nếu vẫn không được, hãy báo quản trị viên."))
        return redirect(address_of(row))
    with transaction.atomic():
        record("speaker_review.proposal_downloaded", target=row, detail={"format": form}, request=request)
    return as_file(body, content["title"], form)


@roles(*APPOINTING)
def decide(request, public_id):
    related = ("review__organisation", "person", "replacement", "appointment")
    item = kept(ReviewItem, request.user, public_id, *related, by=appoints)
    if item.review.is_finished:
        return redirect(address_of(item.review))
    form = VerdictForm(request.POST or None, initial=said_of(item))
    context = {"form": form, "item": item, "back": address_of(item.review)}
    context["crumbs"] = crumbs(
        request.user, item.review.organisation, (_("Rà soát năm %d") % item.review.year, context["back"])
    )
    if form.is_valid():
        try:
            return once(request, lambda: decided(request, item, form.cleaned_data))
        except ChangedMeanwhile:
            item = kept(ReviewItem, request.user, public_id, *related, by=appoints)
            context |= side_by_side(form, VerdictForm(initial=said_of(item)))
            return render(request, "speakers/review_item.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "speakers/review_item.html", context)


def said_of(item: ReviewItem) -> dict:
    said = {"version": item.version, "verdict": item.verdict, "reason": item.reason}
    if item.replacement:
        said |= {"code": item.replacement.code, "full_name": item.replacement.full_name}
    return said


def decided(request, item: ReviewItem, fields: dict) -> str:
    """Leads on to the next entry that nobody has decided, so that the checklist is walked through."""
    is_replaced = fields["verdict"] == ReviewItem.Verdict.REPLACE
    replacement = person_named(fields["code"], fields["full_name"]) if is_replaced else None
    reviewing.decide(
        item,
        fields["verdict"],
        fields["reason"],
        replacement,
        version=fields["version"],
        actor=request.user,
        request=request,
    )
    following = item.review.items.filter(verdict="").first()
    if following:
        return reverse("speakers:decide", args=[following.public_id])
    messages.success(request, _("Đã cho ý kiến hết. Hãy xem lại rồi in đề nghị."))
    return address_of(item.review)


@roles(*APPOINTING)
def finish(request, public_id):
    row = kept(RosterReview, request.user, public_id, "organisation", by=appoints)
    if row.is_finished:
        return redirect(address_of(row))
    form = FinishReviewForm(request.POST or None)
    if form.is_valid():
        try:
            return once(request, lambda: finished(request, row, form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"form": form, "review": row, "back": address_of(row)}
    context["crumbs"] = crumbs(request.user, row.organisation, (_("Rà soát năm %d") % row.year, context["back"]))
    return render(request, "speakers/review_finish.html", context)


def finished(request, row: RosterReview, fields: dict) -> str:
    reviewing.finish(row, fields["day"], fields["decision_number"], actor=request.user, request=request)
    messages.success(request, _("Đã hoàn thành rà soát, danh sách đã theo quyết định."))
    return address_of(row)
