"""The dashboard says what `figures` says, every number leads to rows that add up to it, and nobody sees too much."""

import datetime as dt
import io
import json
import random
import re
from fractions import Fraction
from html import unescape
from unittest import mock
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from cells.lineage import rebuild
from cells.models import Kind, Organisation, OrganisationPeriod
from cells.papers.wording import estimated, percent, thousands
from cells.reach import with_reach
from reports import comparing, heat_map
from reports.belonging import STRUCTURES
from reports.dashboard import GROUPS, MARKS, compute, groups
from reports.definitions import DEFINITIONS
from reports.forms import CompareQuery, PeriodQuery, asked_for
from reports.periods import Period
from reports.sample import loading
from reports.statistics import attendance_by_month, figures
from reports.views_dashboard import group_titles
from sessions.models import Mark
from speakers.models import SpeakerKind
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

TODAY = dt.date(2026, 11, 21)
Q3 = {"span": "Q3", "year": "2024"}
TIMES = 200 if connection.vendor == "sqlite" else 40


@pytest.fixture
def cast(db):
    return make_cast()


def held(cell, day, absent=(), **fields):
    return close(SessionFactory(cell=cell, day=day, **fields), dict.fromkeys(absent, Mark.UNEXCUSED))


def page(client, user, organisation, behind="dashboard_of", /, **query):
    client.force_login(user)
    return client.get(reverse(f"reports:{behind}", args=[organisation.public_id]), Q3 | query)


def query_of(period: Period, structure="then") -> PeriodQuery:
    data = QueryDict(mutable=True)
    data.update(asked_for(period) | {"structure": structure})
    return PeriodQuery(data)


# --- the same figures ---


