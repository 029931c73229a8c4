"""The page of a price list's versions: what changes, who may do what, and what was seen is what is decided on."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import PriceListVersion, PriceRule
from customers.services.comparing import seal_of
from customers.services.versions import approve_version, draft_version, propose_version, put_in_force
from customers.status import PriceKind, VersionStatus
from oms.errors import Stale
from oms.models import ExchangeRate
from orders.models import Order
from orders.services.price_effects import effects_of
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_currency,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_user,
    a_version,
    a_warehouse,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db


def someone(role):
    return a_user(groups=[a_group(role)], is_staff=True)


@pytest.fixture
def listed():
    a_company()
    a_price(a_product("BOLT", price=None), 10)
    a_price(a_product("NUT", price=None), 5)
    return a_price_list()


@pytest.fixture
def office(client):
    """Return a function that opens the versions of a list, or takes a step, as somebody."""

    def go(user, price_list, step="versions", **data):
        client.force_login(user)
        url = reverse(f"admin:customers_pricelist_{step}", args=[price_list.pk])
        if step == "versions":
            return client.get(url, data).content.decode()
        version = price_list.versions.being_made().first() or price_list.versions.first()
        seal = seal_of(version.pk)
        answer = client.post(url, {"version": version.number, "seal": seal, **data}, follow=True)
        return answer.content.decode()

    return go


def status_of(price_list):
    return price_list.versions.order_by("number").last().status


def test_a_version_goes_from_draft_into_force_and_back_with_a_second_person(office, listed):
    type(listed).objects.update(needs_approval=True)
    maker, checker = someone("Catalogue manager"), someone("Finance")

    assert "v2 is a draft" in office(maker, listed, "draft", note="Spring <prices>")
    PriceRule.objects.filter(version__number=2, product__sku="BOLT").update(price=12)
    page = office(maker, listed)
    assert "Spring &lt;prices&gt;" in page
    assert "+20.0 %" in page
    assert "compared with BASE v1" in page
    assert "Put in force" not in page.replace("Put in force by", "")

    office(maker, listed, "propose")
    assert "somebody else has to approve it" in office(maker, listed)
    assert client_cannot(office, maker, listed, "approve")
    assert "is approved" in office(checker, listed, "approve")
    assert "holds from" in office(maker, listed, "put_in_force", since=in_days(0).isoformat())
    assert status_of(listed) == VersionStatus.IN_FORCE
    page = office(maker, listed)
    assert "Return from v2 to the last one" in page

    assert "BASE v1 holds again" in office(maker, listed, "return", version=2)
    assert status_of(listed) == VersionStatus.WITHDRAWN


def client_cannot(office, user, price_list, step):
    office(user, price_list, step)
    return status_of(price_list) == VersionStatus.PROPOSED


def test_what_somebody_changed_meanwhile_is_neither_approved_nor_put_in_force(office, listed):
    maker, checker = a_user(), a_user()
    draft = draft_version(listed.pk, by=maker)
    seen = seal_of(draft.pk)
    draft.rules.filter(product__sku="NUT").update(price=6)

    with pytest.raises(Stale, match="has changed"):
        put_in_force(draft.pk, since=in_days(0), by=maker, seal=seen)
    propose_version(draft.pk, by=maker)
    with pytest.raises(Stale, match="has changed"):
        approve_version(draft.pk, by=checker, seal=seen)

    assert approve_version(draft.pk, by=checker, seal=seal_of(draft.pk)).status == VersionStatus.APPROVED


@pytest.mark.parametrize(
    "data", [{"version": ""}, {"version": "²"}, {"version": "99"}, {"version": "9" * 30}]
)
def test_a_step_for_a_version_that_is_not_there_changes_nothing(office, listed, data):
    draft_version(listed.pk, by=None)

    assert "Say which version" in office(someone("Catalogue manager"), listed, "drop", **data)
    assert status_of(listed) == VersionStatus.DRAFT


@pytest.mark.parametrize("since", ["", "tomorrow", "2020-01-01", "2026-02-30"])
def test_a_day_that_is_none_or_over_puts_nothing_in_force(office, listed, since):
    draft_version(listed.pk, by=None)

    office(someone("Catalogue manager"), listed, "put_in_force", since=since)

    assert status_of(listed) == VersionStatus.DRAFT


def test_a_draft_may_be_dropped_and_who_only_looks_is_offered_nothing(office, listed):
    draft_version(listed.pk, by=None)
    page = office(someone("Sales rep"), listed)
    assert page.count('name="operation"') == 0
    assert office(someone("Catalogue manager"), listed).count('name="operation"') == 3

    assert "is dropped" in office(someone("Catalogue manager"), listed, "drop")
    assert PriceListVersion.objects.get(number=2).status == VersionStatus.DROPPED


def test_percentages_on_the_cost_are_compared_in_words_for_those_who_may_see_cost(office, listed):
    PriceRule.objects.create(version=a_version(), kind=PriceKind.COST_PLUS, percent=20)
    draft = draft_version(listed.pk, by=None)
    draft.rules.filter(kind=PriceKind.COST_PLUS).update(percent=30)

    assert "cost + 30 %" in office(someone("Finance"), listed)
    page = office(someone("Sales rep"), listed)
    assert "counted from the cost" in page
    assert "cost + " not in page
    assert "+8.3 %" in page


@pytest.mark.parametrize("size", [10, 300])
def test_the_page_costs_as_many_statements_with(size, client):
    a_company()
    many_products(size)
    draft = draft_version(a_price_list().pk, by=None)
    draft.rules.update(price=11)
    client.force_login(someone("Finance"))

    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("admin:customers_pricelist_versions", args=[a_price_list().pk]))

    assert f"<strong>{size}</strong>" in page.content.decode()
    assert len(seen) == 15


# --- last year's sales ------------------------------------------------------------------------------------------------


def test_last_years_sales_are_reckoned_at_the_new_prices_with_discounts_and_without_what_was_typed(listed):
    a_warehouse()
    bolt, nut = (PriceRule.objects.get(product__sku=sku).product for sku in ("BOLT", "NUT"))
    type(bolt).objects.update(cost=4)
    order = a_confirmed_order({bolt: 10, nut: 4})
    order.lines.filter(product=nut).update(discount_percent=50, amount=10)
    typed = a_confirmed_order({bolt: 1000})
    typed.lines.update(trace={**typed.lines.get().trace, "typed": "1"})
    old = a_confirmed_order({bolt: 7})
    Order.objects.filter(pk=old.pk).update(ordered_on=in_days(-365))
    draft = draft_version(listed.pk, by=None)
    draft.rules.filter(product=bolt).update(price=11)
    draft.rules.filter(product=nut).update(price=4)

    (effect,) = effects_of(draft, Order.objects.all())

    assert (effect.now, effect.then) == (110, 118)
    assert (effect.margin_now, effect.margin_then) == (Decimal("49.1"), Decimal("52.5"))
    assert effect.left_out == 0


def test_sales_whose_rule_is_gone_are_left_out_and_said_to_be(office, listed):
    a_warehouse()
    bolt, nut = (PriceRule.objects.get(product__sku=sku).product for sku in ("BOLT", "NUT"))
    a_confirmed_order({bolt: 10, nut: 4})
    draft = draft_version(listed.pk, by=None)
    draft.rules.filter(product=nut).delete()

    (effect,) = effects_of(draft, Order.objects.all())
    assert (effect.now, effect.then, effect.left_out) == (100, 100, 1)

    page = office(someone("Finance"), listed, effect=1)
    assert "1 line has no counterpart" in page
    assert "What would it have meant" not in page
    assert "What would it have meant" in office(someone("Finance"), listed)


def test_costs_are_turned_into_a_foreign_currency_at_the_rates_that_orders_were_priced_with(office):
    """A list in dollars of a company that counts in euros; the rate doubles between two orders."""
    euro, dollar = a_company().currency, a_currency("USD")
    dated = {"source": euro, "target": dollar}
    ExchangeRate.objects.create(**dated, rate=Decimal("1.25"), valid_from=in_days(-60))
    ExchangeRate.objects.create(**dated, rate=Decimal("2.5"), valid_from=in_days(-20))
    a_warehouse()
    bolt = a_product("BOLT", price=None, cost=4)
    listed = a_price_list("USD", currency=dollar)
    a_price(bolt, 20, price_list=listed)
    customer = a_customer(currency=dollar)
    early, late = (a_confirmed_order({bolt: 10}, customer=customer) for _n in range(2))
    Order.objects.filter(pk=early.pk).update(ordered_on=in_days(-40))
    draft = draft_version(listed.pk, by=None)
    draft.rules.update(price=30)

    (effect,) = effects_of(draft, Order.objects.all())

    assert (effect.currency, effect.now, effect.then) == (dollar, 400, 600)
    # costs of 40 EUR each: 50 USD at the rate of then, 100 USD at that of now
    assert (effect.margin_now, effect.margin_then) == (Decimal("62.5"), Decimal("75.0"))
    page = office(someone("Finance"), listed, effect=1)
    assert "margin 62.5 %, then 75.0 %" in page
    assert "Biggest jumps, in USD" in page

    late.lines.update(trace={**late.lines.get().trace, "currency": "EUR", "rate": "5", "rate_on": None})
    assert effects_of(draft, Order.objects.all())[0].margin_now == Decimal("37.5")  # 50 and 200 USD


def test_where_nobody_knows_a_rate_sales_are_told_and_margins_are_not(listed):
    dollar = a_currency("USD")
    a_warehouse()
    bolt = a_product("NAIL", price=None, cost=4)
    listed = a_price_list("USD", currency=dollar)
    a_price(bolt, 20, price_list=listed)
    a_confirmed_order({bolt: 10}, customer=a_customer(currency=dollar))
    draft = draft_version(listed.pk, by=None)
    draft.rules.update(price=30)

    (effect,) = effects_of(draft, Order.objects.all())

    assert (effect.now, effect.then, effect.margin_now, effect.margin_then) == (200, 300, None, None)
