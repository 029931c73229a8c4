"""Garbage for every parameter and body that the schema names: no error page, and only answers it promises."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from orders.models import CallOff
from orders.services.scheduling import Portions, plan_call_offs
from tests.api.answers import require_promised, schema
from tests.api.machine import Machine
from tests.builders import (
    a_boss,
    a_confirmed_order,
    a_customer,
    a_product,
    a_shipment,
    agreed,
    an_agreement,
    an_order,
    in_days,
)
from tests.campaigns import trials

EXAMPLES = 800  # some 20 seconds

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
ADDRESSABLE = st.text(st.characters(codec="utf-8"), max_size=40)
NASTY = st.sampled_from(
    [
        "", " ", "\0", "'", "%", "_", "\\", "' OR 1=1 --", "NaN", "-0", "1e309", "9" * 400, str(2**70), "-1", "../..",
        "null", "\N{ARABIC-INDIC DIGIT ONE}", "\u202e", "x" * 5000, "0000-00-00", "9999-12-31", "2030-02-30",
        "0001-01-01", "true", "[]",
    ]
)  # fmt: skip
RIGHT = {
    "customer": "KERN", "ship_to": "MAIN", "sku": "BOLT", "unit": "C62", "requested_on": "2030-01-01", "quantity": "2",
    "unit_price": 1.5, "discount_percent": 10, "customer_po": "4500", "note": "n", "reason": "r", "status": "draft",
    "warehouse": "NORD", "ordered_from": "2020-01-01", "ordered_until": "2040-01-01", "limit": "2",
    "first": in_days(40).isoformat(), "count": 1, "interval": "weekly", "revision": 0, "position": 1, "positions": 1,
}  # fmt: skip
KNOWN = st.sampled_from([*RIGHT.values(), "-sku", "entered", "confirmed"])
NUMBERS = st.one_of(st.integers(), st.integers(-3, 3), st.floats(), st.just(10**30), st.just(0.1))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, ANY_TEXT, NASTY, KNOWN)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ANY_TEXT, inner, max_size=4)),
    max_leaves=12,
)


def resolved(part):
    return resolved(_named(part["$ref"])) if "$ref" in part else part


def _named(reference):
    return schema()["components"]["schemas"][reference.rsplit("/", 1)[1]]


def rights_of(part):
    """A body in which everything is right, with and without what may be left out."""
    part = resolved(part)
    needed = {name: right(name, part["properties"][name]) for name in part.get("required", [])}
    free = {name: right(name, inner) for name, inner in part["properties"].items() if name not in needed}
    free.pop("reference", None)
    return st.fixed_dictionaries(needed, optional=free)


def right(name, part):
    if part.get("type") == "array":
        one = (
            rights_of(part["items"])
            if "properties" in resolved(part["items"])
            else right(name, part["items"])
        )
        return st.lists(one, min_size=1, max_size=3)
    return st.just(RIGHT.get(name, "R"))


def bodies_of(part):
    """Bodies of nearly the right shape: some fields right, some wrong, some missing, some too many."""
    part = resolved(part)
    if part.get("type") == "array":
        return st.lists(bodies_of(part["items"]), max_size=3)
    if "properties" not in part:
        return st.one_of(KNOWN, st.integers(0, 20), NASTY, SCALARS)
    fields = {
        name: st.one_of(right(name, inner), bodies_of(inner)) for name, inner in part["properties"].items()
    }
    strange = {"status": SCALARS, "id": SCALARS}
    return st.one_of(
        rights_of(part),
        st.fixed_dictionaries(fields),
        st.fixed_dictionaries({}, optional={**fields, **strange}),
    )


def raw(body):
    return json.dumps(body, ensure_ascii=True).encode()


def requests_of(operation):
    """Requests to one operation: the last word of the path, the query, the key, the body and its kind."""
    parameters = operation.get("parameters", [])
    named = [one["name"] for one in parameters if one["in"] == "query"]
    names = st.one_of(st.sampled_from(named) if named else ADDRESSABLE, ADDRESSABLE)
    values = st.one_of(KNOWN, NASTY, ADDRESSABLE)
    body = operation.get("requestBody")
    content = body["content"]["application/json"]["schema"] if body else None
    near = bodies_of(content).map(raw) if content else st.just(b"")
    return st.tuples(
        st.one_of(st.none(), st.none(), NASTY.filter(bool), ADDRESSABLE.filter(bool)),
        st.one_of(st.just([]), right_query(named), st.lists(st.tuples(names, values), max_size=4)),
        st.one_of(st.uuids().map(str), st.uuids().map(str), ANY_TEXT, st.none()),
        st.one_of(near, near, near, ANYTHING.map(raw), st.binary(max_size=60)),
        st.sampled_from([*["application/json"] * 6, "text/xml", "", "a/b; c"]),
    )


def right_query(named):
    words = [name for name in named if name in RIGHT]
    chosen = st.lists(st.sampled_from(words), unique=True, max_size=2) if words else st.just([])
    return chosen.map(lambda names: [(name, RIGHT[name]) for name in names])


@pytest.fixture
def fuzzed(house):
    """A machine that may do everything, and what stands behind each path's last word."""
    bolts, customer = a_product("BOLT", on_hand=50, at=house), a_customer(code="KERN")
    shipment = a_shipment({bolts: 1}, customer=customer)
    a_confirmed_order({bolts: 1}, customer=customer)
    number = an_order({bolts: 1}, customer).number
    frame = an_agreement(customer, agreed(bolts, 8, maximum=9))
    portions = Portions(frame.lines.get().pk, customer.addresses.get().pk, 1, in_days(20), count=2)
    plan_call_offs(frame.pk, portions, by=None)
    call_off = CallOff.objects.latest("pk")
    known = {
        "products": "BOLT", "customers": "KERN", "orders": number, "shipments": shipment.number,
        "agreements": frame.number, "call-offs": str(call_off.pk),
    }  # fmt: skip
    RIGHT["agreement"] = frame.number
    return Machine(a_boss()), known


