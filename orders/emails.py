"""What is told to whom about quotes and orders."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from oms.mail import Enclosed, send_letter
from oms.models import User
from orders.links import Invited
from orders.masking import reasons_for
from orders.models import (
    ASKED,
    CLOSED_SHORT,
    CONFIRMS,
    PROMISED_AGAIN,
    ApprovalRequest,
    IssuedDocument,
    Order,
    OrderEvent,
    OrderLine,
    Quote,
    QuoteAnswer,
    QuoteEvent,
    QuoteVersion,
    deliveries_that_told,
)
from orders.models.hands import hands_in
from orders.status import CONSENTED, OrderStatus, QuoteStatus, RequestStatus

# What may need somebody's approval
ASKS = {OrderStatus.SUBMITTED, ASKED, "changed", "split", QuoteStatus.WAITING}


def announce_order_event(
    event: OrderEvent, paper: IssuedDocument | None = None, token: str | None = None
) -> None:
    """Tell the customer about a step of an order, with the paper and the link."""
    if event.confirms_first:
        _confirm_to_customer(event, _enclosed(paper), address_to_follow(token))
    elif event.is_change_agreed:
        _change_to_customer(event, _enclosed(paper))
    else:
        TELL_CUSTOMERS.get(event.kind, _nobody)(event)


def tell_office_of_order(event: OrderEvent) -> None:
    """Tell whoever has to know inside the office about a step of an order, whether or not the customer is told."""
    if not (event.kind == "changed" and event.is_change_agreed):
        TELL_ABOUT_ORDERS.get(event.kind, _nobody)(event)


def announce_quote_event(
    event: QuoteEvent, paper: IssuedDocument | None = None, token: str | None = None
) -> None:
    """Tell whoever has to know about a step of a quote; the customer gets the paper and the link with it."""
    if event.kind == QuoteStatus.SENT:
        _offer(event, _enclosed(paper), address_of_link(token))
    else:
        TELL_ABOUT_QUOTES.get(event.kind, _nobody)(event)


def write_to_decider(event: QuoteEvent, invited: Invited, paper: IssuedDocument | None) -> None:
    """Send the offer to somebody who has to accept it, or tell them that it is their turn, with a link of theirs."""
    link = address_of_link(invited.token)
    if event.offers:
        _offer(event, _enclosed(paper), link, invited)
    else:
        _your_turn(event, link, invited)


def _nobody(_event: Any) -> None:
    return None


def _enclosed(paper: IssuedDocument | None) -> list[Enclosed]:
    return [] if paper is None else [(paper.file_name, bytes(paper.content), "application/pdf")]


def _confirm_to_customer(event: OrderEvent, enclosed: list[Enclosed], link: str = "") -> None:
    order = Order.objects.select_related("customer", "currency", "ship_to").get(pk=event.document_id)
    lines = (
        order.lines.filter(ordered__gt=F("cancelled")).select_related("product", "unit").order_by("position")
    )
    subject = _("Your order %(po)s is confirmed as %(number)s") % {
        "po": order.customer_po,
        "number": order.number,
    }
    context = {"order": order, "lines": lines, "link": link}
    send_letter("orders/mail/confirmed.txt", subject, [order.customer.email], context, enclosed)


def _change_to_customer(event: OrderEvent, enclosed: list[Enclosed]) -> None:
    """Tell the customer how the order stands since it was changed, as soon as nobody has to agree any more."""
    order = Order.objects.select_related("customer", "currency", "ship_to").get(pk=event.document_id)
    lines = (
        order.lines.filter(ordered__gt=F("cancelled")).select_related("product", "unit").order_by("position")
    )
    subject = _("Your order %(number)s has changed") % {"number": order.number}
    send_letter(
        "orders/mail/changed.txt", subject, [order.customer.email], {"order": order, "lines": lines}, enclosed
    )


def _other_days_to_customer(event: OrderEvent) -> None:
    """Tell the days of the lines that still wait, as they are promised now."""
    order = Order.objects.select_related("customer", "ship_to").get(pk=event.document_id)
    lines = order.lines.filter(open__gt=0).select_related("product", "unit").order_by("position")
    subject = _("Your order %(number)s: other days") % {"number": order.number}
    context = {"order": order, "lines": lines}
    send_letter("orders/mail/promised_again.txt", subject, [order.customer.email], context)


def _rest_to_customer(event: OrderEvent) -> None:
    """Tell the customer which rest does not come; only the form for closing short says that they read why."""
    order = Order.objects.select_related("customer", "ship_to").get(pk=event.document_id)
    lines = order.lines.filter(cancelled__gt=0).select_related("product", "unit").order_by("position")
    subject = _("Your order %(number)s: the rest is cancelled") % {"number": order.number}
    context = {"order": order, "lines": lines, "reason": event.note if event.kind == CLOSED_SHORT else ""}
    send_letter("orders/mail/closed_short.txt", subject, [order.customer.email], context)


def _rest_to_customer_if_cancelled(event: OrderEvent) -> None:
    """An order that is completed needs no letter, unless it is because its rest was cancelled."""
    if event.takes_the_rest:
        _rest_to_customer(event)


def _cancelled_to_customer(event: OrderEvent) -> None:
    """Tell the customer, who knows it as confirmed, that the order does not come; why is written for the office."""
    if event.is_first_told:
        return
    order = Order.objects.select_related("customer").get(pk=event.document_id)
    subject = _("Your order %(number)s is cancelled") % {"number": order.number}
    send_letter("orders/mail/cancelled.txt", subject, [order.customer.email], {"order": order})


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


def address_of_link(token: str | None) -> str:
    """Return where a customer opens a link, nothing while this site has no public address."""
    return f"{settings.OMS_PUBLIC_URL}/q/{token}/" if token and settings.OMS_PUBLIC_URL else ""


def address_to_follow(token: str | None) -> str:
    """Return where a customer follows an order, nothing while this site has no public address."""
    return f"{settings.OMS_PUBLIC_URL}/t/{token}/" if token and settings.OMS_PUBLIC_URL else ""


def _offer(event: QuoteEvent, enclosed: list[Enclosed], link: str, to: Invited | None = None) -> None:
    quote = Quote.objects.select_related("customer", "currency").get(pk=event.document_id)
    version = quote.versions.get(number=event.detail.get("version", quote.version_number))
    lines = version.lines.select_related("product", "unit")
    context = {
        "quote": quote,
        "version": version,
        "lines": lines,
        "link": link,
        "deciders": [] if to else [one.name for one in version.deciders.all()],
        "before": to.before if to else "",
    }
    subject = _("Our quote %(number)s") % {"number": version}
    email = to.email if to else quote.customer.email
    send_letter("orders/mail/quote.txt", subject, [email], context, enclosed)


def _your_turn(event: QuoteEvent, link: str, to: Invited) -> None:
    """Tell who accepts next that whoever was before them has."""
    version = _version_of(event)
    subject = _("Our quote %(number)s: it is your turn") % {"number": version}
    context = {"event": event, "version": version, "link": link}
    send_letter("orders/mail/your_turn.txt", subject, [to.email], context)


def _receipt_for_one(event: QuoteEvent) -> None:
    """Who accepted while others have yet to gets a receipt; the last one gets that for the customer's answer."""
    missing = event.detail.get("missing")
    if not missing:
        return
    version = _version_of(event)
    names = {one.pk: one for one in version.deciders.all()}
    one = names[event.detail["decider"]]
    subject = _("Your answer to our quote %(number)s") % {"number": version}
    context = {"version": version, "name": event.note, "missing": [names[pk].name for pk in missing]}
    send_letter("orders/mail/consented.txt", subject, [one.email or version.quote.customer.email], context)


