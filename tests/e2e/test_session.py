"""A session from the plan to its counters, on a phone by touch, at a desk, by keyboard alone, and by two at once.

`SCREENSHOTS=folder` keeps a picture of each page that a story comes through.
"""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sessions.models import COUNTERS, Attendance, Mark, Session
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look
from tests.factories import MembershipFactory, PersonFactory, SessionFactory

NAMES = (
    "Nguyễn Văn An",
    "Trần Thị Bích",
    "Lê Quang Cường",
    "Phạm Thị Dung",
    "Hoàng Văn Đức",
    "Vũ Thị Giang",
    "Đặng Hữu Hải",
    "Bùi Thị Hạnh",
    "Đỗ Minh Khôi",
    "Ngô Thị Kim Liên",
    "Dương Văn Lộc",
)


@pytest.fixture
def cast(transactional_db):
    """The cell has 14 members, and a session planned for today, as it met last month."""
    cast = make_cast()
    for number, name in enumerate(NAMES):
        MembershipFactory(person=PersonFactory(code=f"DV-{number}", full_name=name), cell=cast.cell)
    return cast


@pytest.fixture
def session(cast):
    return SessionFactory(
        cell=cast.cell, day=timezone.localdate(), start="14:00", place="Phòng họp tầng 2", code="BSH-HOM-NAY"
    )


class Fingers:
    """Taps as a person would, and counts."""

    def __init__(self, page):
        self.page = page
        self.taps = 0

    def on(self, locator):
        """A tap to come."""
        self.taps += 1
        return locator.tap

    def tap(self, locator):
        self.on(locator)()

    def press(self, key):
        self.taps += 1
        self.page.keyboard.press(key)

    def enter(self):
        """Where that leads to another page, `arrive(hand.enter)`: a key finds nothing before its scripts are there."""
        self.press("Enter")


def row(page, name):
    return page.locator("[data-line]").filter(has=page.locator("legend", has_text=name)).first


def choice(page, name, label):
    return row(page, name).get_by_label(label, exact=True)


def ready(page):
    """The roll-call stands there, and its script has taken over."""
    page.locator("[data-roll-call][data-live]").wait_for()


def wait_until_saved(page):
    page.locator("[data-saved]").filter(has_text="Đã lưu lúc").wait_for()


def is_asked_again(page):
    """A session is closed before its end time; at which hour of the day the story is told decides."""
    asked = page.get_by_text("hãy bấm “Kết thúc buổi” lần nữa")
    asked.or_(page.get_by_role("heading", name="Kết quả điểm danh")).first.wait_for()
    return asked.is_visible()


