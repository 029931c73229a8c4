"""What a version of a price list would have meant for what was sold by the list in the last year."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from customers.models import PriceListVersion
from customers.services.comparing import before_it
from customers.status import PriceKind
from oms.company import business_day
from oms.models import Currency
from oms.money import HUNDRED, round_half_up
from orders.models import Order
from orders.services.costing import cost_rate
from orders.status import OrderStatus

YEAR = timedelta(days=365)
NEVER_SOLD = [OrderStatus.DRAFT, OrderStatus.SUBMITTED, OrderStatus.CANCELLED]
SAME = """
    r.product_id IS NOT DISTINCT FROM was.product_id AND r.category_id IS NOT DISTINCT FROM was.category_id
    AND r.unit_id IS NOT DISTINCT FROM was.unit_id AND r.min_quantity = was.min_quantity
    AND r.priority = was.priority AND r.kind = was.kind
    AND r.valid_from <= %(today)s AND (r.valid_to IS NULL OR r.valid_to > %(today)s)
"""
# What a rule makes of its base: a price, the rest after a percentage, or the cost and a percentage.
FACTOR = f"""
    CASE {{0}}.kind WHEN '{PriceKind.FIXED}' THEN {{0}}.price
                    WHEN '{PriceKind.PERCENT_OFF}' THEN 100 - {{0}}.percent ELSE 100 + {{0}}.percent END
"""
LINES = "SELECT trace, position FROM orders_orderline WHERE order_id = o.id"
RATE = cost_rate(LINES, currency="o.currency_id", day="o.ordered_on")
EFFECTS = f"""
    WITH orders AS MATERIALIZED (
        SELECT o.id, o.currency_id, {RATE} AS rate FROM orders_order o WHERE o.id = ANY(%(orders)s)),
    sold AS (
        SELECT o.currency_id, (l.trace->>'rule')::bigint AS rule, sum(l.amount) AS amount,
               sum(l.unit_cost * (l.ordered - l.cancelled) * o.rate) AS cost,
               bool_or(o.rate IS NULL) AS uncosted, count(*) AS lines
        FROM orders_orderline l JOIN orders o ON o.id = l.order_id
        WHERE l.trace->>'list' = %(code)s AND NOT l.trace ? 'typed' AND l.ordered > l.cancelled
        GROUP BY 1, 2),
    rules AS (
        SELECT was.id, {FACTOR.format("was")} AS sold_at,
               (SELECT {FACTOR.format("r")} FROM customers_pricerule r WHERE r.version_id = %(now)s AND {SAME}) AS now,
               (SELECT {FACTOR.format("r")} FROM customers_pricerule r WHERE r.version_id = %(then)s AND {SAME}) AS then
        FROM customers_pricerule was WHERE was.id IN (SELECT rule FROM sold))
    SELECT s.currency_id,
           coalesce(sum(s.amount * r.now / r.sold_at) FILTER (WHERE r.known), 0),
           coalesce(sum(s.amount * r.then / r.sold_at) FILTER (WHERE r.known), 0),
           CASE WHEN bool_or(s.uncosted) FILTER (WHERE r.known) THEN NULL
                ELSE coalesce(sum(s.cost) FILTER (WHERE r.known), 0) END,
           coalesce(sum(s.lines) FILTER (WHERE r.known IS NOT TRUE), 0)
    FROM sold s LEFT JOIN (
        SELECT *, sold_at > 0 AND now IS NOT NULL AND rules.then IS NOT NULL AS known FROM rules) r ON r.id = s.rule
    GROUP BY s.currency_id ORDER BY s.currency_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Effect:
    """In one currency: last year's sales at the prices in force `now`, and `then`, at those of the version.

    Lines whose rule one of both versions does not have are left out. Margins are in percent, with costs at the rates
    that the orders were priced with; None where nobody knows one.
    """

    currency: Currency
    now: Decimal
    then: Decimal
    margin_now: Decimal | None
    margin_then: Decimal | None
    left_out: int


def effects_of(
    version: PriceListVersion, orders: QuerySet[Order], *, today: date | None = None
) -> list[Effect]:
    """Return what the version would have meant for these orders, as far as they are of the year until today."""
    day = today or business_day()
    sold = orders.filter(ordered_on__gt=day - YEAR, ordered_on__lte=day).exclude(status__in=NEVER_SOLD)
    before = before_it(version)
    asked = {
        "orders": list(sold.values_list("pk", flat=True)),
        "code": version.price_list.code,
        "now": before.pk if before else None,
        "then": version.pk,
        "today": day,
    }
    with connection.cursor() as cursor:
        cursor.execute(EFFECTS, asked)
        rows = cursor.fetchall()
    currencies = Currency.objects.in_bulk([row[0] for row in rows])
    return [_effect(currencies[code], *sums) for code, *sums in rows]


def _effect(currency: Currency, now: Decimal, then: Decimal, cost: Decimal | None, left_out: int) -> Effect:
    return Effect(
        currency=currency,
        now=round_half_up(now, currency.exponent),
        then=round_half_up(then, currency.exponent),
        margin_now=_margin(now, cost),
        margin_then=_margin(then, cost),
        left_out=int(left_out),
    )


def _margin(sales: Decimal, cost: Decimal | None) -> Decimal | None:
    return round_half_up((sales - cost) * HUNDRED / sales, 1) if sales and cost is not None else None
