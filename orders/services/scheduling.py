"""A schedule of call-offs hangs on an agreement: planned for one day or many, changed, skipped and planned again.

Whoever writes to a schedule holds its agreement, so that plans and call-offs of one agreement come one after the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Address, Agreement, AgreementLine
from customers.status import AgreementStatus
from inventory.calendars import Calendar
from inventory.errors import NotOrderable
from inventory.models import ProductUnit
from inventory.units import from_base, misfit, written
from oms.company import business_day
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from oms.prepared import planned_once
from oms.rows import lock_row
from oms.sets import array, insert_rows
from orders.call_offs import Progress, days_of
from orders.errors import CallOffRefused
from orders.models import CallOff, CallOffSchedule
from orders.services.checking import too_far
from orders.status import Interval

MOST_DAYS = 100
# What the orders of each call-off ask for of its product, have drawn for it, and have shipped.
TOLD = """
    SELECT c.id, c.quantity, coalesce(o.ordered, 0), coalesce(o.drawn, 0), coalesce(o.shipped, 0),
           c.skipped_at IS NOT NULL
    FROM orders_calloff c
    JOIN orders_calloffschedule s ON s.id = c.schedule_id
    JOIN customers_agreementline g ON g.id = c.agreement_line_id
    LEFT JOIN LATERAL (
        SELECT sum(l.ordered - l.cancelled) AS ordered, sum(l.shipped) AS shipped,
               sum((SELECT sum(d.quantity) FROM orders_agreementdraw d
                    WHERE d.line_id = l.id AND d.agreement_line_id = g.id)) AS drawn
        FROM orders_callofforder m JOIN orders_orderline l ON l.order_id = m.order_id AND l.product_id = g.product_id
        WHERE m.call_off_id = c.id) o ON true
