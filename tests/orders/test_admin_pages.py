"""The pages of orders and quotes: what they say, which steps they offer, and what a posted step does."""

import re
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from fulfillment.models import Carrier
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.services.tracking import deliver_shipment, record_tracking_numbers
from oms.models import Company
from orders.models import ApprovalRequest, Order, Quote
from orders.services.approving import decide
from orders.services.capturing import Header
from orders.services.confirming import confirm_order
from orders.services.quoting import draft_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import OrderStatus, QuoteStatus, Verdict
from orders.views.steps import ORDER_STEPS, QUOTE_STEPS
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_long_order,
    a_product,
    a_rule,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_transfer,
    a_user,
    a_warehouse,
    all_packed,
    an_order,
    in_days,
    on_the_way,
)
from tests.promising.house import on_its_way, ordered

pytestmark = pytest.mark.django_db

GARBAGE = ["", "\x00", "a" * 5000, "\u202e", "2**70", "<script>"]


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss(client):
    boss = a_boss()
    client.force_login(boss)
    return boss


def someone(role):
    return a_user(groups=[a_group(role)], is_staff=True)


def page_of(document):
    kind = "order" if isinstance(document, Order) else "quote"
    return reverse(f"admin:orders_{kind}_change", args=[document.pk])


def step(document, name):
    kind = "order" if isinstance(document, Order) else "quote"
    return reverse(f"admin:orders_{kind}_{name}", args=[document.number])


def shown(client, document):
    return " ".join(client.get(page_of(document)).content.decode().split())


def told(response):
    return " ".join(str(message) for message in response.context["messages"])


def a_quote(by=None, **header):
    return draft_quote(Header(a_customer().pk, **header), [a_line(a_product(on_hand=9), 2)], by=by)


def a_sent_quote(by, customer, **header):
    quote = draft_quote(Header(customer.pk, **header), [a_line(a_product(), 2)], by=by)
    return send_quote(quote.pk, by=by)


def test_an_order_says_what_it_waits_for_and_offers_the_next_step(client, boss):
    order = an_order({a_product("V-220"): 2}, by=boss)

    page = shown(client, order)

    assert "Waits for sales:" in page
    assert 'aria-current="step"' in page
    assert f'action="{step(order, "submit")}"' in page
    assert "V-220" in page


def test_a_step_that_waits_for_somebody_stays_visible_with_what_it_needs(client):
    rep, managers = someone("Sales rep"), a_group("Sales manager")
    a_rule(threshold=1, approvers=managers)
    order = an_order({a_product(): 2}, a_customer(rep=rep), by=rep)
    submit_order(order.pk, by=rep)
    client.force_login(rep)

    page = shown(client, order)

    assert "disabled" in page
    assert "needs Sales manager: total 20" in page
    assert f'action="{step(order, "confirm")}"' not in page


def test_a_step_without_the_right_stays_visible_with_what_it_needs(client, house):
    operator = someone("Warehouse operator")
    house.members.add(operator)
    order = a_confirmed_order({a_product(): 1})
    client.force_login(operator)

    page = shown(client, order)

    assert "needs the right to cancel orders" in page
    assert step(order, "cancel") not in page


def test_an_order_goes_through_its_steps_by_buttons(client, boss):
    order = an_order({a_product(on_hand=5): 2}, by=boss)

    for name, status in [
        ("submit", OrderStatus.SUBMITTED),
        ("take_back", OrderStatus.DRAFT),
        ("submit", OrderStatus.SUBMITTED),
        ("confirm", OrderStatus.CONFIRMED),
        ("cancel", OrderStatus.CANCELLED),
    ]:
        response = client.post(step(order, name), {"reason": "because"}, follow=True)
        order.refresh_from_db()
        assert order.status == status
        assert order.number in told(response)


def test_an_order_names_only_deliveries_that_come_to_its_warehouse(client, boss, house):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    order = a_confirmed_order({bolts: 2, nuts: 2}, by=boss)
    on_its_way(nuts, house, 5, in_days(9))
    on_its_way(bolts, a_warehouse("FAR"), 5, in_days(3))

    page = shown(client, order)

    assert "nothing is on its way for BOLT; buy it" in page
    assert f"expected on {date_format(in_days(9))}" in page
    assert date_format(in_days(3)) not in page


