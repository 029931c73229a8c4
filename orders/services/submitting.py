"""An order is submitted: complete, checked, and held where a rule wants somebody to agree."""

from django.db import transaction

from oms.models import User
from oms.rows import lock_row
from orders.models import Order
from orders.services.approving import ask_for_order, withdraw
from orders.services.checking import entry_problems, require_complete_order, same_po
from orders.services.drawing import require_left
from orders.services.judging import judge_today
from orders.services.numbering import number_lines
from orders.services.totalling import taxed_as_now
from orders.status import HoldKind, OrderStatus


@transaction.atomic
def submit_order(order_id: int, *, by: User | None) -> Order:
    """Submit a draft. When a rule asks for approval the order is held until somebody decides.

    Prices of an earlier day are judged by the list and the cost of today. A PO number that another order has too
    stands in its history.

    Raise IllegalMove, AgreementShort, or Incomplete with every problem; then nothing has changed.
    """
    order = lock_row(Order, order_id, "customer", "currency", "ship_to", "bill_to")
    order.require_can_become(OrderStatus.SUBMITTED)
    require_complete_order(order, [*entry_problems(order), *taxed_as_now(order, order.currency)])
    require_left(order)
    number_lines(order, order.lines)
    judge_today(order, order.lines)
    order.submitted_by = by
    seen = " ".join(same_po(order))
    order.move_to(OrderStatus.SUBMITTED, by=by, note=seen, changed=["submitted_by"])
    ask_for_order(order, by=by)
    return order


@transaction.atomic
def take_back_order(order_id: int, *, by: User | None) -> Order:
    """A submitted order is a draft again; nobody has to decide on it any more."""
    order = lock_row(Order, order_id)
    order.require_can_become(OrderStatus.DRAFT)
    withdraw(order, HoldKind.CREDIT, by=by)
    order.move_to(OrderStatus.DRAFT, by=by)
    return order