def press_twice(page, name):
    """So quickly that the second press finds the page of the first, however soon the next one comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).evaluate("button => { button.click(); button.click() }")


def counters(session):
    session.refresh_from_db()
    return {name: getattr(session, name) for name in COUNTERS if getattr(session, name)}


def stored(session):
    rows = Attendance.unscoped.filter(session=session)
    return {row.person.full_name: (row.mark, row.reason) for row in rows.select_related("person")}


def test_a_secretary_logs_a_session_on_a_phone(cast, session, phone_page, enter, axe_check):
    page, hand = phone_page, Fingers(phone_page)
    enter(page, cast.hoa)
    page.goto("/")
    begun = time.monotonic()

    arrive(hand.on(page.get_by_role("link", name="Mở buổi sinh hoạt").first))
    arrive(hand.on(page.get_by_role("button", name="Mở điểm danh")))
    ready(page)
    hand.tap(page.get_by_role("button", name="Tất cả có mặt"))
    for name, reason in (("Lê Quang Cường", "Ốm"), ("Bùi Thị Hạnh", "Công tác")):
        hand.tap(choice(page, name, "Vắng có lý do"))
        hand.tap(choice(page, name, reason))
    arrive(hand.on(page.get_by_role("button", name="Tiếp: kết thúc buổi")))
    hand.tap(page.get_by_role("button", name="Sau 90 phút"))
    arrive(hand.on(page.get_by_role("button", name="Kết thúc buổi")))
    if is_asked_again(page):
        arrive(hand.on(page.get_by_role("button", name="Kết thúc buổi")))
    page.get_by_text("Phải có mặt 14 = có mặt 12 + vắng có lý do 2 + vắng không lý do 0").wait_for()

    seconds = time.monotonic() - begun
    print(f"\n14 members, two excused, on a phone: {hand.taps} taps, {seconds:.1f} s")  # noqa: T201 - the measure of the story
    assert hand.taps <= 12
    assert seconds <= 60
    assert counters(session) == {"expected": 14, "present": 12, "excused": 2}
    assert (session.state, f"{session.start:%H:%M}", f"{session.end:%H:%M}") == ("closed", "14:00", "15:30")
    assert stored(session)["Lê Quang Cường"] == ("excused", "ốm")
    axe_check(page)
    look(page, "closed")


def test_every_page_of_the_way_is_for_everybody(cast, session, enter, axe_check, phone_page, desktop_page):
    for page in (phone_page, desktop_page):
        enter(page, cast.hoa)
        for address, name in (("/buoi-sinh-hoat/", "list"), ("/buoi-sinh-hoat/len-ke-hoach/?kind=thematic", "plan")):
            page.goto(address)
            fits(page)
            axe_check(page)
            look(page, name)
    phone_page.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    axe_check(phone_page)
    look(phone_page, "planned")
    arrive(phone_page.get_by_role("button", name="Mở điểm danh").tap)
    ready(phone_page)
    for page, name in ((phone_page, "Lê Quang Cường"), (desktop_page, NAMES[0])):
        page.goto(f"/buoi-sinh-hoat/{session.public_id}/diem-danh/")
        ready(page)
        look(page, "unmarked")
        choice(page, name, "Vắng có lý do").click()
        choice(page, name, "Khác…").click()
        wait_until_saved(page)
        fits(page)
        axe_check(page)
        look(page, "marking")
    for page in (phone_page, desktop_page):
        page.goto(f"/buoi-sinh-hoat/{session.public_id}/ket-thuc/")
        fits(page)
        axe_check(page)
        look(page, "closing")


def test_a_plan_is_made_at_a_desk_and_carried_out(cast, desktop_page, enter, axe_check):
    page = desktop_page
    enter(page, cast.hoa)
    page.goto("/buoi-sinh-hoat/")
    arrive(page.get_by_role("link", name="Lên kế hoạch").first.click)
    page.get_by_label("Định kỳ và chuyên đề").check()
    page.get_by_label("Ngày sinh hoạt").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_label("Giờ bắt đầu").fill("7h30")
    arrive(page.get_by_role("button", name="Ghi kế hoạch").click)
    expect(page.get_by_role("alert")).to_contain_text("Buổi chuyên đề phải ghi tên chuyên đề.")
    axe_check(page)
    page.get_by_label("Tên chuyên đề").fill("Nêu gương của đảng viên")
    arrive(page.get_by_role("button", name="Ghi kế hoạch").click)

    arrive(page.get_by_role("button", name="Mở điểm danh").click)
    ready(page)
    page.get_by_role("button", name="Tất cả có mặt").click()
    choice(page, "Đỗ Minh Khôi", "Trực tuyến").check()
    choice(page, "Vũ Thị Giang", "Vắng không lý do").check()
    arrive(page.get_by_role("button", name="Tiếp: kết thúc buổi").click)
    page.get_by_label("Giờ kết thúc").fill("7h00")
    arrive(page.get_by_role("button", name="Kết thúc buổi").click)
    expect(page.get_by_role("alert")).to_contain_text("Giờ kết thúc phải sau giờ bắt đầu (07:30).")
    page.get_by_label("Giờ kết thúc").fill("0945")
    page.get_by_label("Khách mời (số người)").fill("3")
    press_twice(page, "Kết thúc buổi")
    if is_asked_again(page):
        press_twice(page, "Kết thúc buổi")
    page.get_by_text("Kết quả điểm danh").wait_for()
    axe_check(page)
    look(page, "closed")

    session = Session.unscoped.get()
    assert counters(session) == {"expected": 14, "present": 13, "present_online": 1, "unexcused": 1}
    assert (session.theme, session.guests, f"{session.end:%H:%M}") == ("Nêu gương của đảng viên", 3, "09:45")


def test_the_whole_way_by_keyboard_alone(cast, session, desktop_page, enter):
    page, hand = desktop_page, Fingers(desktop_page)
    enter(page, cast.hoa)
    page.goto("/buoi-sinh-hoat/")
    begun = time.monotonic()
    tab_to(hand, "Sinh hoạt định kỳ")
    arrive(hand.enter)
    tab_to(hand, "Mở điểm danh")
    arrive(hand.enter)
    ready(page)
    tab_to(hand, "Tất cả có mặt")
    hand.press("Enter")
    tab_to(hand, "Lê Quang Cường")
    hand.press("ArrowRight")
    hand.press("ArrowRight")
    assert focused(page) == "Lê Quang Cường Vắng có lý do"
    hand.press("Tab")
    hand.press("Space")
    assert focused(page) == "Lý do của Lê Quang Cường Ốm"
    tab_to(hand, "Tiếp: kết thúc buổi")
    arrive(hand.enter)
    tab_to(hand, "Sau 90 phút")
    hand.press("Enter")
    tab_to(hand, "Kết thúc buổi")
    arrive(hand.enter)
    if is_asked_again(page):
        tab_to(hand, "Kết thúc buổi")
        arrive(hand.enter)
    page.get_by_text("Kết quả điểm danh").wait_for()

    print(f"\n14 members, one excused, by keyboard: {hand.taps} keys, {time.monotonic() - begun:.1f} s")  # noqa: T201
    assert counters(session) == {"expected": 14, "present": 13, "excused": 1}
    assert stored(session)["Lê Quang Cường"] == ("excused", "ốm")


def focused(page):
    """What somebody hears who cannot see: the group's legend and the name of the control."""
    return page.evaluate(
        """() => {
          const element = document.activeElement
          const legend = element.closest("fieldset")?.querySelector("legend")?.textContent ?? ""
          const name = element.labels?.[0]?.textContent ?? element.textContent
          return `${legend.replace(/^\\s*\\d+\\./, "")} ${name}`.replace(/\\s+/g, " ").trim()
        }"""
    )


