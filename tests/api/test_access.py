"""Each role of access.yml sees its rows through the REST interface, and does what it may."""

import pytest
from django.utils import timezone

from inventory.api import ProductResource
from oms.access import matrix, permissions_of
from oms.api.doorway import Doorway
from oms.api_urls import router
from oms.idempotency import IdempotencyKey
from orders.models import Order
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.status import OrderStatus
from tests.api.machine import Machine
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_shipment,
    a_team,
    a_user,
    a_warehouse,
    an_order,
)
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db

ROLES = list(matrix()["roles"])
RESOURCES = [one for _prefix, one, _name in router.registry]
LOOKS_AFTER, TEAM, ALL, WAREHOUSE = "own", "team", "all", "warehouse"
# Which customers' things each role sees; the warehouse's sight is by where goods lie.
SIGHT = {
    "Sales rep": LOOKS_AFTER,
    "Sales manager": TEAM,
    "Warehouse operator": WAREHOUSE,
    "Warehouse supervisor": WAREHOUSE,
    "Finance": ALL,
    "Administrator": ALL,
    "API client": ALL,
    "Accounting system": ALL,
}


class World:
    """Three customers: one looked after by the user, one of the user's team, one of somebody else.

    Each has a draft, and a shipment: of the first two from the user's warehouse, of the third from another.
    """

    def __init__(self):
        a_company()
        self.user = a_user()
        self.machine = Machine(self.user)
        here, there = a_warehouse("HERE"), a_warehouse("THERE")
        here.members.add(self.user)
        self.customers = {
            "own": a_customer(code="OWN", rep=self.user, warehouse=here),
            "team": a_customer(code="TEAM", team=a_team(self.user), warehouse=here),
            "other": a_customer(code="OTHER", team=a_team(a_user()), warehouse=there),
        }
        self.drafts, self.shipments, self.quotes = {}, {}, {}
        for name, customer in self.customers.items():
            bolts = a_product(on_hand=9, at=customer.warehouse)
            self.drafts[name] = an_order({bolts: 1}, customer).number
            self.shipments[name] = a_shipment({bolts: 1}, customer=customer)
            self.quotes[name] = draft_quote(Header(customer.pk), [a_line(bolts, 1)], by=a_boss()).number

    def seen(self, resource, field):
        answer = self.machine.get(f"v1/{resource}/")
        return (
            {row[field] for row in answer.json()["results"]}
            if answer.status_code == 200
            else answer.status_code
        )

    def expected(self, own, shipped):
        """The names of what somebody with this role sees: of customers' documents, and of what ships."""
        return {LOOKS_AFTER: {"own"}, TEAM: {"own", "team"}, ALL: {"own", "team", "other"}}.get(own, shipped)


built = shared_by_the_module(World)


