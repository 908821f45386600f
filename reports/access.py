"""Who reads whose figures, who asks for which reports, and whether work in the background is still wanted.

Background work acts with the requester's rights: asked when it starts and again when its result is fetched.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from cells.access import belongs_now, below_today, organisations
from cells.dated import covering
from cells.models import Lineage, Organisation, OrganisationPeriod, Role
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, LEADING, Reach, with_reach
from reports.belonging import NOW
from reports.models import Report, Stage
from reports.periods import Span
from reports.taking_in import left_behind, takers, with_board

READS_FIGURES = AT_THE_CELL | DOWN_THE_TREE
ASKS_FOR_REPORTS = AT_THE_CELL | {Role.COMMITTEE}
SIGNS_REPORTS = LEADING | {Role.COMMITTEE}
ANSWERS_REPORTS = frozenset({Role.BOARD, Role.COMMITTEE})
SEES_REPORTS = AT_THE_CELL | DOWN_THE_TREE


def writes(user: User, report: Report) -> bool:
    """Drafts of a cell are its officers', of a committee the committee's."""
    return user.reach.acts_at(ASKS_FOR_REPORTS, report.organisation_id)


def signs(user: User, report: Report) -> bool:
    return user.reach.acts_at(SIGNS_REPORTS, report.organisation_id)


def answers(user: User, report: Report) -> bool:
    """Takes a sent report in or sends it back: the board where it goes through the board, else the committee."""
    if report.receiver_id is None or not user.reach.holds(ANSWERS_REPORTS):
        return False
    sent = (report.receiver_id, report.organisation_id)
    taker = takers([sent], user.reach.day, user.reach.heirs)[sent]
    return takes_in(user.reach, taker, report.through_board, with_board([taker], user.reach.day))


def takes_in(reach: Reach, taker: int | None, through_board: bool, boards: Collection[int]) -> bool:
    role = Role.BOARD if through_board and taker in boards else Role.COMMITTEE
    return taker in reach.at({role})


def awaiting_signature(user: User) -> QuerySet[Report]:
    """Submitted to the user, who is the secretary there."""
    places = user.reach.own(LEADING) | user.reach.at({Role.COMMITTEE})
    return Report.unscoped.filter(stage=Stage.SUBMITTED, organisation__in=places)


def awaiting_sending(user: User) -> QuerySet[Report]:
    """Signed where the user signs, with their file made, and not sent to the committee that stood above."""
    places = user.reach.own(LEADING) | user.reach.at({Role.COMMITTEE})
    above = OrganisationPeriod.unscoped.on(OuterRef("until")).filter(
        organisation=OuterRef("organisation"), parent__isnull=False
    )
    signed = Report.unscoped.filter(stage=Stage.SIGNED, state=Report.State.DONE, organisation__in=places)
    return signed.filter(Exists(above))


def awaiting_answer(user: User) -> QuerySet[Report]:
    """Sent to the user's committee or board, or to one that has ended since, and neither taken in nor sent back."""
    reach = user.reach
    places = reach.at(ANSWERS_REPORTS)
    if not places:
        return Report.unscoped.none()
    behind = left_behind(reach, places)
    boards = with_board(places | {taker for taker, _through in behind.values() if taker}, reach.day)
    through, direct = ({one for one in places if takes_in(reach, one, way, boards)} for way in (True, False))
    ours = Q(through_board=True, receiver__in=through) | Q(through_board=False, receiver__in=direct)
    ours |= Q(pk__in=[pk for pk, (taker, way) in behind.items() if takes_in(reach, taker, way, boards)])
    return Report.unscoped.filter(ours, stage=Stage.SENT)


def sent_back_to(user: User) -> QuerySet[Report]:
    """Came back to where the user writes, and no newer version is signed yet."""
    rows = Report.unscoped.alias(about=Coalesce("conference", 0))
    newer = rows.filter(
        **{name: OuterRef(name) for name in ("organisation", "period", "until", "about")},
        revision__gt=OuterRef("revision"),
        signed_at__isnull=False,
    )
    came_back = rows.filter(stage=Stage.RETURNED, organisation__in=user.reach.at(ASKS_FOR_REPORTS))
    return came_back.filter(~Exists(newer))


