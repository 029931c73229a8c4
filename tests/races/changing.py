"""What players do with confirmed orders: as doorways call it."""

from datetime import date

from oms.models import User
from orders.models import Order
from orders.services.cancelling import close_short
from orders.services.changing import OrderChange, change_order
from orders.services.splitting import Split, split_order


def change(order_id: int, line_id: int, wanted: int, revision: int, by: int) -> str:
    wish = OrderChange(revision, {line_id: wanted})
    return str(change_order(order_id, wish, by=User.objects.get(pk=by)).order.status)


def raise_all(order_id: int, wanted: int, by: int) -> str:
    order = Order.objects.get(pk=order_id)
    wish = OrderChange(order.revision, dict.fromkeys(order.lines.values_list("pk", flat=True), wanted))
    return str(change_order(order_id, wish, by=User.objects.get(pk=by)).order.status)


def split(order_id: int, positions: list[int], day: str, by: int) -> str:
    part = Split(0, frozenset(positions), requested_on=date.fromisoformat(day))
    return str(split_order(order_id, part, by=User.objects.get(pk=by)).number)


def close_short_of(order_id: int, by: int) -> str:
    return str(close_short(order_id, "season over", by=User.objects.get(pk=by)).status)
