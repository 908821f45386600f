"""Which committee takes a report in today, and whether its board does it: asked by pages, lists, papers and sending.

The committee to which the report goes, as long as it is there. After its end whoever took it over, if the issuer
stands below that one; else the committee above the issuer today, which is also where the report is asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, OuterRef

from cells.access import belongs_now
from cells.models import Lineage, OrganisationFunction
from cells.reach import Reach
from cells.succession import heirs_on
from reports.models import Report, Stage

PROPAGANDA = OrganisationFunction.Function.PROPAGANDA
Sent = tuple[int, int]  # (the committee a report goes to, its issuer)


def takers(sent: Iterable[Sent], day: dt.date, heirs: Mapping[int, int] | None = None) -> dict[Sent, int | None]:
    """By a few queries, however many. None where nobody stands above any more."""
    sent = set(sent)
    lines = Lineage.unscoped.on(day)
    there = set(lines.filter(depth=0, descendant__in={to for to, _by in sent}).values_list("descendant", flat=True))
    found: dict[Sent, int | None] = {one: one[0] for one in sent if one[0] in there}
    left = sent - found.keys()
    if not left:
        return found
    heirs = heirs_on(day) if heirs is None else heirs
    above = defaultdict(dict)  # {issuer: {its line upwards: how many steps}}
    issuers = {heirs.get(by, by) for _to, by in left}
    for issuer, ancestor, depth in lines.filter(descendant__in=issuers, depth__gt=0).values_list(
        "descendant", "ancestor", "depth"
    ):
        above[issuer][ancestor] = depth
    return found | {(to, by): stands_in(heirs.get(to), above[heirs.get(by, by)]) for to, by in left}


def stands_in(heir: int | None, above: Mapping[int, int]) -> int | None:
    return heir if heir in above else min(above, key=above.get, default=None)


def with_board(committees: Collection[int], day: dt.date) -> set[int]:
    """A committee without a propaganda board takes its reports in itself."""
    functions = OrganisationFunction.unscoped.on(day).filter(organisation__in=committees, function=PROPAGANDA)
    return set(functions.values_list("organisation", flat=True))


def left_behind(reach: Reach, places: Collection[int]) -> dict[int, tuple[int | None, bool]]:
    """{report: (who takes it in, whether it came through a board)} of those that wait at a committee that has ended.

    Of all that now belong below these places.
    """
    is_there = Lineage.unscoped.on(reach.day).filter(depth=0, descendant=OuterRef("receiver"))
    waiting = Report.unscoped.filter(
        belongs_now(reach, "organisation", places), ~Exists(is_there), stage=Stage.SENT, receiver__isnull=False
    )
    rows = list(waiting.values_list("pk", "receiver", "organisation", "through_board"))
    taken = takers({(to, by) for _pk, to, by, _through in rows}, reach.day, reach.heirs)
    return {pk: (taken[to, by], through) for pk, to, by, through in rows}
