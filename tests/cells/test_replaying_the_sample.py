"""The reorganisations of the sample's history, entered by orders: what comes out is the history written by hand.

The sample is cut off on the eve of a decision, as if nobody had heard of it; the decision is carried out as its users
would do it; then rows and figures are compared with those of the full history. A table of the figures is printed
(`pytest -s`).
"""

import datetime as dt

import pytest
from django.db import transaction

from cells.models import Kind as OrganisationKind
from cells.models import Organisation
from cells.restructuring.orders import Kind, New, Order
from reports.periods import Period
from reports.sample import loading
from reports.statistics import figures
from tests.cells.books import MARKS, MEMBERS, ORGANISATIONS, SESSIONS, SPEAKERS, Book, mark, session
from tests.cells.test_random_reorganisations import assert_closure_is_derived, book_now
from tests.cells.test_restructuring import done
from tests.reports import naive
from tests.reports.test_definitions import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TODAY = dt.date(2026, 11, 21)
BLOCS_MERGE, DISTRICTS_END = dt.date(2020, 2, 28), dt.date(2025, 7, 1)
SHOWN = ("cells", "members_total", "sessions", "expected", "present", "regular_due", "regular_done")


@pytest.fixture
def history(db, settings) -> Book:
    settings.IS_DEMO = False
    with transaction.atomic():
        loading.load("small", TODAY)
        book = book_now()
        transaction.set_rollback(True)
    return book


def known_on(book: Book, day: dt.date) -> Book:
    """The book as it would have been kept on that day, with nothing of what came after."""

    def told(row: dict) -> dict:
        ended = row.get("Đến ngày") is not None and row["Đến ngày"] < day
        return row if ended else {**row, "Đến ngày": None, **({"Kế tục bởi": None} if "Kế tục bởi" in row else {})}

    begun = {title: [row for row in book[title] if row["Từ ngày"] <= day] for title in (ORGANISATIONS, MEMBERS)}
    found = {title: [told(row) for row in rows] for title, rows in begun.items()}
    found[SPEAKERS] = [row for row in book[SPEAKERS] if row["Từ ngày"] <= day]  # these end by themselves
    found[SESSIONS] = [row for row in book[SESSIONS] if row["Ngày"] <= day]
    held = {row["Mã buổi"] for row in found[SESSIONS]}
    found[MARKS] = [row for row in book[MARKS] if row["Mã buổi"] in held]
    return {title: found.get(title, []) for title in book}


def meet(book: Book, cells, days) -> None:
    """The sample has no sessions before 2021; all are there."""
    for cell in cells:
        for number, day in enumerate(days):
            book[SESSIONS].append(session(f"{cell}-{number}", cell, day))
            people = sorted(naive.expected(book, cell, day))
            book[MARKS] += [mark(f"{cell}-{number}", person) for person in people]


def places(*codes: str) -> tuple[Organisation, ...]:
    return tuple(Organisation.unscoped.get(code=code) for code in codes)


def figures_of(codes, periods, on: dt.date) -> dict:
    found = {}
    for code in codes:
        for period in map(Period.parse, periods):
            for structure in ("then", "now"):
                day = on if structure == "now" else None
                told = figures(places(code)[0], period, structure, day).as_dict()
                found[code, period.code, structure] = told
    return found


def by_hand(book: Book, codes, periods, on: dt.date) -> dict:
    return {
        (code, period.code, structure): naive.figures(
            book, code, period.first_day, period.last_day, period.until, on if structure == "now" else None
        )
        for code in codes
        for period in map(Period.parse, periods)
        for structure in ("then", "now")
    }


def in_short(told: dict) -> tuple:
    return tuple(told[name] for name in SHOWN)


def show(title: str, found: dict) -> None:
    print(f"\n{title}\n{'':28}" + " ".join(f"{name:>14}" for name in SHOWN))  # noqa: T201
    for (code, period, structure), told in found.items():
        print(f"{code:10} {period:8} {structure:8}" + " ".join(f"{told[name]:>14}" for name in SHOWN))  # noqa: T201


def rows(book: Book, title: str) -> list:
    return sorted(repr(sorted((key, value) for key, value in row.items() if value is not None)) for row in book[title])


