"""Files that are no honest workbook: refused at once with a reason, nothing written, no traceback."""

import random
import time
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from tests.cells.books import MEMBERS, extended, good_book, member, save
from tests.cells.hostile import HOSTILE, packed, parts_of

pytestmark = pytest.mark.once

# Two seconds is the promise on an idle machine; tests run on busy ones.
SECONDS = 10
SEED = 20261121
MUTATIONS = 200


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return save(good_book(), tmp_path_factory.mktemp("books") / "good.xlsx").read_bytes()


def run(path, *options) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of the public command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_workbook", path, *options, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(make, good, tmp_path, everything):
    path = tmp_path / "book.xlsx"
    path.write_bytes(make(good))
    before = everything()

    start = time.perf_counter()
    code, out, err = run(path)
    took = time.perf_counter() - start

    reason = err.strip().splitlines()[-1]
    assert (code, out) == (2, "")
    assert reason.startswith(("Tệp ", "Đọc tệp "))
    assert took < SECONDS
    assert everything() == before


def test_a_file_that_is_not_there_is_refused(db, tmp_path):
    code, _out, err = run(tmp_path / "none.xlsx")

    assert (code, err.strip().splitlines()[-1]) == (2, "Không thấy tệp.")


def test_a_folder_is_refused(db, tmp_path):
    assert run(tmp_path)[0] == 2


def test_a_file_of_more_than_30_mb_is_not_even_opened(db, tmp_path):
    path = tmp_path / "book.xlsx"
    with path.open("wb") as file:
        file.truncate(30 * 1024 * 1024 + 1)

    assert run(path)[0] == 2


def mutated_inside(good: bytes, chance: random.Random) -> bytes:
    """One part spoilt, and packed again as if nothing had happened."""
    parts = parts_of(good)
    name = chance.choice(sorted(parts))
    parts[name] = spoilt(parts[name], chance)
    return packed(parts)


def spoilt(content: bytes, chance: random.Random) -> bytes:
    content = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        place = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[place] = chance.randrange(256)
            case 1:
                content[place] = ord(chance.choice("0123456789ABCXr<>/\"'= "))
            case 2:
                del content[place : place + chance.randrange(1, 40)]
            case _:
                piece = content[place : place + chance.randrange(1, 60)]
                content[place:place] = piece
        if not content:
            return b"x"
    return bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("mutate", [spoilt, mutated_inside])
def test_no_mutation_of_a_good_file_ends_in_a_traceback(mutate, good, tmp_path, db, everything):
    chance = random.Random(SEED)
    path = tmp_path / "book.xlsx"
    path.write_bytes(good)
    assert run(path)[0] == 0
    before = everything()
    codes = Counter()

    for _ in range(MUTATIONS):
        path.write_bytes(mutate(good, chance))
        code, out, _err = run(path, "--dry-run")
        codes[code] += 1
        # The sums inside the file see every change of its bytes, but for those that mean nothing.
        assert mutate is mutated_inside or code == 2 or out.count("thêm 0, đổi 0") == 7

    assert codes.keys() <= {0, 1, 2}
    assert codes[2] > MUTATIONS / 4
    assert everything() == before


def test_an_honest_file_of_5000_rows_comes_in_whole(db, tmp_path):
    book = extended(
        good_book(),
        MEMBERS,
        *(member(f"N{number}", "1.2", first_day="01/06/2024") for number in range(5000)),
    )

    code, out, _err = run(save(book, tmp_path / "book.xlsx"))

    assert code == 0
    assert "Đảng viên: thêm 5003, đổi 0, không đổi 0, sai 0" in out.splitlines()


def test_one_bad_row_in_5000_keeps_all_out(db, tmp_path, everything):
    before = everything()
    rows = [member(f"N{number}", "1.2", first_day="01/06/2024") for number in range(5000)]
    rows[2500] |= {"Mã chi bộ": "9"}
    rows[4000] |= {"Tư cách": "?"}

    code, out, _err = run(save(extended(good_book(), MEMBERS, *rows), tmp_path / "book.xlsx"))

    errors = [line.partition(":")[0] for line in out.splitlines() if line.startswith("LỖI")]
    assert code == 1
    assert errors == [
        "LỖI trang “Đảng viên”, dòng 2505, cột “Mã chi bộ” (đang là “9”)",
        "LỖI trang “Đảng viên”, dòng 4005, cột “Tư cách” (đang là “?”)",
    ]
    assert everything() == before
