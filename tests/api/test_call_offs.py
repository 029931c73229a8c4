"""Call-offs through the REST interface: listed, read, planned and called off."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import CallOff, Order
from orders.services.scheduling import Portions, plan_call_offs
from tests.api.machine import Machine
from tests.builders import a_customer, a_product, a_unit, a_user, a_warehouse, agreed, an_agreement, in_days


@pytest.fixture
def frame(machine):
    a_warehouse()
    bolts, nuts = a_product("BOLT-M8", on_hand=900), a_product("NUT-M8", on_hand=900)
    return an_agreement(a_customer(code="KERN"), agreed(bolts, 8, maximum=400), agreed(nuts, 2))


def body(frame, sku="BOLT-M8", **more):
    wanted = {"agreement": frame.number, "sku": sku, "ship_to": "MAIN", "quantity": "100"}
    return {**wanted, "first": in_days(30).isoformat(), **more}


def told(machine, **parameters):
    return machine.get("v1/call-offs/", parameters).json()["results"]


def test_a_call_off_is_planned_told_and_called_off(machine, frame):
    answer = machine.post("v1/call-offs/", body(frame))
    (planned,) = answer.json()["results"]

    assert answer.status_code == 201
    assert {**planned, "id": 0, "requested_on": "", "called_off_on": ""} == {
        "id": 0, "agreement": frame.number, "customer": "KERN", "sku": "BOLT-M8", "unit": "C62", "ship_to": "MAIN",
        "requested_on": "", "called_off_on": "", "status": "planned", "quantity": "100", "ordered": "0", "shipped": "0",
        "open": "100", "orders": [], "refusal": "",
    }  # fmt: skip
    assert machine.get(f"v1/call-offs/{planned['id']}/").json() == planned

    called = machine.post(f"v1/call-offs/{planned['id']}/call-off/").json()
    assert (called["status"], called["ordered"], called["open"]) == ("ordered", "100", "0")
    assert called["orders"] == [Order.objects.get().number]


def test_many_days_are_planned_at_once_and_all_of_one_day_is_one_order(machine, frame):
    machine.post("v1/call-offs/", body(frame, count=3, interval="monthly"))
    machine.post("v1/call-offs/", body(frame, "NUT-M8", count=3, interval="monthly"))

    rows = told(machine)
    assert len(rows) == 6
    first, last = rows[0], rows[-1]
    assert [row["id"] for row in told(machine, requested_from=last["requested_on"])] == [
        row["id"] for row in rows if row["requested_on"] == last["requested_on"]
    ]
    called = machine.post(f"v1/call-offs/{first['id']}/call-off/").json()
    ordered = [row["requested_on"] for row in told(machine) if row["orders"] == called["orders"]]
    assert ordered == [first["requested_on"]] * 2


def test_a_call_off_is_changed_skipped_and_planned_again(machine, frame):
    (planned,) = machine.post("v1/call-offs/", body(frame)).json()["results"]
    at = f"v1/call-offs/{planned['id']}/"

    moved = machine.post(f"{at}change/", {"requested_on": in_days(44).isoformat()}).json()
    less = machine.post(f"{at}change/", {"quantity": 40}).json()
    skipped = machine.post(f"{at}skip/").json()
    wanted = machine.post(f"{at}plan-again/").json()

    assert (moved["requested_on"], moved["quantity"]) == (in_days(44).isoformat(), "100")
    assert (less["requested_on"], less["quantity"]) == (in_days(44).isoformat(), "40")
    assert (skipped["status"], skipped["open"]) == ("skipped", "0")
    assert (wanted["status"], wanted["open"]) == ("planned", "40")
    assert wanted == machine.get(at).json()


def test_what_was_called_off_is_neither_changed_nor_skipped(machine, frame):
    (planned,) = machine.post("v1/call-offs/", body(frame)).json()["results"]
    at = f"v1/call-offs/{planned['id']}/"
    machine.post(f"{at}call-off/")
    before = machine.get(at).json()

    changed, skipped = machine.post(f"{at}change/", {"quantity": 5}), machine.post(f"{at}skip/")

    order = Order.objects.get().number
    assert (changed.status_code, changed.json()["code"]) == (409, "call_off_refused")
    assert f"was made into {order}" in changed.json()["detail"]
    assert skipped.status_code == 409
    assert machine.get(at).json() == before


def test_a_change_that_cannot_be_is_refused_and_changes_nothing(machine, frame):
    (planned,) = machine.post("v1/call-offs/", body(frame)).json()["results"]
    at = f"v1/call-offs/{planned['id']}/"

    def answered(**change):
        answer = machine.post(f"{at}change/", change)
        return answer.status_code, [one["pointer"] for one in answer.json().get("errors", [])]

    assert answered(quantity="1.5") == (422, ["/quantity"])
    assert answered(requested_on="soon", status="skipped") == (422, ["/requested_on", "/status"])
    assert answered(requested_on="2020-01-01") == (409, [])
    assert answered(quantity=401) == (409, [])
    assert machine.post(f"{at}plan-again/").status_code == 409
    assert machine.get(at).json() == planned


def test_what_means_nothing_is_named_with_its_place(machine, frame):
    a_unit(frame.lines.first().product, "CT", 12)

    def pointers(**wrong):
        answer = machine.post("v1/call-offs/", body(frame, **wrong))
        assert answer.status_code == 422
        return [problem["pointer"] for problem in answer.json()["errors"]]

    assert pointers(sku="NOT-THERE", ship_to="NOWHERE") == ["/sku", "/ship_to"]
    assert pointers(agreement="AG-0") == ["/agreement"]
    assert pointers(quantity="1.5") == ["/quantity"]
    assert pointers(quantity="1,000") == ["/quantity"]
    assert pointers(first="2026-13-01", interval="daily", status="ordered") == [
        "/first",
        "/interval",
        "/status",
    ]
    assert not CallOff.objects.exists()


def test_a_refusal_plans_nothing_and_says_why(machine, frame):
    answer = machine.post("v1/call-offs/", body(frame, count=5))

    assert answer.status_code == 409
    assert "at most 400" in answer.json()["detail"]
    assert not CallOff.objects.exists()


def test_the_same_key_calls_off_once(machine, frame):
    machine.post("v1/call-offs/", body(frame))
    pk = CallOff.objects.get().pk

    first = machine.post(f"v1/call-offs/{pk}/call-off/", key="K-1").json()
    again = machine.post(f"v1/call-offs/{pk}/call-off/", key="K-1").json()
    other = machine.post(f"v1/call-offs/{pk}/call-off/", key="K-2")

    assert first == again
    assert (other.status_code, Order.objects.count()) == (409, 1)


def test_who_does_not_see_the_customer_sees_no_call_off_of_it(machine, frame):
    machine.post("v1/call-offs/", body(frame))
    pk = CallOff.objects.get().pk
    rights = ["orders.view_calloff", "orders.change_calloff", "orders.call_off", "customers.view_agreement"]
    stranger = Machine(a_user(*rights, "customers.view_customer"))

    assert told(stranger) == []
    assert stranger.get(f"v1/call-offs/{pk}/").status_code == 404
    for step in ("call-off", "change", "skip", "plan-again"):
        assert stranger.post(f"v1/call-offs/{pk}/{step}/").status_code == 404
        assert Machine(a_user("orders.view_calloff")).post(f"v1/call-offs/{pk}/{step}/").status_code == 403
    assert stranger.post("v1/call-offs/", body(frame, "NUT-M8")).status_code == 422


def test_a_page_of_call_offs_costs_the_same_however_many(machine, frame):
    line, place = frame.lines.last(), frame.customer.addresses.get()

    def statements():
        machine.get("v1/nothing/")
        with CaptureQueriesContext(connection) as seen:
            machine.get("v1/call-offs/")
        return len(seen)

    plan_call_offs(frame.pk, Portions(line.pk, place.pk, 5, in_days(9)), by=None)
    few = statements()
    plan_call_offs(
        frame.pk, Portions(line.pk, place.pk, 5, in_days(9) + timedelta(days=7), count=30), by=None
    )
    assert statements() == few
