"""An order served before its turn: told beforehand, done by a second person, and remembered by both."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.status import ShippingPolicy, Sourcing
from fulfillment.services.releasing import release_order
from oms.errors import NotAllowed
from oms.verify import verify
from orders.errors import NothingOpen, NothingToTake, TermsAreSet
from orders.models import Allocation, OrderEvent
from orders.services.allocating import serve_backorders
from orders.services.overriding import take_from, who_loses
from orders.services.shipping_terms import change_shipping_terms, set_priority, source_from
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return a_warehouse("NORTH")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


@pytest.fixture
def boss():
    return a_boss()


def got(order):
    return list(order.lines.order_by("position").values_list("allocated", flat=True))


def losers(order):
    taking = who_loses(order.pk)
    return [(loss.held.order_id, loss.quantity) for loss in taking.lost]


def test_who_would_lose_is_told_latest_promise_first_and_nothing_changes(bolts):
    early = a_confirmed_order({bolts: 5})
    late = a_confirmed_order({bolts: 5}, requested_on=in_days(9))
    wants = a_confirmed_order({bolts: 7})

    with CaptureQueriesContext(connection) as statements:
        told = losers(wants)

    assert told == [(late.pk, 5), (early.pk, 2)]
    assert all(query["sql"].lstrip().startswith("SELECT") for query in statements)
    assert [got(order) for order in (early, late, wants)] == [[5], [5], [0]]


def test_what_the_warehouse_works_on_is_never_told_as_a_loss(bolts):
    released = a_confirmed_order({bolts: 10})
    release_order(released.pk, by=None)
    wants = a_confirmed_order({bolts: 7})

    assert losers(wants) == []


def test_what_somebody_else_takes_is_exactly_what_was_told(bolts, boss):
    first, second = a_confirmed_order({bolts: 5}), a_confirmed_order({bolts: 5})
    wants = a_confirmed_order({bolts: 7})
    told = losers(wants)

    take_from(wants.pk, [order for order, _quantity in told], by=boss, reason="line down")

    assert [got(order) for order in (first, second, wants)] == [[3], [0], [7]]
    assert verify() == []
    assert wants.events.get(kind="took stock").note == "line down"
    lost = OrderEvent.objects.filter(kind="lost stock").values_list("document", flat=True)
    assert set(lost) == {first.pk, second.pk}
    serve_backorders()
    assert got(wants) == [7]


def test_who_ships_complete_and_loses_a_part_gives_the_rest_back_to_others(house, bolts, boss):
    nuts = a_product("NUT-M8", on_hand=3, at=house)
    complete = a_confirmed_order(
        {bolts: 10, nuts: 3}, customer=a_customer(shipping_policy=ShippingPolicy.COMPLETE)
    )
    wants = a_confirmed_order({bolts: 4})

    take_from(wants.pk, [complete.pk], by=boss, reason="line down")

    assert (got(complete), got(wants)) == ([0, 0], [4])
    assert verify() == []


def test_who_ships_complete_takes_from_enough_orders_or_from_none(bolts, boss):
    holders = [a_confirmed_order({bolts: 5}) for _order in range(2)]
    wants = a_confirmed_order({bolts: 8}, customer=a_customer(shipping_policy=ShippingPolicy.COMPLETE))

    with pytest.raises(NothingToTake, match="needs more than they hold"):
        take_from(wants.pk, [holders[0].pk], by=boss, reason="line down")
    assert got(wants) == [0]

    take_from(wants.pk, [order.pk for order in holders], by=boss, reason="line down")
    assert got(wants) == [8]


def test_nothing_need_be_taken_when_all_lies_free(bolts, boss):
    holder = a_confirmed_order({bolts: 10})
    wants = a_confirmed_order({bolts: 4})
    a_stock(bolts, 3)

    take_from(wants.pk, [holder.pk], by=boss, reason="one is missing")
    assert (got(holder), got(wants)) == ([9], [4])

    waits = a_confirmed_order({bolts: 4})
    a_stock(bolts, 6)
    with pytest.raises(NothingToTake, match="Nothing need be taken: all that it waits for lies free"):
        take_from(waits.pk, [holder.pk], by=boss, reason="line down")
    assert (got(holder), got(waits)) == ([9], [0])


def test_what_is_released_is_not_taken(bolts, boss):
    holder = a_confirmed_order({bolts: 10})
    release_order(holder.pk, by=None)
    wants = a_confirmed_order({bolts: 4})

    with pytest.raises(NothingToTake, match="the warehouse has it already"):
        take_from(wants.pk, [holder.pk], by=boss, reason="line down")

    assert got(holder) == [10]


def test_the_database_itself_refuses_to_take_what_is_released(bolts):
    release_order(a_confirmed_order({bolts: 10}).pk, by=None)

    with pytest.raises(IntegrityError, match="never_release_more_than_allocated"), transaction.atomic():
        Allocation.objects.update(allocated=9)


def test_nobody_takes_stock_for_an_order_of_their_own(bolts):
    holder, rep = a_confirmed_order({bolts: 10}), a_user()
    wants = a_confirmed_order({bolts: 4}, by=rep)

    with pytest.raises(NotAllowed, match="somebody else has to take stock for it"):
        take_from(wants.pk, [holder.pk], by=rep, reason="mine")

    assert (got(holder), got(wants)) == ([10], [0])


def test_taking_needs_a_reason_and_an_order_that_waits(bolts, boss):
    holder = a_confirmed_order({bolts: 10})
    wants = a_confirmed_order({bolts: 4})

    with pytest.raises(NothingOpen, match="Say why"):
        take_from(wants.pk, [holder.pk], by=boss, reason="")
    with pytest.raises(NothingOpen, match="does not wait for stock"):
        take_from(holder.pk, [wants.pk], by=boss, reason="line down")


def test_an_urgent_order_is_served_before_those_confirmed_earlier(house, boss):
    bolts = a_product("BOLT-M8")
    first, urgent = a_confirmed_order({bolts: 5}), a_confirmed_order({bolts: 5})
    set_priority(urgent.pk, 1, by=boss)

    a_stock(bolts, 5, house)
    serve_backorders()

    assert (got(first), got(urgent)) == ([0], [5])
    assert urgent.events.get(kind="priority").detail == {"old": 5, "new": 1}


def test_an_order_that_may_now_ship_in_parts_gets_its_part(bolts, boss):
    order = a_confirmed_order({bolts: 12}, customer=a_customer(shipping_policy=ShippingPolicy.COMPLETE))
    assert got(order) == [0]

    change_shipping_terms(order.pk, {"shipping_policy": ShippingPolicy.PARTIAL}, by=boss)
    serve_backorders()

    assert got(order) == [10]
    assert order.events.get(kind="shipping terms").detail == {"shipping_policy": "partial"}


def test_the_promised_rest_of_a_confirmed_order_is_not_cancelled_by_its_terms(bolts, boss):
    order = a_confirmed_order({bolts: 12})

    with pytest.raises(TermsAreSet, match="cancel the order instead"):
        change_shipping_terms(order.pk, {"shipping_policy": ShippingPolicy.CANCEL_REST}, by=boss)


def test_somebody_says_that_a_short_line_comes_from_another_warehouse(bolts, boss):
    south = a_warehouse("SOUTH")
    a_stock(bolts, 9, south)
    order = a_confirmed_order({bolts: 12}, customer=a_customer(sourcing=Sourcing.ASK))
    assert got(order) == [10]

    source_from(order.pk, south.pk, by=boss)

    assert list(Allocation.objects.order_by("pk").values_list("allocated", flat=True)) == [10, 2]
    assert verify() == []
    with pytest.raises(NothingOpen):
        source_from(order.pk, south.pk, by=boss)


def test_it_does_not_when_the_order_ships_from_its_own_warehouse_or_others_wait_there(bolts, boss):
    south = a_warehouse("SOUTH")
    own = a_confirmed_order({bolts: 12})
    with pytest.raises(NothingToTake, match="only from its own warehouse"):
        source_from(own.pk, south.pk, by=boss)

    a_confirmed_order({bolts: 9}, warehouse_id=south.pk, customer=a_customer(contract_class=1))
    a_stock(bolts, 9, south)
    asks = a_confirmed_order({bolts: 12}, customer=a_customer(sourcing=Sourcing.ASK))
    with pytest.raises(NothingToTake, match="In SOUTH nothing is free"):
        source_from(asks.pk, south.pk, by=boss)
