"""What a board follows beside sessions: conferences and their sites, what is owed, follow-ups, outlines, speakers."""

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
from cells.models import Kind, OrganisationPeriod
from reports.obligations import owing, waiving
from reports.obligations.models import Subject
from resolutions.models import Document, FollowUp, Mode, Outline, Receipt
from tests.cast import make_cast
from tests.factories import ConferenceFactory, OrganisationFactory, OrganisationPeriodFactory, ReceivingSiteFactory

PUBLISHED = dt.datetime(2024, 8, 5, 3, tzinfo=dt.UTC)


@pytest.fixture
def cast(db):
    return make_cast()


def page(client, user, organisation, behind="propaganda", **query):
    client.force_login(user)
    asked = {"span": "Y", "year": "2024"} | query
    return client.get(reverse(f"reports:{behind}", args=[organisation.public_id]), asked)


def outline(owner, title, edition=1, **more):
    document, _new = Document.unscoped.get_or_create(
        owner=owner, symbol=f"{title}-NQ", defaults={"issuer": "Tỉnh ủy", "type": "NQ", "subject": "Về"}
    )
    one = Outline.unscoped.create(
        document=document,
        title=title,
        edition=edition,
        stored_name=f"{title}{edition}",
        file_name="a.pdf",
        size=1,
        **more,
    )
    Outline.unscoped.filter(pk=one.pk).update(published=PUBLISHED)
    return one


def test_a_site_that_said_nothing_is_missing_and_one_where_nobody_came_is_not(cast, client):
    held = ConferenceFactory(organisation=cast.committee, day=dt.date(2024, 8, 1), mode=Mode.HYBRID)
    ReceivingSiteFactory(conference=held, name="Điểm cầu im lặng", expected=20)
    ReceivingSiteFactory(conference=held, name="Điểm cầu vắng", expected=20, reported_at=timezone.now())

    answer = page(client, cast.binh, cast.committee)

    assert answer.context["missing_sites"] == 1
    behind = client.get(answer.context["conferences_url"])
    ((_conference, _total, sites, missing, _url),) = behind.context["rows"]
    assert (sites, [site.name for site in missing]) == (2, ["Điểm cầu im lặng"])
    assert "Điểm cầu im lặng" in unescape(behind.content.decode())
    assert "Điểm cầu vắng" not in unescape(behind.content.decode())


def test_what_was_owed_is_what_the_obligations_say_and_leads_to_them(cast, client):
    ConferenceFactory(organisation=cast.branch, day=dt.date(2026, 2, 1))
    today = timezone.localdate()
    found = owing.in_period(cast.committee, dt.date(2026, 1, 1), dt.date(2026, 12, 31), on=today)
    conferences = [one for one in found if one.subject == Subject.CONFERENCE]
    waived = next(one for one in conferences if one.is_late)
    waiving.waive(waived, "Đi chống bão", actor=cast.minh)
    conferences.remove(waived)

    answer = page(client, cast.binh, cast.committee, year="2026")

    (line,) = (line for line in answer.context["owed"] if line.label == "Hội nghị thông tin thời sự")
    assert (line.done.numerator.text, line.done.denominator.text) == ("1", str(len(conferences)))
    assert line.late.text == str(sum(one.is_late for one in conferences))
    for number in (line.late, line.done.denominator):
        assert client.get(number.url).context["page"].paginator.count == int(number.text)


