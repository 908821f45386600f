"""Organisations of the sample as they came, moved, merged and ended."""

import datetime as dt

from cells.models import CELL_KINDS, Kind, Organisation, OrganisationPeriod, name_keys

MARK = "(mẫu)"  # ends every organisation's name, so that no page and no PDF can be taken for a real one
ONE_DAY = dt.timedelta(days=1)


class Tree:
    def __init__(self):
        self.organisations: dict[str, Organisation] = {}
        self.periods: dict[str, list[OrganisationPeriod]] = {}

    def put(self, code: str, name: str, kind: str, parent: str | None, since: dt.date, decision: str = "") -> str:
        """From `since` on the organisation bears this name and hangs there; what it was before ends the day before."""
        organisation = self.organisations.setdefault(code, Organisation(code=code))
        earlier = self.periods.setdefault(code, [])
        if earlier:
            earlier[-1].last_day = since - ONE_DAY
        name = name if name.endswith(")") else f"{name} {MARK}"
        period = OrganisationPeriod(
            organisation=organisation,
            name=name,
            kind=kind,
            parent=self.organisations[parent] if parent else None,
            first_day=since,
            decision=decision,
            **name_keys(name),
        )
        earlier.append(period)
        return code

    def move(self, code: str, parent: str, since: dt.date, decision: str = "", name: str = "") -> None:
        last = self.periods[code][-1]
        self.put(code, name or last.name, last.kind, parent, since, decision)

    def end(self, code: str, last_day: dt.date, successor: str | None = None) -> None:
        self.periods[code][-1].last_day = last_day
        if successor:
            self.organisations[code].successor = self.organisations[successor]

    def cells(self) -> list[str]:
        return [code for code, periods in self.periods.items() if periods[-1].kind in CELL_KINDS]

    def kind(self, code: str) -> Kind:
        return Kind(self.periods[code][-1].kind)

    def first_day(self, code: str) -> dt.date:
        return self.periods[code][0].first_day

    def last_day(self, code: str) -> dt.date | None:
        return self.periods[code][-1].last_day

    def is_in_force(self, code: str, day: dt.date) -> bool:
        last_day = self.last_day(code)
        return self.first_day(code) <= day and (last_day is None or day <= last_day)

    def ended_into(self) -> list[tuple[dt.date, str, str]]:
        """(last day, cell, the cell that took over), earliest first: its members go the same way."""
        rows = []
        for code in self.cells():
            successor = self.organisations[code].successor
            if successor and self.last_day(code):
                rows.append((self.last_day(code), code, successor.code))
        return sorted(rows)
