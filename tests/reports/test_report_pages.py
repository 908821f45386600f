"""Hoa asks for a report, watches it, fetches it; what went wrong is told plainly; nobody fetches what is not theirs."""

import datetime as dt
import hashlib
import re
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells.models import Post, Role
from reports.access import still_allowed
from reports.building import build
from reports.models import Artifact, Notice, Report
from tests.cast import make_cast
from tests.factories import PostFactory
from tests.reports.jobs import child

PDF = b"%PDF-1.7 mau %%EOF"


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture(autouse=True)
def quick_child(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RENDER_COMMAND = child("good")


def make(organisation, user=None, **fields):
    asked = {"period": "2024-Q3", "until": dt.date(2024, 9, 30), "requested_by": user}
    return Report.unscoped.create(organisation=organisation, **asked | fields)


def make_done(organisation, user=None, **fields):
    report = make(organisation, user, state="done", finished=timezone.now(), **fields)
    path = settings.DATA_DIR / "reports" / f"{report.pk}.pdf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PDF)
    Artifact.unscoped.create(
        report=report, path=f"reports/{report.pk}.pdf", size=len(PDF), sha256=hashlib.sha256(PDF).hexdigest()
    )
    Notice.unscoped.create(report=report, user=user)
    return report


SENT = {"stage": "sent", "signed_at": timezone.now(), "sent_at": timezone.now(), "content": {}}


def ask(client, user, organisation, **fields):
    client.force_login(user)
    form = {"organisation": str(organisation.public_id), "span": "Q3", "year": "2024", "until": ""}
    return client.post(reverse("reports:request"), form | {"form_key": str(uuid.uuid4())} | fields)


def url(name, report):
    return reverse(f"reports:{name}", args=[report.public_id])


def fetched(client, report):
    return b"".join(client.get(url("download", report)).streaming_content)


def post(client, user, name, report):
    client.force_login(user)
    return client.post(url(name, report), {"form_key": str(uuid.uuid4())})


# --- asking ---


def test_hoa_asks_for_her_cell_and_is_led_to_the_report(cast, client):
    answer = ask(client, cast.hoa, cast.cell, until="15/09/2024")

    report = Report.unscoped.get()
    assert answer.url == url("detail", report)
    asked = (report.organisation, report.period, report.until, report.requested_by, report.state)
    assert asked == (cast.cell, "2024-Q3", dt.date(2024, 9, 15), cast.hoa, "requested")


def test_asking_twice_is_asking_once(cast, client):
    key = str(uuid.uuid4())

    answers = [ask(client, cast.hoa, cast.cell, form_key=key).url for _turn in range(2)]
    answers.append(ask(client, cast.lan, cast.cell).url)

    assert len(set(answers)) == 1
    assert Report.unscoped.count() == 1


@pytest.mark.parametrize(("name", "place"), [("hoa", "cell"), ("lan", "cell"), ("minh", "committee")])
def test_reports_are_offered_for_the_own_organisation_only(cast, client, name, place):
    client.force_login(getattr(cast, name))

    form = client.get(reverse("reports:request")).context["form"]

    assert [value for value, _label in form.fields["organisation"].choices] == [str(getattr(cast, place).public_id)]


@pytest.mark.parametrize("place", ["neighbour", "branch", "foreign", "committee"])
def test_another_organisation_is_refused_without_a_word_about_it(cast, client, place):
    answer = ask(client, cast.hoa, getattr(cast, place))

    assert answer.context["form"].errors == {"organisation": ["Hãy chọn một tổ chức trong danh sách."]}
    assert not Report.unscoped.exists()


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"until": "01/10/2024"}, {"until": ["Ngày chốt phải nằm trong kỳ, từ 01/07/2024 đến 30/09/2024."]}),
        ({"year": "2199"}, {"span": ["Kỳ này chưa bắt đầu, chưa có gì để báo cáo."]}),
        ({"span": ""}, {"span": ["Hãy chọn kỳ báo cáo."]}),
    ],
)
def test_what_makes_no_sense_is_explained_at_the_field_and_kept(cast, client, fields, errors):
    answer = ask(client, cast.hoa, cast.cell, **fields)

    assert answer.context["form"].errors == errors
    for name, value in fields.items():
        assert answer.context["form"][name].value() == value


@pytest.mark.parametrize("name", ["mai", "son", "quan"])
def test_members_speakers_and_administrators_have_no_reports(cast, client, name):
    client.force_login(getattr(cast, name))

    assert client.get(reverse("reports:list")).status_code == 403
    assert client.get(reverse("reports:request")).status_code == 403


