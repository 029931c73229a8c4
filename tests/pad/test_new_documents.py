"""A new document is made for a customer, once; customers and products are looked up among those one sees."""

import pytest
from django.urls import reverse

from orders.models import Order, Quote
from tests.builders import (
    a_customer,
    a_product,
    an_order,
)
from tests.pad.sending import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.mark.parametrize(("kind", "model"), [("order", Order), ("quote", Quote)])
def test_choosing_a_customer_makes_one_draft_however_often_it_is_sent(client, boss, kind, model):
    customer, new = a_customer(), reverse(f"admin:orders_{kind}_pad")

    for _ in range(2):
        response = client.post(new, {"customer": customer.pk, "operation": "operation-new-1"})

    document = model.objects.get()
    assert response.url == url(document, "pad")
    assert (document.customer, document.created_by) == (customer, boss)


@pytest.mark.parametrize("chosen", ["", "abc", "-1", "1_0", "٣", "9" * 30])
def test_a_customer_that_is_none_is_asked_for_again(client, boss, chosen):
    data = {"customer": chosen, "operation": "operation-new-1"}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize("operation", ["", "x", "\x00" * 9, "a" * 99, "<script>x"])
def test_a_new_document_without_an_operation_id_is_a_bad_request(client, boss, operation):
    data = {"customer": a_customer().pk, "operation": operation}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 400


def test_a_customer_of_somebody_else_is_not_found(client, rep):
    data = {"customer": a_customer().pk, "operation": "operation-new-1"}

    assert client.post(reverse("admin:orders_order_pad"), data).status_code == 404


def test_a_customer_without_an_address_is_refused_with_the_remedy(client, boss):
    customer = a_customer()
    customer.addresses.all().delete()

    response = client.post(
        reverse("admin:orders_order_pad"), {"customer": customer.pk, "operation": "operation-new-1"}
    )

    assert "needs an address" in response.content.decode()


def test_the_last_customers_are_offered(client, boss):
    an_order({}, a_customer("Kern AG"), by=boss)

    assert "Kern AG" in client.get(reverse("admin:orders_order_pad")).content.decode()


def test_customers_are_looked_up_among_those_one_sees(client, rep):
    a_customer("Kern AG", rep=rep)
    a_customer("Kernel Ltd")

    answer = client.get(reverse("admin:orders_order_customers"), {"q": "kern"}).json()

    assert [found["name"] for found in answer["results"]] == ["Kern AG"]


@pytest.mark.parametrize("text", ["", "%", "_", "'", "\\", "a" * 5000, "\u202e"])
def test_garbage_is_looked_up_without_breaking(client, boss, text):
    order = an_order({a_product(): 1})

    assert client.get(reverse("admin:orders_order_customers"), {"q": text}).status_code == 200
    assert client.get(url(order, "products"), {"q": text}).status_code == 200


def test_products_are_looked_up_with_what_is_free(client, rep, house):
    a_product("V-220", on_hand=12, at=house)
    order = an_order({}, a_customer(rep=rep))

    found = client.get(url(order, "products"), {"q": "v-2"}).json()["results"]

    assert found == [{"code": "V-220", "name": "Product V-220", "detail": "12 C62 free"}]
