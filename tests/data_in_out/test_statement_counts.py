"""A file of five hundred rows costs as many statements as one of ten."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Supplier
from tests.data_in_out.files import a_small_house, import_bytes, table

pytestmark = pytest.mark.django_db

PRODUCTS = "sku|name|category|category_name|gtin|unit_2|unit_2_holds|supplier|supplier_name"


def product_rows(n, *, name="Product"):
    return [f"P{i}|{name} {i}|C|Category||CT|12|S1|Smith" for i in range(n)]


ROWS = {
    "products": (PRODUCTS, product_rows),
    "customers": (
        "code|name|payment_terms|street|postal_code|city|country|contact",
        lambda n: [f"X{i}|Customer {i}|30|Way {i}|89073|Ulm|DE|Kim" for i in range(n)],
    ),
    "part-numbers": (
        "customer|number|sku",
        lambda n: [f"ACME|K{i}|P{i}" for i in range(n)],
    ),
    "price-rules": (
        "price_list|for_whom|sku|price|valid_from",
        lambda n: [f"L{i % 3}|everyone|P{i}|{i + 1}|2026-01-01" for i in range(n)],
    ),
    "agreements": (
        "customer|name|valid_from|valid_to|sku|price",
        lambda n: [f"ACME|A{i % 5}|2026-01-01|2027-01-01|P{i}|{i + 1}" for i in range(n)],
    ),
    "stock": (
        "sku|warehouse|location|location_kind|quantity|reorder_point|on_order|expected_on",
        lambda n: [f"P{i}|MAIN|B-{i}|pick|{i}|5|7|2026-12-01" for i in range(n)],
    ),
    "orders": (
        "reference|customer|sku|quantity|unit_price",
        lambda n: [f"R1|ACME|P{i}|{i + 1}|9.5" for i in range(n)],
    ),
}


def statements(kind, n, folder, *, twice=False):
    """Import so many rows into a house that knows their products; return how many statements that took."""
    content = table(ROWS[kind][0], *ROWS[kind][1](n))
    if twice:
        import_bytes(kind, content, folder)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        import_bytes(kind, content, folder, again=True)
    return len(queries)


@pytest.fixture(params=[10, 500])
def size(request):
    return request.param


# So many statements, whatever the number of rows: the first time, and when all is there already.
PINNED = {
    "products": (21, 11),
    "customers": (24, 19),
    "part-numbers": (9, 7),
    "price-rules": (18, 17),
    "agreements": (18, 10),
    "stock": (29, 17),
    "orders": (24, 12),
}


@pytest.mark.parametrize("kind", ROWS)
def test_the_number_of_statements_does_not_grow_with_the_rows(tmp_path, kind, size):
    a_small_house()
    Supplier.objects.create(code="S1", name="Smith")
    if kind not in {"products", "customers"}:
        import_bytes("products", table(PRODUCTS, *product_rows(500)), tmp_path)

    first = statements(kind, size, tmp_path)
    again = statements(kind, size, tmp_path)

    assert (first, again) == PINNED[kind]
