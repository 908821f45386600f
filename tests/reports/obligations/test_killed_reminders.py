"""A worker killed while it plans and sends: everybody is written to in the end, and nobody is planned for twice."""

import email
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.utils import timezone

from cells.models import Kind, Role
from reports.obligations import posting
from reports.obligations.models import Letter, Reminder
from tests.cast import make_cast
from tests.factories import PostFactory, UserFactory
from tests.reports.obligations.places import make_places
from tests.reports.obligations.postbox import Postbox, open_postbox

CELLS, KILLS = 60, 10
REMIND = "import django; django.setup(); from reports.obligations import posting; posting.remind()"

pytestmark = pytest.mark.slow


def test_ten_kills_lose_no_letter(process_environment, settings):
    cast = make_cast()
    for number, cell in enumerate(make_places(cast.branch, Kind.CELL, CELLS, "N")):
        PostFactory(user=UserFactory(email=f"u{number}@vi-du.vn"), organisation=cell, role=Role.SECRETARY)
    postbox = Postbox()
    chance = random.Random(7)

    with open_postbox(postbox, settings):
        url = f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        environment = process_environment | {
            "EMAIL_URL": url,
            "QUIET_HOURS": "00:00-00:00",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        for _kill in range(KILLS):
            worker = subprocess.Popen([sys.executable, "-c", REMIND], env=environment, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(1.2, 2.2))
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        # Leases of the dead run out by themselves after two minutes; here they do at once.
        Letter.unscoped.filter(lease_until__isnull=False).update(lease_until=timezone.now() - posting.LEASE)
        subprocess.run([sys.executable, "-c", REMIND], env=environment, check=True, stderr=subprocess.DEVNULL)

    ids = [email.message_from_bytes(text)["Message-ID"] for _to, text in postbox.letters]
    assert len(set(ids)) == CELLS
    assert {to for to, _text in postbox.letters} == {f"u{number}@vi-du.vn" for number in range(CELLS)}
    assert set(Letter.unscoped.filter(kind="daily").values_list("state", flat=True)) == {"sent"}
    assert len(ids) - CELLS <= KILLS  # at most the one in hand, under the same Message-ID
    about = list(Reminder.unscoped.values_list("user", "organisation", "key", "kind", "day"))
    assert len(about) == len(set(about))
