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
AMOUNT_DECIMALS = 4
# On which line the worst of its kind stands: told to whoever decides, and no fact that is compared.
LINE_OF = {
    RuleFact.DISCOUNT_ABOVE: "line of the discount",
    RuleFact.PRICE_BELOW_LIST: "line below the list",
    RuleFact.BELOW_FLOOR: "line below the floor",
}
# What is given away by all that somebody has to agree to, in money: a percentage agreed to on one piece is not agreed
# to on a thousand. Nothing where no rule asks.
AMOUNT_OF: dict[str, str] = {
    RuleFact.DISCOUNT_ABOVE: "amount of the discount",
    RuleFact.PRICE_BELOW_LIST: "amount below the list",
    RuleFact.BELOW_FLOOR: "amount below the floor",
    RuleFact.MARGIN_BELOW: "amount of the missing margin",
}
JUDGED_ON = "judged on"  # the day whose list and cost some lines are judged by, if that is not their own
OF_A_DAY = {RuleFact.MARGIN_BELOW, RuleFact.PRICE_BELOW_LIST, RuleFact.BELOW_FLOOR}  # what it makes another
SHIP_TO = "ship_to"  # not a number with a bound: an approval for one address covers no other


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a document come to after every discount. `cost` is None when it is not comparable.

    `discount_percent` is the largest on a line, the document's own discount included. `below_list` is the largest
    share, in percent, by which a price lies below its list's, `below_floor` that by which a net price lies below the
    floor its trace was frozen with. The amounts are what lines beyond the bounds of rules give away by each of these.
    """

    total: Decimal = Decimal(0)
    cost: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    below_list: Decimal = Decimal(0)
    below_floor: Decimal = Decimal(0)
    discount_amount: Decimal | None = None
    amount_below_list: Decimal | None = None
    amount_below_floor: Decimal | None = None
    least_margin: Decimal | None = None  # in percent, of all that rules ask for the greatest


Facts = dict[str, str | None]


def facts_of(sums: Sums) -> Facts:
    """Return the facts of a document as text, exact and ready to be stored."""
    return {
        RuleFact.TOTAL_ABOVE: str(sums.total),
        RuleFact.DISCOUNT_ABOVE: str(round_half_up(sums.discount_percent, DISCOUNT_DECIMALS)),
        RuleFact.MARGIN_BELOW: _margin(sums),
        RuleFact.PRICE_BELOW_LIST: str(round_half_up(sums.below_list, PERCENT_DECIMALS)),
        RuleFact.BELOW_FLOOR: _below_floor(sums),
        **_amounts(sums),
    }


def _amounts(sums: Sums) -> Facts:
    amounts = {
        RuleFact.DISCOUNT_ABOVE: sums.discount_amount,
        RuleFact.PRICE_BELOW_LIST: sums.amount_below_list,
        RuleFact.BELOW_FLOOR: sums.amount_below_floor,
        RuleFact.MARGIN_BELOW: _missing_margin(sums),
    }
    return {AMOUNT_OF[fact]: str(amount) for fact, amount in amounts.items() if amount is not None}


def _missing_margin(sums: Sums) -> Decimal | None:
    if sums.cost is None or sums.least_margin is None:
        return None
    missing = sums.total * sums.least_margin / HUNDRED - (sums.total - sums.cost)
    return max(round_half_up(missing, AMOUNT_DECIMALS), Decimal(0))


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
    asked = passes(rule.fact, approved.get(rule.fact), rule.threshold)
    tolerance = rule.tolerance_percent if asked else Decimal(0)
    return approved.get(SHIP_TO) == now.get(SHIP_TO) and _no_worse(rule.fact, approved, now, tolerance)


def as_agreed(
    kept: Iterable[Rule], approved: Iterable[Mapping[str, str | None]], now: Mapping[str, str | None]
) -> Facts:
    """Return the facts that a new request stands on when some rules are not asked again.

    What is kept within a tolerance stands there as it was agreed; else it would creep from one request to the next.
    """
    facts, agreed = dict(now), list(approved)
    for rule in kept:
        found = [before for before in agreed if covers(rule, before, now)]
        if found and not any(_no_worse(rule.fact, before, now) for before in found):
            facts[rule.fact] = max((b.get(rule.fact) for b in found), key=lambda one: Decimal(one or 0))
    return facts


def holds_for(fact: str, agreed: Iterable[Mapping[str, str | None]], now: Mapping[str, str | None]) -> bool:
    """Return whether this one fact is no worse than it was agreed before, for the same address."""
    return now.get(fact) is None or any(
        before.get(SHIP_TO) == now.get(SHIP_TO) and _no_worse(fact, before, now) for before in agreed
    )


def _no_worse(
    fact: str,
    approved: Mapping[str, str | None],
    now: Mapping[str, str | None],
    tolerance: Decimal = Decimal(0),
) -> bool:
    """Return whether a fact is no worse, and what is given away by it no more than was approved."""
    return _within(fact, approved.get(fact), now.get(fact), tolerance) and _gives_no_more(fact, approved, now)


def _within(fact: str, approved: str | None, now: str | None, tolerance: Decimal) -> bool:
    if now is None or approved is None:
        return now is None
    if fact == RuleFact.MARGIN_BELOW:
        return Decimal(now) >= Decimal(approved)
    return Decimal(now) <= Decimal(approved) * (HUNDRED + tolerance) / HUNDRED


def _gives_no_more(fact: str, approved: Mapping[str, str | None], now: Mapping[str, str | None]) -> bool:
    """An approval that knows no amount, of before there were any or when no rule asked, covers by the rest alone."""
    name = AMOUNT_OF.get(fact, "")
    before, after = approved.get(name), now.get(name)
    return before is None or after is None or Decimal(after) <= Decimal(before)


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