def as_(role, world):
    """The user has this role for the time of a test."""
    world.user.groups.add(a_group(role))
    return world


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_its_rows_and_finds_no_other(built, role):
    world, sight, rights = as_(role, built), SIGHT.get(role), permissions_of(role)
    names = world.expected(sight, {"own", "team"})

    customers = {world.customers[name].code for name in names}
    shipments = {world.shipments[name].number for name in names}
    quotes = {world.quotes[name] for name in names}
    orders = {world.shipments[name].order.number for name in names}
    drafts = set() if sight == WAREHOUSE else {world.drafts[name] for name in names}

    sees = {
        ("customers", "code"): customers if "customers.view_customer" in rights else 403,
        ("quotes", "number"): quotes if "orders.view_quote" in rights else 403,
        ("orders", "number"): orders | drafts if "orders.view_order" in rights else 403,
        ("shipments", "number"): shipments if "fulfillment.view_shipment" in rights else 403,
    }
    assert {key: world.seen(*key) for key in sees} == sees
    for (resource, _field), visible in sees.items():
        everything = {
            "customers": {one.code for one in world.customers.values()},
            "quotes": set(world.quotes.values()),
            "orders": {one.order.number for one in world.shipments.values()} | set(world.drafts.values()),
            "shipments": {one.number for one in world.shipments.values()},
        }[resource]
        for key in everything:
            status = 403 if visible == 403 else 200 if key in visible else 404
            if resource == "customers" and "customers.view_address" not in rights:
                status = 403
            assert world.machine.get(f"v1/{resource}/{key}/").status_code == status, (resource, key)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_moves_what_it_may_and_sees_and_nothing_else(built, role):
    world, rights = as_(role, built), permissions_of(role)
    sight = SIGHT.get(role)
    visible = set() if sight == WAREHOUSE else world.expected(sight, set())

    for name, number in world.drafts.items():
        for move in ("submit", "confirm", "cancel"):
            before = list(Order.objects.order_by("pk").values())
            answer = world.machine.post(f"v1/orders/{number}/{move}/")
            may = {"orders.view_order", f"orders.{move}_order"} <= rights
            expected = 403 if not may else 404 if name not in visible else 200
            assert answer.status_code == expected, (name, move, answer.content)
            if expected != 200:
                assert list(Order.objects.order_by("pk").values()) == before
                assert not IdempotencyKey.objects.filter(answer__number=number).exists()
    moved = set(Order.objects.filter(status=OrderStatus.CANCELLED).values_list("number", flat=True))
    assert moved == ({world.drafts[name] for name in visible} if "orders.cancel_order" in rights else set())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_enters_orders_for_the_customers_it_sees(built, role):
    world, rights = as_(role, built), permissions_of(role)
    visible, bolts = world.expected(SIGHT.get(role), set()), a_product()

    for name, customer in world.customers.items():
        answer = world.machine.order(customer, bolts)
        may = {"orders.view_order", "orders.add_order"} <= rights
        assert answer.status_code == (403 if not may else 201 if name in visible else 422), (
            name,
            answer.content,
        )


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_orders_for_the_warehouses_sake_reads_no_price(built, role):
    world, rights = as_(role, built), permissions_of(role)
    order = world.shipments["team" if SIGHT.get(role) != LOOKS_AFTER else "own"].order
    lists = world.machine.get("v1/orders/")
    if "orders.view_order" not in rights:
        assert lists.status_code == 403
        return
    at = f"v1/orders/{order.number}/"
    told = [world.machine.get(at).json(), world.machine.get(at, {"as_of": timezone.now().isoformat()}).json()]

    sees = "orders.view_quote" in rights
    for one in [*told, *lists.json()["results"]]:
        amounts = [one[name] for name in ("goods", "discount", "charges", "tax", "total")]
        amounts += [line[name] for line in one.get("lines", ()) for name in ("unit_price", "amount")]
        assert [amount is not None for amount in amounts] == [sees] * len(amounts)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_cost_only_with_the_right(built, role):
    world, rights = as_(role, built), permissions_of(role)
    a_product("BOLT", cost="7.77")

    answer = world.machine.get("v1/products/BOLT/")

    assert answer.status_code == (200 if "inventory.view_product" in rights else 403)
    assert ("7.77" in answer.content.decode()) == ("inventory.view_cost" in rights)
    wants = {"inventory.view_product", "inventory.view_stocklevel", "inventory.view_warehouse"}
    status = world.machine.get("v1/availability/", {"sku": "BOLT"}).status_code
    assert status == (200 if wants <= rights else 403)


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_action_names_its_rights_and_what_is_not_named_is_denied(resource):
    actions = {one.__name__ for one in resource.get_extra_actions()}
    actions |= {
        name for name in ("list", "retrieve", "create", "update", "destroy") if hasattr(resource, name)
    }

    assert set(resource.needs) == actions
    assert all(resource.needs.values())


def test_an_action_without_a_line_is_denied_to_everybody(machine, monkeypatch):
    assert machine.get("v1/products/").status_code == 200

    monkeypatch.setattr(ProductResource, "needs", {})

    assert machine.get("v1/products/").status_code == 403


def test_with_the_check_removed_a_stranger_to_the_role_gets_in(db, monkeypatch):
    """The control: the tests above fail without the permission class."""
    machine = Machine(a_user("inventory.view_product"))
    assert machine.get("v1/orders/").status_code == 403

    monkeypatch.setattr(Doorway, "permission_classes", [])

    assert machine.get("v1/orders/").status_code == 200