def test_a_delivery_whose_day_has_passed_is_late_and_a_confirmed_day_counts(client, boss, house):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    order = a_confirmed_order({bolts: 2, nuts: 2}, by=boss)
    ordered(bolts, house, 5, in_days(-3))
    put_off = on_its_way(nuts, house, 5, in_days(-2))
    put_off.confirmed_on = in_days(6)
    put_off.save(update_fields=["confirmed_on"])

    page = shown(client, order)

    assert f"a delivery is late, was due on {date_format(in_days(-3))}" in page
    assert f"expected on {date_format(in_days(6))}" in page
    assert "nothing is on its way" not in page


def test_a_transfer_on_the_way_to_the_lines_warehouse_is_a_delivery_too(client, boss, house):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    far = a_warehouse("FAR")
    for product in (bolts, nuts):
        a_stock(product, 5, far)
    order = a_confirmed_order({bolts: 2, nuts: 2}, by=boss)
    on_its_way(bolts, house, 5, in_days(9))
    on_the_way({bolts: 3}, far, house, arrives=4)
    a_transfer({nuts: 3}, far, house, arrives=6)

    page = shown(client, order)

    assert "nothing is on its way" not in page
    assert f"the next delivery is expected on {date_format(in_days(6))}" in page
    assert f"expected on {date_format(in_days(9))}" not in page


def test_an_order_just_released_names_its_backorder(client, boss, house):
    bolts, nuts = a_product("BOLT", on_hand=2), a_product("NUT")
    shipment = a_shipment({bolts: 2, nuts: 2}, by=boss)

    page = shown(client, shipment.order)

    assert "Waits for the warehouse and purchasing:" in page
    assert "it is being picked or packed; 1 line waits for stock: NUT" in page
    assert "Next: ship it; nothing is on its way for NUT; buy it." in page


def test_who_may_cancel_in_the_warehouse_finds_the_way_there(client, boss, house):
    shipment = a_shipment({a_product(on_hand=2): 2}, by=boss)
    there = reverse("admin:fulfillment_shipment_cancel_order", args=[shipment.order_id])
    supervisor = someone("Warehouse supervisor")
    house.members.add(supervisor)

    assert there in shown(client, shipment.order)
    client.force_login(supervisor)
    assert there in shown(client, shipment.order)
    assert client.get(there).status_code == 200
    client.force_login(a_user("orders.view_order", "customers.view_all_customers", is_staff=True))
    assert there not in shown(client, shipment.order)


def test_an_order_that_no_warehouse_works_on_is_not_cancelled_there(client, boss):
    order = a_confirmed_order({a_product(on_hand=2): 2}, by=boss)

    assert "Cancel in the warehouse" not in shown(client, order)


def test_a_customer_who_requires_a_po_number_accepts_with_one(client, boss):
    quote = a_sent_quote(boss, a_customer("Kern AG", po_required=True))

    assert 'name="customer_po" maxlength="60" required' in shown(client, quote)
    refused = client.post(step(quote, "accept"), {"name": "M. Kern", "customer_po": " "}, follow=True)
    quote.refresh_from_db()
    assert "Kern AG requires one; ask for it and enter it." in told(refused)
    assert quote.status == QuoteStatus.SENT

    client.post(step(quote, "accept"), {"name": "M. Kern", "customer_po": "4500-9"})
    quote.refresh_from_db()
    assert (quote.status, quote.customer_po) == (QuoteStatus.ACCEPTED, "4500-9")


def test_a_po_number_that_is_known_is_offered_and_others_may_leave_it_out(client, boss):
    known = a_sent_quote(boss, a_customer(po_required=True), customer_po="4500-7")
    free = a_sent_quote(boss, a_customer())

    assert 'value="4500-7"' in shown(client, known)
    assert "(optional)" in shown(client, free)
    client.post(step(free, "accept"), {"name": "M. Kern"})
    free.refresh_from_db()
    assert free.status == QuoteStatus.ACCEPTED


def test_a_phone_shows_of_a_lines_quantities_what_is_not_nothing(client, boss, house):
    shipment = a_shipment({a_product("BOLT", on_hand=2): 3}, by=boss)

    page = shown(client, shipment.order)

    hidden = re.findall(r'is-nothing" data-label="([A-Za-z]+)"', page)
    assert hidden == ["Picked", "Packed", "Shipped"]
    assert not re.search("Discount</th>|Cancelled</th>", page)  # no line has any, so nobody has the column


def test_holding_takes_a_reason_and_letting_go_ends_it(client, boss):
    order = a_confirmed_order({a_product(): 1}, by=boss)

    assert "Reason" in told(client.post(step(order, "hold"), {"reason": " "}, follow=True))
    assert not order.holds.exists()

    client.post(step(order, "hold"), {"reason": "customer moves"})
    assert "customer moves" in shown(client, order)

    client.post(step(order, "let_go_on"))
    assert not order.holds.open().exists()


