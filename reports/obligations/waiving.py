"""Somebody above lets an organisation off one obligation, with a reason, and takes that back; the only writer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Lineage, Organisation, Role
from cells.reach import Reach
from reports.obligations.models import Subject, Waiver
from reports.obligations.owing import Obligation, State

WAIVING = frozenset({Role.BOARD, Role.COMMITTEE})
# Follow-ups have a page of their own for it; what is before and after a session is the secretary's list.
NEVER = frozenset({Subject.FOLLOW_UP, Subject.MATERIALS, Subject.RESULT})


class NothingToWaive(Refused):
    def default(self):
        return _("Việc này đã xong hoặc đã được miễn, không cần miễn nữa.")


class AlreadyTakenBack(Refused):
    def default(self):
        return _("Lần miễn này đã được thôi từ trước.")


def waivable(reach: Reach, found: Collection[Obligation]) -> set[tuple[int, str]]:
    """(organisation, key) of those that a board or committee of the user's asks for: nobody lets off oneself."""
    wanted = [one for one in found if one.subject not in NEVER]
    days = defaultdict(list)
    above = Lineage.unscoped.filter(ancestor__in=reach.at(WAIVING), depth__gt=0)
    above = above.filter(descendant__in={one.organisation for one in wanted})
    for organisation, first, last in above.values_list("descendant_id", "first_day", "last_day"):
        days[organisation].append((first, last))
    return {
        (one.organisation, one.key)
        for one in wanted
        if any(first <= one.asked_on(reach.day) <= last for first, last in days[one.organisation])
    }


@transaction.atomic
def waive(obligation: Obligation, reason: str, *, actor: User, request=None) -> Waiver:
    # Two at once would each see that nobody has waived it yet.
    Organisation.unscoped.select_for_update().get(pk=obligation.organisation)
    about = {
        "organisation_id": obligation.organisation,
        "subject": obligation.subject,
        "first_day": obligation.first_day,
        "last_day": obligation.last_day,
        "what": obligation.what,
    }
    is_waived = Waiver.unscoped.in_force().filter(**about).exists()
    if is_waived or obligation.state in (State.DONE, State.WAIVED):
        raise NothingToWaive
    waiver = Waiver.unscoped.create(**about, reason=reason, given_by=actor)
    record("obligation.waived", actor=actor, target=waiver, detail=about, after={"reason": reason}, request=request)
    return waiver


@transaction.atomic
def take_back(waiver: Waiver, reason: str, *, actor: User, request=None) -> None:
    rows = Waiver.unscoped.in_force().filter(pk=waiver.pk)
    if not rows.update(taken_back_at=timezone.now(), taken_back_by=actor, taken_back_reason=reason):
        raise AlreadyTakenBack
    record("obligation.waiver_taken_back", actor=actor, target=waiver, after={"reason": reason}, request=request)


def day_of(waiver: Waiver) -> dt.date:
    return timezone.localdate(waiver.given_at)
