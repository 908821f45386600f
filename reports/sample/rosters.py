"""Who belonged to which cell, from when to when."""

import datetime as dt
import random
from collections import defaultdict

from cells.models import EXPECTED_STATUSES, Membership, Person, Standing, Status
from reports.sample.people import People
from reports.sample.tree import ONE_DAY, Tree


class Rosters:
    def __init__(self, seed: str, tree: Tree):
        self.tree = tree
        self.people = People(seed)
        self.random = random.Random(f"{seed}/rosters")
        self.spans: dict[str, list[Membership]] = defaultdict(list)

    def join(
        self,
        cell: str,
        since: dt.date,
        person: Person | None = None,
        standing: str = Standing.OFFICIAL,
        status: str = Status.ACTIVE,
        until: dt.date | None = None,
    ) -> Membership:
        span = Membership(
            person=person or self.people.new(),
            cell=self.tree.organisations[cell],
            standing=standing,
            status=status,
            first_day=since,
            last_day=until,
        )
        self.spans[cell].append(span)
        return span

    def staff(self, cell: str, count: int, since: dt.date, until: dt.date) -> list[Membership]:
        """`count` official members who came on some day between the two."""
        days = (until - since).days
        return [self.join(cell, since + dt.timedelta(days=self.random.randint(0, days))) for _ in range(count)]

    def change(self, span: Membership, day: dt.date, status: str = "", standing: str = "") -> Membership:
        """From `day` on the member has another status or standing at the same cell."""
        span.last_day = day - ONE_DAY
        return self.join(
            span.cell.code, day, span.person, standing=standing or span.standing, status=status or span.status
        )

    def transfer(self, span: Membership, cell: str, day: dt.date) -> Membership:
        span.last_day = day - ONE_DAY
        return self.join(cell, day, span.person, span.standing, span.status)

    def lend(self, span: Membership, host: str, since: dt.date, until: dt.date | None = None) -> None:
        """The member attends at the host for a time: away at home, hosted there, on exactly the same days."""
        away = self.change(span, since, Status.AWAY)
        self.join(host, since, span.person, span.standing, Status.HOSTED, until)
        if until:
            self.change(away, until + ONE_DAY, Status.ACTIVE)

    def follow_mergers(self) -> None:
        """Whoever was still there when a cell ended goes on in the cell that took over."""
        for last_day, ended, successor in self.tree.ended_into():
            for span in list(self.spans[ended]):
                if span.last_day is None or span.last_day > last_day:
                    until = span.last_day
                    self.transfer(span, successor, last_day + ONE_DAY).last_day = until

    def expected(self, cell: str, day: dt.date) -> list[Membership]:
        return [span for span in self.spans[cell] if span.status in EXPECTED_STATUSES and covers(span, day)]

    def exempt(self, cell: str, day: dt.date) -> list[Membership]:
        return [span for span in self.spans[cell] if span.status == Status.EXEMPT and covers(span, day)]


def covers(span: Membership, day: dt.date) -> bool:
    return span.first_day <= day and (span.last_day is None or day <= span.last_day)
