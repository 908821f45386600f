"""Mai taps an outline: she gets that file, whole, under its own name, and the house remembers it."""

import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from resolutions.models import Outline
from tests.resolutions.factories import DocumentFactory, OutlineFactory
from tests.resolutions.headers import saved_name

BODY = b"%PDF-1.7 0123456789"
SPEAKERS = Outline.Audience.SPEAKERS


@pytest.fixture
def outline(cast):
    return OutlineFactory(document=DocumentFactory(owner=cast.committee))


@pytest.fixture
def mai(client, cast):
    client.force_login(cast.mai)
    return client


def address(outline):
    return reverse("resolutions:download", args=[outline.public_id])


def test_the_file_arrives_whole_with_its_name_and_locked_up(mai, cast, outline):
    response = mai.get(address(outline))

    assert response.getvalue() == BODY
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(BODY)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store, private",
        "Accept-Ranges": "bytes",
    }
    assert {name: response.headers[name] for name in wanted} == wanted
    assert saved_name(response.headers["Content-Disposition"]) == "Đề cương giới thiệu kết luận.pdf"


def test_each_download_is_written_down_and_a_look_at_the_headers_is_not(mai, cast, outline):
    mai.head(address(outline)).getvalue()
    mai.get(address(outline)).getvalue()
    mai.get(address(outline), headers={"range": "bytes=9-"}).getvalue()

    entries = AuditEntry.objects.filter(action="outline.downloaded").order_by("pk")
    assert [(entry.actor, entry.object_id, entry.detail.get("part", "")) for entry in entries] == [
        (cast.mai, str(outline.pk), ""),
        (cast.mai, str(outline.pk), "bytes 9-18/19"),
    ]


@pytest.mark.parametrize(
    ("asked", "part", "body"),
    [
        ("bytes=0-3", "bytes 0-3/19", b"%PDF"),
        ("bytes=9-", "bytes 9-18/19", b"0123456789"),
        ("bytes=18-18", "bytes 18-18/19", b"9"),
        ("bytes=-4", "bytes 15-18/19", b"6789"),
        ("bytes=-400", "bytes 0-18/19", BODY),
        ("bytes=15-400", "bytes 15-18/19", b"6789"),
    ],
)
def test_a_broken_download_goes_on_where_it_stopped(mai, outline, asked, part, body):
    response = mai.get(address(outline), headers={"range": asked})

    assert response.status_code == 206
    assert response.getvalue() == body
    assert (response.headers["Content-Range"], response.headers["Content-Length"]) == (part, str(len(body)))


def test_behind_a_web_server_that_one_sends_the_bytes_and_we_say_which(mai, outline, settings):
    settings.X_ACCEL = "/files/"

    response = mai.get(address(outline), headers={"range": "bytes=9-"})

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["X-Accel-Redirect"] == f"/files/{outline.stored_name}"
    assert response.headers["Content-Type"] == "application/pdf"
    assert saved_name(response.headers["Content-Disposition"]) == "Đề cương giới thiệu kết luận.pdf"
    assert AuditEntry.objects.filter(action="outline.downloaded").count() == 1


def test_no_web_server_is_told_of_what_may_not_be_read(mai, cast, settings):
    settings.X_ACCEL = "/files/"
    hidden = OutlineFactory(document=DocumentFactory(owner=cast.committee), state="quarantine")

    response = mai.get(address(hidden))

    assert (response.status_code, "X-Accel-Redirect" in response.headers) == (404, False)


@pytest.mark.parametrize("asked", ["bytes=19-", "bytes=400-500", "bytes=-0"])
def test_no_part_reaches_beyond_the_end(mai, outline, asked):
    response = mai.get(address(outline), headers={"range": asked})

    assert (response.status_code, response.headers["Content-Range"], response.content) == (416, "bytes */19", b"")


@pytest.mark.parametrize("asked", ["", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "pages=1-2", "bytes=a-b", "bytes=٣-٤"])
def test_a_part_that_cannot_be_read_is_answered_with_all(mai, outline, asked):
    response = mai.get(address(outline), headers={"range": asked})

    assert (response.status_code, response.getvalue()) == (200, BODY)


def test_the_type_comes_from_our_table_not_from_the_name(mai, cast):
    page = OutlineFactory(
        document=DocumentFactory(owner=cast.committee), file_name="trang.html", content_type="text/html"
    )

    response = mai.get(address(page))

    assert response.getvalue() == BODY
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert saved_name(response.headers["Content-Disposition"]) == "trang.html.bin"


@pytest.mark.parametrize("stored", [None, b"%PDF cut"])
def test_a_lost_or_shortened_file_is_said_plainly_and_logged_by_number(mai, cast, settings, caplog, stored):
    lost = OutlineFactory(document=DocumentFactory(owner=cast.committee), title="Đề cương bị mất")
    path = settings.DATA_DIR / "uploads" / lost.stored_name
    path.write_bytes(stored) if stored else path.unlink()

    response = mai.get(address(lost), follow=True)

    document = reverse("resolutions:document", args=[lost.document.public_id])
    assert [url for url, _status in response.redirect_chain] == [document]
    assert "Không tìm thấy tệp này trên máy chủ. Hãy báo người quản trị." in response.content.decode()
    errors = [record.getMessage() for record in caplog.records if record.name == "cells.uploads.answering"]
    assert errors == [f"the file of outline {lost.pk} is missing or cut short"]
    assert AuditEntry.objects.filter(action="outline.downloaded").count() == 0


WHO_GETS_WHAT = {
    # who: (members' outline of own cell, of the committee above; speakers' of the committee; members' of the cell)
    "mai": (200, 200, 404),
    "lan": (200, 200, 200),
    "hoa": (200, 200, 200),
    "nam": (404, 200, 200),
    "son": (404, 200, 200),
    "minh": (200, 200, 200),
    "binh": (200, 200, 200),
    "thu": (200, 200, 200),
    "quan": (404, 404, 404),
}


@pytest.mark.parametrize("name", WHO_GETS_WHAT)
def test_who_gets_which_outline(client, cast, name):
    above, cell = DocumentFactory(owner=cast.committee), DocumentFactory(owner=cast.cell)
    outlines = [
        OutlineFactory(document=cell),
        OutlineFactory(document=above),
        OutlineFactory(document=above, audience=SPEAKERS),
    ]
    client.force_login(getattr(cast, name))

    answers = [client.get(address(outline)) for outline in outlines]

    codes = tuple(answer.status_code for answer in answers)
    assert codes == WHO_GETS_WHAT[name]
    assert [answer.getvalue() for answer in answers if answer.status_code == 200] == [BODY] * codes.count(200)


@pytest.mark.parametrize("place", ["neighbour", "sibling", "foreign"])
@pytest.mark.parametrize("page", ["download", "document"])
def test_what_belongs_to_others_is_not_there(mai, cast, place, page):
    foreign = OutlineFactory(document=DocumentFactory(owner=getattr(cast, place)))
    public_id = foreign.public_id if page == "download" else foreign.document.public_id

    theirs = mai.get(reverse(f"resolutions:{page}", args=[public_id]))
    nobodys = mai.get(reverse(f"resolutions:{page}", args=[uuid.uuid4()]))

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert theirs.headers == nobodys.headers


def test_strangers_are_sent_to_the_log_in(client, outline):
    response = client.get(address(outline))

    assert response.url == f"/dang-nhap/?{urlencode({'next': address(outline)})}"


def test_a_download_only_reads(mai, outline):
    assert mai.post(address(outline)).status_code == 405
