"""The price of a line: candidates in, price and trace out. No database here.

The first tier with a price wins, not the lowest price. Inside a tier a row in the line's own unit beats
a converted one, then the greatest break that the quantity reaches, then the latest validity, then the
oldest rule.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from oms.money import EXACT, round_half_up

UNIT_PRICE_DECIMALS = 6


class Unit(NamedTuple):
    """A sales unit: `denominator` of it hold `numerator` base units."""

    id: int
    code: str
    numerator: int
    denominator: int


class Question(NamedTuple):
    """What does so much of a product cost in this unit? `ordered` counts base units."""

    product_id: int
    unit: Unit
    ordered: int


class Candidate(NamedTuple):
    """A price rule that might apply: one `unit` costs `price` from `min_quantity` base units on."""

    rule_id: int
    price_list: str
    tier: int
    product_id: int
    unit_id: int
    unit_code: str
    numerator: int
    denominator: int
    min_quantity: int
    price: Decimal
    valid_from: date

    @property
    def unit(self) -> Unit:
        return Unit(self.unit_id, self.unit_code, self.numerator, self.denominator)


class Price(NamedTuple):
    """A price per sales unit of the question, and the trace that explains it."""

    unit_price: Decimal
    trace: Mapping[str, Any]


def by_product(candidates: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    """Sort candidates into one list per product, best first, whatever order they came in."""
    found: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault(candidate.product_id, []).append(candidate)
    return found


def price_of(question: Question, candidates: Iterable[Candidate]) -> Price | None:
    """Return the price of the question, or None when no rule gives one; None is never 0."""
    ranked = sorted(candidates, key=lambda candidate: _rank(question, candidate))
    if not ranked or ranked[0].min_quantity > question.ordered:
        return None
    winner = ranked[0]
    return Price(converted(winner.price, winner.unit, question.unit), _trace(question, winner, ranked[1:]))


def converted(price: Decimal, source: Unit, target: Unit) -> Decimal:
    """Return a price per `source` unit as one per `target` unit; the same unit is left untouched."""
    if (source.numerator, source.denominator) == (target.numerator, target.denominator):
        return price
    times, parts = target.numerator * source.denominator, target.denominator * source.numerator
    return round_half_up(
        EXACT.divide(EXACT.multiply(price, Decimal(times)), Decimal(parts)), UNIT_PRICE_DECIMALS
    )


def _rank(question: Question, candidate: Candidate) -> tuple[bool, int, bool, int, int, int]:
    return (
        candidate.min_quantity > question.ordered,
        candidate.tier,
        candidate.unit_id != question.unit.id,
        -candidate.min_quantity,
        -candidate.valid_from.toordinal(),
        candidate.rule_id,
    )


STEP = ("rule", "list", "tier", "unit", "from", "price")
LOST = (*STEP, "why")


def losers(trace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules that lost, best first, each with why. A trace keeps them as bare rows: lines have many."""
    return [dict(zip(LOST, row, strict=True)) for row in trace.get("lost", [])]


def _trace(question: Question, winner: Candidate, lost: list[Candidate]) -> dict[str, Any]:
    trace: dict[str, Any] = dict(zip(STEP, _told(winner), strict=True))
    trace["lost"] = [(*_told(loser), _why(question, winner, loser)) for loser in lost]
    return trace


def _told(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.rule_id,
        candidate.price_list,
        candidate.tier,
        candidate.unit_code,
        candidate.min_quantity,
        str(candidate.price),
    )


def _why(question: Question, winner: Candidate, loser: Candidate) -> str:
    """Name the first rule of precedence by which `loser` lost."""
    if loser.min_quantity > question.ordered:
        return "break not reached"
    if loser.tier > winner.tier:
        return "later tier"
    if loser.unit_id != question.unit.id and winner.unit_id == question.unit.id:
        return "other unit"
    if loser.min_quantity < winner.min_quantity:
        return "smaller break"
    return "older"
