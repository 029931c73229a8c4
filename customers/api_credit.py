"""What accounting knows of what customers owe, told by a machine."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import CreditAccount
from customers.services.crediting import Told, tell_credit
from customers.services.customers_there import customers_by_code
from oms.api.doorway import Doorway, acting, read_body
from oms.api.fields import DayField, NumberField, Strict, TextField
from oms.api.problems import Unprocessable
from oms.errors import Problem
from oms.idempotency import Answer

MOST = 1000
LARGEST = Decimal(10) ** 13


def amount(help_text: str, **options: Any) -> NumberField:
    return NumberField(decimals=4, most=LARGEST, help_text=help_text, **options)


class BalanceBody(Strict):
    """What is known of one customer at the end of a day, in the currency of its account."""

    customer = TextField(most=40, code=True, help_text="the code of the customer that has the account")
    as_of = DayField(help_text="the day at whose end this was so")
    receivables = amount("open invoices")
    unapplied = amount("credit notes and payments not applied yet", required=False)
    deposits = amount("held for orders", required=False)
    overdue = amount("of the receivables", required=False)
    overdue_since = DayField(required=False, help_text="the day the oldest of it was due")


class BalancesBody(Strict):
    """Up to 1,000 customers, all of them or none."""

    balances = BalanceBody(many=True, allow_empty=False, max_length=MOST)  # type: ignore[call-arg]


class TakenOver(serializers.Serializer[Any]):
    told = serializers.IntegerField(help_text="of how many customers")


class CreditResource(Doorway[CreditAccount]):
    """What customers owe, as accounting knows it. Limits are changed by people."""

    queryset = CreditAccount.objects.none()
    pagination_class = None
    filter_backends = []
    needs = {"create": ("customers.tell_credit",)}
    serializer_class = TakenOver

    @extend_schema(request=BalancesBody, responses={200: TakenOver})
    def create(self, request: Request) -> Response:
        """Take over what accounting knows; a day before the last one told is refused."""
        balances = read_body(BalancesBody, request)["balances"]

        def tell() -> Answer:
            told = _understand(balances, request)
            tell_credit(told, by=acting(request))
            return Answer(200, {"told": len(told)})

        return self.once(request, tell)


def _understand(balances: list[dict[str, Any]], request: Request) -> list[tuple[int, Told]]:
    """Return what is told by account; raise Unprocessable with every code that means nothing to this user."""
    customers = customers_by_code((one["customer"] for one in balances), acting(request))
    found = CreditAccount.objects.filter(customer__in=customers.values())
    accounts = dict(found.values_list("customer_id", "pk"))
    known = [accounts.get(customers.get(one["customer"], 0)) for one in balances]
    unknown = [
        Problem(
            f"/balances/{place}/customer", _("There is no credit account of “%(code)s”.") % {"code": code}
        )
        for place, code in enumerate(one["customer"] for one in balances)
        if known[place] is None
    ]
    if unknown:
        raise Unprocessable(unknown)
    rest = [{name: value for name, value in one.items() if name != "customer"} for one in balances]
    return [(pk, Told(**one)) for pk, one in zip(known, rest, strict=True) if pk is not None]
