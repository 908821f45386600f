"""A secretary keeps the roster: a transfer, two who edit one person, a wrong span that a closed session knows of."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cells.models import Membership, Person
from sessions.models import Session
from tests.cast import make_cast
from tests.cells.rosters import active, member, spans
from tests.e2e.seeing import arrive, fits
from tests.factories import SessionFactory, close

PASSWORD = "mot cau de nho"


@pytest.fixture
def cast(transactional_db):
    cast = make_cast()
    for user in (cast.hoa, cast.minh):
        user.set_password(PASSWORD)
        user.save()
    return cast


def come_in(page, username):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: urlsplit(address).path == "/")


def person_page(page, name):
    return page.goto(reverse("cells:person", args=[Person.unscoped.get(full_name=name).public_id]))


def test_hoa_transfers_a_member_and_takes_it_back(cast, phone_page, axe_check):
    today = timezone.localdate()
    come_in(phone_page, "hoa")
    arrive(phone_page.get_by_role("navigation", name="Điều hướng chính").get_by_role("link", name="Tổ chức").click)
    arrive(phone_page.get_by_role("link", name="Chi bộ một").click)
    arrive(phone_page.get_by_role("link", name="Danh sách đảng viên").click)
    expect(phone_page.locator(".member-row > a")).to_have_text(["Hoa", "Lan", "Mai"])
    axe_check(phone_page)
    arrive(phone_page.get_by_role("link", name="Mai").click)
    arrive(phone_page.get_by_role("link", name="Chuyển chính thức").click)
    phone_page.get_by_label("Chi bộ nơi đến").fill("1.1.2")
    phone_page.get_by_label("Sinh hoạt tại nơi đến từ ngày").fill(f"{today:%d/%m/%Y}")
    fits(phone_page)
    axe_check(phone_page)
    arrive(phone_page.get_by_role("button", name="Chuyển sinh hoạt").click)

    phone_page.get_by_text("Đã chuyển sinh hoạt của Mai.").wait_for()
    yesterday = today - dt.timedelta(days=1)
    moved = [active("1.1.1", "01/01/2020", f"{yesterday:%d/%m/%Y}"), active("1.1.2", f"{today:%d/%m/%Y}")]
    assert spans(cast.member) == moved
    axe_check(phone_page)

    arrive(phone_page.get_by_role("button", name="Hoàn tác thay đổi này").click)
    phone_page.get_by_text("Đã hoàn tác thay đổi gần nhất.").wait_for()
    assert spans(cast.member) == [active("1.1.1", "01/01/2020")]


def test_the_second_of_two_browsers_sees_both_versions(cast, phone_page, desktop_page, axe_check):
    for page, name in ((phone_page, "hoa"), (desktop_page, "minh")):
        come_in(page, name)
        person_page(page, "Mai")
        arrive(page.get_by_role("link", name="Sửa thông tin cá nhân").click)
    phone_page.get_by_label("Họ và tên").fill("Trần Thị Mai")
    arrive(phone_page.get_by_role("button", name="Lưu thông tin").click)
    phone_page.get_by_role("heading", name="Trần Thị Mai").wait_for()

    desktop_page.get_by_label("Họ và tên").fill("Trần Mai")
    arrive(desktop_page.get_by_role("button", name="Lưu thông tin").click)

    desktop_page.get_by_text("người khác đã lưu nội dung này").wait_for()
    rows = desktop_page.locator("tbody tr")
    expect(rows).to_have_count(1)
    assert rows.all_inner_texts() == ["Họ và tên\tTrần Mai\tTrần Thị Mai"]
    assert Person.unscoped.get(code="DV-MAI").full_name == "Trần Thị Mai"
    expect(desktop_page.get_by_label("Họ và tên")).to_have_value("Trần Mai")
    axe_check(desktop_page)

    arrive(desktop_page.get_by_role("button", name="Lưu thông tin").click)
    desktop_page.get_by_role("heading", name="Trần Mai").wait_for()


def test_a_wrong_span_is_corrected_and_the_closed_session_counted_again(cast, desktop_page, axe_check):
    late = member(cast.cell, "Năm", first_day=dt.date(2025, 1, 1))
    session = close(SessionFactory(cell=cast.cell))
    come_in(desktop_page, "hoa")
    person_page(desktop_page, "Năm")
    arrive(desktop_page.get_by_role("link", name="Ghi sai? Sửa giai đoạn này").click)
    desktop_page.get_by_label("Từ ngày").fill("01/01/2024")
    desktop_page.get_by_label("Lý do sửa").fill("Ghi nhầm năm")
    arrive(desktop_page.get_by_role("button", name="Sửa giai đoạn").click)

    desktop_page.get_by_text("chạm vào một buổi đã kết thúc").wait_for()
    assert Membership.unscoped.get(person=late).first_day == dt.date(2025, 1, 1)
    axe_check(desktop_page)
    desktop_page.get_by_label("Sinh hoạt định kỳ ngày 03/07/2024").select_option("Vắng có lý do")
    arrive(desktop_page.get_by_role("button", name="Sửa giai đoạn").click)

    desktop_page.get_by_text("Đã sửa giai đoạn của Năm.").wait_for()
    counted = Session.unscoped.values_list("expected", "present", "excused").get(pk=session.pk)
    assert counted == (4, 3, 1)
