"""The drafts of a quarter for everybody: one row each, in turn by committee, what is urgent first; and the bundle."""

import datetime as dt
import io
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from cells.models import Organisation
from cells.papers.joining import joined
from cells.papers.pdf import render
from reports import running, tasks
from reports.bundling import MOST_IN_ONE_PDF, Bundled, TooMany, one_pdf
from reports.models import Artifact, Report, ReportRun
from reports.periods import Period
from reports.requesting import request_report
from tests.factories import OrganisationFactory
from tests.reports.contents import content, ending, paragraph
from tests.reports.jobs import child

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


@pytest.fixture(scope="module")
def pages():
    return [render(content([paragraph(f"Báo cáo thứ {number}."), ending()])) for number in (1, 2)]


def sent_report(organisation, pdf, data_dir, **fields):
    told = {"stage": "sent", "state": "done", "signed_at": timezone.now(), "sent_at": timezone.now()}
    report = Report.unscoped.create(
        organisation=organisation, period=QUARTER.code, until=QUARTER.until, **told | fields
    )
    path = f"reports/{report.pk}.pdf"
    (data_dir / "reports").mkdir(exist_ok=True)
    (data_dir / path).write_bytes(pdf)
    Artifact.unscoped.create(report=report, path=path, size=len(pdf), sha256="0" * 64)
    return report


def test_the_reports_below_a_committee_are_one_pdf_with_bookmarks_or_an_archive(cast, client, tmp_path, pages):
    sent_report(cast.cell, pages[0], tmp_path)
    sent_report(cast.neighbour, pages[1], tmp_path)
    sent_report(cast.sibling, pages[1], tmp_path, stage="replaced")
    Report.unscoped.create(organisation=cast.other_sibling, period=QUARTER.code, until=QUARTER.until)  # a draft
    client.force_login(cast.minh)
    asked = f"?organisation={cast.committee.public_id}&span=Q3&year=2024"

    assert [one.name for one in client.get(reverse("reports:bundle") + asked).context["bundled"]] == [
        "Chi bộ hai",
        "Chi bộ một",
    ]
    read = PdfReader(io.BytesIO(client.get(reverse("reports:bundle_pdf") + asked).content))
    assert [entry.title for entry in read.outline] == ["Chi bộ hai", "Chi bộ một"]
    assert ["thứ 2" in read.pages[0].extract_text(), "thứ 1" in read.pages[1].extract_text()] == [True, True]
    assert_tagged(read)
    packed = b"".join(client.get(reverse("reports:bundle_zip") + asked).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["0001 Chi bộ hai.pdf", "0002 Chi bộ một.pdf"]
        assert archive.read("0002 Chi bộ một.pdf") == pages[0]
    shown = client.get(reverse("reports:bundle"))
    assert shown.context["query"].period == running.ended_quarter(timezone.localdate())
    assert 'name="organisation"' in shown.content.decode()
    assert client.get(reverse("reports:bundle_pdf") + "?span=Q1&year=2024").status_code == 302  # nothing there


def assert_tagged(read: PdfReader) -> None:
    """Each page leads to its own tags, and each tag up to the one root."""
    root = read.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    tags = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert sorted(page["/StructParents"] for page in read.pages) == sorted(tags)
    for page in read.pages:
        for tag in (one.get_object() for one in tags[page["/StructParents"]].get_object()):
            assert tag.raw_get("/Pg") == page.indirect_reference
            while tag != root:
                assert tag["/Type"] == "/StructElem"
                tag = tag["/P"]
    assert (read.root_object["/Lang"], read.root_object["/MarkInfo"]["/Marked"].value) == ("vi", True)


def test_a_bundle_of_which_one_file_has_no_tags_claims_none(pages):
    with PdfWriter() as writer:
        writer.append(io.BytesIO(pages[1]))  # which is what pypdf makes of tags
        bare = io.BytesIO()
        writer.write(bare)

    read = PdfReader(io.BytesIO(joined([("một", pages[0]), ("hai", bare.getvalue())], "Tập")))

    assert len(read.pages) == 2
    assert "/StructTreeRoot" not in read.root_object
    assert "/MarkInfo" not in read.root_object


def test_too_many_for_one_pdf_are_refused_before_anything_is_read():
    with pytest.raises(TooMany):
        one_pdf([Bundled(Report(), "")] * (MOST_IN_ONE_PDF + 1), "")
