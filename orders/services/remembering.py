"""How a document was at a moment of its past: the present with all later changes taken back. Nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms.models import User
from orders.errors import NotRemembered
from orders.models import (
    ApprovalRequest,
    ApprovalStep,
    Decider,
    Hold,
    Order,
    OrderCharge,
    OrderLine,
    OrderMoment,
    OrderTax,
    Quote,
    QuoteCharge,
    QuoteLine,
    QuoteMoment,
    QuoteTax,
    QuoteVersion,
)
from orders.models.past import BEFORES
from orders.status import IN_WORK, OrderStatus

Document = Order | Quote
# The earliest change after the moment tells how a column was: of several values under one key the last one stays.
REBUILT = """
    WITH moments AS (
        SELECT id FROM {moments} WHERE document_id = %(document)s AND (at, id) > (%(at)s, %(moment)s)
    ), later AS MATERIALIZED (
        SELECT b.id, b.was, b.came FROM {befores} b WHERE b.moment_id IN (SELECT id FROM moments) AND b.what = '{what}'
    ), came AS (SELECT unnest(came) AS id FROM later),
    undone AS (
        SELECT r.key::bigint AS id, jsonb_object_agg(c.key, c.value ORDER BY l.id DESC) AS was
        FROM later l, jsonb_each(l.was) r, jsonb_each(r.value) c GROUP BY 1
    ), {more}
    keys AS (SELECT t.id FROM {table} t WHERE {mine} UNION SELECT id FROM undone EXCEPT SELECT id FROM came)
    SELECT t.* FROM keys k
    LEFT JOIN {table} now ON now.id = k.id LEFT JOIN undone u ON u.id = k.id {joined}
    CROSS JOIN LATERAL jsonb_populate_record(
        coalesce(now, NULL::{table}), coalesce(u.was, '{{}}'){balances}) t
    WHERE {mine} ORDER BY t.id
"""
# What ledgers keep: buckets without what was moved later, days by the last promise made until then.
LEDGERS = """moved AS (
        SELECT x.id, sum(x.allocated) AS allocated, sum(x.picked) AS picked, sum(x.packed) AS packed,
               sum(x.shipped) AS shipped
        FROM orders_ordermoved v, unnest(v.lines, v.allocated, v.picked, v.packed, v.shipped)
             AS x(id, allocated, picked, packed, shipped)
        WHERE v.moment_id IN (SELECT id FROM moments) GROUP BY 1
    ), told_later AS (
        SELECT unnest(b.came) AS id FROM orders_orderbefore b
        WHERE b.moment_id IN (SELECT id FROM moments) AND b.what = 'promise'
    ), told AS (
        SELECT DISTINCT ON (x.line_id) x.line_id AS id, p.ship_on, p.promised_on
        FROM orders_promise p, unnest(p.lines) AS x(line_id)
        WHERE p.order_id = %(document)s AND p.id NOT IN (SELECT id FROM told_later) ORDER BY 1, p.id DESC
    ),"""
BALANCES = """ || jsonb_build_object(
        'allocated', coalesce(now.allocated, 0) - coalesce(v.allocated, 0),
        'picked', coalesce(now.picked, 0) - coalesce(v.picked, 0),
        'packed', coalesce(now.packed, 0) - coalesce(v.packed, 0),
        'shipped', coalesce(now.shipped, 0) - coalesce(v.shipped, 0),
        'ship_on', d.ship_on, 'promised_on', d.promised_on)"""
OF_A_VERSION = "t.version_id = %(version)s"
OF_VERSIONS = "t.quote_version_id IN (SELECT id FROM orders_quoteversion WHERE quote_id = %(document)s)"
OF_REQUESTS = """t.request_id IN (SELECT a.id FROM orders_approvalrequest a LEFT JOIN orders_quoteversion v
    ON v.id = a.quote_version_id WHERE %(document)s = {owner})"""


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a document: under which word it is remembered, and which of its rows are the document's."""

    what: str
    model: type[models.Model]
    mine: str


PARTS: dict[type[Document], dict[str, Part]] = {
    Order: {
        "document": Part("order", Order, "t.id = %(document)s"),
        "lines": Part("line", OrderLine, "t.order_id = %(document)s"),
        "charged": Part("charge", OrderCharge, "t.order_id = %(document)s"),
        "taxes": Part("tax", OrderTax, "t.order_id = %(document)s"),
        "holds": Part("hold", Hold, "t.order_id = %(document)s"),
        "requests": Part("request", ApprovalRequest, "t.order_id = %(document)s"),
        "steps": Part("step", ApprovalStep, OF_REQUESTS.replace("{owner}", "a.order_id")),
    },
    Quote: {
        "document": Part("quote", Quote, "t.id = %(document)s"),
        "versions": Part("version", QuoteVersion, "t.quote_id = %(document)s"),
        "lines": Part("line", QuoteLine, OF_A_VERSION),
        "charged": Part("charge", QuoteCharge, OF_A_VERSION),
        "taxes": Part("tax", QuoteTax, OF_A_VERSION),
        "deciders": Part("decider", Decider, OF_A_VERSION),
        "requests": Part("request", ApprovalRequest, OF_VERSIONS),
        "steps": Part("step", ApprovalStep, OF_REQUESTS.replace("{owner}", "v.quote_id")),
    },
}
MOMENTS: dict[type[Document], type[OrderMoment] | type[QuoteMoment]] = {
    Order: OrderMoment,
    Quote: QuoteMoment,
}


