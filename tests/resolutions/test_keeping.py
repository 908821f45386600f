"""A board files a document once, publishes its outline in editions, and sees which cell has which."""

import datetime as dt
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEntry, AuditValues
from cells.models import UploadStatement
from cells.reach import with_reach
from resolutions import receiving
from resolutions.models import Document, Outline, OutlineWords, PaperHandover, Receipt
from resolutions.searching import matching
from sessions.models import AgendaBlock
from tests.cells.uploads import papers
from tests.factories import SessionFactory
from tests.resolutions.factories import DocumentFactory, OutlineFactory

WRITTEN = {"issuer": "Bộ Chính trị", "type": "CT", "subject": "Học tập và làm theo", "valid_from": "", "valid_to": ""}


def post(client, name, *args, **data):
    return client.post(reverse(f"resolutions:{name}", args=args), {"form_key": str(uuid.uuid4()), **data})


def fetched(client, outline) -> int:
    response = client.get(reverse("resolutions:download", args=[outline.public_id]))
    return response.status_code if response.getvalue() else 0


@pytest.fixture
def binh(client, cast):
    client.force_login(cast.binh)
    return client


@pytest.fixture
def directive(cast):
    return DocumentFactory(owner=cast.committee, type="CT", symbol="05-CT/TW", term="khóa XII")


