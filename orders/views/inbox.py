"""The approval inbox: what waits for the user, only what deviates, and the decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.price_trace import JUDGED
from oms.company import business_day
from oms.contention import again_after_ties
from oms.errors import Refused
from oms.models import User
from oms.rates import own_rates, rate_on
from oms.text import clean
from orders.deciding import DECIDES, OPENED_BY, requests_for, waiting_for
from orders.masking import may_see_cost, step_reason_for
from orders.models import ApprovalRequest, OrderLine, QuoteLine
from orders.services.approving import decide
from orders.status import RequestStatus, Verdict
from orders.views.inbox_credit import asked_cards, held_cards
from orders.views.kinds import ORDERS, QUOTES, StaffRequest
from orders.views.rows import Costing, margin_percent

MOST_SHOWN = 50
MOST_LINES = 10
LONGEST_REASON = 500
CHIPS: dict[str, str | Promise] = {
    "margin": gettext_lazy("margin too low"),
    "po": gettext_lazy("needs a PO"),
    "limit": gettext_lazy("over the limit"),
    "terms": gettext_lazy("wrong terms"),
}
DEVIATES = Q(discount_percent__gt=0) | Q(trace__has_any_keys=["typed", JUDGED])


@dataclass(slots=True)
class Card:
    """One request as its approver needs it."""

    request: ApprovalRequest
    document: Any
    url: str
    total: Any
    reasons: list[str]
    lines: list[Any] = field(default_factory=list)
    more: int = 0
    template: str = "orders/_inbox_request.html"

    @property
    def since(self) -> datetime:
        return self.request.requested_at


def inbox(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Show what waits for the user, oldest first, in a constant number of statements."""
    user = request.user
    if not any(map(user.has_perm, OPENED_BY)):
        raise PermissionDenied
    cards: list[Any] = [
        *cards_of(requests_for(user).rows[:MOST_SHOWN], user),
        *held_cards(user, MOST_SHOWN),
        *asked_cards(user, MOST_SHOWN),
    ]
    context |= {
        "cards": sorted(cards, key=lambda card: card.since)[:MOST_SHOWN],
        "count": sum(rows.count() for rows, _since in waiting_for(user)),
        "back": "inbox",
    }
    return TemplateResponse(request, "orders/inbox.html", context)


def require_decider(request: StaffRequest) -> None:
    if not request.user.has_perm(DECIDES):
        raise PermissionDenied


def cards_of(requests: Any, user: User) -> list[Card]:
    """Return the cards of these requests with the lines that deviate."""
    rows = requests.select_related(
        "submitted_by", "order__customer", "order__currency", "quote_version__quote__customer",
        "quote_version__quote__currency",
    ).prefetch_related("steps__rule", "steps__approvers")  # fmt: skip
    cards = [_card(row, user) for row in rows]
    _add_lines(cards, OrderLine, "order_id", {c.request.order_id: c for c in cards if c.request.order_id})
    versions = {c.request.quote_version_id: c for c in cards if c.request.quote_version_id}
    _add_lines(cards, QuoteLine, "version_id", versions)
    _add_margins(cards, user)
    return cards


def _add_margins(cards: Sequence[Card], user: User) -> None:
    """Tell of each line the margin it leaves, to those who may see cost, where a rate turns it into the document's."""
    if not may_see_cost(user):
        return
    rates, today = own_rates(card.document.currency_id for card in cards), business_day()
    for card in cards:
        totalled = card.request.quote_version or card.document
        rate = rate_on(rates, card.document.currency_id, getattr(totalled, "ordered_on", today))
        costing = None if rate is None else Costing(rate, totalled.prices_include_tax)
        for line in card.lines:
            line.margin = margin_percent(line, costing) if costing and line.unit_cost else None


def _card(request: ApprovalRequest, user: User) -> Card:
    document: Any = request.document
    kind = ORDERS if request.order is not None else QUOTES
    version = request.quote_version
    return Card(
        request=request,
        document=document,
        url=kind.url("change", document.pk),
        total=document.total if version is None else version.total,
        reasons=[step_reason_for(user, s) for s in request.steps.all() if s.status == RequestStatus.PENDING],
    )


def _add_lines(cards: Iterable[Card], model: Any, key: str, by_document: dict[Any, Card]) -> None:
    """Give each card its first lines that deviate, and how many more there are."""
    document = F(key)
    rows = (
        model.objects.filter(DEVIATES, **{f"{key}__in": list(by_document)})
        .annotate(
            place=Window(RowNumber(), partition_by=document, order_by="position"),
            n=Window(Count("pk"), partition_by=document),
        )
        .filter(place__lte=MOST_LINES)
        .select_related("product", "unit")
    )
    for line in rows.order_by(key, "position"):
        card = by_document[getattr(line, key)]
        card.lines.append(line)
        card.more = line.n - len(card.lines)


def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a decision and come back to where it was made, with the result."""
    found = get_object_or_404(ApprovalRequest.objects.visible_to(request.user), pk=pk)
    require_decider(request)
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise BadRequest("verdict is approve or reject")
    try:
        decided = again_after_ties(
            lambda: decide(found.pk, Verdict(verdict), by=request.user, reason=_reason(request))
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _result(decided))
    return HttpResponseRedirect(_back(request, found))


def _reason(request: StaffRequest) -> str:
    chips = [str(CHIPS[chip]) for chip in request.POST.getlist("chip") if chip in CHIPS]
    return "; ".join(filter(None, [*chips, clean(request.POST.get("reason", ""))]))[:LONGEST_REASON]


def _result(request: ApprovalRequest) -> str:
    named = {"document": request.document}
    if request.status == RequestStatus.APPROVED and request.quote_version_id:
        return _("%(document)s is approved; who drafted it is told and sends it.") % named
    if request.status == RequestStatus.APPROVED:
        return _("%(document)s is approved and goes on.") % named
    if request.status == RequestStatus.REJECTED:
        return _("%(document)s is rejected and a draft again.") % named
    return _("%(document)s: your part is approved; somebody else has to agree too.") % named


def _back(request: StaffRequest, found: ApprovalRequest) -> str:
    if request.POST.get("back") == "document":
        kind = ORDERS if found.order_id else QUOTES
        return kind.url("change", found.document.pk)
    return reverse("admin:orders_approvalrequest_inbox")
