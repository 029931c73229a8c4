"""A whole draft gets the prices of today: shown first, then as shown; prices of its own stay unless told."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oms.errors import IllegalMove, Stale
from orders.models import Order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.drafting import Change, Edit, edit_order
from orders.services.pricing_again import Shown, plan_prices, price_order_again, price_quote_again
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.sheets import sheet_of
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    a_warehouse()


@pytest.fixture
def bolts():
    return a_product("BOLT-M8", price="10", cost=6)


@pytest.fixture
def rep():
    return a_user("orders.override_price")


def dearer(product, price):
    product.prices.update(price=price)


def prices(document_lines):
    return list(document_lines.order_by("position").values_list("ordered", "unit_price"))


def shown(document, *release):
    document.refresh_from_db()
    plan = plan_prices(sheet_of(document), frozenset(release))
    return Shown(plan.revision, plan.seal, frozenset(release))


def test_every_line_gets_the_price_of_today_and_the_order_its_day(bolts, rep):
    nuts = a_product("NUT", price="3")
    order = an_order({bolts: 5, nuts: 2}, by=rep, ordered_on=in_days(-9))
    dearer(bolts, 12)

    plan = price_order_again(order.pk, shown(order), by=rep)

    order.refresh_from_db()
    assert prices(order.lines) == [(5, 12), (2, 3)]
    assert (order.total, order.ordered_on, order.revision, plan.changed) == (66, in_days(0), 1, 1)
    assert order.events.get(kind="priced again").note == "1 price changed"


def test_a_plan_changes_nothing(bolts, rep):
    order = an_order({bolts: 5}, by=rep, ordered_on=in_days(-9))
    dearer(bolts, 12)

    (one,) = plan_prices(sheet_of(order)).lines

    assert (one.differs, one.new.unit_price, one.amount) == (True, 12, 60)
    found = Order.objects.get()
    assert (prices(found.lines), found.ordered_on, found.total) == ([(5, 10)], in_days(-9), 50)


def test_typed_and_quoted_prices_stay_with_what_today_would_ask_unless_they_are_named(bolts, rep):
    nuts, caps = a_product("NUT", price="3"), a_product("CAP", price="2")
    lines = [a_line(bolts, 5, price=9), a_line(nuts, 2, price=1), a_line(caps, 1)]
    order = enter_order(Header(a_customer().pk), lines, by=rep)
    dearer(bolts, 12)

    first, second, third = plan_prices(sheet_of(order)).lines
    assert [(one.new.unit_price, one.today, one.is_kept) for one in (first, second, third)] == [
        (9, 12, True),
        (1, 3, True),
        (2, 2, False),
    ]
    price_order_again(order.pk, shown(order, second.line.pk), by=rep)

    assert prices(order.lines) == [(5, 9), (2, 3), (1, 2)]
    assert [line.price_was_typed for line in order.lines.order_by("position")] == [True, False, False]


def test_what_a_customer_accepted_stays_accepted(bolts, rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 5)], by=rep)
    accept_quote(send_quote(quote.pk, by=rep).pk, Acceptance("M. Kern"), by=rep)
    order = order_from_quote(quote.pk, by=rep)
    dearer(bolts, 12)

    price_order_again(order.pk, shown(order), by=rep)
    line = order.lines.get()
    assert (line.unit_price, line.price_was_quoted) == (10, True)

    price_order_again(order.pk, shown(order, line.pk), by=rep)
    line.refresh_from_db()
    assert (line.unit_price, line.price_was_quoted) == (12, False)


def test_discounts_stay(bolts, rep):
    order = enter_order(Header(a_customer().pk), [a_line(bolts, 10, discount=10)], by=rep)
    dearer(bolts, 20)

    price_order_again(order.pk, shown(order), by=rep)

    assert order.lines.get().amount == 180


def test_an_agreement_that_began_meanwhile_cuts_the_line(bolts, rep):
    customer = a_customer()
    order = an_order({bolts: 50}, customer=customer, by=rep)
    an_agreement(customer, agreed(bolts, 8, maximum=40))

    price_order_again(order.pk, shown(order), by=rep)

    order.refresh_from_db()
    assert prices(order.lines) == [(40, 8), (10, 10)]
    assert order.total == 420


def test_a_draft_of_a_quote_too(bolts, rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(bolts, 5)], by=rep)
    dearer(bolts, 12)

    price_quote_again(quote.pk, shown(quote), by=rep)

    version = quote.versions.get()
    assert (prices(version.lines), version.total) == ([(5, 12)], 60)


def test_what_would_come_out_otherwise_than_shown_is_refused(bolts, rep):
    order = an_order({bolts: 5}, by=rep)
    seen = shown(order)
    dearer(bolts, 12)

    with pytest.raises(Stale, match="would be others than were shown"):
        price_order_again(order.pk, seen, by=rep)

    seen = shown(order)
    edit_order(order.pk, Edit(0, change=[Change(order.lines.get().pk, ordered=6)]), by=rep)
    with pytest.raises(Stale, match=str(rep)):
        price_order_again(order.pk, seen, by=rep)
    assert prices(order.lines)[0][0] == 6


def test_only_drafts(bolts, rep):
    order = submit_order(an_order({bolts: 5}, by=rep).pk, by=rep)

    with pytest.raises(IllegalMove):
        price_order_again(order.pk, shown(order), by=rep)


def test_the_statements_do_not_grow_with_the_lines(rep):
    counts = []
    for many in (2, 20):
        order = an_order(dict.fromkeys([a_product(price="5") for _n in range(many)], 3), by=rep)
        order.lines.update(unit_price=4)
        seen = shown(order)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            price_order_again(order.pk, seen, by=rep)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_today_would_ask_of_prices_of_its_own_takes_no_more_statements(bolts, rep):
    counts = []
    for price in (None, 7):
        order = enter_order(Header(a_customer().pk), [a_line(bolts, 5, price=price)], by=rep)
        sheet = sheet_of(order)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            plan = plan_prices(sheet)
        assert (plan.lines[0].today, plan.lines[0].is_own) == (10, price is not None)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(client, bolts):
    """Return a function that shows or changes the prices of an order of five bolts as somebody with this role."""
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    order = enter_order(
        Header(a_customer(rep=rep).pk, ordered_on=in_days(-9)),
        [a_line(bolts, 5), a_line(a_product("NUT", price="3", cost=1), 2, price=1)],
        by=rep,
    )
    dearer(bolts, 12)
    people = {"Sales rep": rep, "Finance": a_user(groups=[a_group("Finance")], is_staff=True)}
    people["Both"] = a_user(groups=[a_group("Sales rep"), a_group("Finance")], is_staff=True)
    url = reverse("admin:orders_order_prices", args=[order.number])

    def go(role, data=None):
        client.force_login(people[role])
        answer = client.get(url) if data is None else client.post(url, data, follow=True)
        return answer.status_code, re.sub(r"\s+", " ", answer.content.decode())

    go.order = order
    return go


def sealed(page):
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("revision", "seal")}


def test_the_page_shows_old_and_new_and_why_and_changes_it_as_shown(office):
    _status, page = office("Sales rep")
    assert "1 price becomes another" in page
    assert "<s>10.00</s> → 12.00 <small>+20.0 %</small>" in page
    assert "<s>10.00 per C62" not in page  # only the price in its list is another
    assert "Show again as ticked" in page
    assert "12.00 per C62 from 1 on: list BASE" in page
    assert "take today's 3.00 instead" in page
    assert "<s>52.00 EUR</s> → <strong>62.00 EUR</strong> (+10.00 EUR)" in page

    nut = office.order.lines.get(position=2).pk
    _status, page = office("Sales rep", {"again": "1", "release": nut})
    assert "2 prices become others" in page
    _status, page = office("Sales rep", {**sealed(page), "release": nut})

    assert "2 prices changed." in page
    assert prices(office.order.lines) == [(5, 12), (2, 3)]
    assert "Show again as ticked" not in office("Sales rep")[1]  # there is nothing to tick


def test_margins_are_for_those_who_may_see_cost(office):
    assert "Margin" not in office("Sales rep")[1]
    assert "<s>40 %</s> → 50 %" in office("Both")[1]


def test_ticks_that_were_not_shown_are_shown_first(office):
    _status, page = office("Sales rep")

    _status, page = office("Sales rep", {**sealed(page), "release": office.order.lines.get(position=2).pk})

    assert "would be others than were shown" in page
    assert "2 prices become others" in page
    assert prices(office.order.lines) == [(5, 10), (2, 1)]


def test_who_may_not_change_orders_is_refused_and_nonsense_changes_nothing(office):
    assert office("Finance")[0] == 403
    status, _page = office("Sales rep", {"revision": "x", "seal": "y", "release": "z"})
    assert status == 200
    assert prices(office.order.lines)[0] == (5, Decimal(10))
