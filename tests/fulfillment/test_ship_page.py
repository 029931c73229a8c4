"""Shipping, tracking numbers, hand-over, delivery, and taking back."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models import Carrier, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.services.tracking import deliver_shipment
from fulfillment.status import ShipmentStatus
from inventory.models import StockLevel
from orders.status import OrderStatus
from tests.builders import a_boss, a_product, a_shipment, a_warehouse, all_packed, all_picked
from tests.fulfillment.floor import FLOOR, LEAD, VIEW, a_long_shipment, a_worker, signed_in
from tests.shared import anew, shared_by_the_module

pytestmark = pytest.mark.django_db

POSTS = ["ship", "track", "hand_over", "deliver", "void"]


def build():
    warehouse = a_warehouse("MAIN")
    return (
        warehouse,
        a_worker(warehouse, *LEAD),
        all_packed(a_shipment({a_product("BOLT", on_hand=100, at=warehouse): 20}, by=a_boss())),
    )


built = shared_by_the_module(build)


@pytest.fixture
def warehouse(built):
    return anew(built[0])


@pytest.fixture
def lead(built):
    return anew(built[1])


@pytest.fixture
def shipment(built):
    return anew(built[2])


def at(what, shipment):
    return reverse(f"admin:fulfillment_shipment_{what}", args=[shipment.pk])


def fresh(shipment):
    return Shipment.objects.get(pk=shipment.pk)


def test_one_page_carries_a_packed_shipment_to_the_door(lead, shipment):
    client, dhl = signed_in(lead), Carrier.objects.create(code="DHL", name="DHL")

    client.post(at("ship", shipment), {"carrier": dhl.pk, "tracking-1": " 0034 12 "})
    assert fresh(shipment).status == ShipmentStatus.SHIPPED
    assert (fresh(shipment).carrier, shipment.packages.get().tracking_number) == (dhl, "0034 12")
    client.post(at("hand_over", shipment))
    assert fresh(shipment).handed_over_at is not None
    client.post(at("deliver", shipment))
    assert fresh(shipment).status == ShipmentStatus.DELIVERED
    assert StockLevel.objects.get().on_hand == 80


def test_pressing_ship_twice_ships_once(lead, shipment):
    client, sent = signed_in(lead), {"operation": uuid.uuid4().hex}

    for _ in range(2):
        answer = client.post(at("ship", shipment), sent, follow=True)
        assert "has left the stock" in answer.content.decode()

    assert StockLevel.objects.get().on_hand == 80


def test_a_blocked_step_is_shown_with_its_reason(warehouse, shipment):
    client = signed_in(a_worker(warehouse, *FLOOR))

    text = client.get(at("ship", shipment)).content.decode()

    assert "needs the right “Can take a shipment back”" in text
    assert "not while it is packed" in text


@pytest.mark.parametrize("what", POSTS)
def test_a_step_out_of_turn_is_refused_with_a_sentence(warehouse, lead, what):
    planned = a_shipment({a_product("NUT", on_hand=9, at=warehouse): 2}, by=a_boss())

    answer = signed_in(lead).post(at(what, planned), {"reason": "wrong"}, follow=True)

    assert answer.status_code == 200
    assert fresh(planned).status == (ShipmentStatus.VOID if what == "void" else ShipmentStatus.PLANNED)
    assert what == "void" or "cannot become" in answer.content.decode()


@pytest.mark.parametrize("what", POSTS)
def test_other_warehouses_are_not_there_and_each_step_takes_its_right(warehouse, shipment, what):
    stranger, onlooker = a_worker(a_warehouse("EAST"), *LEAD), a_worker(warehouse, *VIEW)

    assert signed_in(stranger).post(at(what, shipment), {"reason": "x"}).status_code == 404
    assert signed_in(onlooker).post(at(what, shipment), {"reason": "x"}).status_code == 403
    assert fresh(shipment).status == ShipmentStatus.PACKED


@pytest.mark.parametrize("what", ["track", "hand_over", "deliver"])
def test_looking_at_an_address_that_only_takes_a_post_changes_nothing(lead, shipment, what):
    assert signed_in(lead).get(at(what, shipment)).status_code == 405


def test_a_tracking_number_that_is_too_long_is_refused_and_not_cut(lead, shipment):
    client = signed_in(lead)

    assert (
        "maxlength"
        not in client.get(at("ship", shipment))
        .content.decode()
        .split("data-ship-form")[1]
        .split("</form>")[0]
    )
    answer = client.post(at("track", shipment), {"tracking-1": "7" * 70}, follow=True)

    assert "has 70 characters; a tracking number has at most 60" in answer.content.decode()
    assert shipment.packages.get().tracking_number == ""


def test_numbers_are_said_to_come_after_packing_only_before_it(lead, warehouse, shipment):
    client, later = signed_in(lead), "once everything is packed"
    partly = all_picked(a_shipment({a_product("NUT", on_hand=9, at=warehouse): 4}, by=lead))
    pack(partly.pk, None, {partly.lines.get().pk: 1}, by=lead)
    ship_shipment(shipment.pk, by=lead)
    deliver_shipment(shipment.pk, by=lead)

    assert later in client.get(at("ship", partly)).content.decode()
    arrived = client.get(at("ship", shipment)).content.decode()
    assert later not in arrived
    assert "It has arrived" in arrived


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("carrier", "abc", 302),
        ("carrier", "9" * 30, 302),
        ("carrier", "999999999999999", 404),
        ("carrier", "\0", 302),
        ("tracking-1", "x" * 61, 302),
        ("tracking-2", "A1", 302),
        ("tracking-", "A1", 302),
        ("tracking-\u0661", "A1", 302),
        ("tracking-99999999999999999999", "A1", 302),
    ],
)
def test_garbage_is_refused_and_changes_nothing(lead, shipment, field, value, status):
    client = signed_in(lead)

    for what in ("track", "ship"):
        sent = {"tracking-1": "", field: value, "operation": uuid.uuid4().hex}
        assert client.post(at(what, shipment), sent).status_code == status

    assert fresh(shipment).status == ShipmentStatus.PACKED
    assert (fresh(shipment).carrier, shipment.packages.get().tracking_number) == (None, "")


def test_taking_back_says_in_numbers_what_happens_and_wants_a_reason(warehouse, lead):
    shipment = all_picked(a_shipment({a_product("NUT", on_hand=9, at=warehouse): 4}, by=a_boss()))
    client = signed_in(lead)

    assert (
        "What is picked of 1 line goes back to its bin" in client.get(at("void", shipment)).content.decode()
    )
    assert "Nothing was changed" in client.post(at("void", shipment), {"reason": " "}).content.decode()
    assert client.post(at("void", shipment), {"reason": "x" * 9999}).status_code == 200
    assert fresh(shipment).status == ShipmentStatus.PICKING
    client.post(at("void", shipment), {"reason": "customer called\0"})
    assert fresh(shipment).status == ShipmentStatus.VOID
    assert shipment.events.last().note == "customer called"


def test_lines_are_counted_and_no_sum_over_products_is_shown(warehouse, lead):
    nuts, cloth = (a_product(sku, on_hand=90, at=warehouse) for sku in ("NUT", "CLOTH"))
    shipment = all_picked(a_shipment({nuts: 40, cloth: 37}, by=a_boss()))
    client = signed_in(lead)

    for page in (at("void", shipment), cancel_page(shipment)):
        text = client.get(page).content.decode().split("wh-consequences")[1]
        assert "What is picked of 2 lines goes back" in text
        assert "77" not in text.split("</ul>")[0]


def test_what_the_carrier_has_cannot_be_taken_back(lead, shipment):
    ship_shipment(shipment.pk, by=lead)
    hand_over(shipment.pk, by=lead)
    client = signed_in(lead)

    assert "the carrier has it already" in client.get(at("void", shipment)).content.decode()
    assert "take a return instead" in client.post(at("void", shipment), {"reason": "oops"}).content.decode()
    assert fresh(shipment).status == ShipmentStatus.SHIPPED


def cancel_page(shipment):
    return reverse("admin:fulfillment_shipment_cancel_order", args=[shipment.order_id])


def test_cancelling_a_released_order_says_in_numbers_what_happens(lead, shipment):
    client = signed_in(lead)

    text = client.get(cancel_page(shipment)).content.decode()
    answer = client.post(cancel_page(shipment), {"reason": "customer called"})

    assert answer["Location"] == reverse("admin:orders_order_change", args=[shipment.order_id])
    assert "What is picked of 1 line goes back to its bin" in text
    assert "The stock promised to 1 line is free for other orders" in text
    shipment.order.refresh_from_db()
    assert (shipment.order.status, fresh(shipment).status) == (OrderStatus.CANCELLED, ShipmentStatus.VOID)


def test_only_somebody_of_the_house_with_the_right_cancels_a_released_order(warehouse, shipment):
    stranger, picker = a_worker(a_warehouse("EAST"), *LEAD), a_worker(warehouse, *FLOOR)

    assert signed_in(stranger).post(cancel_page(shipment), {"reason": "x"}).status_code == 404
    assert signed_in(picker).post(cancel_page(shipment), {"reason": "x"}).status_code == 403
    shipment.order.refresh_from_db()
    assert shipment.order.status == OrderStatus.RELEASED


def test_the_statements_do_not_grow_with_the_lines(warehouse, lead):
    client = signed_in(lead)

    def statements(lines):
        shipment = all_packed(a_long_shipment(lines, warehouse))
        counts = []
        for ask in (
            lambda: client.get(at("ship", shipment)),
            lambda: client.get(at("change", shipment)),
            lambda: client.get(at("void", shipment)),
            lambda: client.get(cancel_page(shipment)),
            lambda: client.post(at("ship", shipment), {"operation": uuid.uuid4().hex, "tracking-1": "A"}),
            lambda: client.post(at("void", shipment), {"operation": uuid.uuid4().hex, "reason": "no"}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code in {200, 302}
            counts.append(len(queries))
        return counts

    statements(1)
    assert statements(10) == statements(500)
