"""What can be promised of products, for machines: the same answer that the pad's panel shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.address_rules import wrong_country
from inventory.errors import NotOrderable
from inventory.models import Product, ProductUnit, Warehouse
from inventory.units import as_ordered
from oms.api.doorway import Doorway, acting
from oms.api.fields import read_date
from oms.api.problems import BadParameters
from oms.company import business_day
from oms.errors import Problem
from oms.numbers import LARGEST_QUANTITY, read_decimal
from oms.text import clean_code
from orders.promising import Answer, Offer, Question
from orders.services.promising import Destination, availability, pack_of

MOST_SKUS = 200
FURTHEST = timedelta(days=730)
LONGEST_TOLD = 40
NOT_ASKED = (0, 1)  # no quantity, in single base units


class PromiseSerializer(serializers.Serializer[Any]):
    """`bought` means that it must be purchased first, so the day is the supplier's lead time from today."""

    quantity = serializers.IntegerField()
    ship_on = serializers.DateField()
    deliver_on = serializers.DateField()
    bought = serializers.BooleanField()


class StepSerializer(serializers.Serializer[Any]):
    """From this day until the next step, so much can be promised to leave."""

    on = serializers.DateField()
    quantity = serializers.IntegerField(source="promisable")


class ComingSerializer(serializers.Serializer[Any]):
    """So much lies on the shelf on that day, from a supplier who has confirmed it or from another warehouse."""

    on = serializers.DateField()
    quantity = serializers.IntegerField()


class SubstituteSerializer(serializers.Serializer[Any]):
    """What may be sold instead, from the same warehouse."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField(help_text="that serves as well as the quantity asked for")
    available = serializers.IntegerField()
    promise = PromiseSerializer(allow_null=True)


class AvailabilityRow(serializers.Serializer[Any]):
    """Base units of a product in a warehouse, now.

    `available` = `on_hand` less `allocated` and less what is kept for other channels.
    """

    sku = serializers.CharField()
    warehouse = serializers.CharField()
    on_hand = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
    on_its_way = serializers.IntegerField(help_text="confirmed by suppliers or in transfers, not here yet")
    expected_on = serializers.DateField(allow_null=True, help_text="when the first of it is on the shelf")
    incoming = ComingSerializer(many=True)
    promisable = serializers.IntegerField(help_text="can be promised to leave on `date`, today when left out")
    by_date = StepSerializer(many=True, help_text="the same, from each day on which it changes")
    asked = serializers.IntegerField(allow_null=True, help_text="`quantity` in base units")
    promise = PromiseSerializer(allow_null=True, help_text="all of it at once; null: nobody knows a day")
    schedule = PromiseSerializer(many=True, help_text="in parts, each as early as it can be")
    substitutes = SubstituteSerializer(many=True)


@extend_schema_serializer(many=False)
class AvailabilityAnswer(serializers.Serializer[Any]):
    results = AvailabilityRow(many=True)


PARAMETERS = [
    OpenApiParameter(
        "sku", str, required=True, many=True, description=f"up to {MOST_SKUS}, each as its own parameter"
    ),
    OpenApiParameter("warehouse", str, many=True, description="warehouse codes; all when left out"),
    OpenApiParameter("quantity", str, many=True, description="one for all SKUs, or one for each in order"),
    OpenApiParameter("unit", str, description="of the quantities; the unit offered first when left out"),
    OpenApiParameter("date", date, description="nothing is to leave before that day"),
    OpenApiParameter("country", str, description="where it goes; the warehouse's own country when left out"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks, understood."""

    products: dict[str, int]
    sites: dict[str, int]
    questions: list[Question]
    to: Destination | None
    by_quantity: bool


@extend_schema_view(list=extend_schema(parameters=PARAMETERS, responses=AvailabilityAnswer))
class AvailabilityResource(Doorway[Product]):
    """What can be promised of each product in each warehouse: now, by date, and for a quantity."""

    queryset = Product.objects.none()
    pagination_class = None
    filter_backends = []
    parameters = frozenset({"sku", "warehouse", "quantity", "unit", "date", "country"})
    repeatable = frozenset({"sku", "warehouse", "quantity"})
    needs = {"list": ("inventory.view_product", "inventory.view_stocklevel", "inventory.view_warehouse")}
    serializer_class = AvailabilityAnswer

    def list(self, request: Request) -> Response:
        asked = _understand(request)
        warehouses = Warehouse.objects.visible_to(acting(request)).filter(pk__in=asked.sites.values())
        found = availability(asked.questions, warehouses, to=asked.to)
        skus = _skus_of(found)
        rows = [
            _row(sku, answer, offer, skus, by_quantity=asked.by_quantity)
            for sku, answer in zip(asked.products, found, strict=True)
            for offer in _in_order(answer.offers, asked.sites)
        ]
        return Response(AvailabilityAnswer({"results": rows}).data)


def _in_order(offers: Sequence[Offer], sites: dict[str, int]) -> list[Offer]:
    by_code = {offer.site.code: offer for offer in offers}
    return [by_code[code] for code in sites]


def _row(
    sku: str, answer: Answer, offer: Offer, skus: dict[int, str], *, by_quantity: bool
) -> dict[str, Any]:
    stock, coming = offer.stock, offer.stock.coming
    return {
        "sku": sku,
        "warehouse": offer.site.code,
        "on_hand": stock.on_hand,
        "allocated": stock.allocated,
        "available": stock.free,
        "on_its_way": sum(one.quantity for one in coming),
        "expected_on": min((one.on for one in coming), default=None),
        "incoming": coming,
        "promisable": offer.promisable,
        "by_date": _changes(offer),
        "asked": offer.quantity if by_quantity else None,
        "promise": offer.whole,
        "schedule": offer.parts,
        "substitutes": list(_substitutes(answer, offer, skus)),
    }


