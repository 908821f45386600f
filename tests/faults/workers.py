"""Real worker processes that can be killed as a group, and the check that nothing was lost or doubled."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from accounts.models import AuditEntry
from reports.models import Artifact, Notice, Report


class Workers:
    """One worker with its children; `kill` ends all of them at once, as a power cut would."""

    def __init__(self, environment: dict[str, str], child: list[str], log: Path, concurrency: int = 1):
        self.environment = environment | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "CHILD_COMMAND": json.dumps(child),
            "DATA_DIR": str(settings.DATA_DIR),
        }
        self.log = log
        self.concurrency = concurrency
        self.process = None
        self.beat = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.kill()
        self.end_beat()

    def start(self):
        options = ["--pool=prefork", f"--concurrency={self.concurrency}", "--loglevel=INFO"]
        self.process = self.run("worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat")

    def start_beat(self):
        schedule = self.log.with_name("beat-schedule")
        self.beat = self.run("beat", "--loglevel=INFO", "--pidfile=", f"--schedule={schedule}")

    def end_beat(self):
        if self.beat:
            self.beat.terminate()
            self.beat.wait()

    def run(self, *arguments):
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_until_ended(report_ids, seconds: float) -> float:
    """Seconds until all have ended, at most `seconds`."""
    start = time.monotonic()
    open_states = [Report.State.REQUESTED, Report.State.RUNNING]
    while time.monotonic() < start + seconds:
        if not Report.unscoped.filter(pk__in=report_ids, state__in=open_states).exists():
            break
        time.sleep(0.2)
    return time.monotonic() - start


def outcome(report_ids) -> dict[str, object]:
    """What came of the requests: all empty if each has exactly one file, one notice and the right checksum."""
    reports = Report.unscoped.filter(pk__in=report_ids)
    artifacts = list(Artifact.unscoped.filter(report__in=report_ids))
    notices = Notice.unscoped.filter(report__in=report_ids)
    return {
        "not done": sorted(reports.exclude(state=Report.State.DONE).values_list("pk", "state", "error")),
        "lost": sorted(set(report_ids) - {artifact.report_id for artifact in artifacts}),
        "doubled": finished_twice(report_ids),
        "without notice": sorted(set(report_ids) - set(notices.values_list("report", flat=True))),
        "wrong file": sorted(artifact.report_id for artifact in artifacts if not is_whole(artifact)),
    }


def finished_twice(report_ids) -> list[str]:
    # By the audit trail: it has no unique key that would hide a second time.
    entries = AuditEntry.objects.filter(action="report_done", object_id__in=map(str, report_ids))
    counted = entries.values("object_id").annotate(times=Count("pk")).filter(times__gt=1)
    return sorted(counted.values_list("object_id", flat=True))


NOTHING_WRONG = {"not done": [], "lost": [], "doubled": [], "without notice": [], "wrong file": []}


def is_whole(artifact: Artifact) -> bool:
    path = settings.DATA_DIR / artifact.path
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == artifact.sha256


def built_more_than_once(report_ids) -> dict[int, int]:
    """Attempts beyond the first, for the printed account; an attempt cut off by a kill is no second report."""
    return dict(Report.unscoped.filter(pk__in=report_ids, attempts__gt=1).values_list("pk", "attempts"))
