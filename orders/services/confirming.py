"""A submitted order is confirmed: the promise to the customer."""

from django.db import transaction
from django.utils import timezone

from customers.status import ShippingPolicy
from oms.models import User
from oms.rows import lock_row
from orders.models import ASKED, Order
from orders.services.allocating import allocate_order
from orders.services.approving import ask_for_order
from orders.services.checking import require_complete_order
from orders.services.crediting import waits_for_credit
from orders.services.drawing import draw_agreements, give_back_draws, hold_agreements
from orders.status import HoldKind, OrderStatus


@transaction.atomic
def confirm_order(order_id: int, *, by: User | None) -> Order:
    """Promise a submitted order to its customer: stock allocated, the rest backordered, each line with its day.

    While a hold is open it stays submitted and takes no stock; so it does when a rule that is new since
    then wants approval, and when its customer's credit is used up. Raise IllegalMove, Incomplete, AgreementShort or
    NotEnoughStock; then nothing has changed.
    """
    order = lock_row(Order, order_id, "customer", "ship_to", "bill_to", "currency")
    order.require_can_become(OrderStatus.CONFIRMED)
    held = set(order.holds.open().values_list("kind", flat=True))
    if held - {HoldKind.CREDIT}:
        return order
    require_complete_order(order)
    if ask_for_order(order, by=by):
        order.record(ASKED, by=by)
        return order
    agreements = hold_agreements(order)
    if waits_for_credit(order, is_held=bool(held), by=by):
        return order
    draw_agreements(order, agreements, by=by)
    order.confirmed_at = timezone.now()
    order.move_to(OrderStatus.CONFIRMED, by=by, changed=["confirmed_at"])
    allocate_order(order, by=by)
    if agreements and order.shipping_policy == ShippingPolicy.CANCEL_REST:
        give_back_draws(order, by=by)
    return order
