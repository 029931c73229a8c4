"""Quarantine: what lies there, what goes in, and what comes out again."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.services.losing import PromisesGiveWay
from fulfillment.views.shared import gave_way, serve_waiting
from inventory.forms import FreeForm, QuarantineForm
from inventory.models import BinStock, StockLevel, Warehouse
from inventory.services.quarantining import quarantine_stock, release_from_quarantine
from inventory.status import LocationKind
from inventory.views.pages import actor, page, require
from inventory.views.stock_changes import Change, changed
from oms.models import User

MOST_SHOWN = 200


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """What lies in the quarantines of the own warehouses."""
    require(request, "inventory.quarantine_stock")
    lying = BinStock.objects.visible_to(actor(request)).filter(
        location__kind=LocationKind.QUARANTINE,
        location__warehouse__in=Warehouse.objects.worked_by(actor(request)),
        quantity__gt=0,
    )
    bins = lying.select_related("product", "location__warehouse").order_by(
        "location__warehouse__code", "location__code", "product__sku"
    )
    context = {"bins": bins[:MOST_SHOWN], "count": lying.count()}
    return page(request, "fulfillment/quarantine.html", StockLevel, _("Quarantine"), **context)


def set_aside_stock(values: Mapping[str, Any], by: User) -> str:
    room = PromisesGiveWay()
    quantities = {values["product"].pk: values["quantity"]}
    cage = quarantine_stock(quantities, values["location"], values["reason"], by=by, room=room)
    return _("%(quantity)s of %(sku)s lie in %(place)s and are not sold.") % {
        "quantity": values["quantity"],
        "sku": values["product"].sku,
        "place": cage,
    } + gave_way(room.lost)


def set_stock_free(values: Mapping[str, Any], by: User) -> str:
    quantities = {values["product"].pk: values["quantity"]}
    release_from_quarantine(quantities, values["source"], values["target"], values["reason"], by=by)
    return _("%(quantity)s of %(sku)s lie at %(place)s now, to be sold again.") % {
        "quantity": values["quantity"],
        "sku": values["product"].sku,
        "place": values["target"],
    }


ASIDE = Change(
    gettext_lazy("Put into quarantine"),
    gettext_lazy("Put aside"),
    "inventory.quarantine_stock",
    QuarantineForm,
    set_aside_stock,
)
FREE = Change(
    gettext_lazy("Release from quarantine"),
    gettext_lazy("Release"),
    "inventory.quarantine_stock",
    FreeForm,
    set_stock_free,
    serve_waiting,
)


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest) -> HttpResponse:
    return changed(request, ASIDE)


@require_http_methods(["GET", "HEAD", "POST"])
def set_free(request: HttpRequest) -> HttpResponse:
    return changed(request, FREE)
