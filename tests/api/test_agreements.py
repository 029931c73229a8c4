"""Agreements through the REST interface: read, and seen in the answers to price questions."""

from decimal import Decimal

from tests.api.machine import Machine
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_user,
    a_warehouse,
    agreed,
    agreed_widely,
    an_agreement,
)


def test_an_agreement_is_told_with_what_is_left_of_its_lines(machine):
    a_warehouse()
    bolts, customer = a_product("BOLT-M8", on_hand=90), a_customer(code="KERN")
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40, committed=30), name="Frame")
    a_confirmed_order({bolts: 15}, customer=customer)

    told = machine.get(f"v1/agreements/{agreement.number}/").json()

    assert (told["customer"], told["name"], told["status"]) == ("KERN", "Frame", "in_force")
    assert told["lines"] == [
        {
            "sku": "BOLT-M8", "category": None, "unit": "C62", "price": "8.000000", "percent": None, "committed": 30,
            "maximum": 40, "drawn": 15, "left": 25, "committed_value": "0.0000", "maximum_value": None,
            "drawn_value": "0.0000", "left_value": None,
        }
    ]  # fmt: skip


def test_a_line_for_everything_is_told_by_its_percentage_and_value(machine):
    a_warehouse()
    bolts, customer = a_product("BOLT-M8", on_hand=90), a_customer(code="KERN")
    agreement = an_agreement(customer, agreed_widely(5, maximum_value=Decimal(100)))
    a_confirmed_order({bolts: 2}, customer=customer)

    (line,) = machine.get(f"v1/agreements/{agreement.number}/").json()["lines"]

    assert (line["sku"], line["category"], line["unit"], line["percent"]) == (None, None, None, "5.0000")
    assert (line["drawn_value"], line["left_value"], line["left"]) == ("19.0000", "81.0000", None)


def test_agreements_are_filtered_and_seen_by_who_sees_their_customer(machine):
    bolts, rep = a_product(), a_user("customers.view_agreement", "customers.view_customer")
    own = an_agreement(a_customer(code="OWN", rep=rep), agreed(bolts, 8))
    other = an_agreement(a_customer(code="OTHER"), agreed(bolts, 8))

    def found(who, **parameters):
        return [row["number"] for row in who.get("v1/agreements/", parameters).json()["results"]]

    assert found(machine) == [own.number, other.number]
    assert found(machine, customer="OTHER") == [other.number]
    assert found(machine, status="draft") == []
    assert found(Machine(rep)) == [own.number]
    assert Machine(rep).get(f"v1/agreements/{other.number}/").status_code == 404


def test_a_price_question_about_more_than_is_left_is_answered_in_parts(machine):
    a_company()
    a_warehouse()
    bolts, _nuts, customer = a_product("BOLT"), a_product("NUT"), a_customer(code="KERN")
    an_agreement(customer, agreed(bolts, 8, maximum=40))
    asked = [{"sku": "BOLT", "quantity": "50"}, {"sku": "NUT", "quantity": "2"}]

    told = machine.post("v1/price-quotes/", {"customer": "KERN", "lines": asked}).json()

    parts = [(one["line"], one["quantity"], one["unit_price"], one["amount"]) for one in told["lines"]]
    assert parts == [(1, "40", "8.00", "320.00"), (1, "10", "10.00", "100.00"), (2, "2", "10.00", "20.00")]
    assert told["total"] == "440.00"
