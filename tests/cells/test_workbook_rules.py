"""What the exchange workbook takes, and how it merges with what is stored."""

import datetime as dt
import unicodedata

import pytest

from accounts.models import AuditEntry
from cells import revising
from cells.exchange import importing
from cells.exchange.exporting import export_workbook
from cells.exchange.importing import import_workbook
from cells.exchange.reading import RawSheet
from cells.models import Membership, Organisation, OrganisationPeriod, Person
from reports.periods import Period
from reports.statistics import figures
from resolutions.models import StudyConference
from sessions.models import Attendance, MonthlyRollup, Session
from speakers.models import SpeakerAppointment
from tests.cells.books import (
    CONFERENCES,
    MARKS,
    MEMBERS,
    ORGANISATIONS,
    SESSIONS,
    SITES,
    SPEAKERS,
    changed,
    extended,
    good_book,
    mark,
    member,
    organisation,
    places,
    raw,
    session,
    site,
    speaker,
)
from tests.factories import AttendanceFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.once

GOOD = good_book()
AT_13 = {"Mã tổ chức": "1.3"}


@pytest.fixture
def stored(enter):
    """The good book has been imported."""
    assert enter(GOOD).is_right


def read(enter, title, row, heading, value):
    """What is stored after the good book was imported with this value in one cell."""
    plan = enter(changed(GOOD, title, row, **{heading: value}))
    assert plan.problems == []


@pytest.mark.parametrize(
    "written",
    ["03/05/2024", "3/5/2024", "3-5-2024", "3.5.2024", "2024-05-03", " 03/05/2024 ", dt.date(2024, 5, 3)],
)
def test_every_form_of_a_date_is_the_same_day(enter, written):
    read(enter, SESSIONS, 2, "Ngày", written)

    assert Session.unscoped.get(code="S1").day == dt.date(2024, 5, 3)


@pytest.mark.parametrize(
    ("written", "date", "year"),
    [
        (1970, None, 1970),
        (1970.0, None, 1970),
        ("1970", None, 1970),
        ("01/02/1970", dt.date(1970, 2, 1), None),
        (dt.date(1970, 2, 1), dt.date(1970, 2, 1), None),
        (None, None, None),
    ],
)
def test_a_birth_is_a_date_or_a_year(enter, written, date, year):
    read(enter, MEMBERS, 2, "Ngày sinh", written)

    person = Person.unscoped.get(code="P1")
    assert (person.birth_date, person.birth_year) == (date, year)


@pytest.mark.parametrize("written", ["7:30", "07:30", dt.time(7, 30), dt.time(7, 29, 59, 999_000)])
def test_every_form_of_a_time_is_the_same_minute(enter, written):
    read(enter, SESSIONS, 2, "Bắt đầu", written)

    assert Session.unscoped.get(code="S1").start == dt.time(7, 30)


@pytest.mark.parametrize("written", [1274, 1274.0, "1274", "1.274", "1 274", "1\u00a0274"])
def test_every_form_of_a_whole_number_is_the_same(enter, written):
    read(enter, SESSIONS, 2, "Khách mời", written)

    assert Session.unscoped.get(code="S1").guests == 1274


@pytest.mark.parametrize("written", ["hủy", "huỷ", "HUỶ", "  Hủy ", unicodedata.normalize("NFD", "huỷ")])
def test_fixed_values_are_read_in_any_case_and_with_either_tone(enter, written):
    plan = enter(extended(GOOD, SESSIONS, session("S3", state=written)))

    assert plan.problems == []
    assert Session.unscoped.get(code="S3").state == Session.State.CANCELLED


def test_decomposed_letters_and_spaces_are_the_same_text(enter, stored):
    spaced = changed(GOOD, ORGANISATIONS, 3, Tên=unicodedata.normalize("NFD", "  Tổ  chức 1.1 "))

    assert enter(spaced).changes_nothing


def test_an_integer_is_a_code_by_its_digits(enter):
    plan = enter(extended(GOOD, ORGANISATIONS, organisation(12.0, parent=1.0)))

    assert plan.problems == []
    assert OrganisationPeriod.unscoped.get(organisation__code="12").parent.code == "1"


