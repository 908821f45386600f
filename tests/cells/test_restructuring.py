"""Reorganisations as they happened, with figures before and after worked out by hand."""

import datetime as dt

import pytest

from cells.models import Kind as OrganisationKind
from cells.models import Membership, Organisation, Post, Reorganisation, Status
from cells.restructuring.carrying_out import NotPossible, Stale, carry_out, checked_plan, take_back
from cells.restructuring.orders import Kind, New, Order
from cells.restructuring.presenting import preview
from reports.periods import Period
from reports.statistics import figures
from sessions.models import Session
from tests.factories import (
    AppointmentFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    SessionFactory,
    UserFactory,
    close,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)
START = dt.date(2019, 1, 1)


def done(order: Order) -> Reorganisation:
    user = UserFactory()
    row = Reorganisation.unscoped.create(kind=order.kind, author=user, day=order.day)
    plan = checked_plan(row, order)
    assert plan.problems == []
    return carry_out(row, order, plan.digest, actor=user)


def counted(organisation: Organisation, period: str, structure: str = "then") -> tuple:
    found = figures(organisation, Period.parse(period), structure, TODAY if structure == "now" else None)
    return found.cells, found.members_total, found.sessions, found.present, found.regular_due, found.regular_done


def grown(code: str, kind, parent=None, members: int = 0) -> Organisation:
    organisation = OrganisationFactory(code=code, name=f"Tổ chức {code}", kind=kind, parent=parent, first_day=START)
    for number in range(members):
        person = PersonFactory(code=f"{code}-{number}")
        MembershipFactory(person=person, cell=organisation, first_day=START)
    return organisation


def met(cell: Organisation, *days: dt.date) -> None:
    for day in days:
        close(SessionFactory(cell=cell, day=day))


def test_the_two_blocs_of_2020_become_one():
    """3638-QĐ/TU, 28/02/2020: one cell of three in the one bloc, one of two in the other, each meets monthly."""
    province = grown("T", OrganisationKind.PROVINCE)
    offices, firms = (grown(code, OrganisationKind.BLOC, province) for code in ("KCQ", "KDN"))
    office, firm = grown("A", OrganisationKind.CELL, offices, 3), grown("B", OrganisationKind.CELL, firms, 2)
    for cell in (office, firm):
        met(cell, dt.date(2020, 1, 3), dt.date(2020, 2, 3), dt.date(2020, 3, 3))
    speaker = AppointmentFactory(organisation=offices, first_day=START)
    post = PostFactory(organisation=offices, role="committee", first_day=START)
    before = [counted(province, "2020-Q1", structure) for structure in ("then", "now")]

    row = done(
        Order(
            kind=Kind.MERGE,
            day=dt.date(2020, 2, 28),
            decision="3638-QĐ/TU 28/02/2020",
            organisations=(offices, firms),
            parent=province,
            new=(New("KMOI", "Đảng bộ Khối mới", OrganisationKind.BLOC),),
        )
    )

    bloc = Organisation.unscoped.get(code="KMOI")
    # (cells, members, sessions, present, regular due, regular done)
    assert counted(bloc, "2020-Q1") == (2, 5, 2, 5, 4, 4)  # sessions of March; months belong by their last day ...
    assert counted(bloc, "2020-02") == (2, 5, 0, 0, 2, 2)  # ... so February's duty is the new bloc's, its sessions not
    assert counted(offices, "2020-02") == (0, 0, 1, 3, 0, 0)
    assert counted(bloc, "2020-Q1", "now") == (2, 5, 6, 15, 6, 6)
    assert counted(offices, "2020-Q1", "now") == (0, 0, 0, 0, 0, 0)
    assert [counted(province, "2020-Q1", structure) for structure in ("then", "now")] == before
    assert bloc.appointments.get().person == speaker.person
    assert Post.unscoped.get(organisation=bloc).user == post.user

    take_back(row, actor=UserFactory())

    assert not Organisation.unscoped.filter(code="KMOI").exists()
    assert counted(offices, "2020-Q1") == (1, 3, 3, 9, 3, 3)
    assert Post.unscoped.get(organisation=offices).last_day is None


