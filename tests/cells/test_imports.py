"""A file becomes a plan, the plan is confirmed and written, and all of it can be taken back."""

import datetime as dt
import io
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import retaining
from accounts.models import AuditEntry
from cells import lineage, revising
from cells.importing import files
from cells.importing.working import work
from cells.models import ImportBatch, Lineage, Membership, Organisation, Person, Post, Role
from cells.reach import with_reach
from sessions.counting import rebuild_rollup
from sessions.models import Attendance, MonthlyRollup, Session
from tests.cells.books import (
    MARKS,
    MEMBERS,
    ORGANISATIONS,
    SESSIONS,
    changed,
    extended,
    good_book,
    mark,
    member,
    organisation,
    session,
)
from tests.cells.imports import book_bytes, carried_out, decide, planned, roster_rows, upload, xlsx
from tests.factories import MembershipFactory, PersonFactory, PostFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def quan(client):
    """An administrator who is logged in, on an empty database."""
    user = UserFactory(username="quan", full_name="Quan", is_administrator=True)
    client.force_login(user)
    return user


@pytest.fixture
def data(everything):
    """All rows but those that tell of imports themselves."""
    own = {"cells.ImportBatch", "cells.Revision", "accounts.AuditEntry", "accounts.AuditValues"}
    own |= {"accounts.IdempotencyKey", "accounts.User"}
    return lambda: {name: rows for name, rows in everything().items() if name not in own}


def confirmed(client, batch):
    return carried_out(client, "import_confirm", batch, plan=batch.plan_number)


def page(client, batch, query="") -> str:
    return client.get(reverse("cells:import", args=[batch.public_id]) + query).content.decode()


def test_a_workbook_is_shown_before_it_is_written(client, quan, data, tmp_path):
    before = data()

    batch = planned(client, book_bytes(good_book(), tmp_path), "workbook")

    assert (batch.phase, batch.state, batch.summary["is_right"]) == ("plan", "done", True)
    assert batch.summary["counts"][MEMBERS] == {"added": 3, "changed": 0, "closed": 0, "unchanged": 0, "wrong": 0}
    assert data() == before
    assert "Người P3 (P3)" in page(client, batch, "?show=added")

    batch = confirmed(client, batch)

    assert (batch.phase, batch.state) == ("write", "done")
    assert Attendance.unscoped.count() == 3


def test_what_was_written_can_be_taken_back(client, quan, data, tmp_path):
    confirmed(client, planned(client, book_bytes(good_book(), tmp_path), "workbook"))
    first = data()
    book = extended(good_book(), ORGANISATIONS, organisation("1.3"))
    book = changed(book, MEMBERS, 4, **{"Đến ngày": "31/12/2024"})
    book = extended(book, MEMBERS, member("P3", "1.3", first_day="01/01/2025"), member("P4", "1.3"))
    book = extended(book, SESSIONS, session("S3", "1.3", on="05/02/2025"))
    book = extended(book, MARKS, mark("S3", "P3"), mark("S3", "P4"))
    book = changed(book, ORGANISATIONS, 3, Tên="Chi bộ có tên mới")

    batch = planned(client, book_bytes(book, tmp_path), "workbook")
    assert batch.summary["counts"][MEMBERS] == {"added": 2, "changed": 0, "closed": 1, "unchanged": 2, "wrong": 0}
    assert "Chi bộ có tên mới" in page(client, batch, "?show=changed")
    batch = confirmed(client, batch)
    assert Session.unscoped.count() == 3
    assert Lineage.unscoped.filter(descendant__code="1.3").count() == 2

    batch = carried_out(client, "import_undo", batch)

    assert batch.undone_at
    assert data() == first
    assert lineage.rebuild() == 0
    assert rebuild_rollup() == 0


