"""Gives follow-ups to organisations, and takes what shows that they were done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation, OrganisationPeriod
from cells.uploads import releasing
from cells.uploads.accepting import Accepted
from cells.uploads.keeping import drop_after_commit
from cells.uploads.stored import FileState
from resolutions.convening import ChangedMeanwhile
from resolutions.models import Document, Evidence, FollowUp, StudyConference
from resolutions.models.follow_ups import is_late

State = FollowUp.State
TOLD = ("kind", "title", "owner_name", "due")


class NotOpen(Refused):
    def default(self):
        return _("Việc này đã xong hoặc không phải làm nữa.")


class NoEvidence(Refused):
    def default(self):
        return _("Hãy gửi tệp, chọn văn bản hoặc ghi địa chỉ để chứng minh việc đã làm.")


@transaction.atomic
def give(
    source: StudyConference | Document,
    giver: Organisation,
    organisations: Iterable[Organisation],
    fields: dict,
    *,
    actor: User,
    request=None,
) -> int:
    """One for each organisation that does not have the same already; returns how many."""
    of = {"conference" if isinstance(source, StudyConference) else "document": source}
    values = {name: fields[name] for name in TOLD}
    same = FollowUp.unscoped.filter(**of, kind=fields["kind"], title=fields["title"])
    held = set(same.values_list("organisation", flat=True))
    wanted = {one.pk: one for one in organisations if one.pk not in held}
    made = [FollowUp(organisation=one, given_by=giver, **of, **values) for one in wanted.values()]
    FollowUp.unscoped.bulk_create(made, batch_size=200)
    detail = {"organisations": sorted(wanted), "kind": fields["kind"], "due": fields["due"]}
    record("follow_up.given", actor=actor, target=source, place=giver.pk, detail=detail, request=request)
    return len(made)


def whom(conference: StudyConference) -> dict[str, QuerySet[Organisation]]:
    """To whom a conference's follow-ups can be given at once."""
    below = OrganisationPeriod.unscoped.on(conference.day).filter(parent=conference.organisation_id)
    sites = conference.sites.exclude(organisation=None).values("organisation")
    return {
        "host": Organisation.unscoped.filter(pk=conference.organisation_id),
        "sites": Organisation.unscoped.filter(pk__in=sites),
        "below": Organisation.unscoped.filter(pk__in=below.values("organisation")),
    }


def whom_below(document: Document, day: dt.date) -> dict[str, QuerySet[Organisation]]:
    """The same of a document: who put it up, and what stands right below."""
    below = OrganisationPeriod.unscoped.on(day).filter(parent=document.owner_id)
    return {
        "host": Organisation.unscoped.filter(pk=document.owner_id),
        "below": Organisation.unscoped.filter(pk__in=below.values("organisation")),
    }


@transaction.atomic
def change(follow_up: FollowUp, fields: dict, *, version: int, actor: User, request=None) -> None:
    follow_up = locked(follow_up, version)
    before = told(follow_up)
    for name in TOLD:
        setattr(follow_up, name, fields[name])
    if not follow_up.is_inspection:
        follow_up.inspected_on = None
    save(follow_up, "follow_up.changed", before, actor, request)


@transaction.atomic
def note_inspection(follow_up: FollowUp, day: dt.date, *, version: int, actor: User, request=None) -> None:
    """It took place; from the next day on its report is overdue."""
    follow_up = locked(follow_up, version)
    if not follow_up.is_inspection:
        raise Refused(_("Việc này không phải là cuộc kiểm tra."))
    before = told(follow_up)
    follow_up.inspected_on = day
    save(follow_up, "follow_up.inspected", before, actor, request)


@transaction.atomic
def finish(
    follow_up: FollowUp, fields: dict, accepted: Accepted | None, *, version: int, actor: User, request=None
) -> None:
    follow_up = locked(follow_up, version)
    before = told(follow_up)
    if accepted:
        Evidence.unscoped.create(follow_up=follow_up, uploaded_by=actor, **accepted.fields)
    follow_up.link, follow_up.proof = fields["link"], fields["proof"]
    if not has_evidence(follow_up):
        raise NoEvidence("", "file")
    if follow_up.is_inspection and follow_up.inspected_on is None:
        follow_up.inspected_on = fields["done_on"]
    follow_up.state, follow_up.done_on, follow_up.reason = State.DONE, fields["done_on"], ""
    save(follow_up, "follow_up.done", before, actor, request)


