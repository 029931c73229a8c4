"""Customers change hands with the drafts that their rep has begun for them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services.handing_over import HandOver, hand_over_customers
from oms.models import User
from orders.models import Order, Quote
from orders.status import OrderStatus, QuoteStatus


@transaction.atomic
def hand_over_with_drafts(ids: Iterable[int], to: HandOver, *, by: User) -> tuple[list[Customer], int]:
    """Hand customers over, and to the new rep what the one before has in draft; return them, and how many drafts.

    Drafts that others entered stay theirs, and so do one's own: who gave a draft away could agree to it later. What
    somebody was asked about stays with who asked. The history says who had it. Raise NotHandedOver.
    """
    customers = hand_over_customers(ids, to, by=by)
    if to.rep is None:
        return customers, 0
    quotes = Quote.objects.filter(status=QuoteStatus.DRAFT).exclude(versions__approvals__isnull=False)
    orders = Order.objects.filter(status=OrderStatus.DRAFT, approvals=None)
    return customers, sum(_take_along(drafts, customers, to, by) for drafts in (quotes, orders))


def _take_along(drafts: Any, customers: Sequence[Customer], to: HandOver, by: User) -> int:
    """Give the new rep the drafts of the reps that these customers had; `customers` are as they were before."""
    began = {(one.pk, one.rep_id) for one in customers if one.rep_id not in (None, by.pk)}
    found = drafts.filter(
        customer__in=[pk for pk, _rep in began], created_by__in={rep for _pk, rep in began}
    ).order_by("pk")
    model = drafts.model
    mine = [pk for pk, *pair in found.values_list("pk", "customer", "created_by") if tuple(pair) in began]
    held = list(model.objects.filter(pk__any_of=mine).locked().values_list("pk", flat=True))
    model.objects.filter(pk__any_of=held).update(created_by=to.rep)
    note = _("now with %(rep)s: %(reason)s") % {"rep": to.rep, "reason": to.reason}
    model.record_all(held, "handed over", by=by, note=note)
    return len(held)
