"""Who sells answers a counter-offer line by line: the next version of the quote is drafted with what was agreed to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.units import as_ordered
from oms.errors import Refused
from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows
from orders.models import (
    CounterAnswer,
    CounterLine,
    CounterLineAnswer,
    CounterOffer,
    Quote,
    QuoteLine,
    QuoteVersion,
)
from orders.services.drafting import AS_IS, Change, Edit, Edited, edit_quote
from orders.services.quoting import Superseded, revise_quote, version_in_force
from orders.status import NEXT_OF_QUOTE, Meeting, QuoteStatus


class AlreadyAnswered(Refused):
    """Somebody has answered this counter-offer before."""

    code = "already_answered"


class NothingProposed(Refused):
    """Something else is to be offered, and nothing else was said."""

    code = "nothing_proposed"


@dataclass(frozen=True, slots=True)
class Met:
    """How one wish is met; what is proposed has a price per unit, net like theirs, a quantity in it, or both."""

    meeting: Meeting = Meeting.HELD
    price: Decimal | None = None
    quantity: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CounterReply:
    """An answer to a counter-offer: words about all of it, and how wishes are met by id; the others are held."""

    comment: str = ""
    lines: Mapping[int, Met] = field(default_factory=dict)


def may_be_answered(offer: CounterOffer, quote: Quote) -> bool:
    """Whether the version of the offer can be followed by another; a version that is drafted already is edited."""
    can = QuoteStatus.DRAFT in NEXT_OF_QUOTE[quote.status] and quote.status != QuoteStatus.WAITING
    return can and offer.version.number == quote.version_number


@transaction.atomic
def answer_counter(offer_id: int, reply: CounterReply, *, by: User) -> Quote:
    """Draft the next version of the quote with what is agreed to, and keep how each wish was met.

    A line that nobody wants otherwise stays as it was quoted. Approval is asked when the version is sent, as for any.
    Raise Superseded, AlreadyAnswered, IllegalMove, NotAllowed for a price by somebody who may not type any,
    NothingProposed, NotOrderable or BadQuantity; then nothing has changed.
    """
    offer = CounterOffer.objects.select_related("version").get(pk=offer_id)
    quote = lock_row(Quote, offer.version.quote_id)
    _require_open(offer, quote)
    wishes = list(offer.lines.select_related("line__unit", "line__product").order_by("line__position"))
    old = list(offer.version.lines.order_by("position").values_list("pk", flat=True))
    quote = revise_quote(quote.pk, by=by)
    version = version_in_force(quote)
    new = dict(zip(old, version.lines.order_by("position").values_list("pk", flat=True), strict=True))
    met = [(wish, reply.lines.get(wish.pk, Met())) for wish in wishes]
    changes = [change for wish, one in met if (change := _change(new[wish.line_id], wish, one))]
    if changes:
        _edit(quote, changes, by=by)
    answer = CounterAnswer.objects.create(offer=offer, version=version, comment=reply.comment, by=by)
    _keep(answer, met)
    quote.record("counter answered", by=by, note=f"{offer.name}: {reply.comment}".rstrip(": ")[:500])
    return quote


def preview_answer(offer_id: int, reply: CounterReply, *, by: User) -> Decimal:
    """Return what the next version would come to with this answer. Nothing is changed; raise as `answer_counter`."""
    with transaction.atomic():
        total = version_in_force(answer_counter(offer_id, reply, by=by)).total
        transaction.set_rollback(True)
    return total


def _require_open(offer: CounterOffer, quote: Quote) -> None:
    if CounterAnswer.objects.filter(offer=offer).exists():
        raise AlreadyAnswered(_("This counter-offer was answered before; look at the quote again."))
    if offer.version.number != quote.version_number:
        told = {"offer": offer.version, "new": quote.version_number}
        raise Superseded(
            _("%(offer)s was replaced by v%(new)s, so its counter-offer is answered by that.") % told
        )
    quote.require_can_become(QuoteStatus.DRAFT)


def _edit(quote: Quote, changes: Sequence[Change], *, by: User) -> Edited:
    edited = edit_quote(quote.pk, Edit(quote.revision, change=changes), by=by)
    quote.revision = edited.revision
    return edited


def _change(line_id: int, wish: CounterLine, met: Met) -> Change | None:
    """Return what becomes different in the line; None when it stays as it was quoted.

    A price that is agreed to is what a unit costs: the discounts of the line are in it, and are not taken off again.
    """
    if met.meeting == Meeting.HELD:
        return None
    price, quantity = wish.price, wish.quantity
    if met.meeting == Meeting.PROPOSED:
        price, quantity = met.price, met.quantity
        if price is None and quantity is None:
            told = {"sku": wish.line.product.sku}
            raise NothingProposed(_("%(sku)s: say which price or quantity you propose.") % told)
    values: dict[str, Any] = {}
    if price is not None and price != wish.line.net_price:
        values |= {"unit_price": price, "discount_percent": Decimal(0)}
    if quantity is not None:
        values["ordered"] = _base(quantity, wish)
    return Change(line_id, **{"unit_price": AS_IS, **values}) if values else None


def _base(quantity: Decimal, wish: CounterLine) -> int:
    unit = wish.line.unit
    return as_ordered(quantity, unit, sku=wish.line.product.sku, name=unit.name)


def _keep(answer: CounterAnswer, met: Sequence[tuple[CounterLine, Met]]) -> None:
    if met:
        columns: dict[str, list[Any]] = {
            "wish_id": [wish.pk for wish, _met in met],
            "meeting": [str(one.meeting) for _wish, one in met],
            "comment": [one.comment for _wish, one in met],
        }
        insert_rows(CounterLineAnswer, columns, answer=answer)


def answer_in(version: QuoteVersion) -> CounterAnswer | None:
    """Return what the version answers, each wish with what it `came_to`; None when it answers no counter-offer.

    The version may have been edited after the answer, so what was said is compared with what stands there now.
    """
    found = CounterAnswer.objects.filter(version=version).select_related("offer__version")
    lines = found.prefetch_related("lines__wish__line__product", "lines__wish__line__unit")
    answer = lines.order_by("-pk").first()
    if answer is not None:
        stands = _stands_for(answer, version)
        is_dearer = _takes_less_off(version, answer.offer.version)
        for one in answer.lines.all():
            told: Any = one
            told.came_to = Meeting.PROPOSED if is_dearer else _came_to(one, stands(one.wish.line))
    return answer


def _stands_for(answer: CounterAnswer, version: QuoteVersion) -> Callable[[QuoteLine], Sequence[QuoteLine]]:
    """Return how to find what stands in the version for a quoted line; of several of a product, that in its place."""
    products = {one.wish.line.product_id for one in answer.lines.all()}
    lines = QuoteLine.objects.filter(version__in=[version, answer.offer.version], product__in=products)
    by_product: dict[tuple[int, int], list[QuoteLine]] = {}
    for line in lines.order_by("position"):
        by_product.setdefault((line.version_id, line.product_id), []).append(line)

    def stands(quoted: QuoteLine) -> Sequence[QuoteLine]:
        old = by_product[quoted.version_id, quoted.product_id]
        new = by_product.get((version.pk, quoted.product_id), [])
        return [new[old.index(quoted)]] if len(new) == len(old) else new

    return stands


def _takes_less_off(new: QuoteVersion, old: QuoteVersion) -> bool:
    """Whether the discount on all is less than it was: then every line costs more than its price says."""
    return new.discount_percent < old.discount_percent or new.discount_amount < old.discount_amount


def _came_to(answer: CounterLineAnswer, lines: Sequence[QuoteLine]) -> Meeting:
    """Return what is true of a wish: what we said where it is, else what else is, else that we propose another."""
    wish, said = answer.wish, Meeting(answer.meeting)
    wants = wish.price is not None or wish.quantity is not None or said == Meeting.MET
    true = [Meeting.MET] if wants and any(_is_met(wish, line) for line in lines) else []
    true += [Meeting.HELD] if any(_terms(line) == _terms(wish.line) for line in lines) else []
    return said if said in true else next(iter(true), Meeting.PROPOSED)


def _terms(line: QuoteLine) -> tuple[int, int, Decimal | None]:
    return line.ordered, line.unit_id, line.net_price


def _is_met(wish: CounterLine, line: QuoteLine) -> bool:
    """Whether the line is what they want, for no more than they want to pay; without a price, than was quoted."""
    quoted = wish.line
    ordered = Fraction(quoted.ordered)
    if wish.quantity is not None:
        ordered = Fraction(wish.quantity) * quoted.unit.numerator / quoted.unit.denominator
    most = quoted.net_price if wish.price is None else wish.price
    if line.net_price is None or most is None:
        return False
    return ordered == line.ordered and quoted.unit_id == line.unit_id and line.net_price <= most
