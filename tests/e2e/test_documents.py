"""Mai wants the outline for tonight's session: in, two taps, and the file is hers, on a phone and at a desk."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from resolutions.models import Outline
from tests.cast import make_cast
from tests.e2e.seeing import arrive, fits
from tests.factories import ConferenceFactory, ReceivingSiteFactory
from tests.resolutions.factories import DocumentFactory, OutlineFactory

PASSWORD = "mot cau de nho"
NAME = "Đề cương giới thiệu Kết luận 01-KL-TW, bản thứ 2.pdf"
BODY = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def cast(transactional_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    cast = make_cast()
    for user in (cast.mai, cast.binh):
        user.set_password(PASSWORD)
        user.save()
    document = DocumentFactory(owner=cast.committee, symbol="01-KL/TW", subject="Tiếp tục học và làm theo Bác")
    OutlineFactory(document=document, title="Giới thiệu Kết luận 01", edition=1)
    OutlineFactory(document=document, title="Giới thiệu Kết luận 01", edition=2, file_name=NAME, body=BODY)
    OutlineFactory(document=document, title="Gợi ý trình bày", audience=Outline.Audience.SPEAKERS)
    DocumentFactory(owner=cast.cell, symbol="35-NQ/TW", subject="Bảo vệ nền tảng tư tưởng")
    return cast


@pytest.fixture(params=["phone_page", "desktop_page"])
def page(request, cast):
    return request.getfixturevalue(request.param)


def come_in(page, username):
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: urlsplit(address).path == "/")


def documents(page):
    return page.get_by_role("navigation", name="Điều hướng chính").get_by_role("link", name="Văn bản")


def test_two_taps_from_home_the_outline_is_there(page, axe_check):
    come_in(page, "mai")

    arrive(documents(page).click)
    link = page.get_by_role("link", name="Tải về: Giới thiệu Kết luận 01 bản thứ 2 · PDF, 11 kB")
    with page.expect_download() as arriving:
        link.click()

    assert arriving.value.suggested_filename == NAME
    assert Path(arriving.value.path()).read_bytes() == BODY
    expect(page.get_by_text("Gợi ý trình bày")).to_have_count(0)
    fits(page)
    axe_check(page)


def test_an_earlier_edition_stands_on_the_page_of_the_document(page, axe_check):
    come_in(page, "mai")
    page.goto("/van-ban/?search=tiep+tuc+hoc")
    arrive(page.get_by_role("link", name="01-KL/TW: Tiếp tục học và làm theo Bác").click)

    page.get_by_role("heading", name="Các bản trước").wait_for()
    with page.expect_download() as arriving:
        page.get_by_role("link", name="bản thứ 1").click()

    assert arriving.value.suggested_filename == "Đề cương giới thiệu kết luận.pdf"
    fits(page)
    axe_check(page)


def test_a_search_without_marks_and_the_way_back_from_nothing(page, axe_check):
    come_in(page, "mai")
    page.goto("/van-ban/")

    page.get_by_label("Tìm văn bản").fill("bao ve nen tang")
    arrive(page.get_by_role("button", name="Tìm").click)
    expect(page.locator("article h2")).to_have_text(["35-NQ/TW: Bảo vệ nền tảng tư tưởng"])
    expect(page.get_by_label("Tìm văn bản")).to_have_value("bao ve nen tang")

    page.get_by_label("Loại văn bản").select_option("Chỉ thị")
    arrive(page.get_by_role("button", name="Tìm").click)
    page.get_by_role("heading", name="Không có văn bản nào khớp").wait_for()
    fits(page)
    axe_check(page)

    arrive(page.get_by_role("link", name="Xem tất cả văn bản").click)
    page.wait_for_url("**/van-ban/")
    expect(page.locator("article")).to_have_count(2)


def test_the_keyboard_alone_fetches_the_outline(cast, desktop_page):
    come_in(desktop_page, "mai")
    press = desktop_page.keyboard.press
    documents(desktop_page).focus()
    press("Enter")
    desktop_page.wait_for_url("**/van-ban/")
    desktop_page.get_by_role("link", name="01-KL/TW:").focus()

    press("Tab")
    with desktop_page.expect_download() as arriving:
        press("Enter")

    assert arriving.value.suggested_filename == NAME


def test_a_lost_file_is_explained_on_a_page_of_ours(page, cast, settings, axe_check):
    come_in(page, "mai")
    for path in (settings.DATA_DIR / "uploads").iterdir():
        path.unlink()
    page.goto("/van-ban/")

    arrive(page.get_by_role("link", name="Tải về: Giới thiệu Kết luận 01").click)

    page.get_by_text("Không tìm thấy tệp này trên máy chủ.").wait_for()
    fits(page)
    axe_check(page)


def test_binh_reads_how_many_came_to_a_conference(page, cast, axe_check):
    conference = ConferenceFactory(organisation=cast.committee, subject="Học Nghị quyết 35", expected=120, present=118)
    ReceivingSiteFactory(conference=conference, name="Điểm cầu A", expected=700, present=690, estimate="nearly")
    come_in(page, "binh")

    arrive(documents(page).click)
    arrive(page.get_by_role("link", name="Hội nghị học tập, quán triệt").click)
    page.get_by_text("1 hội nghị đã tổ chức: có mặt gần 808/820 lượt người được triệu tập.").wait_for()
    fits(page)
    axe_check(page)
    arrive(page.get_by_role("link", name="Học Nghị quyết 35").click)

    page.get_by_text("Có mặt: điểm cầu chính 118 + 1 điểm cầu khác gần 690 = gần 808.").wait_for()
    fits(page)
    axe_check(page)
