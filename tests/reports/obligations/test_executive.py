"""Minh's standing committee reports once a year to its own executive committee, and writes the day at the report."""

import datetime as dt
import importlib
import uuid

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells import lineage
from cells.models import OrganisationPeriod, Role
from reports.models import ExecutiveEntry, Report, Stage
from reports.obligations import owing
from reports.obligations.models import ObligationRule, Subject
from reports.obligations.owing import State
from reports.obligations.reminding import concerns
from tests.cast import make_cast

TODAY = dt.date(2027, 1, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel("2027-01-20 09:00:00+07:00", tick=False):
        yield make_cast()


def yearly(place, day: dt.date, **more) -> Report:
    signed_at = timezone.make_aware(dt.datetime.combine(day, dt.time(8)))
    words = {"period": "2026", "until": dt.date(2026, 12, 31), "stage": Stage.SIGNED} | more
    return Report.unscoped.create(organisation=place, signed_at=signed_at, **words)


def owed(place, on: dt.date = TODAY) -> list:
    found = owing.in_period(place, dt.date(2026, 12, 1), dt.date(2026, 12, 31), on=on)
    return [one for one in found if one.subject == Subject.EXECUTIVE]


def own(place, on: dt.date = TODAY):
    return next(one for one in owed(place, on) if one.organisation == place.pk)


def write(client, user, report, name="lay", **fields):
    client.force_login(user)
    key = {"form_key": str(uuid.uuid4())}
    return client.post(reverse(f"reports:{name}", args=[report.public_id]), key | {"version": "0"} | fields)


def test_each_committee_owes_it_the_root_too_and_no_cell(cast):
    committees = (cast.province, cast.committee, cast.foreign, cast.branch, cast.sibling, cast.other_sibling)

    found = owed(cast.province)

    assert sorted(one.organisation for one in found) == sorted(place.pk for place in committees)
    assert {(one.due, one.state, one.months) for one in found} == {(dt.date(2027, 1, 31), State.DUE, 12)}
    assert {one.state for one in owed(cast.province, dt.date(2027, 2, 1))} == {State.LATE}
    ObligationRule.unscoped.filter(subject=Subject.EXECUTIVE).update(kinds=[])  # even where it speaks of all kinds
    assert len(owed(cast.province)) == len(committees)

    for place, founded in ((cast.sibling, dt.date(2026, 7, 1)), (cast.other_sibling, dt.date(2026, 12, 2))):
        OrganisationPeriod.unscoped.filter(organisation=place).update(first_day=founded)
    lineage.rebuild()
    assert {one.organisation for one in owed(cast.committee)} & {cast.sibling.pk, cast.other_sibling.pk} == {
        cast.sibling.pk  # there for a whole month of the year
    }


def test_it_concerns_the_committee_and_leads_to_the_report_of_the_year(client, cast):
    def row_of(user):
        client.force_login(user)
        rows = client.get("/viec-den-han/", {"subject": "executive", "name": "dang bo khoi mau"}).context["rows"]
        return [(row.title, row.action, row.url) for row in rows if row.obligation.last_day.year == 2026]

    ObligationRule.unscoped.exclude(subject=Subject.EXECUTIVE).delete()  # what is late comes first on the lights
    title = "Báo cáo trước Ban Chấp hành năm 2026"
    asking = f"/bao-cao/lap/?organisation={cast.committee.public_id}&span=Y&year=2026&until="
    assert row_of(cast.minh) == [(title, "Lập báo cáo năm", asking)]
    initial = client.get(asking).context["form"].initial
    assert (initial["span"], initial["year"]) == ("Y", 2026)
    report = yearly(cast.committee, dt.date(2027, 1, 10))
    assert row_of(cast.minh) == [(title, "Xem báo cáo năm", reverse("reports:detail", args=[report.public_id]))]
    assert row_of(cast.binh) == [(title, "", "")]  # the board has no report of its own
    assert [concerns(own(cast.committee), role) for role in (Role.COMMITTEE, Role.BOARD)] == [True, False]
    client.force_login(cast.minh)
    home = client.get("/").context["shown"]
    assert title in [task.title for task in (home.first, *home.tasks)]
    lights = reverse("reports:lights", args=[cast.committee.public_id])
    assert f"{title}: còn 11 ngày" in client.get(lights, {"what": "reports"}).content.decode()


def test_the_day_is_written_corrected_and_taken_back_and_all_of_it_stays(client, cast):
    report = yearly(cast.committee, dt.date(2027, 1, 10))

    assert write(client, cast.binh, report, day="15/01/2027").status_code == 403
    for wrong in ("09/01/2027", "21/01/2027"):  # before it was signed; not yet
        assert "từ ngày ký báo cáo, 10/01/2027" in write(client, cast.minh, report, day=wrong).content.decode()
    assert write(client, cast.minh, report, day="15/01/2027").status_code == 302
    assert (own(cast.committee).state, own(cast.committee).done_on) == (State.DONE, dt.date(2027, 1, 15))
    assert own(cast.committee, dt.date(2027, 1, 14)).state == State.DUE

    both = write(client, cast.minh, report, day="16/01/2027", reason="Ghi nhầm ngày")  # from a page of before
    assert (both.status_code, [row[1:] for row in both.context["versions"]]) == (
        409,
        [("16/01/2027", "15/01/2027"), ("Ghi nhầm ngày", "")],
    )
    assert "vì sao sửa" in write(client, cast.minh, report, day="16/01/2027", version="1").content.decode()
    write(client, cast.minh, report, day="16/01/2027", version="1", reason="Ghi nhầm ngày")
    write(client, cast.minh, report, "take_back_laying", version="2", reason="Hội nghị hoãn")

    assert own(cast.committee).state == State.DUE
    assert list(ExecutiveEntry.unscoped.values_list("day", "reason")) == [
        (dt.date(2027, 1, 15), ""),
        (dt.date(2027, 1, 16), "Ghi nhầm ngày"),
        (None, "Hội nghị hoãn"),
    ]
    trail = AuditEntry.objects.filter(action__startswith="report.la").order_by("pk")
    assert [(one.action, one.values.before["day"], one.values.after["day"]) for one in trail] == [
        ("report.laid", None, "2027-01-15"),
        ("report.laid", "2027-01-15", "2027-01-16"),
        ("report.laying_taken_back", "2027-01-16", None),
    ]
    page = client.get(reverse("reports:detail", args=[report.public_id])).content.decode()
    assert "Chưa ghi ngày Ban Thường vụ báo cáo" in page
    assert "Lý do: Hội nghị hoãn" in page


def test_what_was_written_at_a_version_stays_when_another_takes_its_place(client, cast):
    first = yearly(cast.committee, dt.date(2027, 1, 10))
    write(client, cast.minh, first, day="12/01/2027")
    Report.unscoped.filter(pk=first.pk).update(stage=Stage.REPLACED)
    second = yearly(cast.committee, dt.date(2027, 1, 18), revision=2)

    assert own(cast.committee).done_on == dt.date(2027, 1, 12)
    page = client.get(reverse("reports:detail", args=[second.public_id])).content.decode()
    assert "ngày 12/01/2027, theo bản 1" in page
    assert "Nếu đã báo cáo lại theo bản mới" in page
    told = {"version": "1", "reason": "Báo cáo lại theo bản 2"}
    assert write(client, cast.minh, first, day="19/01/2027", **told).url == f"/bao-cao/{first.public_id}/"
    write(client, cast.minh, second, day="19/01/2027", **told)
    assert ExecutiveEntry.unscoped.last().report == second
    assert own(cast.committee).done_on == dt.date(2027, 1, 19)

    of_a_quarter = yearly(cast.committee, dt.date(2027, 1, 10), period="2026-Q4")
    assert write(client, cast.minh, of_a_quarter, day="12/01/2027").url == f"/bao-cao/{of_a_quarter.public_id}/"
    of_a_cell = yearly(cast.cell, dt.date(2027, 1, 10))
    assert write(client, cast.hoa, of_a_cell, day="12/01/2027").url == f"/bao-cao/{of_a_cell.public_id}/"
    assert ExecutiveEntry.unscoped.count() == 2


def test_an_installation_that_has_rules_gets_this_one_once():
    migration = importlib.import_module("reports.migrations.0008_executive")
    rules = ObligationRule.unscoped.filter(subject=Subject.EXECUTIVE)
    seeded = rules.values().get()
    rules.delete()

    for _time in range(2):
        migration.rule_where_others_are(apps, None)

    made = rules.values().get()
    assert {name for name in made if made[name] != seeded[name]} == {"id", "public_id"}
    ObligationRule.unscoped.all().delete()
    migration.rule_where_others_are(apps, None)
    assert not ObligationRule.unscoped.exists()  # a new one is seeded with all of them
