"""Files about customers, their numbers for our products, prices and agreements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers import credit_sheets, restricted_sheets  # noqa: F401  they declare their own
from customers.errors import VersionRefused
from customers.models import (
    Address,
    Agreement,
    AgreementLine,
    Contact,
    Customer,
    CustomerPartNumber,
    PriceListAssignment,
    PriceRule,
)
from customers.services.agreeing_by_file import AgreementPlan, check_agreements, save_agreements
from customers.services.agreeing_undone import Drafted, take_back_drafts
from customers.services.customers_there import ADDRESS_OWN
from customers.services.part_numbers import NumberPlan, WantedNumber, check_numbers, save_numbers
from customers.services.price_saving import basis_of, save_prices
from customers.services.price_setting import EVERYONE, PricePlan, check_prices
from customers.services.registering import (
    CustomerPlan,
    WantedAddress,
    WantedContact,
    WantedCustomer,
    check_customers,
    save_customers,
)
from customers.services.renewing import take_back
from customers.status import AgreementStatus, ContactRole, CustomerStatus, PriceKind
from oms.importing import cells
from oms.importing.cells import one_of
from oms.importing.columns import UNKNOWN, WITHOUT_IT_NOTHING, Row, column
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.importing.resource import SheetResource
from oms.models import User

unit_code = cells.pattern(
    r"[A-Z0-9]{2,3}",
    _("is not a unit code."),
    _("Write a code of UN/ECE Recommendation 20, such as C62, CT or KGM."),
)
currency = cells.pattern(r"[A-Z]{3}", _("is not a currency code."), _("Write three letters, such as EUR."))
country = cells.pattern(
    r"[A-Z]{2}", _("is not a country code."), _("Write two letters (ISO 3166), such as DE.")
)


@dataclass(slots=True, kw_only=True)
class CustomerRow(Row):
    """A customer with one address and one contact. More of them come in further rows with the same code."""

    code: str = column(cells.code(40), _("names the customer"), required=True, instead=WITHOUT_IT_NOTHING)
    name: str = column(cells.text(200), _("as on documents"), required=True, instead=UNKNOWN)
    status: str | None = column(cells.choice(CustomerStatus), _("active or blocked; new: active"))
    parent: str | None = column(cells.code(40), _("code of the company above it"))
    group: str | None = column(cells.code(40), _("code of its customer group"))
    group_name: str | None = column(cells.text(80), _("makes the group when its code is new"))
    team: str | None = column(cells.text(80), _("name of the sales team"))
    rep: str | None = column(cells.text(150), _("user name of who looks after it"))
    currency: str | None = column(currency, _("three letters; new: the company's"))
    payment_terms: str | None = column(cells.code(20), _("code; needed for a new customer"))
    warehouse: str | None = column(cells.code(20), _("code of the warehouse that usually serves it"))
    vat_number: str | None = column(cells.code(20), _("with the country's letters"))
    zone: str | None = column(cells.zone, _("time zone, such as America/New_York; new: the company's"))
    language: str | None = column(
        cells.language, _("two letters, such as de; new: the company's for customers")
    )
    email: str | None = column(cells.email, _("order and shipping news go here"))
    phone: str | None = column(cells.text(40))
    po_required: bool | None = column(cells.yes_or_no, _("yes or no; new: no"))
    note: str | None = column(cells.text(500), _("shown wherever an order is entered"))
    address: str | None = column(
        cells.code(40), _("code of the address within the customer; empty: MAIN"), instead=WITHOUT_IT_NOTHING
    )
    address_name: str | None = column(cells.text(200), _("first line on the label; new: the customer's name"))
    street: str | None = column(cells.text(200), _("needed for a new address"))
    postal_code: str | None = column(cells.text(20))
    city: str | None = column(cells.text(80), _("needed for a new address"))
    region: str | None = column(cells.text(80))
    country: str | None = column(country, _("two letters (ISO 3166); needed for a new address"))
    gets_bills: bool | None = column(cells.yes_or_no, _("yes or no; new: yes"))
    gets_goods: bool | None = column(cells.yes_or_no, _("yes or no; new: yes"))
    contact: str | None = column(cells.text(120), _("name of a person"))
    contact_role: str | None = column(
        cells.choice(ContactRole), _("buyer, approver or payable; empty: buyer"), instead=WITHOUT_IT_NOTHING
    )
    contact_email: str | None = column(cells.email)
    contact_phone: str | None = column(cells.text(40))


class CustomerResource(SheetResource):
    """Customers with their addresses and contacts."""

    kind = "customers"
    row = CustomerRow
    model = Customer
    may_import = ("customers.add_customer", "customers.change_customer")
    may_export = "customers.export_customers"

    def check(self, rows: Sequence[CustomerRow], problems: Problems, *, by: User | None) -> CustomerPlan:
        for row in rows:
            if row.contact is None and (row.contact_email or row.contact_phone or row.contact_role):
                problems.add(row.row, "contact", "", str(_("is empty.")), str(_("Name the person.")))
        return check_customers([wanted_customer(row) for row in rows], problems, by=by)

    def save(self, plan: CustomerPlan, source: Source) -> None:
        save_customers(plan)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        columns = (
            "pk", "code", "name", "status", "parent__code", "group__code", "group__name", "team__name", "rep__username",
            "currency_id", "payment_terms__code", "warehouse__code", "vat_number", "zone", "language", "email", "phone",
            "po_required", "note",
        )  # fmt: skip
        customers = list(queryset.filter(merged_into=None).order_by("code").values_list(*columns))
        ids = [customer[0] for customer in customers]
        addresses = _grouped(Address.objects.filter(customer__in=ids).order_by("pk"), "code", *ADDRESS_OWN)
        contacts = _grouped(
            Contact.objects.filter(customer__in=ids).order_by("pk"), "name", "role", "email", "phone"
        )
        for pk, *own in customers:
            places, people = addresses.get(pk, []), contacts.get(pk, [])
            for position in range(max(len(places), len(people), 1)):
                head = own if position == 0 else [*own[:2], *[None] * (len(own) - 2)]
                place = places[position] if position < len(places) else (None,) * 9
                person = people[position] if position < len(people) else (None,) * 4
                yield [*head, *place, *person]


def _grouped(rows: Any, *columns: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for pk, *values in rows.values_list("customer_id", *columns):
        found.setdefault(pk, []).append(tuple(values))
    return found


def wanted_customer(row: CustomerRow) -> WantedCustomer:
    """Return the customer that a row wants."""
    own = {name: getattr(row, name) for name in CustomerRow.__slots__ if name in WantedCustomer.__slots__}
    place = (
        row.address_name, row.street, row.postal_code, row.city, row.region, row.country, row.gets_bills,
        row.gets_goods,
    )  # fmt: skip
    own["address"] = None
    if row.address is not None or any(value is not None for value in place):
        own["address"] = WantedAddress(row.address or "MAIN", *place)
    own["contact"] = None
    if row.contact is not None:
        role = row.contact_role or ContactRole.BUYER
        own["contact"] = WantedContact(row.contact, role, row.contact_email, row.contact_phone)
    return WantedCustomer(row=row.row, **own)


@dataclass(slots=True, kw_only=True)
class PartNumberRow(Row):
    """What a customer calls one of our products."""

    customer: str = column(
        cells.code(40), _("code of the customer"), required=True, instead=WITHOUT_IT_NOTHING
    )
    number: str = column(
        cells.code(60), _("as the customer writes it"), required=True, instead=WITHOUT_IT_NOTHING
    )
    sku: str = column(cells.code(60), _("our SKU"), required=True, instead=UNKNOWN)
    unit: str | None = column(
        unit_code, _("what one of theirs is; empty: the unit offered first"), instead=UNKNOWN
    )


class PartNumberResource(SheetResource):
    """Customers' own numbers for our products, one per row."""

    kind = "part-numbers"
    row = PartNumberRow
    model = CustomerPartNumber
    may_import = ("customers.add_customerpartnumber", "customers.change_customerpartnumber")

    def check(self, rows: Sequence[PartNumberRow], problems: Problems, *, by: User | None) -> NumberPlan:
        wanted = [WantedNumber(row.row, row.customer, row.number, row.sku, row.unit) for row in rows]
        return check_numbers(wanted, problems, by=by)

    def save(self, plan: NumberPlan, source: Source) -> None:
        save_numbers(plan)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        ordered = queryset.order_by("customer__code", "number")
        yield from ordered.values_list(
            "customer__code", "number", "unit__product__sku", "unit__code"
        ).iterator()


