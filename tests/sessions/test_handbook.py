"""The pack for the national e-handbook: texts in its order, files, two ticks; everything in one archive too."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from cells.reach import with_reach
from sessions import adopting, handbook, readiness
from sessions.models import (
    AgendaBlock,
    Attendance,
    HandbookBlock,
    HandbookPart,
    Mark,
    PaperKind,
    Readiness,
    ReadinessTick,
    SessionRecord,
)
from tests.factories import SessionFactory, close

DAY = dt.date(2026, 3, 3)
KEY = {"form_key": "0f0e0d0c-0b0a-0908-0706-050403020100"}


@pytest.fixture
def closed(cast):
    session = SessionFactory(cell=cast.cell, day=DAY, start=dt.time(14), end=dt.time(15, 40), place="Hội trường")
    SessionRecord.unscoped.create(session=session, summary="Nhất trí", conclusion="Thống nhất", dues="Đã đóng đủ")
    AgendaBlock.unscoped.create(session=session, position=1, part="regular", title="Thời sự", is_spoken_only=True)
    close(session, {cast.member: Mark.EXCUSED})
    Attendance.unscoped.filter(session=session, person=cast.member).update(reason="Ốm")
    return session


def text_of(session, part):
    return next(block.text for block in handbook.blocks_of(session) if block.part == part)


def test_texts_stand_in_the_stored_order(cast, closed):
    HandbookBlock.unscoped.filter(part=HandbookPart.RATING).update(position=0)

    assert [block.part for block in handbook.blocks_of(closed)] == [
        "rating", "general", "attendance", "content", "conclusion", "votes", "tasks",
    ]  # fmt: skip


def test_who_was_absent_is_named_without_the_reason(closed):
    assert text_of(closed, HandbookPart.ATTENDANCE).splitlines() == [
        "Phải có mặt: 3",
        "Có mặt: 2",
        "Vắng có lý do: 1 (Mai)",
        "Vắng không lý do: 0",
        "Đảng phí: Đã đóng đủ",
    ]


def test_what_was_only_told_leaves_a_placeholder(closed):
    assert text_of(closed, HandbookPart.CONTENT).splitlines() == [
        "1. Thời sự",
        "(Nội dung phổ biến trực tiếp, không ghi)",
        "Tóm tắt thảo luận: Nhất trí",
    ]


def test_all_in_one_archive_and_in_the_trail(cast, client, closed):
    client.force_login(cast.lan)

    answer = client.get(reverse("sessions:handbook_zip", args=[closed.public_id]))

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist()[:2] == ["01 Thông tin chung.txt", "02 Thành phần và điểm danh.txt"]
        assert archive.read("04 Kết luận.txt").decode() == "Thống nhất"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="session.handbook_exported", actor=cast.lan).count() == 1


def test_the_two_ticks_are_kept_once_and_taken_back(cast, client, closed):
    client.force_login(cast.lan)
    address = reverse("sessions:tick_handbook", args=[closed.public_id])

    client.post(address, KEY | {"item": Readiness.MINUTES, "is_ready": "on"})
    client.post(address, KEY | {"item": Readiness.MINUTES, "is_ready": "on"})

    tick = ReadinessTick.unscoped.get(session=closed)
    assert (tick.item, tick.ticked_by) == (Readiness.MINUTES, cast.lan)
    text = client.get(reverse("sessions:handbook", args=[closed.public_id])).content.decode()
    assert "hạn 02/03/2026" in text
    assert "hạn 05/03/2026" in text

    readiness.tick(closed, Readiness.MINUTES, False, actor=cast.hoa)
    assert not ReadinessTick.unscoped.exists()


def test_results_of_what_was_not_held_are_not_posted(cast, client, planned):
    assert [(posted.item, posted.may_be_ticked) for posted in handbook.ticks_of(planned)] == [
        (Readiness.MATERIALS, True),
        (Readiness.MINUTES, False),
    ]


def test_adopted_minutes_go_along_without_the_reasons(cast, closed, monkeypatch):
    told = {"chair_name": "Hoa", "minute_taker_name": "Lan"}
    SessionRecord.unscoped.filter(session=closed).update(**told)
    seen = adopting.digest(adopting.draft(closed, PaperKind.MINUTES))
    adopting.adopt(closed, PaperKind.MINUTES, seen=seen, with_number=False, actor=cast.hoa)
    monkeypatch.setattr(handbook.printing, "pdf_of", lambda content: json.dumps(content["blocks"]).encode())

    packed = handbook.packed(with_reach(cast.lan), closed)

    with packed.file, zipfile.ZipFile(packed.file) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("tep/")]
        words = json.dumps(json.loads(archive.read(name)), ensure_ascii=False)
    assert name.startswith("tep/01 Biên bản sinh hoạt chi bộ định kỳ tháng 3 năm 2026")
    assert "- Mai" in words
    assert "Ốm" not in words
