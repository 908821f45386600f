"""What is stored about a person: all of it is shown and handed out, none is left when it is made anonymous (C7-66)."""

import datetime as dt
import io
import json
import uuid
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import sealing
from accounts.actions import KINDS
from accounts.auditing import record
from accounts.models import AuditEntry, User
from cells import person_data
from cells.mentioning import free_texts, mentions_of
from cells.models import Membership, Person
from cells.person_tables import workbook
from sessions.models import AnnouncedAbsence, CalendarFeed, Mark
from tests.factories import AppointmentFactory, MembershipFactory, PersonFactory, PostFactory, SessionFactory, close

pytestmark = pytest.mark.django_db

NAME, CODE, LOG_IN = "Trịnh Thị Chim Yến", "CHIM-YEN-7", "chimyen.t"
GONE = dt.date(2025, 1, 31)


@pytest.fixture
def leaver(cast):
    """Left in 2025, spoke, held a post, came to a session and was absent from another; all that left rows."""
    user = User.objects.create_user(LOG_IN, "mot cau that dai", full_name=NAME, email="chimyen@example.vn")
    person = PersonFactory(code=CODE, full_name=NAME, user=user, birth_date=dt.date(1971, 3, 17), phone="0912345678")
    MembershipFactory(person=person, cell=cast.cell, last_day=GONE)
    AppointmentFactory(person=person, organisation=cast.committee, last_day=GONE)
    PostFactory(user=user, organisation=cast.cell, last_day=GONE)
    close(SessionFactory(cell=cast.cell, day=dt.date(2024, 7, 3)))
    absent = close(SessionFactory(cell=cast.cell, day=dt.date(2024, 8, 3)), {person: Mark.EXCUSED})
    absent.roll_call.filter(person=person).update(reason="đi viện Chim")
    AnnouncedAbsence.unscoped.create(session=absent, person=person, reason="Chim đi viện", announced_by=user)
    record("person.changed", target=person, before={"full_name": "Chim"}, after={"full_name": NAME})
    record(
        "session.marked", target=absent, before={str(person.pk): ""}, after={str(person.pk): "đi viện Chim", "7": "ốm"}
    )
    return person


def figures() -> dict:
    return {
        model.__name__: sorted(model._base_manager.values_list("expected", "present", "excused", "unexcused"))
        for model in apps.get_app_config("cell_sessions").get_models()
        if model.__name__ in {"Session", "MonthlyRollup"}
    }


