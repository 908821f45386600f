"""Transactional tests leave nothing behind, and append-only tables stay append-only."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_audit_trail_is_emptied_between_tests_and_still_refuses_changes():
    AuditEntry.objects.create(action="log-in")

    call_command("flush", interactive=False)

    assert AuditEntry.objects.count() == 0
    entry = AuditEntry.objects.create(action="log-in")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
