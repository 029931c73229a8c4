"""What a new draft begins with: nothing, what was ticked on the customer's page, or their last order again."""

import re
from typing import Any

from django.core.exceptions import BadRequest

from customers.models import Customer
from inventory.models import ProductUnit
from oms.models import User
from orders.models import Order
from orders.services.pricing import LineInput
from orders.services.purchases import PAGE
from orders.services.repeating import MOST_LINES, last_order_of

TICKED, AGAIN = "ticked", "again"
TICK = re.compile(r"([1-9][0-9]{0,14}):([1-9][0-9]{0,14})")


def begun_with(customer: Customer, posted: Any, *, by: User) -> list[LineInput]:
    """Return the lines that were asked for; what was bought before stands in the quantity it was bought in."""
    if posted.get(AGAIN):
        return _last(customer, by)
    wanted = dict(_ticked(text) for text in posted.getlist(TICKED)[:PAGE])
    known = ProductUnit.objects.in_bulk(list(wanted))
    return [LineInput(unit, ordered, stands=True) for unit, ordered in wanted.items() if unit in known]


def _last(customer: Customer, by: User) -> list[LineInput]:
    order: Order | None = last_order_of(customer.pk, by=by)
    if order is None:
        return []
    lines = order.lines.filter(ordered__gt=0).order_by("position").values_list("unit_id", "ordered")
    return [LineInput(unit, ordered, stands=True) for unit, ordered in lines[:MOST_LINES]]


def _ticked(text: str) -> tuple[int, int]:
    """Read a tick, the unit's key and base units: `17:200`."""
    found = TICK.fullmatch(text)
    if found is None:
        raise BadRequest("a tick is a unit and base units")
    return int(found[1]), int(found[2])