def test_codes_are_trimmed_but_neither_case_nor_inner_spaces_are_lost(enter):
    rows = [organisation(code) for code in (" a b ", "a  b", "A b", unicodedata.normalize("NFD", "Ủ"))]
    plan = enter(extended(GOOD, ORGANISATIONS, *rows))

    assert plan.problems == []
    codes = set(Organisation.unscoped.values_list("code", flat=True))
    assert codes == {"1", "1.1", "1.2", "a b", "a  b", "A b", "Ủ"}


def test_a_missing_column_keeps_and_a_blank_cell_clears(enter, stored):
    named = changed(GOOD, SESSIONS, 2, **{"Chuyên đề": "Đọc sách", "Khách mời": 7, "Bắt đầu": "7:30"})
    enter(named)

    # The helper writes all columns of the sheet: this one is cut to three.
    cut = raw({SESSIONS: [session("S1", kind="bất thường")]})
    keep = [cut[0].rows[0].index(name) for name in ("Mã buổi", "Loại", "Chuyên đề")]
    cut[0].rows = [[row[0], *(row[index] for index in keep)] for row in cut[0].rows]
    plan = import_rows(cut)

    changed_session = Session.unscoped.get(code="S1")
    assert (plan.problems, changed_session.kind, changed_session.theme) == ([], "extraordinary", "")
    assert (changed_session.guests, changed_session.start, changed_session.day) == (
        7,
        dt.time(7, 30),
        dt.date(2024, 5, 3),
    )


def import_rows(sheets):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "read_sheets", lambda path, progress: sheets)
        return import_workbook("book.xlsx")


def test_a_blank_last_day_means_still_in_force(enter, stored):
    enter({MEMBERS: [member("P4", first_day="01/06/2024", **{"Đến ngày": "31/12/2024"})]})
    enter({MEMBERS: [member("P4", first_day="01/06/2024")]})

    assert Membership.unscoped.get(person__code="P4").last_day is None


def test_absent_rows_and_sheets_stay(enter, stored, everything):
    before = everything()

    plan = enter({MEMBERS: [member("P3", "1.2")]})

    assert (plan.changes_nothing, everything()) == (True, before)


def test_columns_and_sheets_come_in_any_order(enter, stored):
    turned = {title: [dict(reversed(row.items())) for row in rows] for title, rows in reversed(GOOD.items())}
    sheets = raw(turned)
    for sheet in sheets:
        sheet.rows = [[number, *reversed(cells)] for number, *cells in sheet.rows]

    assert import_rows(sheets).changes_nothing


def test_an_empty_sheet_is_a_sheet_without_rows(stored):
    assert import_rows([RawSheet(MARKS)]).changes_nothing


def test_a_new_row_needs_the_required_columns(stored):
    sheets = raw({MEMBERS: [member("P4"), member("P1")]})
    place = sheets[0].rows[0].index("Tư cách")
    for row in sheets[0].rows:
        del row[place]

    assert places(import_rows(sheets)) == [(MEMBERS, 2, "Tư cách")]


def test_a_strange_heading_is_told_once(stored):
    sheets = raw({MEMBERS: [member("P4"), member("P5")]})
    sheets[0].rows[0][sheets[0].rows[0].index("Mã chi bộ")] = "Chi bộ"

    assert places(import_rows(sheets)) == [(MEMBERS, 1, "Chi bộ")]


def test_a_heading_given_twice_is_told(stored):
    sheets = raw({MEMBERS: [member("P1")]})
    for row, cell in zip(sheets[0].rows, ("Tư cách", "dự bị"), strict=True):
        row.append(cell)

    assert places(import_rows(sheets)) == [(MEMBERS, 1, "Tư cách")]


def test_blank_rows_are_skipped_but_counted(stored):
    sheets = raw({MEMBERS: [member("P1"), {}, member("P4", "9")]})

    assert places(import_rows(sheets)) == [(MEMBERS, 4, "Mã chi bộ")]


def test_a_circle_that_no_day_closes_is_right(enter):
    turned = extended(
        GOOD,
        ORGANISATIONS,
        organisation("A", "đảng bộ bộ phận", "B", **{"Đến ngày": "31/12/2021"}),
        organisation("A", "đảng bộ bộ phận", "1", "01/01/2022"),
        organisation("B", "đảng bộ bộ phận", "1", **{"Đến ngày": "31/12/2021"}),
        organisation("B", "đảng bộ bộ phận", "A", "01/01/2022"),
    )

    assert enter(turned).problems == []


