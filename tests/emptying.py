"""What a transactional test leaves behind is deleted where there is something, on both databases alike.

Django empties each of a hundred tables on PostgreSQL anew, a second of waiting after every such test, and its rows of
content types and permissions are written again each time. Tables that only grow refuse to be emptied.
"""

from contextlib import contextmanager

from django.db import transaction

FOLLOW_FROM_THE_MODELS = {"django_content_type", "auth_permission"}


def empty(operations, statements):
    """Stands in for the database operations' own `execute_sql_flush`."""
    names = operations.connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - FOLLOW_FROM_THE_MODELS)
    vendor = operations.connection.vendor
    with transaction.atomic(), operations.connection.cursor() as cursor, triggers_off(vendor, cursor):
        for table in filled(cursor, tables):
            cursor.execute(f'DELETE FROM "{table}"')


def filled(cursor, tables: list[str]) -> list[str]:
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables))
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def triggers_off(vendor: str, cursor):
    if vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _, definition in triggers:
        cursor.execute(definition)
