"""Hoa comes in with her phone, Minh at his desk; each page is tried for those who cannot see it well."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect

from accounts.models import User
from tests.e2e.seeing import arrive, fits

PASSWORD = "mot cau de nho"


@pytest.fixture
def hoa(transactional_db):
    return User.objects.create_user("hoa", PASSWORD, full_name="Trần Thị Hoa")


def path(wanted):
    return lambda address: urlsplit(address).path == wanted


def fill_in(page, password):
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mật khẩu", exact=False).first.fill(password)


def test_a_slip_is_explained_and_the_way_back_is_kept(hoa, page, axe_check):
    page.goto("/mat-khau/")
    axe_check(page)
    fill_in(page, "sai mat khau")
    arrive(page.get_by_role("button", name="Đăng nhập").click)

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    expect(summary).to_be_focused()
    axe_check(page)

    fill_in(page, PASSWORD)
    arrive(page.get_by_role("button", name="Đăng nhập").click)
    page.wait_for_url(path("/mat-khau/"))
    axe_check(page)


def test_what_was_typed_can_be_looked_at(hoa, phone_page):
    phone_page.goto("/dang-nhap/")
    fill_in(phone_page, PASSWORD)
    phone_page.get_by_role("button", name="Hiện mật khẩu").tap()

    expect(phone_page.locator("#id_password[type=text]")).to_have_value(PASSWORD)
    phone_page.get_by_role("button", name="Ẩn mật khẩu").tap()
    expect(phone_page.locator("#id_password")).to_have_attribute("type", "password")


def test_the_keyboard_alone_comes_in_and_goes_out(hoa, desktop_page):
    press, write = desktop_page.keyboard.press, desktop_page.keyboard.type
    desktop_page.goto("/dang-nhap/")
    press("Tab")
    expect(desktop_page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    press("Enter")
    press("Tab")
    write("hoa")
    press("Tab")
    write(PASSWORD)
    press("Enter")
    desktop_page.wait_for_url(path("/"))

    desktop_page.locator("summary").focus()
    press("Enter")
    for _ in ("account", "own data", "password", "guide", "log out"):
        press("Tab")
    expect(desktop_page.get_by_role("button", name="Đăng xuất")).to_be_focused()
    press("Enter")
    desktop_page.wait_for_url(path("/dang-nhap/"))


def test_the_menu_closes_with_escape_and_returns_the_focus(hoa, page):
    page.goto("/dang-nhap/")
    fill_in(page, PASSWORD)
    arrive(page.get_by_role("button", name="Đăng nhập").click)
    page.locator("summary").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Đăng xuất")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_after_log_out_the_back_button_shows_nothing(hoa, page):
    page.goto("/dang-nhap/")
    fill_in(page, PASSWORD)
    arrive(page.get_by_role("button", name="Đăng nhập").click)
    page.wait_for_url(path("/"))
    page.goto("/mat-khau/")
    page.locator("summary").click()
    arrive(page.get_by_role("button", name="Đăng xuất").click)
    page.wait_for_url(path("/dang-nhap/"))

    page.go_back()
    page.get_by_label("Tên đăng nhập").wait_for()
    assert "Trần Thị Hoa" not in page.content()


@pytest.mark.parametrize("address", ["/dang-nhap/", "/mat-khau/", "/", "/khong-co/"])
def test_pages_fit_the_window_and_a_finger(hoa, client, page, live_server, address, axe_check):
    if address != "/dang-nhap/":
        come_in(page, hoa, client, live_server)
    page.goto(address)

    fits(page)
    axe_check(page)


def test_the_first_visit_asks_for_less_than_110_kilobytes(hoa, client, phone_page, live_server):
    """Of what travels compressed; the test server does not compress, so the sizes are those of the published files."""
    come_in(phone_page, hoa, client, live_server)
    asked = []
    phone_page.on("request", lambda request: asked.append(request.url))
    page = phone_page.goto("/")
    phone_page.wait_for_load_state("networkidle")

    prefix = f"{live_server.url}/{settings.STATIC_URL.strip('/')}/"
    names = {address.removeprefix(prefix) for address in asked if address.startswith(prefix)}
    sizes = {name: compressed_size(settings.STATIC_ROOT / name) for name in names}
    headers = 800 * (len(names) + 1)
    assert "vendor/bootstrap/bootstrap.min.css" in sizes
    assert sum(sizes.values()) + len(page.body()) + headers < 110_000


def come_in(page, user, client, live_server):
    client.force_login(user)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])


def compressed_size(path):
    packed = path.with_name(f"{path.name}.br")
    return (packed if packed.exists() else path).stat().st_size
