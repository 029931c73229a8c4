"""Builders with boring defaults: a test names only what it is about."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from customers.models import (
    Address,
    Agreement,
    CreditAccount,
    Customer,
    CustomerGroup,
    CustomerPartNumber,
    PaymentTerms,
    PriceList,
    PriceListAssignment,
    PriceListVersion,
    PriceRule,
    SalesTeam,
)
from customers.services.agreeing import Agreed, Terms, draft_agreement, put_agreement_in_force
from customers.services.credit_proposals import put_credit_in_force
from customers.services.crediting import Grant, Told, grant_credit, open_credit_account
from customers.services.versions import begin_lists, version_to_edit, versions_to_edit
from fulfillment.models import Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.releasing import release_order
from inventory.models import Category, Location, Product, ProductUnit, Transfer, Warehouse
from inventory.services.moving import Cause, receive_stock
from inventory.services.transferring import Days, dispatch_transfer, plan_transfer
from inventory.status import LocationKind
from oms.models import (
    ChargeKind,
    Company,
    Currency,
    ExchangeRate,
    TaxClass,
    TaxRate,
    TaxZone,
    TaxZoneCountry,
    User,
)
from orders.models import ApprovalRule, Order
from orders.services.capturing import Header, enter_order
from orders.services.confirming import confirm_order
from orders.services.pricing import LineInput
from orders.services.submitting import submit_order
from orders.status import RuleFact
from tests.found import the

numbers = count(1)
ZONE = "UTC"  # of company and warehouses, so that a day is one day unless a test is about zones


def a_currency(code: str = "EUR", exponent: int = 2) -> Currency:
    return the(Currency, {"name": code, "exponent": exponent}, code=code)[0]


def a_company(**values: object) -> Company:
    return the(Company, {"name": "Nordwerk", "zone": ZONE, "currency": a_currency(), **values}, pk=1)[0]


def a_rate(code: str, rate: object, **values: object) -> ExchangeRate:
    """What one of this currency is worth in euros."""
    return ExchangeRate.objects.create(
        source=a_currency(code), target=a_currency(), rate=Decimal(str(rate)), **values
    )


def a_user(*permissions: str, groups: Iterable[Group] = (), username: str = "", **values: object) -> User:
    """A person with these rights, such as `orders.confirm_order`."""
    user = User.objects.create_user(
        username=username or f"user{next(numbers)}", password="a long enough password", **values
    )
    if rights := [_right(*permission.split(".")) for permission in permissions]:
        user.user_permissions.add(*rights)
    if groups:
        user.groups.set(groups)
    return user


def _right(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def a_boss() -> User:
    """Somebody who may do everything."""
    return User.objects.create_superuser(username=f"boss{next(numbers)}", password="a long enough password")


def a_group(name: str = "") -> Group:
    return the(Group, {}, name=name or f"group {next(numbers)}")[0]


def a_warehouse(code: str = "", bins: int = 1, **values: object) -> Warehouse:
    """A warehouse with so many pick bins, A-1, A-2, … in walk order."""
    code = code or f"W{next(numbers)}"
    warehouse = Warehouse.objects.create(**{"code": code, "name": code, "zone": ZONE, **values})
    for n in range(1, bins + 1):
        Location.objects.create(warehouse=warehouse, code=f"A-{n}", kind=LocationKind.PICK, walk_order=n)
    return warehouse


def first_bin(warehouse: Warehouse) -> Location:
    return warehouse.locations.filter(kind=LocationKind.PICK).earliest("walk_order")


def a_product(
    sku: str = "",
    on_hand: int = 0,
    at: Warehouse | Location | None = None,
    price: object = "10",
    **values: object,
) -> Product:
    """A product with its base unit, its price for everyone, and stock in a bin when asked for."""
    sku = sku or f"SKU-{next(numbers)}"
    product = Product.objects.create(sku=sku, name=f"Product {sku}", **values)
    unit = a_unit(product, is_default=True)
    if price is not None:
        a_price(product, price, unit=unit)
    if on_hand:
        a_stock(product, on_hand, at)
    return product


def a_unit(
    product: Product, code: str = "C62", numerator: int = 1, denominator: int = 1, **values: object
) -> ProductUnit:
    return ProductUnit.objects.create(
        product=product,
        code=code,
        name=values.pop("name", code),
        numerator=numerator,
        denominator=denominator,
        **values,
    )


def a_cable(sku: str = "", metres: int = 0, at: Warehouse | Location | None = None) -> Product:
    """A product whose base unit is the millimetre and which is sold by the metre."""
    cable = a_product(sku)
    cable.units.update(code="MMT", name="millimetre", is_default=False)
    a_unit(cable, "MTR", 1000, name="metre", is_default=True)
    if metres:
        a_stock(cable, metres * 1000, at)
    return cable


def a_stock(product: Product, quantity: int, at: Warehouse | Location | None = None) -> Location:
    """So much of the product lies in the location, or in the warehouse's first bin."""
    place = at or Warehouse.objects.order_by("pk").first() or a_warehouse()
    location = first_bin(place) if isinstance(place, Warehouse) else place
    receive_stock({product.pk: quantity}, location, Cause("OPENING", None))
    return location


