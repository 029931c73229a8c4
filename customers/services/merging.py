"""Two rows for one company become one. What belongs to the one that goes moves; its number stays and still finds.

Only what customers know is here; documents move in `orders.services.merging`, which is where a merge begins.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Case, CharField, Exists, F, Q, Value, When
from django.db.models.functions import Concat, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import (
    Address,
    Contact,
    CreditAccount,
    Customer,
    CustomerEvent,
    CustomerPartNumber,
    PriceListAssignment,
)
from customers.models.tree import lineage_of
from customers.status import CustomerEventKind, CustomerStatus
from oms.errors import Problem
from oms.models import User

CODE, NAME = 40, 120  # how long these columns are


class Pair(NamedTuple):
    """The customer that stays, and the one that becomes another number of it."""

    kept: Customer
    gone: Customer


class Belongings(NamedTuple):
    """How much of what belongs to the customer that goes."""

    addresses: int
    contacts: int
    part_numbers: int
    price_lists: int
    agreements: int
    children: int
    numbers: int  # of customers that were merged into it before


def pair_of(kept_id: int, gone_id: int) -> Pair:
    """Return both as they are now. Raise Customer.DoesNotExist."""
    found = Customer.objects.select_related("group", "team", "rep", "payment_terms", "parent", "merged_into")
    return Pair(found.get(pk=kept_id), found.get(pk=gone_id))


def hold_pair(kept_id: int, gone_id: int) -> Pair:
    """Return both, held until the transaction ends: nothing new begins to belong to either meanwhile."""
    rows = Customer.objects.filter(pk__in=[kept_id, gone_id]).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return pair_of(kept_id, gone_id)


def belongings_of(gone: Customer) -> Belongings:
    sets = (
        gone.addresses,
        gone.contacts,
        gone.part_numbers,
        gone.price_lists,
        gone.agreements,
        gone.children,
        gone.merged,
    )
    return Belongings(*(rows.count() for rows in sets))


def problems_between(pair: Pair) -> Iterator[Problem]:
    """Yield why the two cannot become one, each with what would put it right."""
    kept, gone = pair
    if kept.pk == gone.pk:
        yield Problem(kept.code, _("is the same customer; choose another one."))
    for one in pair:
        if one.merged_into is not None:
            told = {"other": one.merged_into.code}
            yield Problem(one.code, _("was merged into %(other)s already; choose that one.") % told)
    if kept.currency_id != gone.currency_id:
        told = {"currency": gone.currency_id, "other": kept.code, "theirs": kept.currency_id}
        what = _(
            "buys in %(currency)s, %(other)s in %(theirs)s; they stay two customers, one below the other."
        )
        yield Problem(gone.code, what % told)
    if kept.status != gone.status:
        blocked = next(one for one in pair if one.status == CustomerStatus.BLOCKED)
        yield Problem(blocked.code, _("is blocked and the other one is not; ask finance to decide for both."))
    if lineage_of(gone.pk).get(kept.pk, 0) < 0:
        told = {"other": kept.code}
        what = _("stands above %(other)s; keep it instead, or give %(other)s another parent first.")
        yield Problem(gone.code, what % told)
    yield from _numbers_with_two_meanings(pair)
    yield from _two_credit_accounts(pair)


def _two_credit_accounts(pair: Pair) -> Iterator[Problem]:
    """Yield that both have an account while accounting knows something of the one that would be left behind."""
    accounts = {one.customer_id: one for one in CreditAccount.objects.filter(customer__in=pair)}
    left = accounts.get(pair.gone.pk) if len(accounts) > 1 else None
    if left and left.is_open and not accounts[pair.kept.pk].is_open:
        told = {"other": pair.kept.code}
        what = _("has a credit account, and that of %(other)s is not open; have it put in force first.")
        yield Problem(pair.gone.code, what % told)
    if left and (left.receivables or left.unapplied or left.deposits):
        told = {"other": pair.kept.code}
        what = _(
            "has a credit account with open amounts, as %(other)s has; let accounting move them there first."
        )
        yield Problem(pair.gone.code, what % told)


def _numbers_with_two_meanings(pair: Pair) -> Iterator[Problem]:
    theirs = CustomerPartNumber.objects.filter(customer=pair.gone).select_related("unit__product")
    known = dict(
        CustomerPartNumber.objects.filter(customer=pair.kept).values_list("key", "unit__product__sku")
    )
    same = set(
        CustomerPartNumber.objects.filter(customer=pair.kept, unit__in=theirs.values("unit")).values_list(
            "key", "unit_id"
        )
    )
    for one in theirs.filter(key__in=list(known)):
        if (one.key, one.unit_id) not in same:
            told = {"sku": one.unit.product.sku, "other": known[one.key]}
            what = _("means %(sku)s here and %(other)s there; change or delete one of them.")
            yield Problem(_("Part number %(number)s") % {"number": one.number}, what % told)


def move_belongings(pair: Pair) -> None:
    """What belonged to the one belongs to the other, which keeps its own terms; what both had is there once.

    The caller holds both and has found no problem. The old number becomes a number of the customer that is kept.
    """
    _move_addresses(pair)
    _move_contacts(pair)
    kept, gone = pair
    twice = kept.part_numbers.values("key")
    gone.part_numbers.filter(key__in=twice).delete()
    gone.part_numbers.update(customer=kept)
    PriceListAssignment.objects.filter(
        customer=gone, price_list__in=kept.price_lists.values("price_list")
    ).delete()
    PriceListAssignment.objects.filter(customer=gone).update(customer=kept)
    _move_restricted_sales(pair)
    gone.agreements.update(customer=kept)
    own = CreditAccount.objects.filter(customer=kept)
    CreditAccount.objects.filter(~Exists(own), customer=gone).update(customer=kept)
    gone.children.exclude(pk=kept.pk).update(parent=kept)
    hands = {"rep": kept.rep_id, "team": kept.team_id, "status": CustomerStatus.BLOCKED, "merged_into": kept}
    Customer.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).update(parent=None, **hands)
    if (
        gone.parent_id is not None
    ):  # its documents and addresses leave a tree, as if the kept one had moved out
        Customer.objects.filter(pk=kept.pk).update(parent_since=timezone.now())


def _move_restricted_sales(pair: Pair) -> None:
    """What is sold to the one only is sold to the other, once where it was sold to both."""
    kept, gone = pair
    both = Q(product__in=kept.restricted_sales.values("product"))
    gone.restricted_sales.filter(both | Q(category__in=kept.restricted_sales.values("category"))).delete()
    gone.restricted_sales.update(customer=kept)


def _move_addresses(pair: Pair) -> None:
    """An address with a code that the other has already gets the old customer's number behind its own."""
    taken = list(pair.kept.addresses.values_list("code", flat=True))
    code = Case(When(code__in=taken, then=_renamed("code", pair.gone.code, CODE)), default=F("code"))
    Address.objects.filter(customer=pair.gone).update(customer=pair.kept, code=code, came_from=pair.gone)


