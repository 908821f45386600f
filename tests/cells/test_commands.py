"""The commands of the exchange workbook and of the figures, as an operator meets them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cells.exchange.reading import read_sheets
from tests.cells.books import MEMBERS, SESSIONS, changed, good_book, save

COUNTS = """Tổ chức: thêm 3, đổi 0, không đổi 0, sai 0
Đảng viên: thêm 3, đổi 0, không đổi 0, sai 0
Buổi sinh hoạt: thêm 2, đổi 0, không đổi 0, sai 0
Điểm danh: thêm 3, đổi 0, không đổi 0, sai 0
Báo cáo viên: thêm 1, đổi 0, không đổi 0, sai 0
Hội nghị: thêm 1, đổi 0, không đổi 0, sai 0
Điểm cầu: thêm 1, đổi 0, không đổi 0, sai 0
"""


def run(*arguments) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    except CommandError as refusal:
        return refusal.returncode, out.getvalue(), f"{refusal}\n"  # as manage.py prints it and ends
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def book(db, tmp_path):
    return save(good_book(), tmp_path / "book.xlsx")


def test_a_trial_prints_what_the_import_then_prints(book, everything):
    before = everything()

    trial = run("import_workbook", book, "--dry-run")

    assert trial[:2] == (0, COUNTS)
    assert everything() == before
    assert run("import_workbook", book)[:2] == (0, COUNTS)
    again = COUNTS.replace("không đổi 0", "không đổi #")
    for number in (3, 3, 2, 3, 1, 1, 1):
        again = again.replace(f"thêm {number}", "thêm 0", 1).replace("không đổi #", f"không đổi {number}", 1)
    assert run("import_workbook", book)[:2] == (0, again)


def test_wrong_rows_are_printed_after_the_counts_in_the_order_of_the_file(db, tmp_path):
    wrong = changed(changed(good_book(), SESSIONS, 3, Loại="họp"), MEMBERS, 2, **{"Tư cách": None})

    code, out, _err = run("import_workbook", save(wrong, tmp_path / "book.xlsx"))

    lines = out.splitlines()
    assert code == 1
    assert lines[1:3] == [
        "Đảng viên: thêm 2, đổi 0, không đổi 0, sai 1",
        "Buổi sinh hoạt: thêm 1, đổi 0, không đổi 0, sai 1",
    ]
    kinds = "định kỳ, chuyên đề, định kỳ và chuyên đề, bất thường"
    assert lines[7:9] == [
        "LỖI trang “Đảng viên”, dòng 2, cột “Tư cách”: không được để trống",
        f"LỖI trang “Buổi sinh hoạt”, dòng 3, cột “Loại” (đang là “họp”): phải là một trong: {kinds}",
    ]
    assert len(lines) == 10


def test_an_export_holds_the_rows_of_the_book(book, tmp_path):
    run("import_workbook", book)

    code, out, _err = run("export_workbook", tmp_path / "out.xlsx")

    assert (code, out.splitlines()[:2]) == (0, ["Tổ chức: 3", "Đảng viên: 3"])
    assert [len(sheet.rows) - 1 for sheet in read_sheets(tmp_path / "out.xlsx")] == [3, 3, 2, 3, 1, 1, 1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("export_workbook", "{folder}/out.xlsx", "--organisation", "9"),
        ("export_workbook", "{folder}/no/such/folder/out.xlsx"),
        ("figures", "9", "2024"),
        ("figures", "1", "2024-13"),
        ("figures", "1", "2024-Q5"),
        ("figures", "1", "２０２４"),
        ("figures", "1", "2024-Q2", "--until", "2024-07-01"),
        ("figures", "1", "2024-Q2", "--until", "2024-03-31"),
    ],
)
def test_what_does_not_exist_is_told_in_one_line(book, tmp_path, arguments):
    run("import_workbook", book)

    code, out, err = run(*(argument.format(folder=tmp_path) for argument in arguments))

    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert not (tmp_path / "out.xlsx").exists()


def test_figures_are_integers_a_number_or_null_and_text(book):
    run("import_workbook", book)

    held = json.loads(run("figures", "1.1", "2024-05")[1])
    never = json.loads(run("figures", "1.1", "2024-06")[1])

    assert {name: type(value) for name, value in held.items() if type(value) is not int} == {
        "guests_mark": str,
        "conference_mark": str,
        "attendance_rate": float,
    }
    assert (held["expected"], held["present"], held["attendance_rate"]) == (2, 2, 1.0)
    assert (never["expected"], never["attendance_rate"]) == (0, None)
