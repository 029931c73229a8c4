"""Empty the database after a test that commits, at a small part of the price of Django's own way.

Django truncates every table and then makes content types and permissions anew: half a second after each of hundreds
of tests. Here those two stay, and the roles, which all tests find; tables that nobody wrote to are left alone, and
a few rows are deleted one by one.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction

from oms.access import matrix

KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
LARGE = 512 * 1024  # bytes, dead rows included: from here on a new file is cheaper than deleting


def empty_tables() -> None:
    """Leave no row in any table of a model, apart from `KEPT`, and no group but the roles."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    sizes = written_to(names)
    if any(size > LARGE for size in sizes.values()):
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), names))
    else:
        delete_from(sizes)
    Group.objects.exclude(name__in=matrix()["roles"]).delete()  # rules are gone that kept them


def written_to(names: Iterable[str]) -> dict[str, int]:
    """Return those of the tables that have anything on the disk, with their bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, size FROM pg_class, pg_relation_size(oid) AS size
                WHERE relkind = 'r' AND relname = ANY(%s) AND size > 0""",
            [list(names)],
        )
        return dict(cursor.fetchall())


def delete_from(names: dict[str, int]) -> None:
    """Delete all rows without waking a trigger; so no order among the tables is needed either."""
    quoted = map(connection.ops.quote_name, names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {name}" for name in quoted) or "SELECT")
