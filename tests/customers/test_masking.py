"""Cost, and what it could be reckoned from, is for those who may see cost: in traces, lists and pages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from customers.masking import trace_for, without_cost
from customers.models import PriceRule
from customers.price_trace import recomputed
from customers.services.pricing import price_for
from customers.status import PriceKind
from customers.telling import looked_at, steps
from oms.models import ExchangeRate, User
from orders.models import Hold
from orders.services.capturing import Header, enter_order
from orders.services.fact_finding import facts_about
from orders.services.submitting import submit_order
from orders.status import RuleFact
from orders.views.rows import Costing, costing_for, margin_steps, why
from tests.builders import (
    a_company,
    a_currency,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_user,
    a_version,
    a_warehouse,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


def someone(role):
    return a_user(groups=[a_group(role)], is_staff=True)


@pytest.fixture
def from_cost():
    """A product that costs us 8 and is sold at the cost and a quarter of it, floor at 5 percent above cost."""
    a_company()
    a_warehouse()
    product = a_product("BOLT", price=None, cost=8)
    listed = a_price_list()
    PriceRule.objects.create(version=a_version(listed), kind=PriceKind.COST_PLUS, percent=25)
    type(listed).objects.update(floor_margin_percent=5)
    return product


def trace_of(product):
    found = price_for(a_customer(), product.sku, Decimal(1), on=in_days(0)).price
    assert found.unit_price == 10
    return found.trace


def test_a_trace_tells_no_cost_no_percentage_on_it_and_no_floor_from_it(from_cost):
    trace = trace_of(from_cost)
    assert recomputed(trace) == 10
    rep, buyer = a_user(), a_user("inventory.view_cost")

    shown = trace_for(rep, trace)

    assert trace_for(buyer, trace) == trace
    assert set(trace) - set(shown) == {"cost", "percent", "rate", "floor"}
    told = " ".join([*steps(shown), looked_at(shown)[0].price])
    assert "counted from the cost" in told
    assert not {"8", "25", "8.4"} & set(told.replace("%", " ").split())
    assert "cost + 25 %" in steps(trace)[0]
    assert "below 8.4 somebody has to approve" in steps(trace)


def test_costs_are_hidden_below_a_percentage_and_among_what_lost_too():
    on_cost = {"cost_plus": "25"}
    trace = {
        "rule": 1, "list": "A", "tier": 20, "unit": "", "from": 1, "price": {"percent_off": "10"}, "percent": "10",
        "off": {
            "rule": 2, "list": "B", "tier": 80, "unit": "", "from": 1, "price": on_cost, "cost": "8",
            "percent": "25", "rate": "1",
        },
        "lost": [[2, "B", 80, "", 1, on_cost, "later tier"], [3, "B", 70, "C62", 1, "9", "older"]],
    }  # fmt: skip

    shown = without_cost(trace)

    assert "cost" not in shown["off"]
    assert "percent" not in shown["off"]
    assert shown["percent"] == "10"
    assert [row[5] for row in shown["lost"]] == [{"cost_plus": None}, "9"]
    assert trace["lost"][0][5] == on_cost


def test_pages_show_percentages_on_the_cost_to_those_who_may_see_cost_only(client, from_cost):
    rule = PriceRule.objects.get()
    customer = a_customer(rep=someone("Sales rep"))
    order = an_order({from_cost: 1}, customer, by=User.objects.get(pk=customer.rep_id))
    pages = [
        reverse("admin:customers_pricerule_changelist"),
        reverse("admin:customers_pricerule_change", args=[rule.pk]),
        reverse("admin:customers_customer_price", args=[customer.pk]) + "?sku=BOLT&quantity=1&on=2030-01-01",
        reverse("admin:orders_order_change", args=[order.pk]),
    ]
    for user, seen in ((customer.rep, False), (someone("Finance"), True)):
        client.force_login(user)
        for page in pages:
            shown = client.get(page, follow=True).content.decode()
            assert "BOLT" in shown or "Price rule" in shown or "price rule" in shown
            assert ("cost + 25 %" in shown or "25.0000" in shown) is seen, page


def test_why_an_order_is_held_below_its_floor_tells_no_number_to_those_who_must_not_see_cost(
    client, from_cost
):
    a_rule(fact=RuleFact.BELOW_FLOOR, threshold=0, approvers=a_group("Sales manager"))
    rep = someone("Sales rep")
    customer = a_customer(rep=rep)
    order = an_order({from_cost: 1}, customer, by=rep)
    order.lines.update(unit_price=8, amount=8)
    submit_order(order.pk, by=rep)
    assert "percent below its floor" in Hold.objects.get().reason

    client.force_login(rep)
    for page in (reverse("admin:index"), reverse("admin:orders_order_change", args=[order.pk])):
        assert "percent below its floor" not in client.get(page, follow=True).content.decode()


def test_margin_and_cost_are_told_of_a_price_to_those_who_may_see_cost_and_stay_as_they_were(
    client, from_cost
):
    rep, finance = someone("Sales rep"), someone("Finance")
    order = an_order({from_cost: 2}, a_customer(rep=rep), by=rep)
    type(from_cost).objects.update(cost=9)
    line = order.lines.get()
    look_up = reverse("admin:customers_customer_price", args=[order.customer_id])
    shown = {}
    for user in (rep, finance):
        client.force_login(user)
        found = client.get(f"{look_up}?sku=BOLT&quantity=1&on={in_days(0)}").content.decode()
        pad = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
        shown[user] = (
            "Margin</th>" in found,
            "Floor</th>" in found,
            "margin 20 %: 20 net, the cost is 16" in pad,
        )
    assert shown == {rep: (False, False, False), finance: (True, True, True)}
    assert "margin" not in str(trace_for(rep, line.trace))
    assert (
        why(line, rep, margin_steps(line, Costing(Decimal(1), included=False)))[-1]
        == "margin 20 %: 20 net, the cost is 16"
    )


def test_in_a_foreign_currency_the_cost_is_converted_by_the_rate_of_the_prices_and_the_margin_is_known(
    client, from_cost
):
    dollar, euro = a_currency("USD"), a_currency()
    rate = ExchangeRate.objects.create(
        source=euro, target=dollar, rate=Decimal("1.25"), valid_from=in_days(-9)
    )
    a_price(from_cost, 10)
    rep, finance = someone("Sales rep"), someone("Finance")
    order = an_order({from_cost: 2}, a_customer(rep=rep, currency=dollar), by=rep)
    assert order.lines.get().unit_price == Decimal("12.5")
    page = reverse("admin:orders_order_change", args=[order.pk])

    def seen(by):
        client.force_login(by)
        return "margin 20 %: 25 net, the cost is 20 at the rate 1.25" in client.get(page).content.decode()

    assert (seen(rep), seen(finance)) == (False, True)
    assert facts_about(order, order.lines)[RuleFact.MARGIN_BELOW] == "20.00"

    type(rate).objects.update(rate=2)  # the prices were frozen with the other one
    assert seen(finance)


def test_without_a_rate_the_margin_stays_unknown(from_cost):
    rep, yen = someone("Sales rep"), a_currency("JPY", 0)
    lines = [a_line(from_cost, 2, price=1000)]
    order = enter_order(Header(a_customer(rep=rep, currency=yen).pk), lines, by=rep)

    assert facts_about(order, order.lines)[RuleFact.MARGIN_BELOW] is None
    assert costing_for(someone("Finance"), order, order.lines) is None
    ExchangeRate.objects.create(source=a_currency(), target=yen, rate=Decimal(100), valid_from=in_days(0))
    assert facts_about(order, order.lines)[RuleFact.MARGIN_BELOW] == "20.00"
