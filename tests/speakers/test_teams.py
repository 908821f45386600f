"""Core teams and their turns: nobody is put down without somebody's hand, swaps take two."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.refusing import Refused
from cells import dependants
from cells.models import Person
from sessions.models import AgendaBlock
from speakers import turning
from speakers.models import SpeakerAbsence, SpeakerTeam, TeamMember, TeamRules, Turn, TurnSwap
from speakers.rotating import following
from tests.cast import make_cast
from tests.cells.uploads import papers
from tests.factories import PersonFactory, SessionFactory, close

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SINCE = dt.date(2022, 3, 1)
KEY = "01a200d6-1592-78ba-8cff-79f714d89a{:02x}".format


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def team(cast):
    """domain.md, T0-1: 07 = 04 of the committee + 03; Mai is one of them."""
    team = SpeakerTeam.unscoped.create(organisation=cast.cell, name="Đội nòng cốt", first_day=SINCE)
    for number, person in enumerate([cast.member, *PersonFactory.create_batch(6)]):
        TeamMember.unscoped.create(team=team, person=person, is_committee=number < 4, first_day=SINCE)
    return team


def test_the_composition_is_printed_with_two_digits(cast, team, client):
    client.force_login(cast.hoa)

    page = client.get(reverse("speakers:team", args=[team.public_id])).content.decode()

    assert "07 người, gồm 04 cấp ủy viên và 03 đảng viên" in page


def test_looking_at_the_proposal_assigns_nobody_and_taking_it_up_does(cast, team, client):
    client.force_login(cast.hoa)
    address = reverse("speakers:turns", args=[team.public_id])

    form = client.get(address).context["form"]
    assert Turn.unscoped.count() == 0
    sent = {bound.html_name: bound.initial or "" for line in form.lines() for bound in line[1:]}
    client.post(address, sent | {"form_key": KEY(1)})

    turns = Turn.unscoped.filter(state="planned")
    assert [turn.month for turn in turns] == turning.coming_months()
    assert turns.values("person").distinct().count() == 6


def test_an_announced_absence_is_respected(cast, team):
    month = turning.this_month()
    for member in team.teammembers.exclude(person=cast.member):
        SpeakerAbsence.unscoped.create(person=member.person, first_day=month, last_day=month)

    assert turning.proposal(team, [month]) == {month: cast.member.pk}


def test_a_field_is_asked_of_who_is_in_charge_of_it(cast, team):
    team.teammembers.update(fields="kinh tế, xã hội")
    team.teammembers.filter(person=cast.member).update(fields="Biên giới")
    month = turning.this_month()

    assert turning.proposal(team, [month], {month: "biên giới"}) == {month: cast.member.pk}


def test_two_plan_the_same_month_and_the_second_is_told(cast, team):
    month = turning.this_month()
    one, other = (member.person for member in team.teammembers.all()[:2])
    turning.plan(team, {month: (one, "", "")}, actor=cast.hoa)

    with pytest.raises(Refused, match="vừa có người được phân công"):
        turning.plan(team, {month: (other, "", "")}, actor=cast.hoa)

    assert [turn.person for turn in Turn.unscoped.all()] == [one]


def test_a_speaker_registers_and_the_secretary_takes_it_up(cast, team, client):
    month = following(turning.this_month())
    client.force_login(cast.mai)
    client.post(reverse("speakers:register", args=[team.public_id]), {"month": f"{month:%Y-%m}", "form_key": KEY(2)})
    turn = Turn.unscoped.get()
    assert (turn.person, turn.state) == (cast.member, "registered")

    client.force_login(cast.hoa)
    client.post(reverse("speakers:accept", args=[turn.public_id]), {"version": "1", "form_key": KEY(3)})

    turn.refresh_from_db()
    assert turn.state == "planned"


def test_who_declines_says_why_and_the_month_is_open_again(cast, team):
    month = following(turning.this_month())
    turning.plan(team, {month: (cast.member, "", "")}, actor=cast.hoa)

    turning.decline(Turn.unscoped.get(), "đi công tác", version=1, actor=cast.mai)

    assert list(Turn.unscoped.values_list("state", "reason")) == [("declined", "đi công tác")]
    assert turning.proposal(team, [month])[month] is not None


def test_a_swap_happens_when_both_agree_and_not_before(cast, team, client):
    months = turning.coming_months()[1:3]
    friend = cast.speaker
    TeamMember.unscoped.create(team=team, person=friend, first_day=SINCE)
    turning.plan(team, {months[0]: (cast.member, "", ""), months[1]: (friend, "", "")}, actor=cast.hoa)
    first, second = Turn.unscoped.all()

    swap = turning.ask_swap(first, second, actor=cast.mai)
    assert [turn.person for turn in Turn.unscoped.all()] == [cast.member, friend]
    address = reverse("speakers:answer_swap", args=[swap.public_id])
    client.force_login(cast.mai)  # who asked cannot answer
    assert client.post(address, {"answer": "yes", "form_key": KEY(4)}).status_code == 404
    client.force_login(cast.son)
    client.post(address, {"answer": "yes", "form_key": KEY(5)})

    assert [turn.person for turn in Turn.unscoped.all()] == [friend, cast.member]
    assert TurnSwap.unscoped.get().state == "agreed"


def test_what_was_presented_comes_from_the_sessions(cast, team, client):
    session = SessionFactory(cell=cast.cell, day=timezone.localdate() - dt.timedelta(days=9))
    close(session)
    AgendaBlock.unscoped.create(session=session, position=1, part="regular", title="Văn bản mới", presenter=cast.member)
    address = reverse("speakers:turns", args=[team.public_id])

    shown = {}
    for user in (cast.hoa, cast.mai, cast.binh):
        client.force_login(user)
        shown[user.username] = "Văn bản mới" in client.get(address).content.decode()

    assert shown == {"hoa": True, "mai": True, "binh": False}  # boards do not read who presented


def test_working_rules_come_through_the_one_way_in_and_go_out_again(cast, team, client):
    client.force_login(cast.hoa)
    content = papers.docx()
    sent = {"file": SimpleUploadedFile("Quy chế đội.docx", content), "is_attested": "on", "form_key": KEY(6)}

    client.post(reverse("speakers:upload_rules", args=[team.public_id]), sent)

    answer = client.get(reverse("speakers:download_rules", args=[TeamRules.unscoped.get().public_id]))
    assert b"".join(answer.streaming_content) == content


def test_a_person_entered_twice_keeps_every_turn(cast, team):
    twin = PersonFactory()
    TeamMember.unscoped.create(team=team, person=twin, first_day=SINCE)
    turning.plan(team, {turning.this_month(): (twin, "", "")}, actor=cast.hoa)

    for one in dependants.registered():
        one.merge_people(cast.member, twin, actor=cast.hoa)

    assert Turn.unscoped.get().person == cast.member
    assert team.teammembers.filter(person=cast.member).count() == 1
    assert twin.delete()[1] == {"cells.Person": 1}
    assert not Person.unscoped.filter(pk=twin.pk).exists()
