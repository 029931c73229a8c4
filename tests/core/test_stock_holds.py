"""Quotes that hold stock: how much, until when, against whom, and what becomes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inventory.models import StockLevel, Warehouse
from inventory.status import Scarcity
from oms.company import business_day
from oms.errors import Refused
from oms.verify import verify
from orders.models import HoldPolicy, StockHold
from orders.promising import Question
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Edit, HeaderChange, edit_order
from orders.services.merging import merge_customers
from orders.services.promising import availability
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    revise_quote,
    send_quote,
)
from orders.services.stock_holds import end_lapsed_holds, let_stock_go
from orders.services.submitting import submit_order
from orders.status import HoldEnd, QuoteStatus
from orders.validity import end_of_validity
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_stock,
    a_submitted_order,
    a_user,
    a_warehouse,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts(db):
    return a_product("BOLT-M8", on_hand=100)


def holding(days=5, customer=None):
    """Quotes hold stock so long."""
    return HoldPolicy.objects.create(customer=customer, days=days)


def a_sent_quote(quantities, customer=None, **header):
    customer = customer or a_customer()
    lines = [a_line(product, quantity) for product, quantity in quantities.items()]
    quote = draft_quote(Header(customer.pk, **header), lines, by=None)
    return send_quote(quote.pk, by=None)


def ordered(quote, **only):
    """The order that the customer's acceptance makes of a quote, submitted."""
    if quote.status == QuoteStatus.SENT:
        accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
    order = order_from_quote(quote.pk, by=None, **only)
    return submit_order(order.pk, by=None)


def level_of(product):
    return StockLevel.objects.get(product=product)


def held():
    return list(StockHold.objects.open().values_list("line__product__sku", "quantity"))


def why_ended():
    return list(StockHold.objects.exclude(ended_on=None).values_list("ended_by", flat=True))


def free(product, **about):
    offer = availability([Question(product.pk, 1)], Warehouse.objects.all(), **about)[0].offers[0]
    return offer.stock.free, offer.promisable


def test_without_a_policy_a_quote_holds_nothing(bolts):
    a_sent_quote({bolts: 60})

    assert held() == []
    assert free(bolts) == (100, 100)


def test_a_sent_quote_holds_what_is_free_until_a_day_and_says_so(bolts):
    holding(days=5)

    quote = a_sent_quote({bolts: 60})

    hold = StockHold.objects.get()
    assert (hold.quantity, hold.until) == (60, business_day() + timedelta(days=5))
    assert level_of(bolts).held == 60
    assert free(bolts) == (40, 40)
    assert quote.events.filter(kind="stock held").exists()
    assert verify() == []


def test_a_hold_is_never_longer_than_the_offer(bolts):
    holding(days=90)

    quote = a_sent_quote({bolts: 60})

    assert StockHold.objects.get().until == quote.valid_until


def test_a_customers_own_policy_goes_before_that_of_all(bolts):
    kern, nord = a_customer("KERN"), a_customer("NORD")
    holding(days=5)
    holding(days=None, customer=kern)

    a_sent_quote({bolts: 10}, customer=kern)
    assert held() == []

    a_sent_quote({bolts: 20}, customer=nord)
    assert held() == [("BOLT-M8", 20)]


def test_two_quotes_hold_no_more_than_there_is(bolts):
    holding()
    a_sent_quote({bolts: 70})
    a_sent_quote({bolts: 70})

    assert sorted(held()) == [("BOLT-M8", 30), ("BOLT-M8", 70)]


def test_who_waits_already_does_not_lose_it_to_a_quote(bolts):
    holding()
    order = a_confirmed_order({bolts: 100})
    waiting = a_confirmed_order({bolts: 40})
    cancel_order(order.pk, by=None)  # 100 are free, nobody has served the one who waits yet

    a_sent_quote({bolts: 100})

    assert held() == [("BOLT-M8", 60)]
    serve_backorders()
    assert waiting.lines.get().allocated == 40


def test_what_is_shared_fairly_is_held_for_nobody(bolts):
    holding()
    bolts.allocation = Scarcity.FAIR_SHARE
    bolts.save()

    a_sent_quote({bolts: 60})

    assert held() == []


def test_other_orders_do_not_get_what_a_quote_holds(bolts):
    holding()
    a_sent_quote({bolts: 60})

    other = a_confirmed_order({bolts: 80})
    serve_backorders()

    line = other.lines.get()
    assert (line.allocated, line.open) == (40, 40)


def test_the_hold_becomes_the_allocation_before_those_who_wait(bolts):
    holding()
    quote = a_sent_quote({bolts: 60})
    urgent = a_confirmed_order({bolts: 80}, customer=a_customer(contract_class=1))

    order = ordered(quote)
    confirm_order(order.pk, by=None)
    serve_backorders()

    assert order.lines.get().allocated == 60
    assert urgent.lines.get().allocated == 40
    assert (held(), why_ended(), level_of(bolts).held) == ([], [HoldEnd.ORDERED], 0)
    assert verify() == []


