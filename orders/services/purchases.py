"""What a customer has bought: per product the last price, how often, how much as a rule, and what it costs today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.status import tier_label
from inventory.units import from_base, written
from oms.company import business_day
from oms.models import Currency
from oms.sets import array
from orders.services.pricing import Buyer, LineInput, PricedInput, price_parts
from orders.status import OrderStatus

PAGE = 50
BOUGHT = [OrderStatus.CONFIRMED, OrderStatus.RELEASED, OrderStatus.COMPLETED, OrderStatus.CLOSED]

# Per product: in how many orders, the quantity ordered most often, and the line that was ordered last.
PURCHASES = """
    WITH products AS (
        SELECT l.product_id, count(DISTINCT o.id) AS times, mode() WITHIN GROUP (ORDER BY l.ordered) AS usual,
               (array_agg(l.id ORDER BY o.ordered_on DESC, o.id DESC, l.id DESC))[1] AS last_id
        FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
        WHERE o.customer_id = %(customer)s AND o.status = ANY(%(bought)s) AND l.ordered > l.cancelled
        GROUP BY l.product_id)
    SELECT p.sku, p.name, p.status, n.number, s.times, s.usual, l.unit_id, u.name, u.numerator, u.denominator,
           l.unit_price, l.discount_percent, o.id, o.number, o.ordered_on, c.code, c.exponent, count(*) OVER ()
    FROM products s JOIN inventory_product p ON p.id = s.product_id
    JOIN orders_orderline l ON l.id = s.last_id JOIN orders_order o ON o.id = l.order_id
    JOIN inventory_productunit u ON u.id = l.unit_id JOIN oms_currency c ON c.code = o.currency_id
    LEFT JOIN LATERAL (
        SELECT min(x.number) AS number FROM customers_customerpartnumber x
        JOIN inventory_productunit y ON y.id = x.unit_id
        WHERE x.customer_id = %(customer)s AND y.product_id = p.id) n ON true
    WHERE %(text)s = '' OR starts_with(upper(p.sku), upper(%(text)s)) OR starts_with(upper(n.number), upper(%(text)s))
       OR position(upper(%(text)s) IN upper(p.name)) > 0
    ORDER BY o.ordered_on DESC, o.id DESC, p.sku
    LIMIT %(limit)s OFFSET %(skip)s
"""


class Bought(NamedTuple):
    """A product that the customer has bought. Prices are per `unit`, the usual quantity counts base units."""

    sku: str
    name: str
    status: str
    their_number: str | None
    times: int
    usual: int
    unit_id: int
    unit: str
    numerator: int
    denominator: int
    price: Decimal | None
    discount_percent: Decimal
    order_id: int
    order: str
    on: date
    currency: str
    exponent: int
    of: int

    @property
    def usual_written(self) -> str:
        return written(from_base(self.usual, numerator=self.numerator, denominator=self.denominator))

    @property
    def sold_in(self) -> Currency:
        return Currency(code=self.currency, exponent=self.exponent)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought, beside what the usual quantity costs today and whose price that is."""

    bought: Bought
    today: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class Purchases:
    """One page of them, those bought last first."""

    rows: list[Purchase]
    of: int
    page: int

    @property
    def has_more(self) -> bool:
        return self.page * PAGE < self.of


def purchases_of(customer: Customer, *, text: str = "", page: int = 1) -> Purchases:
    """Return a page of what the customer has bought, in four statements however many products there are.

    `text` is how a SKU or their own number begins, or a part of a product's name.
    """
    asked: dict[str, str | int] = {
        "customer": customer.pk,
        "bought": array(BOUGHT),
        "text": text,
        "limit": PAGE,
        "skip": (page - 1) * PAGE,
    }
    with connection.cursor() as cursor:
        cursor.execute(PURCHASES, asked)
        found = [Bought._make(row) for row in cursor.fetchall()]
    today = _today(customer, found)
    rows = [Purchase(bought, line.unit_price, _why(line)) for bought, line in zip(found, today, strict=True)]
    return Purchases(rows, found[0].of if found else 0, page)


def _today(customer: Customer, found: Sequence[Bought]) -> list[PricedInput]:
    """Return what the usual quantity of each costs today, in the unit it was bought in last."""
    lines = [LineInput(bought.unit_id, bought.usual, stands=True) for bought in found]
    if not lines:
        return []
    today = Buyer(customer, customer.currency, business_day())
    return [parts[0] for parts in price_parts(today, lines)]


def _why(line: PricedInput) -> str:
    """Say whose price it is."""
    if line.unit_price is None:
        return _("no list has a price")
    if line.agreement_line_id is not None:
        return _("agreement %(agreement)s") % {"agreement": line.trace["list"]}
    told = {"list": line.trace["list"], "tier": tier_label(line.trace["tier"])}
    return _("list %(list)s, for: %(tier)s") % told
