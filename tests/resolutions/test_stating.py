"""Nga Sơn, 2022: 12 conferences of the district with 98 %, nearly 800 of the communes with nearly 90 %."""

import pytest
from django.urls import reverse

from reports.periods import Period
from reports.statistics import figures
from resolutions.adding_up import head_count
from resolutions.models import StatedTally
from tests.factories import ConferenceFactory
from tests.resolutions.test_convening import send, text_of

DISTRICT = {"year": "2022", "level": "district", "number": "12", "rate": "98", "source": "Báo cáo năm 2022"}
COMMUNES = DISTRICT | {
    "level": "commune",
    "number": "800",
    "number_mark": "nearly",
    "rate": "90",
    "rate_mark": "nearly",
}
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def page(client, cast):
    client.force_login(cast.binh)
    for told in (DISTRICT, COMMUNES):
        send(client, "add_tally", None, **told)
    return client.get(reverse("resolutions:tallies"))


def test_the_rates_stand_as_stated_and_say_that_nobody_can_trace_them(page):
    """T1-3, T1-4 and T1-5."""
    rows = {row["tally"].level: (row["number"], row["rate"]) for row in page.context["rows"]}

    assert rows == {
        "district": ("12", f"98{NBSP}%"),
        "commune": (f"gần{NBSP}800", f"gần{NBSP}90{NBSP}%"),
    }
    assert text_of(page).count("không truy được nguồn</span>") == 2
    assert text_of(page).count("(nhập tay)") == 2


def test_an_exact_number_does_not_take_the_word_from_the_sum(page):
    assert page.context["sums"] == [(2022, f"gần{NBSP}812")]


def test_they_enter_no_figure(page, cast):
    assert figures(cast.committee, Period.parse("2022")).conferences == 0


def test_about_5300_viewers_are_printed_as_such(client, cast):
    """T4-4: one performance in several places, counted by eye; thousands with a dot."""
    conference = ConferenceFactory(organisation=cast.committee, expected=0, present=5300, estimate="about")
    client.force_login(cast.binh)

    shown = text_of(client.get(reverse("resolutions:conference", args=[conference.public_id])))

    assert "khoảng 5.300" in shown
    assert head_count([conference, ConferenceFactory(present=10)]).mark == "khoảng"


def test_a_mistake_is_mended_or_taken_out(client, cast, page):
    one, other = StatedTally.unscoped.order_by("pk")

    send(client, "change_tally", one, **DISTRICT | {"rate": "97,5"})
    send(client, "remove_tally", other)

    (row,) = client.get(reverse("resolutions:tallies")).context["rows"]
    assert row["rate"] == f"97,5{NBSP}%"


def test_a_rate_is_no_more_than_all(client, cast):
    client.force_login(cast.binh)

    assert send(client, "add_tally", None, **DISTRICT | {"rate": "100,1"}).status_code == 422
    assert not StatedTally.unscoped.exists()
