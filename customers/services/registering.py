"""Customers as a file wants them, with addresses and contacts: checked and written in sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from customers.address_rules import wrong_parts
from customers.models import Address, Contact, Customer, CustomerGroup, PaymentTerms, SalesTeam
from customers.services.customers_there import (
    ADDRESS_FIELDS,
    ADDRESS_OWN,
    CONTACT_FIELDS,
    CUSTOMER_COLUMNS,
    There,
    look_up,
)
from customers.status import ContactRole, CustomerStatus
from inventory.models import Warehouse
from oms.importing.plans import Differences, Plan, State, Upsert, Values, in_batches, of_all
from oms.importing.problems import Problems
from oms.legal import is_valid_tax_number, tax_country
from oms.models import Company, User
from oms.sets import insert_rows, set_in_rows

OWN = (
    "name", "status", "group", "team", "rep", "currency", "payment_terms", "warehouse", "vat_number", "zone",
    "language", "email", "phone", "po_required", "note",
)  # fmt: skip
CUSTOMER_FIELDS = ("code", *OWN)
MAIN = "MAIN"
PARTS = ("country", "postal_code", "region")
VAT_NUMBER = CUSTOMER_COLUMNS.index("vat_number")
COUNTRY = 3 + ADDRESS_OWN.index("country")


@dataclass(frozen=True, slots=True)
class WantedAddress:
    """An address of a customer; None leaves what is there."""

    code: str = MAIN
    name: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    is_bill_to: bool | None = None
    is_ship_to: bool | None = None


@dataclass(frozen=True, slots=True)
class WantedContact:
    """A person at a customer; None leaves what is there."""

    name: str
    role: str = ContactRole.BUYER
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class WantedCustomer:
    """A customer as a row wants it, with one address and one contact; more come in further rows of the code."""

    row: int
    code: str
    name: str
    status: str | None = None
    parent: str | None = None
    group: str | None = None
    group_name: str | None = None
    team: str | None = None
    rep: str | None = None
    currency: str | None = None
    payment_terms: str | None = None
    warehouse: str | None = None
    vat_number: str | None = None
    zone: str | None = None
    language: str | None = None
    email: str | None = None
    phone: str | None = None
    po_required: bool | None = None
    note: str | None = None
    address: WantedAddress | None = None
    contact: WantedContact | None = None


@dataclass(slots=True)
class CustomerPlan(Plan):
    """What the rows change, table by table. Rows of other tables stand by their codes until they are written."""

    groups: dict[str, str] = field(default_factory=dict)
    customers: Upsert = field(
        default_factory=lambda: Upsert(
            Customer,
            CUSTOMER_FIELDS,
            (
                "",
                "",
                CustomerStatus.ACTIVE,
                None,
                None,
                None,
                _own_currency(),
                None,
                None,
                "",
                "",
                "",
                "",
                "",
                False,
                "",
            ),
        )
    )
    parents: dict[str, str] = field(default_factory=dict)
    addresses: Upsert = field(
        default_factory=lambda: Upsert(
            Address, ADDRESS_FIELDS, ("", MAIN, "", "", "", "", "", "", True, True)
        )
    )
    contacts: Upsert = field(
        default_factory=lambda: Upsert(Contact, CONTACT_FIELDS, ("", "", ContactRole.BUYER, "", ""))
    )


def _own_currency() -> str | None:
    return Company.objects.values_list("currency_id", flat=True).first()


def check_customers(wanted: Sequence[WantedCustomer], problems: Problems, *, by: User | None) -> CustomerPlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    plan, there = CustomerPlan(), look_up(wanted, by)
    first: dict[str, WantedCustomer] = {}
    seen: dict[tuple[str, ...], tuple[int, object]] = {}
    for customer in wanted:
        head = first.setdefault(customer.code, customer)
        _require_known(customer, there, plan, problems)
        if head is customer:
            _require_own(customer, there, problems)
            _require_tax_number(customer, there, problems)
            states, fields = _plan_customer(customer, there, plan, problems)
        else:
            _require_same(customer, head, problems)
            states, fields = [], {}
        new = customer.code not in there.customers
        for state, differences in (
            _plan_address(customer, there, plan, seen, problems),
            _plan_contact(customer, there, plan, seen, problems),
        ):
            part_of_new = state is State.NEW and not (new and head is not customer)
            states.append(State.CHANGED if part_of_new else state)
            fields |= differences
        plan.count(customer.row, of_all(states), f"{customer.code} {customer.name}", fields)
    _require_no_circle(first, there, problems)
    return plan


def _require_known(customer: WantedCustomer, there: There, plan: CustomerPlan, problems: Problems) -> None:
    for column, code in (("code", customer.code), ("parent", customer.parent or "")):
        if kept := there.merged.get(code):
            rule = _("was merged into %(kept)s.") % {"kept": kept}
            problems.add(customer.row, column, code, rule, _("Write %(kept)s.") % {"kept": kept})
    group = customer.group
    if group and customer.group_name and group not in there.known["group"]:
        plan.groups.setdefault(group, customer.group_name)
    for column, known in there.known.items():
        value = getattr(customer, column)
        if value is None or value in known or (column == "group" and value in plan.groups):
            continue
        remedy = one_of(known) or _("There are none yet: make them on their page first.")
        if column == "group":
            remedy = _("Correct it, or give its name in the column %(column)s to make it.") % {
                "column": "group_name"
            }
        elif column == "rep":
            remedy = _("Write the user name of somebody who works here.")
        problems.add(customer.row, column, value, _("is not known."), remedy)


def _require_own(customer: WantedCustomer, there: There, problems: Problems) -> None:
    """Note the customers whom the user may not see, and those whom the user would lose sight of."""
    if customer.code in there.hidden:
        rule, remedy = (
            _("is taken by a customer that is not yours."),
            _("Ask whoever looks after the customer."),
        )
        problems.add(customer.row, "code", customer.code, rule, remedy)
    elif there.own_teams is not None:
        before = there.customers.get(customer.code)
        team = customer.team or (before[5] if before else None)
        rep = customer.rep or (before[6] if before else None)
        if team not in there.own_teams and rep != there.own_name:
            remedy = _("Write one of: %(words)s.") % {
                "words": ", ".join(sorted(there.own_teams)) or there.own_name
            }
            problems.add(customer.row, "team", team, _("is not your team."), remedy)


def one_of(known: Iterable[str]) -> str:
    """Say what may be written, at most ten; nothing when there is nothing."""
    words = ", ".join(sorted(known)[:10])
    return _("Write one of: %(words)s.") % {"words": words} if words else ""


def _plan_customer(
    customer: WantedCustomer, there: There, plan: CustomerPlan, problems: Problems
) -> tuple[list[State], Differences]:
    before = there.customers.get(customer.code)
    wanted = (customer.code, *(getattr(customer, name) for name in OWN))
    if before is None and customer.payment_terms is None:
        rule = _("is needed for a new customer.")
        remedy = one_of(there.known["payment_terms"]) or _(
            "There are none yet: make them on their page first."
        )
        problems.add(customer.row, "payment_terms", "", rule, remedy)
    if before is None and customer.currency is None and plan.customers.defaults[6] is None:
        rule, remedy = _("is needed for a new customer."), _("Write a code such as EUR.")
        problems.add(customer.row, "currency", "", rule, remedy)
    state, fields = plan.customers.want(wanted, before[:-1] if before else None)
    states = [state]
    if customer.parent and customer.parent != (before[-1] if before else None):
        plan.parents[customer.code] = customer.parent
        states.append(State.CHANGED)
        fields["parent"] = (before[-1] if before else None, customer.parent)
    return states, fields


def _require_same(customer: WantedCustomer, head: WantedCustomer, problems: Problems) -> None:
    """Note it when two rows of one customer say different things about it."""
    for name in ("name", "parent", *OWN[1:]):
        value = getattr(customer, name)
        if value is not None and value != getattr(head, name) and problems.was_read(head.row, name):
            rule = _("differs from row %(row)s, which says “%(value)s”.")
            values = {"row": head.row, "value": getattr(head, name) or ""}
            remedy = _("Say it once, in the first row of the customer.")
            problems.add(customer.row, name, value, rule % values, remedy)


def _require_once(
    customer: WantedCustomer,
    column: str,
    key: tuple[str, ...],
    value: object,
    seen: dict[tuple[str, ...], tuple[int, object]],
    problems: Problems,
) -> bool:
    """Whether this row is the first to say this; note it when an earlier one says something else."""
    if key not in seen:
        seen[key] = (customer.row, value)
        return True
    row, earlier = seen[key]
    if earlier != value:
        rule = _("is described differently in row %(row)s.") % {"row": row}
        problems.add(customer.row, column, key[-1], rule, _("Give it another code, or say the same."))
    return False


def _plan_address(
    customer: WantedCustomer,
    there: There,
    plan: CustomerPlan,
    seen: dict[tuple[str, ...], tuple[int, object]],
    problems: Problems,
) -> tuple[State, Differences]:
    address = customer.address
    if address is None:
        return State.SAME, {}
    if not _require_once(
        customer, "address", ("address", customer.code, address.code), address, seen, problems
    ):
        return State.SAME, {}
    before = there.addresses.get((customer.code, address.code))
    if before is None:
        for name in ("street", "city", "country"):
            if getattr(address, name) is None:
                rule = _("is needed for a new address.")
                problems.add(
                    customer.row, name, "", rule, _("Fill it in, or leave all of the address empty.")
                )
    own = [getattr(address, name) for name in ADDRESS_OWN]
    own[0] = own[0] or (None if before else customer.name)
    _require_rules_of_country(customer.row, address, before, problems)
    state, fields = plan.addresses.want((customer.code, address.code, *own), before)
    return state, {f"{address.code} {name}": pair for name, pair in fields.items() if name in ADDRESS_OWN}


def _require_rules_of_country(
    row: int, address: WantedAddress, before: Values | None, problems: Problems
) -> None:
    """Note what an address lacks in its country; one that is there and stays as it is passes."""
    old = dict(zip(ADDRESS_OWN, before[3:], strict=True)) if before else {}
    said = {name: getattr(address, name) for name in PARTS}
    parts = {name: old.get(name, "") if value is None else value for name, value in said.items()}
    if not parts["country"] or all(old.get(name) == value for name, value in parts.items()):
        return
    for name, wrong in wrong_parts(**parts).items():
        problems.add(row, name, parts[name], wrong.rule, wrong.remedy)


def _require_tax_number(customer: WantedCustomer, there: There, problems: Problems) -> None:
    """Note a tax number that fails the check of its country; one that is there already passes."""
    before = there.customers.get(customer.code)
    number = customer.vat_number
    if not number or (before and before[VAT_NUMBER] == number):
        return
    country = customer.address.country if customer.address else None
    country = country or next(
        (row[COUNTRY] for key, row in there.addresses.items() if key[0] == customer.code), ""
    )
    if not is_valid_tax_number(number, country):
        rule = _("is not a VAT number of %(country)s.") % {"country": tax_country(number, country)}
        remedy = _("Its check digit or length is wrong; compare it with the original.")
        problems.add(customer.row, "vat_number", number, rule, remedy)


def _plan_contact(
    customer: WantedCustomer,
    there: There,
    plan: CustomerPlan,
    seen: dict[tuple[str, ...], tuple[int, object]],
    problems: Problems,
) -> tuple[State, Differences]:
    contact = customer.contact
    if contact is None:
        return State.SAME, {}
    key = (customer.code, contact.name, contact.role)
    if not _require_once(customer, "contact", ("contact", contact.role, *key[:2]), contact, seen, problems):
        return State.SAME, {}
    state, fields = plan.contacts.want((*key, contact.email, contact.phone), there.contacts.get(key))
    return state, {
        f"{contact.name} {name}": pair for name, pair in fields.items() if name in {"email", "phone"}
    }


def _require_no_circle(first: Mapping[str, WantedCustomer], there: There, problems: Problems) -> None:
    """Note the parents that are not known, not to be seen, or children of their own children."""
    parents = {**there.parents, **{code: c.parent for code, c in first.items() if c.parent}}
    for code, customer in first.items():
        parent = customer.parent
        if parent is None:
            continue
        if parent not in first and (parent not in there.customers or parent in there.hidden):
            problems.add(
                customer.row, "parent", parent, _("is not known."), _("Write the code of a customer.")
            )
            continue
        passed, above = {code}, parents.get(code)
        while above is not None and above not in passed:
            passed.add(above)
            above = parents.get(above)
        if above is not None:
            rule = _("is a child of %(code)s itself.") % {"code": code}
            problems.add(customer.row, "parent", parent, rule, _("A company cannot stand above itself."))


def save_customers(plan: CustomerPlan) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    groups = list(plan.groups)
    insert_rows(CustomerGroup, {"code": groups, "name": list(plan.groups.values())})
    reps = {row[5] for row in [*plan.customers.new, *plan.customers.changed] if row[5]}
    plan.customers.write(
        group=dict(CustomerGroup.objects.order_by().values_list("code", "pk")),
        team=dict(SalesTeam.objects.order_by().values_list("name", "pk")),
        rep=dict(User.objects.filter(username__in=reps).values_list("username", "pk")),
        payment_terms=dict(PaymentTerms.objects.order_by().values_list("code", "pk")),
        warehouse=dict(Warehouse.objects.order_by().values_list("code", "pk")),
    )
    ids = _ids(plan)
    above = [ids[parent] for parent in plan.parents.values()]
    set_in_rows(Customer, [ids[code] for code in plan.parents], parent=above)
    plan.addresses.write(customer=ids)
    plan.contacts.write(customer=ids)


def _ids(plan: CustomerPlan) -> dict[str, int]:
    rows: list[Any] = [
        *plan.addresses.new,
        *plan.addresses.changed,
        *plan.contacts.new,
        *plan.contacts.changed,
    ]
    codes = {row[0] for row in rows} | plan.parents.keys() | set(plan.parents.values())
    ids: dict[str, int] = {}
    for batch in in_batches(sorted(codes)):
        ids.update(Customer.objects.filter(code__in=batch).order_by().values_list("code", "pk"))
    return ids
