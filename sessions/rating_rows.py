"""What the pages show of a rating: lines with their fields, total and level in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sessions.measuring import plain
from sessions.models import Session, SessionRating
from sessions.rating import Line, Sheet, sheet_of
from sessions.reading import Field


@dataclass(frozen=True)
class ShownLine:
    line: Line
    points_field: Field | None
    count_field: Field | None

    @property
    def position(self) -> int:
        return self.line.criterion.position

    @property
    def points(self) -> str:
        return "—" if self.line.points is None else plain(self.line.points)

    @property
    def most(self) -> str:
        return plain(self.line.criterion.max_points)


@dataclass(frozen=True)
class RatingPage:
    """One sheet with what is stored or, after an error, what was sent."""

    sheet: Sheet
    form: object = None

    @property
    def rubric(self):
        return self.sheet.rubric

    @property
    def groups(self) -> list[tuple[str, str, list[ShownLine]]]:
        return [
            (name, plain(Decimal(most)), [self.shown(line) for line in lines])
            for name, most, lines in self.sheet.groups
        ]

    def shown(self, line: Line) -> ShownLine:
        return ShownLine(line, self.field(line.points_field), self.field(line.count_field))

    def field(self, name: str) -> Field | None:
        if name not in self.sheet.values:
            return None
        sent = self.form.data if self.form else {}
        problems = list(self.form.errors.get(name, [])) if self.form else []
        return Field(name, sent.get(name, self.sheet.values[name]), problems)

    @property
    def verdict(self) -> str:
        """`92/100 điểm, xếp loại Tốt`, or how far it is."""
        points = _("%s/100 điểm") % plain(self.sheet.sum)
        if self.sheet.missing:
            return _("%(points)s, còn %(number)d tiêu chí") % {"points": points, "number": self.sheet.missing}
        return _("%(points)s, xếp loại %(level)s") % {"points": points, "level": self.sheet.verdict[0]}


@dataclass(frozen=True)
class Rated:
    """A stored rating as the page of its session shows it: points and level, and to some the lines."""

    rating: SessionRating
    page: RatingPage | None  # for whoever reads the record

    @property
    def verdict(self) -> str:
        if self.rating.total is None:
            return self.page.verdict if self.page else _("chưa chấm xong")
        told = {"total": plain(self.rating.total), "level": self.rating.level}
        return _("%(total)s/100 điểm, xếp loại %(level)s") % told


def ratings_seen(user, session: Session, with_lines: bool) -> list[Rated]:
    """The one that counts first."""
    ratings = SessionRating.objects.for_user(user).filter(session=session).select_related("rubric", "rated_by")
    return [Rated(one, RatingPage(sheet_of(session, one.rubric)) if with_lines else None) for one in ratings]
