"""Contract prices are seen by who looks after the customer, and by who keeps or approves prices."""

import csv
import io
import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import (
    Agreement,
    Customer,
    CustomerGroup,
    PriceList,
    PriceListAssignment,
    PriceListVersion,
    PriceRule,
    SalesChannel,
)
from customers.services.pricing import price_for
from customers.status import LEVELS_UP, PriceKind
from inventory.models import Product
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
    a_version,
    agreed,
    an_agreement,
    in_days,
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


def a_company_below(heights, rep):
    """Return a customer of the rep and the companies above it, the nearest first."""
    above = [a_customer(f"Above {height}") for height in range(heights)]
    for below, parent in itertools.pairwise(above):
        Customer.objects.filter(pk=below.pk).update(parent=parent)
    return a_customer("Far below", rep=rep, parent=above[0] if above else None), above


def test_as_far_up_as_prices_hold_their_lists_and_agreements_are_seen(rep):
    """Ten levels: what prices something for the customer is open to its rep, and nothing else is."""
    a_company()
    mine, above = a_company_below(LEVELS_UP + 1, rep)
    for height, company in enumerate(above, 1):
        prices = for_whom(f"UP-{height}", customer=company)
        nuts = a_product(f"NUT-{height}", price=None)
        agreement = an_agreement(company, agreed(nuts, 5))
        holds = height <= LEVELS_UP

        assert (price_for(mine, f"P-UP-{height}", 1, on=in_days(0)).price is not None) == holds, height
        assert PriceList.objects.visible_to(rep).filter(pk=prices.pk).exists() == holds, height
        assert (price_for(mine, nuts.sku, 1, on=in_days(0)).price is not None) == holds, height
        assert Agreement.objects.visible_to(rep).filter(pk=agreement.pk).exists() == holds, height


def test_lists_of_companies_beside_and_below_are_not_seen(rep):
    a_company()
    mine, (above,) = a_company_below(1, rep)
    beside, below = a_customer("Beside", parent=above), a_customer("Below", parent=mine)
    for code, company in (("BESIDE", beside), ("BELOW", below)):
        for_whom(code, customer=company)

    assert not PriceList.objects.visible_to(rep).exists()


def test_who_sees_no_customer_sees_what_is_for_everybody_only(lists):
    lonely = a_user("customers.view_pricelist", "customers.view_pricerule", "customers.view_agreement")

    assert set(PriceList.objects.visible_to(lonely)) == {lists["ALL"]}
    assert not Agreement.objects.visible_to(lonely).exists()


def test_the_list_that_percentages_are_taken_off_opens_from_the_explanation(client, rep, lists):
    """The base is for somebody else and prices nothing here by itself; the base of that base has no part in it."""
    deeper, base = for_whom("DEEPER", customer=a_customer("Deeper")), lists["THEIRS"]
    PriceList.objects.filter(pk=base.pk).update(based_on=deeper)
    PriceList.objects.filter(pk=lists["MINE"].pk).update(based_on=base)
    bolt = Product.objects.get(sku="P-THEIRS")
    PriceRule.objects.create(
        version=a_version(lists["MINE"]), product=bolt, kind=PriceKind.PERCENT_OFF, percent=10
    )
    client.force_login(rep)

    mine = Customer.objects.get(name="Mine")
    page = client.get(
        reverse("admin:customers_customer_price", args=[mine.pk]),
        {"sku": bolt.sku, "quantity": 1, "on": in_days(0)},
    ).content.decode()
    rules = re.findall(
        reverse("admin:customers_pricerule_change", args=[12345]).replace("12345", r"(\d+)"), page
    )

    assert PriceRule.objects.filter(pk__in=rules, version__price_list=base).exists()
    for rule in rules:
        assert client.get(reverse("admin:customers_pricerule_change", args=[rule])).status_code == 200
    assert client.get(reverse("admin:customers_pricelist_change", args=[base.pk])).status_code == 200
    assert client.get(reverse("admin:customers_pricelist_change", args=[deeper.pk])).status_code == 404


def test_a_list_for_a_group_or_a_channel_is_seen_by_all_who_may_see_prices(rep):
    a_company()
    group = CustomerGroup.objects.create(code="GROUP", name="Group")
    for_whom("GROUP", group=group)
    for_whom("CHANNEL", channel=SalesChannel.objects.create(code="SHOP", name="Shop"))

    assert set(PriceList.objects.visible_to(rep).values_list("code", flat=True)) == {"GROUP", "CHANNEL"}
    assert not PriceList.objects.visible_to(someone("Warehouse operator")).exists()


def test_a_file_of_prices_and_one_of_lists_hold_what_their_reader_sees(client, lists):
    manager = someone("Sales manager")
    Customer.objects.filter(name="Mine").update(rep=manager, team=a_team(manager))
    client.force_login(manager)

    for label in ("pricerule", "pricelist"):
        answer = client.post(f"/admin/customers/{label}/export/", {"format": "csv"})
        assert answer.status_code == 200
        header, *rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        place = header.index({"pricerule": "price_list", "pricelist": "code"}[label])
        assert {row[place] for row in rows} == SEEN


def test_the_choice_of_a_list_offers_what_is_seen(client, rep, lists):
    client.force_login(rep)
    asked = {"app_label": "customers", "model_name": "pricelist", "field_name": "based_on", "term": ""}

    answer = client.get(reverse("admin:autocomplete"), asked)

    assert {one["text"] for one in answer.json()["results"]} == SEEN


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
