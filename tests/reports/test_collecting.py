import os
import time

import pytest

from reports.collecting import collect
from reports.models import Artifact, Report
from tests.reports.jobs import make_report

pytestmark = pytest.mark.django_db

DAY = 24 * 3600


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "reports").mkdir()
    return tmp_path / "reports"


def write(path, age):
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age,) * 2)


def test_old_orphans_and_drafts_go_and_the_rest_stays(folder):
    for name, age in {
        "old.pdf": DAY + 60,
        ".tmp-old": DAY + 60,
        "new.pdf": 60,
        ".tmp-new": 60,
        "kept.pdf": 9 * DAY,
    }.items():
        write(folder / name, age)
    Artifact.unscoped.create(report=make_report(state="done"), path="reports/kept.pdf", size=1, sha256="0" * 64)

    assert collect() == 2

    assert sorted(os.listdir(folder)) == [".tmp-new", "kept.pdf", "new.pdf"]


def test_a_row_without_its_file_raises_an_alarm_and_stays(folder, caplog):
    report = make_report(state="done")
    Artifact.unscoped.create(report=report, path="reports/gone.pdf", size=1, sha256="0" * 64)

    assert collect() == 0

    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("ERROR", f"report {report.pk}: its file is missing")
    ]
    assert (Report.unscoped.count(), Artifact.unscoped.count()) == (1, 1)


def test_without_any_folder_there_is_nothing_to_collect(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "empty"

    assert collect() == 0