def upload(content: bytes, name="de-cuong.docx"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def docx(text: str) -> bytes:
    return papers.docx(papers.paragraph(text))


def test_the_number_fills_the_rest_and_shows_what_is_there_already(binh, directive):
    page = binh.get(reverse("resolutions:add"), {"cite": "Chỉ thị số 05 khóa XII ngày 15/5/2016"})

    assert page.context["same"] == [directive]
    initial = page.context["form"].initial
    assert (initial["type"], initial["term"], f"{initial['issued_on']}") == ("CT", "khóa XII", "2016-05-15")


def test_a_duplicate_is_neither_made_silently_nor_forbidden(binh, directive):
    told = WRITTEN | {"symbol": "05 - CT/TW", "term": "xii", "issued_on": "15/5/2016"}

    offered = post(binh, "add", **told)
    assert (offered.status_code, offered.context["same"], Document.unscoped.count()) == (422, [directive], 1)

    post(binh, "add", **told, is_another="on")
    made = Document.unscoped.exclude(pk=directive.pk).get()
    assert (made.symbol, made.number, made.term, made.owner) == ("05 - CT/TW", 5, "khóa XII", directive.owner)


def test_a_programme_keeps_its_span_over_the_reorganisation(binh):
    page = binh.get(reverse("resolutions:add"), {"cite": "01-ĐA/ĐUK, 09/02/2022, giai đoạn 2022–2025"})

    initial = page.context["form"].initial
    assert (initial["symbol"], initial["issuer"]) == ("01-ĐA/ĐUK", "Đảng ủy Khối")
    assert (initial["valid_from"], initial["valid_to"]) == ("01/01/2022", "31/12/2025")


def test_the_second_of_two_who_edit_sees_both_versions(binh, directive):
    told = WRITTEN | {"symbol": "05-CT/TW", "term": "khóa XII", "version": "1"}
    post(binh, "amend", directive.public_id, **told | {"subject": "Bản của người thứ nhất"})

    second = post(binh, "amend", directive.public_id, **told | {"subject": "Bản của người thứ hai"})

    assert second.status_code == 409
    assert second.context["versions"] == [("Trích yếu", "Bản của người thứ hai", "Bản của người thứ nhất")]
    directive.refresh_from_db()
    assert (directive.subject, directive.version) == ("Bản của người thứ nhất", 2)


def test_a_withdrawn_document_leaves_the_list_and_says_why(binh, directive):
    outline = OutlineFactory(document=directive)

    post(binh, "withdraw", directive.public_id, reason="Đưa lên nhầm")

    assert list(binh.get(reverse("resolutions:list")).context["rows"]) == []
    page = binh.get(reverse("resolutions:document", args=[directive.public_id]))
    assert "Lý do: Đưa lên nhầm" in page.content.decode()
    assert binh.get(reverse("resolutions:download", args=[outline.public_id])).status_code == 404


def test_a_second_edition_reminds_the_cells_that_hold_the_first(binh, client, cast, directive):
    post(binh, "add_outline", directive.public_id, title="Giới thiệu", audience="members", is_attested="on",
         file=upload(docx("Lời mở đầu")))  # fmt: skip
    first = Outline.unscoped.get()
    client.force_login(cast.lan)
    post(client, "receive", first.public_id)
    client.force_login(cast.binh)
    post(client, "new_edition", first.public_id, is_attested="on", changes="Thêm câu hỏi",
         file=upload(docx("Bổ sung câu hỏi")))  # fmt: skip

    second = Outline.unscoped.get(edition=2)
    rows = receiving.rows_for(with_reach(cast.binh), second)
    assert [(row.name, row.holding.value, row.edition) for row in rows] == [
        ("Chi bộ hai", "missing", None),
        ("Chi bộ một", "old", 1),
    ]
    reminders = receiving.reminders(with_reach(cast.lan))
    assert [(one.outline, one.held) for one in reminders] == [(second, 1)]
    assert fetched(client, first) == 200

    client.force_login(cast.lan)
    assert fetched(client, second) == 200
    assert receiving.reminders(with_reach(cast.lan)) == []
    assert [receipt.way for receipt in Receipt.unscoped.order_by("pk")] == ["said", "fetched"]


def test_used_is_what_a_finished_session_took_up_in_whichever_edition(binh, cast, directive):
    first, second = (OutlineFactory(document=directive, title="Giới thiệu", edition=number) for number in (1, 2))
    states = {"closed": first, "planned": second, "cancelled": second}
    for day, (state, outline) in enumerate(states.items(), start=3):
        session = SessionFactory(cell=cast.cell, day=dt.date(2024, 7, day), state=state)
        block = AgendaBlock.unscoped.create(session=session, position=1, part="regular", title="Văn bản mới")
        block.outlines.add(outline)

    rows = {row.cell: row.uses for row in receiving.rows_for(with_reach(cast.binh), second)}
    page = binh.get(reverse("resolutions:receipts", args=[second.public_id])).content.decode()

    assert {cell: [(use.day, use.edition) for use in uses] for cell, uses in rows.items()} == {
        cast.cell.pk: [(dt.date(2024, 7, 3), 1)],
        cast.neighbour.pk: [],
    }
    assert page.count('class="use-link"') == 1


def test_a_search_finds_words_of_the_file_without_marks(binh, cast, directive):
    post(binh, "add_outline", directive.public_id, title="Giới thiệu", audience="speakers", is_attested="on",
         file=upload(docx("Phòng chống lãng phí")))  # fmt: skip

    found = {
        name: list(matching(Document.objects.for_user(user := with_reach(getattr(cast, name))), "lang phi hoc", user))
        for name in ("binh", "son", "mai")
    }

    assert found == {"binh": [directive], "son": [directive], "mai": []}  # it is for speakers


def test_a_search_finds_titles_of_outlines_and_links_without_marks(binh, cast, directive):
    post(binh, "add_outline", directive.public_id, title="Gợi ý trình bày bằng video", audience="members",
         is_attested="on", link="https://video.example/1")  # fmt: skip

    user = with_reach(cast.mai)
    assert list(matching(Document.objects.for_user(user), "goi y trinh bay", user)) == [directive]


@pytest.mark.parametrize("name", ["symbol", "issuer", "subject"])
def test_what_is_told_of_a_document_bears_no_mark(name, binh):
    told = WRITTEN | {"symbol": "07-BC/TU", "term": "", "issued_on": ""} | {name: "12-BC/TU-MẬT"}

    answer = post(binh, "add", **told)
    cited = binh.get(reverse("resolutions:add"), {"cite": "12-BC/TU-MẬT"})

    assert answer.context["form"].errors.keys() == {name}
    assert Document.unscoped.count() == 0
    assert "Hãy dùng sổ giao nhận văn bản giấy" in cited.content.decode()
    assert "12-BC/TU" not in cited.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mat.docx", docx("TUYỆT MẬT")),
        ("TUYET MAT.docx", docx("Lời mở đầu")),
        ("trang.pdf", b"<html><script>1</script>"),
        ("trang.docx", b"MZ\x90"),
        ("rong.pdf", b""),
        ("../../x.svg", b"<svg/>"),
        ("a" * 300 + ".exe", b"x"),
        ("\u202efdp.pdf", b"\x00"),
    ],
)
def test_what_may_not_come_in_is_not_stored_and_answered_at_the_field(name, content, binh, directive, settings):
    answer = post(binh, "add_outline", directive.public_id, title="Giới thiệu", audience="members",
                  is_attested="on", file=upload(content, name))  # fmt: skip

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"file"}
    assert answer.context["form"]["title"].value() == "Giới thiệu"
    assert Outline.unscoped.count() == 0
    assert list(settings.DATA_DIR.rglob("uploads/*")) == []


