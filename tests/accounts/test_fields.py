import datetime as dt
import unicodedata

import pytest
from django.core.exceptions import ValidationError

from accounts.fields import CleanCharField, CleanTextField, DayField, PasswordField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn   Thị\tLan ", "Nguyễn Thị Lan"),
        (unicodedata.normalize("NFD", "Đặng Thị Huế"), "Đặng Thị Huế"),
        ("Lan\u200b\u202e", "Lan"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_a_line_is_settled_into_one_form(typed, kept):
    assert CleanCharField(required=False).clean(typed) == kept


@pytest.mark.parametrize("field", [CleanCharField(), CleanTextField(), PasswordField(autocomplete="off")])
@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "\udfff"])
def test_broken_text_is_refused_in_plain_words(field, typed):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)

    assert refusal.value.messages == ["Nội dung có ký tự không đọc được. Hãy gõ lại phần này."]


def test_what_looks_empty_is_empty():
    with pytest.raises(ValidationError) as refusal:
        CleanCharField().clean(" \u200b ")

    assert refusal.value.messages == ["Hãy điền mục này."]


def test_several_lines_keep_their_breaks():
    assert CleanTextField().clean(" một \r\nhai\u200b\r\n\r\n") == "một\nhai"


@pytest.mark.parametrize("typed", ["05/11/2026", "5/11/2026", " 05/11/2026 "])
def test_a_day_is_read_day_first(typed):
    assert DayField().clean(typed) == dt.date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("31/02/2026", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/11/2026."),
        ("11/25/2026", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/11/2026."),
        ("05/11/0026", "Năm phải từ 1900 đến 2199."),
        ("05/11/99999", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/11/2026."),
        ("a\x00b", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/11/2026."),
    ],
)
def test_a_day_that_cannot_be_is_explained(typed, error):
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(typed)

    assert refusal.value.messages == [error]


def test_a_password_keeps_its_spaces():
    assert PasswordField(autocomplete="off").clean(" mật  khẩu ") == " mật  khẩu "


def test_length_is_counted_after_settling():
    decomposed = unicodedata.normalize("NFD", "ễ" * 10)

    assert CleanCharField(max_length=10).clean(decomposed) == "ễ" * 10
