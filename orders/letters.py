"""The letters that customers get about quotes and orders, each in its customer's language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from oms.languages import in_language_of
from oms.mail import Enclosed, send_letter
from orders.links import Invited
from orders.models import (
    CLOSED_SHORT,
    PROMISED_AGAIN,
    IssuedDocument,
    Order,
    OrderEvent,
    Quote,
    QuoteAnswer,
    QuoteEvent,
    QuoteVersion,
)
from orders.status import CONSENTED, OrderStatus, QuoteStatus


def write_about_order(
    event: OrderEvent, paper: IssuedDocument | None = None, token: str | None = None
) -> None:
    """Write to the customer about a step of an order, with the paper and the link."""
    if event.confirms_first:
        _confirm_to_customer(event, _enclosed(paper), address_to_follow(token))
    elif event.is_change_agreed:
        _change_to_customer(event, _enclosed(paper))
    else:
        WRITE_ABOUT_ORDERS.get(event.kind, _nobody)(event)


def write_about_quote(
    event: QuoteEvent, paper: IssuedDocument | None = None, token: str | None = None
) -> None:
    """Write to the customer about a step of a quote, with the paper and the link."""
    if event.kind == QuoteStatus.SENT:
        _offer(event, _enclosed(paper), address_of_link(token))
    else:
        WRITE_ABOUT_QUOTES.get(event.kind, _nobody)(event)


def write_to_decider(event: QuoteEvent, invited: Invited, paper: IssuedDocument | None) -> None:
    """Send the offer to somebody who has to accept it, or tell them that it is their turn, with a link of theirs."""
    link = address_of_link(invited.token)
    if event.offers:
        _offer(event, _enclosed(paper), link, invited)
    else:
        _your_turn(event, link, invited)


def address_of_link(token: str | None) -> str:
    """Return where a customer opens a link, nothing while this site has no public address."""
    return f"{settings.OMS_PUBLIC_URL}/q/{token}/" if token and settings.OMS_PUBLIC_URL else ""


def address_to_follow(token: str | None) -> str:
    """Return where a customer follows an order, nothing while this site has no public address."""
    return f"{settings.OMS_PUBLIC_URL}/t/{token}/" if token and settings.OMS_PUBLIC_URL else ""


def _nobody(_event: Any) -> None:
    return None


def _enclosed(paper: IssuedDocument | None) -> list[Enclosed]:
    return [] if paper is None else [(paper.file_name, bytes(paper.content), "application/pdf")]


def _confirm_to_customer(event: OrderEvent, enclosed: list[Enclosed], link: str = "") -> None:
    order = Order.objects.select_related("customer", "currency", "ship_to").get(pk=event.document_id)
    lines = (
        order.lines.filter(ordered__gt=F("cancelled")).select_related("product", "unit").order_by("position")
    )
    with in_language_of(order.customer.language):
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
    with in_language_of(order.customer.language):
        subject = _("Your order %(number)s has changed") % {"number": order.number}
        send_letter(
            "orders/mail/changed.txt",
            subject,
            [order.customer.email],
            {"order": order, "lines": lines},
            enclosed,
        )


def _other_days_to_customer(event: OrderEvent) -> None:
    """Tell the days of the lines that still wait, as they are promised now."""
    order = Order.objects.select_related("customer", "ship_to").get(pk=event.document_id)
    lines = order.lines.filter(open__gt=0).select_related("product", "unit").order_by("position")
    with in_language_of(order.customer.language):
        subject = _("Your order %(number)s: other days") % {"number": order.number}
        context = {"order": order, "lines": lines}
        send_letter("orders/mail/promised_again.txt", subject, [order.customer.email], context)


def _rest_to_customer(event: OrderEvent) -> None:
    """Tell the customer which rest does not come; only the form for closing short says that they read why."""
    order = Order.objects.select_related("customer", "ship_to").get(pk=event.document_id)
    lines = order.lines.filter(cancelled__gt=0).select_related("product", "unit").order_by("position")
    with in_language_of(order.customer.language):
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
    with in_language_of(order.customer.language):
        subject = _("Your order %(number)s is cancelled") % {"number": order.number}
        send_letter("orders/mail/cancelled.txt", subject, [order.customer.email], {"order": order})


def _offer(event: QuoteEvent, enclosed: list[Enclosed], link: str, to: Invited | None = None) -> None:
    quote = Quote.objects.select_related("customer", "currency").get(pk=event.document_id)
    version = quote.versions.get(number=event.detail.get("version", quote.version_number))
    lines = version.lines.select_related("product", "unit")
    with in_language_of(quote.customer.language):
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
    with in_language_of(version.quote.customer.language):
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
    with in_language_of(version.quote.customer.language):
        one = names[event.detail["decider"]]
        subject = _("Your answer to our quote %(number)s") % {"number": version}
        context = {"version": version, "name": event.note, "missing": [names[pk].name for pk in missing]}
        send_letter(
            "orders/mail/consented.txt", subject, [one.email or version.quote.customer.email], context
        )


def _receipt(event: QuoteEvent) -> None:
    """Who answered by a link gets a receipt; what a rep recorded they said themselves."""
    if event.by_id is not None:
        return
    with in_language_of(event.document.customer.language):
        subject = _("Your answer to our quote %(number)s") % {"number": event.document}
        context = {"document": event.document, "event": event}
        answers = QuoteAnswer.objects.filter(version__quote=event.document_id).order_by("-pk")
        answered = answers.values_list("link__decider__email", flat=True).first()
        to = [event.document.customer.email, answered or ""]
        send_letter("orders/mail/answered.txt", subject, to, context)


def _version_of(event: QuoteEvent) -> QuoteVersion:
    versions = QuoteVersion.objects.select_related("quote__customer")
    return versions.get(quote=event.document_id, number=event.detail["version"])


WRITE_ABOUT_ORDERS: dict[str, Callable[[Any], None]] = {
    CLOSED_SHORT: _rest_to_customer,
    PROMISED_AGAIN: _other_days_to_customer,
    OrderStatus.COMPLETED: _rest_to_customer_if_cancelled,
    OrderStatus.CANCELLED: _cancelled_to_customer,
}
WRITE_ABOUT_QUOTES: dict[str, Callable[[Any], None]] = {
    QuoteStatus.ACCEPTED: _receipt,
    QuoteStatus.DECLINED: _receipt,
    CONSENTED: _receipt_for_one,
}
