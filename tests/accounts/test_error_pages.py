import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import errors

PAGES = {
    errors.bad_request: (400, "Yêu cầu không đọc được"),
    errors.forbidden: (403, "Không có quyền mở trang này"),
    errors.not_found: (404, "Không tìm thấy trang"),
    errors.conflict: (409, "Nội dung đã thay đổi"),
    errors.server_error: (500, "Hệ thống gặp lỗi"),
    errors.csrf_failure: (403, "Trang đã mở quá lâu"),
}


@pytest.mark.parametrize("view", PAGES)
def test_error_pages_need_no_database_and_speak_vietnamese(rf, view):
    # Without the mark `django_db` any query would fail this test.
    response = view(rf.get("/"))

    status, heading = PAGES[view]
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert f"<title>{heading} – Sổ Chi bộ</title>" in response.content.decode()


def test_what_does_not_exist_and_what_is_foreign_look_the_same(rf):
    pages = [errors.not_found(rf.get("/a/"), Http404("No Session")), errors.not_found(rf.get("/b/"))]

    assert pages[0].content == pages[1].content
    assert pages[0].headers == pages[1].headers


def test_the_reason_of_a_denial_is_not_shown(rf):
    page = errors.forbidden(rf.get("/"), PermissionDenied("board"))

    assert "board" not in page.content.decode()


def test_a_form_from_before_the_log_in_is_explained(client, db):
    strict = type(client)(enforce_csrf_checks=True)

    response = strict.post("/dang-nhap/", {"username": "lan"})

    assert response.status_code == 403
    assert "Chưa có gì được lưu." in response.content.decode()


@pytest.mark.parametrize("host", ["elsewhere.example.org", "a b", "%00", "[::"])
def test_a_foreign_host_name_is_a_bad_request(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400
