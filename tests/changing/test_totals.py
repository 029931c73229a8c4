"""A changed order comes to what its lines, its discount, its charges and its taxes come to then."""

from decimal import Decimal

import pytest

from oms.errors import Incomplete
from oms.verify import verify
from orders.discounts import DocumentDiscount
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_customer,
    a_line,
    a_product,
    a_tax_class,
    a_tax_rate,
    a_warehouse,
    in_days,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    a_company()
    a_tax_rate(19)
    return a_warehouse("NORTH", country="DE")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=500, at=house)


@pytest.fixture
def nuts(house):
    return a_product("NUT-M8", on_hand=500, at=house)


def confirmed(lines, by, discount):
    header = Header(a_customer().pk, discount=discount)
    order = enter_order(header, [a_line(product, n) for product, n in lines.items()], by=by)
    submit_order(order.pk, by=by)
    return confirm_order(order.pk, by=by)


def sums(order):
    order.refresh_from_db()
    return tuple(f"{value:.2f}" for value in (order.goods, order.discount, order.tax, order.total))


@pytest.mark.parametrize(
    ("discount", "before", "after"),
    [
        (
            DocumentDiscount(percent=Decimal(10)),
            ("100.00", "10.00", "17.10", "107.10"),
            ("50.00", "5.00", "8.55", "53.55"),
        ),
        (
            DocumentDiscount(amount=Decimal(20)),
            ("100.00", "20.00", "15.20", "95.20"),
            ("50.00", "20.00", "5.70", "35.70"),
        ),
    ],
)
def test_discount_and_tax_follow_the_lines(rep, bolts, nuts, discount, before, after):
    order = confirmed({bolts: 6, nuts: 4}, rep, discount)
    assert sums(order) == before

    changed(order, rep, quantities={1: 1})

    assert sums(order) == after
    assert verify() == []


def test_what_has_no_rate_is_not_added_and_nothing_changes(rep, bolts, house):
    order = confirmed({bolts: 6}, rep, DocumentDiscount())
    odd = a_product("ODD", on_hand=5, at=house)
    odd.tax_class = a_tax_class("Odd")
    odd.save()

    with pytest.raises(Incomplete, match="“Odd” has no rate"):
        changed(order, rep, add=[a_line(odd, 1)])

    assert (order.lines.count(), sums(order)[0]) == (1, "60.00")
    assert verify() == []


@pytest.mark.parametrize(
    ("discount", "stays", "goes"),
    [
        (
            DocumentDiscount(percent=Decimal(10)),
            ("60.00", "6.00", "10.26", "64.26"),
            ("40.00", "4.00", "6.84", "42.84"),
        ),
        (
            DocumentDiscount(amount=Decimal(25)),
            ("60.00", "15.00", "8.55", "53.55"),
            ("40.00", "10.00", "5.70", "35.70"),
        ),
    ],
)
def test_a_part_split_off_takes_its_share_of_the_discount_along(rep, bolts, nuts, discount, stays, goes):
    order = confirmed({bolts: 6, nuts: 4}, rep, discount)

    part = split_order(order.pk, Split(order.revision, frozenset({2}), requested_on=in_days(20)), by=rep)

    assert (sums(order), sums(part)) == (stays, goes)
    assert verify() == []
