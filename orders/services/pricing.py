"""The lines of a document, priced together: a constant number of statements for any length."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from customers.agreements import Amount, Left, agreement_line, priced_in_parts
from customers.models import Customer
from customers.price_rules import Candidate, Price, Question, counted_together
from customers.pricing import price_of
from customers.services.pricing import candidates_for, question_about
from inventory.errors import BadQuantity, NotOrderable
from inventory.finding import SalesUnit, units_by_id
from inventory.units import from_base, misfit, written
from oms.models import Currency
from oms.money import line_amount
from orders.services.taxing import Taxation

Rules = Mapping[int, Sequence[Candidate]]  # by product

LARGEST_AMOUNT = Decimal(10) ** 12  # what the columns hold, prices with six decimals included


class Quoted(NamedTuple):
    """The price that the customer accepted, per the line's unit, with all that it was made from."""

    list_price: Decimal | None
    unit_price: Decimal | None
    unit_cost: Decimal
    trace: dict[str, Any]
    agreement_line_id: int | None


class LineInput(NamedTuple):
    """What a person or machine wants on a line; a price or discount typed by hand overrides the list.

    A quantity that `stands` was taken before and is not entered now, so what may be ordered is not asked again.
    Several `discounts`, taken one after the other, come to `discount_percent`. What was `quoted` is asked of no list.
    """

    unit_id: int
    ordered: int
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    stands: bool = False
    discounts: tuple[Decimal, ...] = ()
    quoted: Quoted | None = None
    note: str = ""


class PricedInput(NamedTuple):
    """A line with everything its row needs."""

    product_id: int
    unit_id: int
    ordered: int
    list_price: Decimal | None
    unit_price: Decimal | None
    discount_percent: Decimal
    amount: Decimal
    unit_cost: Decimal
    trace: dict[str, Any]
    agreement_line_id: int | None = None
    document_discount: Decimal = Decimal(0)
    tax_percent: Decimal | None = None
    note: str = ""


class Beside(NamedTuple):
    """Of a document whose lines are not all priced: the others' products and base units, and what was looked up."""

    ordered: Sequence[tuple[int, int]]
    rules: Rules
    units: Mapping[int, SalesUnit]


class Buyer(NamedTuple):
    """For whom, in which currency, as of which day and to which address lines are priced, and how they are taxed."""

    customer: Customer
    currency: Currency
    on: date
    ship_to: int | None = None
    taxation: Taxation | None = None

    def rules(self, products: Iterable[int]) -> Rules:
        """Return what could price each of these products, from one query."""
        return candidates_for(self.customer, products, self.currency, on=self.on, ship_to=self.ship_to)


def price_lines(
    buyer: Buyer, lines: Sequence[LineInput], *, positions: Sequence[int] = (), beside: Beside | None = None
) -> list[PricedInput]:
    """Return the lines with price, amount and trace, in their order; one that an agreement runs out on is several.

    Else like `price_parts`.
    """
    return [part for parts in price_parts(buyer, lines, positions=positions, beside=beside) for part in parts]


def price_parts(
    buyer: Buyer, lines: Sequence[LineInput], *, positions: Sequence[int] = (), beside: Beside | None = None
) -> list[list[PricedInput]]:
    """Return for each line its parts with price, amount and trace; usually it is one.

    Breaks that count more than their line are counted over these lines and those of the document `beside` them. What
    an agreement has left goes to the lines in the order of their positions.

    A line that nothing prices has no unit price and an amount of 0. Raise NotOrderable for a quantity that its
    product is not sold in, BadQuantity for an amount that is larger than any document's. A refusal names a
    line by its place in `positions`; without these the lines are a whole document, from 1 on.
    """
    places = positions or range(1, len(lines) + 1)
    units = beside.units if beside else units_by_id(line.unit_id for line in lines)
    require_sold_so(lines, units, places)
    sold = [units[line.unit_id] for line in lines]
    rules = beside.rules if beside else buyer.rules(unit.product_id for unit in sold)
    ordered = [(unit.product_id, line.ordered) for unit, line in zip(sold, lines, strict=True)]
    together = counted_together([*ordered, *(beside.ordered if beside else ())], rules)
    left, priced = Left(), dict[int, list[PricedInput]]()
    for place, line, unit in sorted(zip(places, lines, sold, strict=True), key=itemgetter(0)):
        question = question_about(unit, line.ordered, together)
        amount = partial(_amount_of, line, unit, buyer.currency.exponent)
        found = _parts(line, unit, question, rules.get(unit.product_id, ()), left, amount)
        priced[place] = [_priced(_part(line, part), unit, price, buyer) for part, price in found]
    parts = [priced[place] for place in places]
    _require_representable([part for line_parts in parts for part in line_parts])
    return parts


