"""A cell that cannot be read hides nothing else that is wrong, and nothing is said that hangs on it."""

import pytest

from customers.models import Customer, PaymentTerms
from tests.data_in_out.files import a_small_house, problems_of, table

pytestmark = pytest.mark.django_db

CUSTOMERS, PRICES = "code|name|payment_terms", "price_list|sku|price"
STOCK, ORDERS = "sku|warehouse|location|quantity", "reference|customer|sku|quantity"

# Kind, the file, and of each problem: row, column, its value, words of its rule or remedy.
ROWS = [
    (
        "orders",
        [f"{ORDERS}|unit_price", "R3|ACME|NOPE|1|1e9"],
        [(2, "unit_price", "1e9", "not a number"), (2, "sku", "NOPE", "not known")],
    ),
    (
        "orders",
        [ORDERS, "R4|NONE|NOPE|0"],
        [
            (2, "sku", "NOPE", "not known"),
            (2, "quantity", "0", "can order"),
            (2, "customer", "NONE", "not known"),
        ],
    ),
    (
        "orders",
        [ORDERS, "R5|NONE||x", "R5|ACME|BOLT|1"],
        [
            (2, "sku", "", "empty"),
            (2, "quantity", "x", "not a number"),
            (2, "customer", "NONE", "not known"),
            (3, "customer", "ACME", "differs from row 2"),
        ],
    ),
    (
        "orders",
        [f"ordered_on|{ORDERS}", "soon|R6||BOLT|1", "2026-03-02|R6|ACME|NUT|1"],
        [(2, "ordered_on", "soon", "not a date"), (2, "customer", "", "empty")],
    ),
    ("orders", [f"{ORDERS}|unit", "R7|ACME|BOLT|1|piece"], [(2, "unit", "piece", "not a unit code")]),
    (
        "price-rules",
        [f"{PRICES}|valid_from", "BASE|BOLT|0|2026-13-01"],
        [(2, "price", "0", "not more than 0"), (2, "valid_from", "2026-13-01", "calendar")],
    ),
    (
        "price-rules",
        [f"{PRICES}|unit", "BASE|NONE|1|piece"],
        [(2, "unit", "piece", ""), (2, "sku", "NONE", "")],
    ),
    (
        "price-rules",
        [f"{PRICES}|currency", "BASE|BOLT|1|euro", "BASE|NUT|1|EUR"],
        [(2, "currency", "euro", "")],
    ),
    (
        "stock",
        [STOCK, "NONE|MAIN|A-1|1.5"],
        [(2, "quantity", "1.5", "whole"), (2, "sku", "NONE", "not known")],
    ),
    (
        "stock",
        ["sku|warehouse|reorder_point|order_up_to", "BOLT|MAIN|few|5"],
        [(2, "reorder_point", "few", "whole")],
    ),
    (
        "customers",
        [f"{CUSTOMERS}|email", "X|X Ltd|NONE|nobody"],
        [(2, "email", "nobody", "e-mail"), (2, "payment_terms", "NONE", "30")],
    ),
    (
        "products",
        ["sku|name|category|cost", "A||NEW|1,5"],
        [(2, "name", "", "empty"), (2, "cost", "1,5", "number"), (2, "category", "NEW", "category_name")],
    ),
]


@pytest.mark.parametrize(("kind", "rows", "expected"), ROWS)
def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path, kind, rows, expected):
    a_small_house()

    refusal = problems_of(kind, table(*rows), tmp_path)

    assert [(p.row, p.column, p.value) for p in refusal.problems] == [wanted[:3] for wanted in expected]
    for problem, (*_place, words) in zip(refusal.problems, expected, strict=True):
        assert words in f"{problem.rule} {problem.remedy}"


@pytest.mark.parametrize("content", [b"\x89broken\xff", b"\0" * 900, b"PK\x03\x04 but not a zip"])
def test_a_broken_workbook_is_not_taken_for_a_text_file(tmp_path, content):
    refusal = problems_of("products", content, tmp_path, name="Products.XLSX")

    assert "The workbook is damaged. Open it in a spreadsheet and save it as XLSX again." in str(refusal)
    assert "UTF-8" not in str(refusal)


def test_without_any_payment_terms_a_file_says_where_they_are_made(tmp_path):
    a_small_house()
    Customer.objects.all().delete()
    PaymentTerms.objects.all().delete()

    missing = problems_of("customers", table(CUSTOMERS, "X|X Ltd|"), tmp_path).problems
    unknown = problems_of("customers", table(CUSTOMERS, "X|X Ltd|30"), tmp_path).problems

    assert [p.remedy for p in missing] == ["There are none yet: make them on their page first."]
    assert [p.remedy for p in unknown] == ["There are none yet: make them on their page first."]
