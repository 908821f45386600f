"""The browser fixtures notice what they promise to notice."""

import pytest

from tests.e2e.conftest import foreign

WHOLE = (
    '<!doctype html><html lang="vi"><meta name="viewport" content="width=device-width"><title>Sổ</title>'
    "<main><h1>Sổ</h1>{}</main></html>"
)


@pytest.mark.django_db
def test_a_phone_has_a_small_touch_screen(phone_page):
    phone_page.set_content(WHOLE.format("<p>Điểm danh</p>"))

    size = phone_page.evaluate("[innerWidth, innerHeight, navigator.maxTouchPoints > 0]")

    assert size == [390, 844, True]


def test_a_desktop_has_a_wide_screen(desktop_page):
    assert desktop_page.evaluate("[innerWidth, innerHeight]") == [1280, 800]


def test_axe_accepts_a_plain_page(desktop_page, axe_check):
    desktop_page.set_content(WHOLE.format('<label>Tên <input name="name"></label>'))

    axe_check(desktop_page)


def test_axe_refuses_a_field_without_a_label(desktop_page, axe_check):
    desktop_page.set_content(WHOLE.format('<input name="name">'))

    with pytest.raises(AssertionError, match="critical: Form elements must have labels"):
        axe_check(desktop_page)


def test_another_host_cannot_be_reached(browser, desktop_page):
    page = browser.new_page()  # outside open_page, which would rightly fail this test
    with page.expect_event("requestfailed") as refused:
        page.set_content('<img src="http://example.org/a.png">')
    page.close()

    assert refused.value.failure == "net::ERR_NAME_NOT_RESOLVED"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/a", "http://localhost/", "data:,a", "about:blank"])
def test_this_machine_is_not_foreign(address):
    assert foreign(address) == []


@pytest.mark.parametrize("address", ["https://example.org/a.css", "http://10.0.0.1/", "ws://example.org/"])
def test_every_other_host_is_foreign(address):
    assert foreign(address) == [f"request to another host: {address}"]
