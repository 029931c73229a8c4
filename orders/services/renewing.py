"""A quote is offered again at today's prices; what differs from the version before can be seen."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from oms.company import business_day
from oms.models import User
from oms.sets import set_in_rows
from orders.models import Quote, QuoteLine, QuoteVersion
from orders.services.drafting import Change, QuoteSheet, add_rest, after, buyer_of
from orders.services.pricing import as_columns, price_parts
from orders.services.quoting import revise_quote, version_in_force
from orders.services.taxing import taxation_of
from orders.services.totalling import total_up


@transaction.atomic
def renew_quote(quote_id: int, *, by: User | None, valid_until: date | None = None) -> Quote:
    """Draft the next version with today's prices; those typed by hand stay. Raise IllegalMove."""
    quote = revise_quote(quote_id, by=by, valid_until=valid_until)
    version = version_in_force(quote)
    changed = _price_again(quote, version)
    quote.record("priced again", by=by, note=_("%(n)s prices changed") % {"n": changed})
    return quote


def _price_again(quote: Quote, version: QuoteVersion) -> int:
    """Write today's prices into a draft's lines in a constant number of statements; return how many changed."""
    lines = list(version.lines.order_by("position"))
    if not lines:
        return 0
    wanted = [after(line, Change(line.pk)) for line in lines]
    places = [line.position for line in lines]
    priced = price_parts(buyer_of(quote, business_day()), wanted, positions=places)
    first = [parts[0] for parts in priced]
    set_in_rows(QuoteLine, [line.pk for line in lines], **as_columns(first))
    add_rest(QuoteSheet(quote, version), priced)
    total_up(version, quote.currency, taxation_of(version))
    return sum(1 for old, new in zip(lines, first, strict=True) if old.unit_price != new.unit_price)
