"""The pages of the list of orders are the same rows however they are found, and nobody else's."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer
from inventory.models import Warehouse
from oms.admin.paging import CountsUpTo
from orders.admin import paging
from orders.admin.documents import OrderAdmin, QuoteAdmin
from orders.models import Order, Quote
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.status import OrderStatus
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.shared import shared_by_the_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpainted")]
LIST = "/admin/orders/order/"
SORTED_BY = ["", *(f"{way}{n}" for n in (1, 2, 3, 5, 6, 7, 8, 9) for way in ("", "-"))]
STATUSES = [OrderStatus.DRAFT, OrderStatus.SUBMITTED, OrderStatus.COMPLETED]
FILTERS = {
    "status__exact=draft": OrderStatus.DRAFT,
    "waits=confirm": OrderStatus.SUBMITTED,
    "status__exact=completed&q=Theirs": OrderStatus.COMPLETED,
}
MANY = 60
ON_A_PAGE = 3
# How a page is found: the list is short and sorted as a whole, or long and the first of each customer are taken
WAYS = {"as a whole": 1000, "by customer": 0}


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    monkeypatch.setattr(OrderAdmin, "list_per_page", ON_A_PAGE)
    monkeypatch.setattr(QuoteAdmin, "list_per_page", ON_A_PAGE)
    monkeypatch.setattr(CountsUpTo, "most_sorted", WAYS[request.param])
    return request.param


def busy_rep():
    """A rep with customers of many, few and no orders, among those of others; columns have ties and gaps."""
    a_company()
    a_warehouse()
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    theirs = [a_customer(f"Theirs {n}", rep=rep) for n in range(6)]
    others = [a_customer(f"Other {n}") for n in range(3)]
    bolt, chance = a_product(), Random(65)
    orders = [an_order({bolt: 1}, chance.choice([*theirs[:4], *others])) for _n in range(MANY)]
    orders.append(an_order({bolt: 1}, theirs[4]))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for order in orders:
            Order.objects.filter(pk=order.pk).update(
                status=chance.choice(STATUSES),
                total=chance.randint(1, 4),
                customer_po=chance.choice(["", f"PO-{order.customer_id % 3}-{chance.randint(1, 9)}"]),
                status_since=timezone.now() - timedelta(days=chance.randint(0, 3)),
                requested_on=in_days(chance.randint(0, 5)),
                ship_on=chance.choice([None, in_days(chance.randint(0, 3))]),
            )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return rep


rep = shared_by_the_module(busy_rep)


def page_of(client, address: str):
    """Return what a page of a list shows."""
    return client.get(address).context_data["cl"]


def leafed(client, query: str) -> list[int]:
    """Return the keys of all rows of the list, page after page."""
    first = page_of(client, f"{LIST}?{query}")
    others = [page_of(client, f"{LIST}?{query}&p={number}") for number in first.paginator.page_range[1:]]
    assert all(len(page.result_list) <= ON_A_PAGE for page in (first, *others))
    return [order.pk for page in (first, *others) for order in page.result_list]


def sorted_plainly(client, rows, query: str) -> list[int]:
    """Return the same rows in the order that the list names, without pages."""
    order = page_of(client, f"{LIST}?{query}").queryset.query.order_by
    return list(rows.order_by(*order).values_list("pk", flat=True))


def test_leafing_shows_each_own_order_once_and_in_its_order(client, rep, way):
    client.force_login(rep)
    mine = Order.objects.filter(customer__rep=rep)

    for column in SORTED_BY:
        assert leafed(client, f"o={column}") == sorted_plainly(client, mine, f"o={column}"), column
    assert mine.count() > 4 * ON_A_PAGE


def test_so_it_does_when_it_is_filtered(client, rep, way):
    client.force_login(rep)

    for asked, status in FILTERS.items():
        mine = Order.objects.filter(customer__rep=rep, status=status)
        for column in ("", "-8", "7", "2"):
            query = f"o={column}&{asked}"
            assert leafed(client, query) == sorted_plainly(client, mine, query), query
        assert mine.count() > ON_A_PAGE


def test_so_it_does_beyond_the_first_pages(client, rep, way, monkeypatch):
    monkeypatch.setattr(paging, "NEAR", ON_A_PAGE)
    client.force_login(rep)

    mine = Order.objects.filter(customer__rep=rep)
    assert leafed(client, "o=8") == sorted_plainly(client, mine, "o=8")


def test_who_sees_all_or_what_a_warehouse_ships_leafs_through_just_that(client, rep, way):
    operator = a_user(groups=[a_group("Warehouse operator")], is_staff=True)
    Warehouse.objects.get().members.add(operator)
    ended = Order.objects.filter(status=OrderStatus.COMPLETED)

    for user, seen in ((a_boss(), Order.objects.all()), (operator, ended)):
        client.force_login(user)
        assert leafed(client, "o=7") == sorted_plainly(client, seen, "o=7")


def test_who_has_no_customers_sees_an_empty_list(client, rep, way):
    client.force_login(a_user(groups=[a_group("Sales rep")], is_staff=True))

    assert list(page_of(client, LIST).result_list) == []


def test_a_rep_leafs_through_the_own_quotes(client, rep, way):
    bolt = a_product()
    for customer in Customer.objects.order_by("pk"):
        for _n in range(2):
            draft_quote(Header(customer.pk), [a_line(bolt, 1)], by=rep)
    mine = sorted(Quote.objects.filter(customer__rep=rep).values_list("pk", flat=True))
    client.force_login(rep)

    for column in (f"{way}{n}" for n in range(1, len(QuoteAdmin.list_display) + 1) for way in ("", "-")):
        pages = [page_of(client, f"/admin/orders/quote/?o={column}&p={n}") for n in range(1, 5)]
        assert sorted(quote.pk for page in pages for quote in page.result_list) == mine, column
