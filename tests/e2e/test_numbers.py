"""The number register by hand: a term, a number for a paper document, its cancellation, and the next term from 01."""

import datetime as dt

from playwright.sync_api import expect

from cells.models import RegisteredNumber, Term
from tests.cast import make_cast
from tests.e2e.seeing import arrive


def test_a_secretary_takes_cancels_and_begins_a_new_term(transactional_db, phone_page, enter, axe_check):
    cast, page = make_cast(), phone_page
    Term.unscoped.create(
        organisation=cast.cell, ordinal="2022–2025", first_day=dt.date(2022, 8, 1), last_day=dt.date(2025, 7, 31)
    )
    enter(page, cast.hoa)

    def take(day):
        page.goto("/so-van-ban/")
        arrive(page.get_by_role("link", name="Lấy số").first.tap)
        page.get_by_label("Loại văn bản").select_option("BC")
        page.get_by_label("Trích yếu").fill("Kết quả công tác quý")
        page.get_by_label("Ngày ký").fill(day)
        arrive(page.get_by_role("button", name="Lấy số").tap)

    take("15/07/2025")
    page.get_by_text("Đã cấp số 01-BC/CB.").wait_for()
    take("16/07/2025")
    page.get_by_text("Đã cấp số 02-BC/CB.").wait_for()
    axe_check(page)
    arrive(page.get_by_role("link", name="Hủy số 02-BC/CB").tap)
    page.get_by_label("Lý do hủy").fill("Ghi nhầm loại văn bản")
    axe_check(page)
    arrive(page.get_by_role("button", name="Hủy số này").tap)
    page.get_by_text("Đã hủy số 02-BC/CB.").wait_for()

    take("05/08/2025")
    expect(page.get_by_role("alert")).to_contain_text("Sổ văn bản chưa có nhiệm kỳ nào gồm ngày 05/08/2025")
    page.goto("/so-van-ban/nhiem-ky/")
    arrive(page.get_by_role("link", name="Khai nhiệm kỳ").first.tap)
    page.get_by_label("Khóa hoặc nhiệm kỳ").fill("2025–2027")
    page.get_by_label("Từ ngày (ngày đại hội)").fill("01/08/2025")
    arrive(page.get_by_role("button", name="Ghi nhiệm kỳ").tap)
    page.get_by_text("Đã khai nhiệm kỳ.").wait_for()
    take("05/08/2025")
    page.get_by_text("Đã cấp số 01-BC/CB.").wait_for()

    entries = RegisteredNumber.unscoped.order_by("day").values_list("symbol", "state", "term__ordinal")
    assert list(entries) == [
        ("01-BC/CB", "issued", "2022–2025"),
        ("02-BC/CB", "cancelled", "2022–2025"),
        ("01-BC/CB", "issued", "2025–2027"),
    ]
