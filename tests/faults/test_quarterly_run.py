"""The quarterly run of a whole bloc: 1,475 drafts by two workers that are killed ten times, each made once.

The figures are counted for real; typeset they are by a quick child, unless TYPESETTER=real asks for the pages too
(half an hour on two cores).
"""

import datetime as dt
import os
import random
import sys
import time
from pathlib import Path

import pytest
from django.db.models import Sum

from reports import running
from reports.models import Report
from reports.periods import Period
from reports.sample import loading
from tests.faults.test_kills import SEED, tell
from tests.faults.workers import NOTHING_WRONG, Workers, built_more_than_once, outcome
from tests.reports.jobs import child, drain

KILLS = 10
TODAY = dt.date(2024, 10, 15)
REAL = [sys.executable, "-m", "cells.papers.render"]
IS_REAL = os.environ.get("TYPESETTER") == "real"
PATIENCE = 90 * 60 if IS_REAL else 30 * 60


def processes_of(group: Workers) -> list[int]:
    """All of the worker's session: it leads one of its own, and what it starts stays in it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[3]) == group.process.pid:
            found.append(int(folder.name))
    return found


def memory_of(groups: list[Workers]) -> int:
    """Resident memory of the workers and their children together, in MB."""
    total = 0
    for pid in (pid for group in groups for pid in processes_of(group)):
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total // 1024


def unfinished() -> int:
    return Report.unscoped.filter(state__in=[Report.State.REQUESTED, Report.State.RUNNING]).count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_bloc_has_each_of_its_1475_drafts_once_though_workers_are_killed_ten_times(process_environment, tmp_path):
    drain("reports")
    drain("light")
    loading.load("bloc", TODAY)
    run = running.begin(Period.parse("2024-Q3"))
    report_ids = list(Report.unscoped.filter(run=run).values_list("pk", flat=True))
    chance, command = random.Random(SEED), REAL if IS_REAL else child("good")
    groups = [Workers(process_environment, command, tmp_path / f"log{number}") for number in (1, 2)]
    for group in groups:
        group.start()
    groups[0].start_beat()
    started, most_memory, killed, next_kill = time.monotonic(), 0, 0, chance.uniform(10, 20)
    try:
        while unfinished() and time.monotonic() < started + PATIENCE:
            time.sleep(0.5)
            most_memory = max(most_memory, memory_of(groups))
            if killed < KILLS and time.monotonic() - started > next_kill:
                victim = groups[killed % 2]
                victim.kill()
                victim.start()
                killed += 1
                next_kill += chance.uniform(8, 16)
    finally:
        for group in groups:
            group.__exit__()
    seconds = time.monotonic() - started

    again = built_more_than_once(report_ids)
    crashes = Report.unscoped.aggregate(all=Sum("crashes"))["all"]
    told = {"reports": len(report_ids), "kills": killed, "seconds": round(seconds), "most_memory_mb": most_memory}
    tell(**told, begun_again=len(again), crashes=crashes, typesetter="real" if IS_REAL else "quick")
    assert len(report_ids) == 1475
    assert killed == KILLS
    assert outcome(report_ids) == NOTHING_WRONG
    assert Report.unscoped.filter(run=run).values("organisation").distinct().count() == 1475