def _move_contacts(pair: Pair) -> None:
    """A person both know stays once; another with the same name and role gets the old customer's number."""
    theirs = {(one.name, one.role): one for one in pair.kept.contacts.all()}
    for one in pair.gone.contacts.all():
        other = theirs.get((one.name, one.role))
        if other is None:
            continue
        if {one.email, ""} <= {other.email, ""} and {one.phone, ""} <= {other.phone, ""}:
            one.delete()
        else:
            Contact.objects.filter(pk=one.pk).update(name=_renamed("name", pair.gone.code, NAME))
    pair.gone.contacts.update(customer=pair.kept)


def _renamed(column: str, code: str, longest: int) -> Concat:
    behind = f" {code}"
    return Concat(Left(column, longest - len(behind)), Value(behind), output_field=CharField())


def write_down(pair: Pair, detail: str, *, by: User | None) -> None:
    """Both histories say what became of the other."""
    told = {"kept": f"{pair.kept.code} {pair.kept.name}", "gone": f"{pair.gone.code} {pair.gone.name}"}
    into, taken = _("into %(kept)s: ") % told, _("%(gone)s into this one: ") % told
    kind = CustomerEventKind.MERGED
    CustomerEvent.objects.create(customer=pair.gone, kind=kind, by=by, detail=f"{into}{detail}")
    CustomerEvent.objects.create(customer=pair.kept, kind=kind, by=by, detail=f"{taken}{detail}")
