"""The stock look-up: a SKU, a scanned GTIN or words of a name lead to the product's stock card."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inventory.finding import called, named_like, nearest
from inventory.models import Product, StockLevel
from inventory.views.pages import actor, page, require
from oms.text import clean_code

MOST_FOUND = 20
MOST_NEAREST = 3
LONGEST_QUERY = 80


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Go to the card of the product that is meant; show those that may be meant when it is not sure."""
    require(request, "inventory.view_stocklevel")
    require(request, "inventory.view_product")
    text = clean_code(request.GET.get("q", ""))[:LONGEST_QUERY]
    products = Product.objects.visible_to(actor(request))
    exact = called(text, products) if text else None
    found = [] if exact or not text else named_like(text, products, limit=MOST_FOUND)
    if exact is None and len(found) == 1:
        exact = found[0]
    if exact is not None:
        return HttpResponseRedirect(_card(exact))
    near = nearest(text, products, limit=MOST_NEAREST) if text and not found else []
    context = {"text": text, "found": found, "nearest": near, "more": len(found) == MOST_FOUND}
    answer = page(request, "inventory/look_up.html", StockLevel, _("Stock look-up"), **context)
    answer.status_code = 404 if text and not found else 200
    return answer


def _card(product: Product) -> str:
    """Return the address of the card, ready for the next scan."""
    return reverse("admin:inventory_product_stock", args=[product.pk]) + "?" + urlencode({"scan": 1})
