"""The sheet of members in the exchange workbook (workbook.md)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from cells.exchange.planning import Change, Plan, Row, Sheet
from cells.exchange.removing import delete
from cells.exchange.values import Birth, Choice, Code, Column, Day, Text
from cells.models import EXPECTED_STATUSES, Membership, Person, Standing, Status
from cells.spans import Problem, clashes, hosts_without_home
from cells.workbook.organisations import OrganisationsSheet, Tree, organisation_ids
from cells.workbook.spans import Entry, end_of, refuse_backward_days, would_be


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
        people.changed |= {row.values["person"] for row in plan.removed[self.title]}
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
                self.refuse_unknown(plan, entry, tree)
        elif not tree.is_cell_throughout(cell, values["first_day"], end_of(values)):
            if plan.may_be_unnamed(organisations):
                return
            text = _("phải là một chi bộ có hiệu lực trong mọi ngày từ “Từ ngày” đến “Đến ngày”")
            if entry.number:
                self.refuse(plan, entry, "Mã chi bộ", cell, text)
            else:
                plan.refuse(organisations, tree.row_of(cell), "Mã", cell, self.stranded(values))
                plan.doubtful[organisations].add(cell)

    def refuse_unknown(self, plan: Plan, entry: Entry, tree: Tree) -> None:
        text = _("không có tổ chức mang mã này")
        if entry.number:
            self.refuse(plan, entry, "Mã chi bộ", entry.values["cell"], text)
        else:  # its organisation goes with the import that brought it
            plan.refuse_stored(tree.cause(entry.values["cell"]), self.title, entry.values["person"], text)

    def stranded(self, values: dict) -> str:
        text = _("có đảng viên (%(person)s, từ %(day)s) sinh hoạt ở đây vào ngày tổ chức này không phải là chi bộ")
        return text % {"person": values["person"], "day": f"{values['first_day']:%d/%m/%Y}"}

    def check_spans(self, entries: list[Entry], plan: Plan) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.values["first_day"], entry.number))
        for problem, entry, other in clashes(ordered):
            if problem == Problem.OVERLAP:
                self.refuse_overlap(plan, entry, other)
            elif problem == Problem.NOT_AWAY:
                self.refuse_host(plan, entry, other, _("cùng thời gian đó ở chi bộ nhà phải ghi “tạm thời đi”"))
            else:
                self.refuse_host(plan, entry, other, _("“tạm thời đến” phải ở chi bộ khác với chi bộ nhà"))
        for host in hosts_without_home(ordered):
            text = _("có ngày “tạm thời đến” mà không có dòng ở chi bộ nhà")
            plan.warn(self.title, host.number, "Tình trạng", str(Status.HOSTED.label), text)

    def refuse_overlap(self, plan: Plan, after: Entry, before: Entry) -> None:
        blamed, other = (after, before) if after.number else (before, after)
        text = _("chồng lên giai đoạn từ %s của cùng một người") % f"{other.values['first_day']:%d/%m/%Y}"
        self.refuse(plan, blamed, "Từ ngày", blamed.values["first_day"], text)

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

    def remove(self, plan):
        keys = {row.key for row in plan.removed[self.title]}
        spans = Membership.unscoped.values_list("pk", "person__code", "status", "first_day")
        gone = [pk for pk, person, status, day in spans if (person, status == Status.HOSTED, day) in keys]
        delete(Membership, gone, name="person__code")

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


def person_ids() -> dict[str, int]:
    return dict(Person.unscoped.values_list("code", "pk"))
