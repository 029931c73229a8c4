"""A customer's price list: shown, printed, or taken away as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.forms import PriceListForm
from customers.models import Customer
from customers.services.customer_prices import Listed, listed_for, not_sold_to, products_listed
from inventory.views.pages import actor, page, require
from oms.errors import Refused
from oms.importing.writing import TO_LOOK_AT, table_file
from oms.templatetags.amounts import unit_price

MOST_SHOWN = 500
KINDS = ("csv", "xlsx")


@require_safe
def customer_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the customer pays for the products whose SKU begins so, on a day."""
    require(request, "customers.view_pricerule")
    customer = _customer(request, pk)
    form = PriceListForm(request.GET or None)
    products = _products(request, form)
    rows, closed = None, None
    if products is not None:
        day = form.cleaned_data["on"]
        rows, closed = listed_for(customer, products, on=day), not_sold_to(customer, products, on=day)
    context = {
        "original": customer,
        "form": form,
        "rows": None if rows is None else [(row, _price(row, customer)) for row in rows[:MOST_SHOWN]],
        "left_out": len(rows or ()) - MOST_SHOWN,
        "closed": closed,
        "query": request.GET.urlencode(),
        "may_export": actor(request).has_perm("customers.export_prices"),
    }
    title = _("Prices of %(customer)s") % {"customer": customer}
    return page(request, "customers/prices.html", Customer, title, **context)


@require_safe
def customer_prices_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the whole list as the file that `format` names."""
    require(request, "customers.export_prices")
    customer = _customer(request, pk)
    form = PriceListForm(request.GET)
    products = _products(request, form)
    kind = request.GET.get("format", "")
    if products is None or kind not in KINDS:
        return redirect("admin:customers_customer_prices", pk)
    rows = listed_for(customer, products, on=form.cleaned_data["on"])
    header = ["sku", "name", "unit", "from_quantity", "price", "currency"]
    table = [[*row, customer.currency_id] for row in rows]
    return table_file("prices", kind, header, table, TO_LOOK_AT)


def _customer(request: HttpRequest, pk: int) -> Customer:
    seen = Customer.objects.visible_to(actor(request)).select_related("currency")
    return get_object_or_404(seen, pk=pk)


def _products(request: HttpRequest, form: PriceListForm) -> list[tuple[int, str, str]] | None:
    """Return the products whose prices are asked for; None, with the reason told, when there are none to ask for."""
    if not form.is_bound or not form.is_valid():
        return None
    asked: dict[str, Any] = form.cleaned_data
    try:
        return products_listed(actor(request), asked["begins"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def _price(row: Listed, customer: Customer) -> str:
    return "" if row.price is None else str(unit_price(row.price, customer.currency))
