"""How much a group of companies owes us and will, beside what was granted. No database here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.models import Currency
from oms.money import HUNDRED
from oms.templatetags.amounts import money

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Every part of what is owed, in the currency of the account. Without a `limit` there is none.

    `shipped` left us after the day `as_of` up to which accounting knows; `confirmed` leaves within the horizon;
    `adds` is what the document in question comes to. `unknown` documents are in currencies of which no rate is known.
    """

    currency: Currency
    limit: Decimal | None
    tolerance_percent: Decimal
    as_of: date
    receivables: Decimal = NOTHING
    unapplied: Decimal = NOTHING
    deposits: Decimal = NOTHING
    shipped: Decimal = NOTHING
    confirmed: Decimal = NOTHING
    adds: Decimal = NOTHING
    unknown: int = 0
    overdue: Decimal = NOTHING
    overdue_for: int = 0  # days
    overdue_amount: Decimal = NOTHING
    overdue_days: int = 0

    @property
    def used(self) -> Decimal:
        """What is owed or will be without the document in question."""
        owed = self.receivables - self.unapplied - self.deposits
        return owed + self.shipped + self.confirmed

    @property
    def total(self) -> Decimal:
        return self.used + self.adds

    @property
    def most(self) -> Decimal | None:
        """Up to what an order goes on: the limit and its tolerance."""
        return None if self.limit is None else self.limit * (HUNDRED + self.tolerance_percent) / HUNDRED

    @property
    def available(self) -> Decimal | None:
        return None if self.limit is None else self.limit - self.total

    @property
    def is_above(self) -> bool:
        return self.most is not None and self.total > self.most

    @property
    def is_overdue(self) -> bool:
        """Too much for too long: a small late invoice does not stop a big customer, nor does a large one of a day."""
        return self.overdue > self.overdue_amount and self.overdue_for > self.overdue_days

    @property
    def is_held(self) -> bool:
        return self.is_above or self.is_overdue or (self.limit is not None and self.unknown > 0)

    def percent(self, amount: Decimal) -> int | None:
        """Return which part of the limit an amount is; none where there is no limit, or no credit at all."""
        return int(amount * HUNDRED / self.limit) if self.limit else None

    @property
    def used_percent(self) -> int | None:
        return self.percent(self.used)

    @property
    def total_percent(self) -> int | None:
        return self.percent(self.total)


def why_held(exposure: Exposure) -> str:
    """Say with every part why an order waits for credit; nothing when it does not."""
    first, *others = reasons(exposure) or [""]
    parts = f" ({_parts(exposure)})" if exposure.is_above else ""
    return "; ".join([f"{first}{parts}", *others])


def reasons(exposure: Exposure) -> list[str]:
    """Say in short why an order waits for credit."""
    told = {
        "total": _amount(exposure, exposure.total),
        "limit": _amount(exposure, exposure.limit),
        "overdue": _amount(exposure, exposure.overdue),
        "days": exposure.overdue_for,
        "currency": exposure.currency.code,
        "n": exposure.unknown,
    }
    found = []
    if exposure.is_above:
        found.append(
            _("%(total)s of a limit of %(limit)s") if exposure.limit else _("no credit, and %(total)s")
        )
    if exposure.is_overdue:
        days = exposure.overdue_for
        found.append(
            ngettext("%(overdue)s overdue for %(days)s day", "%(overdue)s overdue for %(days)s days", days)
        )
    if exposure.limit is not None and exposure.unknown:
        found.append(_("no exchange rate into %(currency)s for %(n)s of their orders; enter it"))
    return [reason % told for reason in found]


def _parts(exposure: Exposure) -> str:
    day = date_format(exposure.as_of, "SHORT_DATE_FORMAT")
    parts = [
        (exposure.receivables, _("open on %(day)s") % {"day": day}),
        (-exposure.unapplied, _("credits and payments")),
        (exposure.shipped, _("shipped since")),
        (exposure.confirmed, _("open orders")),
        (-exposure.deposits, _("deposits")),
        (exposure.adds, _("this order")),
    ]
    return ", ".join(f"{_amount(exposure, amount)} {words}" for amount, words in parts if amount)


def _amount(exposure: Exposure, amount: Decimal | None) -> str:
    return money(amount, exposure.currency)
