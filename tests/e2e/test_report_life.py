"""A report on its way: Lan writes and submits, Hoa signs and sends, it comes back, a new version follows."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from cells.models import Role, Term
from reports.building import build
from reports.models import Report
from tests.cast import make_cast
from tests.e2e.seeing import arrive, look
from tests.factories import PostFactory, SessionFactory, close
from tests.reports.jobs import child


@pytest.fixture
def cast(transactional_db, settings):
    settings.RENDER_COMMAND = child("good")
    cast = make_cast()
    for month in (7, 8, 9):
        close(SessionFactory(cell=cast.cell, day=dt.date(2024, month, 3)))
    Term.unscoped.create(organisation=cast.cell, ordinal="2020-2030", first_day=dt.date(2020, 1, 1))
    PostFactory(user=cast.nam, organisation=cast.branch, role=Role.COMMITTEE)
    return cast


def button(page, name):
    press = page.get_by_role("button", name=name)
    press.wait_for()
    arrive(press.click)


def test_from_draft_to_new_version(cast, enter, desktop_page, phone_page, axe_check):
    report = Report.unscoped.create(
        organisation=cast.cell, period="2024-Q3", until=dt.date(2024, 9, 30), requested_by=cast.lan
    )
    build(report.pk)
    lan, hoa = desktop_page, phone_page
    address = f"/bao-cao/{report.public_id}/"

    enter(lan, cast.lan)
    lan.goto(address)
    look(lan, "report-draft")
    arrive(lan.get_by_role("link", name="Ghi mục III, IV").click)
    lan.get_by_label("III. Hạn chế, nguyên nhân").fill("Hai buổi bắt đầu muộn.")
    lan.get_by_text(re.compile("Đã lưu")).wait_for()
    look(lan, "report-write")
    axe_check(lan)
    arrive(lan.get_by_role("link", name="Xem báo cáo").click)
    expect(lan.get_by_role("article")).to_contain_text("Hai buổi bắt đầu muộn.")
    look(lan, "report-preview")
    axe_check(lan)
    arrive(lan.get_by_role("link", name="9/9 (100 %)").click)
    lan.get_by_role("heading", name="Lượt có mặt: 9").wait_for()
    look(lan, "report-figure")
    lan.goto(address)
    button(lan, "Trình ký")
    lan.get_by_role("heading", name="Đang chờ ký").wait_for()

    enter(hoa, cast.hoa)
    hoa.goto(address)
    arrive(hoa.get_by_role("link", name="Ký…").click)
    look(hoa, "report-sign")
    axe_check(hoa)
    hoa.get_by_label("Địa danh").fill("Thanh Hóa")
    button(hoa, "Ký và lấy số")
    hoa.get_by_text("Đã ký báo cáo số 01-BC/CB.").wait_for()
    build(report.pk)
    button(hoa, "Gửi cấp trên")  # the page has seen by itself that the file is there
    hoa.get_by_role("heading", name="Đã gửi, chờ tiếp nhận").wait_for()
    look(hoa, "report-sent")
    axe_check(hoa)

    enter(lan, cast.nam)
    lan.goto(address)
    arrive(lan.get_by_role("link", name="Trả lại…").click)
    lan.get_by_label("Lý do trả lại").fill("Thiếu hội nghị ngày 10/7")
    look(lan, "report-send-back")
    button(lan, "Trả lại")
    lan.get_by_text("Đã trả lại báo cáo kèm lý do.").wait_for()

    hoa.goto(address)
    hoa.get_by_text("Lý do: Thiếu hội nghị ngày 10/7").wait_for()
    look(hoa, "report-returned")
    button(hoa, "Lập bản thay thế")
    hoa.get_by_role("heading", name="Dự thảo").wait_for()
    hoa.get_by_role("link", name="Bản 1").wait_for()
    assert list(Report.unscoped.order_by("revision").values_list("stage", flat=True)) == ["returned", "draft"]
