import datetime as dt
import hashlib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction

from accounts.auditing import record
from accounts.models import AuditEntry, AuditValues, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return User.objects.create(username="lan", full_name="Lan")


def test_an_entry_says_who_did_what_to_what(lan):
    entry = record("user_invited", actor=lan, target=lan, detail={"until": dt.date(2024, 9, 30)})

    entry.refresh_from_db()
    assert (entry.actor, entry.action) == (lan, "user_invited")
    assert (entry.object_kind, entry.object_id) == ("accounts.user", str(lan.pk))
    assert entry.detail == {"until": "2024-09-30"}
    assert (entry.values_digest, AuditValues.objects.count()) == ("", 0)


def test_the_request_gives_actor_and_address(rf, lan):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = lan

    entry = record("page_denied", request=request)

    assert (entry.actor, entry.address, entry.object_kind) == (lan, "192.0.2.7", "")


def test_a_stranger_is_no_actor(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert record("login_failed", request=request).actor is None


def test_values_stand_apart_and_the_entry_keeps_their_digest(lan):
    entry = record("user_changed", target=lan, before={"full_name": "Lan"}, after={"full_name": "Lân"})

    values = AuditValues.objects.get(entry=entry)
    assert (values.before, values.after) == ({"full_name": "Lan"}, {"full_name": "Lân"})
    text = '{"after": {"full_name": "Lân"}, "before": {"full_name": "Lan"}}'
    assert entry.values_digest == hashlib.sha256(text.encode()).hexdigest()
    assert entry.detail == {}


def test_what_is_rolled_back_leaves_no_trace():
    with transaction.atomic():
        record("session_closed")
        transaction.set_rollback(True)

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_trail(change):
    record("session_closed")

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(action="") if change == "update" else AuditEntry.objects.all().delete()

    assert AuditEntry.objects.get().action == "session_closed"
