"""The customer asks for other terms by the link of a version: kept as it came, seen by who sells, answering nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.rows import lock_row
from orders.models import CounterLine, CounterOffer, Quote, QuoteLine, QuoteLink
from orders.services.answering import open_link
from orders.services.deciding import require_open
from orders.services.quoting import Said

MOST_OFFERS = 20  # on one version


class NothingWanted(Refused):
    """A counter-offer that asks for nothing, or is one too many."""

    code = "nothing_wanted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the customer wants of one line instead; None stays as quoted."""

    quantity: Decimal | None = None
    price: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter-offer: who makes it, words about all of it, and what is wanted of lines by position."""

    name: str
    comment: str = ""
    lines: Mapping[int, Wanted] = field(default_factory=dict)


@transaction.atomic
def counter_by_link(token: str, counter: Counter, *, ip: str | None) -> CounterOffer:
    """Keep what the customer wants instead of the version of the link; it can still be accepted.

    What the last offer by the link says already is kept once: people press twice, and load a page again.

    Raise DeadLink, Superseded, Expired, IllegalMove, or NothingWanted; then nothing has changed.
    """
    link = open_link(token)
    quote = lock_row(Quote, link.version.quote_id, "customer")
    link = open_link(token)  # nobody has revoked it while we waited
    require_open(quote, Said(link.version.number))
    _require_something(counter)
    if (last := _last_by(link)) and _says_the_same(last, counter):
        return last
    if CounterOffer.objects.filter(version=link.version_id).count() >= MOST_OFFERS:
        raise NothingWanted(_("That is the last of many counter-offers. Please call us."))
    offer = CounterOffer.objects.create(
        version=link.version, name=counter.name, comment=counter.comment, link=link, ip=ip
    )
    lines = dict(link.version.lines.filter(position__in=counter.lines).values_list("position", "pk"))
    CounterLine.objects.bulk_create(
        CounterLine(
            offer=offer, line_id=lines[position], quantity=one.quantity, price=one.price, comment=one.comment
        )
        for position, one in sorted(counter.lines.items())
        if position in lines
    )
    quote.record("countered", by=None, note=f"{counter.name}: {counter.comment}".rstrip(": ")[:500])
    return offer


def _last_by(link: QuoteLink) -> CounterOffer | None:
    """Return the last offer by the link unless we have answered it: then the same again is meant."""
    last: CounterOffer | None = CounterOffer.objects.filter(link=link).order_by("pk").last()
    return None if last is None or hasattr(last, "answer") else last


def _says_the_same(offer: CounterOffer, counter: Counter) -> bool:
    columns = ("line__position", "quantity", "price", "comment")
    lines = {position: Wanted(*rest) for position, *rest in offer.lines.values_list(*columns)}
    return (offer.name, offer.comment, lines) == (counter.name, counter.comment, counter.lines)


def _require_something(counter: Counter) -> None:
    if not counter.lines and not counter.comment:
        raise NothingWanted(_("Say what you would like instead: a price, a quantity, or in words."))


def counter_offers_of(quote: Quote) -> list[dict[str, Any]]:
    """Return what the customer wanted instead, the last first, with the lines as they were quoted and our answers."""
    offers = CounterOffer.objects.filter(version__quote=quote).select_related(
        "version__quote", "answer__version__quote", "answer__by"
    )
    found = list(offers.order_by("-pk")[:MOST_OFFERS])
    wanted = CounterLine.objects.filter(offer__in=found).select_related(
        "line__product", "line__unit", "answer"
    )
    by_offer: dict[int, list[CounterLine]] = {}
    for line in wanted.order_by("pk"):
        by_offer.setdefault(line.offer_id, []).append(line)
    return [
        {"offer": one, "lines": by_offer.get(one.pk, []), "answer": getattr(one, "answer", None)}
        for one in found
    ]


def lines_to_counter(version_id: int, most: int) -> list[QuoteLine]:
    """Return the first lines of a version, which the customer may want otherwise."""
    lines = QuoteLine.objects.filter(version=version_id).select_related("product", "unit")
    return list(lines.order_by("position")[:most])
