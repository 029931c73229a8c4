"""Versions are compared line by line, and a quote is offered again at today's prices."""

from collections import namedtuple
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import PriceRule
from oms.errors import IllegalMove
from oms.verify import breaches
from orders.differing import Kind, differences
from orders.services.capturing import Header
from orders.services.quoting import cancel_quote, draft_quote, send_quote
from orders.services.renewing import renew_quote
from orders.status import QuoteStatus
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_product,
    a_warehouse,
    in_days,
    many_products,
)

FIELDS = "position product_id unit_id ordered unit_price discount_percent amount note"
Line = namedtuple("Line", FIELDS, defaults=[""])


def a(position, product, ordered=1, price=10, unit=1, discount=0):
    return Line(position, product, unit, ordered, Decimal(price), Decimal(discount), Decimal(price) * ordered)


def told(old, new):
    return [
        (one.kind, one.old and one.old.position, one.new and one.new.position)
        for one in differences(old, new)
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([], [], []),
        ([a(1, 7)], [a(1, 7)], [(Kind.SAME, 1, 1)]),
        ([a(1, 7)], [a(1, 7, 2)], [(Kind.CHANGED, 1, 1)]),
        ([a(1, 7)], [a(1, 7, price=9)], [(Kind.CHANGED, 1, 1)]),
        ([a(1, 7)], [a(1, 7, discount=5)], [(Kind.CHANGED, 1, 1)]),
        ([a(1, 7)], [a(1, 7, unit=2)], [(Kind.CHANGED, 1, 1)]),
        ([a(1, 7)], [a(1, 7)._replace(note="blue")], [(Kind.CHANGED, 1, 1)]),
        ([a(1, 7)], [a(1, 8)], [(Kind.ADDED, None, 1), (Kind.REMOVED, 1, None)]),
        ([a(1, 7), a(2, 8)], [a(1, 8), a(2, 7)], [(Kind.SAME, 2, 1), (Kind.SAME, 1, 2)]),
        ([a(1, 7, 5), a(2, 7, 9)], [a(1, 7, 9)], [(Kind.REMOVED, 1, None), (Kind.SAME, 2, 1)]),
        ([a(1, 7, 5), a(2, 7, 9)], [a(1, 7, 9), a(2, 7, 6)], [(Kind.SAME, 2, 1), (Kind.CHANGED, 1, 2)]),
    ],
)
def test_lines_are_paired_by_what_is_most_alike(old, new, found):
    assert sorted(told(old, new), key=str) == sorted(found, key=str)


lines = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2)), max_size=8)


def numbered(rows):
    return [a(n, product, ordered, unit=unit) for n, (product, ordered, unit) in enumerate(rows, start=1)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines, lines)
def test_each_line_stands_once_and_the_amounts_add_up(old, new):
    old, new = numbered(old), numbered(new)
    found = differences(old, new)

    assert sorted(one.old for one in found if one.old) == old
    assert [one.new for one in found if one.new] == new
    total = sum((line.amount for line in new), Decimal(0)) - sum((line.amount for line in old), Decimal(0))
    assert sum((one.amount for one in found), Decimal(0)) == total


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines)
def test_nothing_differs_from_itself(rows):
    assert {one.kind for one in differences(numbered(rows), numbered(rows))} <= {Kind.SAME}


# --- renewing -----------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(db):
    a_company()
    a_warehouse("MAIN")
    return a_boss()


@pytest.fixture
def quote(boss):
    listed, typed = a_product("LISTED"), a_product("TYPED")
    drafted = draft_quote(
        Header(a_customer("Kern AG").pk), [a_line(listed, 2), a_line(typed, 3, price=9, discount=10)], by=boss
    )
    return send_quote(drafted.pk, by=boss)


def prices(quote):
    version = quote.versions.get(number=quote.version_number)
    return list(version.lines.values_list("unit_price", "discount_percent", "amount"))


def test_a_renewed_quote_has_todays_prices_and_those_typed_by_hand(quote, boss):
    PriceRule.objects.update(price=12)

    renewed = renew_quote(quote.pk, by=boss, valid_until=in_days(60))

    assert (renewed.status, renewed.version_number, renewed.valid_until) == (
        QuoteStatus.DRAFT,
        2,
        in_days(60),
    )
    assert prices(renewed) == [(12, 0, 24), (9, 10, Decimal("24.30"))]
    assert renewed.versions.get(number=2).total == Decimal("48.30")
    assert renewed.versions.get(number=1).lines.first().unit_price == 10
    assert renewed.events.get(kind="priced again").note == "1 price changed"
    assert list(breaches()) == []


def test_an_expired_quote_is_renewed(quote, boss):
    quote.move_to(QuoteStatus.EXPIRED, by=None)

    assert renew_quote(quote.pk, by=boss).status == QuoteStatus.DRAFT


def test_a_quote_that_was_taken_back_is_not_renewed(quote, boss):
    cancel_quote(quote.pk, by=boss)

    with pytest.raises(IllegalMove):
        renew_quote(quote.pk, by=boss)
    assert quote.versions.count() == 1


def test_renewing_takes_as_many_statements_for_any_length(boss):
    counts = []
    for n in (2, 50):
        drafted = draft_quote(Header(a_customer().pk), [a_line(p, 1) for p in many_products(n)], by=boss)
        send_quote(drafted.pk, by=boss)
        with CaptureQueriesContext(connection) as seen:
            renew_quote(drafted.pk, by=boss)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_difference_is_seen_line_by_line(client, quote, boss):
    client.force_login(boss)
    PriceRule.objects.update(price=12)
    client.post(
        reverse("admin:orders_quote_renew", args=[quote.number]), {"valid_until": in_days(60).isoformat()}
    )
    address = reverse("admin:orders_quote_compare", args=[quote.number])

    page = client.get(address).content.decode()

    assert address in client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert "Version 2 against 1: 1 line differs" in page
    assert "LISTED" in page
    assert "TYPED" not in page
    assert "+4.00 EUR" in page
    assert "1 line differs" in client.get(address, {"old": 2, "new": 1}).content.decode()
    assert "All lines are the same" in client.get(address, {"old": 1, "new": 1}).content.decode()


@pytest.mark.parametrize("chosen", ["3", "0", "-1", "x", "٣", "9" * 30])
def test_a_version_that_is_none_is_not_found(client, quote, boss, chosen):
    client.force_login(boss)

    assert (
        client.get(reverse("admin:orders_quote_compare", args=[quote.number]), {"old": chosen}).status_code
        == 404
    )
