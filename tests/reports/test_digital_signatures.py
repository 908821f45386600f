"""Hoa signs by a click, the office's key seals the file; a copy that comes back signed is checked before it is kept."""

import io

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from cells.papers.signing import signed as with_signature
from cells.papers.verifying import signatures_in
from cells.uploads.keeping import uploads_folder
from reports.models import Report, ReportScan
from tests.cells.keys import OFFICE, write_key, write_root, write_secret
from tests.reports.jobs import child
from tests.reports.test_papers import draft, fourteen, post, quick_child, signed, url  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path):
    settings.RENDER_COMMAND = child("page", "Báo cáo (mẫu)")
    settings.SIGNING_ROOTS = str(write_root(tmp_path / "roots"))
    return {"SIGNING_KEY": str(write_key(tmp_path)), "SIGNING_SECRET_FILE": str(write_secret(tmp_path))}


@pytest.fixture
def sealed(draft, fourteen, office, settings) -> Report:  # noqa: F811
    settings.SIGNING_KEY, settings.SIGNING_SECRET_FILE = office.values()
    return signed(draft, fourteen)


def file_of(report) -> bytes:
    return (configured.DATA_DIR / report.artifact.path).read_bytes()


def pdf(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("da-ky.pdf", content, content_type="application/pdf")


def test_the_file_of_a_signed_report_bears_the_signature_of_the_office(sealed):
    (found,) = signatures_in(file_of(sealed))

    assert (found.signer, found.is_intact, found.is_trusted) == (OFFICE, True, True)


def test_a_draft_bears_none(draft, office, settings):  # noqa: F811
    settings.SIGNING_KEY, settings.SIGNING_SECRET_FILE = office.values()

    assert b"/ByteRange" not in file_of(draft)


def test_a_key_that_cannot_be_used_stops_the_file_and_says_so(draft, fourteen, office, settings, tmp_path):  # noqa: F811
    settings.SIGNING_KEY = office["SIGNING_KEY"]
    settings.SIGNING_SECRET_FILE = str(write_secret(tmp_path, "khong-dung"))

    report = signed(draft, fourteen)

    assert (report.state, "SIGNING_KEY" in report.error) == ("requested", True)


def test_a_signed_copy_is_kept_with_what_its_signature_says(draft, fourteen, office, settings, client):  # noqa: F811
    report = signed(draft, fourteen)
    settings.SIGNING_KEY, settings.SIGNING_SECRET_FILE = office.values()
    copy = with_signature(file_of(report), reason="Ký tay số")

    post(client, fourteen.lan, "add_scan", report, file=pdf(copy), is_attested="on")

    (told,) = ReportScan.unscoped.get().signatures
    assert (told["signer"], told["is_trusted"]) == (OFFICE, True)
    assert f"Chữ ký số còn nguyên: {OFFICE}" in client.get(url("detail", report)).content.decode()


@pytest.mark.parametrize("way", ["changed", "other"])
def test_a_copy_that_is_not_what_was_issued_is_refused_and_not_kept(draft, fourteen, office, settings, client, way):  # noqa: F811
    report = signed(draft, fourteen)
    settings.SIGNING_KEY, settings.SIGNING_SECRET_FILE = office.values()
    other = file_of(report).replace(b"842", b"843")
    copy = with_signature(other if way == "other" else file_of(report), reason="Ký")
    copy = copy.replace(b"(pypdf)", b"(pypdg)") if way == "changed" else copy

    answer = post(client, fourteen.lan, "add_scan", report, file=pdf(copy), is_attested="on")

    said = {"changed": "đã bị sửa sau khi ký", "other": "không phải bản đã ban hành"}[way]
    assert said in " ".join(answer.context["form"].errors["file"])
    assert (ReportScan.unscoped.count(), list(uploads_folder().iterdir())) == (0, [])


def test_a_plain_scan_needs_no_signature(draft, fourteen, office, client):  # noqa: F811
    report = signed(draft, fourteen)
    scan = io.BytesIO(file_of(report))

    post(client, fourteen.lan, "add_scan", report, file=pdf(scan.getvalue()), is_attested="on")

    assert ReportScan.unscoped.get().signatures == []
