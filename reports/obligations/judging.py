"""How one thing that is owed stands on a day: done, late, waived, to come; or lapsed with the organisation itself."""

import datetime as dt

from reports.obligations.models import ObligationRule
from reports.obligations.owing import Obligation, State
from reports.obligations.scope import Scope


def owed(
    scope: Scope,
    rule: ObligationRule,
    organisation: int,
    first: dt.date,
    last: dt.date,
    due: dt.date,
    done_on: dt.date | None,
    *,
    opens: dt.date | None = None,
    what: str = "",
    **more,
) -> Obligation:
    """`opens`: from when there is something to do about it."""
    waiver = scope.waivers.get((organisation, rule.subject, first, last, what), "")
    if opens is None:
        opens = min(first, due - dt.timedelta(days=rule.days_ahead))
    state = state_on(scope.on, opens, due, done_on, waiver)
    if state in (State.LATE, State.DUE) and not scope.rules.is_there(organisation, scope.on):
        state = State.LAPSED
    return Obligation(
        rule.subject, organisation, first, last, due, state, rule, done_on, what=what, waiver=waiver, **more
    )


def state_on(on: dt.date, opens: dt.date, due: dt.date, done_on: dt.date | None, waiver: str) -> State:
    if done_on is not None:
        return State.DONE
    if waiver:
        return State.WAIVED
    if on > due:
        return State.LATE
    return State.DUE if opens <= on else State.AHEAD
