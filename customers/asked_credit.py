"""What somebody asked for of a credit account, as those who decide read it: each figure that changes, old and new."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from customers.models import CreditProposal, CreditTerms
from oms.models import Currency, User
from oms.money import decimals_of
from oms.templatetags.amounts import money


@dataclass(frozen=True, slots=True)
class Changed:
    """One of the terms, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal with what it changes; `seen` is what was granted last when it was read."""

    proposal: CreditProposal
    changes: list[Changed]
    seen: int
    is_own: bool


def asked(proposals: Any, user: User, most: int = 1) -> list[Asked]:
    """Return the first of these proposals as this user reads them, in one statement."""
    rows = proposals.select_related("account__customer", "account__currency", "proposed_by")
    rows = rows.annotate(seen=Coalesce(Max("account__changes"), 0))
    return [Asked(row, list(changes_of(row)), row.seen, row.proposed_by_id == user.pk) for row in rows[:most]]


def changes_of(proposal: CreditProposal) -> Iterator[Changed]:
    """Yield the terms that are not as they are now; all of them where nothing is granted yet."""
    account = proposal.account
    before = dict(in_words(account, account.currency)) if account.is_open else {}
    for name, after in in_words(proposal, account.currency):
        if before.get(name) != after:
            yield Changed(name, before.get(name, ""), after)


def in_words(terms: CreditTerms, currency: Currency) -> Iterator[tuple[str, str]]:
    """Yield each of the terms with its name."""
    yield _("Limit"), _amount(terms.credit_limit, currency, _("without limit"))
    tolerance = terms.tolerance_percent or Decimal(0)
    yield _("Tolerance"), f"{number_format(tolerance, decimals_of(tolerance, 0))} %"
    yield _("Open orders count that leave within"), _days(terms.horizon_days)
    overdue = {"amount": money(terms.overdue_amount, currency), "days": _days(terms.overdue_days)}
    yield _("Overdue"), _("above %(amount)s for more than %(days)s") % overdue
    yield _("Insured"), _insured(terms, currency)


def _insured(terms: CreditTerms, currency: Currency) -> str:
    amount = _amount(terms.insured_limit, currency, _("by nobody"))
    if terms.insured_until is None:
        return amount
    day = date_format(terms.insured_until, "SHORT_DATE_FORMAT")
    return _("%(amount)s until %(day)s") % {"amount": amount, "day": day}


def _days(days: int | None) -> str:
    return _("%(days)s days") % {"days": days}


def _amount(amount: Any, currency: Currency, without: str) -> str:
    return without if amount is None else money(amount, currency)
