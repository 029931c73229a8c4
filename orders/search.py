"""Quotes and orders, as the one box finds them: by their number, the customer's PO number, an outside reference."""

from django.db.models import Q
from django.utils.translation import gettext_lazy

from oms.search import Find, Kind, Way, can_be_found, coded, numbered
from oms.typed import Typed
from orders.home import page_of
from orders.models import Order, Quote

SHORTEST_PO = 3


def _reference(typed: Typed) -> Q:
    return Q(reference=typed.text)


def _document(document: Order | Quote) -> Find:
    return Find(document.number, f"{document.customer}, {document.get_status_display()}", page_of(document))


can_be_found(
    Kind(
        gettext_lazy("Orders"),
        "orders.view_order",
        Order.objects.visible_to,
        (
            *numbered("SO"),
            *coded(gettext_lazy("PO number"), "customer_po", shortest=SHORTEST_PO),
            Way(gettext_lazy("outside reference"), _reference),
        ),
        _document,
        joined=("customer",),
    ),
    order=0,
)
can_be_found(
    Kind(
        gettext_lazy("Quotes"),
        "orders.view_quote",
        Quote.objects.visible_to,
        (*numbered("Q"), *coded(gettext_lazy("PO number"), "customer_po", shortest=SHORTEST_PO)),
        _document,
        joined=("customer",),
    ),
    order=1,
)
