"""What there is now of customers that a file names, read in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from customers.models import Address, Contact, Customer, CustomerGroup, PaymentTerms, SalesTeam
from inventory.models import Warehouse
from oms.importing.plans import Values, in_batches
from oms.importing.problems import Problems
from oms.models import Currency, User

CUSTOMER_COLUMNS = (
    "pk", "code", "name", "status", "group__code", "team__name", "rep__username", "currency_id", "payment_terms__code",
    "warehouse__code", "vat_number", "zone", "language", "email", "phone", "po_required", "note", "parent__code",
)  # fmt: skip
ADDRESS_OWN = ("name", "street", "postal_code", "city", "region", "country", "is_bill_to", "is_ship_to")
ADDRESS_FIELDS = ("customer", "code", *ADDRESS_OWN)
CONTACT_FIELDS = ("customer", "name", "role", "email", "phone")


class Named(Protocol):
    """A wanted customer, seen from what has to be looked up for it."""

    @property
    def code(self) -> str: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def rep(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class There:
    """What is in the database of what the rows name."""

    customers: Mapping[str, Values]
    parents: Mapping[str, str | None]
    addresses: Mapping[tuple[str, str], Values]
    contacts: Mapping[tuple[str, str, str], Values]
    known: Mapping[str, frozenset[str]]  # what a column may say
    merged: Mapping[str, str]  # old numbers, with the code of the customer each stands for
    hidden: frozenset[str]  # codes of customers the user may not see
    own_teams: frozenset[str] | None  # None: the user may see every customer
    own_name: str


def look_up(wanted: Sequence[Named], by: User | None) -> There:
    """Read everything these rows name."""
    customers: dict[str, Values] = {}
    parents: dict[str, str | None] = dict(
        Customer.objects.exclude(parent=None).order_by().values_list("code", "parent__code")
    )
    addresses: dict[tuple[str, str], Values] = {}
    contacts: dict[tuple[str, str, str], Values] = {}
    visible: set[str] = set()
    merged: dict[str, str] = {}
    codes = {customer.code for customer in wanted} | {c.parent for c in wanted if c.parent}
    for batch in in_batches(sorted(codes)):
        mine = Customer.objects.filter(code__in=batch).order_by()
        rows_there = list(mine.values_list(*CUSTOMER_COLUMNS, "merged_into__code"))
        customers.update({row[1]: row[:-1] for row in rows_there})
        merged.update({row[1]: row[-1] for row in rows_there if row[-1]})
        scope = mine if by is None else Customer.objects.visible_to(by).filter(code__in=batch).order_by()
        visible.update(scope.values_list("code", flat=True))
        rows = Address.objects.filter(customer__code__in=batch).order_by()
        for row in rows.values_list("pk", "customer__code", *ADDRESS_FIELDS[1:]):
            addresses[row[1], row[2]] = row
        people = Contact.objects.filter(customer__code__in=batch).order_by()
        for row in people.values_list("pk", "customer__code", *CONTACT_FIELDS[1:]):
            contacts[row[1], row[2], row[3]] = row
    return There(
        customers,
        parents,
        addresses,
        contacts,
        _known_words(wanted),
        merged,
        frozenset(customers.keys() - visible),
        None if by is None or by.has_perm("customers.view_all_customers") else _teams_of(by),
        "" if by is None else by.username,
    )


def _teams_of(by: User) -> frozenset[str]:
    if not by.has_perm("customers.view_team_customers"):
        return frozenset()
    return frozenset(SalesTeam.objects.filter(members=by).values_list("name", flat=True))


def _known_words(wanted: Sequence[Named]) -> dict[str, frozenset[str]]:
    reps = {customer.rep for customer in wanted if customer.rep}
    return {
        "group": frozenset(CustomerGroup.objects.order_by().values_list("code", flat=True)),
        "team": frozenset(SalesTeam.objects.order_by().values_list("name", flat=True)),
        "rep": frozenset(
            User.objects.filter(username__in=reps, is_active=True).values_list("username", flat=True)
        ),
        "currency": frozenset(Currency.objects.order_by().values_list("code", flat=True)),
        "payment_terms": frozenset(PaymentTerms.objects.order_by().values_list("code", flat=True)),
        "warehouse": frozenset(Warehouse.objects.order_by().values_list("code", flat=True)),
    }


def customers_by_code(codes: Iterable[str], by: User | None) -> dict[str, int]:
    """Return the customers the user may see, by code; an old number means who was kept."""
    seen = Customer.objects.all() if by is None else Customer.objects.visible_to(by)
    found: dict[str, int] = {}
    for batch in in_batches(sorted(set(codes))):
        named = seen.filter(code__any_of=batch).order_by()
        found.update(named.values_list("code", Coalesce("merged_into_id", "pk")))
    return found


def customer_wanted(row: int, code: str, customers: Mapping[str, int], problems: Problems) -> int | None:
    """Return the customer that a row names; None, noted, when it is none that may be seen."""
    found = customers.get(code)
    if found is None:
        rule, remedy = _("is not known."), _("Write the code of a customer that you look after.")
        problems.add(row, "customer", code, rule, remedy)
    return found
