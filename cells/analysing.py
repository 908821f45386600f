"""Tells the database how large its tables have become."""

from django.db import connection

from cells.models import Lineage, Membership, Organisation, OrganisationPeriod, Person

READ_TOGETHER = (Organisation, OrganisationPeriod, Lineage, Person, Membership)


def analyse() -> None:
    """SQLite never finds out by itself, PostgreSQL only later; until then searches are several times slower."""
    with connection.cursor() as cursor:
        for model in READ_TOGETHER:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
