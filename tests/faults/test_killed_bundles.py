"""A worker that is killed while it joins: each bundle ends as one file, and nothing half lies about."""

import hashlib
import time

import pytest
from django.conf import settings

from accounts.models import AuditEntry
from cells.models import Role
from cells.reach import with_reach
from reports import binding
from reports.bundling import digest_of, reports_below
from reports.models import Bundle
from reports.periods import Period
from tests.factories import PostFactory
from tests.faults.test_kills import kill_repeatedly, tell
from tests.faults.workers import Workers
from tests.reports.jobs import child, drain, sent_report

QUARTER = Period.parse("2024-Q3")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_three_bundles_and_three_kills_are_three_files(cast, process_environment, tmp_path):
    drain("reports")
    drain("light")
    for cell in (cast.cell, cast.neighbour):
        sent_report(cell, b"%PDF-1.7")
    PostFactory(user=cast.minh, role=Role.COMMITTEE, organisation=cast.branch)
    minh, binh = with_reach(cast.minh), with_reach(cast.binh)
    for user, top in ((minh, cast.committee), (minh, cast.branch), (binh, cast.committee)):
        bundled = reports_below(user, top, QUARTER)
        binding.ask(user, top, QUARTER, bundled, digest_of(bundled))

    with Workers(process_environment, child("slow", "0.8"), tmp_path / "log") as group:
        kill_repeatedly(group, kills=3, shortest=2, longest=3)
        ends = time.monotonic() + 90
        while time.monotonic() < ends and Bundle.unscoped.exclude(state="done").exists():
            time.sleep(0.2)

    bundles = list(Bundle.unscoped.all())
    tell(bundles=len(bundles), kills=3, attempts=sum(one.attempts for one in bundles))
    assert [one.state for one in bundles] == ["done"] * 3
    assert AuditEntry.objects.filter(action="report.bundle_made").count() == 3
    for one in bundles:
        content = (settings.DATA_DIR / one.path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one.size, one.sha256)
