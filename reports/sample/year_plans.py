"""Plans of themes for the running year: most accepted, some waiting, one in five cells without."""

import datetime as dt
import itertools
from collections import defaultdict

from django.utils import timezone

from cells.models import CELL_KINDS, Membership, OrganisationPeriod, Status
from reports.sample.demo import DEMO_CELL
from sessions.models import PlannedTheme, Session, ThematicPlan, ThemeMethod

State = ThematicPlan.State
STATES = (State.ACCEPTED, State.ACCEPTED, State.REGISTERED, State.RETURNED, None)
DECIDED = (State.ACCEPTED, State.RETURNED)
RETURN_REASON, MISSING_QUARTER = "Chưa có chuyên đề cho quý III.", 2
TITLES = (
    "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Nêu gương của cán bộ, đảng viên trong công việc hằng ngày",
    "Chuyển đổi số trong sinh hoạt chi bộ",
    "Dân vận khéo ở cơ sở",
)


def write_year_plans(today: dt.date) -> None:
    """After the sessions: a theme that was held is tied to its session."""
    year_start = today.replace(month=1, day=1)
    periods = OrganisationPeriod.unscoped.on(today).filter(kind__in=CELL_KINDS).order_by("organisation__code")
    cells = list(periods.values_list("organisation_id", "organisation__code", "first_day"))
    stated = [(*cell, state_of(cell[1], number)) for number, cell in enumerate(cells)]
    plans = ThematicPlan.unscoped.bulk_create(
        ThematicPlan(
            cell_id=cell,
            year=today.year,
            first_day=max(year_start, first_day),
            state=state,
            registered_at=timezone.now(),
            decided_at=timezone.now() if state in DECIDED else None,
            return_reason=RETURN_REASON if state == State.RETURNED else "",
        )
        for cell, _code, first_day, state in stated
        if state
    )
    methods, held = itertools.cycle(ThemeMethod.objects.all()), held_by_quarter(today)
    people = people_of(plans, today)
    PlannedTheme.unscoped.bulk_create(
        theme_of(plan, quarter, held.get((plan.cell_id, quarter)), next(methods), people[plan.cell_id])
        for plan in plans
        for quarter in range(4)
        if plan.state != State.RETURNED or quarter != MISSING_QUARTER
    )


def people_of(plans: list[ThematicPlan], today: dt.date) -> dict[int, list[int]]:
    """Some members of each cell, who prepare and present by turns."""
    found: dict[int, list[int]] = defaultdict(list)
    spans = Membership.unscoped.on(today).filter(cell__in=[plan.cell_id for plan in plans], status=Status.ACTIVE)
    for cell, person in spans.order_by("person__sort_key", "person").values_list("cell", "person"):
        found[cell].append(person)
    return found


def state_of(code: str, number: int) -> str | None:
    return State.ACCEPTED if code == DEMO_CELL else STATES[number % len(STATES)]


def held_by_quarter(today: dt.date) -> dict[tuple[int, int], Session]:
    sessions = Session.unscoped.thematic().filter(day__year=today.year).exclude(state=Session.State.CANCELLED)
    return {(session.cell_id, (session.day.month - 1) // 3): session for session in sessions}


def theme_of(
    plan: ThematicPlan, quarter: int, session: Session | None, method: ThemeMethod, people: list[int]
) -> PlannedTheme:
    month = session.day.month if session else quarter * 3 + 2
    preparer, presenter = (people[(quarter * 2 + turn) % len(people)] if people else None for turn in (0, 1))
    return PlannedTheme(
        plan=plan,
        month=month,
        title=session.theme if session else TITLES[quarter],
        preparer_id=preparer,
        presenter_id=presenter,
        method=method,
        session=session,
    )
