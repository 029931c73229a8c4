"""A rest is closed short, a part becomes an order of its own, and an order is entered once more."""

import pytest

from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from oms.verify import verify
from orders.errors import NoSuchLine, NothingOpen, NotInWork, OnHold
from orders.models import Order
from orders.services.allocating import serve_backorders
from orders.services.cancelling import close_short
from orders.services.capturing import Header, enter_order
from orders.services.copying import copy_order
from orders.services.holding import hold_order
from orders.services.splitting import Split, split_order
from orders.status import OrderStatus, RuleFact
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_stock,
    all_picked,
    an_address,
    an_order,
    in_days,
)
from tests.changing.test_quantities import changed, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


@pytest.fixture
def nuts(house):
    return a_product("NUT-M8", on_hand=10, at=house)


def shipped(shipment):
    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    return ship_shipment(shipment.pk, by=None)


def test_closed_short_what_has_left_is_all_and_the_order_is_completed(rep, house, bolts):
    order, waits = a_confirmed_order({bolts: 15}), a_confirmed_order({bolts: 3})
    shipped(release_order(order.pk, by=None)[0])
    a_stock(bolts, 6, house)
    serve_backorders()
    assert stands(order, "allocated") == [5]

    close_short(order.pk, "no longer needed", by=rep)
    serve_backorders()

    order.refresh_from_db()
    assert order.status == OrderStatus.COMPLETED
    assert stands(order, "shipped", "cancelled", "allocated") == [(10, 5, 0)]
    assert stands(waits, "allocated") == [3]
    assert order.events.get(kind="closed short").note == "no longer needed"
    assert verify() == []


def test_closed_short_what_the_warehouse_works_on_still_ships(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 15, nuts: 2})
    (shipment,) = release_order(order.pk, by=None)

    close_short(order.pk, "season over", by=rep)
    assert stands(order, "allocated", "cancelled") == [(10, 5), (2, 0)]
    with pytest.raises(NothingOpen, match="no rest to close"):
        close_short(order.pk, "again", by=rep)

    shipped(shipment)
    order.refresh_from_db()
    assert order.status == OrderStatus.COMPLETED
    assert verify() == []


def test_what_nobody_has_begun_is_cancelled_instead_and_a_reason_is_needed(rep, bolts):
    order = a_confirmed_order({bolts: 15})

    with pytest.raises(NothingOpen, match="cancel the order instead"):
        close_short(order.pk, "why not", by=rep)
    release_order(order.pk, by=None)
    with pytest.raises(NothingOpen, match="say why"):
        close_short(order.pk, " ", by=rep)
    with pytest.raises(NotInWork, match="is draft"):
        close_short(an_order({bolts: 1}).pk, "why", by=rep)


def test_closed_short_nobody_is_asked_about_a_change_any_more(rep, bolts):
    a_rule(threshold=160)
    order = a_confirmed_order({bolts: 15})
    release_order(order.pk, by=None)
    changed(order, rep, quantities={1: 20})
    assert order.holds.open().exists()

    close_short(order.pk, "never mind", by=rep)

    assert not order.holds.open().exists()
    assert verify() == []


def test_a_copy_has_the_lines_at_todays_prices_and_nothing_that_was_agreed(rep, bolts, nuts):
    customer = a_customer()
    order = enter_order(
        Header(customer.pk, customer_po="PO-7"),
        [a_line(bolts, 12, price=7, discount=5), a_line(nuts, 3)],
        by=rep,
    )
    a_price(nuts, 8, price_list=a_price_list("OWN", customer=customer))

    copy = copy_order(order.pk, by=rep)

    assert (copy.status, copy.customer_po, copy.quote_version_id) == (OrderStatus.DRAFT, "", None)
    assert stands(copy, "product", "ordered", "unit_price", "discount_percent") == [
        (bolts.pk, 12, 10, 0),
        (nuts.pk, 3, 8, 0),
    ]
    assert not copy.approvals.exists()
    assert copy.events.get(kind="copied").note == order.number
    assert verify() == []


def test_a_copy_leaves_out_what_was_taken_out(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 5, nuts: 3})
    changed(order, rep, quantities={1: 0})

    assert stands(copy_order(order.pk, by=rep), "product") == [nuts.pk]


def test_a_part_for_another_day_is_an_order_of_its_own_with_what_it_holds_price_and_rank(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 6, nuts: 14}, customer_po="PO-7")
    before = a_confirmed_order({nuts: 4})

    part = split_order(order.pk, Split(0, frozenset({2}), requested_on=in_days(20)), by=rep)

    order.refresh_from_db()
    assert stands(order, "ordered", "allocated", "amount") == [(6, 6, 60), (0, 0, 0)]
    assert stands(part, "ordered", "allocated", "open", "amount") == [(14, 10, 4, 140)]
    assert (part.status, part.customer_po, part.requested_on) == (OrderStatus.CONFIRMED, "PO-7", in_days(20))
    assert (part.confirmed_at, order.total, part.total) == (order.confirmed_at, 60, 140)
    assert stands(before, "allocated") == [0]
    assert part.promises.exists()
    assert verify() == []


def test_of_a_line_in_the_warehouse_only_the_rest_is_split_off(rep, bolts):
    order = a_confirmed_order({bolts: 15})
    release_order(order.pk, by=None)

    part = split_order(order.pk, Split(0, frozenset({1}), requested_on=in_days(9)), by=rep)

    assert stands(order, "ordered", "allocated", "open") == [(10, 10, 0)]
    assert stands(part, "ordered", "open") == [(5, 5)]
    assert verify() == []


def test_when_all_that_is_left_is_split_off_the_order_is_completed(rep, house, bolts):
    order = a_confirmed_order({bolts: 15})
    shipped(release_order(order.pk, by=None)[0])

    part = split_order(order.pk, Split(0, frozenset({1}), requested_on=in_days(9)), by=rep)

    order.refresh_from_db()
    assert (order.status, stands(order, "ordered", "shipped")) == (OrderStatus.COMPLETED, [(10, 10)])
    assert stands(part, "open") == [5]
    assert verify() == []


def test_a_part_for_another_address_is_asked_about_where_a_rule_wants_it(rep, bolts, nuts):
    customer = a_customer()
    order = a_confirmed_order({bolts: 6, nuts: 5}, customer=customer)
    a_rule(RuleFact.TOTAL_ABOVE, threshold=40)

    part = split_order(order.pk, Split(0, frozenset({2}), ship_to_id=an_address(customer, "SITE").pk), by=rep)

    assert not Order.objects.get(pk=order.pk).holds.open().exists()
    assert part.holds.open().exists()
    assert verify() == []


def test_what_cannot_be_split_is_told(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 6, nuts: 5})

    with pytest.raises(NoSuchLine, match="no line 7"):
        split_order(order.pk, Split(0, frozenset({7}), requested_on=in_days(9)), by=rep)
    with pytest.raises(NothingOpen, match="all of"):
        split_order(order.pk, Split(0, frozenset({1, 2}), requested_on=in_days(9)), by=rep)
    with pytest.raises(NothingOpen, match="another day or another place"):
        split_order(order.pk, Split(0, frozenset({1})), by=rep)
    hold_order(order.pk, by=rep, reason="credit")
    with pytest.raises(OnHold):
        split_order(order.pk, Split(0, frozenset({1}), requested_on=in_days(9)), by=rep)