def test_one_day_closes_the_circle(enter):
    turned = extended(
        GOOD,
        ORGANISATIONS,
        organisation("A", "đảng bộ bộ phận", "B", **{"Đến ngày": "01/01/2022"}),
        organisation("A", "đảng bộ bộ phận", "1", "02/01/2022"),
        organisation("B", "đảng bộ bộ phận", "1", **{"Đến ngày": "31/12/2021"}),
        organisation("B", "đảng bộ bộ phận", "A", "01/01/2022"),
    )

    assert len(places(enter(turned))) == 1


def test_the_stored_tree_is_right_and_the_new_root_wrong(enter, stored):
    plan = enter({ORGANISATIONS: [organisation("0", "đảng bộ tỉnh", None, "01/01/2019")]})

    assert places(plan) == [(ORGANISATIONS, 2, "Trực thuộc")]


def test_a_tree_may_be_deeper_than_anyone_needs(enter):
    chain = [organisation("C0", "đảng bộ bộ phận", "1")]
    chain += [organisation(f"C{depth}", "đảng bộ bộ phận", f"C{depth - 1}") for depth in range(1, 60)]

    assert enter(extended(GOOD, ORGANISATIONS, *chain)).problems == []
    assert figures(Organisation.unscoped.get(code="1"), Period.parse("2024")).committees == 60


def test_a_district_appointment_ends_and_a_commune_one_begins_at_the_turn(enter):
    book = extended(
        GOOD,
        SPEAKERS,
        speaker("P2", level="huyện", **{"Đến ngày": "30/06/2025"}),
        speaker("P2", level="xã", first_day="01/07/2025"),
    )

    assert enter(book).problems == []


def test_a_guest_member_of_nowhere_else_is_welcome_without_a_warning(enter):
    book = extended(extended(GOOD, MEMBERS, member("P4", status="tạm thời đến")), MARKS, mark("S1", "P4"))
    plan = enter(book)

    assert (plan.problems, plan.warnings) == ([], [])
    assert Session.unscoped.get(code="S1").expected == 3


def test_a_guest_member_with_a_home_on_other_days_only_is_warned_of(enter):
    book = extended(
        GOOD,
        MEMBERS,
        member("P4", "1.2", **{"Đến ngày": "31/12/2023"}),
        member("P4", status="tạm thời đến", first_day="01/06/2024"),
    )
    plan = enter(book)

    assert plan.problems == []
    assert [(w.sheet, w.row) for w in plan.warnings] == [(MEMBERS, 6)]


def test_an_exempt_member_who_came_is_counted_apart(enter):
    book = extended(
        extended(GOOD, MEMBERS, member("P4", status="miễn sinh hoạt"), member("P5", status="miễn sinh hoạt")),
        MARKS,
        mark("S1", "P4", "có mặt trực tuyến"),
    )

    assert enter(book).problems == []
    counted = Session.unscoped.get(code="S1")
    assert (counted.expected, counted.present, counted.present_online, counted.exempt_present) == (2, 2, 0, 1)
    assert Attendance.unscoped.get(person__code="P4").is_expected is False


def test_a_speaker_from_outside_brings_a_name(enter):
    assert enter(extended(GOOD, SPEAKERS, speaker("X1", **{"Họ và tên": "Ông  A"}))).problems == []
    assert SpeakerAppointment.unscoped.get(person__code="X1").person.full_name == "Ông A"


def test_an_outsider_who_joins_a_roster_loses_the_name_in_the_sheet_of_speakers(enter, stored):
    outsider = speaker("X1", **{"Họ và tên": "Người X1"})
    enter({SPEAKERS: [outsider]})

    joined = {MEMBERS: [member("X1", first_day="01/06/2024")], SPEAKERS: [speaker("X1")]}
    refused = enter(joined | {SPEAKERS: [outsider]})

    assert places(refused) == [(SPEAKERS, 2, "Họ và tên")]
    assert enter(joined).problems == []
    assert enter(joined).changes_nothing


