"""The sheets of study conferences and their receiving sites in the exchange workbook (workbook.md)."""

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext as _

from cells.exchange.planning import Change, Plan, Row, Sheet
from cells.exchange.removing import delete, list_keys
from cells.exchange.values import Choice, Clock, Code, Column, Day, Text, Whole
from cells.models import Estimate, OrganisationPeriod
from cells.workbook import OrganisationsSheet, organisation_ids
from resolutions import gathering
from resolutions.importing import SitesOfOne
from resolutions.models import Mode, ReceivingSite, StudyConference

State = StudyConference.State


class ConferencesSheet(Sheet):
    title = "Hội nghị"
    position = 6
    key = ("code",)
    columns = (
        Column("Mã hội nghị", "code", Code(), required=True),
        Column("Mã tổ chức", "organisation", Code(), required=True),
        Column("Ngày", "day", Day(), required=True),
        Column("Bắt đầu", "start", Clock()),
        Column("Kết thúc", "end", Clock()),
        Column("Nội dung", "subject", Text(500), required=True),
        Column("Văn bản", "document_symbols", Text(500), default=""),
        Column("Hình thức", "mode", Choice(Mode), required=True),
        Column("Trạng thái", "state", Choice(State), default=State.HELD),
        Column("Triệu tập", "expected", Whole(), required=True),
        Column("Có mặt", "present", Whole(), required=True),
        Column("Ước lượng", "estimate", Choice(Estimate), default=""),
    )

    def stored(self, plan, keys):
        names = (
            "code",
            "day",
            "start",
            "end",
            "subject",
            "document_symbols",
            "mode",
            "state",
            "expected",
            "present",
            "estimate",
        )
        rows = StudyConference.unscoped.order_by("code").values_list("organisation__code", *names)
        stored = {(row[1],): dict(zip(("organisation", *names), row, strict=True)) for row in rows}
        plan.parts["stored conferences"] = stored
        return stored

    def check(self, plan):
        rows = plan.rows[self.title]
        conferences = {key[0]: values for key, values in plan.parts["stored conferences"].items()}
        conferences |= {row.values["code"]: row.values for row in rows}
        plan.parts["conferences"] = conferences
        plan.parts["changed conferences"] = {row.values["code"] for row in rows if row.is_touched}
        plan.parts["changed conferences"] |= {row.values["code"] for row in plan.removed[self.title]}
        tree = plan.parts["tree"]
        numbers = {row.values["code"]: row.number for row in rows}
        plan.parts["conference rows"] = numbers
        for code, values in conferences.items():
            if code in plan.parts["changed conferences"] or values["organisation"] in tree.changed:
                number = numbers.get(code, 0)
                self.check_place(number, values, plan)
                refuse_backward_times(self, number, values, plan)

    def check_place(self, number: int, values: dict, plan: Plan) -> None:
        if refuse_place(self, number, values["organisation"], values["day"], plan, name=values["code"]):
            plan.doubtful[self.title].add(values["code"])

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        organisations = organisation_ids()
        added = []
        for row in rows:
            fields = dict(row.values)
            fields["organisation_id"] = organisations[fields.pop("organisation")]
            if row.change == Change.ADDED:
                added.append(StudyConference(**fields))
            else:
                StudyConference.unscoped.filter(code=fields.pop("code")).update(**fields, version=F("version") + 1)
        StudyConference.unscoped.bulk_create(added, batch_size=200)
        drop_documents({row.values["code"] for row in rows if row.change != Change.ADDED})

    def remove(self, plan):
        delete(StudyConference, list_keys(StudyConference, {row.values["code"] for row in plan.removed[self.title]}))

    def export_rows(self, selection):
        for values in self.stored(Plan(), ()).values():
            if selection.owns(values["organisation"]):
                yield values


def drop_documents(codes: set[str]) -> None:
    """Of changed conferences, those whose symbol the text no longer names."""
    for conference in StudyConference.unscoped.filter(code__in=codes, documents__isnull=False).distinct():
        gone = [one for one in conference.documents.all() if one.symbol not in conference.symbols]
        conference.documents.remove(*gone)


def refuse_place(sheet: Sheet, number: int, code: str, day: dt.date, plan: Plan, *, name: str, cause=None) -> bool:
    """Refuse an organisation that is unknown or out of force on the day; True if it was refused.

    A row that is only stored is called `name`; what makes it wrong is told at `cause`, else at its organisation.
    """
    tree = plan.parts["tree"]
    organisations = OrganisationsSheet.title
    if plan.is_doubtful(organisations, code) or tree.period_on(code, day):
        return False
    if plan.may_be_unnamed(organisations, day=day):
        return False
    if code not in tree:
        text = _("không có tổ chức mang mã này")
    else:
        text = _("tổ chức phải có hiệu lực vào ngày %s") % f"{day:%d/%m/%Y}"
    if number:
        plan.refuse(sheet.title, number, "Mã tổ chức", code, text)
    else:
        plan.refuse_stored(cause or tree.cause(code), sheet.title, name, text)
    return True


def refuse_backward_times(sheet: Sheet, number: int, values: dict, plan: Plan) -> None:
    start, end = values["start"], values["end"]
    if start is not None and end is not None and end <= start:
        plan.refuse(sheet.title, number, "Kết thúc", end, _("phải sau giờ bắt đầu"))
        plan.doubtful[sheet.title].add(values["code"])


