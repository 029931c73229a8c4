"""What hangs on a purchase: the lines that wait for it, and those it will bring too late."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.models import PurchaseOrder
from inventory.status import PurchaseStatus
from inventory.views.product_stock import Panel
from inventory.views.purchases import NOTES, PANELS
from oms.models import User
from orders.models import Order, OrderLine
from orders.services.expecting import Waits, broken_by, places_of_purchases, waiting_for

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A line that waits for a purchase, with its order where the person sees it."""

    line: OrderLine | None
    waits: Waits


@dataclass(frozen=True, slots=True)
class Risk:
    """What hangs on a purchase: the lines it brings too late first, and how many there are."""

    rows: Sequence[AtRisk]
    broken: int
    orders: int
    most_days: int
    first: date | None
    waiting: int
    unseen: int

    @property
    def more(self) -> int:
        return self.waiting - self.unseen - len(self.rows)


def at_risk(user: User, purchase: PurchaseOrder) -> Panel | None:
    """Return what hangs on an open purchase: which lines those who see orders, how many everybody who sees it."""
    if purchase.status != PurchaseStatus.OPEN:
        return None
    waiting = waiting_for(places_of_purchases([purchase.pk]))
    mine = [line for line in waiting if line.expected.brought_by == purchase.number]
    return Panel("orders/_at_risk.html", _risk(user, mine))


def _risk(user: User, waiting: Collection[Waits]) -> Risk:
    ordered = sorted(waiting, key=lambda line: (-line.days_late, line.ship_on or date.max, line.line_id))
    broken = [line for line in ordered if line.breaks]
    seen = OrderLine.objects.filter(
        order__in=Order.objects.visible_to(user), pk__any_of=[x.line_id for x in ordered]
    )
    visible = set(seen.order_by().values_list("pk", flat=True))
    shown = [line for line in ordered if line.line_id in visible][:MOST_ROWS]
    lines = _lines([line.line_id for line in shown])
    return Risk(
        rows=[AtRisk(lines.get(line.line_id), line) for line in shown],
        broken=len(broken),
        orders=len({line.order_id for line in broken}),
        most_days=max((line.days_late for line in broken), default=0),
        first=min((line.ship_on for line in broken if line.ship_on), default=None),
        waiting=len(ordered),
        unseen=len(ordered) - len(visible),
    )


def _lines(ids: Sequence[int]) -> dict[int, OrderLine]:
    found = OrderLine.objects.filter(pk__any_of=ids).select_related("order__customer", "product", "unit")
    return {line.pk: line for line in found}


def breaks(purchases: Sequence[PurchaseOrder]) -> dict[str, str]:
    """Return how many promises the purchases break, by their numbers."""
    open_ones = [purchase.pk for purchase in purchases if purchase.status == PurchaseStatus.OPEN]
    return {number: str(count) for number, count in broken_by(open_ones).items()}


PANELS.append(at_risk)
NOTES.append(breaks)
