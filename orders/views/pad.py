"""The order pad: lines entered by keyboard into plain rows, every change sent as a small versioned operation."""

import uuid
from dataclasses import asdict
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services.part_numbers import numbers_like
from customers.services.restricting import SoldTo, closed_to
from customers.status import CustomerStatus
from inventory.finding import matching
from inventory.models import ProductUnit, StockLevel
from oms.errors import IllegalMove, NotAllowed, Refused, Stale
from oms.idempotency import Answer, InFlight, fingerprint, once
from oms.money import as_typed
from oms.snapshots import snapshot
from oms.text import clean_code
from orders.discounts import on_line, written_document_discount
from orders.forms import CHARGE, HeaderForm
from orders.models import Quote
from orders.models.lines import LONGEST_NOTE
from orders.services.drafting import Change, Edit, Edited, HeaderChange, require_draft
from orders.services.near_misses import near_misses
from orders.services.pricing import LineInput
from orders.services.sheets import Sheet, sheet_of
from orders.services.taking_back import priced_back, put_back
from orders.services.totalling import RULE, SUMS, discount_of
from orders.services.understanding import NotUnderstood, understand
from orders.views.beginning import begun_with
from orders.views.credit import gauge_of_sheet
from orders.views.kinds import Kind, StaffRequest
from orders.views.row_drawing import drawn
from orders.views.rows import costing_for, rows_of
from orders.views.summary import summary_of
from orders.views.wire import OPERATION_ID, Batch, Place, read_batch
from orders.views.words import words_of_a_row, words_of_the_pad

MOST_FOUND = 10
RECENT = 5
LONGEST_QUERY = 80
STATUS: dict[type[Refused], int] = {NotAllowed: 403, Stale: 409, IllegalMove: 409, InFlight: 409}


def new(request: StaffRequest, kind: Kind, context: dict[str, Any]) -> HttpResponse:
    """Choose the customer; the draft is made with the choice."""
    kind.require(request, "add")
    if request.method == "POST":
        return _enter(request, kind, context)
    return _choose(request, kind, context)


def _choose(request: StaffRequest, kind: Kind, context: dict[str, Any], error: str = "") -> HttpResponse:
    context |= {
        "kind": kind,
        "title": _("New %(kind)s") % {"kind": kind.model._meta.verbose_name},
        "operation": uuid.uuid4(),
        "recent": _recent_customers(request, kind),
        "find_url": kind.url("customers"),
        "error": error,
    }
    return TemplateResponse(request, "orders/pad_new.html", context, status=400 if error else 200)


def _recent_customers(request: StaffRequest, kind: Kind) -> list[Customer]:
    """Return the customer that was asked for, and those of the user's last documents, newest first."""
    last = (
        kind.model.objects.filter(created_by=request.user).order_by("-pk").values_list("customer", flat=True)
    )
    asked = _number(request.GET.get("customer", ""))  # a page of the customer has led here
    ids = list(dict.fromkeys([*([asked] if asked else []), *last[:50]]))[:RECENT]
    found = Customer.objects.visible_to(request.user).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _enter(request: StaffRequest, kind: Kind, context: dict[str, Any]) -> HttpResponse:
    operation, chosen = request.POST.get("operation", ""), request.POST.get("customer", "")
    if not OPERATION_ID.fullmatch(operation):
        raise BadRequest("operation is no operation id")
    if not (pk := _number(chosen)):
        return _choose(request, kind, context, _("Choose a customer from the list."))
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    lines = begun_with(customer, request.POST, by=request.user)

    def enter() -> Answer:
        return Answer(302, {"number": str(kind.enter(customer.pk, lines, request.user))})

    try:
        asked = fingerprint(kind.name, customer.pk, *(f"{line.unit_id}:{line.ordered}" for line in lines))
        answer = once(request.user, f"new:{operation}", asked, enter)
    except Refused as refusal:
        return _choose(request, kind, context, str(refusal))
    return redirect(kind.url("pad", answer.body["number"]))