def a_price_list(
    code: str = "BASE", customer: Customer | None = None, group: CustomerGroup | None = None, **values: object
) -> PriceList:
    values.setdefault("currency", a_currency())
    found, made = the(PriceList, {"name": code, **values}, code=code)
    if made:
        begin_lists([found.pk])
        PriceListAssignment.objects.create(price_list=found, customer=customer, group=group)
    return found


def a_version(price_list: PriceList | None = None) -> PriceListVersion:
    """The version of a list, the one for everyone unless told, that takes changed prices."""
    if price_list is None and (known := versions_to_edit(PriceList.objects.filter(code="BASE"))):
        return next(iter(known.values()))  # in one statement, for nearly every test asks
    return version_to_edit(price_list or a_price_list())


def a_price(
    product: Product,
    price: object,
    *,
    price_list: PriceList | None = None,
    unit: ProductUnit | None = None,
    **values: object,
) -> PriceRule:
    return PriceRule.objects.create(
        version=a_version(price_list),
        product=product,
        unit=unit or product.units.get(numerator=1, denominator=1),
        price=Decimal(str(price)),
        free_of_charge=not Decimal(str(price)),
        **values,
    )


def agreed(
    product: Product,
    price: object,
    maximum: int | None = None,
    unit: str = "C62",
    committed: int = 0,
    **values: Decimal,
) -> Agreed:
    """A line of an agreement; quantities in base units."""
    found = product.units.get(code=unit)
    return Agreed(product.pk, found.pk, Decimal(str(price)), committed=committed, maximum=maximum, **values)


def agreed_widely(percent: int, category: Category | None = None, **values: Decimal) -> Agreed:
    """A line of an agreement for a category, or for everything: so many percent off the price for everyone."""
    return Agreed(category_id=category.pk if category else None, percent=Decimal(percent), **values)


def an_agreement(customer: Customer, *lines: Agreed, **terms: object) -> Agreement:
    """An agreement in force for this year of days."""
    values = {"valid_from": in_days(-100), "valid_to": in_days(265), "currency_id": customer.currency_id}
    known = Terms(customer.pk, **{**values, "needs_approval": False, **terms})
    return put_agreement_in_force(draft_agreement(known, lines, by=None).pk, by=None)


def a_customer(name: str = "", **values: object) -> Customer:
    """An active customer with one address for everything."""
    code = str(values.pop("code", "")) or f"C{next(numbers)}"
    terms, _made = the(PaymentTerms, {"name": "30 days", "days": 30}, code="30")
    defaults = {"currency": a_currency(), "payment_terms": terms, "email": f"{code.lower()}@example.com"}
    customer = Customer.objects.create(code=code, name=name or f"Customer {code}", **{**defaults, **values})
    an_address(customer)
    return customer


def a_credit_account(
    customer: Customer, limit: object = None, told: Told | None = None, currency: str = "EUR", **terms: object
) -> CreditAccount:
    """An account of which accounting knew nothing open yesterday."""
    grant = Grant(None if limit is None else Decimal(str(limit)), **terms)
    return open_credit_account(customer.pk, currency, grant, told or Told(in_days(-1)), by=None)


def eased_credit(
    account: CreditAccount, limit: object, *, asks: User, agrees: User | None = None
) -> CreditAccount:
    """More credit, asked for by one and put in force by another."""
    grant_credit(account.pk, Grant(Decimal(str(limit))), by=asks)
    put_credit_in_force(account.proposals.waiting().get().pk, by=agrees or a_user())
    account.refresh_from_db()
    return account


def an_address(customer: Customer, code: str = "MAIN", **values: object) -> Address:
    place = {"street": "Hafenstr. 1", "postal_code": "20457", "city": "Hamburg", "country": "DE"}
    return Address.objects.create(customer=customer, code=code, **{"name": customer.name, **place, **values})


def a_part_number(customer: Customer, number: str, product: Product, unit: str = "C62") -> CustomerPartNumber:
    unit_sold = product.units.get(code=unit)
    return CustomerPartNumber.objects.create(customer=customer, number=number, unit=unit_sold)


def a_tax_zone(name: str = "Germany", *countries: str, **values: object) -> TaxZone:
    """A zone with these countries; without any, the one for the rest."""
    zone, made = the(TaxZone, {"is_rest": not countries, **values}, name=name)
    if made:
        TaxZoneCountry.objects.bulk_create(TaxZoneCountry(zone=zone, country=code) for code in countries)
    return zone


def a_tax_class(name: str = "Standard") -> TaxClass:
    return the(TaxClass, {"is_usual": name == "Standard"}, name=name)[0]


