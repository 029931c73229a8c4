"""The price of a line: candidates in, price and trace out. No database here.

The first tier with a price wins, not the lowest price; an agreement comes first while enough of it is left. Inside a
tier the document's own currency comes first, then the rule for fewest products, then the priority, then a row in the
line's own unit, then the greatest break that is reached, then the latest validity, then the oldest rule. Only a list
that is flagged best-of competes by price.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from customers.price_rules import USUAL, Candidate, Price, Question, Terms, Unit, counts_together, group_of
from customers.price_trace import OF_THE_DAY, STEP, UNIT_PRICE_DECIMALS, average
from customers.status import BreakBasis, PriceKind, PriceTier
from oms.money import EXACT, round_fraction, round_half_up

REFERENCE = int(PriceTier.REFERENCE)  # members of enumerations are slow to compare and to look up


def price_of(question: Question, candidates: Iterable[Candidate]) -> Price | None:
    """Return the price of the question, or None when no rule gives one; None is never 0."""
    rules = list(candidates)
    for rule in rules:
        if rule.terms is not None:
            return _special_price(question, sorted(rules, key=lambda rule: _rank(question, rule)))
    return _usual_price(question, rules)


def _usual_price(question: Question, rules: list[Candidate]) -> Price | None:
    """Return the price when no rule has terms. Nearly all lines come this way, so it is kept lean."""
    if not rules:
        return None
    if len(rules) > 1:
        rules.sort(key=_usual_rank(question))
    winner, price = rules[0], rules[0].price
    if winner.min_quantity > question.ordered or winner.tier == REFERENCE:
        return None
    trace: dict[str, Any] = dict(zip(STEP, _told(winner), strict=True))
    if winner.unit_id != question.unit.id and not _same_ratio(winner.unit, question.unit):
        trace["ratio"] = _ratio(winner.unit, question.unit)
        price = converted(price, winner.unit, question.unit)
    trace["lost"] = _usual_losers(question, winner, rules[1:])
    return Price(price, trace)


def _usual_losers(question: Question, winner: Candidate, losers: list[Candidate]) -> list[tuple[Any, ...]]:
    """What `_told` and `_why` say of rules without terms, taken apart once each: a line has several."""
    ordered, unit, in_own = question.ordered, question.unit.id, winner.unit_id == question.unit.id
    first, largest = winner.tier, winner.min_quantity
    lost = []
    for rule, listed, tier, _product, unit_id, code, _n, _d, since, price, _from, _terms in losers:
        if since > ordered:
            why = "break not reached"
        elif tier > first:
            why = "only for reference" if tier == REFERENCE else "later tier"
        elif in_own and unit_id != unit:
            why = "other unit"
        else:
            why = "smaller break" if since < largest else "older"
        lost.append((rule, listed, tier, code, since, str(price), why))
    return lost


def converted(price: Decimal, source: Unit, target: Unit) -> Decimal:
    """Return a price per `source` unit as one per `target` unit; the same unit is left untouched."""
    if _same_ratio(source, target):
        return price
    times, parts = _ratio(source, target)
    return round_half_up(
        EXACT.divide(EXACT.multiply(price, Decimal(times)), Decimal(parts)), UNIT_PRICE_DECIMALS
    )


def _same_ratio(one: Unit, other: Unit) -> bool:
    return (one.numerator, one.denominator) == (other.numerator, other.denominator)


def _ratio(source: Unit, target: Unit) -> tuple[int, int]:
    """Return by what a price per `source` is multiplied and divided to be one per `target`."""
    return target.numerator * source.denominator, target.denominator * source.numerator


def _counted(question: Question, candidate: Candidate) -> int:
    """Return the quantity that has to reach the candidate's break."""
    if candidate.terms is None or candidate.terms.basis == BreakBasis.LINE:
        return question.ordered
    return question.together.get(group_of(candidate), question.ordered)


def _reached(question: Question, candidate: Candidate) -> bool:
    return candidate.min_quantity <= _counted(question, candidate) and not _runs_short(question, candidate)


def _runs_short(question: Question, candidate: Candidate) -> bool:
    """Whether an agreement has less left than is asked for; the caller has cut the line where it can be."""
    left = (candidate.terms or USUAL).left
    return left is not None and left < question.ordered


def _usual_rank(question: Question) -> Callable[[Candidate], tuple[Any, ...]]:
    """The rank among rules without terms; it orders as `_rank` does and is quicker."""
    ordered, unit = question.ordered, question.unit.id
    return lambda candidate: (
        candidate.min_quantity > ordered,
        candidate.tier,
        candidate.unit_id != unit,
        -candidate.min_quantity,
        -candidate.valid_from.toordinal(),
        candidate.rule_id,
    )


def _rank(question: Question, candidate: Candidate) -> tuple[Any, ...]:
    return not _reached(question, candidate), *precedence(question, candidate)


