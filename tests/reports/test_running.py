"""The drafts of a quarter for everybody: one row each, in turn by committee, what is urgent first."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Organisation, Role
from cells.reach import with_reach
from reports import running, tasks
from reports.models import Report, ReportRun
from reports.obligations.models import ObligationRule, Subject
from reports.periods import Period
from reports.requesting import request_report
from tests.factories import OrganisationFactory, PostFactory
from tests.reports.jobs import child
from tests.reports.obligations.test_reporting import sent

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024-Q3")


@pytest.fixture(autouse=True)
def quick_child(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RENDER_COMMAND = child("good")


def post(client, user, address, **fields):
    client.force_login(user)
    return client.post(address, {"form_key": str(uuid.uuid4())} | fields)


def test_each_organisation_gets_one_draft_however_often_it_is_begun(cast):
    asked = request_report(cast.cell, QUARTER, cast.hoa)

    runs = {running.begin(QUARTER).pk for _turn in range(2)}

    assert len(runs) == 1
    reports = Report.unscoped.all()
    assert sorted(reports.values_list("organisation__code", flat=True)) == [
        *("0", "1", "1.1", "1.1.1", "1.1.2", "1.10", "1.11", "11"),
    ]
    assert reports.exclude(pk=asked.pk).values_list("priority", "requested_by").distinct().get() == (2, None)
    assert Report.unscoped.get(pk=asked.pk).run is None


def test_a_draft_is_closed_on_the_cut_off_day_of_its_rule_and_who_has_sent_gets_none(cast):
    """Quarterly reports are closed and due on the 20th of the last month; 1.10 is not asked for any."""
    about = {"subject": Subject.REPORT, "months": 3}
    rule = ObligationRule.unscoped.get(**about)
    rule.kinds, rule.first_day, rule.due_day = [], dt.date(2026, 7, 1), 20
    rule.save()
    ObligationRule.unscoped.create(organisation=cast.sibling, is_owed=False, first_day=dt.date(2026, 7, 1), **about)
    for organisation, until in ((cast.cell, 20), (cast.neighbour, 10), (cast.sibling, 25)):
        sent(organisation, dt.date(2026, 9, until), dt.date(2026, 9, 26))  # the neighbour's was an interim one

    run = running.begin(Period.parse("2026-Q3"), cast.committee)

    days = dict(run.reports.values_list("organisation__code", "until"))
    assert days == dict.fromkeys(("1", "1.1", "1.1.2", "1.11"), dt.date(2026, 9, 20))


def test_begun_again_it_lays_drafts_before_those_who_were_entered_since(cast):
    running.begin(QUARTER)
    own = running.begin(QUARTER, cast.branch, cast.binh)
    late = OrganisationFactory(code="1.1.3", parent=cast.branch)
    user = with_reach(PostFactory(role=Role.BOARD, organisation=cast.branch).user)
    assert running.progress_of_all([own], user)[own.pk].total == 3  # whoever has laid them there

    everywhere = running.begin(QUARTER)

    assert Report.unscoped.get(organisation=late).run == everywhere
    assert Report.unscoped.count() == 9
    assert [running.progress_of_all([one], user)[one.pk].total for one in (own, everywhere)] == [4, 4]
    assert running.seen_part(own, user).count() == 4


def test_committees_take_turns(cast):
    for number in range(3):
        OrganisationFactory(code=f"1.10.{number}", parent=cast.sibling)
    codes = dict(Organisation.unscoped.values_list("pk", "code"))

    order = [codes[one] for one in running.in_fair_order(QUARTER.until, cast.committee)]

    cells = [code.rpartition(".")[0] for code in order if code.count(".") == 2]
    assert (len(order), cells) == (9, ["1.1", "1.10", "1.1", "1.10", "1.10"])


def test_a_run_begins_by_itself_within_ten_days_of_the_quarters_end(cast):
    assert running.begin_due(dt.date(2024, 10, 11)) is None
    assert not ReportRun.unscoped.exists()

    run = running.begin_due(dt.date(2024, 10, 2))

    assert (run.period, run.until, run.top) == ("2024-Q3", dt.date(2024, 9, 30), None)
    assert running.begin_due(dt.date(2024, 10, 3)) == run


def test_what_a_person_waits_for_goes_before_the_drafts_of_a_run(cast):
    running.begin(QUARTER, cast.branch)
    first = Report.unscoped.order_by("pk").first()
    asked = request_report(cast.foreign, QUARTER, None)

    assert tasks.first_in_turn(first.pk) == asked.pk
    Report.unscoped.filter(pk=first.pk).update(priority=Report.Priority.SIGNED)
    assert tasks.first_in_turn(asked.pk) == first.pk
    tasks.build(asked.pk)
    assert Report.unscoped.get(pk=first.pk).state == "done"
    assert Report.unscoped.get(pk=asked.pk).state == "requested"


def test_minh_follows_a_run_and_has_what_failed_tried_again(cast, client):
    answer = post(
        client, cast.minh, reverse("reports:begin_run"), organisation=str(cast.committee.public_id), quarter=""
    )
    assert answer.context["form"].errors == {"quarter": ["Hãy chọn kỳ báo cáo."]}
    quarter = running.ended_quarter(timezone.localdate())
    answer = post(
        client,
        cast.minh,
        reverse("reports:begin_run"),
        organisation=str(cast.committee.public_id),
        quarter=quarter.code,
    )
    run = ReportRun.unscoped.get()
    assert answer.url == reverse("reports:run", args=[run.public_id])
    Report.unscoped.filter(organisation=cast.cell).update(state="failed", error="Ổ đĩa đầy.")
    Report.unscoped.filter(organisation=cast.neighbour).update(state="done")

    client.force_login(cast.hoa)
    told = [task for task in client.get("/").context["shown"].tasks if "dự thảo" in task.title]
    own = Report.unscoped.get(organisation=cast.cell)
    assert [(task.title, task.url) for task in told] == [
        ("1 dự thảo báo cáo chờ ghi", reverse("reports:detail", args=[own.public_id]))
    ]
    client.force_login(cast.minh)
    text = client.get(answer.url).content.decode()
    assert "Đã lập 1 trên 6 dự thảo" in text
    assert "Chi bộ một: Ổ đĩa đầy." in text
    Report.unscoped.filter(state="requested").update(state="done")
    text = client.get(answer.url).content.decode()
    assert ("Còn báo cáo chưa lập được" in text, "Đã xong" in text) == (True, False)  # over, but not well
    post(client, cast.minh, reverse("reports:retry_run", args=[run.public_id]))

    report = Report.unscoped.get(organisation=cast.cell)
    assert (report.state, report.error, report.requested_by) == ("requested", "", None)
    client.force_login(cast.nam)
    assert client.get(answer.url).status_code == 403
