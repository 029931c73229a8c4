"""What is granted to whom, and what accounting tells of what they owe."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.errors import CreditRefused
from customers.models import CreditAccount, CreditChange, Customer
from customers.models.credit import FIGURES, TERMS
from oms.company import business_day
from oms.errors import Problem
from oms.models import User
from oms.rows import lock_row
from oms.sets import set_in_rows


class Grant(NamedTuple):
    """What is granted: as `CreditTerms` has it."""

    credit_limit: Decimal | None
    tolerance_percent: Decimal = Decimal(0)
    horizon_days: int = 30
    overdue_amount: Decimal = Decimal(0)
    overdue_days: int = 30


class Told(NamedTuple):
    """What accounting knows at the end of the day `as_of`, in the account's currency."""

    as_of: date
    receivables: Decimal = Decimal(0)
    unapplied: Decimal = Decimal(0)
    deposits: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)
    overdue_since: date | None = None


@transaction.atomic
def open_credit_account(
    customer_id: int, currency: str, grant: Grant, told: Told, *, by: User | None
) -> CreditAccount:
    """Open the account of a company and of those below that have none. Raise CreditRefused when it has one."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if CreditAccount.objects.filter(customer=customer).exists():
        raise CreditRefused(
            _("%(customer)s has a credit account already; change that one.") % {"customer": customer}
        )
    require_possible(told, of=str(customer))
    account = CreditAccount.objects.create(customer=customer, currency_id=currency, **told._asdict())
    CreditChange.objects.create(account=account, by=by, note=_("opened"), **grant._asdict())
    account.refresh_from_db()
    return account


@transaction.atomic
def grant_credit(account_id: int, grant: Grant, *, by: User | None, note: str = "") -> CreditAccount:
    """Change what is granted; who changed it from what to what is kept. The same again changes nothing."""
    account = lock_row(CreditAccount, account_id)
    if grant != granted_to(account):
        CreditChange.objects.create(account=account, by=by, note=note, **grant._asdict())
        account.refresh_from_db(fields=TERMS)
    return account


def granted_to(account: CreditAccount) -> Grant:
    return Grant(*(getattr(account, name) for name in TERMS))


@transaction.atomic
def tell_credit(told: Sequence[tuple[int, Told]], *, by: User | None) -> None:
    """Take over what accounting knows of these accounts, all of it or nothing.

    Raise CreditRefused for an account that is told twice, of figures that cannot be, and of a day before the last.
    """
    ids = [account for account, _told in told]
    accounts = CreditAccount.objects.filter(pk__in=ids).select_related("customer").order_by("pk")
    known = {account.pk: account for account in accounts.select_for_update(of=("self",), no_key=True)}
    today = business_day()
    problems = [
        *(
            Problem(str(known[pk].customer), _("is told %(n)s times; tell it once.") % {"n": times})
            for pk, times in Counter(ids).items()
            if times > 1
        ),
        *(
            Problem(str(known[pk].customer), wrong)
            for pk, one in told
            for wrong in wrong_figures(one, known_until=known[pk].as_of, today=today)
        ),
    ]
    if problems:
        raise CreditRefused(" ".join(map(str, problems)))
    figures = {name: [getattr(one, name) for _pk, one in told] for name in FIGURES}
    set_in_rows(CreditAccount, ids, **figures)
    CreditAccount.objects.filter(pk__in=ids).update(told_at=timezone.now(), told_by=by)


def require_possible(told: Told, *, of: str) -> None:
    if wrong := list(wrong_figures(told, known_until=None, today=business_day())):
        raise CreditRefused(" ".join(str(Problem(of, one)) for one in wrong))


def wrong_figures(told: Told, *, known_until: date | None, today: date) -> Iterable[str]:
    """Yield why these figures cannot be, each with what would put it right."""
    day = date_format(told.as_of)
    if told.as_of > today:
        yield _("%(day)s is not over; tell what is known at the end of a day.") % {"day": day}
    if known_until is not None and told.as_of < known_until:
        newer = date_format(known_until)
        yield _("what is known of %(newer)s is newer than %(day)s; tell a later day.") % {
            "newer": newer,
            "day": day,
        }
    if min(told.receivables, told.unapplied, told.deposits, told.overdue) < 0:
        yield _("an amount is below 0; what we owe them stands among unapplied credits.")
    if told.overdue > told.receivables:
        yield _("more is overdue than is open; tell all that is open among the receivables.")
    if bool(told.overdue) != (told.overdue_since is not None):
        yield _("what is overdue has the day since when, and nothing overdue has none.")
    elif told.overdue_since is not None and told.overdue_since > told.as_of:
        yield _("what is overdue was due before the figures were taken; correct the day.")
