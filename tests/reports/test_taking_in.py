"""Who takes a report in when the committee above was merged or dissolved on its way (domain.md 1.7, 1.9)."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from cells.models import OrganisationFunction, Role
from cells.reach import with_reach
from cells.restructuring.orders import Order
from reports import issuing
from reports.access import answers, awaiting_answer
from reports.composing import compose
from reports.models import Report, Stage
from reports.periods import Period
from tests.cells.test_restructuring import done
from tests.factories import PostFactory
from tests.reports.obligations.test_reporting import goes_over

pytestmark = pytest.mark.django_db
SIGNED = {"stage": Stage.SIGNED, "state": "done", "signed_at": dt.datetime(2026, 10, 5, tzinfo=dt.UTC), "content": {}}
MERGED_ON = dt.date(2026, 10, 15)


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel("2026-10-25 09:00:00+07:00", tick=False):
        yield


def has_board(organisation, name):
    about = {"function": "propaganda", "body_name": name, "first_day": dt.date(2020, 1, 1)}
    OrganisationFunction.unscoped.create(organisation=organisation, **about)


def signed(organisation, period="2026-Q3") -> Report:
    return Report.unscoped.create(organisation=organisation, period=period, until=Period.parse(period).until, **SIGNED)


def reached(user):
    return with_reach(type(user).objects.get(pk=user.pk))


def reorganised(kind, organisation, heir=None):
    done(Order(kind=kind, day=MERGED_ON, decision="QĐ 1", organisations=(organisation,), heir=heir))


def recipients_of(organisation) -> list[str]:
    content = compose(Report(organisation=organisation, period="2026-Q3", until=dt.date(2026, 9, 30)))
    lines = next(block for block in content["blocks"] if block["kind"] == "ending")["receivers"]
    return [line.removeprefix("- ").split(" (")[0] for line in lines[:-1]]


def waiting_for(user) -> list[Report]:
    """On the list, and with the right to answer."""
    user = reached(user)
    waiting = list(awaiting_answer(user))
    seen = set(Report.objects.for_user(user))
    assert all(answers(user, one) and one in seen for one in waiting)
    return waiting


def test_a_report_signed_before_its_committee_was_merged_goes_to_the_heirs_board(cast):
    has_board(cast.committee, "Ban Tuyên giáo khối mẫu")
    has_board(cast.foreign, "Ban Tuyên giáo khối khác")
    assert recipients_of(cast.branch) == ["Đảng ủy khối mẫu", "Ban Tuyên giáo khối mẫu"]
    report = signed(cast.branch)
    reorganised("absorb", cast.committee, cast.foreign)
    board, committee = (PostFactory(role=role, organisation=cast.foreign).user for role in (Role.BOARD, Role.COMMITTEE))

    report = issuing.send(report, actor=cast.hoa)

    assert (report.receiver, report.through_board) == (cast.foreign, True)
    assert (waiting_for(board), waiting_for(committee)) == ([report], [])
    assert recipients_of(cast.branch) == ["Đảng ủy khối khác", "Ban Tuyên giáo khối khác"]


def test_what_waits_at_a_board_waits_at_the_committee_of_an_heir_that_has_none(cast, client):
    has_board(cast.committee, "Ban Tuyên giáo khối mẫu")
    with time_machine.travel("2026-10-12 09:00:00+07:00", tick=False):
        reports = [issuing.send(signed(cast.branch, period), actor=cast.hoa) for period in ("2026-Q3", "2026-Q2")]
        assert waiting_for(cast.binh) == reports[::-1]
    reorganised("absorb", cast.committee, cast.foreign)
    board, committee = (PostFactory(role=role, organisation=cast.foreign).user for role in (Role.BOARD, Role.COMMITTEE))

    assert (waiting_for(board), waiting_for(committee)) == ([], reports[::-1])
    client.force_login(committee)
    assert client.get(reverse("reports:list")).context["to_answer"] == 2
    page = client.get(reverse("reports:detail", args=[reports[0].public_id]))
    assert page.context["receiver_name"] == "Đảng ủy khối mẫu, qua Ban Tuyên giáo khối mẫu, nay là Đảng ủy khối khác"


def test_after_the_end_of_a_committee_without_heir_the_one_above_takes_in(cast):
    waited, report = (signed(cast.cell, period) for period in ("2026-Q2", "2026-Q3"))
    issuing.send(waited, actor=cast.hoa)
    reorganised("dissolve", cast.branch)

    assert recipients_of(cast.cell) == ["Đảng ủy khối mẫu"]
    assert waiting_for(cast.minh) == [waited]
    report = issuing.send(report, actor=cast.hoa)
    assert (report.receiver, report.through_board) == (cast.committee, False)
    assert waiting_for(cast.minh) == [report, waited]


def test_an_heir_that_never_had_the_cell_takes_nothing_of_it_in(cast):
    """It left for 1.10, and 1.1 was merged into 1.11 after that: 1.10 asks for the report and can read it."""
    report = issuing.send(signed(cast.cell), actor=cast.hoa)
    goes_over(cast.cell, dt.date(2026, 10, 10), cast.sibling)
    reorganised("absorb", cast.branch, cast.other_sibling)
    stands_above, heir = (
        PostFactory(role=Role.COMMITTEE, organisation=one).user for one in (cast.sibling, cast.other_sibling)
    )

    assert (waiting_for(stands_above), waiting_for(heir)) == ([report], [])
