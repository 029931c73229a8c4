"""Customers through the REST interface."""

from customers.models import CustomerGroup
from orders.services.merging import merge_customers
from tests.api.machine import Machine
from tests.builders import a_customer, a_user, an_address


def test_a_customer_is_told_with_its_addresses(machine):
    customer = a_customer("Kern AG", code="KERN", po_required=True)
    an_address(customer, "DOCK", name="Kern dock 2", is_bill_to=False)

    told = machine.get("v1/customers/KERN/").json()

    assert (told["name"], told["currency"], told["payment_terms"]) == ("Kern AG", "EUR", "30")
    assert (told["po_required"], told["parent"], told["group"], told["warehouse"]) == (True, None, None, None)
    assert [(a["code"], a["is_ship_to"], a["is_bill_to"]) for a in told["addresses"]] == [
        ("DOCK", True, False),
        ("MAIN", True, True),
    ]


def test_customers_are_filtered(machine):
    group = CustomerGroup.objects.create(code="TRADE", name="Trade")
    a_customer(code="AB1", group=group)
    a_customer(code="AB2", status="blocked")
    a_customer(code="CD1")

    def found(**parameters):
        return [row["code"] for row in machine.get("v1/customers/", parameters).json()["results"]]

    assert found() == ["AB1", "AB2", "CD1"]
    assert found(group="TRADE") == ["AB1"]
    assert found(status="blocked") == ["AB2"]
    assert found(code_prefix="AB", ordering="-code") == ["AB2", "AB1"]


def test_a_rep_reads_the_own_customers_and_finds_no_other(db):
    rep = a_user("customers.view_customer", "customers.view_address")
    a_customer(code="OWN", rep=rep)
    a_customer(code="OTHER")
    machine = Machine(rep)

    assert [row["code"] for row in machine.get("v1/customers/").json()["results"]] == ["OWN"]
    assert machine.get("v1/customers/OWN/").status_code == 200
    assert machine.get("v1/customers/OTHER/").status_code == 404


def test_a_merged_customer_names_the_one_that_was_kept(machine):
    kept, gone, older = (a_customer(code=code) for code in ("KERN", "KERN-2", "KERN-3"))
    merge_customers(gone.pk, older.pk, by=None)
    merge_customers(kept.pk, gone.pk, by=None)

    told = {row["code"]: row["merged_into"] for row in machine.get("v1/customers/").json()["results"]}

    assert told == {"KERN": None, "KERN-2": "KERN", "KERN-3": "KERN"}
    assert machine.get("v1/customers/KERN-3/").json()["merged_into"] == "KERN"
