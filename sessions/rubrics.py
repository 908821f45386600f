"""Copies, changes and ends rating sheets; the only place that writes them. A sheet that was used is never changed."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import User
from accounts.refusing import Refused
from cells.models import Organisation
from sessions.measuring import OPERATORS, SIGNS, plain
from sessions.models import Criterion, Rubric
from sessions.states import ChangedMeanwhile

ONE_DAY = dt.timedelta(days=1)
COPIED = ("name", "issuer", "source", "sureness", "kinds", "levels")
LINE_FIELDS = ("group", "title", "max_points", "measure", "bands", "settings", "needed_for_best")
# quantity: the words before and after its number; as they are typed, so the same in every language
WORDS = {
    "percent": ("", "%"),
    "short": ("thiếu", "phút"),
    "unexcused": ("vắng không lý do", "người"),
    "number": ("số", ""),
    "days": ("trước", "ngày"),
}
OTHERWISE = "còn lại"
BAND = re.compile(r"(?P<before>[^<>=≤≥\d]*)(?P<op><=|>=|≤|≥|<|>|=)\s*(?P<value>\d+(?:[.,]\d+)?)\s*(?P<after>\D*)")
READ = {sign: op for op, sign in SIGNS.items()} | {op: op for op in OPERATORS}


class Used(Refused):
    def default(self):
        return _("Đã có buổi sinh hoạt chấm theo phiếu này nên không sửa được. Hãy chép thành bản mới rồi sửa bản đó.")


class NotABand(Refused):
    def __init__(self, line: str):
        super().__init__(_("Không hiểu dòng “%s”. Ghi như “≥ 90 %% → 4”, dòng cuối “còn lại → 1”.") % line[:80])


@transaction.atomic
def copy(rubric: Rubric, *, organisation: Organisation | None, first_day: dt.date, actor: User, request=None) -> Rubric:
    """A new edition to be changed as one likes; at the same place the old one gives way on the day before."""
    rubric = locked(rubric)
    made = Rubric.unscoped.create(
        organisation=organisation,
        edition=rubric.edition + 1,
        first_day=first_day,
        copied_from=rubric,
        **{name: getattr(rubric, name) for name in COPIED},
    )
    Criterion.unscoped.bulk_create(
        Criterion(rubric=made, position=line.position, **{name: getattr(line, name) for name in LINE_FIELDS})
        for line in rubric.criteria.all()
    )
    if rubric.organisation_id == made.organisation_id and rubric.last_day is None and rubric.first_day < first_day:
        finish(rubric, first_day - ONE_DAY, actor, request)
    detail = {"copied_from": rubric.pk, "edition": made.edition, "first_day": first_day}
    record("rubric.copied", actor=actor, target=made, detail=detail, request=request)
    return made


@transaction.atomic
def change(rubric: Rubric, fields: Mapping, lines: list[Mapping], *, version: int, actor: User, request=None) -> Rubric:
    rubric = locked(rubric)
    if rubric.version != version:
        raise ChangedMeanwhile
    if is_used(rubric):
        raise Used
    for name, value in fields.items():
        setattr(rubric, name, value)
    rubric.version += 1
    rubric.save()
    rubric.criteria.all().delete()
    Criterion.unscoped.bulk_create(
        Criterion(rubric=rubric, position=position, **line) for position, line in enumerate(lines, 1)
    )
    detail = {"version": rubric.version, "lines": len(lines)}
    record("rubric.changed", actor=actor, target=rubric, detail=detail, request=request)
    return rubric


@transaction.atomic
def end(rubric: Rubric, last_day: dt.date, *, version: int, actor: User, request=None) -> None:
    rubric = locked(rubric)
    if rubric.version != version:
        raise ChangedMeanwhile
    if last_day < rubric.first_day:
        raise Refused(_("Ngày cuối cùng phải từ %s trở đi.") % f"{rubric.first_day:%d/%m/%Y}", "last_day")
    finish(rubric, last_day, actor, request)


def finish(rubric: Rubric, last_day: dt.date, actor: User, request) -> None:
    rubric.last_day = last_day
    rubric.version += 1
    rubric.save(update_fields=["last_day", "version"])
    record("rubric.ended", actor=actor, target=rubric, detail={"last_day": last_day}, request=request)


def is_used(rubric: Rubric) -> bool:
    return rubric.ratings.exists()


def locked(rubric: Rubric) -> Rubric:
    return Rubric.unscoped.select_for_update(of=("self",)).get(pk=rubric.pk)


def written(band: Mapping) -> str:
    """`≥ 90 % → 4`"""
    points = plain(Decimal(band["points"]))
    if "op" not in band:
        return f"{OTHERWISE} → {points}"
    before, after = WORDS[band["quantity"]]
    value = plain(Decimal(band["value"]))
    return " ".join(filter(None, (before, SIGNS[band["op"]], value, after, "→", points)))


def read_bands(text: str, quantities: tuple[str, ...], most: Decimal) -> list[dict]:
    """What `written` wrote, or what people type like it; the last line holds for all that is left."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bands = [read_band(line, quantities) for line in lines]
    if not bands or any("op" in band for band in bands[-1:]) or any("op" not in band for band in bands[:-1]):
        raise Refused(_("Dòng cuối cùng, và chỉ dòng cuối, phải là “còn lại → số điểm”."))
    if any(Decimal(band["points"]) > most for band in bands):
        raise Refused(_("Thang điểm cao hơn điểm tối đa %s.") % plain(most))
    return bands


def read_band(line: str, quantities: tuple[str, ...]) -> dict:
    condition, _arrow, points = line.replace("->", "→").replace("=>", "→").rpartition("→")
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", points.strip()):
        raise NotABand(line)
    found = {"points": points.strip().replace(",", ".")}
    if condition.strip().lower() == OTHERWISE:
        return found
    match = BAND.fullmatch(condition.strip())
    quantity = match and quantity_of(match["before"], match["after"], quantities)
    if not quantity:
        raise NotABand(line)
    return found | {"quantity": quantity, "op": READ[match["op"]], "value": match["value"].replace(",", ".")}


def quantity_of(before: str, after: str, quantities: tuple[str, ...]) -> str | None:
    """The unit may be left out, but another one is a slip."""
    before, after = before.strip().lower(), after.strip().lower()
    return next((name for name in quantities if WORDS[name][0] == before and after in ("", WORDS[name][1])), None)
