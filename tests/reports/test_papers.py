"""The life of a report: Lan writes and submits, Hoa signs and sends, Minh or the board answers, a new version follows.

What was signed stays as it was, whatever becomes of its sources; a change of these is told with the difference.
"""

import datetime as dt
import io
import re
import uuid
import zipfile
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from cells import moving
from cells.models import OrganisationFunction, PaperLayout, RegisteredNumber, Role, Term
from cells.papers.blocks import paragraph, plain, total
from cells.papers.sheets import USUAL
from cells.restructuring.orders import Order
from reports import issuing, writing
from reports.building import build
from reports.composing import as_draft, compose
from reports.figure_rows import figure_page_of
from reports.issuing import Signature, digest_of_draft, sign
from reports.models import Report, ReportRoute, ReportScan, SignerPost, Stage
from reports.periods import Period
from reports.requesting import request_report
from reports.showing import changes_of
from reports.tabulating import paper_lines
from resolutions import gathering
from resolutions.models import ReceivingSite
from sessions import closing, marking
from sessions.counting import rebuild_rollup
from sessions.marking import Marked
from sessions.models import Mark, Session
from tests.cells.test_restructuring import done
from tests.factories import (
    ConferenceFactory,
    MembershipFactory,
    PostFactory,
    ReceivingSiteFactory,
    SessionFactory,
    close,
)
from tests.reports.contents import text_in_order
from tests.reports.jobs import child
from tests.sessions.test_preparing import picture

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024-Q3")
HOA = Signature("Thanh Hóa", "Hoa", SignerPost.SECRETARY)