def a_tax_rate(
    percent: object, tax_class: TaxClass | None = None, zone: TaxZone | None = None, **values: object
) -> TaxRate:
    """What the class is taxed in the zone; without these the usual one everywhere, since long ago."""
    return TaxRate.objects.create(
        zone=zone or a_tax_zone(),
        tax_class=tax_class or a_tax_class(),
        percent=Decimal(str(percent)),
        **{"valid_from": in_days(-1000), **values},
    )


def a_charge_kind(code: str = "FREIGHT", amount: object = None, **values: object) -> ChargeKind:
    return the(ChargeKind, {"name": code.capitalize(), "amount": amount, **values}, code=code)[0]


def a_team(*members: User) -> SalesTeam:
    team = SalesTeam.objects.create(name=f"team {next(numbers)}")
    team.members.set(members)
    return team


def a_line(product: Product, ordered: int, price: object | None = None, discount: object = 0) -> LineInput:
    unit = product.units.get(is_default=True)
    return LineInput(unit.pk, ordered, None if price is None else Decimal(str(price)), Decimal(str(discount)))


def an_order(
    lines: dict[Product, int], customer: Customer | None = None, by: User | None = None, **header: object
) -> Order:
    """A draft order for these quantities in base units."""
    customer = customer or a_customer()
    return enter_order(Header(customer.pk, **header), [a_line(p, q) for p, q in lines.items()], by=by)


def a_submitted_order(lines: dict[Product, int], by: User | None = None, **values: object) -> Order:
    return submit_order(an_order(lines, by=by, **values).pk, by=by)


def a_confirmed_order(lines: dict[Product, int], by: User | None = None, **values: object) -> Order:
    return confirm_order(a_submitted_order(lines, by=by, **values).pk, by=by)


def a_shipment(lines: dict[Product, int], by: User | None = None, **values: object) -> Shipment:
    """A planned shipment of a released order."""
    return release_order(a_confirmed_order(lines, by=by, **values).pk, by=by)[0]


def all_picked(shipment: Shipment, by: User | None = None) -> Shipment:
    tasks = {
        task.pk: task.quantity - task.picked for line in shipment.lines.all() for task in line.tasks.open()
    }
    return pick(shipment.pk, tasks, by=by)


def all_packed(shipment: Shipment, by: User | None = None) -> Shipment:
    """Everything picked and in one carton."""
    all_picked(shipment, by=by)
    pack(shipment.pk, None, {line.pk: line.picked for line in shipment.lines.all()}, by=by)
    shipment.refresh_from_db()
    return shipment


def a_rule(
    fact: RuleFact = RuleFact.TOTAL_ABOVE, threshold: object = 1000, approvers: Group | None = None
) -> ApprovalRule:
    return ApprovalRule.objects.create(
        name=f"rule {next(numbers)}",
        fact=fact,
        threshold=Decimal(str(threshold)),
        approvers=approvers or a_group(),
    )


def in_days(days: int) -> date:
    """A day of the builders' company."""
    return timezone.now().date() + timedelta(days=days)


def many_products(n: int) -> list[Product]:
    """So many products at 10 each, made in a few statements."""
    prefix = f"MANY-{next(numbers)}"
    products = Product.objects.bulk_create(
        Product(sku=f"{prefix}-{i}", name=f"Product {i}") for i in range(1, n + 1)
    )
    units = ProductUnit.objects.bulk_create(
        ProductUnit(product=product, code="C62", name="piece", is_default=True) for product in products
    )
    base = a_version()
    PriceRule.objects.bulk_create(
        PriceRule(version=base, product=unit.product, unit=unit, price=Decimal(10)) for unit in units
    )
    return products


def a_long_order(n: int, customer: Customer | None = None, by: User | None = None) -> Order:
    """A draft with so many lines of different products."""
    return enter_order(
        Header((customer or a_customer()).pk),
        [LineInput(p.units.all()[0].pk, 2) for p in _with_units(n)],
        by=by,
    )


def _with_units(n: int) -> list[Product]:
    made = many_products(n)
    return list(Product.objects.filter(pk__in=[p.pk for p in made]).prefetch_related("units"))


def a_transfer(
    quantities: dict[Product, int], source: Warehouse, target: Warehouse, *, leaves: int = 1, arrives: int = 3
) -> Transfer:
    """A planned transfer that leaves and arrives in so many days."""
    wanted = {product.pk: quantity for product, quantity in quantities.items()}
    days = Days(in_days(leaves), in_days(arrives))
    return plan_transfer((source, target), days, wanted, by=None)


def on_the_way(quantities: dict[Product, int], source: Warehouse, target: Warehouse, **days: int) -> Transfer:
    """A transfer that was dispatched as a whole."""
    transfer = a_transfer(quantities, source, target, **days)
    return dispatch_transfer(transfer.pk, {line.pk: line.ordered for line in transfer.lines.all()}, by=None)
