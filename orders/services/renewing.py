"""A quote is offered again at today's prices; what differs from the version before can be seen."""

from datetime import date

from django.db import transaction

from oms.models import User
from orders.models import Quote
from orders.services.pricing_again import plan_prices, prices_changed, write_prices
from orders.services.quoting import revise_quote
from orders.services.sheets import sheet_of


@transaction.atomic
def renew_quote(quote_id: int, *, by: User | None, valid_until: date | None = None) -> Quote:
    """Draft the next version with today's prices; those typed by hand stay. Raise IllegalMove."""
    quote = revise_quote(quote_id, by=by, valid_until=valid_until)
    sheet = sheet_of(quote)
    plan = plan_prices(sheet)
    write_prices(sheet, plan)
    quote.record("priced again", by=by, note=prices_changed(plan))
    return quote
