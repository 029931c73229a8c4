"""Where every history begins: two warehouses, three products, a few units in two bins, one customer."""

from dataclasses import dataclass, field
from datetime import time

from customers.models import Address, Agreement, Customer
from inventory.models import Location, Product, ReorderPolicy, Supplier, Warehouse
from inventory.services.moving import standard_location
from inventory.status import LocationKind
from oms.models import User
from orders.models import HoldPolicy
from orders.services.scheduling import set_schedule
from tests.builders import (
    a_company,
    a_customer,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    agreed,
    an_address,
    an_agreement,
)
from tests.campaigns.oracle import Place
from tests.campaigns.oracle_call_offs import LEAD, CallingHouse
from tests.campaigns.oracle_documents import Order
from tests.campaigns.oracle_quotes import DAYS
from tests.campaigns.proving import Probe

WAREHOUSES = ["NORTH", "SOUTH"]
PRODUCTS = ["BOLT", "NUT", "RARE"]  # the last is never backordered
# What is free leaves today, at whatever hour a history is lived: so all promises are of one day.
EVERY_DAY = {"working_days": "1234567", "ship_cut_off": time(23, 59, 59)}
STANDARD = [
    (0, "RECEIVING", LocationKind.RECEIVING),
    (0, "STAGING", LocationKind.STAGING),
    (0, "SUSPECT", LocationKind.SUSPECT),
]
OF_EACH = [
    (1, "A-1", LocationKind.PICK),
    (2, "A-2", LocationKind.PICK),
    (9, "CAGE", LocationKind.QUARANTINE),
    *STANDARD,
]
PLACES = [Place(house, walk, code, str(kind)) for house in WAREHOUSES for walk, code, kind in OF_EACH]
CAGES = {place.warehouse: place for place in PLACES if place.kind == "quarantine"}
BINS = [place for place in PLACES if place.kind == "pick"]
FIRST, SECOND = BINS[:2]
HORIZON = 7  # days, of the first warehouse
AGREED: dict[str, int | None] = {"BOLT": 9, "NUT": None}  # with the customer who calls off, at most
BUFFERED = ("NUT", "NORTH")  # a unit of it is kept for other channels
OPENING = {("BOLT", FIRST): 9, ("BOLT", SECOND): 6, ("NUT", FIRST): 7, ("RARE", SECOND): 3}


@dataclass
class SmallHouse:
    """The rows behind the oracle's names."""

    warehouses: dict[str, Warehouse]
    products: dict[str, Product]
    locations: dict[Place, Location]
    customer: Customer
    supplier: Supplier
    clerk: User
    chief: User
    elsewhere: Address
    agreement: Agreement
    framed_at: Address
    office: Address  # of the same customer; nothing is called off to there
    of_apps: Probe = field(init=False)
    of_the_kernel: Probe = field(init=False)
    house: CallingHouse = field(
        default_factory=lambda: CallingHouse(never_backordered=frozenset(PRODUCTS[-1:]))
    )

    @property
    def agreed(self) -> dict[str, int]:
        """The lines of the agreement by their products."""
        return dict(self.agreement.lines.values_list("product__sku", "pk"))

    def elsewhere_of(self, order: Order) -> int:
        """Return another address than orders have, of the same customer."""
        return int((self.office if order.called_off else self.elsewhere).pk)

    def product(self, sku: str) -> int:
        return int(self.products[sku].pk)

    def unit(self, sku: str) -> int:
        return int(self.products[sku].units.all()[0].pk)

    def location(self, place: Place) -> Location:
        return self.locations[place]


def a_small_house() -> SmallHouse:
    a_company()
    warehouses = {code: a_warehouse(code, bins=2, **EVERY_DAY) for code in WAREHOUSES}
    products = {sku: a_product(sku, backorder_allowed=sku != PRODUCTS[-1]) for sku in PRODUCTS}
    locations = {place: _location(place, warehouses[place.warehouse]) for place in PLACES}
    known = Product.objects.prefetch_related("units").in_bulk([product.pk for product in products.values()])
    customer, framed = a_customer(), a_customer()
    lines = [agreed(products[sku], 8, maximum=most) for sku, most in AGREED.items()]
    small = SmallHouse(
        warehouses,
        {sku: known[product.pk] for sku, product in products.items()},
        locations,
        customer,
        Supplier.objects.create(code="S", name="S"),
        a_user(),
        a_user(),
        an_address(customer, code="ELSEWHERE"),
        an_agreement(framed, *lines),
        an_address(framed, code="YARD", country="AC", postal_code=""),  # nobody knows of holidays there
        framed.addresses.get(code="MAIN"),
    )
    set_schedule(small.agreement.pk, lead_days=LEAD, customer_po="", by=None)
    Warehouse.objects.filter(code=WAREHOUSES[0]).update(allocation_horizon_days=HORIZON)
    small.house.set_horizon(WAREHOUSES[0], HORIZON)
    small.house.agreed = dict(AGREED)
    HoldPolicy.objects.create(days=DAYS)
    product, warehouse = products[BUFFERED[0]], warehouses[BUFFERED[1]]
    ReorderPolicy.objects.create(
        product=product, warehouse=warehouse, reorder_point=0, order_up_to=0, channel_buffer=1
    )
    small.house.buffers[BUFFERED] = 1
    for (sku, place), quantity in OPENING.items():
        a_stock(products[sku], quantity, locations[place])
        small.house.receive(sku, place, quantity)
    return small


def _location(place: Place, warehouse: Warehouse) -> Location:
    kind = LocationKind(place.kind)
    if kind in {LocationKind.RECEIVING, LocationKind.STAGING, LocationKind.SUSPECT}:
        return standard_location(warehouse.pk, kind)
    defaults = {"kind": kind, "walk_order": place.walk}
    return Location.objects.get_or_create(warehouse=warehouse, code=place.code, defaults=defaults)[0]
