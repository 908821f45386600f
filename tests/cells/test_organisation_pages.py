"""The page of an organisation: what is below it at any depth, what became of it and what is going to."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from cells import empowering
from cells.models import Organisation, OrganisationFunction, Reorganisation
from cells.restructuring.carrying_out import carry_out, checked_plan
from cells.restructuring.orders import Kind, New, Order

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2030, 1, 1)


def done(cast, kind, **order) -> Reorganisation:
    told = {"kind": kind, "decision_number": "7-QĐ", "day": NEW_YEAR}
    row = Reorganisation.unscoped.create(author=cast.minh, **told)
    order = Order(kind=kind, day=NEW_YEAR, decision="7-QĐ 20/12/2029", **order)
    return carry_out(row, order, checked_plan(row, order).digest, actor=cast.minh)


def read(client, user, one, **query):
    client.force_login(user)
    return client.get(reverse("cells:organisation", args=[one.public_id]), query)


def test_a_search_looks_through_all_that_is_below(client, cast):
    here = {"search": "CHI BO HAI"}

    assert [row.name for row in read(client, cast.minh, cast.committee).context["rows"]] == [
        "Đảng bộ 1.1",
        "Đảng bộ 1.10",
        "Đảng bộ 1.11",
    ]
    found = read(client, cast.minh, cast.committee, **here).context["rows"]
    assert [(row.name, row.parent_name) for row in found] == [("Chi bộ hai", "Đảng bộ 1.1")]
    assert read(client, cast.minh, cast.sibling, **here).context["rows"] == []


def test_what_is_going_to_be_is_not_called_today(client, cast):
    new = (New("M1", "Chi bộ mới", "cell"),)
    done(cast, Kind.MERGE, organisations=(cast.cell, cast.neighbour), parent=cast.branch, new=new)
    fresh = Organisation.unscoped.get(code="M1")

    page = read(client, cast.minh, fresh).content.decode()
    assert "Từ 01/01/2030" in page
    assert "Tổ chức này hoạt động từ ngày 01/01/2030." in page
    assert "Kết thúc 31/12/2029" in read(client, cast.minh, cast.cell).content.decode()
    assert "chưa hoạt động" not in read(client, cast.minh, fresh, day="01/01/2030").content.decode()
    client.force_login(cast.minh)
    listed = client.get(reverse("cells:reorganisations")).content.decode()
    assert "Chi bộ một, Chi bộ hai → Chi bộ mới" in listed
    assert "chưa đến ngày" in listed


def test_all_heirs_of_a_split_are_one_step_away_for_those_above(client, cast):
    people = cast.cell.memberships.values_list("person", flat=True)
    new = (New("S1", "Chi bộ đầu", "cell"), New("S2", "Chi bộ sau", "cell"))
    order = {"organisations": (cast.cell,), "parent": cast.branch, "new": new, "ends": True}
    row = done(cast, Kind.SPLIT, people={pk: number % 2 for number, pk in enumerate(people)}, **order)
    address = reverse("cells:reorganisation", args=[row.public_id])

    assert address in read(client, cast.minh, cast.cell).content.decode()
    assert address not in read(client, cast.hoa, cast.cell).content.decode()
    shown = client.get(address)
    assert shown.status_code == 403  # Hoa's page: the cell's own people have the decision in the history
    client.force_login(cast.minh)
    assert [name for name, _url in dict(client.get(address).context["sides"])["sau sắp xếp"]] == [
        "Chi bộ đầu",
        "Chi bộ sau",
    ]


def test_two_who_rename_a_board_at_once_both_keep_what_they_typed(client, cast):
    told = {"body_name": "Ban Tuyên giáo", "first_day": dt.date(2024, 2, 1), "last_day": None}
    row = empowering.give(cast.committee, told | {"function": "office"}, actor=cast.minh)
    empowering.change(row, told | {"body_name": "Ban Dân vận"}, version=1, actor=cast.minh)
    client.force_login(cast.minh)
    mine = {"body_name": "Ban Tuyên giáo và Dân vận", "first_day": "01/02/2024", "last_day": ""}

    def saved(version):
        fields = mine | {"version": version, "form_key": str(uuid.uuid4())}
        return client.post(reverse("cells:function", args=[row.public_id]), fields)

    refused = saved(1)
    assert refused.status_code == 409
    assert [row[1:] for row in refused.context["versions"]] == [("Ban Tuyên giáo và Dân vận", "Ban Dân vận")]
    page = refused.content.decode()
    assert 'value="Ban Tuyên giáo và Dân vận"' in page
    assert saved(re.search(r'name="version" value="(\d+)"', page)[1]).status_code == 302
    assert OrganisationFunction.unscoped.get(pk=row.pk).body_name == "Ban Tuyên giáo và Dân vận"
