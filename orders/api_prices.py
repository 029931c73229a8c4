"""Price questions for machines: what a customer pays, line by line and why. Nothing is entered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.masking import trace_for
from customers.models import Customer
from customers.price_trace import losers
from customers.telling import sentence
from inventory.finding import SalesUnit, units_by_id
from inventory.units import from_base, written
from oms.api.doorway import Doorway, acting, read_body
from oms.api.fields import DayField, NumberField, Strict, TextField, as_money
from oms.api.problems import Unprocessable
from oms.company import business_day
from oms.errors import Problem
from oms.models import Currency, User
from oms.numbers import LARGEST_QUANTITY
from orders.order_bodies import read_address, read_lines
from orders.services.pricing import Buyer, LineInput, PricedInput, price_parts

MOST_QUESTIONS = 1000


class QuestionBody(Strict):
    """So much of what. The same SKU may stand on several lines: breaks may count them together."""

    sku = TextField(most=60, code=True)
    unit = TextField(most=3, code=True, required=False, help_text="the product's default unit when left out")
    quantity = NumberField(
        decimals=12, most=Decimal(LARGEST_QUANTITY), positive=True, help_text="in the unit"
    )


class PriceQuestions(Strict):
    """The lines of one document that nobody enters."""

    customer = TextField(most=40, code=True, help_text="the customer's code")
    ship_to = TextField(most=40, code=True, required=False, help_text="the code of one of its addresses")
    date = DayField(required=False, help_text="the day whose prices are asked; today when left out")
    currency = TextField(most=3, code=True, required=False, help_text="the customer's when left out")
    lines = QuestionBody(many=True, allow_empty=False, max_length=MOST_QUESTIONS)  # type: ignore[call-arg]


class PricedLine(serializers.Serializer[Any]):
    """A line's price. Without one, `unit_price` and `amount` are null and an order with the line waits.

    A line that asks for more than an agreement has left is told in parts, each with its quantity and price.
    """

    line = serializers.IntegerField(help_text="which line was asked about, from 1 on")
    sku = serializers.CharField()
    unit = serializers.CharField(help_text="UN/ECE Recommendation 20")
    quantity = serializers.CharField(help_text="in the unit")
    base_quantity = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True, help_text="rounded to the currency's decimals")
    why = serializers.CharField(help_text="one sentence, as the customer may read it")
    trace = serializers.DictField(
        help_text="the price that won, how it was reckoned, and what lost, with why"
    )


class PriceAnswers(serializers.Serializer[Any]):
    customer = serializers.CharField()
    date = serializers.DateField()
    currency = serializers.CharField()
    total = serializers.CharField(help_text="of the lines that have a price")
    lines = PricedLine(many=True)


class PriceQuestionResource(Doorway[Customer]):
    """What a customer pays. A POST because the question is long; it changes nothing and needs no key."""

    queryset = Customer.objects.none()
    pagination_class = None
    filter_backends = []
    needs = {"create": ("customers.view_pricerule",)}
    serializer_class = PriceAnswers

    @extend_schema(request=PriceQuestions, responses={200: PriceAnswers})
    def create(self, request: Request) -> Response:
        """Price up to 1,000 lines as one document of that day."""
        buyer, lines = _understand(read_body(PriceQuestions, request), by=acting(request))
        units = units_by_id(line.unit_id for line in lines)
        priced = [(asked, part) for asked, parts in enumerate(price_parts(buyer, lines), 1) for part in parts]
        decimals = buyer.currency.exponent
        answer = {
            "customer": buyer.customer.code,
            "date": buyer.on,
            "currency": buyer.currency.code,
            "total": as_money(sum((part.amount for _line, part in priced), Decimal(0)), decimals),
            "lines": [
                {"line": asked, **_shown(part, units[part.unit_id], decimals, acting(request))}
                for asked, part in priced
            ],
        }
        return Response(PriceAnswers(answer).data)


def _understand(body: dict[str, Any], *, by: User) -> tuple[Buyer, list[LineInput]]:
    """Return what is asked; raise Unprocessable with every code that means nothing to this user."""
    problems: list[Problem] = []
    seen = Customer.objects.visible_to(by).select_related("currency")
    customer = seen.filter(code=body["customer"]).first()
    lines = read_lines(body["lines"], problems)
    if customer is None:
        problems.append(_unknown("/customer", body["customer"]))
        raise Unprocessable(problems)
    ship_to = read_address(customer, body.get("ship_to"), problems)
    currency = _currency(customer, body.get("currency"), problems)
    if problems:
        raise Unprocessable(problems)
    return Buyer(customer, currency, body.get("date") or business_day(), ship_to), lines


def _unknown(pointer: str, code: str) -> Problem:
    return Problem(pointer, _("There is no “%(code)s”.") % {"code": code})


def _currency(customer: Customer, code: str | None, problems: list[Problem]) -> Currency:
    found = Currency.objects.filter(pk=code).first() if code else customer.currency
    if found is None:
        problems.append(_unknown("/currency", str(code)))
    return found or customer.currency


def _shown(line: PricedInput, unit: SalesUnit, decimals: int, user: User) -> dict[str, Any]:
    price = line.unit_price
    exact = from_base(line.ordered, numerator=unit.numerator, denominator=unit.denominator)
    return {
        "sku": unit.sku,
        "unit": unit.unit,
        "quantity": written(exact),
        "base_quantity": line.ordered,
        "unit_price": None if price is None else as_money(price, decimals),
        "amount": None if price is None else as_money(line.amount, decimals),
        "why": sentence(line.trace) or _("No price list has a price for it."),
        "trace": _trace(trace_for(user, line.trace)),
    }


def _trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trace whose losers are objects with names."""
    return {**trace, "lost": losers(trace)} if trace else {}
