"""Lan rates a session on her phone, by the sheet in force and by another one, and copies the result over."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from sessions.models import Mark, SessionRating, SessionRecord
from sessions.rubric_seeds import RUBRICS
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits
from tests.factories import SessionFactory, close


@pytest.mark.django_db(transaction=True)
def test_lan_rates_with_two_sheets_and_copies_the_texts(phone_page, enter, live_server, axe_check):
    cast = make_cast()
    session = SessionFactory(cell=cast.cell, day=dt.date(2026, 3, 3), start=dt.time(14), end=dt.time(15, 40))
    SessionRecord.unscoped.create(session=session, summary="Nhất trí", conclusion="Thống nhất")
    close(session, {cast.member: Mark.EXCUSED})
    page = phone_page
    enter(page, cast.lan)

    page.goto(f"{live_server.url}/buoi-sinh-hoat/{session.public_id}/")
    arrive(page.get_by_role("link", name="Tự đánh giá").click)
    expect(page.get_by_text("2/3 = 66,7 % ≥ 65 % → 2 điểm")).to_be_visible()
    page.get_by_label("Số người phát biểu").fill("1")
    expect(page.get_by_text("1/2 = 50 % ≥ 40 % → 4 điểm")).to_be_visible()
    fill_in(page)
    expect(page.locator("[data-verdict]")).to_have_text("97/100 điểm, xếp loại Tốt")
    fits(page)
    axe_check(page)

    arrive(page.get_by_role("link", name=RUBRICS[1][0]).click)
    page.get_by_label("Số người phát biểu").fill("2")
    fill_in(page)
    expect(page.locator("[data-verdict]")).to_have_text("97/100 điểm, xếp loại Tốt")
    expect(page.locator("[data-saved]")).to_contain_text("Đã lưu")
    assert [(one.total, one.is_main) for one in SessionRating.unscoped.filter(session=session)] == [
        (97, True),
        (97, False),
    ]

    page.goto(f"{live_server.url}/buoi-sinh-hoat/{session.public_id}/so-tay/")
    section = page.locator("section", has=page.get_by_role("heading", name="Kết luận"))
    section.get_by_role("button").click()
    expect(section.get_by_role("button")).to_have_text("Đã chép")
    copied = page.locator(":focus")
    expect(copied).to_have_value("Thống nhất")
    axe_check(page)


def fill_in(page):
    """Full points wherever the cell decides."""
    for field in page.locator(".rating-points input").all():
        most = field.locator("xpath=..").inner_text().rpartition("/")[2].strip()
        field.fill(most)
