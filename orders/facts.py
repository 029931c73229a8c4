"""What approval looks at: the facts of a document, and whether an approval covers them. No database here."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from oms.money import HUNDRED, round_half_up
from orders.status import RuleFact

PERCENT_DECIMALS = 2
SHIP_TO = "ship_to"  # not a number with a bound: an approval for one address covers no other


@dataclass(frozen=True, slots=True)
class PricedFact:
    """The numbers of one line. `cost` is of the whole line, None when it is not comparable."""

    amount: Decimal
    cost: Decimal | None
    unit_price: Decimal
    list_price: Decimal | None
    discount_percent: Decimal


Facts = dict[str, str | None]


def facts_of(lines: Iterable[PricedFact]) -> Facts:
    """Return the facts of a document as text, exact and ready to be stored."""
    rows = list(lines)
    total = sum((row.amount for row in rows), Decimal(0))
    return {
        RuleFact.TOTAL_ABOVE: str(total),
        RuleFact.DISCOUNT_ABOVE: str(max((row.discount_percent for row in rows), default=Decimal(0))),
        RuleFact.MARGIN_BELOW: _margin(rows, total),
        RuleFact.PRICE_BELOW_LIST: str(max((_below_list(row) for row in rows), default=Decimal(0))),
    }


def _margin(rows: list[PricedFact], total: Decimal) -> str | None:
    if not total or any(row.cost is None for row in rows):
        return None
    cost = sum((row.cost for row in rows if row.cost is not None), Decimal(0))
    return str(round_half_up((total - cost) * HUNDRED / total, PERCENT_DECIMALS))


def _below_list(row: PricedFact) -> Decimal:
    if not row.list_price or row.unit_price >= row.list_price:
        return Decimal(0)
    return round_half_up((row.list_price - row.unit_price) * HUNDRED / row.list_price, PERCENT_DECIMALS)


def passes(fact: str, value: str | None, threshold: Decimal) -> bool:
    """Return whether a fact is out of bounds. An unknown margin is never out of bounds."""
    if value is None:
        return False
    if fact == RuleFact.MARGIN_BELOW:
        return Decimal(value) < threshold
    return Decimal(value) > threshold


def covers(approved: Mapping[str, str | None], facts: Mapping[str, str | None]) -> bool:
    """Return whether an approval of `approved` still holds for `facts`: same address, and nothing has become worse."""
    same_place = approved.get(SHIP_TO) == facts.get(SHIP_TO)
    return same_place and all(
        _no_worse(fact, approved.get(fact), facts.get(fact)) for fact in RuleFact.values
    )


def _no_worse(fact: str, approved: str | None, now: str | None) -> bool:
    if now is None or approved is None:
        return now is None
    if fact == RuleFact.MARGIN_BELOW:
        return Decimal(now) >= Decimal(approved)
    return Decimal(now) <= Decimal(approved)


def hash_of(material: object) -> str:
    """Return the hash that a decision is bound to."""
    return hashlib.sha256(json.dumps(material, default=str).encode()).hexdigest()