def test_the_merger_of_the_two_blocs_in_2020(history):
    end_of_year = dt.date(2020, 12, 31)
    eve, truth = known_on(history, BLOCS_MERGE - naive.ONE_DAY), known_on(history, end_of_year)
    truth[SESSIONS], truth[MARKS] = [], []
    meet(truth, ["M-BDV", "M-CTN-VP"], [dt.date(2020, month, 3) for month in (1, 2, 3)])
    eve |= {title: truth[title] for title in (MEMBERS, SESSIONS, MARKS)}
    codes, periods = ("M-TINH", "M-KCQ", "M-KDN"), ("2020-01", "2020-02", "2020-Q1", "2020")
    world = World.__new__(World)
    world.bring_in(eve)
    before = figures_of(codes, periods, end_of_year)
    assert before == by_hand(eve, codes, periods, end_of_year)

    done(
        Order(
            kind=Kind.MERGE,
            day=BLOCS_MERGE,
            decision="3638-QĐ/TU 28/02/2020",
            organisations=places("M-KCQ", "M-KDN"),
            parent=places("M-TINH")[0],
            new=(New("M-KHOI", "Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh (mẫu)", OrganisationKind.BLOC),),
        )
    )

    assert_closure_is_derived()
    assert rows(book_now(), ORGANISATIONS) == rows(truth, ORGANISATIONS)
    assert rows(book_now(), MEMBERS) == rows(truth, MEMBERS)
    codes += ("M-KHOI",)
    after = figures_of(codes, periods, end_of_year)
    assert after == by_hand(book_now(), codes, periods, end_of_year)
    # (cells, members, sessions, expected, present, regular due, regular done); 46 + 3 cells, 11 and 8 people meet
    assert in_short(after["M-KHOI", "2020-Q1", "then"]) == (49, 391, 2, 19, 19, 2 * 49, 4)  # February ends in the bloc
    assert in_short(after["M-KHOI", "2020-Q1", "now"]) == (49, 391, 6, 57, 57, 3 * 49, 6)
    assert in_short(after["M-KCQ", "2020-02", "then"]) == (0, 0, 1, 11, 11, 0, 0)  # it met on the 3rd, and ended
    committees = {"committees": 0}  # the province has one fewer from then on, and lost and gained nothing else
    kept = [key for key in before if key[0] == "M-TINH"]
    assert [after[key] | committees for key in kept] == [before[key] | committees for key in kept]
    show("before the merger of 28/02/2020", before)
    show("after it", after)


def test_the_end_of_the_districts_in_2025(history):
    last_day = dt.date(2025, 9, 30)
    eve, truth = known_on(history, DISTRICTS_END - naive.ONE_DAY), known_on(history, DISTRICTS_END)
    codes, periods = ("M-TINH", "M-HUYEN", "M-X1", "M-H-CQ"), ("2025-06", "2025-Q2", "2025-07", "2025")
    world = World.__new__(World)
    world.bring_in(eve)
    before = figures_of(codes, periods, last_day)
    assert before == by_hand(eve, codes, periods, last_day)

    def order(kind, *organisations, parent=None, heir=None, new=()):
        parent, heir = (places(code)[0] if code else None for code in (parent, heir))
        told = {"decision": "31-QĐ/TU 25/06/2025 (mẫu)", "organisations": places(*organisations)}
        done(Order(kind=kind, day=DISTRICTS_END, parent=parent, heir=heir, new=new, **told))

    def new(code: str):
        row = next(row for row in truth[ORGANISATIONS] if row["Mã"] == code)
        return (New(code, row["Tên"], next(kind for kind in OrganisationKind if kind.label == row["Loại"])),)

    order(Kind.DISSOLVE, "M-HUYEN", heir="M-TINH")
    order(Kind.MERGE, "M-X1", "M-X2", parent="M-TINH", new=new("M-XA"))
    order(Kind.MERGE, "M-X3", "M-X4", parent="M-TINH", new=new("M-XB"))
    for body in ("M-XA-CQ", "M-XA-UB"):
        order(Kind.FOUND, parent="M-XA", new=new(body))
    order(Kind.MERGE, "M-H-CQ", parent="M-XA-CQ", new=new("M-XA-XDD"))
    order(Kind.MERGE, "M-H-UB", parent="M-XA-UB", new=new("M-XA-KT"))
    order(Kind.MERGE, "M-X1-TYT", "M-X2-TYT", parent="M-XA-UB", new=new("M-XA-TYT"))

    assert_closure_is_derived()
    assert rows(book_now(), ORGANISATIONS) == rows(truth, ORGANISATIONS)
    assert rows(book_now(), MEMBERS) == rows(truth, MEMBERS)
    codes += ("M-XA", "M-XA-XDD")
    after = figures_of(codes, periods, last_day)
    assert after == by_hand(book_now(), codes, periods, last_day)
    show("before the districts end on 01/07/2025", before)
    show("after it", after)
