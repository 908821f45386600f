"""What waits is decided once: by the scanner, or by a second person; what belongs to no row is collected."""

import os
import socketserver
import threading

import pytest

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
        while length := int.from_bytes(stream.read(4)):
            content += stream.read(length)
        answer = b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0"
        self.request.sendall(answer if b"silent" not in content else b"")


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


def test_clean_files_are_released_and_others_removed(scanner):
    clean, infected, silent = waiting(b"%PDF-1.7"), waiting(b"%PDF-" + EICAR), waiting(b"silent")

    assert scanning.scan_waiting() == 2

    assert fate(clean) == ("released", True, True)
    assert fate(infected) == ("removed", True, False)
    assert fate(silent) == ("quarantine", False, True)
    assert AuditEntry.objects.filter(action="upload.scanned").count() == 2


def test_while_the_scanner_is_away_nothing_is_decided(settings, tmp_path):
    settings.DATA_DIR, settings.SCANNER = tmp_path, "127.0.0.1:9"
    outline = waiting(b"%PDF-1.7")

    assert scanning.scan_waiting() == 0
    assert fate(outline) == ("quarantine", False, True)


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