def test_what_ends_a_hold_is_offered_before_what_takes_the_order_back(client, boss):
    order = a_submitted_order({a_product(): 1}, by=boss)
    client.post(step(order, "hold"), {"reason": "customer moves"})

    offered = client.get(reverse("admin:orders_order_change", args=[order.pk])).context["offers"]
    assert [offer.step.name for offer in offered if offer.primary] == ["let_go_on"]


def test_an_order_in_the_warehouse_is_not_cancelled_here(client, boss):
    order = a_shipment({a_product(on_hand=5): 1}, by=boss).order

    assert "Ask the warehouse" in shown(client, order)
    assert "Ask the warehouse" in told(client.post(step(order, "cancel"), follow=True))
    order.refresh_from_db()
    assert order.status == OrderStatus.RELEASED


def test_shipments_are_linked_for_those_who_see_them(client, boss):
    shipment = a_shipment({a_product(on_hand=5): 1}, by=boss)

    assert shipment.number in shown(client, shipment.order)


def test_an_order_tells_when_its_shipments_left_and_arrived_and_their_tracking_numbers(client, boss):
    Company.objects.update(zone="Europe/Berlin")
    shipment = all_packed(a_shipment({a_product(on_hand=5): 1}, by=boss), by=boss)
    carrier = Carrier.objects.create(code="DHL", name="DHL", tracking_url="https://d.example/?n={number}")
    record_tracking_numbers(shipment.pk, {1: "00340"}, carrier, by=boss)
    assert "handed over" not in shown(client, shipment.order)

    ship_shipment(shipment.pk, by=boss)
    hand_over(shipment.pk, by=boss)
    deliver_shipment(shipment.pk, by=boss)

    page, berlin = shown(client, shipment.order), ZoneInfo("Europe/Berlin")
    shipment.refresh_from_db()
    for words, at in (
        ("shipped", shipment.shipped_at),
        ("handed over to DHL", shipment.handed_over_at),
        ("delivered", shipment.delivered_at),
    ):
        moment = date_format(localtime(at, berlin), "SHORT_DATETIME_FORMAT")
        assert " ".join(f"{words} {moment}".split()) in page
    assert 'href="https://d.example/?n=00340"' in page


def test_an_order_shows_the_approvals_of_its_quote_and_links_the_quote(client, boss):
    managers = a_group("Sales manager")
    a_rule(threshold=1, approvers=managers)
    quote = a_quote(by=boss)
    client.post(step(quote, "send"))
    manager = a_user("orders.decide_approval", groups=[managers])
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager, reason="a good customer")
    for name in ("send", "accept", "order"):
        client.post(step(quote, name), {"name": "M. Kern"})

    page = shown(client, Order.objects.get())

    assert "No rule has asked anybody." not in page
    assert "a good customer" in page
    assert f'href="{page_of(quote)}"' in page


def test_a_quote_goes_from_draft_to_order_by_buttons(client, boss):
    quote = a_quote(by=boss)

    client.post(step(quote, "send"))
    client.post(step(quote, "accept"), {"name": "M. Kern", "customer_po": "4500-77"})
    response = client.post(step(quote, "order"), follow=True)

    order = Order.objects.get()
    assert (order.customer_po, order.status) == ("4500-77", OrderStatus.DRAFT)
    assert order.number in told(response)
    assert response.redirect_chain[-1][0] == page_of(order)
    quote.refresh_from_db()
    assert (quote.status, quote.accepted_by) == (QuoteStatus.ORDERED, "M. Kern")


def test_a_quote_that_waits_for_approval_says_so(client, boss):
    a_rule(threshold=1, approvers=a_group("Sales manager"))
    quote = a_quote(by=boss)

    response = client.post(step(quote, "send"), follow=True)

    assert "waiting for approval" in told(response)
    assert "Waits for Sales manager:" in shown(client, quote)


