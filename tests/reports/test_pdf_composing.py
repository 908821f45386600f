"""What a report says, from real rows: names of the cut-off day, sums that are the committee's own, sources."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.lineage import rebuild
from cells.models import Kind, Membership, Organisation, OrganisationPeriod, Person
from reports.composing import as_draft, compose
from reports.models import Report
from reports.periods import Period
from reports.statistics import figures
from resolutions.models import ReceivingSite, StudyConference
from sessions.counting import rebuild_rollup
from sessions.models import Session
from tests.reports import pages
from tests.reports.contents import text_in_order

pytestmark = [pytest.mark.django_db, pytest.mark.once]
START, MOVED = dt.date(2020, 1, 1), dt.date(2024, 8, 1)


@pytest.fixture
def tree():
    """A province with a bloc of two cells; the first was called otherwise until August 2024."""
    province = organisation("T", "Đảng bộ tỉnh Mẫu", Kind.PROVINCE)
    bloc = organisation("K", "Đảng bộ Khối các cơ quan tỉnh", Kind.BLOC, province)
    mass = organisation("BDV", "Chi bộ Ban Dân vận", Kind.GRASSROOTS_CELL, bloc, last_day=MOVED - dt.timedelta(days=1))
    period(mass, "Chi bộ Ban Tuyên giáo và Dân vận", Kind.GRASSROOTS_CELL, bloc, MOVED)
    organisation("VP", "Chi bộ Văn phòng", Kind.GRASSROOTS_CELL, bloc)
    rebuild()
    hold(mass, dt.date(2024, 7, 3), "regular", expected=14, present=14)
    hold(
        mass, dt.date(2024, 8, 5), "combined", expected=14, present=13, excused=1, theme="Học tập <b>Bác</b> & làm theo"
    )
    hold(mass, dt.date(2024, 9, 4), "regular", expected=14, present=12, excused=1, unexcused=1, guests=20)
    enrol(mass, 14)
    rebuild_rollup()
    return {"T": province, "K": bloc, "BDV": mass}


def organisation(code, name, kind, parent=None, last_day=None) -> Organisation:
    made = Organisation.unscoped.create(code=code)
    period(made, name, kind, parent, START, last_day)
    return made


def period(owner, name, kind, parent, first_day, last_day=None):
    OrganisationPeriod.unscoped.create(
        organisation=owner, name=name, kind=kind, parent=parent, first_day=first_day, last_day=last_day
    )


def hold(cell, day, kind, **counters):
    fields = {"start": dt.time(14), "end": dt.time(16, 30), "guests_estimate": "nearly" if "guests" in counters else ""}
    Session.unscoped.create(
        code=f"{cell.code}-{day:%m}", cell=cell, day=day, kind=kind, state="closed", **fields, **counters
    )


def enrol(cell, count):
    for number in range(count):
        person = Person.unscoped.create(code=f"{cell.code}-{number}", full_name=f"Người Mẫu {number}")
        standing = "probationary" if number == 0 else "official"
        Membership.unscoped.create(person=person, cell=cell, standing=standing, first_day=START)


def composed(owner, code="2024-Q3", until=None) -> dict:
    found = Period.parse(code, until)
    return compose(Report(organisation=owner, period=code, until=found.until))


def tables(content) -> list[dict]:
    return [block for block in content["blocks"] if block["kind"] == "table"]


def texts(content) -> list[str]:
    return [block["text"] for block in content["blocks"] if "text" in block]


def test_a_cell_reports_its_sessions_in_the_order_of_the_skeleton(tree):
    content = composed(tree["BDV"])

    assert [block["text"] for block in content["blocks"] if block["kind"] == "heading"] == [
        "I- TÌNH HÌNH CHUNG",
        "II- KẾT QUẢ",
        "III- HẠN CHẾ, NGUYÊN NHÂN",
        "IV- NHIỆM VỤ QUÝ SAU",
    ]
    assert tables(content)[0]["rows"] == [
        ["1", "03/07/2024", "14:00–16:30", "định kỳ", "14", "14", "0", "0", "100\u00a0%", "—"],
        ["2", "05/08/2024", "14:00–16:30", "định kỳ và chuyên đề", "14", "13", "1", "0", "92,9\u00a0%", "—"],
        ["3", "04/09/2024", "14:00–16:30", "định kỳ", "14", "12", "1", "1", "85,7\u00a0%", "—"],
    ]
    assert tables(content)[0]["total"]["texts"] == ["42", "39", "2", "1", "92,9\u00a0%", ""]
    assert tables(content)[1]["rows"][0][2:] == ["Học tập <b>Bác</b> & làm theo", "trực tiếp", "13/14", "0"]
    assert (
        "Có mặt 39/42 (92,9\u00a0%) lượt phải có mặt, trong đó trực tuyến 0 lượt; vắng có lý do 2 lượt; vắng "
        "không lý do 1 lượt. Đảng viên được miễn vẫn dự 0 lượt; khách mời gần\u00a020 lượt."
    ) in texts(content)
    assert (
        "Đến hết ngày 30/09/2024, chi bộ có 14 đảng viên, gồm 13 đảng viên chính thức và 1 đảng viên dự bị."
    ) in texts(content)


def test_the_letterhead_is_that_of_the_cut_off_day(tree):
    before, after = composed(tree["BDV"], until=MOVED - dt.timedelta(days=1)), composed(tree["BDV"])

    assert before["letterhead"]["issuer"] == "Chi bộ Ban Dân vận"
    assert after["letterhead"] == {
        "phrase": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "parent": "Đảng bộ Khối các cơ quan tỉnh",
        "issuer": "Chi bộ Ban Tuyên giáo và Dân vận",
        "dated": "…………, ngày …… tháng …… năm 20……",
    }
    assert before["span"].replace("\u00a0", " ") == (
        "(Kỳ báo cáo từ ngày 01/07/2024 đến ngày 30/09/2024; số liệu chốt đến hết ngày 31/07/2024)"
    )
    assert len(tables(before)[0]["rows"]) == 1


def test_a_committee_signs_as_its_body_and_its_total_row_is_its_own_figures(tree):
    content = composed(tree["K"])
    found = figures(tree["K"], Period.parse("2024-Q3"))
    ending = next(block for block in content["blocks"] if block["kind"] == "ending")

    assert content["letterhead"]["issuer"] == "Đảng ủy Khối các cơ quan tỉnh"
    assert (ending["authority"], ending["post"], ending["signer"]) == ("T/M ĐẢNG ỦY", "BÍ THƯ", "")
    assert ending["receivers"] == ["- Tỉnh ủy Mẫu (để\u00a0báo\u00a0cáo),", "- Lưu Đảng ủy."]
    assert tables(content)[0]["rows"] == [
        ["1", "Chi bộ Ban Tuyên giáo và Dân vận", "14", "3", "3/3", "1/1", "39/42", "92,9\u00a0%"],
        ["2", "Chi bộ Văn phòng", "0", "0", "0/3", "0/1", "0/0", "—"],
    ]
    assert tables(content)[0]["total"]["texts"] == ["14", "3", "3/6", "1/2", "39/42", "92,9\u00a0%"]
    assert (found.present, found.expected, found.regular_done, found.regular_due) == (39, 42, 3, 6)
    assert not any(block["kind"] == "note" for block in content["blocks"])


def test_a_cell_that_came_in_the_middle_is_told_where_sums_differ(tree):
    late = organisation("KDN", "Đảng bộ Khối Doanh nghiệp", Kind.BLOC, tree["T"])
    guest = organisation("G", "Chi bộ Điện lực", Kind.GRASSROOTS_CELL, late, last_day=MOVED - dt.timedelta(days=1))
    period(guest, "Chi bộ Điện lực", Kind.GRASSROOTS_CELL, tree["K"], MOVED)
    rebuild()
    hold(guest, dt.date(2024, 7, 9), "regular", expected=5, present=5)
    rebuild_rollup()

    content = composed(tree["K"])

    assert [block["text"][:21] for block in content["blocks"] if block["kind"] == "note"] == ["Trong kỳ có tổ chức c"]
    assert tables(content)[0]["total"]["texts"][4] == "39/42"


def test_a_cell_that_left_in_the_middle_is_named_without_the_numbers_of_its_new_place(tree):
    moved = organisation("CN", "Chi bộ Công nghệ", Kind.GRASSROOTS_CELL, tree["K"], dt.date(2024, 8, 14))
    ended = organisation("KT", "Chi bộ Kinh tế", Kind.GRASSROOTS_CELL, tree["K"], dt.date(2024, 8, 31))
    period(moved, "Chi bộ Công nghệ", Kind.GRASSROOTS_CELL, tree["T"], dt.date(2024, 8, 15))
    rebuild()
    for day in (dt.date(2024, 7, 3), dt.date(2024, 9, 3)):
        hold(moved, day, "regular", expected=3, present=3)
    hold(ended, dt.date(2024, 7, 3), "regular", expected=2, present=2)
    numbers = {"state": "held", "expected": 5, "present": 5}
    StudyConference.unscoped.create(organisation=moved, day=dt.date(2024, 9, 5), subject="Nghị quyết", **numbers)
    rebuild_rollup()

    content = composed(tree["K"])

    assert tables(content)[0]["rows"][1:3] == [
        ["2", "Chi bộ Công nghệ", *"——————"],
        ["3", "Chi bộ Kinh tế", "0", "1", "1/2", "0/0", "2/2", "100\u00a0%"],
    ]
    assert tables(content)[0]["total"]["texts"] == ["14", "5", "5/9", "1/2", "44/47", "93,6\u00a0%"]
    assert any("nơi đã chuyển đi ghi “—”" in text for text in texts(content))
    assert not any("Hội nghị của các tổ chức trực thuộc" in text for text in texts(content))


def test_a_conference_adds_its_sites_and_keeps_the_word_of_an_estimate(tree):
    conference = StudyConference.unscoped.create(
        code="HN-1",
        organisation=tree["K"],
        day=dt.date(2024, 7, 20),
        subject="Quán triệt",
        mode="online",
        expected=100,
        present=98,
    )
    ReceivingSite.unscoped.create(conference=conference, name="Điểm 1", expected=720, present=702, estimate="nearly")

    row = tables(composed(tree["K"]))[0]["rows"][0]

    assert row == ["1", "20/07/2024", "Quán triệt", "trực tuyến", "1", "820", "gần\u00a0800"]


def test_the_frozen_figures_carry_their_hash_and_a_change_changes_it(tree):
    frozen = composed(tree["BDV"])["figures"]
    kept = {name: value for name, value in frozen.items() if name not in {"sha256", "definitions"}}

    assert frozen["sha256"] == hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    assert [row["code"] for row in frozen["sessions"]] == ["BDV-07", "BDV-08", "BDV-09"]
    assert composed(tree["BDV"])["figures"] == frozen
    Session.unscoped.filter(code="BDV-07").update(present=13, excused=1)
    rebuild_rollup()
    assert composed(tree["BDV"])["figures"]["sha256"] != frozen["sha256"]


def test_the_appendix_names_each_figure_and_each_session_behind_it(tree):
    content = composed(tree["BDV"])
    definitions, sources = tables(content)[-2:]

    assert ["Lượt có mặt", "39", "người phải có mặt và có mặt, trực tiếp hoặc trực tuyến"] in definitions["rows"]
    assert [row[1:3] for row in sources["rows"]] == [
        ["BDV-07", "03/07/2024"],
        ["BDV-08", "05/08/2024"],
        ["BDV-09", "04/09/2024"],
    ]
    digest = content["figures"]["sha256"]
    assert texts(content)[-1].replace("\u00a0", "").endswith(f"{digest[:16]}.")


@pytest.mark.parametrize(
    ("code", "words"),
    [("2024-08", "THÁNG SAU"), ("2024-Q3", "QUÝ SAU"), ("2024-H2", "6 THÁNG SAU"), ("2024", "NĂM SAU")],
)
def test_the_next_span_follows_the_period(tree, code, words):
    assert f"IV- NHIỆM VỤ {words}" in texts(composed(tree["BDV"], code))


def test_an_organisation_out_of_force_gives_zeros_not_an_error(tree):
    content = composed(tree["BDV"], "2019-Q3")

    assert content["letterhead"]["issuer"] == "Chi bộ Ban Dân vận"
    assert "Trong kỳ chưa có buổi sinh hoạt nào đã kết thúc." in texts(content)


def test_reading_a_committee_costs_the_same_for_two_cells_and_for_thirty(tree):
    few = queries(tree["K"])
    for number in range(28):
        organisation(f"C{number}", f"Chi bộ số {number}", Kind.GRASSROOTS_CELL, tree["K"])
    rebuild()

    assert queries(tree["K"]) == few


def queries(owner) -> int:
    with CaptureQueriesContext(connection) as captured:
        composed(owner)
    return len(captured)


def test_the_command_writes_the_file_that_the_worker_would(tree, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    target = tmp_path / "báo cáo.pdf"

    call_command("build_report", "BDV", "2024-Q3", "--output", str(target))

    head = "Chỉ tiêu Số liệu Cách tính "  # repeated on the next page
    read, source = pages.text_of(target.read_bytes()), text_in_order(as_draft(composed(tree["BDV"])))
    assert "Dự thảo" in read  # nobody has signed it, so there is no number either
    assert read.replace(head, "") == source.replace(head, "")
    assert [path.name for path in tmp_path.iterdir()] == ["báo cáo.pdf"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["XX", "2024-Q3"], "Không có tổ chức mang mã “XX”."),
        (["BDV", "2024-Q5"], "Kỳ “2024-Q5” không đúng: ghi như 2024-07, 2024-Q3, 2024-H1 hoặc 2024."),
        (["BDV", "2024-Q3", "--until", "hôm qua"], "Ngày “hôm qua” không đúng: ghi như 2024-09-15 hoặc 15/09/2024."),
        (["BDV", "2024-Q3", "--until", "2024-10-01"], "Ngày chốt phải nằm trong kỳ, từ 01/07/2024 đến 30/09/2024."),
    ],
)
def test_what_the_command_cannot_build_is_said_in_one_line_and_nothing_is_written(tree, tmp_path, arguments, said):
    with pytest.raises(CommandError) as refused:
        call_command("build_report", *arguments, "--output", str(tmp_path / "x.pdf"))

    assert str(refused.value) == said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_one_line(tree, tmp_path):
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        call_command("build_report", "BDV", "2024-Q3", "--output", str(tmp_path / "none" / "x.pdf"))
