"""A list of a million rows is sorted by an index, whichever way, and counted without sorting."""

import pytest
from django.contrib import admin
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from oms.admin.base import ScopedAdmin
from orders.admin.documents import OrderAdmin
from tests.access.world import build
from tests.builders import a_boss, a_product, a_warehouse, an_order
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"
SORTED_BY = [name for name in OrderAdmin.list_display if name != "waits"]


world = shared_by_the_module(build)


@pytest.fixture
def boss(client):
    an_order({a_product(at=a_warehouse()): 1})
    client.force_login(a_boss())
    return client


def asked(boss, query: str) -> tuple[str, str]:
    """Return what counts the list's rows, and what reads a page of them."""
    with CaptureQueriesContext(connection) as caught:
        assert boss.get(LIST + query).status_code == 200
    sent = [query["sql"] for query in caught if 'FROM "orders_order"' in query["sql"]]
    (count,), (rows,) = [s for s in sent if "COUNT" in s], [s for s in sent if "COUNT" not in s]
    return count, rows


def plan(statement: str) -> str:
    """How the statement runs where tables are too large to be read from end to end."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement} LIMIT 50")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("way", ["", "-"])
@pytest.mark.parametrize("column", SORTED_BY)
def test_each_column_sorts_by_an_index_both_ways(boss, column, way):
    _count, rows = asked(boss, f"?o={way}{OrderAdmin.list_display.index(column) + 1}")

    how = plan(rows)

    assert "Sort  (" not in how.replace("Incremental Sort", ""), how


def test_counting_sorts_nothing(boss):
    count, _rows = asked(boss, "?o=5")

    assert "ORDER BY" not in count
    assert "EXISTS" not in count


def test_equal_rows_come_by_number_in_the_direction_of_the_column(boss):
    for way, direction in (("", "ASC"), ("-", "DESC")):
        _count, rows = asked(boss, f"?o={way}5")
        assert f'"orders_order"."total" {direction}, "orders_order"."id" {direction}' in rows


def test_without_its_index_a_column_sorts_all_rows(boss):
    _count, rows = asked(boss, "?o=5")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX orders_by_total")

    assert "Sort  (" in plan(rows).replace("Incremental Sort", "")


def test_every_list_of_the_house_begins_with_the_same_row_however_its_page_is_found(world, rf):
    request = rf.get("/")
    request.user = a_boss()
    request.session = {}
    sorted_by = set()
    for model, model_admin in admin.site._registry.items():
        if not isinstance(model_admin, ScopedAdmin):
            continue
        for column in range(len(model_admin.get_list_display(request)) + 1):
            request.GET = QueryDict(f"o={column}.-1")
            found = model_admin.get_changelist_instance(request)
            assert list(found.paginator.page(1).object_list[:1]) == list(found.queryset[:1]), (model, column)
            sorted_by.add((model, *map(str, found.queryset.query.order_by)))
    assert len(sorted_by) > 100
