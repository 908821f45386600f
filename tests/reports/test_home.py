"""Each finds on the home page what is due now, and one button for it."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cells.models import Post, Role
from reports.home import how_it_stands
from reports.models import Heartbeat, ObligationRule, Report
from resolutions.models import FollowUp
from sessions.models import SessionKind
from tests.cast import make_cast
from tests.factories import OrganisationFactory, PostFactory, SessionFactory, UserFactory, close


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def today():
    return timezone.localdate()


def home(client, user):
    client.force_login(user)
    answer = client.get("/")
    shown = answer.content.decode().partition("<main")[2].partition("</main>")[0]  # not the warning before log-out
    assert shown.count('class="btn btn-primary') <= 1
    return answer.context["shown"]


def test_hoa_is_told_to_plan_then_to_open_this_months_session(cast, client, today):
    assert home(client, cast.hoa).first.action == "Lên kế hoạch"

    session = SessionFactory(cell=cast.cell, day=today)

    first = home(client, cast.hoa).first
    assert (first.action, first.url) == ("Mở buổi sinh hoạt", reverse("sessions:detail", args=[session.public_id]))
    assert first.text.partition(", quá hạn")[0] == f"Chi bộ một · {today:%d/%m/%Y}"  # late by the rules in force


def all_met(cell, today) -> None:
    """In the months of which what was missed is still spoken of."""
    for back in (1, 2, 3, 4, 5):
        month = today.year * 12 + today.month - 1 - back
        day = dt.date(month // 12, month % 12 + 1, 2)
        close(SessionFactory(cell=cell, day=day, kind=SessionKind.COMBINED, theme="Chuyên đề"))


def test_what_was_missed_is_told_after_what_is_due_now(cast, client, today):
    month = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)

    shown = home(client, cast.hoa)

    missed = next(task for task in shown.tasks if task.title == f"Sinh hoạt định kỳ tháng {month.month}/{month.year}")
    assert missed.action == "Ghi buổi sinh hoạt"
    assert "quá hạn" in missed.text
    assert shown.first.title == f"Sinh hoạt định kỳ tháng {today.month}/{today.year}"
    assert shown.owed.late_below == 0


def test_who_looks_after_others_where_nothing_is_late_reads_how_many_have_met(cast, client, today):
    ObligationRule.unscoped.exclude(subject="regular").delete()
    for cell in (cast.cell, cast.neighbour):
        all_met(cell, today)
        close(SessionFactory(cell=cell, day=today.replace(day=1)))

    assert home(client, cast.binh).first.text == "Mọi chi bộ đã sinh hoạt trong tháng."


@time_machine.travel(dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC))  # three days long a session leaves papers to write
def test_what_is_done_is_no_longer_the_button(cast, client):
    today = timezone.localdate()
    all_met(cast.cell, today)
    done = close(SessionFactory(cell=cast.cell, day=today.replace(day=1), kind=SessionKind.COMBINED, theme="Chuyên đề"))

    shown = home(client, cast.hoa)

    regular = [task for task in shown.tasks if task.title == f"Sinh hoạt định kỳ tháng {today.month}/{today.year}"]
    address = reverse("sessions:detail", args=[done.public_id])
    assert [(task.is_done, task.url) for task in regular] == [(True, address)]
    assert [task for task in shown.tasks if not task.is_done] == []
    assert shown.first is None or shown.first.url != address


@pytest.mark.parametrize("name", ["minh", "binh", "thu"])
def test_who_looks_down_reads_how_many_cells_have_not_met_this_month(cast, client, today, name):
    ObligationRule.unscoped.filter(subject__in=["report", "executive"]).delete()  # due around the end of a quarter
    close(SessionFactory(cell=cast.cell, day=today.replace(day=1)))

    shown = home(client, getattr(cast, name))

    (met,) = shown.met
    assert (met.missing.text, met.done.text, met.due.text, met.percent) == (
        "1",
        "1",
        "2",
        "50\u00a0%".replace("50", "50,0"),
    )
    assert shown.first.title == f"{shown.owed.late_below} việc quá hạn ở các đơn vị trực thuộc"
    assert shown.first.action == "Xem việc quá hạn"
    assert len(client.get(shown.first.url).context["rows"]) == shown.owed.late_below
    missing = client.get(met.missing.url)
    assert [row.name for row in missing.context["rows"]] == ["Chi bộ hai"]
    assert client.get(shown.first.url).status_code == 200


def test_mai_reads_when_and_where_the_next_session_is(cast, client, today):
    day = today + dt.timedelta(days=3)
    session = SessionFactory(cell=cast.cell, day=day, start=dt.time(7, 30), place="Phòng họp tầng 2")

    shown = home(client, cast.mai)
    first = shown.first

    assert not shown.is_empty
    assert first.title.startswith("07:30, ")
    assert first.title.endswith(f" {day:%d/%m/%Y}, Phòng họp tầng 2")
    assert first.url == reverse("sessions:detail", args=[session.public_id])


def test_quan_reads_whether_the_work_in_the_background_runs(cast, client):
    assert home(client, cast.quan).jobs.is_alarming

    Heartbeat.unscoped.create(name="sweep", at=timezone.now())

    jobs = home(client, cast.quan).jobs
    assert (jobs.is_alarming, jobs.oldest, jobs.heartbeats) == (
        False,
        "",
        [("Kiểm tra việc bị bỏ dở", "chưa đầy 1 phút")],
    )


def test_several_roles_act_together(cast, client, today):
    PostFactory(user=cast.hoa, organisation=cast.committee, role=Role.COMMITTEE)

    shown = home(client, cast.hoa)

    assert shown.first.action == "Lên kế hoạch"
    assert [met.name for met in shown.met] == ["Đảng bộ khối mẫu"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("due", "inspected_on", "told"),
    [
        (5, None, "Hạn 05/07/2024"),
        (1, None, "Quá hạn từ 01/07/2024"),
        (5, 1, "Đã kiểm tra ngày 01/07/2024, chưa có báo cáo kiểm tra"),
        (1, 1, "Quá hạn từ 01/07/2024"),
    ],
)
def test_what_is_not_yet_due_is_never_called_late(due, inspected_on, told):
    inspected_on = inspected_on and dt.date(2024, 7, inspected_on)
    one = FollowUp(kind="inspection", due=dt.date(2024, 7, due), inspected_on=inspected_on)

    assert how_it_stands(one, dt.date(2024, 7, 2)) == told


def test_reports_in_work_and_finished_ones_are_told(cast, client):
    report = Report.unscoped.create(
        organisation=cast.cell, period="2024-Q3", until=dt.date(2024, 9, 30), requested_by=cast.hoa
    )

    assert list(home(client, cast.hoa).working) == [report]
    assert list(home(client, cast.lan).working) == []


def test_somebody_without_a_place_is_told_what_to_do(cast, client):
    shown = home(client, UserFactory(username="ai-do"))

    assert shown.is_empty
    assert "hãy báo bí thư chi bộ hoặc người quản trị" in client.get("/").content.decode()


def test_the_home_page_asks_as_often_for_12_posts_as_for_one(cast, client):
    counts = set()
    for number in (1, 3, 12):
        for extra in range(Post.unscoped.filter(user=cast.binh).count(), number):
            place = OrganisationFactory(code=f"P{extra}", parent=cast.branch)
            PostFactory(user=cast.binh, organisation=place, role=Role.BOARD)
        home(client, cast.binh)
        with CaptureQueriesContext(connection) as found:
            home(client, cast.binh)
        counts.add(len(found))
    assert len(counts) == 1
