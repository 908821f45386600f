"""What the programme knows of a session for its rating, and which band of a criterion that falls into.

Figures are fractions until they are printed, so that 90 % is 90 % and nothing near it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby, takewhile
from operator import eq, ge, gt, itemgetter, le, lt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Membership
from sessions.models import (
    PRESENT_MARKS,
    Attendance,
    Criterion,
    Mark,
    Measure,
    Readiness,
    ReadinessTick,
    Session,
    SessionRecord,
)
from sessions.rules import rules_for

OPERATORS = {"<=": le, ">=": ge, "<": lt, ">": gt, "=": eq}
SIGNS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "="}
OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "=": "="}
USUAL_STREAK = 3


@dataclass(frozen=True)
class Measured:
    """Numbers that bands ask for, with how they came about, and the plain facts behind them."""

    numbers: Mapping[str, Fraction]
    texts: Mapping[str, str]
    facts: Mapping[str, int]


@dataclass(frozen=True)
class Missing:
    """Why it cannot be worked out; `later`: it can be when the session has ended."""

    reason: str
    is_later: bool = False


@dataclass(frozen=True)
class Scored:
    points: Decimal
    arithmetic: str


@dataclass(frozen=True)
class Known:
    """All facts of one session that criteria ask for, each read once and only if asked for."""

    session: Session

    @cached_property
    def marks(self) -> list[str]:
        rows = Attendance.unscoped.filter(session=self.session, is_expected=True)
        return list(rows.values_list("mark", flat=True))

    @property
    def expected(self) -> int:
        return self.session.expected if self.session.is_closed else len(self.marks)

    @property
    def present(self) -> int:
        return self.session.present if self.session.is_closed else sum(mark in PRESENT_MARKS for mark in self.marks)

    @property
    def unexcused(self) -> int:
        return self.session.unexcused if self.session.is_closed else self.marks.count(Mark.UNEXCUSED)

    @property
    def unmarked(self) -> int:
        return 0 if self.session.is_closed else self.marks.count(Mark.UNMARKED)

    @property
    def minutes(self) -> int | None:
        start, end = self.session.start, self.session.end
        if not self.session.is_closed or start is None or end is None:
            return None
        return (end.hour - start.hour) * 60 + end.minute - start.minute

    @cached_property
    def least_minutes(self) -> int | None:
        return rules_for(self.session.cell_id, self.session.day).min_minutes(self.session.kind)

    @cached_property
    def members(self) -> int:
        return Membership.unscoped.on(self.session.day).home().filter(cell=self.session.cell_id).count()

    @cached_property
    def runs(self) -> dict[int, int]:
        """{person: how often running, up to this session, excused from regular ones of the year}."""
        rows = Attendance.unscoped.filter(
            session__cell=self.session.cell_id,
            session__day__gte=self.session.day.replace(month=1, day=1),
            session__day__lte=self.session.day,
            is_expected=True,
        ).filter(Q(session=self.session) | Q(session__in=Session.unscoped.closed().regular()))
        marks = rows.order_by("person", "-session__day", "-session").values_list("person", "mark")
        return {
            person: sum(1 for _row in takewhile(lambda row: row[1] == Mark.EXCUSED, own))
            for person, own in groupby(marks, key=itemgetter(0))
        }

    @cached_property
    def is_recorded(self) -> bool:
        record = SessionRecord.unscoped.filter(session=self.session).first()
        return bool(record and record.conclusion and record.summary)

    @cached_property
    def materials_day(self) -> dt.date | None:
        """The day on which somebody ticked that the materials were posted."""
        tick = ReadinessTick.unscoped.filter(session=self.session, item=Readiness.MATERIALS).first()
        return timezone.localdate(tick.ticked_at) if tick else None


def measured(known: Known, criterion: Criterion, count: int | None = None) -> Measured | Missing:
    return MEASURES[criterion.measure](known, criterion, count)


def duration(known: Known, criterion: Criterion, _count) -> Measured | Missing:
    held, least = known.minutes, least_minutes(known, criterion)
    if least is None:
        return Missing(_("Chưa có quy định thời lượng cho loại buổi này: chi bộ tự cho điểm."))
    if held is None:
        if known.session.is_closed:
            return Missing(_("Chưa ghi giờ bắt đầu, kết thúc: chi bộ tự cho điểm."))
        return Missing(_("Tính khi kết thúc buổi sinh hoạt."), is_later=True)
    short = max(0, least - held)
    told = {"held": held, "least": least, "short": short}
    lacking = _("thiếu %d phút") % short if short else _("đủ thời lượng")
    text = _("%(held)d phút, quy định %(least)d phút") % told
    return Measured(
        {"short": Fraction(short), "percent": Fraction(100 * held, least)},
        {"short": f"{text}: {lacking}", "percent": f"{text}: {quotient(held, least, criterion)}"},
        {"held": held, "least": least},
    )


def least_minutes(known: Known, criterion: Criterion) -> int | None:
    """A sheet may ask more of large cells than the rule does."""
    least, large = known.least_minutes, criterion.settings.get("large")
    if least is not None and large and known.members >= large["members"]:
        return max(least, large["minutes"])
    return least


def attendance(known: Known, criterion: Criterion, _count) -> Measured | Missing:
    if missing := unmarked(known):
        return missing
    present, expected, unexcused = known.present, known.expected, known.unexcused
    text = quotient(present, expected, criterion)
    absent = _("%(share)s, vắng không lý do %(number)d người") % {"share": text, "number": unexcused}
    return Measured(
        {"percent": Fraction(100 * present, expected), "unexcused": Fraction(unexcused)},
        {"percent": text, "unexcused": absent},
        {"present": present, "expected": expected, "unexcused": unexcused},
    )


def unmarked(known: Known) -> Missing | None:
    if known.unmarked:
        return Missing(_("Còn %d người chưa điểm danh.") % known.unmarked, is_later=True)
    if not known.expected:
        return Missing(_("Không ai phải có mặt nên không tính được tỷ lệ (—): chi bộ tự cho điểm."))
    return None


def unexcused(known: Known, _criterion, _count) -> Measured | Missing:
    if known.unmarked:
        return unmarked(known)
    return counted(known.unexcused, _("%d người vắng không lý do") % known.unexcused)


def streak(known: Known, criterion: Criterion, _count) -> Measured | Missing:
    if known.unmarked:
        return unmarked(known)
    most = criterion.settings.get("more_than", USUAL_STREAK)
    number = sum(run > most for run in known.runs.values())
    told = {"number": number, "most": most}
    return counted(number, _("%(number)d người vắng có lý do quá %(most)d buổi liên tiếp") % told)


def minutes(known: Known, _criterion, _count) -> Measured | Missing:
    if known.is_recorded:
        return counted(1, _("đã ghi tóm tắt thảo luận và kết luận"))
    if not known.session.is_closed:
        return Missing(_("Tính khi kết thúc buổi sinh hoạt."), is_later=True)
    return counted(0, _("chưa ghi đủ tóm tắt thảo luận và kết luận"))


def materials(known: Known, _criterion, _count) -> Measured | Missing:
    posted, day = known.materials_day, known.session.day
    if posted is None:
        return Missing(_("Chưa đánh dấu đã đăng tài liệu: chi bộ tự cho điểm."))
    days = (day - posted).days
    told = {"posted": f"{posted:%d/%m/%Y}", "days": days}
    text = _("đăng ngày %(posted)s, trước %(days)d ngày") if days > 0 else _("đăng ngày %(posted)s")
    return Measured({"days": Fraction(days)}, {"days": text % told}, {"days": days})


def participation(known: Known, criterion: Criterion, count: int | None) -> Measured | Missing:
    if missing := unmarked(known):
        return missing
    if not known.present:
        return Missing(_("Không ai có mặt nên không tính được tỷ lệ (—): chi bộ tự cho điểm."))
    if count is None:
        return Missing(_("Ghi số người phát biểu để tính."), is_later=True)
    text = quotient(count, known.present, criterion)
    return Measured(
        {"percent": Fraction(100 * count, known.present)},
        {"percent": text},
        {"count": count, "present": known.present},
    )


def counted(number: int, text: str) -> Measured:
    return Measured({"number": Fraction(number)}, {"number": text}, {"number": number})


MEASURES = {
    Measure.DURATION: duration,
    Measure.ATTENDANCE: attendance,
    Measure.UNEXCUSED: unexcused,
    Measure.STREAK: streak,
    Measure.MINUTES: minutes,
    Measure.MATERIALS: materials,
    Measure.PARTICIPATION: participation,
}
# What each measure can say of a session, for whoever writes a sheet.
QUANTITIES = {
    Measure.DURATION: ("short", "percent"),
    Measure.ATTENDANCE: ("percent", "unexcused"),
    Measure.UNEXCUSED: ("number",),
    Measure.STREAK: ("number",),
    Measure.MINUTES: ("number",),
    Measure.MATERIALS: ("days",),
    Measure.PARTICIPATION: ("percent",),
}


def score(criterion: Criterion, found: Measured) -> Scored:
    """The first band that holds."""
    asked: tuple[str, str, str] | None = None
    for band in criterion.bands:
        if "op" not in band:
            break
        if OPERATORS[band["op"]](found.numbers[band["quantity"]], Fraction(band["value"])):
            return scored(band, found, (band["quantity"], band["op"], band["value"]))
        asked = (band["quantity"], OPPOSITE[band["op"]], band["value"])
    return scored(criterion.bands[-1], found, asked)


def scored(band: Mapping, found: Measured, condition: tuple[str, str, str] | None) -> Scored:
    points = Decimal(band["points"])
    quantity = condition[0] if condition else next(iter(found.texts))
    compared = f" {SIGNS[condition[1]]} {plain(Decimal(condition[2]))} %" if quantity == "percent" and condition else ""
    told = {"text": found.texts[quantity] + compared, "points": plain(points)}
    return Scored(points, _("%(text)s → %(points)s điểm") % told)


def quotient(part: int, whole: int, criterion: Criterion) -> str:
    """`13/14 = 92,9 %`; as many decimals as it takes not to look like a bound that it only comes near."""
    share = Fraction(100 * part, whole)
    bounds = {Fraction(band["value"]) for band in criterion.bands if band.get("quantity") == "percent"}
    bounds |= {Fraction(0), Fraction(100)}
    for places in range(1, 8):
        shown = rounded(share, places)
        if Fraction(shown) == share or Fraction(shown) not in bounds:
            break
    return f"{part}/{whole} = {plain(shown)} %"


def rounded(share: Fraction, places: int) -> Decimal:
    unit = Decimal(10) ** -places
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(unit, rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """`4`, `4,5`: no noughts behind the comma."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def level_of(total: Decimal, levels: Iterable[Mapping]) -> str:
    return next(level["name"] for level in levels if total >= Decimal(level["from"]))
