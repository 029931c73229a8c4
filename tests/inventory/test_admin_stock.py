"""Stock is adjusted, moved and received by hand, in the own warehouses only."""

import uuid

import pytest
from django.test import Client

from inventory.models import BinStock, StockMovement
from inventory.status import LocationKind, MovementKind
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_product,
    a_shipment,
    a_unit,
    a_user,
    a_warehouse,
    first_bin,
)

pytestmark = pytest.mark.django_db

PAGES = {
    "adjust": "/admin/inventory/stockadjustment/add/",
    "move": "/admin/inventory/stocklevel/move/",
    "receive": "/admin/inventory/stocklevel/receive/",
}
OWN_RIGHT = {
    "adjust": "inventory.add_stockadjustment",
    "move": "inventory.move_stock",
    "receive": "inventory.receive_stock",
}
RIGHTS = list(OWN_RIGHT.values())
GARBAGE = ["", " ", "abc", "1.5", "1e3", "1_000", "0", "9" * 30, "999999999999999", "NaN", "\u0661", "\ufffd"]


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN", bins=2)


@pytest.fixture
def bolts(warehouse):
    return a_product("BOLT", on_hand=100, at=warehouse)


@pytest.fixture
def client(warehouse):
    return a_supervisor(warehouse)


def a_supervisor(warehouse, *rights):
    user = a_user(*(rights or RIGHTS), is_staff=True)
    warehouse.members.add(user)
    client = Client()
    client.force_login(user)
    return client


def lies(product, code):
    return (
        BinStock.objects.filter(product=product, location__code=code)
        .values_list("quantity", flat=True)
        .first()
    )


def good(name):
    return {
        "adjust": {
            "product": "BOLT",
            "location": "A-1",
            "difference": "-3",
            "reason": "damaged",
            "note": "broken",
        },
        "move": {"product": "BOLT", "source": "A-1", "target": "A-2", "quantity": "10", "reason": ""},
        "receive": {
            "product": "BOLT",
            "location": "MAIN/A-1",
            "quantity": "7",
            "document": "LS-9",
            "reason": "",
        },
    }[name]


def test_an_adjustment_is_in_the_ledger_with_its_reason(client, bolts):
    assert client.post(PAGES["adjust"], good("adjust")).status_code == 302

    movement = StockMovement.objects.first()
    assert (movement.kind, movement.quantity, movement.reason) == (MovementKind.ADJUST, 3, "damaged: broken")
    assert lies(bolts, "A-1") == 97


def test_stock_moves_and_comes_in(client, bolts):
    client.post(PAGES["move"], good("move"))
    client.post(PAGES["receive"], good("receive"))

    assert (lies(bolts, "A-1"), lies(bolts, "A-2")) == (97, 10)
    assert StockMovement.objects.first().document == "LS-9"


def test_a_product_may_be_scanned_by_any_of_its_gtins(client, bolts):
    a_unit(bolts, "BX", 10, gtin="4001234567890")

    client.post(PAGES["receive"], {**good("receive"), "product": "4001234567890"})

    assert lies(bolts, "A-1") == 107


def test_a_form_that_is_sent_twice_changes_stock_once(client, bolts):
    sent = {**good("receive"), "operation": uuid.uuid4().hex}

    for _ in range(2):
        assert client.post(PAGES["receive"], sent).status_code == 302

    assert lies(bolts, "A-1") == 107


def test_what_is_only_promised_gives_way_and_the_page_names_the_order(client, bolts):
    order = a_confirmed_order({bolts: 99}, by=a_boss())

    text = client.post(PAGES["adjust"], good("adjust"), follow=True).content.decode()

    assert f"Promised to them no more: {order} (2 BOLT)" in text
    assert lies(bolts, "A-1") == 97


def test_what_is_being_picked_is_not_adjusted_away_and_the_page_says_so(client, bolts):
    shipment = a_shipment({bolts: 99}, by=a_boss())

    text = client.post(PAGES["adjust"], good("adjust")).content.decode()

    assert f"99 are to be picked for {shipment}" in text
    assert 'value="broken"' in text
    assert lies(bolts, "A-1") == 100


@pytest.mark.parametrize("name", PAGES)
def test_the_bins_of_another_warehouse_are_not_known_here(bolts, name):
    stranger = a_supervisor(a_warehouse("EAST", bins=2))
    sent = {
        field: f"MAIN/{value}" if value in {"A-1", "A-2"} else value for field, value in good(name).items()
    }

    text = stranger.post(PAGES[name], sent).content.decode()

    assert "Your warehouses have no location" in text
    assert lies(bolts, "A-1") == 100


@pytest.mark.parametrize("name", PAGES)
def test_each_page_takes_its_own_right(warehouse, bolts, name):
    client = a_supervisor(
        warehouse, *(right for right in RIGHTS if right != OWN_RIGHT[name]), "inventory.view_product"
    )

    assert client.get(PAGES[name]).status_code == 403
    assert client.post(PAGES[name], good(name)).status_code == 403
    assert lies(bolts, "A-1") == 100


@pytest.mark.parametrize("name", PAGES)
def test_garbage_in_any_field_is_refused_and_changes_nothing(client, bolts, name):
    free = {"reason", "note", "document"}
    before = StockMovement.objects.count()

    for field in good(name).keys() - free:
        for value in GARBAGE:
            answer = client.post(PAGES[name], {**good(name), field: value})
            assert answer.status_code == 200, (field, value)
    assert client.post(PAGES[name], {}).status_code == 200
    assert client.post(PAGES[name], {**good(name), "reason": "x" * 201}).status_code == 200

    assert StockMovement.objects.count() == before


def test_a_code_that_two_own_warehouses_have_wants_the_warehouse_named(client, warehouse, bolts):
    other = a_warehouse("EAST", bins=1)
    other.members.set(warehouse.members.all())

    assert (
        "type warehouse/code"
        in client.post(PAGES["receive"], {**good("receive"), "location": "A-1"}).content.decode()
    )
    assert client.post(PAGES["receive"], good("receive")).status_code == 302


def test_a_link_fills_the_form(client, bolts):
    assert 'value="BOLT"' in client.get(PAGES["adjust"], {"product": "BOLT"}).content.decode()


def test_stock_goes_into_quarantine_only_as_far_as_it_is_free(client, warehouse, bolts):
    warehouse.locations.create(code="QUARANTINE", kind=LocationKind.QUARANTINE)
    a_confirmed_order({bolts: 95}, by=a_boss())

    answer = client.post(PAGES["move"], {**good("move"), "target": "QUARANTINE"})

    assert "not enough stock" in answer.content.decode()
    assert first_bin(warehouse).bins.get().quantity == 100
