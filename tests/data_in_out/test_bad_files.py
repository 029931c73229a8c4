"""Bad files are refused as a whole, with row, column, value, rule and remedy; nothing of them is written."""

import pytest

from customers.models import Customer
from customers.status import CustomerStatus
from inventory.models import Product, ProductUnit
from inventory.status import ProductStatus
from oms.importing import sheets, xlsx_sheets
from tests.builders import a_confirmed_order, a_stock
from tests.data_in_out.files import (
    a_small_house,
    import_bytes,
    part,
    problems_of,
    table,
    with_part,
    workbook,
)
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db

house = shared_by_the_module(a_small_house)

PRODUCTS, CUSTOMERS = "sku|name", "code|name|payment_terms"
PRICES, STOCK, ORDERS = (
    "price_list|sku|price",
    "sku|warehouse|location|quantity",
    "reference|customer|sku|quantity",
)
EXCEL_ROWS = [["sku", "name"], ["A", "Anvil"]]

# Kind, the file, and of each problem: row, column, the beginning of its value, words of its rule or remedy.
VALUES = [
    # numbers: one grammar
    ("price-rules", [PRICES, "BASE|BOLT|1,234.50"], [(2, "price", "1,234.50", "1234.50")]),
    ("price-rules", [PRICES, "BASE|BOLT|1.234,50"], [(2, "price", "1.234,50", "1234.50")]),
    ("price-rules", [PRICES, "BASE|BOLT|1_000"], [(2, "price", "1_000", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|1e3"], [(2, "price", "1e3", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|٣"], [(2, "price", "٣", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|\uff11\uff12"], [(2, "price", "\uff11", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|NaN"], [(2, "price", "NaN", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|1e309"], [(2, "price", "1e309", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|€5"], [(2, "price", "€5", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|5 %"], [(2, "price", "5 %", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|1\N{NO-BREAK SPACE}000"], [(2, "price", "1", "is not a number")]),
    ("price-rules", [PRICES, "BASE|BOLT|#N/A"], [(2, "price", "#N/A", "error of the spreadsheet")]),
    ("price-rules", [PRICES, "BASE|BOLT|0.1234567"], [(2, "price", "0.1234567", "more than 6 decimals")]),
    ("price-rules", [PRICES, "BASE|BOLT|-5"], [(2, "price", "-5", "not more than 0")]),
    ("price-rules", [PRICES, "BASE|BOLT|0"], [(2, "price", "0", "not more than 0")]),
    ("price-rules", [PRICES, "BASE|BOLT|9999999999999999"], [(2, "price", "9999999999999999", "")]),
    ("stock", [STOCK, "BOLT|MAIN|A-1|1.5"], [(2, "quantity", "1.5", "not a whole number")]),
    ("stock", [STOCK, "BOLT|MAIN|A-1|-1"], [(2, "quantity", "-1", "less than 0")]),
    ("stock", [STOCK, "BOLT|MAIN|A-1|TRUE"], [(2, "quantity", "TRUE", "not a whole number")]),
    ("products", ["sku|name|weight_grams", "A|Anvil|4000000000"], [(2, "weight_grams", "4", "is more than")]),
    # dates, barcodes, codes, words
    (
        "orders",
        [f"ordered_on|{ORDERS}", "31.02.2026|R1|ACME|BOLT|1"],
        [(2, "ordered_on", "31.02", "not a date")],
    ),
    (
        "orders",
        [f"ordered_on|{ORDERS}", "02/03/26|R1|ACME|BOLT|1"],
        [(2, "ordered_on", "02/03", "2026-03-02")],
    ),
    (
        "orders",
        [f"ordered_on|{ORDERS}", "45123|R1|ACME|BOLT|1"],
        [(2, "ordered_on", "45123", "spreadsheet's own")],
    ),
    (
        "orders",
        [f"ordered_on|{ORDERS}", "2026-02-31|R1|ACME|BOLT|1"],
        [(2, "ordered_on", "2026", "calendar")],
    ),
    ("orders", [f"ordered_on|{ORDERS}", "0001-01-01|R1|ACME|BOLT|1"], [(2, "ordered_on", "0001", "outside")]),
    (
        "products",
        ["sku|name|gtin", "A|Anvil|4.00638E+12"],
        [(2, "gtin", "4.00638E+12", "last digits are lost")],
    ),
    ("products", ["sku|name", "4.00638E+12|Anvil"], [(2, "sku", "4.00638E+12", "last digits are lost")]),
    ("products", ["sku|name|gtin", "A|Anvil|4006381333932"], [(2, "gtin", "4006", "wrong check digit")]),
    ("products", ["sku|name|gtin", "A|Anvil|12345670000"], [(2, "gtin", "12345", "leading zeros")]),
    ("products", ["sku|name|unit", "A|Anvil|piece"], [(2, "unit", "piece", "not a unit code")]),
    (
        "products",
        ["sku|name|status", "A|Anvil|gone"],
        [(2, "status", "gone", "active, blocked, discontinued")],
    ),
    (
        "products",
        ["sku|name|backorder_allowed", "A|Anvil|maybe"],
        [(2, "backorder_allowed", "maybe", "yes or no")],
    ),
    ("products", [PRODUCTS, f"A|{'x' * 201}"], [(2, "name", "xxx", "longer than 200")]),
    ("products", [PRODUCTS, "\N{ZERO WIDTH SPACE}|Anvil"], [(2, "sku", "", "nothing one can see")]),
    ("products", [PRODUCTS, "|Anvil"], [(2, "sku", "", "must not be empty")]),
    ("products", [PRODUCTS, "A\0B|Anvil"], [(2, "sku", "A\N{REPLACEMENT CHARACTER}B", "NUL")]),
    ("customers", [f"{CUSTOMERS}|email", "X|X Ltd|30|nobody"], [(2, "email", "nobody", "e-mail")]),
    ("customers", [f"{CUSTOMERS}|country", "X|X Ltd|30|Germany"], [(2, "country", "Germany", "two letters")]),
    # every problem is listed, in the order of the file
    (
        "price-rules",
        [PRICES, "BASE|BOLT|x", "BASE|BOLT|5", "BASE|NONE|y"],
        [(2, "price", "x", ""), (4, "price", "y", ""), (4, "sku", "NONE", "not known")],
    ),
]

MEANING = [
    ("products", [PRODUCTS, "A|Anvil", "A|Another"], [(3, "sku", "A", "row 2")]),
    ("products", ["sku|name|category", "A|Anvil|NEW"], [(2, "category", "NEW", "category_name")]),
    ("products", ["sku|name|supplier", "A|Anvil|NEW"], [(2, "supplier", "NEW", "supplier_name")]),
    ("products", ["sku|name|superseded_by", "A|Anvil|NONE"], [(2, "superseded_by", "NONE", "not another")]),
    ("products", ["sku|name|superseded_by", "A|Anvil|A"], [(2, "superseded_by", "A", "not another")]),
    ("products", ["sku|name|unit_2|unit_2_holds", "BOLT|Bolt|CT|10"], [(2, "unit_2", "CT", "holds 12")]),
    ("products", ["sku|name|unit", "BOLT|Bolt|KGM"], [(2, "unit", "KGM", "base unit")]),
    ("products", ["sku|name|minimum", "A|Anvil|0"], [(2, "minimum", "0", "less than 1")]),
    ("products", ["sku|name|minimum", "A|Anvil|1.5"], [(2, "minimum", "1.5", "whole number")]),
    ("products", ["sku|name|minimum", "A|Anvil|2147483648"], [(2, "minimum", "2147483648", "more than")]),
    ("products", ["sku|name|unit_2_minimum", "A|Anvil|5"], [(2, "unit_2", "", "is empty")]),
    ("products", ["sku|name|unit_2", "A|Anvil|CT"], [(2, "unit_2_holds", "", "is needed")]),
    ("products", ["sku|name|unit_2_gtin", "A|Anvil|4006381333931"], [(2, "unit_2", "", "is empty")]),
    ("products", ["sku|name|unit_2|unit_2_holds", "A|Anvil|C62|2"], [(2, "unit_2", "C62", "twice")]),
    ("products", ["sku|name|default_unit", "A|Anvil|CT"], [(2, "default_unit", "CT", "no unit of A")]),
    ("products", ["sku|name|gtin", "A|Anvil|4006381333931"], [(2, "gtin", "4006381333931", "BOLT")]),
    (
        "products",
        ["sku|name|gtin", "A|Anvil|96385074", "B|Block|96385074"],
        [(3, "gtin", "96385074", "A in row 2")],
    ),
    ("customers", ["code|name", "X|X Ltd"], [(2, "payment_terms", "", "is needed")]),
    ("customers", [f"{CUSTOMERS}|group", "X|X Ltd|30|NEW"], [(2, "group", "NEW", "group_name")]),
    ("customers", [CUSTOMERS, "X|X Ltd|99"], [(2, "payment_terms", "99", "Write one of: 30")]),
    ("customers", [f"{CUSTOMERS}|rep", "X|X Ltd|30|nobody"], [(2, "rep", "nobody", "user name")]),
    ("customers", [f"{CUSTOMERS}|parent", "X|X Ltd|30|X"], [(2, "parent", "X", "itself")]),
    (
        "customers",
        [f"{CUSTOMERS}|parent", "X|X Ltd|30|Y", "Y|Y Ltd|30|X"],
        [(2, "parent", "Y", "itself"), (3, "parent", "X", "itself")],
    ),
    ("customers", [f"{CUSTOMERS}|street", "X|X Ltd|30|Way 1"], [(2, "city", "", ""), (2, "country", "", "")]),
    ("customers", [CUSTOMERS, "X|X Ltd|30", "X|Y Ltd|30"], [(3, "name", "Y Ltd", "row 2")]),
    (
        "customers",
        [
            f"{CUSTOMERS}|street|postal_code|city|country",
            "X|X Ltd|30|Way 1|89073|Ulm|DE",
            "X|X Ltd|30|Way 2|89073|Ulm|DE",
        ],
        [(3, "address", "MAIN", "row 2")],
    ),
    (
        "customers",
        [f"{CUSTOMERS}|contact_email", "X|X Ltd|30|x@example.com"],
        [(2, "contact", "", "is empty")],
    ),
    ("price-rules", [PRICES, "BASE|BOLT|11", "BASE|BOLT|12"], [(3, "valid_from", "2000-01-01", "row 2")]),
    (
        "price-rules",
        [f"{PRICES}|valid_from", "BASE|BOLT|11|2026-01-01"],
        [(2, "valid_from", "2026-01-01", "overlaps the price of BASE")],
    ),
    (
        "price-rules",
        [f"{PRICES}|valid_from|valid_to", "BASE|NUT|11|2026-01-01|2025-01-01"],
        [(2, "valid_to", "2025-01-01", "not after")],
    ),
    ("price-rules", [f"{PRICES}|currency", "BASE|BOLT|11|USD"], [(2, "currency", "USD", "in EUR")]),
    (
        "price-rules",
        [f"{PRICES}|currency|for_whom", "NEW|BOLT|1|XYZ|everyone"],
        [(2, "currency", "XYZ", "EUR")],
    ),
    ("price-rules", [PRICES, "NEW|BOLT|11"], [(2, "for_whom", "", "is needed")]),
    (
        "price-rules",
        [f"{PRICES}|for_whom", "NEW|BOLT|1|customer:NONE"],
        [(2, "for_whom", "customer:NONE", "")],
    ),
    ("price-rules", [PRICES, "BASE|NONE|11"], [(2, "sku", "NONE", "not known")]),
    ("price-rules", [f"{PRICES}|unit", "BASE|BOLT|11|KGM"], [(2, "unit", "KGM", "C62, CT")]),
    ("stock", [STOCK, "NONE|MAIN|A-1|1"], [(2, "sku", "NONE", "not known")]),
    ("stock", [STOCK, "BOLT|NONE|A-1|1"], [(2, "warehouse", "NONE", "MAIN")]),
    ("stock", [STOCK, "BOLT|MAIN|Z-9|1"], [(2, "location", "Z-9", "location_kind")]),
    ("stock", [STOCK, "BOLT|MAIN|A-1|1", "BOLT|MAIN|A-1|2"], [(3, "quantity", "2", "row 2")]),
    ("stock", ["sku|warehouse|order_up_to", "BOLT|MAIN|5"], [(2, "order_up_to", "5", "reorder_point")]),
    ("stock", ["sku|warehouse|reorder_point|order_up_to", "BOLT|MAIN|9|5"], [(2, "order_up_to", "5", "9")]),
    ("stock", ["sku|warehouse|on_order", "BOLT|MAIN|9"], [(2, "supplier", "", "is needed")]),
    ("orders", [ORDERS, "R1|NONE|BOLT|1"], [(2, "customer", "NONE", "not known")]),
    ("orders", [ORDERS, "R1|ACME|NONE|1"], [(2, "sku", "NONE", "not known")]),
    ("orders", [f"{ORDERS}|unit", "R1|ACME|BOLT|1|KGM"], [(2, "unit", "KGM", "C62, CT")]),
    ("orders", [ORDERS, "R1|ACME|BOLT|0"], [(2, "quantity", "0", "can order")]),
    ("orders", [ORDERS, "R1|ACME|BOLT|1.5"], [(2, "quantity", "1.5", "1 or 2")]),
    ("orders", [ORDERS, "R1|ACME|BOLT|-5"], [(2, "quantity", "-5", "less than 0")]),
    (
        "orders",
        [ORDERS, "R1|ACME|BOLT|999999999999999999"],
        [(2, "quantity", "999999999999999999", "number")],
    ),
    ("orders", [f"{ORDERS}|discount_percent", "R1|ACME|BOLT|1|101"], [(2, "discount_percent", "101", "100")]),
    (
        "orders",
        [f"{ORDERS}|discount_percent", "R1|ACME|BOLT|1|1+1+1+1", "R1|ACME|BOLT|1|10 off"],
        [
            (2, "discount_percent", "1+1+1+1", "At most 3"),
            (3, "discount_percent", "10 off", "Write it like 10"),
        ],
    ),
    (
        "orders",
        [f"{ORDERS}|note", "R1|ACME|BOLT|1|now", "R1|ACME|NUT|1|later"],
        [(3, "note", "later", "row 2")],
    ),
    ("orders", [f"{ORDERS}|address", "R1|ACME|BOLT|1|NONE"], [(2, "address", "NONE", "MAIN")]),
    ("orders", [f"{ORDERS}|warehouse", "R1|ACME|BOLT|1|NONE"], [(2, "warehouse", "NONE", "MAIN")]),
    (
        "orders",
        [f"{ORDERS}|ship_to_street", "R1|ACME|BOLT|1|Way 1"],
        [(2, "ship_to_city", "", ""), (2, "ship_to_country", "", "")],
    ),
    (
        "orders",
        [f"{ORDERS}|unit_price", "R1|ACME|BOLT|900000000000|900000000000"],
        [(2, "quantity", "9", "")],
    ),
]


@pytest.mark.parametrize(("kind", "rows", "expected"), VALUES + MEANING)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_wrong_is_named_by_row_column_and_value(house, tmp_path, form, kind, rows, expected):
    if form == "xlsx" and any("\0" in row for row in rows):
        pytest.skip("XLSX cannot hold a NUL byte.")
    content = (
        table(*rows)
        if form == "csv"
        else workbook(*[[cell or None for cell in row.split("|")] for row in rows])
    )

    refusal = problems_of(kind, content, tmp_path)

    assert refusal.total == len(expected), str(refusal)
    for problem, (row, column, value, words) in zip(refusal.problems, expected, strict=True):
        assert (problem.row, problem.column) == (row, column)
        assert problem.value.startswith(value)
        assert words in f"{problem.rule} {problem.remedy}"
        assert problem.rule
        assert problem.remedy


STRUCTURE = [
    (b"", "is empty"),
    (b"sku,name\r\n", "no row below"),
    (b"\r\nsku,name\r\nA,Anvil\r\n", "first row is empty"),
    (b"sku,name,colour\r\nA,Anvil,red\r\n", "is no column here"),
    (b"sku,nmae\r\nA,Anvil\r\n", "Did you mean name"),
    (b"sku,name,name\r\nA,Anvil,Anvil\r\n", "twice"),
    (b"sku,status\r\nA,active\r\n", "is missing"),
    (b"sku,name\r\nA\r\n", "has 1 cells, the header 2"),
    (b"sku,name\r\nA,Anvil,more\r\n", "has 3 cells, the header 2"),
    (b'sku,name\r\nA,"Anvil\r\nB,Block\r\n', "quotes do not match"),
    (b'sku,name\r\nA,"Anvil" x\r\n', "quotes do not match"),
    ("sku,name\r\nA,Amboß\r\n".encode("cp1252"), "not UTF-8"),
    ("sku,name\r\nA,Anvil\r\n".encode("utf-16-le"), "NUL bytes"),
    ("sku,name\r\nA,Anvil\r\n".encode("utf-16")[:-1], "not UTF-16"),
    (b"sku,name\r\nA,\xff\xfe\x00\r\n", "not UTF-8"),
    (b"sku,name\r\nA," + b"x" * 40_000 + b"\r\n", "longer than a cell may be"),
    (b"sku,name\r\nA," + b"x" * 140_000 + b"\r\n", "longer than a cell may be"),
    (",".join(f"c{n}" for n in range(10_000)).encode() + b"\r\n", "10000 columns"),
    (b"%PDF-1.7 nothing to see", "is no column here"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    (b"PK\x03\x04 but not a zip", "damaged"),
    (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
]


@pytest.mark.parametrize(("content", "words"), STRUCTURE)
def test_a_file_that_is_no_table_of_products_is_refused_in_a_sentence(tmp_path, content, words):
    refusal = problems_of("products", content, tmp_path)

    assert words in str(refusal)


def test_a_spreadsheet_may_claim_a_size_but_only_its_rows_are_read(tmp_path):
    content = workbook(*EXCEL_ROWS)
    sheet = part(content, "xl/worksheets/sheet1.xml").replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    bomb = with_part(content, "xl/worksheets/sheet1.xml", sheet, replace=True)

    assert b"XFD1048576" in sheet
    assert import_bytes("products", bomb, tmp_path).counts == (1, 0, 0)


BOMBS = {
    "macros": lambda book: with_part(book, "xl/vbaProject.bin", b"x"),
    "unpacks to more": lambda book: with_part(book, "xl/media/image.bin", b"\0" * 8_000_000),
    "damaged": lambda book: with_part(book, "../../evil.xml", b"<a/>"),
    "damaged ": lambda book: with_part(book, "xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "damaged  ": lambda book: with_part(book, "xl/workbook.xml", b"<broken", replace=True),
    "damaged   ": lambda book: with_part(
        book, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", replace=True
    ),
    "damaged    ": lambda book: book[: len(book) // 2],
    "no XLSX workbook": lambda _book: with_part(b"PK\x05\x06" + b"\0" * 18, "readme.txt", b"hello"),
}


@pytest.mark.parametrize("words", BOMBS)
def test_a_workbook_that_could_do_harm_is_refused_before_it_is_read(tmp_path, words):
    refusal = problems_of("products", BOMBS[words](workbook(*EXCEL_ROWS)), tmp_path)

    assert words.strip() in str(refusal)


def test_a_row_far_to_the_right_or_far_below_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_sheets, "MOST_EMPTY_ROWS", 50)
    wide = workbook(["sku", "name"], ["A", "Anvil", *[None] * 2000, "x"])
    deep = workbook(["sku", "name"], *[[None]] * 80, ["A", "Anvil"])

    assert "more than 1000 columns" in str(problems_of("products", wide, tmp_path))
    assert "more than 50 empty rows" in str(problems_of("products", deep, tmp_path))


def test_too_many_rows_are_refused_with_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)

    refusal = problems_of("products", table(PRODUCTS, "A|Anvil", "B|Block", "C|Clamp"), tmp_path)

    assert "more than 2 rows" in str(refusal)


def test_the_first_thousand_problems_are_listed_and_all_are_counted(tmp_path):
    refusal = problems_of("products", table(PRODUCTS, *["|x"] * 1_500), tmp_path)

    assert (len(refusal.problems), refusal.total) == (1_000, 1_500)
    assert "1500 problems" in refusal.summary()
    assert "first 1000" in refusal.summary()
    assert [problem.row for problem in refusal.problems] == list(range(2, 1_002))


def test_one_bad_row_among_many_keeps_all_out(tmp_path):
    rows = [f"P{n}|Product {n}" for n in range(500)]

    refusal = problems_of("products", table(PRODUCTS, *rows, "|nameless"), tmp_path)

    assert [(problem.row, problem.column) for problem in refusal.problems] == [(502, "sku")]


def test_blank_rows_count_but_say_nothing(tmp_path):
    refusal = problems_of("products", b"sku,name\n\n,\nA,Anvil\n\n,Nameless\n,\n", tmp_path)

    assert [(problem.row, problem.column) for problem in refusal.problems] == [(6, "sku")]


def test_an_order_with_the_same_reference_and_another_content_names_both(house, tmp_path):
    import_bytes("orders", table(f"{ORDERS}|unit_price", "R1|ACME|BOLT|5|9.50"), tmp_path)

    more = problems_of("orders", table(f"{ORDERS}|unit_price", "R1|ACME|BOLT|6|9.50"), tmp_path).problems[0]
    longer = problems_of("orders", table(ORDERS, "R1|ACME|BOLT|5", "R1|ACME|NUT|1"), tmp_path).problems[0]
    other = problems_of("orders", table(f"{ORDERS}|customer_po", "R1|ACME|BOLT|5|77"), tmp_path).problems[0]

    assert (more.row, more.column, more.value) == (2, "reference", "R1")
    assert "SO-" in more.rule
    assert "line 1" in more.rule
    assert "1 lines" in longer.rule
    assert "customer_po" in other.rule


def test_what_is_not_sold_is_not_ordered_by_a_file(house, tmp_path):
    Product.objects.filter(sku="BOLT").update(status=ProductStatus.DISCONTINUED)
    ProductUnit.objects.filter(product__sku="NUT").update(multiple=10, minimum=30)

    refusal = problems_of(
        "orders", table(ORDERS, "R1|ACME|BOLT|1", "R1|ACME|NUT|45", "R1|ACME|NUT|20"), tmp_path
    )
    Customer.objects.update(status=CustomerStatus.BLOCKED)
    blocked = problems_of("orders", table(ORDERS, "R1|ACME|NUT|30"), tmp_path)

    assert [(p.row, p.column) for p in refusal.problems] == [(2, "sku"), (3, "quantity"), (4, "quantity")]
    assert [p.remedy for p in refusal.problems[1:]] == ["Write 40 or 50.", "Write 30."]
    assert refusal.problems[1].rule == "cannot be ordered of NUT: sold in multiples of 10."
    assert [(p.row, p.column) for p in blocked.problems] == [(2, "customer")]


def test_stock_that_is_promised_cannot_be_counted_away(house, tmp_path):
    warehouse, bolt, _nut, customer = house
    a_stock(bolt, 10, warehouse)
    a_confirmed_order({bolt: 8}, customer=customer)

    refusal = problems_of("stock", table(STOCK, "BOLT|MAIN|A-1|7"), tmp_path)

    assert [(p.row, p.column) for p in refusal.problems] == [(2, "quantity")]
    assert "2 are not promised" in refusal.problems[0].rule
    assert import_bytes("stock", table(STOCK, "BOLT|MAIN|A-1|8"), tmp_path).counts == (0, 1, 0)