@pytest.fixture(scope="class")
def _sample(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(DATA_DIR=folder),
        mock.patch.object(loading, "write_papers"),  # files that nobody looks at here
    ):
        loading.load("small", TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sample(_sample, db):
    return _sample


def random_periods(rng):
    while True:
        year = rng.randint(2019, 2026)
        code = rng.choice([f"{year}", f"{year}-H{rng.randint(1, 2)}", f"{year}-Q{rng.randint(1, 4)}"])
        code = rng.choice([code, f"{year}-{rng.randint(1, 12):02d}"])
        whole = Period.parse(code)
        days = (whole.last_day - whole.first_day).days
        cut = rng.random() < 0.3
        yield Period.parse(code, whole.first_day + dt.timedelta(days=rng.randint(0, days)) if cut else None)


def board():
    return with_reach(User.objects.get(username="binh"))


def figures_on_page(shown, query):
    lines = [line.number.text for group in groups(shown, query, group_titles()) for line in group.lines]
    return [shown.attendance.percent, shown.regular.percent, shown.thematic.percent, *lines]


def expected_texts(printed):
    names = [name for _group, names in GROUPS for name in names]
    shares = [("present", "expected"), ("regular_done", "regular_due"), ("thematic_done", "thematic_due")]
    return [
        *[percent(printed[numerator], printed[denominator]) for numerator, denominator in shares],
        *[
            estimated(printed[name], printed[MARKS[name]]) if name in MARKS else thousands(printed[name])
            for name in names
        ],
    ]


@pytest.mark.usefixtures("sample")
class TestOnTheSample:
    def test_the_page_prints_the_figures_of_the_command(self, capsys):
        rng = random.Random(20261121)  # the same choice in every run
        organisations = list(Organisation.unscoped.order_by("code"))
        binh = board()
        for period, _turn in zip(random_periods(rng), range(TIMES), strict=False):
            organisation, structure = rng.choice(organisations), rng.choice(STRUCTURES)
            query = query_of(period, structure)

            shown = compute(organisation, query, binh)

            until = ["--until", f"{period.until}"] if period.is_cut else []
            call_command("figures", organisation.code, period.code, "--structure", structure, *until)
            printed = json.loads(capsys.readouterr().out)
            assert shown.figures.as_dict() == printed
            assert figures_on_page(shown, query) == expected_texts(printed)
            assert sum(month.present for month in shown.months) == printed["present"]
            assert sum(month.expected for month in shown.months) == printed["expected"]
            for part, missed in (("regular", shown.missed_regular), ("thematic", shown.missed_thematic)):
                due, done = printed[f"{part}_due"], printed[f"{part}_done"]
                assert getattr(shown, part).missing.text == thousands(due - done)
                assert (missed.total == 0) == (due == done)
            squares = [one for line in heat_map.compute(organisation, query, binh).lines for one in line.squares]
            for name in ("sessions", "present", "expected"):
                assert sum(getattr(one, name) for one in squares) == printed[name]
            not_met = sum(one.is_missing or one.is_waiting for one in squares)
            assert not_met == printed["regular_due"] - printed["regular_done"]

    def test_the_year_before_is_what_the_figures_of_that_year_are(self):
        rng = random.Random(20261122)
        organisations = list(Organisation.unscoped.order_by("code"))
        for period, _turn in zip(random_periods(rng), range(TIMES // 5), strict=False):
            organisation, structure = rng.choice(organisations), rng.choice(STRUCTURES)
            query = query_of(period, structure)

            found = comparing.beside_year_before(organisation, query)

            for at, asked in ((0, period), (1, period.year_before)):
                printed = figures(organisation, asked, structure).as_dict()
                rates = [(one.this, one.before)[at].percent for one in found.rates]
                numbers = [(one.this, one.before)[at].text for one in found.numbers]
                months = [(one.this, one.before)[at] for one in found.months]
                conference = percent(printed["conference_present"], printed["conference_expected"])
                assert [*rates[:3], *numbers] == expected_texts(printed)
                assert rates[3] == conference
                assert sum(month.present for month in months if month) == printed["present"]

    def test_subordinates_are_compared_by_their_own_figures(self):
        rng = random.Random(20261123)
        for code in ("M-TINH", "M-UBT", "M-KHOI", "M-YT"):
            organisation = Organisation.unscoped.get(code=code)
            period = next(random_periods(rng))
            for measure, parts in comparing.MEASURES.items():
                query = CompareQuery(QueryDict(f"{query_of(period).link()[1:]}&measure={measure}"))

                found = comparing.compare(organisation, query, board())

                for child in found.children:
                    one = comparing.compared(child, query, found.rate)
                    printed = figures(child.organisation, period).as_dict()
                    assert [one.numerator, one.denominator] == [printed[part] for part in parts]
                    assert one.share.percent == percent(*(printed[part] for part in parts))

    def test_months_are_the_figures_of_the_months(self):
        root = Organisation.unscoped.get(code="M-TINH")
        for structure in STRUCTURES:
            for month in attendance_by_month(root, Period.parse("2025"), structure):
                one = figures(root, Period.parse(f"{month.first_day:%Y-%m}"), structure)
                assert (month.sessions, month.expected, month.present) == (one.sessions, one.expected, one.present)

    def test_the_rows_behind_the_numbers_add_up_to_them(self, client):
        binh = board()
        client.force_login(binh)
        for code, period, structure in (
            ("M-TINH", "2025-Q1", "now"),
            ("M-UBT", "2025", "now"),
            ("M-KHOI", "2024-H1", "then"),
        ):
            organisation = Organisation.unscoped.get(code=code)
            query = query_of(Period.parse(period), structure)
            shown = compute(organisation, query, binh)
            numbers = {
                name: (getattr(shown.figures, name), line.number.url)
                for group, (_title, names) in zip(groups(shown, query, group_titles()), GROUPS, strict=True)
                for line, name in zip(group.lines, names, strict=True)
            }
            for name in (
                "sessions",
                "sessions_thematic",
                "expected",
                "present",
                "excused",
                "unexcused",
                "exempt_present",
            ):
                value, url = numbers[name]
                total = client.get(url).context["total"]
                assert (name, total.value, total.hidden) == (name, value, 0)
            for part in ("regular", "thematic"):
                for share, count in (("numerator", f"{part}_done"), ("denominator", f"{part}_due")):
                    behind = client.get(getattr(getattr(shown, part), share).url).context["page"].paginator.count
                    assert (count, behind) == (count, getattr(shown.figures, count))
            for name in ("conferences", "cells", "committees", "speakers", "propagandists"):
                value, url = numbers[name]
                context = client.get(url).context
                behind = context["page"].paginator.count + context.get("hidden", 0)
                assert (name, behind) == (name, value)

    def test_linked_numbers_of_every_page_are_the_counts_of_the_rows_behind_them(self, client):
        """Three of each page, the same in every run; the slow test takes all of them."""
        numbers = numbers_of_all_pages(client, Organisation.unscoped.get(code="M-UBT"))
        for name in {name for name, _url, _text in numbers}:
            rng = random.Random(f"20261125 {name}")
            some = [(url, text) for page_name, url, text in numbers if page_name == name]
            for url, text in rng.sample(some, min(3, len(some))):
                assert (name, url, text) == (name, url, rows_behind(client, url, text))

    @pytest.mark.slow
    @pytest.mark.parametrize("code", ["M-TINH", "M-UBT"])
    def test_every_one_of_them_is(self, client, code):
        for name, url, text in numbers_of_all_pages(client, Organisation.unscoped.get(code=code)):
            assert (name, url, text) == (name, url, rows_behind(client, url, text))


ALWAYS_LINKED = {"dashboard_of", "heat_map", "comparison", "year_before", "propaganda", "members_behind"}
CRAWLED = sorted(ALWAYS_LINKED | {"changes", "targets"})
LINKED = re.compile(r'<a href="([^"]+)" class="">(?:[^\d<]*)([\d./]+)</a>')  # as {% linked %} writes them


def numbers_of_all_pages(client, organisation):
    client.force_login(board())
    found = set()
    for name in CRAWLED:
        for structure in STRUCTURES:
            address = reverse(f"reports:{name}", args=[organisation.public_id])
            asked = {"span": "H1", "year": "2026", "structure": structure, "until": "31/05/2026"}
            text = client.get(address, asked).content.decode()
            found |= {(name, unescape(url), number) for url, number in LINKED.findall(text)}
    assert {name for name, _url, _text in found} >= ALWAYS_LINKED
    return sorted(found)


def rows_behind(client, url, number):
    """What the rows of a page add up to, printed as the number that leads to it."""
    context = client.get(url).context
    figure = context["query"].values.get("figure")
    match resolve(urlsplit(url).path).url_name:
        case "sessions_behind":
            total = context["total"]
            if "/" in number:  # a square of cells × months
                return f"{total.sums['present']}/{total.sums['expected']}"
            return thousands(total.value + total.hidden)
        case "members_behind":
            rows = [row.counts[figure] for row in context["page"]]
            own = [line.number.text for line in context["lines"] if line.label == DEFINITIONS[figure][0]]
            return own[0] if own else thousands(sum(rows))
        case "conferences_behind":
            held, total = context["page"].paginator.count + context["hidden"], context["total"]
            told = [thousands(one) for one in (held, total.present, total.expected)]
            return number if number in told else told
        case _:
            return thousands(context["page"].paginator.count + context.get("hidden", 0))


# --- who sees what ---


def test_a_committee_follows_a_number_to_the_names_and_a_board_to_counts(cast, client):
    minh = page(client, cast.minh, cast.committee, "members_behind", figure="members_total")
    assert [row.person.full_name for row, _cell in minh.context["rows"]] == ["Hoa", "Lan", "Mai", "Nam", "Sơn"]

    binh = page(client, cast.binh, cast.committee, "members_behind", figure="members_total")
    assert [(row.name, [number.text for _label, number in row.numbers][:1]) for row in binh.context["page"]] == [
        ("Đảng bộ 1.1", ["5"]),
        ("Đảng bộ 1.10", ["0"]),
        ("Đảng bộ 1.11", ["0"]),
    ]


def test_names_read_from_above_leave_one_trace_with_the_organisation(cast, client):
    for user, place in ((cast.minh, cast.committee), (cast.binh, cast.committee), (cast.hoa, cast.cell)):
        page(client, user, place, "members_behind", figure="members_total")

    read = AuditEntry.objects.filter(action="roster.read")
    assert list(read.values_list("actor", "place", "detail__rows")) == [(cast.minh.pk, cast.committee.pk, 5)]


def test_a_board_reads_no_name_of_a_member_anywhere(cast, client):
    absent = PersonFactory(full_name="Người Vắng Mặt")
    MembershipFactory(person=absent, cell=cast.cell)
    held(cast.cell, dt.date(2024, 7, 3), absent=[absent])
    client.force_login(cast.binh)

    for organisation in (cast.committee, cast.branch, cast.cell):
        for name in ("dashboard_of", "sessions_behind", "duties_behind", "members_behind", "speakers_behind"):
            text = page(client, cast.binh, organisation, name).content.decode()
            assert "Người Vắng Mặt" not in text
            assert "Đảng viên" in text or "Chi bộ" in text


@pytest.mark.parametrize(
    "name", ["dashboard_of", "sessions_behind", "duties_behind", "members_behind", "children_table"]
)
def test_a_foreign_organisation_is_as_if_it_were_not_there(cast, client, name):
    unknown = reverse(f"reports:{name}", args=["018f0000-0000-7000-8000-000000000000"])
    client.force_login(cast.binh)
    nowhere = client.get(unknown, Q3)

    for organisation in (cast.foreign, cast.province):
        answer = page(client, cast.binh, organisation, name)
        assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_each_role_begins_at_its_own_place(cast, client):
    for user, organisation in ((cast.minh, cast.committee), (cast.thu, cast.committee), (cast.lan, cast.cell)):
        client.force_login(user)
        answer = client.get(reverse("reports:dashboard"))
        assert answer.url.startswith(reverse("reports:dashboard_of", args=[organisation.public_id]))
        assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("name", ["mai", "son", "quan"])
def test_members_speakers_and_administrators_have_no_dashboard(cast, client, name):
    answer = page(client, getattr(cast, name), cast.cell)

    assert answer.status_code == 403


def test_a_secretary_reads_the_own_cell_and_not_the_one_next_door(cast, client):
    held(cast.cell, dt.date(2024, 7, 3))

    assert page(client, cast.hoa, cast.cell).context["shown"].figures.sessions == 1
    assert page(client, cast.hoa, cast.neighbour).status_code == 404
    assert page(client, cast.hoa, cast.branch).status_code == 404


def test_a_cell_that_left_is_read_only_for_the_time_before(cast, client):
    left = OrganisationFactory(code="left", name="Chi bộ đã chuyển", parent=cast.branch, last_day=dt.date(2024, 6, 30))
    OrganisationPeriodFactory(
        organisation=left, name="Chi bộ đã chuyển", parent=cast.foreign, first_day=dt.date(2024, 7, 1)
    )
    rebuild()
    held(left, dt.date(2024, 5, 3))
    held(left, dt.date(2024, 7, 3))

    before = page(client, cast.minh, left, span="Q2")
    assert before.context["shown"].figures.sessions == 1
    for span in ("Q3", "Y"):
        assert "shown" not in page(client, cast.minh, left, span=span).context
    absorbed = OrganisationFactory(code="lost", parent=cast.foreign, last_day=dt.date(2024, 8, 31))
    Organisation.unscoped.filter(pk=absorbed.pk).update(successor=left)
    rebuild()
    held(absorbed, dt.date(2024, 5, 4))
    for behind in ("dashboard_of", "heat_map"):
        names = [
            template.name for template in page(client, cast.minh, left, behind, span="Q2", structure="now").templates
        ]
        assert "reports/not_readable.html" in names
    whole_year = page(client, cast.minh, cast.branch, span="Y")
    row = next(row for row in whole_year.context["rows"] if row.name == "Chi bộ đã chuyển")
    assert not row.is_measurable
    assert whole_year.context["shown"].figures.sessions == 1


# --- the page itself ---


def test_an_address_without_a_period_is_filled_in(cast, client):
    client.force_login(cast.minh)

    answer = client.get(reverse("reports:dashboard_of", args=[cast.committee.public_id]), {"structure": "now"})

    assert answer.status_code == 302
    assert set(re.findall(r"[?&](\w+)=", answer.url)) >= {"span", "year", "structure"}


def test_a_cut_off_outside_the_period_is_explained_and_left_out(cast, client):
    answer = page(client, cast.minh, cast.committee, until="05/11/2024")

    assert "Ngày chốt phải nằm trong kỳ, từ 01/07/2024 đến 30/09/2024." in unescape(answer.content.decode())
    assert answer.context["period"].until == dt.date(2024, 9, 30)


def test_a_period_that_is_not_over_says_so(cast, client):
    today = timezone.localdate()
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    periods = [Period.parse(f"{day:%Y-%m}") for day in (last_month, today, today + dt.timedelta(days=31))]

    pages = [page(client, cast.minh, cast.committee, **asked_for(period)) for period in periods]

    said = ["Kỳ này chưa kết thúc" in answer.content.decode() for answer in pages]
    assert said == [False, True, True]


@pytest.mark.parametrize(
    "query",
    [
        {"span": "Q9", "year": "2024"},
        {"span": "Q3", "year": "99999999999999999999"},
        {"span": "Q3", "year": "2024", "structure": "later", "page": "-1", "sort": "'; --", "name": "\x00"},
        {"span": "Q3", "year": "2024", "until": "31/02/2024", "figure": "password", "part": "x", "show": "y"},
    ],
)
@pytest.mark.parametrize(
    "name",
    ["dashboard_of", "sessions_behind", "duties_behind", "members_behind", "speakers_behind", "organisations_behind"],
)
def test_nonsense_in_the_address_is_said_and_survived(cast, client, name, query):
    client.force_login(cast.minh)

    answer = client.get(reverse(f"reports:{name}", args=[cast.committee.public_id]), query)

    assert answer.status_code == 200
    assert "không dùng được" in answer.content.decode() or "Ngày chốt" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("lights", {"on": "02/02/1930"}),
        ("changes", {"on": "02/02/1930"}),
        ("changes", {"since": "01/01/1925"}),
        ("changes", {"on": "03/02/1930", "since": "01/01/1930"}),
        ("changes_table", {"since": "01/01/1925"}),
        ("year_before", {"year": "1930"}),
        ("year_before_table", {"year": "1930"}),
    ],
)
def test_days_and_years_before_any_fact_are_left_out(cast, client, name, query):
    answer = page(client, cast.minh, cast.committee, name, **query)

    assert answer.status_code == 200
    assert name.endswith("table") or "không dùng được" in answer.content.decode()


def test_a_shared_address_keeps_what_it_understands_and_shows_each_reader_the_own(cast, client):
    """Nonsense is said and the rest kept; who may not read the organisation finds nothing there."""
    hostile = {
        "sort": "'; --",
        "show": "<b>",
        "light": "x",
        "measure": "x",
        "on": "31/02/2024",
        "back": "//evil.example",
    }
    for name in (*NEW_PAGES, "conferences_behind", "outlines_behind"):
        read = page(client, cast.minh, cast.branch, name, span="Q2", structure="now", **hostile)
        said = unescape(read.content.decode())
        assert (read.status_code, "không dùng được, trang đang theo giá trị mặc định." in said) == (200, True)
        assert (read.context["period"].code, read.context["is_now"]) == ("2024-Q2", True)
        assert '"//evil.example' not in said
        statuses = [page(client, user, cast.branch, name, **hostile).status_code for user in (cast.hoa, cast.mai)]
        assert statuses == [404, 403]


def test_children_are_found_without_marks_and_sorted_by_what_is_missing(cast, client):
    OrganisationFactory(code="1.1.3", name="Chi bộ Tân Định", parent=cast.branch)
    held(cast.cell, dt.date(2024, 7, 3))
    held(cast.cell, dt.date(2024, 8, 3))

    found = page(client, cast.minh, cast.branch, name="tan dinh")
    assert [row.name for row in found.context["rows"]] == ["Chi bộ Tân Định"]
    least = page(client, cast.minh, cast.branch, sort="sessions")
    assert [row.name for row in least.context["rows"]] == ["Chi bộ hai", "Chi bộ Tân Định", "Chi bộ một"]


def test_the_table_taken_away_keeps_formulas_as_text_and_says_who_took_it(cast, client):
    OrganisationFactory(code="1.1.4", name='=HYPERLINK("x")', parent=cast.branch)

    answer = page(client, cast.minh, cast.branch, "children_table")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = {row[0].value: row[0].data_type for row in sheet.iter_rows(min_row=4)}
    assert rows == {"Chi bộ hai": "s", "Chi bộ một": "s", '=HYPERLINK("x")': "s"}
    assert sheet["A2"].value.startswith("Xuất bởi Minh (minh) lúc ")
    assert answer["Content-Disposition"].startswith("attachment")
    entry = AuditEntry.objects.get(action="table.exported")
    assert (entry.actor, entry.object_id, entry.detail["rows"]) == (cast.minh, str(cast.branch.pk), 3)


def test_members_are_taken_away_as_names_or_as_counts_and_names_leave_their_own_trace(cast, client):
    def taken(user, **query):
        answer = page(client, user, cast.committee, "members_table", **query)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return [[cell.value for cell in row][:2] for row in sheet.iter_rows(min_row=4)]

    assert taken(cast.minh, name="LAN") == [["Lan", "Chi bộ một"]]
    assert taken(cast.binh, sort="-members_total", name="dang bo")[0] == ["Đảng bộ 1.1", 5]
    trail = AuditEntry.objects.filter(detail__rows__gte=0).order_by("pk")
    assert list(trail.values_list("actor", "action", "detail__rows")) == [
        (cast.minh.pk, "roster.exported", 1),
        (cast.binh.pk, "table.exported", 3),
    ]


def test_speakers_are_found_by_name_or_place_and_ordered(cast, client):
    AppointmentFactory(organisation=cast.branch, person__full_name="Ái", first_day=dt.date(2021, 1, 1))

    def names(**query):
        rows = page(client, cast.minh, cast.committee, "speakers_behind", **query).context["rows"]
        return [person.full_name for person, _appointments in rows]

    assert names() == ["Ái", "Sơn"]
    assert names(name="dang bo 1.1") == ["Ái"]
    assert names(sort="since") == ["Sơn", "Ái"]
    assert names(sort="-since") == ["Ái", "Sơn"]


def test_sessions_taken_away_are_those_of_the_page(cast, client):
    held(cast.cell, dt.date(2024, 7, 3))
    held(cast.neighbour, dt.date(2024, 8, 3))

    answer = page(client, cast.binh, cast.branch, "sessions_table", figure="present")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row][:5] for row in sheet.iter_rows(min_row=4)]
    assert rows == [["Chi bộ hai", "03/08/2024", "định kỳ", 2, 2], ["Chi bộ một", "03/07/2024", "định kỳ", 3, 3]]
    found = page(client, cast.binh, cast.branch, "sessions_behind", figure="present", name="bo mot").context
    assert ([session.day.month for session, _cell, _url in found["rows"]], found["total"].value) == ([7], 3)


