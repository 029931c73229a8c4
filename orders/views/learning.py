"""A code that nobody knew was put right on the pad: the customer's number is remembered when the rep says so."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from customers.services.part_numbers import remember_part_number
from oms.errors import Refused
from oms.text import clean_code
from orders.services.sheets import sheet_of
from orders.views.kinds import Kind, StaffRequest

LONGEST_NUMBER = 60


def learn(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Remember that a code means what stands on a line of the document, for its customer."""
    document = kind.find(request, number)
    if not request.user.has_perm("customers.add_customerpartnumber"):
        raise PermissionDenied
    code, line_id = clean_code(request.POST.get("code", "")), request.POST.get("line", "")
    if not (0 < len(code) <= LONGEST_NUMBER):
        told = _("A part number has 1 to %(n)s characters.") % {"n": LONGEST_NUMBER}
        return JsonResponse({"message": told}, status=422)
    pk = int(line_id) if line_id.isascii() and line_id.isdigit() and len(line_id) < 19 else 0
    line = get_object_or_404(sheet_of(document).lines.select_related("product"), pk=pk)
    try:
        remember_part_number(document.customer_id, code, line.unit_id, by=request.user)
    except Refused as refusal:
        return JsonResponse({"message": str(refusal), "code": refusal.code}, status=422)
    values = {"number": code, "sku": line.product.sku, "customer": document.customer}
    return JsonResponse({"message": _("%(customer)s: “%(number)s” is %(sku)s from now on.") % values})
