"""Reports owed where an organisation goes over to another committee within a period (domain.md 1.9, rule 7)."""

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cells import lineage
from cells.models import Kind, Lineage, Organisation, OrganisationPeriod, Role
from reports import answering
from reports.models import Report, Stage
from reports.obligations import owing, reporting, waiving
from reports.obligations.models import ObligationRule, Subject
from reports.obligations.owing import State
from reports.obligations.scope import ONE_DAY, Stay, alone
from tests.cast import make_cast
from tests.factories import PostFactory
from tests.reports.test_definitions import World

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
ON = dt.date(2026, 11, 30)
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)


@pytest.fixture
def cast(db):
    ObligationRule.unscoped.filter(subject=Subject.REPORT).update(first_day=dt.date(2026, 1, 1), kinds=[])
    return make_cast()


def goes_over(organisation, day, parent):
    """From this day on it stands under another committee; under none, it has ended."""
    OrganisationPeriod.unscoped.filter(organisation=organisation, last_day=None).update(last_day=day - ONE_DAY)
    if parent is not None:
        OrganisationPeriod.unscoped.create(
            organisation=organisation, name="Chi bộ một", kind=Kind.CELL, parent=parent, first_day=day
        )
    lineage.rebuild()


def ended(organisation, last_day):
    OrganisationPeriod.unscoped.filter(organisation=organisation, last_day=None).update(last_day=last_day)
    lineage.rebuild()


def quarterly(top, cell, on=ON):
    found = owing.in_period(top, FIRST, LAST, on=on, subjects={Subject.REPORT})
    return [one for one in found if one.organisation == cell.pk and one.months == 3]


def told(found):
    return [(one.what, one.cut_off, one.due) for one in found]


def sent(cell, until, on):
    at = dt.datetime.combine(on, dt.time(8), dt.UTC)
    fields = {"stage": Stage.SENT, "signed_at": at, "sent_at": at, "content": {}}
    return Report.unscoped.create(organisation=cell, period="2026-Q3", until=until, **fields)


PART, WHOLE = ("20260814", dt.date(2026, 8, 14), dt.date(2026, 8, 20)), ("", dt.date(2026, 9, 20), dt.date(2026, 9, 20))


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (dt.date(2026, 7, 1), [], [WHOLE]),
        (dt.date(2026, 7, 31), [], [WHOLE]),  # not a whole month
        (dt.date(2026, 8, 15), [PART], [WHOLE]),
        (dt.date(2026, 8, 25), [("20260824", dt.date(2026, 8, 24), dt.date(2026, 9, 20))], [WHOLE]),
        (dt.date(2026, 9, 25), [WHOLE], []),  # it had its report before the cell left
        (dt.date(2026, 10, 1), [WHOLE], []),
    ],
)
def test_a_quarter_is_cut_where_its_cell_goes_over_to_another_committee(cast, day, old, new):
    """The seeded rule: due on the 20th of the last month, and so no figures of a later day."""
    goes_over(cast.cell, day, cast.sibling)

    assert told(quarterly(cast.branch, cast.cell)) == old
    assert told(quarterly(cast.sibling, cast.cell)) == new
    assert sorted(told(quarterly(cast.committee, cast.cell))) == sorted(old + new)


def test_half_and_year_are_cut_on_the_same_day_and_a_month_never(cast):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)

    found = owing.in_period(cast.branch, *YEAR, on=ON, subjects={Subject.REPORT})

    cut = {one.months: one.cut_off for one in found if one.organisation == cast.cell.pk and one.what}
    assert cut == dict.fromkeys((3, 6, 12), dt.date(2026, 8, 14))


def test_each_part_is_done_by_a_report_of_its_own_days(cast):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)

    def states():
        return [one.state for one in quarterly(cast.committee, cast.cell)]

    assert states() == [State.LATE, State.LATE]
    sent(cast.cell, dt.date(2026, 8, 31), dt.date(2026, 9, 1))  # closed before the day on which the rule closes it
    assert states() == [State.LATE, State.LATE]
    sent(cast.cell, dt.date(2026, 9, 20), dt.date(2026, 9, 21))
    assert states() == [State.LATE, State.DONE]
    sent(cast.cell, dt.date(2026, 8, 14), dt.date(2026, 10, 5))
    assert states() == [State.DONE, State.DONE]
    assert [one.state for one in quarterly(cast.committee, cast.cell, on=dt.date(2026, 9, 30))] == [
        State.LATE,
        State.DONE,
    ]


