"""A page offers the way back to where its reader came from, and never to another host."""

import pytest
from django.test import RequestFactory

from accounts.returning import BackQuery, is_ours, leading_back

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/theo-doi/018f0000-0000-7000-8000-000000000000/?span=Q3&year=2024", True),
        ("/", True),
        ("/khong-co-trang-nay/", False),
        ("//example.org/", False),
        ("/\\example.org/", False),
        ("https://example.org/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_pages_of_ours_are_a_way_back(address, ours):
    assert is_ours(address) is ours
    assert BackQuery({"back": address}).values["back"] == (address if ours else None)


def test_a_link_says_from_where_it_was_followed():
    request = RequestFactory().get("/theo-doi/", {"span": "Q3", "name": "Tân Định"})

    url = leading_back("/buoi-sinh-hoat/?page=2", request)

    back = BackQuery(RequestFactory().get(url).GET).values["back"]
    assert url.startswith("/buoi-sinh-hoat/?page=2&back=")
    assert back == request.get_full_path()
