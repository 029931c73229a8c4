"""Call-offs become orders: on their day by the clock, or at once when somebody asks on the phone.

What is wanted of several products on one day at one place is one order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.status import AgreementStatus
from oms.company import business_day
from oms.errors import Refused
from oms.models import User
from oms.sets import insert_rows
from orders.errors import CallOffRefused
from orders.models import CallOff, CallOffOrder, Order
from orders.services.capturing import Header, enter_order
from orders.services.pricing import LineInput
from orders.services.scheduling import day_in_words, hold_call_off, in_words, progress_of, said
from orders.services.submitting import submit_order

LONGEST_REASON = 500
FOLLOW = """
    INSERT INTO orders_callofforder (call_off_id, order_id, by_id)
    SELECT call_off_id, %s, %s FROM orders_callofforder WHERE order_id = %s ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Called:
    """The order that call-offs became; it is a draft when there is a `refusal`."""

    order: Order
    refusal: str


@transaction.atomic
def call_off(call_off_id: int, *, by: User | None) -> Called:
    """Make what is open of a call-off an order at the agreement's price, and submit it.

    With it goes what else of the agreement is wanted on that day at that place and was never called off. When a check
    refuses that, the order stays a draft and they say why. Raise CallOffRefused when nothing is open or the agreement
    does not hold, and what refuses to enter an order; then nothing has changed.
    """
    one = hold_call_off(call_off_id)
    _require_holds(one)
    return _call_off([one, *_besides(one)], by)


def call_off_due(today: date | None = None) -> int:
    """Call off what is due and was not yet, and write down why something cannot be; return how many orders were made.

    Safe to run twice and at once.
    """
    day = today or business_day()
    due = list(CallOff.objects.due(day).values_list("pk", flat=True))
    return sum(_call_off_due(pk, day) for pk in due)


def _call_off_due(call_off_id: int, day: date) -> int:
    """Call off with all that goes with it; when that cannot be entered, alone, so that no product stops another."""
    for alone in (False, True):
        try:
            return _call_off_if_due(call_off_id, day, alone=alone)
        except Refused as refusal:
            last = refusal
    _write_refusal(call_off_id, day, last)
    return 0


@transaction.atomic
def _call_off_if_due(call_off_id: int, day: date, *, alone: bool) -> int:
    """Call off unless somebody has, or has skipped or moved it, since we looked."""
    one = hold_call_off(call_off_id)
    if not _is_due(one, day):
        return 0
    _call_off([one] if alone else [one, *_besides(one)], None)
    return 1


def _besides(one: CallOff) -> list[CallOff]:
    """Return what else of the schedule is wanted on the day at the place, and was never called off."""
    same = CallOff.objects.never_called().filter(
        schedule=one.schedule_id, ship_to=one.ship_to_id, requested_on=one.requested_on
    )
    return list(same.exclude(pk=one.pk).select_related("agreement_line__product", "unit").order_by("pk"))


@transaction.atomic
def _write_refusal(call_off_id: int, day: date, refusal: Refused) -> None:
    one = hold_call_off(call_off_id)
    if _is_due(one, day):
        one.refusal = str(refusal)[:LONGEST_REASON]
        one.save(update_fields=["refusal"])


def _is_due(one: CallOff, day: date) -> bool:
    return CallOff.objects.due(day).filter(pk=one.pk).exists()


def _call_off(ones: Sequence[CallOff], by: User | None) -> Called:
    """Make the order of what is open of them, the first first. The caller holds the agreement."""
    one, agreement = ones[0], ones[0].schedule.agreement
    progress = progress_of(agreement.pk)
    if not progress[one.pk].open:
        raise CallOffRefused(_nothing_open(one))
    header = Header(
        agreement.customer_id,
        ship_to_id=one.ship_to_id,
        customer_po=one.schedule.customer_po,
        requested_on=max(one.requested_on, business_day()),
    )
    lines = [LineInput(each.unit_id, progress[each.pk].open) for each in ones]
    order = enter_order(header, lines, by=by)
    insert_rows(CallOffOrder, {"call_off_id": [each.pk for each in ones]}, order=order, by=by)
    order.record("called off", by=by, note=f"{agreement}, {day_in_words(one.requested_on)}")
    refusal = _submit(order, ones, by)
    CallOff.objects.filter(pk__in=[each.pk for each in ones]).update(refusal=refusal)
    agreement.record("called off", by=by, note=f"{day_in_words(one.requested_on)}: {order}", refusal=refusal)
    return Called(order, refusal)


def _submit(order: Order, ones: Sequence[CallOff], by: User | None) -> str:
    """Submit an order; return why it could not be, and leave the draft."""
    try:
        with transaction.atomic():
            _require_agreed(order, ones)
            submit_order(order.pk, by=by)
    except Refused as refusal:
        return str(refusal)[:LONGEST_REASON]
    return ""


def _require_agreed(order: Order, ones: Sequence[CallOff]) -> None:
    """Raise CallOffRefused when some of it is not at the price that is agreed: nobody expects another one."""
    agreed = [each.agreement_line_id for each in ones]
    other = order.lines.exclude(agreement_line__in=agreed).values_list("product").order_by("product")
    rest = dict(other.annotate(n=Sum("ordered")))
    if rest:
        parts = [
            _in_words(each, units) for each in ones if (units := rest.get(each.agreement_line.product_id))
        ]
        told = {"order": order, "quantity": ", ".join(parts), "agreement": ones[0].schedule.agreement}
        what = _(
            "%(order)s: %(quantity)s are not at the price of %(agreement)s. Look at the draft and submit it."
        )
        raise CallOffRefused(what % told)


def _in_words(one: CallOff, units: int) -> str:
    told = {"quantity": in_words(units, one.unit), "sku": one.agreement_line.reach}
    return _("%(quantity)s of %(sku)s") % told


def _require_holds(one: CallOff) -> None:
    agreement, today = one.schedule.agreement, business_day()
    holds = agreement.valid_from <= today < agreement.valid_to
    if agreement.status != AgreementStatus.IN_FORCE or not holds:
        what = _("%(agreement)s does not hold today; renew it, or enter an order at today's prices.")
        raise CallOffRefused(what % {"agreement": agreement})


def _nothing_open(one: CallOff) -> str:
    if one.skipped_at is not None:
        return _("%(call_off)s was skipped; plan it again first.") % said(one)
    made = one.made.select_related("order").order_by("-pk").first()
    told = {**said(one), "order": made.order if made else ""}
    return _("%(call_off)s is called off already: %(order)s. Change that order for more.") % told


def follow_split(order: Order, part: Order, *, by: User | None) -> None:
    """What was split off an order belongs to the same call-offs."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [part.pk, by.pk if by else None, order.pk])
