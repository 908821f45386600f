"""Which cell has which edition of an outline, and in which sessions it was used."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.auditing import record
from accounts.text import title_key
from cells.models import CELL_KINDS, Lineage, OrganisationPeriod
from cells.reach import AT_THE_CELL, DOWN_THE_TREE, Reach
from resolutions.models import Outline, Receipt


class Holding(models.TextChoices):
    MISSING = "missing", _("chưa nhận")
    OLD = "old", _("còn giữ bản cũ")
    CURRENT = "current", _("đã nhận")


ORDER = {Holding.MISSING: 0, Holding.OLD: 1, Holding.CURRENT: 2}


@dataclass(frozen=True)
class Use:
    """A session whose agenda took up an edition of the outline."""

    public_id: str
    day: dt.date
    edition: int


@dataclass(frozen=True)
class CellRow:
    cell: int
    public_id: str
    name: str
    holding: Holding
    edition: int | None = None
    day: dt.date | None = None
    way: str = ""
    uses: tuple[Use, ...] = field(default=())


def editions_of(outline: Outline):
    """All published editions of this outline, the newest first."""
    document, owner, audience, title = outline.series
    same = Outline.unscoped.published().filter(document_id=document, owner_id=owner, audience=audience, title=title)
    return same.order_by("-edition", "-pk")


def rows_for(user, outline: Outline) -> list[CellRow]:
    """One row for each cell below both the outline's owner and the user; those who lack it come first."""
    day = user.reach.day
    editions = list(editions_of(outline))
    current = editions[0].edition if editions else 0
    cells = cells_below(outline.owner_place, user.reach.at(DOWN_THE_TREE), day)
    receipts, uses = receipts_of(editions), uses_of(editions)
    rows = [row_of(period, receipts.get(period.organisation_id), current, uses) for period in cells]
    return sorted(rows, key=lambda row: (ORDER[row.holding], title_key(row.name), row.cell))


def cells_below(owner: int, tops: Iterable[int], day: dt.date):
    below = Lineage.unscoped.on(day).filter(ancestor=owner).values("descendant")
    seen = Lineage.unscoped.on(day).filter(ancestor__in=tops).values("descendant")
    periods = OrganisationPeriod.unscoped.on(day).filter(organisation__in=below, kind__in=CELL_KINDS)
    return periods.filter(organisation__in=seen).select_related("organisation")


def receipts_of(editions: list[Outline]) -> dict[int, Receipt]:
    """{cell: its receipt of the newest edition it has}."""
    receipts = Receipt.unscoped.filter(outline__in=editions).select_related("outline").order_by("outline__edition")
    return {receipt.cell_id: receipt for receipt in receipts}


def uses_of(editions: list[Outline]) -> dict[int, list[Use]]:
    """{cell: finished sessions whose agenda has the outline}, over the relation that agendas have to outlines."""
    session = "agenda_blocks__session"
    wanted = (f"{session}__cell_id", f"{session}__public_id", f"{session}__day", "edition")
    blocks = Outline.unscoped.filter(pk__in=[one.pk for one in editions], agenda_blocks__isnull=False)
    blocks = blocks.filter(**{f"{session}__state": "closed"}).values_list(*wanted).distinct()
    found = defaultdict(list)
    for cell, public_id, day, edition in blocks.order_by(f"{session}__day"):
        found[cell].append(Use(str(public_id), day, edition))
    return found


def row_of(period: OrganisationPeriod, receipt: Receipt | None, current: int, uses: dict[int, list[Use]]) -> CellRow:
    cell = period.organisation
    known = CellRow(cell.pk, str(cell.public_id), period.name, Holding.MISSING, uses=tuple(uses.get(cell.pk, ())))
    if receipt is None:
        return known
    edition = receipt.outline.edition
    holding = Holding.CURRENT if edition == current else Holding.OLD
    return CellRow(
        *(known.cell, known.public_id, known.name, holding, edition),
        *(receipt.at.astimezone().date(), receipt.get_way_display(), known.uses),
    )


def receivers(reach: Reach, outline: Outline) -> list[int]:
    """The cells in whose name the user may receive it: where the user is an officer, below the outline's owner."""
    own = reach.at(AT_THE_CELL)
    below = Lineage.unscoped.on(reach.day).filter(ancestor=outline.owner_place, descendant__in=own)
    return sorted(below.values_list("descendant", flat=True)) if own else []


@transaction.atomic
def receive(outline: Outline, way: Receipt.Way, *, actor, request=None) -> int:
    """Returns for how many cells that was news; a second time changes nothing."""
    news = 0
    for cell in receivers(actor.reach, outline):
        _receipt, is_new = Receipt.unscoped.get_or_create(
            outline=outline, cell_id=cell, defaults={"way": way, "received_by": actor}
        )
        if is_new:
            detail = {"edition": outline.edition, "way": way}
            record("outline.received", actor=actor, target=outline, place=cell, detail=detail, request=request)
            news += 1
    return news


@dataclass(frozen=True)
class Reminder:
    """What the officers of a cell should take: a newer edition of what the cell holds."""

    outline: Outline
    held: int


def reminders(user) -> list[Reminder]:
    """Newer editions of outlines that the user's cells hold, by three queries at most."""
    cells = user.reach.at(AT_THE_CELL)
    if not cells:
        return []
    held = defaultdict(dict)
    for receipt in Receipt.unscoped.filter(cell__in=cells).select_related("outline"):
        highest = held[receipt.cell_id].get(receipt.outline.series, 0)
        held[receipt.cell_id][receipt.outline.series] = max(highest, receipt.outline.edition)
    documents = {series[0] for editions in held.values() for series in editions}
    outlines = Outline.objects.for_user(user).select_related("document")
    newest = {}
    for outline in outlines.filter(document__in=documents).order_by("edition", "pk"):
        newest[outline.series] = outline
    behind = {
        series: edition
        for editions in held.values()
        for series, edition in editions.items()
        if series in newest and newest[series].edition > edition
    }
    return [Reminder(newest[series], edition) for series, edition in behind.items()]
