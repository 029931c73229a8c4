"""The page of an order and of a quote: what it waits for, what can be done, its lines and its history."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Least
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.telling import in_currency
from inventory.models import PurchaseOrderLine, TransferLine
from inventory.status import PurchaseStatus
from oms.company import business_day
from oms.models import User
from orders.emails import told_when_cancelled
from orders.errors import InTheWarehouse
from orders.masking import may_see_prices
from orders.models import ASKED, Allocation, Order, OrderLine, Quote, QuoteVersion
from orders.saying import said_to_customer
from orders.services.checking import order_warnings
from orders.services.expecting import Waits, waits_of
from orders.services.quoting import version_in_force
from orders.services.stock_holds import held_for
from orders.services.sums import cancelled_of, sums_of
from orders.status import IN_WORK, OrderStatus, QuoteStatus
from orders.views.asked import approvals_of, blockers_of, told_of
from orders.views.besides import besides
from orders.views.deciders import deciders_of
from orders.views.kinds import ORDERS, QUOTES, Kind, StaffRequest
from orders.views.ledger import ledger
from orders.views.links import links_of, links_of_order
from orders.views.meeting import asked_for, offers_with_answers
from orders.views.papers import papers_of
from orders.views.rows import Costing, costing_for, margin_percent, whys
from orders.views.steps import Typed, offers
from orders.waiting import Blocker, Situation, order_waits_for, quote_waits_for

MOST_EVENTS = 50
BEFORE_IT_IS_PROMISED = (OrderStatus.DRAFT, OrderStatus.SUBMITTED)
NAMED = 3
ORDER_PATH = [
    OrderStatus.DRAFT, OrderStatus.SUBMITTED, OrderStatus.CONFIRMED, OrderStatus.RELEASED, OrderStatus.COMPLETED,
    OrderStatus.CLOSED,
]  # fmt: skip
QUOTE_PATH = [
    QuoteStatus.DRAFT,
    QuoteStatus.WAITING,
    QuoteStatus.SENT,
    QuoteStatus.ACCEPTED,
    QuoteStatus.ORDERED,
]
EVENTS: dict[str, str | Promise] = {
    "entered": gettext_lazy("entered"),
    "drafted": gettext_lazy("drafted"),
    "alternative": gettext_lazy("drafted as an alternative"),
    ASKED: gettext_lazy("asked for approval"),
    "approved": gettext_lazy("approved"),
    "approved in part": gettext_lazy("approved in part"),
    "held": gettext_lazy("held"),
    "hold ended": gettext_lazy("hold ended"),
    "credit released": gettext_lazy("credit released"),
    "allocated": gettext_lazy("stock reserved for backorders"),
    "short": gettext_lazy("not everything is there"),
    "set aside later": gettext_lazy("stock is set aside when it comes due"),
    "rest cancelled": gettext_lazy("what was not there is cancelled"),
    "took stock": gettext_lazy("took stock from another order"),
    "lost stock": gettext_lazy("lost stock to another order"),
    "sourced": gettext_lazy("stock reserved in another warehouse"),
    "shipping terms": gettext_lazy("shipping terms changed"),
    "priority": gettext_lazy("priority changed"),
    "promised again": gettext_lazy("the customer is told other days"),
    "changed": gettext_lazy("changed"),
    "approval kept": gettext_lazy("still approved"),
    "change rejected": gettext_lazy("the change is rejected"),
    "closed short": gettext_lazy("closed short"),
    "split": gettext_lazy("split"),
    "follow-up": gettext_lazy("asks again on"),
    "why": gettext_lazy("won or lost by"),
    "priced again": gettext_lazy("priced again"),
    "handed over": gettext_lazy("handed over"),
    "deciders": gettext_lazy("decided who has to accept"),
    "countered": gettext_lazy("counter-offer of"),
    "counter answered": gettext_lazy("counter-offer answered, of"),
    "consented": gettext_lazy("accepted by"),
    "stock held": gettext_lazy("stock held"),
    "stock let go": gettext_lazy("stock held no longer"),
    "stock moved": gettext_lazy("stock held elsewhere"),
    "links revoked": gettext_lazy("customer links revoked"),
}


def order_page(
    request: StaffRequest, object_id: str, context: dict[str, Any], typed: Typed | None = None
) -> TemplateResponse:
    """Show an order. The number of statements does not depend on its lines."""
    order = ORDERS.find_by_id(request, object_id)
    user = request.user
    approvals = approvals_of(order, user)
    holds = list(order.holds.select_related("owner", "placed_by", "released_by").order_by("-since"))
    open_holds = [hold for hold in holds if hold.released_at is None]
    waits = waits_of(order.pk) if order.status in IN_WORK else {}
    situation = _situation(order, blockers_of(open_holds, approvals, user), list(waits.values()))
    costing = costing_for(user, order, order.lines)
    lines = _lines(order, order.lines.select_related("warehouse"), user, costing)
    shut = _shut(order, situation)
    shipments = _shipments(order, user)
    context |= {
        "kind": ORDERS,
        "margin": costing,
        "document": order,
        "waiting": order_waits_for(situation),
        "said": said_to_customer(_name_of(order), situation, _tracking(shipments)),
        "path": _path(order, ORDER_PATH, OrderStatus),
        "offers": offers(
            ORDERS,
            order,
            user,
            held_by=[hold.kind for hold in open_holds],
            shut=shut,
            told=_told_when_cancelled(order, user),
            typed=typed,
            off=any(line.is_off for line in waits.values()),
        ),
        **_draft_urls(ORDERS, order, user),
        "amend_url": _amend_url(order, user),
        "lines": _with_waits(lines, waits),
        **_columns(lines, "discount_percent", "cancelled"),
        "promises": ledger(order, lines),
        "buckets": order.status not in BEFORE_IT_IS_PROMISED,
        "warnings": order_warnings(order) if order.status in BEFORE_IT_IS_PROMISED else [],
        "holds": [told_of(hold, user) for hold in holds],
        "approvals": approvals,
        "shipments": shipments,
        "may_cancel_there": situation.in_the_warehouse and _may_take_back(order, shipments, user),
        "quote": _quote_of(order, user),
        **_sums(order, lines),
        **_common(request, ORDERS, order),
        **papers_of(order, ORDERS, user),
        **links_of_order(order, ORDERS, user),
        **besides(order, ORDERS, user),
    }
    return TemplateResponse(request, "orders/order.html", context)


def quote_page(
    request: StaffRequest, object_id: str, context: dict[str, Any], typed: Typed | None = None
) -> TemplateResponse:
    """Show a quote with the version in force and the versions before it."""
    quote = QUOTES.find_by_id(request, object_id)
    user, version = request.user, version_in_force(quote)
    costing = costing_for(user, quote, version.lines)
    lines = _lines(quote, version.lines, user, costing)
    approvals = approvals_of(quote, user)
    blockers = [b for approval in approvals for b in approval["blockers"]]
    held = held_for(version)
    counter_offers = offers_with_answers(quote, user)
    context |= {
        "kind": QUOTES,
        "document": quote,
        "waiting": quote_waits_for(
            quote.status, quote.status_since, blockers, quote.valid_until, asked_for(quote, counter_offers)
        ),
        "path": _path(quote, [s for s in QUOTE_PATH if approvals or s != QuoteStatus.WAITING], QuoteStatus),
        "offers": offers(
            QUOTES,
            quote,
            user,
            shut=_waits_for_somebody("send", blockers),
            typed=typed,
            holds_stock=held is not None,
        ),
        "held": held,
        **_draft_urls(QUOTES, quote, user),
        "lines": lines,
        **_columns(lines, "discount_percent"),
        "versions": quote.versions.select_related("order").order_by("-number"),
        "margin": costing,
        "version": version,
        "compare_url": QUOTES.url("compare", quote.number) if version.number > 1 else "",
        "alternatives": alternatives_of(quote),
        "approvals": approvals,
        **_sums(version),
        **_common(request, QUOTES, quote),
        **papers_of(quote, QUOTES, user),
        **besides(quote, QUOTES, user),
        **links_of(quote, QUOTES, user),
        "counter_offers": counter_offers,
        **deciders_of(quote, version, QUOTES, user),
    }
    return TemplateResponse(request, "orders/quote.html", context)


def alternatives_of(quote: Quote) -> Any:
    """Return the other quotes for the same wish, each with what its version in force comes to. One statement."""
    in_force = QuoteVersion.objects.filter(quote=OuterRef("pk"), number=OuterRef("version_number"))
    others = Quote.objects.beside(quote).select_related("currency")
    return others.annotate(total=Subquery(in_force.values("total")[:1])).order_by("pk")


def _sums(totalled: Order | QuoteVersion, lines: Iterable[Any] = ()) -> dict[str, Any]:
    sums = [*cancelled_of(totalled, lines), *sums_of(totalled)]
    return {"sums": sums, "total": sums[-1], "tax_note": totalled.tax_note}


def _common(request: StaffRequest, kind: Kind, document: Any) -> dict[str, Any]:
    user = request.user
    return {
        "title": str(document),
        "events": timeline(document)[:MOST_EVENTS],
        "past_url": kind.url("past", document.number),
        "may_see_prices": may_see_prices(user),
        "may_decide": user.has_perm("orders.decide_approval"),
    }


def timeline(document: Order | Quote) -> Any:
    """The document's history, newest first."""
    return document.events.select_related("by").order_by("-version")


