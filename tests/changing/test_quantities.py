"""A confirmed order is changed: what is agreed and under way stays, what is new takes its turn."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.status import ShippingPolicy, Sourcing
from fulfillment.services.packing import pack
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from inventory.errors import NotEnoughStock, NotOrderable
from inventory.models import Product
from oms.errors import Incomplete, NotAllowed, Stale
from oms.verify import verify
from orders.errors import InTheWarehouse, NothingOpen, NotInWork, TakenAlready
from orders.models import Order, OrderEvent, OrderLine
from orders.services.allocating import serve_backorders
from orders.services.capturing import Header, enter_order
from orders.services.changing import OrderChange, change_order, preview_change
from orders.services.confirming import confirm_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus, PromiseCause
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_stock,
    a_submitted_order,
    a_user,
    a_warehouse,
    all_picked,
    an_address,
    an_order,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return a_warehouse("NORTH", country="DE")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


@pytest.fixture
def nuts(house):
    return a_product("NUT-M8", on_hand=10, at=house)


def changed(order, by, *, add=(), **values):
    """Change the order as it stands now; quantities are by position."""
    order.refresh_from_db()
    quantities = {
        order.lines.get(position=place).pk: quantity
        for place, quantity in values.pop("quantities", {}).items()
    }
    return change_order(order.pk, OrderChange(order.revision, quantities, add, **values), by=by)


def stands(order, *columns):
    found = list(order.lines.order_by("position").values_list(*columns))
    return [row[0] for row in found] if len(columns) == 1 else found


def test_a_line_is_added_and_gets_stock_price_and_day(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 4})

    done = changed(order, rep, add=[a_line(nuts, 12)])

    assert stands(order, "ordered", "allocated", "open", "unit_price") == [(4, 4, 0, 10), (12, 10, 2, 10)]
    order.refresh_from_db()
    assert (order.status, order.total, done.total) == (OrderStatus.CONFIRMED, 160, (40, 160))
    assert order.promises.get(cause=PromiseCause.CHANGED).lines == [order.lines.get(position=2).pk]
    assert verify() == []


def test_a_raised_line_keeps_what_it_has_and_waits_for_the_rest_by_its_old_rank(rep, house, bolts):
    order = a_confirmed_order({bolts: 8})
    later = a_confirmed_order({bolts: 5})
    assert stands(later, "allocated") == [2]

    changed(order, rep, quantities={1: 12})
    assert stands(order, "allocated", "open") == [(8, 4)]

    a_stock(bolts, 4, house)
    serve_backorders()
    assert (stands(order, "allocated"), stands(later, "allocated")) == ([12], [2])
    assert verify() == []


def test_a_reduced_line_gives_up_first_what_it_waits_for_then_what_nobody_has_begun(rep, bolts):
    order = a_confirmed_order({bolts: 15})

    changed(order, rep, quantities={1: 11})
    assert stands(order, "ordered", "allocated", "open", "amount") == [(11, 10, 1, 110)]

    changed(order, rep, quantities={1: 3})
    assert stands(order, "ordered", "allocated", "open", "amount") == [(3, 3, 0, 30)]
    assert verify() == []


def test_a_line_is_taken_out_and_its_stock_goes_to_who_waits(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 10, nuts: 2})
    waits = a_confirmed_order({bolts: 4})

    changed(order, rep, quantities={1: 0})
    serve_backorders()

    assert stands(order, "ordered", "amount", "ship_on")[0] == (0, 0, None)
    assert stands(waits, "allocated") == [4]
    order.refresh_from_db()
    assert order.total == 20
    assert verify() == []


def test_the_last_line_is_not_taken_out_but_the_order_cancelled(rep, bolts):
    order = a_confirmed_order({bolts: 10})

    with pytest.raises(NothingOpen, match=r"cancel the order instead"):
        changed(order, rep, quantities={1: 0})


def test_what_the_warehouse_has_or_has_sent_is_named_and_cannot_be_taken_away(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 6, nuts: 5})
    (shipment,) = release_order(order.pk, by=None)

    with pytest.raises(
        TakenAlready, match=r"line 1, BOLT-M8: 0 C62 have left and 6 C62 are with the warehouse.*back first"
    ):
        changed(order, rep, quantities={1: 5})

    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    with pytest.raises(TakenAlready, match="6 C62 are with the warehouse"):
        changed(order, rep, quantities={1: 0})

    changed(order, rep, quantities={1: 9})
    ship_shipment(shipment.pk, by=None)
    with pytest.raises(TakenAlready, match=r"6 C62 have left and 0 C62 are .* comes back as a return"):
        changed(order, rep, quantities={1: 5})
    assert stands(order, "ordered", "shipped", "allocated") == [(9, 6, 3), (5, 5, 0)]
    assert verify() == []


def test_reduced_to_what_has_left_the_order_is_completed(rep, bolts):
    order = a_confirmed_order({bolts: 15})
    (shipment,) = release_order(order.pk, by=None)
    all_picked(shipment)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=None)
    ship_shipment(shipment.pk, by=None)

    changed(order, rep, quantities={1: 10})

    order.refresh_from_db()
    assert order.status == OrderStatus.COMPLETED
    assert verify() == []


@pytest.mark.parametrize("state", ["draft", "submitted", "cancelled"])
def test_only_an_order_in_work_is_changed(rep, bolts, state):
    order = {"draft": an_order, "submitted": a_submitted_order, "cancelled": a_confirmed_order}[state](
        {bolts: 1}
    )
    if state == "cancelled":
        order.move_to(OrderStatus.CANCELLED, by=None)

    with pytest.raises(NotInWork, match=f"is {state}"):
        changed(order, rep, quantities={1: 2})


def test_who_was_slower_is_told_who_was_faster(rep, bolts):
    order = a_confirmed_order({bolts: 1})
    line = order.lines.get().pk
    change_order(order.pk, OrderChange(order.revision, {line: 2}), by=rep)

    with pytest.raises(Stale, match=str(rep)):
        change_order(order.pk, OrderChange(order.revision, {line: 3}), by=a_boss())
    assert stands(order, "ordered") == [2]


def test_a_change_that_changes_nothing_is_refused(rep, bolts):
    order = a_confirmed_order({bolts: 1})

    with pytest.raises(NothingOpen, match="nothing would change"):
        changed(order, rep, quantities={1: 1}, requested_on=order.requested_on)


def test_what_may_not_wait_is_refused_and_what_waits_already_is_not_asked_again(rep, house, bolts):
    waits, firm = (
        a_product("NUT", on_hand=1, at=house),
        a_product("PIN", on_hand=3, at=house, backorder_allowed=False),
    )
    order = a_confirmed_order({waits: 4, bolts: 1})
    waits.backorder_allowed = False
    waits.save()

    with pytest.raises(NotEnoughStock, match="PIN"):
        changed(order, rep, add=[a_line(firm, 4)])
    changed(order, rep, add=[a_line(firm, 3)])

    assert stands(order, "allocated") == [1, 1, 3]
    changed(order, rep, quantities={1: 3}, requested_on=in_days(3))
    assert stands(order, "allocated", "open")[0] == (1, 2)
    with pytest.raises(NotEnoughStock, match="NUT"):
        changed(order, rep, quantities={1: 4})


def test_what_is_not_sold_so_or_not_at_all_is_refused(rep, house, bolts):
    boxed, old = a_product("BOX"), a_product("OLD")
    order = a_confirmed_order({bolts: 2, boxed: 10})
    boxed.units.update(multiple=5)
    old.status = "discontinued"
    old.save()

    with pytest.raises(NotOrderable, match="Line 2"):
        changed(order, rep, quantities={2: 12})
    with pytest.raises(Incomplete, match="Line 3, OLD: is discontinued"):
        changed(order, rep, add=[a_line(old, 1)])
    with pytest.raises(Incomplete, match="Line 3, DEAR: has no price"):
        changed(order, rep, add=[a_line(a_product("DEAR", price=None), 1)])
    assert order.lines.count() == 2


def test_a_price_is_typed_only_by_those_who_may(bolts, nuts):
    order = a_confirmed_order({bolts: 2})

    with pytest.raises(NotAllowed, match="may not type prices"):
        changed(order, a_user(), add=[a_line(nuts, 1, price=9)])


def test_another_day_is_promised_again_and_remembered(rep, bolts):
    order = a_confirmed_order({bolts: 2})

    changed(order, rep, requested_on=in_days(12))

    line = order.lines.get()
    assert line.promised_on >= in_days(10)
    assert line.allocated == 2
    assert [promise.cause for promise in order.promises.order_by("pk")] == ["confirmed", "changed"]
    order.refresh_from_db()
    assert (order.requested_on, order.ship_on) == (in_days(12), line.ship_on)
    assert verify() == []


def test_another_warehouse_takes_over_what_is_not_begun(rep, house, bolts, nuts):
    south = a_warehouse("SOUTH")
    a_stock(bolts, 3, south)
    order = a_confirmed_order({bolts: 4, nuts: 2})

    changed(order, rep, warehouse_id=south.pk)

    assert stands(order, "warehouse", "allocated", "open") == [(south.pk, 3, 1), (south.pk, 0, 2)]
    assert a_confirmed_order({bolts: 10}, warehouse_id=house.pk).lines.get().allocated == 10
    assert verify() == []


def test_what_the_warehouse_has_begun_stays_there_when_the_rest_moves(rep, house, bolts):
    south = a_warehouse("SOUTH")
    a_stock(bolts, 9, south)
    order = a_confirmed_order({bolts: 6})
    release_order(order.pk, by=None)

    changed(order, rep, quantities={1: 8}, warehouse_id=south.pk)

    held = order.lines.get().allocations.values_list("stock_level__warehouse", "allocated", "released")
    assert sorted(held) == sorted([(house.pk, 6, 6), (south.pk, 2, 0)])
    assert verify() == []


def test_goods_go_elsewhere_only_while_nothing_is_being_packed_for_the_old_address(rep, bolts):
    customer = a_customer()
    other = an_address(customer, "SITE")
    order = a_confirmed_order({bolts: 6}, customer=customer)

    changed(order, rep, ship_to_id=other.pk)
    order.refresh_from_db()
    assert order.ship_to == other

    release_order(order.pk, by=None)
    with pytest.raises(InTheWarehouse):
        changed(order, rep, ship_to_id=customer.addresses.get(code="MAIN").pk)


def test_the_history_says_what_was_and_what_is(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 2, nuts: 1})

    changed(order, rep, quantities={1: 5}, reason="they called")

    event = OrderEvent.objects.get(document=order, kind="changed")
    (line,) = event.detail["lines"]
    assert (line["position"], line["sku"], line["ordered"]) == (1, "BOLT-M8", [2, 5])
    assert line["wanted"] == ["2 C62", "5 C62"]
    assert (event.note, event.by, event.detail["total"]) == ("they called", rep, ["30.0000", "60.0000"])


def test_a_preview_tells_the_effects_and_changes_nothing(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 2})
    before = stands(order, "ordered", "allocated", "ship_on")

    seen = preview_change(order.pk, OrderChange(0, {order.lines.get().pk: 15}, [a_line(nuts, 3)]), by=rep)

    assert [(was and was.ordered, now.ordered, now.allocated, now.open) for was, now in seen.lines] == [
        (2, 15, 10, 5),
        (None, 3, 3, 0),
    ]
    assert seen.total == (20, 180)
    assert stands(order, "ordered", "allocated", "ship_on") == before
    order.refresh_from_db()
    assert (order.revision, order.version) == (0, 3)
    assert verify() == []


def test_an_order_that_ships_complete_keeps_what_it_has_and_leaves_with_its_last_line(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 4}, customer=a_customer(shipping_policy=ShippingPolicy.COMPLETE))

    changed(order, rep, add=[a_line(nuts, 12)])

    assert stands(order, "allocated") == [4, 0]
    assert len(set(stands(order, "ship_on"))) == 1
    assert verify() == []


def test_an_order_that_may_be_served_from_elsewhere_takes_new_lines_from_there_too(rep, house, bolts):
    a_stock(bolts, 5, a_warehouse("SOUTH"))
    order = a_confirmed_order({bolts: 8}, customer=a_customer(sourcing=Sourcing.OTHERS))

    changed(order, rep, quantities={1: 14})

    assert stands(order, "allocated") == [14]
    assert verify() == []


def test_what_an_order_cancels_by_its_terms_is_cancelled_of_a_new_line_too(rep, bolts, nuts):
    order = a_confirmed_order({bolts: 4}, customer=a_customer(shipping_policy=ShippingPolicy.CANCEL_REST))

    changed(order, rep, add=[a_line(nuts, 12)])

    assert stands(order, "allocated", "cancelled") == [(4, 0), (10, 2)]
    assert verify() == []


def test_only_a_confirmed_order_has_lines_that_order_nothing(bolts):
    draft, sure = an_order({bolts: 1}), a_confirmed_order({bolts: 1})

    with pytest.raises(IntegrityError, match="orders nothing"), transaction.atomic():
        OrderLine.objects.filter(order=draft).update(ordered=0, amount=0)
    with pytest.raises(IntegrityError, match="each_ordered_unit"), transaction.atomic():
        OrderLine.objects.filter(order=sure).update(ordered=0, amount=0)


def test_a_change_takes_as_many_statements_for_forty_lines_as_for_four(rep, house):
    counts = []
    for n in (4, 40):
        products = many_products(2 * n)
        order = a_confirmed_order(dict.fromkeys(products[:n], 2))
        quantities = {line.pk: 5 for line in order.lines.all()}
        add = [a_line(product, 1) for product in products[n:]]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            change_order(order.pk, OrderChange(0, quantities, add), by=rep)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 45
    assert Order.objects.get(pk=order.pk).lines.count() == 80


def test_what_one_line_gives_up_the_other_line_of_the_product_gets_at_once(house, bolts):
    boss, customer = a_boss(), a_customer()
    order = enter_order(
        Header(customer.pk, warehouse_id=house.pk), [a_line(bolts, 6), a_line(bolts, 4)], by=boss
    )
    submit_order(order.pk, by=boss)
    confirm_order(order.pk, by=boss)
    Product.objects.filter(pk=bolts.pk).update(backorder_allowed=False)

    changed(order, boss, quantities={1: 1, 2: 9})

    assert list(order.lines.order_by("position").values_list("ordered", "allocated")) == [(1, 1), (9, 9)]
    assert verify() == []
    with pytest.raises(NotEnoughStock):
        changed(order, boss, quantities={1: 2, 2: 9})
