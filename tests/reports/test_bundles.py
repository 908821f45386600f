"""All reports below a committee in one file: asked for once as a PDF, made by a worker, fetched, kept for some days."""

import datetime as dt
import io
import os
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from accounts import retaining
from accounts.models import AuditEntry
from cells.jobs.claiming import claim
from cells.models import Post, Role
from cells.papers.joining import join
from cells.papers.pdf import render
from cells.reach import with_reach
from cells.restructuring.orders import Order
from reports import binding, joining, running
from reports.bundling import Bundled, digest_of, reports_below
from reports.collecting import collect
from reports.making import Unwanted, publish
from reports.models import Bundle, Report
from reports.periods import Period
from tests.cells.test_restructuring import done
from tests.factories import PostFactory
from tests.reports.child import PDF
from tests.reports.contents import content, ending, paragraph
from tests.reports.jobs import child, sent_report
from tests.reports.obligations.test_reporting import goes_over

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024-Q3")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def quick(settings):
    settings.JOIN_COMMAND = child("quick")


@pytest.fixture(scope="module")
def pages():
    return [render(content([paragraph(f"Báo cáo thứ {number}."), ending()])) for number in (1, 2)]


def page(cast) -> str:
    return f"{reverse('reports:bundle')}?organisation={cast.committee.public_id}&span=Q3&year=2024"


def at(name: str, bundle: Bundle) -> str:
    return reverse(f"reports:{name}", args=[bundle.public_id])


def post(client, address, **fields):
    return client.post(address, {"form_key": str(uuid.uuid4())} | fields)


def asked(client, cast, **changes):
    """Presses the button of the page that Minh has in front of him."""
    seen = client.get(page(cast)).context["seen"]
    told = {"organisation": str(cast.committee.public_id), "span": "Q3", "year": "2024", "seen": seen}
    return post(client, reverse("reports:ask_for_bundle"), **told | changes)


def fetched(client, bundle: Bundle) -> bytes:
    answer = client.get(at("download_bundle", bundle))
    return b"".join(answer.streaming_content)


@pytest.fixture
def bundle(cast) -> Bundle:
    """Of the reports of two cells, just asked for by Minh."""
    for number, cell in enumerate((cast.cell, cast.neighbour)):
        sent_report(cell, b"%%PDF-1.7 of a cell %d" % number)
    minh = with_reach(cast.minh)
    bundled = reports_below(minh, cast.committee, QUARTER)
    return binding.ask(minh, cast.committee, QUARTER, bundled, digest_of(bundled))


