"""Where an order is, in words for its customer. No database here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.status import ShipmentStatus
from orders.status import IN_WORK, OrderStatus

MOST_NAMED = 3  # cartons that the sentence names one by one


@dataclass(frozen=True, slots=True)
class Carton:
    """A carton, counted through the whole order, with where its carrier says it is."""

    number: int
    carrier: str = ""
    tracking_number: str = ""
    url: str = ""
    news: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What of an order leaves together; `at` is when it was packed, when it left us, or when it arrived."""

    status: str
    has_left: bool
    at: datetime | None
    cartons: Sequence[Carton] = ()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All that the sentence is made of: `rest` counts the lines of which something is with no shipment yet.

    `in_work_due_on` is when what is in a shipment and has not left is due at the latest.
    """

    status: str
    is_held: bool
    parts: Sequence[Part]
    rest: int
    due_on: date | None
    today: date
    in_work_due_on: date | None = None

    @property
    def cartons(self) -> int:
        return sum(len(part.cartons) for part in self.parts)


def told(order: Whereabouts) -> str:
    """Return where the order is, as short sentences, without anything of ours in them."""
    return " ".join(_told(order))


def _told(order: Whereabouts) -> Iterator[str]:
    if order.status == OrderStatus.CANCELLED:
        yield _("This order was cancelled.")
        return
    if order.status in (OrderStatus.DRAFT, OrderStatus.SUBMITTED):
        yield _("We have your order and are checking it; you will hear from us.")
        return
    for part in order.parts:
        yield from _part(order, part)
    if any(part.status in (ShipmentStatus.PLANNED, ShipmentStatus.PICKING) for part in order.parts):
        yield _picking(order)
    if order.rest and order.status in IN_WORK:
        yield _rest(order)
    if not order.parts and not order.rest:
        yield _("Nothing is left to send.")


def _part(order: Whereabouts, part: Part) -> Iterator[str]:
    when = _when(part.at, order.today) if part.at else ""
    if part.status == ShipmentStatus.DELIVERED:
        yield _("%(cartons)s arrived %(when)s.") % {"cartons": _cartons(order, part), "when": when}
    elif part.has_left:
        yield _("%(cartons)s left %(when)s.") % {"cartons": _cartons(order, part), "when": when}
    elif part.status not in (ShipmentStatus.PLANNED, ShipmentStatus.PICKING):
        yield _("Packed %(when)s.") % {"when": when}


def _cartons(order: Whereabouts, part: Part) -> str:
    """Name the cartons of a part as the customer counts them."""
    numbers = [str(carton.number) for carton in part.cartons]
    if not numbers:
        return _("A part of it")
    if len(numbers) > MOST_NAMED:
        numbers = [_("%(first)s to %(last)s") % {"first": numbers[0], "last": numbers[-1]}]
    told = {"numbers": ", ".join(numbers), "of": order.cartons}
    return ngettext("Carton %(numbers)s of %(of)s", "Cartons %(numbers)s of %(of)s", len(part.cartons)) % told


def _when(moment: datetime, today: date) -> str:
    local = timezone.localtime(moment)
    told = {"day": date_format(local), "time": time_format(local)}
    return (_("today, %(time)s") if local.date() == today else _("on %(day)s, %(time)s")) % told


def _picking(order: Whereabouts) -> str:
    """Say until when it is expected, unless that day is over: then the customer hears from us."""
    if order.in_work_due_on is None or order.in_work_due_on < order.today:
        return _("We are picking.")
    return _("We are picking; due %(day)s.") % {"day": date_format(order.in_work_due_on)}


def _rest(order: Whereabouts) -> str:
    if order.is_held:
        return _("We are checking something before the rest leaves; you will hear from us.")
    if order.due_on is None:
        return _("The day of the rest is not known yet; you will hear from us.")
    told = {"day": date_format(order.due_on)}
    return (_("Rest due %(day)s.") if order.parts else _("Due %(day)s.")) % told
