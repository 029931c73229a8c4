"""Goods of an order on hold do not leave, and the floor is told before it works in vain."""

import pytest
from django.urls import reverse

from fulfillment.models import Shipment
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.status import ShipmentStatus
from inventory.models import StockLevel
from oms.verify import verify
from orders.errors import OnHold
from orders.models import Hold
from orders.services.holding import hold_order, let_go_on
from orders.status import HoldKind
from tests.builders import a_boss, a_product, a_shipment, a_user, a_warehouse, all_packed, all_picked
from tests.fulfillment.floor import FLOOR, a_worker, signed_in

pytestmark = pytest.mark.django_db
WHY = "the customer moved"


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN")


@pytest.fixture
def shipment(warehouse):
    return a_shipment({a_product("BOLT", on_hand=100, at=warehouse): 20}, by=a_boss())


def held(shipment):
    hold_order(shipment.order_id, by=a_boss(), reason=WHY)
    return shipment


def asks_somebody(shipment):
    """Its order was changed, and somebody is to agree: the reason has a figure of the cost."""
    reason = "line 1: the margin is 3.25 percent, 12 is wanted"
    return Hold.objects.create(order=shipment.order, kind=HoldKind.APPROVAL, reason=reason)


def at(what, shipment):
    return reverse(f"admin:fulfillment_shipment_{what}", args=[shipment.pk])


def stands(shipment):
    return Shipment.objects.get(pk=shipment.pk).status, StockLevel.objects.get().on_hand


def test_what_is_packed_stays_until_the_order_goes_on(shipment):
    held(all_packed(shipment))

    with pytest.raises(OnHold, match=WHY):
        ship_shipment(shipment.pk, by=None)

    assert stands(shipment) == (ShipmentStatus.PACKED, 100)
    let_go_on(shipment.order_id, by=a_user())
    ship_shipment(shipment.pk, by=None)
    assert stands(shipment) == (ShipmentStatus.SHIPPED, 80)
    assert verify() == []


def test_so_it_does_while_somebody_is_to_agree_to_a_change_and_no_figure_is_told(shipment):
    hold = asks_somebody(all_packed(shipment))

    with pytest.raises(OnHold, match="approval") as refusal:
        ship_shipment(shipment.pk, by=None)

    assert "3.25" not in str(refusal.value)
    assert "3.25" in str(hold)


@pytest.mark.parametrize(("page", "made"), [("pick", lambda one: one), ("pack", all_picked)])
def test_who_picks_or_packs_is_told_and_may_go_on(warehouse, shipment, page, made):
    client = signed_in(a_worker(warehouse, *FLOOR))
    before = client.get(at(page, made(shipment))).content.decode()

    held(shipment)
    text = client.get(at(page, shipment)).content.decode()

    assert WHY in text
    assert "Nothing of it leaves" in text
    assert "Nothing of it leaves" not in before


def test_the_button_that_ships_says_why_it_cannot_be_pressed(warehouse, shipment):
    client = signed_in(a_worker(warehouse, *FLOOR))
    asks_somebody(held(all_packed(shipment)))

    text = client.get(at("ship", shipment)).content.decode()
    answer = client.post(at("ship", shipment), follow=True).content.decode()

    whole = client.get(reverse("admin:fulfillment_shipment_change", args=[shipment.pk])).content.decode()
    for said in (text, answer, whole):
        assert WHY in said
        assert "an approval rule asks" in said
        assert "3.25" not in said
    assert "disabled" in text.split(">Ship<")[0].rsplit("<button", 1)[1]
    assert stands(shipment)[0] == ShipmentStatus.PACKED


def test_it_is_marked_among_the_picks_and_offered_last(warehouse, shipment):
    other = a_shipment({a_product("NUT", on_hand=9, at=warehouse): 1}, by=a_boss())
    client = signed_in(a_worker(warehouse, *FLOOR))
    listed, home = reverse("admin:fulfillment_shipment_pick"), reverse("admin:index")

    def offered():
        return [one for one in (shipment, other) if at("pick", one) in client.get(home).content.decode()]

    assert (offered(), "on hold" in client.get(listed).content.decode()) == ([shipment], False)
    held(shipment)
    row = client.get(listed).content.decode().split(at("pick", shipment))[1].split("</li>")[0]
    assert "on hold" in row
    assert offered() == [other]


def test_what_stands_at_the_door_is_said_to_be_stopped_by_taking_it_back(warehouse):
    products = {a_product("BOLT", on_hand=100, at=warehouse): 20, a_product("NUT"): 5}
    shipment = all_packed(a_shipment(products, by=a_boss()))
    client = signed_in(a_worker(warehouse, *FLOOR))
    ship_shipment(shipment.pk, by=None)
    held(shipment)

    at_the_door = client.get(at("ship", shipment)).content.decode()
    hand_over(shipment.pk, by=None)
    gone = client.get(at("ship", shipment)).content.decode()

    assert "To stop it before the carrier has it, take it back." in at_the_door
    assert "Nothing of it leaves" not in at_the_door
    assert WHY not in gone
