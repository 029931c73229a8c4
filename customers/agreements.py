"""Agreements in numbers: how a line is cut where one runs out, and how fast one is used. No database here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from customers.price_rules import USUAL, Candidate, Price, Question, runs_out
from customers.pricing import precedence, price_of
from customers.status import PaceKind, is_agreement
from inventory.units import Sold, whole_pack

# What so many base units come to at a price, after the line's discounts.
Amount = Callable[[int, Decimal], Decimal]


class Left:
    """What agreements still have while the lines of one document are served from it in turn."""

    def __init__(self) -> None:
        self._taken = Counter[int]()
        self._paid = defaultdict[int, Decimal](Decimal)

    def now(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the candidates, each agreement with what the document has left of it."""
        return [self._now(candidate) for candidate in candidates]

    def _now(self, candidate: Candidate) -> Candidate:
        if not runs_out(candidate):
            return candidate
        terms, line = candidate.terms or USUAL, candidate.rule_id
        left, value = terms.left, terms.left_value
        return candidate._replace(
            terms=terms._replace(
                left=None if left is None else max(0, left - self._taken[line]),
                left_value=None if value is None else max(Decimal(0), value - self._paid[line]),
            )
        )

    def take(self, price: Price | None, quantity: int, amount: Amount) -> None:
        """So much was given at this price; nothing happens when it is no agreement's."""
        line = agreement_line(price)
        if line is not None and price is not None:
            self.take_from(line, quantity, amount(quantity, price.unit_price))

    def take_from(self, line: int, quantity: int, paid: Decimal) -> None:
        """So much of the agreement's line is spoken for."""
        self._taken[line] += quantity
        self._paid[line] += paid


def priced_in_parts(
    question: Question, sold: Sold, candidates: Sequence[Candidate], left: Left, amount: Amount
) -> list[tuple[int, Price | None]]:
    """Return the parts of a line, in base units, each with its price, and take from what is left.

    A line is one part unless an agreement runs out on it: so much is at the agreement's price, the rest at the next.
    """
    if not [one for one in candidates if one.terms is not None and runs_out(one)]:
        return [(question.ordered, price_of(question, candidates))]
    parts: list[tuple[int, Price | None]] = []
    rest = question.ordered
    while rest:
        asked = question._replace(ordered=rest)
        now = in_quantities(asked, left.now(candidates), amount)
        part = _first_part(asked, sold, now)
        price = price_of(question._replace(ordered=part), now)
        if part < rest and agreement_line(price) is None:  # a list with the best price is cheaper
            part, price = rest, price_of(asked, now)
        left.take(price, part, amount)
        parts.append((part, price))
        rest -= part
    return parts


def in_quantities(question: Question, candidates: Sequence[Candidate], amount: Amount) -> list[Candidate]:
    """Return the candidates, those that are limited by value limited by the quantity that this comes to."""
    return [
        candidate
        if candidate.terms is None or candidate.terms.left_value is None
        else candidate._replace(
            terms=candidate.terms._replace(left=_affordable(question, candidate, candidates, amount))
        )
        for candidate in candidates
    ]


def _affordable(
    question: Question, candidate: Candidate, candidates: Iterable[Candidate], amount: Amount
) -> int:
    """Return how much of the quantity asked for can be paid from what is left of the value.

    A smaller quantity may cost more each, for a percentage is taken off a price with breaks; so it is tried again.
    """
    terms = candidate.terms or USUAL
    value = terms.left_value or Decimal(0)
    alone = [candidate._replace(terms=terms._replace(left=None, left_value=None)), *_lists_of(candidates)]
    part = question.ordered
    while part:
        price = price_of(question._replace(ordered=part), alone)
        if price is None or agreement_line(price) != candidate.rule_id:
            return 0
        cost = amount(part, price.unit_price)
        if cost <= value:
            return part
        part = min(part - 1, int(part * value / cost) + 1)
    return 0


def _lists_of(candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """Return the prices of lists, none of which is taken instead for being cheaper."""
    for one in candidates:
        if not is_agreement(one.tier):
            yield one if one.terms is None else one._replace(terms=one.terms._replace(best_of=False))


def agreement_line(price: Price | None) -> int | None:
    """Return the id of the agreement's line that a price comes from."""
    if price is None or not is_agreement(price.trace["tier"]):
        return None
    return int(price.trace["rule"])


def _first_part(question: Question, sold: Sold, candidates: Iterable[Candidate]) -> int:
    """Return how much is asked for at once: all of it, or what the nearest agreement has left.

    An agreement that cannot give a part that can be ordered is passed over.
    """
    agreed = [candidate for candidate in candidates if is_agreement(candidate.tier)]
    for candidate in sorted(agreed, key=lambda one: precedence(question, one)):
        left = (candidate.terms or USUAL).left
        if left is None or left >= question.ordered:
            return question.ordered
        if part := _cut(question.ordered, left, sold):
            return part
    return question.ordered


def _cut(ordered: int, left: int, unit: Sold) -> int:
    """Return the most of `ordered` that `left` can give, so that both parts can be ordered; 0 when there is none.

    Parts of a line that orders whole sales units are whole sales units.
    """
    pack = whole_pack(unit.multiple * unit.numerator, unit.denominator)
    step = 1 if ordered % pack else pack
    least = ceil(Fraction(unit.minimum * unit.numerator, unit.denominator)) if unit.minimum > 1 else 1
    part = min(left, ordered - least) // step * step
    return part if part >= least else 0


Taken = int | Decimal  # base units, or a value


class Pace(NamedTuple):
    """What was to be taken by a day, in base units or by value, and how what was taken compares with it."""

    kind: PaceKind
    expected: Taken
    committed: Taken
    drawn: Taken

    @property
    def percent(self) -> int:
        """How much of what was committed was taken; 100 when nothing was."""
        return int(self.drawn * 100 // self.committed) if self.committed else 100


def pace_of(committed: Taken, drawn: Taken, *, period: tuple[date, date], on: date) -> Pace:
    """Compare what was taken with the part of the commitment that the days gone by come to, rounded up to a whole."""
    begins, ends = period
    days, gone = max(1, (ends - begins).days), min(max(0, (on - begins).days), (ends - begins).days)
    expected = ceil(Fraction(committed) * gone / days)
    if not committed:
        kind = PaceKind.FREE
    elif drawn >= committed:
        kind = PaceKind.REACHED
    elif on >= ends:
        kind = PaceKind.MISSED
    else:
        kind = PaceKind.AHEAD if drawn >= expected else PaceKind.BEHIND
    return Pace(kind, expected, committed, drawn)