def test_two_cells_of_one_name_are_told_apart_by_their_parents(cast, client):
    for code, parent in (("1.10.1", cast.sibling), ("1.11.1", cast.other_sibling)):
        twin = OrganisationFactory(code=code, name="Chi bộ Y tế", parent=parent)
        held(twin, dt.date(2024, 7, 3))
        member = MembershipFactory(cell=twin).person
        AppointmentFactory(organisation=twin, person=member, kind=SpeakerKind.PROPAGANDIST)

    def named(behind, **query):
        rows = page(client, cast.minh, cast.committee, behind, **query).context["rows"]
        return {(row.name, row.parent_name) for row in rows if row.name != "Chi bộ một"}

    twins = {("Chi bộ Y tế", "Đảng bộ 1.10"), ("Chi bộ Y tế", "Đảng bộ 1.11")}
    assert named("organisations_behind") == twins | {("Chi bộ hai", "")}
    assert named("duties_behind", show="done") == twins
    missed = page(client, cast.minh, cast.committee).context["shown"].missed_regular.first
    assert {(cell.name, cell.parent_name) for cell in missed} == twins | {("Chi bộ hai", ""), ("Chi bộ một", "")}
    sessions = page(client, cast.minh, cast.committee, "sessions_behind").context["rows"]
    assert {(cell.name, cell.parent_name) for _session, cell, _url in sessions} == twins
    members = page(client, cast.minh, cast.committee, "members_behind", sort="-cell").context["rows"]
    told = [(cell.name, cell.parent_name) for _row, cell in members]
    assert set(told) == twins | {("Chi bộ một", ""), ("Chi bộ hai", "")}
    assert (set(told[:2]), set(told[-2:])) == (twins, {("Chi bộ hai", "")})
    speakers = page(client, cast.minh, cast.committee, "speakers_behind", figure="propagandists").context["rows"]
    assert {(place.name, place.parent_name) for _person, rows in speakers for _row, place in rows} == twins