@dataclass(frozen=True, slots=True)
class Then:
    """A document with everything of it, as it was right after a moment. Its rows are for reading."""

    moment: Any
    document: Any
    lines: list[Any]
    charged: list[Any]
    taxes: list[Any]
    requests: list[Any]
    steps: list[Any]
    holds: Sequence[Any] = ()
    versions: Sequence[Any] = ()
    deciders: Sequence[Any] = ()

    @property
    def totalled(self) -> Any:
        """What has the totals: the order, or the version of the quote that was in force."""
        if isinstance(self.document, Order):
            return self.document
        return next(one for one in self.versions if one.number == self.document.version_number)


def moments_of(document: Document) -> Any:
    """Return the moments at which the document changed, the oldest first."""
    return MOMENTS[type(document)].objects.filter(document=document.pk).order_by("at", "pk")


def moment_at(document: Document, at: datetime) -> Any:
    """Return the last moment at which the document had changed by then.

    Raise NotRemembered for what has not come yet, for what was before the document, or before its changes were kept.
    """
    if at > timezone.now():
        raise NotRemembered(_("That moment has not come yet."))
    found = moments_of(document).filter(at__lte=at).last()
    return found or _first_moment(document, at)


def moment_of_event(document: Document, version: int) -> Any:
    """Return the moment at which the event with this number was written into the history; else like `moment_at`."""
    word = PARTS[type(document)]["document"].what
    moved_on = {f"befores__was__{document.pk}__version__lt": version, "befores__what": word}
    found = moments_of(document).filter(**moved_on).last()
    return found or _first_moment(document, document.created_at)


def _first_moment(document: Document, at: datetime) -> Any:
    first = moments_of(document).first()
    if first is None or not first.begins:
        raise NotRemembered(_("How %(document)s was then is not kept.") % {"document": document})
    if at < document.created_at:
        told = {"document": document, "when": _readable(document.created_at)}
        raise NotRemembered(_("%(document)s was entered on %(when)s; before that there was nothing.") % told)
    return first


def _readable(moment: datetime) -> str:
    return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))


def document_at(document: Document, moment: Any) -> Then:
    """Return the document as it was right after one of its moments, in a constant number of statements."""
    parts = PARTS[type(document)]
    asked = {"document": document.pk, "at": moment.at, "moment": moment.pk}
    found = {
        name: _rebuilt(parts[name], document, asked) for name in ("document", "versions") if name in parts
    }
    then = found.pop("document")[0]
    in_force = [one for one in found.get("versions", ()) if one.number == then.version_number]
    asked["version"] = in_force[0].pk if in_force else None
    rest = {name: _rebuilt(part, document, asked) for name, part in parts.items() if name not in found}
    del rest["document"]
    if isinstance(then, Order):
        _reckon(rest["lines"], in_work=then.status in IN_WORK)
    return Then(moment, then, **found, **rest)


def require_seen(user: User, *thens: Then) -> None:
    """Raise NotRemembered for who sees orders for their warehouse's sake: until it is confirmed it is not theirs."""
    if user.has_perm("customers.view_all_customers") or not user.has_perm("orders.view_warehouse_orders"):
        return
    if any(then.document.status in (OrderStatus.DRAFT, OrderStatus.SUBMITTED) for then in thens):
        raise NotRemembered(_("Then it was not confirmed yet; you see it from its confirmation on."))


def _rebuilt(part: Part, document: Document, asked: dict[str, Any]) -> list[Any]:
    is_line = part.model is OrderLine
    sql = REBUILT.format(
        moments=MOMENTS[type(document)]._meta.db_table,
        befores=BEFORES[type(document)]._meta.db_table,
        what=part.what,
        table=part.model._meta.db_table,
        mine=part.mine,
        more=LEDGERS if is_line else "",
        joined="LEFT JOIN moved v ON v.id = k.id LEFT JOIN told d ON d.id = k.id" if is_line else "",
        balances=BALANCES if is_line else "",
    )
    return list(part.model._default_manager.raw(sql, asked))


def _reckon(lines: Iterable[Any], *, in_work: bool) -> None:
    """Reckon what the database generates from the rest, and whether a line waited."""
    for line in lines:
        held = line.cancelled + line.allocated + line.picked + line.packed + line.shipped
        line.open = line.ordered - held
        line.waits = in_work and line.open > 0
