"""What waits is decided once: by the scanner, or by a second person; what belongs to no row is collected."""

import os
import socketserver
import threading

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from cells.uploads import releasing, scanning
from cells.uploads.keeping import store, uploads_folder
from reports import collecting
from tests.resolutions.factories import DocumentFactory, OutlineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.BaseRequestHandler):
    """Speaks as clamd does: the command, blocks with their length, a block of no length, the answer."""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        if stream.peek(12)[4:12] == b"enormous":
            return  # hangs up, as clamd does on what is larger than it was told to take
        while length := int.from_bytes(stream.read(4)):
            content += stream.read(length)
        answer = b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0"
        if b"silent" not in content:
            self.request.sendall(answer[:9])
            self.request.sendall(answer[9:])


@pytest.fixture
def scanner(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.SCANNER = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def waiting(body, state="quarantine"):
    return OutlineFactory(document=DocumentFactory(), body=body, state=state)


def fate(outline):
    outline.refresh_from_db()
    return outline.state, outline.is_scanned, (uploads_folder() / outline.stored_name).exists()


def test_clean_files_are_released_others_removed_and_nobody_waits_for_one_without_an_answer(
    scanner, django_capture_on_commit_callbacks
):
    silent, enormous, lost = waiting(b"silent"), waiting(b"enormous"), waiting(b"lost")
    clean, infected = waiting(b"%PDF-1.7"), waiting(b"%PDF-" + EICAR)
    (uploads_folder() / lost.stored_name).unlink()

    with django_capture_on_commit_callbacks(execute=True):
        assert scanning.scan_waiting() == 2

    assert fate(clean) == ("released", True, True)
    assert fate(infected) == ("removed", True, False)
    assert fate(silent) == fate(enormous) == ("quarantine", False, True)
    assert fate(lost) == ("quarantine", False, False)
    assert AuditEntry.objects.filter(action="upload.scanned").count() == 2


def test_while_the_scanner_is_away_nothing_is_decided(settings, tmp_path):
    settings.DATA_DIR, settings.SCANNER = tmp_path, "127.0.0.1:9"
    outline = waiting(b"%PDF-1.7")

    assert scanning.scan_waiting() == 0
    assert fate(outline) == ("quarantine", False, True)


def test_what_no_program_reads_is_scanned_first_and_then_looked_at(
    cast, client, scanner, django_capture_on_commit_callbacks
):
    picture = OutlineFactory(document=DocumentFactory(owner=cast.committee), body=b"anh", state="waiting")
    infected = waiting(EICAR, "waiting")
    client.force_login(cast.binh)
    look = reverse("resolutions:review_file", args=[picture.public_id])

    assert client.get(look).status_code == 302
    with pytest.raises(releasing.NotScanned):
        releasing.release(picture, None, actor=cast.minh)
    with django_capture_on_commit_callbacks(execute=True):
        scanning.scan_waiting()
    picture.refresh_from_db()
    assert (fate(picture), fate(infected)) == (("waiting", True, True), ("removed", True, False))
    assert client.get(look).getvalue() == b"anh"
    releasing.release(picture, None, actor=cast.minh)
    assert fate(picture) == ("released", True, True)


def test_a_second_person_decides_once(cast, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.DATA_DIR = tmp_path
    good, bad = waiting(b"a", "waiting"), waiting(b"b", "waiting")

    with pytest.raises(releasing.OwnUpload):
        releasing.release(good, cast.binh.pk, actor=cast.binh)
    releasing.release(good, cast.binh.pk, actor=cast.minh)
    with django_capture_on_commit_callbacks(execute=True):
        releasing.refuse(bad, cast.binh.pk, actor=cast.minh)
    with pytest.raises(releasing.NotWaiting):
        releasing.refuse(good, cast.binh.pk, actor=cast.minh)

    assert fate(good) == ("released", False, True)
    assert fate(bad) == ("removed", False, False)


def test_uploads_without_a_row_are_collected_after_a_day(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "leases").mkdir()
    kept = waiting(b"a", "released").stored_name
    orphan, fresh = store(b"b"), store(b"c")
    for name in (kept, orphan):
        os.utime(uploads_folder() / name, (0, 0))

    assert collecting.collect() == 1

    assert sorted(path.name for path in uploads_folder().iterdir()) == sorted([kept, fresh])