def test_a_conference_is_held_unless_said_otherwise(enter):
    enter(GOOD)

    assert StudyConference.unscoped.get().state == StudyConference.State.HELD


class TestStoredRowsAreJudgedToo:
    """Rules hold for what the database would hold afterwards, so also for rows that the file does not name."""

    def test_a_cell_may_not_end_while_members_stay(self, enter, stored, everything):
        before = everything()

        plan = enter({ORGANISATIONS: [organisation("1.1", **{"Đến ngày": "31/12/2025"})]})

        assert places(plan) == [(ORGANISATIONS, 2, "Mã")]
        assert everything() == before

    def test_a_cell_may_end_when_its_members_leave_in_the_same_file(self, enter, stored):
        plan = enter(
            {
                ORGANISATIONS: [organisation("1.1", **{"Đến ngày": "31/12/2025", "Kế tục bởi": "1.2"})],
                MEMBERS: [member(code, **{"Đến ngày": "31/12/2025"}) for code in ("P1", "P2")]
                + [member(code, "1.2", first_day="01/01/2026") for code in ("P1", "P2")],
            }
        )

        assert plan.problems == []
        assert Organisation.unscoped.get(code="1.1").successor.code == "1.2"

    def test_a_committee_may_not_become_a_cell_while_cells_hang_below_it(self, enter, stored):
        plan = enter({ORGANISATIONS: [organisation("1", "chi bộ cơ sở", None)]})

        assert {place[:2] for place in places(plan)} == {(ORGANISATIONS, 2)}

    def test_a_host_of_a_conference_may_not_have_begun_after_it(self, enter, stored):
        plan = enter(
            {
                ORGANISATIONS: [organisation("1.3", first_day="01/01/2023")],
                CONFERENCES: [GOOD[CONFERENCES][0] | {"Mã hội nghị": "H2", "Mã tổ chức": "1.3", "Ngày": "01/01/2022"}],
            }
        )

        assert places(plan) == [(CONFERENCES, 2, "Mã tổ chức")]

    def test_a_conference_in_person_may_not_keep_its_sites(self, enter, stored):
        plan = enter({CONFERENCES: [GOOD[CONFERENCES][0] | {"Hình thức": "trực tiếp"}]})

        assert places(plan) == [(CONFERENCES, 2, "Hình thức")]

    def test_a_conference_is_not_moved_to_before_an_organisation_at_a_site(self, enter, stored):
        enter({ORGANISATIONS: [organisation("1.3", first_day="01/05/2024")], SITES: [site("H1", "Xã B", **AT_13)]})

        plan = enter({CONFERENCES: [GOOD[CONFERENCES][0] | {"Ngày": "30/04/2024"}]})

        assert places(plan) == [(CONFERENCES, 2, "Ngày")]

    def test_an_organisation_with_a_stored_speaker_did_not_begin_later(self, enter, stored):
        enter({ORGANISATIONS: [organisation("2", "đảng bộ bộ phận")], SPEAKERS: [speaker("P2", "2")]})

        plan = enter({ORGANISATIONS: [organisation("2", "đảng bộ bộ phận", **{"Đến ngày": "31/12/2023"})]})

        assert places(plan) == [(ORGANISATIONS, 2, "Mã")]

    def test_a_committee_does_not_end_before_what_hangs_below_it(self, enter, stored):
        plan = enter({ORGANISATIONS: [organisation("1", "đảng bộ cơ sở", None, **{"Đến ngày": "31/12/2025"})]})

        assert places(plan) == [(ORGANISATIONS, 2, "Mã")] * 2
        assert len({problem.text for problem in plan.problems}) == 2

    def test_marks_alone_correct_a_stored_session(self, enter, stored):
        plan = enter({MARKS: [mark("S1", "P1", "vắng có lý do", **{"Lý do": "ốm"})]})

        counted = Session.unscoped.get(code="S1")
        assert plan.problems == []
        assert (counted.expected, counted.present, counted.excused) == (2, 1, 1)
        month = MonthlyRollup.unscoped.get(organisation__code="1", month=dt.date(2024, 5, 1))
        assert (month.sessions, month.expected, month.present, month.excused) == (2, 3, 2, 1)

    def test_a_new_span_over_a_finished_session_asks_for_the_mark(self, enter, stored, everything):
        before = everything()

        plan = enter({MEMBERS: [member("P4", first_day="01/05/2024")]})

        assert places(plan) == [(MEMBERS, 2, "Mã đảng viên")]
        assert plan.counts(MEMBERS) == {"wrong": 1}
        assert everything() == before

    def test_with_the_mark_in_the_same_file_it_is_counted_anew(self, enter, stored):
        plan = enter(
            {
                MEMBERS: [member("P4", first_day="01/05/2024")],
                MARKS: [mark("S1", "P4", "vắng không lý do")],
            }
        )

        counted = Session.unscoped.get(code="S1")
        assert plan.problems == []
        assert (counted.expected, counted.present, counted.unexcused) == (3, 2, 1)
        rollups = MonthlyRollup.unscoped.filter(month=dt.date(2024, 5, 1))
        assert dict(rollups.values_list("organisation__code", "expected")) == {"1": 4, "1.1": 3, "1.2": 1}

    def test_a_member_who_left_earlier_may_not_have_been_marked(self, enter, stored):
        plan = enter({MEMBERS: [member("P2", **{"Đến ngày": "01/05/2024"})]})

        assert places(plan) == [(MEMBERS, 2, "Mã đảng viên")]

    def test_a_member_who_came_and_was_exempt_after_all_is_counted_apart(self, enter, stored):
        plan = enter({MEMBERS: [member("P2", status="miễn sinh hoạt")]})

        counted = Session.unscoped.get(code="S1")
        assert plan.problems == []
        assert (counted.expected, counted.present, counted.exempt_present) == (1, 1, 1)
        assert Attendance.unscoped.get(person__code="P2").is_expected is False

    def test_a_finished_session_with_marks_is_not_cancelled(self, enter, stored):
        plan = enter({SESSIONS: [session("S2", "1.2", state="hủy")]})

        assert places(plan) == [(SESSIONS, 2, "Trạng thái")]

    def test_a_finished_session_is_not_moved_to_a_cell_whose_people_were_not_there(self, enter, stored):
        plan = enter({SESSIONS: [session("S2", "1.1")]})

        assert set(places(plan)) == {(SESSIONS, 2, "Mã buổi")}

    def test_a_session_moved_to_another_month_moves_in_the_roll_up(self, enter, stored):
        enter({SESSIONS: [session("S2", "1.2", "03/06/2024")]})

        rollups = MonthlyRollup.unscoped.filter(organisation__code="1").order_by("month")
        assert list(rollups.values_list("month", "sessions")) == [(dt.date(2024, 5, 1), 1), (dt.date(2024, 6, 1), 1)]

    def test_a_changed_session_has_a_new_version_for_those_who_have_it_on_a_form(self, enter, stored):
        version = Session.unscoped.get(code="S2").version

        enter({SESSIONS: [session("S1"), session("S2", "1.2", **{"Khách mời": 3})]})

        versions = dict(Session.unscoped.values_list("code", "version"))
        assert versions == {"S1": version, "S2": version + 1}

    def test_the_roll_call_under_way_of_a_cancelled_session_goes_with_it(self, enter, stored):
        enter({SESSIONS: [session("S3", state="dự kiến", on="03/06/2024")]})
        Session.unscoped.filter(code="S3").update(state=Session.State.OPEN)
        AttendanceFactory(session=Session.unscoped.get(code="S3"), person=Person.unscoped.get(code="P1"), mark="")

        plan = enter({SESSIONS: [session("S3", state="hủy", on="03/06/2024")]})

        assert plan.problems == []
        assert Session.unscoped.get(code="S3").state == Session.State.CANCELLED
        assert not Attendance.unscoped.filter(session__code="S3").exists()

    def test_a_roll_call_under_way_gives_way_to_the_finished_one(self, enter, stored):
        enter({SESSIONS: [session("S3", state="dự kiến", on="03/06/2024")]})
        under_way = Session.unscoped.get(code="S3")
        Session.unscoped.filter(pk=under_way.pk).update(state=Session.State.OPEN)
        AttendanceFactory(session=under_way, person=Person.unscoped.get(code="P1"), mark="")

        untouched = enter({SESSIONS: [session("S3", state="dự kiến", on="03/06/2024")]})
        assert untouched.changes_nothing
        finished = {SESSIONS: [session("S3", on="03/06/2024")], MARKS: [mark("S3", "P1"), mark("S3", "P2")]}
        assert enter(finished).problems == []

        under_way.refresh_from_db()
        assert (under_way.state, under_way.expected, under_way.present) == (Session.State.CLOSED, 2, 2)


