"""The lights of a day say what the obligations say; two days compared say what changed, and name nobody."""

import datetime as dt
import io
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cells.lineage import rebuild
from cells.models import Kind, OrganisationPeriod, Status
from reports.obligations import owing
from reports.obligations.models import Subject
from resolutions.models import FollowUp
from sessions.models import SessionKind
from tests.cast import make_cast
from tests.factories import (
    AppointmentFactory,
    ConferenceFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationPeriodFactory,
    PersonFactory,
    SessionFactory,
    close,
)

ON = "10/09/2024"


@pytest.fixture
def cast(db):
    """By the 10th of September the cell has met every month and had its theme; next door missed July and August."""
    cast = make_cast()
    for month in (6, 7, 8, 9):
        close(SessionFactory(cell=cast.cell, day=dt.date(2024, month, 3)))
    for cell in (cast.cell, cast.neighbour):
        close(SessionFactory(cell=cell, day=dt.date(2024, 6, 3), kind=SessionKind.COMBINED, theme="Học tập"))
    close(SessionFactory(cell=cast.cell, day=dt.date(2024, 7, 20), kind=SessionKind.THEMATIC, theme="Học tập"))
    close(SessionFactory(cell=cast.neighbour, day=dt.date(2024, 9, 3)))
    return cast


def page(client, user, organisation, behind, **query):
    client.force_login(user)
    asked = {"span": "Y", "year": "2024"} | query
    return client.get(reverse(f"reports:{behind}", args=[organisation.public_id]), asked)


def lights(answer):
    return {row.name: (row.word, [item.text for item in row.items]) for row in answer.context["rows"]}


def test_late_is_said_in_words_with_how_long_and_leads_to_the_rows(cast, client):
    answer = page(client, cast.binh, cast.branch, "lights", on=ON, kind="cells")

    found = lights(answer)
    assert found["Chi bộ hai"][0] == "Quá hạn"
    assert found["Chi bộ hai"][1][0] == "Sinh hoạt định kỳ tháng 7/2024: quá hạn 41 ngày"
    assert found["Chi bộ một"][0] == "Đúng hạn"
    assert [(str(word), count) for word, _icon, _css, count, _url in answer.context["tiles"]] == [
        ("Quá hạn", 1),
        ("Sắp đến hạn", 0),
        ("Đúng hạn", 1),
    ]
    behind = client.get(answer.context["rows"][0].items[0].url)
    assert [(row.name, row.is_done) for row in behind.context["rows"]] == [("Chi bộ hai", False)]
    assert answer.wsgi_request.get_full_path().replace("&", "&amp;") in behind.content.decode()
    assert client.get(answer.context["owed_url"]).status_code == 200


def test_every_duty_that_is_told_leads_to_a_page_its_reader_may_open(cast, client):
    AppointmentFactory(organisation=cast.branch, last_day=dt.date(2024, 9, 20))
    FollowUp.unscoped.create(
        conference=ConferenceFactory(organisation=cast.committee),
        organisation=cast.branch,
        given_by=cast.committee,
        title="Nộp bài",
        due=dt.date(2024, 9, 1),
    )

    for behind in ("lights", "changes"):
        rows = page(client, cast.binh, cast.committee, behind, on=ON, since="01/06/2024", what="all").context["rows"]
        told = [item for row in rows for item in (row.items + row.more if behind == "lights" else row.newly_late)]
        assert {item.text.partition(":")[0] for item in told} >= {"Nộp bài", "Sinh hoạt định kỳ tháng 8/2024"}
        assert {client.get(item.url).status_code for item in told} == {200}


def test_the_lights_are_those_of_the_obligations(cast, client):
    day = dt.date(2024, 9, 10)
    late = owing.overdue(cast.committee, on=day)

    rows = page(client, cast.binh, cast.committee, "lights", on=ON, what="all", light="late").context["page"]

    assert {one.organisation: len(one.late) for one in rows} == {
        place: sum(one.organisation == place for one in late) for place in {one.organisation for one in late}
    }


def test_a_day_to_come_is_read_as_today(cast, client):
    answer = page(client, cast.binh, cast.branch, "lights", on="31/12/2199")

    assert answer.context["day"] == timezone.localdate()


