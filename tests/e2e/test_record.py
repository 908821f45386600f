"""What is written of a session on a phone: votes, tasks that come back, autosave, an expired log-in, two at once."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sessions import arranging, tasking
from sessions.models import AgendaBlock, Session, SessionRecord, SessionTask, SessionVote
from sessions.opening import open_session
from tests.e2e.conftest import PATIENCE
from tests.e2e.seeing import arrive, look
from tests.e2e.test_session import cast  # noqa: F401 - the same people, the same door
from tests.factories import SessionFactory


@pytest.fixture
def opened(cast):  # noqa: F811
    """A combined session of today, open; a task of last month is still to be done."""
    today = timezone.localdate()
    earlier = SessionFactory(cell=cast.cell, day=today - dt.timedelta(days=30), state=Session.State.CLOSED)
    tasking.give(earlier, {"title": "Thăm hộ khó khăn", "owner_name": "Mai", "due": today}, actor=cast.lan)
    session = SessionFactory(cell=cast.cell, day=today, kind="combined", theme="Nêu gương", start="14:00")
    arranging.lay_out_again(session, actor=cast.hoa)
    open_session(session, actor=cast.hoa)
    return session


def to_record(page, session):
    page.goto(f"/buoi-sinh-hoat/{session.public_id}/ghi/")
    page.locator("[data-record][data-live]").wait_for()


def wait_until_saved(page):
    page.locator("[data-saved]").filter(has_text="Đã lưu").wait_for()


def test_a_combined_session_is_written_down_on_a_phone(cast, opened, phone_page, enter, axe_check):  # noqa: F811
    page = phone_page
    enter(page, cast.hoa)
    page.goto(f"/buoi-sinh-hoat/{opened.public_id}/")
    arrive(page.get_by_role("link", name="Ghi nội dung buổi").tap)
    page.locator("[data-record][data-live]").wait_for()
    axe_check(page)

    page.get_by_label("Chủ trì", exact=True).fill("Hoa")
    old = page.get_by_role("group", name="Thăm hộ khó khăn")
    old.get_by_label("Đã xong").tap()
    old.get_by_label("Kết quả, hoặc lý do thôi thực hiện").fill("Đã thăm ba hộ")
    page.get_by_text("Trình bày chuyên đề").tap()
    block = page.locator("details[open]")
    block.get_by_label("Nội dung đã trình bày").fill("Gương người tốt ở cơ quan")
    block.get_by_label("Số phút thực tế").fill("25")
    page.get_by_label("Kết luận của chủ trì").fill("Chi bộ thống nhất ba việc")
    wait_until_saved(page)
    look(page, "record")

    arrive(page.get_by_role("link", name="Thêm biểu quyết").tap)
    expect(page.locator("main")).to_contain_text("14 đảng viên, 14 chính thức, 0 vắng, 14 chưa điểm danh → cơ số 14")
    page.get_by_label("Nội dung biểu quyết").fill("Thông qua nghị quyết")
    page.get_by_label("Tán thành", exact=False).first.fill("15")
    arrive(page.get_by_role("button", name="Ghi kết quả").tap)
    expect(page.get_by_role("alert")).to_contain_text("Cộng lại được 15 phiếu, nhiều hơn cơ số 14")
    page.get_by_label("Tán thành", exact=False).first.fill("13")
    arrive(page.get_by_role("button", name="Ghi kết quả").tap)
    page.get_by_text("Tán thành 13/14").wait_for()
    arrive(page.get_by_role("link", name="Thêm nhiệm vụ").tap)
    page.get_by_label("Nhiệm vụ").fill("Lập danh sách dự thi")
    page.get_by_label("Người phụ trách").fill("Lan")
    arrive(page.get_by_role("button", name="Ghi nhiệm vụ").tap)
    page.get_by_role("link", name="Lập danh sách dự thi").wait_for()
    axe_check(page)

    assert SessionVote.unscoped.get().in_favour == 13
    assert set(SessionTask.unscoped.values_list("title", "state", "result", "owner__full_name")) == {
        ("Thăm hộ khó khăn", "done", "Đã thăm ba hộ", "Mai"),
        ("Lập danh sách dự thi", "open", "", "Lan"),
    }
    told = AgendaBlock.unscoped.get(title="Trình bày chuyên đề")
    assert (told.note, told.minutes) == ("Gương người tốt ở cơ quan", 25)
    following = SessionFactory(cell=cast.cell, day=timezone.localdate() + dt.timedelta(days=30))
    assert [line.task.title for line in tasking.tasks_at(following)] == ["Lập danh sách dự thi"]


def test_words_are_saved_soon_and_outlive_an_expired_log_in(cast, opened, phone_page, enter):  # noqa: F811
    page = phone_page
    page.clock.install()
    enter(page, cast.hoa)
    to_record(page, opened)
    page.clock.pause_at(timezone.now() + dt.timedelta(minutes=1))
    page.get_by_label("Tóm tắt thảo luận").fill("Câu thứ nhất.")
    page.clock.run_for(2000)  # by the clock of the page, however slow the machine: no longer may words lie unsent
    wait_until_saved(page)
    page.clock.resume()
    page.context.clear_cookies(name="session")

    page.get_by_label("Tóm tắt thảo luận").fill("Câu thứ nhất. Câu thứ hai.")
    page.get_by_role("alert").filter(has_text="Đã hết phiên làm việc").wait_for()
    assert SessionRecord.unscoped.get().summary == "Câu thứ nhất."
    page.context.clear_cookies(name="csrf")
    enter(page, cast.hoa)
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait_until_saved(page)

    assert SessionRecord.unscoped.get().summary == "Câu thứ nhất. Câu thứ hai."
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_words_typed_in_the_last_second_outlive_a_closed_tab(cast, opened, phone_page, enter):  # noqa: F811
    page = phone_page
    enter(page, cast.hoa)
    other = page.context.new_page()
    page.clock.install()
    to_record(page, opened)
    page.clock.pause_at(timezone.now() + dt.timedelta(minutes=1))
    page.get_by_label("Kết luận của chủ trì").fill("Chi bộ thống nhất ba việc")
    page.close()  # before the pause after which the page saves by itself

    for _tenth in range(PATIENCE // 100):  # what a closed tab sends arrives a moment later
        if SessionRecord.unscoped.exclude(conclusion="").exists():
            break
        other.wait_for_timeout(100)
    to_record(other, opened)
    expect(other.get_by_label("Kết luận của chủ trì")).to_have_value("Chi bộ thống nhất ba việc")


def test_the_second_of_two_writers_chooses_and_may_keep_both(cast, opened, open_page, enter, axe_check):  # noqa: F811
    lan, hoa = open_page(), open_page(viewport={"width": 390, "height": 844})
    for page, user in ((lan, cast.lan), (hoa, cast.hoa)):
        enter(page, user)
        to_record(page, opened)

    lan.get_by_label("Kết luận của chủ trì").fill("Câu của Lan")
    wait_until_saved(lan)
    hoa.get_by_label("Tóm tắt thảo luận").fill("Chỗ này không ai đụng")
    wait_until_saved(hoa)
    expect(hoa.get_by_label("Kết luận của chủ trì")).to_have_value("Câu của Lan")
    lan.get_by_label("Kết luận của chủ trì").fill("Câu của Lan, sửa lại")
    wait_until_saved(lan)
    hoa.get_by_label("Kết luận của chủ trì").fill("Câu của Hoa")
    hoa.get_by_role("alert").filter(has_text="Kết luận của chủ trì").wait_for()
    arrive(hoa.get_by_role("button", name="Lưu").click)
    hoa.get_by_role("heading", name="Hai người cùng ghi").wait_for()
    axe_check(hoa)
    look(hoa, "record-conflict")
    hoa.get_by_label("Giữ cả hai, nối nhau").check()
    arrive(hoa.get_by_role("button", name="Lưu lựa chọn").click)
    hoa.get_by_text("Đã lưu nội dung buổi sinh hoạt.").wait_for()

    assert SessionRecord.unscoped.get().conclusion == "Câu của Lan, sửa lại\nCâu của Hoa"
