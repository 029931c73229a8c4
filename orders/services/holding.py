"""Somebody holds an order by hand, with a reason, and lets it go on."""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oms.models import User
from oms.rows import lock_row
from orders.errors import NothingOpen, OnHold
from orders.models import Hold, Order
from orders.services.approving import release_hold
from orders.status import HoldKind, OrderStatus

ENDED = (OrderStatus.COMPLETED, OrderStatus.CLOSED, OrderStatus.CANCELLED)


@transaction.atomic
def hold_order(order_id: int, *, by: User, reason: str, owner: Group | None = None) -> Hold:
    """Hold an order: until somebody lets it go on it is not confirmed, not released, and none of its goods leave."""
    order = lock_row(Order, order_id)
    if order.status in ENDED:
        raise NothingOpen(_("%(order)s has ended; there is nothing to hold.") % {"order": order})
    if not reason:
        raise NothingOpen(_("Say why %(order)s is held.") % {"order": order})
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                order=order, kind=HoldKind.MANUAL, reason=reason, owner=owner, placed_by=by
            )
    except IntegrityError as error:
        raise OnHold(order.number, [hold.openly() for hold in order.holds.open()]) from error
    order.record("held", by=by, note=reason)
    return hold


def require_no_hold(order: Order) -> None:
    """Raise OnHold when somebody or an approval rule holds an order in work; whether there is credit is asked anew."""
    if told := held_from_the_floor(order):
        raise OnHold(order.number, told)


def held_from_the_floor(order: Order) -> list[str]:
    """Return why an order's goods may not leave, as everybody may read it."""
    return [hold.openly() for hold in order.holds.from_leaving()]


@transaction.atomic
def let_go_on(order_id: int, *, by: User) -> Order:
    """End the hold that somebody placed by hand."""
    order = lock_row(Order, order_id)
    if not order.holds.open().filter(kind=HoldKind.MANUAL).exists():
        raise NothingOpen(_("%(order)s is not held by hand.") % {"order": order})
    release_hold(order, HoldKind.MANUAL, by=by)
    order.record("hold ended", by=by)
    return order
