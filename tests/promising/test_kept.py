"""How many promises were kept, by warehouse and by supplier."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.models import Shipment
from fulfillment.services.keeping import (
    Period,
    kept_by_suppliers,
    kept_by_warehouses,
    missed_by_supplier,
    missed_by_warehouse,
)
from fulfillment.services.shipping import ship_shipment, void_shipment
from inventory.models import PurchaseOrderLine
from inventory.services.purchasing import cancel_purchase_order
from inventory.services.receiving import Delivery, receive_purchase_order
from orders.services.cancelling import cancel_order
from orders.services.promise_ledger import Told, write_promises
from orders.status import PromiseCause
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_product,
    a_shipment,
    a_stock,
    a_team,
    a_user,
    a_warehouse,
    all_packed,
    in_days,
)
from tests.promising.house import on_its_way

pytestmark = pytest.mark.django_db

PAGE = "/admin/fulfillment/shipment/kept/"


def lately():
    return Period(in_days(-90), in_days(30))


@pytest.fixture
def north():
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59")


@pytest.fixture
def bolts(north):
    return a_product("BOLT", on_hand=1000, at=north)


@pytest.fixture
def boss():
    return a_boss()


def shipped(product, days_late=0, **about):
    """An order that has left in full, so many days after it was promised."""
    shipment = all_packed(a_shipment({product: 5}, **about))
    ship_shipment(shipment.pk, by=None)
    Shipment.objects.filter(pk=shipment.pk).update(shipped_at=timezone.now() + timedelta(days=days_late))
    return shipment.order


def rates(user, period=None):
    return [
        (row.name.split()[0], row.kept, row.promised) for row in kept_by_warehouses(user, period or lately())
    ]


def test_a_line_is_kept_when_all_of_it_has_left_on_its_day(bolts, boss):
    shipped(bolts)
    late = shipped(bolts, days_late=2)
    a_confirmed_order({bolts: 5})  # still has time today

    assert rates(boss) == [("NORD", 1, 2)]
    (missed,) = missed_by_warehouse(boss, lately(), late.warehouse_id)
    assert (missed.number, missed.promised_on, missed.done_on, missed.days) == (
        late.number,
        in_days(0),
        in_days(2),
        2,
    )


def test_what_waits_beyond_its_day_is_missed_and_what_is_cancelled_is_not_owed(bolts, boss, monkeypatch):
    waiting, cancelled = a_confirmed_order({bolts: 5}), a_confirmed_order({bolts: 5})
    cancel_order(cancelled.pk, by=None)
    then = in_days(3)
    monkeypatch.setattr("fulfillment.services.keeping.business_day", lambda: then)

    assert rates(boss) == [("NORD", 0, 1)]
    (missed,) = missed_by_warehouse(boss, lately(), waiting.warehouse_id)
    assert (missed.number, missed.done_on, missed.days) == (waiting.number, None, 3)


def test_a_promise_is_judged_by_the_first_day_told(bolts, boss):
    order = shipped(bolts, days_late=4)
    line = order.lines.get()
    write_promises(order.pk, [Told(line.pk, 5, in_days(9), in_days(10))], by=None, cause=PromiseCause.RENEWED)

    assert rates(boss) == [("NORD", 0, 1)]
    assert rates(boss, Period(in_days(5), in_days(20))) == []


def test_a_line_without_a_day_is_judged_by_the_first_one_it_gets(north, boss):
    nuts = a_product("NUT")
    order = a_confirmed_order({nuts: 5})
    assert rates(boss) == []

    line = order.lines.get()
    write_promises(
        order.pk, [Told(line.pk, 5, in_days(-3), in_days(-2))], by=None, cause=PromiseCause.RENEWED
    )

    assert rates(boss) == [("NORD", 0, 1)]


def test_a_shipment_taken_back_has_not_left(bolts, boss):
    order = shipped(bolts)
    void_shipment(order.shipments.get().pk, by=None)

    assert rates(boss) == []


def test_everybody_counts_what_they_see(bolts, boss):
    rep = a_user("orders.view_order", "customers.view_customer", "customers.view_team_customers")
    shipped(bolts, customer=a_customer(team=a_team(rep)))
    shipped(bolts)

    assert rates(rep) == [("NORD", 1, 1)]
    assert rates(boss) == [("NORD", 2, 2)]
    assert rates(a_user()) == []


def received(product, warehouse, quantity, promised, came):
    line = on_its_way(product, warehouse, 10, in_days(promised))
    PurchaseOrderLine.objects.filter(pk=line.pk).update(
        expected_on=in_days(promised), confirmed_on=in_days(promised), promised_on=in_days(promised)
    )
    type(line.purchase_order).objects.update(created_at=timezone.now() - timedelta(days=90))
    if quantity:
        receive_purchase_order(
            line.purchase_order_id, {line.pk: quantity}, by=None, delivery=Delivery(on=in_days(came))
        )
    return line


def test_a_suppliers_line_is_kept_when_all_of_it_came_by_the_first_day(bolts, north, boss):
    received(bolts, north, 10, promised=-5, came=-5)
    late = received(bolts, north, 10, promised=-5, came=-2)
    part = received(bolts, north, 4, promised=-5, came=-6)
    received(bolts, north, 4, promised=5, came=-1)  # the rest still has time
    cancelled = received(bolts, north, 0, promised=-5, came=0)
    cancel_purchase_order(cancelled.purchase_order_id, by=None)

    ((supplier, name, promised, kept),) = kept_by_suppliers(boss, lately())
    assert (name, kept, promised) == ("Hydra", 1, 3)
    missed = {row.number: row.days for row in missed_by_supplier(boss, lately(), supplier)}
    assert missed == {late.purchase_order.number: 3, part.purchase_order.number: 5}
    assert kept_by_suppliers(a_user(), lately()) == []


def test_the_page_tells_n_of_m_and_leads_to_what_was_missed(client, bolts, boss):
    shipped(bolts)
    late = shipped(bolts, days_late=2)
    client.force_login(boss)

    answer = client.get(PAGE).content.decode()
    assert "50 %" in answer
    assert f"warehouse={late.warehouse_id}#missed" in answer.replace("&amp;", "&")
    assert late.number not in answer

    assert late.number in client.get(PAGE, {"warehouse": late.warehouse_id}).content.decode()


@pytest.mark.parametrize("said", ["x", "2**99", "-1", "0", "99999999999999999999", "2026-13-45"])
def test_nonsense_in_the_address_breaks_nothing(client, bolts, boss, said):
    client.force_login(boss)

    for name in ("since", "until", "warehouse", "supplier"):
        assert client.get(PAGE, {name: said}).status_code == 200


def test_who_sees_no_purchases_sees_no_suppliers(bolts, north):
    received(bolts, north, 10, promised=-5, came=-5)
    client = Client()
    client.force_login(a_user("fulfillment.see_promises_kept", "orders.view_order", is_staff=True))

    answer = client.get(PAGE)

    assert [table["name"] for table in answer.context["tables"]] == ["warehouse"]
    client.force_login(a_user(is_staff=True))
    assert client.get(PAGE).status_code == 403


def test_the_page_costs_as_many_statements_with_few_promises_as_with_many(client, bolts, north, boss):
    client.force_login(boss)

    def statements():
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE, {"warehouse": north.pk})
        return len(found)

    shipped(bolts, days_late=1)
    few = statements()
    for _n in range(4):
        shipped(bolts, days_late=1)
        a_stock(bolts, 1)

    assert statements() == few


def test_a_buyer_sees_how_suppliers_keep_their_promises_and_nothing_of_orders(client, bolts, north):
    late = received(bolts, north, 10, promised=-5, came=-3)
    order = shipped(bolts, days_late=2)
    client.force_login(a_user(groups=[a_group("Buyer")], is_staff=True))

    page = client.get(PAGE, {"supplier": late.purchase_order.supplier_id}).content.decode()
    asked = client.get(PAGE, {"warehouse": north.pk}).content.decode()

    assert "Suppliers" in page
    assert late.purchase_order.number in page
    assert PAGE in client.get("/admin/").content.decode()  # the menu leads there
    assert order.number not in page + asked
    assert "Warehouses" not in page
    assert '/admin/fulfillment/shipment/"' not in page  # no way to a list that is shut


def test_who_sees_orders_and_no_purchases_sees_warehouses_only(client, bolts):
    shipped(bolts)
    client.force_login(a_user(groups=[a_group("Sales manager")], is_staff=True))

    page = client.get(PAGE).content.decode()

    assert "Warehouses" in page
