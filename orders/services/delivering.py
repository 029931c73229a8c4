"""When the goods of a quote would be there if the customer ordered them today. An offer; nothing is reserved."""

from datetime import date
from typing import NamedTuple

from inventory.models import Warehouse
from orders.models import QuoteVersion
from orders.services.promising import availability, destination_of, questions_for


class Delivery(NamedTuple):
    """The days of the first and the last line that has one, and of how many lines nobody knows the day."""

    first: date
    last: date
    unknown: int


def delivery_of(version: QuoteVersion) -> Delivery | None:
    """Return when the lines of a version would be there, each whole; None when no day is known.

    What the version holds counts as there. Constant number of statements.
    """
    quote = version.quote
    questions = questions_for(version.lines.select_related("unit").order_by("position"), quote.warehouse_id)
    if not questions:
        return None
    places = Warehouse.objects.filter(pk=quote.warehouse_id)
    found = availability(questions, places, to=destination_of(quote), holder=version.pk)
    whole = [answer.here.whole if answer.here else None for answer in found]
    days = [one.deliver_on for one in whole if one]
    return Delivery(min(days), max(days), len(found) - len(days)) if days else None