def tab_to(hand, text):
    """Only forwards, as the page is read; what has the focus must be seen."""
    for _ in range(80):
        hand.press("Tab")
        if text in focused(hand.page):
            wait_until_in_sight(hand.page)
            return
    raise AssertionError(f"the keyboard never comes to {text}")


def wait_until_in_sight(page):
    """The page glides to what has the focus, so that it is on top only when it has arrived."""
    page.wait_for_function(
        """() => {
          const box = document.activeElement.getBoundingClientRect()
          const x = box.x + box.width / 2, y = box.y + box.height / 2
          const on_top = document.elementFromPoint(x, y)
          return document.activeElement === on_top || document.activeElement.contains(on_top)
        }"""
    )


def test_two_who_mark_at_once_see_both_versions_and_choose(cast, session, open_page, enter, axe_check):
    lan, hoa = (
        open_page(viewport={"width": 1280, "height": 800}),
        open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True),
    )
    enter(lan, cast.lan)
    enter(hoa, cast.hoa)
    hoa.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    hoa.route("**/diem-danh/da-luu/", lambda route: route.abort())  # she is not shown what Lan does meanwhile
    arrive(hoa.get_by_role("button", name="Mở điểm danh").tap)
    ready(hoa)
    lan.goto(f"/buoi-sinh-hoat/{session.public_id}/diem-danh/")
    ready(lan)

    choice(lan, "Nguyễn Văn An", "Vắng không lý do").check()
    choice(lan, "Trần Thị Bích", "Có mặt").check()
    wait_until_saved(lan)
    choice(hoa, "Nguyễn Văn An", "Có mặt").tap()
    hoa.get_by_role("alert").filter(has_text="Nguyễn Văn An").wait_for()
    choice(hoa, "Lê Quang Cường", "Có mặt").tap()
    arrive(hoa.get_by_role("button", name="Lưu").tap)

    hoa.get_by_role("heading", name="Hai người cùng ghi điểm danh").wait_for()
    axe_check(hoa)
    fits(hoa)
    look(hoa, "conflict")
    assert stored(session)["Nguyễn Văn An"] == ("unexcused", "")
    hoa.get_by_role("group", name="Nguyễn Văn An").get_by_label("Của đồng chí").check()
    arrive(hoa.get_by_role("button", name="Lưu lựa chọn").tap)
    hoa.get_by_text("Đã lưu điểm danh.").wait_for()

    marks = {name: mark for name, (mark, _reason) in stored(session).items() if mark}
    assert marks == dict.fromkeys(("Nguyễn Văn An", "Trần Thị Bích", "Lê Quang Cường"), "present")


