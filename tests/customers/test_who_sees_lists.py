"""Contract prices are seen by who looks after the customer, and by who keeps or approves prices."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import PriceList, PriceListAssignment, PriceListVersion, PriceRule
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_team,
    a_user,
)

pytestmark = pytest.mark.django_db


def for_whom(code, **party):
    prices = a_price_list(code)
    a_price(a_product(f"P-{code}", price=None), 7, price_list=prices)
    PriceListAssignment.objects.filter(price_list=prices).delete()
    if party.pop("assigned", True):
        PriceListAssignment.objects.create(price_list=prices, **party)
    return prices


def someone(role):
    return a_user(groups=[a_group(role)], is_staff=True)


@pytest.fixture
def rep():
    return someone("Sales rep")


@pytest.fixture
def lists(rep):
    a_company()
    above = a_customer("Above")
    mine, theirs = a_customer("Mine", rep=rep, parent=above), a_customer("Theirs")
    return {
        "MINE": for_whom("MINE", customer=mine),
        "ABOVE": for_whom("ABOVE", customer=above),
        "DOCK": for_whom("DOCK", ship_to=mine.addresses.first()),
        "ALL": for_whom("ALL"),
        "THEIRS": for_whom("THEIRS", customer=theirs),
        "THEIR-DOCK": for_whom("THEIR-DOCK", ship_to=theirs.addresses.first()),
        "NOBODYS": for_whom("NOBODYS", assigned=False),
    }


SEEN = {"MINE", "ABOVE", "DOCK", "ALL"}


def test_a_rep_sees_what_may_price_something_for_their_customers_by_every_door(client, rep, lists):
    client.force_login(rep)
    shown = client.get(reverse("admin:customers_pricelist_changelist")).content.decode()
    rules = client.get(reverse("admin:customers_pricerule_changelist")).content.decode()

    assert set(PriceList.objects.visible_to(rep).values_list("code", flat=True)) == SEEN
    assert set(PriceListVersion.objects.visible_to(rep).values_list("price_list__code", flat=True)) == SEEN
    assert set(PriceRule.objects.visible_to(rep).values_list("version__price_list__code", flat=True)) == SEEN
    for code, prices in lists.items():
        seen = code in SEEN
        assert (f">{code}<" in shown) == seen, code
        assert (f"P-{code}<" in rules) == seen, code
        assert (f">{code}</option>" in rules or f'"{prices.pk}"' in rules) == seen, code
        for name in ("change", "versions"):
            answer = client.get(reverse(f"admin:customers_pricelist_{name}", args=[prices.pk]))
            assert (answer.status_code == 200) == seen, (code, name)
        rule = PriceRule.objects.get(version__price_list=prices)
        found = client.get(reverse("admin:customers_pricerule_change", args=[rule.pk]), follow=True)
        assert (f"P-{code}" in found.content.decode()) == seen, code
        of_one = client.get(
            reverse("admin:customers_pricerule_changelist"), {"version__price_list__id__exact": prices.pk}
        )
        assert (f"P-{code}<" in of_one.content.decode()) == seen, code


@pytest.mark.parametrize("role", ["Catalogue manager", "Administrator", "Finance"])
def test_who_keeps_or_approves_prices_sees_all(role, lists):
    user = someone(role)

    if user.has_perm("customers.view_pricelist"):
        assert PriceList.objects.visible_to(user).count() == len(lists)
    assert PriceList.objects.visible_to(a_boss()).count() == len(lists)


def test_a_manager_sees_the_lists_of_the_own_teams(lists):
    manager = someone("Sales manager")
    a_customer("Of the team", team=a_team(manager))
    theirs = for_whom("TEAM", customer=a_customer("One more", team=a_team(manager)))

    assert set(PriceList.objects.visible_to(manager)) == {theirs, lists["ALL"]}


def test_the_lists_cost_the_same_however_many_there_are(client, rep, lists):
    client.force_login(rep)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:customers_pricerule_changelist"))
            client.get(reverse("admin:customers_pricelist_changelist"))
        return len(queries)

    statements()
    few = statements()
    for n in range(5):
        for_whom(f"MORE-{n}", customer=a_customer(f"More {n}", rep=rep))

    assert statements() == few
