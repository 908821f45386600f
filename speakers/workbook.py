"""The sheet of speaker appointments in the exchange workbook (workbook.md)."""

from django.utils.translation import gettext as _

from cells.exchange.planning import Change, Plan, Row, Sheet
from cells.exchange.removing import delete
from cells.exchange.values import Choice, Code, Column, Day, Text
from cells.models import Person
from cells.workbook import (
    MembersSheet,
    OrganisationsSheet,
    as_person,
    organisation_ids,
    person_ids,
    refuse_backward_days,
)
from speakers.levels import all_spans, outside
from speakers.models import Level, SpeakerAppointment, SpeakerKind

COLUMN_OF = {"level": "Cấp", "first_day": "Từ ngày", "last_day": "Đến ngày"}


class AppointmentsSheet(Sheet):
    title = "Báo cáo viên"
    position = 5
    key = ("person", "kind", "level", "organisation", "first_day")
    columns = (
        Column("Mã đảng viên", "person", Code(), required=True),
        Column("Họ và tên", "full_name", Text(150), default=""),
        Column("Loại", "kind", Choice(SpeakerKind), required=True),
        Column("Cấp", "level", Choice(Level), required=True),
        Column("Mã tổ chức", "organisation", Code(), required=True),
        Column("Số quyết định", "decision_number", Text(100), default=""),
        Column("Ngày quyết định", "decision_date", Day()),
        Column("Từ ngày", "first_day", Day(), required=True),
        Column("Đến ngày", "last_day", Day()),
    )

    def stored(self, plan, keys):
        rows = SpeakerAppointment.unscoped.order_by("person__code", "first_day", "pk").values_list(
            "person__code",
            "kind",
            "level",
            "organisation__code",
            "decision_number",
            "decision_date",
            "first_day",
            "last_day",
            "person__full_name",
        )
        members = set(Person.unscoped.filter(memberships__isnull=False).values_list("code", flat=True))
        names = ("person", "kind", "level", "organisation", "decision_number", "decision_date", "first_day", "last_day")
        stored = {}
        for *row, full_name in rows:
            values = dict(zip(names, row, strict=True))
            values["full_name"] = "" if values["person"] in members else full_name
            stored[self.key_of(values)] = values
        plan.parts["stored appointments"] = stored
        return stored

    def defaults(self, plan, values):
        person = values["person"]
        if plan.parts["people"].is_on_roster(person):
            return {}
        return plan.parts["stored persons"].get(person, {})

    def check(self, plan):
        rows = plan.rows[self.title]
        names: dict[str, Row] = {}
        plan.parts["level spans"] = all_spans()
        for row in rows:
            if row.is_touched and not refuse_backward_days(self, row, plan):
                self.check_level(row, plan)
            # Also of rows as stored: the person may have come on a roster, or have another name in another row.
            self.check_person(row, names, plan)
        self.check_organisations(plan)

    def check_level(self, row: Row, plan: Plan) -> None:
        values = row.values
        spans = plan.parts["level spans"]
        for name, text in outside(values["level"], values["first_day"], values["last_day"], spans).items():
            plan.refuse(self.title, row.number, COLUMN_OF[name], values[name], text)

    def check_person(self, row: Row, names: dict[str, Row], plan: Plan) -> None:
        person, full_name = row.values["person"], row.values["full_name"]
        members = MembersSheet.title
        if plan.is_doubtful(members, person):
            return
        if plan.parts["people"].is_on_roster(person):
            if full_name:
                text = _("để trống: người này có trong trang “Đảng viên”")
                plan.refuse(self.title, row.number, "Họ và tên", full_name, text)
        elif not full_name:
            if not plan.may_be_unnamed(members):
                text = _("người này không có trong trang “Đảng viên” nên phải ghi họ và tên")
                plan.refuse(self.title, row.number, "Họ và tên", "", text)
        elif (leader := names.setdefault(person, row)).values["full_name"] != full_name:
            text = _("khác với dòng %s của cùng một người") % leader.number
            plan.refuse(self.title, row.number, "Họ và tên", full_name, text)

    def check_organisations(self, plan: Plan) -> None:
        """Each organisation is in force on the first day, also of stored rows whose organisation changes."""
        tree = plan.parts["tree"]
        organisations = OrganisationsSheet.title
        named = {row.key for row in plan.rows[self.title]}
        numbered = [(row.number, row.values) for row in plan.rows[self.title] if row.is_touched]
        for key, values in plan.parts["stored appointments"].items():
            if values["organisation"] in tree.changed and key not in named:
                numbered.append((0, values))
        for number, values in numbered:
            code = values["organisation"]
            if plan.is_doubtful(organisations, code) or tree.period_on(code, values["first_day"]):
                continue
            if not plan.may_be_unnamed(organisations, day=values["first_day"]):
                text = (
                    _("tổ chức phải có hiệu lực vào “Từ ngày”") if code in tree else _("không có tổ chức mang mã này")
                )
                if number:
                    plan.refuse(self.title, number, "Mã tổ chức", code, text)
                else:
                    plan.refuse_stored(tree.cause(code), self.title, values["person"], text)

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        self.write_outsiders(rows)
        persons, organisations = person_ids(), organisation_ids()
        added = []
        for row in rows:
            key = {
                "person_id": persons[row.values["person"]],
                "organisation_id": organisations[row.values["organisation"]],
                **{name: row.values[name] for name in ("kind", "level", "first_day")},
            }
            rest = {name: row.values[name] for name in ("decision_number", "decision_date", "last_day")}
            if row.change == Change.ADDED:
                added.append(SpeakerAppointment(**key, **rest))
            else:
                SpeakerAppointment.unscoped.filter(**key).update(**rest)
        SpeakerAppointment.unscoped.bulk_create(added, batch_size=500)

    def remove(self, plan):
        keys = {row.key for row in plan.removed[self.title]}
        appointments = SpeakerAppointment.unscoped.values_list(
            "pk", "person__code", "kind", "level", "organisation__code", "first_day"
        )
        gone = [pk for pk, *key in appointments if tuple(key) in keys]
        delete(SpeakerAppointment, gone, name="person__code")

    def write_outsiders(self, rows: list[Row]) -> None:
        """Speakers from outside, who are on no roster of members."""
        for row in rows:
            code, full_name = row.values["person"], row.values["full_name"]
            if not full_name:
                continue
            person = Person.unscoped.filter(code=code).first()
            if person is None:
                as_person(code, {"full_name": full_name, "birth": None, "sex": ""}).save()
            elif person.full_name != full_name:
                person.full_name = full_name
                person.version += 1
                person.save()

    def export_rows(self, selection):
        for values in self.stored(Plan(), ()).values():
            if selection.owns(values["organisation"]):
                yield values