@pytest.mark.parametrize("name", ["binh", "thu"])
def test_a_board_and_an_inspector_read_reports_and_ask_for_none(cast, client, name):
    user = getattr(cast, name)
    make_done(cast.cell, cast.hoa)  # a draft is its cell's own
    report = make_done(cast.cell, cast.hoa, revision=2, **SENT)
    client.force_login(user)

    assert [row[0] for row in client.get(reverse("reports:list")).context["rows"]] == [report]
    assert fetched(client, report) == PDF
    assert client.get(reverse("reports:request")).status_code == 403
    assert post(client, user, "make_anew", report).status_code == 403


# --- watching ---


def test_watching_shows_state_step_and_progress_and_asks_again(cast, client):
    earlier = make(cast.neighbour)
    report = make(cast.cell, cast.hoa)
    client.force_login(cast.hoa)
    text = client.get(url("state", report)).content.decode()
    assert "Đang chờ" in text
    assert "Còn 1 báo cáo khác đứng trước." in text

    token = uuid.uuid4()
    running = {"state": "running", "step": "typesetting", "progress": 3, "total": 12, "token": token}
    Report.unscoped.filter(pk=report.pk).update(**running, lease_until=timezone.now())
    text = client.get(url("detail", report)).content.decode()
    assert "Đang lập: dàn trang" in text
    assert "Trang 3 trên 12" in text
    assert '<progress id="report-progress" class="report-progress" max="12" value="3">' in text
    assert f'hx-get="{url("state", report)}" hx-trigger="every 2s"' in text
    assert "htmx.min.js" in text
    assert Report.unscoped.filter(pk=earlier.pk, state="requested").exists()


def test_a_finished_report_stops_asking_and_its_notice_is_read(cast, client):
    report = make_done(cast.cell, cast.hoa)
    client.force_login(cast.hoa)
    assert "Báo cáo quý III năm 2024 đã xong" in client.get("/").content.decode()

    text = client.get(url("detail", report)).content.decode()

    assert "Tải về (PDF" in text
    assert "hx-get" not in text
    assert Notice.unscoped.get().read_at is not None
    assert "đã xong" not in client.get("/").content.decode()


def test_somebody_else_looking_leaves_the_notice_unread(cast, client):
    report = make_done(cast.cell, cast.hoa)
    client.force_login(cast.minh)

    client.get(url("detail", report))

    assert Notice.unscoped.get().read_at is None


def test_a_failed_report_says_why_and_is_tried_again_once(cast, client):
    report = make(cast.cell, cast.hoa, state="failed", error="Ổ đĩa đầy.", finished=timezone.now())
    client.force_login(cast.lan)
    text = client.get(url("detail", report)).content.decode()
    assert "Ổ đĩa đầy." in text
    assert "Thử lại" in text

    assert post(client, cast.lan, "retry", report).url == url("detail", report)

    report.refresh_from_db()
    assert (report.state, report.requested_by, report.error) == ("requested", cast.lan, "")
    build(report.pk)
    report.refresh_from_db()
    assert report.state == "done"


def test_a_draft_gets_its_file_anew(cast, client):
    report = make_done(cast.cell, cast.hoa)
    path = report.artifact.path

    assert {post(client, cast.hoa, "make_anew", report).url for _turn in range(2)} == {url("detail", report)}
    assert build(report.pk)

    report = Report.unscoped.select_related("artifact").get()
    assert (report.state, report.artifact.path == path) == ("done", False)


def test_a_new_edition_stands_beside_the_old_one(cast, client):
    report = make_done(cast.cell, cast.hoa, shortcomings="Còn vắng", **SENT)

    addresses = {post(client, cast.hoa, "make_anew", report).url for _turn in range(2)}

    second = Report.unscoped.get(revision=2)
    assert addresses == {url("detail", second)}
    assert (second.organisation, second.period, second.until) == (report.organisation, report.period, report.until)
    assert (second.shortcomings, second.stage, second.content) == ("Còn vắng", "draft", None)


def test_nam_next_door_finds_nothing(cast, client):
    report = make_done(cast.cell, cast.hoa)
    client.force_login(cast.nam)
    nowhere = client.get(reverse("reports:detail", args=[uuid.uuid4()]))

    for name in ("detail", "state", "download"):
        answer = client.get(url(name, report))
        assert (answer.status_code, answer.content) == (404, nowhere.content)
    for name in ("retry", "make_anew"):
        assert post(client, cast.nam, name, report).status_code == 404
    assert list(client.get(reverse("reports:list")).context["rows"]) == []


