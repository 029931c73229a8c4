"""What was added to a document between two moments of its past, as people read it beside what has changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from inventory.templatetags.quantities import in_unit
from oms.models import Currency
from oms.templatetags.amounts import unit_price
from orders.services.added import Added
from orders.services.retelling import Told
from orders.templatetags.documents import trimmed
from orders.views.differences import NOTHING, Differs

LONGEST = 200


def additions(old: Added, new: Added, currency: Currency) -> Iterator[Differs]:
    """Yield what stands in the newer of two states only, the first first."""
    for file in _more(old.files, new.files):
        yield _added(_("Attachment"), file.name, _("attached"), Told(file, added_by=file.by))
    for note in _more(old.notes, new.notes):
        yield _added("", _("Internal note"), _shortened(note.text), Told(note, added_by=note.by))
    for consent in _more(old.consents, new.consents):
        yield _added(
            _("Who decides"), consent.decider.name, _("accepted"), Told(consent, added_by=consent.name)
        )
    yield from _counter_offers(old, new, currency)


def _more(old: Iterable[Any], new: Iterable[Any]) -> list[Any]:
    before = {row.pk for row in old}
    return sorted((row for row in new if row.pk not in before), key=lambda row: row.pk)


def _added(of: str, what: str, after: str, told: Told) -> Differs:
    return Differs(of, what, NOTHING, after, told)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _counter_offers(old: Added, new: Added, currency: Currency) -> Iterator[Differs]:
    before = {one["offer"].pk: one["answer"] for one in old.counter_offers}
    for one in reversed(new.counter_offers):
        offer, answer = one["offer"], one["answer"]
        of = _("Counter-offer to %(version)s") % {"version": offer.version}
        if offer.pk not in before:
            told = Told(offer, added_by=offer.name, reason=offer.comment)
            wishes = "; ".join(_wish(line, currency) for line in one["lines"])
            yield _added(of, _("wanted"), _shortened(wishes) or offer.comment, told)
        if answer and before.get(offer.pk) is None:
            told = Told(answer, added_by=answer.by, reason=answer.comment)
            yield _added(of, _("answered"), str(answer.version), told)


def _wish(wish: Any, currency: Currency) -> str:
    line = wish.line
    wanted = [line.product.sku]
    if wish.quantity is not None:
        wanted.append(f"{in_unit(line.ordered, line.unit)} → {trimmed(wish.quantity)} {line.unit.name}")
    if wish.price is not None:
        wanted.append(f"{unit_price(line.unit_price, currency)} → {unit_price(wish.price, currency)}")
    return " ".join([*wanted, wish.comment]).strip()
