"""Cycle counts: a sheet is made, its bins are counted one by one on a handheld, and it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fulfillment.services.losing import PromisesGiveWay
from fulfillment.views.shared import gave_way, serve_waiting
from inventory.finding import Counted, codes_of, counted_in
from inventory.forms import SheetForm, products_by_code, unknown_product
from inventory.models import BinStock, CountSheet, CountStop, Product
from inventory.services.sheets import Choice, close_count_sheet, enter_count, open_count_sheet
from inventory.status import AdjustmentStatus, SheetStatus
from inventory.units import read_counted
from inventory.views.pages import accepted, actor, done_once, page, require, told
from oms.errors import Refused
from oms.numbers import read_whole
from oms.text import clean, clean_code

EXTRA_ROWS = 3


@dataclass(slots=True)
class Row:
    """One product of a bin as the counter sees it; the ledger's quantity stands nowhere."""

    product: Product
    unit: str
    each: int = 1
    typed: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def new_sheet(request: HttpRequest) -> HttpResponse:
    require(request, "inventory.add_countsheet")
    form = SheetForm(request.POST or None, user=actor(request))
    if request.method == "POST" and accepted(request, form, lambda values: _made(request, values)):
        newest = CountSheet.objects.visible_to(actor(request)).filter(created_by=actor(request)).first()
        return redirect("admin:inventory_countsheet_change", newest.pk if newest else "")
    context = {"form": form, "errors": form.errors}
    return page(request, "fulfillment/new_sheet.html", CountSheet, _("New count sheet"), **context)


def _made(request: HttpRequest, values: Mapping[str, Any]) -> str:
    choice = Choice(
        values["warehouse"], values["first"], values["last"], values["product"], values["not_counted_days"]
    )
    sheet = open_count_sheet(choice, by=actor(request), note=values["note"])
    bins = sheet.stops.count()
    return ngettext("%(sheet)s: %(n)s bin to count.", "%(sheet)s: %(n)s bins to count.", bins) % {
        "sheet": sheet,
        "n": bins,
    }


