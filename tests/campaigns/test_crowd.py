"""T2: many processes at once on hot products. What each wrote down explains how the house stands in the end."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from inventory.models import Product, StockLevel
from inventory.services.moving import Cause, receive_stock
from oms.verify import verify
from orders.models import OrderLine
from orders.services.allocating import serve_backorders
from orders.status import IN_WORK
from tests.builders import a_customer, a_warehouse, many_products
from tests.campaigns import trials
from tests.campaigns.crowd import Field
from tests.races.company import MANY
from tests.races.players import Turn, errors

pytestmark = pytest.mark.race

OPENING = 12  # of each hot product
MAY_BE_SAID = {
    "not_enough_stock", "illegal_move", "in_the_warehouse", "nothing_to_release", "bad_pick", "bad_packing",
    "nothing_open",
}  # fmt: skip


def a_field(hot: int) -> Field:
    house = a_warehouse(bins=2)
    bins = list(house.locations.order_by("walk_order"))
    products = [product.pk for product in many_products(hot)]
    receive_stock(dict.fromkeys(products, OPENING), bins[0], Cause("OPENING", None))
    units = Product.objects.filter(pk__in=products).values_list("pk", "units")
    return Field(a_customer().pk, house.pk, (bins[0].pk, bins[1].pk), tuple(units))


def crowd(players, place, chosen, commands, act="wander"):
    turns = [Turn(f"tests.campaigns.crowd.{act}", (place, chosen + n, commands)) for n in range(MANY)]
    return players.race(turns)


def require_explained(place: Field, outcomes) -> Counter:
    """The sum of what everybody wrote down is how things stand; nobody met an error nobody can explain."""
    assert errors(outcomes) == []
    said = Counter(result for outcome in outcomes for _verb, result in outcome.answer[0])
    assert set(said) <= {"done", *MAY_BE_SAID}
    moved = Counter({product: OPENING for product, _unit in place.products})
    for outcome in outcomes:
        moved.update(outcome.answer[1])
    serve_backorders()
    on_hand = StockLevel.objects.values_list("product").annotate(n=Sum("on_hand"))
    assert dict(on_hand) == dict(moved)
    require_sold_out_where_wanted()
    assert verify() == []
    return said


def require_sold_out_where_wanted() -> None:
    """Nothing is free of what somebody still waits for: sold is exactly the stock where demand exceeds it."""
    waiting = OrderLine.objects.filter(open__gt=0, order__status__in=IN_WORK).values("product")
    assert not StockLevel.objects.filter(product__in=waiting, available__gt=0).exists()


@pytest.mark.parametrize("hot", [1, 20])
def test_what_everybody_wrote_down_explains_the_house(players, request, hot):
    chosen, commands = trials.seed(request), trials.trials(25)
    place = a_field(hot)

    outcomes = crowd(players, place, chosen, commands)

    said = require_explained(place, outcomes)
    trials.told(request, "T2", processes=MANY, hot_products=hot, commands=said.total(), done=said["done"])


@pytest.mark.soak
@pytest.mark.parametrize("hot", [1, 20, 2000])
def test_a_long_day_of_everybody_is_explained(players, request, hot):
    chosen, place = trials.seed(request), a_field(hot)
    said: Counter = Counter()
    outcomes = []

    for n in range(trials.trials(40)):  # a turn has to end within the players' patience
        outcomes += crowd(players, place, chosen + n * MANY, 50)

    said = require_explained(place, outcomes)
    trials.told(request, "T2", processes=MANY, hot_products=hot, commands=said.total(), done=said["done"])


def test_without_the_lock_the_crowd_is_not_explained(players):
    place = a_field(1)

    outcomes = crowd(players, place, 1, 25, "wander_unlocked")

    with pytest.raises(AssertionError):
        require_explained(place, outcomes)


def test_a_house_whose_bins_are_wrong_is_not_explained(players):
    """The sums are right; only the proofs know of bins."""
    place = a_field(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inventory_binstock SET quantity = quantity + 1")

    with pytest.raises(AssertionError, match="Breach"):
        require_explained(place, [])
