"""The sheet of organisations in the exchange workbook (workbook.md)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

from cells import lineage
from cells.exchange.planning import Change, Plan, Sheet
from cells.exchange.removing import chunks, delete, list_keys
from cells.exchange.values import Choice, Code, Column, Day, Text
from cells.models import CELL_KINDS, Kind, Organisation, OrganisationPeriod, name_keys
from cells.spans import ONE_DAY, covers
from cells.workbook.spans import Entry, end_of, refuse_backward_days, would_be


@dataclass
class Tree:
    """The organisations as they would be after the import, by code."""

    histories: dict[str, list[Entry]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def __contains__(self, code: str) -> bool:
        return code in self.histories

    def period_on(self, code: str, day: dt.date) -> dict | None:
        for entry in self.histories.get(code, ()):
            if entry.values["first_day"] <= day <= end_of(entry.values):
                return entry.values
        return None

    def is_cell_on(self, code: str, day: dt.date) -> bool:
        period = self.period_on(code, day)
        return period is not None and period["kind"] in CELL_KINDS

    def is_cell_throughout(self, code: str, first_day: dt.date, last_day: dt.date) -> bool:
        cells = [entry for entry in self.histories.get(code, ()) if entry.values["kind"] in CELL_KINDS]
        return covers(cells, first_day, last_day)

    def row_of(self, code: str) -> int:
        """A row of the file that changes this organisation, for errors at rows that are not in the file."""
        return next((entry.number for entry in self.histories.get(code, ()) if entry.is_touched), 0)

    def cause(self, *codes: str) -> tuple[str, int, str, str]:
        """The place in the file that changes the first of these organisations that it does change."""
        code = next((code for code in codes if code in self.changed), codes[0])
        return OrganisationsSheet.title, self.row_of(code), "Mã", code


class OrganisationsSheet(Sheet):
    title = "Tổ chức"
    position = 1
    key = ("code", "first_day")
    columns = (
        Column("Mã", "code", Code(), required=True),
        Column("Tên", "name", Text(250), required=True),
        Column("Loại", "kind", Choice(Kind), required=True),
        Column("Trực thuộc", "parent", Code()),
        Column("Từ ngày", "first_day", Day(), required=True),
        Column("Đến ngày", "last_day", Day()),
        Column("Kế tục bởi", "successor", Code()),
        Column("Quyết định", "decision", Text(250), default=""),
    )

    def stored(self, plan, keys):
        periods = OrganisationPeriod.unscoped.order_by("organisation_id", "first_day").values_list(
            "organisation__code", "name", "kind", "parent__code", "first_day", "last_day", "decision"
        )
        successors = dict(Organisation.unscoped.filter(successor__isnull=False).values_list("code", "successor__code"))
        names = ("code", "name", "kind", "parent", "first_day", "last_day", "decision")
        stored, last = {}, {}
        for row in periods:
            values = dict(zip(names, row, strict=True)) | {"successor": None}
            stored[values["code"], values["first_day"]] = values
            last[values["code"]] = values  # ordered: the last one seen is the last period
        for code, successor in successors.items():
            last[code]["successor"] = successor
        plan.parts["stored periods"] = stored
        return stored

    def check(self, plan):
        rows = plan.rows[self.title]
        tree = Tree()
        entries = would_be(rows, plan.parts["stored periods"])
        histories = defaultdict(list)
        for entry in sorted(entries, key=lambda entry: entry.values["first_day"]):
            histories[entry.values["code"]].append(entry)
        tree.histories = dict(histories)
        tree.changed = {row.values["code"] for row in rows if row.is_touched}
        tree.changed |= {row.values["code"] for row in plan.removed[self.title]}
        plan.parts["tree"] = tree
        if not tree.changed:
            return
        for row in rows:
            refuse_backward_days(self, row, plan)
        for code, history in tree.histories.items():
            self.check_history(code, history, plan)
        for code, history in tree.histories.items():
            if not plan.is_doubtful(self.title, code):
                self.check_places(code, history, tree, plan)
        self.check_roots(tree, plan)
        self.check_cycles(tree, plan)

    def refuse(self, plan: Plan, entry: Entry, heading: str, name: str, text: str) -> None:
        values = entry.values
        code = values["code"]
        if entry.number:
            plan.refuse(self.title, entry.number, heading, values[name], text)
        else:
            named = [values[place] for place in ("code", "parent", "successor") if values[place]]
            stored = _("%(code)s, từ %(day)s") % {"code": code, "day": f"{values['first_day']:%d/%m/%Y}"}
            plan.refuse_stored(plan.parts["tree"].cause(*named), self.title, stored, text)
        plan.doubtful[self.title].add(code)

    def check_history(self, code: str, history: list[Entry], plan: Plan) -> None:
        if plan.is_doubtful(self.title, code):
            return
        for before, after in pairwise(history):
            if end_of(before.values) >= after.values["first_day"]:
                text = _("chồng lên giai đoạn trước của cùng tổ chức (từ %s)")
                self.refuse(plan, after, "Từ ngày", "first_day", text % f"{before.values['first_day']:%d/%m/%Y}")
            elif end_of(before.values) + ONE_DAY != after.values["first_day"] and not plan.may_be_unnamed(
                self.title, day=end_of(before.values) + ONE_DAY
            ):
                text = _("hở so với giai đoạn trước của cùng tổ chức (đến %s)")
                self.refuse(plan, after, "Từ ngày", "first_day", text % f"{before.values['last_day']:%d/%m/%Y}")
            if before.values["successor"]:
                self.refuse(plan, before, "Kế tục bởi", "successor", _("chỉ ghi ở giai đoạn cuối của tổ chức"))

    def check_places(self, code: str, history: list[Entry], tree: Tree, plan: Plan) -> None:
        for entry in history:
            if entry.values["parent"] is not None:
                self.check_parent(entry, tree, plan)
        if history[-1].values["successor"] is not None:
            self.check_successor(history[-1], tree, plan)

    def check_parent(self, entry: Entry, tree: Tree, plan: Plan) -> None:
        values = entry.values
        parent = values["parent"]
        if plan.is_doubtful(self.title, parent):
            return
        if parent == values["code"]:
            self.refuse(plan, entry, "Trực thuộc", "parent", _("một tổ chức không thể trực thuộc chính nó"))
        elif parent not in tree:
            if not plan.may_be_unnamed(self.title):
                self.refuse(plan, entry, "Trực thuộc", "parent", _("không có tổ chức mang mã này"))
        elif not covers(tree.histories[parent], values["first_day"], end_of(values)):
            if not plan.may_be_unnamed(self.title):
                text = _("tổ chức cấp trên phải có hiệu lực trong cả giai đoạn này")
                self.refuse(plan, entry, "Trực thuộc", "parent", text)
        elif any(above.values["kind"] in CELL_KINDS and above.overlaps(entry) for above in tree.histories[parent]):
            text = _("chi bộ không có tổ chức cấp dưới; phải là một đảng bộ")
            self.refuse(plan, entry, "Trực thuộc", "parent", text)

    def check_successor(self, entry: Entry, tree: Tree, plan: Plan) -> None:
        values = entry.values
        successor = values["successor"]
        if plan.is_doubtful(self.title, successor):
            return
        if values["last_day"] is None:
            text = _("chỉ ghi khi tổ chức đã kết thúc (có “Đến ngày”)")
            self.refuse(plan, entry, "Kế tục bởi", "successor", text)
        elif successor not in tree:
            if not plan.may_be_unnamed(self.title):
                self.refuse(plan, entry, "Kế tục bởi", "successor", _("không có tổ chức mang mã này"))
        elif not (heir := tree.period_on(successor, values["last_day"] + ONE_DAY)):
            if not plan.may_be_unnamed(self.title, day=values["last_day"] + ONE_DAY):
                text = _("tổ chức kế tục phải có hiệu lực vào ngày hôm sau (%s)")
                next_day = f"{values['last_day'] + ONE_DAY:%d/%m/%Y}"
                self.refuse(plan, entry, "Kế tục bởi", "successor", text % next_day)
        elif values["kind"] in CELL_KINDS and heir["kind"] not in CELL_KINDS:
            self.refuse(plan, entry, "Kế tục bởi", "successor", _("chi bộ phải được một chi bộ kế tục"))

    def check_roots(self, tree: Tree, plan: Plan) -> None:
        """At most one organisation a day hangs under none; what is stored, highest and has most below it is right."""
        roots = [entry for history in tree.histories.values() for entry in history if entry.values["parent"] is None]
        children = defaultdict(int)
        for history in tree.histories.values():
            for entry in history:
                children[entry.values["parent"]] += 1
        ranks = list(Kind)
        roots.sort(
            key=lambda e: (
                e.is_touched,
                ranks.index(e.values["kind"]),
                -children[e.values["code"]],
                e.values["first_day"],
                e.number,
            )
        )
        accepted: list[Entry] = []
        for entry in roots:
            if plan.is_doubtful(self.title, entry.values["code"]):
                continue
            if any(other.overlaps(entry) for other in accepted):
                text = _("không được để trống: mỗi ngày chỉ một tổ chức không trực thuộc tổ chức nào")
                self.refuse(plan, entry, "Trực thuộc", "parent", text)
            else:
                accepted.append(entry)

    def check_cycles(self, tree: Tree, plan: Plan) -> None:
        """Each circle is told once, at a row of the file: it is broken by mending any of its rows."""
        entries = [entry for history in tree.histories.values() for entry in history]
        for entry in sorted(entries, key=lambda entry: (not entry.is_touched, entry.number)):
            doubtful = plan.doubtful[self.title]
            if entry.values["code"] not in doubtful and hangs_below_itself(entry, tree, doubtful):
                text = _("tổ chức này ở dưới chính nó trong cùng thời gian")
                self.refuse(plan, entry, "Trực thuộc", "parent", text)

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        known = set(Organisation.unscoped.values_list("code", flat=True))
        fresh = dict.fromkeys(row.values["code"] for row in rows if row.values["code"] not in known)
        Organisation.unscoped.bulk_create([Organisation(code=code) for code in fresh], batch_size=500)
        ids = organisation_ids()
        added = [self.as_period(row.values, ids) for row in rows if row.change == Change.ADDED]
        OrganisationPeriod.unscoped.bulk_create(added, batch_size=500)
        for row in rows:
            if row.change == Change.CHANGED:
                self.update_period(row.values, ids)
        self.write_successors(plan, ids)

    def remove(self, plan):
        rows = plan.removed[self.title]
        keys = {row.key for row in rows}
        codes = {row.values["code"] for row in rows}
        periods = OrganisationPeriod.unscoped.values_list("pk", "organisation__code", "first_day")
        delete(OrganisationPeriod, [pk for pk, *key in periods if tuple(key) in keys])
        kept = set(OrganisationPeriod.unscoped.values_list("organisation__code", flat=True))
        gone = codes - kept
        self.write_successors(plan, organisation_ids())
        for codes in chunks(sorted(gone)):
            Organisation.unscoped.filter(code__in=codes).update(successor=None)
        delete(Organisation, list_keys(Organisation, gone))

    def settle(self, plan):
        if plan.parts["tree"].changed:
            lineage.rebuild()

    def as_period(self, values: dict, ids: dict[str, int]) -> OrganisationPeriod:
        return OrganisationPeriod(
            organisation_id=ids[values["code"]], first_day=values["first_day"], **fields_of(values, ids)
        )

    def update_period(self, values: dict, ids: dict[str, int]) -> None:
        OrganisationPeriod.unscoped.filter(organisation=ids[values["code"]], first_day=values["first_day"]).update(
            **fields_of(values, ids)
        )

    def write_successors(self, plan: Plan, ids: dict[str, int]) -> None:
        tree = plan.parts["tree"]
        for code in tree.changed & tree.histories.keys():
            successor = tree.histories[code][-1].values["successor"]
            Organisation.unscoped.filter(code=code).update(successor=ids[successor] if successor else None)

    def export_rows(self, selection):
        stored = self.stored(Plan(), ())
        for (code, _first_day), values in sorted(stored.items()):
            if selection.shows(code):
                yield values


def fields_of(values: dict, ids: dict[str, int]) -> dict:
    return {
        "name": values["name"],
        "kind": values["kind"],
        "parent_id": ids[values["parent"]] if values["parent"] else None,
        "last_day": values["last_day"],
        "decision": values["decision"],
        **name_keys(values["name"]),
    }


def hangs_below_itself(entry: Entry, tree: Tree, doubtful: Set[str]) -> bool:
    """Whether climbing from this period comes back to its organisation on some day, by rows that are right so far."""
    code = entry.values["code"]
    steps = [(entry.values["parent"], entry.values["first_day"], end_of(entry.values), frozenset())]
    while steps:
        above, first_day, last_day, seen = steps.pop()
        if above == code:
            return True
        if above is None or above in seen or above in doubtful:
            continue
        for period in tree.histories.get(above, ()):
            first, last = max(first_day, period.values["first_day"]), min(last_day, end_of(period.values))
            if first <= last:
                steps.append((period.values["parent"], first, last, seen | {above}))
    return False


def organisation_ids() -> dict[str, int]:
    return dict(Organisation.unscoped.values_list("code", "pk"))
