"""Duplicates become one customer: what moves, what is refused, and where the old number leads."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact, Customer, PriceListAssignment
from customers.resources import CustomerResource
from customers.services.handing_over import HandOver, hand_over_customers
from customers.services.part_numbers import remember_part_number
from customers.services.registering import WantedCustomer, check_customers
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.search import search_for
from oms.typed import Typed
from oms.verify import breaches
from orders.models import Order, Quote
from orders.services.capturing import Header, enter_order
from orders.services.merging import CannotMerge, merge_customers, preview_merge
from orders.services.outside import check_outside_orders, save_outside_orders
from orders.services.outside_there import WantedLine, WantedOrder
from orders.services.quoting import draft_quote
from tests.builders import (
    a_boss,
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_part_number,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_submitted_order,
    a_team,
    a_user,
    a_warehouse,
    agreed,
    an_address,
    an_agreement,
    an_order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db):
    a_company(zone="UTC")
    a_warehouse()


@pytest.fixture
def pair():
    return a_customer("Kern AG", code="C1"), a_customer("Kern A.G.", code="C2")


def a_person(role, **values):
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True, **values)


def merge(kept, gone):
    merge_customers(kept.pk, gone.pk, by=a_boss())
    gone.refresh_from_db()
    kept.refresh_from_db()


def test_documents_move_and_say_so_in_their_history(pair):
    kept, gone = pair
    bolts = a_product("BOLT")
    order = an_order({bolts: 1}, customer=gone)
    quote = draft_quote(Header(gone.pk), [a_line(bolts, 1)], by=None)

    merge(kept, gone)

    assert (Order.objects.get().customer, Quote.objects.get().customer) == (kept, kept)
    assert [order.events.last().note, quote.events.last().note] == ["C2 → C1", "C2 → C1"]
    assert not list(breaches())


def test_addresses_move_behind_the_own_ones_and_keep_their_documents(pair):
    kept, gone = pair
    bolts = a_product("BOLT")
    older = an_order({bolts: 1}, customer=gone)
    gone, kept = kept, gone  # the one that goes was there first, so its address is the older one
    an_order({bolts: 1}, customer=gone)
    own = kept.addresses.get()

    merge(kept, gone)

    assert {address.code for address in kept.addresses.all()} == {"MAIN", "MAIN C1"}
    assert an_order({bolts: 1}, customer=kept).ship_to == own
    assert older.ship_to == own
    assert not list(breaches())


def test_people_both_know_stay_once_and_others_of_the_name_get_the_old_number(pair):
    kept, gone = pair
    for customer, name, mail in [
        (kept, "Ann", "ann@example.com"), (gone, "Ann", ""), (kept, "Ben", "ben@example.com"),
        (gone, "Ben", "b2@example.com"), (gone, "Cem", ""),
    ]:  # fmt: skip
        Contact.objects.create(customer=customer, name=name, email=mail)

    merge(kept, gone)

    assert sorted(contact.name for contact in kept.contacts.all()) == ["Ann", "Ben", "Ben C2", "Cem"]
    assert not gone.contacts.exists()


def test_numbers_price_lists_and_companies_below_move(pair):
    kept, gone = pair
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    a_part_number(kept, "K-1", bolts)
    a_part_number(gone, "k-1", bolts)
    a_part_number(gone, "K-2", nuts)
    theirs, both = a_price_list("THEIRS", customer=gone), a_price_list("BOTH", customer=gone)
    PriceListAssignment.objects.create(price_list=both, customer=kept)
    a_price(nuts, "7", price_list=theirs)
    branch = a_customer("Branch", parent=gone)

    merge(kept, gone)

    branch.refresh_from_db()
    assert sorted(kept.part_numbers.values_list("number", flat=True)) == ["K-1", "K-2"]
    assert sorted(kept.price_lists.values_list("price_list__code", flat=True)) == ["BOTH", "THEIRS"]
    assert branch.parent == kept
    assert enter_order(Header(kept.pk), [a_line(nuts, 1)], by=None).total == 7


def test_what_the_preview_counts_is_what_moves(pair):
    kept, gone = pair
    a_customer("Branch", parent=gone)
    bolts = a_product("BOLT")
    a_part_number(gone, "K-2", bolts)
    an_order({bolts: 1}, customer=gone)
    an_agreement(gone, agreed(bolts, 8))

    seen = preview_merge(kept.pk, gone.pk)
    merge(kept, gone)

    assert (*seen.belongings, seen.quotes, seen.orders) == (1, 0, 1, 0, 1, 1, 0, 0, 1)
    assert "addresses 1, contacts 0, part numbers 1" in kept.events.get().detail
    assert enter_order(Header(kept.pk), [a_line(bolts, 1)], by=None).total == 8
    assert "into C1 Kern AG" in gone.events.get().detail
    assert not any(preview_merge(kept.pk, gone.pk).belongings)


def test_the_old_number_finds_and_leads_to_the_customer_that_is_kept(client, pair):
    kept, gone = pair
    merge(kept, gone)
    boss = a_boss()
    client.force_login(boss)

    (hit,) = search_for(boss, Typed("C2"))
    page = client.get(hit.find.url)

    assert (page.status_code, page.url) == (302, reverse("admin:customers_customer_change", args=[kept.pk]))
    assert hit.find.what == "C2, merged into Kern AG"


def test_an_order_for_the_old_number_is_one_for_the_customer_that_is_kept(pair):
    kept, gone = pair
    merge(kept, gone)
    bolts = a_product("BOLT")

    assert enter_order(Header(gone.pk), [a_line(bolts, 1)], by=None).customer == kept
    assert draft_quote(Header(gone.pk), [a_line(bolts, 1)], by=None).customer == kept


def test_numbers_merged_before_lead_on_and_stay_in_the_same_hands(pair):
    kept, gone = pair
    older, rep = a_customer(code="C3"), a_person("Sales rep")
    merge(gone, older)
    merge(kept, gone)

    hand_over_customers([kept.pk], HandOver("new region", rep=rep), by=a_boss())

    assert set(Customer.objects.filter(merged_into=kept)) == {gone, older}
    assert set(Customer.objects.visible_to(rep)) == {kept, gone, older}


@pytest.mark.parametrize(
    ("kept", "gone", "says"),
    [
        ({"currency": "CHF"}, {}, "C2: buys in EUR, C1 in CHF"),
        ({"status": "blocked"}, {}, "C1: is blocked and the other one is not"),
        ({}, {"status": "blocked"}, "C2: is blocked and the other one is not"),
    ],
)
def test_customers_that_differ_in_what_matters_stay_two(kept, gone, says):
    if "currency" in kept:
        kept["currency"] = a_currency("CHF")
    one, other = a_customer(code="C1", **kept), a_customer(code="C2", **gone)

    with pytest.raises(CannotMerge, match=says):
        merge_customers(one.pk, other.pk, by=None)

    assert other.addresses.exists()


def test_nobody_is_merged_into_oneself_or_twice(pair):
    kept, gone = pair
    third = a_customer(code="C3")
    merge(kept, gone)

    with pytest.raises(CannotMerge, match="C1: is the same customer"):
        merge_customers(kept.pk, kept.pk, by=None)
    with pytest.raises(CannotMerge, match="C2: was merged into C1 already"):
        merge_customers(third.pk, gone.pk, by=None)
    with pytest.raises(CannotMerge, match="C2: was merged into C1 already"):
        merge_customers(gone.pk, third.pk, by=None)


def test_a_company_above_is_kept_not_merged(pair):
    kept, gone = pair
    branch = a_customer(parent=gone)
    Customer.objects.filter(pk=kept.pk).update(parent=branch)

    with pytest.raises(CannotMerge, match="C2: stands above C1"):
        merge_customers(kept.pk, gone.pk, by=None)

    merge(gone, kept)
    assert not list(breaches())


def test_a_number_with_two_meanings_is_decided_first(pair):
    kept, gone = pair
    a_part_number(kept, "K-1", a_product("BOLT"))
    a_part_number(gone, "k-1", a_product("NUT"))

    with pytest.raises(CannotMerge, match="Part number k-1: means NUT here and BOLT there"):
        merge_customers(kept.pk, gone.pk, by=None)


def test_what_somebody_is_asked_about_is_decided_first(pair):
    kept, gone = pair
    a_rule(threshold=1, approvers=Group.objects.get(name="Sales manager"))
    order = a_submitted_order({a_product("BOLT"): 2}, customer=gone, by=a_boss())

    with pytest.raises(CannotMerge, match=f"{order.number}: waits for an approval"):
        merge_customers(kept.pk, gone.pk, by=None)


def test_orders_of_a_parent_that_went_to_the_address_stay_right(pair):
    kept, gone = pair
    parent, bolts = a_customer("Head"), a_product("BOLT")
    Customer.objects.filter(pk=gone.pk).update(parent=parent)
    place = an_address(gone, "DOCK")
    enter_order(Header(parent.pk, ship_to_id=place.pk), [a_line(bolts, 1)], by=None)

    merge(kept, gone)

    assert not list(breaches())


@pytest.mark.parametrize("many", [1, 12])
def test_the_statements_do_not_grow_with_the_orders(pair, many):
    kept, gone = pair
    bolts, boss = a_product("BOLT"), a_boss()
    for _ in range(many):
        an_order({bolts: 1}, customer=gone)

    with CaptureQueriesContext(connection) as asked:
        merge_customers(kept.pk, gone.pk, by=boss)

    assert len(asked) == 46


# --- the page --------------------------------------------------------------------------------------------------------


def page_of(gone):
    return reverse("admin:orders_customer_merge", args=[gone.pk])


def test_the_page_offers_customers_that_look_alike_shows_what_moves_and_merges(client, pair):
    kept, gone = pair
    client.force_login(a_boss())

    offered = client.get(page_of(gone)).content.decode()
    shown = client.get(page_of(gone), {"into": "c1"})
    done = client.post(page_of(gone), {"into": "C1"}, follow=True).content.decode()

    assert 'href="?into=C1">Kern AG' in offered
    assert dict(shown.context["counts"])["Addresses"] == 1
    assert "C2 is C1 from now on" in done
    assert Customer.objects.get(code="C2").merged_into == kept


def test_the_page_lists_every_reason_and_offers_no_button(client, pair):
    _kept, gone = pair
    Customer.objects.filter(pk=gone.pk).update(currency=a_currency("CHF"), status="blocked")
    client.force_login(a_boss())

    shown = client.get(page_of(gone), {"into": "C1"}).content.decode()
    client.post(page_of(gone), {"into": "C1"})

    assert "C2: buys in CHF" in shown
    assert "C2: is blocked" in shown
    assert "Merge C2 into C1" not in shown
    assert Customer.objects.get(code="C2").merged_into is None


def test_a_manager_merges_only_what_the_team_looks_after(client, pair):
    kept, gone = pair
    manager = a_person("Sales manager")
    Customer.objects.filter(pk=gone.pk).update(team=a_team(manager))
    client.force_login(manager)

    answer = client.post(page_of(gone), {"into": "C1"}).content.decode()

    assert "No customer that you see has this code." in answer
    assert client.get(page_of(kept)).status_code == 404


def test_a_rep_may_not(client, pair):
    _kept, gone = pair
    rep = a_person("Sales rep")
    Customer.objects.update(rep=rep)
    client.force_login(rep)

    assert client.post(page_of(gone), {"into": "C1"}).status_code == 403


def test_a_file_of_customers_is_told_the_new_number(pair):
    kept, gone = pair
    merge(kept, gone)
    problems = Problems()
    wanted = [
        WantedCustomer(row=2, code="C2", name="Kern"),
        WantedCustomer(row=3, code="C9", name="Shop", parent="C2"),
    ]

    check_customers(wanted, problems, by=None)

    told = [problem for problem in map(str, problems.listed()) if "was merged into C1. Write C1." in problem]
    assert [problem.split(" “")[0] for problem in told] == ["row 2, code", "row 3, parent"]


def test_an_export_of_customers_leaves_old_numbers_out(pair):
    kept, gone = pair
    merge(kept, gone)

    assert {row[0] for row in CustomerResource().table(Customer.objects.all())} == {"C1"}


def test_a_part_number_learned_for_the_old_number_is_one_of_the_kept_customer(pair):
    kept, gone = pair
    bolts = a_product("BOLT")
    merge(kept, gone)

    remember_part_number(gone.pk, "K-1", bolts.units.get().pk, by=a_boss())

    assert kept.part_numbers.get().number == "K-1"


def test_a_file_of_orders_that_names_the_old_number_enters_them_for_the_kept_customer(pair):
    kept, gone = pair
    a_product("BOLT")
    merge(kept, gone)
    problems, line = Problems(), WantedLine(row=2, sku="BOLT", quantity=Decimal(1))
    wanted = [WantedOrder(row=2, reference="R-1", customer="C2", lines=[line])]

    save_outside_orders(check_outside_orders(wanted, problems, by=None), Source("orders.csv", "0" * 64))

    assert not problems
    assert Order.objects.get().customer == kept