@dataclass(slots=True, kw_only=True)
class PriceRow(Row):
    """One price: from so many base units on, so much per unit, on a list that is for somebody."""

    price_list: str = column(
        cells.code(40), _("code of the list; a new one is made"), required=True, instead=WITHOUT_IT_NOTHING
    )
    currency: str | None = column(currency, _("of the list; new: the company's"), instead=WITHOUT_IT_NOTHING)
    for_whom: str | None = column(
        cells.text(200), _("everyone, customer:CODE or group:CODE; needed for a new list")
    )
    sku: str = column(cells.code(60), _("names the product"), required=True, instead=UNKNOWN)
    unit: str | None = column(
        unit_code, _("what the price is for; empty: the unit offered first"), instead=UNKNOWN
    )
    min_quantity: int | None = column(cells.whole(1), _("from so many base units on; empty: 1"))
    price: Decimal = column(
        cells.decimal(places=6, above=0), _("per unit, more than 0"), required=True, instead=Decimal(1)
    )
    valid_from: date | None = column(cells.day, _("first day; empty: always"))
    valid_to: date | None = column(cells.day, _("the first day it no longer holds; empty: no end"))


class PriceRuleResource(SheetResource):
    """Price rules, one per row, with their lists and for whom those are."""

    kind = "price-rules"
    row = PriceRow
    model = PriceRule
    may_import = (
        "customers.add_pricerule",
        "customers.change_pricerule",
        "customers.add_pricelist",
        "customers.add_pricelistassignment",
    )
    may_export = "customers.export_prices"
    in_background = True
    undo_words = _("Undo: return to the prices before")

    def check(self, rows: Sequence[PriceRow], problems: Problems, *, by: User | None) -> PricePlan:
        return check_prices(rows, problems, by=by)

    def save(self, plan: PricePlan, source: Source) -> Mapping[str, Any]:
        return save_prices(plan, note=source.name, by=source.by).as_made()

    def basis(self, plan: PricePlan) -> Mapping[str, str]:
        return basis_of(plan)

    @classmethod
    def can_undo(cls, made: Mapping[str, Any]) -> bool:
        return bool(made.get("versions"))

    def undo(self, made: Mapping[str, Any]) -> str:
        if not made.get("versions"):
            raise VersionRefused(
                _("The file went into %(drafts)s. Change or drop it on the list's page.")
                % {"drafts": ", ".join(made.get("drafts", ())) or _("no version of a list")}
            )
        holding = take_back(dict(made["versions"]), made["assignments"])
        return _("These hold again: %(versions)s.") % {"versions": ", ".join(holding)}

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        columns = (
            "version__price_list_id", "version__price_list__code", "version__price_list__currency_id", "product__sku",
            "unit__code",
            "min_quantity", "price", "valid_from", "valid_to",
        )  # fmt: skip
        plain = queryset.filter(kind=PriceKind.FIXED, unit__isnull=False)  # what one row of this file can say
        ordered = plain.order_by(
            "version__price_list__code", "product__sku", "unit__code", "min_quantity", "valid_from"
        )
        parties = _parties_of(self.by)
        for pk, code, currency_, *values in ordered.values_list(*columns).iterator():
            yield [code, currency_, parties.get(pk), *values]


