"""The first start, an invitation on a phone with its second factor, and a secretary's post handed over."""

import datetime as dt
import re
import time
from io import StringIO

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts import second_factor
from accounts.models import User
from cells.models import Organisation, OrganisationPeriod, Post, Role
from reports.sample import loading
from tests.cast import make_cast
from tests.e2e.seeing import arrive, look

PASSWORD = "bảy con mèo vàng nằm phơi nắng"


def way_in(text: str) -> str:
    """The path of the link in it, for the server of the test."""
    return re.search(r"/loi-moi/[\w-]+/", text)[0]


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    step = int(time.time()) // 30
    return format_hotp_value(hotp_value(secret, step))


def choose_password(page, username):
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("[name=new_password1]").fill(PASSWORD)
    page.locator("[name=new_password2]").fill(PASSWORD)
    arrive(page.get_by_role("button", name="Tạo tài khoản").click)


def test_the_first_start(transactional_db, desktop_page, axe_check):
    page, console = desktop_page, StringIO()
    call_command("first_start", stdout=console)

    page.goto(way_in(console.getvalue()))
    axe_check(page)
    page.get_by_label("Họ và tên").fill("Trần Bình An")
    choose_password(page, "antb")
    page.get_by_role("heading", name="Bắt đầu sử dụng").wait_for()
    axe_check(page)
    arrive(page.get_by_role("link", name="Khai tổ chức").click)
    page.get_by_label("Tên đầy đủ").fill("Đảng bộ xã Tân Hòa")
    page.get_by_label("Loại").select_option(label="Đảng bộ xã")
    page.get_by_label("Mã").fill("TANHOA")
    page.get_by_label("Hoạt động từ ngày").fill("01/07/2025")
    arrive(page.get_by_role("button", name="Lưu tổ chức").click)
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi tên tổ chức cấp trên.")
    axe_check(page)
    page.get_by_label("Tên tổ chức cấp trên trực tiếp").fill("Đảng bộ tỉnh Bình Minh")
    arrive(page.get_by_role("button", name="Lưu tổ chức").click)
    arrive(page.get_by_role("link", name="Thêm chi bộ").click)
    page.get_by_label("Danh sách chi bộ").fill("Chi bộ thôn Một\nTH2\tChi bộ thôn Hai\n")
    arrive(page.get_by_role("button", name="Thêm chi bộ").click)
    page.get_by_text("Đã thêm 2 chi bộ.").wait_for()

    names = OrganisationPeriod.unscoped.order_by("pk").values_list("organisation__code", "name")
    assert list(names) == [
        ("TANHOA-CT", "Đảng bộ tỉnh Bình Minh"),
        ("TANHOA", "Đảng bộ xã Tân Hòa"),
        ("TANHOA.01", "Chi bộ thôn Một"),
        ("TH2", "Chi bộ thôn Hai"),
    ]
    arrive(page.get_by_role("link", name="Giao vai trò").click)
    page.get_by_role("heading", name="Giao vai trò: Đảng bộ xã Tân Hòa").wait_for()
    assert Organisation.unscoped.get(code="TANHOA").posts.count() == 0


def test_the_sample_makes_way_for_the_own_office(transactional_db, settings, phone_page, enter, axe_check, monkeypatch):
    """Without another program: the demo log-in hands over to the real administrator, who removes the sample."""
    settings.IS_DEMO, page = True, phone_page
    monkeypatch.setattr(loading, "write_papers", lambda today: None)  # their removal is test_first_start's
    loading.load("small", timezone.localdate())
    enter(page, User.objects.get(username="quantri"))
    page.goto("/bat-dau/")
    page.get_by_text("Sau khi lập người quản trị").wait_for()
    arrive(page.get_by_role("button", name="Lập người quản trị").tap)
    page.get_by_label("Họ và tên").fill("Trần Bình An")
    choose_password(page, "antb")
    page.get_by_text("Trần Bình An (antb)").wait_for()
    arrive(page.get_by_role("link", name="Xóa dữ liệu mẫu").tap)
    page.get_by_text("Không lấy lại được.").wait_for()
    axe_check(page)
    look(page, "first-start-remove")
    assert Organisation.unscoped.count() > 50
    arrive(page.get_by_role("button", name="Xóa hẳn dữ liệu mẫu").tap)
    page.get_by_text("Đã xóa dữ liệu mẫu: ").wait_for()
    look(page, "first-start-removed")

    assert Organisation.unscoped.count() == 0
    assert list(User.objects.filter(is_active=True).values_list("username", flat=True)) == ["antb"]
    page.get_by_role("link", name="Khai tổ chức").wait_for()


