"""What a customer pays: the candidates of many products in one query, and the answer to one question."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from customers.models import Customer
from customers.pricing import Candidate, Price, Question, Unit, by_product, price_of
from customers.status import PriceTier
from inventory.finding import SalesUnit, units_by_code
from inventory.units import to_base
from oms.models import Currency
from oms.sets import array

CANDIDATES = f"""
    SELECT r.id, l.code, CASE WHEN a.customer_id = %(customer)s THEN {PriceTier.CUSTOMER}
                              WHEN a.customer_id IS NOT NULL THEN {PriceTier.PARENT}
                              WHEN a.group_id IS NOT NULL THEN {PriceTier.GROUP}
                              ELSE {PriceTier.EVERYONE} END,
           r.product_id, u.id, u.code, u.numerator, u.denominator, r.min_quantity, r.price, r.valid_from
    FROM customers_pricelistassignment a
    JOIN customers_pricelist l ON l.id = a.price_list_id AND l.currency_id = %(currency)s
    JOIN customers_pricerule r ON r.price_list_id = l.id
    JOIN inventory_productunit u ON u.id = r.unit_id
    WHERE (a.customer_id IN (%(customer)s, %(parent)s) OR a.group_id = %(group)s
           OR (a.customer_id IS NULL AND a.group_id IS NULL))
      AND r.product_id = ANY(%(products)s::bigint[])
      AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
"""  # noqa: S608


class Quotation(NamedTuple):
    """The answer: the unit it is for, base units asked for, and the price with its trace, if anything prices it."""

    unit: SalesUnit
    ordered: int
    price: Price | None


def candidates_for(
    customer: Customer, products: Iterable[int], currency: Currency, *, on: date
) -> dict[int, list[Candidate]]:
    """Return the rules that could price each product for this customer on that day, from one query."""
    asked = {
        "customer": customer.pk,
        "parent": customer.parent_id,
        "group": customer.group_id,
        "currency": currency.code,
        "products": array(set(products)),
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, asked)
        return by_product(map(Candidate._make, cursor.fetchall()))


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