def test_a_month_missed_since_is_newly_late(cast, client):
    rows = page(client, cast.binh, cast.branch, "changes", since="10/07/2024", on="10/08/2024").context["rows"]

    assert [(row.name, [item.text for item in row.newly_late], row.back) for row in rows] == [
        ("Chi bộ hai", ["Sinh hoạt định kỳ tháng 7/2024"], [])
    ]


def test_a_cell_that_met_later_in_the_month_is_back_in_order(cast, client):
    """In 2026 the 3rd is the day, so September was late on the 10th until the session of the 20th."""
    for month, day in ((6, 3), (7, 3), (8, 3), (9, 20)):
        theme = {"kind": SessionKind.COMBINED, "theme": "Học tập"} if month == 6 else {}
        close(SessionFactory(cell=cast.neighbour, day=dt.date(2026, month, day), **theme))

    answer = page(client, cast.binh, cast.branch, "changes", since="10/09/2026", on="25/09/2026", name="hai")

    (row,) = answer.context["rows"]
    assert (row.newly_late, [item.text for item in row.back], row.is_back) == (
        [],
        ["Sinh hoạt định kỳ tháng 9/2026"],
        True,
    )
    assert "Nay không còn việc nào quá hạn." in unescape(answer.content.decode())


def test_what_was_missed_long_ago_is_not_called_back_in_order(cast, client):
    """Half a year later July is no longer on the table, but nobody has met for it."""
    query = {"since": "10/09/2024", "on": "28/02/2025"}

    rows = page(client, cast.binh, cast.branch, "changes", **query).context["rows"]

    assert [row.back for row in rows if row.name == "Chi bộ hai"] == [[]]


def test_a_roster_that_changed_is_told_in_counts_even_if_its_length_stayed(cast, client):
    membership = cast.speaker.memberships.get(cell=cast.neighbour)
    membership.last_day = dt.date(2024, 8, 15)
    membership.save()
    MembershipFactory(
        person=PersonFactory(full_name="Người Mới Đến"), cell=cast.neighbour, first_day=dt.date(2024, 8, 16)
    )
    exempt = PersonFactory(full_name="Cụ Miễn")
    MembershipFactory(person=exempt, cell=cast.neighbour, last_day=dt.date(2024, 8, 20))
    MembershipFactory(person=exempt, cell=cast.neighbour, first_day=dt.date(2024, 8, 21), status=Status.EXEMPT)

    answer = page(client, cast.binh, cast.branch, "changes", since="31/07/2024", on="31/08/2024", show="roster")

    (row,) = answer.context["rows"]
    assert (row.roster.before, row.roster.after) == (3, 3)
    assert (row.roster.came, row.roster.left, row.roster.changed) == (1, 1, 1)
    MembershipFactory(cell=cast.neighbour, status=Status.HOSTED)  # counted at home
    for number in (row.before, row.after):
        (line, *_others) = client.get(number.url).context["lines"]
        assert line.number.text == number.text == "3"
    text = unescape(answer.content.decode())
    assert "1 mới đến, 1 đã đi, 1 đổi tư cách hoặc tình trạng" in text
    assert not {"Người Mới Đến", "Cụ Miễn", "Sơn"} & set(text.split(">"))
    assert "Người Mới Đến" not in text


def test_a_cell_that_came_brings_along_what_is_late_on_both_pages(cast, client):
    OrganisationPeriod.unscoped.filter(organisation=cast.neighbour).update(last_day=dt.date(2024, 8, 19))
    OrganisationPeriod.unscoped.create(
        organisation=cast.neighbour, name="Chi bộ hai", kind="cell", parent=cast.sibling, first_day=dt.date(2024, 8, 20)
    )
    rebuild()
    days = {"since": "10/08/2024", "on": "10/09/2024"}

    (row,) = page(client, cast.minh, cast.sibling, "changes", **days).context["rows"]
    _word, lit = lights(page(client, cast.minh, cast.sibling, "lights", on=days["on"]))["Chi bộ hai"]

    newly_late = {item.text for item in row.newly_late}
    assert (row.name, row.is_new) == ("Chi bộ hai", True)
    assert {"Sinh hoạt định kỳ tháng 7/2024", "Sinh hoạt định kỳ tháng 8/2024"} <= newly_late
    assert {text.partition(":")[0] for text in lit} <= newly_late


