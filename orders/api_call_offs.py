"""Call-offs of agreements, for machines: listed, read, planned, and called off now."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Address, Agreement, AgreementLine, Customer
from inventory.errors import NotOrderable
from inventory.models import ProductUnit
from inventory.units import as_ordered, from_base, written
from oms.api.doorway import Resource, acting, read_body
from oms.api.fields import DayField, NumberField, Strict, TextField
from oms.api.filters import DayFilter, Filters
from oms.api.problems import Unprocessable
from oms.errors import Problem
from oms.idempotency import Answer
from oms.models import User
from oms.numbers import LARGEST_QUANTITY
from orders.models import CallOff, CallOffOrder
from orders.order_bodies import NoBody
from orders.services.calling_off import call_off
from orders.services.scheduling import (
    MOST_DAYS,
    Portions,
    change_call_off,
    plan_again,
    plan_call_offs,
    progress_of_these,
    skip_call_off,
)
from orders.status import CallOffStatus, Interval

VIEW, CHANGE = "orders.view_calloff", "orders.change_calloff"
Step = Callable[[CallOff, dict[str, Any], User], object]


class CallOffSerializer(serializers.Serializer[Any]):
    """So much of a product, wanted on a day at a place. Quantities are in the unit; its orders say how far it is."""

    id = serializers.IntegerField()
    agreement = serializers.CharField(source="schedule.agreement.number")
    customer = serializers.CharField(source="schedule.agreement.customer.code")
    sku = serializers.CharField(source="agreement_line.product.sku")
    unit = serializers.CharField(source="unit.code", help_text="UN/ECE Recommendation 20")
    ship_to = serializers.CharField(source="ship_to.code")
    requested_on = serializers.DateField()
    called_off_on = serializers.SerializerMethodField(help_text="when the clock makes the order")
    status = serializers.ChoiceField(CallOffStatus.choices, source="progress.status")
    quantity = serializers.SerializerMethodField()
    ordered = serializers.SerializerMethodField()
    shipped = serializers.SerializerMethodField()
    open = serializers.SerializerMethodField()
    orders = serializers.SerializerMethodField(help_text="their numbers, the first first")
    refusal = serializers.CharField(help_text="why the last try made no order, or left a draft; else empty")

    def get_called_off_on(self, one: CallOff) -> str:
        return (one.requested_on - timedelta(days=one.schedule.lead_days)).isoformat()

    def get_quantity(self, one: Any) -> str:
        return _in_unit(one, one.progress.quantity)

    def get_ordered(self, one: Any) -> str:
        return _in_unit(one, one.progress.ordered)

    def get_shipped(self, one: Any) -> str:
        return _in_unit(one, one.progress.shipped)

    def get_open(self, one: Any) -> str:
        return _in_unit(one, one.progress.open)

    def get_orders(self, one: CallOff) -> list[str]:
        return [made.order.number for made in one.made.all()]


def _in_unit(one: CallOff, units: int) -> str:
    return written(from_base(units, numerator=one.unit.numerator, denominator=one.unit.denominator))


class PlannedSerializer(serializers.Serializer[Any]):
    """What was planned, by day."""

    results = CallOffSerializer(many=True)


class PlanBody(Strict):
    """A product of an agreement at a place, on one day or on several."""

    agreement = TextField(most=20, code=True, help_text="the agreement's number")
    sku = TextField(most=60, code=True)
    ship_to = TextField(most=40, code=True, help_text="the code of an address for goods")
    quantity = NumberField(
        decimals=12,
        most=Decimal(LARGEST_QUANTITY),
        positive=True,
        help_text="in the agreement's unit, each time",
    )
    first = DayField(help_text="a day on which nobody works at the address becomes the next one")
    count = NumberField(
        decimals=0,
        most=Decimal(MOST_DAYS),
        positive=True,
        required=False,
        help_text="how many times; 1 when left out",
    )
    interval = serializers.ChoiceField(Interval.choices, required=False, help_text="weekly when left out")


class ChangeCallOffBody(Strict):
    """What becomes different; what is left out stays."""

    requested_on = DayField(required=False, help_text="a day on which the agreement holds")
    quantity = NumberField(
        decimals=12, most=Decimal(LARGEST_QUANTITY), positive=True, required=False, help_text="in its unit"
    )


class CallOffFilters(Filters):
    agreement = django_filters.CharFilter(
        field_name="schedule__agreement__number", help_text="the agreement's number"
    )
    customer = django_filters.CharFilter(
        field_name="schedule__agreement__customer__code", help_text="the customer's code"
    )
    requested_from = DayFilter(field_name="requested_on", lookup_expr="gte", help_text="that day or later")
    requested_until = DayFilter(field_name="requested_on", lookup_expr="lte", help_text="that day or earlier")


class CallOffResource(Resource[CallOff]):
    """What customers will call off from their agreements, day by day."""

    queryset = CallOff.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = CallOffFilters
    orderings = {"requested_on": "requested_on", "-requested_on": "requested_on", "id": "pk", "-id": "pk"}
    needs = {
        "list": (VIEW,),
        "retrieve": (VIEW,),
        "create": (VIEW, CHANGE),
        "change": (VIEW, CHANGE),
        "skip": (VIEW, CHANGE),
        "plan_again": (VIEW, CHANGE),
        "call": (VIEW, "orders.call_off"),
    }
    summary_class = CallOffSerializer
    full_class = CallOffSerializer

    def visible(self) -> QuerySet[CallOff]:
        return CallOff.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[CallOff]) -> QuerySet[CallOff]:
        made = Prefetch("made", CallOffOrder.objects.select_related("order").order_by("order_id"))
        joined = ("schedule__agreement__customer", "agreement_line__product", "ship_to", "unit")
        return rows.select_related(*joined).prefetch_related(made)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._told(page or []))

    def retrieve(self, request: Request, **_kwargs: str) -> Response:
        return Response(self._told([self.get_object()])[0])

    def shown(self, changed: CallOff) -> Any:
        return self._told(list(self.for_page(CallOff.objects.filter(pk=changed.pk))))[0]

    def _told(self, rows: Sequence[Any]) -> Any:
        progress = progress_of_these([one.pk for one in rows])
        for one in rows:
            one.progress = progress[one.pk]
        return [dict(told) for told in CallOffSerializer(rows, many=True).data]

    @extend_schema(request=PlanBody, responses={201: PlannedSerializer})
    def create(self, request: Request) -> Response:
        """Plan for one day or many, within what the agreement has at most. All of it is planned, or nothing."""

        def plan() -> Answer:
            by = acting(request)
            agreement, wanted = read_plan(read_body(PlanBody, request), by=by)
            days = plan_call_offs(agreement.pk, wanted, by=by)
            planned = CallOff.objects.filter(
                agreement_line=wanted.agreement_line_id,
                ship_to=wanted.ship_to_id,
                requested_on__in=days,
                skipped_at=None,
            )
            rows = self.for_list(planned).order_by("requested_on")
            return Answer(201, {"results": self._told(list(rows))})

        return self.once(request, plan)

    def move(self, request: Request, reader: type[Strict], step: Step) -> Response:
        one = self.find(self.for_list(self.visible()))

        def act() -> Answer:
            step(one, read_body(reader, request), acting(request))
            return Answer(200, self.shown(one))

        return self.once(request, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="call-off")
    def call(self, request: Request, pk: str) -> Response:
        """Make the order now, with what else is wanted that day at that place. What a check refuses stays a draft."""
        return self.move(request, NoBody, lambda one, _body, by: call_off(one.pk, by=by))

    @extend_schema(request=ChangeCallOffBody)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Want it on another day, or another quantity; 409 once an order was made of it."""
        return self.move(request, ChangeCallOffBody, _change)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """What is open of it is not wanted any more; 409 when nothing is."""
        return self.move(request, NoBody, lambda one, _body, by: skip_call_off(one.pk, by=by))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="plan-again")
    def plan_again(self, request: Request, pk: str) -> Response:
        """What was skipped is wanted after all; 409 when its day is over or the agreement has no room."""
        return self.move(request, NoBody, lambda one, _body, by: plan_again(one.pk, by=by))