def event_word(kind: str) -> str:
    """Return what happened in an event, as people read it."""
    known = {**dict(OrderStatus.choices), **dict(QuoteStatus.choices), **EVENTS}
    return str(known.get(kind, kind))


def _path(document: Any, states: list[Any], status: Any) -> list[tuple[str, str]]:
    """Return the stations of the document's life, each done, current or ahead."""
    if document.status not in states:
        return [(str(status(document.status).label), "current")]
    here = states.index(document.status)
    return [
        (str(state.label), "current" if i == here else "done" if i < here else "ahead")
        for i, state in enumerate(states)
    ]


def _draft_urls(kind: Any, document: Any, user: User) -> dict[str, str]:
    """Return where a draft is edited and priced again, for those who may."""
    may = document.status == OrderStatus.DRAFT and user.has_perm(f"orders.change_{kind.name}")
    return {f"{what}_url": kind.url(what, document.number) for what in ("pad", "prices")} if may else {}


def _amend_url(order: Order, user: User) -> str:
    may = order.status in IN_WORK and user.has_perm("orders.confirm_order")
    return ORDERS.url("amend", order.number) if may else ""


def _lines(document: Order | Quote, lines: Any, user: User, costing: Costing | None) -> list[Any]:
    """Return the lines with why they cost what they cost, and the margin for those who may see it."""
    found = list(lines.select_related("product", "unit").order_by("position"))
    write = in_currency(document.currency)
    told = whys(found, user, costing, write) if may_see_prices(user) else None
    for place, line in enumerate(found):
        line.why = told[place] if told else []
        line.margin_percent = margin_percent(line, costing) if costing else None
    return found