def test_a_session_that_was_finished_by_a_file_is_planned_again(client, quan, data, tmp_path):
    book = extended(good_book(), SESSIONS, session("S3", on="05/06/2024", state="dự kiến"))
    confirmed(client, planned(client, book_bytes(book, tmp_path), "workbook"))
    first, rollups = data(), MonthlyRollup.unscoped.count()
    book = changed(book, SESSIONS, 4, **{"Trạng thái": "đã kết thúc"})
    book = extended(book, MARKS, mark("S3", "P1"), mark("S3", "P2", "vắng có lý do"))
    batch = confirmed(client, planned(client, book_bytes(book, tmp_path), "workbook"))
    assert MonthlyRollup.unscoped.count() == rollups + 2

    carried_out(client, "import_undo", batch)

    after = data()
    assert Session.unscoped.get(code="S3").version == 3
    Session.unscoped.filter(code="S3").update(version=1)
    assert after.keys() == first.keys()
    assert data() == first


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: PostFactory(organisation=Organisation.unscoped.get(code="1.2")), "1.2: đã có người giữ chức vụ"),
        (
            lambda: SessionFactory(cell=Organisation.unscoped.get(code="1.2"), code="S77"),
            "Tổ chức, 1.2: làm sai dòng đã lưu “S77” của trang “Buổi sinh hoạt”: không có tổ chức mang mã này",
        ),
        (
            lambda: Person.unscoped.filter(code="P1").update(full_name="Người khác"),
            "Đảng viên, P1: đã được sửa hoặc xóa sau lần nhập này",
        ),
        (
            lambda: MembershipFactory(
                person=Person.unscoped.get(code="P3"),
                cell=Organisation.unscoped.get(code="1.1"),
                first_day=dt.date(2019, 1, 1),
                last_day=dt.date(2019, 6, 1),
            ),
            "Tổ chức, 1.1: làm sai dòng đã lưu “P3” của trang “Đảng viên”: không có tổ chức mang mã này",
        ),
    ],
)
def test_an_undo_names_what_builds_on_the_import_and_changes_nothing(client, quan, data, tmp_path, build, told):
    batch = confirmed(client, planned(client, book_bytes(good_book(), tmp_path), "workbook"))
    build()
    first = data()

    batch = carried_out(client, "import_undo", batch)

    assert (batch.phase, batch.state, batch.undone_at) == ("write", "done", None)
    assert told in batch.summary["in_the_way"]
    assert data() == first
    assert "Chưa hoàn tác được" in page(client, batch)


def test_a_plan_made_on_older_data_is_not_written_but_shown_anew(client, quan, data, tmp_path):
    confirmed(client, planned(client, book_bytes(good_book(), tmp_path), "workbook"))
    newcomer = member("P4", first_day="01/01/2025")
    batch = planned(client, book_bytes(extended(good_book(), MEMBERS, newcomer), tmp_path), "workbook")
    PersonFactory(code="P4", full_name="Người đến trước")
    revising.advance()
    first = data()

    outdated = carried_out(client, "import_confirm", batch, plan=1)

    assert (outdated.phase, outdated.state, outdated.plan_number) == ("plan", "done", 2)
    assert data() == first
    assert "Chưa ghi gì: dữ liệu trong sổ đã thay đổi" in page(client, outdated)
    assert (
        "đã được lập lại"
        in decide(client, "import_confirm", batch, plan=1).wsgi_request._messages._queued_messages[0].message
    )
    assert confirmed(client, outdated).phase == "write"


def test_what_changed_elsewhere_does_not_disturb(client, quan, tmp_path):
    batch = planned(client, book_bytes(good_book(), tmp_path), "workbook")
    revising.advance()

    assert confirmed(client, batch).phase == "write"


