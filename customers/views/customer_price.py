"""What does this customer pay? The answer with its trace: the price that won and those that lost, and why."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.forms import PriceQuestionForm
from customers.masking import may_see_cost, trace_for
from customers.models import Customer
from customers.services.pricing import Quotation, price_for
from customers.services.restricting import closed_to, sentences
from customers.telling import in_currency, looked_at, plain, sentence, steps, with_units_named
from inventory.models import ProductUnit
from oms.errors import Refused
from oms.models import Company, User
from oms.money import HUNDRED, line_amount, round_half_up
from oms.rates import own_rates, rate_on
from oms.templatetags.amounts import unit_price


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
        "not_sold": _not_sold(answer, customer) if answer else [],
        **(_told(answer, customer, user, form.cleaned_data["on"]) if answer else {}),
    }
    return TemplateResponse(request, "customers/price.html", context)


def _answer(form: PriceQuestionForm, customer: Customer) -> Quotation | None:
    asked = form.cleaned_data
    try:
        return price_for(customer, asked["sku"], asked["quantity"], unit=asked["unit"], on=asked["on"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _not_sold(answer: Quotation, customer: Customer) -> list[str]:
    """Say to whom the product is sold when that is others only."""
    unit = answer.unit
    sold_to = closed_to(customer.pk, [unit.product_id]).get(unit.product_id)
    return sentences({unit.sku: sold_to}) if sold_to else []


def _told(answer: Quotation, customer: Customer, user: User, on: date) -> dict[str, Any]:
    if answer.price is None:
        return {"trace": []}
    found = answer.price
    names = ProductUnit.objects.filter(product=answer.unit.product_id).values_list("code", "name")
    trace = with_units_named(trace_for(user, found.trace), dict(names))
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
        "why": sentence(trace),
        "steps": steps(trace, in_currency(customer.currency)),
        "bounds": _bounds(answer, trace, customer, user, on),
        "trace": looked_at(trace, lambda price: str(unit_price(price, customer.currency))),
    }


def _bounds(
    answer: Quotation, trace: Mapping[str, Any], customer: Customer, user: User, on: date
) -> list[tuple[str, str]]:
    """Return the price's floor and margin where this person may see them and they are known."""
    found = []
    if "floor" in trace:
        found.append((_("Floor"), str(unit_price(Decimal(trace["floor"]), customer.currency))))
    margin = _margin(answer, customer, on) if may_see_cost(user) else None
    if margin is not None:
        found.append((_("Margin"), f"{plain(margin)} %"))
    return found


def _margin(answer: Quotation, customer: Customer, on: date) -> Decimal | None:
    """Return what the price leaves above the cost, in percent; None without a rate, or with tax in the price."""
    unit, price = answer.unit, answer.price.unit_price if answer.price else None
    rate = rate_on(own_rates([customer.currency_id]), customer.currency_id, on)
    if not price or not unit.cost or not rate or Company.objects.filter(prices_include_tax=True).exists():
        return None
    cost = unit.cost * rate * unit.numerator / unit.denominator
    return round_half_up((price - cost) * HUNDRED / price, 1)
