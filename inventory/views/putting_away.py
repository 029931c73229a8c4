"""Putting away with a handheld: what lies in receiving, one product after the other, into the bin that is scanned."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.finding import codes_of, counted_unit
from inventory.forms import PutAwayForm
from inventory.models import BinStock, Location, StockLevel, Warehouse
from inventory.services.putting_away import Put, put_away, suggested_bins
from inventory.units import in_counted, read_counted
from inventory.views.pages import actor, page, require, told
from oms.errors import Refused

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """Goods in receiving, and the bin they should go into; none where the warehouse has no bin left."""

    stock: Any  # BinStock, with the `unit` it is counted in and how many base units `each` is
    bin: Location | None


@require_http_methods(["GET", "HEAD", "POST"])
def put_away_page(request: HttpRequest) -> HttpResponse:
    require(request, "inventory.move_stock")
    if request.method == "POST" and told(request, lambda: _put(request)):
        return redirect("admin:inventory_stocklevel_put_away")
    work = _work(request)
    listed = list(work[: MOST_LISTED + 1])
    waiting = _with_bins(listed[:MOST_LISTED])
    current = _current(request, waiting)
    codes = codes_of({one.stock.product_id: one.stock.product.sku for one in waiting})
    context = {
        "waiting": waiting,
        "more": len(listed) > MOST_LISTED,
        "current": current,
        "form": PutAwayForm(_typed(request, current), user=actor(request)),
        "device": {
            "current": current.stock.pk if current else None,
            "stocks": [{"stock": w.stock.pk, "codes": codes[w.stock.product_id]} for w in waiting],
        },
    }
    return page(request, "inventory/put_away.html", StockLevel, _("Put away"), **context)


def _work(request: HttpRequest) -> Any:
    own = Warehouse.objects.worked_by(actor(request))
    there = BinStock.objects.visible_to(actor(request)).to_put_away().filter(location__warehouse__in=own)
    return there.select_related("product", "location__warehouse").annotate(**counted_unit("product"))


def _with_bins(stocks: list[BinStock]) -> list[Waiting]:
    """Suggest bins, in three statements per warehouse."""
    products: dict[int, list[int]] = defaultdict(list)
    for stock in stocks:
        products[stock.location.warehouse_id].append(stock.product_id)
    found = {site: suggested_bins(site, wanted) for site, wanted in products.items()}
    return [Waiting(stock, found[stock.location.warehouse_id].get(stock.product_id)) for stock in stocks]


def _current(request: HttpRequest, waiting: list[Waiting]) -> Waiting | None:
    """The goods somebody went to or was refused for, else the first."""
    wanted = request.POST.get("stock") or request.GET.get("stock", "")
    return next((one for one in waiting if str(one.stock.pk) == wanted), waiting[0] if waiting else None)


def _typed(request: HttpRequest, current: Waiting | None) -> dict[str, Any]:
    """What the form shows: what was typed, else all of it into the suggested bin."""
    if request.method == "POST":
        return {"quantity": request.POST.get("quantity", ""), "into": request.POST.get("into", "")}
    bin_ = current.bin if current else None
    free = in_counted(current.stock.free, current.stock.each) if current else ""
    return {"quantity": free, "into": bin_.code if bin_ else ""}


def _put(request: HttpRequest) -> str:
    wanted = request.POST.get("stock", "")
    stock = _work(request).filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None
    if stock is None:
        raise Refused(_("It does not lie in receiving any more: somebody put it away. Go on with the next."))
    typed = request.POST.copy()
    if stock.each != 1:
        typed["quantity"] = str(read_counted(typed.get("quantity", ""), stock.each))
    form = PutAwayForm(typed, user=actor(request))
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    quantity, into = form.cleaned_data["quantity"], form.cleaned_data["into"]
    put_away(stock.location.warehouse_id, [Put(stock.product_id, quantity, into.pk)], by=actor(request))
    put = f"{in_counted(quantity, stock.each)} {stock.unit}".strip()
    values = {"quantity": put, "sku": stock.product.sku, "place": into}
    return _("%(quantity)s of %(sku)s lie in %(place)s now.") % values