def _columns(lines: list[Any], *names: str) -> dict[str, bool]:
    """Return of which columns there is anything to show: on a narrow desk an empty one would push the last ones out."""
    return {f"any_{name}": any(getattr(line, name) for line in lines) for name in names}


def _with_waits(lines: list[Any], waits: Mapping[int, Waits]) -> list[Any]:
    for line in lines:
        line.waits = waits.get(line.pk)
    return lines


def _shipments(order: Order, user: User) -> list[Any]:
    shipments: Any = getattr(order, "shipments", None)
    if shipments is None:
        return []
    seen = shipments.visible_to(user).select_related("carrier").prefetch_related("packages")
    return list(seen.order_by("pk"))


def _name_of(order: Order) -> str:
    """Return how the customer knows the order."""
    if not order.customer_po:
        return _("Our order %(order)s") % {"order": order}
    return _("Your order %(po)s, our %(order)s") % {"po": order.customer_po, "order": order}


def _tracking(shipments: Iterable[Any]) -> list[str]:
    """Return where the customer follows the cartons that have left us."""
    cartons = (carton for one in shipments if one.handed_over_at for carton in one.packages.all())
    return list(dict.fromkeys(carton.tracking_link for carton in cartons if carton.tracking_link))


def _may_take_back(order: Order, seen: list[Any], user: User) -> bool:
    """Whether the warehouse's own page for cancelling is open to this person: it wants all shipments seen."""
    return user.has_perm("fulfillment.void_shipment") and len(seen) == order.shipments.count()


