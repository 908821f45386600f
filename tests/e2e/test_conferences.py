"""A committee holds a hybrid conference; two of three sites report. A programme is shown; a member tests herself."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cells.models import Role
from resolutions.models import FollowUp, Question, QuizParticipation, StudyConference
from tests.cast import make_cast
from tests.cells.uploads.papers import pdf
from tests.e2e.seeing import arrive, fits, look
from tests.factories import ConferenceFactory, PostFactory
from tests.resolutions.factories import DocumentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
TODAY = timezone.localdate()


@pytest.fixture
def cast():
    return make_cast()


def press(page, name):
    arrive(page.get_by_role("button", name=name).click)


def follow(page, name):
    arrive(page.get_by_role("link", name=name, exact=True).first.click)


def test_a_hybrid_conference_of_three_sites_one_missing(cast, desktop_page, phone_page, enter, axe_check):
    page, phone = desktop_page, phone_page
    PostFactory(user=cast.minh, role=Role.COMMITTEE, organisation=cast.branch)
    PostFactory(user=cast.nam, role=Role.COMMITTEE, organisation=cast.sibling)
    enter(page, cast.binh)

    page.goto(reverse("resolutions:conference_list"))
    follow(page, "Lên lịch hội nghị")
    page.get_by_label("Nội dung").fill("Quán triệt Nghị quyết Đại hội XIV")
    page.locator("#id_level").select_option("province")
    page.get_by_label("Kết hợp").check()
    page.get_by_label("Giờ bắt đầu").fill("7h30")
    page.get_by_label("Giờ kết thúc").fill("17h")
    page.get_by_label("Triệu tập tại điểm cầu chính").fill("100")
    press(page, "Ghi")
    expect(page.locator("main")).to_contain_text("quá nửa ngày (240 phút)")
    look(page, "conference-warned")
    page.get_by_label("Giờ kết thúc").fill("11h")
    press(page, "Ghi")
    expect(page.locator("main")).to_contain_text("Đã lên lịch hội nghị")
    follow(page, "Thêm điểm cầu")
    press(page, "Thêm mọi đơn vị trực thuộc")
    expect(page.locator("main")).to_contain_text("Đã thêm 3 điểm cầu")
    follow(page, "Ghi kết quả")
    page.get_by_label("Có mặt").fill("98")
    press(page, "Ghi")
    expect(page.locator("main")).to_contain_text("3 trên 3 điểm cầu chưa báo số người dự.")

    conference = StudyConference.unscoped.get()
    enter(phone, cast.nam)
    phone.goto(reverse("resolutions:site", args=[conference.sites.get(organisation=cast.sibling).public_id]))
    phone.get_by_label("Triệu tập").fill("50")
    phone.get_by_label("Có mặt").fill("48")
    phone.get_by_label("Gần").check()
    look(phone, "conference-site")
    fits(phone)
    axe_check(phone)
    press(phone, "Ghi số người dự")
    expect(phone.locator("main")).to_contain_text("Đã báo: có mặt gần 48, triệu tập 50.")

    follow(page, "Điểm cầu Đảng bộ 1.11")
    press(page, "Lập đường dẫn")
    link = page.get_by_label("Đường dẫn để sao chép").input_value()
    phone.context.clear_cookies()
    phone.goto(link)
    phone.get_by_label("Có mặt").fill("30")
    look(phone, "conference-link")
    fits(phone)
    axe_check(phone)
    press(phone, "Ghi số người dự")
    expect(phone.locator("main")).to_contain_text("Đã báo: có mặt 30, triệu tập 0.")

    page.goto(reverse("resolutions:conference", args=[conference.public_id]))
    expect(page.locator("main")).to_contain_text("1 trên 3 điểm cầu chưa báo số người dự.")
    expect(page.locator("main")).to_contain_text("điểm cầu chính 98 + 3 điểm cầu khác gần 78 = gần 176.")
    look(page, "conference-missing")
    fits(page)
    axe_check(page)


def test_a_programme_is_followed_to_its_evidence(cast, phone_page, desktop_page, enter, axe_check):
    conference = ConferenceFactory(organisation=cast.committee, day=TODAY - dt.timedelta(days=20))
    enter(desktop_page, cast.binh)
    desktop_page.goto(reverse("resolutions:give_follow_up", args=[conference.public_id]))
    desktop_page.get_by_label("Chương trình hành động, kế hoạch").check()
    desktop_page.get_by_label("Nội dung").fill("Ban hành chương trình hành động")
    desktop_page.get_by_label("Mọi đơn vị trực thuộc (3)").check()
    desktop_page.get_by_label("Hạn").fill(f"{TODAY - dt.timedelta(days=1):%d/%m/%Y}")
    press(desktop_page, "Ghi")
    expect(desktop_page.locator("main")).to_contain_text("Đã giao cho 3 đơn vị")

    desktop_page.goto("/")
    expect(desktop_page.locator("main")).to_contain_text("3 việc sau hội nghị học tập quá hạn")

    doer = PostFactory(role=Role.COMMITTEE, organisation=cast.branch).user
    enter(phone_page, doer)
    phone_page.goto(reverse("resolutions:follow_ups"))
    follow(phone_page, "Ban hành chương trình hành động")
    look(phone_page, "follow-up")
    fits(phone_page)
    axe_check(phone_page)
    follow(phone_page, "Báo đã làm xong")
    file = {"name": "Chương trình hành động.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    phone_page.get_by_label("Tệp", exact=True).set_input_files(file)
    phone_page.get_by_label("Tôi xác nhận").check()
    press(phone_page, "Ghi")
    expect(phone_page.locator("main")).to_contain_text("Chương trình hành động.pdf")

    desktop_page.goto(reverse("resolutions:conference", args=[conference.public_id]))
    expect(desktop_page.locator("main")).to_contain_text("1/3")
    look(desktop_page, "follow-ups")
    assert FollowUp.unscoped.done().get().organisation == cast.branch


def test_a_member_tests_herself_on_a_phone(cast, phone_page, enter, axe_check):
    page = phone_page
    document = DocumentFactory(owner=cast.committee, symbol="50-CT/TW")
    for kind, text in (("single", "Ngày sinh hoạt định kỳ?"), ("multiple", "Ai dự?")):
        question = Question.unscoped.create(document=document, owner=cast.committee, kind=kind, text=text)
        for position, answer in enumerate(("Một", "Hai", "Ba"), start=1):
            question.options.create(position=position, text=f"{answer} {kind}", is_right=position == 1)
    enter(page, cast.mai)

    page.goto(reverse("resolutions:document", args=[document.public_id]))
    follow(page, "Làm bài tự kiểm tra")
    look(page, "quiz")
    fits(page)
    axe_check(page)
    page.get_by_label("Một single").check()
    page.get_by_label("Một multiple").check()
    page.get_by_label("Hai multiple").check()
    press(page, "Xem kết quả")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đúng 1/2 câu")
    look(page, "quiz-result")
    fits(page)
    axe_check(page)

    assert QuizParticipation.unscoped.get().cell == cast.cell
