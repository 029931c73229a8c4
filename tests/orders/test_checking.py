"""What is wrong with an order is said at once, each with its remedy; what only looks odd keeps nobody waiting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.models import Address
from customers.status import CustomerStatus
from inventory.status import ProductStatus
from oms.company import business_day
from oms.errors import Incomplete
from orders.models import Order
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.submitting import submit_order
from tests.builders import (
    a_boss,
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_product,
    a_submitted_order,
    a_warehouse,
    an_address,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def kern():
    return a_customer("Kern AG")


def told(order):
    with pytest.raises(Incomplete) as refusal:
        submit_order(order.pk, by=None)
    return [str(problem) for problem in refusal.value.problems]


def an_order_with_everything_wrong(kern):
    bolts, nuts, pipes, rings = (a_product(sku) for sku in ("BOLT", "NUT", "PIPE", "RING"))
    bills = an_address(kern, "BILLS")
    order = an_order({bolts: 1, nuts: 1, pipes: 1, rings: 5}, customer=kern, bill_to_id=bills.pk)
    kern.po_required, kern.status, kern.currency = True, CustomerStatus.BLOCKED, a_currency("CHF")
    kern.save()
    Address.objects.filter(pk=order.ship_to_id).update(postal_code="2045")
    Address.objects.filter(pk=bills.pk).update(country="US", postal_code="60601", region="")
    bolts.status, nuts.status = ProductStatus.BLOCKED, ProductStatus.DISCONTINUED
    bolts.save()
    nuts.save()
    rings.units.update(multiple=3)
    order.lines.filter(product=pipes).update(unit_price=None, amount=0)
    Order.objects.filter(pk=order.pk).update(requested_on=order.ordered_on - timedelta(days=1))
    return order


def test_everything_that_is_wrong_is_named_at_once_with_its_remedy(kern):
    problems = told(an_order_with_everything_wrong(kern))

    wanted = [
        ("Kern AG: is blocked", "ask finance"),
        ("Ship to: Kern AG", "is no postal code of DE. Write it like 26133"),
        ("Bill to: Kern AG", "the region is needed in US. Write one of:"),
        ("PO number: Kern AG requires one", "enter it in the header"),
        ("Line 1, BOLT: is blocked", "remove the line"),
        ("Line 2, NUT: is discontinued", "take its successor"),
        ("Line 3, PIPE: has no price", "type one"),
        ("Line 4, RING: 5 C62", "order 3 or 6"),
        ("Needed by:", "enter that day or a later one"),
        ("Currency: prices are in EUR, Kern AG buys in CHF", "enter it anew"),
    ]
    for (begins, remedy), problem in zip(wanted, problems, strict=True):
        assert problem.startswith(begins)
        assert remedy in problem


@pytest.mark.parametrize(
    ("days", "is_possible"), [(-1, False), (0, True), (5 * 365, True), (5 * 365 + 1, False)]
)
def test_a_day_before_the_order_or_years_away_is_mistyped(kern, days, is_possible):
    order = an_order({a_product(): 1}, customer=kern, requested_on=in_days(days))

    if is_possible:
        submit_order(order.pk, by=None)
    else:
        assert [problem.split(":")[0] for problem in told(order)] == ["Needed by"]


def test_what_was_quoted_stays_in_its_currency(kern):
    quote = send_quote(draft_quote(Header(kern.pk), [a_line(a_product(), 1)], by=None).pk, by=None)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
    kern.currency = a_currency("CHF")
    kern.save()
    order = order_from_quote(quote.pk, by=None)

    assert submit_order(order.pk, by=None).currency_id == "EUR"
    fresh = draft_quote(Header(kern.pk), [a_line(a_product(price=None), 1, "3")], by=None)
    type(fresh).objects.filter(pk=fresh.pk).update(currency=a_currency("EUR"))
    with pytest.raises(Incomplete, match="Currency: prices are in EUR"):
        send_quote(fresh.pk, by=None)


def test_a_po_number_of_another_order_and_a_day_that_is_over_are_only_pointed_out(client, kern):
    bolts, boss = a_product(), a_boss()
    first = a_submitted_order({bolts: 1}, customer=kern, customer_po="4500-77a")
    gone = a_submitted_order({bolts: 1}, customer=kern, customer_po="4500-77A")
    cancel_order(gone.pk, by=None)
    a_submitted_order({bolts: 1}, customer=a_customer(), customer_po="4500-77A")
    past = business_day() - timedelta(days=2)
    order = an_order({bolts: 1}, customer=kern, customer_po="4500-77A", ordered_on=past)
    client.force_login(boss)

    pad = client.get(reverse("admin:orders_order_pad", args=[order.number])).content.decode()
    page = client.post(
        reverse("admin:orders_order_submit", args=[order.number]), follow=True
    ).content.decode()

    for shown in (pad, page):
        assert f"PO number 4500-77A stands on {first.number} too" in shown
        assert "which is over" in shown
    assert f"stands on {first.number} too" in order.events.get(kind="submitted").note
    assert first.events.get(kind="submitted").note == ""


@pytest.mark.parametrize(("sent", "leads_to"), [({"pad": "1"}, "pad"), ({}, "change")])
def test_what_is_refused_stands_one_below_the_other_where_it_was_sent_from(client, kern, sent, leads_to):
    order = an_order_with_everything_wrong(kern)
    client.force_login(a_boss())

    answer = client.post(reverse("admin:orders_order_submit", args=[order.number]), sent, follow=True)

    pages = {
        "pad": reverse("admin:orders_order_pad", args=[order.number]),
        "change": reverse("admin:orders_order_change", args=[order.pk]),
    }
    assert answer.redirect_chain[-1][0] == pages[leads_to]
    assert '<li data-at="1">Line 1, BOLT: is blocked; remove the line.</li>' in answer.content.decode()