def _number(text: str) -> int:
    """Return the key that was sent, 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@snapshot()
def pad(request: StaffRequest, kind: Kind, number: str, context: dict[str, Any]) -> HttpResponse:
    """Show a draft as rows of text with one line to type into; a document that is no draft shows its page."""
    document = kind.find(request, number)
    kind.require(request, "change")
    try:
        require_draft(document)
    except IllegalMove:
        return HttpResponseRedirect(kind.url("change", document.pk))
    sheet = sheet_of(document)
    shared = _shared(request, sheet)
    context |= {
        "kind": kind,
        "document": document,
        "title": _("%(document)s, %(customer)s") % {"document": document, "customer": document.customer},
        "rows": mark_safe("".join(drawn(rows_of(sheet, request.user, shared["margin"]), shared))),  # noqa: S308  drawn
        "summary": summary_of(sheet, request.user),
        "gauge": gauge_of_sheet(sheet, request.user),
        "header": HeaderForm(document, request.user, initial=_header_of(sheet)),
        "words": words_of_the_pad(),
        "may_go_on": request.user.has_perm(kind.go_on_permission),
        "may_teach": request.user.has_perm("customers.add_customerpartnumber"),
        **shared,
        "urls": {
            what: kind.url(what, number)
            for what in (
                "edit",
                "rows",
                "products",
                "availability",
                "learn",
                "paste",
                "paste_file",
                "paste_columns",
                "last",
                "bought",
                "pad",
                "prices",
                kind.go_on,
            )
        },
        "go_on_url": kind.url(kind.go_on, number),
        "customer_url": _customer_url(request, document),
        "longest_note": LONGEST_NOTE,
        "page_url": kind.url("change", document.pk),
    }
    return TemplateResponse(request, "orders/pad.html", context)


def _customer_url(request: StaffRequest, document: Any) -> str:
    if not request.user.has_perm("customers.view_customer"):
        return ""
    return reverse("admin:orders_customer_page", args=[document.customer_id])


def _shared(request: StaffRequest, sheet: Sheet) -> dict[str, Any]:
    """Return what the template of a row wants to know that is the same for all rows."""
    return {
        "say": words_of_a_row(),
        "currency": sheet.document.currency,
        "may_type_prices": request.user.has_perm("orders.override_price"),
        "margin": costing_for(request.user, sheet.document, sheet.lines),
    }


def _header_of(sheet: Sheet) -> dict[str, Any]:
    names = ("ship_to", "bill_to", "warehouse", "requested_on", "valid_until", "customer_po", "note")
    charged = dict(sheet.totalled.charged.values_list("kind_id", "amount")) if sheet.totalled.charges else {}
    exponent = sheet.document.currency.exponent
    return {
        **{name: getattr(sheet.document, name, None) for name in names},
        "discount": written_document_discount(discount_of(sheet.totalled), exponent),
        **{f"{CHARGE}{kind}": as_typed(amount, exponent) for kind, amount in charged.items()},
    }


@snapshot()
def rows(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer with all rows as they are now, for somebody whose revision is old."""
    document = kind.find(request, number)
    kind.require(request, "change")
    sheet = sheet_of(document)
    header = HeaderForm(document, request.user, initial=_header_of(sheet))
    values = {field.name: "" if field.value() is None else str(field.value()) for field in header}
    return JsonResponse(
        {**_shown(request, sheet, products=None), "header": values, "revision": document.revision}
    )


