"""Orders through the REST interface: entered, read, moved along."""

import pytest

from fulfillment.models import Carrier
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.services.tracking import deliver_shipment, record_tracking_numbers
from orders.models import Order
from tests.api.machine import Machine, pointers
from tests.builders import (
    a_charge_kind,
    a_confirmed_order,
    a_customer,
    a_group,
    a_price,
    a_price_list,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_tax_rate,
    a_unit,
    a_user,
    all_packed,
    an_address,
    an_order,
    in_days,
)

MAY_ENTER = ("customers.view_all_customers", "orders.view_order", "orders.add_order")


def test_an_order_is_entered_at_the_customers_price(machine):
    customer = a_customer("Kern AG")
    an_address(customer, "DOCK")
    bolts = a_product("BOLT", price="0.50")
    pack = a_unit(bolts, "PK", numerator=100)
    a_price(bolts, "42.125", price_list=a_price_list("KERN", customer=customer), unit=pack)

    answer = machine.order(
        customer,
        {"sku": " BOLT ", "unit": "PK", "quantity": "2"},
        {"sku": "BOLT", "quantity": 50},
        ship_to="DOCK",
        customer_po="4500-77",
        requested_on="2030-05-06",
        reference="WEB-1",
        note="ring twice",
    )

    assert answer.status_code == 201, answer.content
    order = Order.objects.get()
    assert answer["Location"] == f"http://testserver/api/v1/orders/{order.number}/"
    told = answer.json()
    assert told == machine.get(f"v1/orders/{order.number}/").json()
    assert (told["status"], told["customer"]) == ("draft", {"code": customer.code, "name": "Kern AG"})
    assert (told["ship_to"], told["bill_to"], told["customer_po"]) == ("DOCK", "MAIN", "4500-77")
    assert (told["requested_on"], told["reference"], told["note"]) == ("2030-05-06", "WEB-1", "ring twice")
    assert (told["currency"], told["total"]) == ("EUR", "105.31")
    packs, pieces = told["lines"]
    assert (packs["unit"], packs["unit_price"], packs["amount"]) == ("PK", "42.125", "84.25")
    assert (packs["base_quantities"]["ordered"], packs["quantities"]["ordered"]) == (200, "2")
    assert (pieces["unit_price"], pieces["amount"], pieces["discount_percent"]) == ("0.42125", "21.06", "0")
    assert order.created_by == machine.user


def test_numbers_stay_exact_whether_text_or_json_number(machine):
    wire = a_product("WIRE", price=None)
    a_unit(wire, "MTR", numerator=1000)
    a_price(wire, "0.01")

    lines = (
        '{"sku": "WIRE", "unit": "MTR", "quantity": 0.001, "unit_price": 1.000001},'
        '{"sku": "WIRE", "unit": "MTR", "quantity": "12.345", "discount_percent": 0.0001}'
    )
    answer = machine.post("v1/orders/", f'{{"customer": "{a_customer().code}", "lines": [{lines}]}}')

    first, second = answer.json()["lines"]
    assert (first["base_quantities"]["ordered"], first["unit_price"]) == (1, "1.000001")
    assert (second["quantities"]["ordered"], second["discount_percent"]) == ("12.345", "0.0001")


def test_a_part_that_no_decimal_can_say_is_a_fraction(machine, house):
    nuts = a_product("NUT", on_hand=1, at=house)
    a_unit(nuts, "PK", numerator=3)
    customer = a_customer()
    number = machine.order(customer, {"sku": "NUT", "unit": "PK", "quantity": 1}).json()["number"]
    machine.post(f"v1/orders/{number}/submit/")

    line = machine.post(f"v1/orders/{number}/confirm/").json()["lines"][0]

    assert (line["base_quantities"]["allocated"], line["quantities"]["allocated"]) == (1, "1/3")
    assert (line["base_quantities"]["open"], line["quantities"]["open"]) == (2, "2/3")


def test_the_same_sku_may_stand_on_two_lines(machine):
    bolts = a_product("BOLT")

    lines = machine.order(a_customer(), bolts, bolts).json()["lines"]

    assert [(line["position"], line["sku"]) for line in lines] == [(1, "BOLT"), (2, "BOLT")]


def test_everything_that_means_nothing_is_named_at_once(machine):
    customer = a_customer()
    a_unit(a_product("BOLT"), "PR", numerator=1, denominator=3)

    answer = machine.order(
        customer,
        {"sku": "BOLT", "quantity": "1"},
        {"sku": "BOLTT", "quantity": "1"},
        {"sku": "BOLT", "unit": "XX", "quantity": "1"},
        {"sku": "BOLT", "unit": "PR", "quantity": "1.5"},
        ship_to="NOWHERE",
    )

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert pointers(answer) == ["/ship_to", "/lines/1/sku", "/lines/2/sku", "/lines/3/quantity"]
    assert not Order.objects.exists()


def test_everything_that_is_misshapen_is_named_at_once(machine):
    lines = [
        {"sku": 7, "quantity": "1e3"},
        {"quantity": "١٢", "sku": ""},
        {"sku": "A", "quantity": 0, "discount_percent": 101, "unit_price": "-1", "cost": 3},
        {"sku": "A" * 61, "quantity": True, "unit": "LONG", "unit_price": 0.0000001},
        "A",
    ]
    body = {"customer": None, "lines": lines, "status": "confirmed", "total": "0", "requested_on": "20300506"}

    answer = machine.post("v1/orders/", body)

    assert answer.status_code == 422
    assert set(pointers(answer)) == {
        "/customer", "/requested_on", "/status", "/total", "/lines/0/sku", "/lines/0/quantity", "/lines/1/sku",
        "/lines/1/quantity", "/lines/2/quantity", "/lines/2/unit_price", "/lines/2/discount_percent",
        "/lines/2/cost", "/lines/3/sku", "/lines/3/unit", "/lines/3/quantity", "/lines/3/unit_price", "/lines/4",
    }  # fmt: skip
    assert answer.json()["error_count"] == len(answer.json()["errors"])


@pytest.mark.parametrize("typed", [{"unit_price": "1"}, {"discount_percent": "5"}])
def test_typing_a_price_needs_the_right(house, typed):
    bolts, customer = a_product("BOLT"), a_customer()

    def status(*more):
        line = {"sku": bolts.sku, "quantity": 1, **typed}
        return Machine(a_user(*MAY_ENTER, *more)).order(customer, line).status_code

    assert status() == 403
    assert not Order.objects.exists()
    assert status("orders.override_price") == 201


def test_a_price_left_out_in_words_needs_no_right(house):
    line = {"sku": a_product().sku, "quantity": 1, "unit_price": None, "discount_percent": "0"}

    assert Machine(a_user(*MAY_ENTER)).order(a_customer(), line).status_code == 201


def test_an_order_for_somebody_elses_customer_is_refused_as_unknown(house):
    rep = a_user("customers.view_customer", "orders.view_order", "orders.add_order")

    answer = Machine(rep).order(a_customer(), a_product())

    assert (answer.status_code, pointers(answer)) == (422, ["/customer"])


def test_a_reference_is_used_once(machine):
    customer, bolts = a_customer(), a_product()
    machine.order(customer, bolts, reference="WEB-1")

    answer = machine.order(customer, bolts, reference="WEB-1")

    assert (answer.status_code, answer.json()["code"]) == (409, "reference_used")
    assert Order.objects.count() == 1


def test_amounts_larger_than_any_document_are_refused(machine):
    line = {"sku": a_product().sku, "quantity": 10**11, "unit_price": "999999999999"}

    answer = machine.order(a_customer(), line)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_quantity")