def test_beyond_what_was_held_its_rank_decides(bolts):
    holding()
    quote = a_sent_quote({bolts: 60})
    waiting = a_confirmed_order({bolts: 100})  # gets 40

    order = ordered(quote)
    cancel_order(waiting.pk, by=None)
    other = a_confirmed_order({bolts: 10})
    confirm_order(order.pk, by=None)

    assert (order.lines.get().allocated, other.lines.get().allocated) == (60, 10)


def test_the_order_of_a_quote_sees_its_own_hold_as_free(bolts):
    holding()
    quote = a_sent_quote({bolts: 60})
    order = ordered(quote)

    assert free(bolts, holder=order.quote_version_id) == (100, 100)
    assert free(bolts) == (40, 40)


def test_an_order_that_takes_some_lines_lets_the_others_go(bolts):
    holding()
    nuts = a_product("NUT-M8", on_hand=50)
    quote = a_sent_quote({bolts: 60, nuts: 50})

    ordered(quote, only=frozenset({1}))

    assert held() == [("BOLT-M8", 60)]
    assert why_ended() == [HoldEnd.LEFT_OUT]


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda q: decline_quote(q.pk, "too dear", by=None), HoldEnd.DECLINED),
        (lambda q: cancel_quote(q.pk, by=None), HoldEnd.CANCELLED),
        (lambda q: revise_quote(q.pk, by=None), HoldEnd.REPLACED),
        (lambda q: expire_quotes(end_of_validity(q)), HoldEnd.EXPIRED),
        (lambda q: end_lapsed_holds(q.valid_until + timedelta(days=1)), HoldEnd.LAPSED),
        (lambda q: let_stock_go(q.pk, by=a_user()), HoldEnd.LET_GO),
        (lambda q: cancel_order(ordered(q).pk, by=None), HoldEnd.CANCELLED),
    ],
)
def test_a_hold_ends_with_its_quote(bolts, end, why):
    holding()
    quote = a_sent_quote({bolts: 60})

    end(quote)

    assert (held(), why_ended(), level_of(bolts).held) == ([], [why], 0)
    assert verify() == []


def test_the_last_day_belongs_to_the_hold(bolts):
    holding(days=3)
    a_sent_quote({bolts: 60})
    until = StockHold.objects.get().until

    assert end_lapsed_holds(until) == 0
    assert end_lapsed_holds(until + timedelta(days=1)) == 1
    assert end_lapsed_holds(until + timedelta(days=1)) == 0


def test_a_hold_that_lapsed_gives_no_turn_even_before_the_clock_ends_it(bolts, monkeypatch):
    holding(days=0)
    quote = a_sent_quote({bolts: 60})
    urgent = a_confirmed_order({bolts: 100}, customer=a_customer(contract_class=1))
    order = ordered(quote)
    tomorrow = business_day() + timedelta(days=1)
    monkeypatch.setattr("orders.services.stock_holds.business_day", lambda: tomorrow)

    confirm_order(order.pk, by=None)
    serve_backorders()

    assert why_ended() == [HoldEnd.LAPSED]
    assert (urgent.lines.get().allocated, order.lines.get().allocated) == (100, 0)


def test_the_next_version_holds_anew(bolts):
    holding()
    quote = a_sent_quote({bolts: 60})
    revise_quote(quote.pk, by=None)
    send_quote(quote.pk, by=None)

    assert held() == [("BOLT-M8", 60)]
    assert StockHold.objects.open().get().line.version.number == 2


def test_a_quote_that_holds_nothing_has_nothing_to_let_go(bolts):
    quote = a_sent_quote({bolts: 60})

    with pytest.raises(Refused, match=f"{quote.number} holds no stock"):
        let_stock_go(quote.pk, by=a_user())


def sent_from(order, warehouse):
    """Somebody sends the draft order from another warehouse."""
    return edit_order(
        order.pk, Edit(order.revision, header=HeaderChange(warehouse_id=warehouse.pk)), by=a_boss()
    )


def draft_of(quote):
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None)
    return order_from_quote(quote.pk, by=None)


def held_at():
    return list(StockHold.objects.open().values_list("stock_level__warehouse__code", "quantity"))


@pytest.mark.parametrize(("there", "follows"), [(80, [("SOUTH", 60)]), (25, [("SOUTH", 25)]), (0, [])])
def test_a_hold_follows_its_order_to_another_warehouse_as_far_as_it_is_free_there(bolts, there, follows):
    holding()
    south = a_warehouse("SOUTH")
    if there:
        a_stock(bolts, there, south)
    order = draft_of(a_sent_quote({bolts: 60}))
    until = StockHold.objects.get().until

    sent_from(order, south)

    assert held_at() == follows
    assert why_ended() == [HoldEnd.MOVED]
    assert set(StockHold.objects.values_list("until", flat=True)) == {until}
    assert list(StockLevel.objects.order_by("warehouse__code").values_list("held", flat=True))[-1] == 0
    assert verify() == []