def test_minh_has_all_reports_below_him_in_one_pdf_with_bookmarks_or_as_an_archive(cast, client, pages):
    sent_report(cast.cell, pages[0])
    sent_report(cast.neighbour, pages[1])
    sent_report(cast.sibling, pages[1], stage="replaced")
    Report.unscoped.create(organisation=cast.other_sibling, period=QUARTER.code, until=QUARTER.until)  # a draft
    client.force_login(cast.minh)
    assert [one.name for one in client.get(page(cast)).context["bundled"]] == ["Chi bộ hai", "Chi bộ một"]

    answer = asked(client, cast)
    bundle = Bundle.unscoped.get()
    assert answer.url == at("made_bundle", bundle)
    assert "hx-get" in client.get(answer.url).content.decode()
    assert "Tập báo cáo quý III năm 2024 đang được gộp" in client.get(reverse("reports:home")).content.decode()
    assert joining.join(bundle.pk)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.error, bundle.progress, bundle.total) == ("done", "", 0, 2)
    assert "Tập báo cáo quý III năm 2024 đã gộp xong" in client.get(reverse("reports:home")).content.decode()
    assert "Tải về" in client.get(at("bundle_state", bundle)).content.decode()
    assert "đã gộp xong" not in client.get(reverse("reports:home")).content.decode()
    read = PdfReader(io.BytesIO(fetched(client, bundle)), strict=True)
    assert [entry.title for entry in read.outline] == ["Chi bộ hai", "Chi bộ một"]
    assert [read.get_destination_page_number(entry) for entry in read.outline] == [0, 1]
    assert ["thứ 2" in read.pages[0].extract_text(), "thứ 1" in read.pages[1].extract_text()] == [True, True]
    assert read.metadata.title.startswith("Tập báo cáo quý III năm 2024, Đảng bộ khối mẫu, theo danh sách lúc ")
    assert_tagged(read)
    packed = b"".join(client.get(reverse("reports:bundle_zip") + page(cast).partition("tap/")[2]).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["0001 Chi bộ hai.pdf", "0002 Chi bộ một.pdf"]
        assert archive.read("0002 Chi bộ một.pdf") == pages[0]
    actions = AuditEntry.objects.filter(action__startswith="report.bundle").order_by("pk")
    told = ["asked", "made", "downloaded"]
    assert [one.action for one in actions] == [*(f"report.bundle_{word}" for word in told), "report.bundled"]


def assert_tagged(read: PdfReader) -> None:
    """Each page leads to its own tags, and each tag up to the one root."""
    root = read.root_object["/StructTreeRoot"]
    lists = [kid.get_object() for kid in root["/ParentTree"]["/Kids"]]
    assert all(one["/Limits"] == [one["/Nums"][0], one["/Nums"][-2]] for one in lists)
    tags = dict(pair for one in lists for pair in zip(one["/Nums"][::2], one["/Nums"][1::2], strict=True))
    assert sorted(page["/StructParents"] for page in read.pages) == sorted(tags)
    for page in read.pages:
        for tag in (one.get_object() for one in tags[page["/StructParents"]].get_object()):
            assert tag.raw_get("/Pg") == page.indirect_reference
            while tag != root:
                assert tag["/Type"] == "/StructElem"
                tag = tag["/P"]
    assert (read.root_object["/Lang"], read.root_object["/MarkInfo"]["/Marked"].value) == ("vi", True)


def test_a_bundle_of_which_one_file_has_no_tags_claims_none_and_no_signature_either(pages):
    with PdfWriter() as writer:
        writer.append(io.BytesIO(pages[1]))  # which is what pypdf makes of tags
        notes = ["/Widget", "/Text"]
        marks = [DictionaryObject({NameObject("/Subtype"): NameObject(kind)}) for kind in notes]
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(mark) for mark in marks])
        bare = io.BytesIO()
        writer.write(bare)
    whole = io.BytesIO()

    join([("một", pages[0]), ("hai", bare.getvalue())], "Tập", whole)

    read = PdfReader(whole, strict=True)
    assert len(read.pages) == 2
    assert [one.get_object()["/Subtype"] for one in read.pages[1]["/Annots"]] == ["/Text"]
    assert "/StructTreeRoot" not in read.root_object
    assert "/MarkInfo" not in read.root_object


def test_who_asks_twice_has_one_job_and_nobody_gets_another_list_than_was_seen(cast, client, bundle, quick):
    client.force_login(cast.minh)
    assert asked(client, cast).url == at("made_bundle", bundle)
    joining.join(bundle.pk)
    assert asked(client, cast).url == at("made_bundle", bundle)
    assert Bundle.unscoped.get().attempts == 1

    old = client.get(page(cast)).context["seen"]
    Report.unscoped.filter(organisation=cast.cell).update(stage="returned")

    assert asked(client, cast, seen=old).url == page(cast)
    assert "Danh sách báo cáo vừa thay đổi" in client.get(page(cast)).content.decode()
    assert Bundle.unscoped.count() == 1
    assert "từ đó bị trả lại" in client.get(at("made_bundle", bundle)).content.decode()
    assert asked(client, cast).url != at("made_bundle", bundle)
    assert Bundle.unscoped.count() == 2


