"""What must hold between documents, their approvals and who decided."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from oms.verify import Row, invariant, rows, stream
from orders.facts import hash_of_document

NAME = """coalesce((SELECT number FROM orders_order o WHERE o.id = r.order_id),
                   (SELECT q.number || ' v' || v.number FROM orders_quoteversion v
                    JOIN orders_quote q ON q.id = v.quote_id WHERE v.id = r.quote_version_id), 'request ' || r.id)"""
DECISIONS = f"""
    SELECT {NAME}, concat_ws(', ', d.verdict || ' by user ' || d.by_id, 'hash ' || left(d.document_hash, 8),
        'step ' || s.status),
           concat_ws(', ', 'somebody other than who submitted or entered it', 'hash ' || left(r.document_hash, 8))
    FROM orders_decision d JOIN orders_approvalstep s ON s.id = d.step_id
    JOIN orders_approvalrequest r ON r.id = s.request_id
    WHERE d.document_hash <> r.document_hash OR d.submitted_by_id IS DISTINCT FROM r.submitted_by_id
       OR d.by_id = r.submitted_by_id
       OR d.by_id = coalesce((SELECT created_by_id FROM orders_order o WHERE o.id = r.order_id),
                             (SELECT q.created_by_id FROM orders_quote q
                                 JOIN orders_quoteversion v ON v.quote_id = q.id
                              WHERE v.id = r.quote_version_id))
       OR s.status <> CASE d.verdict WHEN 'approve' THEN 'approved' ELSE 'rejected' END
"""  # noqa: S608
UNDECIDED = f"""
    SELECT {NAME}, 'step ' || s.status || ' and nobody decided', 'a decision' FROM orders_approvalstep s
    JOIN orders_approvalrequest r ON r.id = s.request_id
    WHERE s.status IN ('approved', 'rejected') AND NOT EXISTS (SELECT FROM orders_decision d WHERE d.step_id = s.id)
"""  # noqa: S608
STEPS = f"""
    SELECT {NAME}, format('request %s with %s steps: %s approved, %s rejected, %s pending', r.status, s.n, s.approved,
               s.rejected, s.pending),
           'approved by all steps, rejected by one, otherwise some pending; decided_at once it is not pending'
    FROM orders_approvalrequest r
    LEFT JOIN LATERAL (
        SELECT count(*) AS n, count(*) FILTER (WHERE status = 'approved') AS approved,
               count(*) FILTER (WHERE status = 'rejected') AS rejected,
                   count(*) FILTER (WHERE status = 'pending') AS pending
        FROM orders_approvalstep WHERE request_id = r.id) s ON true
    WHERE (r.status = 'pending') <> (r.decided_at IS NULL) OR CASE r.status
        WHEN 'approved' THEN s.n = 0 OR s.approved <> s.n
        WHEN 'rejected' THEN s.rejected = 0
        ELSE s.rejected > 0 OR s.pending = 0 END
"""  # noqa: S608
WAITING = """
    SELECT o.number, format('%s, %s pending approval, %s approval hold', o.status, count(r.id), count(h.id)),
           'an open approval hold exactly while somebody is asked, or has refused the change of an order in work'
    FROM orders_order o
    LEFT JOIN orders_approvalrequest r ON r.order_id = o.id AND r.status = 'pending'
    LEFT JOIN orders_hold h ON h.order_id = o.id AND h.kind = 'approval' AND h.released_at IS NULL
    WHERE r.id IS NOT NULL OR h.id IS NOT NULL
    GROUP BY o.id HAVING o.status IN ('draft', 'cancelled') OR count(h.id) <> 1
        OR (count(r.id) <> 1 AND (o.status = 'submitted' OR 'rejected' IS DISTINCT FROM (
            SELECT status FROM orders_approvalrequest x WHERE x.order_id = o.id ORDER BY x.id DESC LIMIT 1)))
    UNION ALL
    SELECT q.number, format('%s, version %s pending', q.status, v.number),
        'a waiting quote, its version in force pending'
    FROM orders_approvalrequest r JOIN orders_quoteversion v ON v.id = r.quote_version_id
    JOIN orders_quote q ON q.id = v.quote_id
    WHERE r.status = 'pending' AND (q.status <> 'waiting' OR v.number <> q.version_number)
    UNION ALL
    SELECT q.number, 'waiting for nobody', 'a request that is pending or approved' FROM orders_quote q
    WHERE q.status = 'waiting' AND NOT EXISTS (
        SELECT FROM orders_approvalrequest r JOIN orders_quoteversion v ON v.id = r.quote_version_id
        WHERE v.quote_id = q.id AND v.number = q.version_number AND r.status IN ('pending', 'approved'))
