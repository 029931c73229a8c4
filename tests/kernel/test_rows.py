"""A row read, changed and told of by hand is what Django would have made of it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.forms.models import model_to_dict

from fulfillment.models import Shipment
from oms.rows import change_and_tell, lock_row
from orders.models import ApprovalRequest, Order, OrderEvent
from orders.services.submitting import submit_order
from tests.builders import a_product, a_rule, a_shipment, a_user, an_order

pytestmark = pytest.mark.django_db


def told(order, **event):
    what = {
        "version": 9,
        "kind": "x",
        "old_status": "",
        "new_status": "",
        "by_id": None,
        "note": "",
        "detail": {},
    }
    change_and_tell(order, ["note", "submitted_by", "minimum_percent"], OrderEvent, **what | event)


@pytest.fixture
def house():
    """Rows with decimals, JSON, dates and nothing in some columns."""
    a_shipment({a_product("B", on_hand=9): 2})
    a_rule(threshold=1)
    submit_order(an_order({a_product("A", on_hand=9): 2}).pk, by=a_user())


@pytest.mark.parametrize("model", [Order, Shipment, ApprovalRequest])
def test_a_locked_row_is_the_row(model, house):
    assert model.objects.exists()
    for expected in model.objects.all():
        found = lock_row(model, expected.pk)

        assert found == expected
        for field in model._meta.concrete_fields:
            value = getattr(found, field.attname)
            assert value == getattr(expected, field.attname), field
            assert type(value) is type(getattr(expected, field.attname)), field
        assert not found._state.adding
        assert model_to_dict(found) == model_to_dict(expected)


def test_a_row_that_is_not_there_is_told_by_its_name():
    with pytest.raises(Order.DoesNotExist, match="Order 77 does not exist"):
        lock_row(Order, 77)
    with pytest.raises(ValueError, match="invalid literal"):
        lock_row(Order, "seven")


@pytest.mark.parametrize("note", ["O'Brien said: 5 % off; --", "日本 \\ {} %s", ""])
def test_what_changed_and_what_is_told_of_it_arrive_as_they_were(note):
    order, boss = an_order({a_product("A", on_hand=9): 2}), a_user()
    order.note, order.submitted_by, order.minimum_percent = note, boss, 30

    told(order, by_id=boss.pk, note=note, detail={"why": [note, None, 1.5]})

    after, event = Order.objects.get(pk=order.pk), order.events.get(kind="x")
    assert (after.note, after.submitted_by, after.minimum_percent) == (note, boss, 30)
    assert (event.by, event.note, event.detail) == (boss, note, {"why": [note, None, 1.5]})
    assert event.at is not None


def test_nothing_is_told_of_a_row_that_is_gone():
    order = an_order({a_product("A", on_hand=9): 2})
    gone = Order(pk=order.pk + 1, note="x")

    with pytest.raises(DatabaseError, match="is not there to be changed"), transaction.atomic():
        told(gone)

    assert not OrderEvent.objects.filter(kind="x").exists()


def test_it_holds_the_row(house):
    pk = Order.objects.first().pk
    lock_row(Order, pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT xmax <> 0 FROM orders_order WHERE id = %s", [pk])
        assert cursor.fetchone() == (True,)
