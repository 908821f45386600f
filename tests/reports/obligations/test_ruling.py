"""The administrator says by dated rows what is owed; what was owed before stays as it was."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from reports.obligations import owing
from reports.obligations.models import ObligationRule, Subject
from tests.cast import make_cast

RULES = "/viec-den-han/quy-dinh/"
ON = dt.date(2026, 11, 30)


@pytest.fixture
def cast(db):
    return make_cast()


def fields(**changed) -> dict:
    told = {
        "organisation": "",
        "months": "3",
        "due_month": "1",
        "due_day": "5",
        "cut_off_day": "",
        "days_ahead": "7",
        "is_owed": "on",
        "source_note": "Quy chế mới",
        "sureness": "high",
        "first_day": "01/01/2027",
    }
    return told | changed | {"form_key": str(uuid.uuid4())}


def due_in(cast, year, quarter):
    last = dt.date(year, quarter * 3, 28) + dt.timedelta(days=3)
    last = last.replace(day=1) - dt.timedelta(days=1) if last.month != quarter * 3 else last
    found = owing.in_period(cast.cell, last.replace(day=1), last, on=ON)
    return [one.due for one in found if one.subject == Subject.REPORT and one.months == 3]


def test_a_new_rule_holds_from_its_day_and_the_one_before_until_then(client, cast):
    client.force_login(cast.quan)

    client.post(f"{RULES}moi/?subject=report", fields())

    assert due_in(cast, 2026, 4) == [dt.date(2026, 12, 20)]
    assert due_in(cast, 2027, 1) == [dt.date(2027, 4, 5)]
    before, after = ObligationRule.unscoped.filter(subject="report", months=3).order_by("first_day")
    assert (before.last_day, after.last_day) == (dt.date(2026, 12, 31), None)
    assert list(
        AuditEntry.objects.filter(object_kind="reports.obligationrule").order_by("pk").values_list("action", flat=True)
    ) == ["obligation_rule.ended", "obligation_rule.made"]


def test_a_rule_of_one_place_is_told_by_its_code_and_ends_again(client, cast):
    client.force_login(cast.quan)
    client.post(f"{RULES}moi/?subject=report", fields(organisation="1.1", first_day="01/10/2026"))
    assert due_in(cast, 2026, 4) == [dt.date(2027, 1, 5)]
    rule = ObligationRule.unscoped.get(organisation=cast.branch)

    address = reverse("reports:end_obligation_rule", args=[rule.public_id])
    for last_day, status in (("30/11/2026", 302), ("31/10/2026", 409)):
        sent = {"last_day": last_day, "version": "1", "form_key": str(uuid.uuid4())}
        assert client.post(address, sent).status_code == status

    assert due_in(cast, 2026, 4) == [dt.date(2026, 12, 20)]
    wrong = client.post(f"{RULES}moi/?subject=report", fields(organisation="khong co"))
    assert "Không có tổ chức mang mã này" in wrong.content.decode()


def test_two_rules_about_the_same_days_and_a_page_read_before_anothers_change_are_refused(client, cast):
    client.force_login(cast.quan)
    overlapping = client.post(f"{RULES}moi/?subject=report", fields(first_day="01/09/2026", last_day="31/12/2026"))
    assert "Đã có quy định" in overlapping.content.decode()

    rule = ObligationRule.unscoped.get(subject="report", months=3)
    address = reverse("reports:change_obligation_rule", args=[rule.public_id])
    shown = client.get(address).context["form"].initial
    assert client.post(address, fields(first_day="01/10/2026", version=shown["version"])).status_code == 302
    late = client.post(address, fields(first_day="01/10/2026", due_day="9", version=shown["version"]))
    assert late.status_code == 409
    assert [(str(label), mine, theirs) for label, mine, theirs in late.context["versions"]] == [
        ("Hạn vào ngày", "9", "5")
    ]
    rule.refresh_from_db()
    assert rule.due_day == 5


def test_each_subject_asks_for_what_can_be_ruled_about_it(client, cast):
    client.force_login(cast.quan)

    asked = {
        subject: set(client.get(f"{RULES}moi/?subject={subject}").context["form"].fields)
        for subject in ("report", "executive", "conference", "regular", "meeting")
    }

    assert "cut_off_day" in asked["report"]
    assert asked["report"] - asked["conference"] == {"cut_off_day"}
    assert asked["conference"] - asked["executive"] == {"months"}  # it is about the report of a year
    assert not {"months", "due_day", "kinds"} & asked["regular"]
    assert "kinds" in asked["meeting"]
