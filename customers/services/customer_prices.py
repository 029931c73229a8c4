"""The price list of one customer: what each product costs them on a day, from which quantity on."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from customers.models import Customer
from customers.price_rules import Candidate
from customers.services.pricing import candidates_for, price_asked, question_about
from customers.services.restricting import closed_to, sentences
from customers.status import PriceTier
from inventory.finding import SalesUnit, units_by_id
from inventory.models import Product, ProductUnit
from inventory.units import from_base, written
from oms.errors import Refused
from oms.models import Currency, User

MOST_PRODUCTS = 10_000


class NotSold(NamedTuple):
    """What is sold to others only, as sentences, and which of it an own list or an agreement of theirs prices still."""

    sentences: list[str]
    priced: list[str]


class Listed(NamedTuple):
    """From `quantity` of the unit on, one unit costs `price`; None where no list has a price."""

    sku: str
    name: str
    unit: str
    quantity: str
    price: Decimal | None


def products_listed(by: User, begins: str) -> list[tuple[int, str, str]]:
    """Return id, SKU and name of what may be sold and begins so; raise Refused for more than a list takes."""
    rows = Product.objects.visible_to(by).sellable().filter(sku__startswith=begins).order_by("sku")
    found = list(rows.values_list("pk", "sku", "name")[: MOST_PRODUCTS + 1])
    if len(found) > MOST_PRODUCTS:
        raise Refused(
            _("A price list takes %(most)s products. Say how the SKUs begin.") % {"most": MOST_PRODUCTS}
        )
    return found


def listed_for(customer: Customer, products: Sequence[tuple[int, str, str]], *, on: date) -> list[Listed]:
    """Return what these products cost the customer in the unit offered first, in a constant number of statements.

    A product has a row for each break at which its price changes, from the smallest quantity it is sold in on. What
    is sold to others only is left out.
    """
    ids = [pk for pk, _sku, _name in products]
    default = ProductUnit.objects.filter(product__any_of=ids, is_default=True).values_list("pk", flat=True)
    closed = closed_to(customer.pk, ids) if ids else {}
    units = {unit.product_id: unit for unit in units_by_id(default).values()}
    rules = candidates_for(customer, ids, customer.currency, on=on) if ids else {}
    return [
        Listed(sku, name, units[pk].unit, quantity, price)
        for pk, sku, name in products
        if pk in units and pk not in closed
        for quantity, price in _ladder(units[pk], rules.get(pk, []), customer.currency)
    ]


def not_sold_to(customer: Customer, products: Sequence[tuple[int, str, str]], *, on: date) -> NotSold:
    """Return which of these products the customer may not buy; two statements, and one where there are none."""
    skus = {pk: sku for pk, sku, _name in products}
    closed = closed_to(customer.pk, skus) if skus else {}
    rules = candidates_for(customer, closed, customer.currency, on=on) if closed else {}
    own = [skus[pk] for pk, found in rules.items() if any(map(_is_their_own, found))]
    return NotSold(sentences({skus[pk]: who for pk, who in closed.items()}), sorted(own))


def _is_their_own(rule: Candidate) -> bool:
    """Whether a rule of theirs names the product itself."""
    return rule.tier <= PriceTier.CUSTOMER and (rule.terms is None or rule.terms.reach == 0)


def _ladder(
    unit: SalesUnit, rules: Sequence[Candidate], currency: Currency
) -> Iterable[tuple[str, Decimal | None]]:
    """Yield the quantities from which on the price is another one, and that price."""
    least = -(-unit.minimum * unit.numerator // unit.denominator)
    before: Decimal | None = None
    for since in sorted({least, *(rule.min_quantity for rule in rules if rule.min_quantity > least)}):
        found = price_asked(unit, question_about(unit, since, {}), rules, currency)
        price = found.unit_price if found else None
        if since == least or price != before:
            exact = from_base(since, numerator=unit.numerator, denominator=unit.denominator)
            yield written(exact), price
        before = price