def sheet_context(sheet: CountSheet) -> dict[str, Any]:
    """What the page of a sheet shows besides its fields: each bin and what came of it."""
    last = "rounds__entries__adjustment__status"
    stops = (
        sheet.stops.select_related("location", "product")
        .with_looked()
        .annotate(
            waiting=Count("rounds__entries", filter=Q(**{last: AdjustmentStatus.PROPOSED})),
            booked=Count("rounds__entries", filter=Q(**{last: AdjustmentStatus.APPLIED})),
        )
    )
    rows = list(stops.in_walk_order())
    return {
        "stops": rows,
        "counted": sum(row.looked > 0 for row in rows),
        "is_open": sheet.status == SheetStatus.OPEN,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = get_object_or_404(CountSheet.objects.visible_to(actor(request)), pk=pk)
    require(request, "inventory.add_countsheet")
    if request.method == "POST":
        told(request, lambda: _closed(request, sheet))
    return redirect("admin:inventory_countsheet_change", sheet.pk)


def _closed(request: HttpRequest, sheet: CountSheet) -> str:
    close_count_sheet(sheet.pk, by=actor(request))
    return _("%(sheet)s is closed.") % {"sheet": sheet}


@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """One bin of the sheet on a screen: the asked one, else the next nobody has counted."""
    sheet = get_object_or_404(CountSheet.objects.visible_to(actor(request)), pk=pk)
    require(request, "inventory.count_stock")
    stops = list(sheet.stops.select_related("location__warehouse", "product").with_looked().in_walk_order())
    stop = _asked_for(request, stops)
    refused = ""
    if request.method == "POST" and stop is not None:
        try:
            answer = done_once(request, lambda: {"message": _entered(request, stop)})
        except Refused as refusal:
            refused = str(refusal)
            stop.looked = stop.rounds.count()
        else:
            messages.success(request, answer.body["message"])
            serve_waiting(actor(request))
            return redirect("admin:inventory_countsheet_count", sheet.pk)
    return _screen(request, sheet, stops, stop, refused)


def _asked_for(request: HttpRequest, stops: list[CountStop]) -> CountStop | None:
    asked = request.POST.get("stop") or request.GET.get("stop", "")
    uncounted = (stop for stop in stops if not stop.looked)
    return next((stop for stop in stops if str(stop.pk) == asked), next(uncounted, None))


def _screen(
    request: HttpRequest, sheet: CountSheet, stops: list[CountStop], stop: CountStop | None, refused: str
) -> HttpResponse:
    rows = _rows(request, stop) if stop else []
    extras = [
        (n, request.POST.get(f"extra-{n}", ""), request.POST.get(f"extra-found-{n}", ""))
        for n in range(1, EXTRA_ROWS + 1)
    ]
    context = {
        "original": sheet,
        "stop": stop,
        "rows": rows,
        "extras": extras if stop and not stop.product_id else [],
        "typed_extras": any(code for _n, code, _found in extras),
        "refused": refused,
        "stops": stops,
        "last": stop.rounds.select_related("by").last() if stop else None,
        "counted": sum(one.looked > 0 for one in stops),
        "device": _device(sheet, stops, stop, rows),
    }
    return page(request, "fulfillment/count.html", CountSheet, _("Count %(n)s") % {"n": sheet}, **context)


def _rows(request: HttpRequest, stop: CountStop) -> list[Row]:
    """The products the ledger expects in the bin, by SKU; or the one this stop is about."""
    if stop.product:
        products = [stop.product]
    else:
        bins = BinStock.objects.filter(location=stop.location_id, quantity__gt=0)
        products = [b.product for b in bins.select_related("product").order_by("product__sku")]
    counted = counted_in(product.pk for product in products)
    none = Counted("", 1)
    return [Row(p, *counted.get(p.pk, none), request.POST.get(f"found-{p.pk}", "")) for p in products]


def _device(
    sheet: CountSheet, stops: list[CountStop], stop: CountStop | None, rows: list[Row]
) -> dict[str, Any]:
    """What a scan may mean on this page: another bin of the sheet, or a product with how many base units."""
    here = reverse("admin:inventory_countsheet_count", args=[sheet.pk])
    counted = {row.product.pk: Counted(row.unit, row.each) for row in rows}
    codes = codes_of({row.product.pk: row.product.sku for row in rows}, counted)
    return {
        "bin": stop.location.code if stop else "",
        "bins": {one.location.code: f"{here}?stop={one.pk}" for one in stops},
        "each": {row.product.pk: row.each for row in rows},
        "codes": {code: [product, base] for product, known in codes.items() for code, base in known.items()},
    }


def _entered(request: HttpRequest, stop: CountStop) -> str:
    room = PromisesGiveWay()
    done = enter_count(
        stop.pk, _found(request), seen=_whole(request, "seen", 0), by=actor(request), room=room
    )
    told_ = _("%(bin)s is counted.") % {"bin": stop}
    if done.applied:
        told_ += _(" Small differences are booked.")
    if done.waiting:
        told_ += _(" A difference waits for a second person.")
    return told_ + (f" {done.because}" if done.because else "") + gave_way(room.lost)


def _found(request: HttpRequest) -> dict[int, int]:
    """Return what was typed per product id, in base units; an empty field is no count and is left out."""
    found = {}
    for name, text in request.POST.items():
        if name.startswith("found-") and str(text).strip():
            product = name.removeprefix("found-")
            each = _number(request.POST.get(f"each-{product}", "1"))
            found[_number(product)] = read_counted(str(text), each)
    return {**found, **_extras(request)}


def _extras(request: HttpRequest) -> dict[int, int]:
    """Return what was found though nobody expected it there."""
    codes = {n: clean_code(clean(request.POST.get(f"extra-{n}", ""))) for n in range(1, EXTRA_ROWS + 1)}
    known = products_by_code(code for code in codes.values() if code)
    counted = counted_in(product.pk for product in known.values())
    found = {}
    for n, code in codes.items():
        if not code:
            continue
        if code not in known:
            raise Refused(" ".join(unknown_product(code).messages))
        product = known[code].pk
        each = counted[product].each if product in counted else 1
        found[product] = read_counted(request.POST.get(f"extra-found-{n}", ""), each)
    return found


def _whole(request: HttpRequest, name: str, otherwise: int | None = None) -> int:
    text = request.POST.get(name, "")
    return otherwise if otherwise is not None and not text else _number(text)


def _number(text: str) -> int:
    try:
        return read_whole(text)
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake
