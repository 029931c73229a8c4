"""What must hold between orders and the credit that they wait for.

Whether an order was confirmed within its limit cannot be reckoned later: what accounting knew that day is not kept.
"""

from collections.abc import Iterable

from oms.verify import Row, invariant, rows
from orders.models.credit import APART_DAYS

WAITING = """
    SELECT o.number, 'is ' || o.status || ' and waits for credit', 'submitted or later, and not cancelled'
    FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
    WHERE h.kind = 'credit' AND h.released_at IS NULL AND o.status IN ('draft', 'cancelled')
"""
# A release ended its hold, for credit of the account, and is written in the history of the order.
RELEASED = """
    SELECT o.number, format('released by %s, of account %s: %s hold, ended by %s', r.by_id, r.account_id, h.kind,
                            coalesce(h.released_by_id::text, 'nobody')),
           'a credit hold ended by who released it, as the history says'
    FROM orders_creditrelease r JOIN orders_hold h ON h.id = r.hold_id JOIN orders_order o ON o.id = h.order_id
    WHERE h.kind <> 'credit' OR h.released_by_id IS DISTINCT FROM r.by_id OR r.until < r.at::date
       OR r.revision > o.revision
       OR NOT EXISTS (SELECT FROM orders_orderevent e WHERE e.document_id = o.id AND e.kind = 'credit released'
                      AND e.by_id = r.by_id AND e.note = r.reason)
    UNION ALL
    SELECT o.number, 'credit was released, and no release tells for how much', 'one'
    FROM orders_orderevent e JOIN orders_order o ON o.id = e.document_id
    WHERE e.kind = 'credit released' AND NOT EXISTS (
        SELECT FROM orders_creditrelease r JOIN orders_hold h ON h.id = r.hold_id
        WHERE h.order_id = o.id AND r.by_id = e.by_id AND r.reason = e.note)
"""
ONE_HAND = f"""
    SELECT o.number, format('released by %s, who changed the limit on %s', r.by_id, c.at::date), 'somebody else'
    FROM orders_creditrelease r JOIN orders_hold h ON h.id = r.hold_id JOIN orders_order o ON o.id = h.order_id
    JOIN customers_creditchange c ON c.account_id = r.account_id
    LEFT JOIN customers_creditproposal p ON p.id = c.proposal_id
    WHERE r.by_id IN (c.by_id, p.proposed_by_id) AND c.at <= r.at AND c.at > r.at - interval '{APART_DAYS} days'
"""  # noqa: S608


@invariant("I11")
def neither_drafts_nor_what_is_cancelled_wait_for_credit() -> Iterable[Row]:
    return rows(WAITING)


@invariant("I8")
def credit_releases_ended_their_hold() -> Iterable[Row]:
    return rows(RELEASED)


@invariant("I8")
def nobody_releases_a_limit_they_have_changed() -> Iterable[Row]:
    return rows(ONE_HAND)