def edit(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Apply a batch of operations once; answer with the rows that changed, the foot and the new revision."""
    document = kind.find(request, number)
    kind.require(request, "change")
    batch = read_batch(request.body)

    def act() -> Answer:
        return Answer(200, _apply(request, kind, document, batch))

    # without the revision: what is done once is done, whichever page asks for it again and whatever that has seen
    asked = fingerprint(number, batch.ops)
    try:
        answer = once(request.user, f"pad:{batch.id}", asked, act)
    except NotUnderstood as refusal:
        return JsonResponse(_told(refusal) | _unclear(request, document, batch, refusal), status=422)
    except Refused as refusal:
        return JsonResponse(_told(refusal), status=STATUS.get(type(refusal), 422))
    return JsonResponse(answer.body, status=answer.status)


def _apply(request: StaffRequest, kind: Kind, document: Any, batch: Batch) -> dict[str, Any]:
    sheet = sheet_of(document)
    header = _header_change(request, document, batch)
    add, change = _understood(request, sheet, batch)
    found = [batch.places.get(index) for index in batch.adds]
    asked = Edit(
        batch.revision,
        add,
        change,
        frozenset(batch.removes),
        header,
        places={n: place.position for n, place in enumerate(found) if place and place.position},
        below={n: place.below for n, place in enumerate(found) if place and place.below},
        moves=batch.moves,
    )
    edited = kind.edit(document.pk, asked, request.user)
    _read_again(sheet)
    reaches_all = header.warehouse_id or header.discount is not None or sheet.totalled.discount_amount
    return {
        **_shown(request, sheet, products=None if reaches_all else edited.products),
        "revision": edited.revision,
        "added": dict(zip(map(str, batch.adds), edited.added, strict=True)),
        "rest": _rest(batch, edited),
        "removed": sorted(batch.removes),
    }


def _understood(request: StaffRequest, sheet: Sheet, batch: Batch) -> tuple[list[LineInput], list[Change]]:
    add, change = understand(sheet, batch.adds, batch.changes, by=request.user)
    placed = {
        index: _with_place(line, batch.places.get(index)) for index, line in zip(batch.adds, add, strict=True)
    }
    was = {index: place.was for index, place in batch.places.items() if place.was}
    return list(put_back(sheet, placed, was).values()), priced_back(sheet, change, batch.changes.values())


def _with_place(line: LineInput, place: Place | None) -> LineInput:
    """Return the line with the discounts and the note that it had, or that the line it is a copy of has."""
    return line if place is None else line._replace(**on_line(place.discounts), note=place.note)


def _rest(batch: Batch, edited: Edited) -> dict[str, list[int]]:
    """Return what an agreement could not give, by the places of the operations that asked for it."""
    changed = {change.line_id: str(index) for index, change in batch.changes.items()}
    of_changed = {changed[line]: ids for line, ids in edited.rest_of.items() if line in changed}
    return of_changed | {str(n): ids for n, ids in zip(batch.adds, edited.rest, strict=True) if ids}


def _read_again(sheet: Sheet) -> None:
    """Read what an operation may have changed above and under the lines."""
    totals = [*SUMS, *RULE, "goods"]
    if isinstance(sheet.document, Quote):
        sheet.document.refresh_from_db(fields=["warehouse"])
        sheet.totalled.refresh_from_db(fields=totals)
    else:
        sheet.document.refresh_from_db(fields=["warehouse", "customer_po", "requested_on", *totals])


def _header_change(request: StaffRequest, document: Any, batch: Batch) -> HeaderChange:
    if not batch.header:
        return HeaderChange()
    form = HeaderForm(document, request.user, batch.header)
    if not form.is_valid():
        told = "; ".join(
            f"{form.fields[name].label}: {' '.join(map(str, errors))}"
            for name, errors in form.errors.items()
            if name in form.fields
        )
        raise Refused(told)
    return form.change()


def _shown(request: StaffRequest, sheet: Sheet, *, products: set[int] | None) -> dict[str, Any]:
    shared = _shared(request, sheet)
    found = rows_of(sheet, request.user, shared["margin"], products)
    shown = drawn(found, shared)
    foot = {"summary": summary_of(sheet, request.user), "currency": sheet.document.currency}
    return {
        "rows": [
            {"id": row.line.pk, "position": row.line.position, "html": html}
            for row, html in zip(found, shown, strict=True)
        ],
        "summary": render_to_string("orders/_summary.html", foot),
        "credit": render_to_string("orders/_credit.html", {"gauge": gauge_of_sheet(sheet, request.user)}),
    }


def _told(refusal: Refused) -> dict[str, Any]:
    return {"code": refusal.code, "message": str(refusal), "problems": {}, "unknown": {}}


def _unclear(request: StaffRequest, document: Any, batch: Batch, refusal: NotUnderstood) -> dict[str, Any]:
    """Return which operations mean nothing, and what may be taken instead of those that add lines."""
    typed = {place: batch.adds[place] for place in refusal.problems if place in batch.adds}
    near = near_misses(sheet_of(document), typed, refusal.unknown, by=request.user)
    return {
        "problems": refusal.problems,
        "unknown": refusal.unknown,
        "instead": {place: [asdict(one) for one in found] for place, found in near.items()},
    }


def products(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer with at most ten products that the typed text may mean, each with what is free of it."""
    document = kind.find(request, number)
    kind.require(request, "change")
    text = clean_code(request.GET.get("q", ""))[:LONGEST_QUERY]
    seen = request.user.has_perm("inventory.view_product") and text
    found = _matching(document.customer_id, text) if seen else []
    units = [unit for unit, _number in found]
    levels = StockLevel.objects.filter(
        warehouse=document.warehouse_id, product__in=[u.product_id for u in units]
    )
    free = {
        product: on_hand - allocated
        for product, on_hand, allocated in levels.values_list("product_id", "on_hand", "allocated")
    }
    closed = closed_to(document.customer_id, (unit.product_id for unit in units)) if units else {}
    results = [
        _found(unit, free.get(unit.product_id, 0), number, closed.get(unit.product_id))
        for unit, number in found
    ]
    return JsonResponse({"results": results})


def _matching(customer_id: int, text: str) -> list[tuple[ProductUnit, str]]:
    """Return the units meant, each with the customer's number for it: an exact SKU, their numbers, then the others."""
    known = matching(text, limit=MOST_FOUND)
    exact = [(unit, "") for unit in known if unit.product.sku == text]
    theirs = [(one.unit, one.number) for one in numbers_like(customer_id, text, limit=MOST_FOUND)]
    there = {unit.product_id for unit, _number in exact + theirs}
    return [*exact, *theirs, *((unit, "") for unit in known if unit.product_id not in there)][:MOST_FOUND]


def _found(unit: Any, free: int, number: str, sold_to: SoldTo | None) -> dict[str, str]:
    whole = max(0, free) * unit.denominator // unit.numerator
    status = unit.product.get_status_display() if unit.product.status != "active" else ""
    detail = status or _("%(n)s %(unit)s free") % {"n": whole, "unit": unit.name}
    if sold_to:
        detail = _("sold to %(who)s only") % {"who": sold_to}
    theirs = _("their %(number)s") % {"number": number} if number else ""
    return {
        "code": number or unit.product.sku,
        "name": f"{unit.product.sku} {unit.product.name}" if number else unit.product.name,
        "detail": " · ".join(part for part in (theirs, detail) if part),
    }


def customers(request: StaffRequest, kind: Kind) -> HttpResponse:
    """Answer with at most ten customers that the typed text may mean."""
    kind.require(request, "add")
    text = clean_code(request.GET.get("q", ""))[:LONGEST_QUERY]
    known = Customer.objects.visible_to(request.user).filter(merged_into=None)
    near = known.filter(Q(name__icontains=text) | Q(code__istartswith=text)).order_by("name")
    return JsonResponse({"results": [_customer(c) for c in (near[:MOST_FOUND] if text else [])]})


def _customer(customer: Customer) -> dict[str, str]:
    detail = str(CustomerStatus(customer.status).label) if customer.status != CustomerStatus.ACTIVE else ""
    return {"id": str(customer.pk), "code": customer.code, "name": customer.name, "detail": detail}
