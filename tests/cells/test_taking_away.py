"""Nobody carries off the lists of a province at once, nor one by one within the hour (reliability.md, check 65)."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells.taking_away import COUNTED
from resolutions.models import PaperHandover

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ON_PAPER = ("cells:roster_print", "speakers:roster_print", "resolutions:handovers_print")
AS_FILES = ("cells:roster_table", "speakers:roster_table", "resolutions:handovers_table", "reports:children_table")


def ask(client, user, name, one=None, **options):
    client.force_login(user)
    return client.get(reverse(name, args=[one.public_id] if one else []), **options)


def taken() -> int:
    return AuditEntry.objects.filter(action__in=COUNTED).count()


@pytest.mark.parametrize("name", [*ON_PAPER, *AS_FILES])
def test_a_list_that_is_too_long_says_how_to_narrow_it(cast, client, settings, name):
    line = {"day": timezone.localdate(), "copies": 1, "handed_by": "Lê Giao", "received_by": "Lê Nhận"}
    PaperHandover.unscoped.create(organisation=cast.committee, number=1, **line)
    place = None if "handovers" in name else cast.committee
    whole = ask(client, cast.minh, name, place)
    settings.EXPORT_ROWS = 0

    refused = ask(client, cast.minh, name, place, headers={"Referer": "http://testserver/?q=1"})

    assert (whole.status_code, refused.status_code) == (200, 422)
    assert name in AS_FILES or "Xuất bởi Minh (minh) lúc " in whole.content.decode()
    page = refused.content.decode()
    assert "hãy quay lại và thu hẹp danh sách" in page.lower()
    assert 'href="/?q=1"' in page
    assert taken() == 1


def test_lists_are_counted_by_the_hour_and_user_whether_printed_or_taken_as_files(cast, client, settings):
    settings.EXPORTS_AN_HOUR = 2
    now = timezone.now()

    with time_machine.travel(now, tick=False) as clock:
        first = [ask(client, cast.minh, name, cast.branch).status_code for name in (ON_PAPER[0], AS_FILES[0])]
        clock.shift(dt.timedelta(minutes=59))
        refused = ask(client, cast.minh, AS_FILES[3], cast.branch)
        other = ask(client, cast.thu, AS_FILES[0], cast.branch)
        clock.shift(dt.timedelta(minutes=1))
        later = ask(client, cast.minh, AS_FILES[3], cast.branch)

    assert (first, refused.status_code, later.status_code) == ([200, 200], 429, 200)
    again_at = timezone.localtime(now + dt.timedelta(hours=1))
    assert f"Từ {again_at:%H:%M} đồng chí lấy tiếp được" in refused.content.decode()
    assert (other.status_code, taken()) == (200, 4)


def test_another_site_is_no_way_back(cast, client, settings):
    settings.EXPORT_ROWS = 0

    page = ask(
        client, cast.minh, AS_FILES[0], cast.branch, headers={"Referer": "https://example.com/"}
    ).content.decode()

    assert "example.com" not in page
    assert "Về trang chủ" in page
