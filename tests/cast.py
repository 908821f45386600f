"""The people of every story, and the small tree they work in.

Lan takes the minutes and Hoa is secretary of one cell, Minh sits in the committee above, Binh on its propaganda
board; Nam is secretary of the cell next door. Mai is a member, Son a speaker, Thu inspects, Quan administers.
The codes 1, 1.1, 1.10, 1.11 and 11 begin alike on purpose: none may be taken for another.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from cells.models import Kind, Organisation, Person, Role
from tests.factories import (
    AppointmentFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Cast:
    province: Organisation  # 0, the root of all
    committee: Organisation  # 1
    branch: Organisation  # 1.1, below the committee
    cell: Organisation  # 1.1.1, below the branch: Lan's and Hoa's
    neighbour: Organisation  # 1.1.2, beside it: Nam's
    sibling: Organisation  # 1.10, a branch beside the branch
    other_sibling: Organisation  # 1.11
    foreign: Organisation  # 11, below the province like the committee
    lan: User
    hoa: User
    minh: User
    binh: User
    nam: User
    mai: User
    son: User
    thu: User
    quan: User
    member: Person  # Mai on the roster
    speaker: Person  # Son on the roster


def make_cast() -> Cast:
    province = OrganisationFactory(code="0", name="Đảng bộ tỉnh mẫu", kind=Kind.PROVINCE)
    committee = OrganisationFactory(code="1", name="Đảng bộ khối mẫu", kind=Kind.BLOC, parent=province)
    foreign = OrganisationFactory(code="11", name="Đảng bộ khối khác", kind=Kind.BLOC, parent=province)
    branch, sibling, other_sibling = (
        OrganisationFactory(code=code, name=f"Đảng bộ {code}", kind=Kind.GRASSROOTS_COMMITTEE, parent=committee)
        for code in ("1.1", "1.10", "1.11")
    )
    cell = OrganisationFactory(code="1.1.1", name="Chi bộ một", parent=branch)
    neighbour = OrganisationFactory(code="1.1.2", name="Chi bộ hai", parent=branch)
    users = {
        name.lower(): UserFactory(username=name.lower(), full_name=name)
        for name in ("Lan", "Hoa", "Minh", "Binh", "Nam", "Mai", "Son", "Thu")
    }
    for name, role, organisation in (
        ("lan", Role.MINUTE_TAKER, cell),
        ("hoa", Role.SECRETARY, cell),
        ("minh", Role.COMMITTEE, committee),
        ("binh", Role.BOARD, committee),
        ("nam", Role.SECRETARY, neighbour),
    ):
        PostFactory(user=users[name], role=role, organisation=organisation)
    today = timezone.localdate()  # an inspection holds for dated days, and tests run on any
    PostFactory(
        user=users["thu"],
        role=Role.INSPECTOR,
        organisation=committee,
        first_day=today - dt.timedelta(days=30),
        last_day=today + dt.timedelta(days=30),
    )
    member = PersonFactory(code="DV-MAI", full_name="Mai", user=users["mai"])
    speaker = PersonFactory(code="DV-SON", full_name="Sơn", user=users["son"])
    for person in (member, PersonFactory(code="DV-LAN", full_name="Lan", user=users["lan"])):
        MembershipFactory(person=person, cell=cell)
    MembershipFactory(person=PersonFactory(code="DV-HOA", full_name="Hoa", user=users["hoa"]), cell=cell)
    MembershipFactory(person=PersonFactory(code="DV-NAM", full_name="Nam", user=users["nam"]), cell=neighbour)
    MembershipFactory(person=speaker, cell=neighbour)
    AppointmentFactory(person=speaker, organisation=committee)
    return Cast(
        province=province,
        committee=committee,
        branch=branch,
        cell=cell,
        neighbour=neighbour,
        sibling=sibling,
        other_sibling=other_sibling,
        foreign=foreign,
        quan=UserFactory(username="quan", full_name="Quan", is_administrator=True),
        member=member,
        speaker=speaker,
        **users,
    )
