"""What is told to whom inside the office about quotes and orders."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from oms.mail import send_letter
from oms.models import User
from orders.masking import reasons_for
from orders.models import (
    ASKED,
    CONFIRMS,
    ApprovalRequest,
    Order,
    OrderEvent,
    OrderLine,
    Quote,
    QuoteEvent,
    deliveries_that_told,
)
from orders.models.hands import hands_in
from orders.status import OrderStatus, QuoteStatus, RequestStatus

# What may need somebody's approval
ASKS = {OrderStatus.SUBMITTED, ASKED, "changed", "split", QuoteStatus.WAITING}


def tell_office_of_order(event: OrderEvent) -> None:
    """Tell whoever has to know inside the office about a step of an order, whether or not the customer is told."""
    if not (event.kind == "changed" and event.is_change_agreed):
        TELL_ABOUT_ORDERS.get(event.kind, _nobody)(event)


def tell_office_of_quote(event: QuoteEvent) -> None:
    """Tell whoever has to know inside the office about a step of a quote."""
    TELL_ABOUT_QUOTES.get(event.kind, _nobody)(event)


def _nobody(_event: Any) -> None:
    return None


def told_when_cancelled(orders: Sequence[Order], user: User) -> dict[int, str]:
    """Say of each order, for this user, who is written to when it is cancelled now. One statement for all."""
    own = OuterRef("pk")
    confirmed = deliveries_that_told(OrderEvent.objects.filter(CONFIRMS, document=OuterRef(own)))
    begun = OrderLine.objects.filter(order=own, shipped__gt=0)
    found = Order.objects.filter(pk__in=[order.pk for order in orders])
    known = {pk: facts for pk, *facts in found.values_list("pk", Exists(begun), Exists(confirmed))}
    return {order.pk: _told_when_cancelled(order, user, *known[order.pk]) for order in orders}


def _told_when_cancelled(order: Order, user: User, is_begun: bool, is_confirmed: bool) -> str:
    customer = order.customer
    if not (is_begun or is_confirmed):
        return _("The customer was not told that it is confirmed, and gets no letter.")
    if not customer.email:
        return _("%(customer)s has no e-mail address and gets no letter: tell them.") % {"customer": customer}
    to = customer.email if user.has_perm("customers.view_customer") else customer
    if is_begun:
        return _("A letter to %(to)s says what does not come any more, without the reason.") % {"to": to}
    return _("A letter to %(to)s says that the order is cancelled, without the reason.") % {"to": to}


def _ask_approvers(event: Any) -> None:
    """Tell those who may decide what waits for them and why; the decision itself is made after signing in.

    Everybody in a letter reads it, so there is one for each of what its readers may read of the reasons.
    """
    request = request_asked_by(event)
    if request is None:
        return
    steps = request.undecided_steps()
    people = User.objects.filter(groups__in=[step.approvers_id for step in steps])
    theirs = {*own_people(event.document), *hands_in(event.document)}
    asked = people.exclude(pk__in=theirs).values_list("pk", flat=True)
    subject = _("%(number)s waits for your approval") % {"number": event.document}
    addresses: dict[tuple[str, ...], list[str]] = {}
    for user in who_see(event.document, asked):
        addresses.setdefault(reasons_for(user, steps), []).append(user.email)
    for reasons, to in addresses.items():
        context = {"document": event.document, "reasons": reasons}
        send_letter("orders/mail/approval.txt", subject, to, context)


def request_asked_by(event: OrderEvent | QuoteEvent) -> ApprovalRequest | None:
    """Return what an event asked and nobody has decided yet.

    Each such step of a document ends what was asked before, so what is pending was asked by the latest of them.
    """
    later = type(event)._default_manager.filter(
        document=event.document_id, kind__in=ASKS, version__gt=event.version
    )
    return None if later.exists() else _pending_request(event.document)


def _pending_request(document: Order | Quote) -> ApprovalRequest | None:
    """Return what is asked about a document and not decided yet."""
    pending = ApprovalRequest.objects.filter(status=RequestStatus.PENDING)
    if isinstance(document, Order):
        return pending.filter(order=document).first()
    return pending.filter(quote_version__quote=document).first()


def own_people(document: Order | Quote) -> list[int]:
    """Return who entered and who submitted a document."""
    people = [document.created_by_id, getattr(document, "submitted_by_id", None)]
    return [pk for pk in people if pk is not None]


def sellers_of(document: Order | Quote) -> list[int]:
    """Return who is told how a document goes: who looks after its customer now, and who made it."""
    rep = document.customer.rep_id
    return [*own_people(document), *([] if rep is None else [rep])]


def who_see(document: Order | Quote, people: Iterable[int]) -> list[User]:
    """Return who of these people may see the document: customers change hands, and groups sell to many."""
    users = User.objects.filter(is_active=True, pk__in=set(people))
    seen: Any = type(document)._default_manager
    return [user for user in users if seen.visible_to(user).filter(pk=document.pk).exists()]


def _tell_seller(event: Any) -> None:
    people = [user.email for user in who_see(event.document, sellers_of(event.document))]
    subject = _("%(number)s: %(what)s") % {"number": event.document, "what": event.kind}
    send_letter("orders/mail/decided.txt", subject, people, {"document": event.document, "event": event})


def _tell_seller_of_answer(event: QuoteEvent) -> None:
    """An answer that came by a link is told; one that a rep recorded they know."""
    if event.by_id is None:
        _tell_seller(event)


def _tell_seller_if_rejected(event: Any) -> None:
    """A draft that was somebody's decision has a reason; one that its author took back needs no letter."""
    if event.old_status in {OrderStatus.SUBMITTED, QuoteStatus.WAITING} and event.note:
        _tell_seller(event)


TELL_ABOUT_ORDERS: dict[str, Callable[[Any], None]] = {
    OrderStatus.SUBMITTED: _ask_approvers,
    OrderStatus.DRAFT: _tell_seller_if_rejected,
    "approved": _tell_seller,
    ASKED: _ask_approvers,
    "changed": _ask_approvers,
    "split": _ask_approvers,
    "change rejected": _tell_seller,
}
TELL_ABOUT_QUOTES: dict[str, Callable[[Any], None]] = {
    QuoteStatus.WAITING: _ask_approvers,
    QuoteStatus.DRAFT: _tell_seller_if_rejected,
    QuoteStatus.EXPIRED: _tell_seller,
    QuoteStatus.ACCEPTED: _tell_seller_of_answer,
    QuoteStatus.DECLINED: _tell_seller_of_answer,
    "countered": _tell_seller,
    "approved": _tell_seller,
}
