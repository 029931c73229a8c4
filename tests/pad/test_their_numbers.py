"""Customers' own part numbers are typed like ours, and learned when the rep says so."""

from decimal import Decimal

import pytest

from customers.models import CustomerPartNumber
from tests.builders import (
    a_customer,
    a_part_number,
    a_product,
    a_unit,
    a_user,
    an_order,
)
from tests.pad.sending import add, lines_of, send, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def test_their_number_is_entered_like_a_sku_after_our_own(client, rep):
    kern = a_customer(rep=rep)
    bolt, nut = a_product("BOLT"), a_product("NUT", price=3)
    a_unit(bolt, "BX", numerator=12, name="box", gtin="4006381333931")
    a_part_number(kern, "k 47", bolt, "BX")
    a_part_number(kern, "4006381333931", nut)
    a_part_number(a_customer(), "X-1", nut)
    order = an_order({}, kern)

    answer = send(client, order, add("K 47 3"), add("k 47 5 c62"), add("4006381333931 2"), add("nut 1"))

    assert answer.status_code == 200
    assert lines_of(order) == [
        ("BOLT", 36, Decimal(120)),
        ("BOLT", 5, Decimal(10)),
        ("NUT", 2, Decimal(3)),
        ("NUT", 1, Decimal(3)),
    ]
    assert "no SKU" in send(client, order, add("X-1 5")).json()["message"]


def test_their_numbers_are_offered_before_names(client, rep):
    kern = a_customer(rep=rep)
    nut = a_product("NUT-9")
    a_product("V-220")
    a_part_number(kern, "V-2", nut)
    order = an_order({}, kern)

    found = client.get(url(order, "products"), {"q": "v-2"}).json()["results"]

    assert [(one["code"], one["name"]) for one in found] == [
        ("V-2", "NUT-9 Product NUT-9"),
        ("V-220", "Product V-220"),
    ]
    assert found[0]["detail"] == "their V-2 · 0 C62 free"


def test_an_unknown_code_that_was_put_right_is_remembered_when_the_rep_says_so(client, rep):
    order = an_order({}, a_customer(rep=rep))
    bolt = a_product("BOLT")

    refused = send(client, order, add("K-47 5")).json()
    line = send(client, order, add("BOLT 5")).json()["added"]["0"]
    told = client.post(url(order, "learn"), {"code": refused["unknown"]["0"], "line": line})

    assert (told.status_code, refused["unknown"]) == (200, {"0": "K-47"})
    assert "from now on" in told.json()["message"]
    assert send(client, order, add("k-47 2")).status_code == 200
    assert lines_of(order)[1][:2] == ("BOLT", 2)
    known = CustomerPartNumber.objects.get()
    assert (known.customer, known.unit.product, known.learned) == (order.customer, bolt, True)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"code": "NUT", "line": "own"}, 422),
        ({"code": "", "line": "own"}, 422),
        ({"code": "K" * 61, "line": "own"}, 422),
        ({"code": "K-47", "line": "0"}, 404),
        ({"code": "K-47", "line": "x"}, 404),
        ({"code": "K-47", "line": "other"}, 404),
    ],
)
def test_what_cannot_be_learned_is_refused(client, rep, data, status):
    kern = a_customer(rep=rep)
    bolt = a_product("BOLT")
    a_product("NUT")
    own, other = (an_order({bolt: 1}, kern).lines.get() for _ in range(2))
    line = {"own": own.pk, "other": other.pk}.get(data["line"], data["line"])

    answer = client.post(url(own.order, "learn"), {**data, "line": line})

    assert answer.status_code == status
    assert not CustomerPartNumber.objects.exists()


def test_who_may_not_add_part_numbers_teaches_nothing(client):
    rep = a_user("orders.view_order", "orders.change_order", "customers.view_all_customers", is_staff=True)
    client.force_login(rep)
    order = an_order({a_product("BOLT"): 1})

    answer = client.post(url(order, "learn"), {"code": "K-47", "line": order.lines.get().pk})

    assert answer.status_code == 403
    assert b"data-learn" not in client.get(url(order, "pad")).content
    assert not CustomerPartNumber.objects.exists()
