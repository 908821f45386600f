"""Workers killed in the middle of an import: nothing is lost, nothing written twice or by half (reliability.md 37)."""

import random
import subprocess
import sys
import time

import pytest
from django.conf import settings as project

from accounts.models import AuditEntry
from cells.importing import deciding, files
from cells.importing.working import work
from cells.jobs.sweeping import sweep_jobs
from cells.models import ImportBatch, Membership
from tests.cells.books import MEMBERS, good_book, member, organisation, save
from tests.cells.imports import uploaded
from tests.factories import UserFactory
from tests.faults.workers import Workers
from tests.reports.jobs import child, drain

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 20261122
KILLED_AT = """
import os, signal
from cells.importing import working
def die(*args, **options):
    whole(*args, **options)
    os.kill(os.getpid(), signal.SIGKILL)
whole = working.{name}
working.{name} = die
working.work({pk})
"""


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    drain("imports")
    settings.DATA_DIR = tmp_path


@pytest.fixture
def killed(process_environment, tmp_path):
    """Works on an import in a process of its own that is killed right after this function of the worker."""

    def run(name: str, pk: int) -> None:
        start = "import django; django.setup()" + KILLED_AT.format(name=name, pk=pk)
        environment = process_environment | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
        ended = subprocess.run([sys.executable, "-c", start], cwd=project.BASE_DIR, env=environment, check=False)
        assert ended.returncode == -9

    return run


def test_killed_while_planning_and_while_writing_it_is_done_once(killed, tmp_path):
    quan = UserFactory(is_administrator=True)
    batch = uploaded(save(good_book(), tmp_path / "book.xlsx").read_bytes(), quan)

    killed("make_plan", batch.pk)
    sweep_jobs()
    assert work(batch.pk)
    batch.refresh_from_db()
    assert (batch.phase, batch.state, batch.crashes) == ("plan", "done", 1)
    deciding.confirm(batch, 1, actor=quan)
    killed("write_rows", batch.pk)
    assert Membership.unscoped.count() == 0  # it died before the end of its transaction
    sweep_jobs()
    assert work(batch.pk)

    batch.refresh_from_db()
    assert (batch.phase, batch.state, batch.crashes) == ("write", "done", 1)
    assert Membership.unscoped.count() == 3
    assert AuditEntry.objects.filter(action="import.written").count() == 1
    assert len(list(files.folder().glob("*.plan"))) == 1


@pytest.mark.slow
def test_three_imports_and_five_kills_are_three_imports(process_environment, tmp_path):
    quan = UserFactory(is_administrator=True)
    chance = random.Random(SEED)
    batches = [uploaded(save(book_of(number), tmp_path / "book.xlsx").read_bytes(), quan) for number in range(3)]
    with Workers(process_environment | {"DATA_DIR": str(tmp_path)}, child("good"), tmp_path / "log") as group:
        group.start_beat()
        for _kill in range(5):
            time.sleep(chance.uniform(2, 4))
            group.kill()
            group.start()
            confirm_what_waits(quan)
        ends = time.monotonic() + 120
        while time.monotonic() < ends and ImportBatch.unscoped.filter(written_at=None).exists():
            confirm_what_waits(quan)
            time.sleep(0.5)

    assert ImportBatch.unscoped.filter(phase="write", state="done").count() == len(batches)
    assert Membership.unscoped.count() == 400 * len(batches)
    assert AuditEntry.objects.filter(action="import.written").count() == len(batches)


def book_of(number: int) -> dict:
    root = organisation("1", "đảng bộ cơ sở", None)
    people = [member(f"P{number}-{n}", f"1.{number}") for n in range(400)]
    return good_book() | {
        "Tổ chức": [root, organisation(f"1.{number}")],
        MEMBERS: people,
        **{title: [] for title in good_book() if title not in {"Tổ chức", MEMBERS}},
    }


def confirm_what_waits(user) -> None:
    for batch in ImportBatch.unscoped.filter(phase="plan", state="done"):
        deciding.confirm(batch, batch.plan_number, actor=user)
