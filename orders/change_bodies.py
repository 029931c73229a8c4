"""What machines send to change, split and close an order in work."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from inventory.errors import NotOrderable
from inventory.finding import units_by_id
from inventory.models import Warehouse
from inventory.units import as_ordered
from oms.api.fields import DayField, NumberField, Strict, TextField
from oms.api.problems import Unprocessable
from oms.errors import Problem
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from orders.errors import NoSuchLine
from orders.models import Order
from orders.order_bodies import LineBody, read_address, read_lines, require_may_price
from orders.services.capturing import MOST_LINES
from orders.services.changing import OrderChange
from orders.services.splitting import Split

LARGEST = Decimal(2**31 - 1)
SEEN = "the one you saw; 409 when somebody was faster"
PLACE = "the code of one of the customer's addresses"


class WantedBody(Strict):
    """What the customer gets of a line in all; 0 takes it out."""

    position = NumberField(decimals=0, most=LARGEST, positive=True)
    quantity = NumberField(decimals=12, most=Decimal(LARGEST_QUANTITY), help_text="in the line's unit")


class ChangeBody(Strict):
    """What becomes different in an order in work; what is left out stays."""

    revision = NumberField(decimals=0, most=LARGEST, help_text=SEEN)
    lines = WantedBody(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]
    add = LineBody(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]
    requested_on = DayField(required=False)
    ship_to = TextField(most=40, code=True, required=False, help_text=PLACE)
    warehouse = TextField(most=20, code=True, required=False, help_text="where what is not begun comes from")
    reason = TextField(most=500, blank=True, required=False)


class SplitBody(Strict):
    """Which lines become an order of their own, with another day or place."""

    revision = NumberField(decimals=0, most=LARGEST, help_text=SEEN)
    positions = serializers.ListField(
        child=NumberField(decimals=0, most=LARGEST, positive=True), allow_empty=False, max_length=MOST_LINES
    )
    requested_on = DayField(required=False)
    ship_to = TextField(most=40, code=True, required=False, help_text=PLACE)


class CloseShortBody(Strict):
    """Why the rest does not come."""

    reason = TextField(most=500)


def read_change(order: Order, body: Mapping[str, Any], *, by: User) -> OrderChange:
    """Return what a body means of this order; raise Unprocessable with every part that means nothing."""
    add = body.get("add", [])
    require_may_price(add, by)
    problems: list[Problem] = []
    change = OrderChange(
        revision=int(body["revision"]),
        quantities=_wanted(order, body.get("lines", []), problems),
        add=read_lines(add, problems, at="/add"),
        requested_on=body.get("requested_on"),
        ship_to_id=read_address(order.customer, body.get("ship_to"), problems),
        warehouse_id=_warehouse(body.get("warehouse"), by, problems),
        reason=body.get("reason", ""),
    )
    if problems:
        raise Unprocessable(problems)
    return change


def _wanted(order: Order, lines: list[Any], problems: list[Problem]) -> dict[int, int]:
    there = {line.position: line for line in order.lines.filter(position__in=[x["position"] for x in lines])}
    units = units_by_id(line.unit_id for line in there.values())
    wanted: dict[int, int] = {}
    for index, said in enumerate(lines):
        line = there.get(int(said["position"]))
        if line is None:
            what = str(NoSuchLine(order.number, [int(said["position"])]))
            problems.append(Problem(f"/lines/{index}/position", what))
            continue
        if line.pk in wanted:
            what = _("Line %(line)s is named twice.") % {"line": line.position}
            problems.append(Problem(f"/lines/{index}/position", what))
        unit = units[line.unit_id]
        try:
            quantity = said["quantity"]
            wanted[line.pk] = as_ordered(quantity, unit, sku=unit.sku, name=unit.unit) if quantity else 0
        except NotOrderable as refusal:
            problems.append(Problem(f"/lines/{index}/quantity", str(refusal)))
    return wanted


def _warehouse(code: str | None, by: User, problems: list[Problem]) -> int | None:
    if code is None:
        return None
    found = Warehouse.objects.visible_to(by).filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        problems.append(Problem("/warehouse", _("There is no “%(code)s”.") % {"code": code}))
    return found


def read_split(order: Order, body: Mapping[str, Any]) -> Split:
    """Return what a body means of this order; raise Unprocessable for an address that is not there."""
    problems: list[Problem] = []
    place = read_address(order.customer, body.get("ship_to"), problems)
    if problems:
        raise Unprocessable(problems)
    positions = frozenset(int(position) for position in body["positions"])
    return Split(int(body["revision"]), positions, body.get("requested_on"), place)
