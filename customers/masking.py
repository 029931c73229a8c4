"""What of a price only those may see who may see cost: the cost itself, and what it could be reckoned from."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.price_trace import JUDGED, LOST
from customers.status import PriceKind
from oms.models import User

PRICE = LOST.index("price")
OF_THE_COST = {"cost", "percent", "rate"}
HIDDEN = {PriceKind.COST_PLUS: None}


def may_see_cost(user: User) -> bool:
    return user.has_perm("inventory.view_cost")


def trace_for(user: User, trace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trace as this person may see it. It recomputes only for those who may see cost."""
    return dict(trace) if may_see_cost(user) else without_cost(trace)


def without_cost(trace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trace without costs, without percentages on them, without floors that stand on them, and as it was
    made, not as it is judged."""
    shown = _without_its_cost({name: told for name, told in trace.items() if name != JUDGED})
    if trace.get("floor_by") == "cost":
        del shown["floor"]
    if "lost" in trace:
        shown["lost"] = [_lost(row) for row in trace["lost"]]
    return shown


def _without_its_cost(step: Mapping[str, Any]) -> dict[str, Any]:
    if not counts_from_cost(step.get("price")):
        off = {"off": _without_its_cost(step["off"])} if "off" in step else {}
        return {**step, **off}
    return {name: value for name, value in step.items() if name not in OF_THE_COST} | {"price": HIDDEN}


def _lost(row: Sequence[Any]) -> Sequence[Any]:
    return [*row[:PRICE], HIDDEN, *row[PRICE + 1 :]] if counts_from_cost(row[PRICE]) else row


def counts_from_cost(price: Any) -> bool:
    """Whether what a step states is a percentage on the cost."""
    return isinstance(price, Mapping) and PriceKind.COST_PLUS in price