def test_the_committee_that_took_over_from_the_other_gets_the_whole(cast):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)
    ended(cast.branch, dt.date(2026, 8, 14))

    assert told(quarterly(cast.committee, cast.cell)) == [WHOLE]
    assert told(quarterly(cast.sibling, cast.cell)) == [WHOLE]


def test_who_was_founded_within_the_quarter_reports_if_it_was_there_for_a_month(cast):
    for day, count in ((dt.date(2026, 9, 1), 1), (dt.date(2026, 9, 2), 0)):
        OrganisationPeriod.unscoped.filter(organisation=cast.cell).update(first_day=day)
        lineage.rebuild()
        assert len(quarterly(cast.branch, cast.cell)) == count


def test_the_committee_left_asks_for_its_report_as_long_as_it_is_there(cast):
    goes_over(cast.cell, dt.date(2026, 10, 1), cast.sibling)

    def asking(on):
        wanted = {Subject.REPORT}
        open_ones = {
            name: {
                (one.organisation, one.first_day, one.months)
                for one in owing.of(getattr(cast, name), on=on, subjects=wanted)
            }
            for name in ("branch", "sibling", "committee", "cell")
        }
        return [name for name, found in open_ones.items() if (cast.cell.pk, FIRST, 3) in found]

    assert asking(dt.date(2026, 9, 30)) == asking(ON) == ["branch", "committee", "cell"]

    ended(cast.branch, dt.date(2026, 11, 15))
    assert asking(ON) == ["sibling", "committee", "cell"]


def test_a_part_lapses_with_the_committee_that_was_to_read_it(cast):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)
    ended(cast.branch, dt.date(2026, 10, 31))

    found = {
        on: [one.state for one in quarterly(cast.committee, cast.cell, on=on)] for on in (dt.date(2026, 10, 31), ON)
    }

    assert found == {dt.date(2026, 10, 31): [State.LATE, State.LATE], ON: [State.LAPSED, State.LATE]}


def test_who_came_after_the_cut_off_day_of_the_new_place_closes_with_the_period(cast):
    local = {"subject": Subject.REPORT, "months": 3, "source_note": "Quy chế", "first_day": dt.date(2026, 1, 1)}
    ObligationRule.unscoped.create(organisation=cast.sibling, due_day=10, **local)
    goes_over(cast.cell, dt.date(2026, 9, 15), cast.sibling)

    last = dt.date(2026, 9, 30)
    assert told(quarterly(cast.sibling, cast.cell)) == [("", last, dt.date(2026, 10, 10))]
    assert told(quarterly(cast.branch, cast.cell)) == [("20260914", dt.date(2026, 9, 14), dt.date(2026, 9, 20))]


def test_a_waiver_and_a_return_count_from_their_day_on(cast):
    """So that two days compared say what changed between them, and the lights of a past day stay."""
    paper = sent(cast.cell, dt.date(2026, 9, 20), dt.date(2026, 9, 20))
    (one,) = quarterly(cast.neighbour, cast.neighbour)
    with time_machine.travel("2026-11-10 03:00:00+00:00", tick=False):
        waiver = waiving.waive(one, "Đi chống bão", actor=cast.minh)
        answering.send_back(paper, "Thiếu mục IV", actor=cast.minh)
    with time_machine.travel("2026-11-20 03:00:00+00:00", tick=False):
        waiving.take_back(waiver, "Đã về", actor=cast.minh)

    def states(day):
        on = dt.date(2026, 11, day)
        return [quarterly(cast.branch, cell, on=on)[0].state for cell in (cast.cell, cast.neighbour)]

    assert {day: states(day) for day in (9, 10, 19, 20)} == {
        9: [State.DONE, State.LATE],
        10: [State.LATE, State.WAIVED],
        19: [State.LATE, State.WAIVED],
        20: [State.LATE, State.LATE],
    }