def send(machine, known, path, method, request):
    last, query, key, body, kind = request
    resource = path.split("/")[3]
    last = known.get(resource, "x") if last is None else last
    address = (
        path.replace("{sku}", "{}")
        .replace("{code}", "{}")
        .replace("{number}", "{}")
        .replace("{id}", "{}")
        .format(quote(last, safe=""))
    )
    address += f"?{urlencode(query)}" if query else ""
    if method == "get":
        return machine.client.get(address)
    headers = {} if key is None else {"Idempotency-Key": key}
    return machine.client.post(address, body, content_type=kind, headers=headers)


def answered(fuzzed, how, chosen=None):
    """Send so much garbage, from a seed of its own or `chosen`; return which statuses came back."""
    machine, known = fuzzed
    operations = [
        (path, method, operation)
        for path, item in schema()["paths"].items()
        for method, operation in item.items()
    ]
    operations += [one for one in operations if one[1] == "post"]  # which have more to go wrong
    requests = [requests_of(operation) for _path, _method, operation in operations]
    statuses = set()

    @settings(deadline=None, database=None, suppress_health_check=[*HealthCheck], **how)
    @given(st.data())
    def fuzz(data):
        index = data.draw(st.integers(0, len(operations) - 1))
        (path, method, operation), request = operations[index], data.draw(requests[index])
        answer = send(machine, known, path, method, request)
        assert answer.status_code < 500
        require_promised(operation, answer)
        statuses.add(answer.status_code)

    (fuzz if chosen is None else seed(chosen)(fuzz))()
    return statuses


def test_garbage_gets_an_answer_that_the_schema_promises(fuzzed):
    statuses = answered(fuzzed, {"max_examples": EXAMPLES, "derandomize": True})

    assert statuses >= {200, 201, 400, 404, 409, 415, 422}  # it comes through to the services, too


@pytest.mark.soak
def test_much_more_garbage_gets_such_an_answer(fuzzed, request):
    many, chosen = trials.trials(20_000), trials.seed(request)
    answered(fuzzed, {"max_examples": many}, chosen)
    trials.told(request, "REST", requests=many)
