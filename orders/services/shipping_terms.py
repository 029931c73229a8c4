"""The terms on which one order takes stock: when a part may go, from where, and how urgent it is."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.status import ShippingPolicy, Sourcing
from inventory.models import Warehouse
from inventory.services.levels import lock_levels
from oms.models import User
from oms.rows import lock_row
from orders.errors import NothingOpen, NothingToTake, TermsAreSet
from orders.models import Order, OrderLine
from orders.services.allocating import add_grants
from orders.services.holding import ENDED
from orders.services.queue import read_queue
from orders.status import IN_WORK


@transaction.atomic
def change_shipping_terms(order_id: int, wishes: dict[str, Any], *, by: User) -> Order:
    """Give the order other shipping wishes. What it holds stays; what it waits for is served on the new terms.

    Raise NothingOpen when it has ended, TermsAreSet when a confirmed order is to cancel its rest.
    """
    order = _going(order_id)
    if order.status in IN_WORK and wishes.get("shipping_policy") == ShippingPolicy.CANCEL_REST:
        raise TermsAreSet(
            _("%(order)s is confirmed, and what it waits for is promised; cancel the order instead.")
            % {"order": order}
        )
    before = order.shipping_wishes()
    changed = {name: value for name, value in wishes.items() if before[name] != value}
    if changed:
        for name, value in changed.items():
            setattr(order, name, value)
        order.save(update_fields=list(changed))
        order.record("shipping terms", by=by, **{name: str(value) for name, value in changed.items()})
    return order


@transaction.atomic
def set_priority(order_id: int, priority: int, *, by: User) -> Order:
    """Serve the order before (1) or after (9) others of its contract class. Raise NothingOpen when it has ended."""
    order = _going(order_id)
    if order.priority != priority:
        order.record("priority", by=by, old=order.priority, new=priority)
        order.priority = priority
        order.save(update_fields=["priority"])
    return order


def _going(order_id: int) -> Order:
    order = lock_row(Order, order_id)
    if order.status in ENDED:
        raise NothingOpen(_("%(order)s has ended; it takes no more stock.") % {"order": order})
    return order


@transaction.atomic
def source_from(order_id: int, warehouse_id: int, *, by: User) -> Order:
    """Promise the order what is free in another warehouse, after those who wait there with a better rank.

    Raise NothingOpen when it waits for nothing, NothingToTake when its terms or those who wait leave it nothing.
    """
    order = _going(order_id)
    lines = OrderLine.objects.filter(order=order, open__gt=0)
    rows = {pk: (product, warehouse_id) for pk, product in lines.values_list("pk", "product_id")}
    if order.status not in IN_WORK or not rows:
        raise NothingOpen(_("%(order)s does not wait for stock.") % {"order": order})
    warehouse = Warehouse.objects.get(pk=warehouse_id)
    if order.sourcing == Sourcing.OWN and warehouse_id != order.warehouse_id:
        raise NothingToTake(
            order.number, _("It ships only from its own warehouse; change its shipping terms first.")
        )
    levels = lock_levels(rows.values())
    queue = read_queue([order.pk], levels).served_from(order.pk, {pk: [row] for pk, row in rows.items()})
    granted = queue.grants_of([order.pk], queue.free_of(levels))
    if not granted:
        raise NothingToTake(
            order.number,
            _("In %(place)s nothing is free that its shipping terms accept.") % {"place": warehouse},
        )
    add_grants(granted, levels)
    order.record("sourced", by=by, note=str(warehouse), quantity=sum(grant.quantity for grant in granted))
    return order
