"""Whoever wrote the name of an organisation, the search finds it without marks and the list orders it rightly."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.exchange.importing import import_workbook
from cells.models import Kind, OrganisationPeriod, Reorganisation, name_keys
from cells.restructuring.carrying_out import carry_out, checked_plan, take_back
from cells.restructuring.orders import New, Order
from reports import first_start
from tests.cells.books import ORGANISATIONS, organisation, save
from tests.factories import UserFactory

DAY = dt.date(2026, 3, 1)


def found(client, text: str) -> list[str]:
    page = client.get(reverse("cells:organisations"), {"search": text})
    return [row.name for row in page.context["rows"]]


def done(cast, **order) -> Reorganisation:
    row = Reorganisation.unscoped.create(kind=order["kind"], author=cast.minh, day=DAY)
    order = Order(day=DAY, decision="1-QĐ", **order)
    return carry_out(row, order, checked_plan(row, order).digest, actor=cast.minh)


@pytest.fixture
def minh(cast, client):
    client.force_login(cast.minh)
    return client


def test_a_renamed_one_by_its_new_name_and_after_the_undo_by_its_old_one(cast, minh):
    row = done(cast, kind="rename", organisations=(cast.cell,), name="Chi bộ Tân Định Hoà")
    assert (found(minh, "tan dinh hoa"), found(minh, "dinh hòa")) == (["Chi bộ Tân Định Hoà"],) * 2

    take_back(row, actor=cast.minh)

    assert (found(minh, "tan dinh"), found(minh, "chi bo mot")) == ([], ["Chi bộ một"])


def test_a_merged_one(cast, minh):
    new = (New("M1", "Chi bộ Đặng Thuỷ", "cell"),)
    done(cast, kind="merge", organisations=(cast.cell, cast.neighbour), parent=cast.branch, new=new)

    assert found(minh, "dang thuy") == ["Chi bộ Đặng Thuỷ"]


def test_an_imported_one_and_one_that_the_next_import_renames(cast, client, tmp_path):
    client.force_login(cast.quan)
    for name in ("Chi bộ Gò Vấp", "Chi bộ Hóc Môn"):
        book = {ORGANISATIONS: [organisation("N", "đảng bộ cơ sở", "0"), organisation("N.1", parent="N", name=name)]}
        assert import_workbook(save(book, tmp_path / "book.xlsx")).problems == []

    assert (found(client, "go vap"), found(client, "hoc mon")) == ([], ["Chi bộ Hóc Môn"])


@pytest.mark.django_db
def test_those_of_the_first_start():
    fields = {"code": "D", "name": "Đảng bộ Đống Đa", "kind": Kind.GRASSROOTS_COMMITTEE, "parent_name": "Đảng bộ Tỉnh"}
    fields |= {"first_day": DAY, "term": ""}
    quan = UserFactory()
    first_start.found(fields, actor=quan)
    first_start.add_cells([("", "Chi bộ Thủy Nguyên")], actor=quan)

    assert OrganisationPeriod.unscoped.count() == 3
    for period in OrganisationPeriod.unscoped.all():
        assert {"search": period.search, "sort_key": period.sort_key} == name_keys(period.name)
