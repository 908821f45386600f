"""Plans a session of a cell, and changes the plan as long as nobody has opened it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import CELL_KINDS, Organisation, OrganisationPeriod
from sessions import arranging
from sessions.models import REGULAR_KINDS, Session, SessionKind
from sessions.rules import month_end, month_start, session_day
from sessions.states import ChangedMeanwhile, NotPlanned, State, locked

PLANNED_FIELDS = ("day", "kind", "theme", "mode", "place", "start")


class AlreadyPlanned(Refused):
    """The cell has a session of this kind on this day."""

    def __init__(self, session: Session):
        self.session = session
        text = _("Chi bộ đã có một buổi %(kind)s vào ngày %(day)s.")
        super().__init__(text % {"kind": session.get_kind_display(), "day": f"{session.day:%d/%m/%Y}"})


class OutOfForce(Refused):
    def __init__(self, day: dt.date):
        super().__init__(_("Chi bộ không hoạt động vào ngày %s. Hãy chọn ngày khác.") % f"{day:%d/%m/%Y}")


@transaction.atomic
def plan(cell: Organisation, fields: dict, *, actor: User, request=None) -> Session:
    # Under the lock of the cell, so that two plans at once do not make two sessions of one.
    Organisation.unscoped.select_for_update().get(pk=cell.pk)
    refuse_day(cell.pk, fields["day"])
    refuse_twin(cell.pk, fields)
    session = Session(cell=cell, **{name: fields[name] for name in PLANNED_FIELDS})
    session.code = code_of(session)
    session.save(force_insert=True)
    arranging.lay_out(session)
    record("session.planned", actor=actor, target=session, detail=described(session), request=request)
    return session


@transaction.atomic
def change_plan(session: Session, fields: dict, *, version: int, actor: User, request=None) -> Session:
    session = locked(session)
    if session.state != State.PLANNED:
        raise NotPlanned
    if session.version != version:
        raise ChangedMeanwhile
    refuse_day(session.cell_id, fields["day"])
    refuse_twin(session.cell_id, fields, but=session)
    before = described(session)
    for name in PLANNED_FIELDS:
        setattr(session, name, fields[name])
    session.version += 1
    session.save(update_fields=[*PLANNED_FIELDS, "version"])
    detail = {"before": before, "after": described(session)}
    record("session.replanned", actor=actor, target=session, detail=detail, request=request)
    return session


def refuse_day(cell: int, day: dt.date) -> None:
    if not OrganisationPeriod.unscoped.on(day).filter(organisation=cell, kind__in=CELL_KINDS).exists():
        raise OutOfForce(day)


def refuse_twin(cell: int, fields: dict, but: Session | None = None) -> None:
    same = Session.unscoped.filter(cell=cell, day=fields["day"], kind=fields["kind"]).exclude(state=State.CANCELLED)
    twin = same.exclude(pk=but.pk if but else None).first()
    if twin:
        raise AlreadyPlanned(twin)


def code_of(session: Session) -> str:
    """From the public id, so that it stays what it is when the day or the cell's name changes."""
    return f"BSH-{session.public_id.hex[-12:].upper()}"


def described(session: Session) -> dict:
    return {name: getattr(session, name) for name in ("code", "cell_id", *PLANNED_FIELDS)}


def suggested_day(cell: Organisation, today: dt.date, kind: str = SessionKind.REGULAR) -> dt.date:
    """The day by the rules in force, or today once that has passed; a regular one in the first month without one."""
    month = first_month_without(cell, today) if kind in REGULAR_KINDS else today
    return max(today, session_day(cell.pk, month))


def first_month_without(cell: Organisation, today: dt.date) -> dt.date:
    known = Session.unscoped.regular().filter(cell=cell, day__gte=month_start(today)).exclude(state=State.CANCELLED)
    taken, month = {month_start(day) for day in known.values_list("day", flat=True)}, month_start(today)
    while month in taken:
        month = month_end(month) + dt.timedelta(days=1)
    return month
