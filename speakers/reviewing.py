"""The yearly review: begun with the roster as it is, decided entry by entry, carried out in one go."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells import revising
from cells.models import Organisation, Person
from speakers import appointing
from speakers.appointing import ChangedMeanwhile
from speakers.models import ReviewItem, RosterReview, SpeakerAppointment

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def begin(organisation: Organisation, year: int, *, actor: User, request=None) -> RosterReview:
    """Begun again, it takes up who has come on the roster since."""
    review, is_new = RosterReview.unscoped.get_or_create(organisation=organisation, year=year)
    if review.is_finished:
        return review
    rows = SpeakerAppointment.unscoped.on(timezone.localdate()).filter(organisation=organisation)
    ReviewItem.unscoped.bulk_create(
        ReviewItem(review=review, appointment=row, person_id=row.person_id, kind=row.kind, level=row.level)
        for row in rows.exclude(reviews__review=review).order_by("pk")
    )
    if is_new:
        record("speaker_review.begun", actor=actor, target=review, detail={"year": year}, request=request)
    return review


@transaction.atomic
def decide(
    item: ReviewItem,
    verdict: str,
    reason: str,
    replacement: Person | None,
    *,
    version: int,
    actor: User,
    request=None,
) -> None:
    review = open_review(item.review)
    item = ReviewItem.unscoped.select_for_update(of=("self",)).select_related("person", "review").get(pk=item.pk)
    if item.version != version:
        raise ChangedMeanwhile
    if replacement and replacement.pk == item.person_id:
        raise Refused(_("Người thay phải là người khác."))
    before = told(item)
    item.verdict, item.reason, item.replacement = verdict, reason, replacement
    item.version += 1
    item.save()
    record(
        "speaker_review.decided",
        actor=actor,
        target=item,
        place=review.organisation_id,
        before=before,
        after=told(item),
        request=request,
    )


def told(item: ReviewItem) -> dict:
    replacement = item.replacement.full_name if item.replacement else ""
    return {"person": item.person.full_name, "verdict": item.verdict, "reason": item.reason, "by": replacement}


@transaction.atomic
def finish(review: RosterReview, day: dt.date, decision_number: str, *, actor: User, request=None) -> None:
    """Ends and replaces on the roster what was so decided; new appointments hold from `day` by this decision."""
    review = open_review(review)
    items = list(review.items.select_related("appointment__person", "replacement", "person"))
    if not items or any(not item.verdict for item in items):
        raise Refused(_("Còn người chưa được cho ý kiến. Hãy ghi ý kiến cho từng người trước."))
    for item in items:
        if item.verdict != ReviewItem.Verdict.CONFIRM and item.appointment:
            try:
                carry_out(item, day, decision_number, actor, request)
            except Refused as refusal:
                raise Refused(f"{item.person.full_name}: {refusal.text}") from refusal
    review.day, review.decision_number = day, decision_number
    review.finished_by, review.finished_at = actor, timezone.now()
    review.version += 1
    review.save()
    counts = {verdict: sum(item.verdict == verdict for item in items) for verdict in ReviewItem.Verdict.values}
    record("speaker_review.finished", actor=actor, target=review, detail=counts, request=request)


def carry_out(item: ReviewItem, day: dt.date, decision_number: str, actor: User, request) -> None:
    old = item.appointment
    if old.last_day is None or old.last_day >= day:
        reason = item.reason or _("thay người khi kiện toàn")
        appointing.end(old, day - ONE_DAY, reason, version=old.version, actor=actor, request=request)
    if item.verdict != ReviewItem.Verdict.REPLACE:
        return
    fields = {"kind": item.kind, "level": item.level, "decision_number": decision_number, "decision_date": day}
    fields |= {"first_day": day, "last_day": None, "degree": "", "theory": ""}
    appointing.appoint(old.organisation, item.replacement, fields, actor=actor, request=request)


def open_review(review: RosterReview) -> RosterReview:
    revising.advance()
    review = RosterReview.unscoped.select_for_update(of=("self",)).get(pk=review.pk)
    if review.is_finished:
        raise Refused(_("Đợt rà soát này đã hoàn thành, không sửa được nữa."))
    return review
