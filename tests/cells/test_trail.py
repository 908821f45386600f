"""The page of the audit trail: what its filters find, how it pages, and what an inspector may read of it."""

import datetime as dt
import time

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.auditing import record
from accounts.models import AuditEntry

pytestmark = pytest.mark.django_db
AUDIT = reverse("cells:audit")
LIMIT = 0.5  # seconds
NOON = dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC)


@pytest.fixture
def trail(cast, rf):
    """Four entries on three days: by Lan and Hoa, at the cell and next door, one with values, one from elsewhere."""
    request = rf.get("/", REMOTE_ADDR="203.0.113.9")
    told = [
        (0, {"action": "session.marked", "actor": cast.lan, "target": cast.cell}),
        (1, {"action": "roster.left", "actor": cast.hoa, "target": cast.cell, "after": {"name": "Trịnh Thị Chim"}}),
        (2, {"action": "roster.left", "actor": cast.hoa, "target": cast.foreign}),
        (2, {"action": "login.failed", "request": request}),
    ]
    entries = []
    for day, entry in told:
        with time_machine.travel(NOON + dt.timedelta(days=day), tick=False):
            entries.append(record(**entry))
    return [entry.pk for entry in entries]


def shown(client, user, **asked) -> list[int]:
    client.force_login(user)
    return [row.entry.pk for row in client.get(AUDIT, asked).context["rows"]]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"who": "lan"}, [0]),
        ({"who": "Hoa"}, [2, 1]),
        ({"who": "khong ai"}, []),
        ({"action": "roster.left"}, [2, 1]),
        ({"last_day": "02/03/2026"}, [0]),
        ({"first_day": "03/03/2026", "last_day": "03/03/2026"}, [1]),
        ({"address": "203.0.113.9"}, [3]),
        ({"who": "hoa", "last_day": "03/03/2026", "action": "roster.left"}, [1]),
    ],
)
def test_a_filter_finds_exactly_its_entries(cast, client, trail, asked, places):
    found = [pk for pk in shown(client, cast.quan, **asked) if pk in trail]

    assert found == [trail[place] for place in places]


def test_all_that_was_done_to_one_thing(cast, client, trail):
    assert shown(client, cast.quan, kind="cells.organisation", object=str(cast.cell.pk)) == [trail[1], trail[0]]


def test_paging_goes_back_entry_by_entry_and_loses_none(cast, client):
    made = [record("login.ok", actor=cast.lan).pk for _number in range(103)]
    client.force_login(cast.quan)

    seen, asked = [], {"action": "login.ok", "who": "lan"}
    while asked:
        context = client.get(AUDIT, asked).context
        seen.append([row.entry.pk for row in context["rows"]])
        asked = {"action": "login.ok", "who": "lan", "before": context["older"]} if context["older"] else None

    assert [len(page) for page in seen] == [50, 50, 3]
    assert [pk for page in seen for pk in page] == made[::-1]


def test_an_inspector_reads_what_concerns_the_subtree_and_no_values(cast, client, trail):
    assert shown(client, cast.thu) == [trail[1], trail[0]]
    assert "Trịnh Thị Chim" not in client.get(AUDIT).content.decode()

    client.force_login(cast.quan)
    assert "Trịnh Thị Chim" in client.get(AUDIT, {"action": "roster.left"}).content.decode()


def test_a_filter_that_cannot_be_read_is_told_and_not_obeyed(cast, client, trail):
    client.force_login(cast.quan)
    page = client.get(AUDIT, {"address": "không phải địa chỉ", "action": "roster.left"})

    assert page.status_code == 200
    assert [row.entry.pk for row in page.context["rows"]] == [trail[2], trail[1]]


FILTERS = [
    {},
    {"who": "lan"},
    {"action": "session.marked"},
    {"action": "invitation.made"},
    {"address": "203.0.113.9"},
    {"first_day": "01/01/2020", "last_day": "02/01/2020"},
    {"who": "hoa", "action": "login.ok", "address": "203.0.113.9"},
]


@pytest.mark.bench
@pytest.mark.parametrize("reader", ["quan", "thu"])
def test_among_200000_entries_every_filter_is_quick(cast, client, reader):
    make_many(cast)
    client.force_login(getattr(cast, reader))
    seconds = {str(asked): seconds_of(client, asked) for asked in FILTERS}

    assert {asked: taken for asked, taken in seconds.items() if taken > LIMIT} == {}


def seconds_of(client, asked) -> float:
    begun = time.perf_counter()
    assert client.get(AUDIT, asked).status_code == 200
    return time.perf_counter() - begun


def make_many(cast) -> None:
    actions = ["login.ok", "session.marked", "roster.read", "page.denied"]
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                action=actions[number % 4],
                actor=(cast.lan, cast.hoa, cast.minh)[number % 3],
                place=(cast.cell.pk, cast.foreign.pk)[number % 2],
                address=f"192.0.2.{number % 250}",
            )
            for number in range(200_000)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
