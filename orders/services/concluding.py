"""Why a quote was won or lost, said by who sold, so that it can be counted."""

from django.db import transaction
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from oms.rows import lock_row
from orders.models import Quote
from orders.status import DECIDED, Outcome


class NotDecided(Refused):
    """The quote is neither won nor lost yet."""

    code = "not_decided"


@transaction.atomic
def say_why(quote_id: int, outcome: Outcome, *, by: User, note: str = "") -> Quote:
    """Keep why the quote was won or lost; the last word counts. Raise NotDecided."""
    quote = lock_row(Quote, quote_id)
    if quote.status not in DECIDED:
        told = {"quote": quote, "status": quote.get_status_display()}
        raise NotDecided(_("%(quote)s is %(status)s. Say why once it is won or lost.") % told)
    quote.outcome = outcome
    why = f"{outcome.label}: {note}" if note else str(outcome.label)
    quote.record("why", by=by, note=why[:500], changed=["outcome"])
    return quote
