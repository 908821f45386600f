"""Outlines put up in a period, and how many of the cells below have received them by now."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.urls import reverse

from accounts.text import folded, title_key
from cells.models import Lineage, Organisation
from cells.papers.wording import percent
from cells.reach import DOWN_THE_TREE
from reports.access import followed
from reports.forms import OutlineRowsQuery
from reports.ordering import holds, ordered, words_of
from resolutions.models import Outline, Receipt
from resolutions.receiving import Holding


@dataclass(frozen=True)
class OutlineLine:
    title: str
    symbol: str
    edition: int
    counts: Counter  # of Holding
    url: str  # which cells, cell by cell

    @property
    def cells(self) -> int:
        return self.counts.total()

    @property
    def current(self) -> int:
        return self.counts[Holding.CURRENT]

    @property
    def old(self) -> int:
        return self.counts[Holding.OLD]

    @property
    def missing(self) -> int:
        return self.counts[Holding.MISSING]

    @property
    def percent(self) -> str:
        return percent(self.current, self.cells)


def outlines_behind(organisation: Organisation, query: OutlineRowsQuery, user) -> list[OutlineLine]:
    """The newest edition of each, with the cells that hang today below both its owner and the organisation.

    What the organisation's cells receive today is not for those whom it has left.
    """
    newest = newest_editions(query, user)
    ours = Organisation.unscoped.filter(followed(user.reach)).values("pk")
    cells_today = Lineage.unscoped.on(user.reach.day).filter(ancestor=organisation, is_cell=True)
    below = cells_today.filter(descendant__in=ours).values("descendant")
    cells = defaultdict(set)
    lines = Lineage.unscoped.on(user.reach.day).filter(
        ancestor__in={outline.owner_place for outline in newest.values()}, descendant__in=below
    )
    for owner, cell in lines.values_list("ancestor_id", "descendant_id"):
        cells[owner].add(cell)
    held = held_editions({outline.document_id for outline in newest.values()}, below)
    links = user.reach.holds(DOWN_THE_TREE)
    rows = [
        line_of(outline, cells[outline.owner_place], held[series], links)
        for series, outline in newest.items()
        if cells[outline.owner_place]
    ]
    return chosen(rows, query)


def newest_editions(query: OutlineRowsQuery, user) -> dict[tuple, Outline]:
    period = query.period
    outlines = Outline.objects.for_user(user).filter(published__date__range=(period.first_day, period.until))
    return {one.series: one for one in outlines.select_related("document").order_by("edition", "pk")}


def held_editions(documents: set[int], cells) -> dict[tuple, dict[int, int]]:
    """{outline, as a series: {cell: the newest edition it has}}."""
    held = defaultdict(dict)
    receipts = Receipt.unscoped.filter(outline__document__in=documents, cell__in=cells).select_related("outline")
    for receipt in receipts.order_by("outline__edition"):
        held[receipt.outline.series][receipt.cell_id] = receipt.outline.edition
    return held


def line_of(outline: Outline, cells: set[int], held: dict[int, int], links: bool) -> OutlineLine:
    counts = Counter(holding(held.get(cell), outline.edition) for cell in cells)
    url = reverse("resolutions:receipts", args=[outline.public_id]) if links else ""
    return OutlineLine(outline.title, outline.document.symbol, outline.edition, counts, url)


def holding(edition: int | None, current: int) -> Holding:
    if edition is None:
        return Holding.MISSING
    return Holding.CURRENT if edition >= current else Holding.OLD


def chosen(rows: list[OutlineLine], query: OutlineRowsQuery) -> list[OutlineLine]:
    words = words_of(query.values["name"])
    found = [row for row in rows if holds(folded(f"{row.title} {row.symbol}"), words)]
    if query.values["show"] == "missing":
        found = [row for row in found if row.current < row.cells]
    found.sort(key=lambda row: title_key(row.title))
    return ordered(found, ORDER, query.values["sort"])


ORDER = {
    "name": lambda row: title_key(row.title),
    "missing": lambda row: row.cells - row.current,
}