def _version_of(event: QuoteEvent) -> QuoteVersion:
    versions = QuoteVersion.objects.select_related("quote__customer")
    return versions.get(quote=event.document_id, number=event.detail["version"])


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


def _receipt_and_tell_seller(event: QuoteEvent) -> None:
    """Who answered by a link gets a receipt, and the seller is told; what a rep recorded they know."""
    if event.by_id is not None:
        return
    _tell_seller(event)
    subject = _("Your answer to our quote %(number)s") % {"number": event.document}
    context = {"document": event.document, "event": event}
    answers = QuoteAnswer.objects.filter(version__quote=event.document_id).order_by("-pk")
    answered = answers.values_list("link__decider__email", flat=True).first()
    to = [event.document.customer.email, answered or ""]
    send_letter("orders/mail/answered.txt", subject, to, context)


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
TELL_CUSTOMERS: dict[str, Callable[[Any], None]] = {
    CLOSED_SHORT: _rest_to_customer,
    PROMISED_AGAIN: _other_days_to_customer,
    OrderStatus.COMPLETED: _rest_to_customer_if_cancelled,
    OrderStatus.CANCELLED: _cancelled_to_customer,
}
TELL_ABOUT_QUOTES: dict[str, Callable[[Any], None]] = {
    QuoteStatus.WAITING: _ask_approvers,
    QuoteStatus.DRAFT: _tell_seller_if_rejected,
    QuoteStatus.EXPIRED: _tell_seller,
    QuoteStatus.ACCEPTED: _receipt_and_tell_seller,
    QuoteStatus.DECLINED: _receipt_and_tell_seller,
    "countered": _tell_seller,
    CONSENTED: _receipt_for_one,
    "approved": _tell_seller,
}