def test_two_who_mark_different_people_disturb_nobody(cast, session, open_page, enter):
    lan, hoa = open_page(), open_page()
    enter(hoa, cast.hoa)
    enter(lan, cast.lan)
    hoa.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    arrive(hoa.get_by_role("button", name="Mở điểm danh").click)
    ready(hoa)
    lan.goto(f"/buoi-sinh-hoat/{session.public_id}/diem-danh/")
    ready(lan)

    choice(lan, "Trần Thị Bích", "Vắng không lý do").check()
    wait_until_saved(lan)
    choice(hoa, "Nguyễn Văn An", "Có mặt").check()
    wait_until_saved(hoa)

    expect(choice(hoa, "Trần Thị Bích", "Vắng không lý do")).to_be_checked()
    assert {name: mark for name, (mark, _) in stored(session).items() if mark} == {
        "Trần Thị Bích": "unexcused",
        "Nguyễn Văn An": "present",
    }


def test_marks_are_kept_when_the_log_in_expires(cast, session, phone_page, enter):
    page = phone_page
    enter(page, cast.hoa)
    page.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    arrive(page.get_by_role("button", name="Mở điểm danh").tap)
    ready(page)
    page.context.clear_cookies(name="session")

    page.get_by_role("button", name="Tất cả có mặt").tap()
    page.get_by_role("alert").filter(has_text="Đã hết phiên làm việc").wait_for()
    assert set(stored(session).values()) == {(Mark.UNMARKED, "")}
    look(page, "expired")
    page.context.clear_cookies(name="csrf")  # a new log-in brings a new token, too
    enter(page, cast.hoa)
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait_until_saved(page)

    assert set(stored(session).values()) == {(Mark.PRESENT, "")}
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_a_slip_is_undone_and_a_later_mistake_reopened(cast, session, phone_page, enter, axe_check):
    page = phone_page
    enter(page, cast.hoa)
    page.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    arrive(page.get_by_role("button", name="Mở điểm danh").tap)
    ready(page)
    page.get_by_role("button", name="Tất cả có mặt").tap()
    finish(page)
    arrive(page.get_by_role("button", name="Hoàn tác kết thúc").tap)
    page.get_by_text("Đã hoàn tác").wait_for()
    assert counters(session) == {}

    ready(page)
    choice(page, "Đặng Hữu Hải", "Vắng không lý do").tap()
    finish(page)
    arrive(page.get_by_role("link", name="Mở lại để sửa…").tap)
    arrive(page.get_by_role("button", name="Mở lại buổi sinh hoạt").tap)
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi lý do mở lại.")
    axe_check(page)
    look(page, "reopening")
    page.get_by_label("Lý do mở lại").fill("Ghi nhầm một người")
    arrive(page.get_by_role("button", name="Mở lại buổi sinh hoạt").tap)
    ready(page)
    choice(page, "Đặng Hữu Hải", "Có mặt").tap()
    finish(page)

    assert counters(session) == {"expected": 14, "present": 14}


def finish(page):
    wait_until_saved(page)
    arrive(page.get_by_role("button", name="Tiếp: kết thúc buổi").tap)
    if not page.get_by_label("Giờ kết thúc").input_value():
        page.get_by_role("button", name="Sau 90 phút").tap()
    arrive(page.get_by_role("button", name="Kết thúc buổi").tap)
    if is_asked_again(page):
        arrive(page.get_by_role("button", name="Kết thúc buổi").tap)
    page.get_by_text("Kết quả điểm danh").wait_for()


def test_a_browser_without_scripts_does_the_same(cast, session, open_page, enter, axe_check):
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    enter(page, cast.hoa)
    page.goto(f"/buoi-sinh-hoat/{session.public_id}/")
    arrive(page.get_by_role("button", name="Mở điểm danh").click)
    choice(page, "Bùi Thị Hạnh", "Vắng có lý do").check()
    choice(page, "Bùi Thị Hạnh", "Khác…").check()
    row(page, "Bùi Thị Hạnh").get_by_label("Ghi lý do khác").fill("đưa con đi thi")
    arrive(page.get_by_role("button", name="Tất cả có mặt").click)
    arrive(page.get_by_role("button", name="Tiếp: kết thúc buổi").click)
    page.get_by_label("Giờ kết thúc").fill("15h45")
    arrive(page.get_by_role("button", name="Kết thúc buổi").click)
    if is_asked_again(page):
        arrive(page.get_by_role("button", name="Kết thúc buổi").click)
    page.get_by_text("Kết quả điểm danh").wait_for()

    assert counters(session) == {"expected": 14, "present": 13, "excused": 1}
    assert stored(session)["Bùi Thị Hạnh"] == ("excused", "đưa con đi thi")