def test_who_lost_the_post_gets_nothing_more(cast, client, bundle, quick):
    joining.join(bundle.pk)
    client.force_login(cast.minh)
    assert fetched(client, bundle) == PDF
    client.force_login(cast.binh)  # of the same committee, but did not ask
    assert client.get(at("download_bundle", bundle)).status_code == 404

    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Post.unscoped.filter(user=cast.minh).update(last_day=yesterday)
    Post.unscoped.create(user=cast.minh, organisation=cast.sibling, role="committee", first_day=yesterday)
    client.force_login(cast.minh)

    for name in ("made_bundle", "bundle_state", "download_bundle"):
        assert client.get(at(name, bundle)).status_code == 404
    Bundle.unscoped.update(state="requested")
    joining.join(bundle.pk)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.error) == ("failed", "Người yêu cầu không còn quyền xem các báo cáo này.")


def test_a_file_that_is_not_what_was_signed_is_named_and_nothing_is_made(cast, client, bundle, tmp_path):
    broken = Report.unscoped.get(organisation=cast.neighbour)
    (tmp_path / broken.artifact.path).write_bytes(b"%PDF-1.7 of somebody else")

    while joining.join(bundle.pk):
        pass

    bundle.refresh_from_db()
    assert (bundle.state, bundle.errors) == ("failed", 3)
    assert bundle.error == "Không đọc được tệp báo cáo của Chi bộ hai. Hãy báo người quản trị."
    assert os.listdir(tmp_path / "bundles") == []
    client.force_login(cast.minh)
    assert bundle.error in client.get(reverse("reports:home")).content.decode()
    packed = client.get(reverse("reports:bundle_zip") + page(cast).partition("tap/")[2], follow=True)
    assert bundle.error in packed.content.decode()
    post(client, at("make_bundle_again", bundle))
    bundle.refresh_from_db()
    assert (bundle.state, bundle.errors, bundle.error) == ("requested", 0, "")


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (["failing", "MemoryError"], "Tập báo cáo quá lớn: không đủ bộ nhớ để gộp."),
        (["failing", "KeyError: x"], "Có lỗi khi gộp báo cáo. Nếu thử lại vẫn lỗi, hãy báo người quản trị số {}."),
        (["cut"], "Tệp báo cáo lập ra không đầy đủ."),
    ],
)
def test_a_fault_is_told_in_plain_words(bundle, settings, way, reason):
    settings.JOIN_COMMAND = child(*way)

    joining.join(bundle.pk)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.error) == ("requested", reason.format(bundle.pk))


def test_what_is_called_off_is_not_made_and_can_be_asked_for_again(cast, client, bundle, quick, tmp_path):
    working = claim(Bundle, bundle.pk, uuid.uuid4())
    client.force_login(cast.minh)

    post(client, at("call_off_bundle", bundle))

    draft = tmp_path / "draft"
    draft.write_bytes(b"%PDF-1.7\n%%EOF\n")
    with pytest.raises(Unwanted):
        publish(working, draft, lambda *file: joining.finish(working, *file))
    assert [path.name for path in tmp_path.glob("*.pdf")] == []
    assert "Đã hủy việc gộp" in client.get(at("made_bundle", bundle)).content.decode()
    assert not joining.join(bundle.pk)
    post(client, at("make_bundle_again", bundle))
    assert joining.join(bundle.pk)


def test_the_file_goes_after_some_days_and_the_row_says_so(
    cast, client, bundle, quick, tmp_path, django_capture_on_commit_callbacks
):
    joining.join(bundle.pk)
    (file,) = (tmp_path / "bundles").iterdir()
    os.utime(file, (0, 0))
    assert collect() == 0  # it has a row
    Bundle.unscoped.update(finished=timezone.now() - dt.timedelta(days=8))

    with django_capture_on_commit_callbacks(execute=True):
        assert retaining.apply()["bundles"] == 1

    assert not file.exists()
    client.force_login(cast.minh)
    assert client.get(at("download_bundle", bundle)).status_code == 404
    assert "Tệp đã hết hạn lưu" in client.get(at("made_bundle", bundle)).content.decode()
    assert asked(client, cast).url == at("made_bundle", bundle)
    assert joining.join(bundle.pk)
    assert fetched(client, bundle) == PDF


