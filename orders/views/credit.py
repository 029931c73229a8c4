"""The credit gauge: what of a limit is used, before and with a document, in words beside the colour."""

from dataclasses import dataclass
from decimal import Decimal

from customers.models import CreditAccount, Customer
from oms.models import Currency, User
from orders.exposure import Exposure, reasons
from orders.masking import may_see_credit
from orders.services.exposing import exposure_of
from orders.services.sheets import Sheet

NEAR = 90  # percent of the limit


@dataclass(frozen=True, slots=True)
class Gauge:
    """What is shown of an exposure; `why` says that an order would wait."""

    exposure: Exposure
    why: str

    @property
    def state(self) -> str:
        """How it looks: `bad` waits, `warn` is nearly used up."""
        if self.why:
            return "bad"
        return "warn" if (self.exposure.total_percent or 0) >= NEAR else "good"

    @property
    def shown(self) -> int:
        """How far the bar goes, from 0 to 100."""
        percent = self.exposure.total_percent
        full = 100 if self.why and percent is None else 0
        return min(max(percent or full, 0), 100)


def gauge_of_sheet(sheet: Sheet, user: User) -> Gauge | None:
    """Return the gauge with what the draft comes to."""
    return gauge_of(sheet.document.customer, user, sheet.totalled.total, sheet.document.currency)


def gauge_of(
    customer: Customer, user: User, adds: Decimal = Decimal(0), currency: Currency | None = None
) -> Gauge | None:
    """Return the gauge of a customer; none without an account, nor for who may not see credit."""
    if customer.credit_account_id is None or not may_see_credit(user):
        return None
    account = CreditAccount.objects.select_related("currency").get(pk=customer.credit_account_id)
    exposure = exposure_of(account, adds, currency)
    return Gauge(exposure, "; ".join(reasons(exposure)))
