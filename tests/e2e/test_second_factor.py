"""Hoa sets up a second factor and comes in with it: by phone, by a code on paper, by passkey; then she forgets."""

import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from accounts import resetting
from accounts.models import User
from tests.e2e.seeing import arrive

PASSWORD, NEW = "mot cau de nho", "mùa gặt ở quê ngoại"


@pytest.fixture
def hoa(transactional_db):
    return User.objects.create_user("hoa", PASSWORD, full_name="Trần Thị Hoa")


def path(wanted):
    return lambda address: urlsplit(address).path == wanted


def come_in(page, password=PASSWORD):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mật khẩu", exact=False).first.fill(password)
    arrive(page.get_by_role("button", name="Đăng nhập").click)


def leave(page):
    page.locator("summary", has_text="Tài khoản").first.click()
    arrive(page.get_by_role("button", name="Đăng xuất").click)
    page.wait_for_url(path("/dang-nhap/"))


def code_of_phone(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_by_phone_and_by_paper(hoa, phone_page, axe_check):
    page = phone_page
    come_in(page)
    page.wait_for_url(path("/"))
    page.goto("/tai-khoan/")
    axe_check(page)
    arrive(page.get_by_role("link", name="Bật xác thực hai lớp").click)
    axe_check(page)
    arrive(page.get_by_role("link", name="Bật mã trên điện thoại").click)
    page.get_by_text("Không quét được?").click()
    secret = page.locator(".code-line").inner_text().replace(" ", "")
    axe_check(page)
    page.get_by_label("Mã 6 chữ số").fill(code_of_phone(secret))
    arrive(page.get_by_role("button", name="Bật").click)
    page.wait_for_url(path("/tai-khoan/xac-thuc/du-phong/"))
    axe_check(page)
    expect(page.locator(".code-list li")).to_have_count(10)
    on_paper = page.locator(".code-list li").all_inner_texts()
    leave(page)

    come_in(page)
    page.wait_for_url(path("/dang-nhap/lop-thu-hai/"))
    axe_check(page)
    next_code = code_of_phone(secret, 1)  # each counts but once; taken also if half a minute ends just now
    page.get_by_label("Mã xác thực").fill(next_code)
    arrive(page.get_by_role("button", name="Tiếp tục").click)
    page.wait_for_url(path("/"))
    leave(page)

    come_in(page)
    page.get_by_label("Mã xác thực").fill(on_paper[3])
    arrive(page.get_by_role("button", name="Tiếp tục").click)
    page.wait_for_url(path("/"))
    page.goto("/tai-khoan/")
    expect(page.get_by_text("Còn 9 mã dự phòng")).to_be_visible()


def test_by_passkey(hoa, desktop_page, axe_check):
    page = desktop_page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    come_in(page)
    page.wait_for_url(path("/"))
    page.goto("/tai-khoan/xac-thuc/")
    arrive(page.get_by_role("link", name="Thêm khóa truy cập").click)
    axe_check(page)
    page.get_by_label("Tên gọi của khóa").fill("Máy ở cơ quan")
    arrive(page.get_by_role("button", name="Tạo khóa truy cập").click)
    page.wait_for_url(path("/tai-khoan/xac-thuc/du-phong/"))
    leave(page)

    come_in(page)
    page.wait_for_url(path("/dang-nhap/lop-thu-hai/"))
    axe_check(page)
    arrive(page.get_by_role("button", name="Dùng khóa truy cập").click)
    page.wait_for_url(path("/"))

    page.goto("/tai-khoan/xac-thuc/")
    expect(page.get_by_text("Máy ở cơ quan").first).to_be_visible()
    arrive(page.get_by_role("button", name="Bỏ Máy ở cơ quan").click)
    expect(page.get_by_text("Đã bỏ khóa truy cập.")).to_be_visible()


def test_a_forgotten_password(hoa, phone_page, axe_check):
    page = phone_page
    code, _row = resetting.make_code(hoa, actor=User.objects.create_superuser("quan", PASSWORD))
    page.goto("/dang-nhap/")
    arrive(page.get_by_role("link", name="Tôi có mã một lần trên giấy").click)
    axe_check(page)
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mã một lần").fill(code.lower())
    arrive(page.get_by_role("button", name="Tiếp tục").click)
    axe_check(page)
    page.locator("#id_new_password1").fill(NEW)
    page.locator("#id_new_password2").fill(NEW)
    arrive(page.get_by_role("button", name="Đặt mật khẩu").click)
    page.wait_for_url(path("/dang-nhap/"))
    expect(page.get_by_text("Đã đặt mật khẩu mới.")).to_be_visible()

    come_in(page, NEW)
    page.wait_for_url(path("/"))


def test_two_minutes_before_the_end_somebody_asks(hoa, desktop_page, axe_check):
    page = desktop_page
    page.clock.install()
    come_in(page)
    page.wait_for_url(path("/"))
    page.route("**/tai-khoan/con-lai/", answer)
    page.clock.fast_forward("13:01")

    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    expect(dialog).to_contain_text("Còn 1 phút")
    axe_check(page)
    dialog.get_by_role("button", name="Tiếp tục làm việc").click()
    dialog.wait_for(state="hidden")


def answer(route):
    """The clock of the server cannot be put forward; so it answers what it would to an administrator by then."""
    if route.request.method == "POST":
        route.continue_()
    else:
        route.fulfill(json={"seconds": 119})
