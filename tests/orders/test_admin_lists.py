"""The lists of quotes, orders, holds, approvals and announcements: who sees what, how dear, and bulk steps."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from unfold.templatetags import unfold_list
from unfold.widgets import UnfoldBooleanWidget

from customers.models import Customer
from orders.models import ApprovalRequest, Hold, Order, OrderDelivery
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.services.submitting import submit_order
from orders.status import OrderStatus, RuleFact
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.promising.house import ships_on

pytestmark = pytest.mark.django_db

LISTS = ["order", "quote", "hold", "approvalrequest", "approvalrule", "orderdelivery", "quotedelivery"]


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


def someone(role):
    return a_user(groups=[a_group(role)], is_staff=True)


def list_of(name, **query):
    return reverse(f"admin:orders_{name}_changelist", query=query)


def choose(client, orders, action, **more):
    data = {"action": action, "_selected_action": [order.pk for order in orders], **more}
    return client.post(list_of("order"), data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_empty_and_with_garbage_in_its_address(client, name):
    client.force_login(a_boss())

    for query in (
        {},
        {"q": "x' OR 1=1 --%_\\"},
        {"p": "-1"},
        {"p": "abc"},
        {"o": "99"},
        {"waits": "x"},
        {"status__exact": "x"},
    ):
        assert client.get(list_of(name, **query)).status_code in (200, 302, 400)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_deleted_by_a_list(client, name):
    client.force_login(a_boss())
    order = an_order({a_product(): 1})

    client.post(list_of(name), {"action": "delete_selected", "_selected_action": [order.pk], "post": "yes"})

    assert Order.objects.filter(pk=order.pk).exists()


def test_a_rep_sees_the_orders_of_own_customers_only(client):
    rep = someone("Sales rep")
    mine, other = (
        an_order({a_product(): 1}, a_customer("Mine", rep=rep)),
        an_order({a_product(): 1}, a_customer("Other")),
    )
    client.force_login(rep)

    page = client.get(list_of("order")).content.decode()

    assert mine.number in page
    assert other.number not in page


def test_who_sees_orders_for_the_warehouse_sees_no_prices(client, house):
    operator = someone("Warehouse operator")
    house.members.add(operator)
    order = a_confirmed_order({a_product(price="77.31"): 1})
    client.force_login(operator)

    page = client.get(list_of("order")).content.decode()
    own = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    assert order.number in page
    assert order.number in own
    assert "77.31" not in page + own


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("SO-", True),
        ("KRN", True),
        ("so-", True),
        ("kern", True),
        ("4500-77", True),
        ("4500", False),
        ("x", False),
    ],
)
def test_orders_are_found_by_number_customer_or_po_number(client, term, found):
    order = an_order({a_product(): 1}, a_customer("Kern AG"), customer_po="4500-77")
    Customer.objects.update(code="KRN")
    client.force_login(a_boss())

    page = client.get(list_of("order", q=term)).content.decode()

    assert (order.number in page) is found


def test_orders_that_wait_are_found_by_why(client):
    short, free = a_product(), a_product(on_hand=9)
    waits, ready = a_confirmed_order({short: 1}), a_confirmed_order({free: 1})
    client.force_login(a_boss())

    page = client.get(list_of("order", waits="short")).content.decode()

    assert waits.number in page
    assert ready.number not in page


def test_orders_are_listed_by_the_day_they_are_promised_to_leave(client):
    bolts = a_product(on_hand=9)
    soon, late, never = (a_confirmed_order({bolts: 1}) for _ in range(3))
    for order, day in ((soon, 3), (late, 8), (never, None)):
        ships_on(order, day and in_days(day))
    client.force_login(a_boss())

    first = client.get(list_of("order"))
    column = first.context["cl"].list_display.index("leaves_on")
    with CaptureQueriesContext(connection) as found:
        answer = client.get(list_of("order", o=str(column)))
    plain = CaptureQueriesContext(connection)
    with plain:
        client.get(list_of("order"))

    assert [order.pk for order in answer.context["cl"].result_list] == [soon.pk, late.pk, never.pk]
    assert len(found) == len(plain)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = Order.objects.order_by("ship_on", "pk")[:20].explain()
    assert "orders_by_promised_day" in plan


def test_parked_announcements_are_found(client):
    an_order({a_product(): 1})
    OrderDelivery.objects.update(parked_at="2026-01-01T00:00Z", error="mailbox full")
    client.force_login(a_boss())

    assert "mailbox full" in client.get(list_of("orderdelivery", state="parked")).content.decode()
    assert "mailbox full" not in client.get(list_of("orderdelivery", state="sent")).content.decode()


def test_the_margin_in_a_reason_is_shown_to_those_who_may_see_cost_only(client):
    managers = a_group("Sales manager")
    a_rule(fact=RuleFact.MARGIN_BELOW, threshold=50, approvers=managers)
    rep, manager = someone("Sales rep"), someone("Finance")
    customer = a_customer(rep=rep)
    order = an_order({a_product(price=10, cost=8): 1}, customer, by=rep)
    submit_order(order.pk, by=rep)
    hold = Hold.objects.get()

    for user, seen in ((rep, False), (manager, True)):
        client.force_login(user)
        pages = [
            list_of("hold"),
            list_of("approvalrequest"),
            reverse("admin:orders_hold_change", args=[hold.pk]),
            reverse("admin:orders_hold_history", args=[hold.pk]),
            reverse("admin:orders_approvalrequest_change", args=[ApprovalRequest.objects.get().pk]),
            reverse("admin:orders_order_change", args=[order.pk]),
        ]
        shown = ["margin of 20" in client.get(page, follow=True).content.decode() for page in pages]
        assert shown == [seen] * 6


def test_selected_orders_are_submitted_and_confirmed_each_on_its_own(client):
    boss = a_boss()
    good, empty = an_order({a_product(on_hand=5): 1}, by=boss), an_order({}, by=boss)
    client.force_login(boss)

    response = choose(client, [good, empty], "submit")
    assert any(good.number in text for text in told(response))
    assert any(empty.number in text and "not complete" in text for text in told(response))

    choose(client, [good], "confirm")
    good.refresh_from_db()
    empty.refresh_from_db()
    assert (good.status, empty.status) == (OrderStatus.CONFIRMED, OrderStatus.DRAFT)


def test_cancelling_selected_orders_asks_first(client):
    orders = [an_order({a_product(): 1}) for _ in range(2)]
    client.force_login(a_boss())

    assert "no way back" in choose(client, orders, "cancel").content.decode()
    assert Order.objects.filter(status=OrderStatus.DRAFT).count() == 2

    choose(client, orders, "cancel", sure="yes", reason="customer moved")
    assert Order.objects.filter(status=OrderStatus.CANCELLED).count() == 2
    assert orders[0].events.last().note == "customer moved"


def test_a_bulk_step_reaches_visible_orders_only(client):
    rep = someone("Sales rep")
    other = an_order({a_product(on_hand=3): 1})
    client.force_login(rep)

    choose(client, [other], "submit")

    other.refresh_from_db()
    assert other.status == OrderStatus.DRAFT


def test_a_bulk_step_needs_its_right(client):
    viewer = a_user("orders.view_order", "customers.view_all_customers", is_staff=True)
    order = an_order({a_product(): 1})
    client.force_login(viewer)

    choose(client, [order], "submit")

    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT


@pytest.mark.parametrize("chosen", [["abc"], [str(2**70)], ["-1"], ["1 OR 1"], [""], ["٣"], []])
def test_garbage_in_a_selection_selects_nothing(client, chosen):
    client.force_login(a_boss())
    order = an_order({a_product(): 1})

    response = client.post(list_of("order"), {"action": "submit", "_selected_action": chosen})

    assert response.status_code in (200, 302)
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT


def test_adding_goes_to_the_pad(client):
    client.force_login(a_boss())

    for kind in ("order", "quote"):
        assert client.get(reverse(f"admin:orders_{kind}_add")).url == reverse(f"admin:orders_{kind}_pad")


def rows_for_every_list(n):
    boss, managers = a_boss(), a_group()
    a_rule(threshold=1, approvers=managers)
    customer, product = a_customer(), a_product()
    for _ in range(n):
        submit_order(an_order({product: 1}, customer, by=boss).pk, by=boss)
        draft_quote(Header(customer.pk), [a_line(product, 1)], by=boss)


def test_a_list_costs_the_same_for_few_and_many_rows(client):
    client.force_login(a_boss())

    def statements(name):
        client.get(list_of(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_of(name)).status_code == 200
        return len(queries)

    rows_for_every_list(2)
    few = {name: statements(name) for name in LISTS}
    rows_for_every_list(20)
    assert {name: statements(name) for name in LISTS} == few
    assert max(few.values()) <= 20


def boxes_drawn(client, monkeypatch) -> int:
    """Return how often a page of three orders draws the box in the headers that ticks all rows."""
    drawn = []

    class Box(UnfoldBooleanWidget):
        def render(self, *args, **kwargs):
            drawn.append(args)
            return super().render(*args, **kwargs)

    monkeypatch.setattr(unfold_list, "UnfoldBooleanWidget", Box)
    client.force_login(a_boss())
    assert client.get(reverse("admin:orders_order_changelist")).content.count(b"action-select") >= 3
    return len(drawn)


def test_the_headers_of_a_list_are_drawn_once(client, monkeypatch):
    for _n in range(3):
        an_order({a_product(): 1})

    assert boxes_drawn(client, monkeypatch) == 1

    theirs = unfold_list.result_headers.__closure__[0].cell_contents  # the control: as the theme does it
    monkeypatch.setattr(unfold_list, "result_headers", theirs)
    assert boxes_drawn(client, monkeypatch) == 1 + 3


def test_numbers_count_up_where_their_texts_would_not(client):
    orders = [an_order({a_product(): 1}) for _n in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for order, number in zip(orders, ("SO-9999", "SO-10000"), strict=True):
            Order.objects.filter(pk=order.pk).update(number=number)
    client.force_login(a_boss())

    shown = [order.number for order in client.get(list_of("order", o=1)).context["cl"].result_list]

    assert shown == ["SO-9999", "SO-10000"]


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-01-01T00:00:00+17:00", 200),
        ("2026-01-01T00:00:00-23:59", 200),
        ("0001-01-01T00:00:00+23:59", 302),
        ("9999-12-31T23:59:00-23:59", 302),
    ],
)
def test_a_list_is_filtered_by_a_moment_of_any_zone(admin_client, moment, status):
    url = reverse("admin:fulfillment_shipmentdelivery_changelist")

    for name, value in (("sent_at", moment), ("sent_at__gte", moment), ("sent_at__in", f"{moment},{moment}")):
        assert admin_client.get(url, {name: value}).status_code == status, name