def test_a_file_that_is_gone_with_its_disk_is_made_again(cast, client, bundle, quick, tmp_path):
    joining.join(bundle.pk)
    (file,) = (tmp_path / "bundles").iterdir()
    file.unlink()
    client.force_login(cast.minh)

    answer = client.get(at("download_bundle", bundle), follow=True)

    assert "Không tìm thấy tệp này trên máy chủ. Hãy gộp lại." in answer.content.decode()
    post(client, at("make_bundle_again", bundle))
    assert Bundle.unscoped.get().state == "requested"


def test_three_at_once_and_not_more(cast, client, bundle):
    told = {"asked_by": cast.minh, "top": cast.committee, "period": "2024-Q2", "papers": [], "count": 0}
    for number in range(binding.AT_ONCE - 1):
        Bundle.unscoped.create(papers_sha256=str(number), **told)
    sent_report(cast.sibling, b"%PDF-1.7")
    client.force_login(cast.minh)

    assert asked(client, cast).url == page(cast)

    assert "Các tập trước chưa gộp xong" in client.get(page(cast)).content.decode()
    assert Bundle.unscoped.count() == binding.AT_ONCE


def test_more_than_a_worker_can_join_are_refused_before_anything_is_written(cast):
    with pytest.raises(binding.TooMany):
        binding.ask(cast.minh, cast.committee, QUARTER, [Bundled(Report(), "")] * (binding.MOST_IN_ONE_PDF + 1), "")


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_often_for_three_as_for_one(cast, client, count, django_assert_num_queries):
    for number, place in enumerate((cast.cell, cast.neighbour, cast.sibling)[:count]):
        sent_report(place, b"%PDF-1.7")
        told = {"papers": [], "count": 0, "papers_sha256": str(number), "state": "cancelled"}
        Bundle.unscoped.create(asked_by=cast.minh, top=cast.committee, period="2024-Q2", **told)
    minh = with_reach(cast.minh)
    bundled = reports_below(minh, cast.committee, QUARTER)
    bundle = binding.ask(minh, cast.committee, QUARTER, bundled, digest_of(bundled))
    client.force_login(cast.minh)
    client.get(page(cast))

    with django_assert_num_queries(12):
        shown = client.get(page(cast))
    with django_assert_num_queries(9):
        made = client.get(at("made_bundle", bundle))

    assert len(shown.context["bundled"]) == count
    assert len(shown.context["earlier"]) == count + 1
    assert len(made.context["papers"]) == count


def test_the_page_of_a_run_leads_to_its_bundle(cast, client):
    run = running.begin(QUARTER, cast.committee, cast.minh)
    client.force_login(cast.minh)

    assert client.get(reverse("reports:run", args=[run.public_id])).context["bundle_url"] == page(cast)


def test_each_committee_bundles_what_went_to_it_when_its_cell_moved_and_what_came_to_one_it_took_over(cast):
    """The cell went over to 1.10 on 15 August 2024, which was merged into 1.11 two years later."""
    goes_over(cast.cell, dt.date(2024, 8, 15), cast.sibling)
    part = sent_report(cast.cell, b"%PDF", until=dt.date(2024, 8, 14), receiver=cast.branch)
    whole = sent_report(cast.cell, b"%PDF", until=dt.date(2024, 9, 20), receiver=cast.sibling)

    def bundled(top):
        board = PostFactory(role=Role.BOARD, organisation=top).user
        return [one.report for one in reports_below(with_reach(board), top, QUARTER)]

    assert [bundled(top) for top in (cast.branch, cast.sibling, cast.other_sibling)] == [[part], [whole], []]
    done(Order("absorb", dt.date(2026, 8, 1), "QĐ 1", organisations=(cast.sibling,), heir=cast.other_sibling))
    assert bundled(cast.other_sibling) == [whole]
