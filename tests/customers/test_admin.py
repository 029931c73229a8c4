import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, CustomerGroup, PaymentTerms, PriceListAssignment
from oms.models import User
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_price,
    a_price_list,
    a_product,
    a_team,
    a_user,
    a_warehouse,
    an_address,
    an_order,
)

pytestmark = pytest.mark.django_db

CUSTOMERS = "/admin/customers/customer/"
PRICES = "/admin/customers/pricerule/"


@pytest.fixture(autouse=True)
def company(db):
    a_company(zone="UTC")


def a_person(role: str, **values: object) -> User:
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True, **values)


def signed_in(client, person: User) -> User:
    client.force_login(person)
    return person


def page_of(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])


def price_page(customer: Customer) -> str:
    return reverse("admin:customers_customer_price", args=[customer.pk])


def as_posted(customer: Customer, **changes: object) -> dict[str, object]:
    """A customer's form as the page would send it back."""
    plain = [
        "code", "name", "status", "note", "email", "phone", "vat_number", "shipping_policy", "sourcing",
        "minimum_percent", "minimum_value", "contract_class", "contract_minimum_percent",
    ]  # fmt: skip
    keys = {"currency": customer.currency_id, "payment_terms": customer.payment_terms_id}
    sets = {
        f"{name}-{count}": 0
        for name in ("addresses", "contacts", "price_lists")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {**{name: getattr(customer, name) for name in plain}, **keys, **sets, **changes}


# --- customers -------------------------------------------------------------------------------------------------------


def test_a_rep_finds_the_own_customers_only(client):
    rep = signed_in(client, a_person("Sales rep"))
    a_customer("Kern AG", rep=rep)
    theirs = a_customer("Kernwerk", rep=a_person("Sales rep"))

    listed = client.get(CUSTOMERS, {"q": "Kern"}).content.decode()

    assert "Kern AG" in listed
    assert "Kernwerk" not in listed
    assert client.get(page_of(theirs)).status_code == 404
    assert client.get(price_page(theirs)).status_code == 404
    assert client.get(f"{CUSTOMERS}99999999999999999999/change/").status_code == 404
    assert client.get(f"{CUSTOMERS}x/change/").status_code == 404


def test_a_rep_reads_a_customer_and_changes_nothing(client):
    rep = signed_in(client, a_person("Sales rep"))
    customer = a_customer("Kern AG", rep=rep, note="always call before split delivery")

    page = client.get(page_of(customer))

    assert page.status_code == 200
    assert b"always call before split delivery" in page.content
    assert b'name="_save"' not in page.content
    assert client.post(page_of(customer), as_posted(customer, name="Mine now")).status_code == 403
    assert client.get(f"{CUSTOMERS}add/").status_code == 403
    assert client.post(f"{page_of(customer)[:-7]}delete/", {"post": "yes"}).status_code == 403
    customer.refresh_from_db()
    assert customer.name == "Kern AG"


@pytest.mark.parametrize("role", ["Warehouse operator", "Warehouse supervisor", "Catalogue manager", "Buyer"])
def test_other_roles_do_not_open_customers(client, role):
    signed_in(client, a_person(role))
    customer = a_customer()

    assert client.get(CUSTOMERS).status_code == 403
    assert client.get(page_of(customer)).status_code in (403, 404)
    assert client.get(price_page(customer)).status_code == 404


def test_a_manager_changes_the_customers_of_the_team(client):
    manager = signed_in(client, a_person("Sales manager"))
    ours, theirs = a_customer(team=a_team(manager)), a_customer()

    answer = client.post(page_of(ours), as_posted(ours, name="  Kern​ AG ", team=ours.team_id))

    assert answer.status_code == 302
    ours.refresh_from_db()
    assert ours.name == "Kern AG"
    assert client.post(page_of(theirs), as_posted(theirs)).status_code == 404


def test_a_customer_nobody_may_see_cannot_become_a_parent(client):
    manager = signed_in(client, a_person("Sales manager"))
    ours, theirs = a_customer(team=a_team(manager)), a_customer()

    answer = client.post(page_of(ours), as_posted(ours, parent=theirs.pk))

    assert answer.status_code == 200
    ours.refresh_from_db()
    assert ours.parent is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "x\0y"),
        ("code", ""),
        ("code", "​"),
        ("code", "x" * 41),
        ("name", "x" * 201),
        ("status", "gold"),
        ("currency", "XXX"),
        ("payment_terms", 2**70),
        ("rep", "me"),
        ("vat_number", "DE136695977"),
        ("email", "nobody"),
        ("note", "n" * 501),
        ("contacts-INITIAL_FORMS", "many"),
    ],
)
def test_a_customer_form_with_nonsense_is_shown_again(client, field, value):
    signed_in(client, a_boss())
    customer = a_customer()

    answer = client.post(page_of(customer), as_posted(customer, **{field: value}))

    assert answer.status_code == 200
    before = customer.code
    customer.refresh_from_db()
    assert customer.code == before


