"""The customer follows an order by a link: one order, no prices, dead when revoked; opening it writes nothing."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.models import User
from oms.rows import lock_row
from orders.links import hashed, new_token
from orders.models import Order, OrderEvent, OrderLink
from orders.services.answering import DeadLink, NothingToOffer
from orders.status import OrderStatus

PURPOSE = "follow an order"
KEPT = timedelta(days=365)


@transaction.atomic
def make_order_link(order_id: int, *, by: User | None) -> str:
    """Return the token of a new link to an order. It is told once; only its hash is kept.

    Raise NothingToOffer for a draft: the customer has not ordered yet.
    """
    order = Order.objects.get(pk=order_id)
    if order.status == OrderStatus.DRAFT:
        raise NothingToOffer(
            _("%(order)s is a draft; there is nothing to follow before it is submitted.") % {"order": order}
        )
    token = new_token()
    OrderLink.objects.create(
        order=order, token_hash=hashed(token, PURPOSE), made_by=by, expires_at=timezone.now() + KEPT
    )
    return token


@transaction.atomic
def revoke_order_links(order_id: int, *, by: User | None) -> Order:
    """Nobody follows the order by any link that was made until now."""
    order = lock_row(Order, order_id)
    if order.links.alive().update(revoked_at=timezone.now(), revoked_by=by):
        order.record("links revoked", by=by)
    return order


def open_order_link(token: str) -> OrderLink:
    """Return the link with its order. Raise DeadLink for what is unknown, revoked or too old."""
    found = OrderLink.objects.alive().filter(token_hash=hashed(token, PURPOSE))
    link: OrderLink | None = found.select_related("order__customer").first()
    if link is None:
        raise DeadLink(_("This link is no longer valid."))
    return link


def link_for_letter(order_id: int) -> str | None:
    """Return the token for a letter about an order; None while this site has no address that customers reach."""
    return make_order_link(order_id, by=None) if settings.OMS_PUBLIC_URL else None


def link_for_order_event(event: OrderEvent) -> str | None:
    """Return the token for the letter that confirms an order; other letters carry none."""
    return link_for_letter(event.document_id) if event.confirms_first else None