def test_rows_are_ordered_both_ways_found_by_name_and_shown_whole(cast, client):
    held(cast.neighbour, dt.date(2024, 8, 3))

    def rows(**query):
        found = page(client, cast.minh, cast.branch, "duties_behind", **query).context["rows"]
        return [(row.name, row.span) for row in found]

    assert rows()[:2] == [("Chi bộ hai", "07/2024"), ("Chi bộ hai", "08/2024")]
    assert rows(sort="-span", name="mot") == [("Chi bộ một", f"{month:02d}/2024") for month in (9, 8, 7)]
    assert rows(sort="-done")[0] == ("Chi bộ hai", "08/2024")
    whole = page(client, cast.minh, cast.branch, "duties_behind", whole="1").content.decode()
    assert "data-print" in whole
    assert "Xem từng trang" in whole


def test_a_month_without_its_session_is_told_in_words(cast, client):
    held(cast.cell, dt.date(2024, 7, 3), absent=[cast.member])
    held(cast.cell, dt.date(2024, 8, 3))

    answer = page(client, cast.binh, cast.branch, "heat_map", sort="-missing")

    rows = answer.context["rows"]
    assert [row.name for row in rows] == ["Chi bộ hai", "Chi bộ một"]
    assert [square.word or square.number.text for square in rows[0].squares] == ["Thiếu"] * 3
    assert [square.word or square.number.text for square in rows[1].squares] == ["2/3", "3/3", "Thiếu"]
    assert [square.css for square in rows[1].squares] == ["heat-2", "heat-4", "heat-missing"]
    behind = client.get(rows[1].squares[0].number.url)
    assert [session.day for session, _cell, _url in behind.context["rows"]] == [dt.date(2024, 7, 3)]
    (missing,) = client.get(rows[1].squares[2].number.url).context["rows"]
    assert (missing.name, missing.span, missing.is_done) == ("Chi bộ một", "09/2024", False)
    only = page(client, cast.binh, cast.branch, "heat_map", show="missing", name="mot")
    assert [row.name for row in only.context["rows"]] == ["Chi bộ một"]


