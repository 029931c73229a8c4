"""Any list goes out as CSV or XLSX: as filtered, as shown, to whom it may, and in as many statements for many rows."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from customers.models import Contact
from inventory.models import Supplier
from oms.admin import exporting
from oms.importing.writing import write_typed_xlsx
from oms.models import Company
from orders.models import Order
from tests.builders import (
    a_boss,
    a_company,
    a_credit_account,
    a_customer,
    a_product,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company():
    a_company()


def rows_of(answer) -> list[list[str]]:
    content = b"".join(answer.streaming_content)
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    cells = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [[cell or "" for cell in row] for row in cells]


def export(client, label, query="", **values):
    return client.post(f"/admin/{label}/export/?{query}", {"format": "csv", **values})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_goes_out_as_it_is_filtered_and_shown(client, kind):
    Supplier.objects.create(code="HYDRA", name="Hydra", lead_time_days=3)
    Supplier.objects.create(code="SMITH", name="Smith")
    client.force_login(a_boss())

    answer = export(client, "inventory/supplier", "q=hyd&_columns=code,name", format=kind)

    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert rows_of(answer) == [["name", "code"], ["Hydra", "HYDRA"]]


def test_a_cell_that_a_spreadsheet_would_run_is_escaped(client):
    Supplier.objects.create(code="=1+1", name="@SUM(A1)")
    client.force_login(a_boss())

    answer = export(client, "inventory/supplier", "_columns=code,name")

    assert rows_of(answer)[1] == ["'@SUM(A1)", "'=1+1"]


def test_orders_go_out_as_the_list_shows_them_or_as_the_import_reads_them(client):
    a_warehouse()
    order = an_order({a_product("BOLT"): 2}, customer=a_customer("Kern & Söhne"))
    client.force_login(a_boss())

    shown = rows_of(export(client, "orders/order", "_columns=number,customer,pill,amount", columns="list"))
    read = rows_of(export(client, "orders/order"))

    assert shown[1] == [order.number, "Kern & Söhne", "draft", "20", "EUR"]
    assert "sku" in read[0]


def moment(*parts):
    return datetime(*parts)  # noqa: DTZ001  a spreadsheet knows no zones


def cells_of(answer):
    return list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows())


def test_a_workbook_of_a_list_can_be_added_up_and_filtered(client):
    a_warehouse()
    Company.objects.update(zone="Europe/Berlin")
    order = an_order({a_product("BOLT"): 1234}, customer=a_customer("Kern"))
    Order.objects.filter(pk=order.pk).update(
        customer_po="0042",
        requested_on=date(2026, 3, 2),
        status_since=datetime(2026, 1, 2, 12, 0, 0, 7, tzinfo=UTC),
    )
    client.force_login(a_boss())
    shown = "_columns=number,amount,requested_on,customer_po,status_since"

    header, row = cells_of(export(client, "orders/order", shown, columns="list", format="xlsx"))

    assert [cell.value for cell in header] == [
        "number", "total", "total (currency)", "requested on", "PO number", "status since"
    ]  # fmt: skip
    assert [(cell.value, cell.data_type, cell.number_format) for cell in row] == [
        (order.number, "s", "@"),
        (12340, "n", "#,##0.00"),
        ("EUR", "s", "@"),
        (moment(2026, 3, 2), "d", "yyyy-mm-dd"),
        ("0042", "s", "@"),
        (moment(2026, 1, 2, 13), "d", "yyyy-mm-dd hh:mm:ss"),
    ]


def test_a_quantity_is_a_number_and_a_phone_number_text_without_an_apostrophe(client):
    a_product("BOLT", on_hand=1234)
    Supplier.objects.create(code="=1+1", name="#N/A", phone="+49 40 1", lead_time_days=1200)
    client.force_login(a_boss())

    stock = cells_of(export(client, "inventory/stocklevel", "_columns=there", columns="list", format="xlsx"))
    supplier = cells_of(
        export(client, "inventory/supplier", "_columns=name,code,phone,lead_time_days,kept", format="xlsx")
    )

    assert (stock[1][0].value, stock[1][0].data_type) == (1234, "n")
    assert [(cell.value, cell.data_type) for cell in supplier[1]] == [
        ("#N/A", "s"), ("=1+1", "s"), ("+49 40 1", "s"), (1200, "n"), (None, "n")
    ]  # fmt: skip


def test_a_limit_in_words_stays_words_and_has_no_currency(client):
    a_credit_account(a_customer("Limited"), limit=Decimal("1000000.50"))
    a_credit_account(a_customer("Open"))
    client.force_login(a_boss())

    rows = rows_of(export(client, "customers/creditaccount", "_columns=granted", columns="list"))

    assert rows[0] == ["limit", "limit (currency)"]
    assert sorted(rows[1:]) == [["1000000.5", "EUR"], ["without limit", ""]]


@pytest.mark.parametrize(
    ("value", "kept", "kind"),
    [
        (Decimal("0.10"), 0.1, "n"),
        (Decimal("-12345678901.2345"), -12345678901.2345, "n"),
        (Decimal("1234567890123456.78"), "1234567890123456.78", "s"),
        (Decimal("1E+20"), "100000000000000000000", "s"),
        (Decimal("NaN"), "NaN", "s"),
        (10**15 - 1, 10**15 - 1, "n"),
        (10**15, "1000000000000000", "s"),
        ("4006381333931", "4006381333931", "s"),
        (True, "yes", "s"),
        (date(1899, 12, 31), "1899-12-31", "s"),
        (date(2199, 12, 31), moment(2199, 12, 31), "d"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)", "s"),
        ("+1", "+1", "s"),
        ("\x00\x0b", "\N{REPLACEMENT CHARACTER}" * 2, "s"),
        ("", None, "n"),
        (None, None, "n"),
    ],
)
def test_what_a_spreadsheet_would_round_run_or_not_show_is_text(value, kept, kind):
    write_typed_xlsx(file := io.BytesIO(), ["=1+1"], [[value]])

    header, row = load_workbook(file).active.iter_rows()

    assert (header[0].value, header[0].data_type) == ("=1+1", "s")
    assert (row[0].value, row[0].data_type) == (kept, kind)


def test_a_rep_exports_the_own_rows_and_no_people_or_prices(client):
    a_warehouse()
    rep = a_user(groups=[Group.objects.get(name="Sales rep")], is_staff=True)
    mine, theirs = a_customer("Mine", rep=rep), a_customer("Theirs")
    Contact.objects.create(customer=mine, name="Maria")
    orders = [an_order({a_product(): 1}, customer=customer) for customer in (mine, theirs)]
    client.force_login(rep)

    exported = rows_of(export(client, "orders/order", "_columns=number", columns="list"))

    assert exported[1:] == [[orders[0].number]]
    for label in ("customers/contact", "customers/address", "customers/pricelist", "customers/customer"):
        assert export(client, label).status_code == 403, label
    assert export(client, "inventory/purchaseorder").status_code == 403


def test_the_export_costs_as_many_statements_for_many_rows(client):
    a_warehouse()
    client.force_login(a_boss())
    counts = []
    for _size in (2, 9):
        for _n in range(_size):
            an_order({a_product(): 1}, customer=a_customer())
        with CaptureQueriesContext(connection) as asked:
            rows_of(export(client, "orders/order", columns="list"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_more_rows_than_a_file_takes_are_refused_with_what_to_do(client, monkeypatch):
    for n in range(3):
        Supplier.objects.create(code=f"S{n}", name="S")
    monkeypatch.setattr(exporting.ExportsList, "most_exported", 2)
    client.force_login(a_boss())

    answer = client.post("/admin/inventory/supplier/export/?q=s", {"format": "csv"}, follow=True)

    assert answer.redirect_chain == [("/admin/inventory/supplier/?q=s", 302)]
    assert "Filter or search it" in answer.content.decode()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_every_list_can_be_exported(client, model):
    client.force_login(a_boss())
    label = model._meta.label_lower.replace(".", "/")

    assert client.get(f"/admin/{label}/export/").status_code == 200
    assert rows_of(export(client, label))[0]


@pytest.mark.parametrize("query", ["no_such=1", "o=x", "p=-1", "q=%25", "status__exact=x", "_columns=x"])
def test_an_export_of_nonsense_is_answered(client, query):
    client.force_login(a_boss())

    assert export(client, "orders/order", query).status_code in (200, 302, 400)
