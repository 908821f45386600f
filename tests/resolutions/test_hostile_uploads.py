"""All that is hostile, handed in on the page of outlines: nothing stored, no error page (reliability.md C3)."""

import io
import uuid
import zipfile
from xml.sax.saxutils import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cells.models import UploadStatement
from cells.uploads.kinds import PAPERS
from resolutions.models import Outline
from tests.cells.uploads import papers
from tests.cells.uploads.test_accepting import HOSTILE
from tests.cells.uploads.test_looking import ACTIVE, STAMPED
from tests.cells.uploads.test_secrecy import HARMLESS, NAMED
from tests.cells.uploads.test_secrecy import STAMPED as STAMPED_TEXTS
from tests.resolutions.factories import DocumentFactory

pytestmark = [pytest.mark.slow, pytest.mark.once]


def archive_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text")
    return packed.getvalue()


FOREIGN = {
    "a page": b"<!doctype html><html><script>alert(1)</script></html>",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program": b"MZ\x90\x00" + bytes(300),
    "an archive": archive_of("a.txt"),
    "a page that is a PDF too": b"<html>" + papers.pdf(),
    "macros": papers.docx(more={"word/vbaProject.bin": b"x"}),
    "an open document": archive_of("mimetype", "content.xml"),
    "nothing": b"",
}
EXTENSIONS = [extension for kind in PAPERS for extension in kind.extensions if extension != ".jpeg"]


@pytest.fixture
def hand_in(client, cast, settings):
    settings.UPLOADS_A_DAY = 10_000
    document = DocumentFactory(owner=cast.committee)
    address = reverse("resolutions:add_outline", args=[document.public_id])
    client.force_login(cast.binh)

    def hand_in(name: str, content: bytes):
        sent = {"title": "Đề cương", "audience": "members", "is_attested": "on", "form_key": str(uuid.uuid4())}
        return client.post(address, sent | {"file": SimpleUploadedFile(name, content)})

    return hand_in


def check_refused(hand_in, settings, files: dict[str, tuple[str, bytes]]) -> None:
    answers = {case: hand_in(*file) for case, file in files.items()}

    assert {case: answer.status_code for case, answer in answers.items() if answer.status_code != 422} == {}
    assert {case for case, answer in answers.items() if set(answer.context["form"].errors) != {"file"}} == set()
    assert Outline.unscoped.count() == 0
    assert list(settings.DATA_DIR.glob("uploads/*")) == []
    # A file without a name or content never reaches the statement: the form itself refuses it.
    assert UploadStatement.unscoped.filter(is_attested=True).exclude(outcome="").count() >= len(files) - 8


def test_forty_files_of_another_type_than_they_say(hand_in, settings):
    files = {f"{what}{kind}": (f"a{kind}", content) for what, content in FOREIGN.items() for kind in EXTENSIONS}

    assert len(files) == 40
    check_refused(hand_in, settings, files)


def test_all_that_acts_or_is_stamped(hand_in, settings):
    files = {case: (name, content) for case, (name, content, _reason) in HOSTILE.items()}
    files |= {f"{case}, in Word": ("a.docx", content) for case, (content, _reason) in ACTIVE.items()}
    files |= {f"{case}: stamp": (f"a{kind.extensions[0]}", content) for case, (content, kind) in STAMPED.items()}
    files |= {f"named {name}": (name, papers.pdf()) for name in NAMED}

    check_refused(hand_in, settings, files)


PLACES = (
    lambda text: papers.docx(paragraphs(text)),
    lambda text: papers.docx(more={"word/header1.xml": f"<w:hdr {papers.W}>{paragraphs(text)}</w:hdr>"}),
    lambda text: papers.docx(more={"word/footer1.xml": f"<w:ftr {papers.W}>{paragraphs(text)}</w:ftr>"}),
    lambda text: papers.docx("".join(map(papers.text_box, escape(text).split("\n")))),
)


def paragraphs(text: str) -> str:
    return "".join(papers.paragraph(line) for line in escape(text).split("\n"))


def test_a_hundred_stamped_texts_in_four_places_of_a_word_file(hand_in, settings):
    files = {f"{number}": ("a.docx", PLACES[number % 4](text)) for number, text in enumerate(STAMPED_TEXTS)}

    check_refused(hand_in, settings, files)


def test_stamped_texts_in_the_text_layer_of_a_pdf(hand_in, settings):
    from weasyprint import HTML

    # In letters of double width the typesetter's font tells nothing: such a page waits for a second person.
    texts = [text for text in STAMPED_TEXTS if not any(0xFF00 <= ord(sign) < 0xFFEF for sign in text)]
    files = {
        f"{number}": ("a.pdf", HTML(string=f"<p style='white-space: pre-wrap'>{escape(text)}</p>").write_pdf())
        for number, text in enumerate(texts[::9])
    }

    check_refused(hand_in, settings, files)


def test_five_hundred_ordinary_texts_come_in(hand_in):
    refused = [
        text
        for number, text in enumerate(HARMLESS[:500])
        if hand_in("a.docx", PLACES[number % 4](text)).status_code != 302
    ]

    assert refused == []
    assert Outline.unscoped.count() == 500
