"""Binh looks closer: who is overdue, what changed, which month is missing, how last year was, and sets a target."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look, shows_whole_tables
from tests.factories import SessionFactory, close


@pytest.fixture
def cast(transactional_db):
    """The cell met every month of 2024 and 2023; next door only in July 2024."""
    cast = make_cast()
    for year in (2023, 2024):
        for month in range(1, 13):
            close(SessionFactory(cell=cast.cell, day=dt.date(year, month, 3), code=f"BSH-{year}-{month}"))
    close(SessionFactory(cell=cast.neighbour, day=dt.date(2024, 7, 4)))
    return cast


def address(cast, name, **more):
    query = "&".join(f"{key}={value}" for key, value in ({"span": "Q3", "year": "2024"} | more).items())
    return f"{reverse(f'reports:{name}', args=[cast.committee.public_id])}?{query}"


def test_every_closer_look_fits_and_is_accessible(cast, enter, page, axe_check):
    enter(page, cast.binh)
    for name, more in (
        ("lights", {"on": "10/09/2024"}),
        ("changes", {"on": "10/09/2024", "since": "10/08/2024"}),
        ("heat_map", {"span": "Y"}),
        ("comparison", {}),
        ("year_before", {"span": "Y"}),
        ("propaganda", {}),
        ("targets", {}),
    ):
        page.goto(address(cast, name, **more))
        look(page, f"board-{name}")
        fits(page)
        axe_check(page)
        if name != "heat_map" or page.viewport_size["width"] > 1000:  # twelve months are pushed aside on a phone
            shows_whole_tables(page)


def test_from_the_overview_to_a_missing_month_to_a_session_and_back(cast, enter, desktop_page):
    page = desktop_page
    enter(page, cast.binh)
    page.goto(address(cast, "dashboard_of"))

    arrive(page.get_by_role("link", name="Từng chi bộ, từng tháng").click)
    row = page.get_by_role("row", name="Chi bộ hai")
    expect(row).to_be_visible()
    assert row.get_by_role("cell").all_inner_texts()[1:3] == ["Thiếu", "Thiếu"]
    arrive(row.get_by_role("link", name="2/2").first.click)
    expect(page).to_have_url(re.compile(r"[?&]span=07(&|$)"))
    listed = page.url
    arrive(page.get_by_role("link", name="04/07/2024").click)
    arrive(page.get_by_role("link", name="Trở lại trang vừa xem").click)

    expect(page).to_have_url(listed)


def test_a_target_is_set_and_stands_beside_the_figures(cast, enter, page, axe_check):
    enter(page, cast.binh)
    page.goto(address(cast, "targets"))
    arrive(page.get_by_role("link", name="Đặt chỉ tiêu").click)
    axe_check(page)
    page.get_by_label("Con số").fill("99,5")
    page.get_by_label("Căn cứ").fill("Nghị quyết 01-NQ/ĐU")
    arrive(page.get_by_role("button", name="Ghi chỉ tiêu").click)
    page.wait_for_url(lambda url: "span=Y" in url)
    expect(page.get_by_text("từ 99,5\u00a0% trở lên")).to_be_visible()
    look(page, "board-target-set")
    fits(page)
    axe_check(page)

    page.goto(address(cast, "dashboard_of"))

    tile = page.locator(".share-tile", has_text="Tỷ lệ có mặt")
    expect(tile).to_contain_text("chỉ tiêu từ 99,5\u00a0% trở lên")
    axe_check(page)
