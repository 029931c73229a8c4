"""An accepted quote becomes an order with all or some of its lines, and why it was won or lost is kept."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms.verify import breaches
from orders.chosen import positions_in
from orders.errors import NoSuchLine
from orders.models import Order, Quote
from orders.services.capturing import Header, order_from_quote
from orders.services.concluding import NotDecided, say_why
from orders.services.quoting import Acceptance, accept_quote, decline_quote, draft_quote, send_quote
from orders.status import Outcome, QuoteStatus
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse


@pytest.mark.parametrize(
    ("text", "positions"),
    [("1", {1}), ("1-3", {1, 2, 3}), ("1-3, 8", {1, 2, 3, 8}), ("2 4;6", {2, 4, 6}), ("1 - 3, 5", {1, 2, 3, 5}),
     ("3,3", {3})],
)  # fmt: skip
def test_lines_are_named_as_people_write_them(text, positions):
    assert positions_in(text) == positions


@pytest.mark.parametrize("text", ["", "0", "3-1", "-1", "x", "1-", "1.5", "٣", "99999", "1-99999"])
def test_what_names_no_lines_is_refused_in_words(text):
    with pytest.raises(ValueError, match="names no lines"):
        positions_in(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(1, 10_000), min_size=1, max_size=50))
def test_any_set_of_lines_can_be_named(positions):
    assert positions_in(", ".join(map(str, positions))) == positions


@pytest.fixture
def boss(db):
    a_company()
    a_warehouse("MAIN")
    return a_boss()


@pytest.fixture
def accepted(boss):
    lines = [a_line(a_product(sku), n, price=n) for n, sku in enumerate("ABC", start=1)]
    sent = send_quote(draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss).pk, by=boss)
    return accept_quote(sent.pk, Acceptance("M. Kern"), by=boss)


def test_some_lines_become_the_order_at_their_quoted_prices(accepted, boss):
    order = order_from_quote(accepted.pk, by=boss, only=frozenset({1, 3}))

    lines = list(order.lines.values_list("position", "product__sku", "ordered", "unit_price"))
    assert lines == [(1, "A", 1, 1), (2, "C", 3, 3)]
    assert order.total == Decimal(10)
    assert "some of its lines" in order.events.get().note
    accepted.refresh_from_db()
    assert accepted.status == QuoteStatus.ORDERED
    assert list(breaches()) == []


def test_a_line_that_is_none_is_named_and_nothing_is_ordered(accepted, boss):
    with pytest.raises(NoSuchLine, match="4, 7"):
        order_from_quote(accepted.pk, by=boss, only=frozenset({1, 4, 7}))
    assert not Order.objects.exists()


def test_lines_are_chosen_on_the_quotes_page(client, accepted, boss):
    client.force_login(boss)
    address = reverse("admin:orders_quote_order_some", args=[accepted.number])

    client.post(address, {"lines": "9-"})
    assert not Order.objects.exists()
    response = client.post(address, {"lines": "2-3"})

    order = Order.objects.get()
    assert response.url == reverse("admin:orders_order_change", args=[order.pk])
    assert order.lines.count() == 2


@pytest.mark.parametrize("outcome", Outcome)
def test_why_it_was_lost_is_kept_and_listed(client, boss, outcome):
    sent = send_quote(draft_quote(Header(a_customer().pk), [a_line(a_product(), 1)], by=boss).pk, by=boss)
    decline_quote(sent.pk, "too dear", by=boss)
    client.force_login(boss)
    address = reverse("admin:orders_quote_why", args=[sent.number])

    client.post(address, {"outcome": outcome.value, "note": "Baltic was cheaper"})

    told = client.get(reverse("admin:orders_quote_change", args=[sent.pk])).content.decode()
    assert Quote.objects.get(outcome=outcome) == sent
    assert "Baltic was cheaper" in told
    listed = client.get(
        reverse("admin:orders_quote_changelist"), {"outcome__exact": outcome.value}
    ).content.decode()
    assert sent.number in listed


def test_nobody_says_why_before_it_is_decided(boss):
    sent = send_quote(draft_quote(Header(a_customer().pk), [a_line(a_product(), 1)], by=boss).pk, by=boss)

    with pytest.raises(NotDecided):
        say_why(sent.pk, Outcome.PRICE, by=boss)
    sent.refresh_from_db()
    assert sent.outcome == ""


def test_a_reason_that_is_none_is_asked_for_again(client, boss, accepted):
    client.force_login(boss)

    client.post(reverse("admin:orders_quote_why", args=[accepted.number]), {"outcome": "mood"})

    accepted.refresh_from_db()
    assert accepted.outcome == ""
