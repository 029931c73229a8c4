"""A duplicate of a customer goes, its documents with it. Nothing that a document names is deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services.merging import (
    Belongings,
    Pair,
    belongings_of,
    hold_pair,
    move_belongings,
    pair_of,
    problems_between,
    write_down,
)
from oms.errors import Problem, Refused
from oms.models import User
from orders.models import ApprovalRequest, HoldPolicy, Order, Quote
from orders.status import RequestStatus

MERGED = "customer merged"


class CannotMerge(Refused):
    """The two customers stay two; every reason is listed at once."""

    code = "cannot_merge"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would move, and what stands in its way."""

    pair: Pair
    belongings: Belongings
    quotes: int
    orders: int
    problems: list[Problem]


def preview_merge(kept_id: int, gone_id: int) -> Preview:
    """Return what a merge would do now. Nothing is changed."""
    pair = pair_of(kept_id, gone_id)
    return Preview(
        pair,
        belongings_of(pair.gone),
        Quote.objects.filter(customer=pair.gone).count(),
        Order.objects.filter(customer=pair.gone).count(),
        list(_problems(pair)),
    )


@transaction.atomic
def merge_customers(kept_id: int, gone_id: int, *, by: User | None) -> Customer:
    """What belonged to the one belongs to the other: addresses, people, numbers, price lists, children, documents.

    The one that goes stays as an old number by which the other is found, with its history. A document entered
    meanwhile ends at the customer that is kept. Raise CannotMerge with every reason; then nothing has changed.
    """
    for model in (Quote, Order):
        _held(model, gone_id)  # documents are locked before their customers, here as everywhere
    pair = hold_pair(kept_id, gone_id)
    held = {model: _held(model, gone_id) for model in (Quote, Order)}  # with those entered until now
    if problems := list(_problems(pair)):
        raise CannotMerge(" ".join(str(problem) for problem in problems))
    moved = belongings_of(pair.gone)
    move_belongings(pair)
    note = f"{pair.gone.code} → {pair.kept.code}"
    for model, ids in held.items():
        model._default_manager.filter(pk__any_of=ids).update(customer=pair.kept)
        model.record_all(ids, MERGED, by=by, note=note)
    _move_hold_policy(pair)
    write_down(pair, _sentence(moved, len(held[Quote]), len(held[Order])), by=by)
    return pair.kept


def _move_hold_policy(pair: Pair) -> None:
    """The kept one's own policy of stock held by quotes stays; else it takes over the other's."""
    theirs = HoldPolicy.objects.filter(customer=pair.gone)
    if HoldPolicy.objects.filter(customer=pair.kept).exists():
        theirs.delete()
    else:
        theirs.update(customer=pair.kept)


def _held(model: Any, customer_id: int) -> list[int]:
    rows: QuerySet[Any] = model.objects.filter(customer=customer_id)
    return list(rows.locked().values_list("pk", flat=True))  # type: ignore[attr-defined]


def _problems(pair: Pair) -> Iterator[Problem]:
    yield from problems_between(pair)
    asked = ApprovalRequest.objects.filter(
        Q(order__customer=pair.gone) | Q(quote_version__quote__customer=pair.gone),
        status=RequestStatus.PENDING,
    )
    for request in asked.select_related("order", "quote_version__quote").order_by("pk"):
        what = _("waits for an approval, which is for this customer; decide it or take it back first.")
        yield Problem(request.document.number, what)


def _sentence(moved: Belongings, quotes: int, orders: int) -> str:
    told = {**moved._asdict(), "quotes": quotes, "orders": orders}
    return _(
        "addresses %(addresses)s, contacts %(contacts)s, part numbers %(part_numbers)s, price lists %(price_lists)s, "
        "agreements %(agreements)s, companies below %(children)s, quotes %(quotes)s, orders %(orders)s"
    ) % told  # fmt: skip
