"""The dock's pages: scan what came, receive it, put it away; and what a supplier says about an order."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import BinStock, PurchaseOrder, Receipt, StockLevel, StockMovement, Supplier
from inventory.services.purchasing import Expected, record_purchase_order
from inventory.services.receiving import Delivery, receive_purchase_order
from inventory.status import MovementKind
from tests.builders import a_boss, a_cable, a_product, a_unit, a_user, a_warehouse, in_days, many_products

pytestmark = pytest.mark.django_db

DOCK = reverse("admin:inventory_purchaseorder_receiving")
PUT_AWAY = reverse("admin:inventory_stocklevel_put_away")
LEAD = ["inventory.view_purchaseorder", "inventory.receive_stock", "inventory.move_stock", "inventory.view_binstock",
        "inventory.view_receipt"]  # fmt: skip
BUYER = ["inventory.view_purchaseorder", "inventory.change_purchaseorder"]
GARBAGE = ["abc", "1.5", "1e3", "1_000", "-1", "0", "9" * 30, "NaN", "\u0661", "\ufffd"]
DAYS = ["yesterday", "1999-01-01", "9999-12-31", "2027-02-30", "31.12.2027", "\u0661", "9" * 30]


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN", bins=2)


def a_client(*rights, works_in=None):
    user = a_user(*rights, is_staff=True)
    if works_in:
        works_in.members.add(user)
    client = Client()
    client.force_login(user)
    return client


def a_purchase(warehouse, products=None, quantity=10):
    supplier = Supplier.objects.get_or_create(code="HYDRA", defaults={"name": "Hydra"})[0]
    lines = [Expected(product.pk, quantity, in_days(3)) for product in products or [a_product()]]
    return record_purchase_order(supplier, warehouse, lines, by=None)


def page_of(order, what):
    return reverse(f"admin:inventory_purchaseorder_{what}", args=[order.pk])


def test_a_scanned_order_sku_or_gtin_opens_what_is_due(warehouse):
    bolts = a_product("BOLT")
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    order = a_purchase(warehouse, [bolts])
    client = a_client(*LEAD, works_in=warehouse)

    for code in (order.number, order.number.lower(), "BOLT", "bolt", "4001234567890", f" {order.number} "):
        answer = client.get(DOCK, {"q": code})
        assert (answer.status_code, answer.headers.get("Location")) == (302, page_of(order, "receive")), code


def test_each_quantity_has_its_unit_and_receipts_count_lines(warehouse):
    oil, bolts = a_product("OIL"), a_product("BOLT")
    oil.units.update(name="litre")
    order = a_purchase(warehouse, [oil, bolts])
    client = a_client(*LEAD, works_in=warehouse)

    due = client.get(page_of(order, "receive")).content.decode()
    said = client.post(page_of(order, "receive"), {"all": "1"}, follow=True).content.decode()
    whole = client.get(page_of(order, "change")).content.decode()
    back = client.get(reverse("admin:inventory_receipt_take_back", args=[Receipt.objects.get().pk]))

    assert "<strong>10</strong> litre" in due
    assert f"2 lines came for {order}" in said
    assert ">10 litre</td>" in whole
    assert 'data-label="Lines" class="wh-number">2</td>' in whole
    assert "<li>10 litre" in back.content.decode()


def test_lists_count_the_lines_that_are_due(warehouse):
    order = a_purchase(warehouse, [a_product(), a_product(), a_product()])
    receive_purchase_order(order.pk, {order.lines.first().pk: 10}, by=None)
    client = a_client(*LEAD, works_in=warehouse)

    assert "MAIN: 2 lines due, from" in client.get(DOCK).content.decode()
    listed = client.get(reverse("admin:inventory_purchaseorder_changelist"))
    assert '<td class="field-due' in listed.content.decode()
    assert listed.context["cl"].result_list[0].lines_due == 2


def test_a_product_due_on_two_orders_asks_which(warehouse):
    bolts = a_product("BOLT")
    orders, other = [a_purchase(warehouse, [bolts]) for _ in range(2)], a_purchase(warehouse)
    text = a_client(*LEAD, works_in=warehouse).get(DOCK, {"q": "BOLT"}).content.decode()

    assert all(order.number in text for order in orders)
    assert other.number not in text


def test_what_nobody_knows_or_is_due_elsewhere_is_said_so(warehouse):
    a_product("NUT")
    elsewhere = a_purchase(a_warehouse("EAST"))
    client = a_client(*LEAD, works_in=warehouse)

    for code in ("NOPE", "NUT", elsewhere.number, "%", "'", "x" * 500, "9" * 40):
        text = client.get(DOCK, {"q": code}, follow=True).content.decode()
        assert "is due in your warehouses" in text, code
        assert elsewhere.number not in text or code == elsewhere.number


def test_an_empty_dock_says_so(warehouse):
    assert (
        "Nothing is due in your warehouses" in a_client(*LEAD, works_in=warehouse).get(DOCK).content.decode()
    )


def test_a_delivery_is_received_once_however_often_it_is_sent(warehouse):
    order = a_purchase(warehouse)
    client = a_client(*LEAD, works_in=warehouse)
    sent = {f"came-{order.lines.get().pk}": "4", "delivery_note": "LS-1", "operation": uuid.uuid4().hex}

    for _ in range(2):
        assert client.post(page_of(order, "receive"), sent).headers["Location"] == page_of(order, "receive")

    assert [(r.delivery_note, r.lines.get().quantity) for r in Receipt.objects.all()] == [("LS-1", 4)]


def test_more_than_is_due_is_refused_and_what_was_typed_stays(warehouse):
    order = a_purchase(warehouse)
    text = (
        a_client(*LEAD, works_in=warehouse)
        .post(page_of(order, "receive"), {f"came-{order.lines.get().pk}": "11"})
        .content.decode()
    )

    assert "The most that may be received is 10" in text
    assert 'value="11"' in text


@pytest.mark.parametrize("day", DAYS)
def test_a_delivery_on_an_impossible_day_is_refused(warehouse, day):
    order, client = a_purchase(warehouse), a_client(*LEAD, works_in=warehouse)
    day = str(in_days(1)) if day == "yesterday" else day

    assert client.post(page_of(order, "receive"), {"all": "1", "received_on": day}).status_code == 200
    assert not Receipt.objects.exists()


def test_what_came_in_full_leads_to_putting_it_away(warehouse):
    order, client = a_purchase(warehouse), a_client(*LEAD, works_in=warehouse)

    assert client.post(page_of(order, "receive"), {"all": "1"}).headers["Location"] == PUT_AWAY


def in_receiving(warehouse, sku="BOLT", quantity=10):
    order = a_purchase(warehouse, [a_product(sku)], quantity)
    receive_purchase_order(order.pk, {order.lines.get().pk: quantity}, by=None)
    return BinStock.objects.get(product__sku=sku)


def test_goods_are_put_away_bin_by_bin(warehouse):
    stock, client = in_receiving(warehouse), a_client(*LEAD, works_in=warehouse)
    assert 'value="A-1"' in client.get(PUT_AWAY).content.decode()

    sent = {"stock": stock.pk, "quantity": "6", "into": "A-2", "operation": uuid.uuid4().hex}
    for _ in range(2):
        assert client.post(PUT_AWAY, sent).status_code == 302

    stock.refresh_from_db()
    assert stock.quantity == 4
    assert StockMovement.objects.get(kind=MovementKind.TRANSFER).quantity == 6
    client.post(PUT_AWAY, {"stock": stock.pk, "quantity": "4", "into": "MAIN/A-2"})
    assert "Everything is put away" in client.get(PUT_AWAY).content.decode()


def test_cable_is_received_by_the_metre(warehouse):
    cable = a_cable("NYM")
    order, client = a_purchase(warehouse, [cable], 50_000), a_client(*LEAD, works_in=warehouse)
    line = order.lines.get().pk

    page = client.get(page_of(order, "receive"))
    client.post(page_of(order, "receive"), {f"each-{line}": "1000", f"came-{line}": "12.5"})

    assert "<strong>50</strong> metre due" in page.content.decode()
    assert page.context["device"]["lines"][0]["codes"] == {"NYM": 1000}
    assert order.lines.get().received == 12_500


def test_cable_is_put_away_by_the_metre(warehouse):
    cable = a_cable("NYM")
    order = a_purchase(warehouse, [cable], 50_000)
    receive_purchase_order(order.pk, {order.lines.get().pk: 50_000}, by=None)
    client, stock = a_client(*LEAD, works_in=warehouse), BinStock.objects.get(product=cable)

    page = client.get(PUT_AWAY).content.decode()
    put = {"stock": stock.pk, "quantity": "12,5", "into": "A-1"}
    said = client.post(PUT_AWAY, put, follow=True).content.decode()

    assert "<strong>50</strong> metre" in page
    assert "12.5 metre of NYM" in said
    assert BinStock.objects.get(product=cable, location__code="A-1").quantity == 12_500


def test_garbage_puts_nothing_away(warehouse):
    stock, client = in_receiving(warehouse), a_client(*LEAD, works_in=warehouse)
    good = {"stock": stock.pk, "quantity": "1", "into": "A-1"}

    for field, value in [
        *(("quantity", value) for value in [*GARBAGE, "", "11"]),
        *(("into", value) for value in ["", "NOPE", "RECEIVING", "x" * 500, "\ufffd"]),
        *(("stock", value) for value in ["", "x", "999999", "9" * 18, "\u0661"]),
    ]:
        assert client.post(PUT_AWAY, {**good, field: value}).status_code == 200, (field, value)

    assert not StockMovement.objects.filter(kind=MovementKind.TRANSFER).exists()


def test_only_those_who_work_there_put_away(warehouse):
    stock = in_receiving(warehouse)
    stranger = a_client(*LEAD, works_in=a_warehouse("EAST", bins=1))
    sent = {"stock": stock.pk, "quantity": "1", "into": "A-1"}

    assert stock.product.sku not in stranger.get(PUT_AWAY).content.decode()
    assert "somebody put it away" in stranger.post(PUT_AWAY, sent).content.decode()
    assert a_client("inventory.receive_stock", works_in=warehouse).post(PUT_AWAY, sent).status_code == 403
    assert not StockMovement.objects.filter(kind=MovementKind.TRANSFER).exists()


# --- the supplier's answer


def test_an_answer_is_written_down_line_by_line(warehouse):
    order = a_purchase(warehouse, [a_product("BOLT"), a_product("NUT")])
    bolts, nuts = order.lines.order_by("pk")
    client = a_client(*BUYER)

    client.post(page_of(order, "answer"), {f"quantity-{bolts.pk}": "8", f"on-{bolts.pk}": str(in_days(9))})
    text = client.get(page_of(order, "change")).content.decode()

    bolts.refresh_from_db(), nuts.refresh_from_db()
    assert (bolts.confirmed, bolts.confirmed_on, nuts.confirmed) == (8, in_days(9), None)
    assert "2 refused" in text
    assert "1 line is not confirmed" in text


def test_all_is_confirmed_as_asked_for_in_one_press(warehouse):
    order = a_purchase(warehouse)
    a_client(*BUYER).post(page_of(order, "answer"), {"all": "1"})

    assert order.lines.get().confirmed_on == in_days(3)


def test_garbage_answers_nothing(warehouse):
    order, other, client = a_purchase(warehouse), a_purchase(warehouse), a_client(*BUYER)
    line, foreign = order.lines.get().pk, other.lines.get().pk
    good = {f"quantity-{line}": "5", f"on-{line}": str(in_days(2))}
    bad_days = [str(in_days(-1)), *DAYS[1:]]

    for sent in [
        {}, {f"quantity-{line}": "5"}, {f"on-{line}": str(in_days(2))},
        {f"quantity-{foreign}": "5", f"on-{foreign}": str(in_days(2))},
        {"quantity-": "5"}, {"quantity-x": "5"},
        *({**good, f"quantity-{line}": value} for value in [*GARBAGE, "11"] if value != "0"),
        *({**good, f"on-{line}": value} for value in bad_days),
    ]:  # fmt: skip
        assert client.post(page_of(order, "answer"), sent).status_code == 200, sent
    for sent in [
        {"reason": "strike"}, {f"on-{line}": str(in_days(9))}, {f"on-{line}": str(in_days(3)), "reason": "same"},
        {f"on-{foreign}": str(in_days(9)), "reason": "x"},
        *({f"on-{line}": value, "reason": "x"} for value in bad_days),
    ]:  # fmt: skip
        assert client.post(page_of(order, "redate"), sent).status_code == 200, sent

    assert (order.events.count(), order.lines.get().confirmed) == (1, None)


def test_other_days_are_written_down_with_their_reason(warehouse):
    order = a_purchase(warehouse)
    sent = {f"on-{order.lines.get().pk}": str(in_days(12)), "reason": "strike"}

    assert a_client(*BUYER).post(page_of(order, "redate"), sent).status_code == 302
    assert order.lines.get().due_on == in_days(12)


def test_only_buyers_answer_for_suppliers(warehouse):
    order, client = a_purchase(warehouse), a_client(*LEAD, works_in=warehouse)

    for what in ("answer", "redate"):
        assert client.post(page_of(order, what), {"all": "1"}).status_code == 403
    assert order.lines.get().confirmed is None


# --- a wrong receipt


def test_a_receipt_is_taken_back_where_one_works_and_for_a_reason(warehouse):
    order = a_purchase(warehouse)
    receive_purchase_order(order.pk, {order.lines.get().pk: 10}, by=None, delivery=Delivery("LS-1"))
    page = reverse("admin:inventory_receipt_take_back", args=[Receipt.objects.get().pk])
    client = a_client(*LEAD, works_in=warehouse)

    assert a_client(*LEAD, works_in=a_warehouse("EAST")).post(page, {"reason": "x"}).status_code == 403
    assert (
        a_client("inventory.receive_stock", works_in=warehouse).post(page, {"reason": "x"}).status_code == 404
    )
    assert client.post(page, {"reason": ""}).status_code == 200
    assert Receipt.objects.count() == 1
    assert client.post(page, {"reason": "another customer's"}).status_code == 302
    assert "It is taken back already" in client.get(page).content.decode()
    assert "is taken back already" in client.post(page, {"reason": "again"}).content.decode()

    assert StockLevel.objects.get().on_hand == 0
    assert "taken back by" in client.get(page_of(order, "change")).content.decode()
    assert "takes back" in client.get(reverse("admin:inventory_receipt_changelist")).content.decode()


def test_suppliers_show_how_they_keep_their_word(warehouse):
    order = a_purchase(warehouse)
    receive_purchase_order(order.pk, {order.lines.get().pk: 10}, by=None)
    Supplier.objects.create(code="NEW", name="New")

    text = a_client("inventory.view_supplier").get(reverse("admin:inventory_supplier_changelist"))

    assert "100 %" in text.content.decode()


def test_the_statements_of_the_pages_do_not_grow_with_the_lines(warehouse):
    client = Client()
    client.force_login(a_boss())

    def statements(lines):
        BinStock.objects.to_put_away()
        order, counts = a_purchase(warehouse, many_products(lines)), []
        receipt = lambda: reverse("admin:inventory_receipt_take_back", args=[order.receipts.last().pk])  # noqa: E731
        for ask in (
            lambda: client.get(DOCK),
            lambda: client.get(page_of(order, "answer")),
            lambda: client.post(page_of(order, "answer"), {"all": "1", "operation": uuid.uuid4().hex}),
            lambda: client.get(page_of(order, "redate")),
            lambda: client.get(page_of(order, "receive")),
            lambda: client.post(page_of(order, "receive"), {"all": "1", "operation": uuid.uuid4().hex}),
            lambda: client.get(page_of(order, "change")),
            lambda: client.get(PUT_AWAY),
            lambda: client.get(receipt()),
            lambda: client.post(receipt(), {"reason": "wrong", "operation": uuid.uuid4().hex}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code in {200, 302}
            counts.append(len(queries))
        PurchaseOrder.objects.update(note="")
        return counts

    statements(1)
    assert statements(10) == statements(500)