def _situation(order: Order, blockers: list[Blocker], waits: Sequence[Waits]) -> Situation:
    counts = OrderLine.objects.filter(order=order).aggregate(
        lines=Count("pk"),
        shipped=Count("pk", filter=Q(shipped__gt=0, open=0, allocated=0, picked=0, packed=0)),
        backordered=Count("pk", filter=Q(open__gt=0)),
    )
    held = Allocation.objects.filter(line__order=order).aggregate(
        unreleased=Sum(F("allocated") - F("released"), default=0),
        inside=Sum(F("released") + F("picked") + F("packed"), default=0),
    )
    later = {line.line_id: line.set_aside_on for line in waits if line.set_aside_on}
    counts["backordered"] -= len(later)
    short = OrderLine.objects.filter(order=order, open__gt=0).exclude(pk__in=later).order_by("position")
    return Situation(
        status=order.status,
        since=order.status_since,
        blockers=blockers,
        short=list(short.values_list("product__sku", flat=True)[:NAMED]),
        unreleased=held["unreleased"] > 0,
        in_the_warehouse=held["inside"] > 0,
        later=len(later),
        set_aside_on=min(later.values(), default=None),
        breaking=sum(line.breaks for line in waits),
        late_days=max((line.days_late for line in waits), default=0),
        leaves_on=max((on for line in waits if (on := line.within_promise.on)), default=None),
        **counts,
        **_supply_of(short),
    )


def _supply_of(short: Any) -> dict[str, Any]:
    """Return when the short lines' products are next due at the lines' own warehouses, and what nobody sends there."""
    today = business_day()
    product, warehouse = OuterRef("product"), OuterRef("warehouse")
    bought = PurchaseOrderLine.objects.filter(
        product=product,
        purchase_order__warehouse=warehouse,
        purchase_order__status=PurchaseStatus.OPEN,
        due__gt=0,
    )
    moved = TransferLine.objects.filter(product=product, transfer__target=warehouse, due__gt=0)
    first = Least(_first_day(bought, "due_on"), _first_day(moved, "transfer__arrive_on"))
    supplied = short.annotate(day=first)
    found: dict[str, Any] = supplied.order_by().aggregate(
        late_since=Min("day", filter=Q(day__lt=today)),
        supply_on=Max("day", filter=Q(day__gte=today)),
        unsupplied_lines=Count("pk", filter=Q(day=None)),
    )
    bare = supplied.filter(day=None).values_list("product__sku", flat=True)
    return found | {"unsupplied": list(bare[:NAMED]) if found["unsupplied_lines"] else []}


def _first_day(lines: Any, day: str) -> Subquery:
    return Subquery(lines.order_by().values("product").annotate(first=Min(day)).values("first"))


def _quote_of(order: Order, user: User) -> Quote | None:
    if order.quote_version_id is None:
        return None
    return Quote.objects.visible_to(user).filter(versions=order.quote_version_id).first()


def _shut(order: Order, situation: Situation) -> dict[str, str]:
    asked = [blocker for blocker in situation.blockers if not blocker.ends_by_itself]
    shut = _waits_for_somebody("confirm", asked)
    if situation.in_the_warehouse:
        shut["cancel"] = str(InTheWarehouse(order.number))
    return shut


def _told_when_cancelled(order: Order, user: User) -> dict[str, str]:
    if not order.can_become(OrderStatus.CANCELLED):
        return {}
    return {"cancel": told_when_cancelled([order], user)[order.pk]}


def _waits_for_somebody(step: str, blockers: Any) -> dict[str, str]:
    if not blockers:
        return {}
    return {
        step: _("needs %(owner)s: %(reason)s") % {"owner": blockers[0].owner, "reason": blockers[0].reason}
    }
