"""A confirmed order changed, split, closed short and copied by a machine."""

import pytest

from fulfillment.services.releasing import release_order
from orders.models import Order
from tests.api.machine import Machine, pointers
from tests.builders import (
    a_confirmed_order,
    a_customer,
    a_product,
    a_rule,
    a_unit,
    a_user,
    an_address,
    an_order,
    in_days,
)


@pytest.fixture
def bolts(house):
    return a_product("BOLT", on_hand=10, at=house)


@pytest.fixture
def order(bolts):
    return a_confirmed_order({bolts: 4}, customer=a_customer())


def at(order, step="change"):
    return f"v1/orders/{order.number}/{step}/"


def test_lines_day_and_place_are_changed_in_one_go(machine, house, order):
    a_unit(a_product("NUT", on_hand=50, at=house), "BX", numerator=12)
    an_address(order.customer, "SITE")
    body = {
        "revision": 0,
        "lines": [{"position": 1, "quantity": "7"}],
        "add": [{"sku": "NUT", "unit": "BX", "quantity": 2}],
        "requested_on": in_days(9).isoformat(),
        "ship_to": "SITE",
        "reason": "they called",
    }

    answer = machine.post(at(order), body, key="once")

    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["revision"], said["ship_to"], said["requested_on"]) == (1, "SITE", in_days(9).isoformat())
    assert [line["quantities"]["ordered"] for line in said["lines"]] == ["7", "2"]
    assert [line["base_quantities"]["allocated"] for line in said["lines"]] == [7, 24]
    again = machine.post(at(order), body, key="once")
    assert (again.json(), again["Idempotency-Replayed"]) == (said, "true")
    assert order.events.get(kind="changed").note == "they called"


def test_who_was_slower_is_told_409(machine, order):
    machine.post(at(order), {"revision": 0, "lines": [{"position": 1, "quantity": 5}]})

    answer = machine.post(at(order), {"revision": 0, "lines": [{"position": 1, "quantity": 6}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert order.lines.get().ordered == 5


def test_what_the_warehouse_has_is_named(machine, order):
    release_order(order.pk, by=None)

    answer = machine.post(at(order), {"revision": 0, "lines": [{"position": 1, "quantity": 0}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "taken_already")
    assert "4 C62 are with the warehouse" in answer.json()["detail"]


def test_everything_that_means_nothing_is_named_at_once(machine, order):
    body = {
        "revision": 0,
        "lines": [{"position": 9, "quantity": 1}, {"position": 1, "quantity": "0.5"}],
        "add": [{"sku": "NONE", "quantity": 1}],
        "ship_to": "NOWHERE",
        "warehouse": "NONE",
    }

    answer = machine.post(at(order), body)

    assert answer.status_code == 422
    expected = ["/add/0/sku", "/lines/0/position", "/lines/1/quantity", "/ship_to", "/warehouse"]
    assert sorted(pointers(answer)) == expected
    assert pointers(machine.post(at(order), {"revision": -1, "total": 3})) == ["/revision", "/total"]


def test_a_line_is_named_once(machine, order):
    lines = [{"position": 1, "quantity": 5}, {"position": 1, "quantity": 6}]

    assert pointers(machine.post(at(order), {"revision": 0, "lines": lines})) == ["/lines/1/position"]


def test_what_a_rule_asks_about_is_changed_and_held(machine, order):
    a_rule(threshold=50)

    said = machine.post(at(order), {"revision": 0, "lines": [{"position": 1, "quantity": 9}]}).json()

    assert (said["status"], [hold["kind"] for hold in said["holds"]]) == ("confirmed", ["approval"])


def test_a_part_of_it_becomes_an_order_of_its_own(machine, house, bolts):
    order = a_confirmed_order({bolts: 4, a_product("NUT"): 3})
    body = {"revision": 0, "positions": [2], "requested_on": in_days(30).isoformat()}

    said = machine.post(at(order, "split"), body).json()

    assert said["number"] != order.number
    assert (said["status"], [line["sku"] for line in said["lines"]]) == ("confirmed", ["NUT"])
    nowhere = machine.post(at(order, "split"), {"revision": 1, "positions": [1], "ship_to": "NOWHERE"})
    assert pointers(nowhere) == ["/ship_to"]


def test_the_rest_is_closed_and_the_order_copied(machine, bolts):
    order = a_confirmed_order({bolts: 14})
    release_order(order.pk, by=None)

    closed = machine.post(at(order, "close-short"), {"reason": "not needed"}).json()
    copied = machine.post(at(order, "copy")).json()

    assert closed["lines"][0]["base_quantities"]["cancelled"] == 4
    assert (copied["status"], copied["lines"][0]["quantities"]["ordered"]) == ("draft", "14")


@pytest.mark.parametrize("step", ["change", "split", "close-short", "copy"])
def test_each_step_needs_its_right_and_an_order_that_is_seen(order, step):
    reader = Machine(a_user("orders.view_order", "customers.view_all_customers"))
    blind = Machine(
        a_user("orders.view_order", "orders.confirm_order", "orders.cancel_order", "orders.add_order")
    )

    assert reader.post(at(order, step)).status_code == 403
    assert blind.post(at(order, step)).status_code == 404


def test_a_draft_is_not_changed_this_way(machine, bolts):
    draft = an_order({bolts: 1})

    answer = machine.post(at(draft), {"revision": 0, "lines": [{"position": 1, "quantity": 2}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_work")
    assert Order.objects.get().lines.get().ordered == 1
