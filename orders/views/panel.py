"""The availability panel of the pad: where a line's quantity is, when it comes, and what may be sold instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from customers.services.restricting import closed_to
from inventory.errors import BadQuantity
from inventory.models import Product, ProductUnit, Warehouse
from inventory.status import ProductStatus
from inventory.templatetags.quantities import in_unit
from inventory.units import from_base, written
from oms.models import User
from orders.promising import Answer, Instead, Offer
from orders.services.pricing import LineInput, price_parts
from orders.services.promising import availability, destination_of, holder_of, pack_of, questions_for
from orders.services.sheets import Sheet, sheet_of
from orders.views.kinds import Kind, StaffRequest


@dataclass(frozen=True, slots=True)
class Choice:
    """One key that changes the line: the pad's script sends the operation."""

    key: str
    text: str
    act: str
    value: str


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product that may be sold instead, in the unit it is offered in, at this customer's price."""

    product: Product
    unit: ProductUnit
    quantity: int
    offer: Offer
    price: Decimal | None

    @property
    def entry(self) -> str:
        """The line as it would be typed."""
        exact = from_base(self.quantity, numerator=self.unit.numerator, denominator=self.unit.denominator)
        return f"{self.product.sku} {written(exact)} {self.unit.code}"


def panel(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer with the panel for one line of a draft."""
    document = kind.find(request, number)
    kind.require(request, "change")
    sheet = sheet_of(document)
    line = _line(sheet, request.GET.get("line", ""))
    answer = _answer(sheet, line, request.user)
    substitutes = _substitutes(sheet, line, answer.instead)
    context = {
        "line": line,
        "answer": answer,
        "substitutes": substitutes,
        "choices": _choices(line, answer, substitutes),
        "currency": document.currency,
        "coming": [(offer.site, one) for offer in answer.offers for one in offer.stock.coming],
    }
    return render(request, "orders/_availability.html", context)


def _line(sheet: Sheet, text: str) -> Any:
    """Return the line with this id; 404 for what is none of the document's."""
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    line = sheet.lines.select_related("product", "unit").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def _answer(sheet: Sheet, line: Any, user: User) -> Answer:
    """Answer for the line after earlier lines of its product have taken their part."""
    same = sheet.lines.filter(product=line.product_id, position__lte=line.position).select_related("unit")
    lines = list(same.order_by("position"))
    seen = Warehouse.objects.visible_to(user).values("pk")
    places = Warehouse.objects.filter(Q(pk=sheet.document.warehouse_id) | Q(pk__in=seen))
    questions = questions_for(lines, sheet.document.warehouse_id)
    return availability(
        questions, places, to=destination_of(sheet.document), holder=holder_of(sheet.document)
    )[-1]


def _substitutes(sheet: Sheet, line: Any, instead: Sequence[Instead]) -> list[Substitute]:
    """Return what may be sold instead in whole sales units, with this customer's prices."""
    units = ProductUnit.objects.filter(
        product__any_of=[one.product_id for one in instead], is_default=True
    ).exclude(product__status__in=[ProductStatus.BLOCKED, ProductStatus.DISCONTINUED])
    closed = closed_to(sheet.document.customer_id, (one.product_id for one in instead)) if instead else {}
    offered = {u.product_id: u for u in units.select_related("product") if u.product_id not in closed}
    found = [(one, offered[one.product_id]) for one in instead if one.product_id in offered]
    lines = [LineInput(unit.pk, _whole_packs(one.quantity, unit)) for one, unit in found]
    return [
        Substitute(unit.product, unit, wanted.ordered, one.offers[0], price)
        for (one, unit), wanted, price in zip(found, lines, _prices(sheet, lines), strict=True)
    ]


def _prices(sheet: Sheet, lines: Sequence[LineInput]) -> list[Decimal | None]:
    """Return the customer's unit prices; none for amounts that no document holds."""
    if not lines:
        return []
    try:
        priced = price_parts(sheet.buyer, lines)
    except BadQuantity:
        return [None] * len(lines)
    return [parts[0].unit_price for parts in priced]


def _whole_packs(quantity: int, unit: ProductUnit) -> int:
    """Return the quantity rounded up to what can be ordered in the unit."""
    pack = pack_of(unit)
    return -(-quantity // pack) * pack


def _choices(line: Any, answer: Answer, substitutes: Sequence[Substitute]) -> list[Choice]:
    """Return what one key can do about the line: less of it now, something else, or from elsewhere."""
    here = answer.offers[0]
    first = here.site.first_ship_day
    soonest = sum(part.quantity for part in here.parts if part.ship_on == first and not part.bought)
    now = min(soonest, here.promisable_at_once)
    found = []
    if 0 < now < line.ordered:
        text = _("Only %(quantity)s %(unit)s now") % {
            "quantity": in_unit(now, line.unit), "unit": line.unit.name,
        }  # fmt: skip
        exact = written(from_base(now, numerator=line.unit.numerator, denominator=line.unit.denominator))
        found.append(Choice("q", text, "quantity", f"{exact} {line.unit.code}"))
    if substitutes:
        text = _("Swap for %(sku)s") % {"sku": substitutes[0].product.sku}
        found.append(Choice("s", text, "swap", substitutes[0].entry))
    elsewhere = next((offer for offer in answer.offers[1:] if _sooner(offer, here)), None)
    if elsewhere:
        text = _("All lines from %(site)s") % {"site": elsewhere.site.code}
        found.append(Choice("o", text, "warehouse", str(elsewhere.site.id)))
    return found


def _sooner(offer: Offer, here: Offer) -> bool:
    return offer.whole is not None and (here.whole is None or offer.whole.ship_on < here.whole.ship_on)
