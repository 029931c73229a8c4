"""What a price rule is, what is asked of it, and what counts together. No database here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from customers.status import BreakBasis, PriceKind, PriceTier

USUAL_PRIORITY = 5

Group = int | tuple[str, str]  # what counts together: a product, or a price list and its mix group


class Unit(NamedTuple):
    """A sales unit: `denominator` of it hold `numerator` base units."""

    id: int
    code: str
    numerator: int
    denominator: int


class Question(NamedTuple):
    """What does so much of a product cost in this unit? `ordered` counts base units.

    `together` tells how much the whole document orders of what counts together with this line.
    """

    product_id: int
    unit: Unit
    ordered: int
    together: Mapping[Group, int] = {}


class Terms(NamedTuple):
    """What is unusual about a rule. Most rules have none of it: a fixed price of one product per unit.

    `reach` is 0 for the product itself, 1 for its category, 2 for the category above, and so on. `rate` turns the
    list's currency into the document's, `cost_rate` the cost's; None means that nobody knows the rate. `left` is
    what an agreement still has, in base units, `left_value` what may still be paid; None is without end.
    """

    reach: int = 0
    kind: str = PriceKind.FIXED
    percent: Decimal = Decimal(0)
    based_on: str | None = None
    priority: int = USUAL_PRIORITY
    basis: str = BreakBasis.LINE
    mix_group: str = ""
    incremental: bool = False
    currency: str | None = None
    rate: Decimal = Decimal(1)
    rate_on: str | None = None
    cost: Decimal = Decimal(0)
    cost_rate: Decimal | None = None
    floor: Decimal | None = None
    floor_margin: Decimal | None = None
    best_of: bool = False
    left: int | None = None
    left_value: Decimal | None = None


USUAL = Terms()


class Candidate(NamedTuple):
    """A price rule that might apply: one `unit` costs `price` from `min_quantity` base units on.

    Of an agreement `rule_id` is that of its line, and `price_list` its number.
    """

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
    terms: Terms | None = None

    @property
    def key(self) -> tuple[bool, int]:
        """What tells it from all others: rules of lists and lines of agreements count their ids on their own."""
        return self.tier < PriceTier.SHIP_TO, self.rule_id

    @property
    def unit(self) -> Unit:
        return Unit(self.unit_id, self.unit_code, self.numerator, self.denominator)


class Price(NamedTuple):
    """A price per sales unit of the question, and the trace that explains it."""

    unit_price: Decimal
    trace: Mapping[str, Any]


def by_product(candidates: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    """Sort candidates into one list per product, whatever order they came in."""
    found: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault(candidate.product_id, []).append(candidate)
    return found


def at_rates(
    candidates: Iterable[Candidate], rates: Mapping[str, tuple[Decimal, str | None]]
) -> list[Candidate]:
    """Return the candidates, those in a currency of `rates` at its rate and day."""
    return [_at_rate(candidate, rates) for candidate in candidates]


def _at_rate(candidate: Candidate, rates: Mapping[str, tuple[Decimal, str | None]]) -> Candidate:
    terms = candidate.terms
    if terms is None or terms.currency is None or terms.currency not in rates:
        return candidate
    rate, since = rates[terms.currency]
    return candidate._replace(terms=terms._replace(rate=rate, rate_on=since))


def groups_of(candidates: Iterable[Candidate]) -> set[Group]:
    """Return what a product's rules count together; empty where every break is one of the line.

    What an agreement has left is shared by all lines that its line is for.
    """
    rules = [rule for rule in candidates if rule.terms is not None]
    together = {group_of(rule) for rule in rules if counts_together(rule)}
    return together | {_shared_by(rule) for rule in rules if runs_out(rule)}


def runs_out(candidate: Candidate) -> bool:
    """Whether the price holds for a limited quantity or value only."""
    terms = candidate.terms
    return terms is not None and (terms.left is not None or terms.left_value is not None)


def _shared_by(candidate: Candidate) -> Group:
    """Return what shares what is left of an agreement's line: its product, or all that the line is for."""
    wide = (candidate.terms or USUAL).reach
    return (candidate.price_list, str(candidate.rule_id)) if wide else candidate.product_id


def counts_together(candidate: Candidate) -> bool:
    return candidate.terms is not None and candidate.terms.basis != BreakBasis.LINE


def group_of(candidate: Candidate) -> Group:
    terms = candidate.terms or USUAL
    if terms.basis == BreakBasis.MIX:
        return candidate.price_list, terms.mix_group
    return candidate.product_id


def counted_together(
    ordered: Iterable[tuple[int, int]], candidates: Mapping[int, Iterable[Candidate]]
) -> Counter[Group]:
    """Return how much of each group is ordered by lines that are (product, base units)."""
    groups = {product: found for product, rules in candidates.items() if (found := groups_of(rules))}
    sums: Counter[Group] = Counter()
    if groups:
        for product, quantity in ordered:
            for group in groups.get(product, ()):
                sums[group] += quantity
    return sums
