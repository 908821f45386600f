"""Rosters as their readers see them, and what a secretary may write there."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells.models import Kind, Membership, Person
from cells.warning import working_days_after
from reports.periods import Period
from reports.statistics import figures
from tests.cells.rosters import day, member
from tests.factories import MembershipFactory, OrganisationFactory

NAMES = ["Đặng Văn Đức", "Nguyễn Thị An", "Trần Ân", "Lê Văn Anh", "Tạ Thị Hoà", "Tạ Thị Hòa"]
IN_ORDER = ["Nguyễn Thị An", "Lê Văn Anh", "Trần Ân", "Đặng Văn Đức", "Tạ Thị Hoà", "Tạ Thị Hòa"]


@pytest.fixture
def roster(cast):
    Membership.unscoped.filter(cell=cast.cell).delete()
    return [member(cast.cell, name) for name in NAMES]


def shown(response) -> list[str]:
    return [row.span.person.full_name for row in response.context["rows"]]


def ask(client, user, name, one, **query):
    client.force_login(user)
    return client.get(reverse(name, args=[one.public_id]), query)


def test_a_roster_stands_in_vietnamese_order_given_name_first(client, cast, roster):
    assert shown(ask(client, cast.hoa, "cells:roster", cast.cell)) == IN_ORDER


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("dang duc", ["Đặng Văn Đức"]),
        ("hoa", ["Tạ Thị Hoà", "Tạ Thị Hòa"]),
        ("HOÀ ta", ["Tạ Thị Hoà", "Tạ Thị Hòa"]),
        ("An", ["Nguyễn Thị An", "Lê Văn Anh", "Trần Ân", "Đặng Văn Đức"]),
        ("không ai", []),
    ],
)
def test_a_search_needs_no_marks_and_knows_both_ways_to_place_a_tone(client, cast, roster, search, found):
    assert shown(ask(client, cast.hoa, "cells:roster", cast.cell, search=search)) == found


def test_organisations_are_found_without_marks_and_namesakes_bear_their_parents_name(client, cast):
    for parent in (cast.branch, cast.sibling):
        OrganisationFactory(code=f"{parent.code}.T", name="Chi bộ Tân Định", parent=parent)
    client.force_login(cast.minh)

    rows = client.get(reverse("cells:organisations"), {"search": "tan dinh"}).context["rows"]

    assert [(row.name, row.parent_name) for row in rows] == [
        ("Chi bộ Tân Định", "Đảng bộ 1.1"),
        ("Chi bộ Tân Định", "Đảng bộ 1.10"),
    ]


def test_the_roster_of_another_day_is_that_of_then(client, cast, roster):
    left = member(cast.cell, "Hồ Cũ", last_day=day("31/12/2025"))

    assert left.full_name in shown(ask(client, cast.hoa, "cells:roster", cast.cell, day="31/12/2025"))
    assert left.full_name not in shown(ask(client, cast.hoa, "cells:roster", cast.cell, day="01/01/2026"))


@pytest.mark.parametrize("name", ["cells:roster", "cells:roster_print", "cells:roster_table"])
def test_a_committee_leaves_a_trace_where_a_secretary_does_not(client, cast, roster, name):
    actions = {"cells:roster": "roster.read", "cells:roster_print": "roster.printed"}
    read = AuditEntry.objects.filter(action=actions.get(name, "roster.exported"))
    own = 0 if name == "cells:roster" else 1

    ask(client, cast.hoa, name, cast.cell)
    assert read.count() == own
    ask(client, cast.minh, name, cast.cell)
    assert read.filter(actor=cast.minh, object_id=cast.cell.pk).count() == 1


def test_telephone_and_mail_are_for_the_own_cell(client, cast):
    Person.unscoped.filter(pk=cast.member.pk).update(phone="0912345678", email="mai@example.vn")

    for user, sees in ((cast.hoa, True), (cast.mai, True), (cast.minh, False), (cast.thu, False)):
        page = ask(client, user, "cells:person", cast.member).content.decode()
        assert ("0912345678" in page, "mai@example.vn" in page) == (sees, sees)


def post(client, name, one, **data):
    return client.post(reverse(name, args=[one.public_id]), {"form_key": uuid.uuid4()} | data)


NEW = {"full_name": "Phạm Mới", "birth": "1980", "sex": "female", "standing": "official", "day": "01/09/2026"}


def test_a_new_member_is_entered_once_and_an_old_acquaintance_is_offered(client, cast):
    client.force_login(cast.hoa)
    assert post(client, "cells:add_member", cast.cell, **NEW).status_code == 302

    again = post(client, "cells:add_member", cast.cell, **NEW)
    assert again.status_code == 200
    assert list(again.context["form"].errors) == ["same"]

    assert post(client, "cells:add_member", cast.cell, **NEW, same="new").status_code == 302
    assert Person.unscoped.filter(full_name="Phạm Mới", birth_year=1980).count() == 2


def test_strangers_are_recognised_by_code_and_name_together_only(client, cast):
    stranger = member(OrganisationFactory(parent=cast.foreign), "Phạm Mới", last_day=day("31/08/2026"))
    client.force_login(cast.hoa)

    assert post(client, "cells:add_member", cast.cell, **NEW | {"full_name": "Phạm Khác"}).status_code == 302
    offered = post(client, "cells:add_member", cast.cell, **NEW, code=stranger.code)
    assert [value for value, _label in offered.context["form"].fields["same"].choices] == [
        str(stranger.public_id),
        "new",
    ]
    post(client, "cells:add_member", cast.cell, **NEW, code=stranger.code, same=stranger.public_id)
    assert Membership.unscoped.filter(person=stranger).order_by("first_day").last().cell == cast.cell


def test_a_cell_that_two_bear_the_name_of_has_to_be_chosen(client, cast):
    first, second = (
        OrganisationFactory(name="Chi bộ Tân Định", parent=parent) for parent in (cast.branch, cast.sibling)
    )
    client.force_login(cast.minh)
    today = f"{timezone.localdate():%d/%m/%Y}"

    asked = post(client, "cells:transfer", cast.member, cell="tan dinh", day=today)
    assert [value for value, _label in asked.context["form"].fields["chosen"].choices] == [
        str(first.public_id),
        str(second.public_id),
    ]
    post(client, "cells:transfer", cast.member, cell="tan dinh", day=today, chosen=second.public_id)

    assert Membership.unscoped.get(person=cast.member, last_day=None).cell == second


def test_who_edits_an_old_version_sees_both_and_overwrites_only_knowingly(client, cast):
    client.force_login(cast.hoa)
    seen = {"full_name": "Mai", "sex": "", "version": 1}
    assert post(client, "cells:amend_person", cast.member, **seen | {"full_name": "Trần Mai"}).status_code == 302

    second = post(client, "cells:amend_person", cast.member, **seen | {"full_name": "Lê Mai"})

    assert (second.status_code, second.context["versions"]) == (409, [("Họ và tên", "Lê Mai", "Trần Mai")])
    assert Person.unscoped.get(pk=cast.member.pk).full_name == "Trần Mai"


def test_what_needs_a_look_is_said_and_blocks_nothing(client, cast):
    member(cast.cell, "Hồ Đi", last_day=day("30/06/2026"), leaving="transferred")
    MembershipFactory(
        person=Person.unscoped.get(code="DV-NAM"), cell=cast.cell, status="hosted", planned_last_day=day("01/02/2026")
    )
    Membership.unscoped.filter(person__code="DV-LAN").delete()

    warnings = [warning.text for warning in ask(client, cast.hoa, "cells:roster", cast.cell).context["warnings"]]

    assert warnings == [
        "Chi bộ chỉ còn 2 đảng viên chính thức (thường phải có từ 3).",
        "Nam: tạm thời đến đã quá ngày dự kiến 01/02/2026.",
        "Hồ Đi: chuyển sinh hoạt từ 01/07/2026, quá hạn 22/09/2026 mà chưa có xác nhận nơi đến.",
    ]


def test_a_committee_reads_which_of_its_cells_are_small_and_which_transfers_are_late(client, cast):
    for number in range(3):
        member(cast.neighbour, f"Hồ {number}")
    member(cast.neighbour, "Hồ Đi", last_day=day("30/06/2026"), leaving="transferred")
    member(cast.neighbour, "Hồ Mới", last_day=timezone.localdate() - dt.timedelta(days=1), leaving="transferred")
    Membership.unscoped.filter(person__code="DV-LAN").delete()
    small = "Chi bộ một chỉ còn 2 đảng viên chính thức (thường phải có từ 3)."
    late = "Chi bộ hai: 1 lần chuyển sinh hoạt đã quá hạn mà chưa có xác nhận nơi đến."
    roster = reverse("cells:roster", args=[cast.neighbour.public_id])

    found = ask(client, cast.minh, "cells:organisation", cast.committee).context["warnings"]
    of_board = ask(client, cast.binh, "cells:organisation", cast.committee).context["warnings"]

    assert [(warning.text, warning.url) for warning in found][1:] == [(late, roster)]
    assert [warning.text for warning in found] == [small, late]
    assert [(warning.text, warning.url) for warning in of_board][1:] == [(late, "")]


def test_a_committee_prints_its_rosters_cell_by_cell(client, cast):
    page = ask(client, cast.minh, "cells:roster_print", cast.committee).content.decode()

    assert re.findall(r"<h2>(.+)</h2>", page) == ["Chi bộ hai: 2 người", "Chi bộ một: 3 người"]
    assert re.findall(r'<th scope="row" class="one-line">(.+)</th>', page) == ["Nam", "Sơn", "Hoa", "Lan", "Mai"]


def test_working_days_leave_out_the_week_end():
    assert working_days_after(dt.date(2026, 9, 4), 1) == dt.date(2026, 9, 7)  # Friday, Monday


def test_the_counts_of_an_organisation_are_those_of_the_figures(client, cast):
    member(cast.cell, standing="probationary", status="exempt")
    today = timezone.localdate()
    counts = ask(client, cast.minh, "cells:organisation", cast.committee).context["counts"]
    found = figures(cast.committee, Period.parse(f"{today:%Y-%m}", until=today))

    assert (counts.cells, counts.committees, counts.official, counts.probationary, counts.exempt) == (
        found.cells,
        found.committees,
        found.members_official,
        found.members_probationary,
        found.members_exempt,
    )


def test_a_closed_organisation_tells_how_it_ended(client, cast):
    old = OrganisationFactory(name="Chi bộ cũ", kind=Kind.CELL, parent=cast.branch, last_day=day("31/12/2024"))
    old.successor = cast.cell
    old.save()

    history = ask(client, cast.hoa, "cells:organisation", cast.cell).context["history"]
    assert [one.name for one in history.predecessors] == ["Chi bộ cũ"]
    ended = ask(client, cast.hoa, "cells:organisation", old).context["history"]
    assert (ended.ended, ended.successor.name) == (day("31/12/2024"), "Chi bộ một")
