"""Binh comes from the home page, changes the period, and goes from a number to a session and back.

`SCREENSHOTS=folder` keeps a picture of each page that a story comes through.
"""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from sessions.models import Mark, SessionKind
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look, shows_whole_tables
from tests.factories import ConferenceFactory, SessionFactory, close


@pytest.fixture
def cast(transactional_db):
    """The cell met every month of 2024; next door once, with somebody absent."""
    cast = make_cast()
    for month in range(1, 13):
        close(SessionFactory(cell=cast.cell, day=dt.date(2024, month, 3), code=f"BSH-{month}"))
    thematic = {"kind": SessionKind.COMBINED, "theme": "Học tập và làm theo"}
    absent = dict.fromkeys([cast.speaker], Mark.EXCUSED)
    close(SessionFactory(cell=cast.neighbour, day=dt.date(2024, 7, 4), **thematic), absent)
    ConferenceFactory(organisation=cast.committee, day=dt.date(2024, 8, 1), expected=40, present=38)
    return cast


def state(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_from_home_to_the_dashboard_to_a_session_and_back(cast, enter, page, axe_check):
    enter(page, cast.binh)
    page.goto("/")
    look(page, "board-home")
    fits(page)
    axe_check(page)
    arrive(page.get_by_role("navigation", name="Điều hướng chính").get_by_role("link", name="Theo dõi").click)
    assert {"span", "year"} <= state(page).keys()  # filled in, so that the address can be shared

    page.get_by_label("Kỳ", exact=True).select_option("Quý III")
    page.get_by_label("Năm", exact=True).select_option("2024")
    arrive(page.get_by_role("button", name="Xem", exact=True).click)
    page.wait_for_url(lambda address: "span=Q3" in address)
    expect(page.get_by_role("heading", name="Quý III năm 2024")).to_be_visible()
    look(page, "dashboard")
    shows_whole_tables(page)
    fits(page)
    axe_check(page)
    shown = page.url

    # 1: the number, 2: the session. The board reads counts, and not who was absent.
    table = page.get_by_role("region", name="Bảng có mặt theo tháng")
    arrive(table.get_by_role("link", name="4", exact=True).first.click)
    look(page, "sessions-behind")
    fits(page)
    axe_check(page)
    arrive(page.get_by_role("link", name="04/07/2024").click)
    expect(page).to_have_url(re.compile("/buoi-sinh-hoat/"))
    expect(page.locator("main")).not_to_contain_text("Sơn")

    page.go_back()
    page.go_back()
    expect(page).to_have_url(shown)
    expect(page.locator("#id_span")).to_have_value("Q3")


def test_down_the_tree_and_up_again_keeps_period_and_structure(cast, enter, page, axe_check):
    enter(page, cast.minh)
    page.goto(f"{reverse('reports:dashboard_of', args=[cast.committee.public_id])}?span=Q3&year=2024")
    arrive(page.get_by_role("link", name="Cơ cấu hiện nay").click)
    assert state(page) == {"span": "Q3", "year": "2024", "structure": "now"}
    arrive(page.get_by_role("link", name="Đảng bộ 1.1", exact=True).click)
    arrive(page.get_by_role("link", name="Chi bộ hai").last.click)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chi bộ hai")
    assert state(page) == {"span": "Q3", "year": "2024", "structure": "now"}
    look(page, "dashboard-cell")
    fits(page)
    axe_check(page)

    crumbs = page.get_by_role("navigation", name="Vị trí của trang")
    arrive(crumbs.get_by_role("link", name="Đảng bộ 1.1", exact=True).click)

    expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ 1.1")
    assert state(page)["structure"] == "now"


def test_the_chart_speaks_and_its_table_says_the_same(cast, enter, desktop_page):
    enter(desktop_page, cast.minh)
    desktop_page.goto(f"{reverse('reports:dashboard_of', args=[cast.committee.public_id])}?span=Q3&year=2024")

    chart = desktop_page.get_by_role("img", name="Tỷ lệ có mặt theo tháng, quý III năm 2024")
    spoken = chart.locator("desc").text_content()
    rows = desktop_page.get_by_role("region", name="Bảng có mặt theo tháng").get_by_role("row").all()[1:]
    cells = [row.locator("th, td").all_inner_texts() for row in rows]
    assert spoken == "; ".join(
        f"tháng {month}: {rate}, {present} trên {expected} lượt" for month, _sessions, present, expected, rate in cells
    )
    assert [cell[0] for cell in cells] == ["07/2024", "08/2024", "09/2024"]


def test_lists_behind_the_numbers_fit_and_are_accessible(cast, enter, page, axe_check):
    enter(page, cast.minh)
    for name in ("duties_behind", "members_behind", "speakers_behind", "organisations_behind"):
        page.goto(f"{reverse(f'reports:{name}', args=[cast.committee.public_id])}?span=Q3&year=2024")
        page.get_by_text("Lọc, chọn kỳ khác").click()
        expect(page.locator("details[open]").first).to_be_visible()
        look(page, name)
        fits(page)
        axe_check(page)


def test_the_keyboard_alone_changes_the_period(cast, enter, desktop_page):
    enter(desktop_page, cast.minh)
    desktop_page.goto(f"{reverse('reports:dashboard_of', args=[cast.committee.public_id])}?span=Q3&year=2024")
    desktop_page.locator("#id_span").focus()
    desktop_page.keyboard.press("ArrowDown")
    for _press in range(3):
        desktop_page.keyboard.press("Tab")
    desktop_page.keyboard.press("Enter")

    desktop_page.wait_for_url(lambda address: "span=Q4" in address)
    expect(desktop_page.get_by_role("heading", name="Quý IV năm 2024")).to_be_visible()


def test_another_period_does_not_keep_the_cut_off_of_the_first(cast, enter, desktop_page):
    enter(desktop_page, cast.minh)
    desktop_page.goto(
        f"{reverse('reports:dashboard_of', args=[cast.committee.public_id])}?span=Y&year=2024&until=31/08/2024"
    )
    desktop_page.locator("#id_span").select_option("Q2")
    arrive(desktop_page.get_by_role("button", name="Xem", exact=True).click)

    desktop_page.wait_for_url(lambda address: "span=Q2" in address)
    expect(desktop_page.locator("#id_until")).to_have_value("")
    expect(desktop_page.get_by_text("Ngày chốt phải nằm trong kỳ")).to_have_count(0)


@pytest.mark.parametrize("name", ["hoa", "mai", "quan", "minh"])
def test_every_home_fits_and_is_accessible(cast, enter, page, axe_check, name):
    SessionFactory(cell=cast.cell, day=timezone.localdate(), start="14:00", place="Phòng họp tầng 2")
    enter(page, getattr(cast, name))
    page.goto("/")
    look(page, f"home-{name}")
    fits(page)
    axe_check(page)
