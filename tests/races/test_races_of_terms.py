"""Orders with terms of their own against each other: nobody gets a part that wants everything, nobody is lost."""

import pytest
from django.db.models import Sum

from customers.status import ShippingPolicy
from fulfillment.services.releasing import release_order
from inventory.models import StockLevel
from oms.verify import verify
from orders.models import Allocation, Order, OrderLine
from orders.services.allocating import serve_backorders
from orders.status import OrderStatus
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_submitted_order,
    a_warehouse,
)
from tests.races.company import MANY
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race

THERE, WANTED = 9, 5


@pytest.fixture
def house(players):
    return a_warehouse()


@pytest.fixture
def scarce(house):
    return [a_product(sku, on_hand=THERE, at=house) for sku in ("BOLT", "NUT")]


def complete_orders(scarce, made=a_submitted_order):
    """Eight orders that ship complete, for more of two products than there is, in opposite order."""
    customer = a_customer(shipping_policy=ShippingPolicy.COMPLETE)
    both_ways = [dict.fromkeys(scarce, WANTED), dict.fromkeys(scarce[::-1], WANTED)]
    return [made(both_ways[i % 2], customer=customer).pk for i in range(MANY)]


def parts():
    """The orders that got something and not everything."""
    sums = OrderLine.objects.values("order").annotate(allocated=Sum("allocated"), open=Sum("open"))
    return [row["order"] for row in sums if row["allocated"] and row["open"]]


def test_of_orders_that_ship_complete_one_gets_everything_and_the_others_nothing(players, scarce):
    orders = complete_orders(scarce)

    outcomes = players.race([Turn("confirm", (pk,)) for pk in orders])

    assert errors(outcomes) == []
    assert [outcome.answer for outcome in outcomes] == [OrderStatus.CONFIRMED] * MANY
    assert parts() == []
    assert set(StockLevel.objects.values_list("allocated", flat=True)) == {WANTED}
    assert verify() == []


def test_without_their_terms_one_of_them_gets_a_part(players, scarce):
    orders = complete_orders(scarce)

    outcomes = players.race([Turn("confirm", (pk,), "no_terms") for pk in orders])

    assert errors(outcomes) == []
    assert len(parts()) >= 1


def test_without_the_lock_more_than_one_believes_it_has_everything_and_the_check_refuses(players, scarce):
    orders = complete_orders(scarce)

    outcomes = players.race([Turn("confirm", (pk,), "no_lock") for pk in orders])

    assert any("never_promise_more_than_on_hand" in error for error in errors(outcomes))


def test_stock_that_comes_while_all_serve_completes_orders_by_rank_and_none_in_part(players, house, scarce):
    orders = complete_orders(scarce, made=a_confirmed_order)
    for product in scarce:
        a_stock(product, 2 * WANTED, house)  # 19 of each: one order has 5, so for two more

    outcomes = players.race([Turn("serve")] * MANY)

    assert errors(outcomes) == []
    assert parts() == []
    served = Order.objects.filter(lines__allocated=WANTED).distinct().order_by("pk")
    assert list(served.values_list("pk", flat=True)) == orders[:3]
    assert serve_backorders() == 0
    assert verify() == []


def test_taking_stock_meets_its_release_and_what_is_released_is_never_taken(players, house):
    bolts, boss = a_product(on_hand=10, at=house), a_boss()
    holders = [a_confirmed_order({bolts: 5}).pk for _order in range(2)]
    wants = a_confirmed_order({bolts: 10}).pk

    outcomes = players.race(
        [Turn("take", (wants, holders, boss.pk))] * 2 + [Turn("release", (pk,)) for pk in holders]
    )

    assert errors(outcomes) == []
    assert Allocation.objects.aggregate(n=Sum("allocated"))["n"] == 10
    assert verify() == []


def test_two_orders_that_take_from_each_other_do_not_deadlock(players, house):
    boss = a_boss()
    bolts, nuts = (a_product(sku, on_hand=5, at=house) for sku in ("BOLT", "NUT"))
    first = a_confirmed_order({bolts: 5, nuts: 5})
    second = a_confirmed_order({nuts: 5, bolts: 5})
    a_stock(nuts, 5, house)
    serve_backorders()

    turns = [Turn("take", (a.pk, [b.pk], boss.pk)) for a, b in ((first, second), (second, first))]
    outcomes = players.race(turns * (MANY // 2))

    assert errors(outcomes) == []
    assert verify() == []
    assert release_order(second.pk, by=None)