def test_of_two_who_confirm_one_writes(client, quan, tmp_path):
    batch = planned(client, book_bytes(good_book(), tmp_path), "workbook")

    answers = [decide(client, "import_confirm", batch, plan=1) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (work(batch.pk), work(batch.pk)) == (True, False)
    assert AuditEntry.objects.filter(action="import.confirmed").count() == 1
    assert AuditEntry.objects.filter(action="import.written").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_once(client, quan, tmp_path):
    batch = planned(client, book_bytes(good_book(), tmp_path), "workbook")
    decide(client, "import_confirm", batch, plan=1)
    done = []

    def run():
        done.append(work(batch.pk))
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(action="import.written").count() == 1
    assert Membership.unscoped.count() == 3


def test_a_committee_imports_what_stands_below_it_only(client, cast, tmp_path):
    client.force_login(cast.minh)
    book = {
        ORGANISATIONS: [
            organisation("1.1.9", parent="1.1", name="Chi bộ mới"),
            organisation("11", kind="đảng bộ khối", parent="0", name="Đổi tên"),
            organisation("11.5", parent="11"),
            organisation("1", kind="đảng bộ khối", parent="0"),
        ],
        MEMBERS: [member("X1", "1.1.9"), member("X2", "11"), member("X3", "khong-co")],
        SESSIONS: [session("S9", "1.1.1")],
    }

    batch = planned(client, book_bytes(book, tmp_path), "workbook")

    told = {(line["sheet"], line["row"], line["column"], line["text"]) for line in files.all_of(batch, "wrong")}
    outside = "ngoài phạm vi của đồng chí: chỉ nhập được tổ chức trực thuộc và đảng viên, hoạt động của các tổ chức đó"
    assert told == {
        (ORGANISATIONS, 3, "Mã", outside),
        (ORGANISATIONS, 4, "Trực thuộc", outside),
        (ORGANISATIONS, 5, "Mã", outside),
        (MEMBERS, 3, "Mã chi bộ", outside),
        (MEMBERS, 4, "Mã chi bộ", outside),
        (SESSIONS, 2, "Mã buổi", "phần này do chi bộ ghi, cấp ủy không nhập thay"),
    }


def test_somebody_elsewhere_is_not_shown_to_a_committee(client, cast, tmp_path):
    client.force_login(cast.minh)
    stranger = PersonFactory(code="XA", full_name="Người Ở Xa")
    MembershipFactory(person=stranger, cell=cast.foreign)

    batch = planned(client, book_bytes({MEMBERS: [member("XA", "1.1.1")]}, tmp_path), "workbook")

    assert [line["column"] for line in files.all_of(batch, "wrong")] == ["Mã đảng viên"]
    assert "Người Ở Xa" not in files.plan_path(batch).read_text()


def roster(client, cast, rows, **fields) -> ImportBatch:
    return planned(client, xlsx(rows), "roster", cell=str(cast.cell.public_id), **fields)


def test_a_roster_is_understood_whatever_its_columns_are_called(client, cast):
    client.force_login(cast.hoa)
    rows = [
        ["DANH SÁCH ĐẢNG VIÊN"],
        [],
        ["TT", "Tình trạng sinh hoạt", "HỌ VÀ TÊN", "Năm sinh", "Nam/Nữ", "Ghi chú", "Tư cách (CT/DB)"],
        [1, "Miễn", "Trần  Thị Ba", 1950, "nữ", "x", "CT"],
        [2, "", "Lê Văn Bốn", "05/11/1980", "Nam", "", "DB"],
    ]

    batch = roster(client, cast, rows)

    assert batch.summary["counts"][MEMBERS] == {"added": 2, "changed": 0, "closed": 0, "unchanged": 0, "wrong": 0}
    understood = batch.summary["understood"]
    assert understood["header"] == 3
    assert ["Tư cách (CT/DB)", "tư cách"] in understood["columns"]
    assert understood["unused"] == ["TT", "Ghi chú"]
    assert understood["not_named"] == 3

    confirmed(client, batch)

    spans = Membership.unscoped.filter(cell=cast.cell, first_day=dt.date(2024, 6, 1)).order_by("person__full_name")
    assert [(s.person.full_name, s.person.birth_year, s.person.sex, s.standing, s.status) for s in spans] == [
        ("Lê Văn Bốn", None, "male", "probationary", "active"),
        ("Trần Thị Ba", 1950, "female", "official", "exempt"),
    ]


def test_who_is_known_is_recognised_by_name_and_ends_one_span_for_another(client, cast):
    client.force_login(cast.hoa)
    rows = [["Họ và tên", "Tình trạng", "Từ ngày"], ["mai", "Miễn sinh hoạt", "01/03/2025"], ["Lan", "", ""]]

    batch = roster(client, cast, rows)

    assert batch.summary["counts"][MEMBERS] == {"added": 1, "changed": 0, "closed": 1, "unchanged": 1, "wrong": 0}
    confirmed(client, batch)
    spans = cast.member.memberships.order_by("first_day").values_list("status", "first_day", "last_day")
    assert list(spans) == [
        ("active", dt.date(2020, 1, 1), dt.date(2025, 2, 28)),
        ("exempt", dt.date(2025, 3, 1), None),
    ]
    assert cast.member.full_name == Person.unscoped.get(code="DV-MAI").full_name


def test_wrong_rows_are_named_and_come_as_a_table_to_mend(client, cast):
    client.force_login(cast.hoa)
    rows = roster_rows(6)
    rows[2][2] = "31/02/1980"
    rows[4][3] = "khác"
    rows[5][1] = ""
    rows[6][1:3] = rows[1][1:3]

    batch = roster(client, cast, rows)

    told = [(line["sheet"], line["row"], line["column"]) for line in files.all_of(batch, "wrong")]
    assert told == [
        ("Danh sách", 3, "Ngày sinh"),
        ("Danh sách", 5, "Giới tính"),
        ("Danh sách", 6, "Họ tên"),
        ("Danh sách", 7, "Họ tên"),
    ]
    answer = client.get(reverse("cells:import_wrong_rows", args=[batch.public_id]))
    table = list(load_workbook(io.BytesIO(answer.content))["Danh sách"].values)
    assert [row[0] for row in table] == ["Dòng", 3, 5, 6, 7]
    assert table[1][1] == "Ngày sinh: không có ngày này trong lịch"
    assert table[1][2:5] == ("2", rows[2][1], "31/02/1980")
    assert Membership.unscoped.filter(cell=cast.cell).count() == 3


def test_a_secretary_imports_rosters_of_the_own_cell_only(client, cast):
    client.force_login(cast.hoa)

    strange = upload(client, xlsx(roster_rows(1)), "roster", cell=str(cast.neighbour.public_id))
    workbook = upload(client, xlsx(roster_rows(1)), "workbook")

    assert strange.context["form"].errors["cell"] == ["Hãy chọn một chi bộ trong danh sách."]
    assert "kind" in workbook.context["form"].errors
    assert ImportBatch.unscoped.count() == 0


def test_who_lost_the_post_meanwhile_writes_nothing(client, cast):
    client.force_login(cast.hoa)
    batch = roster(client, cast, roster_rows(2))
    decide(client, "import_confirm", batch, plan=1)
    Post.unscoped.filter(user=cast.hoa, role=Role.SECRETARY).update(
        last_day=timezone.localdate() - dt.timedelta(days=1)
    )

    assert work(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("failed", "Người tải tệp lên không còn quyền nhập dữ liệu này.")
    assert not ImportBatch.objects.for_user(with_reach(cast.hoa)).exists()


def test_a_day_has_its_limit(client, quan, settings):
    settings.IMPORTS_A_DAY = 1
    planned(client, xlsx(roster_rows(1), MEMBERS), "workbook")

    answer = upload(client, xlsx(roster_rows(1)), "workbook")

    assert answer.context["form"].errors["file"] == [
        "Hôm nay đã tải lên 1 tệp, đủ số cho phép. Hãy thử lại vào ngày mai."
    ]
    assert len(list(files.folder().glob("*.xlsx"))) == 1


def test_dropped_and_old_imports_leave_no_file(client, quan, settings, tmp_path):
    dropped = planned(client, book_bytes(good_book(), tmp_path), "workbook")
    old = planned(client, book_bytes(good_book(), tmp_path), "workbook")
    ImportBatch.unscoped.filter(pk=old.pk).update(created=timezone.now() - dt.timedelta(days=31))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cells.importing.deciding.transaction.on_commit", lambda call, robust: call())
        decide(client, "import_drop", dropped)

    assert retaining.apply()["import_files"] == 1
    assert list(files.folder().iterdir()) == []
    assert "Đã hết hạn" in page(client, ImportBatch.unscoped.get(pk=old.pk))


def test_the_same_form_sent_twice_is_one_import(client, quan):
    key = uuid.uuid4()
    content = xlsx(roster_rows(1), MEMBERS)

    answers = [upload(client, content, "workbook", form_key=key) for _time in range(2)]

    assert answers[0].url == answers[1].url
    assert ImportBatch.unscoped.count() == 1


@pytest.mark.parametrize("name", ["workbook_template", "roster_template"])
def test_a_template_filled_in_can_be_imported(client, cast, name):
    client.force_login(cast.quan)
    book = load_workbook(io.BytesIO(client.get(reverse(f"cells:{name}")).content))
    if name == "roster_template":
        book["Danh sách"].append([1, "Trần Thị Ba", "05/11/1980", "nữ", "dự bị", "sinh hoạt"])
    else:
        book[MEMBERS].append(["M1", "Trần Thị Ba", 1980, "nữ", "1.1.1", "dự bị", "sinh hoạt", "01/02/2024"])
    file = io.BytesIO()
    book.save(file)

    kind = "roster" if name == "roster_template" else "workbook"
    batch = planned(client, file.getvalue(), kind, cell=str(cast.cell.public_id))

    assert (batch.summary["is_right"], batch.summary["counts"][MEMBERS]["added"]) == (True, 1)
