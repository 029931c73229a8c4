"""A row read, changed and told of by hand is what Django would have made of it."""

import threading
import time

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from customers.models import Customer
from oms.declared import our_models
from oms.documents import Document, LockedQuerySet
from oms.rows import change_and_tell, lock_row
from orders.models import ApprovalRequest, Order, OrderEvent
from tests.access.world import build
from tests.builders import a_product, a_user, an_address, an_order

LOCKED = [model for model in our_models() if isinstance(model._default_manager.all(), LockedQuerySet)]


def tell(order, **told):
    event = {"version": 9, "kind": "x", "document": order, **told}
    change_and_tell(order, ["note", "submitted_by", "minimum_percent"], OrderEvent(**event))


@pytest.mark.django_db
def test_a_locked_row_is_the_row():
    build()
    rows = [row for model in LOCKED for row in model._default_manager.all()]

    for expected in rows:
        found = lock_row(type(expected), expected.pk)

        assert found == expected
        for field in expected._meta.concrete_fields:
            value, original = getattr(found, field.attname), getattr(expected, field.attname)
            assert (value, type(value)) == (original, type(original)), field
        assert (found._state.adding, found._state.db) == (False, "default")
    seen = {type(row) for row in rows}
    assert {model for model in LOCKED if issubclass(model, Document)} | {ApprovalRequest} <= seen


@pytest.mark.django_db
def test_a_row_that_is_not_there_is_told_by_its_name():
    with pytest.raises(Order.DoesNotExist, match="Order 77 does not exist"):
        lock_row(Order, 77)
    with pytest.raises(ValueError, match="invalid literal"):
        lock_row(Order, "seven")


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["O'Brien said: 5 % off; --", "日本 \\ {} %s", ""])
def test_what_changed_and_what_is_told_of_it_arrive_as_they_were(note, django_assert_num_queries):
    order, boss = an_order({a_product("A", on_hand=9): 2}), a_user()
    order.note, order.submitted_by, order.minimum_percent = note, boss, 30
    before = timezone.now()

    with django_assert_num_queries(1):
        tell(order, by=boss, note=note, detail={"why": [note, None, 1.5]})

    after, event = Order.objects.get(pk=order.pk), order.events.get(kind="x")
    assert (after.note, after.submitted_by, after.minimum_percent) == (note, boss, 30)
    assert (event.by, event.note, event.detail) == (boss, note, {"why": [note, None, 1.5]})
    assert before <= event.at <= timezone.now()


@pytest.mark.django_db
def test_only_what_is_named_is_changed_and_nobody_may_be_its_actor():
    order = an_order({a_product("A", on_hand=9): 2})
    order.customer_po = "not named"

    tell(order)

    assert Order.objects.get(pk=order.pk).customer_po == ""
    assert order.events.get(kind="x").by is None


@pytest.mark.django_db
def test_nothing_is_told_of_a_row_that_is_gone():
    order = an_order({a_product("A", on_hand=9): 2})
    gone = Order(pk=order.pk + 1, note="x")

    with pytest.raises(DatabaseError, match="is not there to be changed"), transaction.atomic():
        tell(gone)

    assert not OrderEvent.objects.filter(kind="x").exists()


@pytest.mark.django_db
def test_what_a_locked_row_points_to_comes_with_it(django_assert_num_queries):
    pk = an_order({a_product("A", on_hand=9): 2}).pk
    expected = Order.objects.select_related("customer", "currency", "ship_to", "submitted_by").get(pk=pk)

    with django_assert_num_queries(1):
        found = lock_row(Order, pk, "customer", "currency", "ship_to", "submitted_by")
        for name in ("customer", "currency", "ship_to"):
            row, original = getattr(found, name), getattr(expected, name)
            assert {**vars(row), "_state": 0} == {**vars(original), "_state": 0}
            assert (row._state.adding, row._state.db) == (False, "default")
        assert found.submitted_by is expected.submitted_by is None

    assert {**vars(found), "_state": 0} == {**vars(expected), "_state": 0}


def is_free(pk, model=Order):
    """Whether somebody else could take the row now."""
    found = []

    def take():
        try:
            with transaction.atomic():
                model.objects.select_for_update(nowait=True, no_key=True).get(pk=pk)
            found.append(True)
        except OperationalError:
            found.append(False)
        finally:
            connection.close()

    somebody = threading.Thread(target=take)
    somebody.start()
    somebody.join()
    return found == [True]


@pytest.mark.django_db(transaction=True)
def test_the_row_is_held_until_the_transaction_ends():
    pk = an_order({a_product("A", on_hand=9): 2}).pk

    with transaction.atomic():
        Order.objects.get(pk=pk)
        assert is_free(pk), "reading alone holds nothing"
        lock_row(Order, pk)
        assert not is_free(pk)
    assert is_free(pk)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_waited_for_points_to_where_it_points_by_then():
    """PostgreSQL looks again at the row it has waited for, and joins nothing to it that it did not join before."""
    order = an_order({a_product("A", on_hand=9): 2})
    elsewhere = an_address(order.customer, code="ELSEWHERE")
    found = []

    def wait():
        try:
            with transaction.atomic():
                found.append(lock_row(Order, order.pk, "ship_to", "customer"))
                found.append(found[0].ship_to)
        finally:
            connection.close()

    somebody = threading.Thread(target=wait)
    with transaction.atomic():
        lock_row(Order, order.pk)
        somebody.start()
        until_somebody_waits()
        Order.objects.filter(pk=order.pk).update(ship_to=elsewhere)
    somebody.join()

    assert found[1:] == [elsewhere]
    assert found[0].customer == order.customer


def until_somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT pg_backend_pid() = ANY(pg_blocking_pids(pid)) FROM pg_locks WHERE NOT granted"
            )
            if (True,) in cursor.fetchall():
                return
            time.sleep(0.01)
    pytest.fail("nobody came to wait")


@pytest.mark.django_db(transaction=True)
def test_what_a_locked_row_points_to_is_not_held():
    order = an_order({a_product("A", on_hand=9): 2})

    with transaction.atomic():
        lock_row(Order, order.pk, "customer")
        assert not is_free(order.pk)
        assert is_free(order.customer_id, Customer)
