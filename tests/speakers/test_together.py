"""Two who edit one thing at once: the second sees both versions, and saves when sending again."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from speakers import reviewing
from speakers.models import SpeakerTeam, TeamMember
from tests.cast import make_cast
from tests.factories import AppointmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SINCE = dt.date(2022, 3, 1)


@pytest.fixture
def cast():
    return make_cast()


def things(cast) -> dict:
    """{page: (row, what is sent, {field: (first, second)}, how the second reads beside the first)}"""
    row = AppointmentFactory(organisation=cast.branch)
    team = SpeakerTeam.unscoped.create(organisation=cast.branch, name="Đội", first_day=SINCE)
    member = TeamMember.unscoped.create(team=team, person=cast.member, first_day=SINCE)
    item = reviewing.begin(cast.branch, 2026, actor=cast.binh).items.get()
    decision = {"kind": "speaker", "level": "province", "first_day": "01/01/2021", "degree": "", "theory": ""}
    return {
        "correct": (row, decision, "decision_number", ("2-QĐ", "3-QĐ"), "Số quyết định"),
        "change_team": (team, {"first_day": "01/03/2022"}, "name", ("Đội A", "Đội B"), "Tên đội, tổ"),
        "change_member": (
            member,
            {"person": str(cast.member.public_id), "role": "member", "first_day": "01/03/2022"},
            "fields_text",
            ("kinh tế", "xã hội"),
            "Lĩnh vực phụ trách",
        ),
        "decide": (item, {"verdict": "end"}, "reason", ("nghỉ hưu", "chuyển đi"), "Lý do"),
    }


@pytest.mark.parametrize("page", ["correct", "change_team", "change_member", "decide"])
def test_the_second_sees_both_and_saves_by_sending_again(cast, client, page):
    row, shared, name, (first, second), label = things(cast)[page]
    client.force_login(cast.binh)
    address = reverse(f"speakers:{page}", args=[row.public_id])

    def send(value, version):
        sent = shared | {name: value, "version": version, "form_key": str(uuid.uuid4())}
        return client.post(address, sent)

    assert send(first, "1").status_code == 302
    stale = send(second, "1")
    assert (stale.status_code, stale.context["versions"]) == (409, [(label, second, first)])
    assert send(second, stale.context["form"]["version"].value()).status_code == 302
    row.refresh_from_db()
    stored = {"fields_text": "fields"}.get(name, name)
    assert (getattr(row, stored), row.version) == (second, 3)


def test_who_ends_what_was_corrected_meanwhile_is_told_and_ends_it_by_sending_again(cast, client):
    row = AppointmentFactory(organisation=cast.branch, version=2)
    client.force_login(cast.binh)
    address = reverse("speakers:end", args=[row.public_id])
    sent = {"day": "01/02/2026", "reason": "nghỉ hưu"}

    stale = client.post(address, sent | {"version": "1", "form_key": str(uuid.uuid4())})
    version = stale.context["form"]["version"].value()
    client.post(address, sent | {"version": version, "form_key": str(uuid.uuid4())})

    row.refresh_from_db()
    assert "Người khác vừa sửa mục này" in stale.content.decode()
    assert (row.end_reason, row.last_day) == ("nghỉ hưu", dt.date(2026, 2, 1))
