"""A changed order draws from its agreements what it asks for then, and gives back what it asks for no more."""

import pytest

from fulfillment.services.releasing import release_order
from oms.verify import verify
from orders.errors import AgreementShort
from orders.models import Order
from orders.services.cancelling import close_short
from orders.services.changing import OrderChange, change_order, preview_change
from orders.services.splitting import Split, split_order
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    agreed,
    an_agreement,
    in_days,
)
from tests.changing.test_quantities import changed, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=500, at=house)


@pytest.fixture
def customer():
    return a_customer()


@pytest.fixture
def frozen(customer, bolts):
    """40 of the bolts at 8.00 instead of 10."""
    return an_agreement(customer, agreed(bolts, 8, maximum=40)).lines.get()


def drawn(frozen):
    frozen.refresh_from_db()
    return frozen.drawn


def test_less_gives_back_and_more_draws_at_the_price_agreed(rep, customer, bolts, frozen):
    order = a_confirmed_order({bolts: 30}, customer=customer)

    changed(order, rep, quantities={1: 10})
    assert (drawn(frozen), stands(order, "unit_price")) == (10, [8])
    changed(order, rep, quantities={1: 40})

    assert (drawn(frozen), stands(order, "unit_price")) == (40, [8])
    assert verify() == []


def test_more_than_is_left_is_refused_and_changes_nothing(rep, customer, bolts, frozen):
    order = a_confirmed_order({bolts: 30}, customer=customer)

    with pytest.raises(AgreementShort, match=r"20 asked for, 10 left.*add the rest as lines of their own"):
        changed(order, rep, quantities={1: 50})

    assert (drawn(frozen), stands(order, "ordered")) == (30, [30])
    assert verify() == []


def test_a_line_added_draws_what_is_left_and_the_rest_gets_the_next_price(rep, customer, bolts, frozen):
    order = a_confirmed_order({bolts: 30}, customer=customer)

    change = OrderChange(order.revision, add=[a_line(bolts, 15)])
    preview_change(order.pk, change, by=rep)
    assert drawn(frozen) == 30, "looking draws nothing"
    change_order(order.pk, change, by=rep)

    assert stands(order, "ordered", "unit_price") == [(30, 8), (10, 8), (5, 10)]
    assert drawn(frozen) == 40
    assert verify() == []


def test_a_part_split_off_takes_its_draws_along(rep, customer, bolts, house, frozen):
    order = a_confirmed_order({bolts: 30, a_product("NUT", on_hand=9, at=house): 5}, customer=customer)

    part = split_order(order.pk, Split(order.revision, frozenset({1}), requested_on=in_days(20)), by=rep)

    assert drawn(frozen) == 30
    assert [line.draws.get().quantity for line in part.lines.all()] == [30]
    assert verify() == []


def test_a_rest_closed_short_is_given_back(rep, customer, bolts, house, frozen):
    nuts = a_product("NUT", on_hand=9, at=house)
    order = a_confirmed_order({nuts: 5}, customer=customer)
    release_order(order.pk, by=rep)
    changed(order, rep, add=[a_line(bolts, 30)])
    assert drawn(frozen) == 30

    close_short(order.pk, "no more wanted", by=rep)

    assert drawn(frozen) == 0
    assert Order.objects.get(pk=order.pk).lines.get(position=2).cancelled == 30
    assert verify() == []