"""
PROGRESS = f"{TOLD} WHERE s.agreement_id = %s"
PROGRESS_OF_THESE = f"{TOLD} WHERE c.id = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Portions:
    """So many base units of a line of an agreement at a place, on so many days from the first on."""

    agreement_line_id: int
    ship_to_id: int
    quantity: int
    first: date
    interval: Interval = Interval.WEEKLY
    count: int = 1


def progress_of(agreement_id: int) -> dict[int, Progress]:
    """Return how far each call-off of an agreement is, from one statement."""
    return _progress(PROGRESS, agreement_id)


def progress_of_these(call_offs: Iterable[int]) -> dict[int, Progress]:
    """Return how far each of these call-offs is, from one statement."""
    return _progress(PROGRESS_OF_THESE, array(call_offs))


def _progress(sql: str, wanted: int | str) -> dict[int, Progress]:
    with planned_once() as cursor:
        cursor.execute(sql, [wanted])
        return {pk: Progress(n, int(o), int(d), int(s), off) for pk, n, o, d, s, off in cursor.fetchall()}


def claims_of(agreement_id: int, progress: Mapping[int, Progress]) -> Counter[int]:
    """Return how much the call-offs of each line of an agreement will still draw, by the line."""
    claims = Counter[int]()
    lines = CallOff.objects.filter(schedule__agreement=agreement_id).order_by()
    for pk, line in lines.values_list("pk", "agreement_line"):
        claims[line] += progress[pk].claims
    return claims


@transaction.atomic
def set_schedule(agreement_id: int, *, lead_days: int, customer_po: str, by: User | None) -> CallOffSchedule:
    """Say how an agreement is called off: so many days ahead, under this PO number."""
    agreement = lock_row(Agreement, agreement_id)
    schedule = _schedule(agreement)
    schedule.lead_days, schedule.customer_po = lead_days, customer_po
    schedule.save(update_fields=["lead_days", "customer_po"])
    agreement.record("call-offs set", by=by, note=_("%(n)s days ahead") % {"n": lead_days})
    return schedule


@transaction.atomic
def plan_call_offs(agreement_id: int, wanted: Portions, *, by: User | None) -> list[date]:
    """Plan a call-off for each day wanted, or for the next one on which its place is open; return the days.

    Raise CallOffRefused, or NotOrderable for a quantity its unit is not sold in; then nothing is planned.
    """
    agreement = lock_row(Agreement, agreement_id)
    _require_in_force(agreement)
    line = _line_of(agreement, wanted.agreement_line_id)
    place = _place_of(agreement, wanted.ship_to_id)
    require_sold_so(line, line.sold_in, wanted.quantity)
    if not 1 <= wanted.count <= MOST_DAYS:
        raise CallOffRefused(_("Plan 1 to %(n)s days at once.") % {"n": MOST_DAYS})
    _require_days(agreement, [wanted.first])
    calendar = Calendar(country=place.country, subdivision=place.region)
    days = days_of(wanted.first, wanted.interval, wanted.count, calendar)
    _require_days(agreement, days)
    _require_free(line, place, days)
    columns = {"requested_on": days}
    insert_rows(
        CallOff,
        columns,
        schedule=_schedule(agreement),
        agreement_line=line,
        ship_to=place,
        unit=line.sold_in,
        quantity=wanted.quantity,
        planned_by=by,
    )
    _require_room(agreement, line)
    agreement.record("call-offs planned", by=by, note=_planned(line, wanted.quantity, days))
    return days


def _schedule(agreement: Agreement) -> CallOffSchedule:
    return CallOffSchedule.objects.get_or_create(agreement=agreement)[0]


def _planned(line: AgreementLine, quantity: int, days: Sequence[date]) -> str:
    text = ngettext(
        "%(quantity)s of %(sku)s on %(first)s",
        "%(quantity)s of %(sku)s on each of %(n)s days from %(first)s to %(last)s",
        len(days),
    )
    return text % {
        "quantity": in_words(quantity, line.sold_in),
        "sku": line.reach,
        "n": len(days),
        "first": day_in_words(days[0]),
        "last": day_in_words(days[-1]),
    }


def day_in_words(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def in_words(base: int, unit: ProductUnit) -> str:
    """Return base units as people say them in a unit: 3 boxes."""
    return f"{written(from_base(base, numerator=unit.numerator, denominator=unit.denominator))} {unit.name}"


@transaction.atomic
def change_call_off(
    call_off_id: int, *, requested_on: date | None = None, quantity: int | None = None, by: User | None
) -> CallOff:
    """Want it on another day, or another quantity; None leaves as it is what somebody else may have changed meanwhile.

    Raise CallOffRefused when an order was made of it already.
    """
    one = hold_call_off(call_off_id)
    agreement, line = one.schedule.agreement, one.agreement_line
    day = requested_on or one.requested_on
    quantity = one.quantity if quantity is None else quantity
    _require_never_called(one)
    _require_in_force(agreement)
    require_sold_so(line, one.unit, quantity)
    if day != one.requested_on:
        _require_days(agreement, [day])
        _require_free(line, one.ship_to, [day])
    told = {
        "before": day_in_words(one.requested_on),
        "day": day_in_words(day),
        "quantity": in_words(quantity, one.unit),
    }
    one.requested_on, one.quantity, one.refusal = day, quantity, ""
    one.save(update_fields=["requested_on", "quantity", "refusal"])
    _require_room(agreement, line)
    agreement.record("call-off changed", by=by, note=_("%(before)s: %(quantity)s on %(day)s") % told)
    return one


@transaction.atomic
def skip_call_off(call_off_id: int, *, by: User | None) -> CallOff:
    """What is open of a call-off is not wanted any more. Raise CallOffRefused when nothing is."""
    one = hold_call_off(call_off_id)
    if not progress_of(one.schedule.agreement_id)[one.pk].open:
        raise CallOffRefused(_("Nothing of %(call_off)s is open; change its order instead.") % said(one))
    one.skipped_at, one.refusal = timezone.now(), ""
    one.save(update_fields=["skipped_at", "refusal"])
    one.schedule.agreement.record("call-off skipped", by=by, note=day_in_words(one.requested_on))
    return one


@transaction.atomic
def plan_again(call_off_id: int, *, by: User | None) -> CallOff:
    """What was skipped is wanted after all. Raise CallOffRefused when its day is over or the agreement has no room."""
    one = hold_call_off(call_off_id)
    agreement = one.schedule.agreement
    if one.skipped_at is None:
        raise CallOffRefused(_("%(call_off)s was not skipped; it is wanted.") % said(one))
    _require_in_force(agreement)
    _require_days(agreement, [one.requested_on])
    _require_free(one.agreement_line, one.ship_to, [one.requested_on])
    one.skipped_at = None
    one.save(update_fields=["skipped_at"])
    _require_room(agreement, one.agreement_line)
    agreement.record("call-off planned again", by=by, note=day_in_words(one.requested_on))
    return one


def hold_call_off(call_off_id: int) -> CallOff:
    """Return a call-off as it is once its agreement is held; nobody else plans or calls off until the end."""
    (agreement_id,) = CallOff.objects.values_list("schedule__agreement").get(pk=call_off_id)
    agreement = lock_row(Agreement, agreement_id)
    joined = ("schedule", "agreement_line__product", "ship_to", "unit")
    one = CallOff.objects.select_related(*joined).get(pk=call_off_id)
    one.schedule.agreement = agreement
    return one


def said(one: CallOff) -> Mapping[str, str]:
    """Return a call-off as refusals name it."""
    told = {"agreement": str(one.schedule.agreement), "day": day_in_words(one.requested_on)}
    return {"call_off": _("%(agreement)s, %(sku)s on %(day)s") % {**told, "sku": one.agreement_line.reach}}


# --- what is asked before ---------------------------------------------------------------------------------------------


def _require_in_force(agreement: Agreement) -> None:
    if agreement.status != AgreementStatus.IN_FORCE or agreement.valid_to <= business_day():
        what = _("%(agreement)s is not in force. Put it in force, or renew it, and plan then.")
        raise CallOffRefused(what % {"agreement": agreement})


def _line_of(agreement: Agreement, line_id: int) -> AgreementLine:
    line = agreement.lines.of_one_product().select_related("product", "unit").filter(pk=line_id).first()
    if line is None:
        raise CallOffRefused(
            _("%(agreement)s has no such line; choose one of its products.") % {"agreement": agreement}
        )
    return line


def _place_of(agreement: Agreement, ship_to_id: int) -> Address:
    for address in Address.objects.near(agreement.customer_id):
        if address.pk == ship_to_id and address.is_ship_to:
            return address
    what = _("%(agreement)s: the goods cannot go there; choose an address for goods of the customer.")
    raise CallOffRefused(what % {"agreement": agreement})


def require_sold_so(line: AgreementLine, unit: ProductUnit, quantity: int) -> None:
    """Raise NotOrderable for a quantity in base units that the unit is not sold in, CallOffRefused for too many."""
    if quantity > LARGEST_QUANTITY:
        raise CallOffRefused(_("Nobody can call off that much; enter a smaller quantity."))
    wanted = from_base(quantity, numerator=unit.numerator, denominator=unit.denominator)
    if problem := misfit(wanted, unit):
        nearest = f"{problem.choice} {unit.name}"
        raise NotOrderable(in_words(quantity, unit), line.reach, problem.rule, nearest)


def _require_days(agreement: Agreement, days: Sequence[date]) -> None:
    """Raise CallOffRefused for a day that is over, too far away, or on which the agreement does not hold."""
    first = max(business_day(), agreement.valid_from)
    for day in days:
        if not first <= day < agreement.valid_to:
            told = {"agreement": agreement, "day": day_in_words(day), "first": day_in_words(first)}
            what = _(
                "%(agreement)s cannot be called off for %(day)s; choose days from %(first)s until before %(end)s."
            )
            raise CallOffRefused(what % {**told, "end": day_in_words(agreement.valid_to)})
        if far := too_far(day, business_day()):
            raise CallOffRefused(far)


def _require_free(line: AgreementLine, place: Address, days: Sequence[date]) -> None:
    """Raise CallOffRefused when the same is planned for one of these days already."""
    same = CallOff.objects.filter(agreement_line=line, ship_to=place, requested_on__in=days, skipped_at=None)
    if (one := same.first()) is not None:
        told = {"sku": line.reach, "place": place, "day": day_in_words(one.requested_on)}
        what = _(
            "%(sku)s is planned for %(place)s on %(day)s already; change that call-off, or choose another day."
        )
        raise CallOffRefused(what % told)


def _require_never_called(one: CallOff) -> None:
    if one.skipped_at is not None:
        raise CallOffRefused(_("%(call_off)s was skipped; plan it again first.") % said(one))
    if made := one.made.select_related("order").order_by("-pk").first():
        told = {**said(one), "order": made.order}
        raise CallOffRefused(_("%(call_off)s was made into %(order)s; change that order instead.") % told)


def _require_room(agreement: Agreement, line: AgreementLine) -> None:
    """Raise CallOffRefused when what is taken and what is planned come to more than the agreement has at most."""
    if line.maximum is None:
        return
    planned = claims_of(agreement.pk, progress_of(agreement.pk))[line.pk]
    if (over := line.drawn + planned - line.maximum) > 0:
        told = {
            "agreement": agreement,
            "sku": line.reach,
            "maximum": in_words(line.maximum, line.sold_in),
            "drawn": in_words(line.drawn, line.sold_in),
            "planned": in_words(planned, line.sold_in),
            "over": in_words(over, line.sold_in),
        }
        raise CallOffRefused(
            _("%(agreement)s, %(sku)s: at most %(maximum)s are agreed, %(drawn)s are taken and %(planned)s would be "
              "planned. Plan %(over)s less, or skip other call-offs.") % told
        )  # fmt: skip
