"""The cast stands where the stories say it does."""

from cells.models import Lineage
from tests.factories import SessionFactory, close


def codes_below(organisation, day="2024-07-01"):
    return set(Lineage.unscoped.under(organisation, day).values_list("descendant__code", flat=True))


def test_alike_codes_are_different_branches(cast):
    assert codes_below(cast.branch) == {"1.1", "1.1.1", "1.1.2"}
    assert codes_below(cast.committee) == {"1", "1.1", "1.10", "1.11", "1.1.1", "1.1.2"}
    assert codes_below(cast.foreign) == {"11"}


def test_everybody_expected_comes_to_a_session_that_is_closed(cast):
    session = close(SessionFactory(cell=cast.cell))

    assert (session.expected, session.present) == (3, 3)
    assert {rollup.organisation.code: rollup.present for rollup in cast.committee.rollups.all()} == {"1": 3}