def test_the_main_job_runs_through_the_interface(machine, house):
    customer, bolts = a_customer("Kern AG"), a_product("BOLT", on_hand=5, at=house)
    number = machine.order(customer, {"sku": "BOLT", "quantity": 8}).json()["number"]
    order = Order.objects.get()

    assert machine.post(f"v1/orders/{number}/submit/").json()["status"] == "submitted"
    confirmed = machine.post(f"v1/orders/{number}/confirm/").json()
    assert confirmed["status"] == "confirmed"
    assert confirmed["lines"][0]["base_quantities"] == {
        "ordered": 8, "open": 3, "allocated": 5, "picked": 0, "packed": 0, "shipped": 0, "cancelled": 0,
    }  # fmt: skip
    (shipment,) = release_order(order.pk, by=machine.user)
    all_packed(shipment)
    carrier = Carrier.objects.create(code="C", name="Carrier", tracking_url="https://track.example/{number}")
    record_tracking_numbers(shipment.pk, {1: "1Z999"}, carrier, by=machine.user)
    ship_shipment(shipment.pk, by=machine.user)
    hand_over(shipment.pk, by=machine.user)
    deliver_shipment(shipment.pk, by=machine.user)

    (told,) = machine.get(f"v1/orders/{number}/").json()["shipments"]
    assert (told["number"], told["status"], told["carrier"]) == (shipment.number, "delivered", "Carrier")
    assert told["packages"] == [
        {
            "number": 1, "weight_grams": 0, "tracking_number": "1Z999",
            "tracking_url": "https://track.example/1Z999", "status": "delivered",
        }
    ]  # fmt: skip
    (line,) = machine.get(f"v1/shipments/{shipment.number}/").json()["lines"]
    assert line == {
        "order_line": 1,
        "sku": bolts.sku,
        "quantity": 5,
        "picked": 5,
        "packed": 5,
        "cancelled": 0,
    }
    cancelled = machine.post(f"v1/orders/{number}/cancel/", {"reason": "enough"}).json()
    assert (cancelled["status"], cancelled["lines"][0]["base_quantities"]["cancelled"]) == ("completed", 3)


def test_an_order_that_wants_approval_is_held_and_says_so(machine):
    a_rule(threshold=5, approvers=a_group("managers"))
    number = machine.order(a_customer(), a_product()).json()["number"]

    submitted = machine.post(f"v1/orders/{number}/submit/")
    confirmed = machine.post(f"v1/orders/{number}/confirm/")

    assert (submitted.status_code, confirmed.status_code) == (200, 200)
    assert confirmed.json()["status"] == "submitted"
    assert [(hold["kind"], hold["owner"]) for hold in confirmed.json()["holds"]] == [("approval", "managers")]


def test_a_move_that_the_life_of_an_order_does_not_know_is_a_conflict(machine):
    number = machine.order(a_customer(), a_product()).json()["number"]

    answer = machine.post(f"v1/orders/{number}/confirm/")

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert answer["Content-Type"] == "application/problem+json"
    assert number in answer.json()["detail"]


def test_an_incomplete_order_is_told_all_its_reasons(machine):
    customer = a_customer("Kern AG", po_required=True)
    number = machine.order(customer, a_product("BOLT", price=None)).json()["number"]

    answer = machine.post(f"v1/orders/{number}/submit/")

    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")
    assert len(answer.json()["reasons"]) == 2


def test_what_may_not_wait_and_is_not_there_is_not_confirmed(machine):
    number = machine.order(a_customer(), a_product("BOLT", backorder_allowed=False)).json()["number"]
    machine.post(f"v1/orders/{number}/submit/")

    answer = machine.post(f"v1/orders/{number}/confirm/")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_stock")
    assert "BOLT: 1 wanted, 0 there" in answer.json()["detail"]


def test_what_the_warehouse_works_on_is_not_cancelled(machine, house):
    order = a_shipment({a_product(on_hand=5, at=house): 5}).order

    answer = machine.post(f"v1/orders/{order.number}/cancel/", {"reason": "no"})

    assert (answer.status_code, answer.json()["code"]) == (409, "in_the_warehouse")


def test_a_cancelled_order_keeps_its_reason(machine, house):
    order = a_confirmed_order({a_product(on_hand=5, at=house): 5})

    machine.post(f"v1/orders/{order.number}/cancel/", {"reason": "closed\nshop"})

    assert order.events.latest("version").note == "closed shop"


