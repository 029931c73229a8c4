"""The main job through services: from a quote at the contract price to the customer's door."""

import pytest

from fulfillment.models import Shipment
from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.services.tracking import deliver_shipment
from fulfillment.status import ShipmentStatus
from inventory.models import BinStock, StockLevel
from orders.models import Allocation, ApprovalRequest
from orders.services.approving import decide
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import OrderStatus, QuoteStatus, Verdict
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_shipment,
    a_user,
    a_warehouse,
    all_packed,
    all_picked,
    first_bin,
)

pytestmark = pytest.mark.django_db


def level_of(product):
    return StockLevel.objects.get(product=product)


def test_a_quote_at_the_contract_price_travels_to_the_door():
    a_company()
    warehouse, customer = a_warehouse(bins=2), a_customer("Kern AG")
    bolts = a_product("BOLT-M8", on_hand=100, at=warehouse, price="0.50")
    a_price(bolts, "0.42", price_list=a_price_list("KERN", customer=customer))
    managers = a_group("managers")
    a_rule(threshold=10, approvers=managers)
    rep, manager = a_user(), a_user(groups=[managers])

    quote = draft_quote(Header(customer.pk), [a_line(bolts, 60)], by=rep)
    quote = send_quote(quote.pk, by=rep)
    assert quote.status == QuoteStatus.WAITING
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager)
    quote = send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("M. Kern", "4500-77"), by=rep)
    order = order_from_quote(quote.pk, by=rep)
    assert str(order.total) == "25.2000"
    order = submit_order(order.pk, by=rep)
    order = confirm_order(order.pk, by=rep)
    assert order.status == OrderStatus.CONFIRMED
    (shipment,) = release_order(order.pk, by=manager)
    all_packed(shipment, by=manager)
    shipment = ship_shipment(shipment.pk, by=manager)
    hand_over(shipment.pk, by=manager)
    shipment = deliver_shipment(shipment.pk, by=manager)

    order.refresh_from_db()
    assert (shipment.status, order.status) == (ShipmentStatus.DELIVERED, OrderStatus.COMPLETED)
    assert (level_of(bolts).on_hand, level_of(bolts).allocated) == (40, 0)
    line = order.lines.get()
    assert (line.shipped, line.open) == (60, 0)


@pytest.mark.parametrize("stage", ["confirmed", "released", "picked", "packed", "shipped"])
def test_cancelling_at_each_stage_gives_everything_back(stage):
    warehouse, boss = a_warehouse(bins=2), a_boss()
    bolts = a_product("BOLT-M8", on_hand=100, at=warehouse)
    if stage == "confirmed":
        order = a_confirmed_order({bolts: 60}, by=boss)
        cancel_order(order.pk, by=boss)
    else:
        shipment = a_shipment({bolts: 60}, by=boss)
        order = shipment.order
        if stage == "picked":
            all_picked(shipment)
        if stage in {"packed", "shipped"}:
            all_packed(shipment)
        if stage == "shipped":
            ship_shipment(shipment.pk, by=boss)
            void_shipment(shipment.pk, by=boss)
        cancel_released_order(order.pk, by=boss)

    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert (level_of(bolts).on_hand, level_of(bolts).allocated) == (100, 0)
    assert BinStock.objects.get(product=bolts, location=first_bin(warehouse)).quantity == 100
    assert order.lines.get().cancelled == 60
    assert not Allocation.objects.exclude(allocated=0, picked=0, packed=0, shipped=0, released=0).exists()
    assert not Shipment.objects.exclude(status=ShipmentStatus.VOID).exists()


def test_a_part_is_shipped_in_two_cartons_and_the_rest_is_backordered():
    boss, warehouse = a_boss(), a_warehouse()
    bolts = a_product(on_hand=5, at=warehouse)
    shipment = a_shipment({bolts: 8}, by=boss)
    all_picked(shipment)
    line = shipment.lines.get()
    pack(shipment.pk, None, {line.pk: 2}, by=boss)
    pack(shipment.pk, None, {line.pk: 3}, by=boss)
    ship_shipment(shipment.pk, by=boss)

    order_line = shipment.order.lines.get()
    assert (order_line.shipped, order_line.open) == (5, 3)
    assert shipment.packages.count() == 2
