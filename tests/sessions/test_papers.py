"""Minutes and resolutions: composed, adopted, taken back, corrected; what is frozen and what then is refused."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cells.models import RegisteredNumber, Role, Term
from cells.papers.blocks import for_outside
from cells.papers.wording import long_date
from sessions import adopting, closing, noting, printing, recording, resolving, tasking
from sessions.models import AdoptedPaper, AgendaBlock, PaperKind, Session, SessionRecord
from sessions.resolving import compose_resolution
from sessions.states import ChangedMeanwhile
from sessions.voting import store_vote
from tests.factories import MembershipFactory, PersonFactory, PostFactory, UserFactory
from tests.sessions.stories import ILL, UNEXCUSED, finish, key, mark_everybody

pytestmark = pytest.mark.django_db
MINUTES, RESOLUTION = PaperKind.MINUTES, PaperKind.RESOLUTION


def texts(content: dict) -> list[str]:
    """Every line of a paper in its order, tables row by row."""
    found = []
    for block in content["blocks"]:
        if block["kind"] == "table":
            found += [" | ".join(row) for row in block["rows"]]
        else:
            found.append(block["text"])
    return found


@pytest.fixture
def held(cast, opened) -> Session:
    """Mai is ill, Lan stayed away; one thing was spoken of only, one told and voted, one task given."""
    opened.agenda.all().delete()
    told = {"title": "Học tập chuyên đề", "presenter_name": "Hoa", "method": "báo cáo", "note": "Nêu ba việc.\nBàn kỹ."}
    AgendaBlock.unscoped.create(session=opened, position=1, part="regular", minutes=30, **told)
    AgendaBlock.unscoped.create(session=opened, position=2, part="regular", title="Tin nội bộ", is_spoken_only=True)
    mark_everybody(opened, cast.hoa, Mai=ILL, Lan=UNEXCUSED)
    finish(opened, cast.hoa, guests=2)
    SessionRecord.unscoped.create(
        session=opened,
        chair_name="Hoa",
        minute_taker_name="Lan",
        guest_names="Ông Bình, tổ trưởng dân phố",
        dues="Đã đóng đủ",
        summary="Chi bộ nhất trí.",
        conclusion="Thống nhất.",
    )
    store_vote(opened, {"subject": "Thông qua kế hoạch", "in_favour": 1, "against": 0, "other": 0}, actor=cast.hoa)
    task = {"title": "Rà soát hồ sơ", "owner_name": "Mai", "due": dt.date(2027, 1, 5)}
    tasking.give(opened, task, actor=cast.hoa)
    return Session.unscoped.get(pk=opened.pk)


def adopted(session, actor, kind=MINUTES, with_number=False) -> AdoptedPaper:
    seen = adopting.digest(adopting.draft(session, kind))
    return adopting.adopt(session, kind, seen=seen, with_number=with_number, actor=actor)


def test_minutes_say_what_is_stored_in_the_order_of_the_meeting(held):
    content = adopting.draft(held, MINUTES)

    day = f"{held.day:%d/%m/%Y}"
    assert (content["type"], content["letterhead"]["issuer"]) == ("BIÊN BẢN", "Chi bộ một")
    assert content["letterhead"]["number"] == {"before": "Số", "after": "-BB/CB"}
    assert texts(content) == [
        "I- THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
        "1. Thời gian, địa điểm",
        f"Thời gian: từ 14 giờ 00 đến 15 giờ 30, ngày {day}.",
        f"Địa điểm: {held.place or '—'}. Hình thức: trực tiếp.",
        "2. Đảng viên",
        "Tổng số đảng viên: 4 (chính thức 4, dự bị 0).",
        (
            "Được miễn công tác và sinh hoạt đảng: 1; sinh hoạt tạm thời ở nơi khác: 0; "
            "nơi khác đến sinh hoạt tạm thời: 0."
        ),
        "Phải có mặt: 3. Có mặt: 1/3 (33,3\u00a0%) (chính thức 1, dự bị 0), trong đó trực tuyến: 0.",
        "Vắng có lý do: 1:",
        "- Mai: ốm",
        "Vắng không lý do: 1:",
        "- Lan",
        "3. Khách mời, chủ trì, thư ký",
        "Khách mời: 2 (Ông Bình, tổ trưởng dân phố).",
        "Chủ trì: Hoa.",
        "Thư ký ghi biên bản: Lan.",
        "Đảng phí: Đã đóng đủ.",
        "II- NỘI DUNG",
        "1. Học tập chuyên đề (30 phút)",
        "Người trình bày: Hoa; hình thức: báo cáo.",
        "Nêu ba việc.",
        "Bàn kỹ.",
        "2. Tin nội bộ",
        "Nội dung phổ biến trực tiếp, không ghi.",
        "3. Ý kiến thảo luận",
        "Chi bộ nhất trí.",
        "4. Kết luận của chủ trì",
        "Thống nhất.",
        "III- BIỂU QUYẾT",
        "- Thông qua kế hoạch: tán thành 1/3 (33,3\u00a0%), không tán thành 0/3, ý kiến khác 0/3.",
        "Cơ số biểu quyết: 4 đảng viên, 4 chính thức, 2 vắng, trừ 1 được miễn không dự → cơ số 3.",
        "IV- NHIỆM VỤ",
        "1. Nhiệm vụ của các buổi trước",
        "Không có nhiệm vụ nào của các buổi trước.",
        "2. Nhiệm vụ giao tại buổi này",
        "1 | Rà soát hồ sơ | Mai | 05/01/2027",
        "Buổi sinh hoạt kết thúc hồi 15 giờ 30 cùng ngày. Biên bản được đọc lại để chi bộ nghe và thông qua.",
    ]


def test_reasons_of_absence_stay_in_the_cell(held):
    blocks = adopting.draft(held, MINUTES)["blocks"]

    assert [one["text"] for one in for_outside(blocks) if "Mai" in one.get("text", "")] == ["- Mai"]


def test_an_adopted_text_is_frozen_with_its_number(cast, held):
    Term.unscoped.create(organisation=cast.cell, ordinal="XX", first_day=dt.date(2020, 1, 1))

    paper = adopted(held, cast.hoa, with_number=True)

    assert (paper.number.symbol, paper.content["letterhead"]["symbol"]) == ("01-BB/CB", "Số 01-BB/CB")
    assert (paper.sha256, paper.has_reasons) == (adopting.digest(paper.content), True)
    assert AuditEntry.objects.filter(action="paper.adopted").count() == 1


def test_after_adoption_nothing_of_the_session_is_written_any_more(cast, held):
    adopted(held, cast.hoa)

    assert not recording.may_be_changed(held)
    for attempt in (
        lambda: noting.save(held, {"summary": "khác"}, noting.page_of(held).tokens, actor=cast.lan),
        lambda: closing.undo_closing(held, actor=cast.hoa),
        lambda: closing.reopen(held, "nhầm", actor=cast.hoa),
        lambda: tasking.give(held, {"title": "x", "owner_name": "", "due": None}, actor=cast.lan),
    ):
        with pytest.raises(recording.AlreadyAdopted):
            attempt()


def test_only_the_draft_that_was_seen_is_adopted(cast, held):
    seen = adopting.digest(adopting.draft(held, MINUTES))
    SessionRecord.unscoped.filter(session=held).update(conclusion="Khác hẳn")

    with pytest.raises(ChangedMeanwhile):
        adopting.adopt(held, MINUTES, seen=seen, with_number=False, actor=cast.hoa)
    assert not AdoptedPaper.unscoped.exists()


def test_a_session_that_goes_on_and_one_that_nobody_signs_are_not_adopted(cast, held):
    SessionRecord.unscoped.filter(session=held).update(chair_name="")
    with pytest.raises(adopting.NobodySigns):
        adopted(held, cast.hoa)

    Session.unscoped.filter(pk=held.pk).update(closed_at=timezone.now())
    closing.undo_closing(held, actor=cast.hoa)
    with pytest.raises(adopting.NotOver):
        adopted(held, cast.hoa)


def test_an_adoption_is_taken_back_in_its_first_minutes_and_later_with_a_reason(cast, held):
    Term.unscoped.create(organisation=cast.cell, ordinal="XX", first_day=dt.date(2020, 1, 1))
    adopting.withdraw(adopted(held, cast.hoa, with_number=True), "", actor=cast.hoa)
    assert RegisteredNumber.unscoped.get().state == RegisteredNumber.State.CANCELLED
    assert recording.may_be_changed(held)

    second = adopted(held, cast.hoa, with_number=True)
    with time_machine.travel(timezone.now() + adopting.UNDO_WITHIN + dt.timedelta(minutes=1)):
        with pytest.raises(adopting.NoReason):
            adopting.withdraw(second, " ", actor=cast.hoa)
        adopting.withdraw(second, "Ghi sai tên", actor=cast.hoa)

    editions = AdoptedPaper.unscoped.values_list("edition", "withdrawn_reason", "number__symbol")
    assert list(editions) == [(1, "", "01-BB/CB"), (2, "Ghi sai tên", "02-BB/CB")]


def test_a_correction_follows_the_frozen_text(cast, held):
    paper = adopted(held, cast.hoa)
    before = paper.content

    adopting.correct(paper, "Tên đúng là Mai Lan", "ghi thiếu", actor=cast.hoa)

    paper.refresh_from_db()
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert paper.content == before
    assert texts(printing.as_adopted(paper))[-4:] == [
        "ĐÍNH CHÍNH",
        f"Ngày {today}, Hoa đính chính:",
        "Tên đúng là Mai Lan",
        "Lý do: ghi thiếu",
    ]
    adopting.withdraw(paper, "", actor=cast.hoa)
    with pytest.raises(adopting.NotInForce):
        adopting.correct(paper, "muộn", "muộn", actor=cast.hoa)


FIELDS = dict.fromkeys(resolving.FIELDS, "") | {"signer_post": "secretary"}


def test_a_resolution_holds_what_people_wrote_and_the_tables_of_tasks(cast, held):
    told = {"review": "Tháng qua tốt.", "next_tasks": "Làm hai việc.", "seat": "Lạng Sơn", "signer": "Hoa"}
    resolving.write(held, FIELDS | told, version=0, actor=cast.lan)

    content = compose_resolution(held)

    assert content["letterhead"]["dated"] == long_date("Lạng Sơn", held.day)
    assert texts(content)[1:] == [
        "I- ĐÁNH GIÁ TÌNH HÌNH THÁNG QUA",
        "Tháng qua tốt.",
        "Kết quả thực hiện nhiệm vụ của các buổi trước:",
        "Không có nhiệm vụ nào của các buổi trước.",
        "II- NHIỆM VỤ THÁNG TỚI",
        "Làm hai việc.",
        "III- PHÂN CÔNG THỰC HIỆN",
        "1 | Rà soát hồ sơ | Mai | 05/01/2027",
        "IV- TỰ ĐÁNH GIÁ BUỔI SINH HOẠT",
        "Chi bộ chưa tự đánh giá.",
        (
            f"Nghị quyết này được chi bộ thông qua tại buổi sinh hoạt ngày {held.day:%d/%m/%Y}; "
            "toàn thể đảng viên thực hiện."
        ),
    ]
    ending = content["blocks"][-1]
    assert (ending["authority"], ending["post"], ending["signer"]) == ("T/M CHI BỘ", "BÍ THƯ", "Hoa")


def test_the_second_who_writes_the_same_resolution_is_stopped(cast, held):
    resolving.write(held, FIELDS | {"review": "của Lan"}, version=0, actor=cast.lan)

    with pytest.raises(ChangedMeanwhile):
        resolving.write(held, FIELDS | {"review": "của Hoa"}, version=0, actor=cast.hoa)


def test_a_deputy_who_acted_signs_as_deputy(cast, held, client):
    """The whole way: she chairs, the draft has her name and post, she adopts."""
    deputy = PersonFactory(full_name="Phương", user=UserFactory(full_name="Phương"))
    MembershipFactory(person=deputy, cell=cast.cell)
    SessionRecord.unscoped.filter(session=held).update(chair_name="Phương", chair=deputy)
    post = PostFactory(user=deputy.user, organisation=cast.cell, role=Role.DEPUTY_SECRETARY)

    draft = resolving.draft_of(held)
    assert (draft.signer, draft.get_signer_post_display()) == ("Phương", "PHÓ BÍ THƯ")
    client.force_login(deputy.user)
    page = client.get(reverse("sessions:adopt_minutes", args=[held.public_id]))
    client.post(page.request["PATH_INFO"], {"seen": page.context["seen"]} | key())
    paper = AdoptedPaper.unscoped.get()
    assert paper.adopted_by == deputy.user

    post.last_day = timezone.localdate() - dt.timedelta(days=1)
    post.save()
    assert client.get(reverse("sessions:correct_paper", args=[paper.public_id])).status_code == 403


def test_a_resolution_may_follow_adopted_minutes(cast, held):
    adopted(held, cast.hoa)
    resolving.write(held, FIELDS | {"signer": "Hoa"}, version=0, actor=cast.lan)

    adopted(held, cast.hoa, RESOLUTION)

    with pytest.raises(recording.AlreadyAdopted):
        resolving.write(held, FIELDS, version=1, actor=cast.lan)


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (dt.date(2026, 2, 3), "X, ngày 03 tháng 02 năm 2026"),
        (dt.date(2026, 3, 9), "X, ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 12, 31), "X, ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_and_months_are_written_as_the_guidance_has_them(day, printed):
    assert long_date("X", day) == printed
