"""An issued paper is signed by the installation's key; a signed copy is known for what it is."""

import asyncio
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pypdf import PdfReader, PdfWriter

from cells.papers.signing import CannotSign, signed
from cells.papers.verifying import NotSigned, signatures_in, signatures_of_copy
from tests.cells.keys import OFFICE, PASSPHRASE, key_and_certificate, write_key, write_root, write_secret

pytestmark = pytest.mark.once

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "864213"


@pytest.fixture
def paper():
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": "Báo cáo (mẫu)"})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.fixture
def office_key(settings, tmp_path):
    settings.SIGNING_KEY, settings.SIGNING_SECRET_FILE = str(write_key(tmp_path)), str(write_secret(tmp_path))


def test_a_signature_stands_behind_the_paper_and_names_the_office(paper, office_key, settings, tmp_path):
    settings.SIGNING_ROOTS = str(write_root(tmp_path / "roots"))

    copy = signed(paper, reason="Ban hành")

    (found,) = signatures_of_copy(copy, paper)
    assert copy.startswith(paper)
    assert (found.signer, found.is_intact, found.is_trusted) == (OFFICE, True, True)
    assert PdfReader(io.BytesIO(copy)).metadata.title == "Báo cáo (mẫu)"


def test_it_is_signed_also_where_an_event_loop_runs(paper, office_key):
    async def within():
        return signed(paper, reason="Ban hành")

    assert asyncio.run(within()).startswith(paper)


def test_a_signature_of_somebody_unknown_is_intact_but_not_trusted(paper, office_key, settings, tmp_path):
    settings.SIGNING_ROOTS = str(write_root(tmp_path / "roots", key_and_certificate("Nơi khác")[1]))

    (found,) = signatures_of_copy(signed(paper, reason="Ban hành"), paper)

    assert (found.is_intact, found.is_trusted) == (True, False)


def test_a_copy_changed_after_signing_is_refused(paper, office_key):
    copy = signed(paper, reason="Ban hành")
    changed = paper.replace(b"842", b"843") + copy[len(paper) :]  # the signature, too, may hold these digits

    with pytest.raises(NotSigned) as refusal:
        signatures_of_copy(changed, changed[: len(paper)])

    assert (changed == copy, refusal.value.reason) == (False, "changed")


def test_a_page_added_after_signing_is_seen(paper, office_key):
    writer = PdfWriter(io.BytesIO(signed(paper, reason="Ban hành")), incremental=True)
    writer.add_blank_page(width=595, height=842)
    longer = io.BytesIO()
    writer.write(longer)

    (found,) = signatures_in(longer.getvalue())

    assert not found.is_intact


@pytest.mark.parametrize("reason", ["unsigned", "other_paper", "unreadable"])
def test_what_is_no_signed_copy_of_the_paper_is_refused(paper, office_key, reason):
    copy = {"unsigned": paper, "other_paper": signed(paper, reason="Ban hành"), "unreadable": b"%PDF-1.7 hong"}[reason]

    with pytest.raises(NotSigned) as refusal:
        signatures_of_copy(copy, b"%PDF-1.7 another" if reason == "other_paper" else paper)

    assert refusal.value.reason == reason


def test_a_wrong_passphrase_is_told_without_quoting_it(paper, office_key, settings, tmp_path, caplog):
    settings.SIGNING_SECRET_FILE = str(write_secret(tmp_path, "khong-dung"))

    with pytest.raises(CannotSign) as refusal:
        signed(paper, reason="Ban hành")

    assert "SIGNING_KEY" in str(refusal.value)
    assert "khong-dung" not in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGNING_KEY", "/nowhere/office.p12"),
        ("SIGNING_KEY", "pkcs11:/nowhere/lib.so?token=A&key=B"),
        ("SIGNING_KEY", "pkcs11:/nowhere"),
        ("SIGNING_SECRET_FILE", "/nowhere/secret"),
        ("SIGNING_ROOTS", "/nowhere/roots"),
    ],
)
def test_a_key_that_is_not_there_stops_the_start(settings, name, value):
    setattr(settings, name, value)

    assert [error.msg for error in run_checks()] == [f"{name} names nothing that is there."]


@pytest.mark.slow
@pytest.mark.skipif(not SOFTHSM.exists() or not shutil.which("pkcs11-tool"), reason="no software token here")
def test_a_key_on_a_token_signs_too(paper, settings, tmp_path, monkeypatch):
    settings.SIGNING_KEY = f"pkcs11:{SOFTHSM}?token=chibo&key=office"
    settings.SIGNING_SECRET_FILE = str(write_secret(tmp_path, PIN))
    lay_on_token(tmp_path, monkeypatch)

    (found,) = signatures_of_copy(signed(paper, reason="Ban hành"), paper)

    assert (found.signer, found.is_intact) == (OFFICE, True)


def lay_on_token(folder, monkeypatch):
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    named = ["--pin", PIN, "--label", "office", "--id", "01"]
    write = ["pkcs11-tool", "--module", SOFTHSM, "--token-label", "chibo", "--login", "--type", "cert"]
    commands = [
        ["openssl", "pkcs12", "-in", write_key(folder), "-passin", f"pass:{PASSPHRASE}", "-nodes", "-out", "both.pem"],
        ["openssl", "x509", "-in", "both.pem", "-outform", "DER", "-out", "office.der"],
        ["openssl", "pkcs8", "-in", "both.pem", "-topk8", "-nocrypt", "-out", "office.key"],
        ["softhsm2-util", "--init-token", "--free", "--label", "chibo", "--so-pin", PIN, "--pin", PIN],
        ["softhsm2-util", "--import", "office.key", "--token", "chibo", *named],
        [*write, "--write-object", "office.der", *named],
    ]
    for command in commands:
        subprocess.run([str(part) for part in command], cwd=folder, check=True, capture_output=True)
