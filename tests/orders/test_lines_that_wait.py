"""A line waits while something of it is open and its order is in work; each trigger that keeps its flag is needed."""

from collections.abc import Callable

import pytest

from orders.models import Order
from orders.services.cancelling import cancel_order
from orders.services.confirming import confirm_order
from tests.builders import a_product, a_submitted_order, a_warehouse
from tests.verify.conftest import behind_its_back, run, switching

pytestmark = pytest.mark.django_db

ANOTHER = (
    "INSERT INTO orders_orderline (position, unit_id, ordered, discount_percent, amount, unit_cost, trace, order_id, "
    "product_id, warehouse_id) SELECT 2, unit_id, 1, 0, 0, 0, '{}', order_id, product_id, warehouse_id "
    "FROM orders_orderline"
)


def is_confirmed(order: Order) -> None:
    confirm_order(order.pk, by=None)


def is_cancelled(order: Order) -> None:
    cancel_order(order.pk, by=None)


def gets_a_line(_order: Order) -> None:
    run(ANOTHER)


# The trigger: how many of 5 are there, what happens to the order, and which of its lines wait then, with it and without
KEPT_BY: dict[str, tuple[int, list[Callable[[Order], None]], list[bool], list[bool]]] = {
    "orders_allocation.keep_allocated_insert": (5, [is_confirmed], [False], [True]),
    "orders_promise.keep_promised": (0, [is_confirmed], [True], [False]),
    "orders_orderline.keep_waiting_when_changed": (0, [is_confirmed, is_cancelled], [False], [True]),
    "orders_orderline.keep_waiting_when_new": (5, [is_confirmed, gets_a_line], [False, True], [False, False]),
}


@pytest.mark.parametrize("trigger", KEPT_BY)
@pytest.mark.parametrize("is_there", [True, False])
def test_each_trigger_keeps_which_lines_wait(trigger: str, is_there: bool) -> None:
    there, steps, with_it, without = KEPT_BY[trigger]
    a_warehouse()
    order = a_submitted_order({a_product(on_hand=there, price=10): 5})

    with behind_its_back(openly=[] if is_there else [switching(trigger)]):
        run("SET CONSTRAINTS ALL DEFERRED")  # who would see a line is asked when all is done
        for step in steps:
            step(order)
        waiting = list(order.lines.order_by("position").values_list("waits", flat=True))

    assert waiting == (with_it if is_there else without)
