"""A customer on one page: who they are, what is open, and what they bought at which price."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact
from customers.services.handing_over import HandOver, hand_over_customers
from oms.access import setup_roles
from orders.models import InternalNote
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header
from orders.services.merging import merge_customers
from orders.services.purchases import PAGE, purchases_of
from orders.services.quoting import draft_quote
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
    setup_roles()
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