def test_a_trial_says_what_the_import_then_does(enter, everything):
    before = everything()
    trial = enter(GOOD, is_trial=True)
    unwritten = everything()
    real = enter(GOOD)

    assert unwritten == before
    assert [trial.counts(title) for title in GOOD] == [real.counts(title) for title in GOOD]


def test_one_import_is_one_audit_entry_and_a_second_none(enter, stored):
    enter(GOOD)

    assert AuditEntry.objects.filter(action="workbook.imported").count() == 1


def test_what_changed_between_plan_and_write_is_planned_anew(enter, stored, monkeypatch):
    """Somebody moves P1 away and marks change, after the plan was made and before it is written."""
    plans = []
    make_plan = importing.make_plan

    def interrupted(sheets, steps):
        plan = make_plan(sheets, steps)
        plans.append(plan)
        if len(plans) == 1:
            Person.unscoped.filter(code="P1").update(full_name="Người P1 mới")
            revising.advance()
        return plan

    monkeypatch.setattr(importing, "make_plan", interrupted)
    book = {MEMBERS: [member("P1", **{"Họ và tên": "Người P1 mới"}), member("P2", **{"Họ và tên": "Người P2 mới"})]}
    done = enter(book)

    assert [plan.counts(MEMBERS)["changed"] for plan in plans] == [2, 1]
    assert done is plans[1]
    names = Person.unscoped.filter(code__in=["P1", "P2"]).order_by("code").values_list("full_name", flat=True)
    assert list(names) == ["Người P1 mới", "Người P2 mới"]


