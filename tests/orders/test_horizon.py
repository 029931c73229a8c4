"""What is due late is promised and set aside later; what other channels need is given to no order."""

import itertools
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.status import ShippingPolicy
from inventory.errors import NotEnoughStock
from inventory.models import ReorderPolicy, StockLevel, Warehouse
from inventory.projection import Demand, Supply, needed_now
from inventory.services.adjusting import Difference, Why, propose_adjustments
from inventory.status import AdjustmentReason
from oms.models import Notice
from oms.verify import verify
from orders.expecting import Expected
from orders.models import Order, OrderLine
from orders.services.allocating import serve_backorders
from orders.services.confirming import confirm_order
from orders.services.expecting import waits_of
from orders.services.overriding import take_from, who_loses
from orders.services.queue import set_aside_later
from orders.services.watching import watch_promises
from orders.status import PromiseCause
from orders.tasks import announce_order_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_submitted_order,
    a_warehouse,
    first_bin,
    in_days,
    many_products,
)
from tests.promising.house import on_its_way

pytestmark = pytest.mark.django_db
LOST = Why(AdjustmentReason.LOST)


@pytest.fixture
def north():
    """A warehouse that sets stock aside two weeks ahead, works every day, and is a day away from nobody."""
    a_company()
    return a_warehouse(
        "NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0,
        allocation_horizon_days=14,
    )  # fmt: skip


@pytest.fixture
def bolts(north):
    return a_product("BOLT", on_hand=100, at=north)


def got(order):
    return list(order.lines.order_by("position").values_list("allocated", flat=True))


def leaves(order):
    return list(order.lines.order_by("position").values_list("ship_on", flat=True))


def comes_due(order):
    """Time passes until the order is due within the horizon: its days come nearer."""
    Order.objects.filter(pk=order.pk).update(requested_on=in_days(14))


def kept_for_a_shop(product, warehouse, quantity):
    return ReorderPolicy.objects.create(
        product=product, warehouse=warehouse, reorder_point=0, order_up_to=0, channel_buffer=quantity
    )


def test_what_is_due_beyond_the_horizon_is_promised_for_its_day_and_takes_no_stock(bolts):
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))

    assert got(late) == [0]
    assert in_days(25) <= leaves(late)[0] <= in_days(30)  # no carrier drives on holidays
    assert late.events.filter(kind="set aside later", detail__on=in_days(16).isoformat()).exists()
    assert verify() == []


def test_on_the_last_day_of_the_horizon_stock_is_set_aside_at_once(bolts):
    assert got(a_confirmed_order({bolts: 60}, requested_on=in_days(14))) == [60]
    assert got(a_confirmed_order({bolts: 30}, requested_on=in_days(15))) == [0]


def test_what_it_is_promised_is_given_to_nobody_else(bolts):
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))

    soon = a_confirmed_order({bolts: 70})

    assert (got(late), got(soon)) == ([0], [40])
    serve_backorders()
    assert (got(late), got(soon)) == ([0], [40])


def test_what_is_kept_for_its_day_is_taken_from_nobody_who_was_not_chosen(bolts):
    holder = a_confirmed_order({bolts: 40})
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    wants = a_confirmed_order({bolts: 70})

    take_from(wants.pk, [holder.pk], by=a_boss(), reason="line down")

    assert (got(holder), got(wants)) == ([0], [40])
    assert not waits_of(late.pk)[late.lines.get().pk].breaks
    assert not late.events.filter(kind="lost stock").exists()


def test_who_was_promised_it_for_a_later_day_is_told_that_it_would_be_taken_and_was(bolts):
    holder = a_confirmed_order({bolts: 40})
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30), by=a_boss())
    wants = a_confirmed_order({bolts: 70})
    taking = who_loses(wants.pk)
    assert [(loss.held.order_id, loss.quantity) for loss in taking.lost] == [(late.pk, 60), (holder.pk, 10)]

    take_from(wants.pk, [late.pk], by=a_boss(), reason="line down")
    watch_promises()
    announce_order_events()

    assert (got(holder), got(late), got(wants)) == ([40], [0], [60])
    assert late.events.get(kind="lost stock").note == f"to {wants}: line down"
    assert late.promises.last().cause == PromiseCause.TAKEN
    assert (late.promises.last().expected_on, late.promises.last().ship_on) == (None, leaves(late)[0])
    told = {notice.what for notice in Notice.objects.filter(user=late.created_by, object_id=late.pk)}
    assert "lost stock" in told
    assert verify() == []


