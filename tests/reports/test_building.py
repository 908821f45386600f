import hashlib
import os
import signal
import subprocess
import sys
import time
import uuid

import pytest
from django.conf import settings as project

from accounts.models import AuditEntry
from cells.jobs.claiming import claim
from cells.jobs.timing import MAX_CRASHES, MAX_ERRORS
from cells.papers.confining import Unwanted
from reports.building import build, folder, publish
from reports.models import Artifact, Notice, Report
from tests.reports.child import PDF
from tests.reports.jobs import child, make_report, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RENDER_COMMAND = child("quick")


def files() -> list[str]:
    return sorted(os.listdir(folder()))


def test_a_report_is_built_once_with_file_notice_and_trace(settings):
    lan = make_user()
    report = make_report(requested_by=lan)

    assert build(report.pk)
    assert not build(report.pk)

    report.refresh_from_db()
    artifact = Artifact.unscoped.get()
    assert (report.state, report.error, report.attempts) == ("done", "", 1)
    assert (settings.DATA_DIR / artifact.path).read_bytes() == PDF
    assert (artifact.size, artifact.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert files() == [os.path.basename(artifact.path)]
    assert Notice.unscoped.get().user == lan
    assert AuditEntry.objects.filter(action="report_done", object_id=str(report.pk), actor=lan).count() == 1


def test_the_childs_progress_stands_in_the_row(settings):
    settings.RENDER_COMMAND = child("wordy", "3 7,and a warning nobody counts")
    report = make_report()

    build(report.pk)

    report.refresh_from_db()
    assert (report.state, report.progress, report.total) == ("done", 3, 7)


def test_a_thousand_old_messages_start_nothing():
    report = make_report()
    build(report.pk)

    started = [build(report.pk) for _ in range(1000)]

    report.refresh_from_db()
    assert not any(started)
    assert report.attempts == 1
    assert len(files()) == 1


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (["failing", "! too-large"], "Báo cáo quá lớn: không đủ bộ nhớ để dàn trang."),
        (["greedy"], "Báo cáo quá lớn: không đủ bộ nhớ để dàn trang."),
        (["failing", "! blocked"], "Nội dung báo cáo có liên kết không được phép nên không dàn trang."),
        (["cut"], "Tệp báo cáo lập ra không đầy đủ."),
    ],
)
def test_an_error_is_tried_again_and_then_told_in_plain_words(settings, way, reason):
    settings.RENDER_COMMAND = child(*way)
    report = make_report(requested_by=make_user())

    states = []
    while build(report.pk):
        report.refresh_from_db()
        states.append(report.state)

    assert states == ["requested", "requested", "failed"]
    assert (report.error, report.errors, report.crashes) == (reason, MAX_ERRORS, 0)
    assert Notice.unscoped.count() == 1
    assert files() == []


def test_an_unknown_error_names_the_number_and_nothing_else(settings):
    settings.RENDER_COMMAND = child("failing", "ValueError: Nguyễn Văn Mẫu 0912345678")
    report = make_report()

    build(report.pk)

    report.refresh_from_db()
    assert report.error == f"Có lỗi khi lập báo cáo. Nếu thử lại vẫn lỗi, hãy báo người quản trị số {report.pk}."


def test_the_log_does_not_repeat_what_a_failing_child_said(settings, caplog):
    settings.RENDER_COMMAND = child("failing", "ValueError: Nguyễn Văn Mẫu 0912345678")
    report = make_report()

    build(report.pk)

    assert caplog.records[0].getMessage() == f"report {report.pk}: typesetting ended with ValueError"
    assert "Mẫu" not in caplog.text


def test_a_child_that_takes_too_long_is_ended(settings):
    settings.RENDER_COMMAND = child("slow", "60")
    settings.RENDER_SECONDS = 0.5
    report = make_report()
    start = time.monotonic()

    build(report.pk)

    report.refresh_from_db()
    assert report.error == "Dàn trang quá lâu nên đã dừng. Hãy thử lại, hoặc chọn kỳ ngắn hơn."
    assert time.monotonic() - start < 10


def test_a_child_that_is_killed_each_time_stops_after_ten_starts(settings):
    settings.RENDER_COMMAND = child("killed")
    report = make_report()

    while build(report.pk):
        pass

    report.refresh_from_db()
    assert (report.state, report.attempts, report.crashes, report.errors) == ("failed", 10, MAX_CRASHES, 0)
    assert report.error == "Việc lập báo cáo bị ngắt quá nhiều lần nên đã dừng. Hãy báo người quản trị hệ thống."


def test_without_the_right_nothing_is_built():
    lan = make_user()
    report = make_report(requested_by=lan)
    lan.is_active = False
    lan.save()

    build(report.pk)

    report.refresh_from_db()
    assert (report.state, report.error) == ("failed", "Người yêu cầu không còn quyền lấy báo cáo này.")
    assert files() == []


def test_who_was_overtaken_removes_the_own_file_and_changes_nothing():
    report = make_report()
    slow = claim(Report, report.pk, uuid.uuid4())
    Report.unscoped.update(state="requested")
    build(report.pk)
    draft = folder() / ".tmp-slow"
    draft.write_bytes(PDF)

    with pytest.raises(Unwanted):
        publish(slow, draft, None)

    assert files() == [os.path.basename(Artifact.unscoped.get().path)]
    assert (Artifact.unscoped.count(), Notice.unscoped.count()) == (1, 1)


def test_no_child_outlives_a_killed_worker(tmp_path):
    worker = f"""
import sys
sys.path.insert(0, {str(project.BASE_DIR)!r})
from django.conf import settings
from pathlib import Path
settings.configure(DATA_DIR=Path({str(tmp_path)!r}), BASE_DIR={str(project.BASE_DIR)!r})
from cells.papers.confining import run_confined
command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
with open({str(tmp_path / "said")!r}, "wb") as output:
    run_confined(command, b"", output, seconds=60, memory=10**9)
"""
    process = subprocess.Popen([sys.executable, "-c", worker])
    said = wait_for(lambda: (tmp_path / "said").exists() and (tmp_path / "said").read_text())

    process.send_signal(signal.SIGKILL)
    process.wait()

    assert wait_for(lambda: not os.path.exists(f"/proc/{int(said)}"))


def wait_for(condition, seconds=10):
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        if result := condition():
            return result
        time.sleep(0.05)
    return None
