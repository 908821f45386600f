"""Rows to work on, a child to work with, and a look into the real broker, for the tests of the job."""

import base64
import datetime as dt
import hashlib
import json
import sys
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cells.lineage import rebuild
from cells.models import Kind, Organisation, OrganisationPeriod, Post, Role
from reports.models import Artifact, Report

CHILD = Path(__file__).with_name("child.py")
QUARTER_END = dt.date(2024, 9, 30)


def child(*way: str) -> list[str]:
    return [sys.executable, str(CHILD), *way]


def make_cell(code: str = "cell", name: str = "Chi bộ mẫu") -> Organisation:
    organisation = Organisation.unscoped.create(code=code)
    OrganisationPeriod.unscoped.create(
        organisation=organisation, name=name, kind=Kind.GRASSROOTS_CELL, first_day=dt.date(2020, 1, 1)
    )
    rebuild()
    return organisation


def make_user(username: str = "lan") -> User:
    return User.objects.create(username=username, full_name="Người dùng mẫu")


def make_secretary(user: User, *organisations: Organisation) -> User:
    for organisation in organisations:
        Post.unscoped.create(user=user, organisation=organisation, role=Role.SECRETARY, first_day=dt.date(2020, 1, 1))
    return user


def make_report(organisation=None, **fields) -> Report:
    """Whoever asked for it is secretary there, and so may have it."""
    organisation = organisation or make_cell()
    defaults = {"organisation": organisation, "period": "2024-Q3", "until": QUARTER_END}
    if user := fields.get("requested_by"):
        make_secretary(user, organisation)
    return Report.unscoped.create(**defaults | fields)


def sent_report(organisation, pdf: bytes, **fields) -> Report:
    """Of the quarter that ended on QUARTER_END, with its file."""
    told = {"until": QUARTER_END, "stage": "sent", "state": "done"}
    told |= {"signed_at": timezone.now(), "sent_at": timezone.now()}
    report = Report.unscoped.create(organisation=organisation, period="2024-Q3", **told | fields)
    path = settings.DATA_DIR / "reports" / f"{report.pk}.pdf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pdf)
    file = {"path": f"reports/{path.name}", "size": len(pdf), "sha256": hashlib.sha256(pdf).hexdigest()}
    Artifact.unscoped.create(report=report, **file)
    return report


def drain(queue: str = "reports") -> list:
    """Takes all messages from the broker; what each of them carries besides Celery's own.

    In no order: the folder broker keeps none among messages of one millisecond.
    """
    carried = []
    with current_app.connection_for_read() as connection:
        channel = connection.default_channel
        while channel._size(queue):
            message = channel._get(queue)
            args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
            carried.append((args, kwargs))
    return carried