def _parties_of(by: User | None) -> dict[int, str]:
    """Return for whom each list is, without the customers that the user may not see."""
    seen = Customer.objects.all() if by is None else Customer.objects.visible_to(by)
    rows = (
        PriceListAssignment.objects.named_in_files()
        .order_by("pk")
        .values_list("price_list_id", "customer__code", "group__code")
    )
    visible = frozenset(seen.filter(price_lists__isnull=False).values_list("code", flat=True))
    found: dict[int, list[str]] = {}
    for pk, customer, group in rows:
        if customer is None or customer in visible:
            word = f"customer:{customer}" if customer else f"group:{group}" if group else EVERYONE
            found.setdefault(pk, []).append(word)
    return {pk: "; ".join(words) for pk, words in found.items()}


@dataclass(slots=True, kw_only=True)
class AgreementRow(Row):
    """A line of an agreement. Rows of one customer, name and first day are one agreement."""

    customer: str = column(
        cells.code(40), _("code of the customer"), required=True, instead=WITHOUT_IT_NOTHING
    )
    name: str | None = column(
        cells.text(120), _("of the agreement, or the customer's own number"), instead=WITHOUT_IT_NOTHING
    )
    currency: str | None = column(currency, _("three letters; new: the customer's"))
    valid_from: date = column(cells.day, _("first day"), required=True, instead=WITHOUT_IT_NOTHING)
    valid_to: date = column(cells.day, _("the first day it no longer holds"), required=True)
    remind_on: date | None = column(
        cells.day, _("when to remind of renewing it; empty: 60 days before its end")
    )
    needs_approval: bool | None = column(
        cells.yes_or_no, _("whether a second person puts it in force; new: yes")
    )
    sku: str | None = column(
        cells.code(60), _("the product; empty: a category, or everything"), instead=UNKNOWN
    )
    category: str | None = column(cells.code(40), _("its code, with all below it"), instead=UNKNOWN)
    unit: str | None = column(
        unit_code, _("what the price is for; empty: the unit offered first"), instead=UNKNOWN
    )
    price: Decimal | None = column(cells.decimal(places=6), _("of a product, per unit"))
    percent: Decimal | None = column(
        cells.percent(places=4), _("off the price for everyone, instead of a price")
    )
    committed: int | None = column(cells.whole(0), _("base units the customer takes; empty: none"))
    maximum: int | None = column(cells.whole(1), _("base units it holds for; empty: it does not run out"))
    committed_value: Decimal | None = column(
        cells.decimal(places=4), _("what the customer pays for it, instead of base units")
    )
    maximum_value: Decimal | None = column(
        cells.decimal(places=4, above=0), _("what it holds for, instead of base units")
    )


