"""Writes the yearly plan of themes: drafted, registered with the committee above, accepted or returned, carried out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Lineage, Membership, Organisation, Person
from sessions import arranging
from sessions.models import PlannedTheme, Session, ThematicPlan
from sessions.states import ChangedMeanwhile

State = ThematicPlan.State
EDITABLE = (State.DRAFT, State.RETURNED)
DECIDABLE = (State.REGISTERED,)
REVOCABLE = (State.REGISTERED, State.ACCEPTED)
NO_PLAN_YET = 0  # the version of what nobody has written


class WrongState(Refused):
    def default(self):
        return _("Kế hoạch ở trạng thái hiện nay không làm được việc này. Hãy tải lại trang.")


class NothingPlanned(Refused):
    def default(self):
        return _("Kế hoạch chưa có chuyên đề nào. Hãy ghi ít nhất một chuyên đề rồi đăng ký.")


class HasPlanAlready(Refused):
    def default(self):
        return _("Năm này đã có chuyên đề. Chỉ chép được vào kế hoạch còn trống.")


class NothingToCopy(Refused):
    def default(self):
        return _("Năm trước không có kế hoạch để chép.")


class Tied(Refused):
    def __init__(self, theme: PlannedTheme):
        super().__init__(_("Chuyên đề “%s” đã gắn với một buổi sinh hoạt.") % theme.title)


@dataclass(frozen=True)
class Wanted:
    """One line of the plan as its writer wants it."""

    theme: int | None  # of a stored one
    month: int
    title: str
    preparer_id: int | None = None
    preparer_text: str = ""
    presenter_id: int | None = None
    presenter_text: str = ""
    method_id: int | None = None
    planned_day: dt.date | None = None

    @property
    def fields(self) -> dict:
        return {name: value for name, value in asdict(self).items() if name != "theme"}


@transaction.atomic
def save_themes(
    cell: Organisation, year: int, wanted: list[Wanted], removed: set[int], *, version: int, actor: User, request=None
) -> ThematicPlan:
    """Writes these lines and drops those; what somebody else added meanwhile is in neither, and stays."""
    plan = locked_plan(cell, year)
    if plan.version != version and not (plan.pk is None and version == NO_PLAN_YET):
        raise ChangedMeanwhile(_("Người khác vừa sửa kế hoạch này. Hãy so với bản đã lưu rồi ghi lại."))
    if not plan.may_be_edited:
        raise WrongState
    stored = {theme.pk: theme for theme in plan.themes.all()} if plan.pk else {}
    keep_plan(plan)
    for theme in stored.keys() & removed:
        remove(stored[theme])
    for line in wanted:
        theme = stored.get(line.theme) or PlannedTheme(plan=plan)
        for name, value in line.fields.items():
            setattr(theme, name, value)
        theme.save()
    record("theme_plan.saved", actor=actor, target=plan, detail=described(plan), request=request)
    return plan


def remove(theme: PlannedTheme) -> None:
    if theme.session_id:
        raise Tied(theme)
    theme.delete()


@transaction.atomic
def copy_last_year(cell: Organisation, year: int, *, actor: User, request=None) -> ThematicPlan:
    """Months, themes and methods; who does it and on which day is decided anew."""
    plan = locked_plan(cell, year)
    if not plan.may_be_edited:
        raise WrongState
    if plan.pk and plan.themes.exists():
        raise HasPlanAlready
    earlier = list(PlannedTheme.unscoped.filter(plan__cell=cell, plan__year=year - 1))
    if not earlier:
        raise NothingToCopy
    keep_plan(plan)
    PlannedTheme.unscoped.bulk_create(
        PlannedTheme(plan=plan, month=one.month, title=one.title, method_id=one.method_id) for one in earlier
    )
    record("theme_plan.copied", actor=actor, target=plan, detail=described(plan), request=request)
    return plan


def register(plan: ThematicPlan, *, actor: User, request=None) -> None:
    with transaction.atomic():
        plan = in_state(plan, EDITABLE)
        if not plan.themes.exists():
            raise NothingPlanned
        plan.registered_at, plan.registered_by = timezone.now(), actor
        turn(plan, State.REGISTERED, "theme_plan.registered", actor, request)


def withdraw(plan: ThematicPlan, *, actor: User, request=None) -> None:
    """Back to a draft, to be corrected and registered anew."""
    with transaction.atomic():
        turn(in_state(plan, REVOCABLE), State.DRAFT, "theme_plan.withdrawn", actor, request)


def accept(plan: ThematicPlan, *, version: int, actor: User, request=None) -> None:
    with transaction.atomic():
        plan = in_state(plan, DECIDABLE, version)
        plan.return_reason = ""
        decide(plan, State.ACCEPTED, "theme_plan.accepted", actor, request)


def send_back(plan: ThematicPlan, reason: str, *, version: int, actor: User, request=None) -> None:
    with transaction.atomic():
        plan = in_state(plan, DECIDABLE, version)
        plan.return_reason = reason
        decide(plan, State.RETURNED, "theme_plan.returned", actor, request)


def decide(plan: ThematicPlan, state: str, action: str, actor: User, request) -> None:
    plan.decided_at, plan.decided_by = timezone.now(), actor
    turn(plan, state, action, actor, request)


@transaction.atomic
def move(
    theme: PlannedTheme, month: int, day: dt.date | None, reason: str, *, version: int, actor: User, request=None
) -> PlannedTheme:
    """To another month or day. What was planned stays and is shown beside it. `version` is that of the plan."""
    plan = ThematicPlan.unscoped.select_for_update(of=("self",)).get(pk=theme.plan_id)
    if plan.version != version:
        raise ChangedMeanwhile
    theme = PlannedTheme.unscoped.select_for_update(of=("self",)).select_related("plan", "session").get(pk=theme.pk)
    if theme.session and theme.session.is_closed:
        raise Tied(theme)
    theme.moved_month, theme.moved_day, theme.move_reason = month, day, reason
    theme.save(update_fields=["moved_month", "moved_day", "move_reason"])
    keep_plan(plan)
    detail = {"theme": str(theme.public_id), "from": theme.month, "to": month, "day": day, "reason": reason}
    record("theme.moved", actor=actor, target=theme, detail=detail, request=request)
    return theme


def tie(session: Session, theme: PlannedTheme | None, *, actor: User, request=None) -> None:
    """The session is held about this theme of the plan; None loosens it from whichever it was."""
    with transaction.atomic():
        others = PlannedTheme.unscoped.filter(session=session).exclude(pk=theme.pk if theme else None)
        before = next((arranging.presenter_of(other, session) for other in others), "")
        others.update(session=None)
        if theme is None:
            return
        theme = PlannedTheme.unscoped.select_for_update(of=("self",)).select_related("session").get(pk=theme.pk)
        if theme.session_id == session.pk:
            return
        if theme.session and theme.session.state != Session.State.CANCELLED:
            raise Tied(theme)
        theme.session = session
        theme.save(update_fields=["session"])
        arranging.name_presenter(session, instead_of=before)
        detail = {"theme": str(theme.public_id)}
        record("session.theme_tied", actor=actor, target=session, detail=detail, request=request)


def people_of(cell: Organisation, year: int, plan: ThematicPlan | None) -> list[Person]:
    """Who may prepare or present: everybody on the roster in that year, and whoever stands in the plan already."""
    spans = Membership.unscoped.overlapping(dt.date(year, 1, 1), dt.date(year, 12, 31)).filter(cell=cell)
    known = {span.person for span in spans.select_related("person")}
    for theme in plan.themes.select_related("preparer", "presenter") if plan else ():
        known |= {person for person in (theme.preparer, theme.presenter) if person}
    return sorted(known, key=lambda person: (person.sort_key, person.pk))


def unheld(cells: Iterable[Organisation], but: Session | None = None) -> list[PlannedTheme]:
    """Themes of these cells that no session is about, but for the one of this session; the nearest year first."""
    free = Q(session=None) | Q(session__state=Session.State.CANCELLED) | Q(session=but.pk if but else None)
    themes = PlannedTheme.unscoped.filter(free, plan__cell__in=cells).select_related("plan__cell")
    today = timezone.localdate()
    near = themes.filter(plan__year__range=(today.year - 1, today.year + 1))
    return sorted(near, key=lambda theme: (theme.plan.year != today.year, theme.plan.year, theme.due_month, theme.pk))


def is_due_in(theme: PlannedTheme, day: dt.date) -> bool:
    return (theme.plan.year, theme.due_month) == (day.year, day.month)


def locked_plan(cell: Organisation, year: int) -> ThematicPlan:
    """The stored one, or a new one; under the lock of the cell, so that two at once do not make two plans."""
    Organisation.unscoped.select_for_update().get(pk=cell.pk)
    known = ThematicPlan.unscoped.filter(cell=cell, year=year).first()
    return known or ThematicPlan(cell=cell, year=year, first_day=first_day_of(cell, year), version=NO_PLAN_YET)


def first_day_of(cell: Organisation, year: int) -> dt.date:
    """Of the year, or of the cell within it."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = Lineage.unscoped.filter(ancestor=cell, descendant=cell, first_day__lte=last, last_day__gte=first)
    begun = rows.order_by("first_day").values_list("first_day", flat=True).first()
    return max(first, begun) if begun else first


def keep_plan(plan: ThematicPlan) -> None:
    plan.version += 1
    plan.save()


def in_state(plan: ThematicPlan, states: Iterable[str], version: int | None = None) -> ThematicPlan:
    plan = ThematicPlan.unscoped.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state not in states:
        raise WrongState
    if version is not None and plan.version != version:
        raise ChangedMeanwhile(_("Kế hoạch vừa được sửa. Hãy xem lại trước khi quyết định."))
    return plan


def turn(plan: ThematicPlan, state: str, action: str, actor: User, request) -> None:
    plan.state = state
    keep_plan(plan)
    record(action, actor=actor, target=plan, detail=described(plan), request=request)


def described(plan: ThematicPlan) -> dict:
    themes = [[str(theme.public_id), theme.month, theme.title] for theme in plan.themes.all()]
    return {
        "cell_id": plan.cell_id,
        "year": plan.year,
        "state": plan.state,
        "reason": plan.return_reason,
        "version": plan.version,
        "themes": themes,
    }