def test_a_file_too_large_for_memory_touches_no_disk_and_is_told_at_its_field(binh, directive, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
    written = []
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", lambda *args, **options: written.append(args))

    answer = post(binh, "add_outline", directive.public_id, title="Giới thiệu", audience="members",
                  is_attested="on", file=upload(b"%PDF-" + bytes(21 * 1024 * 1024), "lon.pdf"))  # fmt: skip

    assert (answer.status_code, written) == (422, [])
    assert "Tệp quá lớn" in str(answer.context["form"].errors["file"])


def test_what_the_uploader_states_is_kept_when_a_stamped_file_is_refused(binh, cast, directive):
    post(binh, "add_outline", directive.public_id, title="Giới thiệu", audience="members", is_attested="on",
         file=upload(docx("MẬT")))  # fmt: skip

    statement = UploadStatement.unscoped.get()
    assert (statement.user, statement.is_attested, statement.outcome) == (cast.binh, True, "classified")


@pytest.mark.parametrize("link", ["http://video.example/1", "javascript:alert(1)", "https://a:b@video.example/", "x"])
def test_only_links_by_https_are_taken(link, binh, directive):
    answer = post(binh, "add_outline", directive.public_id, title="Video", audience="members", is_attested="on",
                  link=link)  # fmt: skip

    assert answer.context["form"].errors.keys() == {"link"}


def test_a_picture_waits_for_a_second_person(binh, cast, directive, settings):
    post(binh, "add_outline", directive.public_id, title="Ảnh", audience="members", is_attested="on",
         file=upload(papers.png(), "anh.png"))  # fmt: skip
    outline = Outline.unscoped.get()
    assert outline.state == "waiting"

    post(binh, "release", outline.public_id)
    outline.refresh_from_db()
    assert outline.state == "waiting"

    binh.force_login(cast.minh)
    post(binh, "refuse", outline.public_id)
    outline.refresh_from_db()
    assert outline.state == "removed"


def test_numbers_of_the_paper_book_run_on_and_stay(binh, cast):
    told = {"day": "01/02/2024", "copies": "2", "handed_by": "Lê Giao", "received_by": "Lê Nhận"}
    for _again in range(2):
        post(binh, "handover_enter", **told)
    first, second = PaperHandover.unscoped.order_by("number")
    post(binh, "handover_cancel", first.public_id, cancelled="mistake")
    post(binh, "handover_returned", second.public_id, returned_on="05/02/2024")
    post(binh, "handover_enter", **told)

    lines = PaperHandover.unscoped.order_by("number").values_list("number", "cancelled", "returned_on__day")
    assert list(lines) == [(1, "mistake", None), (2, "", 5), (3, "", None)]
    refused = post(binh, "handover_enter", **told | {"received_by": "Số 12-BC/TU"})
    assert refused.context["form"].errors.keys() == {"received_by"}


def test_the_paper_book_has_no_place_for_what_a_paper_says():
    typed = {"day", "copies", "handed_by", "received_by", "returned_on"}
    kept = {"id", "public_id", "organisation", "number", "cancelled", "entered_by", "created"}

    assert {field.name for field in PaperHandover._meta.fields} == typed | kept


@pytest.mark.django_db(transaction=True)
def test_purging_leaves_nothing_of_a_document(binh, cast, settings, capsys):
    post(binh, "add", **WRITTEN | {"symbol": "77-KL/TU", "type": "KL", "term": "", "subject": "Canarymot"})
    document = Document.unscoped.get()
    post(binh, "add_outline", document.public_id, title="Canaryhai", audience="members", is_attested="on",
         file=upload(docx("Canaryba")))  # fmt: skip

    call_command("purge_document", str(document.public_id))

    tables = [Document, Outline, OutlineWords, AuditEntry, AuditValues]
    stored = str([list(model._base_manager.values()) for model in tables]).lower()
    assert [word for word in ("canarymot", "canaryhai", "canaryba") if word in stored] == []
    assert list((settings.DATA_DIR / "uploads").iterdir()) == []
    assert AuditEntry.objects.filter(action="document.purged").count() == 1
    assert "Đã xóa 1 tệp" in capsys.readouterr().out