def _changes(offer: Offer) -> list[Any]:
    """Return the steps on which what can be promised changes."""
    steps = offer.projection.steps
    before = [None, *(step.promisable for step in steps)]
    return [step for step, last in zip(steps, before, strict=False) if step.promisable != last]


def _substitutes(answer: Answer, offer: Offer, skus: dict[int, str]) -> Iterator[dict[str, Any]]:
    for instead in answer.instead:
        there = next(one for one in instead.offers if one.site.id == offer.site.id)
        yield {
            "sku": skus[instead.product_id],
            "quantity": instead.quantity,
            "available": there.stock.free,
            "promise": there.whole,
        }


def _skus_of(found: Sequence[Answer]) -> dict[int, str]:
    ids = {instead.product_id for answer in found for instead in answer.instead}
    return dict(Product.objects.filter(pk__any_of=ids).values_list("pk", "sku"))


# --- reading the request --------------------------------------------------------------------------------------------


def _understand(request: Request) -> Asked:
    """Return what is asked; raise BadParameters naming everything that cannot be understood."""
    user, query = acting(request), request.query_params
    skus = list(dict.fromkeys(clean_code(sku) for sku in query.getlist("sku")))
    if not 0 < len(skus) <= MOST_SKUS:
        what = _("Name 1 to %(most)s SKUs, each as its own parameter.") % {"most": MOST_SKUS}
        raise BadParameters([Problem("sku", what)])
    known = dict(Product.objects.visible_to(user).filter(sku__in=skus).values_list("sku", "pk"))
    places = dict(Warehouse.objects.visible_to(user).order_by("code").values_list("code", "pk"))
    problems = [*_unknown(request, "sku", known), *_unknown(request, "warehouse", places)]
    amounts = _quantities(request, skus, known, problems)
    day, to = _day(query.get("date"), problems), _destination(query.get("country"), problems)
    if problems:
        raise BadParameters(problems)
    named = dict.fromkeys(clean_code(code) for code in query.getlist("warehouse")) or places
    return Asked(
        products={sku: known[sku] for sku in skus},
        sites={code: places[code] for code in named},
        questions=[
            Question(known[sku], amount, not_before=day, pack=pack)
            for sku, (amount, pack) in zip(skus, amounts, strict=True)
        ],
        to=to,
        by_quantity="quantity" in query,
    )


def _unknown(request: Request, name: str, known: dict[str, int]) -> Iterator[Problem]:
    for code in request.query_params.getlist(name):
        if clean_code(code) not in known:
            yield Problem(name, _("There is no “%(code)s”.") % {"code": code})


def _quantities(
    request: Request, skus: Sequence[str], known: dict[str, int], problems: list[Problem]
) -> list[tuple[int, int]]:
    """Return the quantity asked of each SKU and the pack it is in, in base units; none of it when none is asked."""
    typed = request.query_params.getlist("quantity")
    code = clean_code(request.query_params.get("unit", "")).upper()
    named = len(request.query_params.getlist("sku"))
    if len(typed) > 1 and not len(typed) == named == len(skus):
        problems.append(Problem("quantity", _("Name one quantity for all SKUs, or one for each of them.")))
        return []
    if code and not typed:
        problems.append(Problem("unit", _("A unit needs a quantity.")))
    units = _units(known.values(), code) if typed else {}
    return [
        _amount(sku, typed[min(place, len(typed) - 1)], units.get(known.get(sku, 0)), code, problems)
        if typed and sku in known
        else NOT_ASKED
        for place, sku in enumerate(skus)
    ]


def _units(products: Any, code: str) -> dict[int, ProductUnit]:
    chosen = {"code": code} if code else {"is_default": True}
    rows = ProductUnit.objects.filter(product__any_of=products, **chosen)
    return {unit.product_id: unit for unit in rows}


def _amount(
    sku: str, typed: str, unit: ProductUnit | None, code: str, problems: list[Problem]
) -> tuple[int, int]:
    if unit is None:
        what = _("%(sku)s is not sold in “%(unit)s”.") % {"sku": sku, "unit": code}
        problems.append(Problem("unit", what))
        return NOT_ASKED
    try:
        return _base(read_decimal(typed), sku, unit), pack_of(unit)
    except NotOrderable as mistake:
        problems.append(Problem("quantity", str(mistake)))
    except ValueError as mistake:
        problems.append(Problem("quantity", f"{sku}: {mistake}"))
    return NOT_ASKED


def _base(quantity: Decimal, sku: str, unit: ProductUnit) -> int:
    """Return what may be ordered, in base units; raise NotOrderable as a line would, ValueError for too much."""
    base = as_ordered(quantity, unit, sku=sku, name=unit.name)
    if base > LARGEST_QUANTITY:
        raise ValueError(_("A quantity is at most %(most)s base units.") % {"most": LARGEST_QUANTITY})
    return base


def _day(text: str | None, problems: list[Problem]) -> date | None:
    if text is None:
        return None
    today = business_day()
    try:
        day = read_date(text)
    except ValueError as mistake:
        problems.append(Problem("date", str(mistake)))
        return None
    if not today <= day <= today + FURTHEST:
        bounds = {"day": day, "until": today + FURTHEST}
        what = _("%(day)s lies in the past, or too far ahead: ask from today to %(until)s.") % bounds
        problems.append(Problem("date", what))
    return day


def _destination(text: str | None, problems: list[Problem]) -> Destination | None:
    if text is None:
        return None
    if wrong := wrong_country(text):
        problems.append(Problem("country", f"“{text[:LONGEST_TOLD]}” {wrong.rule} {wrong.remedy}"))
    return Destination(text)