def test_a_rate_that_lies_a_little_above_is_not_called_equal():
    assert comparing.points(Fraction(9996, 10000), Fraction(1)) == "−dưới 0,1"
    assert comparing.points(Fraction(1), Fraction(1)) == "0"
    assert comparing.points(Fraction(9, 10), Fraction(1, 2)) == "+40,0"
    assert comparing.points(None, Fraction(1)) == "—"


def test_what_lay_elsewhere_a_year_ago_is_not_compared(cast, client):
    left = OrganisationFactory(code="left", name="Chi bộ đã đi", parent=cast.foreign, last_day=dt.date(2023, 12, 31))
    for parent, days in (
        (cast.branch, {"first_day": dt.date(2024, 1, 1), "last_day": dt.date(2024, 12, 31)}),
        (cast.foreign, {"first_day": dt.date(2025, 1, 1)}),
    ):
        OrganisationPeriodFactory(organisation=left, name="Chi bộ đã đi", parent=parent, **days)
    rebuild()

    assert page(client, cast.minh, left, "year_before").context["found"] is None
    assert page(client, cast.minh, cast.branch, "year_before").context["found"] is not None


def test_a_conference_leads_back_to_the_view_it_was_found_in(cast, client):
    ConferenceFactory(organisation=cast.branch, day=dt.date(2024, 8, 1), subject="Nghị quyết mới")

    answer = page(client, cast.binh, cast.committee, "conferences_behind", sort="subject")

    ((conference, total, _sites, _missing, url),) = answer.context["rows"]
    shown = client.get(url).content.decode()
    assert (conference.subject, total.present) == ("Nghị quyết mới", conference.present)
    assert answer.wsgi_request.get_full_path().replace("&", "&amp;") in shown


