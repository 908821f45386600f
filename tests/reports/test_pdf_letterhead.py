import pytest

from cells.models import Kind
from cells.papers.letterhead import authority, body_name, parent_line, recipients
from cells.papers.pdf import LEFT_COLUMN, in_column, width

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Đảng bộ phường Lê Lợi", ["ĐẢNG BỘ PHƯỜNG LÊ LỢI"]),
        ("Chi bộ Hội Liên hiệp Phụ nữ tỉnh", ["CHI BỘ HỘI LIÊN HIỆP", "PHỤ NỮ TỈNH"]),
        ("Đảng bộ Khối các cơ quan tỉnh", ["ĐẢNG BỘ KHỐI", "CÁC CƠ QUAN TỈNH"]),
        ("Chi bộ Trường Trung học phổ thông tỉnh Lạng Sơn", ["CHI BỘ TRƯỜNG", "TRUNG HỌC PHỔ THÔNG", "TỈNH LẠNG SƠN"]),
        ("", []),
    ],
)
def test_long_names_break_at_the_joints_of_word_groups(name, lines):
    assert in_column(name, "Tinos-Bold.ttf") == lines


def test_the_widths_are_those_of_the_guidance():
    assert width("ĐẢNG CỘNG SẢN VIỆT NAM", "Tinos-Bold.ttf", 15) == pytest.approx(72.9, abs=0.1)
    assert width("CHI BỘ HỘI LIÊN HIỆP PHỤ NỮ TỈNH", "Tinos-Bold.ttf", 14) == pytest.approx(89.4, abs=0.1)
    assert all(width(line, "Tinos-Bold.ttf", 14) <= LEFT_COLUMN for line in in_column("Chi bộ " * 12, "Tinos-Bold.ttf"))


def test_a_word_without_end_stays_whole_for_the_page_to_break():
    assert in_column("Chi" + "b" * 247, "Tinos-Bold.ttf") == ["CHI" + "B" * 247]


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("Đảng bộ phường Lê Lợi", Kind.COMMUNE, "Đảng ủy phường Lê Lợi"),
        ("Đảng bộ tỉnh Lạng Sơn", Kind.PROVINCE, "Tỉnh ủy Lạng Sơn"),
        ("Đảng bộ thành phố Huế", Kind.PROVINCE, "Thành ủy Huế"),
        ("Đảng bộ Tỉnh đoàn", Kind.GRASSROOTS_COMMITTEE, "Đảng ủy Tỉnh đoàn"),
        ("Đảng bộ tỉnh lộ 5", Kind.GRASSROOTS_COMMITTEE, "Đảng ủy tỉnh lộ 5"),
        ("Đảng bộ huyện Cao Lộc", Kind.DISTRICT, "Huyện ủy Cao Lộc"),
        ("Đảng uỷ Khối", Kind.BLOC, "Đảng ủy Khối"),
    ],
)
def test_a_committee_writes_under_the_name_of_its_elected_body(name, kind, body):
    assert body_name(name, kind) == body


def test_above_the_issuer_stands_the_organisation_not_its_body():
    assert parent_line("Đảng ủy phường Lê Lợi") == "Đảng bộ phường Lê Lợi"


def test_a_cell_signs_for_the_cell_and_a_committee_for_the_committee():
    assert authority("Chi bộ Ban Dân vận", is_cell=True) == "T/M CHI BỘ"
    assert authority("Đảng ủy phường Lê Lợi", is_cell=False) == "T/M ĐẢNG ỦY"
    assert authority("Tỉnh ủy Lạng Sơn", is_cell=False) == "T/M TỈNH ỦY"


def test_recipients_begin_with_a_hyphen_and_the_last_ends_with_a_full_stop():
    assert recipients("Chi bộ X", True, "Đảng ủy Y") == ["- Đảng ủy Y (để\u00a0báo\u00a0cáo),", "- Lưu Chi bộ."]
    assert recipients("Tỉnh ủy Z", False, None) == ["- Lưu Tỉnh ủy."]
