"""Texts as they are stored and searched."""

import pytest

from accounts.text import folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tân  Định", "tan dinh"),
        ("ĐẢNG ủy", "dang uy"),
        ("Hoà, hòa", "hoa, hoa"),
        ("chi\x00 b\u200bộ\x07", "chi bo"),  # PostgreSQL takes no NUL; what cannot be seen cannot be searched for
    ],
)
def test_a_search_forgets_marks_case_and_what_cannot_be_seen(text, expected):
    assert folded(text) == expected
