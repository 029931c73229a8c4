"""Call-offs become orders: on their day by the clock, or at once when somebody asks on the phone."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.status import AgreementStatus
from oms.company import business_day
from oms.errors import Refused
from oms.models import User
from orders.errors import CallOffRefused
from orders.models import CallOff, Order
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
    """The order that a call-off became; it is a draft when there is a `refusal`."""

    order: Order
    refusal: str


@transaction.atomic
def call_off(call_off_id: int, *, by: User | None) -> Called:
    """Make what is open of a call-off an order at the agreement's price, and submit it.

    When a check refuses that, the order stays a draft and the call-off says why. Raise CallOffRefused when nothing is
    open or the agreement does not hold, and what refuses to enter an order; then nothing has changed.
    """
    one = hold_call_off(call_off_id)
    _require_holds(one)
    return _call_off(one, by)


def call_off_due(today: date | None = None) -> int:
    """Call off what is due and was not yet, and write down why something cannot be; return how many orders were made.

    Safe to run twice and at once.
    """
    day = today or business_day()
    due = list(CallOff.objects.due(day).values_list("pk", flat=True))
    return sum(_call_off_due(pk, day) for pk in due)


def _call_off_due(call_off_id: int, day: date) -> int:
    try:
        return _call_off_if_due(call_off_id, day)
    except Refused as refusal:
        _write_refusal(call_off_id, day, refusal)
        return 0


@transaction.atomic
def _call_off_if_due(call_off_id: int, day: date) -> int:
    """Call off unless somebody has, or has skipped or moved it, since we looked."""
    one = hold_call_off(call_off_id)
    if not _is_due(one, day):
        return 0
    _call_off(one, None)
    return 1


@transaction.atomic
def _write_refusal(call_off_id: int, day: date, refusal: Refused) -> None:
    one = hold_call_off(call_off_id)
    if _is_due(one, day):
        one.refusal = str(refusal)[:LONGEST_REASON]
        one.save(update_fields=["refusal"])


def _is_due(one: CallOff, day: date) -> bool:
    return CallOff.objects.due(day).filter(pk=one.pk).exists()


def _call_off(one: CallOff, by: User | None) -> Called:
    """Make the order. The caller holds the agreement."""
    agreement, rest = one.schedule.agreement, progress_of(one.schedule.agreement_id)[one.pk].open
    if not rest:
        raise CallOffRefused(_nothing_open(one))
    header = Header(
        agreement.customer_id,
        ship_to_id=one.ship_to_id,
        customer_po=one.schedule.customer_po,
        requested_on=max(one.requested_on, business_day()),
    )
    order = enter_order(header, [LineInput(one.unit_id, rest)], by=by)
    one.made.create(order=order, by=by)
    order.record("called off", by=by, note=f"{agreement}, {day_in_words(one.requested_on)}")
    one.refusal = _submit(order, one, by)
    one.save(update_fields=["refusal"])
    agreement.record(
        "called off", by=by, note=f"{day_in_words(one.requested_on)}: {order}", refusal=one.refusal
    )
    return Called(order, one.refusal)


def _submit(order: Order, one: CallOff, by: User | None) -> str:
    """Submit an order; return why it could not be, and leave the draft."""
    try:
        with transaction.atomic():
            _require_agreed(order, one)
            submit_order(order.pk, by=by)
    except Refused as refusal:
        return str(refusal)[:LONGEST_REASON]
    return ""


def _require_agreed(order: Order, one: CallOff) -> None:
    """Raise CallOffRefused when some of it is not at the price that is agreed: nobody expects another one."""
    other = order.lines.exclude(agreement_line=one.agreement_line_id)
    rest = other.aggregate(n=Sum("ordered", default=0))["n"]
    if rest:
        told = {"order": order, "quantity": in_words(rest, one.unit), "agreement": one.schedule.agreement}
        what = _(
            "%(order)s: %(quantity)s are not at the price of %(agreement)s. Look at the draft and submit it."
        )
        raise CallOffRefused(what % told)


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