def whole_database() -> str:
    """Every cell of every table as text; but what the trail says is sealed and holds ids only."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


def test_every_column_that_names_a_person_is_known():
    walked = {(model._meta.db_table, field.column) for model, field in person_data.references()}

    with connection.cursor() as cursor:
        stored = {
            (table, column)
            for table in connection.introspection.table_names(cursor)
            for column, (_other, target) in connection.introspection.get_relations(cursor, table).items()
            if target in {"cells_person", "accounts_user"}
        }
    assert walked == stored


def test_each_of_these_tables_has_a_name_for_people():
    assert {model._meta.label_lower for model, _field in person_data.references()} - KINDS.keys() == set()


def test_the_copy_holds_every_row_about_the_person(leaver):
    copy = json.loads(person_data.as_json(leaver, leaver.user))

    assert {
        key: len(rows) for key, rows in copy.items() if not key.startswith(("account.", "mfa.", "usersessions."))
    } == {
        "cells.person.id": 1,
        "accounts.user.id": 1,
        "cells.membership.person": 1,
        "cells.post.user": 1,
        "speakers.speakerappointment.person": 1,
        "cell_sessions.attendance.person": 2,
        "cell_sessions.announcedabsence.person": 1,
        "cell_sessions.announcedabsence.announced_by": 1,
        "audit": 2,
    }
    assert copy["cells.person.id"][0]["birth_date"] == "1971-03-17"
    assert [row["after"] for row in copy["audit"]] == [{"full_name": NAME}, {str(leaver.pk): "đi viện Chim"}]
    assert "password" not in copy["accounts.user.id"][0]


def test_the_workbook_holds_the_same(leaver):
    book = load_workbook(io.BytesIO(workbook(leaver, leaver.user)), read_only=True)

    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    assert NAME in sheets["1. Đảng viên"][1]
    assert len(sheets["Nhật ký"]) == 3


def test_nothing_is_left_of_who_left_and_no_figure_moves(leaver, cast):
    sealing.seal()
    before, people = figures(), Person.unscoped.count()

    person_data.anonymise(leaver, "Theo đơn của người có dữ liệu", actor=cast.quan)

    left = whole_database()
    canaries = ("Chim", "chim", CODE, LOG_IN, "0912345678", "1971-03-17", "datetime.date(1971", "\\u1ebfn")
    assert [canary for canary in canaries if canary in left] == []
    assert (figures(), Person.unscoped.count()) == (before, people)
    assert list(sealing.faults()) == []
    entry = AuditEntry.objects.get(action="person.anonymised")
    assert (entry.actor, entry.place) == (cast.quan, cast.cell.pk)


def test_with_them_go_their_second_factor_log_ins_and_calendar(leaver, cast):
    user = leaver.user
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    UserSession.objects.create(user=user, session_key="s" * 32, ip="192.0.2.1", user_agent="Chim")
    CalendarFeed.unscoped.create(user=user, secret="k" * 43)
    EmailAddress.objects.create(user=user, email="chimyen@example.vn")

    person_data.anonymise(leaver, "Theo đơn", actor=cast.quan)

    for model in (Authenticator, UserSession, CalendarFeed, EmailAddress):
        assert (model.__name__, model._base_manager.filter(user=user).count()) == (model.__name__, 0)


def test_texts_that_name_them_are_listed_and_left_to_a_person(leaver, cast):
    session = SessionFactory(cell=cast.cell, day=dt.date(2024, 9, 3), theme=f"Gương sáng {NAME}")
    SessionFactory(cell=cast.cell, day=dt.date(2024, 10, 3), theme="Gương sáng Chim")

    found = mentions_of(leaver)
    person_data.anonymise(leaver, "Theo đơn", actor=cast.quan)

    assert [(mention.kind, mention.row.pk, mention.field.name) for mention in found] == [
        ("cell_sessions.session", session.pk, "theme")
    ]
    session.refresh_from_db()
    assert NAME in session.theme
    named_in = AuditEntry.objects.get(action="person.anonymised").detail["named_in"]
    assert named_in == [f"cell_sessions.session:{session.pk}"]


def test_an_administrator_reads_where_the_name_stands_before_forgetting_it(leaver, cast, client):
    SessionFactory(cell=cast.cell, day=dt.date(2024, 9, 3), theme=f"Gương sáng {NAME}")
    record("person.shown", actor=cast.quan, target=leaver)
    client.force_login(cast.quan)

    for name in ("cells:personal_data_of", "cells:anonymise"):
        page = client.get(reverse(name, args=[leaver.public_id]))
        assert [whose for _what, whose in page.context["mentions"]] == ["Chi bộ một"]
        assert "Gương sáng" not in page.content.decode()


def test_every_free_text_has_a_name_for_people():
    assert {model._meta.label_lower for model, _field in free_texts()} - KINDS.keys() == set()


def test_their_log_in_is_over(leaver, cast, client):
    client.force_login(leaver.user)

    person_data.anonymise(leaver, "Theo đơn", actor=cast.quan)

    assert client.get("/").status_code == 302
    leaver.user.refresh_from_db()
    assert (leaver.user.is_active, leaver.user.has_usable_password()) == (False, False)


def test_a_namesake_keeps_everything_but_values_that_name_both(leaver, cast):
    other = PersonFactory(full_name=NAME)

    person_data.anonymise(leaver, "Theo đơn", actor=cast.quan)

    other.refresh_from_db()
    assert other.full_name == NAME


@pytest.mark.parametrize("what", ["membership", "post", "administrator"])
def test_who_is_still_here_is_not_forgotten(leaver, cast, what):
    if what == "membership":
        Membership.unscoped.filter(person=leaver).update(last_day=timezone.localdate())
    elif what == "post":
        PostFactory(user=leaver.user, organisation=cast.neighbour)
    else:
        User.objects.filter(pk=leaver.user.pk).update(is_administrator=True)

    with pytest.raises(person_data.StillHere):
        person_data.anonymise(leaver, "Theo đơn", actor=cast.quan)
    leaver.refresh_from_db()
    assert leaver.full_name == NAME


def test_the_command_corrects_what_it_is_told_and_leaves_the_rest(leaver):
    with pytest.raises(SystemExit):
        call_command("person_data", CODE, "correct", birth="1/13/1971", reason="Theo đơn", stderr=StringIO())
    with pytest.raises(SystemExit):
        call_command("person_data", CODE, "correct", birth="1972", stderr=StringIO())

    call_command("person_data", CODE, "correct", birth="1972", reason="Theo đơn", stdout=StringIO())

    leaver.refresh_from_db()
    told = (leaver.full_name, leaver.birth_date, leaver.birth_year, leaver.phone)
    assert told == (NAME, None, 1972, "0912345678")
    values = AuditEntry.objects.get(action="person.amended").values
    assert values.after == {"birth_date": None, "birth_year": 1972, "reason": "Theo đơn"}


def test_an_administrator_corrects_after_saying_why(leaver, cast, client):
    client.force_login(cast.quan)
    address = reverse("cells:correct_personal_data", args=[leaver.public_id])
    told = {"form_key": uuid.uuid4(), "full_name": "Trịnh Yến", "birth": "17/03/1971", "version": leaver.version}
    assert client.post(address, told).headers["Location"] == reverse("cells:personal_data")

    record("person.shown", actor=cast.quan, target=leaver, after={"reason": "đơn ngày 1/11"})
    answer = client.post(address, told)

    assert answer.headers["Location"] == reverse("cells:personal_data_of", args=[leaver.public_id])
    leaver.refresh_from_db()
    assert (leaver.full_name, leaver.birth_date) == ("Trịnh Yến", dt.date(1971, 3, 17))
    assert client.post(address, told | {"form_key": uuid.uuid4(), "full_name": "Yến"}).status_code == 409


def test_the_command_shows_exports_and_anonymises(leaver, tmp_path):
    out = StringIO()
    call_command("person_data", CODE, "show", stdout=out)
    assert "Điểm danh (cell_sessions.attendance.person): 2" in out.getvalue().splitlines()

    call_command("person_data", CODE, "export", output=tmp_path, stdout=StringIO())
    assert NAME in (tmp_path / "du-lieu-ca-nhan.json").read_text()

    with pytest.raises(SystemExit):
        call_command("person_data", CODE, "anonymise", reason="Theo đơn", stderr=StringIO())
    call_command("person_data", CODE, "anonymise", reason="Theo đơn", yes=True, stdout=StringIO())
    leaver.refresh_from_db()
    assert leaver.full_name == "Đảng viên đã ẩn danh"
    done = AuditEntry.objects.filter(action__startswith="person.").order_by("pk")
    assert list(done.values_list("action", flat=True)) == [
        "person.changed",
        "person.shown",
        "person.exported",
        "person.anonymised",
    ]
