"""What changes for lines that wait is written into the ledger of promises with its cause."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.status import ShippingPolicy
from inventory.models import PurchaseOrder, PurchaseOrderLine, Supplier, Warehouse
from inventory.projection import Demand
from inventory.services.purchasing import cancel_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order, redate_purchase_lines
from inventory.services.transferring import Days, redate_transfer
from oms.verify import verify
from orders.allocation import Bid, Rank, Terms
from orders.allocation import Demand as Wanted
from orders.errors import NothingOpen
from orders.expecting import Before, Bringer, Claim, Expected, Kept, Outlook, Source, expect, why_changed
from orders.models import Promise
from orders.promising import Coming
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.expecting import broken_by, waiting_for, waits_of
from orders.services.overriding import take_from
from orders.services.promising import sites_at
from orders.services.submitting import submit_order
from orders.services.watching import promise_again, watch_promises
from orders.status import PromiseCause
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_stock,
    a_transfer,
    a_user,
    a_warehouse,
    in_days,
    many_products,
)
from tests.promising.house import NOON, bought_within, on_its_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    """A warehouse that works every day until midnight."""
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0)


@pytest.fixture
def bolts(north):
    return a_product("BOLT")


def changes(order):
    """What the ledger says of the order after its confirmation."""
    columns = ("cause", "document", "expected_on", "ship_on")
    return list(order.promises.order_by("pk").values_list(*columns)[1:])


def waits(order):
    return waits_of(order.pk)[order.lines.get().pk]


def test_a_new_day_of_the_supplier_is_written_down_and_the_promise_stays(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})
    assert watch_promises() == 0

    redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(7)}, by=None, reason="a strike")
    assert watch_promises() == 1

    assert changes(order) == [("redated", line.purchase_order.number, in_days(8), in_days(4))]
    assert (waits(order).days_late, waits(order).breaks) == (4, True)
    assert broken_by([line.purchase_order_id]) == {line.purchase_order.number: 1}
    assert watch_promises() == 0
    assert verify() == []


def test_a_day_that_comes_back_is_told_as_sooner(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})
    for day in (7, 2):
        redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(day)}, by=None, reason="a strike")
        watch_promises()

    assert [change[0] for change in changes(order)] == ["redated", "sooner"]
    assert changes(order)[1][2] == in_days(4)  # never sooner than promised
    assert not waits(order).breaks


def test_a_purchase_that_has_not_come_is_late_and_told_once(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})
    Supplier.objects.update(learned_delay_days=6)
    PurchaseOrderLine.objects.filter(pk=line.pk).update(expected_on=in_days(-1), confirmed_on=in_days(-1))

    assert [watch_promises(), watch_promises()] == [1, 0]
    assert changes(order) == [("late", line.purchase_order.number, in_days(7), in_days(4))]
    Supplier.objects.update(learned_delay_days=9)
    assert watch_promises() == 0


def test_a_supplier_who_sends_less_and_one_who_sends_nothing(north, bolts):
    bought_within(bolts, 30)
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})

    confirm_purchase_order(line.purchase_order_id, {line.pk: Answer(4, in_days(3))}, by=None)
    watch_promises()
    assert changes(order) == [("fewer", line.purchase_order.number, in_days(30), in_days(4))]

    other = a_confirmed_order({bolts: 1})
    assert other.lines.get().ship_on == in_days(30)


def test_a_cancelled_purchase_leaves_a_line_without_a_day(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})

    cancel_purchase_order(line.purchase_order_id, by=None)
    watch_promises()

    assert changes(order) == [("gone", line.purchase_order.number, None, in_days(4))]
    assert waits(order).breaks


def test_a_short_receipt_serves_the_first_in_rank_and_tells_the_others(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    later = on_its_way(bolts, north, 10, in_days(9))
    first, second = a_confirmed_order({bolts: 6}), a_confirmed_order({bolts: 4})

    receive_purchase_order(line.purchase_order_id, {line.pk: 6}, by=None)
    PurchaseOrderLine.objects.filter(pk=line.pk).update(cancelled=4)
    serve_backorders()
    watch_promises()

    assert changes(first) == []
    assert changes(second) == [("gone", line.purchase_order.number, in_days(10), in_days(4))]
    assert waits(second).expected.brought_by == later.purchase_order.number


def test_a_transfer_that_is_delayed(north, bolts):
    south = a_warehouse("SUED")
    a_stock(bolts, 10, south)
    transfer = a_transfer({bolts: 10}, south, north, leaves=1, arrives=3)
    order = a_confirmed_order({bolts: 5}, warehouse_id=north.pk)

    redate_transfer(transfer.pk, Days(in_days(1), in_days(5)), by=None)
    watch_promises()

    assert changes(order) == [("redated", transfer.number, in_days(6), in_days(4))]


def test_stock_given_to_another_order(north, bolts):
    a_stock(bolts, 5, north)
    on_its_way(bolts, north, 10, in_days(3))
    holder = a_confirmed_order({bolts: 5}, by=a_user())
    urgent = a_confirmed_order({bolts: 5}, by=a_user())

    take_from(urgent.pk, [holder.pk], by=a_user(), reason="their line stands still")
    watch_promises()

    assert changes(holder) == [("taken", "", in_days(4), in_days(0))]
    assert changes(urgent) == []


def test_an_order_of_a_better_class_overtakes_and_its_cancelling_gives_the_day_back(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    on_its_way(bolts, north, 10, in_days(9))
    order = a_confirmed_order({bolts: 10})
    better = a_confirmed_order({bolts: 10}, customer=a_customer(contract_class=1))

    watch_promises()
    assert changes(order) == [("overtaken", line.purchase_order.number, in_days(10), in_days(4))]

    cancel_order(better.pk, by=None)
    watch_promises()
    assert changes(order)[1][:3] == ("sooner", line.purchase_order.number, in_days(4))


def test_the_customer_is_told_another_day_by_somebody_with_a_reason(north, bolts):
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})
    manager = a_user()
    with pytest.raises(NothingOpen, match="every promise holds"):
        promise_again(order.pk, by=manager, reason="late")
    redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(7)}, by=None, reason="a strike")
    with pytest.raises(NothingOpen, match="say why"):
        promise_again(order.pk, by=manager, reason=" ")

    promise_again(order.pk, by=manager, reason="a strike at Hydra")

    promise = order.promises.last()
    assert (promise.cause, promise.note, promise.by) == (PromiseCause.RENEWED, "a strike at Hydra", manager)
    assert order.lines.get().ship_on == in_days(8)
    assert not waits(order).breaks
    order.refresh_from_db()
    assert order.ship_on == in_days(8)
    assert verify() == []


def test_a_line_without_a_day_can_be_told_one_when_supply_is_bought(north, bolts):
    order = a_confirmed_order({bolts: 10})
    assert order.lines.get().ship_on is None
    on_its_way(bolts, north, 10, in_days(3))
    watch_promises()
    assert changes(order)[0][0] == "sooner"

    promise_again(order.pk, by=None, reason="bought")

    assert order.lines.get().ship_on == in_days(4)


def statements(lines):
    """Count what watching, looking at one order and telling it anew cost with so many lines."""
    north = Warehouse.objects.create(code=f"W{lines}", name="W", working_days="1234567")
    products = many_products(lines)
    purchase = PurchaseOrder.objects.create(
        supplier=Supplier.objects.create(code=f"S{lines}"), warehouse=north
    )
    day = in_days(3)
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            purchase_order=purchase,
            product=product,
            ordered=5,
            expected_on=day,
            confirmed=5,
            confirmed_on=day,
            promised_on=day,
        )
        for product in products
    )
    entered = enter_order(
        Header(a_customer().pk, warehouse_id=north.pk), [a_line(p, 5) for p in products], by=None
    )
    order = confirm_order(submit_order(entered.pk, by=None).pk, by=None)
    assert order.promises.count() == 1
    PurchaseOrderLine.objects.filter(purchase_order=purchase).update(confirmed_on=in_days(9))
    counted = []
    for act in (
        watch_promises,
        lambda: waits_of(order.pk),
        lambda: promise_again(order.pk, by=None, reason="x"),
    ):
        with CaptureQueriesContext(connection) as found:
            act()
        counted.append(len(found))
    assert Promise.objects.filter(order=order).count() == 3
    return counted


def test_what_it_costs_does_not_grow_with_the_lines():
    a_company()
    assert statements(5) == statements(80) == [18, 9, 15]


BOLTS, NUTS = (1, 1), (2, 1)


def a_claim(line, place=BOLTS, quantity=10):
    """An order of one line, in the place of its number in the queue."""
    return an_order_waits(line, {line: (place, quantity)})


def an_order_waits(order, lines, policy=ShippingPolicy.PARTIAL, left=None, **terms):
    """An order that waits for these lines, each worth one per unit."""
    rank = Rank(True, 5, 5, date(2026, 6, 1), NOON, min(lines))
    demands = [Wanted(line, place, quantity, value=Fraction(1)) for line, (place, quantity) in lines.items()]
    return Claim(Bid(order, rank, demands, Terms(policy, is_last=left == 1, **terms)), left)


def an_outlook(sources, lead_days=None):
    a_company()
    a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0)
    site = sites_at(Warehouse.objects.all(), to=None, now=timezone.now())[0]
    return Outlook({1: site}, sources, lead_days or {})


def test_each_takes_by_rank_what_comes_first():
    coming = [Coming(in_days(3), 10, "PO-1"), Coming(in_days(8), 10, "PO-2")]
    outlook = an_outlook({BOLTS: Source(5, coming)})

    expected = expect([a_claim(2), a_claim(1), a_claim(3, quantity=5), a_claim(4)], outlook)

    assert expected == {
        1: (in_days(4), "PO-1"),
        2: (in_days(9), "PO-2"),
        3: (in_days(9), "PO-2"),
        4: (None, ""),
    }


def test_what_nobody_brings_is_bought_but_not_before_what_is_on_its_way():
    coming = [Coming(in_days(20), 5, "PO-1")]
    outlook = an_outlook({BOLTS: Source(0, coming)}, {1: 10, 2: 10})

    expected = expect([a_claim(1), a_claim(2, NUTS)], outlook)

    assert expected == {1: (in_days(21), ""), 2: (in_days(10), "")}


def test_an_order_that_ships_complete_waits_for_its_last_line():
    outlook = an_outlook({BOLTS: Source(10), NUTS: Source(0, [Coming(in_days(3), 10, "PO-1")])})

    both = an_order_waits(7, {1: (BOLTS, 10), 2: (NUTS, 10)}, ShippingPolicy.COMPLETE)

    assert expect([both], outlook) == {1: (in_days(4), "PO-1"), 2: (in_days(4), "PO-1")}


# Two purchases, four and six bolts, leave on the 4th and on the 9th day; three nuts leave on the 6th.
COMING = {
    BOLTS: Source(0, [Coming(3, 4, "PO-1"), Coming(8, 6, "PO-2")]),
    NUTS: Source(0, [Coming(5, 3, "PO-3")]),
}
ON_4, ON_6, ON_9 = (4, "PO-1"), (6, "PO-3"), (9, "PO-2")
WHOLE = ShippingPolicy.COMPLETE_LINES


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        # A whole line of ten takes nothing of the first four, so the one behind it has them.
        ([an_order_waits(1, {1: (BOLTS, 6)}, WHOLE), a_claim(2, BOLTS, 4)], {1: ON_9, 2: ON_4}),
        # Whole lines do not wait for each other.
        ([an_order_waits(1, {1: (BOLTS, 6), 2: (NUTS, 3)}, WHOLE)], {1: ON_9, 2: ON_6}),
        # In parts, the first four are its own; the two behind it have what is left of the second purchase.
        ([a_claim(1, BOLTS, 6), a_claim(2, BOLTS, 4)], {1: ON_9, 2: ON_9}),
        # A part must be worth five: four bolts are not, four bolts and three nuts are.
        ([an_order_waits(1, {1: (BOLTS, 4), 2: (NUTS, 9)}, floor=Fraction(5))], {1: ON_6, 2: (None, "")}),
        # While it waits for more worth, who is behind it takes the four; it has six on the ninth day.
        (
            [an_order_waits(1, {1: (BOLTS, 9)}, floor=Fraction(5)), a_claim(2, BOLTS, 4)],
            {1: (None, ""), 2: ON_4},
        ),
        # What is held already counts to the least worth.
        ([an_order_waits(1, {1: (BOLTS, 4), 2: (NUTS, 9)}, floor=Fraction(5), held=Fraction(1))],
         {1: ON_4, 2: (None, "")}),
        # The rest is always enough, however little it is worth.
        ([an_order_waits(1, {1: (NUTS, 3)}, floor=Fraction(50))], {1: ON_6}),
        # One shipment is all there may be: it leaves when the last bolt has come.
        ([an_order_waits(1, {1: (BOLTS, 6), 2: (NUTS, 3)}, left=1)], {1: ON_9, 2: ON_9}),
        # Two may be: the bolts of the fourth day, then all the rest with the last of it.
        ([an_order_waits(1, {1: (BOLTS, 4), 3: (BOLTS, 6), 2: (NUTS, 3)}, left=2)], {1: ON_4, 2: ON_9, 3: ON_9}),
        # What ships complete holds nothing back meanwhile, so those behind it leave it a nut short.
        (
            [
                an_order_waits(1, {1: (BOLTS, 6), 2: (NUTS, 3)}, ShippingPolicy.COMPLETE),
                a_claim(5, BOLTS, 4),
                a_claim(6, NUTS, 1),
            ],
            {1: (None, ""), 2: (None, ""), 5: ON_4, 6: ON_6},
        ),
        # What a loss left open of an order that cancels the rest is served as it comes: nothing is cancelled later.
        ([an_order_waits(1, {1: (BOLTS, 6)}, ShippingPolicy.CANCEL_REST)], {1: ON_9}),
    ],
)  # fmt: skip
def test_each_is_served_on_its_own_terms(claims, expected):
    sources = {
        place: Source(0, [Coming(in_days(one.on), one.quantity, one.document) for one in source.coming])
        for place, source in COMING.items()
    }

    found = expect(claims, an_outlook(sources))

    assert found == {line: (day and in_days(day), by) for line, (day, by) in expected.items()}


def test_what_is_bought_is_given_out_on_the_same_terms():
    outlook = an_outlook({BOLTS: Source(4), NUTS: Source(3)}, {1: 10})
    complete = an_order_waits(1, {1: (BOLTS, 6), 2: (NUTS, 3)}, ShippingPolicy.COMPLETE)

    assert expect([complete, a_claim(5, BOLTS, 4)], outlook) == {
        1: (in_days(10), ""), 2: (in_days(10), ""), 5: (in_days(0), ""),
    }  # fmt: skip


def test_what_was_promised_for_later_is_kept_of_what_comes_last_by_then():
    outlook = an_outlook({BOLTS: Source(5, [Coming(in_days(3), 4, "PO-1"), Coming(in_days(30), 9, "PO-2")])})
    kept = [Kept(9, BOLTS, 6, in_days(20))]

    expected = expect([a_claim(1, BOLTS, 3), a_claim(2, BOLTS, 1)], outlook, kept=kept)

    assert expected == {9: (in_days(20), ""), 1: (in_days(0), ""), 2: (in_days(31), "PO-2")}


def test_a_whole_line_is_expected_when_allocation_really_serves_it(north, bolts):
    first, second = on_its_way(bolts, north, 4, in_days(3)), on_its_way(bolts, north, 6, in_days(8))
    whole = a_confirmed_order({bolts: 6}, customer=a_customer(shipping_policy="complete_lines"))
    parts = a_confirmed_order({bolts: 4})

    assert waits(whole).expected == (in_days(9), second.purchase_order.number)
    assert waits(parts).expected == (in_days(4), first.purchase_order.number)

    receive_purchase_order(first.purchase_order_id, {first.pk: 4}, by=None)
    serve_backorders()
    assert parts.lines.get().allocated == 4
    receive_purchase_order(second.purchase_order_id, {second.pk: 6}, by=None)
    serve_backorders()
    assert whole.lines.get().allocated == 6


def test_a_complete_order_is_expected_with_its_last_line_although_only_the_other_is_asked_for(north, bolts):
    nuts = a_product("NUT")
    on_its_way(nuts, north, 3, in_days(8))
    on_its_way(bolts, north, 5, in_days(3))
    rival = a_confirmed_order({nuts: 2}, customer=a_customer(contract_class=1))
    order = a_confirmed_order({bolts: 5, nuts: 2}, customer=a_customer(shipping_policy="complete"))

    (asked,) = waiting_for([(bolts.pk, north.pk)])

    assert asked.order_id == order.pk
    assert asked.expected == (None, "")  # one nut is left for two
    cancel_order(rival.pk, by=None)
    assert waiting_for([(bolts.pk, north.pk)])[0].expected.on == in_days(9)


def test_what_transfers_take_away_is_not_there_for_orders():
    coming = [Coming(in_days(3), 10, "PO-1"), Coming(in_days(8), 10, "PO-2")]
    leaving = [Demand(in_days(5), 10)]
    outlook = an_outlook({BOLTS: Source(0, coming, leaving)})

    assert expect([a_claim(1)], outlook) == {1: (in_days(9), "PO-2")}


@pytest.mark.parametrize(
    ("before", "now", "bringer", "why"),
    [
        ((4, "PO-1"), (4, "PO-1"), Bringer(True), None),
        ((4, "PO-1"), (4, "PO-2"), Bringer(), None),
        ((4, "PO-1"), (8, "PO-1"), Bringer(True), ("redated", "PO-1")),
        ((4, "PO-1"), (8, "PO-1"), Bringer(True, True), ("late", "PO-1")),
        ((4, "PO-1"), (2, "PO-2"), Bringer(True), ("sooner", "PO-2")),
        ((None, ""), (8, "PO-1"), Bringer(), ("sooner", "PO-1")),
        ((4, "PO-1"), (8, "PO-2"), Bringer(), ("gone", "PO-1")),
        ((4, "PO-1"), (None, ""), Bringer(), ("gone", "PO-1")),
        ((4, "PO-1"), (8, "PO-2"), Bringer(True, answered_since=True), ("fewer", "PO-1")),
        ((4, "PO-1"), (8, "PO-2"), Bringer(True), ("overtaken", "PO-1")),
        ((4, ""), (8, ""), Bringer(), ("not_bought", "")),
        ((4, "", "not_bought"), (8, ""), Bringer(), None),
        ((4, "PO-1", "late", "PO-1"), (8, "PO-1"), Bringer(True, True), None),
        ((4, ""), (8, "PO-1"), Bringer(), ("redated", "PO-1")),
    ],
)
def test_why_a_line_leaves_on_another_day(before, now, bringer, why):
    def on(day):
        return day and date(2026, 6, 1) + timedelta(days=day)

    found = why_changed(Before(on(before[0]), *before[1:]), Expected(on(now[0]), now[1]), bringer)

    assert found == why