def test_what_followed_is_the_orders_when_it_is_confirmed(bolts):
    holding()
    south = a_warehouse("SOUTH")
    a_stock(bolts, 60, south)
    order = draft_of(a_sent_quote({bolts: 60}))
    sent_from(order, south)
    urgent = a_confirmed_order({bolts: 60}, customer=a_customer(contract_class=1), warehouse_id=south.pk)

    submit_order(order.pk, by=None)
    confirm_order(order.pk, by=None)

    assert (order.lines.get().allocated, urgent.lines.get().allocated) == (60, 0)
    assert verify() == []


def test_a_hold_does_not_take_in_another_warehouse_what_somebody_waits_for(bolts):
    holding()
    south = a_warehouse("SOUTH")
    order = draft_of(a_sent_quote({bolts: 60}))
    waiting = a_confirmed_order({bolts: 40}, warehouse_id=south.pk)
    a_stock(bolts, 50, south)  # nobody was served yet

    sent_from(order, south)

    assert held_at() == [("SOUTH", 10)]
    serve_backorders()
    assert waiting.lines.get().allocated == 40


def test_a_hold_that_lapsed_goes_nowhere(bolts, monkeypatch):
    holding(days=0)
    south = a_warehouse("SOUTH")
    a_stock(bolts, 60, south)
    quote = a_sent_quote({bolts: 60})
    order = draft_of(quote)
    tomorrow = business_day() + timedelta(days=1)
    monkeypatch.setattr("orders.services.stock_holds.business_day", lambda: tomorrow)

    sent_from(order, south)

    assert (held_at(), why_ended()) == ([], [HoldEnd.LAPSED])
    assert not quote.events.filter(kind="stock moved").exists()


def test_a_product_that_is_never_backordered_is_there_for_who_was_quoted(bolts):
    holding()
    bolts.backorder_allowed = False
    bolts.save()
    order = ordered(a_sent_quote({bolts: 100}))

    late = a_submitted_order({bolts: 1})
    with pytest.raises(Refused):
        confirm_order(late.pk, by=None)

    confirm_order(order.pk, by=None)
    assert order.lines.get().allocated == 100


def test_the_statements_of_sending_do_not_grow_with_lines(bolts):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    holding()

    def statements(many, name):
        products = [a_product(f"{name}-{i}", on_hand=10) for i in range(many)]
        quote = draft_quote(Header(a_customer().pk), [a_line(p, 5) for p in products], by=None)
        with CaptureQueriesContext(connection) as seen:
            send_quote(quote.pk, by=None)
        assert StockHold.objects.open().filter(line__version__quote=quote).count() == many
        return len(seen)

    statements(2, "WARM")
    assert statements(2, "FEW") == statements(20, "MANY")


def test_pages_tell_what_is_held_for_whom_and_let_it_go(bolts):
    holding()
    quote = a_sent_quote({bolts: 60}, customer=a_customer("Kern AG"))
    office = Client()
    office.force_login(a_boss())

    card = office.get(reverse("admin:inventory_product_stock", args=[bolts.pk])).content.decode()
    assert "Held by quotes" in card
    assert f"{quote.number}</th>" in card
    assert "<b>40</b>" in card
    page = reverse("admin:orders_quote_change", args=[quote.pk])
    assert "all of it" in office.get(page).content.decode()

    step = reverse("admin:orders_quote_let_stock_go", args=[quote.number])
    office.post(step)
    assert level_of(bolts).held == 0
    assert "Let stock go" not in office.get(page).content.decode()


def test_who_does_not_see_a_quote_sees_only_how_much_quotes_hold(bolts):
    holding()
    quote = a_sent_quote({bolts: 60}, customer=a_customer("Kern AG"))
    office = Client()
    office.force_login(a_user("inventory.view_product", "inventory.view_stocklevel", is_staff=True))

    card = office.get(reverse("admin:inventory_product_stock", args=[bolts.pk])).content.decode()

    assert "other quotes" in card
    assert quote.number not in card
    assert "Kern AG" not in card


@pytest.mark.parametrize(("kept", "gone", "after"), [(None, 7, [7]), (3, 7, [3]), (3, None, [3])])
def test_a_merged_customer_leaves_its_policy_where_there_is_none(kept, gone, after):
    stays, goes = a_customer("Kern AG"), a_customer("Kern A.G.")
    for customer, days in ((stays, kept), (goes, gone)):
        if days is not None:
            holding(days, customer)

    merge_customers(stays.pk, goes.pk, by=a_boss())

    assert list(HoldPolicy.objects.values_list("customer", "days")) == [(stays.pk, days) for days in after]
    assert verify() == []
