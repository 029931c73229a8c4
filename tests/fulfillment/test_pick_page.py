"""The handheld's pick page, with a script and without one."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models import PickTask
from fulfillment.status import ShipmentStatus, TaskStatus
from inventory.models import StockCount, StockMovement
from tests.builders import a_boss, a_cable, a_product, a_shipment, a_unit, a_warehouse, all_picked
from tests.fulfillment.floor import FLOOR, VIEW, a_long_shipment, a_worker, signed_in
from tests.shared import anew, shared_by_the_module

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}
GARBAGE = [
    "",
    " ",
    "abc",
    "1.5",
    "1e3",
    "1_000",
    "-5",
    "0",
    "9" * 30,
    "1\0",
    "NaN",
    "١٢",
    "\ud800".encode("utf-8", "replace").decode(),
]


def build():
    warehouse = a_warehouse("MAIN", bins=3)
    return (
        warehouse,
        a_worker(warehouse, *FLOOR),
        a_shipment({a_product("BOLT", on_hand=100, at=warehouse): 20}, by=a_boss()),
    )


built = shared_by_the_module(build)


@pytest.fixture
def warehouse(built):
    return anew(built[0])


@pytest.fixture
def picker(built):
    return anew(built[1])


@pytest.fixture
def shipment(built):
    return anew(built[2])


def page_of(shipment):
    return reverse("admin:fulfillment_shipment_pick", args=[shipment.pk])


def task_of(shipment):
    return PickTask.objects.get(shipment_line__shipment=shipment, status=TaskStatus.OPEN)


def test_the_list_names_the_shipments_that_wait_in_the_own_warehouses(warehouse, picker, shipment):
    elsewhere = a_warehouse("EAST")
    other = a_shipment({a_product("NUT", on_hand=9, at=elsewhere): 2}, by=a_boss(), warehouse_id=elsewhere.pk)

    text = signed_in(picker).get(reverse("admin:fulfillment_shipment_pick")).content.decode()

    assert shipment.number in text
    assert "MAIN: 1 stop<" in text
    assert other.number not in text


def test_a_picker_does_not_see_the_shipments_of_another_warehouse(shipment):
    stranger = a_worker(a_warehouse("EAST"), *FLOOR)

    assert signed_in(stranger).get(page_of(shipment)).status_code == 404
    sent = signed_in(stranger).post(page_of(shipment), {"task": task_of(shipment).pk, "quantity": "1"})
    assert sent.status_code == 404
    assert task_of(shipment).picked == 0


def test_whoever_sees_a_shipment_but_may_not_pick_is_refused(warehouse, shipment):
    client = signed_in(a_worker(warehouse, *VIEW))

    assert client.get(page_of(shipment)).status_code == 403
    assert client.post(page_of(shipment), {"task": task_of(shipment).pk, "quantity": "1"}).status_code == 403
    assert client.get(reverse("admin:fulfillment_shipment_pick")).status_code == 403


def test_a_plain_form_picks_what_is_typed_or_all_that_was_shown(picker, shipment):
    client, task = signed_in(picker), task_of(shipment)

    answer = client.post(page_of(shipment), {"task": task.pk, "quantity": "7"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.picked, task.status) == (7, TaskStatus.OPEN)

    client.post(page_of(shipment), {"task": task.pk, "shown": "13", "all": "1"})
    task.refresh_from_db()
    assert (task.picked, task.status) == (20, TaskStatus.PICKED)
    assert "Everything is picked" in client.get(page_of(shipment)).content.decode()


def test_a_pick_that_is_sent_twice_is_done_once(picker, shipment):
    client, operation = signed_in(picker), uuid.uuid4().hex
    sent = {"task": task_of(shipment).pk, "quantity": "7", "operation": operation}

    first = client.post(page_of(shipment), sent, headers=SCRIPT)
    second = client.post(page_of(shipment), sent, headers=SCRIPT)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert task_of(shipment).picked == 7


def test_an_operation_id_serves_one_request_only(picker, shipment):
    client, operation = signed_in(picker), uuid.uuid4().hex
    task = task_of(shipment).pk
    client.post(page_of(shipment), {"task": task, "quantity": "7", "operation": operation}, headers=SCRIPT)

    other = client.post(
        page_of(shipment), {"task": task, "quantity": "8", "operation": operation}, headers=SCRIPT
    )

    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert task_of(shipment).picked == 7


def test_more_than_the_stop_asks_for_is_refused_with_a_sentence(picker, shipment):
    sent = {"task": task_of(shipment).pk, "quantity": "21", "operation": "a"}

    answer = signed_in(picker).post(page_of(shipment), sent, headers=SCRIPT)

    assert answer.status_code == 409
    assert "21 picked, but 20 are asked for" in answer.json()["refused"]
    assert task_of(shipment).picked == 0


def test_a_refusal_counts_as_the_page_does(warehouse, picker):
    shipment = a_shipment({a_cable("CABLE", 50, warehouse): 20_000}, by=a_boss())
    task = task_of(shipment).pk

    more = signed_in(picker).post(page_of(shipment), {"task": task, "quantity": "30000"}, headers=SCRIPT)
    short = {"task": task, "short": "1", "counted": "25000", "reason": "not_found", "operation": "b"}
    none = signed_in(picker).post(page_of(shipment), short, headers=SCRIPT)

    assert "30 picked, but 20 are asked for" in more.json()["refused"]
    assert "25 of 20 taken is no short pick" in none.json()["refused"]


@pytest.mark.parametrize("field", ["task", "quantity", "shown", "counted"])
def test_garbage_is_refused_and_changes_nothing(picker, shipment, field):
    kind = {"shown": {"all": "1"}, "counted": {"short": "1", "reason": "damaged"}}.get(field, {})
    good = {"task": task_of(shipment).pk, "quantity": "5", "shown": "5", "counted": "5", **kind}
    client, moved = signed_in(picker), StockMovement.objects.count()

    for value in GARBAGE if field != "counted" else set(GARBAGE) - {"0"}:
        answer = client.post(page_of(shipment), {**good, field: value}, headers=SCRIPT)
        assert answer.status_code in {404, 409}, value
    for missing in good:
        sent = {name: value for name, value in good.items() if name != missing}
        answer = client.post(page_of(shipment), sent if field == missing else {}, headers=SCRIPT)
        assert answer.status_code in {404, 409}, missing

    assert StockMovement.objects.count() == moved


def test_any_operation_id_is_good_enough(picker, shipment):
    client = signed_in(picker)

    for value in ["", "\0", "x" * 5000, "ünïcode", "' OR 1=1"]:
        sent = {"task": task_of(shipment).pk, "quantity": "1", "operation": value}
        assert client.post(page_of(shipment), sent, headers=SCRIPT).status_code == 200

    assert task_of(shipment).picked == 5


def test_the_task_of_another_shipment_is_not_this_ones_business(warehouse, picker, shipment):
    other = a_shipment({a_product("NUT", on_hand=9, at=warehouse): 2}, by=a_boss())
    client, foreign = signed_in(picker), task_of(other).pk

    picked = client.post(page_of(shipment), {"task": foreign, "quantity": "1"}, headers=SCRIPT)
    short = client.post(
        page_of(shipment),
        {"task": foreign, "short": "1", "counted": "0", "reason": "damaged"},
        headers=SCRIPT,
    )

    assert (picked.status_code, short.status_code) == (409, 404)
    assert task_of(other).picked == 0


def test_a_short_pick_says_why_and_the_missing_units_are_counted(picker, shipment):
    client, task = signed_in(picker), task_of(shipment)

    refused = client.post(
        page_of(shipment), {"task": task.pk, "short": "1", "counted": "12", "reason": "bored"}
    )
    assert refused.status_code == 302
    assert task_of(shipment).pk == task.pk

    client.post(page_of(shipment), {"task": task.pk, "short": "1", "counted": "12", "reason": "not_found"})
    task.refresh_from_db()
    assert (task.picked, task.status) == (12, TaskStatus.SHORT)
    assert StockCount.objects.get().missing == 8


def test_a_short_pick_takes_its_own_right(warehouse, shipment):
    picker = a_worker(warehouse, *(right for right in FLOOR if right != "fulfillment.short_pick"))
    sent = {"task": task_of(shipment).pk, "short": "1", "counted": "1", "reason": "damaged"}

    client = signed_in(picker)

    assert client.post(page_of(shipment), sent).status_code == 403
    assert "data-short" not in client.get(page_of(shipment)).content.decode()


def test_the_device_gets_the_stops_in_walk_order_with_all_their_codes(warehouse, picker):
    last, first = warehouse.locations.get(code="A-3"), warehouse.locations.get(code="A-1")
    bolts, nuts = a_product("SCREW", on_hand=30, at=last), a_product("NUT", on_hand=30, at=first)
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    a_unit(bolts, "KG", 1, 3, gtin="4001234567891")  # a third of a piece is no count
    shipment = a_shipment({bolts: 20, nuts: 5}, by=a_boss())

    device = signed_in(picker).get(page_of(shipment)).context["device"]

    assert [(stop["bin"], stop["sku"], stop["left"]) for stop in device["stops"]] == [
        ("A-1", "NUT", 5),
        ("A-3", "SCREW", 20),
    ]
    assert device["stops"][1]["codes"] == {"SCREW": 1, "4001234567890": 10, "04001234567890": 10}


def test_cable_is_picked_by_the_metre(warehouse, picker):
    shipment = a_shipment({a_cable("NYM", metres=100, at=warehouse): 12_500}, by=a_boss())
    client, task = signed_in(picker), task_of(shipment)

    page = client.get(page_of(shipment))
    typed = {"task": task.pk, "each": "1000"}
    client.post(page_of(shipment), {**typed, "quantity": "2,5"})
    refused = client.post(page_of(shipment), {**typed, "quantity": "0.0001"}, follow=True)

    assert ">12.5</strong> <span data-unit>metre</span>" in page.content.decode()
    assert page.context["device"]["stops"][0]["codes"] == {"NYM": 1000}
    assert task_of(shipment).picked == 2500
    assert "0.001" in refused.content.decode()


def test_looking_changes_nothing(picker, shipment):
    signed_in(picker).get(page_of(shipment))

    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.PLANNED


def test_a_picked_shipment_goes_on_to_packing(picker, shipment):
    all_picked(shipment)

    text = signed_in(picker).get(page_of(shipment)).content.decode()

    assert reverse("admin:fulfillment_shipment_pack", args=[shipment.pk]) in text


def test_the_statements_do_not_grow_with_the_lines(warehouse, picker):
    client = signed_in(picker)
    client.get(reverse("admin:index"))

    def statements(lines):
        shipment = a_long_shipment(lines, warehouse)
        counts = []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(shipment)).status_code == 200
        counts.append(len(queries))
        task = PickTask.objects.filter(shipment_line__shipment=shipment).first()
        with CaptureQueriesContext(connection) as queries:
            sent = {"task": task.pk, "quantity": "1", "operation": uuid.uuid4().hex}
            assert client.post(page_of(shipment), sent, headers=SCRIPT).status_code == 200
        counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("admin:fulfillment_shipment_pick")).status_code == 200
        counts.append(len(queries))
        return counts

    statements(1)  # makes the staging lane
    assert statements(10) == statements(500)