def has_evidence(follow_up: FollowUp) -> bool:
    files = follow_up.evidence.exclude(state=FileState.REMOVED)
    return bool(follow_up.link or follow_up.proof_id) or files.exists()


@transaction.atomic
def waive(follow_up: FollowUp, reason: str, *, version: int, actor: User, request=None) -> None:
    follow_up = locked(follow_up, version)
    before = told(follow_up)
    follow_up.state, follow_up.reason = State.WAIVED, reason
    save(follow_up, "follow_up.waived", before, actor, request)


@transaction.atomic
def reopen(follow_up: FollowUp, reason: str, *, version: int, actor: User, request=None) -> None:
    """It was not done after all; what was sent in stays."""
    follow_up = locked(follow_up, version, is_open=False)
    before = told(follow_up)
    follow_up.state, follow_up.done_on, follow_up.reason = State.OPEN, None, reason
    save(follow_up, "follow_up.reopened", before, actor, request)


@transaction.atomic
def refuse_file(evidence: Evidence, *, actor: User, request=None) -> None:
    """It must not be here, or shows nothing; without other evidence the follow-up is open again."""
    if evidence.is_released:
        take_away(evidence, actor, request)
    else:
        releasing.refuse(evidence, evidence.uploaded_by_id, actor=actor, request=request)
    follow_up = FollowUp.unscoped.select_for_update(of=("self",)).get(pk=evidence.follow_up_id)
    if follow_up.state == State.DONE and not has_evidence(follow_up):
        before = told(follow_up)
        follow_up.state, follow_up.done_on = State.OPEN, None
        follow_up.reason = _("tệp minh chứng đã bị bỏ")
        save(follow_up, "follow_up.reopened", before, actor, request)


def take_away(evidence: Evidence, actor: User, request) -> None:
    if not Evidence.unscoped.filter(pk=evidence.pk, state=FileState.RELEASED).update(state=FileState.REMOVED):
        raise releasing.NotWaiting
    record("upload.removed", actor=actor, target=evidence, request=request)
    drop_after_commit(evidence.stored_name)


def locked(follow_up: FollowUp, version: int, *, is_open: bool = True) -> FollowUp:
    follow_up = FollowUp.unscoped.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.version != version:
        raise ChangedMeanwhile
    if follow_up.is_open != is_open:
        raise NotOpen if is_open else Refused(_("Việc này đang chưa xong."))
    return follow_up


def save(follow_up: FollowUp, action: str, before: dict, actor: User, request) -> None:
    follow_up.version += 1
    follow_up.save()
    record(action, actor=actor, target=follow_up, before=before, after=told(follow_up), request=request)


def told(follow_up: FollowUp) -> dict:
    names = (*TOLD, "state", "done_on", "inspected_on", "link", "proof_id", "reason")
    return {name: getattr(follow_up, name) for name in names}


@dataclass(frozen=True)
class Tally:
    """How a follow-up that was given to many stands."""

    kind: str
    title: str
    due: dt.date
    total: int
    done: int
    overdue: int

    @property
    def kind_label(self) -> str:
        return str(FollowUp.Kind(self.kind).label)


def tallies(follow_ups: QuerySet[FollowUp], on: dt.date) -> list[Tally]:
    """Of those that have to be done; what was waived is not counted."""
    late = Q(state=State.OPEN) & is_late(on)
    rows = follow_ups.exclude(state=State.WAIVED).order_by("due", "kind", "title").values("kind", "title", "due")
    counted = rows.annotate(
        total=Count("pk"), done=Count("pk", filter=Q(state=State.DONE)), overdue=Count("pk", filter=late)
    )
    return [Tally(**row) for row in counted]
