"""Shipments, as the one box finds them: by their number or a carton's tracking number."""

from django.db.models import Q
from django.utils.translation import gettext_lazy

from fulfillment.home import page_of
from fulfillment.models import Package, Shipment
from oms.search import Find, Kind, Way, can_be_found, numbered
from oms.typed import Typed


def _tracking(typed: Typed) -> Q:
    written = {typed.text, typed.code, typed.in_one_piece}
    return Q(pk__in=Package.objects.filter(tracking_number__in=written).order_by().values("shipment"))


def _shipment(shipment: Shipment) -> Find:
    return Find(
        shipment.number, f"{shipment.order.customer}, {shipment.get_status_display()}", page_of(shipment)
    )


can_be_found(
    Kind(
        gettext_lazy("Shipments"),
        "fulfillment.view_shipment",
        Shipment.objects.visible_to,
        (*numbered("SH"), Way(gettext_lazy("tracking number"), _tracking)),
        _shipment,
        joined=("order__customer",),
    ),
    order=2,
)
