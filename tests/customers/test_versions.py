"""The life of a price list's versions, and by which one a day is priced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.errors import NoVersionToEdit, VersionRefused
from customers.models import Customer, CustomerGroup, PriceListAssignment, PriceRule, SalesChannel
from customers.price_trace import losers
from customers.services.comparing import comparison
from customers.services.pricing import candidates_for, price_for
from customers.services.versions import (
    approve_version,
    draft_version,
    drop_version,
    propose_version,
    put_in_force,
    redraft_version,
    return_to_last,
    version_to_edit,
)
from customers.status import PriceKind, PriceTier, VersionStatus
from inventory.models import Category
from oms.errors import IllegalMove, NotAllowed
from oms.models import ExchangeRate
from tests.builders import (
    a_company,
    a_currency,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_user,
    a_version,
    an_address,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db


def pays(customer: Customer, sku: str = "BOLT", quantity: int = 1, on: date | None = None) -> Decimal | None:
    found = price_for(customer, sku, Decimal(quantity), on=on or in_days(0)).price
    return found and found.unit_price


def test_a_version_holds_from_its_day_and_the_one_before_until_then():
    customer, bolt = a_customer(), a_product("BOLT", price=10)
    draft = draft_version(a_price_list().pk, by=None)
    draft.rules.update(price=12)
    a_price(a_product("NUT", price=None), 3)

    put_in_force(draft.pk, since=in_days(5), by=None)

    assert (pays(customer), pays(customer, on=in_days(5))) == (10, 12)
    assert (pays(customer, "NUT"), pays(customer, "NUT", on=in_days(5))) == (None, 3)
    assert PriceRule.objects.filter(product=bolt).count() == 2


def test_returning_to_the_last_version_brings_its_prices_back():
    customer, _bolt = a_customer(), a_product("BOLT", price=10)
    first = a_version()
    draft = draft_version(first.price_list_id, by=None)
    draft.rules.update(price=12)
    put_in_force(draft.pk, since=in_days(0), by=None)
    assert pays(customer) == 12

    assert return_to_last(draft.pk) == first

    assert pays(customer) == 10
    with pytest.raises(VersionRefused, match="or it is the first"):
        return_to_last(first.pk)
    assert put_in_force(draft_version(first.price_list_id, by=None).pk, since=in_days(0), by=None).number == 3


def test_a_list_that_needs_a_second_person_changes_only_by_an_approved_version():
    a_product("BOLT", price=10)
    prices, ana, ben = a_price_list(), a_user(), a_user()
    prices.needs_approval = True
    prices.save()
    with pytest.raises(NoVersionToEdit, match="second person"):
        version_to_edit(prices)
    draft = draft_version(prices.pk, by=ana)
    assert version_to_edit(prices) == draft
    with pytest.raises(VersionRefused, match="second person"):
        put_in_force(draft.pk, since=in_days(0), by=ana)

    propose_version(draft.pk, by=ana)
    with pytest.raises(NoVersionToEdit):
        version_to_edit(prices)
    with pytest.raises(NotAllowed, match="somebody else"):
        approve_version(draft.pk, by=ana)
    approve_version(draft.pk, by=ben)

    assert put_in_force(draft.pk, since=in_days(0), by=ana).status == VersionStatus.IN_FORCE


def test_what_is_taken_back_to_draft_needs_approval_again():
    a_product("BOLT", price=10)
    draft = draft_version(a_price_list().pk, by=a_user())
    propose_version(draft.pk, by=a_user())
    approve_version(draft.pk, by=a_user())

    assert redraft_version(draft.pk, by=a_user()).approved_by_id is None


def test_one_version_is_made_at_a_time_and_the_second_person_is_told_which():
    prices = a_price_list()
    draft = draft_version(prices.pk, by=None)

    with pytest.raises(VersionRefused, match="BASE v2 is draft already"):
        draft_version(prices.pk, by=None)

    drop_version(draft.pk)
    assert draft_version(prices.pk, by=None).number == 3


def test_a_version_is_put_in_force_once_and_never_in_the_past_or_before_another():
    prices = a_price_list()
    draft = draft_version(prices.pk, by=None)
    with pytest.raises(VersionRefused, match="that day is over"):
        put_in_force(draft.pk, since=in_days(-1), by=None)
    put_in_force(draft.pk, since=in_days(9), by=None)

    with pytest.raises(IllegalMove):
        put_in_force(draft.pk, since=in_days(9), by=None)
    with pytest.raises(VersionRefused, match="BASE v2 begins on"):
        put_in_force(draft_version(prices.pk, by=None).pk, since=in_days(3), by=None)


def test_a_draft_is_compared_with_the_version_in_force_and_the_biggest_jumps_come_first():
    skus = {sku: a_product(sku, price=price) for sku, price in {"A": 10, "B": 20, "C": 5, "D": 8}.items()}
    draft = draft_version(a_price_list().pk, by=None)
    draft.rules.filter(product=skus["A"]).update(price=11)
    draft.rules.filter(product=skus["B"]).update(price=10)
    draft.rules.filter(product=skus["C"]).delete()
    a_price(a_product("E", price=None), 1)

    found = comparison(draft)

    assert (found.new, found.changed, found.gone, found.same) == (1, 2, 1, 1)
    assert [(jump.reach, jump.percent) for jump in found.jumps] == [("B", -50), ("A", 10)]


def test_percentages_jump_by_what_they_leave_and_a_rule_of_another_kind_does_not():
    bolts, nuts, pins = (Category.objects.create(code=code, name=code) for code in ("BOLTS", "NUTS", "PINS"))
    prices = a_price_list()
    for category, kind in (
        (bolts, PriceKind.PERCENT_OFF),
        (nuts, PriceKind.COST_PLUS),
        (pins, PriceKind.COST_PLUS),
    ):
        PriceRule.objects.create(version=a_version(prices), category=category, kind=kind, percent=20)
    free = a_product("FREE", price=0)
    ended = a_price(a_product("ENDED", price=None), 5, valid_from=in_days(-9), valid_to=in_days(0))
    draft = draft_version(prices.pk, by=None)
    draft.rules.filter(category=bolts).update(percent=40)
    draft.rules.filter(category=nuts).update(percent=50)
    draft.rules.filter(category=pins).update(kind=PriceKind.PERCENT_OFF)
    draft.rules.filter(product=free).update(price=3, free_of_charge=False)
    draft.rules.filter(product=ended.product).update(price=9)

    found, shown = comparison(draft), comparison(draft, with_cost=False)

    assert (found.new, found.changed, found.gone, found.same) == (0, 4, 0, 0)
    assert [(jump.reach, jump.old, jump.new, jump.percent) for jump in found.jumps] == [
        ("BOLTS", "-20 %", "-40 %", -25), ("NUTS", "cost + 20 %", "cost + 50 %", 25),
    ]  # fmt: skip
    assert [jump.old for jump in shown.jumps] == ["-20 %", "counted from the cost"]


@pytest.mark.parametrize("size", [10, 300])
def test_a_comparison_reads_no_rule_but_the_biggest_jumps(size):
    for product in many_products(size):
        a_price(product, 7, min_quantity=5)
    draft = draft_version(a_price_list().pk, by=None)
    draft.rules.update(price=8)

    with CaptureQueriesContext(connection) as seen:
        found = comparison(draft)

    assert len(seen) == 4
    assert len(found.jumps) == min(20, found.changed)


def test_nothing_compared_with_nothing_is_no_change():
    found = comparison(draft_version(a_price_list().pk, by=None))

    assert (found.new, found.changed, found.gone, found.same, found.jumps) == (0, 0, 0, 0, [])


# --- whose list, and what a rule reaches --------------------------------------------------------------------------


def test_each_tier_beats_those_below_it_and_every_candidate_stands_in_the_trace():
    holding = a_customer()
    parent = a_customer(parent=holding)
    web = SalesChannel.objects.create(code="WEB", name="Web shop")
    gold, union = [a_customer_group(code) for code in ("GOLD", "UNION")]
    customer = a_customer(parent=parent, group=gold, buying_group=union, channel=web)
    dock = an_address(customer, "DOCK")
    bolt = a_product("BOLT", price=90)
    for price, code, party in (
        (80, "WEB", {"channel": web}), (70, "GOLD", {"group": gold}), (60, "UNION", {"group": union}),
        (50, "HOLDING", {"customer": holding}), (40, "PARENT", {"customer": parent}),
        (30, "OWN", {"customer": customer}),
        (20, "DOCK", {"ship_to": dock}),
    ):  # fmt: skip
        made = a_price_list(code)
        made.assignments.all().delete()
        PriceListAssignment.objects.create(price_list=made, **party)
        a_price(bolt, price, price_list=made)

    rules = candidates_for(customer, [bolt.pk], customer.currency, on=in_days(0), ship_to=dock.pk)[bolt.pk]

    assert {rule.price_list: rule.tier for rule in rules} == {
        "DOCK": PriceTier.SHIP_TO, "OWN": PriceTier.CUSTOMER, "PARENT": PriceTier.PARENT,
        "HOLDING": PriceTier.PARENT + 1,
        "UNION": PriceTier.BUYING_GROUP, "GOLD": PriceTier.GROUP, "WEB": PriceTier.CHANNEL, "BASE": PriceTier.EVERYONE,
    }  # fmt: skip
    found = price_for(customer, "BOLT", Decimal(1), on=in_days(0)).price
    assert found is not None
    assert found.unit_price == 30
    assert [loser["list"] for loser in losers(found.trace)] == [
        "PARENT", "HOLDING", "UNION", "GOLD", "WEB", "BASE",
    ]  # fmt: skip


def a_customer_group(code: str) -> CustomerGroup:
    return CustomerGroup.objects.create(code=code, name=code)


def test_the_deepest_category_wins_and_a_rule_for_all_comes_last():
    a_company()
    metal = Category.objects.create(code="METAL", name="Metal")
    screws = Category.objects.create(code="SCREWS", name="Screws", parent=metal)
    a_product("BOLT", price=None, category=screws, cost=Decimal(4))
    customer, base = a_customer(), a_version()
    rules = {
        percent: PriceRule.objects.create(
            version=base, kind=PriceKind.COST_PLUS, percent=percent, category=category
        )
        for percent, category in ((100, None), (50, metal), (25, screws))
    }

    assert pays(customer) == 5
    rules[25].delete()
    assert pays(customer) == 6
    rules[50].delete()
    assert pays(customer) == 8


def test_a_group_pays_a_percentage_less_than_everyone():
    gold = a_customer_group("GOLD")
    a_product("BOLT", price=10)
    less = a_price_list("GOLD", group=gold)
    PriceRule.objects.create(version=a_version(less), kind=PriceKind.PERCENT_OFF, percent=5)

    assert (pays(a_customer(group=gold)), pays(a_customer())) == (Decimal("9.5"), 10)


def test_a_list_in_another_currency_is_exchanged_at_the_days_rate_or_not_used():
    customer = a_customer(currency=a_currency("CHF"))
    a_product("BOLT", price=10)
    assert pays(customer) is None
    for days, rate in ((-9, "0.95"), (5, "0.90")):
        ExchangeRate.objects.create(
            source=a_currency(), target=customer.currency, rate=Decimal(rate), valid_from=in_days(days)
        )

    assert (pays(customer), pays(customer, on=in_days(5))) == (Decimal("9.5"), Decimal(9))


@pytest.mark.parametrize("size", [10, 500])
def test_the_candidates_of_any_number_of_products_are_one_query(size):
    a_group()
    customer = a_customer(parent=a_customer())
    products = many_products(size)
    PriceRule.objects.create(version=a_version(), kind=PriceKind.COST_PLUS, percent=20)
    today = in_days(0)

    with CaptureQueriesContext(connection) as seen:
        found = candidates_for(customer, [p.pk for p in products], customer.currency, on=today)

    assert len(seen) == 1
    assert [len(rules) for rules in found.values()] == [2] * size
