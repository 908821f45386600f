"""A board publishes an outline, a cell receives it, the next edition is asked for; a stamped paper stays out."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AuditEntry
from cells.models import UploadStatement
from resolutions.models import Document, Outline, Receipt
from tests.cast import make_cast
from tests.cells.uploads import papers
from tests.e2e.seeing import arrive, fits, look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def cast(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return make_cast()


def press(page, name):
    arrive(page.get_by_role("button", name=name).click)


def follow(page, name):
    arrive(page.get_by_role("link", name=name).first.click)


def hand_in(page, name, text):
    content = papers.docx(papers.paragraph(text))
    page.locator("#id_file").set_input_files({"name": name, "mimeType": WORD, "buffer": content})
    page.get_by_label("Tôi xác nhận tệp hoặc video không chứa bí mật nhà nước").check()
    press(page, "Đăng đề cương")


def file_document(page, cite):
    page.goto(reverse("resolutions:list"))
    follow(page, "Thêm văn bản")
    page.get_by_label("Số, ký hiệu").fill(cite)
    press(page, "Tiếp tục")


def test_a_board_publishes_a_cell_receives_and_the_second_edition_is_asked_for(
    cast, desktop_page, phone_page, enter, axe_check
):
    enter(desktop_page, cast.binh)
    enter(phone_page, cast.lan)

    file_document(desktop_page, "05 - CT/TW ngày 15/5/2016")
    expect(desktop_page.get_by_label("Khóa hoặc năm")).to_have_value("khóa XII")
    desktop_page.get_by_label("Cơ quan ban hành").fill("Bộ Chính trị")
    desktop_page.get_by_label("Trích yếu").fill("Học tập và làm theo gương Bác")
    look(desktop_page, "outline-add-document")
    press(desktop_page, "Thêm văn bản")
    follow(desktop_page, "Đưa đề cương lên")
    look(desktop_page, "outline-add")
    hand_in(desktop_page, "Đề cương Chỉ thị 05.docx", "Học tập và làm theo gương Bác")
    expect(desktop_page.locator("main")).to_contain_text("Đã đăng đề cương")

    phone_page.goto("/")
    phone_page.get_by_role("navigation", name="Điều hướng chính").get_by_role("link", name="Văn bản").tap()
    with phone_page.expect_download() as arriving:
        phone_page.get_by_role("link", name="Tải về: Đề cương giới thiệu 05-CT/TW").tap()
    assert arriving.value.suggested_filename == "Đề cương Chỉ thị 05.docx"
    assert Receipt.unscoped.get().cell == cast.cell

    file_document(desktop_page, "Chỉ thị số 05 khóa XII")
    expect(desktop_page.get_by_role("heading", name="Có thể văn bản này đã có")).to_be_visible()
    follow(desktop_page, "Dùng văn bản này")
    follow(desktop_page, "Đăng bản mới")
    desktop_page.get_by_label("Điểm mới của bản này").fill("Thêm câu hỏi thảo luận")
    hand_in(desktop_page, "Đề cương Chỉ thị 05, bản 2.docx", "Câu hỏi thảo luận")
    follow(desktop_page, "Nơi nhận")
    look(desktop_page, "outline-receipts")
    fits(desktop_page)
    axe_check(desktop_page)
    expect(desktop_page.get_by_role("row", name="Chi bộ một")).to_contain_text("còn giữ bản cũ (1)")
    expect(desktop_page.get_by_role("row", name="Chi bộ hai")).to_contain_text("chưa nhận")

    phone_page.goto("/")
    look(phone_page, "outline-reminded")
    expect(phone_page.locator("main")).to_contain_text("Chi bộ đang giữ bản thứ 1, nay có bản thứ 2.")
    arrive(phone_page.get_by_role("link", name="Xem bản mới").first.tap)
    expect(phone_page.get_by_role("button", name="Đã nhận")).to_be_visible()
    look(phone_page, "outline-document")
    fits(phone_page)
    axe_check(phone_page)
    arrive(phone_page.get_by_role("button", name="Đã nhận").tap)
    expect(phone_page.locator("main")).to_contain_text("Chi bộ đã nhận bản này")
    desktop_page.reload()
    expect(desktop_page.get_by_role("row", name="Chi bộ một")).to_contain_text("đã nhận")
    assert Document.unscoped.count() == 1


def test_a_stamped_word_file_is_refused_at_its_field_and_nothing_of_it_stays(
    cast, desktop_page, enter, axe_check, settings, caplog
):
    enter(desktop_page, cast.binh)
    file_document(desktop_page, "07-BC/TU")
    desktop_page.get_by_label("Cơ quan ban hành").fill("Tỉnh ủy")
    desktop_page.get_by_label("Trích yếu").fill("Tình hình chung")
    press(desktop_page, "Thêm văn bản")
    follow(desktop_page, "Đưa đề cương lên")
    desktop_page.get_by_label("Tên đề cương").fill("Đề cương mới")

    hand_in(desktop_page, "Bao cao quy.docx", "TUYỆT MẬT chim sẻ đồng")

    expect(desktop_page.locator("main")).to_contain_text("Tệp mang dấu hoặc ký hiệu độ mật nên không được nhận")
    expect(desktop_page.get_by_label("Tên đề cương")).to_have_value("Đề cương mới")
    look(desktop_page, "outline-refused")
    axe_check(desktop_page)
    assert Outline.unscoped.count() == 0
    assert [path for path in settings.DATA_DIR.rglob("*") if path.is_file() and b"chim s" in path.read_bytes()] == []
    assert list(settings.DATA_DIR.glob("uploads/*")) == []
    assert list(UploadStatement.unscoped.values_list("user", "is_attested", "outcome")) == [
        (cast.binh.pk, True, "classified")
    ]
    assert AuditEntry.objects.get(action="upload.refused").detail == {"reason": "classified"}
    assert "Bao cao quy" not in caplog.text