class SitesSheet(Sheet):
    title = "Điểm cầu"
    position = 7
    key = ("conference", "name")
    alone = SitesOfOne()
    columns = (
        Column("Mã hội nghị", "conference", Code(), required=True),
        Column("Tên điểm cầu", "name", Text(250), required=True),
        Column("Mã tổ chức", "organisation", Code()),
        Column("Triệu tập", "expected", Whole(), required=True),
        Column("Có mặt", "present", Whole(), required=True),
        Column("Ước lượng", "estimate", Choice(Estimate), default=""),
    )

    def stored(self, plan, keys):
        names = ("name", "expected", "present", "estimate")
        rows = ReceivingSite.unscoped.order_by("conference__code", "pk").values_list(
            "conference__code", "organisation__code", *names
        )
        stored = {}
        for row in rows:
            values = dict(zip(("conference", "organisation", *names), row, strict=True))
            stored[self.key_of(values)] = values
        plan.parts["stored sites"] = stored
        return stored

    def check(self, plan):
        rows = plan.rows[self.title]
        named = {row.key for row in rows}
        for row in rows:
            if row.is_touched or row.values["conference"] in plan.parts["changed conferences"]:
                self.check_site(row.number, row.values, plan)
        self.warn_of_reported(rows, plan)
        tree = plan.parts["tree"]
        for key, values in plan.parts["stored sites"].items():
            touched = (
                values["conference"] in plan.parts["changed conferences"] or values["organisation"] in tree.changed
            )
            if touched and key not in named:
                self.check_site(0, values, plan)

    def warn_of_reported(self, rows: list[Row], plan: Plan) -> None:
        """The site may have said so since the file was begun."""
        rows = {
            row.key: row
            for row in rows
            if row.change == Change.CHANGED and row.values["present"] != row.before["present"]
        }
        told = ReceivingSite.unscoped.filter(conference__code__in={key[0] for key in rows}).exclude(reported_at=None)
        for key in told.order_by("pk").values_list("conference__code", "name") if rows else ():
            if key in rows:
                present = rows[key].values["present"]
                text = _("điểm cầu này đã tự báo %s người có mặt; số trong tệp sẽ thay số ấy")
                plan.warn(self.title, rows[key].number, "Có mặt", present, text % rows[key].before["present"])

    def check_site(self, number: int, values: dict, plan: Plan) -> None:
        conferences = ConferencesSheet.title
        code = values["conference"]
        name = f"{code}, {values['name']}"
        if plan.is_doubtful(conferences, code):
            return
        conference = plan.parts["conferences"].get(code)
        if conference is None:
            if not plan.may_be_unnamed(conferences):
                plan.refuse(self.title, number, "Mã hội nghị", code, _("không có hội nghị mang mã này"))
        elif conference["mode"] == Mode.IN_PERSON:
            text = _("hội nghị này họp trực tiếp; chỉ hội nghị trực tuyến hoặc kết hợp mới có điểm cầu")
            if number:
                plan.refuse(self.title, number, "Mã hội nghị", code, text)
            else:
                changed = (conferences, plan.parts["conference rows"][code], "Hình thức", str(Mode.IN_PERSON.label))
                plan.refuse_stored(changed, self.title, name, text)
        elif values["organisation"] is not None:
            moved = code in plan.parts["changed conferences"]
            cause = (conferences, plan.parts["conference rows"][code], "Ngày", conference["day"]) if moved else None
            refuse_place(self, number, values["organisation"], conference["day"], plan, name=name, cause=cause)

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        organisations = organisation_ids()
        conferences = dict(StudyConference.unscoped.values_list("code", "pk"))
        sites = [self.as_site(row, conferences, organisations) for row in rows]
        ReceivingSite.unscoped.bulk_create(
            sites,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["conference", "name"],
            update_fields=["organisation", "expected", "present", "estimate"],
        )
        # So that a form that was opened before says that somebody was faster.
        changed = {row.key for row in rows if row.change != Change.ADDED}
        known = ReceivingSite.unscoped.filter(conference__code__in={key[0] for key in changed})
        keys = [pk for pk, *key in known.values_list("pk", "conference__code", "name") if tuple(key) in changed]
        for start in range(0, len(keys), 500):
            ReceivingSite.unscoped.filter(pk__in=keys[start : start + 500]).update(version=F("version") + 1)

    def remove(self, plan):
        keys = {row.key for row in plan.removed[self.title]}
        sites = ReceivingSite.unscoped.values_list("pk", "conference__code", "name")
        delete(ReceivingSite, [pk for pk, *key in sites if tuple(key) in keys], name="conference__code")

    def as_site(self, row: Row, conferences: dict[str, int], organisations: dict[str, int]) -> ReceivingSite:
        values = row.values
        return ReceivingSite(
            conference_id=conferences[values["conference"]],
            organisation_id=organisations[values["organisation"]] if values["organisation"] else None,
            **{name: values[name] for name in ("name", "expected", "present", "estimate")},
        )

    def export_rows(self, selection):
        held_by = dict(StudyConference.unscoped.values_list("code", "organisation__code"))
        for values in self.stored(Plan(), ()).values():
            if selection.owns(held_by[values["conference"]]):
                yield values


def sites_of(conference: StudyConference) -> list[dict]:
    """Rows of its sites as they are; of one without any, a row for each organisation right below its host."""
    names = ("name", "organisation__code", "expected", "present", "estimate")
    rows = list(conference.sites.order_by("pk").values_list(*names)) or [
        (gathering.site_name(period), period.organisation.code, 0, 0, "")
        for period in OrganisationPeriod.unscoped.on(conference.day)
        .filter(parent=conference.organisation_id)
        .select_related("organisation")
        .order_by("name", "pk")
    ]
    keys = ("name", "organisation", "expected", "present", "estimate")
    return [{"conference": conference.code} | dict(zip(keys, row, strict=True)) for row in rows]