def test_no_more_is_kept_for_later_days_than_is_there(bolts):
    sooner = a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    later = a_confirmed_order({bolts: 40}, requested_on=in_days(40))
    propose_adjustments([Difference(bolts.pk, first_bin(Warehouse.objects.get()), -30)], LOST, by=a_boss())
    wants = a_confirmed_order({bolts: 100})

    lost = [(loss.held.order_id, loss.quantity) for loss in who_loses(wants.pk).lost]
    take_from(wants.pk, [sooner.pk, later.pk], by=a_boss(), reason="line down")

    assert lost == [(later.pk, 10), (sooner.pk, 60)]
    assert got(wants) == [70]


def test_supply_that_comes_before_its_day_lets_others_have_the_stock_of_today(north, bolts):
    a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    on_its_way(bolts, north, 50, in_days(10))

    assert got(a_confirmed_order({bolts: 100})) == [90]


def test_it_is_served_by_the_sweep_when_it_comes_due(bolts):
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    assert serve_backorders() == 0

    comes_due(late)

    assert serve_backorders() == 1
    assert got(late) == [60]
    assert verify() == []


def test_no_better_rank_takes_what_somebody_was_promised(bolts):
    a_confirmed_order({bolts: 60}, requested_on=in_days(30))

    assert got(a_confirmed_order({bolts: 70}, customer=a_customer(contract_class=1))) == [40]


def test_who_waited_before_it_was_promised_is_served_before_it(north):
    nuts = a_product("NUT")
    waits = a_confirmed_order({nuts: 50})
    later = a_confirmed_order({nuts: 60}, requested_on=in_days(30))

    a_stock(nuts, 70, north)
    serve_backorders()

    assert (got(waits), got(later)) == ([50], [0])
    assert got(a_confirmed_order({nuts: 5})) == [0]  # the twenty are promised to what is due later


def test_what_may_not_wait_is_set_aside_at_once_however_late_it_is_due(north, bolts):
    rare = a_product("RARE", on_hand=5, at=north, backorder_allowed=False)
    sure = a_customer(shipping_policy="cancel_rest")

    assert got(a_confirmed_order({rare: 4}, requested_on=in_days(30))) == [4]
    assert got(a_confirmed_order({bolts: 60}, requested_on=in_days(30), customer=sure)) == [60]
    with pytest.raises(NotEnoughStock):
        confirm_order(a_submitted_order({rare: 2}, requested_on=in_days(30)).pk, by=None)


def test_an_order_that_ships_complete_is_set_aside_as_a_whole(north, bolts):
    south = a_warehouse("SUD", allocation_horizon_days=60)
    a_stock(bolts, 10, south)
    complete = a_customer(shipping_policy="complete")
    order = a_submitted_order({bolts: 60, a_product("NUT", on_hand=9, at=south): 3}, requested_on=in_days(30),
                              customer=complete)  # fmt: skip
    OrderLine.objects.filter(order=order, position=2).update(warehouse=south)

    confirm_order(order.pk, by=None)

    assert got(order) == [60, 3]


def test_without_a_horizon_everything_is_set_aside_at_once(north, bolts):
    type(north).objects.filter(pk=north.pk).update(allocation_horizon_days=None)

    assert got(a_confirmed_order({bolts: 60}, requested_on=in_days(300))) == [60]


def test_the_page_of_the_stock_says_when_it_is_set_aside(bolts):
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    (one,) = set_aside_later(late.pk)
    assert (one.due_on, (one.due_on - one.set_aside_on).days) == (leaves(late)[0], 14)
    boss = Client()
    boss.force_login(a_boss())

    page = boss.get(reverse("admin:orders_order_stock", args=[late.number])).content.decode()

    assert "NORD sets them aside on" in page
    assert "does not wait for stock" not in page
    order_page = boss.get(reverse("admin:orders_order_change", args=[late.pk])).content.decode()
    assert "1 line is due later and promised; its stock is set aside on" in order_page


def test_the_list_tells_who_waits_for_stock_from_who_waits_for_its_day(bolts):
    short = a_confirmed_order({bolts: 130})
    later = a_confirmed_order({bolts: 5}, requested_on=in_days(60))
    shipped_now = a_confirmed_order({a_product("NUT", on_hand=9): 9})
    office = Client()
    office.force_login(a_boss())

    def found(waits):
        page = office.get(reverse("admin:orders_order_changelist"), {"waits": waits} if waits else {})
        return {order.number: order for order in page.context["cl"].result_list}

    assert set(found("short")) == {short.number}
    assert set(found("later")) == {later.number}
    every = found("")
    told = [(every[one.number].is_short, every[one.number].is_later) for one in (short, later, shipped_now)]
    assert told == [(True, False), (False, True), (False, False)]
    assert list(Order.objects.backordered()) == [short]


