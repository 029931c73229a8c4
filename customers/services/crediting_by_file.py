"""What accounting knows of credit, told by a file: all of it or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from customers.models import CreditAccount
from customers.models.credit import FIGURES
from customers.services.crediting import Told, tell_credit, wrong_figures
from customers.services.customers_there import customer_wanted, customers_by_code
from oms.company import business_day
from oms.importing.plans import Plan, State
from oms.importing.problems import Problems
from oms.models import User


class WantedFigures(NamedTuple):
    """A row: whose figures, in which currency when it says so."""

    row: int
    customer: str
    currency: str | None
    told: Told


@dataclass(slots=True)
class CreditPlan(Plan):
    """What the rows tell, by account."""

    told: list[tuple[int, Told]] = field(default_factory=list)


def check_credit(wanted: Sequence[WantedFigures], problems: Problems, *, by: User | None) -> CreditPlan:
    """Return what these rows tell, noting what is wrong with them. Nothing is written."""
    plan, today = CreditPlan(), business_day()
    customers = customers_by_code((one.customer for one in wanted), by)
    found = CreditAccount.objects.filter(customer__in=customers.values())
    accounts = {account.customer_id: account for account in found}
    times = Counter(customers.get(one.customer) for one in wanted)
    for one in wanted:
        customer = customer_wanted(one.row, one.customer, customers, problems)
        account = _account_wanted(one, customer, accounts, problems)
        if account is None or one.row in problems.bad_rows:
            continue
        if times[customer] > 1:
            rule, remedy = _("is told more than once."), _("Keep one row for each customer.")
            problems.add(one.row, "customer", one.customer, rule, remedy)
        for wrong in wrong_figures(one.told, known_until=account.as_of, today=today):
            problems.add(one.row, "as_of", one.told.as_of, wrong, "")
        _plan(plan, one, account)
    return plan


def _account_wanted(
    one: WantedFigures, customer: int | None, accounts: Mapping[int, CreditAccount], problems: Problems
) -> CreditAccount | None:
    account = accounts.get(customer) if customer else None
    if customer and account is None:
        rule, remedy = _("has no credit account of its own."), _("Open one, or tell the company that has it.")
        problems.add(one.row, "customer", one.customer, rule, remedy)
    if account and one.currency not in (None, account.currency_id):
        rule = _("is not the currency of the account.")
        remedy = _("Write the amounts in %(currency)s.") % {"currency": account.currency_id}
        problems.add(one.row, "currency", one.currency, rule, remedy)
    return account


def _plan(plan: CreditPlan, one: WantedFigures, account: CreditAccount) -> None:
    before = {name: getattr(account, name) for name in FIGURES}
    changes = {
        name: (before[name], value) for name, value in one.told._asdict().items() if before[name] != value
    }
    plan.told.append((account.pk, one.told))
    plan.count(one.row, State.CHANGED if changes else State.SAME, one.customer, changes)


def save_credit(plan: CreditPlan, *, by: User | None) -> None:
    tell_credit(plan.told, by=by)
