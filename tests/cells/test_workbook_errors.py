"""Every rule of the exchange workbook: one row breaks it, that row is named, nothing else is, nothing is written."""

import datetime as dt

import pytest

from cells.exchange.values import CellError
from tests.cells.books import (
    CONFERENCES,
    MARKS,
    MEMBERS,
    ORGANISATIONS,
    SESSIONS,
    SITES,
    SPEAKERS,
    changed,
    conference,
    extended,
    good_book,
    mark,
    member,
    organisation,
    places,
    session,
    site,
    speaker,
)

pytestmark = pytest.mark.once

GOOD = good_book()
END = {"Đến ngày": "31/12/2023"}
HALF_PAST_SEVEN = dt.datetime(2024, 5, 3, 7, 30)  # noqa: DTZ001 - as Excel has it


def put(title, row, **cells):
    return changed(GOOD, title, row, **{name.replace("_", " "): value for name, value in cells.items()})


def more(title, *rows):
    return extended(GOOD, title, *rows)


# name: (book, the only places that are wrong)
ORGANISATION_ERRORS = {
    "no code": (put(ORGANISATIONS, 3, Mã=None), [(ORGANISATIONS, 3, "Mã")]),
    "code as number with a fraction": (put(ORGANISATIONS, 3, Mã=1.1), [(ORGANISATIONS, 3, "Mã")]),
    "no name": (put(ORGANISATIONS, 3, Tên=" "), [(ORGANISATIONS, 3, "Tên")]),
    "unknown kind": (put(ORGANISATIONS, 3, Loại="chi đoàn"), [(ORGANISATIONS, 3, "Loại")]),
    "no first day": (put(ORGANISATIONS, 3, Từ_ngày=None), [(ORGANISATIONS, 3, "Từ ngày")]),
    "a day that is none": (put(ORGANISATIONS, 3, Từ_ngày="31/02/2020"), [(ORGANISATIONS, 3, "Từ ngày")]),
    "unknown parent": (put(ORGANISATIONS, 3, Trực_thuộc="9"), [(ORGANISATIONS, 3, "Trực thuộc")]),
    "below itself": (put(ORGANISATIONS, 3, Trực_thuộc="1.1"), [(ORGANISATIONS, 3, "Trực thuộc")]),
    "below a cell": (put(ORGANISATIONS, 4, Trực_thuộc="1.1"), [(ORGANISATIONS, 4, "Trực thuộc")]),
    "two without a parent": (put(ORGANISATIONS, 4, Trực_thuộc=None), [(ORGANISATIONS, 4, "Trực thuộc")]),
    "ends before it begins": (put(ORGANISATIONS, 4, Đến_ngày="31/12/2019"), [(ORGANISATIONS, 4, "Đến ngày")]),
    "parent begins later": (
        more(ORGANISATIONS, organisation("1.3", first_day="31/12/2019")),
        [(ORGANISATIONS, 5, "Trực thuộc")],
    ),
    "parent ends earlier": (
        more(
            ORGANISATIONS,
            organisation("1.3", "đảng bộ bộ phận", **END),
            organisation("1.3.1", parent="1.3"),
        ),
        [(ORGANISATIONS, 6, "Trực thuộc")],
    ),
    "gap": (
        more(ORGANISATIONS, organisation("1.3", **END), organisation("1.3", first_day="02/01/2024")),
        [(ORGANISATIONS, 6, "Từ ngày")],
    ),
    "overlap": (
        more(ORGANISATIONS, organisation("1.3", **END), organisation("1.3", first_day="31/12/2023")),
        [(ORGANISATIONS, 6, "Từ ngày")],
    ),
    "overlap with an open period": (
        more(ORGANISATIONS, organisation("1.3"), organisation("1.3", first_day="01/01/2024")),
        [(ORGANISATIONS, 6, "Từ ngày")],
    ),
    "key twice": (more(ORGANISATIONS, organisation("1.2")), [(ORGANISATIONS, 5, "Mã")]),
    "circle on the same day": (
        more(
            ORGANISATIONS,
            organisation("A", "đảng bộ bộ phận", "B"),
            organisation("B", "đảng bộ bộ phận", "A"),
        ),
        [(ORGANISATIONS, 5, "Trực thuộc")],
    ),
    "successor of one still in force": (
        more(ORGANISATIONS, organisation("1.3", **{"Kế tục bởi": "1.1"})),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
    "successor not in the last period": (
        more(
            ORGANISATIONS,
            organisation("1.3", **END, **{"Kế tục bởi": "1.1"}),
            organisation("1.3", first_day="01/01/2024"),
        ),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
    "unknown successor": (
        more(ORGANISATIONS, organisation("1.3", **END, **{"Kế tục bởi": "9"})),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
    "successor begins a day late": (
        more(
            ORGANISATIONS,
            organisation("1.3", **END, **{"Kế tục bởi": "1.4"}),
            organisation("1.4", first_day="02/01/2024"),
        ),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
    "itself as successor": (
        more(ORGANISATIONS, organisation("1.3", **END, **{"Kế tục bởi": "1.3"})),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
    "cell succeeded by a committee": (
        more(ORGANISATIONS, organisation("1.3", **END, **{"Kế tục bởi": "1"})),
        [(ORGANISATIONS, 5, "Kế tục bởi")],
    ),
}
MEMBER_ERRORS = {
    "no code": (put(MEMBERS, 2, Mã_đảng_viên=None), [(MEMBERS, 2, "Mã đảng viên")]),
    "no name": (put(MEMBERS, 2, Họ_và_tên=None), [(MEMBERS, 2, "Họ và tên")]),
    "birth is neither day nor year": (put(MEMBERS, 2, Ngày_sinh="mùa xuân"), [(MEMBERS, 2, "Ngày sinh")]),
    "birth year with a fraction": (put(MEMBERS, 2, Ngày_sinh=1970.5), [(MEMBERS, 2, "Ngày sinh")]),
    "sex": (put(MEMBERS, 2, Giới_tính="khác"), [(MEMBERS, 2, "Giới tính")]),
    "unknown cell": (put(MEMBERS, 2, Mã_chi_bộ="9"), [(MEMBERS, 2, "Mã chi bộ")]),
    "not a cell": (put(MEMBERS, 2, Mã_chi_bộ="1"), [(MEMBERS, 2, "Mã chi bộ")]),
    "before the cell existed": (put(MEMBERS, 2, Từ_ngày="31/12/2019"), [(MEMBERS, 2, "Mã chi bộ")]),
    "standing": (put(MEMBERS, 2, Tư_cách="cảm tình"), [(MEMBERS, 2, "Tư cách")]),
    "status": (put(MEMBERS, 2, Tình_trạng="nghỉ"), [(MEMBERS, 2, "Tình trạng")]),
    "ends before it begins": (put(MEMBERS, 2, Đến_ngày="31/12/2019"), [(MEMBERS, 2, "Đến ngày")]),
    "key twice": (more(MEMBERS, member("P1", "1.2")), [(MEMBERS, 5, "Mã đảng viên")]),
    "two homes on one day": (more(MEMBERS, member("P1", "1.2", first_day="01/01/2024")), [(MEMBERS, 5, "Từ ngày")]),
    "another name": (
        more(MEMBERS, member("P4", **END), member("P4", first_day="01/01/2024", **{"Họ và tên": "Người khác"})),
        [(MEMBERS, 6, "Họ và tên")],
    ),
    "another birth date": (
        more(MEMBERS, member("P4", **END, **{"Ngày sinh": 1970}), member("P4", first_day="01/01/2024")),
        [(MEMBERS, 6, "Ngày sinh")],
    ),
    "host while active at home": (
        more(MEMBERS, member("P1", "1.2", "tạm thời đến", "01/06/2024")),
        [(MEMBERS, 5, "Tình trạng")],
    ),
    "host at the own cell": (
        more(
            MEMBERS,
            member("P4", "1.1", "tạm thời đi", "01/06/2024"),
            member("P4", "1.1", "tạm thời đến", "01/06/2024"),
        ),
        [(MEMBERS, 6, "Tình trạng")],
    ),
    "two hosts on one day": (
        more(
            MEMBERS,
            member("P4", "1.1", "tạm thời đến", "01/06/2024"),
            member("P4", "1.2", "tạm thời đến", "01/07/2024"),
        ),
        [(MEMBERS, 6, "Từ ngày")],
    ),
    "home comes back before the host row ends": (
        more(
            MEMBERS,
            member("P4", "1.1", "tạm thời đi", "01/06/2024", **{"Đến ngày": "30/06/2024"}),
            member("P4", "1.1", first_day="01/07/2024"),
            member("P4", "1.2", "tạm thời đến", "01/06/2024", **{"Đến ngày": "01/07/2024"}),
        ),
        [(MEMBERS, 7, "Tình trạng")],
    ),
}
SESSION_ERRORS = {
    "no code": (put(SESSIONS, 2, Mã_buổi=None), [(SESSIONS, 2, "Mã buổi")]),
    "unknown cell": (put(SESSIONS, 2, Mã_chi_bộ="9"), [(SESSIONS, 2, "Mã chi bộ")]),
    "not a cell": (put(SESSIONS, 2, Mã_chi_bộ="1"), [(SESSIONS, 2, "Mã chi bộ")]),
    "before the cell existed": (put(SESSIONS, 2, Ngày="31/12/2019"), [(SESSIONS, 2, "Mã chi bộ")]),
    "no day": (put(SESSIONS, 2, Ngày=None), [(SESSIONS, 2, "Ngày")]),
    "day with a time": (put(SESSIONS, 2, Ngày=HALF_PAST_SEVEN), [(SESSIONS, 2, "Ngày")]),
    "no time of day": (put(SESSIONS, 2, Bắt_đầu="25:00"), [(SESSIONS, 2, "Bắt đầu")]),
    "ends before it starts": (put(SESSIONS, 2, Bắt_đầu="9:00", Kết_thúc="8:00"), [(SESSIONS, 2, "Kết thúc")]),
    "kind": (put(SESSIONS, 2, Loại="họp"), [(SESSIONS, 2, "Loại")]),
    "thematic without theme": (put(SESSIONS, 2, Loại="chuyên đề"), [(SESSIONS, 2, "Chuyên đề")]),
    "combined without theme": (put(SESSIONS, 2, Loại="định kỳ và chuyên đề"), [(SESSIONS, 2, "Chuyên đề")]),
    "mode": (put(SESSIONS, 2, Hình_thức="qua thư"), [(SESSIONS, 2, "Hình thức")]),
    "fewer than no guests": (put(SESSIONS, 2, Khách_mời=-1), [(SESSIONS, 2, "Khách mời")]),
    "half a guest": (put(SESSIONS, 2, Khách_mời=1.5), [(SESSIONS, 2, "Khách mời")]),
    "half a guest in text": (put(SESSIONS, 2, Khách_mời="1,5"), [(SESSIONS, 2, "Khách mời")]),
    "dots in the wrong place": (put(SESSIONS, 2, Khách_mời="12.74"), [(SESSIONS, 2, "Khách mời")]),
    "endless guests": (put(SESSIONS, 2, Khách_mời=float("inf")), [(SESSIONS, 2, "Khách mời")]),
    "no number of guests": (put(SESSIONS, 2, Khách_mời=float("nan")), [(SESSIONS, 2, "Khách mời")]),
    "more guests than can be stored": (put(SESSIONS, 2, Khách_mời=3_000_000_000), [(SESSIONS, 2, "Khách mời")]),
    "estimate": (put(SESSIONS, 2, Ước_lượng="độ"), [(SESSIONS, 2, "Ước lượng")]),
    "state": (put(SESSIONS, 2, Trạng_thái="xong"), [(SESSIONS, 2, "Trạng thái")]),
    "state of the application only": (
        more(SESSIONS, session("S3", state="đang điểm danh")),
        [(SESSIONS, 4, "Trạng thái")],
    ),
    "key twice": (more(SESSIONS, session("S1", "1.2")), [(SESSIONS, 4, "Mã buổi")]),
    "finished without roll-call": (
        more(SESSIONS, session("S3", "1.2")),
        [(SESSIONS, 4, "Mã buổi")],
    ),
}
MARK_ERRORS = {
    "unknown session": (more(MARKS, mark("S9", "P1")), [(MARKS, 5, "Mã buổi")]),
    "unknown person": (more(MARKS, mark("S1", "P9")), [(MARKS, 5, "Mã đảng viên")]),
    "person of another cell": (more(MARKS, mark("S1", "P3")), [(MARKS, 5, "Mã đảng viên")]),
    "result": (put(MARKS, 2, Kết_quả="vắng"), [(MARKS, 2, "Kết quả")]),
    "no result": (put(MARKS, 2, Kết_quả=None), [(MARKS, 2, "Kết quả")]),
    "reason of one who came": (put(MARKS, 2, Lý_do="ốm"), [(MARKS, 2, "Lý do")]),
    "reason of one who stayed away without": (
        put(MARKS, 2, Kết_quả="vắng không lý do", Lý_do="ốm"),
        [(MARKS, 2, "Lý do")],
    ),
    "key twice": (more(MARKS, mark("S1", "P1")), [(MARKS, 5, "Mã buổi")]),
    "unknown session code hides the missing mark": (put(MARKS, 2, Mã_buổi="S9"), [(MARKS, 2, "Mã buổi")]),
    "unknown person hides the missing mark": (put(MARKS, 2, Mã_đảng_viên="P9"), [(MARKS, 2, "Mã đảng viên")]),
    "no person hides the missing mark": (put(MARKS, 2, Mã_đảng_viên=None), [(MARKS, 2, "Mã đảng viên")]),
    "no session hides the missing mark": (put(MARKS, 2, Mã_buổi=None), [(MARKS, 2, "Mã buổi")]),
    "of a planned session": (
        extended(more(SESSIONS, session("S3", state="dự kiến")), MARKS, mark("S3", "P1")),
        [(MARKS, 5, "Mã buổi")],
    ),
    "of a cancelled session": (
        extended(more(SESSIONS, session("S3", state="hủy")), MARKS, mark("S3", "P1")),
        [(MARKS, 5, "Mã buổi")],
    ),
    "exempt and absent": (
        extended(more(MEMBERS, member("P4", status="miễn sinh hoạt")), MARKS, mark("S1", "P4", "vắng có lý do")),
        [(MARKS, 5, "Kết quả")],
    ),
    **{
        f"mark of one who is {status}": (
            extended(more(MEMBERS, member("P4", status=status)), MARKS, mark("S1", "P4")),
            [(MARKS, 5, "Mã đảng viên")],
        )
        for status in ("tạm thời đi", "đình chỉ", "nhiệm vụ đặc biệt")
    },
    "missing mark of a guest member": (
        more(MEMBERS, member("P4", status="tạm thời đến")),
        [(SESSIONS, 2, "Mã buổi")],
    ),
}
SPEAKER_ERRORS = {
    "unknown person without a name": (more(SPEAKERS, speaker("P9")), [(SPEAKERS, 3, "Họ và tên")]),
    "name of a member": (put(SPEAKERS, 2, Họ_và_tên="Người P1"), [(SPEAKERS, 2, "Họ và tên")]),
    "two names of one outsider": (
        more(
            SPEAKERS,
            speaker("X1", **{"Họ và tên": "Ông A"}),
            speaker("X1", kind="tuyên truyền viên", **{"Họ và tên": "Ông B"}),
        ),
        [(SPEAKERS, 4, "Họ và tên")],
    ),
    "kind": (put(SPEAKERS, 2, Loại="giảng viên"), [(SPEAKERS, 2, "Loại")]),
    "level": (put(SPEAKERS, 2, Cấp="khối"), [(SPEAKERS, 2, "Cấp")]),
    "district without end": (put(SPEAKERS, 2, Cấp="huyện"), [(SPEAKERS, 2, "Đến ngày")]),
    "district a day too long": (put(SPEAKERS, 2, Cấp="huyện", Đến_ngày="01/07/2025"), [(SPEAKERS, 2, "Đến ngày")]),
    "commune a day too early": (put(SPEAKERS, 2, Cấp="xã", Từ_ngày="30/06/2025"), [(SPEAKERS, 2, "Từ ngày")]),
    "unknown organisation": (put(SPEAKERS, 2, Mã_tổ_chức="9"), [(SPEAKERS, 2, "Mã tổ chức")]),
    "before the organisation existed": (put(SPEAKERS, 2, Từ_ngày="31/12/2019"), [(SPEAKERS, 2, "Mã tổ chức")]),
    "decision date": (put(SPEAKERS, 2, Ngày_quyết_định="hôm qua"), [(SPEAKERS, 2, "Ngày quyết định")]),
    "ends before it begins": (put(SPEAKERS, 2, Đến_ngày="31/12/2023"), [(SPEAKERS, 2, "Đến ngày")]),
    "key twice": (more(SPEAKERS, speaker("P1")), [(SPEAKERS, 3, "Mã đảng viên")]),
}
CONFERENCE_ERRORS = {
    "unknown organisation": (put(CONFERENCES, 2, Mã_tổ_chức="9"), [(CONFERENCES, 2, "Mã tổ chức")]),
    "before the organisation existed": (put(CONFERENCES, 2, Ngày="31/12/2019"), [(CONFERENCES, 2, "Mã tổ chức")]),
    "no subject": (put(CONFERENCES, 2, Nội_dung=None), [(CONFERENCES, 2, "Nội dung")]),
    "no mode": (put(CONFERENCES, 2, Hình_thức=None), [(CONFERENCES, 2, "Hình thức")]),
    "state": (put(CONFERENCES, 2, Trạng_thái="đã kết thúc"), [(CONFERENCES, 2, "Trạng thái")]),
    "nobody called": (put(CONFERENCES, 2, Triệu_tập=None), [(CONFERENCES, 2, "Triệu tập")]),
    "present": (put(CONFERENCES, 2, Có_mặt="nhiều"), [(CONFERENCES, 2, "Có mặt")]),
    "key twice": (more(CONFERENCES, conference("H1")), [(CONFERENCES, 3, "Mã hội nghị")]),
    "site of an unknown conference": (more(SITES, site("H9", "Xã B")), [(SITES, 3, "Mã hội nghị")]),
    "site of a conference in person": (
        extended(more(CONFERENCES, conference("H2", mode="trực tiếp")), SITES, site("H2", "Xã B")),
        [(SITES, 3, "Mã hội nghị")],
    ),
    "site without a name": (put(SITES, 2, Tên_điểm_cầu=None), [(SITES, 2, "Tên điểm cầu")]),
    "unknown organisation at a site": (put(SITES, 2, Mã_tổ_chức="9"), [(SITES, 2, "Mã tổ chức")]),
    "site twice": (more(SITES, site("H1", "Xã  A ")), [(SITES, 3, "Mã hội nghị")]),
}
# What follows only from another wrong row is not listed again.
CONSEQUENCES = {
    "the wrong committee has right cells": (put(ORGANISATIONS, 2, Loại="?"), [(ORGANISATIONS, 2, "Loại")]),
    "the committee without a code has right cells": (put(ORGANISATIONS, 2, Mã=None), [(ORGANISATIONS, 2, "Mã")]),
    "the wrong cell has right members, sessions and marks": (
        put(ORGANISATIONS, 3, Loại="?"),
        [(ORGANISATIONS, 3, "Loại")],
    ),
    "a wrong place in a chain is told at its root": (
        more(
            ORGANISATIONS,
            organisation("A", "đảng bộ bộ phận", "9"),
            organisation("A.1", "đảng bộ bộ phận", "A"),
            organisation("A.1.1", parent="A.1"),
        ),
        [(ORGANISATIONS, 5, "Trực thuộc")],
    ),
    "a period without a code is no gap": (
        more(
            ORGANISATIONS,
            organisation("1.3", **{"Đến ngày": "31/12/2021"}),
            organisation(None, first_day="01/01/2022", **END),
            organisation("1.3", first_day="01/01/2024"),
        ),
        [(ORGANISATIONS, 6, "Mã")],
    ),
    "the wrong member has right marks": (put(MEMBERS, 2, Tư_cách="?"), [(MEMBERS, 2, "Tư cách")]),
    "a span without a code may be that of the mark": (
        extended(
            extended(
                more(MEMBERS, member("P4", **END), member(None, "1.2", first_day="01/01/2024")),
                SESSIONS,
                session("S0", "1.1", "03/05/2023"),
            ),
            MARKS,
            mark("S0", "P1"),
            mark("S0", "P2"),
            mark("S0", "P4"),
            mark("S2", "P4"),
        ),
        [(MEMBERS, 6, "Mã đảng viên")],
    ),
    "but not that of a mark in another cell": (
        extended(more(MEMBERS, member(None, "1.2")), MARKS, mark("S1", "P9")),
        [(MEMBERS, 5, "Mã đảng viên"), (MARKS, 5, "Mã đảng viên")],
    ),
    "the wrong session has right marks": (put(SESSIONS, 2, Loại="?"), [(SESSIONS, 2, "Loại")]),
    "the session at a wrong day has right marks": (put(SESSIONS, 2, Ngày="03/05/2019"), [(SESSIONS, 2, "Mã chi bộ")]),
    "the wrong conference has right sites": (put(CONFERENCES, 2, Hình_thức="?"), [(CONFERENCES, 2, "Hình thức")]),
    "the conference without a code has right sites": (
        put(CONFERENCES, 2, Mã_hội_nghị=None),
        [(CONFERENCES, 2, "Mã hội nghị")],
    ),
}
CELL_ERRORS = {
    "error value": (put(MEMBERS, 2, Ngày_sinh=CellError("#N/A")), [(MEMBERS, 2, "Ngày sinh")]),
    "formula without a value in a code": (put(MARKS, 2, Mã_đảng_viên=CellError("=…")), [(MARKS, 2, "Mã đảng viên")]),
    "truth value as a code": (put(MEMBERS, 2, Mã_đảng_viên=True), [(MEMBERS, 2, "Mã đảng viên")]),
    "date as a name": (put(MEMBERS, 2, Họ_và_tên=dt.date(2024, 5, 3)), [(MEMBERS, 2, "Họ và tên")]),
    "code of 61 letters": (put(ORGANISATIONS, 4, Mã="x" * 61), [(ORGANISATIONS, 4, "Mã")]),
    "digits that Excel has rounded": (put(MEMBERS, 2, Mã_đảng_viên=1e15), [(MEMBERS, 2, "Mã đảng viên")]),
    "plain number as a day": (put(SESSIONS, 2, Ngày=45415), [(SESSIONS, 2, "Ngày")]),
    "American order of a date": (put(SESSIONS, 2, Ngày="05/31/2024"), [(SESSIONS, 2, "Ngày")]),
    "mixed separators": (put(SESSIONS, 2, Ngày="3/5-2024"), [(SESSIONS, 2, "Ngày")]),
    "two digits of a year": (put(SESSIONS, 2, Ngày="3/5/24"), [(SESSIONS, 2, "Ngày")]),
    "unknown sheet": (GOOD | {"Ghi chú": [{"x": 1}]}, [("Ghi chú", 0, "")]),
    "strange name of a sheet that others need": (
        {("Đảng vien" if title == MEMBERS else title): rows for title, rows in GOOD.items()},
        [("Đảng vien", 0, "")],
    ),
    "sheet twice": (GOOD | {f" {SITES}": []}, [(SITES, 0, "")]),
    "unknown heading": (put(MEMBERS, 2, Ghi_chú="x"), [(MEMBERS, 1, "Ghi chú")]),
}
ERRORS = {
    f"{group}: {name}": case
    for group, cases in {
        "organisation": ORGANISATION_ERRORS,
        "member": MEMBER_ERRORS,
        "session": SESSION_ERRORS,
        "mark": MARK_ERRORS,
        "speaker": SPEAKER_ERRORS,
        "conference": CONFERENCE_ERRORS,
        "consequence": CONSEQUENCES,
        "cell": CELL_ERRORS,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("book", "wrong"), ERRORS.values(), ids=ERRORS)
def test_only_the_wrong_row_is_listed_and_nothing_is_written(book, wrong, enter, everything):
    before = everything()

    plan = enter(book)

    assert places(plan) == wrong
    assert everything() == before


def test_the_good_book_is_right(enter):
    plan = enter(GOOD)

    assert (plan.problems, plan.warnings) == ([], [])
    assert {title: plan.counts(title)["added"] for title in GOOD} == {title: len(rows) for title, rows in GOOD.items()}
