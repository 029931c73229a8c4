"""What does this customer pay? The answer with its trace: the price that won and those that lost, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from customers.forms import PriceQuestionForm
from customers.models import Customer
from customers.pricing import losers
from customers.services.pricing import Quotation, price_for
from customers.status import tier_label
from oms.errors import Refused
from oms.models import Currency, User
from oms.money import line_amount
from oms.templatetags.amounts import unit_price

WHY = {
    "break not reached": gettext_lazy("the quantity does not reach it"),
    "later tier": gettext_lazy("a list closer to this customer has a price"),
    "other unit": gettext_lazy("there is a price in the unit asked for"),
    "smaller break": gettext_lazy("a greater break is reached"),
    "older": gettext_lazy("a newer or older price comes first"),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One price that was looked at."""

    url: str
    price_list: str
    tier: str
    unit: str
    quantity: int
    price: str
    why: str


@require_safe
def customer_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the question, and its answer once it is asked; asking changes nothing."""
    user = cast(User, request.user)
    customer = get_object_or_404(Customer.objects.visible_to(user).select_related("currency"), pk=pk)
    if not user.has_perm("customers.view_pricerule"):
        raise PermissionDenied
    form = PriceQuestionForm(request.GET or None)
    answer = _answer(form, customer) if form.is_bound and form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "opts": Customer._meta,
        "original": customer,
        "title": _("What does %(customer)s pay?") % {"customer": customer},
        "form": form,
        "errors": form.errors if form.is_bound else None,
        "quotation": answer,
        **(_told(answer, customer) if answer else {}),
    }
    return TemplateResponse(request, "customers/price.html", context)


def _answer(form: PriceQuestionForm, customer: Customer) -> Quotation | None:
    asked = form.cleaned_data
    try:
        return price_for(customer, asked["sku"], asked["quantity"], unit=asked["unit"], on=asked["on"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _told(answer: Quotation, customer: Customer) -> dict[str, Any]:
    if answer.price is None:
        return {"trace": []}
    found = answer.price
    rules = [found.trace, *losers(found.trace)]
    amount = line_amount(
        answer.ordered,
        numerator=answer.unit.numerator,
        denominator=answer.unit.denominator,
        unit_price=found.unit_price,
        discount_percent=Decimal(0),
        exponent=customer.currency.exponent,
    )
    return {
        "unit_price": unit_price(found.unit_price, customer.currency),
        "amount": amount,
        "trace": [_trace(rule, customer.currency) for rule in rules],
    }


def _trace(rule: Mapping[str, Any], currency: Currency) -> Trace:
    return Trace(
        url=reverse("admin:customers_pricerule_change", args=[rule["rule"]]),
        price_list=rule["list"],
        tier=tier_label(rule["tier"]),
        unit=rule["unit"],
        quantity=rule["from"],
        price=unit_price(Decimal(rule["price"]), currency),
        why=str(WHY.get(rule["why"], rule["why"]))
        if "why" in rule
        else str(pgettext_lazy("price", "applies")),
    )
