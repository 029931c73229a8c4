"""What the companies of a credit account owe and will: one statement, however many orders they have."""

from datetime import date, timedelta
from decimal import Decimal

from customers.models import CreditAccount
from oms.company import business_day
from oms.models import Currency
from oms.prepared import planned_once
from orders.exposure import Exposure
from orders.models import Order
from orders.status import IN_WORK


def _rate(currency: str) -> str:
    """Return SQL for what one of a currency is worth in that of the account; none when nobody knows."""
    known = (
        "SELECT {rate} FROM oms_exchangerate x WHERE x.{one}_id = {currency} AND x.{other}_id = %(own)s::text "
        "AND x.valid_from <= %(today)s::date ORDER BY x.valid_from DESC LIMIT 1"
    )
    straight = known.format(rate="x.rate", one="source", other="target", currency=currency)
    turned = known.format(rate="1 / x.rate", one="target", other="source", currency=currency)
    return f"CASE WHEN {currency} = %(own)s::text THEN 1 ELSE coalesce(({straight}), ({turned})) END"


WORKING = ", ".join(f"'{status}'" for status in IN_WORK)
# Of a line counts the part that is in a bucket: of what it comes to with its tax, and that part of what the order
# charges besides. So an order counts once, whichever of its lines have left. What nothing is paid for counts by
# quantity. An order that shipped after the day has had its status since then, or is in work.
EXPOSURE = f"""
    WITH company AS (
        SELECT (%(as_of)s::date + 1)::timestamp
               AT TIME ZONE coalesce((SELECT zone FROM oms_company), 'UTC') AS since),
    orders AS (
        SELECT o.id, o.total, o.currency_id, o.requested_on, o.prices_include_tax, o.status IN ({WORKING}) AS in_work
        FROM customers_customer c JOIN orders_order o ON o.customer_id = c.id
        WHERE c.credit_account_id = %(account)s
          AND (o.status IN ({WORKING})
               OR (o.status IN ('completed', 'closed') AND o.status_since >= (SELECT since FROM company)))),
    left_since AS (
        SELECT m.line, greatest(sum(m.shipped), 0) AS shipped
        FROM orders o JOIN orders_ordermoment t ON t.document_id = o.id AND t.at >= (SELECT since FROM company)
        JOIN orders_ordermoved v ON v.moment_id = t.id
        CROSS JOIN LATERAL unnest(v.lines, v.shipped) AS m(line, shipped)
        GROUP BY m.line),
    parts AS (
        SELECT o.id, o.total, o.currency_id, sum(w.weight) AS whole,
               sum(w.weight * coalesce(s.shipped, 0) / l.wanted) AS shipped,
               sum(w.weight * (l.wanted - l.shipped) / l.wanted) FILTER (
                   WHERE o.in_work AND (o.id = %(leaves)s::bigint
                                        OR coalesce(l.ship_on, o.requested_on) <= %(until)s::date)) AS confirmed
        FROM orders o
        JOIN LATERAL (SELECT *, ordered - cancelled AS wanted FROM orders_orderline WHERE order_id = o.id) l
          ON l.wanted > 0
        LEFT JOIN left_since s ON s.line = l.id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN o.total = 0 THEN l.wanted
                        ELSE (l.amount - l.document_discount)
                             * CASE WHEN o.prices_include_tax THEN 1 ELSE 1 + coalesce(l.tax_percent, 0) / 100 END
                   END AS weight) w
        GROUP BY o.id, o.total, o.currency_id),
    valued AS (
        SELECT round(p.total * coalesce(p.shipped / nullif(p.whole, 0), 0) * r.rate, %(exponent)s::int) AS shipped,
               round(p.total * coalesce(p.confirmed / nullif(p.whole, 0), 0) * r.rate, %(exponent)s::int) AS confirmed,
               r.rate IS NULL AND coalesce(p.shipped, 0) + coalesce(p.confirmed, 0) > 0 AS unknown
        FROM parts p CROSS JOIN LATERAL (SELECT {_rate("p.currency_id")} AS rate) r),
    added AS (SELECT round(%(adds)s::numeric * {_rate("%(currency)s::text")}, %(exponent)s::int) AS adds)
    SELECT coalesce(sum(v.shipped), 0), coalesce(sum(v.confirmed), 0), coalesce(a.adds, 0),
           count(*) FILTER (WHERE v.unknown) + (a.adds IS NULL)::int
    FROM added a LEFT JOIN valued v ON true GROUP BY a.adds
"""  # noqa: S608


def exposure_of(
    account: CreditAccount,
    adds: Decimal = Decimal(0),
    currency: Currency | None = None,
    leaves: Order | None = None,
) -> Exposure:
    """Return every part of what is owed, with what a document `adds` that is not confirmed yet.

    Of an order that `leaves` now all counts, whatever its day. Two statements; the caller has the account with its
    currency.
    """
    own, today = account.currency, business_day()
    with planned_once() as cursor:
        cursor.execute(
            EXPOSURE,
            {
                "account": account.pk,
                "own": own.pk,
                "exponent": own.exponent,
                "as_of": account.as_of,
                "today": today,
                "until": today + timedelta(days=account.horizon_days or 0),
                "adds": adds,
                "leaves": leaves.pk if leaves else None,
                "currency": (currency or own).pk,
            },
        )
        shipped, confirmed, added, unknown = cursor.fetchone()
    return Exposure(
        currency=own,
        limit=account.limit_on(today),
        tolerance_percent=account.tolerance_percent or Decimal(0),
        as_of=account.as_of,
        receivables=account.receivables,
        unapplied=account.unapplied,
        deposits=account.deposits,
        shipped=shipped,
        confirmed=confirmed,
        adds=added,
        unknown=unknown,
        overdue=account.overdue,
        overdue_for=_days_since(account.overdue_since, today),
        overdue_amount=account.overdue_amount or Decimal(0),
        overdue_days=account.overdue_days or 0,
    )


def _days_since(day: date | None, today: date) -> int:
    return 0 if day is None else (today - day).days