@pytest.mark.parametrize("key", ["regular-99991201-99991231", "report-22010101-22011231", "review-19000101-19001231"])
def test_an_address_beyond_all_calendars_names_nothing(cast, key):
    assert owing.named(cast.cell.pk, key, on=ON) is None


def test_what_an_organisation_left_undone_lapses_with_it_and_is_still_counted(cast):
    missed = (cast.cell.pk, dt.date(2026, 6, 1))

    def tally(on):
        found = owing.in_period(cast.branch, dt.date(2026, 6, 1), dt.date(2026, 6, 30), on=on)
        return {one.state for one in found if (one.organisation, one.first_day) == missed}

    ended(cast.cell, dt.date(2026, 8, 31))

    assert tally(dt.date(2026, 8, 31)) == {State.LATE}
    assert tally(dt.date(2026, 9, 1)) == tally(ON) == {State.LAPSED}
    assert [one for one in owing.of(cast.branch, on=dt.date(2026, 9, 1)) if one.organisation == cast.cell.pk] == []


@time_machine.travel("2026-11-30 03:00:00+00:00", tick=False)
def test_a_moved_cell_has_no_page_at_the_committee_it_left_but_its_report_can_be_let_off_there(cast, client):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)
    client.force_login(PostFactory(role=Role.BOARD, organisation=cast.branch).user)
    page = client.get(reverse("reports:due_of", args=[cast.branch.public_id]), {"year": "2026", "subject": "report"})

    rows = [row for row in page.context["rows"] if row.obligation.organisation == cast.cell.pk and row.obligation.what]
    assert {row.place_url for row in rows} == {""}
    assert rows[0].title.endswith(", đến ngày 14/08/2026 (chuyển đơn vị)")

    def posts(url, reason):
        return client.post(url, {"form_key": str(uuid.uuid4()), "reason": reason}, follow=True)

    answer = posts(rows[0].waive_url, "Đã nghe báo cáo miệng")
    assert answer.redirect_chain[-1][0].startswith(reverse("reports:due"))
    (waived,) = (row for row in answer.context["rows"] if row.obligation.organisation == cast.cell.pk)
    assert waived.waiver.reason == "Đã nghe báo cáo miệng"
    answer = posts(waived.take_back_url, "Vẫn cần")
    assert rows[0].obligation.key in {row.obligation.key for row in answer.context["rows"] if row.obligation.is_late}


@time_machine.travel("2026-11-30 03:00:00+00:00", tick=False)
def test_its_secretary_finds_the_form_filled_in_for_the_part(cast, client):
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)
    client.force_login(cast.hoa)
    page = client.get(reverse("reports:due_of", args=[cast.cell.public_id]), {"year": "2026", "subject": "report"})
    (row,) = (row for row in page.context["rows"] if row.obligation.what and row.obligation.months == 3)

    form = client.get(row.url).context["form"]

    filled = {name: str(form[name].value()) for name in ("organisation", "span", "year", "until")}
    assert filled == {
        "organisation": str(cast.cell.public_id),
        "span": "Q3",
        "year": "2026",
        "until": "2026-08-14",
    }


@dataclass
class OneRule:
    rule: ObligationRule

    def of(self, *_about):
        return self.rule


@pytest.mark.once
@given(
    moves=st.lists(st.tuples(st.integers(-40, 130), st.sampled_from("ABC")), unique_by=lambda one: one[0], min_size=2),
    due_month=st.integers(0, 1),
    due_day=st.integers(1, 31),
    cut_off_day=st.none() | st.integers(1, 31),
)
def test_nobody_gets_two_reports_and_whoever_had_a_month_gets_one(moves, due_month, due_day, cut_off_day):
    """Of random stays one after the other, back to an earlier committee too, against days counted one by one."""
    rule = ObligationRule(due_month=due_month, due_day=due_day, cut_off_day=cut_off_day)
    stays = stays_of(sorted(moves))
    cut_off = rule.cut_off_of(LAST)
    within = [stay for stay in stays if stay.first <= LAST and stay.last >= FIRST]

    found = list(reporting.parts(OneRule(rule), 1, within, 3, FIRST, LAST))

    wholes = [part.stay for part in found if part.is_whole]
    told = [part.stay.parent for part in found]
    assert len(set(told)) == len(told)
    assert all(stay.first <= cut_off <= stay.last for stay in wholes)
    holder = at(stays, cut_off)
    assert len(wholes) == bool(holder and months_of(stays[0].first, min(holder.last, LAST)))
    for stay in within:
        has_ended = stay is stays[-1] and stay.last < cut_off
        if months_of(stay.first, min(stay.last, LAST)) and not has_ended:
            assert stay.parent in told
    for part in found:
        assert part.cut_off <= part.due
        if not part.is_whole:
            assert months_of(part.stay.first, part.stay.last)
            assert part.cut_off == min(part.stay.last, cut_off)
            assert part.due <= part.cut_off + dt.timedelta(days=31)