def test_a_quote_is_declined_with_a_reason_and_revised_into_a_second_version(client, boss):
    quote = a_quote(by=boss)
    send_quote(quote.pk, by=boss)

    client.post(step(quote, "decline"), {"reason": "too dear"})
    client.post(step(quote, "revise"), {"valid_until": "2031-01-31"})

    quote.refresh_from_db()
    assert (quote.status, quote.version_number, quote.valid_until.isoformat()) == (
        QuoteStatus.DRAFT,
        2,
        "2031-01-31",
    )
    assert "never changes" in shown(client, quote)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_an_order_step_never_breaks_the_page(client, boss, garbage):
    order = an_order({a_product(): 1}, by=boss)

    for one in ORDER_STEPS:
        with undone():
            answer = client.post(step(order, one.name), {"reason": garbage})
        assert tells(answer), one.name
    assert_the_page_is_drawn(client, order)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_a_quote_step_never_breaks_the_page(client, boss, garbage):
    quote = a_quote(by=boss)
    send_quote(quote.pk, by=boss)

    data = {"reason": garbage, "name": garbage, "customer_po": garbage, "valid_until": garbage}
    for one in QUOTE_STEPS:
        with undone():
            answer = client.post(step(quote, one.name), data)
        assert tells(answer), one.name
    assert_the_page_is_drawn(client, quote)


def tells(answer):
    """Whether the step sent on with what it did, or shows the page again with what is wrong."""
    return answer.status_code == 302 or list(answer.context["messages"])


def assert_the_page_is_drawn(client, document):
    """Whether what the last steps answered is drawn, once, for drawing takes most of the time."""
    assert client.get(page_of(document)).status_code == 200


@contextmanager
def undone():
    """Take back what is written meanwhile, so that each step meets the document as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", [one.name for one in ORDER_STEPS])
def test_a_step_on_somebody_elses_order_is_not_found_and_without_the_right_forbidden(client, name):
    order = a_submitted_order({a_product(): 1})
    before = Order.objects.values().get()

    client.force_login(someone("Sales rep"))
    assert client.post(step(order, name), {"reason": "x"}).status_code == 404

    client.force_login(a_user("orders.view_order", "customers.view_all_customers", is_staff=True))
    assert client.post(step(order, name), {"reason": "x"}).status_code == 403
    assert Order.objects.values().get() == before


@pytest.mark.parametrize("name", [one.name for one in QUOTE_STEPS])
def test_a_step_on_somebody_elses_quote_is_not_found_and_without_the_right_forbidden(client, name):
    quote = a_quote()
    before = Quote.objects.values().get()

    client.force_login(someone("Sales rep"))
    assert client.post(step(quote, name), {"reason": "x", "name": "x"}).status_code == 404

    client.force_login(a_user("orders.view_quote", "customers.view_all_customers", is_staff=True))
    assert client.post(step(quote, name), {"reason": "x", "name": "x"}).status_code == 403
    assert Quote.objects.values().get() == before


@pytest.mark.parametrize("kind", ["order", "quote"])
def test_reading_changes_nothing_and_pages_are_not_posted_to(client, boss, kind):
    document = an_order({a_product(): 1}) if kind == "order" else a_quote()

    for one in ORDER_STEPS if kind == "order" else QUOTE_STEPS:
        assert client.get(step(document, one.name)).status_code == 405
    assert client.post(page_of(document), {"status": "closed"}).status_code == 405


@pytest.mark.parametrize("pk", ["0", "abc", str(2**70), "-1", "1_0", "٣", "1 OR 1=1", "SO-1"])
@pytest.mark.parametrize("kind", ["order", "quote"])
def test_pages_of_what_is_not_there_are_not_found(client, boss, kind, pk):
    for page in ("change", "history"):
        assert client.get(reverse(f"admin:orders_{kind}_{page}", args=[pk])).status_code == 404


def test_the_history_page_is_the_timeline(client, boss):
    order = an_order({a_product(): 1}, by=boss)
    submit_order(order.pk, by=boss)

    page = client.get(reverse("admin:orders_order_history", args=[order.pk])).content.decode()

    assert "submitted" in page
    assert "entered" in page


def test_the_margin_of_lines_is_shown_to_those_who_may_see_cost_only(client):
    rep = someone("Sales rep")
    order = an_order({a_product(price=10, cost=8): 1}, a_customer(rep=rep), by=rep)

    client.force_login(rep)
    page = shown(client, order)
    assert "Margin" not in page
    assert "margin" not in page

    client.force_login(a_boss())
    page = shown(client, order)
    assert "Margin" in page
    assert "<li>margin 20 %: 10 net, the cost is 8</li>" in page


@pytest.mark.parametrize("kind", ["order", "quote"])
def test_a_page_costs_the_same_for_10_and_500_lines(client, boss, kind):
    counts = []
    for n in (10, 500):
        order = a_long_order(n, by=boss)
        document = order
        if kind == "order":
            submit_order(order.pk, by=boss)
            confirm_order(order.pk, by=boss)
        else:
            lines = [a_line(line.product, 2) for line in order.lines.select_related("product")]
            document = draft_quote(Header(order.customer_id), lines, by=boss)
        client.get(page_of(document))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(document)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 31
