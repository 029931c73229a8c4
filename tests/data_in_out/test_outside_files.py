"""Files as other systems save them: read as they look, or refused by row, column and remedy. Nothing is guessed."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from customers.models import AgreementLine
from inventory.models import Product
from oms.importing import xlsx_sheets
from oms.importing.problems import FileRefused
from orders.models import OrderLine
from tests.data_in_out.files import a_small_house, import_bytes, problems_of, table, workbook
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db

house = shared_by_the_module(a_small_house)

AGREED = ["customer", "name", "valid_from", "valid_to", "category", "percent"]
ORDERS = ["reference", "customer", "sku", "quantity", "discount_percent"]
TEN_PERCENT = ["ACME", "A-1", "2030-01-01", "2031-01-01", ""]


def refused(kind, content, folder):
    """The first problem of a file, as a person is told it."""
    problem = problems_of(kind, content, folder).problems[0]
    return problem.row, problem.column, f"{problem.rule} {problem.remedy}"


@pytest.mark.parametrize(
    ("value", "number_format", "percent"),
    [
        (0.1, "0%", "10"),
        (0.07, "0.00%", "7"),
        (0.125, '0.0" "%', "12.5"),
        (10, '0"%"', "10"),  # the sign is only written beside it
        (10, "0\\%", "10"),
        (10, "General", "10"),
        ("10 %", "@", "10"),
    ],
)
def test_a_percentage_is_what_its_cell_shows(house, tmp_path, value, number_format, percent):
    import_bytes(
        "agreements", workbook(AGREED, [*TEN_PERCENT, value], formats={"F2": number_format}), tmp_path
    )

    assert AgreementLine.objects.get().percent == Decimal(percent)


def test_a_percentage_is_what_its_cell_shows_in_a_file_of_orders_too(house, tmp_path):
    import_bytes("orders", workbook(ORDERS, ["R1", "ACME", "BOLT", 2, 0.1], formats={"E2": "0%"}), tmp_path)

    assert OrderLine.objects.get().discount_percent == 10


def test_a_percentage_is_no_price(house, tmp_path):
    content = workbook(["price_list", "sku", "price"], ["BASE", "BOLT", 0.1], formats={"C2": "0%"})

    assert refused("price-rules", content, tmp_path)[:2] == (2, "price")


def test_zeros_that_a_cell_shows_before_a_number_belong_to_the_code(house, tmp_path):
    import_bytes("products", workbook(["sku", "name"], [123, "Anvil"], formats={"A2": "000000"}), tmp_path)

    assert Product.objects.get(name="Anvil").sku == "000123"


def test_a_formula_of_a_workbook_is_no_text(house, tmp_path):
    content = workbook(["sku", "name"], ["A", '=CONCATENATE("An","vil")'])

    assert refused("products", content, tmp_path) == (
        2, "name", "is a formula. Copy the column, and paste it as values only."
    )  # fmt: skip


def with_hidden_first(content):
    book = load_workbook(io.BytesIO(content))
    hidden = book.create_sheet("old prices", 0)
    hidden.append(["sku", "name"])
    hidden.append(["OLD", "Old"])
    hidden.sheet_state = "hidden"
    book.active = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_hidden_sheet_is_not_read(house, tmp_path):
    outcome = import_bytes("products", with_hidden_first(workbook(["sku", "name"], ["A", "Anvil"])), tmp_path)

    assert Product.objects.filter(sku="A").exists()
    assert not Product.objects.filter(sku="OLD").exists()
    assert "The other sheets were not read." in outcome.notes


TITLED = [["Products 2030"], [], ["SKU", "Name"], ["A", "Anvil"]]
GROUPED = [["Product", "Text"], ["sku", "name"], ["A", "Anvil"]]
FOREIGN = [["Artikelliste"], ["Artikelnummer", "Bezeichnung"], ["A", "Anvil"]]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (TITLED, "The header stands in row 3, below a title. Delete the rows above it."),
        (GROUPED, "The header stands in row 2, below a title. Delete the rows above it."),
        (FOREIGN, "The first row has one cell only, “artikelliste”."),
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_title_above_the_header_is_told(house, tmp_path, rows, told, form):
    content = workbook(*rows) if form == "xlsx" else as_csv(rows)
    row, _column, text = refused("products", content, tmp_path)

    assert row == 1
    assert text.startswith(told)


def as_csv(rows, delimiter=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"'])
def test_a_first_line_that_tells_the_delimiter_is_no_row(house, tmp_path, first):
    content = f"{first}\r\nsku;name\r\nA;An, vil\r\n;Nothing\r\n".encode("utf-16")

    assert refused("products", content, tmp_path)[:2] == (
        3,
        "sku",
    )  # the header is row 1, as a spreadsheet shows it
    import_bytes("products", content.replace(";Nothing\r\n".encode("utf-16-le"), b""), tmp_path)
    assert Product.objects.get(sku="A").name == "An, vil"


def test_empty_cells_beyond_the_last_column_are_nothing_and_others_are_told(house, tmp_path):
    import_bytes("products", b"sku;name\nA;Anvil;;\n", tmp_path)
    assert Product.objects.filter(sku="A").exists()

    assert refused("products", b"sku;name\nA;Anvil;;x\n", tmp_path)[2].startswith(
        "has 4 cells, the header 2."
    )


@pytest.mark.parametrize("code", ["4,00638E+12", "4.00638E+12", "4E+12"])
@pytest.mark.parametrize("column", ["sku", "gtin"])
def test_a_code_that_a_spreadsheet_rounded_is_told_in_every_country(house, tmp_path, code, column):
    rows = {"sku": ["sku|name", f"{code}|Anvil"], "gtin": ["sku|name|gtin", f"A|Anvil|{code}"]}[column]

    row, name, told = refused("products", table(*rows), tmp_path)

    assert (row, name) == (2, column)
    assert "last digits are lost" in told


NUMBERS = [
    "1.234,50", "1,234.50", "1'234.50", "1\N{RIGHT SINGLE QUOTATION MARK}234.50", "1,23,456.00", "12,50", "12.50 EUR",
    "1\N{NARROW NO-BREAK SPACE}234,50", "$12", "(12.50)", "12.50-", "10%", "=1+1",
]  # fmt: skip
DAYS = [
    "31.12.2030",
    "12/31/2030",
    "31/12/2030",
    "2030/12/31",
    "20301231",
    "47848",
    "31-Dec-30",
    "2030-12-31 00:00",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_written_otherwise_is_told_and_not_guessed(house, tmp_path, number):
    content = as_csv([["price_list", "sku", "price"], ["BASE", "BOLT", number]], ";")

    row, column, told = refused("price-rules", content, tmp_path)

    assert (row, column) == (2, "price")
    assert "1234.50" in told


@pytest.mark.parametrize("day", DAYS)
def test_a_day_written_otherwise_is_told_and_not_guessed(house, tmp_path, day):
    content = as_csv([["price_list", "sku", "price", "valid_from"], ["BASE", "BOLT", "12.50", day]])

    assert refused("price-rules", content, tmp_path)[:2] == (2, "valid_from")


EXPORTS = {
    "a shop": ("products", "Handle,Title,Vendor,Variant SKU,Variant Price\nbolt,Bolt,Hydra,B-1,1.50\n"),
    "an accounting house": ("customers", "*ContactName;AccountNumber;EmailAddress\nKern;K1;a@example.com\n"),
    "a big system": ("stock", "MATNR\tWERKS\tLGORT\tLABST\nBOLT\t1000\t0001\t12,000\n"),
    "a small system": (
        "customers",
        "name,is_company,country_id/id,property_payment_term_id\nKern,True,base.de,\n",
    ),
    "a dealer": ("orders", "Belegnummer;Kundennummer;Artikelnummer;Menge\n1;ACME;BOLT;1,5\n"),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_names_of_other_systems_are_asked_about_and_not_guessed(house, tmp_path, name):
    kind, content = EXPORTS[name]

    refusal = problems_of(kind, content.encode("cp1252"), tmp_path)

    assert all(problem.row == 1 for problem in refusal.problems)
    assert any("is missing" in problem.rule for problem in refusal.problems)


def test_numbers_that_look_as_they_are_take_no_detour(house, tmp_path, monkeypatch):
    """The control: without a look at the formats 10 % are a tenth of one, in silence."""
    monkeypatch.setattr(xlsx_sheets, "shown_by", lambda _format: lambda value: value)
    import_bytes("agreements", workbook(AGREED, [*TEN_PERCENT, 0.1], formats={"F2": "0%"}), tmp_path)

    assert AgreementLine.objects.get().percent == Decimal("0.1")


def test_a_file_of_a_title_only_is_no_table(house, tmp_path):
    with pytest.raises(FileRefused, match="name"):
        import_bytes("products", b"Products 2030\n", tmp_path)
