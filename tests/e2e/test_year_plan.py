"""A secretary plans the year on a phone and registers; the committee returns it with a reason, then accepts it."""

import pytest
from django.test import Client
from django.utils import timezone

from sessions.models import ThematicPlan
from tests.cast import make_cast
from tests.e2e.seeing import arrive


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def enter(page, live_server, user):
    client = Client()
    client.force_login(user)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def test_a_year_is_planned_returned_corrected_and_accepted(cast, live_server, phone_page, desktop_page, axe_check):
    year = timezone.localdate().year
    address = f"/ke-hoach/{cast.cell.public_id}/{year}/"
    enter(phone_page, live_server, cast.hoa)
    enter(desktop_page, live_server, cast.minh)

    phone_page.goto("/buoi-sinh-hoat/")
    arrive(phone_page.get_by_role("link", name="Kế hoạch năm").tap)
    arrive(phone_page.get_by_role("link", name="Lập kế hoạch").tap)
    first = phone_page.get_by_role("group", name="Chuyên đề 1")
    first.get_by_label("Tên chuyên đề").fill("Nêu gương của đảng viên")
    first.get_by_label("Người chuẩn bị").fill("Mai")
    first.get_by_label("Cách thực hiện").select_option("kể chuyện")
    axe_check(phone_page)
    arrive(phone_page.get_by_role("button", name="Lưu kế hoạch").tap)
    arrive(phone_page.get_by_role("button", name="Đăng ký với cấp trên").tap)
    phone_page.get_by_text("chờ cấp ủy cấp trên xem").wait_for()
    axe_check(phone_page)

    desktop_page.goto("/ke-hoach/")
    axe_check(desktop_page)
    arrive(desktop_page.get_by_role("link", name="Chi bộ một").click)
    arrive(desktop_page.get_by_role("link", name="Trả lại").click)
    desktop_page.get_by_label("Lý do trả lại").fill("Thiếu chuyên đề quý III")
    arrive(desktop_page.get_by_role("button", name="Trả lại để chi bộ sửa").click)
    desktop_page.get_by_text("Đã trả lại kế hoạch").wait_for()

    phone_page.goto(address)
    phone_page.get_by_text("Thiếu chuyên đề quý III").wait_for()
    arrive(phone_page.get_by_role("link", name="Sửa kế hoạch").tap)
    second = phone_page.get_by_role("group", name="Chuyên đề 2")
    second.get_by_label("Tháng").select_option("Tháng 8")
    second.get_by_label("Tên chuyên đề").fill("Chuyển đổi số")
    arrive(phone_page.get_by_role("button", name="Lưu kế hoạch").tap)
    arrive(phone_page.get_by_role("button", name="Đăng ký lại").tap)
    phone_page.get_by_text("chờ cấp ủy cấp trên xem").wait_for()

    desktop_page.goto(address)
    arrive(desktop_page.get_by_role("button", name="Chấp nhận").click)
    desktop_page.get_by_text("Đã chấp nhận kế hoạch").wait_for()

    plan = ThematicPlan.unscoped.get()
    themes = [(theme.month, theme.title, theme.preparer) for theme in plan.themes.all()]
    assert plan.state == ThematicPlan.State.ACCEPTED
    assert themes == [(2, "Nêu gương của đảng viên", cast.member), (8, "Chuyển đổi số", None)]