def test_the_districts_end_in_2025_and_communes_hang_below_the_province():
    province = grown("T", OrganisationKind.PROVINCE)
    district = grown("H", OrganisationKind.DISTRICT, province)
    communes = [grown(f"X{number}", OrganisationKind.COMMUNE, district) for number in (1, 2)]
    cells = [grown(f"X{number}C", OrganisationKind.CELL, commune, 4) for number, commune in enumerate(communes, 1)]
    for cell in cells:
        met(cell, dt.date(2025, 6, 3), dt.date(2025, 7, 3))

    done(Order(kind=Kind.DISSOLVE, day=dt.date(2025, 7, 1), decision="31-QĐ/TU", organisations=(district,)))

    assert counted(district, "2025-06") == (2, 8, 2, 8, 2, 2)
    assert counted(district, "2025-07") == (0, 0, 0, 0, 0, 0)
    assert counted(province, "2025-07") == (2, 8, 2, 8, 2, 2)
    assert counted(communes[0], "2025", "now") == (1, 4, 2, 8, 12, 2)
    assert figures(province, Period.parse("2025-06"), "then").committees == 3
    assert figures(province, Period.parse("2025-07"), "then").committees == 2


@pytest.fixture
def pair():
    above = grown("D", OrganisationKind.GRASSROOTS_COMMITTEE)
    return grown("A", OrganisationKind.CELL, above, 2), grown("B", OrganisationKind.CELL, above, 1)


def absorption(pair, day=dt.date(2024, 7, 1)) -> Order:
    return Order(kind=Kind.ABSORB, day=day, decision="5-QĐ", organisations=(pair[0],), heir=pair[1])


def test_a_finished_session_after_the_day_refuses_with_its_name(pair):
    met(pair[0], dt.date(2024, 7, 3))

    with pytest.raises(AssertionError, match="Tổ chức A, 03/07/2024"):
        done(absorption(pair))


def test_planned_sessions_are_called_off_and_come_back(pair):
    planned = SessionFactory(cell=pair[0], day=dt.date(2024, 7, 3))

    row = done(absorption(pair))
    planned.refresh_from_db()
    assert planned.state == Session.State.CANCELLED

    take_back(row, actor=UserFactory())
    planned.refresh_from_db()
    assert planned.state == Session.State.PLANNED


def test_a_guest_of_the_other_cell_is_at_home_in_the_one(pair):
    guest = Membership.unscoped.filter(cell=pair[0]).first()
    Membership.unscoped.filter(pk=guest.pk).update(status=Status.AWAY)
    MembershipFactory(person=guest.person, cell=pair[1], status=Status.HOSTED, first_day=START)

    done(absorption(pair))

    now = Membership.unscoped.on(dt.date(2024, 7, 1)).filter(person=guest.person)
    assert [(row.cell, row.status) for row in now] == [(pair[1], Status.ACTIVE)]


def test_the_preview_counts_members_once_and_no_guests(pair):
    guest = MembershipFactory(cell=pair[1], status=Status.HOSTED, first_day=START).person
    MembershipFactory(person=guest, cell=grown("C", OrganisationKind.CELL), status=Status.AWAY, first_day=START)
    order = absorption(pair)

    shown = preview(checked_plan(Reorganisation(kind=order.kind, day=order.day), order))

    assert [(move.origin, move.target, move.count) for move in shown.moves] == [("Tổ chức A", "Tổ chức B", 2)]
    assert (shown.members_before, shown.members_after) == (2, 2)


def test_what_was_not_shown_is_not_done(pair):
    user, order = UserFactory(), absorption(pair)
    row = Reorganisation.unscoped.create(kind=order.kind, author=user, day=order.day)
    digest = checked_plan(row, order).digest
    MembershipFactory(cell=pair[0], first_day=START)

    with pytest.raises(Stale):
        carry_out(row, order, digest, actor=user)

    assert set(Membership.unscoped.values_list("cell__code", flat=True)) == {"A", "B"}


def test_an_undo_is_refused_once_something_builds_on_it(pair):
    row = done(absorption(pair))
    Membership.unscoped.filter(cell=pair[1], first_day=dt.date(2024, 7, 1)).update(status=Status.EXEMPT)

    with pytest.raises(NotPossible, match="đã có thay đổi khác"):
        take_back(row, actor=UserFactory())
