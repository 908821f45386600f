"""Core teams and their turns: nobody is put down without somebody's hand, swaps take two."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.refusing import Refused
from cells import dependants
from cells.models import Person
from cells.reach import with_reach
from sessions.models import AgendaBlock
from speakers import teaming, turning
from speakers.models import SpeakerAbsence, SpeakerTeam, TeamMember, TeamRules, Turn, TurnSwap
from speakers.noticing import asks_of
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


def test_who_swaps_speaks_of_the_same_in_the_other_month(cast, team):
    first, second = swappable(cast, team)
    swap = turning.ask_swap(first, second, actor=cast.mai)

    turning.answer_swap(swap, is_agreed=True, actor=cast.son)

    told = Turn.unscoped.order_by("month").values_list("person", "field", "topic")
    assert list(told) == [(cast.speaker.pk, "xã hội", "Chỉ thị 05"), (cast.member.pk, "kinh tế", "Kết luận 01")]


@pytest.fixture
def months():
    return turning.coming_months()[1:3]


def swappable(cast, team) -> list[Turn]:
    """Mai speaks next month, Son the month after."""
    TeamMember.unscoped.create(team=team, person=cast.speaker, first_day=SINCE)
    first, second = turning.coming_months()[1:3]
    told = {first: (cast.member, "kinh tế", "Kết luận 01"), second: (cast.speaker, "xã hội", "Chỉ thị 05")}
    turning.plan(team, told, actor=cast.hoa)
    return list(Turn.unscoped.order_by("month"))


def test_nobody_comes_into_a_month_by_swap_in_which_they_are_away_or_no_longer_there(cast, team, months):
    first, second = swappable(cast, team)
    swap = turning.ask_swap(first, second, actor=cast.mai)
    SpeakerAbsence.unscoped.create(person=cast.speaker, first_day=months[0], last_day=months[0])

    with pytest.raises(Refused, match="Sơn đã báo vắng trong tháng"):
        turning.answer_swap(swap, is_agreed=True, actor=cast.son)
    SpeakerAbsence.unscoped.all().delete()
    team.teammembers.filter(person=cast.speaker).update(last_day=turning.this_month())
    with pytest.raises(Refused, match="Sơn không ở trong đội vào tháng"):
        turning.answer_swap(swap, is_agreed=True, actor=cast.son)

    assert [turn.person for turn in Turn.unscoped.order_by("month")] == [cast.member, cast.speaker]


def test_a_turn_during_an_absence_is_pointed_out_and_not_given(cast, team, client, months):
    turning.plan(team, {months[0]: (cast.member, "", "")}, actor=cast.hoa)
    client.force_login(cast.mai)
    days = {"first_day": f"{months[0]:%d/%m/%Y}", "last_day": f"{months[1]:%d/%m/%Y}", "form_key": KEY(7)}
    page = client.post(reverse("speakers:announce"), days, follow=True).content.decode()

    assert f"Đồng chí có lượt tháng {months[0]:%m/%Y} trong những ngày này" in page
    assert page.count("Đồng chí báo vắng tháng này") == 1
    with pytest.raises(Refused, match="Mai đã báo vắng"):
        turning.plan(team, {months[1]: (cast.member, "", "")}, actor=cast.hoa)
    client.force_login(cast.hoa)
    page = client.get(reverse("speakers:turns", args=[team.public_id])).content.decode()
    assert page.count(">Báo vắng tháng này<") == 1


def test_home_tells_whose_answer_is_waited_for_and_what_was_answered(cast, team, months):
    first, second = swappable(cast, team)
    today = timezone.localdate()
    swap = turning.ask_swap(first, second, actor=cast.mai)
    asked = [one.title for one in asks_of(with_reach(cast.son), today)]
    turning.answer_swap(swap, is_agreed=False, actor=cast.son)
    refused = [one.text for one in asks_of(with_reach(cast.mai), today)]
    swap = turning.ask_swap(*Turn.unscoped.order_by("month"), actor=cast.mai)
    turning.answer_swap(swap, is_agreed=True, actor=cast.son)
    agreed = [one.text for one in asks_of(with_reach(cast.mai), today)]

    assert asked == ["Mai xin đổi lượt trình bày"]
    assert refused == [
        f"Chưa đổi được lượt tháng {months[0]:%m/%Y}, lượt đó vẫn như cũ.",
        "Đội nòng cốt: Kết luận 01",
    ]
    assert agreed[0] == f"Sơn đã đồng ý. Nay lượt của đồng chí là tháng {months[1]:%m/%Y}."


def test_home_of_who_only_speaks_begins_with_the_turn(cast, team, client):
    TeamMember.unscoped.create(team=team, person=cast.speaker, first_day=SINCE)
    turning.plan(team, {turning.this_month(): (cast.speaker, "", "Kết luận 01")}, actor=cast.hoa)
    client.force_login(cast.son)

    shown = client.get(reverse("reports:home")).context["shown"]

    assert (shown.first.title, shown.first.url, shown.asks) == (
        f"Lượt trình bày của đồng chí: tháng {turning.this_month():%m/%Y}",
        reverse("speakers:mine"),
        [],
    )


def test_home_tells_the_secretary_who_registered_and_which_month_is_open_again(cast, team, client, months):
    turning.plan(team, {turning.this_month(): (cast.member, "", "")}, actor=cast.hoa)
    turning.plan(team, {months[0]: (cast.member, "", "")}, actor=cast.hoa)
    turning.register(team, cast.member, months[1], "", actor=cast.mai)
    turning.decline(Turn.unscoped.get(month=months[0]), "đi công tác", version=1, actor=cast.mai)

    found = [(one.title, one.text) for one in asks_of(with_reach(cast.hoa), timezone.localdate())]

    assert found == [
        ("Đội nòng cốt: 1 người đăng ký trình bày", f"Mai ({months[1]:%m/%Y})"),
        (f"Đội nòng cốt: tháng {months[0]:%m/%Y} chưa có người trình bày", "Mai xin thôi: đi công tác"),
    ]
    client.force_login(cast.hoa)
    assert "Mai xin thôi: đi công tác" in client.get(reverse("reports:home")).content.decode()
    assert list(asks_of(with_reach(cast.nam), timezone.localdate())) == []


def test_a_scan_of_the_rules_waits_for_a_second_person_who_finds_it_on_the_page(cast, team, client):
    client.force_login(cast.hoa)
    sent = {"file": SimpleUploadedFile("Quy chế ký.pdf", papers.scan()), "is_attested": "on", "form_key": KEY(8)}
    client.post(reverse("speakers:upload_rules", args=[team.public_id]), sent)
    rules = TeamRules.unscoped.get()
    release = reverse("speakers:release_rules", args=[rules.public_id])
    download = reverse("speakers:download_rules", args=[rules.public_id])
    client.post(release, {"form_key": KEY(9)})
    rules.refresh_from_db()
    assert (rules.state, rules.uploaded_by) == ("waiting", cast.hoa)
    client.force_login(cast.mai)
    assert client.get(download).status_code == 404

    client.force_login(cast.minh)
    assert "Quy chế ký.pdf" in client.get(reverse("speakers:team", args=[team.public_id])).content.decode()
    assert client.get(download).getvalue() == papers.scan()
    client.post(release, {"form_key": KEY(10)})
    client.force_login(cast.mai)
    assert client.get(download).getvalue() == papers.scan()


def test_how_many_below_have_a_team_and_who_has_none(cast):
    """domain.md, T1-2: no size is asked for."""
    for place in (cast.branch, cast.sibling):
        SpeakerTeam.unscoped.create(organisation=place, name="Đội", first_day=SINCE)
    ended = {"first_day": SINCE, "last_day": SINCE}
    SpeakerTeam.unscoped.create(organisation=cast.other_sibling, name="Đội cũ", **ended)
    today = timezone.localdate()

    found = teaming.coverage(cast.committee, today)
    assert (found.having, found.all, [one.organisation for one in found.missing]) == (2, 3, [cast.other_sibling])
    assert teaming.coverage(cast.branch, today).all == 2  # its cells: there is no committee below
    assert teaming.coverage(cast.cell, today).all == 0


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
