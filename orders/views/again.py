"""What the customer bought before, to be ticked on the pad; looking at it changes nothing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orders.services.repeating import Again, bought_before, last_order, lines_again
from orders.services.sheets import sheet_of
from orders.views.kinds import Kind, StaffRequest


def last(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Show the lines of the customer's last order at today's prices, all ticked."""
    sheet = sheet_of(_draft(request, kind, number))
    order = last_order(sheet, by=request.user)
    if order is None:
        return _shown(request, sheet, _("There is no order to repeat yet."), [], ticked=True)
    title = _("Again as in %(order)s") % {"order": order}
    return _shown(request, sheet, title, lines_again(sheet, order), ticked=True)


def history(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Show what the customer bought in recent orders, to be ticked."""
    sheet = sheet_of(_draft(request, kind, number))
    found = bought_before(sheet, by=request.user)
    title = _("Bought before") if found else _("The customer has bought nothing yet.")
    return _shown(request, sheet, title, found, ticked=False)


def _draft(request: StaffRequest, kind: Kind, number: str) -> Any:
    document = kind.find(request, number)
    kind.require(request, "change")
    return document


def _shown(
    request: StaffRequest, sheet: Any, title: str, found: list[Again], *, ticked: bool
) -> HttpResponse:
    changed = sum(1 for one in found if one.is_changed)
    unsold = sum(1 for one in found if not one.is_sold)
    context = {
        "title": title, "found": found, "ticked": ticked, "currency": sheet.document.currency,
        "changed": changed, "unsold": unsold,
    }  # fmt: skip
    return render(request, "orders/_again.html", context)
