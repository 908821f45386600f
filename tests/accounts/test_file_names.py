"""Whatever a file was called, it is saved under a name that reads the same and does no harm."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.file_names import disposition, download_name
from tests.resolutions.headers import old_name, saved_name

pytestmark = pytest.mark.once

PDF = (".pdf",)
NASTY = {
    "Đề cương giới thiệu Kết luận 01.pdf": "Đề cương giới thiệu Kết luận 01.pdf",
    unicodedata.normalize("NFD", "Nghị quyết đổi mới.pdf"): "Nghị quyết đổi mới.pdf",
    "../../etc/passwd": "-..-etc-passwd.pdf",
    "C:\\Windows\\x.pdf": "C--Windows-x.pdf",
    "Đề cương\u202efdp.exe": "Đề cươngfdp.exe.pdf",
    "Đề cương\u2066\u200b mới.PDF": "Đề cương mới.pdf",
    'nói "thẳng" <b>.pdf': "nói 'thẳng' -b-.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie- x=1.pdf",
    "con.pdf": "_con.pdf",
    "LPT1.báo cáo.pdf": "_LPT1.báo cáo.pdf",
    "": "Đề cương.pdf",
    " . .pdf": "Đề cương.pdf",
    "\x00\x01\x7f": "Đề cương.pdf",
    "\ud800.pdf": "Đề cương.pdf",
    "100% đúng; kế hoạch=1, 2.pdf": "100% đúng; kế hoạch=1, 2.pdf",
    "không đuôi": "không đuôi.pdf",
    "ồ" * 300: "ồ" * 78 + ".pdf",
}


@pytest.mark.parametrize(("given_name", "saved"), NASTY.items(), ids=range(len(NASTY)))
def test_a_nasty_name_becomes_this(given_name, saved):
    assert download_name(given_name, PDF) == saved


def test_a_file_keeps_any_of_the_endings_of_its_kind():
    assert download_name("Ảnh.JPEG", (".jpg", ".jpeg")) == "Ảnh.jpeg"
    assert download_name("Ảnh", (".jpg", ".jpeg")) == "Ảnh.jpg"


def test_programs_that_cannot_read_marks_get_a_name_without():
    header = disposition("Đề cương 日 “mới”.pdf")

    assert (old_name(header), saved_name(header)) == ("De cuong _ _moi_.pdf", "Đề cương 日 “mới”.pdf")


@given(st.text(max_size=300))
@example("e\u200d\u0302\u0301")
@example("a. .pdf.pdf")
def test_every_name_travels_in_a_header_and_means_no_folder(text):
    name = download_name(text, PDF)

    assert saved_name(disposition(name)) == name
    assert old_name(disposition(name)).isascii()
    assert old_name(disposition(name)).isprintable()
    assert name.endswith(".pdf")
    assert not set(name) & set('"<>:/\\|?*\r\n')
    assert {unicodedata.category(character) for character in name}.isdisjoint({"Cc", "Cf", "Cs", "Co"})
    assert not name.startswith((".", " "))
    assert len(name.encode()) <= 241
    assert unicodedata.is_normalized("NFC", name)
    assert download_name(name, PDF) == name


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=40))
def test_letters_and_digits_come_through_as_they_are(word):
    word = unicodedata.normalize("NFC", f"đ {word}")

    assert download_name(f"{word}.pdf", PDF) == f"{word}.pdf"
