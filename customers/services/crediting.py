"""What is granted to whom, and what accounting tells of what they owe."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.errors import CreditRefused
from customers.models import CreditAccount, CreditChange, CreditProposal, CreditTerms, Customer
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
    insured_limit: Decimal | None = None
    insured_until: date | None = None


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
    """Open the account of a company and of those below that have none. Raise CreditRefused when it has one.

    What a person opens governs nobody until somebody else puts it in force; the house's own is open at once.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if CreditAccount.objects.filter(customer=customer).exists():
        raise CreditRefused(
            _("%(customer)s has a credit account already; change that one.") % {"customer": customer}
        )
    require_possible(told, of=str(customer))
    account = CreditAccount.objects.create(
        customer=customer, currency_id=currency, told_at=timezone.now(), told_by=by, **told._asdict()
    )
    return grant_credit(account.pk, grant, by=by, note=_("opened"))


@transaction.atomic
def grant_credit(account_id: int, grant: Grant, *, by: User | None, note: str = "") -> CreditAccount:
    """Change what is granted; who changed it from what to what is kept. The same again changes nothing.

    What a person eases waits for somebody else (`customers.services.credit_proposals`); less is granted at once. Raise
    CreditRefused while something else waits.
    """
    account = lock_row(CreditAccount, account_id, "customer")
    before = granted_to(account)
    if grant != before and by is not None and eases(before, grant):
        _propose(account, grant, by=by, note=note)
    elif grant != before:
        CreditChange.objects.create(account=account, by=by, note=note, **grant._asdict())
        account.refresh_from_db(fields=TERMS)
    return account


def _propose(account: CreditAccount, grant: Grant, *, by: User, note: str) -> None:
    waiting = account.proposals.waiting().select_related("proposed_by").first()
    if waiting is None:
        CreditProposal.objects.create(account=account, proposed_by=by, note=note, **grant._asdict())
    elif terms_of(waiting) != grant:
        what = _(
            "%(who)s has asked for other credit of %(customer)s already; that is decided, or taken back, first."
        )
        raise CreditRefused(what % {"who": waiting.proposed_by, "customer": account})


def granted_to(account: CreditAccount) -> Grant | None:
    """Return what is granted; none while the account is not open."""
    return terms_of(account) if account.is_open else None


def terms_of(row: CreditTerms) -> Grant:
    return Grant(*(getattr(row, name) for name in TERMS))


def eases(before: Grant | None, after: Grant) -> bool:
    """Whether more may be owed, or owed for longer, than before. Where nothing is granted yet, anything is more."""
    if before is None:
        return True
    insured_for_longer = before.insured_until is not None and after.insured_limit is not None
    return (
        _is_more(before.credit_limit, after.credit_limit)
        or _is_more(before.insured_limit, after.insured_limit)
        or (insured_for_longer and _is_more(before.insured_until, after.insured_until))
        or after.tolerance_percent > before.tolerance_percent
        or after.horizon_days < before.horizon_days
        or after.overdue_amount > before.overdue_amount
        or after.overdue_days > before.overdue_days
    )


def _is_more(before: Any, after: Any) -> bool:
    """Whether a bound is further away; none is the furthest."""
    return before is not None and (after is None or after > before)


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
    figures: dict[str, list[Any]] = {name: [getattr(one, name) for _pk, one in told] for name in FIGURES}
    figures |= {"told_at": [timezone.now()] * len(ids), "told_by": [by.pk if by else None] * len(ids)}
    set_in_rows(CreditAccount, ids, **figures)


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
