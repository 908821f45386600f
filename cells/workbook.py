"""The sheets of organisations and members in the exchange workbook (workbook.md)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.text import folded
from cells import lineage
from cells.dated import FOREVER
from cells.exchange.planning import Change, Plan, Row, Sheet
from cells.exchange.values import Birth, Choice, Code, Column, Day, Text
from cells.models import (
    CELL_KINDS,
    EXPECTED_STATUSES,
    Kind,
    Membership,
    Organisation,
    OrganisationPeriod,
    Person,
    Standing,
    Status,
)

ONE_DAY = dt.timedelta(days=1)


def end_of(values: dict) -> dt.date:
    return values["last_day"] or FOREVER


def refuse_backward_days(sheet: Sheet, row: Row, plan: Plan) -> bool:
    if end_of(row.values) >= row.values["first_day"]:
        return False
    plan.refuse(sheet.title, row.number, "Đến ngày", row.values["last_day"], _("trước “Từ ngày”"))
    sheet.doubt(plan, row.values)
    return True


@dataclass
class Entry:
    """A row as it would stand in the database; `number` is its row in the file, 0 if it is only stored."""

    values: dict
    number: int = 0
    is_touched: bool = False

    def overlaps(self, other: "Entry") -> bool:
        return self.values["first_day"] <= end_of(other.values) and other.values["first_day"] <= end_of(self.values)


def would_be(rows: list[Row], stored: dict[tuple, dict]) -> list[Entry]:
    """The rows of the file and the stored ones that the file does not name."""
    named = {row.key for row in rows}
    entries = [Entry(row.values, row.number, row.is_touched) for row in rows]
    return entries + [Entry(values) for key, values in stored.items() if key not in named]


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


def covers(entries: Iterable[Entry], first_day: dt.date, last_day: dt.date) -> bool:
    """Whether the entries hold on every day of [first_day, last_day]."""
    needed = first_day
    for entry in sorted(entries, key=lambda entry: entry.values["first_day"]):
        if entry.values["first_day"] <= needed <= end_of(entry.values):
            if end_of(entry.values) >= last_day:
                return True
            needed = end_of(entry.values) + ONE_DAY
    return False


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
        for code in tree.changed:
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
        "search": folded(values["name"]),
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


def person_ids() -> dict[str, int]:
    return dict(Person.unscoped.values_list("code", "pk"))


@dataclass
class People:
    """The persons and their spans as they would be after the import, by code."""

    spans: dict[str, list[Entry]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def is_on_roster(self, person: str) -> bool:
        return person in self.spans

    @cached_property
    def spans_by_cell(self) -> dict[str, list[Entry]]:
        spans = defaultdict(list)
        for entries in self.spans.values():
            for entry in entries:
                spans[entry.values["cell"]].append(entry)
        return spans

    def at(self, cell: str, day: dt.date) -> Iterator[dict]:
        for entry in self.spans_by_cell.get(cell, ()):
            if entry.values["first_day"] <= day <= end_of(entry.values):
                yield entry.values

    def expected(self, cell: str, day: dt.date) -> set[str]:
        return {values["person"] for values in self.at(cell, day) if values["status"] in EXPECTED_STATUSES}

    def exempt(self, cell: str, day: dt.date) -> set[str]:
        return {values["person"] for values in self.at(cell, day) if values["status"] == Status.EXEMPT}


PERSONAL = ("full_name", "birth", "sex")


class MembersSheet(Sheet):
    title = "Đảng viên"
    position = 2
    key = ("person", "status", "first_day")
    columns = (
        Column("Mã đảng viên", "person", Code(), required=True),
        Column("Họ và tên", "full_name", Text(150), required=True),
        Column("Ngày sinh", "birth", Birth()),
        Column("Giới tính", "sex", Choice(Person.Sex), default=""),
        Column("Mã chi bộ", "cell", Code(), required=True),
        Column("Tư cách", "standing", Choice(Standing), required=True),
        Column("Tình trạng", "status", Choice(Status), required=True),
        Column("Từ ngày", "first_day", Day(), required=True),
        Column("Đến ngày", "last_day", Day()),
    )

    def key_of(self, values):
        return values["person"], values["status"] == Status.HOSTED, values["first_day"]

    def stored(self, plan, keys):
        persons = {
            code: {"full_name": full_name, "birth": birth_date or birth_year, "sex": sex}
            for code, full_name, birth_date, birth_year, sex in Person.unscoped.values_list(
                "code", "full_name", "birth_date", "birth_year", "sex"
            )
        }
        spans = Membership.unscoped.order_by("person__code", "first_day", "pk").values_list(
            "person__code", "cell__code", "standing", "status", "first_day", "last_day"
        )
        names = ("person", "cell", "standing", "status", "first_day", "last_day")
        stored = {}
        for row in spans:
            values = dict(zip(names, row, strict=True)) | persons[row[0]]
            stored[self.key_of(values)] = values
        plan.parts["stored spans"] = stored
        plan.parts["stored persons"] = persons
        return stored

    def defaults(self, plan, values):
        return plan.parts["stored persons"].get(values["person"], {})

    def check(self, plan):
        rows = plan.rows[self.title]
        people = People(changed={row.values["person"] for row in rows if row.is_touched})
        self.check_agreement(rows, plan)
        spans = defaultdict(list)
        for entry in would_be(rows, plan.parts["stored spans"]):
            spans[entry.values["person"]].append(entry)
        people.spans = dict(spans)
        plan.parts["people"] = people
        for row in rows:
            if row.is_touched:
                refuse_backward_days(self, row, plan)
        tree = plan.parts["tree"]
        for person, entries in people.spans.items():
            for entry in entries:
                if entry.is_touched or entry.values["cell"] in tree.changed:
                    self.check_cell(entry, tree, plan)
            if person in people.changed and not plan.is_doubtful(self.title, person):
                self.check_spans(entries, plan)

    def refuse(self, plan: Plan, entry: Entry, heading: str, found, text: str) -> None:
        plan.refuse(self.title, entry.number, heading, found, text)
        plan.doubtful[self.title].add(entry.values["person"])

    def check_agreement(self, rows: list[Row], plan: Plan) -> None:
        first: dict[str, Row] = {}
        for row in rows:
            leader = first.setdefault(row.values["person"], row)
            for name in PERSONAL:
                if row.values[name] != leader.values[name]:
                    heading = next(column.heading for column in self.columns if column.name == name)
                    text = _("khác với dòng %s của cùng một người") % leader.number
                    self.refuse(plan, Entry(row.values, row.number), heading, row.values[name], text)

    def check_cell(self, entry: Entry, tree: Tree, plan: Plan) -> None:
        values = entry.values
        cell = values["cell"]
        organisations = OrganisationsSheet.title
        if plan.is_doubtful(organisations, cell) or plan.is_doubtful(self.title, values["person"]):
            return
        if cell not in tree:
            if not plan.may_be_unnamed(organisations):
                self.refuse(plan, entry, "Mã chi bộ", cell, _("không có tổ chức mang mã này"))
        elif not tree.is_cell_throughout(cell, values["first_day"], end_of(values)):
            if plan.may_be_unnamed(organisations):
                return
            text = _("phải là một chi bộ có hiệu lực trong mọi ngày từ “Từ ngày” đến “Đến ngày”")
            if entry.number:
                self.refuse(plan, entry, "Mã chi bộ", cell, text)
            else:
                plan.refuse(organisations, tree.row_of(cell), "Mã", cell, self.stranded(values))
                plan.doubtful[organisations].add(cell)

    def stranded(self, values: dict) -> str:
        text = _("có đảng viên (%(person)s, từ %(day)s) sinh hoạt ở đây vào ngày tổ chức này không phải là chi bộ")
        return text % {"person": values["person"], "day": f"{values['first_day']:%d/%m/%Y}"}

    def check_spans(self, entries: list[Entry], plan: Plan) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.values["first_day"], entry.number))
        homes = [entry for entry in ordered if entry.values["status"] != Status.HOSTED]
        hosts = [entry for entry in ordered if entry.values["status"] == Status.HOSTED]
        for kind in (homes, hosts):
            for before, after in pairwise(kind):
                if before.overlaps(after):
                    text = _("chồng lên giai đoạn từ %s của cùng một người")
                    blamed = after if after.number else before
                    other = before if blamed is after else after
                    self.refuse(
                        plan,
                        blamed,
                        "Từ ngày",
                        blamed.values["first_day"],
                        text % f"{other.values['first_day']:%d/%m/%Y}",
                    )
        for host in hosts:
            self.check_host(host, homes, plan)

    def check_host(self, host: Entry, homes: list[Entry], plan: Plan) -> None:
        beside = [home for home in homes if home.overlaps(host)]
        for home in beside:
            if home.values["status"] != Status.AWAY:
                self.refuse_host(plan, host, home, _("cùng thời gian đó ở chi bộ nhà phải ghi “tạm thời đi”"))
            elif home.values["cell"] == host.values["cell"]:
                self.refuse_host(plan, host, home, _("“tạm thời đến” phải ở chi bộ khác với chi bộ nhà"))
        if homes and not covers(beside, host.values["first_day"], end_of(host.values)):
            text = _("có ngày “tạm thời đến” mà không có dòng ở chi bộ nhà")
            plan.warn(self.title, host.number, "Tình trạng", str(Status.HOSTED.label), text)

    def refuse_host(self, plan: Plan, host: Entry, home: Entry, text: str) -> None:
        blamed = host if host.number else home
        self.refuse(plan, blamed, "Tình trạng", str(Status(blamed.values["status"]).label), text)

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        self.write_persons(rows, plan)
        persons, cells = person_ids(), organisation_ids()
        added = [
            Membership(
                person_id=persons[row.values["person"]], first_day=row.values["first_day"], **span_of(row, cells)
            )
            for row in rows
            if row.change == Change.ADDED
        ]
        Membership.unscoped.bulk_create(added, batch_size=1000)
        for row in rows:
            if row.change == Change.CHANGED:
                spans = Membership.unscoped.filter(
                    person=persons[row.values["person"]], first_day=row.values["first_day"]
                )
                hosted = row.values["status"] == Status.HOSTED
                spans = spans.filter(status=Status.HOSTED) if hosted else spans.home()
                spans.update(**span_of(row, cells))

    def write_persons(self, rows: list[Row], plan: Plan) -> None:
        stored = plan.parts["stored persons"]
        fresh = {}
        for row in rows:
            values = row.values
            person = values["person"]
            personal = {name: values[name] for name in PERSONAL}
            if person not in stored:
                fresh[person] = as_person(person, personal)
            elif personal != stored[person]:
                write_personal(Person.unscoped.get(code=person), personal)
                stored[person] = personal
        Person.unscoped.bulk_create(fresh.values(), batch_size=500)

    def export_rows(self, selection):
        for values in self.stored(Plan(), ()).values():
            if selection.shows_person(values["person"]):
                yield values


def span_of(row: Row, cells: dict[str, int]) -> dict:
    values = row.values
    return {
        "cell_id": cells[values["cell"]],
        "standing": values["standing"],
        "status": values["status"],
        "last_day": values["last_day"],
    }


def as_person(code: str, personal: dict) -> Person:
    person = Person(code=code)
    fill_personal(person, personal)
    return person


def write_personal(person: Person, personal: dict) -> None:
    fill_personal(person, personal)
    person.version += 1
    person.save()


def fill_personal(person: Person, personal: dict) -> None:
    birth = personal["birth"]
    person.full_name = personal["full_name"]
    person.birth_date = birth if isinstance(birth, dt.date) else None
    person.birth_year = birth if isinstance(birth, int) else None
    person.sex = personal["sex"]
    person.fill_keys()
