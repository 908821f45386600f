"""A board finds what is late and lets a cell off; the secretary finds hers on a phone, with one button for each."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.obligations.models import Waiver
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def like(text: str) -> re.Pattern:
    """A name that holds a date: the browser would take its slashes for the end of the pattern."""
    return re.compile(text.replace("/", "."))


def test_what_is_late_is_found_let_off_and_asked_for_again(cast, enter, phone_page, desktop_page, axe_check):
    month = timezone.localdate().replace(day=1)
    month = month.replace(year=month.year - (month.month == 1), month=(month.month - 2) % 12 + 1)
    title = f"Sinh hoạt định kỳ tháng {month.month}/{month.year}"
    enter(phone_page, cast.hoa)
    enter(desktop_page, cast.binh)

    desktop_page.goto("/")
    arrive(desktop_page.get_by_role("link", name="Xem việc quá hạn").click)
    desktop_page.get_by_role("heading", name="Việc đến hạn").wait_for()
    axe_check(desktop_page)
    fits(desktop_page)
    look(desktop_page, "due")
    arrive(desktop_page.get_by_role("link", name=like(f"^Miễn.*{title}, Chi bộ một")).click)
    desktop_page.get_by_label("Lý do miễn").wait_for()
    desktop_page.get_by_label("Lý do miễn").fill("Đi làm nhiệm vụ cả tháng")
    axe_check(desktop_page)
    arrive(desktop_page.get_by_role("button", name="Miễn việc này").click)
    desktop_page.get_by_text(f"Đã miễn: {title}.").wait_for()
    axe_check(desktop_page)
    look(desktop_page, "owed")

    phone_page.goto("/")
    arrive(phone_page.get_by_role("link", name="Tất cả việc đến hạn").tap)
    phone_page.get_by_role("heading", name="Việc đến hạn").wait_for()
    axe_check(phone_page)
    fits(phone_page)
    look(phone_page, "due")
    expect(phone_page.get_by_role("heading", name=title)).to_have_count(0)

    arrive(desktop_page.get_by_role("link", name=like(f"^Thôi miễn.*{title}")).click)
    desktop_page.get_by_label("Lý do thôi miễn").fill("Đã về sớm")
    arrive(desktop_page.get_by_role("button", name="Thôi miễn").click)
    desktop_page.get_by_text("Đã thôi miễn").wait_for()

    phone_page.reload()
    arrive(phone_page.get_by_role("link", name=like(f"^Ghi buổi sinh hoạt.*{title}")).tap)
    phone_page.get_by_role("heading", name="Lên kế hoạch buổi sinh hoạt").wait_for()
    waiver = Waiver.unscoped.get()
    assert (waiver.given_by, waiver.taken_back_by, waiver.reason) == (cast.binh, cast.binh, "Đi làm nhiệm vụ cả tháng")