class AgreementResource(SheetResource):
    """Agreements, one line per row, drafted; people put them in force."""

    kind = "agreements"
    row = AgreementRow
    model = Agreement
    may_import = ("customers.add_agreement", "customers.change_agreement")
    in_background = True  # so that it has a page on which it is undone
    undo_words = _("Undo: drop the drafts that the file made")

    def check(self, rows: Sequence[AgreementRow], problems: Problems, *, by: User | None) -> AgreementPlan:
        return check_agreements(rows, problems, by=by)

    def save(self, plan: AgreementPlan, source: Source) -> Mapping[str, Any]:
        return save_agreements(plan, note=source.name, by=source.by).as_made()

    @classmethod
    def can_undo(cls, made: Mapping[str, Any]) -> bool:
        return bool(made.get("drafts"))

    def undo(self, made: Mapping[str, Any]) -> str:
        if not self.can_undo(made):
            return super().undo(made)
        dropped = take_back_drafts(Drafted(**made), by=self.by)
        return _("Dropped: %(agreements)s.") % {"agreements": one_of(dropped)}

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        columns = (
            "agreement__customer__code", "agreement__name", "agreement__currency_id", "agreement__valid_from",
            "agreement__valid_to", "agreement__remind_on", "agreement__needs_approval", "product__sku",
            "category__code", "unit__code", "price", "percent", "committed", "maximum", "committed_value",
            "maximum_value",
        )  # fmt: skip
        standing = queryset.exclude(status=AgreementStatus.DROPPED).order_by()
        lines = AgreementLine.objects.filter(agreement__in=standing.values("pk"))
        for values in lines.order_by("agreement_id", "pk").values_list(*columns).iterator():
            said = dict(zip(self.header(), values, strict=True))
            if said["percent"] is not None:
                said["price"] = None
            yield list(said.values())
