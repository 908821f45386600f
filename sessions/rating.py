"""What a session gives itself by a sheet, line by line; stored with the arithmetic, so that it explains itself later.

Lines that the programme can work out are prefilled and kept from the end of the session on; when their source changes
afterwards they say so and stay, until somebody has them worked out again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Lineage
from sessions.measuring import Known, Measured, Missing, Scored, level_of, measured, plain, score
from sessions.models import Criterion, RatingRow, Rubric, Session, SessionRating
from sessions.noting import Clash, Conflict, PageOutdated, token
from sessions.recording import refuse_unchangeable
from sessions.states import locked

BEST = 0


class NoRubric(Refused):
    def default(self):
        return _("Chưa có phiếu tự đánh giá nào áp dụng cho buổi sinh hoạt này.")


def rubrics_for(session: Session) -> list[Rubric]:
    """All sheets in force for it, the nearest first; of one place the newest, then the one entered first."""
    lines = Lineage.unscoped.on(session.day).filter(descendant=session.cell_id)
    depths = dict(lines.values_list("ancestor_id", "depth"))
    rubrics = Rubric.unscoped.on(session.day).filter(Q(organisation=None) | Q(organisation__in=depths))
    found = [rubric for rubric in rubrics if session.kind in rubric.kinds]
    nation = max(depths.values(), default=0) + 1
    return sorted(found, key=lambda one: (depths.get(one.organisation_id, nation), -one.first_day.toordinal(), one.pk))


def usable(session: Session):
    """The sheets in force for it, and those by which it was rated already."""
    known = [rubric.pk for rubric in rubrics_for(session)]
    return Rubric.unscoped.filter(Q(pk__in=known) | Q(ratings__session=session)).distinct()


@dataclass(frozen=True)
class Line:
    """One criterion of a session: what is stored of it, and what the programme would say today."""

    criterion: Criterion
    stored: RatingRow | None
    known: Known

    @cached_property
    def found(self) -> Measured | Missing | None:
        return measured(self.known, self.criterion, self.count) if self.criterion.is_objective else None

    @property
    def count(self) -> int | None:
        return self.stored.count if self.stored else None

    @property
    def is_kept(self) -> bool:
        return self.stored is not None and self.stored.points is not None

    @cached_property
    def scored(self) -> Scored | None:
        """As kept, else as it comes out today."""
        if self.is_kept:
            return Scored(self.stored.points, self.stored.arithmetic)
        return score(self.criterion, self.found) if isinstance(self.found, Measured) else None

    @property
    def points(self) -> Decimal | None:
        return self.scored.points if self.scored else None

    @property
    def explanation(self) -> str:
        if self.scored and self.scored.arithmetic:
            return self.scored.arithmetic
        return self.found.reason if isinstance(self.found, Missing) else ""

    @property
    def has_other_source(self) -> bool:
        """Whether it was worked out from other numbers than there are today."""
        if not self.is_kept or self.found is None:
            return False
        if isinstance(self.found, Missing):
            return bool(self.stored.facts) and not self.found.is_later
        return self.found.facts != self.stored.facts

    @property
    def asks_for_points(self) -> bool:
        if not self.criterion.is_objective or (self.is_kept and not self.stored.facts):
            return True
        return not self.is_kept and isinstance(self.found, Missing) and not self.found.is_later

    @property
    def points_field(self) -> str:
        return f"points-{self.criterion.position}"

    @property
    def count_field(self) -> str:
        return f"count-{self.criterion.position}"


@dataclass(frozen=True)
class Sheet:
    """A session on one sheet."""

    session: Session
    rubric: Rubric
    rating: SessionRating | None
    lines: list[Line]

    @cached_property
    def values(self) -> dict[str, str]:
        """What people write, as text: points of what they decide, and how many spoke."""
        found = {}
        for line in self.lines:
            if line.asks_for_points:
                found[line.points_field] = "" if line.points is None else plain(line.points)
            if line.criterion.asks_for_count:
                found[line.count_field] = "" if line.count is None else str(line.count)
        return found

    @property
    def tokens(self) -> dict[str, str]:
        return {name: token(text) for name, text in self.values.items()}

    @property
    def missing(self) -> int:
        return sum(line.points is None for line in self.lines)

    @property
    def sum(self) -> Decimal:
        return sum((line.points for line in self.lines if line.points is not None), Decimal(0))

    @property
    def verdict(self) -> tuple[str, str]:
        """(level, why it is not a better one); blank while points are missing."""
        if self.missing:
            return "", ""
        level = level_of(self.sum, self.rubric.levels)
        short = [line for line in self.lines if line.criterion.needed_for_best and falls_short(line)]
        if level != self.rubric.levels[BEST]["name"] or not short:
            return level, ""
        capped = self.rubric.levels[BEST + 1]["name"]
        told = {"best": level, "level": capped, "lines": ", ".join(str(line.criterion.position) for line in short)}
        text = _(
            "Đủ điểm xếp loại %(best)s, nhưng tiêu chí %(lines)s chưa đạt điểm tối đa nên xếp loại cao nhất là "
            "%(level)s."
        )
        return capped, text % told

    @property
    def has_other_source(self) -> bool:
        return any(line.has_other_source for line in self.lines)

    @property
    def groups(self) -> list[tuple[str, Decimal, list[Line]]]:
        """(group, its maximum, its lines) in the order of the sheet."""
        names = dict.fromkeys(line.criterion.group for line in self.lines)
        found = [(name, [line for line in self.lines if line.criterion.group == name]) for name in names]
        return [(name, sum(line.criterion.max_points for line in lines), lines) for name, lines in found]

    def label(self, field: str) -> str:
        kind, _dash, position = field.partition("-")
        title = next(line.criterion.title for line in self.lines if str(line.criterion.position) == position)
        return title if kind == "points" else _("Số người phát biểu: %s") % title


def falls_short(line: Line) -> bool:
    return line.points < line.criterion.max_points


def sheet_of(session: Session, rubric: Rubric) -> Sheet:
    """A fixed number of queries, however many lines."""
    rating = SessionRating.unscoped.filter(session=session, rubric=rubric).select_related("rated_by").first()
    rows = {row.criterion_id: row for row in rating.rows.all()} if rating else {}
    known = Known(session)
    lines = [Line(criterion, rows.get(criterion.pk), known) for criterion in rubric.criteria.all()]
    return Sheet(session, rubric, rating, lines)


@transaction.atomic
def save(
    session: Session, rubric: Rubric, wanted: Mapping[str, str], base: Mapping[str, str], *, actor: User, request=None
) -> Sheet:
    """Write what differs from what is stored; the same again changes nothing. `wanted` is what the form let pass."""
    session = locked(session)
    refuse_unchangeable(session)
    rating = begun(session, rubric, actor)
    sheet = sheet_of(session, rubric)  # after the row is there: from now on nobody changes the sheet
    if wanted.keys() - sheet.values.keys():
        raise PageOutdated
    changes = {
        name: text
        for name, text in wanted.items()
        if text != sheet.values[name] and token(text) != base.get(name)  # as it was shown, so not touched
    }
    clashing = [name for name in changes if base.get(name) != token(sheet.values[name])]
    if clashing:
        raise Conflict([clash_of(sheet, name, changes[name]) for name in clashing])
    if changes:
        for line in sheet.lines:
            write_line(rating, line, changes)
        settle(session, rubric, actor)
        detail = {"rubric": rubric.pk, "fields": sorted(changes)}
        record("session.rated", actor=actor, target=session, detail=detail, request=request)
    return sheet_of(session, rubric)


def begun(session: Session, rubric: Rubric, actor: User | None) -> SessionRating:
    rating, _made = SessionRating.unscoped.get_or_create(session=session, rubric=rubric, defaults={"rated_by": actor})
    return rating


def clash_of(sheet: Sheet, name: str, mine: str) -> Clash:
    author = str(sheet.rating.rated_by or "") if sheet.rating else ""
    return Clash(name, sheet.label(name), mine, sheet.values[name], author)


def write_line(rating: SessionRating, line: Line, changes: Mapping[str, str]) -> None:
    row = line.stored or RatingRow(rating=rating, criterion=line.criterion)
    if line.points_field in changes:
        row.points, row.arithmetic, row.facts = points_of(changes[line.points_field]), "", {}
    elif line.count_field in changes:
        row.count = int(changes[line.count_field]) if changes[line.count_field] else None
        row.points, row.arithmetic, row.facts = None, "", {}
    else:
        return
    row.save()


def points_of(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


def settle(session: Session, rubric: Rubric, actor: User | None) -> SessionRating:
    """Keep what can be worked out now that the session is over, then total and level."""
    sheet = sheet_of(session, rubric)
    if session.is_closed:
        for line in sheet.lines:
            keep(sheet.rating, line)
    rating, (level, cap) = sheet.rating, sheet.verdict
    done = not sheet.missing and session.is_closed
    rating.total, rating.level, rating.cap = (sheet.sum, level, cap) if done else (None, "", "")
    rating.rated_by = actor or rating.rated_by
    rating.version += 1
    choose_main(rating, session)
    rating.save()
    return rating


def keep(rating: SessionRating, line: Line) -> None:
    if line.is_kept or not isinstance(line.found, Measured):
        return
    row = line.stored or RatingRow(rating=rating, criterion=line.criterion)
    row.points, row.arithmetic, row.facts = line.scored.points, line.scored.arithmetic, dict(line.found.facts)
    row.save()


def choose_main(rating: SessionRating, session: Session) -> None:
    """The sheet in force counts; another one only as long as that was not used."""
    others = SessionRating.unscoped.filter(session=session, is_main=True).exclude(pk=rating.pk)
    is_usual = [rubric.pk for rubric in rubrics_for(session)][:1] == [rating.rubric_id]
    if is_usual:
        others.update(is_main=False)
    rating.is_main = is_usual or not others.exists()


@transaction.atomic
def work_out_again(session: Session, rubric: Rubric, *, actor: User, request=None) -> None:
    """By today's numbers; what the session decided itself stays."""
    session = locked(session)
    refuse_unchangeable(session)
    sheet = sheet_of(session, rubric)
    moved = [line for line in sheet.lines if line.has_other_source and isinstance(line.found, Measured)]
    if sheet.rating is None or not moved:
        return
    before = {str(line.criterion.position): str(line.points) for line in moved}
    RatingRow.unscoped.filter(pk__in=[line.stored.pk for line in moved]).update(points=None, arithmetic="", facts={})
    rating = settle(session, rubric, actor)
    detail = {"rubric": rubric.pk, "before": before, "total": rating.total}
    record("session.rating_worked_out", actor=actor, target=session, detail=detail, request=request)


