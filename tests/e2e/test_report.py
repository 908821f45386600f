"""Hoa asks for a report, leaves, comes back, watches it being made by a process of its own, and takes it with her."""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from reports.building import build
from reports.models import Report
from tests.cast import make_cast
from tests.e2e.seeing import arrive, look
from tests.factories import SessionFactory, close
from tests.reports.jobs import child


@pytest.fixture
def cast(transactional_db):
    cast = make_cast()
    for month in (7, 8, 9):
        close(SessionFactory(cell=cast.cell, day=dt.date(2024, month, 3)))
    return cast


def ask(page):
    page.goto("/")
    arrive(page.get_by_role("link", name="Báo cáo", exact=True).click)
    arrive(page.get_by_role("link", name="Lập báo cáo").first.click)
    page.get_by_label("Kỳ báo cáo").select_option("Quý III")
    page.get_by_label("Năm").select_option("2024")
    arrive(page.get_by_role("button", name="Lập báo cáo").click)
    page.get_by_role("heading", name="Đang chờ").wait_for()


def test_asked_left_watched_and_taken_along(cast, enter, page, axe_check, process_environment):
    enter(page, cast.hoa)
    page.goto("/")
    arrive(page.get_by_role("link", name="Báo cáo", exact=True).click)
    look(page, "reports-empty")
    arrive(page.get_by_role("link", name="Lập báo cáo").first.click)
    look(page, "report-request")
    axe_check(page)
    ask(page)
    look(page, "report-waiting")
    axe_check(page)

    page.goto("/")
    expect(page.get_by_role("heading", name="Báo cáo đang lập")).to_be_visible()
    arrive(page.get_by_role("link", name="Quý III năm 2024").click)
    # The page is not loaded again by hand: it asks until the other process is done.
    command = [sys.executable, "manage.py", "run_jobs"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=process_environment, stdout=subprocess.DEVNULL):
        page.get_by_role("heading", name="Báo cáo đã xong").wait_for(timeout=60_000)
    look(page, "report-done")
    axe_check(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về").click()

    assert download.value.suggested_filename == "Báo cáo Chi bộ một 2024-Q3.pdf"
    taken = Path(download.value.path()).read_bytes()
    report = Report.unscoped.get()
    assert taken == (settings.DATA_DIR / report.artifact.path).read_bytes()
    assert len(taken) == report.artifact.size
    page.goto("/bao-cao/")
    look(page, "reports")
    axe_check(page)


def test_a_failure_is_told_plainly_and_tried_again(cast, enter, page, axe_check, settings):
    settings.RENDER_COMMAND = child("failing", "MemoryError")
    enter(page, cast.hoa)
    ask(page)
    report = Report.unscoped.get()
    while Report.unscoped.filter(pk=report.pk).exclude(state="failed").exists():
        build(report.pk)
    page.get_by_role("heading", name="Không lập được báo cáo").wait_for()
    expect(page.get_by_text("Báo cáo quá lớn: không đủ bộ nhớ để dàn trang.")).to_be_visible()
    look(page, "report-failed")
    axe_check(page)

    arrive(page.get_by_role("button", name="Thử lại").click)
    page.get_by_role("heading", name="Đang chờ").wait_for()
    settings.RENDER_COMMAND = child("good")
    build(report.pk)

    page.get_by_role("heading", name="Báo cáo đã xong").wait_for()


def test_without_scripts_the_page_is_loaded_again_by_hand(cast, enter, open_page, settings):
    settings.RENDER_COMMAND = child("good")
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    enter(page, cast.hoa)
    ask(page)
    build(Report.unscoped.get().pk)

    arrive(page.get_by_role("link", name="Xem lại tình trạng").click)

    expect(page.get_by_role("heading", name="Báo cáo đã xong")).to_be_visible()
    expect(page).to_have_url(re.compile(reverse("reports:detail", args=[Report.unscoped.get().public_id]) + "$"))
