"""What approval looks at: the facts of a document, and whether an approval covers them. No database here."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from oms.money import HUNDRED, round_half_up
from orders.status import RuleFact

PERCENT_DECIMALS = 2
DISCOUNT_DECIMALS = 4
# On which line the worst of its kind stands: told to whoever decides, and no fact that is compared.
LINE_OF = {
    RuleFact.DISCOUNT_ABOVE: "line of the discount",
    RuleFact.PRICE_BELOW_LIST: "line below the list",
    RuleFact.BELOW_FLOOR: "line below the floor",
}
JUDGED_ON = "judged on"  # the day whose list and cost some lines are judged by, if that is not their own
OF_A_DAY = {RuleFact.MARGIN_BELOW, RuleFact.PRICE_BELOW_LIST, RuleFact.BELOW_FLOOR}  # what it makes another
SHIP_TO = "ship_to"  # not a number with a bound: an approval for one address covers no other


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a document come to after every discount. `cost` is None when it is not comparable.

    `discount_percent` is the largest on a line, the document's own discount included. `below_list` is the largest
    share, in percent, by which a price lies below its list's, `below_floor` that by which a net price lies below the
    floor its trace was frozen with.
    """

    total: Decimal = Decimal(0)
    cost: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    below_list: Decimal = Decimal(0)
    below_floor: Decimal = Decimal(0)


Facts = dict[str, str | None]


def facts_of(sums: Sums) -> Facts:
    """Return the facts of a document as text, exact and ready to be stored."""
    return {
        RuleFact.TOTAL_ABOVE: str(sums.total),
        RuleFact.DISCOUNT_ABOVE: str(round_half_up(sums.discount_percent, DISCOUNT_DECIMALS)),
        RuleFact.MARGIN_BELOW: _margin(sums),
        RuleFact.PRICE_BELOW_LIST: str(round_half_up(sums.below_list, PERCENT_DECIMALS)),
        RuleFact.BELOW_FLOOR: _below_floor(sums),
    }


def _below_floor(sums: Sums) -> str | None:
    """Return how far the worst line is below its floor, never rounded to nothing; None when none is."""
    if sums.below_floor <= 0:
        return None
    return str(max(round_half_up(sums.below_floor, PERCENT_DECIMALS), Decimal("0.01")))


def _margin(sums: Sums) -> str | None:
    if not sums.total or sums.cost is None:
        return None
    return str(round_half_up((sums.total - sums.cost) * HUNDRED / sums.total, PERCENT_DECIMALS))


def passes(fact: str, value: str | None, threshold: Decimal) -> bool:
    """Return whether a fact is out of bounds. An unknown margin is never out of bounds."""
    if value is None:
        return False
    if fact == RuleFact.MARGIN_BELOW:
        return Decimal(value) < threshold
    return Decimal(value) > threshold


class Rule(Protocol):
    """When somebody has to agree, and by how many percent what they agreed to may grow without asking again."""

    fact: str
    threshold: Decimal
    tolerance_percent: Decimal


R = TypeVar("R", bound=Rule)


def reopened(
    rules: Sequence[R], approved: Iterable[Mapping[str, str | None]], now: Mapping[str, str | None]
) -> tuple[list[R], Mapping[str, str | None]]:
    """Return which of the rules have to be asked again, and the facts of the approval on which the others stand.

    An approval counts as a whole: of several the one that leaves least to ask, the first of these.
    """
    nothing: Mapping[str, str | None] = {}
    found = [([rule for rule in rules if not covers(rule, before, now)], before) for before in approved]
    return min(found, key=lambda one: len(one[0]), default=(list(rules), nothing))


def covers(rule: Rule, approved: Mapping[str, str | None], now: Mapping[str, str | None]) -> bool:
    """Return whether what a rule is about is agreed: for the same address, and no worse, or within its tolerance.

    Nobody was asked about a fact that was within bounds, so it has no tolerance either.
    """
    before, after = approved.get(rule.fact), now.get(rule.fact)
    asked = passes(rule.fact, before, rule.threshold)
    tolerance = rule.tolerance_percent if asked else Decimal(0)
    return approved.get(SHIP_TO) == now.get(SHIP_TO) and _no_worse(rule.fact, before, after, tolerance)


def as_agreed(
    kept: Iterable[Rule], approved: Iterable[Mapping[str, str | None]], now: Mapping[str, str | None]
) -> Facts:
    """Return the facts that a new request stands on when some rules are not asked again.

    What is kept within a tolerance stands there as it was agreed; else it would creep from one request to the next.
    """
    facts, agreed = dict(now), list(approved)
    for rule in kept:
        found = [before.get(rule.fact) for before in agreed if covers(rule, before, now)]
        if found and not any(_no_worse(rule.fact, one, now.get(rule.fact)) for one in found):
            facts[rule.fact] = max(found, key=lambda one: Decimal(one or 0))
    return facts


def holds_for(fact: str, agreed: Iterable[Mapping[str, str | None]], now: Mapping[str, str | None]) -> bool:
    """Return whether this one fact is no worse than it was agreed before, for the same address."""
    return now.get(fact) is None or any(
        before.get(SHIP_TO) == now.get(SHIP_TO) and _no_worse(fact, before.get(fact), now.get(fact))
        for before in agreed
    )


def _no_worse(fact: str, approved: str | None, now: str | None, tolerance: Decimal = Decimal(0)) -> bool:
    if now is None or approved is None:
        return now is None
    if fact == RuleFact.MARGIN_BELOW:
        return Decimal(now) >= Decimal(approved)
    return Decimal(now) <= Decimal(approved) * (HUNDRED + tolerance) / HUNDRED


def hash_of_document(
    header: Sequence[object], lines: Iterable[Sequence[object]], discount: Sequence[Decimal]
) -> str:
    """Return the hash of what is material in a document: its header, its lines and a discount on all of them.

    Each line ends with its own discount.
    """
    rows = [(*line, _short(percent)) for *line, percent in lines]
    return hash_of([*header, rows, *(map(_short, discount) if any(discount) else ())])


def _short(percent: object) -> object:
    """Return a number with four decimals unless it needs more, so that a hash does not depend on a column's width."""
    short = Decimal(str(percent)).normalize()
    return short.quantize(Decimal("0.0001")) if short == round(short, DISCOUNT_DECIMALS) else short


def hash_of(material: object) -> str:
    """Return the hash that a decision is bound to."""
    return hashlib.sha256(json.dumps(material, default=str).encode()).hexdigest()
