"""Every spelling in which people cite a document leads to the same one (domain.md 2.4 and section 6)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolutions.citing import TYPES, Citation, find_day, find_span, find_term, find_time, of_parts, read

pytestmark = pytest.mark.once

DAY = dt.date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01-ĐA/ĐUK, 09/02/2022", Citation("ĐA", 1, "", "ĐUK", "", 2022, DAY(2022, 2, 9))),  # T0-5
        ("09-HD/TU", Citation("HD", 9, "", "TU")),  # T3-6
        ("3638-QĐ/TU 28/02/2020", Citation("QĐ", 3638, "", "TU", "", 2020, DAY(2020, 2, 28))),  # T2-7
        ("Số 11 - CTr/ĐUK", Citation("CTr", 11, "", "ĐUK")),  # T2-16
        ("05 - CT/TW ngày 15/5/2016", Citation("CT", 5, "", "TW", "XII", 2016, DAY(2016, 5, 15))),  # T2-18
        ("05-CT/TW", Citation("CT", 5, "", "TW")),  # T1-10
        ("01-KL/TW 18-5-2021", Citation("KL", 1, "", "TW", "XIII", 2021, DAY(2021, 5, 18))),  # T1-10
        ("35-NQ/TW", Citation("NQ", 35, "", "TW")),
        ("Kết luận số 01 của Bộ Chính trị khóa XIII", Citation("KL", 1, term="XIII")),  # T4-7
        ("Chỉ thị số 05 của Bộ Chính trị khóa XII", Citation("CT", 5, term="XII")),  # T4-7
        ("Kết luận số 01", Citation("KL", 1)),
        ("12a-kh/tu năm 2024", Citation("KH", 12, "a", "TU", "", 2024)),
        ("05/CT-TW", Citation("CT", 5, "", "TW")),
        ("Quyết định số 3638/QĐ-TU ngày 28/02/2020", Citation("QĐ", 3638, "", "TU", "", 2020, DAY(2020, 2, 28))),
        ("NQ 35 khóa XII", Citation("NQ", 35, term="XII")),
        ("Chỉ thị 05", Citation("CT", 5)),
        ("Số 11 - CTr/ĐUK nhiệm kỳ 2020 - 2025", Citation("CTr", 11, "", "ĐUK")),  # T2-17: the years are a term
        ("báo cáo tình hình", Citation()),
    ],
)
def test_what_a_citation_says(text, expected):
    assert read(text) == expected


def test_three_spellings_of_one_directive_are_one_document():
    spellings = [read(text) for text in ("05-CT/TW", "05 - CT/TW ngày 15/5/2016", "Chỉ thị số 05 khóa XII")]

    assert [[one.may_be(other) for other in spellings] for one in spellings] == [[True] * 3] * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kết luận số 01 khóa XIII", "Kết luận số 01 khóa XII"),
        ("01-KL/TW 18-5-2021", "Kết luận số 01 khóa XII"),  # the day says the term
        ("09-HD/TU 29/5/2019", "09-HD/TU 29/5/2020"),
        ("09-HD/TU", "09-HD/BTCTW"),
        ("05-CT/TW", "05-KL/TW"),
        ("05-CT/TW", "50-CT/TW"),
        ("12-KH/TU", "12a-KH/TU"),
        ("không có số", "không có số"),
    ],
)
def test_what_is_not_one_document(one, other):
    assert not read(one).may_be(read(other))


dashes = st.sampled_from(["-", " - ", "–", " – ", "- ", "—"])
strokes = st.sampled_from(["/", " / ", "/ "])
issuers = st.sampled_from(["TW", "ĐUK", "TU"])
cases = st.sampled_from([str, str.lower, str.upper])


@settings(max_examples=20)
@given(
    st.integers(1, 9999), st.sampled_from(sorted(TYPES)), st.sampled_from(["TW", "ĐUK", "TU"]), dashes, strokes, cases
)
def test_spaces_dashes_and_case_change_nothing(number, kind, issuer, dash, stroke, case):
    cited = read(case(f"Số {number:02}{dash}{kind}{stroke}{issuer}"))

    assert cited == Citation(kind, number, "", issuer)
    assert cited.symbol == f"{number:02}-{kind}/{issuer}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09/02/2022", DAY(2022, 2, 9)),
        ("29/5/2019", DAY(2019, 5, 29)),
        ("18-5-2021", DAY(2021, 5, 18)),
        ("18.5.2021", DAY(2021, 5, 18)),
        ("28/03/2023 13:37:45", DAY(2023, 3, 28)),
        ("14-12-2021 16:01", DAY(2021, 12, 14)),
        ("01-12-2023 13:47", DAY(2023, 12, 1)),
        ("ngày 15 tháng 5 năm 2016", DAY(2016, 5, 15)),
        ("31/02/2022", None),
        ("05-CT/TW", None),
    ],
)
def test_days_in_all_forms(text, day):
    assert find_day(text) == day


@pytest.mark.parametrize(
    ("text", "time"),
    [("28/03/2023 13:37:45", dt.time(13, 37, 45)), ("01-12-2023 13:47", dt.time(13, 47)), ("29/5/2019", None)],
)
def test_the_time_of_a_stored_page(text, time):
    assert find_time(text) == time


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Đại hội XXIII", "XXIII"),
        ("Đại hội Đảng bộ tỉnh lần thứ XIX", "XIX"),
        ("Hội nghị Trung ương 6 khóa XIII", "XIII"),
        ("khoá xii", "XII"),
        ("Đại hội Đảng bộ huyện Nga Sơn lần thứ XXIII", "XXIII"),  # T1-9
        ("Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "XIII"),
        ("Đại hội đại biểu Đảng bộ Khối lần thứ XX, nhiệm kỳ 2020-2025", "XX"),  # T2-17
        ("khóa học hè", ""),
    ],
)
def test_terms_in_roman_numerals(text, term):
    assert find_term(text) == term


def test_the_years_of_a_programme():
    assert find_span("Đề án giai đoạn 2022–2025") == (2022, 2025)
    assert find_span("Đề án giai đoạn 2025–2022") is None


def test_a_stored_document_is_as_its_parts_say():
    assert of_parts("05-CT/TW", "CT", "khóa XII", None) == Citation("CT", 5, "", "TW", "XII")
    assert of_parts("Số 01", "KL", "XIII", None) == Citation("KL", 1, term="XIII")
    assert of_parts("09-HD/TU", "HD", "2019", None) == Citation("HD", 9, "", "TU", "", 2019)
