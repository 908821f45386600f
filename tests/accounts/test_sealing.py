"""The trail is sealed after the commit; whoever changes it past the triggers is found out (reliability.md, 63)."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts import copying, sealing
from accounts.auditing import record
from accounts.models import AuditEntry, AuditSeal, AuditValues
from accounts.sealing import Fault, Kind

TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": ["DROP TRIGGER audit_append_only ON accounts_auditentry"],
}


@pytest.fixture
def trail(db, settings, tmp_path):
    """Three sealed entries, the second with values."""
    settings.DATA_DIR = tmp_path
    entries = [
        record("session.planned", detail={"code": "B1"}),
        record("person.changed", before={"full_name": "Lan"}, after={"full_name": "Lân"}),
        record("logout"),
    ]
    assert sealing.seal() == 3
    return entries


def as_superuser(*statements):
    """Past the triggers, as somebody with the rights of the database's owner could."""
    with connection.cursor() as cursor:
        for statement in [*TRIGGERS[connection.vendor], *statements]:
            cursor.execute(statement)


def test_what_nobody_touched_verifies(trail):
    assert list(sealing.faults()) == []
    assert sealing.seal() == 0


def test_one_altered_entry_is_named(trail):
    as_superuser(f"UPDATE accounts_auditentry SET action = 'login.ok' WHERE id = {trail[1].pk}")

    assert list(sealing.faults()) == [Fault(Kind.ALTERED, trail[1].pk)]


def test_an_hour_less_is_an_alteration(trail):
    earlier = {"sqlite": "'2024-01-01 00:00:00'", "postgresql": "at - interval '1 hour'"}[connection.vendor]
    as_superuser(f"UPDATE accounts_auditentry SET at = {earlier} WHERE id = {trail[0].pk}")

    assert list(sealing.faults()) == [Fault(Kind.ALTERED, trail[0].pk)]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_one_deleted_entry_is_named(trail, which):
    gone = trail[which].pk
    as_superuser(
        f"DELETE FROM accounts_auditvalues WHERE entry_id = {gone}",
        f"DELETE FROM accounts_auditentry WHERE id = {gone}",
    )

    assert list(sealing.faults()) == [Fault(Kind.DELETED, gone)]


def test_one_inserted_entry_is_named(trail):
    gone = trail[0].pk
    later = record("login.ok")
    sealing.seal()
    as_superuser(f"UPDATE accounts_auditentry SET id = {gone - 1} WHERE id = {trail[2].pk}")

    assert set(sealing.faults()) == {Fault(Kind.INSERTED, gone - 1), Fault(Kind.DELETED, trail[2].pk)}
    assert AuditEntry.objects.filter(pk=later.pk).exists()


def test_seals_cannot_be_forged_one_by_one(trail):
    second = AuditSeal.objects.get(position=2)
    drop = " ON accounts_auditseal" if connection.vendor == "postgresql" else ""
    as_superuser(
        f"UPDATE accounts_auditentry SET action = 'login.ok' WHERE id = {second.entry}",
        f"DROP TRIGGER accounts_auditseal_no_update{drop}",
    )
    forged = sealing.content_of(AuditEntry.objects.get(pk=second.entry))
    AuditSeal.objects.filter(position=2).update(content=forged)

    assert list(sealing.faults()) == [Fault(Kind.SEAL_ALTERED, 2)]


def test_erased_values_still_verify_and_altered_ones_do_not(trail):
    other = record("person.changed", before={"full_name": "Mai"}, after={"full_name": "May"})
    sealing.seal()

    AuditValues.objects.filter(entry=trail[1]).delete()
    assert list(sealing.faults()) == []

    drop = " ON accounts_auditvalues" if connection.vendor == "postgresql" else ""
    as_superuser(f"DROP TRIGGER accounts_auditvalues_no_update{drop}")
    AuditValues.objects.filter(entry=other).update(after={"full_name": "Nam"})
    assert list(sealing.faults()) == [Fault(Kind.VALUES, other.pk)]


@pytest.mark.parametrize("rows", [AuditSeal.objects.all(), AuditValues.objects.all()])
def test_the_database_refuses_to_change_seals_and_values(trail, rows):
    field = "content" if rows.model is AuditSeal else "before"

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**{field: "{}"})


def test_a_trail_whose_end_was_cut_off_with_its_seals_differs_from_its_copy(trail):
    copying.copy_out()
    drop = " ON accounts_auditseal" if connection.vendor == "postgresql" else ""
    as_superuser(
        f"DROP TRIGGER accounts_auditseal_no_delete{drop}",
        "DELETE FROM accounts_auditseal WHERE position = 3",
        f"DELETE FROM accounts_auditentry WHERE id = {trail[2].pk}",
    )

    assert list(sealing.faults()) == []  # the chain alone knows nothing of what came after it
    assert copying.cut_off() == 3


def test_copies_hold_each_sealed_entry_once_and_no_personal_values(trail, tmp_path):
    assert copying.copy_out() == 3
    record("login.ok")
    sealing.seal()
    assert [copying.copy_out(), copying.copy_out()] == [1, 0]

    (file,) = (tmp_path / "audit").glob("*.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["position"] for line in lines] == [1, 2, 3, 4]
    assert [line["action"] for line in lines] == ["session.planned", "person.changed", "logout", "login.ok"]
    assert "Lan" not in file.read_text()


def test_a_line_that_was_cut_off_is_written_again(trail, tmp_path):
    copying.copy_out()
    (file,) = (tmp_path / "audit").glob("*.jsonl")
    whole = file.read_text()
    file.write_text(whole[:-20])

    assert copying.copy_out() == 1
    assert json.loads(file.read_text().splitlines()[-1])["position"] == 3


def test_the_command_tells_and_its_exit_code_says_it_too(trail):
    out, errors = StringIO(), StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "3 dòng, 3 dòng đã niêm phong, 0 chỗ không khớp.\n"

    as_superuser(f"UPDATE accounts_auditentry SET object_id = '7' WHERE id = {trail[0].pk}")
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", stdout=StringIO(), stderr=errors)
    assert end.value.code == 1
    assert errors.getvalue() == f"dòng {trail[0].pk} đã bị sửa sau khi niêm phong\n"


@pytest.mark.django_db(transaction=True)
def test_several_sealers_at_once_make_one_chain():
    for _number in range(40):
        record("logout")
    begin = threading.Barrier(3)

    def work():
        begin.wait()
        try:
            sealing.seal()
        finally:
            connection.close()

    sealers = [threading.Thread(target=work) for _ in range(3)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    sealing.seal()

    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 41))
    assert list(sealing.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_waited_for():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    written, finish = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                record("workbook.imported")
                written.set()
                finish.wait()
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait()
    record("logout")

    assert sealing.seal(patience=0.2) == 0
    finish.set()
    writer.join()
    assert sealing.seal() == 2
    assert list(sealing.faults()) == []
