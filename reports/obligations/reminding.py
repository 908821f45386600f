"""Who is to be reminded of what today: rows of letters and reminders, safe to make twice and to be cut off.

Each subject, each organisation and each user is worked out on its own: what fails is logged and left out, and nobody
else hears less for it.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from cells.dated import covering
from cells.models import Post, Role
from cells.reach import AT_THE_CELL
from reports.obligations import owing
from reports.obligations.models import DUTIES, Letter, Reminder, ReminderChoice, Subject
from reports.obligations.owing import Obligation
from reports.obligations.scope import Scope, alone

logger = logging.getLogger(__name__)

ABOVE = frozenset({Role.BOARD, Role.COMMITTEE})
OF_THE_CELL = frozenset({Subject.REGULAR, Subject.THEMATIC, Subject.MATERIALS, Subject.RESULT})
OF_THE_KEEPERS = frozenset({Subject.CONFERENCE, Subject.REPORT, Subject.EXPIRING, Subject.FOLLOW_UP, *DUTIES})
OF_THE_COMMITTEE = frozenset({Subject.EXECUTIVE})  # its board has no report of its own to lay before anybody
A_WEEK, A_DAY = dt.timedelta(days=7), dt.timedelta(days=1)
Kind = Letter.Kind


def plan(on: dt.date) -> int:
    """How many letters of this day wait now that were not planned before."""
    if not settings.SENDS_MAIL:
        return 0
    return plan_daily(on) + plan_weekly(on)


def plan_daily(on: dt.date) -> int:
    posts = posts_to_plan(Kind.DAILY, on, on, AT_THE_CELL | ABOVE, "by_mail")
    found = on_the_table_of({place for places in posts.values() for _role, place in places}, on)
    planned = 0
    for user, places in posts.items():
        wanted = [one for role, place in sorted(places) for one in found[place] if concerns(one, role)]
        planned += on_its_own(lambda user=user, wanted=wanted: plan_letter(user, Kind.DAILY, on, wanted, on), user)
    return planned


def plan_weekly(on: dt.date) -> int:
    """A digest of what is late below, of the Monday of this week."""
    monday = on - dt.timedelta(days=on.weekday())
    posts = posts_to_plan(Kind.WEEKLY, monday, on, ABOVE, "weekly")
    return sum(on_its_own(lambda user=user: plan_letter(user, Kind.WEEKLY, monday, None, on), user) for user in posts)


def posts_to_plan(
    kind: str, day: dt.date, on: dt.date, roles: Iterable[str], choice: str
) -> dict[int, set[tuple[str, int]]]:
    """{user: {(role, organisation)}} of those who can be written to, want it, and were not looked at for that day."""
    rows = Post.unscoped.filter(covering(on), role__in=roles, user__is_active=True).exclude(user__email="")
    unwilling = ReminderChoice.unscoped.filter(**{choice: False}).values("user")
    done = Letter.unscoped.filter(kind=kind, day=day).values("user")
    found = defaultdict(set)
    for user, role, place in (
        rows.exclude(user__in=unwilling).exclude(user__in=done).values_list("user_id", "role", "organisation_id")
    ):
        found[user].add((role, place))
    return dict(found)


def concerns(one: Obligation, role: str) -> bool:
    if role in AT_THE_CELL:
        return one.subject in OF_THE_CELL or (one.subject in OF_THE_KEEPERS and role != Role.MINUTE_TAKER)
    return one.subject in OF_THE_KEEPERS or (one.subject in OF_THE_COMMITTEE and role == Role.COMMITTEE)


def on_the_table_of(places: set[int], on: dt.date) -> dict[int, list[Obligation]]:
    """{organisation: what it owes itself}, each subject on its own."""
    from reports.obligations.sources import SOURCES  # as in `owing`

    scope = alone(places, *owing.around(on), on=on)
    found = defaultdict(list)
    for source in SOURCES:
        for one in each_on_its_own(source, scope):
            if owing.stands_here(scope, one) and owing.is_of_now(one, on):
                found[one.organisation].append(one)
    return found


def each_on_its_own(source, scope: Scope) -> Iterator[Obligation]:
    """All at once, as that is quick; where it fails, one organisation after the other."""
    try:
        found = list(source(scope))
    except Exception:
        logger.exception("%s not worked out for all at once", source.__name__)
        found = [one for place in scope.tops for one in of_one(source, place, scope)]
    yield from found


def of_one(source, place: int, scope: Scope) -> list[Obligation]:
    try:
        return list(source(alone([place], scope.first_day, scope.last_day, on=scope.on)))
    except Exception:
        logger.exception("%s not worked out for organisation %s", source.__name__, place)
        return []


def on_its_own(write, user: int) -> int:
    try:
        return write()
    except DatabaseError:
        raise
    except Exception:
        logger.exception("no letter planned for user %s", user)
        return 0


def plan_letter(user: int, kind: str, day: dt.date, wanted: list[Obligation] | None, on: dt.date) -> int:
    """A letter with the reminders whose span has come; `wanted` None: what it says is found when it is sent."""
    if not User.objects.filter(pk=user).exists():
        return 0
    try:
        with transaction.atomic():
            letter = Letter.unscoped.create(user_id=user, kind=kind, day=day)
            if wanted is None:
                return 1
            rows = [reminder(letter, one, *span) for one in wanted if (span := span_of(one, on))]
            new = without_known(rows, user)
            Reminder.unscoped.bulk_create(new, ignore_conflicts=True)
            if not new:
                Letter.unscoped.filter(pk=letter.pk).update(state=Letter.State.NOTHING)
            return bool(new)
    except IntegrityError:
        return 0  # another worker was as quick


def reminder(letter: Letter, one: Obligation, kind: str, day: dt.date) -> Reminder:
    return Reminder(
        letter=letter, user_id=letter.user_id, organisation_id=one.organisation, key=one.key, kind=kind, day=day
    )


def without_known(rows: list[Reminder], user: int) -> list[Reminder]:
    days = {row.day for row in rows}
    known = set(Reminder.unscoped.filter(user=user, day__in=days).values_list("organisation_id", "key", "kind", "day"))
    unique = {(row.organisation_id, row.key, row.kind, row.day): row for row in rows}
    return [row for about, row in unique.items() if about not in known]


def span_of(one: Obligation, on: dt.date) -> tuple[str, dt.date] | None:
    """(kind, first day) of the span in which the day lies; in each, one reminder is enough.

    Before it is due the spans begin as many days ahead as the rule says, a week, and a day; afterwards each week.
    A round that was missed is made up for as long as the span lasts.
    """
    if not one.is_open:
        return None
    if one.is_late:
        weeks = (on - one.due - A_DAY) // A_WEEK
        return Reminder.Kind.LATE, one.due + A_DAY + weeks * A_WEEK
    ahead = one.rule.days_ahead
    begun = [one.due - dt.timedelta(days=days) for days in {ahead, 7, 1} if days <= max(ahead, 1)]
    passed = [day for day in begun if day <= on]
    return (Reminder.Kind.SOON, max(passed)) if passed else None