@pytest.mark.parametrize(
    ("table", "first_row"),
    [
        ("heat_map_table", ["Chi bộ hai", "thiếu", "thiếu", "thiếu", 0, 0, "—", 3]),
        ("comparison_table", ["Đảng bộ 1.1", 0, 0, "—", "—"]),
        ("year_before_table", ["Tỷ lệ có mặt", "0/0 (—)", "0/0 (—)", "—"]),
        ("duties_table", ["Chi bộ hai", None, "07/2024", "Chưa sinh hoạt"]),
        ("organisations_table", ["Chi bộ hai", None, "chi bộ"]),
        ("speakers_table", ["Sơn", "Đảng bộ khối mẫu"]),
    ],
)
def test_every_list_behind_a_number_can_be_taken_away(cast, client, table, first_row):
    answer = page(client, cast.binh, cast.committee, table)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[4]][: len(first_row)] == first_row


def test_number_of_queries_is_the_same_for_1_3_and_300_children(cast, client):
    def fill(count):
        have = Organisation.unscoped.filter(code__startswith="N-").count()
        new = [Organisation(code=f"N-{number}") for number in range(have, count)]
        Organisation.unscoped.bulk_create(new)
        OrganisationPeriod.unscoped.bulk_create(
            OrganisationPeriod(
                organisation=one,
                name=f"Chi bộ {one.code}",
                kind=Kind.CELL,
                parent=cast.sibling,
                first_day=dt.date(2020, 1, 1),
            )
            for one in new
        )
        rebuild()
        for one in new[:3]:
            held(one, dt.date(2024, 7, 3))

    counts = {}
    client.force_login(cast.minh)
    for count in (1, 3, 300):
        fill(count)
        for name in ("dashboard_of", "sessions_behind", "duties_behind", "organisations_behind", *NEW_PAGES):
            address = reverse(f"reports:{name}", args=[cast.sibling.public_id])
            counts.setdefault(name, set()).add(queries_of(client, address))
    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1)


NEW_PAGES = ("heat_map", "comparison", "year_before", "lights", "changes", "propaganda", "targets")


def queries_of(client, address):
    client.get(address, Q3)  # whatever is remembered from the first time is not what is counted
    with CaptureQueriesContext(connection) as found:
        assert client.get(address, Q3).status_code == 200
    return len(found)
