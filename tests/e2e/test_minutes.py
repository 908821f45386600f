"""Minutes at a desk: read as a draft, adopted, taken back and adopted again, corrected, downloaded."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cells.models import Term
from sessions import tasking
from sessions.models import AdoptedPaper, PaperCorrection, PaperFile, Session, SessionRecord
from sessions.opening import open_session
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look
from tests.factories import SessionFactory
from tests.reports import pages
from tests.sessions.stories import finish, mark_everybody


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def held(cast):
    """A session of today that is over and written down."""
    Term.unscoped.create(organisation=cast.cell, ordinal="XX", first_day=dt.date(2020, 1, 1))
    session = SessionFactory(cell=cast.cell, day=timezone.localdate(), start="14:00", place="Phòng họp tầng 2")
    open_session(session, actor=cast.hoa)
    mark_everybody(session, cast.hoa)
    finish(session, cast.hoa)
    told = {"chair_name": "Hoa", "minute_taker_name": "Lan", "conclusion": "Chi bộ thống nhất ba việc."}
    SessionRecord.unscoped.create(session=session, **told)
    tasking.give(session, {"title": "Thăm hộ khó khăn", "owner_name": "Mai", "due": session.day}, actor=cast.hoa)
    return Session.unscoped.get(pk=session.pk)


def downloaded(page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải PDF").click()
    return download.value.path().read_bytes()


def widths(page, selector) -> list[float]:
    return page.locator(selector).evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().width)")


def adopt(page):
    arrive(page.get_by_role("link", name="Thông qua…").click)
    arrive(page.get_by_role("button", name="Thông qua biên bản").click)
    page.get_by_text("Đã thông qua biên bản.").wait_for()


def test_adopt_and_correct_minutes(cast, held, desktop_page, enter, axe_check):
    page, address = desktop_page, f"/buoi-sinh-hoat/{held.public_id}"
    enter(page, cast.hoa)
    page.goto(f"{address}/bien-ban/")
    expect(page.get_by_role("article")).to_contain_text("Chi bộ thống nhất ba việc.")
    axe_check(page)
    look(page, "minutes-draft")
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    assert min(widths(page, ".paper-sheet td")) > 200  # px: no word of the table is broken into letters
    page.set_viewport_size({"width": 1280, "height": 800})

    arrive(page.get_by_role("link", name="Thông qua…").click)
    axe_check(page)
    look(page, "minutes-adopt")
    arrive(page.get_by_role("button", name="Thông qua biên bản").click)
    arrive(page.get_by_role("button", name="Hoàn tác thông qua").click)
    page.get_by_text("biên bản trở lại dự thảo").wait_for()
    adopt(page)
    axe_check(page)
    look(page, "minutes-adopted")
    assert PaperFile.unscoped.filter(paper__edition=2).count() == 1  # kept before anybody asked for it

    page.goto(f"{address}/ghi/")
    page.get_by_text("đã thông qua").first.wait_for()
    expect(page.get_by_label("Kết luận của chủ trì")).to_have_count(0)
    axe_check(page)
    look(page, "minutes-record-closed")

    page.goto(f"{address}/bien-ban/")
    arrive(page.get_by_role("link", name="Đính chính…").click)
    axe_check(page)
    look(page, "minutes-correct")
    page.get_by_label("Nội dung đính chính").fill("Kết luận gồm bốn việc")
    page.get_by_label("Lý do").fill("Ghi thiếu một việc")
    arrive(page.get_by_role("button", name="Ghi đính chính").click)
    page.get_by_text("Đã ghi đính chính vào cuối văn bản.").wait_for()
    axe_check(page)
    look(page, "minutes-corrected")

    read = pages.text_of(downloaded(page))
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert read.endswith(f"ĐÍNH CHÍNH Ngày {today}, Hoa đính chính: Kết luận gồm bốn việc Lý do: Ghi thiếu một việc")
    assert list(AdoptedPaper.unscoped.values_list("edition", "withdrawn_reason")) == [(1, ""), (2, "")]
    assert SessionRecord.unscoped.get().conclusion == "Chi bộ thống nhất ba việc."
    assert PaperCorrection.unscoped.get().day == timezone.localdate()
