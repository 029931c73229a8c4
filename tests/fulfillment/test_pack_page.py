"""Packing by scan, by quantity and all at once."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models import Package, PackageItem
from fulfillment.status import ShipmentStatus
from tests.builders import a_boss, a_product, a_shipment, a_warehouse, all_packed, all_picked
from tests.fulfillment.floor import FLOOR, VIEW, a_long_shipment, a_worker, signed_in
from tests.fulfillment.test_pick_page import GARBAGE, SCRIPT

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN")


@pytest.fixture
def packer(warehouse):
    return a_worker(warehouse, *FLOOR)


@pytest.fixture
def shipment(warehouse):
    return all_picked(a_shipment({a_product("BOLT", on_hand=100, at=warehouse): 20}, by=a_boss()))


def page_of(shipment):
    return reverse("admin:fulfillment_shipment_pack", args=[shipment.pk])


def contents(shipment):
    items = PackageItem.objects.filter(package__shipment=shipment).order_by("package__number", "pk")
    return list(items.values_list("package__number", "quantity"))


def test_two_cartons_are_filled_by_quantity_and_the_rest_at_once(packer, shipment):
    client, line = signed_in(packer), shipment.lines.get().pk

    client.post(page_of(shipment), {"carton": "new", "line": line, f"quantity-{line}": "8"})
    client.post(page_of(shipment), {"carton": "1", "line": line, f"quantity-{line}": "2"})
    client.post(page_of(shipment), {"carton": "new", "everything": "1"})

    shipment.refresh_from_db()
    assert contents(shipment) == [(1, 10), (2, 10)]
    assert shipment.status == ShipmentStatus.PACKED
    assert "Everything is packed" in client.get(page_of(shipment)).content.decode()


def test_each_quantity_has_its_unit_and_no_sum_over_products_is_shown(warehouse, packer):
    bolts, oil = (a_product(sku, on_hand=90, at=warehouse) for sku in ("BOLT", "OIL"))
    oil.units.update(name="litre")
    shipment = all_picked(a_shipment({bolts: 40, oil: 37}, by=a_boss()))
    client, line = signed_in(packer), shipment.lines.get(allocation__stock_level__product=oil).pk
    client.post(page_of(shipment), {"carton": "new", "line": line, f"quantity-{line}": "8"})

    packing, whole = (
        " ".join(
            client.get(reverse(f"admin:fulfillment_shipment_{what}", args=[shipment.pk]))
            .content.decode()
            .split()
        )
        for what in ("pack", "change")
    )

    assert "<strong data-left>29</strong> litre left" in packing
    assert "Lines left to pack: <b data-lines-left>2</b>" in packing
    assert "<span>8</span> litre" in packing
    assert ">37 litre</td>" in whole


def test_a_scan_that_is_sent_twice_is_packed_once(packer, shipment):
    client, line = signed_in(packer), shipment.lines.get().pk
    sent = {"carton": "new", "line": line, f"quantity-{line}": "3", "operation": uuid.uuid4().hex}

    answers = [client.post(page_of(shipment), sent, headers=SCRIPT).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert (answers[0]["carton"], answers[0]["packed"]) == (1, False)
    assert contents(shipment) == [(1, 3)]


def test_more_than_was_picked_is_refused(packer, shipment):
    line = shipment.lines.get().pk
    sent = {"carton": "new", "line": line, f"quantity-{line}": "21"}

    answer = signed_in(packer).post(page_of(shipment), sent, headers=SCRIPT)

    assert (answer.status_code, answer.json()["code"]) == (409, "bad_packing")
    assert not Package.objects.exists()


@pytest.mark.parametrize("field", ["line", "quantity", "carton"])
def test_garbage_is_refused_and_changes_nothing(packer, shipment, field):
    client, line = signed_in(packer), shipment.lines.get().pk

    for value in GARBAGE:
        sent = {"carton": "new", "line": str(line), f"quantity-{line}": "3"}
        sent[f"quantity-{line}" if field == "quantity" else field] = value
        assert client.post(page_of(shipment), sent, headers=SCRIPT).status_code == 409, value
    assert client.post(page_of(shipment), {}, headers=SCRIPT).status_code == 409

    assert not Package.objects.exists()


def test_the_line_of_another_shipment_is_not_packed_here(warehouse, packer, shipment):
    other = all_picked(a_shipment({a_product("NUT", on_hand=9, at=warehouse): 2}, by=a_boss()))
    line = other.lines.get().pk

    sent = {"carton": "new", "line": line, f"quantity-{line}": "1"}

    assert signed_in(packer).post(page_of(shipment), sent, headers=SCRIPT).status_code == 409
    assert not Package.objects.exists()


def test_shipments_of_another_warehouse_are_not_there_and_packing_takes_its_right(warehouse, shipment):
    stranger = signed_in(a_worker(a_warehouse("EAST"), *FLOOR))
    onlooker = signed_in(a_worker(warehouse, *VIEW))

    assert (stranger.get(page_of(shipment)).status_code, onlooker.get(page_of(shipment)).status_code) == (
        404,
        403,
    )
    sent = {"carton": "new", "everything": "1"}
    assert stranger.post(page_of(shipment), sent).status_code == 404
    assert onlooker.post(page_of(shipment), sent).status_code == 403
    assert not Package.objects.exists()


@pytest.mark.parametrize("number", ["2", "new", "0", "x", "9" * 40, "\ufffd"])
def test_any_carton_may_be_asked_for_in_the_address(packer, shipment, number):
    assert signed_in(packer).get(page_of(shipment), {"carton": number}).status_code == 200


def test_a_shipment_that_is_not_being_picked_says_what_to_do_instead(warehouse, packer):
    planned = a_shipment({a_product("NUT", on_hand=9, at=warehouse): 2}, by=a_boss())
    packed = all_packed(a_shipment({a_product("RING", on_hand=9, at=warehouse): 2}, by=a_boss()))
    client = signed_in(packer)

    before, after = (client.get(page_of(one)).content.decode() for one in (planned, packed))

    assert reverse("admin:fulfillment_shipment_pick", args=[planned.pk]) in before
    assert reverse("admin:fulfillment_shipment_ship", args=[packed.pk]) in after


def test_the_statements_do_not_grow_with_the_lines(warehouse, packer):
    client = signed_in(packer)

    def statements(lines):
        shipment = all_picked(a_long_shipment(lines, warehouse))
        counts = []
        for ask in (
            lambda: client.get(page_of(shipment)),
            lambda: client.post(
                page_of(shipment),
                {"carton": "new", "everything": "1", "operation": uuid.uuid4().hex},
                headers=SCRIPT,
            ),
            lambda: client.get(page_of(shipment)),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code == 200
            counts.append(len(queries))
        return counts

    statements(1)
    assert statements(10) == statements(500)
