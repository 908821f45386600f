"""The sheets of sessions and roll-call in the exchange workbook (workbook.md)."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from cells.dated import FOREVER
from cells.exchange.planning import Change, Plan, Row, Sheet
from cells.exchange.removing import chunks, delete, list_keys
from cells.exchange.values import Choice, Clock, Code, Column, Day, Text, Whole
from cells.models import Estimate
from cells.workbook import MembersSheet, OrganisationsSheet, organisation_ids, person_ids
from resolutions.models import Mode
from resolutions.workbook import refuse_backward_times
from sessions.counting import count_marks, month_of, rebuild_rollup
from sessions.models import COUNTERS, PRESENT_MARKS, THEMATIC_KINDS, Attendance, Mark, Session, SessionKind

State = Session.State
MARK_FIELDS = ("session_id", "person_id", "mark", "reason", "is_expected")
MARKS_AT_ONCE = 190  # five parameters each: SQLite takes 999
COPIED_AT_ONCE = 10_000  # a few hundred kB of text; a year's marks in one go would be 10 MB
COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
CHUNK = 500
ALL_AT_ONCE = 5000
NOTHING_COUNTED = dict.fromkeys(COUNTERS, 0)


class SessionsSheet(Sheet):
    title = "Buổi sinh hoạt"
    position = 3
    key = ("code",)
    columns = (
        Column("Mã buổi", "code", Code(), required=True),
        Column("Mã chi bộ", "cell", Code(), required=True),
        Column("Ngày", "day", Day(), required=True),
        Column("Bắt đầu", "start", Clock()),
        Column("Kết thúc", "end", Clock()),
        Column("Loại", "kind", Choice(SessionKind), required=True),
        Column("Chuyên đề", "theme", Text(500), default=""),
        Column("Hình thức", "mode", Choice(Mode), default=Mode.IN_PERSON),
        Column("Khách mời", "guests", Whole(), default=0),
        Column("Ước lượng", "guests_estimate", Choice(Estimate), default=""),
        Column("Trạng thái", "state", Choice(State, inner=(State.OPEN,)), required=True),
    )
    names = ("code", "day", "start", "end", "kind", "theme", "mode", "guests", "guests_estimate", "state")

    def stored(self, plan, keys):
        stored = session_values(sessions_of_interest(plan, [code for (code,) in keys]))
        plan.parts["stored sessions"] = stored
        return stored

    def check(self, plan):
        rows = plan.rows[self.title]
        sessions = {key[0]: values for key, values in plan.parts["stored sessions"].items()}
        sessions |= {row.values["code"]: row.values for row in rows}
        plan.parts["sessions"] = sessions
        plan.parts["session rows"] = {row.values["code"]: row for row in rows}
        plan.parts["new sessions"] = {row.values["code"] for row in rows if row.change == Change.ADDED}
        tree = plan.parts["tree"]
        for code, values in sessions.items():
            row = plan.parts["session rows"].get(code)
            if (row and row.is_touched) or values["cell"] in tree.changed:
                self.check_session(row.number if row else 0, values, plan)

    def check_session(self, number: int, values: dict, plan: Plan) -> None:
        tree = plan.parts["tree"]
        organisations = OrganisationsSheet.title
        cell = values["cell"]
        refuse_backward_times(self, number, values, plan)
        if values["kind"] in THEMATIC_KINDS and not values["theme"]:
            self.refuse(plan, number, "Chuyên đề", values, "", _("buổi chuyên đề phải ghi tên chuyên đề"))
        if plan.is_doubtful(organisations, cell) or tree.is_cell_on(cell, values["day"]):
            return
        if plan.may_be_unnamed(organisations, day=values["day"]):
            return
        if cell not in tree:
            self.refuse(plan, number, "Mã chi bộ", values, cell, _("không có tổ chức mang mã này"))
        else:
            text = _("phải là một chi bộ có hiệu lực vào ngày %s") % f"{values['day']:%d/%m/%Y}"
            self.refuse(plan, number, "Mã chi bộ", values, cell, text)

    def refuse(self, plan: Plan, number: int, heading: str, values: dict, found, text: str) -> None:
        if number:
            plan.refuse(self.title, number, heading, found, text)
        else:
            plan.refuse_stored(plan.parts["tree"].cause(values["cell"]), self.title, values["code"], text)
        plan.doubtful[self.title].add(values["code"])

    def write(self, plan):
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        if not rows:
            return
        cells = organisation_ids()
        added = []
        for row in rows:
            fields = {name: row.values[name] for name in self.names} | {"cell_id": cells[row.values["cell"]]}
            if row.change == Change.ADDED:
                added.append(Session(**fields, **plan.parts["counters"].get(row.values["code"], {})))
            else:
                if row.before["state"] == row.values["state"]:
                    del fields["state"]  # a roll-call that is under way goes on
                # A new version: who has the session on a form just now is told, and does not write over this.
                Session.unscoped.filter(code=fields.pop("code")).update(**fields, version=F("version") + 1)
        Session.unscoped.bulk_create(added, batch_size=1000)

    def remove(self, plan):
        delete(Session, list_keys(Session, {row.values["code"] for row in plan.removed[self.title]}))

    def export_rows(self, selection):
        for cell, *row in Session.unscoped.order_by("code").values_list("cell__code", *self.names).iterator():
            if selection.owns(cell):
                values = dict(zip(self.names, row, strict=True)) | {"cell": cell}
                yield values | {"state": State.PLANNED if values["state"] == State.OPEN else values["state"]}


def session_values(sessions) -> dict[tuple, dict]:
    names = SessionsSheet.names
    stored = {}
    for cell, *row in sessions.order_by("day", "code").values_list("cell__code", *names):
        values = dict(zip(names, row, strict=True)) | {"cell": cell}
        if values["state"] == State.OPEN:
            values["state"] = State.PLANNED  # the workbook knows no roll-call under way
        stored[values["code"],] = values
    return stored


def look_up_sessions(codes: set[str], plan: Plan) -> None:
    """Learn of stored sessions that only the roll-call of the file names."""
    unknown = sorted(codes - plan.parts["sessions"].keys())
    for start in range(0, len(unknown), CHUNK):
        found = session_values(Session.unscoped.filter(code__in=unknown[start : start + CHUNK]))
        plan.parts["stored sessions"] |= found
        plan.parts["sessions"] |= {code: values for (code,), values in found.items()}


def sessions_of_interest(plan: Plan, codes: list[str]):
    """The sessions the file names, and those of cells where rosters or periods change."""
    cells = cells_with_changed_spans(plan) | plan.parts["tree"].changed
    if len(codes) + len(cells) > ALL_AT_ONCE:
        return Session.unscoped.all()
    return Session.unscoped.filter(code__in=codes) | Session.unscoped.filter(cell__code__in=cells)


def changed_spans(plan: Plan) -> Iterable[dict]:
    """Spans of persons before and after, where they differ."""
    for row in plan.rows[MembersSheet.title]:
        if row.is_touched:
            yield row.values
            if row.before:
                yield row.before
    for row in plan.removed[MembersSheet.title]:
        yield row.values


def cells_with_changed_spans(plan: Plan) -> set[str]:
    return {values["cell"] for values in changed_spans(plan)}


class RollCallSheet(Sheet):
    title = "Điểm danh"
    position = 4
    key = ("session", "person")
    columns = (
        Column("Mã buổi", "session", Code(), required=True),
        Column("Mã đảng viên", "person", Code(), required=True),
        Column("Kết quả", "mark", Choice(Mark), required=True),
        Column("Lý do", "reason", Text(200), default=""),
    )

    def doubt(self, plan, values):
        # A wrong row may be the very mark that a session seems to lack.
        session, person = values.get("session"), values.get("person")
        if session and person:
            plan.doubtful["mark"].add((session, person))
        elif session:
            plan.doubtful["roll-call"].add(session)
        elif person:
            plan.doubtful["marks of"].add(person)
        else:
            plan.unnamed[self.title].append(values)

    def stored(self, plan, keys):
        """The marks of the sessions that the file names or whose expected members change."""
        plan.parts["to check"] = sessions_to_check(plan)
        gone = {row.values["code"] for row in plan.removed[SessionsSheet.title]}
        look_up_sessions({session for session, _person in keys} - gone, plan)
        finished = {key[0] for key, values in plan.parts["stored sessions"].items() if values["state"] == State.CLOSED}
        wanted = finished & (plan.parts["to check"] | {session for session, _person in keys})
        stored = {}
        for session, person, mark, reason in stored_marks(sorted(wanted | gone)):
            stored[session, person] = {"session": session, "person": person, "mark": mark, "reason": reason}
        plan.parts["stored marks"] = stored
        return stored

    def check(self, plan):
        rows = plan.rows[self.title]
        by_session: dict[str, dict[str, Row | None]] = defaultdict(dict)
        for session, person in plan.parts["stored marks"]:
            by_session[session][person] = None
        for row in rows:
            by_session[row.values["session"]][row.values["person"]] = row
            if row.is_touched:
                self.check_reason(row, plan)
        touched = {row.values["session"] for row in rows if row.is_touched}
        touched |= {row.values["session"] for row in plan.removed[self.title]}
        plan.parts["marks"] = by_session
        plan.parts["recount"] = touched | plan.parts["to check"]
        plan.parts["counters"] = {}
        plan.steps.begin(_("Kiểm tra điểm danh"), len(plan.parts["recount"]))
        # Every wrong row first: it may be the very mark that some other session seems to lack.
        judged = [
            session
            for session in sorted(plan.parts["recount"])
            if self.check_session(session, by_session[session], plan)
        ]
        for session in judged:
            self.check_complete(plan.parts["sessions"][session], by_session[session], plan)
            plan.steps.advance()

    def check_reason(self, row: Row, plan: Plan) -> None:
        if row.values["reason"] and row.values["mark"] != Mark.EXCUSED:
            text = _("chỉ ghi lý do khi “vắng có lý do”")
            plan.refuse(self.title, row.number, "Lý do", row.values["reason"], text)
            self.doubt(plan, row.values)

    def check_session(self, code: str, marks: dict[str, Row | None], plan: Plan) -> bool:
        """Check the marks of a session; True if it can then be asked for missing ones."""
        sessions = SessionsSheet.title
        if plan.is_doubtful(sessions, code):
            return False
        session = plan.parts["sessions"].get(code)
        if session is None:
            if not plan.may_be_unnamed(sessions):
                self.refuse_all(marks, "Mã buổi", code, _("không có buổi sinh hoạt mang mã này"), plan)
            return False
        if session["state"] != State.CLOSED:
            self.refuse_all(marks, "Mã buổi", code, _("chỉ buổi “đã kết thúc” mới có điểm danh"), plan)
            self.refuse_leftover(session, marks, plan)
            return False
        if plan.is_doubtful(OrganisationsSheet.title, session["cell"]):
            return False
        self.check_marks(session, marks, plan)
        return True

    def refuse_all(self, marks: dict[str, Row | None], heading: str, found, text: str, plan: Plan) -> None:
        for person, row in marks.items():
            if row:
                plan.refuse(self.title, row.number, heading, found, text)
            plan.doubtful["marks of"].add(person)

    def refuse_leftover(self, session: dict, marks: dict[str, Row | None], plan: Plan) -> None:
        """Stored marks of a session that the file takes back; not again where the file names some of them."""
        if marks and not any(marks.values()):
            number = plan.parts["session rows"][session["code"]].number
            text = _("buổi đã có điểm danh nên phải giữ “đã kết thúc”; muốn bỏ, hãy dùng ứng dụng")
            plan.refuse(SessionsSheet.title, number, "Trạng thái", str(State(session["state"]).label), text)

    def check_marks(self, session: dict, marks: dict[str, Row | None], plan: Plan) -> None:
        people = plan.parts["people"]
        expected = people.expected(session["cell"], session["day"])
        exempt = people.exempt(session["cell"], session["day"])
        for person, row in marks.items():
            if person not in expected:
                self.check_unexpected(session, person, row, exempt, plan)

    def check_complete(self, session: dict, marks: dict[str, Row | None], plan: Plan) -> None:
        expected = plan.parts["people"].expected(session["cell"], session["day"])
        for person in sorted(expected - marks.keys()):
            if not self.may_be_elsewhere(session["code"], person, plan):
                self.refuse_missing(session, person, plan)
        stored = plan.parts["stored marks"]
        plan.parts["counters"][session["code"]] = count_marks(
            (row.values["mark"] if row else stored[session["code"], person]["mark"], person in expected)
            for person, row in marks.items()
        )

    def check_unexpected(self, session: dict, person: str, row: Row | None, exempt: set[str], plan: Plan) -> None:
        members = MembersSheet.title
        if plan.is_doubtful(members, person):
            return
        number = row.number if row else 0
        if person not in exempt and plan.may_be_unnamed(members, day=session["day"], cell=session["cell"]):
            return
        if not plan.parts["people"].is_on_roster(person):
            text = _("không có đảng viên mang mã này")
        elif person in exempt:
            if row is None or row.values["mark"] in PRESENT_MARKS:
                return
            text = _("đảng viên được miễn sinh hoạt chỉ được ghi “có mặt” hoặc “có mặt trực tuyến”")
            plan.refuse(self.title, number, "Kết quả", str(Mark(row.values["mark"]).label), text)
            return
        else:
            text = _("người này không thuộc diện phải có mặt ở buổi %(session)s ngày %(day)s")
            text %= {"session": session["code"], "day": f"{session['day']:%d/%m/%Y}"}
        if number:
            plan.refuse(self.title, number, "Mã đảng viên", person, text)
        else:
            plan.refuse_stored(cause(session["code"], person, plan), self.title, f"{session['code']}, {person}", text)
        plan.doubtful["roll-call"].add(session["code"])

    def may_be_elsewhere(self, session: str, person: str, plan: Plan) -> bool:
        """Whether a wrong row of the file may be the mark that seems to be missing."""
        return (
            (session, person) in plan.doubtful["mark"]
            or session in plan.doubtful["roll-call"]
            or person in plan.doubtful["marks of"]
            or plan.is_doubtful(MembersSheet.title, person)
            or plan.may_be_unnamed(self.title)
        )

    def refuse_missing(self, session: dict, person: str, plan: Plan) -> None:
        code = session["code"]
        text = _("buổi đã kết thúc nhưng thiếu điểm danh của %s") % person
        if row := plan.parts["session rows"].get(code):
            plan.refuse(SessionsSheet.title, row.number, "Mã buổi", code, text)
        else:
            plan.refuse_stored(cause(code, person, plan), SessionsSheet.title, code, text)

    def write(self, plan):
        self.write_marks(plan)
        self.write_counters(plan)

    def remove(self, plan):
        sessions = dict(Session.unscoped.values_list("code", "pk"))
        persons = person_ids()
        gone = {(sessions[row.values["session"]], persons[row.values["person"]]) for row in plan.removed[self.title]}
        for some in chunks(sorted({session for session, _person in gone})):
            marks = Attendance.unscoped.filter(session__in=some).values_list("pk", "session_id", "person_id")
            delete(Attendance, [pk for pk, *key in marks if tuple(key) in gone], name="session__code")

    def settle(self, plan):
        rebuild_rollup(None if plan.parts["tree"].changed else months_touched(plan))

    def write_marks(self, plan: Plan) -> None:
        rows = [row for row in plan.rows[self.title] if row.is_touched]
        sessions = {session.code: session.pk for session in sessions_by_code({row.values["session"] for row in rows})}
        persons = person_ids()
        forget_unfinished_roll_calls(plan)
        people = plan.parts["people"]
        expected = {}
        added, changed = [], []
        plan.steps.begin(_("Ghi điểm danh"), len(rows))
        for row in rows:
            code = row.values["session"]
            if code not in expected:
                session = plan.parts["sessions"][code]
                expected[code] = people.expected(session["cell"], session["day"])
            person = row.values["person"]
            (added if row.change == Change.ADDED else changed).append(
                (
                    sessions[code],
                    persons[person],
                    row.values["mark"].value,
                    row.values["reason"],
                    person in expected[code],
                )
            )
        insert_marks(added, plan.steps)
        Attendance.unscoped.bulk_create(
            [Attendance(**dict(zip(MARK_FIELDS, mark, strict=True))) for mark in changed],
            update_conflicts=True,
            unique_fields=["session", "person"],
            update_fields=["mark", "reason", "is_expected"],
        )

    def write_counters(self, plan: Plan) -> None:
        """Counters of stored sessions whose marks or expected members changed; new ones were written with theirs."""
        recounted = plan.parts["recount"] - plan.parts["new sessions"]
        for session in sessions_by_code(recounted):
            counters = plan.parts["counters"].get(session.code, NOTHING_COUNTED)
            if any(getattr(session, name) != value for name, value in counters.items()):
                Session.unscoped.filter(pk=session.pk).update(**counters)
        self.write_expectations(plan)

    def write_expectations(self, plan: Plan) -> None:
        """Where a span changed, a member who was expected may now be exempt, and the other way round."""
        people = plan.parts["people"]
        for code in sorted(plan.parts["to check"] - plan.parts["new sessions"]):
            session = plan.parts["sessions"][code]
            expected = people.expected(session["cell"], session["day"])
            marks = Attendance.unscoped.filter(session__code=code)
            marks.filter(person__code__in=expected, is_expected=False).update(is_expected=True)
            marks.exclude(person__code__in=expected).filter(is_expected=True).update(is_expected=False)

    def export_rows(self, selection):
        owned = [
            code
            for code, cell in Session.unscoped.closed().order_by("code").values_list("code", "cell__code")
            if selection.owns(cell)
        ]
        for session, person, mark, reason in stored_marks(owned):
            yield {"session": session, "person": person, "mark": mark, "reason": reason}


def cause(code: str, person: str, plan: Plan) -> tuple[str, int, str, str]:
    """The row of the file by which a stored roll-call no longer fits: of the session, else of the person's spans."""
    row = plan.parts["session rows"].get(code)
    if row and row.is_touched:
        return SessionsSheet.title, row.number, "Mã buổi", code
    if "span rows" not in plan.parts:
        spans = plan.rows[MembersSheet.title]
        plan.parts["span rows"] = {span.values["person"]: span.number for span in spans if span.is_touched}
    return MembersSheet.title, plan.parts["span rows"].get(person, 0), "Mã đảng viên", person


