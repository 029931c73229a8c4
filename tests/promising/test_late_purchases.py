"""A purchase shows which promises it breaks, an order its ledger and what it waits for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from inventory.models import PurchaseOrder
from inventory.services.suppliers_answers import redate_purchase_lines
from orders.services.watching import watch_promises
from orders.status import OrderStatus
from orders.waiting import Situation, order_waits_for
from tests.builders import a_boss, a_company, a_confirmed_order, a_product, a_user, a_warehouse, in_days
from tests.promising.house import on_its_way

pytestmark = pytest.mark.django_db

LIST = "/admin/inventory/purchaseorder/"


@pytest.fixture
def north():
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0)


@pytest.fixture
def boss(client):
    boss = a_boss()
    client.force_login(boss)
    return boss


@pytest.fixture
def late(north, boss):
    """A purchase that comes four days later than two orders were promised."""
    bolts = a_product("BOLT")
    line = on_its_way(bolts, north, 20, in_days(3))
    line.orders = [a_confirmed_order({bolts: 10}, by=boss), a_confirmed_order({bolts: 5}, by=boss)]
    redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(7)}, by=None, reason="a strike")
    return line


def shown(client, document):
    name = document._meta.model_name
    return client.get(reverse(f"admin:{document._meta.app_label}_{name}_change", args=[document.pk]))


def test_a_purchase_names_the_orders_it_breaks_before_they_are_late(client, late):
    page = shown(client, late.purchase_order)

    (panel,) = page.context["panels"]
    assert (panel.rows.broken, panel.rows.orders, panel.rows.most_days, panel.rows.first) == (
        2,
        2,
        4,
        in_days(4),
    )
    assert [(row.line.order, row.waits.days_late) for row in panel.rows.rows] == [
        (order, 4) for order in late.orders
    ]
    assert "2 promises will break" in page.content.decode()


def test_a_purchase_in_time_says_that_all_are_kept(client, north, boss):
    bolts = a_product("BOLT")
    purchase = on_its_way(bolts, north, 20, in_days(3)).purchase_order
    assert "No order waits for what it brings." in shown(client, purchase).content.decode()
    a_confirmed_order({bolts: 10})

    assert "1 line waits for it and leaves in time." in shown(client, purchase).content.decode()


@pytest.mark.parametrize("more", [[], ["orders.view_order"]])
def test_who_sees_no_order_is_told_how_many_break_but_not_which(late, more):
    client = Client()
    client.force_login(a_user("inventory.view_purchaseorder", *more, is_staff=True))

    page = shown(client, late.purchase_order).content.decode()

    assert "2 promises will break" in page
    assert "2 lines belong to orders you do not see." in page
    assert not any(order.number in page for order in late.orders)


def test_the_list_of_purchases_counts_what_each_breaks_in_as_many_statements_for_all(client, late, north):
    def statements():
        with CaptureQueriesContext(connection) as found:
            page = client.get(LIST)
        assert {order.number: order.said for order in page.context["cl"].result_list}[
            late.purchase_order.number
        ] == "2"
        return len(found)

    few = statements()
    for n in range(5):
        product = a_product(f"NUT-{n}")
        line = on_its_way(product, north, 5, in_days(3))
        a_confirmed_order({product: 5})
        redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(9)}, by=None, reason="a strike")

    assert statements() == few
    assert PurchaseOrder.objects.count() == 6


def test_an_order_tells_what_will_break_and_every_change_with_its_cause(client, late):
    order = late.orders[0]
    watch_promises()

    page = shown(client, order)

    number, day = late.purchase_order.number, date_format(in_days(8))
    assert page.context["waiting"].cause == (
        f"1 line waits for stock: BOLT; 1 promise will break: it leaves on {day}, 4 days late"
    )
    assert [row.promise.cause for row in page.context["promises"]] == ["redated", "confirmed"]
    assert "what it waits for comes on another day" in page.content.decode()
    assert number in page.content.decode()
    assert [offer.step.name for offer in page.context["offers"]].count("promise_again") == 1


def test_telling_other_days_takes_a_reason_and_the_right(client, late):
    order = late.orders[0]
    address = reverse("admin:orders_order_promise_again", args=[order.number])
    stranger = Client()
    stranger.force_login(a_user("orders.view_order", "customers.view_all_customers", is_staff=True))

    assert stranger.post(address, {"reason": "a strike"}).status_code == 403
    client.post(address, {"reason": ""})
    assert order.promises.count() == 1

    client.post(address, {"reason": "a strike"})
    assert order.promises.last().note == "a strike"
    page = shown(client, order)
    assert "promise_again" not in [offer.step.name for offer in page.context["offers"]]
    assert f"leaves on {date_format(in_days(8))} at the latest, as promised" in page.context["waiting"].cause


def test_the_sentence_counts_the_promises_that_break():
    about = Situation(
        OrderStatus.CONFIRMED,
        None,
        lines=3,
        backordered=2,
        short=["A", "B"],
        breaking=2,
        late_days=5,
        leaves_on=in_days(9),
    )

    assert order_waits_for(about).cause == (
        f"2 lines wait for stock: A, B; 2 promises will break: the last leaves on {date_format(in_days(9))}, "
        "up to 5 days late"
    )