@pytest.mark.parametrize("elsewhere", [None, 3], ids=["no horizon elsewhere", "a nearer one elsewhere"])
def test_what_the_list_asks_of_orders_is_what_each_of_their_lines_says(north, elsewhere):
    """Whether an order has lines that are due is asked shortly of those requested soon, whatever its lines are."""
    south = a_warehouse("SUED", allocation_horizon_days=elsewhere)
    waits, never = a_product("BOLT", at=north), a_product("OIL", at=north)
    soon, beyond, far = in_days(10), in_days(15), in_days(60)
    cases = itertools.product((waits, never), (soon, beyond, far), (None, soon, far), (north, south))
    orders = [(a_confirmed_order({case[0]: 1}), *case[1:]) for case in cases]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    for n, (order, requested_on, ship_on, warehouse) in enumerate(orders):
        policy = ShippingPolicy.CANCEL_REST if n % 5 == 0 else ShippingPolicy.PARTIAL
        Order.objects.filter(pk=order.pk).update(requested_on=requested_on, shipping_policy=policy)
        order.lines.update(ship_on=ship_on, warehouse=warehouse)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    never.backorder_allowed = False
    never.save()

    each = Order.objects.with_what_they_wait_for()

    short, later = ({one.pk for one in each if getattr(one, mark)} for mark in ("is_short", "is_later"))
    assert set(Order.objects.backordered().values_list("pk", flat=True)) == short
    assert set(Order.objects.due_later().values_list("pk", flat=True)) == later
    assert len(short) > len(later) > 2


def test_confirming_costs_the_same_however_many_wait_for_their_day(north):
    counts = []
    for size in (2, 30):
        products = many_products(size)
        for product in products:
            a_stock(product, 10, north)
        a_confirmed_order(dict.fromkeys(products, 6), requested_on=in_days(30))
        order = a_submitted_order(dict.fromkeys(products, 6))
        with CaptureQueriesContext(connection) as found:
            confirm_order(order.pk, by=None)
        assert got(order) == [4] * size
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_what_other_channels_need_is_given_to_no_order(north, bolts):
    kept_for_a_shop(bolts, north, 30)

    order = a_confirmed_order({bolts: 80})

    assert got(order) == [70]
    assert serve_backorders() == 0
    assert leaves(order) == [None]  # the shop's thirty are promised to nobody
    assert verify() == []


def test_a_smaller_buffer_serves_who_waits(north, bolts):
    policy = kept_for_a_shop(bolts, north, 30)
    order = a_confirmed_order({bolts: 80})

    policy.channel_buffer = 25
    policy.save()
    assert serve_backorders() == 1
    assert got(order) == [75]

    policy.delete()
    assert StockLevel.objects.get(product=bolts, warehouse=north).channel_buffer == 0
    assert serve_backorders() == 1
    assert got(order) == [80]
    assert verify() == []


def test_a_buffer_may_be_kept_before_anything_has_come(north):
    nuts = a_product("NUT")
    kept_for_a_shop(nuts, north, 7)

    a_stock(nuts, 10, north)

    assert got(a_confirmed_order({nuts: 9})) == [3]


@pytest.mark.parametrize(
    ("demands", "supplies", "waiting", "needed"),
    [
        ([(30, 60)], [], 0, [60]),
        ([(30, 60)], [(29, 60)], 0, [0]),
        ([(30, 60)], [(30, 60)], 0, [60]),  # what comes on a day leaves on the next
        ([(30, 60)], [(29, 60)], 25, [25]),  # who is short already has it first
        ([(10, 20), (30, 60)], [(20, 70)], 0, [20, 0]),
        ([(10, 20), (30, 60)], [(20, 50)], 0, [20, 10]),
        ([], [], 9, []),
    ],
)
def test_how_much_of_today_later_demands_need(demands, supplies, waiting, needed):
    def day(n):
        return date.fromordinal(date(2026, 6, 1).toordinal() + n)

    found = needed_now(
        [Demand(day(n), q) for n, q in demands],
        [Supply(day(n), q) for n, q in supplies],
        waiting=waiting,
        today=day(0),
    )

    assert found == needed


def test_a_purchase_that_comes_after_its_day_breaks_its_promise(north, bolts):
    late = a_confirmed_order({bolts: 60}, requested_on=in_days(30))
    propose_adjustments([Difference(bolts.pk, first_bin(north), -50)], LOST, by=a_boss())
    purchase = on_its_way(bolts, north, 40, in_days(50)).purchase_order
    told = waits_of(late.pk)[late.lines.get().pk]

    assert (told.expected, told.breaks) == (Expected(in_days(51), purchase.number), True)