def insert_marks(marks: list[tuple], steps) -> None:
    # bulk_create spends 60 µs on a row; a year of a bloc has 190,000 of them, and the transaction must stay short.
    columns = [connection.ops.quote_name(Attendance._meta.get_field(name).column) for name in MARK_FIELDS]
    table = connection.ops.quote_name(Attendance._meta.db_table)
    if connection.vendor == "postgresql":
        copy_marks(marks, f"COPY {table} ({', '.join(columns)}) FROM STDIN", steps)
        return
    rows = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(marks), MARKS_AT_ONCE):
            chunk = marks[start : start + MARKS_AT_ONCE]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([rows] * len(chunk))}",
                [value for mark in chunk for value in mark],
            )
            steps.advance(len(chunk))


def copy_marks(marks: list[tuple], statement: str, steps) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(marks), COPIED_AT_ONCE):
            chunk = marks[start : start + COPIED_AT_ONCE]
            lines = io.StringIO("".join("\t".join(map(as_copied, mark)) + "\n" for mark in chunk))
            cursor.copy_expert(statement, lines)
            steps.advance(len(chunk))


def as_copied(value) -> str:
    """A value as PostgreSQL's text format of COPY writes it; a reason may hold a backslash."""
    if isinstance(value, str):
        return value.translate(COPY_ESCAPES)
    return str(value)  # ids, and True or False, which PostgreSQL reads as well