def follow_closing(session: Session, actor: User) -> None:
    """In the transaction that ends a session: what waited for its end can be worked out now."""
    for rating in SessionRating.unscoped.filter(session=session).select_related("rubric"):
        settle(session, rating.rubric, actor)


def with_ratings(sessions):
    """Adds `main_ratings`, at most one each, to be shown with the counts."""
    ratings = SessionRating.unscoped.complete().filter(is_main=True)
    return sessions.prefetch_related(Prefetch("ratings", ratings, to_attr="main_ratings"))


@dataclass(frozen=True)
class RatingLine:
    number: int
    group: str
    title: str
    points: Decimal | None
    max_points: Decimal
    arithmetic: str


@dataclass(frozen=True)
class RatingShown:
    """A stored rating for whoever prints it."""

    rubric: str
    issuer: str
    source: str
    total: Decimal | None  # None: points are missing still
    level: str
    cap: str
    lines: list[RatingLine]
    rated_by: str
    rated_at: dt.datetime
    has_other_source: bool

    @property
    def text(self) -> str:
        """`92/100 điểm, xếp loại Tốt`"""
        if self.total is None:
            return _("chưa chấm xong")
        return _("%(total)s/100 điểm, xếp loại %(level)s") % {"total": plain(self.total), "level": self.level}


def rating_of(session: Session) -> RatingShown | None:
    """The rating that counts; None if the session was not rated."""
    rating = SessionRating.unscoped.filter(session=session, is_main=True).select_related("rubric").first()
    return shown(sheet_of(session, rating.rubric)) if rating else None


def shown(sheet: Sheet) -> RatingShown:
    rating, rubric = sheet.rating, sheet.rubric
    lines = [
        RatingLine(
            line.criterion.position,
            line.criterion.group,
            line.criterion.title,
            line.points,
            line.criterion.max_points,
            line.scored.arithmetic if line.scored else "",
        )
        for line in sheet.lines
    ]
    return RatingShown(
        rubric=str(rubric),
        issuer=rubric.issuer,
        source=rubric.source,
        total=rating.total,
        level=rating.level,
        cap=rating.cap,
        lines=lines,
        rated_by=str(rating.rated_by or ""),
        rated_at=rating.rated_at,
        has_other_source=sheet.has_other_source,
    )