def test_cells_without_the_newest_edition_are_counted(cast, client):
    """Two editions: the cell has the second, next door the first; another outline nobody has."""
    first, second = outline(cast.committee, "Đề cương A"), outline(cast.committee, "Đề cương A", edition=2)
    outline(cast.committee, "Đề cương B")
    Receipt.unscoped.create(outline=second, cell=cast.cell, way="said")
    Receipt.unscoped.create(outline=first, cell=cast.neighbour, way="fetched")

    answer = page(client, cast.binh, cast.committee, "outlines_behind")

    rows = [(row.title, row.edition, row.cells, row.current, row.old, row.missing) for row in answer.context["page"]]
    assert rows == [("Đề cương B", 1, 2, 0, 0, 2), ("Đề cương A", 2, 2, 1, 1, 0)]
    receipts = client.get(f"{answer.context['page'][0].url}?holding=missing")
    assert receipts.status_code == 200
    overview = page(client, cast.binh, cast.committee)
    assert [row.title for row in overview.context["outlines"]] == ["Đề cương B", "Đề cương A"]
    assert page(client, cast.binh, cast.committee, "outlines_behind", year="2023").context["page"].object_list == []
    sheet = openpyxl.load_workbook(io.BytesIO(page(client, cast.binh, cast.committee, "outlines_table").content)).active
    assert [cell.value for cell in sheet[4]] == ["Đề cương B", "Đề cương B-NQ", 1, 2, 0, 0, 2]


def test_what_a_branch_that_left_receives_at_its_new_place_is_not_told(cast, client):
    outline(cast.province, "Đề cương tỉnh")
    told = [row.title for row in page(client, cast.binh, cast.branch, "outlines_behind").context["page"]]
    OrganisationPeriod.unscoped.filter(organisation=cast.branch).update(last_day=dt.date(2025, 12, 31))
    OrganisationPeriodFactory(
        organisation=cast.branch, kind=Kind.GRASSROOTS_COMMITTEE, parent=cast.foreign, first_day=dt.date(2026, 1, 1)
    )
    rebuild()

    left = [page(client, cast.binh, cast.branch, behind).context for behind in ("outlines_behind", "propaganda")]

    assert (told, left[0]["page"].object_list, left[1]["outlines_all"]) == (["Đề cương tỉnh"], [], 0)


def test_follow_ups_past_their_day_are_listed_longest_first(cast, client):
    held = ConferenceFactory(organisation=cast.committee, day=dt.date(2024, 8, 1))
    for title, due, state in (
        ("Chương trình hành động", dt.date(2024, 10, 1), {}),
        ("Bài thu hoạch", dt.date(2024, 9, 1), {}),
        ("Đã nộp", dt.date(2024, 9, 1), {"state": "done", "done_on": dt.date(2024, 8, 9)}),
        ("Còn lâu", dt.date(2199, 1, 1), {}),
    ):
        FollowUp.unscoped.create(
            conference=held,
            organisation=cast.branch,
            given_by=cast.committee,
            kind="write_up",
            title=title,
            due=due,
            **state,
        )

    found = page(client, cast.binh, cast.committee).context["follow_ups"]

    assert (found.open, found.late) == (3, 2)
    assert [one.title for one in found.first] == ["Bài thu hoạch", "Chương trình hành động"]
    assert "Trở lại trang vừa xem" not in client.get(reverse("resolutions:follow_ups")).content.decode()
    assert client.get(found.first[0].url).status_code == 200
    assert page(client, cast.binh, cast.sibling).context["follow_ups"].open == 0


def test_a_secretary_reads_the_same_of_the_own_cell(cast, client):
    outline(cast.committee, "Đề cương A")

    answer = page(client, cast.hoa, cast.cell)

    assert [(row.cells, row.missing, row.url) for row in answer.context["outlines"]] == [(1, 1, "")]
    assert page(client, cast.hoa, cast.branch).status_code == 404


@pytest.mark.parametrize("behind", ["propaganda", "outlines_behind", "targets"])
def test_as_many_queries_for_three_cells_and_outlines_as_for_one(cast, client, behind):
    counts = set()
    for count in (1, 3):
        for number in range(count):
            OrganisationFactory(code=f"{count}-{number}", name=f"Chi bộ {count}-{number}", parent=cast.branch)
            outline(cast.committee, f"Đề cương {count}-{number}")
        page(client, cast.minh, cast.committee, behind)
        with CaptureQueriesContext(connection) as found:
            assert page(client, cast.minh, cast.committee, behind).status_code == 200
        counts.add(len([one for one in found if "django_session" not in one["sql"]]))
    assert len(counts) == 1