def test_a_secretary_is_invited_and_gets_in_by_phone(transactional_db, desktop_page, open_page, enter, axe_check):
    cast = make_cast()
    Post.unscoped.filter(organisation=cast.cell, role=Role.SECRETARY).delete()  # the cell has lost its secretary
    page = desktop_page
    enter(page, cast.minh)
    page.goto(f"/to-chuc/{cast.cell.public_id}/phan-cong/")
    axe_check(page)
    arrive(page.get_by_role("link", name="Giao vai trò").click)
    page.get_by_label("Người nhận").select_option("new")
    page.get_by_label("Họ và tên người mới").fill("Nguyễn Thị Đào")
    page.get_by_label("Bí thư", exact=True).check()
    arrive(page.get_by_role("button", name="Giao vai trò").click)
    page.get_by_role("heading", name="Lời mời Nguyễn Thị Đào").wait_for()
    axe_check(page)
    link = way_in(page.get_by_label("Nội dung tin nhắn").input_value())

    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(link)
    phone.get_by_text("Bí thư, Chi bộ một").wait_for()
    expect(phone).not_to_have_url(re.compile(re.escape(link)))
    axe_check(phone)
    expect(phone.get_by_label("Tên đăng nhập")).to_have_value("daont")
    choose_password(phone, "daont")
    phone.get_by_text("Đã tạo tài khoản.").wait_for()

    phone.goto("/tai-khoan/xac-thuc/ung-dung/")
    phone.get_by_text("Không quét được?").tap()
    secret = "".join(phone.locator(".code-line").inner_text().split())
    phone.get_by_label("Mã 6 chữ số").fill(code_of(secret))
    arrive(phone.get_by_role("button", name="Bật").tap)
    phone.get_by_text("Đã bật xác thực hai lớp").wait_for()

    user = User.objects.get(username="daont")
    assert second_factor.kinds_of(user) == {"totp"}
    assert list(user.posts.values_list("role", "organisation")) == [(Role.SECRETARY, cast.cell.pk)]
    again = open_page()
    again.goto(link)
    again.get_by_role("heading", name="Lời mời không còn dùng được").wait_for()


def test_a_secretary_hands_the_post_over(transactional_db, phone_page, enter, axe_check):
    cast, page = make_cast(), phone_page
    today = timezone.localdate()
    enter(page, cast.hoa)
    page.goto(f"/to-chuc/{cast.cell.public_id}/phan-cong/")
    arrive(page.get_by_role("link", name="Bàn giao bí thư").tap)
    page.get_by_role("heading", name="Bàn giao bí thư").wait_for()
    axe_check(page)
    page.get_by_label("Người nhận").select_option(label="Mai")
    arrive(page.get_by_role("button", name="Bàn giao").tap)
    page.get_by_text("Đã bàn giao chức bí thư.").wait_for()
    axe_check(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="Tải tệp Excel").tap()

    assert file.value.suggested_filename.startswith("Sổ bàn giao – Chi bộ một")
    posts = Post.unscoped.filter(organisation=cast.cell, role=Role.SECRETARY).order_by("first_day")
    assert list(posts.values_list("user__username", "last_day")) == [("hoa", today), ("mai", None)]
    assert posts.last().first_day == today + dt.timedelta(days=1)