def _change(one: CallOff, body: dict[str, Any], by: User) -> CallOff:
    problems: list[Problem] = []
    wanted = body.get("quantity")
    quantity = None if wanted is None else _quantity(one.agreement_line, one.unit, wanted, problems)
    if problems:
        raise Unprocessable(problems)
    return change_call_off(one.pk, requested_on=body.get("requested_on"), quantity=quantity, by=by)


def read_plan(body: dict[str, Any], *, by: User) -> tuple[Agreement, Portions]:
    """Return what a body means to this user; raise Unprocessable with every code that means nothing."""
    problems: list[Problem] = []
    mine = Agreement.objects.visible_to(by).filter(customer__in=Customer.objects.visible_to(by))
    agreement = mine.filter(number=body["agreement"]).first()
    if agreement is None:
        raise Unprocessable([_unknown("/agreement", body["agreement"])])
    line = (
        agreement.lines.of_one_product()
        .select_related("unit", "product")
        .filter(product__sku=body["sku"])
        .first()
    )
    if line is None:
        problems.append(_unknown("/sku", body["sku"]))
    place = _place(agreement, body["ship_to"])
    if place is None:
        problems.append(_unknown("/ship_to", body["ship_to"]))
    quantity = _quantity(line, line.sold_in, body["quantity"], problems) if line else 0
    if line is None or place is None or problems:
        raise Unprocessable(problems)
    often = Interval(body.get("interval", Interval.WEEKLY)), int(body.get("count", 1))
    return agreement, Portions(line.pk, place.pk, quantity, body["first"], *often)


def _unknown(at: str, code: str) -> Problem:
    return Problem(at, _("There is no “%(code)s”.") % {"code": code})


def _place(agreement: Agreement, code: str) -> Address | None:
    """Return an address for goods of the customer by its code, or of the nearest company above or below."""
    near: list[Any] = [
        one for one in Address.objects.near(agreement.customer_id) if one.is_ship_to and one.code == code
    ]
    return min(near, key=lambda one: abs(one.distance), default=None)


def _quantity(line: AgreementLine, unit: ProductUnit, wanted: Decimal, problems: list[Problem]) -> int:
    try:
        return as_ordered(wanted, unit, sku=line.reach, name=unit.name)
    except NotOrderable as refusal:
        problems.append(Problem("/quantity", str(refusal)))
        return 0
