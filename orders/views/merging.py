"""Merge a customer into another: the likely ones are offered, what moves is shown, then it is done."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.models import Customer
from oms.contention import again_after_ties
from oms.errors import Refused
from oms.text import clean_code
from orders.services.merging import Preview, merge_customers, preview_merge
from orders.views.kinds import StaffRequest

MOST_LIKELY = 10
SHORTEST_NAME = 4


class KeptForm(forms.Form):
    """Which customer is kept."""

    into = forms.CharField(
        label=gettext_lazy("Code of the customer that is kept"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget({"autocapitalize": "characters"}),
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of both customers beside each other."""

    name: str
    kept: str
    gone: str


def merge(request: StaffRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Ask into which customer, show what moves, and merge when somebody says so."""
    if not request.user.has_perm("customers.merge_customers"):
        raise PermissionDenied
    gone = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = KeptForm(asked if "into" in asked else None)
    kept = _kept(request, form)
    if kept and request.method == "POST" and _merged(request, kept, gone):
        return HttpResponseRedirect(reverse("admin:customers_customer_change", args=[kept.pk]))
    preview = preview_merge(kept.pk, gone.pk) if kept else None
    context |= {
        "title": _("Merge %(code)s %(name)s into another customer") % {"code": gone.code, "name": gone},
        "gone": gone,
        "form": form,
        "preview": preview,
        "counts": _counts(preview) if preview else [],
        "facts": _facts(preview) if preview else [],
        "likely": [] if preview else _likely(request, gone),
    }
    return TemplateResponse(request, "orders/merge.html", context)


def _kept(request: StaffRequest, form: KeptForm) -> Customer | None:
    if not (form.is_bound and form.is_valid()):
        return None
    code = clean_code(form.cleaned_data["into"])
    found = Customer.objects.visible_to(request.user).filter(code__in={code, code.upper()}).first()
    if found is None:
        form.add_error("into", _("No customer that you see has this code."))
    return found


def _merged(request: StaffRequest, kept: Customer, gone: Customer) -> bool:
    try:
        again_after_ties(partial(merge_customers, kept.pk, gone.pk, by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    told = {"gone": gone.code, "kept": kept.code}
    messages.success(request, _("%(gone)s is %(kept)s from now on; the old number still finds it.") % told)
    return True


def _likely(request: StaffRequest, gone: Customer) -> list[Customer]:
    """Return customers with the same tax number or mail address, or a name that begins alike."""
    alike = Q(vat_number=gone.vat_number) if gone.vat_number else Q(pk=None)
    if gone.email:
        alike |= Q(email__iexact=gone.email)
    word = gone.name.split()[0] if gone.name.split() else ""
    if len(word) >= SHORTEST_NAME:
        alike |= Q(name__istartswith=word)
    others = Customer.objects.visible_to(request.user).filter(alike, merged_into=None).exclude(pk=gone.pk)
    return list(others.order_by("name", "pk")[:MOST_LIKELY])


def _counts(preview: Preview) -> list[tuple[str, int]]:
    moved = preview.belongings
    return [
        (_("Orders"), preview.orders),
        (_("Quotes"), preview.quotes),
        (_("Addresses"), moved.addresses),
        (_("Contacts"), moved.contacts),
        (_("Part numbers"), moved.part_numbers),
        (_("Own price lists"), moved.price_lists),
        (_("Agreements"), moved.agreements),
        (_("Companies below"), moved.children),
        (_("Older numbers"), moved.numbers),
    ]


def _facts(preview: Preview) -> list[Fact]:
    """Return what the kept customer keeps of its own, beside what the other had."""
    names = "name vat_number email phone currency_id payment_terms group team rep parent note".split()
    kept, gone = preview.pair
    return [
        Fact(str(Customer._meta.get_field(name).verbose_name), _told(kept, name), _told(gone, name))  # type: ignore[union-attr]
        for name in names
    ]


def _told(customer: Customer, name: str) -> str:
    value = getattr(customer, name)
    return "" if value is None else str(value)
