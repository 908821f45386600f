"""A board fills the sites of its conference in on Excel: that conference's, and nothing else goes by the same way."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cells.importing.working import work
from cells.models import ImportBatch, Post
from resolutions.models import Mode, ReceivingSite, StudyConference
from tests.cells.imports import carried_out, decide
from tests.factories import ConferenceFactory, ReceivingSiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def conference(cast):
    return ConferenceFactory(organisation=cast.committee, mode=Mode.HYBRID)


@pytest.fixture
def binh(cast, client):
    """On the board of the committee, in no committee."""
    client.force_login(cast.binh)
    return cast.binh


def template(client, conference) -> openpyxl.Workbook:
    answer = client.get(reverse("resolutions:sites_workbook", args=[conference.public_id]))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def handed_in(client, conference, book: openpyxl.Workbook):
    file = io.BytesIO()
    book.save(file)
    told = {"file": SimpleUploadedFile("diem-cau.xlsx", file.getvalue()), "form_key": uuid.uuid4()}
    return client.post(reverse("resolutions:import_sites", args=[conference.public_id]), told)


def planned(client, conference, book) -> ImportBatch:
    assert handed_in(client, conference, book).status_code == 302
    batch = ImportBatch.unscoped.latest("pk")
    assert work(batch.pk)
    batch.refresh_from_db()
    return batch


def sites() -> list[tuple]:
    return list(ReceivingSite.unscoped.order_by("pk").values_list("name", "organisation__code", "expected", "present"))


def wrong(client, batch) -> str:
    """What the preview says, as it begins a line or not."""
    answer = client.get(reverse("cells:import", args=[batch.public_id]), {"show": "wrong"})
    return answer.content.decode().lower()


def test_the_template_comes_back_filled_in_is_seen_confirmed_and_undone(client, binh, conference):
    page = client.get(reverse("resolutions:conference", args=[conference.public_id])).content.decode()
    assert reverse("resolutions:import_sites", args=[conference.public_id]) in page
    book = template(client, conference)
    for row in book.active.iter_rows(min_row=2):
        row[3].value, row[4].value = 40, 38

    batch = planned(client, conference, book)
    assert sites() == []
    shown = client.get(reverse("cells:import", args=[batch.public_id]), {"show": "added"}).content.decode()
    assert "Điểm cầu Đảng bộ 1.10" in shown
    carried_out(client, "import_confirm", batch, plan=batch.plan_number)
    assert sites() == [(f"Điểm cầu Đảng bộ {code}", code, 40, 38) for code in ("1.1", "1.10", "1.11")]
    after = client.get(reverse("cells:import", args=[batch.public_id])).content.decode()
    assert reverse("resolutions:conference", args=[conference.public_id]) in after

    carried_out(client, "import_undo", batch)
    assert sites() == []


def test_nothing_but_the_sites_of_that_conference_is_written(client, binh, cast, conference):
    other = ConferenceFactory(organisation=cast.committee, mode=Mode.HYBRID)
    book = template(client, conference)
    book.active.append([other.code, "Điểm cầu của hội nghị khác", None, 5, 5])
    book.active.append([conference.code, "Điểm cầu nơi khác", "11", 5, 5])
    book.active.append([conference.code, "Điểm cầu không có thật", "999", 5, 5])
    more = book.create_sheet("Đảng viên")
    more.append(["Mã đảng viên", "Họ và tên"])
    more.append(["DV-LA", "Người lạ"])

    batch = planned(client, conference, book)

    page = wrong(client, batch)
    assert batch.summary["is_right"] is False
    assert batch.summary["counts"]["Điểm cầu"]["wrong"] == 4  # three rows, and the sheet that does not belong here
    assert f"ở đây chỉ nhập điểm cầu của hội nghị {conference.code.lower()}" in page
    assert page.count("chỉ ghi đơn vị trực thuộc nơi tổ chức hội nghị") == 2  # there is one, there is none: the same
    assert "bỏ trang “đảng viên” khỏi tệp" in page
    decide(client, "import_confirm", batch, plan=batch.plan_number)
    assert (sites(), work(batch.pk)) == ([], False)


def test_numbers_that_a_site_told_itself_are_not_written_over_unseen(client, binh, conference):
    book = template(client, conference)
    told = ReceivingSiteFactory(conference=conference, name="Điểm cầu Đảng bộ 1.1", present=30)
    told.reported_at, told.way = timezone.now(), ReceivingSite.Way.LINK
    told.save()

    batch = planned(client, conference, book)

    page = client.get(reverse("cells:import", args=[batch.public_id]), {"show": "warnings"}).content.decode()
    assert "đã tự báo 30 người có mặt" in page


def test_before_its_day_nobody_came_and_once_called_off_it_has_no_sites(client, binh, conference):
    book = template(client, conference)
    book.active["E2"] = 7
    StudyConference.unscoped.update(day=timezone.localdate() + dt.timedelta(days=9))
    batch = planned(client, conference, book)
    assert "hội nghị chưa diễn ra nên chưa có số người dự" in wrong(client, batch)

    StudyConference.unscoped.update(state=StudyConference.State.CANCELLED)
    assert handed_in(client, conference, book).url == reverse("resolutions:conference", args=[conference.public_id])
    assert ImportBatch.unscoped.count() == 1


def test_with_the_post_the_import_is_gone(client, binh, conference):
    batch = planned(client, conference, template(client, conference))
    Post.unscoped.filter(user=binh).update(organisation=ConferenceFactory().organisation)

    assert client.get(reverse("cells:import", args=[batch.public_id])).status_code == 404
    ImportBatch.unscoped.filter(pk=batch.pk).update(phase="write", state="requested")
    work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, sites()) == ("failed", [])
