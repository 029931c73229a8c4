"""A customer who has yet to choose is offered several quotes for the same wish, side by side, and accepts one."""

from django.db import transaction

from oms.errors import IllegalMove
from oms.models import User
from oms.rows import lock_row
from orders.models import Quote
from orders.services.capturing import Header
from orders.services.pricing import LineInput
from orders.services.quoting import draft_quote, has_expired, version_in_force
from orders.status import OPEN, QuoteStatus


@transaction.atomic
def draft_alternative(quote_id: int, *, by: User) -> Quote:
    """Draft another quote beside an open one, with the lines of its version in force at today's prices.

    No price, discount, approval or PO comes along. Raise IllegalMove when the quote is open no more, Incomplete.
    """
    quote = lock_row(Quote, quote_id)
    if quote.status not in OPEN:
        raise IllegalMove(quote.number, quote.get_status_display(), str(QuoteStatus.SENT.label))
    rows = version_in_force(quote).lines.order_by("position").values_list("unit_id", "ordered", "note")
    other = draft_quote(
        Header(quote.customer_id, ship_to_id=quote.ship_to_id, warehouse_id=quote.warehouse_id),
        [LineInput(unit, ordered, stands=True, note=note) for unit, ordered, note in rows],
        by=by,
        valid_until=None if has_expired(quote) else quote.valid_until,
        alternative_to=quote.alternative_to_id or quote.pk,
    )
    other.record("alternative", by=by, note=quote.number)
    return other