def _parts(
    line: LineInput,
    unit: SalesUnit,
    question: Question,
    rules: Sequence[Candidate],
    left: Left,
    amount: Amount,
) -> list[tuple[int, Price | None]]:
    """Return the parts of a line with what lists and agreements say; a price typed by hand takes from no agreement.

    What was quoted is one part, and takes what is left of the agreement it was quoted from.
    """
    if line.quoted is not None:
        if line.quoted.agreement_line_id is not None:
            paid = amount(line.ordered, line.quoted.unit_price or Decimal(0))
            left.take_from(line.quoted.agreement_line_id, line.ordered, paid)
        return [(line.ordered, None)]
    if line.unit_price is not None:
        return [(line.ordered, price_of(question, rules))]
    return priced_in_parts(question, unit, rules, left, amount)


def _part(line: LineInput, ordered: int) -> LineInput:
    return line if ordered == line.ordered else line._replace(ordered=ordered)


def require_sold_so(
    lines: Sequence[LineInput], units: Mapping[int, SalesUnit], positions: Sequence[int]
) -> None:
    """Raise NotOrderable for a quantity entered now that its product is not sold in."""
    for position, line in zip(positions, lines, strict=True):
        unit = units[line.unit_id]
        if line.stands or unit.multiple == unit.minimum == 1:  # base units are exact in every unit
            continue
        quantity = from_base(line.ordered, numerator=unit.numerator, denominator=unit.denominator)
        if problem := misfit(quantity, unit):
            raise NotOrderable(
                f"{written(quantity)} {unit.unit}",
                unit.sku,
                problem.rule,
                f"{problem.choice} {unit.unit}",
                where=_("Line %(line)s") % {"line": position},
            )


def _require_representable(lines: Sequence[PricedInput]) -> None:
    if sum((line.amount for line in lines), Decimal(0)) >= LARGEST_AMOUNT or any(
        price >= LARGEST_AMOUNT for line in lines for price in (line.unit_price, line.list_price) if price
    ):
        raise BadQuantity(_("The amounts are larger than any document's; check quantities and prices."))


def _priced(line: LineInput, unit: SalesUnit, found: Price | None, buyer: Buyer) -> PricedInput:
    if line.quoted is not None:
        return _as_quoted(line, unit, line.quoted, buyer)
    unit_price = line.unit_price if line.unit_price is not None else found.unit_price if found else None
    return PricedInput(
        product_id=unit.product_id,
        unit_id=unit.unit_id,
        ordered=line.ordered,
        list_price=found.unit_price if found else None,
        unit_price=unit_price,
        discount_percent=line.discount_percent,
        amount=Decimal(0)
        if unit_price is None
        else _amount_of(line, unit, buyer.currency.exponent, line.ordered, unit_price),
        unit_cost=unit.cost,
        trace=_trace(line, found),
        agreement_line_id=agreement_line(found) if line.unit_price is None else None,
        tax_percent=buyer.taxation.percent(unit.tax_class_id) if buyer.taxation else None,
        note=line.note,
    )


def _as_quoted(line: LineInput, unit: SalesUnit, quoted: Quoted, buyer: Buyer) -> PricedInput:
    """Return the line at the price that was accepted: of lists and costs of today nothing is taken."""
    priced = _priced(line._replace(quoted=None, unit_price=quoted.unit_price), unit, None, buyer)
    trace = _with_discounts(quoted.trace, line.discounts)
    return priced._replace(**quoted._replace(trace=trace)._asdict())


def _amount_of(line: LineInput, unit: SalesUnit, exponent: int, ordered: int, unit_price: Decimal) -> Decimal:
    """Return what so many base units of the line come to at this price."""
    return line_amount(
        ordered,
        numerator=unit.numerator,
        denominator=unit.denominator,
        unit_price=unit_price,
        discount_percent=line.discount_percent,
        exponent=exponent,
    )


def _trace(line: LineInput, found: Price | None) -> dict[str, Any]:
    trace = _with_discounts(found.trace if found else {}, line.discounts)
    if line.unit_price is not None:
        trace["typed"] = str(line.unit_price)
    return trace


def _with_discounts(trace: Mapping[str, Any], discounts: Sequence[Decimal]) -> dict[str, Any]:
    if not discounts and "discounts" not in trace:
        return dict(trace)
    rest = {name: told for name, told in trace.items() if name != "discounts"}
    return {**rest, "discounts": [str(discount) for discount in discounts]} if discounts else rest


def as_new_columns(lines: Sequence[PricedInput]) -> dict[str, list[Any]]:
    """Return lines that are not there yet as columns, without those that would only hold what they begin with."""
    begin = PricedInput._field_defaults
    return {
        name: column
        for name, column in _columns(lines).items()
        if name not in begin or any(value != begin[name] for value in column)
    }


def as_columns(lines: Sequence[PricedInput]) -> dict[str, list[Any]]:
    """Return what pricing makes of lines as the columns of their table; a note is not among it."""
    return {name: column for name, column in _columns(lines).items() if name != "note"}


def _columns(lines: Sequence[PricedInput]) -> dict[str, list[Any]]:
    columns = zip(*lines, strict=True)
    return {name: list(column) for name, column in zip(PricedInput._fields, columns, strict=True)}