def test_nothing_is_written_while_others_keep_changing(enter, stored, everything, monkeypatch):
    before = everything()
    make_plan = importing.make_plan

    def interrupted(sheets, steps):
        plan = make_plan(sheets, steps)
        revising.advance()
        return plan

    monkeypatch.setattr(importing, "make_plan", interrupted)
    with pytest.raises(revising.Outdated):
        enter({MEMBERS: [member("P9", first_day="01/06/2024")]})

    assert everything() | {"cells.Revision": []} == before | {"cells.Revision": []}


@pytest.mark.parametrize("reason", [r"\N", r"\.", r"C:\temp\new", "\\", "100 % 'ốm', \"sốt\"; {1}", "NULL"])
def test_marks_written_in_bulk_hold_the_very_text_of_the_file(enter, reason):
    enter(changed(good_book(), MARKS, 2, **{"Kết quả": "vắng có lý do", "Lý do": reason}))

    marks = Attendance.unscoped.order_by("person__code").values_list("person__code", "mark", "reason", "is_expected")
    assert list(marks) == [("P1", "excused", reason, True), ("P2", "present", "", True), ("P3", "present", "", True)]


@pytest.mark.parametrize(
    "name",
    ["=1+1", '=HYPERLINK("http://x.vn")', "+84 912", "-5", "@SUM", "#N/A", "#REF!", "_x0041_", "a_x000D_b", "'x"],
)
def test_a_text_that_looks_like_a_formula_comes_back_as_text(enter, tmp_path, name):
    enter(extended(GOOD, MEMBERS, member("P4", "1.2", first_day="01/06/2024", **{"Họ và tên": name})))
    export_workbook(tmp_path / "out.xlsx")

    plan = import_workbook(tmp_path / "out.xlsx")

    assert (plan.problems, plan.changes_nothing) == ([], True)
    assert Person.unscoped.get(code="P4").full_name == name


def test_control_characters_from_elsewhere_do_not_stop_an_export(enter, stored, tmp_path):
    person = PersonFactory(code="P8", full_name="A\x0bB")
    MembershipFactory(person=person, cell=Organisation.unscoped.get(code="1.2"), first_day=dt.date(2024, 6, 1))

    assert export_workbook(tmp_path / "out.xlsx")[MEMBERS] == 4
