"""Packing by scan, by quantity and all at once."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.errors import BadPacking
from fulfillment.models import Package, PackageItem
from fulfillment.services.packing import pack, unpack
from fulfillment.services.shipping import ship_shipment
from fulfillment.status import ShipmentStatus
from oms.errors import IllegalMove
from tests.builders import a_boss, a_cable, a_product, a_shipment, a_warehouse, all_packed, all_picked
from tests.fulfillment.floor import FLOOR, VIEW, a_long_shipment, a_worker, signed_in
from tests.fulfillment.test_pick_page import GARBAGE, SCRIPT
from tests.shared import anew, shared_by_the_module

pytestmark = pytest.mark.django_db


def build():
    warehouse = a_warehouse("MAIN")
    return (
        warehouse,
        a_worker(warehouse, *FLOOR),
        all_picked(a_shipment({a_product("BOLT", on_hand=100, at=warehouse): 20}, by=a_boss())),
    )


built = shared_by_the_module(build)


@pytest.fixture
def warehouse(built):
    return anew(built[0])


@pytest.fixture
def packer(built):
    return anew(built[1])


@pytest.fixture
def shipment(built):
    return anew(built[2])


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


def test_cable_is_packed_and_taken_out_by_the_metre(warehouse, packer):
    shipment = all_picked(a_shipment({a_cable("NYM", metres=100, at=warehouse): 12_500}, by=a_boss()))
    client, line = signed_in(packer), shipment.lines.get().pk
    sent = {f"each-{line}": "1000", f"quantity-{line}": "8.5"}

    client.post(page_of(shipment), {"carton": "new", "line": line, **sent})
    client.post(page_of(shipment), {"take_out": f"1-{line}", f"each-{line}": "1000", f"out-1-{line}": "3"})
    page = client.get(page_of(shipment)).content.decode()

    assert PackageItem.objects.get().quantity == 5500
    assert "× <span>5.5</span> <i>metre</i>" in page
    assert "<strong data-left>7</strong> metre" in page


def test_each_quantity_has_its_unit_and_no_sum_over_products_is_shown(warehouse, packer):
    bolts, oil = (a_product(sku, on_hand=90, at=warehouse) for sku in ("SCREW", "OIL"))
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
    assert "<span>8</span> <i>litre</i>" in packing
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


# --- out of a carton --------------------------------------------------------------------------------------------------


def take_out(client, shipment, carton, quantity, **more):
    named = f"{carton}-{shipment.lines.get().pk}"
    return client.post(page_of(shipment), {"take_out": named, f"out-{named}": str(quantity), **more})


def promised(shipment):
    allocation = shipment.lines.get().allocation
    return allocation.picked, allocation.packed


def test_a_part_is_taken_out_of_its_carton_and_waits_to_be_packed(packer, shipment):
    client, line = signed_in(packer), shipment.lines.get().pk
    client.post(page_of(shipment), {"carton": "new", "line": line, f"quantity-{line}": "8"})

    take_out(client, shipment, 1, 3)

    assert contents(shipment) == [(1, 5)]
    assert (shipment.lines.get().packed, promised(shipment)) == (5, (15, 5))
    assert "<strong data-left>15</strong>" in client.get(page_of(shipment)).content.decode()


def test_what_was_packed_as_a_whole_is_being_packed_again(packer, shipment):
    client = signed_in(packer)
    client.post(page_of(shipment), {"carton": "new", "everything": "1"})

    take_out(client, shipment, 1, 20)

    shipment.refresh_from_db()
    assert (shipment.status, contents(shipment), promised(shipment)) == (ShipmentStatus.PICKING, [], (20, 0))
    assert not Package.objects.exists(), "an empty carton is gone"
    client.post(page_of(shipment), {"carton": "new", "everything": "1"})
    shipment.refresh_from_db()
    assert (shipment.status, contents(shipment)) == (ShipmentStatus.PACKED, [(1, 20)])


@pytest.mark.parametrize(
    ("carton", "quantity"), [(1, 9), (1, 0), (1, -1), (2, 1), (1, "x"), (1, "1e1"), ("x", 1)]
)
def test_what_a_carton_does_not_hold_is_not_taken_out(packer, shipment, carton, quantity):
    client, line = signed_in(packer), shipment.lines.get().pk
    client.post(page_of(shipment), {"carton": "new", "line": line, f"quantity-{line}": "8"})

    named = f"{carton}-{line}"
    answer = client.post(
        page_of(shipment), {"take_out": named, f"out-{named}": str(quantity)}, headers=SCRIPT
    )

    assert answer.status_code == 409
    assert (contents(shipment), promised(shipment)) == ([(1, 8)], (12, 8))


def test_nothing_is_taken_out_of_what_has_left(packer, shipment):
    client = signed_in(packer)
    client.post(page_of(shipment), {"carton": "new", "everything": "1"})
    ship_shipment(shipment.pk, by=packer)

    page = client.get(page_of(shipment)).content.decode()
    with pytest.raises(IllegalMove):
        unpack(shipment.pk, 1, {shipment.lines.get().pk: 1}, by=packer)

    assert 'name="take_out"' not in page
    assert contents(shipment) == [(1, 20)]


def test_taking_out_that_is_sent_twice_happens_once(packer, shipment):
    client = signed_in(packer)
    client.post(page_of(shipment), {"carton": "new", "everything": "1"})

    for _ in range(2):
        take_out(client, shipment, 1, 4, operation="a" * 32)

    assert contents(shipment) == [(1, 16)]


def test_the_line_of_another_shipment_is_not_taken_out_here(warehouse, packer, shipment):
    other = all_packed(a_shipment({a_product("NUT", on_hand=9, at=warehouse): 2}, by=a_boss()))
    pack(shipment.pk, None, {shipment.lines.get().pk: 20}, by=packer)

    with pytest.raises(BadPacking):
        unpack(shipment.pk, 1, {other.lines.get().pk: 1}, by=packer)

    assert (contents(other), contents(shipment)) == ([(1, 2)], [(1, 20)])


def test_taking_out_needs_the_right_to_pack(warehouse, shipment):
    pack(shipment.pk, None, {shipment.lines.get().pk: 20}, by=None)

    assert take_out(signed_in(a_worker(warehouse, *VIEW)), shipment, 1, 1).status_code == 403
    assert contents(shipment) == [(1, 20)]


def test_taking_out_costs_the_same_statements_for_many_lines(warehouse, packer):
    counts = []
    for n in (2, 12):
        shipment = all_packed(a_long_shipment(n, warehouse))
        with CaptureQueriesContext(connection) as queries:
            unpack(shipment.pk, 1, {line.pk: 1 for line in shipment.lines.all()[1:]}, by=packer)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 16