def precedence(question: Question, candidate: Candidate) -> tuple[Any, ...]:
    """Return the rank of a candidate, whether the quantity reaches it or not."""
    terms = candidate.terms or USUAL
    return (
        candidate.tier,
        terms.currency is not None,
        terms.reach,
        terms.priority,
        _in_other_unit(question, candidate),
        -candidate.min_quantity,
        -candidate.valid_from.toordinal(),
        candidate.rule_id,
    )


def _in_other_unit(question: Question, candidate: Candidate) -> bool:
    """Whether the price is stated per another unit; a percentage without a unit holds for every one."""
    if candidate.terms and candidate.terms.kind != PriceKind.FIXED and not candidate.unit_id:
        return False
    return candidate.unit_id != question.unit.id


# --- rules that are not just a price ----------------------------------------------------------------------------------


Key = tuple[bool, int]  # of a candidate


class _Worth(NamedTuple):
    """What a candidate comes to, exactly, and how."""

    price: Fraction
    steps: dict[str, Any]


def _special_price(question: Question, ranked: Sequence[Candidate]) -> Price | None:
    worths = _worths(question, ranked)
    if not worths:
        return None
    winner = _best(question, ranked, worths)
    worth = worths[winner.key]
    unit_price = round_fraction(worth.price, UNIT_PRICE_DECIMALS)
    trace = dict(zip(STEP, _told(winner), strict=True)) | worth.steps
    if unit_price != worth.price:
        trace["exact"] = str(worth.price)
    if (floor := _floor(question, winner)) is not None:
        trace["floor"], trace["floor_by"] = str(floor[0]), floor[1]
    if (left := (winner.terms or USUAL).left) is not None:
        trace["left"] = left
    if (value := (winner.terms or USUAL).left_value) is not None:
        trace["left_value"] = str(value)
    if counts_together(winner):
        trace["together"] = _counted(question, winner)
    place = ranked.index(winner)
    trace["lost"] = [
        *((*_told(loser), _why_passed_over(loser, ranked, worths)) for loser in ranked[:place]),
        *((*_told(loser), _why(question, winner, loser)) for loser in ranked[place + 1 :]),
    ]
    return Price(unit_price, trace)


def _worths(question: Question, ranked: Sequence[Candidate]) -> dict[Key, _Worth]:
    """Return what the candidates that may win come to, by rule: the best one, and those of best-of lists."""
    found: dict[Key, _Worth] = {}
    for candidate in ranked:
        if candidate.tier == PriceTier.REFERENCE or not _reached(question, candidate):
            continue
        if found and not (candidate.terms or USUAL).best_of:
            continue
        if (worth := _worth(question, candidate, ranked)) is not None:
            found[candidate.key] = worth
    return found


def _best(question: Question, ranked: Sequence[Candidate], worths: Mapping[Key, _Worth]) -> Candidate:
    """Return the first by rank, or the first of each best-of list when that is cheaper."""
    able = [candidate for candidate in ranked if candidate.key in worths]
    first_of: dict[str, Candidate] = {}
    for candidate in able:
        first_of.setdefault(candidate.price_list, candidate)
    rivals = [able[0], *(c for c in first_of.values() if c.terms and c.terms.best_of)]
    return min(rivals, key=lambda candidate: worths[candidate.key].price)


def _worth(question: Question, candidate: Candidate, ranked: Sequence[Candidate]) -> _Worth | None:
    """Return what the candidate comes to per unit of the question; None when it has nothing to count from."""
    terms = candidate.terms or USUAL
    if terms.kind == PriceKind.PERCENT_OFF:
        return _percent_off(question, candidate, terms, ranked)
    steps: dict[str, Any] = {}
    if terms.kind == PriceKind.COST_PLUS:
        if terms.cost_rate is None or not terms.cost:
            return None
        steps = {"cost": str(terms.cost), "percent": str(terms.percent), "rate": str(terms.cost_rate)}
        price = Fraction(terms.cost) * (100 + Fraction(terms.percent)) / 100 * Fraction(terms.cost_rate)
        source = Unit(0, "", 1, 1)
    else:
        price, steps = _listed(question, candidate, terms, ranked)
        source = candidate.unit
    times, parts = _ratio(source, question.unit)
    if times != parts:
        steps["ratio"] = (times, parts)
    return _Worth(price * times / parts, steps)


def _listed(
    question: Question, candidate: Candidate, terms: Terms, ranked: Sequence[Candidate]
) -> tuple[Fraction, dict[str, Any]]:
    """Return a stated price per its own unit in the document's currency."""
    steps: dict[str, Any] = {}
    price = Fraction(candidate.price)
    if terms.incremental:
        slices = _slices(_counted(question, candidate), _ladder(question, candidate, ranked))
        steps["slices"] = [(quantity, str(each)) for quantity, each in slices]
        price = average(slices)
    if terms.currency is not None:
        steps |= {
            "currency": terms.currency,
            "rate": str(terms.rate),
            "rate_on": terms.rate_on,
            "rate_type": OF_THE_DAY,
        }
        price *= Fraction(terms.rate)
    return price, steps