"""
# Each approval stands in its document's history, and nothing else does.
RECORDED = """
    SELECT o.number, coalesce(r.n, 0) || ' approved requests', coalesce(e.n, 0) || ' as its history says'
    FROM orders_order o
    LEFT JOIN (SELECT order_id, count(*) AS n FROM orders_approvalrequest WHERE status = 'approved' GROUP BY 1) r
        ON r.order_id = o.id
    LEFT JOIN (SELECT document_id, count(*) AS n FROM orders_orderevent WHERE kind = 'approved' GROUP BY 1) e
        ON e.document_id = o.id
    WHERE coalesce(r.n, 0) <> coalesce(e.n, 0)
    UNION ALL
    SELECT q.number, coalesce(r.n, 0) || ' approved requests', coalesce(e.n, 0) || ' as its history says'
    FROM orders_quote q
    LEFT JOIN (SELECT v.quote_id, count(*) AS n FROM orders_approvalrequest x
               JOIN orders_quoteversion v ON v.id = x.quote_version_id WHERE x.status = 'approved' GROUP BY 1) r
        ON r.quote_id = q.id
    LEFT JOIN (SELECT document_id, count(*) AS n FROM orders_quoteevent WHERE kind = 'approved' GROUP BY 1) e
        ON e.document_id = q.id
    WHERE coalesce(r.n, 0) <> coalesce(e.n, 0)
"""
# The columns that approval looks at, of each document somebody is asked about now.
PENDING = f"""
    WITH asked AS (SELECT * FROM orders_approvalrequest WHERE status = 'pending'),
    lines AS (
        SELECT r.id AS request_id, l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price,
            l.discount_percent
        FROM asked r JOIN orders_orderline l ON l.order_id = r.order_id
        UNION ALL
        SELECT r.id, l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price, l.discount_percent
        FROM asked r JOIN orders_quoteline l ON l.version_id = r.quote_version_id)
    SELECT {NAME}, r.document_hash, coalesce(o.customer_id, q.customer_id), coalesce(o.ship_to_id, q.ship_to_id),
           coalesce(o.currency_id, q.currency_id),
           coalesce(o.discount_percent, v.discount_percent), coalesce(o.discount_amount, v.discount_amount),
           l.position, l.product_id, l.unit_id, l.ordered, l.unit_price, l.list_price, l.discount_percent
    FROM asked r JOIN lines l ON l.request_id = r.id LEFT JOIN orders_order o ON o.id = r.order_id
    LEFT JOIN orders_quoteversion v ON v.id = r.quote_version_id LEFT JOIN orders_quote q ON q.id = v.quote_id
    ORDER BY r.id, l.position
"""  # noqa: S608


@invariant("I8")
def decisions_are_bound_to_what_was_asked_and_never_ones_own() -> Iterable[Row]:
    return rows(DECISIONS)


@invariant("I8")
def decided_steps_have_their_decision() -> Iterable[Row]:
    return rows(UNDECIDED)


@invariant("I8")
def requests_are_decided_as_their_steps_are() -> Iterable[Row]:
    return rows(STEPS)


@invariant("I8")
def documents_wait_exactly_while_somebody_is_asked() -> Iterable[Row]:
    return rows(WAITING)


@invariant("I8")
def approvals_stand_in_the_history() -> Iterable[Row]:
    return rows(RECORDED)


@invariant("I8")
def documents_do_not_change_while_somebody_is_asked() -> Iterator[Row]:
    """The hash of what is submitted is still the hash that the request names."""
    for head, lines in groupby(stream(PENDING), key=itemgetter(*range(7))):
        name, asked_about, *header, percent, amount = head
        now = hash_of_document(header, (line[7:] for line in lines), (percent, amount))
        if now != asked_about:
            yield name, f"hash {now[:8]}", f"hash {asked_about[:8]}, which somebody is asked about"