def prepared_for(user: User, period: str) -> QuerySet[Report]:
    """Drafts that a run laid before the user's own organisations, to be written, signed and sent there."""
    places = user.reach.at(ASKS_FOR_REPORTS)
    return Report.unscoped.filter(stage=Stage.DRAFT, run__period=period, period=period, organisation__in=places)


def still_allowed(report: Report) -> bool:
    """Whether the requester may (still) have this report; nobody as requester is the command line."""
    if report.requested_by_id is None:
        return True
    requester = User.objects.filter(pk=report.requested_by_id, is_active=True).first()
    if requester is None:
        return False
    reach = with_reach(requester).reach
    return reach.acts_at(ASKS_FOR_REPORTS, report.organisation_id) and can_fetch(requester, report)


def can_fetch(user: User, report: Report) -> bool:
    return Report.objects.for_user(user).filter(pk=report.pk).exists()


def watched(reach: Reach) -> Q:
    """Organisations whose figures the user reads: own cells, and what hangs, hung or was taken over below a post."""
    own = Q(pk__in=reach.own(AT_THE_CELL))
    if not reach.tops:
        return own
    ever_below = Lineage.unscoped.filter(ancestor__in=reach.tops).values("descendant")
    return own | Q(pk__in=ever_below) | belongs_now(reach, "pk", reach.tops)


def followed(reach: Reach) -> Q:
    """Organisations whose obligations the user reads: own cells, and what hangs below a post of the user's today."""
    return Q(pk__in=reach.at(AT_THE_CELL)) | below_today(reach, "pk", reach.tops)


def measurable(reach: Reach, ids: Iterable[int], days: Span, structure: str) -> set[int]:
    """Which of these organisations the user may read whole figures of.

    One that belongs to the user today has brought its past along. One that has left may be read for days on which it
    hung below the user's post all the time: for others the sums would tell what happened at its new place. In the
    structure of now they would tell what its new place has brought together.
    """
    ids = set(ids)
    mine = set(Organisation.unscoped.filter(pk__in=ids & reach.own(AT_THE_CELL)).values_list("pk", flat=True))
    if not reach.tops:
        return mine
    now = Organisation.unscoped.filter(belongs_now(reach, "pk", reach.tops), pk__in=ids)
    mine |= set(now.values_list("pk", flat=True))
    return mine if structure == NOW else mine | hung_below_throughout(ids, ids - mine, days, reach.tops)


def hung_below_throughout(asked: set[int], ids: set[int], days: Span, tops: Iterable[int]) -> set[int]:
    """Those of `ids`; asked for all, so that it costs as many queries where nobody has left.

    One that was not there on any of the days hung below nobody.
    """
    in_days = Lineage.unscoped.filter(
        descendant__in=asked, first_day__lte=days.last_day, last_day__gte=days.first_day
    ).values_list("descendant_id", "first_day", "last_day")
    alive, below = (
        days_by_organisation((row for row in rows if row[0] in ids), days)
        for rows in (in_days.filter(depth=0), in_days.filter(ancestor__in=tops))
    )
    return {one for one in ids if alive[one] and alive[one] <= below[one]}


def days_by_organisation(rows: Iterable[tuple[int, dt.date, dt.date]], days: Span) -> dict[int, set[int]]:
    found = defaultdict(set)
    for organisation, first_day, last_day in rows:
        first, last = max(first_day, days.first_day), min(last_day, days.last_day)
        found[organisation].update(range(first.toordinal(), last.toordinal() + 1))
    return found


def reportable(reach: Reach) -> Q:
    """Organisations for which the user may ask for a report today: the own cell, the own committee."""
    places = reach.at(ASKS_FOR_REPORTS)
    return organisations(reach) & Q(pk__in=places) & covering(reach.day, "periods__")
