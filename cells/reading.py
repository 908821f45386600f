"""Pages that put several queries together, read while somebody reorganises: all of it before, or all of it after."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """All reads inside see the database as it was at the first of them. Nothing may be written inside."""
    if connection.in_atomic_block:  # the outer transaction decides
        yield
    elif connection.vendor == "sqlite":
        with taking_no_write_lock(), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def taking_no_write_lock() -> Iterator[None]:
    """In WAL mode a deferred transaction reads one snapshot, and neither waits for writers nor lets them wait."""
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


def in_one_state(view):
    @wraps(view)
    def reading(request, *args, **kwargs):
        with one_state():
            return view(request, *args, **kwargs)

    return reading
