"""Who may vote, and how many that is; the example of the field and random rosters against a second reckoning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cells.models import Standing, Status
from sessions.models import PRESENT_MARKS, Mark, SessionVote
from sessions.states import ChangedMeanwhile
from sessions.voting import TooManyVotes, Voter, base_of, remove_vote, store_vote, vote_base
from tests.factories import MembershipFactory
from tests.sessions.stories import ILL, mark, mark_everybody

OFFICIAL, PROBATIONARY = Standing.OFFICIAL, Standing.PROBATIONARY
PASSED = {"subject": "Thông qua nghị quyết", "in_favour": 2, "against": 1, "other": 0}


@pytest.mark.once
def test_the_example_of_the_field_gives_20():
    """22 members, 20 of them official; 4 absent, 3 official and 1 probationary (domain.md 1.3)."""
    base = vote_base(
        [Voter(OFFICIAL, Status.ACTIVE, Mark.PRESENT)] * 17
        + [Voter(OFFICIAL, Status.ACTIVE, Mark.EXCUSED)] * 3
        + [Voter(PROBATIONARY, Status.ACTIVE, Mark.PRESENT), Voter(PROBATIONARY, Status.ACTIVE, Mark.UNEXCUSED)]
    )

    assert (base.base, base.present) == (20, 17)
    assert base.text == "22 đảng viên, 20 chính thức, 4 vắng → cơ số 20"


@pytest.mark.once
def test_each_status_counts_as_the_rule_says():
    def official(status, mark=Mark.UNMARKED):
        return vote_base([Voter(OFFICIAL, status, mark)]).base

    assert {status: official(status) for status in Status} == {
        Status.ACTIVE: 1,
        Status.EXEMPT: 0,
        Status.AWAY: 0,
        Status.HOSTED: 0,
        Status.SUSPENDED: 0,
        Status.SPECIAL_DUTY: 0,
    }
    assert official(Status.EXEMPT, Mark.PRESENT_ONLINE) == 1
    assert official(Status.HOSTED, Mark.PRESENT) == 0
    assert vote_base([]).text == "0 đảng viên, 0 chính thức, 0 vắng → cơ số 0"


@pytest.mark.once
def test_what_was_left_out_is_said():
    base = vote_base(
        [
            Voter(OFFICIAL, Status.ACTIVE),
            Voter(OFFICIAL, Status.AWAY),
            Voter(OFFICIAL, Status.SPECIAL_DUTY),
            Voter(OFFICIAL, Status.SUSPENDED),
            Voter(OFFICIAL, Status.EXEMPT),
            Voter(OFFICIAL, Status.HOSTED, Mark.PRESENT),
        ]
    )

    assert base.text == (
        "5 đảng viên, 5 chính thức, 0 vắng, 1 chưa điểm danh, trừ 1 đình chỉ, trừ 2 tạm thời đi, "
        "trừ 1 được miễn không dự → cơ số 1"
    )


def naive(voters) -> int:
    """The rule once more, one voter at a time."""
    count = 0
    for voter in voters:
        if voter.standing != "official":
            continue
        if voter.status == "active" or (voter.status == "exempt" and voter.mark in PRESENT_MARKS):
            count += 1
    return count


VOTERS = st.lists(
    st.builds(Voter, st.sampled_from(Standing.values), st.sampled_from(Status.values), st.sampled_from(Mark.values)),
    max_size=40,
)


@pytest.mark.once
@given(VOTERS)
@settings(max_examples=150)
def test_any_roster_agrees_with_a_second_reckoning(voters):
    base = vote_base(voters)

    assert base.base == naive(voters)
    assert base.base == base.official - base.suspended - base.away - base.exempt_absent
    assert base.present <= base.base <= base.official <= base.members <= len(voters)


def test_the_base_of_a_session_reads_its_day_and_its_marks(cast, opened):
    MembershipFactory(cell=cast.cell, first_day=opened.day.replace(year=2030))  # comes later
    mark_everybody(opened, cast.hoa, Mai=ILL)

    base = base_of(opened)

    assert base.text == "4 đảng viên, 4 chính thức, 1 vắng, trừ 1 được miễn không dự → cơ số 3"
    assert base.present == 2


def test_a_vote_keeps_its_base_when_the_roster_moves_on(cast, opened):
    mark_everybody(opened, cast.hoa)
    vote = store_vote(opened, PASSED, actor=cast.lan)
    MembershipFactory(cell=cast.cell)

    vote.refresh_from_db()

    assert (vote.base, vote.arithmetic["members"], base_of(opened).base) == (3, 4, 4)


def test_more_votes_than_the_base_are_refused_with_the_sum(cast, opened):
    mark(opened, cast.hoa, Mai=ILL)

    with pytest.raises(TooManyVotes, match="Cộng lại được 4 phiếu, nhiều hơn cơ số 3"):
        store_vote(opened, PASSED | {"other": 1}, actor=cast.lan)

    assert not SessionVote.unscoped.exists()


def test_of_two_who_correct_a_vote_the_second_is_told(cast, opened):
    vote = store_vote(opened, PASSED, actor=cast.lan)
    store_vote(opened, PASSED | {"against": 0}, vote=vote, version=1, actor=cast.lan)

    with pytest.raises(ChangedMeanwhile):
        store_vote(opened, PASSED | {"in_favour": 0}, vote=vote, version=1, actor=cast.hoa)

    vote.refresh_from_db()
    assert (vote.in_favour, vote.against, vote.version) == (2, 0, 2)
    remove_vote(vote, actor=cast.hoa)
    assert not SessionVote.unscoped.exists()
