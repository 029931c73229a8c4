"""A changed order comes to what its lines, its discount, its charges and its taxes come to then."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.urls import reverse

from customers.status import ShippingPolicy
from fulfillment.services.releasing import release_order
from oms.errors import Incomplete
from oms.verify import verify
from orders.discounts import DocumentDiscount
from orders.services.cancelling import cancel_order, close_short
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from tests.builders import (
    a_charge_kind,
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


def test_closed_short_the_total_is_that_of_what_was_sent_and_the_page_says_what_was_ordered(
    client, rep, house, bolts, nuts
):
    """600 bolts of which 500 are there, 140 off for all: its part of the discount goes with what is not sent."""
    order = confirmed({bolts: 600, nuts: 100}, rep, DocumentDiscount(amount=Decimal(140)))
    assert sums(order) == ("7000.00", "140.00", "1303.40", "8163.40")
    release_order(order.pk, by=rep)

    close_short(order.pk, "they cannot wait", by=rep)

    assert sums(order) == ("6000.00", "120.00", "1117.20", "6997.20")
    assert [(line.wanted, line.amount) for line in order.lines.all()] == [(500, 5000), (100, 1000)]
    event = order.events.get(kind="closed short")
    assert event.detail["total"] == ["8163.4000", "6997.2000"]
    assert verify() == []

    client.force_login(rep)
    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    page = page[page.index("<tfoot>") :]
    told = [
        page.index(text) for text in ("Ordered</th>", "7,000.00", "Cancelled</th>", "-1,000.00", "Goods</th>")
    ]
    assert told == sorted(told)


def test_an_order_cancelled_as_a_whole_comes_to_nothing_and_charges_nothing(rep, bolts):
    freight = a_charge_kind(amount=15)
    header = Header(
        a_customer().pk, charges={freight.pk: Decimal(15)}, discount=DocumentDiscount(percent=Decimal(10))
    )
    order = enter_order(header, [a_line(bolts, 10)], by=rep)
    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)

    cancel_order(order.pk, by=rep)

    assert sums(order) == ("0.00", "0.00", "0.00", "0.00")
    assert not order.charged.exists()
    assert verify() == []


def test_a_rest_that_its_terms_cancel_is_not_paid_for_and_a_later_change_leaves_it_so(rep, bolts, nuts):
    customer = a_customer(shipping_policy=ShippingPolicy.CANCEL_REST)
    order = enter_order(Header(customer.pk), [a_line(bolts, 600), a_line(nuts, 100)], by=rep)

    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)
    assert sums(order) == ("6000.00", "0.00", "1140.00", "7140.00")

    changed(order, rep, quantities={1: 400, 2: 50})
    assert sums(order) == ("4500.00", "0.00", "855.00", "5355.00")
    assert verify() == []


def test_a_part_split_off_takes_nothing_of_what_is_cancelled_along(rep, bolts, nuts):
    customer = a_customer(shipping_policy=ShippingPolicy.CANCEL_REST)
    discount = DocumentDiscount(amount=Decimal(120))
    order = enter_order(
        Header(customer.pk, discount=discount), [a_line(bolts, 600), a_line(nuts, 100)], by=rep
    )
    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)
    order.refresh_from_db()
    assert sums(order)[:2] == ("6000.00", "102.86")

    part = split_order(order.pk, Split(order.revision, frozenset({1}), requested_on=in_days(9)), by=rep)

    assert (sums(order)[:2], sums(part)[:2]) == (("1000.00", "17.14"), ("5000.00", "85.72"))
    assert verify() == []


def test_orders_cancelled_before_are_reckoned_anew_by_the_migration(rep, bolts, nuts):
    order = confirmed({bolts: 600, nuts: 100}, rep, DocumentDiscount(amount=Decimal(140)))
    other = confirmed({nuts: 10}, rep, DocumentDiscount())
    untouched = sums(other)
    order.lines.filter(open__gt=0).update(cancelled=F("open"))
    migration = import_module("orders.migrations.0021_kept_as_agreed")
    one_by_one = MigrationLoader(connection, replace_migrations=False)
    state = one_by_one.project_state(("orders", "0021_kept_as_agreed"))

    migration.take_off(state.apps, None)

    assert sums(order) == ("6000.00", "120.00", "1117.20", "6997.20")
    assert sums(other) == untouched
    assert not [breach for breach in verify() if breach.invariant.startswith("I10")]
