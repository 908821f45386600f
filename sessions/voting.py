"""How many votes make a majority: the base of a session's day, explained, and the counts that may stand over it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Membership, Standing, Status
from sessions.models import PRESENT_MARKS, Attendance, Mark, Session, SessionVote
from sessions.recording import refuse_unchangeable
from sessions.states import ChangedMeanwhile, locked

AWAY = (Status.AWAY, Status.SPECIAL_DUTY)
ABSENT_MARKS = (Mark.EXCUSED, Mark.UNEXCUSED)


@dataclass(frozen=True)
class Voter:
    """A member on the day of the session, as far as the vote base asks; without a row on the roll-call, unmarked."""

    standing: str
    status: str
    mark: str = Mark.UNMARKED

    @property
    def is_present(self) -> bool:
        return self.mark in PRESENT_MARKS


@dataclass(frozen=True)
class VoteBase:
    """The base and how it comes about; all but the first four count official members only."""

    members: int  # home members, whatever their status
    official: int
    absent: int  # of all home members
    unmarked: int
    suspended: int
    away: int  # temporarily elsewhere, or on special duty
    exempt_absent: int
    base: int
    present: int  # of the base, so as many can raise a hand

    @property
    def text(self) -> str:
        """`22 đảng viên, 20 chính thức, 4 vắng → cơ số 20`."""
        parts = [
            _("%d đảng viên") % self.members,
            _("%d chính thức") % self.official,
            _("%d vắng") % self.absent,
        ]
        parts += [
            text % count
            for text, count in (
                (_("%d chưa điểm danh"), self.unmarked),
                (_("trừ %d đình chỉ"), self.suspended),
                (_("trừ %d tạm thời đi"), self.away),
                (_("trừ %d được miễn không dự"), self.exempt_absent),
            )
            if count
        ]
        return _("%(parts)s → cơ số %(base)d") % {"parts": ", ".join(parts), "base": self.base}

    def as_stored(self) -> dict[str, int]:
        return asdict(self)


def vote_base(voters: Iterable[Voter]) -> VoteBase:
    """Official members, less those suspended or away, less the exempt who did not come (domain.md 1.3).

    Absent members count, probationary ones and those hosted here do not vote.
    """
    home = [voter for voter in voters if voter.status != Status.HOSTED]
    official = [voter for voter in home if voter.standing == Standing.OFFICIAL]
    suspended = [voter for voter in official if voter.status == Status.SUSPENDED]
    away = [voter for voter in official if voter.status in AWAY]
    exempt_absent = [voter for voter in official if voter.status == Status.EXEMPT and not voter.is_present]
    left_out = {id(voter) for voter in (*suspended, *away, *exempt_absent)}
    counted = [voter for voter in official if id(voter) not in left_out]
    return VoteBase(
        members=len(home),
        official=len(official),
        absent=sum(voter.mark in ABSENT_MARKS for voter in home),
        unmarked=sum(voter.mark == Mark.UNMARKED and voter.status == Status.ACTIVE for voter in home),
        suspended=len(suspended),
        away=len(away),
        exempt_absent=len(exempt_absent),
        base=len(counted),
        present=sum(voter.is_present for voter in counted),
    )


def base_of(session: Session) -> VoteBase:
    """Two queries, however many members."""
    marks = dict(Attendance.unscoped.filter(session=session).values_list("person_id", "mark"))
    spans = Membership.unscoped.on(session.day).filter(cell=session.cell_id)
    rows = spans.values_list("person_id", "standing", "status")
    return vote_base(Voter(standing, status, marks.get(person, Mark.UNMARKED)) for person, standing, status in rows)


class TooManyVotes(Refused):
    def __init__(self, total: int, base: VoteBase):
        text = _("Cộng lại được %(total)d phiếu, nhiều hơn cơ số %(base)d (%(text)s).")
        super().__init__(text % {"total": total, "base": base.base, "text": base.text})


COUNTS = ("in_favour", "against", "other")


def refuse_too_many(counts: dict[str, int], base: VoteBase) -> None:
    total = sum(counts[name] for name in COUNTS)
    if total > base.base:
        raise TooManyVotes(total, base)


@transaction.atomic
def store_vote(
    session: Session, told: dict, *, vote: SessionVote | None = None, version: int = 0, actor: User, request=None
) -> SessionVote:
    """A new vote, or other counts of one; the base is that of now, and stays as it is now."""
    session = locked(session)
    refuse_unchangeable(session)
    if vote is None:
        vote = SessionVote(session=session, version=0)
    else:
        vote = SessionVote.unscoped.select_for_update().get(pk=vote.pk)
        if vote.version != version:
            raise ChangedMeanwhile
    base = base_of(session)
    refuse_too_many(told, base)
    for name in ("subject", *COUNTS):
        setattr(vote, name, told[name])
    vote.base, vote.arithmetic = base.base, base.as_stored()
    vote.version += 1
    vote.save()
    detail = {"vote": vote.pk, "base": vote.base} | {name: told[name] for name in COUNTS}
    record("session.vote_stored", actor=actor, target=session, detail=detail, request=request)
    return vote


@transaction.atomic
def remove_vote(vote: SessionVote, *, actor: User, request=None) -> None:
    session = locked(vote.session)
    refuse_unchangeable(session)
    detail = {"vote": vote.pk, "base": vote.base} | {name: getattr(vote, name) for name in COUNTS}
    SessionVote.unscoped.filter(pk=vote.pk).delete()
    record("session.vote_removed", actor=actor, target=session, detail=detail, request=request)
