"""What suppliers say: how much of an order they will send, and when; and how late they are as a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.errors import BadDay, BadQuantity
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services.levels import lock_levels
from inventory.status import PurchaseStatus
from oms.company import business_day
from oms.models import User
from oms.rows import lock_row
from oms.sets import set_in_rows

FARTHEST = timedelta(days=5 * 365)

LEARN = """
    UPDATE inventory_supplier s SET learned_delay_days = least(d.days, 365)
    FROM (
        SELECT s.id, coalesce(ceil(avg(last.late)), 0) AS days FROM inventory_supplier s LEFT JOIN LATERAL (
            SELECT greatest(r.received_on - l.told_on, 0) AS late
            FROM inventory_purchaseorder o JOIN inventory_receipt r ON r.purchase_order_id = o.id
            JOIN inventory_receiptline l ON l.receipt_id = r.id
            WHERE o.supplier_id = s.id AND r.takes_back_id IS NULL
              AND NOT EXISTS (SELECT FROM inventory_receipt b WHERE b.takes_back_id = r.id)
            ORDER BY r.id DESC, l.id DESC LIMIT %s) last ON true
        GROUP BY s.id) d
    WHERE d.id = s.id AND s.learned_delay_days <> least(d.days, 365)
"""
LESSONS = 50  # how many of a supplier's last receipt lines teach


@dataclass(frozen=True, slots=True)
class Answer:
    """So many base units of a line will come, all in all, the rest of them on a day."""

    quantity: int
    on: date


@transaction.atomic
def confirm_purchase_order(
    purchase_order_id: int, answers: Mapping[int, Answer], *, by: User | None, note: str = ""
) -> PurchaseOrder:
    """The supplier has answered these lines; from now on their remainder counts as supply, on the day they named.

    Less than was ordered cancels nothing; nothing at all is an answer too. A second answer replaces the first, but
    the first day named stays the one by which the supplier is judged.
    Raise IllegalMove for an order that is not open, BadQuantity or BadDay.
    """
    order, lines = _locked(purchase_order_id, answers)
    require_days((answer.on for answer in answers.values()), order.number)
    for pk, answer in answers.items():
        _require_answer(order, lines[pk], answer.quantity)
    set_in_rows(
        PurchaseOrderLine,
        list(answers),
        confirmed=[answer.quantity for answer in answers.values()],
        confirmed_on=[answer.on for answer in answers.values()],
        promised_on=[lines[pk].promised_on or answer.on for pk, answer in answers.items()],
    )
    told = {lines[pk].product.sku: [answer.quantity, str(answer.on)] for pk, answer in answers.items()}
    order.record("confirmed by supplier", by=by, note=note, lines=told)
    return order


@transaction.atomic
def redate_purchase_lines(
    purchase_order_id: int, days: Mapping[int, date], *, by: User | None, reason: str
) -> PurchaseOrder:
    """These lines come on another day: the confirmed day moves where there is one, else the one we asked for.

    Raise IllegalMove for an order that is not open, BadDay for a day nothing can be expected on or without a reason.
    """
    order, lines = _locked(purchase_order_id, days)
    require_days(days.values(), order.number)
    if not reason.strip():
        raise BadDay(_("%(order)s: say why the days change.") % {"order": order})
    confirmed = {pk: day for pk, day in days.items() if lines[pk].confirmed_on}
    asked = {pk: day for pk, day in days.items() if pk not in confirmed}
    set_in_rows(PurchaseOrderLine, list(confirmed), confirmed_on=list(confirmed.values()))
    set_in_rows(PurchaseOrderLine, list(asked), expected_on=list(asked.values()))
    told = {lines[pk].product.sku: [str(lines[pk].due_on), str(day)] for pk, day in days.items()}
    order.record("dates changed", by=by, note=reason[:500], lines=told)
    return order


def _locked(
    purchase_order_id: int, wanted: Mapping[int, object]
) -> tuple[PurchaseOrder, dict[int, PurchaseOrderLine]]:
    """Return the open order and the lines asked for, locked with their stock levels."""
    order = lock_row(PurchaseOrder, purchase_order_id)
    order.require_can_become(PurchaseStatus.CANCELLED)
    if not wanted:
        raise BadQuantity(_("%(order)s: no line was answered. Fill in at least one.") % {"order": order})
    lines = lines_of(order, wanted)
    lock_levels((line.product_id, order.warehouse_id) for line in lines.values())
    return order, lines


def lines_of(order: PurchaseOrder, wanted: Iterable[int]) -> dict[int, PurchaseOrderLine]:
    """Return these lines of the order by id; raise BadQuantity when it has not all of them."""
    asked = set(wanted)
    lines = {line.pk: line for line in order.lines.select_related("product").filter(pk__in=asked)}
    if asked - lines.keys():
        raise BadQuantity(_("%(order)s has no such line; reload the page.") % {"order": order})
    return lines


def _require_answer(order: PurchaseOrder, line: PurchaseOrderLine, quantity: int) -> None:
    least, most = line.received, line.ordered + line.tolerated
    if not least <= quantity <= most:
        raise BadQuantity(
            _("%(order)s: %(quantity)s of %(sku)s cannot be confirmed; %(least)s to %(most)s can.")
            % {
                "order": order,
                "quantity": quantity,
                "sku": line.product.sku,
                "least": least,
                "most": most,
            }
        )


def require_days(days: Iterable[date], document: str) -> None:
    """Raise BadDay for a day on which nothing can be expected any more, or which is a slip of the pen."""
    today = business_day()
    for day in days:
        if not today <= day <= today + FARTHEST:
            raise BadDay(
                _("%(document)s: nothing can be expected on %(day)s. Name a day from today until %(last)s.")
                % {"document": document, "day": day.isoformat(), "last": date_format(today + FARTHEST)}
            )


def learn_supplier_delays() -> int:
    """Let every supplier's delay be the mean lateness of their last receipt lines; return how many changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LEARN, [LESSONS])
        return int(cursor.rowcount)
