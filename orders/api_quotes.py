"""Quotes for machines: listed, and read as they are or as they were."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import F, Prefetch, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from oms.api.doorway import acting
from oms.api.filters import DayFilter, Filters
from orders.models import Quote, QuoteCharge, QuoteLine, QuoteVersion
from orders.past_answers import WithPast
from orders.quote_serializers import QuoteSerializer, QuoteSummary
from orders.status import QuoteStatus

VIEW = "orders.view_quote"


class QuoteFilters(Filters):
    status = django_filters.MultipleChoiceFilter(choices=QuoteStatus.choices)
    customer = django_filters.CharFilter(field_name="customer__code", help_text="the customer's code")
    customer_po = django_filters.CharFilter(field_name="customer_po")
    valid_from = DayFilter(field_name="valid_until", lookup_expr="gte", help_text="still valid that day")


class QuoteResource(WithPast[Quote]):
    """What was offered to customers. People draft and send quotes; machines read them."""

    queryset = Quote.objects.none()  # tells the schema the model; visible() is what is read
    lookup_field = "number"
    filterset_class = QuoteFilters
    orderings = {
        "-entered": "pk",
        "entered": "pk",
        "valid_until": "valid_until",
        "-valid_until": "valid_until",
    }
    needs = {"list": (VIEW,), "retrieve": (VIEW,)}
    summary_class = QuoteSummary
    full_class = past_class = QuoteSerializer

    def visible(self) -> QuerySet[Quote]:
        return Quote.objects.visible_to(acting(self.request))

    def for_list(self, rows: QuerySet[Quote]) -> QuerySet[Quote]:
        return _with_version(rows, QuoteVersion.objects.all())

    def for_page(self, rows: QuerySet[Quote]) -> QuerySet[Quote]:
        lines = QuoteLine.objects.select_related("product", "unit").order_by("position")
        charged = QuoteCharge.objects.select_related("kind")
        whole = QuoteVersion.objects.prefetch_related(
            Prefetch("lines", lines), Prefetch("charged", charged), "taxes", "deciders"
        )
        return _with_version(rows.select_related("ship_to"), whole)

    def list(self, request: Request) -> Response:
        page = _told(self.paginate_queryset(self.filter_queryset(self.get_queryset())) or [])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def get_object(self) -> Quote:
        quote = super().get_object()
        _told([quote])
        return quote


def _with_version(rows: QuerySet[Quote], versions: QuerySet[QuoteVersion]) -> QuerySet[Quote]:
    in_force = versions.filter(number=F("quote__version_number"))
    joined = rows.select_related("customer", "warehouse", "currency")
    return joined.prefetch_related(Prefetch("versions", in_force, to_attr="versions_in_force"))


def _told(quotes: Iterable[Any]) -> list[Any]:
    """Give each quote its version in force, as serializers want it."""
    found = list(quotes)
    for quote in found:
        (quote.in_force,) = quote.versions_in_force
    return found
