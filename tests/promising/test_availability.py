"""What each warehouse can promise, asked of the whole house."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import (
    ClosingDay,
    PurchaseOrderLine,
    ReorderPolicy,
    Substitute,
    Supplier,
    Transfer,
    TransitTime,
    Warehouse,
)
from inventory.services.purchasing import cancel_purchase_order
from inventory.services.transferring import cancel_transfer, dispatch_transfer, receive_transfer
from orders.models import Order
from orders.promising import Question
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header
from orders.services.promising import Destination, availability
from orders.services.quoting import draft_quote
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_transfer,
    a_warehouse,
    all_packed,
    an_order,
    many_products,
)
from tests.promising.house import MONDAY, NOON, bought_within, june, on_its_way, ordered, ships_on


@pytest.fixture
def north(db):
    a_company()
    return a_warehouse("NORD", country="DE", subdivision="HH")


def ask(product, quantity=1, warehouse=None, now=NOON, to=None, **question):
    """Return the answer for one product."""
    place = warehouse.pk if warehouse else None
    asked = [Question(product.pk, quantity, place, **question)]
    return availability(asked, Warehouse.objects.all(), to=to, now=now)[0]


def offered(product, quantity=1, **about):
    return ask(product, quantity, **about).offers[0]


def told(promises):
    return [(promise.quantity, promise.ship_on) for promise in promises]


def atp(offer, *days):
    return [offer.projection.promisable_on(june(day)) for day in days]


def wanted(product, quantity, day, warehouse=None):
    """A confirmed order that ships on the day."""
    order = a_confirmed_order({product: quantity}, warehouse_id=warehouse.pk if warehouse else None)
    ships_on(order, day)
    return order


def test_the_vector_with_real_orders_and_a_real_purchase(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    wanted(bolts, 60, june(4))
    on_its_way(bolts, north, 40, june(7))  # lies on the shelf at the end of the 7th
    last = wanted(bolts, 70, june(11))

    first = offered(bolts)
    assert atp(first, 1, 3, 4, 7, 8, 11, 30) == [10] * 7

    cancel_order(last.pk, by=None)
    wanted(bolts, 30, june(11))
    second = offered(bolts)
    assert atp(second, 1, 6, 7, 8, 30) == [40, 40, 40, 50, 50]
    assert second.stock.free == 100 - 60 - 30


def test_allocated_lines_count_once(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    order = wanted(bolts, 60, MONDAY)
    assert order.lines.get().allocated == 60

    found = offered(bolts)

    assert (found.stock.on_hand, found.stock.free, found.promisable) == (100, 40, 40)


def test_what_is_picked_packed_and_shipped_counts_as_long_as_it_is_there(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    all_packed(a_shipment({bolts: 60}))

    assert offered(bolts).promisable == 40


def test_drafts_submitted_orders_and_quotes_do_not_count(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    an_order({bolts: 60})
    a_submitted_order({bolts: 60})
    draft_quote(Header(a_customer().pk), [a_line(bolts, 60)], by=None)

    assert offered(bolts).promisable == 100


def test_a_backorder_counts_where_it_waits(north):
    south = a_warehouse("SUED")
    bolts = a_product("BOLT", on_hand=10, at=north)
    wanted(bolts, 30, june(9), warehouse=south)
    on_its_way(bolts, south, 30, june(2))

    here, there = ask(bolts).offers

    assert (here.site.code, here.promisable) == ("NORD", 10)
    assert there.projection.steps[-1].projected == 0
    assert there.whole is None


def test_a_line_without_a_ship_day_counts_on_the_day_requested(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    order = a_confirmed_order({bolts: 60})
    Order.objects.filter(pk=order.pk).update(requested_on=june(10))
    ships_on(order, None)

    steps = offered(bolts).projection.steps

    assert [(step.on, step.projected) for step in steps] == [(MONDAY, 100), (june(10), 40)]


def test_the_promise_waits_for_supply_and_parts_come_sooner(north):
    bolts = a_product("BOLT", on_hand=12, at=north)
    on_its_way(bolts, north, 8, june(10))

    found = offered(bolts, 20)

    assert told([found.whole]) == [(20, june(11))]
    assert told(found.parts) == [(12, MONDAY), (8, june(11))]
    assert not found.whole.bought


def test_cancelled_purchases_bring_nothing(north):
    bolts = a_product("BOLT")
    line = on_its_way(bolts, north, 8, june(10))
    cancel_purchase_order(line.purchase_order_id, by=None)

    assert offered(bolts).whole is None


def test_late_supply_counts_from_tomorrow_and_not_in_the_past(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 8, june(1).replace(month=3))

    assert told([offered(bolts, 8).whole]) == [(8, june(2))]


def test_what_no_supplier_has_confirmed_does_not_count(north):
    bolts = a_product("BOLT")
    line = ordered(bolts, north, 8, june(10))

    assert offered(bolts, 8).whole is None
    assert offered(bolts, 8).stock.coming == ()

    PurchaseOrderLine.objects.update(confirmed=5, confirmed_on=june(12), promised_on=june(12))
    found = offered(bolts, 8)
    assert [(one.on, one.quantity) for one in found.stock.coming] == [(june(12), 5)]
    assert found.stock.coming[0].document == str(line.purchase_order)
    assert found.whole is None


def test_a_late_purchase_counts_from_today_and_the_delay_learned_of_its_supplier(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 8, june(1).replace(month=3))
    Supplier.objects.update(learned_delay_days=4)

    assert [one.on for one in offered(bolts).stock.coming] == [june(5)]
    Warehouse.objects.update(put_away_days=1)
    assert [one.on for one in offered(bolts).stock.coming] == [june(8)]  # put away on Monday, once
    PurchaseOrderLine.objects.update(confirmed_on=june(2))
    assert [one.on for one in offered(bolts).stock.coming] == [june(3)]  # in time, nobody expects a delay


def moved(product, source, target, quantity, leaves, arrives):
    """A planned transfer that leaves and arrives on these days."""
    transfer = a_transfer({product: quantity}, source, target)
    Transfer.objects.filter(pk=transfer.pk).update(ship_on=leaves, arrive_on=arrives)
    return transfer


def test_a_transfer_counts_at_both_ends(north):
    south = a_warehouse("SUED")
    bolts = a_product("BOLT", on_hand=100, at=north)
    transfer = moved(bolts, north, south, 30, june(4), june(9))

    here, there = ask(bolts, 20, warehouse=north).offers

    assert (atp(here, 1, 4), here.stock.free) == ([70, 70], 100)
    assert [(one.on, one.quantity, one.document) for one in there.stock.coming] == [
        (june(9), 30, str(transfer))
    ]
    assert told([there.whole]) == [(20, june(10))]

    dispatch_transfer(transfer.pk, {transfer.lines.get().pk: 10}, by=None)
    here, there = ask(bolts, 20, warehouse=north).offers
    assert (here.stock.on_hand, atp(here, 1, 4)) == (90, [70, 70])
    assert [one.quantity for one in there.stock.coming] == [30]


def test_a_transfer_that_came_or_was_cancelled_counts_nowhere(north):
    south = a_warehouse("SUED")
    bolts = a_product("BOLT", on_hand=100, at=north)
    came, gone = (moved(bolts, north, south, 30, june(4), june(9)) for _n in range(2))
    line = came.lines.get().pk
    dispatch_transfer(came.pk, {line: 30}, by=None)
    receive_transfer(came.pk, {line: 30}, by=None)
    cancel_transfer(gone.pk, by=None)

    here, there = ask(bolts, 20, warehouse=north).offers

    assert (atp(here, 1, 9), atp(there, 1, 9)) == ([70, 70], [30, 30])
    assert (here.stock.demands, there.stock.coming) == ((), ())


def test_a_late_transfer_counts_today(north):
    south = a_warehouse("SUED")
    bolts = a_product("BOLT", on_hand=100, at=north)
    moved(bolts, north, south, 30, june(1).replace(month=3), june(1).replace(month=4))

    there = ask(bolts, 20, warehouse=south).here

    assert [one.on for one in there.stock.coming] == [MONDAY]


def test_supply_is_put_away_on_working_days(north):
    Warehouse.objects.update(put_away_days=2)
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 8, june(5))  # a Friday

    assert [coming.on for coming in offered(bolts).stock.coming] == [june(9)]


def test_protected_stock_is_kept_back(north):
    bolts = a_product("BOLT", on_hand=100, at=north)
    ReorderPolicy.objects.create(product=bolts, warehouse=north, reorder_point=0, order_up_to=0, protected=15)

    found = offered(bolts)

    assert (found.stock.free, found.promisable) == (100, 85)


def test_nothing_leaves_after_the_cut_off_nor_on_closed_days(north):
    Warehouse.objects.update(ship_cut_off=time(11, 30))  # it is noon
    ClosingDay.objects.create(warehouse=north, day=june(2))
    bolts = a_product("BOLT", on_hand=5, at=north)

    assert offered(bolts).whole.ship_on == june(3)


SATURDAY = datetime(2026, 6, 6, 9, 0, tzinfo=UTC)


def test_now_is_what_lies_in_the_house_not_what_comes_before_the_next_lorry(north):
    bolts = a_product("BOLT", on_hand=5, at=north)
    on_its_way(bolts, north, 20, june(5))  # late: it is Saturday, and it is put away on Monday at the soonest

    offer = offered(bolts, 25, now=SATURDAY)

    assert offer.promisable_at_once == 5
    assert offer.projection.promisable_on(offer.site.first_ship_day) == 25


def test_what_lies_in_the_house_on_a_saturday_is_there_now_though_it_leaves_on_monday(north):
    bolts = a_product("BOLT", on_hand=5, at=north)

    offer = offered(bolts, 5, now=SATURDAY)

    assert (offer.promisable_at_once, offer.whole.ship_on) == (5, june(8))


def test_supply_of_a_friday_leaves_on_monday(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 8, june(5))

    assert offered(bolts, 8).whole.ship_on == june(8)


def test_delivery_counts_transit_days_of_the_nearest_destination(north):
    Warehouse.objects.update(transit_days=4)
    TransitTime.objects.create(warehouse=north, country="AT", days=2)
    TransitTime.objects.create(warehouse=north, country="AT", region="Tirol", days=3)
    bolts = a_product("BOLT", on_hand=5, at=north)

    def arrives(country="", region=""):
        return offered(bolts, to=Destination(country, region)).whole.deliver_on

    assert offered(bolts).whole.deliver_on == june(5)  # in its own country
    assert arrives("FR") == june(5)
    assert arrives("AT") == june(3)
    assert arrives("AT", "Wien") == june(3)
    assert arrives("AT", "Tirol") == june(5)  # the 4th is Corpus Christi there


def test_beyond_known_supply_it_is_bought_at_the_cheapest_suppliers_lead_time(north):
    bolts = a_product("BOLT", on_hand=3, at=north)
    bought_within(bolts, 9, cost="1")
    bought_within(bolts, 2, cost="5", code="DEAR")

    found = offered(bolts, 20)

    assert (found.whole.bought, found.whole.ship_on) == (True, june(10))
    assert told(found.parts) == [(3, MONDAY), (17, june(10))]


def test_what_is_bought_comes_not_before_what_is_on_its_way(north):
    bolts = a_product("BOLT")
    bought_within(bolts, 2)
    on_its_way(bolts, north, 8, june(24))

    assert told(offered(bolts, 20).parts) == [(8, june(25)), (12, june(25))]
    assert told([offered(bolts, 8).whole]) == [(8, june(25))]


@pytest.mark.parametrize("status", ["blocked", "discontinued"])
def test_what_is_no_longer_sold_is_not_bought(north, status):
    bolts = a_product("BOLT", status=status)
    bought_within(bolts, 2)

    found = offered(bolts, 20)

    assert (found.whole, found.parts) == (None, [])


def test_nothing_leaves_before_the_day_asked_for(north):
    bolts = a_product("BOLT", on_hand=5, at=north)
    wanted(bolts, 2, june(20))

    found = offered(bolts, 3, not_before=june(13))

    assert (found.promisable, found.whole.ship_on) == (3, june(15))


def test_an_earlier_line_of_the_document_is_served_first(north):
    bolts = a_product("BOLT", on_hand=10, at=north)
    on_its_way(bolts, north, 10, june(10))
    lines = [Question(bolts.pk, quantity, north.pk) for quantity in (8, 8)]

    found = availability(lines, Warehouse.objects.all(), now=NOON)

    assert [told(answer.here.parts) for answer in found] == [
        [(8, MONDAY)],
        [(2, MONDAY), (6, june(11))],
    ]


def test_the_warehouse_of_the_line_stands_first_and_others_beside_it(north):
    south = a_warehouse("SUED")
    bolts = a_product("BOLT", on_hand=10, at=north)
    a_stock(bolts, 4, south)

    found = ask(bolts, 6, warehouse=south)

    assert [(offer.site.code, offer.stock.free) for offer in found.offers] == [("SUED", 4), ("NORD", 10)]
    assert [offer.whole is not None for offer in found.offers] == [False, True]
    assert found.here is found.offers[0]


def test_each_warehouse_has_its_own_today(north):
    a_warehouse("LA", zone="America/Los_Angeles")
    bolts = a_product("BOLT")
    early = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)

    days = {offer.site.code: offer.site.today for offer in ask(bolts, now=early).offers}

    assert days == {"NORD": june(1), "LA": june(1).replace(month=5, day=31)}


def test_successor_and_substitutes_are_offered_by_rank_in_quantities_that_serve_as_well(north):
    new, big, small = (
        a_product("NEW", on_hand=9, at=north),
        a_product("BIG", on_hand=9, at=north),
        a_product("S"),
    )
    bolts = a_product("BOLT", superseded_by=new)
    Substitute.objects.create(product=bolts, substitute=small, numerator=3, denominator=2, rank=2)
    Substitute.objects.create(product=bolts, substitute=big, numerator=1, denominator=2, rank=1)
    Substitute.objects.create(product=bolts, substitute=new, rank=3)

    found = ask(bolts, 5).instead

    assert [(one.product_id, one.quantity) for one in found] == [(new.pk, 5), (big.pk, 3), (small.pk, 8)]
    assert [one.offers[0].whole is not None for one in found] == [True, True, False]


def test_dates_at_the_end_of_time_do_not_break_a_page(north):
    bolts = a_product("BOLT", on_hand=5, at=north)
    on_its_way(bolts, north, 8, date.max)
    wanted(bolts, 2, date.max)

    found = offered(bolts, 9)

    assert (found.promisable, found.projection.steps[-1].projected) == (3, 11)
    assert found.whole.ship_on.year == 9000


def statements(lines):
    products, (spare,) = many_products(lines), many_products(1)
    for product in products[:20]:
        bought_within(product, 3)
        Substitute.objects.create(product=product, substitute=spare)
    a_confirmed_order(dict.fromkeys(products[:20], 2))
    questions = [Question(product.pk, 5, Warehouse.objects.first().pk) for product in products]
    with CaptureQueriesContext(connection) as captured:
        found = availability(questions, Warehouse.objects.all(), to=Destination("DE"), now=NOON)
    assert len(found) == lines
    return len(captured)


def test_500_lines_take_as_many_statements_as_one(north):
    a_warehouse("SUED")

    assert statements(1) == statements(500) == 8
