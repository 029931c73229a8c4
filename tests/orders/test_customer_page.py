"""A customer on one page: who they are, what is open, and what they bought at which price."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact
from customers.services.handing_over import HandOver, hand_over_customers
from orders.models import InternalNote, Order, QuoteLine
from orders.services.answering import make_link
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header
from orders.services.following import make_order_link
from orders.services.merging import merge_customers
from orders.services.purchases import PAGE, purchases_of
from orders.services.quoting import draft_quote, send_quote
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_part_number,
    a_price,
    a_price_list,
    a_product,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db):
    a_company(zone="UTC")
    a_warehouse()


@pytest.fixture
def kern():
    return a_customer("Kern AG", code="C1", phone="+49 40 5550 1")


def a_person(role):
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True)


def page_of(customer):
    return reverse("admin:orders_customer_page", args=[customer.pk])


def test_a_product_stands_with_its_last_price_how_often_and_how_much(kern):
    bolts = a_product("BOLT", price="10")
    a_part_number(kern, "K-1", bolts)
    for day, ordered in [("2026-03-01", 5), ("2026-01-01", 7), ("2026-02-01", 5)]:
        last = a_confirmed_order({bolts: ordered}, customer=kern, ordered_on=date.fromisoformat(day))
    a_price(bolts, "8", price_list=a_price_list("KERN", customer=kern))

    (row,) = purchases_of(kern).rows

    one = row.bought
    assert (one.sku, one.their_number, one.times, one.usual_written) == ("BOLT", "K-1", 3, "5")
    assert (one.price, one.on) == (Decimal(10), date(2026, 3, 1))
    assert one.order != last.number
    assert (row.today, row.why) == (Decimal(8), "list KERN, for: customer")


def test_only_what_was_really_bought_counts(kern):
    bolts = a_product("BOLT")
    an_order({bolts: 5}, customer=kern)
    cancel_order(a_confirmed_order({bolts: 5}, customer=kern).pk, by=None)
    a_confirmed_order({bolts: 5}, customer=a_customer())

    assert purchases_of(kern).rows == []


def test_what_no_list_prices_today_says_so(kern):
    bolts = a_product("BOLT")
    a_confirmed_order({bolts: 5}, customer=kern)
    bolts.prices.all().delete()

    (row,) = purchases_of(kern).rows

    assert (row.today, row.why) == (None, "no list has a price")


@pytest.mark.parametrize(
    ("text", "found"), [("bo", "BOLT"), ("k-1", "NUT"), ("product nu", "NUT"), ("x%", "")]
)
def test_products_are_filtered_by_sku_their_number_and_name(kern, text, found):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    a_part_number(kern, "K-1", nuts)
    a_confirmed_order({bolts: 5, nuts: 1}, customer=kern)

    assert [row.bought.sku for row in purchases_of(kern, text=text).rows] == ([found] if found else [])


def test_many_products_stand_on_pages(kern):
    products = [a_product() for _ in range(PAGE + 2)]
    a_confirmed_order(dict.fromkeys(products, 1), customer=kern)

    first, second, beyond = (purchases_of(kern, page=n) for n in (1, 2, 3))

    assert (len(first.rows), first.of, first.has_more) == (PAGE, PAGE + 2, True)
    assert (len(second.rows), second.has_more) == (2, False)
    assert beyond.rows == []
    shown = {row.bought.sku for row in [*first.rows, *second.rows]}
    assert shown == {product.sku for product in products}


# --- the page --------------------------------------------------------------------------------------------------------


def test_a_rep_sees_everything_about_an_own_customer(client, kern):
    rep, bolts = a_person("Sales rep"), a_product("BOLT")
    hand_over_customers([kern.pk], HandOver("new region", rep=rep), by=a_boss())
    Contact.objects.create(customer=kern, name="Mara Kern", role="approver", phone="+49 40 5550 2")
    a_customer("Kern West", parent=kern, rep=rep)
    done = a_confirmed_order({bolts: 5}, customer=kern)
    quote = draft_quote(Header(kern.pk), [a_line(bolts, 1)], by=rep)
    InternalNote.objects.create(order=done, text="asks for Friday", by=rep)
    client.force_login(rep)

    shown = client.get(page_of(kern)).content.decode()

    told = [
        "tel:+49 40 5550 1", "Mara Kern", "approver", "tel:+49 40 5550 2", "Kern West", "Hafenstr. 1", "30 days",
        done.number, quote.number, "asks for Friday", "new region", "list BASE, for: everyone",
    ]  # fmt: skip
    assert [words for words in told if words not in shown] == []


def test_somebody_elses_customer_is_not_there(client, kern):
    client.force_login(a_person("Sales rep"))

    assert client.get(page_of(kern)).status_code == 404


def test_an_old_number_leads_to_the_customer_that_is_kept(client, kern):
    gone = a_customer("Kern A.G.")
    merge_customers(kern.pk, gone.pk, by=None)
    client.force_login(a_boss())

    assert client.get(page_of(gone)).url == page_of(kern)


def test_nothing_found_says_for_what(client, kern):
    a_confirmed_order({a_product("BOLT"): 5}, customer=kern)
    client.force_login(a_boss())

    shown = client.get(page_of(kern), {"q": "NUT<", "page": "zwei"}).content.decode()

    assert "They have bought nothing like “NUT&lt;”." in shown


@pytest.mark.parametrize("many", [2, 30])
def test_the_statements_do_not_grow_with_the_history(client, kern, many):
    products = [a_product() for _ in range(many)]
    for _ in range(many // 2):
        an_order({products[0]: 1}, customer=kern)
    a_confirmed_order(dict.fromkeys(products, 1), customer=kern)
    for n in range(many):
        Contact.objects.create(customer=kern, name=f"Person {n}")
    client.force_login(a_boss())
    client.get(page_of(kern))

    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(kern))

    assert len(asked) == 20


# --- what begins here, and what stands on the other parts -----------------------------------------------------------


def begin(client, customer, kind="order", **posted):
    operation = str(uuid.uuid4())
    data = {"operation": operation, "customer": customer.pk, **posted}
    return client.post(reverse(f"admin:orders_{kind}_pad"), data)


def told(lines):
    return list(lines.order_by("position").values_list("product__sku", "ordered"))


def test_what_is_ticked_and_the_last_order_open_a_pad_at_todays_prices(client, kern):
    bolts, nuts, old = a_product("BOLT", price="10"), a_product("NUT"), a_product("OLD")
    a_confirmed_order({bolts: 5, nuts: 3, old: 1}, customer=kern)
    type(old).objects.filter(pk=old.pk).update(status="discontinued")
    client.force_login(a_boss())
    a_price(bolts, "8", price_list=a_price_list("KERN", customer=kern))
    shown = client.get(page_of(kern)).content.decode()
    ticks = re.findall(r'name="ticked" value="([0-9:]+)"', shown)
    assert len(ticks) == 2
    assert "no longer sold" in shown

    for kind, lines in (
        ("order", lambda: Order.objects.latest("pk").lines),
        ("quote", QuoteLine.objects.all),
    ):
        answer = begin(client, kern, kind, ticked=ticks)
        assert answer.url.endswith("/pad/")
        assert told(lines()) == [("BOLT", 5), ("NUT", 3)]
        assert lines().get(product=bolts).unit_price == 8
    begin(client, kern, again="1")
    assert told(Order.objects.latest("pk").lines) == [("BOLT", 5), ("NUT", 3), ("OLD", 1)]


def test_only_what_was_bought_begins_a_draft_and_only_for_own_customers(client, kern):
    unit = a_product("BOLT").units.get()
    rep = a_person("Sales rep")
    client.force_login(rep)
    assert begin(client, kern, ticked=f"{unit.pk}:5").status_code == 404
    hand_over_customers([kern.pk], HandOver("new region", rep=rep), by=a_boss())

    for wrong in ("x", "1", "1:", "1:-2", f"{unit.pk}:0x5", f"{unit.pk}:{'9' * 16}"):
        assert begin(client, kern, ticked=wrong).status_code == 400
    assert begin(client, kern, ticked=f"{unit.pk}:0").status_code == 400
    assert begin(client, kern, ticked="987654:5").status_code == 302
    assert begin(client, kern, again="1").status_code == 302
    assert [order.lines.count() for order in Order.objects.all()] == [0, 0]


def test_each_part_costs_the_same_statements_and_is_for_who_may_see_it(client, kern):
    rep = a_person("Sales rep")
    hand_over_customers([kern.pk], HandOver("new region", rep=rep), by=a_boss())
    bolts, counts = a_product("BOLT"), []
    for many in (1, 6):
        for _ in range(many):
            order = a_confirmed_order({bolts: 5}, customer=kern, by=rep)
            make_order_link(order.pk, by=rep)
            quote = draft_quote(Header(kern.pk), [a_line(bolts, 1)], by=rep)
            send_quote(quote.pk, by=rep)
            make_link(quote.pk, by=rep)
        client.force_login(rep)
        counts.append([_statements(client, kern, tab) for tab in ("orders", "quotes", "prices", "links")])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 16
    shown = {
        tab: client.get(page_of(kern), {"tab": tab}).content.decode() for tab in ("orders", "quotes", "links")
    }
    assert order.number in shown["orders"]
    assert quote.number in shown["quotes"]
    assert {f"{quote.number} v1</a>", f"{order.number}</a>"} <= set(
        re.findall(r"[QS]O?-[^<]*</a>", shown["links"])
    )
    client.force_login(a_person("Buyer"))
    assert client.get(page_of(kern), {"tab": "links"}).status_code in (403, 404)


def _statements(client, customer, tab):
    client.get(page_of(customer), {"tab": tab})
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page_of(customer), {"tab": tab}).status_code == 200
    return len(asked)
