"""Good files: what is new, what is changed, and that the same file again changes nothing."""

from datetime import date
from decimal import Decimal

import pytest

from benchmarks.workbooks import write_xlsx
from customers.models import Customer, PriceList, PriceRule
from inventory.models import (
    BinStock,
    Category,
    Product,
    PurchaseOrder,
    ReorderPolicy,
    StockLevel,
    StockMovement,
    Supplier,
)
from inventory.status import MovementKind, ProductStatus
from oms.importing.resource import kinds
from oms.models import ImportedFile, TaxClass
from orders.models import Order
from orders.services.merging import merge_customers
from orders.services.pricing import Buyer, LineInput, price_lines
from orders.status import OrderStatus
from tests.builders import a_customer, a_group, a_user
from tests.data_in_out.files import (
    a_small_house,
    everything,
    import_bytes,
    part,
    problems_of,
    table,
    with_part,
    workbook,
)

pytestmark = pytest.mark.django_db


def twice(kind, content, folder, **options):
    """Import a file, then again; the second time nothing in the database differs."""
    first = import_bytes(kind, content, folder, **options)
    before = everything()
    again = import_bytes(kind, content, folder, **options)
    assert again.counts == (0, 0, sum(first.counts))
    assert everything() == before
    return first.counts


def test_a_product_comes_with_units_category_and_supplier(tmp_path):
    header = (
        "sku|name|category|category_name|cost|weight_grams|backorder_allowed|unit|unit_name|gtin|multiple|unit_2|"
        "unit_2_name|unit_2_holds|unit_2_gtin|unit_3|unit_3_holds|default_unit|supplier|supplier_name|supplier_cost"
    )
    row = "A 1|Anvil|TOOLS|Tools|12.5|900|no|C62|piece|96385074|2|CT|carton|12|4006381333931|KGM|1/1000|CT|S1|Smith|11"

    assert twice("products", table(header, row), tmp_path) == (1, 0, 0)

    product = Product.objects.get(sku="A 1")
    units = {unit.code: unit for unit in product.units.all()}
    assert (product.category.name, product.cost, product.backorder_allowed) == (
        "Tools",
        Decimal("12.5"),
        False,
    )
    assert (units["C62"].gtin, units["C62"].multiple) == ("96385074", 2)
    assert (units["CT"].numerator, units["CT"].is_default) == (12, True)
    assert (units["KGM"].numerator, units["KGM"].denominator) == (1, 1000)
    supply = product.suppliers.get()
    assert (supply.supplier.name, supply.cost, supply.lead_time_days) == ("Smith", Decimal(11), 7)


def test_empty_cells_leave_what_is_there(tmp_path):
    import_bytes("products", table("sku|name|status|cost|gtin", "A|Anvil|blocked|5|96385074"), tmp_path)

    outcome = import_bytes("products", table("sku|name|status|cost|gtin", "A|Big anvil||| "), tmp_path)

    product = Product.objects.get(sku="A")
    assert outcome.counts == (0, 1, 0)
    assert outcome.changes[0].fields == {"name": ("Anvil", "Big anvil")}
    assert (product.status, product.cost, product.units.get().gtin) == (
        ProductStatus.BLOCKED,
        Decimal(5),
        "96385074",
    )


def test_products_may_exchange_their_barcodes_and_supersede_each_other(tmp_path):
    header = "sku|name|gtin|superseded_by"
    import_bytes("products", table(header, "A|Anvil|96385074|", "B|Block|4006381333931|"), tmp_path)

    assert twice("products", table(header, "A|Anvil|4006381333931|B", "B|Block|96385074|"), tmp_path) == (
        0,
        2,
        0,
    )

    assert Product.objects.get(sku="A").superseded_by.sku == "B"
    assert Product.objects.get(sku="B").units.get().gtin == "96385074"


def test_the_terms_of_units_are_set_by_a_file_and_an_empty_cell_leaves_them(tmp_path):
    a_small_house()
    header = "sku|name|multiple|minimum|unit_2|unit_2_holds|unit_2_minimum"

    assert twice("products", table(header, "BOLT|Product BOLT|5|20|CT|12|3"), tmp_path) == (0, 1, 0)
    assert twice("products", table(header, "BOLT|Product BOLT|||||"), tmp_path) == (0, 0, 1)

    terms = Product.objects.get(sku="BOLT").units.values_list("code", "multiple", "minimum")
    assert set(terms) == {("C62", 5, 20), ("CT", 1, 3)}


def test_another_unit_is_offered_first_without_both_being_it(tmp_path):
    a_small_house()

    assert twice("products", table("sku|name|default_unit", "BOLT|Product BOLT|CT"), tmp_path) == (0, 1, 0)

    assert Product.objects.get(sku="BOLT").units.get(is_default=True).code == "CT"


