"""Companies above and below each other: never in a circle, and where goods and bills may go."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Address, Customer
from customers.models.tree import lineage_of
from oms.errors import Incomplete
from oms.verify import breaches
from orders.forms import HeaderForm
from orders.services.capturing import Header, enter_order
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_product,
    a_user,
    a_warehouse,
    an_address,
    an_order,
)
from tests.verify.conftest import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """A head office, its branch, and a shop below the branch."""
    head = a_customer("Head")
    branch = a_customer("Branch", parent=head)
    return head, branch, a_customer("Shop", parent=branch)


def test_a_company_never_stands_above_itself_however_deep(family):
    head, _branch, shop = family

    with pytest.raises(IntegrityError, match="stand above itself"), transaction.atomic():
        Customer.objects.filter(pk=head.pk).update(parent=shop)

    assert lineage_of(head.pk) == {head.pk: 0, family[1].pk: -1, shop.pk: -2}


def test_two_parents_changed_by_one_statement_make_no_circle():
    one, other = a_customer(), a_customer()
    both = Customer.objects.filter(pk__in=[one.pk, other.pk])

    with pytest.raises(IntegrityError, match="stand above itself"), transaction.atomic():
        run(
            f"UPDATE customers_customer SET parent_id = {one.pk + other.pk} - id WHERE id IN ({one.pk}, {other.pk})"
        )

    assert set(both.values_list("parent", flat=True)) == {None}


def test_the_form_refuses_a_circle_with_the_reason(client, family):
    a_company()
    head, _branch, shop = family
    client.force_login(a_boss())

    page = client.post(f"/admin/customers/customer/{head.pk}/change/", {"parent": shop.pk})

    assert "a company cannot stand above itself" in page.content.decode()


def test_who_gets_no_bills_is_billed_at_the_nearest_company_above(family):
    a_warehouse()
    head, branch, shop = family
    Address.objects.filter(customer__in=[branch, shop]).update(is_bill_to=False)

    order = an_order({a_product(): 1}, shop)

    assert (order.ship_to.customer, order.bill_to.customer) == (shop, head)
    assert not list(breaches())


def test_goods_go_elsewhere_in_the_tree_only_when_somebody_says_so(family):
    a_warehouse()
    head, _branch, shop = family
    shop_door, stranger = shop.addresses.get(), a_customer().addresses.get()
    Address.objects.filter(customer=head).update(is_ship_to=False)

    with pytest.raises(Incomplete, match="needs an address for goods"):
        enter_order(Header(head.pk), [], by=None)
    with pytest.raises(Incomplete, match="needs an address for goods"):
        enter_order(Header(head.pk, ship_to_id=stranger.pk), [], by=None)
    order = enter_order(Header(head.pk, ship_to_id=shop_door.pk), [], by=None)

    assert order.ship_to == shop_door
    assert not list(breaches())


def test_verify_knows_an_address_of_a_stranger_and_forgives_a_company_that_moved(family):
    a_warehouse()
    head, branch, shop = family
    order = enter_order(Header(shop.pk, bill_to_id=head.addresses.get().pk), [], by=None)

    Customer.objects.filter(pk=branch.pk).update(parent=None)
    assert not list(breaches())

    order.bill_to = a_customer().addresses.get()
    order.save()
    Customer.objects.update(parent_since=None)
    assert [breach.invariant for breach in breaches()] == ["I20 lines and headers name parts of their own"]


def test_the_pad_offers_own_addresses_first_and_of_the_tree_what_the_rep_sees(family):
    a_warehouse()
    _head, branch, shop = family
    rep = a_user("customers.view_customer")
    Customer.objects.filter(pk__in=[branch.pk, shop.pk]).update(rep=rep)
    own = an_address(branch, "DOCK")
    order = an_order({}, branch, by=rep)

    form = HeaderForm(order, rep)

    assert [address.customer.name for address in form.fields["ship_to"].queryset] == [
        "Branch",
        "Branch",
        "Shop",
    ]
    assert own in form.fields["bill_to"].queryset


@pytest.fixture
def rep(client, family):
    """Who looks after the branch and the shop, and not after the head office."""
    a_company()
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    Customer.objects.filter(pk__in=[one.pk for one in family[1:]]).update(rep=rep)
    client.force_login(rep)
    return rep


def tree_page(customer):
    return f"/admin/customers/customer/{customer.pk}/tree/"


def test_the_tree_shows_the_companies_that_the_person_sees(client, family, rep):
    head, _branch, shop = family
    a_customer("Twin", parent=head)

    shown = client.get(tree_page(shop)).context["branches"]

    assert [(one.customer.name, one.depth, one.is_this) for one in shown] == [
        ("Branch", 0, False),
        ("Shop", 1, True),
    ]
    assert client.get(tree_page(head)).status_code == 404


def test_the_tree_takes_the_right_to_see_customers_besides(client, family):
    client.force_login(a_user("customers.view_all_customers", is_staff=True))

    assert client.get(tree_page(family[0])).status_code == 403


def test_the_tree_takes_as_many_statements_for_many_companies(client, family, rep):
    counts = []
    for more in (5, 50):
        for _n in range(more):
            a_customer(parent=family[1], rep=rep)
        with CaptureQueriesContext(connection) as statements:
            assert client.get(tree_page(family[2])).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