def _ladder(question: Question, winner: Candidate, ranked: Sequence[Candidate]) -> list[tuple[int, Decimal]]:
    """Return the breaks that are reached of the ladder on which the winner stands, lowest first."""
    same = _step_of(winner)
    found = {
        candidate.min_quantity: candidate.price
        for candidate in reversed(ranked)
        if _step_of(candidate) == same and _reached(question, candidate)
    }
    return sorted(found.items())


def _step_of(candidate: Candidate) -> tuple[Any, ...]:
    terms = candidate.terms or USUAL
    return candidate.price_list, candidate.unit_id, terms.reach, terms.priority, terms.kind, terms.incremental


def _slices(counted: int, ladder: Sequence[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """Cut a quantity at its breaks; what lies below the first break costs what that one does."""
    starts = [1, *(since for since, _price in ladder[1:]), counted + 1]
    return [
        (until - since, price)
        for (since, until), (_break, price) in zip(pairwise(starts), ladder, strict=True)
    ]


def _percent_off(
    question: Question, candidate: Candidate, terms: Terms, ranked: Sequence[Candidate]
) -> _Worth | None:
    for other in ranked:
        if not (_reached(question, other) and _is_base_of(candidate, other)):
            continue
        base = _worth(question, other, ranked)
        if base is not None:
            off = {**dict(zip(STEP, _told(other), strict=True)), **base.steps}
            price = base.price * (100 - Fraction(terms.percent)) / 100
            return _Worth(price, {"percent": str(terms.percent), "off": off})
    return None


def _is_base_of(candidate: Candidate, other: Candidate) -> bool:
    """Whether a percentage is taken off `other`: of the list named, else of those for everyone."""
    if (other.terms or USUAL).kind == PriceKind.PERCENT_OFF:
        return False
    named = (candidate.terms or USUAL).based_on
    return other.price_list == named if named else other.tier == PriceTier.EVERYONE


def _floor(question: Question, winner: Candidate) -> tuple[Decimal, str] | None:
    """Return below which price per unit of the question somebody must approve, and whether list or cost sets it."""
    terms = winner.terms or USUAL
    floors: list[tuple[Fraction, str]] = []
    if terms.floor is not None:
        stated = Fraction(terms.floor) * Fraction(terms.rate)
        floors.append((stated * Fraction(*_ratio(winner.unit, question.unit)), "list"))
    if terms.floor_margin is not None and terms.cost_rate is not None:
        cost = Fraction(terms.cost) * Fraction(terms.cost_rate) * (100 + Fraction(terms.floor_margin)) / 100
        floors.append((cost * question.unit.numerator / question.unit.denominator, "cost"))
    if not floors:
        return None
    highest, by = max(floors)
    return round_fraction(highest, UNIT_PRICE_DECIMALS), by


# --- the trace --------------------------------------------------------------------------------------------------------


def _told(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.rule_id,
        candidate.price_list,
        candidate.tier,
        candidate.unit_code,
        candidate.min_quantity,
        str(candidate.price) if candidate.terms is None else _told_price(candidate.price, candidate.terms),
    )


def _told_price(price: Decimal, terms: Terms) -> str | dict[str, str]:
    """Return a stated price as its number, and a percentage as what it is one of: {"percent_off": "5"}."""
    return str(price) if terms.kind == PriceKind.FIXED else {str(terms.kind): str(terms.percent)}


def _why(question: Question, winner: Candidate, loser: Candidate) -> str:
    """Name the first rule of precedence by which `loser` lost."""
    if _runs_short(question, loser):
        return "too little left"
    if not _reached(question, loser):
        return "break not reached"
    if loser.tier > winner.tier:
        return "only for reference" if loser.tier == PriceTier.REFERENCE else "later tier"
    if (loser.terms or winner.terms) and (
        reason := _why_by_terms(winner.terms or USUAL, loser.terms or USUAL)
    ):
        return reason
    if _in_other_unit(question, loser) and not _in_other_unit(question, winner):
        return "other unit"
    if loser.min_quantity < winner.min_quantity:
        return "smaller break"
    return "older"


def _why_by_terms(winner: Terms, loser: Terms) -> str | None:
    if loser.currency is not None and winner.currency is None:
        return "other currency"
    if loser.reach > winner.reach:
        return "wider"
    return "lower priority" if loser.priority > winner.priority else None


def _why_passed_over(loser: Candidate, ranked: Sequence[Candidate], worths: Mapping[Key, _Worth]) -> str:
    """Say why a candidate that stands before the winner did not win."""
    first = next(place for place, candidate in enumerate(ranked) if candidate.key in worths)
    best_of = (loser.terms or USUAL).best_of and loser.key not in worths
    return "nothing to count from" if best_of or ranked.index(loser) < first else "best price elsewhere"