def test_skus_that_look_alike_are_pointed_out_but_taken(tmp_path):
    outcome = import_bytes("products", table("sku|name", "ab-1|Anvil", "AB-1|Block"), tmp_path)

    assert outcome.counts == (2, 0, 0)
    assert any("AB-1" in note and "ab-1" in note for note in outcome.notes)


def test_codes_are_composed_trimmed_and_hold_nothing_invisible(tmp_path):
    rows = ["sku|name", " A\N{COMBINING DIAERESIS}\N{ZERO WIDTH SPACE}1 |=cmd|' /C calc'!A0"]

    import_bytes("products", table(rows[0], rows[1].replace("=cmd|", "=cmd!")), tmp_path)

    product = Product.objects.get()
    assert product.sku == "\N{LATIN CAPITAL LETTER A WITH DIAERESIS}1"
    assert product.name == "=cmd!' /C calc'!A0"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_encoding_are_found_and_said(tmp_path, delimiter, encoding, newline):
    lines = [["NAME", " sku "], ['"Amboß, gro\nß; | 1"', "A"]]
    content = newline.join(delimiter.join(line) for line in lines).encode(encoding)

    outcome = import_bytes("products", content, tmp_path)

    assert Product.objects.get().sku == "A"
    assert "delimiter" in outcome.notes[0]
    assert ("UTF-16" if encoding == "utf-16" else "UTF-8") in outcome.notes[0]


def test_windows_1252_is_read_when_it_is_declared(tmp_path):
    import_bytes("products", "sku;name\r\nA;Amboß\r\n".encode("cp1252"), tmp_path, encoding="cp1252")

    assert Product.objects.get().name == "Amboß"


def test_a_workbook_gives_dates_numbers_and_long_codes_as_they_were_typed(tmp_path):
    a_small_house()
    rows = [
        ["reference", "customer", "ordered_on", "sku", "quantity", "unit_price"],
        [1000000000001, "ACME", date(2026, 3, 2), "BOLT", 3.0, 0.1],
    ]

    assert twice("orders", workbook(*rows), tmp_path) == (1, 0, 0)

    order = Order.objects.get()
    assert (order.reference, order.ordered_on) == ("1000000000001", date(2026, 3, 2))
    assert (order.lines.get().ordered, order.lines.get().unit_price) == (3, Decimal("0.1"))


def test_a_customer_comes_with_addresses_contacts_and_who_looks_after_it(tmp_path):
    a_small_house()
    a_user(username="rep")
    header = "code|name|parent|group|group_name|rep|payment_terms|warehouse|po_required|address"
    more = "|street|postal_code|city|country|contact|contact_role|contact_email"
    rows = [
        "X|X Ltd||G|Good ones|rep|30|MAIN|yes|MAIN|Way 1|89073|Ulm|de|Kim|buyer|kim@example.com",
        "X|X Ltd||||||||DEPOT|Way 2|53111|Bonn|DE|Lee|payable|",
        "Y|Y Ltd|X||||30||||||||||",
    ]

    assert twice("customers", table(header + more, *rows), tmp_path) == (3, 0, 0)

    customer = Customer.objects.get(code="X")
    assert (customer.group.name, customer.rep.username, customer.currency_id) == ("Good ones", "rep", "EUR")
    assert {a.code: (a.name, a.city, a.country) for a in customer.addresses.all()} == {
        "MAIN": ("X Ltd", "Ulm", "DE"),
        "DEPOT": ("X Ltd", "Bonn", "DE"),
    }
    assert set(customer.contacts.values_list("name", "role")) == {("Kim", "buyer"), ("Lee", "payable")}
    assert Customer.objects.get(code="Y").parent == customer


