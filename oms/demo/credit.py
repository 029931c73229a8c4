"""Credit in the demo: one order waits for it, one customer is near the limit, one is overdue, one may owe anything.

For the one that is near its limit somebody has asked for more, which a colleague has to put in force.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from customers.models import CreditAccount, Customer
from customers.services.crediting import Grant, Told, grant_credit, open_credit_account, terms_of
from oms.company import business_day
from oms.models import User
from oms.money import HUNDRED
from orders.models import Order
from orders.services.confirming import confirm_order
from orders.services.exposing import exposure_of
from orders.status import IN_WORK, OrderStatus

OWED = Decimal(4200)
SHORT, NEAR = Decimal(40), Decimal(94)  # percent


def create_credit() -> None:
    """Open accounts that fit what is ordered today, by the house itself: whoever opens one releases no hold of it."""
    buyers = _with_most_in_work()
    near, late = buyers[:2]
    waiting = Order.objects.filter(status=OrderStatus.SUBMITTED).without_open_hold()
    order = waiting.exclude(customer__in=[near, late]).order_by("-total", "pk")[0]
    _ask_for_more(_grant(_opened(near), lambda used: used * HUNDRED / NEAR))
    _grant(_opened(late, overdue=Decimal(1350), days=47), lambda used: used * 2)
    _grant(_opened(order.customer), lambda used: used + order.total * SHORT / HUNDRED)
    confirm_order(order.pk, by=order.customer.rep)
    _open_without_limit(order.customer, near, late)


def _with_most_in_work() -> list[Customer]:
    """Return who has the most in work, each once, of companies that stand alone."""
    orders = Order.objects.filter(status__in=IN_WORK, customer__parent=None, customer__children=None)
    found = orders.select_related("customer").order_by("-total", "pk")
    return list(dict.fromkeys(order.customer for order in found))


def _opened(customer: Customer, *, overdue: Decimal = Decimal(0), days: int = 0) -> CreditAccount:
    """Open an account of which accounting knew five days ago."""
    today = business_day()
    since = today - timedelta(days=days) if overdue else None
    told = Told(today - timedelta(days=5), OWED, Decimal(250), overdue=overdue, overdue_since=since)
    terms = Grant(None, overdue_amount=Decimal(500))
    return open_credit_account(customer.pk, customer.currency_id, terms, told, by=None)


def _grant(account: CreditAccount, limit_for: Callable[[Decimal], Decimal]) -> CreditAccount:
    limit = round(limit_for(exposure_of(account).used), -2) + 0
    terms = Grant(limit, overdue_amount=Decimal(500))
    return grant_credit(account.pk, terms, by=None, note="agreed with the insurer")


def _ask_for_more(account: CreditAccount) -> None:
    """Ask for a fifth more; the first of the two in finance is the one who finds it in the inbox."""
    _decides, asks = User.objects.filter(groups__name="Finance").order_by("pk")[:2]
    granted = terms_of(account)
    more = granted._replace(credit_limit=(granted.credit_limit or 0) * Decimal("1.2"))
    grant_credit(account.pk, more, by=asks, note="opens a second branch in spring")


def _open_without_limit(*others: Customer) -> None:
    free = Customer.objects.filter(credit_account=None, parent=None).exclude(
        pk__in=[one.pk for one in others]
    )
    _opened(free.order_by("code")[0])
