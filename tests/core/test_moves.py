"""Every table of moves as a square: each pair of states, asked of the document and of the database."""

import pytest
from django.db import DatabaseError, transaction

from fulfillment.models import Shipment
from inventory.models import PurchaseOrder, Supplier
from inventory.services.purchasing import Expected, place_purchase_order
from oms.errors import IllegalMove
from orders.models import ApprovalRequest, ApprovalStep, Order, Quote
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from tests.builders import (
    a_company,
    a_customer,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.verify.conftest import behind_its_back, run

pytestmark = pytest.mark.django_db


def a_purchase():
    house = a_warehouse()
    expected = [Expected(a_product().pk, 5, in_days(1))]
    return place_purchase_order(Supplier.objects.create(code="S", name="S"), house, expected, by=None)


def a_quote():
    a_company()
    return draft_quote(Header(a_customer().pk), [a_line(a_product(), 1)], by=None)


def a_request():
    a_rule(threshold=1)
    a_submitted_order({a_product(): 5}, by=a_user())
    return ApprovalRequest.objects.get()


def a_step():
    return a_request().steps.get()


MADE_BY = {
    Order: lambda: an_order({a_product(): 1}),
    Quote: a_quote,
    Shipment: lambda: a_shipment({a_product(on_hand=5): 1}),
    PurchaseOrder: a_purchase,
    ApprovalRequest: a_request,
    ApprovalStep: a_step,
}


@pytest.fixture
def house(db):
    return a_warehouse()


def states(model):
    return [value for value, _label in model._meta.get_field("status").choices]


@pytest.mark.parametrize("model", MADE_BY, ids=lambda model: model.__name__)
def test_the_database_lets_a_status_move_only_along_the_table(model, house):
    document, table = MADE_BY[model](), model._meta.db_table
    moves = ApprovalRequest.NEXT if model is ApprovalStep else model.NEXT
    run("SET CONSTRAINTS ALL IMMEDIATE")

    allowed = {
        (old, new)
        for old in states(model)
        for new in states(model)
        if old != new and goes_through(table, document.pk, old, new)
    }

    assert allowed == {(str(old), str(new)) for old, news in moves.items() for new in news}


def goes_through(table, pk, old, new):
    with behind_its_back(f"UPDATE {table} SET status = '{old}' WHERE id = {pk}"):
        try:
            with transaction.atomic():
                run("SET CONSTRAINTS ALL DEFERRED", f"UPDATE {table} SET status = '{new}' WHERE id = {pk}")
        except DatabaseError as refusal:
            if f"cannot go from {old} to {new}" not in str(refusal):
                raise
            return False
    return True


@pytest.mark.parametrize("model", [Order, Quote, Shipment, PurchaseOrder], ids=lambda model: model.__name__)
def test_a_document_refuses_what_its_table_does_not_name_and_says_what_it_is(model, house):
    document = MADE_BY[model]()

    for old in states(model):
        for new in states(model):
            document.status = old
            if new in model.NEXT[old]:
                document.require_can_become(new)
            else:
                with pytest.raises(IllegalMove, match=document.number):
                    document.move_to(new, by=None)
                assert document.status == old


@pytest.mark.parametrize("model", [Order, Quote, Shipment, PurchaseOrder, ApprovalRequest])
def test_every_state_has_its_row_in_the_table(model):
    assert set(model.NEXT) == set(states(model))
    assert {new for news in model.NEXT.values() for new in news} <= set(states(model))