def test_more_new_rows_than_anybody_adds_are_refused_without_being_built(client):
    signed_in(client, a_boss())
    customer = a_customer()

    answer = client.post(page_of(customer), as_posted(customer, **{"addresses-TOTAL_FORMS": 10**6}))

    assert b"Add at most 100 rows at once." in answer.content
    assert b"addresses-100-street" in answer.content  # one was there
    assert b"addresses-101-street" not in answer.content


def test_a_code_that_is_taken_is_refused_in_a_sentence(client):
    signed_in(client, a_boss())
    taken, customer = a_customer(), a_customer()

    answer = client.post(page_of(customer), as_posted(customer, code=taken.code))

    assert b"already exists" in answer.content


def test_a_customers_page_links_to_what_it_ordered_and_starts_more(client):
    rep = signed_in(client, a_person("Sales rep"))
    a_warehouse()
    customer = a_customer(rep=rep)
    order = an_order({a_product(): 1}, customer=customer, by=rep)

    page = client.get(page_of(customer)).content.decode()

    assert order.number in page
    assert price_page(customer) in page


@pytest.mark.parametrize(
    "lookup",
    [
        "rep__password__startswith=a",
        "team__members__password__startswith=a",
        "group__customer__note__contains=x",
        "note__contains=x",
        "status__regex=a",
        "status__nope=1",
    ],
)
def test_only_the_offered_filters_filter(client, lookup):
    signed_in(client, a_person("Sales rep"))

    assert client.get(f"{CUSTOMERS}?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "lookup", ["status__exact=active", "group__id__exact=1", "group__isnull=True", "team__id__exact=x"]
)
def test_the_offered_filters_filter(client, lookup):
    signed_in(client, a_person("Sales rep"))

    assert client.get(f"{CUSTOMERS}?{lookup}").status_code in (200, 302)


@pytest.mark.parametrize(
    "query", ["q=%25", "q=_", "q='", "q=" + "x" * 9000, "p=-1", "p=abc", "o=99.-99.x", "e=1", "all="]
)
def test_a_list_answers_any_question(client, query):
    signed_in(client, a_boss())
    a_customer()

    assert client.get(f"{CUSTOMERS}?{query}", follow=True).status_code in (200, 400)


def test_autocomplete_shows_what_one_may_see(client):
    rep = signed_in(client, a_person("Sales rep"))
    a_customer("Kern AG", rep=rep)
    a_customer("Kernwerk")
    ask = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": "Kern"}

    answer = client.get("/admin/autocomplete/", ask)

    assert answer.status_code in (200, 403)
    assert b"Kernwerk" not in answer.content


# --- statements ------------------------------------------------------------------------------------------------------


def counted(client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def some_of_everything(count: int) -> None:
    for n in range(count):
        team, group = (
            a_team(a_user()),
            CustomerGroup.objects.create(code=f"G{n}-{count}", name=f"g{n}-{count}"),
        )
        customer = a_customer(group=group, team=team, rep=a_user(is_staff=True))
        PaymentTerms.objects.create(code=f"T{n}-{count}", name="t", days=n)
        prices = a_price_list(f"L{n}-{count}", customer=customer)
        a_price(a_product(), 5, price_list=prices)


PINS = {
    "customer": 9, "customergroup": 7, "salesteam": 7, "paymentterms": 7, "pricelist": 7, "pricerule": 8,
    "address": 7, "contact": 7,
}  # fmt: skip


def test_a_list_costs_the_same_for_any_number_of_rows(client):
    signed_in(client, a_boss())

    for size in (2, 12):
        some_of_everything(size)
        assert {name: counted(client, reverse(f"admin:customers_{name}_changelist")) for name in PINS} == PINS


def test_a_customers_page_costs_the_same_for_any_number_of_rows(client):
    signed_in(client, a_boss())
    a_warehouse()
    customer, counts = a_customer(), []
    client.get(page_of(customer))

    for size in (2, 12):
        for n in range(size):
            an_address(customer, code=f"A{n}-{size}")
            a_price_list(f"P{n}-{size}", customer=customer)
            an_order({a_product(): 1}, customer=customer)
        counts.append(counted(client, page_of(customer)))

    assert counts[0] == counts[1]


def test_a_price_lists_page_costs_the_same_for_any_number_of_assignments(client):
    signed_in(client, a_boss())
    prices, counts = a_price_list("GOLD", customer=a_customer()), []
    address = reverse("admin:customers_pricelist_change", args=[prices.pk])
    client.get(address)

    for size in (2, 12):
        for _n in range(size):
            PriceListAssignment.objects.create(price_list=prices, customer=a_customer())
        counts.append(counted(client, address))

    assert counts[0] == counts[1]