def sessions_to_check(plan: Plan) -> set[str]:
    """Finished sessions whose expected members may differ from before: they or the spans at their cell changed."""
    codes = {row.values["code"] for row in plan.rows[SessionsSheet.title] if row.is_touched}
    spans = defaultdict(list)
    for values in changed_spans(plan):
        spans[values["cell"]].append((values["first_day"], values["last_day"] or FOREVER))
    for code, session in plan.parts["sessions"].items():
        if any(first <= session["day"] <= last for first, last in spans.get(session["cell"], ())):
            codes.add(code)
    stored = plan.parts["stored sessions"]
    # A session that is not finished concerns us only if it was: its marks would then be left over.
    return {
        code
        for code in codes
        if plan.parts["sessions"][code]["state"] == State.CLOSED or stored.get((code,), {}).get("state") == State.CLOSED
    }


def stored_marks(codes: list[str]) -> Iterable[tuple[str, str, str, str]]:
    """(session, person, mark, reason) of these sessions in order; their codes in chunks, so that memory stays low."""
    for start in range(0, len(codes), CHUNK):
        yield from (
            Attendance.unscoped.filter(session__code__in=codes[start : start + CHUNK])
            .order_by("session__code", "person__code")
            .values_list("session__code", "person__code", "mark", "reason")
        )


def sessions_by_code(codes: set[str]) -> Iterable[Session]:
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        yield from Session.unscoped.filter(code__in=ordered[start : start + CHUNK])


def forget_unfinished_roll_calls(plan: Plan) -> None:
    """A roll-call that was under way gives way to the finished one of the file, or goes with its cancelled session."""
    codes = [
        row.values["code"]
        for row in plan.rows[SessionsSheet.title]
        if row.change == Change.CHANGED and row.before["state"] not in {State.CLOSED, row.values["state"]}
    ]
    for start in range(0, len(codes), CHUNK):
        Attendance.unscoped.filter(session__code__in=codes[start : start + CHUNK]).delete()


def months_touched(plan: Plan) -> set[dt.date]:
    sessions = plan.parts["sessions"]
    days = {sessions[code]["day"] for code in plan.parts["recount"] if code in sessions}
    days |= {row.values["day"] for row in plan.removed[SessionsSheet.title]}
    for row in plan.rows[SessionsSheet.title]:
        if row.is_touched:
            days.add(row.values["day"])
            if row.before:
                days.add(row.before["day"])
    return {month_of(day) for day in days}
