"""Binh hands in files: honest ones are kept under random names, all others leave nothing behind (reliability.md C3)."""

import io
import stat
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf.generic import TextStringObject

from accounts.models import AuditEntry
from cells.models import UploadStatement
from cells.uploads.accepting import accept
from cells.uploads.inspecting import Refused
from cells.uploads.keeping import uploads_folder
from cells.uploads.kinds import PAPERS, PICTURES
from tests.cells.uploads import papers

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
ZIP_BOMB = papers.docx(more={"word/media/a.xml": "<a>" + " " * 30_000_000 + "</a>"})


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def hand_in(cast):
    def hand_in(name, content, allowed=PAPERS, **options):
        options = {"is_attested": True, "actor": cast.binh} | options
        return accept(SimpleUploadedFile(name, content), allowed, **options)

    return hand_in


def stored():
    return sorted(path.name for path in uploads_folder().iterdir()) if uploads_folder().exists() else []


@pytest.mark.parametrize(
    ("name", "content", "state"),
    [
        ("Đề cương.pdf", papers.pdf(), "released"),
        ("Đề cương.DOCX", papers.docx(), "released"),
        ("ảnh chụp.jpg", papers.jpeg(), "waiting"),
        ("ảnh chụp.png", papers.png(), "waiting"),
        ("bản quét.pdf", papers.scan(), "waiting"),
    ],
)
def test_honest_files_are_kept_for_their_owner_only(hand_in, cast, name, content, state):
    accepted = hand_in(name, content)

    assert stored() == [accepted.stored_name]
    assert (accepted.file_name, accepted.state) == (name, state)
    mode = (uploads_folder() / accepted.stored_name).stat().st_mode
    assert stat.S_IMODE(mode) == 0o640
    assert list(UploadStatement.unscoped.values_list("user", "is_attested", "outcome")) == [(cast.binh.pk, True, "")]


