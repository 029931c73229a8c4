"""Orders for machines: listed, read, entered once, and moved along."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from oms.api.doorway import acting, read_body
from oms.api.fields import Strict
from oms.api.filters import DayFilter, Filters
from oms.idempotency import Answer
from oms.models import User
from orders.change_bodies import ChangeBody, CloseShortBody, SplitBody, read_change, read_split
from orders.models import Hold, Order, OrderCharge, OrderLine
from orders.order_bodies import CancelBody, NoBody, OrderBody, read_order
from orders.past_answers import WithPast
from orders.serializers import SHOWN_OF_LINES, OrderSerializer, OrderSummary
from orders.services.cancelling import cancel_order, close_short
from orders.services.capturing import enter_order
from orders.services.changing import change_order
from orders.services.confirming import confirm_order
from orders.services.copying import copy_order
from orders.services.splitting import split_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus

VIEW = "orders.view_order"
Move = Callable[[Order, dict[str, Any], User], Order]


def _change(order: Order, body: dict[str, Any], by: User) -> Order:
    return change_order(order.pk, read_change(order, body, by=by), by=by).order


class OrderFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus.choices)
    customer = django_filters.CharFilter(field_name="customer__code", help_text="the customer's code")
    customer_po = django_filters.CharFilter(field_name="customer_po")
    reference = django_filters.CharFilter(field_name="reference")
    ordered_from = DayFilter(field_name="ordered_on", lookup_expr="gte", help_text="that day or later")
    ordered_until = DayFilter(field_name="ordered_on", lookup_expr="lte", help_text="that day or earlier")


class OrderResource(WithPast[Order]):
    """What customers buy from us. Each POST is one step, the same that a person takes on a screen."""

    queryset = Order.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "number"
    filterset_class = OrderFilters
    orderings = {
        "-entered": "pk", "entered": "pk", "ordered_on": "ordered_on", "-ordered_on": "ordered_on",
        "requested_on": "requested_on", "-requested_on": "requested_on",
    }  # fmt: skip
    needs = {
        "list": (VIEW,),
        "retrieve": (VIEW,),
        "create": (VIEW, "orders.add_order"),
        "submit": (VIEW, "orders.submit_order"),
        "confirm": (VIEW, "orders.confirm_order"),
        "cancel": (VIEW, "orders.cancel_order"),
        "change": (VIEW, "orders.confirm_order"),
        "split": (VIEW, "orders.confirm_order"),
        "close_short": (VIEW, "orders.cancel_order"),
        "copy": (VIEW, "orders.add_order"),
    }
    summary_class = OrderSummary
    full_class = past_class = OrderSerializer

    def visible(self) -> QuerySet[Order]:
        return Order.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        return rows.select_related("customer", "warehouse", "currency")

    def for_page(self, rows: QuerySet[Order]) -> QuerySet[Order]:
        lines = OrderLine.objects.select_related("product", "unit", "warehouse").only(*SHOWN_OF_LINES)
        holds = Hold.objects.visible_to(acting(self.request)).open().select_related("owner")
        return (
            self.for_list(rows)
            .select_related("ship_to", "bill_to", "payment_terms")
            .prefetch_related(
                Prefetch("lines", lines.order_by("position")),
                Prefetch("holds", holds),
                Prefetch("charged", OrderCharge.objects.select_related("kind")),
                "taxes",
            )
        )

    @extend_schema(request=OrderBody)
    def create(self, request: Request) -> Response:
        """Enter a draft. It is priced for the customer; the same SKU may stand on several lines."""

        def enter() -> Answer:
            by = acting(request)
            header, lines = read_order(read_body(OrderBody, request), by=by)
            return Answer(201, self.shown(enter_order(header, lines, by=by)))

        answer = self.once(request, enter)
        answer["Location"] = request.build_absolute_uri(f"{answer.data['number']}/")
        return answer

    def move(self, request: Request, reader: type[Strict], step: Move) -> Response:
        order = self.find(self.visible())

        def act() -> Answer:
            return Answer(200, self.shown(step(order, read_body(reader, request), acting(request))))

        return self.once(request, act)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """The draft is complete. When a rule asks for approval, it has an open hold until somebody decides."""
        return self.move(request, NoBody, lambda order, _body, by: submit_order(order.pk, by=by))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, number: str) -> Response:
        """Promise it to the customer: stock is allocated, the rest waits. With an open hold it stays submitted."""
        return self.move(request, NoBody, lambda order, _body, by: confirm_order(order.pk, by=by))

    @extend_schema(request=ChangeBody)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, number: str) -> Response:
        """Change an order in work: lines, day, place. It is held where it becomes worse than was agreed.

        What is with the warehouse or has left is never taken away; 409 names it.
        """
        return self.move(request, ChangeBody, _change)

    @extend_schema(request=SplitBody)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, number: str) -> Response:
        """Move what is not begun of some lines into a order of its own, at the same prices; answers that one."""
        return self.move(
            request, SplitBody, lambda order, body, by: split_order(order.pk, read_split(order, body), by=by)
        )

    @extend_schema(request=CloseShortBody)
    @action(detail=True, methods=["post"], url_path="close-short")
    def close_short(self, request: Request, number: str) -> Response:
        """Cancel what is neither with the warehouse nor has left."""
        return self.move(
            request, CloseShortBody, lambda order, body, by: close_short(order.pk, body["reason"], by=by)
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, number: str) -> Response:
        """Enter a draft with the same lines at today's prices; nothing that was agreed comes along."""
        return self.move(request, NoBody, lambda order, _body, by: copy_order(order.pk, by=by))

    @extend_schema(request=CancelBody)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Cancel what has not left; 409 while the warehouse works on it."""
        return self.move(
            request,
            CancelBody,
            lambda order, body, by: cancel_order(order.pk, by=by, reason=body.get("reason", "")),
        )
