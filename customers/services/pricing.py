"""What a customer pays: the candidates of many products in one query, and the answer to one question."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from customers.models import Customer, PriceRule
from customers.pricing import Candidate, Price, Question, Unit, by_product, price_of
from inventory.finding import SalesUnit, units_by_code
from inventory.units import to_base
from oms.models import Currency

CANDIDATE_COLUMNS = (
    "pk", "price_list__code", "tier", "product_id", "unit_id", "unit__code", "unit__numerator", "unit__denominator",
    "min_quantity", "price", "valid_from",
)  # fmt: skip


class Quotation(NamedTuple):
    """The answer: the unit it is for, base units asked for, and the price with its trace, if anything prices it."""

    unit: SalesUnit
    ordered: int
    price: Price | None


def candidates_for(
    customer: Customer, products: Iterable[int], currency: Currency, *, on: date
) -> dict[int, list[Candidate]]:
    """Return the rules that could price each product, from one query."""
    rows = PriceRule.objects.candidates_for(customer, products, currency=currency.code, on=on)
    return by_product(
        Candidate(pk, code, tier, product, Unit(unit, unit_code, num, den), low, price, since)
        for pk, code, tier, product, unit, unit_code, num, den, low, price, since in rows.order_by().values_list(
            *CANDIDATE_COLUMNS
        )
    )


def price_for(customer: Customer, sku: str, quantity: Decimal, *, unit: str = "", on: date) -> Quotation:
    """Return what the customer pays for so many of a unit on that day.

    An empty unit is the one offered first. Raise UnknownCodes or NotRepresentable.
    """
    found = units_by_code([(sku, unit)])[sku, unit]
    ordered = to_base(quantity, numerator=found.numerator, denominator=found.denominator, unit=found.unit)
    question = Question(
        found.product_id, Unit(found.unit_id, found.unit, found.numerator, found.denominator), ordered
    )
    rules = candidates_for(customer, [found.product_id], customer.currency, on=on)
    return Quotation(found, ordered, price_of(question, rules.get(found.product_id, [])))