HOSTILE = {
    "a page as PDF": ("a.pdf", HTML, "other_type"),
    "a page before a PDF": ("a.pdf", HTML + papers.pdf(), "other_type"),
    "a page in a PDF's head": ("a.pdf", b"%PDF-1.7\n%" + HTML + b"\n" + papers.pdf()[9:], "two_types"),
    "a PDF that is an archive too": ("a.pdf", papers.pdf() + papers.docx(), "two_types"),
    "an archive behind a PDF": ("a.pdf", papers.pdf() + papers.docx() + b"%%EOF", "two_types"),
    "a program as PDF": ("a.pdf", b"MZ\x90\x00" + bytes(200), "other_type"),
    "a Word file as PDF": ("a.pdf", papers.docx(), "other_type"),
    "a PDF as Word file": ("a.docx", papers.pdf(), "other_type"),
    "a Word file as slides": ("a.pptx", papers.docx(), "other_type"),
    "a page as picture": ("a.jpg", HTML, "other_type"),
    "a drawing with script": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "other_type"),
    "a PNG as JPEG": ("a.jpg", papers.png(), "other_type"),
    "nothing": ("a.pdf", b"", "empty"),
    "a drawing": ("a.svg", b"<svg/>", "extension"),
    "an open document": ("a.odt", papers.docx(), "extension"),
    "a workbook": ("a.xlsx", papers.docx(), "extension"),
    "macros by name": ("a.docm", papers.docx(), "extension"),
    "two extensions": ("a.pdf.exe", papers.pdf(), "extension"),
    "a macro part": ("a.docx", papers.docx(more={"word/vbaProject.bin": b"x"}), "active"),
    "a macro type": (
        "a.docx",
        papers.docx(types=papers.TYPES.replace("document.main", "document.macroEnabled.main")),
        "active",
    ),
    "an OLE object": ("a.docx", papers.docx(more={"word/embeddings/oleObject1.bin": b"x"}), "active"),
    "an attached template": (
        "a.docx",
        papers.docx(
            more={"word/_rels/settings.xml.rels": papers.relations("attachedTemplate", "http://127.0.0.1/t.dotm")}
        ),
        "external",
    ),
    "a picture from elsewhere": (
        "a.docx",
        papers.docx(more={"word/_rels/document.xml.rels": papers.relations("image", "http://127.0.0.1/p.png")}),
        "external",
    ),
    "entities": ("a.docx", papers.docx(more={"word/x.xml": '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'}), "active"),
    "a way out of the folder": ("a.docx", papers.docx(more={"word/../../x.xml": "<a/>"}), "damaged"),
    "a bomb": ("a.docx", ZIP_BOMB, "too_large"),
    "a cut archive": ("a.docx", papers.docx()[:-30], "other_type"),
    "a script when opened": (
        "a.pdf",
        papers.pdf(lambda w: papers.with_action(w, "/JavaScript", JS=TextStringObject("1"))),
        "active",
    ),
    "a program when opened": ("a.pdf", papers.pdf(lambda w: papers.with_action(w, "/Launch")), "active"),
    "an address when opened": ("a.pdf", papers.pdf(lambda w: papers.with_action(w, "/URI")), "active"),
    "a script that no page names": ("a.pdf", papers.pdf(papers.with_hidden_script), "active"),
    "a file in the file": ("a.pdf", papers.pdf(lambda w: w.add_attachment("x.txt", b"x")), "active"),
    "a password": ("a.pdf", papers.pdf(lambda w: w.encrypt("x")), "encrypted"),
    "half a PDF": ("a.pdf", papers.pdf()[: len(papers.pdf()) // 2], "other_type"),
    "a stamp in the text": ("a.docx", papers.docx(papers.paragraph("M", "ẬT")), "classified"),
    "a stamp in the header": (
        "a.docx",
        papers.docx(more={"word/header1.xml": papers.part("hdr", "TỐI MẬT")}),
        "classified",
    ),
    "a stamp in the footer": (
        "a.docx",
        papers.docx(more={"word/footer2.xml": papers.part("ftr", "Độ mật: ", "Mật")}),
        "classified",
    ),
    "a stamp in a text box": ("a.docx", papers.docx(papers.text_box("TUYỆT", " MẬT")), "classified"),
    "a stamp among the properties": (
        "a.docx",
        papers.docx(more={"docProps/core.xml": "<a><t>12-BC/TU-MẬT</t></a>"}),
        "classified",
    ),
    "a stamp in the name": ("Báo cáo MẬT.pdf", papers.pdf(), "classified"),
    "a stamp in the title of a PDF": (
        "a.pdf",
        papers.pdf(lambda w: w.add_metadata({"/Title": "TUYỆT MẬT"})),
        "classified",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_all_others_leave_nothing_behind(hand_in, cast, caplog, case):
    name, content, reason = HOSTILE[case]

    with pytest.raises(Refused) as refusal:
        hand_in(name, content)

    assert refusal.value.reason == reason
    assert stored() == []
    assert list(UploadStatement.unscoped.values_list("is_attested", "outcome")) == [(True, reason)]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail, entry.actor) == ("upload.refused", {"reason": reason}, cast.binh)
    assert caplog.text == ""


def test_without_the_statement_the_file_is_not_even_read(hand_in):
    with pytest.raises(Refused) as refusal:
        hand_in("a.pdf", papers.pdf(), is_attested=False)

    assert str(refusal.value) == "Hãy đánh dấu xác nhận tệp không chứa bí mật nhà nước."
    assert stored() == []


def test_a_file_over_its_limit_is_not_read(hand_in):
    with pytest.raises(Refused, match="quá lớn"):
        hand_in("a.png", bytes(10 * 1024 * 1024 + 1), PICTURES)


def test_who_hands_in_too_much_waits_until_tomorrow(hand_in, settings):
    settings.UPLOADS_A_DAY = 1
    hand_in("a.pdf", papers.pdf())

    with pytest.raises(Refused, match="ngày mai"):
        hand_in("b.pdf", papers.pdf())


def test_a_photo_keeps_no_place_and_no_comment(hand_in):
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x010F] = "Máy ảnh của Lan"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)

    accepted = hand_in("tờ ký.jpg", papers.jpeg(60, 40, exif=exif.tobytes(), comment=b"canary"), may_wait=False)

    content = (uploads_folder() / accepted.stored_name).read_bytes()
    drawn = Image.open(io.BytesIO(content))
    assert (drawn.size, dict(drawn.getexif()), accepted.state) == ((40, 60), {}, "released")
    assert b"canary" not in content
    assert b"Exif" not in content


def test_a_picture_of_too_many_points_is_refused(hand_in):
    good = papers.png(1, 1)
    size = (30_000).to_bytes(4) * 2 + good[24:29]
    huge = good[:16] + size + zlib.crc32(b"IHDR" + size).to_bytes(4) + good[33:]

    with pytest.raises(Refused) as refusal:
        hand_in("a.png", huge)

    assert refusal.value.reason == "too_large"
    assert stored() == []


def test_names_stay_vietnamese_and_harmless(hand_in):
    assert hand_in("C:\\tài liệu\\Đề\u202ecương\r\n.pdf", papers.pdf()).file_name == "C--tài liệu-Đềcương .pdf"


def test_a_link_that_a_reader_clicks_is_text(hand_in):
    linked = papers.docx(more={"word/_rels/document.xml.rels": papers.relations("hyperlink", "https://example.org")})

    assert hand_in("a.docx", linked).state == "released"


def test_with_a_scanner_all_files_wait_for_it(hand_in, settings):
    settings.SCANNER = "127.0.0.1:1"

    assert hand_in("a.pdf", papers.pdf()).state == "quarantine"


def test_an_archive_that_lies_about_its_sizes_is_measured(hand_in):
    whole = io.BytesIO(papers.docx(more={"word/media/a.xml": "<a>" + "ab" * 40_000_000 + "</a>"}))
    with zipfile.ZipFile(whole) as archive:
        assert archive.getinfo("word/media/a.xml").file_size > 50 * 1024 * 1024

    with pytest.raises(Refused) as refusal:
        hand_in("a.docx", whole.getvalue())

    assert refusal.value.reason == "too_large"