def test_prices_make_their_list_say_for_whom_and_follow_one_another(tmp_path):
    _warehouse, bolt, _nut, customer = a_small_house()
    header = "price_list|currency|for_whom|sku|unit|min_quantity|price|valid_from|valid_to"
    rows = [
        "KERN|EUR|customer:ACME|BOLT|C62||9|2020-01-01|2026-01-01",
        "KERN|EUR|customer:ACME|BOLT|C62||8.5|2026-01-01|",
        "KERN||customer:ACME|BOLT|CT|120|95||",
    ]

    assert twice("price-rules", table(header, *rows), tmp_path) == (3, 0, 0)

    price_list = PriceList.objects.get(code="KERN")
    assert price_list.assignments.get().customer == customer
    line = LineInput(bolt.units.get(code="C62").pk, 1)
    prices = [
        price_lines(Buyer(customer, customer.currency, day), [line])[0].unit_price
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert prices == [Decimal(9), Decimal("8.5")]


def test_an_open_price_is_ended_and_followed_by_another_in_one_file(tmp_path):
    a_small_house()
    header = "price_list|sku|price|valid_from|valid_to"

    rows = ["BASE|BOLT|12|2026-01-01|", "BASE|BOLT|10|2000-01-01|2026-01-01"]
    assert twice("price-rules", table(header, *rows), tmp_path) == (1, 1, 0)

    rules = PriceRule.objects.current().order_by("valid_from").values_list("price", "valid_to")
    assert list(rules) == [(Decimal(10), date(2026, 1, 1)), (Decimal(12), None)]


def test_stock_is_received_first_and_counted_later(tmp_path):
    a_small_house()
    header = "sku|warehouse|location|location_kind|quantity"
    rows = ["BOLT|MAIN|A-1||100", "NUT|MAIN|B-1|pick|5", "NUT|MAIN|||7"]

    assert twice("stock", table(header, *rows), tmp_path) == (3, 0, 0)
    assert set(StockMovement.objects.values_list("kind", flat=True)) == {MovementKind.RECEIVE}

    import_bytes("stock", table(header, "BOLT|MAIN|A-1||90", "NUT|MAIN|A-1||1", "NUT|MAIN|B-1||6"), tmp_path)

    counted = StockMovement.objects.filter(kind=MovementKind.COUNT).values_list("product__sku", "quantity")
    assert set(counted) == {("BOLT", 10), ("NUT", 1)}
    bins = BinStock.objects.values_list("product__sku", "location__code", "quantity")
    assert set(bins) == {("BOLT", "A-1", 90), ("NUT", "B-1", 6), ("NUT", "A-1", 1), ("NUT", "RECEIVING", 7)}
    assert dict(StockLevel.objects.values_list("product__sku", "on_hand")) == {"BOLT": 90, "NUT": 14}


def test_a_stock_file_is_done_once_even_when_stock_has_moved_and_again_when_asked(tmp_path):
    a_small_house()
    first, second = [table("sku|warehouse|location|quantity", f"BOLT|MAIN|A-1|{n}") for n in (100, 40)]
    import_bytes("stock", first, tmp_path)
    import_bytes("stock", second, tmp_path)

    repeated = import_bytes("stock", first, tmp_path)

    assert repeated.counts == (0, 0, 1)
    assert "was imported on" in repeated.notes[0]
    assert StockLevel.objects.get().on_hand == 40
    assert import_bytes("stock", first, tmp_path, again=True).counts == (0, 1, 0)
    assert StockLevel.objects.get().on_hand == 100


def test_reorder_points_and_inbound_come_with_stock(tmp_path):
    a_small_house()
    Supplier.objects.create(code="S1", name="Smith")
    header = "sku|warehouse|reorder_point|order_up_to|on_order|expected_on|supplier"
    rows = ["BOLT|MAIN|10|50|40|2026-12-01|S1", "NUT|MAIN|5||0||"]

    assert twice("stock", table(header, *rows), tmp_path) == (2, 0, 0)

    policies = ReorderPolicy.objects.values_list("product__sku", "reorder_point", "order_up_to")
    assert set(policies) == {("BOLT", 10, 50), ("NUT", 5, 5)}
    line = PurchaseOrder.objects.get().lines.get()
    assert (line.due, line.confirmed, line.confirmed_on) == (
        40,
        40,
        date(2026, 12, 1),
    )  # promises count on it


def test_rows_of_one_reference_are_one_draft_at_the_given_prices(tmp_path):
    a_small_house()
    header = "reference|customer|customer_po|requested_on|note|sku|unit|quantity|unit_price|discount_percent"
    rows = [
        "R1|ACME|77|2026-12-01|Ring twice|BOLT|CT|2|100|2.5",
        "R1|ACME||||NUT||5|3|",
        "R2|ACME||||BOLT||1||",
    ]

    assert twice("orders", table(header, *rows), tmp_path) == (2, 0, 0)

    order = Order.objects.get(reference="R1")
    lines = list(order.lines.values_list("ordered", "unit_price", "discount_percent", "amount"))
    assert (order.status, order.customer_po, order.note) == (OrderStatus.DRAFT, "77", "Ring twice")
    assert lines == [(24, 100, Decimal("2.5"), 195), (5, 3, 0, 15)]
    assert order.total == 210
    assert Order.objects.get(reference="R2").lines.get().unit_price == 10


def test_a_price_list_for_an_old_number_is_for_the_customer_it_was_merged_into(tmp_path):
    *_house, customer = a_small_house()
    merge_customers(customer.pk, a_customer(code="OLD").pk, by=None)
    header, row = "price_list|currency|for_whom|sku|price", "KERN|EUR|customer:OLD; customer:ACME|BOLT|9"

    assert twice("price-rules", table(header, row), tmp_path) == (1, 0, 0)

    assert PriceList.objects.get(code="KERN").assignments.get().customer == customer


def test_an_order_may_go_to_a_place_of_its_own_and_the_next_one_there_too(tmp_path):
    *_house, customer = a_small_house()
    place = "ship_to_name|ship_to_street|ship_to_postal_code|ship_to_city|ship_to_country"
    header = f"reference|customer|{place}|sku|quantity"
    rows = [f"R{n}|ACME|Site 9|Quay 5|24103|Kiel|DE|BOLT|1" for n in (1, 2)]

    assert twice("orders", table(header, *rows), tmp_path) == (2, 0, 0)

    place = customer.addresses.get(city="Kiel")
    assert (place.name, place.is_bill_to, place.is_ship_to) == ("Site 9", False, True)
    assert set(Order.objects.values_list("ship_to", flat=True)) == {place.pk}


def test_a_preview_says_what_would_be_done_and_writes_nothing(tmp_path):
    a_small_house()
    before = everything()

    content = table("price_list|sku|price", "BASE|BOLT|11", "BASE|NUT|2")
    outcome = import_bytes("price-rules", content, tmp_path, dry_run=True)

    assert outcome.counts == (1, 1, 0)
    assert outcome.changes[0].fields == {"price": (Decimal(10), Decimal(11))}
    assert everything() == before


def test_what_was_imported_is_remembered_with_who_sent_it(tmp_path):
    boss = a_user("inventory.add_product", groups=[a_group()])
    import_bytes("products", table("sku|name", "A|Anvil"), tmp_path, by=boss, name="anvils.csv")

    done = ImportedFile.objects.get()
    assert (done.kind, done.name, done.new, done.by) == ("products", "anvils.csv", 1, boss)
    assert not Category.objects.exists()


def test_a_tax_class_is_named_stays_where_its_cell_is_empty_and_comes_out_again(tmp_path):
    reduced = TaxClass.objects.create(name="Reduced")
    head = "sku|name|tax_class"
    import_bytes("products", table(head, "BOOK|Book|Reduced", "PEN|Pen|"), tmp_path)
    import_bytes("products", table(head, "BOOK|A book|"), tmp_path)

    assert dict(Product.objects.filter(sku__in=["BOOK", "PEN"]).values_list("sku", "tax_class")) == {
        "BOOK": reduced.pk,
        "PEN": None,
    }
    exported = kinds()["products"]().export(Product.objects.filter(sku="BOOK"))
    assert exported["tax_class"] == ["Reduced"]

    (problem,) = problems_of("products", table(head, "BOOK|Book|Luxury"), tmp_path).problems
    assert (problem.column, problem.value, problem.remedy) == (
        "tax_class",
        "Luxury",
        "Write one of: Reduced.",
    )


def test_the_texts_of_a_workbook_stand_in_a_table_of_their_own_in_several_formats(tmp_path):
    path = tmp_path / "prices"
    write_xlsx(path, [("sku", "name"), ("RICH", "N")])
    rich = "<r><t>Hex </t></r><r><rPr><b/></rPr><t>bolt</t></r><rPh sb='0' eb='1'><t>said</t></rPh>"
    texts = part(path.read_bytes(), "xl/sharedStrings.xml").decode()
    changed = texts.replace("<si><t>N</t></si>", f"<si>{rich}</si>")
    content = with_part(path.read_bytes(), "xl/sharedStrings.xml", changed, replace=True)

    import_bytes("products", content, tmp_path)

    assert Product.objects.get(sku="RICH").name == "Hex bolt"


def test_discounts_of_an_order_are_taken_one_after_the_other_and_come_out_again(tmp_path):
    a_small_house()
    header = "reference|customer|sku|quantity|unit_price|discount_percent"
    rows = ["R1|ACME|BOLT|1|100|10 + 10", "R1|ACME|NUT|1|100|2.25+2.25", "R1|ACME|BOLT|2|100|5"]

    assert twice("orders", table(header, *rows), tmp_path) == (1, 0, 0)

    order = Order.objects.get()
    lines = order.lines.order_by("position")
    assert [line.discounts for line in lines] == [(10, 10), (Decimal("2.25"), Decimal("2.25")), (5,)]
    assert [line.amount for line in lines] == [81, Decimal("95.55"), 190]
    exported = kinds()["orders"]().export(Order.objects.all())
    assert exported["discount_percent"] == ["10+10", "2.25+2.25", Decimal(5)]
    assert twice("orders", workbook(header.split("|"), *[row.split("|") for row in rows]), tmp_path) == (
        0,
        0,
        1,
    )