def test_minh_reads_the_report_of_a_cell_but_does_not_make_it_anew(cast, client):
    report = make_done(cast.cell, cast.hoa, **SENT | {"figures": None})

    assert post(client, cast.minh, "make_anew", report).status_code == 403
    assert "Lập bản thay thế" not in client.get(url("detail", report)).content.decode()


# --- fetching ---


def test_the_file_comes_whole_under_its_vietnamese_name_and_is_noted(cast, client):
    report = make_done(cast.cell, cast.hoa)
    client.force_login(cast.hoa)

    answer = client.get(url("download", report))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store, private"
    name = re.search(r"filename\*=(?:utf-8|UTF-8)''(\S+)", answer["Content-Disposition"])[1]
    assert name == "B%C3%A1o%20c%C3%A1o%20Chi%20b%E1%BB%99%20m%E1%BB%99t%202024-Q3.pdf"
    entry = AuditEntry.objects.get(action="report_downloaded")
    assert (entry.actor, entry.object_id) == (cast.hoa, str(report.pk))


def test_a_lost_post_ends_the_download_at_once(cast, client):
    report = make_done(cast.cell, cast.hoa)
    client.force_login(cast.hoa)
    assert fetched(client, report) == PDF

    Post.unscoped.filter(user=cast.hoa).update(last_day=timezone.localdate() - dt.timedelta(days=1))

    assert client.get(url("download", report)).status_code == 403


def test_a_missing_file_is_explained(cast, client):
    report = make_done(cast.cell, cast.hoa)
    (settings.DATA_DIR / report.artifact.path).unlink()
    client.force_login(cast.hoa)

    answer = client.get(url("download", report))

    assert answer.status_code == 404
    assert "Không tìm thấy tệp của báo cáo này" in answer.content.decode()


@pytest.mark.parametrize("damaged", [PDF[:-1], PDF + b" ", b"x" + PDF[1:]])
def test_a_damaged_file_is_not_handed_out(cast, client, damaged):
    report = make_done(cast.cell, cast.hoa)
    (settings.DATA_DIR / report.artifact.path).write_bytes(damaged)
    client.force_login(cast.hoa)

    assert client.get(url("download", report)).status_code == 404


def test_work_in_the_background_ends_with_the_right_of_the_requester(cast):
    report = make(cast.cell, cast.hoa)
    assert still_allowed(report)
    assert still_allowed(make(cast.cell, None, revision=2))
    assert not still_allowed(make(cast.neighbour, cast.hoa))
    assert not still_allowed(make(cast.cell, cast.mai, revision=3))
    assert not still_allowed(make(cast.cell, cast.binh, revision=4))

    Post.unscoped.filter(user=cast.hoa).update(last_day=timezone.localdate() - dt.timedelta(days=1))
    build(report.pk)

    report.refresh_from_db()
    assert (report.state, report.error) == ("failed", "Người yêu cầu không còn quyền lấy báo cáo này.")
    assert not Artifact.unscoped.exists()


# --- the list ---


def test_the_list_filters_and_says_what_to_do_when_empty(cast, client):
    client.force_login(cast.hoa)
    assert "Chưa có báo cáo nào" in client.get(reverse("reports:list")).content.decode()
    done, failed = make_done(cast.cell, cast.hoa), make(cast.cell, cast.hoa, revision=2, state="failed")

    found = {
        state: client.get(reverse("reports:list"), {"state": state}).context["rows"]
        for state in ("done", "failed", "working")
    }

    assert {state: [row[0] for row in rows] for state, rows in found.items()} == {
        "done": [done],
        "failed": [failed],
        "working": [],
    }


def test_the_list_asks_as_often_for_20_reports_as_for_one(cast, client):
    client.force_login(cast.minh)
    counts = set()
    for number in (1, 3, 20):
        for revision in range(Report.unscoped.count() + 1, number + 1):
            make_done(cast.cell, cast.hoa, revision=revision, **SENT)
        client.get(reverse("reports:list"))
        with CaptureQueriesContext(connection) as found:
            assert len(client.get(reverse("reports:list")).context["rows"]) == number
        counts.add(len(found))
    assert len(counts) == 1


def test_a_deputy_for_dated_days_asks_like_the_secretary(cast, client):
    PostFactory(user=cast.mai, organisation=cast.cell, role=Role.DEPUTY_SECRETARY)

    assert ask(client, cast.mai, cast.cell).status_code == 302