def test_organisations_that_came_and_went_are_told(cast, client):
    new = OrganisationFactory(code="1.1.9", name="Chi bộ mới", parent=cast.branch, first_day=dt.date(2024, 8, 10))
    OrganisationPeriod.unscoped.filter(organisation=cast.neighbour).update(last_day=dt.date(2024, 8, 20))
    rebuild()

    rows = page(client, cast.minh, cast.branch, "changes", since="31/07/2024", on="31/08/2024", show="tree").context[
        "rows"
    ]

    assert {(row.name, row.is_new, row.is_gone) for row in rows} == {
        ("Chi bộ mới", True, False),
        ("Chi bộ hai", False, True),
    }
    assert new.public_id


def goes_elsewhere(organisation, day, parent):
    OrganisationPeriod.unscoped.filter(organisation=organisation).update(last_day=day - dt.timedelta(days=1))
    OrganisationPeriodFactory(organisation=organisation, kind=Kind.GRASSROOTS_COMMITTEE, parent=parent, first_day=day)
    rebuild()


def test_of_who_left_the_days_here_are_told_and_no_day_elsewhere_whatever_the_period(cast, client):
    goes_elsewhere(cast.branch, dt.date(2024, 8, 1), cast.foreign)
    OrganisationFactory(code="1.1.9", name="Chi bộ lạ", parent=cast.branch, first_day=dt.date(2024, 8, 10))

    def is_told(behind, since, on, **query):
        answer = page(client, cast.binh, cast.branch, behind, **{"span": "Q2", "since": since, "on": on} | query)
        return "reports/not_readable.html" not in [template.name for template in answer.templates]

    for behind in ("lights", "changes"):
        days = [("10/07/2024", "31/07/2024"), ("10/07/2024", "05/08/2024"), ("", "")]
        assert [is_told(behind, *two) for two in days] == [True, False, False]
    assert [is_told(behind, "", "") for behind in ("lights_table", "changes_table")] == [False, False]


def test_a_period_before_it_was_founded_opens_nothing_of_who_left(cast, client):
    young = OrganisationFactory(code="1.1.9", name="Chi bộ mới", parent=cast.branch, first_day=dt.date(2024, 6, 1))
    goes_elsewhere(young, dt.date(2024, 8, 1), cast.foreign)

    shown = [page(client, cast.binh, young, "dashboard_of", year=year, span="Q1").context for year in (2024, 2010)]

    assert ["shown" in context for context in shown] == [False, False]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("lights_table", ["Chi bộ hai", None, "Quá hạn"]),
        ("changes_table", ["Chi bộ hai", "Sinh hoạt định kỳ tháng 7/2024"]),
    ],
)
def test_both_can_be_taken_away(cast, client, table, row):
    answer = page(client, cast.binh, cast.branch, table, on="10/08/2024", since="10/07/2024")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[4]][: len(row)] == row


@pytest.mark.parametrize("behind", ["lights", "changes"])
def test_as_many_queries_for_three_cells_as_for_one(cast, client, behind):
    counts = set()
    for count in (1, 3):
        for number in range(count):
            cell = OrganisationFactory(code=f"{count}-{number}", name=f"Chi bộ {count}-{number}", parent=cast.sibling)
            close(SessionFactory(cell=cell, day=dt.date(2024, 7, 3)))
        page(client, cast.minh, cast.sibling, behind, on=ON)
        with CaptureQueriesContext(connection) as found:
            assert page(client, cast.minh, cast.sibling, behind, on=ON).status_code == 200
        counts.add(len([one for one in found if "django_session" not in one["sql"]]))
    assert len(counts) == 1


def test_subjects_of_a_choice_are_subjects():
    from reports.lights import SUBJECTS

    assert {one for some in SUBJECTS.values() for one in some} <= set(Subject.values)
