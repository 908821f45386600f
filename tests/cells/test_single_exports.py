"""The export of one organisation stands alone: imported into an empty database it gives the same figures."""

from collections import Counter
from pathlib import Path

import pytest

from cells.exchange.exporting import export_workbook
from cells.exchange.importing import import_workbook
from cells.exchange.reading import read_sheets
from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, Person
from reports.periods import Period
from reports.statistics import Figures, figures
from resolutions.models import ReceivingSite, StudyConference
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
    conference,
    mark,
    member,
    organisation,
    session,
    site,
    speaker,
)

DATA = Path(__file__).parents[1] / "data"
PERIODS = ("2024-05", "2024-Q2", "2024", "2025-H1")
ENDED = {"Đến ngày": "30/06/2024"}
# Cell 1.1 moved from committee 1 to committee 2 and took over 1.2; P4 is away at 2.1; a site is held by 2.1.
BOOK = {
    ORGANISATIONS: [
        organisation("0", "đảng bộ khối", None),
        organisation("1", "đảng bộ cơ sở", "0"),
        organisation("2", "đảng bộ cơ sở", "0"),
        organisation("1.1", **ENDED),
        organisation("1.1", parent="2", first_day="01/07/2024"),
        organisation("1.2", **ENDED, **{"Kế tục bởi": "1.1"}),
        organisation("2.1", parent="2"),
        organisation("2.2", parent="2"),
    ],
    MEMBERS: [
        member("P1"),
        member("P2", "1.2", **ENDED),
        member("P2", "1.1", first_day="01/07/2024"),
        member("P3", "2.1"),
        member("P4", status="tạm thời đi"),
        member("P4", "2.1", "tạm thời đến"),
        member("P5", "2.2"),
    ],
    SESSIONS: [
        session("S1"),
        session("S2", "1.2"),
        session("S3", on="03/07/2024"),
        session("S4", "2.1"),
        session("S5", "2.2", kind="chuyên đề", **{"Chuyên đề": "Đọc sách", "Khách mời": 3, "Ước lượng": "gần"}),
    ],
    MARKS: [
        mark("S1", "P1"),
        mark("S2", "P2", "vắng có lý do", **{"Lý do": "ốm"}),
        mark("S3", "P1", "có mặt trực tuyến"),
        mark("S3", "P2"),
        mark("S4", "P3"),
        mark("S4", "P4"),
        mark("S5", "P5", "vắng không lý do"),
    ],
    SPEAKERS: [speaker("P5", "1"), speaker("X1", "2.1", **{"Họ và tên": "Ông A"})],
    CONFERENCES: [conference("H1", "1"), conference("H2", "2")],
    SITES: [site("H1", "Xã A", **{"Mã tổ chức": "2.1"}), site("H2", "Xã B")],
}


def figures_of_then(code: str) -> list[Figures]:
    return [figures(Organisation.unscoped.get(code=code), Period.parse(period)) for period in PERIODS]


def contents(path) -> dict:
    return {sheet.title: Counter(map(tuple, (row[1:] for row in sheet.rows))) for sheet in read_sheets(path)}


def empty_database() -> None:
    Organisation.unscoped.update(successor=None)
    for model in (
        Attendance,
        MonthlyRollup,
        Session,
        ReceivingSite,
        StudyConference,
        SpeakerAppointment,
        Membership,
        Person,
        Lineage,
        OrganisationPeriod,
        Organisation,
    ):
        model.unscoped.all().delete()


@pytest.mark.parametrize("code", ["0", "1", "2", "1.1", "1.2", "2.1", "2.2"])
def test_one_organisation_stands_alone(enter, tmp_path, code):
    assert enter(BOOK).problems == []
    whole = figures_of_then(code)
    export_workbook(tmp_path / "one.xlsx", Organisation.unscoped.get(code=code))

    empty_database()
    plan = import_workbook(tmp_path / "one.xlsx")

    assert (plan.problems, plan.warnings) == ([], [])
    assert figures_of_then(code) == whole
    export_workbook(tmp_path / "again.xlsx", Organisation.unscoped.get(code=code))
    assert contents(tmp_path / "again.xlsx") == contents(tmp_path / "one.xlsx")


def test_the_file_of_one_holds_its_own_and_names_the_rest(enter, tmp_path):
    enter(BOOK)

    export_workbook(tmp_path / "one.xlsx", Organisation.unscoped.get(code="1.1"))

    found = {sheet.title: {row[1] for row in sheet.rows[1:]} for sheet in read_sheets(tmp_path / "one.xlsx")}
    assert found == {
        ORGANISATIONS: {"0", "1", "2", "1.1", "1.2", "2.1"},
        MEMBERS: {"P1", "P2", "P4"},
        SESSIONS: {"S1", "S3"},
        MARKS: {"S1", "S3"},
        SPEAKERS: set(),
        CONFERENCES: set(),
        SITES: set(),
    }


def test_an_organisation_keeps_what_was_once_below_it(enter, tmp_path):
    enter(BOOK)

    export_workbook(tmp_path / "one.xlsx", Organisation.unscoped.get(code="1"))

    found = {sheet.title: {row[1] for row in sheet.rows[1:]} for sheet in read_sheets(tmp_path / "one.xlsx")}
    assert found[SESSIONS] == {"S1", "S2", "S3"}
    assert found[MEMBERS] == {"P1", "P2", "P4", "P5"}
    assert found[ORGANISATIONS] == {"0", "1", "2", "1.1", "1.2", "2.1", "2.2"}


@pytest.fixture
def medium(db):
    assert import_workbook(DATA / "medium" / "case.xlsx").is_right


@pytest.mark.slow
def test_several_organisations_of_a_whole_bloc_stand_alone(medium, tmp_path):
    codes = list(Organisation.unscoped.order_by("code").values_list("code", flat=True))[1::17]
    whole = {}
    for code in codes:
        whole[code] = figures_of_then(code)
        export_workbook(tmp_path / f"{code}.xlsx", Organisation.unscoped.get(code=code))

    for code in codes:
        empty_database()
        plan = import_workbook(tmp_path / f"{code}.xlsx")
        assert (code, plan.problems) == (code, [])
        assert figures_of_then(code) == whole[code]
        export_workbook(tmp_path / "again.xlsx", Organisation.unscoped.get(code=code))
        assert contents(tmp_path / "again.xlsx") == contents(tmp_path / f"{code}.xlsx")
