"""Everything with a number, a code or a name is found from one box, by whoever may see it."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact
from inventory.models import ProductUnit, Supplier
from inventory.services.purchasing import Expected, place_purchase_order
from oms.access import matrix
from oms.search import search_for
from oms.typed import Typed
from orders.models import Order
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_product,
    a_transfer,
    a_user,
    a_warehouse,
    all_packed,
    an_order,
    in_days,
)
from tests.builders import a_shipment as a_planned_shipment

pytestmark = pytest.mark.django_db
GTIN = "4006381333931"


@pytest.fixture(autouse=True)
def company():
    a_company()


def a_person(role: str):
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True)


def found(user, text):
    return [(hit.find.title, hit.exact) for hit in search_for(user, Typed.read(text))]


def exact(user, text):
    return [title for title, is_exact in found(user, text) if is_exact]


def test_an_order_is_found_by_its_number_its_po_and_its_outside_reference():
    a_warehouse()
    order = an_order({a_product(): 1}, customer_po="4500-77 a")
    Order.objects.filter(pk=order.pk).update(reference="shop/9")
    boss = a_boss()

    for text in (order.number, order.number.lower().replace("-", ""), "4500-77 A", "shop/9"):
        assert exact(boss, text) == [order.number], text
    assert order.number in exact(boss, order.number[3:])
    for text in ("4500-7", "450"):
        assert found(boss, text) == [(order.number, False)], text
    assert found(boss, "45") == []


def test_a_document_is_found_by_how_its_number_begins():
    a_warehouse()
    orders = [an_order({a_product(): 1}) for _n in range(3)]

    assert {order.number for order in orders} <= {t for t, _e in found(a_boss(), orders[0].number[:-1])} | {
        t for t, _e in found(a_boss(), orders[-1].number[:-1])
    }


def test_every_kind_of_thing_is_found_by_what_people_hold_in_their_hands():
    boss = a_boss()
    here, there = a_warehouse(), a_warehouse()
    customer = a_customer("Kern Metallbau AG", code="K-100")
    Contact.objects.create(customer=customer, name="Maria Kern", email="m.kern@example.com")
    bolt = a_product("B-m8-40", on_hand=9, at=here)
    bolt.name = "Bolt M8x40 zinc plated"
    bolt.save()
    ProductUnit.objects.filter(product=bolt).update(gtin=GTIN)
    shipment = all_packed(a_planned_shipment({bolt: 1}, customer=customer), by=boss)
    shipment.packages.update(tracking_number="00340434161094042557")
    supplier = Supplier.objects.create(code="HYDRA", name="Hydra")
    purchase = place_purchase_order(supplier, here, [Expected(bolt.pk, 5, in_days(3))], by=None)
    transfer = a_transfer({bolt: 1}, here, there)
    quote = draft_quote(Header(customer.pk, customer_po="RFQ 7"), [a_line(bolt, 1)], by=boss)

    for text, title in {
        "k-100": customer.name,
        "kern metallbau ag": customer.name,
        "M.Kern@example.com": "Maria Kern",
        "B-M8-40": "B-m8-40",
        GTIN: "B-m8-40",
        "0" + GTIN: "B-m8-40",
        "]E0" + GTIN: "B-m8-40",
        "0034 0434 1610 9404 2557": shipment.number,
        shipment.number: shipment.number,
        purchase.number: purchase.number,
        transfer.number: transfer.number,
        quote.number: quote.number,
        "rfq 7": quote.number,
    }.items():
        assert exact(boss, text) == [title], text
    for text, title in {
        "metallb": customer.name,
        "maria": "Maria Kern",
        "zinc bol": "B-m8-40",
        "b-m8": "B-m8-40",
    }.items():
        assert found(boss, text) == [(title, False)], text


def test_a_rep_finds_what_belongs_to_the_own_customers_and_nothing_else():
    a_warehouse()
    rep, other = a_person("Sales rep"), a_person("Sales rep")
    mine, theirs = a_customer("Kern AG", rep=rep), a_customer("Kernwerk", rep=other)
    for customer in (mine, theirs):
        Contact.objects.create(customer=customer, name="Maria Kern")
    order = an_order({a_product(): 1}, customer=theirs, by=other, customer_po="4500")

    assert [title for title, _e in found(rep, "kern")] == ["Kern AG", "Maria Kern"]
    assert found(rep, order.number) == []
    assert found(rep, "4500") == []
    assert exact(other, "4500") == [order.number]


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("role", matrix()["roles"])
def test_nobody_finds_what_the_page_would_not_open(client, role):
    """Whatever the search shows a role opens for it, by the page it leads to."""
    here, there = a_warehouse(), a_warehouse()
    person = a_person(role)
    here.members.add(person)
    bolt = a_product("KERN-1", on_hand=9, at=here)
    customer = a_customer("Kern AG", rep=person)
    Contact.objects.create(customer=customer, name="Maria Kern")
    shipment = a_planned_shipment({bolt: 1}, customer=customer, warehouse_id=here.pk)
    supplier = Supplier.objects.create(code="HYDRA", name="Hydra")
    purchase = place_purchase_order(supplier, here, [Expected(bolt.pk, 5, in_days(3))], by=None)
    transfer = a_transfer({bolt: 1}, here, there)
    client.force_login(person)

    hits = [
        hit
        for text in ("kern", shipment.number, shipment.order.number, purchase.number, transfer.number)
        for hit in search_for(person, Typed.read(text))
    ]

    assert hits
    assert {hit.find.title: client.get(hit.find.url).status_code for hit in hits if hit.find.url} == {
        hit.find.title: 200 for hit in hits
    }


def test_a_search_costs_the_same_however_much_there_is():
    a_warehouse()
    boss = a_boss()
    counts = []
    for size in (1, 7):
        for n in range(size):
            customer = a_customer(f"Kern {size} {n}")
            Contact.objects.create(customer=customer, name=f"Kern {size} {n}")
            an_order({a_product(f"KERN-{size}-{n}"): 1}, customer=customer, customer_po=f"KERN {size}{n}")
        with CaptureQueriesContext(connection) as asked:
            search_for(boss, Typed.read("kern"))
        counts.append(len(asked))

    assert counts == [5, 5]  # all ways at once; orders, customers, contacts and products


@pytest.mark.parametrize(
    "text",
    [
        "%", "_", "\\", "'", '"', "x" * 10_000, "\ud800", "٣", "<b>", "' | !:*", "(((", ":*", "&&&", "1" * 15, "*",
        "\u202e",
    ],
)  # fmt: skip
def test_a_search_for_anything_is_answered(client, text):
    client.force_login(a_boss())
    raw = text.encode("utf-8", "surrogatepass")

    for address in (reverse("search"), reverse("admin:search")):
        for more in ({}, {"part": 1}, {"go": 1}):
            answer = client.get(address, {"q": raw, **more})
            assert answer.status_code == 200
            assert b"<b>" not in answer.content


def test_what_goes_by_exactly_what_was_typed_opens(client):
    a_warehouse()
    order = an_order({a_product(): 1}, customer_po="77-A")
    twice = [an_order({a_product(): 1}, customer_po="88") for _n in range(2)]
    client.force_login(a_boss())

    opened = client.get("/search/", {"q": "77-a", "go": 1})
    several = client.get("/search/", {"q": "88", "go": 1})
    looked = client.get("/search/", {"q": "77-a"})

    assert opened["Location"] == reverse("admin:orders_order_change", args=[order.pk])
    assert looked.status_code == 200
    for one in twice:
        assert one.number in several.content.decode()


def test_a_wrong_check_digit_is_said(client):
    client.force_login(a_boss())

    assert "check digit" in client.get("/search/", {"q": GTIN[:-1] + "2"}).content.decode()


@pytest.mark.parametrize("role", matrix()["roles"])
def test_the_page_and_the_list_are_small(client, role):
    a_warehouse()
    person = a_person(role)
    for n in range(7):
        an_order(
            {a_product(f"KERN-{n}"): 1}, customer=a_customer(f"Kern {n}", rep=person), customer_po="KERN"
        )
    client.force_login(person)

    assert len(client.get("/search/", {"q": "kern", "part": 1}).content) < 10_000
    assert len(client.get("/search/", {"q": "kern"}).content) < 50_000


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/search/", {"q": "kern"})["Location"].startswith(reverse("admin:login"))
