"""Prices in a changed order: agreed ones stand, a raised line may reach a better break of its own tier."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from customers.price_rules import at_rates
from customers.price_trace import Rate, rates_in
from inventory.finding import SalesUnit, units_by_id
from oms.money import line_amount
from orders.models import Order
from orders.services.capturing import require_orderable
from orders.services.change_plan import LineState
from orders.services.pricing import Beside, Buyer, LineInput, PricedInput, Rules, price_lines, require_sold_so
from orders.services.sheets import buyer_of

Changed = Mapping[int, PricedInput]


def price_change(
    order: Order, before: Mapping[int, LineState], wanted: Mapping[int, int], add: Sequence[LineInput]
) -> tuple[dict[int, PricedInput], list[PricedInput]]:
    """Return the lines that are wanted otherwise with their amounts, and the added ones priced as any new line.

    Raise NotOrderable or BadQuantity for what nobody can order.
    """
    lines = {pk: before[pk].input(quantity) for pk, quantity in wanted.items()}
    units = units_by_id([*(line.unit_id for line in lines.values()), *(line.unit_id for line in add)])
    _require_orderable(before, lines, units, add)
    stand = {
        pk: at_its_price(order, before[pk], line.ordered, units[line.unit_id], before[pk].cancelled)
        for pk, line in lines.items()
    }
    open_to = _open_to_breaks(before, lines)
    products = {units[line.unit_id].product_id for line in add} | {before[pk].product_id for pk in open_to}
    buyer = buyer_of(order, order.ordered_on)
    rules = _at_frozen_rates(buyer.rules(products), before) if products else {}
    there = {pk: (line.product_id, line.ordered) for pk, line in before.items()}
    there |= {pk: (line.product_id, line.ordered) for pk, line in stand.items()}
    better = {
        pk: amounting(line, line.ordered - before[pk].cancelled, units[line.unit_id], order.currency.exponent)
        for pk, line in _at_better_breaks(buyer, stand, open_to, there, Beside((), rules, units)).items()
    }
    beside = Beside(list(there.values()), rules, units)
    behind = range(len(before) + 1, len(before) + 1 + len(add))
    added = price_lines(buyer, add, positions=behind, beside=beside) if add else []
    return {**stand, **better}, added


def _at_frozen_rates(rules: Rules, before: Mapping[int, LineState]) -> Rules:
    """Return the rules at the rates the order was confirmed with; a currency it does not know yet has the day's."""
    rates: dict[str, Rate] = {}
    for line in sorted(before.values(), key=lambda line: -line.position):
        rates |= rates_in(line.trace)
    return {product: at_rates(found, rates) for product, found in rules.items()} if rates else rules


def _require_orderable(
    before: Mapping[int, LineState],
    lines: Mapping[int, LineInput],
    units: Mapping[int, SalesUnit],
    add: Sequence[LineInput],
) -> None:
    behind = max(line.position for line in before.values()) + 1
    require_orderable(add, positions=range(behind, behind + len(add)))
    kept = {pk: line for pk, line in lines.items() if line.ordered}
    places = [before[pk].position for pk in kept]
    require_orderable(list(kept.values()), positions=places)
    require_sold_so(list(kept.values()), units, places)


def at_its_price(
    order: Order, line: LineState, ordered: int, unit: SalesUnit, cancelled: int = 0
) -> PricedInput:
    """Return the line with another quantity at the price it has; its part of the order's discount is cut anew."""
    same = PricedInput(
        line.product_id,
        line.unit_id,
        ordered,
        line.list_price,
        line.unit_price,
        line.discount_percent,
        line.amount,
        line.unit_cost,
        line.trace,
        line.agreement_line_id,
        tax_percent=line.tax_percent,
        note=line.note,
    )
    return amounting(same, ordered - cancelled, unit, order.currency.exponent)


def amounting(line: PricedInput, wanted: int, unit: SalesUnit, exponent: int) -> PricedInput:
    """Return the line with the amount of what is wanted of it, the rest being cancelled."""
    assert line.unit_price is not None  # noqa: S101  what is confirmed has a price
    amount = line_amount(
        wanted,
        numerator=unit.numerator,
        denominator=unit.denominator,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        exponent=exponent,
    )
    return line._replace(amount=amount)


def _open_to_breaks(before: Mapping[int, LineState], lines: Mapping[int, LineInput]) -> dict[int, int]:
    """Return the tier of each line that is raised, was priced by rule and of which nothing has left, by line.

    What was quoted or typed keeps its price, so does what an agreement froze; what has left was sold at the line's.
    """
    raised = [
        before[pk]
        for pk, line in lines.items()
        if line.ordered > before[pk].ordered
        and not before[pk].shipped
        and before[pk].agreement_line_id is None
        and not {"typed", "quoted"} & before[pk].trace.keys()
        and "tier" in before[pk].trace
    ]
    return {line.id: int(line.trace["tier"]) for line in raised}


def _at_better_breaks(
    buyer: Buyer,
    stand: Changed,
    open_to: Mapping[int, int],
    there: Mapping[int, tuple[int, int]],
    known: Beside,
) -> dict[int, PricedInput]:
    """Return the lines that reach a better price of the tier they were priced in."""
    by_tier: defaultdict[int, list[int]] = defaultdict(list)
    for pk, tier in open_to.items():
        by_tier[tier].append(pk)
    found: dict[int, PricedInput] = {}
    for tier, pks in by_tier.items():
        rest = [line for pk, line in there.items() if pk not in pks]
        beside = Beside(rest, _from_tier(known.rules, tier), known.units)
        wanted = [
            LineInput(
                stand[pk].unit_id,
                stand[pk].ordered,
                None,
                stand[pk].discount_percent,
                stands=True,
                discounts=tuple(map(Decimal, stand[pk].trace.get("discounts", ()))),
            )
            for pk in pks
        ]
        priced = zip(pks, price_lines(buyer, wanted, beside=beside), strict=True)
        found |= {pk: line for pk, line in priced if _is_better(line, stand[pk], tier)}
    return found


def _from_tier(rules: Rules, tier: int) -> dict[int, list[Any]]:
    """Return the rules without those of tiers that go before this one."""
    return {product: [rule for rule in found if rule.tier >= tier] for product, found in rules.items()}


def _is_better(now: PricedInput, before: PricedInput, tier: int) -> bool:
    same_tier = now.trace.get("tier") == tier
    return same_tier and now.unit_price is not None and now.unit_price <= (before.unit_price or 0)
