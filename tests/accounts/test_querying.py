import pytest
from django import forms
from django.http import QueryDict

from accounts.fields import CleanCharField
from accounts.querying import QueryForm


class Query(QueryForm):
    search = CleanCharField(label="Tìm", required=False, max_length=50, initial="")
    month = forms.IntegerField(label="Tháng", required=False, min_value=1, max_value=12, initial=3)
    sort = forms.ChoiceField(label="Sắp xếp", required=False, choices=[("name", ""), ("date", "")], initial="date")


def read(address):
    return Query(QueryDict(address))


def test_an_empty_address_means_the_defaults():
    assert read("").values == {"page": 1, "search": "", "month": 3, "sort": "date"}
    assert read("").problems == []


def test_what_was_asked_for_is_given():
    query = read("search=T%C3%A2n+%C4%90%E1%BB%8Bnh&month=11&sort=name&page=2")

    assert query.values == {"page": 2, "search": "Tân Định", "month": 11, "sort": "name"}


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1e5", str(10**30), "٣٣٣٣٣٣٣", "%00", "", "1;2", "9" * 65536])
def test_a_page_that_makes_no_sense_is_the_first(page):
    assert read(f"page={page}").values["page"] == 1


def test_nonsense_is_named_and_the_rest_still_counts():
    query = read("month=13&sort=password&search=a%00b&page=4")

    assert query.values == {"page": 4, "search": "", "month": 3, "sort": "date"}
    assert query.problems == [
        "Giá trị của “Tìm” không dùng được, trang đang theo giá trị mặc định.",
        "Giá trị của “Tháng” không dùng được, trang đang theo giá trị mặc định.",
        "Giá trị của “Sắp xếp” không dùng được, trang đang theo giá trị mặc định.",
    ]


def test_a_link_keeps_the_rest_and_returns_to_page_one():
    query = read("search=T%C3%A2n&month=13&page=4&stranger=1")

    assert query.link(page=5) == "?search=T%C3%A2n&page=5"
    assert query.link(sort="name") == "?search=T%C3%A2n&sort=name"
    assert query.link(search="") == "?"
