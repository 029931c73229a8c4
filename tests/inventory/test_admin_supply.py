"""Purchase orders, counts and restock alerts on their pages."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import PurchaseOrder, RestockAlert, StockCount, StockLevel, Supplier, SupplierProduct
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.status import AlertKind, CountStatus, PurchaseStatus
from oms.access import needs
from tests.builders import (
    a_boss,
    a_product,
    a_shipment,
    a_unit,
    a_user,
    a_warehouse,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/inventory/purchaseorder/add/"
BUYER = [
    "inventory.view_supplier", "inventory.view_warehouse", "inventory.view_purchaseorder",
    "inventory.add_purchaseorder", "inventory.change_purchaseorder", "inventory.view_restockalert",
]  # fmt: skip
GARBAGE = ["abc", "1.5", "1e3", "1_000", "-1", "9" * 30, "999999999999999", "NaN", "\u0661", "\ufffd"]


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN")


@pytest.fixture
def supplier():
    return Supplier.objects.create(code="HYDRA", name="Hydra", lead_time_days=5)


def a_client(*rights, works_in=None):
    user = a_user(*rights, is_staff=True)
    if works_in:
        works_in.members.add(user)
    client = Client()
    client.force_login(user)
    return client


def order_form(supplier, warehouse, *rows, **values):
    lines = {}
    for n, (sku, quantity, on) in enumerate(rows):
        lines |= {f"rows-{n}-product": sku, f"rows-{n}-quantity": quantity, f"rows-{n}-expected_on": on}
    head = {"supplier": supplier.pk, "warehouse": warehouse.pk, "note": "", "rows-INITIAL_FORMS": "0"}
    return {**head, "rows-TOTAL_FORMS": str(max(len(rows), 8)), **lines, **values}


def a_purchase(warehouse, supplier, products, quantity=10):
    lines = [Expected(product.pk, quantity, in_days(3)) for product in products]
    return place_purchase_order(supplier, warehouse, lines, by=None)


def page_of(order, what="change"):
    return reverse(f"admin:inventory_purchaseorder_{what}", args=[order.pk])


def test_a_purchase_order_is_placed_with_its_lines_and_days(warehouse, supplier):
    a_product("BOLT"), a_product("NUT")
    sent = order_form(supplier, warehouse, ("BOLT", "10", "2030-01-05"), ("", "", ""), ("NUT", "20", ""))

    assert a_client(*BUYER).post(ADD, sent).status_code == 302

    lines = PurchaseOrder.objects.get().lines.values_list("product__sku", "ordered", "expected_on")
    assert [(sku, ordered) for sku, ordered, _on in lines] == [("BOLT", 10), ("NUT", 20)]
    assert (str(lines[0][2]), lines[1][2]) == ("2030-01-05", in_days(5))


def test_the_same_form_twice_places_one_order(warehouse, supplier):
    a_product("BOLT")
    sent = order_form(supplier, warehouse, ("BOLT", "10", ""), operation=uuid.uuid4().hex)
    client = a_client(*BUYER)

    for _ in range(2):
        assert client.post(ADD, sent).status_code == 302

    assert PurchaseOrder.objects.count() == 1


def test_more_lines_keep_what_was_typed(warehouse, supplier):
    text = (
        a_client(*BUYER)
        .post(ADD, order_form(supplier, warehouse, ("BOLT", "10", ""), more="1"))
        .content.decode()
    )

    assert 'value="BOLT"' in text
    assert "rows-17-product" in text
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize(
    "field", ["rows-0-quantity", "rows-0-expected_on", "rows-0-product", "supplier", "warehouse"]
)
def test_garbage_orders_nothing(warehouse, supplier, field):
    a_product("BOLT")
    client = a_client(*BUYER)

    for value in [*GARBAGE, "\u0130" * 300]:
        sent = {**order_form(supplier, warehouse, ("BOLT", "10", "")), field: value}
        assert client.post(ADD, sent).status_code == 200, value
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"rows-TOTAL_FORMS": "x"},
        {"rows-TOTAL_FORMS": "9" * 30},
        {"more": "1", "rows-TOTAL_FORMS": "y"},
    ],
)
def test_a_broken_form_orders_nothing(warehouse, supplier, broken):
    assert a_client(*BUYER).post(ADD, broken).status_code == 200
    assert not PurchaseOrder.objects.exists()


def test_an_empty_order_says_that_it_needs_a_line(warehouse, supplier):
    text = a_client(*BUYER).post(ADD, order_form(supplier, warehouse)).content.decode()

    assert "needs a line" in text


def test_placing_takes_its_right(warehouse, supplier):
    a_product("BOLT")
    client = a_client(*(right for right in BUYER if "add" not in right))

    assert client.get(ADD).status_code == 403
    assert client.post(ADD, order_form(supplier, warehouse, ("BOLT", "10", ""))).status_code == 403
    assert not PurchaseOrder.objects.exists()


def test_what_comes_is_received_line_by_line_and_then_the_rest(warehouse, supplier):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    order = a_purchase(warehouse, supplier, [bolts, nuts])
    client = a_client("inventory.view_purchaseorder", "inventory.receive_stock", works_in=warehouse)
    line = order.lines.get(product=bolts)

    client.post(page_of(order, "receive"), {f"came-{line.pk}": "4"})
    assert StockLevel.objects.get(product=bolts).on_hand == 4
    client.post(page_of(order, "receive"), {"all": "1"})

    order.refresh_from_db()
    assert order.status == PurchaseStatus.RECEIVED
    assert [level.on_hand for level in StockLevel.objects.all()] == [10, 10]


def test_garbage_receives_nothing(warehouse, supplier):
    order, other = (a_purchase(warehouse, supplier, [a_product()]) for _ in range(2))
    client = a_client("inventory.view_purchaseorder", "inventory.receive_stock", works_in=warehouse)
    line, foreign = order.lines.get().pk, other.lines.get().pk

    for name, value in [
        *((f"came-{line}", value) for value in [*GARBAGE, "11", "0", ""]),
        (f"came-{foreign}", "1"), ("came-", "1"), ("came-x", "1"), ("came-999999999999999", "1"), ("nothing", "1"),
    ]:  # fmt: skip
        assert client.post(page_of(order, "receive"), {name: value}).status_code == 200, (name, value)

    assert not StockLevel.objects.filter(on_hand__gt=0).exists()


def test_only_those_who_work_there_receive_and_only_buyers_cancel(warehouse, supplier):
    order = a_purchase(warehouse, supplier, [a_product()])
    stranger = a_client(
        "inventory.view_purchaseorder", "inventory.receive_stock", works_in=a_warehouse("EAST")
    )
    nobody = a_client("inventory.receive_stock", works_in=warehouse)

    assert stranger.post(page_of(order, "receive"), {"all": "1"}).status_code == 403
    assert stranger.post(page_of(order, "cancel")).status_code == 403
    assert nobody.post(page_of(order, "receive"), {"all": "1"}).status_code == 404
    order.refresh_from_db()
    assert order.status == PurchaseStatus.OPEN


def test_cancelling_says_in_numbers_what_does_not_come(warehouse, supplier):
    order, client = a_purchase(warehouse, supplier, [a_product(), a_product()]), a_client(*BUYER)

    assert "2 lines are still due" in client.get(page_of(order, "cancel")).content.decode()
    client.post(page_of(order, "cancel"))

    order.refresh_from_db()
    assert order.status == PurchaseStatus.CANCELLED
    assert "cannot become" in client.post(page_of(order, "cancel")).content.decode()


def test_the_statements_of_the_pages_do_not_grow_with_the_lines(warehouse, supplier):
    client = Client()
    client.force_login(a_boss())

    def statements(lines):
        products, counts = many_products(lines), []
        rows = [(product.sku, "10", "") for product in products]
        order = a_purchase(warehouse, supplier, products)
        for ask in (
            lambda: client.post(ADD, order_form(supplier, warehouse, *rows, operation=uuid.uuid4().hex)),
            lambda: client.get(page_of(order)),
            lambda: client.get(page_of(order, "receive")),
            lambda: client.post(page_of(order, "receive"), {"all": "1", "operation": uuid.uuid4().hex}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code in {200, 302}
            counts.append(len(queries))
        return counts

    statements(1)
    assert statements(10) == statements(500)


def a_count(warehouse):
    from fulfillment.services.picking import short_pick
    from fulfillment.status import ShortReason

    shipment = a_shipment({a_product("BOLT", on_hand=9, at=warehouse): 9}, by=a_boss())
    short_pick(shipment.lines.get().tasks.get().pk, 4, ShortReason.NOT_FOUND, by=None)
    return StockCount.objects.get()


def test_a_count_is_finished_with_what_was_found(warehouse):
    count = a_count(warehouse)
    client = a_client("inventory.view_stockcount", "inventory.finish_count", works_in=warehouse)
    page = reverse("admin:inventory_stockcount_finish", args=[count.pk])

    for value in [*GARBAGE, "", "6"]:
        assert client.post(page, {"found": value}).status_code == 200, value
    count.refresh_from_db()
    assert count.status == CountStatus.OPEN
    client.post(page, {"found": "2"})

    count.refresh_from_db()
    assert (count.status, count.found) == (CountStatus.DONE, 2)
    assert "is done already" in client.post(page, {"found": "2"}).content.decode()


def test_a_count_is_finished_where_one_works(warehouse):
    page = reverse("admin:inventory_stockcount_finish", args=[a_count(warehouse).pk])
    rights = ("inventory.view_stockcount", "inventory.finish_count")

    assert a_client(*rights, works_in=a_warehouse("EAST")).post(page, {"found": "2"}).status_code == 403
    assert a_client(rights[0], works_in=warehouse).post(page, {"found": "2"}).status_code == 403
    assert a_client(rights[1], works_in=warehouse).post(page, {"found": "2"}).status_code == 404
    assert StockCount.objects.get().status == CountStatus.OPEN


def an_alert(warehouse, supplier=None):
    product = a_product()
    if supplier:
        SupplierProduct.objects.create(supplier=supplier, product=product, cost=Decimal(1))
    return RestockAlert.objects.create(
        product=product, warehouse=warehouse, kind=AlertKind.REORDER, on_hand=5, inbound=0, demand=0,
        reorder_point=5, suggested=4,
    )  # fmt: skip


def test_what_alerts_suggest_is_ordered_from_the_list(warehouse, supplier):
    good, unsupplied = an_alert(warehouse, supplier), an_alert(warehouse)
    page, client = reverse("admin:inventory_restockalert_changelist"), a_client(*BUYER)
    sent = {"action": "order_what_is_suggested", "_selected_action": [good.pk, unsupplied.pk]}

    text = client.post(page, sent, follow=True).content.decode()
    again = client.post(page, {**sent, "_selected_action": [good.pk]}, follow=True).content.decode()

    assert PurchaseOrder.objects.get().number in text
    assert f"Nobody supplies {unsupplied.product.sku}" in text
    assert "Nothing is suggested" in again


def test_an_alert_counts_in_the_unit_that_is_sold(warehouse):
    oil = a_product("OIL")
    oil.units.update(is_default=False)
    a_unit(oil, "CAN", numerator=5000, name="can of 5 l", is_default=True)
    RestockAlert.objects.create(
        product=oil, warehouse=warehouse, kind=AlertKind.REORDER, on_hand=12500, inbound=0, demand=0,
        reorder_point=60000, suggested=5000000,
    )  # fmt: skip

    listed = a_client(*BUYER).get(reverse("admin:inventory_restockalert_changelist")).content.decode()

    for told in ("2.5", "12", "1,000 can of 5 l"):
        assert f'<span class="oms-amount">{told}</span>' in listed


def test_a_right_that_is_missing_is_said_in_words(warehouse, supplier):
    order = a_purchase(warehouse, supplier, [a_product()])

    page = a_client(*BUYER).get(page_of(order)).content.decode()

    assert "needs the right “Can receive stock”" in page
    assert needs("inventory.change_transfer") == "needs the right “Can change transfer”"


def test_ordering_from_alerts_takes_the_right_to_buy(warehouse, supplier):
    alert, page = an_alert(warehouse, supplier), reverse("admin:inventory_restockalert_changelist")

    a_client("inventory.view_restockalert").post(
        page, {"action": "order_what_is_suggested", "_selected_action": [alert.pk]}
    )

    assert not PurchaseOrder.objects.exists()
