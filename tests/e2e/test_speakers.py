"""A board appoints, reviews and ends; a cell plans half a year of turns, and its speaker answers on a phone."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from speakers.models import SpeakerAppointment, SpeakerTeam, TeamMember, Turn
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits, look
from tests.factories import AppointmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
SINCE = dt.date(2022, 3, 1)


@pytest.fixture
def cast():
    return make_cast()


def press(page, name):
    arrive(page.get_by_role("button", name=name).click)


def follow(page, name):
    arrive(page.get_by_role("link", name=name, exact=True).first.click)


def test_a_board_appoints_reviews_and_ends(cast, desktop_page, enter, axe_check):
    page, branch = desktop_page, cast.branch
    old = AppointmentFactory(organisation=branch)
    enter(page, cast.binh)

    page.goto(reverse("speakers:place", args=[branch.public_id]))
    look(page, "speakers-place")
    axe_check(page)
    follow(page, "Công nhận")
    page.get_by_label("Mã đảng viên").fill(cast.member.code)
    page.get_by_label("Họ và tên").fill("mai")
    page.locator("#id_level").select_option("district")
    page.get_by_label("Số quyết định").fill("112-QĐ/HU")
    page.get_by_label("Ngày quyết định").fill("01/08/2025")
    page.get_by_label("Từ ngày").fill("01/08/2025")
    press(page, "Ghi vào danh sách")
    expect(page.locator("main")).to_contain_text("Cấp huyện kết thúc ngày 30/06/2025")
    page.locator("#id_level").select_option("commune")
    press(page, "Ghi vào danh sách")
    expect(page.locator("main")).to_contain_text("Đã ghi Mai vào danh sách")
    look(page, "speakers-roster")
    fits(page)

    page.goto(reverse("speakers:begin_review", args=[branch.public_id]))
    press(page, "Bắt đầu")
    arrive(page.get_by_role("link", name=f"Cho ý kiến về {old.person.full_name}").click)
    page.get_by_label("Cho thôi").check()
    page.get_by_label("Lý do").fill("nghỉ hưu")
    press(page, "Ghi, sang người tiếp theo")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mai")
    page.get_by_label("Giữ nguyên").check()
    press(page, "Ghi, sang người tiếp theo")
    look(page, "speakers-review")
    axe_check(page)
    follow(page, "Hoàn thành")
    page.get_by_label("Thực hiện từ ngày").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_label("Số quyết định kiện toàn").fill("15-QĐ/ĐU")
    press(page, "Hoàn thành")
    expect(page.locator("main")).to_contain_text("Đã hoàn thành rà soát")
    page.goto(reverse("speakers:roster", args=[branch.public_id]))
    arrive(page.get_by_role("link", name="Cho thôi Mai").click)
    page.get_by_label("Lý do thôi").fill("chuyển đi")
    press(page, "Cho thôi")
    expect(page.locator("main")).to_contain_text("Đã ghi thôi")

    rows = SpeakerAppointment.unscoped.filter(organisation=branch).order_by("pk")
    assert list(rows.values_list("person", "end_reason")) == [
        (old.person_id, "nghỉ hưu"),
        (cast.member.pk, "chuyển đi"),
    ]


def test_a_cell_plans_half_a_year_and_its_speaker_swaps(cast, desktop_page, phone_page, enter, axe_check):
    team = SpeakerTeam.unscoped.create(organisation=cast.cell, name="Đội nòng cốt", first_day=SINCE)
    for person in (cast.member, cast.speaker):
        TeamMember.unscoped.create(team=team, person=person, first_day=SINCE)
    enter(desktop_page, cast.hoa)
    enter(phone_page, cast.mai)

    desktop_page.goto(reverse("speakers:turns", args=[team.public_id]))
    look(desktop_page, "speakers-turns")
    fits(desktop_page)
    axe_check(desktop_page)
    assert Turn.unscoped.count() == 0
    press(desktop_page, "Nhận phân công này")
    expect(desktop_page.locator("main")).to_contain_text("Đã phân công 6 tháng")
    assert sorted(Turn.unscoped.values_list("person", flat=True)) == sorted([cast.member.pk, cast.speaker.pk] * 3)

    phone_page.goto(reverse("speakers:mine"))
    look(phone_page, "speakers-mine")
    fits(phone_page)
    axe_check(phone_page)
    arrive(phone_page.get_by_role("link", name="Đổi lượt").first.tap)
    look(phone_page, "speakers-swap")
    arrive(phone_page.get_by_role("button", name="Ghi").tap)
    expect(phone_page.locator("main")).to_contain_text("Đã hỏi Sơn")

    enter(phone_page, cast.son)
    phone_page.goto(reverse("speakers:mine"))
    look(phone_page, "speakers-asked")
    arrive(phone_page.get_by_role("button", name="Đồng ý đổi").tap)
    expect(phone_page.locator("main")).to_contain_text("Đã trả lời")
    arrive(phone_page.get_by_role("link", name="Xin thôi").last.tap)
    phone_page.get_by_label("Lý do").fill("đi công tác")
    arrive(phone_page.get_by_role("button", name="Ghi").tap)
    expect(phone_page.locator("main")).to_contain_text("Đã báo")

    first, second = Turn.unscoped.order_by("month")[:2]
    assert (first.person, second.person) == (cast.speaker, cast.member)
    assert list(Turn.unscoped.filter(state="declined").values_list("reason", flat=True)) == ["đi công tác"]