def stays_of(moves) -> list[Stay]:
    """Each (day, committee) begins a stay, but where the committee stays the same; the last one is the end of all."""
    told = [one for before, one in pairwise([(None, ""), *moves[:-1]]) if one[1] != before[1]]
    days = [FIRST + dt.timedelta(days=day) for day, _place in (*told, moves[-1])]
    return [
        Stay(first, last - ONE_DAY, place, goes_over=last != days[-1])
        for (first, last), (_day, place) in zip(pairwise(days), told, strict=True)
    ]


def at(stays, day):
    return next((stay for stay in stays if stay.first <= day <= stay.last), None)


def months_of(first, last):
    """Whole calendar months of the quarter, day by day."""
    days = {first + dt.timedelta(days=day) for day in range((last - first).days + 1)}
    lengths = {7: 31, 8: 31, 9: 30}
    return [month for month, length in lengths.items() if sum(day.month == month for day in days) == length]


def test_the_rule_of_the_committee_left_is_the_one_of_then(cast):
    """Asked for one day at the end of the period, the rules of the place left are still known."""
    local = {"subject": Subject.REPORT, "months": 3, "source_note": "Quy chế", "first_day": dt.date(2026, 1, 1)}
    ObligationRule.unscoped.create(organisation=cast.branch, due_day=5, **local)
    goes_over(cast.cell, dt.date(2026, 8, 15), cast.sibling)

    (one,) = (one for one in reporting.reports(alone([cast.cell.pk], LAST, LAST, on=ON)) if one.what)

    assert (one.cut_off, one.due) == (dt.date(2026, 8, 14), dt.date(2026, 9, 5))
    assert owing.named(cast.cell.pk, one.key, on=ON) == one


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(18, marks=pytest.mark.slow)])
@pytest.mark.parametrize("on", [dt.date(2024, 8, 20), ON])
def test_everything_owed_is_counted_once_up_each_line_and_asked_for_at_the_door_that_can_ask(db, seed, on):
    """In random worlds of organisations renamed, moved, ended and taken over."""
    ObligationRule.unscoped.update(first_day=dt.date(2011, 1, 1), kinds=[])
    year = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    with World(seed) as here:
        here.bring_in(here.book)
        places = list(Organisation.unscoped.all())
        lines = list(Lineage.unscoped.values_list("ancestor_id", "descendant_id", "first_day", "last_day"))
        owed = owing.found_in(alone([place.pk for place in places], *year, on=on))

        def above(organisation, day):
            return {top for top, below, first, last in lines if below == organisation and first <= day <= last}

        for place in places:
            counted = [one for one in owed if place.pk in above(one.organisation, min(on, one.counted_on))]
            assert owing.in_period(place, *year, on=on) == counted
        asked = [one for one in owed if one.last_day >= owing.around(on)[0] and owing.is_of_now(one, on)]
        for place in places:
            found = [one for one in owing.of(place, on=on) if one.last_day <= year[1]]
            assert found == [one for one in asked if place.pk in above(one.organisation, one.asked_on(on))]
        for place in places:
            late = [one for one in owed if one.is_late and place.pk in above(one.organisation, one.asked_on(on))]
            assert owing.late_at_the_door(place, *year, on=on) == late
        assert not [one for one in owed if one.is_open and not above(one.organisation, on)]
        seen = [any(one.state == State.LAPSED for one in owed), any(one.what for one in owed)]
        assert on < ON or all(seen)  # the world has what this is about
