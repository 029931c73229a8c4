"""Everybody in the demo: our own people with their logins, and the customers with theirs."""

from collections.abc import Mapping
from itertools import count

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from customers.models import Address, Contact, Customer, CustomerGroup, PaymentTerms, SalesTeam
from customers.status import ContactRole, CustomerStatus
from inventory.models import Warehouse
from oms.demo.buyers import BLOCKED, BUYERS, CONTACTS, NEEDS_PO, Buyer
from oms.demo.words import GROUPS, MACHINE_ROLES, MAIL, PASSWORD, PEOPLE, TEAMS, TERMS, Person
from oms.legal import is_valid_tax_number
from oms.models import User

SPEAKS = {"LU": "fr", "AT": "de", "CH": "de", "NL": "nl", "BE": "nl"}  # the others as the company does
DIAL = {
    "DE": "+49",
    "AT": "+43",
    "CH": "+41",
    "NL": "+31",
    "BE": "+32",
    "DK": "+45",
    "GB": "+44",
    "LU": "+352",
}
VAT_NUMBERS = {
    "DE": "DE999{:06}",
    "AT": "ATU999{:05}",
    "CH": "CHE999{:06}MWST",
    "NL": "NL999{:06}B01",
    "BE": "BE0999{:06}",
    "DK": "DK999{:05}",
    "GB": "GB999{:06}",
    "LU": "LU999{:05}",
}
NOTES = {
    "C1004": "Deliveries through gate 3 only, 7:00 to 14:00.",
    "C1023": "Site pass needed; announce the driver a day ahead.",
    "C1041": "Wants order confirmations per project number.",
}


def demo_users() -> QuerySet[User]:
    """The demo's logins: known by name and by a mail address that no real person has."""
    return User.objects.filter(username__in=[p.username for p in PEOPLE], email__endswith=f"@{MAIL}")


def create_users() -> dict[str, User]:
    """Create a login per person; return them by username. They share one password, hashed once."""
    hashed, none = make_password(PASSWORD), make_password(None)
    users = User.objects.bulk_create(
        User(
            username=person.username,
            password=none if person.role in MACHINE_ROLES else hashed,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@{MAIL}",
            is_staff=person.role not in MACHINE_ROLES,
        )
        for person in PEOPLE
    )
    groups = {group.name: group for group in Group.objects.all()}
    User.groups.through.objects.bulk_create(
        User.groups.through(user=user, group=groups[person.role])
        for user, person in zip(users, PEOPLE, strict=True)
    )
    return {user.username: user for user in users}


def logins() -> list[Person]:
    """Return the first person of each role."""
    first: dict[str, Person] = {}
    for person in PEOPLE:
        first.setdefault(person.role, person)
    return list(first.values())


def create_teams(users: Mapping[str, User], sites: Mapping[str, Warehouse]) -> dict[str, SalesTeam]:
    """Put sales people into their teams and warehouse people into their warehouses; return the teams by site."""
    teams = {site: SalesTeam.objects.create(name=name) for site, name in TEAMS.items()}
    for person in PEOPLE:
        if person.role.startswith("Sales"):
            teams[person.site].members.add(users[person.username])
        elif person.role.startswith("Warehouse"):
            sites[person.site].members.add(users[person.username])
    return teams


def create_customers(
    users: Mapping[str, User], sites: Mapping[str, Warehouse], teams: Mapping[str, SalesTeam]
) -> dict[str, Customer]:
    """Create the customers with contacts and addresses; return them by code."""
    groups = {code: CustomerGroup.objects.create(code=code, name=name) for code, name in GROUPS}
    terms = [PaymentTerms.objects.create(code=code, name=name, days=days) for code, name, days in TERMS]
    found: dict[str, Customer] = {}
    for n, buyer in enumerate(BUYERS):
        found[buyer.code] = Customer(
            code=buyer.code,
            name=buyer.name,
            status=CustomerStatus.BLOCKED if buyer.code == BLOCKED else CustomerStatus.ACTIVE,
            parent=found.get(buyer.parent),
            group=groups[buyer.group],
            team=teams[buyer.site],
            rep=users[rep_of(buyer, n)],
            currency_id=buyer.currency,
            payment_terms=terms[(0, 1, 2, 2, 3)[n % 5]]
            if buyer.group == "TRADE"
            else terms[2 + (n % 4 == 0)],
            warehouse=sites[buyer.site],
            vat_number=vat_number(buyer.country, n),
            language=SPEAKS.get(buyer.country, ""),
            email=f"orders.{buyer.code.lower()}@{MAIL}",
            phone=f"{DIAL[buyer.country]} 5550 {1000 + n}",
            po_required=buyer.code in NEEDS_PO,
            note=NOTES.get(buyer.code, ""),
        )
        found[buyer.code].save()
    _create_addresses(found)
    _create_contacts(found)
    return found


def vat_number(country: str, n: int) -> str:
    """Return the n-th invented VAT number of a country: it begins with 999, and its check digits are right."""
    tried = (VAT_NUMBERS[country].format(digits) for digits in count(n * 500))
    return next(number for number in tried if is_valid_tax_number(number))


def rep_of(buyer: Buyer, n: int) -> str:
    """Return who looks after the buyer; companies of one group have one rep."""
    if buyer.parent:
        n = next(i for i, other in enumerate(BUYERS) if other.code == buyer.parent)
    reps = [p.username for p in PEOPLE if p.role == "Sales rep" and p.site == buyer.site]
    return reps[n % len(reps)]


def _create_addresses(customers: Mapping[str, Customer]) -> None:
    main = [_address(customers[b.code], b, "MAIN", b.street) for b in BUYERS]
    stores = [
        _address(customers[b.code], b, "STORE", f"{b.street}, Gate 2", is_bill_to=False)
        for b in BUYERS
        if b.weight >= 3
    ]
    Address.objects.bulk_create([*main, *stores])


def _address(customer: Customer, buyer: Buyer, code: str, street: str, **values: bool) -> Address:
    return Address(
        customer=customer,
        code=code,
        name=buyer.name,
        street=street,
        postal_code=buyer.postal_code,
        city=buyer.city,
        country=buyer.country,
        **values,
    )


def _create_contacts(customers: Mapping[str, Customer]) -> None:
    first_names, last_names = CONTACTS
    roles = (ContactRole.BUYER, ContactRole.APPROVER, ContactRole.PAYABLE)
    rows = []
    for n, buyer in enumerate(BUYERS):
        for k, role in enumerate(roles[: 1 + min(2, buyer.weight // 2)]):
            first, last = first_names[(n * 5 + k) % 12], last_names[(n * 3 + k * 7) % 17]
            mail = f"{first}.{last}.{buyer.code}@{MAIL}".lower()
            phone = f"{DIAL[buyer.country]} 5550 {2000 + n * 10 + k}"
            rows.append(
                Contact(
                    customer=customers[buyer.code], name=f"{first} {last}", role=role, email=mail, phone=phone
                )
            )
    Contact.objects.bulk_create(rows)
