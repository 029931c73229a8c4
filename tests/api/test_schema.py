"""The schema is complete and true."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from oms.api_urls import router
from orders.models import CallOff, Quote
from orders.services.capturing import Header
from orders.services.deciding import Person, set_deciders
from orders.services.quoting import draft_quote
from orders.services.scheduling import Portions, plan_call_offs
from orders.status import Deciding
from tests.api.answers import require_fits, require_promised, schema
from tests.api.machine import Machine
from tests.builders import (
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_user,
    agreed,
    all_packed,
    an_agreement,
    in_days,
)

EVERYWHERE = {"400", "401", "403", "503"}
OF_POST = {"409", "413", "415", "422"}


def _planned(customer, product):
    """A call-off of a product that the customer has an agreement on."""
    frame = an_agreement(customer, agreed(product, 8), valid_from=in_days(1))
    line, place = frame.lines.get(), customer.addresses.get()
    plan_call_offs(frame.pk, Portions(line.pk, place.pk, 5, in_days(20)), by=None)
    return CallOff.objects.latest("pk").pk


def _quoted(customer, product):
    """A quote with all that one can have, one of its moments behind it."""
    people = [Person("M. Kern")]
    quote = draft_quote(Header(customer.pk), [a_line(product, 5)], by=customer.rep)
    set_deciders(quote.pk, Deciding.ALL, people, by=customer.rep)
    return quote.number


def operations():
    """Yield path, method and operation of all that the schema names."""
    for path, item in schema()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_the_schema_is_valid_and_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_the_schema_is_for_everybody_who_is_signed_in(house):
    answer = Machine(a_user()).get("schema/")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert answer.json()["paths"].keys() == schema()["paths"].keys()


def test_every_resource_stands_in_the_schema():
    paths = " ".join(schema()["paths"])

    for prefix, _view, _name in router.registry:
        assert f"/api/v1/{prefix}/" in paths


def test_every_operation_says_what_it_answers_and_needs():
    for path, method, operation in operations():
        promised = set(operation["responses"])
        headers = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]

        assert promised >= EVERYWHERE, path
        assert ("404" in promised) == ("{" in path), path
        assert (promised >= OF_POST) == (method == "post"), path
        assert operation["security"] == [{"bearerKey": []}, {"cookieAuth": []}], path
        assert headers == (["Idempotency-Key"] if method == "post" else []), path


def test_what_is_told_of_each_resource_is_what_the_schema_promises(machine, house):
    customer = a_customer(code="KERN", rep=machine.user)
    a_rule(threshold=5, approvers=a_group("managers"))
    bolts = a_product("BOLT", on_hand=9, at=house)
    shipment = all_packed(a_shipment({a_product(on_hand=9, at=house, price="1"): 1}, customer=customer))
    order = machine.order(customer, bolts).json()["number"]
    held = machine.post(f"v1/orders/{order}/submit/")
    known = {
        "/api/v1/products/{sku}/": "v1/products/BOLT/",
        "/api/v1/customers/{code}/": "v1/customers/KERN/",
        "/api/v1/agreements/{number}/": f"v1/agreements/{an_agreement(customer, agreed(bolts, 8)).number}/",
        "/api/v1/call-offs/{id}/": f"v1/call-offs/{_planned(customer, a_product())}/",
        "/api/v1/quotes/{number}/": f"v1/quotes/{_quoted(customer, bolts)}/",
        "/api/v1/orders/{number}/": f"v1/orders/{shipment.order.number}/",
        "/api/v1/shipments/{number}/": f"v1/shipments/{shipment.number}/",
        "/api/v1/availability/": "v1/availability/?sku=BOLT",
    }

    for path, method, operation in operations():
        if method == "get":
            answer = machine.get(known.get(path, path.removeprefix("/api/")))
            assert answer.status_code == 200
            require_promised(operation, answer)
    assert held.json()["holds"]
    for kind, key in (("orders", order), ("quotes", Quote.objects.get().number)):
        past = machine.get(f"v1/{kind}/{key}/", {"as_of": timezone.now().isoformat()})
        assert past.json()["as_of"]
        require_promised(schema()["paths"][f"/api/v1/{kind}/{{number}}/"]["get"], past)
    require_promised(schema()["paths"]["/api/v1/orders/{number}/submit/"]["post"], held)


def test_the_check_notices_a_field_that_was_not_promised():
    """The control of the tests that compare answers with the schema."""
    party = schema()["components"]["schemas"]["Party"]

    require_fits(party, {"code": "A", "name": "B"})
    for wrong in ({"code": "A"}, {"code": 1, "name": "B"}, {"code": "A", "name": "B", "secret": 1}):
        with pytest.raises(Exception, match=r"required|not of type|unexpected"):
            require_fits(party, wrong)