@pytest.fixture(autouse=True)
def quick_child(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RENDER_COMMAND = child("good")


@pytest.fixture
def fourteen(cast):
    """Six sessions of fourteen: 84 of 84."""
    for _number in range(14 - 3):  # Lan, Mai and Hoa are there already
        MembershipFactory(cell=cast.cell)
    for number in range(6):
        close(SessionFactory(cell=cast.cell, day=dt.date(2024, 7 + number // 2, 3 + number % 2)))
    Term.unscoped.create(organisation=cast.cell, ordinal="2020-2030", first_day=dt.date(2020, 1, 1))
    return cast


@pytest.fixture
def draft(fourteen) -> Report:
    report = request_report(fourteen.cell, QUARTER, fourteen.lan)
    build(report.pk)
    report.refresh_from_db()
    return report


def url(name, report, *more):
    return reverse(f"reports:{name}", args=[report.public_id, *more])


def post(client, user, name, report, **fields):
    client.force_login(user)
    return client.post(url(name, report), {"form_key": str(uuid.uuid4())} | fields)


def base_of(client, user, report) -> str:
    client.force_login(user)
    return client.get(url("write", report)).context["base_json"]


def signed(report, cast) -> Report:
    report = sign(report, HOA, seen=digest_of_draft(compose(report)), actor=cast.hoa)
    build(report.pk)
    report.refresh_from_db()
    return report


def sent(report, cast) -> Report:
    return issuing.send(signed(report, cast), actor=cast.hoa)


def texts_of(content) -> str:
    return " ".join(str(value) for block in content["blocks"] for value in block.values())


# --- the whole way ---


def test_from_draft_to_the_replacement_of_what_was_sent_back(draft, client, fourteen):
    cast = fourteen
    told = {"shortcomings": "Còn hai buổi bắt đầu muộn.", "base": base_of(client, cast.lan, draft)}
    assert post(client, cast.lan, "write", draft, **told).url == url("preview", draft)
    assert post(client, cast.lan, "submit", draft).url == url("detail", draft)
    assert post(client, cast.lan, "sign", draft).status_code == 403  # the minute-taker signs nothing

    client.force_login(cast.hoa)
    assert client.get(reverse("reports:list")).context["to_sign"] == 1
    with time_machine.travel("2026-02-03 09:00:00+07:00", tick=False):
        page = client.get(url("sign", draft))
        assert "Người ký: Hoa, BÍ THƯ" in page.content.decode()
        assert post(client, cast.hoa, "sign", draft, seat="Thanh Hóa", seen=page.context["seen"]).status_code == 302
    build(draft.pk)
    post(client, cast.hoa, "send", draft)
    draft.refresh_from_db()

    assert (draft.stage, draft.number.symbol, draft.receiver) == (Stage.SENT, "01-BC/CB", cast.branch)
    head = draft.content["letterhead"]
    assert (head["symbol"], head["dated"]) == ("Số 01-BC/CB", "Thanh Hóa, ngày 03 tháng 02 năm 2026")
    assert "Còn hai buổi bắt đầu muộn." in texts_of(draft.content)
    assert draft.content["layout"] == "hd36_2018"  # in force on that day, with its mark at the end
    assert "30/09/2024./." in texts_of(draft.content)

    vinh = PostFactory(user=cast.binh, organisation=cast.branch, role=Role.COMMITTEE).user
    client.force_login(vinh)
    assert client.get(reverse("reports:list")).context["to_answer"] == 1
    assert post(client, cast.minh, "receive", draft).status_code == 403  # it was not sent to the committee farther up
    assert post(client, vinh, "send_back", draft, reason="").status_code == 200
    post(client, vinh, "send_back", draft, reason="Thiếu hội nghị")
    answer = post(client, cast.lan, "make_anew", draft)

    second = Report.unscoped.get(revision=2)
    assert answer.url == url("detail", second)
    assert (second.stage, second.shortcomings) == (Stage.DRAFT, "Còn hai buổi bắt đầu muộn.")
    number_of_second = second.number
    second = signed(second, cast)
    draft.refresh_from_db()
    assert (draft.stage, number_of_second) == (Stage.RETURNED, None)  # whoever is above has it until the other is sent
    issuing.send(second, actor=cast.hoa)
    draft.refresh_from_db()
    assert draft.stage == Stage.REPLACED
    assert [move.stage for move in draft.moves.all()] == ["submitted", "signed", "sent", "returned", "replaced"]
    assert draft.moves.get(stage="returned").reason == "Thiếu hội nghị"
    assert list(RegisteredNumber.unscoped.order_by("number").values_list("symbol", flat=True)) == [
        "01-BC/CB",
        "02-BC/CB",
    ]
    for one in (draft, second):  # both stay readable
        assert client.get(url("preview", one)).status_code == 200
    actions = AuditEntry.objects.filter(action__startswith="report.", object_id=str(draft.pk)).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        *("report.written", "report.submitted", "report.signed", "report.sent", "report.returned", "report.replaced"),
    ]


def test_a_step_that_does_not_fit_is_refused_by_name_and_changes_nothing(draft, client, fourteen):
    cast = fourteen
    with pytest.raises(issuing.NotReady):
        issuing.send(draft, actor=cast.hoa)
    with pytest.raises(issuing.NotSubmitted):
        issuing.take_back(draft, actor=cast.lan)
    with pytest.raises(issuing.NotReplaceable):
        issuing.begin_replacement(draft, actor=cast.lan)
    with pytest.raises(issuing.ChangedMeanwhile):
        sign(draft, HOA, seen="0" * 64, actor=cast.hoa)
    report = signed(draft, cast)
    with pytest.raises(issuing.AlreadySigned):
        sign(report, HOA, seen="", actor=cast.hoa)
    assert post(client, cast.lan, "write", report, shortcomings="x").url == url("detail", report)

    assert RegisteredNumber.unscoped.count() == 1
    assert Report.unscoped.get().shortcomings == ""


def test_what_changed_between_reading_and_signing_is_read_again(draft, client, fourteen):
    client.force_login(fourteen.hoa)
    seen = client.get(url("sign", draft)).context["seen"]
    Session.unscoped.filter(day=dt.date(2024, 7, 3)).update(present=13, excused=1)
    rebuild_rollup()

    answer = post(client, fourteen.hoa, "sign", draft, seat="", seen=seen)

    assert "Hãy đọc lại bản dưới đây rồi ký" in answer.content.decode()
    assert answer.context["seen"] != seen
    assert post(client, fourteen.hoa, "sign", draft, seat="", seen=answer.context["seen"]).status_code == 302


def test_two_who_write_at_once_lose_nothing(draft, client, fourteen):
    base = base_of(client, fourteen.lan, draft)
    post(client, fourteen.hoa, "save_texts", draft, shortcomings="Của Hoa", base=base)

    clash = post(client, fourteen.lan, "write", draft, shortcomings="Của Lan", next_tasks="Việc mới", base=base)
    assert clash.status_code == 409
    assert {"Của Hoa", "Của Lan"} <= set(re.findall(r"Của \w+", clash.content.decode()))
    chosen = {"shortcomings": "Của Lan", "take-shortcomings": "both", "next_tasks": "Việc mới"}
    post(client, fourteen.lan, "write", draft, base=clash.context["base_json"], **chosen)

    draft.refresh_from_db()
    assert (draft.shortcomings, draft.next_tasks, draft.version) == ("Của Hoa\nCủa Lan", "Việc mới", 3)


def test_each_wording_is_kept_and_comes_back(draft, client, fourteen):
    def write(user, text, at):
        with time_machine.travel(f"2026-02-03 {at}:00+07:00", tick=False):
            writing.save(draft, {"shortcomings": text}, writing.Page(draft).tokens, actor=user)
            draft.refresh_from_db()

    write(fourteen.lan, "Hai buổi", "09:00")
    write(fourteen.lan, "Hai buổi bắt đầu muộn.", "09:10")  # saved by itself while she wrote
    write(fourteen.lan, "Hai", "09:12")  # the rest deleted, perhaps by a slip
    write(fourteen.hoa, "Hai buổi bắt đầu muộn, ít thảo luận.", "09:15")
    write(fourteen.hoa, "Không có.", "14:00")
    kept = list(draft.wordings.values_list("writer__username", "text"))
    assert [text for _writer, text in kept] == [
        *("Hai buổi bắt đầu muộn.", "Hai", "Hai buổi bắt đầu muộn, ít thảo luận.", "Không có.")
    ]
    assert len({writer for writer, _text in kept[:2]}) == len({writer for writer, _text in kept[2:]}) == 1

    client.force_login(fourteen.lan)
    page = client.get(url("wordings", draft))
    text = page.content.decode()
    assert (text.count("Dùng lại bản này"), text.count("Đang dùng"), text.count("Chưa ai ghi mục này")) == (3, 1, 1)
    Report.unscoped.filter(pk=draft.pk).update(next_tasks="Ghi từ trước khi các lần ghi được giữ")
    text = client.get(url("wordings", draft)).content.decode()
    assert ("Ghi từ trước khi các lần ghi được giữ" in text, "Chưa ai ghi mục này" in text) == (True, False)
    base = page.context["parts"][0][1]
    again = reverse("reports:take_wording", args=[draft.wordings.get(text__contains="thảo luận").public_id])
    for seen, told in ((base, "Đã dùng lại bản đã chọn."), ("0" * 12, "Nội dung vừa được sửa.")):
        shown = client.post(again, {"form_key": str(uuid.uuid4()), "base": seen}, follow=True)
        assert told in shown.content.decode()
        Report.unscoped.filter(pk=draft.pk).update(shortcomings="Người khác ghi")
    assert draft.wordings.last().text == "Hai buổi bắt đầu muộn, ít thảo luận."
    assert draft.wordings.count() == 5  # what it took the place of is there, too


# --- frozen ---


def test_a_changed_source_leaves_the_signed_report_as_it_was_and_is_told(draft, client, fourteen):
    report = signed(draft, fourteen)
    content, figures, path = report.content, report.figures, report.artifact.path
    assert changes_of(report) is None

    Session.unscoped.filter(day=dt.date(2024, 7, 3)).update(present=13, excused=1)
    rebuild_rollup()

    report = Report.unscoped.select_related("artifact").get()
    assert (report.content, report.figures, report.artifact.path) == (content, figures, path)
    text = client_text(client, fourteen.hoa, url("detail", report))
    assert "Số liệu nguồn đã đổi" in text
    assert "Lượt có mặt: khi ký 84, nay 83" in text
    assert "khi ký có mặt 14/14, nay 13/14" in text
    assert "Số liệu nguồn đã đổi" not in client_text(client, fourteen.hoa, url("preview", report))


def miss_one(cast, below):
    session = Session.unscoped.filter(cell=cast.cell).first()
    reopened = closing.reopen(session, "Ghi nhầm", actor=cast.hoa)
    marking.save_marks(
        reopened, {cast.member.pk: Marked(Mark.UNEXCUSED)}, version=reopened.version, base={}, actor=cast.hoa
    )
    closing.mark_closed(reopened, start=dt.time(8), end=dt.time(10), actor=cast.hoa)


def meet_belatedly(cast, below):
    close(SessionFactory(cell=cast.neighbour, code="MUON", day=dt.date(2024, 8, 3)))


def join_earlier(cast, below):
    marks = {(Session.unscoped.get(cell=cast.cell).public_id, below["late"].pk): (Mark.PRESENT, "")}
    earlier = {"first_day": dt.date(2024, 6, 1)}
    moving.correct(below["late"], "home-2025-01-01", earlier, reason="ghi nhầm năm", marks=marks, actor=cast.hoa)


def count_again(cast, below):
    heads = {"expected": 50, "present": 44, "estimate": ""}
    told = {"version": below["site"].version, "today": dt.date(2026, 1, 1), "actor": cast.hoa}
    gathering.report(below["site"], heads, ReceivingSite.Way.PAGE, **told)


def hang_elsewhere(cast, below):
    done(Order("move", dt.date(2024, 9, 1), "QĐ 1", organisations=(cast.cell,), parent=cast.sibling))


@pytest.mark.parametrize(
    ("correct", "told"),
    [
        (miss_one, ["Lượt có mặt: khi ký 3, nay 2", "Buổi B1: khi ký có mặt 3/3, nay 2/3"]),
        (meet_belatedly, ["Số buổi sinh hoạt: khi ký 1, nay 2", "Thêm buổi MUON"]),
        (join_earlier, ["Tổng số đảng viên: khi ký 5, nay 6", "Buổi B1: khi ký có mặt 3/3, nay 4/4"]),
        (count_again, ["Có mặt tại hội nghị: khi ký 40, nay 44", "Hội nghị HN1: khi ký có mặt 40/50, nay 44/50"]),
        (hang_elsewhere, ["Số chi bộ: khi ký 2, nay 1", "Không còn Chi bộ một"]),
    ],
)
def test_whatever_source_changed_is_told_with_the_difference(cast, correct, told):
    close(SessionFactory(cell=cast.cell, code="B1", day=dt.date(2024, 9, 3)))
    late = MembershipFactory(cell=cast.cell, first_day=dt.date(2025, 1, 1)).person
    site = ReceivingSiteFactory(
        conference=ConferenceFactory(code="HN1", organisation=cast.branch), expected=50, present=40
    )
    report = Report(organisation=cast.branch, period="2024-Q3", until=QUARTER.until)
    report.figures = compose(report)["figures"]
    report.stage, report.signed_at = Stage.SENT, timezone.now()
    report.save()
    assert changes_of(report) is None

    correct(cast, {"late": late, "site": site})

    shown = render_to_string("reports/includes/changed.html", {"changed": changes_of(report)})
    assert [line for line in told if line not in shown] == []


def test_what_a_later_version_counts_besides_is_no_change(draft, fourteen):
    report = signed(draft, fourteen)
    older = report.figures
    del older["activity"]["counts"]["overdue"]
    for row in older["sessions"]:
        del row["exempt_present"]
    Report.unscoped.filter(pk=report.pk).update(figures=older | {"sha256": "0" * 64})
    report.refresh_from_db()

    assert changes_of(report) is None


def client_text(client, user, address) -> str:
    client.force_login(user)
    return client.get(address).content.decode()


def test_84_leads_to_six_sessions_of_fourteen(draft, client, fourteen):
    report = signed(draft, fourteen)
    client.force_login(fourteen.hoa)
    link = re.search(r'href="([^"]+/so-lieu/present/)"[^>]*>84/84', client.get(url("preview", report)).content.decode())

    found = client.get(link[1]).context["found"]

    assert [row.number for row in found.rows] == ["14"] * 6
    assert (found.value, found.sum, found.count) == ("84", "84", 6)
    assert {row.text for row in found.rows} == {"Chi bộ một"}  # a reader knows no codes
    assert (len({row.code for row in found.rows}), found.filter.partition(",")[0]) == (6, "Chi bộ một")
    assert all(row.url for row in found.rows)
    assert client.get(url("figure", report, "members_total")).context["found"].sum == "14"
    assert client.get(url("figure", report, "wages")).status_code == 404


def test_every_number_of_months_and_quarters_opens_as_many_rows_as_it_counts(cast):
    for day in (dt.date(2024, 7, 3), dt.date(2024, 7, 20)):
        close(SessionFactory(cell=cast.cell, day=day))
    for day in (dt.date(2024, 8, 3), dt.date(2024, 9, 3)):
        close(SessionFactory(cell=cast.cell, day=day, kind="thematic", theme="Học tập"))
    report = Report(organisation=cast.branch, period="2024-Q3", until=QUARTER.until)
    frozen = compose(report)["figures"]

    def behind(name):
        found = figure_page_of(cast.minh, report, frozen, name)
        return found.value, found.sum, [(row.text, row.day, row.kind) for row in found.rows]

    months = [("Chi bộ hai", f"{month:02d}/2024", "Chưa sinh hoạt") for month in (7, 8, 9)]
    months += [("Chi bộ một", f"{month:02d}/2024", "Chưa sinh hoạt") for month in (8, 9)]
    met = ("Chi bộ một", "07/2024", "Đã sinh hoạt")
    quarter = ("Chi bộ một", "III/2024", "Đã sinh hoạt")
    assert behind("regular_due") == ("6", "6", [*months, met])
    assert behind("regular_done") == ("1", "1", [met])
    assert behind("thematic_due") == ("2", "2", [("Chi bộ hai", "III/2024", "Chưa sinh hoạt"), quarter])
    assert behind("thematic_done") == ("1", "1", [quarter])
    del frozen["duties"]  # as it was signed before they were kept
    assert behind("regular_due") == ("6", "0", [])


def test_the_page_says_what_the_paper_says_in_the_same_order(draft, client, fourteen):
    draft.next_tasks = "Giao ban ngày 05.\nHọc nghị quyết <b>mới</b> & làm theo."
    draft.save()
    client.force_login(fourteen.lan)

    read = Sheet(client.get(url("preview", draft)).content.decode()).text

    content = as_draft(compose(draft))
    content["letterhead"]["symbol"] = ""  # a draft has none
    expected = text_in_order(content).replace(
        f"* {content['letterhead']['phrase']}", "* Dự thảo ĐẢNG CỘNG SẢN VIỆT NAM"
    )
    assert read == expected
    lines = " ".join(text for line in paper_lines(content) for text in line if text)
    assert " ".join(lines.split()) == " ".join(expected.replace(" -----", "").split())


def test_a_signed_paper_reads_alike_for_whoever_took_its_cell_over(draft, client, fourteen):
    """The bloc to which the cell went does not see where it hung before, but for what the paper itself says."""
    sent(draft, fourteen)
    done(Order("move", dt.date(2026, 2, 1), "QĐ 1", organisations=(fourteen.cell,), parent=fourteen.foreign))
    client.force_login(PostFactory(role=Role.BOARD, organisation=fourteen.foreign).user)
    assert client.get(reverse("cells:organisation", args=[fourteen.branch.public_id])).status_code == 404

    page = Sheet(client.get(url("preview", draft)).content.decode()).text
    book = load_workbook(io.BytesIO(client.get(url("spreadsheet", draft)).content))
    with zipfile.ZipFile(io.BytesIO(client.get(url("word", draft)).content)) as word:
        words = word.read("word/document.xml").decode()

    draft.refresh_from_db()
    assert page == text_in_order(draft.content)
    lines = [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]
    head, receiver = draft.content["letterhead"]["parent"], "- Đảng ủy 1.1 (để\u00a0báo\u00a0cáo),"
    assert (head.upper() in lines, receiver in lines) == (True, True)
    assert (head.upper() in words.upper(), receiver in words) == (True, True)


class Sheet(HTMLParser):
    """The words of the sheet of paper on the page."""

    def __init__(self, page: str):
        super().__init__()
        self.depth, self.words = 0, []
        self.feed(page)
        self.text = " ".join(" ".join(self.words).replace("\u200b", "").split()).replace(" .", ".")

    def handle_starttag(self, tag, attributes):
        self.depth += tag == "article"

    def handle_endtag(self, tag):
        self.depth -= tag == "article"

    def handle_data(self, data):
        if self.depth:
            self.words.append(data)


def test_numbers_know_their_figure_and_read_like_text():
    said = paragraph("Có mặt \ue0f0present\ue0f184/84\ue0f2 lượt.")

    assert said == {
        "kind": "paragraph",
        "text": "Có mặt 84/84 lượt.",
        "parts": [["Có mặt ", ""], ["84/84", "present"], [" lượt.", ""]],
    }
    assert plain("\ue0f0x\ue0f1") == "\ue0f0x\ue0f1"
    assert "figures" not in total("Cộng", 1, ["84"])


# --- who gets it ---


@pytest.mark.parametrize(
    ("code", "addressee", "through"),
    [("2024-Q3", "Đảng ủy 1.1", False), ("2024-H2", "Ban Thường vụ Đảng ủy 1.1", True)],
)
def test_the_addressee_is_one_thing_and_the_receiver_another(fourteen, code, addressee, through):
    board = OrganisationFunction.Function.PROPAGANDA
    OrganisationFunction.unscoped.create(
        organisation=fourteen.branch, function=board, body_name="Ban Tuyên giáo Đảng ủy", first_day=dt.date(2020, 1, 1)
    )
    report = request_report(fourteen.cell, Period.parse(code), fourteen.hoa)
    build(report.pk)

    report = sent(report, fourteen)

    ending = next(block for block in report.content["blocks"] if block["kind"] == "ending")
    between = ["- Ban Tuyên giáo Đảng ủy (để\u00a0tổng\u00a0hợp),"] if through else []
    assert ending["receivers"] == [f"- {addressee} (để\u00a0báo\u00a0cáo),", *between, "- Lưu Chi bộ."]
    assert (report.receiver, report.through_board) == (fourteen.branch, through)


def test_a_rule_of_the_place_comes_before_the_general_one(fourteen, client):
    rule = ReportRoute.unscoped.get(issuers="cells", span="quarter")
    rule.pk, rule.public_id, rule.organisation, rule.through_board = None, uuid.uuid4(), fourteen.committee, True
    rule.save()
    board = OrganisationFunction.Function.PROPAGANDA
    OrganisationFunction.unscoped.create(
        organisation=fourteen.branch, function=board, body_name="Ban Tuyên giáo", first_day=dt.date(2020, 1, 1)
    )
    report = request_report(fourteen.cell, QUARTER, fourteen.hoa)
    build(report.pk)
    report = sent(report, fourteen)
    vinh = PostFactory(user=fourteen.nam, organisation=fourteen.branch, role=Role.COMMITTEE).user
    board = PostFactory(user=fourteen.mai, organisation=fourteen.branch, role=Role.BOARD).user

    assert post(client, vinh, "receive", report).status_code == 403
    post(client, board, "receive", report)

    report.refresh_from_db()
    assert report.stage == Stage.RECEIVED


def test_a_draft_is_its_issuers_own(draft, client, fourteen):
    for user in (fourteen.minh, fourteen.binh, fourteen.thu, fourteen.nam):
        client.force_login(user)
        assert client.get(url("detail", draft)).status_code == 404

    sent(draft, fourteen)

    for user in (fourteen.minh, fourteen.binh, fourteen.thu):
        client.force_login(user)
        assert client.get(url("preview", draft)).status_code == 200


# --- after a conference ---


def test_a_report_after_a_conference_has_its_sites_and_its_day(fourteen, client):
    conference = ConferenceFactory(
        organisation=fourteen.committee, subject="Quán triệt Nghị quyết 35", expected=100, present=98
    )
    ReceivingSiteFactory(conference=conference, name="Điểm cầu Nông Cống", expected=720, present=702, estimate="nearly")
    client.force_login(fourteen.minh)
    form = {"conference": str(conference.public_id), "form_key": str(uuid.uuid4())}

    client.post(reverse("reports:request_about_conference"), form)

    report = Report.unscoped.get(conference=conference)
    content = compose(report)
    assert content["subject"] == "kết quả hội nghị quán triệt Nghị quyết 35"
    assert content["span"] == "(Hội nghị ngày 10/07/2024; số liệu chốt đến hết ngày 10/07/2024)"
    (sites, *_definitions) = [block for block in content["blocks"] if block["kind"] == "table"]
    assert sites["rows"][1] == ["1", "Điểm cầu Nông Cống", "720", "gần\u00a0702", "97,5\u00a0%"]
    assert sites["total"]["texts"] == ["820", "gần\u00a0800", "97,6\u00a0%"]
    assert client.get(url("preview", report)).status_code == 200
    Term.unscoped.create(organisation=fourteen.committee, ordinal="XX", first_day=dt.date(2020, 1, 1))
    seen = client.get(url("sign", report)).context["seen"]
    told = {"seat": "Thanh Hóa", "signer": "", "signer_post": "deputy_secretary", "seen": seen}
    assert "Hãy ghi họ tên người ký." in post(client, fourteen.minh, "sign", report, **told).content.decode()
    post(client, fourteen.minh, "sign", report, **told | {"signer": "Lê Văn Mẫu"})
    report.refresh_from_db()
    ending = next(block for block in report.content["blocks"] if block["kind"] == "ending")
    assert (ending["authority"], ending["post"], ending["signer"]) == ("T/M ĐẢNG ỦY", "PHÓ BÍ THƯ", "Lê Văn Mẫu")
    assert (report.number.symbol, report.requested_by) == ("01-BC/ĐUK", fourteen.minh)
    other = ConferenceFactory(organisation=fourteen.committee)  # on the same day
    assert request_report(fourteen.committee, Period.of_day(other.day), None, conference=other).pk != report.pk


# --- who is waited for ---


def waits(client, user) -> list[str]:
    client.force_login(user)
    shown = client.get("/").context["shown"]
    return [task.title for task in [shown.first, *shown.tasks] if task and "báo cáo " in task.title]


def test_the_home_page_says_whose_signature_and_whose_answer_is_waited_for(draft, client, fourteen):
    assert (waits(client, fourteen.hoa), waits(client, fourteen.minh)) == ([], [])

    post(client, fourteen.lan, "submit", draft)
    assert (waits(client, fourteen.hoa), waits(client, fourteen.lan)) == (["1 báo cáo chờ ký"], [])

    draft.refresh_from_db()
    sent(draft, fourteen)
    receiver = PostFactory(user=fourteen.binh, organisation=fourteen.branch, role=Role.COMMITTEE).user
    assert (waits(client, fourteen.hoa), waits(client, receiver)) == ([], ["1 báo cáo chờ tiếp nhận"])
    assert waits(client, fourteen.minh) == []  # farther up than it was sent

    post(client, receiver, "send_back", draft, reason="Thiếu hội nghị")
    assert [waits(client, who) for who in (fourteen.hoa, fourteen.lan)] == [["1 báo cáo bị trả lại"]] * 2
    assert waits(client, receiver) == []
    mended = Report.unscoped.get(public_id=post(client, fourteen.lan, "make_anew", draft).url.split("/")[-2])
    client.force_login(fourteen.hoa)
    for page in ("detail", "write"):  # whoever mends it reads why, where it is mended
        assert "Bản trước bị trả lại: Thiếu hội nghị" in client.get(url(page, mended)).content.decode()
    signed(mended, fourteen)
    assert [waits(client, who) for who in (fourteen.hoa, fourteen.lan)] == [["1 báo cáo đã ký, chưa gửi"], []]
    issuing.send(Report.unscoped.get(pk=mended.pk), actor=fourteen.hoa)
    assert waits(client, fourteen.hoa) == []


# --- the scan ---


def test_the_scan_of_the_signed_copy_waits_for_the_scanner_and_a_second_pair_of_eyes(draft, client, fourteen, settings):
    report = sent(draft, fourteen)
    picture_file = SimpleUploadedFile("ky.jpg", picture(), content_type="image/jpeg")
    post(client, fourteen.lan, "add_scan", report, file=picture_file, is_attested="on")
    scan = ReportScan.unscoped.get()
    client.force_login(fourteen.minh)
    assert client.get(reverse("reports:scan", args=[scan.public_id])).status_code == 404

    client.force_login(fourteen.hoa)
    release = reverse("reports:release_scan", args=[scan.public_id])
    settings.SCANNER = "127.0.0.1:9"
    for answer in (
        client.post(release, {"form_key": str(uuid.uuid4())}, follow=True),
        client.get(reverse("reports:scan", args=[scan.public_id]), follow=True),
    ):
        assert "Tệp đang chờ quét vi-rút. Hãy thử lại sau ít phút." in answer.content.decode()
    settings.SCANNER = ""
    client.post(release, {"form_key": str(uuid.uuid4())})

    client.force_login(fourteen.minh)
    answer = client.get(reverse("reports:scan", args=[scan.public_id]))
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")


# --- what an administrator decides ---


def test_a_new_layout_and_a_new_route_hold_from_their_day_on(fourteen, client):
    client.force_login(fourteen.quan)
    rule = {"source": "Quy định của tỉnh", "first_day": "01/01/2025"}
    layout = {"code": "hd05_2026", "headings": "letters", "end_mark": "./.", "form_key": str(uuid.uuid4())}
    layout |= USUAL | {"left": 35}
    assert client.post(reverse("reports:new_layout"), rule | layout).url == reverse("reports:rules")
    again = client.post(reverse("reports:new_layout"), rule | layout | {"form_key": str(uuid.uuid4())})
    assert "Đã có quy định áp dụng từ ngày này" in again.content.decode()
    route = {"issuers": "cells", "span": "quarter", "addressee": "standing", "organisation": "1"}
    client.post(reverse("reports:new_route"), rule | route | {"form_key": str(uuid.uuid4())})

    report = Report(organisation=fourteen.cell, period="2024-Q3", until=QUARTER.until)
    before, after = compose(report, dt.date(2024, 12, 31)), compose(report, dt.date(2025, 1, 1))

    assert [one["blocks"][0]["text"] for one in (before, after)] == ["I- TÌNH HÌNH CHUNG", "A. TÌNH HÌNH CHUNG"]
    assert [one["sheet"]["left"] for one in (before, after)] == [30, 35]
    receivers = [next(block for block in one["blocks"] if block["kind"] == "ending") for one in (before, after)]
    assert [one["receivers"][0].split(" (")[0] for one in receivers] == [
        "- Đảng ủy 1.1",
        "- Ban Thường vụ Đảng ủy 1.1",
    ]
    assert client.get(reverse("reports:rules")).status_code == 200


SEEN = re.compile(r'name="version" value="([^"]*)"')
NEXT_RULES = {
    "new_layout": (
        PaperLayout,
        {"code": "hd05_2026", "headings": "roman", "end_mark": ".", **USUAL},
        {"left": 35},
        ("Lề trái (mm)", "30", "35"),
    ),
    "new_route": (
        ReportRoute,
        {"issuers": "cells", "span": "month", "addressee": "committee", "organisation": "1"},
        {"addressee": "standing"},
        ("Gửi", "Cấp ủy cấp trên trực tiếp", "Ban thường vụ cấp ủy cấp trên trực tiếp"),
    ),
}


@pytest.mark.once
@pytest.mark.parametrize("page", NEXT_RULES)
def test_a_second_administrator_sees_what_the_first_set_from_the_same_day(cast, client, page):
    rules, mine, other, differing = NEXT_RULES[page]
    client.force_login(cast.quan)

    def sent(told, day, version=""):
        fields = told | {"source": "Quy định", "first_day": day, "version": version, "form_key": str(uuid.uuid4())}
        return client.post(reverse(f"reports:{page}"), fields)

    for day in ("01/01/2099", "01/02/2099"):
        assert sent(mine | other, day).status_code == 302
    refused = sent(mine, "01/01/2099")
    seen = SEEN.search(refused.content.decode())[1]
    elsewhere = sent(mine, "01/02/2099", seen)  # another day's rule, in the same version, has not been seen

    assert (refused.status_code, elsewhere.status_code) == (409, 409)
    assert [(str(label), *both) for label, *both in refused.context["versions"]] == [differing]
    (name, value), *_ = other.items()
    stored = rules.unscoped.filter(first_day__year=2099).order_by("first_day")
    assert set(stored.values_list(name, flat=True)) == {value}
    assert sent(mine, "01/01/2099", seen).status_code == 302
    assert list(stored.values_list(name, "version")) == [(USUAL.get(name, "committee"), 2), (value, 1)]
