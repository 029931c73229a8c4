"""A unit that is deleted and a line that names it never miss each other, though no foreign key stands between them."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from inventory.models import ProductUnit
from orders.models import OrderLine
from tests.builders import a_product, a_unit, an_order
from tests.kernel.test_rows import until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


class Somebody(threading.Thread):
    """Does one thing in a session of their own, and remembers what came of it."""

    def __init__(self, act):
        super().__init__()
        self.act, self.refused = act, None

    def run(self):
        try:
            self.act()
        except DatabaseError as error:
            self.refused = str(error)
        finally:
            connection.close()


NEXT_LINE = """
    INSERT INTO orders_orderline (unit_id, position, ordered, discount_percent, amount, unit_cost, trace,
                                  order_id, product_id, warehouse_id)
    SELECT %s, position + 1, 12, 0, 0, 0, '{}', order_id, product_id, warehouse_id FROM orders_orderline
"""


@pytest.fixture
def box():
    """A unit that nobody ordered, of a product of which an order has a line."""
    product = a_product("A", on_hand=9)
    an_order({product: 1})
    return a_unit(product, "BX", 12)


def deletes(unit):
    ProductUnit.objects.filter(pk=unit.pk)._raw_delete("default")


def orders_in(unit):
    with connection.cursor() as cursor:
        cursor.execute(NEXT_LINE, [unit.pk])


def at_once(first, second):
    """Let the second begin before the first has committed; return what the second was told."""
    somebody = Somebody(second)
    with transaction.atomic():
        first()
        somebody.start()
        until_somebody_waits()
    somebody.join()
    return somebody.refused


def test_whoever_deletes_a_unit_waits_for_a_line_that_is_being_written(box):
    assert "unit BX is ordered" in at_once(lambda: orders_in(box), lambda: deletes(box))

    assert OrderLine.objects.filter(unit=box).exists()
    assert ProductUnit.objects.filter(pk=box.pk).exists()


def test_a_line_in_a_unit_that_is_being_deleted_waits_and_is_refused(box):
    assert "unit_id of orders_orderline names no row" in at_once(lambda: deletes(box), lambda: orders_in(box))

    assert not ProductUnit.objects.filter(pk=box.pk).exists()
    assert not OrderLine.objects.filter(unit_id=box.pk).exists()


def test_a_unit_that_nobody_ordered_goes(box):
    deletes(box)
    assert not ProductUnit.objects.filter(pk=box.pk).exists()