def test_orders_are_filtered_and_ordered(machine):
    kern, bolts = a_customer(code="KERN"), a_product()
    first = an_order({bolts: 1}, kern, customer_po="PO 1", ordered_on=in_days(-9), reference="R1").number
    second = an_order({bolts: 1}, ordered_on=in_days(-3)).number

    def found(**parameters):
        return [row["number"] for row in machine.get("v1/orders/", parameters).json()["results"]]

    assert found() == [second, first]
    assert found(ordering="ordered_on") == [first, second]
    assert found(customer="KERN") == found(customer_po="PO 1") == found(reference="R1") == [first]
    assert found(ordered_from=in_days(-9).isoformat(), ordered_until=in_days(-4).isoformat()) == [first]
    assert found(ordered_from=in_days(-3).isoformat()) == [second]
    assert found(status="confirmed") == []
    assert found(status=["confirmed", "draft"]) == [second, first]


def test_a_confirmed_line_has_its_promised_days_and_a_draft_has_none(machine, house):
    bolts = a_product("BOLT-PROMISED", on_hand=5, at=house)
    order = a_submitted_order({bolts: 2})

    before = machine.get(f"v1/orders/{order.number}/").json()["lines"][0]
    after = machine.post(f"v1/orders/{order.number}/confirm/").json()["lines"][0]

    line = order.lines.get()
    assert (before["ship_on"], before["promised_on"]) == (None, None)
    assert (after["ship_on"], after["promised_on"]) == (
        line.ship_on.isoformat(),
        line.promised_on.isoformat(),
    )


def test_discounts_charges_and_taxes_add_up_to_the_total(machine):
    a_tax_rate(19)
    a_charge_kind("FREIGHT", "12.50")
    bolts = a_product("BOLT", price=100)

    told = machine.order(
        a_customer(),
        {"sku": bolts.sku, "quantity": 1, "discounts": ["10", "10"]},
        discount_percent="10",
        charges=[{"kind": "FREIGHT"}],
    ).json()

    assert (told["goods"], told["discount"], told["charges"], told["tax"]) == (
        "81.00",
        "8.10",
        "12.50",
        "16.23",
    )
    assert (told["total"], told["prices_include_tax"], told["tax_note"]) == ("101.63", False, "")
    assert told["taxes"] == [{"percent": "19", "base": "85.40", "tax": "16.23"}]
    assert told["charged"] == [{"kind": "FREIGHT", "name": "Freight", "amount": "12.50", "tax_percent": "19"}]
    [line] = told["lines"]
    assert (line["discount_percent"], line["discounts"]) == ("19", ["10", "10"])
    assert (line["amount"], line["document_discount"], line["tax_percent"]) == ("81.00", "8.10", "19")


def test_discounts_in_turn_may_come_to_more_decimals_than_each_has(machine):
    bolts = a_product("BOLT", price=100)

    told = machine.order(
        a_customer(), {"sku": bolts.sku, "quantity": 1, "discounts": ["2.25", "2.25"]}
    ).json()

    assert (told["lines"][0]["discount_percent"], told["goods"]) == ("4.449375", "95.55")


def test_discounts_and_charges_that_mean_nothing_are_named_at_once(machine):
    a_charge_kind("FREIGHT", "12.50")
    line = {"sku": a_product().sku, "quantity": 1, "discounts": ["10"], "discount_percent": "5"}

    answer = machine.order(
        a_customer(),
        line,
        discount_percent="1",
        discount_amount="1",
        charges=[{"kind": "FREIGHT"}, {"kind": "FREIGHT", "amount": "1"}, {"kind": "DUTY"}],
    )

    assert answer.status_code == 422
    assert set(pointers(answer)) == {
        "/discount_amount", "/charges/1/kind", "/charges/2/kind", "/lines/0/discounts",
    }  # fmt: skip


@pytest.mark.parametrize("given", [{"discount_percent": "5"}, {"discount_amount": "5"}])
def test_a_discount_on_all_needs_the_right_to_type_prices(house, given):
    line = {"sku": a_product().sku, "quantity": 1}

    assert Machine(a_user(*MAY_ENTER)).order(a_customer(), line, **given).status_code == 403
